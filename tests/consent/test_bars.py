"""Bars: what they stop, in every case and for persons; who sees them; how two people lift one."""

from typing import Any

import orjson
import pytest

from shared.identity import Caller
from shared.ids import new_id
from tests.consent.service import (
    CHILD,
    FATHER,
    HOUSING,
    HOUSING_OFFICER,
    MOTHER,
    OMIT,
    SCHOOL,
    SCHOOL_OFFICER,
    YOT,
    YOT_OFFICER,
    ConsentService,
    D,
    Json,
    _changed,
    a_case,
    a_label,
    a_share,
    an_exclusion,
    fresh_case,
)
from tests.consent.test_decisions import publish

pytestmark = pytest.mark.anyio

SECOND_OFFICER = Caller("orla", "Orla Hill", "hill-school", "information_officer")
POLICE_OFFICER = Caller("pat", "Pat", "north-police", "information_officer")
PLAN = a_label("hill-school", "plan", locates=False)
CONTACT = a_label("hill-school", "contact", locates=True)
SCHOOL_NAME = a_label("hill-school", "involvement", locates=True)
PEOPLE = [CHILD, MOTHER]


def a_bar(**changes: Any) -> Json:
    """The school's officer bars housing from everything that the plan of the child says, changed as told."""
    body = {
        "kind": "court_order",
        "subjects": [CHILD],
        "agencies": ["city-housing"],
        "categories": ["plan"],
        "legal_reference": "Order 17/2031",
        "custodian": {"name": "Duty manager", "telephone": "01632 960200", "agency": "hill-school"},
        "review_on": "2031-09-01",
        "reason": "The court said so.",
    }
    return _changed(body, changes)


def a_protected_address(*known_to: str, **changes: Any) -> Json:
    few = {"kind": "protected_address", "agencies": list(known_to), "everyone_except": True}
    return a_bar(**few, categories=["contact"], subjects=OMIT, **changes)


async def bar(
    service: ConsentService, case: str, body: Json, *, caller: Caller = SCHOOL_OFFICER, people: Any = None
) -> str:
    content = {"bar": body, "people": people or PEOPLE}
    outcome: Json = await service.call(caller, "POST", f"/cases/{case}/bars", content)
    assert set(outcome) == {"id", "enforced_at"}
    return str(outcome["id"])


async def listed(service: ConsentService, caller: Caller, people: Any = None) -> list[Json]:
    found: list[Json] = await service.call(caller, "POST", "/bars/list", {"people": people or PEOPLE})
    return found


def lifting(service: ConsentService, case: str, made: str, caller: Caller) -> Any:
    content = {"lifting": {"reason": "It was discharged."}, "people": PEOPLE}
    return service.call(caller, "POST", f"/cases/{case}/bars/{made}/lifting", content)


async def refused(service: ConsentService, caller: Caller, path: str, content: Json) -> str:
    return (await service.problem(caller, "POST", path, content)).kind


REFUSED: list[tuple[Json, str, str]] = [
    *[({name: OMIT}, f"bar.{name}", "required") for name in a_bar() if name not in ("subjects", "agencies")],
    ({"agencies": OMIT}, "bar.agencies", "Name at least one agency or user"),
    ({"subjects": []}, "bar.subjects", "at least 1"),
    ({"subjects": [FATHER]}, "subjects.0", "Name somebody whom this case is about"),
    ({"subjects": [CHILD, "x"]}, "bar.subjects.1", "Send an id"),
    ({"agencies": ["nobody-knows"]}, "agencies", "not in the partnership"),
    ({"agencies": ["hill-school"]}, "agencies", "stop yourself"),
    ({"users": ["otto"]}, "agencies", "stop yourself"),
    ({"everyone_except": True}, "agencies", "stop yourself"),
    ({"categories": []}, "bar.categories", "at least 1"),
    ({"categories": ["horoscope"]}, "bar.categories.0", "Input should be"),
    ({"kind": "whim"}, "bar.kind", "Input should be"),
    ({"review_on": "2031-03-03"}, "review_on", "a day after today"),
    ({"review_on": "2031-02-29"}, "bar.review_on", ""),
    (
        {"custodian": {"name": "D", "telephone": "call me", "agency": "hill-school"}},
        "bar.custodian.telephone",
        "telephone number",
    ),
    ({"custodian": {"name": "D", "telephone": "01632 960200"}}, "bar.custodian.agency", "required"),
    (
        {"custodian": {"name": "D", "telephone": "01632 960200", "agency": "nobody-knows"}},
        "custodian.agency",
        "not in the partnership",
    ),
    ({"kind": "protected_address", "categories": ["contact"]}, "bar.everyone_except", "everyone except"),
    (
        {"kind": "protected_address", "everyone_except": True, "agencies": ["hill-school"]},
        "bar.categories",
        "a bar on contact",
    ),
    ({"valid_until": "2031-09-01T00:00:00Z"}, "bar.valid_until", "not known here"),
]  # fmt: skip


