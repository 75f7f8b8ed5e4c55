"""Flags of an agency in a case: who is worried, whom to ring, until when; only their agency ends them.

Three changes that make this fail: letting any agency end a flag, telling nobody that one expires, taking an
end of today for one of tomorrow.
"""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks_of
from services.case.flags import lifecycle
from tests.case.conftest import SCHOOL, TODAY, YOT, CaseService, Json

pytestmark = pytest.mark.anyio


def a_flag(**changes: Any) -> Json:
    return {
        "kind": "concern_flag", "level": "worried", "message": "Out after midnight twice this week.",
        "call_name": "Priya Nair", "call_telephone": "01632 960100", "expires_on": "2031-04-01", **changes,
    }  # fmt: skip


def a_note(**changes: Any) -> Json:
    return {
        "kind": "staff_safety_note", "instruction": "Visit in twos.", "expires_on": "2031-04-01", **changes,
    }  # fmt: skip


async def flags(service: CaseService, case: str) -> list[Json]:
    return [entry for entry in (await service.bundle(case))["entries"] if entry["area"] == "flags"]


async def test_a_flag_is_an_entry_of_whoever_raised_it(service: CaseService) -> None:
    case = await service.case()
    person = (await service.bundle(case))["person"]
    raised = await service.post(YOT, f"/cases/{case}/flags", a_flag(categories=["offending"]))
    assert raised == {"id": raised["id"], "version": 1, "state": "standing"}
    service.clock.turn(minutes=1)
    await service.post(SCHOOL, f"/cases/{case}/flags", a_note())
    flag, note = await flags(service, case)
    assert (flag["id"], flag["kind"], flag["owner"]) == (raised["id"], "concern_flag", YOT.agency)
    assert (flag["categories"], flag["subjects"]) == (["offending", "safeguarding"], [person])
    assert flag["fields"] == {name: value for name, value in a_flag().items() if name != "kind"}
    assert (note["kind"], note["categories"]) == ("staff_safety_note", ["staff_safety"])
    assert note["fields"] == {"instruction": "Visit in twos.", "expires_on": "2031-04-01"}


async def test_only_the_agency_that_raised_a_flag_ends_it_and_only_once(service: CaseService) -> None:
    case = await service.case()
    flag = (await service.post(SCHOOL, f"/cases/{case}/flags", a_flag()))["id"]
    path, reason = f"/cases/{case}/flags/{flag}/ending", {"reason": "She is safe with her aunt."}
    assert (await service.problem(YOT, "POST", path, reason)).kind == "forbidden"
    ended = await service.post(SCHOOL, path, reason)
    assert ended == {"id": flag, "version": 2, "state": "ended"}
    again = await service.problem(SCHOOL, "POST", path, reason)
    assert (again.kind, again.detail) == ("conflict", "This flag has been ended already.")
    [entry] = await flags(service, case)
    said = {"ended_on": TODAY.isoformat(), "ended_because": reason["reason"]}
    assert {name: entry["fields"][name] for name in said} == said
    other = await service.case()
    elsewhere = f"/cases/{other}/flags/{flag}/ending"
    assert (await service.problem(SCHOOL, "POST", elsewhere, reason)).kind == "not-found"


async def test_a_flag_that_has_expired_is_not_ended(service: CaseService) -> None:
    case = await service.case()
    flag = (await service.post(SCHOOL, f"/cases/{case}/flags", a_flag(expires_on="2031-03-05")))["id"]
    service.clock.turn(days=2)
    path = f"/cases/{case}/flags/{flag}/ending"
    refused = await service.problem(SCHOOL, "POST", path, {"reason": "Late."})
    assert refused.detail == "This flag has expired already."


@pytest.mark.parametrize(
    "body, field",
    [
        (a_flag(expires_on=TODAY.isoformat()), "expires_on"),
        (a_flag(expires_on="2031-02-29"), "expires_on"),
        (a_note(expires_on="2020-01-01"), "expires_on"),
        (a_flag(subjects=["0b9cc9a0-3c1e-4a57-8b0e-0a8f7a4f5a10"]), "subjects.0"),
        (a_flag(kind="rumour"), "kind"),
        (a_flag(level="panicking"), "level"),
        (a_flag(instruction="Visit in twos."), "instruction"),
        (a_note(level="worried"), "level"),
        ({"expires_on": "2031-04-01"}, "kind"),
    ],
)
async def test_what_is_wrong_with_a_flag_is_named_and_nothing_is_kept(
    service: CaseService, body: Json, field: str
) -> None:
    case = await service.case()
    before = service.rows()
    refused = await service.problem(SCHOOL, "POST", f"/cases/{case}/flags", body)
    assert (refused.kind, [error.field for error in refused.errors]) == ("invalid", [field])
    assert service.rows() == before


async def test_nobody_flags_in_a_closed_case_but_a_flag_can_be_ended_there(service: CaseService) -> None:
    case = await service.case()
    flag = (await service.post(SCHOOL, f"/cases/{case}/flags", a_flag()))["id"]
    await service.post(SCHOOL, f"/cases/{case}/closure", {"reason": "needs_met"})
    assert (await service.problem(SCHOOL, "POST", f"/cases/{case}/flags", a_flag())).kind == "conflict"
    ended = await service.post(SCHOOL, f"/cases/{case}/flags/{flag}/ending", {"reason": "Over."})
    assert ended["state"] == "ended"


async def test_whoever_raised_a_flag_is_told_before_it_expires_and_once(service: CaseService) -> None:
    case = await service.case()
    await service.join(case, YOT)
    soon = (TODAY + timedelta(days=8)).isoformat()
    flag = (await service.post(YOT, f"/cases/{case}/flags", a_flag(expires_on=soon)))["id"]
    ended = (await service.post(YOT, f"/cases/{case}/flags", a_flag(expires_on=soon)))["id"]
    await service.post(YOT, f"/cases/{case}/flags/{ended}/ending", {"reason": "Over."})
    raised = []
    for _ in range(3):
        counts = await asyncio.to_thread(run_clocks_of, service.url, service.clock(), CaseworkRules())
        raised.append(counts["flag_expiring"])
        service.clock.turn(days=1)
    assert raised == [0, 1, 0]
    [notice] = (await service.post(YOT, "/notices/mine", {"limit": 10}))["notices"]
    assert (notice["kind"], notice["about"]) == ("flag_expiring", flag)
    await service.post(YOT, f"/cases/{case}/flags/{flag}/ending", {"reason": "Over."})
    assert (await service.post(YOT, "/notices/mine", {"limit": 10}))["notices"] == []


@pytest.mark.parametrize(
    "ended, days, state",
    [(False, 1, "standing"), (False, 0, "expired"), (True, 1, "ended"), (True, 0, "ended")],
)
def test_where_a_flag_stands(ended: bool, days: int, state: str) -> None:
    assert lifecycle.state(ended, TODAY + timedelta(days=days), TODAY) == state
