"""Whose case each line of the worklists is about: cards as in the list of cases, and only of those.

Three changes that make this fail: a card by what the case service gives instead of what was decided, a
receipt that names everybody in the case, and a card of a case that is hidden but for an alert about it.
"""

from typing import Any

import pytest

from deploy.stories.steps import agree_to_take_part, join_team, open_case, record_person
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import HOUSING
from tests.gateway.test_notices import hide, nominated
from tests.support.gateway import START, As, World, released_by

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
WAITING, PROMISES = "/v1/worklists/waiting", "/v1/worklists/promises"
LINES = {WAITING: ("notices", "left_too_long", "alerts"), PROMISES: ("promises",)}


def by_case(answer: Json) -> dict[str, Json]:
    """The cards of an answer, each case once."""
    cards = {card["id"]: card for card in answer["cases"]}
    assert len(cards) == len(answer["cases"])
    return cards


def about(path: str, answer: Json) -> set[str]:
    return {line["case"] for name in LINES[path] for line in answer[name]}


async def listed(session: As) -> dict[str, Json]:
    """The list of cases of somebody, line by line."""
    found: dict[str, Json] = {}
    path: str | None = "/v1/cases?filter=team"
    while path:
        page = await session.get(path)
        found |= by_case(page)
        path = page["next"]
    return found


async def shut_out_of_names(school: As, case: str, person: str) -> None:
    await school.post(
        f"/v1/cases/{case}/exclusions",
        {
            "subject": person, "giver": person, "capacity": "adult", "agencies": [HOUSING],
            "categories": ["identity"],
        },
    )  # fmt: skip


async def owed(world: World, case: str) -> str:
    """Something that housing owes in a case."""
    action = {
        "desired_outcome": "Better days", "action": "Talk", "by_when": "2031-04-01", "accountable": HOUSING,
    }  # fmt: skip
    made = await world.as_("nadia.bell").post(f"/v1/cases/{case}/actions", {"actions": [action]})
    return str(made["actions"][0]["id"])


async def test_the_cards_of_a_page_are_the_lines_of_the_list_of_cases(home: HouseWorld) -> None:
    world = home.world
    for case, _, _ in await nominated(world, world.as_("nadia.bell"), 3):
        await owed(world, case)
    compared = 0
    for user in ("hana.novak", "kit.vane", "sam.okafor", "nadia.bell", "grace.obi", "asif.khan"):
        session = world.as_(user)
        cases = await listed(session)
        for path in LINES:
            following: str | None = f"{path}?limit=2"
            while following:
                page = await session.get(following)
                cards = by_case(page)
                assert cards == {case: cases[case] for case in about(path, page)}, (user, path)
                compared += len(cards)
                following = page["next"]
    assert compared > 20
    assert len({card["person"]["name"] for card in (await listed(world.as_("hana.novak"))).values()}) > 3


@pytest.mark.parametrize("path", LINES)
async def test_one_receipt_names_what_stands_on_the_page_and_nobody_else_in_the_case(
    home: HouseWorld, path: str
) -> None:
    """Not the mother, nor a name that a newer one covers."""
    world, house = home.world, home.house
    school, hana = world.as_("nadia.bell"), world.as_("hana.novak")
    person = await record_person(school, "Robin", "Vale", START.date().replace(year=1990))
    other = await record_person(school, "Ash", "Vale", START.date().replace(year=1960))
    case = await open_case(school, person, [other], "Help")
    await agree_to_take_part(school, case, person, person, "adult")
    newer = {"details": [{"kind": "name", "fields": {"full_name_as_written": "Robin Marsh"}}]}
    await school.post(f"/v1/people/{person}/details", newer)
    await join_team(school, case, "hana.novak")
    action = await owed(world, case)
    [card] = [one for one in (await hana.get(path))["cases"] if one["id"] == case]
    assert card["person"]["name"] == "Robin Marsh"
    receipts = [one for one in await world.receipts_now("hana.novak", ("list",)) if released_by([one])]
    [receipt] = receipts
    [block] = [one for one in receipt["cases"] if one["case"] == case]
    released = {entry for cell in block["cells"] for entry in cell["entries"]}
    stored = await world.entries(released - {action})
    assert (action in released) == (path == PROMISES)
    assert sorted((one.kind, *one.subjects) for one in stored.values()) == [
        ("birth", person),
        ("name", person),
    ]
    [name] = [one.fields for one in stored.values() if one.kind == "name"]
    assert name["full_name_as_written"] == "Robin Marsh"
    assert {one["case"] for one in receipt["cases"]} <= {one["id"] for one in (await hana.get(path))["cases"]}
    assert house.case in {one["case"] for one in receipt["cases"]}


async def test_where_the_name_may_not_be_seen_the_line_is_there_without_a_card(home: HouseWorld) -> None:
    world = home.world
    school, hana = world.as_("nadia.bell"), world.as_("hana.novak")
    (shut, person, nomination), (case, _, _) = await nominated(world, school, 2)
    action = await owed(world, shut)
    for path in LINES:
        assert {shut, case} & about(path, page := await hana.get(path)) == {shut, case} & by_case(page).keys()
        assert shut in by_case(page)
    await shut_out_of_names(school, shut, person)
    assert (await listed(hana))[shut]["person"]["name"] is None
    for path in LINES:
        page = await hana.get(path)
        assert (shut in about(path, page), shut in by_case(page)) == (True, False), path
        assert person not in str(page["cases"])
        receipts = await world.receipts_now("hana.novak", ("list",))
        cells = [c for one in receipts for b in one["cases"] if b["case"] == shut for c in b["cells"]]
        assert cells, path
        assert {entry for cell in cells for entry in cell["entries"]} == (
            {action} if path == PROMISES else set()
        )
    assert nomination in [one["about"] for one in (await hana.get(WAITING))["notices"]]


async def test_a_hidden_case_makes_no_difference_to_the_cards(home: HouseWorld) -> None:
    world = home.world
    school, hana = world.as_("nadia.bell"), world.as_("hana.novak")
    await nominated(world, school, 2)

    async def read() -> list[Json]:
        pages = [await hana.get(f"{path}?limit={limit}") for path in LINES for limit in (1, 100)]
        return [
            {name: value for name, value in page.items() if name not in ("next", "cursor", "decision")}
            for page in pages
        ]

    before = await read()
    assert sum(len(page["cases"]) for page in before) > 3
    [(hidden, person, _)] = await nominated(world, school, 1)
    assert await read() != before
    await hide(school, hidden, person)
    assert await read() == before


async def test_an_alert_has_the_card_of_its_case_for_those_alone_who_see_whose_it_is(
    home: HouseWorld,
) -> None:
    """Also where nothing else waits there. Who leads is told also where the family shut them out since."""
    world = home.world
    school, lead = world.as_("nadia.bell"), world.as_("hana.novak")
    [(case, person, nomination)] = await nominated(world, school, 1)
    await lead.post(f"/v1/cases/{case}/lead-professional/nominations/{nomination}/acceptance")
    await world.as_("meg.lloyd").post(f"/v1/cases/{case}/break-glass", {"reason": "He is missing"})
    waiting = await lead.get(WAITING)
    assert case not in {notice["case"] for notice in waiting["notices"]}
    assert case in {alert["case"] for alert in waiting["alerts"]}
    assert by_case(waiting)[case] == (await listed(lead))[case]
    await hide(school, case, person)
    waiting = await lead.get(WAITING)
    assert case in {alert["case"] for alert in waiting["alerts"]}
    assert case not in by_case(waiting)
