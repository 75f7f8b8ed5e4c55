"""Notices: shown only where the case exists for the reader now, and then without a word of content.

Three changes that make this fail: showing a notice whose case is hidden, cutting the page before what is
hidden was left out, clearing somebody else's notice. And for what a notice rests on: naming an entry that its
reader does not see, warning of one that they see because of one that they do not, taking away what they see
when something hidden changed.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from deploy.stories.steps import open_case, record_person
from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks
from services.case.notices.audience import for_user
from services.case.notices.repository import NewNotice, raise_notices
from shared.vocabulary import NO_ANSWER
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import CAMHS, HOUSING, YOT
from tests.support.gateway import As, World

pytestmark = pytest.mark.anyio


async def nominated(world: World, school: As, how_many: int) -> list[tuple[str, str, str]]:
    """Cases in each of which Hana of housing is asked to lead: case, person, nomination, newest first."""
    made = []
    for number in range(how_many):
        person = await record_person(school, f"Robin {number}", "Vale", date(1990, 4, 2))
        case = await open_case(school, person, [], "Help")
        statement = {"reasons_explained_and_understood": True, "agrees": True}
        await school.post(
            f"/v1/cases/{case}/consents",
            {
                "kind": "take_part", "subject": person, "giver": person, "capacity": "adult",
                "answer": "given", "statement": statement,
                "evidence": {"form": "verbal", "reference": "note 1"}, "wording_version": "1",
                "privacy_notice": {"version": "1", "language": "English", "given_to": "the person"},
            },
        )  # fmt: skip
        member = await school.post(
            f"/v1/cases/{case}/team",
            {
                "user": "hana.novak", "name": "Hana Novak", "agency": HOUSING, "role": "practitioner",
                "job_title": "Housing officer",
            },
        )  # fmt: skip
        body = {"member": member["id"]}
        nomination = await school.post(f"/v1/cases/{case}/lead-professional/nominations", body)
        made.append((case, person, nomination["id"]))
    return made[::-1]


async def waiting(session: As) -> list[str]:
    """What waits, newest first, page by page: each full but the last."""
    found, path = [], "/v1/notices?limit=2"
    while path:
        page = await session.get(path)
        found.append([notice["about"] for notice in page["notices"]])
        path = page["next"]
    assert all(len(one) == 2 for one in found[:-1])
    return [about for one in found for about in one]


async def hide(school: As, case: str, person: str) -> None:
    """Let the person shut housing out of their case."""
    await school.post(
        f"/v1/cases/{case}/exclusions",
        {
            "subject": person, "giver": person, "capacity": "adult", "agencies": [HOUSING],
            "categories": ["identity", "involvement", "plan", "access_needs", "contact", "family"],
        },
    )  # fmt: skip


async def test_a_notice_is_there_while_its_case_exists_for_the_reader(home: HouseWorld) -> None:
    world = home.world
    school, housing = world.as_("nadia.bell"), world.as_("hana.novak")
    before = await waiting(housing)
    made = await nominated(world, school, 3)
    assert await waiting(housing) == [made[0][2], made[1][2], made[2][2], *before]
    page = await housing.get("/v1/notices")
    first = page["notices"][0]
    assert first.keys() == {"id", "case", "kind", "about", "at", "alone", "left_too_long"}
    assert (first["case"], first["kind"]) == (made[0][0], "nomination")
    theirs = {notice["about"] for notice in (await school.get("/v1/notices"))["notices"]}
    assert theirs.isdisjoint(nomination for _, _, nomination in made)
    hidden, person, _ = made[1]
    await hide(school, hidden, person)
    second = next(notice["id"] for notice in page["notices"] if notice["case"] == hidden)
    refused = await housing.send("POST", f"/v1/notices/{second}/clearing")
    assert refused.status_code == 404
    assert await waiting(housing) == [made[0][2], made[2][2], *before]
    cleared = await housing.post(f"/v1/notices/{first['id']}/clearing")
    assert cleared == {"id": first["id"], "state": "cleared"}
    assert await waiting(housing) == [made[2][2], *before]
    for path in (f"/v1/notices/{first['id']}/clearing", "/v1/notices/nowhere/clearing"):
        again = await housing.send("POST", path)
        assert again.status_code == 404
        assert again.content == refused.content


async def test_a_list_goes_on_behind_however_much_is_hidden(home: HouseWorld) -> None:
    """Fails when the second reading of a list asks for something else than the first."""
    world = home.world
    school, housing = world.as_("nadia.bell"), world.as_("hana.novak")
    (hidden, person, _), (_, _, nomination) = await nominated(world, school, 2)
    await hide(school, hidden, person)
    hana = for_user(HOUSING, "hana.novak")
    in_front = [NewNotice(hidden, "invitation", hidden, hana, str(number)) for number in range(250)]
    later = world.clock.now + timedelta(minutes=1)
    assert await world.store("case").write(raise_notices, in_front, later) == 250
    for path in ("/v1/notices", "/v1/worklists/awaiting-answer"):
        first = (await housing.get(f"{path}?limit=1"))["notices"]
        assert [notice["about"] for notice in first] == [nomination], path


async def test_after_thirty_days_without_an_answer_a_case_goes_back_to_its_author(
    home: HouseWorld,
) -> None:
    """Fails when nobody is told, a day early, after an answer, or when waiting opens or shuts a thing."""
    world = home.world
    school = world.as_("nadia.bell")
    cases, people = [], []
    for number in range(3):
        people.append(await record_person(school, f"Ash {number}", "Weir", date(1990, 4, 2)))
        cases.append(await open_case(school, people[-1], [], "Help"))

    async def answer(number: int, word: str) -> None:
        said = {"reasons_explained_and_understood": True, "agrees": word == "given"}
        body = {
            "kind": "take_part", "subject": people[number], "giver": people[number], "capacity": "adult",
            "answer": word, "statement": said, "wording_version": "1",
            "evidence": {"form": "verbal", "reference": "note 1"},
            "privacy_notice": {"version": "1", "language": "English", "given_to": "the person"},
        }  # fmt: skip
        await world.as_("nadia.bell").post(f"/v1/cases/{cases[number]}/consents", body)

    async def told(user: str) -> set[str]:
        await run_clocks(world.store("case"), world.clock.now, CaseworkRules())
        found = (await world.as_(user).get("/v1/notices"))["notices"]
        return {one["case"] for one in found if one["kind"] == NO_ANSWER}.intersection(cases)

    async def shown(user: str) -> list[int]:
        """How many entries of each case a user is shown."""
        views = [await world.as_(user).get(f"/v1/cases/{case}") for case in cases]
        return [sum(len(entries) for entries in view["areas"].values()) for view in views]

    await answer(0, "refused")
    before = [await shown(user) for user in ("nadia.bell", "hana.novak")]
    assert before == [[3] * 3, [0] * 3]
    try:
        world.clock.now += timedelta(days=29)
        assert await told("nadia.bell") == set()
        world.clock.now += timedelta(days=1)
        assert await told("nadia.bell") == await told("grace.obi") == set(cases[1:])
        assert await told("hana.novak") == await told("tom.ashby") == set()
        assert [await shown(user) for user in ("nadia.bell", "hana.novak")] == before
        await answer(1, "given")
        assert await told("nadia.bell") == await told("grace.obi") == {cases[2]}
        [last] = [
            one
            for one in (await world.as_("nadia.bell").get("/v1/notices"))["notices"]
            if one["kind"] == NO_ANSWER and one["case"] == cases[2]
        ]
        await world.as_("nadia.bell").post(f"/v1/notices/{last['id']}/clearing")
        assert await told("nadia.bell") == set(), "once"
    finally:
        world.clock.now -= timedelta(days=30)


LEAD, HELD_BACK = "sam.okafor", ["mental_health"]
"""The lead professional, and what of CAMHS's she does not see."""


