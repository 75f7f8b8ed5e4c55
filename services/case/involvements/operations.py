"""An agency says that it works with somebody, and that it no longer does."""

from services.case.entries import repository as entries
from services.case.entries.content import stored
from services.case.involvements import lifecycle
from services.case.people.repository import known_people
from shared.database import WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.problems import not_found
from shared.records.involvements import InvolvementEnding, InvolvementFields, NewInvolvement

_ASKED_BESIDES = {"sensitive"}


def record(session: WriteSession, request: WriteRequest, person: str, body: NewInvolvement) -> Outcome:
    """Owned by the agency that says so of itself; nobody records another's work."""
    if not known_people(session, [person]):
        raise not_found()
    fields = InvolvementFields(**body.model_dump(exclude=_ASKED_BESIDES))
    entry = entries.NewEntry(
        kind="involvement",
        subjects=[person],
        fields=stored(fields),
        person=person,
        more_categories=body.sensitive,
    )
    return {"id": entries.add_entry(session, request, entry), "version": 1}


def end(
    session: WriteSession, request: WriteRequest, person: str, entry_id: str, body: InvolvementEnding
) -> Outcome:
    """404 for what another agency recorded, as for what is not there."""
    found = entries.find_about(session, person, entry_id)
    if found is None or (found.kind, found.owner) != ("involvement", request.caller.agency):
        raise not_found()
    involvement = InvolvementFields.model_validate(found.fields)
    after = lifecycle.ended(involvement, body.until, request.at.date())
    version = entries.correct_entry(session, request, entry_id, found.version, stored(after))
    return {"id": entry_id, "version": version, "state": "ended"}
