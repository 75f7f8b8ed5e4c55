"""``composed_view_vs_bare``: the price of privacy (design 5.5).

The embedded suite and a bare endpoint that returns the same bytes run at the same time, each in a process of
its own, and are asked by turns in short rounds, so that what else the machine does falls on both.
"""

import asyncio
import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import orjson
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from benchmarks.bare import Base, ShownEntry
from benchmarks.load import requests_per_second
from benchmarks.record import record
from deploy.identity.issuer import AUDIENCE
from deploy.seed import add_agencies
from deploy.stories import james
from deploy.stories.client import Api
from deploy.stories.steps import add_entry, start_assessment
from deploy.stories.tokens import tokens_from_issuer
from shared.migration import migrate
from tests.support.suite import RunningSuite, embedded, free_port, process, wait_until_ready

READER = "sam.okafor"
ENTRIES = 60
CLIENTS = 16
ROUNDS = 9
SECONDS = 1.5
GOAL = 0.4


def measure() -> list[dict[str, Any]]:
    """The record of the ratio, and the two throughputs that it is made of."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        suite = stack.enter_context(fresh_suite(folder))
        token, case, view = asyncio.run(case_of_sixty_entries(suite))
        bare = _start_bare(stack, folder, suite, view, case)
        pairs = asyncio.run(by_turns(f"{suite.url}/v1/cases/{case}", f"{bare}/cases/{case}", token))
    ratios = [ours / theirs for ours, theirs in pairs]
    return [
        record("composed_view_vs_bare", ratios, "ratio", GOAL),
        record("composed_view_per_second", [ours for ours, _ in pairs], "requests/s", None),
        record("bare_view_per_second", [theirs for _, theirs in pairs], "requests/s", None),
    ]


@contextmanager
def fresh_suite(folder: Path) -> Iterator[RunningSuite]:
    """The embedded suite over SQLite, with nothing in it."""
    databases = {s: f"sqlite:///{folder / s}.sqlite3" for s in ("case", "assessment", "consent")}
    for service, url in databases.items():
        migrate(url, f"services.{service}")
    with embedded(folder, databases) as suite:
        yield suite


async def by_turns(ours: str, theirs: str, token: str) -> list[tuple[float, float]]:
    """The answers per second of both, round after round."""
    for url in (ours, theirs):
        await requests_per_second(url, token, clients=CLIENTS, seconds=SECONDS)
    pairs = []
    for number in range(ROUNDS):
        first, second = (ours, theirs) if number % 2 else (theirs, ours)
        a = await requests_per_second(first, token, clients=CLIENTS, seconds=SECONDS)
        b = await requests_per_second(second, token, clients=CLIENTS, seconds=SECONDS)
        pairs.append((a, b) if number % 2 else (b, a))
        print(f"  round {number + 1}/{ROUNDS}: {pairs[-1][0]:.0f} against {pairs[-1][1]:.0f} requests/s")
    return pairs


async def case_of_sixty_entries(suite: RunningSuite) -> tuple[str, str, dict[str, Any]]:
    """James's case with further entries until its reader sees sixty; a token, the case, and the view."""
    async with httpx.AsyncClient(base_url=suite.url, timeout=60.0, trust_env=False) as client:
        token_of = tokens_from_issuer(client, suite.issuer)
        api = Api(client, token_of)
        await add_agencies(api)
        story = await james.tell(api)
        owner, other = await api.sign_in("nadia.bell"), await api.sign_in("sam.okafor")
        draft = await start_assessment(owner, story.case, story.james, "Second look", "2026-11-01")
        view = await other.get(f"/v1/cases/{story.case}")
        missing = ENTRIES - sum(len(entries) for entries in view["areas"].values())
        for number in range(missing):
            await add_entry(
                (owner, other)[number % 2], story.case, draft, kind="strength", element="wider_family",
                headline=f"Something that goes well ({number})", narrative="A few plain sentences. " * 8,
                whose_view="practitioner", sensitive_content=[], subjects=[story.james],
            )  # fmt: skip
        view = await other.get(f"/v1/cases/{story.case}")
        shown = sum(len(entries) for entries in view["areas"].values())
        assert shown == ENTRIES, f"the view shows {shown} entries"
        return await token_of(READER, None), story.case, view


def _start_bare(stack: ExitStack, folder: Path, suite: RunningSuite, view: dict[str, Any], case: str) -> str:
    """The bare endpoint with a copy of just what the view shows; asserts that it returns the same bytes."""
    database = f"sqlite:///{folder / 'bare'}.sqlite3"
    _copy_shown_entries(database, view, case)
    port = free_port()
    rest = {name: value for name, value in view.items() if name not in ("id", "header", "areas")}
    settings = {
        "database_url": database,
        "issuer": suite.issuer,
        "audience": AUDIENCE,
        "keys": httpx.get(f"{suite.issuer}/jwks", trust_env=False).json(),
        "port": port,
        "rest": {"header": view["header"], "areas": list(view["areas"]), "footer": rest},
    }
    file = folder / "bare.json"
    file.write_text(json.dumps(settings), encoding="utf-8")
    stack.enter_context(process("benchmarks.bare", {}, folder / "bare.log", str(file)))
    wait_until_ready(f"http://127.0.0.1:{port}/openapi.json", folder / "bare.log")
    token = httpx.get(f"{suite.issuer}/tokens/{READER}", trust_env=False).json()["token"]
    answer = httpx.get(
        f"http://127.0.0.1:{port}/cases/{case}",
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    )
    assert answer.content == orjson.dumps(view), "the bare endpoint must return the same bytes"
    return f"http://127.0.0.1:{port}"


def _copy_shown_entries(database: str, view: dict[str, Any], case: str) -> None:
    engine = create_engine(database)
    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        place = 0
        for area, entries in view["areas"].items():
            for entry in entries:
                row = {"part_of": None, "author": None, **entry}
                row["recorded_at"] = datetime.fromisoformat(entry["recorded_at"])
                row.pop("etag", None)
                session.add(
                    ShownEntry(
                        **row,
                        case_id=case,
                        area=area,
                        place=place,
                        accountable=None,
                        unanswered=False,
                        author_user=READER,
                        version=1,
                    )
                )
                place += 1
    engine.dispose()
