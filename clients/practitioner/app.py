"""The only place where the parts of the practitioners' app meet. It is a client of the public API alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from clients.practitioner import sign_in
from clients.practitioner.agency_names import AgencyNames
from clients.practitioner.gateway_client import Gateway
from clients.practitioner.instruments import Instruments
from clients.practitioner.pages import (
    acting,
    asking,
    assessments,
    authorities,
    budget,
    case,
    caseload,
    closing,
    compact,
    concern,
    conflicts,
    contacts,
    costs,
    drafts,
    emergency,
    family,
    family_codes,
    find,
    flags,
    leavers,
    ledger,
    meetings,
    messages,
    office,
    overrides,
    partnership,
    people,
    permissions,
    plan,
    referrals,
    relatives,
    reports,
    reviews,
    risk,
    rules,
    seen_by,
    sharing_requests,
    team,
    team_cases,
    timeline,
    to_do,
    who_can_see,
)
from clients.practitioner.problem_pages import add_problem_pages
from clients.practitioner.rendering import Pages
from clients.practitioner.sessions import operations
from clients.practitioner.sessions.sealing import Seal
from clients.practitioner.sessions.session import Session, new_session
from clients.practitioner.settings import PractitionerSettings
from clients.practitioner.visit import SESSION, AppParts
from shared.clock import Clock, utc_now
from shared.database import open_store
from shared.upstream import Transport
from shared.web import add_routes, create_web_app

AREAS = (
    sign_in,
    acting,
    people,
    assessments,
    caseload,
    to_do,
    find,
    concern,
    emergency,
    case,
    closing,
    relatives,
    reviews,
    risk,
    flags,
    asking,
    permissions,
    authorities,
    conflicts,
    messages,
    team,
    plan,
    compact,
    budget,
    costs,
    contacts,
    referrals,
    meetings,
    timeline,
    drafts,
    family,
    family_codes,
    office,
    overrides,
    partnership,
    rules,
    seen_by,
    who_can_see,
    ledger,
    sharing_requests,
    team_cases,
    leavers,
    reports,
)

_HEADERS = (
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(), camera=(), microphone=()"),
)
_SEEN_AGAIN_AFTER = timedelta(seconds=60)


def create_app(
    settings: PractitionerSettings,
    transport: Transport,
    *,
    issuer: ASGIApp | None = None,
    clock: Clock = utc_now,
) -> FastAPI:
    """The app, asking the gateway behind ``transport``, and an ``issuer`` in this process or by its URL."""
    store, gateway = open_store(settings.database_url), Gateway(transport)
    parts = AppParts(
        settings,
        store,
        Seal(settings.session_key),
        gateway,
        Pages(),
        clock,
        AgencyNames(clock),
        Instruments(),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await gateway.close()
            await store.close()

    app = create_web_app(
        title="Teamaround for practitioners",
        description="Pages for the people who work with families.",
        lifespan=lifespan,
        ready=store.ready,
        identify=_nobody,
    )
    app.state.parts = parts
    app.state.oidc = sign_in.oidc_client(settings, issuer)
    add_routes(app, (area.router for area in AREAS))
    add_routes(app, (_static(parts.pages),))
    add_problem_pages(app)
    app.add_middleware(_Visitors, parts=parts)
    return app


async def _nobody(_: Request) -> None:
    """No route of the app is one of the API: who visits is known by their session."""


def _static(pages: Pages) -> APIRouter:
    """The files of ``static/``, which browsers may keep: their address changes with their content."""
    router = APIRouter()
    files = {file.name: file for file in pages.static.iterdir()}

    @router.get(f"{pages.static_url}/{{name}}")
    async def file(name: str) -> Response:
        if name not in files:
            raise HTTPException(404)
        return FileResponse(files[name], headers={"cache-control": "public, max-age=31536000, immutable"})

    return router


def content_security_policy(settings: PractitionerSettings) -> str:
    """What our pages may load, and where their forms may lead: to us, and to the issuer that signs out."""
    return "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            "script-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            f"form-action 'self' {sign_in.origin_of(settings.oidc_issuer)}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


class _Visitors:
    """Finds each visitor's session, and puts on every answer what keeps other sites out."""

    def __init__(self, app: ASGIApp, parts: AppParts) -> None:
        self._app = app
        self._parts = parts
        policy = content_security_policy(parts.settings).encode()
        self._headers = ((b"content-security-policy", policy), *_HEADERS)
        self._idle = timedelta(minutes=parts.settings.idle_minutes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        session, is_new = await self._session_of(Request(scope))
        scope[SESSION] = session

        async def send_with_headers(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                given = list(message["headers"])  # type: ignore[call-overload]
                named = {name for name, _ in given}
                headers = [*given, *(pair for pair in self._headers if pair[0] not in named)]
                if is_new and "/static/" not in scope["path"]:
                    headers.append((b"set-cookie", self._cookie(session)))
                message["headers"] = headers
            await send(message)

        await self._app(scope, receive, send_with_headers)  # type: ignore[arg-type]

    async def _session_of(self, request: Request) -> tuple[Session, bool]:
        parts, now = self._parts, self._parts.clock()
        secret = request.cookies.get(sign_in.COOKIE)
        if secret is not None and "/static/" not in request.url.path:
            found = await parts.store.read(operations.look_up, parts.seal, secret, now, self._idle)
            if found is not None:
                await self._note(found)
                return found, False
        return new_session(now), True

    async def _note(self, session: Session) -> None:
        """Note that the visitor is still there, at most once a minute."""
        moment = self._parts.clock()
        if session.token is not None and moment - session.seen_at >= _SEEN_AGAIN_AFTER:
            session.seen_at = moment
            await self._parts.store.write(operations.note_seen, session.secret, moment)

    def _cookie(self, session: Session) -> bytes:
        answer = Response()
        sign_in.set_cookie(answer, self._parts.settings, session.secret)
        return answer.headers["set-cookie"].encode()
