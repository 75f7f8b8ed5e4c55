"""The shapes of answers about referrals."""

from services.gateway.schemas.views import DecisionCard, EntryView, View


class ReferralLine(View):
    """A referral with the case that it asks about."""

    case: str
    referral: EntryView


class ReferralsView(View):
    """What the acting agency is asked and has not answered, newest first."""

    referrals: list[ReferralLine]
    next: str | None
    cursor: str | None
    notice: str
    decision: DecisionCard
