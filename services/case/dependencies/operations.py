"""Saying what must be done first, and warning early when that will not be."""

from collections.abc import Collection, Iterable
from datetime import datetime

from services.case.cases.operations import lock_open_case
from services.case.cases.relationship import Place
from services.case.casework_rules import CaseworkRules
from services.case.dependencies import repository
from services.case.dependencies.circles import makes_a_circle
from services.case.dependencies.repository import Endangered, Needed
from services.case.notices import in_charge
from services.case.notices.audience import Audience
from services.case.notices.repository import NewNotice, clear_because
from services.case.promises import repository as promises
from services.case.team import repository as team
from shared.database import WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.problems import Problem, conflict, invalid, not_found
from shared.records.plan import DependencyToKeep

WARNING = "late_for_what_follows"


def add_dependency(
    session: WriteSession, request: WriteRequest, case: str, action: str, body: DependencyToKeep
) -> Outcome:
    """Say that an action waits for another one of its case.

    A circle that the author can see is refused. One through what is hidden from them is not, because the
    refusal would tell them of it: the link is kept, and does not count. One through what was agreed since it
    was decided what they see is ``stale``: that is decided again first, or a circle in plain sight would be
    kept as if it were hidden.
    """
    lock_open_case(session, case)
    if promises.find(session, case, action) is None:
        raise not_found()
    if promises.find(session, case, body.needs) is None:
        raise invalid("needs", "Name an action of this case that you can see.")
    state(session, request, case, action, body.needs, seen=body.seen, hidden=body.hidden, path="needs")
    return {"id": action, "needs": body.needs}


def state(
    session: WriteSession,
    request: WriteRequest,
    case: str,
    action: str,
    needs: str,
    *,
    seen: Collection[str],
    hidden: Collection[str],
    path: str,
) -> None:
    """The same inside a transaction that has locked the case and knows both actions: of two links at once
    that would close a circle together, the second sees the first."""
    links = repository.of_case(session, case)
    if any((link.action, link.needs) == (action, needs) for link in links):
        raise conflict("This is recorded already.")
    if action == needs or makes_a_circle(
        [(link.action, link.needs) for link in links], (action, needs), seen
    ):
        raise invalid(path, "These would wait for each other for ever; name something that comes before it.")
    not_hidden = {one for link in links for one in (link.action, link.needs)}.difference(hidden)
    if makes_a_circle([(link.action, link.needs) for link in links], (action, needs), not_hidden):
        raise Problem("stale", "The plan has changed meanwhile. Read it again, then say what comes first.")
    counted = [(link.action, link.needs) for link in links if link.counts]
    counts = not makes_a_circle(counted, (action, needs))
    repository.add(session, request, case, Needed(action, needs, counts))


def remove_dependency(
    session: WriteSession, request: WriteRequest, case: str, action: str, needs: str
) -> Outcome:
    lock_open_case(session, case)
    if not repository.remove(session, case, action, needs):
        raise not_found()
    _count_again(session, case)
    for about, because in ((action, needs), (needs, action)):
        clear_because(session, because, request.at, about)
    return {"id": action}


def _count_again(session: WriteSession, case: str) -> None:
    """A link that closed a circle with the one that is gone closes none any more, and counts."""
    counted: list[tuple[str, str]] = []
    links = repository.of_case(session, case)
    for link in sorted(links, key=lambda link: not link.counts):
        pair = link.action, link.needs
        if not makes_a_circle(counted, pair):
            counted.append(pair)
            if not link.counts:
                repository.let_count(session, case, link)


def late_for_what_follows(session: WriteSession, at: datetime, _: CaseworkRules) -> Iterable[NewNotice]:
    """An early warning (a clock): what an action waits for is late, comes after the day on which it is
    needed, or will not come. Told to whoever owes either, each about their own, and to whoever is in
    charge; to those of them who see both."""
    found = repository.endangered(session, at.date())
    places = team.places_of(session, (one.case for one in found), at.date())
    for one in found:
        comes = one.needs_due_on.isoformat() if one.needs_open else "never"
        occasion = f"{comes}/{one.needed_on.isoformat()}"
        for about, because, whom in _whom(one, places[one.case]):
            yield NewNotice(one.case, WARNING, about, whom, occasion, because)


def _whom(one: Endangered, places: list[Place]) -> Iterable[tuple[str, str, Audience]]:
    """About which of the two, because of which, and for whom."""
    if one.needs_accountable is not None and one.needs_open:
        for whom in in_charge.of_agency(places, one.needs_accountable, one.needs_user):
            yield one.needs, one.action, whom
    if one.accountable is not None:
        for whom in in_charge.of_agency(places, one.accountable, one.user):
            yield one.action, one.needs, whom
    for whom in in_charge.lead_or_managers(places):
        yield one.action, one.needs, whom
