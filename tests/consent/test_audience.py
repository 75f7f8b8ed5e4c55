"""Who sees which answer, which exclusion and which receipt (design 3.4)."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from services.consent.consents.audience import Reader, may_see_consent, may_see_exclusion
from services.consent.ledger.audience import (
    AboutPerson,
    as_seen_by_family,
    as_seen_by_officer,
    told_to_family,
    without_places,
)
from services.consent.ledger.plain_words import BUNDLES, because, bundles_of, sentence, team_words
from shared.vocabulary import SENSITIVE, Basis, Category, LedgerAction, Purpose, Relationship, Role

OWNED = {"kit": frozenset({"learning", "health"})}
WORKING = (Relationship.MEMBER, Relationship.SUPERVISOR)


def a_reader(**changes: Any) -> Reader:
    facts = {"user": "hanna", "agency": "city-housing", "role": "practitioner", "relationship": "member"}
    return Reader(**{**facts, "owned": {}, **changes})


def a_consent(**changes: Any) -> SimpleNamespace:
    row = {
        "kind": "share",
        "subject": "kit",
        "answer": "given",
        "recorded_by": "ada",
        "recipients": ["city-housing"],
        "categories": ["learning"],
        "sharing_request": None,
        "owner": None,
        "withdrawn_at": None,
        "may_tip_off": None,
    }
    return SimpleNamespace(**{**row, **changes})


def an_exclusion(**changes: Any) -> SimpleNamespace:
    row = {
        "subject": "kit",
        "recorded_by": "ada",
        "agencies": ["north-police"],
        "users": [],
        "categories": ["learning"],
    }
    return SimpleNamespace(**{**row, **changes})


def test_who_recorded_an_answer_sees_it_whatever_became_of_them() -> None:
    for relationship, answer in product(Relationship, ("given", "refused")):
        reader = a_reader(user="ada", agency="elsewhere", relationship=relationship)
        assert may_see_consent(reader, a_consent(answer=answer))


def test_the_lead_sees_every_answer() -> None:
    for kind, answer in product(("share", "take_part"), ("given", "refused")):
        consent = a_consent(kind=kind, answer=answer, recipients=[])
        assert may_see_consent(a_reader(relationship="lead"), consent)


def test_an_owner_concerned_sees_the_answer_about_what_it_owns() -> None:
    for relationship, answer in product(WORKING, ("given", "refused")):
        reader = a_reader(relationship=relationship, owned=OWNED)
        assert may_see_consent(reader, a_consent(recipients=[], answer=answer))
        assert not may_see_consent(reader, a_consent(recipients=[], answer=answer, subject="sister"))
        assert not may_see_consent(reader, a_consent(recipients=[], answer=answer, categories=["offending"]))


def test_a_recipient_sees_a_yes_that_names_it_and_never_a_no() -> None:
    assert may_see_consent(a_reader(), a_consent())
    assert not may_see_consent(a_reader(), a_consent(answer="refused"))
    assert not may_see_consent(a_reader(agency="hope-mentors"), a_consent())


def test_a_recipient_reads_no_yes_that_was_taken_back_but_what_it_owns_where_telling_is_safe() -> None:
    taken_back = {"withdrawn_at": datetime(2031, 3, 3, tzinfo=UTC)}
    assert not may_see_consent(a_reader(), a_consent(**taken_back))
    owner = a_reader(owned=OWNED)
    assert may_see_consent(owner, a_consent(**taken_back))
    assert not may_see_consent(owner, a_consent(**taken_back, may_tip_off="He works there"))
    about_abuse = a_consent(**taken_back, categories=["learning", "domestic_abuse"])
    assert not may_see_consent(owner, about_abuse)
    for told in (a_reader(relationship="lead"), a_reader(user="ada"), a_reader(agency="x", owned=OWNED)):
        assert may_see_consent(told, about_abuse)


def test_an_answer_to_a_request_is_seen_by_its_parties_alone_and_not_before_it_is_granted() -> None:
    asked = {"sharing_request": "r-1", "owner": "hill-school", "recipients": ["city-housing"]}
    asker, owner = a_reader(), a_reader(agency="hill-school", owned=OWNED)
    third = a_reader(agency="health", owned=OWNED)
    for reader, granted in ((asker, True), (owner, True), (third, False)):
        assert may_see_consent(reader, a_consent(**asked)) is granted
        assert not may_see_consent(reader, a_consent(**asked), untold=True)
        assert not may_see_consent(reader, a_consent(**asked, answer="refused"))


def test_the_answer_about_taking_part_is_known_to_everybody_who_works_on_the_case() -> None:
    for relationship in Relationship:
        seen = may_see_consent(
            a_reader(relationship=relationship), a_consent(kind="take_part", recipients=[])
        )
        assert seen is (relationship in {*WORKING, Relationship.LEAD})


def test_without_a_place_on_the_case_neither_recipient_nor_owner_sees_an_answer() -> None:
    outside = [word for word in Relationship if word not in {*WORKING, Relationship.LEAD}]
    assert len(outside) == 6
    for relationship in [*outside, "newer than this code"]:
        for consent in (a_consent(), a_consent(kind="take_part")):
            assert not may_see_consent(a_reader(relationship=relationship, owned=OWNED), consent)


def test_an_excluded_agency_does_not_see_that_it_is_excluded_but_for_its_information_officer() -> None:
    exclusion = an_exclusion(agencies=["city-housing"])
    seen_by = {
        role
        for role in Role
        if may_see_exclusion(a_reader(role=role, relationship="lead", owned=OWNED), exclusion)
    }
    assert seen_by == {Role.INFORMATION_OFFICER}
    # Not even who recorded it, should they have changed to that agency.
    assert not may_see_exclusion(a_reader(user="ada"), exclusion)


def test_an_excluded_user_does_not_see_it_in_any_role() -> None:
    for role in Role:
        assert not may_see_exclusion(
            a_reader(role=role, relationship="lead", owned=OWNED), an_exclusion(agencies=[], users=["hanna"])
        )
    officer = a_reader(role="information_officer")
    assert may_see_exclusion(officer, an_exclusion(agencies=["city-housing"], users=["hanna"]))


def test_an_exclusion_is_seen_by_who_recorded_it_by_the_lead_and_by_owners_concerned() -> None:
    assert may_see_exclusion(a_reader(user="ada", relationship="none"), an_exclusion())
    assert may_see_exclusion(a_reader(relationship="lead"), an_exclusion())
    for relationship in Relationship:
        owner = a_reader(relationship=relationship, owned=OWNED)
        assert may_see_exclusion(owner, an_exclusion()) is (relationship in {*WORKING, Relationship.LEAD})
    member = a_reader(owned=OWNED)
    assert not may_see_exclusion(a_reader(), an_exclusion())
    assert not may_see_exclusion(member, an_exclusion(subject="sister"))
    assert not may_see_exclusion(member, an_exclusion(categories=["offending"]))


def test_an_information_officer_of_another_agency_sees_no_exclusion() -> None:
    assert not may_see_exclusion(a_reader(role="information_officer", relationship="none"), an_exclusion())


def cell(owner: str, level: str, *subjects: str) -> dict[str, Any]:
    return {
        "owner": owner,
        "categories": ["learning"],
        "subjects": list(subjects),
        "level": level,
        "bases": ["PERMISSION:c-1"],
        "entries": ["e-1"],
    }


def a_receipt(agency: str, *cases: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": "r-1",
        "at": "2031-03-03T09:00:00.000000Z",
        "user": "hanna",
        "user_name": "Hanna Berg",
        "agency": agency,
        "on_behalf_of": None,
        "role": "practitioner",
        "action": "read",
        "deed": None,
        "purpose": "support",
        "reason": None,
        "cases": [
            {"case": f"case-{place}", "relationship": "member", "cells": cells}
            for place, cells in enumerate(cases)
        ],
        "policy_version": 1,
        "facts_version": "f-1",
    }


MIXED = a_receipt(
    "city-housing",
    [cell("hill-school", "full", "kit"), cell("youth-offending", "none", "kit", "mum")],
    [cell("youth-offending", "summary", "mum")],
)


def shown_cells(seen: Mapping[str, Any] | None) -> list[tuple[str, list[str]]]:
    """By case the owners of the cells shown."""
    assert seen is not None
    return [(case["case"], [cell["owner"] for cell in case["cells"]]) for case in seen["cases"]]


def test_an_officer_sees_what_the_own_agency_received_and_nothing_of_what_it_did_not() -> None:
    assert shown_cells(as_seen_by_officer(MIXED, "city-housing", ())) == [
        ("case-0", ["hill-school"]),
        ("case-1", ["youth-offending"]),
    ]


def test_of_what_a_colleague_could_only_know_to_exist_an_officer_learns_who_holds_it() -> None:
    hinted = [cell("hill-school", "existence", "kit"), cell("hill-school", "existence", "mum")]
    seen = as_seen_by_officer(a_receipt("city-housing", hinted), "city-housing", ())
    assert seen is not None
    assert seen["cases"][0]["cells"] == [{"owner": "hill-school", "level": "existence"}]


def test_an_officer_sees_the_cells_that_the_own_agency_owns_and_no_other_agencys() -> None:
    assert shown_cells(as_seen_by_officer(MIXED, "youth-offending", ())) == [
        ("case-0", ["youth-offending"]),
        ("case-1", ["youth-offending"]),
    ]


def test_an_officer_does_not_learn_of_a_case_in_which_nothing_is_the_agencys_own() -> None:
    """A list of fifty cases on one receipt must not tell one owner the other forty-nine."""
    assert shown_cells(as_seen_by_officer(MIXED, "hill-school", ())) == [("case-0", ["hill-school"])]


def test_an_officer_sees_no_receipt_in_which_nothing_is_the_agencys_own() -> None:
    assert as_seen_by_officer(MIXED, "hope-mentors", ()) is None
    assert as_seen_by_officer(a_receipt("city-housing", []), "hill-school", ()) is None


def test_an_officer_sees_that_the_own_agency_was_refused_what_it_knows_to_exist() -> None:
    refused = a_receipt("city-housing", [])
    assert shown_cells(as_seen_by_officer(refused, "city-housing", {"case-0"})) == [("case-0", [])]


def test_of_a_case_that_did_not_exist_for_a_colleague_not_even_the_id_is_told() -> None:
    """A colleague's list and a refusal name it on the receipt; to the agency it is as if it were absent."""
    refused = a_receipt("city-housing", [])
    assert shown_cells(as_seen_by_officer(refused, "city-housing", ())) == []
    listed = a_receipt(
        "city-housing", [cell("hill-school", "summary", "kit")], [cell("camhs", "none", "mum")]
    )
    assert shown_cells(as_seen_by_officer(listed, "city-housing", {"case-0"})) == [
        ("case-0", ["hill-school"])
    ]
    # The owner of what was hidden sees that it was asked for.
    assert shown_cells(as_seen_by_officer(listed, "camhs", {"case-0"})) == [("case-1", ["camhs"])]


