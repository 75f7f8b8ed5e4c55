"""Consents (on screen: permissions), refusals and withdrawals."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Response

from services.gateway.deeds import in_own_words, record_permission
from services.gateway.disclose import DeedOf, Seen, decision_unavailable, part_unavailable, release
from services.gateway.family_facts import check_people, facts_about, in_charge, owners_concerned, reader_facts
from services.gateway.guards import Acting, MayDoCasework, MayReadCases, MayRecordAnswers
from services.gateway.labels import nothing
from services.gateway.paging import AskedPage, by
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.places import answers_without_places
from services.gateway.schemas.answers import ReleasedView, WhoMayAnswerView
from services.gateway.schemas.views import ConsentsView, Done
from services.gateway.upstreams import holding
from services.gateway.views import decision_card
from shared.ids import id_or_nowhere
from shared.records.consents import (
    AnswerCheck,
    Conversation,
    NewConsent,
    Share,
    SpokenWithdrawal,
    WhoAnswers,
    Withdrawal,
)
from shared.upstream import Unreachable
from shared.vocabulary import Answer, Category, Deed, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/cases/{case}/consents", tags=["consent"])


@router.get("", response_model=ConsentsView)
async def list_consents(case: str, acting: MayReadCases, parts: Parts, asked: AskedPage) -> Response:
    """The answers that the caller may see: recorder, lead, owners concerned; recipients what names them."""
    page = asked.of(parts, acting, f"cases/{case}/consents")
    seen = await parts.disclosure.see_case(case, acting, shows=nothing, place_free="staff")
    path = f"/cases/{seen.bundle['case']['id']}/consents/list"
    listed = await parts.disclosure.read_list(path, acting, reader_facts(seen, acting))
    if seen.names_no_agency:
        listed = answers_without_places(listed, acting.caller.agency)
    shown, footer = page.cut(listed, by("recorded_at", "id"))
    content = {
        "consents": shown,
        **footer,
        "decision": decision_card(seen.answer, acting.purpose),
    }
    return release(acting, content)


@router.post("", status_code=201, response_model=Done)
async def record_consent(case: str, acting: MayRecordAnswers, parts: Parts, new: NewConsent) -> Response:
    """Record an answer: to taking part, or to sharing. A refusal answers when it is enforced."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=_recording(new, acting)
    )
    content = _to_record(seen, acting, new) | {"reader": reader_facts(seen, acting)}
    path = f"/cases/{seen.bundle['case']['id']}/consents"
    outcome = await parts.upstreams.write("consent", "POST", path, acting, content)
    return created(outcome, f"/v1/cases/{case}/consents")


@router.post("/conversations", status_code=201, response_model=Done)
async def record_conversation(case: str, acting: MayDoCasework, parts: Parts, said: Conversation) -> Response:
    """Record what somebody said in one conversation, yes and no: all of it or nothing. It answers when what
    it takes away is enforced."""
    recording = _recording_all(said.answers, acting)
    seen = await parts.disclosure.see_case(case, acting, action=LedgerAction.CONTRIBUTE, deed=recording)
    answers = [_to_record(seen, acting, new, f"answers.{number}.") for number, new in enumerate(said.answers)]
    path = f"/cases/{seen.bundle['case']['id']}/consents/conversations"
    content = {"answers": answers, "reader": reader_facts(seen, acting)}
    outcome = await parts.upstreams.write("consent", "POST", path, acting, content)
    return created(outcome, f"/v1/cases/{case}/consents")


@router.post("/check", response_model=WhoMayAnswerView)
async def check_answer(case: str, acting: MayDoCasework, parts: Parts, asked: AnswerCheck) -> Response:
    """What somebody may answer for, before they are asked: the reasons are those for which the caller would
    be refused to record their answer, of what they may know. Nothing is recorded but that it was asked."""
    asking = record_permission((), acting.works_for, has_reference=True)
    seen = await parts.disclosure.see_case(case, acting, shows=nothing, deed=asking)
    _check_who(seen, asked)
    body = {
        "case": seen.bundle["case"]["id"],
        "asked": asked.model_dump(mode="json"),
        "family": facts_about(seen, asked.subject),
        "reader": reader_facts(seen, acting),
    }
    try:
        answer = await parts.upstreams.ask("consent", "/consents/check", acting, body)
        found = holding(answer, "may", "may_not", "taking_part")
    except Unreachable:
        raise decision_unavailable() from None
    content = {**found, "notice": parts.notice, "decision": decision_card(seen.answer, acting.purpose)}
    return release(acting, content)


def _check_who(seen: Seen, new: WhoAnswers, within: str = "") -> None:
    # An authority that an agency holds speaks for itself: its id stands for the giver.
    giver = new.subject if new.giver == new.under else new.giver
    check_people(seen, subject=new.subject, giver=giver, within=within)


