"""A1 for lists and searches: what a line tells of a case or a person stands on a receipt, at that level.

A line shows no entry with its id. So each value on it is sought among the entries that the receipts of its
request released, as they are stored: what no released entry says at the level of its cell has no receipt.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
PERSON_CARD = {"id", "name", "date_of_birth", "expected_date_of_delivery"}
STANDS_FROM = {
    "name": ("summary", "full"),
    "date_of_birth": ("full",),
    "expected_date_of_delivery": ("full",),
}
"""The levels at which each value of a card stands."""
OF_WHO_IS_INVOLVED = ("open_case", "assessment_exists", "cases", "leads")
"""What a search tells of who works with somebody (design 3.5 a)."""


@dataclass(frozen=True)
class Line:
    """``case``: of which case it is; None for a person's. ``tells_who_is_involved``: anything of that."""

    case: str | None
    person: Json
    tells_who_is_involved: bool


@dataclass(frozen=True)
class Stored:
    """An entry as it stands."""

    kind: str
    subjects: Collection[str]
    fields: Mapping[str, Any]


def lines_of(content: Any) -> Iterator[Line]:
    """Every line of an answer that shows somebody's card, wherever it stands in it."""
    if isinstance(content, dict):
        person = content.get("person")
        if isinstance(person, dict) and person.keys() == PERSON_CARD:
            is_of_case = {"relationship", "review_on"} <= content.keys()
            involved = any(content.get(name) for name in OF_WHO_IS_INVOLVED)
            yield Line(content["id"] if is_of_case else None, person, involved)
        for value in content.values():
            yield from lines_of(value)
    elif isinstance(content, list):
        for value in content:
            yield from lines_of(value)


def released_about(line: Line, receipts: Sequence[Json]) -> dict[str, str]:
    """The entries about whom a line shows that these receipts released, with their levels."""
    return {entry: cell["level"] for cell in _cells(line, receipts) for entry in cell["entries"]}


def said_by(line: Line, receipts: Sequence[Json], stored: Mapping[str, Stored]) -> set[str]:
    """The released entries that say something of what stands on a line."""
    return {entry for _, entries in _standing(line, receipts, stored) for entry in entries}


def check_line(line: Line, receipts: Sequence[Json], stored: Mapping[str, Stored]) -> int:
    """How many values a line shows, each of them held to a released entry; it exists for its reader, and who
    is involved was decided."""
    cells = _cells(line, receipts)
    person = line.person["id"]
    assert cells, "a line about what no receipt decides"
    if line.tells_who_is_involved:
        assert any("involvement" in cell["categories"] and person in cell["subjects"] for cell in cells)
    standing = _standing(line, receipts, stored)
    for name, entries in standing:
        assert entries, f"{name} stands on no released entry"
    return len(standing)


def _standing(
    line: Line, receipts: Sequence[Json], stored: Mapping[str, Stored]
) -> list[tuple[str, set[str]]]:
    """Each value that a line shows, with the released entries that say it at a level at which it stands."""
    released, person = released_about(line, receipts), line.person["id"]
    return [
        (
            name,
            {
                entry
                for entry, level in released.items()
                if level in stands_from and _says(stored.get(entry), person, name, line.person[name])
            },
        )
        for name, stands_from in STANDS_FROM.items()
        if line.person[name] is not None
    ]


def _cells(line: Line, receipts: Sequence[Json]) -> list[Json]:
    """The cells of a line's case, or about its person, that reach anything."""
    return [
        cell
        for receipt in receipts
        for block in receipt["cases"]
        if block["case"] == line.case
        for cell in block["cells"]
        if cell["level"] != "none" and (line.case is not None or line.person["id"] in cell["subjects"])
    ]


def _says(entry: Stored | None, person: str, name: str, value: str) -> bool:
    if entry is None or person not in entry.subjects:
        return False
    if name != "name":
        return entry.kind == "birth" and entry.fields.get(name) == value
    parts = (entry.fields.get("given_names"), entry.fields.get("family_name"))
    said = entry.fields.get("full_name_as_written") or " ".join(part for part in parts if part)
    return entry.kind == "name" and said == value
