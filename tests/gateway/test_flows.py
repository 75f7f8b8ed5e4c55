"""What flows on purpose is a list, and the list is whole (design 3.5)."""

import re

import pytest

from tests.gateway.companies import COMPANIES
from tests.gateway.flows import BY_ANOTHER_RULE, FLOWS, Flow
from tests.gateway.hidden_casework import CASEWORK
from tests.gateway.reasons import REASONS
from tests.gateway.test_noninterference import HAPPENINGS
from tests.gateway.test_worlds_apart import PAIRS
from tests.properties import ROOT, defines


def test_the_list_holds_what_the_design_lets_flow_and_nothing_else() -> None:
    assert [flow.letter for flow in FLOWS] == list("abcdef")
    assert [flow.letter for flow in BY_ANOTHER_RULE] == [""] * 6


def test_the_documents_list_the_same() -> None:
    text = (ROOT / "docs" / "disclosure.md").read_text("utf-8")
    told = text.partition("* **What flows on purpose**")[2].partition("\n## ")[0]
    assert set(re.findall(r"\(([a-z])\) ", told)) == {flow.letter for flow in FLOWS}
    table = (ROOT / "docs" / "properties.md").read_text("utf-8")
    for flow in FLOWS:
        assert f"| ({flow.letter}) | {flow.what} | " in table


@pytest.mark.parametrize("flow", [*FLOWS, *BY_ANOTHER_RULE], ids=lambda flow: flow.what[:20])
def test_each_has_tests_that_exist(flow: Flow) -> None:
    assert flow.tests
    for test in flow.tests:
        assert defines(test), test


def test_whatever_a_company_of_readers_is_told_flows_on_purpose() -> None:
    """N1 leaves nothing out of its comparison but what is named here."""
    told = {flow for company in COMPANIES for flow in company.told.values()}
    assert told <= {*FLOWS, *BY_ANOTHER_RULE}
    assert len(told) == 2


def test_n1_five_hundred_pairs_of_worlds_are_compared_over_both_stores() -> None:
    """Each of the four tests asserts its own number; this is their sum."""
    on_sqlite = PAIRS["sqlite"] + len(HAPPENINGS) + len(REASONS) + len(CASEWORK)
    on_postgres = PAIRS["postgres"] + len(HAPPENINGS)
    assert sum(PAIRS.values()) >= 500, "sequences alone"
    assert on_sqlite + on_postgres >= 630
    assert on_postgres >= 80
