"""Which tests prove which property of design 5.2: ``python -m tests.properties`` lists them.

A property's test bears its id in its name, and the mark ``property``; what stands beside it (that the same
things do make a difference to those who may see them …) bears the id alone. ``--write`` writes the list into
``docs/properties.md``.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "properties.md"
MARK = "<!-- made of the tests' names by python -m tests.properties --write -->"
END = "<!-- end of what is made -->"

PROPERTIES = {
    "D1": "the decision, its naive specification and Cedar say the same on every random case",
    "D2": "how the verdict moves when one thing changes: a stop never opens, a wider answer never shuts",
    "D3": "a batch is its singles, a list its singles, explanations are the decision, one store the other",
    "R1": "once a taking-away has answered nothing of it leaves, and without the wait the test fails",
    "N1": "what a caller may not see makes no difference to any answer that they get",
    "A1": "nothing leaves before its receipt is durable, and what leaves is on it at that level",
    "A2": "any change to the stored ledger is found against a checkpoint held elsewhere",
    "W1": "whatever is killed during writes, what was acknowledged is there once",
    "K1": "hostile tokens open nothing, at the gateway and at each service",
    "Z1": "every operation in many ways: nothing breaks, and every answer is what is documented",
    "F1": "whatever a part does, the gateway fails closed, says so, and recovers",
    "M1": "migrations from the head before, with data, on both stores; no decision changes",
    "C1": "what stands in a hidden field is found in no answer, error, event or log line",
    "U1": "every page in a real browser: no serious finding, keyboard only, narrow, without scripts",
}
"""Those of design 5.2."""

_NAME = re.compile(r"test_([a-z]\d)_", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class PropertyTest:
    id: str
    file: str
    name: str
    marked: bool
    says_what_breaks_it: bool

    @property
    def path(self) -> str:
        return f"{self.file}::{self.name}"


def proofs() -> list[PropertyTest]:
    """Every test that bears the id of a property in its name."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return sorted(one for file in files for one in _tests_in(file))


def _tests_in(file: Path) -> Iterator[PropertyTest]:
    module = ast.parse(file.read_text("utf-8"))
    marked = any("property" in ast.unparse(node) for node in module.body if _is_pytestmark(node))
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found = _NAME.match(node.name)
            if found and found[1].upper() in PROPERTIES:
                said = f"{ast.get_docstring(module)} {ast.get_docstring(node)}"
                own = any("mark.property" in ast.unparse(mark) for mark in node.decorator_list)
                yield PropertyTest(
                    found[1].upper(), str(file.relative_to(ROOT)), node.name, marked or own,
                    "hree changes" in said or "Tried" in said,
                )  # fmt: skip


def defines(test: str) -> bool:
    """Whether a test that is named by file and function is there."""
    file, _, name = test.partition("::")
    return (ROOT / file).is_file() and f"def {name}(" in (ROOT / file).read_text("utf-8")


def _is_pytestmark(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"


def table() -> str:
    """The table of ``docs/properties.md``."""
    found = proofs()
    lines = ["| id | property | in `make verify` too | in `make test` alone |", "|---|---|---|---|"]
    for letter, says in PROPERTIES.items():
        of = [one for one in found if one.id == letter]
        larger, rest = ([f"`{one.path}`" for one in of if one.marked is marked] for marked in (True, False))
        lines.append(f"| {letter} | {says} | {', '.join(larger)} | {', '.join(rest)} |")
    return "\n".join(lines)


def page_with(current: str) -> str:
    """The page with the table made anew."""
    head, _, rest = current.partition(MARK)
    return f"{head}{MARK}\n\n{table()}\n\n{END}{rest.partition(END)[2]}"


def main(arguments: list[str]) -> int:
    if "--write" in arguments:
        PAGE.write_text(page_with(PAGE.read_text("utf-8")), "utf-8")
        return 0
    for one in proofs():
        print(f"{one.id}  {'*' if one.marked else ' '} {one.path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
