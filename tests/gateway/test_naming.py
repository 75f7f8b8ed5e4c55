"""Whom a caller may name: those of the case, and those whom entries show that they see (design 3.5).

Somebody related to the child only through what is hidden from the caller is answered like a stranger.

Three changes that make this fail: asking the bundle who is related, counting entries of which only the
existence is known, leaving the check of an action's subjects to the case service.
"""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.gateway.areas import two_keys
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import YOT, House, details, element, plan_action
from tests.gateway.operations import exclusion, share
from tests.support.gateway import As, fields_of

pytestmark = pytest.mark.anyio

Json = dict[str, Any]


async def relative(home: HouseWorld) -> str:
    """Somebody whom only CAMHS relates to the child."""
    camhs, child = home.world.as_("asif.khan"), home.house.child
    uncle: str = (await camhs.post("/v1/people", {"details": [details("name")]}))["id"]
    related = {
        "from_person": uncle, "to_person": child, "relation": "aunt_or_uncle",
        "parental_responsibility": False, "lives_with": False,
    }  # fmt: skip
    await camhs.post(f"/v1/people/{child}/relationships", related)
    return uncle


async def hide_the_family(home: HouseWorld, agency: str) -> None:
    path = f"/v1/cases/{home.house.case}/exclusions"
    await home.world.as_("asif.khan").post(
        path, exclusion(home.house, agencies=[agency], categories=["family"])
    )


def namings(house: House, person: str) -> list[tuple[str, Json, str]]:
    """Every place in which somebody of a case is named, with the field that names them."""
    case = f"/v1/cases/{house.case}"
    start = {
        "instrument": "caf", "instrument_version": "1", "started_on": "2031-03-01",
        "reason_for_assessment": "More help", "sensitive_content": [],
    }  # fmt: skip
    entry = element("need", "participation", [house.child, person])
    carer = {
        "kind": "parent_or_carer", "name": "X", "relationship": "uncle", "parental_responsibility": "no",
        "subjects": [person],
    }  # fmt: skip
    actions = [plan_action(YOT), {**plan_action(YOT), "subjects": [house.child, person]}]
    return [
        (f"{case}/consents", share(house, giver=person), "giver"),
        (f"{case}/consents", share(house, subject=person), "subject"),
        (f"{case}/exclusions", exclusion(house, giver=person), "giver"),
        (f"{case}/exclusions", exclusion(house, subject=person), "subject"),
        (f"{case}/sharing-requests", two_keys.asking(house, subject=person), "subject"),
        (f"{case}/non-disclosures", two_keys.non_disclosure(house, subject=person), "subject"),
        (f"{case}/actions", {"actions": actions}, "actions.1.subjects.1"),
        (f"{case}/assessments", {**start, "person": person}, "person"),
        (f"{case}/assessments/{house.draft}/entries", entry, "subjects"),
        (f"{case}/assessments/{house.draft}/entries", carer, "subjects"),
    ]


async def answer(session: As, path: str, body: Json) -> httpx.Response:
    return await session.send("POST", path, body)


async def test_a_hidden_relative_is_answered_like_a_stranger(home: HouseWorld) -> None:
    world, house = home.world, home.house
    uncle, stranger = await relative(home), str(uuid4())
    lead = world.as_("sam.okafor")
    await hide_the_family(home, YOT)
    seen = (await lead.get(f"/v1/people/{house.child}/relationships"))["entries"]
    assert uncle not in str(seen), "the relationship should be hidden for this test"
    for (path, about_uncle, field), (_, about_stranger, _) in zip(
        namings(house, uncle), namings(house, stranger), strict=True
    ):
        one, other = await answer(lead, path, about_uncle), await answer(lead, path, about_stranger)
        assert one.status_code == 422, (path, field, one.text)
        assert (one.status_code, one.content) == (other.status_code, other.content), (path, field)
        assert fields_of(one) == [field]


async def test_those_of_the_case_may_be_named_and_those_whom_entries_show(home: HouseWorld) -> None:
    """The mother is a subject of the case; the uncle stands in an entry that CAMHS sees."""
    world, house = home.world, home.house
    uncle = await relative(home)
    await hide_the_family(home, YOT)
    for user, person in (("sam.okafor", house.mother), ("asif.khan", house.mother), ("asif.khan", uncle)):
        session = world.as_(user)
        for path, body, field in namings(house, person):
            response = await answer(session, path, body)
            if path.endswith(("/actions", "/assessments", "/entries")):
                assert response.status_code == 201, (user, path, response.text)
            else:
                assert field not in fields_of(response) or "authority" in response.text, response.text


async def test_whoever_is_recorded_with_a_case_is_of_it_and_only_those_who_write_in_it_do_that(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    path, body = f"/v1/cases/{house.case}/subjects", {"details": [details("name"), details("birth")]}
    for user in ("grace.obi", "ben.carver"):
        assert (await world.as_(user).send("POST", path, body)).status_code == 403, user
    school = world.as_("nadia.bell")
    key = {"Idempotency-Key": "one-sister"}
    made = [await school.send("POST", path, body, headers=key) for _ in range(2)]
    assert [one.status_code for one in made] == [201, 201]
    assert made[0].json() == made[1].json(), "sent twice, they are recorded once"
    sister = made[0].json()["person"]
    view = await school.get(f"/v1/cases/{house.case}")
    kinds = [entry["kind"] for entry in view["areas"]["person"] if sister in entry["subjects"]]
    assert sorted(kinds) == ["birth", "name"]
    both = await school.send("POST", path, {**body, "person": house.child})
    neither = await school.send("POST", path, {})
    assert [both.status_code, neither.status_code] == [422, 422]
