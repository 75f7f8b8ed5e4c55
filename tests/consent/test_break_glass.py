"""Break-glass over HTTP: an hour for one user, twelve at most, told to others and reviewed by somebody else.

Three changes that make this fail: renewing past the twelve hours, counting a colleague's outstanding review,
letting the user or the manager who opened it review it.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from services.consent.agencies.operations import add_agency
from shared.clock import rfc3339
from shared.idempotency import WriteRequest
from shared.identity import Caller
from shared.ids import new_id
from shared.records.agencies import NewAgency
from shared.vocabulary import AgencyKind
from tests.consent.service import (
    CHILD,
    MOTHER,
    SCHOOL,
    SCHOOL_OFFICER,
    START,
    ConsentService,
    D,
    Json,
    a_case,
    a_label,
    an_exclusion,
    fresh_case,
)
from tests.consent.test_decisions import publish
from tests.consent.test_overrides import ASKED

pytestmark = pytest.mark.anyio

HOUSING, CARE = "city-housing", "childrens-services"
HANNA = Caller("hanna", "Hanna Berg", HOUSING, "practitioner")
COLLEAGUE = Caller("hugo", "Hugo Berg", HOUSING, "practitioner")
MANAGER = Caller("mona", "Mona Berg", HOUSING, "team_manager")
GUARD = Caller("gus", "Gus Berg", HOUSING, "safeguarding_lead")
OFFICER = Caller("omar", "Omar Berg", HOUSING, "information_officer")
CARE_OFFICER = Caller("io", "Io Dale", CARE, "information_officer")
LEAD = Caller("lee", "Lee Hill", "hill-school", "practitioner")
HIDDEN = (a_label("hill-school", "health"), a_label("hill-school", "learning"))
OVERDUE = timedelta(days=3, hours=15)
"""From nine on a Monday to the end of the third working day."""


async def smash(
    service: ConsentService,
    case: str,
    caller: Caller = HANNA,
    *,
    user: str | None = None,
    key: str | None = None,
    subjects: tuple[str, ...] = (CHILD, MOTHER),
) -> Json:
    one = {"case": case, "subjects": subjects, "lead": {"user": LEAD.user, "agency": LEAD.agency}}
    content = {"cases": [one], "user": user or caller.user, "reason": "The child is missing"}
    answer = await service.call(caller, "POST", "/break-glass", content, key=key)
    opened: Json = answer["break_glass"][0]
    return opened


async def renew(service: ConsentService, case: str, made: str, caller: Caller = HANNA) -> Json:
    path = f"/cases/{case}/break-glass/{made}/renewal"
    answer: Json = await service.call(caller, "POST", path)
    return answer


def review_of(case: str, made: str, finding: str = "justified") -> tuple[str, Json]:
    content = {"review": {"finding": finding, "note": "Looked at it"}, "asked": ASKED}
    return f"/cases/{case}/break-glass/{made}/review", content


async def reviewed(service: ConsentService, case: str, made: str, caller: Caller = OFFICER) -> Json:
    path, content = review_of(case, made)
    answer: Json = await service.call(caller, "POST", path, content)
    return answer


async def levels(service: ConsentService, case: str, caller: Caller = HANNA, **more: Any) -> list[int]:
    return await service.levels(caller, a_case(case, *HIDDEN, relationship="none"), **more)


async def lines(service: ConsentService, caller: Caller, case: str, relationship: str = "none") -> list[Json]:
    ask = {
        "action": "list", "purpose": "support", "cases": [a_case(case, *HIDDEN, relationship=relationship)],
    }  # fmt: skip
    content = {"ask": ask, "owned": {}}
    answer = await service.call(caller, "POST", f"/cases/{case}/break-glass/list", content)
    found: list[Json] = answer["listed"]
    return found


async def an_office(service: ConsentService) -> Caller:
    """The officer of the partnership's own office, while the policy names nobody."""
    request = WriteRequest(SCHOOL_OFFICER, service.clock(), None, "")
    new = NewAgency(code="the-office", name="The Office", kind=AgencyKind.PARTNERSHIP)
    await service.app.state.parts.store.write(add_agency, request, new)
    return Caller("una", "Una Hall", "the-office", "information_officer")


async def alerts(service: ConsentService, caller: Caller, **more: Any) -> list[tuple[str, str]]:
    ask = {"purpose": "support", "reason": None, "after": None, "limit": 50, **more}
    answer = await service.call(caller, "POST", "/alerts", ask)
    return [(alert["case"], alert["kind"]) for alert in answer["alerts"]]


