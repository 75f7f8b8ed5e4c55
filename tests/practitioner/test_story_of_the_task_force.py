"""The task force (design 1), clicked through: one officer in two places gets two answers and the ledger says
which; a leaver loses access the same day, and the gaps show until they are filled."""

from datetime import timedelta

import pytest

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
TINA = "Tina Marlow"
HOUSING, JOBCENTRE = "tidewater-housing", "jobcentre-east"
ASTHMA = "Asthma, worse since the damp came through"
BENEFIT = "Benefit stopped in May; can work in term time"
EVICTION = "Eviction notice for the end of the month"
APPEAL = "Go with her to the appeal"


async def test_the_task_force(desk: Desk) -> None:
    await one_list_instead_of_seven(desk)
    await one_officer_in_two_places_gets_two_answers(desk)
    await the_ledger_says_for_which_of_the_two_he_looked(desk)
    await what_hangs_on_her_is_known_before_she_goes(desk)
    await she_loses_access_the_same_day_and_the_gap_shows(desk)
    await the_gaps_are_filled(desk)


async def one_list_instead_of_seven(desk: Desk) -> None:
    today = desk.home.world.clock.now.date()
    housing = await somebody(desk, "hana.novak")
    await open_a_case(
        housing, "Tina", "Marlow", 36, "Seven agencies have called since summer, each on its own.", today
    )
    await add_relative(housing, "Dean", "Marlow", None, "Partner", TINA, responsible=False)
    adult = "The adult, for themselves"
    await take_part(housing, TINA, TINA, adult)
    herself: dict[str, Typed] = {"subject": TINA, "giver": TINA, "capacity": adult}
    until = days(today, 180)
    await permit(housing, herself, {"bundle__home": "Yes"}, [HOUSING, JOBCENTRE], until)
    await permit(housing, herself, {"bundle__health": "Yes"}, [HOUSING], until)
    await join(housing, "joan.reed")
    await join(housing, "will.marsh", HOUSING)
    await join(housing, "will.marsh", JOBCENTRE)
    await join(housing, "jean.clarke")
    await ask_to_lead(housing, "Joan Reed")
    adviser = await somebody(desk, "joan.reed")
    await adviser.follow("To do")
    await adviser.follow("You are asked to be lead professional")
    await adviser.press("Yes, I will lead")
    await start_assessment(housing, "One list of what is agreed, instead of seven.", today, TINA)
    await write_down(
        housing, "Housing, employment and financial considerations", "Add a need",
        found(EVICTION, sensitive=None, subjects=[TINA]),
    )  # fmt: skip
    for user, section, headline in (
        ("jean.clarke", "Physical development", ASTHMA),
        ("joan.reed", "Housing, employment and financial considerations", BENEFIT),
    ):
        colleague = await somebody(desk, user)
        await to_the_case(colleague, TINA)
        await to_the_draft(colleague)
        await write_down(colleague, section, "Add a need", found(headline, sensitive=None))
    await to_the_case(adviser, TINA)
    await adviser.follow("The plan")
    await adviser.follow("Agree an action")
    await adviser.press(
        "Add to the plan", desired_outcome="Money coming in again", action=APPEAL,
        accountable=NAMES[JOBCENTRE], responsible_name="Joan Reed", responsible_user="joan.reed",
        by_when=days(today, 14),
    )  # fmt: skip


async def will(desk: Desk, agency: str) -> Somebody:
    """Will Marsh, who says for which of his two services he works this morning."""
    officer = await somebody(desk, "will.marsh")
    assert officer.page.heading == "In which role do you act?"
    await officer.press("Go on", acting=NAMES[agency])
    return officer


async def one_officer_in_two_places_gets_two_answers(desk: Desk) -> None:
    officer = await will(desk, HOUSING)
    await officer.follow(TINA)
    officer.sees(ASTHMA, BENEFIT, EVICTION, "Joan Reed")
    await officer.follow("Change the role in which you act")
    await officer.press("Go on", acting=NAMES[JOBCENTRE])
    await officer.follow(TINA)
    officer.sees(BENEFIT, EVICTION)
    officer.does_not_see(ASTHMA)


