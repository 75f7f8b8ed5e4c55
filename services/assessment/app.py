"""The assessment service: common assessments under versioned instruments, done once and never retold."""

import asyncio

from fastapi import FastAPI

from services.assessment.assessments import routes as assessments
from services.assessment.base import IdempotencyKey
from services.assessment.instruments import routes as instruments
from services.assessment.instruments.library import load_library
from services.assessment.settings import from_environment
from shared.clock import Clock, utc_now
from shared.service import DataServiceSettings, Sleep, create_data_service


def create_app(
    settings: DataServiceSettings | None = None, *, clock: Clock = utc_now, sleep: Sleep = asyncio.sleep
) -> FastAPI:
    return create_data_service(
        "assessment",
        "Common assessments, raw: spoken to by the gateway alone, which decides what leaves.",
        settings or from_environment(),
        (instruments.router, assessments.router),
        IdempotencyKey,
        clock=clock,
        sleep=sleep,
        extra=load_library(),
        hot_routes=assessments.hot_routes,
    )
