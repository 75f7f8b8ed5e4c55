"""The demo partnership: agencies, people and the stories of design 1, as far as the suite can carry them."""

import httpx

from deploy.composition import Suite
from deploy.demo_people import AGENCIES, USERS
from deploy.identity.issuer import DevelopmentIssuer
from deploy.stories import james
from deploy.stories.client import Api
from services.consent.agencies.operations import add_agency
from shared.clock import utc_now
from shared.idempotency import WriteRequest
from shared.identity import Caller
from shared.records.agencies import NewAgency
from shared.service import Parts
from shared.vocabulary import AgencyKind, Role

FIRST_OFFICER = "una.price"


async def seed(suite: Suite, issuer: DevelopmentIssuer) -> None:
    """Fill empty databases with the demo partnership; everything but the first agency through the API."""
    parts: Parts = suite.services["consent"].state.parts
    first = AGENCIES[0]
    caller = Caller(FIRST_OFFICER, USERS[FIRST_OFFICER].name, first.code, Role.INFORMATION_OFFICER)
    new = NewAgency(code=first.code, name=first.name, kind=AgencyKind(first.kind), telephone=first.telephone)
    await parts.store.write(add_agency, WriteRequest(caller, utc_now(), None, ""), new)
    transport = httpx.ASGITransport(app=suite.gateway)
    async with httpx.AsyncClient(transport=transport, base_url="http://suite", timeout=60.0) as client:

        async def token_of(user: str, person: str | None) -> str:
            return issuer.token(USERS[user].for_person(person))

        await tell_stories(Api(client, token_of))


async def tell_stories(api: Api) -> None:
    """Add the other agencies, then play each story once."""
    await add_agencies(api)
    await james.tell(api)


async def add_agencies(api: Api) -> None:
    officer = await api.sign_in(FIRST_OFFICER)
    there = {agency["code"] for agency in (await officer.get("/v1/agencies"))["agencies"]}
    for agency in AGENCIES:
        if agency.code not in there:
            await officer.post(
                "/v1/agencies",
                {
                    "code": agency.code,
                    "name": agency.name,
                    "kind": agency.kind,
                    "telephone": agency.telephone,
                },
            )
