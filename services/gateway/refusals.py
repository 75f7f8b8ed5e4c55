"""Refusals stand in the ledger before anybody is told of them (design 3.4), whoever refused.

What the decision refuses it records itself. What is refused after it (by the service that was to write, or by
a route) would stand there as done, and what a guard refuses would not stand there at all.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from services.gateway.disclose import decision_unavailable
from services.gateway.guards import ACTING, Acting
from services.gateway.upstreams import Upstreams
from shared.ids import id_or_nowhere
from shared.problems import Problem
from shared.upstream import Unreachable
from shared.web import OnRefusal


def recording_refusals(upstreams: Upstreams) -> OnRefusal:
    """Records a refusal that the ledger does not hold yet; a 503 when it cannot be recorded."""

    async def record(request: Request, problem: Problem) -> None:
        acting: Acting | None = request.scope.get(ACTING)
        if acting is None or problem.status >= 500 or acting.attempt.is_done:
            return
        refusal = _refusal(acting, request.path_params, problem)
        if refusal is None:
            return
        try:
            await upstreams.work("consent", "/refusals", acting, refusal)
        except Unreachable:
            raise decision_unavailable() from None

    return record


def _refusal(acting: Acting, named: Mapping[str, Any], problem: Problem) -> dict[str, Any] | None:
    attempt = acting.attempt
    if attempt.stands_as_done:
        # What is not there is kept as an attempt: an officer who asks about the id learns of nothing.
        may_know = problem.kind != "not-found"
        cases, people = dict(attempt.cases), dict(attempt.people)
        if not cases and not people:
            cases, people = _ids(named, "case", may_know), _ids(named, "person", may_know)
    elif not attempt.is_decided and problem.kind == "forbidden":
        # A guard looks nothing up, so nobody knows whether there is such a case.
        may_know = False
        cases, people = _ids(named, "case", may_know), _ids(named, "person", may_know)
        if not cases and not people:
            return None
    else:
        return None
    return {
        "deed": attempt.deed,
        "purpose": acting.purpose.value,
        "reason": acting.reason,
        "cases": list(cases),
        "people": list(people),
        "known": [id_ for id_, exists in (*cases.items(), *people.items()) if exists and may_know],
    }


def _ids(named: Mapping[str, Any], parameter: str, known: bool) -> dict[str, bool]:
    """What a path names, a malformed id as an absent one, with whether the caller may know of it."""
    return {id_or_nowhere(named[parameter]): known} if parameter in named else {}
