"""Policies over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.policies import operations
from services.consent.policies.schemas import DraftToChange
from shared.ids import id_or_nowhere
from shared.records.policies import (
    NewDraft,
    PolicyApproval,
    PolicyPublication,
    PolicyRestoration,
    number_of_version,
)
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/policies")


@router.get("")
async def list_versions(_: InsideCaller, parts: ServiceParts) -> Response:
    return json_response(await parts.store.read(operations.list_versions, parts.clock()))


@router.get("/purposes")
async def read_purposes(_: InsideCaller, parts: ServiceParts) -> Response:
    decisions = parts.extra.decisions
    return json_response(await parts.store.read(operations.read_purposes, decisions, parts.clock()))


@router.get("/drafts")
async def list_drafts(_: InsideCaller, parts: ServiceParts) -> Response:
    return json_response(await parts.store.read(operations.list_drafts))


@router.post("/drafts")
async def begin_draft(write: Write, parts: ServiceParts, body: NewDraft) -> Response:
    return created(await parts.write_once(write, operations.begin_draft, body))


@router.get("/drafts/{draft}")
async def read_draft(draft: str, caller: InsideCaller, parts: ServiceParts) -> Response:
    asked = parts.extra.decisions, caller, id_or_nowhere(draft)
    return json_response(await parts.store.read(operations.read_draft, *asked))


@router.put("/drafts/{draft}")
async def change_draft(draft: str, write: Write, parts: ServiceParts, body: DraftToChange) -> Response:
    return json_response(
        await parts.write_once(
            write, operations.change_draft, id_or_nowhere(draft), body.changes, body.if_match
        )
    )


@router.delete("/drafts/{draft}")
async def discard_draft(draft: str, write: Write, parts: ServiceParts) -> Response:
    return json_response(await parts.write_once(write, operations.discard_draft, id_or_nowhere(draft)))


@router.post("/drafts/{draft}/approval")
async def approve_draft(draft: str, write: Write, parts: ServiceParts, body: PolicyApproval) -> Response:
    decisions = parts.extra.decisions
    return created(
        await parts.write_once(write, operations.approve_draft, decisions, id_or_nowhere(draft), body)
    )


@router.post("/drafts/{draft}/publication")
async def publish_draft(draft: str, write: Write, parts: ServiceParts, body: PolicyPublication) -> Response:
    """Publishing may take something away, so it waits D; what it changes is enforced from its date on."""
    decisions = parts.extra.decisions
    outcome = await parts.take_away(write, operations.publish_draft, decisions, id_or_nowhere(draft), body)
    enforced_at = max(outcome["published_from"], outcome["enforced_at"])
    return created({**outcome, "enforced_at": enforced_at})


@router.get("/{version}")
async def read_version(version: str, _: InsideCaller, parts: ServiceParts) -> Response:
    asked = number_of_version(version), parts.clock()
    return json_response(await parts.store.read(operations.read_version, *asked))


@router.get("/{version}/matrix")
async def read_matrix(version: str, _: InsideCaller, parts: ServiceParts) -> Response:
    asked = parts.extra.decisions, number_of_version(version)
    return json_response(await parts.store.read(operations.read_matrix, *asked))


@router.get("/{version}/roles-shown-nothing")
async def read_roles_shown_nothing(version: str, _: InsideCaller, parts: ServiceParts) -> Response:
    asked = parts.extra.decisions, number_of_version(version)
    return json_response(await parts.store.read(operations.read_roles_shown_nothing, *asked))


@router.get("/{version}/differences/{other}")
async def read_differences(version: str, other: str, _: InsideCaller, parts: ServiceParts) -> Response:
    both = number_of_version(version), number_of_version(other)
    return json_response(await parts.store.read(operations.read_differences, parts.extra.decisions, *both))


@router.post("/{version}/restoration")
async def restore_version(
    version: str, write: Write, parts: ServiceParts, body: PolicyRestoration
) -> Response:
    number = number_of_version(version)
    return created(await parts.write_once(write, operations.restore_version, number, body))
