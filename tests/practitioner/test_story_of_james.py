"""James (design 1), clicked through from the first search to the day on which his mother changes her mind."""

from datetime import date, timedelta

import pytest

from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks
from tests.practitioner.browser import Desk
from tests.practitioner.clicked_steps import (
    NAMES,
    add_relative,
    days,
    found,
    give_a_code,
    join,
    open_a_case,
    permit,
    start_assessment,
    take_part,
    to_the_case,
    to_the_draft,
    with_a_code,
    write_down,
)
from tests.practitioner.clicking import Somebody, Typed, somebody

pytestmark = pytest.mark.anyio
JAMES, KAREN = "James Arden", "Karen Arden"
SCHOOL, JUSTICE, HOUSING = "northgate-school", "youth-offending", "tidewater-housing"
IN_SCHOOL = "In school two days a week before he was sentenced"
ENGINES = "Wants to work with engines"
ANXIOUS = "Low and anxious since his grandfather died"
SENTENCE = "Second custodial sentence"
TENANCY = "Tenancy at risk"
ASKED_AT_EIGHT = "I asked for help when he was eight."
HIS_OWN = "Nobody asked me before. I want to work with engines."


async def test_james(desk: Desk) -> None:
    school = await his_mother_is_heard_and_nobody_leads(desk)
    await each_adds_what_they_know(desk, school)
    await he_was_not_heard_and_the_page_says_so(school)
    await days_go_by_and_everybody_who_can_change_it_is_told(desk)
    await somebody_accepts_to_be_in_charge(desk)
    await he_is_asked_at_last(desk)
    await each_sees_their_part(desk)
    await his_mother_changes_her_mind_on_her_own_page(desk)
    await who_looked_and_why_is_known(desk)


async def his_mother_is_heard_and_nobody_leads(desk: Desk) -> Somebody:
    today = desk.home.world.clock.now.date()
    school = await somebody(desk, "nadia.bell")
    await open_a_case(
        school, "James", "Arden", 15, "His mother has asked for help since he was small.", today,
        review_on=days(today, 2), safe_way_to_make_contact="Ring his mother after four.",
    )  # fmt: skip
    await add_relative(school, "Karen", "Arden", None, "Mother", JAMES)
    await take_part(school, JAMES, KAREN, "Parent")
    for user in ("sam.okafor", "hana.novak", "ben.carver"):
        await join(school, user)
    mother: dict[str, Typed] = {"subject": JAMES, "giver": KAREN, "capacity": "Parent"}
    until = days(today, 180)
    everyday: dict[str, Typed] = {
        "bundle__everyday": "Part of it",
        "part__everyday": ["Family", "Learning", "Wellbeing", "Behaviour"],
    }
    await permit(school, mother, everyday, [JUSTICE, HOUSING], until)
    singly: dict[str, Typed] = {"single__mental_health": "Yes", "single__offending": "Yes"}
    await permit(school, mother, singly, [JUSTICE, SCHOOL], until)
    await permit(school, mother, {"bundle__home": "Yes"}, [HOUSING, JUSTICE, SCHOOL], until)
    school.sees("Nobody is in charge", "Ring his mother after four.")
    return school


async def each_adds_what_they_know(desk: Desk, school: Somebody) -> None:
    today = desk.home.world.clock.now.date()
    await start_assessment(school, "He comes home in eight weeks and nothing is agreed.", today, JAMES)
    for section, add, what in (
        (
            "Participation in learning, education and employment",
            "Add a need",
            found(IN_SCHOOL, sensitive=None),
        ),
        ("Aspirations", "Add a strength", found(ENGINES, sensitive=None)),
        ("Emotional and social development", "Add a need", found(ANXIOUS, sensitive="Mental health")),
    ):
        await write_down(school, section, add, what)
    await write_down(
        school,
        "What the parents or carers say",
        "Add their words",
        {"text": ASKED_AT_EIGHT, "sensitive": "No"},
    )
    for user, section, what in (
        ("sam.okafor", "Behavioural development", found(SENTENCE, sensitive="Offending")),
        ("hana.novak", "Housing, employment and financial considerations", found(TENANCY, sensitive=None)),
    ):
        colleague = await somebody(desk, user)
        await to_the_case(colleague, JAMES)
        await to_the_draft(colleague)
        await write_down(colleague, section, "Add a need", what)
        assert not colleague.offers("Check your answers"), "the service that makes it signs it"
    concluded: tuple[tuple[str, str, dict[str, Typed]], ...] = (
        ("Conclusion", "Say what you conclude", {"conclusion": "Complex needs"}),
        ("Goal", "Add a goal", {"text": "James lives at home and is in training by summer."}),
        ("Review", "Set the review", {"review_on": days(today, 42), "reviewed_by": "Sam Okafor"}),
        *(
            _action(outcome, action, name, service, days(today, due))
            for outcome, action, name, service, due in (
                ("A home to come back to", "Agree a repayment plan", "Hana Novak", "Tidewater Housing", 28),
                ("Something to get up for", "A place at the motor project", "Sam Okafor",
                 "Eastmere Youth Offending Team", 56),
                ("Somebody who sticks with him", "Meet James every week", "Ben Carver",
                 "Bright Path Mentors", 14),
            )
        ),
    )  # fmt: skip
    for section, add, typed in concluded:
        await write_down(school, section, add, typed)


