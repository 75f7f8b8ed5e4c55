"""What waits for somebody who has left, is suspended or was never there is told to somebody who can act.

Three changes that make this fail: addressing a notice to a user without looking whether they are there,
telling the lead alone while they are suspended, asking nobody where the user who is to do it is unknown.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from deploy.stories.steps import join_team, make_lead
from services.case.cases.relationship import Place
from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks
from services.case.notices import in_charge
from services.case.notices.audience import for_role, for_user
from shared.vocabulary import Role
from tests.gateway.household import HOUSING, YOT
from tests.gateway.test_leading import case_of_two, world
from tests.support.gateway import World

__all__ = ["world"]
pytestmark = pytest.mark.anyio
Json = dict[str, Any]
ACTION = {"desired_outcome": "A bed", "action": "Put them on the list", "by_when": "2031-12-01"}
NO_ANSWER = {"when": "2031-03-01T09:00:00Z", "how": "letter", "outcome": "no_answer"}


async def led_by_yot(world: World) -> tuple[str, dict[str, str]]:
    """A case of the school, youth offending (who lead) and housing."""
    case, _, members = await case_of_two(world)
    await make_lead(world.as_("nadia.bell"), world.as_("sam.okafor"), case, members["sam.okafor"])
    return case, members


@asynccontextmanager
async def suspended(world: World, user: str, by: str) -> AsyncIterator[None]:
    path = f"/v1/users/{user}/suspension"
    await world.as_(by).post(path, {"reason": "A complaint"})
    try:
        yield
    finally:
        await world.as_(by).post(f"{path}/lifting", {"reason": "Settled"})


async def run(world: World) -> None:
    await run_clocks(world.store("case"), world.clock.now, CaseworkRules())


async def kinds(world: World, user: str, case: str) -> list[str]:
    page = await world.as_(user).get("/v1/notices?limit=100")
    return [notice["kind"] for notice in page["notices"] if notice["case"] == case]


async def test_an_attempt_that_is_due_of_somebody_suspended_waits_for_their_manager(world: World) -> None:
    case, _ = await led_by_yot(world)
    await world.as_("hana.novak").post(f"/v1/cases/{case}/contacts", NO_ANSWER)
    async with suspended(world, "hana.novak", "hous.officer"):
        world.clock.now += timedelta(days=20)
        await run(world)
        assert "contact_due" in await kinds(world, "kit.vane", case)
        assert "contact_due" not in await kinds(world, "grace.obi", case), "the school did not try"


async def test_the_flag_of_somebody_who_left_does_not_run_out_unnoticed(world: World) -> None:
    case, members = await led_by_yot(world)
    until = (world.clock.now.date() + timedelta(days=3)).isoformat()
    flag = {
        "kind": "concern_flag", "level": "worried", "message": "Ring me", "call_name": "Hana",
        "call_telephone": "01632 960222", "expires_on": until,
    }  # fmt: skip
    await world.as_("hana.novak").post(f"/v1/cases/{case}/flags", flag)
    await join_team(world.as_("sam.okafor"), case, "will.marsh", agency=HOUSING)
    assert "flag_expiring" not in await kinds(world, "kit.vane", case)
    await world.as_("kit.vane").send(
        "DELETE", f"/v1/cases/{case}/team/{members['hana.novak']}", {"reason": "Left"}
    )
    await run(world)
    assert "flag_expiring" in await kinds(world, "kit.vane", case)
    assert "flag_expiring" not in await kinds(world, "hana.novak", case)


async def test_an_action_for_somebody_unknown_is_asked_of_those_of_their_agency(world: World) -> None:
    case, _ = await led_by_yot(world)
    action = {**ACTION, "accountable": HOUSING, "responsible_user": "nobody.known"}
    await world.as_("sam.okafor").post(f"/v1/cases/{case}/actions", {"actions": [action]})
    assert "action_to_answer" in await kinds(world, "hana.novak", case)


async def test_a_declined_action_is_told_to_managers_while_the_lead_cannot_act(world: World) -> None:
    case, _ = await led_by_yot(world)
    body = {"actions": [{**ACTION, "accountable": HOUSING}]}
    [made] = (await world.as_("sam.okafor").post(f"/v1/cases/{case}/actions", body))["actions"]
    async with suspended(world, "sam.okafor", "una.price"):
        path = f"/v1/cases/{case}/actions/{made['id']}/decline"
        await world.as_("hana.novak").post(path, {"reason": "There is no list"})
        for user in ("liz.hart", "grace.obi"):
            assert "action_answered" in await kinds(world, user, case), user
        assert "action_answered" not in await kinds(world, "kit.vane", case), "they said so themselves"


SAM = Place("sam", YOT, "practitioner", leads=True)
HANA = Place("hana", HOUSING, "practitioner", leads=False)
HAL = Place("hal", HOUSING, "practitioner", leads=False)


def gone(place: Place) -> Place:
    return Place(place.user, place.agency, place.role, place.leads, place.stands_in, away=True)


def test_to_whom_instead() -> None:
    sam, hana, hal = for_user(YOT, "sam"), for_user(HOUSING, "hana"), for_user(HOUSING, "hal")
    managers, coordinators = (for_role(HOUSING, role) for role in (Role.TEAM_MANAGER, Role.COORDINATOR))
    for places, member, agency in [
        ([SAM, HANA, HAL], [hana], [hana]),
        ([SAM, gone(HANA), HAL], [sam, managers], [hal]),
        ([SAM, HAL], [sam, managers], [hana, hal]),
        ([SAM, gone(HANA)], [sam, managers], [managers]),
        ([SAM], [sam, managers, coordinators], [hana, managers, coordinators]),
        ([gone(SAM), gone(HANA)], [managers], [managers]),
        ([], [managers, coordinators], [hana, managers, coordinators]),
    ]:
        assert in_charge.member_or_others(places, HOUSING, "hana") == member, places
        assert in_charge.of_agency(places, HOUSING, "hana") == agency, places
    assert in_charge.of_agency([SAM, gone(HANA), HAL], HOUSING) == [hal]
