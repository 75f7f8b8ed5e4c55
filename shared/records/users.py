"""Users' access."""

from shared.records.base import Line, Record, UserId


class NewSuspension(Record):
    """A user whose access ends now."""

    user: UserId
    reason: Line
