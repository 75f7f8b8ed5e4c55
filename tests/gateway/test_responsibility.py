"""A parent answers for a child while somebody has them on record as responsible, and no longer (design 3.2).

Four changes that make this fail: asking who is responsible only when the answer is recorded, counting the
day on which it ends as one on which it holds, answering before the wait is over, counting whatever anybody
records afterwards.
"""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from deploy.stories.steps import agree_to_take_part, permit, record_parent
from shared.clock import rfc3339
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import EVERYDAY, HOUSING, SCHOOL, UNTIL, YOT
from tests.gateway.operations import share
from tests.gateway.test_bars import barred
from tests.support.gateway import As, fresh_key

pytestmark = pytest.mark.anyio
Json = dict[str, Any]


async def _record(home: HouseWorld) -> Json:
    """What the school has recorded of the mother and the child."""
    path = f"/v1/people/{home.house.child}/relationships"
    entries: list[Json] = (await home.world.as_("nadia.bell").get(path))["entries"]
    [found] = [
        one for one in entries if one["fields"]["from_person"] == home.house.mother and one["owner"] == SCHOOL
    ]
    return found


async def _correct(home: HouseWorld, **changes: Any) -> Json:
    found = await _record(home)
    path = f"/v1/people/{home.house.child}/details/{found['id']}"
    fields = {**found["fields"], **changes}
    body = {"fields": {name: value for name, value in fields.items() if value is not None}}
    done: Json = await home.world.as_("nadia.bell").patch(path, body, found["etag"])
    return done


async def _everyday(reader: As, home: HouseWorld) -> dict[str, str]:
    """The everyday entries of others about the child alone, with their levels."""
    view = await reader.get(f"/v1/cases/{home.house.case}")
    return {
        entry["id"]: entry["level"]
        for area in view["areas"].values()
        for entry in area
        if entry["subjects"] == [home.house.child]
        and entry["owner"] != reader.agency
        and not set(entry["categories"]).isdisjoint(EVERYDAY)
    }


async def _asked_again(reader: As, home: HouseWorld) -> list[str]:
    listed = (await reader.get(f"/v1/cases/{home.house.case}/consents"))["consents"]
    return [one["needs_asking_again"]["why"] for one in listed if one.get("needs_asking_again")]


async def _add_to_team(home: HouseWorld) -> int:
    new = {
        "user": "lou.ames", "name": "Lou Ames", "agency": "bright-path", "role": "volunteer",
        "job_title": "Mentor",
    }  # fmt: skip
    path = f"/v1/cases/{home.house.case}/team"
    sent = await home.world.as_("sam.okafor").send("POST", path, new, headers=fresh_key())
    return sent.status_code


async def _answer_again(home: HouseWorld) -> None:
    """The mother is asked again, for the team and for what the housing office is shown."""
    school, house = home.world.as_("nadia.bell"), home.house
    await agree_to_take_part(school, house.case, house.child, house.mother, "parent")
    await permit(
        school, house.case, house.child, house.mother, "parent",
        recipients=[HOUSING], categories=EVERYDAY, until=UNTIL,
    )  # fmt: skip


async def test_a_parents_yes_ends_with_their_responsibility(own_home: HouseWorld) -> None:
    home = own_home
    world, housing, lead = home.world, home.world.as_("hana.novak"), home.world.as_("sam.okafor")
    before = await _everyday(housing, home)
    assert "full" in before.values()
    assert await _asked_again(lead, home) == []
    world.sleep.slept.clear()
    today = world.clock.now.date().isoformat()
    ended = await _correct(home, end=today)
    assert ended["enforced_at"]
    assert world.sleep.slept == [world.deadline_seconds], "whoever asked just before has been answered"
    after = await _everyday(housing, home)
    assert "full" not in after.values()
    assert after.keys() < before.keys()
    assert set(await _asked_again(lead, home)) == {"counts_no_more"}
    assert await _add_to_team(home) == 403, "nobody takes part by the word of somebody who has none"
    # It was written down by mistake, by an agency that the yes opens something to: she is asked again.
    await _correct(home, end=None)
    assert await _everyday(housing, home) == after
    await _answer_again(home)
    assert await _everyday(housing, home) == before
    asked = await _asked_again(lead, home)
    assert asked, "what else she permitted"
    assert set(asked) == {"counts_no_more"}