async def may_break(service: ConsentService, case: str, caller: Caller = HANNA, **deed: Any) -> Any:
    """The permit for breaking the glass of a case in which there is something to see."""
    asked = {"deed": "break_glass", **deed}
    answer = await service.decide(
        caller, a_case(case, *HIDDEN, relationship="none"), action="contribute", deed=asked
    )
    return answer["permit"]


async def test_it_opens_up_to_the_cap_of_the_role_for_this_user_and_case_alone(
    service: ConsentService,
) -> None:
    case, other = fresh_case(), fresh_case()
    assert await levels(service, case) == [0, 0]
    made = await smash(service, case)
    assert await levels(service, case) == [2, 2], "a practitioner's cap"
    assert await levels(service, other) == [0, 0]
    assert await levels(service, case, COLLEAGUE) == [0, 0]
    as_guard = Caller(HANNA.user, HANNA.name, HOUSING, "safeguarding_lead")
    assert await levels(service, case, as_guard, purpose="safeguarding") == [3, 3]
    elsewhere = Caller(HANNA.user, HANNA.name, CARE, "practitioner")
    assert await levels(service, case, elsewhere) == [0, 0]
    assert await levels(service, case, purpose="enforcement") == [0, 0]
    receipt = next(r for r in service.receipts() if r["action"] == "read" and r["user"] == HANNA.user)
    assert receipt["cases"][0]["cells"][0]["bases"] == [f"BREAK_GLASS:{made['id']}"]
    answer = await service.decide(HANNA, a_case(case, *HIDDEN, relationship="none"))
    assert datetime.fromisoformat(answer["cases"][0]["valid_until"]) == START + timedelta(hours=1)


async def test_an_exclusion_does_not_stop_it(service: ConsentService) -> None:
    case = fresh_case()
    await service.exclude(case, an_exclusion(agencies=[HOUSING], categories=["health", "learning"]))
    await smash(service, case)
    assert await levels(service, case) == [2, 2]


async def test_after_an_hour_it_is_over_and_within_d_of_that_too(service: ConsentService) -> None:
    case = fresh_case()
    made = await smash(service, case)
    service.clock.turn(minutes=59, seconds=58.9)
    assert await levels(service, case) == [2, 2]
    service.clock.turn(seconds=0.1)
    assert await levels(service, case) == [0, 0]
    service.clock.turn(seconds=1)
    problem = await service.problem(HANNA, "POST", f"/cases/{case}/break-glass/{made['id']}/renewal")
    assert (problem.kind, "has ended" in problem.detail) == ("conflict", True)


async def test_it_is_renewed_by_the_hour_up_to_twelve_in_all(service: ConsentService) -> None:
    case = fresh_case()
    made = await smash(service, case)
    renewals = 0
    until = made["valid_until"]
    while until != made["no_later_than"]:
        service.clock.turn(minutes=50)
        until = (await renew(service, case, made["id"]))["valid_until"]
        renewals += 1
    assert renewals == 14
    assert made["no_later_than"] == rfc3339(START + timedelta(hours=12))
    service.clock.turn(minutes=10)
    problem = await service.problem(HANNA, "POST", f"/cases/{case}/break-glass/{made['id']}/renewal")
    assert (problem.kind, "twelve hours" in problem.detail) == ("conflict", True)
    service.clock.turn(hours=1)
    assert await levels(service, case) == [0, 0]


async def test_breaking_it_anew_does_not_begin_the_twelve_hours_anew(service: ConsentService) -> None:
    """Fails when the hours are counted from each opening and not from the first."""
    case = fresh_case()
    first = await smash(service, case)
    service.clock.turn(hours=2)
    second = await smash(service, case)
    assert second["no_later_than"] == first["no_later_than"]
    service.clock.turn(hours=9, minutes=30)
    third = await smash(service, case)
    assert third["valid_until"] == third["no_later_than"] == first["no_later_than"]
    other = await smash(service, fresh_case())
    assert other["no_later_than"] == rfc3339(service.clock() + timedelta(hours=12))


