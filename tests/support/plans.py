"""How a database means to answer a statement: which tables it reads from end to end, and whether it sorts.

Plans are asked of empty tables, where PostgreSQL would read everything and join it as it comes. It is told to
do so only where nothing else is possible: what is left then has no index that fits.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, event, text

Statement = tuple[str, Any]
_AVOIDED = ("seqscan", "bitmapscan")
_OF_NO_TABLE = ("VIRTUAL TABLE", "CONSTANT ROW", "(subquery", "anon_")


@dataclass(frozen=True)
class Plan:
    """``read_whole``: where a table is read from end to end; ``sorted``: where rows are put in order."""

    read_whole: list[str]
    sorted: list[str]


@contextmanager
def statements_of(engine: Engine) -> Iterator[list[Statement]]:
    """What an engine is asked meanwhile, as its driver gets it."""
    asked: list[Statement] = []

    def listen(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def plan_of(connection: Connection, statement: Statement) -> Plan:
    sql, parameters = statement
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters).all()
        return _sqlite_plan([row.detail for row in rows])
    for what in _AVOIDED:
        connection.execute(text(f"SET LOCAL enable_{what} = off"))
    found = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {sql}", parameters).scalar_one()
    plan = Plan([], [])
    _walk(orjson.loads(found) if isinstance(found, str) else found, plan)
    return plan


def _sqlite_plan(details: list[str]) -> Plan:
    whole = [
        detail
        for detail in details
        if "AUTOMATIC" in detail
        or (detail.startswith("SCAN") and not any(word in detail for word in _OF_NO_TABLE))
    ]
    return Plan(whole, [detail for detail in details if "TEMP B-TREE" in detail])


def _walk(node: Any, plan: Plan) -> None:
    if isinstance(node, list):
        for part in node:
            _walk(part, plan)
    elif isinstance(node, dict):
        kind = node.get("Node Type", "")
        if kind.endswith("Scan") and "Relation Name" in node and "Index Cond" not in node:
            plan.read_whole.append(f"{kind} {node['Relation Name']} {node.get('Filter', '')}")
        if kind.endswith("Sort"):
            plan.sorted.append(f"{kind} {node['Sort Key']}")
        for value in node.values():
            if isinstance(value, dict | list):
                _walk(value, plan)
