"""Authority to answer for somebody: powers of attorney, deputies, court orders, a local authority's say."""

from fastapi import APIRouter, Response

from services.gateway.deeds import deed
from services.gateway.disclose import release
from services.gateway.family_facts import check_people, check_subjects, holders, reader_facts
from services.gateway.guards import MayDoCasework, MayReadCases
from services.gateway.labels import nothing
from services.gateway.paging import AskedPage, by
from services.gateway.parts import Parts, created
from services.gateway.schemas.answers import AuthoritiesView
from services.gateway.schemas.views import Done
from services.gateway.views import decision_card
from shared.ids import id_or_nowhere
from shared.records.authorities import AuthorityEnding, NewAuthority
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/cases/{case}/authorities", tags=["consent"])


@router.get("", response_model=AuthoritiesView)
async def list_authorities(case: str, acting: MayReadCases, parts: Parts, asked: AskedPage) -> Response:
    """The authorities that the caller may see: recorder, lead, owners of information concerned."""
    page = asked.of(parts, acting, f"cases/{case}/authorities")
    seen = await parts.disclosure.see_case(case, acting, shows=nothing)
    path = f"/cases/{seen.bundle['case']['id']}/authorities/list"
    listed = await parts.disclosure.read_list(path, acting, reader_facts(seen, acting))
    shown, footer = page.cut(listed, by("recorded_at", "id"))
    content = {
        "authorities": shown,
        **footer,
        "decision": decision_card(seen.answer, acting.purpose),
    }
    return release(acting, content)


@router.post("", status_code=201, response_model=Done)
async def record_authority(case: str, acting: MayDoCasework, parts: Parts, new: NewAuthority) -> Response:
    """Record an authority, for answers to name (``under``). A court order that takes somebody's say away
    answers when that is enforced."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.RECORD_AUTHORITY)
    )
    if new.holder is None:
        check_subjects(seen, [new.subject], "subject")
    else:
        check_people(seen, subject=new.subject, giver=new.holder, giver_field="holder")
    path = f"/cases/{seen.bundle['case']['id']}/authorities"
    outcome = await parts.upstreams.write("consent", "POST", path, acting, new.model_dump(mode="json"))
    return created(outcome, f"/v1/cases/{case}/authorities")


@router.post("/{authority}/ending", response_model=Done)
async def end_authority(
    case: str, authority: str, acting: MayDoCasework, parts: Parts, ending: AuthorityEnding
) -> Response:
    """End an authority. What was given under it ends with it, from ``enforced_at`` on. The end of a court
    order that took somebody's say away takes a reference and an agency that it does not benefit."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.END_AUTHORITY)
    )
    content = {
        "ending": ending.model_dump(mode="json"),
        "reader": reader_facts(seen, acting),
        "holders": holders(seen),
    }
    path = f"/cases/{seen.bundle['case']['id']}/authorities/{id_or_nowhere(authority)}/ending"
    return json_response(await parts.upstreams.write("consent", "POST", path, acting, content))
