"""The whole suite in one process, spoken to through its public API by a client that checks every answer.

Whatever a test is about, each answer that it gets is held to what all of them promise (design 3.3, 3.4, 4):
headers, problem documents, the notice, and A1: what it shows stands on a receipt, at that level.
"""

import re
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute
from jose import jwt
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import bindparam, inspect, select, text
from sqlalchemy.orm import Session as DatabaseSession
from starlette.routing import Match

from deploy.composition import Suite, compose
from deploy.demo_people import AGENCIES, USERS, DemoUser
from deploy.identity.issuer import AUDIENCE, DevelopmentIssuer
from deploy.keys import CURSOR_KEY, PRIVATE_KEY, load_or_make_secret, load_or_make_signing_key
from deploy.stories.client import Api, Session
from services.case.entries.tables import EntryRow
from services.consent.agencies.operations import add_agency
from services.consent.ledger.tables import Receipt
from services.gateway.app import AREAS
from services.gateway.app import create_app as create_gateway
from services.gateway.notice import notice
from services.gateway.settings import GatewaySettings
from shared.clock import Monotonic, monotonic
from shared.database import Store
from shared.idempotency import WriteRequest
from shared.identity import Caller, FixedKeys, InternalTokens
from shared.records.agencies import NewAgency
from shared.upstream import InProcess, Transport
from shared.vocabulary import AgencyKind, Role
from tests.support.lines import Line, Stored, check_line, lines_of, released_about, said_by

START = datetime(2031, 3, 3, 9, 0, tzinfo=UTC)
ISSUER = "http://issuer.example"
NOTICE = notice("999")
SERVICES = ("case", "assessment", "consent")
LEDGER_TABLES = frozenset({"receipts", "mentions", "chains"})
LEVELS_SHOWN = ("summary", "full")
Json = dict[str, Any]

_MORE_PEOPLE = (
    DemoUser("max.holt", "Max Holt", "Team manager", (("jobcentre-east", "team_manager"),)),
    DemoUser("kit.vane", "Kit Vane", "Team manager", (("tidewater-housing", "team_manager"),)),
    DemoUser("rory.dale", "Rory Dale", "Records officer", (("northgate-school", "records_officer"),)),
    DemoUser("pam.orr", "Pam Orr", "Panel member", (("tidewater-housing", "panel_member"),)),
    DemoUser("reg.fenn", "Reg Fenn", "Referrer", (("education-welfare", "referrer"),)),
    DemoUser("yot.system", "Justice system", "System", (("youth-offending", "agency_system"),)),
    DemoUser("school.mentor", "Lou Ames", "Volunteer", (("northgate-school", "volunteer"),)),
    DemoUser("job.officer", "Jo Bray", "Information officer", (("jobcentre-east", "information_officer"),)),
    DemoUser(
        "hous.officer", "Al Munn", "Information officer", (("tidewater-housing", "information_officer"),)
    ),
    DemoUser("school.coord", "Cy Rowe", "Co-ordinator", (("northgate-school", "coordinator"),)),
    DemoUser(
        "viv.stone",
        "Viv Stone",
        "Housing officer for information",
        (
            ("tidewater-housing", "information_officer"),
            ("tidewater-housing", "practitioner"),
            ("jobcentre-east", "practitioner"),
        ),
    ),
    DemoUser(
        "ivy.marsh",
        "Ivy Marsh",
        "Nurse for tenants",
        (("riverbank-camhs", "practitioner"), ("tidewater-housing", "practitioner")),
    ),
    DemoUser("harb.manager", "Bea Holm", "Team manager", (("harbour-social-care", "team_manager"),)),
    DemoUser("pol.guard", "Gil Stone", "Safeguarding lead", (("borough-police", "safeguarding_lead"),)),
    DemoUser("una.listed", "Una Listed", "Nurse", (("nobodys-agency", "practitioner"),)),
    DemoUser("hous.system", "Housing system", "System", (("tidewater-housing", "agency_system"),)),
    DemoUser("job.records", "Ivy Lund", "Records officer", (("jobcentre-east", "records_officer"),)),
    DemoUser("may.lone", "May Lone", "Parent", (("family", "family_member"),)),
    DemoUser("school.guard", "Di Lamb", "Safeguarding lead", (("northgate-school", "safeguarding_lead"),)),
)
PEOPLE: Mapping[str, DemoUser] = {**USERS, **{user.user: user for user in _MORE_PEOPLE}}


