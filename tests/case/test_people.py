"""People: owned details that coexist, corrections that keep what was said, relationships, search."""

import asyncio

import pytest

from shared.clock import rfc3339
from shared.identity import Caller
from shared.problems import Problem
from tests.case.conftest import HOUSING, SCHOOL, YOT, CaseService, D, Json

pytestmark = pytest.mark.anyio


def detail(kind: str, **fields: object) -> Json:
    return {"kind": kind, "fields": fields}


async def test_details_of_two_agencies_stand_side_by_side_each_with_its_owner(service: CaseService) -> None:
    person = await service.person()
    await service.post(
        SCHOOL, f"/people/{person}/details", {"details": [detail("contact", telephone="01632 960001")]}
    )
    service.clock.turn(hours=1)
    body = {"details": [detail("contact", telephone="01632 960002", safe_way_to_make_contact="Text first")]}
    await service.post(HOUSING, f"/people/{person}/details", body)
    entries = (await service.get(SCHOOL, f"/people/{person}/bundle"))["entries"]
    contacts = [entry for entry in entries if entry["kind"] == "contact"]
    assert [(e["owner"], e["fields"], e["author"], e["recorded_at"]) for e in contacts] == [
        ("northgate-school", {"telephone": "01632 960001"}, "Priya Nair", "2031-03-03T09:00:00.000000Z"),
        (
            "city-housing",
            {"telephone": "01632 960002", "safe_way_to_make_contact": "Text first"},
            "Hanna Berg",
            "2031-03-03T10:00:00.000000Z",
        ),
    ]
    assert all("author_user" not in entry for entry in entries)


@pytest.mark.parametrize(
    "kind, fields, categories",
    [
        ("name", {"given_names": "Suharto"}, ["identity"]),
        ("birth", {"expected_date_of_delivery": "2031-06-01"}, ["identity"]),
        ("identifiers", {"nhs_number": "999 000 0018"}, ["identity"]),
        ("contact", {"postcode": "M1 1AA"}, ["contact"]),
        ("access_needs", {"first_language": "Yoruba"}, ["access_needs"]),
        ("health_needs", {"disabled": False}, ["health"]),
        ("equality", {"religion": "Sikh"}, ["equality"]),
    ],
)
async def test_each_kind_of_detail_bears_its_category(
    service: CaseService, kind: str, fields: Json, categories: list[str]
) -> None:
    person = await service.person()
    answer = await service.post(SCHOOL, f"/people/{person}/details", {"details": [detail(kind, **fields)]})
    entries = (await service.get(SCHOOL, f"/people/{person}/bundle"))["entries"]
    [entry] = [entry for entry in entries if entry["id"] == answer["details"][0]["id"]]
    assert (entry["area"], entry["kind"], entry["categories"]) == ("person", kind, categories)
    assert (entry["subjects"], entry["version"], entry["accountable"]) == ([person], 1, None)


async def test_numbers_are_kept_without_spaces(service: CaseService) -> None:
    person = await service.person()
    body = {"details": [detail("identifiers", nhs_number=" 999-000 0018", upn="b 801200005001")]}
    await service.post(SCHOOL, f"/people/{person}/details", body)
    entries = (await service.get(SCHOOL, f"/people/{person}/bundle"))["entries"]
    [kept] = [entry["fields"] for entry in entries if entry["kind"] == "identifiers"]
    assert kept == {"nhs_number": "9990000018", "upn": "B801200005001"}


async def test_a_correction_keeps_what_was_said(service: CaseService) -> None:
    person = await service.person()
    body = {"details": [detail("contact", telephone="01632 960001")]}
    entry = (await service.post(SCHOOL, f"/people/{person}/details", body))["details"][0]["id"]
    service.clock.turn(days=1)
    path = f"/people/{person}/details/{entry}"
    for version, telephone in ((1, "01632 960002"), (2, "01632 960003")):
        correction = {"expected_version": version, "fields": {"telephone": telephone}}
        assert await service.patch(SCHOOL, path, correction) == {"id": entry, "version": version + 1}
    entries = (await service.get(SCHOOL, f"/people/{person}/bundle"))["entries"]
    [now] = [e for e in entries if e["id"] == entry]
    assert (now["fields"], now["version"]) == ({"telephone": "01632 960003"}, 3)
    assert now["recorded_at"] == "2031-03-03T09:00:00.000000Z", "when it was first: a summary bears it"
    moments = service.select(f"SELECT recorded_at, corrected_at FROM entries WHERE id = '{entry}'")
    assert [[str(moment)[:10] for moment in row] for row in moments] == [["2031-03-03", "2031-03-04"]]
    kept = service.select("SELECT version, fields, author_user FROM entry_versions ORDER BY version")
    assert [(version, "960001" in str(f), "960002" in str(f), user) for version, f, user in kept] == [
        (1, True, False, "priya"),
        (2, False, True, "priya"),
    ]


