"""Statutory overrides through the public API: by case id, by people who see nothing of the case yet."""

from datetime import timedelta
from typing import Any

import pytest

from deploy.stories.steps import join_team, open_case
from shared.clock import rfc3339
from tests.gateway.areas.overrides import override
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import SCHOOL, plan_action, plan_goal
from tests.gateway.test_one_refusal import ABSENT, comparable
from tests.gateway.test_one_refusal import MALFORMED as MALFORMED_OR_ELSEWHERE
from tests.support.gateway import As, World, fields_of, fresh_key, problem

pytestmark = pytest.mark.anyio

Json = dict[str, Any]
CARE = "harbour-social-care"
MALFORMED = tuple(id_ for id_ in MALFORMED_OR_ELSEWHERE if "%2f" not in id_)
"""Without the one that leads to no operation at all, where nobody is asked for their role."""

IN_SAFEGUARDING = {"Purpose": "safeguarding", "Purpose-Reason": "An enquiry"}


def guard(world: World) -> As:
    return world.as_("dev.patel", headers=IN_SAFEGUARDING)


def own_enquiry(home: HouseWorld, **changes: Any) -> Json:
    return override(home.house, recipients={"agencies": [CARE]}, **changes)


async def confirm(world: World, case: str, made: str) -> None:
    """Her manager looks at it, without which she records no other for this case."""
    await world.as_("harb.manager").post(f"/v1/cases/{case}/overrides/{made}/confirmation", None)


async def shown(session: As, case: str) -> set[str]:
    """The categories of the entries that a reader is shown of a case."""
    response = await session.send("GET", f"/v1/cases/{case}")
    if response.status_code == 404:
        return set()
    areas = response.json()["areas"]
    return {category for entries in areas.values() for entry in entries for category in entry["categories"]}


async def test_a_safeguarding_lead_opens_a_case_of_which_she_knows_the_id_alone(home: HouseWorld) -> None:
    world, case = home.world, home.house.other_case
    worker, path = world.as_("moira.flynn"), f"/v1/cases/{home.house.other_case}"
    assert "health" not in await shown(worker, case)
    body = own_enquiry(home, categories=["identity", "health"])
    made = await guard(world).post(f"{path}/overrides", body)
    assert made["confirm_by"] is not None
    view = await worker.get(path)
    assert view["header"]["relationship"] == "none"
    assert view["header"]["person"]["name"].startswith("canary")
    assert "health" in await shown(worker, case)
    receipt = await world.receipt((await worker.get(path))["decision"]["receipt"])
    assert receipt is not None
    bases = {
        basis
        for cell in receipt["cases"][0]["cells"]
        if cell["categories"] == ["health"]
        for basis in cell["bases"]
    }
    assert bases == {f"STATUTORY:{made['id']}"}
    await _confirm_and_end(home, made["id"])
    assert "health" not in await shown(worker, case)


async def _confirm_and_end(home: HouseWorld, made: str) -> None:
    world, path = home.world, f"/v1/cases/{home.house.other_case}/overrides/{made}"
    own = await guard(world).send("POST", f"{path}/confirmation")
    assert (own.status_code, problem(own)) == (403, "forbidden")
    manager = world.as_("harb.manager")
    key = fresh_key()
    first = await manager.send("POST", f"{path}/confirmation", headers=key)
    assert first.status_code == 200, first.text
    assert (await manager.send("POST", f"{path}/confirmation", headers=key)).json() == first.json()
    again = await manager.send("POST", f"{path}/confirmation", headers=fresh_key())
    assert (again.status_code, problem(again)) == (409, "conflict")
    [listed] = (await manager.get(path.rsplit("/", 1)[0]))["overrides"]
    assert (listed["id"], listed["confirmed_at"] is not None) == (made, True)
    before = len(world.sleep.slept)
    ended = await manager.post(f"{path}/ending", {"reason": "No further action"})
    assert ended["enforced_at"]
    assert world.sleep.slept[before:] == [world.deadline_seconds]


