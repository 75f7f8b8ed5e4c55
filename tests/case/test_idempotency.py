"""Doing a write once, however often it is sent."""

import asyncio
from typing import Any

import orjson
import pytest

from shared.problems import Problem
from tests.case.conftest import HOUSING, SCHOOL, YOT, CaseService, Json

pytestmark = pytest.mark.anyio

PERSON: Json = {"details": [{"kind": "name", "fields": {"given_names": "Amara"}}]}


async def test_a_replay_gives_the_first_answer_and_stores_nothing(service: CaseService) -> None:
    first = await service.post(SCHOOL, "/people", PERSON, key="k1")
    before = service.rows()
    assert before["people"] == 1
    service.clock.turn(hours=5)
    for _ in range(3):
        assert await service.post(SCHOOL, "/people", PERSON, key="k1") == first
    assert service.rows() == before
    assert await service.post(SCHOOL, "/people", PERSON, key="k2") != first


async def test_a_key_is_used_for_one_request_only(service: CaseService) -> None:
    await service.post(SCHOOL, "/people", PERSON, key="k1")
    before = service.rows()
    other = {"details": [{"kind": "name", "fields": {"given_names": "Bela"}}]}
    assert (await service.problem(SCHOOL, "POST", "/people", other, key="k1")).kind == "conflict"
    case = {"person": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "reason": "x", "opener": {"job_title": "y"}}
    assert (await service.problem(SCHOOL, "POST", "/cases", case, key="k1")).kind == "conflict"
    assert service.rows() == before


async def test_nobody_meets_anothers_key(service: CaseService) -> None:
    answers = [await service.post(who, "/people", PERSON, key="k1") for who in (SCHOOL, YOT, HOUSING)]
    assert len({answer["id"] for answer in answers}) == 3


async def test_a_refused_write_does_not_use_up_its_key(service: CaseService) -> None:
    case = await service.case()
    await service.post(SCHOOL, f"/cases/{case}/closure", {"reason": "other"})
    body = {"review_on": "2031-06-01"}
    assert (await service.problem(SCHOOL, "POST", f"/cases/{case}/reviews", body, key="k")).kind == "conflict"
    await service.post(SCHOOL, f"/cases/{case}/reopening", {"reason": "Back."})
    assert (await service.post(SCHOOL, f"/cases/{case}/reviews", body, key="k"))["review_on"] == "2031-06-01"


async def test_taking_away_again_waits_again_and_ends_once(service: CaseService) -> None:
    case = await service.case()
    member = await service.join(case, YOT)
    path = f"/cases/{case}/team/{member}/ending"
    answers = [await service.post(SCHOOL, path, {"reason": "Left."}, key="k") for _ in range(2)]
    assert [answer["enforced_at"] for answer in answers] == [
        "2031-03-03T09:00:01.000000Z",
        "2031-03-03T09:00:02.000000Z",
    ]
    assert service.slept == [1.0, 1.0]
    [left] = [m for m in (await service.bundle(case))["team"] if m["until"]]
    assert left["until"] == "2031-03-03T09:00:00.000000Z"


async def test_one_request_sent_twenty_times_at_once_happens_once(service: CaseService) -> None:
    async def send() -> Any:
        try:
            return (await service.post(SCHOOL, "/people", PERSON, key="k1"))["id"]
        except Problem as problem:
            return problem.kind

    answers = await asyncio.gather(*(send() for _ in range(20)))
    ids = set(answers) - {"conflict"}
    assert len(ids) == 1
    assert service.rows()["people"] == 1
    assert await service.post(SCHOOL, "/people", PERSON, key="k1") == {
        "id": ids.pop(),
        "details": [{"id": service.select("SELECT id FROM entries")[0][0], "kind": "name", "version": 1}],
    }


@pytest.mark.parametrize("key", ["", "x" * 201, "é", "a\tb"])
async def test_a_key_is_short_and_plain(service: CaseService, key: str) -> None:
    problem = await service.problem(SCHOOL, "POST", "/people", PERSON, key=key)
    assert [error.field for error in problem.errors] == ["Idempotency-Key"]
    assert service.rows()["people"] == 0


async def test_the_gateway_says_what_its_client_sent(service: CaseService) -> None:
    """With a fingerprint of the client's request, the facts that the gateway adds make no other request."""
    other = {"details": [{"kind": "name", "fields": {"given_names": "Bela"}}]}
    sent = {"idempotency-key": "k", "idempotency-fingerprint": "a" * 64}
    first = await service.raw("POST", "/people", orjson.dumps(PERSON), **sent)
    assert first.status == 201
    assert await service.raw("POST", "/people", orjson.dumps(other), **sent) == first
    sent["idempotency-fingerprint"] = "b" * 64
    assert (await service.raw("POST", "/people", orjson.dumps(PERSON), **sent)).status == 409
    assert (
        await service.raw("POST", "/people", orjson.dumps(PERSON), **{"idempotency-key": "k"})
    ).status == 409
    for wrong in ("", "a" * 63, "a" * 65, "A" * 64, "g" * 64, "a" * 64 + " "):
        sent["idempotency-fingerprint"] = wrong
        refused = await service.raw("POST", "/people", orjson.dumps(PERSON), **sent)
        assert (refused.status, refused.json()["errors"][0]["field"]) == (422, "Idempotency-Fingerprint")


async def test_what_can_only_be_a_replay_writes_nothing(service: CaseService) -> None:
    sent = {"idempotency-key": "k", "replay-only": "yes"}
    before = service.rows()
    for headers in (sent, {"replay-only": "yes"}):
        refused = await service.raw("POST", "/people", orjson.dumps(PERSON), **headers)
        assert refused.status == 412
    assert service.rows() == before
    first = await service.raw("POST", "/people", orjson.dumps(PERSON), **{"idempotency-key": "k"})
    assert await service.raw("POST", "/people", orjson.dumps(PERSON), **sent) == first
    assert first.status == 201
