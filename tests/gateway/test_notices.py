"""Notices: shown only where the case exists for the reader now, and then without a word of content.

Three changes that make this fail: showing a notice whose case is hidden, cutting the page before what is
hidden was left out, clearing somebody else's notice.
"""

from datetime import timedelta

import pytest

from deploy.stories.steps import open_case, record_person
from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks
from shared.vocabulary import NO_ANSWER
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


async def waiting(session: As) -> list[str]:
    """What waits, newest first, page by page: each full but the last."""
    found, path = [], "/v1/notices?limit=2"
    while path:
        page = await session.get(path)
        found.append([notice["about"] for notice in page["notices"]])
        path = page["next"]
    assert all(len(one) == 2 for one in found[:-1])
    return [about for one in found for about in one]


async def test_a_notice_is_there_while_its_case_exists_for_the_reader(home: HouseWorld) -> None:
    world = home.world
    school, housing = world.as_("nadia.bell"), world.as_("hana.novak")
    before = await waiting(housing)
    made = await nominated(world, school, 3)
    assert await waiting(housing) == [made[0][2], made[1][2], made[2][2], *before]
    page = await housing.get("/v1/notices")
    first = page["notices"][0]
    assert first.keys() == {"id", "case", "kind", "about", "at"}
    assert (first["case"], first["kind"]) == (made[0][0], "nomination")
    theirs = {notice["about"] for notice in (await school.get("/v1/notices"))["notices"]}
    assert theirs.isdisjoint(nomination for _, _, nomination in made)
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
    assert await waiting(housing) == [made[0][2], made[2][2], *before]
    cleared = await housing.post(f"/v1/notices/{first['id']}/clearing")
    assert cleared == {"id": first["id"], "state": "cleared"}
    assert await waiting(housing) == [made[2][2], *before]
    for path in (f"/v1/notices/{first['id']}/clearing", "/v1/notices/nowhere/clearing"):
        again = await housing.send("POST", path)
        assert again.status_code == 404
        assert again.content == refused.content


async def test_after_thirty_days_without_an_answer_a_case_goes_back_to_its_author(
    home: HouseWorld,
) -> None:
    """Fails when nobody is told, a day early, after an answer, or when waiting opens or shuts a thing."""
    world = home.world
    school = world.as_("nadia.bell")
    cases, people = [], []
    for number in range(3):
        people.append(await record_person(school, f"Ash {number}", "Weir", None))
        cases.append(await open_case(school, people[-1], [], "Help"))

    async def answer(number: int, word: str) -> None:
        said = {"reasons_explained_and_understood": True, "agrees": word == "given"}
        body = {
            "kind": "take_part", "subject": people[number], "giver": people[number], "capacity": "adult",
            "answer": word, "statement": said, "wording_version": "1",
            "evidence": {"form": "verbal", "reference": "note 1"},
            "privacy_notice": {"version": "1", "language": "English", "given_to": "the person"},
        }  # fmt: skip
        await world.as_("nadia.bell").post(f"/v1/cases/{cases[number]}/consents", body)

    async def told(user: str) -> set[str]:
        await world.store("case").write(run_clocks, world.clock.now, CaseworkRules())
        found = (await world.as_(user).get("/v1/notices"))["notices"]
        return {one["case"] for one in found if one["kind"] == NO_ANSWER}.intersection(cases)

    async def shown(user: str) -> list[int]:
        """How many entries of each case a user is shown."""
        views = [await world.as_(user).get(f"/v1/cases/{case}") for case in cases]
        return [sum(len(entries) for entries in view["areas"].values()) for view in views]

    await answer(0, "refused")
    before = [await shown(user) for user in ("nadia.bell", "hana.novak")]
    assert before == [[2] * 3, [0] * 3]
    try:
        world.clock.now += timedelta(days=29)
        assert await told("nadia.bell") == set()
        world.clock.now += timedelta(days=1)
        assert await told("nadia.bell") == await told("grace.obi") == set(cases[1:])
        assert await told("hana.novak") == await told("tom.ashby") == set()
        assert [await shown(user) for user in ("nadia.bell", "hana.novak")] == before
        await answer(1, "given")
        assert await told("nadia.bell") == await told("grace.obi") == {cases[2]}
        [last] = [
            one
            for one in (await world.as_("nadia.bell").get("/v1/notices"))["notices"]
            if one["kind"] == NO_ANSWER and one["case"] == cases[2]
        ]
        await world.as_("nadia.bell").post(f"/v1/notices/{last['id']}/clearing")
        assert await told("nadia.bell") == set(), "once"
    finally:
        world.clock.now -= timedelta(days=30)
