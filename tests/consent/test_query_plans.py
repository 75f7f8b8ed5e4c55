"""What a decision reads it seeks, and what is not there it does not ask for one by one (design 5.5).

Three changes that make this fail: an index dropped from a table of facts, a condition that no index answers,
a kind of fact that is read whether or not there is any.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from services.consent.decisions.repository import LoadedFacts
from shared.database import WriteSession
from shared.disclosure import CaseAsk, SubjectAsk
from shared.identity import Caller
from shared.migration import migrate
from shared.vocabulary import Role
from tests.support.plans import Plan, Statement, plan_of, statements_of

CASE, PERSON = "2a3b4c5d-0000-4000-8000-000000000000", "3a3b4c5d-0000-4000-8000-000000000000"
NURSE = Caller("nina.lowe", "Nina Lowe", "riverside-health", Role.PRACTITIONER)


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[list[tuple[Statement, Plan]]]:
    """What is asked for the decision of one case of somebody about whom nothing is recorded."""
    url = f"sqlite:///{tmp_path / 'consent.sqlite3'}"
    migrate(url, "services.consent")
    case = CaseAsk(
        case=CASE, relationship="member", subjects=(SubjectAsk(id=PERSON, decides_from=None),), labels=()
    )
    engine = create_engine(url)
    with WriteSession(engine) as session:
        with statements_of(engine) as statements:
            LoadedFacts(session, [case], NURSE, "support", [])
        yield [(one, plan_of(session.connection(), one)) for one in statements]
        session.rollback()
    engine.dispose()


def test_every_fact_of_a_decision_is_sought(asked: list[tuple[Statement, Plan]]) -> None:
    for statement, plan in asked:
        assert not plan.read_whole, (plan, statement)


def test_what_nobody_recorded_takes_three_questions(asked: list[tuple[Statement, Plan]]) -> None:
    assert len(asked) == 3
