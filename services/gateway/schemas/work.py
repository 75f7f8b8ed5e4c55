"""The shapes of worklists and notices."""

from services.gateway.schemas.overrides import AlertShown
from services.gateway.schemas.views import CaseCard, DecisionCard, EntriesView, EntryView, PersonCard, View


class NoticeView(View):
    """Something that waits: ``about`` is the id of what, to be read under one's own rights. ``alone``: it is
    an action that one's agency owes, and nothing else of its case is there to be read. ``left_too_long``: it
    is of a kind that says that something was left for so long, or so often, that others are told."""

    id: str
    case: str
    kind: str
    about: str
    at: str
    alone: bool
    left_too_long: bool


class NoticesView(View):
    notices: list[NoticeView]
    next: str | None
    cursor: str | None
    notice: str


class WaitingConcern(View):
    """A concern that nobody at the caller's agency has acknowledged; its words stand in the list of them."""

    id: str
    at: str


class WaitingView(NoticesView):
    """``left_too_long``, ``alerts`` and ``concerns`` stand with the first page of ``notices`` alone.
    ``left_too_long``: those of the notices, on whichever page, that are so, what was left longest first,
    twenty at most. ``cases``: those that this page is about, with whose each is, where the caller sees that.
    """

    cases: list[CaseCard]
    left_too_long: list[NoticeView]
    alerts: list[AlertShown]
    concerns: list[WaitingConcern]


class FlagHolder(View):
    """An agency that has a flag too; what it says is asked of them."""

    agency: str
    name: str
    telephone: str | None


class FlagsView(EntriesView):
    also_flagging: list[FlagHolder]


class SignalView(View):
    id: str
    person: PersonCard
    state: str
    raised_on: str


class SignalsView(View):
    signals: list[SignalView]
    next: str | None
    cursor: str | None
    notice: str


class PromiseLine(View):
    """Something that is owed still: in which case, until when, and what, as far as the caller sees it.
    ``relationship`` is the caller's to that case, or to this alone, where nothing else of the case is theirs
    (``alone``): it is read by itself then."""

    case: str
    relationship: str
    due_on: str | None
    alone: bool
    entry: EntryView


class PromisesView(View):
    """``cases``: those that the lines are in, with whose each is, where the caller sees that."""

    promises: list[PromiseLine]
    cases: list[CaseCard]
    next: str | None
    cursor: str | None
    notice: str
    decision: DecisionCard


class GapLine(View):
    """What hangs on somebody in one case; ``promises`` and ``meetings`` (of which they are in the chair) are
    the ids of entries that the caller sees. ``alone``: of this case they see what is promised and nothing
    else."""

    case: CaseCard
    alone: bool
    lead: bool
    nomination: bool
    deputy: bool
    review: bool
    promises: list[str]
    meetings: list[str]


class GapsView(View):
    user: str
    gaps: list[GapLine]
    next: str | None
    cursor: str | None
    notice: str
