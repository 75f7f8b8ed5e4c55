"""The demo partnership that ``make run`` starts with."""

import asyncio
import sqlite3
from collections.abc import MutableMapping
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest
import stdnum.gb.nhs

from deploy.demo_people import AGENCIES, FAMILY_AGENCY, USERS
from deploy.embedded import SEEDED, EmbeddedApp, prepare
from deploy.settings import DATA_SERVICES, EmbeddedSettings


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a suite that was prepared to be served, on a fresh machine."""
    fresh = tmp_path_factory.mktemp("seeded")
    urls = {service: f"sqlite:///{fresh / service}.sqlite3" for service in DATA_SERVICES}
    app, _ = prepare(EmbeddedSettings(fresh, "127.0.0.1", 8000, 1.0, True, urls))
    asyncio.run(_served_until_seeded(app))
    return fresh


async def _served_until_seeded(app: EmbeddedApp) -> None:
    """As a server would: the other stories are told once it is up."""
    assert app.afterwards is not None
    async with app.suite.running():
        await app.afterwards()


def rows(folder: Path, service: str, query: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(folder / f"{service}.sqlite3")) as database:
        return database.execute(query).fetchall()


def test_it_holds_many_agencies_people_and_users(folder: Path) -> None:
    assert (folder / SEEDED).exists()
    agencies = {code for (code,) in rows(folder, "consent", "SELECT code FROM agencies")}
    assert agencies == {agency.code for agency in AGENCIES}
    assert len(agencies - {FAMILY_AGENCY, "partnership-office"}) >= 8
    assert len(rows(folder, "case", "SELECT id FROM people")) >= 20
    assert len(rows(folder, "case", "SELECT id FROM cases")) == 5
    at_work = {user for (user,) in rows(folder, "consent", 'SELECT DISTINCT "user" FROM receipts')}
    assert at_work <= set(USERS)
    assert len(at_work) >= 15


def test_its_policy_names_who_answers_for_the_whole_ledger(folder: Path) -> None:
    """By its life-cycle: drafted for one agency, approved for another (design 3.4 and 3.6)."""
    columns = "version, document, published_by, approved_by"
    versions = rows(folder, "consent", f"SELECT {columns} FROM policies ORDER BY version")
    named = [orjson.loads(document)["partnership_officers"] for _, document, *_ in versions]
    assert named == [[], ["una.price"]]
    assert versions[1][2:] == ("tom.ashby", "ines.dale")


def test_its_nhs_numbers_are_those_of_nobody(folder: Path) -> None:
    stored = rows(folder, "case", "SELECT fields FROM entries WHERE kind = 'identifiers'")
    numbers = [orjson.loads(fields)["nhs_number"] for (fields,) in stored]
    assert len(numbers) == len(set(numbers)) >= 20
    assert all(stdnum.gb.nhs.is_valid(number) and number.startswith("999") for number in numbers)


def test_somebody_has_left_and_the_case_that_they_led_shows_the_gap(folder: Path) -> None:
    left = rows(folder, "case", 'SELECT "user", agency FROM memberships WHERE until IS NOT NULL')
    assert left == [("joan.reed", "jobcentre-east")]
    led = "SELECT id FROM cases WHERE id NOT IN (SELECT case_id FROM leaderships WHERE until IS NULL)"
    assert len(rows(folder, "case", led)) == 2, "J's, whom everybody refused, and the task force's"


def test_what_is_done_beside_serving_begins_once_it_serves_and_ends_with_it(tmp_path: Path) -> None:
    """Fails when the start waits for the stories or the clocks, or when either outlives the server."""
    urls = {service: f"sqlite:///{tmp_path / service}.sqlite3" for service in DATA_SERVICES}
    prepared, _ = prepare(EmbeddedSettings(tmp_path, "127.0.0.1", 8000, 1.0, False, urls))
    assert prepared.afterwards is None
    assert prepared.daily is not None
    happened: list[str] = []

    async def stories() -> None:
        happened.append("stories")

    async def clocks() -> None:
        happened.append("clocks")
        stop.set()
        try:
            await asyncio.Event().wait()
        finally:
            happened.append("no more clocks")

    async def receive() -> dict[str, str]:
        if happened:
            await stop.wait()
        return {"type": "lifespan"}

    async def send(message: MutableMapping[str, Any]) -> None:
        happened.append(message["type"])

    async def live() -> None:
        await EmbeddedApp(prepared.suite, prepared.suite.gateway, afterwards=stories, daily=clocks)(
            {"type": "lifespan"}, receive, send
        )

    stop = asyncio.Event()
    asyncio.run(live())
    up, down = "lifespan.startup.complete", "lifespan.shutdown.complete"
    assert happened == [up, "stories", "clocks", "no more clocks", down]
