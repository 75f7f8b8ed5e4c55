"""The two keys (design 1, Young Citizens' pool): either alone opens nothing, both open what both gave.

Three changes that make this fail: counting a yes to a request before the owner released, telling who asked
that a key was refused, listing a request to everybody on the case.
"""

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
    SCHOOL,
    SCHOOL_LEAD,
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
    an_exclusion,
    family,
    fresh_case,
    reader,
)
from tests.consent.two_keys import (
    HOUSING_MANAGER,
    SCHOOL_MANAGER,
    ask,
    asking,
    family_content,
    family_says,
    listed,
    owner_says,
)

pytestmark = pytest.mark.anyio

MENTAL = a_label("hill-school", "mental_health")
LEARNING = a_label("hill-school", "learning")
PLAN = a_label("hill-school", "plan")
VOLUNTEER = Caller("vi", "Vi Berg", "city-housing", "volunteer")
ANSWER_DAYS = 14


async def level(service: ConsentService, case: str, label: Json = MENTAL, who: Caller = HOUSING) -> int:
    return (await service.levels(who, a_case(case, label)))[0]


# --- what the keys open


@pytest.mark.parametrize("first", ["owner", "family"])
async def test_either_key_alone_opens_nothing_and_both_open(service: ConsentService, first: str) -> None:
    case = fresh_case()
    request = await ask(service, case)
    assert await level(service, case) == 0
    turns = {
        "owner": lambda: owner_says(service, case, request),
        "family": lambda: family_says(service, case, request),
    }
    order = [first, *(turns.keys() - {first})]
    await turns[order[0]]()
    assert await level(service, case) == 0, f"the {order[0]}'s key alone"
    await turns[order[1]]()
    assert await level(service, case) == 3
    # Nobody else gains, nor does who asked for another purpose or about another category.
    assert await level(service, case, who=YOT) == 0
    assert await level(service, case, a_label("hill-school", "substance_use")) == 0
    assert await level(service, case, a_label("youth-offending", "mental_health")) == 0


async def test_the_familys_yes_alone_opens_nothing_even_where_an_agreement_would_let_it(
    service: ConsentService,
) -> None:
    """By default a permission reaches *full* for learning. An answer to a request waits for the owner."""
    case = fresh_case()
    request = await ask(service, case, asking(categories=["learning"]))
    assert await level(service, case, LEARNING) == 1
    await family_says(service, case, request)
    assert await level(service, case, LEARNING) == 1
    await owner_says(service, case, request)
    assert await level(service, case, LEARNING) == 3


async def test_both_open_no_more_than_each_of_them_gave(service: ConsentService) -> None:
    wide = asking(categories=["learning", "behaviour", "family"])
    behaviour, family_label = (a_label("hill-school", name) for name in ("behaviour", "family"))
    case = fresh_case()
    request = await ask(service, case, wide)
    await owner_says(service, case, request, categories=["learning", "behaviour"], level="summary")
    await family_says(service, case, request, categories=["learning", "family"])
    seen = await service.levels(HOUSING, a_case(case, LEARNING, behaviour, family_label))
    assert seen == [2, 1, 1], "existence is what the default rows give"


async def test_a_release_lifts_the_cap_of_an_agreement(service: ConsentService) -> None:
    """Young Citizens: the owner agreed to share contact at none, whatever the family says."""
    case, contact = fresh_case(), a_label("hill-school", "contact")
    stays = an_agreement(rows=[a_row(category="contact", base="none", mode="permission", cap="none")])
    await service.call(SCHOOL_OFFICER, "POST", "/agreements", stays)
    request = await ask(service, case, asking(categories=["contact"]))
    await family_says(service, case, request)
    assert await level(service, case, contact) == 0
    await owner_says(service, case, request)
    assert await level(service, case, contact) == 3


