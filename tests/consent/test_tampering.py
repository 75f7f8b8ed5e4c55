"""Whoever can write the whole database, but has not got the key, is found out (A2 in small)."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, delete, func, insert, select, text, update

from services.consent.base import Base
from services.consent.ledger.chain import START
from services.consent.ledger.operations import fault_of, verify
from services.consent.ledger.receipts import content_of
from services.consent.ledger.repository import record
from shared.database import ReadSession, WriteSession
from shared.identity import Caller
from shared.ids import new_id
from tests.consent.service import KEYS, LEDGER_KEY
from tests.consent.service import START as OPENING

LEDGERS = 4
CHECKPOINTS_HELD = 20

RECEIPTS = Base.metadata.tables["receipts"]
CHAINS = Base.metadata.tables["chains"]
MENTIONS = Base.metadata.tables["mentions"]
COLUMNS = tuple(RECEIPTS.columns.keys())
Row = dict[str, Any]


@contextmanager
def taken_over(url: str) -> Iterator[Engine]:
    """The database in the hands of its owner: no foreign key and no unique index stands in the way."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_receipts_chain_seq"))
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE mentions DROP CONSTRAINT fk_mentions_receipt_receipts"))
            connection.execute(text("ALTER TABLE receipts DROP CONSTRAINT fk_receipts_chain_chains"))
    try:
        yield engine
    finally:
        engine.dispose()


def a_receipt(rng: random.Random, case: str) -> Row:
    caller = Caller(f"user-{rng.randint(1, 9)}", "Zoë Ødegård", "hill-school", "practitioner")
    cells = [
        {
            "owner": rng.choice(("hill-school", "city-housing")),
            "categories": ["learning"],
            "subjects": [new_id()],
            "level": rng.choice(("none", "existence", "summary", "full")),
            "bases": ["OWN"],
            "entries": [new_id() for _ in range(rng.randint(0, 3))],
        }
        for _ in range(rng.randint(0, 3))
    ]
    return content_of(
        id=new_id(),
        at=OPENING + timedelta(microseconds=rng.randrange(10**9)),
        caller=caller,
        action=rng.choice(("read", "print", "refuse")),
        deed=rng.choice((None, "contribute")),
        purpose="support",
        reason=rng.choice((None, "why „so“")),
        cases=[{"case": case, "relationship": "member", "cells": cells}],
        policy_version=1,
        facts_version=new_id()[:32],
    )


def write_ledger(engine: Engine, rng: random.Random) -> None:
    """A fresh ledger of several chains, grown in random order; every chain has at least three receipts."""
    chains = [f"case:{new_id()}" for _ in range(rng.randint(2, 4))] + ["agency:hill-school"]
    order = [chain for chain in chains for _ in range(rng.randint(3, 7))]
    rng.shuffle(order)
    with engine.begin() as connection:
        for table in (MENTIONS, RECEIPTS, CHAINS):
            connection.execute(delete(table))
    with engine.connect() as connection, WriteSession(connection) as session, session.begin():
        for chain in order:
            case = new_id()
            record(session, LEDGER_KEY, chain, a_receipt(rng, case), {("case", case), ("person", new_id())})


@contextmanager
def undone(engine: Engine) -> Iterator[Connection]:
    """Whatever is done to the database in here is undone afterwards."""
    with engine.connect() as connection:
        transaction = connection.begin()
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        try:
            yield connection
        finally:
            transaction.rollback()


class Ledger:
    """The stored rows, and what can be done to them."""

    def __init__(self, connection: Connection, rng: random.Random) -> None:
        self.connection = connection
        self.rng = rng
        rows = connection.execute(select(RECEIPTS).order_by(RECEIPTS.c.chain, RECEIPTS.c.seq))
        self.receipts: list[Row] = [dict(row._mapping) for row in rows]
        self.chain = rng.choice([receipt["chain"] for receipt in self.receipts])
        self.of_chain = [receipt for receipt in self.receipts if receipt["chain"] == self.chain]
        self.other = rng.choice([found for found in self.receipts if found["chain"] != self.chain])
        self.length = len(self.of_chain)
        self.one, self.another = rng.sample(self.of_chain, 2)

    def edit(self, receipt: Row, **columns: Any) -> None:
        self.connection.execute(update(RECEIPTS).where(RECEIPTS.c.id == receipt["id"]).values(columns))

    def remove(self, receipt: Row) -> None:
        self.connection.execute(delete(RECEIPTS).where(RECEIPTS.c.id == receipt["id"]))
        self.connection.execute(delete(MENTIONS).where(MENTIONS.c.receipt == receipt["id"]))

    def add(self, receipt: Row) -> None:
        self.connection.execute(insert(RECEIPTS), receipt)

    def edit_chain(self, **columns: Any) -> None:
        self.connection.execute(update(CHAINS).where(CHAINS.c.id == self.chain).values(columns))


def another_value(rng: random.Random, column: str, value: Any) -> Any:
    if column == "cases":
        changed = [dict(case) for case in value]
        changed[0]["relationship"] = "lead"
        return changed
    if column == "at":
        return value + timedelta(microseconds=rng.choice((-1, 1)))
    if isinstance(value, int):
        return value + 1
    if value is None:
        return "something"
    return rng.choice((f"{value[:-1]}{'1' if value[-1] != '1' else '0'}", "ü", ""))