def test_a_partnership_officer_sees_everything() -> None:
    seen = as_seen_by_officer(MIXED, "council", (), everything=True)
    assert shown_cells(seen) == [
        ("case-0", ["hill-school", "youth-offending"]),
        ("case-1", ["youth-offending"]),
    ]
    assert as_seen_by_officer(MIXED, "council", ()) is None


def test_a_receipt_is_shown_without_what_is_for_nobody_but_the_ledger() -> None:
    seen = as_seen_by_officer(MIXED, "city-housing", ())
    assert seen is not None
    assert set(seen) == {
        "id", "at", "agency", "user", "user_name", "on_behalf_of", "role", "action", "deed", "purpose",
        "reason", "cases",
    }  # fmt: skip


def as_family(receipt: Mapping[str, Any], *about: str, hidden: Collection[AboutPerson] = ()) -> Any:
    """The receipt as somebody reads it who may know of all that it tells but for what is hidden."""
    may_know = told_to_family(receipt, about) - set(hidden)
    return as_seen_by_family(receipt, about, may_know, "City Housing")


def test_a_person_sees_when_who_as_what_why_and_on_which_basis_and_no_name() -> None:
    assert as_family(MIXED, "mum") == {
        "id": "r-1",
        "at": "2031-03-03T09:00:00.000000Z",
        "agency": "city-housing",
        "agency_name": "City Housing",
        "role": "practitioner",
        "team": "on the team",
        "action": "read",
        "purpose": "support",
        "reason": None,
        "about": ["mum"],
        "what": ["everyday life"],
        "because": ["permission was given"],
        "sentence": "City Housing (a practitioner, on the team) looked at: everyday life. Why: to help. "
        "This was allowed because permission was given.",
    }


