"""Who has seen what: the ledger read over HTTP, page by page, each reading itself recorded (design 3.4)."""

from typing import Any

import orjson
import pytest

from shared.identity import Caller
from shared.ids import new_id
from tests.consent.service import (
    CHILD,
    HOUSING,
    HOUSING_OFFICER,
    MOTHER,
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
from tests.consent.test_decisions import publish

pytestmark = pytest.mark.anyio

PLAN = a_label("hill-school", "plan", entries=["e-1"])
PERSON = Caller("kit", "Kit", "the-family", "family_member", person=CHILD)


async def read(
    service: ConsentService,
    who: Caller,
    target: str,
    *,
    kind: str = "case",
    after: Any = None,
    limit: int = 50,
) -> Json:
    ask = {
        "kind": kind,
        "target": target,
        "purpose": "oversight",
        "reason": None,
        "after": after,
        "limit": limit,
    }
    answer: Json = await service.call(who, "POST", "/disclosures", ask)
    return answer


async def test_each_officer_reads_their_agencys_side_newest_first_and_others_read_nothing(
    service: ConsentService,
) -> None:
    case = fresh_case()
    receipts = []
    for who, label in ((HOUSING, PLAN), (YOT, PLAN), (YOT, a_label("city-housing", "plan"))):
        receipts.append((await service.decide(who, a_case(case, label)))["receipt"])
        service.clock.turn(seconds=1)
    seen = {}
    for who in (SCHOOL_OFFICER, HOUSING_OFFICER, YOT_OFFICER, SCHOOL, HOUSING):
        answer = await read(service, who, case)
        seen[who.user] = [receipts.index(row["id"]) for row in answer["disclosures"] if row["id"] in receipts]
        assert answer["after"] is None
    assert seen == {"otto": [1, 0], "omar": [2, 0], "olga": [2, 1], "ada": [], "hanna": []}
    assert (await read(service, SCHOOL_OFFICER, fresh_case()))["disclosures"] == []


async def test_reading_the_ledger_leaves_a_receipt_on_the_readers_agencys_chain(
    service: ConsentService,
) -> None:
    case = fresh_case()
    answer = await read(service, HOUSING_OFFICER, case)
    [receipt] = service.receipts()
    assert receipt["id"] == answer["receipt"]
    assert (receipt["chain"], receipt["action"], receipt["deed"]) == (
        "agency:city-housing", "list", "read_disclosures"
    )  # fmt: skip
    assert service.select("SELECT kind, target FROM mentions") == [("attempt", case)]
    # Their own question is no answer to the next one: that would tell a case from none.
    assert (await read(service, HOUSING_OFFICER, case))["disclosures"] == []
    assert service.faults() == []


async def test_a_person_reads_what_was_released_about_them_and_nobody_elses(service: ConsentService) -> None:
    case = fresh_case()
    hers = a_label("hill-school", "plan", subjects=[MOTHER], entries=["e-2"])
    hidden = a_label("hill-school", "mental_health")
    await service.decide(HOUSING, a_case(case, PLAN, hers, hidden), reason="Visit")
    [row] = (await read(service, PERSON, CHILD, kind="person"))["disclosures"]
    assert row == {
        "id": row["id"],
        "at": "2031-03-03T09:00:00.000000Z",
        "agency": "city-housing",
        "role": "practitioner",
        "action": "read",
        "deed": None,
        "purpose": "support",
        "reason": "Visit",
        "cells": [
            {"categories": ["plan"], "owner": "hill-school", "level": "full", "bases": ["AGREEMENT:default"]}
        ],
    }
    # Asking about another person, or a whole case, shows no more than one's own.
    [same] = (await read(service, PERSON, MOTHER, kind="person"))["disclosures"]
    assert same["cells"] == row["cells"]
    mother = Caller("mum", "Mum", "the-family", "family_member", person=MOTHER)
    [about_her] = (await read(service, mother, CHILD, kind="person"))["disclosures"]
    assert len(about_her["cells"]) == 1
    stranger = Caller("x", "X", "the-family", "family_member", person=new_id())
    assert (await read(service, stranger, CHILD, kind="person"))["disclosures"] == []


async def test_an_officer_whom_the_policy_names_reads_every_cell_and_a_colleague_does_not(
    service: ConsentService,
) -> None:
    [(stored,)] = service.select("SELECT document FROM policies")
    document = orjson.loads(stored) if isinstance(stored, str) else stored
    with service.database() as connection:
        publish(connection, 2, {**document, "partnership_officers": ["pat"]}, service.clock())
    case = fresh_case()
    await service.decide(HOUSING, a_case(case, PLAN))
    officer = Caller("pat", "Pat", "childrens-services", "information_officer")
    assert len((await read(service, officer, case))["disclosures"]) == 1
    practitioner = Caller("pat", "Pat", "childrens-services", "practitioner")
    assert (await read(service, practitioner, case))["disclosures"] == []
    colleague = Caller("pia", "Pia", "childrens-services", "information_officer")
    hers = (await read(service, colleague, case))["disclosures"]
    assert [row["deed"] for row in hers] == ["read_disclosures"], "that her agency read, and nothing of it"
    assert (await read(service, YOT_OFFICER, case))["disclosures"] == []


async def test_pages_are_full_whatever_lies_between_and_together_they_are_everything(
    service: ConsentService,
) -> None:
    """What housing may not see lies between what it may; several receipts are of the same moment."""
    case = fresh_case()
    own = []
    for number in range(24):
        who = HOUSING if number % 3 == 0 else YOT
        receipt = (await service.decide(who, a_case(case, PLAN)))["receipt"]
        own += [receipt] * (who is HOUSING)
        service.clock.turn(seconds=number % 4 // 3)
    for limit in (1, 3, 8, 50):
        found: list[str] = []
        sizes, after = [], None
        while True:
            page = await read(service, HOUSING_OFFICER, case, after=after, limit=limit)
            # Each reading leaves a receipt, which is newer than the place from which the next one reads.
            found += [row["id"] for row in page["disclosures"] if row["deed"] is None]
            sizes.append(len(page["disclosures"]))
            after = page["after"]
            if after is None:
                break
        assert (len(found), set(found)) == (8, set(own)), limit
        assert all(size == limit for size in sizes[:-1]), limit


async def test_a_hidden_receipt_changes_nothing_for_who_may_not_see_it(service: ConsentService) -> None:
    """Noninterference: the school's officer gets the same whether or not housing looked at its own."""
    cases = [fresh_case(), fresh_case()]
    for case in cases:
        await service.decide(YOT, a_case(case, PLAN))
    await service.decide(HOUSING, a_case(cases[0], a_label("city-housing", "plan")))
    answers = []
    for case in cases:
        answer = await read(service, SCHOOL_OFFICER, case, limit=1)
        for row in answer["disclosures"]:
            del row["id"]
            assert row["cases"].pop()["case"] == case
        answers.append((answer["disclosures"], answer["after"] is None))
    assert answers[0] == answers[1]