def _action(
    outcome: str, action: str, name: str, service: str, due: date
) -> tuple[str, str, dict[str, Typed]]:
    return (
        "Agreed action",
        "Add an action",
        {
            "desired_outcome": outcome,
            "action": action,
            "responsible_name": name,
            "accountable": service,
            "by_when": due,
        },
    )


async def he_was_not_heard_and_the_page_says_so(school: Somebody) -> None:
    """Nobody signs an assessment without his words by mistake, and whoever reads it is told."""
    await school.follow("Check your answers")
    school.sees(IN_SCHOOL, ENGINES, ANXIOUS, TENANCY, ASKED_AT_EIGHT)
    school.does_not_see(SENTENCE)
    await school.follow("Go on to sign")
    said: dict[str, Typed] = {
        "child_or_young_person": "They were not there",
        "parent_or_carer": "They agree with it",
    }
    assert await school.press_in_vain("Sign", **said)
    await school.press("Sign", no_voice_reason="He is in custody until March.", **said)
    school.sees("Signed", "It holds no words of the child or young person. Ask them")
    await school.follow("The plan")
    await school.follow("Carry over what was agreed")
    await school.press("Carry it over", what="3 of what was agreed", reveals="No, none of it does")
    school.sees("Agree a repayment plan", "A place at the motor project", "Meet James every week")
    await school.follow("The case")


async def days_go_by_and_everybody_who_can_change_it_is_told(desk: Desk) -> None:
    """Two reviews to which youth offending does not come, a review that is late, and nobody in charge."""
    world = desk.home.world
    for title in ("Where will he live?", "Where will he live, again?"):
        await the_team_meets_without_youth_offending(desk, title)
    for user in ("grace.obi", "liz.hart"):
        manager = await somebody(desk, user)
        await manager.follow("To do")
        manager.sees("A service was missing from meetings again and again")
        manager.does_not_see("A review is late")
    world.clock.now += timedelta(days=13)
    await run_clocks(world.store("case"), world.clock.now, CaseworkRules())
    for user in ("grace.obi", "liz.hart"):
        manager = await somebody(desk, user)
        await manager.follow("To do")
        manager.sees("Nobody is in charge", "A review is late")
    elsewhere = await somebody(desk, "femi.cole")
    await elsewhere.follow("To do")
    elsewhere.sees("Nothing waits for you.")
    school = await somebody(desk, "nadia.bell")
    await school.follow(JAMES)
    school.sees("Nobody is in charge", "Late")
    await school.follow("Meetings")
    school.sees("Missing Eastmere Youth Offending Team")


async def the_team_meets_without_youth_offending(desk: Desk, title: str) -> None:
    clock = desk.home.world.clock
    school = await somebody(desk, "nadia.bell")
    await school.follow(JAMES)
    await school.follow("Meetings")
    await school.follow("Arrange a meeting")
    begins = clock.now + timedelta(hours=1)
    await school.press(
        "Arrange it", meeting_kind="Team meeting", title=title, starts=begins.date(),
        time=f"{begins:%H:%M}",
    )  # fmt: skip
    for name in ("Sam Okafor", "Hana Novak"):
        await school.follow("Invite somebody")
        await school.press("Invite", member=name)
    housing = await somebody(desk, "hana.novak")
    await housing.follow("To do")
    await housing.follow("You are invited to a meeting")
    await housing.follow(title)
    await housing.press("I will come")
    clock.now += timedelta(hours=2)
    school = await somebody(desk, "nadia.bell")
    await school.follow(JAMES)
    await school.follow("Meetings")
    await school.follow(title)
    await school.follow("Say who is there")
    await school.press("Save", present=["Hana Novak"])
    school.sees("Sam Okafor , Eastmere Youth Offending Team: Not there")
    await school.press("The meeting is over")


