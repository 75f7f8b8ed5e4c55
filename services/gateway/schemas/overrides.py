"""The shapes of answers about overrides, break-glass and alerts, for the OpenAPI document."""

from typing import Literal

from services.gateway.schemas.views import DecisionCard, Paged, View

ListBesideCase = Literal["overrides", "break-glass", "bars"]


class RecipientsShown(View):
    agencies: list[str]
    users: list[str]


class TellingReviewShown(View):
    at: str
    by: str
    family_may_be_told: bool
    reason: str


class OverrideShown(View):
    """``reason`` is null for who only owns what the override opens. ``recipient_names``: by user, of those
    on the team, now or before, as the caller sees it. ``waits_for_confirmation``: an officer
    opened it to her own agency or to users, and it counts for these once a second person confirmed it.
    ``may``: what the caller would not be refused."""

    id: str
    lawful_basis: str
    reference: str
    reason: str | None
    subjects: list[str]
    recipients: RecipientsShown
    recipient_names: dict[str, str]
    categories: list[str]
    level: str
    purposes: list[str]
    valid_from: str
    valid_until: str
    confirm_by: str | None
    confirmed_at: str | None
    waits_for_confirmation: bool
    ended_at: str | None
    recorded_by_agency: str
    family_told_from: str | None
    telling_review_on: str | None
    telling_overdue: bool
    telling_reviews: list[TellingReviewShown]
    may: list[Literal["confirm", "end", "review_telling"]]


class OverridesView(Paged):
    """``may``: whether the caller may ``record`` another in this case now. ``opens``: which lists about this
    case are there for them."""

    overrides: list[OverrideShown]
    may: list[Literal["record"]]
    opens: list[ListBesideCase]
    notice: str
    decision: DecisionCard


class LawfulBasisShown(View):
    code: str
    title: str
    no_later_than: str


class LawfulBasesView(View):
    """``no_later_than``: the latest end of an override that is recorded now. ``for_others``: the caller may
    open to other agencies than their own, as an information officer does."""

    bases: list[LawfulBasisShown]
    for_others: bool
    notice: str
    decision: DecisionCard


class BreakGlassShown(View):
    id: str
    user: str
    user_name: str | None
    agency: str
    opened_by: str
    opened_by_name: str | None
    reason: str
    opened_at: str
    valid_until: str
    no_later_than: str
    ended_at: str | None
    review_due: str
    review_overdue: bool
    reviewed_at: str | None
    finding: str | None
    may: list[Literal["review"]]


class BreakGlassView(Paged):
    break_glass: list[BreakGlassShown]
    opens: list[ListBesideCase]
    notice: str
    decision: DecisionCard


class AlertShown(View):
    """``case`` is null where what is looked at stands in a list of one's agency that names none."""

    id: str
    at: str
    case: str | None
    look_at: str
    message: str


class AlertsView(View):
    alerts: list[AlertShown]
    next: str | None
    cursor: str | None
    notice: str
    decision: DecisionCard
