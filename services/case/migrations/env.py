"""Alembic's entry: every table of the service, on the connection that ``shared.database.migrate`` opened."""

from alembic import context

import services.case.absences.tables
import services.case.budget.tables
import services.case.budget_streams.tables
import services.case.cases.tables
import services.case.compact.tables
import services.case.concerns.tables
import services.case.considerations.tables
import services.case.contacts.tables
import services.case.costs.tables
import services.case.dependencies.tables
import services.case.entries.tables
import services.case.flags.tables
import services.case.lead_professional.tables
import services.case.meetings.tables
import services.case.notices.tables
import services.case.people.tables
import services.case.plan.tables
import services.case.promises.tables
import services.case.referrals.tables
import services.case.reports.tables
import services.case.reviews.tables
import services.case.signals.tables
import services.case.small_concerns.tables
import services.case.team.tables  # noqa: F401
from services.case.base import Base
from shared.migration import run_migrations

run_migrations(context.config.attributes["connection"], Base.metadata)
