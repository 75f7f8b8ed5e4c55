"""What is sent to two worlds that differ in what its sender may not see: any operation, in many forms.

A request is drawn of any operation that the gateway has: its path as the household has it, or with an id that
is hidden, was made in one of the worlds only, is absent or is none; its query by the document; its body as
it would be accepted, or spoilt in one place; its headers as they should be, or not.
"""

import random
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any
from uuid import UUID

from fastapi.openapi.utils import get_openapi

from tests.gateway.household import House
from tests.gateway.operations import bodies, ids_of
from tests.support.gateway import ROUTES

Json = dict[str, Any]
Place = tuple[Any, ...]
Schema = dict[str, Any]

ABSENT = "5f0c9d0e-6c41-4d0b-9a55-0a3a2b7c9d11"
NO_IDS = ("not-an-id", ABSENT.upper(), "0", "x" * 300, "%00", "..")
WRONG_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 1.5, "", " ", "x", "x" * 9_000, "a\x00b", "\u202eabc", [], {}, ["x"],
    {"x": {}}, "1900-02-29", "9999-12-31", "2031-03-01T00:00:00Z", ABSENT,
)  # fmt: skip
NO_BODIES: tuple[Any, ...] = (None, [], "x", 0, {"x": None})
LIMITS = ("0", "1", "2", "100", "101", "-1", "x")
MOMENTS = ("2031-03-03T09:00:00Z", "2099-01-01T00:00:00Z", "1900-01-01T00:00:00+05:30", "2031-02-29", "x")
PURPOSES = (
    {"Purpose": "safeguarding", "Purpose-Reason": "To keep a child safe"},
    {"Purpose": "enforcement", "Purpose-Reason": "To evict"},
    {"Purpose": "oversight"},
)

FORMS = (
    "as it should be", "another path", "a query", "a field less", "a field more", "another value", "no body",
    "a purpose", "no tag", "sent again",
)  # fmt: skip
"""The forms in which a request is sent."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it is sent to both worlds; ``again`` if it is sent twice under one key."""

    method: str
    template: str
    path: str
    body: Any
    headers: Json
    form: str
    again: bool = False

    @property
    def operation(self) -> tuple[str, str]:
        return self.method, self.template


class Requests:
    """Draws requests. ``hidden``: ids of things that are hidden; grows with what happens."""

    def __init__(self, rng: random.Random, house: House) -> None:
        self._rng, self._house = rng, house
        self._ids, self._bodies = ids_of(house), bodies(house)
        self._queries = queries()
        self._keys = count(1)
        self.hidden = [
            house.camhs_need, house.camhs_equality, house.camhs_action, house.other_child, house.other_case,
            house.other_assessment,
        ]  # fmt: skip

    def draw(self, operation: tuple[str, str]) -> Request:
        """One request of this operation, in one of its forms."""
        rng, (method, template) = self._rng, operation
        form = rng.choice(self._forms(operation)) if rng.random() < 0.5 else "as it should be"
        path = template.format(**(self._other_ids() if form == "another path" else self._ids))
        if form == "a query":
            path += "?" + self._query(operation)
        elif operation in needed():
            path += "?" + needed()[operation]
        body = deepcopy(self._bodies.get(operation))
        if form in ("a field less", "a field more", "another value", "no body"):
            body = spoilt(rng, body, form)
        headers = {} if form == "no tag" else {"If-Match": '"0"'}
        if form == "a purpose":
            headers |= rng.choice(PURPOSES)
        if form == "sent again":
            key = UUID(int=next(self._keys) << 64 | rng.getrandbits(48), version=4)
            headers["Idempotency-Key"] = str(key)
        return Request(method, template, path, body, headers, form, again=form == "sent again")

    def _forms(self, operation: tuple[str, str]) -> list[str]:
        forms = ["a purpose", "as it should be", "as it should be"]
        if "{" in operation[1]:
            forms += ["another path"] * 2
        if operation in self._queries:
            forms += ["a query"] * 4
        if operation[0] != "GET":
            forms += ["no tag", "sent again"]
        if self._bodies.get(operation):
            forms += ["a field less", "a field more", "another value", "another value", "no body"]
        return forms

    def _other_ids(self) -> dict[str, str]:
        """The ids of a path, one or more of them those of something else."""
        others = (*self.hidden, ABSENT, *NO_IDS)
        changed = self._rng.sample(sorted(self._ids), self._rng.choice((1, 3, len(self._ids))))
        return {**self._ids, **{name: self._rng.choice(others) for name in changed}}

    def _query(self, operation: tuple[str, str]) -> str:
        known = self._queries[operation]
        chosen = self._rng.sample(sorted(known), self._rng.randint(1, min(2, len(known))))
        parts = [f"{name}={self._value(name, known[name])}" for name in chosen]
        return "&".join([*parts, *(["unknown=1"] if self._rng.random() < 0.1 else [])])

    def _value(self, name: str, schema: Schema) -> str:
        values = values_of(schema)
        if name in ("entry", "person"):
            values = [self._house.need, self._house.child, *self.hidden, ABSENT, "x"]
        return str(self._rng.choice(values)).replace("+", "%2B")


