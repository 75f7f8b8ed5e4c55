"""The common assessment on its small pages: nothing typed is lost, and nothing is retold."""

from typing import Any

import pytest

from clients.practitioner.presenters.assessment import around
from clients.practitioner.presenters.assessment_forms import (
    Around,
    content_of,
    field_of,
    filled_from,
    questions_of,
)
from clients.practitioner.presenters.questions import in_plain_words, mistakes_in
from clients.practitioner.visit import Form
from tests.practitioner.browser import Browser, Desk, Page

pytestmark = pytest.mark.anyio
HOSTILE = '"><script>alert(1)</script> \u202eאבג\u202c {{ 7 * 7 }}'
TODAY = {"day": "3", "month": "3", "year": "2031"}


def day_of(name: str, **parts: str) -> dict[str, str]:
    return {f"{name}__{part}": value for part, value in {**TODAY, **parts}.items()}


async def started(browser: Browser, desk: Desk) -> str:
    """The address of a draft that is begun from its page."""
    address = f"/cases/{desk.home.house.case}/assessments"
    page = await browser.get(f"{address}/new")
    page = await browser.send(
        page, f"{address}/new", reason_for_assessment="He misses most mornings", person=desk.home.house.child,
        **day_of("started_on"),
    )  # fmt: skip
    assert page.status == 200, page.mistakes
    assert page.heading == "Pre-assessment checklist"
    return page.address.removesuffix("/about/checklist")


async def added(browser: Browser, address: str, **typed: str) -> Page:
    return await browser.send(await browser.get(address), address, **typed)


async def entries_of(desk: Desk, user: str, kind: str) -> list[dict[str, Any]]:
    view = await desk.home.world.as_(user).get(f"/v1/cases/{desk.home.house.case}")
    return [entry for entry in view["areas"]["assessment"] if entry["kind"] == kind]


async def test_an_assessment_is_made_page_by_page_signed_and_written_anew(desk: Desk) -> None:
    browser, house = await desk.signed_in("nadia.bell"), desk.home.house
    draft = await started(browser, desk)
    questions = {
        f"answer-{code}": "not_sure"
        for code in ("healthy", "safe", "learning", "positive_impact", "free_from_poverty")
    }
    address = f"{draft}/about/checklist/checklist"
    page = await browser.get(address)
    filled = {**page.filled_in(address), **questions, "services-safe": "The health visitor"}
    page = await browser.ask("POST", address, {**filled, "assessment_needed": "yes"})
    assert page.status == 422
    assert "Fill this in: Does the family agree to it?" in page.mistakes
    assert page.filled_in(address)["services-safe"] == "The health visitor"
    page = await browser.send(page, address, agreement_to_assess="given", **day_of("completed_on"))
    assert (page.status, page.address) == (200, f"{draft}/about/checklist")
    assert "Assessment needed Yes" in page.text
    assert "You see the headline only" in page.text, "it says something of safeguarding too"
    page = await added(
        browser,
        f"{draft}/about/participation/need",
        headline="Misses most mornings",
        whose_view="practitioner",
    )
    assert (page.status, page.address) == (200, f"{draft}/about/participation")
    await added(browser, f"{draft}/about/aspirations/strength", headline="Wants to cook", whose_view="child")
    address = f"{draft}/about/words-of-child/comment"
    page = await added(
        browser,
        address,
        text="I want to stay at my school.",
        additional_categories="learning",
        sensitive="no",
    )
    assert page.status == 200
    page = await browser.get(f"{draft}/check")
    assert "I want to stay at my school." in page.text
    page = await browser.get(f"{draft}/signature")
    page = await browser.send(
        page, f"{draft}/signature", child_or_young_person="agreed", parent_or_carer="agreed"
    )
    assert page.status == 422
    assert f"{draft}/about/conclusion" in page.links.values()
    await added(browser, f"{draft}/about/conclusion/conclusion", conclusion="additional_needs")
    page = await added(browser, f"{draft}/about/review/review", **day_of("review_on", month="6"))
    assert page.status == 200
    assert f"{draft}/about/review/review" not in page.links.values(), "there is one review"
    page = await browser.get(f"{draft}/signature")
    page = await browser.send(
        page, f"{draft}/signature", child_or_young_person="agreed", parent_or_carer="agreed"
    )
    assert (page.status, page.address) == (200, draft)
    assert "Signed 3 March 2031 by Nadia Bell" in page.text
    assert f"{draft}/new-version" in page.links.values()
    printed = await browser.get(f"{draft}/print")
    assert (printed.status, "Misses most mornings" in printed.html) == (200, True)
    assert "script-src" not in printed.headers["content-security-policy"]
    assert "default-src 'none'; style-src 'sha256-" in printed.headers["content-security-policy"]
    page = await browser.send(await browser.get(f"{draft}/new-version"), f"{draft}/new-version")
    assert page.address != draft
    assert (await browser.get(f"{page.address}/about/participation")).text.count("Misses most mornings") == 2
    signed = await browser.get(f"/cases/{house.case}/assessments")
    assert draft in signed.links.values()


