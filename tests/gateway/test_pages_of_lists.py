"""Lists come in pages (design 4): each goes on where the last one ended, whatever is hidden between.

Every answer here is held to A1 by the client that gets it: a page shows what its own receipt names.

Three changes that make this fail: cutting a page before what is hidden is left out; a receipt that names the
whole list; a place that is a number of rows.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from services.gateway.paging import MOST_AT_ONCE
from tests.gateway.areas.bars import a_bar
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import CAMHS, SCHOOL
from tests.gateway.operations import CASE, PERSON, ids_of
from tests.support.gateway import As, fields_of, released_by

pytestmark = pytest.mark.anyio
Json = dict[str, Any]

OF_AN_ANSWER = frozenset({"not_available", "unavailable", "may", "opens"})
"""What stands beside a list: a line for each agency, part, deed or list besides."""
BESIDE = OF_AN_ANSWER | {"people", "also_flagging"}
"""That and whom a case is about, and which agencies have a flag: the same on each page."""

WITHOUT_PAGES: Mapping[str, str] = {
    CASE: "the composed view: the case on one page, as its reader must have it when they open it",
    f"{CASE}/seen-by/{{agency}}": "the composed view of somebody else",
    f"{CASE}/family-sheet": "one sheet for the family, which shows the newest looks only",
    PERSON: "one person, by the details that tell who they are",
    f"{PERSON}/involvements": "who works with one person now; half of it would read as nobody else",
    f"{CASE}/lead-professional": "one post: who has it, who had it and who is asked",
    f"{CASE}/lead-professional/nominees": "one line for each person on the team, to choose one from",
    f"{CASE}/assessments/{{assessment}}": "one document, with the parts that its instrument has",
    f"{CASE}/assessments/{{assessment}}/print": "the same document on paper",
    f"{CASE}/compact": "one document in its versions: a promise stands in the version that it was made in",
    f"{CASE}/budget": "one account: a part of its purchases would be another balance",
    f"{CASE}/meetings": "one line a meeting of one case; who stayed away how often is counted over all",
    f"{CASE}/meetings/{{meeting}}": "one meeting, with what is on its agenda",
    f"{CASE}/meetings/{{meeting}}/room": "what is on the agenda of one meeting",
    f"{CASE}/taking-part": "one question each time that the family left",
    f"{CASE}/consents/{{consent}}/disclosures": "one line for each agency that saw anything by it",
    f"{CASE}/who-can-see": "one line for each person with a place in the case",
    "/v1/me": "the caller's memberships, of which a token holds fifty at most",
    "/v1/instruments": "the instruments that the suite was built with",
    "/v1/instruments/{code}/{version}": "one instrument",
    "/v1/lawful-bases": "the lawful bases that the suite was configured with",
    "/v1/ledger/keys": "the keys of one ledger",
    "/v1/policies/drafts/{draft}": "one draft",
    "/v1/policies/{version}": "one version",
    "/v1/policies/{version}/matrix": "one line for each role and kind of agency",
    "/v1/policies/{version}/differences/{other}": "no more differences than a policy has lines",
    "/v1/worklists/office": "one line for each kind of thing that waits",
}
"""What answers with a list and has no pages, and why it is no longer than that."""

OF_OFFICERS = ("bars", "agreements", "suspensions", "policies", "drafts")
READERS = ("nadia.bell", "sam.okafor", "hana.novak", "ben.carver", "asif.khan", "tom.ashby", "una.price")


def lists_of(document: Json) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """By path, the lists that its GET answers with and the parameters of its query."""
    found = {}
    for path, methods in document["paths"].items():
        if "get" not in methods:
            continue
        content = methods["get"]["responses"]["200"]["content"]
        schema = content.get("application/json", {}).get("schema", {})
        name = schema.get("$ref", "").rsplit("/", 1)[-1]
        properties = document["components"]["schemas"][name]["properties"] if name else {}
        lists = {field for field, what in properties.items() if what.get("type") == "array"}
        asked = {p["name"] for p in methods["get"].get("parameters", ()) if p["in"] == "query"}
        paged = asked if {"next", "cursor"} <= properties.keys() else asked - {"cursor"}
        found[path] = frozenset(lists - OF_AN_ANSWER), frozenset(paged)
    return found


def whole_lists(document: Json) -> list[str]:
    """The paths whose list comes as a whole unless less is asked for."""
    return [
        path
        for path, methods in document["paths"].items()
        for parameter in methods.get("get", {}).get("parameters", ())
        if parameter["name"] == "limit" and parameter["schema"]["maximum"] == MOST_AT_ONCE
    ]


async def test_every_list_has_pages_or_a_reason_why_it_needs_none(sqlite_home: HouseWorld) -> None:
    """Fails when a route answers with a list that only grows, and nobody said how long it can be."""
    found = lists_of(sqlite_home.world.suite.gateway.openapi())
    paged = {path for path, (_, asked) in found.items() if {"limit", "cursor"} <= asked}
    for path, (lists, _) in found.items():
        assert path in paged or path in WITHOUT_PAGES or not lists, f"{path}: {sorted(lists)}"
    assert not paged & WITHOUT_PAGES.keys()
    assert WITHOUT_PAGES.keys() <= found.keys()
    assert (len(paged), len(whole_lists(sqlite_home.world.suite.gateway.openapi()))) == (49, 32)


async def page_by_page(
    session: As, path: str, rows: tuple[str, ...], limit: int
) -> tuple[dict[str, list[Any]], int]:
    """A whole list, and of how many pages; every one but the last is full."""
    got: dict[str, list[Any]] = {name: [] for name in rows}
    following, pages = f"{path}?limit={limit}", 0
    while following:
        page = await session.get(following)
        assert (page["next"] is None) == (page["cursor"] is None)
        for name in rows:
            assert len(page[name]) == limit or (page["next"] is None and len(page[name]) <= limit)
            got[name] += page[name]
        following, pages = page["next"], pages + 1
    return got, pages


async def test_the_pages_of_a_list_are_the_list_whatever_is_hidden_between(home: HouseWorld) -> None:
    world, house = home.world, home.house
    document = world.suite.gateway.openapi()
    sessions = {user: world.as_(user) for user in READERS}
    sessions["karen.mercer"] = world.as_("karen.mercer", person=house.mother)
    lengths: dict[str, set[int]] = {}
    mix: Counter[str] = Counter()
    for template in whole_lists(document):
        for session in sessions.values():
            path = template.format(**ids_of(house))
            answer = await session.send("GET", path)
            if answer.status_code != 200:
                continue
            whole = answer.json()
            rows = tuple(name for name in whole if isinstance(whole[name], list) and name not in BESIDE)
            got, pages = await page_by_page(session, path, rows, len(whole[rows[0]]) // 5 + 1)
            assert got == {name: whole[name] for name in rows}, (template, session.user)
            lengths.setdefault(template, set()).add(len(whole[rows[0]]))
            mix["lists"] += 1
            mix["pages"] += pages
    long = [template for template, found in lengths.items() if max(found) > 1]
    print(dict(mix), f"{len(long)} of {len(lengths)} hold more than one row for somebody")
    assert mix["lists"] >= 150
    assert mix["pages"] >= 250
    assert {f"{CASE}/{name}" for name in ("actions", "consents", "team", "timeline")} <= set(long)
    assert "/v1/agencies" in long
    shorter_for_some = [template for template, found in lengths.items() if len(found) > 1]
    assert len(shorter_for_some) >= 8


async def test_a_page_leaves_a_receipt_that_names_what_it_shows(home: HouseWorld) -> None:
    """Fails when the receipt of a page names the list: who looked at one entry would have seen all."""
    session, path = home.world.as_("nadia.bell"), f"/v1/cases/{home.house.case}/timeline"
    receipts, told = set(), []
    following: str | None = f"{path}?limit=4"
    while following is not None:
        page = await session.get(following)
        receipt = await home.world.receipt(page["decision"]["receipt"])
        assert receipt is not None
        named = {event["entry"] for event in page["timeline"] if event["what"] == "recorded"}
        assert released_by([receipt]).keys() == named
        receipts.add(receipt["id"])
        told += page["timeline"]
        following = page["next"]
    assert len(receipts) > 2
    assert {event["what"] for event in told} >= {"recorded", "joined_team"}


async def test_the_whole_case_begins_with_the_newest_of_its_timeline_for_everybody(home: HouseWorld) -> None:
    """Fails when it tells what the timeline does not: the oldest, another reader's, or more than five."""
    case, seen = f"/v1/cases/{home.house.case}", set()
    for user in ("sam.okafor", "nadia.bell", "hana.novak", "liz.hart", "tom.ashby"):
        session = home.world.as_(user)
        latest = (await session.get(case))["latest"]
        assert latest == (await session.get(f"{case}/timeline"))["timeline"][:5]
        assert len(latest) == 5
        seen.add(str(latest))
    assert len(seen) > 1, "all see the same"


