"""Agencies' systems: for themselves, and on behalf of a user whom they name (design 1, 3.1; decision 24)."""

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.stories.steps import open_case
from shared.clock import rfc3339
from tests.gateway.areas.involvements import involvement
from tests.gateway.areas.policies import document, goldens
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import SCHOOL, YOT, details, element, plan_action, words
from tests.gateway.operations import ON_BEHALF, OPERATIONS, bodies, operations
from tests.gateway.test_policies import DRAFTS, simulated
from tests.support.gateway import LEDGER_TABLES, As, World, fields_of, fresh_key, problem, shown_entries

pytestmark = pytest.mark.anyio
Json = dict[str, Any]

LINES: Json = json.loads(
    (Path(__file__).parents[2] / "services/consent/policy_data/agency-systems-1.json").read_text("utf-8")
)
SYSTEM, TEACHER, MENTOR, NOBODY = "school.system", "nadia.bell", "school.mentor", "nobody.at.all"
WORDS = ("none", "existence", "summary", "full")
AS = "On-Behalf-Of"


def with_systems() -> tuple[Json, list[Json]]:
    """The default policy with the lines for agencies' systems, and the golden rows of both."""
    whole = document()
    for section in ("ceilings", "own_ceilings"):
        whole[section] += LINES[section]
    whole["purposes_by_role"] |= LINES["purposes_by_role"]
    return whole, [*goldens(), *LINES["goldens"]]


async def publish_lines(world: World) -> None:
    """What two information officers do to let systems in: draft, simulate, approve, publish."""
    author, second = world.as_("tom.ashby"), world.as_("hous.officer")
    begun = await author.post(DRAFTS, {"from_version": 1, "why": LINES["why"]})
    whole, rows = with_systems()
    body = {"why": LINES["why"], "document": whole, "goldens": rows}
    put = await author.send("PUT", f"{DRAFTS}/{begun['id']}", body, headers={"If-Match": begun["etag"]})
    assert put.status_code == 200, put.text
    card = await simulated(author, begun["id"])
    shown = await second.get(f"{DRAFTS}/{begun['id']}")
    assert [found for found in shown["findings"] if found["severity"] == "error"] == []
    assert shown["failing_goldens"] == []
    assert {row["role"] for row in shown["differences"]["levels"]} == {"agency_system"}
    await second.post(f"{DRAFTS}/{begun['id']}/approval", {"digest": card["digest"]})
    moment = world.clock.now + timedelta(seconds=world.deadline_seconds + 10)
    wanted = {"digest": card["digest"], "published_from": rfc3339(moment)}
    published = await author.post(f"{DRAFTS}/{begun['id']}/publication", wanted)
    assert published["version"] == 2
    world.clock.now = moment


@pytest.fixture(scope="module")
async def let_in(home: HouseWorld) -> HouseWorld:
    """The household, with a policy that lets systems in and a mentor of the school's on the team."""
    await publish_lines(home.world)
    await join(home.world, home.house.case, MENTOR, "volunteer")
    return home


async def join(world: World, case: str, user: str, role: str = "practitioner") -> Json:
    """Somebody of the school's joins the team; the lead adds them."""
    new = {"user": user, "name": "A. Colleague", "agency": SCHOOL, "role": role, "job_title": "Colleague"}
    added: Json = await world.as_("sam.okafor").post(f"/v1/cases/{case}/team", new)
    return added


def system(world: World, named: str | None = None, user: str = SYSTEM, **headers: str) -> As:
    return world.as_(user, headers={**({AS: named} if named is not None else {}), **headers})


async def levels(session: As, case: str) -> dict[str, int]:
    """By entry, its level to somebody; nothing for what is not shown."""
    response = await session.send("GET", f"/v1/cases/{case}")
    if response.status_code == 404:
        return {}
    assert response.status_code == 200, response.text
    return {entry: WORDS.index(level) for entry, level in shown_entries(response.json())}


def told(response: httpx.Response) -> tuple[int, str, tuple[tuple[str, str], ...]]:
    """All that an answer tells: its status, its body, its headers but for the request's own."""
    kept = [(name, value) for name, value in response.headers.items() if name not in ("x-request-id", "date")]
    return response.status_code, response.text, tuple(sorted(kept))


async def test_under_the_default_policy_a_system_finds_nothing_whomever_it_names(
    sqlite_home: HouseWorld,
) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    answers = []
    for named in (None, TEACHER, "sam.okafor", NOBODY):
        for path in (f"/v1/cases/{house.case}", f"/v1/people/{house.child}"):
            answers.append(told(await system(world, named).send("GET", path)))
        assert (await system(world, named).get("/v1/cases"))["cases"] == []
    absent = await system(world).send("GET", "/v1/cases/5f0f3a6e-3b1c-4b39-8f5b-0a8f6d1f9a11")
    assert set(answers) == {told(absent)}
    assert absent.status_code == 404


