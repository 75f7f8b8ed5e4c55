"""Policies: the versions, and the way from a draft to the next one (design 3.6). For information officers."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response

from services.gateway.disclose import part_unavailable
from services.gateway.guards import Acting, InformationOfficer
from services.gateway.paging import AskedPage, by
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.schemas.policies import (
    DifferencesView,
    DraftsView,
    DraftView,
    MatrixView,
    SimulationView,
    VersionsView,
    VersionView,
)
from services.gateway.schemas.views import Done
from services.gateway.simulation import simulate
from services.gateway.upstreams import holding
from shared.disclosure import DeedAsk
from shared.ids import id_or_nowhere
from shared.problems import Problem
from shared.records.policies import (
    DraftChanges,
    NewDraft,
    PolicyApproval,
    PolicyPublication,
    PolicyRestoration,
    SimulationStep,
    number_of_version,
)
from shared.upstream import Unreachable
from shared.vocabulary import Deed
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/policies", tags=["policy"])
IfMatch = Annotated[str | None, Header()]


@router.get("", response_model=VersionsView)
async def list_versions(acting: InformationOfficer, parts: Parts, asked: AskedPage) -> Response:
    """Every published version, newest first: from when, by whom, and which is in force."""
    page = asked.of(parts, acting, "policies")
    shown, footer = page.cut(await _read(parts, acting, "/policies"), by("version"), newest_first=True)
    return json_response({"policies": shown, **footer})


@router.get("/drafts", response_model=DraftsView)
async def list_drafts(acting: InformationOfficer, parts: Parts, asked: AskedPage) -> Response:
    """Every draft, newest first."""
    page = asked.of(parts, acting, "policies/drafts")
    listed = await _read(parts, acting, "/policies/drafts")
    shown, footer = page.cut(listed, by("created_at", "id"), newest_first=True)
    return json_response({"drafts": shown, **footer})


@router.post("/drafts", status_code=201, response_model=Done)
async def begin_draft(acting: InformationOfficer, parts: Parts, new: NewDraft) -> Response:
    """Begin a draft with the content of a published version."""
    outcome = await _write(parts, acting, Deed.DRAFT_POLICY, "POST", "drafts", new.model_dump(mode="json"))
    return created(outcome, f"/v1/policies/drafts/{outcome['id']}")


@router.get("/drafts/{draft}", response_model=DraftView)
async def read_draft(draft: str, acting: InformationOfficer, parts: Parts) -> Response:
    """A draft with what lint finds, its golden rows, what it changes, its simulation and its approval."""
    return json_response(await _read(parts, acting, f"/policies/drafts/{id_or_nowhere(draft)}"))


@router.put("/drafts/{draft}", response_model=Done)
async def change_draft(
    draft: str, acting: InformationOfficer, parts: Parts, changes: DraftChanges, if_match: IfMatch = None
) -> Response:
    """Put another content in a draft's place. What breaks the vocabulary is refused with its path."""
    if if_match is None:
        raise Problem("precondition-required", "Send the draft's etag in If-Match, so that nothing is lost.")
    content = {"changes": changes.model_dump(mode="json"), "if_match": if_match}
    path = f"drafts/{id_or_nowhere(draft)}"
    return json_response(await _write(parts, acting, Deed.DRAFT_POLICY, "PUT", path, content))


@router.delete("/drafts/{draft}", response_model=Done)
async def discard_draft(draft: str, acting: InformationOfficer, parts: Parts) -> Response:
    """Throw away a draft that nobody approved as it stands, by an agency that wrote any of it."""
    path = f"drafts/{id_or_nowhere(draft)}"
    return json_response(await _write(parts, acting, Deed.DISCARD_DRAFT, "DELETE", path, None))


