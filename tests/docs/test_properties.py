"""``docs/properties.md`` says which tests prove what, and each of them is there."""

import re

import pytest

from tests.docs.pages import page
from tests.gateway.flows import BY_ANOTHER_RULE, FLOWS
from tests.properties import PAGE, PROPERTIES, PropertyTest, defines, page_with, proofs

KNOWN_LEAKS = 23
KEEP_ANOTHER_HONEST = frozenset(
    {"test_R1_without_the_wait_something_leaves", "test_R1_without_deciding_early_something_leaves"}
)
"""They switch something off and fail if that goes unnoticed."""
NOT_AT_ANY_SCALE = frozenset({"F1", "M1", "U1"})


def rows_of(section: str) -> list[list[str]]:
    lines = [line for line in page("docs/properties.md").section(section).splitlines() if line[:2] == "| "]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_the_page_lists_the_tests_that_there_are() -> None:
    text = PAGE.read_text("utf-8")
    assert page_with(text) == text, "python -m tests.properties --write"


def test_every_property_has_tests_and_runs_at_any_scale_if_it_can() -> None:
    found = proofs()
    assert {one.id for one in found} == PROPERTIES.keys()
    assert {one.id for one in found if one.marked} == PROPERTIES.keys() - NOT_AT_ANY_SCALE


@pytest.mark.parametrize("one", [one for one in proofs() if one.marked], ids=lambda one: one.name[5:45])
def test_a_property_says_which_changes_make_it_fail(one: PropertyTest) -> None:
    assert one.says_what_breaks_it or one.name in KEEP_ANOTHER_HONEST


def test_every_known_leak_is_held_to_tests_that_exist() -> None:
    leaks = rows_of("Known leaks of other systems")
    assert len({leak for leak, _, _ in leaks}) == len(leaks) == KNOWN_LEAKS
    for leak, stands_against_it, tests in leaks:
        named = re.findall(r"`([^`]+)`", tests)
        assert stands_against_it
        assert named, leak
        for test in named:
            assert defines(test), (leak, test)


def test_what_flows_on_purpose_is_the_list_of_the_harness() -> None:
    rows = [(what, re.findall(r"`([^`]+)`", tests)) for _, what, tests in rows_of("What flows on purpose")]
    assert rows == [(flow.what, list(flow.tests)) for flow in (*FLOWS, *BY_ANOTHER_RULE)]
