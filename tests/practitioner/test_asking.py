"""Permission is taken with the family beside one, read back, recorded once, and given to them to keep."""

from typing import Any

import pytest

from clients.practitioner.presenters.asking import (
    BUNDLE_WORDS,
    SINGLY,
    conversation_of,
    field_of,
    in_everyday_words,
    question_of,
    things_of,
)
from clients.practitioner.presenters.services import SHOWN_AT_ONCE, services_of
from clients.practitioner.visit import Form
from shared.everyday import BUNDLES
from shared.vocabulary import SENSITIVE, Category
from tests.gateway.household import HOUSING, YOT
from tests.practitioner.browser import Browser, Desk, Page

pytestmark = pytest.mark.anyio

Typed = dict[str, str | list[str]]
WHO: Typed = {"capacity": "parent", "understood": "yes", "evidence": "verbal", "reference": "My visit notes"}
WHAT: Typed = {
    "bundle__everyday": "part", "part__everyday": ["learning", "behaviour"], "bundle__home": "no",
    "single__mental_health": "yes", "single__offending": "no",
}  # fmt: skip
WHOM: Typed = {
    "recipients": [HOUSING, YOT], "valid_until__day": "1", "valid_until__month": "6",
    "valid_until__year": "2031", "level": "full", "purposes": "support",
}  # fmt: skip


def new(desk: Desk, step: str = "") -> str:
    return f"/cases/{desk.home.house.case}/permissions/new{step}"


async def begun(desk: Desk, browser: Browser) -> Page:
    """The first page, of a draft that is empty."""
    page = await browser.get(new(desk))
    return await browser.send(page, new(desk)) if page.address == new(desk) else page


async def answered(desk: Desk, browser: Browser, **changes: str | list[str]) -> Page:
    """The page on which it is read back, after the pages before it."""
    house = desk.home.house
    page = await begun(desk, browser)
    assert page.address == new(desk, "/who")
    who: Typed = {"subject": house.child, "giver": house.mother, **WHO}
    page = await browser.send(page, new(desk, "/who"), **{**who, **_only(changes, who)})
    assert page.address == new(desk, "/what"), page.mistakes
    page = await browser.send(page, new(desk, "/what"), **WHAT)
    assert page.address == new(desk, "/whom"), page.mistakes
    return await browser.send(page, new(desk, "/whom"), **{**WHOM, **_only(changes, WHOM)})


def _only(changes: Typed, of: Typed) -> Typed:
    return {name: value for name, value in changes.items() if name in of}


async def consents(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        await desk.home.world.as_("nadia.bell").get(f"/v1/cases/{desk.home.house.case}/consents")
    )["consents"]
    return found


async def test_what_they_said_is_read_back_recorded_once_and_printed(desk: Desk) -> None:
    before = len(await consents(desk))
    browser = await desk.signed_in("nadia.bell")
    page = await answered(desk, browser)
    assert page.heading == "Read it back to them"
    assert "May we share learning, behaviour and mental health about" in page.text
    assert "Tidewater Housing" in page.text
    assert "until 1 June 2031 to help?" in page.text
    assert "will tell you unless that is unsafe" in page.text
    seen = next(to for words, to in page.links.items() if words.endswith("would see"))
    assert seen == f"/cases/{desk.home.house.case}/seen-by?from=permission"
    check = new(desk, "/check")
    receipts = [await browser.send(page, check) for _ in range(2)]
    assert len({receipt.address for receipt in receipts}) == 1
    recorded = (await consents(desk))[before:]
    everyday_no = ["community", "family", "housing", "money_work", "parenting", "wellbeing"]
    assert sorted((one["answer"], one["categories"]) for one in recorded) == [
        ("given", ["behaviour", "learning"]),
        ("given", ["mental_health"]),
        ("refused", everyday_no),
        ("refused", ["offending"]),
    ]
    receipt = receipts[0]
    assert receipt.text.count("You said yes") == 2
    assert receipt.text.count("You said no") == 2
    assert "You can change your mind" in receipt.text


