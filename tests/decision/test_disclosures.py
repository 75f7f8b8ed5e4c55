"""What is shown, on which basis and until when (design 3.2)."""

import json
from typing import Any

from services.consent.decision.facts import Window
from services.consent.decision.policy import Policy, parse_policy
from shared.vocabulary import Blocker, Category, Level, Purpose, Relationship, Role
from tests.decision.sentences import (
    DAY,
    NOW,
    YEAR,
    Caller,
    D,
    a_case,
    lead_professional,
    practitioner,
    safeguarding_lead,
    someone_of_the_family,
)
from tests.decision.worlds import DEFAULT_DOCUMENT

SUPPORT = Purpose.SUPPORT
HEALTH, CONTACT, PLAN = Category.HEALTH, Category.CONTACT, Category.PLAN
MENTAL_HEALTH, OFFENDING = Category.MENTAL_HEALTH, Category.OFFENDING
NURSE = practitioner("school nurse")


def test_with_consent_health_is_shown_in_full() -> None:
    case = a_case.with_consent(HEALTH)
    practitioner("school nurse").for_purpose(SUPPORT).asks_for(HEALTH).of(case).is_shown_in_full()


def test_the_plan_is_shared_because_a_plan_nobody_reads_is_no_plan() -> None:
    NURSE.asks_for(PLAN).of(a_case).is_shown_in_full().resting_on("AGREEMENT:default").until(None)


def test_every_basis_that_reaches_the_level_is_named_and_the_earliest_end_counts() -> None:
    case = a_case.with_consent(PLAN, window=Window(0, NOW + 2 * DAY)).with_statutory_override(
        PLAN, window=Window(0, NOW + DAY)
    )
    outcome = NURSE.asks_for(PLAN).of(case).is_shown_in_full().until(NOW + DAY)
    outcome.resting_on("PERMISSION:mother-given-0", "AGREEMENT:default", "STATUTORY:statutory")


def test_a_basis_that_falls_short_is_not_named() -> None:
    case = a_case.with_consent(HEALTH, level=Level.FULL).with_consent(HEALTH, level=Level.SUMMARY)
    NURSE.asks_for(HEALTH).of(case).is_shown_in_full().resting_on("PERMISSION:mother-given-0")


def test_a_parents_permission_ends_at_the_childs_birthday() -> None:
    case = a_case.with_consent(HEALTH)
    NURSE.asks_for(HEALTH).of(case).until(NOW + 4 * YEAR)
    own = case.with_consent(HEALTH, by="child", competent=True)
    NURSE.asks_for(HEALTH).of(own).resting_on("PERMISSION:child-given-1").until(None)


def test_two_keys_the_familys_yes_and_the_owners() -> None:
    case = a_case.with_agreement({"H": "0P1"})
    released = case.with_release(HEALTH, window=Window(0, NOW + DAY))
    question = NURSE.asks_for(HEALTH)
    question.of(released).is_not_shown().because_of(Blocker.NO_BASIS)
    question.of(case.with_consent(HEALTH)).is_known_to_exist().because_of(
        Blocker.AGREEMENT_CAP, Blocker.NO_RELEASE
    )
    both = released.with_consent(HEALTH)
    question.of(both).is_shown_in_full().until(NOW + DAY)
    question.of(released.with_consent(HEALTH, withdrawn_at=NOW)).is_not_shown()


def test_an_agreement_replaces_the_default_rows_and_the_newest_counts() -> None:
    older = a_case.with_agreement({"P": "2M2"}, window=Window(0, None))
    NURSE.asks_for(PLAN).of(older).is_summarised().resting_on("AGREEMENT:agreement-0")
    newer = older.with_agreement({"P": "1M1"}, window=Window(DAY, NOW + DAY))
    NURSE.asks_for(PLAN).of(newer).is_known_to_exist().resting_on("AGREEMENT:agreement-1").until(NOW + DAY)
    ended = a_case.with_agreement({"P": "1M1"}, window=Window(0, NOW))
    NURSE.asks_for(PLAN).of(ended).is_shown_in_full().resting_on("AGREEMENT:default")


