"""Decide and record: nothing is released without its receipt, and the receipt says what was (design 3.3)."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, text

from services.consent.base import Base
from shared.identity import Caller
from shared.ids import new_id
from shared.problems import Problem
from tests.consent.service import (
    CHILD,
    HOUSING,
    HOUSING_OFFICER,
    MOTHER,
    SCHOOL,
    SCHOOL_OFFICER,
    START,
    YOT,
    ConsentService,
    D,
    Json,
    a_case,
    a_label,
    a_share,
    an_agreement,
    an_exclusion,
    fresh_case,
    taking_part,
)

pytestmark = pytest.mark.anyio

NEVER_IN_A_RECEIPT = "He sleeps badly before school days"
VOLUNTEER = Caller("vic", "Vic Lake", "hope-mentors", "volunteer")


def four_levels() -> tuple[Json, ...]:
    """Of the school's, by the default policy, housing sees: all, a summary, that it exists, nothing."""
    return tuple(
        a_label("hill-school", category, entries=[f"{category}-1", f"{category}-2"])
        for category in ("plan", "contact", "learning", "mental_health")
    )


async def test_levels_come_in_the_order_of_the_labels_with_the_receipt_that_holds_them(
    service: ConsentService,
) -> None:
    case = fresh_case()
    answer = await service.decide(HOUSING, a_case(case, *four_levels()))
    assert answer["cases"] == [{"levels": [3, 2, 1, 0], "valid_until": None, "obligations": [], "untold": []}]
    [receipt] = service.receipts()
    assert receipt["id"] == answer["receipt"]
    assert (receipt["chain"], receipt["seq"]) == (f"case:{case}", 1)
    assert (receipt["at"], receipt["policy_version"]) == (START, answer["policy_version"])
    assert (receipt["user"], receipt["agency"], receipt["role"]) == (
        "hanna", "city-housing", "practitioner"
    )  # fmt: skip
    assert (receipt["action"], receipt["purpose"], receipt["deed"]) == ("read", "support", None)
    assert answer["agencies"] == {
        "city-housing": {"name": "City Housing", "telephone": None},
        "hill-school": {"name": "Hill School", "telephone": None},
    }
    assert set(service.select("SELECT kind, target FROM mentions")) == {
        ("case", case), ("person", CHILD), ("person", MOTHER)
    }  # fmt: skip


async def test_a_receipt_names_the_entries_of_released_cells_only_and_never_content(
    service: ConsentService,
) -> None:
    await service.decide(HOUSING, a_case(fresh_case(), *four_levels()), reason="Asked by Ada")
    [receipt] = service.receipts()
    [case] = receipt["cases"]
    assert set(case) == {"case", "relationship", "cells"}
    assert [(cell["level"], cell["entries"]) for cell in case["cells"]] == [
        ("full", ["plan-1", "plan-2"]),
        ("summary", ["contact-1", "contact-2"]),
        ("existence", []),
        ("none", []),
    ]
    for cell in case["cells"]:
        assert set(cell) == {"owner", "categories", "subjects", "level", "bases", "entries"}
    assert receipt["reason"] == "Asked by Ada"
    # There is no place to put content: an ask that carries some is not understood at all.
    told = a_label("hill-school", "plan", fields={"narrative": NEVER_IN_A_RECEIPT})
    problem = await service.problem(
        HOUSING, "POST", "/decisions",
        {"action": "read", "purpose": "support", "cases": [a_case(fresh_case(), told)]},
    )  # fmt: skip
    assert problem.kind == "malformed"
    assert len(service.receipts()) == 1


async def test_reads_of_a_case_extend_its_chain_and_everything_else_that_of_the_callers_agency(
    service: ConsentService,
) -> None:
    case, other = fresh_case(), fresh_case()
    seen, unseen = a_label("hill-school", "plan"), a_label("hill-school", "mental_health")
    for action in ("read", "print", "export", "event", "contribute"):
        await service.decide(HOUSING, a_case(case, seen), action=action)
    await service.decide(HOUSING, a_case(case, seen), a_case(other, seen), action="list")
    await service.decide(HOUSING, a_case(case, seen), action="list")
    await service.decide(YOT, a_case(case, seen), action="search")
    await service.decide(HOUSING, a_case(case, unseen))
    await service.decide(HOUSING, a_case(None))
    await service.decide(HOUSING, a_case(None, seen), action="read")
    await service.decide(HOUSING, action="search")
    found = [(row["chain"], row["seq"], row["action"]) for row in service.receipts()]
    housing, of_case = "agency:city-housing", f"case:{case}"
    assert found == [
        (housing, 1, "list"),
        (housing, 2, "list"),
        (housing, 3, "refuse"),
        (housing, 4, "refuse"),
        (housing, 5, "read"),
        (housing, 6, "search"),
        ("agency:youth-offending", 1, "search"),
        (of_case, 1, "read"),
        (of_case, 2, "print"),
        (of_case, 3, "export"),
        (of_case, 4, "event"),
        (of_case, 5, "contribute"),
    ]
    assert service.faults() == []


