"""Who may write (design 3.2)."""

from dataclasses import replace
from typing import Any

import pytest

from services.consent.decision.writing import (
    NOT_ON_THE_TEAM,
    OFFERED,
    ON_BEHALF,
    RULES,
    SEES_NOTHING,
    WRITING_ROLES,
    Doing,
    Permit,
    Refusal,
    may_write,
    offered,
)
from shared.vocabulary import Deed, Level, Relationship, Role

READERS = sorted(
    {Role.VOLUNTEER, Role.PANEL_MEMBER, Role.REFERRER, Role.SCRUTINEER, Role.FAMILY_MEMBER}
    | {Role.RECORDS_OFFICER, Role.AGENCY_SYSTEM}
)
MEMBER = Doing(Role.PRACTITIONER, Relationship.MEMBER, "school")
LEAD = replace(MEMBER, relationship=Relationship.LEAD)
MANAGER = Doing(Role.TEAM_MANAGER, Relationship.SUPERVISOR, "school")
OUTSIDER = replace(MEMBER, relationship=Relationship.NONE)
IN_OWN_WORDS = frozenset(
    {
        Deed.RECORD_REFUSAL, Deed.RECORD_EXCLUSION, Deed.WITHDRAW_PERMISSION, Deed.SIGN_COMPACT,
        Deed.SAY_WHAT_BECAME,
    }
)  # fmt: skip
JOINING: dict[str, Any] = {"target_agency": "trust", "target_excluded": False, "target_sees": True}
ABLE: dict[str, Any] = {"target_suspended": False, "target_role": "practitioner", "target_sees": True}
"""Somebody who can be put in charge."""


def permitted(deed: str, doing: Doing, **changes: Any) -> bool:
    answer = may_write(deed, replace(doing, **changes))
    assert isinstance(answer, Permit) or answer.reason.endswith(".")
    return isinstance(answer, Permit)


def test_every_deed_has_a_rule_and_an_unknown_deed_none() -> None:
    assert set(RULES) == set(Deed)
    assert may_write("erase", LEAD) == Refusal("This cannot be done here.")
    assert not permitted(Deed.CONTRIBUTE, LEAD, role="wizard")


@pytest.mark.parametrize("role", READERS)
def test_those_who_only_read_do_not_write(role: Role) -> None:
    generous: dict[str, Any] = {
        "role": role,
        "owner": "school",
        "accountable": "school",
        "level": Level.FULL,
        "takes_part": True,
        "statutory_basis": True,
        "benefits_own_agency": False,
        "by_giver": True,
        "is_self": True,
        **JOINING,
    }
    own_words = IN_OWN_WORDS if role == Role.FAMILY_MEMBER else frozenset()
    anybodys = {
        Deed.END_MEMBERSHIP,
        Deed.READ_CHECKPOINT,
        Deed.SEND_CONCERN,
        Deed.RECORD_SMALL_CONCERN,
        Deed.READ_REPORTS,
        Deed.ANSWER_INVITATION,
    }
    for deed in set(Deed) - anybodys - own_words:
        assert not permitted(deed, LEAD, **generous), deed
    assert permitted(Deed.END_MEMBERSHIP, LEAD, **generous), "anybody may leave"


def test_the_family_refuse_exclude_and_take_back_in_their_own_name_and_give_nothing() -> None:
    family = Doing(Role.FAMILY_MEMBER, Relationship.NONE, "family", is_self=True)
    assert {deed for deed in Deed if permitted(deed, family)} == IN_OWN_WORDS | {
        Deed.END_MEMBERSHIP, Deed.ANSWER_INVITATION,
    }  # fmt: skip
    for deed in IN_OWN_WORDS:
        assert not permitted(deed, family, is_self=False)
        assert permitted(deed, MEMBER)


def test_two_who_disagree_are_decided_between_by_the_lead_or_an_information_officer() -> None:
    officer = Doing(Role.INFORMATION_OFFICER, Relationship.NONE, "school")
    assert permitted(Deed.DECIDE_CONFLICT, LEAD)
    assert permitted(Deed.DECIDE_CONFLICT, officer)
    for other in (MEMBER, MANAGER, OUTSIDER, replace(LEAD, role=Role.VOLUNTEER)):
        assert not permitted(Deed.DECIDE_CONFLICT, other)


def test_whether_anybody_is_at_risk_is_said_by_the_lead_or_a_supervisor() -> None:
    assert permitted(Deed.ANSWER_RISK_QUESTION, LEAD)
    assert permitted(Deed.ANSWER_RISK_QUESTION, MANAGER)
    assert not permitted(Deed.ANSWER_RISK_QUESTION, MEMBER)
    assert permitted(Deed.ANSWER_RISK_QUESTION, MEMBER, has_lead=False)
    assert not permitted(Deed.ANSWER_RISK_QUESTION, OUTSIDER, has_lead=False)


def test_an_agencys_manager_or_information_officer_says_that_somebody_left_it() -> None:
    for role in (Role.TEAM_MANAGER, Role.INFORMATION_OFFICER):
        leaving = replace(OUTSIDER, role=role)
        assert permitted(Deed.RECORD_DEPARTURE, leaving, target_agency="school")
        assert not permitted(Deed.RECORD_DEPARTURE, leaving, target_agency="trust")
        assert not permitted(Deed.RECORD_DEPARTURE, leaving)
    assert not permitted(Deed.RECORD_DEPARTURE, LEAD, target_agency="school", is_self=True)


def test_members_and_the_lead_contribute_supervisors_and_outsiders_do_not() -> None:
    for deed in (
        Deed.CONTRIBUTE, Deed.SIGN_ASSESSMENT, Deed.RECORD_EXCLUSION, Deed.RECORD_REFUSAL,
        Deed.WITHDRAW_PERMISSION, Deed.RECORD_AUTHORITY, Deed.SIGN_COMPACT, Deed.SAY_WHAT_BECAME,
        Deed.GIVE_FAMILY_CODE,
    ):  # fmt: skip
        assert permitted(deed, MEMBER)
        assert permitted(deed, LEAD)
        assert not permitted(deed, MANAGER)
        assert not permitted(deed, OUTSIDER)


