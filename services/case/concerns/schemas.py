"""Bodies between the gateway and this service about concerns."""

from datetime import datetime

from shared.disclosure import Wire


class InboxPlace(Wire):
    sent_at: datetime
    id: str


class InboxAsk(Wire):
    """Which concerns: from a place on, at most ``limit``."""

    after: InboxPlace | None = None
    limit: int