async def test_what_leaves_is_the_lower_of_what_the_system_and_whoever_it_names_may_see(
    let_in: HouseWorld,
) -> None:
    """Nobody of the three sees all that another does, so that each limit is met."""
    world, house = let_in.world, let_in.house
    alone = await levels(system(world), house.case)
    lowered = raised = 0
    for named in (TEACHER, MENTOR):
        theirs = await levels(world.as_(named), house.case)
        seen = await levels(system(world, named), house.case)
        both = {entry: min(level, theirs.get(entry, 0)) for entry, level in alone.items()}
        assert seen == {entry: level for entry, level in both.items() if level >= 2}
        lowered += sum(level > seen.get(entry, 0) for entry, level in alone.items())
        raised += sum(level > seen.get(entry, 0) for entry, level in theirs.items())
        assert len(seen) >= 3
    assert lowered >= 3, "a mentor's role limits what their system is shown"
    assert raised >= 2, "the system's own ceiling limits what a teacher's is shown"
    assert alone[house.action] == 3
    assert (await levels(system(world, MENTOR), house.case))[house.action] == 2
    assert house.camhs_need not in alone


async def test_on_behalf_of_the_lead_it_is_lead_and_alone_a_member(let_in: HouseWorld) -> None:
    world, house = let_in.world, let_in.house
    alone = await system(world, user="yot.system").get(f"/v1/cases/{house.case}")
    for_lead = await system(world, "sam.okafor", "yot.system").get(f"/v1/cases/{house.case}")
    stood = []
    for view in (alone, for_lead):
        receipt = await world.receipt(view["decision"]["receipt"])
        assert receipt is not None
        stood.append((receipt["user"], receipt["on_behalf_of"], receipt["cases"][0]["relationship"]))
    assert stood == [("yot.system", None, "member"), ("yot.system", "sam.okafor", "lead")]
    assert house.need in dict(shown_entries(for_lead))


async def test_the_receipt_names_both_and_the_officer_finds_it_by_either(let_in: HouseWorld) -> None:
    world, house = let_in.world, let_in.house
    view = await system(world, TEACHER).get(f"/v1/cases/{house.case}")
    officer = world.as_("tom.ashby")
    since = rfc3339(world.clock.now - timedelta(seconds=5))
    for user in (SYSTEM, TEACHER):
        found = (await officer.get(f"/v1/ledger/receipts?user={user}&from={since}"))["receipts"]
        [ours] = [receipt for receipt in found if receipt["id"] == view["decision"]["receipt"]]
        assert (ours["user"], ours["on_behalf_of"], ours["role"]) == (SYSTEM, TEACHER, "agency_system")
    of_case = (await officer.get(f"/v1/cases/{house.case}/disclosures"))["disclosures"]
    assert {r["on_behalf_of"] for r in of_case if r["user"] == TEACHER} == {None}


async def test_nobody_whom_the_team_does_not_hold_can_be_told_from_nobody(let_in: HouseWorld) -> None:
    """Another agency's user, one who left, one who is suspended, a member of the family, a manager with no
    place of their own, and an id that nobody has: one answer, on every route, and on the same work."""
    world, house = let_in.world, let_in.house
    for user in ("gone.teacher", "stopped.teacher"):
        added = await join(world, house.case, user)
        assert await levels(system(world, user), house.case), "each is on the team at first"
        if user == "gone.teacher":
            path = f"/v1/cases/{house.case}/team/{added['id']}"
            ended = await world.as_("sam.okafor").send(
                "DELETE", path, {"reason": "Left"}, headers=fresh_key()
            )
            assert ended.status_code == 200, ended.text
    await world.as_("tom.ashby").post("/v1/users/stopped.teacher/suspension", {"reason": "Left the school"})
    hidden = ("sam.okafor", "gone.teacher", "stopped.teacher", "family.member", "school.coord", NOBODY)
    action = {"actions": [plan_action(YOT)]}
    asks: list[tuple[str, str, Any]] = [
        ("GET", f"/v1/cases/{house.case}", None),
        ("GET", "/v1/cases/5f0f3a6e-3b1c-4b39-8f5b-0a8f6d1f9a11", None),
        ("GET", "/v1/cases/NOT-AN-ID", None),
        ("GET", f"/v1/people/{house.child}", None),
        ("GET", "/v1/cases", None),
        ("GET", f"/v1/cases/{house.case}/team", None),
        ("POST", f"/v1/cases/{house.case}/actions", action),
        ("PATCH", f"/v1/cases/{house.case}/actions/{house.action}", {"status": "done"}),
    ]
    before = await world.rows(without=LEDGER_TABLES)
    for method, path, body in asks:
        answers = {
            told(await system(world, named).send(method, path, body, headers=fresh_key())) for named in hidden
        }
        assert len(answers) == 1, (method, path)
        assert next(iter(answers))[0] == (200 if path == "/v1/cases" else 404), (method, path)
    assert await world.rows(without=LEDGER_TABLES) == before


