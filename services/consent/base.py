"""The declarative base of the consent service's tables, and its idempotency keys."""

from sqlalchemy.orm import DeclarativeBase

from shared.database import new_metadata
from shared.idempotency import IdempotencyColumns


class Base(DeclarativeBase):
    metadata = new_metadata()


class IdempotencyKey(IdempotencyColumns, Base):
    """Writes that were done once already."""
