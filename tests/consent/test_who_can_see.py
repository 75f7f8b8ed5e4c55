"""Who can see, now and then; and what if (design 3.6)."""

from dataclasses import replace
from typing import Any

import pytest

from shared.identity import Caller
from shared.ids import new_id
from tests.consent import test_policy_life as policy_drafts
from tests.consent.explaining import (
    NO,
    TEAM,
    Family,
    a_seat,
    levels_of,
    people,
    supposed,
    without_receipt,
)
from tests.consent.service import (
    CHILD,
    FATHER,
    HOUSING,
    HOUSING_OFFICER,
    MOTHER,
    SCHOOL,
    SCHOOL_OFFICER,
    YOT,
    YOT_OFFICER,
    ConsentService,
    Json,
    a_case,
    a_label,
    a_row,
    an_agreement,
)
from tests.consent.test_bars import a_bar, a_protected_address, bar

pytestmark = pytest.mark.anyio

LEARNING, PLAN, MENTAL_HEALTH = ("learning",), ("plan",), ("mental_health",)
GUARD = Caller("gus", "Gus Hill", "city-housing", "safeguarding_lead")
COLLEAGUE = Caller("hugo", "Hugo Berg", "city-housing", "volunteer")


async def test_D3_everybody_is_shown_at_the_level_that_they_are_decided_at(service: ConsentService) -> None:
    """Each row is what ``/decisions`` says to that caller. Fails when two agencies' facts are mixed."""
    await service.call(SCHOOL_OFFICER, "POST", "/agreements", an_agreement(rows=[a_row(base="summary")]))
    family = Family(service)
    await family.says(categories=["learning", "behaviour"], recipients=["city-housing", "youth-offending"])
    await family.says(categories=["mental_health"], recipients=["youth-offending", "city-housing"])
    await family.excludes(agencies=[], users=["hugo"], categories=["plan"])
    words = ("learning", "plan", "mental_health", "contact", "safeguarding", "staff_safety", "behaviour")
    labels = [family.label("hill-school", word) for word in words]
    labels.append(family.label("city-housing", "housing", "learning"))
    team = (*TEAM, a_seat(GUARD), a_seat(COLLEAGUE))
    whole = await people(service, YOT, family.asked(*labels, relationship="lead"), roster=team)
    own = await service.levels(YOT, family.asked(*labels, relationship="lead"))
    shown = [place for place, level in enumerate(own) if level >= 2]
    assert len(shown) >= 5
    compared = 0
    for row, caller in _rows(whole, (SCHOOL, HOUSING, YOT, GUARD, COLLEAGUE)):
        asked = family.asked(*labels, relationship=row["relationship"])
        decided = await service.levels(caller, asked, purpose=row["purpose"])
        words_of = ("none", "existence", "summary", "full")
        assert [cell["level"] for cell in row["cells"]] == [words_of[decided[place]] for place in shown]
        compared += len(shown)
    assert compared == 6 * len(shown)


def _rows(answer: Json, callers: tuple[Caller, ...]) -> list[tuple[Json, Caller]]:
    by_user = {caller.user: caller for caller in callers}
    return [(row, by_user[row["user"]]) for row in answer["people"]]


async def test_somebody_who_may_act_for_another_purpose_stands_there_for_each(
    service: ConsentService,
) -> None:
    case = a_case(new_id(), a_label("city-housing", "safeguarding"), relationship="lead")
    answer = await people(service, HOUSING, case, roster=(a_seat(GUARD),))
    assert [row["purpose"] for row in answer["people"]] == ["support", "safeguarding"]


async def test_who_neither_leads_nor_recorded_it_may_not_ask(service: ConsentService) -> None:
    """What one sees at *summary* one may know of, so this is a refusal; what one does not see is absent."""
    family = Family(service)
    plan, hidden = family.label("hill-school", "plan"), family.label("hill-school", "mental_health")
    case = family.asked(hidden, plan)
    assert "refused" in await people(service, HOUSING, case)
    assert "refused" in await people(service, HOUSING, case, label=1, entry=new_id())
    assert await people(service, HOUSING, case, label=0, entry=new_id()) is None
    assert await people(service, HOUSING, case, label=-1, entry=new_id()) is None
    assert await people(service, HOUSING, case, subject=new_id()) is None
    assert await people(service, HOUSING, family.asked(hidden)) is None
    assert levels_of(await people(service, SCHOOL, case, label=0), "hanna") == ["none"]
    receipts = [receipt for receipt in service.receipts() if receipt["deed"] == "who_can_see"]
    assert [receipt["action"] for receipt in receipts] == ["refuse"] * 6 + ["read"]
    assert service.faults() == []


