"""Bodies between the gateway and this service about notices."""

from datetime import datetime

from shared.disclosure import Wire


class NoticePlace(Wire):
    raised_at: datetime
    id: str


class NoticesAsk(Wire):
    """Which notices: from a place on, at most ``limit``."""

    after: NoticePlace | None = None
    limit: int