@router.post("/drafts/{draft}/simulation", response_model=SimulationView)
async def simulate_draft(
    draft: str, acting: InformationOfficer, parts: Parts, step: SimulationStep
) -> Response:
    """Decide all cases under the draft and under the version that it is to replace, and count what differs.

    Send it again until the state is ``finished``: each time it goes on from where it was.
    """
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.SIMULATE_POLICY))
    return json_response(await simulate(parts.upstreams, acting, id_or_nowhere(draft), step))


@router.post("/drafts/{draft}/approval", status_code=201, response_model=Done)
async def approve_draft(
    draft: str, acting: InformationOfficer, parts: Parts, approval: PolicyApproval
) -> Response:
    """Approve a draft and its results: a second person, of another agency than its authors'."""
    path = f"drafts/{id_or_nowhere(draft)}/approval"
    content = approval.model_dump(mode="json")
    outcome = await _write(parts, acting, Deed.APPROVE_POLICY, "POST", path, content)
    return created(outcome, f"/v1/policies/drafts/{draft}")


@router.post("/drafts/{draft}/publication", status_code=201, response_model=Done)
async def publish_draft(
    draft: str, acting: InformationOfficer, parts: Parts, publication: PolicyPublication
) -> Response:
    """Publish an approved draft from a moment. From ``enforced_at`` on what it takes away is not shown."""
    path = f"drafts/{id_or_nowhere(draft)}/publication"
    content = publication.model_dump(mode="json")
    outcome = await _write(parts, acting, Deed.PUBLISH_POLICY, "POST", path, content)
    # The case service knows no policy. It keeps whose leads see nothing by this one, so that they are missed;
    # a request that fails here is sent again and told then.
    afresh = replace(acting, deadline=acting.deadline.anew())
    path = f"/policies/{outcome['version']}/roles-shown-nothing"
    try:
        roles = holding(await parts.upstreams.read("consent", path, afresh), "since", "roles")
    except Unreachable:
        raise part_unavailable() from None
    await parts.upstreams.write("case", "POST", "/roles-shown-nothing", afresh, roles)
    return created(outcome, f"/v1/policies/{outcome['version']}")


@router.get("/{version}", response_model=VersionView)
async def read_version(version: str, acting: InformationOfficer, parts: Parts) -> Response:
    """One version, with its document and golden rows."""
    return json_response(await _read(parts, acting, f"/policies/{number_of_version(version)}"))


@router.get("/{version}/matrix", response_model=MatrixView)
async def read_matrix(version: str, acting: InformationOfficer, parts: Parts) -> Response:
    """What each role may see under a version."""
    return json_response(await _read(parts, acting, f"/policies/{number_of_version(version)}/matrix"))


@router.get("/{version}/differences/{other}", response_model=DifferencesView)
async def read_differences(version: str, other: str, acting: InformationOfficer, parts: Parts) -> Response:
    """What changes from one version to another."""
    path = f"/policies/{number_of_version(version)}/differences/{number_of_version(other)}"
    return json_response(await _read(parts, acting, path))


@router.post("/{version}/restoration", status_code=201, response_model=Done)
async def restore_version(
    version: str, acting: InformationOfficer, parts: Parts, restoration: PolicyRestoration
) -> Response:
    """Begin the way back: a draft with an older version's content, to be approved and published as it is."""
    path = f"{number_of_version(version)}/restoration"
    content = restoration.model_dump(mode="json")
    outcome = await _write(parts, acting, Deed.DRAFT_POLICY, "POST", path, content)
    return created(outcome, f"/v1/policies/drafts/{outcome['id']}")


async def _read(parts: GatewayParts, acting: Acting, path: str) -> Any:
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.READ_POLICY))
    try:
        return await parts.upstreams.read("consent", path, acting)
    except Unreachable:
        raise part_unavailable() from None


async def _write(
    parts: GatewayParts, acting: Acting, deed: Deed, method: str, path: str, content: Any
) -> dict[str, Any]:
    await parts.disclosure.permit(acting, DeedAsk(deed=deed))
    outcome: dict[str, Any] = await parts.upstreams.write(
        "consent", method, f"/policies/{path}", acting, content
    )
    return outcome