async def test_a_correction_of_something_that_has_changed_is_refused(service: CaseService) -> None:
    person = await service.person()
    body = {"details": [detail("contact", telephone="01632 960001")]}
    entry = (await service.post(SCHOOL, f"/people/{person}/details", body))["details"][0]["id"]
    path = f"/people/{person}/details/{entry}"
    await service.patch(SCHOOL, path, {"expected_version": 1, "fields": {"telephone": "01632 960002"}})
    before = service.rows()
    for stale in (1, 3):
        correction = {"expected_version": stale, "fields": {"telephone": "01632 960009"}}
        assert (await service.problem(SCHOOL, "PATCH", path, correction)).kind == "stale"
    correction = {"expected_version": 2, "fields": {"telephone": "01632 960009"}}
    assert (await service.problem(HOUSING, "PATCH", path, correction)).kind == "forbidden"
    wrong = {"expected_version": 2, "fields": {"telephone": "ring me", "fax": "1"}}
    problem = await service.problem(SCHOOL, "PATCH", path, wrong)
    assert sorted(error.field for error in problem.errors) == ["fields.fax", "fields.telephone"]
    assert service.rows() == before


async def test_relationships_tell_who_may_answer_for_whom(service: CaseService) -> None:
    child, mother = await service.person(), await service.person(given_names="Dawn")
    body = {
        "from_person": mother,
        "to_person": child,
        "relation": "mother",
        "parental_responsibility": True,
        "parental_responsibility_source": "birth",
        "lives_with": True,
        "start": "2016-05-14",
    }
    await service.post(SCHOOL, f"/people/{child}/relationships", body)
    service.clock.turn(minutes=1)
    await service.post(
        SCHOOL,
        f"/people/{child}/relationships",
        {"from_person": child, "to_person": mother, "relation": "carer", "parental_responsibility": False,
         "lives_with": True},
    )  # fmt: skip
    case = await service.case(person=child)
    bundle = await service.bundle(case)
    related = [entry for entry in bundle["entries"] if entry["kind"] == "relationship"]
    assert [entry["subjects"] for entry in related] == [[mother, child], [child, mother]]
    # The mother is no subject of the case, yet an entry is about her, and she decides about herself.
    assert bundle["people"] == [child]
    assert [subject["id"] for subject in bundle["subjects"]] == [child, mother]
    assert bundle["subjects"][1]["decides_from"] == "2032-05-14T00:00:00.000000Z"
    since = {
        "adult": mother, "recorded_at": "2031-03-03T09:00:00.000000Z", "recorded_for": [SCHOOL.agency],
        "since": "2016-05-14T00:00:00.000000Z", "until": None,
    }  # fmt: skip
    assert [subject["responsible"] for subject in bundle["subjects"]] == [[since], []]
    for person in (child, mother):
        seen = await service.get(SCHOOL, f"/people/{person}/bundle")
        assert {s["id"] for s in seen["subjects"]} == {child, mother}
        assert sum(e["kind"] == "relationship" for e in seen["entries"]) == 2


