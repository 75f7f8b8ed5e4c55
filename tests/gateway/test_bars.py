"""Bars through the API: a barred caller meets the 404 of what is absent, and a protected address is given
away by nothing.

Changes that make these fail: a bar loaded by case instead of by person; a 403 for a barred caller; a lead's
card, a roster or an entry's owner projected from what was gathered instead of from ``places.py``; a search
that tells of involvement whatever else is barred.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from deploy.demo_people import AGENCIES, FAMILY_AGENCY
from deploy.stories.steps import record_parent
from services.assessment.entry_kinds import LOCATING_FIELDS as ASSESSMENT_LOCATING
from services.case.entry_kinds import LOCATING_FIELDS as CASE_LOCATING
from services.gateway.placement import PLACEMENTS
from services.gateway.places import (
    PLACE_FREE,
    bundle_without_places,
    entries_without_places,
)
from shared.disclosure import A_SERVICE
from shared.vocabulary import Category
from tests.gateway.areas.bars import a_bar
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import CAMHS, HEALTH, HOUSING, MENTORS, SCHOOL, YOT
from tests.gateway.operations import OPERATIONS, bodies, ids_of, reads
from tests.gateway.test_one_refusal import ABSENT, answer
from tests.gateway.test_placement import an_entry
from tests.support.gateway import As, fresh_key, problem

pytestmark = pytest.mark.anyio

EVERYTHING = [category.value for category in Category]
CASE = "/v1/cases/{case}"
CUSTODIAN = {"name": "Duty manager", "telephone": "01632 960200", "agency": HEALTH}
Json = dict[str, Any]


@asynccontextmanager
async def barred(home: HouseWorld, **changes: Any) -> AsyncIterator[str]:
    """A bar that the school's officer records; afterwards she and the custodian's officer lift it."""
    world, path = home.world, CASE.format(case=home.house.case) + "/bars"
    officer, second = world.as_("tom.ashby"), world.as_("nia.rowe")
    made = (await officer.post(path, a_bar(custodian=CUSTODIAN, **changes)))["id"]
    try:
        yield made
    finally:
        assert (await officer.post(f"{path}/{made}/lifting", {"reason": "Over"}))["state"] == "proposed"
        assert (await second.post(f"{path}/{made}/lifting", {"reason": "Agreed"}))["state"] == "lifted"


def protected(*known_to: str) -> Json:
    few = {"agencies": [SCHOOL, HEALTH, *known_to], "everyone_except": True}
    return {"kind": "protected_address", "categories": ["contact"], **few}


async def test_a_barred_caller_meets_the_404_of_what_is_absent_on_every_operation(home: HouseWorld) -> None:
    world, house = home.world, home.house
    sent, compared = bodies(house), 0
    tried = [
        (method, path)
        for method, path in OPERATIONS
        if ("{case}" in path or "{person}" in path) and "/bars" not in path and "disclosures" not in path
    ]
    async with barred(home, agencies=[HOUSING], categories=EVERYTHING):
        for user in ("hana.novak", "kit.vane"):
            for method, path in tried:
                parameter = "case" if "{case}" in path else "person"
                answers = [
                    await answer(
                        world.as_(user),
                        method,
                        path,
                        {**ids_of(house), parameter: id_},
                        sent.get((method, path)),
                    )
                    for id_ in (house.case if parameter == "case" else house.child, ABSENT, "not-an-id")
                ]
                assert len(set(answers)) == 1, (user, method, path, [status for status, _, _ in answers])
                assert answers[0][0] in (403, 404), (user, method, path, answers[0])
                compared += 3
        assert (await world.as_("hana.novak").get("/v1/cases"))["cases"] == []
        assert (await world.as_("sam.okafor").send("GET", CASE.format(case=house.case))).status_code == 200
    assert compared == 2 * 3 * len(tried) >= 180
    assert (await world.as_("hana.novak").send("GET", CASE.format(case=house.case))).status_code == 200


async def test_a_bar_says_nothing_of_itself_to_those_whom_it_stops(home: HouseWorld) -> None:
    """Their officer and they themselves get what they would get if nobody had barred anything."""
    world, house = home.world, home.house
    path = CASE.format(case=house.case) + "/bars"
    officer = world.as_("hous.officer")
    before = await officer.get(path)
    assert (before["bars"], before["people"]) == ([], [house.child, house.mother])
    async with barred(home, agencies=[HOUSING], categories=["health"]) as made:
        after = await officer.get(path)
        assert after | {"decision": before["decision"]} == before
        assert (await officer.get("/v1/bars"))["bars"] == []
        absent = await officer.send("POST", f"{path}/{ABSENT}/lifting", {"reason": "x"}, headers=fresh_key())
        hidden = await officer.send("POST", f"{path}/{made}/lifting", {"reason": "x"}, headers=fresh_key())
        assert (absent.status_code, absent.json()) == (hidden.status_code, hidden.json())
        assert hidden.status_code == 404
        for word in ("BARRED", "bar", "Order 17"):
            assert word not in (await world.as_("hana.novak").send("GET", f"/v1/cases/{house.case}")).text


async def test_officers_name_a_case_and_its_people_and_learn_nothing_else(home: HouseWorld) -> None:
    world, house = home.world, home.house
    path = CASE.format(case=house.case) + "/bars"
    async with barred(home) as made:
        for user in ("tom.ashby", "nia.rowe"):
            seen = await world.as_(user).get(path)
            in_force = [row["id"] for row in seen["bars"] if row["lifted_at"] is None]
            assert in_force == [made]
            assert "canary" not in str(seen)
            assert [row["id"] for row in (await world.as_(user).get("/v1/bars"))["bars"]] == [made]
        for user in ("nadia.bell", "grace.obi", "rita.shaw"):
            for known in (path, "/v1/bars", path.replace(house.case, ABSENT)):
                assert (await world.as_(user).send("GET", known)).status_code == 403
        # The partnership's office holds nothing here, and the policy does not name its officer.
        for target in (house.case, ABSENT):
            stranger = await world.as_("una.price").send("GET", path.replace(house.case, target))
            assert (stranger.status_code, problem(stranger)) == (404, "not-found")


async def test_adding_a_bar_waits_until_it_is_enforced_and_lifting_does_not(home: HouseWorld) -> None:
    slept = home.world.sleep.slept
    before = len(slept)
    async with barred(home):
        assert slept[before:] == [home.world.deadline_seconds]
    assert len(slept) == before + 1


async def test_one_person_never_lifts_a_bar_and_nobody_records_one_that_stops_them(home: HouseWorld) -> None:
    path = CASE.format(case=home.house.case) + "/bars"
    officer, second = home.world.as_("tom.ashby"), home.world.as_("nia.rowe")
    for own in (a_bar(agencies=[SCHOOL]), a_bar(users=["tom.ashby"]), a_bar(everyone_except=True)):
        assert (await officer.send("POST", path, own, headers=fresh_key())).status_code == 422, own
    made = (await officer.post(path, a_bar(custodian=CUSTODIAN)))["id"]

    async def says(who: As) -> tuple[int, str | None]:
        told = await who.send("POST", f"{path}/{made}/lifting", {"reason": "Over"}, headers=fresh_key())
        return told.status_code, told.json().get("state")

    assert [await says(officer), await says(officer)] == [(200, "proposed"), (409, None)]
    assert [await says(second), await says(second)] == [(200, "lifted"), (409, None)]


# --- the protected address


def names_of_others(own: str) -> set[str]:
    """Every agency's code, name and telephone but one's own: what would locate."""
    return {
        word
        for agency in AGENCIES
        if agency.code not in (own, FAMILY_AGENCY)
        for word in (agency.code, agency.name, agency.telephone)
    }


async def people_of_others(home: HouseWorld, own: str) -> set[str]:
    """Whoever is on the team for another agency: user, name and telephone."""
    team = (await home.world.as_("nadia.bell").get(f"/v1/cases/{home.house.case}/team"))["team"]
    words = ("user", "name", "telephone")
    ours = {member[word] for member in team for word in words if member["agency"] == own}
    return {member[word] for member in team for word in words if member[word]} - ours


EVERYBODYS = ("/v1/agencies", "/v1/me", "/v1/instruments", "/v1/budget-streams")


async def test_whom_a_protected_address_stops_no_answer_names_an_agency_or_anybody_at_work(
    home: HouseWorld,
) -> None:
    """Every read, of the case, the person and the lists, by everybody who is stopped and sees the case."""
    world, house = home.world, home.house
    read = shown = 0
    stopped = {"hana.novak": HOUSING, "kit.vane": HOUSING, "ben.carver": MENTORS, "hous.officer": HOUSING}
    async with barred(home, **protected(YOT)):
        for user, own in stopped.items():
            session = world.as_(user)
            forbidden = names_of_others(own) | await people_of_others(home, own)
            assert len(forbidden) >= 45
            for path in reads(house):
                if path.startswith(EVERYBODYS) or "disclosures" in path:
                    continue
                response = await session.send("GET", path)
                found = {word for word in forbidden if word in response.text}
                assert found == set(), (user, path, found)
                read += 1
                shown += response.status_code == 200
    assert read >= 4 * 18
    assert shown >= 35, "enough of it was answered with something"


async def test_whom_a_protected_address_stops_sees_the_rest_of_the_case_as_that_of_a_service(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    path = CASE.format(case=house.case)
    before = await world.as_("hana.novak").get(path)
    async with barred(home, **protected(YOT)):
        view = await world.as_("hana.novak").get(path)
        excepted = await world.as_("sam.okafor").get(path)
        school = await world.as_("nadia.bell").get(path)
        own_actions = await world.as_("hana.novak").get(f"{path}/actions")
        listed = (await world.as_("hana.novak").get("/v1/cases"))["cases"]
    header = view["header"]
    assert header["lead_professional"]["name"] == "the lead professional"
    assert header["lead_professional"]["since"] == before["header"]["lead_professional"]["since"]
    assert [member["user"] for member in header["team"]] == ["hana.novak"]
    assert len(before["header"]["team"]) >= 6
    entries = [entry for area in view["areas"].values() for entry in area]
    # What her own agency wrote about the home tells where it is, so it is hidden from her too.
    assert {entry["owner"] for entry in entries} == {A_SERVICE}
    assert HOUSING in {entry["owner"] for area in before["areas"].values() for entry in area}
    kinds = {entry["kind"] for entry in entries}
    assert {"name", "need", "action"} <= kinds
    assert not kinds & {"contact", "relationship", "assessor", "service_with_family", "assessment"}
    assert all(not PLACE_FREE[entry["kind"]] or entry["fields"] for entry in entries)
    assert [line["agency"] for line in view["not_available"]] in ([], [A_SERVICE])
    assert {entry["kind"] for entry in own_actions["entries"]} == {"action"}
    [card] = [card for card in listed if card["id"] == house.case]
    assert card["lead_professional"]["agency"] == A_SERVICE
    for whole in (excepted, school):
        assert whole["header"]["lead_professional"]["agency"] == YOT
        assert len(whole["header"]["team"]) == len(before["header"]["team"])
    assert (await world.as_("hana.novak").get(path))["header"] == before["header"]


async def test_a_world_in_which_other_agencies_help_looks_the_same_to_whom_the_address_stops(
    home: HouseWorld,
) -> None:
    """Noninterference: another agency joins, and the lead's agency adds what tells where; nothing changes."""
    world, house = home.world, home.house
    session, path = world.as_("hana.novak"), CASE.format(case=house.case)
    parts = (
        "",
        "/team",
        "/timeline",
        "/lead-professional",
        "/actions",
        "/assessments",
        "/consents",
        "/contacts",
        "/referrals",
        "/meetings",
        "/exclusions",
    )

    async def everything() -> list[Json]:
        world.clock.runs = False
        answers = []
        for part in parts:
            response = await session.send("GET", path + part)
            content = response.json()
            content.pop("decision", None)
            answers.append({"status": response.status_code, **content})
        world.clock.runs = True
        return answers

    async with barred(home, **protected(YOT, CAMHS)):
        before = await everything()
        school = world.as_("nadia.bell")
        member = {
            "user": "new.nurse", "name": "New Nurse", "agency": HEALTH, "role": "practitioner",
            "job_title": "Nurse at the clinic",
        }  # fmt: skip
        await world.as_("sam.okafor").post(f"{path}/team", member)
        where = {"kind": "contact", "fields": {"address": "12 Refuge Row", "postcode": "EA1 1AA"}}
        upn = {"kind": "identifiers", "fields": {"upn": "R801200001002"}}
        await school.post(f"/v1/people/{house.child}/details", {"details": [where]})
        told = await school.send("POST", f"/v1/people/{house.child}/details", {"details": [upn]})
        assert told.status_code in (201, 422)
        service = {"kind": "service_with_family", "service_kind": "gp", "service_name": "Refuge Row Surgery"}
        await world.as_("asif.khan").post(f"{path}/assessments/{house.draft}/entries", service)
        assert await everything() == before
    assert [row["status"] for row in before] == [200] * 11


