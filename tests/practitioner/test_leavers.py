"""Who leaves loses their access the same day, and what they did is shown until somebody else does it."""

from datetime import timedelta
from typing import Any

import pytest

from clients.practitioner.presenters.leavers import gaps_of
from clients.practitioner.presenters.team import deputies_of
from tests.practitioner.browser import Desk
from tests.practitioner.test_family import with_an_account

pytestmark = pytest.mark.anyio
HOSTILE = '"><script>alert(1)</script>\u202e'
Json = dict[str, Any]


async def test_who_stands_in_is_listed_with_their_time_and_ended_by_who_is_in_charge(desk: Desk) -> None:
    house, today = desk.home.house, desk.home.world.clock.now.date()
    lead, member = await desk.signed_in("sam.okafor"), await desk.signed_in("nadia.bell")
    back = today + timedelta(days=9)
    naming = f"/cases/{house.case}/team/{house.housing_member}/deputy"
    typed = {
        "since__day": str(today.day), "since__month": str(today.month), "since__year": str(today.year),
        "until__day": str(back.day), "until__month": str(back.month), "until__year": str(back.year),
    }  # fmt: skip
    team = await lead.send(await lead.get(naming), naming, **typed)
    page = await lead.get(team.links["Who stands in for the lead"])
    assert "Hana Novak Stands in" in page.text
    [ending] = [action for action in page.actions if action.endswith("/ending")]
    read = await member.get(page.address)
    assert ("Hana Novak Stands in" in read.text, ending in read.actions) == (True, False)
    page = await lead.send(page, ending)
    assert "Hana Novak Ended" in page.text
    assert ending not in page.actions


async def test_nobody_is_told_to_ring_a_lead_who_is_stopped(desk: Desk) -> None:
    house, world = desk.home.house, desk.home.world
    case, sheet = f"/cases/{house.case}", f"/family/sheet/{house.case}"
    member, family = await desk.signed_in("nadia.bell"), await with_an_account(desk)
    [section] = (await family.get(sheet)).soup.select("section[aria-labelledby=in-charge]")
    assert "Sam Okafor" in section.text
    assert "01632" in section.text
    await world.as_("una.price").post("/v1/users/sam.okafor/suspension", {"reason": "A complaint"})
    for browser, address in ((member, case), (family, sheet)):
        [section] = (await browser.get(address)).soup.select("section[aria-labelledby=in-charge]")
        assert "Nobody is in charge" in section.text
        assert "Sam Okafor" not in section.text
    today = world.clock.now.date()
    stands_in = {"member": house.housing_member, "since": today.isoformat()}
    deputies = f"/v1{case}/lead-professional/deputies"
    until = (today + timedelta(days=3)).isoformat()
    await world.as_("grace.obi").post(deputies, {**stands_in, "until": until})
    for browser, address in ((member, case), (family, sheet)):
        [section] = (await browser.get(address)).soup.select("section[aria-labelledby=in-charge]")
        words = " ".join(section.get_text(" ", strip=True).split())
        assert "While they are away: Hana Novak" in words
        assert "01632" not in words.partition("While they are away")[0]
        assert "None" not in words


async def test_an_officer_stops_somebody_for_now_and_lets_them_in_again(desk: Desk) -> None:
    world, case = desk.home.world, desk.home.house.case
    officer = await desk.signed_in("hous.officer")
    first = await officer.get("/office")
    page = await officer.get(first.links["People who leave"])
    assert (page.heading, "Nobody." in page.text) == ("People who leave", True)
    missing = await officer.send(page, "/leavers")
    assert (missing.status, missing.mistakes) == (422, ["Give the name with which they sign in."])
    page = await officer.send(page, "/leavers", user="hana.novak")
    assert (page.address, page.heading) == ("/leavers/person", "What hangs on hana.novak")
    why = await officer.send(page, "/leavers/stopped", stopped_because="")
    assert (why.status, why.mistakes) == (422, ["Fill this in."])
    assert why.soup.select_one("#stopped_because.govuk-input--error") is not None
    reason = "Her laptop was stolen " + HOSTILE
    called = "Hana Novak " + HOSTILE
    long = await officer.send(why, "/leavers/stopped", stopped_because=reason, name="N" * 301)
    assert long.mistakes == ["Write at most 300 characters."]
    assert long.soup.select_one("#name.govuk-input--error") is not None
    done = await officer.send(long, "/leavers/stopped", name=called)
    assert (done.status, "They see nothing for us from now on" in done.text) == (200, True)
    assert (await world.as_("hana.novak").send("GET", f"/v1/cases/{case}")).status_code == 404
    page = await officer.get("/leavers")
    assert "Her laptop was stolen" in page.text
    assert "by Al Munn." in page.text, "and not by the name with which he signs in"
    assert "<script>alert" not in page.html
    [link] = [words for words, to in page.links.items() if to == "/leavers/person?user=hana.novak"]
    assert link.startswith("Hana Novak"), "and not by the name with which she signs in"
    assert "Signs in as hana.novak." in page.text
    other = await (await desk.signed_in("tom.ashby")).get("/leavers")
    assert "hana.novak" not in other.text, "each office lists its own"
    await officer.send(page, "/leavers/let-in", reason="It was found")
    back = await officer.send(page, "/leavers/let-in", reason="It was found")
    assert (back.status, back.address) == (200, "/leavers")
    assert "Nobody." in back.text
    assert (await world.as_("hana.novak").send("GET", f"/v1/cases/{case}")).status_code == 200