async def test_a_member_asks_about_what_their_agency_recorded_the_lead_about_all_they_see(
    service: ConsentService,
) -> None:
    family = Family(service)
    labels = [family.label("hill-school", "plan"), family.label("city-housing", "plan")]
    as_member = await people(service, HOUSING, family.asked(*labels))
    assert {cell["owner"] for row in as_member["people"] for cell in row["cells"]} == {"city-housing"}
    as_lead = await people(service, YOT, family.asked(*labels, relationship="lead"))
    assert [cell["owner"] for cell in as_lead["people"][0]["cells"]] == ["city-housing", "hill-school"][::-1]


async def test_the_id_of_a_permission_is_told_to_who_may_see_it_and_givers_to_nobody(
    service: ConsentService,
) -> None:
    family = Family(service)
    given = await family.says(recipients=["city-housing", "youth-offending"])
    label = family.label("hill-school", "learning")
    other = replace(SCHOOL, user="ann")
    found = {}
    for caller, relationship in ((YOT, "lead"), (SCHOOL, "member"), (other, "member")):
        answer = await people(service, caller, family.asked(label, relationship=relationship))
        (row,) = [row for row in answer["people"] if row["user"] == "hanna"]
        found[caller.user] = row["cells"][0]["bases"]
        assert MOTHER not in str(answer)
    assert found["yusuf"] == found["ada"] == [{"basis": "PERMISSION", "id": given}]
    # An owner of information that it concerns may see it too (design 3.4).
    assert found["ann"] == found["ada"]
    released = family.label("city-housing", "housing")
    await family.says(categories=["housing"], recipients=["youth-offending"])
    as_housing = await people(service, HOUSING, family.asked(released))
    (row,) = [row for row in as_housing["people"] if row["user"] == "yusuf"]
    assert [basis["basis"] for basis in row["cells"][0]["bases"]] == ["PERMISSION"]


async def test_time_travel_gives_the_roster_and_the_facts_of_then(service: ConsentService) -> None:
    """Fails when an answer, an exclusion or an ending counts before it was recorded."""
    family = Family(service)
    label = family.label("hill-school", "learning")
    case = family.asked(label, relationship="lead")
    await service.let_take_part(case)
    moments: list[str] = []

    async def next_moment() -> None:
        moments.append(service.clock().isoformat())
        service.clock.turn(minutes=10)

    await next_moment()
    given = await family.says(recipients=["city-housing", "youth-offending"])
    await next_moment()
    exclusion = await family.excludes()
    await next_moment()
    await family.lifts(exclusion)
    await next_moment()
    await service.withdraw(family.case, given)
    await next_moment()
    await family.says(recipients=["youth-offending"])
    seen = [
        levels_of(await people(service, YOT, case, at=at, roster=(a_seat(HOUSING),)), "hanna")[0]
        for at in moments
    ]
    assert seen == ["existence", "full", "none", "full", "existence"]
    nobody_then = await people(service, YOT, case, at=moments[1], roster=())
    assert nobody_then["people"] == []
    before_it_was_written = await people(service, YOT, case, at=moments[1], present=[])
    assert {len(row["cells"]) for row in before_it_was_written["people"]} == {0}
    problem = await service.problem(
        YOT, "POST", "/who-can-see", _asked(case, at=(service.clock()).replace(year=2032).isoformat())
    )
    assert (problem.kind, problem.errors[0].field) == ("invalid", "at")


def _asked(case: Json, **more: Any) -> Json:
    return {"purpose": "support", "reason": None, "case": case, "roster": TEAM, "present": [0], **more}


