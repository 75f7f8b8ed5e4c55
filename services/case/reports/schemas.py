"""Bodies between the gateway and this service about reports."""

from shared.disclosure import Wire


class ReportAsk(Wire):
    """Which report, split by what, about what time; ``scope``: one agency, or empty for the partnership."""

    report: str
    by: str
    period: str
    scope: str