@pytest.mark.parametrize("level, shown", [("none", 0), ("existence", 0), ("summary", 1), ("full", 1)])
def test_a_person_sees_what_was_released_about_them_and_nothing_else(level: str, shown: int) -> None:
    receipt = a_receipt("city-housing", [cell("hill-school", level, "kit")])
    assert (as_family(receipt, "kit") is not None) == bool(shown)
    assert as_family(receipt, "mum") is None
    nothing_left = a_receipt("city-housing", [{**cell("hill-school", level, "kit"), "entries": []}])
    assert as_family(nothing_left, "kit") is None


def test_of_what_they_may_not_know_of_the_family_is_told_nothing() -> None:
    concern = {**cell("childrens-services", "full", "kit"), "categories": ["learning", "safeguarding"]}
    receipt = a_receipt("city-housing", [cell("hill-school", "full", "kit"), concern])
    hidden = ("childrens-services", ("learning", "safeguarding"), "kit")
    assert as_family(receipt, "kit", hidden=[hidden])["what"] == ["everyday life"]
    assert as_family(receipt, "kit")["what"] == ["everyday life", "safeguarding"]
    only_that = a_receipt("city-housing", [concern])
    assert as_family(only_that, "kit", hidden=[hidden]) is None
    # And nothing at all where it would tell which agency works with them.
    assert as_family(receipt, "kit", hidden=[("city-housing", ("involvement",), "kit")]) is None


