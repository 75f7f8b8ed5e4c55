"""What the three data services share: the inner door, one store, and a pause that makes endings sure."""

import asyncio
import gc
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Concatenate, ParamSpec, Protocol

import orjson
import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from starlette.routing import Route

from shared.clock import DEADLINE_HEADER, Clock, rfc3339
from shared.database import Store, WriteSession, open_store
from shared.idempotency import (
    FINGERPRINT_HEADER,
    KEY_HEADER,
    MAX_KEY_LENGTH,
    REPLAY_ONLY_HEADER,
    Outcome,
    WriteRequest,
    fingerprint,
    once,
)
from shared.identity import Caller, FixedKeys, InternalDoor
from shared.problems import Problem, invalid
from shared.settings import Environment
from shared.web import IDENTIFIED, Identify, add_routes, create_web_app, json_response

P = ParamSpec("P")
Sleep = Callable[[float], Awaitable[None]]
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class DataServiceSettings:
    """What every data service must be told. ``gateway_keys`` is a JWK set; ``deadline_seconds`` is D."""

    database_url: str
    gateway_keys: dict[str, Any]
    deadline_seconds: float = 1.0
    host: str = "127.0.0.1"
    port: int = 0
    metrics_token: str = ""


def data_service_settings(environment: Environment, port: int) -> DataServiceSettings:
    return DataServiceSettings(
        database_url=environment.text("DATABASE_URL"),
        gateway_keys=orjson.loads(environment.file("GATEWAY_PUBLIC_KEY_FILE")),
        deadline_seconds=environment.number("DEADLINE_SECONDS", 1.0),
        host=environment.text("HOST", "127.0.0.1"),
        port=environment.whole_number("PORT", port),
        metrics_token=environment.text("METRICS_TOKEN", ""),
    )


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one running data service, for its routes."""

    store: Store
    clock: Clock
    sleep: Sleep
    deadline_seconds: float
    idempotency_keys: Any
    extra: Any = None

    async def write_once(
        self,
        request: WriteRequest,
        operation: Callable[Concatenate[WriteSession, WriteRequest, P], Outcome],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Outcome:
        """Run a write in one transaction, once per idempotency key."""
        return await self.store.write(once, self.idempotency_keys, request, operation, *args, **kwargs)

    async def take_away(
        self,
        request: WriteRequest,
        operation: Callable[Concatenate[WriteSession, WriteRequest, P], Outcome],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Outcome:
        """Run a write that ends access: commit, wait D, then say from when it is enforced (design 3.3).

        Whatever was decided before the commit belongs to a request that started before it, and such a
        request is dropped once D has passed: so after this returns nothing more leaves under the old facts.
        """
        return await self._enforced(await self.write_once(request, operation, *args, **kwargs))

    async def take_away_if_told(
        self,
        request: WriteRequest,
        operation: Callable[Concatenate[WriteSession, WriteRequest, P], Outcome],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Outcome:
        """The same for a write that finds out only inside whether it ends access: its outcome says so as
        ``takes_away``, which is stored with it for a replay and goes no further."""
        outcome = await self.write_once(request, operation, *args, **kwargs)
        told = {name: value for name, value in outcome.items() if name != "takes_away"}
        return await self._enforced(told) if outcome["takes_away"] else told

    async def _enforced(self, outcome: Outcome) -> Outcome:
        await self.sleep(self.deadline_seconds)
        return {**outcome, "enforced_at": rfc3339(self.clock())}


def create_data_service(
    name: str,
    description: str,
    settings: DataServiceSettings,
    routers: Iterable[APIRouter],
    idempotency_keys: Any,
    *,
    clock: Clock,
    sleep: Sleep = asyncio.sleep,
    extra: Any = None,
    hot_routes: Iterable[Route] = (),
) -> FastAPI:
    """The app of one data service; ``extra`` is what only that service's routes need, and ``hot_routes``
    are those that every composed view calls (``shared.web.hot_route``)."""
    store = open_store(settings.database_url)
    door = InternalDoor(name, FixedKeys(settings.gateway_keys), clock)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await store.close()

    app = create_web_app(
        title=f"Teamaround {name} service",
        description=description,
        lifespan=lifespan,
        ready=store.ready,
        identify=_identify_with(door, settings.deadline_seconds),
        metrics_token=settings.metrics_token,
    )
    app.state.parts = Parts(store, clock, sleep, settings.deadline_seconds, idempotency_keys, extra)
    app.router.routes[:0] = hot_routes
    add_routes(app, routers)
    return app


async def service_parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


def _identify_with(door: InternalDoor, own_deadline: float) -> Identify:
    async def identify(request: Request) -> Caller:
        """The caller that the gateway vouches for; also refuses a gateway whose D is longer than ours."""
        caller = await door.caller(request.headers.get("authorization"))
        try:
            deadline = float(request.headers[DEADLINE_HEADER])
        except (KeyError, ValueError):
            deadline = float("inf")
        if not 0 < deadline <= own_deadline:
            raise Problem("unavailable", "The gateway's deadline D is longer than this service's own.")
        return caller

    return identify


async def inside_caller(request: Request) -> Caller:
    """The caller that the gateway vouches for, as the route's ``identify`` found them."""
    caller: Caller = request.scope[IDENTIFIED]
    return caller


