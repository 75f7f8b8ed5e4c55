"""Z1: every operation of the gateway and of the services behind it, as their OpenAPI documents describe them.

Households live through everything that can be done (``lives.py``): each operation is done in each of
them, in other words and by several roles, after what must be before it was done too. Then what the documents
allow and what they do not is drawn by chance and sent everywhere, to the gateway and past it to each service.
Every answer is held to the document: its status stands there, its body fits the schema that stands there, and
what does not fit a body's schema is not accepted.

Three changes that make this fail: a status that ``openapi.py`` does not name, a field that is answered and
not in the answer's model, a validator that lets through what the document refuses.
"""

import json
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from math import ceil
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.routing import Match, Route

from shared.clock import DEADLINE_HEADER
from shared.identity import Caller
from shared.upstream import InProcess, Reply
from shared.vocabulary import Role
from tests.gateway.conftest import Template, TemplateOf
from tests.gateway.lives import Done, Life, Operation, in_order, spoilt
from tests.gateway.operations import OPERATIONS
from tests.support.documented import Document
from tests.support.gateway import PEOPLE, SERVICES, World, fresh_key, running_world

pytestmark = [pytest.mark.anyio, pytest.mark.property]

LIVES = 6
"""So many households, and so many good answers of each operation at least. The design wants twenty: that
takes minutes, and is had from ``--scale 4`` on."""
ON_POSTGRES = 6
"""Every sixth of them lives on PostgreSQL, the others on SQLite."""
ODD, ODD_INSIDE = 3, 3
"""How often something drawn by chance is sent to each operation: of the gateway, and of the services."""
CANARY = "canary"
"""In every text of the household (``household.py``)."""
_PROBLEM = {"type", "title", "status", "detail", "errors", "notice"}
SELDOM: Mapping[str, frozenset[Operation]] = {
    "case": frozenset(
        ("POST", path)
        for path in (
            "/cases/{case}/actions/carried-over", "/cases/{case}/goals/carried-over", "/vacancies",
            "/people/subjects-as-of", "/cases/bundles", "/caseload/closed",
        )
    )
    | {("GET", "/cases/{case}/promises/{promise}/alone")},
    "assessment": frozenset(),
    "consent": frozenset(
        ("POST", path)
        for path in (
            "/explanations/officer", "/explanations/receipts", "/family-visits/whose",
            "/taking-part/answered",
        )
    ),
}  # fmt: skip
"""What the gateway asks for at other times than in these lives: nothing good is expected of these."""


class Inside:
    """The operations of one service, and every reply that it gave to the gateway."""

    def __init__(self, app: FastAPI) -> None:
        self._routes = [one for one in app.routes if isinstance(one, Route) and one.include_in_schema]
        self.document = Document(get_openapi(title=app.title, version="1", routes=self._routes))
        self.operations = sorted(
            {(method, one.path) for one in self._routes for method in one.methods or () if method != "HEAD"}
        )
        self.good: dict[Operation, set[int]] = defaultdict(set)
        self.paths: dict[Operation, str] = {}
        self.statuses: Counter[int] = Counter()
        self.broke: Counter[Operation] = Counter()

    def note(self, method: str, path: str, body: bytes, reply: Reply) -> None:
        operation = self._operation(method, path)
        self.paths[operation] = path
        self.check(operation, reply)
        if reply.status < 300:
            self.good[operation].add(hash((path, body, reply.body)))

    def check(self, operation: Operation, reply: Reply) -> None:
        """Nothing breaks, and what goes wrong is said in a problem document."""
        self.statuses[reply.status] += 1
        if reply.status >= 500:
            self.broke[operation] += 1
        if reply.status >= 400:
            document = reply.json()
            assert document.keys() <= _PROBLEM, (operation, document)
            assert document["status"] == reply.status

    def _operation(self, method: str, path: str) -> Operation:
        scope = {"type": "http", "method": method, "path": path.partition("?")[0], "headers": []}
        found = next(one for one in self._routes if one.matches(scope)[0] is Match.FULL)
        return method, found.path


class Watched:
    """A transport to a service that lets somebody see what is answered."""

    def __init__(self, app: FastAPI, inside: Inside) -> None:
        self._own, self._inside = InProcess(app), inside

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        reply = await self._own.send(method, path, headers, body)
        self._inside.note(method, path, body, reply)
        return reply

    async def close(self) -> None:
        await self._own.close()


