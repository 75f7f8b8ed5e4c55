"""The glass is broken with a reason, for sixty minutes, and it is plain how many are left."""

from datetime import timedelta

import pytest

from tests.gateway.test_break_glass import names_of
from tests.practitioner.browser import Desk

pytestmark = pytest.mark.anyio


async def test_a_case_is_opened_for_an_hour_and_the_minutes_left_are_shown(desk: Desk) -> None:
    world, house = desk.home.world, desk.home.house
    details = await names_of(world, house)
    year, month, day = details["date_of_birth"].split("-")
    browser = await desk.signed_in("joan.reed")
    page = await browser.get("/emergency")
    assert (
        "Only if someone may come to harm before you can ask: say why; you get 60 minutes, your name and "
        "reason are recorded, and someone else will check."
    ) in page.text
    who = {
        "name": details["name"], "date_of_birth__day": day, "date_of_birth__month": month,
        "date_of_birth__year": year,
    }  # fmt: skip
    page = await browser.send(page, "/emergency", **who)
    assert page.status == 422
    assert page.filled_in("/emergency")["name"] == details["name"]
    reason = "The child is missing <script>alert(1)</script> and it is getting dark."
    done = [await browser.send(page, "/emergency", reason=reason) for _ in range(2)]
    address = f"/cases/{house.other_case}/emergency"
    assert [one.address for one in done] == [address, address]
    assert "It is open to you for 60 more minutes." in done[0].text
    assert done[1].text.count("The child is missing") == 1
    assert "<script>alert" not in done[1].html
    assert "Somebody else checks it by" in done[1].text
    case = await browser.get(f"/cases/{house.other_case}")
    assert details["name"] in case.text
    assert address in case.links.values()
    world.clock.now += timedelta(minutes=14)
    page = await browser.get(address)
    assert "It is open to you for 46 more minutes." in page.text
    renewal = page.action("/renewal")
    page = await browser.send(page, renewal)
    assert "It is open to you for 60 more minutes." in page.text
    # The app locks after a quarter of an hour; the hour ends all the same.
    world.clock.now += timedelta(minutes=61)
    page = await browser.get(f"/sign-in?to={address}&user=joan.reed")
    assert "This case is not open to you because of an emergency." in page.text
    assert not [
        str(form["action"]) for form in page.soup.find_all("form") if "renewal" in str(form["action"])
    ]


async def test_nobody_whom_it_fits_and_nobody_whom_one_may_open_are_the_same(desk: Desk) -> None:
    browser = await desk.signed_in("hana.novak")
    page = await browser.get("/emergency")
    unknown = {
        "name": "Nobody Known", "date_of_birth__day": "1", "date_of_birth__month": "2",
        "date_of_birth__year": "2020",
    }  # fmt: skip
    page = await browser.send(page, "/emergency", reason="She is missing", **unknown)
    assert page.status == 422
    assert page.mistakes == [
        "Nobody whom you may open fits all of this. Check the spelling and the numbers, or ring."
    ]
    assert page.filled_in("/emergency")["reason"] == "She is missing"


async def test_who_may_not_break_the_glass_is_not_offered_it(desk: Desk) -> None:
    page = await (await desk.signed_in("ben.carver")).get("/")
    assert "/emergency" not in page.links.values()
