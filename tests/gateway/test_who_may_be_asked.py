"""An agency off the team is asked to do something where it could be asked by a referral, nowhere else.

Three changes that make this fail: looking at who may be asked for a referral alone, asking an agency by
giving it an action of somebody else, letting somebody be nominated who may not even read that they are.
"""

from typing import Any

import pytest

from deploy.stories.steps import (
    add_entry,
    agree_to_take_part,
    open_case,
    record_person,
    start_assessment,
)
from tests.gateway.household import HOUSING, SCHOOL
from tests.gateway.test_leading import case_of_two, shut_out, world
from tests.gateway.test_owed_alone import owed_by, waiting
from tests.support.gateway import START, World, fields_of

__all__ = ["world"]
pytestmark = pytest.mark.anyio
Json = dict[str, Any]
REFERRAL = {"agency": HOUSING, "service": "Homes", "reason": "A bed"}


async def said(world: World, method: str, path: str, body: Json, etag: str | None = None) -> tuple[int, str]:
    headers = None if etag is None else {"If-Match": etag}
    answer = await world.as_("nadia.bell").send(method, path, body, headers=headers)
    return answer.status_code, answer.json().get("detail", "")


async def refused_alike(world: World, case: str) -> str:
    """What all ways of asking housing say, which is the same; none of them asks."""
    path, school = f"/v1/cases/{case}", world.as_("nadia.bell")
    own = (await school.post(f"{path}/actions", owed_by(SCHOOL)))["actions"][0]["id"]
    plan = (await school.get(path))["areas"]["plan"]
    etag = next(entry["etag"] for entry in plan if entry["id"] == own)
    meeting = {
        "meeting_kind": "team_meeting",
        "title": "We meet",
        "starts_at": "2031-06-01T09:00:00Z",
    }
    held = (await school.post(f"{path}/meetings", meeting))["id"]
    answers = [
        await said(world, "POST", f"{path}/referrals", REFERRAL),
        await said(world, "POST", f"{path}/actions", owed_by(HOUSING)),
        await said(world, "PATCH", f"{path}/actions/{own}", {"accountable": HOUSING}, etag),
        await said(world, "POST", f"{path}/meetings/{held}/pledges", owed_by(HOUSING)),
    ]
    assert len(set(answers)) == 1, answers
    [(status, detail)] = set(answers)
    assert status == 403
    kit = world.as_("kit.vane")
    assert [
        line for line in (await kit.get("/v1/worklists/promises"))["promises"] if line["case"] == case
    ] == []
    assert await waiting(kit, own) == []
    return detail


async def test_before_permission_to_take_part_nobody_else_is_asked(world: World) -> None:
    school = world.as_("nadia.bell")
    person = await record_person(school, "Robin", "Vale", START.date().replace(year=1990))
    case = await open_case(school, person, [], "Help")
    assert "only after permission to take part" in await refused_alike(world, case)
    await agree_to_take_part(school, case, person, person, "adult")
    status, _ = await said(world, "POST", f"/v1/cases/{case}/actions", owed_by(HOUSING))
    assert status == 201


async def test_an_agency_that_the_family_shut_out_is_not_asked_by_an_action_either(world: World) -> None:
    school = world.as_("nadia.bell")
    person = await record_person(school, "Robin", "Vale", START.date().replace(year=1990))
    case = await open_case(school, person, [], "Help")
    await agree_to_take_part(school, case, person, person, "adult")
    await shut_out(world, case, person, HOUSING)
    assert await refused_alike(world, case) == "This agency cannot be asked."


async def test_who_is_on_the_team_owes_what_is_agreed_with_them_all_the_same(world: World) -> None:
    case, person, _ = await case_of_two(world)
    await shut_out(world, case, person, HOUSING)
    status, _ = await said(world, "POST", f"/v1/cases/{case}/actions", owed_by(HOUSING))
    assert status == 201, "an exclusion never hides what an agency owes"
    answer = await world.as_("nadia.bell").send("POST", f"/v1/cases/{case}/actions", owed_by("nobody-here"))
    assert (answer.status_code, fields_of(answer)) == (422, ["accountable"])


async def signed_with_actions_of(world: World, case: str, person: str, *agencies: str) -> str:
    """An assessment of the school's in which each of these agencies is to do something."""
    school = world.as_("nadia.bell")
    assessment = await start_assessment(school, case, person, "Help", START.date().isoformat())
    for kind in ({"kind": "conclusion", "conclusion": "additional_needs"},
                 {"kind": "review", "review_on": "2031-09-01"},
                 {"kind": "need", "element": "participation", "headline": "Absent", "sensitive_content": [],
                  "whose_view": "practitioner"}):  # fmt: skip
        await add_entry(school, case, assessment, **kind)
    for agency in agencies:
        await add_entry(
            school, case, assessment, kind="agreed_action", sensitive_content=[], responsible_name="Kit",
            **owed_by(agency)["actions"][0],
        )  # fmt: skip
    signature = {
        "capacity": "practitioner", "child_or_young_person": "not_present", "parent_or_carer": "agreed",
        "no_voice_reason": "Asleep",
    }  # fmt: skip
    await school.post(f"/v1/cases/{case}/assessments/{assessment}/signature", signature)
    return assessment


@pytest.mark.parametrize("agreed", [False, True])
async def test_what_an_assessment_asks_of_who_may_not_be_asked_is_not_carried_until_they_may(
    world: World, agreed: bool
) -> None:
    """Fails when the plan asks whom a referral could not ask, and when the rest waits for that."""
    school, kit = world.as_("nadia.bell"), world.as_("kit.vane")
    person = await record_person(school, "Robin", "Vale", START.date().replace(year=1990))
    case = await open_case(school, person, [], "Help")
    why = "only after permission to take part"
    if agreed:
        await agree_to_take_part(school, case, person, person, "adult")
        await shut_out(world, case, person, HOUSING)
        why = "This agency cannot be asked."
    assessment = await signed_with_actions_of(world, case, person, SCHOOL, HOUSING)
    before = len((await kit.get("/v1/notices?limit=100"))["notices"])
    carry, path = {"carry_over_from": assessment}, f"/v1/cases/{case}/actions"
    outcome = await school.post(path, carry)
    [made], [left] = outcome["created"], outcome["left_out"]
    assert why in left["reason"]
    again = await school.send("POST", path, carry)
    assert (again.status_code, again.json()["detail"]) == (403, left["reason"])
    owed = {e["id"]: e["fields"]["accountable"] for e in (await school.get(path))["entries"]}
    assert owed == {made["id"]: SCHOOL}
    assert len((await kit.get("/v1/notices?limit=100"))["notices"]) == before
    if not agreed:
        await agree_to_take_part(school, case, person, person, "adult")
        later = await school.post(path, carry)
        [asked], [known] = later["created"], later["existing"]
        assert (asked["source"], known, later["left_out"]) == (left["source"], made, [])
        assert await waiting(kit, asked["id"]) == ["action_to_answer"]