async def somebody_accepts_to_be_in_charge(desk: Desk) -> None:
    coordinator = await somebody(desk, "paul.ensor")
    await coordinator.follow("Nobody in charge")
    await coordinator.follow("Find somebody to lead", JAMES)
    await coordinator.press("Ask them", member="Sam Okafor")
    sam = await somebody(desk, "sam.okafor")
    await sam.follow("To do")
    await sam.follow("You are asked to be lead professional")
    await sam.press("Yes, I will lead")
    sam.sees("Sam Okafor Lead professional")
    for user in ("grace.obi", "liz.hart"):
        manager = await somebody(desk, user)
        await manager.follow("To do")
        assert not manager.offers("Nobody is in charge")
    await sam.follow("The case")
    sam.sees("Sam Okafor", "01632 960100")
    sam.does_not_see("Nobody is in charge")
    await sam.follow("Reviews")
    await sam.follow("Say how it goes")
    today = desk.home.world.clock.now.date()
    await sam.press(
        "Save", review_on=days(today, 14), held_on=today, outcome="It goes slowly", at_risk="No",
        owner="Sam Okafor",
    )  # fmt: skip
    sam.sees("it goes slowly", "Seen to by Sam Okafor")
    sam.does_not_see("Late")


async def he_is_asked_at_last(desk: Desk) -> None:
    school = await somebody(desk, "nadia.bell")
    await school.follow(JAMES)
    await school.follow("Assessments")
    await school.follow("Common Assessment Framework")
    school.sees("It holds no words of the child or young person")
    await school.follow("Write a new version")
    await school.press("Write a new version")
    await school.follow("What the child or young person says")
    await school.follow("Add their words")
    await school.press("Save and go on", text=HIS_OWN, additional_categories=["Learning"], sensitive="No")
    school.sees(HIS_OWN)
    await school.follow("The assessment")
    await school.follow("Check your answers")
    await school.follow("Go on to sign")
    await school.press(
        "Sign", child_or_young_person="They agree with it", parent_or_carer="They agree with it"
    )
    school.sees("Signed", HIS_OWN)
    school.does_not_see("It holds no words of the child")


async def each_sees_their_part(desk: Desk) -> None:
    seen: dict[str, tuple[set[str], set[str]]] = {
        "nadia.bell": ({IN_SCHOOL, ENGINES, ANXIOUS, TENANCY}, {SENTENCE}),
        "sam.okafor": ({IN_SCHOOL, ENGINES, ANXIOUS, TENANCY, SENTENCE}, set()),
        "hana.novak": ({IN_SCHOOL, ENGINES, TENANCY}, {ANXIOUS, SENTENCE}),
        "ben.carver": (set(), {IN_SCHOOL, ENGINES, ANXIOUS, TENANCY, SENTENCE}),
    }
    for user, (shown, hidden) in seen.items():
        reader = await somebody(desk, user)
        await reader.follow(JAMES)
        reader.sees(*shown, "James lives at home and is in training by summer.", "Sam Okafor")
        reader.does_not_see(*hidden)


async def his_mother_changes_her_mind_on_her_own_page(desk: Desk) -> None:
    school = await somebody(desk, "nadia.bell")
    await school.follow(JAMES)
    code = await give_a_code(school, KAREN)
    karen = await with_a_code(desk, code)
    karen.sees("Sam Okafor", "01632 960100", "Agree a repayment plan")
    looked = karen.text.partition("Who has looked, and why")[2]
    assert any(name in looked for name in NAMES.values()), looked
    await karen.follow("Change my mind", "Behaviour, Family, Learning, Wellbeing")
    await karen.press("Take it back")
    karen.sees("Tidewater Housing", "no longer see", "your help goes on")
    housing = await somebody(desk, "hana.novak")
    await housing.follow(JAMES)
    housing.sees(TENANCY)
    housing.does_not_see(IN_SCHOOL, ENGINES)
    sam = await somebody(desk, "sam.okafor")
    await sam.follow(JAMES)
    sam.sees(TENANCY, SENTENCE)
    sam.does_not_see(IN_SCHOOL, ENGINES)


async def who_looked_and_why_is_known(desk: Desk) -> None:
    officer = await somebody(desk, "tom.ashby")
    await officer.follow("Who looked")
    await officer.press("Search", user="hana.novak")
    looks = [to for to in officer.page.links.values() if to.startswith("/ledger/receipts/")]
    officer.page = await officer.browser.get(looks[0])
    officer.sees("Hana Novak", "Tidewater Housing")
