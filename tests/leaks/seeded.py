"""The seeded leaks, as data: what each changes, what that would let out, and which tests must notice."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "leaks.md"
MARK = "<!-- made of tests/leaks/leaks.toml by python -m tests.leaks --write -->"


class DoesNotApply(Exception):
    """The text that a leak replaces does not stand in its file exactly once."""


@dataclass(frozen=True)
class Change:
    file: str
    old: str
    new: str

    def applied_to(self, text: str) -> str:
        """The text with the change made; ``DoesNotApply`` unless it fits in exactly one place."""
        if text.count(self.old) != 1:
            raise DoesNotApply(f"{self.file}: {text.count(self.old)} times {self.old!r}")
        return text.replace(self.old, self.new)


@dataclass(frozen=True)
class Leak:
    name: str
    how: str
    changes: tuple[Change, ...]
    tests: tuple[str, ...]

    def seed(self, tree: Path) -> None:
        """Make the changes in a copy of the tree."""
        for change in self.changes:
            file = tree / change.file
            file.write_text(change.applied_to(file.read_text("utf-8")), "utf-8")


def leaks() -> tuple[Leak, ...]:
    listed = tomllib.loads((Path(__file__).parent / "leaks.toml").read_text("utf-8"))["leak"]
    return tuple(_leak(one) for one in listed)


def _leak(one: dict[str, Any]) -> Leak:
    return Leak(one["name"], one["how"], tuple(_changes(one)), tuple(one["tests"]))


def _changes(one: dict[str, Any]) -> Iterable[Change]:
    yield Change(one["file"], one["old"], one["new"])
    for also in one.get("also", ()):
        yield Change(also["file"], also["old"], also["new"])


def table(several: Iterable[Leak]) -> str:
    """The table of ``docs/leaks.md``."""
    lines = ["| leak | what it would let out | where | caught by |", "|---|---|---|---|"]
    for leak in several:
        files = ", ".join(f"`{file}`" for file in dict.fromkeys(change.file for change in leak.changes))
        tests = ", ".join(f"`{test}`" for test in leak.tests)
        lines.append(f"| {leak.name} | {leak.how} | {files} | {tests} |")
    return "\n".join(lines)


def page_with(current: str) -> str:
    """The page with the table made anew."""
    head = current.partition(MARK)[0]
    return f"{head}{MARK}\n\n{table(leaks())}\n"


def write_page() -> None:
    PAGE.write_text(page_with(PAGE.read_text("utf-8")), "utf-8")
