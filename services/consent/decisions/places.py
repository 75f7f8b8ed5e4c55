"""Whether the policy shows anything to whoever is at a case in some role. Pure."""

from services.consent.decision.grid import NOTHING
from services.consent.decision.policy import Policy
from shared.purposes import ORDINARY_PURPOSE
from shared.seats import through_seat
from shared.vocabulary import Deed, Relationship, Role

_TO_LEAD = frozenset({Deed.NOMINATE_LEAD, Deed.NOMINATE_FOR_PANEL, Deed.ANSWER_NOMINATION})


def shows_through(policy: Policy, kind: str | None, role: str, deed: str) -> bool:
    """Whether somebody in this role, of an agency of this kind, is shown anything that other agencies hold
    by what this deed makes of them, for the role's ordinary purpose.

    What only their own agency holds does not count: a co-ordinator or an information officer is shown that
    without any place, and loses the rest by one. An unknown role, kind or deed is shown nothing.
    """
    if role not in ORDINARY_PURPOSE:
        return False
    purpose = ORDINARY_PURPOSE[Role(role)]
    standing = policy.standings.get((kind, role, _made_of_them(role, deed), purpose))
    return standing is not None and standing.ceiling != NOTHING


def _made_of_them(role: str, deed: str) -> str:
    """What somebody is to the case by the deed: to those on the team already what their place makes them."""
    if deed == Deed.ADD_TO_TEAM:
        return Relationship.MEMBER
    if deed == Deed.INVITE:
        return Relationship.CONSIDERING
    if deed in _TO_LEAD:
        return Relationship.LEAD
    return through_seat(role, role, leads=False) if deed in (Deed.NAME_DEPUTY, Deed.NAME_CHAIR) else ""
