"""What stands of an answer after what was recorded besides it (design 3.2, resolve). Pure.

Most answers stand as they were given. An authority that was recorded limits what rests on it, in categories
and time, and without one an attorney, deputy or local authority opens nothing; a parent's yes counts while
they are recorded with parental responsibility; a court order takes its giver's say away; a decided conflict
sets part of a refusal aside; and what was decided for somebody who cannot decide gives way to what they say
later themselves.

An answer is a box: recipients, purposes and categories. Taking a smaller box out of it leaves up to three.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.consent.consents.authority import (
    BY_RESPONSIBILITY,
    NAMES_AN_AUTHORITY,
    TAKES_AWAY,
    WITHOUT_INCAPACITY,
    Held,
)
from services.consent.consents.responsibility import benefits, counting, said_at
from services.consent.decision.facts import Permission, Window
from services.consent.decision.grid import ALL, every_level, mask_of
from shared.clock import from_microseconds, microseconds
from shared.disclosure import ResponsibleAsk, SubjectAsk
from shared.vocabulary import OWN_CAPACITIES, Answer, AuthorityKind, Capacity

_ATTORNEYS = frozenset({Capacity.ATTORNEY, Capacity.DEPUTY})
_IN_STEAD = frozenset({AuthorityKind.POWER_OF_ATTORNEY, AuthorityKind.DEPUTY})
_FOR_SOMEBODY = NAMES_AN_AUTHORITY | {Capacity.BEST_INTERESTS}
_ALWAYS = Window(0, None)
_TO_MONEY = mask_of(WITHOUT_INCAPACITY)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded besides: authorities by id, every answer about the same persons, and by person when
    which adults have parental responsibility for them."""

    authorities: Mapping[str, Held]
    answers: Sequence[Any]
    responsible: Mapping[str, Sequence[ResponsibleAsk]]

    @classmethod
    def of(
        cls,
        authorities: Iterable[Any],
        answers: Sequence[Any],
        at: int,
        subjects: Iterable[SubjectAsk],
    ) -> "Recorded":
        """From stored rows, and what the case service knows of these persons. What somebody ended has ended
        by ``at``, whatever two clocks say."""
        now = from_microseconds(at)
        held = {row.id: Held.of(row, now) for row in authorities}
        return cls(held, answers, {subject.id: subject.responsible for subject in subjects})


def is_limited(row: Any) -> bool:
    """Whether something besides an answer can have a bearing on it at all."""
    return bool(row.under is not None or row.say_limited or row.set_aside or row.capacity in _FOR_SOMEBODY)


def what_stands(whole: Permission, row: Any, recorded: Recorded, at: int) -> list[Permission]:
    """The pieces of an answer that stand; ``row`` is as stored, ``at`` in microseconds."""
    if not _rests_on_responsibility(whole, row, recorded):
        return _after_what_limits(whole, row, recorded, at)
    return [
        part
        for piece in _while_responsible(whole, row, recorded)
        for part in _after_what_limits(piece, row, recorded, at)
    ]


def _rests_on_responsibility(whole: Permission, row: Any, recorded: Recorded) -> bool:
    """Whether it is a parent's yes. One that was taken back keeps its place, and of somebody who is not asked
    about here everybody's word counts, as in ``taking_part``: neither opens anything."""
    stands = whole.answer == Answer.GIVEN and whole.withdrawn_at is None
    by_responsibility = row.under is None and row.capacity in BY_RESPONSIBILITY
    return stands and by_responsibility and whole.subject in recorded.responsible


def _while_responsible(whole: Permission, row: Any, recorded: Recorded) -> list[Permission]:
    """A parent's yes while a record that counts for it has them with parental responsibility, and no longer.

    A no stays, whatever becomes of it: what somebody records about a family opens nothing by itself.
    """
    records = counting(recorded.responsible[whole.subject], said_at(row, recorded.answers), benefits(row))
    windows = [_of_days(held) for held in records if held.adult == whole.giver]
    if _ALWAYS in windows:
        return [whole]
    pieces = (_both(whole.window, window) for window in dict.fromkeys(windows))
    return [replace(whole, window=window) for window in pieces if window is not None]


def _of_days(held: ResponsibleAsk) -> Window:
    since = 0 if held.since is None else microseconds(held.since)
    return Window(since, None if held.until is None else microseconds(held.until))


def _after_what_limits(whole: Permission, row: Any, recorded: Recorded, at: int) -> list[Permission]:
    if not is_limited(row):
        return [whole]
    pieces = list(_under_authority(whole, row, recorded))
    if row.say_limited:
        pieces = [part for piece in pieces for part in _without_orders(piece, recorded)]
    for box in row.set_aside or ():
        if microseconds(datetime.fromisoformat(box["at"])) <= at:
            pieces = [part for piece in pieces for part in _less(piece, _Box.of(box))]
    if row.capacity == Capacity.BEST_INTERESTS.value:
        pieces = [part for piece in pieces for part in _beside_attorneys(piece, recorded)]
    if row.capacity == Capacity.BEST_INTERESTS.value or row.incapacity is not None:
        for own, since in _own_words_after(row, recorded):
            pieces = [part for piece in pieces for part in _until(piece, own, since)]
    return pieces


@dataclass(frozen=True, slots=True)
class _Box:
    recipients: frozenset[str]
    purposes: frozenset[str]
    mask: int

    @classmethod
    def of(cls, named: Mapping[str, Any]) -> "_Box":
        return cls(frozenset(named["recipients"]), frozenset(named["purposes"]), mask_of(named["categories"]))

    def meets(self, piece: Permission) -> bool:
        """Whether it takes anything of a piece; an answer about taking part is met as a whole."""
        if not piece.recipients:
            return not self.recipients
        return bool(self.recipients & piece.recipients and self.purposes & piece.purposes and self.mask)