def _to_record(seen: Seen, acting: Acting, new: NewConsent, within: str = "") -> dict[str, Any]:
    _check_who(seen, new, within)
    return {
        "consent": new.model_dump(mode="json"),
        "family": facts_about(seen, new.subject),
        "owners": _owners_to_tell(seen, acting, new),
    }


def _owners_to_tell(seen: Seen, acting: Acting, new: NewConsent) -> dict[str, Any]:
    """Who is told of a permission that benefits the recorder's agency; a 503 where that is not known."""
    permit = seen.answer.permit
    opens_to_own = new.answer == Answer.GIVEN and not acting.works_for.isdisjoint(_recipients(new, acting))
    if permit is None or not permit.notify_owners or not opens_to_own:
        return {}
    if seen.unavailable:
        raise part_unavailable()
    about = new.categories if isinstance(new, Share) else tuple(Category)
    return owners_concerned(seen, new.subject, about)


def _recording(new: NewConsent, acting: Acting) -> DeedOf:
    if new.answer == Answer.REFUSED:
        # A refusal benefits nobody: whoever hears it must be able to write it down.
        return in_own_words(Deed.RECORD_REFUSAL, new.giver, acting.caller.person)
    return record_permission(
        _recipients(new, acting), acting.works_for, has_reference=new.evidence.reference is not None
    )


def _recipients(new: NewConsent, acting: Acting) -> tuple[str, ...]:
    # A yes to taking part opens what default rows and agreements give a team, the recorder's agency included.
    return new.recipients if isinstance(new, Share) else (acting.caller.agency,)


def _recording_all(answers: Sequence[NewConsent], acting: Acting) -> DeedOf:
    """What must be allowed for all of them: a yes needs more than a no, and the evidence of each yes."""
    given = [new for new in answers if new.answer == Answer.GIVEN]
    if not given:
        return in_own_words(Deed.RECORD_REFUSAL, None, None)
    recipients = {agency for new in given for agency in _recipients(new, acting)}
    has_reference = all(new.evidence.reference is not None for new in given)
    return record_permission(recipients, acting.works_for, has_reference=has_reference)


@router.post("/withdrawals", status_code=201, response_model=Done)
async def record_spoken_withdrawal(
    case: str, acting: MayRecordAnswers, parts: Parts, withdrawal: SpokenWithdrawal
) -> Response:
    """Write down what somebody takes back. It ends every permission that their words reach, also those that
    the recorder may not see, and the answer does not tell whether there were any."""
    seen = await _may_withdraw(case, acting, parts, withdrawal.withdrawn_by)
    check_people(seen, subject=withdrawal.subject, giver=withdrawal.withdrawn_by, giver_field="withdrawn_by")
    path = f"/cases/{seen.bundle['case']['id']}/consents/withdrawals"
    content = withdrawal.model_dump(mode="json") | {"in_charge": in_charge(seen)}
    outcome = await parts.upstreams.write("consent", "POST", path, acting, content)
    return created(outcome, f"/v1/cases/{case}/consents")


async def _may_withdraw(case: str, acting: Acting, parts: GatewayParts, by: str | None) -> Seen:
    taking_back = in_own_words(Deed.WITHDRAW_PERMISSION, by, acting.caller.person)
    return await parts.disclosure.see_case(case, acting, action=LedgerAction.CONTRIBUTE, deed=taking_back)


@router.get("/{consent}/disclosures", response_model=ReleasedView)
async def read_released(case: str, consent: str, acting: MayReadCases, parts: Parts) -> Response:
    """What left because of a permission, to whom, and what those say who were told that it has ended: for the
    lead, whoever took it, and their information officer."""
    seen = await parts.disclosure.see_case(case, acting, shows=nothing)
    path = f"/cases/{seen.bundle['case']['id']}/consents/{id_or_nowhere(consent)}/disclosures"
    try:
        answer = await parts.upstreams.ask("consent", path, acting, {"reader": reader_facts(seen, acting)})
        found = holding(answer, "consent", "withdrawn_at", "released", "messages")
    except Unreachable:
        raise decision_unavailable() from None
    content = {
        **{name: found[name] for name in ("consent", "withdrawn_at", "released", "messages")},
        "notice": parts.notice,
        "decision": decision_card(seen.answer, acting.purpose),
    }
    return release(acting, content)


@router.post("/{consent}/withdrawal", response_model=Done)
async def withdraw(
    case: str, consent: str, acting: MayRecordAnswers, parts: Parts, withdrawal: Withdrawal
) -> Response:
    """Take a permission back. From ``enforced_at`` on nothing more is shown because of it."""
    seen = await _may_withdraw(case, acting, parts, withdrawal.withdrawn_by)
    content = {"withdrawal": withdrawal.model_dump(mode="json"), "reader": reader_facts(seen, acting)}
    path = f"/cases/{seen.bundle['case']['id']}/consents/{id_or_nowhere(consent)}/withdrawal"
    return json_response(await parts.upstreams.write("consent", "POST", path, acting, content))
