"""The schema: from nothing to the newest by migrations alone, and then exactly what the models say."""

import json
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy.exc import IntegrityError

import services.case.app
from services.case.base import Base
from shared.migration import current_revision, migrate
from tests.conftest import Databases

MIGRATIONS = Path(services.case.app.__file__).parent / "migrations"
HEAD = (MIGRATIONS / "HEAD").read_text().strip()


@pytest.fixture
def empty(store_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """The URL of a database in which nothing is."""
    if store_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    server = request.getfixturevalue("postgres_server")
    url = server.create("case")
    yield url
    server.drop(url)


def test_migrations_lead_from_nothing_to_the_head_and_may_be_run_again(empty: str) -> None:
    assert current_revision(empty) is None
    for _ in range(2):
        migrate(empty, "services.case")
        assert current_revision(empty) == HEAD


def test_the_head_file_names_the_newest_revision() -> None:
    revisions = sorted(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("0*.py"))
    assert revisions[-1] == HEAD
    assert len(revisions) == len(set(revisions))


def test_the_models_are_the_schema(databases: Databases) -> None:
    engine = create_engine(databases["case"])
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert len(Base.metadata.tables) == 44
        assert set(Base.metadata.tables) <= set(inspect(connection).get_table_names())
    engine.dispose()


def test_no_number_by_which_people_are_known_is_unique(databases: Databases) -> None:
    """A hidden duplicate is recorded, never refused (design 3.5)."""
    engine = create_engine(databases["case"])
    unique = {
        (table, tuple(index["column_names"]))
        for table in inspect(engine).get_table_names()
        for index in inspect(engine).get_indexes(table)
        if index["unique"]
    }
    engine.dispose()
    assert unique == {
        ("contact_events", ("case_id", "place")),
        ("meeting_invitations", ("meeting_id", "agency", "user")),
        ("meeting_invitations", ("meeting_id", "person_id")),
        ("leaderships", ("case_id",)),
        ("nominations", ("case_id",)),
        ("memberships", ("case_id", "agency", "user")),
        ("signals", ("person_id",)),
        ("notices", ("kind", "about", "because", "occasion", "agency", "audience")),
    }


def test_entries_keep_their_versions_and_subjects_when_further_areas_are_let_in(empty: str) -> None:
    migrate(empty, "services.case", "0002")
    engine = create_engine(empty)
    entry, moment = "00000000-0000-4000-8000-00000000000", "2026-01-05 09:00:00"
    content = f"'school', NULL, '[\"plan\"]', '[\"p\"]', '{moment}', 'Priya', 'priya'"
    with engine.begin() as connection:
        for statement in (
            f"INSERT INTO people (id, recorded_at, recorded_by_agency) VALUES ('p', '{moment}', 'school')",
            "INSERT INTO cases (id, person_id, state, opened_at, closed_at, review_on) "
            f"VALUES ('c', 'p', 'open', '{moment}', NULL, '2026-02-01')",
            "INSERT INTO entries (id, area, kind, person_id, case_id, version, ended_at, owner, accountable, "
            "categories, subjects, recorded_at, author, author_user, fields) VALUES "
            f"('{entry}1', 'plan', 'case_opening', NULL, 'c', 2, NULL, {content}, '{{}}'), "
            f"('{entry}2', 'person', 'name', 'p', NULL, 1, NULL, {content}, '{{}}')",
            "INSERT INTO entry_versions (entry_id, version, owner, accountable, categories, subjects, "
            f"recorded_at, author, author_user, fields) VALUES ('{entry}1', 1, {content}, '{{}}')",
            f"INSERT INTO entry_subjects (person_id, entry_id) VALUES ('p', '{entry}2')",
            f"INSERT INTO carried_over (case_id, source_entry, entry_id) VALUES ('c', 's', '{entry}1')",
        ):
            connection.exec_driver_sql(statement)
    before = _counts(engine)
    migrate(empty, "services.case")
    assert _counts(engine) == before == {
        "entries": 2, "entry_versions": 1, "entry_subjects": 1, "carried_over": 1,
    }  # fmt: skip
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE entries SET area = 'meetings' WHERE id = '{entry}1'")
    for wrong in (
        f"UPDATE entries SET area = 'attic' WHERE id = '{entry}1'",
        f"INSERT INTO entry_subjects (person_id, entry_id) VALUES ('nobody', '{entry}1')",
    ):
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON" if "sqlite" in empty else "SELECT 1")
            with pytest.raises(IntegrityError):
                connection.exec_driver_sql(wrong)
    engine.dispose()


def _counts(engine: Engine) -> dict[str, int]:
    tables = ("entries", "entry_versions", "entry_subjects", "carried_over")
    with engine.connect() as connection:
        return {
            table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
            for table in tables
        }


def test_what_was_promised_is_found_among_the_actions_that_are_there(empty: str) -> None:
    """With the day of its first version; what was owed in a closed case waits for nobody."""
    migrate(empty, "services.case", "0003")
    engine = create_engine(empty)
    first, later = "2026-01-05 09:00:00", "2026-01-09 09:00:00"
    closed = "'closed', '2026-01-05 09:00:00', '2026-02-05 09:00:00', '2026-02-01'"

    def fields(status: str) -> str:
        return f'{{"by_when": "2026-03-01", "status": "{status}", "responsible_user": "hanna"}}'

    def row(entry: int, kind: str, case: str, status: str, ended: str = "NULL", version: int = 1) -> str:
        at = first if version == 1 else later
        content = f"'school', 'housing', '[\"plan\"]', '[\"p\"]', '{at}', 'Priya', 'priya'"
        place = f"'plan', '{kind}', NULL, '{case}', {version}, {ended}"
        return f"('e{entry}', {place}, {content}, '{fields(status)}')"

    rows = ", ".join(
        [
            row(1, "action", "c", "agreed", version=2),
            row(2, "action", "c", "in_progress"),
            row(3, "action", "c", "done"),
            row(4, "action", "d", "agreed"),
            row(5, "action", "c", "agreed", ended=f"'{later}'"),
            row(6, "closure", "c", "agreed"),
        ]
    )
    with engine.begin() as connection:
        for statement in (
            f"INSERT INTO people (id, recorded_at, recorded_by_agency) VALUES ('p', '{first}', 'school')",
            "INSERT INTO cases (id, person_id, state, opened_at, closed_at, review_on) VALUES "
            f"('c', 'p', 'open', '{first}', NULL, '2026-02-01'), ('d', 'p', {closed})",
            "INSERT INTO entries (id, area, kind, person_id, case_id, version, ended_at, owner, accountable, "
            f"categories, subjects, recorded_at, author, author_user, fields) VALUES {rows}",
            "INSERT INTO entry_versions (entry_id, version, owner, accountable, categories, subjects, "
            "recorded_at, author, author_user, fields) VALUES ('e1', 1, 'school', 'housing', '[]', '[]', "
            f"'{first}', 'Priya', 'priya', '{{}}')",
        ):
            connection.exec_driver_sql(statement)
    migrate(empty, "services.case")
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT entry_id, case_id, kind, accountable, responsible_user, status, open, due_on, "
            "promised_at FROM promises ORDER BY entry_id"
        ).all()
    engine.dispose()
    known = ("action", "housing", "hanna")
    assert [(row[0], row[1], row[2:5], row[5], bool(row[6])) for row in found] == [
        ("e1", "c", known, "agreed", True),
        ("e2", "c", known, "in_progress", True),
        ("e3", "c", known, "done", False),
        ("e4", "d", known, "agreed", False),
    ]
    assert {str(row[7]) for row in found} == {"2026-03-01"}
    assert {str(row[8])[:10] for row in found} == {"2026-01-05"}


