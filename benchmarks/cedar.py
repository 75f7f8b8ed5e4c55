"""The decision beside the same decision in Cedar, by turns in one run (design 5.5).

Both begin with a policy that is read and facts as they were loaded, and give the levels of what is asked:
``…_per_decision`` of one label, ``…_per_case`` of the whole case of ``decide.py``. Cedar is asked through
``cedarpy``, translated as the tests translate that hold the one to the other (``cedar_oracle.py``).
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from statistics import median, quantiles
from time import process_time
from typing import Any

from benchmarks.decide import POLICY, a_case
from services.consent.decision.decide import decide
from tests.decision.cedar_oracle import CedarOpinion, entities_of

TURNS = 15
OURS_PER_TURN = 2_000
GOALS = {"decide_vs_cedarpy_per_decision": 50, "decide_vs_cedarpy_per_case": 500}


def measure() -> list[dict[str, Any]]:
    """How many times longer Cedar takes: the median over the turns, interquartile range as spread."""
    facts, whole = a_case()
    one = replace(whole, labels=whole.labels[3:4])
    entities = entities_of(POLICY.document)
    records = []
    for name, ask in zip(GOALS, (one, whole), strict=True):
        assert decide(POLICY, facts, ask).levels == CedarOpinion(entities, facts, ask).levels
        ratios = []
        for _ in range(TURNS):
            ours = _seconds(partial(decide, POLICY, facts, ask), OURS_PER_TURN)
            ratios.append(_seconds(partial(CedarOpinion, entities, facts, ask), 1) / ours)
        low, _, high = quantiles(ratios, n=4)
        records.append(
            {
                "name": name,
                "value": round(median(ratios), 1),
                "unit": "times",
                "goal": GOALS[name],
                "n": TURNS,
                "spread": round(high - low, 1),
            }
        )
    return records


def _seconds(run: Callable[[], object], calls: int) -> float:
    started = process_time()
    for _ in range(calls):
        run()
    return (process_time() - started) / calls
