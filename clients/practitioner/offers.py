"""What somebody may be offered in a case, by what the API says of them there (design 3.2): pure."""

from collections.abc import Mapping
from typing import Any

WORKING = frozenset({"member", "lead"})
WRITING_ROLES = frozenset({"practitioner", "safeguarding_lead", "team_manager", "coordinator"})


def may_record(view: Mapping[str, Any], role: str | None) -> bool:
    """Whether whoever got this composed view records there what the family says. Others read."""
    return role in WRITING_ROLES and view["header"]["relationship"] in WORKING
