"""A page that shows a list whole shows all of it, however many pages of the API it takes."""

import pytest

from services.consent.agencies.operations import add_agency
from services.gateway.paging import MOST_AT_ONCE
from shared.idempotency import WriteRequest
from shared.identity import Caller
from shared.records.agencies import NewAgency
from shared.vocabulary import AgencyKind, Role
from tests.practitioner.browser import Desk

pytestmark = pytest.mark.anyio


async def test_the_last_of_many_agencies_is_found_and_named(desk: Desk) -> None:
    """Fails when a page takes the first page of a list for the list."""
    world = desk.home.world
    officer = Caller("una.price", "Una Price", "partnership-office", Role.INFORMATION_OFFICER)
    for number in range(MOST_AT_ONCE):
        new = NewAgency(code=f"z-{number:03}", name=f"Late agency {number}", kind=AgencyKind.VOLUNTARY)
        request = WriteRequest(officer, world.clock(), None, "")
        await world.store("consent").write(add_agency, request, new)
    page = await world.as_("tom.ashby").get("/v1/agencies")
    assert (len(page["agencies"]), page["next"] is None) == (MOST_AT_ONCE, False)
    browser = await desk.signed_in("tom.ashby")
    last = f"Late agency {MOST_AT_ONCE - 1}"
    assert last not in [one["name"] for one in page["agencies"]]
    assert "1 agency" in (await browser.get(f"/agencies?name={last.replace(' ', '+')}")).text
