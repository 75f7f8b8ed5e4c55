"""Meetings: planned ahead, attended, decided and pledged at; who considers a case for one does so till then.

Three changes that make this fail: planning in the past, taking a pledge of an agency that was not there,
letting somebody consider the case when the meeting is over.
"""

import asyncio
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks_of
from services.case.meetings.lifecycle import INVITATION, MEETING, missing_too_often
from shared.identity import Caller
from shared.ids import new_id
from tests.case.conftest import HOUSING, SCHOOL, SCHOOL_MANAGER, START, YOT, CaseService, D, Json

pytestmark = pytest.mark.anyio

PANELLIST = Caller("pia", "Pia Moss", "police", "panel_member")
THIS_AFTERNOON = "2031-03-03T15:00:00Z"
BOXING = {"whose": "child_or_young_person", "view": "I want to go boxing."}


async def plan(service: CaseService, case: str, **changes: Any) -> str:
    body = {"meeting_kind": "team_meeting", "title": "Six weeks on", "starts_at": THIS_AFTERNOON, **changes}
    return str((await service.post(SCHOOL, f"/cases/{case}/meetings", body))["id"])


async def invite(service: CaseService, case: str, meeting: str, who: Caller) -> str:
    body = {"user": who.user, "name": who.name, "agency": who.agency, "role": who.role}
    path = f"/cases/{case}/meetings/{meeting}/invitations"
    return str((await service.post(SCHOOL, path, body))["id"])


async def attend(service: CaseService, case: str, meeting: str, *present: str, **more: Any) -> Json:
    body = {"present": list(present), **more}
    done: Json = await service.post(SCHOOL, f"/cases/{case}/meetings/{meeting}/attendance", body)
    return done


async def close(service: CaseService, case: str, meeting: str) -> Json:
    done: Json = await service.post(SCHOOL, f"/cases/{case}/meetings/{meeting}/closing")
    return done


async def standing(service: CaseService, case: str, meeting: str) -> Json:
    found: Json = await service.get(SCHOOL, f"/cases/{case}/meetings/{meeting}")
    return found


async def attendance(service: CaseService, case: str, meeting: str) -> dict[str, str]:
    invited = (await standing(service, case, meeting))["meeting"]["invitations"]
    return {one["user"]: one["state"] for one in invited}


async def is_to(service: CaseService, case: str, caller: Caller) -> str:
    return str((await service.bundle(case, caller))["relationship"])


async def kinds(service: CaseService, who: Caller) -> list[str]:
    found = await service.post(who, "/notices/mine", {"limit": 100})
    return [notice["kind"] for notice in found["notices"]]


async def run(service: CaseService) -> dict[str, int]:
    return await asyncio.to_thread(run_clocks_of, service.url, service.clock(), CaseworkRules())


def an_action(accountable: str, **changes: Any) -> Json:
    return {
        "desired_outcome": "Fridays that are good", "action": "Take him there", "by_when": "2031-04-01",
        "accountable": accountable, **changes,
    }  # fmt: skip


@pytest.mark.parametrize("moment", ["2031-03-03T09:00:00Z", "2031-03-02T15:00:00Z", "1999-01-01T00:00:00Z"])
async def test_a_meeting_in_the_past_cannot_be_planned(service: CaseService, moment: str) -> None:
    case = await service.case()
    before = service.rows()
    body = {"meeting_kind": "team_meeting", "title": "Then", "starts_at": moment}
    problem = await service.problem(SCHOOL, "POST", f"/cases/{case}/meetings", body)
    assert (problem.kind, [error.field for error in problem.errors]) == ("invalid", ["starts_at"])
    assert service.rows() == before