async def test_whom_a_protected_address_stops_reads_each_list_of_the_case_without_who_else_is_there(
    home: HouseWorld,
) -> None:
    """Contacts, referrals, meetings and what the family said are there like the case itself. Of what others
    recorded no field is told, of a meeting only one's own people, of answers what names one's own agency."""
    world, house = home.world, home.house
    session, path = world.as_("hana.novak"), CASE.format(case=house.case)
    before = await session.get(f"{path}/consents")
    assert any(YOT in (one.get("recipients") or ()) for one in before["consents"])
    async with barred(home, **protected(YOT)):
        for part, kind in (("/contacts", "contact_attempt"), ("/referrals", "referral")):
            entries = (await session.get(path + part))["entries"]
            assert {entry["owner"] for entry in entries} <= {A_SERVICE}
            assert all(entry["fields"] == {} for entry in entries)
            assert kind in {entry["kind"] for entry in entries} or not entries
        meetings = await session.get(f"{path}/meetings")
        for line in meetings["meetings"]:
            assert line["meeting"]["fields"] == {}
            assert line["chair"] == {"user": "", "agency": A_SERVICE}
            assert {one["agency"] for one in line["attendance"]} <= {HOUSING}
            one = await session.get(f"{path}/meetings/{line['meeting']['id']}")
            assert {seat["agency"] for seat in one["attendance"]} <= {HOUSING}
        assert {line["agency"] for line in meetings["missed"]} <= {HOUSING}
        answers = (await session.get(f"{path}/consents"))["consents"]
        assert {one["kind"] for one in answers} == {"share", "take_part"}
        assert all(one.get("recipients", [HOUSING]) == [HOUSING] for one in answers)
        assert {one["recorded_by_agency"] for one in answers} == {A_SERVICE}
        assert (await session.get(f"{path}/exclusions"))["exclusions"] == []
        room = await session.send("GET", f"{path}/meetings/{house.meeting}/room")
        assert room.status_code == 404
        seen_by = await session.send("GET", f"{path}/seen-by/{YOT}")
        assert seen_by.status_code == 404, "what they see would tell whose it is"
        assert "see_as_agency" not in (await session.get(path))["may"]
    assert (await session.get(f"{path}/consents"))["consents"] == before["consents"]


