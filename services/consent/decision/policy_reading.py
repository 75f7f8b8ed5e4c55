"""Reading a policy document strictly: every refusal is a ``ValueError`` that names the path and the value.

A policy is refused rather than half understood: an unknown word, a missing column or a surplus key would
otherwise silently mean "none", or worse. For whoever sent the document there is a sentence without the value.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from services.consent.decision.facts import Rows
from services.consent.decision.grid import BIT_OF, grid_at
from shared.vocabulary import Category, Level, Mode

Json = Any
Word = TypeVar("Word", bound=StrEnum)
LONGEST = 300
"""Characters in a name or sentence of a policy."""


class PolicyRefused(ValueError):
    """A document that cannot be read: ``where`` in it, and ``told``, which repeats nothing that was sent."""

    def __init__(self, where: str, why: str, told: str) -> None:
        super().__init__(f"policy {where}: {why}")
        self.where = where
        self.told = told


def refuse(where: str, why: str, told: str | None = None) -> NoReturn:
    """``told`` is what ``why`` says without the value; leave it out where ``why`` names none."""
    raise PolicyRefused(where, why, told or f"It {why}.")


def an_object(
    value: Json, where: str, keys: Iterable[str], optional: Iterable[str] = ()
) -> Mapping[str, Json]:
    """A JSON object with exactly these keys, and perhaps the optional ones."""
    if not isinstance(value, Mapping):
        refuse(where, "must be an object")
    wanted = list(keys)
    known = {*wanted, *optional}
    for key in value:
        if key not in known:
            refuse(where, f"unknown key {key!r}", "It holds a key that is not known here; remove it.")
    for key in wanted:
        if key not in value:
            refuse(where, f"{key!r} is missing", f"Its key {key} is missing.")
    return value


def a_map(value: Json, where: str) -> Mapping[str, Json]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        refuse(where, "must be an object")
    return value


def a_list(value: Json, where: str) -> list[tuple[str, Json]]:
    """The items of a JSON list, each with its own path."""
    if not isinstance(value, list):
        refuse(where, "must be a list")
    return [(f"{where}[{place}]", item) for place, item in enumerate(value)]


def text(value: Json, where: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST or not value.isprintable():
        refuse(where, f"must be a text of at most {LONGEST} printable characters that says something")
    return value


def word(value: Json, where: str, vocabulary: type[Word]) -> Word:
    """A word of a closed vocabulary."""
    with suppress(ValueError):
        if isinstance(value, str):
            return vocabulary(value)
    name = vocabulary.__name__.lower()
    refuse(where, f"unknown {name} {value!r}", f"Use one of: {', '.join(vocabulary)}.")


def words(value: Json, where: str, vocabulary: type[Word]) -> tuple[Word, ...]:
    """A list of words of a closed vocabulary, none twice."""
    found = tuple(word(item, path, vocabulary) for path, item in a_list(value, where))
    if len(set(found)) < len(found):
        refuse(where, "names the same word twice")
    return found


def texts(value: Json, where: str) -> tuple[str, ...]:
    return tuple(text(item, path) for path, item in a_list(value, where))


def read_columns(value: Json, where: str) -> dict[str, int]:
    """Column letter -> mask, in the order of the digits; every category in exactly one column."""
    columns: dict[str, int] = {}
    seen = 0
    for path, item in a_list(value, where):
        column = an_object(item, path, ("letter", "categories"))
        letter = text(column["letter"], f"{path}.letter")
        if len(letter) != 1 or not letter.isalnum():
            refuse(f"{path}.letter", "must be one letter or digit")
        if letter in columns:
            refuse(path, f"column {letter!r} stands twice", "A column with this letter stands here already.")
        columns[letter] = 0
        for category in words(column["categories"], f"{path}.categories", Category):
            if seen & BIT_OF[category]:
                refuse(
                    path,
                    f"{category.value!r} already has a column",
                    f"The category {category.value} already has a column.",
                )
            seen |= BIT_OF[category]
            columns[letter] |= BIT_OF[category]
    missing = [category.value for category in Category if not seen & BIT_OF[category]]
    if missing:
        refuse(where, f"no column holds {', '.join(missing)}", f"No column holds {', '.join(missing)}.")
    return columns


def read_level(digit: str, where: str) -> Level:
    if digit not in ("0", "1", "2", "3"):
        refuse(where, f"level {digit!r} is not 0, 1, 2 or 3", "A level is 0, 1, 2 or 3.")
    return Level(int(digit))


def read_levels(value: Json, where: str, columns: Mapping[str, int]) -> int:
    """A grid from one digit per column, such as ``3333333333332233``."""
    digits = text(value, where)
    if len(digits) != len(columns):
        refuse(where, f"has {len(digits)} digits for {len(columns)} columns")
    grid = 0
    for letter, digit in zip(columns, digits, strict=True):
        grid |= grid_at(read_level(digit, f"{where} column {letter}"), columns[letter])
    return grid


def read_cells(value: Json, where: str, columns: Mapping[str, int]) -> dict[str, str]:
    """Column -> cell text such as ``2O3``: base, mode, cap. Checked here, compiled by ``compile_rows``."""
    cells: dict[str, str] = {}
    for letter, cell in a_map(value, where).items():
        path = f"{where}.{letter}"
        if letter not in columns:
            refuse(path, "unknown column", "No column of this policy has this letter.")
        if not isinstance(cell, str) or len(cell) != 3:
            told = "Write a base, a mode and a cap, such as 2O3."
            refuse(path, f"{cell!r} is not a base, a mode and a cap, such as 2O3", told)
        base = read_level(cell[0], path)
        mode = word(cell[1], path, Mode)
        read_level(cell[2], path)
        if mode is Mode.PERMISSION and base is not Level.NONE:
            why = "without permission nothing is given, so the base must be 0"
            refuse(path, f"{cell!r}: {why}", f"{why.capitalize()}.")
        cells[letter] = cell
    return cells


def compile_rows(columns: Mapping[str, int], cells: Mapping[str, str], where: str = "rows") -> Rows:
    """Rows from cell texts; ``columns`` names the masks (a policy's columns, or ``grid.BIT_OF`` for single
    categories, as agreements may use). What has no cell is ``0P0``."""
    base = cap = mandatory = objectable = 0
    for letter, cell in read_cells(cells, where, columns).items():
        mask = columns[letter]
        base |= grid_at(Level(int(cell[0])), mask)
        cap |= grid_at(Level(int(cell[2])), mask)
        mandatory |= mask if cell[1] == Mode.MANDATORY else 0
        objectable |= mask if cell[1] == Mode.OBJECTABLE else 0
    return Rows(base, mandatory, objectable, cap)
