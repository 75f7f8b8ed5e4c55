"""Codes by which somebody of a family comes in: good once, for a day, and kept out like a name would be."""

from dataclasses import dataclass
from typing import Any

import pytest

from shared.ids import new_id
from tests.consent.service import (
    CHILD,
    FATHER,
    MOTHER,
    SCHOOL,
    SCHOOL_OFFICER,
    ConsentService,
    Json,
    an_exclusion,
    family,
    fresh_case,
)

pytestmark = pytest.mark.anyio


def redemption(visit: str, *, team: tuple[Any, ...] = (SCHOOL,)) -> Json:
    return {"visit": visit, "team": [{"user": one.user, "agency": one.agency} for one in team]}


@dataclass
class Made:
    """A code in a case of its own, for the mother unless said otherwise."""

    service: ConsentService
    case: str
    id: str
    code: str

    async def works(self) -> bool:
        answer = await self.service.call(SCHOOL, "POST", "/family-codes/whose", {"digest": self.code})
        return answer["visitor"] is not None

    async def redeem(self) -> str:
        visit = self.code[::-1]
        await self.service.call(SCHOOL, "POST", f"/family-codes/{self.id}/redemption", redemption(visit))
        return visit

    async def visits(self, visit: str) -> Any:
        answer = await self.service.call(SCHOOL, "POST", "/family-visits/whose", {"digest": visit})
        return answer["visitor"]


async def a_code(service: ConsentService, case: str | None = None, person: str = MOTHER) -> Made:
    case, known = case or fresh_case(), new_id()
    code = known.replace("-", "") * 2
    content = {"id": known, "person": person, "people": [CHILD, MOTHER, FATHER], "code": code}
    await service.call(SCHOOL, "POST", f"/cases/{case}/family-codes", content)
    return Made(service, case, known, code)


async def test_what_was_made_already_is_not_made_again(service: ConsentService) -> None:
    """Fails when the store alone notices: that is an answer about us, and not about what was sent."""
    made, path = await a_code(service), f"/cases/{fresh_case()}/family-codes"
    other = {"id": new_id(), "person": MOTHER, "people": [MOTHER], "code": "0123456789abcdef" * 4}
    for same in ({"id": made.id}, {"code": made.code}):
        told = await service.problem(SCHOOL, "POST", path, {**other, **same})
        assert told.kind == "conflict"
    assert await made.works()


async def test_a_code_begins_one_visit_which_names_its_person_and_case(service: ConsentService) -> None:
    made = await a_code(service)
    assert await made.works()
    visit = await made.redeem()
    visitor = await made.visits(visit)
    assert (visitor["person"], visitor["case"], visitor["agency"]) == (MOTHER, made.case, "the-family")
    assert not await made.works()
    again = await service.problem(SCHOOL, "POST", f"/family-codes/{made.id}/redemption", redemption("2" * 64))
    assert again.status == 404
    assert await made.visits(made.code) is None, "a code is no visit"


async def test_windows_are_half_open_and_a_newer_code_ends_what_was_before(service: ConsentService) -> None:
    made = await a_code(service)
    service.clock.turn(hours=23, minutes=59, seconds=50)
    assert await made.works()
    visit = await made.redeem()
    service.clock.turn(minutes=29, seconds=50)
    assert await made.visits(visit) is not None
    service.clock.turn(seconds=10)
    assert await made.visits(visit) is None
    late = await a_code(service)
    service.clock.turn(hours=24)
    assert not await late.works()
    first = await a_code(service)
    begun = await first.redeem()
    slept = len(service.slept)
    await a_code(service, first.case)
    assert service.slept[slept:] == [1.0], "what ends a visit waits D before it answers"
    assert await first.visits(begun) is None


async def test_no_code_works_while_anything_is_barred_about_anybody_of_the_case(
    service: ConsentService,
) -> None:
    made, begun = await a_code(service, person=FATHER), await a_code(service)
    visit = await begun.redeem()
    assert await made.works()
    bar: Json = {
        "bar": {
            "kind": "court_order", "agencies": ["city-housing"], "categories": ["plan"],
            "legal_reference": "Order 17/2031", "review_on": "2031-09-01", "reason": "The court said so.",
            "custodian": {"name": "Duty manager", "telephone": "01632 960200", "agency": "hill-school"},
        },
        "people": [CHILD],
    }  # fmt: skip
    await service.call(SCHOOL_OFFICER, "POST", f"/cases/{made.case}/bars", bar)
    assert not await made.works()
    assert await begun.visits(visit) is None


async def test_no_code_works_while_somebody_else_s_word_keeps_a_named_person_out(
    service: ConsentService,
) -> None:
    """An agency that is kept out is not the family; whom the mother names may be the father."""
    his, hers = await a_code(service, person=FATHER), await a_code(service)
    await service.exclude(his.case, an_exclusion(giver=MOTHER))
    assert await his.works()
    named = an_exclusion(giver=MOTHER, agencies=[], users=["the.father"])
    content = {"exclusion": named, "family": family()}
    said = await service.call(SCHOOL, "POST", f"/cases/{his.case}/exclusions", content)
    assert not await his.works()
    assert await hers.works(), "her own word keeps nobody out but others"
    assert said["id"]