async def test_that_a_yes_opens_nothing_is_told_alike_whoever_sees_what_ended_it(
    own_home: HouseWorld,
) -> None:
    """Fails when the end of a parent's say is told where a bar keeps the family's relationships."""
    home = own_home
    world, house = home.world, home.house

    async def told(user: str) -> dict[str, Json]:
        listed = (await world.as_(user).get(f"/v1/cases/{house.case}/consents"))["consents"]
        return {one["id"]: one["needs_asking_again"] for one in listed if one.get("needs_asking_again")}

    async def relationships(user: str) -> int:
        path = f"/v1/people/{house.child}/relationships"
        return len((await world.as_(user).get(path))["entries"])

    await _correct(home, end="2031-01-05")
    sees, does_not = await told("nadia.bell"), await told("sam.okafor")
    assert await relationships("nadia.bell") > await relationships("sam.okafor")
    both = sees.keys() & does_not.keys()
    assert house.everyday_permission in both
    assert {one: sees[one] for one in both} == {one: does_not[one] for one in both}
    today = world.clock.now.date().isoformat()
    [said] = {(one["why"], one["on"], one["reason"]) for one in does_not.values()}
    assert said[:2] == ("counts_no_more", today)
    assert "parent" not in said[2]
    async with barred(home, agencies=[YOT], categories=["family"]):
        barred_from_it = await told("sam.okafor")
        assert barred_from_it
        assert barred_from_it.items() <= does_not.items()


async def test_it_ends_on_its_day_by_itself_and_not_before(own_home: HouseWorld) -> None:
    home = own_home
    world, housing = home.world, home.world.as_("hana.novak")
    before = await _everyday(housing, home)
    assert "full" in before.values()
    await _correct(home, end="2031-03-05")
    assert await _everyday(housing, home) == before
    moment = world.clock.now
    world.clock.now = moment.replace(day=5, hour=0, minute=0, second=0, microsecond=0)
    assert "full" not in (await _everyday(world.as_("hana.novak"), home)).values()


async def test_another_agencys_record_keeps_it_while_that_says_so(own_home: HouseWorld) -> None:
    """As where an answer is recorded: responsibility counts that anybody has recorded by then."""
    home = own_home
    world, housing = home.world, home.world.as_("hana.novak")
    before = await _everyday(housing, home)
    await record_parent(world.as_("sam.okafor"), home.house.mother, home.house.child, "mother")
    await _answer_again(home)
    await _correct(home, end=world.clock.now.date().isoformat())
    assert await _everyday(housing, home) == before


@pytest.mark.parametrize("ended", ["by_a_day", "as_a_mistake"])
async def test_an_agency_brings_no_yes_back_that_opens_something_to_it(
    own_home: HouseWorld, ended: str
) -> None:
    """Nor do others of whom that yes names all: by a new record or by what the old one is made to say."""
    home = own_home
    world, house, housing = home.world, home.house, home.world.as_("hana.novak")
    mother_and_child = (house.mother, house.child, "mother")
    before = await _everyday(housing, home)
    # Known to the housing office in time, and not as somebody who answers for the child.
    await record_parent(housing, *mother_and_child, responsible=False)
    no_say = {"parental_responsibility": False, "parental_responsibility_source": None}
    today = world.clock.now.date().isoformat()
    await _correct(home, **({"end": today} if ended == "by_a_day" else no_say))
    after = await _everyday(housing, home)
    assert after != before
    assert "full" not in after.values()
    path = f"/v1/people/{house.child}/relationships"
    [own] = [one for one in (await housing.get(path))["entries"] if one["owner"] == HOUSING]
    say = {"parental_responsibility": True, "parental_responsibility_source": "birth"}
    corrected = {"fields": {**own["fields"], **say}}
    await housing.patch(f"/v1/people/{house.child}/details/{own['id']}", corrected, own["etag"])
    assert await _everyday(housing, home) == after
    for recipient in ("hana.novak", "sam.okafor"):
        await record_parent(world.as_(recipient), *mother_and_child)
        assert await _everyday(housing, home) == after, recipient
    await _correct(home, end=None, **say)
    assert await _everyday(housing, home) == after, "the school is one of those to whom she said yes"
    assert "counts_no_more" in await _asked_again(world.as_("sam.okafor"), home)
    await _answer_again(home)
    assert await _everyday(housing, home) == before, "she said it herself, and to whoever asked her"


