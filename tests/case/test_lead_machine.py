"""Whatever happens in whatever order: never two leads, never silently none, no access after leaving.

A machine of everything that can happen to a team and its lead, held against a model of a few lines. Each run
is a case of its own in one database, through the operations that the routes call.

Three changes that make this fail: a leadership that does not end with the stay on the team, a lead who is
suspended and counts as one, an objection that ends a leadership.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings, strategies
from hypothesis import seed as hypothesis_seed
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, create_engine, event, text

from services.case.bundles.repository import case_bundles
from services.case.cases import operations as cases
from services.case.deputies import operations as deputies
from services.case.lead_professional import operations as leads
from services.case.people.operations import create_person
from services.case.team import operations as team
from services.case.worklists import operations as worklists
from shared.database import WriteSession
from shared.idempotency import WriteRequest
from shared.identity import Caller
from shared.ids import new_id
from shared.problems import Problem
from shared.records.cases import (
    CaseReopening,
    ClosureToStore,
    Departure,
    MembershipEnding,
    MemberToStore,
    NewCase,
    NewDeputy,
    NewNomination,
    NominationObjection,
    NominationRefusal,
)
from shared.records.people import NewPerson
from shared.records.users import UserAbsence, UserReturn
from tests.case.conftest import HOUSING, SCHOOL, START, YOT
from tests.conftest import Databases

EVERYBODY = (
    SCHOOL,
    YOT,
    HOUSING,
    Caller("yolanda", "Yolanda Reyes", "youth-offending", "practitioner"),
    Caller("yusuf", "Yusuf Rahman", "city-housing", "practitioner"),
)
"""Two colleagues, and one who is there for two agencies."""
WHO = strategies.sampled_from(EVERYBODY)
SEATED = strategies.sampled_from(EVERYBODY[:3])
MOSTLY, SELDOM = strategies.sampled_from([True, True, False]), strategies.sampled_from([False, False, True])
DAYS = strategies.integers(min_value=-1, max_value=6)
RUNS = {"sqlite": 500, "postgres": 90}
STEPS = 10
met: Counter[str] = Counter()


class LeadMachine(RuleBasedStateMachine):
    engine: ClassVar[Engine]
    person: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.at = START
        opened = NewCase.model_validate(
            {"person": self.person, "reason": "Help", "opener": {"job_title": "Teacher"}}
        )
        outcome = self.do(SCHOOL, cases.open_case, opened)
        assert isinstance(outcome, dict)
        self.case: str = outcome["id"]
        self.seats: dict[Caller, str] = {SCHOOL: outcome["member"]}
        self.open = True
        self.lead: Caller | None = None
        self.led_by: str | None = None
        self.asked: tuple[str, Caller] | None = None
        self.vacant_since: datetime | None = self.at
        self.told_because: set[str] = set()
        self.objected: set[str] = set()
        self.suspended: dict[str, tuple[str, str | None]] = {}
        self.standing_in: list[tuple[str, Caller, date, date]] = []
        for who in (YOT, HOUSING):
            self._join(who)

    @property
    def onlooker(self) -> Caller:
        """Another one at each step."""
        return EVERYBODY[int(self.at.timestamp() / 420) % len(EVERYBODY)]

    def do(self, who: Caller, operation: Callable[..., Any], *arguments: Any) -> Any:
        """The outcome, or the kind of problem that stood against it."""
        self.at += timedelta(minutes=7)
        request = WriteRequest(who, self.at, None, "")
        with WriteSession(self.engine) as session, session.begin() as transaction:
            try:
                return operation(session, request, *arguments)
            except Problem as problem:
                transaction.rollback()
                return problem.kind

    def expect(self, outcome: Any, kind: str | None, event: str) -> bool:
        """Whether it happened; what stood against it must be what the model says."""
        met[f"{event}: {kind or 'fine'}"] += 1
        if kind is None:
            assert isinstance(outcome, dict), (event, outcome)
            return True
        assert outcome == kind, event
        return False

    def teardown(self) -> None:
        """Nobody of this run is suspended in the next one, nor works on a case that it would look at."""
        for occasion in list(self.suspended):
            self._let_back(occasion)
        for who in list(self.seats):
            self.do(who, team.depart, who.user, Departure(agency=who.agency))

    def is_away(self, who: Caller) -> bool:
        return any(
            user == who.user and agency in (None, who.agency) for user, agency in self.suspended.values()
        )

    @property
    def in_charge(self) -> Caller | None:
        """Who leads and can act."""
        return None if self.lead is None or self.is_away(self.lead) else self.lead

    @property
    def deputy(self) -> Caller | None:
        """Who stands in today and can act."""
        today = self.at.date()
        now = [who for _, who, since, until in self.standing_in if since <= today < until]
        assert len(now) <= 1
        return next((who for who in now if not self.is_away(who)), None)

    def look_anew(self) -> None:
        """A case falls vacant when it has nobody in charge, and stays so from then on."""
        if not self.open or self.in_charge is not None:
            self.vacant_since = None
        elif self.vacant_since is None:
            self.vacant_since = self.at

    def lead_goes(self) -> None:
        self.lead, self.led_by = None, None
        self.standing_in = []

    @initialize(first=SEATED, second=SEATED, led=MOSTLY, asked=MOSTLY, away=SELDOM)
    def begin(self, first: Caller, second: Caller, led: bool, asked: bool, away: bool) -> None:
        """Most cases have a lead, and somebody who is asked to be the next; some leads are suspended."""
        if led:
            self._nominate(first, "team")
            self._accept(first)
        if away:
            self.suspend(first, led, everywhere=False)
        if asked:
            self._nominate(second, "team")

    @rule(who=WHO)
    def join(self, who: Caller) -> None:
        self._join(who)

    def _join(self, who: Caller) -> None:
        kind = "conflict" if not self.open or who in self.seats else None
        body = MemberToStore.model_validate(
            {
                "user": who.user, "name": who.name, "agency": who.agency, "role": who.role,
                "job_title": "Worker",
            }
        )  # fmt: skip
        outcome = self.do(SCHOOL, team.add_member, self.case, body)
        if self.expect(outcome, kind, "join"):
            self.seats[who] = outcome["id"]

    def _gone(self, who: Caller) -> None:
        self.seats.pop(who)
        self.standing_in = [one for one in self.standing_in if one[1] != who]
        if self.asked is not None and self.asked[1] == who:
            self.asked = None
        if self.lead == who:
            self.lead_goes()
            self.told_because.add("they left")
            self.look_anew()

    @rule(who=WHO)
    def leave(self, who: Caller) -> None:
        seat = self.seats.get(who)
        outcome = self.do(
            who, team.end_membership, self.case, seat or "nowhere", MembershipEnding(reason="Moved on")
        )
        if self.expect(outcome, None if seat else "not-found", "leave"):
            assert outcome["lead_vacant"] == (self.lead == who)
            self._gone(who)

    @rule(who=WHO)
    def depart(self, who: Caller) -> None:
        body = Departure(agency=who.agency, reason="Left")
        outcome = self.do(who, team.depart, who.user, body)
        self.expect(outcome, None, "depart")
        assert (self.case in outcome["cases_without_lead"]) == (self.lead == who)
        if who in self.seats:
            self._gone(who)

    @rule(who=WHO, by=strategies.sampled_from(["team", "panel"]), nominator=WHO)
    def nominate(self, who: Caller, by: str, nominator: Caller) -> None:
        self._nominate(who, by, nominator)

    @rule(who=WHO)
    def take_over(self, who: Caller) -> None:
        """Asked and answered at once, as on most days."""
        if self.asked is None:
            self._nominate(who, "team")
        self._accept(self.asked[1] if self.asked else who)

    def _nominate(self, who: Caller, by: str, nominator: Caller | None = None) -> None:
        nominator = nominator or next(one for one in EVERYBODY if one.user != who.user)
        seat = self.seats.get(who)
        kind = None
        if not self.open or (seat and (self.lead == who or self.asked)):
            kind = "conflict"
        elif seat is None:
            kind = "invalid"
        elif nominator.user == who.user:
            kind = "forbidden"
        body = NewNomination.model_validate({"member": seat or SCHOOL_ID, "by": by})
        outcome = self.do(nominator, leads.nominate, self.case, body)
        if self.expect(outcome, kind, "nominate"):
            self.asked = (outcome["id"], who)

    def _answer(self, who: Caller, event: str, operation: Callable[..., Any], *body: Any) -> Any:
        nomination, nominee = self.asked or ("nowhere", None)
        outcome = self.do(who, operation, self.case, nomination, *body)
        needs_open = event == "accept"
        kind = None
        if needs_open and not self.open:
            kind = "conflict"
        elif nominee is None:
            kind = "not-found"
        elif nominee != who:
            kind = "forbidden"
        return outcome if self.expect(outcome, kind, event) else None

    @rule(who=WHO, nominee=MOSTLY)
    def accept(self, who: Caller, nominee: bool) -> None:
        self._accept(self.asked[1] if nominee and self.asked else who)

    def _accept(self, who: Caller) -> None:
        outcome = self._answer(who, "accept", leads.accept)
        if outcome is not None:
            assert outcome["handover"] == (self.lead is not None)
            self.lead_goes()
            assert self.asked is not None
            self.lead, self.led_by, self.asked = who, self.asked[0], None
            self.told_because.clear()
            self.look_anew()

    @rule(who=WHO, nominee=MOSTLY)
    def refuse(self, who: Caller, nominee: bool) -> None:
        who = self.asked[1] if nominee and self.asked else who
        if self._answer(who, "refuse", leads.refuse, NominationRefusal(reason="No time")) is not None:
            self.asked = None

    @precondition(lambda self: self.asked is not None)
    @rule()
    def say_no(self) -> None:
        """As somebody does who is asked."""
        assert self.asked is not None
        self.refuse(self.asked[1], True)

    @rule(who=WHO)
    def withdraw(self, who: Caller) -> None:
        nomination = self.asked[0] if self.asked else "nowhere"
        outcome = self.do(who, leads.withdraw, self.case, nomination)
        # Priya asked for all of them, and may take that back when she has left the team too.
        allowed = who in self.seats or who == SCHOOL
        kind = "not-found" if self.asked is None else None if allowed else "forbidden"
        if self.expect(outcome, kind, "withdraw"):
            self.asked = None

    @rule(who=WHO, own=MOSTLY, to_lead=strategies.booleans())
    def object(self, who: Caller, own: bool, to_lead: bool) -> None:
        """By ``who``'s agency or the nominee's own: to whoever leads, or to whoever is asked."""
        known = (self.led_by, self.lead) if to_lead else (self.asked or (None, None))
        nomination, nominee = known
        who = nominee if own and nominee is not None else who
        outcome = self.do(
            who, leads.object_to, self.case, nomination or "nowhere", NominationObjection(reason="No")
        )
        kind = None
        if nomination is None or nominee is None:
            kind = "not-found"
        elif nominee.agency != who.agency:
            kind = "forbidden"
        elif nomination in self.objected:
            kind = "conflict"
        if self.expect(outcome, kind, "object to lead" if to_lead else "object") and nomination is not None:
            self.objected.add(nomination)
            if not to_lead:
                self.asked = None

    @rule(who=WHO, first=DAYS, last=DAYS)
    def name_deputy(self, who: Caller, first: int, last: int) -> None:
        today = self.at.date()
        since, until = today + timedelta(days=first), today + timedelta(days=last)
        seat = self.seats.get(who)
        body = NewDeputy(member=seat or SCHOOL_ID, since=since, until=until)
        outcome = self.do(SCHOOL, deputies.name_deputy, self.case, body)
        taken = any(start < until and since < end for _, _, start, end in self.standing_in)
        kind = None
        if not self.open:
            kind = "conflict"
        elif until <= since or until <= self.at.date() or seat is None:
            kind = "invalid"
        elif self.lead is None or self.lead == who or taken:
            kind = "conflict"
        if self.expect(outcome, kind, "name deputy"):
            self.standing_in.append((outcome["id"], who, since, until))

    @rule()
    def end_deputy(self) -> None:
        named = self.standing_in[0][0] if self.standing_in else "nowhere"
        outcome = self.do(SCHOOL, deputies.end_deputy, self.case, named)
        if self.expect(outcome, None if self.standing_in else "not-found", "end deputy"):
            self.standing_in.pop(0)

    @rule()
    def close(self) -> None:
        outcome = self.do(SCHOOL, cases.close_case, self.case, CLOSURE)
        if self.expect(outcome, None if self.open else "conflict", "close"):
            self.open, self.asked = False, None
            self.told_because.clear()
            self.look_anew()

    @rule()
    def reopen(self) -> None:
        outcome = self.do(SCHOOL, cases.reopen_case, self.case, CaseReopening(reason="Again"))
        if self.expect(outcome, "conflict" if self.open else None, "reopen"):
            self.open = True
            self.look_anew()

    @rule(who=WHO, the_lead=MOSTLY, everywhere=strategies.booleans())
    def suspend(self, who: Caller, the_lead: bool, everywhere: bool) -> None:
        """By their own agency's officer, or by the partnership's, for every agency. Twice is two."""
        who = self.lead if the_lead and self.lead is not None else who
        occasion, agency = new_id(), None if everywhere else who.agency
        officer = Caller("olga", "Olga", who.agency, "information_officer")
        body = UserAbsence(agency=agency, occasion=occasion)
        outcome = self.do(officer, worklists.note_absence, who.user, body)
        self.suspended[occasion] = (who.user, agency)
        leads = self.lead is not None and self.lead.user == who.user and agency in (None, self.lead.agency)
        self.expect(outcome, None, "suspend the lead" if leads else "suspend")
        if leads and self.open:
            self.told_because.add(occasion)
        self.look_anew()

    @precondition(lambda self: self.suspended)
    @rule()
    def let_back(self) -> None:
        """The first of the suspensions; another one may go on."""
        led = self.lead is not None and self.in_charge is None
        self._let_back(next(iter(self.suspended)))
        met["the lead is back"] += led and self.in_charge is not None

    def _let_back(self, occasion: str) -> None:
        user, _ = self.suspended.pop(occasion)
        officer = Caller("olga", "Olga", "northgate-school", "information_officer")
        outcome = self.do(officer, worklists.note_return, user, UserReturn(occasions=(occasion,)))
        self.expect(outcome, None, "let back")
        self.told_because.discard(occasion)
        self.look_anew()

    @rule(days=strategies.integers(min_value=1, max_value=3))
    def days_pass(self, days: int) -> None:
        self.at += timedelta(days=days)

    @invariant()
    def all_is_as_the_model_says(self) -> None:
        with WriteSession(self.engine) as session:
            counted = session.connection().execute(text(COUNTS), {"case": self.case}).one()
            [bundle] = case_bundles(session, self.onlooker, [self.case], self.at)
        assert counted.leading == (self.lead is not None) <= 1, "never two leads"
        assert counted.asked == (self.asked is not None)
        assert counted.vacant == (self.vacant_since is not None), "on the co-ordinators' list"
        self._never_silently_none(bundle, counted.told)
        self._who_stands_in(bundle)
        who = self.onlooker
        expected = "lead" if who == self.lead else "member" if who in self.seats else "none"
        assert bundle["relationship"] == expected, "access is a seat, and no longer than it"
        seated = {(one["user"], one["agency"]) for one in bundle["team"] if one["until"] is None}
        assert seated == {(one.user, one.agency) for one in self.seats}
        assert counted.listed == (len(self.seats) if self.open else 0)
        assert counted.with_lead == (counted.listed if self.in_charge is not None else 0)

    def _never_silently_none(self, bundle: Any, told: int) -> None:
        """Of a lead who is suspended while the case is open nobody is told that they lead, unless somebody
        stands in for them."""
        assert (self.vacant_since is not None) == (self.open and self.in_charge is None)
        shown = self.lead if self.vacant_since is None or self.deputy is not None else None
        lead = bundle["lead"]
        found = None if lead is None else (lead["user"], lead["agency"])
        assert found == (None if shown is None else (shown.user, shown.agency))
        since = bundle["case"]["vacant_since"]
        expected = None if shown is not None else self.vacant_since
        assert (None if since is None else datetime.fromisoformat(since)) == expected
        if self.told_because:
            assert told >= 2, "a manager and the co-ordinators know"
        else:
            assert told == 0, "nobody is missing, or whoever was missed is replaced"

    def _who_stands_in(self, bundle: Any) -> None:
        card, now = bundle["deputy"], self.deputy
        assert (None if card is None else (card["user"], card["agency"])) == (
            None if now is None else (now.user, now.agency)
        )


COUNTS = """
    SELECT (SELECT count(*) FROM leaderships WHERE case_id = :case AND until IS NULL) AS leading,
        (SELECT count(*) FROM nominations WHERE case_id = :case AND state = 'nominated') AS asked,
        (SELECT count(*) FROM notices
         WHERE case_id = :case AND kind = 'lead_gone' AND cleared_at IS NULL) AS told,
        (SELECT count(*) FROM vacancies WHERE case_id = :case) AS vacant,
        (SELECT count(*) FROM caseload WHERE case_id = :case) AS listed,
        (SELECT count(*) FROM caseload WHERE case_id = :case AND has_lead) AS with_lead"""
SCHOOL_ID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
CLOSURE = ClosureToStore.model_validate({"reason": "other"})


@pytest.fixture
def engine(databases: Databases) -> Iterator[Engine]:
    made = create_engine(databases["case"])
    if made.dialect.name == "sqlite":
        # What a machine of ten thousand transactions stores need not outlive a power cut.
        event.listen(made, "connect", lambda opened, _: opened.execute("PRAGMA synchronous=OFF"))
    yield made
    made.dispose()


@pytest.mark.property
def test_never_two_leads_never_silently_none_and_no_access_after_leaving(
    engine: Engine, store_kind: str, seed: int, scale: float
) -> None:
    request = WriteRequest(SCHOOL, START, None, "")
    name = {"details": [{"kind": "name", "fields": {"given_names": "Robin"}}]}
    with WriteSession(engine) as session, session.begin():
        person = create_person(session, request, NewPerson.model_validate(name))["id"]
    LeadMachine.engine, LeadMachine.person = engine, person
    met.clear()
    runs = int(RUNS[store_kind] * scale)
    run_state_machine_as_test(
        hypothesis_seed(seed)(LeadMachine),
        settings=settings(
            max_examples=runs,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
    with engine.connect() as connection:
        made = connection.execute(text("SELECT count(*) FROM cases")).scalar_one()
    assert made >= runs
    interesting = {
        "accept: fine", "leave: fine", "depart: fine", "object: fine", "refuse: fine",
        "withdraw: fine", "name deputy: fine", "name deputy: conflict", "close: fine", "reopen: fine",
        "nominate: conflict", "nominate: forbidden", "join: conflict", "suspend: fine",
        "suspend the lead: fine", "the lead is back",
    }  # fmt: skip
    if store_kind == "postgres":
        # Fewer runs, for what only another store does; the mix is held on the other one.
        interesting = {"accept: fine", "leave: fine", "depart: fine", "suspend the lead: fine"}
    assert interesting <= met.keys(), interesting - met.keys()
    assert min(met[event] for event in interesting) >= 5, met
