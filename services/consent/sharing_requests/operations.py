"""What happens to sharing requests: asked, answered by the owner, answered by the family."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.consent.agencies.repository import unknown_agencies
from services.consent.alerts.concerning import asked_to_share
from services.consent.alerts.repository import add_alerts
from services.consent.bars.repository import barred_from
from services.consent.consents.audience import Reader, is_kept_untold
from services.consent.consents.operations import answers_told, record_consent, said_about
from services.consent.consents.repository import answer_request, consents_for_requests
from services.consent.consents.schemas import FamilyFacts, OwnersFacts
from services.consent.decision.writing import Doing, Refusal, may_write
from services.consent.decisions.operations import DecisionParts
from services.consent.exclusions.repository import exclusions_about
from services.consent.ledger.repository import lock_case_chain
from services.consent.releases.operations import (
    check_end,
    end,
    may_release,
    must_be_the_owners_manager,
    release_columns,
)
from services.consent.releases.repository import (
    add_release,
    releases_for_requests,
    releases_in_force_for,
)
from services.consent.sharing_requests import repository
from services.consent.sharing_requests.keys import (
    ASKER,
    GRANTED,
    LEAD,
    OWNER,
    RECORDER,
    RELEASED,
    WAITING,
    Keys,
    familys_key,
    owners_key,
    sides_of,
    state,
)
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.ids import new_id
from shared.problems import conflict, forbidden, invalid, not_found
from shared.records.consents import Share
from shared.records.two_keys import FamilyAnswer, NewSharingRequest, OwnerAnswer, SharingRequestByDetails
from shared.vocabulary import Answer, Deed, Level

ANSWER_WITHIN = timedelta(days=14)
"""After this a request that was not granted is over; who asked may ask again."""


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom a request is about, as far as it is known, and whether it reaches the owner."""

    case: str | None
    subject: str | None
    reaches_owner: bool


def ask_to_share(
    session: WriteSession,
    request: WriteRequest,
    new: NewSharingRequest | SharingRequestByDetails,
    whom: Whom,
) -> Outcome:
    """Record a request. What is answered depends on nothing that the asker may not see."""
    caller = request.caller
    if unknown_agencies(session, [new.owner]):
        raise invalid("owner", "This agency is not in the partnership.")
    if new.owner == caller.agency:
        raise invalid("owner", "Your own agency need not be asked; name another.")
    check_end(new.valid_until, request.at)
    by_details = isinstance(new, SharingRequestByDetails)
    asking, answer_by = new_id(), request.at + ANSWER_WITHIN
    repository.add_request(
        session,
        id=asking,
        case_id=whom.case,
        subject=whom.subject,
        reaches_owner=whom.reaches_owner,
        agency=caller.agency,
        asked_by=caller.user,
        asked_by_name=caller.name,
        asked_at=request.at,
        by_details=by_details,
        reference=new.reference if isinstance(new, SharingRequestByDetails) else None,
        owner=new.owner,
        categories=sorted(new.categories),
        level=new.level,
        purpose=new.purpose,
        valid_until=new.valid_until,
        reason=new.reason,
        answer_by=answer_by,
        owner_answer=None,
        owner_reason=None,
        owner_answered_at=None,
        owner_answered_by=None,
    )
    add_alerts(
        session,
        [asked_to_share(request, whom.case, whom.subject, asking, new.owner, reaches=whom.reaches_owner)],
    )
    return {"id": asking, "state": WAITING, "answer_by": rfc3339(answer_by)}


def list_for_case(session: ReadSession, case: str, reader: Reader, at: datetime) -> list[dict[str, Any]]:
    """The requests of a case, each as the side sees it on which the reader stands, oldest first."""
    return _listed(session, repository.requests_of_case(session, case), reader, at)


def people_of_agency(session: ReadSession, reader: Reader) -> list[str]:
    """Whom the requests of the reader's agency are about, as far as it is known: for the gateway alone."""
    rows = repository.requests_of_agency(session, reader.agency)
    return sorted({row.subject for row in rows if row.subject is not None})


def list_for_agency(session: ReadSession, reader: Reader, at: datetime) -> list[dict[str, Any]]:
    """What the reader's agency asked and was asked, whatever the case, oldest first.

    Who asked by details whom a bar keeps from them is told what they would be if the details fitted nobody:
    that a request of theirs went away would tell them that somebody is there.
    """
    rows = repository.requests_of_agency(session, reader.agency)
    return _listed(session, rows, reader, at, stays_as_nobodys=True)


def _listed(
    session: ReadSession, rows: Sequence[Any], reader: Reader, at: datetime, *, stays_as_nobodys: bool = False
) -> list[dict[str, Any]]:
    keys = _keys_of(session, rows, reader)
    standing = _Standing(session, reader, rows, at)
    shown = []
    for row in rows:
        found = keys[row.id]
        sides = standing.sides(row, found)
        if standing.is_barred(row):
            if not (stays_as_nobodys and row.by_details and ASKER in sides):
                continue
            sides, found = (ASKER,), Keys((), ())
        if sides:
            shown.append(
                _shown(reader, row, found, sides, at) | {"may": _may(reader.role, row, found, sides, at)}
            )
    return shown


