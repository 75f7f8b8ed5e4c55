"""What somebody wrote from right to left stands apart wherever a template prints it, and nowhere else."""

import pytest
from jinja2 import DictLoader, Environment

from clients.practitioner.directions import StandsApart

HEBREW, ENGLISH, TURNED = "שירה", "Tom", "Tom\u202e"
RTL, LTR = "\u2067{}\u2069", "\u2066{}\u2069"
TEMPLATES = {
    "whole": "<title>{% block title %}{% endblock %} - T</title><b>{% block whose %}{% endblock %}</b>",
    "title": '{% extends "whole" %}{% block title %}{{ a }}{% endblock %}'
    "{% block whose %}{{ a }}{% endblock %}",
    "kept": "{% set who %}<i>: {{ a }}</i>{% endset %}<b>{{ who }}</b>",
    "macro": "{% macro of(one) %}<b>{{ one.text }}</b>{% endmacro %}{{ of({'text': a}) | trim }}",
}


def shown(template: str, value: object) -> str:
    loader = DictLoader({**TEMPLATES, "tried": template})
    pages = Environment(loader=loader, autoescape=True, extensions=[StandsApart])
    return pages.get_template(template if template in TEMPLATES else "tried").render(a=value, n=3)


@pytest.mark.parametrize(
    ("template", "begins", "ends"),
    [
        ("<p>The case of {{ a }}, 3</p>", "<p>The case of ", ", 3</p>"),
        ("<p><b>{{ n }}:</b> {{ a | trim }}</p>", "<p><b>3:</b> ", "</p>"),
        ("<a href='/x'>{{ 'x' if n == 4 else a }}</a>", "<a href='/x'>", "</a>"),
        ("kept", "<b><i>: ", "</i></b>"),
        ("macro", "<b>", "</b>"),
        ('<p dir="auto">{{ n }}, {{ a }}</p>', '<p dir="auto">3, ', "</p>"),
    ],
)
def test_a_value_in_a_text_has_an_element_of_its_own(template: str, begins: str, ends: str) -> None:
    assert shown(template, HEBREW) == f'{begins}<bdi dir="rtl">{HEBREW}</bdi>{ends}'
    assert shown(template, ENGLISH) == f"{begins}{ENGLISH}{ends}"
    assert shown(template, TURNED) == f'{begins}<bdi dir="ltr">{TURNED}</bdi>{ends}'


def test_where_no_element_can_stand_characters_set_it_apart() -> None:
    right = RTL.format(HEBREW)
    assert shown("<option value='{{ a }}'>{{ a }}</option>", HEBREW) == (
        f"<option value='{HEBREW}'>{right}</option>"
    )
    assert shown("<svg><text>{{ a }}</text></svg>", HEBREW) == f"<svg><text>{right}</text></svg>"
    assert shown("title", HEBREW) == (f'<title>{right} - T</title><b><bdi dir="rtl">{HEBREW}</bdi></b>')
    assert shown("title", ENGLISH) == f"<title>{ENGLISH} - T</title><b>{ENGLISH}</b>"


@pytest.mark.parametrize(
    "template",
    [
        '<input value="{{ a }}">',
        "<textarea>{{ a }}</textarea>",
        '<p dir="auto">{{ a }}</p>',
        "<a title='{% if n %}{{ a }}{% endif %}'>x</a>",
    ],
)
def test_what_somebody_changes_or_what_has_its_own_direction_is_left_as_it_is(template: str) -> None:
    assert shown(template, HEBREW) == template.replace("{% if n %}", "").replace("{% endif %}", "").replace(
        "{{ a }}", HEBREW
    )


def test_a_sentence_in_english_goes_from_left_to_right_whoever_it_begins_with() -> None:
    typed, name = f"{HEBREW} כהן, 3, of Northgate School", f"{HEBREW} כהן"
    rest, own = ", 3, of Northgate School", f'<bdi dir="rtl">{name}</bdi>'
    assert shown("<p>{{ a }}</p>", typed) == f'<p><bdi dir="ltr">{own}{rest}</bdi></p>'
    assert shown('<p dir="auto">{{ a }}</p>', typed) == f'<p dir="auto">{own}{rest}</p>'
    assert shown("<title>{{ a }}</title>", typed) == f"<title>{LTR.format(RTL.format(name) + rest)}</title>"


def test_nothing_typed_ends_what_sets_it_apart_or_becomes_markup() -> None:
    typed = f"{HEBREW}\u2069\u202e<b>"
    assert shown("<p>{{ a }}</p>", typed) == f'<p><bdi dir="rtl">{HEBREW}\u202e&lt;b&gt;</bdi></p>'
    assert shown("<title>{{ a }}</title>", "\u2069") == "<title>\u2066\u2069</title>"
    english = f"<b>{{}}</b> & so on, {HEBREW}"
    assert shown("<p>{{ a }}</p>", english) == (
        f'<p><bdi dir="ltr">&lt;b&gt;{{}}&lt;/b&gt; &amp; so on, <bdi dir="rtl">{HEBREW}</bdi></bdi></p>'
    )
