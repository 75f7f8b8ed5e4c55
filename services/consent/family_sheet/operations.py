"""Which service may see what kinds of information about a family, told to the family (design 3.2, 3.4).

A read, decided and recorded like every other. It says what the services may see, whether or not anything of
a kind is recorded: so it tells nothing of what somebody else wrote.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from services.consent.consents.audience import Reader
from services.consent.decision.bases import DEFAULT_ROWS
from services.consent.decision.decide import decide_indexed
from services.consent.decision.everybody import Seat, ask_of
from services.consent.decision.facts import Ask, Label
from services.consent.decision.index import IndexedFacts, index_facts
from services.consent.decision.reach import rows_of
from services.consent.decision.verdict import Cell
from services.consent.decisions.obligations import may_not_locate
from services.consent.decisions.operations import DecisionParts
from services.consent.explanations.operations import Opened, open_question, own_verdict, record_answer
from services.consent.explanations.seats import seats_of
from services.consent.family_sheet.repository import ToldToFamily
from shared.clock import from_microseconds, rfc3339
from shared.database import WriteSession
from shared.disclosure import LabelAsk
from shared.explanations import FamilySightAsk, SeatAsk
from shared.identity import Caller
from shared.vocabulary import Basis, Category, Level, Relationship, Role

WHO_CAN_SEE = "family_who_can_see"
PERMISSION, TEAM, LAW = "permission", "team", "law"
"""Why a service sees something, as a family is told: somebody of them said yes; it is on their team and
nobody said no; the law, or what it lets services agree, says so."""
Told = dict[str, Any]
_Kind = tuple[str, Category]
"""One category about one person, by id."""


@dataclass(slots=True)
class _Sight:
    """The most that a service may see of one kind, why, and when each of what it rests on ends."""

    level: Level = Level.NONE
    because: set[str] = field(default_factory=set)
    ends: list[str | None] = field(default_factory=list)

    def add(self, level: Level, because: Iterable[str], until: str | None) -> None:
        if level > self.level:
            self.level, self.because, self.ends = level, set(), []
        if level == self.level:
            self.because.update(because)
            self.ends.append(until)

    @property
    def until(self) -> str | None:
        """The last of the ends; None where something does not end."""
        ends = [end for end in self.ends if end is not None]
        return max(ends) if len(ends) == len(self.ends) else None


_Sights = dict[tuple[str, Category], _Sight]
"""What a service may see, by person and category."""


def who_can_see(
    session: WriteSession, parts: DecisionParts, caller: Caller, asked: FamilySightAsk
) -> Told | None:
    """Every service on the roster, or to which an override opens the case of which the family may be told,
    with the kinds of information that it may see in the records of others, why, and until when.

    None where nothing is here for the caller: for everybody but the family, and where no agency may be named.
    """
    kinds = _every_kind(asked)
    case = asked.case.model_copy(update={"labels": tuple(kinds.values())})
    opened = open_question(session, parts, caller, asked.model_copy(update={"case": case}))
    known, facts, own = own_verdict(session, opened)
    is_family = caller.role == Role.FAMILY_MEMBER and case.case is not None
    if not is_family or not own.exists or may_not_locate(facts, opened.question):
        record_answer(session, opened, WHO_CAN_SEE, None, known.version)
        return None
    seen = {kind for kind, level in zip(kinds, own.levels, strict=True) if level >= Level.SUMMARY}
    told = ToldToFamily(session, case, _reader(opened), asked.purpose, asked.owners, opened.at)
    receipt = record_answer(session, opened, WHO_CAN_SEE, (), f"{known.version},{told.version}"[:64])
    sights = _Deciding(opened, told, tuple(kinds), asked.owners).of_everybody(_roster(asked, told))
    services = [
        {"agency": service, "agency_name": told.name_of(service), "sees": _lines(found, tuple(kinds), seen)}
        for service, found in sights.items()
    ]
    return {
        "receipt": receipt,
        "policy_version": opened.version,
        "services": sorted(services, key=lambda line: line["agency_name"]),
    }


def _every_kind(asked: FamilySightAsk) -> dict[_Kind, LabelAsk]:
    """Every category about everybody of the case, as some other service's: whether or not there is any."""
    return {
        (subject.id, category): LabelAsk(
            owner=owner, categories=(category.value,), subjects=(subject.id,), locates=False
        )
        for owner in asked.owners[:1]
        for subject in asked.case.subjects
        for category in Category
    }


def _reader(opened: Opened) -> Reader:
    caller = opened.caller
    return Reader(
        user=caller.user,
        agency=caller.agency,
        role=caller.role,
        relationship=opened.asked.case.relationship,
        owned={},
        person=caller.person,
    )


