"""Somebody is in charge: the co-ordinators' queue, nominations and their reasons, deputies, caseloads.

Three changes that make this fail: listing a vacancy that is hidden from the co-ordinator, telling everybody
why somebody refused, nominating somebody who is suspended.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from deploy.stories.steps import agree_to_take_part, join_team, make_lead, nominate, open_case, record_person
from services.gateway.places import bundle_without_places
from shared.upstream import InProcess
from shared.vocabulary import Category
from tests.gateway.conftest import STORES
from tests.gateway.household import HOUSING, YOT
from tests.gateway.test_one_refusal import ABSENT
from tests.gateway.upstream_doubles import Taking
from tests.support.gateway import As, VirtualMonotonic, World, add_agencies, problem, running_world

Json = dict[str, Any]


@pytest.fixture(scope="module", params=STORES)
async def world(
    request: pytest.FixtureRequest,
    empty_databases: Callable[[str], Mapping[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[World]:
    keys = tmp_path_factory.mktemp("leading")
    async with running_world(keys, empty_databases(request.param)) as running:
        await add_agencies(running)
        yield running


async def case_of_two(world: World, name: str = "Robin") -> tuple[str, str, dict[str, str]]:
    """A case of school, youth offending and housing that nobody leads: case, person and members."""
    school = world.as_("nadia.bell")
    person = await record_person(school, name, "Vale", date(1990, 4, 2))
    case = await open_case(school, person, [], "Help")
    await agree_to_take_part(school, case, person, person, "adult")
    members = {user: await join_team(school, case, user) for user in ("sam.okafor", "hana.novak")}
    return case, person, members


async def shut_out(world: World, case: str, person: str, agency: str) -> None:
    await world.as_("nadia.bell").post(
        f"/v1/cases/{case}/exclusions",
        {
            "subject": person, "giver": person, "capacity": "adult", "agencies": [agency],
            "categories": [category.value for category in Category],
        },
    )  # fmt: skip


async def queue(session: As, limit: int = 2) -> list[Json]:
    found, path = [], f"/v1/cases?filter=no_lead&limit={limit}"
    while path:
        page = await session.get(path)
        assert len(page["cases"]) == limit or page["next"] is None
        found += page["cases"]
        path = page["next"]
    return found


def of(cards: list[Json], cases: list[str]) -> list[str]:
    return [card["id"] for card in cards if card["id"] in cases]


@pytest.mark.anyio
async def test_a_coordinator_without_a_seat_finds_cases_without_a_lead_longest_vacant_first(
    world: World,
) -> None:
    """Nobody else's list changes; what is hidden from one co-ordinator another sees in its place."""
    made = [await case_of_two(world, f"Robin {number}") for number in range(6)]
    cases = [case for case, _, _ in made]
    hidden = {cases[1], cases[2], cases[5]}
    for case, person, _ in made:
        if case in hidden:
            await shut_out(world, case, person, "partnership-office")
    for limit in (1, 2, 100):
        cards = await queue(world.as_("paul.ensor"), limit)
        assert of(cards, cases) == [case for case in cases if case not in hidden]
        since = [card["vacant_since"] for card in cards]
        assert since == sorted(since)
        assert all(card["lead_professional"] is None for card in cards)
        assert {card["relationship"] for card in cards} == {"none"}
    assert of(await queue(world.as_("school.coord")), cases) == cases
    assert (await world.as_("joan.reed").get("/v1/cases", filter="no_lead"))["cases"] == []
    lead, members = world.as_("sam.okafor"), made[0][2]
    await make_lead(world.as_("nadia.bell"), lead, cases[0], members["sam.okafor"])
    assert of(await queue(world.as_("school.coord")), cases) == cases[1:]
    first = await world.as_("paul.ensor").get("/v1/cases?filter=no_lead&limit=1")
    other = await world.as_("school.coord").send("GET", f"/v1/cases?filter=no_lead&cursor={first['cursor']}")
    assert other.status_code == 422


