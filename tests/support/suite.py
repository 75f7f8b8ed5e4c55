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
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from deploy.demo_people import AGENCIES
from deploy.identity.issuer import AUDIENCE
from deploy.keys import CURSOR_KEY, PRIVATE_KEY, PUBLIC_KEYS, load_or_make_secret, make_keys
from services.consent.agencies.operations import add_first_agency

STARTS_WITHIN_SECONDS = 60.0
ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Part:
    """A process of ``python -m module`` with these settings, which can be killed and started again.

    ``ready_url`` answers once it serves; each start goes on in the same log.
    """

    def __init__(
        self, module: str, variables: Mapping[str, str], log: Path, *arguments: str, ready_url: str = ""
    ) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        self._environment = {
            name: value for name, value in os.environ.items() if not name.startswith("TEAMAROUND_")
        } | {f"TEAMAROUND_{name}": value for name, value in variables.items()}
        self._log, self._ready_url = log, ready_url

    def start(self) -> int:
        """Begin, and give the process's id."""
        with self._log.open("ab") as output:
            self._running = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment,
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip
        return self._running.pid

    def wait_until_ready(self) -> None:
        wait_until_ready(self._ready_url, self._log)

    def kill(self) -> None:
        """As ``kill -9`` does: nothing is finished, nothing is tidied up."""
        self._running.kill()
        self._running.wait()

    def stop(self) -> None:
        self._running.terminate()
        try:
            self._running.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def process(module: str, variables: Mapping[str, str], log: Path, *arguments: str) -> Iterator[int]:
    """``python -m module`` with these settings, stopped at the end; yields its process id."""
    part = Part(module, variables, log, *arguments)
    try:
        yield part.start()
    finally:
        part.stop()


@dataclass(frozen=True)
class RunningSuite:
    """Where a suite answers: one gateway or several over the same services, and its issuer of tokens."""

    gateways: tuple[str, ...]
    issuer: str
    databases: Mapping[str, str]
    ledger_key: bytes
    parts: Mapping[str, Part] = field(default_factory=dict)
    """Its processes by name, where it is several."""

    @property
    def url(self) -> str:
        return self.gateways[0]


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
    parts: dict[str, Part] = {}
    with ExitStack() as stack:

        def start(name: str, module: str, variables: Mapping[str, str], ready: str) -> str:
            port = free_port()
            url = f"http://127.0.0.1:{port}"
            settings = {**common, "PORT": str(port), **variables}
            parts[name] = Part(module, settings, folder / f"{name}.log", ready_url=f"{url}{ready}")
            parts[name].start()
            stack.callback(parts[name].stop)
            parts[name].wait_until_ready()
            return url

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
        yield RunningSuite(doors, issuer, databases, key, parts)
