"""What the list of cases shows of each: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.words import day


@dataclass(frozen=True, slots=True)
class CaseLine:
    """``born`` is a date of birth or expected date of delivery; ``in_charge`` is None where nobody is."""

    address: str
    name: str
    born: str | None
    expected: str | None
    state: str
    closed_at: str | None
    in_charge: str | None
    telephone: str | None
    vacant_since: str | None
    review_on: str | None


def cases_of(answer: Mapping[str, Any]) -> list[CaseLine]:
    """The lines of ``GET /v1/cases``, in its order."""
    return [_line(case) for case in answer["cases"]]


CASES: Sequence[str] = ("Name", "Born or expected", "In charge", "Telephone", "Nobody since", "Next review")


def table_of(cases: Sequence[CaseLine]) -> list[list[str]]:
    """The lines as cells under ``CASES``."""
    return [
        [
            case.name,
            day(case.born or case.expected),
            case.in_charge or "Nobody",
            case.telephone or "",
            "" if case.in_charge else day(case.vacant_since),
            day(case.review_on),
        ]
        for case in cases
    ]


def _line(case: Mapping[str, Any]) -> CaseLine:
    person, lead = case["person"] or {}, case["lead_professional"] or {}
    return CaseLine(
        address=f"/cases/{case['id']}",
        name=person.get("name") or "Name not shown",
        born=person.get("date_of_birth"),
        expected=person.get("expected_date_of_delivery"),
        state=case["state"],
        closed_at=case["closed_at"],
        in_charge=lead.get("name"),
        telephone=lead.get("telephone"),
        vacant_since=case["vacant_since"],
        review_on=case["review_on"],
    )
