"""Receipts that would tip off or locate are held back from the family, and no gap shows (design 3.4)."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.consent.holds.lifecycle import (
    LONGEST_UNTIL_REVIEW,
    WAITS_FOR_A_SECOND_PERSON,
    State,
    cannot_confirm,
    cannot_propose,
    cannot_review,
    unfit_review_day,
)
from shared.identity import Caller
from shared.ids import NOWHERE, new_id
from tests.consent.service import (
    CHILD,
    HOUSING,
    HOUSING_OFFICER,
    SCHOOL_OFFICER,
    ConsentService,
    Json,
    a_case,
    a_label,
    fresh_case,
)
from tests.consent.test_disclosures import PARENT, PERSON, read

pytestmark = pytest.mark.anyio

PLAN = a_label("hill-school", "plan", entries=["e-1"])
GUARD = Caller("gita", "Gita Berg", "city-housing", "safeguarding_lead")
SECOND = Caller("sven", "Sven Berg", "city-housing", "safeguarding_lead")
REVIEW_ON = "2031-04-01"


@dataclass
class Looked:
    """A case that housing looked at, and the receipt of that."""

    service: ConsentService
    case: str
    receipt: str

    async def hold(self, who: Caller = GUARD, *, key: str | None = None, **changes: Any) -> Json:
        body = {"reason": "It would tell him where she is", "review_on": REVIEW_ON, **changes}
        answer: Json = await self.service.call(who, "POST", f"/receipts/{self.receipt}/holds", body, key=key)
        return answer

    async def on(self, hold: str, what: str, who: Caller, body: Json | None = None) -> Json:
        path = f"/receipts/{self.receipt}/holds/{hold}/{what}"
        answer: Json = await self.service.call(who, "POST", path, body)
        return answer

    async def refused(self, hold: str, what: str, who: Caller, body: Json | None = None) -> str:
        path = f"/receipts/{self.receipt}/holds/{hold}/{what}"
        return (await self.service.problem(who, "POST", path, body)).kind

    async def not_proposed(self, who: Caller) -> tuple[str, bool]:
        """How a proposal is refused, and whether it says that another person makes it."""
        body = {"reason": "Again", "review_on": REVIEW_ON}
        problem = await self.service.problem(who, "POST", f"/receipts/{self.receipt}/holds", body)
        return problem.kind, "another safeguarding lead" in problem.detail

    async def family_reads(self) -> list[str]:
        """The receipts that the child reads, checked to be those that the parent reads."""
        own = (await read(self.service, PERSON, CHILD, kind="person"))["disclosures"]
        asked: Any = {"kind": "person", "related": {CHILD: "parent"}}
        theirs = (await read(self.service, PARENT, CHILD, **asked))["disclosures"]
        assert own == theirs
        of_case = (await read(self.service, PERSON, self.case))["disclosures"]
        assert of_case == own
        return [row["id"] for row in own]

    async def listed(self, who: Caller = HOUSING_OFFICER, *, overdue: bool = False) -> list[Json]:
        ask = {"overdue": overdue, "after": None, "limit": 10}
        answer: Json = await self.service.call(who, "POST", "/holds/list", ask)
        holds: list[Json] = answer["holds"]
        return holds


@pytest.fixture
async def looked(service: ConsentService) -> Looked:
    case = fresh_case()
    return Looked(service, case, (await service.decide(HOUSING, a_case(case, PLAN)))["receipt"])


async def test_what_is_held_back_the_family_does_not_read_from_then_on(looked: Looked) -> None:
    assert await looked.family_reads() == [looked.receipt]
    held = await looked.hold()
    assert held == {"id": held["id"], "enforced_at": "2031-03-03T09:00:01.000000Z"}
    assert looked.service.slept == [1.0]
    assert await looked.family_reads() == []
    await looked.on(held["id"], "confirmation", SECOND)
    looked.service.clock.turn(days=90)
    assert await looked.family_reads() == []
    await looked.on(held["id"], "ending", HOUSING_OFFICER, {"reason": "She has moved again"})
    assert await looked.family_reads() == [looked.receipt]


async def test_to_nobody_else_anything_changes(looked: Looked) -> None:
    def without_reads(answer: Json) -> list[Json]:
        return [row for row in answer["disclosures"] if row["deed"] is None]

    officers = (SCHOOL_OFFICER, HOUSING_OFFICER)
    before = [without_reads(await read(looked.service, who, looked.case)) for who in officers]
    await looked.hold()
    after = [without_reads(await read(looked.service, who, looked.case)) for who in officers]
    assert before == after
    assert [len(rows) for rows in after] == [1, 1]


async def test_without_a_second_person_it_lapses(looked: Looked) -> None:
    held = (await looked.hold())["id"]
    looked.service.clock.turn(days=WAITS_FOR_A_SECOND_PERSON, seconds=-2)
    assert await looked.family_reads() == []
    looked.service.clock.turn(seconds=1)
    assert await looked.family_reads() == [looked.receipt]
    assert await looked.refused(held, "confirmation", SECOND) == "conflict"
    assert await looked.listed() == []


async def test_after_a_proposal_that_nobody_confirmed_another_person_proposes_it(looked: Looked) -> None:
    """Fails when one person keeps it from the family by proposing it again and again, whether it lapsed or
    they ended it themselves a moment before."""
    last = timedelta(days=WAITS_FOR_A_SECOND_PERSON)
    await looked.hold()
    looked.service.clock.turn(days=last.days)
    assert await looked.not_proposed(GUARD) == ("forbidden", True)
    second = (await looked.hold(SECOND))["id"]
    await looked.on(second, "ending", SECOND, {"reason": "A moment before it lapses"})
    assert await looked.family_reads() == [looked.receipt]
    for who in (GUARD, SECOND):
        assert (await looked.not_proposed(who))[0] == "forbidden"
    third = (await looked.hold(HOUSING_OFFICER))["id"]
    assert await looked.family_reads() == []
    await looked.on(third, "confirmation", GUARD)
    looked.service.clock.turn(days=last.days)
    assert await looked.family_reads() == []
    await looked.on(third, "ending", GUARD, {"reason": "It is over"})
    assert (await looked.not_proposed(GUARD))[0] == "forbidden"
    assert (await looked.hold(HOUSING_OFFICER))["id"] != third, "hers was confirmed"


async def test_nobody_of_whom_the_receipt_tells_proposes_it_a_second_time(service: ConsentService) -> None:
    case = fresh_case()
    by_guard = Caller(GUARD.user, GUARD.name, GUARD.agency, "practitioner")
    looked = Looked(service, case, (await service.decide(by_guard, a_case(case, PLAN)))["receipt"])
    herself = Caller("cara", "Cara Berg", GUARD.agency, "safeguarding_lead", person=CHILD)
    await looked.hold(SECOND)
    service.clock.turn(days=WAITS_FOR_A_SECOND_PERSON)
    for who in (GUARD, herself, SECOND):
        assert (await looked.not_proposed(who))[0] == "forbidden", who
    await looked.hold(HOUSING_OFFICER)


async def test_whoever_may_confirm_it_is_alerted_while_it_waits_and_nobody_else(
    service: ConsentService,
) -> None:
    """The alert names no case: of which one the receipt speaks a safeguarding lead is not told."""
    case = fresh_case()
    by_other = Caller("lena", "Lena Berg", GUARD.agency, "practitioner")
    looked = Looked(service, case, (await service.decide(by_other, a_case(case, PLAN)))["receipt"])
    left = replace(GUARD, user="lena")
    manager, elsewhere = replace(GUARD, role="team_manager"), replace(SECOND, agency="hill-school")

    async def told(who: Caller) -> list[tuple[str, bool]]:
        ask = {"purpose": "oversight", "reason": None, "after": None, "limit": 10}
        found = (await service.call(who, "POST", "/alerts", ask))["alerts"]
        return [(alert["kind"], alert["case"] == case) for alert in found]

    held = (await looked.hold())["id"]
    for who in (SECOND, HOUSING_OFFICER):
        assert await told(who) == [("hold_to_confirm", False)], who
    for who in (GUARD, left, manager, elsewhere, SCHOOL_OFFICER):
        assert await told(who) == [], who
    await looked.on(held, "confirmation", SECOND)
    assert await told(HOUSING_OFFICER) == []
    await looked.on(held, "ending", SECOND, {"reason": "Over"})
    await looked.hold(HOUSING_OFFICER)
    assert len(await told(SECOND)) == 1
    service.clock.turn(days=WAITS_FOR_A_SECOND_PERSON)
    assert await told(SECOND) == []


async def test_the_second_person_is_another_one_and_not_who_left_the_receipt(service: ConsentService) -> None:
    case = fresh_case()
    by_guard = Caller(GUARD.user, GUARD.name, GUARD.agency, "practitioner")
    receipt = (await service.decide(by_guard, a_case(case, PLAN)))["receipt"]
    looked = Looked(service, case, receipt)
    held = (await looked.hold(SECOND))["id"]
    people = (HOUSING_OFFICER, SECOND, GUARD)
    may = [(await looked.listed(who))[0]["may"] for who in people]
    assert may == [["confirm", "end"], ["end"], ["end"]]
    assert await looked.refused(held, "confirmation", SECOND) == "forbidden"
    assert await looked.refused(held, "confirmation", GUARD) == "forbidden"
    await looked.on(held, "confirmation", HOUSING_OFFICER)
    assert await looked.refused(held, "confirmation", HOUSING_OFFICER) == "conflict"
    may = [(await looked.listed(who))[0]["may"] for who in people]
    assert may == [["review", "end"], ["end"], ["end"]]
    again = {"reason": "Still there", "review_on": "2031-05-01"}
    for who in (SECOND, GUARD):
        assert await looked.refused(held, "review", who, again) == "forbidden"
    await looked.on(held, "review", HOUSING_OFFICER, again)


async def test_other_agencies_receipts_are_no_receipts_here(looked: Looked) -> None:
    """Hidden, absent and malformed: another agency's receipt, none, and no id at all."""
    held = (await looked.hold())["id"]
    elsewhere = Caller("ella", "Ella Hill", "hill-school", "safeguarding_lead")
    body = {"reason": "Curious", "review_on": REVIEW_ON}
    answers = set()
    for who, receipt in ((elsewhere, looked.receipt), (elsewhere, new_id()), (GUARD, "x"), (GUARD, NOWHERE)):
        problem = await looked.service.problem(who, "POST", f"/receipts/{receipt}/holds", body)
        answers.add((problem.kind, problem.detail))
    for receipt, hold in ((looked.receipt, new_id()), (looked.receipt, "x"), (new_id(), held)):
        for what, content in (("confirmation", None), ("review", body), ("ending", {"reason": "x"})):
            path = f"/receipts/{receipt}/holds/{hold}/{what}"
            problem = await looked.service.problem(SECOND, "POST", path, content)
            answers.add((problem.kind, problem.detail))
    problem = await looked.service.problem(
        elsewhere, "POST", f"/receipts/{looked.receipt}/holds/{held}/ending", {"reason": "x"}
    )
    answers.add((problem.kind, problem.detail))
    assert len(answers) == 1
    assert answers.pop()[0] == "not-found"
    assert await looked.listed(SCHOOL_OFFICER) == []


