"""J (design 1), clicked through: refused by one service after the other, asked first himself, with nobody in
charge; and the police see what keeps a visitor safe and never the diagnosis."""

import pytest

from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks
from tests.practitioner.browser import Desk
from tests.practitioner.clicked_steps import (
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
J, MOTHER, SISTER = "Jim Harker", "Edith Harker", "Carol Harker"
MENTAL_HEALTH, ALCOHOL, POLICE = "eastmere-mental-health", "clear-water", "borough-police"
VISIT = "Visit in pairs, by daylight, and ring first"
ILLNESS = "Depression, with voices at night"
DRINK = "Drinks every day since he lost his work"
CALLS = "Eleven false 999 calls since March"
MONEY = "His benefit goes on drink by the weekend"
HE_DRINKS = "He drinks; send him to the alcohol service."
HE_IS_ILL = "He is ill; send him to mental health."


async def test_j(desk: Desk) -> None:
    worker = await he_is_asked_first(desk)
    await his_mothers_power_reaches_his_money_alone(desk, worker)
    await what_he_cannot_decide_is_decided_for_him(desk, worker)
    await each_adds_its_part(desk, worker)
    await both_services_refuse_him_and_refuse_to_lead(desk)
    await that_he_is_nobodys_case_is_an_alarm(desk)
    await the_police_see_how_to_visit_and_never_the_diagnosis(desk)


async def he_is_asked_first(desk: Desk) -> Somebody:
    today = desk.home.world.clock.now.date()
    worker = await somebody(desk, "lena.fox")
    await open_a_case(
        worker, "Jim", "Harker", 51, "Three services have closed his file this year.", today,
        safe_way_to_make_contact="Write first; he opens to nobody.",
    )  # fmt: skip
    await add_relative(worker, "Edith", "Harker", None, "Mother", J, responsible=False)
    await add_relative(worker, "Carol", "Harker", None, "Sibling", J, responsible=False, together=False)
    await take_part(worker, J, J, "The adult, for themselves")
    himself: dict[str, Typed] = {"subject": J, "giver": J, "capacity": "The adult, for themselves"}
    singly: dict[str, Typed] = {"single__mental_health": "Yes", "single__substance_use": "Yes"}
    services = [MENTAL_HEALTH, ALCOHOL, POLICE, "eastmere-adult-care"]
    await permit(worker, himself, singly, services, days(today, 180))
    for user in ("omar.aziz", "meg.lloyd", "pc.dunn"):
        await join(worker, user)
    return worker


async def his_mothers_power_reaches_his_money_alone(desk: Desk, worker: Somebody) -> None:
    """Whoever saw the document records it once; what it does not reach she is not even asked."""
    today = desk.home.world.clock.now.date()
    await worker.follow("What the family said")
    await worker.follow("Who may answer for whom")
    await worker.follow("Record a document that you have seen")
    await worker.press(
        "Record it", kind="Power of attorney", subject=J, holder=MOTHER, covers=["Money and work"],
        document="Lasting power of attorney, property and affairs, 2019", verified_by="Lena Fox",
    )  # fmt: skip
    worker.sees("Edith Harker, for Jim Harker", "In force")
    await worker.follow("What the family said")
    await worker.follow("Ask whether something may be shared")
    power: dict[str, Typed] = {
        "subject": J, "giver": MOTHER, "capacity": "Under a power of attorney", "under": MOTHER,
        "understood": "Yes", "evidence": "They said it", "reference": "Notes of the visit",
    }  # fmt: skip
    await worker.press("Continue", **power)
    worker.sees("Do not ask them about", "Money and work")
    worker.does_not_see("Home, money and work")
    assert not worker.page.soup.select('[name="bundle-health"], [name="single-mental_health"]')
    await worker.press("Continue", bundle__home="Yes")
    await worker.press(
        "Continue", recipients=["Clear Water Alcohol Service"], valid_until=days(today, 180),
        purposes=["To help"], level="All of it",
    )  # fmt: skip
    worker.sees("Edith Harker, under a power of attorney")
    await worker.press("This is what they said: record it")
    worker.sees("money and work")
    await worker.follow("What the family said")
    await worker.follow("The case")


async def what_he_cannot_decide_is_decided_for_him(desk: Desk, worker: Somebody) -> None:
    today = desk.home.world.clock.now.date()
    decided: dict[str, Typed] = {
        "subject": J, "capacity": "A best-interests decision", "decision_maker": "Lena Fox, with his GP",
        "assessment_reference": "File 19", "asked_first": "Asked on two mornings, with his sister",
        "wishes": "When well he has always gone to his appointments", "consulted_who": f"{SISTER}, sister",
        "consulted_view": "He would want them to know how thin he has become",
        "reasons": "Nobody treats what nobody is told of",
    }  # fmt: skip
    services = [MENTAL_HEALTH, ALCOHOL]
    await permit(worker, decided, {"bundle__health": "Yes"}, services, days(today, 180))
    await worker.follow("What the family said")
    worker.sees("a best-interests decision")
    await worker.follow("The case")
    await worker.follow("Visits and worries")
    await worker.follow("Say what whoever visits must do")
    await worker.press("Save", instruction=VISIT, expires_on=days(today, 180))
    worker.sees(VISIT)
    await worker.follow("The case")


async def each_adds_its_part(desk: Desk, worker: Somebody) -> None:
    today = desk.home.world.clock.now.date()
    await start_assessment(worker, "Nobody holds the whole of it, and he rings 999.", today, J)
    await write_down(
        worker, "Housing, employment and financial considerations", "Add a need",
        found(MONEY, sensitive=None, subjects=[J]),
    )  # fmt: skip
    await write_down(
        worker, "What the child or young person says", "Add their words",
        {"text": "I ring because somebody answers.", "sensitive": "No"},
    )  # fmt: skip
    for user, section, headline, sensitive in (
        ("omar.aziz", "General health", ILLNESS, "Mental health"),
        ("meg.lloyd", "General health", DRINK, "Alcohol or drugs"),
        ("pc.dunn", "Social and community elements", CALLS, "Offending"),
    ):
        colleague = await somebody(desk, user)
        await to_the_case(colleague, J)
        await to_the_draft(colleague)
        what = found(headline, sensitive=sensitive)
        await write_down(colleague, section, "Add a need", what)
    police = await somebody(desk, "pc.dunn")
    await police.follow(J)
    await police.follow("Contacts")
    await police.follow("Record a contact")
    await police.press(
        "Record it", how="Telephone", sought_by="They came to us", outcome="They asked for help", when=today,
        time="3.00", note="Rang 999 at three in the morning and talked about his coat.",
    )  # fmt: skip


async def both_services_refuse_him_and_refuse_to_lead(desk: Desk) -> None:
    """Each is asked for a reason, and whoever asks next reads it: he is not sent round in a circle unseen."""
    worker = await somebody(desk, "lena.fox")
    await worker.follow(J)
    for name in ("Omar Aziz", "Meg Lloyd"):
        await ask_to_lead(worker, name)
        nurse = await somebody(desk, name.lower().replace(" ", "."))
        await nurse.follow("To do")
        await nurse.follow("You are asked to be lead professional")
        await nurse.follow("Say no")
        await nurse.press("Say no", reason="We see people once they are sober.")
    for service, user, why, no in (
        ("Eastmere Mental Health Team", "omar.aziz", "He hears voices at night.", HE_DRINKS),
        ("Clear Water Alcohol Service", "meg.lloyd", "He drinks every day.", HE_IS_ILL),
    ):
        await worker.follow("Referrals")
        await worker.follow("Ask another service to help")
        await worker.press("Ask them", agency=service, reason=why)
        await worker.follow("The case")
        asked = await somebody(desk, user)
        await asked.follow("Asked of us")
        asked.sees(why)
        await asked.follow("We will not help")
        await asked.press("We will not help", reason=no)
    await worker.follow("Referrals")
    worker.sees("They will not help", HE_DRINKS, HE_IS_ILL)
    await worker.follow("The case")
    await worker.follow("The team")
    worker.sees("Nobody is in charge", "Omar Aziz, Eastmere Mental Health Team, 3 March 2031: refused.")
    await worker.follow("What they said", "Omar Aziz")
    worker.sees("We see people once they are sober.")


async def that_he_is_nobodys_case_is_an_alarm(desk: Desk) -> None:
    world = desk.home.world
    manager = await somebody(desk, "gus.hale")
    await manager.follow("To do")
    assert not manager.offers("Everybody asked has refused")
    await run_clocks(world.store("case"), world.clock.now, CaseworkRules())
    manager = await somebody(desk, "gus.hale")
    await manager.follow("To do")
    await manager.follow("Everybody asked has refused, and contacts go on")
    manager.sees("They will not help")
    police = await somebody(desk, "pc.dunn")
    await police.follow("To do")
    assert not police.offers("Everybody asked has refused")
    await police.follow("Nobody in charge")
    police.sees(J)


async def the_police_see_how_to_visit_and_never_the_diagnosis(desk: Desk) -> None:
    """He said yes to telling the police too: even so their own calls and the note are all that they get."""
    police = await somebody(desk, "pc.dunn")
    await police.follow(J)
    police.sees(VISIT, CALLS, "Nobody is in charge")
    police.does_not_see(ILLNESS, DRINK, MONEY)
    await police.follow("Assessments")
    await police.follow("Common Assessment Framework")
    police.does_not_see(ILLNESS, DRINK, MONEY, "I ring because somebody answers.")
    for user, shown in (("omar.aziz", {ILLNESS, DRINK}), ("meg.lloyd", {ILLNESS, DRINK, VISIT})):
        reader = await somebody(desk, user)
        await reader.follow(J)
        reader.sees(*shown)
        reader.does_not_see(CALLS)
