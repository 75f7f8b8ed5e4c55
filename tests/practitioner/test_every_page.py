"""Every page as it comes, before any browser makes something of it: few calls, names apart, plain forms.

Three changes that make this fail: a page that asks the gateway a third time, a template whose values are not
set apart (``directions`` left out of ``rendering``), a form that has no button of its own.
"""

import re

from bs4 import Tag
from bs4.element import NavigableString

from tests.practitioner.every_page import FAMILY, HEBREW, EveryPage, own_calls
from tests.practitioner.u1_pages import FAMILY_PAGES

MOST_CALLS = 2
NEEDS_A_SCRIPT = "a:not([href]), [href^='javascript'], [onclick], input:not(form input)"
_AT_LEAST = 170


def test_every_page_was_read_with_everything_on_it(every_page: EveryPage) -> None:
    assert {at: page.status for at, page in every_page.items() if page.status != 200} == {}
    assert len(every_page) >= _AT_LEAST
    assert {route for user, route in every_page if user == FAMILY} == FAMILY_PAGES


def test_no_page_asks_the_gateway_more_than_twice(every_page: EveryPage) -> None:
    """Besides, once a minute for all who work there, the services' names, and once the instrument."""
    asked = {at: own_calls(at[1], page) for at, page in every_page.items()}
    assert {at: calls for at, calls in asked.items() if len(calls) > MOST_CALLS} == {}
    for_all = sum(len(page.calls) for page in every_page.values()) - sum(map(len, asked.values()))
    assert for_all <= 6, "what is kept was asked for again and again"
    assert sum(map(len, asked.values())) >= _AT_LEAST, "hardly a page asked for anything"


def test_whatever_is_written_from_right_to_left_stands_apart(every_page: EveryPage) -> None:
    wrong: dict[tuple[str, str], str] = {}
    looked = with_some = 0
    for at, page in every_page.items():
        places = [text for text in page.soup.find_all(string=re.compile(HEBREW)) if text.parent is not None]
        looked, with_some = looked + len(places), with_some + bool(places)
        for text in places:
            if not _stands_apart(text):
                wrong[at] = str(text.parent)[:200]
        if "&lt;bdi" in page.html or re.search(r'="[^"<>]*<bdi', page.html):
            wrong[at] = "an element stands where none can"
    assert wrong == {}
    assert with_some >= _AT_LEAST, "a page on which nobody is named shows nothing"
    assert looked >= 2_000


def _stands_apart(text: NavigableString) -> bool:
    """Whether its direction is its own: in a field, or all of an element with a direction, or isolated."""
    around = text.parent
    assert around is not None
    if around.name in ("title", "option", "text"):
        return f"\u2067{HEBREW}" in text
    own = around.name == "bdi" or around.get("dir") == "auto"
    return around.name == "textarea" or (own and text.strip().startswith(HEBREW))


def test_every_form_works_by_itself(every_page: EveryPage) -> None:
    """It says where it goes, has a button that sends it, and names all that it asks for."""
    wrong: dict[tuple[str, str], str] = {}
    forms = 0
    for at, page in every_page.items():
        for form in page.soup.find_all("form"):
            forms += 1
            if found := list(_what_needs_a_script(form)):
                wrong[at] = f"{found}: {form}"[:300]
        for needs in page.soup.select(NEEDS_A_SCRIPT):
            wrong[at] = str(needs)[:200]
    assert wrong == {}
    assert forms >= 250


def _what_needs_a_script(form: Tag) -> list[str]:
    buttons = form.select("button[type=submit], button:not([type])")
    unnamed = form.select("input:not([name]), select:not([name]), textarea:not([name])")
    found = [str(one) for one in unnamed]
    if not buttons or any(button.has_attr("disabled") for button in buttons):
        found.append("no button sends it")
    if form.get("method") not in ("get", "post") or not str(form.get("action", "")).startswith("/"):
        found.append("it goes nowhere")
    if form.get("method") == "post" and form.select_one("input[name=csrf]") is None:
        found.append("it says not that it is ours")
    return found
