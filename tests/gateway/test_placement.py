"""Every stored field is placed at one level, and projection builds from the placed ones only."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pydantic import create_model

from services.assessment.entry_kinds import ENTRY_KINDS as ASSESSMENT_KINDS
from services.case.entry_kinds import ENTRY_KINDS as CASE_KINDS
from services.gateway.placement import PLACEMENTS, Placement
from services.gateway.projection import (
    etag,
    lead_card,
    nomination_card,
    not_available,
    person_card,
    project_entries,
    project_entry,
    roster,
    timeline,
)
from shared.disclosure import AgencyCard, Entry
from shared.records.base import Record
from shared.vocabulary import Area, Level

KINDS: Mapping[str, type[Record]] = {**CASE_KINDS, **ASSESSMENT_KINDS}
ID, OTHER = "5f0c9d0e-6c41-4d0b-9a55-0a3a2b7c9d11", "0b9cc9a0-3c1e-4a57-8b0e-0a8f7a4f5a10"


def mistakes(kinds: Mapping[str, type[Record]], placements: Mapping[str, Placement]) -> Iterator[str]:
    """What is wrong between the fields that are stored and the fields that are placed."""
    for kind in kinds.keys() - placements.keys():
        yield f"{kind} is not placed"
    for kind, placement in placements.items():
        placed = [*placement.summary, *placement.full]
        stored = set(kinds[kind].model_fields) if kind in kinds else set()
        yield from (f"{kind}.{name} is placed twice" for name in set(placed) if placed.count(name) > 1)
        yield from (f"{kind}.{name} is not placed" for name in stored - set(placed))
        yield from (f"{kind}.{name} is placed and not stored" for name in set(placed) - stored)


def test_every_stored_field_stands_at_exactly_one_level_and_nothing_else_stands_there() -> None:
    assert list(mistakes(KINDS, PLACEMENTS)) == []
    assert len(KINDS) == len(CASE_KINDS) + len(ASSESSMENT_KINDS) == 49
    assert sum(len(record.model_fields) for record in KINDS.values()) == 251


def test_a_new_field_that_nobody_placed_is_a_mistake() -> None:
    changed: Any = {
        **KINDS, "goal": create_model("GoalWithReason", __base__=KINDS["goal"], reason=(str, ...)),
    }  # fmt: skip
    assert list(mistakes(changed, PLACEMENTS)) == ["goal.reason is not placed"]
    assert list(mistakes({**KINDS, "new": KINDS["goal"]}, PLACEMENTS)) == ["new is not placed"]
    without = {kind: placement for kind, placement in PLACEMENTS.items() if kind != "need"}
    assert list(mistakes(KINDS, without)) == ["need is not placed"]
    twice = {**PLACEMENTS, "goal": Placement(("text",), ("text",))}
    assert list(mistakes(KINDS, twice)) == ["goal.text is placed twice"]
    more = {**PLACEMENTS, "goal": Placement(("text",), ("secret",)), "old": Placement((), ("x",))}
    assert sorted(mistakes(KINDS, more)) == [
        "goal.secret is placed and not stored", "old.x is placed and not stored",
    ]  # fmt: skip


def test_what_says_most_is_never_seen_at_summary() -> None:
    """The fields that a summary must not give away, said once more and apart from the table."""
    full_only = {
        "need": {"narrative", "evidence"}, "strength": {"narrative", "evidence"}, "comment": {"text"},
        "contact": {"address", "postcode", "telephone", "email"}, "identifiers": {"nhs_number", "upn"},
        "equality": {"ethnicity", "religion", "immigration_status"}, "home_situation": {"text"},
        "health_needs": {"disability_details"}, "conclusion": {"explanation", "referred_to"},
        "parent_or_carer": {"address", "telephone"}, "case_opening": {"reason"}, "closure": {"note"},
        "checklist": {"answers"}, "assessment": {"reason_for_assessment", "location"},
        "concern": {"about", "worry", "when", "sent", "not_told_because", "recipient"},
        "birth": {"date_of_birth"}, "people_present": {"people"},
        "action": {"action", "outcome", "what_happened"},
        "agreed_action": {"action"}, "compact": {"preamble"}, "commitment": {"promise", "what_happened"},
        "outcome_measure": {"values"}, "purchase": {"what", "amount_pence", "wish"},
        "plan_goal": {"family_wishes"},
    }  # fmt: skip
    for kind, names in full_only.items():
        assert names <= set(PLACEMENTS[kind].full), kind
        assert names.isdisjoint(PLACEMENTS[kind].summary), kind


def an_entry(kind: str = "need", fields: dict[str, Any] | None = None, **changes: Any) -> Entry:
    entry: dict[str, Any] = {
        "id": ID, "area": "assessment", "kind": kind, "owner": "northgate-school", "accountable": None,
        "categories": ["learning"], "subjects": [OTHER], "unanswered": False, "draft": False,
        "locates": False, "recorded_at": "2031-03-03T09:00:00.000000Z", "author": "canary author",
        "version": 77,
        "fields": {} if fields is None else fields,
        **changes,
    }  # fmt: skip
    return entry  # type: ignore[return-value]


def canaries(kind: str) -> dict[str, Any]:
    return {name: f"canary {name}" for name in KINDS[kind].model_fields} | {"unplaced": "canary unplaced"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_canary_in_every_field_is_shown_where_its_field_is_placed(kind: str) -> None:
    """Fails when projection copies a record and deletes from it, or shows what is placed a level higher."""
    entry, placement = an_entry(kind, canaries(kind)), PLACEMENTS[kind]
    assert project_entry(entry, Level.NONE) is None
    assert project_entry(entry, Level.EXISTENCE) is None
    summary, full = project_entry(entry, Level.SUMMARY), project_entry(entry, Level.FULL)
    assert summary is not None
    assert full is not None
    assert summary["fields"].keys() == set(placement.summary)
    assert full["fields"].keys() == {*placement.summary, *placement.full} == set(KINDS[kind].model_fields)
    text = repr(summary)
    for name in (*placement.full, "unplaced"):
        assert f"canary {name}'" not in text
    assert "canary author" not in text
    assert "canary unplaced" not in repr(full)
    for shown in (summary, full):
        assert "version" not in shown
        assert not {"accountable", "unanswered", "draft", "area"} & shown.keys()
    assert "etag" not in summary


def test_that_a_question_is_open_is_said_to_whoever_sees_all_of_the_entry_alone() -> None:
    entry = an_entry("need", canaries("need"), unanswered=True)
    summary, full = project_entry(entry, Level.SUMMARY), project_entry(entry, Level.FULL)
    assert summary is not None
    assert full is not None
    assert "unanswered" not in summary
    assert full["unanswered"] is True


def test_a_kind_that_nobody_placed_leaves_nothing() -> None:
    assert project_entry(an_entry("rumour", {"headline": "canary"}), Level.FULL) is None
    areas = project_entries([an_entry("rumour", {"headline": "canary"})], [Level.FULL])
    assert areas == {area.value: [] for area in Area}


def test_an_area_that_nobody_knows_leaves_nothing() -> None:
    entry = an_entry("need", canaries("need"), area="attic")
    assert not any(project_entries([entry], [Level.FULL]).values())


@pytest.mark.parametrize("level", [-1, 0, 1])
def test_below_summary_nothing_leaves(level: int) -> None:
    assert project_entry(an_entry("need", canaries("need")), level) is None  # type: ignore[arg-type]


def test_fields_and_levels_must_match_in_number() -> None:
    entries = [an_entry(), an_entry()]
    with pytest.raises(ValueError, match="zip"):
        project_entries(entries, [Level.FULL])
    with pytest.raises(ValueError, match="zip"):
        person_card(OTHER, entries, [Level.FULL])


def test_the_tag_of_an_entry_changes_with_each_correction_and_tells_no_count() -> None:
    tags = [etag(an_entry(version=version)) for version in range(1, 50)]
    assert len(set(tags)) == 49
    assert {len(tag) for tag in tags} == {26}
    assert all(tag[0] == tag[-1] == '"' for tag in tags)
    assert etag(an_entry(id=OTHER)) != etag(an_entry())


def test_not_available_is_one_line_per_agency_without_count_category_or_date() -> None:
    """Fails when an id, a count, a category or a date goes with the existence of something."""
    cards = {"b": AgencyCard(name="B agency", telephone="01632 960001")}
    one = not_available([("b", Level.EXISTENCE)], cards)
    many = not_available([("b", Level.EXISTENCE)] * 9 + [("b", Level.FULL), ("c", Level.NONE)], cards)
    assert one == many
    assert [line.keys() for line in one] == [{"agency", "name", "telephone", "ask"}]
    two = not_available([("c", Level.EXISTENCE), ("b", Level.EXISTENCE)], cards)
    assert [line["agency"] for line in two] == ["b", "c"]
    assert not_available([("c", Level.SUMMARY), ("b", Level.FULL), ("d", Level.NONE)], cards) == []


def test_a_persons_card_says_what_names_and_births_say_at_their_levels() -> None:
    name = {"given_names": "Ada", "family_name": "Vale", "previous_or_other_names": ["canary"]}
    entries = [
        an_entry("name", name, area="person", subjects=[ID]),
        an_entry("birth", {"date_of_birth": "2015-02-03"}, area="person", subjects=[ID]),
        an_entry("name", {"full_name_as_written": "canary of another"}, area="person", subjects=[OTHER]),
    ]
    nothing = {"id": ID, "name": None, "date_of_birth": None, "expected_date_of_delivery": None}
    assert person_card(ID, entries, [Level.EXISTENCE] * 3) == nothing
    assert person_card(ID, entries, [Level.SUMMARY] * 3) == {**nothing, "name": "Ada Vale"}
    assert person_card(ID, entries, [Level.FULL] * 3) == {
        **nothing, "name": "Ada Vale", "date_of_birth": "2015-02-03",
    }  # fmt: skip
    older = an_entry("name", {"given_names": "Canary"}, subjects=[ID], recorded_at="2030-01-01T00:00:00Z")
    newer = an_entry("name", {"given_names": "Canary"}, subjects=[ID], recorded_at="2032-01-01T00:00:00Z")
    assert person_card(ID, [*entries, older], [Level.FULL] * 4)["name"] == "Ada Vale"
    assert person_card(ID, [*entries, newer], [Level.FULL] * 3 + [Level.NONE])["name"] == "Ada Vale"
    assert person_card(ID, [*entries, newer], [Level.FULL] * 4)["name"] == "Canary"


def test_the_roster_and_its_cards_are_built_from_a_list_of_names_too() -> None:
    names = (
        "id", "user", "name", "agency", "role", "job_title", "telephone", "since", "until", "state",
        "nominated_at", "answered_at",
    )  # fmt: skip
    somebody = {**{name: name for name in names}, "reason": "canary", "note": "canary", "person": "canary"}
    for built in (roster([somebody]), lead_card(somebody), nomination_card(somebody)):
        assert "canary" not in repr(built)
    assert lead_card(None) is None


def test_the_timeline_says_no_more_than_the_view_that_it_is_made_of() -> None:
    areas = project_entries([an_entry("need", canaries("need"))], [Level.FULL])
    told = timeline(areas, {"team": [], "lead_history": []})
    assert [event.keys() for event in told] == [{"at", "what", "kind", "entry", "owner"}]
    assert "canary" not in repr(told)
