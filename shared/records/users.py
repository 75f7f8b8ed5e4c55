"""Users' access."""

from shared.records.base import Line, Record, UserId


class NewSuspension(Record):
    """A user whose access ends now."""

    user: UserId
    reason: Line


class SuspensionLifting(Record):
    """A user who is let in again."""

    user: UserId
    reason: Line
