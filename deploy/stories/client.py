"""Speaking to the public API as one of the demo people."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol
from urllib.parse import urlencode
from uuid import uuid4

import orjson

from deploy.demo_people import USERS
from shared.upstream import InProcess, Reply

TokenOf = Callable[[str, str | None], Awaitable[str]]
"""A token for a demo user, and for a family member with the record of their person."""


class Answer(Protocol):
    """What came back."""

    @property
    def status_code(self) -> int: ...

    def json(self) -> Any: ...


class Client(Protocol):
    """What carries requests to the API: an ``httpx.AsyncClient``, or ``ClientInProcess``."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer: ...


class AnswerInProcess:
    def __init__(self, reply: Reply) -> None:
        self.status_code = reply.status
        self.json = reply.json


class ClientInProcess:
    """Calls a gateway in this process, as the gateway calls its services: cheaper than httpx can."""

    def __init__(self, gateway: InProcess) -> None:
        self._gateway = gateway

    async def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        path = f"{url}?{urlencode(params)}" if params else url
        body = b"" if json is None else orjson.dumps(json)
        all_headers = {"host": "suite", "content-type": "application/json", **(headers or {})}
        return AnswerInProcess(await self._gateway.send(method, path, all_headers, body))


RETRIES = 5
PAUSE_SECONDS = 0.2


class Refused(Exception):
    """The API answered with a problem; ``document`` is its problem document."""

    def __init__(self, method: str, path: str, response: Answer) -> None:
        self.status = response.status_code
        self.document: dict[str, Any] = response.json()
        errors = "; ".join(f"{e['field']}: {e['message']}" for e in self.document.get("errors", ()))
        super().__init__(f"{method} {path}: {self.status} {self.document.get('detail')} {errors}")


class Session:
    """One user acting in one role. Writes carry an idempotency key of their own."""

    def __init__(self, client: Client, headers: dict[str, str], user: str, agency: str) -> None:
        self._client = client
        self._headers = headers
        self.user = user
        self.agency = agency

    async def get(self, path: str, **params: Any) -> Any:
        return await self._send("GET", path, params=params or None)

    async def post(self, path: str, body: Any = None) -> Any:
        return await self._send("POST", path, json=body, headers={"Idempotency-Key": str(uuid4())})

    async def patch(self, path: str, body: Any, etag: str) -> Any:
        headers = {"If-Match": etag, "Idempotency-Key": str(uuid4())}
        return await self._send("PATCH", path, json=body, headers=headers)

    async def put(self, path: str, body: Any, etag: str) -> Any:
        headers = {"If-Match": etag, "Idempotency-Key": str(uuid4())}
        return await self._send("PUT", path, json=body, headers=headers)

    async def delete(self, path: str, body: Any) -> Any:
        return await self._send("DELETE", path, json=body, headers={"Idempotency-Key": str(uuid4())})

    async def _send(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **rest: Any
    ) -> Any:
        """Send, and when the suite says that it cannot answer right now (503), do so again shortly.

        Safe for writes too: the idempotency key lets what happened already happen only once.
        """
        all_headers = {**self._headers, **(headers or {})}
        response = await self._client.request(method, path, headers=all_headers, **rest)
        for _ in range(RETRIES):
            if response.status_code != 503:
                break
            await asyncio.sleep(PAUSE_SECONDS)
            response = await self._client.request(method, path, headers=all_headers, **rest)
        if response.status_code >= 400:
            raise Refused(method, path, response)
        return response.json()


class Api:
    """The public API, from which sessions of its users are opened."""

    def __init__(self, client: Client, token_of: TokenOf) -> None:
        self._client = client
        self._token_of = token_of
        self._tokens: dict[tuple[str, str | None], str] = {}

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
        if (user, person) not in self._tokens:
            self._tokens[user, person] = await self._token_of(user, person)
        headers = {"Authorization": f"Bearer {self._tokens[user, person]}"}
        named = {"Acting-Agency": agency, "Acting-Role": role, "Purpose": purpose, "Purpose-Reason": reason}
        headers |= {name: value for name, value in named.items() if value is not None}
        return Session(self._client, headers, user, agency or USERS[user].agency)
