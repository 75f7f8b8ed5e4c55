"""Two who may both answer for a child and say different things, as whoever decides it is shown it: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.words import CATEGORIES, in_words

Json = Mapping[str, Any]
UPHOLDS: Mapping[str, str] = {
    "refusal": "No: it is not shared",
    "permission": "Yes: it may be shared, as far as both were asked",
}
_TAKING_PART: Mapping[str, str] = {
    "refusal": "No: they do not take part",
    "permission": "Yes: they take part",
}


@dataclass(frozen=True, slots=True)
class Conflict:
    """``state`` is *To be decided*, *Late*, *Decided* or *Over*; ``may`` are the answers that the reader may
    decide for, with their words. Without ``what`` it is about taking part. ``to_ask``: the services that
    wrote the two answers down, for whoever hears of neither otherwise."""

    id: str
    about: str
    what: Sequence[str]
    with_whom: Sequence[str]
    against: str
    arose_at: str
    due_at: str
    state: str
    colour: str
    decided: str | None
    decided_at: str | None
    decided_by: str | None
    reason: str | None
    to_ask: Sequence[str]
    may: Sequence[tuple[str, str]]


_STATES: Mapping[str, tuple[str, str]] = {
    "open": ("To be decided", "yellow"),
    "overdue": ("Late", "red"),
    "decided": ("Decided", "green"),
    "over": ("Over", "grey"),
}


def conflicts_of(answer: Json, people: Mapping[str, str], names: Mapping[str, str]) -> list[Conflict]:
    """The conflicts of ``GET …/conflicts``: those that wait first, the oldest in front."""
    found = [_conflict(row, people, names) for row in answer["conflicts"]]
    return sorted(found, key=lambda one: one.colour in ("green", "grey"))


def _conflict(row: Json, people: Mapping[str, str], names: Mapping[str, str]) -> Conflict:
    state, colour = _STATES.get(row["state"], (in_words(row["state"]), "grey"))
    words = UPHOLDS if row["categories"] else _TAKING_PART
    return Conflict(
        id=row["id"],
        about=people.get(row["subject"], "somebody whose name is not shown"),
        what=[CATEGORIES.get(one, in_words(one)) for one in row["categories"]],
        with_whom=[names.get(code) or in_words(code) for code in row["recipients"]],
        against="asked that it is not shared with them" if row["exclusion"] else "said no",
        arose_at=row["arose_at"],
        due_at=row["due_at"],
        state=state,
        colour=colour,
        decided=words.get(row["upholds"] or ""),
        decided_at=row["decided_at"],
        decided_by=row["decided_by"],
        reason=row["reason"],
        to_ask=[names.get(code) or in_words(code) for code in row["to_ask"]],
        may=[(one, words[one]) for one in row["may"]],
    )