async def test_time_travel_knows_agreements_and_suspensions(service: ConsentService) -> None:
    case = a_case(new_id(), a_label("hill-school", "learning"), relationship="lead")
    await service.let_take_part(case)
    before = service.clock().isoformat()
    service.clock.turn(minutes=10)
    agreement = await service.call(SCHOOL_OFFICER, "POST", "/agreements", an_agreement(rows=[a_row()]))
    service.clock.turn(minutes=10)
    agreed = service.clock().isoformat()
    service.clock.turn(minutes=10)
    await service.call(SCHOOL_OFFICER, "POST", f"/agreements/{agreement['id']}/ending")
    await service.call(HOUSING_OFFICER, "POST", "/suspensions", {"user": "hanna", "reason": "Left"})
    roster = (a_seat(HOUSING), a_seat(replace(HOUSING, user="hans")))
    found = [
        [levels_of(answer, user)[0] for user in ("hanna", "hans")]
        for answer in [await people(service, SCHOOL, case, at=at, roster=roster) for at in (before, agreed)]
    ]
    now = await people(service, SCHOOL, case, roster=roster)
    assert found == [["existence", "existence"], ["full", "full"]]
    assert [levels_of(now, user)[0] for user in ("hanna", "hans")] == ["none", "existence"]


async def test_last_seen_is_when_a_view_was_last_made_for_them(service: ConsentService) -> None:
    family, entry, other = Family(service), new_id(), new_id()
    labels = [
        family.label("hill-school", "plan", entries=[entry]),
        family.label("hill-school", "learning", entries=[other]),
    ]
    await service.decide(HOUSING, family.asked(*labels))
    looked = service.clock()
    service.clock.turn(minutes=3)
    await service.decide(YOT, family.asked(*labels), action="list")
    await people(service, YOT, family.asked(*labels, relationship="lead"))
    as_lead = family.asked(*labels, relationship="lead")

    async def seen(**asked: Any) -> dict[str, str | None]:
        answer = await people(service, YOT, as_lead, **asked)
        return {row["user"]: row["last_seen"] for row in answer["people"]}

    moment = looked.isoformat().replace("+00:00", ".000000Z")
    assert await seen() == {"ada": None, "hanna": moment, "yusuf": None}
    assert (await seen(label=0, entry=entry))["hanna"] == moment
    # At existence nothing of it was shown, whoever read the case.
    assert (await people(service, SCHOOL, family.asked(*labels), label=1, entry=other))["people"][1][
        "last_seen"
    ] is None
    assert (await seen(at="2031-03-03T08:59:59Z"))["hanna"] is None


async def test_an_officer_asks_about_what_her_agency_recorded_and_what_her_people_are_shown(
    service: ConsentService,
) -> None:
    family = Family(service)
    labels = [
        family.label("hill-school", "plan"),
        family.label("hill-school", "learning"),
        family.label("hill-school", "mental_health"),
        family.label("youth-offending", "plan"),
    ]
    answer = await people(service, SCHOOL_OFFICER, family.as_officer(*labels), purpose="oversight")
    owners = {row["user"]: [cell["owner"] for cell in row["cells"]] for row in answer["people"]}
    assert owners == {
        "ada": ["hill-school"] * 3 + ["youth-offending"],
        "hanna": ["hill-school"] * 3,
        "yusuf": ["hill-school"] * 3,
    }
    received = await people(service, HOUSING_OFFICER, family.as_officer(*labels), purpose="oversight")
    assert [(row["user"], len(row["cells"])) for row in received["people"]] == [("hanna", 2)]
    nothing = Caller("nils", "Nils Here", "north-police", "information_officer")
    assert await people(service, nothing, family.as_officer(*labels), purpose="oversight") is None
    assert (
        await people(service, HOUSING_OFFICER, family.as_officer(*labels), purpose="oversight", label=0)
        is None
    )


# --- what if


def a_yes(family: Family, **changes: Any) -> Json:
    return {
        "kind": "add_permission",
        "subject": family.child,
        "agencies": ["city-housing"],
        "categories": ["learning"],
        **changes,
    }


async def lead_supposes(family: Family, *changes: Json, words: tuple[str, ...] = LEARNING) -> Json:
    label = family.label("youth-offending", *words)
    answer: Json = await supposed(family.service, YOT, family.asked(label, relationship="lead"), *changes)
    return answer


