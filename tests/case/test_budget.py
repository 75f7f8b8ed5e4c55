"""Money is never lost and never made, whoever reaches for it at once (design 5.2, a state machine).

Three changes that make this fail: reading a balance before writing it, leaving the rest of a purchase bound
when it cost less, letting whoever ordered something sign it.
"""

import asyncio
from collections import Counter
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from services.case.budget import operations, repository
from services.case.budget.tables import BudgetAllocation, BudgetPurchase
from services.case.budget_streams import repository as streams
from services.case.budget_streams.operations import close_stream, open_stream
from services.case.budget_streams.tables import BudgetStream
from services.case.cases.operations import open_case
from shared.database import WriteSession, open_store
from shared.idempotency import WriteRequest
from shared.identity import Caller
from shared.records.budget import (
    AllocationToStore,
    MoneyReason,
    MoneyReturn,
    NewPurchase,
    NewStream,
    PurchaseKind,
    Spending,
)
from shared.records.cases import NewCase, TeamPost
from tests.case.conftest import HOUSING, SCHOOL, YOT, CaseService, Json
from tests.case.machines import Machine, check_the_mix, run
from tests.conftest import Databases

GIVER = Caller("meera", "Meera Shah", "northgate-school", "team_manager")
OTHER_GIVER = Caller("omar", "Omar", "city-housing", "team_manager")
HOLDER_WHO_MANAGES = Caller("meera", "Meera Shah", "youth-offending", "practitioner")
PEOPLE = (GIVER, OTHER_GIVER, YOT, HOLDER_WHO_MANAGES, SCHOOL, HOUSING)

pence = st.sampled_from((1, 100, 250, 299, 301, 301, 400, 400, 800, 801))
people = st.sampled_from((*PEOPLE, GIVER, GIVER, YOT, YOT, YOT))
answering = st.sampled_from((GIVER, GIVER, GIVER, GIVER, OTHER_GIVER, YOT))
holding = st.sampled_from((YOT, YOT, YOT, YOT, GIVER, HOLDER_WHO_MANAGES, SCHOOL))
kinds = st.sampled_from((*[PurchaseKind.HOUSEHOLD] * 5, PurchaseKind.TRAVEL))
numbers = st.integers(0, 9)


