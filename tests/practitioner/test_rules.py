"""The rules of sharing from pages: drafted in small tables, tried, approved by another, published."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from clients.practitioner.pages.rules import counts_from
from clients.practitioner.presenters.charts import chart_of
from clients.practitioner.presenters.rules import (
    cell_words,
    differences_of,
    given_of,
    purpose_table,
    role_table,
    simulation_of,
    with_choices,
)
from clients.practitioner.words import ROLES
from shared.vocabulary import Purpose
from tests.gateway.areas.policies import document
from tests.practitioner.browser import Browser, Desk, Page

pytestmark = pytest.mark.anyio
POLICY_DATA = Path(__file__).parents[2] / "services/consent/policy_data"
HOSTILE = '"><script>alert(1)</script>\u202e'
Json = dict[str, Any]


def chosen(page: Page) -> dict[str, Any]:
    """The fields of the one table of a page as they stand."""
    fields = {
        str(select["name"]): str(option["value"])
        for select in page.soup.find_all("select")
        if (option := select.find("option", selected=True)) is not None
    }
    return {**page.filled_in(page.address), **fields}


async def begun(browser: Browser, why: str) -> Page:
    page = await browser.get("/rules/versions/1/draft")
    page = await browser.send(page, "/rules/versions/1/draft", why=why)
    assert page.heading == "Draft of the rules"
    return page


async def test_a_rule_is_changed_tried_approved_by_a_second_person_published_and_brought_back(
    desk: Desk,
) -> None:
    author, second = await desk.signed_in("tom.ashby"), await desk.signed_in("hous.officer")
    page = await begun(author, "Plans are for those on the team " + HOSTILE)
    draft = page.address
    assert "<script>alert" not in page.html
    assert "Nobody is given more or less." in page.text
    table = await author.get(page.links["Practitioner"])
    fields = chosen(table)
    plan = [name for name in fields if name.startswith("ceilings-") and name.endswith("-P")]
    assert [fields[name] for name in plan] == ["0", "2", "3", "3"]
    page = await author.ask("POST", table.address, {**fields, plan[2]: "2"})
    assert page.address == draft
    assert "headlines instead of everything" in page.text
    assert "Comes out differently" in page.text
    assert "Approve it" not in page.text
    page = await author.ask("POST", draft, {**step(page, draft, "mean"), "do": "mean"})
    while "Comes out differently" in page.text:
        page = await author.ask("POST", draft, step(page, draft, "mean"))
    page = await author.ask("POST", draft, step(page, draft, "simulate"))
    assert "Compared with version 1" in page.text
    assert has_step(page, "approve") is False
    assert (await second.get("/office")).links["A draft of the rules waits for a second person"] == draft
    page = await second.get(draft)
    assert has_step(page, "publish") is False
    page = await second.ask("POST", draft, step(page, draft, "approve"))
    assert "Approved by hous.officer" in page.text
    page = await author.get(draft)
    publish = step(page, draft, "publish")
    page = await author.ask("POST", draft, publish)
    assert page.status == 422
    assert page.mistakes
    when = {"published_from-day": "1", "published_from-month": "6", "published_from-year": "2031"}
    for _ in range(2):
        page = await author.ask("POST", draft, {**publish, **when})
        assert (page.status, page.heading) == (200, "The rules of sharing")
    assert "Version 2 To come 1 June 2031, 12.00am" in page.text
    assert "Version 3" not in page.text
    page = await author.get("/rules/versions/1/differences/2")
    assert "Practitioner, on the team, for support: The plan: headlines instead of everything" in page.text
    page = await author.get("/rules/versions/1/restoration")
    page = await author.send(page, "/rules/versions/1/restoration", why="It was better before")
    assert "Brings back version 1." in page.text
    assert "Change it" not in page.text


def test_a_version_counts_from_today_within_two_minutes_and_from_another_day_when_it_begins() -> None:
    late = datetime(2031, 6, 1, 22, 58, 31, tzinfo=UTC)
    assert counts_from("2031-06-01", late) == "2031-06-01T23:00:00.000000Z", "it is a minute to midnight"
    assert counts_from("2031-06-02", late) == "2031-06-01T23:00:00Z"
    assert counts_from("2031-12-01", late) == "2031-12-01T00:00:00Z"
    assert counts_from("soon", late) == "soon"
    assert counts_from(None, late) == ""


def step(page: Page, draft: str, what: str) -> dict[str, str]:
    """The fields of the first form of a draft's page that does this."""
    assert page.address == draft
    for form in page.soup.find_all("form", action=draft):
        fields = {str(one["name"]): str(one.get("value", "")) for one in form.find_all("input")}
        if fields.get("do") == what:
            return fields
    raise AssertionError(f"no form to {what} {draft}: {page.status} {page.text[:300]}")


