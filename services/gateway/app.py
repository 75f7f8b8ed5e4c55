"""The gateway: the only door. Who is calling, what do they ask; give exactly what the decision allows."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from services.gateway.api_docs import add_api_docs
from services.gateway.cursors import Cursors
from services.gateway.disclose import Disclosure
from services.gateway.family_door import FamilyDoor, FamilySecrets
from services.gateway.guards import identify_with
from services.gateway.notice import notice
from services.gateway.openapi import describe
from services.gateway.pace import Admit, admit_at
from services.gateway.parts import GatewayParts
from services.gateway.refusals import recording_refusals
from services.gateway.routes import (
    actions,
    alerts,
    assessments,
    authorities,
    bars,
    break_glass,
    budget,
    caseloads,
    cases,
    compact,
    concerns,
    conflicts,
    consents,
    contacts,
    disclosures,
    exclusions,
    expiring,
    explanations,
    family,
    flags,
    goals,
    holds,
    involvements,
    lawful_bases,
    lead,
    ledger,
    me,
    meetings,
    messages,
    non_disclosures,
    notices,
    office,
    outcomes,
    overrides,
    partnership,
    people,
    pledges,
    policies,
    referrals,
    releases,
    reports,
    reviews,
    seen_by,
    sharing_requests,
    signals,
    taking_part,
    team,
    waiting,
    worklists,
)
from services.gateway.settings import GatewaySettings, UpstreamUrls, from_environment
from services.gateway.upstreams import Upstreams
from shared.clock import Clock, Deadline, Monotonic, monotonic, utc_now
from shared.identity import InternalTokens, KeySource, TokenVerifier
from shared.limits import RateLimit
from shared.upstream import Transport, Upstream
from shared.web import add_routes, create_web_app

if TYPE_CHECKING:
    from services.gateway.issuer_keys import DiscoveredKeys

AREAS = (
    cases,
    me,
    people,
    lead,
    team,
    actions,
    goals,
    outcomes,
    compact,
    pledges,
    budget,
    assessments,
    consents,
    expiring,
    exclusions,
    bars,
    authorities,
    taking_part,
    conflicts,
    messages,
    notices,
    overrides,
    lawful_bases,
    break_glass,
    alerts,
    disclosures,
    holds,
    ledger,
    partnership,
    policies,
    explanations,
    seen_by,
    sharing_requests,
    releases,
    non_disclosures,
    concerns,
    flags,
    signals,
    referrals,
    contacts,
    reports,
    caseloads,
    involvements,
    worklists,
    waiting,
    office,
    meetings,
    reviews,
    family,
)
IN_DANGER = (break_glass, concerns)
"""What is sent here must get through, however often its sender asked before."""
DESCRIPTION = (
    "One case, many agencies: each sees what it may see, and anyone entitled to ask can be told why. Every "
    "request acts in one role for one agency (Acting-Role, Acting-Agency) and for one purpose (Purpose)."
)


def create_app(
    settings: GatewaySettings | None = None,
    *,
    transports: Mapping[str, Transport] | None = None,
    keys: KeySource | None = None,
    clock: Clock = utc_now,
    monotonic: Monotonic = monotonic,
) -> FastAPI:
    """The gateway app. Without ``transports`` it calls the services at the URLs of the environment; without
    ``keys`` it discovers the issuer's."""
    if settings is None:
        settings, urls = from_environment()
        transports = transports or _sockets(urls)
    assert transports is not None, "a gateway without settings reads its URLs from the environment"
    services = {name: Upstream(name, transport) for name, transport in transports.items()}
    upstreams = Upstreams(services, InternalTokens(settings.private_key, clock))
    discovered = None if keys is not None else _discovered_keys(settings.oidc_issuer)
    key_source: KeySource = keys if keys is not None else discovered  # type: ignore[assignment]

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await upstreams.close()
            if discovered is not None:
                await discovered.close()

    async def ready() -> None:
        """The gateway keeps nothing of its own: it is ready as soon as it runs."""

    verifier = TokenVerifier(
        issuer=settings.oidc_issuer, audience=settings.oidc_audience, keys=key_source, clock=clock
    )
    sentence = notice(settings.emergency_telephone)
    cursors, secrets = Cursors(settings.cursor_key), FamilySecrets(settings.cursor_key)
    app = create_web_app(
        title="Teamaround",
        description=DESCRIPTION,
        lifespan=lifespan,
        ready=ready,
        identify=identify_with(
            verifier,
            _pace(settings.requests_per_minute, monotonic),
            FamilyDoor(upstreams, secrets, monotonic).who,
        ),
        on_refusal=recording_refusals(upstreams),
        notice=sentence,
        with_openapi=True,
        takes_only_declared_bodies=True,
        metrics_token=settings.metrics_token,
    )
    app.add_middleware(_StartsTheDeadline, seconds=settings.deadline_seconds, monotonic=monotonic)
    app.state.parts = GatewayParts(Disclosure(upstreams), upstreams, cursors, secrets, sentence)
    add_routes(app, (area.router for area in AREAS))
    add_api_docs(app)
    describe(app)
    return app


def _pace(requests_per_minute: int, monotonic: Monotonic) -> Admit | None:
    if requests_per_minute <= 0:
        return None
    urgent = (route for area in IN_DANGER for route in area.router.routes)
    never_refused = {("POST", route.path) for route in urgent if "POST" in (route.methods or ())}
    return admit_at(RateLimit(requests_per_minute, monotonic), never_refused)


def _discovered_keys(issuer: str) -> "DiscoveredKeys":
    # Imported here, because who brings keys needs no client over sockets.
    from services.gateway.issuer_keys import DiscoveredKeys

    return DiscoveredKeys(issuer)


def _sockets(urls: UpstreamUrls) -> dict[str, Transport]:
    from shared.sockets import Sockets

    return {
        "case": Sockets(urls.case),
        "assessment": Sockets(urls.assessment),
        "consent": Sockets(urls.consent),
    }


class _StartsTheDeadline:
    """D is measured from the start of the request, before anything is read (design 3.3, step 4)."""

    def __init__(self, app: ASGIApp, seconds: float, monotonic: Monotonic) -> None:
        self._app = app
        self._seconds = seconds
        self._monotonic = monotonic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["deadline"] = Deadline(self._seconds, self._monotonic)
        await self._app(scope, receive, send)