async def ready_to_sign(browser: Browser, desk: Desk) -> str:
    """The address of a draft in which everything stands that a signature asks for."""
    draft = await started(browser, desk)
    checklist = f"{draft}/about/checklist/checklist"
    page = await browser.get(checklist)
    codes = ("healthy", "safe", "learning", "positive_impact", "free_from_poverty")
    answers = {f"answer__{code}": "yes" for code in codes}
    await browser.send(
        page, checklist, assessment_needed="yes", agreement_to_assess="given", **answers,
        **day_of("completed_on"),
    )  # fmt: skip
    await added(browser, f"{draft}/about/participation/need", headline="Misses days", whose_view="parent")
    await added(browser, f"{draft}/about/conclusion/conclusion", conclusion="additional_needs")
    await added(browser, f"{draft}/about/review/review", **day_of("review_on", month="6"))
    return draft


async def test_only_what_was_read_is_signed(desk: Desk) -> None:
    """In a second window something is added after all was read in the first. Fails when the signature is for
    whatever stands there when the button is pressed."""
    browser = await desk.signed_in("nadia.bell")
    draft = await ready_to_sign(browser, desk)
    signature, because = f"{draft}/signature", "He was away all week"
    said = {"child_or_young_person": "agreed", "parent_or_carer": "agreed", "no_voice_reason": because}
    read = await browser.get(f"{draft}/check")
    await added(browser, f"{draft}/about/aspirations/strength", headline="Can cook", whose_view="parent")
    page = await browser.get(read.links["Go on to sign"])
    page = await browser.send(page, signature, **said)
    assert (page.status, "Nothing is signed" in page.mistakes[0]) == (409, True)
    assert "Can cook" in page.text, "what is to be read now"
    page = await browser.get(page.links["Go on to sign"])
    assert page.filled_in(signature)["no_voice_reason"] == because
    page = await browser.send(page, signature)
    assert (page.status, page.address) == (200, draft), page.mistakes
    assert "Signed 3 March 2031" in page.text


async def test_an_entry_about_nobody_is_a_mistake_at_its_field(desk: Desk) -> None:
    """Fails when what nobody is named for is taken for the child's."""
    browser = await desk.signed_in("nadia.bell")
    address = f"{await started(browser, desk)}/about/participation/need"
    page = await browser.get(address)
    said = {"headline": "Cannot read the letters", "whose_view": "parent"}
    page = await browser.send(page, address, **said, subjects=[])
    assert (page.status, page.mistakes) == (422, ["Tick who it is about."])
    link = page.soup.select_one(".govuk-error-summary__list a")
    assert link is not None
    assert link["href"] == "#subjects"
    assert page.soup.find(id="subjects") is not None
    assert page.filled_in(address)["headline"] == said["headline"]
    page = await browser.send(page, address, subjects=desk.home.house.mother)
    assert page.status == 200
    [entry] = [
        one
        for one in await entries_of(desk, "nadia.bell", "need")
        if one["fields"].get("headline") == said["headline"]
    ]
    assert entry["subjects"] == [desk.home.house.mother]


async def test_a_risk_of_harm_is_saved_with_when_and_to_whom_it_was_referred_only(desk: Desk) -> None:
    browser = await desk.signed_in("nadia.bell")
    draft = await started(browser, desk)
    address = f"{draft}/about/conclusion/conclusion"
    page = await added(browser, address, conclusion="risk_of_harm", explanation="A burn he does not explain")
    assert page.status == 422
    assert len(page.mistakes) == 4
    assert page.filled_in(address)["explanation"] == "A burn he does not explain"
    anchors = [str(link["href"])[1:] for link in page.soup.select(".govuk-error-summary__list a")]
    assert anchors == ["referred_at-day", "referred_to", "follow_up_owner", "follow_up_on-day"]
    led_to = [one.name for anchor in anchors if (one := page.soup.find(id=anchor)) is not None]
    assert led_to == ["input", "input", "select", "input"], "what is typed in, and not what is around it"
    page = await browser.send(
        page, address, referred_to="Social care", follow_up_owner=desk.home.house.lead_member,
        **day_of("referred_at", day="1"), referred_at__time="14.30", **day_of("follow_up_on", day="20"),
    )  # fmt: skip
    assert page.status == 200, page.mistakes
    assert "Risk of harm Who looks after this Sam Okafor Looks again 20 March 2031" in page.text


