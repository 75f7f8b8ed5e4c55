"""On what a requester is told that they see something (design 3.2, "Three audiences"). Pure.

A requester may know why they see an entry, and must not learn what the family chose wherever that makes no
difference to what they see. So of everything that gives a label its level, one ground is told per category
and subject: first what holds whatever the family says (own record, overrides), then what was agreed between
the agencies, which for some rows holds unless they object, and permission last. Permission is therefore named
only where without it less would be seen, so that the view itself says as much. And only the label's own
categories are looked at: that a place counts as *contact* too tells that somebody is hidden.
"""

from collections.abc import Iterator

from services.consent.decision.bases import AGREEMENT, OVERRIDE, OWN, PERMISSION, contributions
from services.consent.decision.decide import open_reading
from services.consent.decision.facts import Ask, Label
from services.consent.decision.grid import BIT_OF, NONE, categories_of, reaching
from services.consent.decision.index import IndexedFacts
from services.consent.decision.policy import Policy
from services.consent.decision.reach import Reach
from services.consent.decision.reading import Reading
from shared.vocabulary import Basis, Blocker, Level, OverrideKind

IN_ORDER = (
    (Basis.OWN, OWN),
    (Basis.STATUTORY, OVERRIDE[OverrideKind.STATUTORY][0]),
    (Basis.BREAK_GLASS, OVERRIDE[OverrideKind.BREAK_GLASS][0]),
    (Basis.AGREEMENT, AGREEMENT),
    (Basis.PERMISSION, PERMISSION),
)
"""What is told first, and the rank by which contributions name it."""


def grounds_of(
    policy: Policy, indexed: IndexedFacts, ask: Ask, levels: tuple[Level, ...]
) -> tuple[tuple[Basis, ...], ...]:
    """Per label the grounds that its reader is told, in the order of the vocabulary; none at *none*.

    For people of an agency. To the family no ground is told at all: some of their relationships end with a
    child's own decision, which is not theirs to learn of.
    """
    reading = open_reading(policy, indexed, ask)
    if isinstance(reading, Blocker):
        return ((),) * len(ask.labels)
    return tuple(_of_label(reading, label, level) for label, level in zip(ask.labels, levels, strict=True))


def _of_label(reading: Reading, label: Label, level: Level) -> tuple[Basis, ...]:
    if level == NONE:
        return ()
    told = {ground for found in reading.over(label) for ground in _of_subject(reading, label, level, found)}
    return tuple(basis for basis in Basis if basis in told)


def _of_subject(reading: Reading, label: Label, level: Level, found: Reach) -> Iterator[Basis]:
    grids: dict[int, int] = {}
    for part in contributions(reading, label, found):
        grids[part.rank] = grids.get(part.rank, 0) | part.grid
    for category in categories_of(label.categories):
        for basis, rank in IN_ORDER:
            if reaching(grids.get(rank, 0), level) & BIT_OF[category]:
                yield basis
                break
