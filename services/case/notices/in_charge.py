"""Who is told of something in a case: whoever is in charge of it, or owes what was promised. Pure."""

from collections.abc import Iterable

from services.case.cases.relationship import Place
from services.case.notices.audience import Audience, for_role, for_user
from shared.vocabulary import Role


def lead(places: Iterable[Place]) -> list[Audience]:
    """The lead professional, and whoever stands in for them today: an alarm that only somebody who is away
    could hear would be heard by nobody."""
    return [for_user(place.agency, place.user) for place in places if place.leads or place.stands_in]


def managers(places: Iterable[Place]) -> list[Audience]:
    """The managers of the agencies at work."""
    return [managers_of(agency) for agency in sorted({place.agency for place in places})]


def managers_of(agency: str) -> Audience:
    return for_role(agency, Role.TEAM_MANAGER)


def lead_or_managers(places: Iterable[Place]) -> list[Audience]:
    """The lead professional; where nobody leads, the managers of the agencies at work. They are told besides
    where nobody in charge can act, or nobody would hear it until then."""
    held = list(places)
    heard = any((place.leads or place.stands_in) and not place.away for place in held)
    return lead(held) if heard else [*lead(held), *managers(held)]


def lead_and_managers(places: Iterable[Place]) -> list[Audience]:
    """The lead professional and every supervisor: for alarms that come of what others may not see, which flow
    to these and, unlike the rest, not to whoever stands in (design 3.5 c)."""
    held = list(places)
    return [*lead(place for place in held if place.leads), *managers(held)]


def of_agency(places: Iterable[Place], agency: str, user: str | None = None) -> list[Audience]:
    """One user of an agency; without one, its people on the team; where it has none, its managers."""
    if user is not None:
        return [for_user(agency, user)]
    at_work = [for_user(agency, place.user) for place in places if place.agency == agency]
    return at_work or [managers_of(agency)]
