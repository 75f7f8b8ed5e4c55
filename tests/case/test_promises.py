"""What was promised stands where it is found by who owes it and by when, and says what its entry says."""

import pytest

from shared.identity import Caller
from tests.case.conftest import HOUSING, SCHOOL, YOT, CaseService
from tests.case.test_plan import action, agree

pytestmark = pytest.mark.anyio

ROWS = "SELECT entry_id, accountable, responsible_user, status, open, due_on FROM promises"


def promised(service: CaseService) -> dict[str, tuple[str, str | None, str, bool, str]]:
    """By entry: who owes it, who there, how it stands, whether it is open, until when."""
    return {row[0]: (row[1], row[2], row[3], bool(row[4]), str(row[5])) for row in service.select(ROWS)}


async def test_a_promise_says_what_its_action_says(service: CaseService) -> None:
    """Fails when agreeing, a change of status or of whoever owes it leaves the promise behind."""
    case = await service.case()
    first, second = await agree(service, case, action(), action(responsible_user="hanna"))
    assert promised(service) == {
        first: ("city-housing", None, "agreed", True, "2031-04-01"),
        second: ("city-housing", "hanna", "agreed", True, "2031-04-01"),
    }
    path = f"/cases/{case}/actions/{first}"
    done = {"expected_version": 1, "status": "done", "outcome": "Mended"}
    await service.patch(HOUSING, path, done)
    assert promised(service)[first] == ("city-housing", None, "done", False, "2031-04-01")
    await service.patch(HOUSING, path, {"expected_version": 2, "status": "in_progress"})
    moved = {"expected_version": 3, "accountable": "youth-offending", "by_when": "2031-05-01"}
    await service.patch(SCHOOL, path, moved)
    assert promised(service)[first] == ("youth-offending", None, "in_progress", True, "2031-05-01")
    refused = await service.problem(HOUSING, "PATCH", path, {"expected_version": 4, "status": "not_done"})
    assert refused.kind == "forbidden"
    assert promised(service)[first][2] == "in_progress"


async def test_what_is_carried_over_is_promised_too_and_a_retry_promises_nothing_new(
    service: CaseService,
) -> None:
    case = await service.case()
    person = (await service.bundle(case))["person"]
    source = "00000000-0000-4000-8000-000000000001"
    body = {
        "assessment": source,
        "actions": [
            {
                **action(by_when="2031-01-15"),
                "source": source,
                "owner": YOT.agency,
                "categories": ["plan"],
                "subjects": [person],
            }
        ],
    }
    for _ in range(2):
        await service.post(SCHOOL, f"/cases/{case}/actions/carried-over", body)
    assert list(promised(service).values()) == [("city-housing", None, "agreed", True, "2031-01-15")]


async def test_an_agency_finds_what_it_owes_by_an_index(service: CaseService) -> None:
    case = await service.case()
    await agree(service, case, *(action(by_when=f"2031-04-{day:02}") for day in range(1, 29)))
    question = (
        "SELECT entry_id FROM promises WHERE accountable = 'city-housing' AND open = true "
        "AND due_on < '2031-04-10' ORDER BY due_on, entry_id LIMIT 5"
    )
    assert len(service.select(question)) == 5
    if service.url.startswith("sqlite"):
        [plan] = {row[-1] for row in service.select(f"EXPLAIN QUERY PLAN {question}")}
        assert "ix_promises_accountable_open_due_on_entry_id" in plan


async def test_an_outsider_promises_nothing_for_others(service: CaseService) -> None:
    case = await service.case()
    stranger = Caller("zoe", "Zoe", "somewhere-else", "practitioner")
    [entry] = await agree(service, case, action())
    change = {"expected_version": 1, "status": "done", "outcome": "No"}
    await service.problem(stranger, "PATCH", f"/cases/{case}/actions/{entry}", change)
    assert promised(service)[entry][2] == "agreed"
