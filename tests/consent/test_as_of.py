"""Time travel: which rows were known at a moment, and which of their endings (design 3.6)."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from services.consent.decisions.as_of import ENDINGS, as_known

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