async def test_a_meeting_and_its_items_are_entries_and_its_papers_are_not_in_them(
    service: CaseService,
) -> None:
    case, paper = await service.case(), new_id()
    item = {"topic": "How school goes", "papers": [paper, paper], "categories": ["learning"]}
    meeting = await plan(service, case, agenda=[item, {"topic": "Else", "confidential": True}])
    entries = {e["kind"]: e for e in (await service.bundle(case))["entries"] if e["area"] == "meetings"}
    assert entries["meeting"]["fields"] == {
        "meeting_kind": "team_meeting", "title": "Six weeks on", "starts_at": THIS_AFTERNOON,
        "state": "planned",
    }  # fmt: skip
    assert paper not in str(entries)
    found = await standing(service, case, meeting)
    assert sorted(part["papers"] for part in found["agenda"].values()) == [[], [paper]]
    assert sorted(part["confidential"] for part in found["agenda"].values()) == [False, True]
    assert found["meeting"]["chair"] == {"user": "priya", "agency": SCHOOL.agency}
    absent = await service.get(SCHOOL, f"/cases/{new_id()}/meetings/{meeting}")
    assert absent == {"meeting": None, "agenda": {}, "pledges": [], "family": {}}
    assert await service.get(SCHOOL, f"/cases/{new_id()}/meetings") == {"meetings": {}}


@pytest.mark.parametrize("how", ["apologies", "closing", "cancellation", "clock"])
async def test_an_invited_panel_member_considers_the_case_until_they_decline_or_it_is_over(
    service: CaseService, how: str
) -> None:
    case = await service.case()
    meeting = await plan(service, case)
    assert await is_to(service, case, PANELLIST) == "none"
    invitation = await invite(service, case, meeting, PANELLIST)
    assert await is_to(service, case, PANELLIST) == "considering"
    assert await kinds(service, PANELLIST) == ["invitation"]
    path = f"/cases/{case}/meetings/{meeting}"
    if how == "apologies":
        done = await service.post(PANELLIST, f"{path}/invitations/{invitation}/apologies")
        assert done == {"id": invitation, "state": "apologies", "enforced_at": done["enforced_at"]}
    else:
        await service.post(PANELLIST, f"{path}/invitations/{invitation}/acceptance")
        assert await is_to(service, case, PANELLIST) == "considering"
    if how == "closing":
        await attend(service, case, meeting, invitation)
        assert await is_to(service, case, PANELLIST) == "considering"
        assert (await close(service, case, meeting))["state"] == "held"
    elif how == "cancellation":
        done = await service.post(SCHOOL, f"{path}/cancellation", {"reason": "Snow"})
        assert done["state"] == "cancelled"
    elif how == "clock":
        service.clock.turn(hours=29)
        assert (await run(service))["meeting_not_recorded"] == 0
        assert await is_to(service, case, PANELLIST) == "considering"
        service.clock.turn(hours=2)
        assert (await run(service))["meeting_not_recorded"] == 1
        assert (await run(service))["meeting_not_recorded"] == 0
        assert await kinds(service, SCHOOL) == ["meeting_not_recorded"]
    assert await is_to(service, case, PANELLIST) == "none"
    assert await kinds(service, PANELLIST) == []
    assert service.slept == ([] if how == "clock" else [D])


async def test_who_is_on_the_team_keeps_their_place_when_a_meeting_is_over(service: CaseService) -> None:
    case = await service.case()
    await service.join(case, YOT)
    meeting = await plan(service, case)
    invitation = await invite(service, case, meeting, YOT)
    await service.post(YOT, f"/cases/{case}/meetings/{meeting}/invitations/{invitation}/apologies")
    assert await is_to(service, case, YOT) == "member"
    assert service.rows()["considerations"] == 0


async def test_only_who_is_invited_answers_and_in_roles_that_may_consider(service: CaseService) -> None:
    case = await service.case()
    meeting = await plan(service, case)
    invitation = await invite(service, case, meeting, PANELLIST)
    path = f"/cases/{case}/meetings/{meeting}/invitations"
    for who in (SCHOOL, HOUSING, Caller("pia", "Pia Moss", "elsewhere", "panel_member")):
        for answer in ("acceptance", "apologies"):
            problem = await service.problem(who, "POST", f"{path}/{invitation}/{answer}")
            assert problem.kind == "forbidden"
    again = {"user": "pia", "name": "Pia", "agency": "police", "role": "panel_member"}
    assert (await service.problem(SCHOOL, "POST", path, again)).kind == "conflict"
    volunteer = {"user": "val", "name": "Val", "agency": "police", "role": "volunteer"}
    problem = await service.problem(SCHOOL, "POST", path, volunteer)
    assert [error.field for error in problem.errors] == ["role"]
    await service.post(PANELLIST, f"{path}/{invitation}/apologies")
    problem = await service.problem(PANELLIST, "POST", f"{path}/{invitation}/acceptance")
    assert "ask the chair to invite you anew" in problem.detail


