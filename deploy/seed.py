"""The demo partnership: agencies, people and the stories of design 1, as far as the suite can carry them."""

import asyncio
from dataclasses import asdict

from deploy.composition import Suite
from deploy.demo_people import AGENCIES, USERS
from deploy.identity.issuer import DevelopmentIssuer
from deploy.stories import inclusion_panel, j, james, james_money, task_force, young_citizens
from deploy.stories.client import Api, ClientInProcess
from deploy.stories.partnership import name_officer
from services.consent.agencies.operations import add_agency
from shared.clock import utc_now
from shared.idempotency import WriteRequest
from shared.identity import Caller
from shared.records.agencies import NewAgency
from shared.service import Parts
from shared.upstream import InProcess
from shared.vocabulary import AgencyKind, Role

FIRST_OFFICER = "una.price"
PARENT = "karen.mercer"
"""James's mother, who signs in to her own page."""


async def seed_first_story(suite: Suite, issuer: DevelopmentIssuer) -> None:
    """The partnership and James, into empty databases; everything but the first agency through the API."""
    parts: Parts = suite.services["consent"].state.parts
    first = AGENCIES[0]
    caller = Caller(FIRST_OFFICER, USERS[FIRST_OFFICER].name, first.code, Role.INFORMATION_OFFICER)
    new = NewAgency(code=first.code, name=first.name, kind=AgencyKind(first.kind), telephone=first.telephone)
    await parts.store.write(add_agency, WriteRequest(caller, utc_now(), None, ""), new)
    api = _api(suite, issuer)
    await add_agencies(api)
    story = await james.tell(api)
    issuer.remember(PARENT, story.mother)


async def seed_other_stories(suite: Suite, issuer: DevelopmentIssuer) -> None:
    """The other stories and what follows in James's, all at the same time: their writes share commits."""
    api = _api(suite, issuer)
    await asyncio.gather(
        james_money.what_follows(api),
        j.tell(api),
        _young_citizens(api),
        inclusion_panel.tell(api),
        task_force.tell(api),
    )
    await task_force.adviser_leaves(api)


async def seed_officer(suite: Suite, issuer: DevelopmentIssuer) -> None:
    """Who sees the whole ledger, from a few seconds on: more than the suite's D."""
    api = _api(suite, issuer)
    await name_officer(await api.sign_in("tom.ashby"), await api.sign_in("ines.dale"), FIRST_OFFICER)


async def _young_citizens(api: Api) -> None:
    await young_citizens.turn_both_keys(api, await young_citizens.tell(api))


def _api(suite: Suite, issuer: DevelopmentIssuer) -> Api:
    async def token_of(user: str, person: str | None) -> str:
        return issuer.token(USERS[user].for_person(person))

    return Api(ClientInProcess(InProcess(suite.gateway)), token_of)


async def add_agencies(api: Api) -> None:
    """The demo agencies that are not in the partnership yet."""
    officer = await api.sign_in(FIRST_OFFICER)
    there = {agency["code"] for agency in (await officer.get("/v1/agencies"))["agencies"]}
    missing = [asdict(agency) for agency in AGENCIES if agency.code not in there]
    await asyncio.gather(*(officer.post("/v1/agencies", agency) for agency in missing))
