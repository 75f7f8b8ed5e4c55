"""Whatever is refused about a case or a person stands in the ledger as refused (design 3.4).

Three changes that make this fail: recording only what the decision refuses, recording a refusal that the
decision recorded already, telling of a refusal that could not be recorded.
"""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as DatabaseSession

from services.consent.ledger.tables import Mention
from shared.sockets import Sockets
from tests.gateway.areas.overrides import override
from tests.gateway.conftest import HouseWorld
from tests.gateway.operations import exclusion, share
from tests.gateway.test_one_refusal import ABSENT, comparable
from tests.support.gateway import World, problem

pytestmark = pytest.mark.anyio

Json = dict[str, Any]
IN_SAFEGUARDING = {"Purpose": "safeguarding", "Purpose-Reason": "An enquiry"}
BY_CHILD = {"capacity": "young_person"}


def refused_after_the_decision(home: HouseWorld) -> list[tuple[str, str, str, Json, int, str]]:
    """Who sends what where, what they are told, and the deed."""
    house = home.house
    child = {"giver": house.child, **BY_CHILD}
    return [
        ("nadia.bell", "POST", "consents", share(house, **child), 422, "record_permission"),
        ("nadia.bell", "POST", "consents", share(house, giver=ABSENT), 422, "record_permission"),
        ("nadia.bell", "POST", "consents", share(house, valid_until="2030-01-01T00:00:00Z"), 422,
         "record_permission"),
        ("nadia.bell", "POST", "exclusions", exclusion(house, **child), 422, "record_exclusion"),
        ("nadia.bell", "POST", f"exclusions/{ABSENT}/lifting", LIFTING, 404, "lift_exclusion"),
        ("sam.okafor", "POST", f"authorities/{ABSENT}/ending", {"reason": "Over"}, 404, "end_authority"),
        ("sam.okafor", "POST", "lead-professional/nominations", {"member": ABSENT, "by": "team"}, 422,
         "nominate_lead"),
        ("dev.patel", "POST", "overrides", override(house, lawful_basis="none_at_all"), 422,
         "record_override"),
        ("harb.manager", "POST", f"overrides/{ABSENT}/confirmation", {}, 404, "confirm_override"),
    ]  # fmt: skip


LIFTING = {"lifted_by": ABSENT, "evidence": {"form": "verbal"}}


async def mentions(world: World, receipt: Json) -> set[tuple[str, str]]:
    def find(session: DatabaseSession) -> set[tuple[str, str]]:
        found = select(Mention.kind, Mention.target).where(Mention.receipt == receipt["id"])
        return {(row.kind, row.target) for row in session.execute(found)}

    return await world.store("consent").read(find)


async def test_what_is_refused_after_the_decision_stands_there_as_refused_once(home: HouseWorld) -> None:
    world, case, tried = home.world, home.house.case, 0
    for user, method, what, body, status, deed in refused_after_the_decision(home):
        session = world.as_(user, headers=IN_SAFEGUARDING if user == "dev.patel" else {})
        response = await session.send(method, f"/v1/cases/{case}/{what}", body)
        assert response.status_code == status, (what, response.text)
        refusals = await world.receipts_now(user, ("refuse",))
        assert [one["deed"] for one in refusals] == [deed], what
        [receipt] = refusals
        assert receipt["chain"].startswith("agency:")
        assert receipt["cases"] == []
        kind = "attempt" if status == 404 else "case"
        assert (kind, case) in await mentions(world, receipt), what
        tried += 1
    assert tried == 9


async def test_what_is_done_leaves_no_refusal(home: HouseWorld) -> None:
    world, case = home.world, home.house.case
    await world.as_("nadia.bell").post(f"/v1/cases/{case}/consents", share(home.house))
    assert await world.receipts_now("nadia.bell", ("refuse",)) == []


async def test_a_second_use_of_a_key_is_refused_and_stands_there_so(home: HouseWorld) -> None:
    world, path = home.world, f"/v1/cases/{home.house.case}/consents"
    session, key = world.as_("nadia.bell"), {"Idempotency-Key": "used-twice"}
    await session.send("POST", path, share(home.house), headers=key)
    again = await session.send("POST", path, share(home.house, categories=["family"]), headers=key)
    assert again.status_code == 409
    assert [r["deed"] for r in await world.receipts_now("nadia.bell", ("refuse",))] == ["record_permission"]


async def test_a_refusal_that_cannot_be_recorded_is_not_told(sqlite_home: HouseWorld) -> None:
    world, case = sqlite_home.world, sqlite_home.house.case
    nobody = Sockets("http://127.0.0.1:9")
    async with world.client_over({"consent": nobody}) as client:
        response = await world.as_("rita.shaw", client=client).send("GET", f"/v1/cases/{case}")
    assert (response.status_code, problem(response)) == (503, "decision-unavailable")


async def test_what_a_guard_refuses_is_recorded_alike_for_every_id(home: HouseWorld) -> None:
    """Fails when a role that may not ask leaves no trace, or when its attempt tells that a case is there."""
    world, house = home.world, home.house
    for name, what, ids in (
        ("case", "cases/{}", (house.case, house.other_case, ABSENT, "not-an-id")),
        ("person", "people/{}", (house.child, house.other_child, ABSENT, "not-an-id")),
        ("case and action", "cases/{}/consents", (house.case, house.other_case, ABSENT, "not-an-id")),
    ):
        answers, added = set(), set()
        for id_ in ids:
            before = await world.rows()
            response = await world.as_("rita.shaw").send("GET", f"/v1/{what.format(id_)}")
            assert (response.status_code, problem(response)) == (403, "forbidden"), (name, id_)
            after = await world.rows()
            answers.add(comparable(response))
            added.add(tuple((n, after[n] - before[n]) for n in after if after[n] != before[n]))
            [receipt] = await world.receipts_now("rita.shaw")
            assert (receipt["action"], receipt["deed"], receipt["cases"]) == ("refuse", None, [])
            assert receipt["chain"] == f"agency:{receipt['agency']}"
            [(kind, target)] = await mentions(world, receipt)
            assert (kind, target == id_) == ("attempt", id_ != "not-an-id")
        assert len(answers) == 1, name
        assert {count for one in added for table, count in one if table != "consent.chains"} == {1}
        assert {table for one in added for table, _ in one} <= {
            "consent.receipts", "consent.mentions", "consent.chains",
        }  # fmt: skip


async def test_what_a_guard_refuses_that_names_nobody_leaves_nothing(home: HouseWorld) -> None:
    world = home.world
    assert (await world.as_("rita.shaw").send("GET", "/v1/cases")).status_code == 403
    assert await world.receipts_now("rita.shaw") == []
