"""Every route stands behind a guard, and the list of routes is the one that we know of."""

from collections import Counter

import pytest

from shared.purposes import ORDINARY_PURPOSE
from shared.vocabulary import Purpose, Role
from tests.gateway.areas.reports import REPORT
from tests.gateway.conftest import HouseWorld
from tests.gateway.operations import (
    FOR_EVERYBODY,
    FOR_INFORMATION_OFFICERS,
    ON_BEHALF,
    OPERATIONS,
    WITHOUT_A_BODY,
    bodies,
    operations,
    operations_of,
)
from tests.support.gateway import fields_of, fresh_key, problem

pytestmark = pytest.mark.anyio

REFUSED = {"cache-control", "content-length", "content-type", "www-authenticate", "x-content-type-options"}
BAD_TOKENS = ("", "Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Basic dXNlcjpwYXNz", "bearer  a.b.c")


async def test_the_gateway_has_exactly_the_operations_that_we_know_of(sqlite_home: HouseWorld) -> None:
    """A URL neither appears nor disappears unnoticed. Fails when a route is added, removed or renamed."""
    assert sorted(operations_of(sqlite_home.world.suite.gateway)) == sorted(OPERATIONS)
    assert len(OPERATIONS) == len(set(OPERATIONS)) >= 52
    with_body = {(m, p) for m, p in OPERATIONS if m in ("POST", "PUT", "PATCH", "DELETE")} - WITHOUT_A_BODY
    assert bodies(sqlite_home.house).keys() == with_body


async def test_no_operation_answers_without_a_good_token(sqlite_home: HouseWorld) -> None:
    """Fails when a route drops its guard, or when one bad token gets another answer than the next."""
    client, driven = sqlite_home.world.client, 0
    answers = set()
    for operation in operations(sqlite_home.house):
        for authorization in (None, *BAD_TOKENS):
            headers = {} if authorization is None else {"Authorization": authorization}
            response = await client.call(operation.method, operation.path, operation.body, headers)
            assert response.status_code == 401, operation
            kept = {name: value for name, value in response.headers.items() if name != "x-request-id"}
            assert kept.keys() == REFUSED
            answers.add((response.content, tuple(sorted(kept.items()))))
            driven += 1
    assert driven == len(OPERATIONS) * 8 >= 52 * 8
    assert len(answers) == 1


async def test_who_is_not_signed_in_is_told_so_before_their_body_is_read(sqlite_home: HouseWorld) -> None:
    """Fails when a stranger's body is parsed, or measured, before they are asked who they are."""
    client, driven = sqlite_home.world.client, 0
    bodies_sent = (b"{", b"x" * 2_000_000, b"[" * 50, b"")
    for operation in operations(sqlite_home.house):
        for body in bodies_sent if operation.body else ():
            for kind in ("application/json", "text/plain"):
                response = await client.request(
                    operation.method, operation.path, content=body, headers={"Content-Type": kind}
                )
                assert response.status_code == 401, (operation, body[:5])
                driven += 1
    assert driven == len(bodies(sqlite_home.house)) * 8


async def test_every_write_takes_the_name_of_a_user_or_says_that_it_takes_none(
    sqlite_home: HouseWorld,
) -> None:
    """Fails when a write forgets the header that the others of its kind take, or takes it unseen. By the
    default policy a system finds nothing, whomever it names."""
    world, document = sqlite_home.world, sqlite_home.world.suite.gateway.openapi()["paths"]
    system = world.as_("school.system", headers={"On-Behalf-Of": "nadia.bell"})
    counted: Counter[int] = Counter()
    for operation in operations(sqlite_home.house):
        if operation.method == "GET":
            continue
        takes = (operation.method, operation.template) in ON_BEHALF
        described = document[operation.template][operation.method.lower()].get("parameters", [])
        assert takes == ("On-Behalf-Of" in [one["name"] for one in described]), operation
        headers = {**fresh_key(), "If-Match": '"1"'}
        response = await system.send(operation.method, operation.path, operation.body, headers=headers)
        assert response.status_code == (404 if takes else 403), (operation, response.text)
        if not takes:
            assert response.json()["detail"] == (
                "This is not done on behalf of anybody. Leave On-Behalf-Of out."
            )
        counted[response.status_code] += 1
    assert counted[404] == len(ON_BEHALF) == 27
    assert counted[403] > 90


async def test_what_the_document_does_not_list_needs_no_token_because_it_tells_nothing(
    sqlite_home: HouseWorld,
) -> None:
    """Fails when metrics open without their token, or when a service shows its documents."""
    client = sqlite_home.world.client
    assert (await client.get("/healthz")).json() == {"status": "up"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}
    assert (await client.get("/openapi.json")).status_code == 200
    assert (await client.get("/docs")).status_code == 200
    for path in ("/metrics", "/", "/v1", "/v1/", "/v1/nothing", "/redoc", "/v1/me/", "/V1/me"):
        assert (await client.get(path)).status_code == 404, path


async def test_metrics_name_routes_and_never_ids(sqlite_home: HouseWorld) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    async with world.client_over({}, metrics_token="secret") as client:
        session = world.as_("nadia.bell", client=client)
        for path in (f"/v1/cases/{house.case}", f"/v1/cases/{house.other_case}/team", "/v1/cases/nothing"):
            await session.send("GET", path)
        assert (await client.get("/metrics", headers={"Authorization": "Bearer wrong"})).status_code == 404
        shown = (await client.get("/metrics", headers={"Authorization": "Bearer secret"})).text
    assert '/cases/{case}"' in shown
    assert '/cases/{case}/team"' in shown
    assert not any(known in shown for known in house.as_json().values())