async def test_every_bar_that_does_not_hold_together_is_refused_with_its_field_and_not_stored(
    service: ConsentService,
) -> None:
    before, unlike = service.rows(), []
    for changes, field, word in REFUSED:
        content = {"bar": a_bar(**changes), "people": PEOPLE}
        path = f"/cases/{fresh_case()}/bars"
        reply = await service.send("POST", path, content, caller=SCHOOL_OFFICER)
        errors = reply.json().get("errors", [])
        fits = [error["field"] == field and word in error["message"] for error in errors]
        if reply.status != 422 or not any(fits):
            unlike.append((changes, reply.status, errors))
    assert unlike == [], "\n".join(map(str, unlike))
    assert len(REFUSED) == 6 + 19
    after = service.rows()
    assert (after["bars"], after["bar_subjects"]) == (before["bars"], before["bar_subjects"]) == (0, 0)


async def test_a_bar_stops_at_once_in_every_case_and_outside_any_and_nobody_else(
    service: ConsentService,
) -> None:
    case, another = fresh_case(), fresh_case()
    asked = [a_case(case, PLAN), a_case(another, PLAN), a_case(None, PLAN)]
    assert [await service.levels(HOUSING, one) for one in asked] == [[3], [3], [3]]
    await bar(service, case, a_bar())
    assert service.slept == [D]
    assert [await service.levels(HOUSING, one) for one in asked] == [[0], [0], [0]]
    assert [await service.levels(YOT, one) for one in asked] == [[3], [3], [3]]
    learning = a_label("hill-school", "learning")
    about_her = a_label("hill-school", "plan", subjects=[MOTHER])
    assert await service.levels(HOUSING, a_case(case, learning, about_her)) == [1, 3]


async def test_a_bar_that_names_nobody_is_about_everybody_of_the_case(service: ConsentService) -> None:
    case = fresh_case()
    await bar(service, case, a_bar(subjects=OMIT))
    about_her = a_label("hill-school", "plan", subjects=[MOTHER])
    assert await service.levels(HOUSING, a_case(fresh_case(), PLAN, about_her)) == [0, 0]


async def test_a_bar_names_users_too_whatever_they_act_for(service: ConsentService) -> None:
    await bar(service, fresh_case(), a_bar(agencies=OMIT, users=["hanna"]))
    elsewhere = Caller("hanna", "Hanna Berg", "youth-offending", "practitioner")
    colleague = Caller("hugo", "Hugo Berg", "city-housing", "practitioner")
    asked = a_case(fresh_case(), PLAN)
    assert [await service.levels(who, asked) for who in (HOUSING, elsewhere, colleague)] == [[0], [0], [3]]


async def test_no_permission_opens_what_is_barred_not_even_the_own_record(service: ConsentService) -> None:
    case = fresh_case()
    own = a_label("city-housing", "learning")
    await bar(service, case, a_bar(categories=["learning"]))
    await service.consent(case, a_share())
    assert await service.levels(HOUSING, a_case(case, own, a_label("hill-school", "learning"))) == [0, 0]