async def test_what_would_be_is_what_then_is_and_nothing_is_stored(service: ConsentService) -> None:
    family = Family(service)
    await service.let_take_part(family.asked())
    before = {name: number for name, number in service.rows().items() if name not in LEDGER}
    answer = await lead_supposes(family, a_yes(family))
    assert levels_of(answer, "hanna", "before") == ["existence"]
    assert levels_of(answer, "hanna", "after") == ["full"]
    assert levels_of(answer, "ada", "after") == levels_of(answer, "ada", "before") == ["existence"]
    assert {n: number for n, number in service.rows().items() if n not in LEDGER} == before
    await family.says()
    label = family.label("youth-offending", "learning")
    assert await service.levels(HOUSING, family.asked(label)) == [3]
    receipt = service.receipts()[-1]
    assert {one["deed"] for one in service.receipts()} >= {"what_if"}
    assert receipt["action"] in ("read", "refuse")


LEDGER = ("receipts", "mentions", "chains")


async def test_each_thing_that_can_be_supposed(service: ConsentService) -> None:
    family = Family(service)
    given = await family.says(categories=["learning"], valid_until="2031-06-01T00:00:00Z")
    exclusion = await family.excludes(agencies=["hill-school"], categories=["plan"])
    found: dict[str, tuple[str, str]] = {}

    async def suppose(name: str, user: str, words: tuple[str, ...], *changes: Json) -> None:
        answer = await lead_supposes(family, *changes, words=words)
        found[name] = levels_of(answer, user, "before")[0], levels_of(answer, user, "after")[0]

    ended = {"kind": "end_permission", "id": given}
    lifted = {"kind": "lift_exclusion", "id": exclusion}
    kept_out = {
        "kind": "add_exclusion", "subject": family.child, "agencies": ["city-housing"],
        "categories": ["plan"],
    }  # fmt: skip
    mentor = {"kind": "change_role", "user": "hanna", "agency": "city-housing", "role": "volunteer"}
    later = {"kind": "move_clock", "to": "2031-06-01T00:00:00Z"}
    just_before = {"kind": "move_clock", "to": "2031-05-31T23:59:58Z"}
    await suppose("ended", "hanna", LEARNING, ended)
    await suppose("later", "hanna", LEARNING, later)
    await suppose("just before", "hanna", LEARNING, just_before)
    await suppose("lifted", "ada", PLAN, lifted)
    await suppose("kept out", "hanna", PLAN, kept_out)
    await suppose("mentor", "hanna", PLAN, mentor)
    await suppose("the same policy", "hanna", PLAN, {"kind": "policy", "version": 1})
    await suppose("a yes and an end", "hanna", LEARNING, ended, a_yes(family, level="summary"))
    assert found == {
        "ended": ("full", "existence"),
        "later": ("full", "existence"),
        "just before": ("full", "full"),
        "lifted": ("none", "full"),
        "kept out": ("full", "none"),
        "mentor": ("full", "summary"),
        "the same policy": ("full", "full"),
        "a yes and an end": ("full", "summary"),
    }


async def test_the_lead_is_told_of_nobody_more_than_they_see_themselves(service: ConsentService) -> None:
    """The lower of the two levels, before and after. Fails when the other agency's level is told as it is."""
    family = Family(service)
    await family.says(categories=["health"], recipients=["city-housing"])
    await family.says(categories=["mental_health"], recipients=["city-housing"])
    labels = [
        family.label("hill-school", "health"),
        family.label("hill-school", "mental_health"),
        family.label("hill-school", "contact"),
    ]
    asked = family.asked(*labels, relationship="lead")
    assert await service.levels(YOT, asked) == [1, 0, 2]
    assert await service.levels(HOUSING, family.asked(*labels)) == [3, 3, 2]
    more = a_yes(family, categories=["contact"])
    answer = await supposed(service, YOT, asked, more)
    assert levels_of(answer, "hanna", "before") == levels_of(answer, "hanna", "after") == ["summary"]