@pytest.mark.anyio
async def test_where_much_is_hidden_a_page_is_shorter_before_it_is_too_late_and_the_next_goes_on(
    world: World,
) -> None:
    """Fails when a list fills its page until D has passed: it would be a 503, however often it is asked."""
    made = [await case_of_two(world, f"Kim {number}") for number in range(13)]
    cases = [case for case, _, _ in made]
    for case, person, _ in made[:12]:
        await shut_out(world, case, person, "partnership-office")
    coordinator = world.as_("paul.ensor")
    whole = of(await queue(coordinator, 1), cases)
    assert whole == cases[12:]
    clock = VirtualMonotonic()
    slow = Taking(InProcess(world.suite.services["case"]), clock, world.deadline_seconds / 5)
    async with world.client_over({"case": slow}, monotonic=clock) as client:
        asking = world.as_("paul.ensor", client=client)
        found: list[Json] = []
        sizes, path = [], "/v1/cases?filter=no_lead&limit=1"
        while path:
            page = await asking.get(path)
            sizes.append(len(page["cases"]))
            found += page["cases"]
            path = page["next"]
    assert of(found, cases) == whole
    assert 0 in sizes, "a page that gave up before it was full"
    assert max(sizes) == 1


@pytest.mark.anyio
async def test_a_protected_family_is_on_no_coordinators_queue(world: World) -> None:
    case, _, _ = await case_of_two(world)
    coordinator = world.as_("paul.ensor")
    assert of(await queue(coordinator), [case]) == [case]
    await world.as_("tom.ashby").post(
        f"/v1/cases/{case}/bars",
        {
            "kind": "protected_address", "everyone_except": True,
            "agencies": ["northgate-school", "youth-offending", "tidewater-housing"],
            "users": ["tom.ashby"], "categories": ["contact"], "legal_reference": "Order 7",
            "custodian": {"name": "Duty desk", "agency": "partnership-office", "telephone": "01632 960999"},
            "reason": "A threat", "review_on": "2031-09-01",
        },
    )  # fmt: skip
    assert of(await queue(coordinator), [case]) == []
    assert of(await queue(world.as_("school.coord")), [case]) == [case]


@pytest.mark.anyio
async def test_a_coordinator_nominates_for_a_panel_where_nobody_leads(world: World) -> None:
    case, person, members = await case_of_two(world)
    coordinator, path = world.as_("paul.ensor"), f"/v1/cases/{case}/lead-professional/nominations"
    body = {"member": members["hana.novak"]}
    assert (await coordinator.send("POST", path, body)).status_code == 403
    assert (await world.as_("nadia.bell").send("POST", path, {**body, "by": "panel"})).status_code == 403
    asked = await coordinator.post(path, {**body, "by": "panel"})
    withdrawal = f"{path}/{asked['id']}/withdrawal"
    assert (await coordinator.post(withdrawal))["state"] == "withdrawn"
    asked = await coordinator.post(path, {**body, "by": "panel"})
    await world.as_("hana.novak").post(f"{path}/{asked['id']}/acceptance")
    lead = await world.as_("nadia.bell").get(f"/v1/cases/{case}/lead-professional")
    assert (lead["lead_professional"]["user"], lead["vacant_since"]) == ("hana.novak", None)
    again = {"member": members["sam.okafor"], "by": "panel"}
    assert (await coordinator.send("POST", path, again)).status_code == 403, "somebody leads"
    family = world.as_("karen.mercer", person=person)
    told = (await family.get(f"/v1/cases/{case}/lead-professional"))["lead_professional"]
    assert (told["name"], told["agency"], told["telephone"]) == ("Hana Novak", HOUSING, "01632 960100")
    header = (await family.get(f"/v1/cases/{case}"))["header"]
    assert header["lead_professional"] == told


async def one(session: As, case: str, nomination: str) -> Json:
    found: Json = await session.get(f"/v1/cases/{case}/lead-professional/nominations/{nomination}")
    return found


@pytest.mark.anyio
async def test_why_somebody_refused_is_told_to_both_agencies_and_whoever_is_in_charge(world: World) -> None:
    case, person, members = await case_of_two(world)
    school, health = world.as_("nadia.bell"), world.as_("ruth.amadi")
    await join_team(school, case, "ruth.amadi")
    nomination = await nominate(school, case, members["sam.okafor"])
    path = f"/v1/cases/{case}/lead-professional/nominations/{nomination}/refusal"
    await world.as_("sam.okafor").post(path, {"reason": "I leave this post in March."})
    told = {
        user: (await one(world.as_(user, person=who), case, nomination))["reason"]
        for user, who in (
            ("nadia.bell", None), ("sam.okafor", None), ("grace.obi", None), ("liz.hart", None),
            ("hana.novak", None), ("ruth.amadi", None), ("paul.ensor", None), ("karen.mercer", person),
        )
    }  # fmt: skip
    reason = "I leave this post in March."
    both = ("nadia.bell", "sam.okafor", "grace.obi", "liz.hart")
    assert told == {user: reason if user in both else None for user in told}
    await make_lead(school, health, case, await _member(school, case, "ruth.amadi"))
    assert (await one(health, case, nomination))["reason"] == reason, "she is in charge now"
    assert (await one(world.as_("hana.novak"), case, nomination))["reason"] is None