async def test_what_the_stopped_write_is_still_theirs_to_write(home: HouseWorld) -> None:
    """A member whom the address stops goes on working on what they see."""
    world, house = home.world, home.house
    async with barred(home, **protected(YOT)):
        body = {"kind": "goal", "text": "Sleeps well"}
        started = await world.as_("hana.novak").post(
            f"/v1/cases/{house.case}/assessments",
            {
                "instrument": "caf", "instrument_version": "1", "person": house.child,
                "started_on": "2031-03-01", "reason_for_assessment": "A fresh look",
            },
        )  # fmt: skip
        assert set(started) >= {"id"}
        joining = {
            "user": "x.y", "name": "X Y", "agency": HOUSING, "role": "practitioner", "job_title": "Warden",
        }  # fmt: skip
        tried = await world.as_("hana.novak").send(
            "POST", f"/v1/cases/{house.case}/team", joining, headers=fresh_key()
        )
        assert tried.status_code == 403
        assert not {word for word in names_of_others(HOUSING) if word in tried.text}
        entries = f"/v1/cases/{house.case}/assessments/{started['id']}/entries"
        added = await world.as_("hana.novak").send("POST", entries, body, headers=fresh_key())
        # The cover locates by its place, so it needs the address, and she does not see it.
        assert added.status_code == 404


