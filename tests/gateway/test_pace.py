"""How often somebody may ask (design 3.5, 4): each for themselves, and never when somebody may be in danger.

Three changes that make this fail: one count for a user in all their agencies, a count that looks at the path
or at the answer, refusing a concern or a break-glass like any other request.
"""

import pytest

from services.gateway.app import IN_DANGER
from shared.ids import new_id
from shared.limits import RateLimit
from tests.gateway.areas.concerns import concern
from tests.gateway.conftest import HouseWorld
from tests.gateway.operations import OPERATIONS
from tests.support.gateway import problem

pytestmark = pytest.mark.anyio
A_MINUTE = 6


class Standing:
    """A monotonic clock that stands until it is turned."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_minute_s_worth_may_come_at_once_and_then_one_at_a_time() -> None:
    clock = Standing()
    limit = RateLimit(A_MINUTE, clock)
    assert [limit.seconds_to_wait("ann") for _ in range(A_MINUTE)] == [0] * A_MINUTE
    assert [limit.seconds_to_wait("ann") for _ in range(3)] == [10] * 3, "what is refused costs nothing"
    assert limit.seconds_to_wait("ben") == 0
    clock.now += 9
    assert limit.seconds_to_wait("ann") == pytest.approx(1)
    clock.now += 1
    assert limit.seconds_to_wait("ann") == 0
    assert limit.seconds_to_wait("ann") == 10
    clock.now += 3600
    assert [limit.seconds_to_wait("ann") for _ in range(A_MINUTE + 1)] == [0] * A_MINUTE + [10]


def test_whoever_has_not_asked_for_a_minute_is_forgotten() -> None:
    clock = Standing()
    limit = RateLimit(A_MINUTE, clock)
    for number in range(10_000):
        clock.now += 0.1
        assert limit.seconds_to_wait(f"user {number}") == 0
        assert len(limit) <= 101
    for _ in range(A_MINUTE):
        limit.seconds_to_wait("ann")
    clock.now += 0.1
    assert limit.seconds_to_wait("ann") > 0, "who asks still is not"


async def test_one_too_many_is_a_429_that_says_when_to_go_on(sqlite_home: HouseWorld) -> None:
    world, clock = sqlite_home.world, Standing()
    async with world.client_over({}, requests_per_minute=A_MINUTE, monotonic=clock) as client:
        session = world.as_("nadia.bell", client=client)
        paths = ("/v1/me", f"/v1/cases/{sqlite_home.house.case}", f"/v1/cases/{new_id()}") * 2
        statuses = [(await session.send("GET", path)).status_code for path in paths]
        assert statuses == [200, 200, 404] * 2
        refused = [await session.send("GET", path) for path in paths]
        assert {problem(response) for response in refused} == {"too-many-requests"}
        assert {response.status_code for response in refused} == {429}
        assert {response.headers["retry-after"] for response in refused} == {"10"}
        assert len({response.content for response in refused}) == 1
        assert (await world.as_("hana.novak", client=client).send("GET", "/v1/me")).status_code == 200
        clock.now += 10
        assert (await session.send("GET", paths[1])).status_code == 200
        assert (await session.send("GET", paths[1])).status_code == 429
        await client.get("/v1/me")
        stranger = await client.get("/v1/me", headers={"authorization": "Bearer nothing"})
        assert stranger.status_code == 401


async def test_the_agencies_of_one_user_share_nothing(sqlite_home: HouseWorld) -> None:
    world = sqlite_home.world
    async with world.client_over({}, requests_per_minute=2, monotonic=Standing()) as client:
        for agency in ("tidewater-housing", "jobcentre-east"):
            session = world.as_("will.marsh", agency=agency, client=client)
            assert [(await session.send("GET", "/v1/me")).status_code for _ in range(3)] == [200, 200, 429]
        elsewhere = world.as_("will.marsh", agency="nobodys-agency", client=client)
        answers = [(await elsewhere.send("GET", "/v1/cases")).status_code for _ in range(3)]
        assert answers == [403, 403, 429]


async def test_what_is_sent_because_somebody_may_be_in_danger_gets_through(sqlite_home: HouseWorld) -> None:
    world, case = sqlite_home.world, sqlite_home.house.case
    sent = {(method, path) for method, path in OPERATIONS if method == "POST"}
    urgent = {("POST", route.path) for area in IN_DANGER for route in area.router.routes} & sent
    of_case = "/v1/cases/{case}/break-glass"
    assert {path for _, path in urgent} >= {
        "/v1/break-glass", of_case, f"{of_case}/{{break_glass}}/renewal",
        "/v1/concerns", "/v1/cases/{case}/concerns",
    }  # fmt: skip
    async with world.client_over({}, requests_per_minute=1, monotonic=Standing()) as client:
        session = world.as_("nadia.bell", client=client)
        assert [(await session.send("GET", "/v1/me")).status_code for _ in range(2)] == [200, 429]
        for _ in range(3):
            assert (await session.send("POST", "/v1/concerns", concern())).status_code == 201
        for method, path in sorted(urgent):
            where = path.format(case=case, break_glass=new_id(), concern=new_id())
            assert (await session.send(method, where, {})).status_code != 429, path
        assert (await session.send("GET", "/v1/concerns")).status_code == 429
        assert (await session.send("GET", "/v1/me")).status_code == 429
