"""What is not shown, and why: refusals first (design 3.2)."""

import pytest

from services.consent.decision.facts import Agency, Window
from shared.vocabulary import AgencyKind, Blocker, Category, Purpose, Relationship, Role
from tests.decision.sentences import (
    DAY,
    NOW,
    Caller,
    a_case,
    lead_professional,
    practitioner,
    safeguarding_lead,
    someone_of_the_family,
    volunteer,
)

HEALTH, CONTACT, PLAN = Category.HEALTH, Category.CONTACT, Category.PLAN
INVOLVEMENT = Category.INVOLVEMENT
MENTAL_HEALTH, SAFEGUARDING, IDENTITY = Category.MENTAL_HEALTH, Category.SAFEGUARDING, Category.IDENTITY
NURSE = practitioner("school nurse")


def test_without_anybodys_permission_sensitive_matters_are_not_shown() -> None:
    NURSE.asks_for(MENTAL_HEALTH).of(a_case).is_not_shown().because_of(Blocker.NO_BASIS)


def test_silence_is_not_a_yes_but_an_objectable_row_speaks_for_itself() -> None:
    NURSE.asks_for(HEALTH).of(a_case).is_known_to_exist().resting_on("AGREEMENT:default")


def test_an_exclusion_takes_away_what_a_row_gives_unless_objected() -> None:
    outcome = NURSE.asks_for(PLAN).of(a_case.with_exclusion())
    outcome.is_not_shown().because_of(Blocker.EXCLUDED)


def test_an_exclusion_beats_a_later_permission() -> None:
    case = a_case.with_exclusion().with_consent(HEALTH, window=Window(NOW - DAY, None))
    NURSE.asks_for(HEALTH).of(case).is_not_shown().because_of(Blocker.EXCLUDED)


def test_an_exclusion_naming_the_user_stops_her_alone() -> None:
    case = a_case.with_consent(HEALTH).with_exclusion(user="user")
    NURSE.asks_for(HEALTH).of(case).is_not_shown()
    colleague = Caller("her colleague", Role.PRACTITIONER, user="someone else")
    colleague.asks_for(HEALTH).of(case).is_shown_in_full()


def test_once_the_family_no_longer_takes_part_the_team_is_shown_what_a_stranger_would_be() -> None:
    case = a_case.which_left_taking_part("child")
    NURSE.asks_for(PLAN).of(a_case).is_shown_in_full()
    NURSE.asks_for(PLAN).of(case).is_not_shown().because_of(Blocker.NOT_TAKING_PART)
    NURSE.asks_for(IDENTITY).of(case).is_known_to_exist().resting_on("AGREEMENT:default")
    lead_professional("key worker").asks_for(PLAN).of(case).is_not_shown()


def test_permission_to_share_opens_nothing_to_a_team_that_the_family_left() -> None:
    case = a_case.with_consent(HEALTH).which_left_taking_part("child")
    NURSE.asks_for(HEALTH).of(case).is_not_shown().because_of(Blocker.NOT_TAKING_PART)


def test_opening_a_case_about_somebody_shows_no_more_than_a_stranger_sees() -> None:
    """Fails when default rows open to a team that nobody said yes to."""
    case = a_case.before_anybody_was_asked("child")
    NURSE.asks_for(PLAN).of(case).is_not_shown().because_of(Blocker.NOT_TAKING_PART)
    NURSE.asks_for(IDENTITY).of(case).is_known_to_exist().resting_on("AGREEMENT:default")
    NURSE.asks_for(SAFEGUARDING).of(case).is_known_to_exist()
    lead_professional("key worker").asks_for(PLAN).of(case).is_not_shown()


def test_what_the_family_permits_to_be_shared_does_not_wait_until_they_take_part() -> None:
    case = a_case.with_consent(PLAN).before_anybody_was_asked("child")
    NURSE.asks_for(PLAN).of(case).is_shown_in_full()


