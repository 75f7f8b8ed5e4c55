"""An agency's system on behalf of a user whom it names, in sentences (design 3.1, decision 24)."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.consent.decision.policy import Policy, parse_policy
from services.consent.policies.golden import run
from services.consent.policies.lint import lint
from shared.records.policies import GoldenRow
from shared.vocabulary import Blocker, Purpose, Relationship, Role
from tests.decision.sentences import Caller, a_case, practitioner
from tests.decision.worlds import DEFAULT_DOCUMENT, DEFAULT_POLICY

FILE = Path(__file__).parents[2] / "services/consent/policy_data/agency-systems-1.json"
LINES: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
GOLDENS = [GoldenRow.model_validate(row) for row in LINES["goldens"]]


def with_lines() -> dict[str, Any]:
    """The default document with the lines that let agencies' systems in."""
    document: dict[str, Any] = json.loads(json.dumps(DEFAULT_DOCUMENT))
    document["ceilings"] += LINES["ceilings"]
    document["own_ceilings"] += LINES["own_ceilings"]
    document["purposes_by_role"] |= LINES["purposes_by_role"]
    return document


POLICY: Policy = parse_policy(with_lines())
system = Caller("the school's system", Role.AGENCY_SYSTEM, user="system").under(POLICY)
for_a_teacher = system.on_behalf_of("teacher", Role.PRACTITIONER)
for_a_volunteer = system.on_behalf_of("mentor", Role.VOLUNTEER)
for_the_lead = for_a_teacher.who_is(Relationship.LEAD)


def test_under_the_default_policy_a_system_is_shown_nothing_whomever_it_names() -> None:
    case = a_case.with_consent("plan", "learning")
    for caller in (system, for_a_teacher, for_the_lead):
        nothing = caller.under(DEFAULT_POLICY).asks_for("plan").of(case).is_not_shown()
        nothing.because_of(Blocker.PURPOSE)
        caller.under(DEFAULT_POLICY).asks_for("plan").held_by("school").of(case).is_not_shown()


def test_each_role_limits_the_other() -> None:
    case = a_case.with_consent("plan", "health", "mental_health")
    practitioner("teacher").asks_for("health").of(case).is_shown_in_full()
    for_a_teacher.asks_for("health").of(case).is_summarised()
    system.asks_for("plan").of(case).is_shown_in_full()
    for_a_volunteer.asks_for("plan").of(case).is_summarised()
    for_a_volunteer.asks_for("health").of(case).is_not_shown()
    for_the_lead.asks_for("health").of(case).is_shown_in_full()
    for_the_lead.asks_for("mental_health").of(case).is_not_shown()


def test_of_several_roles_of_whoever_it_names_the_lowest_counts() -> None:
    both = system.on_behalf_of("teacher", Role.PRACTITIONER, Role.VOLUNTEER)
    both.asks_for("plan").of(a_case).is_summarised()


def test_whose_role_is_not_known_nothing_is_shown_for() -> None:
    for nobody in (system.on_behalf_of("somebody"), system.on_behalf_of("somebody", "wizard")):
        nobody.asks_for("plan").of(a_case).is_not_shown().because_of(Blocker.UNKNOWN)
        nobody.asks_for("plan").held_by("school").of(a_case).is_not_shown()


def test_only_a_system_acts_for_somebody() -> None:
    for role in set(Role) - {Role.AGENCY_SYSTEM}:
        forged = Caller("forger", role).on_behalf_of("teacher", Role.PRACTITIONER)
        forged.asks_for("plan").of(a_case).is_not_shown()


