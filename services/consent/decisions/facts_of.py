"""From stored rows to the facts of the decision. Pure, but for reading rows already fetched.

Something ended by somebody counts as ended whatever two clocks say: an ``…_at`` that is set is never later
than the moment of the decision.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from services.consent.consents.authority import TAKES_AWAY, TAKING_PART_REACHES, answers_in_own_right
from services.consent.decision.facts import (
    Agency,
    Agreement,
    Bar,
    Exclusion,
    Label,
    Override,
    Permission,
    Release,
    Rows,
    Subject,
    Window,
)
from services.consent.decision.grid import ALL, every_level, grid_at, mask_of, named
from services.consent.decision.resolve import Say, gives, refuses, who_has_a_say
from services.consent.decision.windows import grants, is_withdrawn
from services.consent.decisions.what_stands import Recorded, against_no_own_refusal, what_stands
from shared.clock import microseconds
from shared.disclosure import LabelAsk, SubjectAsk
from shared.vocabulary import AgencyKind, Answer, BarKind, Capacity, ConsentKind, Level, Mode, OverrideKind

_KINDS = {kind.value: kind for kind in AgencyKind}
_TO_TAKE_PART = mask_of(TAKING_PART_REACHES)
"""A yes or no to taking part names no categories; it counts while its giver has a say about all of these."""


def agency(row: Any) -> Agency:
    return Agency(row.code, _KINDS.get(row.kind))


def label(asked: LabelAsk) -> Label:
    return Label.of(
        asked.owner,
        asked.categories,
        asked.subjects,
        accountable=asked.accountable,
        unanswered=asked.unanswered,
        draft=asked.draft,
        locates=asked.locates,
    )


def subject(asked: SubjectAsk) -> Subject:
    return Subject(asked.id, microseconds(asked.decides_from) if asked.decides_from else None)


def permission(row: Any, at: int) -> Permission:
    """An answer to "may we share?"; an attorney's or deputy's stands for the person's within its reach."""
    own = answers_in_own_right(Capacity(row.capacity))
    reach = _mask(tuple(row.authority["covers"])) if row.authority else ALL
    grid = grid_at(Level.from_word(row.level), _mask(tuple(row.categories)))
    return Permission(
        id=row.id,
        subject=row.subject,
        giver=row.giver,
        own=own,
        competent=row.competence is not None,
        authority=reach,
        answer=Answer(row.answer),
        recipients=frozenset(row.recipients),
        purposes=frozenset(row.purposes),
        grid=grid & every_level(reach),
        window=_window(row.valid_from, row.valid_until),
        withdrawn_at=_over(row.withdrawn_at, at),
        owner=row.owner,
    )


def exclusion(row: Any, at: int) -> Exclusion:
    window = _window(row.valid_from, row.valid_until)
    lifted = _over(row.lifted_at, at)
    return Exclusion(
        id=row.id,
        subject=row.subject,
        agencies=frozenset(row.agencies),
        users=frozenset(row.users),
        mask=_mask(tuple(row.categories)),
        purposes=None if row.purposes is None else frozenset(row.purposes),
        window=window if lifted is None else Window(window.start, lifted),
    )


def waits_for_a_second_officer(row: Any) -> bool:
    """Whether nobody looked yet at what an information officer opened on her own word.

    A safeguarding lead's own has a moment by which it is confirmed, and lasts till then; an officer's has
    none, and needs nobody's look but where it opens something to her own agency or to users, who may be of
    it.
    """
    own_word = row.confirm_by is None and row.confirmed_at is None
    return bool(own_word and row.kind == OverrideKind.STATUTORY)


def is_for_one_agency(row: Any) -> bool:
    """Whether what names a user is for them only where they act for the agency that recorded it: whoever
    broke the glass did so in one agency (design 3.1), and a safeguarding lead's own enquiry is her agency's.
    """
    return bool(row.kind == OverrideKind.BREAK_GLASS or row.confirm_by is not None)


def counts_for(row: Any) -> tuple[frozenset[str], frozenset[str]]:
    """The agencies and the users for whom an override counts, of those whom it names.

    What an officer opened on her own word is for the other agencies that it names alone. It is not for the
    users either, wherever they act: nobody here knows for whom else somebody works.
    """
    agencies, users = frozenset(row.agencies), frozenset(row.users)
    if waits_for_a_second_officer(row):
        return agencies - {row.recorded_by_agency}, frozenset()
    return agencies, users


def override(row: Any, at: int) -> Override:
    """A statutory override or a break-glass; one that waits for its confirmation ends when that is due."""
    agencies, users = counts_for(row)
    ends = [microseconds(row.valid_until)]
    if row.confirm_by is not None and row.confirmed_at is None:
        ends.append(microseconds(row.confirm_by))
    ended = _over(row.ended_at, at)
    if ended is not None:
        ends.append(ended)
    return Override(
        id=row.id,
        kind=OverrideKind(row.kind),
        agencies=agencies,
        users=users,
        purposes=frozenset(row.purposes),
        subjects=frozenset(row.subjects),
        grid=grid_at(Level.from_word(row.level), _mask(tuple(row.categories))),
        window=Window(_over(row.recorded_at, at) or 0, min(ends)),
    )


