"""HTTP about the money of cases."""

from fastapi import APIRouter, Response

from services.case.budget import operations
from shared.ids import id_or_nowhere
from shared.records.budget import AllocationToStore, MoneyReason, MoneyReturn, NewPurchase, Spending
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.web import StrictRoute, json_response

router = APIRouter(prefix="/cases/{case}/budget", route_class=StrictRoute)


@router.get("")
async def money(parts: ServiceParts, caller: InsideCaller, case: str) -> Response:
    return json_response(await parts.store.read(operations.money, caller, id_or_nowhere(case)))


@router.post("/allocations")
async def allocate(parts: ServiceParts, write: Write, case: str, body: AllocationToStore) -> Response:
    return created(await parts.write_once(write, operations.allocate, id_or_nowhere(case), body))


@router.post("/allocations/{allocation}/return")
async def give_back(
    parts: ServiceParts, write: Write, case: str, allocation: str, body: MoneyReturn
) -> Response:
    case, allocation = id_or_nowhere(case), id_or_nowhere(allocation)
    return json_response(await parts.write_once(write, operations.give_back, case, allocation, body))


@router.post("/purchases")
async def order(parts: ServiceParts, write: Write, case: str, body: NewPurchase) -> Response:
    return created(await parts.write_once(write, operations.order, id_or_nowhere(case), body))


@router.post("/purchases/{purchase}/signature")
async def sign(parts: ServiceParts, write: Write, case: str, purchase: str) -> Response:
    case, purchase = id_or_nowhere(case), id_or_nowhere(purchase)
    return json_response(await parts.write_once(write, operations.sign, case, purchase))


@router.post("/purchases/{purchase}/refusal")
async def refuse(parts: ServiceParts, write: Write, case: str, purchase: str, body: MoneyReason) -> Response:
    case, purchase = id_or_nowhere(case), id_or_nowhere(purchase)
    return json_response(await parts.write_once(write, operations.refuse, case, purchase, body))


@router.post("/purchases/{purchase}/spending")
async def spend(parts: ServiceParts, write: Write, case: str, purchase: str, body: Spending) -> Response:
    case, purchase = id_or_nowhere(case), id_or_nowhere(purchase)
    return json_response(await parts.write_once(write, operations.spend, case, purchase, body))


@router.post("/purchases/{purchase}/release")
async def release(parts: ServiceParts, write: Write, case: str, purchase: str, body: MoneyReason) -> Response:
    case, purchase = id_or_nowhere(case), id_or_nowhere(purchase)
    return json_response(await parts.write_once(write, operations.release, case, purchase, body))
