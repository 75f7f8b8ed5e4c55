""" "Not to be shared with …" over HTTP: from when it counts, who may lift it, who learns of it."""

from typing import Any

import pytest

from shared.identity import Caller
from shared.ids import new_id
from shared.problems import Problem
from tests.consent.service import (
    CHILD,
    FATHER,
    HOUSING,
    HOUSING_OFFICER,
    MOTHER,
    OMIT,
    SCHOOL,
    YOT,
    YOT_OFFICER,
    ConsentService,
    D,
    Json,
    a_case,
    a_label,
    a_lifting,
    a_share,
    an_exclusion,
    family,
    fresh_case,
    reader,
)

pytestmark = pytest.mark.anyio

LEARNING = a_label("hill-school", "learning")
PLAN = a_label("hill-school", "plan")
STAFF_SAFETY = a_label("hill-school", "staff_safety")

REFUSED: list[tuple[Json, str, str]] = [
    ({"agencies": OMIT}, "exclusion.agencies", "at least one agency or user"),
    ({"agencies": [], "users": []}, "exclusion.agencies", "at least one agency or user"),
    ({"agencies": ["nobody-knows"]}, "agencies", "not in the partnership"),
    ({"agencies": ["City Housing"]}, "agencies.0", "pattern"),
    ({"agencies": OMIT, "users": ["two words"]}, "users.0", "pattern"),
    ({"categories": []}, "categories", "at least 1"),
    ({"categories": OMIT}, "categories", "required"),
    ({"categories": ["horoscope"]}, "categories.0", "Input should be"),
    ({"purposes": []}, "purposes", "at least 1"),
    ({"valid_until": "2031-03-03T09:00:00Z"}, "valid_until", "over already"),
    (
        {"valid_from": "2031-05-01T00:00:00Z", "valid_until": "2031-05-01T00:00:00Z"},
        "valid_until",
        "end after it begins",
    ),
    ({"subject": "kit"}, "subject", "Send an id"),
    ({"level": "full"}, "level", "not known here"),
    ({"giver": new_id()}, "capacity", "No parental responsibility"),
    ({"giver": MOTHER, "capacity": "adult"}, "capacity", "only for themselves"),
    ({"giver": CHILD, "capacity": "young_person"}, "capacity", "competence"),
    (
        {"capacity": "attorney", "authority": {"document": "LPA 7", "covers": ["money_work"]}},
        "capacity",
        "record the authority",
    ),
]


async def test_every_exclusion_that_does_not_hold_together_is_refused_with_its_field_and_not_stored(
    service: ConsentService,
) -> None:
    case, before = fresh_case(), service.rows()
    unlike: list[tuple[Json, int, Any]] = []
    for changes, field, word in REFUSED:
        content = {"exclusion": an_exclusion(**changes), "family": family()}
        reply = await service.send("POST", f"/cases/{case}/exclusions", content)
        errors = reply.json().get("errors", [])
        fits = [error["field"].endswith(field) and word in error["message"] for error in errors]
        if reply.status != 422 or not any(fits):
            unlike.append((changes, reply.status, errors))
    assert unlike == [], "\n".join(map(str, unlike))
    assert len(REFUSED) == 17
    assert service.rows() == before
    assert service.slept == []


async def test_an_exclusion_beats_permission_and_objectable_rows_once_it_is_answered(
    service: ConsentService,
) -> None:
    case = fresh_case()
    await service.consent(case, a_share())
    assert await service.levels(HOUSING, a_case(case, LEARNING, PLAN)) == [3, 3]
    answer = await service.exclude(case, an_exclusion(categories=["learning", "plan", "staff_safety"]))
    assert (set(answer), service.slept) == ({"id", "enforced_at"}, [D])
    assert answer["enforced_at"] == "2031-03-03T09:00:01.000000Z"
    # What must be known at the door is not the family's to stop.
    assert await service.levels(HOUSING, a_case(case, LEARNING, PLAN, STAFF_SAFETY)) == [0, 0, 3]
    assert await service.levels(YOT, a_case(case, LEARNING, PLAN)) == [1, 3]
    own = a_case(case, a_label("city-housing", "learning"))
    assert await service.levels(HOUSING, own) == [3]
    # A yes given later does not undo it ("latest consent wins" is a known leak).
    await service.consent(case, a_share())
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [0]