async def test_what_comes_meanwhile_neither_doubles_nor_hides_a_row(home: HouseWorld) -> None:
    """Fails when a page goes on by number: whatever is recorded or ends before it would shift it."""
    world, case = home.world, home.house.case
    session, path = world.as_("sam.okafor"), f"/v1/cases/{case}/team"
    before = (await session.get(path))["team"]
    first = await session.get(f"{path}?limit=2")
    place = {
        "user": "new.comer", "name": "New Comer", "agency": "youth-offending", "role": "practitioner",
        "job_title": "Mentor",
    }  # fmt: skip
    added = (await session.post(path, place))["id"]
    await session.delete(f"{path}/{added}", {"reason": "Left again."})
    rest, following = [], first["next"]
    while following is not None:
        page = await session.get(following)
        rest += page["team"]
        following = page["next"]
    assert [one["id"] for one in first["team"] + rest] == [*(one["id"] for one in before), added]


async def test_two_of_one_name_who_join_in_one_moment_are_two_rows(home: HouseWorld) -> None:
    """Fails when a page of the timeline takes them for one: it would be one row longer than was asked."""
    world, case = home.world, home.house.case
    session, path = world.as_("sam.okafor"), f"/v1/cases/{case}"
    world.clock.runs = False
    try:
        for user in ("first.twin", "second.twin"):
            place = {
                "user": user, "name": "Jo Twin", "agency": "youth-offending", "role": "practitioner",
                "job_title": "Mentor",
            }  # fmt: skip
            await session.post(f"{path}/team", place)
    finally:
        world.clock.runs = True
    got, pages = await page_by_page(session, f"{path}/timeline", ("timeline",), 1)
    whole = (await session.get(f"{path}/timeline"))["timeline"]
    assert got["timeline"] == whole
    assert pages == len(whole)
    assert [event["what"] for event in whole if event.get("name") == "Jo Twin"] == ["joined_team"] * 2


