"""The family's own page: by a code that somebody hands over, and changing one's mind there."""

from datetime import timedelta

import pytest

from clients.practitioner.presenters.family import MOST_LOOKS
from deploy.stories.steps import open_case
from shared.clock import rfc3339
from shared.upstream import Reply
from tests.gateway.areas.meetings import meeting
from tests.practitioner.browser import COOKIE, Browser, Desk, Page

pytestmark = pytest.mark.anyio
STRANGER = "One team around a child or a family"


async def given_code(desk: Desk, user: str = "nadia.bell") -> str:
    """The code as it stands on the page of whoever makes it."""
    browser, address = await desk.signed_in(user), f"/cases/{desk.home.house.case}/family-code"
    page = await browser.get(address)
    page = await browser.send(page, address, person=desk.home.house.mother)
    assert page.address == f"{address}/given"
    code = page.soup.find(class_="govuk-panel__title")
    assert code is not None
    assert code.get_text(strip=True) not in (await browser.get(f"{address}/given")).text
    return code.get_text(strip=True)


async def come_in(desk: Desk, code: str, address: str = "/family") -> tuple[Browser, Page]:
    browser = desk.browser()
    page = await browser.get(address)
    typed = {} if address != "/family" else {"code": code}
    return browser, await browser.send(page, "/family", **typed)


def sees(page: Page) -> dict[str, str]:
    """What stands on the sheet beside each service."""
    (section,) = page.soup.select("section[aria-labelledby=sees]")
    rows = section.select("tbody tr")
    return {
        row.th.get_text(strip=True): row.td.get_text(" ", strip=True)
        for row in rows
        if row.th is not None and row.td is not None
    }


async def test_the_sheet_says_who_can_see_what_and_why_as_it_is_decided(desk: Desk) -> None:
    """It follows the decision: what is taken back is gone from it, whatever rests on another reason stays."""
    browser, page = await come_in(desk, await given_code(desk))
    before = sees(page)
    assert len(before) == 6
    assert "everyday life" in before["Tidewater Housing"]
    assert "Why: they are on your team" in before["Tidewater Housing"]
    assert "About you and canary" in before["Tidewater Housing"]
    assert "offending (in short). Why: you said yes" in before["Northgate Community School"]
    (address,) = [address for words, address in page.links.items() if words.endswith("Offending")]
    page = await browser.send(await browser.get(address), address)
    after = sees(page)
    assert "offending" not in after["Northgate Community School"]
    assert "Why: they are on your team" in after["Northgate Community School"]
    changed = {service for service in before if before[service] != after[service]}
    assert changed == {"Northgate Community School"}


async def test_a_code_that_was_handed_over_opens_the_sheet_by_hand_and_by_link(desk: Desk) -> None:
    for by_link in (False, True):
        code = await given_code(desk)
        _, page = await come_in(desk, code, f"/family/code/{code}" if by_link else "/family")
        assert (page.status, page.address) == (200, "/family/sheet")
        headings = [heading.get_text(strip=True) for heading in page.soup.find_all("h2")]
        for wanted in (
            "Who is in charge", "The plan", "What you and your family said", "Who can see what",
            "Who has looked, and why", "If you change your mind",
        ):  # fmt: skip
            assert wanted in headings
        assert "Sam Okafor" in page.text
        assert "Information Commissioner" in page.text
        assert "You said yes on " in page.text
        assert "Karen Mercer" not in page.text, "she is told of herself as you"


async def test_opening_the_link_uses_nothing_up_and_the_code_works_once(desk: Desk) -> None:
    code = await given_code(desk)
    for _ in range(3):
        assert (await desk.browser().get(f"/family/code/{code}")).status == 200
    _, page = await come_in(desk, code.lower().replace("-", " "))
    assert page.address == "/family/sheet"
    browser, page = await come_in(desk, code)
    assert page.status == 422
    assert page.mistakes == ["This code does not work. Check it letter by letter, or ask for a new one."]
    assert (await browser.get("/family/sheet")).address == "/family"


