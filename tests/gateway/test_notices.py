"""Notices: shown only where the case exists for the reader now, and then without a word of content.

Three changes that make this fail: showing a notice whose case is hidden, cutting the page before what is
hidden was left out, clearing somebody else's notice.
"""

import pytest

from deploy.stories.steps import open_case, record_person
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import HOUSING
from tests.support.gateway import As, World

pytestmark = pytest.mark.anyio


async def nominated(world: World, school: As, how_many: int) -> list[tuple[str, str, str]]:
    """Cases in each of which Hana of housing is asked to lead: case, person, nomination, newest first."""
    made = []
    for number in range(how_many):
        person = await record_person(school, f"Robin {number}", "Vale", None)
        case = await open_case(school, person, [], "Help")
        statement = {"reasons_explained_and_understood": True, "agrees": True}
        await school.post(
            f"/v1/cases/{case}/consents",
            {
                "kind": "take_part", "subject": person, "giver": person, "capacity": "adult",
                "answer": "given", "statement": statement,
                "evidence": {"form": "verbal", "reference": "note 1"}, "wording_version": "1",
                "privacy_notice": {"version": "1", "language": "English", "given_to": "the person"},
            },
        )  # fmt: skip
        member = await school.post(
            f"/v1/cases/{case}/team",
            {
                "user": "hana.novak", "name": "Hana Novak", "agency": HOUSING, "role": "practitioner",
                "job_title": "Housing officer",
            },
        )  # fmt: skip
        body = {"member": member["id"]}
        nomination = await school.post(f"/v1/cases/{case}/lead-professional/nominations", body)
        made.append((case, person, nomination["id"]))
    return made[::-1]


async def pages(session: As, limit: int) -> list[list[str]]:
    found, path = [], f"/v1/notices?limit={limit}"
    while path:
        page = await session.get(path)
        found.append([notice["about"] for notice in page["notices"]])
        path = page["next"]
    return found


async def test_a_notice_is_there_while_its_case_exists_for_the_reader(home: HouseWorld) -> None:
    world = home.world
    school, housing = world.as_("nadia.bell"), world.as_("hana.novak")
    made = await nominated(world, school, 3)
    assert await pages(housing, 2) == [[made[0][2], made[1][2]], [made[2][2]]]
    page = await housing.get("/v1/notices")
    first = page["notices"][0]
    assert first.keys() == {"id", "case", "kind", "about", "at"}
    assert (first["case"], first["kind"]) == (made[0][0], "nomination")
    assert (await school.get("/v1/notices"))["notices"] == []
    hidden, person, _ = made[1]
    await school.post(
        f"/v1/cases/{hidden}/exclusions",
        {
            "subject": person, "giver": person, "capacity": "adult", "agencies": [HOUSING],
            "categories": ["identity", "involvement", "plan", "access_needs", "contact", "family"],
        },
    )  # fmt: skip
    second = next(notice["id"] for notice in page["notices"] if notice["case"] == hidden)
    refused = await housing.send("POST", f"/v1/notices/{second}/clearing")
    assert refused.status_code == 404
    assert await pages(housing, 2) == [[made[0][2], made[2][2]]]
    cleared = await housing.post(f"/v1/notices/{first['id']}/clearing")
    assert cleared == {"id": first["id"], "state": "cleared"}
    assert await pages(housing, 2) == [[made[2][2]]]
    for path in (f"/v1/notices/{first['id']}/clearing", "/v1/notices/nowhere/clearing"):
        again = await housing.send("POST", path)
        assert again.status_code == 404
        assert again.content == refused.content