async def test_until_the_sensitive_question_is_answered_only_ones_own_service_sees_the_entry(
    desk: Desk,
) -> None:
    browser = await desk.signed_in("nadia.bell")
    draft = await started(browser, desk)
    address = f"{draft}/about/behavioural_development/need"
    page = await browser.get(address)
    assert "Does this say anything about mental health" in page.text
    page = await browser.send(
        page, address, headline="Drinks on Fridays", whose_view="practitioner", sensitive="yes"
    )
    assert page.mistakes == ["Tick what it says something about, or answer no."]
    page = await browser.send(page, address, sensitive="")
    assert page.status == 200
    assert "only your own service sees it" in page.text
    assert "Answer a question" in (await browser.get(draft)).text
    change = next(link for words, link in page.links.items() if words.startswith("Change"))
    page = await browser.get(change)
    assert "sensitive" not in page.filled_in(change)
    page = await browser.send(page, change, sensitive="yes", sensitive_content="substance_use")
    assert page.status == 200
    assert "only your own service sees it" not in page.text
    [entry] = [
        e
        for e in await entries_of(desk, "nadia.bell", "need")
        if e["fields"]["headline"] == "Drinks on Fridays"
    ]
    assert "substance_use" in entry["categories"]
    assert (await browser.get(change)).filled_in(change)["sensitive"] == "yes"


async def test_of_two_who_correct_at_once_the_second_sees_both_and_chooses(desk: Desk) -> None:
    browser, other = await desk.signed_in("nadia.bell"), await desk.signed_in("nadia.bell")
    draft = await started(browser, desk)
    page = await added(
        browser, f"{draft}/about/participation/need", headline="Late", whose_view="practitioner"
    )
    change = next(link for words, link in page.links.items() if words.startswith("Change"))
    mine, theirs = await browser.get(change), await other.get(change)
    assert (await other.send(theirs, change, headline="Late on Mondays", narrative="The bus")).status == 200
    page = await browser.send(mine, change, headline="Late since May")
    assert page.status == 409
    assert [row.get_text(" ", strip=True) for row in page.soup.select("tbody tr")] == [
        "Headline Late on Mondays Late since May", "What it is like The bus",
    ]  # fmt: skip
    assert page.filled_in(change)["headline"] == "Late since May"
    assert f"{draft}/about/participation" in page.links.values(), "to keep theirs"
    page = await browser.send(page, change, headline="Late on Mondays since May", narrative="The bus")
    assert (page.status, page.address) == (200, f"{draft}/about/participation")
    assert "Late on Mondays since May" in page.text


async def test_going_back_and_sending_again_adds_nothing_twice(desk: Desk) -> None:
    browser = await desk.signed_in("nadia.bell")
    draft = await started(browser, desk)
    address = f"{draft}/about/goal/goal"
    page = await browser.get(address)
    shown = [await browser.send(page, address, text="He looks forward to Mondays") for _ in range(2)]
    assert [one.status for one in shown] == [200, 200]
    assert len(shown[-1].soup.select(".app-finding")) == 1


async def test_hostile_and_very_long_words_stand_as_they_were_typed_and_do_nothing(desk: Desk) -> None:
    browser = await desk.signed_in("nadia.bell")
    draft = await started(browser, desk)
    address = f"{draft}/about/self_care/strength"
    long = "x" * 9_900 + HOSTILE
    long += "." * (10_000 - len(long))
    page = await added(browser, address, headline=HOSTILE, narrative=long, whose_view="child")
    assert page.status == 200, page.mistakes
    assert long in page.soup.get_text()
    assert HOSTILE.strip() in page.soup.get_text()
    assert "<script>alert" not in page.html
    lines = ("z" * 99 + "\r\n") * 100
    page = await added(browser, address, headline="As browsers send it", narrative=lines, whose_view="child")
    assert page.status == 200, page.mistakes
    page = await added(browser, address, headline="x", narrative="y" * 10_001, whose_view="child")
    assert page.status == 422
    assert len(page.filled_in(address)["narrative"]) == 10_001


