"""What can be asked of the ledger. Reading it is itself recorded."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.consent.agencies.repository import agencies_named, agencies_named_for
from services.consent.bars.audience import is_stopped
from services.consent.bars.repository import barred_from, bars_about
from services.consent.decision.policy import Policy
from services.consent.decisions.operations import DecisionParts, levels_now
from services.consent.ledger import repository
from services.consent.ledger.audience import (
    AboutPerson,
    Shown,
    as_seen_by_family,
    as_seen_by_officer,
    overrides_behind,
    told_to_family,
    without_barred,
    without_places,
)
from services.consent.ledger.officers import is_partnership_officer
from services.consent.ledger.receipts import MENTIONS_ATTEMPT, MENTIONS_CASE, MENTIONS_PERSON, content_of
from services.consent.ledger.repository import Chosen
from services.consent.overrides.repository import untold_among
from shared.clock import rfc3339
from shared.database import ReadSession, Store, WriteSession
from shared.disclosure import CaseAsk, LabelAsk, SubjectAsk, Wire
from shared.identity import Caller
from shared.ids import new_id
from shared.pages import AfterMoment, PageSize
from shared.vocabulary import BarKind, LedgerAction, Level, Role

_READ_AHEAD = 200
SEARCHED_AT_ONCE = 5_000
Page = list[Shown]
Place = tuple[Any, str]
Views = Callable[[Sequence[Any]], list[Shown | None]]
"""How a reader sees some receipts; None for those of which nothing is theirs."""


class FamilyAsk(Wire):
    """What a member of the family is to whom, and from when each of these decides alone."""

    relationships: dict[str, str]
    subjects: tuple[SubjectAsk, ...]


class DisclosuresAsk(Wire):
    """Which receipts: of a case or a person, from a place on, at most ``limit``; ``since`` and ``until`` are
    a half-open window, ``agency`` is who looked. ``family``: who asks, for a member of the family."""

    kind: str
    target: str
    purpose: str
    reason: str | None
    after: AfterMoment | None
    limit: PageSize
    agency: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    family: FamilyAsk | None = None


def read_disclosures(
    session: WriteSession, parts: DecisionParts, caller: Caller, ask: DisclosuresAsk
) -> dict[str, Any]:
    """The receipts about a case or person that the caller may see, newest first, and this read's receipt.

    Rows are filtered before they are counted: pages are full whatever lies between (design 3.5). What is held
    back is left out for the family in the query itself, so that no gap shows.
    """
    at = parts.clock()
    version, policy = parts.policies.in_force(session, at)
    views = _views_of(session, parts, policy, caller, ask) if is_let_in(session, caller) else None
    kinds = [ask.kind]
    if is_partnership_officer(caller, policy):
        kinds.append(MENTIONS_ATTEMPT)
    chosen = Chosen(
        since=ask.since,
        until=ask.until,
        agency=ask.agency,
        not_held_at=at if caller.role == Role.FAMILY_MEMBER else None,
    )
    shown: Page = []
    place: Place | None = ask.after
    while views is not None and len(shown) <= ask.limit:
        rows = repository.receipts_mentioning(session, kinds, ask.target, chosen, place, _READ_AHEAD)
        shown += [seen for seen in views(rows) if seen is not None]
        if len(rows) < _READ_AHEAD:
            break
        place = (rows[-1].at, rows[-1].id)
    page, after = _page_of(shown, ask.limit)
    mention = (ask.kind if page else MENTIONS_ATTEMPT, ask.target)
    receipt = _record_read(session, parts, caller, "read_disclosures", ask, version, at, {mention})
    return {"disclosures": page, "after": after, "receipt": receipt, "policy_version": version}


def _views_of(
    session: ReadSession, parts: DecisionParts, policy: Policy, caller: Caller, ask: DisclosuresAsk
) -> Views | None:
    if caller.role == Role.INFORMATION_OFFICER:
        return _officers(session, caller, is_partnership_officer(caller, policy))
    if caller.role == Role.FAMILY_MEMBER and ask.family is not None:
        return _family(session, parts, caller, ask, ask.family)
    return None


def _officers(session: ReadSession, caller: Caller, everything: bool) -> Views:
    def views(rows: Sequence[Any]) -> list[Shown | None]:
        existing = repository.existing_cases(session, [row.id for row in rows])
        hidden = () if everything else _hidden_from(session, caller, rows)
        people = repository.people_on(session, [row.id for row in rows])
        named = {person for on in people.values() for person in on}
        barred = barred_from(session, caller.user, caller.agency, named)

        def view(row: Any) -> Shown | None:
            told = without_barred(row._mapping, people[row.id], barred)
            if told is None:
                return None
            unplaced = without_places(told, caller.agency, hidden)
            return as_seen_by_officer(unplaced, caller.agency, existing[row.id], everything=everything)

        return [_dated(view(row)) for row in rows]

    return views


def _hidden_from(session: ReadSession, caller: Caller, rows: Iterable[Any]) -> set[str]:
    """Of those whom these receipts speak of, the ones of whom the officer may not learn where they are."""
    cells = [cell for row in rows for case in row.cases for cell in case["cells"]]
    about = {subject for cell in cells for subject in cell["subjects"]}
    return {
        bar.subject
        for bar in (bars_about(session, sorted(about)) if about else ())
        if bar.kind == BarKind.PROTECTED_ADDRESS
        and bar.lifted_at is None
        and is_stopped(caller.user, caller.agency, bar)
    }


def _family(
    session: ReadSession, parts: DecisionParts, caller: Caller, ask: DisclosuresAsk, family: FamilyAsk
) -> Views:
    """What the family is told is decided like everything else: bars, exclusions and ceilings hold for the
    ledger too."""
    about = set(family.relationships)
    if ask.kind == MENTIONS_PERSON:
        about &= {ask.target}

    def views(found: Sequence[Any]) -> list[Shown | None]:
        rows = told_of(session, found, parts.clock())
        told = sorted({label for row in rows for label in told_to_family(row._mapping, about)})
        may_know = _may_know(session, parts, caller, ask.purpose, family, told)
        names = {agency.code: agency.name for agency in agencies_named(session, {row.agency for row in rows})}
        seen = (
            as_seen_by_family(row._mapping, about, may_know, names.get(row.agency, row.agency))
            for row in rows
        )
        return [_dated(one) for one in seen]

    return views


def told_of(session: ReadSession, rows: Sequence[Any], at: datetime) -> list[Any]:
    """These receipts, but for those that rest on an override of which the family is not told yet: each would
    tip off that there is one."""
    behind = {row.id: overrides_behind(row._mapping) for row in rows}
    untold = untold_among(session, {one for overrides in behind.values() for one in overrides}, at)
    return [row for row in rows if untold.isdisjoint(behind[row.id])]


def _may_know(
    session: ReadSession,
    parts: DecisionParts,
    caller: Caller,
    purpose: str,
    family: FamilyAsk,
    told: Sequence[AboutPerson],
) -> set[AboutPerson]:
    labels = tuple(
        LabelAsk(owner=owner, categories=categories, subjects=(person,)) for owner, categories, person in told
    )
    asked = CaseAsk(
        case=None,
        relationship="none",
        relationships_by_subject=family.relationships,
        subjects=family.subjects,
        labels=labels,
    )
    levels = levels_now(session, parts, caller, purpose, asked)
    return {label for label, level in zip(told, levels, strict=True) if level >= Level.SUMMARY}


class SearchAsk(Wire):
    """Which receipts of all that the officer may see: by who looked, when, what they did, and for what."""

    purpose: str
    reason: str | None
    after: AfterMoment | None
    limit: PageSize
    user: str | None = None
    agency: str | None = None
    action: str | None = None
    sought_for: str | None = None
    unusual_purpose: bool | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Searched:
    """A piece of a search: what it found, and from where on to go on, if there is more to look at."""

    found: Page
    place: Place | None


async def search(
    store: Store, parts: DecisionParts, caller: Caller, ask: SearchAsk, at_once: int = SEARCHED_AT_ONCE
) -> dict[str, Any]:
    """The receipts that an information officer may see, newest first, filtered, and this read's receipt.

    The ledger is gone through in pieces of ``at_once`` receipts, each a transaction of its own, so that
    nobody waits for a long one.
    """
    found: Page = []
    place: Place | None = ask.after
    more = True
    while more and len(found) <= ask.limit:
        wanted = ask.limit + 1 - len(found)
        piece = await store.read(_search_some, parts, caller, ask, place, wanted, at_once)
        found += piece.found
        place, more = piece.place, piece.place is not None
        await asyncio.sleep(0)
    page, after = _page_of(found, ask.limit)
    recorded = await store.write(_record_search, parts, caller, ask)
    return {"receipts": page, "after": after, **recorded}


def _search_some(
    session: ReadSession,
    parts: DecisionParts,
    caller: Caller,
    ask: SearchAsk,
    after: Place | None,
    most: int,
    at_once: int,
) -> _Searched:
    _, policy = parts.policies.in_force(session, parts.clock())
    if caller.role != Role.INFORMATION_OFFICER or not is_let_in(session, caller):
        return _Searched([], None)
    everything = is_partnership_officer(caller, policy)
    chosen = Chosen(
        since=ask.since,
        until=ask.until,
        agency=ask.agency,
        user=ask.user,
        action=ask.action,
        purpose=ask.sought_for,
        unusual_purpose=ask.unusual_purpose,
        concerns=None if everything else caller.agency,
    )
    end = repository.place_further_on(session, chosen, after, at_once)
    rows = repository.receipts_between(session, chosen, after, end, most)
    found = [seen for seen in _officers(session, caller, everything)(rows) if seen is not None]
    if len(rows) == most:
        return _Searched(found, (rows[-1].at, rows[-1].id))
    return _Searched(found, end)


def _record_search(
    session: WriteSession, parts: DecisionParts, caller: Caller, ask: SearchAsk
) -> dict[str, Any]:
    at = parts.clock()
    version, _ = parts.policies.in_force(session, at)
    receipt = _record_read(session, parts, caller, "search_ledger", ask, version, at, set())
    return {"receipt": receipt, "policy_version": version}


def _record_read(
    session: WriteSession,
    parts: DecisionParts,
    caller: Caller,
    deed: str,
    ask: DisclosuresAsk | SearchAsk,
    version: int,
    at: datetime,
    mentions: set[tuple[str, str]],
) -> str:
    """Append the receipt of reading the ledger to the chain of the reader's agency; gives its id."""
    own = new_id()
    content = content_of(
        id=own,
        at=at,
        caller=caller,
        action=LedgerAction.LIST,
        deed=deed,
        purpose=ask.purpose,
        reason=ask.reason,
        cases=[],
        policy_version=version,
        facts_version="",
    )
    repository.record(session, parts.ledger_key, repository.agency_chain(caller.agency), content, mentions)
    return own


