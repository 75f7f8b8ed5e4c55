"""Seeing a case as another agency would, through the public API (design 3.2, 3.4, 3.5).

Three changes that make this fail: deciding the other agency on all the facts instead of on those that the
asker may know, showing an entry of which the asker sees the existence alone, leaving the asker's own level
out of the lower of the two.
"""

from typing import Any

import pytest

from tests.gateway.conftest import HouseWorld
from tests.gateway.household import CAMHS, HEALTH, HOUSING, JOBCENTRE, MENTORS, SCHOOL, UNTIL, YOT, House
from tests.gateway.operations import exclusion, share
from tests.gateway.test_explanations import ABSENT, MALFORMED, comparable
from tests.support.gateway import World, fields_of, problem

pytestmark = pytest.mark.anyio

Json = dict[str, Any]
_ORDER = ("none", "summary", "full")
SOCIAL_CARE = "harbour-social-care"


def seen_by(house: House, agency: str, role: str | None = None) -> str:
    return f"/v1/cases/{house.case}/seen-by/{agency}" + (f"?role={role}" if role else "")


def levels_of(view: Json) -> dict[str, str]:
    return {entry["id"]: entry["level"] for entries in view["areas"].values() for entry in entries}


async def view_of(world: World, house: House, user: str) -> Json:
    view: Json = await world.as_(user).get(f"/v1/cases/{house.case}")
    return view


async def test_the_lead_sees_of_each_entry_the_lower_of_both_levels(sqlite_home: HouseWorld) -> None:
    """The lead may know of every permission, so it is what the colleague is really shown of it."""
    world, house = sqlite_home.world, sqlite_home.house
    own = levels_of(await view_of(world, house, "sam.okafor"))
    compared = lower = 0
    for user, agency, role in (
        ("hana.novak", HOUSING, None),
        ("nadia.bell", SCHOOL, None),
        ("ben.carver", MENTORS, "volunteer"),
        ("ruth.amadi", HEALTH, None),
        ("asif.khan", CAMHS, None),
    ):
        theirs = levels_of(await view_of(world, house, user))
        shown = await world.as_("sam.okafor").get(seen_by(house, agency, role))
        both = {one: min(own[one], theirs.get(one, "none"), key=_ORDER.index) for one in own}
        assert levels_of(shown) == {one: level for one, level in both.items() if level != "none"}, user
        compared += len(both)
        lower += sum(both[one] != own[one] for one in own)
    assert compared == 5 * len(own)
    assert lower > 20


async def test_the_same_shapes_as_the_view_and_no_field_above_the_level(sqlite_home: HouseWorld) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    own = await view_of(world, house, "sam.okafor")
    shown = await world.as_("sam.okafor").get(seen_by(house, HOUSING))
    assert (shown["agency"], shown["agency_name"], shown["role"]) == (
        HOUSING, "Tidewater Housing", "practitioner",
    )  # fmt: skip
    assert shown["header"]["relationship"] == "member"
    assert shown["header"]["team"] == own["header"]["team"]
    by_id = {entry["id"]: entry for entries in own["areas"].values() for entry in entries}
    compared = 0
    for entries in shown["areas"].values():
        for entry in entries:
            mine = by_id[entry["id"]]
            assert entry["fields"].items() <= mine["fields"].items()
            if entry["level"] == mine["level"]:
                assert entry == mine
            compared += 1
    assert compared > 10


async def test_what_the_asker_does_not_see_is_not_there_whoever_sees_it(sqlite_home: HouseWorld) -> None:
    """Housing looks as the agency that holds what is hidden from housing."""
    world, house = sqlite_home.world, sqlite_home.house
    own = levels_of(await view_of(world, house, "hana.novak"))
    held = levels_of(await view_of(world, house, "asif.khan"))
    shown = await world.as_("hana.novak").get(seen_by(house, CAMHS))
    assert levels_of(shown).keys() <= own.keys()
    assert house.camhs_need in held
    assert house.camhs_need not in own
    assert house.camhs_need not in str(shown)
    assert CAMHS not in {line["agency"] for line in shown["not_available"]}


async def test_to_whom_something_was_sent_is_told_to_nobody_who_sees_its_headline(
    sqlite_home: HouseWorld,
) -> None:
    """The practitioner who sent a concern sees that there is one, and its recipient stands in all of it. Whom
    it went to is not found out by looking as one agency after the other."""
    world, house = sqlite_home.world, sqlite_home.house
    sender = world.as_("ruth.amadi")
    assert levels_of(await view_of(world, house, "ruth.amadi"))[house.concern] == "summary"
    looked_as = (SOCIAL_CARE, SCHOOL, YOT, HOUSING, CAMHS, MENTORS, JOBCENTRE)
    shown_to = [
        agency
        for agency in looked_as
        if house.concern in levels_of(await sender.get(seen_by(house, agency, "safeguarding_lead")))
    ]
    assert shown_to == []