def an_action(accountable: str, sensitive: Sequence[str] = ()) -> dict[str, Any]:
    return {
        "desired_outcome": "Better days", "action": "Talk", "by_when": "2100-01-05",
        "accountable": accountable, "categories": list(sensitive),
    }  # fmt: skip


async def agree(home: HouseWorld, user: str, *actions: dict[str, Any]) -> list[str]:
    path = f"/v1/cases/{home.house.case}/actions"
    made = await home.world.as_(user).post(path, {"actions": list(actions)})
    return [action["id"] for action in made["actions"]]


async def told_of(home: HouseWorld, user: str, path: str = "/v1/notices?limit=100") -> list[tuple[str, str]]:
    """Kind and what it is about, of every notice of the household that somebody finds, oldest first."""
    await run_clocks(home.world.store("case"), home.world.clock.now, CaseworkRules())
    found, following = [], path
    while following:
        page = await home.world.as_(user).get(following)
        found += [(n["kind"], n["about"]) for n in page["notices"] if n["case"] == home.house.case]
        following = page["next"]
    return found[::-1]


async def test_nobody_is_told_of_an_entry_that_they_do_not_see(home: HouseWorld) -> None:
    """Late, not answered, declined: the lead is told of what they see, whatever else there is."""
    soon = (home.world.clock.now.date() + timedelta(days=2)).isoformat()
    [seen] = await agree(home, "nadia.bell", {**an_action(HOUSING), "by_when": soon})
    hidden = {**an_action(CAMHS, HELD_BACK), "by_when": soon}
    [late] = await agree(home, "ruth.amadi", {**hidden, "responsible_user": "asif.khan"})
    [declined] = await agree(home, "ruth.amadi", {**hidden, "responsible_user": "asif.khan"})
    await home.world.as_("asif.khan").post(
        f"/v1/cases/{home.house.case}/actions/{declined}/decline", {"reason": "Not ours"}
    )
    home.world.clock.now += timedelta(days=4)
    try:
        theirs, leads = await told_of(home, "asif.khan"), await told_of(home, LEAD)
        assert ("promise_overdue", late) in theirs
        assert ("promise_overdue", seen) in leads
        assert {late, declined}.isdisjoint(about for _, about in leads)
        raised = await home.world.store("case").read(_ids_about, late)
        assert len(raised) >= 2, "the lead's is there, and held back"
        refused = await home.world.as_(LEAD).send("POST", "/v1/notices/nowhere/clearing")
        for notice in raised:
            again = await home.world.as_(LEAD).send("POST", f"/v1/notices/{notice}/clearing")
            assert (again.status_code, again.content) == (404, refused.content)
    finally:
        home.world.clock.now -= timedelta(days=4)


