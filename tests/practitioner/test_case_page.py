"""The page of a case: findings stand under the domains of the assessment, whatever of them is shown."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clients.practitioner.gateway_client import Unavailable
from clients.practitioner.instruments import Instruments
from clients.practitioner.presenters.case import CasePage, case_page_of
from clients.practitioner.presenters.timeline import HAPPENED, line_of
from clients.practitioner.words import day
from services.gateway.placement import PLACEMENTS
from tests.practitioner.browser import Browser, Desk

INSTRUMENT = json.loads(
    (Path(__file__).parents[2] / "services/assessment/instruments/data/caf-1.json").read_text("utf-8")
)
DOMAINS = INSTRUMENT["domains"]
TODAY = date(2031, 3, 3)


def entry(kind: str, **fields: str) -> dict[str, Any]:
    return {"kind": kind, "owner": "school", "author": "Ann", "fields": fields}


def page(
    *assessment: dict[str, Any],
    domains: list[Any] = DOMAINS,
    plan: Sequence[dict[str, Any]] = (),
    may: Sequence[str] = (),
) -> CasePage:
    header: dict[str, Any] = {
        "person": {"name": "Ada"},
        "lead_professional": None,
        "deputy": None,
        "team": [],
        "state": "open",
        "relationship": "member",
        "review_on": None,
    }
    areas: dict[str, Any] = {"assessment": list(assessment), "plan": list(plan), "person": [], "flags": []}
    view = {
        "id": "c",
        "header": header,
        "areas": areas,
        "may": may,
        "not_available": [],
        "unavailable": [],
        "notice": "",
        "decision": {"receipt": "r"},
    }
    return case_page_of(view, {"school": "A school"}, TODAY, domains)


def test_findings_stand_under_their_domains_in_the_order_of_the_instrument_strengths_in_front() -> None:
    first, last = DOMAINS[0]["elements"][0], DOMAINS[-1]["elements"][0]
    shown = page(
        entry("need", headline="Arrears", element=last["code"]),
        entry("need", headline="Asthma", element=first["code"]),
        entry("strength", headline="Runs", element=first["code"]),
        entry("goal", text="Is not a finding"),
    )
    found = [
        (domain.title, [(one.headline, one.element) for one in domain.findings]) for domain in shown.domains
    ]
    assert found == [
        (DOMAINS[0]["title"], [("Runs", first["title"]), ("Asthma", first["title"])]),
        (DOMAINS[-1]["title"], [("Arrears", last["title"])]),
    ]


def test_a_finding_of_which_no_element_is_shown_stands_last_and_is_not_left_out() -> None:
    known = DOMAINS[1]["elements"][0]["code"]
    shown = page(entry("need"), entry("strength", headline="Sings", element=known))
    assert [len(domain.findings) for domain in shown.domains] == [1, 1]
    assert shown.domains[0].title == DOMAINS[1]["title"]
    assert shown.domains[1].findings[0].headline == "Recorded; details not shown"


def test_without_an_instrument_every_finding_is_there_all_the_same() -> None:
    code = DOMAINS[0]["elements"][0]["code"]
    shown = page(entry("need", headline="Asthma", element=code), domains=[])
    assert [one.element for domain in shown.domains for one in domain.findings] == ["General health"]


def test_a_pledge_stands_there_as_those_say_to_whom_it_was_given() -> None:
    """What was kept is not late, whatever its service has said of the action."""
    late = {"desired_outcome": "A home", "by_when": "2031-01-01", "status": "agreed"}
    actions = [
        entry("action", **late, **({"pledge": state} if state else {})) for state in ("", "pledged", "kept")
    ]
    shown = page(plan=actions).agreed
    assert [(one.status, one.late) for one in shown] == [("agreed", True), ("agreed", True), ("kept", False)]
    [missed] = page(plan=[entry("action", **late, pledge="missed")]).agreed
    assert (missed.status, missed.late) == ("missed", False)


def test_where_no_day_is_set_whoever_may_set_one_is_led_there() -> None:
    assert page(may=["contribute"]).may_set_review
    assert not page(may=["request_sharing"]).may_set_review


def test_everything_that_is_recorded_is_told_as_a_sentence() -> None:
    """Fails when a kind of entry comes whose code would stand on the page."""
    assert set(HAPPENED) == set(PLACEMENTS)
    event = {"at": "2031-03-03T09:00:00Z", "what": "recorded", "kind": "case_opening", "owner": "school"}
    assert line_of(event, {"school": "A school"}).what == "The case was opened"
    assert line_of({**event, "kind": "quite_new"}, {}).what == "Quite new was recorded"


@pytest.mark.anyio
async def test_what_cannot_be_read_now_is_asked_for_again_next_time() -> None:
    answers = iter([Unavailable(), {"instruments": [{"code": "caf", "version": "1"}]}, INSTRUMENT])
    asked = []

    async def get(path: str) -> Any:
        asked.append(path)
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    instruments = Instruments()
    assert await instruments.domains(get) == ()
    assert await instruments.domains(get) == DOMAINS
    assert await instruments.domains(get) == DOMAINS
    assert asked == ["/v1/instruments", "/v1/instruments", "/v1/instruments/caf/1"]


@pytest.mark.anyio
async def test_the_case_names_the_domains_of_the_form(desk: Desk) -> None:
    shown = await (await desk.signed_in("sam.okafor")).get(f"/cases/{desk.home.house.case}")
    headings = {heading.get_text() for heading in shown.soup.select("section[aria-labelledby=assessment] h3")}
    assert headings & {domain["title"] for domain in DOMAINS}


async def lines_of(browser: Browser, address: str) -> list[tuple[str, str]]:
    """Every line of a timeline, page by page."""
    lines: list[tuple[str, str]] = []
    while True:
        page = await browser.get(address)
        for item in page.soup.select(".moj-timeline__item"):
            at, what = item.find("time"), item.find("h2")
            assert at is not None
            assert what is not None
            lines.append((str(at["datetime"]), what.get_text(" ", strip=True)))
        if "Older" not in page.links:
            return lines
        address = page.links["Older"]


@pytest.mark.anyio
async def test_what_happened_lately_stands_on_the_case_and_leads_to_everything_that_did(desk: Desk) -> None:
    """The newest first, on both. Three changes that make it fail: the timeline turned around, the oldest
    happenings on the case, and a page of a timeline that does not lead on."""
    case = f"/cases/{desk.home.house.case}"
    for user in ("sam.okafor", "hana.novak"):
        browser = await desk.signed_in(user)
        shown = await browser.get(case)
        assert shown.links["Everything that happened"] == f"{case}/timeline"
        everything = await lines_of(browser, f"{case}/timeline")
        assert len(everything) > 10
        assert [at for at, _ in everything] == sorted((at for at, _ in everything), reverse=True)
        latest = [
            li.get_text(" ", strip=True) for li in shown.soup.select("section[aria-labelledby=latest] li")
        ]
        assert len(latest) == 5
        for line, (at, what) in zip(latest, everything, strict=False):
            assert line.startswith(f"{day(at)} : {what}"), (user, line)