async def _bytes(world: World, house: House, users: tuple[str, ...], agency: str) -> list[Any]:
    return [comparable(await world.as_(user).send("GET", seen_by(house, agency))) for user in users]


async def test_n1_an_answer_of_the_family_counts_for_those_alone_who_may_know_of_it(
    home: HouseWorld,
) -> None:
    """Neither an exclusion nor a permission that housing is not told of changes what housing is shown as
    somebody else; the lead, who knows of both, sees the difference. The clock stands still."""
    world, house = home.world, home.house
    clock = world.clock
    clock.runs, at = False, clock.now
    users = ("hana.novak", "ben.carver")
    recorder = world.as_("asif.khan")
    changed = 0
    row = {
        "category": "learning", "base": "full", "mode": "mandatory", "cap": "full",
        "basis": "task", "condition": "none", "power": "act",
    }  # fmt: skip
    agreed = {
        "owner": SCHOOL, "recipient": HEALTH, "purpose": "support", "title": "Between the two",
        "valid_from": "2031-01-01T00:00:00Z", "valid_until": UNTIL, "rows": [row],
    }  # fmt: skip
    before = await _bytes(world, house, users, HEALTH)
    of_owner = await _bytes(world, house, ("nadia.bell",), HEALTH)
    await world.as_("tom.ashby").post("/v1/agreements", agreed)
    clock.now = at
    assert await _bytes(world, house, users, HEALTH) == before
    assert await _bytes(world, house, ("nadia.bell",), HEALTH) != of_owner
    for path, body, agency in (
        ("exclusions", exclusion(house, agencies=[YOT], categories=["wellbeing", "community"]), YOT),
        ("consents", share(house, recipients=[CAMHS], categories=["learning", "wellbeing"]), CAMHS),
        ("exclusions", exclusion(house, agencies=[HOUSING], categories=["behaviour"]), HOUSING),
    ):
        before = await _bytes(world, house, users, agency)
        lead = await _bytes(world, house, ("sam.okafor",), agency)
        await recorder.post(f"/v1/cases/{house.case}/{path}", body)
        clock.now = at
        assert await _bytes(world, house, users, agency) == before, (path, agency)
        assert {status for status, _, _ in before} <= {200, 403}
        changed += await _bytes(world, house, ("sam.okafor",), agency) != lead
    clock.runs = True
    assert changed >= 1


async def test_a_bar_that_nobody_on_the_team_is_told_of_is_not_told_here(home: HouseWorld) -> None:
    world, house = home.world, home.house
    clock = world.clock
    at = clock.now
    clock.runs = False
    before = await _bytes(world, house, ("hana.novak", "sam.okafor"), JOBCENTRE)
    bar = {
        "kind": "court_order", "subjects": [house.child], "categories": ["identity", "involvement", "plan"],
        "agencies": [JOBCENTRE], "users": [], "everyone_except": False, "legal_reference": "An order",
        "reason": "Ordered by the court.", "review_on": "2031-09-01",
        "custodian": {"agency": SCHOOL, "name": "Tom Ashby", "telephone": "01632 960 777"},
    }  # fmt: skip
    response = await world.as_("tom.ashby").send("POST", f"/v1/cases/{house.case}/bars", bar)
    clock.now = at
    assert response.status_code == 201, response.text
    assert await _bytes(world, house, ("hana.novak", "sam.okafor"), JOBCENTRE) == before
    clock.runs = True


async def test_an_agency_that_would_see_nothing_is_said_to_see_nothing(sqlite_home: HouseWorld) -> None:
    """The lead knows whom the family does not want told; the answer is no 404, for the case is there."""
    world, house = sqlite_home.world, sqlite_home.house
    shown = await world.as_("sam.okafor").get(seen_by(house, JOBCENTRE))
    assert house.action not in levels_of(shown)
    assert shown["header"] is None or shown["header"]["person"]["name"] is None