# --- search


async def found(home: HouseWorld, user: str, **headers: str) -> list[Json]:
    """What somebody finds who knows the child's name and birthday."""
    person = await home.world.as_("nadia.bell").get(f"/v1/people/{home.house.child}")
    name = next(entry["fields"] for entry in person["entries"] if entry["kind"] == "name")
    wanted = {
        "name": f"{name['given_names']} {name['family_name']}",
        "date_of_birth": person["person"]["date_of_birth"],
    }
    session = home.world.as_(user, headers=headers)
    people: list[Json] = (await session.post("/v1/people/search", wanted))["people"]
    return people


SAFEGUARDING = {"Purpose": "safeguarding", "Purpose-Reason": "A concern"}
STRANGER = "ivor.pryce"
"""A practitioner of the education welfare service, who has nothing to do with the case."""


async def test_a_search_tells_of_the_lead_to_a_stranger_but_not_to_whom_anything_is_barred(
    home: HouseWorld,
) -> None:
    [told] = await found(home, STRANGER)
    assert (told["open_case"], told["assessment_exists"]) == (True, True)
    assert [lead["agency"] for lead in told["leads"]] == [YOT]
    async with barred(home, agencies=["education-welfare"], categories=["health"]):
        [card] = await found(home, STRANGER)
        assert (card["open_case"], card["assessment_exists"], card["leads"]) == (False, False, [])
    async with barred(home, agencies=["education-welfare"], categories=EVERYTHING):
        assert await found(home, STRANGER) == []
    assert await found(home, STRANGER) == [told]


