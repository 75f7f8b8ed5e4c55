"""What the case costs, by service with its share; recording what one's own service spent."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormPage, FormState, date_of, filled, form_at, pence_of
from clients.practitioner.presenters.costs import costs_of
from clients.practitioner.visit import Form, SignedIn, Visit
from shared.problems import not_found
from shared.records.base import Id

router = APIRouter(prefix="/cases/{case}/costs")


@router.get("")
async def costs(case: Id, visit: SignedIn) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    shown = costs_of(view, await visit.agency_names())
    return visit.page("costs/costs.html", case=case, costs=shown, notice=view["notice"])


@form_at(router, "/new")
async def recording(visit: SignedIn, case: Id) -> FormPage:
    return FormPage(
        show=partial(_page, visit, case),
        path=f"/v1/cases/{case}/costs",
        content=cost_of,
        then=f"/cases/{case}/costs",
        fields={
            "body": "", "starts_on": "first", "ends_on": "last", "pence": "amount",
            "planned_alternative": "instead", "planned_alternative_pence": "instead_amount",
        },
    )  # fmt: skip


def cost_of(form: Form) -> dict[str, Any]:
    """What was spent in the API's words, which end a time on the day after its last."""
    return filled(
        service=form["service"],
        starts_on=date_of(form, "first"),
        ends_on=_day_after(date_of(form, "last")),
        pence=pence_of(form, "amount"),
        planned_alternative=form["instead"],
        planned_alternative_pence=pence_of(form, "instead_amount"),
    )


def _day_after(day: str | None) -> str | None:
    try:
        return (date.fromisoformat(day or "") + timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return day


async def _page(visit: Visit, case: str, state: FormState, status: int) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    if not costs_of(view, await visit.agency_names()).may_add:
        raise not_found()
    return visit.page("costs/new.html", status, case=case, state=state)
