"""F1 and the deadline: whatever a service does, the gateway fails closed, says so, and recovers.

Three changes that make this fail: sending with ``json_response`` where ``release`` belongs, reading levels
without counting them, taking a dead assessment service for an empty one.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest

from shared.upstream import InProcess, Transport
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import House, plan_action
from tests.gateway.operations import bodies
from tests.gateway.sequences import ABSENT
from tests.gateway.upstream_doubles import (
    CutOff,
    Dead,
    FailingFirst,
    FailingOn,
    Lying,
    Saying,
    Silent,
    Taking,
)
from tests.support.gateway import VirtualMonotonic, World, fresh_key, problem, released_by

pytestmark = pytest.mark.anyio

ONE = "/v1/cases/{case}/assessments/{assessment}"
D = 20.0
"""Long enough for a busy machine: what is too late here is too late on the virtual clock."""
Break = Callable[[Transport], Transport]


def views(house: House) -> list[tuple[str, str, str, Any]]:
    """Every operation that shows something of somebody, with a user to whom it does."""
    case, person = f"/v1/cases/{house.case}", f"/v1/people/{house.child}"
    reads = [
        case, f"{case}/timeline", f"{case}/lead-professional", f"{case}/team", f"{case}/actions",
        f"{case}/assessments", f"{case}/assessments/{house.assessment}", f"{case}/consents",
        f"{case}/exclusions", person, f"{person}/relationships", "/v1/cases",
    ]  # fmt: skip
    officers = [f"{case}/disclosures", f"{person}/disclosures"]
    search = {"name": "Nobody Atall", "date_of_birth": "2015-01-01"}
    return [
        *(("nadia.bell", "GET", path, None) for path in reads),
        *(("tom.ashby", "GET", path, None) for path in officers),
        ("nadia.bell", "POST", "/v1/people/search", search),
    ]


def no_content(response: httpx.Response) -> None:
    """A refusal holds its own words and nothing of the record."""
    assert "canary" not in response.text
    assert response.json().keys() == {"type", "title", "status", "detail", "notice"}


def inner(world: World, service: str) -> InProcess:
    return InProcess(world.suite.services[service])


def _verdict(change: Callable[[dict[str, Any]], Any]) -> Break:
    """Consent that lies in its verdicts and says the rest as it is."""

    def changed(content: Any) -> Any:
        return change(content) if isinstance(content, dict) and "receipt" in content else content

    return lambda transport: Lying(transport, changed)


def _levels(change: Callable[[list[int]], Any]) -> Break:
    return _verdict(
        lambda said: {**said, "cases": [{**case, "levels": change(case["levels"])} for case in said["cases"]]}
    )


CONSENT_FAILS: dict[str, Break] = {
    "dead": lambda _: Dead(),
    "a page in HTML": lambda _: Saying(b"<html>canary</html>"),
    "nothing": lambda _: Saying(b""),
    "null": lambda _: Saying(b"null"),
    "a list": lambda _: Saying(b"[]"),
    "an empty object": lambda _: Saying(b"{}"),
    "a text": lambda _: Saying(b'"canary"'),
    "an error of its own": lambda _: Saying(b'{"type":"urn:teamaround:problem:internal"}', 500),
    "unavailable": lambda _: Saying(b"canary", 503),
    "unauthenticated": lambda _: Saying(b'{"detail":"canary"}', 401),
    "a redirect": lambda _: Saying(b"", 302),
    "an unknown problem": lambda _: Saying(b'{"type":"urn:x:canary","detail":"canary"}', 404),
    "cut off": CutOff,
    "a level too few": _levels(lambda levels: levels[:-1]),
    "no levels": _levels(lambda levels: []),
    "a level too many": _levels(lambda levels: [*levels, 3]),
    "levels as words": _levels(lambda levels: ["full" for _ in levels]),
    "an unknown level": _levels(lambda levels: [4 for _ in levels]),
    "a negative level": _levels(lambda levels: [-1 for _ in levels]),
    "a verdict too few": _verdict(lambda said: {**said, "cases": said["cases"][1:]}),
    "a verdict too many": _verdict(lambda said: {**said, "cases": [*said["cases"], *said["cases"]]}),
    "an unknown obligation": _verdict(lambda said: {**said, "obligations": ["watermark"]}),
    "a field that nobody knows": _verdict(lambda said: {**said, "redacted": True}),
    "no receipt": _verdict(lambda said: {n: v for n, v in said.items() if n != "receipt"}),
}


@pytest.mark.parametrize("how", sorted(CONSENT_FAILS))
async def test_f1_without_a_decision_nothing_is_shown_and_it_is_said(
    sqlite_home: HouseWorld, how: str
) -> None:
    world, case = sqlite_home.world, sqlite_home.house.case
    broken = CONSENT_FAILS[how](inner(world, "consent"))
    async with world.client_over({"consent": broken}) as client:
        for path in (f"/v1/cases/{case}", f"/v1/people/{sqlite_home.house.child}", "/v1/cases"):
            response = await world.as_("nadia.bell", client=client).send("GET", path)
            assert (response.status_code, problem(response)) == (503, "decision-unavailable"), path
            no_content(response)
        body = {"actions": [plan_action("northgate-school")]}
        before = await world.rows(without=frozenset({"receipts", "mentions", "chains"}))
        response = await world.as_("nadia.bell", client=client).send(
            "POST", f"/v1/cases/{case}/actions", body
        )
        assert (response.status_code, problem(response)) == (503, "decision-unavailable")
        assert await world.rows(without=frozenset({"receipts", "mentions", "chains"})) == before


async def test_f1_a_dead_decision_shuts_every_view(sqlite_home: HouseWorld) -> None:
    world, shut = sqlite_home.world, 0
    async with world.client_over({"consent": Dead()}) as client:
        for user, method, path, body in views(sqlite_home.house):
            response = await world.as_(user, client=client).send(method, path, body)
            assert (response.status_code, problem(response)) == (503, "decision-unavailable"), path
            no_content(response)
            shut += 1
        response = await world.as_("nadia.bell", client=client).send("GET", "/v1/agencies")
        assert (response.status_code, problem(response)) == (503, "unavailable")
    assert shut == 15


@pytest.mark.parametrize("what", ["consents", "exclusions"])
async def test_f1_a_list_that_consent_does_not_give_is_not_an_empty_list(
    sqlite_home: HouseWorld, what: str
) -> None:
    world, case = sqlite_home.world, sqlite_home.house.case
    failing = FailingOn(inner(world, "consent"), f"/{what}/list")
    async with world.client_over({"consent": failing}) as client:
        session = world.as_("nadia.bell", client=client)
        response = await session.send("GET", f"/v1/cases/{case}/{what}")
        assert (response.status_code, problem(response)) == (503, "decision-unavailable")
        failing.on = False
        assert (await session.send("GET", f"/v1/cases/{case}/{what}")).status_code == 200


@pytest.mark.parametrize("service", ["case", "consent"])
async def test_f1_a_silent_service_is_waited_for_no_longer_than_the_deadline(
    sqlite_home: HouseWorld, service: str
) -> None:
    world, case = sqlite_home.world, sqlite_home.house.case
    async with world.client_over({service: Silent()}, deadline_seconds=0.3) as client:
        response = await world.as_("nadia.bell", client=client).send("GET", f"/v1/cases/{case}")
    expected = {"case": "unavailable", "consent": "decision-unavailable"}[service]
    assert (response.status_code, problem(response)) == (503, expected)
    no_content(response)


@pytest.mark.parametrize(
    "broken",
    [
        Dead(),
        Saying(b"<html>"),
        Saying(b"canary", 500),
        Saying(b"[]"),
        Saying(b"{}"),
        Saying(b"null"),
        Saying(b""),
    ],
    ids=["dead", "html", "500", "list", "object", "null", "nothing"],
)
async def test_f1_without_the_assessments_the_rest_is_shown_and_the_gap_is_named(
    sqlite_home: HouseWorld, broken: Transport
) -> None:
    world, case = sqlite_home.world, sqlite_home.house.case
    async with world.client_over({"assessment": broken}) as client:
        session = world.as_("nadia.bell", client=client)
        view = await session.get(f"/v1/cases/{case}")
        whole = await world.as_("nadia.bell").get(f"/v1/cases/{case}")
        assert whole["unavailable"] == []
        assert view["unavailable"] == ["assessments"]
        assert view["areas"]["assessment"] == []
        assert view["areas"]["plan"] == whole["areas"]["plan"]
        assert view["areas"]["person"] == whole["areas"]["person"]
        assert view["header"] == whole["header"]
        response = await session.send("GET", "/v1/cases")
        assert (response.status_code, problem(response)) == (503, "unavailable")
        if isinstance(broken, Dead):
            assert (await session.send("GET", "/v1/instruments")).status_code in (200, 503)


async def test_f1_what_may_stand_in_a_part_that_is_away_is_not_said_to_be_absent(
    sqlite_home: HouseWorld,
) -> None:
    """Who is told that it does not exist does not send it again, and it is lost. Whoever sees nothing of the
    case is answered as ever, and an id that nothing has like one that something has."""
    world, house = sqlite_home.world, sqlite_home.house
    case = f"/v1/cases/{house.case}"
    bodies_of = bodies(house)
    answered: Counter[int] = Counter()
    async with world.client_over({"assessment": Dead()}) as client:
        school, stranger = (world.as_(user, client=client) for user in ("nadia.bell", "max.holt"))
        for assessment, entry in ((house.assessment, house.need), (ABSENT, ABSENT)):
            one = f"{case}/assessments/{assessment}"
            for method, path, body in (
                ("GET", one, None),
                ("GET", f"{one}/print", None),
                ("POST", f"{one}/entries", bodies_of["POST", f"{ONE}/entries"]),
                ("PATCH", f"{one}/entries/{entry}", bodies_of["PATCH", f"{ONE}/entries/{{entry}}"]),
                ("POST", f"{one}/signature", bodies_of["POST", f"{ONE}/signature"]),
                ("POST", f"{case}/assessments", {"amends": assessment}),
                ("POST", f"{case}/actions", {"carry_over_from": assessment}),
                ("POST", "/v1/explanations", {"case": house.case, "entry": entry}),
            ):
                response = await school.send(method, path, body, headers=fresh_key())
                assert (response.status_code, problem(response)) == (503, "unavailable"), (method, path)
                hidden = await stranger.send(method, path, body, headers=fresh_key())
                answered[hidden.status_code] += 1
    assert set(answered) <= {403, 404}
    assert answered[404] >= 14


@pytest.mark.parametrize(
    "broken",
    [
        Dead(),
        Saying(b"<html>"),
        Saying(b"canary", 500),
        Saying(b"[]"),
        Saying(b"{}"),
        Saying(b"null"),
        Saying(b""),
    ],
    ids=["dead", "html", "500", "list", "object", "null", "nothing"],
)
async def test_f1_without_the_case_there_is_nothing_to_show(
    sqlite_home: HouseWorld, broken: Transport
) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    async with world.client_over({"case": broken}) as client:
        session = world.as_("nadia.bell", client=client)
        for path in (f"/v1/cases/{house.case}", f"/v1/people/{house.child}", "/v1/cases"):
            response = await session.send("GET", path)
            assert (response.status_code, problem(response)) == (503, "unavailable"), path
            no_content(response)


async def test_f1_a_read_is_tried_again_and_a_decision_is_not(sqlite_home: HouseWorld) -> None:
    world, case = sqlite_home.world, sqlite_home.house.case
    stumbling = {name: FailingFirst(inner(world, name)) for name in ("case", "assessment")}
    async with world.client_over(stumbling) as client:
        view = await world.as_("nadia.bell", client=client).get(f"/v1/cases/{case}")
    assert view["unavailable"] == []
    assert {name: transport.calls for name, transport in stumbling.items()} == {"case": 2, "assessment": 2}
    deciding = FailingFirst(inner(world, "consent"))
    async with world.client_over({"consent": deciding}) as client:
        session = world.as_("nadia.bell", client=client)
        assert (await session.send("GET", f"/v1/cases/{case}")).status_code == 503
        assert deciding.calls == 1
        assert (await session.send("GET", f"/v1/cases/{case}")).status_code == 200


async def test_f1_a_write_whose_end_is_not_known_says_so_and_its_key_tells(sqlite_home: HouseWorld) -> None:
    """The service writes and its answer is lost: repeating the request gives the same id."""
    world, case = sqlite_home.world, sqlite_home.house.case
    body, key = {"actions": [plan_action("northgate-school")]}, {"Idempotency-Key": "lost-answer"}
    path = f"/v1/cases/{case}/actions"
    before = await world.rows()
    async with world.client_over({"case": _LosingAnswersTo(inner(world, "case"))}) as client:
        response = await world.as_("nadia.bell", client=client).send("POST", path, body, headers=key)
        assert (response.status_code, problem(response)) == (503, "unavailable")
        assert "Idempotency-Key" in response.json()["detail"]
    after = await world.rows()
    assert after["case.entries"] == before["case.entries"] + 1
    response = await world.as_("nadia.bell").send("POST", path, body, headers=key)
    assert response.status_code == 201
    assert (await world.rows())["case.entries"] == after["case.entries"]


class _LosingAnswersTo(FailingOn):
    """Lets a write happen and loses its answer."""

    def __init__(self, inner: Transport) -> None:
        super().__init__(inner, "/actions")
        self.on = False

    async def send(self, method: str, path: str, headers: Any, body: bytes) -> Any:
        reply = await super().send(method, path, headers, body)
        return await Dead().send(method, path, headers, body) if method == "POST" else reply


@pytest.mark.parametrize(
    "seconds, passes", [(0.0, True), (8.0, True), (20.0, False), (30.0, False), (600.0, False)]
)
async def test_an_answer_that_is_ready_after_the_deadline_is_dropped_and_its_receipt_stays(
    sqlite_home: HouseWorld, seconds: float, passes: bool
) -> None:
    """D on a virtual clock: the consent service answers, and then it is too late."""
    world, house, clock = sqlite_home.world, sqlite_home.house, VirtualMonotonic()
    late = Taking(inner(world, "consent"), clock, seconds)
    dropped = 0
    async with world.client_over({"consent": late}, monotonic=clock, deadline_seconds=D) as client:
        for user, method, path, body in views(house):
            response = await world.as_(user, client=client).send(method, path, body)
            receipts = await world.receipts_now(user)
            # A list asks first which cases overrides add, and is out of time before anything is decided.
            asks_before = path == "/v1/cases" and not passes
            # A timeline is decided twice, whatever it holds.
            decided = 2 if passes and path.endswith("/timeline") else 1
            assert len(receipts) == (0 if asks_before else decided), path
            if passes:
                assert response.status_code == 200, path
                continue
            # Those who ask consent twice are out of time before they ask again.
            allowed = (
                {"too-slow", "decision-unavailable"}
                if path.endswith(("consents", "exclusions", "/v1/cases", "/timeline"))
                else {"too-slow"}
            )
            assert response.status_code == 503
            assert problem(response) in allowed, path
            no_content(response)
            if path == f"/v1/cases/{house.case}":
                assert len(released_by(receipts)) > 20
            dropped += 1
    assert dropped == (0 if passes else 15)


async def test_time_that_the_services_take_before_the_decision_counts(sqlite_home: HouseWorld) -> None:
    world, case, clock = sqlite_home.world, sqlite_home.house.case, VirtualMonotonic()
    late = {
        "case": Taking(inner(world, "case"), clock, 8.0),
        "assessment": Taking(inner(world, "assessment"), clock, 8.0),
        "consent": Taking(inner(world, "consent"), clock, 2.0),
    }
    async with world.client_over(late, monotonic=clock, deadline_seconds=D) as client:
        session = world.as_("nadia.bell", client=client)
        assert (await session.send("GET", f"/v1/cases/{case}")).status_code == 200
        late["consent"].seconds = 6.0
        response = await session.send("GET", f"/v1/cases/{case}")
        assert (response.status_code, problem(response)) == (503, "too-slow")
        late["case"].seconds = 14.0
        response = await session.send("GET", f"/v1/cases/{case}")
        assert (response.status_code, problem(response)) == (503, "decision-unavailable")
        assert await world.receipts_now("nadia.bell") == []
        late["case"].seconds = late["assessment"].seconds = late["consent"].seconds = 0.0
        assert (await session.send("GET", f"/v1/cases/{case}")).status_code == 200


async def test_a_deed_without_a_permit_is_not_done(sqlite_home: HouseWorld) -> None:
    world, case = sqlite_home.world, sqlite_home.house.case
    silent = _verdict(lambda said: {**said, "permit": None})(inner(world, "consent"))
    async with world.client_over({"consent": silent}) as client:
        body = {"actions": [plan_action("northgate-school")]}
        response = await world.as_("nadia.bell", client=client).send(
            "POST", f"/v1/cases/{case}/actions", body
        )
        assert (response.status_code, problem(response)) == (403, "forbidden")


async def test_the_gateway_sends_its_deadline_and_the_request_id_to_every_service(
    sqlite_home: HouseWorld,
) -> None:
    world, case = sqlite_home.world, sqlite_home.house.case
    listening = {name: _Listening(inner(world, name)) for name in ("case", "assessment", "consent")}
    async with world.client_over(listening, deadline_seconds=2.5) as client:
        session = world.as_("nadia.bell", client=client, headers={"X-Request-Id": "abc-123"})
        await session.get(f"/v1/cases/{case}")
    for name, transport in listening.items():
        assert [heard["disclosure-deadline"] for heard in transport.heard] == ["2.5"], name
        assert [heard["x-request-id"] for heard in transport.heard] == ["abc-123"]


class _Listening(FailingOn):
    def __init__(self, inner: Transport) -> None:
        super().__init__(inner, "nothing has this in its path")
        self.heard: list[dict[str, str]] = []

    async def send(self, method: str, path: str, headers: Any, body: bytes) -> Any:
        self.heard.append(dict(headers))
        assert orjson.loads(body or b"{}") is not None
        return await super().send(method, path, headers, body)
