"""The money of a case through the public API: who gives, holds, signs and sees it.

Three changes that make this fail: showing a balance to whoever sees the allocation, letting any member of the
team buy, naming the action that a purchase is for to who does not see it.
"""

from typing import Any

import pytest

from tests.gateway.areas.budget import new_purchase, stream
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import SCHOOL, YOT
from tests.support.gateway import As, fields_of, problem

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
ABSENT = "5f0c9d0e-6c41-4d0b-9a55-0a3a2b7c9d11"


def budget_of(home: HouseWorld) -> str:
    return f"/v1/cases/{home.house.case}/budget"


async def shown(home: HouseWorld, session: As) -> Json:
    [allocation] = [
        one
        for one in (await session.get(budget_of(home)))["allocations"]
        if one["allocation"]["id"] == home.house.allocation
    ]
    return dict(allocation)


async def test_who_gave_the_money_and_who_holds_it_see_its_balance_and_nobody_else(home: HouseWorld) -> None:
    world, house = home.world, home.house
    lead = await shown(home, world.as_("sam.okafor"))
    assert lead["balance"] == {
        "allocated_pence": 50_000, "committed_pence": 12_000, "spent_pence": 0, "free_pence": 38_000,
    }  # fmt: skip
    manager = await shown(home, world.as_("liz.hart"))
    assert (manager["balance"], manager["rules"]) == (lead["balance"], lead["rules"])
    [bed] = [one for one in lead["purchases"] if one["purchase"]["id"] == house.purchase]
    assert bed["action"] == house.action
    fields = bed["purchase"]["fields"]
    assert (fields["amount_pence"], fields["departs_from_wish"]) == (12_000, True)
    assert fields["departed_because"]
    mother = await shown(home, world.as_("karen.mercer", person=house.mother))
    assert mother["balance"] is None
    assert mother["purchases"][0]["purchase"]["fields"]["wish"] == fields["wish"]
    for user in ("hana.novak", "ben.carver", "ruth.amadi"):
        found = (await world.as_(user).get(budget_of(home)))["allocations"]
        assert found == [], "without permission money is told of as no more than that something is there"


async def test_what_may_be_done_stands_with_the_money_and_is_what_is_not_refused(home: HouseWorld) -> None:
    """A bed waits for the signature of a manager who pays; nobody else is offered anything that is theirs."""
    world, house = home.world, home.house
    lead, manager = [await shown(home, world.as_(user)) for user in ("sam.okafor", "liz.hart")]
    [bed] = [one for one in lead["purchases"] if one["purchase"]["id"] == house.purchase]
    assert (lead["may"], bed["may"]) == (["order"], ["release"])
    [same] = [one for one in manager["purchases"] if one["purchase"]["id"] == house.purchase]
    assert (manager["may"], same["may"]) == (["return"], ["signature", "refusal"])
    for one in (lead, manager):
        assert one["rules"] == {
            "may_buy": ["household", "travel"], "most_per_purchase_pence": None,
            "second_signature_above_pence": 10_000,
        }  # fmt: skip
    mother = await shown(home, world.as_("karen.mercer", person=house.mother))
    assert (mother["may"], mother["rules"], mother["purchases"][0]["may"]) == ([], None, [])
    view = await world.as_("sam.okafor").get(f"/v1/cases/{house.case}")
    assert {"spend_budget", "settle_purchase"} <= set(view["may"])
    assert "allocate_budget" not in view["may"]
    for user, may in (("liz.hart", ["close"]), ("sam.okafor", []), ("grace.obi", [])):
        listed = (await world.as_(user).get("/v1/budget-streams"))["streams"]
        assert [one["may"] for one in listed if one["id"] == house.stream] == [may], user


