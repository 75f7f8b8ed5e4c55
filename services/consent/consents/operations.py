"""What happens to a family's answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.consent.agencies.repository import unknown_agencies
from services.consent.consents import repository
from services.consent.consents.audience import Reader, may_see_consent
from services.consent.consents.authority import Answering, Responsibility, lacks_authority
from services.consent.consents.schemas import FamilyFacts
from services.consent.exclusions.repository import add_exclusion
from services.consent.ledger.repository import lock_case_chain
from services.consent.releases.repository import releases_for_requests
from services.consent.sharing_requests.keys import Keys
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.ids import new_id
from shared.problems import conflict, forbidden, invalid, not_found
from shared.records.consents import NewConsent, NewExclusion, Share, Withdrawal
from shared.vocabulary import Answer, Category, ConsentKind

TAKING_PART_REACHES = (Category.INVOLVEMENT, Category.PLAN)
"""What somebody must be able to answer for to say that a person takes part: money alone is not enough."""


def record_consent(
    session: WriteSession, request: WriteRequest, case: str, new: NewConsent, family: FamilyFacts
) -> Outcome:
    """Record an answer, and with a permission to share the exclusions that were named in the same breath."""
    lock_case_chain(session, case)
    about = new.categories if isinstance(new, Share) else TAKING_PART_REACHES
    refuse_without_authority(new, about, family, request.at)
    if isinstance(new, Share):
        _check_scope(session, new, request.at)
    consent = new_id()
    repository.add_consent(session, id=consent, case_id=case, **_columns(request, new))
    outcome: Outcome = {"id": consent}
    if isinstance(new, Share) and new.not_recipients:
        outcome["exclusion"] = _exclude_not_recipients(session, request, case, new)
    return outcome


def refuse_without_authority(
    new: NewConsent | NewExclusion, about: tuple[Category, ...], family: FamilyFacts, at: datetime
) -> None:
    """A 422 with the reason when the giver may not answer for this subject (design 3.2)."""
    answering = Answering(
        subject=new.subject,
        giver=new.giver,
        capacity=new.capacity,
        judged_competent=new.competence is not None,
        covers=frozenset(new.authority.covers) if new.authority else None,
        decides_from=family.decides_from,
        at=at,
    )
    held = [Responsibility(**fact.model_dump()) for fact in family.responsibilities]
    reason = lacks_authority(answering, about, held)
    if reason is not None:
        raise invalid("capacity", reason)


def _check_scope(session: WriteSession, new: Share, at: datetime) -> None:
    for field in ("recipients", "not_recipients"):
        if unknown_agencies(session, getattr(new, field)):
            raise invalid(field, "One of these agencies is not in the partnership.")
    if new.valid_until is not None and new.valid_until <= at:
        raise invalid("valid_until", "This permission would be over already.")


def _columns(request: WriteRequest, new: NewConsent) -> dict[str, Any]:
    share = new if isinstance(new, Share) else None
    notice = None if isinstance(new, Share) else new.privacy_notice.model_dump()
    return {
        "kind": new.kind,
        "subject": new.subject,
        "giver": new.giver,
        "capacity": new.capacity.value,
        "competence": new.competence.model_dump() if new.competence else None,
        "authority": new.authority.model_dump(mode="json") if new.authority else None,
        "answer": new.answer.value,
        "explained": new.statement.reasons_explained_and_understood,
        "evidence": new.evidence.model_dump(mode="json"),
        "wording_version": new.wording_version,
        "privacy_notice": notice,
        "recipients": sorted(share.recipients) if share else [],
        "categories": sorted(share.categories) if share else [],
        "level": share.level if share else "none",
        "purposes": sorted(share.purposes) if share else [],
        "valid_from": new.valid_from,
        "valid_until": new.valid_until,
        "recorded_at": request.at,
        "recorded_by": request.caller.user,
        "recorded_by_agency": request.caller.agency,
        "withdrawn_at": None,
        "withdrawn_by": None,
        "withdrawal_recorded_by": None,
        "withdrawal_note": None,
    }


def _exclude_not_recipients(session: WriteSession, request: WriteRequest, case: str, new: Share) -> str:
    exclusion = new_id()
    add_exclusion(
        session,
        id=exclusion,
        case_id=case,
        subject=new.subject,
        giver=new.giver,
        agencies=sorted(new.not_recipients),
        users=[],
        categories=sorted(new.categories),
        purposes=None,
        note=None,
        valid_from=None,
        valid_until=None,
        recorded_at=request.at,
        recorded_by=request.caller.user,
        recorded_by_agency=request.caller.agency,
        lifted_at=None,
        lifting=None,
    )
    return exclusion


def withdraw(
    session: WriteSession,
    request: WriteRequest,
    case: str,
    consent_id: str,
    withdrawal: Withdrawal,
    reader: Reader,
) -> Outcome:
    """Take an answer back; it counts from now on.

    A permission is taken back by its giver or the person it is about. A refusal, which beats every yes
    whatever its date, by its giver alone, and recorded by another agency than the ones it kept out.
    """
    lock_case_chain(session, case)
    consent = repository.consent_to_withdraw(session, case, consent_id)
    if consent is None or not _may_see(session, [consent], reader, request.at):
        raise not_found()
    if consent.withdrawn_at is not None:
        raise conflict("This has been withdrawn already.")
    if consent.answer == Answer.GIVEN:
        if withdrawal.withdrawn_by not in (consent.giver, consent.subject):
            raise forbidden("A permission is withdrawn by who gave it or by the person it is about.")
    elif withdrawal.withdrawn_by != consent.giver:
        raise forbidden("A refusal is taken back by the person who gave it.")
    elif request.caller.agency in consent.recipients:
        raise forbidden("This must be recorded by an agency that it does not benefit.")
    consent.withdrawn_at = request.at
    consent.withdrawn_by = withdrawal.withdrawn_by
    consent.withdrawal_recorded_by = request.caller.user
    consent.withdrawal_note = withdrawal.note
    return {"id": consent.id, "kind": consent.kind}


def list_consents(session: ReadSession, case: str, reader: Reader, at: datetime) -> list[dict[str, Any]]:
    """The answers of a case that this reader may see, oldest first."""
    rows = repository.consents_of_case(session, case)
    return [_shown(row) for row in _may_see(session, rows, reader, at)]


def _may_see(session: ReadSession, rows: Sequence[Any], reader: Reader, at: datetime) -> list[Any]:
    asked = {row.sharing_request for row in rows if row.sharing_request is not None}
    releases = releases_for_requests(session, asked) if asked else ()
    answers = repository.consents_for_requests(session, asked) if asked else ()
    granted = {
        request
        for request in asked
        if Keys(
            [release for release in releases if release.sharing_request == request],
            [answer for answer in answers if answer.sharing_request == request],
        ).turned(at)
    }
    return [row for row in rows if may_see_consent(reader, row, untold=row.sharing_request not in granted)]


def _shown(row: Any) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": row.id,
        "kind": row.kind,
        "subject": row.subject,
        "giver": row.giver,
        "capacity": row.capacity,
        "answer": row.answer,
        "reasons_explained_and_understood": row.explained,
        "evidence_form": row.evidence["form"],
        "wording_version": row.wording_version,
        "recorded_at": rfc3339(row.recorded_at),
        "recorded_by_agency": row.recorded_by_agency,
        "valid_from": rfc3339(row.valid_from or row.recorded_at),
        "valid_until": rfc3339(row.valid_until) if row.valid_until else None,
        "withdrawn_at": rfc3339(row.withdrawn_at) if row.withdrawn_at else None,
    }
    if row.kind == ConsentKind.SHARE:
        scope = {"recipients": row.recipients, "categories": row.categories}
        shown |= {**scope, "level": row.level, "purposes": row.purposes, "owner": row.owner}
    return shown
