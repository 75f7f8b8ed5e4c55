"""What of a nomination only some are told: why it was refused or objected to, and how much they lead. Pure.

The reason of a refusal or an objection is for the nominee's agency, for whoever nominated and their agency,
and for the lead professional. How much somebody leads is for their own agency and for whoever nominates, and
it is a number: never which cases (decision 25). Whoever may nominate is told it of everybody on the team
before they ask (``GET …/lead-professional/nominees``).
"""

from collections.abc import Mapping
from typing import Any

from shared.identity import Caller
from shared.vocabulary import Relationship

AT_WORK = frozenset({Relationship.MEMBER, Relationship.SUPERVISOR, Relationship.LEAD})


def reads_reasons(nomination: Mapping[str, Any], caller: Caller, relationship: str) -> bool:
    if relationship == Relationship.LEAD or _nominated(nomination, caller):
        return True
    agencies = (nomination["agency"], nomination["nominated_by_agency"])
    return relationship in AT_WORK and caller.agency in agencies


def reads_load(nomination: Mapping[str, Any], caller: Caller, relationship: str) -> bool:
    if _nominated(nomination, caller):
        return True
    return relationship in AT_WORK and caller.agency == nomination["agency"]


def _nominated(nomination: Mapping[str, Any], caller: Caller) -> bool:
    asked_by = nomination["nominated_by_user"], nomination["nominated_by_agency"]
    return (caller.user, caller.agency) == asked_by
