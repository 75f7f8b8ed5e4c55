"""Splitting people into groups. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

NOT_RECORDED = "not recorded"


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to a person in the time of a report: by which agency, and how it went."""

    person: str
    agency: str
    outcome: str = ""


def each_person_once_with_each_agency(happenings: Iterable[Happening]) -> list[Happening]:
    """The first of each person with each agency: an agency's people are the same wherever they are told."""
    first: dict[tuple[str, str], Happening] = {}
    for one in happenings:
        first.setdefault((one.agency, one.person), one)
    return list(first.values())


def cells_of(
    happenings: Iterable[Happening], by: str, group_of: Mapping[str, str]
) -> dict[str, dict[str, set[str]]]:
    """By agency and by group, who; ``group_of`` names a person's area or need."""
    cells: dict[str, dict[str, set[str]]] = {}
    for one in each_person_once_with_each_agency(happenings):
        own = by in ("agency", "outcome")
        group = getattr(one, by) if own else group_of.get(one.person, NOT_RECORDED)
        cells.setdefault(one.agency, {}).setdefault(group, set()).add(one.person)
    return cells


def area_of(postcode: str | None) -> str:
    """The outward half of a postcode, such as NE1: an area, and nobody's address."""
    found = re.fullmatch(r"([A-Z]{1,2}[0-9][0-9A-Z]?) ?[0-9][A-Z]{2}", (postcode or "").strip().upper())
    return found[1] if found else NOT_RECORDED


def wait(asked_at: datetime, answered_at: datetime | None) -> str:
    """How long somebody waited: for a lead professional, for an answer."""
    if answered_at is None:
        return "still waiting"
    days = (answered_at - asked_at).days
    if days < 7:
        return "within a week"
    return "within four weeks" if days < 28 else "longer"


def known_by(answered_at: datetime | None, end: datetime) -> datetime | None:
    """When there was an answer, if there was one by the end of the time."""
    return answered_at if answered_at is not None and answered_at < end else None


def answered(state: str, answered_at: datetime | None, end: datetime) -> str:
    """How a referral or nomination stood at the end of the time."""
    return "no answer" if known_by(answered_at, end) is None else state