async def test_suspending_whoever_it_names_stops_the_system_at_once(let_in: HouseWorld) -> None:
    world, house = let_in.world, let_in.house
    officer = world.as_("tom.ashby")
    assert await levels(system(world, MENTOR), house.case)
    await officer.post(f"/v1/users/{MENTOR}/suspension", {"reason": "Lost their badge"})
    assert world.sleep.slept[-1] == world.deadline_seconds
    assert await levels(system(world, MENTOR), house.case) == {}
    assert await levels(system(world), house.case), "the system itself is not suspended"
    await officer.post(f"/v1/users/{MENTOR}/suspension/lifting", {"reason": "Found"})
    assert await levels(system(world, MENTOR), house.case)
    await officer.post(f"/v1/users/{SYSTEM}/suspension", {"reason": "Its key leaked"})
    assert await levels(system(world, MENTOR), house.case) == {}
    assert await levels(system(world), house.case) == {}
    await officer.post(f"/v1/users/{SYSTEM}/suspension/lifting", {"reason": "New key"})


async def test_what_is_excluded_for_whoever_it_names_is_excluded_for_the_system(let_in: HouseWorld) -> None:
    world, house = let_in.world, let_in.house
    plan = {"actions": [plan_action(YOT)]}
    added = await world.as_("sam.okafor").post(f"/v1/cases/{house.case}/actions", plan)
    action = added["actions"][0]["id"]
    before = await levels(system(world, MENTOR), house.case)
    excluded = await world.as_(TEACHER).post(
        f"/v1/cases/{house.case}/exclusions",
        {
            "subject": house.child, "giver": house.mother, "capacity": "parent", "users": [MENTOR],
            "categories": ["plan"],
        },
    )  # fmt: skip
    after = await levels(system(world, MENTOR), house.case)
    assert action in before
    assert action not in after
    assert action in await levels(system(world), house.case)
    assert excluded["enforced_at"]


