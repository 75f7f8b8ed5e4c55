"""The plan through the public API: what hangs together, who answers, what both sides promised, and its end.

Three changes that make this fail: naming an action that waits for the reader's own whether they see it or
not, letting the agency that recorded an action answer for the one that owes it, showing a service's missed
promise in other words than the family's.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from shared.upstream import InProcess, Reply, Transport
from tests.gateway.areas.plan import new_compact
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import CAMHS, HOUSING, SCHOOL, YOT, plan_action, words
from tests.gateway.upstream_doubles import Through
from tests.support.gateway import As, World, fields_of, problem

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
ABSENT = "5f0c9d0e-6c41-4d0b-9a55-0a3a2b7c9d11"


def case_of(home: HouseWorld) -> str:
    return f"/v1/cases/{home.house.case}"


async def agree(home: HouseWorld, user: str, *actions: Json) -> list[str]:
    made = await home.world.as_(user).post(f"{case_of(home)}/actions", {"actions": list(actions)})
    return [action["id"] for action in made["actions"]]


async def follow_up(home: HouseWorld, user: str, action: str) -> Json:
    view = await home.world.as_(user).get(f"{case_of(home)}/actions")
    assert {one["action"] for one in view["follow_up"]} == {entry["id"] for entry in view["entries"]}
    [found] = [one for one in view["follow_up"] if one["action"] == action]
    return dict(found)


async def kinds_of_notices(world: World, user: str, about: str) -> list[str]:
    notices = (await world.as_(user).get("/v1/notices?limit=100"))["notices"]
    return [notice["kind"] for notice in notices if notice["about"] == about]


async def test_what_waits_for_what_is_told_to_those_alone_who_see_both(home: HouseWorld) -> None:
    house = home.house
    [shown, goal_served] = await agree(
        home, "nadia.bell", plan_action(YOT), {**plan_action(HOUSING), "goal": house.goal}
    )
    [hidden] = await agree(home, "asif.khan", {**plan_action(CAMHS, ["mental_health"]), "needs": [shown]})
    path = f"{case_of(home)}/actions/{shown}/dependencies"
    await home.world.as_("asif.khan").post(path, {"needs": goal_served})
    assert (await follow_up(home, "asif.khan", hidden))["needs"] == [shown]
    assert (await follow_up(home, "hana.novak", shown))["needs"] == [goal_served]
    assert (await follow_up(home, "hana.novak", goal_served))["goal"] == house.goal
    for user in ("hana.novak", "ben.carver"):
        for read in ("", "/actions", "/timeline"):
            assert hidden not in (await home.world.as_(user).send("GET", case_of(home) + read)).text
    # A circle through what its author does not see is not told to them; one that they see is refused.
    school = home.world.as_("hana.novak")
    assert (await school.send("POST", path, {"needs": hidden})).status_code == 422
    assert (await school.send("POST", path, {"needs": ABSENT})).status_code == 422
    backwards = f"{case_of(home)}/actions/{goal_served}/dependencies"
    refused = await school.send("POST", backwards, {"needs": shown})
    assert (refused.status_code, fields_of(refused)) == (422, ["needs"])
    for_ever = await school.send("POST", path, {"needs": shown})
    assert (for_ever.status_code, fields_of(for_ever)) == (422, ["needs"])
    assert (await school.send("DELETE", f"{path}/{goal_served}")).status_code == 200
    assert (await follow_up(home, "hana.novak", shown))["needs"] == []


async def test_a_circle_through_what_is_hidden_is_not_given_away(home: HouseWorld) -> None:
    """The same answer as in a world in which nothing is hidden; and no circle counts."""
    first, last = await agree(home, "nadia.bell", plan_action(YOT), plan_action(HOUSING))
    [hidden] = await agree(home, "asif.khan", {**plan_action(CAMHS, ["mental_health"]), "needs": [last]})
    camhs, housing = home.world.as_("asif.khan"), home.world.as_("hana.novak")
    await camhs.post(f"{case_of(home)}/actions/{first}/dependencies", {"needs": hidden})
    closing = f"{case_of(home)}/actions/{last}/dependencies"
    refused = await camhs.send("POST", closing, {"needs": first})
    assert refused.status_code == 422
    answer = await housing.send("POST", closing, {"needs": first})
    assert (answer.status_code, answer.json()) == (201, {"id": last, "needs": first})
    for_her = await follow_up(home, "hana.novak", last)
    assert (for_her["needs"], for_her["waits_for_itself"]) == ([first], False)
    for one in (first, hidden, last):
        assert (await follow_up(home, "asif.khan", one))["waits_for_itself"] is True, "they see all of it"
    await camhs.send("DELETE", f"{case_of(home)}/actions/{first}/dependencies/{hidden}")
    assert (await follow_up(home, "asif.khan", last))["waits_for_itself"] is False


class Meanwhile(Through):
    """Lets somebody else write first, once, where this is in the path."""

    def __init__(self, inner: Transport, path: str, write: Callable[[], Awaitable[Any]]) -> None:
        super().__init__(inner)
        self._path, self._write, self.looks = path, write, 0

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        if self._path in path and method == "POST":
            self.looks += 1
            if self.looks == 1:
                await self._write()
        return await super().send(method, path, headers, body)


async def test_of_two_who_would_close_a_circle_together_the_second_is_told(home: HouseWorld) -> None:
    first, last = await agree(home, "nadia.bell", plan_action(YOT), plan_action(HOUSING))
    links = [(first, last, "nadia.bell"), (last, first, "sam.okafor")]
    answers = await asyncio.gather(
        *(
            home.world.as_(user).send(
                "POST", f"{case_of(home)}/actions/{waits}/dependencies", {"needs": needed}
            )
            for waits, needed, user in links
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201, 422]
    [refused] = [answer for answer in answers if answer.status_code == 422]
    assert fields_of(refused) == ["needs"]


@pytest.mark.parametrize("sees_it", [True, False])
async def test_a_circle_through_what_is_agreed_at_the_same_moment_is_refused_to_whoever_sees_it(
    home: HouseWorld, sees_it: bool
) -> None:
    """Between her decision and her write somebody agrees an action that closes the circle: what it is for
    her is decided before anything is kept. Where she does not see it she gets the answer of any other day."""
    first, last = await agree(home, "nadia.bell", plan_action(YOT), plan_action(HOUSING))
    author, hides = ("nadia.bell", []) if sees_it else ("asif.khan", ["mental_health"])
    agency = YOT if sees_it else CAMHS

    async def close_the_circle() -> None:
        [between] = await agree(home, author, {**plan_action(agency, hides), "needs": [first]})
        other = home.world.as_(author)
        await other.post(f"{case_of(home)}/actions/{last}/dependencies", {"needs": between})

    path = f"{case_of(home)}/actions/{first}/dependencies"
    case = Meanwhile(InProcess(home.world.suite.services["case"]), f"/actions/{first}/", close_the_circle)
    hana = home.world.as_("hana.novak")
    async with home.world.client_over({"case": case}) as client:
        response = await client.call("POST", path, {"needs": last}, hana.headers)
    assert case.looks == 2, "it was decided once more"
    assert response.status_code == (422 if sees_it else 201)


async def test_the_agency_that_is_to_do_it_answers_and_nobody_else(home: HouseWorld) -> None:
    world, house = home.world, home.house
    [action] = await agree(home, "nadia.bell", {**plan_action(HOUSING), "responsible_user": "hana.novak"})
    path = f"{case_of(home)}/actions/{action}"
    assert await kinds_of_notices(world, "hana.novak", action) == ["action_to_answer"]
    for user in ("nadia.bell", "sam.okafor", "asif.khan"):
        for what, body in (("acceptance", None), ("decline", {"reason": "No"})):
            refused = await world.as_(user).send("POST", f"{path}/{what}", body)
            assert (refused.status_code, problem(refused)) == (403, "forbidden"), user
    outsider = await world.as_("max.holt").send("POST", f"{path}/acceptance")
    assert outsider.status_code == 404
    declined = await world.as_("hana.novak").post(f"{path}/decline", {"reason": words("why not")})
    assert (declined["status"], declined["answer"]) == ("declined", "declined")
    assert await kinds_of_notices(world, "hana.novak", action) == []
    for user in ("nadia.bell", "sam.okafor"):
        assert await kinds_of_notices(world, user, action) == ["action_answered"], user
    assert (await follow_up(home, "nadia.bell", action))["standing"] == "declined"
    again = await world.as_("hana.novak").post(f"{path}/acceptance")
    assert again["status"] == "agreed"
    hidden = f"{case_of(home)}/actions/{house.camhs_action}"
    for user in ("hana.novak", "nadia.bell"):
        for id_ in (hidden, f"{case_of(home)}/actions/{ABSENT}"):
            assert (await world.as_(user).send("POST", f"{id_}/acceptance")).status_code == 403


async def test_asking_for_news_is_counted_and_reaches_whoever_owes_it(home: HouseWorld) -> None:
    world = home.world
    [action] = await agree(home, "nadia.bell", {**plan_action(HOUSING), "responsible_user": "hana.novak"})
    path = f"{case_of(home)}/actions/{action}/news-requests"
    for asked in (1, 2):
        assert (await world.as_("asif.khan").post(path))["asked"] == asked
    assert (await follow_up(home, "sam.okafor", action))["asked"] == 2
    assert (await kinds_of_notices(world, "hana.novak", action)).count("news_asked_for") == 2
    for id_ in (home.house.camhs_action, home.house.goal, ABSENT, "not-an-id"):
        absent = await world.as_("hana.novak").send("POST", path.replace(action, id_))
        assert (absent.status_code, problem(absent)) == (404, "not-found")
    assert (await world.as_("karen.mercer", person=home.house.mother).send("POST", path)).status_code == 403


async def test_an_action_ends_no_sooner_than_it_starts(home: HouseWorld) -> None:
    school, before = home.world.as_("nadia.bell"), await home.world.rows(without=frozenset({"case.chains"}))
    wrong = {
        **plan_action(YOT),
        "starts_on": "2100-06-02",
        "by_when": "2100-06-01",
        "needed_by": "2100-05-01",
    }
    response = await school.send("POST", f"{case_of(home)}/actions", {"actions": [wrong]})
    assert (response.status_code, fields_of(response)) == (422, ["actions.0.starts_on"])
    late = {**wrong, "starts_on": "2100-05-01", "needed_by": "2100-06-02"}
    response = await school.send("POST", f"{case_of(home)}/actions", {"actions": [late]})
    assert fields_of(response) == ["actions.0.needed_by"]
    unknown = {**plan_action(YOT), "supporting": ["nobody-at-all"]}
    response = await school.send("POST", f"{case_of(home)}/actions", {"actions": [unknown]})
    assert response.status_code == 422
    linked = {**plan_action(YOT), "needs": [home.house.camhs_action]}
    response = await school.send("POST", f"{case_of(home)}/actions", {"actions": [plan_action(YOT), linked]})
    assert fields_of(response) == ["actions.1.needs.0"]
    for field in ("goal", "agreed_at"):
        response = await school.send(
            "POST", f"{case_of(home)}/actions", {"actions": [{**plan_action(YOT), field: ABSENT}]}
        )
        assert fields_of(response) == [f"actions.0.{field}"]
    after = await home.world.rows(without=frozenset({"case.chains"}))
    assert {name: after[name] for name in after if name.startswith("case.")} == {
        name: before[name] for name in before if name.startswith("case.")
    }


def karen(home: HouseWorld) -> As:
    return home.world.as_("karen.mercer", person=home.house.mother)


async def newest(session: As, case: str) -> Json:
    return dict((await session.get(f"{case}/compact"))["versions"][0])


async def test_a_promise_that_a_service_missed_shows_like_one_that_the_family_missed(
    home: HouseWorld,
) -> None:
    """The same shape, the same words, the same place; and the family says so as the team does."""
    made = await home.world.as_("nadia.bell").post(f"{case_of(home)}/compact", new_compact(home.house))
    services, familys = made["commitments"]
    said = {"status": "missed", "what_happened": "Nobody rang until noon."}
    standing = f"{case_of(home)}/compact/commitments/{{}}/standing"
    await karen(home).post(standing.format(services), said)
    await home.world.as_("nadia.bell").post(standing.format(familys), said)
    for session in (karen(home), home.world.as_("nadia.bell"), home.world.as_("hana.novak")):
        both = {one["commitment"]["id"]: one for one in (await newest(session, case_of(home)))["commitments"]}
        first, second = both[services], both[familys]
        assert [one["standing"] for one in (first, second)] == ["missed", "missed"]
        assert first.keys() == second.keys()
        assert first["commitment"].keys() == second["commitment"].keys()
        assert first["commitment"]["fields"].keys() == second["commitment"]["fields"].keys()
        assert first["commitment"]["fields"]["promised_by"] == {"agency": SCHOOL}
        assert second["commitment"]["fields"]["promised_by"] == {"person": home.house.mother}
    again = await karen(home).send("POST", standing.format(services), said)
    assert (again.status_code, problem(again)) == (409, "conflict")
    assert "promise_missed" in await kinds_of_notices(home.world, "nadia.bell", services)
    assert "promise_missed" in await kinds_of_notices(home.world, "sam.okafor", familys)


async def test_each_signs_for_themselves_and_a_signature_belongs_to_its_version(home: HouseWorld) -> None:
    school, housing, case = home.world.as_("nadia.bell"), home.world.as_("hana.novak"), case_of(home)
    mother = {"signed_by": {"person": home.house.mother}}
    first = (await newest(school, case))["compact"]["id"]
    conflict_ = await school.send("POST", f"{case}/compact", new_compact(home.house, replaces=None))
    assert (conflict_.status_code, problem(conflict_)) == (409, "conflict")
    key, next_one = {"Idempotency-Key": "next-compact"}, new_compact(home.house, replaces=first)
    made = [await school.send("POST", f"{case}/compact", next_one, headers=key) for _ in range(2)]
    assert [one.status_code for one in made] == [201, 201], "sent twice, it is made once"
    assert made[0].json() == made[1].json()
    new = made[0].json()
    stale = await school.send("POST", f"{case}/compact", next_one, headers={"Idempotency-Key": "too-late"})
    assert (stale.status_code, problem(stale)) == (409, "conflict")
    assert "newer one" in stale.json()["detail"]
    path = f"{case}/compact/{new['id']}/signatures"
    assert (await karen(home).send("POST", path, mother)).status_code == 201
    assert (await karen(home).send("POST", path, mother)).status_code == 409
    for signer in ({"agency": SCHOOL}, {"person": home.house.child}):
        assert (await karen(home).send("POST", path, {"signed_by": signer})).status_code == 403
    assert (await school.send("POST", path, {"signed_by": {"agency": SCHOOL}})).status_code == 201
    assert (await housing.send("POST", path, {"signed_by": {"agency": SCHOOL}})).status_code == 403
    assert (await housing.send("POST", path, {"signed_by": {"agency": HOUSING}})).status_code == 201
    old = await school.send("POST", f"{case}/compact/{first}/signatures", {"signed_by": {"agency": SCHOOL}})
    assert (old.status_code, problem(old)) == (409, "conflict")
    wrong: list[Json] = [{}, {"signed_by": {}}, {"signed_by": {"agency": SCHOOL, "person": ABSENT}}]
    for body in wrong:
        assert (await school.send("POST", path, body)).status_code == 422
    versions = (await karen(home).get(f"{case}/compact"))["versions"]
    assert [version["in_force"] for version in versions] == [True] + [False] * (len(versions) - 1)
    assert versions[0]["compact"]["fields"]["replaces"] == versions[1]["compact"]["id"] == first
    signed = [one["fields"]["signed_by"] for one in versions[0]["signatures"]]
    assert signed == [{"person": home.house.mother}, {"agency": SCHOOL}, {"agency": HOUSING}]
    assert [one["fields"]["own_hand"] for one in versions[0]["signatures"]] == [True, True, True]
    assert versions[1]["signatures"] == []
    assert {one["standing"] for one in versions[1]["commitments"]} <= {"missed", "ended"}
    # The household's own version: the mother signed through the school.
    through = [s for version in versions for s in version["signatures"] if not s["fields"]["own_hand"]]
    assert [one["fields"]["signed_by"] for one in through] == [{"person": home.house.mother}]


async def test_a_goal_is_corrected_by_whoever_recorded_it(home: HouseWorld) -> None:
    school, path = home.world.as_("nadia.bell"), f"{case_of(home)}/goals"
    goal = await school.post(path, {"goal": "Sleeps through", "family_wishes": "By summer"})
    shown = next(e for e in (await school.get(path))["entries"] if e["id"] == goal["id"])
    reached = {"status": "reached"}
    without = await school.send("PATCH", f"{path}/{goal['id']}", reached, headers={"If-Match": shown["etag"]})
    assert fields_of(without) == ["what_came_of_it"]
    change = {**reached, "what_came_of_it": "Since May"}
    other = await home.world.as_("hana.novak").send(
        "PATCH", f"{path}/{goal['id']}", change, headers={"If-Match": shown["etag"]}
    )
    assert other.status_code == 403
    assert (await school.patch(f"{path}/{goal['id']}", change, shown["etag"]))["status"] == "reached"


async def test_an_outcome_is_measured_from_its_baseline_to_its_close(home: HouseWorld) -> None:
    school, path = home.world.as_("nadia.bell"), f"{case_of(home)}/outcomes"
    body: Json = {
        "measure": "Days at school", "scale": {"lowest": 0, "highest": 10, "higher_is_better": True},
        "baseline": {"measured_on": "2031-03-01", "value": 3},
    }  # fmt: skip
    off = await school.send("POST", path, {**body, "baseline": {"measured_on": "2031-03-01", "value": 11}})
    assert fields_of(off) == ["baseline.value"]
    ahead = {**body, "baseline": {"measured_on": "2099-03-01", "value": 3}}
    assert fields_of(await school.send("POST", path, ahead)) == ["baseline.measured_on"]
    measure = (await school.post(path, body))["id"]
    values = f"{path}/{measure}/values"
    early = await school.send("POST", values, {"stage": "review", "measured_on": "2031-02-01", "value": 5})
    assert fields_of(early) == ["measured_on"]
    for stage, value in (("review", 5), ("close", 9)):
        taken = {"stage": stage, "measured_on": "2031-03-02", "value": value}
        assert (await school.post(values, taken))["stage"] == stage
    after = await school.send("POST", values, {"stage": "review", "measured_on": "2031-03-02", "value": 5})
    assert after.status_code == 409
    again = {"stage": "close", "measured_on": "2031-03-02", "value": 9}
    assert (await home.world.as_("hana.novak").send("POST", values, again)).status_code == 403
    [shown] = [e for e in (await school.get(path))["entries"] if e["id"] == measure]
    assert [v["value"] for v in shown["fields"]["values"]] == [3, 5, 9]


async def test_closing_says_what_becomes_of_every_promise_that_its_closer_sees(home: HouseWorld) -> None:
    """Of the one that is hidden they are not told; its agency is, and nothing is lost. The last test here."""
    world, case = home.world, case_of(home)
    lead = world.as_("sam.okafor")
    open_ = [
        one["action"]
        for one in (await lead.get(f"{case}/actions"))["follow_up"]
        if one["standing"] in ("open", "late")
    ]
    versions = (await lead.get(f"{case}/compact"))["versions"]
    open_ += [
        one["commitment"]["id"]
        for version in versions
        for one in version["commitments"]
        if one["standing"] in ("open", "late")
    ]
    assert len(open_) > 5
    assert home.house.camhs_action not in open_
    refused = await lead.send("POST", f"{case}/closure", {"reason": "needs_met"})
    assert (refused.status_code, problem(refused)) == (409, "conflict")
    becomes = [{"promise": promise, "because": words("goes on elsewhere")} for promise in open_]
    short = await lead.send("POST", f"{case}/closure", {"reason": "needs_met", "promises": becomes[1:]})
    assert (short.status_code, short.json()) == (409, refused.json())
    for wrong in (home.house.camhs_action, ABSENT):
        body = {
            "reason": "needs_met",
            "promises": [*becomes, {"promise": wrong, "because": "x"}],
        }
        response = await lead.send("POST", f"{case}/closure", body)
        assert fields_of(response) == [f"promises.{len(becomes)}.promise"]
    watched = {"watched_over_by": "Ada Finch, social care"}
    await lead.post(f"{case}/closure", {"reason": "needs_met", "promises": becomes, **watched})
    shown = {e["id"]: e for e in (await lead.get(f"{case}/actions"))["entries"]}
    ended = [shown[promise]["fields"] for promise in open_ if promise in shown]
    assert {fields["status"] for fields in ended} == {"ended"}
    assert {fields["ended_because"] for fields in ended} <= {one["because"] for one in becomes}
    camhs = {e["id"]: e for e in (await world.as_("asif.khan").get(f"{case}/actions"))["entries"]}
    assert camhs[home.house.camhs_action]["fields"]["status"] == "ended"
    assert await kinds_of_notices(world, "hana.novak", home.house.needed_action) != ["promise_overdue"]
