"""What stands in the bar at the top, for the role somebody acts in: nothing that they could not open."""

from collections.abc import Mapping, Sequence
from typing import Any

_EVERYBODY = (("My cases", "/"),)


def navigation_of(visit: Any, path: str) -> Sequence[Mapping[str, Any]]:
    """The items of the service navigation, the current page marked."""
    return [{"text": text, "href": href, "current": href == path} for text, href in _EVERYBODY]
