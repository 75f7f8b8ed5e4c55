"""SQL for chains and receipts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, bindparam, cast, exists, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from services.consent.holds.repository import holds_back
from services.consent.holds.tables import Hold
from services.consent.ledger.chain import START, LedgerKey, link
from services.consent.ledger.receipts import MENTIONS_CASE, MENTIONS_PERSON, chained_content
from services.consent.ledger.tables import Chain, Mention, Receipt
from shared.database import ReadSession, WriteSession, earlier_than
from shared.purposes import ORDINARY_PURPOSE
from shared.vocabulary import Deed

Place = tuple[datetime, str]
"""A receipt's moment and id: the order in which receipts are listed."""

_chain = Chain.__table__.c
_LOCKED = select(_chain.length, _chain.head).where(_chain.id == bindparam("chain")).with_for_update()
_MOVE_HEAD = (
    update(Chain)
    .where(_chain.id == bindparam("chain"))
    .values(length=bindparam("new_length"), head=bindparam("new_head"))
)
_NEW_RECEIPT = insert(Receipt)
_NEW_MENTION = insert(Mention)
_TELL_WHOM_A_CASE_IS_ABOUT = 100
_PLACE = (Receipt.at, Receipt.id)
_IS_ORDINARY = or_(
    *(
        and_(Receipt.role == role.value, Receipt.purpose == purpose.value)
        for role, purpose in ORDINARY_PURPOSE.items()
    )
)
CONTENT_COLUMNS = (
    Receipt.id,
    Receipt.at,
    Receipt.user,
    Receipt.user_name,
    Receipt.agency,
    Receipt.on_behalf_of,
    Receipt.role,
    Receipt.action,
    Receipt.deed,
    Receipt.purpose,
    Receipt.reason,
    Receipt.cases,
    Receipt.policy_version,
    Receipt.facts_version,
)


def case_chain(case: str) -> str:
    return f"case:{case}"


def agency_chain(agency: str) -> str:
    return f"agency:{agency}"


def lock_case_chain(session: WriteSession, case: str) -> None:
    """Take the lock under which facts about a case change and decisions about it are made (design 3.3)."""
    lock_chain(session, case_chain(case))


def lock_chain(session: WriteSession, chain: str) -> tuple[int, str]:
    """Lock a chain's row until the transaction ends; gives length and head. Begins a chain that is new."""
    connection = session.connection()
    row = connection.execute(_LOCKED, {"chain": chain}).one_or_none()
    if row is None:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        begin = dialect.insert(Chain).values(id=chain, length=0, head=START)
        connection.execute(begin.on_conflict_do_nothing())
        row = connection.execute(_LOCKED, {"chain": chain}).one()
    return row.length, row.head


def record(
    session: WriteSession,
    key: LedgerKey,
    chain: str,
    content: Mapping[str, Any],
    mentions: Iterable[tuple[str, str]],
    locked: tuple[int, str] | None = None,
) -> None:
    """Append a receipt to ``chain``: the one way anything enters the ledger.

    ``locked`` is what ``lock_chain`` gave if the transaction holds this chain's lock already.
    """
    length, head = locked or lock_chain(session, chain)
    seq, named = length + 1, sorted(mentions)
    sealed = link(key, chain, seq, head, chained_content(content, named))
    place = {"chain": chain, "seq": seq, "key_id": key.key_id, "previous": head, "link": sealed}
    connection = session.connection()
    connection.execute(_NEW_RECEIPT, {**content, **place})
    rows = [{"receipt": content["id"], "kind": kind, "target": target} for kind, target in named]
    if rows:
        connection.execute(_NEW_MENTION, rows)
    connection.execute(_MOVE_HEAD, {"chain": chain, "new_length": seq, "new_head": sealed})


HANDS_OUT = or_(Receipt.deed.is_(None), Receipt.deed == Deed.SEE_AS_AGENCY)
"""With a receipt of a deed nothing leaves, but where somebody looked at a case as an agency would see it."""