@pytest.mark.parametrize("typed", ["", "wrong", "ABCD-EFGH-JKLM", "é" * 5_000, "a.b c;d"])
async def test_a_wrong_code_is_a_mistake_that_is_named(desk: Desk, typed: str) -> None:
    _, page = await come_in(desk, typed)
    assert (page.status, len(page.mistakes)) == (422, 1)
    assert page.title.startswith("Error: ")


async def test_the_door_takes_no_form_from_another_site(desk: Desk) -> None:
    code = await given_code(desk)
    page = await desk.browser().ask("POST", "/family", {"code": code, "csrf": "made up"})
    assert page.status == 403
    assert (await come_in(desk, code))[1].address == "/family/sheet"


async def test_a_family_that_came_by_a_code_is_on_its_own_page_and_nowhere_else(desk: Desk) -> None:
    browser, page = await come_in(desk, await given_code(desk))
    assert (await browser.get("/")).address == "/family/sheet"
    for address in page.links.values():
        assert (await browser.get(address)).status == 200, address
    assert (await browser.get(f"/cases/{desk.home.house.other_case}")).status == 404
    token = desk.home.world.token("karen.mercer").split(".")[0]
    assert token not in page.html
    assert "family-visit." not in page.html + browser.cookies[COOKIE]


async def test_whoever_was_away_asks_for_a_new_code_and_is_not_sent_to_sign_in(desk: Desk) -> None:
    browser, _ = await come_in(desk, await given_code(desk))
    desk.home.world.clock.now += timedelta(minutes=31)
    page = await browser.get("/family/sheet")
    assert (page.address, page.heading) == ("/family", "Your own page")


async def test_a_mind_is_changed_at_once_and_the_page_says_what_follows(desk: Desk) -> None:
    house, world = desk.home.house, desk.home.world
    before = await world.as_("hana.novak").get(f"/v1/cases/{house.case}")
    browser, page = await come_in(desk, await given_code(desk))
    own = f"/family/sheet/{house.case}"
    address = f"{own}/permissions/{house.everyday_permission}/withdrawal"
    assert address in page.links.values()
    asked = await browser.get(address)
    page = await browser.send(asked, address)
    assert page.address == own
    assert "Done at " in page.text
    assert "because of your permission; they may keep what they already recorded" in page.text
    assert address not in page.links.values()
    assert "Done at " not in (await browser.get("/family/sheet")).text
    assert (await browser.get(address)).address == own
    after = await world.as_("hana.novak").get(f"/v1/cases/{house.case}")
    assert sum(map(len, after["areas"].values())) < sum(map(len, before["areas"].values()))


async def test_a_volunteer_is_offered_no_code_to_give_and_gets_none(desk: Desk) -> None:
    browser = await desk.signed_in("ben.carver")
    address = f"/cases/{desk.home.house.case}/family-code"
    assert address not in (await browser.get(f"/cases/{desk.home.house.case}/permissions")).links.values()
    assert (await browser.get(address)).status == 404


async def test_a_yes_that_has_run_out_stands_there_as_over_and_lets_nobody_see_anything(desk: Desk) -> None:
    _, page = await come_in(desk, await given_code(desk))
    assert "mental health" in sees(page)["Mill Lane Health Trust"]
    assert "Why: you said yes. Until " in sees(page)["Mill Lane Health Trust"]
    desk.home.world.clock.now += timedelta(days=200)
    _, page = await come_in(desk, await given_code(desk))
    assert "said yes" not in str(sees(page))
    assert "It ended on" in page.text
    to_take_back = [address for address in page.links.values() if address.endswith("/withdrawal")]
    assert len(to_take_back) == 1, "to taking part they said yes without an end"
    team = await (await desk.signed_in("nadia.bell")).get(f"/cases/{desk.home.house.case}/permissions")
    assert "Over" in team.text


async def test_whoever_came_by_a_code_signs_out_here_alone(desk: Desk) -> None:
    """No issuer knows of them; whoever was signed in at it before on this machine stays so."""
    browser, page = await come_in(desk, await given_code(desk))
    answer = await browser.ask("POST", "/sign-out", page.filled_in("/sign-out"), follow=False)
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert (await browser.get("/family/sheet")).address == "/family"


