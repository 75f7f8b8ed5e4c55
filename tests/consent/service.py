"""The consent service in this process, with its people: spoken to as the gateway speaks to it.

The clock and the sleep are doubles given by argument; everything else is real.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from fastapi import FastAPI
from sqlalchemy import Connection, create_engine, text

from services.consent.agencies.operations import add_agency
from services.consent.app import create_app
from services.consent.base import Base
from services.consent.ledger.chain import Fault, LedgerKey
from services.consent.settings import ConsentSettings
from services.consent.verification.operations import verify_all
from shared.clock import DEADLINE_HEADER, Deadline
from shared.database import ReadSession, WriteSession
from shared.idempotency import WriteRequest
from shared.identity import Caller, InternalTokens, new_signing_key, public_part
from shared.ids import new_id
from shared.problems import Problem
from shared.records.agencies import NewAgency
from shared.service import DataServiceSettings
from shared.upstream import InProcess, Reply, Upstream
from shared.vocabulary import AgencyKind

SIGNING_KEY = new_signing_key("tests")
LEDGER_KEY = LedgerKey("ledger-1", b"a secret of the tests, kept outside of every database")
KEYS = {LEDGER_KEY.key_id: LEDGER_KEY}
D = 1.0
START = datetime(2031, 3, 3, 9, 0, tzinfo=UTC)
Json = dict[str, Any]

AGENCIES = {
    "hill-school": "education",
    "the-family": "family",
    "youth-offending": "youth_justice",
    "city-housing": "housing",
    "hope-mentors": "voluntary",
    "north-police": "police",
    "childrens-services": "social_care",
}
SCHOOL = Caller("ada", "Ada North", "hill-school", "practitioner")
SCHOOL_LEAD = Caller("grace", "Grace Hill", "hill-school", "practitioner")
SCHOOL_OFFICER = Caller("otto", "Otto Hill", "hill-school", "information_officer")
YOT = Caller("yusuf", "Yusuf Rahman", "youth-offending", "practitioner")
YOT_OFFICER = Caller("olga", "Olga Rahman", "youth-offending", "information_officer")
HOUSING = Caller("hanna", "Hanna Berg", "city-housing", "practitioner")
HOUSING_OFFICER = Caller("omar", "Omar Berg", "city-housing", "information_officer")

CHILD = "11111111-1111-4111-8111-111111111111"
MOTHER = "22222222-2222-4222-8222-222222222222"
FATHER = "33333333-3333-4333-8333-333333333333"
DECIDES_FROM = {
    CHILD: "2035-05-14T00:00:00Z",
    MOTHER: "2001-02-03T00:00:00Z",
    FATHER: "2000-02-03T00:00:00Z",
}


def responsible(adult: str, **changes: Any) -> Json:
    """An adult with parental responsibility, as the case service tells of them: long on record."""
    held = {
        "recorded_at": "2030-01-01T00:00:00Z",
        "recorded_for": [SCHOOL.agency],
        "since": None,
        "until": None,
    }
    return {"adult": adult, **held, **changes}


BOTH_PARENTS = [responsible(MOTHER), responsible(FATHER)]


def a_subject(person: str, decides_from: str | None, adults: Sequence[str] = (MOTHER, FATHER)) -> Json:
    """Somebody as the gateway asks about them, with the adults who are recorded as responsible for them."""
    held = [responsible(adult) for adult in adults]
    return {"id": person, "decides_from": decides_from, "responsible": held}


class TurnableClock:
    """A clock that stands still until it is turned."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def turn(self, **span: float) -> None:
        self.at += timedelta(**span)


def a_label(
    owner: str,
    *categories: str,
    subjects: Sequence[str] = (CHILD,),
    entries: Sequence[str] = (),
    **more: Any,
) -> Json:
    return {
        "owner": owner,
        "categories": categories,
        "subjects": subjects,
        "entries": entries,
        **more,
    }


def a_case(
    case: str | None, *labels: Json, relationship: str = "member", people: Sequence[str] = (CHILD, MOTHER)
) -> Json:
    """One case as the gateway asks about it."""
    return {
        "case": case,
        "relationship": relationship,
        "subjects": [a_subject(person, DECIDES_FROM[person]) for person in people],
        "labels": labels,
    }


def a_share(**changes: Any) -> Json:
    """The mother's yes for her child's learning and behaviour to housing, changed as told."""
    answer = changes.get("answer", "given")
    body = {
        "kind": "share",
        "subject": CHILD,
        "giver": MOTHER,
        "capacity": "parent",
        "answer": answer,
        "statement": {"reasons_explained_and_understood": True, "agrees": answer == "given"},
        "evidence": {"form": "written", "reference": "form 17"},
        "wording_version": "2031-1",
        "recipients": ["city-housing"],
        "categories": ["learning", "behaviour"],
        "level": "full",
        "purposes": ["support"],
        "valid_until": "2032-03-01T00:00:00Z",
    }
    return _changed(body, changes)