async def write_request(request: Request, caller: Annotated[Caller, Depends(inside_caller)]) -> WriteRequest:
    """The caller, the time and the idempotency key of a write.

    The fingerprint is the one that the gateway took of its client's request, or else of this request.
    """
    parts: Parts = request.app.state.parts
    key = request.headers.get(KEY_HEADER)
    if key is not None and not (0 < len(key) <= MAX_KEY_LENGTH and key.isascii() and key.isprintable()):
        raise invalid(KEY_HEADER, f"Use 1 to {MAX_KEY_LENGTH} printable ASCII characters.")
    print_of_request = request.headers.get(FINGERPRINT_HEADER)
    if print_of_request is None:
        print_of_request = fingerprint(request.method, request.url.path, await request.body())
    elif _FINGERPRINT.fullmatch(print_of_request) is None:
        raise invalid(FINGERPRINT_HEADER, "Send the SHA-256 of the client's request, 64 hexadecimal digits.")
    replay_only = request.headers.get(REPLAY_ONLY_HEADER) == "yes"
    return WriteRequest(caller, parts.clock(), key, print_of_request, replay_only)


InsideCaller = Annotated[Caller, Depends(inside_caller)]
ServiceParts = Annotated[Parts, Depends(service_parts)]
Write = Annotated[WriteRequest, Depends(write_request)]


def created(outcome: Outcome) -> Response:
    return json_response(outcome, 201)


class Served(Protocol):
    """What any process with a database of its own must be told to serve or migrate."""

    @property
    def database_url(self) -> str: ...

    @property
    def host(self) -> str: ...

    @property
    def port(self) -> int: ...


def run_command(package: str, create_app: Callable[[], FastAPI], settings: Served) -> None:
    """``python -m <package>`` serves, ``… migrate`` brings the database to the newest schema."""
    if sys.argv[1:] == ["migrate"]:
        # Imported here, because who serves need not wait for Alembic.
        from shared.migration import migrate

        migrate(settings.database_url, package)
    elif not sys.argv[1:]:
        serve(create_app(), settings.host, settings.port)
    else:
        raise SystemExit(f"usage: python -m {package} [migrate]")


SERVER: dict[str, Any] = {
    "access_log": False,
    "log_level": "warning",
    "server_header": False,
    "proxy_headers": False,
    "ws": "none",
}
"""How every server of the suite is set up; a proxy in front is nobody that we believe."""


def spare_the_collector() -> None:
    """Take what start-up made out of the garbage collector's sight, and let it look less often.

    A request makes thousands of objects that die with it by reference count; looking through all of a
    server's modules for cycles every few requests costs more than the requests (measured). It does not look
    through them here either: it takes a tenth of the start and finds less than a thousand objects.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


def serve(app: FastAPI, host: str, port: int) -> None:
    """Serve an app until it is told to stop, without an access log (design 2.2)."""
    spare_the_collector()
    uvicorn.run(app, host=host, port=port, **SERVER)