def bar(row: Any, at: int) -> Bar:
    """A bar about one of its subjects. It begins when it was recorded, whatever two clocks say."""
    return Bar(
        id=row.id,
        subjects=frozenset((row.subject,)),
        mask=_mask(tuple(row.categories)),
        agencies=frozenset(row.agencies),
        users=frozenset(row.users),
        everyone_except=row.everyone_except,
        window=Window(0, _over(row.lifted_at, at)),
        hides_address=row.kind == BarKind.PROTECTED_ADDRESS,
    )


def release(row: Any, at: int) -> Release:
    """The owner's yes. It counts from when it was recorded, and until its end or until it was taken back."""
    ended = _over(row.ended_at, at)
    until = microseconds(row.valid_until)
    return Release(
        id=row.id,
        owner=row.owner,
        recipient=row.recipient,
        purpose=row.purpose,
        subject=row.subject,
        grid=grid_at(Level.from_word(row.level), _mask(tuple(row.categories))),
        window=Window(0, until if ended is None else min(until, ended)),
    )


def in_answer_to_request(answer: Permission, releases: Iterable[Release], at: int) -> tuple[Permission, ...]:
    """A yes to a sharing request counts as far as the owner released for it, and while it does.

    So that neither key opens anything alone, whatever an agreement allows without a release. A no counts by
    itself; and a competent young person's yes stands in the place of others' answers whether or not it is
    released, as one does that was taken back (``resolve.py``).
    """
    if answer.answer is not Answer.GIVEN:
        return (answer,)
    opens = tuple(
        replace(answer, grid=answer.grid & released.grid, window=_both(answer.window, released.window))
        for released in releases
    )
    return (replace(answer, withdrawn_at=at), *opens) if answer.own and answer.competent else opens


def _both(one: Window, other: Window) -> Window:
    ends = [end for end in (one.end, other.end) if end is not None]
    return Window(max(one.start, other.start), min(ends, default=None))


def agreement(row: Any, recipient: str, purpose: str, default: Rows, at: int) -> Agreement:
    """An agreement's rows; for a category that it does not name the default rows go on."""
    base, cap = default.base, default.cap
    mandatory, objectable = default.mandatory, default.objectable
    for stored in row.rows:
        bit = _mask((stored["category"],))
        base = base & ~every_level(bit) | grid_at(Level.from_word(stored["base"]), bit)
        cap = cap & ~every_level(bit) | grid_at(Level.from_word(stored["cap"]), bit)
        mode = Mode[stored["mode"].upper()]
        mandatory = mandatory & ~bit | (bit if mode == Mode.MANDATORY else 0)
        objectable = objectable & ~bit | (bit if mode == Mode.OBJECTABLE else 0)
    window = _window(row.valid_from, row.valid_until)
    ended = _over(row.ended_at, at)
    if ended is not None:
        window = Window(window.start, ended)
    rows = Rows(base=base, mandatory=mandatory, objectable=objectable, cap=cap)
    return Agreement(row.id, row.owner, recipient, purpose, rows, window)


@dataclass(frozen=True, slots=True)
class TakingPart:
    """What a family's answers to "may we work with you?" come to in one case.

    ``agreed``: somebody who may says yes, and nobody who may says no. ``begun``: for whom somebody who may
    says or said yes, and whoever said it: each adult decides about themselves (design 3.2), so nobody's yes
    speaks for others who happen to be in the case.
    ``ended``: the subjects about whom the yes was taken back, or refused by who may, and nobody's yes stands;
    everybody, once no yes stands at all.
    """

    agreed: bool
    begun: frozenset[str]
    ended: frozenset[str]


def taking_part(
    rows: Iterable[Any], recorded: Recorded, subjects: Mapping[str, Subject], at: int, margin: int
) -> TakingPart:
    """Whether a family takes part, and whether that has ended; whose answer counts is as for sharing.

    Of somebody who is answered for and not among ``subjects`` everybody's word counts: no age is known.
    Ending is somebody's word: that a yes expired, or that a child turned sixteen since, is silence. Where one
    parent's yes stands against another's no there is a conflict: nobody new joins, and nothing ends until
    it is decided.
    """
    by_subject: dict[str, list[Permission]] = {}
    begun = set[str]()
    for row in rows:
        if row.kind == ConsentKind.TAKE_PART:
            standing_pieces = pieces(_to_take_part(row, at), row, recorded, at)
            by_subject.setdefault(row.subject, []).extend(standing_pieces)
            if row.answer == Answer.GIVEN and standing_pieces and not _said_without_a_say(row, recorded):
                begun |= {row.subject, row.giver}
    standing, refused, ended = set[str](), False, set[str]()
    for name, heard in by_subject.items():
        said = _hear(subjects.get(name), heard, at, margin)
        refused |= bool(said.refusing)
        if said.giving - said.refusing:
            standing.add(name)
        elif said.refusing or said.withdrawn:
            ended.add(name)
    if ended and not standing:
        ended.update(subjects)
    agreed = bool(standing) and not refused
    return TakingPart(agreed, frozenset(begun), frozenset(ended))


