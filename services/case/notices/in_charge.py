"""Who is told of something in a case: whoever is in charge of it, or owes what was promised. Pure."""

from collections.abc import Iterable

from services.case.cases.relationship import Place
from services.case.notices.audience import Audience, for_role, for_user
from shared.vocabulary import Role


def lead(places: Iterable[Place]) -> list[Audience]:
    return [for_user(place.agency, place.user) for place in places if place.leads]


def managers(places: Iterable[Place]) -> list[Audience]:
    """The managers of the agencies at work."""
    return [managers_of(agency) for agency in sorted({place.agency for place in places})]


def managers_of(agency: str) -> Audience:
    return for_role(agency, Role.TEAM_MANAGER)


def lead_or_managers(places: Iterable[Place]) -> list[Audience]:
    """The lead professional; where nobody leads, the managers of the agencies at work."""
    held = list(places)
    return lead(held) or managers(held)


def lead_and_managers(places: Iterable[Place]) -> list[Audience]:
    """The lead professional and every supervisor."""
    held = list(places)
    return [*lead(held), *managers(held)]


def of_agency(places: Iterable[Place], agency: str, user: str | None = None) -> list[Audience]:
    """One user of an agency; without one, its people on the team; where it has none, its managers."""
    if user is not None:
        return [for_user(agency, user)]
    at_work = [for_user(agency, place.user) for place in places if place.agency == agency]
    return at_work or [managers_of(agency)]