async def test_the_twelve_hours_are_the_users_for_whatever_agency_they_act(service: ConsentService) -> None:
    """Fails when somebody with two agencies has them twice."""
    case = fresh_case()
    first = await smash(service, case)
    service.clock.turn(minutes=30)
    elsewhere = replace(HANNA, agency=CARE)
    second = await smash(service, case, elsewhere)
    assert second["no_later_than"] == first["no_later_than"]
    assert second["valid_until"] == rfc3339(service.clock() + timedelta(hours=1)), "it is another opening"
    service.clock.turn(hours=11)
    third = await smash(service, case, elsewhere)
    assert third["valid_until"] == first["no_later_than"]
    assert (await smash(service, case, COLLEAGUE))["no_later_than"] > first["no_later_than"]


async def test_while_it_is_broken_it_is_renewed_and_not_broken_again(service: ConsentService) -> None:
    case = fresh_case()
    first = await smash(service, case, key="k")
    assert await smash(service, case, key="k") == first
    one = {"case": case, "subjects": [CHILD], "lead": None}
    content = {"cases": [one], "user": HANNA.user, "reason": "Again"}
    problem = await service.problem(HANNA, "POST", "/break-glass", content, key="another")
    assert (problem.kind, "Renew it" in problem.detail) == ("conflict", True)
    assert service.rows()["break_glass"] == service.rows()["overrides"] == 1
    await smash(service, case, COLLEAGUE)
    assert service.rows()["break_glass"] == 2


async def test_only_the_user_renews_and_a_stranger_learns_nothing(service: ConsentService) -> None:
    case = fresh_case()
    made = await smash(service, case)
    elsewhere = Caller(HANNA.user, HANNA.name, CARE, "practitioner")
    kinds = set()
    for caller, id_ in ((COLLEAGUE, made["id"]), (MANAGER, made["id"]), (elsewhere, made["id"]),
                        (HANNA, new_id())):  # fmt: skip
        path = f"/cases/{case}/break-glass/{id_}/renewal"
        problem = await service.problem(caller, "POST", path)
        kinds.add((problem.kind, problem.detail))
    assert len(kinds) == 1
    assert next(iter(kinds))[0] == "not-found"


async def test_lead_and_officer_are_alerted_and_nobody_else_nor_who_did_it(service: ConsentService) -> None:
    case = fresh_case()
    await smash(service, case)
    for caller in (LEAD, OFFICER):
        assert await alerts(service, caller) == [(case, "break_glass")], caller
    for caller in (HANNA, COLLEAGUE, MANAGER, GUARD, SCHOOL, SCHOOL_OFFICER, CARE_OFFICER):
        assert await alerts(service, caller) == [], caller
    at_another_agency = Caller(LEAD.user, LEAD.name, CARE, "practitioner")
    assert await alerts(service, at_another_agency) == []


async def test_a_lead_or_officer_who_did_it_is_not_told_of_it_and_their_colleagues_are(
    service: ConsentService,
) -> None:
    case = fresh_case()
    one = {"case": case, "subjects": [CHILD], "lead": {"user": HANNA.user, "agency": HOUSING}}
    content = {"cases": [one], "user": HANNA.user, "reason": "Missing"}
    await service.call(HANNA, "POST", "/break-glass", content)
    assert await alerts(service, HANNA) == []
    as_officer = Caller(HANNA.user, HANNA.name, HOUSING, "information_officer")
    assert await alerts(service, as_officer) == []
    assert await alerts(service, OFFICER) == [(case, "break_glass")]


async def test_whom_the_family_excluded_by_name_is_not_alerted(service: ConsentService) -> None:
    """Fails when an exclusion of another family counts, or one that was lifted."""
    case, other = fresh_case(), fresh_case()
    await smash(service, case)
    await smash(service, other, COLLEAGUE, subjects=(MOTHER,))
    about_child = an_exclusion(agencies=[], users=[LEAD.user], categories=["plan"])
    made = await service.exclude(case, about_child)
    assert await alerts(service, LEAD) == [(other, "break_glass")]
    assert set(await alerts(service, OFFICER)) == {(case, "break_glass"), (other, "break_glass")}
    await service.lift(case, made["exclusion"] if "exclusion" in made else made["id"])
    service.clock.turn(seconds=1)
    assert set(await alerts(service, LEAD)) == {(case, "break_glass"), (other, "break_glass")}


