"""The shapes of answers about bars."""

from typing import Literal

from services.gateway.schemas.overrides import ListBesideCase
from services.gateway.schemas.views import DecisionCard, Paged, View


class CustodianShown(View):
    """Who answers for a bar, day and night."""

    name: str
    telephone: str
    agency: str


class BarReviewDone(View):
    by: str
    at: str
    note: str | None


class LiftingProposed(View):
    """Who proposed that a bar is lifted; somebody else has to confirm it within fourteen days."""

    by: str
    by_agency: str
    at: str
    reason: str


class BarShown(View):
    """A bar, as those see it who look after it; ``overdue``: its review should have been;
    ``may``: what the caller would not be refused."""

    id: str
    case: str
    kind: str
    subjects: list[str]
    agencies: list[str]
    users: list[str]
    everyone_except: bool
    categories: list[str]
    legal_reference: str
    custodian: CustodianShown
    reason: str
    review_on: str
    overdue: bool
    reviews: list[BarReviewDone]
    recorded_at: str
    recorded_by: str
    recorded_by_agency: str
    lifting_proposed: LiftingProposed | None
    lifted_at: str | None
    lifted_by: str | None
    lifting_reason: str | None
    may: list[Literal["review", "propose_lifting", "confirm_lifting"]]


class BarsView(Paged):
    """``people``: whom the case is about, by id, so that a bar can name them. ``opens``: which lists
    about this case are there for the caller."""

    people: list[str]
    bars: list[BarShown]
    opens: list[ListBesideCase]
    notice: str
    decision: DecisionCard


class BarsInForceView(Paged):
    bars: list[BarShown]
    notice: str