async def test_who_may_record_one_at_all_is_said_of_every_id_alike(home: HouseWorld) -> None:
    """Fails when a role is refused only where there is a case: that would tell of it."""
    world, refused = home.world, 0
    for user in ("school.guard", "nadia.bell", "harb.manager", "ben.carver", "sam.okafor"):
        answers = set()
        for case in (home.house.case, home.house.other_case, ABSENT, *MALFORMED):
            response = await world.as_(user).send("POST", f"/v1/cases/{case}/overrides", override(home.house))
            assert response.status_code == 403, (user, case)
            answers.add(comparable(response))
            refused += 1
        assert len(answers) == 1, user
    assert refused == 5 * 10


async def test_an_absent_case_and_one_hidden_from_an_officer_are_the_same_404(home: HouseWorld) -> None:
    world, before = home.world, await home.world.rows()
    answers = set()
    for session, cases in (
        (world.as_("tom.ashby"), (home.house.other_case, ABSENT, *MALFORMED)),
        (guard(world), (ABSENT, *MALFORMED)),
    ):
        for case in cases:
            response = await session.send("POST", f"/v1/cases/{case}/overrides", override(home.house))
            assert response.status_code == 404, case
            answers.add(comparable(response))
    assert len(answers) == 1
    rows = await world.rows()
    assert rows["consent.overrides"] == before["consent.overrides"]
    assert rows["consent.receipts"] == before["consent.receipts"] + 17


async def test_the_attempt_is_recorded_and_not_found_by_asking_for_the_case(home: HouseWorld) -> None:
    world, case = home.world, home.house.other_case
    await world.as_("tom.ashby").send("POST", f"/v1/cases/{case}/overrides", override(home.house))
    [receipt] = await world.receipts_now("tom.ashby")
    assert (receipt["action"], receipt["deed"]) == ("refuse", "record_override")
    found = await world.as_("tom.ashby").send("GET", f"/v1/cases/{case}/disclosures")
    assert receipt["id"] not in found.text, "their own officer would learn that there is such a case"


async def test_what_is_refused_is_refused_with_the_reason_and_stands_in_the_ledger(home: HouseWorld) -> None:
    world, case = home.world, home.house.case
    before = await world.rows()
    endless = {name: value for name, value in own_enquiry(home).items() if name != "valid_until"}
    tried = 0
    for body, field in (
        (endless, "valid_until"),
        (own_enquiry(home, valid_until="2031-06-01T00:00:00Z"), "valid_until"),
        (own_enquiry(home, categories=["equality"]), "level"),
        (override(home.house, recipients={"agencies": [SCHOOL]}), "recipients"),
        (own_enquiry(home, lawful_basis="none_at_all"), "lawful_basis"),
    ):
        response = await guard(world).send("POST", f"/v1/cases/{case}/overrides", body)
        assert (response.status_code, fields_of(response)) == (422, [field])
        actions = {(r["action"], r["deed"]) for r in await world.receipts_now("dev.patel")}
        assert ("refuse", "record_override") in actions
        tried += 1
    assert tried == 5
    assert (await world.rows())["consent.overrides"] == before["consent.overrides"]


async def test_only_people_of_the_case_are_named_and_strangers_and_hidden_ones_alike(
    home: HouseWorld,
) -> None:
    world, case = home.world, home.house.case
    answers = set()
    for subject in (home.house.other_child, ABSENT):
        body = own_enquiry(home, subjects=[home.house.child, subject])
        response = await guard(world).send("POST", f"/v1/cases/{case}/overrides", body)
        assert (response.status_code, fields_of(response)) == (422, ["subjects.1"])
        answers.add(comparable(response))
    assert len(answers) == 1
    made = await guard(world).post(
        f"/v1/cases/{case}/overrides", own_enquiry(home, subjects=[home.house.mother])
    )
    await confirm(world, case, made["id"])
    listed = (await guard(world).get(f"/v1/cases/{case}/overrides"))["overrides"]
    assert [o["subjects"] for o in listed if o["id"] == made["id"]] == [[home.house.mother]]