_RECEIPT = select(Receipt.__table__).where(Receipt.id == bindparam("id"))


class TurnableClock:
    """Goes on by a second with each request, or stands still while ``runs`` is false."""

    def __init__(self) -> None:
        self.now = START
        self.runs = True

    def __call__(self) -> datetime:
        return self.now

    def tick(self) -> None:
        if self.runs:
            self.now += timedelta(seconds=1)


class VirtualMonotonic:
    """A monotonic clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


class RecordingSleep:
    """Pauses for nothing, and keeps how long each pause should have been."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


def shown_entries(content: Any) -> Iterator[tuple[str, str]]:
    """Every entry that an answer shows, wherever it stands in it, with its level."""
    if isinstance(content, dict):
        if {"id", "kind", "level", "owner", "fields"} <= content.keys():
            yield content["id"], content["level"]
        else:
            for value in content.values():
                yield from shown_entries(value)
    elif isinstance(content, list):
        for value in content:
            yield from shown_entries(value)


def printed_on(page: str) -> tuple[str, dict[str, str]]:
    """The receipt that a printed page names, and the entries on it with their levels."""
    return _PRINTED_RECEIPT.findall(page)[0], dict(_PRINTED_ENTRY.findall(page))


def released_by(receipts: list[Json]) -> dict[str, str]:
    """The entries that these receipts say were released, with the level of each."""
    return {
        entry: cell["level"]
        for receipt in receipts
        for case in receipt["cases"]
        for cell in case["cells"]
        for entry in cell["entries"]
    }


ROUTES = tuple(route for area in AREAS for route in area.router.routes if isinstance(route, APIRoute))
"""The operations of the public API."""
PRINTED = "/v1/cases/{case}/assessments/{assessment}/print"
WITHOUT_A_MODEL = frozenset({"/v1/instruments", "/v1/instruments/{code}/{version}", PRINTED})
"""What is handed on as the assessment service has it, its form the instrument's own; and a printed page."""


_PRINTED_RECEIPT = re.compile(r'<meta name="receipt" content="([0-9a-f-]{36})">')
_PRINTED_ENTRY = re.compile(r'<article data-entry="([0-9a-f-]{36})" data-level="(\w+)">')


def route_of(method: str, path: str) -> APIRoute:
    """The operation that a request meets."""
    scope = {"type": "http", "method": method, "path": path, "headers": []}
    return next(route for route in ROUTES if route.matches(scope)[0] is Match.FULL)


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


def check_against_model(method: str, path: str, status: int, body: bytes) -> None:
    """A good answer is what the document says, to the field and in its status."""
    route = route_of(method, path)
    assert status == (route.status_code or 200)
    if route.path in WITHOUT_A_MODEL:
        return
    assert route.response_model is not None
    try:
        _adapter(route.response_model).validate_json(body, strict=True)
    except ValidationError as error:
        raise AssertionError(f"not what is documented: {error}") from error


