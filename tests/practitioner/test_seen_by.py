"""Seeing as another: what a service would see, and that the page says whose view it is."""

import pytest

from clients.practitioner.presenters.seen_by import everything_of, place_of
from clients.practitioner.presenters.services import SHOWN_AT_ONCE, services_of
from tests.gateway.household import CAMHS, HOUSING, JOBCENTRE, YOT
from tests.gateway.test_bars import barred, protected
from tests.practitioner.browser import Desk, Page
from tests.practitioner.test_asking import answered

pytestmark = pytest.mark.anyio


def seen_by(desk: Desk, more: str = "") -> str:
    return f"/cases/{desk.home.house.case}/seen-by{more}"


async def test_the_lead_chooses_a_service_and_sees_what_they_would_see(desk: Desk) -> None:
    browser = await desk.signed_in("sam.okafor")
    said = await browser.get(f"/cases/{desk.home.house.case}/permissions")
    assert said.links["See what they would see"] == seen_by(desk)
    page = await browser.get(seen_by(desk))
    assert page.heading == "See what another service would see"
    assert page.links["Tidewater Housing"] == seen_by(desk, f"/view?agency={HOUSING}")
    page = await browser.get(page.links["Tidewater Housing"])
    assert page.heading == "What Tidewater Housing would see"
    assert "This is not your own view" in page.text
    own = (await browser.get(f"/cases/{desk.home.house.case}")).text
    theirs = (await (await desk.signed_in("hana.novak")).get(f"/cases/{desk.home.house.case}")).text
    words = {word for word in own.split() if word.startswith("canary")}
    shown = {word for word in page.text.split() if word.startswith("canary")}
    assert shown
    assert shown <= words
    assert words - set(theirs.split()), "the lead sees more than housing"
    assert shown.isdisjoint(words - set(theirs.split()))


async def test_whoever_looks_while_a_family_is_asked_sees_what_they_would_with_what_is_said(
    desk: Desk,
) -> None:
    """As it is once it is recorded; and the way back is there on each page."""
    browser, case = await desk.signed_in("nadia.bell"), f"/cases/{desk.home.house.case}"
    check, look = f"{case}/permissions/new/check", f"{case}/seen-by/view?agency={JOBCENTRE}"
    today = (await browser.get(look)).text
    await answered(desk, browser, recipients=[JOBCENTRE])
    page = await browser.get(seen_by(desk, "?from=permission"))
    assert "once what the family says yes to now is recorded" in page.text
    assert page.links["Read it back"] == check
    assert page.links["Tidewater Housing"] == seen_by(desk, f"/view?agency={HOUSING}&from=permission")
    page = await browser.get(f"{look}&from=permission")
    assert page.heading == "What Jobcentre East would see"
    assert "It is not recorded yet." in page.text
    assert check in page.links.values()
    supposed = everything(page)
    assert (await browser.get(look)).text == today
    page = await browser.get(page.links["Choose another service"])
    assert page.links["Read it back"] == check
    await browser.send(await browser.get(check), check)
    page = await browser.get(look)
    assert everything(page) == supposed
    assert supposed
    assert page.text != today
    assert check not in page.links.values(), "nobody else is asked about anything"


def everything(page: Page) -> list[str]:
    return [tr.get_text(" ", strip=True) for table in page.soup.select("table") for tr in table.select("tr")]


async def test_a_volunteer_of_theirs_sees_less_and_an_unknown_role_is_the_ordinary_one(desk: Desk) -> None:
    browser = await desk.signed_in("sam.okafor")
    counts = []
    for role in ("practitioner", "volunteer", "information_officer"):
        page = await browser.get(seen_by(desk, f"/view?agency={CAMHS}&role={role}"))
        assert page.status == 200
        counts.append(len({word for word in page.text.split() if word.startswith("canary")}))
    assert counts[1] < counts[0] == counts[2]


async def test_a_search_finds_a_service_by_a_part_of_its_name(desk: Desk) -> None:
    browser = await desk.signed_in("nadia.bell")
    page = await browser.get(seen_by(desk, "?search=jobcentre"))
    found = [address for address in page.links.values() if "agency=" in address]
    assert seen_by(desk, f"/view?agency={JOBCENTRE}") in found
    page = await browser.get(seen_by(desk, "?search=%3Cscript%3E"))
    assert "No other service has this in its name." in page.text
    assert "<script>" not in page.html.partition("<main")[2].replace("<script src", "")


async def test_nobody_is_offered_it_whom_the_api_refuses(desk: Desk) -> None:
    for user in ("ben.carver", "max.holt"):
        browser = await desk.signed_in(user)
        assert (await browser.get(seen_by(desk))).status == 404, user
        assert (await browser.get(seen_by(desk, f"/view?agency={HOUSING}"))).status in (403, 404)
    browser = await desk.signed_in("sam.okafor")
    assert (await browser.get(seen_by(desk, "/view?agency=no-such-service"))).status == 404
    assert (await browser.get(seen_by(desk, "/view"))).status == 404


def test_three_hundred_services_are_a_short_list_with_a_search() -> None:
    names = {f"service-{number}": f"Service {number} of <b>Eastmere</b>" for number in range(300)}
    services = services_of(names, ["service-7"], (), "")
    assert [service.code for service in services.first] == ["service-7"]
    assert (len(services.found), services.more) == (SHOWN_AT_ONCE, 299 - SHOWN_AT_ONCE)


def test_what_they_would_see_is_counted_by_kind_service_and_how_much() -> None:
    entry = {"kind": "plan_goal", "owner": "hill-school", "level": "full"}
    view = {"areas": {"plan": [entry, entry, {**entry, "level": "summary"}], "case": []}}
    first, second = everything_of(view, {"hill-school": "Hill School"})
    assert (first.what, first.service, first.how_many, first.how_much) == (
        "Plan goal", "Hill School", 2, "all of it",
    )  # fmt: skip
    assert (second.how_many, second.how_much) == (1, "the headline only")
    assert place_of("volunteer") == "volunteer"
    assert place_of("") == place_of("family_member") == "practitioner"


async def test_under_a_protected_address_every_tab_of_the_case_is_a_page(desk: Desk) -> None:
    """Whoever may not learn where the family is reads on, without whoever else is there."""
    browser = await desk.signed_in("hana.novak")
    case = f"/cases/{desk.home.house.case}"
    async with barred(desk.home, **protected(YOT)):
        for tab in (
            "",
            "/plan",
            "/team",
            "/meetings",
            "/contacts",
            "/referrals",
            "/permissions",
            "/exclusions",
        ):
            page = await browser.get(case + tab)
            assert page.status == 200, tab
            assert "Youth Offending" not in page.text, tab
            assert "Northgate" not in page.text, tab
        assert seen_by(desk) not in (await browser.get(f"{case}/permissions")).links.values()
        assert (await browser.get(seen_by(desk))).status == 404
        address = f"{case}/meetings/{desk.home.house.meeting}"
        assert (await browser.get(address)).status == 404
