"""Who sees the whole ledger: whom the policy names, and nobody else (design 3.4)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from deploy.stories.partnership import name_officer
from services.consent.ledger.tables import Receipt
from tests.gateway.conftest import HouseWorld
from tests.support.gateway import As

pytestmark = pytest.mark.anyio

Json = dict[str, Any]
OFFICERS = ("una.price", "tom.ashby", "hous.officer")


async def read_by(session: As) -> list[Json]:
    """Every receipt that an officer is shown of others' reads of entries."""
    found: list[Json] = []
    following: str | None = "/v1/ledger/receipts?limit=100&action=read"
    while following:
        page = await session.get(following)
        found += page["receipts"]
        following = page["next"]
    return found


def of_others(rows: list[Json], agency: str) -> set[str]:
    """The receipts in which an agency is neither owner nor recipient of anything."""
    strange = set()
    for row in rows:
        owners = {cell["owner"] for case in row["cases"] for cell in case["cells"]}
        if row["agency"] != agency and agency not in owners:
            strange.add(row["id"])
    return strange


async def test_a_fresh_partnership_names_an_officer_who_alone_reads_every_receipt(home: HouseWorld) -> None:
    """Tried: ``is_partnership_officer`` that looks at the role alone."""
    world, house = home.world, home.house
    for user in ("hana.novak", "nadia.bell", "sam.okafor"):
        await world.as_(user).get(f"/v1/cases/{house.case}")
    sessions = {user: world.as_(user) for user in OFFICERS}
    before = {user: await read_by(session) for user, session in sessions.items()}
    for user, rows in before.items():
        assert of_others(rows, sessions[user].agency) == set(), user
    ahead = timedelta(seconds=world.deadline_seconds + 10)
    naming = (sessions["tom.ashby"], sessions["hous.officer"], "una.price", world.clock, ahead)
    version = await name_officer(*naming)
    assert version is not None
    assert of_others(await read_by(sessions["una.price"]), "partnership-office") == set(), "not yet"
    world.clock.now += ahead + timedelta(seconds=1)
    everything = await read_by(sessions["una.price"])
    left = await world.receipts_now("una.price")
    assert {receipt["deed"] for receipt in left} == {"search_ledger"}
    assert {row["agency"] for row in everything} >= {
        "tidewater-housing",
        "northgate-school",
        "youth-offending",
    }
    stored = await world.store("consent").read(_every_read)
    assert len(stored) >= 5
    assert {row["id"] for row in everything} == stored
    assert len(of_others(everything, "partnership-office")) >= 3
    for user in ("tom.ashby", "hous.officer"):
        assert of_others(await read_by(sessions[user]), sessions[user].agency) == set(), user
    assert await name_officer(*naming) is None, "the policy names her already"


def _every_read(session: Session) -> set[str]:
    return set(session.scalars(select(Receipt.id).where(Receipt.action == "read")))