async def test_who_is_responsible_for_whom_an_entry_is_about_is_told_whoever_the_case_is_about(
    service: CaseService,
) -> None:
    """Fails when it is read of the people of the case alone: a father outside it would have no say."""
    child, mother, father = [await service.person(given_names=name) for name in ("Kit", "May", "Dan")]

    def parent(adult: str, **more: object) -> Json:
        ends = {"from_person": adult, "to_person": child, "relation": "parent", "lives_with": True}
        by_birth = {"parental_responsibility": True, "parental_responsibility_source": "birth"}
        return {**ends, **by_birth, **more}

    path = f"/people/{child}/relationships"
    await service.post(SCHOOL, path, parent(mother))
    await service.post(HOUSING, path, parent(mother))
    await service.post(SCHOOL, path, parent(father, start="2020-01-01", end="2031-01-01"))
    no_say = {"parental_responsibility": False, "parental_responsibility_source": None}
    await service.post(HOUSING, path, parent(father, **no_say))
    case = await service.case(person=mother)
    [_, about] = (await service.bundle(case))["subjects"]
    assert about["id"] == child
    found = [(one["adult"], one["since"], one["until"], *one["recorded_for"]) for one in about["responsible"]]
    assert sorted(found, key=lambda one: (one[1] or "", one[3])) == [
        (mother, None, None, HOUSING.agency),
        (mother, None, None, SCHOOL.agency),
        (father, "2020-01-01T00:00:00.000000Z", "2031-01-01T00:00:00.000000Z", SCHOOL.agency),
    ]


async def test_whoever_records_a_relationship_gains_for_every_agency_that_they_work_for(
    service: CaseService,
) -> None:
    """Fails when somebody with two roles records as the one of their agencies that gains nothing."""
    child, mother = await service.person(given_names="Kit"), await service.person(given_names="May")
    body = {
        "from_person": mother, "to_person": child, "relation": "mother", "lives_with": True,
        "parental_responsibility": True, "parental_responsibility_source": "birth",
    }  # fmt: skip
    path = f"/people/{child}/relationships"
    entry = (await service.post(SCHOOL, path, {**body, "works_for": ["z-trust", SCHOOL.agency]}))["id"]

    async def recorded_for() -> list[list[str]]:
        seen = await service.get(SCHOOL, f"/people/{child}/bundle")
        assert "works_for" not in str(seen)
        return [one["recorded_for"] for subject in seen["subjects"] for one in subject["responsible"]]

    async def correct(version: int, works_for: list[str], **changes: object) -> None:
        correction = {"expected_version": version, "fields": {**body, **changes}, "works_for": works_for}
        await service.patch(SCHOOL, f"/people/{child}/details/{entry}", correction)

    assert await recorded_for() == [[SCHOOL.agency, "z-trust"]]
    await correct(1, ["b-police"], lives_with=False)
    assert await recorded_for() == [["b-police", SCHOOL.agency, "z-trust"]], "it rests on both"
    await correct(2, [], end="2031-06-01")
    await correct(3, ["a-hospice"])
    newest = ["a-hospice", SCHOOL.agency]
    assert sorted(await recorded_for(), key=len) == [
        newest, ["a-hospice", "b-police", SCHOOL.agency, "z-trust"],
    ]  # fmt: skip


async def test_how_much_of_a_corrected_relationship_is_as_old_as_it_was(service: CaseService) -> None:
    """Fails when a record that was there in time says afterwards what it did not say then, and counts."""
    child, mother = await service.person(given_names="Kit"), await service.person(given_names="May")
    body = {
        "from_person": mother, "to_person": child, "relation": "mother", "lives_with": True,
        "parental_responsibility": True, "parental_responsibility_source": "birth",
    }  # fmt: skip
    entry = (await service.post(SCHOOL, f"/people/{child}/relationships", body))["id"]
    version = 1

    async def correct(**changes: object) -> None:
        nonlocal version
        service.clock.turn(minutes=1)
        fields = {name: value for name, value in {**body, **changes}.items() if value is not None}
        correction = {"expected_version": version, "fields": fields}
        await service.patch(SCHOOL, f"/people/{child}/details/{entry}", correction)
        version += 1

    async def on_record() -> list[tuple[str, str | None]]:
        seen = await service.get(SCHOOL, f"/people/{child}/bundle")
        [about] = [subject for subject in seen["subjects"] if subject["id"] == child]
        found = [
            (one["recorded_at"][14:16], (one["until"] or "")[:10] or None) for one in about["responsible"]
        ]
        return sorted(found)

    assert await on_record() == [("00", None)]
    await correct(lives_with=False)
    assert await on_record() == [("00", None)], "nothing of it changed"
    await correct(end="2031-06-01")
    assert await on_record() == [("00", "2031-06-01")], "what is left is as old as it was"
    await correct(end=None)
    assert await on_record() == [("00", "2031-06-01"), ("03", None)]
    await correct(parental_responsibility=False, parental_responsibility_source=None)
    assert await on_record() == []
    await correct()
    assert await on_record() == [("05", None)]


