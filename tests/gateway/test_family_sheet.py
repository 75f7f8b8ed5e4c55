"""Who can see what, as the family reads it on its sheet (design 3.2, 3.4, 3.5).

Three changes that make this fail: deciding the services on overrides of which the family may not be told,
counting an exclusion that somebody else asked for, telling a kind that the reader may not see and to which
nobody of them said yes.
"""

from datetime import timedelta
from typing import Any

import pytest

from deploy.stories.steps import join_team, open_case
from services.consent.family_sheet.operations import LAW, PERMISSION, TEAM, WHO_CAN_SEE
from shared.vocabulary import Category
from tests.gateway.areas.bars import a_bar
from tests.gateway.areas.overrides import override
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import CAMHS, HEALTH, HOUSING, JOBCENTRE, MENTORS, SCHOOL, YOT
from tests.gateway.operations import exclusion, share
from tests.gateway.test_canaries import raw_entries
from tests.gateway.test_family import visiting
from tests.support.gateway import As

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
CARE = "harbour-social-care"
_ORDER = ("none", "existence", "summary", "full")
TEAM_OF = {
    "nadia.bell": SCHOOL, "sam.okafor": YOT, "hana.novak": HOUSING, "ben.carver": MENTORS, "asif.khan": CAMHS,
    "ruth.amadi": HEALTH,
}  # fmt: skip


@pytest.fixture
def home(own_home: HouseWorld) -> HouseWorld:
    return own_home


def sheet(home: HouseWorld) -> str:
    return f"/v1/cases/{home.house.case}/family-sheet"


def mother(home: HouseWorld) -> As:
    return home.world.as_("karen.mercer", person=home.house.mother)


async def told(home: HouseWorld, reader: As | None = None) -> Json:
    """The lines by service."""
    page = await (reader or mother(home)).get(sheet(home))
    return {service["agency"]: service["sees"] for service in page["who_can_see"]}


def reasons(lines: list[Json], category: str, about: str) -> set[str]:
    return {why for line in lines if _is(line, category, about) for why in line["because"]}


def level(lines: list[Json], category: str, about: str) -> str:
    return next((line["level"] for line in lines if _is(line, category, about)), "none")


def _is(line: Json, category: str, about: str) -> bool:
    return category in line["categories"] and line["about"] == about


async def test_what_it_tells_is_what_each_service_is_really_shown(sqlite_home: HouseWorld) -> None:
    """Of what another service recorded and the mother sees herself, whoever works for a service is shown it
    at the level that the sheet says, to the letter; and no kind is left out."""
    world, house = sqlite_home.world, sqlite_home.house
    lines = await told(sqlite_home)
    assert set(lines) == set(TEAM_OF.values())
    own = await mother(sqlite_home).get(f"/v1/cases/{house.case}")
    raw = {one["id"]: one for one in await raw_entries(world, house.case)}
    hers = [entry for entries in own["areas"].values() for entry in entries]
    compared = seen = 0
    for user, service in TEAM_OF.items():
        view = await world.as_(user).get(f"/v1/cases/{house.case}")
        shown = {one["id"]: one["level"] for entries in view["areas"].values() for one in entries}
        for entry in hers:
            if service in (entry["owner"], raw[entry["id"]]["accountable"]):
                continue
            expected = min(
                (level(lines[service], c, s) for c in entry["categories"] for s in entry["subjects"]),
                key=_ORDER.index,
            )
            assert shown.get(entry["id"], "none") == expected, (user, entry["kind"], entry["categories"])
            compared += 1
            seen += expected != "none"
    assert (compared > 80, seen > 40) == (True, True), (compared, seen)


async def test_each_kind_comes_with_why_and_until_when(home: HouseWorld) -> None:
    lines, child = await told(home), home.house.child
    assert reasons(lines[HOUSING], "learning", child) == {PERMISSION}
    assert reasons(lines[HOUSING], "plan", child) == {TEAM}
    ends = {line["until"] for line in lines[HOUSING] if PERMISSION in line["because"]}
    assert len(ends) == 1
    assert None not in ends
    assert {line["until"] for line in lines[HOUSING] if line["because"] == [TEAM]} == {None}
    assert reasons(lines[CAMHS], "learning", child) == set()


