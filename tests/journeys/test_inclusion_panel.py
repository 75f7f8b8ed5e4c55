"""The inclusion panel through the public API, on both stores, in one process and in several."""

from typing import Any

import pytest

from deploy.stories import inclusion_panel
from deploy.stories.client import Api, Refused
from tests.journeys.views import headlines, kinds, of_kind, to_ask

pytestmark = pytest.mark.anyio

LATE = "Late four mornings in five"
GRANDMOTHER = "His grandmother has him at weekends"
REPRIMAND = "Reprimanded with two older boys"
PRECINCT = "Out late around the precinct"
BEDROOMS = "Five people in two bedrooms"
ATTENTION = "Waits for an assessment of his attention"
JOINER = "Asks what a joiner does all day"
POOLED = {LATE, GRANDMOTHER, PRECINCT, JOINER}
CAMHS_PLEDGE = "Knows why he cannot sit still"
OTHER_PLEDGES = {outcome for _, outcome, *_ in inclusion_panel.PLEDGES} - {CAMHS_PLEDGE}


def pledges(view: dict[str, Any]) -> set[str]:
    return {entry["fields"]["desired_outcome"] for entry in of_kind(view, "action")}


async def test_the_inclusion_panel(api: Api) -> None:
    story = await inclusion_panel.tell(api)
    views = await inclusion_panel.read_as_each(api, story.case)
    each_service_sees_its_own_part_and_what_it_may_of_the_others(views)
    the_mentor_sees_goals_and_appointments_only(views["volunteer mentor"])
    await a_pledge_is_written_by_the_agency_that_gave_it(api, story)


def each_service_sees_its_own_part_and_what_it_may_of_the_others(views: dict[str, Any]) -> None:
    seen = {who: set(headlines(view)) for who, view in views.items()}
    assert seen == {
        "charity": POOLED | {ATTENTION},
        "education": POOLED | {ATTENTION},
        "social services": POOLED,
        "youth offending team": POOLED | {REPRIMAND},
        "police": POOLED,
        "housing": {BEDROOMS},
        "CAMHS": {ATTENTION},
        "careers": POOLED,
        "volunteer mentor": set(),
    }
    assert to_ask(views["charity"]) == {inclusion_panel.HOUSING}, "housing holds more: ask"
    told_of_camhs = {who for who, view in views.items() if CAMHS_PLEDGE in pledges(view)}
    assert told_of_camhs == {"charity", "education", "CAMHS"}
    assert all(pledges(view) >= OTHER_PLEDGES for view in views.values())


def the_mentor_sees_goals_and_appointments_only(view: dict[str, Any]) -> None:
    assert kinds(view) == {
        "name",
        "birth",
        "identifiers",
        "case_opening",
        "assessment",
        "goal",
        "review",
        "action",
    }
    assert {entry["level"] for area in view["areas"].values() for entry in area} == {"summary"}
    told = {
        kind: {name for entry in of_kind(view, kind) for name in entry["fields"]}
        for kind in ("name", "birth", "identifiers", "case_opening", "goal", "review", "action")
    }
    assert told == {
        "name": {"given_names", "family_name"},
        "birth": set(),
        "identifiers": set(),
        "case_opening": set(),
        "goal": {"text"},
        "review": {"review_on"},
        "action": {"desired_outcome", "by_when", "status", "accountable"},
    }
    assert view["not_available"] == []


async def a_pledge_is_written_by_the_agency_that_gave_it(api: Api, story: inclusion_panel.Panel) -> None:
    police, housing = await api.sign_in("pc.dunn"), await api.sign_in("hana.novak")
    actions = (await police.get(f"/v1/cases/{story.case}/actions"))["entries"]
    pledge = next(a for a in actions if a["fields"]["accountable"] == inclusion_panel.POLICE)
    path = f"/v1/cases/{story.case}/actions/{pledge['id']}"
    with pytest.raises(Refused) as refused:
        await housing.patch(path, {"status": "done", "outcome": "Not ours to say."}, pledge["etag"])
    assert refused.value.status == 403
    changed = await police.patch(path, {"status": "in_progress"}, pledge["etag"])
    assert changed["status"] == "in_progress"