def test_an_authority_is_ended_by_the_team_but_for_whom_its_end_benefits() -> None:
    for doing in (MEMBER, LEAD):
        assert permitted(Deed.END_AUTHORITY, doing, benefits_own_agency=False)
        assert not permitted(Deed.END_AUTHORITY, doing, benefits_own_agency=True)
    for doing in (MANAGER, OUTSIDER):
        assert not permitted(Deed.END_AUTHORITY, doing, benefits_own_agency=False)


def test_money_is_given_by_managers_spent_by_the_lead_and_signed_by_who_pays() -> None:
    coordinator = replace(OUTSIDER, role=Role.COORDINATOR)
    for deed in (Deed.ADMINISTER_BUDGET, Deed.ALLOCATE_BUDGET):
        assert permitted(deed, MANAGER)
        assert permitted(deed, coordinator)
        for other in (MEMBER, LEAD, OUTSIDER):
            assert not permitted(deed, other)
    assert permitted(Deed.SPEND_BUDGET, LEAD)
    for other in (MEMBER, MANAGER, OUTSIDER, replace(LEAD, role=Role.VOLUNTEER)):
        assert not permitted(Deed.SPEND_BUDGET, other)
    assert permitted(Deed.SETTLE_PURCHASE, LEAD)
    for deed in (Deed.SIGN_PURCHASE, Deed.SETTLE_PURCHASE):
        assert permitted(deed, MANAGER, accountable="school", level=Level.SUMMARY)
        assert not permitted(deed, MANAGER, accountable="school"), "not by who does not see it"
        assert not permitted(deed, MANAGER, accountable="trust", level=Level.FULL)
        assert not permitted(deed, MANAGER, level=Level.FULL)
        for other in (MEMBER, OUTSIDER, coordinator, replace(LEAD, role=Role.VOLUNTEER)):
            assert not permitted(deed, other, accountable="school", level=Level.FULL)
    assert not permitted(Deed.SIGN_PURCHASE, LEAD, accountable="school", level=Level.FULL)


def test_only_the_owner_corrects_and_only_what_it_sees_in_full() -> None:
    assert not permitted(Deed.CORRECT, LEAD, owner="trust", level=Level.FULL)
    assert not permitted(Deed.CORRECT, MEMBER, owner="school", level=Level.SUMMARY)
    assert not permitted(Deed.CORRECT, MEMBER, level=Level.FULL)
    assert permitted(Deed.CORRECT, MEMBER, owner="school", level=Level.FULL)


def test_another_agency_joins_only_with_permission_or_a_statutory_basis_and_never_if_excluded() -> None:
    assert not permitted(Deed.ADD_TO_TEAM, LEAD, **JOINING)
    assert permitted(Deed.ADD_TO_TEAM, LEAD, takes_part=True, **JOINING)
    assert permitted(Deed.ADD_TO_TEAM, MANAGER, statutory_basis=True, **JOINING)
    assert not permitted(Deed.ADD_TO_TEAM, LEAD, takes_part=True, target_agency="trust", target_excluded=True)
    assert not permitted(Deed.ADD_TO_TEAM, LEAD, takes_part=True)
    own = {**JOINING, "target_agency": "school"}
    assert permitted(Deed.ADD_TO_TEAM, LEAD, **own)
    assert not permitted(Deed.ADD_TO_TEAM, LEAD, **{**own, "target_sees": False})


JOINS_OR_TAKES_ON: list[tuple[Deed, Doing]] = [
    (Deed.ADD_TO_TEAM, replace(LEAD, takes_part=True, target_agency="trust", target_excluded=False)),
    (Deed.INVITE, replace(LEAD, takes_part=True, target_agency="trust", target_excluded=False)),
    (Deed.NOMINATE_LEAD, LEAD),
    (Deed.NOMINATE_FOR_PANEL, Doing(Role.COORDINATOR, Relationship.NONE, "office", has_lead=False)),
    (Deed.ANSWER_NOMINATION, replace(MEMBER, is_self=True)),
    (Deed.NAME_DEPUTY, LEAD),
    (Deed.NAME_CHAIR, LEAD),
]


@pytest.mark.parametrize("deed, doing", JOINS_OR_TAKES_ON)
def test_nobody_joins_or_is_put_in_charge_in_a_role_that_is_shown_nothing_there(
    deed: Deed, doing: Doing
) -> None:
    """Fails when a deed does not ask, or when not knowing counts as being shown something."""
    assert permitted(deed, doing, **ABLE)
    refused = may_write(deed, replace(doing, **{**ABLE, "target_sees": False}))
    assert refused == Refusal(SEES_NOTHING)
    assert not permitted(deed, doing)


def test_whoever_is_on_the_team_is_invited_whatever_their_role() -> None:
    invited = replace(LEAD, target_agency="school", target_excluded=False)
    assert not permitted(Deed.INVITE, invited)
    assert permitted(Deed.INVITE, invited, target_on_team=True)


@pytest.mark.parametrize("role", [*Role, "wizard", None])
def test_nobody_leads_or_stands_in_who_only_reads(role: str | None) -> None:
    for deed, doing in JOINS_OR_TAKES_ON:
        charge = deed not in (Deed.ADD_TO_TEAM, Deed.INVITE, Deed.NAME_CHAIR)
        may = permitted(deed, doing, **{**ABLE, "target_role": role})
        assert may == (role in WRITING_ROLES or not charge), deed


def test_a_nomination_is_taken_back_or_refused_and_a_list_read_whoever_it_was_of() -> None:
    for deed, doing in JOINS_OR_TAKES_ON[2:]:
        assert permitted(deed, doing, names_nobody=True), deed
    asked = replace(MANAGER, is_self=True, names_nobody=True)
    assert permitted(Deed.ANSWER_NOMINATION, asked), "a manager who was asked before says no"


