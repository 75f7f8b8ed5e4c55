"""What is asked once a family takes part no longer: pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RiskQuestion:
    """``said``: what was answered, None while nobody has."""

    id: str
    asked_at: str
    due_at: str
    late: bool
    said: str | None
    considered: str | None


def questions_of(answer: Json) -> list[RiskQuestion]:
    """The questions of ``GET …/taking-part``: those without an answer in front, the newest first."""
    found = [_question(row) for row in reversed(answer["questions"])]
    return sorted(found, key=lambda one: one.said is not None)


_SAID = {True: "Somebody is at risk", False: "Nobody is at risk"}


def _question(row: Json) -> RiskQuestion:
    return RiskQuestion(
        id=row["id"],
        asked_at=row["asked_at"],
        due_at=row["due_at"],
        late=row["overdue"],
        said=None if row["answered_at"] is None else _SAID.get(row["somebody_at_risk"], "Answered"),
        considered=row["considered"],
    )