async def test_the_lead_alone_buys_and_a_manager_who_pays_signs(home: HouseWorld) -> None:
    world, house, path = home.world, home.house, f"{budget_of(home)}/purchases"
    lead, manager = world.as_("sam.okafor"), world.as_("liz.hart")
    for user in ("nadia.bell", "hana.novak", "asif.khan", "liz.hart"):
        refused = await world.as_(user).send("POST", path, new_purchase(house))
        assert (refused.status_code, problem(refused)) == (403, "forbidden"), user
    for wrong, field in (
        ({"allocation": ABSENT}, "allocation"), ({"allocation": house.purchase}, "allocation"),
        ({"action": house.camhs_action}, "action"), ({"action": ABSENT}, "action"),
        ({"kind_of_purchase": "clothing"}, "kind_of_purchase"),
    ):  # fmt: skip
        response = await lead.send("POST", path, new_purchase(house, **wrong))
        assert (response.status_code, fields_of(response)) == (422, [field]), wrong
    too_much = await lead.send("POST", path, new_purchase(house, amount_pence=38_001))
    assert (too_much.status_code, problem(too_much)) == (409, "conflict")
    signature = f"{path}/{house.purchase}/signature"
    for user in ("sam.okafor", "nadia.bell", "kit.vane"):
        assert (await world.as_(user).send("POST", signature)).status_code == 403, user
    notices = (await manager.get("/v1/notices?limit=100"))["notices"]
    assert house.purchase in [one["about"] for one in notices if one["kind"] == "purchase_to_sign"]
    assert (
        await lead.send("POST", f"{path}/{house.purchase}/spending", {"spent_pence": 1})
    ).status_code == 409
    assert (await manager.post(signature))["status"] == "committed"
    for id_ in (ABSENT, "not-an-id", house.action, house.allocation):
        for what, body in (("spending", {"spent_pence": 1}), ("release", {"reason": "No"})):
            assert (await lead.send("POST", f"{path}/{id_}/{what}", body)).status_code == 404
    over = await lead.send("POST", f"{path}/{house.purchase}/spending", {"spent_pence": 12_001})
    assert fields_of(over) == ["spent_pence"]
    spent = await lead.post(f"{path}/{house.purchase}/spending", {"spent_pence": 11_000})
    assert spent["status"] == "spent"
    balance = (await shown(home, lead))["balance"]
    assert balance == {
        "allocated_pence": 50_000, "committed_pence": 0, "spent_pence": 11_000, "free_pence": 39_000,
    }  # fmt: skip


async def test_what_a_lead_ordered_who_has_handed_over_is_settled_by_who_pays(home: HouseWorld) -> None:
    """Youth offending pays and holds; housing leads now, and holds none of it."""
    world, house, path = home.world, home.house, f"{budget_of(home)}/purchases"
    lead, next_lead, manager = (world.as_(user) for user in ("sam.okafor", "hana.novak", "liz.hart"))
    lamp = (await lead.post(path, new_purchase(house)))["id"]
    releasing, reason = f"{path}/{lamp}/release", {"reason": "The next lead buys it elsewhere."}
    early = await manager.send("POST", releasing, reason)
    assert (early.status_code, problem(early)) == (403, "forbidden"), "it is the lead's to say"
    leading = f"/v1/cases/{house.case}/lead-professional"
    asked = await lead.post(f"{leading}/handovers", {"member": house.housing_member})
    await next_lead.post(f"{leading}/nominations/{asked['id']}/acceptance")
    # Of money that is not her agency's the next lead sees no more than that something is there.
    absent = f"{path}/{ABSENT}/release"
    for session, status in ((lead, 403), (world.as_("grace.obi"), 403), (next_lead, 404)):
        hidden, gone = [await session.send("POST", one, reason) for one in (releasing, absent)]
        assert (hidden.status_code, gone.status_code) == (status, status), hidden.text
    assert (await manager.post(releasing, reason))["status"] == "released"
    assert (await manager.send("POST", releasing, reason)).status_code == 409
    back = await next_lead.post(f"{leading}/handovers", {"member": house.lead_member})
    await lead.post(f"{leading}/nominations/{back['id']}/acceptance")


async def test_a_stream_gives_one_case_no_more_than_it_says(home: HouseWorld) -> None:
    """Whoever reads the streams is told the limit; the refusal says what to do, and takes nothing."""
    manager, path = home.world.as_("liz.hart"), f"{budget_of(home)}/allocations"
    limited = (await manager.post("/v1/budget-streams", stream(most_per_case_pence=3_000)))["id"]
    wanted = {"stream": limited, "amount_pence": 2_000, "purpose": "Curtains"}
    given = (await manager.post(path, wanted))["id"]
    refused = await manager.send("POST", path, wanted)
    assert (refused.status_code, problem(refused)) == (409, "conflict")
    assert "take back what is free" in refused.json()["detail"]
    listed = {one["id"]: one for one in (await manager.get("/v1/budget-streams"))["streams"]}
    assert (listed[limited]["most_per_case_pence"], listed[limited]["left_pence"]) == (3_000, 98_000)
    assert listed[home.house.stream]["most_per_case_pence"] is None
    await manager.post(f"{path}/{given}/return", {"amount_pence": 1_000})
    assert await manager.post(path, wanted)
    for wrong in (0, -1, 10.5, "3000"):
        response = await manager.send("POST", "/v1/budget-streams", stream(most_per_case_pence=wrong))
        assert (response.status_code, fields_of(response)) == (422, ["most_per_case_pence"])


