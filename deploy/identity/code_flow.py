"""The development issuer's authorization code flow with PKCE (RFC 6749 section 4.1, RFC 7636).

It asks for no password: whoever is named in ``login_hint``, or chosen on its page, is signed in. It remembers
nobody, so ending a session there (OpenID Connect RP-Initiated Logout 1.0) is to be sent back.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from deploy.demo_people import DemoUser
from shared.clock import monotonic
from shared.problems import Problem
from shared.web import json_response, problem_response

CODE_SECONDS = 60.0
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_ASKED = ("client_id", "redirect_uri", "state", "nonce", "code_challenge")


class Issuer(Protocol):
    @property
    def users(self) -> Mapping[str, DemoUser]: ...

    def token(self, user: DemoUser) -> str: ...

    def id_token(self, user: DemoUser, client: str, nonce: str) -> str: ...


@dataclass(frozen=True, slots=True)
class _Granted:
    user: str
    client: str
    redirect_uri: str
    nonce: str
    challenge: str
    until: float


def add_code_flow(app: FastAPI, issuer: Issuer) -> None:
    """``GET /authorize``, ``POST /token`` and ``GET /end-session``. Codes are good once, for a minute,
    in this process."""
    granted: dict[str, _Granted] = {}

    @app.get("/authorize")
    async def authorize(request: Request) -> Response:
        asked = {name: request.query_params.get(name, "") for name in _ASKED}
        method = request.query_params.get("code_challenge_method")
        if not all(asked.values()) or method != "S256" or not _is_loopback(asked["redirect_uri"]):
            return problem_response(Problem("malformed", "Ask for a code with PKCE, for a page on loopback."))
        user = request.query_params.get("login_hint", "")
        if user not in issuer.users:
            return HTMLResponse(_choice(issuer, request))
        code = secrets.token_urlsafe(24)
        granted[code] = _Granted(
            user, asked["client_id"], asked["redirect_uri"], asked["nonce"], asked["code_challenge"],
            monotonic() + CODE_SECONDS,
        )  # fmt: skip
        answer = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{answer}", 303)

    @app.post("/token")
    async def token(request: Request) -> Response:
        sent = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        grant = granted.pop(sent.get("code", ""), None)
        if grant is None or not _fits(grant, sent):
            return json_response({"error": "invalid_grant"}, 400)
        user = issuer.users[grant.user]
        return json_response(
            {
                "access_token": issuer.token(user),
                "id_token": issuer.id_token(user, grant.client, grant.nonce),
                "token_type": "Bearer",
                "expires_in": 12 * 3_600,
            }
        )

    @app.get("/end-session")
    async def end_session(request: Request) -> Response:
        back = request.query_params.get("post_logout_redirect_uri", "")
        if not request.query_params.get("client_id") or not _is_loopback(back):
            return HTMLResponse('<!DOCTYPE html><html lang="en"><title>Signed out</title><h1>Signed out</h1>')
        state = request.query_params.get("state")
        return RedirectResponse(back if state is None else f"{back}?{urlencode({'state': state})}", 303)


def _fits(grant: _Granted, sent: dict[str, str]) -> bool:
    proof = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
    return (
        sent.get("grant_type") == "authorization_code"
        and sent.get("redirect_uri") == grant.redirect_uri
        and hmac.compare_digest(proof.rstrip(b"="), grant.challenge.encode())
        and monotonic() < grant.until
    )


def _is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in _LOOPBACK


def _choice(issuer: Issuer, request: Request) -> str:
    """A page with a link for each of the demo people."""
    lines = []
    for user in issuer.users.values():
        link = f"authorize?{urlencode({**request.query_params, 'login_hint': user.user})}"
        who = f"{user.name}, {user.job_title}, {user.agency}"
        lines.append(f'<li><a href="{escape(link)}">{escape(who)}</a></li>')
    return (
        '<!DOCTYPE html><html lang="en"><title>Who are you?</title><h1>Who are you?</h1>'
        f"<p>This sign-in is for development: it asks for no password.</p><ul>{''.join(lines)}</ul></html>"
    )
