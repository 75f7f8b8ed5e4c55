"""The transport over sockets (decision 7).

A module of its own: the embedded mode calls in process, and loading an HTTP client that it never uses is a
part of its start (measured).
"""

from collections.abc import Mapping

import aiohttp

from shared.upstream import MAX_ANSWER_BYTES, Reply, Unreachable


class Sockets:
    """Calls a service over HTTP with a pool of kept-alive connections."""

    def __init__(self, base_url: str, connections: int = 64) -> None:
        self._base_url = base_url.rstrip("/")
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        session = self._open_session()
        try:
            async with session.request(
                method, self._base_url + path, headers=headers, data=body, allow_redirects=False
            ) as response:
                content = await response.content.read(MAX_ANSWER_BYTES + 1)
                while not response.content.at_eof() and len(content) <= MAX_ANSWER_BYTES:
                    content += await response.content.read(MAX_ANSWER_BYTES + 1 - len(content))
                if len(content) > MAX_ANSWER_BYTES:
                    raise Unreachable
                return Reply(response.status, content)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise Unreachable from error

    def _open_session(self) -> aiohttp.ClientSession:
        # Made on first use: a session belongs to the event loop that runs when it is made.
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                timeout=aiohttp.ClientTimeout(total=None),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
