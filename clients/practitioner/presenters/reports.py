"""Reports: figures in which nobody can be found, with a chart and the table that says the same: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from clients.practitioner.presenters.charts import Chart, chart_of
from clients.practitioner.words import in_words, pounds

Json = Mapping[str, Any]
REPORTS: Mapping[str, tuple[str, Sequence[str]]] = {
    "cases-opened": ("Cases opened", ("agency", "area", "need")),
    "waits-for-a-lead": ("How long people waited for somebody in charge", ("outcome",)),
    "cases-closed": ("Cases closed", ("outcome", "agency", "area", "need")),
    "answers-to-referrals": ("Answers to referrals", ("outcome", "agency")),
    "waits-for-an-answer": ("How long people waited for an answer", ("outcome",)),
    "answers-to-nominations": ("Answers of those who were asked to lead", ("outcome", "agency")),
    "costs": ("Who pays", ("agency",)),
}
BY: Mapping[str, str] = {
    "agency": "Agency",
    "area": "Area",
    "need": "Level of need",
    "outcome": "How it went",
}
ONCE_WITH_EACH = ", each once with each agency"
_QUARTERS_BACK = 8


@dataclass(frozen=True, slots=True)
class Report:
    """``rows`` are the lines of the table under ``columns``; ``left_out`` says what may not be told."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    chart: Chart | None
    left_out: str
    total: str | None


def periods_of(today: date, report: str) -> list[tuple[str, str]]:
    """The times that are over and can be asked about, the newest first."""
    if report == "costs":
        return [(str(year), str(year)) for year in range(today.year - 1, today.year - 6, -1)]
    year, number = today.year, (today.month - 1) // 3 + 1
    found = []
    for _ in range(_QUARTERS_BACK):
        year, number = (year, number - 1) if number > 1 else (year - 1, 4)
        months = ("January to March", "April to June", "July to September", "October to December")
        found.append((f"{year}-Q{number}", f"{months[number - 1]} {year}"))
    return found


def report_of(answer: Json, names: Mapping[str, str]) -> Report:
    """The report of ``GET /v1/reports/{report}``, as words, a table and a chart."""
    title, by = REPORTS[answer["report"]][0], BY[answer["by"]]
    least, is_costs = answer["fewer_than"], answer["report"] == "costs"
    labels = [_label(row["name"], answer["by"], names) for row in answer["rows"]]
    rows = [_row(label, row, is_costs) for label, row in zip(labels, answer["rows"], strict=True)]
    figures: list[tuple[str, int | None, int]] = [
        (label, row["people"], 0) for label, row in zip(labels, answer["rows"], strict=True)
    ]
    others = answer.get("others_pence") if is_costs else answer["others"]
    if others is not None:
        told = (pounds(others), "") if is_costs else (str(others),)
        rows.append(["All others together", *(("Not told", *told) if is_costs else told)])
    total = answer["people"] if is_costs else answer["total"]
    return Report(
        title=title,
        columns=[by, "People", *(["Cost", "Share"] if is_costs else [])],
        rows=rows,
        chart=chart_of(f"{title}: people", figures, least) if figures else None,
        left_out=f"Groups of fewer than {least} people are not told, so that nobody can be found in them.",
        total=None if total is None else f"{total:,} people{'' if is_costs else ONCE_WITH_EACH}",
    )


def _row(label: str, row: Json, is_costs: bool) -> list[str]:
    share = [pounds(row["pence"]), f"{row['share_percent']} %"] if is_costs else []
    return [label, f"{row['people']:,}", *share]


def _label(name: str, by: str, names: Mapping[str, str]) -> str:
    return (names.get(name) if by == "agency" else None) or in_words(name)