async def test_a_receipt_names_another_facts_version_once_somebody_is_barred_and_once_it_is_lifted(
    service: ConsentService,
) -> None:
    case = fresh_case()
    await service.decide(YOT, a_case(case, PLAN))
    made = await bar(service, case, a_bar())
    await service.decide(YOT, a_case(case, PLAN))
    await lifting(service, case, made, SCHOOL_OFFICER)
    await lifting(service, case, made, SECOND_OFFICER)
    await service.decide(YOT, a_case(case, PLAN))
    assert len({row["facts_version"] for row in service.receipts() if row["action"] == "read"}) == 3


async def test_two_people_lift_a_bar_and_one_never_does(service: ConsentService) -> None:
    case, asked = fresh_case(), a_case(fresh_case(), PLAN)
    made = await bar(service, case, a_bar())
    slept = len(service.slept)
    assert await lifting(service, case, made, SCHOOL_OFFICER) == {"id": made, "state": "proposed"}
    assert await service.levels(HOUSING, asked) == [0]
    again = {"lifting": {"reason": "Really."}, "people": PEOPLE}
    path = f"/cases/{case}/bars/{made}/lifting"
    assert await refused(service, SCHOOL_OFFICER, path, again) == "conflict"
    at_housing = Caller("otto", "Otto Hill", "childrens-services", "information_officer")
    assert await refused(service, at_housing, path, again) == "not-found", "the same person, elsewhere"
    assert await service.levels(HOUSING, asked) == [0]
    assert await lifting(service, case, made, SECOND_OFFICER) == {"id": made, "state": "lifted"}
    assert await service.levels(HOUSING, asked) == [3]
    assert len(service.slept) == slept, "what opens need not wait"
    assert await refused(service, SCHOOL_OFFICER, path, again) == "conflict"
    [row] = await listed(service, SCHOOL_OFFICER)
    assert (row["lifting_proposed"]["by"], row["lifted_by"]) == ("otto", "orla")
    assert row["lifted_at"] == "2031-03-03T09:00:01.000000Z"


async def test_a_proposal_that_nobody_confirmed_in_fourteen_days_is_none(service: ConsentService) -> None:
    case = fresh_case()
    made = await bar(service, case, a_bar())
    await lifting(service, case, made, SCHOOL_OFFICER)
    service.clock.turn(days=14)
    assert (await lifting(service, case, made, SECOND_OFFICER))["state"] == "proposed"
    assert await service.levels(HOUSING, a_case(case, PLAN)) == [0]
    service.clock.turn(days=13, hours=23)
    assert (await lifting(service, case, made, SCHOOL_OFFICER))["state"] == "lifted"


async def test_a_bar_is_seen_by_those_who_look_after_it_and_by_nobody_whom_it_stops(
    service: ConsentService,
) -> None:
    case = fresh_case()
    custodian = {"name": "Duty", "telephone": "01632 960200", "agency": "youth-offending"}
    made = await bar(service, case, a_bar(custodian=custodian))
    for who in (SCHOOL_OFFICER, SECOND_OFFICER, YOT_OFFICER):
        assert [row["id"] for row in await listed(service, who)] == [made]
        assert [row["id"] for row in await service.call(who, "GET", "/bars")] == [made]
        assert await listed(service, who, [FATHER]) == []
    content = {"lifting": {"reason": "x"}, "people": PEOPLE}
    for who in (HOUSING_OFFICER, POLICE_OFFICER, SCHOOL, HOUSING):
        assert await listed(service, who) == []
        assert await service.call(who, "GET", "/bars") == []
        assert await refused(service, who, f"/cases/{case}/bars/{made}/lifting", content) == "not-found"
    # Not by another case of other people either, and not what does not exist.
    others = {"lifting": {"reason": "x"}, "people": [FATHER]}
    assert await refused(service, SCHOOL_OFFICER, f"/cases/{case}/bars/{made}/lifting", others) == "not-found"
    for absent in (new_id(), "not-an-id", "x" * 300):
        path = f"/cases/{case}/bars/{absent}/lifting"
        assert await refused(service, SCHOOL_OFFICER, path, content) == "not-found"


