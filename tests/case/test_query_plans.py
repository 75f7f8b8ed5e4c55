"""No list reads a whole table: what it costs does not grow with the number of cases (design 5.5).

Three changes that make this fail: a list whose place in its order is no place in an index, an index dropped
from a table, a condition that is written so that no index answers it (``x IN (…) = 1``).
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine

from benchmarks.filling import fill
from services.case.bundles import repository as bundles
from services.case.caseloads import repository as caseloads
from services.case.cases import repository as cases
from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import CLOCKS
from services.case.concerns import repository as concerns
from services.case.inboxes import repository as inboxes
from services.case.notices import repository as notices
from services.case.notices.audience import addresses_of
from services.case.notices.operations import AWAIT_AN_ANSWER, LEFT_TOO_LONG
from services.case.people import repository as people
from services.case.referrals import repository as referrals
from services.case.reports import repository as reports
from services.case.signals import repository as signals
from services.case.vacancies import repository as vacancies
from services.case.worklists import repository as worklists
from shared.database import WriteSession
from shared.migration import migrate
from shared.vocabulary import NO_ANSWER
from tests.case.conftest import SCHOOL, SCHOOL_MANAGER
from tests.support.plans import Plan, Statement, plan_of, statements_of

ID = "2a3b4c5d-0000-4000-8000-000000000000"
AT = datetime(2031, 3, 3, 9, 0, tzinfo=UTC)
DAY, MOMENT = (date(2031, 3, 3), ID), (AT, ID)
LIMIT = 51
Ask = Callable[[WriteSession], Any]


def caseload(**asked: Any) -> Ask:
    query = {"agency": SCHOOL.agency, "user": None, "after": DAY, "limit": LIMIT, "today": AT.date(), **asked}
    return lambda session: cases.caseload(session, cases.CaseloadQuery(**query))


def promises(user: str | None, before: date | None) -> Ask:
    query = worklists.PromisesQuery(agency=SCHOOL.agency, user=user, before=before, after=DAY, limit=LIMIT)
    return lambda session: worklists.promises(session, query)


def waiting(**asked: Any) -> Ask:
    addresses = addresses_of(SCHOOL_MANAGER)
    return lambda session: notices.notices_for(session, "northgate-school", addresses, MOMENT, LIMIT, **asked)


IN_ITS_ORDER: dict[str, Ask] = {
    "my caseload": caseload(user=SCHOOL.user),
    "my caseload from the start": caseload(user=SCHOOL.user, after=None),
    "my team's caseload": caseload(),
    "my cases without a lead": caseload(user=SCHOOL.user, without_lead=True),
    "my team's cases without a lead": caseload(without_lead=True),
    "my overdue reviews": caseload(user=SCHOOL.user, review_before=AT.date()),
    "my team's overdue reviews": caseload(review_before=AT.date()),
    "nobody leads": lambda session: vacancies.longest_vacant(session, AT.date(), MOMENT, LIMIT),
    "my agency's promises": promises(None, None),
    "my agency's overdue promises": promises(None, AT.date() + timedelta(days=9)),
    "my promises": promises(SCHOOL.user, None),
    "my overdue promises": promises(SCHOOL.user, AT.date() + timedelta(days=9)),
    "signals": lambda session: signals.open_signals(session, MOMENT, LIMIT),
    "referrals": lambda session: inboxes.received(session, referrals.INBOX, "a", MOMENT, LIMIT),
    "concerns": lambda session: inboxes.received(session, concerns.INBOX, "a", MOMENT, LIMIT),
}
"""Each walks its index from its place on, and stops when the page is full."""

OF_A_FEW: dict[str, Ask] = {
    "notices": waiting(),
    "awaiting my answer": waiting(kinds=AWAIT_AN_ANSWER),
    "left too long": waiting(kinds=LEFT_TOO_LONG, oldest_first=True),
    "gaps": lambda session: worklists.gaps(session, SCHOOL.agency, SCHOOL.user, AT.date(), ID, LIMIT),
    "led by somebody": lambda session: worklists.led_by(session, SCHOOL.user, None),
    "led by somebody for an agency": lambda session: worklists.led_by(session, SCHOOL.user, SCHOOL.agency),
    "what somebody carries": lambda session: caseloads.load_of(session, SCHOOL.agency, SCHOOL.user),
    "a caseload with cases that are named": caseload(user=SCHOOL.user, also=[ID]),
    "a case": lambda session: bundles.case_bundles(session, SCHOOL, [ID], AT),
    "a person": lambda session: bundles.person_bundles(session, SCHOOL, {ID: []}, AT),
    "a relationship to a case": lambda session: bundles.relationships_to(session, SCHOOL, [ID]),
    "whom a case reaches": lambda session: bundles.subjects_in_reach(session, ID),
    "a case's place on the lists": lambda session: cases.refresh_caseload(session, ID, AT),
}
"""These put in order what they found: the newest of a few lists, what is one person's, or one case's."""

LAST_QUARTER = datetime(2025, 10, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
OF_A_QUARTER: dict[str, Ask] = {
    "cases opened": lambda session: reports.cases_opened(session, *LAST_QUARTER),
    "cases closed": lambda session: reports.cases_closed(session, *LAST_QUARTER),
    "referrals": lambda session: reports.referrals_made(session, *LAST_QUARTER),
    "waits for an answer": lambda session: reports.referral_waits(session, *LAST_QUARTER),
    "nominations": lambda session: reports.lead_answers(session, *LAST_QUARTER),
    "costs": lambda session: reports.spent(session, LAST_QUARTER[0].year),
    "costs that are in no report": lambda session: reports.not_counted(session, LAST_QUARTER[1].date()),
    "areas": lambda session: reports.areas_of(session, [ID], AT),
    "needs": lambda session: reports.needs_of(session, [ID], AT),
    "people who are searched": lambda session: people.find_people(session, [("name", "a"), ("birth", "b")]),
}
"""A report counts what its own quarter holds, and reads nothing of the others."""

LOOKS_AT_EVERY_OPEN_CASE = {NO_ANSWER, "lead_vacant"}


CASES = 2_000


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database in which every list has something, and whose planner knows what is many, what is few."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('plans') / 'case.sqlite3'}"
        migrate(url, "services.case")
        fill(url, CASES)
        yield url
        return
    server = request.getfixturevalue("postgres_server")
    url = server.create_migrated("case")
    fill(url, CASES)
    yield url
    server.drop(url)


def plans(url: str, ask: Ask) -> list[tuple[Statement, Plan]]:
    engine = create_engine(url)
    with WriteSession(engine) as session:
        with statements_of(engine) as asked:
            ask(session)
        found = [(one, plan_of(session.connection(), one)) for one in asked]
        session.rollback()
    engine.dispose()
    assert found
    return found


@pytest.mark.parametrize("name", IN_ITS_ORDER)
def test_a_list_walks_its_index(filled: str, name: str) -> None:
    for statement, plan in plans(filled, IN_ITS_ORDER[name]):
        assert not plan.read_whole, (plan, statement)
        assert not plan.sorted, (plan, statement)


@pytest.mark.parametrize("name", OF_A_FEW)
def test_what_is_found_of_a_few_is_sought(filled: str, name: str) -> None:
    for statement, plan in plans(filled, OF_A_FEW[name]):
        assert not plan.read_whole, (plan, statement)


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database whose planner knows nothing of its rows: SQLite's never does, and plans for very many."""
    url = f"sqlite:///{tmp_path_factory.mktemp('plans') / 'case.sqlite3'}"
    migrate(url, "services.case")
    return url


@pytest.mark.parametrize("name", OF_A_QUARTER)
def test_a_report_reads_its_own_quarter(filled: str, name: str) -> None:
    for statement, plan in plans(filled, OF_A_QUARTER[name]):
        assert not plan.read_whole, (plan, statement)


@pytest.mark.parametrize("name", [*IN_ITS_ORDER, *OF_A_FEW, *OF_A_QUARTER])
def test_a_list_is_sought_where_nobody_has_looked_how_the_rows_lie(new: str, name: str) -> None:
    for statement, plan in plans(new, (IN_ITS_ORDER | OF_A_FEW | OF_A_QUARTER)[name]):
        assert not plan.read_whole, (plan, statement)


@pytest.mark.parametrize("name", sorted(CLOCKS.keys() - LOOKS_AT_EVERY_OPEN_CASE))
def test_a_clock_seeks_what_is_due(new: str, name: str) -> None:
    for statement, plan in plans(new, lambda session: list(CLOCKS[name](session, AT, CaseworkRules()))):
        assert not plan.read_whole, (plan, statement)
