"""Who sees a bar (design 3.2, 3.4). Pure.

Information officers alone: those of the agency that recorded it, those of the agency whose custodian answers
for it, and the partnership's officers whom the policy names. Never anybody whom it stops, in whatever role:
a bar tells whom it protects and from whom.
"""

from dataclasses import dataclass
from typing import Any

from shared.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who reads or changes bars. ``of_partnership``: the policy names them."""

    user: str
    agency: str
    role: str
    of_partnership: bool


def is_stopped(user: str, agency: str, bar: Any) -> bool:
    """Whether a bar stops this caller; ``bar`` has agencies, users and everyone_except."""
    listed = agency in bar.agencies or user in bar.users
    return bool(listed != bar.everyone_except)


def may_see_bar(officer: Officer, bar: Any) -> bool:
    """Whether the officer may see this bar; ``bar`` has the columns of the table."""
    if officer.role != Role.INFORMATION_OFFICER or is_stopped(officer.user, officer.agency, bar):
        return False
    answers_for_it = officer.agency in (bar.recorded_by_agency, bar.custodian["agency"])
    return answers_for_it or officer.of_partnership