async def test_a_system_contributes_and_corrects_for_whom_it_names_once_however_often_it_asks(
    let_in: HouseWorld,
) -> None:
    world, house = let_in.world, let_in.house
    case = f"/v1/cases/{house.case}"
    key, action = fresh_key(), {"actions": [plan_action(YOT)]}
    before = await world.rows(without=LEDGER_TABLES)
    first = await system(world, TEACHER).send("POST", f"{case}/actions", action, headers=key)
    assert first.status_code == 201, first.text
    again = await system(world, TEACHER).send("POST", f"{case}/actions", action, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    after = await world.rows(without=LEDGER_TABLES)
    assert after["case.entries"] == before["case.entries"] + 1
    other = await system(world, "nadia.second").send("POST", f"{case}/actions", action, headers=key)
    assert other.status_code == 404, "who is named is decided first"
    [made] = first.json()["actions"]
    entry = next(e for e in (await world.as_(TEACHER).get(case))["areas"]["plan"] if e["id"] == made["id"])
    assert entry["owner"] == "northgate-school"
    tagged = {"If-Match": entry["etag"], **fresh_key()}
    changes = {"action": words("put right")}
    for _ in range(2):
        done = await system(world, TEACHER).send(
            "PATCH", f"{case}/actions/{made['id']}", changes, headers=tagged
        )
        assert done.status_code == 200, done.text
    started = await system(world, TEACHER).post(
        f"{case}/assessments",
        {
            "instrument": "caf", "instrument_version": "1", "person": house.child,
            "started_on": "2031-03-01", "reason_for_assessment": words("why"), "sensitive_content": [],
        },
    )  # fmt: skip
    path = f"{case}/assessments/{started['id']}/entries"
    added = await system(world, TEACHER).post(path, element("need", "participation", [house.child]))
    assert added["id"] in await levels(world.as_(TEACHER), house.case)


async def test_every_write_that_takes_a_name_is_done_for_a_teacher_and_not_for_a_mentor(
    let_in: HouseWorld,
) -> None:
    """And the entry says who wrote it, the receipt says both, and what comes of it waits for the teacher."""
    world, house = let_in.world, let_in.house
    # What the school owes, owns and began itself, so that every one of these is the teacher's to do.
    school = world.as_(TEACHER)
    case = f"/v1/cases/{house.case}"
    theirs = {"actions": [{**plan_action(SCHOOL), "responsible_user": TEACHER}]}
    owed = (await school.post(f"{case}/actions", theirs))["actions"][0]["id"]
    involved = await school.post(f"/v1/people/{house.child}/involvements", involvement())
    begun = operations(house, action=owed, involvement=involved["id"], assessment=house.draft)
    done = Counter[str]()
    for operation in begun:
        asked = (operation.method, operation.template)
        if asked not in ON_BEHALF:
            continue
        for named, statuses in ((NOBODY, {404}), (None, {403}), (MENTOR, {403}), (TEACHER, {200, 201})):
            if named == TEACHER and asked in NEEDS_MORE:
                continue
            headers = {**fresh_key(), "If-Match": '"1"'}
            response = await system(world, named).send(
                operation.method, operation.path, operation.body, headers=headers
            )
            assert response.status_code in statuses, (named, operation, response.text)
            done[str(named)] += 1
    assert done[TEACHER] == len(ON_BEHALF) - len(NEEDS_MORE) == 21
    told = (await school.get("/v1/notices?limit=100"))["notices"]
    assert [one["kind"] for one in told if one["about"] == owed].count("news_asked_for") == 1


_ENDED = ("/decline", "/commitments/{commitment}/news-requests")
NEEDS_MORE = frozenset(one for one in ON_BEHALF if one[0] == "PATCH" or one[1].endswith(_ENDED))
"""A current etag, or a promise that is open still when all the others were done."""


async def test_a_key_used_for_one_user_is_not_a_replay_for_another(let_in: HouseWorld) -> None:
    world, house = let_in.world, let_in.house
    place = {
        "user": "second.teacher",
        "name": "Ida Fox",
        "agency": "northgate-school",
        "role": "practitioner",
    }
    await world.as_("sam.okafor").post(f"/v1/cases/{house.case}/team", {**place, "job_title": "Teacher"})
    key, action = fresh_key(), {"actions": [plan_action(YOT)]}
    path = f"/v1/cases/{house.case}/actions"
    assert (await system(world, TEACHER).send("POST", path, action, headers=key)).status_code == 201
    refused = await system(world, "second.teacher").send("POST", path, action, headers=key)
    assert (refused.status_code, problem(refused)) == (409, "conflict")


async def test_what_a_system_does_not_do_for_anybody_is_refused_and_changes_nothing(
    let_in: HouseWorld,
) -> None:
    """Alone it only reads; for a mentor, who only reads, it does not write; for a teacher it neither records
    what the family says nor signs, nor touches who is on the team."""
    world, house = let_in.world, let_in.house
    case = f"/v1/cases/{house.case}"
    action = {"actions": [plan_action(YOT)]}
    before = await world.rows(without=LEDGER_TABLES)
    for named in (None, MENTOR):
        refused = await system(world, named).send("POST", f"{case}/actions", action, headers=fresh_key())
        assert (refused.status_code, problem(refused)) == (403, "forbidden")
        assert "Your role reads this case" in refused.json()["detail"]
    refusals = set()
    everything = bodies(house)
    tried = 0
    for method, path in OPERATIONS:
        if method == "GET" or "{case}" not in path or (method, path) in ON_BEHALF:
            continue
        url = path.replace("{case}", house.case)
        for name, value in house.as_json().items():
            url = url.replace(f"{{{name}}}", value)
        url = url.replace("{", "").replace("}", "")
        headers = {**fresh_key(), "If-Match": '"1"'}
        refused = await system(world, TEACHER).send(
            method, url, everything.get((method, path)), headers=headers
        )
        assert refused.status_code == 403, (method, path, refused.text)
        refusals.add(refused.json()["detail"])
        tried += 1
    assert refusals == {"This is not done on behalf of anybody. Leave On-Behalf-Of out."}
    assert tried >= 15
    signed = await system(world).send(
        "POST", f"{case}/assessments/{house.draft}/signature", {}, headers=fresh_key()
    )
    assert signed.status_code in (403, 422)
    assert await world.rows(without=LEDGER_TABLES) == before


ODD_NAMES = (
    "", " ", "two users", "a\tb", "x" * 201, "x" * 20_000, "nadia\u00e9", "nadia\x7f", "nadia\x00bell",
    SYSTEM,
)  # fmt: skip


async def test_a_name_that_cannot_be_one_is_named_as_the_field_and_is_never_taken_for_none(
    let_in: HouseWorld,
) -> None:
    world, house = let_in.world, let_in.house
    tried = 0
    for odd in ODD_NAMES:
        raw = [(AS.encode(), odd.encode("latin-1"))]
        for method, path, body in (
            ("GET", f"/v1/cases/{house.case}", None),
            ("GET", f"/v1/cases/{house.other_case}", None),
            ("GET", "/v1/cases", None),
            ("POST", f"/v1/cases/{house.case}/actions", {"actions": [plan_action(YOT)]}),
            ("GET", "/v1/alerts", None),
        ):
            session = system(world)
            sent = [*((k.encode(), v.encode()) for k, v in {**session.headers, **fresh_key()}.items()), *raw]
            response = await world.client.request(method, path, json=body, headers=sent)
            assert (response.status_code, fields_of(response)) == (422, [AS]), (odd, path, response.text)
            assert not odd.strip() or len(odd) < 3 or odd == SYSTEM or odd not in response.text
            tried += 1
    twice = [*((k.encode(), v.encode()) for k, v in system(world).headers.items())]
    twice += [(AS.encode(), TEACHER.encode()), (AS.encode(), MENTOR.encode())]
    response = await world.client.request("GET", f"/v1/cases/{house.case}", headers=twice)
    assert (response.status_code, fields_of(response)) == (422, [AS])
    assert tried == len(ODD_NAMES) * 5


async def test_only_a_system_names_anybody(let_in: HouseWorld) -> None:
    world, house = let_in.world, let_in.house
    people = [
        (TEACHER, None), ("sam.okafor", None), ("school.coord", None), (MENTOR, None), ("tom.ashby", None),
        ("karen.mercer", house.mother),
    ]  # fmt: skip
    for user, person in people:
        for named in (TEACHER, user, NOBODY, "not an id"):
            for path in (f"/v1/cases/{house.case}", f"/v1/cases/{house.other_case}", "/v1/me", "/v1/alerts"):
                session = world.as_(user, person=person, headers={AS: named})
                refused = await session.send("GET", path)
                assert (refused.status_code, problem(refused)) == (403, "forbidden"), (user, path)
                assert refused.json()["detail"].startswith("Only an agency's system acts on behalf")


async def test_an_adult_of_a_case_on_which_the_agency_does_not_work_is_found_by_no_name(
    let_in: HouseWorld,
) -> None:
    world = let_in.world
    camhs = world.as_("asif.khan")
    child = (await camhs.post("/v1/people", {"details": [details("name"), details("birth")]}))["id"]
    case = await open_case(camhs, child, [], words("why"))
    assert await levels(camhs, case)
    for named in (None, TEACHER, "asif.khan"):
        assert await levels(system(world, named), case) == {}


async def test_lists_and_cursors_are_those_of_whoever_is_named(let_in: HouseWorld) -> None:
    world, house = let_in.world, let_in.house
    school = world.as_(TEACHER)
    for _ in range(2):
        child = (await school.post("/v1/people", {"details": [details("name"), details("birth")]}))["id"]
        await open_case(school, child, [], words("why"))
    mine = {one["id"] for one in (await school.get("/v1/cases"))["cases"]}
    for_teacher = {one["id"] for one in (await system(world, TEACHER).get("/v1/cases"))["cases"]}
    for_mentor = {one["id"] for one in (await system(world, MENTOR).get("/v1/cases"))["cases"]}
    assert for_teacher == mine
    assert for_mentor == {house.case}
    page = await system(world, TEACHER).get("/v1/cases?limit=1")
    assert page["next"]
    other = await system(world, MENTOR).send("GET", page["next"])
    assert (other.status_code, fields_of(other)) == (422, ["cursor"])
    following = await system(world, TEACHER).get(page["next"])
    assert {one["id"] for one in following["cases"]} < mine


def test_where_a_system_may_name_somebody_is_documented(let_in: HouseWorld) -> None:
    paths = let_in.world.suite.gateway.openapi()["paths"]
    named = {
        (method.upper(), path)
        for path, operations in paths.items()
        for method, operation in operations.items()
        if any(parameter["name"] == AS for parameter in operation.get("parameters", ()))
    }
    assert ("GET", "/v1/cases/{case}") in named
    assert {one for one in named if one[0] != "GET"} == ON_BEHALF
    assert {path for _, path in named} <= {
        path for path in paths if "{case}" in path or "{person}" in path or path == "/v1/cases"
    }
    assert len(named) - len(ON_BEHALF) == 22
