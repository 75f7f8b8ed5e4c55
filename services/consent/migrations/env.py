"""Alembic's entry: runs the consent service's revisions on the connection that ``migrate`` opened."""

from alembic import context

from services.consent.agencies import tables as _agencies
from services.consent.agreements import tables as _agreements
from services.consent.alerts import tables as _alerts
from services.consent.authorities import tables as _authorities
from services.consent.bars import tables as _bars
from services.consent.base import Base
from services.consent.break_glass import tables as _break_glass
from services.consent.checkpoints import tables as _checkpoints
from services.consent.conflicts import tables as _conflicts
from services.consent.consents import tables as _consents
from services.consent.exclusions import tables as _exclusions
from services.consent.family_codes import tables as _family_codes
from services.consent.holds import tables as _holds
from services.consent.ledger import tables as _ledger
from services.consent.messages import tables as _messages
from services.consent.overrides import tables as _overrides
from services.consent.policies import tables as _policies
from services.consent.taking_part import tables as _taking_part
from shared.migration import run_migrations

TABLES = (
    _agencies, _agreements, _alerts, _authorities, _bars, _break_glass, _checkpoints, _conflicts, _consents,
    _exclusions, _family_codes, _holds, _ledger, _messages, _overrides, _policies, _taking_part,
)  # fmt: skip

run_migrations(context.config.attributes["connection"], Base.metadata)
