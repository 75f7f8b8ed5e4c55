"""Requests to share, as the side sees them on which the reader stands: pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.presenters.partnership import LEVELS
from clients.practitioner.words import CATEGORIES, in_words
from shared.vocabulary import Deed

Json = Mapping[str, Any]
_STATES: Mapping[str, tuple[str, str]] = {
    "waiting": ("Waits for an answer", "yellow"),
    "granted": ("They share it", "green"),
    "not_granted": ("Not shared", "grey"),
    "ended": ("No longer shared", "grey"),
}
_ANSWERS: Mapping[str, tuple[str, str]] = {
    "released": ("You share it, once the family agrees", "green"),
    "refused": ("You said no", "grey"),
    "ended": ("You shared it; that is over", "grey"),
}


@dataclass(frozen=True, slots=True)
class Request:
    """``is_ours``: whether it is asked of the reader's own service; ``answers``: whether the reader turns the
    owner's key; ``takes_back``: whether it is turned now. ``family_may_answer``: whether the reader may
    record what the family says to it, and nothing is yet."""

    id: str
    case: str | None
    who_asks: str
    of_whom: str
    what: Sequence[tuple[str, str]]
    level: str
    purpose: str
    until: str
    reason: str
    answer_by: str
    state: str
    colour: str
    answers: bool
    is_ours: bool
    takes_back: bool
    reference: str | None
    subject: str | None
    asked_at: str
    family_said: str | None
    family_may_answer: bool


def requests_of(answer: Json, names: Mapping[str, str], may: Collection[str] = ()) -> list[Request]:
    """The requests of ``GET /v1/sharing-requests``, of all cases or of one in which the reader ``may`` do
    something: those first that wait for the reader's answer."""
    found = [_request(row, names, may) for row in answer["sharing_requests"]]
    return sorted(found, key=lambda one: (not (one.answers and not one.takes_back), one.answer_by))


_FAMILY_SAID: Mapping[str, str] = {
    "given": "The family agrees",
    "refused": "The family does not agree",
    "ended": "The family took it back",
}


def _request(row: Json, names: Mapping[str, str], may: Collection[str]) -> Request:
    owns = "owner" in row["sides"]
    answers = "owner_answer" in row["may"]
    of_manager = ("Waits for the answer of your service’s manager", "yellow")
    waiting = (("Waits for your answer", "yellow") if answers else of_manager) if owns else _STATES["waiting"]
    state, colour = _ANSWERS.get(row["owner_answer"], waiting) if owns else _STATES.get(row["state"], waiting)
    return Request(
        id=row["id"],
        case=row["case"],
        who_asks=f"{row['asked_by']}, {names.get(row['agency']) or in_words(row['agency'])}",
        of_whom=names.get(row["owner"]) or in_words(row["owner"]),
        what=[(one, CATEGORIES.get(one, in_words(one))) for one in row["categories"]],
        level=LEVELS[row["level"]],
        purpose=in_words(row["purpose"]),
        until=row["valid_until"],
        reason=row["reason"],
        answer_by=row["answer_by"],
        state=state,
        colour=colour,
        answers=answers,
        is_ours=owns,
        takes_back=row["owner_answer"] == "released",
        reference=row["reference"],
        subject=row["subject"],
        asked_at=row["asked_at"],
        family_said=_FAMILY_SAID.get(row["family_answer"] or ""),
        family_may_answer=row["family_answer"] is None and Deed.RECORD_PERMISSION in may,
    )
