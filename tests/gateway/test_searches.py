"""What a search for people tells by its order."""

import pytest

from deploy.stories.steps import record_parent
from tests.gateway.conftest import HouseWorld

pytestmark = pytest.mark.anyio

NAMES = ("Zebedee", "Yusra", "Walter", "Una", "Tarik", "Sefa", "Rhoda", "Quentin")


async def test_people_whose_names_one_may_not_see_are_not_found_in_the_order_of_their_names(
    sqlite_home: HouseWorld,
) -> None:
    """All of them have one birthday and one name that the search gives; the other name differs and is hidden.

    Fails when what is found is sorted by what was stored rather than by what is shown.
    """
    school, stranger = (sqlite_home.world.as_(user) for user in ("nadia.bell", "ola.strand"))
    ids = []
    for name in NAMES:
        known_as = {"given_names": "Robin", "full_name_as_written": "Robin Same", "family_name": name}
        details = [
            {"kind": "name", "fields": known_as},
            {"kind": "birth", "fields": {"date_of_birth": "2020-02-29"}},
        ]
        ids.append((await school.post("/v1/people", {"details": details}))["id"])
    search = {"name": "Robin Same", "date_of_birth": "2020-02-29"}
    found = (await stranger.post("/v1/people/search", search))["people"]
    assert [card["person"]["name"] for card in found] == [None] * len(NAMES)
    assert [card["person"]["id"] for card in found] == sorted(ids)


async def test_the_id_of_a_case_is_given_to_those_who_have_to_do_with_it_alone(
    sqlite_home: HouseWorld,
) -> None:
    """Fails when the cards of others carry it too, or when a referral that waits is taken for nothing."""
    house, world = sqlite_home.house, sqlite_home.world
    view = await world.as_("nadia.bell").get(f"/v1/cases/{house.case}")
    search = {name: view["header"]["person"][name] for name in ("name", "date_of_birth")}
    given = {
        user: [card["cases"] for card in (await world.as_(user).post("/v1/people/search", search))["people"]]
        for user in ("nadia.bell", "sam.okafor", "lena.fox", "moira.flynn")
    }
    assert given == {
        "nadia.bell": [[house.case]], "sam.okafor": [[house.case]], "lena.fox": [[house.case]],
        "moira.flynn": [[]],
    }  # fmt: skip


async def test_who_is_not_born_yet_and_has_no_name_is_found_by_a_parents(sqlite_home: HouseWorld) -> None:
    """And shown as in every search: a stranger learns that somebody is known, and whom to ring."""
    world = sqlite_home.world
    school, stranger = world.as_("nadia.bell"), world.as_("moira.flynn")
    mother = {"details": [{"kind": "name", "fields": {"given_names": "Orla", "family_name": "Lisle"}}]}
    unborn = {"details": [{"kind": "birth", "fields": {"expected_date_of_delivery": "2031-08-20"}}]}
    adult, child = [(await school.post("/v1/people", body))["id"] for body in (mother, unborn)]
    search = {"expected_date_of_delivery": "2031-08-20", "parent_name": "Orla Lisle"}
    opened = {"person": child, "reason": "Help before the birth", "opener": {"job_title": "Teacher"}}
    case = (await school.post("/v1/cases", opened))["id"]
    assert (await stranger.post("/v1/people/search", search))["people"] == []
    await record_parent(school, adult, child, "mother")
    [own] = (await school.post("/v1/people/search", search))["people"]
    assert own["person"] == {
        "id": child, "name": None, "date_of_birth": None, "expected_date_of_delivery": "2031-08-20",
    }  # fmt: skip
    assert own["cases"] == [case]
    [card] = (await stranger.post("/v1/people/search", search))["people"]
    assert card["person"] == {
        "id": child, "name": None, "date_of_birth": None, "expected_date_of_delivery": None,
    }  # fmt: skip
    assert (card["open_case"], card["cases"]) == (True, [])
    for other in ({"expected_date_of_delivery": "2031-08-21"}, {"parent_name": "Orla Lyle"}):
        assert (await stranger.post("/v1/people/search", {**search, **other}))["people"] == []
    alone = await stranger.send("POST", "/v1/people/search", {"expected_date_of_delivery": "2031-08-20"})
    assert alone.status_code == 422
