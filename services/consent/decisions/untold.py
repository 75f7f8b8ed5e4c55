"""Whom a family is not told of: agencies that came only under an override that is held from it. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from shared.disclosure import Untold
from shared.vocabulary import Answer, ConsentKind, OverrideKind


def untold_agencies(
    overrides: Iterable[Any], answers: Iterable[Any], case: str, at: datetime
) -> tuple[Untold, ...]:
    """Who joined the team of a case in one of these spans had no other basis than such an override.

    It names their agency, the family is not told of it yet, and nobody's yes to taking part stood then
    (design 3.4: what would tip off is held back, and no gap shows).
    """
    yeses = [
        (answer.recorded_at, answer.withdrawn_at)
        for answer in answers
        if answer.case_id == case and answer.kind == ConsentKind.TAKE_PART and answer.answer == Answer.GIVEN
    ]
    return tuple(
        Untold(agency=agency, since=since, until=until)
        for override in overrides
        if override.case_id == case and override.kind == OverrideKind.STATUTORY
        if override.told_from is None or override.told_from > at
        for since, until in _without(yeses, override.recorded_at)
        for agency in sorted(override.agencies)
    )


def _without(
    yeses: Iterable[tuple[datetime, datetime | None]], since: datetime
) -> Iterator[tuple[datetime, datetime | None]]:
    """What is left of the time from ``since`` on when these spans are taken out of it."""
    for start, end in sorted(yeses, key=lambda span: span[0]):
        if start > since:
            yield since, start
        if end is None:
            return
        since = max(since, end)
    yield since, None
