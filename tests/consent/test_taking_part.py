"""Permission to take part, and what follows when it is taken back (design 3.2)."""

import pytest

from tests.consent.service import (
    CHILD,
    DECIDES_FROM,
    FATHER,
    HOUSING,
    MOTHER,
    SCHOOL,
    YOT,
    ConsentService,
    D,
    Json,
    a_case,
    a_label,
    a_share,
    fresh_case,
    taking_part,
)

pytestmark = pytest.mark.anyio

PLAN = a_label("hill-school", "plan")
CONCERN = a_label("hill-school", "safeguarding")
LEARNING = a_label("hill-school", "learning")
OWN = a_label("city-housing", "housing")


async def test_withdrawing_from_taking_part_ends_what_the_team_sees_but_for_its_own(
    service: ConsentService,
) -> None:
    """Own records stay, and so does what the law lets everybody know; permission to share opens nothing."""
    case = fresh_case()
    part = (await service.consent(case, taking_part()))["id"]
    await service.consent(case, a_share())
    seen = a_case(case, PLAN, LEARNING, CONCERN, OWN)
    lead = a_case(case, PLAN, LEARNING, CONCERN, OWN, relationship="lead")
    assert await service.levels(HOUSING, seen) == [3, 3, 1, 3]
    assert await service.levels(YOT, lead) == [3, 1, 1, 1]
    answer = await service.withdraw(case, part)
    assert answer["enforced_at"]
    assert service.slept == [D]
    assert await service.levels(HOUSING, seen) == [0, 0, 1, 3]
    assert await service.levels(YOT, lead) == [0, 0, 1, 0]
    assert await service.levels(SCHOOL, seen) == [3, 3, 2, 0]
    await service.consent(case, taking_part())
    assert await service.levels(HOUSING, seen) == [3, 3, 1, 3]


async def test_it_ends_in_the_case_that_it_was_said_of_and_in_no_other(service: ConsentService) -> None:
    case, other = fresh_case(), fresh_case()
    part = (await service.consent(case, taking_part()))["id"]
    await service.consent(other, taking_part())
    await service.withdraw(case, part)
    assert await service.levels(HOUSING, a_case(case, PLAN)) == [0]
    assert await service.levels(HOUSING, a_case(other, PLAN)) == [3]


async def test_a_mother_who_leaves_for_herself_ends_what_is_about_her(service: ConsentService) -> None:
    case = fresh_case()
    hers = {"subject": MOTHER, "giver": MOTHER, "capacity": "adult"}
    await service.consent(case, taking_part())
    part = (await service.consent(case, taking_part(**hers)))["id"]
    about_both = a_label("hill-school", "plan", subjects=[CHILD, MOTHER])
    about_her = a_label("hill-school", "plan", subjects=[MOTHER])
    seen = a_case(case, PLAN, about_both, about_her)
    assert await service.levels(HOUSING, seen) == [3, 3, 3]
    await service.withdraw(case, part)
    assert await service.levels(HOUSING, seen) == [3, 0, 0]


async def test_a_no_of_the_other_parent_lets_nobody_join_and_ends_nothing(service: ConsentService) -> None:
    case, draft = fresh_case(), a_label("hill-school", "plan", draft=True)
    await service.consent(case, taking_part())
    assert await service.levels(HOUSING, a_case(case, PLAN, draft)) == [3, 3]
    await service.consent(case, taking_part(giver=FATHER, answer="refused"))
    assert await service.levels(HOUSING, a_case(case, PLAN, draft)) == [3, 0]
    await service.consent(case, taking_part(answer="refused"))
    assert await service.levels(HOUSING, a_case(case, PLAN, draft)) == [0, 0]


def a_person(*through: str, people: tuple[str, ...] = (CHILD,)) -> Json:
    """A person outside any case, whom the caller knows through these open cases."""
    return {
        "case": None,
        "through": through,
        "relationship": "member",
        "subjects": [{"id": person, "decides_from": DECIDES_FROM[person]} for person in people],
        "labels": [a_label("hill-school", "plan", subjects=people)],
    }


async def test_outside_the_case_the_team_is_shown_no_more_than_in_it(service: ConsentService) -> None:
    """Fails when the view of a person goes on after the case's has ended."""
    case, other = fresh_case(), fresh_case()
    part = (await service.consent(case, taking_part()))["id"]
    await service.consent(other, taking_part())
    assert await service.levels(HOUSING, a_person(case)) == [3]
    await service.withdraw(case, part)
    assert await service.levels(HOUSING, a_person(case)) == [0]
    # The yes was about the child, and with it the family left.
    assert await service.levels(HOUSING, a_person(case, people=(MOTHER,))) == [0]
    assert await service.levels(HOUSING, a_person(case, other)) == [3]
    assert await service.levels(HOUSING, a_person(other, people=(MOTHER,))) == [3]
    assert await service.levels(HOUSING, a_person()) == [3]
