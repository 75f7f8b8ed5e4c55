"""The youth inclusion panel (design 1), clicked through: who is eligible, what each may read and say aloud,
what each pledges, and that what is late is chased."""

from datetime import timedelta

import pytest

from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks
from tests.practitioner.browser import Desk
from tests.practitioner.clicked_steps import (
    NAMES,
    add_relative,
    ask_to_lead,
    days,
    found,
    join,
    open_a_case,
    permit,
    start_assessment,
    take_part,
    to_the_case,
    to_the_draft,
    write_down,
)
from tests.practitioner.clicking import Somebody, Typed, somebody

pytestmark = pytest.mark.anyio
KYLE, SHONA, JAY = "Kyle Denby", "Shona Denby", "Jay Orrell"
CHARITY, EDUCATION, SOCIAL, JUSTICE, POLICE, HOUSING, CAMHS, CAREERS = (
    "bright-path", "education-welfare", "harbour-social-care", "youth-offending", "borough-police",
    "tidewater-housing", "riverbank-camhs", "futures-careers",
)  # fmt: skip
TEAM = (
    "ivor.pryce", "moira.flynn", "sam.okafor", "pc.dunn", "hana.novak", "asif.khan", "tess.arden",
    "ben.carver",
)  # fmt: skip
LATE = "Late four mornings in five"
REPRIMAND = "Reprimanded with two older boys"
PRECINCT = "Out late around the precinct"
BEDROOMS = "Five people in two bedrooms"
ATTENTION = "Waits for an assessment of his attention"
GOAL = "A whole week at school, and he says it was his idea."
BOXING = "I want to go boxing."
TITLE = "Kyle: what each of us can do"
BREAKFAST, FRIDAYS = "Breakfast club, every day of term", "The same officer on Fridays"


async def test_the_youth_inclusion_panel(desk: Desk) -> None:
    await eight_services_around_a_boy_who_chose_to_come(desk)
    await each_reads_its_part_and_the_mentor_goals_alone(desk)
    await a_fourteen_year_old_is_not_eligible(desk)
    await the_panel_is_arranged_and_whoever_is_invited_answers(desk)
    await the_chair_knows_what_may_be_said_in_the_room(desk)
    await each_who_is_there_pledges_something(desk)
    await what_is_late_is_chased(desk)
    await whether_a_pledge_was_kept_others_say(desk)
    await the_mentor_still_sees_goals_and_appointments_alone(desk)


async def eight_services_around_a_boy_who_chose_to_come(desk: Desk) -> None:
    today = desk.home.world.clock.now.date()
    charity = await somebody(desk, "ola.strand")
    await open_a_case(charity, "Kyle", "Denby", 11, "He asked for a mentor himself.", today)
    await add_relative(charity, "Shona", "Denby", None, "Mother", KYLE)
    await take_part(charity, KYLE, SHONA, "Parent")
    mother: dict[str, Typed] = {"subject": KYLE, "giver": SHONA, "capacity": "Parent"}
    for user in TEAM:
        await join(charity, user)
    everybody = [CHARITY, EDUCATION, SOCIAL, JUSTICE, POLICE, CAREERS]
    until = days(today, 180)
    await permit(charity, mother, {"bundle__everyday": "Yes"}, everybody, until)
    await permit(charity, mother, {"single__mental_health": "Yes"}, [CHARITY, EDUCATION], until)
    await ask_to_lead(charity, "Ivor Pryce")
    lead = await somebody(desk, "ivor.pryce")
    await lead.follow("To do")
    await lead.follow("You are asked to be lead professional")
    await lead.press("Yes, I will lead")
    await start_assessment(charity, "What each of us knows, and what each of us can do.", today, KYLE)
    await write_down(charity, "Goal", "Add a goal", {"text": GOAL})
    await write_down(
        charity, "What the child or young person says", "Add their words", {"text": BOXING, "sensitive": "No"}
    )
    for user, section, headline, sensitive in (
        ("ivor.pryce", "Participation in learning", LATE, None),
        ("sam.okafor", "Behavioural development", REPRIMAND, "Offending"),
        ("pc.dunn", "Social and community elements", PRECINCT, "no"),
        ("hana.novak", "Housing, employment and financial considerations", BEDROOMS, None),
        ("asif.khan", "Emotional and social development", ATTENTION, "Mental health"),
    ):
        colleague = await somebody(desk, user)
        await to_the_case(colleague, KYLE)
        await to_the_draft(colleague)
        await write_down(colleague, section, "Add a need", found(headline, sensitive=sensitive))


