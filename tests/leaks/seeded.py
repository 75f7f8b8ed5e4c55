"""The seeded leaks, as data: what each changes, what that would let out, and which tests must notice.

And what was seen when each was last run, as ``make leaks`` wrote it down.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "leaks.md"
RESULTS = Path(__file__).parent / "seen.json"
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


@dataclass(frozen=True)
class Tree:
    """A copy of the code in which leaks are seeded."""

    root: Path

    def fingerprint(self, leak: Leak) -> str:
        """Changes with the leak, with the files that it changes and with those of its tests."""
        files = {change.file for change in leak.changes} | {test.partition("::")[0] for test in leak.tests}
        made_of = [repr(leak), *((self.root / file).read_text("utf-8") for file in sorted(files))]
        return hashlib.sha256("\0".join(made_of).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Seen:
    """When a leak was last run, on which commit, and the test that caught it; none where it was missed."""

    by: str = ""
    on: str = ""
    commit: str = ""
    fingerprint: str = ""

    def stands(self, leak: Leak, tree: Tree) -> bool:
        """Whether it was caught, and nothing that it rests on changed since."""
        return bool(self.by) and self.fingerprint == tree.fingerprint(leak)

    def told(self) -> str:
        """The cell of the table: what was seen, when and on what."""
        if not self.on:
            return "not run yet"
        at = f"{self.on}, `{self.commit}`" if self.commit else self.on
        return f"caught by `{self.by}` ({at})" if self.by else f"**missed** ({at})"


def seen() -> Mapping[str, Seen]:
    """What ``make leaks`` wrote down, by the names of the leaks."""
    return {name: Seen(**one) for name, one in json.loads(RESULTS.read_text("utf-8")).items()}


def remember(name: str, result: Seen) -> None:
    """Write a result down, and the page that tells of it."""
    listed = {leak.name for leak in leaks()}
    kept = {known: one for known, one in {**seen(), name: result}.items() if known in listed}
    as_written = {known: asdict(kept[known]) for known in sorted(kept)}
    RESULTS.write_text(json.dumps(as_written, indent=2) + "\n", "utf-8")
    write_page()


def table(several: Iterable[Leak], results: Mapping[str, Seen]) -> str:
    """The table of ``docs/leaks.md``."""
    lines = [
        "| leak | what it would let out | where | must be caught by | last run |",
        "|---|---|---|---|---|",
    ]
    for leak in several:
        files = ", ".join(f"`{file}`" for file in dict.fromkeys(change.file for change in leak.changes))
        tests = ", ".join(f"`{test}`" for test in leak.tests)
        last = results.get(leak.name, Seen()).told()
        lines.append(f"| {leak.name} | {leak.how} | {files} | {tests} | {last} |")
    return "\n".join(lines)


def page_with(current: str) -> str:
    """The page with the table made anew."""
    head = current.partition(MARK)[0]
    return f"{head}{MARK}\n\n{table(leaks(), seen())}\n"


def write_page() -> None:
    PAGE.write_text(page_with(PAGE.read_text("utf-8")), "utf-8")
