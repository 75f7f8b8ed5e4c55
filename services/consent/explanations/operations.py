"""Explaining decisions: to a requester, to an information officer; who can see; what if.

Each is a read: decided and recorded in one transaction that first locks the chain, like every decision
(design 3.3). Nothing else is written.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.consent.bars.audience import is_stopped
from services.consent.bars.repository import bars_about
from services.consent.consents.audience import Reader, may_see_consent, may_see_exclusion
from services.consent.decision.decide import decide, decide_indexed, open_reading
from services.consent.decision.everybody import Seat, ask_of
from services.consent.decision.facts import Ask, Facts, Label
from services.consent.decision.grounds import grounds_of
from services.consent.decision.index import IndexedFacts, index_facts
from services.consent.decision.policy import Policy
from services.consent.decision.verdict import Verdict
from services.consent.decisions import facts_of
from services.consent.decisions.obligations import may_not_locate, obligations_of
from services.consent.decisions.operations import DecisionParts
from services.consent.decisions.repository import LoadedFacts
from services.consent.exclusions.operations import exclusions_told
from services.consent.explanations import repository, telling
from services.consent.explanations.repository import Known
from services.consent.explanations.seats import Seated, asked_about, seats_of
from services.consent.explanations.telling import Told
from services.consent.holds.operations import may_propose
from services.consent.ledger.audience import as_seen_by_officer
from services.consent.ledger.officers import is_partnership_officer
from services.consent.ledger.operations import is_let_in
from services.consent.ledger.receipts import content_of, mentions_of
from services.consent.ledger.repository import (
    agency_chain,
    case_chain,
    existing_cases,
    lock_chain,
    record,
)
from shared.clock import from_microseconds, microseconds, rfc3339
from shared.database import ReadSession, WriteSession
from shared.disclosure import AgencyCard, CaseAsk, CaseVerdict, SubjectAsk
from shared.explanations import (
    OfficerAsk,
    Reading,
    RequesterAnswer,
    RequesterAsk,
)
from shared.identity import Caller
from shared.ids import new_id
from shared.vocabulary import Blocker, ConsentKind, LedgerAction, Level, Relationship, Role

EXPLAIN, EXPLAIN_RECEIPT = "explain", "explain_receipt"
"""What a receipt says was done besides reading."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A question about one case, being answered: the lock it holds, its moment, the policy, the asker."""

    parts: DecisionParts
    caller: Caller
    asked: Reading
    chain: str
    locked: tuple[int, str]
    at: datetime
    version: int
    policy: Policy

    @property
    def now(self) -> int:
        return microseconds(self.at)

    @property
    def margin(self) -> int:
        return self.parts.margin

    @property
    def labels(self) -> tuple[Label, ...]:
        return tuple(facts_of.label(label) for label in self.asked.case.labels)

    @property
    def seat(self) -> Seat:
        """The asker's own."""
        caller = self.caller
        relationship = self.asked.case.relationship
        return Seat(caller.user, caller.agency, caller.role, relationship, self.asked.purpose)

    @property
    def question(self) -> Ask:
        """What the asker would ask about the whole case."""
        ask = ask_of(self.seat, self.labels, self.now, self.margin)
        return replace(ask, relationships_by_subject=self.asked.case.relationships_by_subject)

    @property
    def sees_all(self) -> bool:
        """Whether the policy names the asker as one of the partnership's officers."""
        return is_partnership_officer(self.caller, self.policy)


def open_question(session: WriteSession, parts: DecisionParts, caller: Caller, asked: Reading) -> Opened:
    case = asked.case.case
    chain = case_chain(case) if case is not None else agency_chain(caller.agency)
    locked = lock_chain(session, chain)
    at = parts.clock()
    version, policy = parts.policies.in_force(session, at)
    if case is None and asked.case.through:
        asked = _as_decided(session, parts, caller, asked, at)
    if caller.role == Role.FAMILY_MEMBER:
        loaded = LoadedFacts(session, [asked.case], caller, asked.purpose, ())
        asked = asked.model_copy(update={"case": loaded.told(asked.case, at)})
    return Opened(parts, caller, asked, chain, locked, at, version, policy)


def _as_decided(
    session: WriteSession, parts: DecisionParts, caller: Caller, asked: Reading, at: datetime
) -> Reading:
    """A question about a person outside any case, with what the asker is to each as the view has it."""
    loaded = LoadedFacts(session, [asked.case], caller, asked.purpose, ())
    found = loaded.relationships_by_subject(asked.case, microseconds(at), parts.margin)
    return asked.model_copy(
        update={"case": asked.case.model_copy(update={"relationships_by_subject": found})}
    )


