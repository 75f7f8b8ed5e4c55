"""What waits for whom, in the journeys' words; and the daily run of clocks, on a day that a test chooses."""

import asyncio
from datetime import timedelta

from deploy.stories.client import Api
from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks_of
from shared.clock import utc_now
from tests.support.suite import RunningSuite


async def days_pass(suite: RunningSuite, days: int = 0) -> None:
    """Look at every clock as it is run this many days from now."""
    at = utc_now() + timedelta(days=days)
    await asyncio.to_thread(run_clocks_of, suite.databases["case"], at, CaseworkRules())


async def waits_for(api: Api, user: str, case: str, *kinds: str) -> list[tuple[str, str]]:
    """What waits for somebody in a case, of these kinds or of all: each (kind, what it is about), sorted."""
    session = await api.sign_in(user)
    found: list[tuple[str, str]] = []
    path: str | None = "/v1/notices?limit=100"
    while path:
        page = await session.get(path)
        assert all(
            notice.keys() == {"id", "case", "kind", "about", "at", "alone", "left_too_long"}
            for notice in page["notices"]
        )
        found += [(one["kind"], one["about"]) for one in page["notices"] if one["case"] == case]
        path = page["next"]
    return sorted(one for one in found if not kinds or one[0] in kinds)