def test_who_no_longer_takes_part_ends_it_for_what_is_about_them() -> None:
    case = a_case.which_left_taking_part("mother")
    NURSE.asks_for(PLAN).of(case).is_shown_in_full()
    NURSE.asks_for(PLAN).about("child", "mother").of(case).is_not_shown()


def test_an_exclusion_reaches_only_its_categories_and_purposes() -> None:
    case = a_case.with_exclusion(HEALTH, purposes=frozenset({Purpose.PANEL}))
    NURSE.asks_for(HEALTH).of(case).is_known_to_exist()
    NURSE.asks_for(PLAN).of(a_case.with_exclusion(HEALTH)).is_shown_in_full()


def test_an_exclusion_does_not_hide_that_a_safeguarding_concern_exists() -> None:
    outcome = NURSE.asks_for(SAFEGUARDING).of(a_case.with_exclusion())
    outcome.is_known_to_exist().resting_on("AGREEMENT:default")


def test_an_exclusion_never_applies_to_the_purpose_safeguarding() -> None:
    safeguarding_lead("council").asks_for(SAFEGUARDING).of(
        a_case.with_exclusion(of="council")
    ).is_shown_in_full()


def test_an_exclusion_never_hides_the_agencys_own_record() -> None:
    NURSE.asks_for(HEALTH).held_by("school").of(a_case.with_exclusion()).is_shown_in_full()


def test_a_bar_beats_break_glass_and_the_own_record() -> None:
    case = a_case.with_bar().with_break_glass(CONTACT)
    NURSE.asks_for(CONTACT).of(case).is_not_shown().because_of(Blocker.BARRED)
    NURSE.asks_for(CONTACT).held_by("school").of(case).is_not_shown().because_of(Blocker.BARRED)


def test_a_protected_address_is_shown_to_nobody_but_those_named() -> None:
    case = a_case.with_consent(CONTACT).with_bar(CONTACT, against=("council",), everyone_except=True)
    NURSE.asks_for(CONTACT).of(case).is_not_shown().because_of(Blocker.BARRED)
    NURSE.from_the("council").asks_for(CONTACT).of(case).is_shown_in_full()
    NURSE.asks_for(PLAN).of(case).is_shown_in_full()


def test_a_school_that_gives_a_protected_address_away_is_hidden_with_it() -> None:
    case = a_case.with_consent(CONTACT, INVOLVEMENT).with_protected_address(known_to=("council",))
    school = NURSE.asks_for(INVOLVEMENT)
    school.of(case).is_shown_in_full()
    school.that_locates().of(case).is_not_shown().because_of(Blocker.BARRED)
    school.that_locates().held_by("school").of(case).is_not_shown().because_of(Blocker.BARRED)
    NURSE.from_the("council").asks_for(INVOLVEMENT).that_locates().of(case).is_shown_in_full()


def test_what_locates_needs_the_yes_that_the_address_needs_even_of_those_who_may_know_it() -> None:
    case = a_case.with_consent(INVOLVEMENT).with_protected_address(known_to=("school",))
    NURSE.asks_for(INVOLVEMENT).of(case).is_shown_in_full()
    NURSE.asks_for(INVOLVEMENT).that_locates().of(case).is_summarised().because_of(Blocker.NO_BASIS)


def test_what_locates_is_like_anything_else_while_no_address_is_protected() -> None:
    locating = NURSE.asks_for(PLAN).that_locates()
    locating.of(a_case.with_bar(CONTACT)).is_shown_in_full()
    mothers = a_case.with_protected_address(known_to=("council",), about="mother")
    locating.of(mothers).is_shown_in_full()
    locating.about("child", "mother").of(mothers).is_not_shown()
    for window in (Window(0, NOW), Window(NOW + 1_000_001, None)):
        case = a_case.with_protected_address(known_to=("council",), window=window)
        locating.of(case).is_shown_in_full()
    soon = Window(NOW + 1_000_000, None)
    locating.of(a_case.with_protected_address(known_to=("council",), window=soon)).is_not_shown()


