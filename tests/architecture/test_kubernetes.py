"""The manifests of ``deploy/kubernetes``, checked as data: what a cluster makes of them is not tried here.

Three changes that make this fail: a variable that no settings read, a secret that the runbook does not tell
of, a service that the gateway looks for under another name.
"""

import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from tests.architecture.sources import ROOT
from tests.architecture.test_compose import PAGES, STORES, SUITE, containers, settings_read
from tests.docs.pages import page
from tests.support.postgres import SERVICES

FOLDER = ROOT / "deploy" / "kubernetes"
MIGRATIONS = {f"migrate-{name}" for name in STORES}
Manifest = dict[str, Any]


@cache
def manifests() -> dict[tuple[str, str], Manifest]:
    """Every manifest by its kind and name."""
    found: dict[tuple[str, str], Manifest] = {}
    for file in sorted(FOLDER.glob("*.yaml")):
        for one in yaml.safe_load_all(file.read_text(encoding="utf-8")):
            key = one["kind"], one["metadata"]["name"]
            assert key not in found, key
            found[key] = one
    return found


def of_kind(kind: str) -> dict[str, Manifest]:
    return {name: one for (what, name), one in manifests().items() if what == kind}


@cache
def pods() -> dict[str, Manifest]:
    """The template of every pod, by the name of what makes it."""
    makers = of_kind("Deployment") | of_kind("Job")
    makers |= {name: one["spec"]["jobTemplate"] for name, one in of_kind("CronJob").items()}
    return {name: one["spec"]["template"] for name, one in makers.items()}


def container(name: str) -> Manifest:
    (only,) = pods()[name]["spec"]["containers"]
    found: Manifest = only
    return found


def environment(name: str) -> dict[str, Any]:
    """What a container is given: values as they stand, and where a secret is taken from."""
    maps = [source["configMapRef"]["name"] for source in container(name)["envFrom"]]
    given: dict[str, Any] = {}
    for config in maps:
        given |= of_kind("ConfigMap")[config]["data"]
    return given | {one["name"]: one.get("value", one.get("valueFrom")) for one in container(name)["env"]}


def test_there_is_everything_that_runs_once_or_always() -> None:
    assert of_kind("Deployment").keys() == SUITE
    assert of_kind("Service").keys() == SUITE
    assert of_kind("Job").keys() == MIGRATIONS
    assert of_kind("CronJob").keys() == {"clocks"}
    assert len(pods()) == 10