async def test_who_sent_apologies_is_asked_once_more_and_considers_the_case_again(
    service: CaseService,
) -> None:
    case = await service.case()
    meeting = await plan(service, case)
    path = f"/cases/{case}/meetings/{meeting}/invitations"
    first = await invite(service, case, meeting, PANELLIST)
    await service.post(PANELLIST, f"{path}/{first}/apologies")
    assert (await is_to(service, case, PANELLIST), await kinds(service, PANELLIST)) == ("none", [])
    assert await invite(service, case, meeting, PANELLIST) == first, "it is the same invitation"
    assert await is_to(service, case, PANELLIST) == "considering"
    assert await kinds(service, PANELLIST) == ["invitation"]
    body = {"user": "pia", "name": "Pia", "agency": "police", "role": "panel_member"}
    assert (await service.problem(SCHOOL, "POST", path, body)).kind == "conflict", "once is enough"
    await service.post(PANELLIST, f"{path}/{first}/acceptance")
    [standing_] = (await standing(service, case, meeting))["meeting"]["invitations"]
    assert (standing_["id"], standing_["state"]) == (first, "accepted")
    await service.post(SCHOOL, f"/cases/{case}/meetings/{meeting}/cancellation", {"reason": "Snow"})
    assert await is_to(service, case, PANELLIST) == "none"
    assert (await service.problem(SCHOOL, "POST", path, body)).kind == "conflict"


@pytest.mark.parametrize("answered", [False, True])
async def test_who_considers_a_case_no_longer_is_asked_again_to_a_meeting_that_stands(
    service: CaseService, answered: bool
) -> None:
    """After the case was closed and opened again, and after somebody left its team."""
    case = await service.case()
    member = await service.join(case, YOT)
    meeting = await plan(service, case)
    path = f"/cases/{case}/meetings/{meeting}/invitations"
    invited = {who.user: await invite(service, case, meeting, who) for who in (PANELLIST, YOT)}
    for who in (PANELLIST, YOT) if answered else ():
        await service.post(who, f"{path}/{invited[who.user]}/acceptance")
    await service.post(SCHOOL, f"/cases/{case}/closure", {"reason": "other"})
    await service.post(SCHOOL, f"/cases/{case}/reopening", {"reason": "Again"})
    await service.post(YOT, f"/cases/{case}/team/{member}/ending", {"reason": "Left"})
    for who in (PANELLIST, YOT):
        assert await is_to(service, case, who) == "none"
        assert await invite(service, case, meeting, who) == invited[who.user], "it is the same invitation"
        assert await is_to(service, case, who) == "considering"
        assert "invitation" in await kinds(service, who), "and they are told"
        body = {"user": who.user, "name": who.name, "agency": who.agency, "role": who.role}
        assert (await service.problem(SCHOOL, "POST", path, body)).kind == "conflict", "once is enough"
    assert set((await attendance(service, case, meeting)).values()) == {"invited"}
    await service.post(PANELLIST, f"{path}/{invited[PANELLIST.user]}/apologies")
    assert await is_to(service, case, PANELLIST) == "none"


async def test_attendance_is_taken_from_twelve_hours_before_and_past_midnight_as_at_noon(
    service: CaseService,
) -> None:
    case = await service.case()
    service.clock.at = START.replace(hour=23, minute=55)
    meeting = await plan(service, case, starts_at="2031-03-04T11:55:01Z")
    path = f"/cases/{case}/meetings/{meeting}/attendance"
    assert (await service.problem(SCHOOL, "POST", path, {"present": []})).kind == "conflict"
    service.clock.turn(seconds=1)
    assert (await attend(service, case, meeting))["state"] == "in_session"