@pytest.mark.parametrize(
    "user, may",
    [("rita.shaw", FOR_EVERYBODY | {REPORT}), ("tom.ashby", FOR_EVERYBODY | FOR_INFORMATION_OFFICERS)],
)
async def test_a_role_that_reads_no_case_meets_403_before_any_case_is_looked_at(
    sqlite_home: HouseWorld, user: str, may: frozenset[tuple[str, str]]
) -> None:
    """A scrutineer reads nobody; an information officer writes rules and no case (design 1)."""
    world, house = sqlite_home.world, sqlite_home.house
    session, refused = world.as_(user), 0
    for operation in operations(house):
        asked = (operation.method, operation.template)
        if asked in may or (user == "tom.ashby" and operation.method == "GET"):
            continue
        response = await session.send(operation.method, operation.path, operation.body)
        assert (response.status_code, problem(response)) == (403, "forbidden"), operation
        attempts = await world.receipts_now(user)
        names_somebody = "{case}" in operation.template or "{person}" in operation.template
        assert [one["action"] for one in attempts] == ["refuse"] * names_somebody, operation
        refused += 1
    assert refused > 20


async def test_me_says_in_which_role_one_acts(sqlite_home: HouseWorld) -> None:
    world = sqlite_home.world
    me = await world.as_("nadia.bell").get("/v1/me")
    assert me["acting"] == {"agency": "northgate-school", "role": "practitioner", "purpose": "support"}
    assert me["memberships"][0]["purposes"] == ["support"]
    response = await world.as_("will.marsh").send("GET", "/v1/cases")
    assert (response.status_code, fields_of(response)) == (422, ["Acting-Agency"])
    me = await world.as_("will.marsh").get("/v1/me")
    assert (me["acting"], len(me["memberships"])) == (None, 2)
    response = await world.as_("viv.stone", headers={"Acting-Agency": "tidewater-housing"}).send(
        "GET", "/v1/me"
    )
    assert (response.status_code, fields_of(response)) == (422, ["Acting-Role"])
    for agency in ("tidewater-housing", "jobcentre-east"):
        me = await world.as_("will.marsh", agency=agency).get("/v1/me")
        assert me["acting"]["agency"] == agency
        assert len(me["memberships"]) == 2


@pytest.mark.parametrize(
    "headers, status, field",
    [
        ({"Acting-Agency": "jobcentre-east"}, 403, None),
        ({"Acting-Role": "team_manager"}, 403, None),
        ({"Acting-Role": "practitioner", "Acting-Agency": "northgate-school"}, 200, None),
        ({"Acting-Role": "Practitioner"}, 403, None),
        ({"Acting-Role": ""}, 403, None),
        ({"Purpose": "support"}, 200, None),
        ({"Purpose": "curiosity"}, 422, "Purpose"),
        ({"Purpose": "SUPPORT"}, 422, "Purpose"),
        ({"Purpose": ""}, 422, "Purpose"),
        ({"Purpose": "safeguarding"}, 422, "Purpose-Reason"),
        ({"Purpose": "safeguarding", "Purpose-Reason": "   "}, 422, "Purpose-Reason"),
        ({"Purpose": "safeguarding", "Purpose-Reason": "A worry"}, 200, None),
        ({"Purpose": "safeguarding", "Purpose-Reason": "x" * 501}, 422, "Purpose-Reason"),
        ({"Purpose": "safeguarding", "Purpose-Reason": "a\tb"}, 422, "Purpose-Reason"),
        ({"Purpose-Reason": "x" * 501}, 422, "Purpose-Reason"),
    ],
)
async def test_role_agency_and_purpose_are_named_in_headers(
    sqlite_home: HouseWorld, headers: dict[str, str], status: int, field: str | None
) -> None:
    response = await sqlite_home.world.as_("nadia.bell", headers=headers).send("GET", "/v1/me")
    assert response.status_code == status, response.text
    if field is not None:
        assert fields_of(response) == [field]


async def test_a_purpose_that_is_not_the_roles_own_shows_nothing_and_stands_on_the_receipt(
    sqlite_home: HouseWorld,
) -> None:
    world, case = sqlite_home.world, sqlite_home.house.case
    asked = {"Purpose": "enforcement", "Purpose-Reason": "A speeding fine"}
    response = await world.as_("nadia.bell", headers=asked).send("GET", f"/v1/cases/{case}")
    assert response.status_code == 404
    receipts = await world.receipts_now("nadia.bell")
    assert [(r["action"], r["purpose"], r["reason"]) for r in receipts] == [
        ("refuse", "enforcement", "A speeding fine")
    ]


async def test_every_role_has_an_ordinary_purpose() -> None:
    assert ORDINARY_PURPOSE.keys() == set(Role)
    assert set(ORDINARY_PURPOSE.values()) <= set(Purpose) - {Purpose.ENFORCEMENT}


async def test_the_request_id_of_the_caller_is_kept_if_it_is_harmless(sqlite_home: HouseWorld) -> None:
    session = sqlite_home.world.as_("nadia.bell")
    kept = "3f8a4c1e-0d7b-4a56-9c21-5b7f0e6d2a11"
    response = await session.send("GET", "/v1/me", headers={"X-Request-Id": kept})
    assert response.headers["x-request-id"] == kept
    for bad in ("x" * 65, "a b", "a\u00e9", "<script>", ""):
        response = await session.send("GET", "/v1/me", headers={"X-Request-Id": bad.encode("latin-1")})  # type: ignore[dict-item]
        assert response.headers["x-request-id"] not in (bad, "")
