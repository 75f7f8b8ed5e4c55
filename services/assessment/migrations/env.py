"""Runs this service's migrations on the connection that ``shared.database.migrate`` opened."""

from alembic import context

import services.assessment.assessments.tables  # noqa: F401
from services.assessment.base import Base
from shared.migration import run_migrations

run_migrations(context.config.attributes["connection"], Base.metadata)
