"""Why somebody sees what they see, in plain words: every word that the API may use has one of ours."""

from typing import Any

from clients.practitioner.presenters.who_can_see import whys_of
from services.gateway.wording import CHANGES
from shared.vocabulary import Blocker

NAMES = {"school": "Hill School"}


def explained(**cell: Any) -> Any:
    whole = {"owner": "school", "level": "summary", "categories": ["learning"], "because": [], "blockers": [],
             "would_change": [], **cell}  # fmt: skip
    sitting = {"user": "a", "name": "Ada", "agency": "school", "role": "practitioner",
               "relationship": "member", "purpose": "support"}  # fmt: skip
    return {"explanations": [{**sitting, "cells": [whole], "by_category": []}]}


def test_every_reason_why_no_more_is_shown_has_words_of_its_own() -> None:
    said = set()
    for blocker in Blocker:
        ((reason,),) = [one.reasons for one in whys_of(explained(blockers=[blocker.value]), NAMES)]
        (words,) = reason.not_more
        assert blocker.value.replace("_", " ").lower() != words.lower()
        said.add(words)
    assert len(said) == len(Blocker)


def test_every_change_has_words_of_its_own_and_names_roles_and_purposes_plainly() -> None:
    said = set()
    for change in CHANGES:
        told = [{"change": change, "detail": ["safeguarding_lead"], "level": "full"}]
        ((reason,),) = [one.reasons for one in whys_of(explained(would_change=told), NAMES)]
        (words,) = reason.otherwise
        assert words.startswith("Everything, if ")
        assert "_" not in words
        said.add(words)
    assert len(said) == len(CHANGES)
    assert "Everything, if they acted as safeguarding lead" in said


def test_a_newer_word_does_no_harm_and_what_fares_alike_is_told_together() -> None:
    answer = explained(
        blockers=["QUITE_NEW"], would_change=[{"change": "newer", "detail": [], "level": "full"}]
    )
    cells = answer["explanations"][0]["cells"]
    cells.append({**cells[0], "categories": ["health"]})
    ((reason,),) = [one.reasons for one in whys_of(answer, NAMES)]
    assert reason.what == "Learning, Health (Hill School)"
    assert reason.not_more == ("QUITE NEW".capitalize(),)
    assert reason.otherwise == ("Everything, if newer",)


def test_of_what_exists_alone_only_whose_it_is_is_said() -> None:
    answer = explained(level="existence", categories=None, because=None, blockers=None, would_change=None)
    ((reason,),) = [one.reasons for one in whys_of(answer, NAMES)]
    assert (reason.what, reason.because, reason.not_more) == ("Something of Hill School", "", ())
