"""Becoming and ceasing to be the lead professional (design 1.3).

A nomination is answered once: accepted, refused with a reason, or withdrawn. Accepting while somebody else
leads is a handover without a gap.
"""

from datetime import datetime

from shared.identity import Caller
from shared.problems import conflict, forbidden


def must_be_on_team(until: datetime | None) -> None:
    """Only who is on the team can be asked to lead, or say yes."""
    if until is not None:
        raise conflict("This person has left the team. Nominate somebody who is on it.")


def must_be_nobody_asked(open_nominations: int) -> None:
    if open_nominations:
        raise conflict("Somebody has been nominated and has not answered yet. Wait, or withdraw it first.")


def must_be_open(state: str) -> None:
    if state != "nominated":
        raise conflict("This nomination was answered or withdrawn already.")


def must_be_nominee(caller: Caller, user: str, agency: str) -> None:
    if (caller.user, caller.agency) != (user, agency):
        raise forbidden("Only the person who was nominated can answer.")


def must_not_lead_already(lead_member: str | None, nominee: str) -> None:
    if lead_member == nominee:
        raise conflict("This person leads the case already.")
