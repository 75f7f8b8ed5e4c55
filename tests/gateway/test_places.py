"""A place on a team: in which roles somebody may hold one, that nobody loses by it, that everybody can give
it up, and that a case which everybody has left can be taken on.

Three changes that make this fail: adding somebody without looking at what the policy shows their role, making
a manager a member by their own place, letting whoever asks take on a case that nobody works on.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from deploy.stories.steps import agree_to_take_part, join_team, make_lead, nominate, open_case, record_person
from services.case.team.tables import Membership
from shared.vocabulary import Category, Role
from tests.gateway.conftest import STORES
from tests.gateway.household import HOUSING, SCHOOL, YOT
from tests.gateway.test_leading import of, queue
from tests.gateway.test_one_refusal import ABSENT
from tests.support.gateway import LEDGER_TABLES, PEOPLE, World, add_agencies, problem, running_world

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
OFFICE = "partnership-office"
NOTHING = "In this role they would see nothing of the case. Add them in another of their roles."


@pytest.fixture(scope="module", params=STORES)
async def world(
    request: pytest.FixtureRequest,
    empty_databases: Callable[[str], Mapping[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[World]:
    keys = tmp_path_factory.mktemp("places")
    async with running_world(keys, empty_databases(request.param)) as running:
        await add_agencies(running)
        yield running


def place(user: str, agency: str, role: str = "practitioner") -> Json:
    return {"user": user, "name": user.title(), "agency": agency, "role": role, "job_title": "Worker"}


async def case_of_school(world: World, *users: str, agreed: bool = True) -> tuple[str, str, dict[str, str]]:
    """A case that nadia.bell opened: its path, its person, and the members."""
    school = world.as_("nadia.bell")
    person = await record_person(school, "Robin", "Vale", date(1990, 4, 2))
    case = await open_case(school, person, [], "Help")
    if agreed:
        await agree_to_take_part(school, case, person, person, "adult")
    members = {user: await join_team(school, case, user) for user in users}
    members["nadia.bell"] = (await school.get(f"/v1/cases/{case}/team"))["team"][0]["id"]
    return f"/v1/cases/{case}", person, members


async def leave(world: World, user: str, case: str, member: str, **acting: Any) -> int:
    response = await world.as_(user, **acting).send("DELETE", f"{case}/team/{member}", {"reason": "gone"})
    return response.status_code


async def recorded_as(world: World, member: str, role: str) -> None:
    """As a place that was recorded before anybody looked at what its role is shown."""

    def record(session: Any) -> None:
        session.execute(update(Membership).where(Membership.id == member).values(role=role))

    await world.store("case").write(record)


async def what_is_kept(world: World) -> Any:
    return await world.rows(without=LEDGER_TABLES)


# --- in which roles


async def test_nobody_joins_in_a_role_that_is_shown_nothing_there(world: World) -> None:
    case, _, _ = await case_of_school(world)
    school, joined = world.as_("nadia.bell"), set()
    for number, role in enumerate(Role):
        before = await what_is_kept(world)
        response = await school.send("POST", f"{case}/team", place(f"x.{number}", HOUSING, role))
        if response.status_code == 201:
            joined.add(role)
            continue
        assert (response.status_code, response.json()["detail"]) == (403, NOTHING), role
        assert await what_is_kept(world) == before
    assert joined == {Role.PRACTITIONER, Role.SAFEGUARDING_LEAD, Role.VOLUNTEER}
    unknown = await school.send("POST", f"{case}/team", place("x.y", "no-such-agency"))
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "agency")


@pytest.mark.parametrize("user, why", [("ben.carver", "do no casework"), ("dev.patel", "see nothing")])
async def test_nobody_is_asked_to_lead_who_could_not(world: World, user: str, why: str) -> None:
    """A volunteer reads, and the policy knows no safeguarding lead who leads; in another role she may."""
    case, _, members = await case_of_school(world, user, "hana.novak")
    body = {"member": members[user]}
    for session, more in ((world.as_("nadia.bell"), {}), (world.as_("paul.ensor"), {"by": "panel"})):
        response = await session.send("POST", f"{case}/lead-professional/nominations", {**body, **more})
        assert (response.status_code, problem(response)) == (403, "forbidden")
        assert why in response.json()["detail"]
    await recorded_as(world, members[user], "practitioner")
    await nominate(world.as_("nadia.bell"), case.rpartition("/")[2], members[user])


async def test_a_volunteer_does_not_stand_in_and_a_safeguarding_lead_may(world: World) -> None:
    case, _, members = await case_of_school(world, "ben.carver", "dev.patel", "hana.novak")
    await make_lead(
        world.as_("nadia.bell"), world.as_("hana.novak"), case.rpartition("/")[2], members["hana.novak"]
    )
    days = {"since": "2031-03-03", "until": "2031-08-01"}
    path, lead = f"{case}/lead-professional/deputies", world.as_("hana.novak")
    refused = await lead.send("POST", path, {"member": members["ben.carver"], **days})
    assert (refused.status_code, "do no casework" in refused.text) == (403, True)
    deputy = await lead.post(path, {"member": members["dev.patel"], **days})
    ended = await lead.send("DELETE", f"{path}/{deputy['id']}")
    assert ended.status_code == 200, "ending it names nobody"


async def test_who_was_nominated_before_anybody_looked_can_only_say_no(world: World) -> None:
    case, _, members = await case_of_school(world, "dev.patel")
    id_, guard = case.rpartition("/")[2], world.as_("dev.patel")
    await recorded_as(world, members["dev.patel"], "practitioner")
    asked = await nominate(world.as_("nadia.bell"), id_, members["dev.patel"])
    path = f"{case}/lead-professional/nominations/{asked}"
    await recorded_as(world, members["dev.patel"], "safeguarding_lead")
    accepted = await guard.send("POST", f"{path}/acceptance")
    assert (accepted.status_code, accepted.json()["detail"]) == (403, NOTHING)
    assert (await guard.post(f"{path}/refusal", {"reason": "not in this role"}))["state"] == "refused"


async def test_nobody_is_invited_in_a_role_that_is_shown_nothing(world: World) -> None:
    case, _, members = await case_of_school(world, "ben.carver")
    school = world.as_("nadia.bell")
    new = {"meeting_kind": "team_meeting", "title": "t", "starts_at": "2031-12-01T10:00:00Z"}
    path = f"{case}/meetings/{(await school.post(f'{case}/meetings', new))['id']}"
    for role in set(Role) - {Role.PRACTITIONER, Role.COORDINATOR, Role.PANEL_MEMBER, Role.REFERRER}:
        whom = {"user": "x.y", "name": "X Y", "agency": HOUSING, "role": role}
        refused = await school.send("POST", f"{path}/invitations", whom)
        assert (refused.status_code, refused.json()["detail"]) == (403, NOTHING), role
    [(agency, volunteers)] = PEOPLE["ben.carver"].memberships
    volunteer = {"user": "ben.carver", "name": "Ben Carver", "agency": agency, "role": volunteers}
    assert members["ben.carver"]
    await school.post(f"{path}/invitations", volunteer)
    chair = await school.send("POST", f"{path}/chair", {"member": ABSENT})
    assert chair.status_code == 422, "named nobody of the team"


# --- nobody loses by it


async def test_a_manager_supervises_whatever_place_they_hold_besides(world: World) -> None:
    case, _, members = await case_of_school(world, "hana.novak")
    manager = world.as_("kit.vane")
    before = await manager.get(case)
    own = await join_team(world.as_("nadia.bell"), case.rpartition("/")[2], "hana.novak", agency=YOT)
    assert own
    mine = (await world.as_("nadia.bell").post(f"{case}/team", place("kit.vane", HOUSING)))["id"]
    after = await manager.get(case)
    assert before["header"]["relationship"] == after["header"]["relationship"] == "supervisor"
    assert {"nominate_lead", *before["may"]} <= set(after["may"])
    body = {"member": members["hana.novak"]}
    await manager.post(f"{case}/lead-professional/nominations", body)
    assert await leave(world, "kit.vane", case, mine) == 200
    assert (await manager.get(case))["header"]["relationship"] == "supervisor"


async def test_a_manager_who_opens_a_case_supervises_it(world: World) -> None:
    manager, school = world.as_("grace.obi"), world.as_("nadia.bell")
    _, person, _ = await case_of_school(world)
    opened = {"person": person, "reason": "Help", "opener": {"job_title": "Deputy head"}}
    case = f"/v1/cases/{(await manager.post('/v1/cases', opened))['id']}"
    assert (await manager.get(case))["header"]["relationship"] == "supervisor"
    await manager.post(f"{case}/team", place("nadia.bell", SCHOOL))
    assert (await school.get(case))["header"]["relationship"] == "member"


async def test_a_safeguarding_lead_who_leads_in_another_role_is_a_member_in_this_one(world: World) -> None:
    case, _, members = await case_of_school(world, "dev.patel")
    guard = world.as_("dev.patel")
    before = await guard.get(case)
    await recorded_as(world, members["dev.patel"], "practitioner")
    await make_lead(world.as_("nadia.bell"), guard, case.rpartition("/")[2], members["dev.patel"])
    after = await guard.get(case)
    assert before["header"]["relationship"] == after["header"]["relationship"] == "member"
    counts = [sum(len(entries) for entries in view["areas"].values()) for view in (before, after)]
    assert 0 < counts[0] <= counts[1]


# --- giving it up


async def test_whoever_is_shown_nothing_leaves_the_team_and_hands_back_the_lead(world: World) -> None:
    """As after a policy that became tighter. Nobody else's place is theirs to end, nor one that has ended."""
    case, _, members = await case_of_school(world, "dev.patel", "hana.novak")
    id_, guard = case.rpartition("/")[2], world.as_("dev.patel")
    await recorded_as(world, members["dev.patel"], "practitioner")
    await make_lead(world.as_("nadia.bell"), guard, id_, members["dev.patel"])
    await recorded_as(world, members["dev.patel"], "safeguarding_lead")
    assert (await guard.send("GET", case)).status_code == 404
    for member in (members["hana.novak"], members["nadia.bell"], ABSENT, "no-id"):
        assert await leave(world, "dev.patel", case, member) == 404, member
    assert of(await queue(world.as_("paul.ensor"), 100), [id_]) == []
    left = await guard.send("DELETE", f"{case}/team/{members['dev.patel']}", {"reason": "sees nothing"})
    assert (left.status_code, left.json()["lead_vacant"]) == (200, True)
    [receipt] = await world.receipts_now("dev.patel")
    assert (receipt["action"], receipt["deed"]) == ("contribute", "end_membership")
    assert [one["case"] for one in receipt["cases"]] == [id_]
    assert of(await queue(world.as_("paul.ensor"), 100), [id_]) == [id_]
    for member in members.values():
        assert await leave(world, "dev.patel", case, member) in (403, 409), "a stranger who was here"