@cache
def queries() -> dict[tuple[str, str], dict[str, Schema]]:
    """The parameters of each operation's query, as the document describes them, which every gateway has."""
    found: dict[tuple[str, str], dict[str, Schema]] = {}
    document = get_openapi(title="Teamaround", version="1", routes=ROUTES)
    words = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            asked = [p for p in operation.get("parameters", ()) if p["in"] == "query"]
            named = {p["name"]: p["schema"].get("anyOf", [p["schema"]])[0] for p in asked}
            named = {name: words.get(_last(schema), schema) for name, schema in named.items()}
            if named:
                found[method.upper(), path] = named
    return found


@cache
def needed() -> dict[tuple[str, str], str]:
    """The query without which an operation is never answered, where there is one: each parameter that it must
    have, with a value that it may have."""
    found: dict[tuple[str, str], str] = {}
    document = get_openapi(title="Teamaround", version="1", routes=ROUTES)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            must = [p for p in operation.get("parameters", ()) if p["in"] == "query" and p.get("required")]
            known = queries().get((method.upper(), path), {})
            if must:
                parts = (f"{p['name']}={_good(known[p['name']])}" for p in must)
                found[method.upper(), path] = "&".join(parts)
    return found


def _good(schema: Schema) -> Any:
    return schema["enum"][0] if "enum" in schema else values_of(schema)[-1]


def _last(schema: Schema) -> str:
    return str(schema.get("$ref", "")).rsplit("/", 1)[-1]


def values_of(schema: Schema) -> Sequence[Any]:
    """What a parameter may be, and what it may not."""
    if "enum" in schema:
        return [*schema["enum"], "x", ""]
    if schema.get("format") == "date-time":
        return MOMENTS
    return {"integer": LIMITS, "boolean": ("true", "false", "x")}.get(
        schema["type"], ("x", "", "a" * 70, "hana.novak", "riverbank-camhs", "support", "2031-Q1", "2030-Q4")
    )


def spoilt(rng: random.Random, body: Any, form: str) -> Any:
    """A body that is wrong in one place, wherever in it that is."""
    if form == "no body":
        return rng.choice(NO_BODIES)
    places = list(places_in(body))
    if form == "another value":
        *outer, last = rng.choice(places)
        at(body, outer)[last] = rng.choice(WRONG_VALUES)
        return body
    objects = [place for place in [(), *places] if isinstance(at(body, place), dict) and at(body, place)]
    chosen = at(body, rng.choice(objects))
    if form == "a field less":
        del chosen[rng.choice(sorted(chosen))]
    else:
        chosen[rng.choice(("unknown", "id", "owner", "author", "level"))] = rng.choice(WRONG_VALUES)
    return body


def places_in(body: Any, place: Place = ()) -> Iterator[Place]:
    """Where every value of a body stands, however deep."""
    inner = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, value in inner:
        yield (*place, name)
        yield from places_in(value, (*place, name))


def at(body: Any, place: Sequence[Any]) -> Any:
    for name in place:
        body = body[name]
    return body