def _ids_about(session: Any, entry: str) -> list[str]:
    return list(session.scalars(text("SELECT id FROM notices WHERE about = :entry"), {"entry": entry}))


async def test_a_warning_rests_on_both_actions_and_nothing_hidden_takes_one_away(home: HouseWorld) -> None:
    """Of two things for which something waits, one hidden: their warnings stand apart."""
    warning = "late_for_what_follows"
    [flat, other] = await agree(home, "nadia.bell", an_action(HOUSING), an_action(HOUSING))
    [hidden] = await agree(home, "asif.khan", {**an_action(CAMHS, HELD_BACK), "by_when": "2100-01-09"})
    early = {"needed_by": "2031-04-01", "by_when": "2100-01-09"}
    [waits] = await agree(home, "nadia.bell", {**an_action(YOT), **early, "needs": [flat]})
    [hides] = await agree(home, "nadia.bell", {**an_action(YOT), **early})
    for action, needed in ((waits, hidden), (hides, hidden)):
        path = f"/v1/cases/{home.house.case}/actions/{action}/dependencies"
        await home.world.as_("asif.khan").post(path, {"needs": needed})
    leads = [about for kind, about in await told_of(home, LEAD) if kind == warning]
    assert leads == [waits], "because of the flat alone"
    theirs = [about for kind, about in await told_of(home, "asif.khan") if kind == warning]
    assert theirs == [hidden, hidden]
    # What becomes of the hidden one changes nothing of the warning that is seen.
    camhs, path = home.world.as_("asif.khan"), f"/v1/cases/{home.house.case}/actions/{hidden}"
    plan = (await camhs.get(f"/v1/cases/{home.house.case}"))["areas"]["plan"]
    etag = next(entry["etag"] for entry in plan if entry["id"] == hidden)
    await camhs.patch(path, {"status": "done", "outcome": "It went well"}, etag)
    assert [about for kind, about in await told_of(home, LEAD) if kind == warning] == [waits]
    assert warning not in [kind for kind, _ in await told_of(home, "asif.khan")]
    # And a link that is taken away takes the warnings of both sides with it.
    where = f"/v1/cases/{home.house.case}/actions/{waits}/dependencies/{flat}"
    await home.world.as_("nadia.bell").send("DELETE", where)
    assert warning not in [kind for kind, _ in await told_of(home, LEAD)]
    assert warning not in [kind for kind, about in await told_of(home, "hana.novak") if about == flat]
    assert other not in [about for _, about in await told_of(home, LEAD) if _ == warning]