async def test_a_search_tells_an_excluded_caller_of_no_involvement_whatever_was_excluded(
    home: HouseWorld,
) -> None:
    """Fails when only an exclusion of the category *involvement* counts."""
    world, house = home.world, home.house
    path = f"/v1/cases/{house.case}/exclusions"
    body = {
        "subject": house.child, "giver": house.mother, "capacity": "parent",
        "agencies": ["education-welfare"], "categories": ["health"],
    }  # fmt: skip
    made = (await world.as_("nadia.bell").post(path, body))["id"]
    [card] = await found(home, STRANGER)
    assert (card["open_case"], card["assessment_exists"], card["leads"]) == (False, False, [])
    lifting = {"lifted_by": house.mother, "evidence": {"form": "verbal"}}
    await world.as_("nadia.bell").post(f"{path}/{made}/lifting", lifting)
    [card] = await found(home, STRANGER)
    assert card["leads"] != []


async def test_a_search_never_tells_of_a_protected_identity(home: HouseWorld) -> None:
    """Strangers whom the address stops do not even find that the family is known here; those whom it does not
    stop are told of no involvement either."""
    async with barred(home, **protected(YOT)):
        for user, headers in ((STRANGER, {}), ("dev.patel", SAFEGUARDING), ("joan.reed", {})):
            assert await found(home, user, **headers) == [], user
        [member] = await found(home, "hana.novak")
        assert (member["open_case"], member["assessment_exists"], member["leads"]) == (False, False, [])
    async with barred(home, **protected(YOT, "education-welfare")):
        [card] = await found(home, STRANGER)
        assert (card["open_case"], card["assessment_exists"], card["leads"]) == (False, False, [])


