"""The shapes of answers about concerns."""

from services.gateway.schemas.views import DecisionCard, EntryView, View


class ConcernsView(View):
    """The concerns sent to the acting agency that the caller may see, newest first."""

    concerns: list[EntryView]
    next: str | None
    cursor: str | None
    notice: str
    decision: DecisionCard