def has_step(page: Page, what: str) -> bool:
    return page.soup.find("input", attrs={"name": "do", "value": what}) is not None


def examples(page: Page) -> list[list[str]]:
    """The table of the examples that come out as written."""
    [table] = [one for one in page.soup.find_all("table") if "Example" in one.get_text()]
    rows = [row.find_all(["th", "td"]) for row in table.select("tbody tr")]
    return [[cell.get_text(" ", strip=True) for cell in row] for row in rows]


async def test_every_example_is_listed_and_those_that_come_out_differently_stand_first(desk: Desk) -> None:
    goldens = json.loads((POLICY_DATA / "golden-1.json").read_text("utf-8"))
    author = await desk.signed_in("tom.ashby")
    page = await begun(author, "To see the examples")
    assert [row[0] for row in examples(page)] == [row["says"] for row in goldens]
    assert {row[1] for row in examples(page)} == {"Nothing", "That it is there", "Headlines", "Everything"}
    table = await author.get(page.links["Practitioner"])
    fields = chosen(table)
    plan = [name for name in fields if name.startswith("ceilings-") and name.endswith("-P")]
    page = await author.ask("POST", table.address, {**fields, plan[2]: "2"})
    passing, failing = [row[0] for row in examples(page)], page.text.count("Comes out differently")
    assert failing > 0
    assert len(passing) == len(goldens) - failing
    first = next(row["says"] for row in goldens if row["says"] not in passing)
    assert page.text.index(first) < page.text.index(passing[0])
    assert "Written: everything. Now: headlines." in page.text


async def test_a_version_shows_the_examples_of_each_role(desk: Desk) -> None:
    goldens = json.loads((POLICY_DATA / "golden-1.json").read_text("utf-8"))
    author, shown = await desk.signed_in("tom.ashby"), 0
    for role in {row["role"] for row in goldens} & {"practitioner", "volunteer", "team_manager"}:
        page = await author.get(f"/rules/versions/1?role={role}")
        assert [row[0] for row in examples(page)] == [row["says"] for row in goldens if row["role"] == role]
        shown += len(examples(page))
    assert shown > 10


async def test_what_a_second_tab_saved_is_not_written_over_and_what_was_chosen_stays(desk: Desk) -> None:
    author = await desk.signed_in("tom.ashby")
    page = await begun(author, "Two tabs")
    table = await author.get(page.links["Volunteer"])
    old = chosen(table)
    name = next(one for one in old if one.endswith("-A"))
    assert old[name] == "3"
    page = await author.ask("POST", table.address, {**old, name: "2", "once": "first-tab"})
    assert page.heading == "Draft of the rules"
    page = await author.ask("POST", table.address, {**old, name: "1", "once": "second-tab"})
    assert page.status == 422
    assert page.mistakes == [
        "Somebody changed this draft meanwhile. What you chose is below and was not saved; open the draft "
        "afresh to see what they did."
    ]
    assert chosen(page)[name] == "1"
    assert chosen(await author.get(table.address))[name] == "2"


async def test_a_choice_that_is_none_is_refused_and_nothing_is_saved(desk: Desk) -> None:
    author = await desk.signed_in("tom.ashby")
    page = await begun(author, "Made up")
    table = await author.get(page.links["Support"])
    assert table.heading == "For support"
    fields = chosen(table)
    name = next(one for one in fields if one.startswith("rows-") and one.endswith("-H"))
    page = await author.ask("POST", table.address, {**fields, name: HOSTILE})
    assert page.status == 422
    assert "<script>alert" not in page.html
    page = await author.get(table.address.split("/purposes/")[0])
    assert "Nobody is given more or less." in page.text


async def test_a_draft_without_a_reason_is_not_begun_and_one_is_thrown_away_by_its_author(
    desk: Desk,
) -> None:
    author = await desk.signed_in("tom.ashby")
    page = await author.get("/rules/versions/1/draft")
    page = await author.send(page, "/rules/versions/1/draft", why="")
    assert (page.status, len(page.mistakes)) == (422, 1)
    page = await begun(author, "To be thrown away")
    draft = page.address
    other = await (await desk.signed_in("hous.officer")).get(draft)
    assert has_step(other, "discard") is False
    page = await author.ask("POST", draft, step(page, draft, "discard"))
    assert page.address == "/rules"
    assert "To be thrown away" not in page.text
    assert (await author.get(draft)).status == 404


@pytest.mark.parametrize("end", ["", "/versions/1", "/versions/1/differences/1", "/versions/1/draft"])
async def test_nobody_else_reads_the_rules(desk: Desk, end: str) -> None:
    for user in ("nadia.bell", "rita.shaw"):
        page = await (await desk.signed_in(user)).get(f"/rules{end}")
        if end != "/versions/1/draft":
            assert page.status == 403
        else:
            refused = await (await desk.signed_in(user)).send(page, f"/rules{end}", why="Mine")
            assert refused.status == 403