@pytest.mark.parametrize("user, role", [("rita.shaw", "scrutineer"), ("tom.ashby", "information_officer")])
async def test_so_does_who_joined_in_a_role_that_reads_no_case(world: World, user: str, role: str) -> None:
    case, _, _ = await case_of_school(world)
    agency = PEOPLE[user].memberships[0][0]
    member = (await world.as_("nadia.bell").post(f"{case}/team", place(user, agency)))["id"]
    await recorded_as(world, member, role)
    assert await leave(world, user, case, member) == 200


# --- what everybody left


async def left_by_all(world: World, **how: Any) -> tuple[str, str]:
    """The path of a case that school and housing worked on, and its person."""
    case, person, members = await case_of_school(world, *([] if how else ["hana.novak"]), **how)
    for user in reversed(members):
        assert await leave(world, user, case, members[user]) == 200
    return case, person


async def test_a_co_ordinator_takes_on_what_everybody_left_with_a_colleague(world: World) -> None:
    case, _ = await left_by_all(world)
    id_, coordinator = case.rpartition("/")[2], world.as_("paul.ensor")
    assert of(await queue(coordinator, 100), [id_]) == [id_]
    assert "add_to_team" in (await coordinator.get(case))["may"]
    assert "close_case" not in (await coordinator.get(case))["may"]
    before = await what_is_kept(world)
    for body, why in (
        (place("nadia.bell", SCHOOL), "your own agency"),
        (place("x.y", OFFICE, "coordinator"), "see nothing"),
    ):
        refused = await coordinator.send("POST", f"{case}/team", body)
        assert (refused.status_code, why in refused.text) == (403, True)
    assert (await coordinator.send("POST", f"{case}/closure", {"reason": "other"})).status_code == 403
    assert await what_is_kept(world) == before
    once = {"headers": {"Idempotency-Key": "taken-on"}}
    added = await coordinator.send("POST", f"{case}/team", place("wes.hill", OFFICE), **once)
    assert added.status_code == 201
    member = added.json()["id"]
    [receipt] = await world.receipts_now("paul.ensor")
    assert (receipt["action"], receipt["deed"]) == ("contribute", "add_to_team")
    assert [one["case"] for one in receipt["cases"]] == [id_]
    asked = {"member": member, "by": "panel"}
    await coordinator.post(f"{case}/lead-professional/nominations", asked)
    again = await coordinator.send("POST", f"{case}/team", place("x.z", OFFICE))
    assert again.status_code == 403, "somebody works on it now"
    assert "add_to_team" not in (await coordinator.get(case))["may"]
    before = await what_is_kept(world)
    replayed = await coordinator.send("POST", f"{case}/team", place("wes.hill", OFFICE), **once)
    assert (replayed.status_code, replayed.json()) == (201, added.json())
    for other, headers in ((place("x.z", OFFICE), once), (place("wes.hill", OFFICE), {})):
        refused = await coordinator.send("POST", f"{case}/team", other, **headers)
        assert (refused.status_code, refused.json()["detail"]) == (403, again.json()["detail"])
    assert await what_is_kept(world) == before