def _roster(asked: FamilySightAsk, told: ToldToFamily) -> list[SeatAsk]:
    """The team, and whoever answers for safeguarding in a service that such an override names besides."""
    there = {seat.agency for seat in asked.roster}
    return [
        *asked.roster,
        *(_for_safeguarding(service) for service in told.opened_to() if service not in there),
    ]


def _for_safeguarding(service: str) -> SeatAsk:
    role, relationship = Role.SAFEGUARDING_LEAD.value, Relationship.NONE.value
    return SeatAsk(user="", name="", agency=service, role=role, relationship=relationship)


class _Deciding:
    """What each seat may see of what other services hold, by ``decide`` on what the family is told."""

    def __init__(
        self, opened: Opened, told: ToldToFamily, kinds: Sequence[_Kind], owners: Sequence[str]
    ) -> None:
        self._opened, self._told = opened, told
        self._kinds, self._owners = kinds, sorted(owners)
        self._indexed: dict[tuple[str, str], IndexedFacts] = {}

    def of_everybody(self, roster: Iterable[SeatAsk]) -> dict[str, _Sights]:
        found: dict[str, _Sights] = {}
        for seated in seats_of(self._opened.policy, roster, ()):
            self._add(seated.seat, found.setdefault(seated.seat.agency, {}))
        return found

    def _add(self, seat: Seat, sights: _Sights) -> None:
        opened, indexed = self._opened, self._facts(seat)
        asking = ask_of(seat, (), opened.now, opened.margin)
        apart = set(indexed.party(asking).owners_apart)
        others = [owner for owner in self._owners if owner != seat.agency]
        # Services with which there are no terms are all alike: one of them stands for the rest.
        asked_of = [owner for owner in others if owner in apart]
        asked_of += [owner for owner in others if owner not in apart][:1]
        for owner in asked_of:
            labels = tuple(Label.of(owner, (category,), (subject,)) for subject, category in self._kinds)
            verdict = decide_indexed(opened.policy, indexed, replace(asking, labels=labels))
            for kind, label, cell in zip(self._kinds, labels, verdict.cells, strict=True):
                if cell.level >= Level.SUMMARY:
                    because = {self._why(word, seat, label, indexed) for word in cell.bases}
                    until = self._until(indexed, replace(asking, labels=(label,)), cell)
                    sights.setdefault(kind, _Sight()).add(cell.level, because, until)

    def _facts(self, seat: Seat) -> IndexedFacts:
        key = seat.agency, seat.purpose
        if key not in self._indexed:
            opened = self._opened
            facts = self._told.of_service(opened.policy, seat, opened.now, opened.margin)
            self._indexed[key] = index_facts(replace(facts, suspended=False))
        return self._indexed[key]

    def _why(self, word: str, seat: Seat, label: Label, indexed: IndexedFacts) -> str:
        basis = word.partition(":")[0]
        if basis == Basis.PERMISSION:
            return PERMISSION
        if basis != Basis.AGREEMENT:
            return LAW
        opened = self._opened
        agreed = indexed.party(ask_of(seat, (), opened.now, opened.margin)).agreed.get(label.owner)
        kind = indexed.facts.agencies[seat.agency].kind
        standing = opened.policy.standings[kind, seat.role, seat.relationship, seat.purpose]
        rows = rows_of(agreed, standing)
        return LAW if rows.mandatory & label.categories else TEAM

    def _until(self, indexed: IndexedFacts, ask: Ask, cell: Cell) -> str | None:
        """When the one thing ends that this rests on; with more than one the rest goes on."""
        if len(cell.bases) != 1 or cell.bases[0] == DEFAULT_ROWS:
            return None
        until = decide_indexed(self._opened.policy, indexed, ask).valid_until
        return None if until is None else rfc3339(from_microseconds(until))


def _lines(sights: _Sights, kinds: Sequence[_Kind], seen: Collection[_Kind]) -> list[Told]:
    """By person, level, reason and end the categories: of what the reader may see themselves, and of what
    somebody's yes opened of which they are told."""
    lines: dict[tuple[str, str, tuple[str, ...], str | None], list[str]] = {}
    for kind in kinds:
        sight = sights.get(kind)
        if sight is not None and (kind in seen or PERMISSION in sight.because):
            because = tuple(why for why in (PERMISSION, TEAM, LAW) if why in sight.because)
            lines.setdefault((kind[0], sight.level.word, because, sight.until), []).append(kind[1].value)
    return [
        {"about": about, "level": level, "categories": found, "because": list(because), "until": until}
        for (about, level, because, until), found in lines.items()
    ]
