"""Outcomes: what was measured at the beginning, at reviews and at the close."""

from fastapi import APIRouter, Response

from services.gateway.deeds import about_entry, deed
from services.gateway.disclose import release
from services.gateway.family_facts import check_subjects
from services.gateway.guards import MayReadEntries, MayWriteEntries
from services.gateway.labels import of_kind
from services.gateway.paging import AskedPage
from services.gateway.parts import Parts, created
from services.gateway.schemas.views import Done, EntriesView
from shared.records.outcomes import LaterValue, NewOutcomeMeasure
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/v1/cases/{case}/outcomes", tags=["plan"])
_MEASURES = ("outcome_measure",)


@router.get("", response_model=EntriesView)
async def read_outcomes(case: str, acting: MayReadEntries, parts: Parts, asked: AskedPage) -> Response:
    """The measures that the caller may see, with their values."""
    page = asked.of(parts, acting, f"cases/{case}/outcomes")
    seen = await parts.disclosure.see_case(
        case, acting, shows=of_kind(*_MEASURES), place_free="staff", portion=page.portion
    )
    return release(acting, page.entries(seen, area="plan", kinds=_MEASURES))


@router.post("", status_code=201, response_model=Done)
async def begin(case: str, acting: MayWriteEntries, parts: Parts, new: NewOutcomeMeasure) -> Response:
    """Begin to measure something, with its value before anything was done."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.CONTRIBUTE)
    )
    check_subjects(seen, new.subjects, "subjects")
    path = f"/cases/{seen.bundle['case']['id']}/outcomes"
    outcome = await parts.upstreams.write("case", "POST", path, acting, new.model_dump(mode="json"))
    return created(outcome, f"/v1/cases/{case}/outcomes")


@router.post("/{measure}/values", status_code=201, response_model=Done)
async def add_value(
    case: str, measure: str, acting: MayWriteEntries, parts: Parts, new: LaterValue
) -> Response:
    """Take a measure again (the agency that began it)."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=about_entry(Deed.CORRECT, measure)
    )
    seen.named(measure, *_MEASURES)
    path = f"/cases/{seen.bundle['case']['id']}/outcomes/{measure}/values"
    outcome = await parts.upstreams.write("case", "POST", path, acting, new.model_dump(mode="json"))
    return created(outcome, f"/v1/cases/{case}/outcomes")
