"""Bodies between the gateway and this service about referrals."""

from datetime import datetime

from shared.disclosure import Wire


class InboxPlace(Wire):
    asked_at: datetime
    id: str


class InboxAsk(Wire):
    """Which referrals: from a place on, at most ``limit``."""

    after: InboxPlace | None = None
    limit: int