class Budget(Machine):
    """Anybody tries anything with the money of a case."""

    @initialize(total=st.integers(1_000, 5_000))
    def money(self, total: int) -> None:
        rules = NewStream(
            name="Fund", total_pence=total, may_buy=(PurchaseKind.HOUSEHOLD,),
            most_per_purchase_pence=800, second_signature_above_pence=300,
            most_per_case_pence=total // 2 + 500,
        )  # fmt: skip
        self.stream: str = self.must(GIVER, open_stream, rules)["id"]
        self.most, self.elsewhere = total // 2 + 500, 0
        opening = NewCase(person=self.another_person(), reason="Help", opener=TeamPost(job_title="Teacher"))
        self.other_case: str = self.must(SCHOOL, open_case, opening)["id"]
        self.total, self.purchases, self.waiting = total, list[str](), list[str]()
        new = AllocationToStore(
            stream=self.stream, amount_pence=total // 2, purpose="A bed", held_by=YOT.agency
        )
        self.allocations: list[str] = [self.must(GIVER, operations.allocate, self.case, new)["id"]]

    @rule(who=st.sampled_from(PEOPLE), amount=pence)
    def allocate(self, who: Caller, amount: int) -> None:
        new = AllocationToStore(stream=self.stream, amount_pence=amount, purpose="A bed", held_by=YOT.agency)
        made = self.attempt(who, operations.allocate, self.case, new)
        if made is not None:
            assert who.agency == GIVER.agency
            self.allocations.append(made["id"])

    @rule(amount=pence)
    def allocate_to_another_case(self, amount: int) -> None:
        """The limit is each case's own: what one has takes nothing of another's."""
        new = AllocationToStore(stream=self.stream, amount_pence=amount, purpose="A bed", held_by=YOT.agency)
        made = self.attempt(GIVER, operations.allocate, self.other_case, new)
        self.elsewhere += 0 if made is None else amount

    @rule(who=people, number=numbers, amount=pence, kind=kinds)
    def order(self, who: Caller, number: int, amount: int, kind: PurchaseKind) -> None:
        allocation = self.allocations[number % len(self.allocations)]
        new = NewPurchase(
            allocation=allocation, kind_of_purchase=kind, what="A bed", amount_pence=amount, wish="A bed",
            departs_from_wish=False,
        )  # fmt: skip
        made = self.attempt(who, operations.order, self.case, new)
        if made is not None:
            assert (who.agency, kind) == (YOT.agency, PurchaseKind.HOUSEHOLD)
            assert amount <= 800
            assert made["status"] == ("awaiting_signature" if amount > 300 else "committed")
            self.purchases.append(made["id"])
            if amount > 300:
                self.waiting.append(made["id"])

    def is_offered(self, who: Caller, entry: str, what: str) -> bool:
        """What is offered of the money is what is not refused, whatever the amount."""
        with WriteSession(self.engine) as session:
            return what in operations.money(session, who, self.case)["may"][entry]

    def chosen(self, number: int) -> str:
        return self.purchases[number % len(self.purchases)]

    @precondition(lambda self: self.waiting)
    @rule(who=answering)
    def sign(self, who: Caller) -> None:
        offered = self.is_offered(who, self.waiting[-1], "signature")
        done = self.attempt(who, operations.sign, self.case, self.waiting[-1])
        assert done is None or who == GIVER
        assert (done is not None) == offered

    @precondition(lambda self: self.waiting)
    @rule(who=answering)
    def refuse(self, who: Caller) -> None:
        no = MoneyReason(reason="No")
        offered = self.is_offered(who, self.waiting[-1], "refusal")
        done = self.attempt(who, operations.refuse, self.case, self.waiting[-1], no)
        assert done is None or who == GIVER
        assert (done is not None) == offered

    @rule(who=answering, number=numbers, amount=st.sampled_from((301, 400)), yes=st.booleans())
    def order_above_the_limit_and_answer(self, who: Caller, number: int, amount: int, yes: bool) -> None:
        """Money must be there before anything waits for an answer: by chance alone that is rare."""
        waited = len(self.waiting)
        self.order(YOT, number, amount, PurchaseKind.HOUSEHOLD)
        if len(self.waiting) > waited:
            answer = self.sign if yes else self.refuse
            answer(who)

    @precondition(lambda self: self.purchases)
    @rule(who=holding, number=numbers, amount=pence)
    def spend(self, who: Caller, number: int, amount: int) -> None:
        spending = Spending(spent_pence=amount)
        offered = self.is_offered(who, self.chosen(number), "spending")
        done = self.attempt(who, operations.spend, self.case, self.chosen(number), spending)
        assert done is None or offered
        assert done is None or who.agency == YOT.agency or who == GIVER

    @precondition(lambda self: self.purchases)
    @rule(who=holding, number=numbers)
    def release(self, who: Caller, number: int) -> None:
        reason = MoneyReason(reason="No")
        offered = self.is_offered(who, self.chosen(number), "release")
        done = self.attempt(who, operations.release, self.case, self.chosen(number), reason)
        assert (done is not None) == offered
        assert done is None or who.agency == YOT.agency or who == GIVER

    @rule(who=people, number=numbers, amount=pence)
    def give_back(self, who: Caller, number: int, amount: int) -> None:
        allocation = self.allocations[number % len(self.allocations)]
        back = MoneyReturn(amount_pence=amount)
        offered = self.is_offered(who, allocation, "return")
        done = self.attempt(who, operations.give_back, self.case, allocation, back)
        assert done is None or offered
        assert done is None or who.agency == GIVER.agency

    @rule(who=people, number=numbers)
    def close(self, who: Caller, number: int) -> None:
        if number == 0:
            self.attempt(who, close_stream, self.stream)

    @invariant()
    def money_is_conserved(self) -> None:
        if not hasattr(self, "stream"):
            return
        with WriteSession(self.engine) as session:
            stream = streams.find(session, self.stream)
            allocations = repository.allocations_of(session, self.case)
            purchases = repository.purchases_of(session, self.case)
        assert stream is not None
        assert 0 <= stream.allocated <= stream.total == self.total
        has = sum(one.allocated for one in allocations)
        assert stream.allocated == has + self.elsewhere
        assert max(has, self.elsewhere) <= self.most, "a case has more than the stream gives to one"
        for one in allocations:
            bought = [purchase for purchase in purchases if purchase.allocation == one.id]
            bound = sum(p.amount for p in bought if p.state in ("committed", "awaiting_signature"))
            assert (one.committed, one.spent) == (bound, sum(p.spent for p in bought))
            assert one.free >= 0
            assert one.allocated == one.committed + one.spent + one.free
        assert {p.state for p in purchases if p.spent} <= {"spent"}


