"""Drafts: what somebody types is kept while they write, for them, in that role and on that page alone."""

from datetime import timedelta

import pytest

from tests.practitioner.browser import Browser, Desk, Page

pytestmark = pytest.mark.anyio
ADDRESS = "/people/new"
HOSTILE = '"><script>alert(1)</script>'


async def type_in(browser: Browser, page: Page, **typed: str) -> Page:
    """What the page's script sends while somebody writes."""
    return await browser.ask(
        "POST", "/drafts", {**page.filled_in(ADDRESS), **typed, "page": ADDRESS}, follow=False
    )


async def test_a_draft_stays_until_it_is_saved(desk: Desk) -> None:
    browser = await desk.signed_in("hana.novak")
    page = await browser.get(ADDRESS)
    assert page.form(ADDRESS).has_attr("data-draft"), "by which the script knows it"
    assert (await type_in(browser, page, given_names=HOSTILE)).status == 204
    for _ in range(2):
        page = await browser.get(ADDRESS)
        assert "This is your draft" in page.text
        assert page.filled_in(ADDRESS)["given_names"] == HOSTILE
        assert "<script>alert" not in page.html
    page = await browser.send(page, ADDRESS, given_names="Tess")
    assert page.heading == "Open a case"
    page = await browser.get(ADDRESS)
    assert "This is your draft" not in page.text
    assert page.filled_in(ADDRESS)["given_names"] == ""


async def test_a_draft_can_be_thrown_away(desk: Desk) -> None:
    browser = await desk.signed_in("hana.novak")
    await type_in(browser, await browser.get(ADDRESS), given_names="Tess")
    page = await browser.send(await browser.get(ADDRESS), "/drafts/thrown-away")
    assert (page.address, page.filled_in(ADDRESS)["given_names"]) == (ADDRESS, "")


async def test_a_draft_is_its_writers_alone(desk: Desk) -> None:
    browser = await desk.signed_in("hana.novak")
    await type_in(browser, await browser.get(ADDRESS), given_names="Tess")
    other = await (await desk.signed_in("sam.okafor")).get(ADDRESS)
    assert other.filled_in(ADDRESS)["given_names"] == ""
    another_device = await (await desk.signed_in("hana.novak")).get(ADDRESS)
    assert another_device.filled_in(ADDRESS)["given_names"] == "Tess"


async def test_what_is_typed_after_the_session_ended_is_there_after_signing_in(desk: Desk) -> None:
    browser = await desk.signed_in("ruth.amadi")
    page = await browser.get(ADDRESS)
    desk.home.world.clock.now += timedelta(minutes=20)
    assert (await type_in(browser, page, given_names="Typed too late")).status == 303
    page = await browser.get(f"/sign-in?to={ADDRESS}&user=ruth.amadi")
    assert page.filled_in(ADDRESS)["given_names"] == "Typed too late"


async def test_no_other_site_can_leave_a_draft(desk: Desk) -> None:
    browser = await desk.signed_in("ruth.amadi")
    page = await browser.get(ADDRESS)
    assert (await type_in(browser, page, given_names="Theirs", csrf="made-up")).status == 403
    assert (await browser.get(ADDRESS)).filled_in(ADDRESS)["given_names"] == ""


async def test_a_mistake_keeps_the_draft_and_a_good_form_ends_it(desk: Desk) -> None:
    browser = await desk.signed_in("nadia.bell")
    page = await browser.get(ADDRESS)
    await type_in(browser, page, given_names="Tess", nhs_number="1")
    page = await browser.send(await browser.get(ADDRESS), ADDRESS)
    assert page.status == 422
    assert (await browser.get(ADDRESS)).filled_in(ADDRESS)["nhs_number"] == "1"
