"""Reviews: nobody at risk without an owner and a next date, and what is missed climbs the ladder.

Three changes that make this fail: keeping somebody at risk without an owner, putting their day off without a
look, raising a rung again on every run of the clock.
"""

import asyncio
from typing import Any

import pytest

from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks_of
from services.case.reviews.ladder import RUNGS, audience_of, rungs_reached
from shared.identity import Caller
from shared.ids import new_id
from tests.case.conftest import SCHOOL, SCHOOL_MANAGER, YOT, CaseService, Json

pytestmark = pytest.mark.anyio

YOT_MANAGER = Caller("yan", "Yan", YOT.agency, "team_manager")
YOT_CONTACT = Caller("ylva", "Ylva", YOT.agency, "coordinator")
PARTNERSHIP = Caller("pat", "Pat", "partnership-office", "coordinator")
RULES = CaseworkRules()


async def review(service: CaseService, case: str, by: Caller = SCHOOL, **body: Any) -> Json:
    answer: Json = await service.post(by, f"/cases/{case}/reviews", {"review_on": "2031-03-05", **body})
    return answer


async def kinds(service: CaseService, who: Caller) -> list[str]:
    found = await service.post(who, "/notices/mine", {"limit": 100})
    return [notice["kind"] for notice in found["notices"]]


async def run(service: CaseService) -> int:
    counts = await asyncio.to_thread(run_clocks_of, service.url, service.clock(), RULES)
    return counts["review_escalated"]


async def test_somebody_at_risk_is_not_kept_without_an_owner_and_a_next_date(service: CaseService) -> None:
    case = await service.case()
    member = await service.join(case, YOT)
    before = service.rows()
    path = f"/cases/{case}/reviews"
    for body, field in (
        ({"at_risk": True, "review_on": "2031-03-05"}, "owner"),
        ({"at_risk": True, "owner": member}, "review_on"),
        ({"at_risk": True, "owner": member, "review_on": None}, "review_on"),
        ({"at_risk": True, "owner": member, "review_on": "2031-03-02"}, "review_on"),
        ({"at_risk": True, "owner": new_id(), "review_on": "2031-03-05"}, "owner"),
        ({"held_on": "2031-03-01", "review_on": "2031-03-05"}, "outcome"),
        ({"held_on": "2031-03-04", "outcome": "worse", "review_on": "2031-03-05"}, "held_on"),
    ):
        problem = await service.problem(SCHOOL, "POST", path, body)
        assert (problem.kind, [error.field for error in problem.errors]) == ("invalid", [field])
    await service.post(YOT, f"/cases/{case}/team/{member}/ending", {"reason": "Left"})
    left = {"at_risk": True, "owner": member, "review_on": "2031-03-05"}
    assert (await service.problem(SCHOOL, "POST", path, left)).errors[0].field == "owner"
    assert service.rows()["entries"] == before["entries"]
    assert service.rows()["review_owners"] == 0


async def test_a_review_is_owned_by_nobody_who_cannot_act(service: CaseService) -> None:
    """Not by whoever is suspended, nor by who only reads; who owns it already goes on until it changes."""
    case = await service.case()
    member = await service.join(case, YOT)
    new = {"user": "val", "name": "Val", "agency": "city-housing", "role": "volunteer", "job_title": "x"}
    volunteer = (await service.post(SCHOOL, f"/cases/{case}/team", new))["id"]
    officer = Caller("olga", "Olga", YOT.agency, "information_officer")
    absence = {"agency": YOT.agency, "occasion": new_id()}
    await service.post(officer, f"/users/{YOT.user}/absence", absence)
    own = [one["id"] for one in (await service.bundle(case))["team"] if one["user"] == SCHOOL.user]
    owners = f"/cases/{case}/reviews/owners"
    assert await service.get(SCHOOL, owners) == {"members": own, "owned": False}
    for owner in (member, volunteer):
        for path, body in (
            ("reviews", {"at_risk": True}), ("reviews", {}),
            ("reviews/follow-up", {}), ("reviews/follow-up", {"unless_owned": True}),
        ):  # fmt: skip
            content = {"review_on": "2031-03-05", "owner": owner, **body}
            problem = await service.problem(SCHOOL, "POST", f"/cases/{case}/{path}", content)
            assert (problem.kind, [error.field for error in problem.errors]) == ("invalid", ["owner"])
    assert service.rows()["review_owners"] == 0
    await service.post(officer, f"/users/{YOT.user}/absence/ending", {"occasions": [absence["occasion"]]})
    await review(service, case, at_risk=True, owner=member)
    assert await service.get(SCHOOL, owners) == {"members": sorted([*own, member]), "owned": True}
    unless = {"owner": volunteer, "review_on": "2031-03-05", "unless_owned": True}
    await service.post(SCHOOL, f"/cases/{case}/reviews/follow-up", unless)
    assert await service.get(SCHOOL, f"/cases/{new_id()}/reviews/owners") == {"members": [], "owned": False}


