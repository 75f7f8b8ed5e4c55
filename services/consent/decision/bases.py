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

from services.consent.decision.facts import Label, Permission
from services.consent.decision.grid import NONE, every_level, reaching
from services.consent.decision.reach import ENFORCEMENT, Reach, Terms, names_caller, override_gives
from services.consent.decision.reading import Reading
from services.consent.decision.resolve import GIVEN, gives, refuses, who_has_a_say
from services.consent.decision.windows import grants
from shared.vocabulary import Basis, Level, OverrideKind

OWN, PERMISSION, AGREEMENT = Basis.OWN, Basis.PERMISSION, Basis.AGREEMENT
OVERRIDE_BASIS = {
    OverrideKind.STATUTORY: Basis.STATUTORY,
    OverrideKind.BREAK_GLASS: Basis.BREAK_GLASS,
}
DEFAULT_ROWS = "default"
ORDER = {basis: place for place, basis in enumerate(Basis)}


class Contribution:
    """One basis and the grid it gives by itself for one owner and subject, with the ends it depends on.

    ``ends`` always bear on it. ``lifts``, per release what it adds to the rows' cap and its end, bear on it
    only where it needs that release. ``rank`` puts bases into their fixed order.
    """

    __slots__ = ("basis", "ends", "grid", "lifts", "rank", "word")

    def __init__(
        self,
        basis: Basis,
        name: str,
        grid: int,
        ends: tuple[int | None, ...] = (),
        lifts: tuple[tuple[int, int | None], ...] = (),
    ) -> None:
        self.basis = basis
        self.grid = grid
        self.ends = [end for end in ends if end is not None]
        self.lifts = [(grid, end) for grid, end in lifts if end is not None]
        self.rank = (ORDER[basis], name)
        self.word = f"{basis.value}:{name}" if name else basis.value

    def ends_for(self, level: Level, mask: int) -> Iterator[int]:
        """When what this basis gives to these categories at this level may end."""
        yield from self.ends
        for lifts, end in self.lifts:
            if reaching(self.grid & lifts, level) & mask:
                yield end


class Bases:
    """The bases of all labels of one reading, and the earliest end among those listed so far."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._by_owner: dict[tuple[str, str, bool, bool], list[Contribution]] = {}
        self.valid_until: int | None = None

    def under(self, label: Label, level: Level) -> tuple[str, ...]:
        """The words of the listed bases of a label that was given ``level``, in their fixed order."""
        if level == NONE:
            return ()
        listed: dict[tuple[int, str], str] = {}
        for found in self._reading.over(label):
            for part in self._contributions(label, found):
                if reaching(part.grid, level) & label.categories:
                    listed[part.rank] = part.word
                    self._note(part, level, label.categories)
        return tuple([listed[rank] for rank in sorted(listed)])

    def _note(self, part: Contribution, level: Level, mask: int) -> None:
        for end in part.ends_for(level, mask):
            if self.valid_until is None or end < self.valid_until:
                self.valid_until = end

    def _contributions(self, label: Label, found: Reach) -> list[Contribution]:
        own, held = self._reading.is_own(label), self._reading.is_held(label)
        key = (label.owner, found.about.subject.id, own, held)
        if key not in self._by_owner:
            self._by_owner[key] = contributions(self._reading, label, found)
        return self._by_owner[key]


def contributions(reading: Reading, label: Label, found: Reach) -> list[Contribution]:
    """Every basis that gives anything of one subject's entries under this label, bars applied."""
    parts: list[Contribution] = []
    if reading.is_own(label):
        parts.append(Contribution(OWN, "", found.standing.own))
    if not reading.is_held(label):
        parts.extend(_overrides(reading, found))
        if reading.ask.purpose != ENFORCEMENT:
            terms = reading.terms(label.owner, found)
            parts.append(_agreement(terms, found))
            parts.extend(_permissions(reading, terms, found))
    for part in parts:
        part.grid &= found.unbarred
    return [part for part in parts if part.grid]


def _overrides(reading: Reading, found: Reach) -> Iterator[Contribution]:
    ask = reading.ask
    for override in found.about.overrides:
        if names_caller(override, ask) and grants(override.window, ask.at, ask.margin):
            grid = override_gives(override, found.standing)
            yield Contribution(OVERRIDE_BASIS[override.kind], override.id, grid, (override.window.end,))


def _agreement(terms: Terms, found: Reach) -> Contribution:
    rows = terms.rows
    freely = every_level(rows.mandatory) | every_level(rows.objectable) & found.unexcluded
    grid = rows.base & freely & found.standing.ceiling
    if terms.agreement is None:
        return Contribution(AGREEMENT, DEFAULT_ROWS, grid)
    return Contribution(AGREEMENT, terms.agreement.id, grid, (terms.agreement.window.end,))


def _permissions(reading: Reading, terms: Terms, found: Reach) -> Iterator[Contribution]:
    ask, subject = reading.ask, found.about.subject
    answers = found.about.answers.get((ask.agency, ask.purpose))
    if not answers:
        return
    say = who_has_a_say(subject, answers, ask.at, ask.margin)
    refused = 0
    for answer in answers:
        if answer.answer != GIVEN:
            refused |= refuses(answer, say, ask.at, ask.margin)
    open_to_consent = terms.cap & found.standing.ceiling & found.unexcluded & ~every_level(refused)
    agreed_until = None if terms.agreement is None else terms.agreement.window.end
    lifts = tuple((release.grid & ~terms.rows.cap, release.window.end) for release in terms.releases)
    for answer in answers:
        if answer.answer == GIVEN:
            grid = gives(answer, say, ask.at, ask.margin) & open_to_consent
            ends = (answer.window.end, answer.withdrawn_at, _birthday_for(answer, found), agreed_until)
            yield Contribution(PERMISSION, answer.id, grid, ends, lifts)


def _birthday_for(answer: Permission, found: Reach) -> int | None:
    """When the giver's say ends, if they answered for somebody else."""
    return None if answer.own else found.about.subject.decides_from
