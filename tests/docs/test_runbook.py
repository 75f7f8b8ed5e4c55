"""What the runbook says to type does what it says."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from shared.identity import verification_key
from shared.migration import migrate
from tests.architecture.sources import ROOT
from tests.docs.conftest import LEDGER_SECRET, Seeded
from tests.docs.pages import page

RUNBOOK = page("docs/runbook.md")


def run(arguments: list[str], variables: dict[str, str], fed: str = "") -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TEAMAROUND_")}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env={**environment, **variables}, input=fed,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.fixture
def store(seeded: Seeded, tmp_path: Path) -> Path:
    """A copy of the consent store of the demo, made as the runbook says."""
    copy = tmp_path / "copy.sqlite3"
    with sqlite3.connect(seeded.folder / "consent.sqlite3") as running, sqlite3.connect(copy) as made:
        running.backup(made)
    running.close()
    made.close()
    return copy


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """As ``openssl rand -hex 32`` writes one, with the end of line that is not part of it."""
    file = tmp_path / "ledger.key"
    file.write_text(f"{LEDGER_SECRET}\n", encoding="ascii")
    return file


def change(store: Path, statement: str) -> None:
    connection = sqlite3.connect(store)
    connection.execute(statement)
    connection.commit()
    connection.close()


def consent(store: Path, key: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command of the consent service, which the runbook tells of, on a copy of the store."""
    told = [content for language, content in RUNBOOK.blocks() if language == "sh"]
    assert any(f"python -m services.consent {arguments[0]}" in content for content in told)
    public = store.parent / "gateway.json"
    public.write_text('{"keys": []}', encoding="ascii")
    variables = {
        "TEAMAROUND_DATABASE_URL": f"sqlite:///{store}",
        "TEAMAROUND_GATEWAY_PUBLIC_KEY_FILE": str(public),
        "TEAMAROUND_LEDGER_KEY_FILE": str(key),
    }
    return run(["-m", "services.consent", *arguments], {**variables, **more})


def checkpoint(store: Path, key: Path, **more: str) -> Path:
    """A checkpoint in a file, as somebody else holds it."""
    made = consent(store, key, "checkpoint", **more)
    assert (made.returncode, made.stderr, made.stdout.count("\n")) == (0, "", 1)
    file = store.parent / "monday.jws"
    file.write_text(made.stdout, encoding="ascii")
    return file


def test_the_ledger_is_verified_with_several_keys_and_against_a_checkpoint(store: Path, key: Path) -> None:
    held = str(checkpoint(store, key))
    (listed,) = [content for _, content in RUNBOOK.blocks() if "ledger-1=ledger-1.key" in content]
    key.rename(store.parent / "ledger-1.key")
    new, older = store.parent / "ledger-2.key", store.parent / "older-keys"
    new.write_text("of the year after, as long as a key has to be\n", encoding="ascii")
    older.write_text(listed, encoding="ascii")
    keys = {"TEAMAROUND_LEDGER_KEY_ID": "ledger-2", "TEAMAROUND_OLDER_LEDGER_KEYS_FILE": str(older)}
    later = str(checkpoint(store, new, **keys))
    whole = consent(store, new, "verify", "--checkpoint", held, "--checkpoint", later, **keys)
    assert (whole.returncode, whole.stderr) == (0, "")
    assert whole.stdout.endswith("receipts: whole, as 2 held elsewhere\n")
    without_the_old_one = consent(store, new, "verify", TEAMAROUND_LEDGER_KEY_ID="ledger-2")
    assert without_the_old_one.returncode == 1
    assert "a receipt names a key that nobody has" in without_the_old_one.stdout

    longest = "(SELECT id FROM chains ORDER BY length DESC LIMIT 1)"
    change(store, f"UPDATE receipts SET reason = 'none' WHERE chain = {longest} AND seq = 2")
    changed = consent(store, new, "verify", "--checkpoint", held, **keys)
    assert changed.returncode == 1
    assert "a receipt was changed (place 2)" in changed.stdout


def test_an_end_that_was_cut_off_shows_against_the_checkpoint_alone(store: Path, key: Path) -> None:
    held = str(checkpoint(store, key))
    of_one = "chain = (SELECT id FROM chains ORDER BY length DESC LIMIT 1)"
    last = f"(SELECT id FROM receipts WHERE {of_one} ORDER BY seq DESC LIMIT 1)"
    change(store, f"DELETE FROM mentions WHERE receipt = {last}")
    change(store, f"DELETE FROM receipts WHERE id = {last}")
    change(
        store,
        "UPDATE chains SET length = length - 1, head = (SELECT link FROM receipts WHERE chain = chains.id "
        "ORDER BY seq DESC LIMIT 1) WHERE id = (SELECT id FROM chains ORDER BY length DESC LIMIT 1)",
    )
    cut = consent(store, key, "verify")
    assert (cut.returncode, cut.stdout.count("cut off")) == (1, 1)
    for table in ("covered", "checkpoints"):
        change(store, f"DELETE FROM {table}")
    assert consent(store, key, "verify").returncode == 0
    against = consent(store, key, "verify", "--checkpoint", held)
    assert (against.returncode, against.stdout.count("\n")) == (1, 1)
    assert "held elsewhere is not among those that were made here" in against.stdout


def test_a_checkpoint_that_is_none_or_cannot_be_read_is_no_proof(store: Path, key: Path) -> None:
    file = store.parent / "no.jws"
    for content, code, said in ((b"a.b.c", 1, "no checkpoint"), ("é".encode(), 1, "")):
        file.write_bytes(content)
        tried = consent(store, key, "verify", "--checkpoint", str(file))
        assert tried.returncode == code
        assert said in tried.stdout
        assert "whole" not in tried.stdout
    for wrong in (["--checkpoint"], ["--other", "x"], ["x"]):
        assert consent(store, key, "verify", *wrong).returncode == 1


def test_the_commands_of_the_consent_service_do_what_the_runbook_says(tmp_path: Path, key: Path) -> None:
    url = f"sqlite:///{tmp_path / 'fresh.sqlite3'}"
    public = tmp_path / "gateway.json"
    public.write_text('{"keys": []}', encoding="ascii")
    variables = {
        "TEAMAROUND_DATABASE_URL": url,
        "TEAMAROUND_GATEWAY_PUBLIC_KEY_FILE": str(public),
        "TEAMAROUND_LEDGER_KEY_FILE": str(key),
    }
    told = " ".join(content for language, content in RUNBOOK.blocks() if language == "sh")
    for command in ("migrate", "verify", "checkpoint"):
        assert f"python -m services.consent {command}" in told
    migrate(url, "services.consent")
    adding = ["-m", "services.consent", "add-agency", "partnership-office", "partnership", "Our office"]
    assert " ".join(adding[:4]) in told
    for _ in range(2):
        done = run(adding, variables)
        assert (done.returncode, done.stderr) == (0, "")
    verified = run(["-m", "services.consent", "verify"], variables)
    assert (verified.returncode, verified.stderr) == (0, "")


def test_a_new_key_for_the_gateway_is_made_as_the_runbook_says(tmp_path: Path) -> None:
    (making,) = [
        content for language, content in RUNBOOK.blocks() if language == "sh" and "new_signing_key" in content
    ]
    script = making.replace("python -c", f"PYTHONPATH={ROOT} {sys.executable} -c")
    script = script.replace("new-private.json", str(tmp_path / "new-private.json"))
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=True)
    public = json.loads(done.stdout)
    assert verification_key(public).key_id == "gateway-2"
    assert json.loads((tmp_path / "new-private.json").read_text(encoding="ascii"))["x"] == public["x"]