async def test_what_may_not_be_supposed_is_named_by_its_field(service: ConsentService) -> None:
    family = Family(service)
    hidden = await family.excludes(agencies=["youth-offending"], categories=["community"])
    elsewhere = Family(service)
    not_here = await elsewhere.says()
    label = family.label("youth-offending", "learning")
    case = family.asked(label, relationship="lead")
    for change, field in (
        ({"kind": "end_permission", "id": not_here}, "id"),
        ({"kind": "end_permission", "id": new_id()}, "id"),
        ({"kind": "lift_exclusion", "id": hidden}, "id"),
        ({"kind": "lift_exclusion", "id": new_id()}, "id"),
        (a_yes(family, subject=CHILD), "subject"),
        ({"kind": "change_role", "user": "hanna", "agency": "hill-school", "role": "volunteer"}, "user"),
        ({"kind": "move_clock", "to": "2031-03-03T08:00:00Z"}, "to"),
        ({"kind": "policy", "version": 99}, "version"),
        ({"kind": "policy_draft", "draft": new_id()}, "draft"),
    ):
        asked = {
            "purpose": "support", "reason": None, "case": case, "roster": TEAM,
            "changes": [a_yes(family), change],
        }  # fmt: skip
        problem = await service.problem(YOT, "POST", "/what-if", asked)
        assert (problem.kind, problem.errors[0].field) == ("invalid", f"changes.1.{field}"), change
    own = await family.says(categories=["community"], **NO, giver=FATHER)
    await supposed(service, YOT, case, {"kind": "end_permission", "id": own})


async def test_an_officer_tries_a_draft_as_it_now_stands_and_a_lead_none(service: ConsentService) -> None:
    """The draft lets practitioners see the plan at summary; what is in force stays in force."""
    family = Family(service)
    draft = await policy_drafts.begin(service)
    tried = {"kind": "policy_draft", "draft": draft}
    case = family.as_officer(family.label("hill-school", "plan"))

    async def levels() -> tuple[list[str], list[str]]:
        answer = await supposed(service, SCHOOL_OFFICER, case, tried, purpose="oversight")
        return levels_of(answer, "hanna", "before"), levels_of(answer, "hanna", "after")

    assert await levels() == (["full"], ["full"])
    await policy_drafts.change(service, draft, policy_drafts.document())
    assert await levels() == (["full"], ["summary"])
    await policy_drafts.change(service, draft, policy_drafts.document("1"), revision=2)
    assert await levels() == (["full"], ["existence"])
    assert await service.levels(HOUSING, family.asked(family.label("hill-school", "plan"))) == [3]
    led = family.asked(family.label("youth-offending", "plan"), relationship="lead")
    asked = {"purpose": "support", "reason": None, "case": led, "roster": TEAM, "changes": [tried]}
    problem = await service.problem(YOT, "POST", "/what-if", asked)
    assert (problem.kind, problem.errors[0].field) == ("invalid", "changes.0.draft")
    await service.call(SCHOOL_OFFICER, "DELETE", f"/policies/drafts/{draft}")
    gone = {**asked, "case": case, "purpose": "oversight"}
    problem = await service.problem(SCHOOL_OFFICER, "POST", "/what-if", gone)
    assert problem.errors[0].field == "changes.0.draft"


async def test_who_neither_leads_nor_is_an_officer_may_not_suppose(service: ConsentService) -> None:
    family = Family(service)
    case = family.asked(family.label("city-housing", "plan"))
    assert "refused" in await supposed(service, HOUSING, case, a_yes(family))
    hidden = family.asked(family.label("hill-school", "mental_health"))
    assert await supposed(service, HOUSING, hidden, a_yes(family)) is None


async def test_an_officer_supposes_about_what_her_agency_recorded_only(service: ConsentService) -> None:
    family = Family(service)
    case = family.as_officer(family.label("hill-school", "learning"), family.label("city-housing", "plan"))
    answer = await supposed(service, SCHOOL_OFFICER, case, a_yes(family), purpose="oversight")
    assert levels_of(answer, "hanna", "after") == ["full"]
    assert {cell["owner"] for row in answer["people"] for cell in row["cells"]} == {"hill-school"}
    assert await supposed(service, YOT_OFFICER, case, a_yes(family), purpose="oversight") is None


# --- bars