def test_what_was_pledged_before_says_how_it_stands_as_a_pledge(empty: str) -> None:
    """And an action that nobody pledged stays what it was."""
    migrate(empty, "services.case", "0012")
    engine = create_engine(empty)
    at = "2026-01-05 09:00:00"
    statuses = ("agreed", "in_progress", "done", "not_done", "declined", "ended")
    content = f"'school', 'housing', '[\"plan\"]', '[\"p\"]', '{at}', 'Priya', 'priya'"
    owed = "'housing', NULL, '{}', {}, '2026-03-01', NULL, '{}', 0, NULL"
    with engine.begin() as connection:
        run = connection.exec_driver_sql
        run(f"INSERT INTO people (id, recorded_at, recorded_by_agency) VALUES ('p', '{at}', 'school')")
        run(
            "INSERT INTO cases (id, person_id, state, opened_at, closed_at, review_on) VALUES "
            f"('c', 'p', 'open', '{at}', NULL, '2026-02-01')"
        )
        for number, (kind, status) in enumerate(
            [("meeting", "held"), ("action", "done"), *(("action", status) for status in statuses)]
        ):
            run(
                "INSERT INTO entries (id, area, kind, person_id, case_id, version, ended_at, owner, "
                "accountable, categories, subjects, recorded_at, author, author_user, fields) VALUES "
                f"('e{number}', 'plan', '{kind}', NULL, 'c', 1, NULL, {content}, "
                f'\'{{"status": "{status}", "action": "Visit"}}\')'
            )
        run(
            "INSERT INTO meetings (entry_id, case_id, state, starts_at, chair_agency, chair_user) VALUES "
            f"('e0', 'c', 'held', '{at}', 'school', 'priya')"
        )
        for number, status in enumerate(("done", *statuses), 1):
            is_open = "true" if status in ("agreed", "in_progress") else "false"
            run(
                "INSERT INTO promises (entry_id, case_id, kind, accountable, responsible_user, status, "
                "open, due_on, needed_on, promised_at, asked, asked_at) VALUES "
                f"('e{number}', 'c', 'action', {owed.format(status, is_open, at)})"
            )
            if number > 1:
                run(f"INSERT INTO meeting_pledges (entry_id, meeting_id) VALUES ('e{number}', 'e0')")
    migrate(empty, "services.case")
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT promises.entry_id, promises.kind, promises.status, entries.fields "
            "FROM promises JOIN entries ON entries.id = promises.entry_id ORDER BY promises.entry_id"
        ).all()
    engine.dispose()
    shown = [
        (row[1], row[2], fields if isinstance(fields := row[3], dict) else json.loads(fields))
        for row in found
    ]
    assert [(kind, status, fields.get("pledge")) for kind, status, fields in shown] == [
        ("action", "done", None),
        ("pledge", "agreed", "pledged"),
        ("pledge", "in_progress", "pledged"),
        ("pledge", "done", "delivered"),
        ("pledge", "missed", "missed"),
        ("pledge", "declined", "declined"),
        ("pledge", "ended", "ended"),
    ]
    assert {fields["action"] for _, _, fields in shown} == {"Visit"}
