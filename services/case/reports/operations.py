"""Reports: made once, when the time that they are about is over, and the same for every reader after."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from services.case.reports import repository
from services.case.reports.facts import Happening, cells_of
from services.case.reports.figures import LEAST, NOTHING, Figures, reports_of
from services.case.reports.periods import counts_in, quarter, year
from services.case.reports.schemas import ReportAsk
from services.case.reports.spending import NO_COSTS, Costs, costs_beside, fold_costs
from shared.database import ReadSession, WriteSession
from shared.problems import invalid, not_found

Found = Callable[[ReadSession, datetime, datetime], list[Happening]]
REPORTS: Mapping[str, tuple[Found, tuple[str, ...]]] = {
    "cases-opened": (repository.cases_opened, ("agency", "area", "need")),
    "waits-for-a-lead": (repository.cases_opened, ("outcome",)),
    "cases-closed": (repository.cases_closed, ("agency", "area", "need", "outcome")),
    "answers-to-referrals": (repository.referrals_made, ("agency", "outcome")),
    "waits-for-an-answer": (repository.referral_waits, ("outcome",)),
    "answers-to-nominations": (repository.lead_answers, ("agency", "outcome")),
}
"""Per report where it comes from, and by what it may be split: one way at a time, since two crossed would
tell more than either."""
COSTS = "costs"


def read_report(session: WriteSession, ask: ReportAsk, at: datetime) -> dict[str, Any]:
    """A report as it was made when somebody first read it, in any split and about whichever agency, or made
    now with all of these: so they are of one moment, whatever is recorded or corrected later. Of two who read
    one first at once both get the same."""
    nothing = _nothing(ask)
    span = year if ask.report == COSTS else quarter
    first, after_last = span(ask.period, at.date())
    made = repository.find_published(session, ask)
    if made is None and repository.begin(session, ask, at):
        made = _make(session, ask.report, first, after_last)
        repository.publish(session, ask, made)
    # Of two who read it first the one who waited for the other finds it now.
    made = made or repository.find_published(session, ask) or {}
    content: dict[str, Any] = made.get(ask.by, {}).get(ask.scope, nothing)
    return content


def _nothing(ask: ReportAsk) -> dict[str, Any]:
    """What is said of whoever is in no figure; a problem where there is no such report."""
    if ask.report == COSTS:
        if ask.by != "agency":
            raise invalid("by", "This report is split by agency.")
        return _costs_shown(NO_COSTS)
    if ask.report not in REPORTS:
        raise not_found()
    ways = REPORTS[ask.report][1]
    if ask.by not in ways:
        raise invalid("by", f"This report is split by one of: {', '.join(ways)}.")
    return _figures_shown(NOTHING)


def _make(session: WriteSession, report: str, first: date, after_last: date) -> repository.Made:
    if report == COSTS:
        return _costs(session, first.year, after_last)
    return _counts(session, report, first, after_last)


def _counts(session: ReadSession, report: str, first: date, after_last: date) -> repository.Made:
    find, ways = REPORTS[report]
    start, end = _start_of(first), _start_of(after_last)
    happened = find(session, start, end)
    made = {}
    for by in ways:
        reports = reports_of(cells_of(happened, by, _groups(session, by, happened, end)))
        own = {agency: _figures_shown(figures) for agency, figures in reports.own.items()}
        made[by] = {"": _figures_shown(reports.partnership), **own}
    return made


def _groups(session: ReadSession, by: str, happened: list[Happening], end: datetime) -> dict[str, str]:
    whom = sorted({one.person for one in happened})
    if by == "area":
        return repository.areas_of(session, whom, end)
    return repository.needs_of(session, whom, end) if by == "need" else {}


def _figures_shown(figures: Figures) -> dict[str, Any]:
    return {
        "rows": [{"name": name, "people": count} for name, count in figures.groups.items()],
        "others": figures.others,
        "total": figures.total,
        "fewer_than": LEAST,
    }


def _costs(session: WriteSession, year: int, after_last: date) -> repository.Made:
    """An agency's own are those of the partnership's report."""
    _count(session, year, after_last)
    costs = fold_costs(repository.spent(session, year))
    own = {one.agency: _costs_shown(costs_beside(costs, one.agency)) for one in costs.agencies}
    return {"agency": {"": _costs_shown(costs), **own}}


def _count(session: WriteSession, year: int, after_last: date) -> None:
    """Settle which costs are in the report of a year: each is in one, whenever it came."""
    made = {int(period) for period in repository.periods_made(session, COSTS)} - {year}
    waiting = repository.not_counted(session, after_last)
    belong = [
        one.entry_id for one in waiting if counts_in(year, one.starts_on.year, one.recorded_at.year, made)
    ]
    repository.count(session, belong, year)


def _costs_shown(costs: Costs) -> dict[str, Any]:
    return {
        "rows": [
            {
                "name": one.agency,
                "people": one.people,
                "pence": one.pence,
                "share_percent": costs.share(one.pence),
            }
            for one in costs.agencies
        ],
        "others_pence": costs.others_pence,
        "others_share_percent": None if costs.others_pence is None else costs.share(costs.others_pence),
        "people": costs.people,
        "pence": costs.pence,
        "average_pence": costs.average_pence,
        "fewer_than": LEAST,
    }


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
