"""Joining and leaving a team. Leaving is possible at once, always: it is what ends access."""

from datetime import datetime

from shared.problems import conflict


def must_not_be_member(active: bool) -> None:
    if active:
        raise conflict("This person is on the team for that agency already.")


def must_be_active(until: datetime | None) -> None:
    if until is not None:
        raise conflict("This person has left the team already.")
