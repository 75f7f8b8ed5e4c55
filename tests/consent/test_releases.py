"""Releases outright, by the owner's manager: they lift a cap, and open nothing by themselves (design 3.2).

Three changes that make this fail: letting anybody of the owner release, not waiting D when one is taken
back, listing a release to its recipient.
"""

from datetime import timedelta
from typing import Any

import pytest

from shared.clock import rfc3339
from shared.identity import Caller
from shared.ids import new_id
from tests.consent.service import (
    HOUSING,
    HOUSING_OFFICER,
    SCHOOL,
    SCHOOL_OFFICER,
    YOT,
    ConsentService,
    D,
    Json,
    a_case,
    a_label,
    a_row,
    a_share,
    an_agreement,
    fresh_case,
    reader,
)
from tests.consent.two_keys import HOUSING_MANAGER, SCHOOL_MANAGER, a_release

pytestmark = pytest.mark.anyio

CONTACT = a_label("hill-school", "contact")
ENDING = {"reason": "We moved him to another class."}


async def release(service: ConsentService, case: str, **changes: Any) -> str:
    answer = await service.call(SCHOOL_MANAGER, "POST", f"/cases/{case}/releases", a_release(**changes))
    return str(answer["id"])


async def with_contact_capped(service: ConsentService) -> str:
    """A case in which the school shares contact with housing at none, though the mother agrees to it."""
    case = fresh_case()
    capped = an_agreement(rows=[a_row(category="contact", base="none", mode="permission", cap="none")])
    await service.call(SCHOOL_OFFICER, "POST", "/agreements", capped)
    return case


async def test_a_release_lifts_the_cap_for_what_the_family_permits_and_nothing_else(
    service: ConsentService,
) -> None:
    case = await with_contact_capped(service)

    async def levels() -> list[int]:
        return [
            (await service.levels(HOUSING, a_case(case, CONTACT)))[0],
            (await service.levels(HOUSING, a_case(case, CONTACT), purpose="safeguarding"))[0],
            (await service.levels(YOT, a_case(case, CONTACT)))[0],
        ]

    before = await levels()
    assert before[0] == 0
    released = await release(service, case, categories=["contact"], level="summary")
    assert await levels() == before, "the owner's key alone"
    await service.consent(case, a_share(categories=["contact"]))
    assert await levels() == [2, *before[1:]]
    await release(service, case, categories=["contact"])
    assert await levels() == [3, *before[1:]], "of two releases the wider"
    await service.call(SCHOOL_MANAGER, "POST", f"/cases/{case}/releases/{released}/ending", ENDING)
    assert await levels() == [3, *before[1:]]


async def test_a_release_taken_back_shuts_on_the_next_call_and_answers_when_it_is_enforced(
    service: ConsentService,
) -> None:
    case = await with_contact_capped(service)
    await service.consent(case, a_share(categories=["contact"]))
    released = await release(service, case, categories=["contact"])
    assert await service.levels(HOUSING, a_case(case, CONTACT)) == [3]
    slept = len(service.slept)
    path = f"/cases/{case}/releases/{released}/ending"
    answer = await service.call(SCHOOL_MANAGER, "POST", path, ENDING)
    assert (answer.keys(), service.slept[slept:]) == ({"id", "enforced_at"}, [D])
    assert await service.levels(HOUSING, a_case(case, CONTACT)) == [0]
    assert (await service.problem(SCHOOL_MANAGER, "POST", path, ENDING)).kind == "conflict"


async def test_a_release_counts_until_d_before_its_end(service: ConsentService) -> None:
    case = await with_contact_capped(service)
    await service.consent(case, a_share(categories=["contact"]))
    end = rfc3339(service.clock.at + timedelta(seconds=20))
    await release(service, case, categories=["contact"], valid_until=end)
    seen = []
    for seconds in (18.999999, 0.000001):
        service.clock.turn(seconds=seconds)
        seen += await service.levels(HOUSING, a_case(case, CONTACT))
    assert seen == [3, 0]
    # Until when an answer holds is said, since it rests on the release.
    other = await with_contact_capped(service)
    await service.consent(other, a_share(categories=["contact"]))
    await release(service, other, categories=["contact"], valid_until="2031-05-01T00:00:00Z")
    [verdict] = (await service.decide(HOUSING, a_case(other, CONTACT)))["cases"]
    assert (verdict["levels"], verdict["valid_until"]) == ([3], "2031-05-01T00:00:00Z")


async def test_only_the_owners_manager_releases_and_takes_back(service: ConsentService) -> None:
    case = fresh_case()
    for who in (SCHOOL, SCHOOL_OFFICER, HOUSING, YOT):
        problem = await service.problem(who, "POST", f"/cases/{case}/releases", a_release())
        assert problem.kind == "forbidden", who
    own = await service.problem(HOUSING_MANAGER, "POST", f"/cases/{case}/releases", a_release())
    assert (own.kind, own.errors[0].field) == ("invalid", "recipient")
    released = await release(service, case)
    path = f"/cases/{case}/releases/{released}/ending"
    before = service.rows()
    for who, kind in ((SCHOOL, "forbidden"), (HOUSING_MANAGER, "not-found"), (YOT, "not-found")):
        assert (await service.problem(who, "POST", path, ENDING)).kind == kind, who
    for target in (new_id(), "not-an-id"):
        path = f"/cases/{case}/releases/{target}/ending"
        assert (await service.problem(SCHOOL_MANAGER, "POST", path, ENDING)).kind == "not-found"
    path = f"/cases/{fresh_case()}/releases/{released}/ending"
    assert (await service.problem(SCHOOL_MANAGER, "POST", path, ENDING)).kind == "not-found"
    assert service.rows() == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"recipient": "nobody-knows"}, "recipient"),
        ({"recipient": "Nobody"}, "recipient"),
        ({"subject": "kit"}, "subject"),
        ({"categories": []}, "categories"),
        ({"level": "none"}, "level"),
        ({"purpose": "enforcement"}, "purpose"),
        ({"valid_until": "2031-03-03T09:00:00Z"}, "valid_until"),
        ({"valid_until": "2032-06-01T00:00:00Z"}, "valid_until"),
        ({"reason": ""}, "reason"),
        ({"surprise": 1}, "surprise"),
    ],
)
async def test_a_release_that_cannot_be_is_refused_by_field(
    service: ConsentService, changes: Json, field: str
) -> None:
    before = service.rows()
    problem = await service.problem(
        SCHOOL_MANAGER, "POST", f"/cases/{fresh_case()}/releases", a_release(**changes)
    )
    assert (problem.kind, problem.errors[0].field) == ("invalid", field)
    assert service.rows() == before


async def test_a_release_is_seen_by_the_agency_that_gave_it_only(service: ConsentService) -> None:
    case = fresh_case()
    released = await release(service, case)

    async def listed(who: Caller, relationship: str = "member") -> list[str]:
        rows = await service.call(who, "POST", f"/cases/{case}/releases/list", reader(relationship))
        return [row["id"] for row in rows]

    for who in (SCHOOL, SCHOOL_MANAGER, SCHOOL_OFFICER):
        assert await listed(who) == [released]
    volunteer = Caller("vi", "Vi Hill", "hill-school", "volunteer")
    for who in (volunteer, HOUSING, HOUSING_MANAGER, HOUSING_OFFICER, YOT):
        assert await listed(who, "lead") == []
