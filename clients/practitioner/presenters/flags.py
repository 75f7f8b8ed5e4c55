"""What to know before a visit, and which service is worried: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.words import in_words
from shared.vocabulary import Deed

Json = Mapping[str, Any]
LEVELS: Sequence[tuple[str, str]] = (
    ("watchful", "We keep an eye on it"),
    ("worried", "We are worried"),
    ("urgent", "It is urgent"),
)


@dataclass(frozen=True, slots=True)
class Flag:
    """``words``: what to do on a visit, or what the worry is; ``call``: whom to ring about it."""

    id: str
    is_about_visits: bool
    words: str
    level: str | None
    call: tuple[str, str] | None
    until: str | None
    ended_on: str | None
    service: str
    may_end: bool


@dataclass(frozen=True, slots=True)
class Flags:
    visits: Sequence[Flag]
    worries: Sequence[Flag]
    ended: Sequence[Flag]
    may_add: bool


def flags_of(view: Json, names: Mapping[str, str], agency: str | None, today: str) -> Flags:
    """The flags of ``GET /v1/cases/{case}`` on a day, those over apart."""
    may = view.get("may", ())
    found = [_flag(entry, names, agency, may) for entry in view["areas"]["flags"]]
    standing = [one for one in found if one.ended_on is None and (one.until is None or one.until > today)]
    return Flags(
        visits=[one for one in standing if one.is_about_visits],
        worries=[one for one in standing if not one.is_about_visits],
        ended=[one for one in found if one not in standing],
        may_add=Deed.CONTRIBUTE in may and view["header"]["state"] == "open",
    )


def _flag(entry: Json, names: Mapping[str, str], agency: str | None, may: Sequence[str]) -> Flag:
    fields = entry["fields"]
    telephone = fields.get("call_telephone")
    return Flag(
        id=entry["id"],
        is_about_visits=entry["kind"] == "staff_safety_note",
        words=fields.get("instruction") or fields.get("message") or "Details not shown",
        level=dict(LEVELS).get(fields.get("level", "")),
        call=(fields.get("call_name", ""), telephone) if telephone else None,
        until=fields.get("expires_on"),
        ended_on=fields.get("ended_on"),
        service=names.get(entry["owner"]) or in_words(entry["owner"]),
        may_end=Deed.CONTRIBUTE in may and entry["owner"] == agency and not fields.get("ended_on"),
    )
