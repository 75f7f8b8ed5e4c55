"""A1: nothing leaves before its receipt is durable, and whatever leaves stands on it at that level.

Every answer of every test of the gateway is held to this by the client that they all speak through
(``CheckedClient`` in ``tests/support/gateway.py``). Here everybody reads everything on both stores, what was
checked is counted, and the check itself is tried on a decision that lies.

Three changes that make this fail: answering a decision that was not recorded; projecting an entry at another
level than its cell's (``projection.py``); a receipt that leaves out what was released of one subject
(``services/consent/ledger``).
"""

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
LIES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "more than was recorded": lambda answer: {
        **answer,
        "cases": [
            {**case, "levels": [int(Level.FULL)] * len(case["levels"])} for case in answer.get("cases", ())
        ],
    },
    "a receipt that is nowhere": lambda answer: {**answer, "receipt": new_id()},
}


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
