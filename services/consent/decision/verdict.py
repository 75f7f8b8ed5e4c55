"""What the decision answers (design 3.2, "A verdict carries …").

Levels are computed at once. Bases (for the receipt) and blockers (for the information officer) are worked
out when they are first read, from the same unchanging inputs, because most readers need only the levels.
"""

from collections.abc import Callable

from shared.vocabulary import Blocker, Level


class Cell:
    """One label set's answer: its level, the bases it rests on, and what kept it below *full*.

    ``bases`` are words such as ``OWN``, ``PERMISSION:<id>`` or ``AGREEMENT:default``, in a fixed order.
    ``blockers`` is empty at *full*; see ``blockers.py`` for what each says.
    """

    __slots__ = ("_blockers", "_find_blockers", "bases", "level")

    def __init__(
        self, level: Level, bases: tuple[str, ...], find_blockers: Callable[[], tuple[Blocker, ...]]
    ) -> None:
        self.level = level
        self.bases = bases
        self._find_blockers = find_blockers
        self._blockers: tuple[Blocker, ...] | None = None

    @property
    def blockers(self) -> tuple[Blocker, ...]:
        if self._blockers is None:
            self._blockers = self._find_blockers()
        return self._blockers

    def _everything(self) -> tuple[object, ...]:
        return self.level, self.bases, self.blockers

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cell) and self._everything() == other._everything()

    def __hash__(self) -> int:
        return hash(self._everything())

    def __repr__(self) -> str:
        return f"Cell({self.level.word}, bases={self.bases}, blockers={tuple(map(str, self.blockers))})"


Details = tuple[tuple[Cell, ...], int | None]
"""The cells in label order, and ``valid_until``."""


class Verdict:
    """The answer to one ask; ``levels`` and ``cells`` are in the order of its labels.

    ``valid_until`` (microseconds) is the earliest end among what the released cells rest on; None if nothing
    was released or nothing it rests on ends. ``obligations`` bind the gateway; one it does not know means
    deny.
    """

    __slots__ = ("_details", "_find_details", "facts_version", "levels", "obligations", "policy_version")

    def __init__(
        self,
        levels: tuple[Level, ...],
        policy_version: str,
        facts_version: str,
        obligations: tuple[str, ...],
        find_details: Callable[[], Details],
    ) -> None:
        self.levels = levels
        self.policy_version = policy_version
        self.facts_version = facts_version
        self.obligations = obligations
        self._find_details = find_details
        self._details: Details | None = None

    def _detail(self) -> Details:
        if self._details is None:
            self._details = self._find_details()
        return self._details

    @property
    def cells(self) -> tuple[Cell, ...]:
        return self._detail()[0]

    @property
    def valid_until(self) -> int | None:
        return self._detail()[1]

    @property
    def exists(self) -> bool:
        """Whether the case exists for the caller at all (design 3.3)."""
        return any(self.levels)

    def _everything(self) -> tuple[object, ...]:
        versions = (self.policy_version, self.facts_version)
        return self.levels, self.cells, versions, self.valid_until, self.obligations

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Verdict) and self._everything() == other._everything()

    def __hash__(self) -> int:
        return hash(self._everything())

    def __repr__(self) -> str:
        return (
            f"Verdict({list(self.cells)}, policy={self.policy_version!r}, facts={self.facts_version!r}, "
            f"valid_until={self.valid_until}, obligations={self.obligations})"
        )
