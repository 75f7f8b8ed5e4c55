"""HTTP about reviews."""

from fastapi import APIRouter, Response

from services.case.reviews import operations
from shared.ids import id_or_nowhere
from shared.records.reviews import FollowUp, NewReview
from shared.service import InsideCaller, ServiceParts, Write
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/cases/{case}/reviews")
async def record_review(parts: ServiceParts, write: Write, case: str, body: NewReview) -> Response:
    recorded = operations.record_review
    return json_response(await parts.write_once(write, recorded, id_or_nowhere(case), body, parts.extra))


@router.get("/cases/{case}/reviews/owners")
async def who_may_own(parts: ServiceParts, _: InsideCaller, case: str) -> Response:
    return json_response(await parts.store.read(operations.who_may_own, id_or_nowhere(case)))


@router.post("/cases/{case}/reviews/follow-up")
async def follow_up(parts: ServiceParts, write: Write, case: str, body: FollowUp) -> Response:
    return json_response(await parts.write_once(write, operations.follow_up, id_or_nowhere(case), body))
