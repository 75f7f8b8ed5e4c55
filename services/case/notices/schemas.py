"""Bodies between the gateway and this service about notices."""

from datetime import datetime
from typing import Literal

from shared.disclosure import Wire
from shared.pages import PageSize


class NoticePlace(Wire):
    raised_at: datetime
    id: str


Only = Literal["to_answer", "left_too_long"]


class NoticesAsk(Wire):
    """Which notices: from a place on, at most ``limit``; of all kinds, or ``only`` what waits for an answer
    or what was left too long."""

    after: NoticePlace | None = None
    only: Only | None = None
    limit: PageSize
