"""Signing in and out by OpenID Connect (authorization code flow with PKCE). The token stays on the server."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from httpx2 import ASGITransport, HTTPError
from starlette.types import ASGIApp

from clients.practitioner.gateway_client import Acting, SignInAgain, whole
from clients.practitioner.sessions import operations
from clients.practitioner.sessions.session import Session, session_after
from clients.practitioner.settings import PractitionerSettings
from clients.practitioner.visit import (
    AppParts,
    html,
    own_path,
    parts_of,
    see_other,
    session_of,
    strangers_form,
)

router = APIRouter()
STARTED = "signing_in"


def oidc_client(settings: PractitionerSettings, issuer: ASGIApp | None = None) -> Any:
    """Authlib's client for the issuer, which it finds by discovery: over HTTP, or in this process."""
    oauth = OAuth()
    transport = {} if issuer is None else {"transport": ASGITransport(app=issuer)}
    return oauth.register(
        "issuer",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "trust_env": False}
        | transport,
    )


class _StateIn:
    """The request as Authlib wants it, with what it must remember kept in our session."""

    def __init__(self, request: Request, remembered: dict[str, Any]) -> None:
        self.scope = request.scope
        self.query_params = request.query_params
        self.session = remembered


@router.get("/sign-in")
async def sign_in(request: Request, to: str = "/", user: str | None = None) -> Response:
    """Send the browser to the issuer; ``to`` is where it comes back to, ``user`` a hint for the issuer."""
    session, parts = session_of(request), parts_of(request)
    remembered: dict[str, Any] = {}
    hints = {} if user is None else {"login_hint": user}
    if session.user is not None and session.token is None:
        # Somebody else may sit there now: an issuer that still knows the last one is not to answer for them.
        hints["prompt"] = "login"
    try:
        answer: Response = await request.app.state.oidc.authorize_redirect(
            _StateIn(request, remembered), f"{parts.settings.public_url}/sign-in/return", **hints
        )
    except (HTTPError, OAuthError):
        return html(request, "problems/cannot_sign_in.html", 503)
    session.seen_at = parts.clock()
    session.kept[STARTED] = {"state": remembered, "to": own_path(to)}
    await parts.store.write(operations.save, parts.seal, session)
    return answer


@router.get("/sign-in/return")
async def returned(request: Request) -> Response:
    """Take the code that the issuer sent, exchange it, and begin a new session."""
    session, parts = session_of(request), parts_of(request)
    started = session.kept.get(STARTED, {"state": {}, "to": "/"})
    try:
        tokens = await request.app.state.oidc.authorize_access_token(_StateIn(request, started["state"]))
        token = tokens["access_token"]
        me = await parts.gateway.call("GET", "/v1/me", token=token, acting=Acting())
        names = await _names(parts, token, me)
    except (OAuthError, HTTPError, KeyError, ValueError, SignInAgain):
        return html(request, "problems/cannot_sign_in.html", 400)
    fresh = session_after(session, me["user"], parts.clock())
    roles = [{**role, "agency_name": names.get(role["agency"])} for role in me["memberships"]]
    acting = _place_in(me["acting"]) if me["acting"] else _place_before(session, me)
    fresh.kept = {"token": token, "me": {**me, "memberships": roles}, "acting": acting}
    await parts.store.write(operations.replace, parts.seal, session.secret, fresh)
    answer = RedirectResponse(started["to"], 303)
    set_cookie(answer, parts.settings, fresh.secret)
    return answer


async def _names(parts: AppParts, token: str, me: Any) -> Mapping[str, str]:
    """The agencies' names by code, which are the same in each of somebody's roles."""
    acting = Acting(**_place_in(me["memberships"][0]))

    async def get(path: str) -> Any:
        return await parts.gateway.call("GET", path, token=token, acting=acting)

    return await parts.names.of(partial(whole, get))


def _place_in(membership: Mapping[str, Any]) -> dict[str, str]:
    return {name: membership[name] for name in ("agency", "role")}


def _place_before(session: Session, me: Any) -> dict[str, str]:
    """Where somebody with several roles was when their session ended, if it is they who come back."""
    before = {name: value for name, value in session.acting.items() if name in ("agency", "role")}
    known = any(_place_in(membership) == before for membership in me["memberships"])
    return before if session.user == me["user"] and known else {}


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session, also of somebody who was away: whoever says that they go is not signed in first. It
    ends at the issuer too, which would let whoever sits there next straight in again."""
    session, parts = session_of(request), parts_of(request)
    answer = see_other("/")
    if session.user is not None:
        await strangers_form(request)
        await parts.store.write(operations.end, session.secret)
        if not came_by_a_code(session.user):
            answer = see_other(await _end_at_issuer(request) or "/")
    answer.delete_cookie(COOKIE)
    return answer


async def _end_at_issuer(request: Request) -> str | None:
    """Where the issuer ends its own session (OpenID Connect RP-Initiated Logout 1.0), and sends back to us.

    None where it offers no such thing, cannot be asked now, or names a place elsewhere, to which our pages
    let no form lead. No token goes along: none is ever in the browser.
    """
    settings = parts_of(request).settings
    try:
        endpoint = (await request.app.state.oidc.load_server_metadata()).get("end_session_endpoint")
    except (HTTPError, OAuthError, ValueError):
        return None
    if not isinstance(endpoint, str) or origin_of(endpoint) != origin_of(settings.oidc_issuer):
        return None
    asked = {"client_id": settings.oidc_client_id, "post_logout_redirect_uri": f"{settings.public_url}/"}
    return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"


def origin_of(url: str) -> str:
    """Where a URL leads to, without its path."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


_BY_A_CODE = "family."
"""How the API calls those of a family who came by a code, of whom no issuer knows."""


def came_by_a_code(user: str) -> bool:
    return user.startswith(_BY_A_CODE)


COOKIE = "teamaround_session"


def set_cookie(answer: Response, settings: PractitionerSettings, secret: str) -> None:
    answer.set_cookie(COOKIE, secret, secure=settings.secure, httponly=True, samesite="lax", path="/")
