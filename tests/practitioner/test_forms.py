"""Forms: mistakes are named, nothing typed is lost, twice is once, and no other site can send them."""

from datetime import timedelta

import pytest

from clients.practitioner.forms import empty_search
from clients.practitioner.visit import Form
from shared.upstream import Reply, Unreachable
from tests.practitioner.browser import Desk, Page

pytestmark = pytest.mark.anyio
CONCERN = {
    "recipient": "harbour-social-care",
    "name": "Amara Okonjo",
    "about": "Amara, nine, of Garrison Court",
    "worry": "She came with a burn on her arm and would not say how.",
    "when": "This morning",
    "immediate_danger": "no",
    "family_told": "yes",
}


async def concerns_received(desk: Desk) -> int:
    return len((await desk.home.world.as_("dev.patel").get("/v1/concerns"))["concerns"])


async def test_a_search_finds_whom_two_details_fit_and_names_whom_to_ring(desk: Desk) -> None:
    browser = await desk.signed_in("hana.novak")
    view = await desk.home.world.as_("hana.novak").get(f"/v1/cases/{desk.home.house.case}")
    person = view["header"]["person"]
    year, month, day = person["date_of_birth"].split("-")
    page = await browser.get("/people/find")
    born = {"date_of_birth__day": day, "date_of_birth__month": month, "date_of_birth__year": year}
    found = await browser.send(page, "/people/find", name=person["name"], **born)
    assert found.status == 200
    assert person["name"] in found.text
    assert view["header"]["lead_professional"]["name"] in found.text


async def test_the_example_of_a_day_is_one_that_could_be_meant(desk: Desk) -> None:
    """Fails when somebody who agrees on a day to come reads of one before the case began."""
    browser, case = await desk.signed_in("sam.okafor"), f"/cases/{desk.home.house.case}"
    for page in ("/plan/actions/new", "/plan/goals/new", "/meetings/new", "/contacts/new"):
        assert "For example, 27 3 2031" in (await browser.get(case + page)).text, page
    for page in ("/people/find", "/emergency", "/concerns/new"):
        assert "For example, 27 3 2012" in (await browser.get(page)).text, page


async def test_a_mistake_is_named_and_what_was_typed_stays(desk: Desk) -> None:
    browser = await desk.signed_in("hana.novak")
    page = await browser.get("/people/find")
    typed = {
        "name": 'Zo\u00eb "><script>alert(1)</script>',
        "date_of_birth__day": "31",
        "date_of_birth__month": "2",
    }
    page = await browser.send(page, "/people/find", **typed, date_of_birth__year="2012")
    assert page.status == 422
    assert page.mistakes
    assert page.title.startswith("Error: ")
    assert page.filled_in("/people/find")["name"] == typed["name"]
    assert page.filled_in("/people/find")["date_of_birth-day"] == "31"
    assert "<script>alert" not in page.html


async def test_a_concern_goes_out_once_however_often_it_is_sent(desk: Desk) -> None:
    browser = await desk.signed_in("hana.novak")
    before = await concerns_received(desk)
    page = await browser.get("/concerns/new")
    sent = [await browser.send(page, "/concerns/new", **CONCERN) for _ in range(2)]
    assert [page.heading for page in sent] == ["Sent", "Sent"]
    assert await concerns_received(desk) == before + 1


async def test_a_concern_without_an_answer_is_not_sent_and_says_what_is_missing(desk: Desk) -> None:
    browser = await desk.signed_in("hana.novak")
    before = await concerns_received(desk)
    page = await browser.get("/concerns/new")
    page = await browser.send(page, "/concerns/new", **{**CONCERN, "worry": "", "when": ""})
    assert page.status == 422
    assert len(page.mistakes) == 2
    links = page.soup.select(".govuk-error-summary__list a")
    assert [link["href"] for link in links] == ["#worry", "#when"]
    assert all(page.soup.find(id=str(link["href"])[1:]) is not None for link in links)
    assert await concerns_received(desk) == before


async def test_what_was_typed_is_there_again_after_a_session_ended_in_the_middle(desk: Desk) -> None:
    browser = await desk.signed_in("hana.novak")
    before = await concerns_received(desk)
    page = await browser.get("/concerns/new")
    desk.home.world.clock.now += timedelta(minutes=20)
    stopped = await browser.ask(
        "POST", "/concerns/new", {**page.filled_in("/concerns/new"), **CONCERN}, follow=False
    )
    assert stopped.headers["location"] == "/sign-in?to=%2Fconcerns%2Fnew"
    assert await concerns_received(desk) == before
    page = await browser.get(stopped.headers["location"] + "&user=hana.novak")
    assert "nothing of it was sent yet" in page.text
    assert page.filled_in("/concerns/new")["worry"] == CONCERN["worry"]
    assert (await browser.send(page, "/concerns/new", recipient=CONCERN["recipient"])).heading == "Sent"
    assert await concerns_received(desk) == before + 1
    assert "nothing of it was sent yet" not in (await browser.get("/concerns/new")).text


