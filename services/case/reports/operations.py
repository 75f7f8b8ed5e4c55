"""Reports: made once, when the time that they are about is over, and the same for every reader after."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from services.case.reports import repository
from services.case.reports.facts import Happening, counted, each_person_once
from services.case.reports.figures import (
    LEAST,
    Costs,
    Spent,
    costs_beside,
    fold,
    fold_beside,
    fold_costs,
)
from services.case.reports.periods import quarter, year
from services.case.reports.schemas import ReportAsk
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
    """A report as it was first read, or made now; of two who read it first at once both get the same."""
    published = repository.find_published(session, ask)
    if published is None:
        made = _made(session, ask, at)
        repository.publish(session, ask, made, at)
        published = repository.find_published(session, ask) or made
    return published


def _made(session: WriteSession, ask: ReportAsk, at: datetime) -> dict[str, Any]:
    today = at.date()
    if ask.report == COSTS:
        return _costs(session, ask, at)
    if ask.report not in REPORTS:
        raise not_found()
    find, ways = REPORTS[ask.report]
    if ask.by not in ways:
        raise invalid("by", f"This report is split by one of: {', '.join(ways)}.")
    first, after_last = quarter(ask.period, today)
    end = _start_of(after_last)
    happened = find(session, _start_of(first), end)
    people = each_person_once(happened)
    groups = _groups(session, ask.by, people, end)
    everybody = counted(people, ask.by, groups)
    if ask.scope:
        figures = fold_beside(_of_each_agency(happened, ask.by, groups), everybody, ask.scope)
    else:
        figures = fold(everybody)
    return {
        "rows": [{"name": name, "people": count} for name, count in figures.groups.items()],
        "others": figures.others,
        "total": figures.total,
        "fewer_than": LEAST,
    }


def _of_each_agency(
    happened: list[Happening], by: str, groups: Mapping[str, str]
) -> dict[str, Mapping[str, int]]:
    """By agency, how many of its people are in each group."""
    return {
        agency: counted(each_person_once(one for one in happened if one.agency == agency), by, groups)
        for agency in sorted({one.agency for one in happened})
    }


def _groups(session: ReadSession, by: str, people: list[Happening], end: datetime) -> dict[str, str]:
    whom = [one.person for one in people]
    if by == "area":
        return repository.areas_of(session, whom, end)
    return repository.needs_of(session, whom, end) if by == "need" else {}


def _costs(session: WriteSession, ask: ReportAsk, at: datetime) -> dict[str, Any]:
    """An agency's own are those of the partnership's report, as it was first read: what is recorded late
    would be the difference of the two."""
    if ask.by != "agency":
        raise invalid("by", "This report is split by agency.")
    first, after_last = year(ask.period, at.date())
    if ask.scope:
        whole = read_report(session, ask.model_copy(update={"scope": ""}), at)
        costs = costs_beside(_as_shown(whole), ask.scope)
    else:
        costs = fold_costs(*repository.spent(session, first, after_last))
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


def _as_shown(report: Mapping[str, Any]) -> Costs:
    spent = (Spent(row["name"], row["people"], row["pence"]) for row in report["rows"])
    return Costs(tuple(spent), report["others_pence"], report["people"], report["pence"])


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
