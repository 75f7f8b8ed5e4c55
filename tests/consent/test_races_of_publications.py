"""Publications where two consent services run on one database, as two replicas do (design 3.3, 3.6).

Three changes that make this fail: numbers that are given without a lock in the database, a version in force
that is kept in memory, a version that counts only from its date.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta

import pytest

from shared.problems import Problem
from tests.consent.service import (
    HOUSING,
    SCHOOL_OFFICER,
    START,
    ConsentService,
    D,
    a_case,
    fresh_case,
    running_service,
)
from tests.consent.test_policy_life import PLAN, document, goldens, publish, ready

pytestmark = pytest.mark.anyio

ROUNDS = 3
Both = tuple[ConsentService, ConsentService]


@pytest.fixture
async def both(databases: Mapping[str, str]) -> AsyncIterator[Both]:
    """Two services with a connection pool, a clock and compiled policies of their own."""
    url = databases["consent"]
    async with running_service(url) as one, running_service(url) as other:
        await one.add_agencies()
        yield one, other


def turn(both: Both, at: datetime) -> None:
    for service in both:
        service.clock.at = at


async def attempt(service: ConsentService, draft: str, digest: str, at: datetime) -> str:
    try:
        return str((await publish(service, draft, digest, at))["version"])
    except Problem as problem:
        return problem.kind


async def test_of_two_publications_in_two_services_one_wins_and_the_other_is_a_conflict(both: Both) -> None:
    """Round after round, of different drafts and of the same one; no number is lost or given twice."""
    outcomes: Counter[str] = Counter()
    for number in range(ROUNDS):
        at = START + timedelta(hours=2 * number)
        turn(both, at)
        first = await ready(both[0], document("2"), goldens("2"))
        second = first if number % 2 else await ready(both[1], document("1"), goldens("1"))
        hour = at + timedelta(hours=1)
        found = await asyncio.gather(attempt(both[0], *first, hour), attempt(both[1], *second, hour))
        assert sorted(found) == sorted((str(number + 2), "conflict"))
        outcomes.update(found)
    assert outcomes["conflict"] == ROUNDS
    for service in both:
        listed = await service.call(SCHOOL_OFFICER, "GET", "/policies")
        assert [row["version"] for row in listed] == list(range(ROUNDS + 1, 0, -1))


async def test_what_one_service_published_tightens_the_other_d_before_its_date(both: Both) -> None:
    """P1: reads go on in both while the publication waits and while it begins. None that starts within D of
    the date, or later, sees what it takes away, in either."""
    publisher = both[0]
    draft, digest = await ready(publisher, document("2"))
    soon = START + timedelta(seconds=3)
    seen: list[tuple[int, float, int, int]] = []
    cases = [a_case(fresh_case(), PLAN) for _ in both]
    for service, case in zip(both, cases, strict=True):
        assert await service.levels(HOUSING, case) == [3], "both compiled the version that is to go"

    async def read(number: int) -> None:
        ahead = (soon - both[number].clock.at).total_seconds()
        answer = await both[number].decide(HOUSING, cases[number])
        seen.append((number, ahead, answer["cases"][0]["levels"][0], answer["policy_version"]))

    publishing = asyncio.ensure_future(attempt(publisher, draft, digest, soon))
    for step in range(40):
        at = START + timedelta(seconds=step / 10)
        turn(both, at)
        await asyncio.gather(*(read(number) for number in (0, 1, 0, 1)))
    assert await publishing == "2"
    assert len(seen) == 160
    for number, ahead, level, version in seen:
        if ahead <= D:
            assert level == 2, (number, ahead)
        assert version == (2 if ahead <= 0 else 1), (number, ahead)
    for number in (0, 1):
        assert {level for read_by, _, level, _ in seen if read_by == number} == {2, 3}
