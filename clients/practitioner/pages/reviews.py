"""Reviews: when the team looks at the case again, and what came of the last time."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormPage, FormState, date_of, filled, form_at
from clients.practitioner.pages.plan import REVEALS
from clients.practitioner.presenters.reviews import OUTCOMES, reviews_of
from clients.practitioner.visit import Form, SignedIn, Visit
from shared.problems import not_found
from shared.records.base import Id
from shared.vocabulary import Deed

router = APIRouter(prefix="/cases/{case}/reviews")


@router.get("")
async def reviews(case: Id, visit: SignedIn) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    shown = reviews_of(view, await visit.agency_names(), visit.today.isoformat())
    return visit.page("reviews/list.html", case=case, reviews=shown, notice=view["notice"])


@form_at(router, "/new")
async def reviewing(visit: SignedIn, case: Id) -> FormPage:
    return FormPage(
        show=partial(_page, visit, case),
        path=f"/v1/cases/{case}/reviews",
        content=review_of,
        then=f"/cases/{case}/reviews",
        fields={"body": "outcome"},
    )


def review_of(form: Form) -> dict[str, Any]:
    """The review in the API's words; what was not answered stays as it was."""
    at_risk = {"yes": True, "no": False}.get(form["at_risk"])
    return filled(
        review_on=date_of(form, "review_on"),
        held_on=date_of(form, "held_on"),
        outcome=form["outcome"],
        at_risk=at_risk,
        owner=form["owner"],
        note=form["note"],
        categories=form.all("categories"),
    )


async def _page(visit: Visit, case: str, state: FormState, status: int) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    if Deed.CONTRIBUTE not in view["may"]:
        raise not_found()
    return visit.page(
        "reviews/new.html",
        status,
        case=case,
        state=state,
        outcomes=OUTCOMES,
        team=[(one["id"], one["name"]) for one in view["header"]["team"]],
        reveals=REVEALS,
    )
