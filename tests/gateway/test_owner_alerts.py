"""Owners of information are told that something concerns what they hold, and nothing else (design 3.2).

Three changes that make this fail: telling the recorder's own agency, leaving the owners of what the recorder
does not see out, showing an alert about a team to somebody for whom the case is not there any more.
"""

from typing import Any

import pytest

from tests.gateway.areas.bars import a_bar
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import HOUSING, SCHOOL, YOT, element, words
from tests.gateway.operations import share
from tests.support.gateway import As, World, fresh_key, problem

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
BYSTANDERS = ("sam.okafor", "asif.khan", "ruth.amadi", "ben.carver", "kit.vane", "tom.ashby", "job.officer")


async def alerts(world: World, user: str) -> list[Json]:
    return list((await world.as_(user).get("/v1/alerts", limit=100))["alerts"])


async def told(world: World, *users: str) -> dict[str, list[str]]:
    """By user, the ids of their alerts."""
    return {user: [alert["id"] for alert in await alerts(world, user)] for user in users}


async def new_alerts(world: World, user: str, before: dict[str, list[str]]) -> list[Json]:
    return [alert for alert in await alerts(world, user) if alert["id"] not in before[user]]


async def permits(home: HouseWorld, session: As, **changes: Any) -> str:
    """The mother permits something, and this colleague writes it down."""
    path = f"/v1/cases/{home.house.case}/consents"
    return str((await session.post(path, share(home.house, **changes)))["id"])


