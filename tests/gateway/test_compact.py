"""The next version of a compact: what goes on in it, what ends with the one before, and which one stands.

Three changes that make this fail: letting a promise that is continued say whom it is about and what it tells,
ending what the author of the next version does not see, deciding which version is in force before the lock.
"""

import asyncio
from typing import Any

import pytest

from tests.gateway.conftest import HouseWorld
from tests.gateway.household import HOUSING, SCHOOL, words
from tests.support.gateway import As, fields_of, fresh_key

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
ABSENT = "5f0c9d0e-6c41-4d0b-9a55-0a3a2b7c9d11"


def api_of(home: HouseWorld) -> str:
    return f"/v1/cases/{home.house.case}/compact"


async def versions(home: HouseWorld, user: str) -> list[Json]:
    return list((await home.world.as_(user).get(api_of(home)))["versions"])


async def next_one(home: HouseWorld, user: str, *more: Json, **changes: Any) -> Json:
    """A version after the one that this user sees in force: a promise of the mother, and those named."""
    content: Json = {
        "preamble": f"By {user}", "replaces": (await versions(home, user))[0]["compact"]["id"],
        "commitments": [{"promised_by": {"person": home.house.mother}, "promise": "I answer"}, *more],
    }  # fmt: skip
    return {**content, **changes}


def by_school(promise: str, **more: Any) -> Json:
    return {"promised_by": {"agency": SCHOOL}, "promise": promise, **more}


async def test_of_versions_made_at_once_one_stands_and_the_others_are_told_of_it(home: HouseWorld) -> None:
    users = ("nadia.bell", "hana.novak", "sam.okafor")
    bodies = [await next_one(home, user, by_school("We ring")) for user in users]
    assert len({body["replaces"] for body in bodies}) == 1
    before = len(await versions(home, "nadia.bell"))
    answers = await asyncio.gather(
        *(
            home.world.as_(user).send("POST", api_of(home), body, headers=fresh_key())
            for user, body in zip(users, bodies, strict=True)
        )
    )
    assert sorted(one.status_code for one in answers) == [201, 409, 409]
    for one in answers:
        assert one.status_code == 201 or "newer one" in one.json()["detail"]
    found = await versions(home, "nadia.bell")
    assert len(found) == before + 1
    open_in = [any(one["standing"] == "open" for one in version["commitments"]) for version in found]
    assert open_in == [True] + [False] * before


async def test_what_is_continued_stays_about_the_same_people_under_its_categories(home: HouseWorld) -> None:
    house, school = home.house, home.world.as_("nadia.bell")
    told = by_school("We ring about her tablets", categories=["health"])
    first = await next_one(home, "nadia.bell", told, subjects=[house.child, house.mother])
    made = await school.post(api_of(home), first)
    going_on = by_school("We ring about them", continues=made["commitments"][1], categories=["housing"])
    anew = by_school("We keep a seat")
    await school.post(
        api_of(home), await next_one(home, "nadia.bell", going_on, anew, subjects=[house.child])
    )
    now, before = (await versions(home, "nadia.bell"))[:2]
    _, continued, new = [one["commitment"] for one in now["commitments"]]
    assert continued["categories"] == ["plan", "health", "housing"]
    assert new["categories"] == ["plan"]
    assert now["compact"]["categories"] == before["compact"]["categories"]
    for one in (continued, new, now["compact"]):
        assert set(one["subjects"]) == {house.child, house.mother}
    assert {one["standing"] for one in before["commitments"]} == {"ended"}


async def test_only_an_open_promise_that_is_seen_in_full_is_continued(home: HouseWorld) -> None:
    house, school = home.house, home.world.as_("nadia.bell")
    body = await next_one(
        home, "nadia.bell", by_school("Of his health", categories=["mental_health"]),
        by_school("Of who works with him", categories=["involvement"]), by_school("To ring"),
    )  # fmt: skip
    _, hidden, in_part, kept = (await school.post(api_of(home), body))["commitments"]
    standing = f"{api_of(home)}/commitments/{kept}/standing"
    await school.post(standing, {"status": "kept", "what_happened": "Every day"})
    for user, continues in (
        ("nadia.bell", ABSENT), ("nadia.bell", "not-an-id"), ("nadia.bell", house.action),
        ("nadia.bell", kept), ("hana.novak", hidden), ("hana.novak", in_part),
        ("hana.novak", house.camhs_action),
    ):  # fmt: skip
        body = await next_one(home, user, by_school("x", continues=continues))
        refused = await home.world.as_(user).send("POST", api_of(home), body)
        assert (refused.status_code, fields_of(refused)) == (422, ["commitments.1.continues"]), continues
    assert len((await versions(home, "nadia.bell"))[0]["commitments"]) == 4, "nothing was made"


async def test_what_the_author_does_not_see_in_full_goes_on(home: HouseWorld) -> None:
    school, housing = home.world.as_("nadia.bell"), home.world.as_("hana.novak")
    hidden = by_school("He takes his tablets", categories=["mental_health"])
    in_part = by_school("We write to whoever works with him", categories=["involvement"])
    body = await next_one(home, "nadia.bell", hidden, in_part, by_school("We keep a seat"))
    promised = (await school.post(api_of(home), body))["commitments"]
    door = {"promised_by": {"agency": HOUSING}, "promise": "We mend the door"}
    await housing.post(api_of(home), await next_one(home, "hana.novak", door))
    before = (await versions(home, "nadia.bell"))[1]
    standings = {one["commitment"]["id"]: one["standing"] for one in before["commitments"]}
    assert [standings[one] for one in promised] == ["ended", "open", "open", "ended"]
    # Whoever sees all of it takes it up, or lets it end.
    await school.post(api_of(home), await next_one(home, "nadia.bell", by_school("We keep a seat")))
    left = (await versions(home, "nadia.bell"))[2]
    assert {one["standing"] for one in left["commitments"]} == {"ended"}


async def test_of_a_newer_version_that_is_hidden_nothing_is_said(home: HouseWorld) -> None:
    """It is about somebody of whom housing is told nothing; that it stands there refuses nothing."""
    school, house = home.world.as_("nadia.bell"), home.house
    father = await a_father(school, house.child)
    seen_by_housing = (await versions(home, "hana.novak"))[0]["compact"]["id"]
    body = await next_one(home, "nadia.bell", by_school("We ring him"), subjects=[father])
    newer = (await school.post(api_of(home), body))["id"]
    assert newer not in [one["compact"]["id"] for one in await versions(home, "hana.novak")]
    theirs = await next_one(home, "hana.novak", by_school("We ring"))
    assert theirs["replaces"] == seen_by_housing
    answer = await home.world.as_("hana.novak").send("POST", api_of(home), theirs, headers=fresh_key())
    assert answer.status_code == 201


async def a_father(school: As, child: str) -> str:
    details = [{"kind": "name", "fields": {"given_names": words("dad")}}]
    father = str((await school.post("/v1/people", {"details": details}))["id"])
    related = {
        "from_person": father, "to_person": child, "relation": "father",
        "parental_responsibility": False, "lives_with": False,
    }  # fmt: skip
    await school.post(f"/v1/people/{child}/relationships", related)
    return father
