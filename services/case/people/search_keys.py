"""The keys by which people are found: exact, but blind to case, accents, marks and invisible characters."""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any


def normalised_name(name: str) -> str:
    """A name reduced to its letters and digits, its parts in a fixed order.

    Compatibility forms are taken apart, marks and everything that is neither letter nor digit dropped
    (apostrophes and hyphens join), and case folded: however it was typed, it is found.
    """
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    parts = "".join(_kept(character) for character in apart).split()
    return " ".join(sorted(parts))


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] in "LN":
        return character
    return " " if category[0] == "Z" or character in "\t\n\r" else ""


def keys_of(kind: str, fields: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The search keys (kind and key) of a detail; none for details that identify nobody."""
    if kind == "name":
        return {("name", _digest(name)) for name in map(normalised_name, _names(fields)) if name}
    if kind == "birth":
        days = (fields.get("date_of_birth"), fields.get("expected_date_of_delivery"))
        return {("birth", _digest(day)) for day in days if day}
    if kind == "identifiers":
        return {(name, _digest(fields[name])) for name in ("nhs_number", "upn") if fields.get(name)}
    return set()


def keys_searched(search: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The key of each detail that is given in a search."""
    wanted = []
    if search.get("name"):
        wanted.append(name_key(search["name"]))
    day = search.get("date_of_birth") or search.get("expected_date_of_delivery")
    if day:
        wanted.append(("birth", _digest(day)))
    wanted += [(name, _digest(search[name])) for name in ("nhs_number", "upn") if search.get(name)]
    return wanted


def name_key(name: str) -> tuple[str, str]:
    """The key of a name by itself: a parent's, by which a child is found."""
    return "name", _digest(normalised_name(name))


def _names(fields: Mapping[str, Any]) -> Iterator[str]:
    given, family = fields.get("given_names", ""), fields.get("family_name", "")
    yield f"{given} {family}"
    yield given.partition(" ")[0] + " " + family
    yield family
    yield fields.get("full_name_as_written", "")
    yield from fields.get("previous_or_other_names", ())


def _digest(key: str) -> str:
    # Of one length: a name in some scripts grows when it is taken apart, beyond what an index row holds.
    return hashlib.sha256(key.encode()).hexdigest()