async def test_the_opposite_of_what_ones_own_agency_recorded_is_refused(service: CaseService) -> None:
    a, b, c = [await service.person(given_names=name) for name in ("Ann", "Bea", "Cat")]

    def older(one: str, other: str) -> Json:
        ends = {"from_person": one, "to_person": other, "relation": "mother"}
        return {**ends, "parental_responsibility": False, "lives_with": True}

    await service.post(SCHOOL, f"/people/{a}/relationships", older(a, b))
    await service.post(SCHOOL, f"/people/{b}/relationships", older(b, c))
    before = service.rows()
    for one, other in ((b, a), (c, b), (c, a)):
        problem = await service.problem(SCHOOL, "POST", f"/people/{one}/relationships", older(one, other))
        assert (problem.kind, [e.field for e in problem.errors]) == ("invalid", ["relation"])
    assert service.rows() == before
    # Another agency's account stands beside it: a refusal would tell of a record that may be hidden.
    await service.post(HOUSING, f"/people/{b}/relationships", older(b, a))


async def test_of_two_opposites_recorded_at_once_one_is_refused(service: CaseService) -> None:
    outcomes = []
    for _ in range(10):
        a, b = [await service.person(given_names=name) for name in ("Ann", "Bea")]

        async def record(one: str, other: str) -> str:
            ends = {"from_person": one, "to_person": other, "relation": "mother"}
            body = {**ends, "parental_responsibility": False, "lives_with": True}
            try:
                await service.post(SCHOOL, f"/people/{one}/relationships", body)
            except Problem as problem:
                return problem.kind
            return "done"

        outcomes.append(sorted(await asyncio.gather(record(a, b), record(b, a))))
    assert outcomes == [["done", "invalid"]] * 10


async def test_a_relationship_is_corrected_about_the_same_two_people(service: CaseService) -> None:
    a, b, c = [await service.person(given_names=name) for name in ("Ann", "Bea", "Cat")]
    body = {"from_person": a, "to_person": b, "relation": "mother", "parental_responsibility": False,
            "lives_with": True}  # fmt: skip
    entry = (await service.post(SCHOOL, f"/people/{a}/relationships", body))["id"]
    path = f"/people/{b}/details/{entry}"
    moved = {"expected_version": 1, "fields": {**body, "to_person": c}}
    problem = await service.problem(SCHOOL, "PATCH", path, moved)
    assert [e.field for e in problem.errors] == ["fields.to_person"]
    gone = {"expected_version": 1, "fields": {**body, "lives_with": False, "end": "2031-02-01"}}
    assert (await service.patch(SCHOOL, path, gone))["version"] == 2


async def test_the_family_is_related_to_people_and_not_to_the_case(service: CaseService) -> None:
    child, mother = await service.person(), await service.person(given_names="Dawn")
    body = {"from_person": mother, "to_person": child, "relation": "mother", "parental_responsibility": True,
            "parental_responsibility_source": "birth", "lives_with": True}  # fmt: skip
    await service.post(SCHOOL, f"/people/{child}/relationships", body)
    case = await service.case(person=child)
    mum = Caller("dawn", "Dawn Hartley", "family", "family_member", person=mother)
    boy = Caller("james", "James Hartley", "family", "family_member", person=child)
    for who, words in ((mum, {child: "parent"}), (boy, {child: "subject"})):
        bundle = await service.bundle(case, who)
        assert (bundle["relationship"], bundle["relationships_by_subject"]) == ("none", words)
    assert (await service.bundle(case))["relationships_by_subject"] == {}
    await service.post(SCHOOL, f"/cases/{case}/subjects", {"person": mother})
    assert (await service.bundle(case, mum))["relationships_by_subject"] == {
        child: "parent",
        mother: "subject",
    }


