"""A small OpenID Connect issuer for development: discovery, keys, and tokens for the demo people.

It hands a token to whoever asks, so it runs on loopback only and refuses to start anywhere else.
"""

import ipaddress
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from jose import jwk, jwt

from deploy.demo_people import DemoUser
from deploy.identity.code_flow import add_code_flow
from shared.clock import Clock, microseconds, utc_now
from shared.identity import public_part
from shared.problems import not_found
from shared.web import json_response, problem_response

AUDIENCE = "teamaround"
LIFETIME_SECONDS = 12 * 3_600


class NotLoopback(Exception):
    """The development issuer was asked to serve an address that others can reach."""


def require_loopback(host: str) -> None:
    """Raise ``NotLoopback`` unless ``host`` is an address of this machine's loopback."""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if not loopback:
        raise NotLoopback(
            "The development issuer gives a token to anyone who asks. It runs on loopback only; "
            "elsewhere set TEAMAROUND_OIDC_ISSUER to your OpenID Connect issuer."
        )


class DevelopmentIssuer:
    """Signs tokens for demo users with an ES256 key (a private JWK).

    ``people``: the file in which it remembers which record is whose of the family members, so that they sign
    in as themselves; without it their tokens name a person only where one is given.
    """

    def __init__(
        self,
        url: str,
        key: Mapping[str, Any],
        users: Mapping[str, DemoUser],
        clock: Clock = utc_now,
        people: Path | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.users = users
        self._public_key = public_part(key)
        self._key = jwk.construct(dict(key), "ES256")
        self._clock = clock
        self._file = people
        self._people: dict[str, str] = {}
        if people is not None and people.exists():
            self._people = json.loads(people.read_text(encoding="utf-8"))

    def remember(self, user: str, person: str) -> None:
        """That this record is the user's own."""
        self._people[user] = person
        if self._file is not None:
            self._file.write_text(json.dumps(self._people), encoding="utf-8")

    @property
    def jwk_set(self) -> dict[str, Any]:
        return {"keys": [self._public_key]}

    def token(self, user: DemoUser) -> str:
        """A token for this user, good for twelve hours."""
        memberships = [{"agency": agency, "role": role} for agency, role in user.memberships]
        known = user.person or self._people.get(user.user)
        person = {} if known is None else {"person": known}
        return self._sign(user, AUDIENCE, self._clock, memberships=memberships, **person)

    def id_token(self, user: DemoUser, client: str, nonce: str) -> str:
        """What tells a client who signed in (OpenID Connect Core 1.0, section 2).

        Clients check it with libraries that know the machine's clock alone, so it is dated by that.
        """
        return self._sign(user, client, utc_now, nonce=nonce)

    def _sign(self, user: DemoUser, audience: str, clock: Clock, **more: Any) -> str:
        now = microseconds(clock()) // 1_000_000
        claims = {
            "iss": self.url,
            "aud": audience,
            "sub": user.user,
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "name": user.name,
            **more,
        }
        return jwt.encode(claims, self._key, algorithm="ES256", headers={"kid": self._public_key["kid"]})


def create_issuer_app(issuer: DevelopmentIssuer) -> FastAPI:
    """The issuer over HTTP: discovery, keys, and ``GET /tokens/{user}``."""
    app = FastAPI(title="Development issuer", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/.well-known/openid-configuration")
    async def configuration() -> Response:
        return json_response(
            {
                "issuer": issuer.url,
                "jwks_uri": f"{issuer.url}/jwks",
                "authorization_endpoint": f"{issuer.url}/authorize",
                "token_endpoint": f"{issuer.url}/token",
                "end_session_endpoint": f"{issuer.url}/end-session",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256"],
            }
        )

    @app.get("/jwks")
    async def jwks() -> Response:
        return json_response(issuer.jwk_set)

    @app.get("/tokens/{user}")
    async def token(user: str, request: Request) -> Response:
        """A token for a demo user; family members name their person's record in ``person``."""
        known = issuer.users.get(user)
        if known is None:
            return problem_response(not_found())
        return json_response({"token": issuer.token(known.for_person(request.query_params.get("person")))})

    add_code_flow(app, issuer)
    return app
