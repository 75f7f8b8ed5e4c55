"""Whoever can write the whole database, but has not got the key, is found out (A2)."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, delete, insert, select, text, update

from services.consent.base import Base
from services.consent.checkpoints.cover import CHECKPOINTS
from services.consent.checkpoints.operations import add_checkpoint
from services.consent.checkpoints.repository import grown_chains
from services.consent.checkpoints.signature import Statement, signed, statement_of
from services.consent.ledger.chain import START
from services.consent.ledger.receipts import content_of
from services.consent.ledger.repository import record
from services.consent.verification.operations import verify_all
from shared.database import ReadSession, WriteSession
from shared.identity import Caller
from shared.ids import new_id
from tests.consent.service import KEYS, LEDGER_KEY
from tests.consent.service import START as OPENING

LEDGERS = 4

RECEIPTS = Base.metadata.tables["receipts"]
CHAINS = Base.metadata.tables["chains"]
MENTIONS = Base.metadata.tables["mentions"]
STATEMENTS = Base.metadata.tables["checkpoints"]
COVERED = Base.metadata.tables["covered"]
COLUMNS = tuple(RECEIPTS.columns.keys())
STATEMENT_COLUMNS = tuple(STATEMENTS.columns.keys())
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
            connection.execute(text("ALTER TABLE covered DROP CONSTRAINT fk_covered_checkpoint_checkpoints"))
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


def write_ledger(engine: Engine, rng: random.Random) -> Statement:
    """A fresh ledger of several chains, grown in random order, every one with at least three receipts.

    Three checkpoints are made on the way. The second is given: the one that somebody else holds.
    """
    chains = [f"case:{new_id()}" for _ in range(rng.randint(2, 4))] + ["agency:hill-school"]
    order = [chain for chain in chains for _ in range(rng.randint(1, 4))]
    rng.shuffle(order)
    with engine.begin() as connection:
        for table in (COVERED, STATEMENTS, MENTIONS, RECEIPTS, CHAINS):
            connection.execute(delete(table))
    made = []
    with engine.connect() as connection, WriteSession(connection) as session, session.begin():
        # Before the held checkpoint each chain has two receipts, after it some have more.
        for part in ([*chains, *order[: len(order) // 2]], [*chains, *order[len(order) // 2 :]], chains[1:]):
            for chain in part:
                case = new_id()
                mentions = {("case", case), ("person", new_id())}
                record(session, LEDGER_KEY, chain, a_receipt(rng, case), mentions)
            made.append(a_checkpoint(session))
    held = statement_of(signed(LEDGER_KEY, made[1]), KEYS)
    assert held is not None
    return held


def a_checkpoint(session: WriteSession) -> Statement:
    grown, more = grown_chains(session, "", 1_000)
    assert more is None
    return add_checkpoint(session, LEDGER_KEY, lambda: OPENING, grown)


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
    """The stored rows, and what can be done to them. ``one`` and ``another`` are covered by what is held."""

    def __init__(self, connection: Connection, rng: random.Random, held: Statement) -> None:
        self.connection = connection
        self.rng = rng
        rows = connection.execute(select(RECEIPTS).order_by(RECEIPTS.c.chain, RECEIPTS.c.seq))
        self.receipts: list[Row] = [dict(row._mapping) for row in rows]
        found = connection.execute(select(STATEMENTS).order_by(STATEMENTS.c.seq))
        self.statements: list[Row] = [dict(row._mapping) for row in found]
        self.held_at: int = next(row["seq"] for row in self.statements if row["id"] == held.id)
        self.covered: list[Row] = [dict(row._mapping) for row in connection.execute(select(COVERED))]
        self.chain = rng.choice([receipt["chain"] for receipt in self.receipts])
        self.of_chain = [receipt for receipt in self.receipts if receipt["chain"] == self.chain]
        self.other = rng.choice([found for found in self.receipts if found["chain"] != self.chain])
        self.length = len(self.of_chain)
        self.held_length = max(row["length"] for row in self.covered_and_held if row["chain"] == self.chain)
        self.one, self.another = rng.sample(self.of_chain[: self.held_length], 2)

    @property
    def covered_and_held(self) -> list[Row]:
        return [row for row in self.covered if row["checkpoint"] <= self.held_at]

    def edit(self, receipt: Row, **columns: Any) -> None:
        self.connection.execute(update(RECEIPTS).where(RECEIPTS.c.id == receipt["id"]).values(columns))

    def remove(self, receipt: Row) -> None:
        self.connection.execute(delete(RECEIPTS).where(RECEIPTS.c.id == receipt["id"]))
        self.connection.execute(delete(MENTIONS).where(MENTIONS.c.receipt == receipt["id"]))

    def add(self, receipt: Row) -> None:
        self.connection.execute(insert(RECEIPTS), receipt)

    def edit_chain(self, **columns: Any) -> None:
        self.connection.execute(update(CHAINS).where(CHAINS.c.id == self.chain).values(columns))

    def edit_statement(self, place: int, **columns: Any) -> None:
        self.connection.execute(update(STATEMENTS).where(STATEMENTS.c.seq == place).values(columns))

    def edit_covered(self, row: Row, **columns: Any) -> None:
        its_own = (COVERED.c.chain == row["chain"]) & (COVERED.c.length == row["length"])
        self.connection.execute(update(COVERED).where(its_own).values(columns))

    def forget_covered(self, row: Row) -> None:
        its_own = (COVERED.c.chain == row["chain"]) & (COVERED.c.length == row["length"])
        self.connection.execute(delete(COVERED).where(its_own))

    def forget_checkpoints(self, after: int) -> None:
        self.connection.execute(delete(COVERED).where(COVERED.c.checkpoint > after))
        self.connection.execute(delete(STATEMENTS).where(STATEMENTS.c.seq > after))


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
    for receipt in ledger.of_chain[ledger.rng.randrange(ledger.held_length) :]:
        ledger.remove(receipt)
    return "truncate"


def cut_off_the_end_and_count_again(ledger: Ledger) -> str:
    kept = ledger.rng.randrange(ledger.held_length)
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


def remove_the_whole_chain(ledger: Ledger) -> str:
    for receipt in ledger.of_chain:
        ledger.remove(receipt)
    return "whole chain removed"


def cut_off_the_end_and_let_the_service_go_on(ledger: Ledger) -> str:
    """The service has the key, and goes on from whatever end it finds: every link is good again."""
    kept = ledger.rng.randrange(ledger.held_length)
    for receipt in ledger.of_chain[kept:]:
        ledger.remove(receipt)
    make_the_chains_row_fit(ledger)
    with WriteSession(ledger.connection, join_transaction_mode="create_savepoint") as session:
        for _ in range(ledger.length - kept + ledger.rng.randrange(2)):
            mentions = {("case", new_id())}
            record(session, LEDGER_KEY, ledger.chain, a_receipt(ledger.rng, new_id()), mentions)
        session.commit()
    return "truncate, and grown again"


def edit_statement_column(column: str) -> "Mutation":
    def edit(ledger: Ledger) -> str:
        row = ledger.rng.choice(ledger.statements)
        value = 7 if column == "seq" else another_value(ledger.rng, column, row[column])
        ledger.edit_statement(row["seq"], **{column: value})
        return f"checkpoint: edit {column}"

    return edit


def remove_a_checkpoint(ledger: Ledger) -> str:
    seq = ledger.rng.randint(1, ledger.held_at)
    ledger.connection.execute(delete(STATEMENTS).where(STATEMENTS.c.seq == seq))
    return "checkpoint removed"


def swap_two_checkpoints(ledger: Ledger) -> str:
    for old, new in ((1, 9), (2, 1), (9, 2)):
        ledger.edit_statement(old, seq=new)
    return "checkpoints swapped"


def put_a_checkpoint_in_anothers_place(ledger: Ledger) -> str:
    first, held = ledger.statements[0], ledger.statements[ledger.held_at - 1]
    ledger.connection.execute(delete(STATEMENTS).where(STATEMENTS.c.seq == held["seq"]))
    ledger.edit_statement(first["seq"], id=held["id"], link=held["link"])
    return "checkpoint put in another's place"


def say_that_less_was_covered(ledger: Ledger) -> str:
    ledger.forget_covered(ledger.rng.choice(ledger.covered_and_held))
    return "covered: removed"


def say_that_another_length_was_covered(ledger: Ledger) -> str:
    row = ledger.rng.choice(ledger.covered_and_held)
    taken = {found["length"] for found in ledger.covered if found["chain"] == row["chain"]}
    ledger.edit_covered(row, length=next(length for length in range(1, 50) if length not in taken))
    return "covered: edit length"


def say_that_another_chain_was_covered(ledger: Ledger) -> str:
    ledger.edit_covered(ledger.rng.choice(ledger.covered_and_held), chain="case:hidden")
    return "covered: edit chain"


def say_that_another_checkpoint_covered_it(ledger: Ledger) -> str:
    row = ledger.rng.choice(ledger.covered_and_held)
    ledger.edit_covered(row, checkpoint=row["checkpoint"] + ledger.rng.choice((1, 5)))
    return "covered: edit checkpoint"


def say_that_more_was_covered(ledger: Ledger) -> str:
    chain = ledger.rng.choice(ledger.covered)["chain"]
    taken = {found["length"] for found in ledger.covered if found["chain"] == chain}
    length = next(length for length in range(1, 50) if length not in taken)
    row = {"chain": chain, "length": length, "checkpoint": ledger.held_at}
    ledger.connection.execute(insert(COVERED), row)
    return "covered: added"


Mutation = Callable[[Ledger], str]
OF_RECEIPTS: tuple[Mutation, ...] = (
    *(edit_column(column) for column in COLUMNS),
    blank_an_optional_column, remove_one, remove_one_and_close_the_gap, change_places,
    change_places_and_links, add_a_copy_at_the_end, add_one_in_between, double_one, cut_off_the_end,
    cut_off_the_end_and_count_again, change_chains, exchange_whole_chains, change_the_key_id,
    begin_a_chain_of_ones_own, rename_the_chain, hide_a_receipt_from_whom_it_is_about, name_somebody_else,
    name_one_more, make_it_unreadable, remove_the_whole_chain, cut_off_the_end_and_let_the_service_go_on,
)  # fmt: skip
OF_CHAINS: tuple[Mutation, ...] = (move_the_head, remove_the_chains_row)
OF_CHECKPOINTS: tuple[Mutation, ...] = (
    *(edit_statement_column(column) for column in STATEMENT_COLUMNS),
    remove_a_checkpoint, swap_two_checkpoints, put_a_checkpoint_in_anothers_place, say_that_less_was_covered,
    say_that_another_length_was_covered, say_that_another_chain_was_covered,
    say_that_another_checkpoint_covered_it, say_that_more_was_covered,
)  # fmt: skip


def leave_it_at_that(ledger: Ledger) -> str:
    return "as it is"


def make_the_chains_row_fit(ledger: Ledger) -> str:
    """Write into the chain's row what is left of the chain, or remove it where nothing is."""
    of_it = select(RECEIPTS.c.seq, RECEIPTS.c.link).where(RECEIPTS.c.chain == ledger.chain)
    left = ledger.connection.execute(of_it).all()
    if not left:
        ledger.connection.execute(delete(CHAINS).where(CHAINS.c.id == ledger.chain))
        return "row fits"
    last = max(left, key=lambda row: (str(type(row.seq)), row.seq))
    ledger.edit_chain(length=len(left), head=last.link)
    return "row fits"