async def test_search_finds_whom_every_detail_fits(service: CaseService) -> None:
    james = await service.person()
    await service.post(
        HOUSING,
        f"/people/{james}/details",
        {"details": [detail("identifiers", nhs_number="9990000018"),
                     detail("name", full_name_as_written="Hartley, Jamie"),
                     detail("birth", date_of_birth="2016-05-15")]},
    )  # fmt: skip
    twin = await service.person(given_names="Jack", family_name="Hartley")
    case = await service.case(person=james)

    async def found(**details: str) -> list[str]:
        matches = (await service.post(YOT, "/people/search", details))["matches"]
        return sorted(match["person"] for match in matches)

    assert await found(name="james HARTLEY", date_of_birth="2016-05-14") == [james]
    assert await found(name="Jamie Hartley", date_of_birth="2016-05-14") == [james]
    assert await found(name="James Hartley", date_of_birth="2016-05-15") == [james]
    assert await found(name="Hartley", date_of_birth="2016-05-14") == sorted([james, twin])
    assert await found(name="Hartley", nhs_number="999 000 0018") == [james]
    assert await found(name="Jack Hartley", nhs_number="999 000 0018") == []
    assert await found(name="James Hartley", date_of_birth="2016-05-16") == []
    assert await found(name="?", date_of_birth="2016-05-14") == []
    [match] = (await service.post(YOT, "/people/search", {"name": "Hartley", "nhs_number": "9990000018"}))[
        "matches"
    ]
    assert (match["cases"], match["relationship"]) == ([], "none")
    assert match["open_cases"] == [{"id": case, "relationship": "none", "lead": None}]
    await service.join(case, YOT)
    await service.lead(case, YOT)
    [match] = (await service.post(YOT, "/people/search", {"name": "Hartley", "nhs_number": "9990000018"}))[
        "matches"
    ]
    assert (match["cases"], match["relationship"]) == ([case], "lead")
    lead = {"name": "Yusuf Rahman", "agency": "youth-offending", "telephone": "01632 960101"}
    assert match["open_cases"] == [{"id": case, "relationship": "lead", "lead": lead}]
    await service.post(SCHOOL, f"/cases/{case}/closure", {"reason": "needs_met"})
    [match] = (await service.post(YOT, "/people/search", {"name": "Hartley", "nhs_number": "9990000018"}))[
        "matches"
    ]
    assert (match["cases"], match["relationship"], match["open_cases"]) == ([case], "none", [])


async def test_who_is_not_born_yet_is_found_by_the_expected_day_and_a_parents_name(
    service: CaseService,
) -> None:
    """Fails when the day alone finds somebody, or anybody related stands for a parent."""
    unborn = [detail("birth", expected_date_of_delivery="2031-09-01")]
    first, second = [(await service.post(SCHOOL, "/people", {"details": unborn}))["id"] for _ in range(2)]
    dawn, ruth = [await service.person(given_names=n, family_name="Reed") for n in ("Dawn", "Ruth")]

    async def relate(adult: str, child: str, relation: str, responsible: bool = False) -> None:
        source = {"parental_responsibility_source": "birth"} if responsible else {}
        said = {"from_person": adult, "to_person": child, "relation": relation, "lives_with": True}
        body = {**said, "parental_responsibility": responsible, **source}
        await service.post(SCHOOL, f"/people/{child}/relationships", body)

    await relate(dawn, first, "mother")
    await relate(ruth, first, "sibling")
    await relate(ruth, second, "guardian", responsible=True)

    async def found(**details: str) -> dict[str, list[str]]:
        answer = await service.post(YOT, "/people/search", details)
        by = {child: [one["person"] for one in named] for child, named in answer["parents"].items()}
        assert sorted(match["person"] for match in answer["matches"]) == sorted(by)
        return by

    day = {"expected_date_of_delivery": "2031-09-01"}
    assert await found(**day, parent_name="dawn REED") == {first: [dawn]}
    assert await found(**day, parent_name="Ruth Reed") == {second: [ruth]}
    assert await found(**day, parent_name="Reed") == {first: [dawn], second: [ruth]}
    assert await found(**day, parent_name="Nobody Known") == {}
    assert await found(expected_date_of_delivery="2031-09-02", parent_name="Dawn Reed") == {}
    assert await found(**day, parent_name="?") == {}


