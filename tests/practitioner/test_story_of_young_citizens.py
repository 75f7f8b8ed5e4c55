"""Young Citizens' pool (design 1), clicked through: three services pool one line each; how to reach the
family takes two keys, of which either alone opens nothing."""

from datetime import timedelta

import pytest

from tests.practitioner.browser import Desk
from tests.practitioner.clicked_steps import (
    NAMES,
    add_relative,
    ask_to_lead,
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
CALLUM, DAWN, MARK = "Callum Reeve", "Dawn Reeve", "Mark Reeve"
SOCIAL_CARE, POLICE, WELFARE = "harbour-social-care", "borough-police", "education-welfare"
HELP = "His mother has asked for help with the three of them"
LATE = "Brought home late twice this term"
AWAY = "Away from school one day in three"
FOR_THE_REST = "Ask us for the rest."
ADDRESS, TELEPHONE = "Flat 3, Garrison Court", "01632 960155"
REQUESTS = "Requests to share"


async def test_young_citizens_pool(desk: Desk) -> None:
    await social_services_keep_contact_back(desk)
    worker = await three_reasons_in_one_place(desk)
    await each_reads_one_line_of_the_others_and_no_address(desk)
    await the_familys_key_alone_opens_nothing(desk, worker)
    await both_keys_open_it_and_the_owner_shuts_it(desk, worker)
    await the_mother_shuts_it_on_the_next_call(desk, worker)
    await without_the_parents_each_has_its_own_line_again(desk, worker)


async def social_services_keep_contact_back(desk: Desk) -> None:
    today = desk.home.world.clock.now.date()
    officer = await somebody(desk, "ines.dale")
    for recipient in (POLICE, WELFARE):
        await officer.follow("Agreements")
        await officer.follow("Record an agreement")
        await officer.press(
            "Record the agreement", recipient=NAMES[recipient], purpose="Support",
            categories=["Address and telephone"], title="Young Citizens: contact only by our own release",
            base="Nothing", cap="Nothing", mode="Only if the family agrees", basis="Public task",
            condition="The parents agree, and we release it", power="Children Act 2004, section 10",
            valid_until=days(today, 365),
        )  # fmt: skip


async def three_reasons_in_one_place(desk: Desk) -> Somebody:
    today = desk.home.world.clock.now.date()
    worker = await somebody(desk, "moira.flynn")
    await open_a_case(
        worker, "Callum", "Reeve", 12, "Three services know him, each on its own.", today, address=ADDRESS,
        telephone=TELEPHONE, safe_way_to_make_contact="Ring his mother on a Monday.",
    )  # fmt: skip
    await add_relative(worker, "Dawn", "Reeve", None, "Mother", CALLUM)
    await add_relative(worker, "Mark", "Reeve", None, "Father", CALLUM, together=False)
    await take_part(worker, CALLUM, DAWN, "Parent")
    mother: dict[str, Typed] = {"subject": CALLUM, "giver": DAWN, "capacity": "Parent"}
    reasons: dict[str, Typed] = {
        "bundle__everyday": "Part of it",
        "part__everyday": ["Family", "Learning", "Behaviour", "Community"],
    }
    services = [SOCIAL_CARE, POLICE, WELFARE]
    await permit(worker, mother, reasons, services, days(today, 180), level="A short summary only")
    await join(worker, "pc.dunn")
    await join(worker, "ivor.pryce")
    police = await somebody(desk, "pc.dunn")
    await police.follow(CALLUM)
    await ask_to_lead(police, "Moira Flynn")
    await worker.follow("To do")
    await worker.follow("You are asked to be lead professional")
    await worker.press("Yes, I will lead")
    await worker.follow("The case")
    await start_assessment(worker, "Why each of us knows him, in one line.", today, CALLUM)
    await write_down(
        worker, "Wider family", "Add a need",
        found(HELP, sensitive=None, narrative=FOR_THE_REST, subjects=[CALLUM]),
    )  # fmt: skip
    for user, section, headline, sensitive in (
        ("pc.dunn", "Social and community elements", LATE, "no"),
        ("ivor.pryce", "Participation in learning", AWAY, None),
    ):
        colleague = await somebody(desk, user)
        await to_the_case(colleague, CALLUM)
        await to_the_draft(colleague)
        what = found(headline, sensitive=sensitive, narrative="And this is the rest.")
        await write_down(colleague, section, "Add a need", what)
    await to_the_case(worker, CALLUM)
    return worker


async def contact_is_seen_by(desk: Desk) -> set[str]:
    """Who finds on the page of the case how to reach the family."""
    seen = set()
    for user in ("moira.flynn", "pc.dunn", "ivor.pryce"):
        reader = await somebody(desk, user)
        await reader.follow(CALLUM)
        assert (ADDRESS in reader.text) == (TELEPHONE in reader.text)
        if ADDRESS in reader.text:
            seen.add(user)
    return seen


SHUT, OPEN_TO_THE_POLICE = {"moira.flynn"}, {"moira.flynn", "pc.dunn"}


async def each_reads_one_line_of_the_others_and_no_address(desk: Desk) -> None:
    for user, own in (("moira.flynn", FOR_THE_REST), ("pc.dunn", "And this is the rest.")):
        reader = await somebody(desk, user)
        await reader.follow(CALLUM)
        reader.sees(HELP, LATE, AWAY, own)
        assert reader.text.count("And this is the rest.") == (user == "pc.dunn"), "one line, and no more"
    assert await contact_is_seen_by(desk) == SHUT
    police = await somebody(desk, "pc.dunn")
    await police.follow(CALLUM)
    await to_the_draft(police)
    assert not police.offers("Check your answers"), "the service that makes it signs it"
    for section, changes in (("Wider family", False), ("Social and community elements", True)):
        await police.follow(section)
        assert police.offers("Change") is changes, "nobody changes another's line"
        await police.follow("The assessment")


async def ask(desk: Desk, user: str) -> None:
    """The police or education welfare ask social services how to reach the family."""
    today = desk.home.world.clock.now.date()
    asker = await somebody(desk, user)
    await asker.follow(CALLUM)
    await asker.follow("What the family said")
    await asker.follow(REQUESTS)
    await asker.follow("Ask a service to share something")
    assert await asker.press_in_vain("Ask", owner=NAMES[SOCIAL_CARE], reason="To see him at home.")
    await asker.press(
        "Ask", owner=NAMES[SOCIAL_CARE], subject=CALLUM, categories=["Address and telephone"],
        level="All of it", valid_until=days(today, 30), reason="To see him at home.",
    )  # fmt: skip
    asker.sees("Waits for an answer")


async def what_is_told_to(desk: Desk, user: str) -> str:
    asker = await somebody(desk, user)
    await asker.follow(CALLUM)
    await asker.follow("What the family said")
    await asker.follow(REQUESTS)
    return asker.text


async def the_family_says_yes(desk: Desk, worker: Somebody, asked_by: str) -> None:
    desk.home.world.clock.now += timedelta(minutes=1)
    await worker.follow("What the family said")
    await worker.follow(REQUESTS)
    await worker.follow("Ask the family", asked_by)
    worker.sees("You can refuse or change your mind and still get help.", "To see him at home.")
    await worker.press(
        "Record what they said", agrees="Yes", subject=CALLUM, giver=DAWN, capacity="Parent",
        understood="Yes", evidence="They said it", reference="Notes of the visit",
    )  # fmt: skip
    worker.sees("The family agrees")
    await worker.follow("The case")


async def the_manager_says(desk: Desk, answer: str, asked_by: str) -> None:
    desk.home.world.clock.now += timedelta(minutes=1)
    manager = await somebody(desk, "bea.holm")
    await manager.follow(REQUESTS)
    await manager.follow(asked_by)
    await manager.press("Save", answer=answer, reason="They are the ones who take him home.")


async def the_familys_key_alone_opens_nothing(desk: Desk, worker: Somebody) -> None:
    """Education welfare asks; the mother agrees and the owner says no, which nobody can tell from silence."""
    await ask(desk, "ivor.pryce")
    await the_family_says_yes(desk, worker, "Ivor Pryce")
    await the_manager_says(desk, "No", "Ivor Pryce")
    assert await contact_is_seen_by(desk) == SHUT
    assert "Waits for an answer" in await what_is_told_to(desk, "ivor.pryce")


async def both_keys_open_it_and_the_owner_shuts_it(desk: Desk, worker: Somebody) -> None:
    await ask(desk, "pc.dunn")
    await the_manager_says(desk, "Yes", "Chris Dunn")
    assert await contact_is_seen_by(desk) == SHUT, "the owner's key alone opens nothing either"
    await the_family_says_yes(desk, worker, "Chris Dunn")
    assert await contact_is_seen_by(desk) == OPEN_TO_THE_POLICE
    assert "They share it" in await what_is_told_to(desk, "pc.dunn")
    await the_manager_says(desk, "No", "Chris Dunn")
    assert await contact_is_seen_by(desk) == SHUT
    assert "No longer shared" in await what_is_told_to(desk, "pc.dunn")
    await the_manager_says(desk, "Yes", "Chris Dunn")
    assert await contact_is_seen_by(desk) == OPEN_TO_THE_POLICE


async def the_mother_shuts_it_on_the_next_call(desk: Desk, worker: Somebody) -> None:
    """She does it herself, on her own page."""
    desk.home.world.clock.now += timedelta(minutes=1)
    code = await give_a_code(worker, DAWN)
    await to_the_case(worker, CALLUM)
    dawn = await with_a_code(desk, code)
    dawn.sees("Moira Flynn", "Who can see what")
    mind = [
        to for words, to in dawn.page.links.items()
        if words.startswith("Change my mind") and "Address and telephone" in words
    ]  # fmt: skip
    assert mind
    dawn.page = await dawn.browser.get(mind[0])
    await dawn.press("Take it back")
    for other in mind[1:]:
        dawn.page = await dawn.browser.get(other)
        await dawn.press("Take it back")
    assert await contact_is_seen_by(desk) == SHUT
    assert "No longer shared" in await what_is_told_to(desk, "pc.dunn")


async def without_the_parents_each_has_its_own_line_again(desk: Desk, worker: Somebody) -> None:
    await worker.follow("What the family said")
    await worker.follow("Take this back", "Behaviour, Community, Family, Learning")
    await worker.press("Take it back", withdrawn_by=DAWN)
    worker.sees("no longer see", "your help goes on")
    for user, own in (("moira.flynn", HELP), ("pc.dunn", LATE), ("ivor.pryce", AWAY)):
        reader = await somebody(desk, user)
        await reader.follow(CALLUM)
        reader.sees(own, "Moira Flynn", "More is held that you do not see") if user != "moira.flynn" else None
        reader.sees(own, "Moira Flynn")
        reader.does_not_see(*({HELP, LATE, AWAY} - {own}))