class CheckedClient(httpx.AsyncClient):
    """Speaks to one gateway, and checks each answer before the test sees it."""

    def __init__(self, gateway: FastAPI, world: "World") -> None:
        transport = httpx.ASGITransport(app=gateway, raise_app_exceptions=False)
        super().__init__(transport=transport, base_url="http://suite", timeout=60.0)
        self._world = world
        self.answers: Counter[int] = Counter()
        self.receipts_checked = 0
        self.entries_checked = 0
        self.lines_checked = 0
        self.values_checked = 0
        self.visitors: dict[str, str] = {}
        """The users of bearer tokens that are no issuer's."""

    async def call(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None, **rest: Any
    ) -> httpx.Response:
        """A request with a JSON body, or with none."""
        content: Json = {} if body is None else {"json": body}
        return await self.request(method, path, headers=headers, **content, **rest)

    async def send(self, request: httpx.Request, **how: Any) -> httpx.Response:
        self._world.clock.tick()
        response = await super().send(request, **how)
        await response.aread()
        self.answers[response.status_code] += 1
        try:
            self._check_form(response)
            if response.is_success and request.url.path.startswith("/v1/"):
                check_against_model(request.method, request.url.path, response.status_code, response.content)
            if response.status_code == 200 and response.request.url.path.startswith("/v1"):
                await self._check_receipt(response)
        except AssertionError as error:
            about = f"{request.method} {request.url.raw_path.decode()} -> {response.status_code}"
            raise AssertionError(f"{about}: {error}\n{response.text[:2000]}") from error
        return response

    def _check_form(self, response: httpx.Response) -> None:
        headers = response.headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-request-id"]
        assert response.status_code != 500
        if response.status_code >= 400 and response.content:
            assert headers["content-type"] == "application/problem+json"
            document = response.json()
            assert document.keys() <= {"type", "title", "status", "detail", "errors", "notice"}
            assert document["status"] == response.status_code
            has_notice = response.status_code in (404, 503)
            assert document.get("notice") == (NOTICE if has_notice else None)
        assert ("retry-after" in headers) == (response.status_code in (429, 503))
        assert ("www-authenticate" in headers) == (response.status_code == 401)

    def _user_of(self, request: httpx.Request) -> str:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token in self.visitors:
            return self.visitors[token]
        return user_of(request)

    async def _check_print(self, response: httpx.Response) -> None:
        """A1 for a page: the entries that it prints are those on its receipt, at their levels."""
        named, printed = printed_on(response.text)
        receipt = await self._world.receipt(named)
        assert receipt is not None, "the receipt is not in the ledger"
        assert (receipt["user"], receipt["action"]) == (self._user_of(response.request), "print")
        assert printed == released_by([receipt])
        self.receipts_checked += 1
        self.entries_checked += len(printed)

    async def _check_receipt(self, response: httpx.Response) -> None:
        if response.headers["content-type"].startswith("text/html"):
            await self._check_print(response)
            return
        content = response.json()
        user = self._user_of(response.request)
        if not isinstance(content, dict):
            return
        shown = dict(shown_entries(content))
        if "decision" in content:
            assert content.get("notice") == NOTICE
            receipt = await self._world.receipt(content["decision"]["receipt"])
            assert receipt is not None, "the receipt is not in the ledger"
            assert receipt["user"] == user
            assert content["decision"]["purpose"] == receipt["purpose"]
            released = released_by([receipt])
            if "timeline" in content:
                told = {event["entry"] for event in content["timeline"] if event["what"] == "recorded"}
                assert told == released.keys()
            else:
                assert shown == await self._without_cards(released, content, receipt)
            latest = [event for event in content.get("latest", ()) if event["what"] == "recorded"]
            assert {event["entry"] for event in latest} <= released.keys()
            self.receipts_checked += 1
            self.entries_checked += len(shown)
        else:
            assert not shown, "entries without a receipt"
            await self._check_lines(list(lines_of(content)), user)

    async def _without_cards(self, released: dict[str, str], content: Json, receipt: Json) -> dict[str, str]:
        """What a receipt says was released besides what the cards of the cases beside a list say."""
        lines = list(lines_of(content.get("cases")))
        stored = await self._world.entries(released.keys()) if lines else {}
        for line in lines:
            self.values_checked += check_line(line, [receipt], stored)
        self.lines_checked += len(lines)
        on_cards = {entry for line in lines for entry in said_by(line, [receipt], stored)}
        return {entry: level for entry, level in released.items() if entry not in on_cards}

    async def _check_lines(self, lines: Sequence[Line], user: str) -> None:
        """A1 for a list or a search, which names no receipt: each value of every line stands on one of those
        that its reader's request left."""
        if not lines:
            return
        receipts = await self._world.receipts_now(user, ("list", "search"))
        assert receipts, "a list without a receipt"
        stored = await self._world.entries({one for line in lines for one in released_about(line, receipts)})
        for line in lines:
            self.values_checked += check_line(line, receipts, stored)
        self.lines_checked += len(lines)
        self.receipts_checked += 1