async def test_the_manager_of_an_agency_that_was_there_takes_it_on_unseen(world: World) -> None:
    """Nobody else does: they are answered as in any case that they have nothing to do with."""
    case, _ = await left_by_all(world)
    agencies = {"liz.hart": YOT, "max.holt": "jobcentre-east", "hana.novak": HOUSING}
    elsewhere, _, _ = await case_of_school(world, "asif.khan")
    for user in ("liz.hart", "max.holt", "hana.novak", "ben.carver", "rita.shaw"):
        body, who = place("some.one", agencies.get(user, SCHOOL)), world.as_(user)
        answers = [await who.send("POST", f"{path}/team", body) for path in (case, elsewhere)]
        assert answers[0].status_code == answers[1].status_code, user
        assert answers[0].status_code in (403, 404), user
        assert answers[0].json() == answers[1].json()
    manager = world.as_("kit.vane")
    assert (await manager.send("GET", case)).status_code == 404
    for body in (place("nadia.bell", SCHOOL), place("x.y", HOUSING, "coordinator")):
        refused = await manager.send("POST", f"{case}/team", body)
        absent = await manager.send("POST", f"/v1/cases/{ABSENT}/team", body)
        assert (refused.status_code, refused.json()) == (404, absent.json())
    member = (await manager.post(f"{case}/team", place("hana.novak", HOUSING)))["id"]
    [receipt] = await world.receipts_now("kit.vane")
    assert (receipt["action"], receipt["deed"]) == ("contribute", "add_to_team")
    assert (await manager.get(case))["header"]["relationship"] == "supervisor"
    late = await world.as_("grace.obi").send("POST", f"{case}/team", place("nadia.bell", SCHOOL))
    assert late.status_code == 404, "somebody works on it now"
    await make_lead(manager, world.as_("hana.novak"), case.rpartition("/")[2], member)


