"""Speaking to the public API as one of the demo people."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx

TokenOf = Callable[[str, str | None], Awaitable[str]]
"""A token for a demo user, and for a family member with the record of their person."""


class Refused(Exception):
    """The API answered with a problem; ``document`` is its problem document."""

    def __init__(self, method: str, path: str, response: httpx.Response) -> None:
        self.status = response.status_code
        self.document: dict[str, Any] = response.json()
        errors = "; ".join(f"{e['field']}: {e['message']}" for e in self.document.get("errors", ()))
        super().__init__(f"{method} {path}: {self.status} {self.document.get('detail')} {errors}")


class Session:
    """One user acting in one role. Writes carry an idempotency key of their own."""

    def __init__(self, client: httpx.AsyncClient, headers: dict[str, str], user: str, agency: str) -> None:
        self._client = client
        self._headers = headers
        self.user = user
        self.agency = agency

    async def get(self, path: str, **params: Any) -> Any:
        return await self._send("GET", path, params=params or None)

    async def post(self, path: str, body: Any = None) -> Any:
        return await self._send("POST", path, json=body, headers={"Idempotency-Key": str(uuid4())})

    async def patch(self, path: str, body: Any, etag: str) -> Any:
        return await self._send("PATCH", path, json=body, headers={"If-Match": etag})

    async def delete(self, path: str, body: Any) -> Any:
        return await self._send("DELETE", path, json=body)

    async def _send(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **rest: Any
    ) -> Any:
        response = await self._client.request(
            method, path, headers={**self._headers, **(headers or {})}, **rest
        )
        if response.status_code >= 400:
            raise Refused(method, path, response)
        return response.json()


class Api:
    """The public API, from which sessions of its users are opened."""

    def __init__(self, client: httpx.AsyncClient, token_of: TokenOf) -> None:
        self._client = client
        self._token_of = token_of

    async def sign_in(
        self,
        user: str,
        *,
        agency: str | None = None,
        role: str | None = None,
        person: str | None = None,
        purpose: str | None = None,
        reason: str | None = None,
    ) -> Session:
        """A session of a demo user; agency and role for people with several."""
        headers = {"Authorization": f"Bearer {await self._token_of(user, person)}"}
        named = {"Acting-Agency": agency, "Acting-Role": role, "Purpose": purpose, "Purpose-Reason": reason}
        headers |= {name: value for name, value in named.items() if value is not None}
        me = (await self._client.get("/v1/me", headers=headers)).json()
        return Session(self._client, headers, user, me["acting"]["agency"])


def tokens_from_issuer(client: httpx.AsyncClient, issuer: str) -> TokenOf:
    """Tokens from a running development issuer."""

    async def token_of(user: str, person: str | None) -> str:
        params = {"person": person} if person else None
        response = await client.get(f"{issuer}/tokens/{user}", params=params)
        response.raise_for_status()
        token: str = response.json()["token"]
        return token

    return token_of
