"""Nobody but the gateway comes in, and whoever is refused learns nothing from how."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jose import jwt

from shared.clock import DEADLINE_HEADER
from shared.identity import INTERNAL_ISSUER, InternalTokens, new_signing_key
from tests.assessment.service import SCHOOL, SIGNING_KEY, RunningService
from tests.support.inner_routes import inner_operations

pytestmark = pytest.mark.anyio

ROUTES = {
    ("GET", "/instruments"),
    ("GET", "/instruments/{code}/{version}"),
    ("GET", "/cases/{case}/entries"),
    ("POST", "/cases/labels"),
    ("POST", "/cases/{case}/assessments"),
    ("GET", "/cases/{case}/assessments/{assessment}"),
    ("POST", "/cases/{case}/assessments/{assessment}/entries"),
    ("PATCH", "/cases/{case}/assessments/{assessment}/entries/{entry}"),
    ("POST", "/cases/{case}/assessments/{assessment}/signature"),
}


def routes(service: RunningService) -> set[tuple[str, str]]:
    return set(inner_operations(service.app))


def bad_tokens(service: RunningService) -> dict[str, str | None]:
    """Every way in which an ``Authorization`` header can be wrong that matters here."""
    good = InternalTokens(SIGNING_KEY, service.clock).mint(SCHOOL, "assessment")
    claims = jwt.get_unverified_claims(good)

    def token(key: dict[str, Any] = SIGNING_KEY, **changes: Any) -> str:
        changed = {name: each for name, each in {**claims, **changes}.items() if each is not Ellipsis}
        return f"Bearer {jwt.encode(changed, key, algorithm='ES256', headers={'kid': key['kid']})}"

    head, body, signature = good.split(".")
    past = int((datetime.now(UTC) - timedelta(days=4000)).timestamp())
    return {
        "none": None,
        "empty": "",
        "no scheme": good,
        "another scheme": f"Basic {good}",
        "another audience": f"Bearer {InternalTokens(SIGNING_KEY, service.clock).mint(SCHOOL, 'case')}",
        "every audience": token(aud=["case", "consent"]),
        "no audience": token(aud=...),
        "another issuer": token(iss="https://elsewhere.example"),
        "no issuer": token(iss=...),
        "another key": token(new_signing_key("tests")),
        "an unknown key": token(new_signing_key("others")),
        "expired": token(exp=past),
        "no expiry": token(exp=...),
        "no subject": token(sub=...),
        "no agency": token(agency=...),
        "no role": token(role=...),
        "cut": f"Bearer {head}.{body}",
        "unsigned": f"Bearer {head}.{body}.",
        "turned signature": f"Bearer {head}.{body}.{signature[::-1]}",
        "issuer alone": f"Bearer {INTERNAL_ISSUER}",
    }


async def test_every_route_refuses_every_bad_token_alike(service: RunningService) -> None:
    assert routes(service) == ROUTES
    tokens = bad_tokens(service)
    answers, sent = set(), 0
    for method, template in sorted(ROUTES):
        path = re.sub(r"{\w+}", "x", template)
        for authorization in tokens.values():
            headers = {"content-type": "application/json", DEADLINE_HEADER: "1.0"}
            if authorization is not None:
                headers["authorization"] = authorization
            # A body that is wrong in itself: whoever may not come in is not told so.
            reply = await service.raw(method, path, headers, b'{"kind": "x", "colour": "y"}')
            answers.add((reply.status, reply.body))
            sent += 1
    assert sent == 9 * 20
    assert len(answers) == 1, answers
    [(status, body)] = answers
    assert status == 401
    assert b"Sign in again" in body


async def test_a_good_token_comes_in_on_every_route(service: RunningService) -> None:
    """Or the test above would pass with a closed door."""
    statuses = [
        (await service.send(method, re.sub(r"{\w+}", "x", path), b"" if method == "GET" else b"{}")).status
        for method, path in sorted(ROUTES)
    ]
    assert len(statuses) == 9
    assert set(statuses) == {200, 404, 422}


async def test_a_gateway_with_a_longer_deadline_is_refused(service: RunningService) -> None:
    refused = 0
    for deadline in ("1.01", "0", "-1", "nan", "soon", ""):
        for path in ("/instruments", f"/cases/{service.case}/entries"):
            reply = await service.send("GET", path, headers={DEADLINE_HEADER: deadline})
            assert reply.status == 503, (deadline, path)
            refused += 1
    assert refused == 12


async def test_methods_that_are_not_there_are_not_there(service: RunningService) -> None:
    path = service.path("x", "entries", "x")
    for method in ("GET", "PUT", "DELETE", "POST"):
        reply = await service.send(method, path, b"" if method == "GET" else b"{}")
        assert reply.status == 405, method