async def test_before_the_family_agreed_it_is_the_authors_to_take_on_and_nobody_elses(world: World) -> None:
    case, _ = await left_by_all(world, agreed=False)
    for user, agency in (("paul.ensor", OFFICE), ("kit.vane", HOUSING), ("liz.hart", YOT)):
        response = await world.as_(user).send("POST", f"{case}/team", place("some.one", agency))
        assert response.status_code in (403, 404), user
    assert (await world.as_("grace.obi").post(f"{case}/team", place("nadia.bell", SCHOOL)))["id"]


async def test_an_agency_that_the_family_excluded_takes_nothing_on(world: World) -> None:
    """And is told no more than everybody who has nothing to do with the case."""
    case, person, members = await case_of_school(world, "hana.novak")
    excluded = {
        "subject": person, "giver": person, "capacity": "adult", "agencies": [HOUSING, OFFICE],
        "categories": [Category.HEALTH.value],
    }  # fmt: skip
    await world.as_("nadia.bell").post(f"{case}/exclusions", excluded)
    for user in reversed(members):
        await leave(world, user, case, members[user])
    manager = await world.as_("kit.vane").send("POST", f"{case}/team", place("hana.novak", HOUSING))
    assert manager.status_code == 404
    coordinator = await world.as_("paul.ensor").send("POST", f"{case}/team", place("x.y", OFFICE))
    assert coordinator.status_code == 403
    usual, _, _ = await case_of_school(world)
    stranger = await world.as_("paul.ensor").send("POST", f"{usual}/team", place("x.y", OFFICE))
    assert coordinator.json() == stranger.json()
    assert (await world.as_("grace.obi").post(f"{case}/team", place("nadia.bell", SCHOOL)))["id"]


