"""From the first line to the signature, and from a signed assessment to its next version."""

from typing import Any

import pytest
from sqlalchemy import create_engine, text

from shared.ids import new_id
from shared.problems import Problem
from tests.assessment.service import (
    CHILDS_COMMENT,
    CLINIC,
    DEADLINE_SECONDS,
    NEED,
    SCHOOL,
    STRENGTH,
    RunningService,
)

pytestmark = pytest.mark.anyio

CHECKLIST: dict[str, Any] = {
    "answers": [
        {"question": "healthy", "answer": "yes"},
        {"question": "safe", "answer": "not_sure", "services_needed": "A talk with the health visitor"},
        {"question": "learning", "answer": "no", "own_agency_can_provide": True},
        {"question": "positive_impact", "answer": "yes"},
        {"question": "free_from_poverty", "answer": "not_sure"},
    ],
    "assessment_needed": True,
    "needed_because": "Nobody knows why he is late",
    "undertaken_by": "Ada North",
    "agreement_to_assess": "given",
    "completed_on": "2030-03-01",
}
ACTION: dict[str, Any] = {
    "kind": "agreed_action",
    "desired_outcome": "In school every day",
    "action": "Meet him at the gate",
    "responsible_name": "Ada North",
    "accountable": "hill-school",
    "by_when": "2030-04-01",
}