async def test_an_officer_whom_the_policy_names_sees_every_bar_that_does_not_stop_them(
    service: ConsentService,
) -> None:
    [(stored,)] = service.select("SELECT document FROM policies")
    document = orjson.loads(stored) if isinstance(stored, str) else stored
    with service.database() as connection:
        publish(connection, 2, {**document, "partnership_officers": ["pat"]}, service.clock())
    seen = await bar(service, fresh_case(), a_bar())
    await bar(service, fresh_case(), a_bar(users=["pat"]))
    await bar(service, fresh_case(), a_protected_address("hill-school"))
    assert [row["id"] for row in await listed(service, POLICE_OFFICER)] == [seen]
    colleague = Caller("pia", "Pia", "north-police", "information_officer")
    assert await listed(service, colleague) == []
    permit = await service.decide(
        POLICE_OFFICER, a_case(fresh_case(), PLAN, relationship="none"), deed={"deed": "read_bars"}
    )
    assert permit["permit"] == {
        "permitted": True, "reason": None, "by_office": True, "notify_owners": False, "may_hold": False,
    }  # fmt: skip
    [receipt] = [row for row in service.receipts() if row["deed"] == "read_bars"]
    assert (receipt["action"], receipt["chain"][:5], receipt["cases"][0]["cells"]) == ("read", "case:", [])
    for who in (colleague, SCHOOL_OFFICER):
        asked = a_case(fresh_case(), PLAN, relationship="none")
        answer = await service.decide(who, asked, deed={"deed": "read_bars"})
        assert answer["permit"]["by_office"] is False


async def test_reviews_that_are_overdue_are_listed_until_somebody_looked(service: ConsentService) -> None:
    case = fresh_case()
    made = await bar(service, case, a_bar())
    later = await bar(service, fresh_case(), a_bar(review_on="2031-10-01"))

    async def overdue() -> list[str]:
        return [row["id"] for row in await service.call(SCHOOL_OFFICER, "GET", "/bars?overdue=true")]

    service.clock.turn(days=182)
    assert (service.clock().date().isoformat(), await overdue()) == ("2031-09-01", [])
    service.clock.turn(days=1)
    assert await overdue() == [made]
    everything = await service.call(SCHOOL_OFFICER, "GET", "/bars")
    assert [(row["id"], row["overdue"]) for row in everything] == [(made, True), (later, False)]
    assert await service.call(HOUSING_OFFICER, "GET", "/bars?overdue=true") == []
    assert await service.levels(HOUSING, a_case(case, PLAN)) == [0], "an overdue review ends nothing"
    path = f"/cases/{case}/bars/{made}/review"
    review = {"review": {"review_on": "2031-12-01", "note": "Still needed"}, "people": PEOPLE}
    soon = {"review": {"review_on": "2031-09-02"}, "people": PEOPLE}
    assert await refused(service, SCHOOL_OFFICER, path, soon) == "invalid"
    assert await refused(service, HOUSING_OFFICER, path, review) == "not-found"
    await service.call(SECOND_OFFICER, "POST", path, review)
    assert await overdue() == []
    [row] = [row for row in await listed(service, SCHOOL_OFFICER) if row["id"] == made]
    assert row["review_on"] == "2031-12-01"
    assert [(done["by"], done["note"]) for done in row["reviews"]] == [("orla", "Still needed")]


async def test_a_bar_recorded_again_under_its_key_is_there_once(service: ConsentService) -> None:
    case, content = fresh_case(), {"bar": a_bar(), "people": PEOPLE}
    path = f"/cases/{case}/bars"
    answers = [await service.call(SCHOOL_OFFICER, "POST", path, content, key="k") for _ in range(3)]
    assert len({answer["id"] for answer in answers}) == 1
    assert service.rows()["bars"] == 1
    assert service.slept == [D] * 3


