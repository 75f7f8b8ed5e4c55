"""What a review found and nobody may bring back: each is a way in which something once got out, or stuck."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from deploy.demo_people import AGENCIES
from shared.upstream import InProcess, Reply, Transport
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import CAMHS, HOUSING, SCHOOL, YOT
from tests.support.gateway import fields_of, fresh_key

pytestmark = pytest.mark.anyio


async def actions_seen(home: HouseWorld, user: str) -> dict[str, dict[str, Any]]:
    view = await home.world.as_(user).get(f"/v1/cases/{home.house.case}/actions")
    return {entry["id"]: entry for entry in view["entries"]}


async def test_nobody_takes_a_sensitive_label_off_what_another_agency_wrote(sqlite_home: HouseWorld) -> None:
    """Fails when a nurse can carry the school's action over and say that its wording reveals nothing."""
    world, house = sqlite_home.world, sqlite_home.house
    school, nurse = world.as_("nadia.bell"), world.as_("ruth.amadi")
    started = await school.post(
        f"/v1/cases/{house.case}/assessments",
        {
            "instrument": "caf", "instrument_version": "1", "person": house.child,
            "started_on": "2031-03-01", "reason_for_assessment": "Once more", "sensitive_content": [],
        },
    )  # fmt: skip
    path = f"/v1/cases/{house.case}/assessments/{started['id']}"
    for entry in (
        {
            "kind": "agreed_action", "desired_outcome": "Sleeps again", "action": "See the counsellor",
            "responsible_name": "Nadia Bell", "accountable": SCHOOL, "by_when": "2031-06-01",
            "sensitive_content": ["mental_health"],
        },
        {
            "kind": "need", "element": "participation", "headline": "Absent", "whose_view": "practitioner",
            "sensitive_content": [],
        },
        {"kind": "conclusion", "conclusion": "additional_needs"},
        {"kind": "review", "review_on": "2031-09-01"},
    ):  # fmt: skip
        await school.post(f"{path}/entries", entry)
    answers = {"child_or_young_person": "agreed", "parent_or_carer": "agreed", "no_voice_reason": "Absent"}
    await school.post(f"{path}/signature", {"capacity": "practitioner", **answers})
    before = await actions_seen(sqlite_home, "hana.novak")
    known = await actions_seen(sqlite_home, "ruth.amadi")
    await nurse.post(
        f"/v1/cases/{house.case}/actions",
        {"carry_over_from": started["id"], "wording_reveals_nothing_sensitive": True},
    )
    assert len(await actions_seen(sqlite_home, "ruth.amadi")) == len(known) + 1
    assert await actions_seen(sqlite_home, "hana.novak") == before


async def test_a_suspended_officer_finds_nothing_in_the_ledger(sqlite_home: HouseWorld) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    officer = world.as_("hous.officer")
    path = f"/v1/cases/{house.case}/disclosures"
    await world.as_("hana.novak").get(f"/v1/cases/{house.case}")
    assert (await officer.send("GET", path)).status_code == 200
    assert (await officer.send("GET", "/v1/agreements")).status_code == 200
    await world.as_("una.price").post("/v1/users/hous.officer/suspension", {"reason": "Left in anger"})
    assert (await officer.send("GET", path)).status_code == 404
    assert (await officer.send("GET", "/v1/agreements")).status_code == 403


async def test_the_agency_that_is_refused_can_write_the_refusal_down(sqlite_home: HouseWorld) -> None:
    """Fails when a no is taken for something that benefits whoever records it."""
    world, house = sqlite_home.world, sqlite_home.house
    refusal = {
        "kind": "share", "subject": house.child, "giver": house.mother, "capacity": "parent",
        "answer": "refused", "statement": {"reasons_explained_and_understood": True, "agrees": False},
        "evidence": {"form": "verbal"}, "wording_version": "2026-1", "recipients": [HOUSING],
        "categories": ["behaviour"], "level": "full", "purposes": ["support"],
    }  # fmt: skip
    path = f"/v1/cases/{house.case}/consents"
    recorded = await world.as_("hana.novak").send("POST", path, refusal, headers=fresh_key())
    assert recorded.status_code == 201, recorded.text
    assert "enforced_at" in recorded.json()


async def test_an_action_is_owed_by_an_agency_that_there_is(sqlite_home: HouseWorld) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    action = {
        "desired_outcome": "x", "action": "y", "by_when": "2031-06-01", "accountable": "no-such-agency",
    }  # fmt: skip
    path = f"/v1/cases/{house.case}/actions"
    refused = await world.as_("nadia.bell").send("POST", path, {"actions": [action]}, headers=fresh_key())
    assert (refused.status_code, fields_of(refused)) == (422, ["accountable"])


async def test_a_nomination_that_nobody_answers_can_be_taken_back(sqlite_home: HouseWorld) -> None:
    """Fails when one silent nominee keeps everybody else from being asked."""
    world, house = sqlite_home.world, sqlite_home.house
    lead, path = world.as_("sam.okafor"), f"/v1/cases/{house.case}/lead-professional"
    open_ones = [n for n in (await lead.get(path))["nominations"] if n["state"] == "nominated"]
    if not open_ones:
        await lead.post(f"{path}/nominations", {"member": house.housing_member})
        open_ones = [n for n in (await lead.get(path))["nominations"] if n["state"] == "nominated"]
    once_more = {"member": house.housing_member}
    again = await lead.send("POST", f"{path}/nominations", once_more, headers=fresh_key())
    assert again.status_code == 409
    await lead.post(f"{path}/nominations/{open_ones[0]['id']}/withdrawal")
    assert (await lead.post(f"{path}/nominations", {"member": house.housing_member}))["id"]