LEFT: dict[str, Any] = {
    "left_in": "open", "kept_out": False, "target_agency": "school", "takes_part": True, **ABLE,
}  # fmt: skip
FORMER = Doing(Role.TEAM_MANAGER, Relationship.NONE, "school", has_lead=False, was_there=True)
ANY_COORDINATOR = Doing(Role.COORDINATOR, Relationship.NONE, "school", has_lead=False)


@pytest.mark.parametrize("doing", [FORMER, ANY_COORDINATOR])
def test_a_case_that_everybody_left_is_taken_on_by_an_own_colleague(doing: Doing) -> None:
    """Fails when another agency is volunteered for it, when it is taken on before the family agreed, or when
    somebody takes it on whom an exclusion or a bar keeps out."""
    assert permitted(Deed.ADD_TO_TEAM, doing, **LEFT)
    for changes in (
        {"left_in": None}, {"left_in": "closed"}, {"kept_out": True}, {"target_agency": "trust"},
        {"target_agency": None}, {"takes_part": False}, {"target_suspended": True}, {"target_sees": False},
    ):  # fmt: skip
        assert not permitted(Deed.ADD_TO_TEAM, doing, **{**LEFT, **changes}), changes
    unagreed = {**LEFT, "takes_part": False}
    assert permitted(Deed.ADD_TO_TEAM, doing, **unagreed, statutory_basis=True)
    assert permitted(Deed.ADD_TO_TEAM, doing, **unagreed, opened_it=True), (
        "it is the author's work until then"
    )


def test_nobody_else_takes_on_what_everybody_left() -> None:
    for role in Role:
        others = Doing(role, Relationship.NONE, "school", has_lead=False)
        assert permitted(Deed.ADD_TO_TEAM, others, **LEFT) == (role == Role.COORDINATOR)
        former = replace(others, was_there=True)
        may = role in (Role.COORDINATOR, Role.TEAM_MANAGER)
        assert permitted(Deed.ADD_TO_TEAM, former, **LEFT) == may


def test_what_is_taken_on_or_left_unseen_is_the_former_managers_and_ones_own() -> None:
    """A co-ordinator takes on what their queue shows them; whoever sees nothing of it does not."""
    taken = may_write(Deed.ADD_TO_TEAM, replace(FORMER, **LEFT))
    assert taken == Permit(even_unseen=True)
    assert may_write(Deed.ADD_TO_TEAM, replace(ANY_COORDINATOR, was_there=True, **LEFT)) == Permit()
    usual = replace(LEAD, takes_part=True, **JOINING)
    assert may_write(Deed.ADD_TO_TEAM, usual) == Permit()
    leaving = replace(OUTSIDER, is_self=True)
    assert may_write(Deed.END_MEMBERSHIP, leaving) == Permit(), "who has left is not on the team"
    assert may_write(Deed.END_MEMBERSHIP, replace(leaving, target_on_team=True)) == Permit(even_unseen=True)
    other = replace(LEAD, target_agency="trust", target_on_team=True)
    assert may_write(Deed.END_MEMBERSHIP, other) == Permit()


def test_a_closed_case_that_everybody_left_is_opened_again_by_a_co_ordinator_of_who_was_there() -> None:
    closed = {**LEFT, "left_in": "closed"}
    assert permitted(Deed.CLOSE_CASE, ANY_COORDINATOR, **closed, was_there=True)
    assert not permitted(Deed.CLOSE_CASE, ANY_COORDINATOR, **closed)
    assert not permitted(Deed.CLOSE_CASE, ANY_COORDINATOR, **{**closed, "kept_out": True}, was_there=True)
    assert not permitted(Deed.CLOSE_CASE, ANY_COORDINATOR, **LEFT, was_there=True), "an open one is taken on"
    assert not permitted(Deed.CLOSE_CASE, FORMER, **closed)
    for role in set(Role) - {Role.COORDINATOR}:
        assert not permitted(Deed.CLOSE_CASE, FORMER, **closed, role=role), role


def test_what_everybody_left_is_offered_to_who_may_take_it_on() -> None:
    left: dict[str, Any] = {"left_in": "open", "kept_out": False, "takes_part": True}
    assert Deed.ADD_TO_TEAM in offered(replace(ANY_COORDINATOR, **left))
    assert Deed.CLOSE_CASE not in offered(replace(ANY_COORDINATOR, was_there=True, **left))
    assert Deed.ADD_TO_TEAM not in offered(ANY_COORDINATOR)
    assert Deed.ADD_TO_TEAM not in offered(replace(ANY_COORDINATOR, **{**left, "kept_out": True}))
    closed = replace(ANY_COORDINATOR, was_there=True, **{**left, "left_in": "closed"})
    assert Deed.CLOSE_CASE in offered(closed)
    assert Deed.ADD_TO_TEAM not in offered(closed)


def test_a_member_builds_the_team_only_while_nobody_leads() -> None:
    free: dict[str, Any] = {**JOINING, **ABLE, "takes_part": True}
    for deed in (Deed.ADD_TO_TEAM, Deed.NOMINATE_LEAD, Deed.CLOSE_CASE):
        assert not permitted(deed, MEMBER, **free)
        assert permitted(deed, MEMBER, has_lead=False, **free)
        assert not permitted(deed, OUTSIDER, has_lead=False, **free)


COORDINATOR = Doing(Role.COORDINATOR, Relationship.NONE, "office", **ABLE)


def test_nobody_is_put_in_charge_whose_access_is_not_in_force() -> None:
    """Fails when a suspension is asked of the caller only, or when not knowing counts as being able."""
    for deed, doing in (
        (Deed.NOMINATE_LEAD, LEAD), (Deed.NAME_DEPUTY, LEAD), (Deed.NOMINATE_LEAD, MANAGER),
        (Deed.NOMINATE_FOR_PANEL, replace(COORDINATOR, has_lead=False)),
    ):  # fmt: skip
        doing = replace(doing, **ABLE)
        assert permitted(deed, doing)
        assert not permitted(deed, doing, target_suspended=True)
        assert "access is not in force" in may_write(deed, replace(doing, target_suspended=True)).reason  # type: ignore[union-attr]