async def test_nobody_is_found_by_the_name_of_a_parent_who_is_protected(home: HouseWorld) -> None:
    """Fails when the parent by whom a child is found is not asked about: that the family is known here would
    be told of her by a child whom no bar names."""
    child, search = await _child_not_born_yet(home, "2031-09-09")

    async def searched() -> list[str]:
        return await _found_by(home, STRANGER, search)

    assert await searched() == [child]
    async with barred(home, **protected(YOT)):
        assert await searched() == []
    async with barred(home, agencies=["education-welfare"], categories=EVERYTHING):
        assert await searched() == []
    assert await searched() == [child]


async def test_nobody_is_found_by_whose_child_they_are_where_that_is_kept_from_the_caller(
    home: HouseWorld,
) -> None:
    """Fails when a hit by a parent's name tells it though a bar or an exclusion keeps it from the caller."""
    house = home.house
    child, search = await _child_not_born_yet(home, "2031-09-10")
    async with barred(home, agencies=["education-welfare"], categories=["family"]):
        assert await _found_by(home, STRANGER, search) == []
        assert await _found_by(home, "nadia.bell", search) == [child]
    assert await _found_by(home, STRANGER, search) == [child]
    lead, path = home.world.as_("sam.okafor"), CASE.format(case=house.case) + "/exclusions"
    kept_from = {"agencies": ["education-welfare"], "users": ["hana.novak", "nadia.bell"]}
    said = {
        "subject": house.child, "giver": house.mother, "capacity": "parent", "categories": ["family"],
        **kept_from,
    }  # fmt: skip
    assert await _found_by(home, "hana.novak", search) == [child]
    made = (await lead.post(path, said))["id"]
    for user, found in ((STRANGER, []), ("hana.novak", []), ("nadia.bell", [child])):
        assert await _found_by(home, user, search) == found, "who recorded it sees it and is told nothing"
    lifting = {"lifted_by": house.mother, "evidence": {"form": "verbal"}}
    await lead.post(f"{path}/{made}/lifting", lifting)
    assert await _found_by(home, STRANGER, search) == [child]


async def _child_not_born_yet(home: HouseWorld, expected: str) -> tuple[str, Json]:
    """The mother's next child, who is known, and what finds them: the day and her name."""
    school = home.world.as_("nadia.bell")
    unborn = {"details": [{"kind": "birth", "fields": {"expected_date_of_delivery": expected}}]}
    child = (await school.post("/v1/people", unborn))["id"]
    opened = {"person": child, "reason": "Help before the birth", "opener": {"job_title": "Teacher"}}
    await school.post("/v1/cases", opened)
    await record_parent(school, home.house.mother, child, "mother")
    person = await school.get(f"/v1/people/{home.house.mother}")
    named = next(entry["fields"] for entry in person["entries"] if entry["kind"] == "name")
    name = f"{named['given_names']} {named['family_name']}"
    return child, {"expected_date_of_delivery": expected, "parent_name": name}


async def _found_by(home: HouseWorld, user: str, search: Json) -> list[str]:
    answer = await home.world.as_(user).post("/v1/people/search", search)
    return [card["person"]["id"] for card in answer["people"]]


# --- a parent who lives elsewhere


