"""The database: migrations on both stores, and the command that verifies its ledger."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from services.consent.base import Base
from services.consent.ledger.chain import LedgerKey
from services.consent.settings import from_environment, older_keys, secret_of
from services.consent.verification.operations import verify_database
from shared.identity import public_part
from shared.migration import current_revision, migrate
from shared.settings import Environment, SettingError
from tests.consent.service import (
    HOUSING,
    KEYS,
    LEDGER_KEY,
    SCHOOL,
    SIGNING_KEY,
    ConsentService,
    a_case,
    a_label,
    fresh_case,
    running_service,
)
from tests.support.postgres import PostgresServer

TABLES = {
    "agencies", "agreements", "alerts", "authorities", "bar_subjects", "bars", "break_glass", "chains",
    "checkpoints", "conflicts", "consents", "covered", "exclusions", "family_codes", "holds",
    "idempotency_keys", "mentions", "messages",
    "non_disclosures", "overrides", "overrides_of_users", "policies", "policy_approvals", "policy_drafts",
    "policy_simulations", "receipts", "releases", "risk_questions", "sharing_requests", "suspensions",
    "withdrawals",
}  # fmt: skip
DATA = files("services.consent") / "policy_data" / "default-1.json"
GOLDENS = files("services.consent") / "policy_data" / "golden-1.json"


def head() -> str:
    return (files("services.consent.migrations") / "HEAD").read_text().strip()


@pytest.fixture
def empty_database(store_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of this test that nobody has migrated."""
    if store_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.sqlite3'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.create("consent")
        yield url
        server.drop(url)


def select(url: str, statement: str) -> list[tuple[Any, ...]]:
    engine = create_engine(url, json_deserializer=orjson.loads)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]
    finally:
        engine.dispose()


