"""A running assessment service, spoken to as the gateway speaks to it."""

from collections.abc import AsyncIterator, Mapping

import pytest

from tests.assessment.service import RunningService, running_service


@pytest.fixture
async def service(databases: Mapping[str, str]) -> AsyncIterator[RunningService]:
    async with running_service(databases["assessment"]) as service:
        yield service