async def test_whoever_only_reads_is_offered_nothing_and_another_service_adds_its_own(desk: Desk) -> None:
    house = desk.home.house
    address = f"/cases/{house.case}/assessments/{house.assessment}"
    for user in ("ben.carver", "hana.novak"):
        page = await (await desk.signed_in(user)).get(f"{address}/about/participation")
        assert page.status == (200 if user == "hana.novak" else page.status)
        assert not [link for link in page.links.values() if link.endswith(("/need", "/strength"))] or (
            user == "hana.novak"
        ), user
    mentor = await desk.signed_in("ben.carver")
    for path in ("/assessments/new", f"/assessments/{house.assessment}/about/participation/need"):
        assert (await mentor.get(f"/cases/{house.case}{path}")).status == 404
    other = await desk.signed_in("hana.novak")
    assert (await other.get(f"{address}/signature")).status == 404
    assert (await other.get(f"{address}/entries/{house.need}")).status == 404, "another service's entry"


async def test_what_was_typed_about_a_case_that_is_hidden_meanwhile_can_still_be_copied(desk: Desk) -> None:
    browser, house = await desk.signed_in("nadia.bell"), desk.home.house
    draft = await started(browser, desk)
    form = (await browser.get(f"{draft}/about/goal/goal")).filled_in(f"{draft}/about/goal/goal")
    hidden = f"/cases/{house.other_case}/assessments/{house.other_assessment}/about/goal/goal"
    page = await browser.ask("POST", hidden, {**form, "text": HOSTILE + " Mondays"})
    assert (page.status, page.heading) == (404, "This can no longer be done")
    assert "What you had typed" in page.text
    assert HOSTILE.split()[0] in page.soup.get_text()
    assert "<script>alert" not in page.html


def test_of_three_hundred_agencies_those_of_the_team_stand_first() -> None:
    names = {f"agency-{number:03}": f"Agency {number:03}" for number in range(300)}
    member = {"id": "m", "name": "Ada", "agency": "agency-299"}
    view = {"header": {"team": [member]}, "areas": {"person": []}}
    offered = around(view, "p", names).agencies
    assert (len(offered), offered[0][1], offered[1][1]) == (300, "Agency 299", "Agency 000")


async def test_absent_and_malformed_pages_of_an_assessment_are_not_found(desk: Desk) -> None:
    browser, house = await desk.signed_in("nadia.bell"), desk.home.house
    for end in (
        "not-an-id",
        house.other_assessment,
        f"{house.assessment}/about/nowhere",
        f"{house.assessment}/entries/x",
    ):
        assert (await browser.get(f"/cases/{house.case}/assessments/{end}")).status == 404, end


NO_INSTRUMENT: dict[str, Any] = {"conclusions": [], "parts": [], "domains": []}
QUESTIONS = questions_of("conclusion", NO_INSTRUMENT, Around("p", {}, (), ()))


def test_days_and_moments_that_there_are_not_are_named_before_anything_is_sent() -> None:
    for day, time, mistakes in (("31", "10:00", 1), ("28", "25:00", 1), ("28", "9:05", 0), ("x", "", 1)):
        form = Form(
            (
                ("referred_at-day", day),
                ("referred_at-month", "2"),
                ("referred_at-year", "2031"),
                ("referred_at-time", time),
            )
        )
        assert len(mistakes_in(form, QUESTIONS)) == mistakes, (day, time)
    form = Form((("follow_up_on-day", "29"), ("follow_up_on-month", "2"), ("follow_up_on-year", "2031")))
    assert list(mistakes_in(form, QUESTIONS)) == ["follow_up_on"]


def test_the_clock_of_a_moment_is_londons_and_it_reads_back_as_it_was_typed() -> None:
    form = Form(
        (
            ("referred_at-day", "1"),
            ("referred_at-month", "7"),
            ("referred_at-year", "2031"),
            ("referred_at-time", "9.05"),
        )
    )
    content = content_of(form, "conclusion", QUESTIONS, whole=False)
    assert content["referred_at"] == "2031-07-01T08:05:00Z"
    entry = {"fields": content, "subjects": [], "categories": []}
    assert ("referred_at-time", "09:05") in filled_from(entry, QUESTIONS)


def test_what_belongs_to_no_question_is_said_above_the_form() -> None:
    errors = [
        {"field": "body", "message": "Send something."},
        {"field": "referred_to", "message": "Field required."},
    ]
    assert in_plain_words(errors, QUESTIONS, field_of(QUESTIONS)) == {
        "": "Send something.", "referred_to": "Fill this in: At risk of harm: to whom did you refer?",
    }  # fmt: skip
