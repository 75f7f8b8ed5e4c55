"""A withdrawal as it is heard, and what members of the family record themselves (design 3.2)."""

from typing import Any

import pytest

from services.consent.withdrawals.scope import Part, Split, split
from shared.identity import Caller
from shared.records.consents import SpokenWithdrawal
from tests.consent.service import (
    CHILD,
    FATHER,
    HOUSING,
    MOTHER,
    OMIT,
    SCHOOL,
    YOT,
    ConsentService,
    D,
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

pytestmark = pytest.mark.anyio

LEARNING = a_label("hill-school", "learning")
BEHAVIOUR = a_label("hill-school", "behaviour")
HERSELF = Caller("kim", "Kim Vale", "the-family", "family_member", MOTHER)


def spoken(**changes: Any) -> Json:
    body = {"kind": "share", "subject": CHILD, "withdrawn_by": MOTHER, **changes}
    return {name: value for name, value in body.items() if value is not OMIT}


async def hear(service: ConsentService, case: str, body: Json, caller: Caller = YOT) -> Json:
    answer: Json = await service.call(caller, "POST", f"/cases/{case}/consents/withdrawals", body)
    return answer


BOTH, ALL = ("aa-school", "bb-trust"), ("health", "learning")
LEFT: list[tuple[Json, Part | None, tuple[Part, ...]]] = [
    ({}, Part(BOTH, ALL), ()),
    ({"recipients": ["aa-school"]}, Part(("aa-school",), ALL), (Part(("bb-trust",), ALL),)),
    ({"categories": ["health"]}, Part(BOTH, ("health",)), (Part(BOTH, ("learning",)),)),
    (
        {"recipients": ["bb-trust", "cc-police"], "categories": ["health", "plan"]},
        Part(("bb-trust",), ("health",)),
        (Part(("aa-school",), ALL), Part(("bb-trust",), ("learning",))),
    ),
    ({"recipients": ["cc-police"]}, None, ()),
    ({"categories": ["plan"]}, None, ()),
]


@pytest.mark.parametrize(("named", "ended", "left"), LEFT)
def test_what_the_words_reach_ends_and_the_rest_goes_on(
    named: Json, ended: Part | None, left: tuple[Part, ...]
) -> None:
    body = SpokenWithdrawal.model_validate(spoken(**named))
    assert split(BOTH, ["learning", "health"], body) == Split(ended, left)


async def test_any_member_ends_what_they_may_not_see_and_is_not_told_whether_there_was_any(
    service: ConsentService,
) -> None:
    case, empty = fresh_case(), fresh_case()
    await service.consent(case, a_share())
    await service.consent(case, a_share(categories=["wellbeing"]))
    assert await service.call(YOT, "POST", f"/cases/{case}/consents/list", reader()) == []
    answers = [await hear(service, place, spoken()) for place in (case, empty)]
    assert [set(answer) for answer in answers] == [{"id", "enforced_at"}] * 2
    assert service.slept == [D, D]
    labels = [LEARNING, BEHAVIOUR, a_label("hill-school", "wellbeing")]
    assert await service.levels(HOUSING, a_case(case, *labels)) == [1, 1, 1]
    assert service.rows()["withdrawals"] == 2


async def test_it_ends_only_what_the_words_reach(service: ConsentService) -> None:
    case = fresh_case()
    await service.consent(case, a_share(recipients=["city-housing", "north-police"]))
    await hear(service, case, spoken(recipients=["city-housing"], categories=["learning"]))
    police = Caller("paul", "Paul", "north-police", "practitioner")
    seen = a_case(case, LEARNING, BEHAVIOUR)
    assert await service.levels(HOUSING, seen) == [1, 3]
    assert await service.levels(police, seen) == [3, 3]
    await hear(service, case, spoken(recipients=["north-police"]))
    assert await service.levels(police, seen) == [1, 1]
    assert await service.levels(HOUSING, seen) == [1, 3]
    await hear(service, case, spoken())
    assert await service.levels(HOUSING, seen) == [1, 1]


async def test_what_goes_on_keeps_its_giver_its_end_and_its_recorder(service: ConsentService) -> None:
    case = fresh_case()
    first = (await service.consent(case, a_share()))["id"]
    await hear(service, case, spoken(categories=["learning"]))
    rows = service.select(
        "SELECT giver, recorded_by, continues, withdrawn_at IS NULL FROM consents ORDER BY continues IS NULL"
    )
    assert [tuple(row) for row in rows] == [(MOTHER, "ada", first, True), (MOTHER, "ada", None, False)]
    service.clock.turn(days=400)
    assert await service.levels(HOUSING, a_case(case, BEHAVIOUR)) == [1]


async def test_somebody_takes_back_what_they_gave_or_what_is_about_them_and_nothing_else(
    service: ConsentService,
) -> None:
    case = fresh_case()
    await service.consent(case, a_share())
    await hear(service, case, spoken(withdrawn_by=FATHER))
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [3]
    await service.consent(case, a_share(answer="refused", valid_until=OMIT, recipients=["north-police"]))
    await hear(service, case, spoken(withdrawn_by=CHILD))
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [1]
    left = "SELECT answer FROM consents WHERE withdrawn_at IS NULL AND kind = 'share'"
    assert service.select(left) == [("refused",)]


async def test_a_yes_to_sharing_ends_wherever_it_was_given_and_taking_part_in_one_case(
    service: ConsentService,
) -> None:
    case, other = fresh_case(), fresh_case()
    await service.consent(other, a_share())
    for place in (case, other):
        await service.consent(place, taking_part())
    await hear(service, case, spoken())
    assert await service.levels(HOUSING, a_case(other, LEARNING)) == [1]
    await hear(service, case, spoken(kind="take_part"))
    plan = a_label("hill-school", "plan")
    assert await service.levels(HOUSING, a_case(case, plan)) == [0]
    assert await service.levels(HOUSING, a_case(other, plan)) == [3]
    assert service.rows()["risk_questions"] == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "both"},
        {"kind": "take_part", "recipients": ["city-housing"]},
        {"kind": "take_part", "categories": ["plan"]},
        {"recipients": []},
        {"categories": []},
        {"withdrawn_by": OMIT},
        {"surprise": 1},
    ],
)
async def test_what_is_not_well_said_is_refused(service: ConsentService, changes: Json) -> None:
    reply = await service.send("POST", f"/cases/{fresh_case()}/consents/withdrawals", spoken(**changes))
    assert reply.status == 422
    assert service.rows()["withdrawals"] == 0


