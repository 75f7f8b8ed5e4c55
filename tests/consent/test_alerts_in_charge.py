"""Alerts to those in charge of a case: when a family leaves, and when two who answer for a child differ.

Three changes that make this fail: alerting nobody where nobody leads, leaving an alert there after the
answer, asking a second time while the first question is open.
"""

from typing import Any

import pytest
from sqlalchemy import text

from services.consent.alerts.in_charge import (
    TO_LEAD,
    TO_PARTNERSHIP,
    InCharge,
    Lead,
    answers_differ,
    risk_question,
)
from shared.identity import Caller
from tests.consent.service import (
    CHILD,
    FATHER,
    MOTHER,
    SCHOOL,
    SCHOOL_OFFICER,
    START,
    YOT,
    YOT_OFFICER,
    ConsentService,
    Json,
    a_lifting,
    a_share,
    an_exclusion,
    family,
    fresh_case,
    reader,
    taking_part,
)
from tests.consent.test_break_glass import alerts
from tests.consent.test_checkpoints import PARTNERSHIP_OFFICER, name_partnership_officer
from tests.consent.test_taking_part import ANSWER, taking_part_of

pytestmark = pytest.mark.anyio
LEE = Caller("lee", "Lee Rahman", "youth-offending", "practitioner")
MANAGERS = {
    agency: Caller(f"manager.{agency}", "Max Boss", agency, "team_manager")
    for agency in ("youth-offending", "hill-school", "city-housing")
}
LED: Json = {
    "lead": {"user": "lee", "agency": "youth-offending"},
    "agencies": ["hill-school", "youth-offending"],
    "people": [CHILD, MOTHER],
}
LEADERLESS: Json = {**LED, "lead": None}


async def leaves(service: ConsentService, in_charge: Json) -> str:
    case = fresh_case()
    part = (await service.consent(case, taking_part()))["id"]
    content = {"withdrawal": {"withdrawn_by": MOTHER}, "reader": reader("lead") | {"in_charge": in_charge}}
    await service.call(SCHOOL, "POST", f"/cases/{case}/consents/{part}/withdrawal", content)
    return case


async def told(service: ConsentService, case: str, lead: Caller | None = LEE) -> dict[str, list[str]]:
    """By user, the kinds of their alerts about a case that ``lead`` leads now."""
    people = (LEE, YOT, SCHOOL, SCHOOL_OFFICER, YOT_OFFICER, *MANAGERS.values())
    found = {
        who.user: [
            kind
            for about, kind in await alerts(service, who, leads=[case] if who == lead else [])
            if about == case
        ]
        for who in people
    }
    return {user: kinds for user, kinds in found.items() if kinds}


async def answer(service: ConsentService, case: str) -> None:
    [question] = (await taking_part_of(service, case))["questions"]
    await service.call(SCHOOL, "POST", f"/cases/{case}/taking-part/{question['id']}/risk-answer", ANSWER)


async def test_the_lead_is_told_at_once_and_their_manager_when_it_is_overdue(service: ConsentService) -> None:
    case, timely = await leaves(service, LED), await leaves(service, LED)
    assert await told(service, case) == {"lee": ["risk_question"]}
    await answer(service, timely)
    assert await told(service, timely) == {}
    # Asked on a Monday at nine: until the end of Tuesday, and D has passed once for each withdrawal.
    service.clock.turn(hours=38, minutes=59)
    assert await told(service, case) == {"lee": ["risk_question"]}
    service.clock.turn(minutes=1)
    overdue = {"lee": ["risk_question"], "manager.youth-offending": ["risk_question_overdue"]}
    assert await told(service, case) == overdue
    assert await told(service, timely) == {}
    await answer(service, case)
    assert await told(service, case) == {}


async def test_where_nobody_leads_the_managers_of_who_is_at_work_are_told(service: ConsentService) -> None:
    case = await leaves(service, LEADERLESS)
    both = {f"manager.{agency}": ["risk_question"] for agency in LEADERLESS["agencies"]}
    assert await told(service, case, lead=None) == both
    assert await told(service, case, lead=SCHOOL) == both | {SCHOOL.user: ["risk_question"]}, "who comes then"


async def test_what_waits_for_the_lead_goes_with_the_lead(service: ConsentService) -> None:
    """Fails when a handover leaves the question with who led once."""
    differ = await disagree(service)
    case = await leaves(service, LED)
    assert await told(service, case, lead=YOT) == {YOT.user: ["risk_question"]}
    officers = {user: ["answers_differ"] for user in (SCHOOL_OFFICER.user, YOT_OFFICER.user)}
    assert await told(service, differ, lead=YOT) == officers | {YOT.user: ["answers_differ"]}
    # Whoever leads for an agency that the exclusion names is not told of the conflict, now as then.
    housing = Caller("hanna", "Hanna Berg", "city-housing", "practitioner")
    for about, kinds in ((case, ["risk_question"]), (differ, [])):
        found = await alerts(service, housing, leads=[about])
        assert [kind for one, kind in found if one == about] == kinds


