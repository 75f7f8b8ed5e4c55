"""An honest retry: the same key, body and tag once more, whatever became of the record (design 3.5).

Three changes that make this fail: comparing the tag before the key is looked up, taking the fingerprint of
what the gateway made of a request, leaving the tag out of the fingerprint.
"""

from typing import Any

import pytest

from deploy.stories.steps import permit
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import SCHOOL, UNTIL, YOT, details, element, plan_action, words
from tests.gateway.operations import share
from tests.support.gateway import LEDGER_TABLES, As, World, fresh_key, problem

pytestmark = pytest.mark.anyio

Json = dict[str, Any]


def tag_in(content: Any, entry: str) -> str | None:
    """The tag of an entry, wherever it stands in an answer."""
    if isinstance(content, dict):
        if content.get("id") == entry and "etag" in content:
            return str(content["etag"])
        content = list(content.values())
    if isinstance(content, list):
        return next((tag for tag in (tag_in(one, entry) for one in content) if tag), None)
    return None


async def corrections(home: HouseWorld) -> list[tuple[As, str, str, str, list[Json]]]:
    """Who reads where, and which entry they correct where, with three corrections."""
    world, house = home.world, home.house
    school, camhs, yot = world.as_("nadia.bell"), world.as_("asif.khan"), world.as_("sam.okafor")
    entries = f"/v1/cases/{house.case}/assessments/{house.draft}/entries"
    need = (await camhs.post(entries, element("need", "participation", [house.child])))["id"]
    plan = f"/v1/cases/{house.case}/actions"
    action = (await school.post(plan, {"actions": [plan_action(YOT)]}))["actions"][0]["id"]
    person, contact = f"/v1/people/{house.child}", house.school_contact
    telephones: list[Json] = [{"fields": {"telephone": f"01632 96080{n}"}} for n in range(3)]
    headlines: list[Json] = [{"headline": words("corrected")} for _ in range(3)]
    states: list[Json] = [{"status": "in_progress"}, {"status": "done", "outcome": "Done"}, {"outcome": "X"}]
    return [
        (school, person, contact, f"{person}/details/{contact}", telephones),
        (camhs, f"/v1/cases/{house.case}", need, f"{entries}/{need}", headlines),
        (yot, f"/v1/cases/{house.case}", action, f"{plan}/{action}", states),
    ]


async def test_a_correction_sent_again_is_done_once(home: HouseWorld) -> None:
    for session, read, entry, path, bodies in await corrections(home):

        async def tag(session: As = session, read: str = read, entry: str = entry) -> str:
            found = tag_in(await session.get(read), entry)
            assert found is not None
            return found

        first, key = await tag(), fresh_key()
        sent = {**key, "If-Match": first}
        done = await session.send("PATCH", path, bodies[0], headers=sent)
        assert done.status_code == 200, done.text
        second = await tag()
        before = await home.world.rows(without=LEDGER_TABLES)
        for _ in range(2):
            again = await session.send("PATCH", path, bodies[0], headers=sent)
            assert (again.status_code, again.json()) == (200, done.json()), path
        assert await tag() == second
        for body, headers, expected in (
            (bodies[1], sent, 409),
            (bodies[0], {**key, "If-Match": second}, 409),
            (bodies[0], {**fresh_key(), "If-Match": first}, 412),
            (bodies[0], {"If-Match": first}, 412),
            (bodies[0], key, 428),
        ):
            refused = await session.send("PATCH", path, body, headers=headers)
            assert refused.status_code == expected, (path, expected, refused.text)
        assert await home.world.rows(without=LEDGER_TABLES) == before
        assert await tag() == second
        changed = await session.send("PATCH", path, bodies[1], headers={"If-Match": second})
        assert changed.status_code == 200
        later = await session.send("PATCH", path, bodies[0], headers=sent)
        assert (later.status_code, later.json()) == (200, done.json())


async def test_a_key_refused_as_stale_is_free(home: HouseWorld) -> None:
    """Somebody who reads again and repeats their change under the same key gets it done."""
    for session, read, entry, path, bodies in await corrections(home):
        key = fresh_key()
        old = await session.send("PATCH", path, bodies[0], headers={**key, "If-Match": '"0"'})
        assert (old.status_code, problem(old)) == (412, "stale")
        tag = tag_in(await session.get(read), entry) or ""
        done = await session.send("PATCH", path, bodies[0], headers={**key, "If-Match": tag})
        assert done.status_code == 200, done.text


async def test_a_stranger_learns_nothing_from_a_key(home: HouseWorld) -> None:
    """The decision comes first: with a key as without, who may not see it meets the one 404."""
    house = home.house
    path = f"/v1/people/{house.child}/details/{house.school_contact}"
    body = {"fields": {"telephone": "01632 960811"}}
    stranger = home.world.as_("joan.reed")
    for headers in ({}, fresh_key()):
        refused = await stranger.send("PATCH", path, body, headers={**headers, "If-Match": '"0"'})
        assert refused.status_code == 404


async def _school_owns_more(world: World, home: HouseWorld) -> None:
    """What the school contributed reaches a category that it did not before."""
    body = {"actions": [plan_action(SCHOOL, ["substance_use"])]}
    await world.as_("nadia.bell").post(f"/v1/cases/{home.house.case}/actions", body)


async def test_a_withdrawal_sent_again_is_the_same_whatever_the_gateway_adds(home: HouseWorld) -> None:
    world, house = home.world, home.house
    school = world.as_("nadia.bell")
    consent = await permit(
        school, house.case, house.child, house.mother, "parent",
        recipients=[YOT], categories=["learning"], until=UNTIL,
    )  # fmt: skip
    path, key = f"/v1/cases/{house.case}/consents/{consent}/withdrawal", fresh_key()
    body = {"withdrawn_by": house.mother}
    first = await school.send("POST", path, body, headers=key)
    assert first.status_code == 200, first.text
    await _school_owns_more(world, home)
    again = await school.send("POST", path, body, headers=key)
    assert again.status_code == 200, again.text
    assert again.json()["id"] == first.json()["id"]
    assert again.json()["enforced_at"]
    other = await school.send("POST", path, {**body, "note": "Other"}, headers=key)
    assert other.status_code == 409


async def test_an_answer_sent_again_is_the_same_whatever_became_of_the_family(home: HouseWorld) -> None:
    world, house = home.world, home.house
    school, key = world.as_("nadia.bell"), fresh_key()
    path, body = f"/v1/cases/{house.case}/consents", share(house)
    first = await school.send("POST", path, body, headers=key)
    assert first.status_code == 201, first.text
    aunt = (await school.post("/v1/people", {"details": [details("name")]}))["id"]
    related = {
        "from_person": aunt, "to_person": house.child, "relation": "guardian",
        "parental_responsibility": True, "parental_responsibility_source": "guardianship",
        "lives_with": False,
    }  # fmt: skip
    await school.post(f"/v1/people/{house.child}/relationships", related)
    again = await school.send("POST", path, body, headers=key)
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])


async def test_one_key_for_two_places_is_a_conflict(home: HouseWorld) -> None:
    """Two paths that come to the same inside are two requests: the fingerprint is of what was sent."""
    world, house = home.world, home.house
    school, key = world.as_("nadia.bell"), fresh_key()
    body = {"details": [details("contact")]}
    assert (await school.send("POST", f"/v1/people/{house.child}/details", body, headers=key)).is_success
    other = await school.send("POST", f"/v1/people/{house.mother}/details", body, headers=key)
    assert other.status_code == 409
