"""The life of a policy through the public API (design 3.6)."""

from typing import Any

import pytest

from tests.gateway.areas.policies import document, goldens
from tests.gateway.conftest import HouseWorld
from tests.support.gateway import As

pytestmark = pytest.mark.anyio

Json = dict[str, Any]
DRAFTS = "/v1/policies/drafts"


def tighter() -> Json:
    """The default policy, but that practitioners on a team no longer read the plan."""
    changed = document()
    for entry in changed["ceilings"]:
        if entry["role"] == "practitioner" and entry["relationships"] in (["member"], ["lead"]):
            entry["levels"] = entry["levels"][:4] + "2" + entry["levels"][5:]
    return changed


def goldens_for_tighter() -> list[Json]:
    changed = goldens()
    changed[0] = {**changed[0], "says": "A teacher reads headlines of the plan.", "expected": "summary"}
    return changed


async def drafted(session: As, document: Json, rows: list[Json]) -> str:
    begun = await session.post(DRAFTS, {"from_version": 1, "why": "Plans are for the lead"})
    body = {"why": "Plans are for the lead", "document": document, "goldens": rows}
    response = await session.send("PUT", f"{DRAFTS}/{begun['id']}", body, headers={"If-Match": begun["etag"]})
    assert response.status_code == 200, response.text
    return str(begun["id"])


async def simulated(session: As, draft: str) -> Json:
    while True:
        card: Json = await session.post(f"{DRAFTS}/{draft}/simulation", {"pages": 1})
        if card["state"] == "finished":
            return card


def plan_level(case: Json) -> str:
    return str(next(e["level"] for e in case["areas"]["plan"] if e["owner"] == "northgate-school"))


async def test_a_draft_is_checked_simulated_approved_by_a_second_person_and_published_and_takes_effect(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    author, second = world.as_("tom.ashby"), world.as_("hous.officer")
    reader = world.as_("hana.novak")
    draft = await drafted(author, tighter(), goldens_for_tighter())
    card = await simulated(author, draft)
    shown = await second.get(f"{DRAFTS}/{draft}")
    assert not [f for f in shown["findings"] if f["severity"] == "error"]
    assert shown["failing_goldens"] == []
    assert {row["category"] for row in shown["differences"]["levels"]} == {"plan"}
    assert shown["differences"]["sensitive"] == {"gained": [], "lost": []}
    approved = await second.post(f"{DRAFTS}/{draft}/approval", {"digest": card["digest"]})
    assert approved["digest"] == card["digest"]
    before = await reader.get(f"/v1/cases/{house.case}")
    wanted = {"digest": card["digest"], "published_from": "2031-06-01T00:00:00Z"}
    published = await author.post(f"{DRAFTS}/{draft}/publication", wanted)
    assert published["version"] == 2
    assert published["enforced_at"] == "2031-06-01T00:00:00.000000Z"
    assert plan_level(before) == plan_level(await reader.get(f"/v1/cases/{house.case}")) == "full"
    versions = (await author.get("/v1/policies"))["policies"]
    assert [(row["version"], row["state"]) for row in versions] == [(2, "to_come"), (1, "in_force")]
