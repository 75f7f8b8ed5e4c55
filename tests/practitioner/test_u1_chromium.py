"""U1: every page in real Chromium: nothing serious for axe-core, narrow, by keyboard, without scripts.

Three changes that make this fail: a field without its label, ``outline: none`` on what has the focus, a page
that breaks no word that is longer than its line.

Each page is opened once, as one user, whose window stays open from test to test: starting one costs as much
as five pages.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page

from clients.practitioner.app import AREAS
from tests.practitioner.chromium import follow
from tests.practitioner.looking import findings, listening, lost_by_keyboard, missing_without_scripts
from tests.practitioner.shapes import CASE, SOCIAL_WORKER, Addresses, bare_app, page_routes, route_of
from tests.practitioner.u1_pages import (
    FAMILY_PAGES,
    FORMS,
    FORMS_NOT_TRIED,
    NOT_LOOKED_AT,
    OF_NOBODY,
    PAGES,
)
from tests.support.suite import free_port, process, wait_until_ready

FIELDS = ("name", "date_of_birth-day", "date_of_birth-month", "date_of_birth-year", "nhs_number", "upn")
OpenAs = Callable[[str], Page]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, built_assets: Path) -> FastAPI:
    return bare_app(tmp_path_factory.mktemp("routes"))


@pytest.fixture(scope="module")
def site(told: tuple[Path, Addresses]) -> Iterator[str]:
    """The embedded suite over it."""
    folder, port = told[0], free_port()
    with process("deploy.embedded", {"FOLDER": str(folder)}, folder / "log", "--port", str(port)):
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(f"{url}/readyz", folder / "log")
        yield url


@pytest.fixture(scope="module")
def open_as(chromium: Browser, site: str) -> OpenAs:
    """The window of a user, who is signed in."""
    windows: dict[str, Page] = {}

    def open_as(user: str) -> Page:
        if user not in windows:
            windows[user] = chromium.new_context(base_url=site).new_page()
            windows[user].goto(f"/sign-in?user={user}")
        return windows[user]

    return open_as


def test_every_page_of_the_app_is_looked_at_or_named_with_the_reason_why_not(app: FastAPI) -> None:
    """A new page has a place in ``u1_pages.PAGES``: as whom it is looked at."""
    routes = page_routes(app)
    listed = {route for of_user in PAGES.values() for route in of_user} | FAMILY_PAGES
    assert listed.isdisjoint(NOT_LOOKED_AT)
    assert listed | set(NOT_LOOKED_AT) == {
        "/static/{name}" if route.startswith("/static/") else route for route in routes
    }
    assert all(NOT_LOOKED_AT.values())
    assert len(listed) >= 110


@pytest.mark.parametrize("user", PAGES)
def test_u1_no_page_has_a_serious_finding_and_none_scrolls_sideways(
    open_as: OpenAs, told: tuple[Path, Addresses], user: str
) -> None:
    """However much stands on it; the Tab key leads to all of it in its order, and it is all there without
    scripts."""
    page = open_as(user)
    mistakes, direct = listening(page), page.context.new_cdp_session(page)
    wrong: dict[str, object] = {}
    for place, route in enumerate(PAGES[user]):
        address = told[1].get((user, route))
        answer = None if address is None else page.goto(address)
        if answer is None or answer.status != 200 or not page.url.endswith(str(address)):
            wrong[route] = "this page was not found"
            continue
        found = lost_by_keyboard(page, direct, in_main=place > 0)
        found += findings(page)
        found += missing_without_scripts(page, direct)
        if found:
            wrong[route] = found
    direct.detach()
    assert wrong == {}
    assert mistakes == []


def test_u1_nothing_of_the_familys_pages_has_a_serious_finding(
    chromium: Browser, site: str, app: FastAPI, open_as: OpenAs, told: tuple[Path, Addresses]
) -> None:
    """J's social worker makes a code; he is asked for it, or comes by a link with it; he reads his page, and
    changes his mind."""
    worker = open_as(SOCIAL_WORKER)
    worker.goto(told[1][SOCIAL_WORKER, CASE])
    name = worker.locator("h1").inner_text()
    worker.goto(f"{worker.url}/family-code")
    worker.get_by_label(name).check()
    follow(worker.get_by_role("button", name="Make a code"))
    looked_at = {visited(app, worker)}
    code = worker.locator(".govuk-panel__title").inner_text()
    himself = chromium.new_context(base_url=site).new_page()
    mistakes = listening(himself)
    himself.goto("/family")
    looked_at.add(visited(app, himself))
    himself.goto(f"/family/code/{code}")
    looked_at.add(visited(app, himself))
    follow(himself.get_by_role("button", name="Open my page"))
    looked_at.add(visited(app, himself))
    follow(himself.get_by_role("link", name="Change my mind").first)
    looked_at.add(visited(app, himself))
    follow(himself.get_by_role("link", name="Leave it as it is"))
    looked_at.add(visited(app, himself))
    follow(himself.get_by_role("link", name="Say whether you come").first)
    looked_at.add(visited(app, himself))
    assert looked_at == FAMILY_PAGES
    assert mistakes == []


def test_u1_nothing_that_nobody_in_particular_reads_has_a_serious_finding(
    chromium: Browser, site: str
) -> None:
    page = chromium.new_context(base_url=site).new_page()
    for address, (status, heading) in OF_NOBODY.items():
        answer = page.goto(address)
        assert answer is not None
        assert (answer.status, page.locator("h1").inner_text()) == (status, heading)
        direct = page.context.new_cdp_session(page)
        found = lost_by_keyboard(page, direct, in_main=False) + findings(page)
        assert found + missing_without_scripts(page, direct) == []


def visited(app: FastAPI, page: Page) -> str:
    """The route of what is open, after a look at it."""
    keys = page.context.new_cdp_session(page)
    assert lost_by_keyboard(page, keys, in_main=True) == []
    keys.detach()
    check(page)
    return route_of(app, urlsplit(page.url).path)


def check(page: Page) -> None:
    assert findings(page) == [], page.url


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


def skip_to_main(page: Page) -> None:
    """Past what every page begins with, as who has no mouse does."""
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content", page.url


def go_to(page: Page, words: str) -> None:
    skip_to_main(page)
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_u1_an_assessment_is_written_anew_by_keyboard_and_what_is_typed_is_kept_meanwhile(
    open_as: OpenAs,
) -> None:
    """James says something himself at last (design 1)."""
    page = open_as("nadia.bell")
    page.goto("/")
    mistakes = listening(page)
    for words in (
        "James Mercer",
        "Assessments",
        "Common Assessment Framework",
        "Write a new version",
        "Write a new version",
        "What the child or young person says",
        "Add their words",
    ):
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
    tab_to(page, "Save and go on")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_text("I want to work with engines.").count() >= 1
    go_to(page, "Change")
    page.go_back()
    for words in ("Go on: What the parents", "The assessment", "Check your answers", "Go on to sign", "Sign"):
        if words == "The assessment":
            tab_to(page, words)
            with page.expect_navigation():
                page.keyboard.press("Enter")
        else:
            go_to(page, words)
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    check(page)
    assert [mistake for mistake in mistakes if "422" not in mistake] == []


def test_u1_everything_is_reached_by_keyboard_and_shows_where_one_is(open_as: OpenAs) -> None:
    page = open_as("sam.okafor")
    page.goto("/people/find")
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


_TO_BE_REACHED = """() => {
  const name = one => one.id || one.name || one.textContent.trim();
  window.reached = [];
  addEventListener("focusin", event => {
    const on = event.target, next = on.nextElementSibling;
    const styles = [getComputedStyle(on), ...(next ? [getComputedStyle(next, "::before")] : [])];
    const seen = styles[0].outlineStyle !== "none" || styles.some(one => one.boxShadow !== "none");
    if (on.id !== "main-content") window.reached.push(seen ? name(on) : `${name(on)}, which nothing shows`);
  });
  const form = document.querySelector("main form[method=post]"), groups = new Set();
  const all = [...document.querySelectorAll(
    "main :is(input:not([type=hidden]), select, textarea, button, summary, a[href], [tabindex='0'])")];
  return all.slice(0, all.indexOf([...form.querySelectorAll("button")].at(-1)) + 1)
    .filter(one => one.checkVisibility())
    .filter(one => one.type !== "radio" || !groups.has(one.name) && groups.add(one.name))
    .map(name);
}"""


_LEAD_TO_NO_FIELD = """() => [...document.querySelectorAll(".govuk-error-summary__list a")]
  .filter(link => {
    link.click();
    return !document.activeElement.matches("main :is(input, select, textarea)");
  })
  .map(link => link.hash)"""


@pytest.mark.parametrize("area", FORMS)
def test_u1_a_form_of_each_area_names_its_mistakes_by_keyboard_alone_and_without_scripts(
    open_as: OpenAs, told: tuple[Path, Addresses], area: str
) -> None:
    """Everything is reached in its order and shows that it has the focus; Enter on the button sends, and the
    mistakes are what is read next, each a way to its field. Without scripts the same form names the same
    mistakes."""
    user, route = FORMS[area]
    page = open_as(user)
    page.goto(told[1][user, route])
    wanted = page.evaluate(_TO_BE_REACHED)
    assert len(wanted) >= 2
    skip_to_main(page)
    page.evaluate("window.reached.length = 0")
    for _ in wanted:
        page.keyboard.press("Tab")
    assert page.evaluate("window.reached") == wanted
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    named = _named_mistakes(page)
    assert page.evaluate(_LEAD_TO_NO_FIELD) == []
    scripts = page.context.new_cdp_session(page)
    scripts.send("Emulation.setScriptExecutionDisabled", {"value": True})
    page.goto(told[1][user, route])
    follow(page.locator("main form[method=post]").first.locator("button").last)
    assert _named_mistakes(page) == named
    scripts.send("Emulation.setScriptExecutionDisabled", {"value": False})
    scripts.detach()


def _named_mistakes(page: Page) -> list[str]:
    """What the summary of mistakes says, after its page says in its title that there are some."""
    assert page.title().startswith("Error: ")
    said = page.locator(".govuk-error-summary__list li").all_inner_texts()
    assert said
    return said


def test_every_area_with_a_form_has_one_tried() -> None:
    sending = {
        area.__name__.rpartition(".")[2]
        for area in AREAS
        if any("POST" in route.methods for route in area.router.routes)
    }
    assert sending - set(FORMS) == set(FORMS_NOT_TRIED)
    assert set(FORMS) <= sending


def test_u1_a_form_works_without_scripts(chromium: Browser, site: str) -> None:
    page = chromium.new_context(base_url=site, java_script_enabled=False).new_page()
    page.goto("/sign-in?user=hana.novak")
    page.goto("/concerns/new")
    page.get_by_label("Who should know?").select_option(index=1)
    page.get_by_label("Name of the person you are worried about").fill("Amara Okonjo")
    follow(page.get_by_role("button", name="Send"))
    assert page.title().startswith("Error: ")
    assert page.get_by_label("Name of the person you are worried about").input_value() == "Amara Okonjo"
    page.get_by_label("What is it about, in one line?").fill("Amara, nine")
    page.get_by_label("What worries you?").fill("A burn on her arm")
    page.get_by_label("When was this?").fill("This morning")
    page.get_by_role("group", name="Is somebody in danger now?").get_by_label("No").check()
    page.get_by_role("group", name="Have you told the family").get_by_label("Yes").check()
    follow(page.get_by_role("button", name="Send"))
    assert page.locator("h1").inner_text() == "Sent"
