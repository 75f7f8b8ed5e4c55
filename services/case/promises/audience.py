"""Who is told of a promise: whoever owes it, whoever leads the case, and the managers up the line. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.case.notices.audience import Audience, for_role, for_user
from shared.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Seat:
    """A place on the team of a case that somebody holds now."""

    user: str
    agency: str
    leads: bool


def of_agency(seats: Iterable[Seat], agency: str, user: str | None = None) -> list[Audience]:
    """One user of an agency; without one, its people on the team; where it has none, its managers."""
    if user is not None:
        return [for_user(agency, user)]
    at_work = [for_user(agency, seat.user) for seat in seats if seat.agency == agency]
    return at_work or [for_role(agency, Role.TEAM_MANAGER)]


def of_lead(seats: Iterable[Seat]) -> list[Audience]:
    return [for_user(seat.agency, seat.user) for seat in seats if seat.leads]


def managers(agency: str) -> list[Audience]:
    return [for_role(agency, Role.TEAM_MANAGER)]
