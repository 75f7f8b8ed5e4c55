"""The whole suite in one process: the same apps, called in process, inside the same deadline (design 2.2)."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI

from deploy.identity.issuer import AUDIENCE, DevelopmentIssuer
from deploy.keys import CURSOR_KEY, PRIVATE_KEY, load_or_make_secret, load_or_make_signing_key
from services.assessment.app import create_app as create_assessment
from services.case.app import create_app as create_case
from services.consent.app import create_app as create_consent
from services.consent.ledger.chain import LedgerKey
from services.consent.settings import ConsentSettings
from services.gateway.app import create_app as create_gateway
from services.gateway.settings import GatewaySettings
from shared.clock import Clock, Monotonic, monotonic, utc_now
from shared.identity import FixedKeys, public_part
from shared.service import DataServiceSettings, Sleep
from shared.upstream import InProcess


@dataclass(frozen=True, slots=True)
class Suite:
    """The composed apps; ``services`` by name. Enter ``running`` before the first request."""

    gateway: FastAPI
    services: Mapping[str, FastAPI]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Every app's lifespan, which neither an in-process call nor a mount would enter."""
        async with AsyncExitStack() as stack:
            for app in (*self.services.values(), self.gateway):
                await stack.enter_async_context(app.router.lifespan_context(app))
            yield


def compose(
    keys_folder: Path,
    database_urls: Mapping[str, str],
    issuer: DevelopmentIssuer,
    *,
    deadline_seconds: float = 1.0,
    clock: Clock = utc_now,
    sleep: Sleep = asyncio.sleep,
    monotonic: Monotonic = monotonic,
) -> Suite:
    """The four apps with keys from ``keys_folder`` (made when missing) and migrated databases."""
    private_key = load_or_make_signing_key(keys_folder / PRIVATE_KEY, "gateway-1")
    public_keys = {"keys": [public_part(private_key)]}

    def settings(service: str) -> DataServiceSettings:
        return DataServiceSettings(database_urls[service], public_keys, deadline_seconds)

    ledger_key = LedgerKey("ledger-1", load_or_make_secret(keys_folder / "ledger.key"))
    services = {
        "case": create_case(settings("case"), clock=clock, sleep=sleep),
        "assessment": create_assessment(settings("assessment"), clock=clock, sleep=sleep),
        "consent": create_consent(ConsentSettings(settings("consent"), ledger_key), clock=clock, sleep=sleep),
    }
    gateway = create_gateway(
        GatewaySettings(
            oidc_issuer=issuer.url,
            oidc_audience=AUDIENCE,
            private_key=private_key,
            cursor_key=load_or_make_secret(keys_folder / CURSOR_KEY),
            deadline_seconds=deadline_seconds,
        ),
        transports={name: InProcess(app) for name, app in services.items()},
        keys=FixedKeys(issuer.jwk_set),
        clock=clock,
        monotonic=monotonic,
    )
    return Suite(gateway, services)
