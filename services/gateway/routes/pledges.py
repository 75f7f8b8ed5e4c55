"""Pledges: what agencies promised at meetings, how it stands, and whether it was kept."""

from fastapi import APIRouter, Response

from services.gateway.deeds import in_own_words
from services.gateway.disclose import release
from services.gateway.following_up import read_follow_up, standing_of
from services.gateway.guards import MayReadCases, MayRecordAnswers
from services.gateway.paging import AskedPage
from services.gateway.parts import Parts
from services.gateway.schemas.plan import PledgesView
from services.gateway.schemas.views import Done
from shared.disclosure import Entry
from shared.problems import not_found
from shared.records.compact import CommitmentStanding
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/cases/{case}/pledges", tags=["plan"])


def _is_pledge(entry: Entry) -> bool:
    return entry.get("kind") == "action" and entry["fields"].get("pledge") is not None


@router.get("", response_model=PledgesView)
async def read_pledges(case: str, acting: MayReadCases, parts: Parts, asked: AskedPage) -> Response:
    """What was pledged at the meetings of a case, as far as the caller may see it, and how it stands: in the
    same words as a promise of the family."""
    page = asked.of(parts, acting, f"cases/{case}/pledges")
    kept = await read_follow_up(parts, acting, case)
    seen = await parts.disclosure.see_case(
        case, acting, shows=_is_pledge, place_free="staff", portion=page.portion
    )
    view = page.entries(seen, area="plan", kinds=("action",), of=lambda entry: "pledge" in entry["fields"])
    lines = [{"pledge": entry, **standing_of(kept, entry["id"])} for entry in view.pop("entries")]
    return release(acting, {"pledges": lines, **view})


@router.post("/{pledge}/standing", response_model=Done)
async def say_what_became(
    case: str, pledge: str, acting: MayRecordAnswers, parts: Parts, said: CommitmentStanding
) -> Response:
    """Say that a pledge was kept or missed. Those say it to whom it was given, the family among them; the
    agency that gave it says in the plan how it stands."""
    person = acting.caller.person
    seen = await parts.disclosure.see_case(
        case,
        acting,
        action=LedgerAction.CONTRIBUTE,
        deed=in_own_words(Deed.SAY_WHAT_BECAME, person, person),
    )
    found, _ = seen.named(pledge)
    if not _is_pledge(found):
        raise not_found()
    path = f"/cases/{seen.bundle['case']['id']}/pledges/{pledge}/standing"
    content = said.model_dump(mode="json")
    return json_response(await parts.upstreams.write("case", "POST", path, acting, content))
