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


def for_role(agency: str, role: Role) -> Audience:
    return Audience(agency, f"role:{role.value}")


def addresses_of(caller: Caller) -> tuple[str, str]:
    """The addresses under which a caller finds notices in the agency they act for."""
    return f"user:{caller.on_behalf_of or caller.user}", f"role:{caller.role}"
