"""What waits for those who answer for an agency."""

from typing import Literal

from services.gateway.schemas.views import DecisionCard, View


class WaitingLine(View):
    """Something to look at: of which kind, in which case, and until when. ``about`` is its id."""

    kind: Literal[
        "override_to_confirm",
        "family_to_be_told",
        "break_glass_to_review",
        "break_glass_overdue_elsewhere",
        "draft_to_approve",
        "draft_to_publish",
        "agreement_ends",
        "bar_to_review",
        "bar_to_lift",
        "hold_to_confirm",
        "hold_to_review",
    ]
    about: str
    case: str | None
    due_at: str | None
    overdue: bool


class OfficeView(View):
    """``may``: what the caller may do besides: for the partnership, and to open a case without permission."""

    waiting: list[WaitingLine]
    may: list[Literal["add_agency", "verify_whole_ledger", "record_override"]]
    notice: str
    decision: DecisionCard
