"""An agency's system that acts for a user whom it names: never more than either of them (design 3.1).

What opens must open to the system itself and be within the ceilings of every role in which the user works on
the case. What stops either of them (``reach.excludes``, ``reach.bars``) stops both.
"""

from services.consent.decision.facts import Ask
from services.consent.decision.meet import lower
from services.consent.decision.policy import Policy, Standing
from shared.vocabulary import Blocker, Role


def not_on_behalf(policy: Policy, ask: Ask) -> Blocker | None:
    """Why nothing is shown on behalf of this user; None where it may be asked about.

    Only a system acts for somebody, and only for somebody of whom it is known in which role they work here.
    """
    purposes = [policy.purposes.get(role) for role in ask.on_behalf_roles]
    if ask.role != Role.AGENCY_SYSTEM or not purposes or None in purposes:
        return Blocker.UNKNOWN
    if any(ask.purpose not in (of_role or ()) for of_role in purposes):
        return Blocker.PURPOSE
    return None


def standing_of_both(standing: Standing, policy: Policy, kind: str, relationship: str, ask: Ask) -> Standing:
    """The lowest of the system's standing and those of the roles of whoever it acts for."""
    for role in ask.on_behalf_roles:
        standing = lower(standing, policy.standings[kind, role, relationship, ask.purpose])
    return standing