def user_of(request: httpx.Request) -> str:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    return str(jwt.get_unverified_claims(token)["sub"]) if token.count(".") == 2 else ""


class As(Session):
    """One user acting in one role, who may also be refused."""

    def __init__(self, client: CheckedClient, headers: dict[str, str], user: str, agency: str) -> None:
        super().__init__(client, headers, user, agency)
        self._checked = client

    async def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        **rest: Any,
    ) -> httpx.Response:
        """The answer as it comes, whatever its status."""
        return await self._checked.call(method, path, body, {**self._headers, **(headers or {})}, **rest)

    @property
    def headers(self) -> dict[str, str]:
        return dict(self._headers)


@dataclass
class World:
    """One running suite. ``client`` speaks to its gateway; others can be put in front of its services."""

    suite: Suite
    issuer: DevelopmentIssuer
    keys_folder: Path
    clock: TurnableClock
    sleep: RecordingSleep
    deadline_seconds: float
    client: CheckedClient = field(init=False)
    _tables: dict[str, list[str]] = field(default_factory=dict)

    def token(self, user: str, person: str | None = None) -> str:
        return self.issuer.token(PEOPLE[user].for_person(person))

    def as_(
        self,
        user: str,
        *,
        person: str | None = None,
        agency: str | None = None,
        client: CheckedClient | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> As:
        """A session of a user, with further headers."""
        known = PEOPLE[user]
        named = dict(headers or {})
        if agency is not None:
            named["Acting-Agency"] = agency
        sent = {"Authorization": f"Bearer {self.token(user, person)}", **named}
        return As(client or self.client, sent, user, agency or known.agency)

    @property
    def api(self) -> Api:
        async def token_of(user: str, person: str | None) -> str:
            return self.token(user, person)

        return Api(self.client, token_of)

    def store(self, service: str) -> Store:
        store: Store = self.suite.services[service].state.parts.store
        return store

    async def receipt(self, id: str) -> Json | None:
        def find(session: DatabaseSession) -> Json | None:
            found = session.connection().execute(_RECEIPT, {"id": id}).one_or_none()
            return None if found is None else dict(found._mapping)

        return await self.store("consent").read(find)

    async def entries(self, ids: Collection[str]) -> dict[str, Stored]:
        """Entries of the case service as they stand."""

        def find(session: DatabaseSession) -> dict[str, Stored]:
            columns = (EntryRow.id, EntryRow.kind, EntryRow.subjects, EntryRow.fields)
            rows = session.execute(select(*columns).where(EntryRow.id.in_(ids)))
            return {row.id: Stored(row.kind, row.subjects, row.fields) for row in rows}

        return await self.store("case").read(find)

    async def receipts_now(self, user: str, actions: tuple[str, ...] = ()) -> list[Json]:
        """The receipts that a user's requests left at this moment of the clock."""
        chosen = [Receipt.user == user, Receipt.at == self.clock.now]
        if actions:
            chosen.append(Receipt.action.in_(actions))

        def find(session: DatabaseSession) -> list[Json]:
            return [dict(row._mapping) for row in session.execute(select(Receipt.__table__).where(*chosen))]

        return await self.store("consent").read(find)

    async def rows(self, *, without: frozenset[str] = frozenset()) -> dict[str, int]:
        """How many rows each table of each service holds."""

        def count(session: DatabaseSession, service: str) -> dict[str, int]:
            if service not in self._tables:
                self._tables[service] = sorted(inspect(session.connection()).get_table_names())
            counts = [
                f"SELECT '{name}' AS name, count(*) AS number FROM {name}"
                for name in self._tables[service]
                if name not in without
            ]
            rows = session.execute(text(" UNION ALL ".join(counts)))
            return {row.name: row.number for row in rows}

        found = {}
        for service in SERVICES:
            counted = await self.store(service).read(count, service)
            found.update({f"{service}.{name}": number for name, number in counted.items()})
        return found

    @property
    def private_key(self) -> Json:
        return load_or_make_signing_key(self.keys_folder / PRIVATE_KEY, "gateway-1")

    def internal_tokens(self) -> InternalTokens:
        return InternalTokens(self.private_key, self.clock)

    def gateway_over(
        self,
        transports: Mapping[str, Transport],
        *,
        monotonic: Monotonic = monotonic,
        deadline_seconds: float | None = None,
        metrics_token: str = "",
        requests_per_minute: int = 0,
    ) -> FastAPI:
        """One more gateway before the same services, reached by other transports where they are given."""
        settings = GatewaySettings(
            oidc_issuer=self.issuer.url,
            oidc_audience=AUDIENCE,
            private_key=self.private_key,
            cursor_key=load_or_make_secret(self.keys_folder / CURSOR_KEY),
            deadline_seconds=deadline_seconds or self.deadline_seconds,
            metrics_token=metrics_token,
            requests_per_minute=requests_per_minute,
        )
        own = {name: InProcess(app) for name, app in self.suite.services.items()}
        keys = FixedKeys(self.issuer.jwk_set)
        return create_gateway(
            settings, transports={**own, **transports}, keys=keys, clock=self.clock, monotonic=monotonic
        )

    @asynccontextmanager
    async def client_over(
        self, transports: Mapping[str, Transport], **how: Any
    ) -> AsyncIterator[CheckedClient]:
        async with CheckedClient(self.gateway_over(transports, **how), self) as client:
            yield client


@asynccontextmanager
async def running_world(
    keys_folder: Path,
    databases: Mapping[str, str],
    *,
    deadline_seconds: float = 30.0,
    begins: datetime = START,
) -> AsyncIterator[World]:
    """The suite over these databases. D is long: nothing here is to fail because a machine is busy."""
    clock, sleep = TurnableClock(), RecordingSleep()
    clock.now = begins
    key = load_or_make_signing_key(keys_folder / "issuer.json", "issuer-1")
    issuer = DevelopmentIssuer(ISSUER, key, PEOPLE, clock)
    suite = compose(
        keys_folder, databases, issuer, deadline_seconds=deadline_seconds, clock=clock, sleep=sleep
    )
    async with suite.running():
        world = World(suite, issuer, keys_folder, clock, sleep, deadline_seconds)
        async with CheckedClient(suite.gateway, world) as client:
            world.client = client
            yield world


async def add_agencies(world: World) -> None:
    """The demo agencies, straight into the consent service: how they join has tests of its own."""
    officer = Caller("una.price", "Una Price", "partnership-office", Role.INFORMATION_OFFICER)
    for agency in AGENCIES:
        new = NewAgency(
            code=agency.code, name=agency.name, kind=AgencyKind(agency.kind), telephone=agency.telephone
        )
        request = WriteRequest(officer, world.clock(), None, "")
        await world.store("consent").write(add_agency, request, new)


def problem(response: httpx.Response) -> str:
    """The kind of problem that an answer names."""
    return str(response.json()["type"]).rsplit(":", 1)[-1]


def fields_of(response: httpx.Response) -> list[str]:
    """The fields that an answer names as wrong."""
    return [error["field"] for error in response.json().get("errors", ())]


def fresh_key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def someone(user: str, memberships: tuple[tuple[str, str], ...]) -> DemoUser:
    """A user made for one test."""
    return replace(PEOPLE["nadia.bell"], user=user, memberships=memberships)