def differences(url: str) -> list[Any]:
    """Where the database is not what the models say."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            return list(compare_metadata(context, Base.metadata))
    finally:
        engine.dispose()


def policies(url: str) -> list[tuple[Any, ...]]:
    rows = select(url, "SELECT version, document, published_by FROM policies ORDER BY version")
    return [
        (v, json.loads(document) if isinstance(document, str) else document, by) for v, document, by in rows
    ]


def test_the_head_file_names_the_only_head() -> None:
    scripts = ScriptDirectory(str(files("services.consent.migrations")))
    assert scripts.get_heads() == [head()]


def test_from_nothing_to_the_models_with_the_default_policy_in_force(empty_database: str) -> None:
    assert current_revision(empty_database) is None
    migrate(empty_database, "services.consent")
    assert current_revision(empty_database) == head()
    assert differences(empty_database) == []
    engine = create_engine(empty_database)
    assert (
        set(inspect(engine).get_table_names())
        == TABLES | {"alembic_version"}
        == set(Base.metadata.tables) | {"alembic_version"}
    )
    engine.dispose()
    assert policies(empty_database) == [(1, json.loads(DATA.read_text()), "migration 0001")]
    [(begins,)] = select(empty_database, "SELECT CAST(published_from AS VARCHAR(30)) FROM policies")
    assert begins.startswith("2000-01-01 00:00:00")


def test_a_model_that_left_the_migrations_behind_would_show(databases: Mapping[str, str]) -> None:
    engine = create_engine(databases["consent"])
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE consents DROP COLUMN withdrawal_note"))
        connection.execute(text("DROP INDEX ix_receipts_chain_seq"))
        connection.execute(text("CREATE TABLE forgotten (id INTEGER)"))
    engine.dispose()
    assert len(differences(databases["consent"])) == 3


def test_migrating_twice_is_harmless(databases: Mapping[str, str]) -> None:
    url = databases["consent"]
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE policies SET published_by = 'somebody since'"))
    engine.dispose()
    migrate(url, "services.consent")
    migrate(url, "services.consent")
    assert current_revision(url) == head()
    assert [(version, by) for version, _, by in policies(url)] == [(1, "somebody since")]


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., "subprocess.Popen[str]"]:
    """Start ``python -m services.consent …`` on a database, with the tests' keys."""
    keys, secret = tmp_path / "keys.json", tmp_path / "ledger.key"
    keys.write_bytes(orjson.dumps({"keys": [public_part(SIGNING_KEY)]}))
    secret.write_bytes(LEDGER_KEY.secret)

    def start(url: str, *arguments: str) -> "subprocess.Popen[str]":
        settings = {
            "TEAMAROUND_DATABASE_URL": url,
            "TEAMAROUND_GATEWAY_PUBLIC_KEY_FILE": str(keys),
            "TEAMAROUND_LEDGER_KEY_FILE": str(secret),
        }
        return subprocess.Popen(
            [sys.executable, "-m", "services.consent", *arguments],
            cwd=Path(__file__).parents[2], env={**os.environ, **settings}, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    return start


def outcome(started: "subprocess.Popen[str]") -> tuple[int, str]:
    """How it ended, and all that it said: nothing should stand among its errors."""
    out, err = started.communicate(timeout=60)
    return started.returncode, out + err


def test_two_who_migrate_at_once_both_succeed(
    empty_database: str, command: Callable[..., "subprocess.Popen[str]"]
) -> None:
    both = [command(empty_database, "migrate") for _ in range(2)]
    assert [outcome(one) for one in both] == [(0, ""), (0, "")]
    assert current_revision(empty_database) == head()
    assert differences(empty_database) == []
    assert [version for version, _, _ in policies(empty_database)] == [1]


def test_m1_whoever_was_suspended_stays_so_for_every_agency_and_can_be_let_in_again(
    empty_database: str,
) -> None:
    """From the revision before with data (M1)."""
    migrate(empty_database, "services.consent", "0002")
    engine = create_engine(empty_database)
    with engine.begin() as connection:
        for user in ("hanna", "gone"):
            connection.execute(
                text(
                    'INSERT INTO suspensions ("user", suspended_at, suspended_by, reason)'
                    " VALUES (:user, '2030-01-02 03:04:05', 'otto', 'Left')"
                ),
                {"user": user},
            )
    engine.dispose()
    migrate(empty_database, "services.consent")
    assert differences(empty_database) == []
    columns = (
        '"user", agency, suspended_by, reason, lifted_at, substr(CAST(suspended_at AS VARCHAR(30)), 1, 19)'
    )
    assert select(empty_database, f'SELECT {columns} FROM suspensions ORDER BY "user"') == [
        (user, None, "otto", "Left", None, "2030-01-02 03:04:05") for user in ("gone", "hanna")
    ]
    assert len(set(select(empty_database, "SELECT id FROM suspensions"))) == 2


def test_m1_published_policies_stay_as_they_are_and_the_default_gets_its_golden_rows(
    empty_database: str,
) -> None:
    """From the revision before with data (M1): nothing that a decision reads is touched."""
    migrate(empty_database, "services.consent", "0005")
    engine = create_engine(empty_database)
    second = {**json.loads(DATA.read_text()), "version": "ours"}
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO policies (version, document, published_from, published_by)"
                " VALUES (2, :document, '2030-01-02 03:04:05', 'somebody')"
            ),
            {"document": json.dumps(second)},
        )
    engine.dispose()
    before = policies(empty_database)
    moments = "SELECT substr(CAST(published_from AS VARCHAR(30)), 1, 19) FROM policies ORDER BY version"
    from_when = select(empty_database, moments)
    migrate(empty_database, "services.consent")
    assert differences(empty_database) == []
    assert policies(empty_database) == before
    assert (
        select(empty_database, moments) == from_when == [("2000-01-01 00:00:00",), ("2030-01-02 03:04:05",)]
    )
    columns = "goldens, approved_by, digest, drafted_from, restores, why"
    first, other = select(empty_database, f"SELECT {columns} FROM policies ORDER BY version")
    rows = [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in (first, other)]
    assert rows == [json.loads(GOLDENS.read_text()), []]
    assert set(first[1:]) | set(other[1:]) == {None}


