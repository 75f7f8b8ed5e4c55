"""The sample of the papers, recorded and read through the API: thirty-six people, £23,000 a year each on
average, of which five services pay 36, 21, 19, 18 and 6 per cent.

Three changes that make this fail: an average over cases or entries rather than people, a share of an agency's
own costs, a year that takes in what began in another.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import date
from typing import Any

import pytest

from deploy.stories.steps import agree_to_take_part, join_team, open_case, record_person
from tests.gateway.conftest import STORES
from tests.support.gateway import START, World, add_agencies, fields_of, running_world

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
YEAR = START.year - 1
PEOPLE = 36
AVERAGE = 2_300_000
SHARES = {"pc.dunn": 36, "ruth.amadi": 21, "hana.novak": 19, "moira.flynn": 18, "nadia.bell": 6}
"""In per cent, by who records it for their agency."""
AGENCIES = {
    "pc.dunn": "borough-police", "ruth.amadi": "mill-lane-health", "hana.novak": "tidewater-housing",
    "moira.flynn": "harbour-social-care", "nadia.bell": "northgate-school",
}  # fmt: skip


def of_person(number: int) -> int:
    """What one of them costs in pence: from 550,000 to 4,050,000, and AVERAGE for all."""
    return AVERAGE + 100_000 * (number - PEOPLE // 2) + 50_000


@pytest.fixture(params=STORES)
async def world(
    request: pytest.FixtureRequest,
    empty_databases: Callable[[str], Mapping[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[World]:
    keys = tmp_path_factory.mktemp("sample")
    async with running_world(keys, empty_databases(request.param)) as running:
        await add_agencies(running)
        yield running


async def everybody_is_recorded(world: World) -> list[str]:
    """Their ids, once each of the five services has said what its work for each of them cost."""
    school, people, case = world.as_("nadia.bell"), [], ""
    for number in range(PEOPLE):
        name = f"Sample {chr(65 + number // 26)}{chr(65 + number % 26)}"
        person = await record_person(school, name, "Marsh", date(1990, 3, 1 + number % 28))
        people.append(person)
        case = await open_case(school, person, [], "Much is spent, and little helps.")
        await agree_to_take_part(school, case, person, person, "adult")
        for user, share in SHARES.items():
            if user != "nadia.bell":
                await join_team(school, case, user)
            cost = {
                "service": "What we did", "starts_on": f"{YEAR}-01-01", "ends_on": f"{YEAR}-12-31",
                "pence": of_person(number) * share // 100,
            }  # fmt: skip
            await world.as_(user).post(f"/v1/cases/{case}/costs", cost)
    # Of another year, and so of another report.
    late = {"service": "Later", "starts_on": f"{YEAR + 1}-01-01", "ends_on": f"{YEAR + 1}-02-01", "pence": 7}
    await school.post(f"/v1/cases/{case}/costs", late)
    return people


async def test_the_sample_of_thirty_six_people_is_recorded_and_read_through_the_api(world: World) -> None:
    people = await everybody_is_recorded(world)
    path = f"/v1/reports/costs?by=agency&period={YEAR}"
    report = await world.as_("rita.shaw").get(path)
    assert (report["people"], report["pence"], report["average_pence"]) == (36, 36 * AVERAGE, AVERAGE)
    assert [(row["name"], row["people"], row["share_percent"]) for row in report["rows"]] == [
        (AGENCIES[user], PEOPLE, share) for user, share in SHARES.items()
    ]
    assert sum(row["pence"] for row in report["rows"]) == report["pence"]
    assert (report["others_pence"], report["others_share_percent"]) == (None, None)
    own = await world.as_("grace.obi").get(path)
    assert (own["people"], own["pence"]) == (36, 36 * AVERAGE * 6 // 100)
    assert [row["name"] for row in own["rows"]] == ["northgate-school"]
    for answer in (report, own):
        said = str(answer)
        assert not [person for person in people if person in said]
        assert "Sample" not in said
    later = await world.as_("rita.shaw").send("GET", f"/v1/reports/costs?by=agency&period={YEAR + 1}")
    assert (later.status_code, fields_of(later)) == (422, ["period"]), "a year that goes on has no report"
