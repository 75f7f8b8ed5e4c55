"""Concerns: sent on one form, found by the agency to which they were sent, and acknowledged by it."""

from collections.abc import Sequence
from typing import Any

from services.case.bundles.repository import subjects_in_reach
from services.case.cases.operations import lock
from services.case.concerns import repository
from services.case.entries import repository as entries
from services.case.entries.content import stored
from services.case.inboxes import operations as inboxes
from services.case.inboxes.schemas import InboxAsk
from services.case.notices.audience import for_role
from services.case.notices.repository import NewNotice, clear, raise_notices
from services.case.people.operations import record_details
from services.case.people.repository import add_person, known_people
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.pages import cut
from shared.problems import conflict, invalid, not_found
from shared.records.concerns import ConcernFields, ConcernToStore
from shared.vocabulary import Role

RECEIVED = "concern_received"
"""A notice for the recipient's safeguarding leads. One outside any case they find in their inbox alone: a
notice is always about a case."""


def send_about_case(session: WriteSession, request: WriteRequest, case: str, body: ConcernToStore) -> Outcome:
    """Keep a concern about somebody of a case, open or closed, for its recipient to find."""
    locked = lock(session, case)
    subjects = entries.subjects_for_case(body.subjects, subjects_in_reach(session, case), locked.person)
    return _send(session, request, body, subjects, case=case)


def send_about_person(session: WriteSession, request: WriteRequest, body: ConcernToStore) -> Outcome:
    """Keep a concern outside any case. Somebody who is described is recorded anew: nobody is looked up."""
    if not body.subjects:
        person = add_person(session, request)
        record_details(session, request, person, body.details)
        subjects = [person]
    else:
        subjects = list(body.subjects)
        if not set(subjects) <= known_people(session, subjects):
            raise invalid("person", "Name a person whose record you can see, or describe them.")
    return _send(session, request, body, subjects, case=None)


def _send(
    session: WriteSession,
    request: WriteRequest,
    body: ConcernToStore,
    subjects: Sequence[str],
    case: str | None,
) -> Outcome:
    form = body.form
    fields = ConcernFields(**form.model_dump(exclude={"categories"}), sent=body.sent)
    entry = entries.NewEntry(
        kind="concern",
        case=case,
        person=subjects[0] if case is None else None,
        subjects=list(dict.fromkeys(subjects)),
        fields=stored(fields),
        accountable=form.recipient,
        more_categories=(*form.categories, *body.categories),
    )
    entry_id = entries.add_entry(session, request, entry)
    repository.add_concern(session, request, entry_id, form.recipient)
    if case is not None:
        received = for_role(form.recipient, Role.SAFEGUARDING_LEAD)
        raise_notices(session, [NewNotice(case, RECEIVED, entry_id, received)], request.at)
    return {"id": entry_id, "version": 1, "state": "sent"}


def inbox(session: ReadSession, caller: Caller, ask: InboxAsk) -> dict[str, Any]:
    """What was sent to the caller's agency, raw and newest first."""
    return inboxes.page(session, caller, repository.INBOX, ask)


def unanswered(session: ReadSession, caller: Caller, ask: InboxAsk) -> dict[str, Any]:
    """Of these, what nobody acknowledged yet."""
    return inboxes.page(session, caller, repository.UNANSWERED, ask)


def sent(session: ReadSession, caller: Caller, ask: InboxAsk) -> dict[str, Any]:
    """What the caller sent for the agency for which they act, newest first: to whom, when, and whether it was
    received. It is what they did themselves, and nothing of whom it is about."""
    after = None if ask.after is None else (ask.after.at, ask.after.id)
    rows = repository.sent_by(session, caller.user, caller.agency, after, ask.limit + 1)
    shown, last = cut(rows, ask.limit)
    return {
        "sent": [
            {
                "id": row.entry_id,
                "recipient": row.recipient,
                "sent_at": rfc3339(row.sent_at),
                "acknowledged_at": None if row.acknowledged_at is None else rfc3339(row.acknowledged_at),
            }
            for row in shown
        ],
        "after": None if last is None else {"at": rfc3339(last.sent_at), "id": last.entry_id},
    }


def find(session: ReadSession, caller: Caller, id: str) -> dict[str, Any]:
    """One of them; 404 if it was not sent to the caller's agency."""
    return inboxes.find(session, caller, repository.INBOX, id)


def acknowledge(session: WriteSession, request: WriteRequest, id: str) -> Outcome:
    """Say that a concern was received; the sender reads it on the concern. Once."""
    marked = repository.acknowledge(session, request, request.caller.agency, id)
    if marked is None:
        raise not_found()
    if not marked:
        raise conflict("This concern has been acknowledged already.")
    clear(session, id, request.at)
    name = request.caller.name[: entries.LONGEST_NAME]
    said = {"acknowledged_at": rfc3339(request.at), "acknowledged_by": name}
    version = entries.add_to_fields(session, id, said)
    return {"id": id, "version": version, "state": "acknowledged"}