def _under_authority(whole: Permission, row: Any, recorded: Recorded) -> Iterator[Permission]:
    opens = whole.answer == Answer.GIVEN
    if row.under is None:
        if not (opens and row.capacity in NAMES_AN_AUTHORITY):
            yield whole
        return
    if opens and row.incapacity is None and row.capacity in _ATTORNEYS:
        whole = _only(whole, _TO_MONEY)
    held = recorded.authorities.get(row.under)
    if held is None:
        if not opens:
            yield whole
        return
    reach = mask_of(held.covers)
    window = _both(whole.window, _window(held))
    if window is not None:
        yield replace(
            whole, authority=whole.authority & reach, grid=whole.grid & every_level(reach), window=window
        )


def _beside_attorneys(piece: Permission, recorded: Recorded) -> Iterator[Permission]:
    """What was decided in somebody's best interests without what an attorney or deputy answers for: nobody
    decides in their place, whether or not whoever recorded it knew of them."""
    pieces = [piece]
    for held in recorded.authorities.values():
        if held.kind in _IN_STEAD and held.subject == piece.subject:
            pieces = [part for one in pieces for part in _outside(one, mask_of(held.covers), _window(held))]
    yield from pieces


def against_no_own_refusal(piece: Permission, row: Any, recorded: Recorded) -> list[Permission]:
    """A piece of what was decided in somebody's best interests without what they had refused themselves when
    it was recorded, for whatever purpose. It is no part of ``what_stands``: how it stands with an answer is
    told to who recorded it, who may not know of the refusal.
    """
    pieces = [piece]
    if row.capacity != Capacity.BEST_INTERESTS.value:
        return pieces
    for other in recorded.answers:
        own = other.giver == other.subject == row.subject and Capacity(other.capacity) in OWN_CAPACITIES
        if own and other.kind == row.kind and other.answer == Answer.REFUSED and _stood(other, row):
            box = _Box(frozenset(other.recipients), piece.purposes, mask_of(other.categories))
            pieces = [part for one in pieces for part in _less(one, box)]
    return pieces


def _stood(other: Any, row: Any) -> bool:
    """Whether an answer stood when another was recorded."""
    ends = (other.withdrawn_at, other.valid_until)
    return other.recorded_at <= row.recorded_at and all(end is None or row.recorded_at < end for end in ends)


def _without_orders(piece: Permission, recorded: Recorded) -> Iterator[Permission]:
    """A piece without what court orders take from its giver while they last."""
    pieces = [piece]
    for held in recorded.authorities.values():
        if held.effect == TAKES_AWAY and held.holder == piece.giver and held.subject == piece.subject:
            pieces = [part for one in pieces for part in _outside(one, mask_of(held.covers), _window(held))]
    yield from pieces


def _outside(piece: Permission, mask: int, window: Window) -> Iterator[Permission]:
    yield _only(piece, ALL & ~mask)
    touched = _only(piece, mask)
    before = _both(piece.window, Window(0, window.start))
    if before is not None:
        yield replace(touched, window=before)
    after = None if window.end is None else _both(piece.window, Window(window.end, None))
    if after is not None:
        yield replace(touched, window=after)


def _less(piece: Permission, box: _Box) -> Iterator[Permission]:
    """A piece without a box, as up to three."""
    if not box.meets(piece):
        yield piece
        return
    if not piece.recipients:
        return
    yield from _beside(piece, box)


def _beside(piece: Permission, box: _Box) -> Iterator[Permission]:
    """What of a piece lies outside the box that meets it."""
    others = piece.recipients - box.recipients
    if others:
        yield replace(piece, recipients=others)
    shared = replace(piece, recipients=piece.recipients & box.recipients)
    rest = shared.purposes - box.purposes
    if rest:
        yield replace(shared, purposes=rest)
    yield _only(replace(shared, purposes=shared.purposes & box.purposes), ALL & ~box.mask)


def _own_words_after(row: Any, recorded: Recorded) -> Iterator[tuple[_Box, int]]:
    """What the person said themselves after this was decided for them, and from when that counts.

    Taken back or over, it keeps its place: capacity is presumed again, and another decision is needed.
    """
    for other in recorded.answers:
        own = other.giver == other.subject == row.subject and Capacity(other.capacity) in OWN_CAPACITIES
        if own and other.kind == row.kind and other.recorded_at >= row.recorded_at:
            since = other.valid_from or other.recorded_at
            named = {name: getattr(other, name) for name in ("recipients", "purposes", "categories")}
            yield _Box.of(named), microseconds(since)


def _until(piece: Permission, box: _Box, since: int) -> Iterator[Permission]:
    """A piece whose part in the box ends when something else began to count."""
    if not box.meets(piece):
        yield piece
        return
    inside = piece
    if piece.recipients:
        yield from _beside(piece, box)
        inside = _only(
            replace(
                piece,
                recipients=piece.recipients & box.recipients,
                purposes=piece.purposes & box.purposes,
            ),
            box.mask,
        )
    window = _both(piece.window, Window(0, since))
    if window is not None:
        yield replace(inside, window=window)


def _only(piece: Permission, mask: int) -> Permission:
    """A piece narrowed to some categories; ``authority`` too, for an answer about taking part has no grid."""
    return replace(piece, authority=piece.authority & mask, grid=piece.grid & every_level(mask))


def _window(held: Held) -> Window:
    start = 0 if held.start is None else microseconds(held.start)
    return Window(start, None if held.end is None else microseconds(held.end))


def _both(one: Window, other: Window) -> Window | None:
    """When both hold; None if they never do."""
    start = max(one.start, other.start)
    end = min((end for end in (one.end, other.end) if end is not None), default=None)
    return None if end is not None and end <= start else Window(start, end)
