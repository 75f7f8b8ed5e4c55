"""What is done from pages: promises answered, permissions taken back."""

import re

import pytest

from clients.practitioner.presenters.permissions import permissions_of, taken_back_sentence
from clients.practitioner.words import NOTICED_AT, NOTICES
from services.case.clocks.operations import CLOCKS
from shared.vocabulary import NO_ANSWER
from tests.practitioner.browser import Desk
from tests.support.gateway import START
from tests.support.suite import ROOT

pytestmark = pytest.mark.anyio


async def test_what_was_promised_is_declined_with_a_reason_and_then_accepted(desk: Desk) -> None:
    house, world = desk.home.house, desk.home.world
    promises = (await world.as_("hana.novak").get("/v1/worklists/promises"))["promises"]
    mine = [one for one in promises if one["entry"]["kind"] == "action"]
    assert mine
    action = f"/cases/{mine[0]['case']}/actions/{mine[0]['entry']['id']}"
    browser = await desk.signed_in("hana.novak")
    page = await browser.get(f"{action}/decline")
    page = await browser.send(page, f"{action}/decline", reason="")
    assert (page.status, len(page.mistakes)) == (422, 1)
    page = await browser.send(page, f"{action}/decline", reason="No flat is free before May")
    assert page.address == "/to-do"
    seen = await world.as_("sam.okafor").get(f"/v1/cases/{house.case}/actions")
    declined = [one for one in seen["entries"] if one["id"] == mine[0]["entry"]["id"]]
    assert [one["fields"]["status"] for one in declined] == ["declined"]


async def test_a_permission_is_taken_back_and_the_next_read_is_without_it(desk: Desk) -> None:
    house, world = desk.home.house, desk.home.world
    before = await world.as_("hana.novak").get(f"/v1/cases/{house.case}")
    browser = await desk.signed_in("nadia.bell")
    page = await browser.get(f"/cases/{house.case}/permissions")
    address = f"/cases/{house.case}/permissions/{house.everyday_permission}/withdrawal"
    assert address in page.links.values()
    page = await browser.get(address)
    page = await browser.send(page, address, note="She said it at the door")
    assert (page.status, page.mistakes) == (422, ["Say who takes this back."])
    page = await browser.send(page, address, withdrawn_by=house.mother)
    assert page.address == f"/cases/{house.case}/permissions/{house.everyday_permission}/withdrawn"
    assert "no longer see" in page.text
    assert "here because of your permission; they may keep what they already recorded" in page.text
    assert "your help goes on" in page.text
    assert [row.get_text(" ", strip=True) for row in page.soup.select("tbody tr")], (
        "nothing is said to be seen"
    )
    page = await browser.get(f"/cases/{house.case}/permissions")
    assert "Taken back" in page.text
    assert address not in page.links.values()
    assert (await browser.get(address)).status == 404
    after = await world.as_("hana.novak").get(f"/v1/cases/{house.case}")
    assert sum(map(len, after["areas"].values())) < sum(map(len, before["areas"].values()))


def test_whoever_can_still_see_it_by_another_permission_is_said_to() -> None:
    at = "2031-03-03T09:00:00.000000Z"
    common = {
        "kind": "share", "answer": "given", "subject": "james", "giver": "karen", "capacity": "parent",
        "valid_from": at, "valid_until": None, "withdrawn_at": None,
    }  # fmt: skip
    shares = [
        {**common, "id": "this", "recipients": ["housing", "police"], "categories": ["learning", "health"]},
        {**common, "id": "same", "recipients": ["housing"], "categories": ["health", "behaviour"]},
        {**common, "id": "over", "recipients": ["police"], "categories": ["health"], "withdrawn_at": at},
        {**common, "id": "sister", "recipients": ["police"], "categories": ["health"], "subject": "amy"},
    ]
    names = {"housing": "Housing", "police": "Police"}
    said = {one.id: one for one in permissions_of({"consents": shares}, {}, names, START)}
    told = taken_back_sentence(at, said["this"], said.values(), "see below")
    assert "another one stands, and with it Housing can still see health here until" in told
    assert "no longer see" not in told
    told = taken_back_sentence(at, said["this"], [said["this"], said["over"], said["sister"]], "see below")
    assert "Housing and Police no longer see learning and health here because of your permission" in told


def test_what_a_notice_says_is_a_sentence() -> None:
    assert all(words[0].isupper() and not words.endswith(".") for words in NOTICES.values())


def test_every_notice_that_is_raised_has_words_of_its_own() -> None:
    """By the source: each kind stands in a call, or in a constant of its module. Three changes that make it
    fail: a notice of a new kind, a kind that is renamed, and words for one that nobody raises."""
    raised = {*CLOCKS}
    for file in (ROOT / "services" / "case").rglob("operations.py"):
        source = file.read_text(encoding="utf-8")
        constants = dict(re.findall(r'^(_?[A-Z_]+) = "([a-z_]+)"$', source, re.MULTILINE))
        for said in re.findall(r'NewNotice\([\w.\[\]]+, ("[a-z_]+"|_?[A-Z_]+),', source):
            raised.add(constants.get(said) or (said.strip('"') if said.startswith('"') else NO_ANSWER))
        raised.update(re.findall(r'_missed\("([a-z_]+)"', source))
        raised.update(re.findall(r'_tell_who_asked\(session, asked, "([a-z_]+)"', source))
    assert raised == NOTICES.keys()
    assert NOTICED_AT.keys() <= NOTICES.keys()
