"""From the roster that the gateway sends to the seats that are decided. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from services.consent.decision.everybody import Seat
from services.consent.decision.policy import Policy
from shared.explanations import About, SeatAsk
from shared.vocabulary import Purpose, Relationship, Role


@dataclass(frozen=True, slots=True)
class Seated:
    """A seat with the name of who sits there; ``on_roster`` is false for somebody who is only supposed."""

    seat: Seat
    name: str | None
    on_roster: bool


def purposes_of(policy: Policy, role: str) -> tuple[str, ...]:
    """The purposes that a role may act for, its ordinary one first as the policy lists them."""
    return tuple(policy.purposes.get(role, ())) or (Purpose.SUPPORT.value,)


Places = Collection[tuple[str, str]]
"""Users, each with the agency for which they act."""


def seats_of(policy: Policy, roster: Iterable[SeatAsk], suspended: Places) -> list[Seated]:
    """Everybody on the roster, once for each purpose that their role may act for."""
    return [
        Seated(
            _seat(one, str(purpose), (one.user, one.agency) in suspended), one.name or None, on_roster=True
        )
        for one in roster
        for purpose in purposes_of(policy, one.role)
    ]


def _seat(one: SeatAsk, purpose: str, suspended: bool) -> Seat:
    return Seat(one.user, one.agency, one.role, one.relationship, purpose, suspended)


def asked_about(policy: Policy, roster: Iterable[SeatAsk], about: About, suspended: Places) -> list[Seated]:
    """The seats that an officer asks about: those of the roster that fit, or else one that is supposed."""
    seats = seats_of(policy, roster, suspended)
    fitting = [seated for seated in seats if _fits(seated.seat, about)]
    if fitting or about.agency is None:
        return fitting
    role = about.role or Role.PRACTITIONER.value
    purposes = (about.purpose,) if about.purpose is not None else purposes_of(policy, role)[:1]
    user = about.user or ""
    return [
        Seated(
            Seat(
                user,
                about.agency,
                role,
                about.relationship or _relationship_of(about),
                purpose,
                (user, about.agency) in suspended,
            ),
            None,
            on_roster=False,
        )
        for purpose in purposes
    ]


def _relationship_of(about: About) -> str:
    """A user who is not on the roster has no relationship; anybody of a role is supposed to be a member."""
    return Relationship.NONE.value if about.user is not None else Relationship.MEMBER.value


def _fits(seat: Seat, about: About) -> bool:
    asked = (
        (about.user, seat.user),
        (about.agency, seat.agency),
        (about.role, seat.role),
        (about.relationship, seat.relationship),
        (about.purpose, seat.purpose),
    )
    return all(wanted is None or wanted == found for wanted, found in asked)
