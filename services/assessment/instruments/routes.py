"""The instruments over HTTP."""

from fastapi import APIRouter, Response

from services.assessment.instruments.library import Library
from shared.problems import not_found
from shared.service import InsideCaller, ServiceParts
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.get("/instruments")
async def list_instruments(_: InsideCaller, parts: ServiceParts) -> Response:
    """The instruments that an assessment can be made under."""
    library: Library = parts.extra
    found = [
        instrument.model_dump(mode="json", include={"code", "version", "title", "ages"})
        for instrument in library.all()
    ]
    return json_response({"instruments": found})


@router.get("/instruments/{code}/{version}")
async def read_instrument(code: str, version: str, _: InsideCaller, parts: ServiceParts) -> Response:
    """One version of one instrument in full."""
    library: Library = parts.extra
    instrument = library.find(code, version)
    if instrument is None:
        raise not_found()
    return json_response(instrument.model_dump(mode="json"))
