"""The inner door: nobody but the gateway, with a token for this service, and its own D."""

import re

import pytest

from shared.identity import Caller, InternalTokens, new_signing_key
from tests.case.conftest import KEY, SCHOOL, CaseService, D
from tests.support.inner_routes import inner_operations

pytestmark = pytest.mark.anyio

ROUTES = 118
ABSENT = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"


def routes(service: CaseService) -> list[tuple[str, str]]:
    """Every method and path, with an id in the place of each parameter."""
    return [(method, re.sub(r"{\w+}", ABSENT, path)) for method, path in inner_operations(service.app)]


def bad_headers(service: CaseService) -> dict[str, str]:
    good = service.tokens.mint(SCHOOL, "case")
    start, _, signature = good.rpartition(".")
    stranger = InternalTokens(new_signing_key("gateway-1"), service.clock)
    late = service.clock()
    service.clock.turn(hours=-1)
    expired = InternalTokens(KEY, service.clock).mint(SCHOOL, "case")
    service.clock.at = late
    return {
        "missing": "",
        "another scheme": f"Basic {good}",
        "no token": "Bearer ",
        "no token at all": f"Bearer {ABSENT}",
        "for another service": f"Bearer {service.tokens.mint(SCHOOL, 'consent')}",
        "for nobody": f"Bearer {service.tokens.mint(SCHOOL, '')}",
        "signed by a stranger": f"Bearer {stranger.mint(SCHOOL, 'case')}",
        "expired": f"Bearer {expired}",
        "tampered with": f"Bearer {start}.{signature[::-1]}",
        "without a signature": f"Bearer {start}.",
    }


async def test_every_route_refuses_every_bad_token_with_the_same_answer(service: CaseService) -> None:
    tried, answers = 0, set()
    for method, path in routes(service):
        for header in bad_headers(service).values():
            reply = await service.raw(method, path, b"{}", authorization=header)
            answers.add((reply.status, reply.body))
            tried += 1
    assert tried == ROUTES * 10
    [(status, body)] = answers
    assert status == 401
    assert b"unauthenticated" in body


async def test_the_right_token_opens_every_route(service: CaseService) -> None:
    """Otherwise the test above would prove nothing."""
    statuses = [(await service.raw(method, path, b"{}")).status for method, path in routes(service)]
    assert len(statuses) == ROUTES
    assert set(statuses) <= {200, 403, 404, 422}
    assert 401 not in statuses


@pytest.mark.parametrize("deadline", [str(D + 0.001), "60", "0", "-1", "nan", "inf", "soon", ""])
async def test_a_gateway_that_waits_longer_than_we_do_is_refused(service: CaseService, deadline: str) -> None:
    headers = {"disclosure-deadline": deadline}
    statuses = {
        (await service.raw(method, path, b"{}", **headers)).status for method, path in routes(service)
    }
    assert statuses == {503}


async def test_health_is_open_and_says_nothing(service: CaseService) -> None:
    for path, body in (("/healthz", b'{"status":"up"}'), ("/readyz", b'{"status":"ready"}')):
        reply = await service.raw("GET", path, authorization="")
        assert (reply.status, reply.body) == (200, body)
    for path in ("/metrics", "/docs", "/openapi.json"):
        assert (await service.raw("GET", path)).status == 404


async def test_the_caller_is_who_the_token_says(service: CaseService) -> None:
    someone = Caller("u" * 200, "N" * 400, "a" * 64, "practitioner")
    case = await service.case(someone)
    bundle = await service.bundle(case, someone)
    assert (bundle["relationship"], bundle["team"][0]["user"]) == ("member", "u" * 200)
    assert {entry["author"] for entry in bundle["entries"]} == {"N" * 300}