async def test_attendance_may_change_while_a_meeting_lasts(service: CaseService) -> None:
    case = await service.case()
    await service.join(case, YOT)
    meeting = await plan(service, case)
    youth = await invite(service, case, meeting, YOT)
    panellist = await invite(service, case, meeting, PANELLIST)
    assert (await attend(service, case, meeting, youth))["state"] == "in_session"
    assert await attendance(service, case, meeting) == {"yusuf": "present", "pia": "absent"}
    await attend(service, case, meeting, youth, panellist)
    assert await attendance(service, case, meeting) == {"yusuf": "present", "pia": "present"}
    path = f"/cases/{case}/meetings/{meeting}/attendance"
    problem = await service.problem(SCHOOL, "POST", path, {"present": [youth, new_id()]})
    assert [error.field for error in problem.errors] == ["present.1"]
    await close(service, case, meeting)
    assert (await service.problem(SCHOOL, "POST", path, {"present": []})).kind == "conflict"


async def test_a_confidential_part_has_its_own_attendance(service: CaseService) -> None:
    case = await service.case()
    meeting = await plan(service, case, agenda=[{"topic": "Open"}, {"topic": "Closed", "confidential": True}])
    agenda = (await standing(service, case, meeting))["agenda"]
    closed = next(item for item, part in agenda.items() if part["confidential"])
    open_ = next(item for item, part in agenda.items() if not part["confidential"])
    there = await invite(service, case, meeting, PANELLIST)
    away = await invite(service, case, meeting, YOT)
    await attend(service, case, meeting, there, confidential_parts=[{"item": closed, "present": [there]}])
    assert (await standing(service, case, meeting))["agenda"][closed]["present"] == [there]
    path = f"/cases/{case}/meetings/{meeting}/attendance"
    for part, field in (
        ({"item": open_, "present": []}, "confidential_parts.0.item"),
        ({"item": closed, "present": [away]}, "confidential_parts.0.present.0"),
    ):
        body = {"present": [there], "confidential_parts": [part]}
        problem = await service.problem(SCHOOL, "POST", path, body)
        assert [error.field for error in problem.errors] == [field]
    assert (await standing(service, case, meeting))["agenda"][closed]["present"] == [there]


async def test_an_agency_pledges_only_where_it_was_and_the_pledge_is_an_action_that_it_owes(
    service: CaseService,
) -> None:
    case = await service.case()
    await service.join(case, YOT)
    meeting = await plan(service, case)
    youth = await invite(service, case, meeting, YOT)
    await invite(service, case, meeting, PANELLIST)
    path = f"/cases/{case}/meetings/{meeting}/pledges"
    early = await service.problem(SCHOOL, "POST", path, {"actions": [an_action(YOT.agency)]})
    assert (early.kind, early.detail) == ("conflict", "Say first who is there; then record what they pledge.")
    await attend(service, case, meeting, youth)
    before = service.rows()
    for absent in ("police", "nobody-knows"):
        body = {"actions": [an_action(YOT.agency), an_action(absent)]}
        problem = await service.problem(SCHOOL, "POST", path, body)
        assert [error.field for error in problem.errors] == ["actions.1.accountable"]
    assert service.rows() == before, "one that is refused keeps none of them"
    done = await service.post(SCHOOL, path, {"actions": [an_action(YOT.agency)]})
    [action] = [e for e in (await service.bundle(case))["entries"] if e["kind"] == "action"]
    assert ([action["id"]], action["accountable"]) == (done["actions"], YOT.agency)
    assert (action["fields"]["pledge"], action["fields"]["agreed_at"]) == ("pledged", meeting)
    assert (await standing(service, case, meeting))["pledges"] == done["actions"]