async def test_settling_is_offered_to_those_alone_to_whom_it_is_not_refused(home: HouseWorld) -> None:
    """The school pays; youth offending leads and holds, and its manager, who pays for other things of this
    case, settles nothing of it. Somebody to whom it is not refused is told that so much was never bound."""
    world, house, path = home.world, home.house, budget_of(home)
    paying, lead = world.as_("grace.obi"), world.as_("sam.okafor")
    fund = (await paying.post("/v1/budget-streams", stream()))["id"]
    money = {"stream": fund, "amount_pence": 20_000, "purpose": "Shoes"}
    given = (await paying.post(f"{path}/allocations", money))["id"]
    shoes = new_purchase(house, allocation=given, amount_pence=500)
    bought = (await lead.post(f"{path}/purchases", shoes))["id"]
    for user, offered, status in (
        ("liz.hart", [], 403), ("grace.obi", [], 403), ("sam.okafor", ["spending", "release"], 422),
    ):  # fmt: skip
        listed = (await world.as_(user).get(path))["allocations"]
        purchases = [one for each in listed for one in each["purchases"]]
        assert [one["may"] for one in purchases if one["purchase"]["id"] == bought] == [offered], user
        settling = f"{path}/purchases/{bought}"
        spent = await world.as_(user).send("POST", f"{settling}/spending", {"spent_pence": 999_999})
        assert spent.status_code == status, user
        if not offered:
            released = await world.as_(user).send("POST", f"{settling}/release", {"reason": "No"})
            assert released.status_code == status, user
    assert (await lead.post(f"{path}/purchases/{bought}/release", {"reason": "No"}))["status"] == "released"


async def test_an_order_repeated_under_its_key_binds_its_money_once(home: HouseWorld) -> None:
    lead, path = home.world.as_("sam.okafor"), f"{budget_of(home)}/purchases"
    before = (await shown(home, lead))["balance"]["committed_pence"]
    key = {"Idempotency-Key": "one-lamp"}
    answers = [await lead.send("POST", path, new_purchase(home.house), headers=key) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert (await shown(home, lead))["balance"]["committed_pence"] == before + 2_500


async def test_an_agency_gives_its_own_money_and_takes_back_what_is_free(home: HouseWorld) -> None:
    world, house = home.world, home.house
    manager, path = world.as_("liz.hart"), f"{budget_of(home)}/allocations"
    others = await world.as_("grace.obi").post("/v1/budget-streams", stream())
    for wrong in (others["id"], ABSENT):
        body = {"stream": wrong, "amount_pence": 100, "purpose": "x"}
        response = await manager.send("POST", path, body)
        assert (response.status_code, fields_of(response)) == (422, ["stream"])
    body = {"stream": house.stream, "amount_pence": 450_001, "purpose": "x"}
    assert (await manager.send("POST", path, body)).status_code == 409
    for user in ("nadia.bell", "sam.okafor"):
        small = {**body, "amount_pence": 1}
        assert (await world.as_(user).send("POST", path, small)).status_code == 403
    back = f"{path}/{house.allocation}/return"
    assert (await manager.send("POST", back, {"amount_pence": 50_001})).status_code == 409
    hidden = await world.as_("grace.obi").send("POST", back, {"amount_pence": 1})
    assert hidden.status_code == 404, "of another agency's money she knows only that there is something"
    await manager.post(back, {"amount_pence": 1_000})
    known = {one["id"]: one for one in (await manager.get("/v1/budget-streams"))["streams"]}
    assert (known[house.stream]["total_pence"], known[house.stream]["left_pence"]) == (500_000, 451_000)
    assert known[others["id"]]["left_pence"] is None
    for user in ("sam.okafor", "nadia.bell"):
        seen = {one["id"]: one for one in (await world.as_(user).get("/v1/budget-streams"))["streams"]}
        assert seen[house.stream]["left_pence"] is None
    for user, status in (("sam.okafor", 403), ("grace.obi", 403)):
        closing = f"/v1/budget-streams/{house.stream}/closing"
        assert (await world.as_(user).send("POST", closing)).status_code == status
    assert (await manager.post(f"/v1/budget-streams/{house.stream}/closing"))["state"] == "closed"
    assert (await manager.send("POST", path, {**body, "amount_pence": 1})).status_code == 409


async def test_nobody_needs_a_budget_to_lead_and_nobody_holds_one_who_does_not(home: HouseWorld) -> None:
    world, house = home.world, home.house
    camhs = await world.as_("asif.khan").get(f"/v1/cases/{house.other_case}/budget")
    assert camhs["allocations"] == []
    allocation = await shown(home, world.as_("sam.okafor"))
    assert allocation["allocation"]["fields"]["held_by"] == YOT
    assert allocation["allocation"]["owner"] == YOT
    assert SCHOOL not in str(allocation)
