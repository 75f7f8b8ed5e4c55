"""The owner's key from pages: Young Citizens' story, as far as the owner's manager goes."""

from datetime import timedelta

import pytest

from shared.clock import rfc3339
from tests.practitioner.browser import Desk

pytestmark = pytest.mark.anyio
HOSTILE = '"><script>alert(1)</script>'


async def contact_is_seen(desk: Desk) -> bool:
    view = await desk.home.world.as_("hana.novak").get(f"/v1/cases/{desk.home.house.case}")
    return any(
        entry["kind"] == "contact" and entry["level"] == "full" and entry["owner"] == "northgate-school"
        for entry in view["areas"]["person"]
    )


async def test_either_key_alone_opens_nothing_both_do_and_taking_one_back_shuts_it(desk: Desk) -> None:
    """The owner's agreement keeps contact back whatever the family allows, until its manager releases it."""
    house, world = desk.home.house, desk.home.world
    await keep_contact_back(desk)
    asked = {
        "owner": "northgate-school", "subject": house.child, "categories": ["contact"], "level": "full",
        "purpose": "support", "valid_until": rfc3339(world.clock.now + timedelta(days=90)),
        "reason": "To see him at home " + HOSTILE,
    }  # fmt: skip
    made = await world.as_("hana.novak").post(f"/v1/cases/{house.case}/sharing-requests", asked)
    family = {
        "subject": house.child, "giver": house.mother, "capacity": "parent", "answer": "given",
        "statement": {"reasons_explained_and_understood": True, "agrees": True},
        "evidence": {"form": "written", "reference": "form 21"}, "wording_version": "2026-1",
    }  # fmt: skip
    path = f"/v1/cases/{house.case}/sharing-requests/{made['id']}/family-answer"
    await world.as_("nadia.bell").post(path, family)
    assert not await contact_is_seen(desk)
    manager = await desk.signed_in("grace.obi")
    page = await manager.get("/sharing-requests")
    address = f"/sharing-requests/{made['id']}"
    assert address in page.links.values()
    assert "Waits for your answer" in page.text
    page = await manager.get(address)
    assert "<script>alert" not in page.html
    missing = await manager.send(page, address, answer="released")
    assert (missing.status, missing.mistakes) == (422, ["Fill this in."])
    for _ in range(2):
        done = await manager.send(missing, address, answer="released", reason="He is known to both of us")
        assert (done.address, "You share it, once the family agrees" in done.text) == (
            "/sharing-requests", True,
        )  # fmt: skip
    assert await contact_is_seen(desk)
    page = await manager.get(address)
    done = await manager.send(page, address, answer="refused", reason="No longer needed")
    assert "You shared it; that is over" in done.text or "You said no" in done.text
    assert not await contact_is_seen(desk)


async def keep_contact_back(desk: Desk) -> None:
    now = desk.home.world.clock.now
    row = {
        "category": "contact", "base": "none", "mode": "permission", "cap": "none",
        "basis": "Public task", "condition": "None needed", "power": "Children Act 2004, section 10",
    }  # fmt: skip
    agreement = {
        "owner": "northgate-school", "recipient": "tidewater-housing", "purpose": "support", "rows": [row],
        "valid_from": rfc3339(now), "valid_until": rfc3339(now + timedelta(days=365)), "title": "Contact",
    }  # fmt: skip
    await desk.home.world.as_("tom.ashby").post("/v1/agreements", agreement)


@pytest.mark.parametrize("user", ["nadia.bell", "hana.novak", "tom.ashby", "liz.hart"])
async def test_nobody_but_the_owners_manager_turns_the_owners_key(desk: Desk, user: str) -> None:
    listed = await desk.home.world.as_("grace.obi").get("/v1/sharing-requests")
    [request] = listed["sharing_requests"]
    page = await (await desk.signed_in(user)).get(f"/sharing-requests/{request['id']}")
    assert page.status in (403, 404)


async def test_only_whoever_answers_is_offered_to_and_others_read_who_does(desk: Desk) -> None:
    """A member of the owner's team reads what is asked; one that is over is offered to nobody."""
    at = f"/cases/{desk.home.house.case}/sharing-requests"
    asked = {
        "owner": "northgate-school", "subject": desk.home.house.child, "categories": ["learning"],
        "level": "full", "purpose": "support", "reason": "To see how he is doing",
        "valid_until": rfc3339(desk.home.world.clock.now + timedelta(days=90)),
    }  # fmt: skip
    made = await desk.home.world.as_("hana.novak").post(f"/v1{at}", asked)
    answer = f"/sharing-requests/{made['id']}"
    member, manager = await desk.signed_in("nadia.bell"), await desk.signed_in("grace.obi")
    page = await member.get(at)
    assert "Waits for the answer of your service’s manager" in page.text
    assert answer not in page.links.values()
    assert answer in (await manager.get(at)).links.values()
    assert (await manager.get(answer)).status == 200
    desk.home.world.clock.now += timedelta(days=15)
    manager = await desk.signed_in("grace.obi")
    assert answer not in (await manager.get(at)).links.values()
    assert answer not in (await manager.get("/sharing-requests")).links.values()
