"""Who is told of a review that was missed, the longer the higher: owner, supervisor, agency contact,
partnership. Pure."""

from collections.abc import Collection

from services.case.casework_rules import CaseworkRules
from services.case.notices.audience import Audience, for_role, for_user
from shared.vocabulary import Role

RUNGS = ("owner", "supervisor", "agency_contact", "partnership")


def rungs_reached(days_late: int, rules: CaseworkRules) -> list[str]:
    """The rungs that a review which is this many days late has reached: its owner's from the first day on."""
    after = (1, *rules.review_escalation_days)
    return [rung for rung, days in zip(RUNGS, after, strict=True) if days_late >= days]


def audience_of(
    rung: str, owner: tuple[str, str] | None, at_work: Collection[str], rules: CaseworkRules
) -> list[Audience]:
    """For whom a rung is. The agency is the owner's; where nobody owns the review, every one at work. Where
    nobody works on the case any more, the partnership is told from the first day on."""
    partnership = [for_role(rules.partnership_agency, Role.COORDINATOR)]
    if owner is None and not at_work:
        return partnership if rung in ("owner", "partnership") else []
    agencies = sorted(at_work) if owner is None else [owner[1]]
    if rung == "owner":
        return [] if owner is None else [for_user(owner[1], owner[0])]
    if rung == "supervisor":
        return [for_role(agency, Role.TEAM_MANAGER) for agency in agencies]
    if rung == "agency_contact":
        return [for_role(agency, Role.COORDINATOR) for agency in agencies]
    return partnership
