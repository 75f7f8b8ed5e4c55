"""James (design 1), clicked through from the first search to the day on which his mother changes her mind."""

from datetime import date, timedelta

import pytest

from deploy.stories.james_money import ASKED_FOR, SPENT, SPENT_PENCE, SUPPORT_PENCE
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
VISITS, RINGS = "Somebody visits him every week", "I ring my mother on Sundays"
HIS_OWN = "Nobody asked me before. I want to work with engines."


async def test_james(desk: Desk) -> None:
    school = await his_mother_is_heard_and_nobody_leads(desk)
    await each_adds_what_they_know(desk, school)
    await he_was_not_heard_and_the_page_says_so(school)
    await days_go_by_and_everybody_who_can_change_it_is_told(desk)
    await somebody_accepts_to_be_in_charge(desk)
    await he_is_asked_at_last(desk)
    await a_services_missed_promise_stands_there_like_his(desk)
    await what_was_spent_stands_beside_what_was_asked_for(desk)
    await the_support_is_given_at_last_and_bought_as_he_wishes(desk)
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
    home: dict[str, Typed] = {"bundle__home": "Yes", "bundle__help": "Yes"}
    await permit(school, mother, home, [HOUSING, JUSTICE, SCHOOL], until)
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


async def a_services_missed_promise_stands_there_like_his(desk: Desk) -> None:
    """Both sides promise something and sign; neither keeps it, and the page says it of both alike."""
    today = desk.home.world.clock.now.date()
    school = await somebody(desk, "nadia.bell")
    await school.follow(JAMES)
    await school.follow("Promises")
    school.sees("Nothing that you can see is promised yet.")
    await school.follow("Write down what is promised")
    promised: dict[str, Typed] = {
        "promised_by__0": "Eastmere Youth Offending Team", "promise__0": VISITS, "by_when__0": today,
        "promised_by__1": JAMES, "promise__1": RINGS, "by_when__1": today,
    }  # fmt: skip
    await school.press("Save what is promised", preamble="What we promise until he is home", **promised)
    school.sees("Nobody has signed this yet.")
    for signer in ("Northgate Community School", KAREN):
        await school.follow("Sign it")
        await school.press("Sign", signed_by=signer)
    school.sees(f"{KAREN} , {_day(today)} (written down by Northgate Community School)")
    desk.home.world.clock.now += timedelta(days=1)
    sam = await somebody(desk, "sam.okafor")
    await sam.follow(JAMES)
    await sam.follow("Promises")
    sam.sees(f"Eastmere Youth Offending Team Late {VISITS}", f"{JAMES} Late {RINGS}")
    school = await somebody(desk, "nadia.bell")
    await school.follow(JAMES)
    await school.follow("Promises")
    for promise, happened in ((VISITS, "Nobody came in two weeks."), (RINGS, "He did not ring on Sunday.")):
        await school.follow("Say how it went", promise)
        await school.press("Save", status="It was not kept", what_happened=happened)
    await sam.follow("The case")
    await sam.follow("Promises")
    said, by = "Northgate Community School says:", f"By {_day(today)}"
    for who, promise, happened in (
        ("Eastmere Youth Offending Team", VISITS, "Nobody came in two weeks."),
        (JAMES, RINGS, "He did not ring on Sunday."),
    ):
        sam.sees(f"{who} Not kept {promise} {by} {said} {happened}")
    await sam.follow("To do")
    sam.sees("Something that was promised was not done")


def _day(of: date) -> str:
    return f"{of.day} {of:%B %Y}"


