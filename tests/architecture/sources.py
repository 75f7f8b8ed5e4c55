"""The project's own files, read and parsed once for the tests of this folder."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("shared", "services", "clients", "deploy")
NOT_OURS = {".git", ".venv", "var", "results", "node_modules", "__pycache__"}
CACHES = {".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache"}


@dataclass(frozen=True)
class Source:
    """One Python file; ``module`` is what one types to import it."""

    path: Path
    module: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.path.parts

    def at(self, node: ast.AST) -> str:
        return f"{self.path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"

    def imports(self) -> Iterator[tuple[str, ast.AST]]:
        """Every imported module, and every imported name as ``module.name``, at whatever depth."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.at(node)}: a relative import"
                module = node.module or ""
                yield module, node
                yield from ((f"{module}.{alias.name}", node) for alias in node.names)

    def full_names(self) -> dict[str, str]:
        """What each name that an import brings into this file stands for."""
        names: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    first = alias.name.partition(".")[0]
                    names[alias.asname or first] = alias.name if alias.asname else first
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        return names

    def uses(self) -> Iterator[tuple[str, ast.AST]]:
        """Every name and dotted name that is used, in full: ``now()`` as ``shared.clock.now``."""
        known = self.full_names()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name | ast.Attribute) and (dotted := dotted_name(node)):
                first, dot, rest = dotted.partition(".")
                yield known.get(first, first) + dot + rest, node


def dotted_name(node: ast.AST) -> str:
    """``a.b.c`` as text, or nothing for anything that is not names and dots."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (inner := dotted_name(node.value)):
        return f"{inner}.{node.attr}"
    return ""


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """The Python files below the given folders of the project."""
    found = []
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "__pycache__" not in path.parts:
                parts = path.relative_to(ROOT).with_suffix("").parts
                module = ".".join(parts).removesuffix(".__init__")
                found.append(Source(path, module, ast.parse(path.read_text(encoding="utf-8"))))
    return tuple(found)


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project that could be committed."""
    found: list[Path] = []
    folders = [ROOT]
    while folders:
        for path in sorted(folders.pop().iterdir()):
            if path.name in NOT_OURS | CACHES:
                continue
            if path.is_dir():
                folders.append(path)
            else:
                found.append(path)
    return tuple(found)