async def test_a_refused_read_leaves_a_receipt_without_a_cell_that_can_still_be_found(
    service: ConsentService,
) -> None:
    case = fresh_case()
    answer = await service.decide(HOUSING, a_case(case, *four_levels(), relationship="none"))
    assert answer["cases"][0]["levels"] == [0, 0, 0, 0]
    [receipt] = service.receipts()
    assert receipt["cases"] == [{"case": case, "relationship": "none", "cells": []}]
    assert ("attempt", case) in service.select("SELECT kind, target FROM mentions")


async def test_a_deed_is_recorded_as_done_when_permitted_and_as_refused_when_not(
    service: ConsentService,
) -> None:
    case = fresh_case()
    asked = a_case(case, *four_levels())
    allowed = await service.decide(HOUSING, asked, action="contribute", deed={"deed": "contribute"})
    assert allowed["permit"] == {
        "permitted": True, "reason": None, "by_office": False, "notify_owners": False, "may_hold": False,
    }  # fmt: skip
    refused = await service.decide(VOLUNTEER, asked, action="contribute", deed={"deed": "contribute"})
    assert refused["permit"]["permitted"] is False
    assert "Your role reads this case" in refused["permit"]["reason"]
    unknown = await service.decide(HOUSING, asked, action="contribute", deed={"deed": "erase_everything"})
    assert unknown["permit"]["reason"] == "This cannot be done here."
    without_case = await service.decide(HOUSING, action="contribute", deed={"deed": "open_case"})
    assert without_case["permit"]["permitted"] is True
    officer = await service.decide(HOUSING, action="contribute", deed={"deed": "administer_agreements"})
    assert officer["permit"]["permitted"] is False
    receipts = [(row["chain"], row["action"], row["deed"]) for row in service.receipts()]
    assert receipts == [
        ("agency:city-housing", "refuse", "erase_everything"),
        ("agency:city-housing", "contribute", "open_case"),
        ("agency:city-housing", "refuse", "administer_agreements"),
        ("agency:hope-mentors", "refuse", "contribute"),
        (f"case:{case}", "contribute", "contribute"),
    ]
    # A deed hands out nothing, so no cell stands on its receipt.
    assert [case["cells"] for row in service.receipts() for case in row["cases"]] == [[]] * 3


async def test_a_deed_about_an_entry_is_judged_by_what_the_caller_sees_of_it(
    service: ConsentService,
) -> None:
    asked = a_case(fresh_case(), a_label("city-housing", "plan"), a_label("city-housing", "safeguarding"))
    permits = []
    for label in (0, 1, 2, None):
        deed = {"deed": "correct", "owner": "city-housing", "entry_label": label}
        answer = await service.decide(HOUSING, asked, action="contribute", deed=deed)
        permits.append((answer["permit"]["permitted"], answer["cases"][0]["levels"]))
    assert permits == [(True, [3, 2]), (False, [3, 2]), (False, [3, 2]), (False, [3, 2])]


async def test_an_agency_joins_only_when_the_family_takes_part_and_no_exclusion_names_it(
    service: ConsentService,
) -> None:
    case, service.families_take_part = fresh_case(), False

    async def may_join(agency: str) -> bool:
        deed = {"deed": "add_to_team", "target_agency": agency, "for_role": "practitioner"}
        asked = a_case(case, a_label("hill-school", "plan"))
        answer = await service.decide(SCHOOL, asked, action="contribute", deed=deed)
        return bool(answer["permit"]["permitted"])

    assert [await may_join(agency) for agency in ("hill-school", "city-housing")] == [True, False]
    consent = (await service.consent(case, taking_part()))["id"]
    assert await may_join("city-housing")
    exclusion = (await service.exclude(case, an_exclusion()))["id"]
    assert [await may_join(agency) for agency in ("city-housing", "youth-offending")] == [False, True]
    await service.lift(case, exclusion)
    assert await may_join("city-housing")
    await service.withdraw(case, consent)
    assert not await may_join("city-housing")