# --- by an account of their own


async def with_an_account(desk: Desk) -> Browser:
    world = desk.home.world
    world.issuer.remember("karen.mercer", desk.home.house.mother)
    return await desk.signed_in("karen.mercer")


async def test_whoever_signs_in_comes_to_the_sheet_that_a_code_opens(desk: Desk) -> None:
    browser = await with_an_account(desk)
    own = await browser.get("/")
    assert (own.status, own.address) == (200, "/family/sheet")
    _, by_code = await come_in(desk, await given_code(desk))
    assert own.heading == by_code.heading
    assert sees(own) == sees(by_code) != {}
    assert list(own.links.values())[:3] == list(by_code.links.values())[:3]
    for address in own.links.values():
        assert (await browser.get(address)).status == 200, address


async def test_a_mind_is_changed_with_an_account_as_by_a_code(desk: Desk) -> None:
    browser = await with_an_account(desk)
    page = await browser.get("/")
    (address, *_) = [address for address in page.links.values() if address.endswith("/withdrawal")]
    page = await browser.send(await browser.get(address), address)
    assert page.address == f"/family/sheet/{desk.home.house.case}"
    assert "Done at " in page.text
    assert address not in page.links.values()


async def test_whoever_has_several_pages_chooses_and_finds_each_of_them(desk: Desk) -> None:
    house, school = desk.home.house, desk.home.world.as_("nadia.bell")
    other = await open_case(school, house.child, [house.mother], "Asked for help at school.")
    browser = await with_an_account(desk)
    page = await browser.get("/")
    assert page.heading == "Your own pages"
    pages = {f"/family/sheet/{case}" for case in (house.case, other)}
    assert pages <= set(page.links.values())
    for address in pages:
        assert (await browser.get(address)).heading.startswith("The help for ")
    assert (await browser.get(f"/family/sheet/{house.other_case}")).status == 404
    await school.post(f"/v1/cases/{other}/closure", {"reason": "needs_met", "note": "All is well."})
    assert "Ended" in (await browser.get("/family/sheet")).text


async def test_whom_nothing_is_about_is_told_so_and_no_more(desk: Desk) -> None:
    desk.home.world.issuer.remember("karen.mercer", "20000000-0000-4000-8000-000000000000")
    page = await (await desk.signed_in("karen.mercer")).get("/")
    assert page.heading == "There is nothing to show here"


async def test_a_list_that_begins_with_an_empty_part_leads_on_to_the_next(desk: Desk) -> None:
    """So the API answers where what is hidden took it too long."""
    browser = await desk.signed_in("karen.mercer")
    empty = b'{"cases": [], "cursor": "behind-them"}'
    desk.line.reads_next["/v1/cases"] = Reply(200, empty)
    page = await browser.get("/family/sheet")
    assert page.heading == "Your own pages"
    assert "There is nothing on this part of the list." in page.text
    assert "/family/sheet?cursor=behind-them" in page.links.values()


async def test_whoever_has_an_account_and_was_away_signs_in_again(desk: Desk) -> None:
    browser = await with_an_account(desk)
    desk.home.world.clock.now += timedelta(minutes=31)
    answer = await browser.ask("GET", "/family/sheet", follow=False)
    assert answer.headers["location"] == "/sign-in?to=%2Ffamily%2Fsheet"


# --- meetings to which they are invited


async def a_meeting(desk: Desk, person: str, **changes: str) -> str:
    """The path of a meeting this afternoon, to which somebody of the family is invited."""
    school, case = desk.home.world.as_("nadia.bell"), desk.home.house.case
    begins = rfc3339(desk.home.world.clock.now + timedelta(hours=8))
    body = meeting(starts_at=begins, place="Room 4, by the gate", **changes)
    path = f"/v1/cases/{case}/meetings"
    path = f"{path}/{(await school.post(path, body))['id']}"
    await school.post(f"{path}/family-invitations", {"person": person})
    return path


def word_to(desk: Desk, path: str) -> str:
    return f"/family/sheet/{desk.home.house.case}/meetings/{path.rpartition('/')[2]}/word"


