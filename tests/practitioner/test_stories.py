"""Stories of design 1 as far as these pages reach, clicked through from page to page."""

import pytest

from deploy.stories import james, young_citizens
from tests.practitioner.browser import Browser, Desk, Page

pytestmark = pytest.mark.anyio
HEADLINES = (
    "In school two days a week before he was sentenced",
    "Low and anxious since his grandfather died",
    "Tenancy at risk",
)


async def follow(browser: Browser, page: Page, words: str) -> Page:
    """The page that a link of this page leads to."""
    found = [address for text, address in page.links.items() if text.startswith(words)]
    assert found, f"no link {words} on {page.address}: {sorted(page.links)}"
    return await browser.get(found[0])


async def test_james_from_the_search_to_a_new_version_with_his_own_words(desk: Desk) -> None:
    """He is found, his assessment is read and written anew, and what he says stands in it at last."""
    world = desk.home.world
    story = await james.tell(world.api, world.clock)
    browser = await desk.signed_in("nadia.bell")
    born = f"{world.clock.now.year - 15}-{world.clock.now.month}-1".split("-")
    page = await follow(browser, await browser.get("/"), "Find a person")
    page = await browser.send(
        page, page.address, name="James Mercer", nhs_number="999 000 0018", date_of_birth__year=born[0],
        date_of_birth__month=born[1], date_of_birth__day=born[2],
    )  # fmt: skip
    page = await follow(browser, page, "Open the case of James Mercer")
    assert page.heading == "James Mercer"
    page = await follow(browser, page, "Assessments")
    page = await follow(browser, page, "Common Assessment Framework")
    assert all(headline in page.text for headline in HEADLINES[:2])
    assert "He is in custody until March; his worker will ask him there." in page.text
    page = await follow(browser, page, "Write a new version")
    page = await browser.send(page, page.address)
    draft = page.address
    assert draft != f"/cases/{story.case}/assessments/{story.assessment}"
    page = await follow(browser, page, "What the child or young person says")
    page = await follow(browser, page, "Add their words")
    said = "Nobody asked me before. I want to work with engines."
    page = await browser.send(page, page.address, text=said, additional_categories="learning", sensitive="no")
    assert said in page.text
    page = await follow(browser, await browser.get(draft), "Check your answers")
    page = await follow(browser, page, "Go on to sign")
    page = await browser.send(page, page.address, child_or_young_person="agreed", parent_or_carer="agreed")
    assert (page.status, page.address, said in page.text) == (200, draft, True)
    assert "Why no words of the child's own" not in page.text
    old = await browser.get(f"/cases/{story.case}/assessments/{story.assessment}")
    assert "Replaced by a newer version" in old.text


async def test_james_assessment_is_another_page_for_each_who_may_read_it(desk: Desk) -> None:
    world = desk.home.world
    story = await james.tell(world.api, world.clock)
    seen = {}
    for user in ("nadia.bell", "sam.okafor", "hana.novak"):
        page = await (await desk.signed_in(user)).get(f"/cases/{story.case}/assessments/{story.assessment}")
        seen[user] = {headline for headline in HEADLINES if headline in page.text}
    assert HEADLINES[1] in seen["sam.okafor"]
    assert HEADLINES[1] not in seen["hana.novak"], "mental health was asked singly, and not for housing"
    assert HEADLINES[2] in seen["nadia.bell"] & seen["sam.okafor"] & seen["hana.novak"]
    mentor = await (await desk.signed_in("ben.carver")).get(f"/cases/{story.case}/assessments")
    assert not any(headline in mentor.text for headline in HEADLINES)


async def test_young_citizens_pool_one_line_each_and_nobody_changes_anothers(desk: Desk) -> None:
    """Three services write why they know him, in one assessment; each reads all three lines."""
    world = desk.home.world
    story = await young_citizens.tell(world.api, world.clock)
    reasons = (
        "His mother has asked for help with the three of them", "Brought home late twice this term",
        "Away from school one day in three",
    )  # fmt: skip
    draft = ""
    for user in young_citizens.READERS.values():
        browser = await desk.signed_in(user)
        page = await follow(
            browser, await browser.get(f"/cases/{story.case}/assessments"), "Common Assessment"
        )
        draft = page.address
        page = await browser.get(f"{draft}/check")
        assert all(reason in page.text for reason in reasons), user
        changes = [link for link in page.links.values() if "/entries/" in link]
        assert len(changes) == (2 if user == "moira.flynn" else 1), "one's own, and the cover for its maker"
        assert ("Go on to sign" in page.links) is (user == "moira.flynn")
    officer = await desk.signed_in("pc.dunn")
    page = await officer.get(f"/cases/{story.case}")
    assert "Garrison Court" not in page.text, "how to reach them needs two keys"
    page = await officer.get(f"{draft}/about/social_community/strength")
    page = await officer.send(
        page, page.address, headline="Plays football on Fridays", whose_view="child", sensitive="no"
    )
    assert page.status == 200
    welfare = await desk.signed_in("ivor.pryce")
    assert "Plays football on Fridays" in (await welfare.get(f"{draft}/about/social_community")).text
