"""Who may say yes for whom, and about what (design 3.2, resolve). Pure.

A competent person answers for themselves: from 16, or younger when competence was recorded for this
decision. Before that, somebody with parental responsibility does. Attorneys, deputies and local authorities
are not taken at their word: they answer under an authority that is recorded and in force, for the information
that it covers, and an attorney or deputy for anything but money only where it was found that the person
cannot take this decision themselves. A court order may take somebody's say away. For an adult who lacks
capacity a best-interests decision is recorded, where nobody has authority to decide and the person has not
decided themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.disclosure import ResponsibleAsk
from shared.vocabulary import OWN_CAPACITIES, AuthorityKind, Capacity, Category

GIVES, TAKES_AWAY = "gives", "takes_away"
_IN_PERSONS_STEAD = frozenset({Capacity.ATTORNEY, Capacity.DEPUTY})
_KIND_FOR = {
    Capacity.ATTORNEY: AuthorityKind.POWER_OF_ATTORNEY,
    Capacity.DEPUTY: AuthorityKind.DEPUTY,
    Capacity.LOCAL_AUTHORITY_WITH_PARENTAL_RESPONSIBILITY: AuthorityKind.LOCAL_AUTHORITY,
    Capacity.PARENT: AuthorityKind.COURT_ORDER,
    Capacity.CARER_WITH_PARENTAL_RESPONSIBILITY: AuthorityKind.COURT_ORDER,
}
BY_RESPONSIBILITY = frozenset({Capacity.PARENT, Capacity.CARER_WITH_PARENTAL_RESPONSIBILITY})
"""Who answers by parental responsibility, where no authority is named."""

NAMES_AN_AUTHORITY = _IN_PERSONS_STEAD | {Capacity.LOCAL_AUTHORITY_WITH_PARENTAL_RESPONSIBILITY}
"""Who answers under an authority that is recorded, and not otherwise."""

WITHOUT_INCAPACITY = frozenset({Category.MONEY_WORK})
"""What an attorney or deputy answers for beside somebody who can decide: their money."""


@dataclass(frozen=True, slots=True)
class Held:
    """One recorded authority over a subject. ``holder`` is a person, or the authority's own id where an
    agency holds it; ``end`` is when it was to end or was ended, whichever came first. ``recorded_at``: None
    where that is not known."""

    id: str
    kind: str
    effect: str
    subject: str
    holder: str
    covers: frozenset[Category]
    start: datetime | None
    end: datetime | None
    recorded_at: datetime | None = None

    @classmethod
    def of(cls, row: Any, at: datetime) -> "Held":
        """From a row of the table. What somebody ended has ended by ``at``, whatever two clocks say."""
        ended = None if row.ended_at is None else min(row.ended_at, at)
        ends = [end for end in (row.valid_until, ended) if end is not None]
        covers = frozenset(Category(category) for category in row.covers)
        holder = row.holder or row.id
        start, end = row.valid_from, min(ends, default=None)
        return cls(row.id, row.kind, row.effect, row.subject, holder, covers, start, end, row.recorded_at)

    def in_force(self, at: datetime) -> bool:
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)


@dataclass(frozen=True, slots=True)
class Answering:
    """Somebody who answers for a subject. ``covers`` is None when no document limits them.

    ``under`` names one of ``recorded``, the authorities over this subject. ``found_incapable``: it was
    recorded that the subject cannot take this decision. ``own_refusals``: what the subject has refused
    themselves, of what is asked here, as far as whoever asks may know. ``told``: the recorded authorities of
    which they may know; None for all. What they may not know of keeps nobody from answering, and counts all
    the same where it is worked out what stands of the answer (``decisions/what_stands.py``). ``opens``: it is
    a yes, which counts for nothing where nobody knows how old the subject is (``resolve``). A no or an
    exclusion is written down all the same, a person's own too.
    """

    subject: str
    giver: str
    capacity: Capacity
    judged_competent: bool
    covers: frozenset[Category] | None
    decides_from: datetime | None
    at: datetime
    under: str | None = None
    recorded: tuple[Held, ...] = ()
    own_refusals: frozenset[Category] = frozenset()
    found_incapable: bool = False
    opens: bool = False
    told: frozenset[str] | None = None

    def is_told_of(self, held: Held) -> bool:
        return self.told is None or held.id in self.told


def lacks_authority(
    answering: Answering, about: Iterable[Category], responsible: Iterable[ResponsibleAsk]
) -> str | None:
    """Why this giver may not answer for this subject about these categories; None when they may.

    ``responsible``: who is recorded as responsible for the subject.
    """
    about = frozenset(about)
    if answering.capacity == Capacity.BEST_INTERESTS:
        return _best_interests_refused(answering, about)
    if answering.found_incapable and answering.capacity not in _IN_PERSONS_STEAD:
        return "Only an attorney's or deputy's answer records incapacity; leave it out for anybody else's."
    if answering.capacity in OWN_CAPACITIES:
        return _own_answer_refused(answering)
    if answering.giver == answering.subject:
        return "A person who answers for themselves does so as a young person or an adult."
    if answering.judged_competent:
        return "Only a young person's own answer records competence; leave it out for anybody else's."
    taken = _taken_away(answering) & about
    if taken:
        return f"A court order takes the say about {_listed(taken)} from this person; ask who else has it."
    named = _named(answering)
    if isinstance(named, str):
        return named
    if answering.capacity in NAMES_AN_AUTHORITY and answering.under is None:
        return (
            "Nobody is taken at their word for this: record the authority (authorities), with who saw the "
            "document, and name it (under)."
        )
    if named is not None and about - named:
        return (
            f"This authority does not reach {_listed(about - named)}; ask somebody who may answer for that."
        )
    if answering.capacity in _IN_PERSONS_STEAD:
        return _incapacity_missing(answering, about)
    if _decides_alone(answering):
        return "From 16 a young person decides for themselves; ask them."
    if answering.opens and answering.decides_from is None:
        return (
            "Nobody recorded when this child was born or is expected. Record it first: until then nobody "
            "answers for somebody who may be grown up."
        )
    by_order = answering.capacity == Capacity.LOCAL_AUTHORITY_WITH_PARENTAL_RESPONSIBILITY
    if by_order or answering.under is not None:
        return None
    return _parental_answer_refused(answering, responsible)


def reasons_apart(
    answering: Answering, about: Iterable[Category], responsible: Iterable[ResponsibleAsk]
) -> list[tuple[frozenset[Category], str]]:
    """What of these categories the giver may not answer for, together where it is for one reason, each with
    what ``lacks_authority`` says of that."""
    held = list(responsible)
    left = frozenset(one for one in about if lacks_authority(answering, [one], held) is not None)
    apart: list[tuple[frozenset[Category], str]] = []
    while left:
        reason = lacks_authority(answering, left, held) or ""
        # The reason names what it is about, or is the same for whatever is asked.
        named = frozenset(one for one in left if lacks_authority(answering, left - {one}, held) != reason)
        apart.append((named or left, reason))
        left -= named or left
    return apart


def _listed(categories: Iterable[Category]) -> str:
    return ", ".join(sorted(categories))


def _taken_away(answering: Answering) -> frozenset[Category]:
    """What court orders in force keep this giver from answering for, as far as whoever asks may know."""
    taken: frozenset[Category] = frozenset()
    for held in _orders_against(answering):
        if answering.is_told_of(held):
            taken |= held.covers
    return taken


def _orders_against(answering: Answering) -> list[Held]:
    return [
        held
        for held in answering.recorded
        if held.effect == TAKES_AWAY and held.holder == answering.giver and held.in_force(answering.at)
    ]


def _named(answering: Answering) -> frozenset[Category] | str | None:
    """The categories of the authority that is named, or to which a document limits a parent; None where
    there is neither; else why not."""
    if answering.under is None:
        return answering.covers
    kind = _KIND_FOR[answering.capacity]
    for held in answering.recorded:
        of_giver = held.holder == answering.giver and held.kind == kind and held.effect == GIVES
        if of_giver and held.id == answering.under:
            return (
                held.covers if held.in_force(answering.at) else "This authority is not in force; ask again."
            )
    return "No such authority of this giver in this capacity is recorded; record it first."


def _incapacity_missing(answering: Answering, about: frozenset[Category]) -> str | None:
    """Whether an attorney or deputy answers for more than money of somebody who is presumed to decide."""
    beyond = about - WITHOUT_INCAPACITY
    if not beyond or answering.found_incapable:
        return None
    return (
        f"For {_listed(beyond)} an attorney or deputy answers only where it was found that this person "
        "cannot decide it themselves; ask them first, and record what was found (incapacity)."
    )


def _best_interests_refused(answering: Answering, about: frozenset[Category]) -> str | None:
    """For whom nobody may decide in their best interests (Mental Capacity Act 2005, sections 1 to 6)."""
    if answering.giver != answering.subject:
        return "A best-interests decision stands in the person's own place: name them as the giver too."
    told = answering.under is not None or answering.covers is not None
    if told or answering.judged_competent or answering.found_incapable:
        return "A best-interests decision rests on itself; leave competence, authority and under out."
    if not _decides_alone(answering):
        return "Best-interests decisions are for somebody of 16 or over whose date of birth is recorded."
    for held in answering.recorded:
        in_stead = held.kind in (AuthorityKind.POWER_OF_ATTORNEY, AuthorityKind.DEPUTY)
        if in_stead and answering.is_told_of(held) and held.in_force(answering.at) and held.covers & about:
            return f"An attorney or deputy answers for {_listed(held.covers & about)}; ask them."
    if answering.own_refusals & about:
        return f"This person refused {_listed(answering.own_refusals & about)} themselves, and that stands."
    return None


def _own_answer_refused(answering: Answering) -> str | None:
    if answering.giver != answering.subject:
        return "As a young person or an adult somebody answers only for themselves; name the other capacity."
    if _decides_alone(answering) or answering.judged_competent:
        return None
    if answering.decides_from is None and not answering.opens:
        # Of unknown age, one's own word counts alone (``resolve``), and a no opens nothing.
        return None
    if answering.decides_from is None and answering.capacity == Capacity.ADULT:
        return (
            "Nobody recorded when this person was born. Record it, or why they can decide this (competence)."
        )
    return "Record why this young person can decide this (competence), or ask somebody with responsibility."


def _decides_alone(answering: Answering) -> bool:
    return answering.decides_from is not None and answering.decides_from <= answering.at


def _parental_answer_refused(answering: Answering, responsible: Iterable[ResponsibleAsk]) -> str | None:
    if any(held.adult == answering.giver and held.holds(answering.at) for held in responsible):
        return None
    return (
        "No parental responsibility of this person for this child is recorded; record the relationship first."
    )


CANNOT_SAY_THIS = "This person cannot say this here: ask the lead professional to record it."
"""Where nothing else would keep it from counting, and why is not for whoever asks: of whatever it is about
the same, so that it does not tell what that is."""


def lacks_authority_at_all(
    answering: Answering, about: Iterable[Category], responsible: Iterable[ResponsibleAsk]
) -> str | None:
    """As ``lacks_authority``, for what counts at once whatever else is recorded: an exclusion, and what
    undoes a no. An order of which whoever asks may not know refuses it too, and does not say so."""
    reason = lacks_authority(answering, about, responsible)
    hidden = any(not answering.is_told_of(held) for held in _orders_against(answering))
    return CANNOT_SAY_THIS if reason is None and hidden else reason


def may_take_back(
    answering: Answering, about: Iterable[Category], responsible: Iterable[ResponsibleAsk]
) -> str | None:
    """Why somebody may not undo now what keeps others out; None when they may.

    Their own word anybody undoes. What was said for somebody else is undone by who said it while they still
    answer for that person: an attorney whose power is over opens nothing.
    """
    if answering.giver == answering.subject:
        return None
    return lacks_authority_at_all(answering, about, responsible)


def answers_in_own_right(capacity: Capacity) -> bool:
    """Whether an answer counts as the person's own: theirs, or what was decided in their stead."""
    return capacity in _OWN_RIGHT


TAKING_PART_REACHES = (Category.INVOLVEMENT, Category.PLAN)
"""What somebody must be able to answer for to say that a person takes part: money alone is not enough."""

_OWN_RIGHT = OWN_CAPACITIES | _IN_PERSONS_STEAD | {Capacity.BEST_INTERESTS}
