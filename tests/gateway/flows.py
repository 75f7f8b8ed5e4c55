"""What flows on purpose (design 3.5 a to f), each with the tests that say how much of it and to whom.

Whatever else makes a difference to somebody who may not see it is a defect. What the companies of N1
(``companies.py``) are not blind to stands here too.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Flow:
    """``letter``: as in design 3.5, or empty for what is a reader's own by another rule of the design."""

    letter: str
    what: str
    tests: tuple[str, ...]


SEARCH = Flow(
    "a",
    "a practitioner who searches by two identifying details learns that an assessment exists and whom to "
    "ring; never of a protected identity, nor where anything is barred or excluded",
    (
        "tests/gateway/test_canaries.py::"
        "test_a_search_finds_whom_two_details_fit_and_shows_what_the_caller_may_see",
        "tests/gateway/test_bars.py::"
        "test_a_search_tells_of_the_lead_to_a_stranger_but_not_to_whom_anything_is_barred",
        "tests/gateway/test_bars.py::"
        "test_a_search_tells_an_excluded_caller_of_no_involvement_whatever_was_excluded",
        "tests/gateway/test_bars.py::test_a_search_never_tells_of_a_protected_identity",
        "tests/gateway/test_searches.py::test_who_is_not_born_yet_and_has_no_name_is_found_by_a_parents",
        "tests/gateway/test_bars.py::test_nobody_is_found_by_the_name_of_a_parent_who_is_protected",
    ),
)
WHO_IS_AT_WORK = Flow(
    "b",
    "lead card, roster, attendance, lead and review state, to whoever the case exists for",
    (
        "tests/gateway/test_leading.py::"
        "test_the_family_and_the_team_see_who_stands_in_and_the_deputy_sees_no_more",
        "tests/gateway/test_lists.py::test_D3_a_list_is_the_filter_of_its_singles",
        "tests/gateway/test_bars.py::"
        "test_whom_a_protected_address_stops_no_answer_names_an_agency_or_anybody_at_work",
    ),
)
ALARMS = Flow(
    "c",
    "alarms, to lead and supervisors: in which case something waits and of what kind, and no entry",
    (
        "tests/gateway/test_notices.py::test_an_alarm_names_no_entry_whatever_raised_it",
        "tests/gateway/test_notices.py::test_nobody_is_told_of_an_entry_that_they_do_not_see",
        "tests/gateway/test_alarms_to_the_lead.py::"
        "test_the_lead_is_told_that_the_family_left_until_they_say_whether_anybody_is_at_risk",
    ),
)
SIGNAL = Flow(
    "d",
    "the threshold signal, to the panel's co-ordinator: who, and since which day",
    (
        "tests/gateway/test_signals.py::"
        "test_a_coordinator_learns_that_somebody_needs_a_panel_and_nothing_more",
        "tests/gateway/test_signals.py::"
        "test_a_signal_about_somebody_who_is_barred_from_the_coordinator_is_not_there",
    ),
)
BROKEN_GLASS = Flow(
    "e",
    "a break-glass alert, to the lead and the information officer: that it happened, by whom and why",
    (
        "tests/gateway/test_break_glass.py::test_lead_and_officer_are_told_to_look_and_see_by_whom_and_why",
        "tests/gateway/test_break_glass.py::"
        "test_the_officer_of_the_users_agency_reviews_what_nobody_else_there_sees",
    ),
)
STATISTICS = Flow(
    "f",
    "statistics without groups below ten, also by difference",
    (
        "tests/case/test_report_figures.py::test_no_sum_or_difference_of_figures_counts_one_to_nine_people",
        "tests/case/test_report_figures.py::test_no_reports_beside_one_another_tell_of_one_to_nine_people",
        "tests/case/test_report_figures.py::test_no_difference_of_costs_is_of_fewer_than_ten_people",
        "tests/case/test_reports.py::test_a_report_counts_people_and_stays_as_it_was_first_read",
        "tests/consent/test_policy_simulation.py::test_the_difference_of_two_counts_tells_of_no_single_case",
    ),
)
FLOWS = (SEARCH, WHO_IS_AT_WORK, ALARMS, SIGNAL, BROKEN_GLASS, STATISTICS)

RULES_IN_FORCE = Flow(
    "",
    "agreements in force and drafts of the policy, which every information officer reads (3.2, 3.6)",
    (
        "tests/gateway/test_policies.py::"
        "test_a_case_that_only_some_would_see_changes_nothing_in_what_an_officer_is_told",
    ),
)
A_SUM = Flow(
    "",
    "the sum of a checkpoint, which changes whatever happens anywhere and says nothing of it (3.4)",
    (
        "tests/consent/test_checkpoints.py::"
        "test_any_other_officer_verifies_the_chain_of_their_agency_and_learns_no_total",
    ),
)
WHO_ELSE_KNOWS_THE_PLACE = Flow(
    "",
    "that others do not see where somebody is, to the few to whom a protected address leaves it (3.2, 3.6)",
    (
        "tests/consent/test_who_can_see.py::"
        "test_to_whom_a_protected_address_is_left_is_told_that_others_do_not_see_it",
    ),
)
CANNOT_BE_ASKED = Flow(
    "",
    "that an agency cannot be asked and cannot join, to whoever of the team tries it: the family excluded it "
    "(3.2)",
    (
        "tests/gateway/test_who_may_be_asked.py::"
        "test_an_agency_that_the_family_shut_out_is_not_asked_by_an_action_either",
        "tests/consent/test_decisions.py::"
        "test_an_agency_joins_only_when_the_family_takes_part_and_no_exclusion_names_it",
    ),
)
COUNTS_NO_MORE = Flow(
    "",
    "that a yes opens nothing and must be asked for again, to the lead and whoever took it, whatever ended "
    "it (3.2)",
    (
        "tests/gateway/test_responsibility.py::"
        "test_that_a_yes_opens_nothing_is_told_alike_whoever_sees_what_ended_it",
    ),
)
CANNOT_SAY_THIS = Flow(
    "",
    "that somebody cannot ask for an exclusion or undo a no, to whoever would record it, and not why (3.2)",
    (
        "tests/gateway/test_audience_of_answers.py::"
        "test_whoever_may_not_know_of_an_order_is_told_no_more_than_whom_to_ask",
    ),
)
BY_ANOTHER_RULE = (
    RULES_IN_FORCE,
    A_SUM,
    WHO_ELSE_KNOWS_THE_PLACE,
    CANNOT_BE_ASKED,
    COUNTS_NO_MORE,
    CANNOT_SAY_THIS,
)
