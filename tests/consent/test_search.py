"""The information officer's search of the ledger: own agency's cells only, page by page (design 3.4)."""

from itertools import product
from typing import Any

import pytest

from services.consent.ledger import operations
from services.consent.ledger.operations import SearchAsk
from shared.clock import rfc3339
from shared.identity import Caller
from tests.consent.service import (
    CHILD,
    HOUSING,
    HOUSING_OFFICER,
    SCHOOL,
    SCHOOL_OFFICER,
    YOT,
    YOT_OFFICER,
    ConsentService,
    Json,
    a_case,
    a_label,
    fresh_case,
)
from tests.consent.test_checkpoints import PARTNERSHIP_OFFICER, name_partnership_officer

pytestmark = pytest.mark.anyio

PLAN = a_label("hill-school", "plan", entries=["e-1"])
SECRET = a_label("hill-school", "mental_health", entries=["e-2"])


async def search(
    service: ConsentService, who: Caller, *, after: Any = None, limit: int = 50, **filters: Any
) -> Json:
    ask = {"purpose": "oversight", "reason": None, "after": after, "limit": limit, **filters}
    answer: Json = await service.call(who, "POST", "/ledger/search", ask)
    return answer


async def found(service: ConsentService, who: Caller, **asked: Any) -> list[str]:
    """The ids of receipts found, but for those that searching itself left."""
    rows = (await search(service, who, **asked))["receipts"]
    return [row["id"] for row in rows if row["deed"] != "search_ledger"]


async def test_an_officer_finds_what_the_own_agency_did_and_what_was_done_to_its_records(
    service: ConsentService,
) -> None:
    made = {}
    for name, who, label in (
        ("school's own", SCHOOL, PLAN),
        ("housing at the school's", HOUSING, PLAN),
        ("yot at housing's", YOT, a_label("city-housing", "plan")),
    ):
        made[(await service.decide(who, a_case(fresh_case(), label)))["receipt"]] = name
        service.clock.turn(seconds=1)
    officers = (SCHOOL_OFFICER, HOUSING_OFFICER, YOT_OFFICER)
    seen = {who.user: [made[one] for one in await found(service, who)] for who in officers}
    assert seen == {
        "otto": ["housing at the school's", "school's own"],
        "omar": ["yot at housing's", "housing at the school's"],
        "olga": ["yot at housing's"],
    }
    name_partnership_officer(service)
    assert len(await found(service, PARTNERSHIP_OFFICER)) == 3
    for who in (SCHOOL, HOUSING, Caller("kit", "Kit", "the-family", "family_member", person=CHILD)):
        assert (await search(service, who))["receipts"] == []


async def test_it_is_filtered_by_user_agency_action_and_period(service: ConsentService) -> None:
    ids, moments = [], []
    colleague = Caller("hugo", "Hugo", "city-housing", "practitioner")
    for who, action in ((HOUSING, "read"), (colleague, "read"), (HOUSING, "print"), (SCHOOL, "read")):
        answer = await service.decide(who, a_case(fresh_case(), PLAN), action=action)
        ids.append(answer["receipt"])
        moments.append(rfc3339(service.clock()))
        service.clock.turn(hours=1)

    async def places(**chosen: Any) -> list[int]:
        return [ids.index(one) for one in await found(service, SCHOOL_OFFICER, **chosen)]

    assert await places() == [3, 2, 1, 0]
    assert await places(user="hanna") == [2, 0]
    assert await places(agency="city-housing") == [2, 1, 0]
    assert await places(action="print") == [2]
    assert await places(since=moments[1], until=moments[3]) == [2, 1]
    assert await places(user="hanna", action="read", agency="city-housing", until=moments[3]) == [0]
    assert await places(user="nobody") == []


async def test_what_was_asked_for_an_unusual_purpose_is_listed_with_its_reason(
    service: ConsentService,
) -> None:
    """Fails when an officer must read every receipt to find who said that they acted in safeguarding."""
    guard = Caller("gus", "Gus", "city-housing", "safeguarding_lead")
    other_guard = Caller("gil", "Gil", "youth-offending", "safeguarding_lead")
    for who, purpose, reason in (
        (HOUSING, "support", None),
        (guard, "safeguarding", "He was bruised"),
        (guard, "support", None),
        (other_guard, "safeguarding", "She is not sure"),
    ):
        await service.decide(who, a_case(fresh_case(), PLAN), purpose=purpose, reason=reason)
        service.clock.turn(seconds=1)

    async def told(**chosen: Any) -> list[tuple[str, str, str | None]]:
        rows = (await search(service, SCHOOL_OFFICER, **chosen))["receipts"]
        return [
            (row["user"], row["purpose"], row["reason"]) for row in rows if row["deed"] != "search_ledger"
        ]

    unusual = [("gil", "safeguarding", "She is not sure"), ("gus", "safeguarding", "He was bruised")]
    assert await told(unusual_purpose=True) == unusual
    assert await told(sought_for="safeguarding") == unusual
    assert await told(unusual_purpose=False) == [("gus", "support", None), ("hanna", "support", None)]
    assert await told(unusual_purpose=True, sought_for="support") == []
    assert await told(unusual_purpose=True, user="gus") == unusual[1:]
    assert await told(unusual_purpose=True, limit=1) == unusual[:1]


