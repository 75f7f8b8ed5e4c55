"""Bodies between the gateway and this service about signals."""

from datetime import datetime

from shared.disclosure import Wire
from shared.pages import PageSize


class SignalPlace(Wire):
    raised_at: datetime
    id: str


class SignalsAsk(Wire):
    """Which signals: from a place on, at most ``limit``."""

    after: SignalPlace | None = None
    limit: PageSize