class Checked:
    """Holds every answer of the gateway to its document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.fitting = self.refused_misfits = 0

    def __call__(self, operation: Operation, body: Any, answer: httpx.Response) -> None:
        status, told = answer.status_code, (operation, body, answer.status_code, answer.text[:1500])
        assert status < 500, told
        assert str(status) in self.document.statuses(operation), told
        schema = self.document.answer(operation, status)
        if schema is not None and "json" in answer.headers.get("content-type", ""):
            assert (found := self.document.misfit(answer.json(), schema)) is None, (found, told)
            self.fitting += 1
        taken = self.document.body(operation)
        if body is not None and taken is not None and self.document.misfit(body, taken) is not None:
            assert not answer.is_success, told
            self.refused_misfits += 1
        if not answer.is_success:
            assert CANARY not in answer.text, told


class Worlds:
    """The households, one after the other, and all that is known of their answers."""

    def __init__(self, request: pytest.FixtureRequest, folder: Path, seed: int) -> None:
        self._request, self._folder, self._made = request, folder, 0
        self.rng, self.done = random.Random(seed), Done()
        self.check: Checked | None = None
        self.inside: dict[str, Inside] = {}

    @asynccontextmanager
    async def life(self, template: Template, store: str) -> AsyncIterator[Life]:
        """A household that nobody has touched, in a world of its own."""
        self._made += 1
        place = self._folder / str(self._made)
        place.mkdir()
        databases = template.copy(store, self._request, place)
        begins = template.ended + timedelta(minutes=1)
        async with running_world(template.keys, databases, begins=begins) as world:
            if self.check is None:
                self.check = Checked(Document(world.suite.gateway.openapi()))
                self.inside = {name: Inside(app) for name, app in world.suite.services.items()}
            watched = {name: Watched(app, self.inside[name]) for name, app in world.suite.services.items()}
            async with world.client_over(watched) as client:
                yield Life(
                    world, client, template.house, self.check.document, self.rng, self.done, self.check
                )

    async def past_the_gateway(self, world: World, service: str, times: int) -> int:
        """Send each operation of a service what its document allows, and what it does not."""
        inside, rng, sent = self.inside[service], self.rng, 0
        app = InProcess(world.suite.services[service])
        for operation in inside.operations:
            for _ in range(times):
                body = self._drawn_inside(inside, operation)
                headers = {**_internal(world, service, rng), **fresh_key()}
                path = inside.paths.get(operation, operation[1])
                sent_body = json.dumps(body).encode()
                inside.check(operation, await app.send(operation[0], path, headers, sent_body))
                sent += 1
        return sent

    def _drawn_inside(self, inside: Inside, operation: Operation) -> Any:
        schema = inside.document.body(operation)
        if schema is None:
            return None
        ids = [part for path in inside.paths.values() for part in path.split("/") if len(part) == 36]
        body = inside.document.drawn(self.rng, schema, [*sorted(set(ids)), "northgate-school", "nadia.bell"])
        return body if self.rng.random() < 0.6 else spoilt(self.rng, body)


def _internal(world: World, service: str, rng: random.Random) -> dict[str, str]:
    """What the gateway would say of somebody who asks."""
    somebody = PEOPLE[rng.choice(sorted(PEOPLE))]
    caller = Caller(somebody.user, somebody.name, *rng.choice(somebody.memberships))
    token = world.internal_tokens().mint(caller, service)
    return {"authorization": f"Bearer {token}", "content-type": "application/json", DEADLINE_HEADER: "1"}


async def test_z1_every_operation_is_done_in_many_ways_and_every_answer_is_what_is_documented(
    household_template: TemplateOf, tmp_path: Path, request: pytest.FixtureRequest, seed: int, scale: float
) -> None:
    worlds, wanted = Worlds(request, tmp_path, seed), ceil(LIVES * scale)
    odd_each, inside_each = ceil(ODD * scale), ceil(ODD_INSIDE * scale)
    done = worlds.done
    for number in range(wanted):
        store = "sqlite" if number % ON_POSTGRES else "postgres"
        async with worlds.life(await household_template(store), store) as life:
            if number == 0:
                await life.everybody_says_who_they_are()
            for operation in in_order(worlds.rng):
                assert await life.do(operation), f"nobody could do {operation}"
    odd = past = 0
    async with worlds.life(await household_template("sqlite"), "sqlite") as life:
        for operation in list(OPERATIONS) * odd_each:
            await life.do_oddly(operation)
            odd += 1
        for service in SERVICES:
            past += await worlds.past_the_gateway(life.world, service, inside_each)
    check, classes = worlds.check, done.classes()
    assert check is not None
    print(
        f"Z1 seed {seed}: {wanted} lives, {sum(classes.values())} requests, {dict(sorted(classes.items()))}, "
        f"{check.fitting} answers fit, {check.refused_misfits} misfits refused, {odd} odd ones, forms "
        f"{dict(sorted(done.forms.items()))}; past the gateway {past}, services "
        + ", ".join(f"{name} {dict(sorted(one.statuses.items()))}" for name, one in worlds.inside.items())
        + f"; {sum(len(done.good[one]) >= wanted for one in OPERATIONS)} operations answered differently"
    )
    assert set(check.document.operations) == set(OPERATIONS)
    assert [one for one in OPERATIONS if done.number_of_good(one) < wanted] == []
    assert sum(len(done.good[one]) >= wanted for one in OPERATIONS) > len(OPERATIONS) * 0.75
    assert set().union(*done.roles.values()) == set(Role)
    assert sum(len(roles) > 1 for roles in done.roles.values()) > 3
    assert odd == len(OPERATIONS) * odd_each
    assert check.refused_misfits > odd / 8
    assert classes[2] > len(OPERATIONS) * wanted
    assert classes[4] > odd / 2
    assert check.fitting > sum(classes.values()) * 0.9
    for name, inside in worlds.inside.items():
        assert inside.broke == {}, name
        known = set(inside.operations)
        assert {one for one in known if not inside.good[one]} <= SELDOM[name], name
        assert inside.statuses[422] + inside.statuses[404] > len(known) / 2
    assert past == sum(len(one.operations) for one in worlds.inside.values()) * inside_each