def test_m1_what_was_stopped_and_held_back_before_names_were_kept_stays_so_without_them(
    empty_database: str,
) -> None:
    """From the revision before with data (M1)."""
    migrate(empty_database, "services.consent", "0010")
    engine, at = create_engine(empty_database), "'2030-01-02 03:04:05'"
    with engine.begin() as connection:
        for statement in (
            'INSERT INTO suspensions (id, "user", suspended_at, suspended_by, reason)'
            f" VALUES ('s', 'hanna', {at}, 'otto', 'Left')",
            "INSERT INTO chains (id, length, head) VALUES ('agency:a', 1, 'h')",
            'INSERT INTO receipts (id, chain, seq, at, "user", user_name, agency, role, action, purpose,'
            " cases, policy_version, facts_version, key_id, previous, link) VALUES ('r', 'agency:a', 1,"
            f" {at}, 'hanna', 'Hanna', 'a', 'practitioner', 'read', 'support', '[]', 1, 'f', 'k', '', 'l')",
            "INSERT INTO holds (id, receipt, agency, reason, review_on, proposed_at, proposed_by,"
            f" confirmed_at, confirmed_by, reviews) VALUES ('h', 'r', 'a', 'She hides',"
            f" '2030-02-01', {at}, 'gita', {at}, 'sven', '[]')",
        ):
            connection.execute(text(statement))
    engine.dispose()
    migrate(empty_database, "services.consent")
    assert differences(empty_database) == []
    stopped = 'SELECT "user", suspended_by, suspended_by_name FROM suspensions'
    assert select(empty_database, stopped) == [("hanna", "otto", None)]
    held = "SELECT proposed_by, proposed_by_name, confirmed_by, confirmed_by_name FROM holds"
    assert select(empty_database, held) == [("gita", None, "sven", None)]


def test_m1_who_was_suspended_before_anybody_called_them_by_a_name_stays_so(empty_database: str) -> None:
    """From the revision before with data (M1)."""
    migrate(empty_database, "services.consent", "0011")
    engine = create_engine(empty_database)
    with engine.begin() as connection:
        connection.execute(
            text(
                'INSERT INTO suspensions (id, "user", agency, suspended_at, suspended_by, suspended_by_name,'
                " reason) VALUES ('s', 'hanna', 'a', '2030-01-02 03:04:05', 'otto', 'Otto', 'Left')"
            )
        )
    engine.dispose()
    migrate(empty_database, "services.consent")
    assert differences(empty_database) == []
    kept = 'SELECT "user", user_name, agency, suspended_by_name, reason, lifted_at FROM suspensions'
    assert select(empty_database, kept) == [("hanna", None, "a", "Otto", "Left", None)]


def test_m1_an_authority_that_was_ended_before_references_were_kept_stays_ended(empty_database: str) -> None:
    """From the revision before with data (M1)."""
    migrate(empty_database, "services.consent", "0012")
    engine, at = create_engine(empty_database), "'2030-01-02 03:04:05'"
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO authorities (id, case_id, kind, effect, subject, holder, document, covers,"
                " verified_by, recorded_at, recorded_by, recorded_by_agency, ended_at, ended_by,"
                " ending_reason) VALUES ('o', 'c', 'court_order', 'takes_away', 'k', 'm', 'Order 3',"
                f" '[\"learning\"]', 'Ada', {at}, 'ada', 'hill-school', {at}, 'ada', 'Discharged')"
            )
        )
    engine.dispose()
    migrate(empty_database, "services.consent")
    assert differences(empty_database) == []
    kept = "SELECT ended_by, ending_reason, ending_reference FROM authorities"
    assert select(empty_database, kept) == [("ada", "Discharged", None)]


def test_m1_an_exclusion_from_before_capacities_were_kept_counts_as_it_did(empty_database: str) -> None:
    """From the revision before with data (M1): in what capacity it was asked for nobody knows."""
    migrate(empty_database, "services.consent", "0009")
    engine = create_engine(empty_database)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO exclusions (id, case_id, subject, giver, agencies, users, categories,"
                " recorded_at, recorded_by, recorded_by_agency) VALUES (:id, :id, :id, :id,"
                " '[\"city-housing\"]', '[]', '[\"learning\"]', '2030-01-02 03:04:05', 'ada', 'hill-school')"
            ),
            {"id": "x" * 36},
        )
    engine.dispose()
    kept = "SELECT id, giver, CAST(agencies AS VARCHAR(99)), CAST(categories AS VARCHAR(99)) FROM exclusions"
    before = select(empty_database, kept)
    migrate(empty_database, "services.consent")
    assert differences(empty_database) == []
    assert select(empty_database, kept) == before
    assert select(empty_database, "SELECT capacity, under, incapacity FROM exclusions") == [
        (None, None, None)
    ]


