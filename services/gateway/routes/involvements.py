"""Who works with a person: the teams of their cases, and what agencies say of their own work."""

from fastapi import APIRouter, Response

from services.gateway.deeds import deed
from services.gateway.disclose import Seen, release
from services.gateway.guards import Acting, MayReadEntries, MayWriteEntries
from services.gateway.labels import of_kind
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.schemas.views import Done, InvolvementsView
from services.gateway.views import involvements_view
from shared.ids import id_or_nowhere
from shared.records.involvements import InvolvementEnding, NewInvolvement
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/people/{person}/involvements", tags=["people"])


@router.get("", response_model=InvolvementsView)
async def read_involvements(person: str, acting: MayReadEntries, parts: Parts) -> Response:
    """Who else works with this person: the teams of the cases that exist for the caller, and what agencies
    recorded of their own work, each at its level."""
    seen = await parts.disclosure.see_person(person, acting, shows=of_kind("involvement"), place_free="staff")
    cases = await parts.disclosure.see_cases(seen.bundle["cases"], acting, LedgerAction.LIST)
    found = [case for case in cases if case is not None]
    return release(acting, involvements_view(seen, found, acting.purpose, parts.notice))


@router.post("", status_code=201, response_model=Done)
async def record_involvement(
    person: str, acting: MayWriteEntries, parts: Parts, new: NewInvolvement
) -> Response:
    """Say that the acting agency works with somebody whose record the caller sees, on their team or not."""
    seen = await _may(parts, acting, person)
    path = f"/people/{seen.bundle['person']}/involvements"
    outcome = await parts.upstreams.write("case", "POST", path, acting, new.model_dump(mode="json"))
    return created(outcome, f"/v1/people/{person}/involvements")


@router.post("/{involvement}/ending", response_model=Done)
async def end_involvement(
    person: str, involvement: str, acting: MayWriteEntries, parts: Parts, ending: InvolvementEnding
) -> Response:
    """Say that the acting agency's work with somebody has ended. What others recorded is not there."""
    seen = await _may(parts, acting, person)
    path = f"/people/{seen.bundle['person']}/involvements/{id_or_nowhere(involvement)}/ending"
    return json_response(
        await parts.upstreams.write("case", "POST", path, acting, ending.model_dump(mode="json"))
    )


async def _may(parts: GatewayParts, acting: Acting, person: str) -> Seen:
    return await parts.disclosure.see_person(
        person, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.RECORD_INVOLVEMENT)
    )
