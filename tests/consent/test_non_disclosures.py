"""A decision not to share is recorded like one to share, with a second person and a day (design 3.2).

Three changes that make this fail: letting whoever decided confirm, listing it to another agency, taking a day
that has passed for the review.
"""

from typing import Any

import pytest

from shared.identity import Caller
from shared.ids import new_id
from tests.consent.service import (
    CHILD,
    HOUSING,
    HOUSING_OFFICER,
    OMIT,
    SCHOOL,
    SCHOOL_LEAD,
    SCHOOL_OFFICER,
    YOT,
    ConsentService,
    Json,
    a_case,
    a_label,
    fresh_case,
    reader,
)
from tests.consent.two_keys import SCHOOL_MANAGER

pytestmark = pytest.mark.anyio


def a_decision(**changes: Any) -> Json:
    body = {
        "subject": CHILD,
        "categories": ["health"],
        "from_agencies": ["city-housing"],
        "reason": "It would make no difference to the tenancy.",
        "review_on": "2031-06-01",
        **changes,
    }
    return {name: value for name, value in body.items() if value is not OMIT}


async def decide(service: ConsentService, case: str, **changes: Any) -> str:
    path = f"/cases/{case}/non-disclosures"
    answer = await service.call(SCHOOL, "POST", path, a_decision(**changes))
    assert answer["state"] == "awaiting_confirmation"
    return str(answer["id"])


async def test_somebody_else_of_the_same_agency_confirms_and_once(service: ConsentService) -> None:
    case = fresh_case()
    decision = await decide(service, case)
    path = f"/cases/{case}/non-disclosures/{decision}/confirmation"
    before = service.rows()
    for who, kind in ((SCHOOL, "forbidden"), (HOUSING, "not-found"), (YOT, "not-found")):
        assert (await service.problem(who, "POST", path)).kind == kind, who
    for target in (new_id(), "not-an-id", decision.upper()):
        unknown = f"/cases/{case}/non-disclosures/{target}/confirmation"
        assert (await service.problem(SCHOOL_LEAD, "POST", unknown)).kind == "not-found"
    elsewhere = f"/cases/{fresh_case()}/non-disclosures/{decision}/confirmation"
    assert (await service.problem(SCHOOL_LEAD, "POST", elsewhere)).kind == "not-found"
    assert service.rows() == before
    assert await service.call(SCHOOL_LEAD, "POST", path) == {"id": decision, "state": "confirmed"}
    assert (await service.problem(SCHOOL_MANAGER, "POST", path)).kind == "conflict"


async def test_it_is_seen_by_the_deciding_agency_only(service: ConsentService) -> None:
    case = fresh_case()
    decision = await decide(service, case, from_users=["hanna"])

    async def listed(who: Caller, relationship: str = "member") -> list[Json]:
        path = f"/cases/{case}/non-disclosures/list"
        rows: list[Json] = await service.call(who, "POST", path, reader(relationship))
        return rows

    for who in (SCHOOL, SCHOOL_LEAD, SCHOOL_MANAGER, SCHOOL_OFFICER):
        [row] = await listed(who)
        assert (row["id"], row["state"], row["confirmed_by"]) == (decision, "awaiting_confirmation", None)
    volunteer = Caller("vi", "Vi Hill", "hill-school", "volunteer")
    for who in (volunteer, HOUSING, HOUSING_OFFICER, YOT):
        assert await listed(who, "lead") == []
    await service.call(SCHOOL_LEAD, "POST", f"/cases/{case}/non-disclosures/{decision}/confirmation")
    [row] = await listed(SCHOOL)
    assert row == {
        "id": decision, "subject": CHILD, "categories": ["health"], "from_agencies": ["city-housing"],
        "from_users": ["hanna"], "reason": "It would make no difference to the tenancy.",
        "review_on": "2031-06-01", "recorded_at": "2031-03-03T09:00:00.000000Z", "recorded_by": "Ada North",
        "state": "confirmed", "confirmed_at": "2031-03-03T09:00:00.000000Z", "confirmed_by": "Grace Hill",
    }  # fmt: skip


async def test_it_is_a_record_and_changes_nothing_that_is_seen(service: ConsentService) -> None:
    case, plan = fresh_case(), a_label("hill-school", "plan")
    before = await service.levels(HOUSING, a_case(case, plan))
    decision = await decide(service, case, categories=["plan"])
    await service.call(SCHOOL_LEAD, "POST", f"/cases/{case}/non-disclosures/{decision}/confirmation")
    assert await service.levels(HOUSING, a_case(case, plan)) == before == [3]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"review_on": "2031-03-03"}, "review_on"),
        ({"review_on": "2030-01-01"}, "review_on"),
        ({"review_on": "2032-06-01"}, "review_on"),
        ({"review_on": "2031-02-29"}, "review_on"),
        ({"review_on": OMIT}, "review_on"),
        ({"reason": OMIT}, "reason"),
        ({"reason": "\u200b"}, "reason"),
        ({"categories": []}, "categories"),
        ({"from_agencies": []}, "from_agencies"),
        ({"from_agencies": ["nobody-knows"]}, "from_agencies"),
        ({"from_users": ["two words"]}, "from_users.0"),
        ({"subject": "kit"}, "subject"),
        ({"surprise": 1}, "surprise"),
    ],
)
async def test_what_is_missing_or_cannot_be_is_refused_by_field(
    service: ConsentService, changes: Json, field: str
) -> None:
    before = service.rows()
    path = f"/cases/{fresh_case()}/non-disclosures"
    problem = await service.problem(SCHOOL, "POST", path, a_decision(**changes))
    assert (problem.kind, problem.errors[0].field) == ("invalid", field)
    assert service.rows() == before