@pytest.mark.property
def test_money_is_conserved_whatever_anybody_tries(databases: Databases, seed: int, scale: float) -> None:
    done: Counter[str] = run(Budget, databases["case"], seed, scale)
    print(f"budget: {done.total()} tried, {dict(sorted(done.items()))}")
    on_sqlite = databases["case"].startswith("sqlite")
    names = ("allocate", "order", "sign", "refuse", "spend", "release", "give_back")
    check_the_mix(done, on_sqlite, names)
    refused = [done[f"{name}: {why}"] for name in names for why in ("forbidden", "invalid", "conflict")]
    assert sum(refused) >= (200 if on_sqlite else 40)
    assert done["order: conflict"] + done["allocate: conflict"] >= (10 if on_sqlite else 1)


STREAM: Json = {
    "name": "Family fund", "total_pence": 10_000, "may_buy": ["household"],
    "second_signature_above_pence": 5_000,
}  # fmt: skip


async def stream(service: CaseService, **changes: Any) -> str:
    return str((await service.post(GIVER, "/budget-streams", {**STREAM, **changes}))["id"])


async def allocation(service: CaseService, case: str, stream_: str, pence_: int, held_by: str) -> str:
    body = {"stream": stream_, "amount_pence": pence_, "purpose": "A bed", "held_by": held_by}
    return str((await service.post(GIVER, f"/cases/{case}/budget/allocations", body))["id"])


def bed(allocation_: str, pence_: int, **changes: Any) -> Json:
    return {
        "allocation": allocation_, "kind_of_purchase": "household", "what": "A bed", "amount_pence": pence_,
        "wish": "A bed of my own", "departs_from_wish": False, **changes,
    }  # fmt: skip


@pytest.mark.anyio
async def test_of_two_who_reach_for_the_same_money_one_gets_it_and_nothing_is_lost(
    service: CaseService,
) -> None:
    """Two leads, in two cases, on one stream; and two orders at once in each of them."""
    one_stream = await stream(service)
    cases = [await service.case() for _ in range(6)]
    wanted = {"stream": one_stream, "amount_pence": 4_000, "purpose": "A bed", "held_by": YOT.agency}
    tried = await asyncio.gather(
        *(service.post(GIVER, f"/cases/{case}/budget/allocations", wanted) for case in cases),
        return_exceptions=True,
    )
    won = {case: made["id"] for case, made in zip(cases, tried, strict=True) if isinstance(made, dict)}
    lost = [getattr(refusal, "kind", refusal) for refusal in tried if not isinstance(refusal, dict)]
    assert (len(won), lost) == (2, ["conflict"] * 4)
    assert service.select("SELECT allocated_pence FROM budget_streams") == [(8_000,)]
    orders = [(case, id_) for case, id_ in won.items() for _ in range(5)]
    tried = await asyncio.gather(
        *(service.post(YOT, f"/cases/{case}/budget/purchases", bed(id_, 3_000)) for case, id_ in orders),
        return_exceptions=True,
    )
    assert Counter(getattr(one, "kind", "done") for one in tried) == {"done": 2, "conflict": 8}
    assert service.select("SELECT committed_pence, spent_pence FROM budget_allocations") == [(3_000, 0)] * 2
    assert service.rows()["budget_purchases"] == 2
    kinds = service.select("SELECT kind, count(*) FROM entries WHERE area = 'budget' GROUP BY kind")
    assert dict(kinds) == {"budget_allocation": 2, "purchase": 2}


