"""Consents over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.consents import operations
from services.consent.consents.audience import Reader
from services.consent.consents.schemas import ConsentToRecord, ReaderFacts, WithdrawalToRecord
from shared.identity import Caller
from shared.ids import id_or_nowhere
from shared.records.consents import Share
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.vocabulary import Answer
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


def reader_from(caller: Caller, facts: ReaderFacts) -> Reader:
    owned = {subject: frozenset(categories) for subject, categories in facts.owned.items()}
    return Reader(caller.user, caller.agency, caller.role, facts.relationship, owned)


@router.post("/cases/{case}/consents/list")
async def list_consents(case: str, caller: InsideCaller, parts: ServiceParts, facts: ReaderFacts) -> Response:
    reader = reader_from(caller, facts)
    return json_response(await parts.store.read(operations.list_consents, case, reader))


@router.post("/cases/{case}/consents")
async def record_consent(case: str, write: Write, parts: ServiceParts, body: ConsentToRecord) -> Response:
    """A refusal and a "not to these" take something away, so they wait D before they answer."""
    names_exclusions = isinstance(body.consent, Share) and bool(body.consent.not_recipients)
    takes_away = body.consent.answer == Answer.REFUSED or names_exclusions
    do = parts.take_away if takes_away else parts.write_once
    return created(await do(write, operations.record_consent, case, body.consent, body.family))


@router.post("/cases/{case}/consents/{consent}/withdrawal")
async def withdraw(
    case: str, consent: str, write: Write, parts: ServiceParts, body: WithdrawalToRecord
) -> Response:
    reader = reader_from(write.caller, body.reader)
    return json_response(
        await parts.take_away(
            write, operations.withdraw, case, id_or_nowhere(consent), body.withdrawal, reader
        )
    )
