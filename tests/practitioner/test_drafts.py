"""Drafts: what somebody types is kept while they write, for them, in that role and on that page alone."""

import re
from datetime import timedelta

import pytest
from bs4 import Tag

from clients.practitioner.rendering import HERE
from tests.practitioner.browser import Browser, Desk, Page
from tests.practitioner.test_bad_days import meeting_of

pytestmark = pytest.mark.anyio
ADDRESS = "/people/new"
HOSTILE = '"><script>alert(1)</script>'


async def type_in(browser: Browser, page: Page, address: str = ADDRESS, **typed: str) -> Page:
    """What the page's script sends while somebody writes."""
    return await browser.ask(
        "POST", "/drafts", {**page.filled_in(address), **typed, "page": address}, follow=False
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
    assert (await browser.get(ADDRESS)).filled_in(ADDRESS)["given_names"] != "Theirs"


async def test_a_mistake_keeps_the_draft_and_a_good_form_ends_it(desk: Desk) -> None:
    browser = await desk.signed_in("nadia.bell")
    page = await browser.get(ADDRESS)
    await type_in(browser, page, given_names="Tess", nhs_number="1")
    page = await browser.send(await browser.get(ADDRESS), ADDRESS)
    assert page.status == 422
    assert (await browser.get(ADDRESS)).filled_in(ADDRESS)["nhs_number"] == "1"


LONG = (
    "/concerns/new", "/cases/{case}/contacts/new", "/cases/{case}/life-events/new",
    "/cases/{case}/plan/actions/new", "/cases/{case}/plan/goals/new", "/cases/{case}/reviews/new",
    "/cases/{case}/meetings/new", "/cases/{case}/referrals/new", "/cases/{case}/sharing-requests/new",
    "/cases/{case}/compact/new", "/cases/{case}/flags/worries/new", "{meeting}/decisions/new",
    "{meeting}/pledges/new", "{meeting}/agenda/new", "{meeting}/cancellation",
)  # fmt: skip
"""Forms in which somebody writes for a while."""


async def test_what_is_written_in_any_long_form_is_kept_until_it_is_sent_or_thrown_away(desk: Desk) -> None:
    browser = await desk.signed_in("sam.okafor")
    meeting = await meeting_of(desk)
    for shape in LONG:
        address = shape.format(case=desk.home.house.case, meeting=meeting)
        page = await browser.get(address)
        assert page.status == 200, address
        assert page.form(address).has_attr("data-draft"), address
        longest = page.form(address).find("textarea")
        assert isinstance(longest, Tag), address
        name = str(longest["name"])
        before = page.filled_in(address)[name]
        assert (await type_in(browser, page, address, **{name: HOSTILE})).status == 204
        page = await browser.get(address)
        assert "This is your draft" in page.text, address
        assert page.filled_in(address)[name] == HOSTILE, address
        page = await browser.send(page, "/drafts/thrown-away")
        assert (page.address, page.filled_in(address)[name]) == (address, before), address


async def test_a_concern_that_is_sent_leaves_no_draft(desk: Desk) -> None:
    browser, address = await desk.signed_in("ruth.amadi"), "/concerns/new"
    await type_in(browser, await browser.get(address), address, worry="He has bruises", about="A boy in 4B")
    kept = await browser.get(address)
    sent = await browser.send(
        kept, address, recipient="harbour-social-care", when="Today", immediate_danger="no", family_told="yes"
    )
    assert sent.address == "/concerns/sent", sent.mistakes
    assert (await browser.get(address)).filled_in(address)["worry"] == ""


WITHOUT_DRAFT = {
    "asking/who_says.html": "is kept from page to page as it is answered",
    "emergency/opening.html": "is sent at once",
    "family/word.html": "is the family's, on a device that may be anybody's",
    "ledger/hold.html": "has a form for each of several answers",
    "ledger/verification.html": "takes what was written elsewhere",
    "overrides/bar.html": "has a form for each of several answers",
    "overrides/override.html": "has a form for each of several answers",
}
"""Templates with something long to write that is not kept meanwhile, and why."""


def test_every_form_with_something_long_to_write_is_kept_meanwhile_or_named_with_the_reason() -> None:
    """By the source. Three changes that make it fail: a form that is not kept, a reason for one that is, and
    a page whose form stands in it under another name, beside which nothing offers to throw it away."""
    folder = HERE / "templates"
    shared = {"forms.html", "asked.html", "meetings/item.html"}
    found = {
        str(file.relative_to(folder)): file.read_text(encoding="utf-8") for file in folder.rglob("*.html")
    }
    long = {name for name, text in found.items() if re.search(r"forms\.long\(|meetings/item", text)} - shared
    kept = {name for name, text in found.items() if "novalidate data-draft>" in text}
    assert long - kept == WITHOUT_DRAFT.keys()
    assert len(kept) > 30
    for name in kept:
        assert "forms.hidden(session, state)" in found[name], name