async def test_a_review_keeps_what_came_of_it_and_says_with_care_that_somebody_is_at_risk(
    service: CaseService,
) -> None:
    case = await service.case()
    member = await service.join(case, YOT)
    only_a_day = await review(service, case)
    assert only_a_day == {"id": case, "review_on": "2031-03-05"}
    held = await review(service, case, held_on="2031-03-01", outcome="on_track", note="Better")
    risk = await review(service, case, at_risk=True, owner=member)
    entries = {e["id"]: e for e in (await service.bundle(case))["entries"] if e["kind"] == "case_review"}
    assert entries.keys() == {held["review"], risk["review"]}
    assert entries[held["review"]]["categories"] == ["plan"]
    assert entries[risk["review"]]["categories"] == ["plan", "safeguarding"]
    assert entries[risk["review"]]["fields"] == {"review_on": "2031-03-05", "at_risk": True, "owner": member}
    assert (await service.bundle(case))["case"]["review_on"] == "2031-03-05"


async def test_what_is_missed_climbs_from_the_owner_to_the_partnership_and_each_rung_once(
    service: CaseService,
) -> None:
    case = await service.case()
    await review(service, case, at_risk=True, owner=await service.join(case, YOT))
    service.clock.turn(days=2)
    assert await run(service) == 0, "today is not late"
    ladder = {1: YOT, 3: YOT_MANAGER, 7: YOT_CONTACT, 14: PARTNERSHIP}
    for day in range(1, 16):
        service.clock.turn(days=1)
        assert await run(service) == (1 if day in ladder else 0), day
        assert await run(service) == 0
        if day in ladder:
            assert "review_escalated" in await kinds(service, ladder[day])
    assert "review_escalated" not in await kinds(service, SCHOOL_MANAGER), "it is youth offending's to do"
    await review(service, case, review_on="2031-06-01", held_on="2031-03-17", outcome="slow")
    for who in ladder.values():
        assert "review_escalated" not in await kinds(service, who)


async def test_a_review_that_nobody_owns_climbs_in_every_agency_at_work(service: CaseService) -> None:
    case = await service.case(review_on="2031-03-05")
    await service.join(case, YOT)
    service.clock.turn(days=5)
    assert await run(service) == 2
    assert "review_escalated" in await kinds(service, SCHOOL_MANAGER)
    assert "review_escalated" in await kinds(service, YOT_MANAGER)


def test_the_partnership_sets_the_days_of_the_ladder() -> None:
    assert rungs_reached(0, RULES) == []
    assert [len(rungs_reached(days, RULES)) for days in (1, 2, 3, 6, 7, 13, 14, 99)] == [
        1,
        1,
        2,
        2,
        3,
        3,
        4,
        4,
    ]
    quick = CaseworkRules(review_escalation_days=(1, 2, 3), partnership_agency="the-office")
    assert rungs_reached(3, quick) == list(RUNGS)
    assert [one.agency for one in audience_of("partnership", None, ["school"], quick)] == ["the-office"]
    assert audience_of("owner", None, ["school"], quick) == []


async def follow_up(service: CaseService, case: str, owner: str, on: str, **more: Any) -> str:
    body = {"owner": owner, "review_on": on, **more}
    return str((await service.post(SCHOOL, f"/cases/{case}/reviews/follow-up", body))["review_on"])


async def owner_of(service: CaseService, case: str) -> list[tuple[str, str]]:
    return service.select(f"SELECT \"user\", agency FROM review_owners WHERE case_id = '{case}'")


async def test_who_was_found_to_be_at_risk_has_an_owner_and_a_day_that_nothing_takes_away(
    service: CaseService,
) -> None:
    case = await service.case()
    member = await service.join(case, YOT)
    assert await follow_up(service, case, member, "2031-03-11") == "2031-03-11"
    assert await owner_of(service, case) == [(YOT.user, YOT.agency)]
    assert await kinds(service, YOT) == ["review_to_own"]
    assert (await service.bundle(case))["case"]["review_on"] == "2031-03-11"
    school = await service.member(case, SCHOOL)
    assert await follow_up(service, case, school, "2031-04-11") == "2031-03-11", "what comes sooner stays"
    assert await owner_of(service, case) == [(SCHOOL.user, SCHOOL.agency)]
    assert await follow_up(service, case, member, "2031-03-01") == "2031-03-03", "today, and not before"
    assert await follow_up(service, case, school, "2031-03-20", unless_owned=True) == "2031-03-03"
    assert await owner_of(service, case) == [(YOT.user, YOT.agency)], "somebody sees to it already"
    for owner in (new_id(), "nobody"):
        body = {"owner": owner, "review_on": "2031-03-11"}
        problem = await service.problem(SCHOOL, "POST", f"/cases/{case}/reviews/follow-up", body)
        assert [error.field for error in problem.errors] == ["owner"]
    await review(service, case, review_on="2031-05-01", held_on="2031-03-03", outcome="on_track")
    assert await kinds(service, YOT) == [], "it was looked at"
    assert await owner_of(service, case) == [(YOT.user, YOT.agency)]


