"""The ledger as a whole through the public API: checkpoints, verification, holds and the search."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from jose import jws
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.consent.policies.repository import policy_document
from services.consent.policies.tables import PublishedPolicy
from tests.gateway.conftest import HouseWorld
from tests.support.gateway import World, fields_of, problem

pytestmark = pytest.mark.anyio

Json = dict[str, Any]


async def name_partnership_officers(world: World, named: Sequence[str]) -> None:
    """Publish the policy in force once more, with these partnership officers."""

    def publish(session: Session) -> None:
        newest = session.query(PublishedPolicy.version).order_by(PublishedPolicy.version.desc()).first()
        assert newest is not None
        document = {**policy_document(session, newest[0]), "partnership_officers": list(named)}  # type: ignore[arg-type]
        from_ = world.clock() - timedelta(seconds=1)
        row = PublishedPolicy(
            version=newest[0] + 1, document=document, published_from=from_, published_by="tests"
        )
        session.add(row)

    await world.store("consent").write(publish)


async def verification(session: Any, checkpoint: str | None = None) -> tuple[Json, list[Json], int]:
    """The last answer, the faults of all, and the number of calls."""
    body: Json = {"checkpoint": checkpoint}
    faults: list[Json] = []
    for calls in range(1, 50):
        response = await session.send("POST", "/v1/ledger/verification", body)
        assert response.status_code == 200, response.text
        answer = response.json()
        faults += answer["faults"]
        if answer["state"] != "going_on":
            assert answer["cursor"] is None
            return answer, faults, calls
        body = {"checkpoint": checkpoint, "cursor": answer["cursor"]}
    raise AssertionError("a verification that does not end")


async def test_officers_and_systems_take_checkpoints_that_anybody_can_tell_are_ours(home: HouseWorld) -> None:
    world = home.world
    keys = {key["kid"]: key for key in (await world.as_("rita.shaw").get("/v1/ledger/keys"))["keys"]}
    for user in ("tom.ashby", "school.system"):
        taken = await world.as_(user).get("/v1/ledger/checkpoint")
        said = jws.verify(taken["checkpoint"], keys["ledger-1"], algorithms=["ES256"])
        assert home.house.case not in said.decode()
        [receipt] = await world.receipts_now(user)
        assert (receipt["id"], receipt["deed"], receipt["cases"]) == (
            taken["decision"]["receipt"], "read_checkpoint", []
        )  # fmt: skip
    for user in ("nadia.bell", "school.guard", "rita.shaw"):
        assert (await world.as_(user).send("GET", "/v1/ledger/checkpoint")).status_code == 403


async def test_the_ledger_is_verified_against_what_somebody_else_held(home: HouseWorld) -> None:
    world = home.world
    await name_partnership_officers(world, ["una.price"])
    officer = world.as_("una.price")
    held = (await world.as_("tom.ashby").get("/v1/ledger/checkpoint"))["checkpoint"]
    answer, faults, _ = await verification(officer, held)
    assert (answer["state"], faults, answer["faults_so_far"]) == ("whole", [], 0)
    assert answer["receipts"] > 40

    # Somebody forgets the end of a chain and everything in the database that tells of it.
    def cut_off(session: Session) -> None:
        chain = session.execute(text("SELECT id FROM chains ORDER BY length DESC LIMIT 1")).scalar_one()
        last = "chain = :chain AND seq = (SELECT max(seq) FROM receipts WHERE chain = :chain)"
        for statement in (
            f"DELETE FROM mentions WHERE receipt IN (SELECT id FROM receipts WHERE {last})",
            f"DELETE FROM receipts WHERE {last}",
            "UPDATE chains SET length = length - 1, head = (SELECT link FROM receipts WHERE chain = :chain "
            "ORDER BY seq DESC LIMIT 1) WHERE id = :chain",
        ):
            session.execute(text(statement), {"chain": chain})
        for table in ("covered", "checkpoints"):
            session.execute(text(f"DELETE FROM {table}"))

    await world.store("consent").write(cut_off)
    assert (await verification(officer))[0]["state"] == "whole"
    answer, faults, _ = await verification(officer, held)
    assert (answer["state"], len(faults), answer["faults_so_far"]) == ("broken", 1, 1)
    assert faults[0]["chain"] == "checkpoints"


async def test_another_officer_verifies_the_own_agencys_chain_and_no_more(home: HouseWorld) -> None:
    world = home.world
    officer = world.as_("tom.ashby")
    answer, faults, _ = await verification(officer)
    assert (answer["state"], answer["chains"], faults) == ("whole", 1, [])
    held = (await officer.get("/v1/ledger/checkpoint"))["checkpoint"]
    response = await officer.send("POST", "/v1/ledger/verification", {"checkpoint": held})
    assert (response.status_code, problem(response)) == (403, "forbidden")


async def test_what_is_no_checkpoint_or_no_cursor_is_named(home: HouseWorld) -> None:
    world = home.world
    await name_partnership_officers(world, ["una.price"])
    officer = world.as_("una.price")
    for body, field in (
        ({"checkpoint": "a.b.c"}, "checkpoint"), ({"checkpoint": ""}, "checkpoint"),
        ({"checkpoint": "x" * 2_001}, "checkpoint"), ({"cursor": "x"}, "cursor"),
        ({"cursor": "x" * 3_000}, "cursor"), ({"checkpoint": 1}, "checkpoint"),
    ):  # fmt: skip
        response = await officer.send("POST", "/v1/ledger/verification", body)
        assert (response.status_code, fields_of(response)) == (422, [field]), response.text


async def test_a_suspended_officer_takes_no_checkpoint_and_verifies_nothing(home: HouseWorld) -> None:
    world = home.world
    await world.as_("una.price").post("/v1/users/hous.officer/suspension", {"reason": "Left"})
    officer = world.as_("hous.officer")
    assert (await officer.send("GET", "/v1/ledger/checkpoint")).status_code == 403
    assert (await officer.send("POST", "/v1/ledger/verification", {})).status_code == 403
