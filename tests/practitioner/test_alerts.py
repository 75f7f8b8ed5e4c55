"""What the lead is told to look at, and what to do about it.

Three changes that make this fail: telling the lead nothing, asking whether anyone is at risk on no page,
leaving the question there once it is answered.
"""

import pytest

from tests.practitioner.browser import Desk

pytestmark = pytest.mark.anyio
LEAD = "sam.okafor"


async def test_the_lead_is_told_of_broken_glass_and_reads_who_and_why(desk: Desk) -> None:
    world, case = desk.home.world, desk.home.house.case
    await world.as_("meg.lloyd").post(f"/v1/cases/{case}/break-glass", {"reason": "Seen on the bridge"})
    lead = await desk.signed_in(LEAD)
    page = await lead.get("/to-do")
    [address] = [to for words, to in page.links.items() if "opened a case because of danger" in words]
    read = await lead.get(address)
    assert (read.status, "Seen on the bridge" in read.text, "Meg Lloyd" in read.text) == (200, True, True)
    assert f"/cases/{case}/alerts" in (await lead.get(f"/cases/{case}")).links.values()
    assert address in (await lead.get(f"/cases/{case}/alerts")).links.values()
    other = await desk.signed_in("hana.novak")
    assert address not in (await other.get("/to-do")).links.values()
    assert f"/cases/{case}/alerts" not in (await other.get(f"/cases/{case}")).links.values()
    assert address not in (await other.get(f"/cases/{case}/alerts")).links.values()


async def test_the_lead_says_whether_anyone_is_at_risk_once_the_family_left(desk: Desk) -> None:
    world, house = desk.home.world, desk.home.house
    lead = await desk.signed_in(LEAD)
    risk = f"/cases/{house.case}/risk"
    assert "Nothing is asked of you" in (await lead.get(risk)).text
    leaves = {"kind": "take_part", "subject": house.child, "withdrawn_by": house.mother}
    await world.as_("hana.novak").post(f"/v1/cases/{house.case}/consents/withdrawals", leaves)
    assert risk in (await lead.get("/to-do")).links.values()
    assert risk in (await lead.get(f"/cases/{house.case}/alerts")).links.values()
    page = await lead.get(risk)
    question = next(to for to in page.links.values() if to.startswith(f"{risk}/"))
    asked = await lead.get(question)
    assert "is anyone at risk now?" in asked.heading
    empty = await lead.send(asked, question)
    assert (empty.status, len(empty.mistakes)) == (422, 2)
    done = await lead.send(asked, question, somebody_at_risk="no", considered="The school sees him daily.")
    assert (done.status, done.address) == (200, risk)
    assert ("Nobody is at risk" in done.text, "The school sees him daily." in done.text) == (True, True)
    assert (await lead.get(question)).status == 404
    assert risk not in (await lead.get("/to-do")).links.values()
    assert risk not in (await lead.get(f"/cases/{house.case}/alerts")).links.values()
