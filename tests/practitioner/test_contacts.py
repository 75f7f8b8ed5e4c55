"""No answer means trying again; an informed no is respected; another service is asked, and answers."""

from datetime import timedelta
from typing import Any

import pytest

from clients.practitioner.forms import time_of
from clients.practitioner.presenters.contacts import contacts_page_of, referrals_of
from tests.practitioner.browser import Desk

pytestmark = pytest.mark.anyio
YESTERDAY = {"when__day": "2", "when__month": "3", "when__year": "2031", "time": "9:30"}


def at(desk: Desk, more: str) -> str:
    return f"/cases/{desk.home.house.case}{more}"


async def test_no_answer_sets_the_day_of_the_next_try(desk: Desk) -> None:
    browser = await desk.signed_in("hana.novak")
    new = at(desk, "/contacts/new")
    page = await browser.send(await browser.get(new), new, time="nine")
    assert page.status == 422
    assert page.filled_in(new)["time"] == "nine"
    said = {"sought_by": "service", "how": "telephone", "outcome": "no_answer", **YESTERDAY}
    done = [await browser.send(page, new, **said) for _ in range(2)]
    assert done[0].address == at(desk, "/contacts")
    assert "Your service: Not reached yet. Try again by" in done[1].text
    assert done[1].text.count("Telephone: no answer") == 1
    assert "2 March 2031, 9.30am" in done[1].text


async def test_an_informed_no_says_what_was_explained_and_is_respected(desk: Desk) -> None:
    browser = await desk.signed_in("hana.novak")
    new = at(desk, "/contacts/new")
    said = {"sought_by": "service", "how": "visit", "outcome": "informed_refusal", **YESTERDAY}
    page = await browser.send(await browser.get(new), new, **said)
    assert page.status == 422
    assert "what was explained" in page.mistakes[0].lower()
    desk.home.world.clock.now += timedelta(minutes=1)
    page = await browser.send(page, new, what_was_explained="That it is free <b>and</b> when it is")
    assert "They said no to help, knowing what it is. This is respected." in page.text
    assert "<b>and</b>" not in page.html
    page = await browser.get(new)
    assert "Do not ask again unless something in their life has changed" in page.text
    page = await browser.send(page, new, **{**said, "outcome": "reached"})
    assert page.status == 422
    event = at(desk, "/life-events/new")
    changed = {"happened_on__day": "3", "happened_on__month": "3", "happened_on__year": "2031"}
    page = await browser.send(await browser.get(event), event, event="new_baby", **changed)
    assert page.address == at(desk, "/contacts")
    desk.home.world.clock.now += timedelta(minutes=1)
    page = await browser.send(await browser.get(new), new, **{**said, "outcome": "reached"})
    assert (page.address, "In touch" in page.text) == (at(desk, "/contacts"), True)


async def test_who_only_reads_records_nothing(desk: Desk) -> None:
    browser = await desk.signed_in("ben.carver")
    page = await browser.get(at(desk, "/contacts"))
    assert page.status == 200
    assert not [to for to in page.links.values() if to.startswith("/cases/") and to.endswith("/new")]
    assert (await browser.get(at(desk, "/contacts/new"))).status == 404
    assert (await browser.get(at(desk, "/referrals/new"))).status == 404