def taking_part(**changes: Any) -> Json:
    """The mother's yes for her child to take part, changed as told."""
    answer = changes.get("answer", "given")
    body = {
        "kind": "take_part",
        "subject": CHILD,
        "giver": MOTHER,
        "capacity": "parent",
        "answer": answer,
        "statement": {"reasons_explained_and_understood": True, "agrees": answer == "given"},
        "evidence": {"form": "verbal"},
        "wording_version": "2031-1",
        "privacy_notice": {"version": "3", "language": "en", "given_to": "mother"},
    }
    return _changed(body, changes)


def an_exclusion(**changes: Any) -> Json:
    """The mother's "not to housing" about her child's learning, changed as told."""
    body = {
        "subject": CHILD,
        "giver": MOTHER,
        "capacity": "parent",
        "agencies": ["city-housing"],
        "categories": ["learning"],
    }
    return _changed(body, changes)


def an_agreement(**changes: Any) -> Json:
    """The school opens learning to housing, for support."""
    body = {
        "owner": "hill-school",
        "recipient": "city-housing",
        "purpose": "support",
        "rows": [a_row()],
        "valid_from": "2031-01-01T00:00:00Z",
        "valid_until": "2032-01-01T00:00:00Z",
        "title": "School to housing",
    }
    return _changed(body, changes)


def a_row(**changes: Any) -> Json:
    body = {
        "category": "learning",
        "base": "full",
        "mode": "objectable",
        "cap": "full",
        "basis": "public task",
        "condition": "none needed",
        "power": "Children Act 2004 s.10",
    }
    return _changed(body, changes)


OMIT = object()
"""As a change: leave the field out."""


def _changed(body: Json, changes: Mapping[str, Any]) -> Json:
    return {name: value for name, value in {**body, **changes}.items() if value is not OMIT}


def family(subject: str = CHILD) -> Json:
    return {"decides_from": DECIDES_FROM[subject], "responsible": BOTH_PARENTS}


def reader(relationship: str = "member", **owned: Sequence[str]) -> Json:
    """``owned``: categories of the reader's own entries about the child."""
    return {
        "relationship": relationship,
        "owned": {CHILD: owned["child"]} if "child" in owned else {},
        "decides_from": DECIDES_FROM,
        "responsible": {CHILD: BOTH_PARENTS},
    }


def lead_told_of(child: str) -> Json:
    """The lead as a reader who is told of both parents of such a child."""
    return {**reader("lead"), "decides_from": {}, "responsible": {child: BOTH_PARENTS}}


