"""Consents (on screen: permissions), refusals and withdrawals."""

from typing import Any

from fastapi import APIRouter, Response

from services.gateway.deeds import deed, record_permission
from services.gateway.disclose import release
from services.gateway.family_facts import check_people, facts_about, reader_facts
from services.gateway.guards import MayReadCases, MayRecordAnswers
from services.gateway.labels import nothing
from services.gateway.parts import Parts, created
from services.gateway.schemas.views import ConsentsView, Done
from services.gateway.views import decision_card
from shared.ids import id_or_nowhere
from shared.records.consents import NewConsent, Withdrawal
from shared.vocabulary import Answer, Deed, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/cases/{case}/consents", tags=["consent"])


@router.get("", response_model=ConsentsView)
async def list_consents(case: str, acting: MayReadCases, parts: Parts) -> Response:
    """The answers that the caller may see: recorder, lead, owners concerned; recipients what names them."""
    seen = await parts.disclosure.see_case(case, acting, shows=nothing)
    path = f"/cases/{seen.bundle['case']['id']}/consents/list"
    listed = await parts.disclosure.read_list(path, acting, reader_facts(seen, acting))
    content = {
        "consents": listed,
        "notice": parts.notice,
        "decision": decision_card(seen.answer, acting.purpose),
    }
    return release(acting, content)


@router.post("", status_code=201, response_model=Done)
async def record_consent(case: str, acting: MayRecordAnswers, parts: Parts, new: NewConsent) -> Response:
    """Record an answer: to taking part, or to sharing. A refusal answers when it is enforced."""
    # A refusal benefits nobody: whoever hears it must be able to write it down.
    recipients: Any = getattr(new, "recipients", ()) if new.answer == Answer.GIVEN else ()
    recording = record_permission(
        recipients, acting.caller.agency, has_reference=new.evidence.reference is not None
    )
    seen = await parts.disclosure.see_case(case, acting, action=LedgerAction.CONTRIBUTE, deed=recording)
    check_people(seen, subject=new.subject, giver=new.giver)
    content = {"consent": new.model_dump(mode="json"), "family": facts_about(seen, new.subject)}
    path = f"/cases/{seen.bundle['case']['id']}/consents"
    outcome = await parts.upstreams.write("consent", "POST", path, acting, content)
    return created(outcome, f"/v1/cases/{case}/consents")


@router.post("/{consent}/withdrawal", response_model=Done)
async def withdraw(
    case: str, consent: str, acting: MayRecordAnswers, parts: Parts, withdrawal: Withdrawal
) -> Response:
    """Take a permission back. From ``enforced_at`` on nothing more is shown because of it."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.WITHDRAW_PERMISSION)
    )
    content = {"withdrawal": withdrawal.model_dump(mode="json"), "reader": reader_facts(seen, acting)}
    path = f"/cases/{seen.bundle['case']['id']}/consents/{id_or_nowhere(consent)}/withdrawal"
    return json_response(await parts.upstreams.write("consent", "POST", path, acting, content))