def by_kind(read: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for entry in read["entries"]:
        found.setdefault(entry["kind"], []).append(entry)
    return found


def rows(service: RunningService, table: str) -> list[dict[str, Any]]:
    """Every row of a table as the database holds it, JSON as text."""
    engine = create_engine(service.url)
    with engine.connect() as connection:
        found = [
            dict(row._mapping) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2"))
        ]
    engine.dispose()
    return found


async def refused(call: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        await call
    return caught.value


async def test_an_assessment_is_recorded_signed_and_read(service: RunningService) -> None:
    assessment = await service.start()
    strength = await service.add(assessment, **STRENGTH)
    need = await service.add(assessment, **NEED, sensitive_content=["mental_health"])
    await service.add(assessment, "conclusion", conclusion="no_additional_needs")
    outcome = await service.sign(assessment)

    assert (outcome["id"], outcome["state"], outcome["superseded"]) == (assessment, "signed", None)
    assert [warning["code"] for warning in outcome["warnings"]] == ["no_parent_voice_recorded"]
    read = await service.read()
    assert read["assessments"] == [
        {
            "id": assessment, "person": service.person, "state": "signed", "instrument": "caf",
            "version": "1", "owner": "hill-school", "amends": None,
        }
    ]  # fmt: skip
    entries = {entry["id"]: entry for entry in read["entries"]}
    assert len(entries) == 4
    assert entries[strength] == {
        "id": strength,
        "area": "assessment",
        "kind": "strength",
        "owner": "hill-school",
        "accountable": None,
        "categories": ["learning"],
        "subjects": [service.person],
        "unanswered": False,
        "draft": False,
        "locates": False,
        "recorded_at": "2030-03-04T09:00:00.000000Z",
        "author": "Ada North",
        "version": 1,
        "fields": {"element": "aspirations", "headline": "Wants to be a chef", "whose_view": "child"},
        "part_of": assessment,
    }
    assert entries[need]["categories"] == ["wellbeing", "mental_health"]
    assert await service.read(assessment) == read


async def test_all_parts_can_come_with_the_start(service: RunningService) -> None:
    mother = new_id()
    parent = {
        "name": "Jane",
        "relationship": "mother",
        "parental_responsibility": "yes",
        "subjects": [mother],
    }
    assessment = await service.start(
        location="At school",
        sensitive_content=["offending"],
        checklist=CHECKLIST,
        people_present={"people": ["James", "Jane"]},
        assessors=[{"name": "Ada North", "agency": "Hill School"}, {"name": "Ben West"}],
        parents_and_carers=[parent],
        home_situation={"text": "With his mother", "subjects": [service.person, mother]},
        services_with_family=[
            {"service_kind": "gp", "service_name": "Mill Lane", "since": "2030-01-01", "until": "2030-01-01"},
            {"service_kind": "other", "service_name": "Recovery", "sensitive_content": ["substance_use"]},
        ],
    )
    found = by_kind(await service.read())
    assert {kind: len(entries) for kind, entries in found.items()} == {
        "assessment": 1, "checklist": 1, "people_present": 1, "assessor": 2, "parent_or_carer": 1,
        "home_situation": 1, "service_with_family": 2,
    }  # fmt: skip
    [envelope], [home], [carer] = found["assessment"], found["home_situation"], found["parent_or_carer"]
    assert envelope["id"] == assessment
    assert envelope["categories"] == ["plan", "offending"]
    assert envelope["fields"] == {
        "started_on": "2030-03-04", "reason_for_assessment": "He misses most mornings.",
        "location": "At school", "instrument": "caf", "instrument_version": "1",
        "instrument_title": "Common Assessment Framework", "state": "draft",
    }  # fmt: skip
    assert (home["unanswered"], home["subjects"]) == (True, [service.person, mother])
    assert (carer["categories"], carer["subjects"]) == (["contact", "family"], [mother])
    assert found["checklist"][0]["fields"] == CHECKLIST
    assert all(
        entry["draft"] and entry["part_of"] == assessment for entry in (await service.read())["entries"]
    )
    involved = {tuple(entry["categories"]) for entry in found["service_with_family"]}
    assert involved == {("involvement",), ("involvement", "substance_use")}


async def test_a_wrong_part_of_a_start_is_named_by_its_place(service: RunningService) -> None:
    answers = CHECKLIST["answers"]
    problem = await refused(service.start(checklist={**CHECKLIST, "answers": answers[1:]}))
    assert [error.field for error in problem.errors] == ["checklist.answers"]
    wrong = {"service_kind": "gp", "service_name": "Mill Lane", "since": "2030-01-02", "until": "2030-01-01"}
    right = {"service_kind": "gp", "service_name": "Mill Lane"}
    problem = await refused(service.start(services_with_family=[right, wrong]))
    assert [error.field for error in problem.errors] == ["services_with_family.1.until"]
    assert await service.read() == {"assessments": [], "entries": []}


async def test_agencies_disagree_side_by_side(service: RunningService) -> None:
    assessment = await service.start()
    ours = await service.add(assessment, **NEED, sensitive_content=[])
    fields = {**NEED, "kind": "strength", "headline": "Calm in the clinic", "whose_view": "other_agency"}
    theirs = await service.add(assessment, caller=CLINIC, **fields, sensitive_content=[])
    found = {entry["id"]: entry for entry in (await service.read())["entries"]}
    assert found[ours]["fields"]["headline"] == "Often anxious in the morning"
    assert found[theirs]["fields"]["headline"] == "Calm in the clinic"
    assert (found[ours]["owner"], found[theirs]["owner"]) == ("hill-school", "valley-clinic")
    assert found[theirs]["author"] == "Ben West"


async def test_the_agency_that_owes_an_action_is_on_its_label(service: RunningService) -> None:
    assessment = await service.start()
    fields = {**ACTION, "accountable": "valley-clinic", "sensitive_content": ["mental_health"]}
    action = await service.add(assessment, **fields)
    entry = await service.entry(assessment, action)
    assert (entry["owner"], entry["accountable"]) == ("hill-school", "valley-clinic")
    assert (entry["categories"], entry["unanswered"]) == (["plan", "mental_health"], False)
    await service.correct(assessment, action, 1, accountable="hill-school")
    assert (await service.entry(assessment, action))["accountable"] == "hill-school"


async def test_comments_of_child_and_parent_are_kept_apart(service: RunningService) -> None:
    assessment = await service.start()
    child = await service.add(assessment, **CHILDS_COMMENT)
    parent = await service.add(
        assessment, "comment", voice_of="parent_or_carer", text="He should move school."
    )
    await service.correct(
        assessment, parent, 1, text="He could move school.", sensitive_content=["offending"]
    )
    entries = by_kind(await service.read())["comment"]
    found = {entry["id"]: (entry["fields"], entry["categories"], entry["version"]) for entry in entries}
    assert found == {
        child: (
            {"voice_of": "child_or_young_person", "text": CHILDS_COMMENT["text"]}, ["voice", "learning"], 1,
        ),
        parent: (
            {"voice_of": "parent_or_carer", "text": "He could move school."}, ["voice", "offending"], 2,
        ),
    }  # fmt: skip
    problem = await refused(service.add(assessment, **{**CHILDS_COMMENT, "voice_of": ["child", "parent"]}))
    assert problem.kind == "invalid"


async def test_the_unanswered_question_is_told_and_answered_later(service: RunningService) -> None:
    assessment = await service.start()
    outcome = await service.call("POST", service.path(assessment, "entries"), NEED)
    assert outcome["warnings"][0]["entries"] == [outcome["id"]]
    assert (await service.entry(assessment, outcome["id"]))["unanswered"] is True
    answered = await service.correct(assessment, outcome["id"], 1, sensitive_content=["mental_health"])
    assert answered == {
        "id": outcome["id"], "assessment": assessment, "version": 2, "warnings": [],
        "enforced_at": "2030-03-04T09:00:00.000000Z",
    }  # fmt: skip
    entry = await service.entry(assessment, outcome["id"])
    assert (entry["unanswered"], entry["categories"]) == (False, ["wellbeing", "mental_health"])
    await service.correct(assessment, outcome["id"], 2, headline="Anxious")
    entry = await service.entry(assessment, outcome["id"])
    assert (entry["unanswered"], entry["categories"]) == (False, ["wellbeing", "mental_health"])


async def test_a_label_that_grows_waits_until_it_is_enforced(service: RunningService) -> None:
    """Whoever might see the entry before may not now; what only gives or says it better does not wait."""
    assessment, sister = await service.start(), new_id()
    need = await service.add(assessment, **NEED, sensitive_content=[])
    changes: list[tuple[bool, dict[str, Any]]] = [
        (False, {"headline": "Anxious"}),
        (True, {"sensitive_content": ["mental_health"]}),
        (False, {"sensitive_content": ["mental_health"]}),
        (False, {"sensitive_content": []}),
        (True, {"additional_categories": ["housing"]}),
        (True, {"subjects": [service.person, sister]}),
        (False, {"subjects": [service.person]}),
        (True, {"subjects": [sister]}),
        (True, {"sensitive_content": None}),
        (False, {"sensitive_content": []}),
        (True, {"element": "general_health"}),
    ]
    for version, (grows, change) in enumerate(changes, start=1):
        body = {"expected_version": version, **change}
        for _ in range(2):
            path = service.path(assessment, "entries", need)
            answer = await service.call("PATCH", path, body, key=str(version))
            told = {"id", "assessment", "version", "warnings"}
            assert set(answer) == (told | {"enforced_at"} if grows else told), change
            assert service.slept == ([DEADLINE_SECONDS] if grows else []), change
            service.slept.clear()
    body = {"expected_version": 1, "sensitive_content": ["offending"]}
    stale = await refused(service.call("PATCH", service.path(assessment, "entries", need), body))
    assert (stale.kind, service.slept) == ("stale", [])


async def test_another_agency_that_owes_an_action_takes_the_place_of_the_first(
    service: RunningService,
) -> None:
    assessment = await service.start()
    action = await service.add(assessment, **{**ACTION, "accountable": "valley-clinic"})
    assert "enforced_at" in await service.correct(assessment, action, 1, accountable="hill-school")
    assert service.slept == [DEADLINE_SECONDS]
    assert "enforced_at" not in await service.correct(assessment, action, 2, action="Meet him")


async def test_a_correction_keeps_the_version_before(service: RunningService) -> None:
    assessment = await service.start()
    need = await service.add(assessment, **NEED, sensitive_content=[])
    service.clock.turn(minutes=1)
    outcome = await service.correct(assessment, need, 1, headline="Anxious before tests", narrative=None)
    assert (outcome["id"], outcome["version"]) == (need, 2)
    entry = await service.entry(assessment, need)
    assert entry["fields"] == {
        "element": "emotional_social", "headline": "Anxious before tests", "whose_view": "practitioner",
    }  # fmt: skip
    assert (entry["version"], entry["recorded_at"]) == (2, "2030-03-04T09:00:00.000000Z")
    await service.correct(assessment, need, 2, element="aspirations")
    assert (await service.entry(assessment, need))["categories"] == ["learning"]

    kept = rows(service, "entry_versions")
    assert [(row["entry_id"], row["version"], row["replaced_by"]) for row in kept] == [
        (need, 1, "ada"), (need, 2, "ada"),
    ]  # fmt: skip
    assert "Often anxious in the morning" in str(kept[0]["fields"])
    assert "Anxious before tests" in str(kept[1]["fields"])


async def test_a_correction_of_what_has_changed_is_stale(service: RunningService) -> None:
    assessment = await service.start()
    need = await service.add(assessment, **NEED, sensitive_content=[])
    await service.correct(assessment, need, 1, headline="Second")
    problem = await refused(service.correct(assessment, need, 1, headline="Third"))
    assert (problem.kind, problem.status) == ("stale", 412)
    assert (await refused(service.correct(assessment, need, 3, headline="Third"))).kind == "stale"
    assert (await service.entry(assessment, need))["fields"]["headline"] == "Second"


async def test_only_the_owner_corrects(service: RunningService) -> None:
    assessment = await service.start()
    need = await service.add(assessment, caller=CLINIC, **NEED, sensitive_content=[])
    assert (await refused(service.correct(assessment, need, 1, headline="Ours"))).kind == "forbidden"
    # Not even whether the version was right: the owner comes first.
    assert (await refused(service.correct(assessment, need, 9, headline="Ours"))).kind == "forbidden"
    await service.correct(assessment, need, 1, CLINIC, headline="Theirs")
    assert (await service.entry(assessment, need))["fields"]["headline"] == "Theirs"


async def test_the_details_of_the_assessment_are_corrected_like_an_entry(service: RunningService) -> None:
    assessment = await service.finished()
    await service.correct(assessment, assessment, 1, started_on="2030-02-01", location="At home")
    envelope = await service.entry(assessment, assessment)
    assert envelope["fields"]["started_on"] == "2030-02-01"
    assert envelope["fields"]["review_on"] == "2030-06-03"
    [row] = rows(service, "assessments")
    assert str(row["started_on"]) == "2030-02-01"
    problem = await refused(service.correct(assessment, assessment, 2, started_on="2030-06-04"))
    assert [error.field for error in problem.errors] == ["started_on"]


FOLLOWED_UP: dict[str, Any] = {"follow_up_owner": new_id(), "follow_up_on": "2030-03-11"}


async def test_a_risk_of_harm_says_when_and_to_whom_it_was_referred(service: RunningService) -> None:
    assessment = await service.start()
    risk: dict[str, Any] = {"conclusion": "risk_of_harm", **FOLLOWED_UP}
    said: dict[str, Any]
    for said, named in (
        ({}, ["referred_at", "referred_to"]),
        ({"referred_at": "2030-03-04T08:00:00Z"}, ["referred_to"]),
        ({"referred_to": "Children's services"}, ["referred_at"]),
        ({"referred_at": "2030-03-04T09:00:01Z", "referred_to": "Children's services"}, ["referred_at"]),
    ):
        problem = await refused(service.add(assessment, **{"kind": "conclusion", **risk, **said}))
        assert (problem.kind, [error.field for error in problem.errors]) == ("invalid", named)
    referred: dict[str, Any] = {
        "referred_at": "2030-03-04T08:00:00+00:00",
        "referred_to": "Children's services",
    }
    problem = await refused(service.add(assessment, "conclusion", conclusion="complex_needs", **referred))
    assert [error.field for error in problem.errors] == ["referred_at", "referred_to"]
    conclusion = await service.add(assessment, "conclusion", **risk, **referred)
    assert (await service.entry(assessment, conclusion))["categories"] == ["plan", "safeguarding"]
    problem = await refused(service.correct(assessment, conclusion, 1, referred_to=None))
    assert [error.field for error in problem.errors] == ["referred_to"]
    assert (await refused(service.add(assessment, "conclusion", **risk, **referred))).kind == "conflict"


async def test_somebody_at_risk_has_an_owner_and_a_next_date_or_is_not_saved(service: RunningService) -> None:
    """On every way to it: a new conclusion, a corrected one, and the signature under an older one."""
    assessment = await service.start()
    referred = {"referred_at": "2030-03-04T08:00:00+00:00", "referred_to": "Children's services"}
    risk: dict[str, Any] = {"conclusion": "risk_of_harm", **referred}
    owner, day = FOLLOWED_UP["follow_up_owner"], FOLLOWED_UP["follow_up_on"]
    before = rows(service, "entries")
    said: dict[str, Any]
    for said, named in (
        ({}, ["follow_up_owner", "follow_up_on"]),
        ({"follow_up_owner": owner}, ["follow_up_on"]),
        ({"follow_up_on": day}, ["follow_up_owner"]),
        ({"follow_up_owner": None, "follow_up_on": None}, ["follow_up_owner", "follow_up_on"]),
        ({"follow_up_owner": "somebody", "follow_up_on": day}, ["follow_up_owner"]),
        ({"follow_up_owner": owner, "follow_up_on": "2030-02-29"}, ["follow_up_on"]),
        ({"follow_up_owner": owner, "follow_up_on": "2030-03-03"}, ["follow_up_on"]),
    ):
        problem = await refused(service.add(assessment, **{"kind": "conclusion", **risk, **said}))
        assert (problem.kind, [error.field for error in problem.errors]) == ("invalid", named)
    assert rows(service, "entries") == before
    safe = await service.add(assessment, "conclusion", conclusion="complex_needs")
    problem = await refused(service.correct(assessment, safe, 1, **FOLLOWED_UP))
    assert [error.field for error in problem.errors] == ["follow_up_owner", "follow_up_on"]
    problem = await refused(service.correct(assessment, safe, 1, **risk))
    assert [error.field for error in problem.errors] == ["follow_up_owner", "follow_up_on"]
    await service.correct(assessment, safe, 1, **risk, **FOLLOWED_UP)
    service.clock.turn(days=14)
    await service.correct(assessment, safe, 2, explanation="He was seen.")
    problem = await refused(service.correct(assessment, safe, 3, follow_up_on="2030-03-17"))
    assert [error.field for error in problem.errors] == ["follow_up_on"]
    problem = await refused(service.correct(assessment, safe, 3, follow_up_owner=None, follow_up_on=None))
    assert [error.field for error in problem.errors] == ["follow_up_owner", "follow_up_on"]


async def test_the_envelope_carries_the_signature(service: RunningService) -> None:
    assessment = await service.finished()
    service.clock.turn(days=1)
    await service.sign(assessment, child_or_young_person="disagreed", parent_or_carer="not_present")
    envelope = await service.entry(assessment, assessment)
    assert envelope["fields"] == {
        "started_on": "2030-03-04", "reason_for_assessment": "He misses most mornings.",
        "instrument": "caf", "instrument_version": "1",
        "instrument_title": "Common Assessment Framework", "state": "signed", "review_on": "2030-06-03",
        "signed_on": "2030-03-05", "signed_by": "Ada North", "signed_as": "practitioner",
        "child_or_young_person": "disagreed", "parent_or_carer": "not_present",
    }  # fmt: skip
    assert (envelope["version"], envelope["draft"]) == (1, False)


async def every_write(service: RunningService, assessment: str, entry: str) -> dict[str, Problem]:
    """What each route that writes to an assessment answers."""
    return {
        "entries": await refused(service.add(assessment, **NEED)),
        "entries of another agency": await refused(service.add(assessment, caller=CLINIC, **NEED)),
        "conclusion": await refused(service.add(assessment, "conclusion", conclusion="complex_needs")),
        "correction": await refused(service.correct(assessment, entry, 1, headline="Other")),
        "correction of the envelope": await refused(service.correct(assessment, assessment, 1, location="X")),
        "signature": await refused(service.sign(assessment)),
    }


async def test_what_is_signed_stays_as_it_is_on_every_write_route(service: RunningService) -> None:
    assessment = await service.signed()
    [strength] = by_kind(await service.read(assessment))["strength"]
    before = {table: rows(service, table) for table in ("assessments", "entries", "entry_versions")}
    answers = await every_write(service, assessment, strength["id"])
    assert {name: answer.kind for name, answer in answers.items()} == dict.fromkeys(answers, "conflict")
    assert len(answers) == 6
    assert all("Amend it" in answer.detail for answer in answers.values())
    assert {table: rows(service, table) for table in before} == before


async def test_an_amendment_keeps_the_old_byte_for_byte(service: RunningService) -> None:
    old = await service.start(people_present={"people": ["James", "Jane"]})
    await service.add(old, caller=CLINIC, **NEED)
    await service.add(old, **STRENGTH)
    await service.add(old, **CHILDS_COMMENT)
    await service.add(old, "conclusion", conclusion="no_additional_needs")
    [strength] = by_kind(await service.read(old))["strength"]
    await service.correct(old, strength["id"], 1, headline="Wants to cook")
    await service.sign(old)
    bytes_before = (await service.send("GET", service.path(old))).body
    rows_before = [row for row in rows(service, "entries") if row["assessment_id"] == old]

    service.clock.turn(days=30)
    new = await service.amend(old)
    copies = (await service.read(new))["entries"]
    originals = (await service.read(old))["entries"]
    assert len(copies) == len(originals) == 6
    assert {copy["id"] for copy in copies}.isdisjoint({each["id"] for each in originals})

    def essence(entry: Any) -> str:
        left_out = {"id", "part_of", "draft", "version"}
        fields = {name: each for name, each in entry["fields"].items() if name not in ENVELOPE_STANDING}
        return repr(
            sorted({**{k: v for k, v in entry.items() if k not in left_out}, "fields": fields}.items())
        )

    assert sorted(map(essence, copies)) == sorted(map(essence, originals))
    assert all(copy["draft"] and copy["version"] == 1 for copy in copies)
    assert (await service.send("GET", service.path(old))).body == bytes_before

    [copied] = by_kind(await service.read(new))["strength"]
    await service.correct(new, copied["id"], 1, headline="Wants to bake")
    outcome = await service.sign(new)
    assert (outcome["state"], outcome["superseded"]) == ("signed", old)
    bytes_after = (await service.send("GET", service.path(old))).body
    assert bytes_after == bytes_before.replace(b'"state":"signed"', b'"state":"superseded"')
    assert [row for row in rows(service, "entries") if row["assessment_id"] == old] == rows_before

    current, everything = await service.read(), await service.read(query="?superseded=true")
    assert [(a["id"], a["state"], a["amends"]) for a in current["assessments"]] == [(new, "signed", old)]
    assert {entry["part_of"] for entry in current["entries"]} == {new}
    assert [a["state"] for a in everything["assessments"]] == ["superseded", "signed"]
    assert len(everything["entries"]) == 12
    labels = await service.call("POST", "/cases/labels", {"cases": [service.case]})
    assert {label["id"] for label in labels[service.case]} == {entry["id"] for entry in current["entries"]}

    [old_strength] = [entry for entry in originals if entry["kind"] == "strength"]
    answers = await every_write(service, old, old_strength["id"])
    assert {answer.kind for answer in answers.values()} == {"conflict"}
    assert all("newer version" in answer.detail for answer in answers.values())


ENVELOPE_STANDING = {
    "state", "signed_on", "signed_by", "signed_as", "child_or_young_person", "parent_or_carer",
}  # fmt: skip


async def test_copies_say_where_they_came_from(service: RunningService) -> None:
    old = await service.signed()
    new = await service.amend(old)
    found = {row["id"]: row for row in rows(service, "entries")}
    copies = [row for row in found.values() if row["assessment_id"] == new]
    assert {row["copied_from"] for row in copies} == {
        i for i, row in found.items() if row["assessment_id"] == old
    }
    assert len(copies) == 6


async def test_amendments_are_refused_where_they_make_no_sense(service: RunningService) -> None:
    draft = await service.finished()
    path = f"/cases/{service.case}/assessments"
    assert (await refused(service.amend(draft))).kind == "conflict"
    await service.sign(draft)
    by_another = service.call("POST", path, {"amends": draft}, caller=CLINIC)
    assert (await refused(by_another)).kind == "forbidden"
    first = await service.amend(draft)
    assert (await refused(service.amend(draft))).kind == "conflict"
    await service.sign(first)
    assert "newer version" in (await refused(service.amend(draft))).detail
    service.clock.turn(seconds=1)
    second = await service.amend(first)
    assert [a["id"] for a in (await service.read())["assessments"]] == [first, second]
    assert (await refused(service.call("POST", path, {"amends": new_id()}))).kind == "not-found"


async def test_a_signature_says_what_is_missing(service: RunningService) -> None:
    assessment = await service.start()
    problem = await refused(service.sign(assessment))
    assert (problem.kind, [error.field for error in problem.errors]) == (
        "conflict",
        ["entries", "conclusion"],
    )
    assert (await refused(service.sign(assessment, CLINIC))).kind == "forbidden"
    finished = await service.finished()
    for comment in by_kind(await service.read(finished))["comment"]:
        await service.correct(finished, comment["id"], 1, voice_of="parent_or_carer")
    [strength] = by_kind(await service.read(finished))["strength"]
    await service.correct(finished, strength["id"], 1, whose_view="practitioner")
    problem = await refused(service.sign(finished))
    assert (problem.kind, problem.errors[0].field) == ("invalid", "no_voice_reason")
    outcome = await service.sign(finished, no_voice_reason="He did not want to speak")
    assert [w["code"] for w in outcome["warnings"]] == ["no_voice_recorded", "sensitive_question_unanswered"]
    envelope = await service.entry(finished, finished)
    assert envelope["fields"]["no_voice_reason"] == "He did not want to speak"


async def test_several_assessments_of_one_case(service: RunningService) -> None:
    first, second = await service.signed(), await service.start(reason_for_assessment="Another")
    read = await service.read()
    assert {a["id"]: a["state"] for a in read["assessments"]} == {first: "signed", second: "draft"}
    assert {e["part_of"]: e["draft"] for e in read["entries"]} == {first: False, second: True}


async def test_nothing_is_found_where_nothing_is(service: RunningService) -> None:
    assessment = await service.finished()
    other = await service.finished()
    [strength] = by_kind(await service.read(assessment))["strength"]
    for case in (new_id(), "not-an-id", "%00", service.case.upper()):
        assert await service.call("GET", f"/cases/{case}/entries") == {"assessments": [], "entries": []}
    elsewhere = new_id()
    paths = [
        ("GET", f"/cases/{elsewhere}/assessments/{assessment}", None),
        ("GET", service.path(new_id()), None),
        ("GET", service.path("not-an-id"), None),
        ("GET", service.path(assessment.upper()), None),
        ("POST", f"/cases/{elsewhere}/assessments/{assessment}/entries", NEED),
        ("POST", f"/cases/{elsewhere}/assessments", {"amends": assessment}),
        ("POST", service.path(new_id(), "entries"), NEED),
        ("PATCH", service.path(other, "entries", strength["id"]), {"expected_version": 1, "headline": "X"}),
        ("PATCH", service.path(assessment, "entries", new_id()), {"expected_version": 1, "headline": "X"}),
        ("PATCH", service.path(assessment, "entries", "x"), {"expected_version": 1, "headline": "X"}),
        ("POST", service.path(new_id(), "signature"), SIGNATURE),
        ("POST", f"/cases/{elsewhere}/assessments/{assessment}/signature", SIGNATURE),
    ]
    answers = [await refused(service.call(method, path, body)) for method, path, body in paths]
    assert {(answer.kind, answer.detail) for answer in answers} == {("not-found", answers[0].detail)}
    assert len(answers) == 12
    start = {
        "instrument": "caf", "instrument_version": "1", "person": service.person,
        "started_on": "2030-03-04", "reason_for_assessment": "X",
    }  # fmt: skip
    assert (await refused(service.call("POST", "/cases/not-an-id/assessments", start))).kind == "not-found"


SIGNATURE = {"child_or_young_person": "agreed", "parent_or_carer": "agreed"}


async def test_labels_of_many_cases_in_one_call(service: RunningService) -> None:
    cases = []
    for _ in range(3):
        service.case = new_id()
        await service.finished()
        cases.append(service.case)
    absent = new_id()
    labels = await service.call("POST", "/cases/labels", {"cases": [*cases, absent, cases[0]]})
    assert labels.keys() == {*cases, absent}
    assert [len(labels[case]) for case in cases] == [6, 6, 6]
    assert labels[absent] == []
    service.case = cases[1]
    entries = (await service.read())["entries"]
    named = ("id", "owner", "accountable", "categories", "subjects", "unanswered", "draft", "locates")
    assert labels[cases[1]] == [{name: entry[name] for name in named} for entry in entries]
    assert await service.call("POST", "/cases/labels", {"cases": []}) == {}
    too_many = service.call("POST", "/cases/labels", {"cases": [new_id() for _ in range(101)]})
    assert (await refused(too_many)).kind == "invalid"
    assert SCHOOL.agency == labels[cases[0]][0]["owner"]
