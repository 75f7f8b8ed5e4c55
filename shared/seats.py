"""What a place on a team is to whoever holds it, by the role in which they act (design 3.1). Pure."""

from collections.abc import Mapping

from shared.vocabulary import Relationship, Role

_IN_ANY_SEAT = (Role.PRACTITIONER, Role.AGENCY_SYSTEM)
"""Practitioners work on a case in whichever role they were added; a system names the user, not the role."""

TO_WHAT_IS_OWED: Mapping[str, Relationship] = {
    Role.TEAM_MANAGER.value: Relationship.SUPERVISOR,
    Role.COORDINATOR.value: Relationship.CONSIDERING,
}
"""What those who answer for an agency are to an action that it owes, where it has nobody on the team."""


def through_seat(acting: str, recorded: str, *, leads: bool) -> Relationship:
    """What somebody is to a case by their own place on its team; ``recorded``: the role in which they were
    added, ``leads``: they lead from that place.

    A manager supervises whatever place they hold besides, and a safeguarding lead who leads in another of
    their roles is a member in this one: neither sees less for having joined. In roles that do no casework,
    and as a co-ordinator, only the place counts that was recorded for that role.
    """
    if acting == Role.TEAM_MANAGER:
        return Relationship.SUPERVISOR
    if acting == recorded or acting in _IN_ANY_SEAT:
        return Relationship.LEAD if leads else Relationship.MEMBER
    return Relationship.MEMBER if acting == Role.SAFEGUARDING_LEAD else Relationship.NONE
