"""Golden decision tables: each row decided by the real decision, and the default policy's all come out."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from services.consent.decision.policy import parse_policy
from services.consent.policies.golden import run
from shared.records.policies import GoldenRow
from shared.vocabulary import Category, Level, Purpose, Relationship, Role
from tests.decision.worlds import DEFAULT_DOCUMENT, DEFAULT_POLICY

FILE = Path(__file__).parents[2] / "services/consent/policy_data/golden-1.json"
ROWS = [GoldenRow.model_validate(row) for row in json.loads(FILE.read_text("utf-8"))]


def test_every_golden_row_of_the_default_policy_comes_out() -> None:
    outcomes = run(DEFAULT_POLICY, ROWS)
    assert [outcome for outcome in outcomes if outcome.fails] == []
    assert len(outcomes) == len(ROWS) >= 100


def test_the_golden_rows_are_of_every_kind() -> None:
    """What is never asked is never held to anything."""
    assert len({row.says for row in ROWS}) == len(ROWS)
    assert {row.role for row in ROWS} == set(Role) - {Role.AGENCY_SYSTEM}
    assert {row.relationship for row in ROWS} == set(Relationship)
    assert {row.purpose for row in ROWS} == set(Purpose)
    assert {row.expected for row in ROWS} == {level.word for level in Level}
    named = {category for row in ROWS for category in row.categories}
    assert len(named) >= 22
    assert {Category.MENTAL_HEALTH, Category.SAFEGUARDING, Category.EQUALITY} <= named
    counted = {
        "excluded": sum(row.excluded for row in ROWS),
        "barred": sum(row.barred for row in ROWS),
        "released": sum(row.released != "none" for row in ROWS),
        "statutory": sum(row.override == "statutory" for row in ROWS),
        "break_glass": sum(row.override == "break_glass" for row in ROWS),
        "refused": sum(row.permission == "refused" for row in ROWS),
        "own": sum(row.owner == "own" for row in ROWS),
    }
    assert min(counted.values()) >= 2, counted


@pytest.mark.parametrize("digit", ["3", "0"])
def test_every_line_of_ceilings_and_caps_is_held_from_above_and_from_below(digit: str) -> None:
    """With all of a line at full some row comes out too high, and with all of it at none too low."""
    unheld, tried = [], 0
    for section in ("ceilings", "own_ceilings", "override_caps"):
        for place, entry in enumerate(DEFAULT_DOCUMENT[section]):
            if entry["levels"] == digit * 16:
                continue
            document: dict[str, Any] = json.loads(json.dumps(DEFAULT_DOCUMENT))
            document[section][place]["levels"] = digit * 16
            if not any(outcome.fails for outcome in run(parse_policy(document), ROWS)):
                unheld.append((section, place))
            tried += 1
    assert unheld == []
    assert tried >= 25


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "wizard"}, {"categories": []}, {"categories": ["star_sign"]}, {"expected": "all"},
        {"says": ""}, {"surprise": 1}, {"permission": "maybe"}, {"kind": None},
    ],
)  # fmt: skip
def test_a_row_of_another_form_is_refused(changes: dict[str, Any]) -> None:
    row = ROWS[0].model_dump(mode="json")
    assert GoldenRow.model_validate(row) == ROWS[0]
    with pytest.raises(ValidationError):
        GoldenRow.model_validate({**row, **changes})
