"""The family's door: a code opens one visit of one person to one case, and no more than they may see."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session as DatabaseSession

from services.gateway.family_door import (
    TRIES_PER_MINUTE,
    WRONG_PER_MINUTE,
    FamilySecrets,
    digest_of_code,
)
from shared.upstream import InProcess, Reply
from tests.gateway.areas.bars import a_bar
from tests.gateway.conftest import HouseWorld
from tests.support.gateway import As, VirtualMonotonic

pytestmark = pytest.mark.anyio
WRONG = "ABCD-EFGH-JKLM-NPQR"
OF_A_SHEET = {"name", "birth", "action", "goal", "plan_goal"}


def codes(home: HouseWorld) -> str:
    return f"/v1/cases/{home.house.case}/family-codes"


def sheet(home: HouseWorld) -> str:
    return f"/v1/cases/{home.house.case}/family-sheet"


async def code_for(home: HouseWorld, person: str | None = None, giver: str = "nadia.bell") -> str:
    made = await home.world.as_(giver).post(codes(home), {"person": person or home.house.mother})
    code: str = made["code"]
    return code


def bringing(home: HouseWorld, token: str, person: str | None = None) -> As:
    """Somebody who brings this token; the receipts of a visit name its person."""
    client = home.world.client
    client.visitors[token] = f"family.{person or home.house.mother}"
    return As(client, {"Authorization": f"Bearer {token}"}, "", "family")


async def begin(home: HouseWorld, code: str) -> Any:
    return await bringing(home, f"family-code.{code}").send("POST", "/v1/family-visits")


async def visiting(home: HouseWorld, person: str | None = None) -> As:
    begun = await begin(home, await code_for(home, person))
    assert begun.status_code == 201, begun.text
    return bringing(home, begun.json()["token"], person)


async def test_a_code_opens_one_visit_which_reads_the_sheet_of_that_person(home: HouseWorld) -> None:
    await home.world.as_("hana.novak").get(f"/v1/cases/{home.house.case}")
    code = await code_for(home)
    begun = await begin(home, code.lower().replace("-", ""))
    assert begun.status_code == 201
    visit = bringing(home, begun.json()["token"])
    page = await visit.get(sheet(home))
    own = home.world.as_("karen.mercer", person=home.house.mother)
    as_signed_in = await own.get(f"/v1/cases/{home.house.case}")
    assert page["header"] == as_signed_in["header"]
    assert page["areas"] == {
        area: [entry for entry in entries if entry["kind"] in OF_A_SHEET]
        for area, entries in as_signed_in["areas"].items()
    }
    assert {entry["kind"] for entries in page["areas"].values() for entry in entries} >= {"name", "action"}
    listed = (await own.get(f"/v1/cases/{home.house.case}/consents"))["consents"]
    assert [one["id"] for one in page["consents"]] == [one["id"] for one in listed]
    looks = (await own.get(f"/v1/cases/{home.house.case}/disclosures?limit=100"))["disclosures"]
    assert {look["sentence"] for look in page["looks"]} <= {look["sentence"] for look in looks}
    assert "tidewater-housing" in {look["agency"] for look in page["looks"]}
    assert "Information Commissioner" in page["about_looks"]


async def test_whoever_gives_a_code_reads_nothing_of_the_assessment_by_it(home: HouseWorld) -> None:
    """Fails when a member of the team can read as the family what they may not read as themselves."""
    house, housing = home.house, home.world.as_("hana.novak")
    code = (await housing.post(codes(home), {"person": house.child}))["code"]
    visit = bringing(home, (await begin(home, code)).json()["token"], house.child)
    page = await visit.get(sheet(home))
    read = {entry["kind"] for entries in page["areas"].values() for entry in entries}
    assert read <= OF_A_SHEET
    assert "action" in read
    paths = ("", "/assessments", f"/assessments/{house.assessment}", "/consents", "/timeline", "/disclosures")
    for path in (f"/v1/cases/{house.case}{path}" for path in paths):
        assert (await visit.send("GET", path)).status_code == 403, path


async def test_a_code_is_good_once_for_a_day_and_until_there_is_a_newer_one(home: HouseWorld) -> None:
    clock = home.world.clock
    used, replaced = await code_for(home), await code_for(home)
    newest = await code_for(home)
    assert [(await begin(home, one)).status_code for one in (used, replaced, WRONG)] == [401] * 3
    assert (await begin(home, newest)).status_code == 201
    assert (await begin(home, newest)).status_code == 401
    late = await code_for(home)
    clock.now += timedelta(hours=24)
    refusals = [await begin(home, one) for one in (late, newest, WRONG)]
    assert len({refusal.text for refusal in refusals}) == 1
    assert {refusal.status_code for refusal in refusals} == {401}


async def test_a_visit_lasts_half_an_hour_and_ends_when_a_new_code_is_given(home: HouseWorld) -> None:
    visit = await visiting(home)
    home.world.clock.now += timedelta(minutes=29)
    assert (await visit.send("GET", sheet(home))).status_code == 200
    home.world.clock.now += timedelta(minutes=1)
    assert (await visit.send("GET", sheet(home))).status_code == 401
    second = await visiting(home)
    await code_for(home)
    assert (await second.send("GET", sheet(home))).status_code == 401


async def test_a_visit_opens_its_case_and_nothing_else(home: HouseWorld) -> None:
    visit, house = await visiting(home), home.house
    absent = "20000000-0000-4000-8000-000000000000"
    for case in (house.other_case, absent, "no-such-case"):
        for path in (f"/v1/cases/{case}", f"/v1/cases/{case}/family-sheet"):
            assert (await visit.send("GET", path)).status_code == 404
    for path in ("/v1/cases", f"/v1/people/{house.mother}", f"/v1/people/{house.child}/disclosures"):
        assert (await visit.send("GET", path)).status_code == 403
    code = bringing(home, f"family-code.{await code_for(home)}")
    assert (await code.send("GET", sheet(home))).status_code == 403


async def test_a_permission_is_taken_back_in_their_own_name_and_shuts_at_once(
    home: HouseWorld,
) -> None:
    visit, house = await visiting(home), home.house
    before = await home.world.as_("hana.novak").get(f"/v1/cases/{house.case}")
    path = f"/v1/cases/{house.case}/consents/{house.everyday_permission}/withdrawal"
    refused = await visit.send("POST", path, {"withdrawn_by": house.child})
    assert refused.status_code == 403
    done = await visit.post(path, {"withdrawn_by": house.mother})
    assert "enforced_at" in done
    after = await home.world.as_("hana.novak").get(f"/v1/cases/{house.case}")
    assert sum(map(len, after["areas"].values())) < sum(map(len, before["areas"].values()))


async def test_only_who_works_on_the_case_gives_codes_and_for_nobody_outside_it(home: HouseWorld) -> None:
    house = home.house
    for user, status in (
        ("sam.okafor", 201), ("hana.novak", 201), ("max.holt", 404), ("ben.carver", 403), ("tom.ashby", 403),
    ):  # fmt: skip
        answer = await home.world.as_(user).send("POST", codes(home), {"person": house.mother})
        assert answer.status_code == status, user
    for stranger in (house.other_child, "20000000-0000-4000-8000-000000000000"):
        answer = await home.world.as_("nadia.bell").send("POST", codes(home), {"person": stranger})
        assert answer.status_code == 422
    own = home.world.as_("karen.mercer", person=house.mother)
    assert (await own.send("POST", "/v1/family-visits")).status_code == 403


async def test_neither_code_nor_visit_stands_in_the_database(home: HouseWorld) -> None:
    code = await code_for(home)
    token = (await begin(home, code)).json()["token"]

    def everything(session: DatabaseSession) -> str:
        tables = ("family_codes", "idempotency_keys", "receipts")
        return repr([session.execute(text(f"SELECT * FROM {name}")).all() for name in tables])

    stored = await home.world.store("consent").read(everything)
    for secret in (code, code.replace("-", ""), token.removeprefix("family-visit.")):
        assert secret not in stored
    assert home.house.mother in stored


async def test_the_same_request_again_gives_the_same_code(home: HouseWorld) -> None:
    nadia, key = home.world.as_("nadia.bell"), {"Idempotency-Key": "once-for-karen"}
    both = [
        (await nadia.send("POST", codes(home), {"person": home.house.mother}, headers=key)).json()
        for _ in range(2)
    ]
    assert both[0] == both[1]


async def test_codes_are_not_guessed(home: HouseWorld) -> None:
    async with home.world.client_over({}, monotonic=VirtualMonotonic()) as client:
        tried = [
            (await client.call("POST", "/v1/family-visits", headers=bearer(WRONG))).status_code
            for _ in range(TRIES_PER_MINUTE + 1)
        ]
    assert tried == [401] * TRIES_PER_MINUTE + [429]


async def test_whoever_types_wrong_codes_shuts_the_door_to_nobody_else(home: HouseWorld) -> None:
    """All who come through the pages come from one address. Fails when tries are counted by it alone."""
    code = await code_for(home)
    wrong = [f"{letter * 4}-{WRONG[5:]}" for letter in "ABCDEFGHJK" if not code.startswith(letter * 4)]
    async with home.world.client_over({}, monotonic=VirtualMonotonic()) as client:
        tried = Counter(
            [
                (await client.call("POST", "/v1/family-visits", headers=bearer(one))).status_code
                for one in wrong * (TRIES_PER_MINUTE + 2)
            ]
        )
        begun = await client.call("POST", "/v1/family-visits", headers=bearer(code))
    assert tried == {401: len(wrong) * TRIES_PER_MINUTE, 429: len(wrong) * 2}
    assert begun.status_code == 201


class Asked:
    """A way to the consent service that counts what is asked about codes."""

    def __init__(self, home: HouseWorld) -> None:
        self._own = InProcess(home.world.suite.services["consent"])
        self.digests: list[str] = []

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        if path == "/family-codes/whose":
            self.digests.append(json.loads(body)["digest"])
        return await self._own.send(method, path, headers, body)

    async def close(self) -> None:
        await self._own.close()


def some_codes(number: int, like: str = "") -> list[str]:
    """Wrong codes; they begin in as many ways, or ``like`` one that was given."""
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    of = [letters[n % 32] + letters[n // 32 % 32] + letters[n // 1024 % 32] + "7" for n in range(number)]
    return [f"{like}-{one}-7777-7777" if like else f"{one}-7777-7777-7777" for one in of]


async def test_a_wrong_code_is_a_question_to_nobody_whether_or_not_one_begins_like_it(
    home: HouseWorld,
) -> None:
    """Fails when the consent service is asked: a stranger could keep it busy, or tell by the time that an
    answer takes that a code begins so."""
    code, asked = await code_for(home), Asked(home)
    async with home.world.client_over({"consent": asked}, monotonic=VirtualMonotonic()) as client:
        answers = [
            await client.call("POST", "/v1/family-visits", headers=bearer(one))
            for one in (*some_codes(5), *some_codes(3, like=code[:4]), code[:-1], f"{code}A", code[:14])
        ]
        assert asked.digests == []
        assert {(answer.status_code, answer.content) for answer in answers} == {(401, answers[0].content)}
        begun = await client.call("POST", "/v1/family-visits", headers=bearer(code))
    assert (begun.status_code, asked.digests) == (201, [digest_of_code(code)])


async def test_wrong_codes_have_a_limit_in_all_and_right_ones_work_beyond_it(sqlite_home: HouseWorld) -> None:
    """Fails when whoever sends a wrong code of every beginning is answered without end, or when a family is
    kept waiting for it."""
    home, clock = sqlite_home, VirtualMonotonic()
    codes = [await code_for(home), await code_for(home, home.house.child)]
    async with home.world.client_over({}, monotonic=clock) as client:

        async def tried(many: list[str]) -> Counter[int]:
            found = Counter[int]()
            for one in many:
                found[(await client.call("POST", "/v1/family-visits", headers=bearer(one))).status_code] += 1
            return found

        assert await tried(some_codes(WRONG_PER_MINUTE + 50)) == {401: WRONG_PER_MINUTE, 429: 50}
        assert await tried(some_codes(5, like=codes[0][:4])) == {429: 5}, "as of every other beginning"
        assert await tried(codes) == {201: 2}
        clock.seconds += 60
        assert await tried(some_codes(20)) == {401: 20}


async def test_whoever_knows_how_a_code_begins_does_not_use_up_its_tries(home: HouseWorld) -> None:
    code = await code_for(home)
    async with home.world.client_over({}, monotonic=VirtualMonotonic()) as client:
        tried = Counter(
            [
                (await client.call("POST", "/v1/family-visits", headers=bearer(one))).status_code
                for one in some_codes(TRIES_PER_MINUTE + 4, like=code[:4])
            ]
        )
        begun = await client.call("POST", "/v1/family-visits", headers=bearer(code))
    assert (tried, begun.status_code) == ({401: TRIES_PER_MINUTE, 429: 4}, 201)


def test_of_a_million_wrong_codes_hardly_one_looks_right() -> None:
    """And ten thousand tries a second at a thousand codes, all year, open one of them in no year of many
    millions."""
    secrets = FamilySecrets(b"k" * 32)
    made = [secrets.code(str(number)) for number in range(1_000)]
    assert all(secrets.made(code) and secrets.made(code.lower().replace("-", " ")) for code in made)
    assert len({code[:4] for code in made}) > 990
    possible = len(set("".join(made)) - {"-"}) ** len(made[0].replace("-", ""))
    assert 10_000 * timedelta(days=366).total_seconds() * 1_000 / possible < 1e-9
    assert not any(FamilySecrets(b"x" * 32).made(code) for code in made)
    assert not any(secrets.made(code) for code in ("", "A", WRONG, "é" * 16, *some_codes(5_000)))


def bearer(code: str) -> dict[str, str]:
    return {"Authorization": f"Bearer family-code.{code}"}


async def test_whoever_gave_a_code_and_is_stopped_since_comes_in_by_it_no_more(home: HouseWorld) -> None:
    """They know the code that they gave. Suspended, kept out by name or gone from the team, they would read
    by it what is shut to them in their own name."""
    world, house = home.world, home.house
    reason = {"reason": "A complaint"}
    code = await code_for(home, giver="hana.novak")
    begun = await begin(home, await code_for(home, house.child, "hana.novak"))
    running = bringing(home, begun.json()["token"], house.child)
    assert (await running.send("GET", sheet(home))).status_code == 200
    await world.as_("hous.officer").post("/v1/users/hana.novak/suspension", reason)
    assert (await running.send("GET", sheet(home))).status_code == 401
    assert (await begin(home, code)).status_code == 401
    await world.as_("hous.officer").post("/v1/users/hana.novak/suspension/lifting", reason)
    assert (await begin(home, code)).status_code == 201

    excluded = {
        "subject": house.mother, "giver": house.mother, "capacity": "adult", "agencies": [],
        "users": ["hana.novak"], "categories": ["family"],
    }  # fmt: skip
    code = await code_for(home, giver="hana.novak")
    made = await world.as_("nadia.bell").post(f"/v1/cases/{house.case}/exclusions", excluded)
    assert (await begin(home, code)).status_code == 401
    assert (await begin(home, await code_for(home))).status_code == 201, (
        "whom they did not name gives another"
    )
    lifted = {"lifted_by": house.mother, "evidence": {"form": "verbal"}}
    await world.as_("sam.okafor").post(f"/v1/cases/{house.case}/exclusions/{made['id']}/lifting", lifted)

    code = await code_for(home, giver="hana.novak")
    await world.as_("kit.vane").post("/v1/users/hana.novak/departure", {"reason": "Left"})
    assert (await begin(home, code)).status_code == 401
    assert (await begin(home, await code_for(home))).status_code == 201


async def test_who_is_kept_out_by_name_comes_in_by_no_code_and_whoever_gives_it_learns_nothing(
    home: HouseWorld,
) -> None:
    """A bar or an exclusion names users. One who comes by a code has no name that it could name."""
    world, house = home.world, home.house
    visit, waiting = await visiting(home), None
    bars = f"/v1/cases/{house.case}/bars"
    barred = await world.as_("tom.ashby").post(bars, a_bar(agencies=[], users=["karen.mercer"]))
    waiting = await world.as_("nadia.bell").send("POST", codes(home), {"person": house.mother})
    assert waiting.status_code == 201, "whoever gives the code is not told of the bar"
    assert (await visit.send("GET", sheet(home))).status_code == 401
    assert (await begin(home, waiting.json()["code"])).status_code == 401
    assert barred["id"]
