"""What the database keeps: migrations, keys that make a write happen once, and writers that meet."""

import asyncio
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, make_url, text

import services.assessment.assessments.tables  # noqa: F401
from services.assessment.assessments.lifecycle import SIGNED
from services.assessment.base import Base
from shared.migration import current_revision, migrate
from shared.problems import Problem
from tests.assessment.service import CLINIC, NEED, RunningService, json_bytes, running_service
from tests.assessment.test_life import rows

anyio = pytest.mark.anyio
TABLES = {"assessments", "entries", "entry_versions", "idempotency_keys"}


def head() -> str:
    return (files("services.assessment.migrations") / "HEAD").read_text().strip()


def test_the_head_file_names_the_only_head() -> None:
    scripts = ScriptDirectory(str(Path(str(files("services.assessment.migrations")))))
    assert scripts.get_heads() == [head()]


def test_models_match_head(databases: Mapping[str, str]) -> None:
    url = databases["assessment"]
    assert current_revision(url) == head()
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert set(inspect(connection).get_table_names()) == TABLES | {"alembic_version"}
        indexes = {index["name"] for index in inspect(connection).get_indexes("entries")}
    engine.dispose()
    assert "ix_entries_case_id_recorded_at_id" in indexes


def test_a_model_that_left_the_migrations_behind_would_show(databases: Mapping[str, str]) -> None:
    engine = create_engine(databases["assessment"])
    with engine.connect() as connection:
        connection.execute(text("ALTER TABLE entries DROP COLUMN copied_from"))
        connection.execute(text("DROP INDEX uq_assessments_open_amendment"))
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert len(compare_metadata(context, Base.metadata)) == 2
    engine.dispose()


def test_migrating_twice_changes_nothing(databases: Mapping[str, str]) -> None:
    migrate(databases["assessment"], "services.assessment")
    assert current_revision(databases["assessment"]) == head()


@anyio
async def test_a_key_does_a_write_once(service: RunningService) -> None:
    assessment = await service.start()
    path = service.path(assessment, "entries")
    first = await service.call("POST", path, NEED, key="k1")
    assert await service.call("POST", path, NEED, key="k1") == first
    assert len((await service.read(assessment))["entries"]) == 2
    other = await service.call("POST", path, NEED, key="k2")
    assert other["id"] != first["id"]
    theirs = await service.call("POST", path, NEED, key="k1", caller=CLINIC)
    assert theirs["id"] not in (first["id"], other["id"])
    with pytest.raises(Problem) as caught:
        await service.call("POST", path, {**NEED, "headline": "Another"}, key="k1")
    assert (caught.value.kind, len((await service.read(assessment))["entries"])) == ("conflict", 4)


@anyio
async def test_a_refused_write_leaves_its_key_free(service: RunningService) -> None:
    assessment = await service.start()
    path = service.path(assessment, "signature")
    body = {"child_or_young_person": "agreed", "parent_or_carer": "agreed"}
    with pytest.raises(Problem):
        await service.call("POST", path, body, key="sign")
    await service.add(assessment, **{**NEED, "whose_view": "child"})
    await service.add(assessment, "conclusion", conclusion="no_additional_needs")
    signed = await service.call("POST", path, body, key="sign")
    assert signed["state"] == "signed"
    assert await service.call("POST", path, body, key="sign") == signed


@anyio
async def test_every_write_route_replays(service: RunningService) -> None:
    finished = await service.finished()
    [strength] = [e for e in (await service.read(finished))["entries"] if e["kind"] == "strength"]
    signature = {"child_or_young_person": "agreed", "parent_or_carer": "agreed"}
    start = {
        "instrument": "caf", "instrument_version": "1", "person": service.person,
        "started_on": "2030-03-04", "reason_for_assessment": "X",
    }  # fmt: skip
    writes: list[tuple[str, str, Any, int]] = [
        ("POST", f"/cases/{service.case}/assessments", start, 201),
        ("POST", service.path(finished, "entries"), NEED, 201),
        ("PATCH", service.path(finished, "entries", strength["id"]),
         {"expected_version": 1, "headline": "Cooks"}, 200),
        ("POST", service.path(finished, "signature"), signature, 201),
        ("POST", f"/cases/{service.case}/assessments", {"amends": finished}, 201),
    ]  # fmt: skip
    for number, (method, path, body, status) in enumerate(writes):
        headers = {"idempotency-key": f"key-{number}"}
        replies = [await service.send(method, path, json_bytes(body), headers=headers) for _ in range(2)]
        assert [reply.status for reply in replies] == [status, status]
        assert replies[0].body == replies[1].body
    assert len(rows(service, "idempotency_keys")) == len(writes) == 5
    assert {a["state"] for a in (await service.read())["assessments"]} == {"draft", "signed"}