async def test_alerts_are_paged_in_full_pages_and_each_read_leaves_a_receipt(service: ConsentService) -> None:
    cases = []
    for number in range(7):
        cases.append(fresh_case())
        await smash(service, cases[-1], Caller(f"u{number}", "U", HOUSING, "practitioner"))
        service.clock.turn(seconds=1)
    about_child = an_exclusion(agencies=[], users=[OFFICER.user], categories=["plan"])
    shown: list[str] = []
    after, pages = None, 0
    while pages == 0 or after is not None:
        ask = {"purpose": "oversight", "reason": None, "after": after, "limit": 3}
        answer = await service.call(OFFICER, "POST", "/alerts", ask)
        shown += [alert["case"] for alert in answer["alerts"]]
        after, pages = answer["after"], pages + 1
        assert len(answer["alerts"]) == 3 or after is None
    assert (shown, pages) == (cases[::-1], 3)
    reads = [r for r in service.receipts() if r["deed"] == "read_alerts"]
    assert [r["user"] for r in reads] == [OFFICER.user] * 3
    assert service.faults() == []
    await service.exclude(cases[0], about_child)
    assert await alerts(service, OFFICER) == []


@pytest.mark.parametrize("reviewer", [OFFICER, GUARD])
async def test_somebody_else_of_the_agency_reviews_it_once(service: ConsentService, reviewer: Caller) -> None:
    case = fresh_case()
    made = await smash(service, case)
    assert made["review_due"] == "2031-03-07T00:00:00.000000Z"
    found = await reviewed(service, case, made["id"], reviewer)
    assert found == {"id": made["id"], "finding": "justified"}
    assert service.slept == [], "what was justified goes on"
    assert await levels(service, case) == [2, 2]
    path, content = review_of(case, made["id"])
    problem = await service.problem(OFFICER, "POST", path, content)
    assert (problem.kind, problem.detail) == ("conflict", "This has been reviewed already.")
    assert service.select("SELECT reviewed_by FROM break_glass") == [(reviewer.user,)]


async def test_nobody_reviews_their_own_and_no_other_agency_learns_of_it(service: ConsentService) -> None:
    case = fresh_case()
    made = await smash(service, case, MANAGER, user=HANNA.user)
    path, content = review_of(case, made["id"])
    for user in (HANNA.user, MANAGER.user):
        for role in ("information_officer", "safeguarding_lead"):
            own = await service.problem(Caller(user, "X", HOUSING, role), "POST", path, content)
            assert (own.kind, "Somebody else" in own.detail) == ("forbidden", True)
    stranger = await service.problem(CARE_OFFICER, "POST", path, content)
    absent = await service.problem(OFFICER, "POST", *review_of(case, new_id()))
    assert (stranger.kind, stranger.detail) == (absent.kind, absent.detail)
    assert stranger.kind == "not-found"


async def test_once_it_is_overdue_whoever_is_told_so_reviews_it_and_nobody_their_own(
    service: ConsentService,
) -> None:
    """Else whoever works where nobody could review it had no glass to break ever after. Fails when they may
    before it is overdue, or when somebody who is not told may."""
    office = await an_office(service)
    unnamed = Caller("pia", "Pia Hall", CARE, "information_officer")
    for reviewer in (MANAGER, office):
        case = fresh_case()
        made = await smash(service, case)
        path, content = review_of(case, made["id"])
        early = await service.problem(reviewer, "POST", path, content)
        assert early.kind == ("forbidden" if reviewer is MANAGER else "not-found")
        service.clock.turn(days=7)
        assert (case, "break_glass_review_overdue") in await alerts(service, reviewer)
        for stranger in (
            unnamed,
            replace(MANAGER, agency=CARE),
            COLLEAGUE,
            replace(office, role="practitioner"),
        ):
            refusal = await service.problem(stranger, "POST", path, content)
            assert refusal.kind == ("forbidden" if stranger is COLLEAGUE else "not-found"), stranger
        herself = replace(reviewer, user=HANNA.user)
        assert (await service.problem(herself, "POST", path, content)).kind == "forbidden"
        assert [row["may"] for row in await lines(service, reviewer, case)] == [["review"]]
        assert not (await may_break(service, fresh_case()))["permitted"]
        await reviewed(service, case, made["id"], reviewer)
        assert (await may_break(service, fresh_case()))["permitted"]
        again = await service.problem(reviewer, "POST", path, content)
        assert (again.kind, again.detail) == ("conflict", "This has been reviewed already.")


