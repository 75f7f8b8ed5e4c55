"""How often somebody may ask: so many requests a minute each, saved up for a minute at most.

Counted in this process alone: of several processes each counts its own share (decision 26).
"""

from collections.abc import Hashable

from shared.clock import Monotonic

_SAVED_SECONDS = 60.0
_FORGOTTEN_AT_ONCE = 2
_ROUNDING = 1e-6


class RateLimit:
    """Per caller the moment until which their requests are paid for, and nothing else.

    Every request costs a caller the same share of a minute; who has paid a whole minute ahead waits. What is
    over is forgotten, a little at each request: neither time nor memory grows with how many ever came.
    """

    def __init__(self, per_minute: int, monotonic: Monotonic) -> None:
        self._each = _SAVED_SECONDS / per_minute
        self._monotonic = monotonic
        self._paid_until: dict[Hashable, float] = {}

    def seconds_to_wait(self, caller: Hashable) -> float:
        """Count a request, and 0; or, where it is one too many, how long until the next may come."""
        now = self._monotonic()
        paid = max(self._paid_until.pop(caller, now), now)
        wait = paid + self._each - now - _SAVED_SECONDS
        # Put at the end, so that whoever asked longest ago stands first.
        self._paid_until[caller] = paid if wait > _ROUNDING else paid + self._each
        self._forget(now)
        return wait if wait > _ROUNDING else 0.0

    def _forget(self, now: float) -> None:
        for _ in range(_FORGOTTEN_AT_ONCE):
            first = next(iter(self._paid_until))
            if self._paid_until[first] > now:
                return
            del self._paid_until[first]

    def __len__(self) -> int:
        """How many callers are remembered."""
        return len(self._paid_until)