def test_a_coordinator_nominates_for_a_panel_where_nobody_leads_or_while_it_considers_the_case() -> None:
    assert permitted(Deed.NOMINATE_FOR_PANEL, COORDINATOR, has_lead=False)
    assert not permitted(Deed.NOMINATE_FOR_PANEL, COORDINATOR, has_lead=True)
    assert permitted(
        Deed.NOMINATE_FOR_PANEL, COORDINATOR, has_lead=True, relationship=Relationship.CONSIDERING
    )
    assert not permitted(Deed.NOMINATE_LEAD, COORDINATOR, has_lead=False)
    for other in (LEAD, MANAGER, MEMBER):
        assert not permitted(Deed.NOMINATE_FOR_PANEL, other, has_lead=False, **ABLE)


def test_a_manager_of_the_nominees_agency_objects_and_nobody_else() -> None:
    assert permitted(Deed.OBJECT_TO_NOMINATION, MANAGER, target_agency="school")
    for other, agency in ((MANAGER, "trust"), (MANAGER, None), (LEAD, "school"), (MEMBER, "school")):
        assert not permitted(Deed.OBJECT_TO_NOMINATION, other, target_agency=agency)


def test_whoever_is_in_charge_names_a_deputy_and_weighs_the_case() -> None:
    for deed in (Deed.NAME_DEPUTY, Deed.WEIGH_CASE):
        for doing in (LEAD, MANAGER):
            assert permitted(deed, doing, **ABLE)
        for doing in (MEMBER, OUTSIDER, COORDINATOR, replace(LEAD, role=Role.VOLUNTEER)):
            assert not permitted(deed, doing, has_lead=False, **ABLE)


def test_a_manager_caps_caseloads_and_those_who_answer_for_an_agency_see_its_gaps() -> None:
    for role in Role:
        doing = Doing(role, Relationship.NONE, "school", target_agency="school")
        assert permitted(Deed.CAP_CASELOAD, doing) == (role == Role.TEAM_MANAGER)
        answers = role in (Role.TEAM_MANAGER, Role.COORDINATOR, Role.INFORMATION_OFFICER)
        assert permitted(Deed.READ_GAPS, doing) == answers
        assert not permitted(Deed.READ_GAPS, doing, target_agency="trust")
        for deed in (Deed.READ_WORKLIST, Deed.READ_STREAMS):
            assert permitted(deed, doing) == (role in WRITING_ROLES)


def test_whoever_works_with_people_says_that_their_agency_does() -> None:
    for doing in (MEMBER, LEAD, MANAGER, OUTSIDER):
        assert permitted(Deed.RECORD_INVOLVEMENT, doing)
    for role in READERS:
        assert not permitted(Deed.RECORD_INVOLVEMENT, MEMBER, role=role)


def test_a_membership_is_ended_by_the_lead_that_agencys_manager_or_oneself() -> None:
    assert permitted(Deed.END_MEMBERSHIP, LEAD, target_agency="trust")
    assert permitted(Deed.END_MEMBERSHIP, MANAGER, relationship=Relationship.NONE, target_agency="school")
    assert not permitted(Deed.END_MEMBERSHIP, MANAGER, relationship=Relationship.NONE, target_agency="trust")
    assert not permitted(Deed.END_MEMBERSHIP, MEMBER, target_agency="trust")
    assert permitted(Deed.END_MEMBERSHIP, MEMBER, target_agency="trust", is_self=True)


def test_a_permission_that_benefits_the_recorder_needs_evidence_and_tells_the_owners() -> None:
    assert not permitted(Deed.RECORD_PERMISSION, MEMBER, benefits_own_agency=True)
    evidenced = replace(MEMBER, benefits_own_agency=True, has_evidence_reference=True)
    assert may_write(Deed.RECORD_PERMISSION, evidenced) == Permit(notify_owners=True)
    other = replace(MEMBER, benefits_own_agency=False)
    assert may_write(Deed.RECORD_PERMISSION, other) == Permit(notify_owners=False)
    assert not permitted(Deed.RECORD_PERMISSION, OUTSIDER, benefits_own_agency=False)


def test_an_exclusion_is_lifted_by_its_giver_and_recorded_by_an_agency_it_does_not_benefit() -> None:
    lifting = replace(MEMBER, by_giver=True, benefits_own_agency=False, against_unknown=False)
    lifting = replace(lifting, against=frozenset({"trust"}))
    assert permitted(Deed.LIFT_EXCLUSION, lifting)
    assert not permitted(Deed.LIFT_EXCLUSION, lifting, by_giver=False)
    assert not permitted(Deed.LIFT_EXCLUSION, lifting, against=frozenset({"school"}))
    assert not permitted(Deed.LIFT_EXCLUSION, lifting, benefits_own_agency=True)


def test_an_exclusion_of_somebody_of_whom_nobody_knows_where_they_work_is_lifted_by_the_lead_alone() -> None:
    lifting = Doing(
        Role.PRACTITIONER, Relationship.MEMBER, "school", by_giver=True, benefits_own_agency=False
    )
    assert lifting.against_unknown, "unknown is the value that permits least"
    may = {word for word in Relationship if permitted(Deed.LIFT_EXCLUSION, lifting, relationship=word)}
    assert may == {Relationship.LEAD}
    by_lead = replace(lifting, relationship=Relationship.LEAD)
    assert not permitted(Deed.LIFT_EXCLUSION, by_lead, against=frozenset({"school"}))
    assert not permitted(Deed.LIFT_EXCLUSION, by_lead, by_giver=False)


def test_only_the_owners_manager_releases() -> None:
    assert permitted(Deed.RELEASE, MANAGER, owner="school")
    assert not permitted(Deed.RELEASE, MANAGER, owner="trust")
    assert not permitted(Deed.RELEASE, LEAD, owner="school")


