"""Joining and leaving a team. Leaving is possible at once, always: it is what ends access."""

from datetime import datetime

from services.case.lifecycles import Lifecycle

PLACE = Lifecycle(
    "A place on a team",
    "not_on_team",
    {
        ("not_on_team", "joining"): "on_team",
        ("on_team", "being_put_in_charge"): "on_team",
        ("on_team", "leaving"): "left",
        ("left", "joining"): "on_team",
    },
    {
        ("on_team", "joining"): "This person is on the team for that agency already.",
        ("left", "leaving"): "This person has left the team already.",
        ("left", "being_put_in_charge"): "This person has left the team. Nominate somebody who is on it.",
    },
)
"""Of one user for one agency. Only who is on the team is asked to lead, stands in or takes a chair."""


def state_of(until: datetime | None) -> str:
    """How a stay on the team stands that ended at this moment, or goes on."""
    return "on_team" if until is None else "left"


def must_not_be_member(active: bool) -> None:
    PLACE.after("on_team" if active else PLACE.initial, "joining")


def must_be_active(until: datetime | None) -> None:
    PLACE.after(state_of(until), "leaving")
