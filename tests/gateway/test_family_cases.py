"""The cases of one of the family: those that they may read about themselves or a child, and no others.

Three changes that make this fail: listing whatever is about somebody related to the reader; deciding the list
without what the reader is to each person; leaving a case on it whose place is kept from them.
"""

from typing import Any

import pytest

from deploy.stories.steps import agree_to_take_part, open_case, record_parent
from shared.vocabulary import Category
from tests.gateway.conftest import HouseWorld
from tests.gateway.operations import exclusion
from tests.gateway.test_bars import EVERYTHING, barred, protected
from tests.gateway.test_one_refusal import ABSENT
from tests.support.gateway import As

pytestmark = pytest.mark.anyio
Json = dict[str, Any]


@pytest.fixture
def home(own_home: HouseWorld) -> HouseWorld:
    return own_home


def of_family(home: HouseWorld, person: str, user: str = "karen.mercer") -> As:
    return home.world.as_(user, person=person)


async def listed(session: As, query: str = "") -> list[str]:
    return [card["id"] for card in (await session.get(f"/v1/cases{query}"))["cases"]]


async def somebody(home: HouseWorld, name: str = "Ada", born: str = "2029-01-01") -> str:
    details = [
        {"kind": "name", "fields": {"given_names": name}},
        {"kind": "birth", "fields": {"date_of_birth": born}},
    ]
    made: str = (await home.world.as_("nadia.bell").post("/v1/people", {"details": details}))["id"]
    return made


async def readable(session: As, cases: list[str]) -> list[str]:
    return [case for case in cases if (await session.send("GET", f"/v1/cases/{case}")).status_code == 200]


async def test_a_parent_and_a_child_are_listed_the_case_as_they_read_it(home: HouseWorld) -> None:
    house = home.house
    for person in (house.mother, house.child):
        session = of_family(home, person)
        (card,) = (await session.get("/v1/cases"))["cases"]
        header = (await session.get(f"/v1/cases/{house.case}"))["header"]
        assert card["id"] == house.case
        assert card["person"]["name"] == header["person"]["name"] is not None
        assert card["lead_professional"]["name"] == "Sam Okafor"
        assert card["relationship"] == "none"


async def test_who_is_nobody_to_them_or_names_no_person_is_listed_nothing(home: HouseWorld) -> None:
    house, school = home.house, home.world.as_("nadia.bell")
    aunt = await somebody(home, "Aunt", "1990-01-01")
    related = {
        "from_person": aunt, "to_person": house.child, "relation": "other",
        "parental_responsibility": False, "lives_with": False,
    }  # fmt: skip
    await school.post(f"/v1/people/{house.child}/relationships", related)
    for session in (of_family(home, ABSENT), of_family(home, aunt), home.world.as_("karen.mercer")):
        assert await listed(session) == []
        assert (await session.send("GET", f"/v1/cases/{house.case}")).status_code == 404


async def test_a_child_who_decides_alone_and_a_child_are_not_the_cases_of_the_mother(
    home: HouseWorld,
) -> None:
    """A mother is related to both of them; the case of the one is hers to read, that of the other is not. And
    her own case is not the child's."""
    house, school = home.house, home.world.as_("nadia.bell")
    grown, own = await somebody(home, "Grown", "2005-01-01"), await somebody(home, "Mother", "1985-01-01")
    small = await somebody(home, "Small")
    cases = [await open_case(school, one, [], "Asked for help.") for one in (grown, small, own)]
    for child in (grown, small):
        await record_parent(school, own, child, "mother", responsible=child == small)
    assert sorted(await listed(of_family(home, own))) == sorted(cases[1:])
    assert await listed(of_family(home, small)) == [cases[1]]
    assert await listed(of_family(home, grown)) == [cases[0]]
    for person in (own, small, grown, house.mother):
        session = of_family(home, person)
        assert sorted(await listed(session)) == sorted(await readable(session, [*cases, house.case]))