async def test_taking_part_in_one_case_is_not_taking_part_in_another(service: ConsentService) -> None:
    case, other, service.families_take_part = fresh_case(), fresh_case(), False
    draft = a_label("hill-school", "plan", draft=True)
    assert await service.levels(HOUSING, a_case(case, draft)) == [0]
    await service.consent(case, taking_part())
    assert await service.levels(HOUSING, a_case(case, draft)) == [3]
    assert await service.levels(HOUSING, a_case(other, draft)) == [0]


async def test_an_unknown_agency_is_shown_nothing_and_may_do_nothing(service: ConsentService) -> None:
    stranger = Caller("x", "X", "nobody-knows", "practitioner")
    case = a_case(fresh_case(), *four_levels(), a_label("nobody-knows", "plan"))
    answer = await service.decide(stranger, case, action="contribute", deed={"deed": "contribute"})
    assert answer["cases"][0]["levels"] == [0, 0, 0, 0, 0]
    assert answer["permit"]["permitted"] is False
    assert "not in force" in answer["permit"]["reason"]
    opening = await service.decide(stranger, action="contribute", deed={"deed": "open_case"})
    assert opening["permit"]["permitted"] is False
    # And what such an agency is said to own is shown to nobody.
    assert await service.levels(HOUSING, a_case(fresh_case(), a_label("nobody-knows", "plan"))) == [0]
    assert [row["action"] for row in service.receipts()] == ["refuse"] * 3


async def test_an_agency_of_a_kind_that_this_code_does_not_know_is_shown_nothing(
    service: ConsentService,
) -> None:
    asked = a_case(fresh_case(), *four_levels(), a_label("city-housing", "plan"))
    assert await service.levels(HOUSING, asked) == [3, 2, 1, 0, 3]
    with service.database() as connection:
        connection.execute(text("UPDATE agencies SET kind = 'astrology' WHERE code = 'city-housing'"))
    assert await service.levels(HOUSING, asked) == [0, 0, 0, 0, 0]
    opening = await service.decide(HOUSING, action="contribute", deed={"deed": "open_case"})
    assert opening["permit"]["permitted"] is False


async def test_a_suspended_user_is_shown_nothing_from_then_on_and_a_colleague_everything(
    service: ConsentService,
) -> None:
    asked = a_case(fresh_case(), *four_levels())
    assert await service.levels(HOUSING, asked) == [3, 2, 1, 0]
    new = {"user": "hanna", "reason": "Laptop stolen"}
    answer = await service.call(HOUSING_OFFICER, "POST", "/suspensions", new)
    assert (answer["user"], answer["for_agency"]) == ("hanna", HOUSING_OFFICER.agency)
    assert answer["enforced_at"] == "2031-03-03T09:00:01.000000Z"
    assert service.slept == [1.0]
    assert await service.levels(HOUSING, asked) == [0, 0, 0, 0]
    elsewhere = Caller("hanna", "Hanna Berg", "hill-school", "practitioner")
    assert await service.levels(elsewhere, asked) == [3, 3, 3, 3], "another agency's officer has no say there"
    deed = await service.decide(HOUSING, asked, action="contribute", deed={"deed": "contribute"})
    assert deed["permit"]["permitted"] is False
    colleague = Caller("hugo", "Hugo Berg", "city-housing", "practitioner")
    assert await service.levels(colleague, asked) == [3, 2, 1, 0]
    again = await service.call(HOUSING_OFFICER, "POST", "/suspensions", new)
    assert again["user"] == "hanna"
    assert service.select("SELECT count(*) FROM suspensions") == [(1,)]


def publish(connection: Connection, version: int, document: Any, published_from: Any) -> None:
    row = {"version": version, "document": document, "published_from": published_from, "published_by": "x"}
    connection.execute(Base.metadata.tables["policies"].insert(), row)


async def nothing_is_shown(service: ConsentService, why: str) -> bool:
    ask = {"action": "read", "purpose": "support", "cases": [a_case(fresh_case(), *four_levels())]}
    before = service.rows()
    reply = await service.send("POST", "/decisions", ask, caller=HOUSING)
    problem = reply.json()
    assert (reply.status, problem["type"]) == (503, "urn:teamaround:problem:decision-unavailable")
    return problem["detail"] == why and service.rows() == before


