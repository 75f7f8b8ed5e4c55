"""``start_seconds`` and ``resident_mb``: how long a newcomer waits after ``make run``, and what it takes.

Each start is the first one in an empty folder: it makes keys, migrates four databases, tells the first demo
story, and is up when ``/readyz`` answers (design 5.5). ``start_listening_seconds`` is when it prints the
tokens and answers its documentation; ``start_page_seconds`` when it answers a page. Nobody else should be
working on the machine.
"""

import subprocess
import tempfile
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import httpx

from benchmarks.record import record
from tests.support.suite import free_port, process

STARTS = 5
SECONDS_GOAL = 3.0
RESIDENT_GOAL = 250.0


def measure() -> list[dict[str, Any]]:
    """The records of the times to the first answers, and of the memory in use then."""
    listening, ready, page, megabytes = zip(*(_first_start(number) for number in range(STARTS)), strict=True)
    return [
        record("start_seconds", list(ready), "s", SECONDS_GOAL),
        record("start_listening_seconds", list(listening), "s", SECONDS_GOAL),
        record("start_page_seconds", list(page), "s", None),
        record("resident_mb", list(megabytes), "MB", RESIDENT_GOAL),
    ]


def _first_start(number: int) -> tuple[float, float, float, float]:
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        url = f"http://127.0.0.1:{port}"
        started = perf_counter()
        with process("deploy.run", {"FOLDER": name}, folder / "run.log", "--port", str(port)) as process_id:
            seconds = []
            for path in ("/docs", "/readyz", "/"):
                _wait_for(url + path)
                seconds.append(perf_counter() - started)
            megabytes = _resident_megabytes(process_id)
    listening, ready, page = seconds
    print(
        f"  start {number + 1}/{STARTS}: listens after {listening:.2f} s, ready after {ready:.2f} s, "
        f"a page after {page:.2f} s, {megabytes:.0f} MB"
    )
    return listening, ready, page, megabytes


def _wait_for(url: str) -> None:
    while True:
        try:
            if httpx.get(url, timeout=5.0, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            sleep(0.02)


def _resident_megabytes(process_id: int) -> float:
    asked = ["ps", "-o", "rss=", "-p", str(process_id)]
    kibibytes = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    return int(kibibytes) / 1024
