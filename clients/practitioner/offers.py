"""What somebody may be offered, where no answer of the API says just that: pure."""

from collections.abc import Mapping, Sequence
from typing import Any

WORKING = frozenset({"member", "lead"})
"""Who may do something in a case, by lists that say no more than what they have to do with it."""


def may_while_open(view: Mapping[str, Any]) -> Sequence[str]:
    """The deeds of a case's view, for what is done in open cases alone: none in a closed one."""
    deeds: Sequence[str] = view["may"] if view["header"]["state"] == "open" else ()
    return deeds