async def test_another_service_is_asked_and_answers_with_its_reason(desk: Desk) -> None:
    school = await desk.signed_in("nadia.bell")
    new = at(desk, "/referrals/new")
    page = await school.send(await school.get(new), new)
    assert page.status == 422
    said = {"agency": "clear-water", "reason": "He drinks, and wants to stop", "service": "Young people"}
    done = [await school.send(page, new, **said) for _ in range(2)]
    assert done[1].address == at(desk, "/referrals")
    assert done[1].text.count("Clear Water Alcohol Service, Young people") == 1
    asked = await desk.signed_in("lena.fox")
    page = await asked.get("/referrals")
    assert page.heading == "What your service is asked"
    looks = next(address for address in page.links.values() if address.endswith("/take-up"))
    page = await asked.get(looks)
    assert page.filled_in(looks)["user"] == "lena.fox"
    page = await asked.send(page, looks, name="")
    assert page.status == 422
    page = await asked.send(page, looks, name="Lena Fox")
    refusal = next(address for address in page.links.values() if address.endswith("/refusal"))
    page = await asked.send(await asked.get(refusal), refusal, reason="")
    assert page.status == 422
    page = await asked.send(page, refusal, reason="He is under eighteen <script>alert(1)</script>")
    assert page.address == "/referrals"
    page = await school.get(at(desk, "/referrals"))
    assert "They will not help" in page.text
    assert "He is under eighteen" in page.text
    assert "<script>alert" not in page.html
    withdrawal = page.action("/withdrawal")
    page = await school.send(page, withdrawal)
    assert "Taken back" in page.text


NOTHING: dict[str, Any] = {"may": [], "header": {"state": "open"}}


def an_attempt(owner: str, **fields: Any) -> dict[str, Any]:
    said = {"when": "2031-03-02T09:30:00Z", "how": "visit", "outcome": "no_answer", "offer": "unanswered"}
    return {"kind": "contact_attempt", "owner": owner, "recorded_at": "x", "fields": {**said, **fields}}


def test_another_services_no_does_not_stop_ones_own() -> None:
    theirs = an_attempt("housing", outcome="informed_refusal", offer="refused")
    page = contacts_page_of({"entries": [an_attempt("school"), theirs]}, NOTHING, {}, "school")
    assert (page.refused, page.offer) == (False, "Not reached yet")
    assert contacts_page_of({"entries": [theirs]}, NOTHING, {}, "housing").refused


def test_no_reply_is_never_shown_as_a_no() -> None:
    asked = {
        "id": "r", "kind": "referral", "owner": "school", "recorded_at": "x",
        "fields": {"state": "no_reply", "answer_by": "2031-03-01"},
    }  # fmt: skip
    [referral] = referrals_of([asked], {}, [], "school")
    assert referral.state == "No reply yet: this is not a no"
    assert referral.waits


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("2pm", "14:00"), ("2.30pm", "14:30"), ("2:30 p.m.", "14:30"), ("12am", "00:00"),
        ("12.15pm", "12:15"),
        ("1430", "14:30"), ("14:30", "14:30"), ("14.30", "14:30"), ("930", "09:30"), ("9:05", "09:05"),
        ("", None), ("2", None), ("13pm", None), ("0pm", None), ("25:00", None), ("14:60", None),
        ("half past two", None), ("2pm2", None), ("\u0662:30", None),
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_write_it_and_none_is_guessed(typed: str, time: str | None) -> None:
    assert time_of(typed) == time


async def test_of_a_day_and_a_time_what_is_wrong_is_named_where_it_stands_and_in_words(desk: Desk) -> None:
    browser = await desk.signed_in("sam.okafor")
    address = f"/cases/{desk.home.house.case}/contacts/new"
    page = await browser.get(address)
    day = {"when__day": "2", "when__month": "3", "when__year": "2031"}
    for wrong in ("", "2", "half past two"):
        sent = await browser.send(page, address, **day, time=wrong)
        links = [str(link["href"]) for link in sent.soup.select(".govuk-error-summary__list a")]
        assert ("#time" in links, "#when-day" in links) == (True, False), wrong
        assert "Give a time, such as 2.30pm or 14:30." in sent.mistakes
    sent = await browser.send(page, address, **{**day, "when__day": "31", "when__month": "2"}, time="2pm")
    assert "Give a real date, such as 27 3 2031." in sent.mistakes
    assert "RFC" not in sent.text
    assert all(sent.fields_named), "each mistake names its field"
    for link in sent.soup.select(".govuk-error-summary__list a"):
        assert sent.soup.find(id=str(link["href"])[1:]) is not None