async def test_what_was_typed_is_there_again_where_the_gateway_took_the_token_no_more(desk: Desk) -> None:
    browser = await desk.signed_in("hana.novak")
    before = await concerns_received(desk)
    page = await browser.get("/concerns/new")
    desk.line.answers_next, desk.line.is_reached = Reply(401, b"{}"), False
    stopped = await browser.ask(
        "POST", "/concerns/new", {**page.filled_in("/concerns/new"), **CONCERN}, follow=False
    )
    assert stopped.headers["location"] == "/sign-in?to=%2Fconcerns%2Fnew"
    page = await browser.get(stopped.headers["location"] + "&user=hana.novak")
    assert "nothing of it was sent yet" in page.text
    assert page.filled_in("/concerns/new")["worry"] == CONCERN["worry"]
    assert await concerns_received(desk) == before
    assert (await browser.send(page, "/concerns/new", recipient=CONCERN["recipient"])).heading == "Sent"
    assert await concerns_received(desk) == before + 1


@pytest.mark.parametrize("is_reached", [True, False])
async def test_a_connection_lost_while_saving_loses_nothing_and_doubles_nothing(
    desk: Desk, is_reached: bool
) -> None:
    browser = await desk.signed_in("hana.novak")
    before = await concerns_received(desk)
    page = await browser.get("/concerns/new")
    desk.line.answers_next, desk.line.is_reached = Unreachable(), is_reached
    page = await browser.send(page, "/concerns/new", **CONCERN)
    assert (page.status, page.heading) == (503, "Sorry, this cannot be shown right now")
    assert "/concerns/new" in page.links.values()
    page = await browser.get("/concerns/new")
    assert page.filled_in("/concerns/new")["worry"] == CONCERN["worry"]
    assert "saved once" in page.text
    page = await browser.send(page, "/concerns/new", recipient=CONCERN["recipient"])
    assert page.heading == "Sent"
    assert await concerns_received(desk) == before + 1


async def test_a_form_in_another_window_is_good_after_its_user_signed_in_again(desk: Desk) -> None:
    browser = await desk.signed_in("hana.novak")
    before = await concerns_received(desk)
    page = await browser.get("/concerns/new")
    desk.home.world.clock.now += timedelta(minutes=20)
    await browser.get("/sign-in?user=hana.novak")
    assert (await browser.send(page, "/concerns/new", **CONCERN)).heading == "Sent"
    assert await concerns_received(desk) == before + 1
    await browser.get("/sign-in?user=sam.okafor")
    page = await browser.send(page, "/concerns/new", **CONCERN)
    assert (page.status, page.heading) == (403, "This form is out of date")


async def test_what_was_typed_is_given_back_to_nobody_else(desk: Desk) -> None:
    browser = await desk.signed_in("hana.novak")
    page = await browser.get("/concerns/new")
    desk.home.world.clock.now += timedelta(minutes=20)
    await browser.ask("POST", "/concerns/new", {**page.filled_in("/concerns/new"), **CONCERN}, follow=False)
    page = await browser.get("/sign-in?to=/concerns/new&user=sam.okafor")
    assert page.filled_in("/concerns/new")["worry"] == ""
    page = await browser.get("/sign-in?to=/concerns/new&user=hana.novak")
    assert page.filled_in("/concerns/new")["worry"] == CONCERN["worry"]


async def test_no_other_site_can_send_a_form(desk: Desk) -> None:
    browser = await desk.signed_in("hana.novak")
    other: Page = await (await desk.signed_in("sam.okafor")).get("/concerns/new")
    before = await concerns_received(desk)
    for csrf in ("", "made-up", other.filled_in("/concerns/new")["csrf"]):
        page = await browser.ask(
            "POST", "/concerns/new", {**CONCERN, "once": "x", "csrf": csrf}, follow=False
        )
        assert (page.status, page.heading) == (403, "This form is out of date")
    assert await concerns_received(desk) == before


async def test_a_form_that_is_too_large_is_refused_in_a_sentence(desk: Desk) -> None:
    browser = await desk.signed_in("hana.novak")
    page = await browser.get("/concerns/new")
    page = await browser.send(page, "/concerns/new", **{**CONCERN, "worry": "x" * 1_100_000})
    assert (page.status, page.heading) == (413, "This cannot be done")


def test_a_search_for_nothing_says_that_nothing_was_sent() -> None:
    """The Enter key in another field presses it, so whoever meant to send the form has to be told."""

    def said(do: str, sought: str) -> list[str]:
        return list(empty_search(Form((("reason", "To help"), ("find_agency", sought), ("do", do)))))

    assert said("search", "") == said("search", "  ") == ["find_agency"]
    assert said("search", "school") == said("", "") == said("more", "") == []
    assert empty_search(Form((("do", "search"), ("search", "")))).keys() == {"search"}
