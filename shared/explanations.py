"""What the gateway asks of the consent service to explain a decision (design 3.2, 3.6), as it travels.

Like ``shared/disclosure.py``: frozen, nothing extra, words that nobody knows open nothing.
"""

from datetime import datetime

from shared.disclosure import CaseAsk, DecisionAnswer, SubjectAsk, Wire
from shared.records.explanations import Change, Said


class Reading(Wire):
    """What every question has: for what purpose, why, and about which case (an empty one if absent)."""

    purpose: str
    reason: str | None
    case: CaseAsk


class RequesterAsk(Reading):
    """What do I see, and on which basis?"""


class RequesterAnswer(DecisionAnswer):
    """Per label the grounds that a requester is told; what else the role may ask for."""

    grounds: tuple[tuple[str, ...], ...]
    other_purposes: tuple[str, ...]
    may_break_glass: bool


class SeatAsk(Wire):
    """Somebody on the roster at the moment that is asked about; without ``user`` and ``name`` anybody of the
    role, who is not on it and sees what is asked about."""

    user: str
    name: str
    agency: str
    role: str
    relationship: str


class About(Wire):
    """Whom an information officer asks about; what is left out is anybody's."""

    user: str | None = None
    agency: str | None = None
    role: str | None = None
    relationship: str | None = None
    purpose: str | None = None


class OfficerAsk(Reading):
    """``label`` is the place of the label of the one entry that is asked about. With ``receipt`` it is what
    was decided then, when ``subjects_then`` decided; who and when stand on the receipt."""

    roster: tuple[SeatAsk, ...]
    about: About
    label: int | None = None
    receipt: str | None = None
    subjects_then: tuple[SubjectAsk, ...] = ()


class ReceiptAsk(Wire):
    receipt: str


class WhoCanSeeAsk(Reading):
    """``at``: a moment in the past, of which the roster is; ``present``: the places of the labels that had
    entries then, ``subjects_then``: who decided then for whom entries are about. ``label`` and ``entry`` name
    the one entry that is asked about, ``subject`` a person."""

    roster: tuple[SeatAsk, ...]
    at: datetime | None = None
    present: tuple[int, ...]
    subjects_then: tuple[SubjectAsk, ...] = ()
    label: int | None = None
    entry: str | None = None
    subject: str | None = None


class SeenByAsk(Reading):
    """What anybody of this agency and role would see as a member of the team, if what is said were said."""

    agency: str
    role: str
    changes: tuple[Said, ...] = ()


class FamilySightAsk(Reading):
    """What each service that the family is told of may see of them. ``owners``: the services that may hold
    something, of which they are told too."""

    roster: tuple[SeatAsk, ...]
    owners: tuple[str, ...]


class WhatIfAsk(Reading):
    """The same question before and after what is supposed."""

    roster: tuple[SeatAsk, ...]
    changes: tuple[Change, ...]


class RoomPart(Wire):
    """One entry, by the place of its label, and the places on the roster of those who are there for it."""

    label: int
    present: tuple[int, ...]


class FamilySeatAsk(Wire):
    """Somebody of the family who is there, and what they are to each of the people of the case."""

    person: str
    relationships_by_subject: dict[str, str]


class RoomAsk(Reading):
    """Whether everybody who is there may see each of these. The places of ``RoomPart`` go on from the
    ``roster`` into the ``family``."""

    roster: tuple[SeatAsk, ...]
    family: tuple[FamilySeatAsk, ...] = ()
    parts: tuple[RoomPart, ...]