async def each_reads_its_part_and_the_mentor_goals_alone(desk: Desk) -> None:
    everything = {LATE, REPRIMAND, PRECINCT, BEDROOMS, ATTENTION}
    for user, shown in (
        ("ola.strand", {LATE, PRECINCT, ATTENTION}),
        ("ivor.pryce", {LATE, PRECINCT, ATTENTION}),
        ("sam.okafor", {LATE, PRECINCT, REPRIMAND}),
        ("pc.dunn", {LATE, PRECINCT}),
        ("hana.novak", {BEDROOMS}),
        ("asif.khan", {ATTENTION}),
        ("ben.carver", set()),
    ):
        reader = await somebody(desk, user)
        await reader.follow(KYLE)
        reader.sees(GOAL, "Ivor Pryce", *shown)
        reader.does_not_see(*(everything - shown))


async def a_fourteen_year_old_is_not_eligible(desk: Desk) -> None:
    clock = desk.home.world.clock
    charity = await somebody(desk, "ola.strand")
    await open_a_case(charity, "Jay", "Orrell", 14, "A friend of his comes already.", clock.now.date())
    await charity.follow("Meetings")
    await charity.follow("Arrange a meeting")
    mistakes = await charity.press_in_vain("Arrange it", **the_panel(desk, "Jay"))
    assert mistakes, "eight to thirteen"
    await to_the_case(charity, JAY)
    await charity.follow("Meetings")
    charity.sees("No meeting that you may know of.")


def the_panel(desk: Desk, title: str) -> dict[str, Typed]:
    begins = desk.home.world.clock.now + timedelta(hours=1)
    return {
        "meeting_kind": "Panel", "title": title, "starts": begins.date(), "time": f"{begins:%H:%M}",
        "panel_name": "Youth inclusion panel", "age_from": "8", "age_to": "13", "agreed": "Yes",
    }  # fmt: skip


async def chair(desk: Desk) -> Somebody:
    """Ola Strand, at the page of the meeting."""
    charity = await somebody(desk, "ola.strand")
    await charity.follow(KYLE)
    await charity.follow("Meetings")
    await charity.follow("3 March 2031")
    return charity


async def the_panel_is_arranged_and_whoever_is_invited_answers(desk: Desk) -> None:
    """A school nurse who is not on the team considers the case until it is over, and reads no diagnosis."""
    charity = await somebody(desk, "ola.strand")
    await charity.follow(KYLE)
    await charity.follow("Meetings")
    await charity.follow("Arrange a meeting")
    await charity.press("Arrange it", **the_panel(desk, TITLE))
    for name in ("Ivor Pryce", "Chris Dunn", "Hana Novak", "Asif Khan"):
        await charity.follow("Invite somebody")
        await charity.press("Invite", member=name)
    await charity.follow("Invite somebody")
    await charity.press(
        "Invite", agency="Mill Lane Health Trust", name="Ruth Amadi", user="ruth.amadi", role="Practitioner"
    )
    await charity.follow("Add to the agenda")
    await charity.press(
        "Add it", topic="What each of us knows", confidential="No", papers=[LATE, PRECINCT, ATTENTION]
    )
    await charity.follow("Add to the agenda")
    await charity.press("Add it", topic="His appointment", confidential="Yes", papers=[ATTENTION])
    nurse = await somebody(desk, "ruth.amadi")
    await nurse.follow("To do")
    await nurse.follow("You are invited to a meeting")
    await nurse.follow("3 March 2031")
    nurse.does_not_see(ATTENTION)
    await nurse.press("I will come")
    housing = await somebody(desk, "hana.novak")
    await housing.follow("To do")
    await housing.follow("You are invited to a meeting")
    await housing.follow("3 March 2031")
    housing.does_not_see(ATTENTION, LATE)
    await housing.press("Send apologies")
    police = await somebody(desk, "pc.dunn")
    await police.follow("To do")
    await police.follow("You are invited to a meeting")
    await police.follow("3 March 2031")
    police.sees(LATE, PRECINCT)
    police.does_not_see(ATTENTION)


async def the_chair_knows_what_may_be_said_in_the_room(desk: Desk) -> None:
    desk.home.world.clock.now += timedelta(hours=2)
    charity = await chair(desk)
    charity.sees("Ruth Amadi , Mill Lane Health Trust: Will come", "Hana Novak , Tidewater Housing: Sends")
    await charity.follow("Say who is there")
    [part] = [str(one["name"]) for one in charity.page.soup.select('input[type=hidden][name^="part-"]')]
    await charity.press(
        "Save",
        present=["Ivor Pryce", "Chris Dunn", "Asif Khan", "Ruth Amadi"],
        **{part.replace("-", "__"): ["Ivor Pryce", "Asif Khan"]},
    )
    await charity.follow("What may be said in the room")
    said = {
        tuple(cell.get_text(" ", strip=True) for cell in row.select("th, td"))
        for row in charity.page.soup.select("tbody tr")
    }
    heard = {(topic, what): answer for topic, what, answer in said if ATTENTION in what}
    assert sorted(heard.values()) == ["No", "Yes"]
    assert next(answer for (topic, _), answer in heard.items() if topic == "His appointment") == "Yes"
    assert not (await at_the_meeting(desk, "pc.dunn")).offers("What may be said in the room")


