"""Releases: the owner's yes outright, by a manager of the agency that holds the information."""

from fastapi import APIRouter, Response

from services.gateway.deeds import release_own
from services.gateway.disclose import release
from services.gateway.family_facts import check_subject, reader_facts
from services.gateway.guards import MayDoCasework, MayReadCases
from services.gateway.labels import nothing
from services.gateway.paging import AskedPage, by
from services.gateway.parts import Parts, created
from services.gateway.schemas.two_keys import ReleasesView
from services.gateway.schemas.views import Done
from services.gateway.views import decision_card
from shared.ids import id_or_nowhere
from shared.records.two_keys import NewRelease, ReleaseEnding
from shared.vocabulary import LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/cases/{case}/releases", tags=["consent"])


@router.get("", response_model=ReleasesView)
async def list_releases(case: str, acting: MayReadCases, parts: Parts, asked: AskedPage) -> Response:
    """What the acting agency released of its own; another agency's releases are nobody else's to see."""
    page = asked.of(parts, acting, f"cases/{case}/releases")
    seen = await parts.disclosure.see_case(case, acting, shows=nothing)
    path = f"/cases/{seen.bundle['case']['id']}/releases/list"
    listed = await parts.disclosure.read_list(path, acting, reader_facts(seen, acting))
    shown, footer = page.cut(listed, by("recorded_at", "id"))
    content = {
        "releases": shown,
        **footer,
        "decision": decision_card(seen.answer, acting.purpose),
    }
    return release(acting, content)


@router.post("", status_code=201, response_model=Done)
async def record_release(case: str, acting: MayDoCasework, parts: Parts, new: NewRelease) -> Response:
    """Lift what an agreement allows one recipient; without the family's permission it opens nothing."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=release_own(acting.caller.agency)
    )
    check_subject(seen, new.subject)
    path = f"/cases/{seen.bundle['case']['id']}/releases"
    outcome = await parts.upstreams.write("consent", "POST", path, acting, new.model_dump(mode="json"))
    return created(outcome, f"/v1/cases/{case}/releases")


@router.post("/{release}/ending", response_model=Done)
async def end_release(
    case: str, release: str, acting: MayDoCasework, parts: Parts, ending: ReleaseEnding
) -> Response:
    """Take a release back. From ``enforced_at`` on nothing more is shown because of it."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=release_own(acting.caller.agency)
    )
    path = f"/cases/{seen.bundle['case']['id']}/releases/{id_or_nowhere(release)}/ending"
    content = ending.model_dump(mode="json")
    return json_response(await parts.upstreams.write("consent", "POST", path, acting, content))