def test_only_the_nominee_answers() -> None:
    assert permitted(Deed.ANSWER_NOMINATION, MEMBER, is_self=True, **ABLE)
    assert not permitted(Deed.ANSWER_NOMINATION, LEAD, **ABLE)
    assert not permitted(Deed.ANSWER_NOMINATION, OUTSIDER, is_self=True, **ABLE)


def test_only_the_accountable_agency_writes_an_actions_status() -> None:
    assert permitted(Deed.WRITE_ACTION_STATUS, MEMBER, accountable="school")
    assert not permitted(Deed.WRITE_ACTION_STATUS, LEAD, accountable="trust")
    assert not permitted(Deed.WRITE_ACTION_STATUS, OUTSIDER, accountable="school")


def test_whoever_of_the_accountable_agency_sees_an_action_in_full_answers_for_it_without_a_seat() -> None:
    for relationship in Relationship:
        for role in (Role.COORDINATOR, Role.SAFEGUARDING_LEAD, Role.TEAM_MANAGER, Role.PRACTITIONER):
            who = Doing(role, relationship, "school")
            in_full = {"accountable": "school", "level": Level.FULL}
            assert permitted(Deed.WRITE_ACTION_STATUS, who, **in_full), (role, relationship)
            working = relationship in (Relationship.MEMBER, Relationship.LEAD)
            partly = {**in_full, "level": Level.SUMMARY}
            assert permitted(Deed.WRITE_ACTION_STATUS, who, **partly) == working, (role, relationship)
            assert not permitted(Deed.WRITE_ACTION_STATUS, who, **{**in_full, "accountable": "trust"})
            assert not permitted(Deed.CONTRIBUTE, who, **in_full) or working, "no other deed opens by it"
    volunteer = Doing(Role.VOLUNTEER, Relationship.MEMBER, "school")
    assert not permitted(Deed.WRITE_ACTION_STATUS, volunteer, accountable="school", level=Level.FULL)


def test_an_agency_off_the_team_is_to_do_something_where_it_may_be_asked_as_by_a_referral() -> None:
    asked: dict[str, Any] = {"target_agency": "trust", "target_excluded": False}
    assert not permitted(Deed.CONTRIBUTE, MEMBER, **asked)
    for basis in ("takes_part", "statutory_basis"):
        assert permitted(Deed.CONTRIBUTE, MEMBER, **asked, **{basis: True})
        assert not permitted(Deed.CONTRIBUTE, MEMBER, **{**asked, "target_excluded": True}, **{basis: True})
        for more in ({}, {"target_excluded": True}):
            said = [may_write(d, replace(LEAD, **{**asked, **more})) for d in (Deed.CONTRIBUTE, Deed.REFER)]
            assert said[0] == said[1], "in the same words"
    assert not permitted(Deed.CONTRIBUTE, OUTSIDER, **asked, takes_part=True)


def test_rules_of_sharing_are_the_information_officers() -> None:
    officer = Doing(Role.INFORMATION_OFFICER, Relationship.NONE, "school")
    assert permitted(Deed.ADMINISTER_AGREEMENTS, officer)
    assert not permitted(Deed.ADMINISTER_AGREEMENTS, LEAD)
    policy = {deed for deed in Deed if deed.endswith("_policy")} | {Deed.DISCARD_DRAFT}
    of_the_ledger = {Deed.READ_CHECKPOINT, Deed.VERIFY_LEDGER, Deed.HOLD_RECEIPT, Deed.READ_OFFICE}
    of_access = {Deed.SUSPEND_USER, Deed.LIFT_SUSPENSION, Deed.RECORD_OVERRIDE}
    of_bars = {Deed.RECORD_BAR, Deed.READ_BARS, Deed.LIFT_BAR}
    officers = {Deed.ADMINISTER_AGREEMENTS, *policy, *of_access, *of_bars, *of_the_ledger}
    assert len(officers) == 17
    for_families = {Deed.DECIDE_CONFLICT, Deed.ANSWER_MESSAGE}
    officers |= for_families
    assert {deed for deed in Deed if permitted(deed, officer)} == officers
    assert not {deed for deed in officers - for_families if permitted(deed, LEAD)}


def test_what_waits_for_an_agency_is_read_by_those_who_answer_for_it() -> None:
    answer = {Role.INFORMATION_OFFICER, Role.TEAM_MANAGER, Role.SAFEGUARDING_LEAD}
    assert {role for role in Role if permitted(Deed.READ_OFFICE, OUTSIDER, role=role)} == answer
    assert not permitted(Deed.READ_OFFICE, LEAD, role="wizard")


def test_an_agency_is_added_by_an_officer_of_the_partnership_only() -> None:
    officer = Doing(Role.INFORMATION_OFFICER, Relationship.NONE, "school")
    assert not permitted(Deed.ADD_AGENCY, officer)
    assert permitted(Deed.ADD_AGENCY, replace(officer, for_partnership=True))


def test_only_an_information_officer_writes_reads_and_lifts_bars() -> None:
    for role in Role:
        for deed in (Deed.RECORD_BAR, Deed.READ_BARS, Deed.LIFT_BAR):
            for relationship in Relationship:
                doing = Doing(role, relationship, "school", level=Level.FULL, takes_part=True)
                assert permitted(deed, doing) == (role == Role.INFORMATION_OFFICER)


def test_only_an_information_officer_suspends_a_user_or_lets_them_in_again() -> None:
    for role in Role:
        for deed in (Deed.SUSPEND_USER, Deed.LIFT_SUSPENSION):
            doing = Doing(role, Relationship.LEAD, "school")
            assert permitted(deed, doing) == (role == Role.INFORMATION_OFFICER)


def test_anybody_who_records_asks_to_be_told_decides_not_to_share_and_opens_the_inbox() -> None:
    for deed in (Deed.REQUEST_SHARING, Deed.DECIDE_NOT_TO_SHARE, Deed.READ_CONCERNS):
        for doing in (MEMBER, LEAD, MANAGER, OUTSIDER):
            assert permitted(deed, doing)