async def test_an_excluded_agency_is_not_told_of_the_case_when_it_searches(sqlite_home: HouseWorld) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    view = await world.as_("nadia.bell").get(f"/v1/people/{house.child}")
    by_kind = {entry["kind"]: entry["fields"] for entry in view["entries"]}
    search = {
        "date_of_birth": by_kind["birth"]["date_of_birth"],
        "nhs_number": by_kind["identifiers"]["nhs_number"],
    }
    stranger = world.as_("meg.lloyd")
    [told] = (await stranger.post("/v1/people/search", search))["people"]
    assert (told["open_case"], len(told["leads"])) == (True, 1)
    exclusion = {
        "subject": house.child, "giver": house.mother, "capacity": "parent", "agencies": ["clear-water"],
        "categories": ["involvement"],
    }  # fmt: skip
    await world.as_("sam.okafor").post(f"/v1/cases/{house.case}/exclusions", exclusion)
    [told] = (await stranger.post("/v1/people/search", search))["people"]
    assert (told["open_case"], told["assessment_exists"], told["leads"]) == (False, False, [])


async def test_the_family_excluding_an_agency_does_not_show_when_it_adds_a_colleague(
    sqlite_home: HouseWorld,
) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    exclusion = {
        "subject": house.child, "giver": house.mother, "capacity": "parent", "agencies": [YOT],
        "categories": ["equality"],
    }  # fmt: skip
    await world.as_("asif.khan").post(f"/v1/cases/{house.case}/exclusions", exclusion)
    colleague = {
        "user": "new.colleague", "name": "New Colleague", "agency": YOT, "role": "practitioner",
        "job_title": "Youth worker",
    }  # fmt: skip
    added = await world.as_("sam.okafor").send(
        "POST", f"/v1/cases/{house.case}/team", colleague, headers=fresh_key()
    )
    assert added.status_code == 201, added.text
    other = {**colleague, "agency": CAMHS, "user": "other.colleague"}
    assert (
        await world.as_("sam.okafor").send("POST", f"/v1/cases/{house.case}/team", other, headers=fresh_key())
    ).status_code == 201


async def test_a_volunteer_can_leave_the_team(sqlite_home: HouseWorld) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    volunteer = world.as_("ben.carver")
    team = (await volunteer.get(f"/v1/cases/{house.case}/team"))["team"]
    [own] = [member["id"] for member in team if member["user"] == "ben.carver" and member["until"] is None]
    left = await volunteer.delete(f"/v1/cases/{house.case}/team/{own}", {"reason": "Moves away"})
    assert "enforced_at" in left


async def test_a_parent_who_lives_elsewhere_learns_of_no_agency(sqlite_home: HouseWorld) -> None:
    """Fails when the roster, or an entry's owner, tells where a refuge is."""
    world, house = sqlite_home.world, sqlite_home.house
    school = world.as_("nadia.bell")
    named = {"details": [{"kind": "name", "fields": {"given_names": "Ed"}}]}
    father = await school.post("/v1/people", named)
    await school.post(
        f"/v1/people/{house.child}/relationships",
        {
            "from_person": father["id"], "to_person": house.child, "relation": "father",
            "parental_responsibility": True, "parental_responsibility_source": "registration",
            "lives_with": False,
        },
    )  # fmt: skip
    mother = world.as_("karen.mercer", person=house.mother)
    elsewhere = world.as_("karen.mercer", person=father["id"])
    assert (await mother.send("GET", f"/v1/cases/{house.case}")).status_code == 200
    for path in (f"/v1/cases/{house.case}", f"/v1/people/{house.child}"):
        told = await elsewhere.send("GET", path)
        assert told.status_code == 200
        assert not [agency.code for agency in AGENCIES[:-1] if agency.code in told.text]
    assert (await elsewhere.send("GET", f"/v1/cases/{house.case}/team")).status_code == 404


class Sleepy:
    """A service that answers rightly, but late."""

    def __init__(self, inner: Transport, seconds: float) -> None:
        self._inner = inner
        self._seconds = seconds

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        await asyncio.sleep(self._seconds)
        return await self._inner.send(method, path, headers, body)

    async def close(self) -> None:
        return None


async def test_a_slow_assessment_service_leaves_the_rest_of_the_view(sqlite_home: HouseWorld) -> None:
    """Fails when waiting for assessments uses up D, so that nothing at all is shown."""
    world, house = sqlite_home.world, sqlite_home.house
    late = Sleepy(InProcess(world.suite.services["assessment"]), 1.0)
    async with world.client_over({"assessment": late}, deadline_seconds=1.0) as client:
        view = await world.as_("nadia.bell", client=client).get(f"/v1/cases/{house.case}")
    assert view["unavailable"] == ["assessments"]
    assert view["areas"]["person"]
    assert view["areas"]["assessment"] == []