def edit_column(column: str) -> "Mutation":
    def edit(ledger: Ledger) -> str:
        ledger.edit(ledger.one, **{column: another_value(ledger.rng, column, ledger.one[column])})
        return f"edit {column}"

    return edit


def blank_an_optional_column(ledger: Ledger) -> str:
    ledger.edit(ledger.one, reason=None if ledger.one["reason"] else "", deed=ledger.one["deed"])
    return "blank"


def remove_one(ledger: Ledger) -> str:
    ledger.remove(ledger.one)
    return "remove"


def remove_one_and_close_the_gap(ledger: Ledger) -> str:
    ledger.remove(ledger.one)
    for receipt in ledger.of_chain[ledger.one["seq"] :]:
        ledger.edit(receipt, seq=receipt["seq"] - 1)
    ledger.edit_chain(length=ledger.length - 1)
    return "remove and renumber"


def change_places(ledger: Ledger) -> str:
    ledger.edit(ledger.one, seq=ledger.another["seq"])
    ledger.edit(ledger.another, seq=ledger.one["seq"])
    return "reorder"


def change_places_and_links(ledger: Ledger) -> str:
    place = ("seq", "previous", "link")
    ledger.edit(ledger.one, **{name: ledger.another[name] for name in place})
    ledger.edit(ledger.another, **{name: ledger.one[name] for name in place})
    return "reorder with links"


def add_a_copy_at_the_end(ledger: Ledger) -> str:
    head = ledger.of_chain[-1]["link"]
    ledger.add({**ledger.one, "id": new_id(), "seq": ledger.length + 1, "previous": head})
    ledger.edit_chain(length=ledger.length + 1, head=ledger.one["link"])
    return "lengthen"


def add_one_in_between(ledger: Ledger) -> str:
    for receipt in reversed(ledger.of_chain[ledger.one["seq"] - 1 :]):
        ledger.edit(receipt, seq=receipt["seq"] + 1)
    ledger.add({**ledger.one, "id": new_id(), "user": "forged"})
    ledger.edit_chain(length=ledger.length + 1)
    return "insert"


def double_one(ledger: Ledger) -> str:
    ledger.add({**ledger.one, "id": new_id()})
    return "double"


def cut_off_the_end(ledger: Ledger) -> str:
    for receipt in ledger.of_chain[ledger.rng.randrange(ledger.length) :]:
        ledger.remove(receipt)
    return "truncate"


def cut_off_the_end_and_count_again(ledger: Ledger) -> str:
    kept = ledger.rng.randrange(ledger.length)
    for receipt in ledger.of_chain[kept:]:
        ledger.remove(receipt)
    ledger.edit_chain(length=kept)
    return "truncate, length rewritten"


def move_the_head(ledger: Ledger) -> str:
    ledger.edit_chain(head=ledger.rng.choice((ledger.other["link"], START, "")))
    return "head moved"


def change_chains(ledger: Ledger) -> str:
    ledger.edit(ledger.one, chain=ledger.other["chain"], seq=ledger.other["seq"])
    ledger.edit(ledger.other, chain=ledger.one["chain"], seq=ledger.one["seq"])
    return "swap between chains"


def exchange_whole_chains(ledger: Ledger) -> str:
    rest = [receipt for receipt in ledger.receipts if receipt["chain"] == ledger.other["chain"]]
    for receipt in ledger.of_chain:
        ledger.edit(receipt, chain=ledger.other["chain"])
    for receipt in rest:
        ledger.edit(receipt, chain=ledger.chain)
    ledger.edit_chain(length=len(rest), head=rest[-1]["link"])
    return "exchange chains"


def change_the_key_id(ledger: Ledger) -> str:
    ledger.edit(ledger.one, key_id=ledger.rng.choice(("ledger-2", "")))
    return "change key id"


def begin_a_chain_of_ones_own(ledger: Ledger) -> str:
    ledger.edit(ledger.of_chain[-1], chain="case:hidden", seq=1)
    return "orphaned chain"


def remove_the_chains_row(ledger: Ledger) -> str:
    ledger.connection.execute(delete(CHAINS).where(CHAINS.c.id == ledger.chain))
    return "chain row removed"


def rename_the_chain(ledger: Ledger) -> str:
    for receipt in ledger.of_chain:
        ledger.edit(receipt, chain="case:renamed")
    ledger.edit_chain(id="case:renamed")
    return "chain renamed"


def hide_a_receipt_from_whom_it_is_about(ledger: Ledger) -> str:
    of_one = MENTIONS.c.receipt == ledger.one["id"]
    kind = ledger.rng.choice(("case", "person"))
    ledger.connection.execute(delete(MENTIONS).where(of_one, MENTIONS.c.kind == kind))
    return "mention removed"


def name_somebody_else(ledger: Ledger) -> str:
    of_one = MENTIONS.c.receipt == ledger.one["id"]
    ledger.connection.execute(
        update(MENTIONS).where(of_one, MENTIONS.c.kind == "person").values(target=new_id())
    )
    return "mention changed"