async def test_a_receipt_is_held_back_once_at_a_time_and_a_request_counts_once(looked: Looked) -> None:
    first = await looked.hold(key="k-1")
    assert (await looked.hold(key="k-1"))["id"] == first["id"]
    body = {"reason": "Again", "review_on": REVIEW_ON}
    problem = await looked.service.problem(SECOND, "POST", f"/receipts/{looked.receipt}/holds", body)
    assert problem.kind == "conflict"
    await looked.on(first["id"], "ending", GUARD, {"reason": "Over"})
    for what, content in (("confirmation", None), ("review", body), ("ending", {"reason": "x"})):
        assert await looked.refused(first["id"], what, SECOND, content) == "conflict"
    assert (await looked.hold(SECOND))["id"] != first["id"]


@pytest.mark.parametrize(
    "day, field",
    [("2031-03-03", "review_on"), ("2030-01-01", "review_on"), ("2031-09-03", "review_on"),
     ("soon", "hold.review_on"), (None, "hold.review_on")],
)  # fmt: skip
async def test_it_is_looked_at_again_on_a_day_to_come_within_six_months(
    looked: Looked, day: Any, field: str
) -> None:
    body = {"reason": "Why", "review_on": day}
    problem = await looked.service.problem(GUARD, "POST", f"/receipts/{looked.receipt}/holds", body)
    assert problem.kind == "invalid"
    assert [error.field for error in problem.errors] == [field.removeprefix("hold.")]
    assert looked.service.rows()["holds"] == 0


