"""A lean load generator: kept-alive connections that ask the same thing again and again, for a given time.

Written on bare sockets, because a full HTTP client would be slower than the servers that it measures.
"""

import asyncio
from time import perf_counter
from urllib.parse import urlsplit


async def _ask_until(end: float, host: str, port: int, request: bytes) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    answered = 0
    try:
        while perf_counter() < end:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200 "):
                raise RuntimeError(f"unexpected answer: {head[:200]!r}")
            length = int(head.lower().split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0])
            await reader.readexactly(length)
            answered += 1
    finally:
        writer.close()
    return answered


async def requests_per_second(url: str, token: str, *, clients: int, seconds: float) -> float:
    """Answers per second to ``clients`` that each wait for one answer before they ask again."""
    parts = urlsplit(url)
    assert parts.hostname == "127.0.0.1", "load goes to loopback only"
    assert parts.port is not None
    request = (
        f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n\r\n"
    ).encode()
    started = perf_counter()
    end = started + seconds
    answered = await asyncio.gather(
        *(_ask_until(end, parts.hostname, parts.port, request) for _ in range(clients))
    )
    return sum(answered) / (perf_counter() - started)