def meetings_on(page: Page) -> str:
    found = page.soup.select("section[aria-labelledby=meetings]")
    return found[0].get_text(" ", strip=True) if found else ""


@pytest.mark.parametrize("by_code", [True, False])
async def test_word_is_sent_to_a_meeting_and_stands_on_the_sheet(desk: Desk, by_code: bool) -> None:
    path = await a_meeting(desk, desk.home.house.mother)
    address = word_to(desk, path)
    if by_code:
        browser, page = await come_in(desk, await given_code(desk))
    else:
        browser = await with_an_account(desk)
        page = await browser.get(f"/family/sheet/{desk.home.house.case}")
    assert address in page.links.values()
    assert "Room 4, by the gate" in meetings_on(page)
    assert "You have not said yet whether you come." in meetings_on(page)
    asked = await browser.get(address)
    assert asked.heading == "Will you come?"
    typed = "Mornings are <b>hard</b>. \u05e9\u05dc\u05d5\u05dd " + "x" * 3_000
    wrong = await browser.send(asked, address, to_be_said=typed)
    assert (wrong.status, wrong.mistakes) == (422, ["Say whether you will come."])
    assert wrong.title.startswith("Error: ")
    assert typed in wrong.soup.select_one("textarea").text  # type: ignore[union-attr]
    page = await browser.send(wrong, address, comes="yes", to_be_said=typed)
    assert page.address == f"/family/sheet/{desk.home.house.case}"
    assert "Done: we noted that you will come. What you want to be said there is on the list" in page.text
    assert "You said that you will come." in meetings_on(page)
    for _ in range(2):
        page = await browser.ask("POST", address, {**wrong.filled_in(address), "comes": "yes"})
    seen = await desk.home.world.as_("nadia.bell").get(path)
    said = [line["item"]["fields"].get("note") for line in seen["agenda"]]
    assert said.count(typed) == 1, "a form that is sent again is sent once"


async def test_a_meeting_that_is_over_off_or_somebody_elses_is_not_answered(desk: Desk) -> None:
    house, school = desk.home.house, desk.home.world.as_("nadia.bell")
    his, hers = await a_meeting(desk, house.child), await a_meeting(desk, house.mother)
    browser = await with_an_account(desk)
    page = await browser.get("/family/sheet")
    if page.heading == "Your own pages":
        page = await browser.get(f"/family/sheet/{house.case}")
    assert word_to(desk, his) not in page.links.values()
    assert (await browser.get(word_to(desk, his))).status == 404
    asked = await browser.get(word_to(desk, hers))
    await school.post(f"{hers}/cancellation", {"reason": "Snow"})
    late = await browser.send(asked, word_to(desk, hers), comes="no", to_be_said="I wanted to come")
    assert late.status == 422
    assert "This meeting was cancelled." in late.mistakes[0]
    assert "I wanted to come" in late.html
    page = await browser.get(f"/family/sheet/{house.case}")
    assert "Called off" in meetings_on(page)
    assert word_to(desk, hers) not in page.links.values()
    desk.home.world.clock.now += timedelta(hours=9)
    browser = await with_an_account(desk)
    page = await browser.get(f"/family/sheet/{house.case}")
    assert "Called off" not in meetings_on(page)


async def test_the_door_and_the_sheet_say_how_long_it_is_open_and_that_older_looks_are_not_on_it(
    desk: Desk,
) -> None:
    door = await desk.browser().get("/family")
    assert "if you do nothing on it for 15 minutes" in door.text
    reader, case = desk.home.world.as_("nadia.bell"), desk.home.house.case
    for _ in range(MOST_LOOKS):
        await reader.get(f"/v1/cases/{case}")
    _, page = await come_in(desk, await given_code(desk))
    assert len(page.soup.select("section[aria-labelledby=looked] li")) == MOST_LOOKS
    assert f"These are the newest {MOST_LOOKS}." in page.text
    assert f"/cases/{case}/who-has-looked" not in page.links.values(), "a code opens nothing but the sheet"
    assert "to go through them with you" in page.text
