"""HTTP about referrals."""

from fastapi import APIRouter, Response

from services.case.inboxes.schemas import InboxAsk
from services.case.referrals import operations
from shared.ids import id_or_nowhere
from shared.records.referrals import NamedUser, ReferralAcceptance, ReferralRefusal, ReferralToStore
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


@router.post("/cases/{case}/referrals")
async def refer(parts: ServiceParts, write: Write, case: str, body: ReferralToStore) -> Response:
    return created(await parts.write_once(write, operations.refer, id_or_nowhere(case), body))


@router.post("/cases/{case}/referrals/{referral}/withdrawal")
async def withdraw(parts: ServiceParts, write: Write, case: str, referral: str) -> Response:
    case, referral = id_or_nowhere(case), id_or_nowhere(referral)
    return json_response(await parts.take_away(write, operations.withdraw, case, referral))


@router.post("/referrals/inbox")
async def inbox(parts: ServiceParts, caller: InsideCaller, body: InboxAsk) -> Response:
    return json_response(await parts.store.read(operations.inbox, caller, body))


@router.get("/referrals/{referral}")
async def find(parts: ServiceParts, caller: InsideCaller, referral: str) -> Response:
    return json_response(await parts.store.read(operations.find, caller, id_or_nowhere(referral)))


@router.post("/referrals/{referral}/take-up")
async def take_up(parts: ServiceParts, write: Write, referral: str, body: NamedUser) -> Response:
    return json_response(await parts.write_once(write, operations.take_up, id_or_nowhere(referral), body))


@router.post("/referrals/{referral}/acceptance")
async def accept(parts: ServiceParts, write: Write, referral: str, body: ReferralAcceptance) -> Response:
    return json_response(await parts.take_away(write, operations.accept, id_or_nowhere(referral), body))


@router.post("/referrals/{referral}/refusal")
async def refuse(parts: ServiceParts, write: Write, referral: str, body: ReferralRefusal) -> Response:
    return json_response(await parts.take_away(write, operations.refuse, id_or_nowhere(referral), body))
