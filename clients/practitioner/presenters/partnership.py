"""Agencies and the agreements between them, as their pages show them: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from clients.practitioner.words import CATEGORIES, in_words

Json = Mapping[str, Any]
_SOON = timedelta(days=30)
LEVELS: Mapping[str, str] = {
    "none": "Nothing",
    "existence": "That something is held, and whom to ask",
    "summary": "Headlines",
    "full": "Everything",
}
MODES: Mapping[str, str] = {
    "mandatory": "Whatever the family says",
    "objectable": "Unless the family objects",
    "permission": "Only if the family agrees",
}


@dataclass(frozen=True, slots=True)
class Agency:
    code: str
    name: str
    kind: str
    telephone: str
    joined_at: str


@dataclass(frozen=True, slots=True)
class Term:
    """What one kind of information is shared at, and on which ground."""

    what: str
    freely: str
    when: str
    with_permission: str
    ground: Sequence[str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """``state`` is *In force*, *Ends soon*, *Not begun*, *Over* or *Ended*."""

    id: str
    title: str
    text: str | None
    owner: str
    recipient: str
    purpose: str
    begins: str
    until: str
    state: str
    colour: str
    terms: Sequence[Term]
    may_end: bool


def agencies_of(answer: Json, sought: str = "") -> list[Agency]:
    """The agencies of ``GET /v1/agencies`` whose name or kind holds what is sought, by name."""
    found = [
        Agency(
            row["code"],
            row["name"],
            in_words(row["kind"]),
            row["telephone"] or "None given",
            row["joined_at"],
        )
        for row in answer["agencies"]
    ]
    wanted = sought.casefold()
    kept = [one for one in found if wanted in f"{one.name} {one.kind} {one.code}".casefold()]
    return sorted(kept, key=lambda one: one.name.casefold())


def agreements_of(answer: Json, names: Mapping[str, str], now: datetime, sought: str = "") -> list[Agreement]:
    """The agreements of ``GET /v1/agreements``: those in force first, by the day on which they end."""
    found = [_agreement(row, names, now) for row in answer["agreements"]]
    wanted = sought.casefold()
    kept = [one for one in found if wanted in f"{one.title} {one.owner} {one.recipient}".casefold()]
    return sorted(kept, key=lambda one: (one.state in ("Over", "Ended"), one.until, one.id))


def _agreement(row: Json, names: Mapping[str, str], now: datetime) -> Agreement:
    state, colour = _state(row, now)
    return Agreement(
        id=row["id"],
        title=row["title"],
        text=row["text"],
        owner=names.get(row["owner"]) or in_words(row["owner"]),
        recipient=names.get(row["recipient"]) or in_words(row["recipient"]),
        purpose=in_words(row["purpose"]),
        begins=row["valid_from"],
        until=row["ended_at"] or row["valid_until"],
        state=state,
        colour=colour,
        terms=[_term(term) for term in row["rows"]],
        may_end="end" in row["may"] and state != "Over",
    )


def _state(row: Json, now: datetime) -> tuple[str, str]:
    if row["ended_at"] is not None:
        return "Ended", "grey"
    until = datetime.fromisoformat(row["valid_until"])
    if until <= now:
        return "Over", "grey"
    if datetime.fromisoformat(row["valid_from"]) > now:
        return "Not begun", "blue"
    return ("Ends soon", "yellow") if until <= now + _SOON else ("In force", "green")


def _term(row: Json) -> Term:
    return Term(
        what=CATEGORIES.get(row["category"], in_words(row["category"])),
        freely=LEVELS[row["base"]],
        when=MODES[row["mode"]],
        with_permission=LEVELS[row["cap"]],
        ground=[row["basis"], row["condition"], row["power"]],
    )