def record_answer(
    session: WriteSession,
    opened: Opened,
    deed: str,
    cells: Sequence[Told] | None,
    facts_version: str,
    *,
    refused: bool = False,
) -> str:
    """The receipt. ``cells`` None: nothing exists here for the asker, and it is kept as an attempt.
    ``refused``: they may see the case and not ask this."""
    caller, asked, receipt = opened.caller, opened.asked, new_id()
    found = cells is not None
    goes_on = found and not refused
    content = content_of(
        id=receipt,
        at=opened.at,
        caller=caller,
        action=LedgerAction.READ if goes_on else LedgerAction.REFUSE,
        deed=deed,
        purpose=asked.purpose,
        reason=asked.reason,
        cases=[
            {
                "case": asked.case.case,
                "relationship": asked.case.relationship,
                "cells": list(cells or ()),
            }
        ],
        policy_version=opened.version,
        facts_version=facts_version,
    )
    chain = opened.chain if goes_on else agency_chain(caller.agency)
    locked = opened.locked if chain == opened.chain else None
    record(session, opened.parts.ledger_key, chain, content, mentions_of([asked.case], [found]), locked)
    return receipt


def cells_told(opened: Opened, verdict: Verdict, places: Iterable[int]) -> list[Told]:
    """What the asker was told about, at the level that is theirs; no entry leaves with an explanation."""
    labels, cells = opened.asked.case.labels, verdict.cells
    return [
        {
            "owner": labels[place].owner,
            "categories": list(labels[place].categories),
            "subjects": list(labels[place].subjects),
            "level": cells[place].level.word,
            "bases": list(cells[place].bases),
            "entries": [],
        }
        for place in places
    ]


def own_verdict(session: WriteSession, opened: Opened) -> tuple[Known, Facts, Verdict]:
    """The facts as the asker is decided by them, and what is decided."""
    known = repository.facts_for(
        session, opened.policy, opened.asked.case, [opened.seat], opened.at, opened.margin
    )
    place = opened.caller.user, opened.caller.agency
    suspended = repository.suspended_among(session, [place], opened.at)
    facts = replace(known.by_agency[opened.caller.agency], suspended=bool(suspended))
    return known, facts, decide(opened.policy, facts, opened.question)


# --- the requester


def explain_to_requester(
    session: WriteSession, parts: DecisionParts, caller: Caller, asked: RequesterAsk
) -> RequesterAnswer:
    """What the caller sees and on which grounds; nothing that tells what the family chose."""
    opened = open_question(session, parts, caller, asked)
    known, facts, verdict = own_verdict(session, opened)
    exists = verdict.exists
    cells = cells_told(opened, verdict, range(len(verdict.levels))) if exists else None
    receipt = record_answer(session, opened, EXPLAIN, cells, known.version)
    policy, purpose = opened.policy, asked.purpose
    kind = facts.agencies[caller.agency].kind if caller.agency in facts.agencies else None
    standing = policy.standings.get((kind, caller.role, Relationship.NONE, purpose))
    until = verdict.valid_until
    return RequesterAnswer(
        receipt=receipt,
        policy_version=opened.version,
        decided_at=opened.at,
        obligations=verdict.obligations,
        cases=(
            CaseVerdict(
                levels=tuple(int(level) for level in verdict.levels),
                valid_until=None if until is None else from_microseconds(until),
                obligations=obligations_of(facts, opened.question, searching=False),
            ),
        ),
        permit=None,
        agencies=_cards(known),
        grounds=grounds_of(policy, index_facts(facts), opened.question, verdict.levels),
        other_purposes=tuple(p for p in policy.purposes.get(caller.role, ()) if p != purpose),
        may_break_glass=standing is not None and bool(standing.break_glass_cap),
    )


def _cards(known: Known) -> dict[str, AgencyCard]:
    return {row.code: AgencyCard(name=row.name, telephone=row.telephone) for row in known.agency_rows}


# --- the information officer


