"""Closing a case: what was promised is answered for, somebody watches over who is at risk; and opening it
again."""

from datetime import timedelta

import pytest

from clients.practitioner.presenters.closing import REASONS
from shared.records.cases import ClosureReason
from tests.practitioner.browser import Browser, Desk, Page
from tests.practitioner.clicked_steps import open_a_case
from tests.practitioner.clicking import Somebody, somebody
from tests.practitioner.walking import HOSTILE, filled_in, forms_of, shape_of

pytestmark = pytest.mark.anyio
ASKS = "becomes-"
WATCHES = "Who watches over them from now on?"


async def test_a_lead_closes_a_case_with_what_becomes_of_each_promise_and_opens_it_again(desk: Desk) -> None:
    case = f"/cases/{desk.home.house.case}"
    lead = await somebody(desk, "sam.okafor")
    lead.page = await lead.browser.get(case)
    await lead.follow("Close this case")
    asked = _asked(lead)
    assert len(asked) >= 2, "nothing that was promised is asked about"
    mistakes = await lead.press_in_vain("Close the case", note=HOSTILE, **{asked[0]: HOSTILE})
    assert mistakes == ["Fill this in."] * len(asked), "the reason, and every promise but the first"
    for name in asked[1:]:
        assert lead.page.soup.select_one(f"#{name}.govuk-textarea--error") is not None
    fields = lead.page.filled_in(f"{case}/closure")
    assert (fields[asked[0]], fields["note"]) == (HOSTILE, HOSTILE)
    becomes = dict.fromkeys(asked[1:], "The new school goes on with it")
    await lead.press_in_vain("Close the case", reason="Their needs are met", **becomes)
    await lead.press("Close the case", watched_over_by="His grandmother, and the school nurse")
    assert lead.page.address == case
    lead.sees("Closed", "This case was closed on 3 March 2031: their needs are met.", HOSTILE)
    assert lead.page.soup.find(id="planted") is None
    assert not lead.offers("Close this case")
    await lead.follow("The plan in full")
    lead.sees("The new school goes on with it", HOSTILE)
    assert not lead.offers("Agree an action")
    await lead.follow("My cases")
    assert not lead.offers("Close this case")
    await lead.follow("Closed cases")
    lead.sees("3 March 2031")
    lead.page = await lead.browser.get(str(lead.page.soup.select("tbody a")[0]["href"]))
    assert lead.page.address == case
    await lead.follow("Open this case again")
    assert await lead.press_in_vain("Open it again") == ["Fill this in."]
    await lead.press("Open it again", reason="He is out of school again")
    assert lead.page.address == case
    lead.does_not_see("This case was closed")
    assert lead.offers("Close this case")


async def test_only_who_is_in_charge_is_offered_it(desk: Desk) -> None:
    case = f"/cases/{desk.home.house.case}"
    for user in ("hana.novak", "ben.carver", "asif.khan"):
        browser = await desk.signed_in(user)
        assert "Close this case" not in (await browser.get(case)).links, user
        assert (await browser.get(f"{case}/closure")).status == 404, user
        assert (await browser.get(f"{case}/reopening")).status == 404, user
    lead = await desk.signed_in("sam.okafor")
    assert (await lead.get(f"{case}/reopening")).status == 404, "what is open is not opened again"


@pytest.mark.parametrize(("at_risk", "is_seen"), [("No", True), ("Yes", False)])
async def test_who_watches_over_them_is_asked_only_where_somebody_on_the_team_did(
    desk: Desk, at_risk: str, is_seen: bool
) -> None:
    """At once, where whoever closes the case sees that somebody did; else when the API says so."""
    today = desk.home.world.clock.now.date()
    mentor = await somebody(desk, "nadia.bell")
    await open_a_case(mentor, "Ivo", f"Marsh {at_risk}", 12, "He asked", today)
    case = mentor.page.address
    await mentor.follow("Close this case")
    mentor.does_not_see(WATCHES, "What becomes of what was promised?")
    mentor.page = await mentor.browser.get(f"{case}/reviews/new")
    await mentor.press("Save", review_on=today + timedelta(days=7), at_risk=at_risk, owner="Nadia Bell")
    mentor.page = await mentor.browser.get(f"{case}/closure")
    assert (WATCHES in mentor.text) is is_seen
    [mistake] = await mentor.press_in_vain("Close the case", reason="They have moved away")
    assert mistake.startswith("Somebody on the team sees to the next review of this case.")
    assert mentor.page.soup.select_one("#watched_over_by.govuk-textarea--error") is not None
    await mentor.press("Close the case", watched_over_by=HOSTILE)
    mentor.sees("they have moved away")
    guard = await somebody(desk, "school.guard")
    guard.page = await guard.browser.get(f"{case}/reviews")
    guard.sees("Watched over from then on by", HOSTILE)
    assert guard.page.soup.find(id="planted") is None