@pytest.fixture(scope="module")
async def father(home: HouseWorld) -> str:
    """The child's father, with parental responsibility, who lives elsewhere."""
    school = home.world.as_("nadia.bell")
    named = {"details": [{"kind": "name", "fields": {"given_names": "Ed"}}]}
    father: str = (await school.post("/v1/people", named))["id"]
    await school.post(
        f"/v1/people/{home.house.child}/relationships",
        {
            "from_person": father, "to_person": home.house.child, "relation": "father",
            "parental_responsibility": True, "parental_responsibility_source": "registration",
            "lives_with": False,
        },
    )  # fmt: skip
    return father


async def test_a_parent_elsewhere_reads_case_and_child_and_learns_of_no_agency(
    home: HouseWorld, father: str
) -> None:
    """The policy's row ``3200202200000000``: identity, access needs, plan, the everyday, health; no place."""
    world, house = home.world, home.house
    session, forbidden = world.as_("karen.mercer", person=father), names_of_others("")
    view = await session.get(f"/v1/cases/{house.case}")
    child = await session.get(f"/v1/people/{house.child}")
    for content in (view, child):
        text = str(content)
        assert not {word for word in forbidden | await people_of_others(home, "") if word in text}
        assert not {line["agency"] for line in content["not_available"]} - {A_SERVICE}
    assert view["header"]["team"] == []
    assert view["header"]["lead_professional"]["name"] == "the lead professional"
    entries = [entry for area in view["areas"].values() for entry in area]
    assert {entry["owner"] for entry in entries} == {A_SERVICE}
    seen = {(category, entry["level"]) for entry in entries for category in entry["categories"]}
    assert ("identity", "full") in seen
    assert {category for category, _ in seen} <= {
        "identity", "access_needs", "plan", "family", "parenting", "learning", "wellbeing", "behaviour",
        "community", "health",
    }  # fmt: skip
    assert {level for category, level in seen if category != "identity"} == {"summary"}
    shown = {entry["kind"] for entry in entries}
    assert {"name", "birth", "action", "need", "access_needs"} <= shown
    assert not shown & {"contact", "identifiers", "relationship", "assessor", "service_with_family"}
    assert child["person"]["date_of_birth"] == view["header"]["person"]["date_of_birth"] is not None


async def test_the_sheet_of_a_parent_elsewhere_says_no_more_than_the_case(
    home: HouseWorld, father: str
) -> None:
    """What was said to whom, and who looked, would name the agencies."""
    session = home.world.as_("karen.mercer", person=father)
    view = await session.get(f"/v1/cases/{home.house.case}")
    sheet = await session.get(f"/v1/cases/{home.house.case}/family-sheet")
    assert (sheet["consents"], sheet["looks"]) == ([], [])
    assert sheet["header"] == view["header"]
    more = [
        entry for area, shown in sheet["areas"].items() for entry in shown if entry not in view["areas"][area]
    ]
    assert more == []
    assert sheet["areas"]["person"] != []
    forbidden = names_of_others("") | await people_of_others(home, "")
    assert not {word for word in forbidden if word in str(sheet)}


async def test_everything_else_is_a_404_for_a_parent_elsewhere(home: HouseWorld, father: str) -> None:
    world, house = home.world, home.house
    session, refused = world.as_("karen.mercer", person=father), 0
    sheet = f"/v1/cases/{house.case}/family-sheet"
    may_read = {f"/v1/cases/{house.case}", f"/v1/people/{house.child}", sheet}
    for path in reads(house):
        if path in may_read or path.startswith((*EVERYBODYS, "/v1/bars", "/v1/agreements")):
            continue
        if "/cases/" not in path and "/people/" not in path:
            continue
        response = await session.send("GET", path)
        assert response.status_code in (403, 404), (path, response.text)
        if "/bars" not in path:
            assert response.status_code == 404, path
        refused += 1
    assert refused >= 12
    for path in ("consents", "exclusions"):
        body = bodies(house)["POST", f"{CASE}/{path}"]
        tried = await session.send("POST", f"/v1/cases/{house.case}/{path}", body, headers=fresh_key())
        assert tried.status_code == 404