async def test_an_officer_opens_what_the_own_agency_shares_in_and_sees_the_list(home: HouseWorld) -> None:
    world, case = home.world, home.house.case
    officer = world.as_("tom.ashby")
    made = await officer.post(
        f"/v1/cases/{case}/overrides",
        override(
            home.house, lawful_basis="court_order", recipients={"users": ["pc.dunn"]},
            categories=["parenting", "domestic_abuse"], purposes=["support"],
            valid_until="2031-12-01T00:00:00Z",
        ),
    )  # fmt: skip
    assert (made["confirm_by"], made["waits_for_confirmation"]) == (None, True)
    assert "domestic_abuse" not in await shown(world.as_("pc.dunn"), case)
    await world.as_("school.guard").post(f"/v1/cases/{case}/overrides/{made['id']}/confirmation", None)
    assert "domestic_abuse" in await shown(world.as_("pc.dunn"), case)
    assert "domestic_abuse" not in await shown(world.as_("pol.guard"), case)
    for user, sees in (("tom.ashby", True), ("pc.dunn", True), ("grace.obi", True), ("hana.novak", False)):
        response = await world.as_(user).send("GET", f"/v1/cases/{case}/overrides")
        assert response.status_code == 200, user
        assert (made["id"] in response.text) is sees, user


async def test_a_recipient_is_named_who_is_on_the_team_as_the_reader_sees_it_and_nobody_else(
    home: HouseWorld,
) -> None:
    """Fails when a name tells somebody who is on a team that they do not see, or that a user has looked."""
    world, case = home.world, home.house.case
    users = ["hana.novak", "harb.manager"]
    body = override(
        home.house, lawful_basis="court_order", recipients={"users": users}, categories=["community"],
        purposes=["support"], valid_until="2031-12-01T00:00:00Z",
    )  # fmt: skip
    officer = world.as_("tom.ashby")
    made = (await officer.post(f"/v1/cases/{case}/overrides", body))["id"]
    await world.as_("school.guard").post(f"/v1/cases/{case}/overrides/{made}/confirmation", None)
    await officer.post(f"/v1/cases/{case}/overrides/{made}/ending", {"reason": "It is over"})
    for user, named in (("tom.ashby", {"hana.novak": "Hana Novak"}), ("harb.manager", {})):
        reader = world.as_(user)
        sees = (await reader.send("GET", f"/v1/cases/{case}")).status_code
        assert sees == (200 if named else 404), user
        listed = (await reader.get(f"/v1/cases/{case}/overrides"))["overrides"]
        [row] = [one for one in listed if one["id"] == made]
        assert (row["recipients"]["users"], row["recipient_names"]) == (users, named), user


async def test_whom_an_officers_override_names_finds_nothing_before_a_second_person_confirmed_it(
    home: HouseWorld,
) -> None:
    """Fails when it tells whom it names of the family, though it shows them nothing yet."""
    world, case = home.world, home.house.case
    named = world.as_("school.mentor")
    paths = (f"/v1/cases/{case}", f"/v1/cases/{case}/overrides")
    before = [comparable(await named.send("GET", path)) for path in paths]
    assert {status for status, *_ in before} == {404}
    body = override(home.house, lawful_basis="court_order", recipients={"users": ["school.mentor"]})
    made = (await world.as_("tom.ashby").post(paths[1], body))["id"]
    assert [comparable(await named.send("GET", path)) for path in paths] == before
    [row] = (await world.as_("school.guard").get(paths[1]))["overrides"][-1:]
    assert (row["id"], row["reason"], "confirm" in row["may"]) == (made, body["reason"], True)
    await world.as_("school.guard").post(f"{paths[1]}/{made}/confirmation", None)
    assert [one["id"] for one in (await named.get(paths[1]))["overrides"]] == [made]
    await world.as_("tom.ashby").post(f"{paths[1]}/{made}/ending", {"reason": "It is over"})


