"""The assessment service in this process: the test holds its clock and mints tokens as the gateway does."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from fastapi import FastAPI

from services.assessment.app import create_app
from shared.clock import DEADLINE_HEADER, Deadline
from shared.identity import Caller, InternalTokens, new_signing_key, public_part
from shared.ids import new_id
from shared.service import DataServiceSettings
from shared.upstream import InProcess, Reply, Upstream

SIGNING_KEY = new_signing_key("tests")
DEADLINE_SECONDS = 1.0
SCHOOL = Caller("ada", "Ada North", "hill-school", "practitioner")
CLINIC = Caller("ben", "Ben West", "valley-clinic", "practitioner")


@dataclass
class TurnableClock:
    """A clock that a test sets."""

    now: datetime = field(default_factory=lambda: datetime(2030, 3, 4, 9, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


class RunningService:
    """The service, a case and a person in it, and the calls of the gateway."""

    def __init__(self, app: FastAPI, url: str, clock: TurnableClock, slept: list[float]) -> None:
        self.app = app
        self.url = url
        self.clock = clock
        self.case = new_id()
        self.person = new_id()
        self.slept = slept
        self._tokens = InternalTokens(SIGNING_KEY, clock)
        self._transport = InProcess(app)
        self._upstream = Upstream("assessment", self._transport)

    async def call(
        self, method: str, path: str, content: Any = None, *, caller: Caller = SCHOOL, key: str | None = None
    ) -> Any:
        """The JSON of a good answer; raises the service's problem otherwise."""
        return await self._upstream.call(
            method,
            path,
            token=self._tokens.mint(caller, "assessment"),
            request_id=new_id(),
            deadline=Deadline(DEADLINE_SECONDS),
            patience=Deadline(30),
            content=content,
            headers={} if key is None else {"idempotency-key": key},
        )

    async def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        caller: Caller = SCHOOL,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """The answer to bytes as they are, whatever its status."""
        own = {
            "authorization": f"Bearer {self._tokens.mint(caller, 'assessment')}",
            "content-type": "application/json",
            DEADLINE_HEADER: str(DEADLINE_SECONDS),
        }
        return await self._transport.send(method, path, {**own, **(headers or {})}, body)

    async def raw(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """The answer to a request with exactly these headers."""
        return await self._transport.send(method, path, headers, body)

    async def start(self, **changes: Any) -> str:
        """Start an assessment of the person; its id."""
        body = {
            "instrument": "caf",
            "instrument_version": "1",
            "person": self.person,
            "started_on": "2030-03-04",
            "reason_for_assessment": "He misses most mornings.",
            **changes,
        }
        outcome = await self.call("POST", f"/cases/{self.case}/assessments", body)
        return str(outcome["id"])

    async def add(self, assessment: str, kind: str, caller: Caller = SCHOOL, **fields: Any) -> str:
        """Record an entry; its id."""
        outcome = await self.call(
            "POST", self.path(assessment, "entries"), {"kind": kind, **fields}, caller=caller
        )
        return str(outcome["id"])

    async def amend(self, assessment: str) -> str:
        outcome = await self.call("POST", f"/cases/{self.case}/assessments", {"amends": assessment})
        return str(outcome["id"])

    async def correct(
        self, assessment: str, entry: str, version: int, caller: Caller = SCHOOL, **fields: Any
    ) -> Any:
        body = {"expected_version": version, **fields}
        return await self.call("PATCH", self.path(assessment, "entries", entry), body, caller=caller)

    async def sign(self, assessment: str, caller: Caller = SCHOOL, **changes: Any) -> Any:
        body = {"child_or_young_person": "agreed", "parent_or_carer": "agreed", **changes}
        return await self.call("POST", self.path(assessment, "signature"), body, caller=caller)

    async def read(self, assessment: str | None = None, query: str = "") -> Any:
        path = f"/cases/{self.case}/entries" if assessment is None else self.path(assessment)
        return await self.call("GET", path + query)

    async def entry(self, assessment: str, entry: str) -> Any:
        """One raw entry as it is read."""
        [found] = [each for each in (await self.read(assessment))["entries"] if each["id"] == entry]
        return found

    async def finished(self, **changes: Any) -> str:
        """A draft that lacks nothing but its signature; its id."""
        assessment = await self.start(**changes)
        await self.add(assessment, **STRENGTH)
        await self.add(assessment, **CHILDS_COMMENT)
        await self.add(assessment, "comment", voice_of="parent_or_carer", text="Mornings are hard.")
        await self.add(assessment, "conclusion", conclusion="additional_needs")
        await self.add(assessment, "review", review_on="2030-06-03")
        return assessment

    async def signed(self, **changes: Any) -> str:
        assessment = await self.finished(**changes)
        await self.sign(assessment)
        return assessment

    def path(self, assessment: str, *more: str) -> str:
        return "/".join((f"/cases/{self.case}/assessments/{assessment}", *more))


STRENGTH: dict[str, Any] = {
    "kind": "strength",
    "element": "aspirations",
    "headline": "Wants to be a chef",
    "whose_view": "child",
}
NEED: dict[str, Any] = {
    "kind": "need",
    "element": "emotional_social",
    "headline": "Often anxious in the morning",
    "narrative": "He sleeps badly before school days.",
    "whose_view": "practitioner",
}
CHILDS_COMMENT: dict[str, Any] = {
    "kind": "comment",
    "voice_of": "child_or_young_person",
    "text": "I want to stay at my school.",
    "additional_categories": ["learning"],
    "sensitive_content": [],
}


@asynccontextmanager
async def running_service(url: str) -> AsyncIterator[RunningService]:
    clock = TurnableClock()
    settings = DataServiceSettings(url, {"keys": [public_part(SIGNING_KEY)]}, DEADLINE_SECONDS)
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(0)

    app = create_app(settings, clock=clock, sleep=sleep)
    async with app.router.lifespan_context(app):
        yield RunningService(app, url, clock, slept)


def json_bytes(content: Any) -> bytes:
    return orjson.dumps(content)
