"""The part of a verdict that is worked out when it is first read: bases, ``valid_until``, blockers."""

from collections.abc import Callable

from services.consent.decision.bases import Bases
from services.consent.decision.blockers import blockers_of
from services.consent.decision.facts import Label
from services.consent.decision.grid import FULL, NONE
from services.consent.decision.reading import Reading
from services.consent.decision.verdict import Cell, Details
from shared.vocabulary import Blocker, Level


def none_because(blocker: Blocker, labels: int) -> Details:
    """Nothing for anybody, for one reason."""
    return (Cell(NONE, (), lambda: (blocker,)),) * labels, None


def find_details(reading: Reading, levels: tuple[Level, ...]) -> Details:
    """The cells in label order, and the earliest end among what the released ones rest on."""
    bases = Bases(reading)
    cells = []
    for label, level in zip(reading.ask.labels, levels, strict=True):
        cells.append(Cell(level, bases.under(label, level), _blockers_later(reading, label, level)))
    return tuple(cells), bases.valid_until


def _blockers_later(reading: Reading, label: Label, level: Level) -> Callable[[], tuple[Blocker, ...]]:
    if level == FULL:
        return lambda: ()
    return lambda: blockers_of(reading, label)