def test_around_the_day_of_an_agreement_the_narrower_of_both_counts() -> None:
    """Where it begins, ends or follows another: an answer may be on its way for D. Fails when a stricter
    agreement begins D late, or ceases to protect D before its end."""
    narrow, wide = {"P": "1M1"}, {"P": "3M3"}
    soon, later = NOW + D, NOW + D + 1
    question = NURSE.asks_for(PLAN)
    for first in (soon, NOW + 1):
        begins = a_case.with_agreement(narrow, window=Window(first, None))
        question.of(begins).is_known_to_exist().resting_on("AGREEMENT:default").until(None)
        ends = a_case.with_agreement(narrow, window=Window(0, first))
        question.of(ends).is_known_to_exist().resting_on("AGREEMENT:agreement-0").until(first)
        follows = a_case.with_agreement(wide, window=Window(0, None))
        both = follows.with_agreement(narrow, window=Window(first, first + DAY))
        question.of(both).is_known_to_exist().resting_on("AGREEMENT:agreement-0").until(None)
        widens = a_case.with_agreement(narrow, window=Window(0, None))
        both = widens.with_agreement(wide, window=Window(first, None))
        question.of(both).is_known_to_exist().resting_on("AGREEMENT:agreement-0")
        gap = a_case.with_agreement(wide, window=Window(0, first))
        gap = gap.with_agreement(wide, window=Window(first, None)).with_agreement(narrow, window=Window(1, 2))
        question.of(gap).is_shown_in_full().resting_on("AGREEMENT:agreement-0").until(first)
    begins = a_case.with_agreement(narrow, window=Window(later, None))
    question.of(begins).is_shown_in_full().resting_on("AGREEMENT:default")
    ended = a_case.with_agreement(narrow, window=Window(0, NOW))
    question.of(ended).is_shown_in_full().resting_on("AGREEMENT:default")
    begun = a_case.with_agreement(narrow, window=Window(NOW, later))
    question.of(begun).is_known_to_exist().resting_on("AGREEMENT:agreement-0").until(later)


def test_what_needs_permission_in_either_of_two_agreements_needs_it_while_they_change() -> None:
    asks_first = a_case.with_agreement({"P": "0P2"}, window=Window(0, NOW + 1))
    both = asks_first.with_agreement({"P": "3O3"}, window=Window(NOW + 1, None))
    NURSE.asks_for(PLAN).of(both).is_not_shown()
    NURSE.asks_for(PLAN).of(both.with_consent(PLAN)).is_summarised()
    objectable = a_case.with_agreement({"P": "3M3"}, window=Window(0, NOW + 1))
    objectable = objectable.with_agreement({"P": "3O3"}, window=Window(NOW + 1, None))
    NURSE.asks_for(PLAN).of(objectable).is_shown_in_full()
    NURSE.asks_for(PLAN).of(objectable.with_exclusion(PLAN)).is_not_shown().because_of(Blocker.EXCLUDED)


def test_a_mandatory_row_needs_nobodys_permission() -> None:
    NURSE.asks_for(Category.STAFF_SAFETY).of(a_case.with_exclusion()).is_shown_in_full()


def test_statutory_override_under_its_cap() -> None:
    outsider = NURSE.who_is(Relationship.NONE)
    outsider.asks_for(MENTAL_HEALTH).of(a_case.with_statutory_override(MENTAL_HEALTH)).is_shown_in_full()
    equality = outsider.asks_for(Category.EQUALITY).of(a_case.with_statutory_override(Category.EQUALITY))
    equality.is_known_to_exist().because_of(Blocker.NO_RELATIONSHIP, Blocker.ROLE_CEILING)


def test_a_statutory_override_may_name_an_agency_break_glass_never() -> None:
    for_the_school: dict[str, Any] = {"agencies": ("school",), "users": ()}
    statutory = a_case.with_statutory_override(MENTAL_HEALTH, **for_the_school)
    NURSE.asks_for(MENTAL_HEALTH).of(statutory).is_shown_in_full()
    NURSE.asks_for(MENTAL_HEALTH).of(a_case.with_break_glass(MENTAL_HEALTH, **for_the_school)).is_not_shown()


def test_break_glass_under_the_cap_of_the_role_and_for_sixty_minutes() -> None:
    case = a_case.with_break_glass(MENTAL_HEALTH, window=Window(0, NOW + DAY))
    NURSE.asks_for(MENTAL_HEALTH).of(case).is_summarised().resting_on("BREAK_GLASS:break_glass")
    lead = safeguarding_lead("council").for_purpose(SUPPORT)
    lead.asks_for(MENTAL_HEALTH).of(case).is_shown_in_full().until(NOW + DAY)
    over = a_case.with_break_glass(MENTAL_HEALTH, window=Window(0, NOW))
    NURSE.asks_for(MENTAL_HEALTH).of(over).is_not_shown().because_of(Blocker.EXPIRED)
    Caller("mentor", Role.VOLUNTEER).asks_for(MENTAL_HEALTH).of(case).is_not_shown()


def test_an_override_is_beaten_by_no_exclusion() -> None:
    case = a_case.with_exclusion().with_statutory_override(HEALTH)
    NURSE.asks_for(HEALTH).of(case).is_shown_in_full().resting_on("STATUTORY:statutory")


