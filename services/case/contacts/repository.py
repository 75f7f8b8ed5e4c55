"""All SQL about contacts and offers. Whoever adds an event has locked the case: so they are in order."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, or_, select

from services.case.cases.tables import Case
from services.case.contacts.lifecycle import CONTACTS
from services.case.contacts.tables import ContactEvent, ContactOffer
from services.case.entries.tables import EntryRow
from shared.database import ReadSession, WriteSession
from shared.idempotency import WriteRequest

_CONTACTS = sorted(set(CONTACTS.values()))


@dataclass(frozen=True, slots=True)
class DueAttempt:
    """Somebody is to be tried again, by ``user``, who tried last."""

    case: str
    agency: str
    entry_id: str
    user: str
    next_attempt_on: date | None


def add_event(session: WriteSession, request: WriteRequest, case: str, entry_id: str, event: str) -> None:
    places = select(func.coalesce(func.max(ContactEvent.place), 0)).where(ContactEvent.case_id == case)
    session.execute(
        insert(ContactEvent),
        {
            "entry_id": entry_id,
            "case_id": case,
            "place": session.execute(places).scalar_one() + 1,
            "agency": request.caller.agency,
            "event": event,
            "at": request.at,
        },
    )


def happened_to(
    session: ReadSession,
    case: str,
    agency: str,
    life_events: Collection[str] = (),
    not_shown: Collection[str] = (),
) -> list[tuple[str, date]]:
    """What has happened to an agency's offer and on which day, in the order in which it was recorded: its own
    contacts but these, and these life events."""
    own = ContactEvent.agency == agency
    rows = session.execute(
        select(ContactEvent.event, ContactEvent.at, EntryRow.fields)
        .join(EntryRow, EntryRow.id == ContactEvent.entry_id)
        .where(
            ContactEvent.case_id == case,
            or_(
                own & (ContactEvent.event != "life_event") & ContactEvent.entry_id.not_in(list(not_shown)),
                ContactEvent.entry_id.in_(list(life_events)) & (ContactEvent.event == "life_event"),
            ),
        )
        .order_by(ContactEvent.place)
    )
    return [(row.event, _day(row.fields, row.at)) for row in rows]


def _day(fields: Mapping[str, Any], recorded_at: datetime) -> date:
    """On which day it happened, as it was written down; a decision on the day on which it was recorded."""
    written = fields.get("happened_on") or fields.get("when")
    return recorded_at.date() if written is None else date.fromisoformat(written[:10])


def last_contact(session: ReadSession, case: str, agency: str) -> str | None:
    """The entry of the contact after which an agency's offer stands as it does."""
    return session.scalar(
        select(ContactOffer.entry_id).where(ContactOffer.case_id == case, ContactOffer.agency == agency)
    )


@dataclass(frozen=True, slots=True)
class RefusedOffer:
    """An offer of ``user`` that the family refused, by the entry that says so."""

    agency: str
    user: str
    entry_id: str


def refused_offers(session: ReadSession, case: str) -> list[RefusedOffer]:
    """The offers of a case that stood refused after the last contact of their agency."""
    rows = session.execute(
        select(ContactOffer.agency, ContactOffer.user, ContactOffer.entry_id)
        .where(ContactOffer.case_id == case, ContactOffer.state == "refused")
        .order_by(ContactOffer.agency)
    )
    return [RefusedOffer(*row) for row in rows]


def set_offer(
    session: WriteSession,
    request: WriteRequest,
    case: str,
    entry_id: str,
    state: str,
    next_attempt_on: date | None,
) -> None:
    agency = request.caller.agency
    session.execute(delete(ContactOffer).where(ContactOffer.case_id == case, ContactOffer.agency == agency))
    session.execute(
        insert(ContactOffer),
        {
            "case_id": case,
            "agency": agency,
            "state": state,
            "next_attempt_on": next_attempt_on,
            "entry_id": entry_id,
            "user": request.caller.at_work,
        },
    )


def attempts_due(session: ReadSession, day: date) -> list[DueAttempt]:
    """In open cases, who is to be tried again on that day or was to be before."""
    rows = session.execute(
        select(
            ContactOffer.case_id, ContactOffer.agency, ContactOffer.entry_id, ContactOffer.user,
            ContactOffer.next_attempt_on,
        )
        .join(Case, Case.id == ContactOffer.case_id)
        .where(ContactOffer.next_attempt_on <= day, Case.state == "open")
        .order_by(ContactOffer.next_attempt_on, ContactOffer.case_id, ContactOffer.agency)
    )  # fmt: skip
    return [DueAttempt(*row) for row in rows]


def is_in_contact_since(session: ReadSession, case: str, at: datetime) -> bool:
    """Whether anybody has had to do with the family from that moment on."""
    contact = select(ContactEvent.entry_id).where(
        ContactEvent.case_id == case,
        ContactEvent.at >= at,
        ContactEvent.event.in_(_CONTACTS),
    )
    return session.execute(contact.limit(1)).first() is not None