async def test_it_is_for_the_team(sqlite_home: HouseWorld) -> None:
    """Who sees the case and is not on its team is refused with the reason; for others nothing is there."""
    world, house = sqlite_home.world, sqlite_home.house
    refused = await world.as_("karen.mercer", person=house.mother).send("GET", seen_by(house, HOUSING))
    assert (refused.status_code, problem(refused)) == (403, "forbidden")
    refused = await world.as_("ben.carver").send("GET", seen_by(house, HOUSING))
    assert refused.status_code == 403, "a volunteer reads, and shares nothing"
    answers = {
        comparable(await world.as_(user).send("GET", path))
        for user, path in (
            *(("sam.okafor", seen_by(house, agency)) for agency in ("no-such-agency", ABSENT, "x" * 300)),
            *(("max.holt", seen_by(house, agency)) for agency in (HOUSING, "no-such-agency")),
            *(("sam.okafor", f"/v1/cases/{case}/seen-by/{HOUSING}") for case in MALFORMED if case),
        )
    }
    assert [status for status, _, _ in answers] == [404]
    elsewhere = f"/v1/cases/{house.other_case}"
    view = await world.as_("sam.okafor").send("GET", elsewhere)
    refused = await world.as_("sam.okafor").send("GET", f"{elsewhere}/seen-by/{HOUSING}")
    assert (view.status_code, refused.status_code) in ((200, 403), (404, 404))
    wrong = await world.as_("sam.okafor").send("GET", seen_by(house, HOUSING, "information_officer"))
    assert wrong.status_code == 422


async def test_the_offer_and_the_refusal_agree(sqlite_home: HouseWorld) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    compared = 0
    for user in ("sam.okafor", "nadia.bell", "hana.novak", "ben.carver", "paul.ensor", "grace.obi"):
        view = await world.as_(user).send("GET", f"/v1/cases/{house.case}")
        if view.status_code != 200:
            continue
        answer = await world.as_(user).send("GET", seen_by(house, HOUSING))
        assert (answer.status_code == 200) == ("see_as_agency" in view.json()["may"]), user
        compared += 1
    assert compared >= 4


async def test_it_stands_in_the_ledger_as_a_view_with_what_left(sqlite_home: HouseWorld) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    lead = world.as_("sam.okafor")
    shown = await lead.get(seen_by(house, HOUSING))
    found = await world.as_("tom.ashby").get(f"/v1/cases/{house.case}/disclosures?limit=1")
    (newest,) = found["disclosures"]
    assert (newest["id"], newest["user"], newest["action"], newest["deed"]) == (
        shown["decision"]["receipt"], "sam.okafor", "read", "see_as_agency",
    )  # fmt: skip
    seen = await lead.get(f"/v1/cases/{house.case}/who-can-see?entry={house.need}")
    (row,) = [row for row in seen["people"] if row["user"] == "sam.okafor"]
    assert row["last_seen"] is not None


def said(house: House, agency: str, *categories: str, kind: str = "add_permission", **changes: Any) -> Json:
    about = {"subject": house.child, "agencies": [agency], "categories": list(categories)}
    return {"kind": kind, **about, **changes}


async def test_before_it_is_recorded_they_are_seen_as_they_will_be_once_it_is(own_home: HouseWorld) -> None:
    """What is supposed is what is shown once the same is recorded, and nothing is changed by supposing it."""
    world, house = own_home.world, own_home.house
    lead, path = world.as_("sam.okafor"), seen_by(house, JOBCENTRE)
    today = levels_of(await lead.get(path))
    supposed = [said(house, JOBCENTRE, "learning", "plan", "wellbeing", level="summary")]
    would = levels_of(await lead.post(path, {"changes": supposed}))
    opened = {entry for entry in would if would[entry] != today.get(entry)}
    assert opened
    assert levels_of(await lead.get(path)) == today
    body = share(house, recipients=[JOBCENTRE], categories=["learning", "plan", "wellbeing"], level="summary")
    await lead.post(f"/v1/cases/{house.case}/consents", body)
    assert levels_of(await lead.get(path)) == would
    kept_out = said(house, JOBCENTRE, "learning", kind="add_exclusion")
    less = levels_of(await lead.post(path, {"changes": [kept_out]}))
    assert len(less) < len(would)


async def test_what_is_supposed_is_a_familys_words_about_people_whom_one_reads(
    sqlite_home: HouseWorld,
) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    lead, path = world.as_("sam.okafor"), seen_by(house, HOUSING)
    good = said(house, HOUSING, "learning")
    for changes, field in (
        ([], "changes"),
        ([{**good, "subject": ABSENT}], "changes.0.subject"),
        ([good, {**good, "categories": ["horoscope"]}], "changes.1.categories.0"),
        ([{"kind": "end_permission", "id": house.everyday_permission}], "changes.0.kind"),
        ([{"kind": "move_clock", "to": "2032-01-01T00:00:00Z"}], "changes.0.kind"),
    ):
        answer = await lead.send("POST", path, {"changes": changes})
        assert (answer.status_code, fields_of(answer)[:1]) == (422, [field]), changes
    for user, status in (("dev.patel", 403), ("una.price", 403), ("ben.carver", 403)):
        assert (await world.as_(user).send("POST", path, {"changes": [good]})).status_code == status, user
    for wrong in (seen_by(house, "nobody-knows"), f"/v1/cases/{ABSENT}/seen-by/{HOUSING}"):
        assert (await lead.send("POST", wrong, {"changes": [good]})).status_code == 404
