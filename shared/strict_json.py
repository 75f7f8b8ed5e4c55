"""Reading JSON from strangers: what is ambiguous or cannot be stored is refused, by name of the field.

Python's parser keeps the last of two equal keys, accepts NaN, and lets through characters that a
database refuses. Each of those would be a different meaning for two readers of the same bytes.
"""

import json
from collections.abc import Iterator
from typing import Any, Never

from shared.problems import Problem, invalid

MAX_BODY_BYTES = 1_048_576
_MAX_DEPTH = 24
_MAX_VALUES = 50_000
_MAX_INTEGER_DIGITS = 18
_OPENERS = frozenset(b"[{")
_CLOSERS = frozenset(b"]}")


def parse_strict_json(body: bytes) -> Any:
    """The value that ``body`` spells, or a ``Problem`` (400 unreadable, 422 with the field named)."""
    if _nesting(body) > _MAX_DEPTH:
        raise Problem("malformed", f"The JSON is nested more than {_MAX_DEPTH} deep.")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem("malformed", "The body is not UTF-8 text.") from None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object_without_repeats,
            parse_constant=_refuse_constant,
            parse_int=_whole_number,
        )
    except json.JSONDecodeError as error:
        raise Problem("malformed", f"The JSON cannot be read from character {error.pos}.") from None
    for count, (path, item) in enumerate(_walk(value, ())):
        if count > _MAX_VALUES:
            raise Problem("too-large", f"Send fewer than {_MAX_VALUES} values at once.")
        if isinstance(item, str) and not _is_storable(item):
            raise invalid(".".join(path), "Remove the control or broken character from this text.")
    return value


def _nesting(body: bytes) -> int:
    """The deepest bracket nesting, counting brackets inside strings too: an upper bound, before parsing."""
    deepest = depth = 0
    for byte in body:
        if byte in _OPENERS:
            depth += 1
            deepest = max(deepest, depth)
        elif byte in _CLOSERS:
            depth -= 1
    return deepest


def _object_without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise invalid(_printable(key), "This field stands twice in the same object; send it once.")
        found[key] = value
    return found


def _refuse_constant(name: str) -> Never:
    raise Problem("malformed", f"{name} is not a JSON number.")


def _whole_number(digits: str) -> int:
    if len(digits.lstrip("-")) > _MAX_INTEGER_DIGITS:
        raise Problem("malformed", f"A number has more than {_MAX_INTEGER_DIGITS} digits.")
    return int(digits)


def _walk(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*path, _printable(key)), key
            yield from _walk(item, (*path, _printable(key)))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, (*path, str(index)))


def _is_storable(text: str) -> bool:
    """No NUL or other control character but tab and line ends, and no lone surrogate."""
    return not any(
        (character < " " and character not in "\t\n\r")
        or character == "\x7f"
        or "\ud800" <= character <= "\udfff"
        for character in text
    )


def _printable(key: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in key)[:60]