def explain_to_officer(
    session: WriteSession, parts: DecisionParts, caller: Caller, asked: OfficerAsk
) -> Told | None:
    """Why, for the cells of the officer's own agency; None when there is nothing here for her."""
    opened = open_question(session, parts, caller, asked)
    known, facts, own = own_verdict(session, opened)
    officer = Officer(opened, facts)
    if may_not_locate(facts, opened.question):
        # Who else sees it, and whose it is, would tell where they are.
        record_answer(session, opened, EXPLAIN, None, known.version)
        return None
    if asked.receipt is not None:
        return _explain_receipt(session, opened, officer, own, asked.receipt, asked.subjects_then)
    about = asked.about
    if asked.label is None and about.agency is None:
        about = about.model_copy(update={"agency": caller.agency})
    places_held = {(seat.user, seat.agency) for seat in asked.roster}
    places_held.add((about.user or "", about.agency or ""))
    suspended = repository.suspended_among(session, places_held, opened.at)
    roster = seats_of(opened.policy, asked.roster, suspended)
    seats = asked_about(opened.policy, asked.roster, about, suspended)
    everybody = Everybody(session, opened, [*roster, *seats])
    places = officer.places(everybody, roster)
    if asked.label is not None:
        places &= {asked.label} & officer.owned
    if not places:
        record_answer(session, opened, EXPLAIN, None, known.version)
        return None
    permissions = ids_shown(session, opened)[0]
    told = [officer.tell(everybody, seated, sorted(places), permissions, asked) for seated in seats]
    receipt = record_answer(session, opened, EXPLAIN, cells_told(opened, own, sorted(places)), known.version)
    return answered(opened, receipt, everybody.known) | {"explanations": [one for one in told if one]}


def answered(opened: Opened, receipt: str, known: Known) -> Told:
    cards = {code: card.model_dump() for code, card in _cards(known).items()}
    return {"receipt": receipt, "policy_version": opened.version, "agencies": cards}


Knows = Callable[[Facts], Facts]
"""From the facts that a seat is decided by to those of them that the asker may know of."""


def everything(facts: Facts) -> Facts:
    return facts


class Everybody:
    """The facts for some seats, and what each of them is shown as far as the asker may know."""

    def __init__(
        self,
        session: WriteSession,
        opened: Opened,
        seats: Iterable[Seated],
        *,
        at: datetime | None = None,
        policy: Policy | None = None,
        case: CaseAsk | None = None,
        knows: Knows = everything,
    ) -> None:
        self.policy = policy or opened.policy
        self.at = opened.at if at is None else at
        self._opened = opened
        self._knows = knows
        self.known = repository.facts_for(
            session,
            self.policy,
            case or opened.asked.case,
            [opened.seat, *(seated.seat for seated in seats)],
            self.at,
            opened.margin,
            at,
        )
        self._indexed: dict[tuple[str, bool], IndexedFacts] = {}
        self.labels = opened.labels

    def facts(self, seat: Seat) -> Facts:
        facts = self._knows(self.known.by_agency[seat.agency])
        return replace(facts, suspended=seat.suspended)

    def indexed(self, seat: Seat) -> IndexedFacts:
        """Indexed once for all the seats of an agency."""
        key = seat.agency, seat.suspended
        if key not in self._indexed:
            self._indexed[key] = index_facts(self.facts(seat))
        return self._indexed[key]

    def ask(self, seat: Seat, labels: tuple[Label, ...]) -> Ask:
        return ask_of(seat, labels, microseconds(self.at), self._opened.margin)

    def verdict(self, seat: Seat, labels: tuple[Label, ...] | None = None) -> Verdict:
        asked = self.ask(seat, self.labels if labels is None else labels)
        return decide_indexed(self.policy, self.indexed(seat), asked)


class Officer:
    """Which label sets of a case an information officer may be told of, and in which position."""

    def __init__(self, opened: Opened, facts: Facts) -> None:
        self._opened = opened
        self._agency = opened.caller.agency
        reading = open_reading(opened.policy, index_facts(facts), opened.question)
        labels = opened.labels
        if isinstance(reading, Blocker) or opened.caller.role != Role.INFORMATION_OFFICER:
            self.open_to_her: set[int] = set()
        else:
            self.open_to_her = {
                place
                for place, label in enumerate(labels)
                if reading.is_known(label)
                and not any(
                    reading.counts_as(label, found) & ~found.unbarred for found in reading.over(label)
                )
            }
        self.owned = {
            place for place in self.open_to_her if opened.sees_all or labels[place].owner == self._agency
        }

    def places(self, everybody: Everybody, roster: Iterable[Seated]) -> set[int]:
        """The labels that she may be told of: her agency's, and what a colleague on the roster is shown."""
        received: set[int] = set()
        for seated in roster:
            if seated.seat.agency == self._agency:
                levels = everybody.verdict(seated.seat).levels
                received |= {place for place, level in enumerate(levels) if level > Level.NONE}
        return self.owned | received & self.open_to_her

    def tell(
        self,
        everybody: Everybody,
        seated: Seated,
        places: Sequence[int],
        permissions: Collection[str],
        asked: OfficerAsk,
    ) -> Told | None:
        """The explanation for one seat; None if she may be told nothing of it."""
        seat, cells = seated.seat, list[Told]()
        facts = everybody.facts(seat)
        for place in places:
            ask = everybody.ask(seat, (everybody.labels[place],))
            if place in self.owned:
                cells.append(telling.as_owner(everybody.policy, facts, ask, permissions))
            elif seat.agency == self._agency and seated.on_roster:
                told = telling.as_recipient(everybody.policy, facts, ask, permissions)
                if told is not None:
                    cells.append(told)
        kinds: list[Told] = []
        if seat.agency == self._agency and asked.label is None:
            subjects = [subject.id for subject in asked.case.subjects[:1]]
            ask = everybody.ask(seat, ())
            kinds = telling.by_category(everybody.policy, facts, ask, subjects)
        if not cells and not kinds:
            return None
        return who(seated) | {"cells": telling.each_once(cells), "by_category": kinds}