def make_row_and_checkpoints_fit(ledger: Ledger) -> str:
    """Cover up in the checkpoints' tables as well, as far as that can be done without the key."""
    make_the_chains_row_fit(ledger)
    of_it = [row for row in ledger.covered if row["chain"] == ledger.chain]
    left = ledger.connection.execute(select(RECEIPTS.c.id).where(RECEIPTS.c.chain == ledger.chain)).all()
    for row in of_it:
        if row["length"] > len(left):
            ledger.forget_covered(row)
    ledger.forget_checkpoints(after=ledger.rng.randint(0, ledger.held_at))
    return "row and checkpoints fit"


COVER_UPS = (leave_it_at_that, make_the_chains_row_fit, make_row_and_checkpoints_fit)
ATTACKS: tuple[tuple[Mutation, Mutation], ...] = (
    *((mutate, cover_up) for mutate in OF_RECEIPTS for cover_up in COVER_UPS),
    *((mutate, leave_it_at_that) for mutate in (*OF_CHAINS, *OF_CHECKPOINTS)),
)


def chains_at_fault(connection: Connection, held: Statement | None) -> set[str]:
    with ReadSession(connection) as session:
        return {fault.chain for fault in verify_all(session, KEYS, held).faults}


@pytest.mark.property
def test_A2_every_change_to_the_stored_ledger_is_found_against_a_checkpoint_held_elsewhere(
    databases: Mapping[str, str], seed: int, scale: float
) -> None:
    """A2. Three changes to the code that make it fail: to leave ``reason`` out of ``receipts.CHAINED``; to
    leave the link out of what a checkpoint covers (``cover.part_of``), which a chain that was cut off and has
    grown again needs; not to look at the chain's own row (``_is_whole``)."""
    rng = random.Random(seed)
    kinds: Counter[tuple[str, str]] = Counter()
    unfound: Counter[tuple[str, str]] = Counter()
    ledgers = int(LEDGERS * scale)
    with taken_over(databases["consent"]) as engine:
        for _ in range(ledgers):
            held = write_ledger(engine, rng)
            for mutate, cover_up in ATTACKS:
                with undone(engine) as connection:
                    ledger = Ledger(connection, rng, held)
                    kind = (mutate(ledger), cover_up(ledger))
                    kinds[kind] += 1
                    found = chains_at_fault(connection, held)
                    if not found:
                        unfound[kind] += 1
            with undone(engine) as connection:
                assert chains_at_fault(connection, held) == chains_at_fault(connection, None) == set()
    assert unfound == Counter()
    assert (len(COLUMNS), len(OF_RECEIPTS), len(OF_CHECKPOINTS)) == (19, 40, 15)
    assert kinds.total() == ledgers * 137
    assert LEDGERS * 137 * 2 >= 1_000, "over both stores"
    assert len(kinds) == len(ATTACKS) == 137
    assert min(kinds.values()) == ledgers