async def test_a_yes_that_is_taken_back_and_a_no_of_ones_own_shut_it(home: HouseWorld) -> None:
    world, house = home.world, home.house
    assert reasons((await told(home))[HOUSING], "learning", house.child) == {PERMISSION}
    back = f"/v1/cases/{house.case}/consents/{house.everyday_permission}/withdrawal"
    await mother(home).post(back, {"withdrawn_by": house.mother})
    lines = await told(home)
    assert reasons(lines[HOUSING], "learning", house.child) == set()
    assert reasons(lines[HOUSING], "plan", house.child) == {TEAM}
    no = exclusion(house, agencies=[HOUSING], categories=["plan"])
    await world.as_("nadia.bell").post(f"/v1/cases/{house.case}/exclusions", no)
    assert reasons((await told(home))[HOUSING], "plan", house.child) == set()
    assert reasons((await told(home))[HOUSING], "plan", house.mother) == {TEAM}


async def test_an_agreement_that_the_law_asks_for_is_told_as_the_law(home: HouseWorld) -> None:
    house = home.house
    row = {
        "category": "housing", "base": "summary", "mode": "mandatory", "cap": "full",
        "basis": "task", "condition": "none", "power": "act",
    }  # fmt: skip
    agreed = {
        "owner": SCHOOL, "recipient": HOUSING, "purpose": "support", "title": "Between the two",
        "valid_from": "2031-01-01T00:00:00Z", "valid_until": "2031-12-01T00:00:00Z", "rows": [row],
    }  # fmt: skip
    assert reasons((await told(home))[HOUSING], "housing", house.child) == set()
    await home.world.as_("tom.ashby").post("/v1/agreements", agreed)
    lines = (await told(home))[HOUSING]
    assert reasons(lines, "housing", house.child) == {LAW}
    assert level(lines, "housing", house.child) == "summary"


async def test_nothing_is_told_of_what_the_reader_may_not_see_but_what_they_said_yes_to(
    home: HouseWorld,
) -> None:
    """Safeguarding, domestic abuse and visiting safely are not the family's to read; a yes of theirs is."""
    world, house = home.world, home.house
    kept = {"safeguarding", "domestic_abuse", "staff_safety"}

    def named(lines: Json) -> set[str]:
        return {word for found in lines.values() for line in found for word in line["categories"]}

    before = named(await told(home))
    assert before.isdisjoint(kept)
    assert "identity" in before
    assert before <= {category.value for category in Category}
    yes = share(house, recipients=[HEALTH], categories=["domestic_abuse"], subject=house.child)
    await world.as_("nadia.bell").post(f"/v1/cases/{house.case}/consents", yes)
    after = await told(home)
    assert named(after) & kept == {"domestic_abuse"}
    assert reasons(after[HEALTH], "domestic_abuse", house.child) == {PERMISSION}


async def test_it_is_the_same_whatever_is_recorded_and_by_a_code_as_signed_in(home: HouseWorld) -> None:
    """Whoever gives a code knows it: it tells which kinds a service may see, never that there is any."""
    house = home.house
    visit = await visiting(home)
    before = await told(home, visit)
    assert before == await told(home)
    event = {"event": "bereavement", "happened_on": "2031-03-01"}
    await home.world.as_("ruth.amadi").post(f"/v1/cases/{house.case}/life-events", event)
    assert await told(home, visit) == before


async def _page(home: HouseWorld) -> str:
    """What the mother reads on the sheet, but for what tells when it was read."""
    page = await mother(home).get(sheet(home))
    return str([page["who_can_see"], page["header"]["team"], page["consents"]])


async def test_n1_what_is_kept_from_the_family_makes_no_difference(home: HouseWorld) -> None:
    """A covert override, for a service on the team and for one that is not; a bar on a service; a broken
    glass; a colleague who is suspended."""
    world, house = home.world, home.house
    before = await _page(home)
    at = f"/v1/cases/{house.case}"
    for agency, categories in ((CARE, ["learning", "parenting"]), (HOUSING, ["housing", "health"])):
        body = override(house, recipients={"agencies": [agency]}, categories=categories)
        await world.as_("tom.ashby").post(f"{at}/overrides", body)
        assert await _page(home) == before, agency
    bar = a_bar(agencies=[HOUSING], categories=["identity", "plan", "learning"], subjects=[house.child])
    await world.as_("tom.ashby").post(f"{at}/bars", bar)
    assert await _page(home) == before
    seen = await world.as_("hana.novak").send("GET", at)
    assert seen.status_code == 404 or "learning" not in str(seen.json()["areas"]), "the bar works"
    reason = {"reason": "The child is missing and it is getting dark."}
    await world.as_("ruth.amadi").post(f"{at}/break-glass", reason)
    await world.as_("ruth.amadi").get(at)
    assert await _page(home) == before
    await world.as_("hous.officer").post("/v1/users/hana.novak/suspension", {"reason": "A complaint"})
    assert await _page(home) == before


