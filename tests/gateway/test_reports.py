"""Who reads which reports: a manager about their own agency, a scrutineer about the partnership; nobody else,
and nobody anything about a person.

Three changes that make this fail: giving a manager the partnership's figures, letting practitioners in,
forgetting the receipt.
"""

import pytest

from tests.gateway.conftest import HouseWorld
from tests.gateway.household import SCHOOL
from tests.support.gateway import START, fields_of

pytestmark = pytest.mark.anyio
PERIOD = f"{START.year - 1}-Q4"
PATH = f"/v1/reports/cases-opened?by=agency&period={PERIOD}"


async def test_managers_read_about_their_agency_and_scrutineers_about_all(home: HouseWorld) -> None:
    world = home.world
    manager = await world.as_("grace.obi").get(PATH)
    assert manager == {
        "report": "cases-opened", "by": "agency", "period": PERIOD, "agency": SCHOOL, "rows": [],
        "others": None, "total": None, "fewer_than": 10, "notice": manager["notice"],
        "decision": manager["decision"],
    }  # fmt: skip
    receipt = await world.receipt(manager["decision"]["receipt"])
    assert receipt is not None
    assert (receipt["action"], receipt["deed"], receipt["cases"]) == ("list", "read_reports", [])
    scrutineer = await world.as_("rita.shaw").get(PATH)
    assert scrutineer["agency"] is None
    assert scrutineer["decision"]["purpose"] == "planning"
    for user in ("nadia.bell", "paul.ensor", "tom.ashby", "reg.fenn"):
        assert (await world.as_(user).send("GET", PATH)).status_code == 403, user


async def test_a_report_about_a_time_that_is_not_over_or_unknown_is_refused(home: HouseWorld) -> None:
    manager = home.world.as_("grace.obi")
    for query, status, fields in (
        (f"cases-opened?by=agency&period={START.year}-Q{(START.month + 2) // 3}", 422, ["period"]),
        ("cases-opened?by=agency&period=lately", 422, ["period"]),
        (f"cases-opened?by=name&period={PERIOD}", 422, ["by"]),
        (f"costs?by=area&period={START.year - 1}", 422, ["by"]),
        ("cases-opened", 422, ["by", "period"]),
    ):
        response = await manager.send("GET", f"/v1/reports/{query}")
        assert (response.status_code, fields_of(response)) == (status, fields), query


async def test_a_cost_is_disclosed_like_any_entry(home: HouseWorld) -> None:
    world, case = home.world, home.house.case
    cost = {
        "service": "One-to-one teaching",
        "starts_on": "2025-01-06",
        "ends_on": "2025-04-01",
        "pence": 320_000,
    }
    made = await world.as_("nadia.bell").post(f"/v1/cases/{case}/costs", cost)
    own = (await world.as_("nadia.bell").get(f"/v1/cases/{case}"))["areas"]["budget"]
    assert [(entry["id"], entry["fields"]) for entry in own if entry["id"] == made["id"]] == [
        (made["id"], cost)
    ]
    mentor = await world.as_("kit.vane").send("GET", f"/v1/cases/{case}")
    assert "One-to-one teaching" not in mentor.text
