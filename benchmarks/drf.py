"""``composed_view_vs_drf``: the composed view beside the same view as one Django application (design 5.5).

The application (``benchmarks/drf_case/``) is one of Django REST Framework and django-guardian, as somebody
would write it who knows both. An agency is a group; each entry has a permission of the group, which is the
level at which the agency sees it; what somebody may do with the case are permissions on the case. The
permissions of all entries are read at once (``prefetch_perms``): a request is eight or nine queries, however
many entries there are.

Where there was a choice it took what was faster when tried, or might be: the permissions of all entries
without ``get_objects_for_user`` before them; permissions by foreign keys of their own; orjson; a key that was
made ready; a kept connection; one piece of middleware; the server, its settings and the store's as in the
suite. (By WSGI on one thread it is as fast as by ASGI.) Both verify a token on each request.

It is filled with what four readers of four agencies see of the case in the suite. Before anything is
measured, each of the four must be answered the same by both, but for what such an application leaves out:

* It decides nothing. Its permissions stand there ready-made, and somebody must write them anew whenever the
  family answers, a window opens or ends, a role, a team, a policy or an exclusion changes; nor can they
  depend on the purpose of one request. It does not say what an answer rests on and until when (``decision``).
* It records nothing: no receipt is durable before the answer leaves.
* It is one application with one database, of which no part can be missing (``unavailable``).
"""

import asyncio
import json
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx

from benchmarks.composed_view import by_turns, case_of_sixty_entries, fresh_suite
from benchmarks.record import record
from deploy.demo_people import AGENCIES
from deploy.identity.issuer import AUDIENCE
from tests.support.suite import RunningSuite, free_port, process, wait_until_ready

READERS = ("sam.okafor", "nadia.bell", "hana.novak", "ben.carver")
GOAL = 1.0
LEFT_OUT = ("decision", "unavailable")

View = dict[str, Any]


def measure() -> list[dict[str, Any]]:
    """The record of the ratio, and the two throughputs that it is made of."""
    if find_spec("guardian") is None:
        raise RuntimeError("Django is not installed. Measure by `make bench`, which installs it.")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        suite = stack.enter_context(fresh_suite(folder))
        token, case, _ = asyncio.run(case_of_sixty_entries(suite))
        ours = f"{suite.url}/v1/cases/{case}"
        views = {reader: _view(ours, suite, reader) for reader in READERS}
        theirs = f"{_start(stack, folder, suite, rows_of(views))}/cases/{case}"
        for reader, view in views.items():
            require_same(reader, view, _view(theirs, suite, reader))
        pairs = asyncio.run(by_turns(ours, theirs, token))
    return [
        record("composed_view_vs_drf", [ours / theirs for ours, theirs in pairs], "ratio", GOAL),
        record("composed_view_beside_drf_per_second", [ours for ours, _ in pairs], "requests/s", None),
        record("drf_view_per_second", [theirs for _, theirs in pairs], "requests/s", None),
    ]


def require_same(reader: str, ours: View, theirs: View) -> None:
    """Raises unless both answer a reader the same, but for what is left out and the order of ``may``."""
    expected = {name: value for name, value in ours.items() if name not in LEFT_OUT}
    expected["may"] = sorted(expected["may"])
    parts = sorted(name for name in expected | theirs if expected.get(name) != theirs.get(name))
    if parts:
        raise AssertionError(f"{reader} is answered otherwise by the two applications: {', '.join(parts)}")


def rows_of(views: Mapping[str, View]) -> dict[str, Any]:
    """What the application stores, from what each reader sees.

    ``agencies`` by code, ``case``, ``lead``, ``team``, ``entries`` with what is seen of them at *full*,
    ``levels`` by entry and agency, ``may`` by user. Raises ``KeyError`` if nobody sees an entry at *full*.
    """
    header = next(iter(views.values()))["header"]
    agency_of = {member["user"]: member["agency"] for member in header["team"]}
    seen = [
        (agency_of[reader], area, entry)
        for reader, view in views.items()
        for area, shown in view["areas"].items()
        for entry in shown
    ]
    entries = {entry["id"]: _row(area, entry) for _, area, entry in seen if entry["level"] == "full"}
    levels: dict[str, dict[str, str]] = {one: {} for one in entries}
    for agency, _, entry in seen:
        levels[entry["id"]][agency] = entry["level"]
    for reader, view in views.items():
        holders = {line["agency"] for line in view["not_available"]}
        for held in (one for one, row in entries.items() if row["owner"] in holders):
            levels[held].setdefault(agency_of[reader], "existence")
    return {
        "agencies": {one.code: {"name": one.name, "telephone": one.telephone} for one in AGENCIES},
        "case": {
            "id": next(iter(views.values()))["id"],
            "person": header["person"]["id"],
            **{name: header[name] for name in ("state", "opened_at", "closed_at", "review_on")},
        },
        "lead": {name: header["lead_professional"][name] for name in ("user", "since")},
        "team": header["team"],
        "entries": list(entries.values()),
        "levels": levels,
        "may": {reader: view["may"] for reader, view in views.items()},
    }


def _row(area: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in entry.items() if name not in ("level", "etag")}
    return {"part_of": None, **kept, "area": area, "version": 1}


def _start(stack: ExitStack, folder: Path, suite: RunningSuite, case: Mapping[str, Any]) -> str:
    """The application with this case in it; gives its URL."""
    port = free_port()
    settings = {
        "database": str(folder / "drf.sqlite3"),
        "issuer": suite.issuer,
        "audience": AUDIENCE,
        "keys": httpx.get(f"{suite.issuer}/jwks", trust_env=False).json(),
        "port": port,
        "case": case,
    }
    file, log = folder / "drf.json", folder / "drf.log"
    file.write_text(json.dumps(settings), encoding="utf-8")
    stack.enter_context(process("benchmarks.drf_case", {}, log, str(file)))
    wait_until_ready(f"http://127.0.0.1:{port}/ready", log)
    return f"http://127.0.0.1:{port}"


def _view(url: str, suite: RunningSuite, reader: str) -> View:
    token = httpx.get(f"{suite.issuer}/tokens/{reader}", trust_env=False).json()["token"]
    answer = httpx.get(url, headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=30.0)
    view: View = answer.raise_for_status().json()
    return view