@pytest.mark.parametrize("name", sorted(SUITE | MIGRATIONS | {"clocks"}))
def test_a_pod_runs_one_container_of_the_image_and_may_do_nothing_else(name: str) -> None:
    spec, only = pods()[name]["spec"], container(name)
    assert only["image"] == containers()["gateway"]["image"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["enableServiceLinks"] is False, "or a cluster would set TEAMAROUND_… of its own"
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert f"USER {spec['securityContext']['runAsUser']}" in (ROOT / "deploy" / "Dockerfile").read_text()
    assert only["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
    }  # fmt: skip
    assert {"cpu", "memory"} <= only["resources"]["requests"].keys()


@pytest.mark.parametrize("name", sorted(SUITE))
def test_a_service_is_asked_whether_it_runs_and_whether_it_is_ready(name: str) -> None:
    only = container(name)
    (port,) = only["ports"]
    assert str(port["containerPort"]) == environment(name)["TEAMAROUND_PORT"]
    assert only["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": port["name"]}
    assert only["livenessProbe"]["httpGet"] == {"path": "/healthz", "port": port["name"]}
    service = of_kind("Service")[name]["spec"]
    assert [one["targetPort"] for one in service["ports"]] == [port["name"]]
    labels = pods()[name]["metadata"]["labels"]
    assert service["selector"] == labels == of_kind("Deployment")[name]["spec"]["selector"]["matchLabels"]


@pytest.mark.parametrize("name", sorted(SUITE | MIGRATIONS | {"clocks"}))
def test_it_is_told_what_compose_tells_it(name: str) -> None:
    """So every setting that a service needs is given, and none is given that no settings read."""
    wanted = containers()[name]["environment"].keys() - {"TEAMAROUND_METRICS_TOKEN"}
    assert environment(name).keys() - {"TEAMAROUND_METRICS_TOKEN"} == wanted
    assert environment(name).keys() <= settings_read()
    python, option, *command = container(name)["command"]
    expected = ["services.case", "clocks"] if name == "clocks" else containers()[name]["command"][2:]
    assert [python, option, *command] == ["python", "-m", *expected]


def test_the_gateway_finds_the_services_under_their_names() -> None:
    given = environment("gateway")
    for name in SERVICES:
        url = urlsplit(given[f"TEAMAROUND_{name.upper()}_URL"])
        (port,) = of_kind("Service")[str(url.hostname)]["spec"]["ports"]
        assert (url.scheme, url.hostname, url.port) == ("http", name, port["port"])


@pytest.mark.parametrize("name", sorted(SUITE | MIGRATIONS | {"clocks"}))
def test_every_file_that_is_named_lies_in_a_volume_and_every_volume_is_there(name: str) -> None:
    mounted = {one["mountPath"]: one["name"] for one in container(name)["volumeMounts"]}
    assert set(mounted.values()) == {one["name"] for one in pods()[name]["spec"]["volumes"]}
    files = {value for variable, value in environment(name).items() if variable.endswith("_FILE")}
    assert len(files) >= 1
    assert {file.rpartition("/")[0] for file in files} == mounted.keys() - {"/tmp"}


def test_the_pages_find_the_gateway() -> None:
    url = urlsplit(environment(PAGES)["TEAMAROUND_GATEWAY_URL"])
    (port,) = of_kind("Service")[str(url.hostname)]["spec"]["ports"]
    assert (url.scheme, url.hostname, url.port) == ("http", "gateway", port["port"])


def test_only_the_gateway_has_its_keys_and_only_the_ledger_s_service_has_its_own() -> None:
    held = {
        volume["secret"]["secretName"]: set[str]()
        for pod in pods().values()
        for volume in pod["spec"]["volumes"]
        if "secret" in volume
    }
    for name, pod in pods().items():
        for volume in pod["spec"]["volumes"]:
            if "secret" in volume:
                held[volume["secret"]["secretName"]].add(name)
    assert held == {
        "teamaround-gateway-keys": {"gateway"},
        "teamaround-ledger-key": {"consent", "migrate-consent"},
        "teamaround-pages-keys": {PAGES, f"migrate-{PAGES}"},
    }
    for name in pods():
        database = environment(name).get("TEAMAROUND_DATABASE_URL")
        owner = "case" if name == "clocks" else name.removeprefix("migrate-")
        own = {"secretKeyRef": {"name": f"teamaround-{owner}", "key": "database-url"}}
        assert database == (None if name == "gateway" else own)


def test_the_runbook_tells_of_everything_that_must_be_there_first() -> None:
    text = "\n".join(file.read_text(encoding="utf-8") for file in FOLDER.glob("*.yaml"))
    of_others = set(re.findall(r"(?:secretName: |secretKeyRef: \{name: |configMap: \{name: )([\w-]+)", text))
    told = {row[0].strip("`") for row in page("docs/runbook.md").rows("In Kubernetes") if row}
    assert told == of_others
    assert len(told) == 9
    assert not re.search(r"kind: Secret\b", text), "a secret in a file that is kept with the code is none"


def test_the_clocks_run_once_a_day_and_never_twice_at_once() -> None:
    spec = of_kind("CronJob")["clocks"]["spec"]
    minute, hour, *rest = spec["schedule"].split()
    assert int(minute) in range(60)
    assert int(hour) in range(24)
    assert rest == ["*"] * 3
    assert spec["concurrencyPolicy"] == "Forbid"


def test_nobody_but_the_gateway_reaches_a_data_service() -> None:
    (policy,) = of_kind("NetworkPolicy").values()
    selector = policy["spec"]["podSelector"]
    (all_but,) = selector["matchExpressions"]
    assert (all_but["operator"], all_but["values"]) == ("NotIn", ["gateway", PAGES])
    for name, pod in pods().items():
        labels = pod["metadata"]["labels"]
        assert selector["matchLabels"].items() <= labels.items()
        assert labels[all_but["key"]] == name
    (rule,) = policy["spec"]["ingress"]
    assert rule["from"] == [{"podSelector": {"matchLabels": pods()["gateway"]["metadata"]["labels"]}}]
