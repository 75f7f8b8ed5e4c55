"""The daily run of clocks (``python -m services.case clocks``): what is due, and for whom.

A clock looks at what is stored, at the moment it is given and at the partnership's rules, and at nothing
else, so that it may run on every replica and as often as one likes: it raises a notice once an occasion.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime

from services.case.absences.operations import leads_shown_nothing
from services.case.cases.operations import reviews_overdue, without_answer
from services.case.casework_rules import CaseworkRules
from services.case.contacts.operations import attempts_due
from services.case.dependencies.operations import WARNING, late_for_what_follows
from services.case.flags.operations import flags_expiring
from services.case.meetings.operations import not_recorded
from services.case.notices.repository import NewNotice, raise_notices
from services.case.pledges.operations import late_for_the_chair
from services.case.promises.operations import long_overdue, overdue
from services.case.referrals.operations import nobodys_case, without_reply
from services.case.reviews.operations import escalated
from services.case.vacancies.operations import LEAD_GONE, vacant_too_long
from shared.database import Store, WriteSession, open_store
from shared.problems import Problem
from shared.vocabulary import NO_ANSWER

Clock = Callable[[WriteSession, datetime, CaseworkRules], Iterable[NewNotice]]
A_DAY = 24 * 60 * 60.0
BEFORE_THE_NEXT_TRY = 10 * 60.0

CLOCKS: Mapping[str, Clock] = {
    "review_overdue": reviews_overdue,
    NO_ANSWER: without_answer,
    "flag_expiring": flags_expiring,
    "contact_due": attempts_due,
    "referral_no_reply": without_reply,
    "nobodys_case": nobodys_case,
    LEAD_GONE: leads_shown_nothing,
    "lead_vacant": vacant_too_long,
    "meeting_not_recorded": not_recorded,
    "review_escalated": escalated,
    "promise_overdue": overdue,
    "promise_long_overdue": long_overdue,
    "pledge_overdue": late_for_the_chair,
    WARNING: late_for_what_follows,
}
"""By the kind of notice that each raises."""


async def run_clocks(store: Store, at: datetime, rules: CaseworkRules) -> dict[str, int]:
    """Look at every clock once; per clock how many notices were raised that were not there before.

    Each in a transaction of its own, so that nobody who writes waits for all of them.
    """
    return {name: await store.write(_look_at, due, at, rules) for name, due in CLOCKS.items()}


def _look_at(session: WriteSession, due: Clock, at: datetime, rules: CaseworkRules) -> int:
    return raise_notices(session, due(session, at, rules), at)


async def run_daily(
    store: Store,
    rules: CaseworkRules,
    *,
    now: Callable[[], datetime],
    sleep: Callable[[float], Awaitable[None]],
    raised: Callable[[Mapping[str, int]], None] = lambda _: None,
    failed: Callable[[str], None],
) -> None:
    """Look at everything now, and again each day; never ends. Where the store cannot be reached it is tried
    again soon: what fell due meanwhile is not lost."""
    while True:
        try:
            raised(await run_clocks(store, now(), rules))
        except Problem as problem:
            failed(f"The clocks could not run: {problem.detail}")
            await sleep(BEFORE_THE_NEXT_TRY)
        else:
            await sleep(A_DAY)


def run_clocks_of(database_url: str, at: datetime, rules: CaseworkRules) -> dict[str, int]:
    """The same on a database by its URL."""

    async def run() -> dict[str, int]:
        store = open_store(database_url)
        try:
            return await run_clocks(store, at, rules)
        finally:
            await store.close()

    return asyncio.run(run())