def _said_without_a_say(row: Any, recorded: Recorded) -> bool:
    """Whether a court order that was on record by then had taken from its giver the say about taking part: so
    nobody's taking part has begun by it, whether or not whoever recorded it knew of the order."""
    return any(
        held.effect == TAKES_AWAY
        and (held.holder, held.subject) == (row.giver, row.subject)
        and held.recorded_at is not None
        and held.recorded_at <= row.recorded_at
        and held.in_force(row.recorded_at)
        and not held.covers.isdisjoint(TAKING_PART_REACHES)
        for held in recorded.authorities.values()
    )


def pieces(whole: Permission, row: Any, recorded: Recorded, at: int) -> list[Permission]:
    """The pieces of an answer that the decision reads."""
    return [
        part
        for piece in what_stands(whole, row, recorded, at)
        for part in against_no_own_refusal(piece, row, recorded)
    ]


def _to_take_part(row: Any, at: int) -> Permission:
    return replace(permission(row, at), authority=ALL, grid=grid_at(Level.FULL, _TO_TAKE_PART))


def counts(row: Any, recorded: Recorded, at: int) -> bool:
    """Whether anything stands of an answer now, or when it begins."""
    whole = permission(row, at) if row.kind == ConsentKind.SHARE else _to_take_part(row, at)
    then = max(at, whole.window.start)
    return any(
        piece.grid and grants(piece.window, then, 0) for piece in what_stands(whole, row, recorded, at)
    )


@dataclass(slots=True)
class _Said:
    """Who says yes and who says no about one subject, and whether a yes was taken back."""

    giving: set[str]
    refusing: set[str]
    withdrawn: bool


_EVERYBODY = Say(own_opens=True, own_shuts=True, others=ALL)


def _hear(subject: Subject | None, heard: list[Permission], at: int, margin: int) -> _Said:
    say = _EVERYBODY if subject is None else who_has_a_say(subject, heard, at, margin)
    said = _Said(set(), set(), withdrawn=False)
    for answer in heard:
        if answer.answer == Answer.REFUSED:
            if refuses(answer, say, at, margin) == _TO_TAKE_PART:
                said.refusing.add(answer.giver)
        elif named(gives(answer, say, at, margin)) == _TO_TAKE_PART:
            said.giving.add(answer.giver)
        else:
            said.withdrawn |= is_withdrawn(answer, at, margin)
    return said


def version_of(
    agencies: Iterable[Any],
    answers: Iterable[Any],
    exclusions: Iterable[Any],
    agreements: Iterable[Any],
    suspended: bool,
    overrides: Iterable[Any] = (),
    *,
    releases: Iterable[Any] = (),
    authorities: Iterable[Any] = (),
    subjects: Iterable[SubjectAsk] = (),
) -> str:
    """A short digest that changes when any fact that was read changes: the facts version on a receipt.

    ``subjects``: what the case service told with the question, of ages and of who is responsible for whom.
    Facts that are kept here are never edited: they are recorded and later ended, so an id and its end say
    everything. An override is also confirmed, and break-glass made longer.
    """
    known = [f"{row.code}={row.kind}" for row in agencies]
    known += [f"{row.id}-{row.withdrawn_at}-{len(row.set_aside or ())}" for row in answers]
    known += [f"{row.id}-{row.ended_at}" for row in authorities]
    known += [f"{row.id}-{row.lifted_at}" for row in exclusions]
    known += [f"{row.id}-{row.ended_at}" for row in agreements]
    known += [f"{row.id}-{row.ended_at}-{row.confirmed_at}-{row.valid_until}" for row in overrides]
    known += [f"{row.id}-{row.ended_at}" for row in releases]
    known += [f"{one.id}@{one.decides_from}" for one in subjects]
    known += [f"{one.id}<{held.model_dump_json()}" for one in subjects for held in one.responsible]
    known.sort()
    known.append(str(suspended))
    return hashlib.sha256("\n".join(known).encode()).hexdigest()[:32]


def _window(start: datetime | None, end: datetime | None) -> Window:
    return Window(0 if start is None else microseconds(start), None if end is None else microseconds(end))


def _over(moment: datetime | None, at: int) -> int | None:
    return None if moment is None else min(microseconds(moment), at)


@lru_cache(maxsize=4096)
def _mask(categories: tuple[str, ...]) -> int:
    return mask_of(categories)
