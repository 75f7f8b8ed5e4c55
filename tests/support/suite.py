"""A running suite for the journeys: in one process or in several, on either store, as real processes.

The processes are those of docker-compose.yml, with the same settings by the same names.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy.demo_people import AGENCIES
from deploy.identity.issuer import AUDIENCE
from deploy.keys import CURSOR_KEY, PRIVATE_KEY, PUBLIC_KEYS, load_or_make_secret, make_keys
from services.consent.agencies.operations import add_first_agency

STARTS_WITHIN_SECONDS = 60.0
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class RunningSuite:
    """Where a suite answers: one gateway or several over the same services, and its issuer of tokens."""

    gateways: tuple[str, ...]
    issuer: str
    databases: Mapping[str, str]
    ledger_key: bytes

    @property
    def url(self) -> str:
        return self.gateways[0]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def process(module: str, variables: Mapping[str, str], log: Path, *arguments: str) -> Iterator[int]:
    """``python -m module`` with these settings, stopped at the end; yields its process id."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("TEAMAROUND_")
    } | {f"TEAMAROUND_{name}": value for name, value in variables.items()}
    with log.open("wb") as output:
        started = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            yield started.pid
        finally:
            started.terminate()
            try:
                started.wait(15)
            except subprocess.TimeoutExpired:
                started.kill()
                started.wait()


def wait_until_ready(url: str, log: Path) -> None:
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < end:
        try:
            if httpx.get(url, timeout=2.0, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise RuntimeError(f"{url} did not come up: {log.read_text(errors='replace')[-3000:]}")


def let_the_first_officer_in(databases: Mapping[str, str]) -> None:
    first = AGENCIES[0]
    add_first_agency(databases["consent"], first.code, first.kind, first.name)


@contextmanager
def embedded(folder: Path, databases: Mapping[str, str]) -> Iterator[RunningSuite]:
    """Everything in one process, as ``make run`` starts it, but without the demo's records."""
    let_the_first_officer_in(databases)
    port = free_port()
    variables = {
        "FOLDER": str(folder),
        "SEED_DEMO": "no",
        **{f"{service.upper()}_DATABASE_URL": url for service, url in databases.items()},
    }
    log = folder / "embedded.log"
    with process("deploy.embedded", variables, log, "--port", str(port)):
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(f"{url}/readyz", log)
        key = load_or_make_secret(folder / "keys" / "ledger.key")
        yield RunningSuite((url,), f"{url}/identity", databases, key)


@contextmanager
def processes(
    folder: Path, databases: Mapping[str, str], *, gateways: int = 1, deadline_seconds: float = 1.0
) -> Iterator[RunningSuite]:
    """The services as processes of their own that speak over sockets."""
    let_the_first_officer_in(databases)
    make_keys(folder / "gateway", folder / "public")
    key = load_or_make_secret(folder / "ledger.key")
    common = {"HOST": "127.0.0.1", "DEADLINE_SECONDS": str(deadline_seconds)}
    with ExitStack() as stack:

        def start(name: str, module: str, variables: Mapping[str, str], ready: str) -> str:
            port = free_port()
            log = folder / f"{name}.log"
            stack.enter_context(process(module, {**common, "PORT": str(port), **variables}, log))
            wait_until_ready(f"http://127.0.0.1:{port}{ready}", log)
            return f"http://127.0.0.1:{port}"

        urls = {
            service: start(
                service,
                f"services.{service}",
                {
                    "DATABASE_URL": databases[service],
                    "GATEWAY_PUBLIC_KEY_FILE": str(folder / "public" / PUBLIC_KEYS),
                    "LEDGER_KEY_FILE": str(folder / "ledger.key"),
                },
                "/readyz",
            )
            for service in databases
        }
        issuer_key = {"ISSUER_KEY_FILE": str(folder / "issuer.json")}
        issuer = start("issuer", "deploy.identity", issuer_key, "/jwks")
        gateway = {
            "OIDC_ISSUER": issuer,
            "OIDC_AUDIENCE": AUDIENCE,
            "GATEWAY_PRIVATE_KEY_FILE": str(folder / "gateway" / PRIVATE_KEY),
            "CURSOR_KEY_FILE": str(folder / "gateway" / CURSOR_KEY),
            **{f"{service.upper()}_URL": url for service, url in urls.items()},
        }
        doors = tuple(
            start(f"gateway-{number}", "services.gateway", gateway, "/readyz") for number in range(gateways)
        )
        yield RunningSuite(doors, issuer, databases, key)