async def test_taking_either_key_back_shuts_on_the_next_call(service: ConsentService) -> None:
    for who in ("family", "owner"):
        case = fresh_case()
        request = await ask(service, case)
        consent = (await family_says(service, case, request))["consent"]
        await owner_says(service, case, request)
        assert await level(service, case) == 3
        slept = len(service.slept)
        if who == "owner":
            ended = await owner_says(service, case, request, "refused")
        else:
            ended = await service.withdraw(case, consent)
        assert service.slept[slept:] == [D]
        assert "enforced_at" in ended
        assert "takes_away" not in ended
        assert await level(service, case) == 0, who
        # The other key that is still turned opens nothing by itself, and the same key may be turned again.
        if who == "owner":
            await owner_says(service, case, request)
            assert await level(service, case) == 3


async def test_a_release_is_over_when_its_own_end_comes_or_the_familys(service: ConsentService) -> None:
    case = fresh_case()
    request = await ask(service, case)
    await owner_says(service, case, request, valid_until="2031-03-03T09:00:20Z")
    await family_says(service, case, request, valid_until="2031-03-03T09:00:30Z")
    seen = []
    for seconds in (18.999999, 0.000001, 5):
        service.clock.turn(seconds=seconds)
        seen.append(await level(service, case))
    assert seen == [3, 0, 0]


async def test_a_no_of_the_family_counts_at_once_and_is_like_any_other_refusal(
    service: ConsentService,
) -> None:
    case = fresh_case()
    await service.consent(case, a_share(categories=["learning"]))
    assert await level(service, case, LEARNING) == 3
    request = await ask(service, case, asking(categories=["learning"]))
    refused = await family_says(service, case, request, answer="refused")
    assert service.slept == [D]
    assert "enforced_at" in refused
    await owner_says(service, case, request)
    # What the family never decides about is left: existence, by the default rows.
    assert await level(service, case, LEARNING) == 1


async def test_an_exclusion_beats_both_keys(service: ConsentService) -> None:
    case = fresh_case()
    request = await ask(service, case)
    await owner_says(service, case, request)
    await family_says(service, case, request)
    await service.exclude(case, an_exclusion(categories=["mental_health"]))
    assert await level(service, case) == 0


async def test_a_competent_young_persons_yes_stands_in_the_place_of_a_parents_before_it_is_released(
    service: ConsentService,
) -> None:
    """Otherwise a narrower yes of the child, waiting for the owner, would leave the mother's wider one."""
    case = fresh_case()
    await service.consent(case, a_share(categories=["learning"]))
    request = await ask(service, case, asking(categories=["learning"], level="summary"))
    own: Any = {
        "giver": CHILD,
        "capacity": "young_person",
        "competence": {"judged_by": "Ada North", "reasons": "Understands."},
    }
    answered = await family_says(service, case, request, **own)
    assert "enforced_at" in answered
    assert await level(service, case, LEARNING) == 1
    await owner_says(service, case, request)
    assert await level(service, case, LEARNING) == 2


# --- what each side is told


async def test_each_side_sees_its_own_key_and_nobody_else_sees_the_request(service: ConsentService) -> None:
    case = fresh_case()
    request = await ask(service, case)
    await owner_says(service, case, request)

    async def one(who: Caller, relationship: str) -> tuple[Any, ...]:
        found = await listed(service, who, case, relationship)
        if not found:
            return ()
        [row] = found
        assert row["id"] == request
        return tuple(row["sides"]), row["state"], row["owner_answer"], row["family_answer"]

    waiting = (("asker",), "waiting", None, None)
    assert await one(HOUSING, "member") == waiting
    assert await one(HOUSING, "none") == waiting, "who asked"
    assert await one(HOUSING_MANAGER, "supervisor") == waiting
    assert await one(SCHOOL_MANAGER, "supervisor") == (("owner",), None, "released", None)
    assert await one(SCHOOL, "member") == (("owner",), None, "released", None)
    assert await one(YOT, "lead") == (("lead",), "waiting", None, None)
    assert await one(SCHOOL_LEAD, "lead") == (("owner", "lead"), "waiting", "released", None)
    colleague = Caller("hugo", "Hugo Berg", "city-housing", "practitioner")
    for nobody, relationship in (
        (YOT, "member"), (colleague, "none"), (VOLUNTEER, "member"), (SCHOOL, "none"),
        (HOUSING_OFFICER, "none"), (SCHOOL_OFFICER, "none"),
    ):  # fmt: skip
        assert await one(nobody, relationship) == (), nobody
    await family_says(service, case, request, by=YOT)
    assert await one(HOUSING, "member") == (("asker",), "granted", None, None)
    assert await one(SCHOOL_MANAGER, "supervisor") == (("owner",), None, "released", None)
    assert await one(YOT, "lead") == (("lead", "recorder"), "granted", None, "given")
    assert await one(YOT, "member") == (("recorder",), None, None, "given")


