"""What the gateway sends along with break-glass: the cases, whom they are about, and who leads them."""

from services.consent.alerts.in_charge import Lead
from services.consent.overrides.schemas import Asked
from shared.disclosure import Wire
from shared.records.base import Text, UserId
from shared.records.overrides import BreakGlassReview


class CaseToOpen(Wire):
    case: str
    subjects: tuple[str, ...]
    lead: Lead | None


class BreakGlassToRecord(Wire):
    """``user``: whom it is for."""

    cases: tuple[CaseToOpen, ...]
    user: UserId
    reason: Text


class ReviewToRecord(Wire):
    review: BreakGlassReview
    asked: Asked
