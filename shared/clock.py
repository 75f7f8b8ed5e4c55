"""The only place that reads the time. Everything else is handed a clock."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

DEADLINE_HEADER = "Disclosure-Deadline"
"""In which the gateway sends its D, in seconds, with every call (design 3.3)."""

Clock = Callable[[], datetime]
Monotonic = Callable[[], float]


def utc_now() -> datetime:
    """The present moment, timezone-aware, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds on a clock that never goes back: for deadlines, never for dates."""
    return time.monotonic()


class Deadline:
    """A span of time that began with a request (design 3.3, the deadline D).

    ``seconds`` is the whole span; ``remaining`` may be negative. Measured on a monotonic clock.
    """

    __slots__ = ("_monotonic", "_started", "seconds")

    def __init__(self, seconds: float, monotonic: Monotonic = monotonic) -> None:
        self.seconds = seconds
        self._monotonic = monotonic
        self._started = monotonic()

    def remaining(self) -> float:
        return self.seconds - (self._monotonic() - self._started)

    def anew(self) -> "Deadline":
        """The same span once more, from now on."""
        return Deadline(self.seconds, self._monotonic)

    def part(self, share: float) -> "Deadline":
        """A share of what remains, from now on: for a part that the rest does not wait for to the end."""
        return Deadline(max(self.remaining(), 0) * share, self._monotonic)

    def has_passed(self) -> bool:
        return self.remaining() <= 0


def microseconds(moment: datetime) -> int:
    """A timezone-aware moment as whole microseconds since the epoch, the unit of the decision core.

    Integer arithmetic throughout: ``datetime.timestamp()`` is a float and loses microseconds.
    """
    since_epoch = moment - _EPOCH
    return (since_epoch.days * 86_400 + since_epoch.seconds) * 1_000_000 + since_epoch.microseconds


def from_microseconds(count: int) -> datetime:
    """The moment that ``microseconds`` turned into ``count``."""
    return datetime.fromtimestamp(count // 1_000_000, UTC).replace(microsecond=count % 1_000_000)


def rfc3339(moment: datetime) -> str:
    """A moment as it stands in the API: RFC 3339 in UTC, to the microsecond, ending in ``Z``."""
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{in_utc.isoformat(timespec='microseconds')[:-6]}Z"


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
