"""Bodies between the gateway and this service about inboxes."""

from datetime import datetime

from shared.disclosure import Wire
from shared.pages import PageSize


class InboxPlace(Wire):
    at: datetime
    id: str


class InboxAsk(Wire):
    """Which entries of an inbox: from a place on, at most ``limit``."""

    after: InboxPlace | None = None
    limit: PageSize
