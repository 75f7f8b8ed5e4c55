"""Money of a case and what it buys, in pence. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allocation:
    """Money of a stream for a case."""

    id: str
    stream: str
    held_by: str
    allocated: int
    committed: int
    spent: int

    @property
    def free(self) -> int:
        return self.allocated - self.committed - self.spent


@dataclass(frozen=True, slots=True)
class Purchase:
    id: str
    allocation: str
    action: str | None
    state: str
    amount: int
    spent: int
    ordered_by: str
