"""A case from its opening to its closure and back, as the gateway meets it."""

import pytest

from services.case.entry_kinds import CATEGORIES, ENTRY_KINDS, LOCATING_FIELDS, tells_where
from shared.vocabulary import Category
from tests.case.conftest import HOUSING, SCHOOL, SCHOOL_MANAGER, YOT, CaseService, Json
from tests.case.test_concerns import a_concern

pytestmark = pytest.mark.anyio

BUNDLE = {
    "case", "person", "people", "subjects", "relationship", "on_behalf_roles", "deputy",
    "relationships_by_subject", "lead", "lead_history", "nominations", "team", "entries",
    "transferred_at", "today",
}  # fmt: skip


def test_of_every_kind_of_entry_it_is_said_which_of_its_fields_locate() -> None:
    """Fails when a kind is added and nobody says whether it gives a protected address away."""
    assert set(LOCATING_FIELDS) == set(ENTRY_KINDS)
    for kind, names in LOCATING_FIELDS.items():
        assert set(names) <= set(ENTRY_KINDS[kind].model_fields), kind
    assert {kind for kind in ENTRY_KINDS if tells_where(kind, ())} == {
        "agenda_item", "case_review", "meeting", "meeting_decision", "view_heard",
        "concern", "concern_flag", "contact", "contact_attempt", "identifiers", "involvement", "life_event",
        "offer_reopened", "referral", "referral_answer", "relationship", "service_cost", "small_concern",
    }  # fmt: skip
    assert tells_where("action", ["plan", "housing"])
    assert not tells_where("action", ["plan"])
    assert tells_where("a kind that nobody placed", ())


def test_every_kind_of_entry_has_a_category() -> None:
    assert set(CATEGORIES) == set(ENTRY_KINDS)
    assert len(ENTRY_KINDS) == 35
    assert all(set(categories) <= set(Category) for categories in CATEGORIES.values())


MET_WHERE_THEY_ARE_MADE = {
    "contact_attempt", "life_event", "offer_reopened", "referral", "referral_answer", "service_cost",
    "meeting", "agenda_item", "meeting_decision", "view_heard", "case_review",
}  # fmt: skip


def a_measure() -> Json:
    scale = {"lowest": 0, "highest": 10, "higher_is_better": True}
    return {"measure": "Days", "scale": scale, "baseline": {"measured_on": "2031-03-01", "value": 3}}


def a_compact(person: str) -> Json:
    both = ({"agency": "northgate-school"}, {"person": person})
    return {"preamble": "We both", "commitments": [{"promised_by": by, "promise": "x"} for by in both]}


async def buy_something(service: CaseService, case: str) -> None:
    fund = {"name": "Fund", "total_pence": 900, "may_buy": ["food"]}
    stream = (await service.post(SCHOOL_MANAGER, "/budget-streams", fund))["id"]
    money = {"stream": stream, "amount_pence": 900, "purpose": "x", "held_by": "northgate-school"}
    allocated = await service.post(SCHOOL_MANAGER, f"/cases/{case}/budget/allocations", money)
    bought = {"allocation": allocated["id"], "kind_of_purchase": "food", "what": "x", "amount_pence": 9}
    wish = {"wish": "x", "departs_from_wish": False}
    await service.post(SCHOOL, f"/cases/{case}/budget/purchases", {**bought, **wish})


async def still_open(service: CaseService, case: str) -> list[str]:
    kept = (await service.get(SCHOOL, f"/cases/{case}/follow-up"))["promises"]
    return [promise for promise, known in kept.items() if known["standing"] == "open"]


