"""Concerns that were sent to a service: read, acknowledged, and known to have arrived by whoever sent them.

Three changes that make this fail: listing them nowhere, offering to acknowledge one twice, telling the sender
more than that it was received.
"""

import pytest

from tests.gateway.areas.concerns import concern
from tests.gateway.household import words
from tests.practitioner.browser import Desk

pytestmark = pytest.mark.anyio
LEAD, SENDER = "dev.patel", "hana.novak"
HOSTILE = "<script>alert(1)</script> שלום"


async def test_a_concern_is_found_read_and_acknowledged_and_its_sender_learns_that(desk: Desk) -> None:
    worry, about = words("worry"), f"Robin of the red door {HOSTILE}"
    world = desk.home.world
    body = concern(recipient="harbour-social-care", worry=worry, about=about, immediate_danger=True)
    await world.as_(SENDER).post("/v1/concerns", body)
    sender = await desk.signed_in(SENDER)
    assert "Nobody has said so yet" in (await sender.get("/concerns/yours")).text
    lead = await desk.signed_in(LEAD)
    to_do = await lead.get("/to-do")
    waiting = [one for one in to_do.links.items() if one[0].startswith("A concern was sent")]
    waits, address = waiting[0]
    assert "say that you have it" in waits
    assert to_do.links["Concerns sent to us"] == "/concerns/received"
    listed = await lead.get("/concerns/received")
    assert listed.text.count("Say that you have it") == len(waiting)
    assert "In danger now" in listed.text
    assert address in listed.links.values()
    page = await lead.get(address)
    assert (worry in page.text, "Tidewater Housing" in page.text) == (True, True)
    assert "<script>alert" not in page.html
    assert (await lead.send(page, address)).address == "/concerns/received"
    done = await lead.send(page, address)
    assert (done.status, done.address) == (200, "/concerns/received"), "sent twice it is done once"
    assert done.text.count("Say that you have it") == len(waiting) - 1
    page = await lead.get(address)
    assert page.soup.find("form", action=address) is None
    assert "Dev Patel" in page.text
    assert address not in (await lead.get("/to-do")).links.values()
    told = await sender.get("/concerns/yours")
    assert "Nobody has said so yet" not in told.text
    assert "Harbour" in told.text
    assert worry not in told.text
    assert (await sender.get(address)).status == 404


async def test_what_goes_along_stands_there_and_nobody_else_reads_any_of_it(desk: Desk) -> None:
    world, house = desk.home.world, desk.home.house
    view = await world.as_(SENDER).get(f"/v1/cases/{house.case}")
    need = next(
        entry
        for entry in view["areas"]["assessment"]
        if (entry["kind"], entry["owner"], entry["level"]) == ("need", "tidewater-housing", "full")
    )
    body = concern(recipient="harbour-social-care", about="The boy", entries=[need["id"]])
    sent = (await world.as_(SENDER).post(f"/v1/cases/{house.case}/concerns", body))["id"]
    page = await (await desk.signed_in(LEAD)).get(f"/concerns/received/{sent}")
    assert page.status == 200
    assert need["fields"]["headline"] in page.text
    for user in ("moira.flynn", "nadia.bell", SENDER):
        browser = await desk.signed_in(user)
        assert "None that you may read." in (await browser.get("/concerns/received")).text, user
        assert (await browser.get(f"/concerns/received/{sent}")).status == 404, user


async def test_a_volunteer_finds_what_they_sent_from_where_they_send(desk: Desk) -> None:
    browser = await desk.signed_in("ben.carver")
    page = await browser.get("/concerns/new")
    assert page.links["See whether what you sent was received"] == "/concerns/yours"
    assert (await browser.get("/concerns/yours")).status == 200
