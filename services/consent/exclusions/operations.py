"""What happens to exclusions."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.consent.agencies.repository import unknown_agencies
from services.consent.bars.repository import without_barred
from services.consent.conflicts.operations import note_objection
from services.consent.consents.audience import Reader, may_see_exclusion
from services.consent.consents.operations import (
    known_to,
    refuse_empty_window,
    refuse_unless_in_own_name,
    refuse_unless_still_theirs,
    refuse_without_authority,
)
from services.consent.consents.schemas import FamilyFacts
from services.consent.decision.writing import Doing, Refusal, may_write
from services.consent.exclusions import repository
from services.consent.ledger.repository import lock_case_chain
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.ids import new_id
from shared.problems import conflict, forbidden, invalid, not_found
from shared.records.consents import Lifting, NewExclusion
from shared.vocabulary import Answer, Deed


def record_exclusion(
    session: WriteSession,
    request: WriteRequest,
    case: str,
    new: NewExclusion,
    family: FamilyFacts,
    reader: Reader,
) -> Outcome:
    """Record that these agencies or users are not to be told; it counts at once unless it names a start."""
    lock_case_chain(session, case)
    refuse_unless_in_own_name(request.caller, new.giver, Answer.REFUSED)
    known = known_to(session, case, new.subject, reader, request.at)
    refuse_without_authority(new, new.categories, family, known, counts_at_once=True)
    refuse_empty_window(new)
    if unknown_agencies(session, new.agencies):
        raise invalid("agencies", "One of these agencies is not in the partnership.")
    if new.valid_until is not None and new.valid_until <= request.at:
        raise invalid("valid_until", "This exclusion would be over already.")
    exclusion = new_id()
    columns: dict[str, Any] = {
        "id": exclusion,
        "case_id": case,
        "subject": new.subject,
        "giver": new.giver,
        "capacity": new.capacity.value,
        "under": new.under,
        "incapacity": new.incapacity.model_dump() if new.incapacity else None,
        "agencies": sorted(new.agencies),
        "users": sorted(new.users),
        "categories": sorted(new.categories),
        "purposes": sorted(new.purposes) if new.purposes is not None else None,
        "note": new.note,
        "valid_from": new.valid_from,
        "valid_until": new.valid_until,
        "recorded_at": request.at,
        "recorded_by": request.caller.user,
        "recorded_by_agency": request.caller.agency,
        "lifted_at": None,
        "lifting": None,
    }
    repository.add_exclusion(session, **columns)
    note_objection(session, request.at, columns, family)
    return {"id": exclusion}


def lift_exclusion(
    session: WriteSession,
    request: WriteRequest,
    case: str,
    exclusion_id: str,
    lifting: Lifting,
    reader: Reader,
    places: Mapping[str, Sequence[str]],
) -> Outcome:
    """Lift an exclusion: its giver's word, recorded by another agency than the one it excludes (design 3.2).

    Its giver lifts it while they still answer for its subject; once the subject decides alone, they do.
    ``places``: by user, the agencies for which they are or were on the team. Whoever is excluded by name has
    their agencies excluded with them from recording this; for whom nothing is known the lead alone does.
    """
    lock_case_chain(session, case)
    exclusion = repository.exclusion_to_lift(session, case, exclusion_id)
    if exclusion is None or not exclusions_told(session, [exclusion], reader):
        raise not_found()
    if exclusion.lifted_at is not None:
        raise conflict("This exclusion has been lifted already.")
    decides_from = reader.decides_from.get(exclusion.subject)
    grown_up = decides_from is not None and decides_from <= request.at
    by_themselves = grown_up and lifting.lifted_by == exclusion.subject
    against = frozenset(exclusion.agencies).union(*(places.get(user, ()) for user in exclusion.users))
    permit = may_write(
        Deed.LIFT_EXCLUSION,
        Doing(
            role=request.caller.role,
            relationship=reader.relationship,
            agency=request.caller.agency,
            benefits_own_agency=reader.gains_by(against),
            by_giver=lifting.lifted_by == exclusion.giver or by_themselves,
            against=against,
            against_unknown=not all(places.get(user) for user in exclusion.users),
        ),
    )
    if isinstance(permit, Refusal):
        raise forbidden(permit.reason)
    if not by_themselves:
        refuse_unless_still_theirs(session, exclusion, exclusion.categories, reader, request.at, against)
    exclusion.lifted_at = request.at
    exclusion.lifting = {
        **lifting.model_dump(mode="json"),
        "recorded_by": request.caller.user,
        "recorded_by_agency": request.caller.agency,
    }
    return {"id": exclusion.id}


def list_exclusions(session: ReadSession, case: str, reader: Reader) -> list[dict[str, Any]]:
    """The exclusions of a case that this reader may see, oldest first."""
    return [
        {
            "id": row.id,
            "subject": row.subject,
            "giver": row.giver,
            "agencies": row.agencies,
            "users": row.users,
            "categories": row.categories,
            "purposes": row.purposes,
            "valid_from": rfc3339(row.valid_from or row.recorded_at),
            "valid_until": rfc3339(row.valid_until) if row.valid_until else None,
            "lifted_at": rfc3339(row.lifted_at) if row.lifted_at else None,
            "recorded_by_agency": row.recorded_by_agency,
            "recorded_at": rfc3339(row.recorded_at),
        }
        for row in exclusions_told(session, repository.exclusions_of_case(session, case), reader)
    ]


def exclusions_told(session: ReadSession, exclusions: Sequence[Any], reader: Reader) -> list[Any]:
    """Of these exclusions, those that the reader may see (design 3.4)."""
    theirs = [row for row in exclusions if may_see_exclusion(reader, row)]
    return without_barred(session, reader.user, reader.agency, theirs, lambda row: row.categories)