async def at_the_meeting(desk: Desk, user: str) -> Somebody:
    reader = await somebody(desk, user)
    await reader.follow(KYLE)
    await reader.follow("Meetings")
    return await reader.follow("3 March 2031")


async def each_who_is_there_pledges_something(desk: Desk) -> None:
    today = desk.home.world.clock.now.date()
    charity = await chair(desk)
    await charity.follow("Record a decision")
    await charity.press(
        "Record it", decision="He begins at the boxing club.", reasons="It is his own wish.",
        whose="The child or young person", view=BOXING, whose_2="A parent or carer",
        view_2="If somebody brings him home.",
    )  # fmt: skip
    for service, promise, outcome in (
        (EDUCATION, BREAKFAST, "In class by nine"),
        (POLICE, FRIDAYS, "Home by dark"),
    ):
        await charity.follow("Record a pledge")
        await charity.press(
            "Record the pledge", accountable=NAMES[service], action=promise, desired_outcome=outcome,
            by_when=days(today, 7),
        )  # fmt: skip
    await charity.follow("Record a pledge")
    assert await charity.press_in_vain(
        "Record the pledge", accountable=NAMES[HOUSING], action="A transfer", desired_outcome="A bed",
        by_when=days(today, 7),
    ), "housing is not there"  # fmt: skip
    await charity.follow("The meeting")
    charity.sees(BOXING, "He begins at the boxing club.", BREAKFAST, FRIDAYS)
    await charity.press("The meeting is over")
    charity.sees("Over")
    nurse = await somebody(desk, "ruth.amadi")
    nurse.does_not_see(KYLE)
    await nurse.follow("To do")
    assert not nurse.offers("You are invited to a meeting")


async def what_is_late_is_chased(desk: Desk) -> None:
    """The police keep theirs within the week; education's is late on the eighth day, and told of."""
    world = desk.home.world
    police = await somebody(desk, "pc.dunn")
    await police.follow("To do")
    police.sees(FRIDAYS)
    await police.follow("My cases")
    await police.follow(KYLE)
    await police.follow("The plan")
    await police.follow("Say how it stands", FRIDAYS)
    await police.press("Save", status="Done", outcome="He waves now.")
    police.sees("What came of it: He waves now.")
    world.clock.now += timedelta(days=8)
    await run_clocks(world.store("case"), world.clock.now, CaseworkRules())
    for user, words in (
        ("ivor.pryce", "What you promised is late"),
        ("ola.strand", "A pledge made at a meeting is late"),
    ):
        told = await somebody(desk, user)
        await told.follow("To do")
        told.sees(words)
    police = await somebody(desk, "pc.dunn")
    await police.follow("To do")
    assert not police.offers("What you promised is late")
    charity = await somebody(desk, "ola.strand")
    await charity.follow(KYLE)
    charity.sees("Late")
    await charity.follow("The plan")
    charity.sees("1 day late")
    await charity.press(f"Ask how it goes : {BREAKFAST}")
    charity.sees("Somebody asked how it goes, once.")
    lead = await somebody(desk, "ivor.pryce")
    await lead.follow("To do")
    await lead.follow("Somebody asks how it goes")
    lead.sees(BREAKFAST)


async def whether_a_pledge_was_kept_others_say(desk: Desk) -> None:
    """Neither service says it of its own."""
    police = await at_the_meeting(desk, "pc.dunn")
    assert not police.offers(f"Say whether it was kept : {FRIDAYS}")
    charity = await somebody(desk, "ola.strand")
    await charity.follow(KYLE)
    await charity.follow("Meetings")
    await charity.follow("What was pledged at all meetings")
    charity.sees("1 day late")
    for promise, kept, happened in (
        (FRIDAYS, "Yes", "He says hello."),
        (BREAKFAST, "No", "There was no breakfast club."),
    ):
        await charity.follow("Say whether it was kept", promise)
        await charity.press("Save", status=kept, what_happened=happened)
        charity.sees(happened)
        await charity.follow("Meetings")
        await charity.follow("What was pledged at all meetings")
    charity.sees("Kept", "Not kept")


async def the_mentor_still_sees_goals_and_appointments_alone(desk: Desk) -> None:
    mentor = await somebody(desk, "ben.carver")
    await mentor.follow(KYLE)
    mentor.sees(GOAL, "In class by nine")
    hidden = (LATE, REPRIMAND, PRECINCT, BEDROOMS, ATTENTION, BREAKFAST, BOXING, "He waves now.")
    mentor.does_not_see(*hidden)
    await mentor.follow("Meetings")
    mentor.sees("Panel")
    await mentor.follow("3 March 2031")
    mentor.does_not_see(*hidden, "He begins at the boxing club.")
    await mentor.follow("Meetings")
    await mentor.follow("The case")
    await mentor.follow("The plan")
    mentor.does_not_see(*hidden)
    assert [one for one in mentor.page.actions if one != "/sign-out"] == []