async def test_a_permission_that_benefits_its_recorder_is_told_to_the_owners_concerned(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    people = ("hana.novak", "hous.officer", "nadia.bell", *BYSTANDERS)
    before = await told(world, *people)
    secret = words("what the family said")
    evidence = {"form": "written", "reference": secret}
    consent = await permits(
        home, world.as_("nadia.bell"), recipients=[SCHOOL], categories=["housing"], evidence=evidence
    )
    for user in ("hana.novak", "hous.officer"):
        [alert] = await new_alerts(world, user, before)
        assert alert["case"] == house.case
        assert alert["look_at"] == f"/v1/cases/{house.case}/consents"
        assert set(alert) == {"id", "at", "case", "look_at", "message"}
        assert not {secret, consent, SCHOOL, "housing"}.intersection(str(value) for value in alert.values())
    listed = await world.as_("hana.novak").get(f"/v1/cases/{house.case}/consents")
    assert consent in [one["id"] for one in listed["consents"]], "there they find what it was"
    for user in ("nadia.bell", *BYSTANDERS):
        assert await new_alerts(world, user, before) == [], user


async def test_the_owner_of_what_the_recorder_does_not_see_is_told_too(home: HouseWorld) -> None:
    world = home.world
    before = await told(world, "asif.khan", "hana.novak")
    seen = await world.as_("nadia.bell").get(f"/v1/cases/{home.house.case}")
    assert home.house.camhs_need not in str(seen)
    await permits(home, world.as_("nadia.bell"), recipients=[SCHOOL], categories=["mental_health"])
    assert len(await new_alerts(world, "asif.khan", before)) == 1
    assert await new_alerts(world, "hana.novak", before) == []


async def test_nobody_is_told_of_a_refusal_or_of_what_benefits_others(home: HouseWorld) -> None:
    world = home.world
    people = ("hana.novak", "hous.officer", "nadia.bell", *BYSTANDERS)
    before = await told(world, *people)
    school = world.as_("nadia.bell")
    await permits(home, school, recipients=[YOT], categories=["housing"])
    no = {"answer": "refused", "statement": {"reasons_explained_and_understood": True, "agrees": False}}
    await permits(home, school, recipients=[SCHOOL], categories=["community"], **no)
    without = share(home.house, recipients=[SCHOOL], categories=["housing"], evidence={"form": "verbal"})
    path = f"/v1/cases/{home.house.case}/consents"
    refused = await school.send("POST", path, without, headers=fresh_key())
    assert (refused.status_code, problem(refused)) == (403, "forbidden")
    assert await told(world, *people) == before


async def test_sent_again_it_is_told_once(home: HouseWorld) -> None:
    world = home.world
    before = await told(world, "hana.novak")
    body, key = share(home.house, recipients=[SCHOOL], categories=["housing"]), fresh_key()
    path = f"/v1/cases/{home.house.case}/consents"
    for _ in range(3):
        sent = await world.as_("nadia.bell").send("POST", path, body, headers=key)
        assert sent.status_code == 201, sent.text
    assert len(await new_alerts(world, "hana.novak", before)) == 1


async def test_who_left_the_team_or_is_barred_finds_the_alerts_as_if_there_had_been_none(
    home: HouseWorld,
) -> None:
    """Byte for byte but for the receipt, which is the reader's own."""
    world, house = home.world, home.house
    lead, housing = world.as_("sam.okafor"), world.as_("hana.novak")
    place = {"user": "school.mentor", "name": "Lou Ames", "agency": SCHOOL, "role": "volunteer"}
    joined = await lead.post(f"/v1/cases/{house.case}/team", {**place, "job_title": "Mentor"})
    nothing = await told(world, "school.mentor")
    assert nothing == {"school.mentor": []}
    await permits(home, housing, recipients=[HOUSING], categories=["learning"])
    assert len(await alerts(world, "school.mentor")) == 1
    path = f"/v1/cases/{house.case}/team/{joined['id']}"
    await lead.send("DELETE", path, {"reason": "Left"}, headers=fresh_key())
    assert await told(world, "school.mentor") == nothing
    page = await world.as_("school.mentor").get("/v1/alerts?limit=1")
    assert (page["alerts"], page["next"], page["cursor"]) == ([], None, None)

    before = await told(world, "asif.khan", "sam.okafor")
    await permits(home, world.as_("nadia.bell"), recipients=[SCHOOL], categories=["mental_health"])
    assert await told(world, "asif.khan") != {"asif.khan": before["asif.khan"]}
    bar = a_bar(users=["asif.khan"], agencies=[], everyone_except=False)
    await world.as_("tom.ashby").post(f"/v1/cases/{house.case}/bars", bar)
    assert [a for a in await alerts(world, "asif.khan") if a["case"] == house.case] == []


async def test_who_is_asked_to_share_is_alerted_and_who_asks_is_answered_the_same_if_nobody_is(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    people = ("kit.vane", "hous.officer", "hana.novak", "grace.obi", "liz.hart", "sam.okafor")
    before = await told(world, *people)
    lead = world.as_("sam.okafor")
    answers = []
    for subject in (house.child, house.mother):
        asked = {
            "owner": HOUSING, "subject": subject, "categories": ["housing"], "level": "full",
            "purpose": "support", "valid_until": "2031-06-01T00:00:00Z", "reason": words("why"),
        }  # fmt: skip
        path = f"/v1/cases/{house.case}/sharing-requests"
        answers.append(await lead.send("POST", path, asked, headers=fresh_key()))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert [set(answer.json()) for answer in answers] == [{"id", "state", "answer_by"}] * 2
    [alert] = await new_alerts(world, "kit.vane", before)
    assert alert["look_at"] == "/v1/sharing-requests"
    listed = (await world.as_("kit.vane").get(alert["look_at"]))["sharing_requests"]
    assert answers[0].json()["id"] in [one["id"] for one in listed]
    for user in people[1:]:
        assert await new_alerts(world, user, before) == [], user


async def test_the_familys_yes_to_ones_own_request_is_told_to_the_owner_who_was_asked(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    lead = world.as_("sam.okafor")
    asked = await lead.post(
        f"/v1/cases/{house.case}/sharing-requests",
        {
            "owner": HOUSING, "subject": house.child, "categories": ["money_work"], "level": "full",
            "purpose": "support", "valid_until": "2031-06-01T00:00:00Z", "reason": words("why"),
        },
    )  # fmt: skip
    before = await told(world, "hana.novak", "hous.officer", "asif.khan", "nadia.bell")
    said = share(house)
    for name in ("kind", "recipients", "categories", "level", "purposes", "valid_until"):
        said.pop(name)
    path = f"/v1/cases/{house.case}/sharing-requests/{asked['id']}/family-answer"
    await lead.post(path, said)
    for user in ("hana.novak", "hous.officer"):
        assert len(await new_alerts(world, user, before)) == 1, user
    for user in ("asif.khan", "nadia.bell"):
        assert await new_alerts(world, user, before) == [], user


async def test_a_concern_waits_for_the_safeguarding_leads_of_whoever_it_was_sent_to(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house

    async def waits_for(user: str) -> list[Json]:
        listed = (await world.as_(user).get("/v1/notices", limit=100))["notices"]
        return [notice for notice in listed if notice["kind"] == "concern_received"]

    before = {user: await waits_for(user) for user in ("dev.patel", "school.guard", "pol.guard", "bea.holm")}
    worry = words("worry")
    sent = await world.as_("ruth.amadi").post(
        f"/v1/cases/{house.case}/concerns",
        {
            "recipient": "harbour-social-care", "about": words("whom"), "worry": worry, "when": words("when"),
            "immediate_danger": False, "family_told": False, "not_told_because": words("not told"),
        },
    )  # fmt: skip
    [notice] = [one for one in await waits_for("dev.patel") if one not in before["dev.patel"]]
    assert (notice["about"], notice["case"]) == (sent["id"], house.case)
    assert worry not in str(notice)
    for user in ("school.guard", "pol.guard", "bea.holm"):
        assert await waits_for(user) == before[user], user
    await world.as_("dev.patel").post(f"/v1/concerns/{sent['id']}/acknowledgement", {})
    assert sent["id"] not in [one["about"] for one in await waits_for("dev.patel")]


async def test_an_entry_that_nobody_opened_is_no_reason_to_tell_anybody(home: HouseWorld) -> None:
    """Owners are those of the subject and the categories, not whoever works on the case."""
    world, house = home.world, home.house
    entries = f"/v1/cases/{house.case}/assessments/{house.draft}/entries"
    await world.as_("asif.khan").post(entries, element("need", "participation", [house.mother]))
    before = await told(world, "asif.khan")
    await permits(home, world.as_("nadia.bell"), recipients=[SCHOOL], categories=["sexual_health"])
    assert await told(world, "asif.khan") == before