def test_no_break_glass_reaches_what_gives_a_protected_address_away() -> None:
    case = a_case.with_protected_address(known_to=("council",)).with_break_glass(INVOLVEMENT, CONTACT)
    NURSE.asks_for(INVOLVEMENT).that_locates().of(case).is_not_shown().because_of(Blocker.BARRED)


def test_a_parent_elsewhere_is_shown_nothing_that_locates() -> None:
    father = someone_of_the_family(child=Relationship.PARENT_ELSEWHERE)
    father.asks_for(IDENTITY).of(a_case).is_shown_in_full()
    father.asks_for(IDENTITY).that_locates().of(a_case).is_not_shown().because_of(Blocker.ROLE_CEILING)
    mother = someone_of_the_family(child=Relationship.PARENT)
    mother.asks_for(IDENTITY).that_locates().of(a_case).is_shown_in_full()


def test_one_childs_consent_never_opens_the_mothers_illness() -> None:
    case = a_case.with_consent(HEALTH, about="child", by="mother")
    NURSE.asks_for(HEALTH).about("child").of(case).is_shown_in_full()
    NURSE.asks_for(HEALTH).about("child", "mother").of(case).is_known_to_exist()


def test_the_lowest_category_decides() -> None:
    NURSE.asks_for(PLAN, MENTAL_HEALTH).of(a_case).is_not_shown()


def test_an_entry_without_category_or_subject_is_not_shown() -> None:
    NURSE.asks_for().of(a_case).is_not_shown().because_of(Blocker.UNKNOWN)
    NURSE.asks_for(PLAN).about().of(a_case).is_not_shown().because_of(Blocker.UNKNOWN)


def test_a_volunteer_sees_goals_and_appointments_only() -> None:
    mentor, case = volunteer("mentor"), a_case.with_consent(*Category)
    mentor.asks_for(PLAN).of(case).is_summarised()
    for category in (HEALTH, CONTACT, MENTAL_HEALTH, SAFEGUARDING, Category.VOICE):
        mentor.asks_for(category).of(case).is_not_shown()


def test_a_refusal_beats_the_same_persons_yes_whatever_the_dates() -> None:
    yes = {"window": Window(NOW - DAY, None)}
    case = a_case.with_refusal(HEALTH, by="mother").with_consent(HEALTH, by="mother", **yes)
    NURSE.asks_for(HEALTH).of(case).is_known_to_exist().because_of(Blocker.REFUSED)


def test_two_with_authority_who_differ_are_a_conflict_and_the_lower_holds() -> None:
    case = a_case.with_consent(MENTAL_HEALTH, by="mother").with_refusal(MENTAL_HEALTH, by="father")
    NURSE.asks_for(MENTAL_HEALTH).of(case).is_not_shown().because_of(Blocker.CONFLICT)


def test_a_refusal_by_somebody_without_authority_changes_nothing() -> None:
    case = a_case.with_consent(HEALTH).with_refusal(HEALTH, by="neighbour", authority=0)
    NURSE.asks_for(HEALTH).of(case).is_shown_in_full()


def test_withdrawal_takes_effect_at_once_and_a_moment_early() -> None:
    withdrawn = a_case.with_consent(MENTAL_HEALTH, withdrawn_at=NOW)
    NURSE.asks_for(MENTAL_HEALTH).of(withdrawn).is_not_shown().because_of(Blocker.WITHDRAWN)
    soon = a_case.with_consent(MENTAL_HEALTH, withdrawn_at=NOW + 1_000_000)
    NURSE.asks_for(MENTAL_HEALTH).of(soon).is_not_shown().because_of(Blocker.WITHDRAWN)
    later = a_case.with_consent(MENTAL_HEALTH, withdrawn_at=NOW + 1_000_001)
    NURSE.asks_for(MENTAL_HEALTH).of(later).is_shown_in_full().until(NOW + 1_000_001)