@pytest.mark.anyio
async def test_one_case_gets_no_more_of_a_stream_than_its_limit_however_it_is_asked_for(
    service: CaseService,
) -> None:
    """Ten at once, half of them in another process; another case and another stream are not concerned, and
    what goes back can be given anew."""
    one_stream = await stream(service, total_pence=100_000, most_per_case_pence=5_000)
    unlimited = await stream(service, total_pence=100_000)
    case, other = await service.case(), await service.case()
    wanted: Json = {"stream": one_stream, "amount_pence": 2_000, "purpose": "A bed", "held_by": YOT.agency}
    path = f"/cases/{case}/budget/allocations"

    stores = open_store(service.url), open_store(service.url)
    body = AllocationToStore.model_validate({**wanted, "amount_pence": 900})
    request = WriteRequest(GIVER, service.clock(), None, "")
    try:
        tried = await asyncio.gather(
            *(store.write(operations.allocate, request, case, body) for store in stores * 5),
            return_exceptions=True,
        )
    finally:
        for store in stores:
            await store.close()
    assert Counter(getattr(one, "kind", "done") for one in tried) == {"done": 5, "conflict": 5}
    assert service.select("SELECT sum(allocated_pence) FROM budget_allocations") == [(4_500,)]
    assert service.select(f"SELECT allocated_pence FROM budget_streams WHERE id = '{one_stream}'") == [
        (4_500,)
    ]

    before = service.rows()
    refused = await service.problem(GIVER, "POST", path, wanted)
    assert (refused.kind, refused.detail[:36]) == ("conflict", "This stream gives one case no more t")
    assert service.rows() == before
    await service.post(GIVER, path, {**wanted, "amount_pence": 500})
    assert (await service.problem(GIVER, "POST", path, {**wanted, "amount_pence": 1})).kind == "conflict"
    await service.post(GIVER, path, {**wanted, "stream": unlimited, "amount_pence": 90_000})
    await service.post(GIVER, f"/cases/{other}/budget/allocations", {**wanted, "amount_pence": 5_000})
    given = next(one["id"] for one in tried if isinstance(one, dict))
    await service.post(GIVER, f"{path}/{given}/return", {"amount_pence": 900})
    assert (await service.problem(GIVER, "POST", path, {**wanted, "amount_pence": 901})).kind == "conflict"
    await service.post(GIVER, path, {**wanted, "amount_pence": 900})
    listed = {one["id"]: one["most_per_case_pence"] for one in await service.get(GIVER, "/budget-streams")}
    assert listed == {one_stream: 5_000, unlimited: None}


@pytest.mark.anyio
async def test_the_statement_itself_looks_before_it_takes(service: CaseService) -> None:
    """Without any lock on the case: two processes, forty at once, and the last penny is given once."""
    one_stream = await stream(service)
    case = await service.case()
    id_ = await allocation(service, case, one_stream, 1_000, YOT.agency)
    first, second = open_store(service.url), open_store(service.url)
    try:
        bound = await asyncio.gather(
            *(store.write(repository.commit, id_, 90) for store in (first, second) * 20)
        )
    finally:
        await first.close()
        await second.close()
    assert sum(bound) == 11
    assert service.select("SELECT committed_pence FROM budget_allocations") == [(990,)]


