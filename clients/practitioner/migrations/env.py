"""Runs the app's migrations on the connection that ``shared.database.migrate`` opened."""

from alembic import context

import clients.practitioner.sessions.tables  # noqa: F401
from clients.practitioner.base import Base
from shared.migration import run_migrations

run_migrations(context.config.attributes["connection"], Base.metadata)
