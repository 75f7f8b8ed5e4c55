"""What the case costs, by service, with each one's share: what its reader sees of it. Whole pence, always:
pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from clients.practitioner.presenters.charts import Chart, chart_of
from clients.practitioner.words import in_words, pounds
from shared.vocabulary import Deed

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cost:
    """``pence`` is None where how much it was is not shown. ``last``: its last day."""

    what: str
    first: str
    last: str
    pence: int | None
    instead: str | None
    instead_pence: int | None


@dataclass(frozen=True, slots=True)
class OfService:
    """What one service spent. ``share``: of all that is shown; neither where nothing of it is."""

    service: str
    pence: int | None
    share: str | None
    costs: Sequence[Cost]


@dataclass(frozen=True, slots=True)
class CostsPage:
    """``instead_pence``: what was planned or asked for instead would have cost."""

    services: Sequence[OfService]
    total: int
    instead_pence: int
    chart: Chart | None
    is_hidden: bool
    may_add: bool


def costs_of(view: Json, names: Mapping[str, str]) -> CostsPage:
    """The costs of ``GET /v1/cases/{case}``, the service that spent most first."""
    by_owner: dict[str, list[Cost]] = {}
    for entry in view["areas"]["budget"]:
        if entry["kind"] == "service_cost":
            by_owner.setdefault(entry["owner"], []).append(_cost(entry["fields"]))
    costs = [cost for listed in by_owner.values() for cost in listed]
    total = sum(cost.pence or 0 for cost in costs)
    services = [
        _of_service(names.get(owner) or in_words(owner), listed, total) for owner, listed in by_owner.items()
    ]
    services.sort(key=lambda one: (-(one.pence or 0), one.service))
    told: list[tuple[str, int | None, int]] = [
        (one.service, one.pence, 0) for one in services if one.pence is not None
    ]
    return CostsPage(
        services=services,
        total=total,
        instead_pence=sum(cost.instead_pence or 0 for cost in costs),
        chart=chart_of("What each service spent", told, in_words=pounds) if told else None,
        is_hidden=any(cost.pence is None for cost in costs),
        may_add=Deed.CONTRIBUTE in view["may"],
    )


def _cost(fields: Json) -> Cost:
    last = date.fromisoformat(fields["ends_on"]) - timedelta(days=1)
    return Cost(
        what=fields.get("service") or "Details not shown",
        first=fields["starts_on"],
        last=last.isoformat(),
        pence=fields.get("pence"),
        instead=fields.get("planned_alternative"),
        instead_pence=fields.get("planned_alternative_pence"),
    )


def _of_service(service: str, costs: Sequence[Cost], total: int) -> OfService:
    told = [cost.pence for cost in costs if cost.pence is not None]
    spent = sum(told) if told else None
    listed = sorted(costs, key=lambda cost: cost.first)
    return OfService(service, spent, None if spent is None else share_of(spent, total), listed)


def share_of(pence: int, total: int) -> str:
    """A share in per cent with one decimal, rounded half up; of nothing, nothing."""
    tenths = (2_000 * pence + total) // (2 * total) if total else 0
    return f"{tenths // 10}.{tenths % 10} %"