def test_a_permission_that_ends_while_an_answer_travels_has_ended() -> None:
    for end, shown in ((NOW, False), (NOW + 1_000_000, False), (NOW + 1_000_001, True)):
        case = a_case.with_consent(MENTAL_HEALTH, window=Window(0, end))
        outcome = NURSE.asks_for(MENTAL_HEALTH).of(case)
        if shown:
            outcome.is_shown_in_full().until(end)
        else:
            outcome.is_not_shown().because_of(Blocker.EXPIRED)


def test_what_opens_opens_on_time_and_what_shuts_shuts_early() -> None:
    future = Window(NOW + 1, None)
    NURSE.asks_for(MENTAL_HEALTH).of(a_case.with_consent(MENTAL_HEALTH, window=future)).is_not_shown()
    NURSE.asks_for(PLAN).of(a_case.with_exclusion(window=future)).is_not_shown()
    NURSE.asks_for(PLAN).of(a_case.with_bar(window=Window(NOW + 1_000_000, None))).is_not_shown()
    NURSE.asks_for(PLAN).of(a_case.with_bar(window=Window(NOW + 1_000_001, None))).is_shown_in_full()
    over = Window(0, NOW)
    NURSE.asks_for(PLAN).of(a_case.with_bar(window=over)).is_shown_in_full()
    NURSE.asks_for(PLAN).of(a_case.with_exclusion(window=Window(0, NOW + 1))).is_not_shown()


def test_from_sixteen_a_parents_yes_counts_no_more() -> None:
    grown = a_case.with_child_deciding_from(NOW)
    NURSE.asks_for(MENTAL_HEALTH).of(grown.with_consent(MENTAL_HEALTH, by="mother")).is_not_shown()
    NURSE.asks_for(MENTAL_HEALTH).of(grown.with_consent(MENTAL_HEALTH, by="child")).is_shown_in_full()
    unknown = a_case.with_child_deciding_from(None)
    NURSE.asks_for(MENTAL_HEALTH).of(unknown.with_consent(MENTAL_HEALTH, by="mother")).is_not_shown()


def test_around_the_birthday_nobodys_yes_counts_too_long_or_too_early() -> None:
    nearly = a_case.with_child_deciding_from(NOW + 1_000_000)
    for giver in ("mother", "child"):
        NURSE.asks_for(MENTAL_HEALTH).of(nearly.with_consent(MENTAL_HEALTH, by=giver)).is_not_shown()


def test_a_child_not_judged_competent_does_not_open_anything_alone() -> None:
    case = a_case.with_consent(MENTAL_HEALTH, by="child")
    NURSE.asks_for(MENTAL_HEALTH).of(case).is_not_shown().because_of(Blocker.NO_BASIS)


def test_a_competent_childs_no_stands_against_a_parents_yes() -> None:
    case = a_case.with_consent(HEALTH, MENTAL_HEALTH, by="mother")
    refused = case.with_refusal(MENTAL_HEALTH, by="child", competent=True)
    NURSE.asks_for(MENTAL_HEALTH).of(refused).is_not_shown().because_of(Blocker.REFUSED)
    NURSE.asks_for(HEALTH).of(refused).is_shown_in_full()


def test_a_competent_childs_withdrawal_does_not_bring_a_parents_yes_to_life() -> None:
    case = a_case.with_consent(MENTAL_HEALTH, by="mother")
    case = case.with_consent(MENTAL_HEALTH, by="child", competent=True, withdrawn_at=NOW - DAY)
    NURSE.asks_for(MENTAL_HEALTH).of(case).is_not_shown().because_of(Blocker.WITHDRAWN)


def test_an_attorney_for_money_cannot_open_health() -> None:
    money = 1 << list(Category).index(Category.MONEY_WORK)
    case = a_case.with_consent(Category.MONEY_WORK, HEALTH, by="attorney", authority=money)
    NURSE.asks_for(Category.MONEY_WORK).of(case).is_shown_in_full()
    NURSE.asks_for(HEALTH).of(case).is_known_to_exist().resting_on("AGREEMENT:default")


