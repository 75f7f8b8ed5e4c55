"""Alembic's entry: runs the consent service's revisions on the connection that ``migrate`` opened."""

from alembic import context

from services.consent.agencies import tables as _agencies
from services.consent.agreements import tables as _agreements
from services.consent.alerts import tables as _alerts
from services.consent.base import Base
from services.consent.break_glass import tables as _break_glass
from services.consent.checkpoints import tables as _checkpoints
from services.consent.consents import tables as _consents
from services.consent.exclusions import tables as _exclusions
from services.consent.holds import tables as _holds
from services.consent.ledger import tables as _ledger
from services.consent.overrides import tables as _overrides
from services.consent.policies import tables as _policies
from shared.database import run_migrations

TABLES = (
    _agencies,
    _agreements,
    _alerts,
    _break_glass,
    _checkpoints,
    _consents,
    _exclusions,
    _holds,
    _ledger,
    _overrides,
    _policies,
)

run_migrations(context.config.attributes["connection"], Base.metadata)