async def test_nobody_else_learns_that_there_is_a_list(home: HouseWorld) -> None:
    world, case = home.world, home.house.case
    for user in ("max.holt", "job.officer", "reg.fenn"):
        answers = {
            comparable(await world.as_(user).send("GET", f"/v1/cases/{id_}/overrides"))
            for id_ in (case, ABSENT, *MALFORMED)
        }
        assert len(answers) == 1, user
        assert next(iter(answers))[0] == 404


async def test_the_family_reads_of_no_look_by_an_override_until_somebody_else_says_that_it_is_safe(
    home: HouseWorld,
) -> None:
    """By person and by case: what is held back leaves no gap, and shortens no page."""
    world, house = home.world, home.house
    mother = world.as_("karen.mercer", person=house.mother)
    paths = (f"/v1/people/{house.child}/disclosures", f"/v1/cases/{house.case}/disclosures?limit=2")
    await world.as_("hana.novak").get(f"/v1/cases/{house.case}")

    async def reads() -> list[tuple[list[Json], bool]]:
        views = [await mother.get(path) for path in paths]
        return [(view["disclosures"], view["next"] is not None) for view in views]

    before = await reads()
    body = own_enquiry(home, categories=["learning", "parenting", "involvement", "identity"])
    made = (await guard(world).post(f"/v1/cases/{house.case}/overrides", body))["id"]
    await confirm(world, house.case, made)
    worker = world.as_("moira.flynn")
    assert await shown(worker, house.case)
    [looked] = await world.receipts_now("moira.flynn", ("read",))
    assert f"STATUTORY:{made}" in str(looked["cases"])
    assert await reads() == before
    told = f"/v1/cases/{house.case}/overrides/{made}/telling"
    review = {"family_may_be_told": True, "reason": "She was told on Tuesday."}
    for user, status in (("dev.patel", 403), ("moira.flynn", 403), ("hous.officer", 404)):
        assert (await world.as_(user).send("POST", told, review)).status_code == status, user
    assert await reads() == before
    assert (await world.as_("ines.dale").post(told, review))["id"] == made
    (of_person, _), (of_case, _) = await reads()
    assert of_person[0]["id"] == of_case[0]["id"] == looked["id"]
    assert "the law allowed it without asking" in of_person[0]["because"]
    assert of_person[1:] == before[0][0]


async def test_the_family_reads_of_nobody_on_the_team_who_came_by_an_override_that_is_held_from_them(
    home: HouseWorld,
) -> None:
    """Neither on the roster, nor in the header, nor on the timeline; the team reads of them all the while.

    Tried: no spans where the family never said yes; a yes that was taken back counted as standing; the spans
    of overrides of which the family was told.
    """
    world, school, house = home.world, home.world.as_("nadia.bell"), home.house
    case = await open_case(school, house.child, [house.mother], "Asked for help at school.")
    mother = world.as_("karen.mercer", person=house.mother)
    paths = ("", "/team", "/timeline")

    async def family_reads() -> list[str]:
        views = [await mother.get(f"/v1/cases/{case}{path}") for path in paths]
        return [str([view.get("header"), view.get("team"), view.get("timeline")]) for view in views]

    before = await family_reads()
    body = override(house, subjects=[house.child], recipients={"agencies": [CARE]})
    made = (await world.as_("tom.ashby").post(f"/v1/cases/{case}/overrides", body))["id"]
    await join_team(school, case, "moira.flynn")
    assert CARE in str((await school.get(f"/v1/cases/{case}/team"))["team"])
    assert await family_reads() == before
    review = {"family_may_be_told": True, "reason": "She was told on Tuesday."}
    await world.as_("school.guard").post(f"/v1/cases/{case}/overrides/{made}/telling", review)
    assert all(CARE in view for view in await family_reads())


