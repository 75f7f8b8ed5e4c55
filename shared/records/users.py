"""Users' access."""

from shared.records.base import AgencyCode, Id, Line, Record, UserId


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
