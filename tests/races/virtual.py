"""An event loop whose time is not the machine's: pauses cost nothing, and the seed says how long they are.

Time stands still while anything can go on, and jumps to the next timer when nothing can. Work given to a
thread (SQLite's flush) is done in place, with a pause before and after; an answer from a socket (PostgreSQL)
is waited for in real time and takes none of this one. So the same seed gives the same order of events on
SQLite, and D passes as often as one likes.
"""

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextvars import ContextVar
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any, TypeVar

from shared.upstream import InProcess, Reply

T = TypeVar("T")
PATIENCE_SECONDS = 30.0
"""How long a real socket is waited for before the test is given up."""


class Pauses:
    """How long each await of a request is made to last: one of them up to more than D, the others hardly.

    Half of the slow ones lie where most depends on them: on the way back from the decision.
    """

    POINTS = 12
    """About as many as a read has; the slow one may also lie beyond the last."""

    BACK_FROM_THE_DECISION = 7
    """There and back from case and assessment, there to consent, before and after its flush, and back."""

    def __init__(self, random: Random, longest: float) -> None:
        self.random = random
        self.longest = longest
        self.count = 0
        self.on = False
        self._points: ContextVar[Iterator[float]] = ContextVar("pauses of this request")

    def begin(self) -> None:
        """A request begins, with pauses of its own."""
        slow = self.random.choice((self.random.randrange(self.POINTS), self.BACK_FROM_THE_DECISION))
        self._points.set(self._lengths(slow))

    def _lengths(self, slow: int) -> Iterator[float]:
        for point in count():
            if point == slow:
                yield self.random.random() * self.longest
            else:
                yield self.random.random() * 0.05 if self.random.random() < 0.4 else 0.0

    async def here(self) -> None:
        points = self._points.get(None) if self.on else None
        if points is not None:
            self.count += 1
            await asyncio.sleep(next(points))


class _VirtualSelector(selectors.DefaultSelector):
    """Never waits for time to pass: it tells the loop that it has."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0
        self.own = 1

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if len(self.get_map()) > self.own:
            ready = super().select(PATIENCE_SECONDS)
            assert ready, "a socket gave no answer"
            return ready
        assert timeout is not None, "nothing is left that could happen"
        self.seconds += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """Made by ``asyncio.Runner(loop_factory=…)``."""

    def __init__(self, pauses: Pauses) -> None:
        self._virtual = _VirtualSelector()
        self._pauses = pauses
        super().__init__(self._virtual)

    def time(self) -> float:
        return self._virtual.seconds

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        async def in_place() -> T:
            await self._pauses.here()
            result = func(*args)
            await self._pauses.here()
            return result

        return self.create_task(in_place())


class VirtualClock:
    """The date that goes with the loop's time; what ``World`` takes for its clock."""

    runs = True

    def __init__(self, begins: datetime) -> None:
        self._begins = begins

    @property
    def now(self) -> datetime:
        return self._begins + timedelta(microseconds=round(asyncio.get_running_loop().time() * 1_000_000))

    def __call__(self) -> datetime:
        return self.now

    def tick(self) -> None:
        """Time goes on by itself here."""


def monotonic() -> float:
    return asyncio.get_running_loop().time()


class PausedTransport(InProcess):
    """Calls a service in process, with a pause on the way there and one on the way back."""

    def __init__(self, app: Any, pauses: Pauses) -> None:
        super().__init__(app)
        self._pauses = pauses

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        await self._pauses.here()
        reply = await super().send(method, path, headers, body)
        await self._pauses.here()
        return reply


Sleep = Callable[[float], Awaitable[None]]


async def sleep_for_real(seconds: float) -> None:
    """The wait of D, in the loop's time."""
    await asyncio.sleep(seconds)


async def return_at_once(_: float) -> None:
    """The wait of D, switched off."""
