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
    a_subject,
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
        "through": [{"case": case, "relationship": "member"} for case in through],
        "relationship": "member",
        "subjects": [a_subject(person, DECIDES_FROM[person]) for person in people],
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


async def test_a_case_in_which_nobody_agreed_lends_its_ceiling_to_no_other(service: ConsentService) -> None:
    """Fails when the lead of a case that nobody agreed to reads by it what a member of another may not."""
    unasked, agreed = fresh_case(), fresh_case()
    await service.consent(agreed, taking_part())
    await service.consent(agreed, a_share(categories=["domestic_abuse"]))
    labels = [a_label("hill-school", category, subjects=[CHILD]) for category in ("plan", "domestic_abuse")]

    async def levels(through: dict[str, str], relationship: str) -> list[int]:
        known = [{"case": case, "relationship": word} for case, word in through.items()]
        asked = {**a_person(), "through": known, "relationship": relationship, "labels": labels}
        return await service.levels(HOUSING, asked)

    as_member = await levels({agreed: "member"}, "member")
    as_lead = await levels({agreed: "lead"}, "lead")
    assert (as_member, as_lead) == ([3, 2], [3, 3])
    assert await levels({unasked: "lead"}, "lead") == [0, 3], "what is permitted waits for nobody"
    for case_of_lead, expected in ((unasked, as_member), (agreed, as_lead)):
        other = agreed if case_of_lead == unasked else unasked
        for through in ({case_of_lead: "lead", other: "member"}, {other: "member", case_of_lead: "lead"}):
            assert await levels(through, "lead") == expected


async def test_a_case_that_ended_and_one_not_begun_open_nothing_together(service: ConsentService) -> None:
    """Fails when begun in the one and not ended in the other is taken for taking part."""
    ended, unasked = fresh_case(), fresh_case()
    part = (await service.consent(ended, taking_part()))["id"]
    await service.withdraw(ended, part)
    assert await service.levels(HOUSING, a_person(ended, unasked)) == [0]


# --- what the lead is asked


async def taking_part_of(service: ConsentService, case: str, *, leads: bool = True) -> Json:
    subjects = [a_subject(person, DECIDES_FROM[person]) for person in (CHILD, MOTHER)]
    ask = {"subjects": subjects, "answers_questions": leads}
    answer: Json = await service.call(SCHOOL, "POST", f"/cases/{case}/taking-part", ask)
    return answer


ANSWER = {"answer": {"somebody_at_risk": False, "considered": "The school sees him every day."}}


async def test_the_lead_is_asked_within_one_working_day_whether_anybody_is_at_risk(
    service: ConsentService,
) -> None:
    case = fresh_case()
    part = (await service.consent(case, taking_part()))["id"]
    assert await taking_part_of(service, case) == {"takes_part": True, "ended": False, "questions": []}
    await service.withdraw(case, part)
    state = await taking_part_of(service, case)
    assert (state["takes_part"], state["ended"]) == (False, True)
    [question] = state["questions"]
    # Asked on a Monday: until the end of Tuesday.
    assert (question["due_at"], question["overdue"]) == ("2031-03-05T00:00:00.000000Z", False)
    assert (await taking_part_of(service, case, leads=False))["questions"] == []
    service.clock.turn(days=2)
    assert (await taking_part_of(service, case))["questions"][0]["overdue"] is True
    path = f"/cases/{case}/taking-part/{question['id']}/risk-answer"
    await service.call(SCHOOL, "POST", path, ANSWER)
    [answered] = (await taking_part_of(service, case))["questions"]
    assert (answered["overdue"], answered["somebody_at_risk"]) == (False, False)
    again = await service.problem(SCHOOL, "POST", path, ANSWER)
    assert again.kind == "conflict"
    for case_, question_ in ((fresh_case(), question["id"]), (case, fresh_case()), (case, "x")):
        path = f"/cases/{case_}/taking-part/{question_}/risk-answer"
        assert (await service.problem(SCHOOL, "POST", path, ANSWER)).kind == "not-found"


async def test_one_question_is_asked_while_it_is_open_and_a_no_after_a_yes_asks_it_too(
    service: ConsentService,
) -> None:
    case, refused = fresh_case(), fresh_case()
    first = (await service.consent(case, taking_part()))["id"]
    second = (await service.consent(case, taking_part(giver=FATHER)))["id"]
    await service.withdraw(case, first)
    await service.withdraw(case, second, by=FATHER)
    assert len((await taking_part_of(service, case))["questions"]) == 1
    await service.consent(refused, taking_part(answer="refused"))
    assert (await taking_part_of(service, refused))["questions"] == []
    await service.consent(refused, taking_part(giver=FATHER))
    await service.consent(refused, taking_part(answer="refused"))
    assert len((await taking_part_of(service, refused))["questions"]) == 1


async def test_taking_back_a_permission_to_share_asks_nothing(service: ConsentService) -> None:
    case = fresh_case()
    share = (await service.consent(case, a_share()))["id"]
    await service.withdraw(case, share)
    assert (await taking_part_of(service, case))["questions"] == []
