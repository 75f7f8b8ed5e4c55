"""The decision never raises, and garbage opens nothing (design 3.2 "pure, total")."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from services.consent.decision.decide import decide
from services.consent.decision.explain import explain
from services.consent.decision.facts import Ask, Facts, Label, Subject, Window
from services.consent.decision.grid import ALL
from services.consent.decision.specification import specify
from shared.vocabulary import Level
from tests.decision.worlds import DEFAULT_POLICY, random_world

ODD_INTS = (-1, 0, 1, ALL, ALL + 1, 1 << 29, 1 << 35, 1 << 89, 1 << 200, -(1 << 90))
ODD_WORDS = ("", "none", "wizard", "\x00", "PRACTITIONER", "practitioner ", "лікар")
ODD_TIMES = (-(10**18), -1, 0, 10**18, 10**30)


def garbled(random: Random, facts: Facts, ask: Ask) -> tuple[Facts, Ask]:
    """The same world with odd masks, grids, words and windows in it."""
    changes: dict[str, Any] = {}
    for kind in ("permissions", "exclusions", "overrides", "bars", "releases"):
        several = []
        for fact in getattr(facts, kind):
            odd: dict[str, Any] = {"window": Window(random.choice(ODD_TIMES), random.choice(ODD_TIMES))}
            for name in ("grid", "mask", "authority"):
                if hasattr(fact, name) and random.random() < 0.5:
                    odd[name] = random.choice(ODD_INTS)
            several.append(replace(fact, **odd) if random.random() < 0.7 else fact)
        changes[kind] = tuple(several)
    subjects = {"child": Subject("child", random.choice((None, *ODD_TIMES)))}
    labels = tuple(
        Label(
            random.choice((*ODD_WORDS, "school")),
            random.choice(ODD_INTS),
            random.choice(((), ("child",), ("",))),
        )
        for _ in range(3)
    )
    odd_ask = replace(
        ask,
        role=random.choice((ask.role, *ODD_WORDS)),
        relationship=random.choice((ask.relationship, *ODD_WORDS)),
        purpose=random.choice((ask.purpose, *ODD_WORDS)),
        at=random.choice((ask.at, *ODD_TIMES)),
        labels=labels + ask.labels,
    )
    return replace(facts, subjects=subjects, **changes), odd_ask


@pytest.mark.property
def test_garbage_never_raises(seed: int, scale: float) -> None:
    random = Random(seed)
    wanted = int(2_000 * scale)
    ran = 0
    for _ in range(wanted):
        facts, ask = garbled(random, *random_world(random, DEFAULT_POLICY))
        verdict = decide(DEFAULT_POLICY, facts, ask)
        assert len(repr(verdict)) > 0
        assert len(explain(DEFAULT_POLICY, facts, ask)) == len(ask.labels)
        ran += 1
    assert ran == wanted


def test_nothing_at_all_gives_nothing() -> None:
    facts = Facts("", {}, False, False, {})
    ask = Ask("", "", "", "", "", 0, 0, ())
    verdict = decide(DEFAULT_POLICY, facts, ask)
    assert verdict == specify(DEFAULT_POLICY, facts, ask)
    assert not verdict.exists
    assert verdict.cells == ()
    assert verdict.valid_until is None


@pytest.mark.parametrize("mask", [mask for mask in ODD_INTS if not 0 < mask <= ALL])
def test_a_mask_that_is_not_wholly_known_is_never_shown(mask: int) -> None:
    random = Random(7)
    for _ in range(200):
        facts, ask = random_world(random, DEFAULT_POLICY)
        odd = replace(ask, labels=(Label("school", mask, ("child",)),))
        assert decide(DEFAULT_POLICY, facts, odd).levels == (Level.NONE,)


def test_explanation_agrees_with_the_decision() -> None:
    """Every listed basis is a candidate that reaches the level, and no candidate goes beyond its pair."""
    random = Random(11)
    compared = 0
    for _ in range(500):
        facts, ask = random_world(random, DEFAULT_POLICY)
        verdict = decide(DEFAULT_POLICY, facts, ask)
        for cell, explanation in zip(verdict.cells, explain(DEFAULT_POLICY, facts, ask), strict=True):
            assert explanation.cell == cell
            reaching = {found.basis for found in explanation.candidates if found.level >= cell.level}
            assert cell.level == Level.NONE or reaching == set(cell.bases)
            compared += cell.level > Level.NONE
    assert compared >= 200
