"""An OpenAPI document as the tests use it: what fits a schema, and what could be sent under one.

Knows the words of JSON Schema that pydantic writes, and refuses to go on where it meets another.
"""

import random
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.clock import rfc3339

Json = dict[str, Any]
Schema = Mapping[str, Any]

_SAID_BESIDE = frozenset({"title", "description", "default", "example", "examples", "discriminator"})
_KNOWN = _SAID_BESIDE | {
    "$ref", "additionalProperties", "anyOf", "const", "enum", "format", "items", "maxItems", "maxLength",
    "maximum", "minItems", "minLength", "minimum", "oneOf", "pattern", "properties", "required", "type",
}  # fmt: skip
_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "number": (int, float),
    "boolean": (bool,), "null": (type(None),),
}  # fmt: skip
_WORDS = (
    "Talk", "on Monday", "two siblings", "Zoë", "Ø", "мама", "李雷", "שלום", "née", "15 %", "it’s", "a/b",
)  # fmt: skip
_NOT_FREE = {"format", "pattern", "enum", "const"}
_FORMS: Mapping[str, Callable[[str], object]] = {
    "date": date.fromisoformat, "uuid": UUID, "date-time": lambda value: _moment(value),
}  # fmt: skip
_TODAY = datetime(2031, 3, 3, 9, tzinfo=UTC)
_TOO_DEEP = 6


class Document:
    """One document: its operations, and what its schemas take."""

    def __init__(self, document: Json) -> None:
        self._words = document.get("components", {}).get("schemas", {})
        self.operations: dict[tuple[str, str], Json] = {
            (method.upper(), path): operation
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        }

    def statuses(self, operation: tuple[str, str]) -> set[str]:
        """The statuses that are documented for an operation."""
        return set(self.operations[operation]["responses"])

    def answer(self, operation: tuple[str, str], status: int) -> Schema | None:
        """The schema of an operation's answer; None where the document gives none."""
        content = self.operations[operation]["responses"][str(status)].get("content", {})
        media = content.get("application/json") or content.get("application/problem+json") or {}
        schema: Schema | None = media.get("schema")
        return schema or None

    def body(self, operation: tuple[str, str]) -> Schema | None:
        """The schema of the body that an operation takes, if it takes one."""
        sent = self.operations.get(operation, {}).get("requestBody")
        return None if sent is None else sent["content"]["application/json"]["schema"]

    def named(self, schema: Schema) -> Schema:
        """What stands behind a reference."""
        while "$ref" in schema:
            schema = self._words[schema["$ref"].rsplit("/", 1)[-1]]
        return schema

    def misfit(self, value: Any, schema: Schema, at: str = "$") -> str | None:
        """Where a value does not fit a schema, in words; None if it fits."""
        schema = self.named(schema)
        assert schema.keys() <= _KNOWN, f"{at}: {sorted(schema.keys() - _KNOWN)}"
        return next(self._misfits(value, schema, at), None)

    def _misfits(self, value: Any, schema: Schema, at: str) -> Iterator[str]:
        for word in ("anyOf", "oneOf"):
            if word in schema:
                found = [self.misfit(value, one, at) for one in schema[word]]
                if None not in found:
                    yield f"{at}: none of {len(found)}: {found}"
        if "const" in schema and value != schema["const"]:
            yield f"{at}: not {schema['const']!r}"
        if "enum" in schema and value not in schema["enum"]:
            yield f"{at}: {value!r} is none of {schema['enum']}"
        kind = schema.get("type")
        if kind is None:
            return
        fits: bool = isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
        if not fits:
            yield f"{at}: {value!r} is no {kind}"
        elif kind == "object":
            yield from self._misfits_of_object(value, schema, at)
        elif kind == "array":
            yield from self._misfits_of_array(value, schema, at)
        elif kind == "string":
            yield from _misfits_of_string(value, schema, at)
        elif kind in ("integer", "number") and not (
            schema.get("minimum", value) <= value <= schema.get("maximum", value)
        ):
            yield f"{at}: {value} is out of bounds"

    def _misfits_of_object(self, value: Json, schema: Schema, at: str) -> Iterator[str]:
        known = schema.get("properties", {})
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{at}.{name}: missing"
        others = schema.get("additionalProperties", True)
        for name, inner in value.items():
            if name in known:
                yield from filter(None, [self.misfit(inner, known[name], f"{at}.{name}")])
            elif others is False:
                yield f"{at}.{name}: not known"
            elif isinstance(others, dict):
                yield from filter(None, [self.misfit(inner, others, f"{at}.{name}")])

    def _misfits_of_array(self, value: list[Any], schema: Schema, at: str) -> Iterator[str]:
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            yield f"{at}: {len(value)} of them"
        for number, inner in enumerate(value):
            yield from filter(None, [self.misfit(inner, schema.get("items", {}), f"{at}[{number}]")])

    def drawn(self, rng: random.Random, schema: Schema, ids: list[str], deep: int = 0) -> Any:
        """A value that fits a schema. ``ids``: what is taken where an id or a code could stand."""
        schema = self.named(schema)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return self.drawn(rng, rng.choice(schema[word]), ids, deep)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return rng.choice(schema["enum"])
        kind = schema.get("type")
        if kind == "object":
            return self._object(rng, schema, ids, deep)
        if kind == "array":
            fewest = schema.get("minItems", 0)
            most = fewest if deep > _TOO_DEEP else min(schema.get("maxItems", 9), fewest + 2)
            inner = schema.get("items", {})
            return [self.drawn(rng, inner, ids, deep + 1) for _ in range(rng.randint(fewest, most))]
        if kind == "string":
            return drawn_string(rng, schema, ids)
        if kind in ("integer", "number"):
            lowest, highest = int(schema.get("minimum", -3)), int(schema.get("maximum", 10**6))
            return rng.choice((lowest, highest, rng.randint(lowest, highest)))
        return {"boolean": rng.random() < 0.5, "null": None}.get(str(kind), "anything")

    def _object(self, rng: random.Random, schema: Schema, ids: list[str], deep: int) -> Json:
        required = schema.get("required", ())
        chosen = {
            name: self.drawn(rng, inner, ids, deep + 1)
            for name, inner in schema.get("properties", {}).items()
            if name in required or (deep <= _TOO_DEEP and rng.random() < 0.4)
        }
        others = schema.get("additionalProperties")
        if isinstance(others, dict) and not chosen:
            chosen[rng.choice(_WORDS)] = self.drawn(rng, others, ids, deep + 1)
        return chosen

    def varied(self, rng: random.Random, value: Any, schema: Schema) -> Any:
        """The same value in other words: what is free text says something else, the rest stays."""
        schema = self.named(schema)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                fitting = [one for one in schema[word] if self.misfit(value, one) is None]
                return self.varied(rng, value, fitting[0]) if fitting else value
        if isinstance(value, dict):
            known = schema.get("properties", {})
            return {
                name: self.varied(rng, inner, known[name]) if name in known else inner
                for name, inner in value.items()
            }
        if isinstance(value, list):
            return [self.varied(rng, inner, schema.get("items", {})) for inner in value]
        is_text = schema.get("type") == "string" and not schema.keys() & _NOT_FREE
        if is_text and isinstance(value, str) and " " in value and value[:1].isalpha():
            more = min(60, int(schema.get("maxLength", 400)) - len(value) - 1)
            return f"{value} {_text(rng, 1, more)}" if more > 0 else value
        return value


