"""State machines call operations straight, each in a transaction of its own, on either store."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Concatenate, ParamSpec

from hypothesis import HealthCheck, settings
from hypothesis import seed as hypothesis_seed
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from sqlalchemy import Engine, create_engine, event

from services.case.cases.operations import open_case
from services.case.people.repository import add_person
from shared.database import WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.problems import Problem
from shared.records.cases import NewCase, TeamPost
from tests.case.conftest import SCHOOL, START

P = ParamSpec("P")
RUNS = {"sqlite": 420, "postgresql": 150}
"""How many runs a machine has on each store: more than 500 in all."""


@contextmanager
def engine_of(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _as_the_service_does)
    try:
        yield engine
    finally:
        engine.dispose()


def _as_the_service_does(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=OFF")


def check_the_mix(done: Counter[str], most: bool, names: tuple[str, ...]) -> None:
    """On SQLite, where most runs are, each of these was done at least five times; on the other store, with a
    fifth of the runs, nearly all were done and each was tried."""
    enough = {name for name in names if done[f"{name}: done"] >= (5 if most else 1)}
    assert len(enough) >= (len(names) if most else len(names) - 2), (set(names) - enough, done)
    assert all(any(word.startswith(f"{name}: ") for word in done) for name in names), done


class Machine(RuleBasedStateMachine):
    """One case per run. ``done`` counts what happened in all runs, by what came of it."""

    engine: Engine
    done: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.at = START
        self.done["run"] += 1
        opening = NewCase(person=self.another_person(), reason="Help", opener=TeamPost(job_title="Teacher"))
        self.case: str = self.must(SCHOOL, open_case, opening)["id"]

    def another_person(self) -> str:
        with WriteSession(self.engine) as session, session.begin():
            return add_person(session, self.request(SCHOOL))

    def request(self, caller: Caller) -> WriteRequest:
        return WriteRequest(caller, self.at, None, "")

    def must(
        self,
        caller: Caller,
        operation: Callable[Concatenate[WriteSession, WriteRequest, P], Outcome],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Outcome:
        self.at += timedelta(seconds=1)
        with WriteSession(self.engine) as session, session.begin():
            return operation(session, self.request(caller), *args, **kwargs)

    def attempt(
        self,
        caller: Caller,
        operation: Callable[Concatenate[WriteSession, WriteRequest, P], Outcome],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Outcome | None:
        """What came of it, or None where it was refused; any failure but a problem fails the run."""
        name = getattr(operation, "__name__", "")
        try:
            outcome = self.must(caller, operation, *args, **kwargs)
        except Problem as problem:
            self.done[f"{name}: {problem.kind}"] += 1
            return None
        self.done[f"{name}: done"] += 1
        return outcome


assert sum(RUNS.values()) >= 500


def run(machine: type[Machine], url: str, seed: int, scale: float) -> Counter[str]:
    """As many runs as the store has; what happened in them."""
    with engine_of(url) as engine:
        machine.engine, machine.done = engine, Counter()
        wanted = int(RUNS[engine.dialect.name] * scale)
        chosen = settings(
            max_examples=wanted, stateful_step_count=14, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), print_blob=False,
        )  # fmt: skip
        run_state_machine_as_test(hypothesis_seed(seed)(machine), settings=chosen)
        assert machine.done["run"] >= wanted
        return machine.done
