"""On what a released label rests, and until when (design 3.2 "A verdict carries …").

**A basis is listed** when, by itself, it gives at least the label's level on at least one of the label's
(category, subject) pairs. So everything the release could rest on is named, and a label over two subjects may
name a permission for the one and an agreement for the other. At level ``none`` nothing is listed.

**valid_until** is the earliest end among the listed bases of all labels: of a permission its window, its
withdrawal if one is dated ahead, the birthday that ends somebody else's say, the agreement whose cap it
stands under, and every release without which it would give less than the label's level on a pair; of an
agreement its window; of an override its window. Own records do not end.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from services.consent.decision.facts import Ask, Label, Permission
from services.consent.decision.grid import every_level, reaching
from services.consent.decision.index import IndexedFacts
from services.consent.decision.labels import is_held, is_own
from services.consent.decision.reach import Reach, Terms, names_caller, override_gives, terms_of
from services.consent.decision.resolve import gives, refuses, who_has_a_say
from services.consent.decision.windows import grants
from shared.vocabulary import Basis, Level, OverrideKind, Purpose

OVERRIDE_BASIS = {
    OverrideKind.STATUTORY: Basis.STATUTORY,
    OverrideKind.BREAK_GLASS: Basis.BREAK_GLASS,
}
DEFAULT_ROWS = "default"
BASIS_ORDER = {basis: place for place, basis in enumerate(Basis)}


@dataclass(frozen=True, slots=True)
class Contribution:
    """One basis and the grid it gives by itself for one owner and subject, with the ends it depends on.

    ``releases``: (grid it lifts above the rows' cap, end) of each release the basis may lean on.
    """

    basis: Basis
    id: str
    grid: int
    ends: tuple[int | None, ...] = ()
    releases: tuple[tuple[int, int | None], ...] = ()

    @property
    def word(self) -> str:
        return f"{self.basis}:{self.id}" if self.id else str(self.basis)

    @property
    def rank(self) -> tuple[int, str]:
        return BASIS_ORDER[self.basis], self.id


def contributions(label: Label, found: Reach, indexed: IndexedFacts, ask: Ask) -> list[Contribution]:
    """Every basis that gives anything of one subject's entries under this label, bars applied."""
    parts: list[Contribution] = []
    held = is_held(label, indexed.facts)
    if ask.agency == label.owner if held else is_own(label, ask):
        parts.append(Contribution(Basis.OWN, "", found.standing.own))
    if not held:
        parts.extend(_overrides(found, ask))
        if ask.purpose != Purpose.ENFORCEMENT:
            terms = terms_of(label.owner, found, indexed, ask)
            parts.append(_agreement(terms, found))
            parts.extend(_permissions(terms, found, ask))
    barred = (replace(part, grid=part.grid & found.unbarred) for part in parts)
    return [part for part in barred if part.grid]


def _overrides(found: Reach, ask: Ask) -> Iterator[Contribution]:
    for override in found.about.overrides:
        if names_caller(override, ask) and grants(override.window, ask.at, ask.margin):
            grid = override_gives(override, found.standing)
            yield Contribution(OVERRIDE_BASIS[override.kind], override.id, grid, (override.window.end,))


def _agreement(terms: Terms, found: Reach) -> Contribution:
    rows = terms.rows
    freely = every_level(rows.mandatory) | every_level(rows.objectable) & found.unexcluded
    grid = rows.base & freely & found.standing.ceiling
    if terms.agreement is None:
        return Contribution(Basis.AGREEMENT, DEFAULT_ROWS, grid)
    return Contribution(Basis.AGREEMENT, terms.agreement.id, grid, (terms.agreement.window.end,))


def _permissions(terms: Terms, found: Reach, ask: Ask) -> Iterator[Contribution]:
    answers = found.about.answers.get((ask.agency, ask.purpose), ())
    say = who_has_a_say(found.about.subject, answers, ask.at, ask.margin)
    refused = 0
    for answer in answers:
        refused |= refuses(answer, say, ask.at, ask.margin)
    open_to_consent = terms.cap & found.standing.ceiling & found.unexcluded & ~every_level(refused)
    agreed_until = None if terms.agreement is None else terms.agreement.window.end
    releases = tuple((release.grid & ~terms.rows.cap, release.window.end) for release in terms.releases)
    for answer in answers:
        grid = gives(answer, say, ask.at, ask.margin) & open_to_consent
        if grid:
            ends = (*_ends_of(answer, found), agreed_until)
            yield Contribution(Basis.PERMISSION, answer.id, grid, ends, releases)


def _ends_of(answer: Permission, found: Reach) -> tuple[int | None, ...]:
    birthday = None if answer.own else found.about.subject.decides_from
    return answer.window.end, answer.withdrawn_at, birthday


def ends_for(part: Contribution, level: Level, mask: int) -> Iterator[int]:
    """When what this basis gives to these categories at this level may end."""
    yield from (end for end in part.ends if end is not None)
    for lifts, end in part.releases:
        if end is not None and reaching(part.grid & lifts, level) & mask:
            yield end


@dataclass(frozen=True, slots=True)
class Ground:
    """What one label's level rests on: the words in their fixed order, and every end that bears on it."""

    bases: tuple[str, ...]
    ends: tuple[int, ...]


def ground_of(
    label: Label, level: Level, reached: Mapping[str, Reach | None], indexed: IndexedFacts, ask: Ask
) -> Ground:
    """The listed bases of a label that was given ``level``."""
    if level == Level.NONE:
        return Ground((), ())
    listed: dict[tuple[int, str], str] = {}
    ends: list[int] = []
    for subject in label.subjects:
        found = reached[subject]
        assert found is not None, "a label with an unknown subject is at none"
        for part in contributions(label, found, indexed, ask):
            if reaching(part.grid, level) & label.categories:
                listed[part.rank] = part.word
                ends.extend(ends_for(part, level, label.categories))
    return Ground(tuple(listed[rank] for rank in sorted(listed)), tuple(ends))
