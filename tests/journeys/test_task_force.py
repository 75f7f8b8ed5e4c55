"""The task force through the public API, on both stores, in one process and in several."""

import asyncio

import pytest

from deploy.stories import task_force
from deploy.stories.client import Api, Refused
from tests.journeys.views import headlines, to_ask

pytestmark = pytest.mark.anyio

ASTHMA = "Asthma, worse since the damp came through"
BENEFIT = "Benefit stopped in May; can work in term time"
EVICTION = "Eviction notice for the end of the month"


async def test_the_task_force(api: Api) -> None:
    story = await task_force.tell(api)
    await one_officer_in_two_places_gets_two_answers_and_the_ledger_says_which(api, story)
    await only_an_agencys_own_manager_or_officer_says_that_somebody_has_left(api, story)
    await a_leaver_loses_access_the_same_day_and_the_gap_shows(api, story)


async def one_officer_in_two_places_gets_two_answers_and_the_ledger_says_which(
    api: Api, story: task_force.TaskForce
) -> None:
    views = await task_force.read_in_both_places(api, story.case)
    assert headlines(views[task_force.HOUSING]) == {ASTHMA: "full", BENEFIT: "full", EVICTION: "full"}
    assert headlines(views[task_force.JOBCENTRE]) == {BENEFIT: "full"}, "her yes named the Jobcentre as well"
    assert to_ask(views[task_force.JOBCENTRE]) == {task_force.HOUSING}, "of health it learns not even that"

    unsaid = await api.sign_in(task_force.IN_TWO_PLACES)
    with pytest.raises(Refused) as refused:
        await unsaid.get(f"/v1/cases/{story.case}")
    assert [error["field"] for error in refused.value.document["errors"]] == ["Acting-Agency"]

    receipts = {receipt["id"]: receipt for receipt in await task_force.who_has_seen(api, story.case)}
    for agency, level, basis in (
        (task_force.HOUSING, "full", [f"PERMISSION:{story.permission}"]),
        (task_force.JOBCENTRE, "none", []),
    ):
        receipt = receipts[views[agency]["decision"]["receipt"]]
        assert (receipt["user"], receipt["agency"], receipt["role"]) == (
            task_force.IN_TWO_PLACES, agency, "practitioner",
        )  # fmt: skip
        assert [(c["level"], c["bases"]) for case in receipt["cases"] for c in case["cells"]] == [
            (level, basis)
        ]


async def a_leaver_loses_access_the_same_day_and_the_gap_shows(api: Api, story: task_force.TaskForce) -> None:
    adviser = await api.sign_in(task_force.LEAVER)
    assert headlines(await adviser.get(f"/v1/cases/{story.case}")) == {BENEFIT: "full"}

    answer = await task_force.adviser_leaves(api)
    assert set(answer) == {"user", "cases_without_lead", "enforced_at"}
    assert story.case in answer["cases_without_lead"]

    view = await adviser.get(f"/v1/cases/{story.case}")
    assert not any(view["areas"].values()), "no more than any stranger in a practitioner's role"
    assert view["header"]["lead_professional"] is None
    assert (await adviser.get("/v1/cases"))["cases"] == []
    there = await api.sign_in("hana.novak")
    unled = (await there.get("/v1/cases", filter="no_lead", limit=100))["cases"]
    assert story.case in {case["id"] for case in unled}
    roster = (await there.get(f"/v1/cases/{story.case}/team"))["team"]
    assert [m["user"] for m in roster if m["until"] is not None] == [task_force.LEAVER]
    # Will Marsh still works for the same agency, and for the other one.
    assert headlines((await task_force.read_in_both_places(api, story.case))[task_force.JOBCENTRE])


async def only_an_agencys_own_manager_or_officer_says_that_somebody_has_left(
    api: Api, story: task_force.TaskForce
) -> None:
    path = f"/v1/users/{task_force.LEAVER}/departure"
    for user in ("hana.novak", "ben.carver", "paul.ensor", "rita.shaw", task_force.LEAVER):
        with pytest.raises(Refused) as refused:
            await (await api.sign_in(user)).post(path, {"reason": "I say so."})
        assert refused.value.status == 403
    with pytest.raises(Refused) as refused:
        await (await api.sign_in("femi.cole")).post(path, {"agency": task_force.JOBCENTRE})
    assert {error["field"] for error in refused.value.document["errors"]} == {"agency", "reason"}

    # Another agency's officer ends places in their own agency only, and hears of no case they do not see;
    # and somebody whose name is an address, as some issuers give them, is somebody too.
    officer, manager = await api.sign_in("nia.rowe"), await api.sign_in("femi.cole")
    address = "https%3A%2F%2Fid.example.org%2Fu%2F7"
    elsewhere, unknown = await asyncio.gather(
        officer.post(path, {"reason": "Not one of ours."}),
        manager.post(f"/v1/users/{address}/departure", {"reason": "Gone."}),
    )
    assert elsewhere["cases_without_lead"] == unknown["cases_without_lead"] == []
    assert unknown["user"] == "https://id.example.org/u/7"
    adviser = await api.sign_in(task_force.LEAVER)
    assert headlines(await adviser.get(f"/v1/cases/{story.case}")) == {BENEFIT: "full"}