async def test_every_entry_is_of_a_kind_and_has_its_fields(service: CaseService) -> None:
    """What the gateway places at a level is what stands in ``ENTRY_KINDS``: each kind is met here."""
    person, mother = await service.person(), await service.person(given_names="Dawn")
    case = await service.case(person=person)
    more: dict[str, dict[str, object]] = {
        "identifiers": {"upn": "B801200005001"},
        "contact": {"email": "a@example.org"},
        "access_needs": {"special_requirements_arranged": False},
        "health_needs": {"disability_details": "x"},
        "equality": {"ethnicity": "x"},
    }
    details = [{"kind": kind, "fields": fields} for kind, fields in more.items()]
    await service.post(SCHOOL, f"/people/{person}/details", {"details": details})
    related: dict[str, object] = {"from_person": mother, "to_person": person, "relation": "mother"}
    related |= {"parental_responsibility": False, "lives_with": True}
    await service.post(SCHOOL, f"/people/{person}/relationships", related)
    action = {"desired_outcome": "a", "action": "b", "by_when": "2031-05-01", "accountable": "city-housing"}
    await service.post(SCHOOL, f"/cases/{case}/actions", {"actions": [action]})
    await service.post(SCHOOL, f"/cases/{case}/concerns", a_concern())
    flag = {
        "kind": "concern_flag", "level": "worried", "message": "x", "call_name": "y",
        "call_telephone": "01632 960180", "expires_on": "2031-05-01",
    }  # fmt: skip
    await service.post(SCHOOL, f"/cases/{case}/flags", flag)
    note = {"kind": "staff_safety_note", "instruction": "x", "expires_on": "2031-05-01"}
    await service.post(SCHOOL, f"/cases/{case}/flags", note)
    noticed = {"noticed_on": "2031-03-01", "what": "x", "categories": ["wellbeing"]}
    await service.post(SCHOOL, f"/people/{person}/small-concerns", noticed)
    await service.post(SCHOOL, f"/cases/{case}/need-levels", {"level": 2, "reason": "x"})
    involved = {"service": "x", "since": "2031-01-12", "reason": "universal_service"}
    await service.post(SCHOOL, f"/people/{person}/involvements", involved)
    await service.post(SCHOOL, f"/cases/{case}/goals", {"goal": "Back at school"})
    await service.post(SCHOOL, f"/cases/{case}/outcomes", a_measure())
    compact = await service.post(SCHOOL, f"/cases/{case}/compacts", a_compact(mother))
    signed = {"signed_by": {"person": mother}}
    await service.post(SCHOOL, f"/cases/{case}/compacts/{compact['id']}/signatures", signed)
    await buy_something(service, case)
    closure = {"reason": "other", "not_shown": await still_open(service, case)}
    await service.post(SCHOOL, f"/cases/{case}/closure", closure)
    entries = (await service.bundle(case))["entries"]
    assert {entry["kind"] for entry in entries} == set(ENTRY_KINDS) - MET_WHERE_THEY_ARE_MADE
    for entry in entries:
        kept = ENTRY_KINDS[entry["kind"]].model_validate(entry["fields"])
        assert kept.model_dump(mode="json", exclude_none=True) == entry["fields"]


async def test_whoever_opens_a_case_is_on_its_team_at_once(service: CaseService) -> None:
    case = await service.case(review_on="2031-06-01")
    bundle = await service.bundle(case)
    assert set(bundle) == BUNDLE
    assert bundle["case"] == {
        "id": case,
        "state": "open",
        "opened_at": "2031-03-03T09:00:00.000000Z",
        "closed_at": None,
        "review_on": "2031-06-01",
        "vacant_since": "2031-03-03T09:00:00.000000Z",
    }
    assert bundle["relationship"] == "member"
    assert (bundle["lead"], bundle["lead_history"], bundle["nominations"]) == (None, [], [])
    [member] = bundle["team"]
    assert member.pop("id")
    assert member == {
        "user": "priya",
        "name": "Priya Nair",
        "agency": "northgate-school",
        "role": "practitioner",
        "job_title": "Head of year",
        "telephone": "01632 960100",
        "since": "2031-03-03T09:00:00.000000Z",
        "until": None,
    }
    assert sorted(entry["kind"] for entry in bundle["entries"]) == ["birth", "case_opening", "name"]
    assert bundle["subjects"] == [
        {"id": bundle["person"], "decides_from": "2032-05-14T00:00:00.000000Z", "responsible": []}
    ]


async def test_an_opening_is_an_owned_entry(service: CaseService) -> None:
    case = await service.case(YOT)
    bundle = await service.bundle(case)
    [entry] = [entry for entry in bundle["entries"] if entry["kind"] == "case_opening"]
    assert entry.pop("id")
    assert entry == {
        "area": "case",
        "kind": "case_opening",
        "owner": "youth-offending",
        "accountable": None,
        "categories": ["plan"],
        "subjects": [bundle["person"]],
        "unanswered": False,
        "draft": False,
        "locates": False,
        "recorded_at": "2031-03-03T09:00:00.000000Z",
        "author": "Yusuf Rahman",
        "version": 1,
        "fields": {"reason": "His mother asked for help."},
    }


