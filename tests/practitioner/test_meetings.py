"""A meeting is arranged, held and followed up; each reads their own papers, and pledges are tracked."""

import re
from datetime import timedelta

import pytest

from clients.practitioner.pages.meetings import decision_of, meeting_of
from clients.practitioner.presenters.meetings import missed_of, pledges_of
from clients.practitioner.visit import Form
from tests.practitioner.browser import Browser, Desk, Page

pytestmark = pytest.mark.anyio
CANARY = re.compile(r"canary\d{5}")


def at(desk: Desk, more: str = "") -> str:
    return f"/cases/{desk.home.house.case}/meetings{more}"


async def arranged(desk: Desk, browser: Browser, title: str) -> Page:
    """A team meeting that begins in an hour."""
    page = await browser.get(at(desk, "/new"))
    begins = desk.home.world.clock.now + timedelta(hours=1)
    return await browser.send(
        page, at(desk, "/new"), meeting_kind="team_meeting", title=title,
        starts__day=str(begins.day), starts__month=str(begins.month), starts__year=str(begins.year),
        time=f"{begins.hour}:{begins.minute:02}",
    )  # fmt: skip


async def test_the_lead_takes_the_chair_over_or_names_another(desk: Desk) -> None:
    chair, lead = await desk.signed_in("nadia.bell"), await desk.signed_in("sam.okafor")
    meeting = (await arranged(desk, chair, "Six weeks on")).address
    naming = f"{meeting}/chair"
    assert naming not in (await chair.get(meeting)).links.values()
    assert (await chair.get(naming)).status == 404
    page = await lead.get((await lead.get(meeting)).links["Say who is in the chair"])
    page = await lead.send(page, naming)
    assert (page.address, "You are in the chair." in page.text) == (meeting, True)
    again = await lead.send(await lead.get(naming), naming)
    assert (again.status, again.mistakes) == (422, ["This person is in the chair already."])
    page = await lead.send(again, naming, member=desk.home.house.housing_member)
    assert (page.address, "You are in the chair." in page.text) == (meeting, False)
    assert (
        "You are in the chair of a meeting" in (await (await desk.signed_in("hana.novak")).get("/to-do")).text
    )


async def test_a_meeting_is_arranged_held_and_followed_up(desk: Desk) -> None:
    world = desk.home.world
    chair = await desk.signed_in("nadia.bell")
    page = await chair.get(at(desk, "/new"))
    page = await chair.send(
        page, at(desk, "/new"), title="Six weeks on <script>alert(1)</script>", time="two"
    )
    assert page.status == 422
    assert page.filled_in(at(desk, "/new"))["time"] == "two"
    assert "<script>alert" not in page.html
    page = await arranged(desk, chair, "Six weeks on")
    assert (page.heading, page.status) == ("Six weeks on", 200)
    meeting = page.address
    invite = f"{meeting}/invitations/new"
    page = await chair.get(invite)
    assert (await chair.send(page, invite)).status == 422
    options = [str(one["value"]) for one in page.soup.select("#member option") if one["value"]]
    for user in ("hana.novak", "sam.okafor"):
        member = next(value for value in options if value.startswith(user))
        page = await chair.send(await chair.get(invite), invite, member=member)
    assert page.text.count("Invited") == 2
    housing = await desk.signed_in("hana.novak")
    page = await housing.get(meeting)
    page = await housing.send(page, page.action("/acceptance"))
    assert "Hana Novak , Tidewater Housing: Will come" in page.text
    lead = await desk.signed_in("sam.okafor")
    page = await lead.get(meeting)
    page = await lead.send(page, page.action("/apologies"))
    assert page.address == "/to-do"
    page = await chair.get(f"{meeting}/attendance")
    ticks = [str(one["value"]) for one in page.soup.select("input[name=present]")]
    assert len(ticks) == 2
    page = await chair.send(page, f"{meeting}/attendance", present=[ticks[0]])
    assert "Hana Novak , Tidewater Housing: There" in page.text
    assert "Sam Okafor , Eastmere Youth Offending Team: Sends apologies" in page.text
    decide = f"{meeting}/decisions/new"
    said = {"decision": "He begins at the boxing club", "reasons": "It is his wish"}
    page = await chair.send(await chair.get(decide), decide, **said)
    assert page.status == 422
    assert page.filled_in(decide)["decision"] == said["decision"]
    heard = {"whose": "child_or_young_person", "view": "I want to go boxing"}
    page = await chair.send(page, decide, **heard)
    assert "The child or young person: I want to go boxing" in page.text
    pledge = f"{meeting}/pledges/new"
    page = await chair.get(pledge)
    assert (await chair.send(page, pledge)).status == 422
    soon = world.clock.now + timedelta(days=7)
    promised = {
        "accountable": "tidewater-housing", "action": "A <b>key</b> for the hall", "desired_outcome": "Warm",
        "by_when__day": str(soon.day), "by_when__month": str(soon.month), "by_when__year": str(soon.year),
    }  # fmt: skip
    done = [await chair.send(page, pledge, **promised) for _ in range(2)]
    assert len([one for one in done[1].soup.find_all("h3") if "for the hall" in one.get_text()]) == 1
    assert "<b>key</b>" not in done[1].html
    standing = next(to for to in done[1].links.values() if to.endswith("/standing"))
    page = await chair.send(await chair.get(standing), standing, status="kept")
    assert page.status == 422
    page = await chair.send(page, standing, what_happened="It came on Friday")
    assert "It came on Friday" in page.text
    assert (await housing.get(standing)).status == 404
    page = await chair.send(page, page.action("/closing"))
    assert "Over" in page.text
    assert not [action for action in page.actions if action.endswith("/closing")]
    listed = await chair.get(at(desk))
    assert "1 of 2 invited" in listed.text
    plan = await chair.get(f"/cases/{desk.home.house.case}/plan")
    assert "for the hall" in plan.text


