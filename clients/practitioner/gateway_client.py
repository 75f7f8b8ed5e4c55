"""How the app asks the gateway: as the person who is signed in, in the role they act in."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import orjson

from shared.upstream import Reply, Transport, Unreachable


@dataclass(frozen=True, slots=True)
class Acting:
    """In which role, for which agency, and for what somebody asks; the defaults are the gateway's."""

    agency: str | None = None
    role: str | None = None
    purpose: str | None = None
    reason: str | None = None

    def headers(self) -> dict[str, str]:
        named = {
            "Acting-Agency": self.agency,
            "Acting-Role": self.role,
            "Purpose": self.purpose,
            "Purpose-Reason": self.reason,
        }
        return {name: value for name, value in named.items() if value is not None}


class Refused(Exception):
    """The gateway said no. ``problem`` is its problem document (RFC 9457)."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(status)
        self.status = status
        self.problem = problem


class SignInAgain(Exception):
    """The gateway does not take the token any more."""


class Unavailable(Exception):
    """The gateway gave no answer that can be used."""


class Gateway:
    """The public API."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def call(
        self,
        method: str,
        path: str,
        *,
        token: str,
        acting: Acting,
        content: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """The JSON of a 2xx answer. Raises ``Refused`` for 4xx, ``SignInAgain`` for 401, ``Unavailable``."""
        all_headers = {"authorization": f"Bearer {token}", **acting.headers(), **(headers or {})}
        body = b""
        if content is not None:
            all_headers["content-type"] = "application/json"
            body = orjson.dumps(content)
        try:
            reply = await self._transport.send(method, path, all_headers, body)
        except (Unreachable, TimeoutError) as error:
            raise Unavailable from error
        answer = _json_of(reply)
        if not 200 <= reply.status < 300:
            _raise_for(reply.status, answer)
        return answer

    async def document(self, path: str, *, token: str, acting: Acting) -> bytes:
        """A page that is no JSON, as it came. Raises as ``call`` does."""
        headers = {"authorization": f"Bearer {token}", **acting.headers()}
        try:
            reply = await self._transport.send("GET", path, headers, b"")
        except (Unreachable, TimeoutError) as error:
            raise Unavailable from error
        if reply.status != 200:
            _raise_for(reply.status, _json_of(reply))
        return reply.body

    async def close(self) -> None:
        await self._transport.close()


async def whole(get: Callable[[str], Awaitable[Any]], path: str, *rows: str) -> Any:
    """A list of the API as one answer, read page by page through ``get``. ``rows``: what goes on from one to
    the next; all else is as the last page says it."""
    answer = await get(path)
    while answer["next"] is not None:
        following = await get(answer["next"])
        answer = {**following, **{name: answer[name] + following[name] for name in rows}}
    return answer


def _json_of(reply: Reply) -> Any:
    try:
        return reply.json() if reply.body else None
    except orjson.JSONDecodeError as error:
        raise Unavailable from error


def _raise_for(status: int, answer: Any) -> NoReturn:
    """Raise what an answer that is no good one means."""
    if status == 401:
        raise SignInAgain
    if status >= 500 or not isinstance(answer, dict):
        raise Unavailable
    raise Refused(status, answer)
