"""What happens to a family's answers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from services.consent.agencies.repository import agency_names, unknown_agencies
from services.consent.alerts.concerning import permission_recorded
from services.consent.alerts.in_charge import InCharge
from services.consent.alerts.repository import add_alerts
from services.consent.authorities.operations import authorities_told
from services.consent.authorities.repository import authorities_about, authorities_of_case
from services.consent.bars.repository import without_barred
from services.consent.conflicts.operations import note_conflicts, note_objection
from services.consent.consents import repository
from services.consent.consents.audience import (
    Reader,
    may_see_consent,
    may_see_state,
    may_see_what_it_released,
)
from services.consent.consents.authority import (
    TAKES_AWAY,
    TAKING_PART_REACHES,
    Answering,
    Held,
    lacks_authority,
    lacks_authority_at_all,
    may_take_back,
    reasons_apart,
)
from services.consent.consents.expiry import expires_soon, is_standing, needs_asking_again
from services.consent.consents.responsibility import benefits, counting
from services.consent.consents.schemas import ConsentToRecord, FamilyFacts, OwnersFacts
from services.consent.decisions import facts_of
from services.consent.decisions.operations import DecisionParts
from services.consent.decisions.what_stands import Recorded, is_limited
from services.consent.exclusions.repository import add_exclusion, exclusions_about
from services.consent.ledger.repository import lock_case_chain
from services.consent.messages.operations import (
    released_under,
    tell_of_what_is_shut,
    tell_recipients,
)
from services.consent.messages.released import Released
from services.consent.messages.shut import shut_by_refusal
from services.consent.releases.repository import releases_about, releases_for_requests
from services.consent.sharing_requests.keys import Keys
from services.consent.sharing_requests.opening import Said
from services.consent.sharing_requests.repository import requests_by_id
from services.consent.taking_part.operations import ask_whether_anybody_is_at_risk
from services.consent.withdrawals.scope import Part
from shared.clock import microseconds, rfc3339
from shared.database import ReadSession, WriteSession
from shared.disclosure import SubjectAsk
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.ids import new_id
from shared.problems import Problem, conflict, forbidden, invalid, not_found
from shared.records.consents import (
    AnswerCheck,
    NewConsent,
    NewExclusion,
    Share,
    SpokenWithdrawal,
    TakePart,
    WhoAnswers,
    Withdrawal,
)
from shared.vocabulary import OWN_CAPACITIES, Answer, Capacity, Category, ConsentKind, Relationship, Role


def record_consent(
    session: WriteSession,
    request: WriteRequest,
    parts: DecisionParts,
    case: str,
    new: NewConsent,
    family: FamilyFacts,
    reader: Reader,
    owner: str | None = None,
    *,
    owners: OwnersFacts | None = None,
) -> Outcome:
    """Record an answer, and with a permission to share the exclusions that were named in the same breath.

    It is refused for what its recorder (``reader``) may know of; what else is recorded decides what stands of
    it. ``owner``: the agency whose information it is about, where somebody was asked about that alone.
    ``owners``: the agencies to be told of a permission.
    """
    lock_case_chain(session, case)
    about = new.categories if isinstance(new, Share) else TAKING_PART_REACHES
    recipients = new.recipients if isinstance(new, Share) else ()
    refuse_unless_in_own_name(request.caller, new.giver, new.answer)
    known = known_to(session, case, new.subject, reader, request.at)
    own_refusals = _own_refusals(session, case, new, new.kind, recipients, reader, request.at)
    excludes = isinstance(new, Share) and bool(new.not_recipients)
    refuse_without_authority(new, about, family, known, own_refusals, counts_at_once=excludes)
    refuse_empty_window(new)
    if isinstance(new, Share):
        _check_scope(session, new, request.at)
    if isinstance(new, TakePart) and new.answer == Answer.REFUSED:
        _ask_the_lead_if_it_ends(session, request, parts, case, new, family.in_charge)
    consent = new_id()
    columns = {"id": consent, "case_id": case, "owner": owner, **_columns(request, new)}
    columns["say_limited"] = any(
        held.effect == TAKES_AWAY and held.holder == new.giver for held in known.recorded
    )
    repository.add_consent(session, **columns)
    note_conflicts(session, request.at, columns, family)
    if isinstance(new, Share) and new.answer == Answer.REFUSED:
        about_it = partial(shut_by_refusal, no=columns)
        tell_of_what_is_shut(session, request.at, new.subject, about_it)
    if owners is not None and new.answer == Answer.GIVEN:
        add_alerts(session, permission_recorded(request, case, consent, owners))
    outcome: Outcome = {"id": consent}
    if isinstance(new, Share) and new.not_recipients:
        outcome["exclusion"] = _exclude_not_recipients(session, request, case, new, family)
    return outcome


def record_conversation(
    session: WriteSession,
    request: WriteRequest,
    parts: DecisionParts,
    case: str,
    answers: Sequence[ConsentToRecord],
    reader: Reader,
) -> Outcome:
    """Record every answer of one conversation, or none; a problem names the answer that it is about."""
    lock_case_chain(session, case)
    consents = []
    for number, said in enumerate(answers):
        try:
            outcome = record_consent(
                session, request, parts, case, said.consent, said.family, reader, owners=said.owners
            )
        except Problem as problem:
            raise problem.within(f"answers.{number}") from None
        consents.append(outcome)
    return {"id": consents[0]["id"], "consents": consents}


def refuse_unless_in_own_name(caller: Caller, giver: str | None, answer: Answer) -> None:
    """A 403 where a member of the family speaks for somebody else, or gives what others must hear of them."""
    if caller.role != Role.FAMILY_MEMBER:
        return
    if caller.person is None or giver != caller.person:
        raise forbidden("Here you speak for yourself: name yourself as the one who says so.")
    if answer == Answer.GIVEN:
        raise forbidden("Tell somebody of the team that you agree; they record it with how it was explained.")


@dataclass(frozen=True, slots=True)
class Known:
    """Every authority over a person that is recorded, in force or not, and the ids of those of which whoever
    asks may know: what they find in the list of the case. ``at``: now."""

    recorded: tuple[Held, ...]
    told: frozenset[str]
    at: datetime


def known_to(session: ReadSession, case: str, subject: str, reader: Reader, at: datetime) -> Known:
    """What is recorded of who answers for somebody, and what of it whoever asks may know."""
    recorded = tuple(Held.of(row, at) for row in authorities_about(session, [subject]))
    listed = authorities_told(session, authorities_of_case(session, case), reader) if recorded else []
    return Known(recorded, frozenset(row.id for row in listed), at)


def who_may_answer(
    session: ReadSession, case: str, asked: AnswerCheck, family: FamilyFacts, reader: Reader, at: datetime
) -> dict[str, Any]:
    """What somebody may answer for, by the rules that would refuse their answer to this reader; nothing is
    recorded.

    ``may``: categories; ``may_not``: categories with the reason; ``taking_part``: why they may not say that
    the person takes part, None when they may.
    """
    known = known_to(session, case, asked.subject, reader, at)

    def answering(kind: ConsentKind) -> Answering:
        refusals = _own_refusals(session, case, asked, kind, asked.recipients, reader, at)
        return _answering(asked, family, known, refusals)

    apart = reasons_apart(answering(ConsentKind.SHARE), Category, family.responsible)
    refused = {category for categories, _ in apart for category in categories}
    taking_part = answering(ConsentKind.TAKE_PART)
    return {
        "may": [category for category in Category if category not in refused],
        "may_not": [{"categories": sorted(categories), "reason": reason} for categories, reason in apart],
        "taking_part": lacks_authority(taking_part, TAKING_PART_REACHES, family.responsible),
    }


def _own_refusals(
    session: ReadSession,
    case: str,
    new: WhoAnswers,
    kind: str,
    recipients: Sequence[str],
    reader: Reader,
    at: datetime,
) -> frozenset[Category]:
    """What the subject refused themselves, of the categories, to any of these recipients, as far as the
    reader finds it in the list of the case."""
    if new.capacity != Capacity.BEST_INTERESTS:
        return frozenset()
    refused = frozenset[Category]()
    rows = [row for row in repository.consents_of_case(session, case) if row.subject == new.subject]
    for row in answers_told(session, rows, reader, at):
        own = row.giver == row.subject and row.capacity in OWN_CAPACITIES and row.kind == kind
        if not own or row.answer != Answer.REFUSED or not is_standing(row, at):
            continue
        if kind == ConsentKind.TAKE_PART:
            refused |= frozenset(TAKING_PART_REACHES)
        elif set(row.recipients) & set(recipients):
            refused |= frozenset(Category(category) for category in row.categories)
    return refused


def _ask_the_lead_if_it_ends(
    session: WriteSession,
    request: WriteRequest,
    parts: DecisionParts,
    case: str,
    new: TakePart,
    in_charge: InCharge,
) -> None:
    """A no after a yes in the same case withdraws it, and the lead is asked as after a withdrawal."""
    agreed = [
        row
        for row in repository.consents_of_cases(session, [case])
        if row.kind == ConsentKind.TAKE_PART and row.answer == Answer.GIVEN and is_standing(row, request.at)
    ]
    for row in agreed:
        if row.subject == new.subject:
            ask_whether_anybody_is_at_risk(session, parts, request.at, case, row.id, in_charge)
            return


def refuse_empty_window(new: NewConsent | NewExclusion) -> None:
    """A 422 when it would end before it begins: said here, not by the form, so that the ledger has it too."""
    if new.valid_from is not None and new.valid_until is not None and new.valid_until <= new.valid_from:
        raise invalid("valid_until", "This has to end after it begins.")


def refuse_without_authority(
    new: NewConsent | NewExclusion,
    about: tuple[Category, ...],
    family: FamilyFacts,
    known: Known,
    own_refusals: frozenset[Category] = frozenset(),
    *,
    counts_at_once: bool = False,
) -> None:
    """A 422 with the reason when the giver may not answer for this subject (design 3.2).

    ``counts_at_once``: what is said counts whatever else is recorded, as an exclusion does.
    """
    answering = _answering(new, family, known, own_refusals)
    refused = lacks_authority_at_all if counts_at_once else lacks_authority
    reason = refused(answering, about, family.responsible)
    if reason is not None:
        raise invalid("capacity", reason)


def _answering(
    new: WhoAnswers | NewExclusion,
    family: FamilyFacts,
    known: Known,
    own_refusals: frozenset[Category],
) -> Answering:
    return Answering(
        subject=new.subject,
        giver=new.giver,
        capacity=new.capacity,
        judged_competent=new.competence is not None,
        covers=frozenset(new.authority.covers) if new.authority else None,
        decides_from=family.decides_from,
        at=known.at,
        under=new.under,
        recorded=known.recorded,
        told=known.told,
        own_refusals=own_refusals,
        found_incapable=new.incapacity is not None,
        opens=not isinstance(new, NewExclusion) and getattr(new, "answer", Answer.GIVEN) == Answer.GIVEN,
    )


def refuse_unless_still_theirs(
    session: ReadSession,
    said: Any,
    about: Iterable[str],
    reader: Reader,
    at: datetime,
    benefiting: Collection[str] | None,
) -> None:
    """A 403 with the reason where whoever said no does not answer for its subject any more.

    ``said``: a refusal or an exclusion, as stored. To undo it opens something, to ``benefiting``, so it takes
    what saying yes would: an authority in force, or parental responsibility of a child who does not decide
    yet (design 3.2).
    """
    known = known_to(session, said.case_id, said.subject, reader, at)
    answering = Answering(
        subject=said.subject,
        giver=said.giver,
        capacity=Capacity(said.capacity or Capacity.PARENT),
        judged_competent=False,
        covers=None,
        decides_from=reader.decides_from.get(said.subject),
        at=at,
        under=said.under,
        recorded=known.recorded,
        told=known.told,
        found_incapable=said.incapacity is not None,
    )
    responsible = counting(reader.responsible.get(said.subject, ()), said.recorded_at, benefiting)
    reason = may_take_back(answering, map(Category, about), responsible)
    if reason is not None:
        raise forbidden(reason)


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
        "may_tip_off": None,
        "under": new.under,
        "incapacity": new.incapacity.model_dump() if new.incapacity else None,
        "best_interests": new.best_interests.model_dump() if new.best_interests else None,
        "say_limited": False,
        "set_aside": None,
        "continues": None,
    }


def _exclude_not_recipients(
    session: WriteSession, request: WriteRequest, case: str, new: Share, family: FamilyFacts
) -> str:
    exclusion = new_id()
    columns: dict[str, Any] = {
        "id": exclusion,
        "case_id": case,
        "subject": new.subject,
        "giver": new.giver,
        "capacity": new.capacity.value,
        "under": new.under,
        "incapacity": new.incapacity.model_dump() if new.incapacity else None,
        "agencies": sorted(new.not_recipients),
        "users": [],
        "categories": sorted(new.categories),
        "purposes": None,
        "note": None,
        "valid_from": None,
        "valid_until": None,
        "recorded_at": request.at,
        "recorded_by": request.caller.user,
        "recorded_by_agency": request.caller.agency,
        "lifted_at": None,
        "lifting": None,
    }
    add_exclusion(session, **columns)
    note_objection(session, request.at, columns, family)
    return exclusion


def withdraw(
    session: WriteSession,
    request: WriteRequest,
    parts: DecisionParts,
    case: str,
    consent_id: str,
    withdrawal: Withdrawal,
    reader: Reader,
) -> Outcome:
    """Take an answer back; it counts from now on.

    A permission is taken back by its giver or the person it is about. A refusal, which beats every yes
    whatever its date, by its giver alone, while they still answer for that person, and recorded by another
    agency than the ones it kept out.
    """
    lock_case_chain(session, case)
    consent = repository.consent_to_withdraw(session, case, consent_id)
    if consent is None or not answers_told(session, [consent], reader, request.at):
        raise not_found()
    refuse_unless_in_own_name(request.caller, withdrawal.withdrawn_by, Answer.REFUSED)
    if consent.withdrawn_at is not None:
        raise conflict("This has been withdrawn already.")
    _refuse_unless_theirs_to_withdraw(consent, withdrawal, reader)
    if consent.answer == Answer.REFUSED:
        about = consent.categories if consent.kind == ConsentKind.SHARE else TAKING_PART_REACHES
        refuse_unless_still_theirs(session, consent, about, reader, request.at, benefits(consent))
    released = end_answer(session, request, parts, consent, withdrawal, reader.in_charge)
    outcome: Outcome = {"id": consent.id, "kind": consent.kind}
    shares = consent.answer == Answer.GIVEN and consent.kind == ConsentKind.SHARE
    if shares and may_see_what_it_released(reader, consent):
        outcome["released"] = [part.as_json() for part in released]
        outcome["told"] = _what_was_shut(session, consent, reader, request.at)
    return outcome


def _what_was_shut(session: ReadSession, consent: Any, reader: Reader, at: datetime) -> dict[str, Any]:
    """Which services and things a permission was about that has been taken back, or, ``still_seen``, those of
    which the reader knows that another permission goes on about them, of this case or another one: a yes to
    sharing is a person's wherever they are met."""
    cases = {row.case_id for row in repository.consents_about(session, [consent.subject])}
    rows = repository.whole_consents(session, sorted(cases))
    about = [row for row in rows if row.subject == consent.subject]
    here = [row for row in about if row.case_id == consent.case_id]
    elsewhere = [row for row in about if row.case_id != consent.case_id]
    told = [
        *answers_told(session, here, reader, at),
        *answers_told(session, elsewhere, replace(reader, relationship=Relationship.NONE), at),
    ]
    lasting = [row for row in told if row.id != consent.id and _lets_see(row, at)]
    both = {
        (agency, thing)
        for agency in consent.recipients
        for thing in consent.categories
        if any(agency in row.recipients and thing in row.categories for row in lasting)
    }
    services = {agency for agency, _ in both} or consent.recipients
    things = {thing for _, thing in both} or consent.categories
    return {
        "services": agency_names(session, services),
        "things": [thing for thing in consent.categories if thing in things],
        "still_seen": bool(both),
    }


