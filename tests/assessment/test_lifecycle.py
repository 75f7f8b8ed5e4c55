"""The life of an assessment without a store: which step each state allows, and what a signature needs."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from services.assessment.assessments.lifecycle import (
    RecordedEntry,
    Standing,
    check_amendable,
    check_may_correct,
    check_may_record,
    check_open,
    check_signature,
    signing_warnings,
)
from services.assessment.instruments.library import load_library
from shared.problems import Problem
from shared.records.assessments import Signature

CAF = load_library().get("caf", "1")
OURS, THEIRS = "hill-school", "valley-clinic"
DRAFT = Standing("a", OURS, "draft", None)


def entry(kind: str, owner: str = OURS, *, unanswered: bool = False, **fields: Any) -> RecordedEntry:
    return RecordedEntry(f"{kind}-{owner}", kind, owner, unanswered, fields)


STRENGTH = entry("strength", whose_view="practitioner")
CONCLUSION = entry("conclusion", conclusion="additional_needs")
REVIEW = entry("review", review_on="2030-06-01")
CHILD = entry("comment", voice_of="child_or_young_person")
PARENT = entry("comment", voice_of="parent_or_carer")
FINISHED = [STRENGTH, CONCLUSION, REVIEW, CHILD, PARENT]


def signature(**said: Any) -> Signature:
    return Signature(child_or_young_person="agreed", parent_or_carer="not_present", **said)


def outcome(step: Callable[[], object]) -> str:
    try:
        step()
    except Problem as problem:
        return problem.kind
    return "done"


def sign(
    entries: list[RecordedEntry], standing: Standing = DRAFT, agency: str = OURS, **said: Any
) -> Problem | None:
    try:
        check_signature(standing, CAF, agency, entries, signature(**said))
    except Problem as problem:
        return problem
    return None


def test_every_step_in_every_state_by_either_agency() -> None:
    steps: dict[str, Callable[[Standing, str], object]] = {
        "record": lambda standing, agency: check_may_record(standing, "need", agency, frozenset()),
        "conclude": lambda standing, agency: check_may_record(standing, "conclusion", agency, frozenset()),
        "correct own": lambda standing, agency: check_may_correct(standing, agency, agency),
        "correct": lambda standing, agency: check_may_correct(standing, OURS, agency),
        "sign": lambda standing, agency: check_signature(standing, CAF, agency, FINISHED, signature()),
        "amend": lambda standing, agency: check_amendable(standing, agency, False),
        "amend again": lambda standing, agency: check_amendable(standing, agency, True),
    }
    found = {
        (state, name, agency): outcome(lambda: steps[name](replace(DRAFT, state=state), agency))  # noqa: B023
        for state, name, agency in product(("draft", "signed", "superseded"), steps, (OURS, THEIRS))
    }
    done = {key for key, result in found.items() if result == "done"}
    assert done == {
        ("draft", "record", OURS), ("draft", "record", THEIRS), ("draft", "conclude", OURS),
        ("draft", "correct own", OURS), ("draft", "correct own", THEIRS), ("draft", "correct", OURS),
        ("draft", "sign", OURS), ("signed", "amend", OURS),
    }  # fmt: skip
    assert len(found) == 42
    assert {result for key, result in found.items() if key[2] == OURS} == {"done", "conflict"}
    assert found["signed", "sign", THEIRS] == found["draft", "amend", THEIRS] == "forbidden"


def test_an_unknown_state_allows_nothing() -> None:
    assert outcome(lambda: check_open(replace(DRAFT, state="deleted"))) == "conflict"


@pytest.mark.parametrize("kind", ["conclusion", "review"])
def test_there_is_one_conclusion_and_one_review(kind: str) -> None:
    assert outcome(lambda: check_may_record(DRAFT, kind, OURS, frozenset({kind}))) == "conflict"
    assert outcome(lambda: check_may_record(DRAFT, kind, OURS, frozenset())) == "done"
    assert outcome(lambda: check_may_record(DRAFT, "goal", OURS, frozenset({"goal"}))) == "done"


def test_a_finished_assessment_can_be_signed() -> None:
    assert sign(FINISHED) is None
    assert signing_warnings(OURS, FINISHED) == []


REFERRED: dict[str, Any] = {"referred_at": "2030-03-04T09:00:00Z", "referred_to": "Children's services"}
FOLLOWED_UP: dict[str, Any] = {"follow_up_owner": "5d2f8a30", "follow_up_on": "2030-03-11"}
RISK: dict[str, Any] = {"conclusion": "risk_of_harm", **REFERRED}


@pytest.mark.parametrize(
    ("entries", "named"),
    [
        ([], ["entries", "conclusion"]),
        ([CONCLUSION, REVIEW, CHILD], ["entries"]),
        ([STRENGTH, REVIEW, CHILD], ["conclusion"]),
        ([STRENGTH, CONCLUSION, CONCLUSION, REVIEW, CHILD], ["conclusion"]),
        ([STRENGTH, CONCLUSION, CHILD], ["review"]),
        ([STRENGTH, REVIEW, CHILD, entry("conclusion", conclusion="risk_of_harm")], ["conclusion"] * 2),
        ([STRENGTH, REVIEW, CHILD, entry("conclusion", **RISK)], ["conclusion"]),
        ([STRENGTH, REVIEW, CHILD, entry("conclusion", **RISK, follow_up_on="2030-03-11")], ["conclusion"]),
        (
            [STRENGTH, REVIEW, CHILD, entry("conclusion", **{**RISK, **FOLLOWED_UP, "referred_at": None})],
            ["conclusion"],
        ),
        ([replace(STRENGTH, owner=THEIRS), CONCLUSION, REVIEW, CHILD], ["entries"]),
    ],
)
def test_an_unfinished_one_says_what_it_lacks(entries: list[RecordedEntry], named: list[str]) -> None:
    problem = sign(entries)
    assert problem is not None
    assert (problem.kind, [error.field for error in problem.errors]) == ("conflict", named)


def test_no_additional_needs_needs_no_review_and_a_referred_risk_is_enough() -> None:
    assert sign([STRENGTH, CHILD, entry("conclusion", conclusion="no_additional_needs")]) is None
    assert sign([STRENGTH, CHILD, REVIEW, entry("conclusion", **RISK, **FOLLOWED_UP)]) is None


def test_a_child_who_was_not_heard_is_explained_and_warned_about() -> None:
    unheard = [STRENGTH, CONCLUSION, REVIEW, PARENT]
    problem = sign(unheard)
    assert problem is not None
    assert (problem.kind, problem.errors[0].field) == ("invalid", "no_voice_reason")
    assert sign(unheard, no_voice_reason="She is not born yet.") is None
    assert [warning["code"] for warning in signing_warnings(OURS, unheard)] == ["no_voice_recorded"]
    heard_in_a_need = [*unheard, entry("need", whose_view="child")]
    assert sign(heard_in_a_need) is None
    assert signing_warnings(OURS, heard_in_a_need) == []
    problem = sign(FINISHED, no_voice_reason="A reason for nothing")
    assert problem is not None
    assert problem.errors[0].field == "no_voice_reason"


def test_a_parent_who_was_not_heard_is_warned_about() -> None:
    unheard = [STRENGTH, CONCLUSION, REVIEW, CHILD]
    assert sign(unheard) is None
    assert [warning["code"] for warning in signing_warnings(OURS, unheard)] == ["no_parent_voice_recorded"]


def test_unanswered_questions_do_not_stop_a_signature() -> None:
    open_question = entry("need", unanswered=True, whose_view="practitioner")
    assert sign([*FINISHED, open_question]) is None
    [warning] = signing_warnings(OURS, [*FINISHED, open_question])
    assert (warning["code"], warning["entries"]) == ("sensitive_question_unanswered", [open_question.id])


def test_another_agencys_entries_change_nothing_that_the_signer_is_told() -> None:
    """Design 3.5: what the signer may not see must not show in the answer to a signature."""
    theirs = [
        entry("need", THEIRS, unanswered=True, whose_view="child"),
        entry("comment", THEIRS, voice_of="child_or_young_person"),
        entry("comment", THEIRS, voice_of="parent_or_carer"),
        entry("conclusion", THEIRS, conclusion="risk_of_harm"),
    ]
    worlds = [FINISHED, FINISHED[:3], [STRENGTH, CONCLUSION, REVIEW], [STRENGTH, REVIEW], []]
    told = 0
    for ours in worlds:
        for hidden in ([], theirs[:1], theirs[1:3], theirs):
            assert signing_warnings(OURS, [*ours, *hidden]) == signing_warnings(OURS, ours)
            with_hidden, without = sign([*ours, *hidden]), sign(ours)
            assert (with_hidden and with_hidden.errors) == (without and without.errors)
            told += 1
    assert told == 20