async def test_pages_are_full_in_order_and_together_everything_however_it_is_gone_through(
    service: ConsentService,
) -> None:
    own = []
    for number in range(21):
        label = PLAN if number % 3 == 0 else a_label("city-housing", "plan")
        receipt = (await service.decide(YOT, a_case(fresh_case(), label)))["receipt"]
        own += [receipt] * (number % 3 == 0)
        service.clock.turn(seconds=number % 4 // 3)
    until = rfc3339(service.clock())
    service.clock.turn(seconds=1)
    parts = service.app.state.parts
    for at_once, limit in product((1, 4, 5_000), (1, 3, 7, 50)):
        listed, sizes, after = list[str](), list[int](), None
        while True:
            ask = SearchAsk(purpose="oversight", reason=None, after=after, limit=limit, until=until)  # type: ignore[arg-type]
            page = await operations.search(
                parts.store, parts.extra.decisions, SCHOOL_OFFICER, ask, at_once=at_once
            )
            listed += [row["id"] for row in page["receipts"]]
            sizes.append(len(page["receipts"]))
            after = page["after"]
            if after is None:
                break
        assert (len(listed), set(listed)) == (7, set(own)), (at_once, limit)
        assert all(size == limit for size in sizes[:-1]), (at_once, limit)


async def test_what_a_colleague_was_refused_does_not_tell_a_hidden_case_from_none(
    service: ConsentService,
) -> None:
    """Noninterference: a refusal is found by officer and colleague alike, without what it was about."""
    hidden = await service.decide(HOUSING, a_case(fresh_case(), SECRET, relationship="none"))
    absent = await service.decide(HOUSING, {**a_case(None, relationship="none"), "subjects": []})
    rows = {row["id"]: row for row in (await search(service, HOUSING_OFFICER))["receipts"]}
    shown = [rows.pop(answer["receipt"]) for answer in (hidden, absent)]
    assert [{**row, "id": ""} for row in shown] == [{**shown[0], "id": ""}] * 2
    assert (shown[0]["action"], shown[0]["cases"]) == ("refuse", [])


async def test_of_a_list_only_the_cases_that_existed_for_the_colleague_are_named(
    service: ConsentService,
) -> None:
    seen, hidden = fresh_case(), fresh_case()
    await service.decide(HOUSING, a_case(seen, PLAN), a_case(hidden, SECRET), action="list")
    [row] = [row for row in (await search(service, HOUSING_OFFICER))["receipts"] if row["action"] == "list"]
    assert [case["case"] for case in row["cases"]] == [seen]
    [at_the_owner] = (await search(service, SCHOOL_OFFICER, action="list", user="hanna"))["receipts"]
    assert [case["case"] for case in at_the_owner["cases"]] == [seen, hidden]


async def test_searching_leaves_a_receipt_and_a_suspended_officer_finds_nothing(
    service: ConsentService,
) -> None:
    await service.decide(HOUSING, a_case(fresh_case(), PLAN))
    answer = await search(service, SCHOOL_OFFICER)
    [receipt] = [row for row in service.receipts() if row["id"] == answer["receipt"]]
    assert (receipt["chain"], receipt["action"], receipt["deed"], receipt["cases"]) == (
        "agency:hill-school", "list", "search_ledger", []
    )  # fmt: skip
    await service.call(HOUSING_OFFICER, "POST", "/suspensions", {"user": "omar", "reason": "Left"})
    assert (await search(service, HOUSING_OFFICER))["receipts"] == []
    assert service.faults() == []


async def test_what_others_do_to_others_makes_no_difference(service: ConsentService) -> None:
    """Noninterference over the pages: cursors and counts tell nothing of what lies between."""
    receipts = []
    for _ in range(5):
        receipts.append((await service.decide(HOUSING, a_case(fresh_case(), PLAN)))["receipt"])
        service.clock.turn(seconds=10)
    until = rfc3339(service.clock())
    first = await search(service, SCHOOL_OFFICER, limit=2, until=until)
    service.clock.turn(seconds=-25)
    for _ in range(9):
        await service.decide(YOT, a_case(fresh_case(), a_label("city-housing", "plan")))
    again = await search(service, SCHOOL_OFFICER, limit=2, until=until)
    assert (first["receipts"], first["after"]) == (again["receipts"], again["after"])
    assert [row["id"] for row in first["receipts"]] == receipts[:2:-1]
