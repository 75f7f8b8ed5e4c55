"""What an information officer begins with: what waits, the agencies, and the agreements."""

import pytest

from clients.practitioner.pages.partnership import code_of
from clients.practitioner.presenters.partnership import agencies_of
from clients.practitioner.presenters.slices import number_of, slice_of
from tests.practitioner.browser import Desk, Page

pytestmark = pytest.mark.anyio
HOSTILE = '"><script>alert(1)</script>\u202e'
AGREEMENT = {
    "title": "Letters home",
    "recipient": "tidewater-housing",
    "purpose": "support",
    "valid_from__day": "1",
    "valid_from__month": "3",
    "valid_from__year": "2031",
    "valid_until__day": "20",
    "valid_until__month": "3",
    "valid_until__year": "2031",
    "categories": "contact",
    "base": "summary",
    "mode": "objectable",
    "cap": "full",
    "basis": "Public task",
    "condition": "None needed",
    "power": "Children Act 2004, section 10",
}


async def test_an_officer_begins_with_what_waits_and_has_no_cases(desk: Desk) -> None:
    page = await (await desk.signed_in("tom.ashby")).get("/")
    assert (page.address, page.heading) == ("/office", "Waiting for you")
    assert "Nothing waits for you." in page.text
    assert "My cases" not in page.links


@pytest.mark.parametrize("user", ["nadia.bell", "grace.obi", "rita.shaw"])
async def test_nobody_else_opens_an_officers_pages(desk: Desk, user: str) -> None:
    browser = await desk.signed_in(user)
    answers = user == "grace.obi"
    assert (await browser.get("/office")).status == (200 if answers else 403)
    assert (await browser.get("/agreements")).status == 403
    assert (await browser.get("/agencies/new")).status in (403, 404)


async def test_what_is_looked_up_is_found_by_its_number_and_a_mistake_says_what_to_do(desk: Desk) -> None:
    browser = await desk.signed_in("tom.ashby")
    page = await browser.send(await browser.get("/office"), "/office", number=HOSTILE)
    assert (page.status, len(page.mistakes)) == (422, 2)
    assert page.filled_in("/office")["number"] == HOSTILE
    assert "<script>alert" not in page.html
    known = {"number": desk.home.house.case, "what": "bars"}
    fields = {**page.filled_in("/office"), **known}
    answer = await browser.ask("POST", "/office", fields, follow=False)
    assert answer.headers["location"] == f"/office/cases/{desk.home.house.case}/bars"


async def test_only_the_partnerships_office_is_offered_to_add_an_agency_and_adds_it_once(desk: Desk) -> None:
    other = await desk.signed_in("tom.ashby")
    assert "Add an agency" not in (await other.get("/agencies")).links
    assert (await other.get("/agencies/new")).status == 404
    browser = await desk.signed_in("una.price")
    assert "Add an agency" in (await browser.get("/agencies")).links
    page = await browser.get("/agencies/new")
    typed = {"name": "Nursery " + HOSTILE[:-1], "kind": "", "code": "The Nursery!"}
    refused = await browser.send(page, "/agencies/new", **typed)
    assert (refused.status, len(refused.mistakes)) == (422, 1)
    assert refused.filled_in("/agencies/new")["name"] == typed["name"]
    for _ in range(2):
        done = await browser.send(refused, "/agencies/new", **{**typed, "kind": "education"})
        assert (done.status, done.address) == (200, "/agencies")
    listed = (await desk.home.world.as_("tom.ashby").get("/v1/agencies"))["agencies"]
    assert [one["name"] for one in listed if one["code"] == "the-nursery"] == [typed["name"].strip()]
    found = await other.get("/agencies?name=nursery")
    assert "1 agency" in found.text
    assert "<script>alert" not in found.html


