"""The declarative base of the assessment service's tables, and its table of idempotency keys."""

from sqlalchemy.orm import DeclarativeBase

from shared.database import new_metadata
from shared.idempotency import IdempotencyColumns


class Base(DeclarativeBase):
    metadata = new_metadata()


class IdempotencyKey(IdempotencyColumns, Base):
    """What a caller already did under a key, and its outcome."""
