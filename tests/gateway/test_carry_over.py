"""Agreed actions and goals come into the plan once, however often their assessment is amended."""

import pytest

from tests.gateway.conftest import HouseWorld
from tests.gateway.test_one_refusal import ABSENT
from tests.support.gateway import fields_of, problem

pytestmark = pytest.mark.anyio


async def test_an_amended_assessment_does_not_double_the_plan(home: HouseWorld) -> None:
    """Its copies have ids of their own, but are not agreed anew."""
    school, case = home.world.as_("nadia.bell"), f"/v1/cases/{home.house.case}"
    carry = {"carry_over_from": home.house.assessment}
    before = (await school.get(f"{case}/actions"))["entries"]
    [known] = (await school.post(f"{case}/actions", carry))["existing"]
    for _ in range(2):
        amended = await school.post(f"{case}/assessments", {"amends": carry["carry_over_from"]})
        signature = {
            "child_or_young_person": "not_present", "parent_or_carer": "agreed", "no_voice_reason": "Asleep",
        }  # fmt: skip
        await school.post(f"{case}/assessments/{amended['id']}/signature", signature)
        carry = {"carry_over_from": amended["id"]}
        outcome = await school.post(f"{case}/actions", carry)
        assert (outcome["created"], outcome["existing"]) == ([], [known])
    assert (await school.get(f"{case}/actions"))["entries"] == before


async def signed(home: HouseWorld) -> str:
    """The newest version of the household's assessment."""
    listed = await home.world.as_("nadia.bell").get(f"/v1/cases/{home.house.case}/assessments")
    [found] = [entry["id"] for entry in listed["entries"] if entry["fields"]["state"] == "signed"]
    return str(found)


async def test_the_goals_of_an_assessment_come_into_the_plan_once_in_its_words(home: HouseWorld) -> None:
    world, house = home.world, home.house
    school, case = world.as_("nadia.bell"), f"/v1/cases/{house.case}"
    assessment = await signed(home)
    [goal] = [
        entry for entry in (await school.get(f"{case}/assessments/{assessment}"))["entries"]
        if entry["kind"] == "goal"
    ]  # fmt: skip
    known = {entry["id"] for entry in (await school.get(f"{case}/goals"))["entries"]}
    carry = {"carry_over_from": assessment}
    [made] = (await school.post(f"{case}/goals", carry))["created"]
    assert made["source"] == goal["id"]
    again = await school.post(f"{case}/goals", carry)
    assert (again["created"], again["existing"]) == ([], [made])
    [new] = [e for e in (await school.get(f"{case}/goals"))["entries"] if e["id"] not in known]
    assert (new["id"], new["owner"], new["subjects"]) == (made["id"], goal["owner"], goal["subjects"])
    assert new["fields"] == {
        "goal": goal["fields"]["text"], "status": "open",
        "source": {"assessment": assessment, "entry": goal["id"]},
    }  # fmt: skip
    assert new["id"] in {
        entry["id"] for entry in (await world.as_("ben.carver").get(f"{case}/goals"))["entries"]
    }


async def test_only_a_signed_assessment_that_one_sees_gives_its_goals(home: HouseWorld) -> None:
    world, house = home.world, home.house
    camhs, path = world.as_("asif.khan"), f"/v1/cases/{house.case}/goals"
    draft = await camhs.send("POST", path, {"carry_over_from": house.draft})
    assert (draft.status_code, problem(draft)) == (409, "conflict")
    for absent in (ABSENT, house.need):
        response = await camhs.send("POST", path, {"carry_over_from": absent})
        assert response.status_code == 404
    both = await camhs.send("POST", path, {"carry_over_from": await signed(home), "goal": "x"})
    assert (both.status_code, fields_of(both)) == (422, ["goal"])
