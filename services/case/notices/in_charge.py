"""Who is told when something goes wrong in a case: whoever is in charge of it. Pure."""

from collections.abc import Collection, Iterable
from typing import Protocol

from services.case.notices.audience import Audience, for_role, for_user
from shared.vocabulary import Role


class Seat(Protocol):
    """A place that somebody holds on the team of a case."""

    @property
    def user(self) -> str: ...

    @property
    def agency(self) -> str: ...

    @property
    def leads(self) -> bool: ...


def lead_or_managers(seats: Iterable[Seat]) -> list[Audience]:
    """The lead professional; where nobody leads, the managers of the agencies at work."""
    held = list(seats)
    leads = [for_user(seat.agency, seat.user) for seat in held if seat.leads]
    return leads or managers(held)


def managers(seats: Iterable[Seat]) -> list[Audience]:
    return [for_role(agency, Role.TEAM_MANAGER) for agency in sorted({seat.agency for seat in seats})]


def lead_and_managers(seats: Collection[Seat]) -> list[Audience]:
    """The lead professional and every supervisor."""
    return [*(for_user(seat.agency, seat.user) for seat in seats if seat.leads), *managers(seats)]