def receipts_of_cases(
    session: ReadSession, cases: Collection[str], actions: Collection[str], since: datetime
) -> Sequence[Any]:
    """The receipts of these actions by which something left, about any of these cases, from a moment on."""
    mentioning = select(Mention.receipt).where(Mention.kind == MENTIONS_CASE, Mention.target.in_(cases))
    statement = select(Receipt.user, Receipt.agency, Receipt.role, Receipt.purpose, Receipt.cases).where(
        Receipt.id.in_(mentioning),
        Receipt.at >= since,
        Receipt.action.in_(actions),
        HANDS_OUT,
    )
    return session.execute(statement).all()


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which receipts are asked for: a half-open window, who looked (or was looked for), what they did.

    ``unusual_purpose``: only what was asked for a purpose other than the role's ordinary one, or with False
    only the rest. ``concerns``: an agency that looked or whose records were looked at. ``not_held_at``: leave
    out what is held back at that moment.
    """

    since: datetime | None = None
    until: datetime | None = None
    agency: str | None = None
    user: str | None = None
    action: str | None = None
    purpose: str | None = None
    unusual_purpose: bool | None = None
    concerns: str | None = None
    not_held_at: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.since is not None:
            found.append(Receipt.at >= self.since)
        if self.until is not None:
            found.append(Receipt.at < self.until)
        for column, wanted in (
            (Receipt.agency, self.agency),
            (Receipt.action, self.action),
            (Receipt.purpose, self.purpose),
        ):
            if wanted is not None:
                found.append(column == wanted)
        if self.user is not None:
            found.append(or_(Receipt.user == self.user, Receipt.on_behalf_of == self.user))
        if self.unusual_purpose is not None:
            found.append(~_IS_ORDINARY if self.unusual_purpose else _IS_ORDINARY)
        if self.concerns is not None:
            # Of the owners it is enough to leave out what cannot be: what is shown is looked at one by one.
            cases = cast(Receipt.cases, Text)
            names_it = (
                cases.contains(f'"{part}":"{self.concerns}"', autoescape=True)
                for part in ("owner", "recipient")
            )
            found.append(or_(Receipt.agency == self.concerns, *names_it))
        if self.not_held_at is not None:
            found.append(~exists().where(Hold.receipt == Receipt.id, holds_back(self.not_held_at)))
        return found


def receipts_mentioning(
    session: ReadSession,
    kinds: Collection[str],
    target: str,
    chosen: Chosen,
    after: Place | None,
    limit: int,
) -> Sequence[Any]:
    """Receipts that speak of a case or person, newest first, from after (moment, id) on."""
    statement = (
        select(*CONTENT_COLUMNS)
        .join(Mention, Mention.receipt == Receipt.id)
        .where(
            Mention.kind.in_(kinds),
            Mention.target == target,
            *chosen.conditions(),
            earlier_than(_PLACE, after),
        )
        .order_by(Receipt.at.desc(), Receipt.id.desc())
        .limit(limit)
    )
    return session.execute(statement).all()


def place_further_on(session: ReadSession, chosen: Chosen, after: Place | None, number: int) -> Place | None:
    """Where one stands when so many receipts of the window were passed; None when there are no more."""
    window = Chosen(since=chosen.since, until=chosen.until)
    statement = (
        select(Receipt.at, Receipt.id)
        .where(*window.conditions(), earlier_than(_PLACE, after))
        .order_by(Receipt.at.desc(), Receipt.id.desc())
        .offset(number - 1)
        .limit(1)
    )
    row = session.execute(statement).one_or_none()
    return None if row is None else (row.at, row.id)


def receipts_between(
    session: ReadSession, chosen: Chosen, after: Place | None, end: Place | None, limit: int
) -> Sequence[Any]:
    """The newest of the chosen receipts from a place on, up to ``end`` and with it."""
    until_end = [] if end is None else [~earlier_than(_PLACE, end)]
    statement = (
        select(*CONTENT_COLUMNS)
        .where(*chosen.conditions(), earlier_than(_PLACE, after), *until_end)
        .order_by(Receipt.at.desc(), Receipt.id.desc())
        .limit(limit)
    )
    return session.execute(statement).all()


def existing_cases(session: ReadSession, receipts: Collection[str]) -> dict[str, set[str]]:
    """By receipt the cases that existed for whoever it is about (``receipts.mentions_of``)."""
    found: dict[str, set[str]] = {receipt: set() for receipt in receipts}
    named = select(Mention.receipt, Mention.target).where(
        Mention.receipt.in_(receipts), Mention.kind == MENTIONS_CASE
    )
    for receipt, case in session.execute(named) if receipts else ():
        found[receipt].add(case)
    return found


def people_on(session: ReadSession, receipts: Collection[str]) -> dict[str, set[str]]:
    """By receipt the people of whom it speaks, whether or not they existed for whoever it is about; of a deed
    that names nobody, the people of its case."""
    found: dict[str, set[str]] = {receipt: set() for receipt in receipts}
    cases: dict[str, set[str]] = {}
    named = select(Mention.receipt, Mention.kind, Mention.target).where(Mention.receipt.in_(receipts))
    for receipt, kind, target in session.execute(named) if receipts else ():
        if kind != MENTIONS_CASE:
            found[receipt].add(target)
        if kind != MENTIONS_PERSON:
            cases.setdefault(target, set()).add(receipt)
    for case, theirs in cases.items():
        nameless = [receipt for receipt in theirs if found[receipt] <= {case}]
        people = _people_of_case(session, case) if nameless else set()
        for receipt in nameless:
            found[receipt] |= people
    return found


def _people_of_case(session: ReadSession, case: str) -> set[str]:
    """Whom a case is about, as the newest receipts in its own chain say."""
    chain = select(Receipt.id).where(Receipt.chain == case_chain(case))
    newest = chain.order_by(Receipt.seq.desc()).limit(_TELL_WHOM_A_CASE_IS_ABOUT)
    statement = (
        select(Mention.target).distinct().where(Mention.receipt.in_(newest), Mention.kind == MENTIONS_PERSON)
    )
    return set(session.scalars(statement))
