"""``make run``: the databases are brought to their newest schema beside the imports, or nothing is served.

Three changes that make this fail: serving without waiting for the process beside, not looking at how it
ended, a database that it leaves out.
"""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from time import sleep

import httpx

from deploy.settings import embedded_settings
from shared.migration import current_revision
from shared.settings import Environment
from tests.support.suite import ROOT, free_port, process, wait_until_ready

PACKAGES = ("services/case", "services/assessment", "services/consent", "clients/practitioner")


def newest_schemas() -> list[str]:
    return [(ROOT / package / "migrations" / "HEAD").read_text().strip() for package in PACKAGES]


def test_it_serves_on_the_newest_schemas(tmp_path: Path) -> None:
    variables, port = {"FOLDER": str(tmp_path), "SEED_DEMO": "no"}, free_port()
    settings = embedded_settings(environment=Environment({"TEAMAROUND_FOLDER": str(tmp_path)}))
    with process("deploy.run", variables, tmp_path / "run.log", "--port", str(port)):
        wait_until_ready(f"http://127.0.0.1:{port}/readyz", tmp_path / "run.log")
        urls = [*(settings.database_urls[s] for s in ("case", "assessment", "consent"))]
        found = [current_revision(url) for url in (*urls, settings.pages_database_url)]
    assert found == newest_schemas()


def test_the_first_request_with_a_printed_token_finds_the_first_story(tmp_path: Path) -> None:
    """Fails when what is asked before the story is told is refused, or answered without it."""
    port, log = free_port(), tmp_path / "run.log"
    with process("deploy.run", {"FOLDER": str(tmp_path)}, log, "--port", str(port)):
        printed = _wait_for_line(log, "(nadia.bell)")
        nadia = {"authorization": f"Bearer {printed}"}
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
            caseload = client.get("/v1/cases", headers=nadia)
            [case] = caseload.json()["cases"]
            view = client.get(f"/v1/cases/{case['id']}", headers=nadia)
            page = client.get("/", follow_redirects=True)
    assert (caseload.status_code, view.status_code, page.status_code) == (200, 200, 200)
    assert "In school two days a week before he was sentenced" in view.text
    assert "Nadia Bell" in page.text


def _wait_for_line(log: Path, ending: str) -> str:
    """The line after the one that ends so, which is that person's token."""
    for _ in range(1200):
        lines = log.read_text(encoding="utf-8").splitlines()
        for line, following in pairwise(lines):
            if line.endswith(ending):
                return following
        sleep(0.05)
    raise AssertionError(f"nothing was printed about {ending}")


def test_it_says_why_and_ends_where_a_database_cannot_be_migrated(tmp_path: Path) -> None:
    (tmp_path / "case.sqlite3").write_bytes(b"This is a letter and no database. " * 40)
    ended = subprocess.run(
        [sys.executable, "-m", "deploy.run", "--port", str(free_port())],
        cwd=ROOT,
        env={**os.environ, "TEAMAROUND_FOLDER": str(tmp_path), "TEAMAROUND_SEED_DEMO": "no"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert "file is not a database" in ended.stderr
    assert "The databases could not be brought to their newest schema" in ended.stderr
