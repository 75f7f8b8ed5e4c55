"""The schema: from nothing to the newest by migrations alone, and then exactly what the models say."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

import services.case.app
from services.case.base import Base
from shared.database import current_revision, migrate
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
        assert len(Base.metadata.tables) == 14
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
        ("leaderships", ("case_id",)),
        ("nominations", ("case_id",)),
        ("memberships", ("case_id", "agency", "user")),
    }
