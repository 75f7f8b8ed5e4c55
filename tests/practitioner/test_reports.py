"""Reports with charts: what they say, and what may not be told."""

from datetime import date
from typing import Any

import pytest

from clients.practitioner.presenters.reports import REPORTS, periods_of, report_of
from services.case.reports.operations import REPORTS as SPLIT
from tests.practitioner.browser import Desk

pytestmark = pytest.mark.anyio
Json = dict[str, Any]


@pytest.mark.parametrize(("user", "report"), [("rita.shaw", "cases-opened"), ("grace.obi", "costs")])
async def test_whoever_reads_figures_opens_a_report_and_is_told_what_is_left_out(
    desk: Desk, user: str, report: str
) -> None:
    browser = await desk.signed_in(user)
    page = await browser.get("/reports")
    assert len([at for at in page.links.values() if at.startswith("/reports/")]) == len(REPORTS)
    page = await browser.get(f"/reports/{report}")
    assert page.status == 200
    assert "Groups of fewer than 10 people are not told" in page.text
    assert "No group is large enough to be told." in page.text


async def test_a_scrutineer_begins_with_reports(desk: Desk) -> None:
    page = await (await desk.signed_in("rita.shaw")).get("/")
    assert (page.address, page.heading) == ("/reports", "Reports")


async def test_a_report_that_cannot_be_made_says_why(desk: Desk) -> None:
    browser = await desk.signed_in("rita.shaw")
    for query in ("period=lately", "period=2031-Q1", "by=name", "by=%3Cscript%3Ealert(1)"):
        page = await browser.get(f"/reports/cases-opened?{query}")
        assert (page.status, bool(page.mistakes)) == (422, True), query
        assert "<script>alert" not in page.html


@pytest.mark.parametrize("user", ["nadia.bell", "tom.ashby"])
async def test_nobody_else_reads_reports(desk: Desk, user: str) -> None:
    assert (await (await desk.signed_in(user)).get("/reports/cases-opened")).status == 403


def test_every_report_is_offered_split_as_the_api_splits_it() -> None:
    assert {name: set(ways) for name, (_, ways) in REPORTS.items() if name != "costs"} == {
        name: set(ways) for name, (_, ways) in SPLIT.items()
    }


def test_only_times_that_are_over_are_offered() -> None:
    assert periods_of(date(2031, 3, 3), "cases-opened")[:2] == [
        ("2030-Q4", "October to December 2030"),
        ("2030-Q3", "July to September 2030"),
    ]
    assert periods_of(date(2031, 4, 1), "costs")[0] == ("2030", "2030")
    assert len(periods_of(date(2031, 12, 31), "cases-closed")) == 8


def test_a_chart_and_its_table_say_the_same_and_small_groups_stand_together() -> None:
    answer: Json = {
        "report": "cases-opened", "by": "agency", "fewer_than": 10, "total": 57, "others": 12,
        "rows": [{"name": "a-school", "people": 30}, {"name": "b-trust", "people": 15}],
    }  # fmt: skip
    told = report_of(answer, {"a-school": "A School"})
    assert told.rows == [["A School", "30"], ["B trust", "15"], ["All others together", "12"]]
    assert told.chart is not None
    assert [(bar.label, bar.words) for bar in told.chart.bars] == [("A School", "30"), ("B trust", "15")]
    assert told.chart.bars[0].length == 2 * told.chart.bars[1].length
    assert told.total == "57 people, each once with each agency"


def test_costs_are_told_in_pounds_and_nothing_is_drawn_where_nothing_may_be_told() -> None:
    answer: Json = {
        "report": "costs", "by": "agency", "fewer_than": 10, "people": 40, "others_pence": 120_050,
        "rows": [{"name": "a-school", "people": 30, "pence": 5_000_000, "share_percent": 97.7}],
    }  # fmt: skip
    told = report_of(answer, {})
    assert told.rows == [
        ["A school", "30", "£50,000.00", "97.7 %"],
        ["All others together", "Not told", "£1,200.50", ""],
    ]
    empty = report_of({**answer, "rows": [], "others_pence": None, "people": None}, {})
    assert (empty.rows, empty.chart, empty.total) == ([], None, None)
