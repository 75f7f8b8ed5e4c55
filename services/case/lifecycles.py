"""What every lifecycle of this service is made of: one table of what may happen in which state. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from shared.problems import conflict

_NO_LONGER = "This cannot be done as things stand now. Read it again to see where it stands."


@dataclass(frozen=True)
class Lifecycle:
    """States and what leads from one to the next; what the table does not name cannot happen.

    ``refusals`` says in a sentence why something cannot happen: by state and event, or by state alone.
    """

    name: str
    initial: str
    transitions: Mapping[tuple[str, str], str]
    refusals: Mapping[tuple[str, str] | str, str] = field(default_factory=dict)

    def after(self, state: str, event: str) -> str:
        """The state that an event leads to; a 409 with the reason where it leads nowhere."""
        following = self.transitions.get((state, event))
        if following is None:
            raise conflict(self.refusals.get((state, event)) or self.refusals.get(state) or _NO_LONGER)
        return following

    def allows(self, state: str, event: str) -> bool:
        return (state, event) in self.transitions

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order in which the table comes to it."""
        named = (state for (before, _), after in self.transitions.items() for state in (before, after))
        return tuple(dict.fromkeys((self.initial, *named)))

    @property
    def ends(self) -> Iterator[str]:
        """The states from which nothing leads on."""
        left = {state for state, _ in self.transitions}
        return (state for state in self.states if state not in left)