def test_m1_nobody_is_told_of_an_override_that_was_recorded_before_anybody_said_so(
    empty_database: str,
) -> None:
    """From the revision before with data (M1). Who broke the glass was told, and still is."""
    migrate(empty_database, "services.consent", "0007")
    engine = create_engine(empty_database)
    insert = (
        "INSERT INTO overrides (id, case_id, kind, reason, agencies, users, subjects, categories, level,"
        " purposes, valid_until, recorded_at, recorded_by, recorded_by_agency)"
        " VALUES (:kind, 'a case', :kind, 'why', '[]', '[]', '[]', '[]', 'full', '[]',"
        " '2030-01-20 17:00:00', '2030-01-02 03:04:05', 'sal', 'care')"
    )
    with engine.begin() as connection:
        for kind in ("statutory", "break_glass"):
            connection.execute(text(insert), {"kind": kind})
    engine.dispose()
    migrate(empty_database, "services.consent")
    assert differences(empty_database) == []
    columns = (
        "id, substr(CAST(told_from AS VARCHAR(30)), 1, 19), CAST(telling_review_on AS VARCHAR(10)),"
        " CAST(telling_reviews AS VARCHAR(10)), substr(CAST(valid_until AS VARCHAR(30)), 1, 19)"
    )
    assert select(empty_database, f"SELECT {columns} FROM overrides ORDER BY id") == [
        ("break_glass", "2030-01-02 03:04:05", None, "[]", "2030-01-20 17:00:00"),
        ("statutory", None, "2030-01-20", "[]", "2030-01-20 17:00:00"),
    ]


def test_m1_two_keys_are_added_beside_answers_that_stay_as_they_were(empty_database: str) -> None:
    """From the revision before with data (M1): a permission that answers no request counts as it did."""
    migrate(empty_database, "services.consent", "0003")
    engine = create_engine(empty_database)
    columns = {column["name"] for column in inspect(engine).get_columns("consents")}
    values = {
        "id": "'c-1'", "case_id": "'a case'", "kind": "'share'", "subject": "'kit'", "giver": "'mum'",
        "capacity": "'parent'", "answer": "'given'", "explained": "true", "evidence": "'{}'",
        "wording_version": "'2030-1'", "recipients": "'[\"care\"]'", "categories": "'[\"plan\"]'",
        "level": "'full'", "purposes": "'[\"support\"]'", "recorded_at": "'2030-01-02 03:04:05'",
        "recorded_by": "'ada'", "recorded_by_agency": "'school'",
    }  # fmt: skip
    assert set(values) <= columns
    with engine.begin() as connection:
        connection.execute(
            text(f"INSERT INTO consents ({', '.join(values)}) VALUES ({', '.join(values.values())})")
        )
    engine.dispose()
    texts = ", ".join(f"CAST({name} AS VARCHAR(40))" for name in values)
    before = select(empty_database, f"SELECT {texts} FROM consents")
    migrate(empty_database, "services.consent", "0004")
    assert select(empty_database, f"SELECT {texts} FROM consents") == before
    assert len(before) == 1
    assert select(empty_database, "SELECT sharing_request, owner FROM consents") == [(None, None)]
    for table in ("sharing_requests", "releases", "non_disclosures"):
        assert select(empty_database, f"SELECT count(*) FROM {table}") == [(0,)]
    # And by those that follow: no court order limits who said it, and nothing was set aside.
    migrate(empty_database, "services.consent")
    assert differences(empty_database) == []
    assert select(empty_database, f"SELECT {texts} FROM consents") == before
    added = "say_limited, set_aside, continues, under, may_tip_off, best_interests"
    [(limited, *others)] = select(empty_database, f"SELECT {added} FROM consents")
    assert (bool(limited), set(others)) == (False, {None})


