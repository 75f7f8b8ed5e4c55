"""Agencies over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.agencies import operations
from shared.records.agencies import NewAgency
from shared.records.users import NewSuspension, SuspensionLifting
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.get("/agencies")
async def list_agencies(_: InsideCaller, parts: ServiceParts) -> Response:
    return json_response(await parts.store.read(operations.list_agencies))


@router.post("/agencies")
async def add_agency(write: Write, parts: ServiceParts, new: NewAgency) -> Response:
    return created(await parts.write_once(write, operations.add_agency, new))


@router.get("/suspensions")
async def list_suspensions(caller: InsideCaller, parts: ServiceParts) -> Response:
    return json_response(await parts.store.read(operations.list_suspensions, parts.extra.decisions, caller))


@router.post("/suspensions")
async def suspend_user(write: Write, parts: ServiceParts, new: NewSuspension) -> Response:
    decisions = parts.extra.decisions
    said = (new.user, new.reason, new.name)
    return created(await parts.take_away(write, operations.suspend_user, decisions, *said))


@router.post("/suspensions/lifting")
async def lift_suspension(write: Write, parts: ServiceParts, lifting: SuspensionLifting) -> Response:
    decisions = parts.extra.decisions
    return json_response(
        await parts.write_once(write, operations.lift_suspension, decisions, lifting.user, lifting.reason)
    )