def _lets_see(row: Any, at: datetime) -> bool:
    """Whether an answer is a permission to share that has not ended."""
    given = row.kind == ConsentKind.SHARE and row.answer == Answer.GIVEN and row.withdrawn_at is None
    return bool(given and (row.valid_until is None or at < row.valid_until))


def _refuse_unless_theirs_to_withdraw(consent: Any, withdrawal: Withdrawal, reader: Reader) -> None:
    by = withdrawal.withdrawn_by
    if by is None and consent.capacity != Capacity.BEST_INTERESTS:
        raise invalid("withdrawn_by", "Say who takes this back.")
    if consent.answer == Answer.GIVEN:
        if by is not None and by not in (consent.giver, consent.subject):
            raise forbidden("A permission is withdrawn by who gave it or by the person it is about.")
    elif by is not None and by != consent.giver:
        raise forbidden("A refusal is taken back by the person who gave it.")
    elif reader.gains_by(consent.recipients):
        raise forbidden("This must be recorded by an agency that it does not benefit.")


def end_answer(
    session: WriteSession,
    request: WriteRequest,
    parts: DecisionParts,
    consent: Any,
    withdrawal: Withdrawal | SpokenWithdrawal,
    in_charge: InCharge,
    ended: Part | None = None,
) -> list[Released]:
    """Take an answer back from now on, and start what follows: gives to whom something left because of it.

    Those are told, unless that would tip off; and after taking part the lead is asked about risk, and alerted
    (``in_charge``). ``ended``: the part of it that ends, where the rest was stored to go on.
    """
    consent.withdrawn_at = request.at
    consent.withdrawn_by = withdrawal.withdrawn_by
    consent.withdrawal_recorded_by = request.caller.user
    consent.withdrawal_note = withdrawal.note
    consent.may_tip_off = withdrawal.may_tip_off
    if consent.answer != Answer.GIVEN:
        return []
    if consent.kind == ConsentKind.TAKE_PART:
        ask_whether_anybody_is_at_risk(session, parts, request.at, consent.case_id, consent.id, in_charge)
        return []
    released = released_under(session, request.at, consent, ended)
    tell_recipients(session, request.at, consent, released)
    return released