async def together(service: RunningService, call: Callable[[], Any], times: int) -> list[Any]:
    return list(await asyncio.gather(*(call() for _ in range(times)), return_exceptions=True))


@anyio
async def test_of_two_signatures_at_once_one_wins(service: RunningService) -> None:
    rounds = 5
    for _ in range(rounds):
        assessment = await service.finished()
        answers = await together(service, lambda a=assessment: service.sign(a), 4)  # type: ignore[misc]
        won = [answer for answer in answers if isinstance(answer, dict)]
        lost = [answer for answer in answers if isinstance(answer, Problem)]
        assert (len(won), len(lost)) == (1, 3), answers
        assert {problem.detail for problem in lost} == {SIGNED}
    assert [row["version"] for row in rows(service, "assessments")] == [3] * rounds


@anyio
async def test_of_two_amendments_at_once_one_wins(service: RunningService) -> None:
    signed = await service.signed()
    answers = await together(service, lambda: service.amend(signed), 4)
    assert sorted(type(answer).__name__ for answer in answers) == ["Problem", "Problem", "Problem", "str"]
    assert len((await service.read())["assessments"]) == 2


@anyio
async def test_of_two_corrections_at_once_one_wins(service: RunningService) -> None:
    assessment = await service.start()
    need = await service.add(assessment, **NEED)
    answers = await together(service, lambda: service.correct(assessment, need, 1, headline="X"), 4)
    kinds = sorted(answer.kind if isinstance(answer, Problem) else "done" for answer in answers)
    assert kinds == ["done", "stale", "stale", "stale"]
    assert len(rows(service, "entry_versions")) == 1


@anyio
async def test_of_two_conclusions_at_once_one_is_kept(service: RunningService) -> None:
    assessment = await service.start()
    answers = await together(
        service, lambda: service.add(assessment, "conclusion", conclusion="complex_needs"), 4
    )
    assert sum(isinstance(answer, str) for answer in answers) == 1
    found = [e for e in (await service.read(assessment))["entries"] if e["kind"] == "conclusion"]
    assert len(found) == 1


@anyio
async def test_nothing_slips_in_while_an_assessment_is_signed(service: RunningService) -> None:
    """Whatever was recorded is under the signature: an entry came before it or was refused."""
    both = 0
    for _ in range(8):
        assessment = await service.finished()
        calls = [service.add(assessment, **NEED) for _ in range(3)]
        signing = service.sign(assessment)
        *added, signed = await asyncio.gather(*calls[:1], *calls[1:], signing, return_exceptions=True)
        assert isinstance(signed, dict)
        recorded = [answer for answer in added if isinstance(answer, str)]
        warned = [w["entries"] for w in signed["warnings"] if w["code"] == "sensitive_question_unanswered"]
        needs = [e["id"] for e in (await service.read(assessment))["entries"] if e["kind"] == "need"]
        assert sorted(needs) == sorted(recorded)
        assert set(needs) <= {entry for entries in warned for entry in entries}
        both += bool(recorded)
    assert both >= 1


@anyio
async def test_what_was_acknowledged_is_there_after_a_restart(databases: Mapping[str, str]) -> None:
    async with running_service(databases["assessment"]) as before:
        signed = await before.signed()
        seen = (await before.send("GET", before.path(signed))).body
    async with running_service(databases["assessment"]) as after:
        after.case = before.case
        assert (await after.send("GET", after.path(signed))).body == seen


def test_sqlite_and_postgresql_are_both_driven(store_kind: str, databases: Mapping[str, str]) -> None:
    assert make_url(databases["assessment"]).get_backend_name().startswith(store_kind[:6])