class _Standing:
    """How a reader stands to some requests: on which sides, as far as a bar or the family lets them."""

    def __init__(self, session: ReadSession, reader: Reader, rows: Sequence[Any], at: datetime) -> None:
        self._reader, self._at = reader, at
        people = {row.subject for row in rows if row.subject is not None}
        self._barred = barred_from(session, reader.user, reader.agency, people)
        self._exclusions = _exclusions_by_person(session, people)

    def is_barred(self, row: Any) -> bool:
        return self._barred.from_person(row.subject, row.categories, names_agencies=True)

    def sides(self, row: Any, keys: Keys) -> tuple[str, ...]:
        """The sides on which the reader stands. Who is named in an exclusion stays with what they asked."""
        sides = sides_of(self._reader, row, keys.consents)
        untold = any(
            is_kept_untold(self._reader.user, exclusion, row.categories, self._at)
            for exclusion in self._exclusions.get(row.subject, ())
        )
        return tuple(side for side in sides if side == ASKER) if untold else sides


def _keys_of(session: ReadSession, rows: Sequence[Any], reader: Reader) -> dict[str, Keys]:
    """By request what was answered to it, and what else is recorded about its subject."""
    wanted = [row.id for row in rows]
    releases: dict[str, list[Any]] = {one: [] for one in wanted}
    consents: dict[str, list[Any]] = {one: [] for one in wanted}
    if wanted:
        for release in releases_for_requests(session, wanted):
            releases[release.sharing_request].append(release)
        for consent in consents_for_requests(session, wanted):
            consents[consent.sharing_request].append(consent)
    said = said_about(session, {row.subject for row in rows}, reader)
    return {row.id: Keys(releases[row.id], consents[row.id], row, said) for row in rows}