@pytest.mark.anyio
async def test_the_store_itself_refuses_what_cannot_be(service: CaseService) -> None:
    one_stream = await stream(service)
    case = await service.case()
    id_ = await allocation(service, case, one_stream, 1_000, YOT.agency)
    await service.post(YOT, f"/cases/{case}/budget/purchases", bed(id_, 500))
    wrong = (
        "UPDATE budget_allocations SET committed_pence = 1001",
        "UPDATE budget_allocations SET committed_pence = -1",
        "UPDATE budget_allocations SET spent_pence = 501",
        "UPDATE budget_allocations SET allocated_pence = 499",
        "UPDATE budget_streams SET allocated_pence = 10001",
        "UPDATE budget_streams SET allocated_pence = -1",
        "UPDATE budget_streams SET most_per_case_pence = 0",
        "UPDATE budget_purchases SET spent_pence = 501",
        "UPDATE budget_purchases SET amount_pence = 0",
    )
    engine = create_engine(service.url)
    for statement in wrong:
        with engine.connect() as connection, pytest.raises(IntegrityError):
            connection.execute(text(statement))
    engine.dispose()
    assert len(wrong) == 9


@pytest.mark.anyio
async def test_above_its_limit_a_purchase_waits_for_another_manager_of_who_pays(service: CaseService) -> None:
    one_stream = await stream(service)
    case = await service.case()
    id_ = await allocation(service, case, one_stream, 10_000, GIVER.agency)
    path = f"/cases/{case}/budget/purchases"
    made = await service.post(GIVER, path, bed(id_, 5_001))
    assert made["status"] == "awaiting_signature"
    small = await service.post(GIVER, path, bed(id_, 4_000))
    assert small["status"] == "committed"
    waiting = (await service.post(GIVER, "/notices/mine", {"limit": 9}))["notices"]
    assert [notice["about"] for notice in waiting if notice["kind"] == "purchase_to_sign"] == [made["id"]]
    early = await service.problem(GIVER, "POST", f"{path}/{made['id']}/spending", {"spent_pence": 1})
    assert early.kind == "conflict"
    for who in (GIVER, SCHOOL, YOT, OTHER_GIVER):
        problem = await service.problem(who, "POST", f"{path}/{made['id']}/signature")
        assert problem.kind == "forbidden", who
    another = Caller("ines", "Ines Roy", GIVER.agency, "team_manager")
    assert (await service.post(another, f"{path}/{made['id']}/signature"))["status"] == "committed"
    assert (await service.problem(another, "POST", f"{path}/{made['id']}/signature")).kind == "conflict"
    spent = await service.post(GIVER, f"{path}/{made['id']}/spending", {"spent_pence": 4_500})
    assert spent["status"] == "spent"
    money = (await service.get(GIVER, f"/cases/{case}/budget"))["allocations"][id_]
    assert money == {
        "allocated_pence": 10_000, "committed_pence": 4_000, "spent_pence": 4_500, "free_pence": 1_500,
    }  # fmt: skip
    [kept] = [e for e in (await service.bundle(case))["entries"] if e["id"] == made["id"]]
    assert (kept["fields"]["signed_by"], kept["fields"]["spent_pence"]) == ("Ines Roy", 4_500)
    assert (kept["owner"], kept["accountable"], kept["categories"]) == (
        GIVER.agency, GIVER.agency, ["plan", "money_work"],
    )  # fmt: skip


@pytest.mark.anyio
async def test_a_purchase_keeps_to_its_streams_rules_and_says_why_it_departs_from_the_wish(
    service: CaseService,
) -> None:
    one_stream = await stream(service, most_per_purchase_pence=6_000)
    case = await service.case()
    id_ = await allocation(service, case, one_stream, 9_000, YOT.agency)
    path = f"/cases/{case}/budget/purchases"
    before = service.rows()
    for changes, field in (
        ({"kind_of_purchase": "travel"}, "kind_of_purchase"),
        ({"amount_pence": 6_001}, "amount_pence"),
        ({"departs_from_wish": True}, "departed_because"),
        ({"departed_because": "Too dear"}, "departed_because"),
        ({"allocation": case}, "allocation"),
        ({"action": case}, "action"),
        ({"amount_pence": 0}, "amount_pence"),
        ({"amount_pence": 10.5}, "amount_pence"),
        ({"amount_pence": "500"}, "amount_pence"),
    ):
        problem = await service.problem(YOT, "POST", path, {**bed(id_, 500), **changes})
        assert (problem.kind, [error.field for error in problem.errors]) == ("invalid", [field]), changes
    assert (await service.problem(HOUSING, "POST", path, bed(id_, 500))).kind == "forbidden"
    assert service.rows() == before
    departs = {"departs_from_wish": True, "departed_because": "There was none in red."}
    assert (await service.post(YOT, path, {**bed(id_, 500), **departs}))["status"] == "committed"


