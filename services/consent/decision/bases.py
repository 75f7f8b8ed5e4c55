"""On what a released label rests, and until when (design 3.2 "A verdict carries …").

**A basis is listed** when, by itself, it gives at least the label's level on at least one of the label's
(category, subject) pairs. So everything the release could rest on is named, and a label over two subjects may
name a permission for the one and an agreement for the other. At level ``none`` nothing is listed.

**valid_until** is the earliest end among the listed bases of all labels: of a permission its window, its
withdrawal if one is dated ahead, the birthday that ends somebody else's say, the agreement whose cap it
stands under, and every release without which it would give less than the label's level on a pair; of an
agreement its window; of an override its window. Own records do not end.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from services.consent.decision.facts import Agreement, Label
from services.consent.decision.grid import NONE, every_level, reaching
from services.consent.decision.index import Terms
from services.consent.decision.reach import ENFORCEMENT, Reach, names_caller, override_gives, rows_of
from services.consent.decision.reading import Reading
from services.consent.decision.resolve import GIVEN, gives, who_has_a_say
from services.consent.decision.windows import grants
from shared.vocabulary import Basis, Level, OverrideKind

RANK = {basis: place for place, basis in enumerate(Basis)}
"""Bases are listed in the order of the vocabulary, and by id within one."""

OWN, PERMISSION, AGREEMENT = RANK[Basis.OWN], RANK[Basis.PERMISSION], RANK[Basis.AGREEMENT]
OVERRIDE = {
    OverrideKind.STATUTORY: (RANK[Basis.STATUTORY], Basis.STATUTORY.value),
    OverrideKind.BREAK_GLASS: (RANK[Basis.BREAK_GLASS], Basis.BREAK_GLASS.value),
}
DEFAULT_ROWS = "AGREEMENT:default"


@dataclass(slots=True)
class Contribution:
    """One basis and the grid it gives by itself for one owner and subject.

    ``until`` is when it ends (None: never). ``lifts``, per release what it adds to the rows' cap and its end:
    that end counts only where the basis needs the release.
    """

    rank: int
    word: str
    grid: int
    until: int | None = None
    lifts: tuple[tuple[int, int | None], ...] = ()

    def until_at(self, level: Level, mask: int) -> int | None:
        """When what this basis gives to these categories at this level ends."""
        until = self.until
        for lifts, end in self.lifts:
            if reaching(self.grid & lifts, level) & mask:
                until = earliest(until, end)
        return until


def earliest(*ends: int | None) -> int | None:
    """The first of several ends, of which None is never."""
    return min((end for end in ends if end is not None), default=None)


class Bases:
    """The bases of all labels of one reading, and the earliest end among those listed so far."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._by_owner: dict[tuple[str | None, str, bool, bool], list[Contribution]] = {}
        self.valid_until: int | None = None

    def under(self, label: Label, level: Level) -> tuple[str, ...]:
        """The words of the listed bases of a label that was given ``level``, in their fixed order."""
        if level == NONE:
            return ()
        listed: set[tuple[int, str]] = set()
        for found in self._reading.over(label):
            mask = self._reading.counts_as(label, found)
            for part in self._contributions(label, found):
                if reaching(part.grid, level) & mask:
                    listed.add((part.rank, part.word))
                    self._note(part.until_at(level, mask) if part.lifts else part.until)
        return tuple([word for _, word in sorted(listed)])

    def _note(self, until: int | None) -> None:
        if until is not None and (self.valid_until is None or until < self.valid_until):
            self.valid_until = until

    def _contributions(self, label: Label, found: Reach) -> list[Contribution]:
        """Worked out once for all owners that have no terms of their own."""
        reading = self._reading
        owner = label.owner if reading.has_terms(label.owner) else None
        key = (owner, found.about.subject.id, reading.is_own(label), reading.is_held(label))
        if key not in self._by_owner:
            self._by_owner[key] = contributions(self._reading, label, found)
        return self._by_owner[key]


def contributions(reading: Reading, label: Label, found: Reach) -> list[Contribution]:
    """Every basis that gives anything of one subject's entries under this label, bars applied."""
    parts: list[Contribution] = []
    if reading.is_own(label):
        parts.append(Contribution(OWN, "OWN", found.standing.own))
    if not reading.is_held(label):
        parts.extend(_overrides(reading, found))
        if reading.ask.purpose != ENFORCEMENT:
            terms = reading.terms(label.owner, found)
            parts.append(_agreement(terms, found))
            if terms.permitted:
                parts.extend(_permissions(reading, terms, found))
    for part in parts:
        part.grid &= found.unbarred
    return [part for part in parts if part.grid]


def _overrides(reading: Reading, found: Reach) -> Iterator[Contribution]:
    ask = reading.ask
    for override in found.about.overrides:
        if names_caller(override, ask) and grants(override.window, ask.at, ask.margin):
            rank, basis = OVERRIDE[override.kind]
            grid = override_gives(override, found.standing)
            yield Contribution(rank, f"{basis}:{override.id}", grid, override.window.end)


def _agreement(terms: Terms, found: Reach) -> Contribution:
    rows = rows_of(terms.agreed, found.standing)
    freely = every_level(rows.mandatory) | every_level(rows.objectable) & found.willing & found.unasked
    grid = rows.base & freely & found.standing.ceiling
    agreement = _in_force(terms)
    if agreement is None:
        return Contribution(AGREEMENT, DEFAULT_ROWS, grid)
    return Contribution(AGREEMENT, f"AGREEMENT:{agreement.id}", grid, agreement.window.end)


def _in_force(terms: Terms) -> Agreement | None:
    """The agreement that is named: the one in force now, whatever follows it within D."""
    return None if terms.agreed is None else terms.agreed.now


def _permissions(reading: Reading, terms: Terms, found: Reach) -> Iterator[Contribution]:
    """What each answer gives by itself: never more than ``permitted``, from which refusals are gone."""
    ask, subject = reading.ask, found.about.subject
    answers = terms.answers
    say = who_has_a_say(subject, answers, ask.at, ask.margin)
    cap = rows_of(terms.agreed, found.standing).cap
    open_to_consent = terms.permitted & (cap | terms.lifted) & found.standing.ceiling & found.willing
    agreement = _in_force(terms)
    agreed_until = None if agreement is None else agreement.window.end
    lifts = tuple([(release.grid & ~cap, release.window.end) for release in terms.releases])
    for answer in answers:
        if answer.answer is GIVEN:
            grid = gives(answer, say, ask.at, ask.margin) & open_to_consent
            if grid:
                birthday = None if answer.own else subject.decides_from
                until = earliest(answer.window.end, answer.withdrawn_at, birthday, agreed_until)
                yield Contribution(PERMISSION, f"PERMISSION:{answer.id}", grid, until, lifts)
