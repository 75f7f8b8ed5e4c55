"""``docker-compose.yml`` and the image, checked as far as a machine without a container engine can."""

import ast
import os
import re
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from psycopg.conninfo import make_conninfo

from clients.practitioner.rendering import STATIC
from tests.architecture.sources import PRODUCT, ROOT, sources
from tests.support.postgres import SERVICES, cluster

DATA_SERVICES = set(SERVICES)
PAGES = "practitioner"
SUITE = DATA_SERVICES | {"gateway", PAGES}
STORES = (*SERVICES, PAGES)
ONCE = {"keys"} | {f"migrate-{name}" for name in STORES}
BESIDE = {"clocks"}


@cache
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return loaded


@cache
def containers() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def mounts(volume: str) -> dict[str, str]:
    """Which containers mount a volume, and how."""
    return {
        name: entry.partition(":")[2]
        for name, container in containers().items()
        for entry in container.get("volumes", [])
        if entry.partition(":")[0] == volume
    }


def test_it_starts_the_whole_suite_from_one_image() -> None:
    assert containers().keys() == SUITE | ONCE | BESIDE | {"postgres"}
    ours = [container for name, container in containers().items() if name != "postgres"]
    assert {container["image"] for container in ours} == {"teamaround:local"}
    assert {container["build"]["dockerfile"] for container in ours} == {"deploy/Dockerfile"}
    assert all(container["read_only"] and container["cap_drop"] == ["ALL"] for container in ours)


def test_only_the_gateway_and_the_pages_can_be_reached_from_outside() -> None:
    assert {name for name, container in containers().items() if container.get("ports")} == {"gateway", PAGES}
    networks = {name: container["networks"] for name, container in containers().items()}
    assert networks.pop("gateway") == networks.pop(PAGES) == ["inside", "outside"]
    assert set(map(tuple, networks.values())) == {("inside",)}
    assert compose()["networks"]["inside"]["internal"] is True


def test_the_gateway_alone_can_sign_and_the_others_can_check() -> None:
    assert mounts("gateway-keys") == {"keys": "/keys/gateway", "gateway": "/keys/gateway:ro"}
    public = mounts("public-keys")
    assert public.pop("keys") == "/keys/public"
    assert public.keys() == DATA_SERVICES | {f"migrate-{name}" for name in SERVICES} | BESIDE
    assert set(public.values()) == {"/keys/public:ro"}


def test_the_keys_are_made_where_the_settings_look_for_them(tmp_path: Path) -> None:
    _, _, module, *folders = containers()["keys"]["command"]
    here = [str(tmp_path) + folder for folder in folders]
    subprocess.run([sys.executable, "-m", module, *here], cwd=ROOT, check=True, stdin=subprocess.DEVNULL)
    made = {f"/{file.relative_to(tmp_path)}" for file in tmp_path.rglob("*") if file.is_file()}
    named = {
        path
        for name in SUITE
        for variable, path in containers()[name]["environment"].items()
        if variable.endswith("_KEY_FILE") and path.startswith("/keys/")
    }
    assert made == named
    assert len(made) == 4


def test_the_pages_alone_seal_sessions_and_know_the_gateway_and_no_service() -> None:
    pages = {PAGES, f"migrate-{PAGES}"}
    assert mounts("pages-keys") == {"keys": "/keys/pages"} | dict.fromkeys(pages, "/keys/pages:ro")
    for name in pages:
        environment = containers()[name]["environment"]
        urls = {value for variable, value in environment.items() if variable.endswith(("CASE_URL", "_URL"))}
        assert {url for url in urls if url.startswith("http")} == {"http://gateway:8000"}
        assert containers()[name]["secrets"] == ["oidc_client_secret"]
    holders = {name for name, one in containers().items() if "oidc_client_secret" in one.get("secrets", [])}
    assert holders == pages


def test_the_ledger_key_is_the_consent_service_s() -> None:
    holders = {
        name for name, container in containers().items() if "ledger_key" in container.get("secrets", [])
    }
    assert holders == {"consent", "migrate-consent"}


def test_each_knows_its_own_database_only() -> None:
    for name in STORES:
        for container in (name, f"migrate-{name}"):
            environment = containers()[container]["environment"]
            assert re.match(
                rf"postgresql\+psycopg://{name}:\${{{name.upper()}_DATABASE_PASSWORD:\?[^}}]+}}@postgres/{name}$",
                environment["TEAMAROUND_DATABASE_URL"],
            )
            assert environment.keys().isdisjoint(
                {"TEAMAROUND_CASE_URL", "TEAMAROUND_ASSESSMENT_URL", "TEAMAROUND_CONSENT_URL"}
            )
    assert "TEAMAROUND_DATABASE_URL" not in containers()["gateway"]["environment"]


