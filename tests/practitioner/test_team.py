"""The team and who is in charge: nobody is offered what would be refused, and a handover leaves no gap."""

import pytest

from tests.practitioner.browser import Browser, Desk, Page

pytestmark = pytest.mark.anyio


def team(desk: Desk, more: str = "") -> str:
    return f"/cases/{desk.home.house.case}/team{more}"


async def page_of(desk: Desk, user: str) -> tuple[Browser, Page]:
    browser = await desk.signed_in(user)
    return browser, await browser.get(team(desk))


def link(page: Page, *words: str) -> str:
    found = [address for said, address in page.links.items() if all(word in said for word in words)]
    assert len(found) == 1, (words, page.links)
    return found[0]


async def test_the_team_is_shown_with_what_each_may_do_about_it(desk: Desk) -> None:
    _, lead = await page_of(desk, "sam.okafor")
    _, member = await page_of(desk, "hana.novak")
    _, volunteer = await page_of(desk, "ben.carver")
    assert all("Hana Novak" in page.text and "Lead professional" in page.text for page in (lead, member))
    assert team(desk, "/new") in lead.links.values()
    assert team(desk, "/new") not in [*member.links.values(), *volunteer.links.values()]
    endings = [
        [address for address in page.links.values() if address.endswith("/ending")]
        for page in (lead, member, volunteer)
    ]
    assert [len(found) for found in endings] == [6, 1, 1]
    assert not [address for address in member.links.values() if address.endswith("/lead")]


async def test_somebody_joins_with_access_and_leaves_without(desk: Desk) -> None:
    browser, page = await page_of(desk, "sam.okafor")
    page = await browser.get(team(desk, "/new"))
    page = await browser.send(page, team(desk, "/new"), name="Ivor <b>Pryce</b>")
    assert page.status == 422
    assert len(page.mistakes) == 4
    assert "<b>Pryce" not in page.html
    who = {
        "name": "Ivor Pryce", "user": "ivor.pryce", "agency": "education-welfare", "role": "practitioner",
        "job_title": "Education welfare officer",
    }  # fmt: skip
    done = [await browser.send(page, team(desk, "/new"), **who) for _ in range(2)]
    assert [one.address for one in done] == [team(desk), team(desk)]
    assert done[0].text.count("Ivor Pryce") == done[1].text.count("Ivor Pryce") > 0
    colleague = await desk.signed_in("ivor.pryce")
    before = await colleague.get(f"/cases/{desk.home.house.case}")
    assert link(await colleague.get(team(desk)), "Leave")
    ending = link(await browser.get(team(desk)), "Leaves the team", "Ivor Pryce")
    page = await browser.get(ending)
    assert page.heading == "Ivor Pryce leaves the team"
    page = await browser.send(page, ending, reason=" ")
    assert (page.status, page.mistakes != []) == (422, True)
    page = await browser.send(page, ending, reason="He has another post")
    assert page.heading == "Done"
    after = await colleague.get(f"/cases/{desk.home.house.case}")
    assert len(after.text) < len(before.text)
    page = await colleague.get(team(desk))
    assert "Ivor Pryce" not in page.text
    assert not [address for address in page.links.values() if address.endswith("/ending")]


async def test_a_handover_is_asked_refused_and_accepted_and_the_lead_stays_until_then(desk: Desk) -> None:
    browser, page = await page_of(desk, "sam.okafor")
    asking = link(page, "Ask to lead", "Nadia Bell")
    page = await browser.get(asking)
    assert "Sam Okafor stays in charge until they say yes." in page.text
    page = await browser.send(page, asking)
    assert "Nadia Bell is asked to be lead professional" in page.text
    assert not [address for address in page.links.values() if address.endswith("/lead")]
    asked, page = await page_of(desk, "nadia.bell")
    assert "You are asked to be lead professional" in page.text
    refusal = link(page, "Say no")
    page = await asked.send(await asked.get(refusal), refusal, reason="")
    assert page.status == 422
    page = await asked.send(page, refusal, reason="I leave this post in March")
    assert "Nadia Bell, Northgate Community School" in page.text
    assert ": refused. What they said" in page.text
    browser, page = await page_of(desk, "sam.okafor")
    asking = link(page, "Ask to lead", "Nadia Bell")
    await browser.send(await browser.get(asking), asking)
    asked, page = await page_of(desk, "nadia.bell")
    acceptance = page.action("/acceptance")
    page = await asked.send(page, acceptance)
    leading = (await desk.home.world.as_("hana.novak").get(f"/v1/cases/{desk.home.house.case}"))["header"]
    assert leading["lead_professional"]["user"] == "nadia.bell"
    assert "Sam Okafor, Eastmere Youth Offending Team" in page.text
    back = link(page, "Ask to lead", "Sam Okafor")
    await asked.send(await asked.get(back), back)
    manager, page = await page_of(desk, "liz.hart")
    objection = link(page, "Object for your service")
    page = await manager.send(await manager.get(objection), objection, reason="He leads enough")
    assert ": their service objects. What they said" in page.text
    page = await asked.get(team(desk))
    back = link(page, "Ask to lead", "Sam Okafor")
    page = await asked.send(await asked.get(back), back)
    withdrawal = page.action("/withdrawal")
    page = await asked.send(page, withdrawal)
    assert "is asked to be lead professional" not in page.text


async def test_somebody_stands_in_for_some_days(desk: Desk) -> None:
    browser, page = await page_of(desk, "nadia.bell")
    address = link(page, "Stands in", "Hana Novak")
    page = await browser.get(address)
    assert (await browser.send(page, address)).status == 422
    today = desk.home.world.clock.now.date()
    days = {
        "since__day": str(today.day), "since__month": str(today.month), "since__year": str(today.year),
        "until__day": "1", "until__month": "12", "until__year": str(today.year),
    }  # fmt: skip
    page = await browser.send(page, address, **days)
    assert page.address == team(desk)
    assert "While the lead professional is away: Hana Novak." in page.text


async def test_whoever_sees_nothing_of_the_case_sees_nothing_of_its_team(desk: Desk) -> None:
    browser = await desk.signed_in("rita.shaw")
    page = await browser.get(team(desk))
    assert page.status in (403, 404)
    assert "Hana Novak" not in page.html
    other = f"/cases/{desk.home.house.other_case}/team"
    assert (await (await desk.signed_in("ben.carver")).get(other)).status == 404


async def test_cases_that_nobody_leads_are_listed(desk: Desk) -> None:
    page = await (await desk.signed_in("asif.khan")).get("/vacancies")
    assert (page.status, page.heading) == (200, "Cases that nobody leads")
    assert f"/cases/{desk.home.house.other_case}/team" in page.links.values()
