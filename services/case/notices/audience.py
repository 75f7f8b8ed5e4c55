"""For whom a notice is. Pure."""

from dataclasses import dataclass

from shared.identity import Caller
from shared.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Audience:
    """Of one agency: one user, or everybody who acts in a role."""

    agency: str
    address: str


def for_user(agency: str, user: str) -> Audience:
    return Audience(agency, f"user:{user}")


EVERY_AGENCY = "*"
"""Where somebody in a role is told whichever agency they act for. No agency has such a code."""


def for_role_anywhere(role: Role) -> Audience:
    """Whoever acts in a role, for any agency: shown to those of them alone for whom the case exists."""
    return Audience(EVERY_AGENCY, f"role:{role.value}")


def for_role(agency: str, role: Role) -> Audience:
    return Audience(agency, f"role:{role.value}")


def addresses_of(caller: Caller) -> tuple[str, str]:
    """The addresses under which a caller finds notices in the agency they act for."""
    return f"user:{caller.at_work}", f"role:{caller.role}"
