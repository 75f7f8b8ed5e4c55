"""The shapes of answers about concerns."""

from services.gateway.schemas.views import DecisionCard, EntryView, View


class ConcernsView(View):
    """The concerns sent to the acting agency that the caller may see, newest first."""

    concerns: list[EntryView]
    next: str | None
    cursor: str | None
    notice: str
    decision: DecisionCard


class SentConcern(View):
    """One that the caller sent; ``acknowledged_at``: since when its recipient says that they have it."""

    id: str
    recipient: str
    sent_at: str
    acknowledged_at: str | None


class SentConcernsView(View):
    sent: list[SentConcern]
    next: str | None
    cursor: str | None
    notice: str
    decision: DecisionCard