async def test_a_bar_that_is_reviewed_between_two_pages_stands_on_one_of_them(home: HouseWorld) -> None:
    """Fails when pages go by the day of the review, which a review moves: one would be left out, or there
    twice."""
    world, case = home.world, f"/v1/cases/{home.house.case}"
    officer = world.as_("tom.ashby")
    made = [
        (await officer.post(f"{case}/bars", a_bar(review_on=f"2031-0{month}-01")))["id"]
        for month in (9, 8, 7, 6)
    ]
    listed = [row["id"] for row in (await officer.get("/v1/bars"))["bars"]]
    assert set(made) <= set(listed)
    for moved, day in ((listed[0], "2033-01-01"), (listed[-1], "2031-04-01")):
        page = await officer.get("/v1/bars?limit=1")
        told = [row["id"] for row in page["bars"]]
        await officer.post(f"{case}/bars/{moved}/review", {"review_on": day})
        while page["next"]:
            page = await officer.get(page["next"])
            told += [row["id"] for row in page["bars"]]
        assert sorted(told) == sorted(listed), day
    for one in made:
        await officer.post(f"{case}/bars/{one}/lifting", {"reason": "Over"})


async def test_a_timeline_that_is_longer_than_a_page_can_be_leaves_one_look(sqlite_home: HouseWorld) -> None:
    """Fails when everything is put on a receipt before it is known that a page shows a part of it."""
    world, case = sqlite_home.world, f"/v1/cases/{sqlite_home.house.case}"
    session = world.as_("nadia.bell")
    told = (await session.get(f"{case}/timeline"))["timeline"]
    while len(told) <= MOST_AT_ONCE:
        few = [
            {
                "desired_outcome": "Better days",
                "action": f"Talk {n}",
                "by_when": "2031-06-01",
                "accountable": SCHOOL,
            }
            for n in range(50)
        ]
        await session.post(f"{case}/actions", {"actions": few})
        told += few
    page = await session.get(f"{case}/timeline")
    assert (len(page["timeline"]), bool(page["next"])) == (MOST_AT_ONCE, True)
    looks = [one for one in await world.receipts_now("nadia.bell", ("read",)) if released_by([one])]
    assert [one["id"] for one in looks] == [page["decision"]["receipt"]]
    named = {event["entry"] for event in page["timeline"] if event["what"] == "recorded"}
    assert released_by(looks).keys() == named