async def test_without_a_policy_in_force_nothing_is_shown_and_nothing_recorded(
    service: ConsentService,
) -> None:
    with service.database() as connection:
        connection.execute(text("DELETE FROM policies"))
    assert await nothing_is_shown(service, "No policy is in force, so nothing can be shown.")


async def test_a_policy_that_cannot_be_read_shows_nothing_and_no_older_one_stands_in_for_it(
    service: ConsentService,
) -> None:
    assert await service.levels(HOUSING, a_case(fresh_case(), *four_levels())) == [3, 2, 1, 0]
    [(document,)] = service.select("SELECT document FROM policies")
    good = orjson.loads(document) if isinstance(document, str) else document
    bad: list[Any] = [
        {},
        [],
        None,
        "default-1",
        {**good, "ceilings": [{"role": "king"}]},
        {**good, "extra": 1},
    ]
    for place, worse in enumerate(bad):
        with service.database() as connection:
            publish(connection, place + 2, worse, START)
        assert await nothing_is_shown(service, "The policy in force cannot be read.")
    assert len(bad) == 6


async def test_a_policy_counts_from_the_moment_it_is_published_from_and_is_named_on_the_receipt(
    service: ConsentService,
) -> None:
    [(document,)] = service.select("SELECT document FROM policies")
    tighter = orjson.loads(document) if isinstance(document, str) else document
    tighter["version"] = "tighter"
    for ceiling in tighter["ceilings"]:
        ceiling["levels"] = "1" + "0" * 15
    service.clock.turn(seconds=10)
    with service.database() as connection:
        publish(connection, 2, tighter, service.clock())
    service.clock.turn(seconds=-D, microseconds=-1)
    asked = a_case(fresh_case(), a_label("hill-school", "identity"), *four_levels())
    seen = []
    # What it tightens counts from D before it; its own version is named from its moment on.
    for later in ({}, {"microseconds": 1}, {"seconds": D, "microseconds": -1}, {"microseconds": 1}):
        service.clock.turn(**later)
        seen.append(await service.decide(HOUSING, asked))
    assert [(it["policy_version"], it["cases"][0]["levels"]) for it in seen] == [
        (1, [3, 3, 2, 1, 0]),
        (1, [1, 0, 0, 0, 0]),
        (1, [1, 0, 0, 0, 0]),
        (2, [1, 0, 0, 0, 0]),
    ]
    assert [row["policy_version"] for row in service.receipts()] == [1, 1, 1, 2]


@contextmanager
def no_receipt_can_be_committed(service: ConsentService) -> Iterator[None]:
    """A real fault of the store: with each receipt comes a row that only the commit itself refuses."""
    postgres = service.url.startswith("postgresql")
    make = [
        "CREATE TABLE poison (chain VARCHAR(80) REFERENCES chains(id) DEFERRABLE INITIALLY DEFERRED)",
    ]
    insert = "INSERT INTO poison VALUES ('nowhere')"
    if postgres:
        make += [
            f"CREATE FUNCTION spoil() RETURNS trigger AS $$ BEGIN {insert}; RETURN NEW; END $$"
            " LANGUAGE plpgsql",
            "CREATE TRIGGER spoilt AFTER INSERT ON receipts FOR EACH ROW EXECUTE FUNCTION spoil()",
        ]
        end = "DROP TRIGGER spoilt ON receipts"
    else:
        make += [f"CREATE TRIGGER spoilt AFTER INSERT ON receipts BEGIN {insert}; END"]
        end = "DROP TRIGGER spoilt"
    with service.database() as connection:
        for statement in make:
            connection.exec_driver_sql(statement)
    yield
    with service.database() as connection:
        connection.exec_driver_sql(end)


async def test_where_the_receipt_cannot_be_committed_nothing_leaves(service: ConsentService) -> None:
    case = fresh_case()
    asked = a_case(case, *four_levels())
    ask = {"action": "read", "purpose": "support", "cases": [asked]}
    await service.decide(HOUSING, asked)
    before = (service.rows(), service.select("SELECT id, length, head FROM chains"))
    with no_receipt_can_be_committed(service):
        for caller in (HOUSING, SCHOOL, YOT):
            reply = await service.send("POST", "/decisions", ask, caller=caller)
            assert reply.status in (500, 503)
            assert set(reply.json()) == {"type", "title", "status", "detail"}
        assert (service.rows(), service.select("SELECT id, length, head FROM chains")) == before
    assert await service.levels(HOUSING, asked) == [3, 2, 1, 0]
    assert [row["seq"] for row in service.receipts()] == [1, 2]
    assert service.faults() == []


