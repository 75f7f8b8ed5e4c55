"""What every app gets: request id, problem documents, no-store, health, readiness, metrics, strict bodies."""

import logging
import warnings
from collections import Counter as Counts
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import uuid4

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, APIRouter
from fastapi.telemetry import TelemetryConfig
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from pydantic.warnings import UnsupportedFieldAttributeWarning
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.clock import monotonic
from shared.problems import FieldError, Problem, field_of, not_found, problem_document
from shared.strict_json import MAX_BODY_BYTES, parse_strict_json

log = logging.getLogger("teamaround")

# FastAPI names every body by an alias and silences this where it builds a validator; those of records are
# built later, when nobody silences it.
warnings.filterwarnings("ignore", category=UnsupportedFieldAttributeWarning)

RETRY_AFTER_SECONDS = 2
_KIND_BY_STATUS = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: "too-large",
    415: "unsupported-media-type",
}
_DETAIL_BY_STATUS = {
    400: "The request cannot be read.",
    405: "Use one of the methods named in the Allow header.",
    413: f"Send at most {MAX_BODY_BYTES} bytes.",
    415: "Send the body as application/json.",
}


Identify = Callable[[Request], Awaitable[Any]]
"""Who sends this request; raises the one 401 when that cannot be said."""

OnRefusal = Callable[[Request, Problem], Awaitable[None]]
"""What is done before anybody is told that a request is refused; it may raise another problem instead."""

IDENTIFIED = "teamaround.identified"
"""Where a request's scope keeps what ``app.state.identify`` said of its sender."""


async def _nothing_more(_: Request, __: Problem) -> None:
    return None


_NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""FastAPI would hand addresses, refused bodies and the messages of errors to any collector in sight."""


def json_response(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer, serialised once. Values are JSON types, datetimes (RFC 3339) or UUIDs."""
    return Response(orjson.dumps(content), status, headers, media_type="application/json")


def create_web_app(
    *,
    title: str,
    description: str,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
    ready: Callable[[], Awaitable[None]],
    identify: Identify,
    on_refusal: OnRefusal = _nothing_more,
    notice: str | None = None,
    with_openapi: bool = False,
    takes_only_declared_bodies: bool = False,
    metrics_token: str = "",
) -> FastAPI:
    """A FastAPI app with the common plumbing.

    ``ready`` raises when the app cannot serve; ``identify`` says who sends a request to any ``StrictRoute``;
    ``on_refusal`` is done with every problem that one of these raises after that;
    ``notice`` is added to every 404 and 503; ``takes_only_declared_bodies``: a write that declares no body
    refuses one that says anything;
    ``metrics_token`` opens ``/metrics``, and without one there are no metrics to read.
    """
    app = FastAPI(
        title=title,
        description=description,
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if with_openapi else None,
        redirect_slashes=False,
        telemetry=_NO_TELEMETRY,
    )
    app.state.identify = identify
    app.state.on_refusal = on_refusal
    app.state.takes_only_declared_bodies = takes_only_declared_bodies
    registry = CollectorRegistry()
    app.add_middleware(_Envelope, registry=registry, notice=notice)
    _add_problem_handlers(app, notice)
    _add_operational_routes(app, ready, registry, metrics_token)
    return app