def test_whoever_works_with_people_sends_a_concern_whatever_they_see() -> None:
    may = {Role.PRACTITIONER, Role.SAFEGUARDING_LEAD, Role.TEAM_MANAGER, Role.COORDINATOR}
    may |= {Role.VOLUNTEER, Role.PANEL_MEMBER, Role.REFERRER}
    assert {role for role in Role if permitted(Deed.SEND_CONCERN, OUTSIDER, role=role)} == may
    assert not permitted(Deed.SEND_CONCERN, LEAD, role="wizard")


def test_a_concern_is_acknowledged_by_the_agency_that_got_it_and_reads_all_of_it() -> None:
    got = replace(OUTSIDER, accountable="school", level=Level.FULL)
    assert permitted(Deed.ACKNOWLEDGE_CONCERN, got)
    assert not permitted(Deed.ACKNOWLEDGE_CONCERN, got, level=Level.SUMMARY)
    assert not permitted(Deed.ACKNOWLEDGE_CONCERN, got, accountable="trust", owner="school")
    assert not permitted(Deed.ACKNOWLEDGE_CONCERN, got, accountable=None)


@pytest.mark.parametrize("doing", [MEMBER, LEAD, MANAGER])
def test_who_works_on_a_case_refers_it_to_an_agency_that_the_family_did_not_exclude(doing: Doing) -> None:
    asked: dict[str, Any] = {"takes_part": True, **JOINING}
    assert permitted(Deed.REFER, doing, **asked)
    assert not permitted(Deed.REFER, doing, **JOINING), "before permission to take part"
    assert permitted(Deed.REFER, doing, statutory_basis=True, **JOINING)
    assert permitted(Deed.REFER, doing, target_agency="school", target_excluded=False), "their own"
    assert not permitted(Deed.REFER, doing, **{**asked, "target_excluded": True})
    assert not permitted(Deed.REFER, doing, **{**asked, "target_agency": None})
    for stranger in (Relationship.NONE, Relationship.CONSIDERING):
        assert not permitted(Deed.REFER, doing, relationship=stranger, **asked)


@pytest.mark.parametrize("deed", [Deed.TAKE_UP_REFERRAL, Deed.ANSWER_REFERRAL])
def test_a_referral_is_answered_by_the_agency_that_was_asked_and_can_read_it(deed: Deed) -> None:
    asked = replace(OUTSIDER, accountable="school", level=Level.SUMMARY)
    assert permitted(deed, asked)
    assert not permitted(deed, asked, level=Level.EXISTENCE)
    assert not permitted(deed, asked, accountable="trust", owner="school")
    assert not permitted(deed, asked, role=Role.REFERRER)


def test_a_meeting_is_arranged_by_the_team_and_by_who_co_ordinates_a_panel_that_considers_the_case() -> None:
    asked: dict[str, Any] = {"takes_part": True, **JOINING}
    panel = Doing(Role.COORDINATOR, Relationship.CONSIDERING, "office")
    for doing in (MEMBER, LEAD, MANAGER, panel):
        assert permitted(Deed.ARRANGE_MEETING, doing)
        assert permitted(Deed.INVITE, doing, **asked)
        assert not permitted(Deed.INVITE, doing, **{**asked, "target_excluded": True})
        assert not permitted(Deed.INVITE, doing, **JOINING), "before permission to take part"
        assert not permitted(Deed.ARRANGE_MEETING, doing, relationship=Relationship.NONE)
    considering = replace(OUTSIDER, relationship=Relationship.CONSIDERING)
    assert not permitted(Deed.ARRANGE_MEETING, considering)
    assert not permitted(Deed.INVITE, considering, **asked)


def test_a_chair_is_named_by_who_is_in_charge_or_co_ordinates_and_never_somebody_suspended() -> None:
    seated = replace(MEMBER, role=Role.COORDINATOR)
    panel = Doing(Role.COORDINATOR, Relationship.CONSIDERING, "office")
    for doing in (LEAD, MANAGER, seated, panel):
        doing = replace(doing, **ABLE)
        assert permitted(Deed.NAME_CHAIR, doing)
        assert not permitted(Deed.NAME_CHAIR, doing, target_suspended=True)
        assert not permitted(Deed.NAME_CHAIR, doing, relationship=Relationship.NONE)
    for doing in (MEMBER, OUTSIDER, replace(OUTSIDER, relationship=Relationship.CONSIDERING)):
        assert not permitted(Deed.NAME_CHAIR, doing, **ABLE)
    assert permitted(Deed.NAME_CHAIR, MEMBER, has_lead=False, **ABLE)
    assert not permitted(Deed.NAME_CHAIR, LEAD, role=Role.VOLUNTEER, **ABLE)


@pytest.mark.parametrize("role", [Role.PANEL_MEMBER, Role.VOLUNTEER, Role.PRACTITIONER])
def test_only_who_was_invited_answers(role: Role) -> None:
    assert permitted(Deed.ANSWER_INVITATION, OUTSIDER, role=role, is_self=True)
    assert not permitted(Deed.ANSWER_INVITATION, LEAD, role=role)


def test_a_manager_of_an_agency_on_the_team_decides_that_it_asks_again() -> None:
    assert permitted(Deed.REOPEN_OFFER, MANAGER)
    assert not permitted(Deed.REOPEN_OFFER, LEAD)
    assert not permitted(Deed.REOPEN_OFFER, MANAGER, relationship=Relationship.NONE)


def test_a_case_is_opened_by_whoever_works_with_people() -> None:
    assert permitted(Deed.OPEN_CASE, OUTSIDER)
    assert permitted(Deed.CREATE_PERSON, OUTSIDER)