async def test_a_retry_follows_up_once_and_a_closed_case_is_not_followed_up(service: CaseService) -> None:
    case = await service.case()
    member = await service.join(case, YOT)
    path, body = f"/cases/{case}/reviews/follow-up", {"owner": member, "review_on": "2031-03-11"}
    first = await service.post(SCHOOL, path, body, key="k" * 36)
    await review(service, case, review_on="2031-03-05")
    assert await service.post(SCHOOL, path, body, key="k" * 36) == first
    assert (await service.bundle(case))["case"]["review_on"] == "2031-03-05"
    closure = {"reason": "needs_met", "promises": [], "not_shown": [], "watched_over_by": "The school nurse"}
    await service.post(SCHOOL, f"/cases/{case}/closure", closure)
    assert (await service.problem(SCHOOL, "POST", path, body)).kind == "conflict"


async def test_who_is_at_risk_is_not_put_off_unless_somebody_looked(service: CaseService) -> None:
    case = await service.case()
    member, school = await service.join(case, YOT), await service.member(case, SCHOOL)
    await review(service, case, review_on="2031-03-10")
    await review(service, case, review_on="2031-03-20")
    await review(service, case, review_on="2031-03-25", at_risk=True, owner=member)
    before, path = service.rows(), f"/cases/{case}/reviews"
    for body in (
        {"review_on": "2031-03-26"},
        {"review_on": "2031-09-01", "owner": school},
        {"review_on": "2031-09-01", "at_risk": False, "note": "Fine"},
    ):
        problem = await service.problem(SCHOOL, "POST", path, body)
        assert (problem.kind, [error.field for error in problem.errors]) == ("invalid", ["held_on"])
        assert service.rows() == before
        assert await owner_of(service, case) == [(YOT.user, YOT.agency)]
        assert (await service.bundle(case))["case"]["review_on"] == "2031-03-25"
    await review(service, case, review_on="2031-03-25")
    await review(service, case, review_on="2031-03-25", owner=school)
    await review(service, case, review_on="2031-03-15")
    assert await owner_of(service, case) == [(SCHOOL.user, SCHOOL.agency)]
    looked = await review(service, case, review_on="2031-09-01", held_on="2031-03-03", outcome="slow")
    assert looked["review_on"] == "2031-09-01"


async def test_a_review_that_somebody_owns_is_handed_on_when_the_case_is_closed(service: CaseService) -> None:
    case = await service.case()
    path, closure = f"/cases/{case}/closure", {"reason": "needs_met", "promises": [], "not_shown": []}
    await review(service, case, at_risk=True, owner=await service.join(case, YOT))
    before = service.rows()
    problem = await service.problem(SCHOOL, "POST", path, closure)
    assert (problem.kind, [error.field for error in problem.errors]) == ("invalid", ["watched_over_by"])
    assert service.rows() == before
    assert (await service.bundle(case))["case"]["state"] == "open"
    await service.post(SCHOOL, path, {**closure, "watched_over_by": "Ada Finch, children's services"})
    entries = (await service.bundle(case))["entries"]
    [kept] = [e for e in entries if e["kind"] == "case_review" and "watched_over_by" in e["fields"]]
    assert kept["fields"] == {"review_on": "2031-03-05", "watched_over_by": "Ada Finch, children's services"}
    assert kept["categories"] == ["plan", "safeguarding"], "as whatever says that somebody is at risk"
    assert not any("Ada" in str(e["fields"]) for e in entries if e["kind"] == "closure")


async def test_where_nobody_owns_a_review_none_is_handed_on(service: CaseService) -> None:
    case = await service.case(review_on="2031-03-05")
    path, closure = f"/cases/{case}/closure", {"reason": "needs_met", "promises": [], "not_shown": []}
    problem = await service.problem(SCHOOL, "POST", path, {**closure, "watched_over_by": "Ada Finch"})
    assert [error.field for error in problem.errors] == ["watched_over_by"]
    assert (await service.post(SCHOOL, path, closure))["state"] == "closed"


async def test_a_review_that_somebody_owns_is_a_gap_when_they_leave(service: CaseService) -> None:
    case = await service.case()
    member = await service.join(case, YOT)
    await follow_up(service, case, member, "2031-03-11")
    for user, expected in ((YOT.user, {case: [case]}), ("nobody", {})):
        found = await service.post(YOT_MANAGER, "/gaps", {"user": user})
        assert {one: gap["review"] for one, gap in found["gaps"].items()} == expected
    await service.post(YOT, f"/cases/{case}/team/{member}/ending", {"reason": "Left"})
    found = await service.post(YOT_MANAGER, "/gaps", {"user": YOT.user})
    assert found["gaps"][case]["review"] == [case]
    await follow_up(service, case, await service.member(case, SCHOOL), "2031-03-11")
    assert (await service.post(YOT_MANAGER, "/gaps", {"user": YOT.user}))["gaps"] == {}
