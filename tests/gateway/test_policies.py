"""The life of a policy through the public API (design 3.6)."""

from datetime import date, timedelta
from typing import Any

import pytest

from deploy.stories.steps import agree_to_take_part, join_team, open_case, record_person
from shared.clock import rfc3339
from tests.gateway.areas.policies import document, goldens
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import details, plan_action
from tests.support.gateway import As, World, fields_of, fresh_key, problem

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


async def simulated(session: As, draft: str, against: int = 1) -> Json:
    while True:
        step = {"pages": 1, "against": against}
        card: Json = await session.post(f"{DRAFTS}/{draft}/simulation", step)
        if card["state"] == "finished":
            return card


def plan_level(case: Json, action: str) -> str:
    return str(next(e["level"] for e in case["areas"]["plan"] if e["id"] == action))


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
    after = await reader.get(f"/v1/cases/{house.case}")
    assert plan_level(before, house.action) == plan_level(after, house.action) == "full"
    versions = (await author.get("/v1/policies"))["policies"]
    assert [(row["version"], row["state"]) for row in versions] == [(2, "to_come"), (1, "in_force")]


async def twelve_cases(world: World) -> list[str]:
    """Cases with an action of the school's that housing works on, and reads."""
    school, reader = world.as_("nadia.bell"), world.as_("hana.novak")
    cases = []
    for _ in range(12):
        child = await record_person(school, "Robin", None, date(1990, 4, 2))
        case = await open_case(school, child, [], "To be tried")
        await agree_to_take_part(school, case, child, child, "adult")
        await join_team(school, case, "hana.novak")
        await school.post(f"/v1/cases/{case}/actions", {"actions": [plan_action("northgate-school")]})
        await reader.get(f"/v1/cases/{case}")
        cases.append(case)
    return cases


async def test_a_simulation_goes_on_in_pieces_and_its_counts_are_of_everybody(
    home: HouseWorld,
) -> None:
    world = home.world
    author = world.as_("tom.ashby")
    draft = await drafted(author, tighter(), goldens_for_tighter())
    few = await simulated(author, draft)
    assert few["results"] == {
        "cells": [], "cases": {"simulated": None, "gaining": None, "losing": None}, "requests": None,
    }  # fmt: skip
    cases = await twelve_cases(world)
    card = await author.post(f"{DRAFTS}/{draft}/simulation", {"afresh": True, "pages": 1, "against": 1})
    assert card["id"] != few["id"]
    card = await simulated(author, draft)
    assert card["results"]["cases"] == {"simulated": 10, "gaining": None, "losing": 10}
    cells = {(r["role"], r["agency"], r["category"]): r for r in card["results"]["cells"]}
    told = cells["practitioner", "tidewater-housing", "plan"]
    assert (told["gained"], told["lost"], told["lost_in_use"]) == (None, 20, 20)
    assert card["digest"] != few["digest"]
    shown = (await world.as_("hous.officer").send("GET", f"{DRAFTS}/{draft}")).text
    assert not any(case in shown for case in [*cases, home.house.case])
    assert "hana.novak" not in shown


async def test_a_case_that_only_some_would_see_changes_nothing_in_what_an_officer_is_told(
    sqlite_home: HouseWorld,
) -> None:
    """With nine cases or none the answer is the same, but for ids, times and the digest over them."""
    world = sqlite_home.world
    author = world.as_("tom.ashby")
    draft = await drafted(author, tighter(), goldens_for_tighter())
    told = []
    for _ in range(3):
        card = await author.post(f"{DRAFTS}/{draft}/simulation", {"afresh": True})
        told.append({k: v for k, v in card.items() if k not in ("id", "digest", "begun_at", "finished_at")})
        await world.as_("asif.khan").post("/v1/people", {"details": [details("name")]})
        person = await world.as_("asif.khan").post("/v1/people", {"details": [details("name")]})
        await open_case(world.as_("asif.khan"), person["id"], [], "Unseen")
    assert told[0] == told[1] == told[2]


async def test_a_tighter_version_is_enforced_at_every_replica_from_its_date_on(home: HouseWorld) -> None:
    world, house = home.world, home.house
    author, second, reader = world.as_("tom.ashby"), world.as_("una.price"), world.as_("hana.novak")
    draft = await drafted(author, tighter(), goldens_for_tighter())
    versions = (await author.get("/v1/policies"))["policies"]
    in_force = next(row["version"] for row in versions if row["state"] == "in_force")
    card = await author.post(f"{DRAFTS}/{draft}/simulation", {"against": in_force, "afresh": True})
    await second.post(f"{DRAFTS}/{draft}/approval", {"digest": card["digest"]})
    moment = world.clock.now + timedelta(seconds=world.deadline_seconds + 10)
    wanted = {"digest": card["digest"], "published_from": rfc3339(moment)}
    published = await author.post(f"{DRAFTS}/{draft}/publication", wanted)
    assert world.sleep.slept[-1] == world.deadline_seconds
    assert published["enforced_at"] == rfc3339(moment)
    world.clock.now = moment
    async with world.client_over({}) as client:
        for session in (reader, world.as_("hana.novak", client=client)):
            seen = await session.get(f"/v1/cases/{house.case}")
            assert plan_level(seen, house.action) == "summary"
            assert seen["decision"]["policy_version"] == published["version"]
    states = {row["version"]: row["state"] for row in (await author.get("/v1/policies"))["policies"]}
    assert states[published["version"]] == "in_force"
    matrix = await author.get(f"/v1/policies/{published['version']}/matrix")
    assert "# What each role may see" in matrix["markdown"]
    row = next(r for r in matrix["disclosed"] if (r["role"], r["who"]) == ("practitioner", "member"))
    assert row["cells"][4] == "2°"
    changed = await author.get(f"/v1/policies/1/differences/{published['version']}")
    assert {(r["category"], r["before"], r["after"]) for r in changed["levels"]} == {("plan", 3, 2)}