async def test_the_family_reads_of_nothing_that_names_who_came_by_an_override_that_is_held_from_them(
    home: HouseWorld,
) -> None:
    """What they record and what they owe has their name on it, wherever it is read; the team reads it."""
    world, school, house = home.world, home.world.as_("nadia.bell"), home.house
    case = await open_case(school, house.child, [house.mother], "Asked for help at school.")
    family = [world.as_("karen.mercer", person=house.mother), world.as_("karen.mercer", person=house.child)]
    paths = ["", "/timeline", "/family-sheet", "/actions", "/goals", "/need-levels", "/disclosures"]

    async def family_reads() -> list[str]:
        views = [await one.get(f"/v1/cases/{case}{path}") for one in family for path in paths]
        why = [await one.post("/v1/explanations", {"case": case}) for one in family]
        return [*map(str, views), *map(str, why)]

    body = override(house, subjects=[house.child], recipients={"agencies": [CARE]})
    made = (await world.as_("tom.ashby").post(f"/v1/cases/{case}/overrides", body))["id"]
    member = await join_team(school, case, "moira.flynn")
    care = world.as_("moira.flynn")
    for who, what, content in (
        (care, "goals", plan_goal()), (care, "need-levels", {"level": 3, "reason": "She was seen alone."}),
        (care, "actions", {"actions": [plan_action(CARE)]}),
        (school, "actions", {"actions": [plan_action(CARE)]}),
    ):  # fmt: skip
        await who.post(f"/v1/cases/{case}/{what}", content)
    panel = {
        "meeting_kind": "panel", "title": "All of us", "place": "School", "panel": {"name": "Early help"},
        "starts_at": rfc3339(world.clock.now + timedelta(days=3)), "eligibility": {"agreed": True},
    }  # fmt: skip
    meeting = (await school.post(f"/v1/cases/{case}/meetings", panel))["id"]
    invited = {"user": "moira.flynn", "name": "Moira Flynn", "agency": CARE, "role": "practitioner"}
    await school.post(f"/v1/cases/{case}/meetings/{meeting}/invitations", invited)
    await school.post(f"/v1/cases/{case}/lead-professional/nominations", {"member": member, "by": "team"})
    paths += ["/meetings", f"/meetings/{meeting}", "/lead-professional"]
    team_reads = [str(await school.get(f"/v1/cases/{case}{path}")) for path in ("", *paths[-3:])]
    assert all(CARE in view for view in team_reads)
    assert [CARE in view for view in await family_reads()] == [False] * 22
    review = {"family_may_be_told": True, "reason": "She was told on Tuesday."}
    await world.as_("school.guard").post(f"/v1/cases/{case}/overrides/{made}/telling", review)
    assert sum(CARE in view for view in await family_reads()) >= 18


async def test_the_family_reads_of_who_came_with_its_yes_whatever_override_names_them(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    lead, mother = world.as_("sam.okafor"), world.as_("karen.mercer", person=house.mother)
    await guard(world).post(f"/v1/cases/{house.case}/overrides", own_enquiry(home))
    await join_team(lead, house.case, "moira.flynn")
    assert CARE in str((await mother.get(f"/v1/cases/{house.case}/team"))["team"])


async def test_a_second_one_waits_until_somebody_looked_at_the_first_and_the_refusal_is_in_the_ledger(
    home: HouseWorld,
) -> None:
    """Fails when whoever lets one lapse records the next, so that nobody ever looks at any."""
    world = home.world
    school = world.as_("nadia.bell")
    case = await open_case(school, home.house.child, [], "He was seen alone")
    path = f"/v1/cases/{case}/overrides"
    made = await guard(world).post(path, own_enquiry(home, subjects=None))
    refused = await guard(world).send("POST", path, own_enquiry(home, subjects=None), headers=fresh_key())
    assert (refused.status_code, problem(refused)) == (403, "forbidden")
    assert "Ask your manager" in refused.json()["detail"]
    found = {(one["action"], one["deed"]) for one in await world.receipts_now("dev.patel")}
    assert ("refuse", "record_override") in found
    await world.as_("harb.manager").post(f"{path}/{made['id']}/confirmation", None)
    await guard(world).post(path, own_enquiry(home, subjects=None))
