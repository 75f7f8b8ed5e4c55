"""Two of the stories of design 1, clicked through: J, and the youth inclusion panel. What pages do not reach
yet (recording people, opening a case) is done through the API."""

from datetime import timedelta

import pytest

from deploy.stories.steps import born, open_case, record_parent, record_person, record_power_of_attorney
from tests.practitioner.browser import Browser, Desk, Page

pytestmark = pytest.mark.anyio
Typed = dict[str, str | list[str]]
SAID: Typed = {"understood": "yes", "evidence": "verbal", "reference": "Notes of the visit"}
BEST_INTERESTS: Typed = {
    "capacity": "best_interests", "decision_maker": "Lena Fox, with his GP",
    "assessment_reference": "File 19", "asked_first": "Asked on two mornings, with his sister",
    "wishes": "When well he has always gone to his appointments", "consulted_who": "His mother",
    "consulted_view": "Whatever gets him seen by a doctor", "reasons": "Nobody treats what nobody is told of",
}  # fmt: skip


async def permission(browser: Browser, case: str, who: Typed, what: Typed, whom: list[str]) -> Page:
    """What comes of asking, after it was read back."""
    new = f"/cases/{case}/permissions/new"
    page = await browser.get(new)
    page = await browser.send(page, f"{new}/who", **{**SAID, **who})
    assert page.address == f"{new}/what", page.mistakes
    page = await browser.send(page, f"{new}/what", **what)
    page = await browser.send(
        page, f"{new}/whom", recipients=whom, valid_until__day="1", valid_until__month="9",
        valid_until__year="2031", level="full", purposes="support",
    )  # fmt: skip
    assert page.heading == "Read it back to them", page.mistakes
    return await browser.send(page, f"{new}/check")


async def join(browser: Browser, case: str, user: str, name: str, agency: str, role: str) -> None:
    new = f"/cases/{case}/team/new"
    page = await browser.send(
        await browser.get(new), new, user=user, name=name, agency=agency, role=role, job_title="Worker"
    )
    assert page.address == f"/cases/{case}/team", page.mistakes


def link(page: Page, *words: str) -> str:
    [found] = [address for said, address in page.links.items() if all(word in said for word in words)]
    return found


async def test_j_is_asked_first_and_that_nobody_is_in_charge_is_plain(desk: Desk) -> None:
    today = desk.home.world.clock.now.date()
    api = desk.home.world.as_("lena.fox")
    j = await record_person(api, "Jim", "Harker", born(51, today))
    mother = await record_person(api, "Edith", "Harker", born(79, today))
    case = await open_case(api, j, [mother], "Three services have closed his file this year.")
    await record_parent(api, mother, j, "mother", responsible=False)
    browser = await desk.signed_in("lena.fox")
    part = f"/cases/{case}/taking-part"
    himself: Typed = {"subject": j, "giver": j, "capacity": "adult"}
    page = await browser.send(
        await browser.get(part), part, **himself, **SAID, agrees="yes", given_to="Jim", language="English"
    )
    assert "You agreed to take part" in page.text

    page = await permission(
        browser, case, himself, {"single__mental_health": "yes"}, ["clear-water", "borough-police"]
    )
    assert "You said yes: this may be shared mental health" in page.text
    recorded = await record_power_of_attorney(
        api, case, j, mother, document="Lasting power of attorney, property and affairs, 2019",
        covers=["housing", "money_work"], verified_by="Lena Fox",
    )  # fmt: skip
    power: Typed = {
        "subject": j, "giver": mother, "capacity": "attorney", "under": recorded,
        "assessed_by": "Lena Fox, social worker", "incapacity_reference": "File 19",
        "incapacity_asked": "Twice at home; he could not weigh where to live.",
    }  # fmt: skip
    new = f"/cases/{case}/permissions/new"
    page = await browser.send(await browser.get(new), f"{new}/who", **{**SAID, **power})
    assert "Do not ask them about" in page.text
    assert "This authority does not reach" in page.text
    offered = {str(field["name"]) for field in page.form(page.actions[-1]).find_all("input")}
    assert ("bundle-home" in offered, "bundle-health" in offered) == (True, False)
    money: Typed = {"bundle__home": "part", "part__home": ["money_work"]}
    page = await permission(browser, case, power, money, ["clear-water"])
    assert "You said yes: this may be shared money and work" in page.text
    decided: Typed = {"subject": j, **BEST_INTERESTS}
    page = await permission(browser, case, decided, {"bundle__health": "yes"}, ["eastmere-mental-health"])
    assert "a best-interests decision" in page.text

    await join(browser, case, "omar.aziz", "Omar Aziz", "eastmere-mental-health", "practitioner")
    page = await browser.get(f"/cases/{case}/team")
    assert "Nobody is in charge" in page.text
    asking = link(page, "Ask to lead", "Omar Aziz")
    await browser.send(await browser.get(asking), asking)
    nurse = await desk.signed_in("omar.aziz")
    refusal = link(await nurse.get(f"/cases/{case}/team"), "Say no")
    await nurse.send(await nurse.get(refusal), refusal, reason="He drinks; we see people once they are sober")
    assert f"/cases/{case}/team" in (await browser.get("/vacancies")).links.values()

    refer = f"/cases/{case}/referrals/new"
    asked = {
        "agency": "clear-water", "reason": "He wants to stop drinking", "name": "Meg Lloyd",
        "user": "meg.lloyd",
    }  # fmt: skip
    await browser.send(await browser.get(refer), refer, **asked)
    worker = await desk.signed_in("meg.lloyd")
    page = await worker.get("/referrals")
    no = next(to for to in page.links.values() if to.endswith("/refusal"))
    await worker.send(await worker.get(no), no, reason="He missed three appointments")
    page = await browser.get(f"/cases/{case}/referrals")
    assert "They will not help" in page.text
    assert "He missed three appointments" in page.text