def who(seated: Seated) -> Told:
    seat = seated.seat
    return {
        "user": seat.user or None,
        "name": seated.name,
        "agency": seat.agency,
        "role": seat.role,
        "relationship": seat.relationship,
        "purpose": seat.purpose,
    }


def reader_of(opened: Opened) -> Reader:
    """Whoever asks, as a reader of what was said about the people of this case (design 3.4)."""
    owned: dict[str, set[str]] = {}
    for label in opened.asked.case.labels:
        if label.owner == opened.caller.agency or opened.sees_all:
            for subject in label.subjects:
                owned.setdefault(subject, set()).update(label.categories)
    is_officer = opened.caller.role == Role.INFORMATION_OFFICER
    return Reader(
        user=opened.caller.user,
        agency=opened.caller.agency,
        role=opened.caller.role,
        # An officer sees what concerns her agency as its people on the team do.
        relationship=Relationship.MEMBER if is_officer else opened.asked.case.relationship,
        owned={subject: frozenset(categories) for subject, categories in owned.items()},
        decides_from={subject.id: subject.decides_from for subject in opened.asked.case.subjects},
        responsible={subject.id: subject.responsible for subject in opened.asked.case.subjects},
    )


def ids_shown(session: WriteSession, opened: Opened) -> tuple[set[str], set[str]]:
    """The ids of the permissions and exclusions of this case that the asker may see (design 3.4)."""
    case = opened.asked.case
    if case.case is None:
        return set(), set()
    reader = reader_of(opened)
    answers, exclusions = repository.answers_and_exclusions_of(session, case.case)
    return (
        {row.id for row in answers if row.kind == ConsentKind.SHARE and may_see_consent(reader, row)},
        {row.id for row in exclusions if may_see_exclusion(reader, row)},
    )


def exclusions_listed(session: WriteSession, opened: Opened) -> set[str]:
    """The ids of the exclusions that the list of this case holds for the asker (design 3.4)."""
    case = opened.asked.case.case
    if case is None:
        return set()
    _, exclusions = repository.answers_and_exclusions_of(session, case)
    return {row.id for row in exclusions_told(session, exclusions, reader_of(opened))}


# --- a receipt


def place_of_receipt(
    session: ReadSession, parts: DecisionParts, caller: Caller, receipt: str
) -> dict[str, Any] | None:
    """The case of a receipt that this officer may see, and when it was written; None for one that she may not
    see, or that is absent."""
    _, policy = parts.policies.in_force(session, parts.clock())
    shown = _receipt_shown(session, caller, policy, receipt)
    if shown is None:
        return None
    only = shown["cases"][0] if len(shown["cases"]) == 1 else None
    return {"case": only["case"] if only else None, "at": rfc3339(shown["at"])}


def _receipt_shown(session: ReadSession, caller: Caller, policy: Policy, receipt: str) -> Told | None:
    row = repository.receipt_with_id(session, receipt)
    if row is None or caller.role != Role.INFORMATION_OFFICER or not is_let_in(session, caller):
        return None
    stored = dict(row._mapping)
    if _is_kept_from(session, caller, stored):
        return None
    sees_all = is_partnership_officer(caller, policy)
    existing = existing_cases(session, [receipt])[receipt]
    shown = as_seen_by_officer(stored, caller.agency, existing, everything=sees_all)
    if shown is None or (stored["action"] == LedgerAction.REFUSE and not sees_all):
        return None
    shown["cases"] = [
        {**case, "cells": [_without_others_ids(cell, caller.agency, sees_all) for cell in case["cells"]]}
        for case in shown["cases"]
    ]
    return shown | {"policy_version": stored["policy_version"]}


