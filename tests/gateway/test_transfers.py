"""Asking again after a transfer, in a household that nobody has handed over before."""

from datetime import timedelta

import pytest

from tests.gateway.conftest import HouseWorld
from tests.gateway.test_ways_in import LEAD
from tests.support.gateway import As

pytestmark = pytest.mark.anyio


async def test_after_a_transfer_the_new_lead_is_told_what_to_ask_again(home: HouseWorld) -> None:
    """Fails when permissions go on unasked once another agency leads, or the family comes back."""
    world, house = home.world, home.house
    lead, housing = world.as_(LEAD), world.as_("hana.novak")

    async def asked(session: As) -> set[str]:
        listed = (await session.get("/v1/consents/expiring"))["expiring"]
        return {one["consent"]["needs_asking_again"]["why"] for one in listed}

    assert await asked(lead) == set()
    path = f"/v1/cases/{house.case}/lead-professional"
    handed = await lead.post(f"{path}/handovers", {"member": house.housing_member})
    assert await asked(lead) == set(), "nobody has accepted"
    await housing.post(f"{path}/nominations/{handed['id']}/acceptance")
    assert await asked(housing) == {"transfer"}
    told = (await housing.get("/v1/consents/expiring"))["expiring"]
    assert len(told) > 3
    due = {one["consent"]["needs_asking_again"]["on"] for one in told}
    assert due == {(world.clock.now + timedelta(days=30)).date().isoformat()}
    assert await asked(world.as_("nadia.bell")) == {"transfer"}, "who took them"
    assert await asked(world.as_("ruth.amadi")) == set()
    back = await housing.post(f"{path}/handovers", {"member": house.lead_member})
    await lead.post(f"{path}/nominations/{back['id']}/acceptance")
    assert await asked(lead) == {"transfer"}
    assert await asked(housing) == set()
