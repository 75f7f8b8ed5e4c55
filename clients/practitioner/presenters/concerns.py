"""Concerns, as those who got them read them, and as those who sent them learn that they arrived: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.words import CATEGORIES, in_words

Json = Mapping[str, Any]
_DETAILS_HELD_BACK = "Details that your role does not see; ask your safeguarding lead"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Something of the sender's own that went along: what it is, and what it says."""

    kind: str
    at: str
    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Concern:
    """One that was sent to the reader's service. ``may_acknowledge``: nobody said yet that they have it, and
    the reader sees all of it. ``lines``: what it says, each with what was asked."""

    id: str
    about: str
    sent_by: str
    sent_at: str
    in_danger: bool
    received_at: str | None
    received_by: str | None
    lines: Sequence[tuple[str, str]]
    reveals: Sequence[str]
    enclosed: Sequence[Enclosed]
    may_acknowledge: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """One that the reader sent: to whom, when, and since when they have it."""

    to_whom: str
    sent_at: str
    received_at: str | None


def concerns_of(answer: Json, names: Mapping[str, str]) -> list[Concern]:
    """The lines of ``GET /v1/concerns``: what nobody has acknowledged in front, else the newest first."""
    found = [_concern(entry, names) for entry in answer["concerns"]]
    return sorted(found, key=lambda one: one.received_at is not None)


def sent_of(answer: Json, names: Mapping[str, str]) -> list[Sent]:
    """The lines of ``GET /v1/concerns/sent``, the newest first."""
    return [
        Sent(_name(one["recipient"], names), one["sent_at"], one["acknowledged_at"]) for one in answer["sent"]
    ]


def _concern(entry: Json, names: Mapping[str, str]) -> Concern:
    fields = entry["fields"]
    is_full = entry["level"] == "full"
    service = _name(entry["owner"], names)
    told = {True: "Yes", False: "No"}.get(fields.get("family_told"), "Not said")
    asked = (
        ("What worries them", fields.get("worry")),
        ("When it was", fields.get("when")),
        ("The family was told", told if is_full else None),
        ("Why not", fields.get("not_told_because")),
    )
    return Concern(
        id=entry["id"],
        about=fields.get("about") or _DETAILS_HELD_BACK,
        sent_by=f"{entry['author']}, {service}" if entry.get("author") else service,
        sent_at=entry["recorded_at"],
        in_danger=fields.get("immediate_danger") is True,
        received_at=fields.get("acknowledged_at"),
        received_by=fields.get("acknowledged_by"),
        lines=[(label, words) for label, words in asked if words],
        reveals=[CATEGORIES.get(one, in_words(one)) for one in entry.get("categories", ())],
        enclosed=[_enclosed(one) for one in fields.get("sent", ())],
        may_acknowledge=is_full and "acknowledged_at" not in fields,
    )


def _enclosed(one: Json) -> Enclosed:
    said = [(in_words(name), _words(value)) for name, value in one["fields"].items()]
    return Enclosed(in_words(one["kind"]), one["recorded_at"], [line for line in said if line[1]])


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(_words(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(_words(one) for one in value.values())
    return "" if value is None else str(value)


def _name(code: str, names: Mapping[str, str]) -> str:
    return names.get(code) or in_words(code)
