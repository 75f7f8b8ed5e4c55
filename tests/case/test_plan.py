"""Actions: agreed, carried over without retyping, seen through by the agency that owes them."""

import pytest

from shared.ids import new_id
from tests.case.conftest import HOUSING, SCHOOL, YOT, CaseService, Json

pytestmark = pytest.mark.anyio


def action(**more: object) -> Json:
    return {
        "desired_outcome": "A dry bedroom",
        "action": "Mend the roof",
        "by_when": "2031-04-01",
        "accountable": "city-housing",
        "responsible_name": "Hanna Berg",
        **more,
    }


async def agree(service: CaseService, case: str, *actions: Json) -> list[str]:
    answer = await service.post(SCHOOL, f"/cases/{case}/actions", {"actions": list(actions)})
    return [item["id"] for item in answer["actions"]]


async def test_an_action_is_an_entry_that_its_accountable_agency_owes(service: CaseService) -> None:
    case = await service.case()
    sister = await service.person(given_names="Ella")
    await service.post(SCHOOL, f"/cases/{case}/subjects", {"person": sister})
    plain, labelled = await agree(
        service,
        case,
        action(),
        action(
            categories=["substance_use", "housing", "plan"],
            subjects=[sister, sister],
            responsible_user="hanna",
        ),
    )
    bundle = await service.bundle(case)
    entries = {entry["id"]: entry for entry in bundle["entries"]}
    assert entries[plain] == {
        "id": plain,
        "area": "plan",
        "kind": "action",
        "owner": "northgate-school",
        "accountable": "city-housing",
        "categories": ["plan"],
        "subjects": [bundle["person"]],
        "unanswered": False,
        "draft": False,
        "locates": False,
        "recorded_at": "2031-03-03T09:00:00.000000Z",
        "author": "Priya Nair",
        "version": 1,
        "fields": {**action(), "status": "agreed"},
    }
    assert entries[labelled]["categories"] == ["plan", "housing", "substance_use"]
    assert entries[labelled]["subjects"] == [sister]
    assert entries[labelled]["fields"]["responsible_user"] == "hanna"


async def test_an_action_is_about_people_of_the_case(service: CaseService) -> None:
    case, stranger = await service.case(), await service.person(given_names="Nobody")
    before = service.rows()
    body = {"actions": [action(), action(subjects=[stranger])]}
    problem = await service.problem(SCHOOL, "POST", f"/cases/{case}/actions", body)
    assert [error.field for error in problem.errors] == ["actions.1.subjects.0"]
    assert service.rows() == before


async def test_the_accountable_agency_alone_says_how_it_stands(service: CaseService) -> None:
    case = await service.case()
    [entry] = await agree(service, case, action())
    path = f"/cases/{case}/actions/{entry}"
    for who in (SCHOOL, YOT):
        problem = await service.problem(
            who, "PATCH", path, {"expected_version": 1, "status": "done", "outcome": "x"}
        )
        assert problem.kind == "forbidden"
    without = await service.problem(HOUSING, "PATCH", path, {"expected_version": 1, "status": "done"})
    assert [error.field for error in without.errors] == ["outcome"]
    done = await service.patch(HOUSING, path, {"expected_version": 1, "status": "done", "outcome": "Mended"})
    assert done == {"id": entry, "version": 2, "status": "done"}
    stale = await service.problem(HOUSING, "PATCH", path, {"expected_version": 1, "status": "in_progress"})
    assert stale.kind == "stale"
    moved = await service.patch(SCHOOL, path, {"expected_version": 2, "accountable": "youth-offending"})
    assert moved["version"] == 3
    [kept] = [e for e in (await service.bundle(case))["entries"] if e["id"] == entry]
    assert (kept["accountable"], kept["fields"]["accountable"]) == ("youth-offending", "youth-offending")
    assert (kept["owner"], kept["fields"]["outcome"]) == ("northgate-school", "Mended")
    late = await service.problem(HOUSING, "PATCH", path, {"expected_version": 3, "status": "in_progress"})
    assert late.kind == "forbidden"
    assert service.select("SELECT count(*) FROM entry_versions") == [(2,)]


async def test_actions_of_an_assessment_are_carried_over_once(service: CaseService) -> None:
    case, other = await service.case(), await service.case()
    person = (await service.bundle(case))["person"]
    assessment, sources = new_id(), [new_id() for _ in range(3)]

    def carried(source: str, **more: object) -> Json:
        labels = {"categories": ["plan", "substance_use"], "subjects": [person], "owner": "youth-offending"}
        return {**action(by_when="2031-01-15"), "source": source, **labels, **more}

    path = f"/cases/{case}/actions/carried-over"
    first = {
        "assessment": assessment,
        "actions": [carried(sources[0]), carried(sources[1]), carried(sources[0])],
    }
    answer = await service.post(SCHOOL, path, first)
    assert [pair["source"] for pair in answer["created"]] == sources[:2]
    assert answer["existing"] == []
    service.clock.turn(days=1)
    second = {"assessment": assessment, "actions": [carried(sources[1], action="Other"), carried(sources[2])]}
    later = await service.post(SCHOOL, path, second)
    assert later["existing"] == [answer["created"][1]]
    assert [pair["source"] for pair in later["created"]] == [sources[2]]
    entries = [e for e in (await service.bundle(case))["entries"] if e["kind"] == "action"]
    assert len(entries) == 3
    [one] = [e for e in entries if e["id"] == answer["created"][1]["id"]]
    assert (one["owner"], one["accountable"], one["author"]) == (
        "youth-offending",
        "city-housing",
        "Priya Nair",
    )
    assert one["categories"] == ["plan", "substance_use"]
    assert one["fields"]["source"] == {"assessment": assessment, "entry": sources[1]}
    assert (one["fields"]["action"], one["fields"]["status"]) == ("Mend the roof", "agreed")
    wrong = await service.problem(SCHOOL, "POST", f"/cases/{other}/actions/carried-over", first)
    assert wrong.errors[0].field == "actions.0.subjects.0"