def test_an_untouched_ledger_verifies_and_a_fault_is_named_only_where_it_is(
    databases: Mapping[str, str], seed: int
) -> None:
    rng = random.Random(seed)
    with taken_over(databases["consent"]) as engine:
        held = write_ledger(engine, rng)
        with undone(engine) as connection:
            assert chains_at_fault(connection, held) == set()
            ledger = Ledger(connection, rng, held)
            ledger.edit(ledger.one, user_name="Somebody else")
            ledger.edit(ledger.other, user_name="Somebody else")
            assert chains_at_fault(connection, held) - {CHECKPOINTS} == {ledger.chain, ledger.other["chain"]}


def test_an_end_cut_off_with_the_chains_row_rewritten_is_found_by_a_checkpoint_held_elsewhere(
    databases: Mapping[str, str], seed: int
) -> None:
    """With every later checkpoint forgotten too, the database alone cannot know it: every receipt that is
    left follows the one before it. What somebody else holds cannot be forgotten."""
    rng = random.Random(seed)
    found = gone = 0
    with taken_over(databases["consent"]) as engine:
        held = write_ledger(engine, rng)
        for _ in range(20):
            with undone(engine) as connection:
                ledger = Ledger(connection, rng, held)
                kept = rng.randrange(ledger.held_length)
                for receipt in ledger.of_chain[kept:]:
                    ledger.remove(receipt)
                make_the_chains_row_fit(ledger)
                ledger.forget_checkpoints(after=0)
                gone += kept == 0
                assert chains_at_fault(connection, None) == set()
                assert chains_at_fault(connection, held) == {CHECKPOINTS}
                found += 1
    assert found == 20
    assert gone > 0


def test_what_was_tampered_with_before_a_checkpoint_is_not_hidden_by_it(
    databases: Mapping[str, str], seed: int
) -> None:
    """A checkpoint builds on the one before, so that one made afterwards does not bless what happened."""
    rng = random.Random(seed)
    with taken_over(databases["consent"]) as engine:
        write_ledger(engine, rng)
        with undone(engine) as connection:
            held = Statement("", "", "")
            with WriteSession(connection) as session:
                held = a_checkpoint(session)
            assert chains_at_fault(connection, held) == set()
            ledger = Ledger(connection, rng, held)
            for receipt in ledger.of_chain[1:]:
                ledger.remove(receipt)
            make_the_chains_row_fit(ledger)
            with WriteSession(connection) as session:
                later = a_checkpoint(session)
            for statement in (held, later, None):
                assert ledger.chain in chains_at_fault(connection, statement)