async def test_a_relationship_belongs_to_the_user_in_the_agency(service: CaseService) -> None:
    case = await service.case()
    await service.join(case, YOT)
    await service.lead(case, YOT)
    words = [
        (await service.bundle(case, who))["relationship"] for who in (SCHOOL, YOT, HOUSING, SCHOOL_MANAGER)
    ]
    assert words == ["member", "lead", "none", "supervisor"]


async def test_the_household_comes_with_its_details(service: CaseService) -> None:
    sister = await service.person(given_names="Ella")
    case = await service.case()
    assert len((await service.bundle(case))["entries"]) == 3
    await service.post(SCHOOL, f"/cases/{case}/subjects", {"person": sister})
    bundle = await service.bundle(case)
    assert len(bundle["entries"]) == 5
    assert [subject["id"] for subject in bundle["subjects"]] == [bundle["person"], sister]
    again = await service.problem(SCHOOL, "POST", f"/cases/{case}/subjects", {"person": sister})
    assert again.kind == "conflict"


async def test_whoever_is_not_recorded_yet_is_recorded_with_it_or_not_at_all(service: CaseService) -> None:
    case = await service.case()
    path, name = f"/cases/{case}/subjects", {"kind": "name", "fields": {"given_names": "Ella"}}
    before = service.rows()
    bad: list[Json] = [
        {}, {"details": []}, {"details": [{"kind": "contact", "fields": {"telephone": "01632 960123"}}]},
        {"details": [name], "person": (await service.bundle(case))["person"]},
        {"details": [name, {"kind": "birth", "fields": {"date_of_birth": "2999-01-01"}}]},
    ]  # fmt: skip
    for wrong in bad:
        assert (await service.problem(SCHOOL, "POST", path, wrong)).kind == "invalid", wrong
    assert service.rows() == before
    made = await service.post(SCHOOL, path, {"details": [name]})
    bundle = await service.bundle(case)
    assert [subject["id"] for subject in bundle["subjects"]] == [bundle["person"], made["person"]]
    assert [one["kind"] for one in made["details"]] == ["name"]
    assert service.rows()["people"] == before["people"] + 1


async def test_a_case_opened_about_several_names_each_once(service: CaseService) -> None:
    james, ella = await service.person(), await service.person(given_names="Ella")
    case = await service.case(person=james, other_subjects=[ella, james, ella])
    bundle = await service.bundle(case)
    assert [subject["id"] for subject in bundle["subjects"]] == [james, ella]


async def test_a_case_is_transferred_by_another_agencys_lead_or_by_coming_back_from_elsewhere(
    service: CaseService,
) -> None:
    """Fails when a colleague of the same agency, or another reason to close, is taken for a transfer."""
    case = await service.case()

    async def transferred() -> str | None:
        moment: str | None = (await service.bundle(case))["transferred_at"]
        return moment

    async def closed_and_opened(reason: str) -> None:
        service.clock.turn(minutes=1)
        await service.post(SCHOOL, f"/cases/{case}/closure", {"reason": reason})
        service.clock.turn(days=1)
        await service.post(SCHOOL, f"/cases/{case}/reopening", {"reason": "Again"})

    await service.join(case, YOT)
    await service.lead(case, SCHOOL)
    service.clock.turn(days=1)
    assert await transferred() is None, "the first lead takes over from nobody"
    await service.lead(case, YOT)
    handed_over = await transferred()
    assert handed_over == (await service.bundle(case))["lead"]["since"]
    service.clock.turn(days=1)
    await closed_and_opened("needs_met")
    assert await transferred() == handed_over
    await closed_and_opened("moved_away")
    entries = (await service.bundle(case))["entries"]
    opened = max(entry["recorded_at"] for entry in entries if entry["kind"] == "case_opening")
    assert await transferred() == opened != handed_over


