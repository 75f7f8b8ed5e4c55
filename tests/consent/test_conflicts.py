"""Where two who may both answer for a child disagree (design 3.2, resolve)."""

from typing import Any

import pytest

from shared.identity import Caller
from shared.ids import new_id
from tests.consent.service import (
    CHILD,
    FATHER,
    HOUSING,
    HOUSING_OFFICER,
    MOTHER,
    OMIT,
    SCHOOL,
    SCHOOL_LEAD,
    SCHOOL_OFFICER,
    YOT,
    YOT_OFFICER,
    ConsentService,
    Json,
    a_case,
    a_label,
    a_share,
    an_exclusion,
    fresh_case,
    reader,
    taking_part,
)

pytestmark = pytest.mark.anyio

LEARNING = a_label("hill-school", "learning")
BEHAVIOUR = a_label("hill-school", "behaviour")
LEAD = reader("lead") | {"lead_agency": "youth-offending"}


def a_no(**changes: Any) -> Json:
    return a_share(**{"answer": "refused", "giver": FATHER, "valid_until": OMIT, **changes})


async def conflicts(
    service: ConsentService, case: str, caller: Caller = SCHOOL_LEAD, facts: Json = LEAD
) -> list[Json]:
    listed: list[Json] = await service.call(caller, "POST", f"/cases/{case}/conflicts/list", facts)
    return listed


def deciding(upholds: str, facts: Json = LEAD) -> Json:
    return {"decision": {"upholds": upholds, "reason": "Both were heard on Tuesday."}, "reader": facts}


async def decide(
    service: ConsentService, case: str, conflict: str, upholds: str, caller: Caller = SCHOOL_LEAD
) -> Json:
    path = f"/cases/{case}/conflicts/{conflict}/decision"
    answer: Json = await service.call(caller, "POST", path, deciding(upholds))
    return answer


async def test_a_no_against_anothers_yes_is_a_conflict_about_what_both_name(service: ConsentService) -> None:
    case = fresh_case()
    yes = (await service.consent(case, a_share(recipients=["city-housing", "north-police"])))["id"]
    no = (await service.consent(case, a_no(categories=["learning", "family"])))["id"]
    [found] = await conflicts(service, case)
    assert (found["permission"], found["refusal"], found["exclusion"]) == (yes, no, None)
    assert (found["recipients"], found["categories"]) == (["city-housing"], ["learning"])
    # Monday the 3rd of March at nine: five working days on is the end of the next Monday.
    assert (found["state"], found["due_at"]) == ("open", "2031-03-11T00:00:00.000000Z")
    assert found["may"] == ["refusal", "permission"]
    [benefits] = await conflicts(service, case, HOUSING_OFFICER, {**LEAD, "lead_agency": "city-housing"})
    assert benefits["may"] == ["refusal"], "nobody decides for a permission that benefits their own agency"
    # The lower of the two holds, and only where both speak.
    assert await service.levels(HOUSING, a_case(case, LEARNING, BEHAVIOUR)) == [1, 3]
    service.clock.turn(days=8)
    assert (await conflicts(service, case))[0]["state"] == "overdue"


@pytest.mark.parametrize(
    "no",
    [
        a_no(giver=MOTHER),
        a_no(categories=["family"]),
        a_no(recipients=["north-police"]),
        a_no(purposes=["panel"]),
        a_share(giver=FATHER),
    ],
)
async def test_what_does_not_meet_is_no_conflict(service: ConsentService, no: Json) -> None:
    case = fresh_case()
    await service.consent(case, a_share())
    await service.consent(case, no)
    assert await conflicts(service, case) == []


async def test_what_is_about_oneself_is_no_conflict_whatever_another_says(service: ConsentService) -> None:
    case = fresh_case()
    own = {"subject": CHILD, "giver": CHILD, "capacity": "young_person"}
    competence = {"judged_by": "Ada North", "reasons": "He weighs it up."}
    await service.consent(case, a_share(**own, competence=competence))
    await service.consent(case, a_no())
    assert await conflicts(service, case) == []


async def test_only_the_lead_and_the_officers_of_agencies_that_are_party_see_it(
    service: ConsentService,
) -> None:
    case = fresh_case()
    await service.consent(case, a_share())
    await service.consent(case, a_no(), caller=HOUSING)
    none, member = {**LEAD, "relationship": "none"}, {**LEAD, "relationship": "member"}
    for caller, facts, seen in (
        (SCHOOL_LEAD, LEAD, 1),
        (SCHOOL_OFFICER, none, 1),
        (HOUSING_OFFICER, none, 1),
        (YOT_OFFICER, none, 1),
        (YOT_OFFICER, {**none, "lead_agency": "hill-school"}, 0),
        (SCHOOL, member, 0),
        (HOUSING, member, 0),
        (YOT, {**LEAD, "relationship": "supervisor"}, 0),
    ):
        assert len(await conflicts(service, case, caller, facts)) == seen, (caller.user, facts)
    [found] = await conflicts(service, case)
    for caller, facts, id_ in ((HOUSING, member, found["id"]), (SCHOOL_LEAD, LEAD, new_id())):
        path = f"/cases/{case}/conflicts/{id_}/decision"
        problem = await service.problem(caller, "POST", path, deciding("refusal", facts))
        assert problem.kind == "not-found"