def _exclusions_by_person(session: ReadSession, people: Collection[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for exclusion in exclusions_about(session, sorted(people)) if people else ():
        found.setdefault(exclusion.subject, []).append(exclusion)
    return found


def _shown(reader: Reader, row: Any, keys: Keys, sides: Sequence[str], at: datetime) -> dict[str, Any]:
    """One request, built from what these sides may know: who recorded an answer of the family knows of that
    one, and the lead of all of them."""
    heard = [one for one in keys.consents if LEAD in sides or one.recorded_by == reader.user]
    now = state(row, keys, at)
    knows_case = not row.by_details or now == GRANTED or {OWNER, LEAD, RECORDER}.intersection(sides)
    return {
        "id": row.id,
        "sides": list(sides),
        "case": row.case_id if knows_case else None,
        "subject": row.subject if knows_case else None,
        "agency": row.agency,
        "asked_by": row.asked_by_name,
        "asked_at": rfc3339(row.asked_at),
        "reference": row.reference if ASKER in sides else None,
        "owner": row.owner,
        "categories": row.categories,
        "level": row.level,
        "purpose": row.purpose,
        "valid_until": rfc3339(row.valid_until),
        "reason": row.reason,
        "answer_by": rfc3339(row.answer_by),
        "state": now if {ASKER, LEAD}.intersection(sides) else None,
        "owner_answer": owners_key(row, keys, at) if OWNER in sides else None,
        "family_answer": familys_key(heard, at) if {LEAD, RECORDER}.intersection(sides) else None,
    }


def _may(role: str, row: Any, keys: Keys, sides: Sequence[str], at: datetime) -> list[str]:
    """What a reader on these sides would not be refused: the owner's answer, while it may still be given or
    taken back."""
    key = owners_key(row, keys, at)
    if OWNER not in sides or not may_release(role, row.owner):
        return []
    return ["owner_answer"] if key == RELEASED or at < row.answer_by else []


def answer_for_owner(
    session: WriteSession,
    request: WriteRequest,
    case: str | None,
    request_id: str,
    answer: OwnerAnswer,
) -> Outcome:
    """The owner's key: released, or refused, which takes back what was released.

    ``case``: that of the path, if any. 404 unless the request reached the caller's agency.
    """
    found = repository.find_request(session, request_id)
    reached = found is not None and found.reaches_owner and found.owner == request.caller.agency
    if found is None or not reached or case not in (None, found.case_id):
        raise not_found()
    lock_case_chain(session, found.case_id)
    barred = barred_from(session, request.caller.user, request.caller.agency, [found.subject])
    if barred.from_person(found.subject, found.categories, names_agencies=True):
        raise not_found()
    must_be_the_owners_manager(request, found.owner)
    asked = repository.request_to_answer(session, request_id)
    in_force = releases_in_force_for(session, request_id, request.at)
    if answer.answer == RELEASED:
        outcome = _release(session, request, asked, answer, bool(in_force))
    else:
        if not in_force:
            _must_not_be_over(asked, request.at)
        for release in in_force:
            end(release, request, answer.reason)
        outcome = {"id": request_id, "takes_away": bool(in_force)}
    asked.owner_answer = answer.answer
    asked.owner_reason = answer.reason
    asked.owner_answered_at = request.at
    asked.owner_answered_by = request.caller.user
    return outcome


def _release(
    session: WriteSession, request: WriteRequest, asked: Any, answer: OwnerAnswer, again: bool
) -> Outcome:
    if again:
        raise conflict("This has been released already; take it back before you release it otherwise.")
    _must_not_be_over(asked, request.at)
    categories, level, until = _narrowed(asked, answer, request.at)
    release = new_id()
    add_release(
        session,
        case_id=asked.case_id,
        sharing_request=asked.id,
        recipient=asked.agency,
        purpose=asked.purpose,
        subject=asked.subject,
        **release_columns(request, release, categories, level, until, answer.reason),
    )
    return {"id": asked.id, "release": release, "takes_away": False}


def _must_not_be_over(asked: Any, at: datetime) -> None:
    if at >= asked.answer_by:
        raise conflict("The time to answer this request is over; they may ask again.")


def _narrowed(
    asked: Any, answer: OwnerAnswer | FamilyAnswer, at: datetime
) -> tuple[tuple[str, ...], str, datetime]:
    """What was answered of what was asked: all of it, or less; a 422 for more."""
    categories = answer.categories or tuple(asked.categories)
    level, until = answer.level or asked.level, answer.valid_until or asked.valid_until
    if not set(categories) <= set(asked.categories):
        raise invalid("categories", "Answer about what was asked, or part of it.")
    if Level.from_word(level) > Level.from_word(asked.level):
        raise invalid("level", "Answer with the level that was asked, or a lower one.")
    if until > asked.valid_until:
        raise invalid("valid_until", "Answer until the day that was asked, or an earlier one.")
    check_end(until, at)
    return categories, level, until


def answer_for_family(
    session: WriteSession,
    request: WriteRequest,
    parts: DecisionParts,
    case: str,
    request_id: str,
    answer: FamilyAnswer,
    family: FamilyFacts,
    reader: Reader,
    owners: OwnersFacts,
) -> Outcome:
    """The family's key: a consent like any other, recorded by a member, that names the request.

    It counts as far as the owner releases too; a refusal counts at once. 404 unless the recorder may know of
    the request.
    """
    lock_case_chain(session, case)
    asked = repository.find_request(session, request_id)
    if asked is None or asked.case_id != case:
        raise not_found()
    keys = _keys_of(session, [asked], reader)[request_id]
    standing = _Standing(session, reader, [asked], request.at)
    if standing.is_barred(asked) or not standing.sides(asked, keys):
        raise not_found()
    _must_not_be_over(asked, request.at)
    if answer.subject != asked.subject:
        raise invalid("subject", "Name the person whom the request is about.")
    _may_record(request, reader, asked, answer)
    own = reader.gains_by([asked.agency])
    told = {asked.owner: owners.agencies.get(asked.owner, ())} if own else {}
    outcome = record_consent(
        session,
        request,
        parts,
        case,
        _as_share(asked, answer, request.at),
        family,
        reader,
        asked.owner,
        owners=owners.model_copy(update={"agencies": told}),
    )
    _refuse_a_second_answer(session, keys, answer, reader, request.at)
    answer_request(session, outcome["id"], request_id, asked.owner)
    return {"id": request_id, "consent": outcome["id"]}


def _refuse_a_second_answer(
    session: ReadSession, keys: Keys, answer: FamilyAnswer, reader: Reader, at: datetime
) -> None:
    """A 409 to who may know that this giver has answered, after everything else that could be wrong.

    Who may not is not told by a refusal either: both answers stand, and a no counts before a yes.
    """
    earlier = [one for one in keys.consents if one.giver == answer.giver and one.withdrawn_at is None]
    if answers_told(session, earlier, reader, at):
        raise conflict("This giver has answered already; withdraw that answer before another is recorded.")


def _may_record(request: WriteRequest, reader: Reader, asked: Any, answer: FamilyAnswer) -> None:
    """A 403 with the reason, by the rule of permissions: whom it benefits is known only here."""
    permit = may_write(
        Deed.RECORD_PERMISSION,
        Doing(
            role=request.caller.role,
            relationship=reader.relationship,
            agency=request.caller.agency,
            benefits_own_agency=answer.answer == Answer.GIVEN and reader.gains_by([asked.agency]),
            has_evidence_reference=answer.evidence.reference is not None,
        ),
    )
    if isinstance(permit, Refusal):
        raise forbidden(permit.reason)


def _as_share(asked: Any, answer: FamilyAnswer, at: datetime) -> Share:
    """The answer as the consent that it is: to the one who asked, for the one purpose."""
    refused = answer.answer == Answer.REFUSED
    scope = (tuple(asked.categories), asked.level, None) if refused else _narrowed(asked, answer, at)
    categories, level, until = scope
    said = answer.model_dump(exclude={"categories", "level", "valid_until"})
    return Share(
        **said,
        kind="share",
        recipients=(asked.agency,),
        categories=categories,  # type: ignore[arg-type]
        level=level,  # type: ignore[arg-type]
        purposes=(asked.purpose,),
        valid_until=until,
    )