async def test_it_goes_up_to_the_partnerships_own_office_while_the_policy_names_nobody_and_to_whom_it_names(
    service: ConsentService,
) -> None:
    office, case = await an_office(service), fresh_case()
    named = Caller("pat", "Pat Hall", CARE, "information_officer")
    made = await smash(service, case)
    service.clock.turn(seconds=OVERDUE.total_seconds())
    told = [bool(await alerts(service, one)) for one in (office, named)]
    assert told == [True, False]
    with service.database() as connection:
        [(stored,)] = service.select("SELECT document FROM policies")
        document = orjson.loads(stored) if isinstance(stored, str) else stored
        publish(connection, 2, {**document, "partnership_officers": ["pat"]}, service.clock())
    told = [bool(await alerts(service, one)) for one in (office, named)]
    assert told == [False, True]
    assert (await service.problem(office, "POST", *review_of(case, made["id"]))).kind == "not-found"
    await reviewed(service, case, made["id"], named)


async def test_an_officer_to_whom_it_goes_up_does_not_review_what_an_exclusion_or_a_bar_keeps_from_them(
    service: ConsentService,
) -> None:
    office, case = await an_office(service), fresh_case()
    made = await smash(service, case)
    service.clock.turn(seconds=OVERDUE.total_seconds())
    await service.exclude(case, an_exclusion(users=[office.user], agencies=[], categories=["identity"]))
    assert await lines(service, office, case) == []
    assert (await service.problem(office, "POST", *review_of(case, made["id"]))).kind == "not-found"


async def test_what_was_not_justified_ends_at_once_and_the_answer_waits_d(service: ConsentService) -> None:
    """P1: whoever asks after the answer gets nothing by it any more."""
    case = fresh_case()
    made = await smash(service, case)
    path, content = review_of(case, made["id"], "not_justified")
    found = await service.call(OFFICER, "POST", path, content)
    assert service.slept == [D]
    assert found["enforced_at"] == rfc3339(service.clock())
    assert await levels(service, case) == [0, 0]
    later = await smash(service, fresh_case())
    service.clock.turn(hours=2)
    path, content = review_of(service.select("SELECT case_id FROM break_glass WHERE override = :id",
                                             id=later["id"])[0][0], later["id"], "not_justified")  # fmt: skip
    found = await service.call(OFFICER, "POST", path, content)
    assert "enforced_at" not in found, "what is over already is not taken away"


async def test_an_overdue_review_escalates_and_is_called_off_by_a_review_in_time(
    service: ConsentService,
) -> None:
    late, timely = fresh_case(), fresh_case()
    overdue = await smash(service, late)
    in_time = await smash(service, timely, COLLEAGUE)
    await reviewed(service, timely, in_time["id"])
    service.clock.turn(seconds=(OVERDUE - timedelta(seconds=1)).total_seconds())
    assert await alerts(service, MANAGER) == []
    service.clock.turn(seconds=1)
    for caller in (MANAGER, GUARD):
        assert await alerts(service, caller) == [(late, "break_glass_review_overdue")], caller
    assert (late, "break_glass_review_overdue") in await alerts(service, OFFICER)
    assert (timely, "break_glass_review_overdue") not in await alerts(service, OFFICER)
    assert await alerts(service, HANNA) == []
    await reviewed(service, late, overdue["id"])
    assert (late, "break_glass_review_overdue") in await alerts(service, MANAGER), "it did happen"


async def test_an_overdue_review_makes_that_users_next_one_need_a_manager_and_no_colleagues(
    service: ConsentService,
) -> None:
    case, other = fresh_case(), fresh_case()
    made = await smash(service, case)
    service.clock.turn(seconds=(OVERDUE - timedelta(seconds=1)).total_seconds())
    assert (await may_break(service, other))["permitted"]
    service.clock.turn(seconds=1)
    refused = await may_break(service, other)
    assert (refused["permitted"], "Ask your manager" in refused["reason"]) == (False, True)
    absent = await service.decide(
        HANNA, a_case(None, people=()), action="contribute", deed={"deed": "break_glass"}
    )
    assert absent["permit"] == refused, "said of an absent case as well"
    assert (await may_break(service, other, COLLEAGUE))["permitted"]
    assert (await may_break(service, other, MANAGER, for_user=HANNA.user))["permitted"]
    assert not (await may_break(service, other, COLLEAGUE, for_user=HANNA.user))["permitted"]
    await smash(service, other, MANAGER, user=HANNA.user)
    assert await levels(service, other) == [2, 2]
    assert await levels(service, other, MANAGER) == [0, 0], "the manager opened it for her colleague"
    await reviewed(service, case, made["id"])
    assert (await may_break(service, fresh_case()))["permitted"]