def _misfits_of_string(value: str, schema: Schema, at: str) -> Iterator[str]:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"{at}: {len(value)} characters"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{at}: {value!r} does not match {schema['pattern']}"
    try:
        _FORMS.get(schema.get("format", ""), str)(value)
    except ValueError:
        yield f"{at}: {value!r} is no {schema['format']}"


def _moment(value: str) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError("without an offset")
    return found


def drawn_string(rng: random.Random, schema: Schema, ids: list[str]) -> str:
    """A string of this form, as often as not one that means something."""
    form = schema.get("format")
    if form == "date":
        days = rng.choice((-40_000, -400, -1, 0, 1, 40, 3_000))
        return (_TODAY + timedelta(days=days)).date().isoformat()
    if form == "date-time":
        return rfc3339(_TODAY + timedelta(hours=rng.choice((-9_000, -1, 1, 50, 900, 90_000))))
    if form == "uuid":
        return str(UUID(int=rng.getrandbits(128), version=4))
    fitting = [one for one in ids if next(_misfits_of_string(one, schema, ""), None) is None]
    if fitting and (rng.random() < 0.5 or "pattern" in schema):
        return rng.choice(fitting)
    if "pattern" in schema:
        return _of_pattern(rng, schema)
    return _text(rng, schema.get("minLength", 0), min(schema.get("maxLength", 400), 400))


_OF_SOME_PATTERN = ("a", "ab-c", "2031-Q1", "2030", "x1", "0" * 64, "1", "AB1 2CD", "a.b", "01632 960001")


def _of_pattern(rng: random.Random, schema: Schema) -> str:
    for _ in range(50):
        tried = rng.choice(_OF_SOME_PATTERN)
        if next(_misfits_of_string(tried, schema, ""), None) is None:
            return tried
    return "x"


def _text(rng: random.Random, fewest: int, most: int) -> str:
    wanted = rng.choice((fewest, most, rng.randint(fewest, max(most, fewest))))
    said = " ".join(rng.choice(_WORDS) for _ in range(max(wanted // 3, 1)))
    return said[: max(wanted, 1)].strip() or "x"
