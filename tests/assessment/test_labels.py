"""The categories of an entry: what its element bears, what its author adds, and the sensitive question.

Each of these makes a test here fail: taking silence for a no; letting the answer replace instead of add;
letting a sensitive category be removed.
"""

from itertools import chain, combinations
from typing import Any, get_args

import pytest

from services.assessment.assessments.entries import BODY_OF_KIND
from services.assessment.assessments.labels import AnyEntry, label_errors, label_of
from services.assessment.instruments.instrument import Instrument
from services.assessment.instruments.library import load_library
from shared.records.assessments import NewNeed, SensitiveContent
from shared.vocabulary import Category
from tests.assessment.test_instruments import CAF_ELEMENTS, CAF_PARTS, caf_document

CAF = load_library().get("caf", "1")
SIX = get_args(SensitiveContent)
SUBSETS = list(chain.from_iterable(combinations(SIX, size) for size in range(7)))
PERSON = "0b9cc9a0-3c1e-4a57-8b0e-0a8f7a4f5a10"
LEAST: dict[str, dict[str, Any]] = {
    "assessment": {"started_on": "2030-03-04", "reason_for_assessment": "Mornings"},
    "people_present": {"people": ["James"]},
    "assessor": {"name": "Ada"},
    "checklist": {
        "answers": [{"question": "healthy", "answer": "yes"}], "assessment_needed": True,
        "agreement_to_assess": "given", "completed_on": "2030-03-04",
    },
    "parent_or_carer": {
        "name": "Jane", "relationship": "mother", "parental_responsibility": "yes", "subjects": [PERSON],
    },
    "home_situation": {"text": "With his mother"},
    "service_with_family": {"service_kind": "gp", "service_name": "Mill Lane"},
    "conclusion": {"conclusion": "additional_needs"},
    "agreed_action": {
        "desired_outcome": "In school", "action": "Meet him", "responsible_name": "Ada",
        "accountable": "hill-school", "by_when": "2030-04-01",
    },
    "goal": {"text": "Mondays"},
    "review": {"review_on": "2030-06-01"},
    "comment": {"voice_of": "child_or_young_person", "text": "My words"},
}  # fmt: skip


def need(element: str = "aspirations", **said: Any) -> NewNeed:
    return NewNeed.model_validate({"element": element, "headline": "Line", "whose_view": "child", **said})


def entry_of(kind: str, **said: Any) -> AnyEntry:
    return BODY_OF_KIND[kind].model_validate({**LEAST[kind], **said})


def words(entry: AnyEntry, instrument: Instrument = CAF) -> list[str]:
    return [category.value for category in label_of(instrument, entry).categories]


def wrong(entry: AnyEntry, instrument: Instrument = CAF) -> list[str]:
    return [error.field for error in label_errors(instrument, entry)]


def test_every_element_with_every_answer() -> None:
    looked_at = unanswered = 0
    for code, categories, asks in CAF_ELEMENTS.values():
        for answer in (None, *SUBSETS):
            entry = need(code, sensitive_content=answer)
            label = label_of(CAF, entry)
            assert label_errors(CAF, entry) == []
            assert set(label.categories) == set(map(Category, [*categories, *(answer or ())]))
            assert label.unanswered == (asks and answer is None)
            looked_at += 1
            unanswered += label.unanswered
    assert (looked_at, unanswered) == (19 * 65, 9)


def test_every_other_kind_with_every_answer() -> None:
    looked_at, unanswered = 0, set()
    for kind, categories in CAF_PARTS.items():
        for answer in (None, *SUBSETS):
            label = label_of(CAF, entry_of(kind, sensitive_content=answer))
            assert set(label.categories) == set(map(Category, [*categories, *(answer or ())]))
            if label.unanswered:
                assert answer is None
                unanswered.add(kind)
            looked_at += 1
    assert (looked_at, unanswered) == (12 * 65, {"comment", "home_situation"})


def test_categories_stand_in_the_order_of_the_vocabulary() -> None:
    entry = need("housing_employment_finance", additional_categories=["staff_safety", "family", "contact"])
    assert words(entry) == ["contact", "family", "housing", "money_work", "staff_safety"]


def test_a_default_that_is_not_sensitive_can_be_removed() -> None:
    assert words(need("speech_language", removed_default_categories=["health"])) == ["learning"]
    entry = need("aspirations", removed_default_categories=["learning"], additional_categories=["community"])
    assert (words(entry), wrong(entry)) == (["community"], [])


@pytest.mark.parametrize(
    "said",
    [
        {"removed_default_categories": ["learning"]},
        {"removed_default_categories": ["health"]},
        {"removed_default_categories": ["learning"], "additional_categories": ["learning"]},
        {"removed_default_categories": ["mental_health"], "sensitive_content": ["mental_health"]},
    ],
    ids=["to nothing", "not a default", "added and removed", "answered and removed"],
)
def test_a_removal_that_makes_no_sense_is_refused(said: dict[str, Any]) -> None:
    assert set(wrong(need("aspirations", **said))) == {"removed_default_categories"}


def test_a_sensitive_default_cannot_be_removed() -> None:
    document = caf_document()
    document["domains"][1]["elements"][0]["categories"] = ["parenting", "safeguarding"]
    instrument = Instrument.model_validate(document)
    entry = need("basic_care", removed_default_categories=["safeguarding"])
    assert wrong(entry, instrument) == ["removed_default_categories"]
    assert wrong(need("basic_care", removed_default_categories=["parenting"]), instrument) == []


def test_equality_is_never_combined() -> None:
    assert wrong(need(additional_categories=["equality"])) == ["additional_categories"]
    assert wrong(entry_of("comment", additional_categories=["equality"])) == ["additional_categories"]


def test_what_a_child_says_takes_its_contents_categories() -> None:
    entry = entry_of("comment", additional_categories=["learning", "health"], sensitive_content=["offending"])
    assert words(entry) == ["voice", "learning", "health", "offending"]


def test_a_risk_of_harm_is_safeguarding() -> None:
    assert words(entry_of("conclusion", conclusion="risk_of_harm")) == ["plan", "safeguarding"]
    assert words(entry_of("conclusion", conclusion="complex_needs")) == ["plan"]