async def test_who_works_for_two_agencies_gains_by_what_benefits_either(own_home: HouseWorld) -> None:
    """Fails when they bring a yes to the one back by recording for the other."""
    home = own_home
    world, house, housing = home.world, home.house, home.world.as_("hana.novak")
    place = {
        "user": "ivy.marsh", "name": "Ivy Marsh", "agency": "riverbank-camhs", "role": "practitioner",
        "job_title": "Nurse",
    }  # fmt: skip
    await world.as_("sam.okafor").post(f"/v1/cases/{house.case}/team", place)
    acting = {"Acting-Role": "practitioner", "Acting-Agency": "riverbank-camhs"}
    ivy = world.as_("ivy.marsh", headers=acting)
    before = await _everyday(housing, home)
    await _correct(home, end=world.clock.now.date().isoformat())
    after = await _everyday(housing, home)
    assert after != before
    await record_parent(ivy, house.mother, house.child, "mother")
    path = f"/v1/people/{house.child}/relationships"
    [own] = [one for one in (await ivy.get(path))["entries"] if one["owner"] == "riverbank-camhs"]
    assert await _everyday(housing, home) == after
    corrected = {"fields": {**own["fields"], "lives_with": False}}
    await ivy.patch(f"/v1/people/{house.child}/details/{own['id']}", corrected, own["etag"])
    assert await _everyday(housing, home) == after
    await record_parent(world.as_("asif.khan"), house.mother, house.child, "mother")
    assert await _everyday(housing, home) == before, "whom her colleague works for is no matter"


@pytest.mark.parametrize("ended", ["by_a_day", "as_a_mistake"])
async def test_who_could_see_is_told_as_it_was_whatever_a_record_says_since(
    own_home: HouseWorld, ended: str
) -> None:
    """Fails when an earlier moment is decided by who is responsible today: too little would be told of it."""
    world, house, owner = own_home.world, own_home.house, own_home.world.as_("nadia.bell")
    housing = world.as_("hana.novak")
    moment = rfc3339(world.clock.now)

    async def levels(at: str) -> Counter[tuple[str, str]]:
        told = await owner.get(f"/v1/cases/{house.case}/who-can-see", at=at)
        return Counter((row["user"], cell["level"]) for row in told["people"] for cell in row["cells"])

    before = await levels(moment)
    assert before["hana.novak", "full"] > 0
    everyday = await _everyday(housing, own_home)
    world.clock.now += timedelta(hours=2)
    no_say = {"parental_responsibility": False, "parental_responsibility_source": None}
    today = world.clock.now.date().isoformat()
    await _correct(own_home, **({"end": today} if ended == "by_a_day" else no_say))
    assert await _everyday(world.as_("hana.novak"), own_home) != everyday
    assert await levels(rfc3339(world.clock.now)) != before
    assert await levels(moment) == before
    # She is recorded with it again, and gives her word again: of the time before that nothing changes.
    await _correct(own_home, end=None, parental_responsibility=True, parental_responsibility_source="birth")
    await _answer_again(own_home)
    assert await levels(moment) == before