async def test_a_protected_address_hides_what_gives_it_away_from_all_but_those_named(
    service: ConsentService,
) -> None:
    case = fresh_case()
    labels = (CONTACT, SCHOOL_NAME, PLAN)
    asked = a_case(case, *labels)
    for who in (YOT, HOUSING):
        assert await service.levels(who, asked) == [2, 2, 3]
    made = await bar(service, case, a_protected_address("hill-school", "youth-offending"))
    assert await service.levels(YOT, asked) == [2, 2, 3]
    assert await service.levels(HOUSING, asked) == [0, 0, 3]
    assert await service.levels(SCHOOL, asked) == [3, 3, 3]
    unplaced = a_label("hill-school", "plan")
    assert await service.levels(HOUSING, a_case(case, unplaced)) == [0], "what nobody placed locates"
    await lifting(service, case, made, SCHOOL_OFFICER)
    await lifting(service, case, made, SECOND_OFFICER)
    assert await service.levels(HOUSING, asked) == [2, 2, 3]


async def obligations(service: ConsentService, caller: Caller, case: Json, **more: Any) -> list[str]:
    answer = await service.decide(caller, case, **more)
    [verdict] = answer["cases"]
    assert set(verdict["obligations"]) == set(answer["obligations"])
    found: list[str] = verdict["obligations"]
    return found


async def test_those_whom_a_protected_address_stops_are_to_be_named_no_agency(
    service: ConsentService,
) -> None:
    case = fresh_case()
    asked = a_case(case, PLAN)
    assert await obligations(service, HOUSING, asked) == []
    await bar(service, case, a_protected_address("hill-school", "youth-offending"))
    assert await obligations(service, HOUSING, asked) == ["name_no_agency"]
    assert await obligations(service, YOT, asked) == []
    assert await obligations(service, HOUSING, a_case(case, CONTACT)) == [], "nothing is shown at all"
    somebody_else = a_case(case, a_label("hill-school", "plan", subjects=[FATHER]), people=[FATHER])
    assert await obligations(service, HOUSING, somebody_else) == []


async def test_a_parent_who_lives_elsewhere_is_to_be_named_no_agency(service: ConsentService) -> None:
    father = Caller("ed", "Ed", "the-family", "family_member", person=FATHER)
    label = a_label("hill-school", "identity", locates=False)
    case = a_case(fresh_case(), label, relationship="none")
    for word, expected in (("parent_elsewhere", ["name_no_agency"]), ("parent", [])):
        asked = {**case, "relationships_by_subject": {CHILD: word}}
        assert await obligations(service, father, asked) == expected


SEARCHING = {"action": "search"}


async def test_a_search_tells_nothing_of_involvement_to_those_kept_apart_nor_of_a_protected_identity(
    service: ConsentService,
) -> None:
    """The probe asks about involvement only; a bar or exclusion on anything else must count all the same."""
    asked = a_case(None, a_label("hill-school", "identity", locates=False), relationship="none")
    assert await obligations(service, HOUSING, asked, **SEARCHING) == []
    await service.exclude(fresh_case(), an_exclusion(categories=["health"]))
    assert await obligations(service, HOUSING, asked, **SEARCHING) == ["tell_no_involvement"]
    assert await obligations(service, HOUSING, asked) == [], "only in a search"
    safeguarding = Caller("sue", "Sue", "city-housing", "safeguarding_lead")
    told = await obligations(service, safeguarding, asked, purpose="safeguarding", **SEARCHING)
    assert told == [], "an exclusion never counts for safeguarding"
    assert await obligations(service, YOT, asked, **SEARCHING) == []
    await bar(service, fresh_case(), a_bar(agencies=["youth-offending"], categories=["health"]))
    assert await obligations(service, YOT, asked, **SEARCHING) == ["tell_no_involvement"]
    assert await obligations(service, SCHOOL, asked, **SEARCHING) == []
    await bar(service, fresh_case(), a_protected_address("hill-school"))
    assert await obligations(service, SCHOOL, asked, **SEARCHING) == ["tell_no_involvement"]
    both = {"name_no_agency", "tell_no_involvement"}
    assert set(await obligations(service, YOT, asked, **SEARCHING)) == both