NOBODY_ASKED, OWNER_NO, FAMILY_NO, OWNER_YES, FAMILY_YES, BOTH_NO = (
    (), (("owner", "refused"),), (("family", "refused"),), (("owner", "released"),), (("family", "given"),),
    (("owner", "refused"), ("family", "refused")),
)  # fmt: skip


async def test_who_asked_cannot_tell_who_said_no_or_whether_the_family_was_asked(
    service: ConsentService,
) -> None:
    """Every history that ends in no grant gives the same bytes to who asked, before its day and after it."""
    seen, consents = set(), set()
    cases = []
    for history in (NOBODY_ASKED, OWNER_NO, FAMILY_NO, OWNER_YES, FAMILY_YES, BOTH_NO):
        case = fresh_case()
        request = await ask(service, case)
        cases.append(case)
        for side, answer in history:
            if side == "owner":
                await owner_says(service, case, request, answer)
            else:
                await family_says(service, case, request, answer=answer)
    for days in (0, ANSWER_DAYS):
        service.clock.turn(days=days)
        for case in cases:
            [row] = await listed(service, HOUSING, case)
            told = {n: v for n, v in row.items() if n not in ("id", "case", "asked_at", "answer_by")}
            seen.add((days, repr(sorted(told.items()))))
            consents.add(repr(await service.call(HOUSING, "POST", f"/cases/{case}/consents/list", reader())))
    assert len(seen) == 2, "one answer before the day, one after"
    assert {days for days, _ in seen} == {0, ANSWER_DAYS}
    assert ["'not_granted'" in told for days, told in sorted(seen) if days] == [True]
    assert consents == {"[]"}


async def test_what_was_granted_and_is_no_more_has_ended_whoever_ended_it(service: ConsentService) -> None:
    told = set()
    for who in ("owner", "family"):
        case = fresh_case()
        request = await ask(service, case)
        consent = (await family_says(service, case, request))["consent"]
        await owner_says(service, case, request)
        [seen] = await service.call(HOUSING, "POST", f"/cases/{case}/consents/list", reader())
        assert seen["id"] == consent, "a grant is seen by whom it names"
        service.clock.turn(seconds=1)
        await (
            owner_says(service, case, request, "refused")
            if who == "owner"
            else service.withdraw(case, consent)
        )
        [row] = await listed(service, HOUSING, case)
        told.add(row["state"])
        assert await service.call(HOUSING, "POST", f"/cases/{case}/consents/list", reader()) == []
    assert told == {"ended"}


