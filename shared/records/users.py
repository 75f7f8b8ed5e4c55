"""Users' access."""

from shared.records.base import AgencyCode, Id, Line, Moment, Record, UserId
from shared.vocabulary import Role


class NewSuspension(Record):
    """A user whose access ends now; ``name``: what whoever says so calls them."""

    user: UserId
    reason: Line
    name: Line | None = None


class SuspensionLifting(Record):
    """A user who is let in again."""

    user: UserId
    reason: Line


class UserAbsence(Record):
    """Inside: somebody was suspended, for one agency or (None) for every one.

    ``occasion`` is the suspension, by its id.
    """

    agency: AgencyCode | None
    occasion: Id


class UserReturn(Record):
    """Inside: somebody may work again; ``occasions`` are the suspensions that were lifted, by their ids."""

    occasions: tuple[Id, ...]


class LeadRole(Record):
    """A role in which somebody may lead for an agency."""

    agency: AgencyCode
    role: Role


class RolesShownNothing(Record):
    """Inside: as lead professional in these roles nobody is shown anything by the policy that counts from
    ``since`` on; in all others somebody is."""

    since: Moment
    roles: tuple[LeadRole, ...]
