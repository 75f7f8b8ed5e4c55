"""Consents over HTTP, inside."""

from fastapi import APIRouter, Response

from services.consent.consents import operations
from services.consent.consents.audience import Reader
from services.consent.consents.authority import answers_in_own_right
from services.consent.consents.schemas import (
    ConsentToRecord,
    ConversationToRecord,
    ExpiringAsk,
    ReaderFacts,
    WhoMayAnswer,
    WithdrawalToRecord,
)
from services.consent.consents.sentences import withdrawn, withdrawn_beside_another
from shared.identity import Caller
from shared.ids import id_or_nowhere
from shared.records.consents import Share
from shared.service import InsideCaller, ServiceParts, Write, created
from shared.vocabulary import Answer
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute)


def reader_from(caller: Caller, facts: ReaderFacts) -> Reader:
    owned = {subject: frozenset(categories) for subject, categories in facts.owned.items()}
    return Reader(
        user=caller.user,
        agency=caller.agency,
        role=caller.role,
        relationship=facts.relationship,
        owned=owned,
        works_for=facts.works_for,
        person=caller.person,
        decides_from=facts.decides_from,
        lead_agency=facts.lead_agency,
        transferred_at=facts.transferred_at,
        in_charge=facts.in_charge,
        responsible=facts.responsible,
    )


@router.post("/cases/{case}/consents/list")
async def list_consents(case: str, caller: InsideCaller, parts: ServiceParts, facts: ReaderFacts) -> Response:
    reader = reader_from(caller, facts)
    return json_response(await parts.store.read(operations.list_consents, case, reader, parts.clock()))


@router.post("/consents/check")
async def who_may_answer(caller: InsideCaller, parts: ServiceParts, body: WhoMayAnswer) -> Response:
    """Nothing is recorded: it is asked before somebody is."""
    reader = reader_from(caller, body.reader)
    asking = parts.store.read(
        operations.who_may_answer, body.case, body.asked, body.family, reader, parts.clock()
    )
    return json_response(await asking)


@router.post("/consents/expiring")
async def expiring(caller: InsideCaller, parts: ServiceParts, asked: ExpiringAsk) -> Response:
    readers = {case: reader_from(caller, facts) for case, facts in asked.cases.items()}
    return json_response(await parts.store.read(operations.list_expiring, readers, parts.clock()))


@router.post("/cases/{case}/consents")
async def record_consent(case: str, write: Write, parts: ServiceParts, body: ConsentToRecord) -> Response:
    """What may take something away waits D before it answers: a refusal, a "not to these", and a person's own
    answer, which stands in the place of what others said for them."""
    do = parts.take_away if _takes_away(body) else parts.write_once
    decisions = parts.extra.decisions
    reader = reader_from(write.caller, body.reader)
    recording = do(
        write,
        operations.record_consent,
        decisions,
        case,
        body.consent,
        body.family,
        reader,
        owners=body.owners,
    )
    return created(await recording)


@router.post("/cases/{case}/consents/conversations")
async def record_conversation(
    case: str, write: Write, parts: ServiceParts, body: ConversationToRecord
) -> Response:
    do = parts.take_away if any(map(_takes_away, body.answers)) else parts.write_once
    reader = reader_from(write.caller, body.reader)
    recording = do(write, operations.record_conversation, parts.extra.decisions, case, body.answers, reader)
    return created(await recording)


def _takes_away(said: ConsentToRecord) -> bool:
    consent = said.consent
    names_exclusions = isinstance(consent, Share) and bool(consent.not_recipients)
    own = answers_in_own_right(consent.capacity)
    return consent.answer == Answer.REFUSED or names_exclusions or own


@router.post("/cases/{case}/consents/{consent}/withdrawal")
async def withdraw(
    case: str, consent: str, write: Write, parts: ServiceParts, body: WithdrawalToRecord
) -> Response:
    reader = reader_from(write.caller, body.reader)
    outcome = await parts.take_away(
        write,
        operations.withdraw,
        parts.extra.decisions,
        case,
        id_or_nowhere(consent),
        body.withdrawal,
        reader,
    )
    told = outcome.pop("told", None)
    if told is not None:
        says = withdrawn_beside_another if told["still_seen"] else withdrawn
        outcome["says"] = says(outcome["enforced_at"], told["services"], told["things"])
    return json_response(outcome)