def list_consents(session: ReadSession, case: str, reader: Reader, at: datetime) -> list[dict[str, Any]]:
    """The answers of a case that this reader may see, oldest first.

    The lead and whoever took one are told as well what of it runs out, or must be asked for again.
    """
    rows = repository.consents_of_case(session, case)
    told, recorded = answers_told(session, rows, reader, at), _recorded_besides(session, rows, reader, at)
    return [
        _shown(row) | (_state(row, told, recorded, reader, at) if may_see_state(reader, row) else {})
        for row in told
    ]


def list_expiring(session: ReadSession, readers: Mapping[str, Reader], at: datetime) -> list[dict[str, Any]]:
    """Of these cases, the answers that run out or must be asked for again, as far as the reader is told."""
    listed = []
    rows = repository.whole_consents(session, list(readers))
    told, besides = {}, {}
    for case, reader in readers.items():
        of_case = [row for row in rows if row.case_id == case]
        told[case] = answers_told(session, of_case, reader, at)
        besides[case] = _recorded_besides(session, of_case, reader, at)
    for row in rows:
        reader = readers[row.case_id]
        theirs = [row] if may_see_state(reader, row) else []
        if not without_barred(session, reader.user, reader.agency, theirs, _about):
            continue
        state = _state(row, told[row.case_id], besides[row.case_id], reader, at)
        if state["expires_soon"] or "needs_asking_again" in state:
            listed.append({"case": row.case_id, "consent": _shown(row) | state})
    return listed