async def test_an_exclusion_may_name_one_user_and_some_purposes(service: ConsentService) -> None:
    case = fresh_case()
    await service.exclude(case, an_exclusion(agencies=OMIT, users=["hanna"], categories=["plan"]))
    colleague = Caller("hugo", "Hugo Berg", "city-housing", "practitioner")
    assert await service.levels(HOUSING, a_case(case, PLAN)) == [0]
    assert await service.levels(colleague, a_case(case, PLAN)) == [3]
    other = fresh_case()
    await service.exclude(other, an_exclusion(subject=CHILD, categories=["contact"], purposes=["panel"]))
    assert await service.levels(HOUSING, a_case(other, a_label("hill-school", "contact"))) == [2]


async def test_an_exclusion_counts_from_d_before_its_start_until_its_end(service: ConsentService) -> None:
    case = fresh_case()
    window = {"valid_from": "2031-03-03T09:00:10Z", "valid_until": "2031-03-03T09:00:20Z"}
    await service.exclude(case, an_exclusion(categories=["plan"], **window))
    seen = []
    for seconds in (7.999999, 0.000001, 10.999999, 0.000001):  # the wait for D took the first second
        service.clock.turn(seconds=seconds)
        seen.append((await service.levels(HOUSING, a_case(case, PLAN)))[0])
    assert seen == [3, 0, 0, 3]


async def test_an_exclusion_is_lifted_at_its_givers_word_recorded_by_an_agency_it_did_not_exclude(
    service: ConsentService,
) -> None:
    case = fresh_case()
    exclusion = (await service.exclude(case, an_exclusion(categories=["plan"])))["id"]
    path = f"/cases/{case}/exclusions/{exclusion}/lifting"

    async def refused(who: Caller, relationship: str, by: str) -> str:
        content = {"lifting": a_lifting(by), "reader": reader(relationship)}
        return (await service.problem(who, "POST", path, content)).kind

    before = service.rows()
    assert await refused(SCHOOL, "member", FATHER) == "forbidden"
    assert await refused(SCHOOL, "member", CHILD) == "forbidden"
    assert await refused(SCHOOL, "none", MOTHER) == "forbidden"
    # Those whom it keeps out do not even learn of it, lead or not; their officer does, and may not lift it.
    assert await refused(HOUSING, "lead", MOTHER) == "not-found"
    assert await refused(YOT, "member", MOTHER) == "not-found"
    assert await refused(HOUSING_OFFICER, "none", MOTHER) == "forbidden"
    assert await refused(YOT_OFFICER, "none", MOTHER) == "not-found"
    assert service.rows() == before
    assert await service.levels(HOUSING, a_case(case, PLAN)) == [0]
    assert await service.lift(case, exclusion) == {"id": exclusion}
    assert service.slept == [D]
    assert await service.levels(HOUSING, a_case(case, PLAN)) == [3]
    with pytest.raises(Problem) as again:
        await service.lift(case, exclusion)
    assert again.value.kind == "conflict"
    for target in (new_id(), "not-an-id", exclusion.upper()):
        with pytest.raises(Problem) as unknown:
            await service.lift(case, target)
        assert unknown.value.kind == "not-found"
    with pytest.raises(Problem) as elsewhere:
        await service.lift(fresh_case(), exclusion)
    assert elsewhere.value.kind == "not-found"