def test_permission_for_another_agency_or_purpose_opens_nothing() -> None:
    elsewhere = a_case.with_consent(MENTAL_HEALTH, to=("council",))
    NURSE.asks_for(MENTAL_HEALTH).of(elsewhere).is_not_shown()
    panel_only = a_case.with_consent(MENTAL_HEALTH, purposes=frozenset({Purpose.PANEL}))
    NURSE.asks_for(MENTAL_HEALTH).of(panel_only).is_not_shown()


def test_police_get_no_diagnosis_even_with_permission_until_the_owner_releases_it() -> None:
    constable = practitioner("constable").from_the("police")
    outcome = constable.asks_for(MENTAL_HEALTH).of(a_case.with_consent(MENTAL_HEALTH))
    outcome.is_not_shown().because_of(Blocker.AGREEMENT_CAP, Blocker.NO_RELEASE)
    constable.asks_for(Category.STAFF_SAFETY).of(a_case).is_shown_in_full()


def test_a_relationship_is_needed() -> None:
    outsider = NURSE.who_is(Relationship.NONE)
    case = a_case.with_consent(HEALTH)
    outcome = outsider.asks_for(HEALTH).of(case)
    outcome.is_not_shown().because_of(Blocker.NO_RELATIONSHIP, Blocker.ROLE_CEILING)
    outsider.asks_for(IDENTITY).of(case).is_known_to_exist()


def test_only_purposes_of_the_role() -> None:
    for purpose in (Purpose.SAFEGUARDING, Purpose.ENFORCEMENT, Purpose.PANEL, "curiosity"):
        NURSE.for_purpose(purpose).asks_for(PLAN).of(a_case).is_not_shown().because_of(Blocker.PURPOSE)


def test_a_suspended_user_sees_nothing_not_even_their_own() -> None:
    outcome = NURSE.asks_for(PLAN).held_by("school").of(a_case.where(suspended=True))
    outcome.is_not_shown().because_of(Blocker.SUSPENDED)


def test_a_draft_is_its_authors_until_the_case_takes_part() -> None:
    waiting = a_case.where(takes_part=False).with_consent(PLAN).with_statutory_override(PLAN)
    question = lead_professional("key worker").asks_for(PLAN).labelled(draft=True)
    question.of(waiting).is_not_shown().because_of(Blocker.HELD)
    question.held_by("school").of(waiting).is_shown_in_full().resting_on("OWN")
    question.labelled(draft=True, accountable="school").of(waiting).is_not_shown()
    question.of(waiting.where(takes_part=True)).is_shown_in_full()


def test_an_unanswered_sensitive_question_keeps_the_entry_with_its_owner() -> None:
    question = NURSE.asks_for(HEALTH).labelled(unanswered=True)
    question.of(a_case.with_consent(HEALTH)).is_not_shown().because_of(Blocker.HELD)
    question.labelled(unanswered=True, accountable="school").of(a_case).is_not_shown()


@pytest.mark.parametrize(
    "outcome",
    [
        Caller("?", "wizard").asks_for(PLAN).of(a_case),
        NURSE.who_is("godparent").asks_for(PLAN).of(a_case),
        NURSE.from_the("a stranger's agency").asks_for(PLAN).of(a_case),
        NURSE.asks_for(PLAN).held_by("nobody knows").of(a_case),
        NURSE.asks_for(PLAN).about("a stranger").of(a_case),
        NURSE.asks_for("star_sign").of(a_case),
        NURSE.asks_for("star_sign").held_by("school").of(a_case),
        NURSE.asks_for(PLAN).of(a_case.where(agencies={"school": Agency("school", None)})),
    ],
    ids=["role", "relationship", "agency", "owner", "subject", "category", "own-category", "kind"],
)
def test_anything_unknown_is_not_shown(outcome: object) -> None:
    outcome.is_not_shown().because_of(Blocker.UNKNOWN)  # type: ignore[attr-defined]


