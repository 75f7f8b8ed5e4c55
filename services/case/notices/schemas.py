"""Bodies between the gateway and this service about notices."""

from datetime import datetime

from shared.disclosure import Wire
from shared.pages import PageSize


class NoticePlace(Wire):
    raised_at: datetime
    id: str


class NoticesAsk(Wire):
    """Which notices: from a place on, at most ``limit``; ``answer``: only what waits for an answer."""

    after: NoticePlace | None = None
    answer: bool = False
    limit: PageSize
