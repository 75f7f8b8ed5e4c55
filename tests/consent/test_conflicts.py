"""Where two who may both answer for a child disagree (design 3.2, resolve)."""

from dataclasses import replace
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
    family,
    fresh_case,
    reader,
    taking_part,
)
from tests.consent.test_checkpoints import PARTNERSHIP_OFFICER, name_partnership_officer

pytestmark = pytest.mark.anyio
LED: Json = {
    "lead": {"user": "lee", "agency": "youth-offending"},
    "agencies": ["hill-school", "youth-offending"],
    "people": [CHILD, MOTHER],
}

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


async def everybody_gains(service: ConsentService) -> tuple[str, str]:
    """A case whose lead's agency and both that wrote an answer down gain by the yes, and the conflict."""
    case = fresh_case()
    everybody = ["hill-school", "city-housing", "youth-offending"]
    await service.consent(case, a_share(recipients=everybody))
    content = {"consent": a_no(recipients=everybody), "family": family() | {"in_charge": LED}}
    await service.call(HOUSING, "POST", f"/cases/{case}/consents", content)
    [found] = await conflicts(service, case)
    assert found["may"] == ["refusal"], "the lead gains"
    return case, found["id"]


async def gone_up(
    service: ConsentService, case: str, caller: Caller, relationship: str = "none", **facts: Any
) -> list[Json]:
    """What the list holds for an officer for whom nothing of the case exists."""
    reads = {**LEAD, "relationship": relationship, **facts}
    ask = {"action": "list", "purpose": "oversight", "cases": [a_case(case, relationship="none")]}
    content = {"ask": ask, "owned": {}, "reader": reads}
    answer = await service.call(caller, "POST", f"/cases/{case}/conflicts/of-office/list", content)
    listed: list[Json] = answer["listed"]
    return listed


async def test_what_benefits_everybody_who_could_decide_it_goes_up_at_once_and_is_decided_either_way(
    service: ConsentService,
) -> None:
    """Else a permission that names the whole team could never be upheld. Fails when another agency's officer
    finds it, or one who gains."""
    name_partnership_officer(service)
    case, conflict = await everybody_gains(service)
    pat = PARTNERSHIP_OFFICER
    assert await told_of(service, pat, case) == ["answers_differ"]
    [found] = await gone_up(service, case, pat)
    assert (found["id"], found["may"]) == (conflict, ["refusal", "permission"])
    assert found["to_ask"] == ["city-housing", "hill-school"]
    strangers = (
        replace(pat, user="pia"), replace(pat, role="practitioner"), replace(pat, agency="city-housing"),
        HOUSING_OFFICER,
    )  # fmt: skip
    for stranger in strangers:
        assert await gone_up(service, case, stranger) == [], stranger
        if stranger.agency != "city-housing":
            assert await told_of(service, stranger, case) == [], stranger
    assert await gone_up(service, case, pat, works_for=["city-housing"]) == [], "she gains there"
    facts = {**LEAD, "relationship": "none"}
    path = f"/cases/{case}/conflicts/{conflict}/decision"
    for stranger in strangers[:2]:
        refusal = await service.problem(stranger, "POST", path, deciding("permission", facts))
        assert refusal.kind == "not-found", stranger
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [1]
    await service.call(pat, "POST", path, deciding("permission", facts))
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [3]
    assert [one["state"] for one in await gone_up(service, case, pat)] == ["decided"]
    assert await told_of(service, pat, case) == []
    assert (await service.problem(pat, "POST", path, deciding("refusal", facts))).kind == "conflict"


async def test_what_others_can_decide_goes_up_once_it_is_overdue_and_no_longer_than_it_waits(
    service: ConsentService,
) -> None:
    name_partnership_officer(service)
    case, pat = fresh_case(), PARTNERSHIP_OFFICER
    await service.consent(case, a_share())
    await service.consent(case, a_no())
    [found] = await conflicts(service, case)
    path = f"/cases/{case}/conflicts/{found['id']}/decision"
    facts = {**LEAD, "relationship": "none"}
    assert await gone_up(service, case, pat) == []
    assert (await service.problem(pat, "POST", path, deciding("refusal", facts))).kind == "not-found"
    service.clock.turn(days=8)
    [up] = await gone_up(service, case, pat)
    assert (up["state"], up["may"]) == ("overdue", ["refusal", "permission"])
    await decide(service, case, found["id"], "permission", SCHOOL)
    assert await gone_up(service, case, pat) == [], "somebody else decided it"
    assert (await service.problem(pat, "POST", path, deciding("refusal", facts))).kind == "not-found"


async def test_nothing_goes_up_to_whom_the_family_excluded_by_name(service: ConsentService) -> None:
    name_partnership_officer(service)
    case, _ = await everybody_gains(service)
    body = an_exclusion(users=[PARTNERSHIP_OFFICER.user], agencies=[], categories=["identity"])
    await service.exclude(case, body)
    assert await gone_up(service, case, PARTNERSHIP_OFFICER) == []


async def told_of(service: ConsentService, caller: Caller, case: str) -> list[str]:
    ask = {"purpose": "oversight", "reason": None, "after": None, "limit": 10}
    found = (await service.call(caller, "POST", "/alerts", ask))["alerts"]
    return [alert["kind"] for alert in found if alert["case"] == case]


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