async def test_the_list_of_a_parent_elsewhere_names_no_agency(home: HouseWorld, father: str) -> None:
    session = home.world.as_("karen.mercer", person=father)
    (card,) = (await session.get("/v1/cases"))["cases"]
    header = (await session.get(f"/v1/cases/{home.house.case}"))["header"]
    assert card["id"] == home.house.case
    assert card["lead_professional"] == header["lead_professional"]
    forbidden = names_of_others("") | await people_of_others(home, "")
    assert not {word for word in forbidden if word in str(card)}


async def test_once_the_address_is_protected_from_a_parent_elsewhere_nothing_new_opens(
    home: HouseWorld, father: str
) -> None:
    """And no list tells him that the family is known here; by the case's id he reads what he read before."""
    session = home.world.as_("karen.mercer", person=father)
    before = await session.get(f"/v1/cases/{home.house.case}")
    async with barred(home, **protected(YOT)):
        after = await session.get(f"/v1/cases/{home.house.case}")
        assert (await session.get("/v1/cases"))["cases"] == []
    assert (after["areas"], after["header"]) == (before["areas"], before["header"])
    assert len((await session.get("/v1/cases"))["cases"]) == 1


# --- pure


def test_no_field_that_locates_is_shown_where_nothing_may_locate() -> None:
    """Fails when a kind or field is added and nobody says whether it tells where a family is."""
    locating = {**CASE_LOCATING, **ASSESSMENT_LOCATING}
    assert PLACE_FREE.keys() == PLACEMENTS.keys() == locating.keys()
    looked_at = 0
    for kind, shown in PLACE_FREE.items():
        assert set(shown) <= set(PLACEMENTS[kind].all), kind
        assert not set(shown) & set(locating[kind]), kind
        looked_at += len(shown)
    named = {"accountable", "responsible_name", "responsible_user", "source", "agency", "location", "contact"}
    assert not named & {name for shown in PLACE_FREE.values() for name in shown}
    assert looked_at >= 35


def test_a_lead_and_a_roster_are_kept_only_where_they_are_ones_own() -> None:
    lead = {
        "user": "u", "name": "Canary", "agency": "b", "job_title": "Canary", "telephone": "1",
        "since": "then",
    }  # fmt: skip
    bundle = {
        "lead": lead, "team": [lead, {**lead, "agency": "a"}], "lead_history": [lead], "nominations": [lead],
        "deputy": lead,
        "person": "p", "case": {"id": "c"},
    }  # fmt: skip
    built = bundle_without_places(bundle, "a")
    assert (built["person"], built["case"]) == ("p", {"id": "c"})
    assert (built["lead"]["name"], built["lead"]["since"]) == ("the lead professional", "then")
    assert built["team"] == [{**lead, "agency": "a"}]
    assert (built["lead_history"], built["nominations"], built["deputy"]) == ([], [], None)
    assert "Canary" not in str(built["lead"])
    assert bundle_without_places(bundle, "b")["lead"] == lead
    assert bundle_without_places({**bundle, "lead": None}, "a")["lead"] is None


def test_an_entry_of_another_agency_is_built_anew_and_ones_own_is_as_it_was() -> None:
    fields = {"headline": "Sleeps badly", "narrative": "At night", "unplaced": "canary"}
    entry = an_entry("need", fields, accountable="b")
    [built] = entries_without_places([entry], "a")
    assert (built["owner"], built["accountable"], built["author"]) == (A_SERVICE, None, A_SERVICE)
    assert built["fields"] == {"headline": "Sleeps badly", "narrative": "At night"}
    assert entries_without_places([entry], entry["owner"]) == [entry]
    [unknown] = entries_without_places([an_entry("rumour", fields)], "a")
    assert unknown["fields"] == {}
    label: Any = {name: entry[name] for name in ("id", "owner", "accountable", "categories")}
    [built] = entries_without_places([label], "a")
    assert (built["owner"], built["fields"]) == (A_SERVICE, {})