async def some_receipts(service: ConsentService) -> str:
    """Five receipts over three chains; the case whose chain holds two of them."""
    await service.add_agencies()
    case, other = fresh_case(), fresh_case()
    for target, caller in ((case, HOUSING), (case, SCHOOL), (other, HOUSING)):
        await service.decide(caller, a_case(target, a_label("hill-school", "plan")))
    for _ in range(2):
        await service.decide(HOUSING, action="search")
    return case


@pytest.mark.anyio
async def test_the_command_verify_counts_what_is_whole_and_names_what_is_broken(
    databases: Mapping[str, str], command: Callable[..., "subprocess.Popen[str]"]
) -> None:
    url = databases["consent"]
    async with running_service(url) as service:
        case = await some_receipts(service)
        # While a service runs on the same database.
        assert outcome(command(url, "verify")) == (0, "3 chains, 5 receipts: whole\n")
        with service.database() as connection:
            changed = "UPDATE receipts SET reason = 'x' WHERE seq = 2 AND chain = :chain"
            connection.execute(text(changed), {"chain": f"case:{case}"})
        assert outcome(command(url, "verify")) == (1, f"case:{case}: a receipt was changed (place 2)\n")


def test_with_another_key_no_chain_is_whole(databases: Mapping[str, str]) -> None:
    async def write() -> None:
        async with running_service(databases["consent"]) as service:
            await some_receipts(service)

    asyncio.run(write())
    forger = LedgerKey(LEDGER_KEY.key_id, b"another secret of at least thirty-two bytes")
    [verified] = verify_database(databases["consent"], {forger.key_id: forger})
    assert (verified.chains, verified.receipts, len(verified.faults)) == (3, 5, 3)
    assert [one.faults for one in verify_database(databases["consent"], KEYS)] == [[]]


def test_a_binary_key_is_taken_whole_and_a_line_of_text_without_its_end() -> None:
    binary = b"\n " + bytes(range(128, 156)) + b" \n"
    assert secret_of(binary) == binary
    assert secret_of(b"0123456789abcdef0123456789abcdef\r\n") == b"0123456789abcdef0123456789abcdef"


def test_older_keys_are_listed_by_name_beside_the_list(tmp_path: Path) -> None:
    (tmp_path / "one.key").write_bytes(b"1" * 32 + b"\n")
    (tmp_path / "two.key").write_bytes(b"2" * 40)
    listed = tmp_path / "older"
    listed.write_text(f"# older keys\n\nledger-1 = one.key\nledger-2={tmp_path}/two.key\n", encoding="utf-8")
    assert older_keys(listed) == (LedgerKey("ledger-1", b"1" * 32), LedgerKey("ledger-2", b"2" * 40))


@pytest.mark.parametrize(
    "lines",
    ["ledger-0=nowhere.key", "ledger-0=short.key", "=one.key", "one.key", "a=one.key\na=one.key",
     "ledger-1=one.key"],
)  # fmt: skip
def test_older_keys_that_cannot_be_told_apart_or_read_stop_the_start(tmp_path: Path, lines: str) -> None:
    for name, content in (("one.key", b"1" * 32), ("short.key", b"1" * 31), ("keys.json", b'{"keys": []}')):
        (tmp_path / name).write_bytes(content)
    listed = tmp_path / "older"
    listed.write_text(lines, encoding="utf-8")
    told = {
        "TEAMAROUND_DATABASE_URL": "sqlite:///x",
        "TEAMAROUND_GATEWAY_PUBLIC_KEY_FILE": str(tmp_path / "keys.json"),
        "TEAMAROUND_LEDGER_KEY_FILE": str(tmp_path / "one.key"),
    }
    assert from_environment(Environment(told)).older_ledger_keys == ()
    with pytest.raises(SettingError):
        from_environment(Environment({**told, "TEAMAROUND_OLDER_LEDGER_KEYS_FILE": str(listed)}))
