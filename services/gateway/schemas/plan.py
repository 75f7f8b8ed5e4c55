"""The shapes of answers about the plan."""

from typing import Literal

from services.gateway.schemas.views import EntryView, Footer, LeadCard, Paged, View

Standing = Literal["open", "late", "kept", "missed", "declined", "ended"]


class PromiseStands(View):
    """How a promise stands, in the same words for a service and for the family. ``asked``: how often somebody
    asked for news."""

    standing: Standing
    age_days: int
    late_days: int
    asked: int
    asked_at: str | None


class FollowUp(PromiseStands):
    """How an action stands; what it waits for and which goal it serves, as far as the caller sees these."""

    action: str
    needs: list[str]
    waits_for_itself: bool
    goal: str | None


class ActionsView(Footer, Paged):
    entries: list[EntryView]
    follow_up: list[FollowUp]


class ActionView(Footer):
    """One action; ``lead_professional``: whom to ask about it."""

    action: EntryView
    follow_up: FollowUp
    lead_professional: LeadCard | None


class CommitmentView(PromiseStands):
    """A promise of the family or of a service: the same shape, the same words, the same place."""

    commitment: EntryView


class PledgeView(PromiseStands):
    """What an agency promised at a meeting: an action of the plan, with its standing as of any promise."""

    pledge: EntryView


class PledgesView(Footer, Paged):
    pledges: list[PledgeView]


class CompactVersion(View):
    """One version, with what was promised in it and who signed it. ``in_force``: it is the newest."""

    compact: EntryView
    in_force: bool
    commitments: list[CommitmentView]
    signatures: list[EntryView]


class CompactView(Footer):
    """The versions of a compact, the newest first; ``others`` are parts of versions that are not shown."""

    versions: list[CompactVersion]
    others: list[EntryView]
