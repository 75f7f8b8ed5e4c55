"""How often somebody may ask: each user of each agency for themselves, never shared between agencies
(design 3.5, 4). What somebody sends because a person may be in danger is never refused for it.
"""

from collections.abc import Callable, Collection
from math import ceil

from fastapi import Request

from services.gateway.guards import SignedInUser
from shared.limits import RateLimit
from shared.problems import Problem

Admit = Callable[[Request, SignedInUser], None]


def admit_at(limit: RateLimit, never_refused: Collection[tuple[str, str]]) -> Admit:
    """Let a caller's request in or refuse it with a 429. ``never_refused``: methods with paths of routes.

    Asked before anything is read, so that it depends on nothing but who asks and how often they did.
    """

    def admit(request: Request, user: SignedInUser) -> None:
        route = getattr(request.scope.get("route"), "path", "")
        if (request.method, route) in never_refused:
            return
        wait = limit.seconds_to_wait((user.user, _agency(request, user)))
        if wait > 0:
            raise Problem(
                "too-many-requests",
                "You asked very often in the last minute. Wait as long as Retry-After says, then go on.",
                headers={"Retry-After": str(ceil(wait))},
            )

    return admit


def _agency(request: Request, user: SignedInUser) -> str:
    """The agency for which the caller acts; nobody's for one that is not theirs, which is refused next."""
    agencies = {membership.agency for membership in user.memberships}
    named = request.headers.get("acting-agency")
    if named is None:
        return next(iter(agencies)) if len(agencies) == 1 else ""
    return named if named in agencies else ""
