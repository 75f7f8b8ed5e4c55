"""Why, who can see, and what if, through the public API (design 3.2, 3.5, 3.6).

Three changes that make this fail: telling every basis of the receipt to the requester, explaining to an
officer the label sets that her colleague is not shown, telling the lead what the other agency sees without
the limit of what the lead sees.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from services.consent.decision.changes import Change
from services.consent.decision.decisive import (
    BEFORE_TAKING_PART,
    KINDS,
    SUSPENSION,
    TAKING_PART,
    TAKING_PART_ENDED,
)
from services.consent.ledger.plain_words import BUNDLES
from services.gateway import wording
from services.gateway.rosters import roster_at
from services.gateway.wording import bundles_of, ways_to_ask, why
from shared.clock import rfc3339
from shared.vocabulary import SENSITIVE, Basis, Blocker, Category, Level
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import CAMHS, HOUSING, SCHOOL, YOT, House
from tests.gateway.operations import exclusion, share
from tests.gateway.test_canaries import canaries_of, raw_entries
from tests.support.gateway import World, fields_of, problem

pytestmark = pytest.mark.anyio

ABSENT = "5f0c9d0e-6c41-4d0b-9a55-0a3a2b7c9d11"
MALFORMED = ("not-an-id", ABSENT.upper(), "0", "x" * 300, "")
Json = dict[str, Any]
_RECEIPT = re.compile(rb'"receipt":"[0-9a-f-]{36}"')


def comparable(response: httpx.Response) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    headers = {n: v for n, v in response.headers.items() if n not in ("x-request-id", "date")}
    body = _RECEIPT.sub(b'"receipt":""', response.content)
    return response.status_code, body, tuple(sorted(headers.items()))


def who_can_see(house: House, **query: str) -> str:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/v1/cases/{house.case}/who-can-see" + (f"?{asked}" if asked else "")


# --- the requester


@pytest.mark.parametrize("user", ["hana.novak", "ben.carver", "nadia.bell"])
async def test_a_requester_is_told_what_they_see_and_how_to_ask_for_more(
    sqlite_home: HouseWorld, user: str
) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    session = world.as_(user)
    view = await session.get(f"/v1/cases/{house.case}")
    told = await session.post("/v1/explanations", {"case": house.case})
    shown = {
        (entry["owner"], entry["level"], category)
        for entries in view["areas"].values()
        for entry in entries
        for category in entry["categories"]
    }
    explained = {
        (line["owner"], line["level"], category)
        for line in told["you_see"]
        for category in line["categories"]
    }
    assert explained == shown != set()
    assert told["not_available"] == view["not_available"]
    ways = [way["how"] for way in told["ways_to_ask"]]
    assert ways[0] == "ask_the_lead"
    assert ways.count("sharing_request") == len(view["not_available"])
    assert ("break_glass" in ways) == (user != "ben.carver")
    assert "Sam Okafor" in told["ways_to_ask"][0]["sentence"]
    for line in told["you_see"]:
        assert line["grounds"]
        assert line["bundles"] == bundles_of(line["categories"])


async def test_one_entry_is_explained_to_who_sees_it_and_is_absent_for_others(
    sqlite_home: HouseWorld,
) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    session = world.as_("hana.novak")
    told = await session.post("/v1/explanations", {"case": house.case, "entry": house.need})
    (line,) = told["you_see"]
    assert (line["owner"], line["grounds"], line["level"]) == (SCHOOL, ["PERMISSION"], "full")
    assert "because permission was given to share it with your agency" in line["sentence"]
    answers = {
        comparable(await session.send("POST", "/v1/explanations", {"case": house.case, "entry": entry}))
        for entry in (house.camhs_need, house.camhs_equality, ABSENT, *MALFORMED)
    }
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404


async def test_a_parent_is_told_no_grounds(sqlite_home: HouseWorld) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    told = await world.as_("karen.mercer", person=house.mother).post("/v1/explanations", {"case": house.case})
    assert told["you_see"]
    assert not any(line["grounds"] for line in told["you_see"])
    assert [way["how"] for way in told["ways_to_ask"]] == ["ask_the_lead"]


async def test_hidden_absent_and_malformed_cases_meet_the_same_404(sqlite_home: HouseWorld) -> None:
    """In a body an id meets what it meets in a path."""
    world, house = sqlite_home.world, sqlite_home.house
    supposed = {"kind": "move_clock", "to": "2032-01-01T00:00:00Z"}
    compared = 0
    for user in ("max.holt", "job.officer", "reg.fenn"):
        session = world.as_(user)
        for path, body in (("/v1/explanations", {}), ("/v1/what-if", {"changes": [supposed]})):
            answers = {
                comparable(await session.send("POST", path, {"case": case, **body}))
                for case in (house.case, ABSENT, *MALFORMED)
            }
            assert len(answers) == 1, (user, path)
            assert next(iter(answers))[0] == 404
            compared += 7
    assert compared == 42


async def test_asking_about_others_is_for_information_officers(sqlite_home: HouseWorld) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    for user, case in (("hana.novak", house.case), ("max.holt", house.case), ("max.holt", ABSENT)):
        body: Json
        for body in ({"case": case, "about": {"user": "ben.carver"}}, {"receipt": ABSENT}):
            response = await world.as_(user).send("POST", "/v1/explanations", body)
            assert (response.status_code, problem(response)) == (403, "forbidden")
    for wrong, field in (
        ({}, "case"), ({"case": house.case, "receipt": ABSENT}, "case"),
        ({"receipt": ABSENT, "entry": ABSENT}, "receipt"), ({"receipt": ABSENT, "about": {}}, "receipt"),
    ):  # fmt: skip
        response = await world.as_("tom.ashby").send("POST", "/v1/explanations", wrong)
        assert (response.status_code, fields_of(response)) == (422, [field])


# --- noninterference: whatever the family chose

Chooses = Callable[[World, House], Awaitable[object]]
SILENT = ["sexual_health"]
NO: Json = {
    "answer": "refused", "statement": {"reasons_explained_and_understood": True, "agrees": False},
    "valid_until": None,
}  # fmt: skip


async def _consent(world: World, house: House, **changes: Any) -> str:
    body = share(house, recipients=[HOUSING], categories=SILENT, **changes)
    made = await world.as_("asif.khan").post(f"/v1/cases/{house.case}/consents", body)
    return str(made["id"])


async def never_asked(world: World, house: House) -> None:
    """The world as it is."""


async def refused(world: World, house: House) -> None:
    await _consent(world, house, **NO)


async def excluded(world: World, house: House) -> None:
    body = exclusion(house, agencies=[HOUSING], categories=SILENT)
    await world.as_("asif.khan").post(f"/v1/cases/{house.case}/exclusions", body)


async def withdrew(world: World, house: House) -> None:
    given = await _consent(world, house)
    path = f"/v1/cases/{house.case}/consents/{given}/withdrawal"
    await world.as_("asif.khan").post(path, {"withdrawn_by": house.mother})


async def gave_to_others(world: World, house: House) -> None:
    body = share(house, recipients=[CAMHS], categories=SILENT)
    await world.as_("asif.khan").post(f"/v1/cases/{house.case}/consents", body)


CHOICES: tuple[Chooses, ...] = (never_asked, gave_to_others, refused, withdrew, excluded)


async def test_n1_an_explanation_is_the_same_whatever_the_family_chose(home: HouseWorld) -> None:
    """One world read after each choice, the clock standing still: where the view has the same bytes, so has
    the explanation."""
    world, house = home.world, home.house
    at, compared, different = world.clock.now + timedelta(hours=1), 0, 0
    before: dict[str, tuple[Any, Any]] = {}
    for choose in CHOICES:
        await choose(world, house)
        now, world.clock.now, world.clock.runs = world.clock.now, at, False
        for user in ("hana.novak", "ben.carver", "kit.vane", "max.holt", "sam.okafor"):
            session = world.as_(user)
            view = comparable(await session.send("GET", f"/v1/cases/{house.case}"))
            told = comparable(await session.send("POST", "/v1/explanations", {"case": house.case}))
            assert (view[0] == 200) == (told[0] == 200)
            if user in before:
                if view == before[user][0]:
                    assert told == before[user][1], (choose, user)
                    compared += 1
                else:
                    different += 1
            before[user] = view, told
        world.clock.now, world.clock.runs = now, True
    assert (compared, different) == (5 * 4, 0)


# --- the information officer


async def test_an_officer_is_given_no_content_and_no_id_of_what_others_hold(sqlite_home: HouseWorld) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    canaries = await canaries_of(world, (house.case, house.other_case))
    raw = await raw_entries(world, house.case)
    asked = 0
    for user, agency in (("hous.officer", HOUSING), ("tom.ashby", SCHOOL)):
        others = {entry["id"] for entry in raw if entry["owner"] != agency}
        body: Json
        for body in (
            {"case": house.case},
            {"case": house.case, "about": {"user": "hana.novak", "agency": HOUSING}},
            {"case": house.case, "about": {"agency": agency, "role": "safeguarding_lead"}},
            {"case": house.case, "about": {"agency": agency, "role": "practitioner", "relationship": "lead"}},
        ):
            response = await world.as_(user).send("POST", "/v1/explanations", body)
            assert response.status_code == 200, response.text
            assert not canaries.found_in(response.text)
            assert not any(entry in response.text for entry in others)
            asked += 1
        response = await world.as_(user).send("GET", who_can_see(house))
        assert not canaries.found_in(response.text)
        assert not any(entry in response.text for entry in others)
    assert asked == 8


async def test_an_officer_is_told_why_in_sentences(sqlite_home: HouseWorld) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    told = await world.as_("tom.ashby").post("/v1/explanations", {"case": house.case, "entry": house.need})
    by_user = {one["user"]: one["cells"] for one in told["explanations"]}
    assert by_user.keys() == {
        "nadia.bell", "sam.okafor", "hana.novak", "ben.carver", "asif.khan", "ruth.amadi",
    }  # fmt: skip
    (hana,) = by_user["hana.novak"]
    assert hana["sentences"] == [
        "Of family from Northgate Community School Hana Novak (practitioner, Tidewater Housing) is shown all "
        "of it.",
        "It rests on this: permission was given; the agencies agreed to it.",
        "It hangs on an answer of the family: without it only that there is something would be shown.",
    ] or hana["categories"] != ["family"]
    (ben,) = by_user["ben.carver"]
    assert (ben["level"], ben["blockers"]) == ("none", ["ROLE_CEILING"])
    assert {change["change"] for change in ben["would_change"]} >= {"other_role"}
    response = await world.as_("tom.ashby").send(
        "POST", "/v1/explanations", {"case": house.case, "entry": house.camhs_need}
    )
    assert response.status_code == 404


async def test_an_officer_has_a_receipt_explained(sqlite_home: HouseWorld) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    view = await world.as_("hana.novak").get(f"/v1/cases/{house.case}")
    receipt = view["decision"]["receipt"]
    for user in ("hous.officer", "tom.ashby"):
        told = await world.as_(user).post("/v1/explanations", {"receipt": receipt})
        explained = told["explained"]
        assert (explained["id"], explained["user"], explained["action"]) == (receipt, "hana.novak", "read")
        cells = explained["cases"][0]["cells"]
        own = [cell for cell in cells if cell["owner"] == {"tom.ashby": SCHOOL}.get(user, HOUSING)]
        assert own
        assert all(cell["then"]["level"] == cell["level"] for cell in own)
        assert not any("entries" in cell for cell in cells if cell not in own)
    answers = {
        comparable(await world.as_("job.officer").send("POST", "/v1/explanations", {"receipt": named}))
        for named in (receipt, ABSENT, *MALFORMED)
    }
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404


async def test_an_explanation_to_an_officer_stands_in_the_ledger(sqlite_home: HouseWorld) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    told = await world.as_("hous.officer").post("/v1/explanations", {"case": house.case})
    found = await world.as_("tom.ashby").get(f"/v1/cases/{house.case}/disclosures?limit=1")
    (newest,) = found["disclosures"]
    assert (newest["id"], newest["user"], newest["deed"]) == (
        told["decision"]["receipt"], "hous.officer", "explain",
    )  # fmt: skip


# --- who can see


async def test_the_lead_asks_who_can_see_an_entry(sqlite_home: HouseWorld) -> None:
    """The level of each is the level at which they are shown it."""
    world, house = sqlite_home.world, sqlite_home.house
    told = await world.as_("sam.okafor").get(who_can_see(house, entry=house.need))
    levels = {row["user"]: row["cells"][0]["level"] for row in told["people"]}
    for user, level in levels.items():
        view = await world.as_(user).get(f"/v1/cases/{house.case}")
        shown = {e["id"]: e["level"] for entries in view["areas"].values() for e in entries}
        assert shown.get(house.need, "none") == (level if level in ("summary", "full") else "none")
    assert levels["hana.novak"] == "full"
    assert len(levels) == 6
    again = await world.as_("sam.okafor").get(who_can_see(house, entry=house.need))
    seen = {row["user"]: row["last_seen"] for row in again["people"]}
    assert {user for user, moment in seen.items() if moment} == {
        user for user, level in levels.items() if level in ("summary", "full")
    }


async def test_who_can_see_an_entry_is_asked_by_who_recorded_it_and_refused_to_others(
    sqlite_home: HouseWorld,
) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    asked = {
        ("nadia.bell", house.need): 200,
        ("hana.novak", house.need): 403,
        ("asif.khan", house.camhs_need): 200,
        ("tom.ashby", house.need): 200,
    }
    for (user, entry), status in asked.items():
        response = await world.as_(user).send("GET", who_can_see(house, entry=entry))
        assert response.status_code == status, (user, response.text)
    for user in ("nadia.bell", "sam.okafor", "hana.novak", "tom.ashby"):
        answers = {
            comparable(await world.as_(user).send("GET", who_can_see(house, entry=entry)))
            for entry in (house.camhs_need, ABSENT, "not-an-id")
        }
        assert [status for status, _, _ in answers] == [404], user
    for user in ("nadia.bell", "sam.okafor"):
        strangers = {
            comparable(await world.as_(user).send("GET", who_can_see(house, person=person)))
            for person in (house.other_child, ABSENT, "not-an-id")
        }
        assert [status for status, _, _ in strangers] == [404], user
        assert (await world.as_(user).get(who_can_see(house, person=house.mother)))["people"]


async def test_who_can_see_travels_in_time(sqlite_home: HouseWorld) -> None:
    """Before the team was there nobody could; a moment ahead or without an offset is refused."""
    world, house = sqlite_home.world, sqlite_home.house
    lead = world.as_("sam.okafor")
    now = rfc3339(world.clock.now)
    told = await lead.get(who_can_see(house, at=now))
    assert len(told["people"]) == 6
    first = await lead.get(who_can_see(house, at="2031-03-03T08:59:59Z"))
    assert first["people"] == []
    team = (await lead.get(f"/v1/cases/{house.case}/team"))["team"]
    joined = next(member["since"] for member in team if member["user"] == "hana.novak")
    then = await lead.get(who_can_see(house, at=joined))
    assert "hana.novak" in {row["user"] for row in then["people"]}
    assert "ruth.amadi" not in {row["user"] for row in then["people"]}
    assert {row["relationship"] for row in then["people"]} == {"member"}
    hana = next(row["cells"] for row in then["people"] if row["user"] == "hana.novak")
    assert "full" not in {cell["level"] for cell in hana if cell["categories"] == ["learning"]}
    for wrong in (
        "2040-01-01T00:00:00Z",
        "2031-03-03",
        "2031-03-03T09:00:00",
        "yesterday",
        "1",
        "1999-01-01T00:00:00Z",
    ):
        response = await lead.send("GET", who_can_see(house, at=wrong))
        assert (response.status_code, fields_of(response)) == (422, ["at"]), (wrong, response.text)


# --- what if


async def test_the_lead_sees_beforehand_what_the_other_agency_would_be_shown(
    sqlite_home: HouseWorld,
) -> None:
    """And then permission is given, and it is so."""
    world, house = sqlite_home.world, sqlite_home.house
    lead = world.as_("sam.okafor")
    supposed = {
        "kind": "add_permission", "subject": house.child, "agencies": [CAMHS], "categories": ["learning"],
    }  # fmt: skip
    rows = await world.rows(without=frozenset({"receipts", "mentions", "chains"}))
    told = await lead.post("/v1/what-if", {"case": house.case, "changes": [supposed]})
    assert await world.rows(without=frozenset({"receipts", "mentions", "chains"})) == rows
    changed = [
        (row["user"], cell["categories"], cell["before"], cell["after"])
        for row in told["people"]
        for cell in row["cells"]
        if cell["before"] != cell["after"]
    ]
    assert changed == [("asif.khan", ["learning"], "existence", "full")]
    own = await world.as_("sam.okafor").get(f"/v1/cases/{house.case}")
    most = {
        (entry["owner"], tuple(entry["categories"])): entry["level"]
        for entries in own["areas"].values()
        for entry in entries
    }
    for row in told["people"]:
        for cell in row["cells"]:
            limit = Level.from_word(most[cell["owner"], tuple(cell["categories"])])
            assert Level.from_word(cell["after"]) <= limit
    for user, status in (("hana.novak", 403), ("nadia.bell", 403), ("max.holt", 404)):
        response = await world.as_(user).send(
            "POST", "/v1/what-if", {"case": house.case, "changes": [supposed]}
        )
        assert response.status_code == status
    hidden = {"kind": "lift_exclusion", "id": house.other_child}
    response = await lead.send("POST", "/v1/what-if", {"case": house.case, "changes": [supposed, hidden]})
    assert (response.status_code, fields_of(response)) == (422, ["changes.1.id"])


@pytest.mark.parametrize("whom", [{"agencies": [YOT]}, {"agencies": [], "users": ["sam.okafor"]}])
async def test_n1_what_if_tells_a_lead_of_no_exclusion_against_themselves_that_begins_later(
    own_home: HouseWorld, whom: Json
) -> None:
    """Nor of one against their agency; of one against others, which is listed to them, they are told."""
    world, house = own_home.world, own_home.house
    lead, school, clock = world.as_("sam.okafor"), world.as_("nadia.bell"), world.clock
    later = {"valid_from": rfc3339(clock.now + timedelta(days=30))}
    moved = {"kind": "move_clock", "to": rfc3339(clock.now + timedelta(days=31))}
    path, at = f"/v1/cases/{house.case}/exclusions", clock.now
    clock.runs = False
    asked: list[tuple[str, str, Any]] = [
        ("GET", path, None),
        ("POST", "/v1/what-if", {"case": house.case, "changes": [moved]}),
        ("GET", who_can_see(house), None),
    ]

    async def told() -> list[Any]:
        clock.now = at
        answers = [await lead.send(*one) for one in asked]
        assert {answer.status_code for answer in answers} == {200}
        return [comparable(answer) for answer in answers]

    await told()
    before = await told()
    said = exclusion(house, categories=["plan", "identity", "learning"], **whom, **later)
    await school.post(path, said)
    assert await told() == before
    await school.post(path, exclusion(house, agencies=[HOUSING], categories=["learning"], **later))
    assert all(one != other for one, other in zip((await told())[:2], before, strict=False))
    clock.runs = True


async def test_bad_suppositions_are_refused_by_their_field(sqlite_home: HouseWorld) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    good = {"kind": "move_clock", "to": "2032-01-01T00:00:00Z"}
    for changes, field in (
        ([], "changes"),
        ([{"kind": "magic"}], "changes.0.kind"),
        ([{"to": "2032-01-01T00:00:00Z"}], "changes.0.kind"),
        ([good, {"kind": "move_clock", "to": "soon"}], "changes.1.to"),
        ([{"kind": "end_permission", "id": "x"}], "changes.0.id"),
        ([{"kind": "add_permission", "subject": house.child}], "changes.0.agencies"),
        ([{"kind": "add_exclusion", "subject": house.child, "categories": ["plan"]}], "changes.0.agencies"),
        ([good] * 21, "changes"),
        ([{"kind": "policy", "version": 0}], "changes.0.version"),
        ([{**good, "surprise": 1}], "changes.0.surprise"),
    ):
        response = await world.as_("sam.okafor").send(
            "POST", "/v1/what-if", {"case": house.case, "changes": changes}
        )
        assert response.status_code == 422, response.text
        assert field in fields_of(response), (changes, response.text)


# --- words


def test_every_word_of_a_decision_has_a_sentence() -> None:
    """Fails when a blocker, a change or a kind of fact is added and nobody says what it means."""
    assert wording.BLOCKERS.keys() == set(Blocker)
    assert wording.BASES.keys() == wording.GROUNDS.keys() == set(Basis)
    assert wording.LEVELS.keys() == set(Level)
    assert wording.CHANGES.keys() == {change.value for change in Change}
    assert wording.DECISIVE.keys() == {
        *KINDS, SUSPENSION, TAKING_PART, TAKING_PART_ENDED, BEFORE_TAKING_PART,
    }  # fmt: skip


def test_categories_stand_in_the_six_bundles_of_the_ledger_or_by_themselves() -> None:
    bundled = [category for held in wording.BUNDLES.values() for category in held]
    assert sorted(bundled) == sorted(set(Category) - SENSITIVE - {Category.STAFF_SAFETY})
    assert [set(held) for held in wording.BUNDLES.values()] == [set(held) for held in BUNDLES.values()]
    assert len(wording.BUNDLES) == 6
    assert bundles_of(["learning", "mental_health", "family", "health"]) == [
        "everyday life", "health", "mental health",
    ]  # fmt: skip


def test_a_way_to_ask_depends_on_nothing_but_role_lead_and_what_may_be_known() -> None:
    holder = {"agency": CAMHS, "name": "Camhs"}
    ways = ways_to_ask(None, [holder], ["panel"], case="c", may_break_glass=True, is_family=False)
    assert [way["how"] for way in ways] == [
        "ask_the_lead", "sharing_request", "ask_the_family", "other_purpose", "break_glass",
    ]  # fmt: skip
    assert ways[0]["sentence"].startswith("Nobody leads this case now")


def test_a_cell_is_told_in_sentences() -> None:
    cell = {
        "categories": ["plan"], "level": "none", "because": [], "blockers": ["EXCLUDED"],
        "decisive": [{"fact": "exclusion", "id": None, "level_without": "full"}],
        "would_change": [{"change": "other_role", "detail": ["team_manager"], "level": "summary"}],
    }  # fmt: skip
    assert why("Hana", "the school", cell) == [
        "Of plan from the school Hana is shown nothing.",
        "No more is shown because the family asked that this agency or user is not told.",
        "It hangs on an exclusion: without it all of it would be shown.",
        "If the user acts in the role team manager, a summary would be shown.",
    ]


def test_the_roster_of_a_moment_is_half_open() -> None:
    def stay(user: str, since: int, until: int | None) -> Json:
        ends = None if until is None else f"2031-01-{until:02}T00:00:00.000000Z"
        person = {"user": user, "name": user.title(), "agency": SCHOOL, "role": "practitioner"}
        return {**person, "since": f"2031-01-{since:02}T00:00:00.000000Z", "until": ends}

    bundle = {
        "team": [stay("ann", 1, 5), stay("bob", 3, None), stay("ann", 7, None)],
        "lead_history": [stay("ann", 2, 4), stay("bob", 4, None)],
    }
    days = {day: roster_at(bundle, datetime(2031, 1, day, tzinfo=UTC)) for day in (1, 2, 4, 5, 7)}
    found = {day: {seat["user"]: seat["relationship"] for seat in seats} for day, seats in days.items()}
    assert found == {
        1: {"ann": "member"},
        2: {"ann": "lead"},
        4: {"ann": "member", "bob": "lead"},
        5: {"bob": "lead"},
        7: {"bob": "lead", "ann": "member"},
    }
    assert {seat["user"] for seat in roster_at(bundle, None)} == {"ann", "bob"}
    assert roster_at(None, None) == []
