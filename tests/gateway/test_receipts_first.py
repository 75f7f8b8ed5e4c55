"""A1: nothing leaves before its receipt is durable, and whatever leaves stands on it at that level.

Every answer of every test of the gateway is held to this by the client that they all speak through
(``CheckedClient`` in ``tests/support/gateway.py``). Here everybody reads everything on both stores, what was
checked is counted, and the check itself is tried on a decision that lies.

A line of a list or a search names no entry; each value on it is sought among those that its receipts released
(``tests/support/lines.py``).

Three changes that make this fail: answering a decision that was not recorded; projecting an entry at another
level than its cell's (``projection.py``); a receipt that leaves out what was released of one subject
(``services/consent/ledger``).
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from shared.ids import new_id
from shared.upstream import InProcess
from shared.vocabulary import Level
from tests.gateway.conftest import HouseWorld
from tests.gateway.operations import reads
from tests.gateway.upstream_doubles import Lying

pytestmark = [pytest.mark.anyio, pytest.mark.property]

READERS = ("nadia.bell", "sam.okafor", "hana.novak", "ben.carver", "asif.khan", "tom.ashby")
LOOKERS = (*READERS, "joan.reed", "moira.flynn", "dev.patel", "school.coord", "kit.vane")
LISTS = ("/v1/cases", "/v1/cases?filter=team&limit=1", "/v1/cases?filter=no_lead", "/v1/cases?filter=closed")
WORKLISTS = ("/v1/worklists/waiting", "/v1/worklists/promises")
"""Lists of something else, with the cards of the cases that their lines are about."""
SEE_LESS = {"list": "ben.carver", "search": "moira.flynn", "cards": "school.coord"}
"""Somebody to whom a line of each shows less than there is."""
HELD_AT_LEAST = {
    ("list", "lines"): 12,
    ("list", "values"): 20,
    ("search", "lines"): 14,
    ("search", "values"): 12,
    ("cards", "lines"): 8,
    ("cards", "values"): 15,
}
LIES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "more than was recorded": lambda answer: {
        **answer,
        "cases": [
            {**case, "levels": [int(Level.FULL)] * len(case["levels"])} for case in answer.get("cases", ())
        ],
    },
    "a receipt that is nowhere": lambda answer: {**answer, "receipt": new_id()},
}
LIES_OF_LINES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "more than was recorded": ("consent", LIES["more than was recorded"]),
    "another name than is stored": (
        "case",
        lambda answer: _otherwise(answer, "full_name_as_written", "Nobody"),
    ),
    "another birthday than is stored": (
        "case",
        lambda answer: _otherwise(answer, "date_of_birth", "2001-01-01"),
    ),
}


def _otherwise(content: Any, name: str, value: str) -> Any:
    """The same with another word wherever a word stands under this name."""
    if isinstance(content, dict):
        return {
            key: value if key == name and isinstance(old, str) else _otherwise(old, name, value)
            for key, old in content.items()
        }
    return [_otherwise(one, name, value) for one in content] if isinstance(content, list) else content


async def searches(home: HouseWorld) -> list[dict[str, str]]:
    """Two details of the child whom the school knows, and of the one whom only others do."""
    house, found = home.house, []
    for user, case in (("nadia.bell", house.case), ("asif.khan", house.other_case)):
        card = (await home.world.as_(user).get(f"/v1/cases/{case}"))["header"]["person"]
        found.append({name: card[name] for name in ("name", "date_of_birth")})
    return found


async def test_a1_whatever_anybody_reads_stands_on_a_durable_receipt_at_that_level(home: HouseWorld) -> None:
    world, client = home.world, home.world.client
    receipts, entries, paths = client.receipts_checked, client.entries_checked, reads(home.house)
    good = 0
    for user in READERS:
        session = world.as_(user)
        for path in paths:
            good += (await session.send("GET", path)).status_code == 200
    assert good > len(READERS) * len(paths) / 2
    assert client.receipts_checked - receipts > good / 2
    assert client.entries_checked - entries > 400


async def test_a1_every_value_on_a_line_of_a_list_or_a_search_stands_on_its_receipts(
    home: HouseWorld,
) -> None:
    world, client, wanted = home.world, home.world.client, await searches(home)
    held = Counter[tuple[str, str]]()
    for user in LOOKERS:
        session = world.as_(user)
        for what, asking in (
            ("list", [session.send("GET", path) for path in LISTS]),
            ("cards", [session.send("GET", path) for path in WORKLISTS]),
            ("search", [session.send("POST", "/v1/people/search", details) for details in wanted]),
        ):
            lines, values = client.lines_checked, client.values_checked
            for answer in asking:
                assert (await answer).status_code in (200, 403)
            held[what, "lines"] += client.lines_checked - lines
            held[what, "values"] += client.values_checked - values
    for (what, kind), least in HELD_AT_LEAST.items():
        assert held[what, kind] >= least, held


@pytest.mark.parametrize("lie", LIES)
async def test_a1_the_check_finds_what_no_receipt_holds(sqlite_home: HouseWorld, lie: str) -> None:
    """Without this the property could hold because nothing was ever compared."""
    world, case = sqlite_home.world, sqlite_home.house.case
    told = InProcess(world.suite.services["consent"])
    async with world.client_over({"consent": Lying(told, LIES[lie])}) as client:
        with pytest.raises(AssertionError):
            await world.as_("hana.novak", client=client).send("GET", f"/v1/cases/{case}")
    async with world.client_over({"consent": Lying(told, dict)}) as client:
        assert (await world.as_("hana.novak", client=client).send("GET", f"/v1/cases/{case}")).is_success


@pytest.mark.parametrize("lie", LIES_OF_LINES)
@pytest.mark.parametrize("what", ["list", "search", "cards"])
async def test_a1_the_check_finds_a_line_that_no_receipt_holds(
    sqlite_home: HouseWorld, lie: str, what: str
) -> None:
    """Fails when a line counts as held because its request left some receipt with some entry on it."""
    world, (service, change) = sqlite_home.world, LIES_OF_LINES[lie]
    told, wanted = InProcess(world.suite.services[service]), (await searches(sqlite_home))[0]
    requests: dict[str, tuple[Any, ...]] = {
        "list": ("GET", "/v1/cases"),
        "search": ("POST", "/v1/people/search", wanted),
        "cards": ("GET", "/v1/worklists/promises"),
    }
    request = requests[what]
    user = "hana.novak"
    if lie == "more than was recorded":
        user = SEE_LESS[what]
    async with world.client_over({service: Lying(told, change)}) as client:
        with pytest.raises(AssertionError):
            await world.as_(user, client=client).send(*request)
    async with world.client_over({service: Lying(told, lambda same: same)}) as client:
        assert (await world.as_(user, client=client).send(*request)).is_success
        assert client.lines_checked