async def test_the_family_is_invited_sends_word_and_is_in_the_room(desk: Desk) -> None:
    chair = await desk.signed_in("nadia.bell")
    meeting = (await arranged(desk, chair, "With his mother")).address
    inviting = f"{meeting}/family/new"
    page = await chair.get(inviting)
    assert (await chair.send(page, inviting)).status == 422
    named = {str(one["value"]): one.get_text() for one in page.soup.select("#person option") if one["value"]}
    assert desk.home.house.mother in named
    page = await chair.send(page, inviting, person=desk.home.house.mother)
    assert f"{named[desk.home.house.mother]} , of the family: Invited" in page.text
    word = next(action for action in page.actions if action.endswith("/word"))
    page = await chair.send(page, word, comes="no")
    assert "of the family: Sends apologies" in page.text
    page = await chair.get(f"{meeting}/attendance")
    ticks = [str(one["value"]) for one in page.soup.select("input[name=present]")]
    assert len(ticks) == 1
    page = await chair.send(page, f"{meeting}/attendance", present=ticks)
    assert "of the family: There" in page.text
    assert not [action for action in page.actions if action.endswith("/word")]
    assert "1 of 1 invited" in (await chair.get(at(desk))).text
    housing = await desk.signed_in("ben.carver")
    assert (await housing.get(inviting)).status == 404


@pytest.mark.parametrize("user", ["nadia.bell", "hana.novak", "asif.khan", "pam.orr", "ben.carver"])
async def test_c1_each_reads_the_papers_that_they_may_read_now(desk: Desk, user: str) -> None:
    house = desk.home.house
    page = await (await desk.signed_in(user)).get(at(desk, f"/{house.meeting}"))
    path = f"/v1/cases/{house.case}/meetings/{house.meeting}"
    answer = await desk.home.world.as_(user).send("GET", path)
    assert page.status == answer.status_code
    view = await desk.home.world.as_(user).send("GET", f"/v1/cases/{house.case}")
    # What the family are called stands in the view of the case.
    on_page, in_answer = set(CANARY.findall(page.html)), set(CANARY.findall(answer.text + view.text))
    assert on_page <= in_answer
    assert page.status == 404 or on_page


async def test_who_only_reads_arranges_nothing(desk: Desk) -> None:
    browser = await desk.signed_in("ben.carver")
    page = await browser.get(at(desk))
    assert at(desk, "/new") not in page.links.values()
    for more in ("/new", f"/{desk.home.house.meeting}/decisions/new"):
        assert (await browser.get(at(desk, more))).status == 404


async def test_a_meeting_that_does_not_take_place_says_why(desk: Desk) -> None:
    chair = await desk.signed_in("nadia.bell")
    page = await arranged(desk, chair, "In the snow")
    meeting = page.address
    page = await chair.send(await chair.get(f"{meeting}/cancellation"), f"{meeting}/cancellation", reason="")
    assert page.status == 422
    page = await chair.send(page, f"{meeting}/cancellation", reason="The school is closed for snow")
    assert "Does not take place" in page.text
    assert "Why: The school is closed for snow" in page.text
    assert f"{meeting}/invitations/new" not in page.links.values()


