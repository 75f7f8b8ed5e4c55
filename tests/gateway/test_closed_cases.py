"""The list of closed cases: those with which somebody had to do at the end, the latest closed first.

Three changes that make this fail: listing the open ones too, listing them to whoever left the team before,
and going on after a page by the day of review.
"""

from datetime import timedelta
from typing import Any

import pytest

from deploy.stories.steps import agree_to_take_part, join_team, open_case
from tests.gateway.conftest import HouseWorld
from tests.gateway.test_family_cases import listed, of_family, somebody
from tests.support.gateway import As

pytestmark = pytest.mark.anyio
CLOSED = "?filter=closed"


@pytest.fixture
def home(own_home: HouseWorld) -> HouseWorld:
    return own_home


async def closed_cases(home: HouseWorld, many: int) -> list[str]:
    """Cases of the school, each about a child of its own, in the order in which they were closed."""
    school, made = home.world.as_("nadia.bell"), []
    for number in range(many):
        case = await open_case(school, await somebody(home, f"Child {number}"), [], "Asked for help.")
        await school.post(f"/v1/cases/{case}/closure", {"reason": "needs_met"})
        home.world.clock.now += timedelta(minutes=1)
        made.append(case)
    return made


async def pages(session: As, limit: int) -> list[list[dict[str, Any]]]:
    found, path = [], f"/v1/cases{CLOSED}&limit={limit}"
    while path:
        page = await session.get(path)
        found.append(page["cases"])
        path = page["next"]
    return found


async def test_they_are_listed_to_whoever_worked_on_them_the_latest_first(home: HouseWorld) -> None:
    world = home.world
    school = world.as_("nadia.bell")
    assert await listed(school, CLOSED) == []
    made = await closed_cases(home, 5)
    found = await pages(school, 2)
    assert [len(page) for page in found] == [2, 2, 1]
    cards = [card for page in found for card in page]
    assert [card["id"] for card in cards] == made[::-1]
    for card in cards:
        header = (await school.get(f"/v1/cases/{card['id']}"))["header"]
        assert (card["state"], card["closed_at"]) == ("closed", header["closed_at"])
        assert card["person"]["name"] == header["person"]["name"] is not None
    assert not set(made) & set(await listed(school))
    await school.post(f"/v1/cases/{made[0]}/reopening", {"reason": "Asked again."})
    assert await listed(school, CLOSED) == made[:0:-1]
    assert made[0] in await listed(school)


async def test_their_manager_and_co_ordinator_find_them_and_other_agencies_and_colleagues_do_not(
    home: HouseWorld,
) -> None:
    world = home.world
    made = await closed_cases(home, 2)
    assert await listed(world.as_("grace.obi"), CLOSED) == made[::-1]
    assert await listed(world.as_("school.coord"), CLOSED) == made[::-1]
    for user in ("sam.okafor", "liz.hart", "paul.ensor", "hana.novak", "moira.flynn"):
        assert await listed(world.as_(user), CLOSED) == [], user


async def test_whoever_left_before_the_end_is_not_listed_it(home: HouseWorld) -> None:
    world, house, school = home.world, home.house, home.world.as_("nadia.bell")
    case = await open_case(school, house.child, [house.mother], "Asked for help.")
    await agree_to_take_part(school, case, house.child, house.mother, "parent")
    members = {user: await join_team(school, case, user) for user in ("hana.novak", "sam.okafor")}
    left = {"reason": "Moved to another team."}
    gone = await world.as_("hana.novak").send(
        "DELETE", f"/v1/cases/{case}/team/{members['hana.novak']}", json=left
    )
    assert gone.status_code == 200
    await school.post(f"/v1/cases/{case}/closure", {"reason": "needs_met"})
    for user, found in (("hana.novak", []), ("sam.okafor", [case]), ("nadia.bell", [case])):
        assert await listed(world.as_(user), CLOSED) == found, user


async def test_one_of_the_family_finds_those_about_them(home: HouseWorld) -> None:
    house, school = home.house, home.world.as_("nadia.bell")
    other = await open_case(school, house.child, [house.mother], "Asked for help.")
    await agree_to_take_part(school, other, house.child, house.mother, "parent")
    await closed_cases(home, 1)
    await school.post(f"/v1/cases/{other}/closure", {"reason": "needs_met"})
    assert await listed(of_family(home, house.mother), CLOSED) == [other]
