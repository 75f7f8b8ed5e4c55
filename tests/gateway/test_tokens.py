"""K1: hostile tokens open nothing, at the gateway and at each data service, and none learns why.

Three changes that make this fail: leaving ``jku`` out of the headers refused, dropping the check of canonical
base64, verifying without an audience (each in ``shared/identity.py``).
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from deploy.identity.issuer import AUDIENCE
from deploy.keys import load_or_make_signing_key
from services.gateway.guards import _MAX_MEMBERSHIPS
from shared.clock import DEADLINE_HEADER, microseconds
from shared.identity import Caller
from tests.gateway.conftest import HouseWorld
from tests.gateway.hostile import Hostile, signed
from tests.support.gateway import ISSUER, PEOPLE, SERVICES, World

pytestmark = pytest.mark.anyio

Json = dict[str, Any]
SOMEBODY = Caller("nadia.bell", "Nadia Bell", "northgate-school", "practitioner")
MEMBERSHIP = {"agency": "northgate-school", "role": "practitioner"}
NO_MEMBERSHIPS: tuple[Any, ...] = (
    None, "", "practitioner", 0, True, {}, [], [None], [1], ["practitioner"], [[]], [{}],
    [{"agency": "northgate-school"}], [{"role": "practitioner"}], [{**MEMBERSHIP, "role": "admin"}],
    [{**MEMBERSHIP, "role": "Practitioner"}], [{**MEMBERSHIP, "role": None}],
    [{**MEMBERSHIP, "role": ["practitioner"]}], [{**MEMBERSHIP, "agency": "Northgate-School"}],
    [{**MEMBERSHIP, "agency": "northgate school"}], [{**MEMBERSHIP, "agency": ""}],
    [{**MEMBERSHIP, "agency": None}], [{**MEMBERSHIP, "agency": "x" * 65}],
    [{**MEMBERSHIP, "agency": "n\u00f6rthgate"}], [{**MEMBERSHIP, "agency": "northgate-school\n"}],
    [MEMBERSHIP, {}], [MEMBERSHIP] * (_MAX_MEMBERSHIPS + 1), MEMBERSHIP, {"0": MEMBERSHIP},
)  # fmt: skip
NOT_TEXT: tuple[Any, ...] = (None, 0, 1, True, [], {}, ["x"])
NOT_WORDS = ("", " ", "\t", "a\x00b", "a\nb", "a\x1bb", "a\x7fb", "a\ud800", "\udfffb", "\u202eb", "a\u2028b")
NO_IDS = (
    "", "x", "a\x00b", "\ud800", "6F9619FF-8B86-4D01-B42D-00CF4FC964FF", "6f9619ff8b864d01b42d00cf4fc964ff",
    "6f9619ff-8b86-1d01-b42d-00cf4fc964ff", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff\n",
    "6f9619ff-8b86-4d01-b42d-00cf4fc964f\ud800",
)  # fmt: skip
USER_CLAIMS: dict[str, tuple[Any, ...]] = {
    "memberships": NO_MEMBERSHIPS,
    "name": (*NOT_TEXT, *NOT_WORDS),
    "person": (0, 1, True, [], {}, ["x"], *NO_IDS),
    "sub": ("a b", "x" * 201, "\u00e9", *NOT_WORDS),
}
INSIDE_CLAIMS: dict[str, tuple[Any, ...]] = {
    "name": NOT_TEXT,
    "agency": NOT_TEXT,
    "role": NOT_TEXT,
    "person": (0, 1, True, [], {}, ["x"]),
}


def now_of(world: World) -> int:
    return microseconds(world.clock()) // 1_000_000


def user_claims(world: World) -> Json:
    user, now = PEOPLE["nadia.bell"], now_of(world)
    return {
        "iss": ISSUER, "aud": AUDIENCE, "sub": user.user, "iat": now, "exp": now + 600, "name": user.name,
        "memberships": [MEMBERSHIP],
    }  # fmt: skip


def inside_claims(world: World, service: str) -> Json:
    now = now_of(world)
    return {
        "iss": "urn:teamaround:gateway", "aud": service, "sub": SOMEBODY.user, "iat": now, "exp": now + 60,
        "name": SOMEBODY.name, "agency": SOMEBODY.agency, "role": SOMEBODY.role, "person": None,
        "on_behalf_of": None,
    }  # fmt: skip


def issuer_key(world: World) -> Json:
    return load_or_make_signing_key(world.keys_folder / "issuer.json", "issuer-1")


class Door:
    """One place at which tokens are shown."""

    def __init__(self, client: httpx.AsyncClient, path: str) -> None:
        self.client = client
        self.path = path

    async def try_(self, token: str) -> httpx.Response:
        headers = [
            (b"authorization", b"Bearer " + token.encode("utf-8")),
            (DEADLINE_HEADER.encode(), b"0.5"),
        ]
        return await self.client.get(self.path, headers=headers)


@pytest.fixture(scope="module")
async def doors(sqlite_home: HouseWorld) -> AsyncIterator[dict[str, Door]]:
    world, house = sqlite_home.world, sqlite_home.house
    paths = {
        "gateway": f"/v1/cases/{house.case}",
        "case": f"/cases/{house.case}/bundle",
        "assessment": f"/cases/{house.case}/entries",
        "consent": "/agencies",
    }
    apps = {"gateway": world.suite.gateway, **world.suite.services}
    opened = {
        name: Door(
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app=app, raise_app_exceptions=False), base_url="http://door"
            ),
            paths[name],
        )
        for name, app in apps.items()
    }
    yield opened
    for door in opened.values():
        await door.client.aclose()


async def refuse_all(door: Door, tokens: list[tuple[str, str]], good: str) -> int:
    """Every token meets the one 401; the number of tokens tried. The good one is let in before and after."""
    assert (await door.try_(good)).status_code == 200
    answers = set()
    for what, token in tokens:
        response = await door.try_(token)
        assert response.status_code == 401, what
        kept = {name: value for name, value in response.headers.items() if name != "x-request-id"}
        answers.add((response.content, tuple(sorted(kept.items()))))
    assert len(answers) == 1
    assert (await door.try_(good)).status_code == 200
    assert len({token for _, token in tokens}) == len(tokens)
    return len(tokens)


def distinct(tokens: list[tuple[str, str]], good: str) -> list[tuple[str, str]]:
    """Each token once: two ways of spoiling may come to the same."""
    return [(what, token) for token, what in {token: what for what, token in tokens}.items() if token != good]


@pytest.mark.property
async def test_k1_no_hostile_token_is_accepted_at_the_gateway(
    sqlite_home: HouseWorld, doors: dict[str, Door]
) -> None:
    world = sqlite_home.world
    hostile = Hostile(issuer_key(world), user_claims(world), now_of(world))
    good = hostile.good
    tokens = hostile.tokens(USER_CLAIMS)
    inside = world.internal_tokens()
    tokens += [(f"inside, for {service}", inside.mint(SOMEBODY, service)) for service in SERVICES]
    tokens += [("inside, for the gateway's audience", inside.mint(SOMEBODY, AUDIENCE))]
    gateways = {"kid": "gateway-1", "alg": "ES256"}
    tokens += [("a user's, by the gateway", signed(gateways, user_claims(world), world.private_key))]
    tried = await refuse_all(doors["gateway"], distinct(tokens, good), good)
    assert tried >= 500


@pytest.mark.property
@pytest.mark.parametrize("service", SERVICES)
async def test_k1_no_hostile_token_is_accepted_at_a_service(
    sqlite_home: HouseWorld, doors: dict[str, Door], service: str
) -> None:
    world = sqlite_home.world
    hostile = Hostile(world.private_key, inside_claims(world, service), now_of(world))
    good = hostile.good
    tokens = hostile.tokens(INSIDE_CLAIMS)
    tokens += [
        (f"for {other}", world.internal_tokens().mint(SOMEBODY, other))
        for other in (*SERVICES, AUDIENCE)
        if other != service
    ]
    tokens += [
        (f"of the user {user}", world.token(user)) for user in ("nadia.bell", "tom.ashby", "asif.khan")
    ]
    issuers = {"kid": "issuer-1", "alg": "ES256"}
    tokens += [("ours, by the issuer", signed(issuers, inside_claims(world, service), issuer_key(world)))]
    tried = await refuse_all(doors[service], distinct(tokens, good), good)
    assert tried >= 500


async def test_a_token_is_good_until_it_expires_and_not_a_moment_longer(
    sqlite_home: HouseWorld, doors: dict[str, Door]
) -> None:
    """Fails when a service remembers a verified token longer than it is good."""
    world = sqlite_home.world
    world.clock.runs = False
    began = world.clock.now
    try:
        token = signed(
            {"alg": "ES256", "kid": "issuer-1"}, {**user_claims(world), "exp": now_of(world) + 9},
            issuer_key(world),
        )  # fmt: skip
        inside = world.internal_tokens().mint(SOMEBODY, "case")
        for name, shown, seconds in (("gateway", token, 9), ("case", inside, 60)):
            world.clock.now = began
            assert (await doors[name].try_(shown)).status_code == 200
            world.clock.now = began.replace(microsecond=0) + timedelta(seconds=seconds - 1)
            assert (await doors[name].try_(shown)).status_code == 200
            world.clock.now = began.replace(microsecond=0) + timedelta(seconds=seconds)
            assert (await doors[name].try_(shown)).status_code == 401
    finally:
        world.clock.now, world.clock.runs = began, True


async def test_a_service_refuses_a_gateway_whose_deadline_is_longer_than_its_own(
    sqlite_home: HouseWorld, doors: dict[str, Door]
) -> None:
    world, token = sqlite_home.world, "Bearer " + sqlite_home.world.internal_tokens().mint(SOMEBODY, "case")
    for deadline, status in (
        ("30", 200), ("0.1", 200), ("30.1", 503), ("inf", 503), ("nan", 503), ("0", 503), ("-1", 503),
        ("", 503), ("x", 503), (None, 503),
    ):  # fmt: skip
        headers = {"authorization": token} | ({} if deadline is None else {DEADLINE_HEADER: deadline})
        response = await doors["case"].client.get(doors["case"].path, headers=headers)
        assert response.status_code == status, deadline
    assert world.deadline_seconds == 30.0
