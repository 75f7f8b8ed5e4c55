"""The ask, the verdict and the entry as they travel between the gateway and the data services.

Frozen, nothing extra; words that the receiver does not know give ``none`` (design 3.2), so they travel as
plain text and are looked up where the decision is made.
"""

from datetime import datetime
from typing import Any, NotRequired, TypedDict

from pydantic import BaseModel, ConfigDict

from shared.pages import PageSize
from shared.vocabulary import LedgerAction


class Entry(TypedDict):
    """The smallest thing that is disclosed or withheld, raw, as a data service hands it to the gateway.

    ``owner`` is the agency that contributed it and ``accountable`` the agency that owes an action;
    ``unanswered``: the question for sensitive content has no answer yet; ``draft``: it belongs to an
    assessment that nobody signed; ``locates``: it tells where its subjects live or can be found, which the
    service that keeps it says of each kind of entry. ``fields`` is the content by field name, each placed at
    a level by the gateway. ``version`` counts corrections and never leaves, nor does ``origin``: the entry
    that this one is a copy of, in the first version of its assessment.
    """

    id: str
    area: str
    kind: str
    owner: str
    accountable: str | None
    categories: list[str]
    subjects: list[str]
    unanswered: bool
    draft: bool
    locates: bool
    recorded_at: str
    author: str
    version: int
    fields: dict[str, Any]
    part_of: NotRequired[str | None]
    origin: NotRequired[str]


A_SERVICE = "a service"
"""Stands for an agency that may not be named; no agency can have it for its code."""


class Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class LabelAsk(Wire):
    """One label set present in a case, with the ids of the entries that bear it (for the receipt).

    Of what nobody said whether it ``locates``, it is held that it does.
    """

    owner: str
    accountable: str | None = None
    categories: tuple[str, ...]
    subjects: tuple[str, ...]
    unanswered: bool = False
    draft: bool = False
    locates: bool = True
    entries: tuple[str, ...] = ()


class ResponsibleAsk(Wire):
    """An adult with parental responsibility, as somebody recorded it: from a moment, until another.

    ``recorded_at``: since when it has been on record, this much of it at least. ``recorded_for``: the
    agencies of whoever recorded it. Both say for which answers it counts.
    """

    adult: str
    recorded_at: datetime
    recorded_for: tuple[str, ...]
    since: datetime | None = None
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


class SubjectAsk(Wire):
    """A person that entries are about; from ``decides_from`` on they decide for themselves.

    ``None`` means that it is not known: then nobody else's answer counts. ``responsible``: who is recorded
    with parental responsibility for them; a parent's yes counts while its giver is.
    """

    id: str
    decides_from: datetime | None
    responsible: tuple[ResponsibleAsk, ...] = ()


class Through(Wire):
    """An open case in which a caller has a relationship to somebody whom it is about."""

    case: str
    relationship: str


class PageAsk(Wire):
    """That an answer shows a page of a list: of these entries, in this order, the first ``limit`` that may be
    seen. Which they are is known once it is decided, so it is asked with it: the receipt names no other."""

    limit: PageSize
    order: tuple[str, ...]


class CaseAsk(Wire):
    """One case (or one person outside any case) with everything that the decision needs to know of it.

    ``through``: for a person outside any case, the open cases from which the relationship comes, with what it
    is in each; ``relationship`` is the strongest of them.
    ``on_behalf_roles``: where a system acts for somebody, the roles in which they work here. ``cards``: the
    agencies of which the card is asked for, besides those that own something.
    """

    case: str | None
    through: tuple[Through, ...] = ()
    relationship: str
    on_behalf_roles: tuple[str, ...] = ()
    relationships_by_subject: dict[str, str] = {}
    subjects: tuple[SubjectAsk, ...]
    labels: tuple[LabelAsk, ...]
    cards: tuple[str, ...] = ()
    page: PageAsk | None = None


class LeftAsk(Wire):
    """A case that nobody is on the team of any more: its state, and whether the caller's agency ``was_there``
    and ``opened_it``."""

    state: str
    was_there: bool
    opened_it: bool


class DeedAsk(Wire):
    """What the caller wants to do besides seeing: asked together, answered together (design 3.2).

    ``owner`` and ``accountable`` are those of the entry that the deed is about, ``entry_label`` its place
    among the labels asked, so that the decision itself says whether the caller sees it in full.
    ``target_agency`` is the agency that a membership is for or a concern is sent to, ``for_user`` the
    colleague for whom the glass is broken, or who joins, is invited or is put in charge (of the agency
    ``target_agency``), ``for_role`` the role in which they are to be there and ``on_team`` whether they have
    a place on the team already. Where one of the family sends word to a meeting, both are those of whoever
    is in the chair. ``left``: nobody is on the team of the case any more.
    ``sends`` are the entries that are to go with a concern and ``names`` whom it names besides those whom
    the case is about: it goes with all of them or not at all.
    """

    deed: str
    has_lead: bool = False
    is_self: bool = False
    owner: str | None = None
    accountable: str | None = None
    target_agency: str | None = None
    benefits_own_agency: bool = False
    has_evidence_reference: bool = False
    entry_label: int | None = None
    for_user: str | None = None
    for_role: str | None = None
    on_team: bool = False
    left: LeftAsk | None = None
    sends: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class OffersAsk(Wire):
    """That the answer is to say what the caller may do in the one case asked about."""

    has_lead: bool
    left: LeftAsk | None = None


class DecisionAsk(Wire):
    """One call to the consent service: decide these cases for this caller and record the receipt."""

    action: LedgerAction
    purpose: str
    reason: str | None = None
    cases: tuple[CaseAsk, ...]
    deed: DeedAsk | None = None
    offers: OffersAsk | None = None


class Untold(Wire):
    """Nobody of this agency who joined the team in this time is named to the family."""

    agency: str
    since: datetime
    until: datetime | None


class CaseVerdict(Wire):
    """Levels in the order of the labels asked (0 none … 3 full), and what binds the gateway in this case.

    ``untold``: who stays unnamed, where a family asks.
    """

    levels: tuple[int, ...]
    valid_until: datetime | None
    obligations: tuple[str, ...] = ()
    untold: tuple[Untold, ...] = ()


class Permit(Wire):
    """Whether the deed may be done; ``reason`` says why not, in a sentence for the caller.

    ``by_office``: also where nothing of the case exists for them: as an officer, in leaving its team, or in
    taking on what their agency left. ``notify_owners``: the agencies that hold what it opens are to be told.
    ``may_hold``: ``target_agency`` and ``for_user`` may have what one of the family says of themselves: no
    exclusion about them names either, and no bar in the case stops them.
    """

    permitted: bool
    reason: str | None
    by_office: bool = False
    notify_owners: bool = False
    may_hold: bool = False


class AgencyCard(Wire):
    """What anyone in the partnership may know of an agency: its name, and where to ring."""

    name: str
    telephone: str | None


class DecisionAnswer(Wire):
    """What the gateway may release. An obligation that it does not know means deny.

    ``refused``: the receipt says that what was asked was refused. ``may``: the deeds that may be offered to
    the caller, where that was asked.
    """

    receipt: str
    policy_version: int
    decided_at: datetime
    obligations: tuple[str, ...]
    cases: tuple[CaseVerdict, ...]
    permit: Permit | None
    agencies: dict[str, AgencyCard]
    refused: bool = False
    may: tuple[str, ...] = ()
