"""What a second person says of sharing without permission, from pages. The tests follow one another."""

from datetime import timedelta
from typing import Any

import pytest

from clients.practitioner.presenters.overrides import overrides_of
from shared.clock import rfc3339
from tests.practitioner.browser import Desk

pytestmark = pytest.mark.anyio
HOSTILE = '"><script>alert(1)</script>\u202e' + "x" * 3_000
Json = dict[str, Any]


def office(desk: Desk, end: str) -> str:
    return f"/office/cases/{desk.home.house.case}/{end}"


async def test_broken_glass_is_checked_once_by_somebody_else_and_not_by_who_broke_it(desk: Desk) -> None:
    world, case = desk.home.world, desk.home.house.case
    opened = await world.as_("hana.novak").post(f"/v1/cases/{case}/break-glass", {"reason": HOSTILE})
    address = office(desk, f"break-glass/{opened['id']}")
    officer = await desk.signed_in("hous.officer")
    home = await officer.get("/office")
    assert home.links["Somebody opened a case because of danger: check it"] == office(desk, "break-glass")
    listed = await officer.get(office(desk, "break-glass"))
    assert "To be checked" in listed.text
    assert "<script>alert" not in listed.html
    assert address in listed.links.values()
    for user in ("hana.novak", "kit.vane", "tom.ashby"):
        browser = await desk.signed_in(user)
        assert address not in (await browser.get(office(desk, "break-glass"))).links.values()
        assert (await browser.get(address)).status == 404, user
    page = await officer.get(address)
    page = await officer.send(page, address, note="")
    assert (page.status, len(page.mistakes)) == (422, 2)
    typed = {"finding": "justified", "note": "She was found " + HOSTILE}
    for _ in range(2):
        done = await officer.send(page, address, **typed)
        assert (done.status, "Justified" in done.text) == (200, True)
    assert "Nothing waits for you." in (await officer.get("/office")).text
    lines = (await world.as_("hous.officer").get(f"/v1/cases/{case}/break-glass"))["break_glass"]
    assert [line["finding"] for line in lines] == ["justified"]


async def test_an_override_is_confirmed_and_ended_by_those_whom_the_api_lets(desk: Desk) -> None:
    world, case = desk.home.world, desk.home.house.case
    made = await world.as_("dev.patel").post(
        f"/v1/cases/{case}/overrides",
        {
            "lawful_basis": "section_47_enquiry", "reference": "S47-9", "reason": "A neighbour rang",
            "recipients": {"agencies": ["harbour-social-care"]}, "categories": ["parenting"],
            "purposes": ["safeguarding"], "level": "full",
            "valid_until": rfc3339(world.clock.now + timedelta(days=2)),
        },
    )  # fmt: skip
    address = office(desk, f"overrides/{made['id']}")
    officer, manager = await desk.signed_in("ines.dale"), await desk.signed_in("bea.holm")
    page = await officer.get(address)
    assert "Waits for a second person" in page.text
    assert steps(page.html) == ["end", "tell"]
    page = await manager.get(address)
    assert steps(page.html) == ["confirm", "end"]
    assert "A neighbour rang" in page.text
    page = await manager.ask("POST", address, {**page.filled_in(address), "do": "confirm"})
    assert (page.status, "In force" in page.text) == (200, True)
    page = await officer.get(address)
    fields = {**page.filled_in(address), "do": "tell", "telling_reason": "He was not heard"}
    refused = await officer.ask("POST", address, fields)
    assert refused.status == 422
    assert "He was not heard" in refused.text
    told = await officer.ask("POST", address, {**fields, "family_may_be_told": "yes"})
    assert "The family can read who looked" in told.text
    page = await officer.get(address)
    assert steps(page.html) == ["end"]
    missing = await officer.ask("POST", address, {**page.filled_in(address), "do": "end", "reason": ""})
    assert (missing.status, missing.mistakes) == (422, ["Fill this in."])
    ended = await officer.ask("POST", address, {**page.filled_in(address), "do": "end", "reason": "Over"})
    assert "Ended" in ended.text
    assert "There is nothing for you to do here." in (await officer.get(address)).text
    absent = await (await desk.signed_in("job.officer")).get(address)
    assert absent.status == 404