async def test_a_panel_is_held_only_for_whom_it_is_there(desk: Desk) -> None:
    """The household's child is fourteen; the panel takes them to thirteen (design 1)."""
    chair = await desk.signed_in("nadia.bell")
    begins = desk.home.world.clock.now + timedelta(hours=1)
    panel = {
        "meeting_kind": "panel", "title": "Youth inclusion panel", "time": "10:30", "panel_name": "Panel",
        "age_from": "8", "age_to": "13", "agreed": "yes",
        "starts__day": str(begins.day), "starts__month": str(begins.month), "starts__year": str(begins.year),
    }  # fmt: skip
    page = await chair.send(await chair.get(at(desk, "/new")), at(desk, "/new"), **panel)
    assert page.status == 422
    assert any("old" in mistake or "age" in mistake for mistake in page.mistakes), page.mistakes


def typed(**fields: str) -> Form:
    return Form(tuple((name.replace("__", "-"), value) for name, value in fields.items()))


def test_what_is_not_a_panel_has_no_rules_of_one() -> None:
    form = typed(meeting_kind="team_meeting", title="Six weeks on", panel_name="Left over", age_from="8")
    assert meeting_of(form) == {"meeting_kind": "team_meeting", "title": "Six weeks on"}
    with_rules = meeting_of(typed(meeting_kind="panel", panel_name="Panel", age_from="eight", agreed="yes"))
    assert with_rules["panel"] == {"name": "Panel", "age_from": "eight"}
    assert with_rules["eligibility"] == {"agreed": True}


def test_a_decision_holds_the_views_that_were_heard_and_no_empty_action() -> None:
    form = typed(decision="Boxing", reasons="His wish", whose="adult", view="Yes", whose_2="", view_2="")
    assert decision_of(form) == {
        "decision": "Boxing", "reasons": "His wish", "views": [{"whose": "adult", "view": "Yes"}],
    }  # fmt: skip
    assert decision_of(typed(decision="Boxing", action="Sign him up"))["actions"] == [
        {"action": "Sign him up"}
    ]


def test_a_service_is_named_once_it_is_missing_again_and_again() -> None:
    answer = {"missed": [{"agency": "a", "times": 1}, {"agency": "b", "times": 3}]}
    assert missed_of(answer, {"b": "Housing"}) == ["Housing was not at the last 3 meetings."]


async def test_the_chair_alone_reads_what_may_be_said_in_the_room(desk: Desk) -> None:
    """Yes or no for each item and paper, and nobody's name."""
    house = desk.home.house
    chair = await desk.signed_in("nadia.bell")
    page = await arranged(desk, chair, "In the room")
    meeting = page.address
    agenda = f"{meeting}/agenda/new"
    page = await chair.send(await chair.get(agenda), agenda, topic="How he is <b>doing</b>")
    room = page.links["What may be said in the room"]
    assert room == f"{meeting}/room"
    page = await chair.get(room)
    assert (page.status, page.heading) == (200, "What may be said in the room")
    assert "How he is <b>doing</b> The item itself" in page.text
    assert "<b>doing" not in page.html
    assert "Hana Novak" not in page.text
    other = await desk.signed_in("sam.okafor")
    read = await other.get(meeting)
    assert room not in read.links.values()
    assert (await other.get(room)).status in (403, 404)
    assert house.meeting not in room


async def test_what_was_pledged_stands_in_one_list_over_all_meetings(desk: Desk) -> None:
    browser = await desk.signed_in("nadia.bell")
    page = await browser.get((await browser.get(at(desk))).links["What was pledged at all meetings"])
    assert page.address == at(desk, "/pledges")
    pledged = (await desk.home.world.as_("nadia.bell").get(f"/v1/cases/{desk.home.house.case}/pledges"))[
        "pledges"
    ]
    assert len(page.soup.select("section.app-finding")) == len(pledged) >= 1
    for line in pledged:
        assert line["pledge"]["fields"]["action"] in page.text
    standing = [to for to in page.links.values() if to.endswith("/standing")]
    for address in standing:
        assert (await browser.get(address)).status == 200


def test_pledges_stand_with_the_most_overdue_first() -> None:
    def line(id: str, due: str, late: int) -> dict[str, object]:
        fields = {
            "action": id,
            "by_when": due,
            "accountable": "a-school",
            "pledge": "pledged",
            "agreed_at": "m",
        }
        pledge = {"id": id, "owner": "a-school", "fields": fields}
        return {"pledge": pledge, "standing": "late" if late else "open", "late_days": late}

    rows = [line("later", "2031-05-01", 0), line("sooner", "2031-04-01", 0), line("late", "2031-03-01", 9)]
    found = pledges_of({"pledges": rows}, {"a-school": "A School"}, ("say_what_became",), "a-trust")
    assert [(one.pledge.what, one.late_days) for one in found] == [("late", 9), ("sooner", 0), ("later", 0)]
    assert all(one.pledge.may_say for one in found)
    own = pledges_of({"pledges": rows}, {}, ("say_what_became",), "a-school")
    assert not any(one.pledge.may_say for one in own), "whoever gave it says in the plan how it stands"
