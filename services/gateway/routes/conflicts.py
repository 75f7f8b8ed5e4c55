"""Where two who may both answer for a child disagree: for the lead and the information officer alone, and for
the partnership's officer where nobody else decides it."""

from typing import Any

from fastapi import APIRouter, Response

from services.gateway.deeds import deed
from services.gateway.disclose import Gathered, Listed, Seen, release
from services.gateway.family_facts import reader_facts
from services.gateway.guards import Acting, MayDecideConflicts, MayReadCases
from services.gateway.labels import nothing
from services.gateway.paging import AskedPage, by
from services.gateway.parts import GatewayParts, Parts
from services.gateway.schemas.answers import ConflictsView
from services.gateway.schemas.views import Done
from services.gateway.views import decision_card
from shared.ids import id_or_nowhere
from shared.records.conflicts import ConflictDecision
from shared.vocabulary import Deed, LedgerAction, Role
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/cases/{case}/conflicts", tags=["consent"])


@router.get("", response_model=ConflictsView)
async def list_conflicts(case: str, acting: MayReadCases, parts: Parts, asked: AskedPage) -> Response:
    """The conflicts with the day by which each is to be decided; to anybody else the list is empty. What has
    gone up to a partnership's officer stands there for them, of a case that is otherwise not there for them.
    """
    page = asked.of(parts, acting, f"cases/{case}/conflicts")
    if acting.caller.role == Role.INFORMATION_OFFICER:
        listed = await _for_officer(parts, case, acting)
        shown, footer = page.cut(listed.rows, by("arose_at", "id"))
        card = decision_card(listed.answer, acting.purpose)
        return release(acting, {"conflicts": shown, **footer, "decision": card})
    seen = await parts.disclosure.see_case(case, acting, shows=nothing)
    path = f"/cases/{seen.bundle['case']['id']}/conflicts/list"
    rows = await parts.disclosure.read_list(path, acting, reader_facts(seen, acting))
    shown, footer = page.cut(rows, by("arose_at", "id"))
    content = {
        "conflicts": shown,
        **footer,
        "decision": decision_card(seen.answer, acting.purpose),
    }
    return release(acting, content)


async def _for_officer(parts: GatewayParts, case: str, acting: Acting) -> Listed:
    def reader(gathered: Gathered) -> dict[str, Any]:
        return {"reader": reader_facts(gathered, acting)}

    return await parts.disclosure.read_beside_case(case, "conflicts/of-office", acting, reader)


@router.post("/{conflict}/decision", response_model=Done)
async def decide_conflict(
    case: str, conflict: str, acting: MayDecideConflicts, parts: Parts, decision: ConflictDecision
) -> Response:
    """Decide which of the two answers stands, by somebody whom it does not benefit."""
    wanted, contribute = deed(Deed.DECIDE_CONFLICT), LedgerAction.CONTRIBUTE
    seen: Seen | Gathered
    if acting.caller.role == Role.INFORMATION_OFFICER:
        bundle, _ = await parts.disclosure.case_of_office(case, acting, contribute, wanted)
        seen = Gathered(bundle, ())
    else:
        seen = await parts.disclosure.see_case(case, acting, action=contribute, deed=wanted)
        bundle = seen.bundle
    content = {"decision": decision.model_dump(mode="json"), "reader": reader_facts(seen, acting)}
    path = f"/cases/{bundle['case']['id']}/conflicts/{id_or_nowhere(conflict)}/decision"
    return json_response(await parts.upstreams.write("consent", "POST", path, acting, content))
