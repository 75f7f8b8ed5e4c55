"""What a timeline and the list of looks show: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.presenters.asking import in_everyday_words
from clients.practitioner.presenters.permissions import tells_what_left
from clients.practitioner.words import in_words, listed
from shared.vocabulary import Category

Json = Mapping[str, Any]
_HAPPENED = {
    "joined_team": "joined the team",
    "left_team": "left the team",
    "became_lead": "became lead professional",
    "ceased_to_lead": "stopped being lead professional",
}


@dataclass(frozen=True, slots=True)
class Line:
    at: str
    what: str
    service: str


@dataclass(frozen=True, slots=True)
class Look:
    """That a service looked: when, who, as what, why, and at what."""

    at: str
    who: str
    why: str
    what: Sequence[str]
    sentence: str | None


@dataclass(frozen=True, slots=True)
class Used:
    """A permission of which the reader may know what was seen because of it."""

    id: str
    what: str
    with_whom: str
    since: str
    is_over: bool


def lines_of(answer: Json, names: Mapping[str, str]) -> list[Line]:
    """The events of ``GET …/timeline``, the newest first."""
    return [line_of(event, names) for event in answer["timeline"]]


def line_of(event: Json, names: Mapping[str, str]) -> Line:
    """One event of a timeline."""
    agency = event.get("agency") or event.get("owner")
    service = "" if agency is None else names.get(agency) or in_words(agency)
    if event["what"] == "recorded":
        return Line(event["at"], f"{in_words(event.get('kind') or 'something')} was recorded", service)
    who = event.get("name") or "Somebody"
    return Line(event["at"], f"{who} {_HAPPENED[event['what']]}", service)


def looks_of(answer: Json, names: Mapping[str, str]) -> list[Look]:
    """The disclosures of ``GET …/disclosures``, in its order, for whichever reader they are worded."""
    return [_look(disclosure, names) for disclosure in answer["disclosures"]]


def _look(disclosure: Json, names: Mapping[str, str]) -> Look:
    service = names.get(disclosure["agency"]) or in_words(disclosure["agency"])
    if "sentence" in disclosure:
        return Look(
            disclosure["at"],
            service,
            in_words(disclosure["purpose"]),
            disclosure["what"],
            disclosure["sentence"],
        )
    who = f"{disclosure['user_name']}, {in_words(disclosure['role']).lower()}, {service}"
    cells = [cell for case in disclosure["cases"] for cell in case["cells"]]
    categories = sorted({category for cell in cells for category in cell.get("categories") or ()})
    return Look(
        disclosure["at"], who, in_words(disclosure["purpose"]), [in_words(c) for c in categories], None
    )


def permissions_used(answer: Json, names: Mapping[str, str]) -> list[Used]:
    """Those of ``GET …/consents`` of which the reader may know what left because of them, newest first."""
    found = [
        Used(
            id=consent["id"],
            what=listed(in_everyday_words([Category(category) for category in consent["categories"]])),
            with_whom=listed([names.get(code) or in_words(code) for code in consent["recipients"]]),
            since=consent["valid_from"],
            is_over=consent["withdrawn_at"] is not None,
        )
        for consent in answer["consents"]
        if tells_what_left(consent)
    ]
    return sorted(found, key=lambda used: used.since, reverse=True)
