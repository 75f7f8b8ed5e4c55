"""What every measure writes down, in the shape of design 5.1."""

from collections.abc import Sequence
from statistics import median, quantiles
from typing import Any


def record(
    name: str, values: Sequence[float], unit: str, goal: float | None = None, *, asked: int = 1
) -> dict[str, Any]:
    """The median of the values, with the distance between their quartiles as ``spread``; ``asked``: how many
    requests each of them stands for."""
    low, _, high = quantiles(values, n=4)
    return {
        "name": name,
        "value": round(median(values), 3),
        "unit": unit,
        "goal": goal,
        "n": len(values) * asked,
        "spread": round(high - low, 3),
    }
