"""The task force through the public API, on both stores, in one process and in several."""

import asyncio
from typing import Any

import pytest

from deploy.stories import task_force
from deploy.stories.client import Api, Refused, Session
from deploy.stories.steps import make_lead
from shared.clock import utc_now
from tests.journeys.notices import waits_for
from tests.journeys.views import headlines, to_ask

pytestmark = pytest.mark.anyio

ASTHMA = "Asthma, worse since the damp came through"
BENEFIT = "Benefit stopped in May; can work in term time"
EVICTION = "Eviction notice for the end of the month"


async def test_the_task_force(api: Api) -> None:
    story = await task_force.tell(api)
    await one_officer_in_two_places_gets_two_answers_and_the_ledger_says_which(api, story)
    await only_an_agencys_own_manager_or_officer_says_that_somebody_has_left(api, story)
    promised = await task_force.adviser_promises(api, story, utc_now().date())
    await what_would_fall_vacant_is_listed_for_who_must_fill_it(api, story, promised)
    await a_leaver_loses_access_the_same_day_and_the_gap_shows(api, story)
    await the_gaps_are_filled_and_never_by_who_has_left(api, story, promised)


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


async def what_would_fall_vacant_is_listed_for_who_must_fill_it(
    api: Api, story: task_force.TaskForce, promised: str
) -> None:
    """Before she goes, and for her own agency alone."""
    assert await gap(api, story) == {
        "alone": False,
        "lead": True,
        "nomination": False,
        "deputy": False,
        "review": False,
        "meetings": [],
        "promises": [promised],
    }
    path = f"/v1/users/{task_force.LEAVER}/gaps"
    for user in ("liz.hart", "paul.ensor"):
        elsewhere = await (await api.sign_in(user)).get(path)
        assert elsewhere["gaps"] == [], "what hangs on her hangs on her where she works"
    with pytest.raises(Refused) as refused:
        await (await api.sign_in("hana.novak")).get(path)
    assert refused.value.status == 403


async def gap(api: Api, story: task_force.TaskForce) -> dict[str, Any] | None:
    """What hangs on the adviser in this case, as her manager is told."""
    told = await (await api.sign_in("femi.cole")).get(f"/v1/users/{task_force.LEAVER}/gaps", limit=100)
    found = [dict(line) for line in told["gaps"] if line.pop("case")["id"] == story.case]
    return found[0] if found else None


async def the_gaps_are_filled_and_never_by_who_has_left(
    api: Api, story: task_force.TaskForce, promised: str
) -> None:
    """Nobody is asked to lead who is not there; a handover leaves no gap of its own."""
    housing, officer = await api.sign_in("hana.novak"), await api.sign_in("paul.ensor")
    assert await gap(api, story) == {
        "alone": False,
        "lead": True,
        "nomination": False,
        "deputy": False,
        "review": False,
        "meetings": [],
        "promises": [promised],
    }
    for user in ("femi.cole", "paul.ensor"):
        assert await waits_for(api, user, story.case, "lead_gone") == [("lead_gone", story.case)]
    lead = f"/v1/cases/{story.case}/lead-professional"
    roster = (await housing.get(f"/v1/cases/{story.case}/team"))["team"]
    seat = {(member["user"], member["agency"]): member["id"] for member in roster}
    left = {"member": seat[task_force.LEAVER, task_force.JOBCENTRE]}
    for session, what in ((housing, "nominations"), (housing, "handovers")):
        with pytest.raises(Refused) as refused:
            await session.post(f"{lead}/{what}", left)
        assert refused.value.status == 409

    will = await api.sign_in(task_force.IN_TWO_PLACES, agency=task_force.JOBCENTRE)
    member = seat[task_force.IN_TWO_PLACES, task_force.JOBCENTRE]
    await make_lead(housing, will, story.case, member)
    assert await gap(api, story) == {
        "alone": False,
        "lead": False,
        "nomination": False,
        "deputy": False,
        "review": False,
        "meetings": [],
        "promises": [promised],
    }
    for user in ("femi.cole", "paul.ensor"):
        assert await waits_for(api, user, story.case, "lead_gone") == []
    await task_force.somebody_else_does_it(api, story, promised)
    assert await gap(api, story) is None, "nothing hangs on her any longer"

    with pytest.raises(Refused) as refused:
        await will.post(f"{lead}/handovers", left)
    assert (refused.value.status, (await led_by(officer, lead))) == (409, task_force.IN_TWO_PLACES)
    nurse = await api.sign_in("jean.clarke")
    handed = await will.post(f"{lead}/handovers", {"member": seat["jean.clarke", task_force.HEALTH]})
    assert await led_by(officer, lead) == task_force.IN_TWO_PLACES, "until she has accepted he leads"
    await nurse.post(f"{lead}/nominations/{handed['id']}/acceptance")
    assert await led_by(officer, lead) == "jean.clarke"
    with pytest.raises(Refused) as refused:
        await nurse.post(f"{lead}/nominations/{handed['id']}/acceptance")
    assert refused.value.status == 409, "a second acceptance changes nothing"


async def led_by(session: Session, lead: str) -> str | None:
    card = (await session.get(lead))["lead_professional"]
    return None if card is None else str(card["user"])


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
