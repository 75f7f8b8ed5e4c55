"""What would be shown if nobody had opened it by law: decided again without statutory overrides. Pure.

A receipt keeps it beside what was shown, because what a permission had released (design 3.4) must be the
same whether or not there is an override of which nobody may be told. The bases of a cell do not say it: an
override may have raised the level above what the permission gave, or have opened one of several categories
alone.
"""

from collections.abc import Sequence
from dataclasses import replace

from services.consent.decision.decide import decide
from services.consent.decision.facts import Ask, Facts
from services.consent.decision.policy import Policy
from services.consent.decision.verdict import Cell
from shared.vocabulary import Basis, OverrideKind

_STATUTORY = f"{Basis.STATUTORY}:"


def without_overrides(
    policy: Policy, facts: Facts, ask: Ask, cells: Sequence[Cell]
) -> tuple[Cell | None, ...]:
    """Of each of these cells, which are what was decided, what it would be without any statutory override;
    None for one that rests on none."""
    resting = [any(basis.startswith(_STATUTORY) for basis in cell.bases) for cell in cells]
    if not any(resting):
        return (None,) * len(cells)
    left = tuple(one for one in facts.overrides if one.kind != OverrideKind.STATUTORY)
    besides = decide(policy, replace(facts, overrides=left), ask).cells
    return tuple(cell if rests else None for cell, rests in zip(besides, resting, strict=True))
