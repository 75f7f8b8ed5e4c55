"""The meet of two policies gives nobody more than either (design 3.6, "tightens early, widens late")."""

from collections import Counter
from random import Random

import pytest

from services.consent.decision.decide import decide
from services.consent.decision.meet import meet
from tests.decision.worlds import DEFAULT_POLICY, random_policy, random_world

PAIRS, WORLDS_PER_PAIR = 25, 60


@pytest.mark.property
def test_the_meet_of_two_policies_gives_the_lower_of_both_and_never_more(seed: int, scale: float) -> None:
    """Three changes to ``meet.py`` that make it fail: the mandatory categories of either, the relationships
    that end with the subject's own decision taken from the first alone, no regard for those that end so
    in one of them only."""
    random, mix = Random(seed), Counter[str]()
    for _ in range(int(PAIRS * scale)):
        first, second = random_policy(random), random_policy(random)
        if random.random() < 0.3:
            second = DEFAULT_POLICY
        both = meet(first, second)
        for _ in range(WORLDS_PER_PAIR):
            facts, ask = random_world(random, random.choice((first, second, both)))
            lower = [
                min(pair)
                for pair in zip(
                    decide(first, facts, ask).levels, decide(second, facts, ask).levels, strict=True
                )
            ]
            met = list(decide(both, facts, ask).levels)
            assert all(got <= least for got, least in zip(met, lower, strict=True)), (facts, ask)
            mix["cells"] += len(met)
            mix["released by both"] += sum(level > 0 for level in lower)
            mix["the same"] += met == lower
            mix["worlds"] += 1
    assert mix["worlds"] == int(PAIRS * scale) * WORLDS_PER_PAIR
    assert mix["released by both"] > mix["cells"] // 20, mix
    assert mix["the same"] > mix["worlds"] * 9 // 10, mix


def test_a_policy_met_with_itself_is_itself() -> None:
    both = meet(DEFAULT_POLICY, DEFAULT_POLICY)
    assert both == DEFAULT_POLICY