async def _member(session: As, case: str, user: str) -> str:
    team = (await session.get(f"/v1/cases/{case}/team"))["team"]
    return str(next(member["id"] for member in team if member["user"] == user))


@pytest.mark.anyio
async def test_how_much_the_nominee_leads_is_a_number_for_their_agency_and_whoever_nominates(
    world: World,
) -> None:
    case, _, members = await case_of_two(world)
    school, manager = world.as_("nadia.bell"), world.as_("kit.vane")
    path = f"/v1/cases/{case}/lead-professional/nominations"
    heavy, _, seats = await case_of_two(world)
    await make_lead(school, world.as_("hana.novak"), heavy, seats["hana.novak"])
    led = (await manager.get("/v1/users/hana.novak/caseload-cap"))["load"]
    weight = f"/v1/cases/{heavy}/lead-professional/weight"
    assert (await school.send("POST", weight, {"weight": 4})).status_code == 403
    await world.as_("hana.novak").post(weight, {"weight": 4})
    assert (await manager.get("/v1/users/hana.novak/caseload-cap"))["load"] == led + 3
    await manager.post("/v1/users/hana.novak/caseload-cap", {"cap": led + 3})
    nominees = f"/v1/cases/{case}/lead-professional/nominees"
    for user in ("nadia.bell", "grace.obi", "paul.ensor"):
        before = await world.as_(user).get(nominees)
        numbers = {one["member"]: (one["load"], one["cap"]) for one in before["nominees"]}
        assert numbers[members["hana.novak"]] == (led + 3, led + 3), "known before anybody is asked"
        assert (before["weight"], len(numbers)) == (1, 3)
        assert heavy not in str(before)
    # A stranger's answer says neither that there is such a case nor anything else.
    strange = await world.as_("joan.reed").send("GET", nominees)
    nowhere = await world.as_("joan.reed").send("GET", f"/v1/cases/{ABSENT}/lead-professional/nominees")
    assert strange.status_code in (403, 404)
    assert nowhere.status_code == 404
    refused = await school.send("POST", path, {"member": members["hana.novak"]})
    assert [error["field"] for error in refused.json()["errors"]] == ["exceeds_cap_because"]
    because = {"exceeds_cap_because": "She knows the family."}
    asked = await school.post(path, {"member": members["hana.novak"], **because})
    shown = {"load": {"load": led + 3, "cap": led + 3, "weight": 1}, **because}
    hidden: Json = {"load": None, "exceeds_cap_because": None}
    for user in ("nadia.bell", "hana.novak", "kit.vane", "sam.okafor", "grace.obi", "liz.hart"):
        view = await one(world.as_(user), case, asked["id"])
        told = user in ("nadia.bell", "hana.novak", "kit.vane")
        assert {name: view[name] for name in hidden} == (shown if told else hidden), user
        assert heavy not in str(view)
    await manager.post("/v1/users/hana.novak/caseload-cap", {"cap": 1000})
    await world.as_("hana.novak").post(f"{path}/{asked['id']}/refusal", {"reason": "Too much."})
    await make_lead(school, world.as_("sam.okafor"), case, members["sam.okafor"])
    for user in ("nadia.bell", "hana.novak", "paul.ensor"):
        refused = await world.as_(user).send("GET", nominees)
        assert (refused.status_code, problem(refused)) == (403, "forbidden"), "they may nominate nobody now"
    led_now = await world.as_("sam.okafor").get(nominees)
    assert members["sam.okafor"] not in {one["member"] for one in led_now["nominees"]}, (
        "who leads is not asked"
    )


