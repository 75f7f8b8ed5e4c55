"""U1: every page in real Chromium: nothing serious for axe-core, narrow, by keyboard, without scripts.

Three changes that make this fail: a field without its label, ``outline: none`` on what has the focus, a form
that only a script can send.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.conftest import MISSING_CHROMIUM
from tests.practitioner.chromium import find_chromium, running_chromium
from tests.practitioner.walking import shape_of
from tests.support.suite import free_port, process, wait_until_ready

USERS = ("sam.okafor", "hana.novak", "ben.carver", "una.price")
SERIOUS = ("serious", "critical")
FIELDS = ("name", "date_of_birth-day", "date_of_birth-month", "date_of_birth-year", "nhs_number", "upn")


# Not for longer: while it runs, nothing else in this process can have an event loop.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.skip(MISSING_CHROMIUM)
    with running_chromium(path) as browser:
        yield browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, built_assets: Path) -> Iterator[str]:
    """The embedded suite with the demo partnership."""
    folder, port = tmp_path_factory.mktemp("site"), free_port()
    with process("deploy.embedded", {"FOLDER": str(folder)}, folder / "log", "--port", str(port)):
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(f"{url}/readyz", folder / "log")
        yield url


def open_as(chromium: Browser, site: str, user: str, **how: object) -> Page:
    page = chromium.new_context(**how).new_page()  # type: ignore[arg-type]
    page.goto(f"{site}/sign-in?user={user}")
    return page


def pages_of(page: Page, site: str) -> list[str]:
    """The address of one page of each shape that links lead to from where somebody lands."""
    found: dict[str, str] = {}
    ahead = [f"{site}/"]
    while ahead:
        address = ahead.pop(0)
        if shape_of(address) in found:
            continue
        page.goto(address)
        found[shape_of(address)] = page.url
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
        ahead.extend(link.partition("#")[0] for link in links if link.startswith(f"{site}/"))
    return list(found.values())


@pytest.mark.parametrize("user", USERS)
def test_u1_no_page_has_a_serious_finding_and_none_scrolls_sideways(
    chromium: Browser, site: str, user: str
) -> None:
    page = open_as(chromium, site, user)
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.on("console", lambda message: mistakes.append(message.text) if message.type == "error" else None)
    addresses = pages_of(page, site)
    assert len(addresses) >= 3
    for address in addresses:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address)
        check(page)
    assert mistakes == []


def check(page: Page) -> None:
    """What is open has no serious finding, and does not scroll sideways on a narrow screen."""
    found = Axe().run(page).response["violations"]
    serious = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in SERIOUS]
    assert serious == [], page.url
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 320, f"{page.url} is {width} pixels wide"
    assert size is not None
    page.set_viewport_size(size)


def tab_to(page: Page, words: str, besides: str = "") -> None:
    """Go on by the keyboard to the link, button or field whose name begins so, and is not ``besides``."""
    for _ in range(120):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "(() => { const on = document.activeElement; const label = on.labels && on.labels[0];"
            " return (label || on).textContent.trim().replace(/\\s+/g, ' ') })()"
        )
        if here.startswith(words) and here != besides:
            return
    raise AssertionError(f"no key leads to {words} on {page.url}")


def go_to(page: Page, words: str, besides: str = "") -> None:
    tab_to(page, words, besides)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check(page)


def test_u1_an_assessment_is_written_anew_by_keyboard_and_what_is_typed_is_kept_meanwhile(
    chromium: Browser, site: str
) -> None:
    """James says something himself at last (design 1)."""
    page = open_as(chromium, site, "nadia.bell")
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.on("console", lambda message: mistakes.append(message.text) if message.type == "error" else None)
    for words in (
        "James Mercer",
        "Assessments",
        "Common Assessment Framework",
        "Write a new version",
        "Write a",
    ):
        go_to(page, words)
    for words in ("What the child or young person says", "Add their words"):
        go_to(page, words)
    tab_to(page, "What do they say")
    page.keyboard.type("I want to work with engines.")
    page.get_by_text("Draft kept.").wait_for()
    page.reload()
    assert (
        page.get_by_label("What do they say, in their own words?").input_value()
        == "I want to work with engines."
    )
    check(page)
    tab_to(page, "Learning")
    page.keyboard.press("Space")
    tab_to(page, "No")
    page.keyboard.press("Space")
    go_to(page, "Save and go on")
    assert page.get_by_text("I want to work with engines.").count() >= 1
    go_to(page, "Change")
    page.go_back()
    go_to(page, "Go on: What the parents")
    for words in ("The assessment", "Check your answers", "Go on to sign", "Sign"):
        go_to(page, words, besides="Sign out")
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    assert [mistake for mistake in mistakes if "422" not in mistake] == []


def test_u1_choosing_a_role_and_adding_somebody_are_pages_like_the_others(
    chromium: Browser, site: str
) -> None:
    page = open_as(chromium, site, "will.marsh")
    assert page.locator("h1").inner_text() == "In which role do you act?"
    check(page)
    page.get_by_label("Jobcentre East, practitioner").check()
    page.get_by_role("button", name="Go on").click()
    for address in ("/people/new", "/acting"):
        page.goto(f"{site}{address}")
        check(page)
    page.goto(f"{site}/people/new")
    page.get_by_label("First names").fill("Zo")
    page.get_by_role("button", name="Save and go on").click()
    assert page.locator("h1").inner_text() == "Open a case"
    check(page)


def test_u1_everything_is_reached_by_keyboard_and_shows_where_one_is(chromium: Browser, site: str) -> None:
    page = open_as(chromium, site, "sam.okafor")
    page.goto(f"{site}/people/find")
    reached: list[str] = []
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("(document.activeElement.name || document.activeElement.textContent || '').trim()")
        )
    assert reached[0] == "Skip to main content"
    wanted = [*FIELDS, "Find"]
    assert [one for one in reached if one in wanted][: len(wanted)] == wanted
    page.focus("#name")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_u1_a_form_works_without_scripts(chromium: Browser, site: str) -> None:
    page = open_as(chromium, site, "hana.novak", java_script_enabled=False)
    page.goto(f"{site}/concerns/new")
    page.get_by_label("Who should know?").select_option(index=1)
    page.get_by_label("Name of the person you are worried about").fill("Amara Okonjo")
    page.get_by_role("button", name="Send").click()
    assert page.title().startswith("Error: ")
    assert page.get_by_label("Name of the person you are worried about").input_value() == "Amara Okonjo"
    page.get_by_label("What is it about, in one line?").fill("Amara, nine")
    page.get_by_label("What worries you?").fill("A burn on her arm")
    page.get_by_label("When was this?").fill("This morning")
    page.get_by_role("group", name="Is somebody in danger now?").get_by_label("No").check()
    page.get_by_role("group", name="Have you told the family").get_by_label("Yes").check()
    page.get_by_role("button", name="Send").click()
    assert page.locator("h1").inner_text() == "Sent"
