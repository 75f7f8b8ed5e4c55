"""Bodies between the gateway and this service that no client sends."""

from typing import Annotated

from pydantic import Field

from shared.disclosure import CaseAsk, Wire


class ReaderOnRoster(Wire):
    """Somebody who works on a case, or might act in it, and how they stand to it."""

    user: str
    agency: str
    role: str
    relationship: str
    by_subject: dict[str, str]


class CaseToSimulate(Wire):
    """A case as the decision is asked about it, with everybody who stands in a relationship to it."""

    ask: CaseAsk
    readers: tuple[ReaderOnRoster, ...]


class SimulationPage(Wire):
    """Some cases: those that follow ``after`` up to ``next``. No ``next``: they are the last."""

    after: str | None
    next: str | None
    cases: Annotated[tuple[CaseToSimulate, ...], Field(max_length=100)]
