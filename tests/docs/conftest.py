"""One suite for the documents: as ``make run`` starts it, with the demo's records."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any

import httpx
import pytest

from deploy.embedded import SEEDED
from tests.support.suite import free_port, process, wait_until_ready

LEDGER_SECRET = "0123456789abcdef" * 4
READERS = {
    "school": "nadia.bell",
    "youth offending": "sam.okafor",
    "housing": "hana.novak",
    "volunteer mentor": "ben.carver",
}


@dataclass(frozen=True)
class Seeded:
    """A running suite; ``views`` is what each reader sees of James's case before anybody touched it."""

    url: str
    folder: Path
    views: dict[str, Any]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    yield from _running(tmp_path_factory.mktemp("seeded"))


@pytest.fixture
def seeded_anew(tmp_path: Path) -> Iterator[Seeded]:
    """One whose rules may be changed: every story is told, and the policy names its officer."""
    for running in _running(tmp_path):
        for _ in range(600):
            if (tmp_path / SEEDED).exists():
                break
            sleep(0.1)
        else:
            raise AssertionError("the stories were not told")
        yield running


def _running(folder: Path) -> Iterator[Seeded]:
    # Of text, so that it means the same wherever it is read.
    (folder / "keys").mkdir()
    (folder / "keys" / "ledger.key").write_text(LEDGER_SECRET, encoding="ascii")
    port, log = free_port(), folder / "log"
    with process("deploy.embedded", {"FOLDER": str(folder)}, log, "--port", str(port)):
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(f"{url}/readyz", log)
        yield Seeded(url, folder, {who: _view(url, user) for who, user in READERS.items()})


def _view(url: str, user: str) -> Any:
    with httpx.Client(base_url=url, timeout=30.0, trust_env=False) as client:
        token = client.get(f"/identity/tokens/{user}").json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        cases = client.get("/v1/cases").json()["cases"]
        case = next(case["id"] for case in cases if (case["person"]["name"] or "") == "James Mercer")
        return json.loads(client.get(f"/v1/cases/{case}").content)
