"""The shapes of reports. ``fewer_than``: the number of people below which nothing is said."""

from services.gateway.schemas.views import DecisionCard, View


class _Report(View):
    report: str
    by: str
    period: str
    agency: str | None
    fewer_than: int
    notice: str
    decision: DecisionCard


class Group(View):
    name: str
    people: int


class ReportView(_Report):
    """How many people, somebody with two agencies once with each; groups that are too small stand together in
    ``others``, and of an agency only ``total`` where its groups would tell of too few people."""

    rows: list[Group]
    others: int | None
    total: int | None


class AgencyCosts(Group):
    pence: int
    share_percent: float


class CostsView(_Report):
    """Who pays: per agency, together, and on average for one person, each counted once. Agencies that few
    people would be told apart by stand together in ``others_pence``."""

    rows: list[AgencyCosts]
    others_pence: int | None
    others_share_percent: float | None
    people: int | None
    pence: int | None
    average_pence: int | None