async def test_only_what_was_read_back_is_recorded(desk: Desk) -> None:
    """In a second window the answers are changed after they were read back from the first. Fails when the
    draft is recorded as it stands when the button is pressed."""
    before = len(await consents(desk))
    browser, check = await desk.signed_in("nadia.bell"), new(desk, "/check")
    read_back = await answered(desk, browser)
    elsewhere = await browser.get(new(desk, "/what"))
    changes: Typed = {"bundle__everyday": "", "part__everyday": [], "single__mental_health": "no"}
    await browser.send(elsewhere, new(desk, "/what"), **changes, single__offending="yes")
    page = await browser.send(read_back, check)
    assert (page.status, page.heading) == (409, "Read it back to them")
    assert "Nothing was recorded" in page.mistakes[0]
    assert "May we share offending about" in page.text, "what is to be read back now"
    assert len(await consents(desk)) == before
    again = await browser.send(read_back, check)
    assert (again.status, len(await consents(desk))) == (409, before), "the old page stays what it was"
    receipt = await browser.send(page, check)
    assert receipt.address.endswith("/receipt")
    said = [one["categories"] for one in (await consents(desk))[before:] if one["answer"] == "given"]
    assert said == [["offending"]]


async def test_a_draft_that_was_thrown_away_meanwhile_is_not_recorded(desk: Desk) -> None:
    before = len(await consents(desk))
    browser = await desk.signed_in("nadia.bell")
    read_back = await answered(desk, browser)
    await browser.send(await browser.get(new(desk)), new(desk))
    page = await browser.send(read_back, new(desk, "/check"))
    assert (page.status, page.heading) == (409, "Who answers?")
    assert "Nothing was recorded" in page.mistakes[0]
    assert len(await consents(desk)) == before


async def test_whoever_goes_back_after_recording_records_no_second_equal_answer(desk: Desk) -> None:
    """The page before comes afresh, as browsers fetch it. Fails when each time it is shown it has a key of
    its own."""
    before = len(await consents(desk))
    browser, check = await desk.signed_in("nadia.bell"), new(desk, "/check")
    receipt = await browser.send(await answered(desk, browser), check)
    recorded = len(await consents(desk)) - before
    assert recorded == 4
    back = await browser.get(check)
    assert (back.status, back.heading) == (200, "This is recorded already")
    assert receipt.address in back.links.values()
    assert check not in back.actions
    pages = [
        await browser.send(await browser.get(new(desk, step)), new(desk, step))
        for step in ("/who", "/what", "/whom")
    ]
    last = pages[-1]
    assert (last.address, last.heading) == (check, "This is recorded already"), "nothing was changed"
    page = await browser.send(await browser.get(new(desk, "/what")), new(desk, "/what"), single__offending="")
    page = await browser.get(check)
    assert page.heading == "Read it back to them"
    assert receipt.address in page.links.values(), "that something is recorded, and this comes besides"
    assert len(await consents(desk)) == before + recorded
    besides = await browser.send(page, check)
    assert besides.address.endswith("/receipt")
    assert besides.address != receipt.address
    assert (await browser.get(new(desk))).address == new(desk, "/who"), "nothing is left that is not recorded"


async def test_going_back_shows_what_was_answered_and_beginning_afresh_does_not(desk: Desk) -> None:
    browser = await desk.signed_in("nadia.bell")
    await answered(desk, browser)
    page = await browser.get(new(desk, "/what"))
    assert page.filled_in(new(desk, "/what"))["part-everyday"] == ["learning", "behaviour"]
    page = await browser.get(new(desk))
    assert page.heading == "You have begun to ask", "nothing is thrown away unasked"
    assert page.links["Go on with it"] == new(desk, "/check")
    assert (await browser.get(new(desk, "/check"))).heading == "Read it back to them"
    await browser.send(page, new(desk))
    page = await browser.get(new(desk, "/what"))
    assert "part-everyday" not in page.filled_in(new(desk, "/what"))
    assert (await browser.get(new(desk, "/check"))).address == new(desk, "/who")


