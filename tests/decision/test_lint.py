"""What lint finds in a policy: each rule on a document that breaks it and nothing else (design 3.6)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from services.case.cases.relationship import STRENGTH
from services.consent.decision.policy import parse_policy
from services.consent.policies.lint import CLOSER, RULES, Finding, lint
from tests.decision.worlds import DEFAULT_DOCUMENT, DEFAULT_POLICY, LETTERS

Document = dict[str, Any]
Change = Callable[[Document], Any]


def found_in(change: Change) -> list[Finding]:
    """What lint finds in the default policy with a change, beyond what it finds in the default policy."""
    document: Document = json.loads(json.dumps(DEFAULT_DOCUMENT))
    change(document)
    usual = lint(DEFAULT_POLICY)
    return [finding for finding in lint(parse_policy(document)) if finding not in usual]


def level(section: str, role: str, relationship: str, **levels: str) -> Change:
    """Set columns of one line of ceilings."""

    def change(document: Document) -> None:
        for entry in document[section]:
            if entry["role"] == role and relationship in entry["relationships"]:
                digits = list(entry["levels"])
                for letter, digit in levels.items():
                    digits[LETTERS.index(letter)] = digit
                entry["levels"] = "".join(digits)

    return change


def line(section: str, **entry: Any) -> Change:
    return lambda document: document[section].append(entry)


def cell(purpose: str, recipients: list[str] | None, **cells: str) -> Change:
    def change(document: Document) -> None:
        for row in document["rows"]:
            if row["purpose"] == purpose and row["recipients"] == recipients:
                row["cells"].update(cells)

    return change


STATUTORY = ["social_care", "police", "health"]
ERRORS: dict[str, tuple[Change, str, str]] = {
    "a member with less than somebody considering": (
        level("ceilings", "practitioner", "member", C="1"),
        "more_through_two_relationships",
        "ceilings: practitioner, considering and member",
    ),
    "considering with nothing but less than none": (
        level("ceilings", "practitioner", "considering", **dict.fromkeys(LETTERS, "0")),
        "relationship_not_monotone",
        "ceilings: practitioner, none and considering",
    ),
    "a lead with less than a member of own entries": (
        lambda d: (
            d["own_ceilings"].__setitem__(
                0, {"role": "practitioner", "relationships": ["member"], "levels": "3" * 16}
            )
            or d["own_ceilings"].append(
                {"role": "practitioner", "relationships": ["lead"], "levels": "2" * 16}
            )
        ),
        "relationship_not_monotone",
        "own_ceilings: practitioner, member and lead",
    ),
    "a manager on the team with less than a manager of the team": (
        line(
            "ceilings",
            role="team_manager",
            relationships=["member"],
            kinds=["education"],
            levels="1" * 15 + "3",
        ),
        "more_through_two_relationships",
        "ceilings: team_manager, supervisor and member",
    ),
    "a role without a purpose": (
        lambda d: d["purposes_by_role"].update(volunteer=[]),
        "role_without_purpose",
        "ceilings.10",
    ),
    "an own ceiling without a purpose": (
        line("own_ceilings", role="agency_system", relationships=["member"], levels="1" * 16),
        "role_without_purpose",
        "own_ceilings.6",
    ),
    "an override's cap without a purpose": (
        line("override_caps", override="statutory", roles=["agency_system"], levels="1" * 16),
        "role_without_purpose",
        "override_caps.3",
    ),
    "a cap below what is given": (cell("panel", None, P="2O1"), "cap_below_base", "rows.6.cells.P"),
    "a sensitive category given without a basis": (
        cell("support", None, B="1O3"),
        "sensitive_without_basis",
        "rows for support to education",
    ),
    "a basis that is taken away": (
        lambda d: d["lawful_bases"].pop(0),
        "sensitive_without_basis",
        "rows for support to police",
    ),
    "a basis for other kinds only": (
        lambda d: d["lawful_bases"][3].update(recipients=["social_care"]),
        "sensitive_without_basis",
        "rows for safeguarding to health",
    ),
    "a sensitive category that a charity must be given": (
        cell("support", None, S="2M2"),
        "mandatory_without_duty",
        "rows for support to voluntary",
    ),
    "a sensitive category in a column with another": (
        lambda d: (d["columns"][5]["categories"].append("offending"), d["columns"][11].update(categories=[])),
        "sensitive_not_single",
        "columns: V",
    ),
    "an information officer who reads": (
        level("own_ceilings", "information_officer", "none", P="2"),
        "officer_reads",
        "ceilings: information_officer",
    ),
    "an information officer who reads other agencies' entries": (
        line(
            "ceilings",
            role="information_officer",
            relationships=["none"],
            kinds=None,
            levels="2" + "0" * 15,
        ),
        "officer_reads",
        "ceilings: information_officer",
    ),
    "an information officer who may act for the support of a family": (
        lambda d: d["purposes_by_role"]["information_officer"].append("support"),
        "officer_purposes",
        "purposes_by_role.information_officer",
    ),
    "break-glass for a role that does no casework": (
        line("override_caps", override="break_glass", roles=["scrutineer"], levels="1" + "0" * 15),
        "glass_without_casework",
        "override_caps.3",
    ),
    "a volunteer who reads something sensitive": (
        level("ceilings", "volunteer", "member", S="2"),
        "volunteer_reads_sensitive",
        "ceilings: volunteer",
    ),
    "an obligation that nobody knows": (
        lambda d: d["obligations"].update(support=["whisper"]),
        "unknown_obligation",
        "obligations.support",
    ),
    "contact for a parent who lives elsewhere": (
        level("ceilings", "family_member", "parent_elsewhere", C="1"),
        "locates_a_refuge",
        "ceilings: family_member, parent_elsewhere",
    ),
    "involvement for a parent who lives elsewhere": (
        level("ceilings", "family_member", "parent_elsewhere", N="1"),
        "locates_a_refuge",
        "ceilings: family_member, parent_elsewhere",
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_found_named_and_placed(name: str) -> None:
    change, rule, where = ERRORS[name]
    errors = [finding for finding in found_in(change) if finding.severity == "error"]
    assert (rule, where) in {(finding.rule, finding.where) for finding in errors}, errors
    assert {finding.rule for finding in errors} == {rule}
    assert all(finding.message.endswith(".") for finding in errors)


WARNINGS: dict[str, tuple[Change, str, str]] = {
    "an enforcement purpose": (
        lambda d: d["purposes_by_role"].update(practitioner=["support", "enforcement"]),
        "enforcement",
        "purposes_by_role.practitioner",
    ),
    "a ceiling that no row reaches": (
        level("ceilings", "practitioner", "lead", X="3"),
        "unreachable_grant",
        "ceilings.3",
    ),
    "a row that no ceiling lets through": (
        cell("planning", None, P="1O1"),
        "unreachable_grant",
        "rows.11",
    ),
    "less of one's own than of others'": (
        line("own_ceilings", role="volunteer", relationships=["member"], levels="1" * 16),
        "own_below_ceiling",
        "own_ceilings: volunteer, member",
    ),
    "an everyday category that a charity must be given": (
        cell("support", None, H="2M3"),
        "mandatory_without_duty",
        "rows for support to voluntary",
    ),
    "a parent elsewhere with more than one at home": (
        level("ceilings", "family_member", "parent_elsewhere", V="1"),
        "elsewhere_gives_more",
        "ceilings: family_member, parent_elsewhere",
    ),
    "a role that stands nowhere when it comes closer": (
        line(
            "ceilings",
            role="scrutineer",
            relationships=["none"],
            kinds=["partnership"],
            levels="1" + "0" * 15,
        ),
        "relationship_not_listed",
        "ceilings: scrutineer",
    ),
}


@pytest.mark.parametrize("name", WARNINGS)
def test_a_warning_is_found_and_is_no_error(name: str) -> None:
    change, rule, where = WARNINGS[name]
    found = found_in(change)
    assert (rule, where) in {(finding.rule, finding.where) for finding in found}, found
    assert {finding.severity for finding in found} == {"warning"}, found


def test_every_rule_is_tried() -> None:
    tried = {rule for _, rule, _ in [*ERRORS.values(), *WARNINGS.values()]}
    assert len(tried) == 18
    assert len(RULES) == 17
    assert len(ERRORS) + len(WARNINGS) == 28


def test_the_default_policy_has_no_errors_and_the_warnings_that_we_know_of() -> None:
    found = lint(DEFAULT_POLICY)
    assert {finding.severity for finding in found} == {"warning"}
    by_rule = [finding.rule for finding in found]
    assert {rule: by_rule.count(rule) for rule in by_rule} == {
        "relationship_not_listed": 7,
        "unreachable_grant": 5,
        "own_below_ceiling": 2,
    }


def test_closer_means_what_the_case_service_means_by_it() -> None:
    """Whoever stands in several ways has the closest; were there two orders, the closest could give less."""
    assert CLOSER == STRENGTH


def test_errors_come_first() -> None:
    change, _, _ = ERRORS["a cap below what is given"]
    document: Document = json.loads(json.dumps(DEFAULT_DOCUMENT))
    change(document)
    severities = [finding.severity for finding in lint(parse_policy(document))]
    assert severities == sorted(severities)
    assert severities[0] == "error"