async def test_what_is_overdue_goes_on_and_is_listed(looked: Looked) -> None:
    held = (await looked.hold())["id"]
    await looked.on(held, "confirmation", SECOND)
    [listed] = await looked.listed()
    assert listed == {
        "id": held,
        "receipt": looked.receipt,
        "reason": "It would tell him where she is",
        "review_on": REVIEW_ON,
        "overdue": False,
        "proposed_at": "2031-03-03T09:00:00.000000Z",
        "proposed_by": "gita",
        "proposed_by_name": "Gita Berg",
        "lapses_at": None,
        "confirmed_at": "2031-03-03T09:00:01.000000Z",
        "confirmed_by": "sven",
        "confirmed_by_name": "Sven Berg",
        "reviews": [],
        "may": ["review", "end"],
    }
    looked.service.clock.at = datetime(2031, 4, 1, 23, 59, tzinfo=UTC)
    assert await looked.listed(overdue=True) == []
    looked.service.clock.at = datetime(2031, 4, 2, tzinfo=UTC)
    [overdue] = await looked.listed(overdue=True)
    assert overdue["overdue"] is True
    assert await looked.family_reads() == []
    body = {"reason": "He still asks", "review_on": "2031-06-01"}
    await looked.on(held, "review", HOUSING_OFFICER, body)
    assert await looked.listed(overdue=True) == []
    [reviewed] = await looked.listed(GUARD)
    assert (reviewed["review_on"], reviewed["reviews"]) == (
        "2031-06-01",
        [
            {
                "review_on": REVIEW_ON,
                "reviewed_at": "2031-04-02T00:00:00.000000Z",
                "reviewed_by": "omar",
                "reason": "He still asks",
            }
        ],
    )


