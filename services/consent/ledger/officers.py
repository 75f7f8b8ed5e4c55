"""Who sees the whole ledger, and who speaks for the partnership (design 3.4). Pure."""

from services.consent.decision.policy import Policy
from shared.identity import Caller
from shared.vocabulary import AgencyKind, Role


def is_partnership_officer(caller: Caller, policy: Policy) -> bool:
    """Whether the policy names this user, who acts as an information officer, as one of the partnership's."""
    return caller.role == Role.INFORMATION_OFFICER and caller.user in policy.partnership_officers


def is_told_what_is_overdue(caller: Caller, kind: str | None, policy: Policy) -> bool:
    """Whether what an agency leaves undone beyond its time goes up to this information officer: one whom the
    policy names, or while it names nobody one of the partnership's own office (``kind`` is that of the acting
    agency). It goes up to somebody."""
    if policy.partnership_officers:
        return is_partnership_officer(caller, policy)
    return speaks_for_partnership(caller, kind, policy)


def speaks_for_partnership(caller: Caller, kind: str | None, policy: Policy) -> bool:
    """Whether an information officer administers the whole partnership: one whom the policy names, or one of
    the partnership's own office (``kind`` is that of the acting agency), who reads no more than others.

    The office is there before a policy could name anybody: it adds the first agencies.
    """
    own_office = caller.role == Role.INFORMATION_OFFICER and kind == AgencyKind.PARTNERSHIP
    return own_office or is_partnership_officer(caller, policy)
