"""Pages show what the gateway gives and nothing more, link to nothing that ends nowhere, and run nothing."""

import re

import pytest

from clients.practitioner.app import content_security_policy
from clients.practitioner.summaries import with_fields_named
from tests.practitioner.browser import Browser, Desk, Page

pytestmark = pytest.mark.anyio
CANARY = re.compile(r"canary\d{5}")
AT_WORK = (
    "nadia.bell",
    "sam.okafor",
    "hana.novak",
    "asif.khan",
    "ben.carver",
    "grace.obi",
    "paul.ensor",
    "tom.ashby",
    "rita.shaw",
    "dev.patel",
)


@pytest.mark.parametrize("user", ["sam.okafor", "hana.novak", "asif.khan", "ben.carver"])
async def test_c1_the_case_shows_words_of_the_callers_own_view_only(desk: Desk, user: str) -> None:
    house, world = desk.home.house, desk.home.world
    browser = await desk.signed_in(user)
    page = await browser.get(f"/cases/{house.case}")
    view = await world.as_(user).send("GET", f"/v1/cases/{house.case}")
    assert page.status == 200
    on_page, in_view = set(CANARY.findall(page.html)), set(CANARY.findall(view.text))
    assert on_page <= in_view
    assert len(on_page) >= 2, "a page on which nothing of the case stands shows nothing by chance only"


async def test_the_same_case_is_another_page_for_each_of_three(desk: Desk) -> None:
    pages = [
        (await (await desk.signed_in(user)).get(f"/cases/{desk.home.house.case}")).text
        for user in ("sam.okafor", "hana.novak", "ben.carver")
    ]
    assert len(set(pages)) == 3


async def test_whoever_leads_stands_on_the_case_with_their_telephone(desk: Desk) -> None:
    view = (await desk.home.world.as_("hana.novak").get(f"/v1/cases/{desk.home.house.case}"))["header"]
    page = await (await desk.signed_in("hana.novak")).get(f"/cases/{desk.home.house.case}")
    lead = view["lead_professional"]
    assert lead["name"] in page.text
    assert page.soup.find("a", href=f"tel:{lead['telephone'].replace(' ', '')}") is not None


@pytest.mark.parametrize("user", AT_WORK)
async def test_no_link_that_somebody_is_shown_leads_nowhere(desk: Desk, user: str) -> None:
    browser = await desk.signed_in(user)
    seen = await walk(browser)
    assert len(seen) >= (1 if user in ("rita.shaw", "tom.ashby") else 3)
    assert {address: page.status for address, page in seen.items() if page.status != 200} == {}


async def walk(browser: Browser) -> dict[str, Page]:
    """Every page that links lead to from the first, by address."""
    seen: dict[str, Page] = {}
    ahead = ["/"]
    while ahead:
        address = ahead.pop()
        if address not in seen:
            seen[address] = await browser.get(address)
            ahead.extend(seen[address].links.values())
    return seen


async def test_every_page_has_a_title_a_heading_and_runs_nothing_of_its_own(desk: Desk) -> None:
    pages = await walk(await desk.signed_in("sam.okafor"))
    policy = content_security_policy(desk.app.state.parts.settings)
    pages["/nowhere"] = await (await desk.signed_in("sam.okafor")).get("/nowhere")
    for address, page in pages.items():
        if not page.is_file:
            assert page.title.endswith(" - Teamaround"), address
            assert page.heading, address
        assert page.headers["content-security-policy"] == policy
        assert page.headers["cache-control"] == "no-store", address
        scripts = page.soup.find_all("script")
        assert all(script.get("src") and not script.get_text(strip=True) for script in scripts), address
        assert page.soup.find(style=True) is None, address
        assert page.soup.find("style") is None, address
        assert not any(name.startswith("on") for tag in page.soup.find_all(True) for name in tag.attrs), (
            address
        )


async def test_hidden_absent_and_malformed_cases_are_the_same_page(desk: Desk) -> None:
    browser = await desk.signed_in("ben.carver")
    other = await desk.home.world.as_("ben.carver").send("GET", f"/v1/cases/{desk.home.house.other_case}")
    assert other.status_code == 404
    addresses = (desk.home.house.other_case, "20000000-0000-4000-8000-000000000000")
    pages = [await browser.get(f"/cases/{case}") for case in addresses]
    assert {page.status for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    malformed = await browser.get("/cases/not-an-id")
    assert (malformed.status, malformed.heading) == (404, pages[0].heading)


async def test_whoever_comes_by_a_page_that_is_not_there_goes_on_from_it(desk: Desk) -> None:
    for user, begins in (("sam.okafor", "My cases"), ("tom.ashby", "Rules")):
        browser = await desk.signed_in(user)
        page = await browser.get("/cases/20000000-0000-4000-8000-000000000000")
        assert (page.status, begins in page.links) == (404, True), user
        assert "/sign-out" in page.actions
    page = await desk.browser().get("/nothing-of-ours")
    assert (page.status, "My cases" in page.links, page.actions) == (404, False, [])


async def test_files_may_be_kept_because_their_address_changes_with_them(desk: Desk) -> None:
    page = await desk.browser().get("/")
    sheet = page.soup.find("link", rel="stylesheet")
    assert sheet is not None
    file = await desk.browser().get(str(sheet["href"]))
    assert file.status == 200
    assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "set-cookie" not in file.headers
    assert "GDS Transport" not in file.html


def test_a_summary_of_mistakes_names_each_field_as_the_page_does_and_leads_to_it() -> None:
    page = with_fields_named(
        '<ul class="govuk-list govuk-error-summary__list">'
        '<li><a href="#when-day">Fill this in.</a></li><li><a href="#how">Choose one.</a></li>'
        '<li><a href="#note">Fill this in.</a></li><li><a href="#gone">No such thing.</a></li></ul>'
        '<fieldset><legend>When was it?</legend><label for="when-day">Day</label>'
        '<input id="when-day"></fieldset>'
        '<fieldset><legend>How &lt;b&gt;</legend><input id="how"><label for="how">Visit</label></fieldset>'
        '<label for="note"> A note </label><textarea id="note"></textarea>'
    )
    assert '<a href="#when-day"><span class="app-of-field">When was it? </span>Fill this in.</a>' in page
    assert '<a href="#how"><span class="app-of-field">How &lt;b&gt;: </span>Choose one.</a>' in page
    assert '<a href="#note"><span class="app-of-field">A note: </span>Fill this in.</a>' in page
    assert "<li>No such thing.</li>" in page
    assert with_fields_named("<p>Nothing is wrong</p>") == "<p>Nothing is wrong</p>"
