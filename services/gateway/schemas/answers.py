"""The shapes of answers about authority, conflicts, taking part and ended permissions (see ``views.py``)."""

from typing import Literal

from services.gateway.schemas.views import ConsentShown, DecisionCard, Paged, View


class AuthorityShown(View):
    """``may``: what the caller would not be refused to do to it."""

    id: str
    kind: str
    effect: Literal["gives", "takes_away"]
    subject: str
    holder: str | None
    holder_agency: str | None
    document: str
    covers: list[str]
    verified_by: str
    recorded_by_agency: str
    recorded_at: str
    valid_from: str
    valid_until: str | None
    ended_at: str | None
    may: list[Literal["ending"]]


class AuthoritiesView(Paged):
    authorities: list[AuthorityShown]
    notice: str
    decision: DecisionCard


class NotAnsweredFor(View):
    categories: list[str]
    reason: str


class WhoMayAnswerView(View):
    """What somebody may answer for, and what not, with the reason; ``taking_part``: why they may not say that
    the person takes part, null when they may."""

    may: list[str]
    may_not: list[NotAnsweredFor]
    taking_part: str | None
    notice: str
    decision: DecisionCard


class ConflictShown(View):
    """Two who may both answer for a child and disagree: about what, and until when it is to be decided;
    ``to_ask``: for an officer to whom it has gone up, the agencies that wrote the two answers down; else
    empty. ``may``: the answers for which the caller may decide and would not be refused."""

    id: str
    subject: str
    permission: str
    refusal: str | None
    exclusion: str | None
    state: Literal["open", "overdue", "decided", "over"]
    recipients: list[str]
    purposes: list[str]
    categories: list[str]
    arose_at: str
    due_at: str
    decided_at: str | None
    decided_by: str | None
    upholds: str | None
    reason: str | None
    to_ask: list[str]
    may: list[Literal["refusal", "permission"]]


class ConflictsView(Paged):
    conflicts: list[ConflictShown]
    notice: str
    decision: DecisionCard


class RiskQuestionShown(View):
    """What the lead is asked once a family has left; leaving is never itself a concern."""

    id: str
    asked_at: str
    due_at: str
    overdue: bool
    answered_at: str | None
    answered_by_agency: str | None
    somebody_at_risk: bool | None
    considered: str | None


class TakingPartView(View):
    takes_part: bool
    ended: bool
    questions: list[RiskQuestionShown]
    notice: str
    decision: DecisionCard


class ExpiringShown(View):
    case: str
    consent: ConsentShown


class ExpiringView(View):
    """Answers of the reader's own cases that run out within thirty days or must be asked for again."""

    expiring: list[ExpiringShown]
    next: str | None
    cursor: str | None
    notice: str


class ReleasedShown(View):
    """What one agency saw because of a permission."""

    agency: str
    categories: list[str]
    times: int
    first_at: str
    last_at: str


class AnswerToMessage(View):
    due_at: str | None
    overdue: bool
    answered_at: str | None
    keeps: bool | None
    kept: str | None
    why: str | None


class MessageTold(AnswerToMessage):
    """A message as the side that sent it sees it; ``held_back`` says why it was not sent."""

    id: str
    agency: str
    sent_at: str | None
    held_back: str | None


class ReleasedView(View):
    consent: str
    withdrawn_at: str | None
    released: list[ReleasedShown]
    messages: list[MessageTold]
    notice: str
    decision: DecisionCard


class MessageReceived(AnswerToMessage):
    """A message as the agency reads it that it was sent to; ``may``: what the caller would not be refused."""

    id: str
    sent_at: str
    says: str
    case: str
    subject: str
    consent: str
    categories: list[str]
    may: list[Literal["answer"]]


class MessagesView(View):
    messages: list[MessageReceived]
    next: str | None
    cursor: str | None
    notice: str
    decision: DecisionCard