async def test_closing_keeps_the_team_and_ends_what_was_open(service: CaseService) -> None:
    case = await service.case()
    await service.join(case, YOT)
    nomination = await service.nominate(case, YOT)
    service.clock.turn(days=30)
    closed = await service.post(
        SCHOOL, f"/cases/{case}/closure", {"reason": "moved_away", "note": "To Leeds"}
    )
    assert closed == {"id": case, "state": "closed", "enforced_at": closed["enforced_at"]}
    bundle = await service.bundle(case, YOT)
    assert (bundle["case"]["state"], bundle["case"]["closed_at"]) == ("closed", "2031-04-02T09:00:00.000000Z")
    assert bundle["relationship"] == "member"
    assert [(n["state"], n["reason"]) for n in bundle["nominations"]] == [("withdrawn", "case_closed")]
    [closure] = [entry for entry in bundle["entries"] if entry["kind"] == "closure"]
    assert closure["fields"] == {"reason": "moved_away", "note": "To Leeds"}

    action = {"desired_outcome": "a", "action": "b", "by_when": "2031-05-01", "accountable": "city-housing"}
    new_member = {
        "user": "h",
        "name": "H",
        "agency": "city-housing",
        "role": "practitioner",
        "job_title": "x",
    }
    refused = {
        "team": new_member,
        "actions": {"actions": [action]},
        "nominations": {"member": bundle["team"][1]["id"]},
        "subjects": {"person": await service.person()},
        "reviews": {"review_on": "2031-06-01"},
        "closure": {"reason": "other"},
        f"nominations/{nomination}/acceptance": None,
    }
    before = service.rows()
    for path, body in refused.items():
        assert (await service.problem(YOT, "POST", f"/cases/{case}/{path}", body)).kind == "conflict", path
    assert len(refused) == 7
    assert service.rows() == before

    await service.post(YOT, f"/cases/{case}/reopening", {"reason": "Back again."})
    bundle = await service.bundle(case)
    assert (bundle["case"]["state"], bundle["case"]["closed_at"]) == ("open", None)
    reasons = [e["fields"]["reason"] for e in bundle["entries"] if e["kind"] == "case_opening"]
    assert reasons == ["His mother asked for help.", "Back again."]
    twice = await service.problem(YOT, "POST", f"/cases/{case}/reopening", {"reason": "Again."})
    assert twice.kind == "conflict"


async def test_a_team_can_be_left_after_the_case_is_closed(service: CaseService) -> None:
    case = await service.case()
    member = await service.join(case, YOT)
    await service.post(SCHOOL, f"/cases/{case}/closure", {"reason": "needs_met"})
    await service.post(YOT, f"/cases/{case}/team/{member}/ending", {"reason": "Done."})
    assert (await service.bundle(case, YOT))["relationship"] == "none"


async def test_what_is_not_there_is_not_found_whatever_the_id_looks_like(service: CaseService) -> None:
    case, person = await service.case(), await service.person()
    absent = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
    asked = 0
    documents = set()
    for id_ in (absent, absent.upper(), "x", "1", "%00", "..", "null", case[:-1], "' OR 1=1", "é"):
        for method, path, body in (
            ("GET", f"/cases/{id_}/bundle", None),
            ("GET", f"/people/{id_}/bundle", None),
            (
                "POST",
                f"/people/{id_}/details",
                {"details": [{"kind": "contact", "fields": {"postcode": "M1"}}]},
            ),
            ("PATCH", f"/people/{person}/details/{id_}", {"expected_version": 1, "fields": {}}),
            ("POST", f"/cases/{id_}/reviews", {"review_on": "2031-06-01"}),
            ("POST", f"/cases/{id_}/closure", {"reason": "other"}),
            ("POST", f"/cases/{case}/team/{id_}/ending", {"reason": "x"}),
            ("POST", f"/cases/{case}/nominations/{id_}/acceptance", None),
            ("PATCH", f"/cases/{case}/actions/{id_}", {"expected_version": 1, "status": "done"}),
        ):
            problem = await service.problem(SCHOOL, method, path, body)
            documents.add((problem.kind, problem.detail, tuple(problem.errors)))
            asked += 1
    assert asked == 90
    assert len(documents) == 1
    assert documents.pop()[0] == "not-found"


async def test_parts_of_one_case_are_not_found_in_another(service: CaseService) -> None:
    case, other = await service.case(), await service.case()
    member = await service.member(other, SCHOOL)
    nomination = await service.nominate(other, SCHOOL)
    ending = await service.problem(SCHOOL, "POST", f"/cases/{case}/team/{member}/ending", {"reason": "x"})
    answer = await service.problem(SCHOOL, "POST", f"/cases/{case}/nominations/{nomination}/acceptance")
    assert (ending.kind, answer.kind) == ("not-found", "not-found")
    crossed = await service.problem(SCHOOL, "POST", f"/cases/{case}/nominations", {"member": member})
    assert (crossed.kind, [e.field for e in crossed.errors]) == ("invalid", ["member"])