async def test_n1_another_persons_no_and_yes_are_theirs(home: HouseWorld) -> None:
    world, house = home.world, home.house
    before = await _page(home)
    no = exclusion(
        house, giver=house.child, capacity="young_person", agencies=[MENTORS], categories=["plan"],
        competence={"judged_by": "Nadia Bell", "reasons": "He explained it back in his own words."},
    )  # fmt: skip
    made = await world.as_("nadia.bell").send("POST", f"/v1/cases/{house.case}/exclusions", no)
    assert made.status_code == 201, made.text
    assert await _page(home) == before
    child = world.as_("may.lone", person=house.child)
    page = await child.send("GET", sheet(home))
    assert page.status_code == 200
    by_service = {service["agency"]: service["sees"] for service in page.json()["who_can_see"]}
    assert reasons(by_service[MENTORS], "plan", house.child) == set(), "who asked for it knows of it"
    assert reasons(by_service[MENTORS], "identity", house.child) == {TEAM}


async def test_an_override_of_which_the_family_may_be_told_is_told_as_the_law_until_it_ends(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    before = await told(home)
    at = f"/v1/cases/{house.case}/overrides"
    made = (await world.as_("tom.ashby").post(at, override(house)))["id"]
    assert await told(home) == before
    review = {"family_may_be_told": True, "reason": "She was told on Tuesday."}
    await world.as_("school.guard").post(f"{at}/{made}/telling", review)
    after = await told(home)
    assert {**after, CARE: None} == {**before, CARE: None}
    assert reasons(after[CARE], "learning", house.child) == {LAW}
    await world.as_("tom.ashby").post(f"{at}/{made}/ending", {"reason": "The enquiry is over"})
    over = await told(home)
    assert reasons(over.get(CARE, []), "learning", house.child) == set()
    assert {**over, CARE: None} == {**before, CARE: None}


async def test_who_came_by_an_override_that_is_held_back_is_on_no_line(home: HouseWorld) -> None:
    world, school, house = home.world, home.world.as_("nadia.bell"), home.house
    case = await open_case(school, house.child, [house.mother], "Asked for help at school.")
    path = f"/v1/cases/{case}/family-sheet"
    before = (await mother(home).get(path))["who_can_see"]
    body = override(house, subjects=[house.child], recipients={"agencies": [CARE]})
    await world.as_("tom.ashby").post(f"/v1/cases/{case}/overrides", body)
    await join_team(school, case, "moira.flynn")
    assert (await mother(home).get(path))["who_can_see"] == before
    assert CARE not in str(before)


async def test_a_sheet_without_anybody_on_the_team_is_a_sheet_all_the_same(home: HouseWorld) -> None:
    school, house = home.world.as_("nadia.bell"), home.house
    case = await open_case(school, house.child, [house.mother], "Asked for help at school.")
    (member,) = (await school.get(f"/v1/cases/{case}/team"))["team"]
    left = await school.send("DELETE", f"/v1/cases/{case}/team/{member['id']}", {"reason": "Left"})
    assert left.status_code == 200, left.text
    for person in (house.mother, house.child):
        page = await home.world.as_("may.lone", person=person).get(f"/v1/cases/{case}/family-sheet")
        assert page["header"]["team"] == page["who_can_see"] == []


async def test_to_whom_no_agency_may_be_named_none_is(home: HouseWorld) -> None:
    world, house = home.world, home.house
    bar = a_bar(
        kind="protected_address", agencies=[SCHOOL, YOT, HOUSING, MENTORS, CAMHS, HEALTH],
        users=[], everyone_except=True, categories=["contact"], subjects=[house.child],
    )  # fmt: skip
    assert (await mother(home).get(sheet(home)))["who_can_see"] != []
    await world.as_("tom.ashby").post(f"/v1/cases/{house.case}/bars", bar)
    answer = await mother(home).send("GET", sheet(home))
    assert answer.status_code in (200, 404)
    if answer.status_code == 200:
        assert answer.json()["who_can_see"] == []


async def test_it_leaves_a_receipt_of_which_the_family_reads_nothing(home: HouseWorld) -> None:
    """It is their own question; what was shown stands on the receipt of the sheet."""
    home.world.clock.runs = False
    await told(home)
    found = await home.world.receipts_now("karen.mercer")
    assert [one["action"] for one in found if one["deed"] == WHO_CAN_SEE] == ["read"]
    looks = (await mother(home).get(sheet(home)))["looks"]
    assert looks != []
    assert WHO_CAN_SEE not in str(looks)


async def test_a_yes_that_has_run_out_opens_nothing(home: HouseWorld) -> None:
    home.world.clock.now += timedelta(days=200)
    lines = await told(home)
    assert PERMISSION not in {why for found in lines.values() for line in found for why in line["because"]}
    assert JOBCENTRE not in lines