def test_nothing_secret_has_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    asked = re.findall(r"\$\{([A-Z_]+)(:[?-])?", text)
    secret = [(name, how) for name, how in asked if re.search("PASSWORD|_KEY|ISSUER|AUDIENCE", name)]
    assert {how for _, how in secret} == {":?"}
    assert {name for name, _ in secret} >= {
        "POSTGRES_PASSWORD", "TEAMAROUND_LEDGER_KEY_FILE",
        "TEAMAROUND_OIDC_ISSUER", "TEAMAROUND_OIDC_AUDIENCE",
    }  # fmt: skip
    assert len(secret) >= 10


def test_services_wait_for_what_they_need() -> None:
    for name in STORES:
        migrated = {f"migrate-{name}": {"condition": "service_completed_successfully"}}
        door = {"gateway": {"condition": "service_healthy"}} if name == PAGES else {}
        assert containers()[name]["depends_on"] == door | migrated
        assert containers()[f"migrate-{name}"]["depends_on"] == {
            "postgres": {"condition": "service_healthy"},
            "keys": {"condition": "service_completed_successfully"},
        }
    assert containers()["gateway"]["depends_on"] == {
        name: {"condition": "service_healthy"} for name in SERVICES
    }


def test_the_clocks_run_beside_the_case_service_on_its_store() -> None:
    clocks, case = containers()["clocks"], containers()["case"]
    assert clocks["command"] == [*case["command"], "clocks", "daily"]
    assert all(clocks[what] == case[what] for what in ("environment", "volumes", "depends_on", "restart"))


def settings_read() -> set[str]:
    """Every setting that the code asks its environment for."""
    return {
        f"TEAMAROUND_{node.args[0].value}"
        for source in sources(*PRODUCT)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"text", "number", "whole_number", "file"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_every_variable_is_one_that_some_settings_read() -> None:
    ours = SUITE | ONCE | BESIDE
    set_here = {variable for name in ours for variable in containers()[name].get("environment", {})}
    assert len(set_here) >= 12
    assert set_here - settings_read() == set()


@pytest.mark.parametrize("name", sorted(SUITE | ONCE | BESIDE))
def test_every_command_names_a_module_that_exists(name: str) -> None:
    python, option, module, *_ = containers()[name]["command"]
    assert (python, option) == ("python", "-m")
    found = find_spec(module)
    assert found is not None, module
    assert found.submodule_search_locations is None or find_spec(f"{module}.__main__") is not None, module


def test_the_image_holds_the_product_and_runs_as_nobody_special() -> None:
    text = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)
        for source in line.split()
    ]
    assert copied == ["requirements.lock", "clients", "shared", "services", "clients", "deploy"]
    assert all((ROOT / source).exists() for source in copied)
    let_through = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {f"!{source}" for source in copied} <= set(let_through)
    installed = re.findall(r"pip install .+", text)
    assert len(installed) == 2
    assert all("--require-hashes" in line for line in installed)
    assert "sed '/^# --- tests and checks ---$/q' requirements.lock" in text
    assert re.search(r"^USER 10001$", text, re.MULTILINE)
    assert re.search(r"HEALTHCHECK .*\n.*127\.0\.0\.1:8000/healthz", text)
    ports = {containers()[name]["environment"]["TEAMAROUND_PORT"] for name in SUITE}
    assert ports == {"8000"}


def test_the_pages_are_built_in_a_stage_of_their_own_and_node_stays_there() -> None:
    text = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    *_, pages, final = text.split("\nFROM ")
    assert "python -m clients.practitioner.build_assets" in pages
    assert "sed -n '/^# --- Node, /,$p' requirements.lock" in pages
    assert "pip" not in final
    built = STATIC.relative_to(ROOT).as_posix()
    assert f"COPY --from=pages /app/{built} ./{built}" in final
    let_through = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert built in let_through, "what a machine built for itself is not what the image runs with"


def test_the_init_script_makes_separate_databases() -> None:
    """The script of the postgres container, run against a real server."""
    with cluster(durable=False) as server:
        passwords = {f"{name.upper()}_DATABASE_PASSWORD": f'{name}\'s "own"' for name in STORES}
        environment = {
            **passwords,
            "POSTGRES_USER": "postgres", "PGHOST": str(server.folder), "PGPASSWORD": server.password,
            "PATH": f"{server.programs}{os.pathsep}{os.environ['PATH']}",
        }  # fmt: skip
        script = ROOT / "deploy" / "postgres" / "init.sh"
        subprocess.run(["bash", script], env=environment, check=True, stdin=subprocess.DEVNULL)

        entered, refused = 0, 0
        for role in STORES:
            password = passwords[f"{role.upper()}_DATABASE_PASSWORD"]
            for database in (*STORES, "postgres"):
                where = make_conninfo(host=str(server.folder), user=role, password=password, dbname=database)
                if role == database:
                    with psycopg.connect(where) as connection:
                        connection.execute("CREATE TABLE mine (id integer)")
                    entered += 1
                else:
                    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                        psycopg.connect(where)
                    refused += 1
        assert (entered, refused) == (4, 16)