async def test_a_manager_sees_what_hangs_on_somebody_before_and_after_they_leave(desk: Desk) -> None:
    world, case = desk.home.world, desk.home.house.case
    manager = await desk.signed_in("liz.hart")
    team = await manager.get(f"/cases/{case}/team")
    [leaves] = [address for words, address in team.links.items() if words.startswith("Leaves our service")]
    assert leaves == "/leavers/person?user=sam.okafor", "their own people, and not themselves"
    page = await manager.get(leaves)
    assert f"/cases/{case}/team" in page.links.values()
    assert "Stop them for now" not in page.text
    why = await manager.send(page, "/leavers/left", left_because="")
    assert (why.status, why.mistakes) == (422, ["Fill this in."])
    done = await manager.send(why, "/leavers/left", left_because="Moved away " + HOSTILE)
    assert (done.status, "Done. They work for us no more" in done.text) == (200, True)
    unled = await (await desk.signed_in("nadia.bell")).get(done.links["Nobody in charge"])
    assert f"/cases/{case}/team" in unled.links.values(), "what they led is everybody's to see since"
    team = (await world.as_("nadia.bell").get(f"/v1/cases/{case}"))["header"]["team"]
    assert "sam.okafor" not in [one["user"] for one in team]
    assert (await (await desk.signed_in("nadia.bell")).get("/leavers/person?user=sam.okafor")).status == 403


@pytest.mark.parametrize("user", ["no such name", "x" * 300, HOSTILE])
async def test_what_is_no_name_of_a_user_is_asked_for_again(desk: Desk, user: str) -> None:
    manager = await desk.signed_in("kit.vane")
    page = await manager.send(await manager.get("/leavers"), "/leavers", user=user)
    assert page.status in (200, 422)
    assert "<script>alert" not in page.html
    if page.status == 422:
        assert page.mistakes == ["Give the name with which they sign in, for example ruth.amadi."]


ROW: Json = {
    "id": "d", "name": "Ann", "agency": "a-school", "telephone": None, "since": "2031-03-01",
    "until": "2031-03-09", "ended_at": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "state", "may_end"),
    [
        ({}, "Stands in", True),
        ({"since": "2031-03-04"}, "Will", True),
        ({"until": "2031-03-03"}, "Over", False),
        ({"ended_at": "2031-03-02T09:00:00Z"}, "Ended", False),
    ],
)
def test_who_stands_in_is_shown_as_it_is_today(changes: Json, state: str, may_end: bool) -> None:
    rows = {"deputies": [ROW | changes]}
    [one] = deputies_of(rows, {"a-school": "A School"}, "2031-03-03", may_end=True)
    assert (one.state, one.may_end, one.service) == (state, may_end, "A School")
    [one] = deputies_of(rows, {}, "2031-03-03", may_end=False)
    assert not one.may_end


GAPS = ("lead", "nomination", "deputy", "review", "meetings")


def test_each_thing_that_falls_vacant_leads_to_where_it_is_filled() -> None:
    case = {
        "id": "c", "person": None, "lead_professional": None, "state": "open", "vacant_since": None,
        "review_on": None, "closed_at": None,
    }  # fmt: skip
    line = {
        "case": case,
        "alone": False,
        "lead": True,
        "nomination": True,
        "deputy": True,
        "review": True,
        "promises": ["a", "b"],
        "meetings": ["c"],
    }
    [gap] = gaps_of({"gaps": [line]})
    assert [(one.words, one.address) for one in gap.vacancies] == [
        ("Find somebody to lead", "/cases/c/team"),
        ("Ask somebody else to lead", "/cases/c/team"),
        ("Find somebody else to stand in", "/cases/c/team/deputies"),
        ("Say who sees to the next review", "/cases/c/reviews"),
        ("Say who is in the chair of a meeting", "/cases/c/meetings"),
        ("Give somebody else 2 things that they promised", "/cases/c/plan"),
    ]
    nothing = {**line, **dict.fromkeys(GAPS, False), "promises": ["a"]}
    [gap] = gaps_of({"gaps": [nothing]})
    assert [one.words for one in gap.vacancies] == ["Give somebody else something that they promised"]
    [gap] = gaps_of({"gaps": [{**nothing, "alone": True}]})
    assert (gap.name, gap.address) == ("A case on which nobody of our service works any more", "/to-do")
    assert [(one.words, one.address) for one in gap.vacancies] == [
        ("Something that they promised: our service owes it still", "/to-do"),
    ]


async def test_a_name_of_nobody_is_recorded_without_saying_that_it_went_well(desk: Desk) -> None:
    """Nothing here knows how people are called who work on no case: so the name is to be looked at again."""
    browser = await desk.signed_in("liz.hart")
    page = await browser.get("/leavers/person?user=sam.okafr")
    assert "Nobody of that sign-in name does anything for our service" in page.text
    done = await browser.send(page, "/leavers/left", left_because="Moved away")
    assert done.status == 200
    assert "check the spelling" in done.text
    assert done.soup.select_one(".govuk-notification-banner--success") is None
