"""``python -m services.case`` serves; ``python -m services.case migrate`` brings its database up to date;
``python -m services.case clocks`` looks once at everything that falls due, and says what it raised;
``python -m services.case clocks daily`` does so now and each day, until it is stopped. Either may run as
often as one likes, on every replica: what was raised is not raised again.
"""

import asyncio
import sys
from collections.abc import Mapping

from services.case.app import create_app
from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks_of, run_daily
from services.case.settings import from_environment
from shared.clock import utc_now
from shared.database import open_store
from shared.service import run_command


def _say(raised: Mapping[str, int]) -> None:
    for name, number in raised.items():
        print(f"{name}: {number} new", flush=True)


async def _daily(database_url: str, rules: CaseworkRules) -> None:
    store = open_store(database_url)
    await run_daily(store, rules, now=utc_now, sleep=asyncio.sleep, raised=_say, failed=print)


if __name__ == "__main__":
    settings, rules = from_environment()
    if sys.argv[1:] == ["clocks"]:
        _say(run_clocks_of(settings.database_url, utc_now(), rules))
    elif sys.argv[1:] == ["clocks", "daily"]:
        asyncio.run(_daily(settings.database_url, rules))
    else:
        run_command("services.case", lambda: create_app(settings, rules), settings)