async def test_an_exclusion_of_a_user_is_not_lifted_by_whoever_they_work_for_or_worked_for(
    service: ConsentService,
) -> None:
    """Fails when only the agencies that it names are looked at."""
    case = fresh_case()
    body = an_exclusion(agencies=OMIT, users=["hanna", "yusuf"], categories=["plan"])
    exclusion = (await service.exclude(case, body))["id"]
    path = f"/cases/{case}/exclusions/{exclusion}/lifting"
    hugo = Caller("hugo", "Hugo Berg", "city-housing", "practitioner")
    known = {"hanna": ["city-housing"], "yusuf": ["youth-offending", "hope-mentors"], "ada": ["hill-school"]}
    mentor = Caller("mia", "Mia Hope", "hope-mentors", "practitioner")

    async def refused(who: Caller, relationship: str, places: Json) -> str:
        content = {"lifting": a_lifting(MOTHER), "reader": reader(relationship, child=["plan"])}
        problem = await service.problem(who, "POST", path, content | {"places": places})
        assert problem.kind == "forbidden", problem
        return str(problem.detail)

    before = service.rows()
    for who in (hugo, mentor):
        for relationship in ("member", "lead"):
            assert "does not benefit" in await refused(who, relationship, known)
    for places in ({}, {"hanna": ["city-housing"]}, known | {"yusuf": []}):
        assert "lead professional" in await refused(SCHOOL, "member", places)
        assert "does not benefit" in await refused(hugo, "lead", places | {"hanna": ["city-housing"]})
    assert service.rows() == before
    assert await service.levels(HOUSING, a_case(case, PLAN)) == [0]
    content = {"lifting": a_lifting(MOTHER), "reader": reader("member"), "places": known}
    assert await service.call(SCHOOL, "POST", path, content) == {"id": exclusion}
    assert await service.levels(HOUSING, a_case(case, PLAN)) == [3]
    other = (await service.exclude(case, body))["id"]
    content = {"lifting": a_lifting(MOTHER), "reader": reader("lead"), "places": {}}
    path = f"/cases/{case}/exclusions/{other}/lifting"
    assert await service.call(SCHOOL, "POST", path, content) == {"id": other}


async def test_lifting_needs_evidence(service: ConsentService) -> None:
    case = fresh_case()
    exclusion = (await service.exclude(case, an_exclusion()))["id"]
    content = {"lifting": {"lifted_by": MOTHER}, "reader": reader("lead")}
    problem = await service.problem(SCHOOL, "POST", f"/cases/{case}/exclusions/{exclusion}/lifting", content)
    assert (problem.kind, problem.errors[0].field) == ("invalid", "lifting.evidence")


async def test_each_reader_is_listed_the_exclusions_that_they_may_know_of(service: ConsentService) -> None:
    case = fresh_case()
    against_housing = (await service.exclude(case, an_exclusion()))["id"]
    against_hanna = (await service.exclude(case, an_exclusion(agencies=[], users=["hanna"])))["id"]
    both = [against_housing, against_hanna]

    async def listed(who: Caller, facts: Json) -> list[str]:
        rows = await service.call(who, "POST", f"/cases/{case}/exclusions/list", facts)
        return [row["id"] for row in rows]

    assert await listed(SCHOOL, reader("none")) == both
    assert await listed(YOT, reader("lead")) == both
    assert await listed(YOT, reader()) == []
    assert await listed(YOT, reader(child=["learning"])) == both
    assert await listed(HOUSING, reader("lead", child=["learning"])) == []
    assert await listed(HOUSING_OFFICER, reader("none")) == [against_housing]
    assert await listed(YOT_OFFICER, reader("none")) == []
    colleague = Caller("hugo", "Hugo Berg", "city-housing", "practitioner")
    assert await listed(colleague, reader("lead")) == [against_hanna]
    await service.lift(case, against_housing)
    [row] = await service.call(HOUSING_OFFICER, "POST", f"/cases/{case}/exclusions/list", reader("none"))
    assert row["lifted_at"] == "2031-03-03T09:00:02.000000Z"
    assert "note" not in row
