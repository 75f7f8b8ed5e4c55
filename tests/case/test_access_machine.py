"""Whatever happens in whatever order: who left or answered, or whose meeting is over, sees nothing by it.

A machine lets people join and leave a case, agencies be asked and answer, panel members be invited and
decline, meetings begin, end and pass by; a naive model says after each step what everybody is to the case.
Each run is one transaction that is rolled back.

Three changes that make this fail: ending only the considerations of the user who answered, letting a closed
meeting go on, ending a membership when an invitation is declined.
"""

from collections import Counter
from datetime import timedelta
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import seed as hypothesis_seed
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, create_engine

from services.case.bundles.repository import cases_with_rosters
from services.case.cases.operations import open_case
from services.case.casework_rules import CaseworkRules
from services.case.meetings import operations as meetings
from services.case.people.operations import create_person
from services.case.referrals import operations as referrals
from services.case.team import operations as team
from shared.database import WriteSession
from shared.idempotency import WriteRequest
from shared.identity import Caller
from shared.records.cases import MembershipEnding, MemberToStore, NewCase
from shared.records.meetings import AttendanceToStore, MeetingCancellation, NewInvitation, NewMeeting
from shared.records.people import NewPerson
from shared.records.referrals import NamedUser, ReferralAcceptance, ReferralRefusal, ReferralToStore
from shared.vocabulary import Role
from tests.case.conftest import SCHOOL, START
from tests.conftest import Databases

RUNS = {"sqlite": 460, "postgres": 60}
assert sum(RUNS.values()) >= 500
AGENCIES = ("clinic", "police", "housing")
PRACTITIONERS = [
    Caller(f"p{number}.{agency}", "P", agency, "practitioner") for agency in AGENCIES for number in (1, 2)
]
COORDINATORS = [Caller(f"c.{agency}", f"C {agency}", agency, "coordinator") for agency in AGENCIES]
PANELLISTS = [Caller(f"m.{agency}", f"M {agency}", agency, "panel_member") for agency in AGENCIES]
EVERYBODY = [*PRACTITIONERS, *COORDINATORS, *PANELLISTS]
Asked = tuple[str, str, str | None]
"""Who considers the case: agency, role, and the user or everybody."""