async def test_nobody_but_an_officer_is_told_by_a_line_that_a_bar_stops_a_colleague(
    service: ConsentService,
) -> None:
    """Of a bar neither the lead nor a member is told (design 3.2), and it may be about either. Fails when the
    line of whom it stops, now or under some supposition, is another than without it."""
    family = Family(service)
    labels = [family.label("hill-school", "plan"), family.label("city-housing", "plan")]
    lead = family.asked(*labels, relationship="lead")
    supposing = {"kind": "move_clock", "to": "2031-06-01T00:00:00Z"}

    async def told() -> list[Json]:
        asked = [
            await people(service, YOT, lead),
            await people(service, YOT, lead, subject=family.child),
            await people(service, SCHOOL, family.asked(*labels)),
            await supposed(service, YOT, lead, supposing),
        ]
        return [without_receipt({**one, "at": None}) for one in asked]

    before = await told()
    assert [set(levels_of(one, "hanna", name)) for one, name in zip(before, ANSWERED, strict=True)] == [
        {"full"}, {"full"}, {"full"}, {"full"},
    ]  # fmt: skip
    for changes in ({"agencies": ["city-housing"]}, {"agencies": [], "users": ["hanna"]}):
        body = a_bar(subjects=[family.child], categories=["plan", "identity"], **changes)
        await bar(service, family.case, body, people=[family.child])
        assert await told() == before
        assert await service.levels(HOUSING, family.asked(*labels)) == [0, 0]
    officer = family.as_officer(labels[0])
    answer = await people(service, SCHOOL_OFFICER, officer, purpose="oversight")
    assert levels_of(answer, "hanna") == ["none"]


ANSWERED = ("level", "level", "level", "after")


async def test_to_whom_a_protected_address_is_left_is_told_that_others_do_not_see_it(
    service: ConsentService,
) -> None:
    """Or they would tell a colleague what that colleague seems to see. Whom it stops asks in vain."""
    family = Family(service)
    label = family.label("hill-school", "contact")
    lead = family.asked(label, relationship="lead")
    await family.says(categories=["contact"], recipients=["city-housing", "youth-offending"])
    before = await people(service, YOT, lead)
    assert [levels_of(before, user) for user in ("ada", "hanna", "yusuf")] == [["full"]] * 3
    body = a_protected_address("hill-school", "youth-offending")
    await bar(service, family.case, body, people=[family.child])
    under = await people(service, YOT, lead)
    assert [levels_of(under, user) for user in ("ada", "hanna", "yusuf")] == [["full"], ["none"], ["full"]]
    assert await people(service, HOUSING, family.asked(label, relationship="lead")) is None


# --- overrides

GUARDIAN = Caller("sal", "Sal Guard", "childrens-services", "safeguarding_lead")
POLICE = Caller("pat", "Pat North", "north-police", "practitioner")


async def an_enquiry(family: Family, caller: Caller = GUARDIAN, **recipients: list[str]) -> str:
    override = {
        "lawful_basis": "section_47_enquiry", "reference": "x", "reason": "A report",
        "recipients": recipients, "categories": ["plan", "learning"], "purposes": ["support"],
        "level": "full", "valid_until": "2031-03-10T00:00:00Z",
    }  # fmt: skip
    content = {"override": override, "subjects": [family.child]}
    made = await family.service.call(caller, "POST", f"/cases/{family.case}/overrides", content)
    return str(made["id"])


async def a_broken_glass(family: Family) -> None:
    one = {"case": family.case, "subjects": [family.child], "lead": None}
    content = {"cases": [one], "user": "sal", "reason": "Missing"}
    await family.service.call(GUARDIAN, "POST", "/break-glass", content)