def is_let_in(session: ReadSession, caller: Caller) -> bool:
    """Whether the caller's agency is known and they are not suspended; whoever is not finds nothing."""
    own = agencies_named_for(session, caller, [caller.agency])
    return bool(own) and not own[0].user_is_suspended


def _dated(seen: Shown | None) -> Shown | None:
    return None if seen is None else {**seen, "at": rfc3339(seen["at"])}


def _page_of(shown: Page, limit: int) -> tuple[Page, list[str] | None]:
    """At most ``limit`` of what was found, and the place of the last one where there is more."""
    page = shown[:limit]
    return page, [page[-1]["at"], page[-1]["id"]] if len(shown) > limit else None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A deed done to a case, as it stands on a receipt of its own."""

    deed: str
    action: LedgerAction
    purpose: str
    reason: str | None
    case: str
    known: bool
    """Whether the case may be known to the caller; if not, the receipt is kept as an attempt."""


def record_deed(session: WriteSession, parts: DecisionParts, caller: Caller, done: Recorded) -> None:
    """Append a receipt of a deed that was done to the case's chain."""
    chain = repository.case_chain(done.case)
    content = _nothing_shown(session, parts, caller, done.action, done.deed, done.purpose, done.reason)
    mention = (MENTIONS_CASE if done.known else MENTIONS_ATTEMPT, done.case)
    repository.record(session, parts.ledger_key, chain, content, {mention})


