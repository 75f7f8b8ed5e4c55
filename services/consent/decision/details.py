"""The part of a verdict that is worked out when it is first read: bases, ``valid_until``, blockers."""

from collections.abc import Callable, Mapping

from services.consent.decision.bases import ground_of
from services.consent.decision.blockers import blockers_of
from services.consent.decision.facts import Ask, Label
from services.consent.decision.index import IndexedFacts
from services.consent.decision.reach import Reach
from services.consent.decision.verdict import Cell, Details
from shared.vocabulary import Blocker, Level


def find_details(
    indexed: IndexedFacts,
    ask: Ask,
    reached: Mapping[str, Reach | None],
    levels: tuple[Level, ...],
    refusal: Blocker | None,
) -> Details:
    """The cells in label order and the earliest end among what the released ones rest on."""
    if refusal is not None:
        return tuple(Cell(Level.NONE, (), lambda: (refusal,)) for _ in ask.labels), None
    cells = []
    ends: list[int] = []
    for label, level in zip(ask.labels, levels, strict=True):
        ground = ground_of(label, level, reached, indexed, ask)
        ends.extend(ground.ends)
        cells.append(Cell(level, ground.bases, _later(label, level, reached, indexed, ask)))
    return tuple(cells), min(ends, default=None)


def _later(
    label: Label, level: Level, reached: Mapping[str, Reach | None], indexed: IndexedFacts, ask: Ask
) -> Callable[[], tuple[Blocker, ...]]:
    if level == Level.FULL:
        return lambda: ()
    return lambda: blockers_of(label, reached, indexed, ask)