async def test_what_is_left_open_is_named_on_its_page(desk: Desk) -> None:
    browser = await desk.signed_in("nadia.bell")
    page = await browser.get(new(desk, "/who"))
    page = await browser.send(page, new(desk, "/who"), reference="My notes <script>alert(1)</script>")
    assert (page.status, len(page.mistakes)) == (422, 5)
    assert page.filled_in(new(desk, "/who"))["reference"] == "My notes <script>alert(1)</script>"
    assert "<script>alert" not in page.html
    page = await browser.get(new(desk, "/what"))
    page = await browser.send(page, new(desk, "/what"))
    assert (page.status, len(page.mistakes)) == (422, 1)
    page = await browser.get(new(desk, "/whom"))
    page = await browser.send(page, new(desk, "/whom"))
    assert (page.status, page.mistakes) == (422, ["Choose at least one service."])


async def test_whoever_may_not_say_yes_is_told_why_and_nothing_is_recorded(desk: Desk) -> None:
    before = len(await consents(desk))
    browser = await desk.signed_in("nadia.bell")
    house = desk.home.house
    page = await begun(desk, browser)
    asks: Typed = {**WHO, "subject": house.child, "giver": house.mother, "capacity": "adult"}
    page = await browser.send(page, new(desk, "/who"), **asks)
    assert (page.status, page.address) == (422, new(desk, "/who")), "before the family is asked anything"
    assert len(page.mistakes) == 1
    assert "only for themselves" in page.mistakes[0]
    link = page.soup.select_one(".govuk-error-summary__list a")
    assert link is not None
    assert link["href"] == "#capacity"
    page = await answered(desk, browser, reference="", recipients=["northgate-school"])
    page = await browser.send(page, new(desk, "/check"))
    assert (page.status, len(page.mistakes)) == (403, 1)
    assert "needs a reference to its evidence" in page.mistakes[0]
    assert len(await consents(desk)) == before


async def test_the_council_answers_by_what_it_holds_and_is_asked_about_nothing_that_it_does_not_reach(
    desk: Desk,
) -> None:
    house, world = desk.home.house, desk.home.world
    browser = await desk.signed_in("nadia.bell")
    before = len(await consents(desk))
    path = f"/v1/cases/{house.case}/authorities"
    order = {
        "kind": "local_authority", "subject": house.child, "holder_agency": "harbour-social-care",
        "document": "Care order 12 of 2030", "covers": ["learning", "mental_health"], "verified_by": "Nadia",
    }  # fmt: skip
    held = (await world.as_("nadia.bell").post(path, order))["id"]
    page = await begun(desk, browser)
    council: Typed = {
        **WHO, "subject": house.child, "capacity": "local_authority_with_parental_responsibility",
    }  # fmt: skip
    page = await browser.send(page, new(desk, "/who"), **council)
    assert page.mistakes == ["Choose the authority by which the council answers."]
    assert "Harbour Children's Social Care, for" in page.text
    page = await browser.send(page, new(desk, "/who"), **council, under=held)
    assert page.address == new(desk, "/what")
    assert "This authority does not reach" in page.text
    assert "mental_health" not in page.text
    assert "single-mental_health" in page.html
    assert "single-offending" not in page.html
    page = await browser.send(page, new(desk, "/what"), bundle__everyday="yes", single__mental_health="no")
    page = await browser.send(page, new(desk, "/whom"), **WHOM)
    assert "The council" in page.text
    page = await browser.send(page, new(desk, "/check"))
    assert page.status == 200, page.mistakes
    assert "What The council said" in page.text
    recorded = (await consents(desk))[before:]
    assert sorted((one["answer"], one["categories"], one["giver"]) for one in recorded) == [
        ("given", ["learning"], held),
        ("refused", ["mental_health"], held),
    ]
    listed = await browser.get(f"/cases/{house.case}/permissions")
    assert "The council, with parental responsibility" in listed.text
    await world.as_("nadia.bell").post(f"{path}/{held}/ending", {"reason": "Discharged"})


async def test_a_search_for_a_service_keeps_what_is_ticked(desk: Desk) -> None:
    browser = await desk.signed_in("nadia.bell")
    await answered(desk, browser)
    page = await browser.get(new(desk, "/whom"))
    page = await browser.send(page, new(desk, "/whom"), do="search", search="careers")
    assert page.status == 200
    assert "Futures Careers Service" in page.text
    assert "Clear Water" not in page.text
    assert set(page.filled_in(new(desk, "/whom"))["recipients"]) == {HOUSING, YOT}