async def test_an_agency_finds_what_it_asked_and_its_manager_what_it_was_asked(
    service: ConsentService,
) -> None:
    one, other = fresh_case(), fresh_case()
    reached = await ask(service, one)
    service.clock.turn(seconds=1)
    unreached = await ask(service, other, reaches_owner=False)

    async def found(who: Caller) -> list[str]:
        return [
            row["id"] for row in await service.call(who, "POST", "/sharing-requests/list", reader("none"))
        ]

    assert await found(HOUSING) == await found(HOUSING_MANAGER) == [reached, unreached]
    assert await found(SCHOOL_MANAGER) == [reached], "what is about somebody unknown to it does not reach it"
    assert await found(SCHOOL) == await found(YOT) == await found(VOLUNTEER) == []
    problem = await service.problem(
        SCHOOL_MANAGER, "POST", f"/cases/{other}/sharing-requests/{unreached}/owner-answer",
        {"answer": {"answer": "released", "reason": "x"}},
    )  # fmt: skip
    assert problem.kind == "not-found"


BY_DETAILS = {"person": {"name": "Kit Vale", "date_of_birth": "2019-05-14"}, "reference": "door book 17"}


async def test_a_request_by_details_answers_the_same_whomever_they_fit_and_tells_the_case_once_granted(
    service: ConsentService,
) -> None:
    case, answers = fresh_case(), []
    body = {name: value for name, value in {**asking(), **BY_DETAILS}.items() if name != "subject"}
    for found in (
        {"case": case, "subject": CHILD, "reaches_owner": True},
        {"case": case, "subject": CHILD, "reaches_owner": False},
        {"case": None, "subject": None, "reaches_owner": False},
    ):
        answers.append(
            await service.call(HOUSING, "POST", "/sharing-requests", {"sharing_request": body, **found})
        )
    assert [answer.keys() for answer in answers] == [{"id", "state", "answer_by"}] * 3
    rows = await service.call(HOUSING, "POST", "/sharing-requests/list", reader("none"))
    hidden = {"id"}
    assert len({repr({n: v for n, v in row.items() if n not in hidden}) for row in rows}) == 1
    assert (rows[0]["case"], rows[0]["subject"], rows[0]["reference"]) == (None, None, "door book 17")
    [asked] = await service.call(SCHOOL_MANAGER, "POST", "/sharing-requests/list", reader("none"))
    assert (asked["case"], asked["subject"], asked["reference"]) == (case, CHILD, None)
    request = answers[0]["id"]
    path = f"/sharing-requests/{request}/owner-answer"
    await service.call(SCHOOL_MANAGER, "POST", path, {"answer": {"answer": "released", "reason": "Known."}})
    await family_says(service, case, request)
    [granted] = [
        row
        for row in await service.call(HOUSING, "POST", "/sharing-requests/list", reader("none"))
        if row["id"] == request
    ]
    assert (granted["state"], granted["case"], granted["subject"]) == ("granted", case, CHILD)
    # The details themselves are kept nowhere.
    assert "Kit Vale" not in repr(service.select("SELECT * FROM sharing_requests"))


# --- what is refused


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"owner": "nobody-knows"}, "owner", "not in the partnership"),
        ({"owner": "city-housing"}, "owner", "own agency"),
        ({"owner": "City Housing"}, "sharing_request.owner", "pattern"),
        ({"categories": []}, "sharing_request.categories", "at least 1"),
        ({"categories": ["horoscope"]}, "sharing_request.categories.0", "Input should be"),
        ({"categories": ["mental_health", "learning"]}, "sharing_request.categories", "on its own"),
        ({"level": "none"}, "sharing_request.level", "Input should be"),
        ({"purpose": "enforcement"}, "sharing_request.purpose", "Input should be"),
        ({"valid_until": "2031-03-03T09:00:00Z"}, "valid_until", "over already"),
        ({"valid_until": "2032-06-01T00:00:00Z"}, "valid_until", "within a year"),
        ({"reason": " "}, "sharing_request.reason", ""),
        ({"subject": "kit"}, "sharing_request.subject", "Send an id"),
        ({"more": 1}, "sharing_request.more", ""),
    ],
)
async def test_a_request_that_cannot_be_is_refused_by_field(
    service: ConsentService, changes: Json, field: str, says: str
) -> None:
    before = service.rows()
    content = {"sharing_request": asking(**changes), "reaches_owner": True}
    problem = await service.problem(HOUSING, "POST", f"/cases/{fresh_case()}/sharing-requests", content)
    assert (problem.kind, problem.errors[0].field) == ("invalid", field)
    assert says in problem.errors[0].message
    assert service.rows() == before