def test_the_accountable_agency_reads_its_action_as_its_own() -> None:
    case = a_case.with_exclusion()
    NURSE.asks_for(MENTAL_HEALTH).labelled(accountable="school").of(case).is_shown_in_full().resting_on("OWN")


def test_own_records_have_a_ceiling_of_their_own() -> None:
    manager = Caller("head", Role.TEAM_MANAGER, Relationship.SUPERVISOR)
    manager.asks_for(Category.SAFEGUARDING).held_by("school").of(a_case).is_shown_in_full()
    NURSE.asks_for(Category.SAFEGUARDING).held_by("school").of(a_case).is_summarised().because_of(
        Blocker.ROLE_CEILING
    )
    officer = Caller("officer", Role.INFORMATION_OFFICER, Relationship.NONE, purpose=Purpose.OVERSIGHT)
    officer.asks_for(HEALTH).held_by("school").of(a_case).is_known_to_exist()


def test_the_existing_assessment_is_found_before_a_second_is_started() -> None:
    NURSE.who_is(Relationship.NONE).asks_for(Category.INVOLVEMENT).of(a_case).is_known_to_exist()


def test_the_lead_reads_offending_in_full_only_where_cap_and_ceiling_both_allow() -> None:
    case = a_case.with_consent(OFFENDING)
    lead_professional("key worker").asks_for(OFFENDING).of(case).is_summarised().because_of(
        Blocker.AGREEMENT_CAP, Blocker.NO_RELEASE
    )
    released = case.with_release(OFFENDING)
    lead_professional("key worker").asks_for(OFFENDING).of(released).is_shown_in_full()
    NURSE.asks_for(OFFENDING).of(released).is_summarised().because_of(Blocker.ROLE_CEILING)


def _policy_with_enforcement() -> Policy:
    document = json.loads(json.dumps(DEFAULT_DOCUMENT))
    document["purposes_by_role"]["practitioner"] = ["enforcement"]
    for rows in document["rows"]:
        if rows["purpose"] == "enforcement":
            rows["cells"] = dict.fromkeys(rows["cells"], "3M3")
    return parse_policy(document)


def test_enforcement_reads_only_own_records_and_what_a_statutory_override_names() -> None:
    constable = practitioner("constable").from_the("police").under(_policy_with_enforcement())
    constable = constable.for_purpose(Purpose.ENFORCEMENT)
    given = a_case.with_consent(PLAN).with_break_glass(PLAN)
    constable.asks_for(PLAN).of(given).is_not_shown().because_of(Blocker.PURPOSE)
    constable.asks_for(PLAN).held_by("police").of(given).is_shown_in_full().resting_on("OWN")
    named = given.with_statutory_override(PLAN, agencies=("police",), users=())
    constable.asks_for(PLAN).of(named).is_shown_in_full().resting_on("STATUTORY:statutory")


def test_family_rows_for_each_relationship() -> None:
    shown = {
        Relationship.SUBJECT: {HEALTH: 3, MENTAL_HEALTH: 3, CONTACT: 3},
        Relationship.PARENT: {HEALTH: 3, MENTAL_HEALTH: 2, Category.SEXUAL_HEALTH: 0, Category.VOICE: 0},
        Relationship.PARENT_ELSEWHERE: {HEALTH: 2, CONTACT: 0, PLAN: 2},
        Relationship.CARER: {HEALTH: 2, CONTACT: 3, Category.HOUSING: 0},
    }
    for relationship, levels in shown.items():
        user = someone_of_the_family(child=relationship)
        for category, level in levels.items():
            assert user.asks_for(category).of(a_case).cell.level == level, (relationship, category)


def test_after_the_family_left_an_agency_reads_its_own_record_and_what_the_law_allows() -> None:
    case = a_case.which_left_taking_part("child")
    NURSE.asks_for(HEALTH).held_by("school").of(case).is_shown_in_full().resting_on("OWN")
    NURSE.asks_for(Category.SAFEGUARDING).of(case).is_known_to_exist().resting_on("AGREEMENT:default")
    overridden = case.with_statutory_override(HEALTH)
    NURSE.asks_for(HEALTH).of(overridden).is_shown_in_full().resting_on("STATUTORY:statutory")


def test_the_family_go_on_reading_about_themselves_after_they_left() -> None:
    mother = someone_of_the_family(mother=Relationship.SUBJECT)
    question = mother.asks_for(PLAN).about("mother")
    before = question.of(a_case).verdict
    assert before.exists
    assert question.of(a_case.which_left_taking_part("child", "mother")).verdict == before