async def test_who_only_reads_is_offered_nothing_and_finds_no_page(desk: Desk) -> None:
    browser = await desk.signed_in("ben.carver")
    assert (await browser.get(new(desk, "/who"))).status == 404
    page = await (await desk.signed_in("nadia.bell")).get(f"/cases/{desk.home.house.case}/permissions")
    assert new(desk) in page.links.values()


async def test_taking_part_is_asked_apart_from_sharing(desk: Desk) -> None:
    house, address = desk.home.house, f"/cases/{desk.home.house.case}/taking-part"
    before = len(await consents(desk))
    browser = await desk.signed_in("nadia.bell")
    page = await browser.get(address)
    page = await browser.send(page, address, subject=house.mother, giver=house.mother)
    assert (page.status, "Say whether they agree to take part." in page.mistakes) == (422, True)
    said: Typed = {
        "subject": house.mother,
        "giver": house.mother,
        **WHO,
        "capacity": "adult",
        "agrees": "yes",
    }
    page = await browser.send(page, address, **said)
    assert (page.status, len(page.mistakes)) == (422, 2)
    page = await browser.send(page, address, **said, given_to="The mother", language="English")
    assert "You agreed to take part" in page.text
    assert len(await consents(desk)) == before + 1


async def test_whoever_may_not_say_that_they_take_part_is_told_so_before_they_are_asked(desk: Desk) -> None:
    """The reason is the one with which the answer would be refused; nothing is recorded by asking for it."""
    house, address = desk.home.house, f"/cases/{desk.home.house.case}/taking-part"
    before = len(await consents(desk))
    browser = await desk.signed_in("nadia.bell")
    page = await browser.get(address)
    nobody = await browser.send(page, address, check="yes")
    assert (nobody.status, nobody.mistakes) == (
        422, ["Say who it is about.", "Say in what capacity they answer.", "Say who answers."],
    )  # fmt: skip
    child: Typed = {"subject": house.child, "giver": house.child, "capacity": "young_person"}
    told = await browser.send(page, address, **child, check="yes")
    sent = await browser.send(
        page, address, **{**WHO, **child}, agrees="yes", given_to="He", language="English"
    )
    assert (told.status, sent.status) == (422, 422)
    assert told.mistakes == sent.mistakes != []
    assert told.filled_in(address)["giver"] == house.child
    mother: Typed = {"subject": house.child, "giver": house.mother, "capacity": "parent"}
    may = await browser.send(told, address, **mother, check="yes")
    assert (may.status, "Yes, they may answer this." in may.text) == (200, True)
    assert len(await consents(desk)) == before


async def test_what_must_not_be_told_is_written_down_and_lifted(desk: Desk) -> None:
    house, case = desk.home.house, f"/cases/{desk.home.house.case}"
    browser = await desk.signed_in("nadia.bell")
    page = await browser.get(f"{case}/exclusions/new")
    said = {"subject": house.child, "giver": house.mother, "capacity": "parent"}
    page = await browser.send(page, f"{case}/exclusions/new", **said)
    assert page.status == 422
    page = await browser.send(
        page, f"{case}/exclusions/new", **said, agencies=["clear-water"], things=["home", "equality"]
    )
    assert page.address == f"{case}/exclusions"
    assert "Not with Clear Water Alcohol Service" in page.text
    assert "home, money and work and ethnicity" in page.text
    lifting = [a for words, a in page.links.items() if "Clear Water" in words]
    assert len(lifting) == 1
    page = await browser.get(lifting[0])
    page = await browser.send(page, lifting[0], evidence="verbal")
    assert page.status == 422
    page = await browser.send(page, lifting[0], lifted_by=house.mother, evidence="verbal")
    assert page.address == f"{case}/exclusions"
    assert "Lifted" in page.text
    assert (await browser.get(lifting[0])).status == 404