async def test_a_hold_that_nobody_confirmed_is_not_reviewed(looked: Looked) -> None:
    held = (await looked.hold())["id"]
    body = {"reason": "x", "review_on": "2031-05-01"}
    assert await looked.refused(held, "review", HOUSING_OFFICER, body) == "conflict"


async def test_the_list_is_paged_by_the_day_of_review(service: ConsentService) -> None:
    case, days = fresh_case(), ["2031-04-03", "2031-04-01", "2031-04-02", "2031-04-01", "2031-04-05"]
    for day in days:
        receipt = (await service.decide(HOUSING, a_case(case, PLAN)))["receipt"]
        await Looked(service, case, receipt).hold(review_on=day)
    for limit in (1, 2, 3, 5, 9):
        found, after = list[str](), None
        while True:
            ask = {"overdue": False, "after": after, "limit": limit}
            page = await service.call(GUARD, "POST", "/holds/list", ask)
            found += [hold["review_on"] for hold in page["holds"]]
            after = page["after"]
            if after is None:
                break
        assert found == sorted(days), limit


async def test_no_gap_shows_in_any_page(service: ConsentService) -> None:
    """Noninterference: with half of it held back the family gets what they would get had it never been."""
    other = "22222222-2222-4222-8222-222222222222"
    case, twin = fresh_case(), fresh_case()
    about_other = {**PLAN, "subjects": [other]}
    for number in range(12):
        receipt = (await service.decide(HOUSING, a_case(case, PLAN)))["receipt"]
        if number % 2:
            await Looked(service, case, receipt).hold()
            service.clock.turn(seconds=-1)
        else:
            await service.decide(HOUSING, a_case(twin, about_other))
        service.clock.turn(seconds=5)

    async def pages(limit: int, person: str, who: Caller) -> list[Any]:
        found, after = list[Any](), None
        while True:
            page = await read(service, who, person, kind="person", after=after, limit=limit)
            after = page["after"]
            rows = [{**row, "id": "", "about": ""} for row in page["disclosures"]]
            found.append((rows, None if after is None else after[0]))
            if after is None:
                return found

    mother = Caller("mum", "Mum", "the-family", "family_member", person=other)
    for limit in (1, 2, 3, 6, 50):
        assert await pages(limit, CHILD, PERSON) == await pages(limit, other, mother), limit
        assert sum(len(rows) for rows, _ in await pages(limit, CHILD, PERSON)) == 6


async def test_the_ledger_is_whole_with_holds_in_it(looked: Looked) -> None:
    held = (await looked.hold())["id"]
    await looked.on(held, "confirmation", SECOND)
    assert looked.service.faults() == []


AT = datetime(2031, 3, 3, 9, tzinfo=UTC)


def test_a_proposal_holds_for_three_days_and_a_confirmed_one_until_it_is_ended() -> None:
    proposed = State(left_by="a", proposed_at=AT, proposed_by="b", confirmed=False, ended=False)
    last = AT + timedelta(days=3)
    assert proposed.is_in_force(last - timedelta(microseconds=1))
    assert not proposed.is_in_force(last)
    confirmed = State(left_by="a", proposed_at=AT, proposed_by="b", confirmed=True, ended=False)
    assert confirmed.is_in_force(AT + timedelta(days=4_000))
    for was_confirmed in (True, False):
        assert not State("a", AT, "b", was_confirmed, ended=True).is_in_force(AT)


def test_who_may_propose_again() -> None:
    assert [user for user in "abc" if cannot_propose(user, set(), {"a"}) is None] == ["a", "b", "c"]
    assert [user for user in "abc" if cannot_propose(user, {"b"}, {"a"}) is None] == ["c"]


def test_who_may_confirm_and_review() -> None:
    state = State(left_by="a", proposed_at=AT, proposed_by="b", confirmed=False, ended=False)
    assert [user for user in "abc" if cannot_confirm(state, user) is None] == ["c"]
    assert [user for user in "abc" if cannot_review(state, user) is None] == ["c"]


def test_a_day_of_review_lies_ahead_and_not_too_far() -> None:
    fits = [days for days in range(-5, 400) if unfit_review_day(AT.date() + timedelta(days=days), AT) is None]
    assert fits == list(range(1, LONGEST_UNTIL_REVIEW + 1))
    assert unfit_review_day(date(2031, 3, 4), AT) is None