async def test_no_client_says_that_it_takes_something_on(world: World) -> None:
    case, _, _ = await case_of_school(world)
    body = {**place("x.y", SCHOOL), "takes_on": False}
    assert (await world.as_("nadia.bell").send("POST", f"{case}/team", body)).status_code == 422


async def test_a_closed_case_that_everybody_left_is_opened_again_and_taken_on(world: World) -> None:
    case, _, members = await case_of_school(world)
    school = world.as_("nadia.bell")
    await school.post(f"{case}/closure", {"reason": "other"})
    await leave(world, "nadia.bell", case, members["nadia.bell"])
    why = {"reason": "They rang again"}
    for user in ("nadia.bell", "grace.obi", "kit.vane", "paul.ensor", "school.guard"):
        refused = await world.as_(user).send("POST", f"{case}/reopening", why)
        assert refused.status_code in (403, 404), user
    coordinator = world.as_("school.coord")
    added = await coordinator.send("POST", f"{case}/team", place("nadia.bell", SCHOOL))
    assert added.status_code == 403, "a closed one is opened first"
    assert "close_case" in (await coordinator.get(case))["may"]
    once = {"headers": {"Idempotency-Key": "opened-again"}}
    opened = [await coordinator.send("POST", f"{case}/reopening", why, **once) for _ in range(2)]
    assert [one.status_code for one in opened] == [200, 200]
    assert opened[0].json() == opened[1].json()
    assert opened[0].json()["state"] == "open"
    assert of(await queue(coordinator, 100), [case.rpartition("/")[2]])
    await coordinator.post(f"{case}/team", place("nadia.bell", SCHOOL))
    assert (await school.get(case))["header"]["relationship"] == "member"
