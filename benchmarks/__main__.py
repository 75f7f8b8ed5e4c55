"""``make bench``: measure, print a table, and write ``benchmarks/results/latest.json`` (design 5.1)."""

import json
from pathlib import Path
from typing import Any

from benchmarks import case_page, caseload, cedar, composed_view, decide, drf, simulate, start, who_can_see

RESULTS = Path(__file__).parent / "results" / "latest.json"
MEASURES = (
    ("the decision", decide.measure),
    ("the decision beside Cedar", cedar.measure),
    ("the simulation of a policy", simulate.measure),
    ("who can see", who_can_see.measure),
    ("the start", start.measure),
    ("the composed view", composed_view.measure),
    ("the composed view beside Django", drf.measure),
    ("the page of a case", case_page.measure),
    ("a caseload and a case among two hundred thousand", caseload.measure),
)


def table(records: list[dict[str, Any]]) -> str:
    lines = [f"{'name':<36}{'value':>10}  {'unit':<12}{'goal':>8}{'n':>6}{'spread':>10}"]
    for record in records:
        goal = "" if record["goal"] is None else record["goal"]
        lines.append(
            f"{record['name']:<36}{record['value']:>10}  {record['unit']:<12}{goal:>8}{record['n']:>6}"
            f"{record['spread']:>10}"
        )
    return "\n".join(lines)


def main() -> None:
    records: list[dict[str, Any]] = []
    RESULTS.parent.mkdir(exist_ok=True)
    for what, measure in MEASURES:
        print(f"Measuring {what} ...", flush=True)
        records.extend(measure())
        # Written as they come: one that cannot be measured here loses none of those before it.
        RESULTS.write_text(json.dumps(records, indent=2) + "\n", encoding="utf-8")
    print(table(records))


if __name__ == "__main__":
    main()
