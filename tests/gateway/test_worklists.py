"""What is to be done over many cases: promises, what waits for an answer, what falls vacant with somebody.

Three changes that make this fail: listing a promise that the caller may not see, cutting a page before what
is hidden was left out, telling nobody that a lead was suspended.
"""

from typing import Any

import pytest

from deploy.stories.steps import make_lead, nominate
from shared.vocabulary import Category
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import CAMHS, HOUSING, YOT
from tests.gateway.test_leading import case_of_two, queue, world
from tests.support.gateway import As, World

__all__ = ["world"]
pytestmark = pytest.mark.anyio
Json = dict[str, Any]


async def promised(session: As, **query: Any) -> list[Json]:
    found, path = [], "/v1/worklists/promises?" + "&".join(f"{name}={value}" for name, value in query.items())
    while path:
        page = await session.get(path)
        found += page["promises"]
        path = page["next"]
    return found


async def owe(world: World, case: str, by_when: str, user: str | None = None) -> str:
    """Something that youth offending promises in a case."""
    action = {
        "desired_outcome": "Better days", "action": "Talk", "by_when": by_when, "accountable": YOT,
        **({"responsible_user": user, "responsible_name": "Sam Okafor"} if user else {}),
    }  # fmt: skip
    made = await world.as_("nadia.bell").post(f"/v1/cases/{case}/actions", {"actions": [action]})
    return str(made["actions"][0]["id"])


async def test_an_agency_finds_what_it_promised_by_date_and_page_by_page(world: World) -> None:
    first, _, _ = await case_of_two(world)
    second, person, _ = await case_of_two(world)
    late = await owe(world, first, "2031-03-20", "sam.okafor")
    soon = await owe(world, second, "2031-03-10")
    done = await owe(world, first, "2031-03-09")
    yot = world.as_("sam.okafor")
    seen = await yot.get(f"/v1/cases/{first}")
    etag = next(entry["etag"] for entry in seen["areas"]["plan"] if entry["id"] == done)
    change = {"status": "done", "outcome": "It went well"}
    assert (await yot.patch(f"/v1/cases/{first}/actions/{done}", change, etag))["status"] == "done"
    lines: list[Json] = []
    for limit in (1, 2, 50):
        lines = await promised(yot, whose="agency", overdue="false", limit=limit)
        assert [line["entry"]["id"] for line in lines] == [soon, late], limit
    assert [line["due_on"] for line in lines] == ["2031-03-10", "2031-03-20"]
    assert {line["entry"]["level"] for line in lines} == {"full"}
    assert [line["entry"]["id"] for line in await promised(yot, whose="mine")] == [late]
    assert await promised(world.as_("hana.novak")) == [], "another agency owes nothing"
    assert await promised(yot, overdue="true") == []
    world.clock.now = world.clock.now.replace(month=3, day=15)
    yot = world.as_("sam.okafor")
    assert [line["entry"]["id"] for line in await promised(yot, overdue="true")] == [soon]
    bar = {
        "kind": "conflict_of_interest", "agencies": [], "users": ["sam.okafor"],
        "categories": [category.value for category in Category], "legal_reference": "Rule 3",
        "custodian": {"name": "Duty desk", "agency": "northgate-school", "telephone": "01632 960999"},
        "reason": "Family", "review_on": "2031-09-01", "subjects": [person],
    }  # fmt: skip
    await world.as_("tom.ashby").post(f"/v1/cases/{second}/bars", bar)
    assert await promised(yot, overdue="true") == []
    assert [line["entry"]["id"] for line in await promised(yot, limit=1)] == [late]


async def test_a_hidden_promise_is_on_no_list_and_one_receipt_names_what_is(home: HouseWorld) -> None:
    """CAMHS owes an action with a sensitive category; the receipt is checked with every answer."""
    world, house = home.world, home.house
    camhs = [line["entry"]["id"] for line in await promised(world.as_("asif.khan"))]
    assert house.camhs_action in camhs
    owners = {line["entry"]["fields"]["accountable"] for line in await promised(world.as_("asif.khan"))}
    assert owners == {CAMHS}
    assert [line["entry"]["id"] for line in await promised(world.as_("hana.novak"))] != []
    assert await promised(world.as_("max.holt")) == []
    volunteer = await world.as_("ben.carver").send("GET", "/v1/worklists/promises")
    assert volunteer.status_code == 403