@pytest.mark.anyio
async def test_an_agency_objects_and_a_lead_is_not_unseated_by_it(world: World) -> None:
    case, _, members = await case_of_two(world)
    school, manager = world.as_("nadia.bell"), world.as_("liz.hart")
    nomination = await nominate(school, case, members["sam.okafor"])
    objection = f"/v1/cases/{case}/lead-professional/nominations/{nomination}/objection"
    body = {"reason": "He covers two courts."}
    assert (await world.as_("grace.obi").send("POST", objection, body)).status_code == 403
    assert (await world.as_("sam.okafor").send("POST", objection, body)).status_code == 403
    assert (await manager.post(objection, body))["state"] == "objected"
    view = await one(school, case, nomination)
    assert (view["state"], view["objection"]) == ("objected", body["reason"])
    assert (await one(world.as_("hana.novak"), case, nomination))["objection"] is None
    second = await nominate(school, case, members["sam.okafor"])
    path = f"/v1/cases/{case}/lead-professional/nominations/{second}"
    await world.as_("sam.okafor").post(f"{path}/acceptance")
    assert (await manager.post(f"{path}/objection", body))["state"] == "accepted"
    lead = await school.get(f"/v1/cases/{case}/lead-professional")
    assert lead["lead_professional"]["user"] == "sam.okafor"
    about = [n["about"] for n in (await school.get("/v1/notices"))["notices"]]
    assert {nomination, second} <= set(about)
    assert second in [n["about"] for n in (await world.as_("sam.okafor").get("/v1/notices"))["notices"]]


@pytest.mark.anyio
async def test_a_case_is_handed_to_nobody_who_has_left_or_is_suspended(world: World) -> None:
    case, _, members = await case_of_two(world)
    school = world.as_("nadia.bell")
    await make_lead(school, world.as_("sam.okafor"), case, members["sam.okafor"])
    lead, path = world.as_("sam.okafor"), f"/v1/cases/{case}/lead-professional"
    reason = {"reason": "A complaint"}
    await world.as_("hous.officer").post("/v1/users/hana.novak/suspension", reason)
    for where, body in (
        ("handovers", {"member": members["hana.novak"]}),
        ("nominations", {"member": members["hana.novak"]}),
        ("deputies", {"member": members["hana.novak"], "since": "2031-04-01", "until": "2031-04-03"}),
    ):  # fmt: skip
        refused = await lead.send("POST", f"{path}/{where}", body)
        assert (refused.status_code, problem(refused)) == (403, "forbidden")
        assert "access is not in force" in refused.json()["detail"]
    # Suspended for another agency than the one for which somebody is on the team, they are able to act.
    await world.as_("hous.officer").post("/v1/users/hana.novak/suspension/lifting", reason)
    await world.as_("job.officer").post("/v1/users/hana.novak/suspension", reason)
    asked = await lead.post(f"{path}/handovers", {"member": members["hana.novak"]})
    await lead.post(f"{path}/nominations/{asked['id']}/withdrawal")
    await world.as_("kit.vane").post("/v1/users/hana.novak/departure", {"reason": "Left"})
    refused = await lead.send("POST", f"{path}/handovers", {"member": members["hana.novak"]})
    assert (refused.status_code, problem(refused)) == (409, "conflict")
    assert "has left the team" in refused.json()["detail"]
    now = await school.get(path)
    assert now["lead_professional"]["user"] == "sam.okafor", "who led leads on"