class Access(RuleBasedStateMachine):
    """``asked`` holds by the id of a referral or invitation whom it lets consider the case now."""

    engine: Engine
    steps: ClassVar[Counter[str]] = Counter()
    runs: ClassVar[int] = 0

    memberships = Bundle("memberships")
    open_referrals = Bundle("open_referrals")
    planned = Bundle("planned")
    invitations = Bundle("invitations")

    def __init__(self) -> None:
        super().__init__()
        type(self).runs += 1
        self.session = WriteSession(self.engine)
        self.at = START
        self.members: set[tuple[str, str]] = set()
        self.asked: dict[str, set[Asked]] = {}
        self.of_meeting: dict[str, set[str]] = {}
        self.starts: dict[str, int] = {}
        self.ended: set[str] = set()

    def teardown(self) -> None:
        self.session.rollback()
        self.session.close()

    def request(self, caller: Caller = SCHOOL) -> WriteRequest:
        self.at += timedelta(seconds=1)
        return WriteRequest(caller, self.at, None, "")

    def counts(self, step: str) -> None:
        type(self).steps[step] += 1

    @initialize()
    def a_case(self) -> None:
        details = [{"kind": "name", "fields": {"given_names": "James"}}]
        new = NewPerson.model_validate({"details": details})
        person = create_person(self.session, self.request(), new)["id"]
        opened = {"person": person, "reason": "Help", "opener": {"job_title": "Head"}}
        self.case = open_case(self.session, self.request(), NewCase.model_validate(opened))["id"]

    @rule(target=memberships, who=st.sampled_from(PRACTITIONERS))
    def join(self, who: Caller) -> object:
        if (who.user, who.agency) in self.members:
            return multiple()
        new = MemberToStore(
            user=who.user, name=who.name, agency=who.agency, role=Role(who.role), job_title="Worker"
        )
        self.members.add((who.user, who.agency))
        self.counts("join")
        return team.add_member(self.session, self.request(), self.case, new)["id"], who

    @rule(member=consumes(memberships))
    def leave(self, member: tuple[str, Caller]) -> None:
        id_, who = member
        ending = MembershipEnding(reason="Moved on")
        team.end_membership(self.session, self.request(who), self.case, id_, ending)
        self.members.discard((who.user, who.agency))
        self.counts("leave")

    @rule(target=open_referrals, agency=st.sampled_from(AGENCIES), meant=st.none() | st.integers(1, 2))
    def refer(self, agency: str, meant: int | None) -> object:
        if any((agency, "coordinator", None) in whom for whom in self.asked.values()):
            return multiple()
        user = None if meant is None else f"p{meant}.{agency}"
        named = None if user is None else NamedUser(user=user, name="P")
        new = ReferralToStore(agency=agency, reason="Help", attention_of=named)
        referral = referrals.refer(self.session, self.request(), self.case, new)["id"]
        self.asked[referral] = {(agency, "coordinator", None)}
        if user is not None:
            self.asked[referral].add((agency, "practitioner", user))
        self.counts("refer")
        return referral, agency

    @rule(referral=open_referrals, number=st.integers(1, 2))
    def take_up(self, referral: tuple[str, str], number: int) -> None:
        id_, agency = referral
        if id_ in self.ended:
            return
        user = f"p{number}.{agency}"
        by = next(one for one in COORDINATORS if one.agency == agency)
        referrals.take_up(self.session, self.request(by), id_, NamedUser(user=user, name="P"))
        self.asked[id_].add((agency, "practitioner", user))
        self.counts("take_up")

    @rule(referral=consumes(open_referrals), how=st.sampled_from(["accept", "refuse", "withdraw"]))
    def answer(self, referral: tuple[str, str], how: str) -> None:
        id_, agency = referral
        by = self.request(next(one for one in COORDINATORS if one.agency == agency))
        if how == "accept":
            referrals.accept(self.session, by, id_, ReferralAcceptance())
        elif how == "refuse":
            referrals.refuse(self.session, by, id_, ReferralRefusal(reason="No place"))
        else:
            referrals.withdraw(self.session, self.request(), self.case, id_)
        del self.asked[id_]
        self.ended.add(id_)
        self.counts(how)

    @rule(target=planned, days=st.integers(0, 3))
    def plan(self, days: int) -> str:
        starts_at = self.at + timedelta(days=days, minutes=1)
        new = NewMeeting.model_validate(
            {"meeting_kind": "team_meeting", "title": "Again", "starts_at": starts_at.isoformat()}
        )
        meeting = str(meetings.plan_meeting(self.session, self.request(), self.case, new)["id"])
        self.of_meeting[meeting] = set()
        self.counts("plan")
        return meeting

    @rule(target=invitations, meeting=planned, who=st.sampled_from([*PANELLISTS, *PRACTITIONERS]))
    def invite(self, meeting: str, who: Caller) -> object:
        if meeting in self.ended or f"{meeting}{who.user}" in self.of_meeting:
            return multiple()
        new = NewInvitation(user=who.user, name=who.name, agency=who.agency, role=Role(who.role))
        invitation = meetings.invite(self.session, self.request(), self.case, meeting, new)["id"]
        self.of_meeting[f"{meeting}{who.user}"] = set()
        self.of_meeting[meeting].add(invitation)
        if (who.user, who.agency) not in self.members:
            self.asked[invitation] = {(who.agency, who.role, who.user)}
        self.counts("invite")
        return meeting, invitation, who

    @rule(invited=consumes(invitations))
    def decline(self, invited: tuple[str, str, Caller]) -> None:
        meeting, invitation, who = invited
        if meeting in self.ended:
            return
        meetings.decline(self.session, self.request(who), self.case, meeting, invitation)
        self.asked.pop(invitation, None)
        self.counts("decline")

    @rule(meeting=consumes(planned), how=st.sampled_from(["close", "cancel"]))
    def end_meeting(self, meeting: str, how: str) -> None:
        if meeting in self.ended:
            return
        if how == "cancel":
            reason = MeetingCancellation(reason="Snow")
            meetings.cancel(self.session, self.request(), self.case, meeting, reason)
        else:
            self.at += timedelta(days=4)
            nobody = AttendanceToStore(present=())
            meetings.attend(self.session, self.request(), self.case, meeting, nobody)
            meetings.close(self.session, self.request(), self.case, meeting)
        self._over(meeting)
        self.counts(how)

    @precondition(lambda self: any(self.of_meeting.values()))
    @rule()
    def days_pass(self) -> None:
        """The clocks of five days later: every meeting that was planned is over."""
        self.at += timedelta(days=5)
        list(meetings.not_recorded(self.session, self.at, CaseworkRules()))
        list(referrals.without_reply(self.session, self.at, CaseworkRules()))
        for meeting in [id_ for id_ in self.of_meeting if len(id_) == 36]:
            self._over(meeting)
        self.counts("days_pass")

    def _over(self, meeting: str) -> None:
        self.ended.add(meeting)
        for invitation in self.of_meeting[meeting]:
            self.asked.pop(invitation, None)

    @invariant()
    def everybody_is_to_the_case_what_the_model_says(self) -> None:
        if not hasattr(self, "case"):
            return
        considering = {one for whom in self.asked.values() for one in whom}
        parts = cases_with_rosters(self.session, [self.case], self.at.date())[self.case]
        for who in EVERYBODY:
            assert parts.relationship(who) == self._expected(who, considering), who

    def _expected(self, who: Caller, considering: set[Asked]) -> str:
        if (who.user, who.agency) in self.members:
            return "member"
        post = who.agency, who.role
        return "considering" if {(*post, None), (*post, who.user)} & considering else "none"


@pytest.mark.property
def test_nobody_has_access_after_leaving_answering_or_the_end_of_a_meeting(
    databases: Databases, store_kind: str, seed: int, scale: float
) -> None:
    engine = create_engine(databases["case"])
    machine = type("Machine", (Access,), {"engine": engine, "steps": Counter(), "runs": 0})
    runs = int(RUNS[store_kind] * scale)
    try:
        run_state_machine_as_test(
            hypothesis_seed(seed)(machine),
            settings=settings(
                max_examples=runs, stateful_step_count=12, deadline=None, database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
    finally:
        engine.dispose()
    steps: Counter[str] = machine.steps  # type: ignore[attr-defined]
    made: int = machine.runs  # type: ignore[attr-defined]
    assert made >= runs
    print(f"access on {store_kind}: {made} runs, {dict(steps)}")
    named = {"join", "leave", "refer", "take_up", "accept", "refuse", "withdraw", "plan", "invite", "decline"}
    assert steps.keys() >= named | {"close", "cancel", "days_pass"}
    assert min(steps.values()) >= runs / 60