async def test_a_bar_and_an_exclusion_by_name_take_it_off_the_list(home: HouseWorld) -> None:
    house = home.house
    mother = of_family(home, house.mother)
    whole: Json = {"agencies": [], "users": ["karen.mercer"], "categories": EVERYTHING}
    assert await listed(mother) == [house.case]
    async with barred(home, **whole):
        assert await listed(mother) == []
        assert (await mother.send("GET", f"/v1/cases/{house.case}")).status_code == 404
    assert await listed(mother) == [house.case]
    everything = [category.value for category in Category]
    for subject, giver, capacity in (
        (house.child, house.child, "young_person"), (house.mother, house.mother, "adult"),
    ):  # fmt: skip
        no = exclusion(
            house, subject=subject, giver=giver, capacity=capacity, agencies=[], users=["karen.mercer"],
            categories=everything,
            **(
                {"competence": {"judged_by": "Nadia Bell", "reasons": "He explained it back."}}
                if giver == house.child
                else {}
            ),
        )  # fmt: skip
        await home.world.as_("nadia.bell").post(f"/v1/cases/{house.case}/exclusions", no)
    assert await listed(mother) == await readable(mother, [house.case])


async def test_whom_a_protected_address_stops_reads_it_by_its_id_alone(home: HouseWorld) -> None:
    """No list tells them that the family is known here; whom the bar lets through is listed it."""
    house = home.house
    mother = of_family(home, house.mother)
    async with barred(home, **protected("youth-offending")):
        assert await listed(mother) == []
        assert (await mother.send("GET", f"/v1/cases/{house.case}")).status_code == 200
    async with barred(home, **protected("youth-offending", "family")):
        assert await listed(mother) == [house.case]


async def test_a_closed_case_stays_theirs_and_filters_choose_among_the_open(home: HouseWorld) -> None:
    house, school = home.house, home.world.as_("nadia.bell")
    other = await open_case(school, house.child, [house.mother], "Asked for help.")
    await agree_to_take_part(school, other, house.child, house.mother, "parent")
    mother = of_family(home, house.mother)
    assert sorted(await listed(mother)) == sorted([house.case, other])
    assert await listed(mother, "?filter=no_lead") == [other]
    assert await listed(mother, "?filter=review_overdue") == []
    await school.post(f"/v1/cases/{other}/closure", {"reason": "needs_met", "note": "All is well."})
    cards = {card["id"]: card["state"] for card in (await mother.get("/v1/cases"))["cases"]}
    assert cards == {house.case: "open", other: "closed"}
    assert await listed(mother, "?filter=no_lead") == []


async def test_pages_are_full_whatever_is_hidden_between_and_no_link_is_anybody_elses(
    home: HouseWorld,
) -> None:
    house, school = home.house, home.world.as_("nadia.bell")
    cases = []
    for place in range(6):
        child = await somebody(home, f"Child {place}")
        cases.append(await open_case(school, child, [], "Asked for help."))
        await record_parent(school, house.mother, child, "mother")
        if place % 2:
            no = {"subject": child, "giver": house.mother, "capacity": "parent", "agencies": []}
            no |= {"users": ["may.lone"], "categories": EVERYTHING}
            await school.post(f"/v1/cases/{cases[-1]}/exclusions", no)
    reader = of_family(home, house.mother, "may.lone")
    for limit in (1, 2, 3, 100):
        pages: list[list[str]] = []
        path: str | None = f"/v1/cases?limit={limit}"
        while path is not None:
            page = await reader.get(path)
            pages.append([card["id"] for card in page["cases"]])
            path = page["next"]
        assert sorted(case for page in pages for case in page) == sorted([house.case, *cases[::2]])
        assert [len(page) for page in pages[:-1]] == [limit] * (len(pages) - 1)
        assert pages[-1] != []
    link = (await reader.get("/v1/cases?limit=1"))["next"]
    assert (await of_family(home, house.mother).send("GET", link)).status_code == 422
    assert sorted(await readable(reader, cases)) == sorted(cases[::2])


async def test_the_list_leaves_a_receipt_that_names_what_was_listed(home: HouseWorld) -> None:
    home.world.clock.runs = False
    mother = of_family(home, home.house.mother)
    await mother.get("/v1/cases")
    (receipt,) = await home.world.receipts_now("karen.mercer", ("list",))
    assert receipt["chain"] == "agency:family"
    assert [part["case"] for part in receipt["cases"]] == [home.house.case]
    assert [entry for part in receipt["cases"] for cell in part["cells"] for entry in cell["entries"]] != []