async def test_who_is_kept_out_by_name_is_called_by_their_name_if_they_are_on_the_team(desk: Desk) -> None:
    """Fails when somebody in a hurry reads a user name instead of whom they know."""
    house, case = desk.home.house, f"/v1/cases/{desk.home.house.case}"
    school = desk.home.world.as_("nadia.bell")
    body = {
        "subject": house.child, "giver": house.mother, "capacity": "parent", "agencies": [],
        "users": ["ben.carver", "max.holt"], "categories": ["community"],
    }  # fmt: skip
    made = await school.post(f"{case}/exclusions", body)
    page = await (await desk.signed_in("nadia.bell")).get(f"/cases/{house.case}/exclusions")
    assert "Ben Carver" in page.text
    assert "max.holt" in page.text, "of whom nobody here knows more"
    assert "ben.carver" not in page.text
    lifted = {"lifted_by": house.mother, "evidence": {"form": "verbal"}}
    await desk.home.world.as_("sam.okafor").post(f"{case}/exclusions/{made['id']}/lifting", lifted)


def typed(**fields: str | list[str]) -> Form:
    return Form(
        tuple(
            (name.replace("__", "-"), one)
            for name, value in fields.items()
            for one in ([value] if isinstance(value, str) else value)
        )
    )


def test_every_category_is_asked_about_but_how_visits_are_kept_safe() -> None:
    asked = {category for held in BUNDLES.values() for category in held} | set(SINGLY)
    assert asked == set(Category) - {Category.STAFF_SAFETY}
    assert set(SINGLY) == SENSITIVE
    assert len(BUNDLES) == len(BUNDLE_WORDS) == 6


def test_each_sensitive_thing_is_an_answer_by_itself_and_nothing_is_answered_twice() -> None:
    everything = {f"bundle__{bundle}": "yes" for bundle in BUNDLES} | {f"single__{c}": "yes" for c in SINGLY}
    answers = conversation_of(typed(**everything))["answers"]
    assert [len(one["categories"]) for one in answers] == [15] + [1] * 7
    said = [category for one in answers for category in one["categories"]]
    assert len(said) == len(set(said)) == 22


def test_what_is_not_asked_is_neither_yes_nor_no() -> None:
    things = things_of(
        typed(bundle__health="", single__equality="", bundle__who="part", part__who=["identity"])
    )
    assert things.yes == (Category.IDENTITY,)
    assert set(things.no) == {Category.CONTACT, Category.ACCESS_NEEDS}
    assert things_of(typed(bundle__health="maybe", part__health=["health"])).yes == ()


def test_the_sentence_is_that_of_the_design() -> None:
    draft = typed(bundle__everyday="yes", single__offending="yes", purposes=["support"])
    assert question_of(draft, "Sam", ["Housing", "the School"], "1 May 2027") == (
        "May we share everyday life and offending about Sam with Housing and the School until 1 May 2027 to "
        "help? You can refuse any part or change your mind and still get help; if someone is in danger or "
        "the law requires it we may share without asking, and will tell you unless that is unsafe."
    )
    assert in_everyday_words([Category.LEARNING, Category.HEALTH]) == ["learning", "health"]


def test_three_hundred_services_are_a_short_list_that_can_be_searched() -> None:
    names = {f"service-{number}": f"Service {number} of <b>Eastmere</b>" for number in range(300)}
    services = services_of(names, ["service-7"], ["service-9"], "")
    assert [one.code for one in services.first] == ["service-7", "service-9"]
    assert [one.chosen for one in services.first] == [False, True]
    assert len(services.found) == SHOWN_AT_ONCE
    assert services.more == 298 - SHOWN_AT_ONCE
    found = services_of(names, [], ["service-9"], "eastmere 299")
    assert [one.code for one in found.found] == ["service-299"]
    assert [one.code for one in found.first] == ["service-9"]


@pytest.mark.parametrize(
    ("api", "form"),
    [
        ("answers.0.capacity", "capacity"),
        ("answers.3.valid_until", "valid_until"),
        ("competence.reasons", "competent_because"),
        ("answers.1.best_interests.wishes", "wishes"),
        ("answers.1.incapacity.asked_first", "incapacity_asked"),
        ("under", "under"),
        ("recipients.0", "recipients"),
    ],
)
def test_a_mistake_that_the_api_names_stands_at_its_field(api: str, form: str) -> None:
    assert field_of(api) == form
