"""Who may say yes for whom, and about what (design 3.2, resolve). Pure.

A competent person answers for themselves: from 16, or younger when competence was recorded for this
decision. Before that, somebody with parental responsibility does. An attorney or deputy answers only for
the information that their authority covers, and a local authority only under an order that is named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from shared.vocabulary import OWN_CAPACITIES, Capacity, Category

_IN_PERSONS_STEAD = frozenset({Capacity.ATTORNEY, Capacity.DEPUTY})
_WITH_DOCUMENT = _IN_PERSONS_STEAD | {Capacity.LOCAL_AUTHORITY_WITH_PARENTAL_RESPONSIBILITY}


@dataclass(frozen=True, slots=True)
class Responsibility:
    """One adult's recorded relationship to one child."""

    child: str
    adult: str
    parental_responsibility: bool
    start: date | None
    end: date | None

    def holds(self, today: date) -> bool:
        started = self.start is None or self.start <= today
        return self.parental_responsibility and started and (self.end is None or today < self.end)


@dataclass(frozen=True, slots=True)
class Answering:
    """Somebody who answers for a subject. ``covers`` is None when no document limits them."""

    subject: str
    giver: str
    capacity: Capacity
    judged_competent: bool
    covers: frozenset[Category] | None
    decides_from: datetime | None
    at: datetime


def lacks_authority(
    answering: Answering, about: Iterable[Category], responsibilities: Iterable[Responsibility]
) -> str | None:
    """Why this giver may not answer for this subject about these categories; None when they may."""
    if answering.capacity in OWN_CAPACITIES:
        return _own_answer_refused(answering)
    if answering.giver == answering.subject:
        return "A person who answers for themselves does so as young_person or adult."
    if answering.judged_competent:
        return "Only a young person's own answer records competence; leave it out for anybody else's."
    if answering.capacity in _WITH_DOCUMENT and answering.covers is None:
        return "Name the document that gives this authority and the categories it covers (authority)."
    beyond = sorted(set(about) - answering.covers) if answering.covers is not None else []
    if beyond:
        return f"This authority does not reach {', '.join(beyond)}; ask somebody who may answer for that."
    if answering.capacity in _IN_PERSONS_STEAD:
        return None
    if _decides_alone(answering):
        return "From 16 a young person decides for themselves; ask them."
    if answering.capacity == Capacity.LOCAL_AUTHORITY_WITH_PARENTAL_RESPONSIBILITY:
        return None
    return _parental_answer_refused(answering, responsibilities)


def _own_answer_refused(answering: Answering) -> str | None:
    if answering.giver != answering.subject:
        return "As young_person or adult somebody answers only for themselves; name the other capacity."
    if _decides_alone(answering) or answering.judged_competent:
        return None
    if answering.decides_from is None and answering.capacity == Capacity.ADULT:
        return None
    return "Record why this young person can decide this (competence), or ask somebody with responsibility."


def _decides_alone(answering: Answering) -> bool:
    return answering.decides_from is not None and answering.decides_from <= answering.at


def _parental_answer_refused(answering: Answering, responsibilities: Iterable[Responsibility]) -> str | None:
    today = answering.at.date()
    for held in responsibilities:
        if held.child == answering.subject and held.adult == answering.giver and held.holds(today):
            return None
    return (
        "No parental responsibility of this person for this child is recorded; record the relationship first."
    )


def answers_in_own_right(capacity: Capacity) -> bool:
    """Whether an answer counts as the person's own: theirs, or their attorney's or deputy's for them."""
    return capacity in OWN_CAPACITIES or capacity in _IN_PERSONS_STEAD