async def test_the_panel_meets_and_each_pledge_is_chased(desk: Desk) -> None:
    world = desk.home.world
    today = world.clock.now.date()
    api = world.as_("ola.strand")
    kyle = await record_person(api, "Kyle", "Denby", born(11, today))
    mother = await record_person(api, "Shona", "Denby", born(33, today))
    case = await open_case(api, kyle, [mother], "He asked for a mentor himself.")
    await record_parent(api, mother, kyle, "mother")
    charity = await desk.signed_in("ola.strand")
    part, agreed = f"/cases/{case}/taking-part", {"subject": kyle, "giver": mother, "capacity": "parent"}
    await charity.send(
        await charity.get(part), part, **agreed, **SAID, agrees="yes", given_to="His mother",
        language="English",
    )  # fmt: skip
    services = ["education-welfare", "borough-police", "tidewater-housing", "bright-path"]
    page = await permission(charity, case, dict(agreed), {"bundle__everyday": "yes"}, services)
    assert "You said yes: this may be shared everyday life" in page.text
    for user, name, agency, role in (
        ("ivor.pryce", "Ivor Pryce", "education-welfare", "practitioner"),
        ("hana.novak", "Hana Novak", "tidewater-housing", "practitioner"),
        ("ben.carver", "Ben Carver", "bright-path", "volunteer"),
    ):
        await join(charity, case, user, name, agency, role)
    goal = f"/cases/{case}/plan/goals/new"
    await charity.send(await charity.get(goal), goal, goal="Fridays that are his own")

    new, begins = f"/cases/{case}/meetings/new", world.clock.now + timedelta(hours=1)
    panel = {
        "meeting_kind": "panel", "title": "Kyle: what each of us can do",
        "panel_name": "Youth inclusion panel", "age_from": "8", "age_to": "13", "agreed": "yes",
        "time": f"{begins:%H:%M}",
        "starts__day": str(begins.day), "starts__month": str(begins.month), "starts__year": str(begins.year),
    }  # fmt: skip
    page = await charity.send(await charity.get(new), new, **panel)
    assert page.heading == "Kyle: what each of us can do", page.mistakes
    meeting = page.address
    for user in ("ivor.pryce", "hana.novak"):
        page = await charity.get(f"{meeting}/invitations/new")
        options = [str(one["value"]) for one in page.soup.select("#member option")]
        member = next(value for value in options if value.startswith(user))
        await charity.send(page, f"{meeting}/invitations/new", member=member)
    page = await charity.get(f"{meeting}/attendance")
    there = [str(one["value"]) for one in page.soup.select("input[name=present]")]
    await charity.send(page, f"{meeting}/attendance", present=there)
    soon = today + timedelta(days=7)
    when = {
        "by_when__day": str(soon.day), "by_when__month": str(soon.month), "by_when__year": str(soon.year),
    }  # fmt: skip
    for agency, promise in (("education-welfare", "Breakfast club"), ("tidewater-housing", "A transfer")):
        pledge = f"{meeting}/pledges/new"
        page = await charity.send(
            await charity.get(pledge),
            pledge,
            accountable=agency,
            action=promise,
            desired_outcome="Better",
            **when,
        )
        assert page.address == meeting, page.mistakes
    page = await charity.send(page, page.action("/closing"))
    assert "Breakfast club" in page.text

    world.clock.now += timedelta(days=9)
    late = await desk.signed_in("ola.strand")
    page = await late.get(f"/cases/{case}/plan")
    assert "2 days late" in page.text
    page = await late.send(page, page.action("/news"))
    assert "Somebody asked how it goes, once." in page.text
    volunteer = await desk.signed_in("ben.carver")
    page = await volunteer.get(f"/cases/{case}/plan")
    assert "Fridays that are his own" in page.text
    assert page.actions == ["/sign-out"]