async def test_what_waits_for_a_yes_or_no_is_a_list_of_its_own(world: World) -> None:
    case, _, members = await case_of_two(world)
    school, housing = world.as_("nadia.bell"), world.as_("hana.novak")
    nomination = await nominate(school, case, members["hana.novak"])
    path = f"/v1/cases/{case}/lead-professional"
    waiting = await housing.get("/v1/worklists/awaiting-answer")
    assert nomination in [notice["about"] for notice in waiting["notices"]]
    await housing.post(f"{path}/nominations/{nomination}/refusal", {"reason": "No time"})
    waiting = await housing.get("/v1/worklists/awaiting-answer?limit=1")
    assert nomination not in [notice["about"] for notice in waiting["notices"]]
    told = [notice["kind"] for notice in (await school.get("/v1/notices"))["notices"]]
    assert "nomination_refused" in told
    asked = await school.get("/v1/worklists/awaiting-answer")
    assert asked["notices"] == [], "to be told is not to be asked"


async def test_what_an_agency_is_to_do_waits_for_its_yes_or_no(world: World) -> None:
    case, _, _ = await case_of_two(world)
    school, housing = world.as_("nadia.bell"), world.as_("hana.novak")
    action = {
        "desired_outcome": "A bed of his own", "action": "Put them on the list", "by_when": "2031-09-01",
        "accountable": HOUSING,
    }  # fmt: skip
    made = await school.post(f"/v1/cases/{case}/actions", {"actions": [action]})
    one = made["actions"][0]["id"]

    async def waiting(session: As) -> list[str]:
        page = await session.get("/v1/worklists/awaiting-answer")
        return [notice["kind"] for notice in page["notices"] if notice["about"] == one]

    assert (await waiting(housing), await waiting(school)) == (["action_to_answer"], [])
    await housing.post(f"/v1/cases/{case}/actions/{one}/acceptance")
    assert await waiting(housing) == []


async def gaps(session: As, user: str, limit: int = 1) -> dict[str, Json]:
    found, path = {}, f"/v1/users/{user}/gaps?limit={limit}"
    while path:
        page = await session.get(path)
        assert page["user"] == user
        found.update({line["case"]["id"]: line for line in page["gaps"]})
        path = page["next"]
    return found


async def test_a_suspended_lead_is_missed_at_once_and_told_of_once(world: World) -> None:
    case, _, members = await case_of_two(world)
    school, officer = world.as_("nadia.bell"), world.as_("hous.officer")
    await make_lead(school, world.as_("hana.novak"), case, members["hana.novak"])

    async def told(user: str) -> list[str]:
        page = await world.as_(user).get("/v1/notices?limit=100")
        return [notice["kind"] for notice in page["notices"] if notice["case"] == case]

    for _ in range(2):
        done = await officer.post("/v1/users/hana.novak/suspension", {"reason": "A complaint"})
        assert done.keys() == {"user", "enforced_at"}
    assert (await world.as_("hana.novak").send("GET", f"/v1/cases/{case}")).status_code == 404
    for user in ("kit.vane", "grace.obi", "paul.ensor"):
        assert await told(user) == ["lead_gone"], user
    assert await told("nadia.bell") == []
    assert (await gaps(world.as_("kit.vane"), "hana.novak"))[case]["lead"] is True
    somebody = {"member": members["sam.okafor"]}
    path = f"/v1/cases/{case}/lead-professional"
    refused = await school.send("POST", f"{path}/handovers", somebody)
    assert refused.status_code == 409, "nobody leads who could hand it over"
    asked = await school.post(f"{path}/nominations", somebody)
    await world.as_("sam.okafor").post(f"{path}/nominations/{asked['id']}/acceptance")
    for user in ("kit.vane", "grace.obi", "paul.ensor"):
        assert await told(user) == [], user
    await officer.post("/v1/users/hana.novak/suspension/lifting", {"reason": "Unfounded"})


async def test_who_may_work_again_is_missed_no_longer(world: World) -> None:
    """Told anew if they are suspended anew. Tried: no notice cleared; all of the case cleared."""
    case, _, members = await case_of_two(world)
    school, officer = world.as_("nadia.bell"), world.as_("hous.officer")
    await make_lead(school, world.as_("hana.novak"), case, members["hana.novak"])
    handover = {"member": members["sam.okafor"]}
    await world.as_("hana.novak").post(f"/v1/cases/{case}/lead-professional/handovers", handover)

    async def told(user: str) -> list[str]:
        page = await world.as_(user).get("/v1/notices?limit=100")
        return [notice["kind"] for notice in page["notices"] if notice["case"] == case]

    before = {user: await told(user) for user in ("kit.vane", "grace.obi", "paul.ensor", "sam.okafor")}
    assert before["sam.okafor"] == ["nomination"]
    for _ in range(2):
        await officer.post("/v1/users/hana.novak/suspension", {"reason": "A complaint"})
        for user in ("kit.vane", "grace.obi", "paul.ensor"):
            assert await told(user) == ["lead_gone", *before[user]], user
        lifted = await officer.post("/v1/users/hana.novak/suspension/lifting", {"reason": "Unfounded"})
        assert lifted == {"user": "hana.novak"}
        assert {user: await told(user) for user in before} == before


