"""The instruments are data that hold together, and the CAF is the CAF."""

import copy
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from services.assessment.instruments.instrument import Instrument
from services.assessment.instruments.library import Library, load_library
from shared.problems import Problem
from shared.vocabulary import Category
from tests.assessment.service import RunningService

CAF_ELEMENTS = {
    "1.1": ("general_health", ["health"], True),
    "1.2": ("physical_development", ["health"], False),
    "1.3": ("speech_language", ["health", "learning"], False),
    "1.4": ("emotional_social", ["wellbeing"], True),
    "1.5": ("behavioural_development", ["behaviour"], True),
    "1.6": ("identity_self_esteem", ["wellbeing"], False),
    "1.7": ("family_social_relationships", ["family"], True),
    "1.8": ("self_care", ["wellbeing"], False),
    "1.9": ("understanding_reasoning", ["learning"], False),
    "1.10": ("participation", ["learning"], False),
    "1.11": ("progress_achievement", ["learning"], False),
    "1.12": ("aspirations", ["learning"], False),
    "2.1": ("basic_care", ["parenting"], True),
    "2.2": ("emotional_warmth", ["parenting"], True),
    "2.3": ("guidance_boundaries", ["parenting"], True),
    "3.1": ("family_history", ["family"], True),
    "3.2": ("wider_family", ["family"], False),
    "3.3": ("housing_employment_finance", ["housing", "money_work"], False),
    "3.4": ("social_community", ["community"], True),
}
CAF_PARTS = {
    "assessment": ["plan"],
    "people_present": ["involvement"],
    "assessor": ["involvement"],
    "checklist": ["plan", "health", "safeguarding", "learning", "wellbeing", "money_work"],
    "parent_or_carer": ["family", "contact"],
    "home_situation": ["family"],
    "service_with_family": ["involvement"],
    "conclusion": ["plan"],
    "agreed_action": ["plan"],
    "goal": ["plan"],
    "review": ["plan"],
    "comment": ["voice"],
}


@pytest.fixture(scope="module")
def caf() -> Instrument:
    found = load_library().find("caf", "1")
    assert found is not None
    return found


def caf_document() -> dict[str, Any]:
    text = (files("services.assessment.instruments") / "data" / "caf-1.json").read_bytes()
    document: dict[str, Any] = orjson.loads(text)
    return document


def test_the_caf_has_three_domains_and_nineteen_elements(caf: Instrument) -> None:
    assert [(domain.code, len(domain.elements)) for domain in caf.domains] == [
        ("development", 12),
        ("parents_carers", 3),
        ("family_environment", 4),
    ]
    found = {e.number: (e.code, list(e.categories), e.ask_sensitive) for e in caf.elements()}
    assert found == CAF_ELEMENTS
    assert len(found) == 19


def test_its_parts_bear_the_categories_of_the_form(caf: Instrument) -> None:
    assert {part.kind: list(part.categories) for part in caf.parts} == CAF_PARTS
    assert {part.kind for part in caf.parts if part.ask_sensitive} == {"comment", "home_situation"}


def test_a_risk_of_harm_is_safeguarding_and_needs_a_referral(caf: Instrument) -> None:
    assert {
        c.code: (list(c.additional_categories), c.needs_referral, c.needs_review) for c in caf.conclusions
    } == {
        "no_additional_needs": ([], False, False),
        "additional_needs": ([], False, True),
        "complex_needs": ([], False, True),
        "risk_of_harm": (["safeguarding"], True, True),
    }


def test_the_sensitive_question_has_six_choices(caf: Instrument) -> None:
    assert {choice.category for choice in caf.sensitive_question.choices} == {
        Category.MENTAL_HEALTH, Category.SUBSTANCE_USE, Category.SEXUAL_HEALTH,
        Category.DOMESTIC_ABUSE, Category.OFFENDING, Category.SAFEGUARDING,
    }  # fmt: skip


def test_every_help_text_is_a_sentence_of_its_own(caf: Instrument) -> None:
    texts = [element.help for element in caf.elements()]
    assert len(set(texts)) == 19
    assert all(text.endswith(".") and 40 < len(text) < 220 for text in texts)


def an_element(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["domains"][0]["elements"][0]
    return found


BROKEN: list[Callable[[dict[str, Any]], object]] = [
    lambda d: an_element(d).update(code="physical_development"),
    lambda d: an_element(d).update(number="1.2"),
    lambda d: an_element(d).update(number="2.1"),
    lambda d: an_element(d).update(categories=["astrology"]),
    lambda d: an_element(d).update(categories=[]),
    lambda d: an_element(d).update(group="nowhere"),
    lambda d: an_element(d).update(unforeseen=True),
    lambda d: an_element(d).pop("ask_sensitive"),
    lambda d: d["parts"].pop(),
    lambda d: d["parts"].append({**d["parts"][0], "kind": "horoscope"}),
    lambda d: d["parts"].append(d["parts"][0]),
    lambda d: d["conclusions"].append(d["conclusions"][0]),
    lambda d: d["checklist"]["questions"].append(d["checklist"]["questions"][0]),
    lambda d: d["sensitive_question"]["choices"].append({"category": "learning", "title": "Learning"}),
    lambda d: d["domains"].append(copy.deepcopy(d["domains"][0])),
]


@pytest.mark.parametrize("break_it", BROKEN)
def test_data_that_does_not_hold_together_is_refused(break_it: Callable[[dict[str, Any]], object]) -> None:
    document = caf_document()
    Instrument.model_validate(document)
    break_it(document)
    with pytest.raises(ValidationError):
        Instrument.model_validate(document)


def test_one_version_stands_once_in_the_library(caf: Instrument) -> None:
    with pytest.raises(ValueError, match="two instruments caf 1"):
        Library([caf, caf])
    newer = caf.model_copy(update={"version": "2"})
    assert Library([caf, newer]).find("caf", "2") is newer


@pytest.mark.anyio
async def test_instruments_are_listed_and_read(service: RunningService) -> None:
    assert await service.call("GET", "/instruments") == {
        "instruments": [
            {
                "code": "caf",
                "version": "1",
                "title": "Common Assessment Framework",
                "ages": "unborn to 18, to 25 with additional needs",
            }
        ]
    }
    assert await service.call("GET", "/instruments/caf/1") == caf_document()
    for path in ("/instruments/caf/2", "/instruments/CAF/1", "/instruments/none/1"):
        with pytest.raises(Problem) as caught:
            await service.call("GET", path)
        assert caught.value.kind == "not-found"
