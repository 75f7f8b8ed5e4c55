"""Where two who may both answer for a child say different things (design 3.2, resolve). Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.consent.consents.authority import answers_in_own_right
from shared.vocabulary import Answer, Capacity, ConsentKind

Scope = dict[str, list[str]]
"""What both of two answers name: recipients, purposes and categories; all empty for taking part."""


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, or one exclusion, as far as it can disagree with another."""

    id: str
    case: str
    kind: str
    subject: str
    giver: str
    for_child: bool
    given: bool
    recipients: frozenset[str]
    purposes: frozenset[str] | None
    categories: frozenset[str]
    agency: str
    owner: str | None = None
    """The agency whose information it is about, where somebody was asked about that alone."""

    @classmethod
    def of_answer(cls, columns: Mapping[str, Any]) -> "Said":
        return cls(
            id=columns["id"],
            case=columns["case_id"],
            kind=columns["kind"],
            subject=columns["subject"],
            giver=columns["giver"],
            for_child=not answers_in_own_right(Capacity(columns["capacity"])),
            given=columns["answer"] == Answer.GIVEN.value,
            recipients=frozenset(columns["recipients"]),
            purposes=frozenset(columns["purposes"]),
            categories=frozenset(columns["categories"]),
            agency=columns["recorded_by_agency"],
            owner=columns["owner"],
        )

    @classmethod
    def of_exclusion(cls, columns: Mapping[str, Any]) -> "Said":
        purposes = columns["purposes"]
        return cls(
            id=columns["id"],
            case=columns["case_id"],
            kind=ConsentKind.SHARE.value,
            subject=columns["subject"],
            giver=columns["giver"],
            for_child=columns["giver"] != columns["subject"],
            given=False,
            recipients=frozenset(columns["agencies"]),
            purposes=None if purposes is None else frozenset(purposes),
            categories=frozenset(columns["categories"]),
            agency=columns["recorded_by_agency"],
        )


def disagree(one: Said, other: Said) -> Scope | None:
    """What two answers for the same child disagree about; None where they do not."""
    if not (one.for_child and other.for_child) or one.subject != other.subject or one.kind != other.kind:
        return None
    if one.giver == other.giver or one.given == other.given:
        return None
    if one.owner is not None and other.owner is not None and one.owner != other.owner:
        return None
    if one.kind == ConsentKind.TAKE_PART.value:
        return {"recipients": [], "purposes": [], "categories": []} if one.case == other.case else None
    recipients, categories = one.recipients & other.recipients, one.categories & other.categories
    purposes = _both_purposes(one.purposes, other.purposes)
    if not (recipients and categories and purposes):
        return None
    return {
        "recipients": sorted(recipients), "purposes": sorted(purposes), "categories": sorted(categories),
    }  # fmt: skip


def _both_purposes(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str]:
    if one is None or other is None:
        return one or other or frozenset()
    return one & other


def everybody_gains(
    recorded_by: Collection[str], lead_agency: str | None, recipients: Collection[str]
) -> bool:
    """Whether what two answers disagree about benefits everybody who is to decide it: those who recorded them
    and the lead's agency. Then none of them decides for the permission."""
    deciding = {*recorded_by, *(() if lead_agency is None else (lead_agency,))}
    return deciding <= set(recipients)


def decides_alone(decides_from: datetime | None, at: datetime) -> bool:
    """Whether nobody answers for somebody any more, so that nobody is in conflict about them either."""
    return decides_from is None or decides_from <= at
