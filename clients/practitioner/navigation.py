"""What stands in the bar at the top: nothing that whoever is signed in could not open."""

from collections.abc import Mapping, Sequence
from typing import Any

_AT_WORK = (
    ("My cases", "/"),
    ("Find a person", "/people/find"),
    ("Tell somebody about a concern", "/concerns/new"),
)
_ITEMS = {
    "family_member": (("My case", "/"),),
    "scrutineer": (("Start", "/"),),
    "agency_system": (("Start", "/"),),
}


def navigation_of(role: str | None, path: str) -> Sequence[Mapping[str, Any]]:
    """The items of the service navigation for a role, the current page marked."""
    items = _ITEMS.get(role or "", _AT_WORK)
    return [{"text": text, "href": href, "current": href == path} for text, href in items]


_LOOKS_ARE_SHOWN_TO = frozenset({"information_officer", "records_officer", "family_member"})


def tabs_of(case: str, role: str | None) -> Sequence[tuple[str, str]]:
    """The pages of a case that this role can open, each with its address; ``case`` is the case's address."""
    tabs = [("Overview", case), ("What happened", f"{case}/timeline")]
    if role in _LOOKS_ARE_SHOWN_TO:
        tabs.append(("Who has looked", f"{case}/who-has-looked"))
    return tabs
