"""The shapes of answers about sharing requests, releases and decisions not to share."""

from typing import Literal

from services.gateway.schemas.views import DecisionCard, Paged, View


class SharingRequestShown(View):
    """A sharing request as one side sees it. ``sides`` says on which the caller stands; of the two keys they
    see their own, and ``state`` where they asked or lead.
    ``may``: what the caller would not be refused."""

    id: str
    sides: list[str]
    case: str | None
    subject: str | None
    agency: str
    asked_by: str
    asked_at: str
    reference: str | None
    owner: str
    categories: list[str]
    level: str
    purpose: str
    valid_until: str
    reason: str
    answer_by: str
    state: str | None
    owner_answer: str | None
    family_answer: str | None
    may: list[Literal["owner_answer"]]


class SharingRequestsView(Paged):
    sharing_requests: list[SharingRequestShown]
    notice: str
    decision: DecisionCard


class ReleaseShown(View):
    id: str
    sharing_request: str | None
    owner: str
    recipient: str
    subject: str
    categories: list[str]
    level: str
    purpose: str
    reason: str
    recorded_at: str
    valid_until: str
    ended_at: str | None


class ReleasesView(Paged):
    releases: list[ReleaseShown]
    notice: str
    decision: DecisionCard


class NonDisclosureShown(View):
    """A decision not to share, with the second person's word once it is there."""

    id: str
    subject: str
    categories: list[str]
    from_agencies: list[str]
    from_users: list[str]
    reason: str
    review_on: str
    recorded_at: str
    recorded_by: str
    state: str
    confirmed_at: str | None
    confirmed_by: str | None


class NonDisclosuresView(Paged):
    non_disclosures: list[NonDisclosureShown]
    notice: str
    decision: DecisionCard