async def test_what_changes_meanwhile_is_said_and_nothing_typed_is_lost(desk: Desk) -> None:
    school, today = desk.home.world.as_("nadia.bell"), desk.home.world.clock.now.date()
    mentor = await somebody(desk, "nadia.bell")
    await open_a_case(mentor, "Edie", "Marsh", 13, "She asked", today)
    case = mentor.page.address

    async def promised(action: str) -> str:
        new = {
            "desired_outcome": "She is heard", "action": action, "accountable": "northgate-school",
            "responsible_name": "Nadia Bell", "by_when": (today + timedelta(days=3)).isoformat(),
        }  # fmt: skip
        [made] = (await school.post(f"/v1{case}/actions", {"actions": [new]}))["actions"]
        return f"{ASKS}{made['id']}"

    first = await promised("Ring her mother")
    await mentor.follow("Close this case")
    second = await promised("Visit her")
    typed = {"reason": "Their needs are met", first: "Her aunt does"}
    mistakes = await mentor.press_in_vain("Close the case", **typed)
    assert mistakes == ["Something was promised meanwhile. Say below what becomes of it, too."]
    mentor.sees("Visit her")
    assert mentor.page.filled_in(f"{case}/closure")[first] == "Her aunt does"
    [kept] = [one for one in (await school.get(f"/v1{case}/actions"))["entries"] if first.endswith(one["id"])]
    done = {"status": "done", "outcome": "She was glad"}
    path, seen = f"/v1{case}/actions/{kept['id']}", {"If-Match": kept["etag"]}
    assert (await school.send("PATCH", path, done, headers=seen)).status_code == 200
    mistakes = await mentor.press_in_vain("Close the case", **{second: "Her aunt does"})
    assert mistakes == ["Somebody has said meanwhile what came of one promise. It is left out below."]
    assert _asked(mentor) == [second]
    await mentor.press("Close the case")
    mentor.sees("This case was closed")


async def test_of_a_case_that_is_closed_already_it_is_said(desk: Desk) -> None:
    mentor = await somebody(desk, "nadia.bell")
    await open_a_case(mentor, "Ann", "Marsh", 11, "She asked", desk.home.world.clock.now.date())
    case = mentor.page.address
    await mentor.follow("Close this case")
    await desk.home.world.as_("nadia.bell").post(f"/v1{case}/closure", {"reason": "other"})
    assert await mentor.press_in_vain("Close the case", reason="Their needs are met") == [
        "This case is closed already."
    ]


async def test_in_a_closed_case_nothing_is_offered_that_waits_for_an_open_one(desk: Desk) -> None:
    case = f"/cases/{desk.home.house.case}"
    lead = await somebody(desk, "sam.okafor")
    lead.page = await lead.browser.get(f"{case}/closure")
    becomes = dict.fromkeys(_asked(lead), "Somebody else does")
    await lead.press_in_vain("Close the case", reason="Something else", **becomes)
    await lead.press("Close the case", watched_over_by="His school")
    wrong: dict[tuple[str, str], object] = {}
    sent = 0
    for user in ("sam.okafor", "nadia.bell", "hana.novak", "liz.hart", "asif.khan"):
        browser = await desk.signed_in(user)
        pages = await _pages_of(browser, case)
        assert {address: page.status for address, page in pages.items() if page.status != 200} == {}
        for address, action in forms_of(pages):
            page = await browser.get(address)
            if action in page.actions:
                answer = await browser.ask("POST", action, filled_in(page, action))
                sent += 1
                if answer.status not in (200, 422) or "closed" in " ".join(answer.mistakes):
                    wrong[user, shape_of(action)] = answer.status, answer.mistakes
    assert wrong == {}
    assert sent >= 15


async def _pages_of(browser: Browser, case: str) -> dict[str, Page]:
    """A page of each shape that a case's links lead to within it, but for opening it again."""
    pages: dict[str, Page] = {}
    shapes: set[str] = set()
    ahead = [case]
    while ahead:
        address = ahead.pop(0)
        shape = shape_of(address)
        if shape not in shapes and address.startswith(case) and not address.endswith("/reopening"):
            shapes.add(shape)
            pages[address] = await browser.get(address)
            ahead.extend(pages[address].links.values())
    return pages


def test_every_reason_has_its_words() -> None:
    assert {code for code, _ in REASONS} == set(ClosureReason)


def _asked(who: Somebody) -> list[str]:
    """The fields in which it is said what becomes of a promise."""
    return [str(one["name"]) for one in who.page.soup.select(f"textarea[name^={ASKS}]")]
