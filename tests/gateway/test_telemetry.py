"""Whatever collector an operator runs: the framework hands it nothing of what was asked and refused."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("emitted_records.py")


def emitted(app: str) -> int:
    """How many log records a collector in the same process is given when a body is refused."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.gateway.emitted_records", app],
        cwd=SCRIPT.parents[2], check=True, capture_output=True, text=True,
    )  # fmt: skip
    return int(ran.stdout)


def test_a_collector_is_told_nothing_of_a_refused_body() -> None:
    assert emitted("ours") == 0


def test_the_collector_of_this_test_would_hear_of_it() -> None:
    assert emitted("plain") >= 1