class Refusal(Wire):
    """What was refused, and the cases and persons that it concerned. ``known``: the ids of those that may be
    known to the caller; of any other the receipt is kept as an attempt. ``deed``: None where nobody got so
    far as to say what they wanted to do."""

    deed: str | None
    purpose: str
    reason: str | None
    cases: tuple[str, ...]
    people: tuple[str, ...]
    known: tuple[str, ...]


def record_refusal(session: WriteSession, parts: DecisionParts, caller: Caller, refusal: Refusal) -> None:
    """Append a receipt of a refusal to the chain of the caller's agency (design 3.4)."""
    content = _nothing_shown(
        session, parts, caller, LedgerAction.REFUSE, refusal.deed, refusal.purpose, refusal.reason
    )
    named = [(MENTIONS_CASE, case) for case in refusal.cases]
    named += [(MENTIONS_PERSON, person) for person in refusal.people]
    mentions = {(kind if id_ in refusal.known else MENTIONS_ATTEMPT, id_) for kind, id_ in named}
    repository.record(session, parts.ledger_key, repository.agency_chain(caller.agency), content, mentions)


def _nothing_shown(
    session: WriteSession,
    parts: DecisionParts,
    caller: Caller,
    action: LedgerAction,
    deed: str | None,
    purpose: str,
    reason: str | None,
) -> dict[str, Any]:
    at = parts.clock()
    version, _ = parts.policies.in_force(session, at)
    return content_of(
        id=new_id(),
        at=at,
        caller=caller,
        action=action,
        deed=deed,
        purpose=purpose,
        reason=reason,
        cases=[],
        policy_version=version,
        facts_version="",
    )
