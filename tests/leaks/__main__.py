"""``make leaks``: seed one leak at a time into a copy of the code; the tests named with it must notice.

Prints caught or missed per leak, and fails if one is missed. First it runs every named test in an untouched
copy: a test that fails there catches nothing.

    python -m tests.leaks              every leak
    python -m tests.leaks cursor wait  those whose names hold one of these words
    python -m tests.leaks --write      write the table of docs/leaks.md anew
"""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

from tests.leaks.seeded import ROOT, Leak, leaks, write_page

NOT_COPIED = shutil.ignore_patterns(
    ".venv", ".git", "var", "__pycache__", ".*_cache", ".hypothesis", "results", "node_modules"
)
LONGEST_SECONDS = 1_800
SCALE = "0.1"
"""Of the properties: a seeded leak shows early or not at all."""


def copy_of_the_tree(folder: Path) -> Path:
    """The tree as it is, without what can be made again."""
    folder.chmod(0o711)  # where root runs this, PostgreSQL runs as somebody else
    return Path(shutil.copytree(ROOT, folder / "tree", ignore=NOT_COPIED, symlinks=True))


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


def is_caught(leak: Leak) -> tuple[bool, str]:
    """Whether a test failed, and how (the last line that pytest printed)."""
    with tempfile.TemporaryDirectory(prefix="leak-") as folder:
        tree = copy_of_the_tree(Path(folder))
        leak.seed(tree)
        code, printed = run_tests(tree, list(leak.tests))
    failed = [line for line in printed.splitlines() if line.startswith(("FAILED", "ERROR"))]
    # 1 is "tests were run and some failed"; anything else is a leak that broke the code, or a test not found.
    return code == 1 and any(line.startswith("FAILED") for line in failed), "; ".join(failed) or printed[
        -500:
    ]


def untouched_fails(chosen: list[Leak]) -> str:
    tests = sorted({test for leak in chosen for test in leak.tests})
    with tempfile.TemporaryDirectory(prefix="leak-") as folder:
        code, printed = run_tests(copy_of_the_tree(Path(folder)), tests)
    return "" if code == 0 else printed[-2_000:]


def main(arguments: list[str]) -> int:
    if "--write" in arguments:
        write_page()
        return 0
    chosen = [one for one in leaks() if not arguments or any(word in one.name for word in arguments)]
    started = monotonic()
    fault = untouched_fails(chosen)
    if fault:
        print(f"Before any leak is seeded the tests already fail:\n{fault}")
        return 1
    missed = 0
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as workers:
        for leak, (caught, how) in zip(chosen, workers.map(is_caught, chosen), strict=True):
            missed += not caught
            print(f"{'caught' if caught else 'MISSED'}  {leak.name}", flush=True)
            if not caught:
                print(f"        {how}")
    print(f"{len(chosen) - missed} caught, {missed} missed, in {monotonic() - started:.0f} s.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