@pytest.mark.parametrize(
    "deed, roles",
    [
        (Deed.READ_CHECKPOINT, {Role.INFORMATION_OFFICER, Role.AGENCY_SYSTEM}),
        (Deed.VERIFY_LEDGER, {Role.INFORMATION_OFFICER}),
        (Deed.HOLD_RECEIPT, {Role.INFORMATION_OFFICER, Role.SAFEGUARDING_LEAD}),
    ],
)
def test_what_is_done_to_the_ledger_depends_on_the_role_alone(deed: Deed, roles: set[Role]) -> None:
    for relationship in Relationship:
        may = {role for role in Role if permitted(deed, replace(LEAD, role=role, relationship=relationship))}
        assert may == roles


OFFICER = Doing(Role.INFORMATION_OFFICER, Relationship.NONE, "trust")
GUARD = replace(OFFICER, role=Role.SAFEGUARDING_LEAD)
SUPERVISOR = replace(OFFICER, role=Role.TEAM_MANAGER)


def test_an_override_is_recorded_by_a_safeguarding_lead_with_statutory_duties_or_an_officer() -> None:
    assert not permitted(Deed.RECORD_OVERRIDE, GUARD)
    assert permitted(Deed.RECORD_OVERRIDE, GUARD, statutory_duties=True)
    assert permitted(Deed.RECORD_OVERRIDE, OFFICER)
    for role in set(Role) - {Role.SAFEGUARDING_LEAD, Role.INFORMATION_OFFICER}:
        assert not permitted(Deed.RECORD_OVERRIDE, GUARD, role=role, statutory_duties=True), role


def test_an_override_is_confirmed_by_somebody_else_who_supervises_in_the_agency_that_recorded_it() -> None:
    for doing in (GUARD, SUPERVISOR):
        assert permitted(Deed.CONFIRM_OVERRIDE, doing, owner="trust")
        assert not permitted(Deed.CONFIRM_OVERRIDE, doing, owner="trust", is_self=True)
        assert not permitted(Deed.CONFIRM_OVERRIDE, doing, owner="school")
        assert not permitted(Deed.CONFIRM_OVERRIDE, doing)
    assert not permitted(Deed.CONFIRM_OVERRIDE, OFFICER, owner="trust")
    for doing, may in ((OFFICER, True), (GUARD, True), (SUPERVISOR, False)):
        assert permitted(Deed.CONFIRM_OVERRIDE, doing, owner="trust", by_officer=True) is may
        assert not permitted(Deed.CONFIRM_OVERRIDE, doing, owner="trust", by_officer=True, is_self=True)
        assert not permitted(Deed.CONFIRM_OVERRIDE, doing, owner="nobody", by_officer=True)


def test_an_override_is_ended_by_those_who_answer_for_the_agency_that_recorded_it() -> None:
    for doing in (GUARD, SUPERVISOR, OFFICER):
        assert permitted(Deed.END_OVERRIDE, doing, owner="trust")
        assert not permitted(Deed.END_OVERRIDE, doing, owner="school")
        assert not permitted(Deed.END_OVERRIDE, doing)
    assert not permitted(Deed.END_OVERRIDE, MEMBER, owner="school")


def test_somebody_else_of_the_agency_that_recorded_an_override_says_when_the_family_may_be_told() -> None:
    for doing in (GUARD, OFFICER):
        assert permitted(Deed.REVIEW_TELLING, doing, owner=doing.agency)
        assert not permitted(Deed.REVIEW_TELLING, doing, owner=doing.agency, is_self=True)
        assert not permitted(Deed.REVIEW_TELLING, doing, owner="another")
        assert not permitted(Deed.REVIEW_TELLING, doing)
    assert not permitted(Deed.REVIEW_TELLING, SUPERVISOR, owner="trust")
    assert not permitted(Deed.REVIEW_TELLING, MEMBER, owner="school")


def test_the_glass_is_broken_by_whom_the_policy_lets_unless_a_review_is_outstanding() -> None:
    user = replace(OUTSIDER, breaks_glass=True, needs_manager=False)
    assert permitted(Deed.BREAK_GLASS, user)
    assert not permitted(Deed.BREAK_GLASS, user, breaks_glass=False)
    assert not permitted(Deed.BREAK_GLASS, user, needs_manager=True)
    assert not permitted(Deed.BREAK_GLASS, OUTSIDER)


def test_only_a_manager_breaks_it_for_a_colleague_whose_review_is_outstanding() -> None:
    for outstanding in (False, True):
        doing = replace(SUPERVISOR, breaks_glass=True, for_colleague=True, needs_manager=outstanding)
        assert permitted(Deed.BREAK_GLASS, doing)
        assert not permitted(Deed.BREAK_GLASS, doing, role=Role.PRACTITIONER)
        assert not permitted(Deed.BREAK_GLASS, doing, breaks_glass=False)


def test_broken_glass_is_renewed_by_whom_the_policy_lets_even_with_a_review_outstanding() -> None:
    assert permitted(Deed.RENEW_BREAK_GLASS, OUTSIDER, breaks_glass=True, needs_manager=True)
    assert not permitted(Deed.RENEW_BREAK_GLASS, OUTSIDER)


def test_a_review_is_done_by_somebody_else_of_the_same_agency() -> None:
    for doing in (GUARD, OFFICER):
        assert permitted(Deed.REVIEW_BREAK_GLASS, doing, owner="trust")
        assert not permitted(Deed.REVIEW_BREAK_GLASS, doing, owner="trust", is_self=True)
        assert not permitted(Deed.REVIEW_BREAK_GLASS, doing, owner="school")
    assert not permitted(Deed.REVIEW_BREAK_GLASS, SUPERVISOR, owner="trust")
    assert permitted(Deed.REVIEW_BREAK_GLASS, SUPERVISOR, owner="trust", told_overdue=True)
    assert not permitted(Deed.REVIEW_BREAK_GLASS, SUPERVISOR, owner="trust", told_overdue=True, is_self=True)


SYSTEM = replace(MEMBER, role=Role.AGENCY_SYSTEM)
GENEROUS: dict[str, Any] = {
    "owner": "school",
    "accountable": "school",
    "level": Level.FULL,
    "takes_part": True,
    "is_self": True,
    "by_giver": True,
    "benefits_own_agency": False,
}