async def test_the_same_key_withdraws_once(service: ConsentService) -> None:
    case = fresh_case()
    path = f"/cases/{case}/consents/withdrawals"
    first = await service.call(YOT, "POST", path, spoken(), key="k-1")
    await service.consent(case, a_share())
    again = await service.call(YOT, "POST", path, spoken(), key="k-1")
    assert again["id"] == first["id"]
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [3]


# --- the family's own words


async def test_members_of_the_family_take_back_refuse_and_exclude_in_their_own_name(
    service: ConsentService,
) -> None:
    case = fresh_case()
    consent = (await service.consent(case, a_share()))["id"]
    listed = await service.call(HERSELF, "POST", f"/cases/{case}/consents/list", reader("none"))
    assert [row["id"] for row in listed] == [consent]
    path = f"/cases/{case}/consents/{consent}/withdrawal"
    body = {"withdrawal": {"withdrawn_by": MOTHER}, "reader": reader("none")}
    answer = await service.call(HERSELF, "POST", path, body)
    assert answer["enforced_at"]
    assert "released" not in answer
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [1]
    await service.consent(case, a_share(answer="refused", valid_until=OMIT), caller=HERSELF)
    await service.exclude(case, an_exclusion(), caller=HERSELF)
    await hear(service, case, spoken(), HERSELF)


async def test_they_speak_for_nobody_else_and_give_nothing_by_themselves(service: ConsentService) -> None:
    case, before = fresh_case(), service.rows()
    nobody = Caller("kim", "Kim Vale", "the-family", "family_member", None)
    no = {"answer": "refused", "valid_until": OMIT}
    for caller, path, content in (
        (HERSELF, "consents", {"consent": a_share(), "family": family()}),
        (HERSELF, "consents", {"consent": a_share(**no, giver=FATHER), "family": family()}),
        (nobody, "consents", {"consent": a_share(**no), "family": family()}),
        (HERSELF, "exclusions", {"exclusion": an_exclusion(giver=FATHER), "family": family()}),
        (HERSELF, "consents/withdrawals", spoken(withdrawn_by=FATHER)),
    ):
        problem = await service.problem(caller, "POST", f"/cases/{case}/{path}", content)
        assert problem.kind == "forbidden", path
    assert service.rows() == before


async def test_they_see_what_they_said_and_what_was_permitted_about_them_and_nothing_else(
    service: ConsentService,
) -> None:
    case = fresh_case()
    mine = (await service.consent(case, a_share()))["id"]
    own = {"subject": MOTHER, "giver": MOTHER, "capacity": "adult"}
    about_me = (await service.consent(case, a_share(**own)))["id"]
    await service.consent(case, a_share(giver=FATHER, recipients=["north-police"]))
    await service.consent(case, a_share(giver=FATHER, answer="refused", valid_until=OMIT))
    listed = await service.call(HERSELF, "POST", f"/cases/{case}/consents/list", reader("none"))
    assert {row["id"] for row in listed} == {mine, about_me}
    his = (await service.call(SCHOOL, "POST", f"/cases/{case}/consents/list", reader("lead")))[-1]["id"]
    path = f"/cases/{case}/consents/{his}/withdrawal"
    body = {"withdrawal": {"withdrawn_by": MOTHER}, "reader": reader("none")}
    assert (await service.problem(HERSELF, "POST", path, body)).kind == "not-found"
