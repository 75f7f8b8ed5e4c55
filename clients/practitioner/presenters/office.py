"""What waits for an information officer, in words and with where to look: pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]
_KINDS: Mapping[str, tuple[str, str]] = {
    "override_to_confirm": (
        "Information was opened without permission and needs a second person",
        "/office/cases/{case}/overrides",
    ),
    "family_to_be_told": (
        "Say whether the family may be told of a look by now",
        "/office/cases/{case}/overrides",
    ),
    "break_glass_to_review": (
        "Somebody opened a case because of danger: check it",
        "/office/cases/{case}/break-glass",
    ),
    "break_glass_overdue_elsewhere": (
        "Another service is late in checking why a case was opened because of danger",
        "/office/cases/{case}/break-glass",
    ),
    "draft_to_approve": ("A draft of the rules waits for a second person", "/rules/drafts/{about}"),
    "draft_to_publish": ("A draft of the rules is approved and can be published", "/rules/drafts/{about}"),
    "agreement_ends": ("An agreement ends soon", "/agreements/{about}"),
    "bar_to_review": ("A bar is to be looked at again", "/office/cases/{case}/bars"),
    "bar_to_lift": ("Somebody proposed to lift a bar: a second person decides", "/office/cases/{case}/bars"),
    "hold_to_confirm": (
        "A look is kept from the family and needs a second person",
        "/ledger/held-back/{about}",
    ),
    "hold_to_review": ("A look that is kept from the family is to be checked again", "/ledger/held-back"),
}
_LOOK_AT: Mapping[str, str] = {
    "overrides": "/office/cases/{case}/overrides",
    "break-glass": "/office/cases/{case}/break-glass",
    "conflicts": "/cases/{case}/conflicts",
    "holds": "/ledger/held-back",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    words: str
    address: str
    due_at: str | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class News:
    """That something happened in a case; ``address`` is None where no page of an officer's shows it."""

    at: str
    address: str | None


def waiting_of(answer: Json) -> list[Waiting]:
    """The lines of ``GET /v1/worklists/office``, in its order: first what is due first."""
    return [_waiting(line) for line in answer["waiting"] if line["kind"] in _KINDS]


def _waiting(line: Json) -> Waiting:
    words, address = _KINDS[line["kind"]]
    return Waiting(
        words, address.format(case=line["case"], about=line["about"]), line["due_at"], line["overdue"]
    )


def news_of(answer: Json) -> list[News]:
    """The alerts of ``GET /v1/alerts``, the newest first."""
    return [_news(alert) for alert in answer["alerts"]]


def _news(alert: Json) -> News:
    part = str(alert["look_at"]).rsplit("/", 1)[-1]
    address = _LOOK_AT.get(part)
    return News(alert["at"], None if address is None else address.format(case=alert["case"]))