async def the_ledger_says_for_which_of_the_two_he_looked(desk: Desk) -> None:
    officer = await somebody(desk, "nia.rowe")
    await officer.follow("Who looked")
    for agency in (HOUSING, JOBCENTRE):
        await officer.follow("Who looked")
        await officer.press("Search", user="will.marsh", agency=NAMES[agency])
        looks = sorted({to for to in officer.page.links.values() if to.startswith("/ledger/receipts/")})
        assert looks, f"no look for {agency}"
        officer.page = await officer.browser.get(looks[0])
        officer.sees("Will Marsh", NAMES[agency])


async def what_hangs_on_her_is_known_before_she_goes(desk: Desk) -> None:
    """To her own manager; where she does not work nothing hangs on her."""
    elsewhere = await somebody(desk, "liz.hart")
    await elsewhere.follow("People who leave")
    await elsewhere.press("See what hangs on them", user="joan.reed")
    elsewhere.does_not_see(TINA)
    manager = await somebody(desk, "femi.cole")
    await manager.follow("People who leave")
    await manager.press("See what hangs on them", user="joan.reed")
    manager.sees(TINA, "Find somebody to lead", "Give somebody else something that they promised")


async def she_loses_access_the_same_day_and_the_gap_shows(desk: Desk) -> None:
    desk.home.world.clock.now += timedelta(hours=1)
    adviser = await somebody(desk, "joan.reed")
    await adviser.follow(TINA)
    adviser.sees(BENEFIT)
    manager = await somebody(desk, "femi.cole")
    await manager.follow("People who leave")
    await manager.press("See what hangs on them", user="joan.reed")
    await manager.press("They have left", left_because="She has taken a post in another county")
    manager.sees("Done. They work for us no more", "Find somebody to lead")
    adviser.page = await adviser.browser.get(adviser.page.address)
    adviser.does_not_see(BENEFIT, EVICTION)
    await adviser.follow("My cases")
    adviser.does_not_see(TINA)
    housing = await somebody(desk, "hana.novak")
    await housing.follow("Nobody in charge")
    housing.sees(TINA)
    await housing.follow(TINA)
    housing.sees("Nobody is in charge")
    assert not housing.offers("Ask to lead : Joan Reed")
    for user in ("femi.cole", "paul.ensor"):
        told = await somebody(desk, user)
        await told.follow("To do")
        told.sees("The lead professional has left")


async def the_gaps_are_filled(desk: Desk) -> None:
    housing = await somebody(desk, "hana.novak")
    await housing.follow(TINA)
    await housing.follow("The team")
    await housing.follow("Ask to lead", "Will Marsh", NAMES[JOBCENTRE])
    await housing.press("Ask them")
    officer = await will(desk, JOBCENTRE)
    await officer.follow("To do")
    await officer.follow("You are asked to be lead professional")
    await officer.press("Yes, I will lead")
    await officer.follow("The case")
    await officer.follow("The plan")
    await officer.follow("Somebody else does it", APPEAL)
    await officer.press("Save", responsible_name="Will Marsh", responsible_user="will.marsh")
    officer.sees("Will Marsh, Jobcentre East")
    manager = await somebody(desk, "femi.cole")
    await manager.follow("To do")
    assert not manager.offers("The lead professional has left")
    await manager.follow("People who leave")
    await manager.press("See what hangs on them", user="joan.reed")
    manager.does_not_see(TINA)
    nurse = await somebody(desk, "jean.clarke")
    await officer.follow("The case")
    await ask_to_lead(officer, "Jean Clarke")
    officer.sees("Will Marsh")
    await nurse.follow("To do")
    await nurse.follow("You are asked to be lead professional")
    await nurse.press("Yes, I will lead")
    nurse.sees("Jean Clarke Lead professional")
    assert not nurse.offers("Yes, I will lead")