async def test_a_decision_hears_the_family_or_says_why_not_and_its_actions_go_into_the_plan(
    service: CaseService,
) -> None:
    case = await service.case()
    meeting = await plan(service, case)
    path = f"/cases/{case}/meetings/{meeting}/decisions"
    body: Json = {"decision": "He begins", "reasons": "It is his wish"}
    assert (await service.problem(SCHOOL, "POST", path, {**body, "views": [BOXING]})).kind == "conflict"
    await attend(service, case, meeting)
    before = service.rows()
    absent = {"whose": "agency", "agency": "police", "view": "Good."}
    for changes, field in (
        ({}, "views"),
        ({"views": [absent]}, "views"),
        ({"views": [BOXING], "no_family_view_because": "Asleep"}, "no_family_view_because"),
        ({"views": [BOXING, absent]}, "views.1.agency"),
        ({"views": [{"whose": "agency", "view": "x"}]}, "views.0.agency"),
        ({"views": [BOXING], "actions": [an_action("police", by_when="2031-03-02")]}, "actions.0.by_when"),
    ):
        problem = await service.problem(SCHOOL, "POST", path, {**body, **changes})
        assert (problem.kind, [error.field for error in problem.errors]) == ("invalid", [field])
    assert service.rows() == before
    chair = {"whose": "agency", "agency": SCHOOL.agency, "view": "Good."}
    mind = {**BOXING, "categories": ["wellbeing"]}
    done = await service.post(
        SCHOOL, path, {**body, "views": [mind, chair], "actions": [an_action("police")]}
    )
    entries = {e["id"]: e for e in (await service.bundle(case))["entries"]}
    decided, [view, _] = entries[done["id"]], [entries[one] for one in done["views"]]
    assert (decided["kind"], decided["categories"]) == ("meeting_decision", ["plan"])
    assert (view["kind"], view["categories"]) == ("view_heard", ["voice", "wellbeing"])
    assert view["fields"] == {"meeting": meeting, "decision": done["id"], **BOXING}
    [agreed] = [entries[one] for one in done["actions"]]
    assert (agreed["kind"], agreed["fields"]["agreed_at"]) == ("action", meeting)
    assert "pledge" not in agreed["fields"], "a decision is nobody's pledge"
    await service.post(SCHOOL, path, {**body, "no_family_view_because": "He was asleep"})


async def test_an_agency_that_misses_two_in_a_row_is_told_to_whoever_is_in_charge(
    service: CaseService,
) -> None:
    case = await service.case()
    await service.join(case, YOT)
    await service.lead(case, YOT)
    for held, expected in ((False, 0), (True, 0), (False, 0), (False, 1), (True, 0)):
        meeting = await plan(service, case, starts_at=service.clock().replace(hour=17).isoformat())
        police = await invite(service, case, meeting, PANELLIST)
        youth = await invite(service, case, meeting, YOT)
        await attend(service, case, meeting, *([police, youth] if held else [youth]))
        await close(service, case, meeting)
        assert (await kinds(service, YOT)).count("agency_missing") == expected
        assert (await kinds(service, SCHOOL_MANAGER)).count("agency_missing") == expected
        service.clock.turn(days=1)
    assert "agency_missing" not in await kinds(service, SCHOOL)


def test_apologies_count_as_missed_and_only_what_comes_latest_counts() -> None:
    assert missing_too_often([]) == []
    assert missing_too_often([{"a": ["absent"], "b": ["apologies"]}, {"a": ["absent"], "b": ["absent"]}]) == [
        "a", "b",
    ]  # fmt: skip
    assert missing_too_often([{"a": ["absent", "present"]}, {"a": ["absent"]}, {"a": ["absent"]}]) == []
    assert missing_too_often([{"a": ["absent"]}, {"a": ["present"]}, {"a": ["absent"]}]) == []
    assert missing_too_often([{"a": ["absent"]}, {}, {"a": ["absent"]}]) == ["a"], "where it was invited"


def test_every_state_is_met_by_everything_that_can_happen() -> None:
    for table, states, events, possible in ((MEETING, 5, 8, 17), (INVITATION, 6, 7, 20)):
        named = {event for _, event in table.transitions}
        met = [(s, e) for s in table.states for e in named if table.allows(s, e)]
        assert (len(table.states), len(named), len(met)) == (states, events, possible), table.name
    assert all(after == "held" for (state, _), after in MEETING.transitions.items() if state == "held")


async def family_invited(service: CaseService, case: str, meeting: str, person: str) -> str:
    path = f"/cases/{case}/meetings/{meeting}/family-invitations"
    return str((await service.post(SCHOOL, path, {"person": person}))["id"])


