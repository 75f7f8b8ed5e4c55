"""Reviews: when the team looks at the case again, who sees to it, and what came of the last one."""

from fastapi import APIRouter, Response

from services.gateway.deeds import deed
from services.gateway.disclose import release
from services.gateway.guards import MayReadEntries, MayWriteEntries
from services.gateway.labels import nothing, of_kind
from services.gateway.paging import AskedPage
from services.gateway.parts import Parts
from services.gateway.schemas.views import Done, EntriesView
from shared.records.reviews import NewReview
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/cases/{case}/reviews", tags=["reviews"])
_KIND = "case_review"


@router.get("", response_model=EntriesView)
async def read_reviews(case: str, acting: MayReadEntries, parts: Parts, asked: AskedPage) -> Response:
    """The reviews that the caller may see. The day of the next one stands in the case's header."""
    page = asked.of(parts, acting, f"cases/{case}/reviews")
    seen = await parts.disclosure.see_case(case, acting, shows=of_kind(_KIND), portion=page.portion)
    view = page.entries(seen, area="meetings", kinds=(_KIND,))
    return release(acting, view)


@router.post("", response_model=Done)
async def record_review(case: str, acting: MayWriteEntries, parts: Parts, new: NewReview) -> Response:
    """Say when the team looks at the case again, and what came of this review. Somebody at risk is not kept
    without an owner and a next date."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.CONTRIBUTE), shows=nothing
    )
    path = f"/cases/{seen.bundle['case']['id']}/reviews"
    outcome = await parts.upstreams.write(
        "case", "POST", path, acting, new.model_dump(mode="json", exclude_unset=True)
    )
    return json_response(outcome)
