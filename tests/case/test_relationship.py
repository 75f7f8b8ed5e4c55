"""What a caller is to a case, in sentences."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from services.case.cases.relationship import (
    Asked,
    Place,
    family_relationships,
    on_behalf_roles,
    relationship,
    strongest,
)
from shared.identity import Caller
from shared.vocabulary import Relationship, Role

TODAY = date(2031, 3, 3)
PRIYA_OF_SCHOOL = Place("priya", "school", "volunteer", leads=False)
YUSUF_OF_YOT = Place("yusuf", "yot", "practitioner", leads=True)
TEAM = [PRIYA_OF_SCHOOL, YUSUF_OF_YOT]


def caller(user: str, agency: str, role: str = "practitioner", **more: Any) -> Caller:
    return Caller(user, user.title(), agency, role, **more)


@pytest.mark.parametrize(
    "who, word",
    [
        (caller("yusuf", "yot"), "lead"),
        (caller("priya", "school"), "member"),
        (caller("priya", "yot"), "none"),  # the same officer acting for her other agency
        (caller("hanna", "housing"), "none"),
        (caller("meera", "school"), "none"),  # a colleague who is not on the team
        (caller("meera", "school", "team_manager"), "supervisor"),
        (caller("meera", "housing", "team_manager"), "none"),
        (caller("priya", "school", "team_manager"), "supervisor"),
        (caller("yusuf", "yot", "team_manager"), "supervisor"),
        (caller("school-system", "school", "agency_system"), "member"),
        (caller("housing-system", "housing", "agency_system"), "none"),
        (caller("yot-system", "yot", "agency_system", on_behalf_of="yusuf"), "lead"),
        (caller("yot-system", "yot", "agency_system", on_behalf_of="priya"), "none"),
        (caller("school-system", "school", "agency_system", on_behalf_of="meera"), "none"),
        (caller("school-system", "school", "agency_system", on_behalf_of="school-system"), "none"),
        (caller("meera", "school", on_behalf_of="priya"), "none"),  # only a system acts for somebody
        (caller("iris", "school", "information_officer"), "none"),
        (caller("priya", "school", "family_member"), "none"),
    ],
)
def test_the_strongest_relationship_of_user_and_acting_agency(who: Caller, word: str) -> None:
    assert relationship(who, TEAM) == word
    assert relationship(who, reversed(TEAM)) == word
    assert relationship(who, []) == "none"


ANY_COORDINATOR = Asked("camhs", "coordinator", None)
CARA_OF_CAMHS = Asked("camhs", "practitioner", "cara")
DAN_OF_THE_PANEL = Asked("school", "panel_member", "dan")


@pytest.mark.parametrize(
    "who, word",
    [
        (caller("cora", "camhs", "coordinator"), "considering"),
        (caller("cara", "camhs"), "considering"),
        (caller("cara", "school"), "none"),  # asked as somebody of another agency
        (caller("carl", "camhs"), "none"),  # a colleague whom nobody asked
        (caller("dan", "school", "panel_member"), "considering"),
        (caller("dan", "school"), "none"),  # the panel asked him in another of his roles
        (caller("eve", "school", "panel_member"), "none"),
        (caller("camhs-system", "camhs", "agency_system"), "none"),
        (caller("camhs-system", "camhs", "agency_system", on_behalf_of="cara"), "none"),
        (caller("cara", "camhs", "family_member"), "none"),
        (caller("priya", "school"), "member"),
        (caller("meera", "school", "team_manager"), "supervisor"),
    ],
)
def test_whoever_was_asked_considers_in_the_role_in_which_they_were_asked(who: Caller, word: str) -> None:
    assert relationship(who, TEAM, [ANY_COORDINATOR, CARA_OF_CAMHS, DAN_OF_THE_PANEL]) == word


def test_a_place_on_the_team_counts_for_more_than_being_asked() -> None:
    asked = [Asked("school", "practitioner", "priya"), Asked("school", "team_manager", None)]
    assert relationship(caller("priya", "school"), TEAM, asked) == "member"
    assert relationship(caller("meera", "school", "team_manager"), TEAM, asked) == "supervisor"


CASEWORK = (Role.PRACTITIONER, Role.SAFEGUARDING_LEAD, Role.TEAM_MANAGER, Role.COORDINATOR)
READING = tuple(role for role in Role if role not in {*CASEWORK, Role.AGENCY_SYSTEM, Role.FAMILY_MEMBER})


@pytest.mark.parametrize("leads", [False, True])
@pytest.mark.parametrize("recorded", sorted(Role))
def test_what_a_place_on_the_team_is_to_its_holder_in_each_of_their_roles(
    recorded: Role, leads: bool
) -> None:
    """Fails when a manager is a member by a place of their own, when a place opens a role that only reads, or
    when a safeguarding lead leads from a place that was recorded for another role."""
    seat = Place("sam", "school", recorded, leads)

    def acting_as(role: Role, *asked: Asked) -> str:
        return relationship(caller("sam", "school", role), [seat], asked)

    in_charge = "lead" if leads else "member"
    assert acting_as(Role.PRACTITIONER) == in_charge
    assert acting_as(Role.TEAM_MANAGER) == "supervisor"
    assert acting_as(Role.FAMILY_MEMBER) == "none"
    guards_seat = recorded == Role.SAFEGUARDING_LEAD
    assert acting_as(Role.SAFEGUARDING_LEAD) == (in_charge if guards_seat else "member")
    for role in (Role.COORDINATOR, *READING):
        assert acting_as(role) == (in_charge if role == recorded else "none"), role
        if role != recorded:
            asked = Asked("school", role, "sam")
            assert acting_as(role, asked) == "considering", "no seat takes away what somebody was asked"
    for role in Role:
        elsewhere = relationship(caller("sam", "yot", role), [seat])
        assert elsewhere == "none", "a place is held for one agency"


def test_a_manager_is_the_same_whether_or_not_they_have_a_place_too() -> None:
    manager = caller("meera", "school", "team_manager")
    for role in CASEWORK:
        for leads in (False, True):
            own = Place("meera", "school", role, leads)
            assert relationship(manager, [*TEAM, own]) == relationship(manager, TEAM) == "supervisor"
            assert relationship(manager, [own]) == "supervisor", "their agency has a member: themselves"
    assert relationship(caller("meera", "school", "team_manager", on_behalf_of="priya"), TEAM) == "none"


def test_a_co_ordinator_who_works_on_the_case_in_another_role_is_one_like_any_other() -> None:
    own = Place("cy", "school", "practitioner", leads=True)
    assert relationship(caller("cy", "school", "coordinator"), [own]) == "none"
    asked = Asked("school", "coordinator", None)
    assert relationship(caller("cy", "school", "coordinator"), [own], [asked]) == "considering"


def test_whoever_a_system_names_works_in_the_role_in_which_they_were_added_to_the_team() -> None:
    def roles(agency: str, named: str | None, role: str = "agency_system") -> tuple[str, ...]:
        return on_behalf_roles(caller("system", agency, role, on_behalf_of=named), TEAM)

    assert roles("school", "priya") == ("volunteer",)
    assert roles("yot", "yusuf") == ("practitioner",)
    nobody = [
        ("school", "yusuf"),
        ("yot", "priya"),
        ("school", "meera"),
        ("school", ""),
        ("housing", "priya"),
    ]
    assert {roles(agency, named) for agency, named in nobody} == {()}
    assert roles("school", None) == ()
    assert roles("school", "priya", "practitioner") == ()


def test_lead_beats_member_beats_supervisor_beats_considering() -> None:
    order = ["none", "considering", "supervisor", "member", "lead"]
    for weaker, stronger in pairwise(order):
        pair = [Relationship(weaker), Relationship(stronger)]
        assert strongest(pair) == strongest(reversed(pair)) == stronger
    assert strongest([]) is Relationship.NONE


def recorded(relation: str, responsible: bool, together: bool, **more: str) -> dict[str, Any]:
    return {
        "from_person": "mother",
        "to_person": "child",
        "relation": relation,
        "parental_responsibility": responsible,
        "lives_with": together,
        **more,
    }


@pytest.mark.parametrize(
    "records, word",
    [
        ([recorded("mother", True, True)], "parent"),
        ([recorded("mother", True, False)], "parent_elsewhere"),
        ([recorded("grandparent", True, True)], "parent"),
        ([recorded("mother", False, True)], "carer"),
        ([recorded("mother", False, False)], None),
        ([recorded("carer", False, False)], "carer"),
        ([recorded("guardian", False, True)], "carer"),
        ([recorded("foster_carer", False, True)], "carer"),
        ([recorded("grandparent", False, True)], None),
        ([recorded("sibling", False, True)], None),
        ([recorded("partner", False, True)], None),
        ([recorded("other", False, True)], None),
        ([recorded("mother", True, True, start="2031-03-03")], "parent"),
        ([recorded("mother", True, True, start="2031-03-04")], None),
        ([recorded("mother", True, True, end="2031-03-04")], "parent"),
        ([recorded("mother", True, True, end="2031-03-03")], None),
        # Two agencies disagree: whoever knows of the move is believed.
        ([recorded("mother", True, True), recorded("mother", True, False)], "parent_elsewhere"),
        ([recorded("mother", False, True), recorded("mother", True, True)], "parent"),
        (
            [recorded("mother", True, True, end="2031-01-01"), recorded("mother", True, False)],
            "parent_elsewhere",
        ),
        ([], None),
    ],
)
def test_what_a_parent_is_to_the_child(records: list[dict[str, Any]], word: str | None) -> None:
    mother = caller("mum", "family", Role.FAMILY_MEMBER, person="mother")
    expected = {} if word is None else {"child": word}
    assert family_relationships(mother, ["child", "sister"], records, TODAY) == expected
    assert family_relationships(mother, ["sister"], records, TODAY) == {}


def test_a_child_is_the_subject_and_nothing_to_the_mother() -> None:
    child = caller("james", "family", Role.FAMILY_MEMBER, person="child")
    records = [recorded("mother", True, True)]
    assert family_relationships(child, ["child", "mother"], records, TODAY) == {"child": "subject"}


def test_practitioners_are_no_relations_whatever_their_token_says() -> None:
    posing = caller("priya", "school", person="mother")
    nobody = caller("mum", "family", Role.FAMILY_MEMBER)
    for who in (posing, nobody):
        assert family_relationships(who, ["child"], [recorded("mother", True, True)], TODAY) == {}
