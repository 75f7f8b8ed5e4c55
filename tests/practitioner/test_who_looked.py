"""Who has looked, for those at work with the family: what they may be told, and whom to ask for the rest."""

from uuid import uuid4

import pytest

from tests.practitioner.browser import Desk

pytestmark = pytest.mark.anyio


async def test_the_list_of_looks_is_not_for_a_practitioner_who_is_told_whom_to_ask(desk: Desk) -> None:
    house, world = desk.home.house, desk.home.world
    await world.as_("hana.novak").get(f"/v1/cases/{house.case}")
    case = f"/cases/{house.case}"
    for user in ("sam.okafor", "hana.novak"):
        browser = await desk.signed_in(user)
        assert f"{case}/who-has-looked" in (await browser.get(case)).links.values(), user
        page = await browser.get(f"{case}/who-has-looked")
        assert (page.status, page.heading) == (200, "Who has looked")
        assert "yours too" in page.text
        assert page.soup.find("table") is None, "a list of looks"
        service = {"sam.okafor": "Eastmere Youth Offending Team", "hana.novak": "Tidewater Housing"}[user]
        assert f"The information officer of {service}" in page.text
    browser = await desk.signed_in("hana.novak")
    for nowhere in ("x", str(uuid4())):
        assert (await browser.get(f"/cases/{nowhere}/who-has-looked")).status == 404


async def test_whoever_took_a_permission_comes_by_what_was_seen_because_of_it(desk: Desk) -> None:
    house = desk.home.house
    address = f"/cases/{house.case}/permissions/{house.everyday_permission}/left"
    browser = await desk.signed_in("nadia.bell")
    page = await browser.get(f"/cases/{house.case}/who-has-looked")
    assert address in page.links.values()
    assert (await browser.get(address)).status == 200
    page = await (await desk.signed_in("hana.novak")).get(f"/cases/{house.case}/who-has-looked")
    assert [to for to in page.links.values() if to.endswith("/left")] == []
    assert "You are told this if you are the lead professional, or if you asked the family." in page.text


async def test_the_lead_is_told_who_opened_the_case_because_of_danger_and_others_are_not(desk: Desk) -> None:
    house, world = desk.home.house, desk.home.world
    said = "She was seen on the bridge"
    await world.as_("joan.reed").post(f"/v1/cases/{house.case}/break-glass", {"reason": said})
    lead = await (await desk.signed_in("sam.okafor")).get(f"/cases/{house.case}/who-has-looked")
    assert said in lead.text
    other = await (await desk.signed_in("hana.novak")).get(f"/cases/{house.case}/who-has-looked")
    assert other.status == 200
    assert said not in other.text
    assert "You are told of nobody who opened it." in other.text


async def test_an_officer_reads_the_list_itself(desk: Desk) -> None:
    page = await (await desk.signed_in("tom.ashby")).get(f"/cases/{desk.home.house.case}/who-has-looked")
    assert (page.status, page.heading) == (200, "Who has looked")
    assert page.soup.find("table") is not None