@pytest.mark.anyio
async def test_a_case_whose_lead_is_suspended_is_vacant_until_the_suspension_is_lifted(world: World) -> None:
    case, person, members = await case_of_two(world, "Wren")
    school, hana = world.as_("nadia.bell"), world.as_("hana.novak")
    family, coordinator = world.as_("karen.mercer", person=person), world.as_("paul.ensor")
    await make_lead(school, world.as_("sam.okafor"), case, members["sam.okafor"])
    path = f"/v1/cases/{case}/lead-professional"
    typed = {"name": "Wren Vale", "date_of_birth": "1990-04-02"}
    panel = {"member": members["hana.novak"], "by": "panel"}
    before = await family.get(f"/v1/cases/{case}")
    assert of(await queue(coordinator), [case]) == []
    assert (await coordinator.send("POST", f"{path}/nominations", panel)).status_code == 403
    world.clock.now += timedelta(hours=1)
    reason = {"reason": "canary of a complaint"}
    await world.as_("una.price").post("/v1/users/sam.okafor/suspension", reason)
    [card] = [card for card in await queue(coordinator) if card["id"] == case]
    assert card["lead_professional"] is None
    assert card["vacant_since"] > before["header"]["lead_professional"]["since"]
    for who in (school, hana, family):
        header = (await who.get(f"/v1/cases/{case}"))["header"]
        assert (header["lead_professional"], header["deputy"]) == (None, None), "nobody is told to ring them"
        lead = await who.get(path)
        assert (lead["lead_professional"], lead["vacant_since"]) == (None, card["vacant_since"])
        for said in ("suspen", "canary of a complaint"):
            assert said not in str((header, lead)), "nobody is told why"
    [hit] = (await world.as_("ruth.amadi").post("/v1/people/search", typed))["people"]
    assert hit["leads"] == []
    asked = await coordinator.post(f"{path}/nominations", panel)
    await coordinator.post(f"{path}/nominations/{asked['id']}/withdrawal")
    stands_in = {"member": members["hana.novak"], "since": "2031-03-03", "until": "2031-03-09"}
    manager = world.as_("grace.obi")
    refused = await manager.send("POST", f"{path}/deputies", stands_in)
    assert refused.status_code == 201
    assert of(await queue(coordinator), [case]) == []
    header = (await family.get(f"/v1/cases/{case}"))["header"]
    assert (header["lead_professional"]["name"], header["lead_professional"]["telephone"]) == (
        "Sam Okafor", None,
    )  # fmt: skip
    assert header["deputy"]["telephone"] == "01632 960100"
    [hit] = (await world.as_("ruth.amadi").post("/v1/people/search", typed))["people"]
    assert [one["name"] for one in hit["leads"]] == ["Hana Novak"]
    await manager.send("DELETE", f"{path}/deputies/{refused.json()['id']}")
    assert of(await queue(coordinator), [case]) == [case]
    await world.as_("una.price").post("/v1/users/sam.okafor/suspension/lifting", reason)
    assert of(await queue(coordinator), [case]) == []
    assert (await family.get(f"/v1/cases/{case}"))["header"] == before["header"]
    assert (await coordinator.send("POST", f"{path}/nominations", panel)).status_code == 403


@pytest.mark.anyio
async def test_the_family_and_the_team_see_who_stands_in_and_the_deputy_sees_no_more(world: World) -> None:
    case, person, members = await case_of_two(world)
    school, deputy = world.as_("nadia.bell"), world.as_("sam.okafor")
    await make_lead(world.as_("sam.okafor"), school, case, await _member(school, case, "nadia.bell"))
    before = (await deputy.get(f"/v1/cases/{case}"))["areas"]
    path = f"/v1/cases/{case}/lead-professional/deputies"
    today = world.clock().date()
    body = {"member": members["sam.okafor"], "since": today.isoformat()}
    assert (await deputy.send("POST", path, {**body, "until": "2031-12-01"})).status_code == 403
    wrong = await school.send("POST", path, {**body, "until": today.isoformat()})
    assert (wrong.status_code, problem(wrong)) == (422, "invalid")
    named = await school.post(path, {**body, "until": "2031-12-01"})
    after = await deputy.get(f"/v1/cases/{case}")
    assert (after["areas"], after["header"]["relationship"]) == (before, "member")
    family = world.as_("karen.mercer", person=person)
    for session in (school, deputy, family, world.as_("hana.novak")):
        card = (await session.get(f"/v1/cases/{case}/lead-professional"))["deputy"]
        assert (card["name"], card["telephone"], card["until"]) == (
            "Sam Okafor",
            "01632 960100",
            "2031-12-01",
        )
        assert (await session.get(f"/v1/cases/{case}"))["header"]["deputy"] == card
        assert [one["id"] for one in (await session.get(path))["deputies"]] == [named["id"]]
    gone = await school.send("DELETE", f"{path}/{named['id']}")
    assert (gone.status_code, gone.json()["state"]) == (200, "ended")
    assert (await family.get(f"/v1/cases/{case}/lead-professional"))["deputy"] is None
    for other in (named["id"], case, "nonsense"):
        refused = await deputy.send("DELETE", f"{path}/{other}")
        assert refused.status_code == 403
    assert (await school.send("DELETE", f"{path}/{case}")).status_code == 404


def test_where_nothing_may_locate_no_deputy_of_another_agency_is_told() -> None:
    lead = {"agency": YOT, "since": "2031-03-03T09:00:00Z", "name": "Sam", "user": "sam.okafor"}
    bundle = {"lead": lead, "deputy": {"agency": YOT}, "team": [], "lead_history": [], "nominations": []}
    assert bundle_without_places(bundle, HOUSING)["deputy"] is None
    assert bundle_without_places(bundle, YOT)["deputy"] == {"agency": YOT}
    assert bundle_without_places({**bundle, "deputy": None}, YOT)["deputy"] is None