async def mother_of(service: CaseService, child: str, **changes: Any) -> str:
    mother = await service.person(given_names="Karen", family_name="Hartley")
    said = {
        "from_person": mother, "to_person": child, "relation": "mother", "parental_responsibility": True,
        "parental_responsibility_source": "birth", "lives_with": True, **changes,
    }  # fmt: skip
    await service.post(SCHOOL, f"/people/{child}/relationships", said)
    return mother


async def of_family(service: CaseService, case: str, meeting: str) -> dict[str, str]:
    found = await standing(service, case, meeting)
    return {one["person"]: one["state"] for one in found["meeting"]["family"]}


async def test_the_family_is_invited_sends_word_and_is_there(service: CaseService) -> None:
    """They come as people, of no agency; what they are to the young person goes with them."""
    child = await service.person()
    case, mother = await service.case(person=child), await mother_of(service, child)
    meeting = await plan(service, case, agenda=[{"topic": "Apart", "confidential": True}])
    path = f"/cases/{case}/meetings/{meeting}"
    hers, his = [await family_invited(service, case, meeting, one) for one in (mother, child)]
    again = await service.problem(SCHOOL, "POST", f"{path}/family-invitations", {"person": mother})
    assert again.kind == "conflict"
    stranger = await service.person()
    for nobody in (stranger, new_id()):
        unknown = await service.problem(SCHOOL, "POST", f"{path}/family-invitations", {"person": nobody})
        assert (unknown.kind, [error.field for error in unknown.errors]) == ("invalid", ["person"])
    found = await standing(service, case, meeting)
    assert found["family"] == {mother: {child: "parent"}, child: {child: "subject"}}
    assert found["meeting"]["invitations"] == []

    word = f"{path}/family-invitations/{hers}/word"
    for comes, state in ((False, "apologies"), (False, "apologies"), (True, "accepted"), (True, "accepted")):
        assert await service.post(SCHOOL, word, {"comes": comes}) == {"id": hers, "state": state}
    karen = Caller("karen", "Karen", "family", "family_member", mother)
    other = Caller("cole", "Cole", "family", "family_member", child)
    assert (await service.problem(other, "POST", word, {"comes": False})).kind == "forbidden"
    assert (await service.post(karen, word, {"comes": False}))["state"] == "apologies"
    assert await family_invited(service, case, meeting, mother) == hers, "invited once more"
    nobodys = f"{path}/family-invitations/{new_id()}/word"
    assert (await service.problem(SCHOOL, "POST", nobodys, {"comes": True})).kind == "not-found"

    [item] = (await standing(service, case, meeting))["agenda"]
    apart = [{"item": item, "present": [his]}]
    await attend(service, case, meeting, hers, his, confidential_parts=apart)
    assert await of_family(service, case, meeting) == {mother: "present", child: "present"}
    assert (await standing(service, case, meeting))["agenda"][item]["present"] == [his]
    late = await service.problem(SCHOOL, "POST", word, {"comes": False})
    assert late.kind == "conflict"
    body = {"present": [hers], "confidential_parts": [{"item": item, "present": [his]}]}
    wrong = await service.problem(SCHOOL, "POST", f"{path}/attendance", body)
    assert [error.field for error in wrong.errors] == ["confidential_parts.0.present.0"]
    await attend(service, case, meeting, hers)
    assert await of_family(service, case, meeting) == {mother: "present", child: "absent"}
    pledge = await service.problem(
        SCHOOL, "POST", f"{path}/pledges", {"actions": [an_action(HOUSING.agency)]}
    )
    assert pledge.kind == "invalid", "the family is no agency that was there"
    await close(service, case, meeting)
    assert await is_to(service, case, karen) == "none", "being invited opens nothing to them"