async def test_a_search_takes_one_day_and_a_parent_of_the_unborn_alone(service: CaseService) -> None:
    for search, field in (
        ({"expected_date_of_delivery": "2031-09-01"}, "body"),
        ({"date_of_birth": "2031-01-01", "expected_date_of_delivery": "2031-01-01"},
         "expected_date_of_delivery"),
        ({"name": "Dawn Reed", "parent_name": "Ruth Reed"}, "parent_name"),
        ({"date_of_birth": "2016-05-14", "parent_name": "Ruth Reed"}, "parent_name"),
        ({"parent_name": "Ruth Reed"}, "parent_name"),
    ):  # fmt: skip
        problem = await service.problem(YOT, "POST", "/people/search", search)
        assert (problem.kind, [e.field for e in problem.errors]) == ("invalid", [field]), search


async def test_a_corrected_detail_is_found_by_what_it_says_now(service: CaseService) -> None:
    person = await service.person(given_names="Jmaes", family_name="Hartley")
    entries = (await service.get(SCHOOL, f"/people/{person}/bundle"))["entries"]
    name = next(entry["id"] for entry in entries if entry["kind"] == "name")
    correction = {"expected_version": 1, "fields": {"given_names": "James", "family_name": "Hartley"}}
    await service.patch(SCHOOL, f"/people/{person}/details/{name}", correction)
    for typed, hits in (("Jmaes Hartley", 0), ("James Hartley", 1)):
        search = {"name": typed, "date_of_birth": "2016-05-14"}
        assert len((await service.post(YOT, "/people/search", search))["matches"]) == hits


async def test_two_people_with_one_name_birthday_and_number_are_two_people(service: CaseService) -> None:
    people = [await service.person() for _ in range(25)]
    for person in people:
        body = {"details": [detail("identifiers", nhs_number="9990000018")]}
        await service.post(SCHOOL, f"/people/{person}/details", body)
    search = {"name": "James Hartley", "date_of_birth": "2016-05-14", "nhs_number": "9990000018"}
    matches = [match["person"] for match in (await service.post(YOT, "/people/search", search))["matches"]]
    assert len(matches) == 25
    assert matches == sorted(people)


async def test_what_may_end_a_say_over_somebody_waits_until_it_is_enforced(service: CaseService) -> None:
    """Who answers for a child, and from when the child does, follows from these; nothing else waits."""
    child, mother = await service.person(), await service.person(given_names="Dawn")
    details = {entry["kind"]: entry["id"] for entry in await entries_of(service, child)}
    body = {"from_person": mother, "to_person": child, "relation": "mother", "parental_responsibility": True,
            "parental_responsibility_source": "birth", "lives_with": True}  # fmt: skip
    assert service.slept == []

    def enforced(answer: Json, *names: str) -> None:
        assert set(answer) == {*names, "enforced_at"}
        assert answer["enforced_at"] == rfc3339(service.clock())
        assert service.slept == [D]
        service.slept.clear()

    answer = await service.post(SCHOOL, f"/people/{child}/relationships", body)
    relationship = answer["id"]
    enforced(answer, "id", "version")
    path = f"/people/{child}/details"
    for entry, fields in (
        (relationship, {**body, "end": "2031-02-01"}),
        (details["birth"], {"date_of_birth": "2014-05-14"}),
    ):
        correction = {"expected_version": 1, "fields": fields}
        for _ in range(2):
            enforced(await service.patch(SCHOOL, f"{path}/{entry}", correction, key=entry), "id", "version")
    another = [detail("contact", telephone="01632 960001"), detail("birth", date_of_birth="2013-05-14")]
    enforced(await service.post(YOT, path, {"details": another}), "id", "details")

    more = await service.post(SCHOOL, path, {"details": another[:1]})
    renamed = {"expected_version": 1, "fields": {"given_names": "Jim"}}
    corrected = await service.patch(SCHOOL, f"{path}/{details['name']}", renamed)
    assert (set(more), set(corrected)) == ({"id", "details"}, {"id", "version"})
    refused = {"expected_version": 9, "fields": {"date_of_birth": "2012-05-14"}}
    assert (await service.problem(SCHOOL, "PATCH", f"{path}/{details['birth']}", refused)).kind == "stale"
    assert service.slept == []


async def entries_of(service: CaseService, person: str) -> list[Json]:
    found: list[Json] = (await service.get(SCHOOL, f"/people/{person}/bundle"))["entries"]
    return found