def name_one_more(ledger: Ledger) -> str:
    row = {"receipt": ledger.one["id"], "kind": "person", "target": new_id()}
    ledger.connection.execute(insert(MENTIONS), row)
    return "mention added"


def make_it_unreadable(ledger: Ledger) -> str:
    """Only where the store keeps no types: PostgreSQL refuses such a value by itself."""
    if ledger.connection.dialect.name == "postgresql":
        ledger.edit(ledger.one, cases=[])
        return "emptied"
    column, value = ledger.rng.choice((("cases", "[{"), ("at", "yesterday"), ("seq", "first")))
    ledger.connection.execute(
        text(f"UPDATE receipts SET {column} = :value WHERE id = :id"),
        {"value": value, "id": ledger.one["id"]},
    )
    return "unreadable"


Mutation = Callable[[Ledger], str]
MUTATIONS: tuple[Mutation, ...] = (
    *(edit_column(column) for column in COLUMNS),
    blank_an_optional_column, remove_one, remove_one_and_close_the_gap, change_places,
    change_places_and_links, add_a_copy_at_the_end, add_one_in_between, double_one, cut_off_the_end,
    cut_off_the_end_and_count_again, move_the_head, change_chains, exchange_whole_chains,
    change_the_key_id, begin_a_chain_of_ones_own, remove_the_chains_row, rename_the_chain,
    hide_a_receipt_from_whom_it_is_about, name_somebody_else, name_one_more, make_it_unreadable,
)  # fmt: skip


def chains_at_fault(connection: Connection) -> set[str]:
    with ReadSession(connection) as session:
        return {fault.chain for fault in verify(session, KEYS)}


@pytest.mark.property
def test_every_change_to_the_stored_ledger_is_found(
    databases: Mapping[str, str], seed: int, scale: float
) -> None:
    """A2. Three changes to the code that make it fail: to leave ``reason`` out of ``receipts.CHAINED``; to
    link without the chain's id; to look in ``verify`` only at chains that have a row."""
    rng = random.Random(seed)
    kinds: Counter[str] = Counter()
    unfound: Counter[str] = Counter()
    ledgers = int(LEDGERS * scale)
    with taken_over(databases["consent"]) as engine:
        for _ in range(ledgers):
            write_ledger(engine, rng)
            for mutate in MUTATIONS:
                with undone(engine) as connection:
                    ledger = Ledger(connection, rng)
                    kind = mutate(ledger)
                    kinds[kind] += 1
                    if not chains_at_fault(connection) & {ledger.chain, "case:hidden", "case:renamed"}:
                        unfound[kind] += 1
            with undone(engine) as connection:
                assert chains_at_fault(connection) == set()
    assert unfound == Counter()
    assert len(MUTATIONS) == len(COLUMNS) + 21 == 40
    assert kinds.total() == ledgers * 40 >= 160
    assert len(kinds) == 40
    assert min(kinds.values()) == ledgers


def test_an_untouched_ledger_verifies_and_a_fault_is_named_only_where_it_is(
    databases: Mapping[str, str], seed: int
) -> None:
    rng = random.Random(seed)
    with taken_over(databases["consent"]) as engine:
        write_ledger(engine, rng)
        with undone(engine) as connection:
            assert chains_at_fault(connection) == set()
            ledger = Ledger(connection, rng)
            ledger.edit(ledger.one, user_name="Somebody else")
            assert chains_at_fault(connection) == {ledger.chain}
            ledger.edit(ledger.other, user_name="Somebody else")
            assert chains_at_fault(connection) == {ledger.chain, ledger.other["chain"]}


def test_an_end_cut_off_with_the_chains_row_rewritten_is_found_by_a_checkpoint_held_elsewhere(
    databases: Mapping[str, str], seed: int
) -> None:
    """The database alone cannot know it: every receipt that is left follows the one before it."""
    rng = random.Random(seed)
    found = gone = 0
    with taken_over(databases["consent"]) as engine:
        write_ledger(engine, rng)
        for _ in range(CHECKPOINTS_HELD):
            with undone(engine) as connection:
                ledger = Ledger(connection, rng)
                held = {row.id: (row.length, row.head) for row in connection.execute(select(CHAINS)).all()}
                kept = rng.randrange(ledger.length)
                for receipt in ledger.of_chain[kept:]:
                    ledger.remove(receipt)
                ledger.edit_chain(length=kept, head=ledger.of_chain[kept - 1]["link"] if kept else START)
                if kept == 0:
                    remove_the_chains_row(ledger)
                    gone += 1
                assert chains_at_fault(connection) == set()
                with ReadSession(connection) as session:
                    faults = {chain: fault_of(session, KEYS, chain, *held[chain]) for chain in held}
                assert {chain for chain, fault in faults.items() if fault} == {ledger.chain}
                found += 1
        with engine.connect() as connection:
            assert connection.execute(select(func.count()).select_from(RECEIPTS)).scalar_one() >= 9
    assert found == CHECKPOINTS_HELD
    assert gone > 0
