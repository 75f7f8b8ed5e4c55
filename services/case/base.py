"""What the tables of this service have in common."""

from sqlalchemy.orm import DeclarativeBase

from shared.database import new_metadata
from shared.idempotency import IdempotencyColumns


class Base(DeclarativeBase):
    metadata = new_metadata()


class IdempotencyKey(IdempotencyColumns, Base):
    """Which writes were done already, per caller."""