def _recorded_besides(session: ReadSession, answers: Sequence[Any], reader: Reader, at: datetime) -> Recorded:
    """What the answers of one case stand by, as a decision finds it."""
    limited = sorted({row.subject for row in answers if is_limited(row)})
    authorities = authorities_about(session, limited) if limited else ()
    return Recorded({row.id: Held.of(row, at) for row in authorities}, answers, reader.responsible)


def _state(row: Any, told: Sequence[Any], recorded: Recorded, reader: Reader, at: datetime) -> dict[str, Any]:
    """How it stands with an answer, for the lead and whoever took it. Whether it was answered since is seen
    in what they are ``told``: an answer that is kept from them would show by what is asked no more."""
    state: dict[str, Any] = {"expires_soon": expires_soon(row, at)}
    asking = needs_asking_again(
        row,
        told,
        reader.decides_from.get(row.subject),
        at,
        transferred_at=reader.transferred_at,
        counts=lambda answer: facts_of.counts(answer, recorded, microseconds(at)),
    )
    if asking is not None:
        state["needs_asking_again"] = asking.as_json()
    for told in ("competence", "best_interests", "under", "incapacity"):
        if getattr(row, told) is not None:
            state[told] = getattr(row, told)
    return state


def answers_told(session: ReadSession, rows: Sequence[Any], reader: Reader, at: datetime) -> list[Any]:
    """Of these answers, those that the reader may see (design 3.4)."""
    asked = {row.sharing_request for row in rows if row.sharing_request is not None}
    granted = _granted_among(session, asked, reader, at) if asked else frozenset()
    theirs = [row for row in rows if may_see_consent(reader, row, untold=row.sharing_request not in granted)]
    return without_barred(session, reader.user, reader.agency, theirs, _about)


