"""The import contracts of design 2.4: each is kept, and each notices the import that it forbids."""

import ast
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.sources import PRODUCT, ROOT, Source, sources

# For each contract: files with an import that must not be.
PLANTED = {
    "layers": {"shared/planted.py": "import deploy"},
    "services": {"services/case/planted.py": "import services.consent"},
    "routes": {
        "services/case/planted/app.py": "",
        "services/case/planted/operations.py": "from services.case.planted import app",
    },
    "operations": {
        "services/case/planted/routes.py": "",
        "services/case/other/operations.py": "from services.case.planted import routes",
    },
    "repository": {
        "services/case/planted/operations.py": "",
        "services/case/planted/repository.py": "from services.case.planted.operations import *",
    },
    "shortcut": {
        "services/case/planted/repository.py": "",
        "services/case/planted/routes.py": "def f():\n    import services.case.planted.repository",
    },
    "tables": {
        "services/case/planted/repository.py": "",
        "services/case/planted/tables.py": "import services.case.planted.repository",
    },
    "gateway": {
        "services/gateway/routes/__init__.py": "",
        "services/gateway/guards.py": "import services.gateway.routes",
    },
    "core": {"services/consent/decision/planted.py": "import shared.clock"},
    "protected-tables": {
        "services/case/planted/tables.py": "",
        "services/case/planted/operations.py": "from services.case.planted import tables",
    },
    "no-client": {"services/case/planted.py": "import shared.upstream"},
}
PURE_STDLIB_ONLY = "services.consent.decision"
WITH_A_JOB = {
    "__init__", "__main__", "app", "settings",
    "routes", "schemas", "operations", "repository", "tables", "base",
}  # fmt: skip


def contracts() -> list[dict[str, Any]]:
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = configuration["tool"]["importlinter"]["contracts"]
    return found


def lint(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", program, "--no-cache", "--no-logo", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the contracts look at."""
    copy = tmp_path_factory.mktemp("tree")
    for folder in PRODUCT:
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def test_every_contract_is_kept(tree: Path) -> None:
    done = lint(tree)
    assert done.returncode == 0, done.stdout
    assert f"Contracts: {len(PLANTED)} kept, 0 broken" in done.stdout


def test_every_contract_has_been_tried() -> None:
    assert {contract["id"] for contract in contracts()} == PLANTED.keys()


@pytest.mark.parametrize("contract", PLANTED)
def test_a_contract_notices_what_it_forbids(contract: str, tree: Path) -> None:
    before: dict[Path, str | None] = {}
    for name, text in PLANTED[contract].items():
        file = tree / name
        file.parent.mkdir(exist_ok=True)
        for needed, line in ((file.parent / "__init__.py", ""), (file, f"{text}\n")):
            text_there = needed.read_text(encoding="utf-8") if needed.exists() else None
            before.setdefault(needed, text_there)
            needed.write_text((text_there or "") + line, encoding="utf-8")
    try:
        done = lint(tree, "--contract", contract)
        assert done.returncode == 1, done.stdout
        assert "0 kept, 1 broken" in done.stdout
    finally:
        for file, original in reversed(before.items()):
            if original is None:
                file.unlink()
            else:
                file.write_text(original, encoding="utf-8")


# --- allow-lists and rules by complement, which import-linter has no words for ---


def core_strays(core: list[Source]) -> list[str]:
    allowed = sys.stdlib_module_names - {"asyncio", "http", "os", "socket", "sqlite3", "subprocess", "urllib"}
    return [
        f"{source.at(node)} {name}"
        for source in core
        for name, node in source.imports()
        if name.partition(".")[0] not in allowed
        and not (name + ".").startswith(("shared.vocabulary.", f"{PURE_STDLIB_ONLY}."))
        and name not in {"shared", "services.consent"}
    ]


def test_the_decision_core_is_words_and_standard_library() -> None:
    core = [
        source for source in sources("services") if f"{source.module}.".startswith(f"{PURE_STDLIB_ONLY}.")
    ]
    assert core_strays(core) == []
    assert len(core) > 5
    for text in ("import numpy", "import os", "from shared import clock", "from services.consent import app"):
        planted = Source(ROOT / "planted.py", "planted", ast.parse(text))
        assert core_strays([planted]) != [], text


def test_modules_without_a_job_in_the_layers_are_pure() -> None:
    """In a data service whatever is not routes, operations … holds rules: no store, no web."""
    data_services = ("services.case.", "services.assessment.", "services.consent.")
    pure = [
        source
        for source in sources("services")
        if source.module.startswith((*data_services, "services.gateway.projection"))
        and source.name not in WITH_A_JOB
        and not source.is_migration
    ]
    forbidden = (
        "sqlalchemy", "alembic", "psycopg", "fastapi", "starlette", "uvicorn",
        "shared.database", "shared.web", "shared.service",
    )  # fmt: skip
    layers = ("app", "routes", "operations", "repository", "tables", "base")
    strays = [
        f"{source.at(node)} {name}"
        for source in pure
        for name, node in source.imports()
        if f"{name}.".startswith(tuple(f"{module}." for module in forbidden))
        or (name.startswith("services.") and any(part in layers for part in name.split(".")[2:]))
    ]
    assert strays == []
    assert len(pure) > 5
