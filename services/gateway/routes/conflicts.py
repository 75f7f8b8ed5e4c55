"""Where two who may both answer for a child disagree: for the lead and the information officer alone."""

from fastapi import APIRouter, Response

from services.gateway.deeds import deed
from services.gateway.disclose import release
from services.gateway.family_facts import reader_facts
from services.gateway.guards import MayDecideConflicts, MayReadCases
from services.gateway.labels import nothing
from services.gateway.paging import AskedPage, by
from services.gateway.parts import Parts
from services.gateway.schemas.answers import ConflictsView
from services.gateway.schemas.views import Done
from services.gateway.views import decision_card
from shared.ids import id_or_nowhere
from shared.records.conflicts import ConflictDecision
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/cases/{case}/conflicts", tags=["consent"])


@router.get("", response_model=ConflictsView)
async def list_conflicts(case: str, acting: MayReadCases, parts: Parts, asked: AskedPage) -> Response:
    """The conflicts with the day by which each is to be decided; to anybody else the list is empty."""
    page = asked.of(parts, acting, f"cases/{case}/conflicts")
    seen = await parts.disclosure.see_case(case, acting, shows=nothing)
    path = f"/cases/{seen.bundle['case']['id']}/conflicts/list"
    listed = await parts.disclosure.read_list(path, acting, reader_facts(seen, acting))
    shown, footer = page.cut(listed, by("arose_at", "id"))
    content = {
        "conflicts": shown,
        **footer,
        "decision": decision_card(seen.answer, acting.purpose),
    }
    return release(acting, content)


@router.post("/{conflict}/decision", response_model=Done)
async def decide_conflict(
    case: str, conflict: str, acting: MayDecideConflicts, parts: Parts, decision: ConflictDecision
) -> Response:
    """Decide which of the two answers stands, by somebody whom it does not benefit."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.DECIDE_CONFLICT)
    )
    content = {"decision": decision.model_dump(mode="json"), "reader": reader_facts(seen, acting)}
    path = f"/cases/{seen.bundle['case']['id']}/conflicts/{id_or_nowhere(conflict)}/decision"
    return json_response(await parts.upstreams.write("consent", "POST", path, acting, content))
