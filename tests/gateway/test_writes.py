"""Writes: done once per key, changed only from what was read, and by whom (design 3.2, 3.5, 4).

Three changes that make this fail: keying idempotency without the user, taking any ``If-Match`` for the right
one, letting a supervisor contribute.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest

from tests.gateway.conftest import HouseWorld
from tests.gateway.household import SCHOOL, YOT, details, element, plan_action, words
from tests.gateway.operations import CASE, PERSON, bodies, exclusion, ids_of, share
from tests.support.gateway import LEDGER_TABLES, As, World, fresh_key, problem, someone

pytestmark = pytest.mark.anyio

Json = dict[str, Any]


@dataclass(frozen=True)
class Write:
    """A write that can be repeated: who sends what where, and something else for the same place."""

    user: str
    path: str
    body: Json
    other: Json


def writes(home: HouseWorld) -> list[Write]:
    house = home.house
    sent = bodies(house)
    entries = f"/v1/cases/{house.case}/assessments/{house.draft}/entries"
    new_case = sent["POST", "/v1/cases"]
    member = sent["POST", f"{CASE}/team"]
    agency = sent["POST", "/v1/agencies"]
    agreement = sent["POST", "/v1/agreements"]
    assess = sent["POST", f"{CASE}/assessments"]
    related = {**sent["POST", f"{PERSON}/relationships"], "relation": "guardian"}
    name = {"details": [details("name")]}
    plan, need = {"actions": [plan_action(YOT)]}, element("need", "participation", [house.child])
    return [
        Write("nadia.bell", "/v1/people", name, {"details": [details("name")]}),
        Write("nadia.bell", f"{PERSON}/details", {"details": [details("contact")]}, name),
        Write("nadia.bell", f"{PERSON}/relationships", related, {**related, "relation": "carer"}),
        Write("nadia.bell", "/v1/cases", new_case, {**new_case, "reason": words("other")}),
        Write("sam.okafor", f"{CASE}/team", member, {**member, "job_title": "Other"}),
        Write("nadia.bell", f"{CASE}/reviews", {"review_on": "2031-07-01"}, {"review_on": "2031-07-02"}),
        Write("nadia.bell", f"{CASE}/actions", plan, {"actions": [plan_action(YOT)]}),
        Write("nadia.bell", f"{CASE}/assessments", assess, {**assess, "location": "Home"}),
        Write("asif.khan", entries, need, {**need, "headline": words("other")}),
        Write("nadia.bell", f"{CASE}/consents", share(house), share(house, categories=["family"])),
        Write("nadia.bell", f"{CASE}/exclusions", exclusion(house), exclusion(house, users=["meg.lloyd"])),
        Write("tom.ashby", "/v1/agreements", agreement, {**agreement, "title": "Other"}),
        Write("una.price", "/v1/agencies", agency, {**agency, "code": "other-agency"}),
        Write("tom.ashby", "/v1/users/left.long.ago/suspension", {"reason": "Left"}, {"reason": "Gone"}),
    ]


async def send(home: HouseWorld, user: str, path: str, body: Json, key: str) -> tuple[int, Json]:
    session = home.world.as_(user)
    response = await session.send(
        "POST", path.format(**ids_of(home.house)), body, headers={"Idempotency-Key": key}
    )
    content = response.json()
    content.pop("enforced_at", None)
    return response.status_code, content


async def test_a_write_repeated_under_its_key_is_done_once(home: HouseWorld) -> None:
    """Fails when a replay writes again, answers another id, or is asked about its body anew."""
    world, done = home.world, 0
    for write in writes(home):
        key = f"replay-{done}"
        before = await world.rows(without=LEDGER_TABLES)
        first = await send(home, write.user, write.path, write.body, key)
        assert first[0] in (200, 201), (write.path, first)
        after = await world.rows(without=LEDGER_TABLES)
        assert after != before, write.path
        for _ in range(2):
            assert await send(home, write.user, write.path, write.body, key) == first, write.path
        assert await world.rows(without=LEDGER_TABLES) == after, write.path
        other = await send(home, write.user, write.path, write.other, key)
        assert other[0] == 409, (write.path, other)
        assert "Idempotency-Key" in other[1]["detail"]
        assert await world.rows(without=LEDGER_TABLES) == after
        done += 1
    assert done == 14


async def test_a_key_belongs_to_one_user_in_one_agency(home: HouseWorld) -> None:
    body = {"details": [details("name")]}
    users = ("nadia.bell", "grace.obi", "sam.okafor", "asif.khan")
    made = [await send(home, user, "/v1/people", body, "shared-key") for user in users]
    for agency in ("tidewater-housing", "jobcentre-east"):
        response = await home.world.as_("will.marsh", agency=agency).send(
            "POST", "/v1/people", body, headers={"Idempotency-Key": "shared-key"}
        )
        made.append((response.status_code, response.json()))
    assert [status for status, _ in made] == [201] * 6
    assert len({content["id"] for _, content in made}) == 6
    for user, first in zip(users, made, strict=False):
        assert await send(home, user, "/v1/people", body, "shared-key") == first


async def test_without_a_key_every_request_is_a_new_one(home: HouseWorld) -> None:
    session, body = home.world.as_("nadia.bell"), {"details": [details("name")]}
    ids = {(await session.send("POST", "/v1/people", body)).json()["id"] for _ in range(3)}
    assert len(ids) == 3


async def test_a_refused_write_leaves_its_key_free(home: HouseWorld) -> None:
    body, key = {"details": [details("name")]}, "refused-first"
    path = f"/v1/cases/{home.house.case}/closure"
    refused = await send(home, "ben.carver", path, {"reason": "other"}, key)
    assert refused[0] == 403
    wrong = {"actions": [{**plan_action(YOT), "subjects": [home.house.other_child]}]}
    plan = f"/v1/cases/{home.house.case}/actions"
    assert (await send(home, "nadia.bell", plan, wrong, key))[0] == 422
    assert (await send(home, "nadia.bell", plan, {"actions": [plan_action(YOT)]}, key))[0] == 201
    assert (await send(home, "ben.carver", "/v1/people", body, key))[0] == 403


async def test_a_replay_by_somebody_who_no_longer_sees_the_case_shows_nothing(home: HouseWorld) -> None:
    """The permission is asked for afresh, before the key is looked at."""
    world, house = home.world, home.house
    case = (await world.as_("nadia.bell").post("/v1/cases", bodies(house)["POST", "/v1/cases"]))["id"]
    member = {**bodies(house)["POST", f"{CASE}/team"], "user": "jean.clarke", "agency": SCHOOL}
    added = await world.as_("nadia.bell").post(f"/v1/cases/{case}/team", member)
    leaver = As(
        world.client,
        {"Authorization": f"Bearer {world.issuer.token(_jean_at_school())}"},
        "jean.clarke",
        SCHOOL,
    )
    path, body, key = (
        f"/v1/cases/{case}/actions",
        {"actions": [plan_action(SCHOOL)]},
        {"Idempotency-Key": "k"},
    )
    assert (await leaver.send("POST", path, body, headers=key)).status_code == 201
    ended = await world.as_("grace.obi").send(
        "DELETE", f"/v1/cases/{case}/team/{added['id']}", {"reason": "Left the school"}
    )
    assert ended.json()["enforced_at"]
    assert world.sleep.slept[-1] == world.deadline_seconds
    response = await leaver.send("POST", path, body, headers=key)
    assert response.status_code in (403, 404)
    assert "id" not in response.json()


def _jean_at_school() -> Any:
    return someone("jean.clarke", ((SCHOOL, "practitioner"),))


async def _etag(session: As, path: str, entry: str) -> str:
    def found(content: Any) -> Any:
        if isinstance(content, dict):
            if content.get("id") == entry and "etag" in content:
                return content["etag"]
            content = list(content.values())
        if isinstance(content, list):
            return next((tag for tag in map(found, content) if tag), None)
        return None

    tag = found(await session.get(path))
    assert isinstance(tag, str)
    return tag


async def test_a_correction_says_what_it_corrects(home: HouseWorld) -> None:
    """428 without a tag, 412 with any but the present one; and an old tag is never good again."""
    world, house = home.world, home.house
    school, camhs, yot = world.as_("nadia.bell"), world.as_("asif.khan"), world.as_("sam.okafor")
    entries = f"/v1/cases/{house.case}/assessments/{house.draft}/entries"
    entry = (await camhs.post(entries, element("need", "participation", [house.child])))["id"]
    action = (await school.post(f"/v1/cases/{house.case}/actions", {"actions": [plan_action(YOT)]}))[
        "actions"
    ][0]["id"]
    tried = 0
    for session, read, path, id_, changes in (
        (school, f"/v1/people/{house.child}", f"/v1/people/{house.child}/details/{house.school_contact}",
         house.school_contact, [{"fields": {"telephone": f"01632 96070{n}"}} for n in range(3)]),
        (camhs, f"/v1/cases/{house.case}", f"{entries}/{entry}", entry,
         [{"headline": words("corrected")} for _ in range(3)]),
        (yot, f"/v1/cases/{house.case}", f"/v1/cases/{house.case}/actions/{action}", action,
         [{"status": "in_progress"}, {"status": "done", "outcome": "Done"}, {"status": "in_progress"}]),
    ):  # fmt: skip
        before = await world.rows(without=LEDGER_TABLES)
        tag = await _etag(session, read, id_)
        response = await session.send("PATCH", path, changes[0])
        assert (response.status_code, problem(response)) == (428, "precondition-required")
        for wrong in ("", "*", '"0"', tag.strip('"'), f"W/{tag}", f'{tag}, "x"', tag.upper(), tag[:-2] + '"'):
            response = await session.send("PATCH", path, changes[0], headers={"If-Match": wrong})
            assert (response.status_code, problem(response)) == (412, "stale"), wrong
            tried += 1
        assert await world.rows(without=LEDGER_TABLES) == before
        tags = [tag]
        for change in changes[:2]:
            response = await session.send("PATCH", path, change, headers={"If-Match": tags[-1]})
            assert response.status_code == 200, response.text
            tags.append(await _etag(session, read, id_))
        assert len(set(tags)) == 3
        for old in tags[:2]:
            response = await session.send("PATCH", path, changes[2], headers={"If-Match": old})
            assert response.status_code == 412
        assert (
            await session.send("PATCH", path, changes[2], headers={"If-Match": tags[2]})
        ).status_code == 200
    assert tried == 24


USERS = (
    "sam.okafor", "hana.novak", "grace.obi", "ben.carver", "ivor.pryce", "joan.reed", "school.coord",
    "tom.ashby", "pam.orr", "rita.shaw", "school.system", "school.guard",
)  # fmt: skip
"""The lead, a member, a supervisor, the volunteer, a stranger, one of an excluded agency, further roles."""
YES, NO, HERE = 201, 403, 200


@dataclass(frozen=True)
class DeedTried:
    """A deed, and what each of ``USERS`` is answered."""

    name: str
    method: str
    path: str
    body: Json
    answers: tuple[int, ...]


def deeds(home: HouseWorld) -> list[DeedTried]:
    house = home.house
    sent = bodies(house)
    post, change = "POST", "PATCH"
    member = {**sent["POST", f"{CASE}/team"]}
    unproven = share(house, recipients=[SCHOOL, YOT, "tidewater-housing"], evidence={"form": "verbal"})
    proven = share(house, recipients=[SCHOOL, YOT, "tidewater-housing"])
    name = {"details": [details("name")]}
    return [
        DeedTried("contribute an action", post, f"{CASE}/actions", {"actions": [plan_action(YOT)]},
            (YES, YES, NO, NO, NO, NO, NO, NO, NO, NO, 404, NO)),
        DeedTried("contribute a detail", post, f"{PERSON}/details", {"details": [details("contact")]},
            (YES, YES, NO, NO, NO, 404, NO, NO, NO, NO, 404, NO)),
        DeedTried("contribute to the draft", post, f"{CASE}/assessments/{house.draft}/entries",
            {"kind": "goal", "text": "Sleeps"}, (YES, YES, NO, NO, NO, NO, NO, NO, NO, NO, 404, NO)),
        DeedTried("sign somebody else's draft", post, f"{CASE}/assessments/{house.draft}/signature",
            {"child_or_young_person": "agreed", "parent_or_carer": "agreed"},
            (NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, 404, NO)),
        DeedTried("correct the school's detail", change, f"{PERSON}/details/{{entry}}",
            {"fields": {"telephone": "01632 960888"}},
            (NO, NO, 428, NO, NO, 404, NO, NO, NO, NO, 404, 428)),
        DeedTried("write the status of an action that the lead's agency owes", change,
            f"{CASE}/actions/{{action}}", {"status": "in_progress"},
            (428, NO, NO, NO, NO, NO, NO, NO, NO, NO, 404, NO)),
        DeedTried("reword the school's action", change, f"{CASE}/actions/{{action}}", {"action": "Else"},
            (NO, NO, 428, NO, NO, NO, NO, NO, NO, NO, 404, 428)),
        DeedTried("add one of the school to the team", post, f"{CASE}/team", member,
            (YES, NO, YES, NO, NO, NO, NO, NO, NO, NO, 404, NO)),
        DeedTried("add one of an excluded agency", post, f"{CASE}/team",
            {**member, "agency": "jobcentre-east"},
            (NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, 404, NO)),
        DeedTried("end housing's membership", "DELETE", f"{CASE}/team/{{member}}", {"reason": "x" * 10_001},
            (422,) * 12),
        DeedTried("nominate", post, f"{CASE}/lead-professional/nominations", {"member": house.lead_member},
            (409, NO, 409, NO, NO, NO, NO, NO, NO, NO, 404, NO)),
        DeedTried("answer somebody's nomination", post,
            f"{CASE}/lead-professional/nominations/{{nomination}}/acceptance", {},
            (409, NO, NO, NO, NO, NO, NO, NO, NO, NO, 404, NO)),
        DeedTried("record a permission that serves the own agency", post, f"{CASE}/consents", proven,
            (YES, YES, NO, NO, NO, NO, NO, NO, NO, NO, 404, NO)),
        DeedTried("the same without evidence", post, f"{CASE}/consents", unproven,
            (NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, 404, NO)),
        DeedTried("record an exclusion", post, f"{CASE}/exclusions", exclusion(house, users=["meg.lloyd"]),
            (YES, YES, NO, NO, NO, NO, NO, NO, NO, NO, 404, NO)),
        DeedTried("lift another's exclusion", post, f"{CASE}/exclusions/{{exclusion}}/lifting",
            {"lifted_by": house.child, "evidence": {"form": "verbal"}},
            (NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, 404, NO)),
        DeedTried("set the review", post, f"{CASE}/reviews", {"review_on": "2031-06-01"},
            (HERE, HERE, NO, NO, NO, NO, NO, NO, NO, NO, 404, NO)),
        DeedTried("reopen what is open", post, f"{CASE}/reopening", {"reason": "x"},
            (409, NO, 409, NO, NO, NO, NO, NO, NO, NO, 404, NO)),
        DeedTried("record a person", post, "/v1/people", name,
            (YES, YES, YES, NO, YES, YES, YES, NO, NO, NO, NO, YES)),
        DeedTried("open a case", post, "/v1/cases", sent["POST", "/v1/cases"],
            (YES, YES, YES, NO, YES, 404, YES, NO, NO, NO, 404, YES)),
        DeedTried("record an agreement of the school", post, "/v1/agreements", sent["POST", "/v1/agreements"],
            (NO, NO, NO, NO, NO, NO, NO, YES, NO, NO, NO, NO)),
        DeedTried("suspend somebody", post, "/v1/users/somebody.else/suspension", {"reason": "Left"},
            (NO, NO, NO, NO, NO, NO, NO, YES, NO, NO, NO, NO)),
    ]  # fmt: skip


async def test_who_may_write(home: HouseWorld) -> None:
    """Each deed by each of twelve people: the table of design 3.2 as answers of the API."""
    tried, unlike = 0, []
    for number, tried_deed in enumerate(deeds(home)):
        for user, expected in zip(USERS, tried_deed.answers, strict=True):
            ids = ids_of(home.house)
            body = dict(tried_deed.body)
            if tried_deed.name.startswith("add one of the school"):
                body["user"] = f"new.user.{number}.{user}"
            headers = fresh_key()
            response = await home.world.as_(user).send(
                tried_deed.method, tried_deed.path.format(**ids), body, headers=headers
            )
            if response.status_code != expected:
                unlike.append((tried_deed.name, user, expected, response.status_code, response.text[:200]))
            tried += 1
    assert unlike == [], "\n".join(map(str, unlike))
    assert tried == 22 * 12


async def test_the_family_reads_what_is_theirs_and_records_nothing_but_their_own_no(
    home: HouseWorld,
) -> None:
    """What they may record is in ``tests/gateway/test_answers.py``."""
    world, house = home.world, home.house
    mother = world.as_("karen.mercer", person=house.mother)
    assert (await mother.send("GET", f"/v1/cases/{house.case}")).status_code == 200
    anothers = exclusion(house, giver=house.child, capacity="young_person")
    for path, body in ((f"{CASE}/consents", share(house)), (f"{CASE}/exclusions", anothers)):
        response = await mother.send("POST", path.format(**ids_of(house)), body)
        assert (response.status_code, problem(response)) == (403, "forbidden")
    stranger = world.as_("karen.mercer", person=house.other_child)
    assert (await stranger.send("GET", f"/v1/cases/{house.case}")).status_code == 404
    assert (await world.as_("karen.mercer").send("GET", f"/v1/cases/{house.case}")).status_code == 404


async def test_somebody_who_is_suspended_sees_and_does_nothing_from_then_on(home: HouseWorld) -> None:
    world, house = home.world, home.house
    volunteer = world.as_("ben.carver")
    assert (await volunteer.send("GET", f"/v1/cases/{house.case}")).status_code == 200
    before = len(world.sleep.slept)
    await world.as_("una.price").post("/v1/users/ben.carver/suspension", {"reason": "Left"})
    assert world.sleep.slept[before:] == [world.deadline_seconds]
    assert (await volunteer.send("GET", f"/v1/cases/{house.case}")).status_code == 404
    assert (await volunteer.get("/v1/cases"))["cases"] == []


async def test_what_takes_away_answers_once_it_is_enforced(home: HouseWorld) -> None:
    """Each waits D before it answers, and what only gives does not wait."""
    world, house = home.world, home.house
    school = world.as_("nadia.bell")
    no = {"reasons_explained_and_understood": True, "agrees": False}
    case = f"/v1/cases/{house.case}"
    given = await _slept_by(world, school, f"{case}/consents", share(house, categories=["community"]))
    assert given == (201, [], False)
    consent = (await school.get(f"{case}/consents"))["consents"][-1]["id"]
    d = [world.deadline_seconds]
    for path, body in (
        (f"{case}/consents", share(house, categories=["community"], answer="refused", statement=no)),
        (f"{case}/consents", share(house, categories=["wellbeing"], not_recipients=["jobcentre-east"])),
        (f"{case}/consents/{consent}/withdrawal", {"withdrawn_by": house.mother}),
        (f"{case}/exclusions", exclusion(house, users=["joan.reed"])),
    ):
        status, slept, enforced = await _slept_by(world, school, path, body)
        assert (status in (200, 201), slept, enforced) == (True, d, True), path


async def _slept_by(world: World, session: As, path: str, body: Json) -> tuple[int, list[float], bool]:
    before = len(world.sleep.slept)
    response = await session.send("POST", path, body)
    return response.status_code, world.sleep.slept[before:], "enforced_at" in response.json()


async def test_a_user_id_with_slashes_is_suspended_like_any_other(home: HouseWorld) -> None:
    """Issuers give ids such as ``issuer/1234``; whoever bears one must not be out of reach."""
    world = home.world
    for user in ("issuer/1234", "https://issuer.example/u?x=1#y%2Fz", "a/suspension"):
        token = world.issuer.token(someone(user, ((SCHOOL, "practitioner"),)))
        leaver = As(world.client, {"Authorization": f"Bearer {token}"}, user, SCHOOL)
        body = {"details": [details("name")]}
        assert (await leaver.send("POST", "/v1/people", body)).status_code == 201
        for address in (quote(user, safe=""), quote(user, safe="/")):
            path = f"/v1/users/{address}/suspension"
            response = await world.as_("una.price").send("POST", path, {"reason": "Left"})
            assert response.status_code in (201, 409), response.text
        assert (await leaver.send("POST", "/v1/people", body)).status_code == 403, user
    spaced = await world.as_("una.price").send("POST", "/v1/users/a%20b/suspension", {"reason": "Left"})
    assert spaced.status_code == 422
