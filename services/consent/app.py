"""The consent service: what may be shared, with whom, for what, until when, on which basis, and what was."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from fastapi import FastAPI

from services.consent.agencies.routes import router as agencies
from services.consent.agreements.routes import router as agreements
from services.consent.alerts.routes import router as alerts
from services.consent.authorities.routes import router as authorities
from services.consent.bars.routes import router as bars
from services.consent.base import IdempotencyKey
from services.consent.break_glass.routes import router as break_glass
from services.consent.checkpoints.routes import router as checkpoints
from services.consent.conflicts.routes import router as conflicts
from services.consent.consents.routes import router as consents
from services.consent.decisions.operations import DecisionParts
from services.consent.decisions.routes import hot_routes
from services.consent.exclusions.routes import router as exclusions
from services.consent.explanations.routes import router as explanations
from services.consent.family_codes.routes import router as family_codes
from services.consent.family_sheet.routes import router as family_sheet
from services.consent.holds.routes import router as holds
from services.consent.ledger.chain import LedgerKey
from services.consent.ledger.routes import router as ledger
from services.consent.messages.routes import router as messages
from services.consent.non_disclosures.routes import router as non_disclosures
from services.consent.office.routes import router as office
from services.consent.overrides.routes import router as overrides
from services.consent.policies.repository import Policies
from services.consent.policies.routes import router as policies
from services.consent.releases.routes import router as releases
from services.consent.rooms.routes import router as rooms
from services.consent.seen_by.routes import router as seen_by
from services.consent.settings import ConsentSettings, from_environment
from services.consent.sharing_requests.routes import router as sharing_requests
from services.consent.simulations.repository import ComparedPolicies
from services.consent.simulations.routes import router as simulations
from services.consent.taking_part.routes import router as taking_part
from services.consent.verification.routes import router as verification
from services.consent.who_can_see.routes import router as who_can_see
from services.consent.withdrawals.routes import router as withdrawals
from shared.clock import Clock, utc_now
from shared.service import Sleep, create_data_service

ROUTERS = (
    ledger, checkpoints, verification, holds, agencies, agreements, withdrawals, consents, exclusions,
    bars, authorities, taking_part, conflicts, messages, policies, simulations, overrides, break_glass,
    alerts, releases, sharing_requests, non_disclosures, explanations, who_can_see, seen_by, rooms,
    family_codes, family_sheet, office,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ConsentParts:
    """What only this service's routes need."""

    decisions: DecisionParts
    ledger_keys: Mapping[str, LedgerKey]
    compared: ComparedPolicies


def create_app(
    settings: ConsentSettings | None = None, *, clock: Clock = utc_now, sleep: Sleep = asyncio.sleep
) -> FastAPI:
    settings = settings or from_environment()
    deadline = settings.service.deadline_seconds
    published = Policies(timedelta(seconds=deadline))
    decision_parts = DecisionParts(clock, published, settings.ledger_key, deadline)
    return create_data_service(
        "consent",
        "Agencies, agreements, permissions, exclusions, the decision and the disclosure ledger.",
        settings.service,
        ROUTERS,
        IdempotencyKey,
        clock=clock,
        sleep=sleep,
        extra=ConsentParts(decision_parts, settings.ledger_keys, ComparedPolicies(published)),
        hot_routes=hot_routes,
    )
