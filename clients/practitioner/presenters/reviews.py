"""When the team looks at a case again, and what came of each time: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.words import in_words
from shared.records.reviews import ReviewOutcome
from shared.vocabulary import Deed

Json = Mapping[str, Any]
_WORDS = {
    ReviewOutcome.ON_TRACK: "It goes as planned",
    ReviewOutcome.SLOW: "It goes slowly",
    ReviewOutcome.NO_PROGRESS: "Nothing has changed",
    ReviewOutcome.WORSE: "It has become worse",
    ReviewOutcome.NEEDS_MET: "Their needs are met",
}
OUTCOMES: Sequence[tuple[str, str]] = [(code.value, words) for code, words in _WORDS.items()]


@dataclass(frozen=True, slots=True)
class Review:
    held_on: str | None
    outcome: str | None
    at_risk: bool
    owner: str | None
    watched_over_by: str | None
    note: str | None
    service: str


@dataclass(frozen=True, slots=True)
class Reviews:
    """``next_on`` with whether it is late, and those that were held or said more than a day, newest first."""

    next_on: str | None
    late: bool
    held: Sequence[Review]
    may_add: bool


def reviews_of(view: Json, names: Mapping[str, str], today: str) -> Reviews:
    """The reviews of ``GET /v1/cases/{case}`` on a day."""
    header = view["header"]
    seats = {member["id"]: member["name"] for member in header["team"]}
    entries = [entry for entry in view["areas"]["meetings"] if entry["kind"] == "case_review"]
    entries.sort(key=lambda entry: entry["fields"].get("held_on") or "", reverse=True)
    return Reviews(
        next_on=header["review_on"],
        late=is_late(header, today),
        held=[_review(entry, names, seats) for entry in entries],
        may_add=Deed.CONTRIBUTE in view["may"] and header["state"] == "open",
    )


def is_late(header: Json, today: str) -> bool:
    """Whether the day on which the team was to look again has passed."""
    return header["state"] == "open" and header["review_on"] is not None and header["review_on"] < today


def _review(entry: Json, names: Mapping[str, str], seats: Mapping[str, str]) -> Review:
    fields = entry["fields"]
    outcome = fields.get("outcome")
    return Review(
        held_on=fields.get("held_on"),
        outcome=dict(OUTCOMES).get(outcome, in_words(outcome)) if outcome else None,
        at_risk=fields.get("at_risk") is True,
        owner=seats.get(fields.get("owner", "")),
        watched_over_by=fields.get("watched_over_by"),
        note=fields.get("note"),
        service=names.get(entry["owner"]) or in_words(entry["owner"]),
    )