async def test_an_agreement_is_recorded_once_waits_when_it_ends_soon_and_is_ended(desk: Desk) -> None:
    browser = await desk.signed_in("tom.ashby")
    page = await browser.get("/agreements/new")
    missing = await browser.send(page, "/agreements/new", **{**AGREEMENT, "power": "", "base": ""})
    assert missing.status == 422
    assert sorted(linked(missing)) == ["#base", "#power"]
    assert missing.mistakes == ["Fill this in.", "Fill this in."]
    without = await browser.send(page, "/agreements/new", **{**AGREEMENT, "categories": ""})
    assert linked(without) == ["#categories"]
    await browser.send(missing, "/agreements/new", **AGREEMENT)
    done = await browser.send(missing, "/agreements/new", **AGREEMENT)
    assert (done.status, done.address) == (200, "/agreements")
    assert [text for text in done.links if text == AGREEMENT["title"]] == [AGREEMENT["title"]]
    assert "1 agreement" in done.text
    home = await browser.get("/office")
    address = home.links["An agreement ends soon"]
    housing = await desk.signed_in("hous.officer")
    assert (await housing.get("/office")).links["An agreement ends soon"] == address
    page = await browser.get(address)
    assert "Headlines. Unless the family objects." in page.text
    outsider = await (await desk.signed_in("una.price")).get(address)
    assert outsider.soup.find("form", action=address) is None
    ended = await browser.send(page, address)
    assert (ended.address, "Ended" in ended.text) == (address, True)
    assert ended.soup.find("form", action=address) is None
    again = await browser.send(page, address)
    assert again.status == 200
    assert "Nothing waits for you." in (await browser.get("/office")).text


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Riverside School", "riverside-school"),
        ("  É! ", ""),
        ("A" * 100, "a" * 60),
        ("St. Mary’s", "st-mary-s"),
    ],
)
def test_a_name_becomes_a_code(name: str, code: str) -> None:
    assert code_of(name) == code


def linked(page: Page) -> list[str]:
    return [str(link["href"]) for link in page.soup.select(".govuk-error-summary__list a")]


def test_three_hundred_agencies_stand_on_pages_in_the_order_of_their_names() -> None:
    rows = [
        {
            "code": f"agency-{number}",
            "name": f"Agency {number:03}",
            "kind": "health",
            "telephone": None,
            "joined_at": "2031-03-03T09:00:00Z",
        }
        for number in reversed(range(300))
    ]
    listed = agencies_of({"agencies": rows})
    pages = [slice_of(listed, number, "/agencies", name="a&b") for number in range(1, 13)]
    assert [one.name for page in pages for one in page.lines] == [f"Agency {n:03}" for n in range(300)]
    assert (pages[0].before, pages[0].after) == (None, "/agencies?name=a%26b&page=2")
    assert (pages[-1].pages, pages[-1].after) == (12, None)
    assert slice_of(listed, 99, "/agencies").number == 12
    assert len(agencies_of({"agencies": rows}, "agency 29")) == 10


@pytest.mark.parametrize("text", ["", "x", "-1", "1.5", "٣", "9999999999"])
def test_what_is_no_number_of_a_page_is_the_first(text: str) -> None:
    assert number_of(text) == 1


async def test_an_officer_who_finds_one_list_about_a_case_is_led_to_no_other_that_is_not_there(
    desk: Desk,
) -> None:
    """Her own agency's worker broke the glass: of the case she sees that, and nothing else."""
    case = desk.home.house.other_case
    await desk.home.world.as_("femi.cole").post(
        f"/v1/cases/{case}/break-glass", {"reason": "Seen on the bridge"}
    )
    officer = await desk.signed_in("job.officer")
    page = await officer.get(f"/office/cases/{case}/break-glass")
    assert (page.status, "Seen on the bridge" in page.text) == (200, True)
    of_case = [to for to in page.links.values() if to.startswith(f"/office/cases/{case}/")]
    assert of_case
    assert {(await officer.get(to)).status for to in of_case} == {200}
    known = await (await desk.signed_in("tom.ashby")).get(f"/office/cases/{desk.home.house.case}/overrides")
    assert {"Opened without permission", "Opened because of danger", "Bars"} <= set(known.links)