async def test_what_the_family_wants_said_is_labelled_by_who_they_are_and_is_on_the_agenda(
    service: CaseService,
) -> None:
    """What they send themselves is the chair's; of a mother who is only related to him, about whatever says
    that she is."""
    child = await service.person()
    case, mother = await service.case(person=child), await mother_of(service, child)
    meeting = await plan(service, case, categories=["learning"])
    path = f"/cases/{case}/meetings/{meeting}"
    hers, his = [await family_invited(service, case, meeting, one) for one in (mother, child)]
    karen = Caller("karen", "Karen", "family", "family_member", mother)
    cole = Caller("family.cole", "Cole", "family", "family_member", child)
    for who, one, words in ((karen, hers, "Mornings"), (cole, his, "Boxing"), (SCHOOL, hers, "By telephone")):
        body = {"comes": True, "to_be_said": words, "held_by": SCHOOL.agency}
        assert (await service.post(who, f"{path}/family-invitations/{one}/word", body))["state"] == "accepted"
    items = {
        entry["fields"]["note"]: entry
        for entry in (await service.get(SCHOOL, f"/cases/{case}/bundle"))["entries"]
        if entry["kind"] == "agenda_item"
    }
    assert {words: (one["owner"], one["author"]) for words, one in items.items()} == {
        "Mornings": (SCHOOL.agency, "A member of the family"),
        "Boxing": (SCHOOL.agency, "A member of the family"),
        "By telephone": (SCHOOL.agency, SCHOOL.name),
    }
    about = {words: (set(one["subjects"]), set(one["categories"])) for words, one in items.items()}
    assert about["Mornings"] == ({child, mother}, {"plan", "learning", "family"})
    assert about["Boxing"] == ({child}, {"plan", "learning"})
    assert about["By telephone"] == about["Mornings"]
    assert len((await standing(service, case, meeting))["agenda"]) == 3
    await service.join(case, YOT)
    await service.post(YOT, f"{path}/chair", {})
    for decided in (SCHOOL.agency, None):
        late_for = {"comes": True, "to_be_said": "Else", "held_by": decided}
        refused = await service.problem(karen, "POST", f"{path}/family-invitations/{hers}/word", late_for)
        assert refused.kind == "conflict", "it was decided of another agency that it may hold this"
    assert len((await standing(service, case, meeting))["agenda"]) == 3
    await service.post(SCHOOL, f"{path}/cancellation", {"reason": "Snow"})
    late = await service.problem(karen, "POST", f"{path}/family-invitations/{hers}/word", {"comes": False})
    assert late.kind == "conflict"


async def test_whom_the_one_who_says_who_is_there_does_not_know_stays_as_they_were(
    service: CaseService,
) -> None:
    child = await service.person()
    case, mother = await service.case(person=child), await mother_of(service, child)
    meeting = await plan(service, case, agenda=[{"topic": "Apart", "confidential": True}])
    hers, his = [await family_invited(service, case, meeting, one) for one in (mother, child)]
    [item] = (await standing(service, case, meeting))["agenda"]
    await attend(
        service, case, meeting, hers, confidential_parts=[{"item": item, "present": [hers]}]
    )  # fmt: skip
    unknown = {"not_shown": [hers]}
    parts = [{"item": item, "present": [his]}]
    await attend(service, case, meeting, his, confidential_parts=parts, **unknown)
    assert await of_family(service, case, meeting) == {mother: "present", child: "present"}
    there = (await standing(service, case, meeting))["agenda"][item]["present"]
    assert sorted(there) == sorted([hers, his])
    body = {"present": [hers], **unknown}
    path = f"/cases/{case}/meetings/{meeting}/attendance"
    named = await service.problem(SCHOOL, "POST", path, body)
    assert [error.field for error in named.errors] == ["present.0"], "like one that is not there"


async def test_the_store_keeps_people_and_agencies_at_a_meeting_apart(service: CaseService) -> None:
    child = await service.person()
    case = await service.case(person=child)
    meeting = await plan(service, case)
    await invite(service, case, meeting, YOT)
    await family_invited(service, case, meeting, child)
    wrong = (
        "UPDATE meeting_invitations SET agency = 'x' WHERE person_id IS NOT NULL",
        "UPDATE meeting_invitations SET name = NULL WHERE person_id IS NULL",
        f"UPDATE meeting_invitations SET person_id = '{child}' WHERE person_id IS NULL",
    )
    engine = create_engine(service.url)
    for statement in wrong:
        with engine.connect() as connection, pytest.raises(IntegrityError):
            connection.execute(text(statement))
    engine.dispose()
    assert len(wrong) == 3
