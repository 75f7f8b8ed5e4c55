"""``case_page_vs_view``: what a page costs on top of the API's answer (design 5.1).

The case page and the composed view that it is made of, from the same embedded suite, are asked by turns, one
request after the other, so that what else the machine does falls on both. Compared is the 95th percentile.
"""

import asyncio
import tempfile
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

import httpx

from benchmarks.composed_view import READER, case_of_sixty_entries, fresh_suite
from benchmarks.record import record
from clients.practitioner.build_assets import build
from clients.practitioner.rendering import STATIC
from tests.support.suite import RunningSuite

ROUNDS = 9
ASKED = 60
"""How many of each in a round."""
GOAL = 1.5


def measure() -> list[dict[str, Any]]:
    """The record of the ratio, and the two times in milliseconds that it is made of."""
    if not STATIC.exists():
        build()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with fresh_suite(folder) as suite:
            pairs = asyncio.run(_by_turns(suite))
    return [
        record("case_page_vs_view", [page / view for page, view in pairs], "ratio", GOAL, asked=ASKED),
        record("case_page_p95", [page for page, _ in pairs], "ms", asked=ASKED),
        record("case_view_p95", [view for _, view in pairs], "ms", asked=ASKED),
    ]


async def _by_turns(suite: RunningSuite) -> list[tuple[float, float]]:
    token, case, _ = await case_of_sixty_entries(suite)
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=suite.url, timeout=60.0, trust_env=False) as client:
        signed_in = await client.get(f"/sign-in?user={READER}", follow_redirects=True)
        signed_in.raise_for_status()
        pairs = []
        await _p95(client, f"/cases/{case}", f"/v1/cases/{case}", headers)
        for number in range(ROUNDS):
            pairs.append(await _p95(client, f"/cases/{case}", f"/v1/cases/{case}", headers))
            page, view = pairs[-1]
            print(f"  round {number + 1}/{ROUNDS}: {page:.1f} ms against {view:.1f} ms")
    return pairs


async def _p95(
    client: httpx.AsyncClient, page: str, view: str, headers: dict[str, str]
) -> tuple[float, float]:
    """The 95th percentiles in milliseconds of both, asked by turns."""
    pages, views = [], []
    for _ in range(ASKED):
        pages.append(await _timed(client, page, {}))
        views.append(await _timed(client, view, headers))
    return quantiles(pages, n=20)[-1], quantiles(views, n=20)[-1]


async def _timed(client: httpx.AsyncClient, path: str, headers: dict[str, str]) -> float:
    begun = perf_counter()
    answer = await client.get(path, headers=headers)
    taken = (perf_counter() - begun) * 1_000
    assert answer.status_code == 200, answer.text[:300]
    return taken