async def test_an_enquiry_is_told_to_the_owners_officer_and_not_to_the_lead_or_a_member(
    service: ConsentService,
) -> None:
    """It may be about the lead (design 3.2). Fails when its basis, its level or its user stands in a row."""
    family = Family(service)
    case = family.asked(family.label("hill-school", "learning"))
    lead = family.asked(family.label("youth-offending", "learning"), relationship="lead")
    roster = (*TEAM, a_seat(GUARDIAN))
    before = [
        (await people(service, SCHOOL, case, roster=roster))["people"],
        (await people(service, YOT, lead, roster=roster))["people"],
    ]
    await an_enquiry(family, agencies=["childrens-services"])
    assert before == [
        (await people(service, SCHOOL, case, roster=roster))["people"],
        (await people(service, YOT, lead, roster=roster))["people"],
    ]
    supposing = await supposed(service, YOT, lead, a_yes(family), roster=roster)
    of_sal = [row["cells"][0]["before"] for row in supposing["people"] if row["user"] == "sal"]
    assert of_sal == ["existence", "summary"]
    assert await service.levels(GUARDIAN, case) == [3]
    officer = family.as_officer(family.label("hill-school", "learning"))
    told = await people(service, SCHOOL_OFFICER, officer, roster=roster, purpose="oversight")
    (sal, _) = [row for row in told["people"] if row["user"] == "sal"]
    assert (sal["purpose"], sal["cells"][0]["level"]) == ("support", "full")
    assert sal["cells"][0]["bases"][-1]["basis"] == "STATUTORY"


async def test_somebody_whom_an_officer_opened_it_to_sees_it_once_that_is_confirmed(
    service: ConsentService,
) -> None:
    """Who-can-see says what the decision says (D3), wherever they act. Fails when only one of them waits."""
    family = Family(service)
    label = family.label("hill-school", "learning")
    officer = family.as_officer(label)
    seats = [replace(POLICE, agency=agency) for agency in ("north-police", "childrens-services")]
    roster = (*TEAM, *(a_seat(seat, relationship="none") for seat in seats))
    made = await an_enquiry(family, replace(GUARDIAN, role="information_officer"), users=[POLICE.user])
    asked = family.asked(label, relationship="none")
    for level, listed in ((0, []), (3, ["full", "full"])):
        assert [await service.levels(seat, asked) for seat in seats] == [[level], [level]]
        told = await people(service, SCHOOL_OFFICER, officer, roster=roster, purpose="oversight")
        rows = [row["cells"] for row in told["people"] if row["user"] == POLICE.user]
        assert [cell["level"] for cells in rows for cell in cells if cell["level"] != "none"] == listed
        if level == 0:
            confirming = f"/cases/{family.case}/overrides/{made}/confirmation"
            content = {"asked": {"purpose": "safeguarding", "reason": "An enquiry"}}
            await service.call(replace(GUARDIAN, user="sid"), "POST", confirming, content)


async def test_whoever_broke_the_glass_stands_among_those_who_see_the_case(service: ConsentService) -> None:
    """For the lead and officers; not for other members, nor for a lead whom the family excluded by name."""
    family = Family(service)
    await service.let_take_part(family.asked())
    asked = family.asked(family.label("youth-offending", "learning"), relationship="lead")
    before = service.clock().isoformat()
    service.clock.turn(minutes=1)
    await a_broken_glass(family)
    service.clock.turn(minutes=1)
    told = await people(service, YOT, asked)
    (sal,) = [row for row in told["people"] if row["user"] == "sal"]
    assert (sal["agency"], sal["relationship"]) == ("childrens-services", "none")
    assert (sal["role"], sal["name"], sal["last_seen"]) == ("practitioner", "sal", None)
    await service.decide(GUARDIAN, family.asked(family.label("youth-offending", "plan"), relationship="none"))
    told = await people(service, YOT, asked)
    (sal, _) = [row for row in told["people"] if row["user"] == "sal"]
    assert (sal["role"], sal["name"]) == ("safeguarding_lead", "Sal Guard")
    assert sal["last_seen"] is not None
    assert {row["user"] for row in (await people(service, YOT, asked, at=before))["people"]} == {
        "ada", "hanna", "yusuf",
    }  # fmt: skip
    member = family.asked(family.label("hill-school", "learning"))
    assert "sal" not in {row["user"] for row in (await people(service, SCHOOL, member))["people"]}
    await family.excludes(agencies=[], users=["yusuf"], categories=["community"])
    assert "sal" not in {row["user"] for row in (await people(service, YOT, asked))["people"]}
    service.clock.turn(hours=2)
    assert "sal" not in {row["user"] for row in (await people(service, YOT, asked))["people"]}
