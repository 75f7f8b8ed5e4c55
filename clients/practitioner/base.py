"""The declarative base of the app's own two tables: sessions, and forms that were kept."""

from sqlalchemy.orm import DeclarativeBase

from shared.database import new_metadata


class Base(DeclarativeBase):
    metadata = new_metadata()