async def test_a_lead_records_her_own_enquiry_from_the_page_of_the_case_and_her_manager_confirms_it(
    desk: Desk,
) -> None:
    """She knows the case by its number alone; what she typed stays, and a double submit records one."""
    world, case = desk.home.world, desk.home.house.case
    lead, manager = await desk.signed_in("dev.patel"), await desk.signed_in("bea.holm")
    home = await lead.get("/")
    assert home.links["Waiting for you"] == "/office"
    home = await lead.get("/office")
    new = office(desk, "overrides/new")
    page = await lead.send(home, "/office", number=case, what="record")
    assert (page.status, page.address, page.heading) == (200, new, "Share without permission")
    assert "Order of a court to disclose" not in page.text
    wrong = await lead.send(page, new, reason="A neighbour rang " + HOSTILE)
    assert wrong.status == 422
    assert len(wrong.mistakes) >= 6
    assert str(wrong.filled_in(new)["reason"]).strip() == "A neighbour rang " + HOSTILE
    end = (world.clock.now + timedelta(days=2)).date()
    typed: dict[str, str | list[str]] = {
        "lawful_basis": "section_47_enquiry", "reference": "S47-21 " + HOSTILE[:200],
        "categories": ["parenting", "safeguarding"], "level": "full", "purposes": ["safeguarding"],
        "whom": "agency", "family_may_be_told": "no", "valid_until__day": str(end.day),
        "valid_until__month": str(end.month), "valid_until__year": str(end.year),
    }  # fmt: skip
    too_long = await lead.send(wrong, new, **{**typed, "valid_until__year": str(end.year + 1)})
    assert too_long.status == 422
    assert "15 working days at most" in too_long.mistakes[0]
    await lead.send(too_long, new, **typed)
    done = await lead.send(too_long, new, **typed)
    assert (done.status, done.address) == (200, office(desk, "overrides"))
    assert "<script>alert" not in done.html
    assert new not in done.links.values(), "another one is refused until somebody looked at this"
    path = f"/v1/cases/{case}/overrides"
    rows = (await world.as_("dev.patel").get(path))["overrides"]
    [row] = [one for one in rows if one["reference"].startswith("S47-21")]
    assert row["recipients"] == {"agencies": ["harbour-social-care"], "users": []}
    waits = "Information was opened without permission and needs a second person"
    assert waits not in (await lead.get("/office")).links
    listed = await manager.get((await manager.get("/office")).links[waits])
    address = office(desk, f"overrides/{row['id']}")
    assert address in listed.links.values()
    page = await manager.get(address)
    await manager.ask("POST", address, {**page.filled_in(address), "do": "confirm"})
    assert new in (await lead.get(office(desk, "overrides"))).links.values()
    page = await lead.get(address)
    await lead.ask("POST", address, {**page.filled_in(address), "do": "end", "reason": "The enquiry is over"})
    assert (await world.as_("dev.patel").get(path))["overrides"][-1]["ended_at"] is not None


async def test_an_officer_records_for_other_services_and_nobody_else_is_offered_the_form(desk: Desk) -> None:
    world, case = desk.home.world, desk.home.house.case
    new = office(desk, "overrides/new")
    officer = await desk.signed_in("tom.ashby")
    page = await officer.get(new)
    found = await officer.ask(
        "POST", new, {**page.filled_in(new), "do": "search", "search": "police", "reference": "Order 9"}
    )
    assert found.filled_in(new)["reference"] == "Order 9"
    assert "Eastmere Borough Police" in found.text
    end = (world.clock.now + timedelta(days=30)).date()
    done = await officer.send(
        found, new, lawful_basis="court_order", reason="The court ordered it", agencies="borough-police",
        categories="behaviour", level="summary", purposes="enforcement", family_may_be_told="yes",
        valid_until__day=str(end.day), valid_until__month=str(end.month), valid_until__year=str(end.year),
    )  # fmt: skip
    assert (done.status, done.address) == (200, office(desk, "overrides"))
    assert "Court order, Order 9" in done.text
    for user in ("bea.holm", "nadia.bell", "rita.shaw"):
        assert (await (await desk.signed_in(user)).get(new)).status == 403, user
    absent = "20000000-0000-4000-8000-000000000000"
    page = await officer.get(new.replace(case, absent))
    nowhere = await officer.send(
        page, new.replace(case, absent), lawful_basis="court_order", reason="x", reference="y",
        agencies="borough-police", categories="behaviour", level="summary", purposes="enforcement",
        family_may_be_told="yes", valid_until__day=str(end.day), valid_until__month=str(end.month),
        valid_until__year=str(end.year),
    )  # fmt: skip
    assert (nowhere.status, str(nowhere.filled_in(new.replace(case, absent))["reason"]).strip()) == (422, "x")