def add_routes(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    """Give an app the routes of these routers, paths as they stand there.

    ``include_router`` would build every route once more for every app and level of inclusion: putting the
    suite together took 0.2 to 0.4 s with it and takes 0.005 s without (measured).
    """
    for router in routers:
        app.router.routes.extend(router.routes)


def _add_problem_handlers(app: FastAPI, notice: str | None) -> None:
    async def on_problem(_: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return problem_response(error, notice)

    async def on_invalid(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return problem_response(_problem_from_validation(error), notice)

    async def on_http(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return problem_response(_problem_from_http(error), notice)

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)


def problem_response(problem: Problem, notice: str | None = None) -> Response:
    """A problem as it leaves; 503 says when to come back, 401 how to sign in."""
    with_notice = notice if problem.status in (404, 503) else None
    headers = dict(problem.headers)
    if problem.status in (429, 503):
        headers.setdefault("Retry-After", str(RETRY_AFTER_SECONDS))
    if problem.status == 401:
        headers.setdefault("WWW-Authenticate", "Bearer")
    body = orjson.dumps(problem_document(problem, with_notice))
    return Response(body, problem.status, headers, media_type="application/problem+json")


def _problem_from_validation(error: RequestValidationError) -> Problem:
    """Field paths and messages of a refused body, without the values that were sent."""
    errors = [FieldError(_dotted(_location(item)), _message(item)) for item in error.errors()]
    return Problem("invalid", "Correct the fields named below and send the request again.", errors)


_UNKNOWN_KIND = ("union_tag_invalid", "union_tag_not_found")


def _location(item: dict[str, Any]) -> tuple[int | str, ...]:
    """Where the mistake is; of a body that is none of several kinds, the field that says which it is."""
    if item["type"] not in _UNKNOWN_KIND:
        return field_of(item)
    return (*item["loc"], str(item["ctx"]["discriminator"]).strip("'"))


def _dotted(location: tuple[int | str, ...]) -> str:
    path = location[1:] if location and location[0] in ("body", "query", "header", "path") else location
    return ".".join(str(part)[:60] for part in path) or str(location[0] if location else "body")


def _message(item: dict[str, Any]) -> str:
    if item["type"] == "extra_forbidden":
        return "This field is not known here; remove it."
    if item["type"] in _UNKNOWN_KIND:
        # The library's own message repeats what was sent.
        return "Name one of the kinds in the API docs."
    if item["type"] == "value_error":
        return str(item["ctx"]["error"])
    if (said := _SAID_OF.get(item["type"])) is not None:
        return said.format(**item.get("ctx", {}))
    return f"{item['msg']}."


_SAID_OF = {
    "string_too_long": "Write at most {max_length} characters.",
    "string_too_short": "Write at least {min_length} characters.",
    "too_long": "Give at most {max_length} of these.",
    "too_short": "Give at least {min_length} of these.",
    "greater_than_equal": "Give a number of at least {ge}.",
    "greater_than": "Give a number above {gt}.",
    "less_than_equal": "Give a number of at most {le}.",
    "less_than": "Give a number below {lt}.",
    "int_type": "Give a whole number.",
    "int_parsing": "Give a whole number.",
    "int_parsing_size": "Give a whole number, and a smaller one.",
    "int_from_float": "Give a whole number.",
    "string_type": "Write text here.",
}
"""By the kind of a mistake, where the library speaks of strings and tuples. None repeats what was sent."""


def _problem_from_http(error: HTTPException) -> Problem:
    if isinstance(error, _ProblemWhileReading):
        return error.problem
    if error.status_code == 404:
        return not_found()
    kind = _KIND_BY_STATUS.get(error.status_code, "malformed" if error.status_code < 500 else "internal")
    detail = _DETAIL_BY_STATUS.get(error.status_code, "The request cannot be answered as it stands.")
    return Problem(kind, detail, headers=dict(error.headers or {}))


def _add_operational_routes(
    app: FastAPI, ready: Callable[[], Awaitable[None]], registry: CollectorRegistry, metrics_token: str
) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> Response:
        return json_response({"status": "up"})

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> Response:
        await ready()
        return json_response({"status": "ready"})

    @app.get("/metrics", include_in_schema=False)
    async def metrics(request: Request) -> Response:
        if not metrics_token or request.headers.get("authorization") != f"Bearer {metrics_token}":
            raise not_found()
        return Response(generate_latest(registry), media_type="text/plain; version=0.0.4; charset=utf-8")


class _ProblemWhileReading(HTTPException):
    """Carries a problem through FastAPI's body reading, which lets only its own exceptions pass."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.status)
        self.problem = problem


class StrictRequest(Request):
    """A request whose body is bounded and whose JSON means one thing only."""

    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            self._body = await self._bounded_body()
        return self._body

    async def _bounded_body(self) -> bytes:
        chunks: list[bytes] = []
        size = 0
        async for chunk in self.stream():
            size += len(chunk)
            if size > MAX_BODY_BYTES:
                raise _ProblemWhileReading(Problem("too-large", _DETAIL_BY_STATUS[413]))
            chunks.append(chunk)
        body = b"".join(chunks)
        content_type = self.headers.get("content-type", "").split(";")[0].strip().lower()
        if body and content_type != "application/json":
            raise _ProblemWhileReading(Problem("unsupported-media-type", _DETAIL_BY_STATUS[415]))
        return body

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            try:
                self._json = parse_strict_json(await self.body())
            except Problem as problem:
                raise _ProblemWhileReading(problem) from None
        return self._json


class StrictRoute(APIRoute):
    """A route that first asks who is there (``app.state.identify``) and then reads a ``StrictRequest``, with
    the query parameters that it declares and no others, each once: a mistyped filter would widen an answer.
    Where ``takes_only_declared_bodies``, a write that declares no body takes none: what somebody sends there
    they mean, and it would be lost without a word.

    In this order, because FastAPI reads the body before any dependency runs: a stranger would learn from a
    422 that their body was looked at.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        declared = _query_parameters(self.dependant)
        takes_no_body = self.body_field is None and _READS.isdisjoint(self.methods or ())

        async def handle_strictly(request: Request) -> Response:
            request.scope[IDENTIFIED] = await request.app.state.identify(request)
            if request.scope["query_string"]:
                _refuse_other_parameters(request, declared)
            strict = StrictRequest(request.scope, request.receive)
            if takes_no_body and request.app.state.takes_only_declared_bodies:
                await _refuse_body(strict)
            try:
                return await handle(strict)
            except Problem as problem:
                await request.app.state.on_refusal(request, problem)
                raise

        return handle_strictly


def _query_parameters(dependant: Dependant) -> frozenset[str]:
    own = (field.alias for field in dependant.query_params)
    return frozenset(own).union(*map(_query_parameters, dependant.dependencies))


def _refuse_other_parameters(request: Request, declared: frozenset[str]) -> None:
    """A 422 that names each parameter which is not declared, or was sent twice, and no value."""
    counted = Counts(name for name, _ in request.query_params.multi_items())
    wrong = [
        FieldError(
            _dotted(("query", name)),
            "Send this parameter once." if name in declared else _UNKNOWN_PARAMETER,
        )
        for name, times in counted.items()
        if times > 1 or name not in declared
    ]
    if wrong:
        raise Problem("invalid", "Correct the fields named below and send the request again.", wrong)


async def _refuse_body(request: StrictRequest) -> None:
    """A 422 for a body where none is taken. ``{}`` says nothing, so nothing of it is lost: many clients send
    it with every write."""
    if await request.body() and await request.json() != {}:
        wrong = [FieldError("body", "This takes no body; leave it out.")]
        raise Problem("invalid", "Send the request again without a body.", wrong)


_READS = frozenset({"GET", "HEAD"})
_UNKNOWN_PARAMETER = "This parameter is not known here; remove it."


def hot_route(method: str, path: str, answer: Callable[[StrictRequest, Any], Awaitable[Response]]) -> Route:
    """A route of the hot path: as strict as ``StrictRoute``, without FastAPI's dependencies.

    ``answer`` is given the request and what ``identify`` said of its sender. Solving dependencies took a
    tenth of the composed view, which makes three inner calls (measured: benchmarks/composed_view.py).
    """

    async def handle_strictly(request: Request) -> Response:
        identified = await request.app.state.identify(request)
        strict = StrictRequest(request.scope, request.receive)
        strict.scope["route"] = route
        return await answer(strict, identified)

    route = Route(path, handle_strictly, methods=[method])
    # Starlette lets HEAD in with GET; no other route of ours does.
    route.methods = {method}
    return route


_NO_STORE = (b"cache-control", b"no-store")
_ON_EVERY_ANSWER = (b"x-content-type-options", b"nosniff")


class _Envelope:
    """Around every answer: request id, ``no-store``, a count by route template, a 500 without content."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry, notice: str | None) -> None:
        self._app = app
        self._notice = notice
        self._requests = Counter(
            "http_requests_total", "Requests", ["method", "route", "status"], registry=registry
        )
        self._meters: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._seconds = Histogram("http_request_seconds", "Time to answer", ["route"], registry=registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = monotonic()
        request_id = _incoming_request_id(scope) or str(uuid4())
        scope["request_id"] = request_id
        status = 500

        async def send_wrapped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [
                    *message["headers"],
                    (b"x-request-id", request_id.encode("ascii")),
                    _ON_EVERY_ANSWER,
                ]
                # Files of the pages say themselves how long they keep; nothing else does.
                if not any(name == b"cache-control" for name, _ in message["headers"]):
                    headers.append(_NO_STORE)
                message["headers"] = headers
            await send(message)

        try:
            await self._app(scope, receive, send_wrapped)
        except Exception as error:
            # The message of an unforeseen error may quote a record, so only its type and place are logged.
            log.error("request %s failed: %s at %s", request_id, type(error).__name__, _place(error))
            problem = Problem(
                "internal", "Try again; if it happens again, give your support desk the request id."
            )
            await problem_response(problem)(scope, receive, send_wrapped)
        finally:
            route = getattr(scope.get("route"), "path", "unmatched")
            self._count(scope["method"], route, status, monotonic() - started)

    def _count(self, method: str, route: str, status: int, seconds: float) -> None:
        known = self._meters.get((method, route, status))
        if known is None:
            known = self._requests.labels(method, route, status), self._seconds.labels(route)
            self._meters[method, route, status] = known
        requests, durations = known
        requests.inc()
        durations.observe(seconds)


def _incoming_request_id(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and len(value) <= 64 and value.replace(b"-", b"").isalnum():
            return str(value.decode("ascii"))
    return None


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "nowhere"
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