async def test_only_the_owners_manager_turns_the_owners_key(service: ConsentService) -> None:
    case = fresh_case()
    request = await ask(service, case)
    content = {"answer": {"answer": "released", "reason": "x"}}
    before = service.rows()
    for path in (f"/cases/{case}/sharing-requests/{request}", f"/sharing-requests/{request}"):
        for who, kind in (
            (SCHOOL, "forbidden"), (SCHOOL_OFFICER, "forbidden"), (HOUSING, "not-found"),
            (HOUSING_MANAGER, "not-found"), (YOT, "not-found"),
        ):  # fmt: skip
            assert (await service.problem(who, "POST", f"{path}/owner-answer", content)).kind == kind, who
    for elsewhere in (fresh_case(), "not-an-id"):
        path = f"/cases/{elsewhere}/sharing-requests/{request}/owner-answer"
        assert (await service.problem(SCHOOL_MANAGER, "POST", path, content)).kind == "not-found"
    for unknown in (new_id(), "not-an-id", request.upper()):
        path = f"/cases/{case}/sharing-requests/{unknown}/owner-answer"
        assert (await service.problem(SCHOOL_MANAGER, "POST", path, content)).kind == "not-found"
    assert service.rows() == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"categories": ["mental_health", "learning"]}, "categories"),
        ({"categories": ["learning"]}, "categories"),
        ({"valid_until": "2031-07-01T00:00:00Z"}, "valid_until"),
        ({"valid_until": "2031-03-03T09:00:00Z"}, "valid_until"),
        ({"level": "full"}, "level"),
    ],
)
async def test_neither_side_gives_more_than_was_asked(
    service: ConsentService, changes: Json, field: str
) -> None:
    case = fresh_case()
    request = await ask(service, case, asking(level="summary"))
    path = f"/cases/{case}/sharing-requests/{request}"
    before = service.rows()
    content = {"answer": {"answer": "released", "reason": "x", **changes}}
    problem = await service.problem(SCHOOL_MANAGER, "POST", f"{path}/owner-answer", content)
    assert (problem.kind, problem.errors[0].field) == ("invalid", field)
    problem = await service.problem(SCHOOL, "POST", f"{path}/family-answer", family_content(**changes))
    assert (problem.kind, problem.errors[0].field) == ("invalid", field)
    assert service.rows() == before


async def test_the_familys_answer_is_held_to_what_every_consent_is(service: ConsentService) -> None:
    """Authority, the right subject, evidence where it benefits the recorder, and a recorder who may know."""
    case = fresh_case()
    request = await ask(service, case)
    path = f"/cases/{case}/sharing-requests/{request}/family-answer"
    before = service.rows()

    async def refused(who: Caller = SCHOOL, relationship: str = "lead", **changes: Any) -> tuple[str, str]:
        problem = await service.problem(who, "POST", path, family_content(relationship, **changes))
        return problem.kind, problem.errors[0].field if problem.errors else ""

    assert await refused(capacity="attorney") == ("invalid", "capacity")
    assert await refused(giver=CHILD, capacity="young_person") == ("invalid", "capacity")
    assert await refused(subject=MOTHER, giver=MOTHER, capacity="adult") == ("invalid", "subject")
    verbal = {"form": "verbal"}
    assert await refused(HOUSING, "member", evidence=verbal) == ("forbidden", "")
    assert await refused(YOT, "member") == ("not-found", "")
    assert await refused(HOUSING_MANAGER, "supervisor") == ("forbidden", "")
    assert await refused(VOLUNTEER, "member") == ("not-found", "")
    assert service.rows() == before
    unsaid = family_content()
    del unsaid["answer"]["evidence"]
    problem = await service.problem(SCHOOL, "POST", path, unsaid)
    assert problem.errors[0].field == "answer.evidence"
    await family_says(service, case, request, by=HOUSING)
    stored = service.select("SELECT kind, answer, giver, recorded_by, sharing_request FROM consents")
    assert stored == [("share", "given", MOTHER, "hanna", request)]


