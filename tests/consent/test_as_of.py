"""Time travel: which rows were known at a moment, and which of their endings (design 3.6)."""

import ast
import inspect
import textwrap
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from services.consent.base import Base
from services.consent.decisions.as_of import ENDINGS, as_known, as_told
from services.consent.decisions.repository import LoadedFacts
from shared.disclosure import ResponsibleAsk, SubjectAsk

THEN = datetime(2031, 3, 3, 9, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def a_row(**changes: object) -> SimpleNamespace:
    return SimpleNamespace(
        **{"id": "x", "recorded_at": THEN, **dict.fromkeys(ENDINGS), "valid_until": None, **changes}
    )


def test_what_was_recorded_later_was_not_known() -> None:
    rows = [a_row(id="before"), a_row(id="after", recorded_at=THEN + MOMENT)]
    assert [row.id for row in as_known(rows, THEN)] == ["before"]


@pytest.mark.parametrize("ending", sorted(ENDINGS))
def test_an_ending_that_came_later_had_not_happened(ending: str) -> None:
    """Fails when an ending that lies ahead of the moment counts: the fact was in force then."""
    rows = [a_row(**{ending: THEN + MOMENT}), a_row(**{ending: THEN}), a_row(**{ending: THEN - MOMENT})]
    assert [getattr(row, ending) for row in as_known(rows, THEN)] == [None, THEN, THEN - MOMENT]


def test_an_end_that_was_agreed_from_the_beginning_was_known() -> None:
    (row,) = as_known([a_row(valid_until=THEN + MOMENT)], THEN)
    assert row.valid_until == THEN + MOMENT


def test_now_everything_is_known_as_it_is() -> None:
    rows = [a_row(recorded_at=THEN + MOMENT, withdrawn_at=THEN + MOMENT)]
    assert as_known(rows, None) is rows


def test_who_was_recorded_later_was_not_responsible_then() -> None:
    """Fails when an earlier moment is shown by a relationship that nobody had recorded yet."""

    def held(adult: str, at: datetime) -> ResponsibleAsk:
        return ResponsibleAsk(adult=adult, recorded_at=at, recorded_for=("school",))

    mum, dad = held("mum", THEN), held("dad", THEN + MOMENT)
    kit = SubjectAsk(id="kit", decides_from=THEN, responsible=(mum, dad))
    assert as_told(kit, THEN) == SubjectAsk(id="kit", decides_from=THEN, responsible=(mum,))
    assert as_told(kit, THEN + MOMENT) == kit
    assert as_told(kit, None) is kit


def test_every_kind_of_fact_that_a_decision_reads_travels_in_time() -> None:
    """Fails when rows are loaded for the decision without asking which of them were known then.

    Of agencies it is not asked: their kind is as it is now, which the documents say. Nor of which kinds of
    facts there are: whatever was ever recorded is read, and only then left out.
    """
    methods = (LoadedFacts.__init__, LoadedFacts._read_authorities)
    parsed = [ast.parse(textwrap.dedent(inspect.getsource(method))) for method in methods]
    calls = [node for tree in parsed for node in ast.walk(tree) if isinstance(node, ast.Call)]
    reads = {ast.unparse(call) for call in calls if call.args and ast.unparse(call.args[0]) == "session"}
    travelling = {
        ast.unparse(inner)
        for call in calls
        if ast.unparse(call.func) == "as_known"
        for inner in call.args
        if isinstance(inner, ast.Call)
    }
    others = {read.partition("(")[0] for read in reads - travelling}
    assert others == {"agencies_named_for", "_kinds_of_facts", "self._read_authorities"}
    assert len(travelling) >= 6


FACTS = ("consents", "exclusions", "overrides", "releases", "agreements", "suspensions", "bars")
_NO_FACT = {"reviewed_at", "published_at", "suspended_at", "recorded_at"}


def test_every_moment_at_which_something_happened_to_a_fact_is_one_that_travels() -> None:
    """Fails when a table of facts says under a new name when one of them ended, and nobody added the name."""
    tables = [Base.metadata.tables[name] for name in FACTS if name in Base.metadata.tables]
    moments = {column.name for table in tables for column in table.columns if column.name.endswith("_at")}
    assert moments - _NO_FACT <= ENDINGS
    assert len(tables) >= 6