@pytest.mark.anyio
async def test_bills_are_paid_in_a_closed_case_and_what_is_free_goes_back(service: CaseService) -> None:
    one_stream = await stream(service)
    case = await service.case()
    id_ = await allocation(service, case, one_stream, 9_000, YOT.agency)
    path = f"/cases/{case}/budget"
    ordered = await service.post(YOT, f"{path}/purchases", bed(id_, 4_000))
    await service.post(SCHOOL, f"/cases/{case}/closure", {"reason": "needs_met"})
    assert (await service.problem(YOT, "POST", f"{path}/purchases", bed(id_, 1))).kind == "conflict"
    await service.post(YOT, f"{path}/purchases/{ordered['id']}/spending", {"spent_pence": 3_900})
    too_much = {"amount_pence": 5_101}
    back = f"{path}/allocations/{id_}/return"
    assert (await service.problem(GIVER, "POST", back, too_much)).kind == "conflict"
    assert (await service.problem(OTHER_GIVER, "POST", back, {"amount_pence": 1})).kind == "forbidden"
    await service.post(GIVER, back, {"amount_pence": 5_100})
    [known] = [one for one in await service.get(GIVER, "/budget-streams") if one["id"] == one_stream]
    assert (known["total_pence"], known["left_pence"]) == (10_000, 6_100)
    [others] = [one for one in await service.get(SCHOOL, "/budget-streams") if one["id"] == one_stream]
    assert (others["total_pence"], others["left_pence"]) == (None, None)


@pytest.mark.anyio
async def test_no_money_stays_bound_when_the_lead_who_ordered_has_gone(service: CaseService) -> None:
    """The next lead may be of another agency and hold none of it; then who pays settles what was left."""
    one_stream = await stream(service)
    case = await service.case()
    await service.join(case, YOT)
    await service.lead(case, YOT)
    id_ = await allocation(service, case, one_stream, 9_000, YOT.agency)
    path = f"/cases/{case}/budget/purchases"
    bought, unbought = [(await service.post(YOT, path, bed(id_, 4_000)))["id"] for _ in range(2)]
    spent, reason = {"spent_pence": 3_900}, {"reason": "The next lead buys it elsewhere."}
    both = ((bought, "spending", spent), (unbought, "release", reason))
    for one, what, body in both:
        early = await service.problem(GIVER, "POST", f"{path}/{one}/{what}", body)
        assert early.kind == "forbidden", "while the lead who holds it is there"
    await service.join(case, HOUSING)
    await service.lead(case, HOUSING)
    clerk = Caller("kim", "Kim Ash", GIVER.agency, "coordinator")
    for one, what, body in both:
        for other in (HOUSING, SCHOOL, OTHER_GIVER, clerk):
            refused = await service.problem(other, "POST", f"{path}/{one}/{what}", body)
            assert refused.kind == "forbidden", (other, what)
        await service.post(GIVER, f"{path}/{one}/{what}", body)
        assert (await service.problem(GIVER, "POST", f"{path}/{one}/{what}", body)).kind == "conflict"
    back = f"/cases/{case}/budget/allocations/{id_}/return"
    await service.post(GIVER, back, {"amount_pence": 5_100})
    assert (await service.get(GIVER, f"/cases/{case}/budget"))["allocations"][id_] == {
        "allocated_pence": 3_900, "committed_pence": 0, "spent_pence": 3_900, "free_pence": 0,
    }  # fmt: skip


def test_every_table_of_money_counts_in_whole_pence() -> None:
    columns = [
        column
        for table in (BudgetStream, BudgetAllocation, BudgetPurchase)
        for column in table.__table__.columns
        if column.name.endswith("_pence")
    ]
    assert {str(column.type) for column in columns} == {"BIGINT"}
    assert len(columns) == 10
