"""Becoming and ceasing to be the lead professional (design 1.3).

A nomination is answered once: accepted, refused with a reason, withdrawn, or ended by the objection of the
nominee's own agency. Accepting while somebody else leads is a handover without a gap.
"""

from datetime import datetime

from services.case.lifecycles import Lifecycle
from services.case.team import lifecycle as team
from shared.identity import Caller
from shared.problems import conflict, forbidden, invalid

_ANSWERED = "This nomination was answered or withdrawn already."

NOMINATION = Lifecycle(
    "nomination",
    "nominated",
    {
        ("nominated", "acceptance"): "accepted",
        ("nominated", "refusal"): "refused",
        ("nominated", "withdrawal"): "withdrawn",
        ("nominated", "objection"): "objected",
        ("accepted", "objection"): "accepted",
    },
    dict.fromkeys(("accepted", "refused", "withdrawn", "objected"), _ANSWERED),
)
"""What comes of a nomination. Once somebody leads, an objection is told to them and changes nothing: the
lead must not fall vacant by a letter."""


LEADERSHIP = Lifecycle(
    "Leading a case",
    "leading",
    {
        ("leading", "handover"): "handover",
        ("leading", "leaving"): "left_team",
    },
    dict.fromkeys(("handover", "left_team"), "They lead this case no longer."),
)
"""How a lead ends: when somebody else has accepted, or with their place on the team, and by nothing else.
While they cannot act it goes on, and their case is vacant (``services/case/absences``)."""


def must_be_on_team(until: datetime | None) -> None:
    """Only who is on the team can be asked to lead, or say yes."""
    team.PLACE.after(team.state_of(until), "being_put_in_charge")


def must_be_nobody_asked(open_nominations: int) -> None:
    if open_nominations:
        raise conflict("Somebody has been nominated and has not answered yet. Wait, or withdraw it first.")


def must_be_nominee(caller: Caller, user: str, agency: str) -> None:
    if (caller.user, caller.agency) != (user, agency):
        raise forbidden("Only the person who was nominated can answer.")


def must_not_stand_alone(nominator: str, nominee: str, *, others: bool) -> None:
    """Nobody puts themselves in charge: nominating is the team's or a panel's, accepting the nominee's.

    ``others``: whether anybody else is or was on the team. Who has had the case to themselves from its
    beginning is the team (decision 30).
    """
    if nominator == nominee and others:
        raise forbidden(
            "Nobody nominates themselves. Ask somebody else on the team, your manager or a co-ordinator to "
            "nominate you."
        )


def must_not_lead_already(lead_member: str | None, nominee: str) -> None:
    if lead_member == nominee:
        raise conflict("This person leads the case already.")


def must_fit(current: int, weight: int, cap: int | None, reason: str | None) -> str | None:
    """Why somebody is asked to lead more than their manager set; None where they are not."""
    if cap is None or current + weight <= cap:
        return None
    if reason is None:
        raise invalid(
            "exceeds_cap_because", "They would lead more than their manager set; say why them all the same."
        )
    return reason


def must_be_their_agency(caller: Caller, agency: str) -> None:
    if caller.agency != agency:
        raise forbidden("Only the agency of whoever was nominated can object.")


def must_lead_still(state: str, lead_member: str | None, nominee: str) -> None:
    """An objection to somebody who accepted is about a lead that goes on."""
    if state == "accepted" and lead_member != nominee:
        raise conflict("This person leads the case no longer, so there is nothing to object to.")


def must_not_have_objected(objected_at: datetime | None) -> None:
    if objected_at is not None:
        raise conflict("Your agency has objected to this already.")