async def test_deciding_for_the_permission_sets_the_refusal_aside_for_what_both_named(
    service: ConsentService,
) -> None:
    case = fresh_case()
    await service.consent(case, a_share(categories=["learning"]))
    await service.consent(case, a_no())
    [found] = await conflicts(service, case)
    await decide(service, case, found["id"], "permission")
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [3]
    # What the refusal named beyond that it still refuses.
    await service.consent(case, a_share(categories=["behaviour"]))
    assert await service.levels(HOUSING, a_case(case, BEHAVIOUR)) == [1]
    [first, second] = await conflicts(service, case)
    assert (first["may"], second["may"]) == ([], ["refusal", "permission"])
    assert (first["state"], first["upholds"], first["decided_by"]) == ("decided", "permission", "grace")
    assert second["state"] == "open"


async def test_deciding_for_the_refusal_leaves_it_as_it_is_and_nothing_is_decided_twice(
    service: ConsentService,
) -> None:
    case = fresh_case()
    await service.consent(case, a_share())
    await service.consent(case, a_no())
    [found] = await conflicts(service, case)
    await decide(service, case, found["id"], "refusal")
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [1]
    path = f"/cases/{case}/conflicts/{found['id']}/decision"
    again = await service.problem(SCHOOL_LEAD, "POST", path, deciding("permission"))
    assert again.kind == "conflict"
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [1]


async def test_nobody_decides_for_a_permission_that_benefits_their_agency(
    service: ConsentService,
) -> None:
    case = fresh_case()
    await service.consent(case, a_share())
    await service.consent(case, a_no())
    [found] = await conflicts(service, case)
    path = f"/cases/{case}/conflicts/{found['id']}/decision"
    problem = await service.problem(HOUSING, "POST", path, deciding("permission"))
    assert problem.kind == "forbidden"
    await decide(service, case, found["id"], "refusal", HOUSING)


async def test_an_objection_is_a_conflict_too_and_is_lifted_only_by_who_asked_for_it(
    service: ConsentService,
) -> None:
    case = fresh_case()
    await service.consent(case, a_share())
    objection = (await service.exclude(case, an_exclusion(giver=FATHER)))["id"]
    await service.exclude(case, an_exclusion())
    [found] = await conflicts(service, case)
    assert (found["exclusion"], found["refusal"]) == (objection, None)
    path = f"/cases/{case}/conflicts/{found['id']}/decision"
    problem = await service.problem(SCHOOL_LEAD, "POST", path, deciding("permission"))
    assert problem.kind == "conflict"
    await service.lift(case, objection, by=FATHER)
    assert (await conflicts(service, case))[0]["state"] == "over"


async def test_a_yes_after_the_objection_is_noted_as_well(service: ConsentService) -> None:
    case = fresh_case()
    await service.exclude(case, an_exclusion(giver=FATHER))
    await service.consent(case, a_share())
    await service.consent(
        case, a_share(giver=FATHER, recipients=["north-police"], not_recipients=["city-housing"])
    )
    assert len(await conflicts(service, case)) == 2


async def test_once_one_of_the_two_is_taken_back_there_is_nothing_to_decide(service: ConsentService) -> None:
    case = fresh_case()
    yes = (await service.consent(case, a_share()))["id"]
    await service.consent(case, a_no())
    await service.withdraw(case, yes)
    [found] = await conflicts(service, case)
    assert found["state"] == "over"
    path = f"/cases/{case}/conflicts/{found['id']}/decision"
    problem = await service.problem(SCHOOL_LEAD, "POST", path, deciding("refusal"))
    assert problem.kind == "conflict"


async def test_a_no_in_another_case_is_seen_from_both(service: ConsentService) -> None:
    case, other = fresh_case(), fresh_case()
    await service.consent(case, a_share())
    await service.consent(other, a_no())
    assert len(await conflicts(service, case)) == len(await conflicts(service, other)) == 1


async def test_about_taking_part_the_decision_lets_others_join_again(service: ConsentService) -> None:
    case, draft = fresh_case(), a_label("hill-school", "plan", draft=True)
    await service.consent(case, taking_part())
    await service.consent(case, taking_part(giver=FATHER, answer="refused"))
    assert await service.levels(HOUSING, a_case(case, draft)) == [0]
    [found] = await conflicts(service, case)
    await decide(service, case, found["id"], "permission")
    assert await service.levels(HOUSING, a_case(case, draft)) == [3]
