"""SQL for messages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.consent.messages.tables import Message
from shared.database import ReadSession, WriteSession, earlier_than


def add_message(session: WriteSession, **columns: Any) -> None:
    """Store a message; ``columns`` are those of the table."""
    session.add(Message(**columns))


def messages_about(session: ReadSession, consents: Sequence[str]) -> Sequence[Any]:
    """The messages about these permissions, sent or held back, oldest first."""
    statement = select(*Message.__table__.c).where(Message.consent.in_(consents))
    return session.execute(statement.order_by(Message.recorded_at, Message.id)).all()


def messages_to(
    session: ReadSession, agency: str, after: tuple[datetime, str] | None, limit: int
) -> Sequence[Any]:
    """The messages that were sent to an agency, newest first, from after (moment, id) on."""
    statement = select(*Message.__table__.c).where(Message.recipient == agency, Message.sent_at.is_not(None))
    statement = statement.where(earlier_than((Message.sent_at, Message.id), after))
    ordered = statement.order_by(Message.sent_at.desc(), Message.id.desc()).limit(limit)
    return session.execute(ordered).all()


def message_to_answer(session: WriteSession, message: str) -> Message | None:
    statement = select(Message).where(Message.id == message)
    return session.execute(statement.with_for_update()).scalar_one_or_none()