async def test_a_giver_answers_once_and_another_may_answer_too(service: ConsentService) -> None:
    case = fresh_case()
    request = await ask(service, case)
    await owner_says(service, case, request)
    consent = (await family_says(service, case, request))["consent"]
    path = f"/cases/{case}/sharing-requests/{request}/family-answer"
    assert (await service.problem(SCHOOL, "POST", path, family_content())).kind == "conflict"
    service.clock.turn(seconds=1)
    await family_says(service, case, request, giver=FATHER, answer="refused")
    assert await level(service, case) == 0, "one of them refused"
    [row] = await listed(service, HOUSING, case)
    assert row["state"] == "ended"
    await service.withdraw(case, consent)
    await family_says(service, case, request)
    assert await level(service, case) == 0


async def test_after_its_day_a_request_is_answered_no_more_but_can_be_taken_back(
    service: ConsentService,
) -> None:
    case = fresh_case()
    open_, granted = await ask(service, case), await ask(service, case)
    await owner_says(service, case, granted)
    service.clock.turn(days=ANSWER_DAYS)
    path = f"/cases/{case}/sharing-requests/{open_}"
    for answer in ("released", "refused"):
        content = {"answer": {"answer": answer, "reason": "x"}}
        assert (
            await service.problem(SCHOOL_MANAGER, "POST", f"{path}/owner-answer", content)
        ).kind == "conflict"
    assert (
        await service.problem(SCHOOL, "POST", f"{path}/family-answer", family_content())
    ).kind == "conflict"
    assert "enforced_at" in await owner_says(service, case, granted, "refused")


async def test_a_released_request_is_not_released_twice(service: ConsentService) -> None:
    case = fresh_case()
    request = await ask(service, case)
    await owner_says(service, case, request)
    path = f"/cases/{case}/sharing-requests/{request}/owner-answer"
    content = {"answer": {"answer": "released", "reason": "x"}}
    assert (await service.problem(SCHOOL_MANAGER, "POST", path, content)).kind == "conflict"
    narrower = {"answer": {"answer": "refused", "reason": "x", "level": "summary"}}
    assert (await service.problem(SCHOOL_MANAGER, "POST", path, narrower)).kind == "invalid"


async def test_a_replayed_answer_is_given_once(service: ConsentService) -> None:
    case = fresh_case()
    request = await ask(service, case)
    path = f"/cases/{case}/sharing-requests/{request}/family-answer"
    first = await service.call(SCHOOL, "POST", path, family_content(), key="k")
    assert await service.call(SCHOOL, "POST", path, family_content(), key="k") == first
    assert service.rows()["consents"] == 1
    content = {"consent": a_share(), "family": family()}
    assert (await service.call(SCHOOL, "POST", f"/cases/{case}/consents", content))["id"]
    assert service.select("SELECT count(*) FROM consents WHERE sharing_request IS NULL") == [(1,)]


async def test_asking_and_answering_change_the_facts_version_only_where_a_fact_changed(
    service: ConsentService,
) -> None:
    case = fresh_case()

    async def version() -> str:
        answer = await service.decide(HOUSING, a_case(case, MENTAL, PLAN))
        [receipt] = [r for r in service.receipts() if r["id"] == answer["receipt"]]
        return str(receipt["facts_version"])

    first = await version()
    request = await ask(service, case)
    assert await version() == first
    await owner_says(service, case, request)
    released = await version()
    assert released != first
    await owner_says(service, case, request, "refused")
    assert await version() not in (first, released)
