"""``make leaks``: seed one leak at a time into a copy of the code; the tests named with it must notice.

Prints caught or missed per leak, writes each result as it comes into ``tests/leaks/seen.json`` and from
there into ``docs/leaks.md``, and fails if one is missed. A test counts only if it passes in an untouched
copy: one that fails there catches nothing. It runs behind everything else on the machine (``nice``). Stopped,
it goes on where it was: a leak is run again once it, the code that it changes or its tests have changed.

    python -m tests.leaks              every leak that was not run since it, its code or its tests changed
    python -m tests.leaks cursor wait  those whose names hold one of these words, run or not
    python -m tests.leaks --again      every leak
    python -m tests.leaks --write      write the table of docs/leaks.md anew
"""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from tests.leaks.seeded import ROOT, Leak, Seen, Tree, leaks, remember, seen, write_page

NOT_COPIED = shutil.ignore_patterns(
    ".venv", ".git", "var", "__pycache__", ".*_cache", ".hypothesis", "results", "node_modules"
)
LONGEST_SECONDS = 3_600
NICENESS = 15
SCALE = "0.1"
"""Of the properties: a seeded leak shows early or not at all."""


def copy_of(tree: Path, folder: Path) -> Path:
    """A tree as it is, without what can be made again."""
    folder.chmod(0o711)  # where root runs this, PostgreSQL runs as somebody else
    return Path(shutil.copytree(tree, folder / "tree", ignore=NOT_COPIED, symlinks=True))


def commit_of(tree: Path) -> str:
    """What the tree is a copy of, with a plus where it was changed since; nothing outside a repository."""
    asked = ("git", "describe", "--always", "--exclude=*", "--dirty=+")
    try:
        return subprocess.run(asked, cwd=tree, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def run_tests(tree: Path, tests: list[str]) -> tuple[int, str]:
    """pytest's exit code in a tree, and what it printed. Its temporary folder is its own."""
    scratch = tree.parent / "scratch"
    scratch.mkdir()
    asked = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--scale", SCALE, *tests]
    environment = {**os.environ, "TMPDIR": str(scratch), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        asked, cwd=tree, env=environment, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
    )
    return done.returncode, done.stdout + done.stderr


def failed_in(printed: str) -> str:
    """The test that failed, as pytest names it; empty where the code broke instead."""
    failed = [line.split(" ")[1] for line in printed.splitlines() if line.startswith("FAILED ")]
    return failed[0] if failed else ""


def try_leak(leak: Leak, untouched: Path) -> tuple[str, str]:
    """The test that fails with the leak and passes without it, or none; and what there is to say of that."""
    with tempfile.TemporaryDirectory(prefix="leak-") as folder:
        tree = copy_of(untouched, Path(folder))
        leak.seed(tree)
        code, printed = run_tests(tree, list(leak.tests))
    # 1 is "tests were run and some failed"; anything else is a leak that broke the code, or a test not found.
    by = failed_in(printed) if code == 1 else ""
    if not by:
        return "", printed[-1_500:]
    with tempfile.TemporaryDirectory(prefix="leak-") as folder:
        code, printed = run_tests(copy_of(untouched, Path(folder)), [by])
    return (by, "") if code == 0 else ("", f"{by} fails without the leak too:\n{printed[-1_500:]}")


def chosen_of(arguments: list[str], tree: Tree) -> list[Leak]:
    words = [word for word in arguments if not word.startswith("--")]
    if words:
        return [leak for leak in leaks() if any(word in leak.name for word in words)]
    known = seen()
    again = "--again" in arguments
    return [leak for leak in leaks() if again or not known.get(leak.name, Seen()).stands(leak, tree)]


def main(arguments: list[str]) -> int:
    if "--write" in arguments:
        write_page()
        return 0
    os.nice(NICENESS)
    missed, started = 0, monotonic()
    with tempfile.TemporaryDirectory(prefix="leaks-") as folder:
        # What is edited while it runs makes no difference to it.
        untouched, commit = copy_of(ROOT, Path(folder)), commit_of(ROOT)
        tree = Tree(untouched)
        chosen = chosen_of(arguments, tree)
        print(f"{len(chosen)} of {len(leaks())} leaks to run.", flush=True)
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as workers:
            runs = {workers.submit(try_leak, leak, untouched): leak for leak in chosen}
            for run in as_completed(runs):
                leak, (by, said) = runs[run], run.result()
                today = datetime.now(UTC).date().isoformat()
                remember(leak.name, Seen(by, today, commit, tree.fingerprint(leak)))
                missed += not by
                print(f"{'caught' if by else 'MISSED'}  {leak.name}\n        {by or said}", flush=True)
    print(f"{len(chosen) - missed} caught, {missed} missed, in {monotonic() - started:.0f} s.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
