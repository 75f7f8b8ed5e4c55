"""What has to be said when a case is closed, and what its page says of it afterwards: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.presenters.permissions import people_of
from clients.practitioner.presenters.promises import OVER, stands, words_of
from clients.practitioner.words import in_words
from shared.records.cases import ClosureReason
from shared.vocabulary import Deed

Json = Mapping[str, Any]
_WORDS = {
    ClosureReason.NEEDS_MET: "Their needs are met",
    ClosureReason.MOVED_AWAY: "They have moved away",
    ClosureReason.STEPPED_UP_TO_SOCIAL_CARE: "Social care has taken over",
    ClosureReason.CONSENT_WITHDRAWN: "They no longer want to take part",
    ClosureReason.INFORMED_REFUSAL: "They said no, knowing what it is",
    ClosureReason.NO_LONGER_ELIGIBLE: "They no longer qualify for this help",
    ClosureReason.DIED: "They have died",
    ClosureReason.OTHER: "Something else",
}
REASONS: Sequence[tuple[str, str]] = [(code.value, words) for code, words in _WORDS.items()]


@dataclass(frozen=True, slots=True)
class OpenPromise:
    """Something that somebody owes still."""

    id: str
    what: str
    who: str
    by_when: str | None


@dataclass(frozen=True, slots=True)
class ClosingPage:
    """``is_watched``: whether the reader sees that somebody of the team sees to the next review."""

    promises: Sequence[OpenPromise]
    is_watched: bool
    may_close: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """That a case is closed. ``reason`` and ``note`` where the reader is told them."""

    on: str
    reason: str | None
    note: str | None


def closing_page_of(view: Json, names: Mapping[str, str]) -> ClosingPage:
    """What has to be said to close the case of ``GET /v1/cases/{case}``, soonest promises first."""
    people = people_of(view)
    promises = [
        _promise(entry, names, people)
        for entry in view["areas"]["plan"]
        if entry["kind"] in ("action", "commitment") and stands(entry["fields"]) not in OVER
    ]
    return ClosingPage(
        promises=sorted(promises, key=lambda one: one.by_when or "9999"),
        is_watched=any(
            entry["fields"].get("owner" if entry["kind"] == "case_review" else "follow_up_owner")
            for entry in (*view["areas"]["meetings"], *view["areas"]["assessment"])
            if entry["kind"] in ("case_review", "conclusion")
        ),
        may_close=may_close(view),
    )


def may_close(view: Json) -> bool:
    """Whether closing is offered to whoever reads this."""
    return Deed.CLOSE_CASE in view.get("may", ()) and view["header"]["state"] == "open"


def may_reopen(view: Json) -> bool:
    """Who may close a case may open it again."""
    return Deed.CLOSE_CASE in view.get("may", ()) and view["header"]["state"] == "closed"


def closed_of(view: Json) -> Closed | None:
    """When and why the case was closed; None while it is open."""
    header = view["header"]
    if header["state"] != "closed":
        return None
    said = [entry for entry in view["areas"]["case"] if entry["kind"] == "closure"]
    fields = said[-1]["fields"] if said else {}
    reason = fields.get("reason")
    words = dict(REASONS).get(reason) or in_words(reason) if reason else None
    return Closed(header["closed_at"], words, fields.get("note"))


def _promise(entry: Json, names: Mapping[str, str], people: Mapping[str, str]) -> OpenPromise:
    fields = entry["fields"]
    return OpenPromise(
        id=entry["id"],
        what=words_of(fields),
        who=_who(entry, names, people),
        by_when=fields.get("by_when"),
    )


def _who(entry: Json, names: Mapping[str, str], people: Mapping[str, str]) -> str:
    party = entry["fields"].get("promised_by") or {}
    if party.get("person") is not None:
        return people.get(party["person"], "Somebody of the family")
    agency = party.get("agency") or entry["fields"].get("accountable") or entry["owner"]
    return names.get(agency) or in_words(agency)