async def test_each_policy_deed_leaves_a_receipt_on_the_officers_agencys_chain(
    sqlite_home: HouseWorld,
) -> None:
    world = sqlite_home.world
    officer = world.as_("hous.officer")
    begun = await officer.post(DRAFTS, {"from_version": 1, "why": "To see"})
    refused = ["approve_policy", "approve_policy"]  # what was tried, and that it was refused
    tried = [("POST", DRAFTS, {"from_version": 1, "why": "To see"}, ["draft_policy"]),
             ("GET", f"{DRAFTS}/{begun['id']}", None, ["read_policy"]),
             ("GET", "/v1/policies", None, ["read_policy"]),
             ("POST", f"{DRAFTS}/{begun['id']}/simulation", {}, ["simulate_policy"]),
             ("POST", f"{DRAFTS}/{begun['id']}/approval", {"digest": "0" * 64}, refused),
             ("DELETE", f"{DRAFTS}/{begun['id']}", None, ["discard_draft"]),
             ("POST", "/v1/policies/1/restoration", {"why": "Back"}, ["draft_policy"])]  # fmt: skip
    for method, path, body, deeds in tried:
        response = await officer.send(method, path, body)
        assert response.status_code in (200, 201, 403), response.text
        left = await world.receipts_now("hous.officer")
        assert [receipt["deed"] for receipt in left] == deeds
        assert {receipt["chain"] for receipt in left} == {"agency:tidewater-housing"}


async def test_a_draft_is_discarded_by_an_agency_that_wrote_any_of_it(sqlite_home: HouseWorld) -> None:
    world = sqlite_home.world
    author, other = world.as_("tom.ashby"), world.as_("hous.officer")
    draft = f"{DRAFTS}/{(await author.post(DRAFTS, {'from_version': 1, 'why': 'To see'}))['id']}"
    assert (await other.send("DELETE", draft)).status_code == 403
    assert (await world.as_("nadia.bell").send("DELETE", draft)).status_code == 403
    assert (await author.send("DELETE", draft)).status_code == 200
    for gone in (draft, f"{DRAFTS}/not-an-id"):
        assert (await author.send("DELETE", gone)).status_code == 404
        assert (await author.send("GET", gone)).status_code == 404


async def test_what_is_wrong_with_a_draft_is_said_by_path_and_nothing_is_stored(
    sqlite_home: HouseWorld,
) -> None:
    world = sqlite_home.world
    author = world.as_("tom.ashby")
    begun = await author.post(DRAFTS, {"from_version": 1, "why": "To try"})
    path = f"{DRAFTS}/{begun['id']}"
    good = {"why": "To try", "document": document(), "goldens": goldens()}
    for changes, fields in (
        ({"document": {**document(), "ceilings": [{}]}}, ["document.ceilings.0"]),
        ({"document": {}}, ["document"]),
        ({"document": []}, ["document"]),
        ({"goldens": [{**goldens()[0], "role": "wizard"}]}, ["goldens.0.role"]),
        ({"goldens": goldens() * 5}, ["goldens"]),
        ({"why": ""}, ["why"]),
        ({"surprise": 1}, ["surprise"]),
    ):
        response = await author.send("PUT", path, {**good, **changes}, headers={"If-Match": begun["etag"]})
        assert (response.status_code, fields_of(response)) == (422, fields), response.text
    for headers, status in (({}, 428), ({"If-Match": '"0"'}, 412), ({"If-Match": "*"}, 412)):
        response = await author.send("PUT", path, good, headers=headers)
        assert response.status_code == status
    assert (await author.get(path))["revision"] == 1
    key = fresh_key()
    first = await author.send("PUT", path, good, headers={"If-Match": begun["etag"], **key})
    again = await author.send("PUT", path, good, headers={"If-Match": begun["etag"], **key})
    assert (first.status_code, first.content) == (again.status_code, again.content) == (200, first.content)
    assert (await author.get(path))["revision"] == 2


async def test_a_version_that_there_is_not_is_the_404_of_every_absent_thing(sqlite_home: HouseWorld) -> None:
    author = sqlite_home.world.as_("tom.ashby")
    answers = set()
    for number in ("99", "0", "-1", "x", "1.5", "1" * 30, "%00"):
        for path in (number, f"{number}/matrix", f"1/differences/{number}", f"drafts/{number}"):
            response = await author.send("GET", f"/v1/policies/{path}")
            answers.add((response.status_code, response.content))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404


async def test_a_suspended_officer_does_none_of_it(sqlite_home: HouseWorld) -> None:
    world = sqlite_home.world
    draft = (await world.as_("job.officer").post(DRAFTS, {"from_version": 1, "why": "To see"}))["id"]
    await world.as_("una.price").post("/v1/users/job.officer/suspension", {"reason": "Left"})
    suspended = world.as_("job.officer")
    for method, path, body in (
        ("GET", "/v1/policies", None),
        ("GET", f"{DRAFTS}/{draft}", None),
        ("POST", f"{DRAFTS}/{draft}/simulation", {}),
        ("POST", f"{DRAFTS}/{draft}/approval", {"digest": "0" * 64}),
    ):
        response = await suspended.send(method, path, body)
        assert (response.status_code, problem(response)) == (403, "forbidden"), path
