"""Who is told of something in a case: whoever is in charge of it, or owes what was promised, and to whom it
goes instead where that is nobody who can act. Pure."""

from collections.abc import Iterable

from services.case.cases.relationship import Place
from services.case.notices.audience import Audience, for_role, for_user
from shared.vocabulary import Role


def lead(places: Iterable[Place]) -> list[Audience]:
    """The lead professional, and whoever stands in for them today: an alarm that only somebody who is away
    could hear would be heard by nobody."""
    return [for_user(place.agency, place.user) for place in places if place.leads or place.stands_in]


def is_heard(places: Iterable[Place]) -> bool:
    """Whether anybody is in charge who can act."""
    return any((place.leads or place.stands_in) and not place.away for place in places)


def managers(places: Iterable[Place]) -> list[Audience]:
    """The managers of the agencies at work."""
    return [managers_of(agency) for agency in sorted({place.agency for place in places})]


def managers_of(agency: str) -> Audience:
    return for_role(agency, Role.TEAM_MANAGER)


def answering_for(places: Iterable[Place], agency: str) -> list[Audience]:
    """Who answers for an agency: its managers, and where nobody of it is on the team its co-ordinators too,
    who find its entries without a seat."""
    at_work = any(place.agency == agency for place in places)
    coordinators = [] if at_work else [for_role(agency, Role.COORDINATOR)]
    return [managers_of(agency), *coordinators]


def lead_or_managers(places: Iterable[Place]) -> list[Audience]:
    """The lead professional; where nobody leads, the managers of the agencies at work. They are told besides
    where nobody in charge can act, or nobody would hear it until then."""
    held = list(places)
    return lead(held) if is_heard(held) else [*lead(held), *managers(held)]


def lead_and_managers(places: Iterable[Place]) -> list[Audience]:
    """The lead professional and every supervisor: for alarms that come of what others may not see, which flow
    to these and, unlike the rest, not to whoever stands in (design 3.5 c)."""
    held = list(places)
    return [*lead(place for place in held if place.leads), *managers(held)]


def member_or_others(places: Iterable[Place], agency: str, user: str) -> list[Audience]:
    """Somebody of the team, for what waits for them; where they have left or cannot act, whoever is in charge
    and can, and whoever answers for their agency."""
    held = list(places)
    if _can_act(held, agency, user):
        return [for_user(agency, user)]
    return [*lead(place for place in held if not place.away), *answering_for(held, agency)]


def of_agency(places: Iterable[Place], agency: str, user: str | None = None) -> list[Audience]:
    """One user of an agency. Without one, or where that one is not on the team or cannot act, its people who
    are and can; where it has none, whoever answers for it."""
    held = list(places)
    if user is not None and _can_act(held, agency, user):
        return [for_user(agency, user)]
    at_work = [for_user(agency, one.user) for one in held if one.agency == agency and not one.away]
    away = any((one.agency, one.user) == (agency, user) for one in held)
    named = [] if user is None or away else [for_user(agency, user)]
    return [*named, *(at_work or answering_for(held, agency))]


def _can_act(places: Iterable[Place], agency: str, user: str) -> bool:
    return any((place.agency, place.user) == (agency, user) and not place.away for place in places)