def test_a_parent_sees_what_is_about_each_child_and_about_whom() -> None:
    receipt = a_receipt(
        "city-housing", [cell("hill-school", "full", "kit")], [cell("hill-school", "full", "mum", "sister")]
    )
    assert as_family(receipt, "kit", "mum")["about"] == ["kit", "mum"]
    assert as_family(receipt, "sister")["about"] == ["sister"]
    assert as_family(receipt, "father") is None


def test_what_was_seen_is_told_in_six_bundles_and_what_is_sensitive_singly() -> None:
    assert len(BUNDLES) == 6
    bundled = [category for categories in BUNDLES.values() for category in categories]
    assert len(bundled) == len(set(bundled))
    assert set(bundled) == set(Category) - SENSITIVE - {Category.STAFF_SAFETY}
    assert bundles_of(["learning", "family", "health", "unheard of"]) == ["everyday life", "health"]
    singly = [bundles_of([category]) for category in sorted(SENSITIVE)]
    assert singly == [[category.replace("_", " ")] for category in sorted(SENSITIVE)]
    assert len({*BUNDLES, *(bundles_of([category])[0] for category in Category)}) == 6 + 7 + 1


def test_every_word_of_a_receipt_has_plain_words_and_a_newer_one_does_no_harm() -> None:
    reading = [action for action in LedgerAction if action not in ("contribute", "refuse")]
    said = {
        sentence("An agency", role, team_words([place]), action, purpose, None, ["health"], because([basis]))
        for role, action, purpose, place, basis in product(Role, reading, Purpose, Relationship, Basis)
    }
    at_work = (len(Role) - 1) * len(reading) * len(Purpose) * 5 * len(Basis)
    assert len(said) == at_work + len(reading), "of the family's own looks nothing is explained"
    newer = sentence("An agency", "wizard", team_words(["x"]), "x", "x", "So", ["health"], because(["X:1"]))
    assert newer == (
        "An agency (somebody, not on the team) saw: health. Why: not said. They wrote: “So”. "
        "This was allowed because of a rule that is not named here."
    )


def test_an_agency_that_may_not_learn_where_somebody_is_is_not_told_who_holds_or_reads_about_them() -> None:
    cells = [cell("hill-school", "full", "kit"), cell("city-housing", "full", "kit")]
    about_kit = a_receipt("city-housing", cells)
    own = as_seen_by_officer(without_places(about_kit, "city-housing", {"kit"}), "city-housing", ())
    assert shown_cells(own) == [("case-0", ["a service", "city-housing"])]
    hint = a_receipt("city-housing", [cell("hill-school", "existence", "kit")])
    told = as_seen_by_officer(without_places(hint, "city-housing", {"kit"}), "city-housing", ())
    assert shown_cells(told) == [("case-0", ["a service"])]
    assert as_seen_by_officer(without_places(about_kit, "hill-school", {"kit"}), "hill-school", ()) is None
    others = without_places(about_kit, "hill-school", {"mum"})
    assert shown_cells(as_seen_by_officer(others, "hill-school", ())) == [("case-0", ["hill-school"])]
    assert without_places(about_kit, "hill-school", ()) is about_kit