def _is_kept_from(session: ReadSession, caller: Caller, receipt: Told) -> bool:
    """Whether a bar in force keeps something on a receipt from this officer; then all of it is kept."""
    about: dict[str, set[str]] = {}
    for case in receipt["cases"]:
        for cell in case["cells"]:
            for subject in cell["subjects"]:
                about.setdefault(subject, set()).update(cell["categories"])
    return any(
        bar.lifted_at is None
        and is_stopped(caller.user, caller.agency, bar)
        and not about[bar.subject].isdisjoint(bar.categories)
        for bar in (bars_about(session, sorted(about)) if about else ())
    )


def _without_others_ids(cell: Told, agency: str, sees_all: bool) -> Told:
    return {
        name: value
        for name, value in cell.items()
        if name != "entries" or sees_all or cell["owner"] == agency
    }


def _explain_receipt(
    session: WriteSession,
    opened: Opened,
    officer: Officer,
    own: Verdict,
    receipt: str,
    subjects_then: tuple[SubjectAsk, ...],
) -> Told | None:
    """What was decided then: the receipt's own words, and the derivation where it can be rebuilt."""
    case_then = opened.asked.case.model_copy(update={"subjects": subjects_then})
    shown = _receipt_shown(session, opened.caller, opened.policy, receipt)
    if shown is None:
        record_answer(session, opened, EXPLAIN_RECEIPT, None, "")
        return None
    permissions = ids_shown(session, opened)[0]
    cases = [
        {
            "case": case["case"],
            "relationship": case["relationship"],
            "cells": _cells_of_receipt(session, opened, shown, case, permissions, case_then),
        }
        for case in shown["cases"]
    ]
    own_cells = cells_told(opened, own, sorted(officer.owned))
    written = record_answer(session, opened, EXPLAIN_RECEIPT, own_cells, "")
    names = (
        "id", "user", "user_name", "on_behalf_of", "agency", "role", "action", "deed", "purpose", "reason",
    )  # fmt: skip
    explained = {name: shown[name] for name in names} | {
        "at": rfc3339(shown["at"]),
        "policy_version": shown["policy_version"],
        "cases": cases,
        "may": ["hold"] if may_propose(session, opened.caller, opened.at, receipt) else [],
    }
    return {
        "receipt": written,
        "policy_version": opened.version,
        "agencies": {},
        "explained": explained,
    }


def _cells_of_receipt(
    session: WriteSession,
    opened: Opened,
    shown: Told,
    case: Told,
    permissions: Collection[str],
    case_then: CaseAsk,
) -> list[Told]:
    """The cells of a receipt's case, each with the derivation of then if it still comes to the same."""
    if case["case"] is None or case["case"] != opened.asked.case.case:
        return [_as_stored(cell, permissions) for cell in case["cells"]]
    policy = repository.policy_of_version(session, opened.parts.policies, shown["policy_version"])
    if policy is None or shown["on_behalf_of"] is not None:
        # In which roles somebody worked for whom a system acted is not on the receipt.
        return [_as_stored(cell, permissions) for cell in case["cells"]]
    seat = Seat(shown["user"], shown["agency"], shown["role"], case["relationship"], shown["purpose"])
    seated = Seated(seat, shown["user_name"], on_roster=True)
    then = Everybody(session, opened, [seated], at=shown["at"], policy=policy, case=case_then)
    return [
        _as_stored(cell, permissions) | {"then": _rebuilt(opened, then, seat, cell, permissions)}
        for cell in case["cells"]
    ]


def _as_stored(cell: Told, permissions: Collection[str]) -> Told:
    bases = [telling.named(basis, permissions) for basis in cell.get("bases", ())]
    told = [{"basis": word, "id": fact} for word, fact in bases]
    return {name: value for name, value in cell.items() if name != "bases"} | {"bases": told}


def _rebuilt(
    opened: Opened, then: Everybody, seat: Seat, cell: Told, permissions: Collection[str]
) -> Told | None:
    """The derivation of a cell on the facts of then; None where it cannot be rebuilt: an entry's label was
    corrected since, or what the label does not tell (a draft, an open question) was otherwise."""
    for asked, label in zip(opened.asked.case.labels, then.labels, strict=True):
        if cell.get("categories") != list(asked.categories) or cell.get("subjects") != list(asked.subjects):
            continue
        ask = then.ask(seat, (label,))
        found = then.verdict(seat, (label,)).cells[0]
        stored = cell["level"], cell["bases"]
        if cell["owner"] != asked.owner or (found.level.word, list(found.bases)) != stored:
            continue
        facts = then.facts(seat)
        if opened.sees_all or asked.owner == opened.caller.agency:
            return telling.as_owner(then.policy, facts, ask, permissions)
        return telling.as_recipient(then.policy, facts, ask, permissions)
    return None
