"""Lists and their cursors: full pages whatever is hidden between, and places that nobody can forge."""

import base64
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, make_url

from deploy.stories.steps import agree_to_take_part, join_team
from services.gateway.cursors import Cursors
from shared.identity import Caller
from shared.problems import Problem
from shared.upstream import InProcess, Reply, Transport
from shared.vocabulary import Category
from tests.gateway.conftest import STORES, HouseWorld
from tests.gateway.household import HOUSING
from tests.gateway.upstream_doubles import Through
from tests.support.gateway import START, As, World, add_agencies, fields_of, problem, running_world

pytestmark = pytest.mark.anyio

CASES = 14
HIDDEN = {1, 2, 3, 6, 10, 12, 13}
"""Places, by review date, of the cases that are hidden from housing: a run, single ones, and the last two."""


@dataclass(frozen=True)
class Caseload:
    world: World
    cases: list[str]

    @property
    def shown(self) -> list[str]:
        return [case for place, case in enumerate(self.cases) if place not in HIDDEN]


@pytest.fixture(scope="module", params=STORES)
async def caseload(
    request: pytest.FixtureRequest,
    empty_databases: Callable[[str], Mapping[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Caseload]:
    """Cases on all of which housing works; about some the person has excluded housing from everything."""
    keys = tmp_path_factory.mktemp("caseload")
    async with running_world(keys, empty_databases(request.param)) as world:
        await add_agencies(world)
        school = world.as_("nadia.bell")
        cases = [await _case(world, school, place) for place in range(CASES)]
        yield Caseload(world, cases)


async def _case(world: World, school: As, place: int) -> str:
    name = {"kind": "name", "fields": {"given_names": f"Person {place:02d}"}}
    birth = {"kind": "birth", "fields": {"date_of_birth": "1990-01-01"}}
    person = (await school.post("/v1/people", {"details": [name, birth]}))["id"]
    review_on = (START.date() + timedelta(days=10 + place)).isoformat()
    opened = await school.post(
        "/v1/cases",
        {
            "person": person, "reason": "Help", "opener": {"job_title": "Teacher"},
            **({"review_on": review_on} if place != 11 else {}),
        },
    )  # fmt: skip
    case: str = opened["id"]
    if place == 11:
        await school.post(f"/v1/cases/{case}/reviews", {"review_on": review_on})
    await agree_to_take_part(school, case, person, person, "adult")
    await join_team(school, case, "hana.novak")
    if place in HIDDEN:
        everything = {
            "subject": person, "giver": person, "capacity": "adult", "agencies": [HOUSING],
            "categories": [category.value for category in Category],
        }  # fmt: skip
        await school.post(f"/v1/cases/{case}/exclusions", everything)
    return case


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 7, 8, 100])
async def test_pages_are_full_whatever_is_hidden_between(caseload: Caseload, limit: int) -> None:
    """Fails when rows are filtered after LIMIT, or when a next link leads to an empty page."""
    housing, pages = caseload.world.as_("hana.novak"), []
    path: str | None = f"/v1/cases?limit={limit}"
    while path is not None:
        page = await housing.get(path)
        assert page.keys() == {"cases", "next", "cursor", "notice"}
        pages.append([card["id"] for card in page["cases"]])
        assert (page["next"] is None) == (page["cursor"] is None)
        path = page["next"]
    assert [case for page in pages for case in page] == caseload.shown
    assert len(caseload.shown) == 7
    assert all(len(page) == limit for page in pages[:-1])
    assert 0 < len(pages[-1]) <= limit
    assert len(pages) == -(-len(caseload.shown) // limit)


async def test_who_sees_all_of_the_cases_meets_all_of_them_in_the_same_order(caseload: Caseload) -> None:
    school = caseload.world.as_("nadia.bell")
    page = await school.get("/v1/cases?limit=100")
    assert [card["id"] for card in page["cases"]] == caseload.cases
    assert [card["person"]["name"] for card in page["cases"]] == [f"Person {n:02d}" for n in range(CASES)]


async def test_a_hidden_case_of_the_list_is_not_there_either(caseload: Caseload) -> None:
    housing = caseload.world.as_("hana.novak")
    for place, case in enumerate(caseload.cases):
        response = await housing.send("GET", f"/v1/cases/{case}")
        assert response.status_code == (404 if place in HIDDEN else 200), place


async def test_a_list_of_cases_with_assessments_names_their_people(sqlite_home: HouseWorld) -> None:
    """Fails when a label of an assessment, which has neither kind nor content, is taken for a name."""
    house = sqlite_home.house
    for user, count in (("nadia.bell", 1), ("asif.khan", 2), ("hana.novak", 1)):
        page = await sqlite_home.world.as_(user).get("/v1/cases")
        assert len(page["cases"]) == count
        card = next(card for card in page["cases"] if card["id"] == house.case)
        assert card["person"]["id"] == house.child
        assert card["person"]["name"].startswith("canary")


async def test_filters_choose_among_what_is_seen(caseload: Caseload) -> None:
    housing = caseload.world.as_("hana.novak")
    for chosen, expected in (
        ("mine", caseload.shown), ("team", caseload.shown), ("no_lead", caseload.shown),
        ("review_overdue", []),
    ):  # fmt: skip
        page = await housing.get("/v1/cases", filter=chosen, limit=100)
        assert [card["id"] for card in page["cases"]] == expected, chosen
    response = await housing.send("GET", "/v1/cases?filter=everything")
    assert (response.status_code, fields_of(response)) == (422, ["filter"])


@pytest.mark.parametrize("limit", ["0", "-1", "101", "1e3", "many", ""])
async def test_a_limit_that_means_nothing_is_refused(caseload: Caseload, limit: str) -> None:
    response = await caseload.world.as_("hana.novak").send("GET", f"/v1/cases?limit={limit}")
    assert (response.status_code, fields_of(response)) == (422, ["limit"])


async def _cursor(session: As) -> str:
    cursor: str = (await session.get("/v1/cases?limit=2"))["cursor"]
    return cursor


async def test_no_byte_of_a_cursor_can_be_changed(caseload: Caseload) -> None:
    """Fails when the seal is left out, or when two spellings open one cursor."""
    housing, tried = caseload.world.as_("hana.novak"), 0
    cursor = await _cursor(housing)
    assert (await housing.send("GET", "/v1/cases", params={"limit": 2, "cursor": cursor})).status_code == 200
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    flipped = [
        base64.urlsafe_b64encode(raw[:place] + bytes([raw[place] ^ bit]) + raw[place + 1 :])
        .rstrip(b"=")
        .decode()
        for place in range(len(raw))
        for bit in (1, 128)
    ]
    spelt = [
        cursor[:place] + _next_letter(cursor[place]) + cursor[place + 1 :] for place in range(len(cursor))
    ]
    other = [
        cursor[:-1], cursor + "A", cursor + "=", cursor + "==", "!" + cursor, cursor + "\n", cursor + " ",
        cursor[:9] + "!" + cursor[9:], cursor.swapcase(), cursor + cursor, "A", "AAAA", "x" * 2_001,
        "\u00e9" * 40, "\x00", raw.hex(), cursor[::-1], cursor[:16], "null", "[]", "{}", "2031-03-13", "",
    ]  # fmt: skip
    answers = set()
    for bad in [*flipped, *spelt, *other]:
        response = await housing.send("GET", "/v1/cases", params={"limit": "2", "cursor": bad})
        assert response.status_code == 422, bad
        answers.add(response.content)
        tried += 1
    assert tried == 2 * len(raw) + len(cursor) + 23
    assert tried > 300
    assert len(answers) == 1


def _next_letter(letter: str) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return alphabet[(alphabet.index(letter) + 1) % 64]


async def test_a_cursor_is_good_for_its_caller_and_its_query_only(caseload: Caseload) -> None:
    world = caseload.world
    cursor = await _cursor(world.as_("hana.novak"))
    answers = {}
    for name, session, query in (
        ("another user", world.as_("nadia.bell"), "filter=mine"),
        ("another user of the agency", world.as_("kit.vane"), "filter=mine"),
        ("another filter", world.as_("hana.novak"), "filter=team"),
    ):
        response = await session.send("GET", f"/v1/cases?limit=2&cursor={cursor}&{query}")
        assert response.status_code == 422, name
        answers[name] = response.content
    assert len(set(answers.values())) == 1
    officer = world.as_("tom.ashby")
    ledger = f"/v1/cases/{caseload.cases[0]}/disclosures"
    page = await officer.get(f"{ledger}?limit=1")
    assert page["cursor"]
    for bad in (
        f"/v1/cases?cursor={page['cursor']}",
        f"/v1/cases/{caseload.cases[4]}/disclosures?cursor={page['cursor']}",
        f"{ledger}?cursor={cursor}",
    ):
        response = await officer.send("GET", bad)
        assert (response.status_code, problem(response)) == (422, "invalid"), bad
    assert (await officer.send("GET", f"{ledger}?limit=1&cursor={page['cursor']}")).status_code == 200


async def test_one_user_in_two_agencies_has_two_cursors(caseload: Caseload) -> None:
    cursors = Cursors(b"k" * 32)
    place = {"review_on": "2031-03-13", "id": caseload.cases[0]}
    caller = Caller("will.marsh", "Will Marsh", "tidewater-housing", "practitioner")
    sealed = cursors.seal(place, caller, "cases")
    assert cursors.open(sealed, caller, "cases") == place
    assert cursors.seal(place, caller, "cases") != sealed
    others = (
        Caller("will.marsh", "Will Marsh", "jobcentre-east", "practitioner"),
        Caller("will.marsh", "Will Marsh", "tidewater-housing", "team_manager"),
        Caller("will.marsh", "Will Marsh", "tidewater-housing", "practitioner", person=caseload.cases[0]),
        Caller("will", "Will Marsh", "tidewater-housing", "practitioner"),
    )
    for other in others:
        with pytest.raises(Problem):
            cursors.open(sealed, other, "cases")
    with pytest.raises(Problem):
        Cursors(b"j" * 32).open(sealed, caller, "cases")


async def test_a_cursor_tells_nothing_by_its_length(caseload: Caseload) -> None:
    school = caseload.world.as_("nadia.bell")
    lengths = set()
    path: str | None = "/v1/cases?limit=1"
    while path is not None:
        page = await school.get(path)
        lengths.add(len(page["cursor"] or "x" * 100))
        path = page["next"]
    assert len(lengths - {100}) == 1


PAGE = 50


class Noting(Through):
    """Passes on, and keeps what was asked."""

    def __init__(self, inner: Transport) -> None:
        super().__init__(inner)
        self.asked: list[str] = []

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        self.asked.append(f"{method} {path}")
        return await super().send(method, path, headers, body)


@contextmanager
def counted_transactions(url: str) -> Iterator[Counter[str]]:
    """Every transaction on a database that is opened within, reads and writes. On SQLite whatever the driver
    is told to begin counts, because reads are begun there without the library."""
    counted, database = Counter[str](), make_url(url).database

    def note(what: str) -> Callable[[Connection], None]:
        return lambda connection: counted.update([what] * (connection.engine.url.database == database))

    def trace(connection: Any, _: object) -> None:
        if connection.execute("PRAGMA database_list").fetchone()[2] == database:
            connection.set_trace_callback(lambda sql: counted.update(["begin"] * sql.startswith("BEGIN")))

    on_sqlite = make_url(url).get_backend_name() == "sqlite"
    listened = {"connect": trace} if on_sqlite else {what: note(what) for what in ("commit", "rollback")}
    for what, listener in listened.items():
        event.listen(Engine, what, listener)
    try:
        yield counted
    finally:
        for what, listener in listened.items():
            event.remove(Engine, what, listener)


@pytest.mark.parametrize("store", STORES)
async def test_a_page_of_fifty_is_decided_in_one_call_and_recorded_in_one_transaction(
    store: str, empty_databases: Callable[[str], Mapping[str, str]], tmp_path: Path
) -> None:
    """What is counted: everything that the gateway asks of each service for the page, and every transaction
    on the consent service's database. Before the decision there is one read of the caller's own overrides,
    for the case service pages over the cases that those open as well; it decides and writes nothing.

    Fails when each case is decided in a call or a transaction of its own, or gets a receipt of its own.
    """
    databases = empty_databases(store)
    with counted_transactions(databases["consent"]) as transactions:
        async with running_world(tmp_path, databases) as world:
            await add_agencies(world)
            school = world.as_("nadia.bell")
            for place in range(PAGE + 2):
                name = {"kind": "name", "fields": {"given_names": f"Person {place:02d}"}}
                person = (await school.post("/v1/people", {"details": [name]}))["id"]
                opened = {"person": person, "reason": "Help", "opener": {"job_title": "Teacher"}}
                await school.post("/v1/cases", opened)
            noting = {service: Noting(InProcess(app)) for service, app in world.suite.services.items()}
            async with world.client_over(noting) as client:
                reader = world.as_("nadia.bell", client=client)
                transactions.clear()
                page = await reader.send("GET", f"/v1/cases?limit={PAGE}")
                begun = transactions.total()
            [receipt] = await world.receipts_now("nadia.bell", ("list",))
    assert len(page.json()["cases"]) == PAGE
    assert page.json()["next"]
    assert {service: one.asked for service, one in noting.items()} == {
        "case": ["POST /caseload"],
        "assessment": ["POST /cases/labels"],
        "consent": ["POST /overrides/own", "POST /decisions"],
    }
    # One transaction reads the own overrides; one reads the facts, decides, and writes the receipt. A third
    # is the test's own: it looks for the receipt of each answer that it gets.
    assert begun == 3
    assert len(receipt["cases"]) == PAGE + 1, "the page and the one that tells whether there is another"