def test_a_purpose_must_be_that_of_both() -> None:
    document = with_lines()
    document["purposes_by_role"]["agency_system"] = ["support", "safeguarding"]
    wider = parse_policy(document)
    asking = for_a_teacher.under(wider).for_purpose(Purpose.SAFEGUARDING)
    asking.asks_for("plan").of(a_case).is_not_shown().because_of(Blocker.PURPOSE)
    guard = system.on_behalf_of("guard", Role.SAFEGUARDING_LEAD).under(wider)
    guard.for_purpose(Purpose.SAFEGUARDING).from_the("trust").asks_for("plan").held_by("school").of(
        a_case
    ).is_shown_in_full()
    for_a_teacher.for_purpose(Purpose.SAFEGUARDING).asks_for("plan").of(a_case).is_not_shown()


@pytest.mark.parametrize("user", ["teacher", "system"])
def test_an_exclusion_or_a_bar_of_either_stops_the_system(user: str) -> None:
    excluded = a_case.with_exclusion("plan", user=user)
    for_a_teacher.asks_for("plan").of(excluded).is_not_shown().because_of(Blocker.EXCLUDED)
    barred = a_case.with_bar("plan", against=(), users=(user,))
    for_a_teacher.asks_for("plan").of(barred).is_not_shown().because_of(Blocker.BARRED)
    other = a_case.with_exclusion("plan", user="somebody else").with_bar("plan", against=(), users=("x",))
    for_a_teacher.asks_for("plan").of(other).is_shown_in_full()


def test_a_bar_that_lets_one_of_them_through_stops_the_system() -> None:
    for users in (("teacher",), ("system",)):
        case = a_case.with_bar("plan", against=(), users=users, everyone_except=True)
        for_a_teacher.asks_for("plan").of(case).is_not_shown()
    both = a_case.with_bar("plan", against=(), users=("teacher", "system"), everyone_except=True)
    for_a_teacher.asks_for("plan").of(both).is_shown_in_full()
    agency = a_case.with_bar("plan", against=("school",), everyone_except=True)
    for_a_teacher.asks_for("plan").of(agency).is_shown_in_full()


def test_what_was_opened_to_a_user_is_not_opened_to_a_system_on_their_behalf() -> None:
    for opened in (
        a_case.with_statutory_override("mental_health", users=("teacher",)),
        a_case.with_break_glass("mental_health", users=("teacher",)),
    ):
        practitioner("teacher").asks_for("mental_health").of(a_case).is_not_shown()
        for_a_teacher.asks_for("mental_health").of(opened).is_not_shown()
    to_the_agency = a_case.with_statutory_override("mental_health", users=(), agencies=("school",))
    for_a_teacher.asks_for("mental_health").of(to_the_agency).is_shown_in_full()


def test_suspending_either_is_a_fact_that_stops_both() -> None:
    for_a_teacher.asks_for("plan").of(a_case.where(suspended=True)).is_not_shown()


def test_who_no_longer_takes_part_is_to_the_system_what_they_are_to_nobody() -> None:
    for_a_teacher.asks_for("plan").of(a_case.which_left_taking_part("child")).is_not_shown()
    for_a_teacher.asks_for("identity").of(a_case.before_anybody_was_asked("child")).is_not_shown()


def test_the_lines_for_agencies_systems_have_no_errors_and_all_their_rows_come_out() -> None:
    assert [finding for finding in lint(POLICY) if finding.severity == "error"] == []
    outcomes = run(POLICY, GOLDENS)
    assert [outcome for outcome in outcomes if outcome.fails] == []
    assert len(outcomes) == len(LINES["goldens"]) >= 12


def test_every_one_of_these_lines_is_held_by_a_row() -> None:
    """With a line at full some row comes out too high, and with it at none too low."""
    tried = 0
    for section in ("ceilings", "own_ceilings"):
        for place in range(len(DEFAULT_DOCUMENT[section]), len(with_lines()[section])):
            for digit in "30":
                document = with_lines()
                document[section][place]["levels"] = digit * 16
                if (section, digit) != ("own_ceilings", "3"):
                    assert any(outcome.fails for outcome in run(parse_policy(document), GOLDENS)), section
                tried += 1
    assert tried == 6
