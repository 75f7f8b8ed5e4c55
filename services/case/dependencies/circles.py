"""Whether something would wait for itself. Pure."""

from collections.abc import Collection, Iterable

Link = tuple[str, str]
"""An action, and what it needs."""


def makes_a_circle(links: Iterable[Link], new: Link, within: Collection[str] | None = None) -> bool:
    """Whether the new link closes a circle; ``within`` looks at links between these actions alone."""
    needs: dict[str, set[str]] = {}
    for action, needed in links:
        if within is None or (action in within and needed in within):
            needs.setdefault(action, set()).add(needed)
    waits, first = new
    to_visit, visited = [first], set[str]()
    while to_visit:
        action = to_visit.pop()
        if action == waits:
            return True
        if action not in visited:
            visited.add(action)
            to_visit.extend(needs.get(action, ()))
    return False