def _granted_among(
    session: ReadSession, asked: Collection[str], reader: Reader, at: datetime
) -> frozenset[str]:
    """Of these sharing requests, those that are granted now."""
    releases = releases_for_requests(session, asked)
    answers = repository.consents_for_requests(session, asked)
    requests = requests_by_id(session, asked)
    said = said_about(session, {row.subject for row in requests}, reader)
    return frozenset(
        request.id
        for request in requests
        if Keys(
            [release for release in releases if release.sharing_request == request.id],
            [answer for answer in answers if answer.sharing_request == request.id],
            request,
            said,
        ).turned(at, at)
    )


def said_about(session: ReadSession, subjects: Collection[str | None], reader: Reader) -> Said:
    """Everything that has a bearing on whether something is open about these people."""
    people = sorted(one for one in subjects if one is not None)
    if not people:
        return Said()
    return Said(
        repository.consents_about(session, people),
        releases_about(session, people),
        exclusions_about(session, people),
        authorities_about(session, people),
        {
            one: SubjectAsk(
                id=one,
                decides_from=reader.decides_from.get(one),
                responsible=tuple(reader.responsible.get(one, ())),
            )
            for one in people
        },
    )


def _about(consent: Any) -> Sequence[str]:
    """What an answer is about; taking part is about no categories in particular."""
    return consent.categories or ()


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
