"""Who else works with somebody: what agencies say of their own work, in lower tiers where a name tells more.

Three changes that make this fail: forgetting the service's own sensitive category, ending what another agency
recorded, naming an agency to somebody who may not learn where a family is.
"""

from typing import Any

import pytest

from tests.gateway.areas.involvements import involvement
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import CAMHS, SCHOOL
from tests.support.gateway import As, problem

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
GOALS_AND_APPOINTMENTS = {
    "name", "birth", "identifiers", "access_needs", "case_opening", "closure", "action", "agreed_action",
    "goal", "review", "assessment", "assessor", "staff_safety_note", "plan_goal", "compact", "commitment",
    "compact_signature", "meeting", "agenda_item", "meeting_decision", "case_review", "outcome_measure",
    "referral",
}  # fmt: skip
"""With who somebody is, and what anyone at the door must know; of a referral not to whom, nor why."""


async def recorded(session: As, person: str) -> dict[str, Json]:
    """By owner, what is told of each agency's own work."""
    view = await session.get(f"/v1/people/{person}/involvements")
    return {entry["owner"]: entry for entry in view["recorded"]}


async def test_an_involvement_is_shown_at_its_level_and_a_sensitive_one_only_to_who_may_know(
    home: HouseWorld,
) -> None:
    world, child = home.world, home.house.child
    seen = {
        user: await recorded(world.as_(user), child)
        for user in ("nadia.bell", "asif.khan", "hana.novak", "ruth.amadi", "ben.carver", "kit.vane")
    }
    told = {user: {owner: entry["level"] for owner, entry in found.items()} for user, found in seen.items()}
    assert told == {
        "nadia.bell": {SCHOOL: "full"},
        "asif.khan": {SCHOOL: "summary", CAMHS: "full"},
        "hana.novak": {SCHOOL: "summary"},
        # Health has permission for mental health, and for involvement the row's base.
        "ruth.amadi": {SCHOOL: "summary", CAMHS: "summary"},
        "ben.carver": {},
        "kit.vane": {SCHOOL: "summary"},
    }
    assert seen["hana.novak"][SCHOOL]["fields"].keys() == {
        "service", "contact_name", "contact_telephone", "since", "until",
    }  # fmt: skip
    assert seen["nadia.bell"][SCHOOL]["fields"]["reason"] == "treatment"
    assert seen["asif.khan"][CAMHS]["categories"] == ["involvement", "mental_health"]
    family = await recorded(world.as_("karen.mercer", person=home.house.mother), child)
    assert family[SCHOOL]["level"] == "full"
    view = await world.as_("hana.novak").get(f"/v1/people/{child}/involvements")
    assert {one["user"] for one in view["involvements"]} > {"nadia.bell", "asif.khan"}, "and the teams"


async def test_an_agency_says_that_it_works_with_somebody_and_when_that_ended(home: HouseWorld) -> None:
    """By a user who has no seat, and who ends what their agency recorded and nothing else."""
    world, house = home.world, home.house
    officer, path = world.as_("ivor.pryce"), f"/v1/people/{house.child}/involvements"
    assert (await world.as_("ben.carver").send("POST", path, involvement())).status_code == 403
    made = await officer.post(path, involvement(service="Attendance", reason="attendance"))
    school = world.as_("nadia.bell")
    assert (await recorded(school, house.child))["education-welfare"]["fields"]["service"] == "Attendance"
    ending = f"{path}/{made['id']}/ending"
    for until, where in (("2030-01-11", "until"), (world.clock().date().replace(year=2090), "until")):
        refused = await officer.send("POST", ending, {"until": str(until)})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, where)
    other = await school.send("POST", ending, {"until": "2030-05-29"})
    absent = await school.send("POST", f"{path}/{house.case}/ending", {"until": "2030-05-29"})
    of_a_name = await school.send("POST", f"{path}/{house.school_contact}/ending", {"until": "2030-05-29"})
    assert (other.status_code, other.content) == (404, absent.content)
    assert of_a_name.content == absent.content
    assert (await officer.post(ending, {"until": "2030-05-29"}))["state"] == "ended"
    again = await officer.send("POST", ending, {"until": "2030-05-30"})
    assert (again.status_code, problem(again)) == (409, "conflict")
    shown = (await recorded(school, house.child))["education-welfare"]
    assert shown["fields"]["until"] == "2030-05-29"


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"until": "2030-01-11"}, "until"), ({"sensitive": ["learning"]}, "sensitive"),
        ({"sensitive": ["equality"]}, "sensitive"),
        ({"reason": "because"}, "reason"), ({"agency": "northgate-school"}, "agency"),
        ({"contact_telephone": "ask"}, "contact_telephone"), ({"since": "2030-02-30"}, "since"),
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_refused_and_nothing_is_kept(
    sqlite_home: HouseWorld, wrong: Json, field: str
) -> None:
    path = f"/v1/people/{sqlite_home.house.child}/involvements"
    before = await sqlite_home.world.rows(without=frozenset({"receipts", "mentions", "chains"}))
    refused = await sqlite_home.world.as_("nadia.bell").send("POST", path, involvement(**wrong))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)
    assert await sqlite_home.world.rows(without=frozenset({"receipts", "mentions", "chains"})) == before


async def test_one_user_with_two_memberships_is_answered_by_the_one_they_act_in(home: HouseWorld) -> None:
    """Dual membership: another agency, another answer, and the receipt says which."""
    world, house = home.world, home.house
    await world.as_("sam.okafor").post(
        f"/v1/cases/{house.case}/team",
        {
            "user": "will.marsh", "name": "Will Marsh", "agency": "tidewater-housing",
            "role": "practitioner", "job_title": "Task force worker",
        },
    )  # fmt: skip
    answers = {}
    for agency in ("tidewater-housing", "jobcentre-east"):
        view = await world.as_("will.marsh", agency=agency).get(f"/v1/cases/{house.case}")
        [receipt] = await world.receipts_now("will.marsh")
        assert (receipt["agency"], receipt["id"]) == (agency, view["decision"]["receipt"])
        shown = sum(len(entries) for entries in view["areas"].values())
        answers[agency] = (view["header"]["relationship"], shown > 10, shown == 0)
    # For the job centre, which the family shut out of most, they are nobody in particular.
    assert answers == {"tidewater-housing": ("member", True, False), "jobcentre-east": ("none", False, True)}
    union = await world.as_("will.marsh").send("GET", f"/v1/cases/{house.case}")
    assert union.status_code == 422, "never both at once"


async def test_a_volunteer_on_the_team_sees_goals_and_appointments_only(home: HouseWorld) -> None:
    world, house = home.world, home.house
    view = await world.as_("ben.carver").get(f"/v1/cases/{house.case}")
    shown = [entry for entries in view["areas"].values() for entry in entries]
    kinds = {entry["kind"] for entry in shown}
    assert "action" in kinds
    assert kinds <= GOALS_AND_APPOINTMENTS, kinds - GOALS_AND_APPOINTMENTS
    assert {entry["level"] for entry in shown if entry["kind"] != "access_needs"} == {"summary"}