def test_family_relationships_count_only_towards_the_person_they_name() -> None:
    mother = someone_of_the_family(child=Relationship.PARENT)
    mother.asks_for(HEALTH).about("child").of(a_case).is_shown_in_full()
    mother.asks_for(HEALTH).about("mother").of(a_case).is_not_shown().because_of(
        Blocker.NO_RELATIONSHIP, Blocker.ROLE_CEILING
    )
    careless = Caller("family", Role.FAMILY_MEMBER, Relationship.PARENT, agency="family")
    careless.asks_for(HEALTH).about("child").of(a_case).is_not_shown()


def test_a_parent_reads_no_more_once_the_child_decides() -> None:
    mother = someone_of_the_family(child=Relationship.PARENT)
    for birthday in (NOW, NOW + 1_000_000, None):
        mother.asks_for(PLAN).of(a_case.with_child_deciding_from(birthday)).is_not_shown()
    judged = a_case.with_consent(HEALTH, by="child", competent=True)
    mother.asks_for(PLAN).of(judged).is_not_shown()


def test_a_parent_elsewhere_learns_no_address_and_no_agency() -> None:
    father = someone_of_the_family(child=Relationship.PARENT_ELSEWHERE)
    for category in (CONTACT, Category.INVOLVEMENT, MENTAL_HEALTH):
        father.asks_for(category).of(a_case).is_not_shown()
    father.asks_for(PLAN).of(a_case).is_summarised()


def test_concerns_reach_the_family_only_by_a_persons_decision() -> None:
    child = someone_of_the_family(child=Relationship.SUBJECT)
    for category in (SAFEGUARDING, Category.DOMESTIC_ABUSE, Category.STAFF_SAFETY):
        child.asks_for(category).of(a_case.with_consent(category)).is_not_shown()
        child.asks_for(category).of(a_case.with_statutory_override(category)).is_shown_in_full()
    child.asks_for(MENTAL_HEALTH).of(a_case).is_shown_in_full()


def test_an_exclusion_naming_a_family_member_stops_them() -> None:
    mother = someone_of_the_family(child=Relationship.PARENT)
    mother.asks_for(PLAN).of(a_case.with_exclusion(user="user")).is_not_shown()


def test_a_seconded_agency_without_duties_gets_the_support_row_for_safeguarding() -> None:
    safeguarding_lead("charity").asks_for(SAFEGUARDING).of(a_case).is_known_to_exist()
    safeguarding_lead("trust").asks_for(SAFEGUARDING).held_by("council").of(a_case).is_shown_in_full()


def test_an_agency_whose_code_differs_in_capitals_is_another_agency() -> None:
    agencies = {**a_case.facts.agencies, "School": Agency("School", AgencyKind.EDUCATION)}
    case = a_case.where(agencies=agencies)
    NURSE.asks_for(Category.EQUALITY).held_by("school").of(case).resting_on("OWN")
    NURSE.asks_for(Category.EQUALITY).held_by("School").of(case).is_not_shown()
    NURSE.asks_for(HEALTH).of(a_case.with_consent(HEALTH, to=("School",))).is_known_to_exist()
    excluded = a_case.with_consent(HEALTH).with_exclusion(of="School")
    NURSE.asks_for(HEALTH).of(excluded).is_shown_in_full()


def test_a_category_that_nobody_knows_hides_what_is_labelled_with_it_too() -> None:
    NURSE.asks_for(PLAN).of(a_case).is_shown_in_full()
    NURSE.asks_for(PLAN, "horoscope").of(a_case).is_not_shown().because_of(Blocker.UNKNOWN)
    NURSE.asks_for("horoscope").held_by("school").of(a_case).is_not_shown()