@dataclass
class ConsentService:
    """The running service, with what tests ask of it said in one line."""

    app: FastAPI
    url: str
    clock: TurnableClock
    slept: list[float]
    families_take_part: bool = True
    """Whether the family of a case said yes to taking part before the case is first decided about: most
    tests are not about what is shown before that."""
    tokens: InternalTokens = field(init=False)
    transport: InProcess = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = InternalTokens(SIGNING_KEY, self.clock)
        self.transport = InProcess(self.app)
        self._upstream = Upstream("consent", self.transport)
        self._engine = create_engine(self.url)

    def close(self) -> None:
        self._engine.dispose()

    async def call(
        self, caller: Caller, method: str, path: str, content: Any = None, *, key: str | None = None
    ) -> Any:
        """The JSON of a good answer; raises the service's problem otherwise."""
        return await self._upstream.call(
            method,
            path,
            token=self.tokens.mint(caller, "consent"),
            request_id="test",
            deadline=Deadline(D),
            patience=Deadline(30),
            content=content,
            headers={} if key is None else {"idempotency-key": key},
        )

    async def problem(
        self, caller: Caller, method: str, path: str, content: Any = None, *, key: str | None = None
    ) -> Problem:
        """The problem that the service answers with; a test fails where there is none."""
        try:
            answer = await self.call(caller, method, path, content, key=key)
        except Problem as problem:
            return problem
        raise AssertionError(f"{method} {path} was answered: {answer}")

    async def send(
        self,
        method: str,
        path: str,
        content: Any = None,
        *,
        caller: Caller = SCHOOL,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """The answer as it is, whatever its status."""
        own = {
            "authorization": f"Bearer {self.tokens.mint(caller, 'consent')}",
            "content-type": "application/json",
            DEADLINE_HEADER: str(D),
        }
        body = b"" if content is None else orjson.dumps(content)
        return await self.transport.send(method, path, {**own, **(headers or {})}, body)

    async def decide(
        self,
        caller: Caller,
        *cases: Json,
        action: str = "read",
        purpose: str = "support",
        reason: str | None = None,
        deed: Json | None = None,
    ) -> Json:
        for case in cases:
            await self.let_take_part(case)
        ask = {"action": action, "purpose": purpose, "reason": reason, "cases": cases, "deed": deed}
        answer: Json = await self.call(caller, "POST", "/decisions", ask)
        return answer

    async def let_take_part(self, case: Json) -> None:
        """The family's yes to taking part, unless something was said about that or families are to wait."""
        if not self.families_take_part:
            return
        known = "SELECT 1 FROM consents WHERE case_id = :case AND kind = 'take_part'"
        if case["case"] is None or not case["subjects"] or self.select(known, case=case["case"]):
            return
        first = case["subjects"][0]
        family = {"decides_from": first["decides_from"], "responsible": BOTH_PARENTS}
        grown_up = first["decides_from"] is None or datetime.fromisoformat(first["decides_from"]) <= START
        own = {"giver": first["id"], "capacity": "adult"} if grown_up else {}
        if first["decides_from"] is None:
            own["competence"] = {"judged_by": "Ada North", "reasons": "Has children of their own."}
        answer = taking_part(subject=first["id"], **own)
        path = f"/cases/{case['case']}/consents"
        await self.call(SCHOOL, "POST", path, {"consent": answer, "family": family})

    async def levels(self, caller: Caller, case: Json, **more: Any) -> list[int]:
        """The levels of the labels of one case."""
        levels: list[int] = (await self.decide(caller, case, **more))["cases"][0]["levels"]
        return levels

    async def consent(
        self, case: str, body: Json, *, caller: Caller = SCHOOL, key: str | None = None
    ) -> Json:
        content = {"consent": body, "family": family(body["subject"])}
        answer: Json = await self.call(caller, "POST", f"/cases/{case}/consents", content, key=key)
        return answer

    async def withdraw(
        self, case: str, consent: str, by: str = MOTHER, *, caller: Caller = SCHOOL, key: str | None = None
    ) -> Json:
        content = {"withdrawal": {"withdrawn_by": by}, "reader": reader("lead")}
        path = f"/cases/{case}/consents/{consent}/withdrawal"
        answer: Json = await self.call(caller, "POST", path, content, key=key)
        return answer

    async def exclude(self, case: str, body: Json, *, caller: Caller = SCHOOL) -> Json:
        content = {"exclusion": body, "family": family(body["subject"])}
        answer: Json = await self.call(caller, "POST", f"/cases/{case}/exclusions", content)
        return answer

    async def lift(self, case: str, exclusion: str, by: str = MOTHER, *, caller: Caller = SCHOOL) -> Json:
        content = {"lifting": a_lifting(by), "reader": reader("lead")}
        answer: Json = await self.call(
            caller, "POST", f"/cases/{case}/exclusions/{exclusion}/lifting", content
        )
        return answer

    async def add_agencies(self) -> None:
        """Straight into the database: how agencies join has tests of its own."""
        request = WriteRequest(SCHOOL_OFFICER, self.clock(), None, "")

        def add_all(session: WriteSession) -> None:
            for code, kind in AGENCIES.items():
                name = code.replace("-", " ").title()
                add_agency(session, request, NewAgency(code=code, name=name, kind=AgencyKind(kind)))

        await self.app.state.parts.store.write(add_all)

    @contextmanager
    def database(self) -> Iterator[Connection]:
        """The database by itself, as whoever holds the disk has it; what is done is kept."""
        with self._engine.begin() as connection:
            yield connection

    def select(self, statement: str, **values: Any) -> list[Any]:
        with self.database() as connection:
            return [tuple(row) for row in connection.execute(text(statement), values)]

    def receipts(self) -> list[Json]:
        """Every receipt, in the order of chain and place."""
        with self.database() as connection:
            rows = connection.execute(
                Base.metadata.tables["receipts"].select().order_by(text("chain"), text("seq"))
            )
            return [dict(row._mapping) for row in rows]

    def rows(self) -> dict[str, int]:
        """How many rows each table holds."""
        with self.database() as connection:
            return {
                table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
                for table in Base.metadata.tables
            }

    def faults(self) -> list[Fault]:
        with self.database() as connection, ReadSession(connection) as session:
            return verify_all(session, KEYS).faults


def a_lifting(by: str = MOTHER) -> Json:
    return {"lifted_by": by, "evidence": {"form": "written", "reference": "letter 4"}}


WhileAsleep = Callable[[float], Awaitable[None]]


@asynccontextmanager
async def running_service(
    url: str, *, while_asleep: WhileAsleep | None = None
) -> AsyncIterator[ConsentService]:
    """The service over a migrated database that has no agencies yet.

    ``while_asleep`` is awaited in the middle of every wait for D; the clock is turned by as much.
    """
    clock = TurnableClock()
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await (while_asleep(seconds) if while_asleep else asyncio.sleep(0))
        clock.turn(seconds=seconds)

    settings = ConsentSettings(DataServiceSettings(url, {"keys": [public_part(SIGNING_KEY)]}, D), LEDGER_KEY)
    app = create_app(settings, clock=clock, sleep=sleep)
    async with app.router.lifespan_context(app):
        service = ConsentService(app, url, clock, slept)
        try:
            yield service
        finally:
            service.close()


def fresh_case() -> str:
    return new_id()
