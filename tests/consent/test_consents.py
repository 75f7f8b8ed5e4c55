"""The family's answers over HTTP: what is refused, what takes away, and from when (design 3.2 to 3.4)."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from shared.ids import NOWHERE, new_id
from shared.problems import Problem
from tests.consent.service import (
    CHILD,
    FATHER,
    HOUSING,
    MOTHER,
    OMIT,
    SCHOOL,
    SCHOOL_LEAD,
    YOT,
    ConsentService,
    D,
    Json,
    a_case,
    a_label,
    a_share,
    family,
    fresh_case,
    reader,
    running_service,
    taking_part,
)

pytestmark = pytest.mark.anyio

LEARNING = a_label("hill-school", "learning")
LONG_AGO = "2031-03-01T00:00:00Z"
INCAPACITY = {
    "assessed_by": "Lena Fox", "assessment_reference": "MCA 9", "asked_first": "Twice.",
}  # fmt: skip
COMPETENCE = {"judged_by": "Ada North", "reasons": "He weighs it up."}

# What is wrong with an answer, the field that the refusal names, and a word of its message.
REFUSED_SHARES: list[tuple[Json, str, str]] = [
    ({"statement": {"reasons_explained_and_understood": True, "agrees": False}},
     "consent.answer", "say the same"),
    (
        {"answer": "refused", "statement": {"reasons_explained_and_understood": True, "agrees": True}},
        "consent.answer",
        "say the same",
    ),
    (
        {"statement": {"reasons_explained_and_understood": False, "agrees": True}},
        "consent.statement.reasons_explained_and_understood",
        "Explain the reasons first",
    ),
    ({"statement": {"agrees": True}}, "statement.reasons_explained_and_understood", "required"),
    ({"statement": {"reasons_explained_and_understood": True}}, "statement.agrees", "required"),
    ({"statement": OMIT}, "statement", "required"),
    ({"categories": ["learning", "offending"]}, "consent.categories", "each sensitive category on its own"),
    ({"categories": ["mental_health", "substance_use"]},
     "consent.categories", "each sensitive category on its own"),
    ({"categories": ["equality", "learning"]}, "consent.categories", "each sensitive category on its own"),
    ({"categories": []}, "categories", "at least 1"),
    ({"categories": ["horoscope"]}, "categories.0", "Input should be"),
    ({"valid_until": OMIT}, "consent.valid_until", "Say until when"),
    ({"valid_until": None}, "consent.valid_until", "Say until when"),
    ({"valid_from": "2032-04-01T00:00:00Z"}, "valid_until", "has to end after it begins"),
    ({"valid_from": "2032-03-01T00:00:00Z"}, "valid_until", "has to end after it begins"),
    ({"valid_until": LONG_AGO}, "valid_until", "over already"),
    ({"valid_until": "2031-03-03T09:00:00Z"}, "valid_until", "over already"),
    ({"valid_until": "2032-03-01T00:00:00"}, "valid_until", "offset"),
    ({"valid_until": 1930294800}, "valid_until", "RFC 3339"),
    ({"valid_until": "9999-12-31T00:00:00Z"}, "valid_until", "Use a year"),
    ({"valid_until": "2031-02-29T00:00:00Z"}, "valid_until", "Input should be"),
    ({"recipients": []}, "recipients", "at least 1"),
    ({"recipients": ["nobody-knows"]}, "recipients", "not in the partnership"),
    ({"recipients": ["city-housing", "nobody-knows"]}, "recipients", "not in the partnership"),
    ({"recipients": ["City Housing"]}, "recipients.0", "pattern"),
    ({"not_recipients": ["nobody-knows"]}, "not_recipients", "not in the partnership"),
    ({"not_recipients": ["city-housing"]}, "consent.not_recipients", "both recipients and not_recipients"),
    ({"purposes": []}, "purposes", "at least 1"),
    ({"purposes": ["curiosity"]}, "purposes.0", "Input should be"),
    ({"level": "none"}, "level", "Input should be"),
    ({"level": OMIT}, "level", "required"),
    ({"wording_version": OMIT}, "wording_version", "required"),
    ({"wording_version": "  "}, "wording_version", "at least 1"),
    ({"wording_version": "\u200b"}, "wording_version", "Write something"),
    ({"evidence": OMIT}, "evidence", "required"),
    ({"evidence": {"form": "hearsay"}}, "evidence.form", "Input should be"),
    ({"evidence": {"form": "written", "reference": "a\nb"}}, "evidence.reference", "one line"),
    ({"capacity": "neighbour"}, "capacity", "Input should be"),
    ({"subject": "kit"}, "subject", "Send an id"),
    ({"subject": "ABCDEF00-0000-4000-8000-000000000000"}, "subject", "Send an id"),
    ({"giver": OMIT}, "giver", "required"),
    ({"privacy_notice": {"version": "3"}}, "privacy_notice", "not known here"),
    ({"takes_part": True}, "takes_part", "not known here"),
    ({"competence": {"judged_by": "Ada"}}, "competence.reasons", "required"),
    ({"authority": {"document": "LPA", "covers": []}}, "authority.covers", "at least 1"),
    ({"kind": "both"}, "consent.kind", "one of the kinds"),
    ({"kind": OMIT}, "consent.kind", "one of the kinds"),
]  # fmt: skip

REFUSED_TAKING_PART: list[tuple[Json, str, str]] = [
    ({"privacy_notice": OMIT}, "privacy_notice", "required"),
    ({"privacy_notice": {"version": "3", "language": "en"}}, "privacy_notice.given_to", "required"),
    ({"recipients": ["city-housing"]}, "recipients", "not known here"),
    ({"level": "full"}, "level", "not known here"),
    (
        {"statement": {"reasons_explained_and_understood": False, "agrees": True}},
        "consent.statement.reasons_explained_and_understood",
        "Explain the reasons first",
    ),
]

WITHOUT_AUTHORITY: list[tuple[Json, str]] = [
    ({"giver": CHILD, "capacity": "young_person"}, "Record why this young person can decide this"),
    ({"giver": CHILD, "capacity": "parent"}, "does so as a young person or an adult"),
    ({"capacity": "adult"}, "only for themselves"),
    ({"giver": new_id()}, "No parental responsibility of this person"),
    ({"capacity": "attorney"}, "record the authority"),
    (
        {"capacity": "attorney", "authority": {"document": "LPA 7", "covers": ["money_work"]}},
        "record the authority",
    ),
    ({"capacity": "local_authority_with_parental_responsibility"}, "record the authority"),
    ({"incapacity": INCAPACITY}, "Only an attorney's or deputy's answer records incapacity"),
    ({"competence": COMPETENCE}, "Only a young person's own answer records competence"),
    ({"subject": MOTHER, "giver": FATHER}, "From 16"),
]


async def test_every_answer_that_does_not_hold_together_is_refused_with_its_field_and_not_stored(
    service: ConsentService,
) -> None:
    case, before = fresh_case(), service.rows()
    unlike: list[tuple[Json, int, Any]] = []
    for make, table in ((a_share, REFUSED_SHARES), (taking_part, REFUSED_TAKING_PART)):
        for changes, field, word in table:
            content = {"consent": make(**changes), "family": family()}
            reply = await service.send("POST", f"/cases/{case}/consents", content)
            errors = reply.json().get("errors", [])
            fits = [error["field"].endswith(field) and word in error["message"] for error in errors]
            if reply.status != 422 or not any(fits):
                unlike.append((changes, reply.status, errors))
    assert unlike == [], "\n".join(map(str, unlike))
    assert len(REFUSED_SHARES) + len(REFUSED_TAKING_PART) >= 50
    assert service.rows() == before
    assert service.slept == []


async def test_a_giver_without_authority_is_refused_with_the_reason(service: ConsentService) -> None:
    case, before = fresh_case(), service.rows()
    for changes, reason in WITHOUT_AUTHORITY:
        body = a_share(**changes)
        content = {"consent": body, "family": family(body["subject"])}
        problem = await service.problem(SCHOOL, "POST", f"/cases/{case}/consents", content)
        [error] = problem.errors
        assert (problem.kind, error.field) == ("invalid", "capacity"), changes
        assert reason in error.message, changes
    assert service.rows() == before


async def test_each_sensitive_category_may_be_asked_about_alone(service: ConsentService) -> None:
    case = fresh_case()
    sensitive = ("mental_health", "substance_use", "sexual_health", "offending", "safeguarding",
                 "domestic_abuse", "equality")  # fmt: skip
    for category in sensitive:
        await service.consent(case, a_share(categories=[category]))
    labels = [a_label("hill-school", category) for category in sensitive]
    assert await service.levels(HOUSING, a_case(case, *labels)) == [3, 3, 2, 2, 2, 2, 0]


async def test_a_permission_opens_what_it_names_to_whom_it_names_and_nothing_else(
    service: ConsentService,
) -> None:
    case = fresh_case()
    labels = [a_label("hill-school", name) for name in ("learning", "behaviour", "wellbeing")]
    both = [*labels, a_label("hill-school", "learning", subjects=[CHILD, MOTHER])]
    assert await service.levels(HOUSING, a_case(case, *both)) == [1, 1, 1, 1]
    answer = await service.consent(case, a_share())
    assert set(answer) == {"id"}
    assert service.slept == []
    assert await service.levels(HOUSING, a_case(case, *both)) == [3, 3, 1, 1]
    assert await service.levels(YOT, a_case(case, *both)) == [1, 1, 1, 1]
    # A person's yes is theirs wherever they are met: it opens the same in their other case.
    assert await service.levels(HOUSING, a_case(fresh_case(), *both)) == [3, 3, 1, 1]


async def test_a_permission_counts_from_its_start_until_d_before_its_end(service: ConsentService) -> None:
    case = fresh_case()
    window = {"valid_from": "2031-03-03T09:00:10Z", "valid_until": "2031-03-03T09:00:20Z"}
    await service.consent(case, a_share(**window))
    seen = []
    for seconds in (0, 9.999999, 0.000001, 8.999999, 0.000001, 10):
        service.clock.turn(seconds=seconds)
        seen.append((await service.levels(HOUSING, a_case(case, LEARNING)))[0])
    assert seen == [1, 1, 3, 3, 1, 1]


async def test_a_yes_with_a_not_to_these_records_both_or_neither(service: ConsentService) -> None:
    case = fresh_case()
    body = a_share(not_recipients=["youth-offending", "north-police"])
    answer = await service.consent(case, body)
    assert set(answer) == {"id", "exclusion", "enforced_at"}
    assert service.slept == [D]
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [3]
    assert await service.levels(YOT, a_case(case, LEARNING)) == [0]
    [(agencies,)] = service.select("SELECT agencies FROM exclusions")
    assert "north-police" in str(agencies)
    assert "youth-offending" in str(agencies)
    before = service.rows()
    with pytest.raises(Problem):
        await service.consent(case, a_share(not_recipients=["youth-offending", "nobody-knows"]))
    assert service.rows() == before


async def test_a_no_with_a_not_to_these_excludes_as_well(service: ConsentService) -> None:
    case = fresh_case()
    body = a_share(answer="refused", valid_until=OMIT, not_recipients=["youth-offending"])
    assert set(await service.consent(case, body)) == {"id", "exclusion", "enforced_at"}
    assert service.slept == [D]
    assert await service.levels(YOT, a_case(case, LEARNING)) == [0]


async def test_a_refusal_waits_d_and_beats_another_givers_yes(service: ConsentService) -> None:
    case = fresh_case()
    await service.consent(case, a_share())
    assert service.slept == []
    answer = await service.consent(case, a_share(answer="refused", giver=FATHER, valid_until=OMIT))
    assert (set(answer), service.slept) == ({"id", "enforced_at"}, [D])
    assert answer["enforced_at"] == "2031-03-03T09:00:01.000000Z"
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [1]
    await service.consent(case, taking_part(answer="refused"))
    assert service.slept == [D, D]


async def test_it_is_not_said_that_somebody_no_longer_sees_what_another_permission_lets_them_see(
    service: ConsentService,
) -> None:
    case = fresh_case()
    consent = (await service.consent(case, a_share()))["id"]
    other = (await service.consent(case, a_share(categories=["learning", "housing"])))["id"]
    said = (await service.withdraw(case, consent))["says"]
    assert said.startswith(
        "Done at 2031-03-03T09:00:01.000000Z: this permission no longer counts, but another one stands, and "
        "with it City Housing can still see learning here until that is taken back too; they may keep"
    )
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [3]
    assert (
        "City Housing no longer see housing, learning here" in (await service.withdraw(case, other))["says"]
    )
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [1]


async def test_a_permission_of_another_case_goes_on_too_for_whoever_may_know_of_it(
    service: ConsentService,
) -> None:
    case, elsewhere = fresh_case(), fresh_case()
    consent = (await service.consent(case, a_share()))["id"]
    later = (await service.consent(case, a_share()))["id"]
    await service.withdraw(case, later)
    await service.consent(elsewhere, a_share(categories=["learning"]))
    said = (await service.withdraw(case, consent))["says"]
    assert "City Housing can still see learning here until that is taken back too" in said
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [3]


async def test_of_another_case_nobody_is_told_what_a_colleague_elsewhere_wrote_down(
    service: ConsentService,
) -> None:
    case, elsewhere = fresh_case(), fresh_case()
    consent = (await service.consent(case, a_share()))["id"]
    await service.consent(elsewhere, a_share(categories=["learning"]), caller=YOT)
    said = (await service.withdraw(case, consent))["says"]
    assert "City Housing no longer see behaviour, learning here because of your permission" in said


async def test_what_is_withdrawn_is_closed_before_the_answer_says_so(service: ConsentService) -> None:
    case = fresh_case()
    consent = (await service.consent(case, a_share()))["id"]
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [3]
    answer = await service.withdraw(case, consent)
    assert answer == {
        "id": consent,
        "kind": "share",
        "enforced_at": "2031-03-03T09:00:01.000000Z",
        "released": [],
        "says": (
            "Done at 2031-03-03T09:00:01.000000Z: City Housing no longer see behaviour, learning here "
            "because of your permission; they may keep what they already recorded; what they saw because of "
            "it is listed below; your help goes on."
        ),
    }
    assert service.slept == [D]
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [1]
    assert service.select(
        "SELECT withdrawn_by, withdrawal_recorded_by FROM consents WHERE id = :id", id=consent
    ) == [(MOTHER, "ada")]


async def test_the_withdrawal_is_committed_before_the_wait_for_d_begins(databases: Any) -> None:
    seen_asleep: list[tuple[int, list[int]]] = []

    async def look(_: float) -> None:
        engine = create_engine(databases["consent"])
        with engine.connect() as connection:
            withdrawn = "SELECT count(*) FROM consents WHERE withdrawn_at IS NOT NULL"
            stored = connection.execute(text(withdrawn)).scalar_one()
        engine.dispose()
        seen_asleep.append((stored, await running.levels(HOUSING, a_case(case, LEARNING))))

    case = fresh_case()
    async with running_service(databases["consent"], while_asleep=look) as running:
        await running.add_agencies()
        consent = (await running.consent(case, a_share()))["id"]
        assert await running.levels(HOUSING, a_case(case, LEARNING)) == [3]
        answer = await running.withdraw(case, consent)
    # Closed already at the start of the wait, though "enforced" only after it.
    assert seen_asleep == [(1, [1])]
    assert answer["enforced_at"] == "2031-03-03T09:00:01.000000Z"


async def test_a_permission_is_withdrawn_by_who_gave_it_or_the_person_it_is_about(
    service: ConsentService,
) -> None:
    case = fresh_case()
    hers, his = [(await service.consent(case, a_share()))["id"] for _ in range(2)]
    with pytest.raises(Problem) as refused:
        await service.withdraw(case, hers, by=FATHER)
    assert refused.value.kind == "forbidden"
    assert service.slept == []
    await service.withdraw(case, hers, by=MOTHER)
    await service.withdraw(case, his, by=CHILD)
    with pytest.raises(Problem) as again:
        await service.withdraw(case, his, by=CHILD)
    assert again.value.kind == "conflict"
    assert service.slept == [D, D]


async def test_what_the_reader_may_not_know_of_cannot_be_withdrawn_and_looks_absent(
    service: ConsentService,
) -> None:
    case = fresh_case()
    consent = (await service.consent(case, a_share(recipients=["north-police"])))["id"]
    other = (await service.consent(fresh_case(), a_share()))["id"]
    withdrawal = {"withdrawn_by": MOTHER}
    before = service.rows()

    async def document(path: str, who: Any, relationship: str) -> bytes:
        content = {"withdrawal": withdrawal, "reader": reader(relationship)}
        reply = await service.send("POST", path, content, caller=who)
        assert reply.status == 404
        return reply.body

    refusals = {
        await document(f"/cases/{case}/consents/{target}/withdrawal", who, relationship)
        for target, who, relationship in (
            (consent, HOUSING, "member"),
            (consent, YOT, "none"),
            (other, SCHOOL_LEAD, "lead"),
            (new_id(), SCHOOL_LEAD, "lead"),
            (NOWHERE, SCHOOL_LEAD, "lead"),
            ("not-an-id", SCHOOL_LEAD, "lead"),
            (consent.upper(), SCHOOL_LEAD, "lead"),
        )
    }
    assert len(refusals) == 1
    assert service.rows() == before
    assert service.slept == []


async def test_a_refusal_is_taken_back_by_its_giver_and_recorded_by_nobody_it_benefits(
    service: ConsentService,
) -> None:
    """A refusal beats a yes whatever their dates, so who changes their mind must be able to take it back."""
    case = fresh_case()
    no = (await service.consent(case, a_share(answer="refused", valid_until=OMIT)))["id"]
    await service.consent(case, a_share())
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [1]
    with pytest.raises(Problem) as by_the_child:
        await service.withdraw(case, no, by=CHILD)
    assert by_the_child.value.kind == "forbidden"
    with pytest.raises(Problem) as by_who_gains:
        await service.withdraw(case, no, caller=HOUSING)
    assert by_who_gains.value.kind == "forbidden"
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [1]
    await service.withdraw(case, no)
    assert await service.levels(HOUSING, a_case(case, LEARNING)) == [3]


async def test_a_refusal_to_take_part_is_taken_back_too(service: ConsentService) -> None:
    case = fresh_case()
    draft = a_label("hill-school", "plan", draft=True)
    no = (await service.consent(case, taking_part(answer="refused")))["id"]
    await service.consent(case, taking_part())
    assert await service.levels(HOUSING, a_case(case, draft)) == [0]
    await service.withdraw(case, no)
    assert await service.levels(HOUSING, a_case(case, draft)) == [3]


async def test_each_reader_is_listed_the_answers_that_concern_them(service: ConsentService) -> None:
    case = fresh_case()
    part = (await service.consent(case, taking_part()))["id"]
    service.clock.turn(seconds=1)
    yes = (await service.consent(case, a_share()))["id"]
    service.clock.turn(seconds=1)
    no = (await service.consent(case, a_share(answer="refused", giver=FATHER, valid_until=OMIT)))["id"]
    await service.consent(fresh_case(), a_share())

    async def listed(who: Any, facts: Json) -> list[str]:
        rows = await service.call(who, "POST", f"/cases/{case}/consents/list", facts)
        return [row["id"] for row in rows]

    assert await listed(SCHOOL, reader("none")) == [part, yes, no]
    assert await listed(SCHOOL_LEAD, reader("lead")) == [part, yes, no]
    assert await listed(HOUSING, reader()) == [part, yes]
    assert await listed(YOT, reader()) == [part]
    assert await listed(YOT, reader(child=["learning"])) == [part, yes, no]
    assert await listed(YOT, reader("none", child=["learning"])) == []
    await service.withdraw(case, yes)
    assert await listed(HOUSING, reader()) == [part], "a message tells them, where that is safe"
    assert await listed(HOUSING, reader(child=["learning"])) == [part, yes, no], "they own some of it"
    owner = reader(child=["learning"])
    [row] = [
        row
        for row in await service.call(YOT, "POST", f"/cases/{case}/consents/list", owner)
        if row["id"] == yes
    ]
    assert row["withdrawn_at"] == "2031-03-03T09:00:03.000000Z"
    assert set(row) == {
        "id", "kind", "subject", "giver", "capacity", "answer", "reasons_explained_and_understood",
        "evidence_form", "wording_version", "recorded_at", "recorded_by_agency", "valid_from", "valid_until",
        "withdrawn_at", "recipients", "categories", "level", "purposes", "owner",
    }  # fmt: skip


async def test_a_key_that_was_used_gives_the_first_outcome_and_does_nothing_again(
    service: ConsentService,
) -> None:
    case = fresh_case()
    first = await service.consent(case, a_share(), key="k-1")
    assert await service.consent(case, a_share(), key="k-1") == first
    assert service.rows()["consents"] == 1
    other = {"consent": a_share(level="summary"), "family": family()}
    clash = await service.problem(SCHOOL, "POST", f"/cases/{case}/consents", other, key="k-1")
    assert clash.kind == "conflict"
    # Keys belong to one user of one agency.
    assert await service.consent(case, a_share(), caller=YOT, key="k-1") != first
    gone = await service.withdraw(case, first["id"], key="k-2")
    again = await service.withdraw(case, first["id"], key="k-2")
    assert (gone["id"], again["id"]) == (first["id"], first["id"])
    assert service.slept == [D, D]
    assert service.rows()["consents"] == 2


async def test_a_key_of_a_refused_request_may_be_used_for_the_corrected_one(service: ConsentService) -> None:
    case = fresh_case()
    with pytest.raises(Problem):
        await service.consent(case, a_share(recipients=["nobody-knows"]), key="k-1")
    assert service.rows()["idempotency_keys"] == 0
    await service.consent(case, a_share(), key="k-1")
    assert service.rows()["idempotency_keys"] == 1


async def test_the_same_key_sent_many_times_at_once_writes_once(service: ConsentService) -> None:
    case = fresh_case()

    async def send() -> str:
        try:
            return str((await service.consent(case, a_share(), key="k-1"))["id"])
        except Problem as problem:
            return problem.kind

    outcomes = await asyncio.gather(*(send() for _ in range(12)))
    ids = {outcome for outcome in outcomes if outcome != "conflict"}
    assert len(outcomes) == 12
    assert len(ids) == 1
    assert service.rows()["consents"] == 1


def said(*consents: Json) -> Json:
    return {"answers": [{"consent": consent, "family": family(consent["subject"])} for consent in consents]}


NO: Json = {
    "answer": "refused", "statement": {"reasons_explained_and_understood": True, "agrees": False},
}  # fmt: skip


async def test_a_conversation_is_recorded_whole_and_once_and_counts_from_when_it_answers(
    service: ConsentService,
) -> None:
    case, before = fresh_case(), service.rows()["consents"]
    path = f"/cases/{case}/consents/conversations"
    content = said(a_share(categories=["learning"]), a_share(categories=["health"], **NO))
    first = await service.call(SCHOOL, "POST", path, content, key="k-said")
    assert first["enforced_at"]
    assert len(first["consents"]) == 2
    assert first["id"] == first["consents"][0]["id"]
    again = await service.call(SCHOOL, "POST", path, content, key="k-said")
    assert again["consents"] == first["consents"]
    assert service.rows()["consents"] == before + 2


async def test_a_conversation_with_one_answer_that_may_not_be_given_records_none_and_says_which(
    service: ConsentService,
) -> None:
    case, before = fresh_case(), service.rows()["consents"]
    path = f"/cases/{case}/consents/conversations"
    unlike = a_share(categories=["health"], capacity="adult")
    problem = await service.problem(SCHOOL, "POST", path, said(a_share(categories=["learning"]), unlike))
    assert [error.field for error in problem.errors] == ["answers.1.capacity"]
    assert service.rows()["consents"] == before