async def what_was_spent_stands_beside_what_was_asked_for(desk: Desk) -> None:
    """£154,000 was spent where £42,000 of support had been asked for (design 1)."""
    year = desk.home.world.clock.now.year - 1
    for user, service, pence in SPENT:
        worker = await somebody(desk, user)
        await worker.follow(JAMES)
        await worker.follow("The money")
        await worker.follow("What the case costs")
        await worker.follow("Write down what your service spent")
        instead: dict[str, Typed] = (
            {"instead": ASKED_FOR, "instead_amount": "£42,000"} if user == "sam.okafor" else {}
        )
        await worker.press(
            "Save", service=service, first=date(year, 1, 1), last=date(year, 12, 31),
            amount=f"{pence // 100:,}.{pence % 100:02}", **instead,
        )  # fmt: skip
    sam = await somebody(desk, "sam.okafor")
    await sam.follow(JAMES)
    await sam.follow("The money")
    await sam.follow("What the case costs")
    sam.sees(
        "Services spent £154,000.00", "would have cost £42,000.00", ASKED_FOR,
        "Eastmere Youth Offending Team £112,000.00 72.7 %", "Northgate Community School £29,000.00 18.8 %",
        "Tidewater Housing £13,000.00 8.4 %",
    )  # fmt: skip
    assert sum(pence for *_, pence in SPENT) == SPENT_PENCE
    assert round(SPENT_PENCE / SUPPORT_PENCE, 2) == 3.67
    volunteer = await somebody(desk, "ben.carver")
    await volunteer.follow(JAMES)
    await volunteer.follow("The money")
    await volunteer.follow("What the case costs")
    volunteer.does_not_see("£", ASKED_FOR)


async def the_support_is_given_at_last_and_bought_as_he_wishes(desk: Desk) -> None:
    """What his mother asked for, in pounds: given by a manager, held by who leads, signed above a limit."""
    liz = await somebody(desk, "liz.hart")
    await liz.follow("Money")
    await liz.follow("Set money aside for cases")
    wrong = await liz.press_in_vain(
        "Save", name="Support until sixteen", total_pence="forty-two thousand",
        may_buy=["Activities", "Learning"], second_signature_above_pence="£100",
    )  # fmt: skip
    assert wrong == ["Write an amount in pounds and pence, such as 1,250.50."]
    await liz.press("Save", total_pence="42,000")
    liz.sees("£42,000.00 left of £42,000.00", "Above £100.00 a manager signs too.")
    await liz.follow("Team’s cases")
    await liz.follow(JAMES)
    await liz.follow("The money")
    await liz.follow("Give money to this case")
    await liz.press("Give it", stream="Support until sixteen", amount="42000", purpose="What was asked for")
    liz.sees("Left £42,000.00")
    sam = await somebody(desk, "sam.okafor")
    await sam.follow(JAMES)
    await sam.follow("The money")
    sam.sees("Given £42,000.00", "Spent £0.00", "Left £42,000.00")
    await sam.follow("Buy something")
    await sam.press(
        "Keep the money for it", kind_of_purchase="Learning", what="A year at the motor project",
        amount="£1,250.50", wish=HIS_OWN, as_wished="Yes", action="A place at the motor project",
    )  # fmt: skip
    sam.sees("Waits for a signature", HIS_OWN, "Left £40,749.50")
    assert not sam.offers("Sign for it"), "whoever orders does not sign too"
    await liz.follow("To do")
    liz.sees("Something to buy waits for your signature")
    await liz.follow("Team’s cases")
    await liz.follow(JAMES)
    await liz.follow("The money")
    await liz.follow("Sign for it")
    await liz.press("Sign it")
    liz.sees("Signed by Liz Hart")
    await sam.follow("To do")
    sam.sees("You have an answer: may it be bought?")
    await to_the_case(sam, JAMES)
    await sam.follow("The money")
    await sam.follow("Say what it cost")
    await sam.press("Save", amount="1,200")
    sam.sees("Bought", "it cost £1,200.00", "Spent £1,200.00", "Left £40,800.00")
    housing = await somebody(desk, "hana.novak")
    await housing.follow(JAMES)
    await housing.follow("The money")
    assert not housing.offers("Buy something")
    housing.does_not_see("£40,800.00")


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
