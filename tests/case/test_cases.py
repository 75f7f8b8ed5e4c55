"""A case from its opening to its closure and back, as the gateway meets it."""

import pytest

from shared.problems import Problem
from tests.case.conftest import HOUSING, YOT, CaseService

pytestmark = pytest.mark.anyio


async def test_whoever_opens_a_case_is_on_its_team_at_once(service: CaseService) -> None:
    case = await service.case(review_on="2031-06-01")
    bundle = await service.bundle(case)
    assert bundle["case"] == {
        "id": case,
        "state": "open",
        "opened_at": "2031-03-03T09:00:00.000000Z",
        "closed_at": None,
        "review_on": "2031-06-01",
    }
    assert bundle["relationship"] == "member"
    assert bundle["lead"] is None
    [member] = bundle["team"]
    assert (member["user"], member["agency"], member["job_title"]) == (
        "priya",
        "northgate-school",
        "Head of year",
    )
    assert sorted(entry["kind"] for entry in bundle["entries"]) == ["birth", "case_opening", "name"]
    assert bundle["subjects"] == [{"id": bundle["person"], "decides_from": "2032-05-14T00:00:00.000000Z"}]
    assert (await service.bundle(case, YOT))["relationship"] == "none"


async def test_lead_and_team(service: CaseService) -> None:
    case = await service.case()
    await service.join(case, YOT)
    await service.lead(case, YOT)
    bundle = await service.bundle(case, YOT)
    assert bundle["relationship"] == "lead"
    assert bundle["lead"] is not None
    with pytest.raises(Problem) as refused:
        await service.join(case, YOT)
    assert refused.value.kind == "conflict"
    assert (await service.bundle(case, HOUSING))["relationship"] == "none"