def test_a_system_does_for_whoever_it_names_what_they_may_and_systems_do() -> None:
    for relationship in (Relationship.MEMBER, Relationship.LEAD):
        acting = replace(SYSTEM, relationship=relationship, on_behalf_roles=(Role.PRACTITIONER,))
        assert {deed for deed in Deed if permitted(deed, acting, **GENEROUS)} == ON_BEHALF
    assert {deed for deed in ON_BEHALF if permitted(deed, SYSTEM, **GENEROUS)} == set(), "alone it only reads"
    outside = replace(SYSTEM, relationship=Relationship.NONE, on_behalf_roles=(Role.PRACTITIONER,))
    assert not permitted(Deed.CONTRIBUTE, outside, **GENEROUS)
    for role in READERS:
        assert not permitted(Deed.CONTRIBUTE, SYSTEM, on_behalf_roles=(role,), **GENEROUS), role


def test_for_somebody_in_two_roles_a_system_does_what_both_may() -> None:
    both = (Role.PRACTITIONER, Role.VOLUNTEER)
    assert not permitted(Deed.CONTRIBUTE, SYSTEM, on_behalf_roles=both, **GENEROUS)
    assert permitted(Deed.CONTRIBUTE, SYSTEM, on_behalf_roles=both[:1], **GENEROUS)


def test_whoever_a_system_names_and_nobody_finds_may_do_nothing_for_one_reason() -> None:
    for deed in Deed:
        nobody = may_write(deed, replace(SYSTEM, on_behalf_roles=()))
        forged = may_write(deed, replace(LEAD, on_behalf_roles=(Role.PRACTITIONER,)))
        assert nobody == forged == Refusal(NOT_ON_THE_TEAM), deed
    assert permitted(Deed.READ_CHECKPOINT, SYSTEM), "for itself it may"


def test_the_agency_that_raised_a_flag_ends_it_though_its_practitioners_see_the_summary_only() -> None:
    raised = replace(MEMBER, owner="school", level=Level.SUMMARY)
    assert permitted(Deed.END_FLAG, raised)
    assert not permitted(Deed.END_FLAG, raised, level=Level.EXISTENCE)
    assert not permitted(Deed.END_FLAG, raised, owner="trust")
    assert not permitted(Deed.END_FLAG, raised, owner=None)
    assert not permitted(Deed.END_FLAG, raised, role=Role.VOLUNTEER)


def test_whoever_may_send_a_concern_may_record_a_small_one() -> None:
    for role in (*Role, "wizard"):
        assert permitted(Deed.RECORD_SMALL_CONCERN, OUTSIDER, role=role) == permitted(
            Deed.SEND_CONCERN, OUTSIDER, role=role
        )


def test_coordinators_answer_signals_and_managers_and_scrutineers_read_reports() -> None:
    for deed in (Deed.READ_SIGNALS, Deed.ANSWER_SIGNAL):
        assert [role for role in Role if permitted(deed, OUTSIDER, role=role)] == [Role.COORDINATOR]
        assert not permitted(deed, LEAD)
    readers = [role for role in Role if permitted(Deed.READ_REPORTS, OUTSIDER, role=role)]
    assert readers == [Role.TEAM_MANAGER, Role.SCRUTINEER]


def test_the_team_and_its_managers_look_at_a_case_as_another_agency_would() -> None:
    for doing in (MEMBER, LEAD, MANAGER):
        assert permitted(Deed.SEE_AS_AGENCY, doing)
        assert Deed.SEE_AS_AGENCY in offered(doing)
    assert not permitted(Deed.SEE_AS_AGENCY, OUTSIDER)
    considering = replace(MEMBER, relationship=Relationship.CONSIDERING)
    assert not permitted(Deed.SEE_AS_AGENCY, considering)
    assert not permitted(Deed.SEE_AS_AGENCY, MEMBER, role=Role.VOLUNTEER)


def test_what_is_offered_is_never_refused_for_who_one_is() -> None:
    assert {Deed.CONTRIBUTE, Deed.RECORD_PERMISSION, Deed.ARRANGE_MEETING} <= set(offered(MEMBER))
    assert {Deed.NOMINATE_LEAD, Deed.NAME_DEPUTY, Deed.END_MEMBERSHIP}.isdisjoint(offered(MEMBER))
    assert {Deed.NOMINATE_LEAD, Deed.NAME_DEPUTY, Deed.END_MEMBERSHIP} <= set(offered(LEAD))
    assert Deed.NOMINATE_LEAD in offered(replace(MEMBER, has_lead=False))
    assert Deed.OBJECT_TO_NOMINATION in offered(MANAGER)
    assert Deed.REFER not in offered(LEAD)
    assert Deed.REFER in offered(replace(LEAD, takes_part=True))


@pytest.mark.parametrize("role", [*READERS, "wizard"])
def test_those_who_only_read_are_offered_nothing_that_is_written(role: str) -> None:
    found = set(offered(replace(LEAD, role=role, takes_part=True)))
    if role == Role.FAMILY_MEMBER:
        assert found == IN_OWN_WORDS | {Deed.ANSWER_NOMINATION, Deed.INVITE} & found
    assert found <= IN_OWN_WORDS | {Deed.SEND_CONCERN, Deed.RECORD_SMALL_CONCERN}
    assert found == set() or role in (Role.FAMILY_MEMBER, Role.VOLUNTEER, Role.PANEL_MEMBER, Role.REFERRER)


def test_whoever_is_outside_is_offered_only_what_anybody_may_do() -> None:
    anybodys = {Deed.SEND_CONCERN, Deed.RECORD_SMALL_CONCERN, Deed.REQUEST_SHARING, Deed.DECIDE_NOT_TO_SHARE}
    assert set(offered(OUTSIDER)) == anybodys
    assert len(OFFERED) == len(set(OFFERED)) >= 30
