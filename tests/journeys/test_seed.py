"""The demo partnership that ``make run`` starts with."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from time import sleep

import orjson
import pytest
import stdnum.gb.nhs

from deploy.demo_people import AGENCIES, FAMILY_AGENCY, USERS
from deploy.embedded import SEEDED, prepare
from deploy.embedded_app import EmbeddedApp
from deploy.migrating import migrate_all
from deploy.settings import DATA_SERVICES, EmbeddedSettings
from tests.support.lifespan import Lifespan


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a suite that was prepared to be served, on a fresh machine."""
    fresh = tmp_path_factory.mktemp("seeded")
    urls = {service: f"sqlite:///{fresh / service}.sqlite3" for service in DATA_SERVICES}
    settings = EmbeddedSettings(fresh, "127.0.0.1", 8000, 1.0, True, urls)
    migrate_all(settings)
    app, _ = prepare(settings)
    asyncio.run(_served_until(app, fresh / SEEDED))
    return fresh


async def _served_until(app: EmbeddedApp, there: Path) -> None:
    """As a server would, until a file is there. It is not, where a story was refused."""

    def wait() -> None:
        for _ in range(3_000):
            if there.exists():
                return
            sleep(0.05)
        raise AssertionError("the stories were not told to their end; what was printed says why")

    async with Lifespan(app, []):
        await asyncio.to_thread(wait)


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
