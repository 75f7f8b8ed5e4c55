"""Joining and leaving the team, and what leaving takes with it."""

import pytest

from tests.case.conftest import HOUSING, SCHOOL, SCHOOL_MANAGER, YOT, CaseService, D

pytestmark = pytest.mark.anyio


async def test_nobody_is_on_a_team_twice_for_one_agency(service: CaseService) -> None:
    case = await service.case()
    await service.join(case, YOT)
    body = {"user": "yusuf", "name": "Y", "agency": "youth-offending", "role": "volunteer", "job_title": "x"}
    before = service.rows()
    assert (await service.problem(SCHOOL, "POST", f"/cases/{case}/team", body)).kind == "conflict"
    assert service.rows() == before
    # For another agency it is another place, with a relationship of its own.
    await service.post(SCHOOL, f"/cases/{case}/team", {**body, "agency": "city-housing"})
    assert [m["agency"] for m in (await service.bundle(case))["team"] if m["user"] == "yusuf"]


async def test_leaving_is_enforced_before_it_is_answered(service: CaseService) -> None:
    case = await service.case()
    member = await service.join(case, YOT)
    assert service.slept == []
    answer = await service.post(SCHOOL, f"/cases/{case}/team/{member}/ending", {"reason": "Changed jobs."})
    assert answer == {
        "id": member,
        "lead_vacant": False,
        "enforced_at": "2031-03-03T09:00:01.000000Z",
    }
    assert service.slept == [D]
    bundle = await service.bundle(case, YOT)
    assert bundle["relationship"] == "none"
    [left] = [m for m in bundle["team"] if m["user"] == "yusuf"]
    assert left["until"] == "2031-03-03T09:00:00.000000Z"
    again = await service.problem(SCHOOL, "POST", f"/cases/{case}/team/{member}/ending", {"reason": "x"})
    assert again.kind == "conflict"


async def test_who_left_can_come_back_and_both_stays_are_on_the_roster(service: CaseService) -> None:
    case = await service.case()
    first = await service.join(case, YOT)
    await service.post(SCHOOL, f"/cases/{case}/team/{first}/ending", {"reason": "Ill."})
    second = await service.join(case, YOT)
    stays = {m["id"]: m["until"] for m in (await service.bundle(case))["team"] if m["user"] == "yusuf"}
    assert stays == {first: "2031-03-03T09:00:00.000000Z", second: None}
    assert (await service.bundle(case, YOT))["relationship"] == "member"


async def test_a_lead_who_leaves_leaves_the_case_without_a_lead_and_it_says_so(service: CaseService) -> None:
    case = await service.case()
    member = await service.join(case, YOT)
    await service.lead(case, YOT)
    answer = await service.post(SCHOOL, f"/cases/{case}/team/{member}/ending", {"reason": "Changed jobs."})
    assert answer["lead_vacant"] is True
    bundle = await service.bundle(case)
    assert bundle["lead"] is None
    assert [(past["user"], past["reason"]) for past in bundle["lead_history"]] == [("yusuf", "left_team")]
    assert [n["state"] for n in bundle["nominations"]] == ["accepted"]


async def test_a_nominee_who_leaves_is_no_longer_asked(service: CaseService) -> None:
    case = await service.case()
    member = await service.join(case, YOT)
    nomination = await service.nominate(case, YOT)
    await service.post(YOT, f"/cases/{case}/team/{member}/ending", {"reason": "Changed jobs."})
    assert [n["state"] for n in (await service.bundle(case))["nominations"]] == ["withdrawn"]
    late = await service.problem(YOT, "POST", f"/cases/{case}/nominations/{nomination}/acceptance")
    assert late.kind == "conflict"
    await service.nominate(case, SCHOOL)


async def test_a_departure_ends_every_place_in_that_agency_the_same_day(service: CaseService) -> None:
    led, joined, elsewhere = [await service.case() for _ in range(3)]
    for case in (led, joined):
        await service.join(case, YOT)
    await service.lead(led, YOT)
    body = {
        "user": "yusuf",
        "name": "Yusuf",
        "agency": "city-housing",
        "role": "practitioner",
        "job_title": "x",
    }
    await service.post(SCHOOL, f"/cases/{elsewhere}/team", body)
    by_another = await service.problem(
        HOUSING, "POST", "/users/yusuf/departure", {"agency": "youth-offending"}
    )
    assert by_another.kind == "forbidden"
    assert service.slept == []
    answer = await service.post(YOT, "/users/yusuf/departure", {"agency": "youth-offending"})
    assert answer == {
        "memberships_ended": 2,
        "cases_without_lead": [led],
        "enforced_at": "2031-03-03T09:00:01.000000Z",
    }
    assert service.slept == [D]
    assert [(await service.bundle(case, YOT))["relationship"] for case in (led, joined)] == ["none", "none"]
    assert [m["until"] for m in (await service.bundle(elsewhere))["team"]] == [None, None]
    reasons = service.select("SELECT ended_reason FROM memberships WHERE until IS NOT NULL")
    assert reasons == [("left_agency",), ("left_agency",)]
    again = await service.post(YOT, "/users/yusuf/departure", {"agency": "youth-offending"})
    assert (again["memberships_ended"], again["cases_without_lead"]) == (0, [])


async def test_the_id_of_a_user_may_hold_slashes(service: CaseService) -> None:
    case = await service.case()
    who = "https://id.example.org/u/7"
    body = {"user": who, "name": "Seven", "agency": "northgate-school", "role": "volunteer", "job_title": "x"}
    await service.post(SCHOOL, f"/cases/{case}/team", body)
    answer = await service.post(SCHOOL_MANAGER, f"/users/{who}/departure", {"agency": "northgate-school"})
    assert answer["memberships_ended"] == 1


async def test_who_takes_on_a_case_that_all_have_left_is_too_late_where_somebody_did(
    service: CaseService,
) -> None:
    """Two at once: the second finds what everybody finds who has nothing to do with the case."""
    case = await service.case()
    [own] = [m["id"] for m in (await service.bundle(case))["team"]]
    await service.post(SCHOOL, f"/cases/{case}/team/{own}/ending", {"reason": "Left."})
    new = {
        "user": "yusuf",
        "name": "Y",
        "agency": "youth-offending",
        "role": "practitioner",
        "job_title": "x",
    }
    taking = {**new, "takes_on": True}
    assert (await service.post(SCHOOL_MANAGER, f"/cases/{case}/team", taking))["id"]
    before = service.rows()
    late = {**taking, "user": "hanna", "agency": "city-housing"}
    assert (await service.problem(HOUSING, "POST", f"/cases/{case}/team", late)).kind == "not-found"
    assert service.rows() == before
