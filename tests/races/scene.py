"""One family and those who work with it, behind two gateways, for the races of R1."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deploy.composition import compose
from deploy.demo_people import DemoUser
from deploy.identity.issuer import DevelopmentIssuer
from deploy.keys import load_or_make_signing_key
from deploy.stories.client import Api, ClientInProcess, Session
from deploy.stories.steps import (
    agree_to_take_part,
    born,
    open_case,
    permit,
    record_parent,
    record_person,
    start_assessment,
)
from shared.clock import rfc3339
from shared.upstream import InProcess
from tests.races.virtual import PausedTransport, Pauses, Sleep, VirtualClock, monotonic
from tests.support.gateway import ISSUER, PEOPLE, START, World, add_agencies

D = 1.0
SECRET = b"canary of the need"
NAME = b"Canaryname"
SCHOOL, HOUSING = "northgate-school", "tidewater-housing"
Json = dict[str, Any]
Headers = dict[str, str]


@dataclass(frozen=True)
class Request:
    user: str
    method: str
    path: str
    body: Any = None
    if_match: str = ""


@dataclass
class Answer:
    """What somebody got, and when, on one count of everything that happened."""

    began: int
    handed_over: int
    status: int
    body: bytes

    def shows(self, secret: bytes) -> bool:
        return self.status == 200 and secret in self.body


@dataclass
class Family:
    """Ids of what there is before any schedule begins."""

    child: str
    mother: str
    case: str
    assessment: str
    taking_part: str


class Scene:
    """``gateways`` are paused at every await; that of the suite itself is for what is not raced."""

    def __init__(self, world: World, pauses: Pauses, clock_is_behind: float = 0.0) -> None:
        self.world = world
        self.clock_is_behind = clock_is_behind
        self.pauses = pauses
        paused = {name: PausedTransport(app, pauses) for name, app in world.suite.services.items()}
        self.gateways: list[ASGIApp] = [world.gateway_over(paused, monotonic=monotonic) for _ in range(2)]
        self.ticks = count()
        self.numbers = count()
        self.people: dict[str, DemoUser] = dict(PEOPLE)
        self.lasting: dict[str, str] = {}
        """What one schedule made and later ones use again."""
        self._tokens: dict[str, tuple[float, str]] = {}
        self.family: Family

    async def meet_a_family(self) -> None:
        """Another family, with whom nobody but their school has worked yet."""
        api = Api(ClientInProcess(InProcess(self.world.suite.gateway)), self._token_of)
        self.family, self.lasting = await _record(self.world, await api.sign_in("nadia.bell")), {}

    async def _token_of(self, user: str, person: str | None) -> str:
        return self.world.issuer.token(self.people[user].for_person(person))

    def token(self, user: str) -> str:
        """A token that is good for a while yet."""
        made, token = self._tokens.get(user, (-1e9, ""))
        if monotonic() - made > 10 * 3_600:
            token = self.world.issuer.token(self.people[user])
            self._tokens[user] = monotonic(), token
        return token

    def newcomer(self) -> str:
        """Somebody of housing whom nobody has met before."""
        user = f"reader-{next(self.numbers)}"
        self.people[user] = replace(PEOPLE["hana.novak"], user=user)
        return user

    def moment(self, seconds: float) -> str:
        """A moment some seconds ahead of what the time really is, as it stands in the API."""
        return rfc3339(self.world.clock.now + timedelta(seconds=self.clock_is_behind + seconds))

    def seconds_until(self, moment: str) -> float:
        """How far ahead a moment of the API really is; negative when it is past."""
        ahead = datetime.fromisoformat(moment) - self.world.clock.now
        return ahead.total_seconds() - self.clock_is_behind

    async def send(self, gateway: ASGIApp, request: Request, more: Headers | None = None) -> Answer:
        """One request; ``handed_over`` is when the gateway began to send its answer."""
        headers: Headers = {
            "host": "suite",
            "content-type": "application/json",
            "authorization": f"Bearer {self.token(request.user)}",
            "idempotency-key": str(uuid4()),
            **({"if-match": request.if_match} if request.if_match else {}),
            **(more or {}),
        }
        answer = Answer(next(self.ticks), -1, 0, b"")
        self.pauses.begin()

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            async def noting(message: Message) -> None:
                if message["type"] == "http.response.start":
                    answer.handed_over = next(self.ticks)
                await send(message)

            await gateway(scope, receive, noting)

        content = b"" if request.body is None else orjson.dumps(request.body)
        reply = await InProcess(watched).send(request.method, request.path, headers, content)
        answer.status, answer.body = reply.status, reply.body
        return answer

    async def get(self, gateway: ASGIApp, user: str, path: str) -> Answer:
        return await self.send(gateway, Request(user, "GET", path))

    async def do(self, request: Request, more: Headers | None = None) -> Json:
        """Something that is not raced; it must succeed, if need be when tried again."""
        once = {"idempotency-key": str(uuid4()), **(more or {})}
        answer = await self.send(self.world.suite.gateway, request, once)
        while answer.status == 503:
            answer = await self.send(self.world.suite.gateway, request, once)
        assert 200 <= answer.status < 300, (request, answer)
        content: Json = orjson.loads(answer.body)
        return content

    async def record(self, request: Request) -> str:
        """The same, of something new; gives its id."""
        return str((await self.do(request))["id"])


@asynccontextmanager
async def running_scene(
    keys: Path, databases: Mapping[str, str], pauses: Pauses, sleep: Sleep, clock_is_behind: float = 0.0
) -> AsyncIterator[Scene]:
    """The suite in virtual time, by a clock that may be behind. To be entered on a ``VirtualLoop``."""
    clock: Any = VirtualClock(START - timedelta(seconds=clock_is_behind))
    key = load_or_make_signing_key(keys / "issuer.json", "issuer-1")
    issuer = DevelopmentIssuer(ISSUER, key, PEOPLE, clock)
    suite = compose(
        keys, databases, issuer, deadline_seconds=D, clock=clock, sleep=sleep, monotonic=monotonic
    )
    async with suite.running():
        world = World(suite, issuer, keys, clock, sleep, D)  # type: ignore[arg-type]
        await add_agencies(world)
        scene = Scene(world, pauses, clock_is_behind)
        yield scene


async def _record(world: World, school: Session) -> Family:
    today = world.clock.now.date()
    child = await record_person(school, NAME.decode(), "Mercer", born(9, today))
    mother = await record_person(school, "Ann", "Mercer", born(40, today))
    case = await open_case(school, child, [], "His mother asked for help.")
    await record_parent(school, mother, child, "mother")
    taking_part = await agree_to_take_part(school, case, child, mother, "parent")
    need = {
        "element": "participation",
        "headline": SECRET.decode(),
        "narrative": "He stays at home.",
        "whose_view": "practitioner",
        "subjects": [child],
        "sensitive_content": [],
    }
    assessment = await start_assessment(school, case, child, "He misses school.", today.isoformat())
    await school.post(f"/v1/cases/{case}/assessments/{assessment}/entries", {"kind": "need", **need})
    await permit(
        school, case, child, mother, "parent",
        recipients=["youth-offending"], categories=["learning"], until="2099-01-01T00:00:00Z",
    )  # fmt: skip
    return Family(child, mother, case, assessment, taking_part)
