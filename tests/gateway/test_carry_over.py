"""An agreed action comes into the plan once, however often the assessment that it began in is amended."""

import pytest

from tests.gateway.conftest import HouseWorld

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
