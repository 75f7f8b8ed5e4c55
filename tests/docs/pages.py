"""The documents, taken apart: their blocks of code, their tables, and what they name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.architecture.sources import ROOT, files

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Page:
    """One document; ``name`` is its path in the project."""

    name: str

    @property
    def text(self) -> str:
        return (ROOT / self.name).read_text(encoding="utf-8")

    @property
    def prose(self) -> str:
        """The text without its blocks of code."""
        return _FENCE.sub("", self.text)

    def blocks(self) -> list[tuple[str, str]]:
        """The blocks of code, each with its language."""
        return _FENCE.findall(self.text)

    def words(self) -> Iterator[str]:
        """What stands between single backticks."""
        yield from _CODE.findall(self.prose)

    def section(self, heading: str) -> str:
        """What stands under a heading, without its subsections' siblings."""
        found = re.search(
            rf"^(#+) {re.escape(heading)}\n(.*?)(?=^#{{1,6}} |\Z)", self.text, re.MULTILINE | re.DOTALL
        )
        assert found, f"{self.name} has no section {heading!r}"
        return found[2]

    def rows(self, heading: str) -> list[list[str]]:
        """The rows of the first table under a heading, cell by cell, without its head."""
        lines = self.section(heading).splitlines()
        first = next(number for number, line in enumerate(lines) if line.startswith("|"))
        table = []
        for line in lines[first + 2 :]:
            if not line.startswith("|"):
                break
            table.append([cell.strip() for cell in line.strip("|").split("|")])
        return table


def code_words(text: str) -> list[str]:
    """What stands between single backticks in a piece of a page."""
    return _CODE.findall(text)


@cache
def pages() -> tuple[Page, ...]:
    """Every document of the project."""
    found = [path for path in files() if path.suffix == ".md"]
    return tuple(Page(str(path.relative_to(ROOT))) for path in found)


def page(name: str) -> Page:
    assert (ROOT / name).is_file(), f"there is no {name}"
    return Page(name)


def path_named(word: str) -> Path | None:
    """The path in the project that a code word names, if it is one; ``*`` stands for anything."""
    tops = {path.name for path in ROOT.iterdir()} - {"var"}
    top = word.split("/")[0]
    looks_like_one = re.fullmatch(r"[\w.*/-]+", word) and top in tops and ("/" in word or "." in top[1:])
    return ROOT / word if looks_like_one else None
