"""Whose record of parental responsibility counts for what was said by it (design 3.2, resolve). Pure.

What was on record when a parent spoke counts for what they said, whoever recorded it, as far as it has been
on record ever since. What was recorded afterwards counts where whoever recorded it gains nothing by that: an
agency to which a yes was given does not bring it back by its own word ("who may write": a permission that
benefits the recorder's own agency needs more than the recorder).
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

from services.consent.consents.audience import gains
from shared.disclosure import ResponsibleAsk
from shared.vocabulary import ConsentKind

EVERYBODY = None
"""Whom a yes to taking part benefits: it names nobody, and opens to all who work with the family."""


def benefits(answer: Any) -> Collection[str] | None:
    """The agencies to which a yes opens something, or ``EVERYBODY``; of a no, those that it keeps out."""
    return answer.recipients if answer.kind == ConsentKind.SHARE else EVERYBODY


def said_at(answer: Any, others: Iterable[Any]) -> datetime:
    """When an answer was given. What is left of one that was taken back in part was given with that."""
    first = answer.recorded_at if answer.continues is None else None
    given = (other.recorded_at for other in others if other.id == answer.continues)
    moment: datetime = first or next(given, _BEFORE_ANYTHING)
    return moment


_BEFORE_ANYTHING = datetime.min.replace(tzinfo=UTC)


def counting(
    responsible: Iterable[ResponsibleAsk], said: datetime, benefiting: Collection[str] | None
) -> list[ResponsibleAsk]:
    """Of what is recorded of a child, that which counts for something said then that benefits these."""
    return [held for held in responsible if held.recorded_at <= said or _gains_nothing(held, benefiting)]


def _gains_nothing(held: ResponsibleAsk, benefiting: Collection[str] | None) -> bool:
    return benefiting is not EVERYBODY and not gains(held.recorded_for, benefiting)