async def test_an_agency_that_gains_nothing_by_a_yes_keeps_it_by_what_it_records(
    own_home: HouseWorld,
) -> None:
    """But of taking part, by which something opens to all who work with the family, she is asked again."""
    home = own_home
    world, house, housing = home.world, home.house, home.world.as_("hana.novak")
    before = await _everyday(housing, home)
    assert "full" in before.values()
    await record_parent(world.as_("asif.khan"), house.mother, house.child, "mother")
    await _correct(home, end=world.clock.now.date().isoformat())
    assert await _everyday(housing, home) == before
    assert await _add_to_team(home) == 403
    school = world.as_("nadia.bell")
    await agree_to_take_part(school, house.case, house.child, house.mother, "parent")
    assert await _add_to_team(home) == 201


async def test_a_new_yes_rests_on_its_recorders_own_record_too_and_those_it_concerns_are_told(
    own_home: HouseWorld,
) -> None:
    """The school that records a mother takes her permission; so may anybody, and nobody unseen."""
    home = own_home
    world, house, housing = home.world, home.house, home.world.as_("hana.novak")
    no_say = {"parental_responsibility": False, "parental_responsibility_source": None}
    await _correct(home, **no_say)
    path = f"/v1/cases/{house.case}/consents"
    form = {"form": "verbal"}
    yes = share(house, recipients=[HOUSING], categories=EVERYDAY, evidence={**form, "reference": "File 7"})
    refused = await housing.send("POST", path, yes, headers=fresh_key())
    assert refused.status_code == 422, "nobody has her on record"
    await record_parent(housing, house.mother, house.child, "mother")
    on_no_evidence = await housing.send("POST", path, {**yes, "evidence": form}, headers=fresh_key())
    assert on_no_evidence.status_code == 403
    school = world.as_("nadia.bell")
    before = len((await school.get("/v1/alerts", limit=100))["alerts"])
    await housing.post(path, yes)
    assert len((await school.get("/v1/alerts", limit=100))["alerts"]) == before + 1


async def test_that_somebody_else_answered_since_is_told_to_those_alone_who_see_the_answer(
    own_home: HouseWorld,
) -> None:
    """Fails when an answer that is kept from the reader shows by what is asked for no more."""
    world, house = own_home.world, own_home.house
    hers, consents = world.as_("ruth.amadi"), f"/v1/cases/{house.case}/consents"
    elsewhere = world.as_("asif.khan")
    details = [{"kind": "name", "fields": {"given_names": "Dean"}}]
    father = (await elsewhere.post("/v1/people", {"details": details}))["id"]
    await record_parent(elsewhere, father, house.child, "father")
    yes = share(house, recipients=[HOUSING], categories=["money_work"])
    given = (await hers.post(consents, yes))["id"]
    await _correct(own_home, end=world.clock.now.date().isoformat())

    async def asked(user: str) -> tuple[int, str | None]:
        listed = (await world.as_(user).get(consents))["consents"]
        [one] = [one for one in listed if one["id"] == given]
        return len(listed), one.get("needs_asking_again", {}).get("why")

    before = await asked("ruth.amadi")
    assert before[1] == "counts_no_more"
    no = {"reasons_explained_and_understood": True, "agrees": False}
    await elsewhere.post(consents, {**yes, "giver": father, "answer": "refused", "statement": no})
    assert await asked("ruth.amadi") == before


async def test_a_receipt_is_explained_by_who_was_responsible_then(own_home: HouseWorld) -> None:
    """Fails when it is explained by who is today: what was shown could not be derived any more."""
    world, house = own_home.world, own_home.house
    receipt = (await world.as_("hana.novak").get(f"/v1/cases/{house.case}"))["decision"]["receipt"]

    async def derived() -> list[bool]:
        told = await world.as_("tom.ashby").post("/v1/explanations", {"receipt": receipt})
        return [cell["then"] is not None for case in told["explained"]["cases"] for cell in case["cells"]]

    before = await derived()
    assert len(before) > 20
    assert all(before)
    world.clock.now += timedelta(hours=2)
    await _correct(own_home, parental_responsibility=False, parental_responsibility_source=None)
    assert await derived() == before
