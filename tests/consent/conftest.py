"""A running consent service with six agencies in it."""

from collections.abc import AsyncIterator, Mapping

import pytest

from tests.consent.service import ConsentService, running_service


@pytest.fixture
async def service(databases: Mapping[str, str]) -> AsyncIterator[ConsentService]:
    async with running_service(databases["consent"]) as service:
        await service.add_agencies()
        yield service