async def test_of_a_conflict_that_is_over_nobody_is_alerted(service: ConsentService) -> None:
    case = await disagree(service)
    [(exclusion,)] = service.select("SELECT id FROM exclusions")
    lifting = {"lifting": a_lifting(FATHER), "reader": reader("lead")}
    await service.call(SCHOOL, "POST", f"/cases/{case}/exclusions/{exclusion}/lifting", lifting)
    assert await told(service, case) == {}
    service.clock.turn(days=60)
    assert await told(service, case) == {}


async def test_a_conflict_that_nobody_decides_goes_up_until_it_is_decided_or_over(
    service: ConsentService,
) -> None:
    """To those who decide it once more, to the managers above them, and to the partnership later."""
    case = await disagree(service)
    name_partnership_officer(service)
    pat = PARTNERSHIP_OFFICER
    # Monday at nine: five working days are over with the next Monday's end, ten with the Monday after.
    service.clock.turn(days=7, hours=14, minutes=59)
    first = {user: ["answers_differ"] for user in ("lee", SCHOOL_OFFICER.user, YOT_OFFICER.user)}
    assert await told(service, case) == first
    service.clock.turn(minutes=2)
    late = {user: ["answers_differ_overdue", "answers_differ"] for user in first}
    assert await told(service, case) == late | {"manager.youth-offending": ["decision_overdue"]}
    assert [kind for one, kind in await alerts(service, pat, purpose="oversight") if one == case] == []
    service.clock.turn(days=7)
    assert (case, "answers_differ_overdue") in await alerts(service, pat, purpose="oversight")
    found = await service.call(SCHOOL, "POST", f"/cases/{case}/conflicts/list", reader("lead"))
    decision = {"decision": {"upholds": "refusal", "reason": "Both were heard."}, "reader": reader("lead")}
    await service.call(SCHOOL, "POST", f"/cases/{case}/conflicts/{found[0]['id']}/decision", decision)
    assert await told(service, case) == {}
    assert case not in dict(await alerts(service, pat, purpose="oversight"))


async def test_a_no_after_a_yes_tells_the_lead_too_and_one_open_question_tells_once(
    service: ConsentService,
) -> None:
    case = fresh_case()
    for giver in (MOTHER, FATHER):
        await service.consent(case, taking_part(giver=giver))
    facts = family() | {"in_charge": LED}
    for giver in (MOTHER, FATHER):
        content = {"consent": taking_part(giver=giver, answer="refused"), "family": facts}
        await service.call(SCHOOL, "POST", f"/cases/{case}/consents", content)
    told_of = (await told(service, case))["lee"]
    assert told_of.count("risk_question") == 1


async def disagree(service: ConsentService, **changes: Any) -> str:
    """A case in which the father objects to what the mother gave; what was said before is of no account."""
    with service.database() as connection:
        for table in ("exclusions", "consents", "conflicts", "alerts"):
            connection.execute(text(f"DELETE FROM {table}"))
    case = fresh_case()
    await service.consent(case, a_share(recipients=["city-housing", "youth-offending"]))
    body = an_exclusion(giver=FATHER, **changes)
    content = {"exclusion": body, "family": family() | {"in_charge": LED}}
    await service.call(SCHOOL, "POST", f"/cases/{case}/exclusions", content)
    return case


async def test_a_conflict_is_told_to_the_lead_and_to_officers_and_not_to_whom_it_keeps_out(
    service: ConsentService,
) -> None:
    case = await disagree(service)
    expected = {user: ["answers_differ"] for user in ("lee", SCHOOL_OFFICER.user, YOT_OFFICER.user)}
    assert await told(service, case) == expected
    against_the_lead = await disagree(service, agencies=["youth-offending"])
    assert set(await told(service, against_the_lead)) == {SCHOOL_OFFICER.user}
    by_name = await disagree(service, users=["lee"])
    assert "lee" not in await told(service, by_name)


def test_overdue_it_reaches_the_officers_of_the_partnership_whoever_leads() -> None:
    for lead, managers in ((Lead(user="lee", agency="yot"), ["yot"]), (None, [])):
        in_charge = InCharge(lead=lead, agencies=("school", "yot"), people=(CHILD,))
        made = list(
            risk_question(in_charge, "case", "q", asked=START, due=START, partnership_officers={"una", "ben"})
        )
        late = [one for one in made if one.kind == "risk_question_overdue"]
        assert [one.agency for one in late if one.role == "team_manager"] == managers
        officers = [(one.user, one.role, one.agency) for one in late if one.user is not None]
        assert officers == [("ben", "information_officer", None), ("una", "information_officer", None)]
        assert all(one.subjects == (CHILD,) and not one.not_for for one in made)


def test_where_nobody_is_known_whoever_comes_to_lead_is_told() -> None:
    nobody = InCharge()
    asked = risk_question(nobody, "case", "q", asked=START, due=START, partnership_officers=())
    assert {one.role for one in asked} == {TO_LEAD}
    when = {"at": START, "due": START, "partnership_from": START}
    differ = answers_differ(nobody, "case", "c", officers_of=(), managers_of=(), **when)
    assert {one.role for one in differ} == {TO_LEAD, TO_PARTNERSHIP}