async def test_every_release_rests_on_a_basis_that_its_receipt_names(service: ConsentService) -> None:
    case = fresh_case()
    consent = (await service.consent(case, a_share(categories=["learning"])))["id"]
    agreed = an_agreement(rows=[{**an_agreement()["rows"][0], "category": "wellbeing"}])
    agreement = (await service.call(SCHOOL_OFFICER, "POST", "/agreements", agreed))["id"]
    labels = [
        a_label("hill-school", "learning"),
        a_label("hill-school", "wellbeing"),
        a_label("city-housing", "plan"),
        a_label("youth-offending", "plan"),
    ]
    answer = await service.decide(HOUSING, a_case(case, *labels))
    [verdict] = answer["cases"]
    assert (verdict["levels"], verdict["valid_until"]) == ([3, 3, 3, 3], "2032-01-01T00:00:00Z")
    [receipt] = service.receipts()
    bases = [cell["bases"] for cell in receipt["cases"][0]["cells"]]
    assert bases[0] == [f"PERMISSION:{consent}"]
    assert bases[1] == [f"AGREEMENT:{agreement}"]
    assert "OWN" in bases[2]
    assert bases[3] == ["AGREEMENT:default"]


@pytest.mark.parametrize("together", [60])
async def test_decisions_made_at_once_keep_every_chain_whole(service: ConsentService, together: int) -> None:
    """Sixty over five cases: reads, refusals and lists, so that both kinds of chain are fought for."""
    cases = [fresh_case() for _ in range(5)]
    callers = (HOUSING, SCHOOL, YOT)

    async def one(number: int) -> Json:
        case, caller = cases[number % 5], callers[number % 3]
        if number % 10 == 7:
            both = [a_case(known, *four_levels()) for known in cases[:2]]
            return await service.decide(caller, *both, action="list")
        relationship = "none" if number % 10 == 3 else "member"
        return await service.decide(caller, a_case(case, *four_levels(), relationship=relationship))

    answers = await asyncio.gather(*(one(number) for number in range(together)))
    receipts = service.receipts()
    assert {row["id"] for row in receipts} == {answer["receipt"] for answer in answers}
    assert len(receipts) == together
    by_chain: dict[str, list[int]] = {}
    for row in receipts:
        by_chain.setdefault(row["chain"], []).append(row["seq"])
    assert all(places == list(range(1, len(places) + 1)) for places in by_chain.values())
    assert set(by_chain) >= {f"case:{case}" for case in cases}
    assert sum(len(places) for chain, places in by_chain.items() if chain.startswith("agency:")) >= 12
    assert service.faults() == []


async def test_an_ask_that_is_not_understood_is_refused_before_anything_is_read(
    service: ConsentService,
) -> None:
    good: Json = {"action": "read", "purpose": "support", "cases": [a_case(fresh_case(), *four_levels())]}
    bad: list[Any] = [
        None,
        [],
        "ask",
        {**good, "action": "steal"},
        {**good, "cases": None},
        {**good, "newer": True},
        {**good, "cases": [{**good["cases"][0], "labels": [{"owner": "hill-school"}]}]},
        {name: value for name, value in good.items() if name != "purpose"},
    ]
    for ask in bad:
        with pytest.raises(Problem) as refused:
            await service.call(HOUSING, "POST", "/decisions", ask)
        assert refused.value.kind == "malformed"
    assert len(bad) == 8
    assert service.receipts() == []
    # Words that this code does not know are understood, and open nothing.
    for change in ({"purpose": "curiosity"}, {"purpose": "enforcement"}):
        answer = await service.call(HOUSING, "POST", "/decisions", {**good, **change})
        assert answer["cases"][0]["levels"] == [0, 0, 0, 0]
    odd = a_case(fresh_case(), a_label("hill-school", "horoscope"), *four_levels(), relationship="cousin")
    assert await service.levels(HOUSING, odd) == [0, 0, 0, 0, 0]
    assert [row["action"] for row in service.receipts()] == ["refuse"] * 3


async def test_receipt_ids_are_random_and_tell_no_order(service: ConsentService) -> None:
    ids = [(await service.decide(HOUSING, action="search"))["receipt"] for _ in range(12)]
    assert len(set(ids)) == 12
    assert ids != sorted(ids)
    assert {len(new_id())} == {len(receipt) for receipt in ids}