async def test_an_alarm_names_no_entry_whatever_raised_it(home: HouseWorld) -> None:
    """An agency was away from two meetings that nobody but CAMHS sees: the lead and the managers are told
    that an agency stays away (design 3.5 c), of the case, and nobody of the meetings."""
    # After the household's own meeting of that afternoon, at which everybody was.
    home.world.clock.now += timedelta(days=1)
    camhs, case, hidden = home.world.as_("asif.khan"), f"/v1/cases/{home.house.case}", []
    for _ in range(2):
        starts = (home.world.clock.now + timedelta(minutes=1)).isoformat()
        body = {"meeting_kind": "team_meeting", "title": "How he is", "starts_at": starts}
        meeting = (await camhs.post(f"{case}/meetings", {**body, "categories": HELD_BACK}))["id"]
        somebody = {"user": "hana.novak", "name": "Hana Novak", "agency": HOUSING, "role": "practitioner"}
        await camhs.post(f"{case}/meetings/{meeting}/invitations", somebody)
        home.world.clock.now += timedelta(minutes=2)
        await camhs.post(f"{case}/meetings/{meeting}/attendance", {"present": []})
        await camhs.post(f"{case}/meetings/{meeting}/closing")
        hidden.append(meeting)
    for user in (LEAD, "kit.vane", "grace.obi"):
        told = await told_of(home, user)
        assert ("agency_missing", home.house.case) in told, user
        assert set(hidden).isdisjoint(about for _, about in told)
    assert "agency_missing" not in [kind for kind, _ in await told_of(home, "hana.novak")]


async def test_pages_are_full_of_what_may_be_told_however_much_is_held_back(home: HouseWorld) -> None:
    """More than one reading ahead of hidden ones lies before the one that is seen, on both lists."""
    house, lead = home.house, for_user(YOT, LEAD)
    referral = NewNotice(house.case, "referral", house.referral, lead, "seen")
    hidden = [NewNotice(house.case, "referral", house.camhs_action, lead, str(n)) for n in range(130)]
    store, at = home.world.store("case"), home.world.clock.now
    await store.write(raise_notices, [referral], at - timedelta(hours=1))
    await store.write(raise_notices, hidden, at)
    for path in ("/v1/notices", "/v1/worklists/awaiting-answer"):
        found = await told_of(home, LEAD, f"{path}?limit=1")
        assert found.count(("referral", house.referral)) == 1
        assert house.camhs_action not in [about for _, about in found]


async def test_a_kind_of_notice_about_what_nobody_knows_is_told_to_nobody(home: HouseWorld) -> None:
    odd = NewNotice(home.house.case, "something_new", home.house.other_child, for_user(YOT, LEAD))
    await home.world.store("case").write(raise_notices, [odd], home.world.clock.now)
    assert "something_new" not in [kind for kind, _ in await told_of(home, LEAD)]