async def test_after_twelve_hours_the_same_case_needs_a_manager_until_somebody_has_looked(
    service: ConsentService,
) -> None:
    case = fresh_case()
    made = await smash(service, case)
    service.clock.turn(hours=11, minutes=59)
    assert (await may_break(service, case))["permitted"]
    service.clock.turn(minutes=1)
    assert not (await may_break(service, case))["permitted"]
    assert (await may_break(service, fresh_case()))["permitted"]
    assert (await may_break(service, case, COLLEAGUE))["permitted"]
    await reviewed(service, case, made["id"])
    assert (await may_break(service, case))["permitted"]


async def test_who_may_break_it_is_the_policys_word(service: ConsentService) -> None:
    case, permitted = fresh_case(), set()
    for role in (
        "practitioner", "safeguarding_lead", "team_manager", "coordinator", "volunteer", "panel_member",
        "referrer", "information_officer", "records_officer", "scrutineer", "agency_system", "family_member",
        "wizard",
    ):  # fmt: skip
        for purpose in ("support", "safeguarding", "enforcement", "oversight", "panel"):
            answer = await service.decide(
                Caller("u", "U", HOUSING, role), a_case(case, *HIDDEN, relationship="none"),
                action="contribute", purpose=purpose, deed={"deed": "break_glass"},
            )  # fmt: skip
            if answer["permit"]["permitted"]:
                permitted.add((role, purpose))
    assert permitted == {
        ("practitioner", "support"), ("team_manager", "support"), ("safeguarding_lead", "support"),
        ("safeguarding_lead", "safeguarding"),
    }  # fmt: skip


async def test_a_permit_for_what_is_hidden_says_that_it_would_open_and_is_kept_as_an_attempt_if_not(
    service: ConsentService,
) -> None:
    """The mention under the case is what an officer finds; an attempt is not."""
    case, equality = fresh_case(), fresh_case()
    await may_break(service, case)
    beyond_the_cap = a_case(equality, a_label("hill-school", "equality"), relationship="none")
    answer = await service.decide(HANNA, beyond_the_cap, action="contribute", deed={"deed": "break_glass"})
    assert answer["cases"][0]["levels"] == [0]
    found = dict(service.select("SELECT target, kind FROM mentions WHERE target IN (:a, :b)",
                                a=case, b=equality))  # fmt: skip
    assert found == {case: "case", equality: "attempt"}
    actions = {r["action"] for r in service.receipts() if r["chain"] == f"agency:{HOUSING}"}
    assert actions == {"refuse"}


async def test_who_sees_it(service: ConsentService) -> None:
    case = fresh_case()
    made = await smash(service, case)

    async def listed(caller: Caller, relationship: str = "none") -> list[Json]:
        return await lines(service, caller, case, relationship)

    for caller, relationship in (
        (HANNA, "none"), (OFFICER, "none"), (GUARD, "none"), (MANAGER, "none"), (LEAD, "lead"),
    ):  # fmt: skip
        [shown] = await listed(caller, relationship)
        assert (shown["id"], shown["user"], shown["review_overdue"]) == (made["id"], "hanna", False)
    for caller, relationship in ((COLLEAGUE, "none"), (LEAD, "member"), (SCHOOL_OFFICER, "none")):
        assert await listed(caller, relationship) == [], caller
    service.clock.turn(days=5)
    [shown] = await listed(OFFICER)
    assert shown["review_overdue"] is True


async def test_a_list_is_asked_for_about_one_case(service: ConsentService) -> None:
    case = fresh_case()
    one = a_case(case, *HIDDEN, relationship="none")
    for cases in ([], [one, one]):
        content = {"ask": {"action": "list", "purpose": "support", "cases": cases}, "owned": {}}
        problem = await service.problem(HANNA, "POST", f"/cases/{case}/break-glass/list", content)
        assert problem.kind == "invalid"


async def test_several_cases_of_one_person_are_opened_together_or_not_at_all(service: ConsentService) -> None:
    first, second = fresh_case(), fresh_case()
    cases = [{"case": case, "subjects": [CHILD], "lead": None} for case in (first, second)]
    content = {"cases": cases, "user": HANNA.user, "reason": "Missing"}
    opened = (await service.call(HANNA, "POST", "/break-glass", content))["break_glass"]
    assert {one["case"] for one in opened} == {first, second}
    content["cases"] = [{"case": fresh_case(), "subjects": [CHILD], "lead": None}, cases[0]]
    assert (await service.problem(HANNA, "POST", "/break-glass", content)).kind == "conflict"
    assert service.rows()["break_glass"] == 2