@pytest.mark.parametrize("version", ["0", "99", "x", "-1", "1.5"])
async def test_a_version_that_there_is_not_is_no_page(desk: Desk, version: str) -> None:
    browser = await desk.signed_in("tom.ashby")
    assert (await browser.get(f"/rules/versions/{version}")).status == 404


def test_every_level_of_the_default_rules_stands_in_exactly_one_table_of_a_role() -> None:
    policy = document()
    names = [cell.name for role in ROLES for line in role_table(policy, role).lines for cell in line.cells]
    parts = {name.rsplit("-", 1)[0] for name in names}
    held = {f"{part}-{n}" for part in ("ceilings", "own_ceilings") for n in range(len(policy[part]))}
    assert held <= parts
    assert len(names) >= 16 * len(held)


def test_tables_that_are_saved_as_they_stand_change_nothing() -> None:
    policy = document()
    tables = [role_table(policy, role) for role in ROLES]
    tables += [purpose_table(policy, purpose) for purpose in Purpose]
    saved = {cell.name: cell.value for table in tables for line in table.lines for cell in line.cells}
    assert with_choices(policy, saved) == policy
    assert with_choices(policy, {"ceilings-999-I": "3", "csrf": "x"}) == policy


def test_a_choice_changes_its_own_digit_and_no_other() -> None:
    policy = document()
    changed = with_choices(policy, {"ceilings-2-S": "3", "rows-1-H": "1O2", "rows-1-B": ""})
    assert changed["ceilings"][2]["levels"] == policy["ceilings"][2]["levels"][:12] + "3" + "203"
    assert changed["rows"][1]["cells"] == {"X": "0P0", "H": "1O2"}
    assert policy == document()


def test_cells_read_as_sentences() -> None:
    said = {
        "0P0": "Nothing",
        "0P3": "Nothing; everything once they agree",
        "2O3": "Headlines, unless the family objects; everything once they agree",
        "3M3": "Everything, whatever the family says",
    }
    assert {cell: cell_words(cell) for cell in said} == said


def test_a_difference_names_what_is_sensitive_and_everybody_whom_it_concerns() -> None:
    row = {
        "role": "practitioner", "purpose": "support", "relationship": "member", "given": "freely",
        "before": 1, "after": 3, "kinds": ["health", "education"],
    }  # fmt: skip
    told = differences_of({"levels": [{**row, "category": c} for c in ("safeguarding", "health")]})
    assert [one.sentence for one in told] == [
        "Practitioner, on the team, for support: Safeguarding, Health: everything instead of that it is "
        "there, without the family being asked."
    ]
    assert [(one.kinds, one.more, one.sensitive) for one in told] == [("health, education", True, True)]


def test_a_chart_has_no_bar_for_a_figure_that_may_not_be_told() -> None:
    cell = {"role": "practitioner", "agency": "a-school", "purpose": "support", "lost_in_use": None}
    answer: Json = {
        "state": "finished",
        "against": 1,
        "digest": "d",
        "results": {
            "cells": [
                {**cell, "category": "plan", "gained": None, "lost": 20},
                {**cell, "category": "offending", "gained": 10, "lost": None},
            ],
            "cases": {"simulated": 50, "gaining": None, "losing": 20},
        },
    }
    told = simulation_of(answer, {})
    assert told is not None
    assert told.chart is not None
    assert [(bar.label, bar.words) for bar in told.chart.bars] == [
        ("The plan: less", "20"),
        ("Offending: more", "10"),
    ]
    assert [bar.length for bar in told.chart.bars] == [340, 170]
    assert told.sensitive == ["Offending"]
    assert (told.simulated, told.gaining) == ("About 50", "Fewer than 10, or none")
    small = chart_of("x", [("a" * 40, None, 0), ("b", 0, 1)], 10)
    assert [(bar.words, bar.length) for bar in small.bars] == [("fewer than 10", 0), ("0", 0)]
    assert all(len(re.sub(r"…", "", bar.label)) <= 28 for bar in small.bars)


def test_what_a_version_gives_reads_as_sentences() -> None:
    row = {"who": "none (police, housing)", "purpose": "support", "cells": ["·", "1°", "1°→2", "0→3", "3"]}
    given = given_of(row)
    assert given.who == "Not on the team (police, housing), for support"
    assert given.cells == [
        "Nothing",
        "That it is there, unless the family objects",
        "That it is there, unless the family objects; headlines once they agree",
        "Nothing; everything once they agree",
        "Everything",
    ]
    assert given_of(row | {"who": "lead"}).who == "Leads the case, for support"