async def test_what_falls_vacant_with_somebody_is_listed_before_and_after_they_leave(world: World) -> None:
    """To the manager while her agency is at work there; after that to its co-ordinator, who needs no seat.
    What the agency owes still she is told of then too, since it is hers to answer for (decision 40)."""
    led, _, seats = await case_of_two(world)
    asked, _, _ = await case_of_two(world)
    other, _, _ = await case_of_two(world)
    school, sam = world.as_("nadia.bell"), world.as_("sam.okafor")
    await make_lead(sam, school, led, await _seat(school, led))
    await nominate(sam, asked, await _seat(school, asked))
    action = {
        "desired_outcome": "Better days", "action": "Talk", "by_when": "2031-09-01",
        "accountable": "northgate-school", "responsible_user": "nadia.bell",
        "responsible_name": "Nadia Bell",
    }  # fmt: skip
    made = await sam.post(f"/v1/cases/{led}/actions", {"actions": [action]})
    manager, coordinator = world.as_("grace.obi"), world.as_("school.coord")
    for limit in (1, 50):
        listed = await gaps(manager, "nadia.bell", limit)
        assert (listed[led]["lead"], listed[led]["promises"]) == (True, [made["actions"][0]["id"]])
        assert (listed[asked]["lead"], listed[asked]["nomination"]) == (False, True)
        assert other not in listed
    assert await gaps(world.as_("liz.hart"), "nadia.bell") == {}, "not of her agency"
    for refused in ("nadia.bell", "sam.okafor"):
        answer = await world.as_(refused).send("GET", "/v1/users/nadia.bell/gaps")
        assert answer.status_code == 403
    await manager.post("/v1/users/nadia.bell/departure", {"reason": "Left"})
    for limit in (1, 50):
        [owed] = (await gaps(manager, "nadia.bell", limit)).values()
        assert (owed["case"]["id"], owed["alone"], owed["lead"]) == (led, True, False)
        assert (owed["promises"], owed["case"]["person"]["name"]) == ([made["actions"][0]["id"]], None)
    assert (await manager.send("GET", f"/v1/cases/{led}")).status_code == 404
    assert await gaps(world.as_("liz.hart"), "nadia.bell") == {}, "not of her agency"
    after = (await gaps(coordinator, "nadia.bell"))[led]
    assert (after["lead"], after["case"]["lead_professional"]) == (True, None)
    assert led in [card["id"] for card in await queue(coordinator, 100)]
    kinds = {n["kind"] for n in (await coordinator.get("/v1/notices"))["notices"] if n["case"] == led}
    assert kinds == {"lead_gone"}
    await make_lead(sam, world.as_("hana.novak"), led, seats["hana.novak"])
    left = (await gaps(coordinator, "nadia.bell")).get(led)
    assert left is None or not left["lead"], "somebody leads again"


async def test_a_case_in_which_all_that_falls_vacant_is_hidden_is_not_listed(world: World) -> None:
    case, person, _ = await case_of_two(world)
    action = {
        "desired_outcome": "Better days", "action": "Talk", "by_when": "2031-09-01", "accountable": HOUSING,
        "responsible_user": "hana.novak", "responsible_name": "Hana Novak", "categories": ["mental_health"],
    }  # fmt: skip
    await world.as_("hana.novak").post(f"/v1/cases/{case}/actions", {"actions": [action]})
    manager = world.as_("kit.vane")
    assert case in await gaps(manager, "hana.novak")
    bar = {
        "kind": "conflict_of_interest", "agencies": [], "users": ["kit.vane"],
        "categories": ["mental_health"], "legal_reference": "Rule 3", "reason": "Family",
        "review_on": "2031-09-01", "subjects": [person],
        "custodian": {"name": "Duty desk", "agency": "northgate-school", "telephone": "01632 960999"},
    }  # fmt: skip
    await world.as_("tom.ashby").post(f"/v1/cases/{case}/bars", bar)
    assert (await manager.send("GET", f"/v1/cases/{case}")).status_code == 200
    assert case not in await gaps(manager, "hana.novak")


async def _seat(session: As, case: str) -> str:
    team = (await session.get(f"/v1/cases/{case}/team"))["team"]
    return str(next(one["id"] for one in team if one["user"] == session.user and one["until"] is None))