async def test_how_many_looks_a_timeline_leaves_hangs_on_nothing_hidden(sqlite_home: HouseWorld) -> None:
    """Of a housing officer, before and after CAMHS recorded more than a page holds that she does not see."""
    world, house = sqlite_home.world, sqlite_home.house
    case, hana, camhs = f"/v1/cases/{house.case}", world.as_("hana.novak"), world.as_("asif.khan")

    async def looks() -> tuple[int, int]:
        before = len(await world.receipts_now("hana.novak", ("read",)))
        told = (await hana.get(f"{case}/timeline"))["timeline"]
        return len(told), len(await world.receipts_now("hana.novak", ("read",))) - before

    alone = await looks()
    for number in range(MOST_AT_ONCE // 50):
        hidden = [
            {"desired_outcome": "Calm", "action": f"{number}.{n}", "by_when": "2031-06-01",
             "accountable": CAMHS, "categories": ["mental_health"]}
            for n in range(50)
        ]  # fmt: skip
        await camhs.post(f"{case}/actions", {"actions": hidden})
    assert await looks() == alone


async def test_a_cursor_is_good_for_its_own_list_and_its_own_reader(sqlite_home: HouseWorld) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    paths = [path.format(**ids_of(house)) for path in whole_lists(world.suite.gateway.openapi())]
    session, tried = world.as_("nadia.bell"), 0
    taken = (await session.get(f"/v1/cases/{house.case}/team?limit=1"))["cursor"]
    for path in paths:
        if path.endswith("/team"):
            continue
        user = "tom.ashby" if path.endswith(OF_OFFICERS) else "nadia.bell"
        for bad in (taken, "", "x"):
            response = await world.as_(user).send("GET", f"{path}?cursor={bad}")
            assert (response.status_code, fields_of(response)) == (422, ["cursor"]), path
            tried += 1
        for limit in ("0", "-1", str(MOST_AT_ONCE + 1), "x", ""):
            response = await world.as_(user).send("GET", f"{path}?limit={limit}")
            assert (response.status_code, fields_of(response)) == (422, ["limit"]), path
            tried += 1
    assert tried == 8 * (len(paths) - 1) >= 8 * 25
    other = await world.as_("hana.novak").send("GET", f"/v1/cases/{house.case}/team?limit=1&cursor={taken}")
    assert (other.status_code, fields_of(other)) == (422, ["cursor"])