def steps(html: str) -> list[str]:
    return [what for what in ("confirm", "end", "tell") if f'name="do" value="{what}"' in html]


async def test_a_bar_is_recorded_and_lifted_by_two_people_and_by_no_one_of_them_alone(desk: Desk) -> None:
    first, second = await desk.signed_in("tom.ashby"), await desk.signed_in("hous.officer")
    page = await first.get(office(desk, "bars"))
    assert "None that you can see." in page.text
    new = page.links["Record a bar"]
    page = await first.get(new)
    typed = {
        "kind": "court_order", "agencies": "jobcentre-east", "categories": "contact",
        "legal_reference": "Order 17/2031 " + HOSTILE[:200], "reason": "He must not learn where they live",
        "custodian_name": "Head", "custodian_telephone": "01632 960001",
        "custodian_agency": "tidewater-housing", "review_on__day": "1", "review_on__month": "6",
        "review_on__year": "2032",
    }  # fmt: skip
    wrong = await first.send(page, new, **{**typed, "custodian_name": "", "review_on__month": "13"})
    assert (wrong.status, len(wrong.mistakes)) == (422, 2)
    assert wrong.filled_in(new)["legal_reference"] == typed["legal_reference"]
    await first.send(wrong, new, **typed)
    page = await first.send(wrong, new, **typed)
    [address] = [at for at in page.links.values() if "/bars/" in at and not at.endswith("/new")]
    assert "<script>alert" not in page.html
    page = await first.get(address)
    lift = {**page.filled_in(address), "do": "lift", "reason": "The order was discharged"}
    page = await first.ask("POST", address, lift)
    assert "Proposed to be lifted" in page.text
    page = await first.get(address)
    assert "Somebody else has to agree before it is lifted." in page.text
    assert 'value="lift"' not in page.html
    home = await second.get("/office")
    assert home.links["Somebody proposed to lift a bar: a second person decides"] == office(desk, "bars")
    page = await second.get(address)
    assert "Lift it as the second person" in page.text
    page = await second.ask("POST", address, {**page.filled_in(address), "do": "lift", "reason": "Seen"})
    assert "Lifted" in page.text


@pytest.mark.parametrize("user", ["nadia.bell", "grace.obi", "rita.shaw"])
async def test_bars_are_for_information_officers_alone(desk: Desk, user: str) -> None:
    browser = await desk.signed_in(user)
    assert (await browser.get(office(desk, "bars"))).status == 403
    assert (await browser.get(office(desk, "bars/new"))).status == 403


@pytest.mark.parametrize("part", ["overrides", "break-glass", "bars"])
async def test_what_is_not_there_is_the_one_page_that_is_not_found(desk: Desk, part: str) -> None:
    browser = await desk.signed_in("tom.ashby")
    for end in (f"{part}/20000000-0000-4000-8000-000000000000", f"{part}/not-an-id"):
        page = await browser.get(office(desk, end))
        assert (page.status, page.heading) == (404, "Page not found")


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "In force"),
        ({"valid_until": "2031-03-03T09:00:00.000000Z"}, "Over"),
        ({"ended_at": "2031-03-02T09:00:00.000000Z"}, "Ended"),
        ({"confirm_by": "2031-03-04T09:00:00.000000Z"}, "Waits for a second person"),
        ({"confirm_by": "2031-03-03T08:00:00.000000Z"}, "Over"),
        ({"waits_for_confirmation": True}, "Waits for a second person"),
    ],
)
def test_an_override_is_shown_as_what_it_is_now(changes: Json, state: str) -> None:
    row = {
        "id": "o", "lawful_basis": "section_47_enquiry", "reference": "S47", "reason": None,
        "recipients": {"agencies": ["a-school"], "users": ["ann", "bo", "me"]}, "categories": ["contact"],
        "recipient_names": {"ann": "Ann Lee", "me": "Max East"},
        "level": "full",
        "valid_from": "2031-03-01T09:00:00.000000Z", "valid_until": "2031-03-09T09:00:00.000000Z",
        "confirm_by": None, "confirmed_at": None, "waits_for_confirmation": False, "ended_at": None,
        "recorded_by_agency": "a-trust", "family_told_from": None, "may": [],
    }  # fmt: skip
    [shown] = overrides_of(
        {"overrides": [row | changes]}, {"a-school": "A School"}, "2031-03-03T09:00:00Z", "me"
    )
    assert (shown.state, shown.recorded_by) == (state, "A trust")
    assert shown.to_whom == ["A School", "Ann Lee", "bo", "you"]
