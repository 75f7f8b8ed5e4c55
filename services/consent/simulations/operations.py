"""Simulating a draft over all cases, page by page (design 3.6).

The gateway brings rosters and label sets, which this service does not keep; facts and the ledger are here.
One page is counted in a transaction that only reads, and added in one that writes, if nobody added the same
page meanwhile.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from services.consent.agencies.repository import suspended_among
from services.consent.decisions import facts_of
from services.consent.decisions.operations import DecisionParts
from services.consent.policies import lifecycle
from services.consent.policies import repository as policies
from services.consent.policies.differences import Rules
from services.consent.policies.operations import simulation_card
from services.consent.simulations import repository
from services.consent.simulations.repository import ComparedPolicies, FactsOfPage, Released
from services.consent.simulations.schemas import CaseToSimulate, ReaderOnRoster, SimulationPage
from services.consent.simulations.simulate import Reader, Tally, shown, simulate_case
from shared.clock import microseconds, rfc3339
from shared.database import ReadSession, WriteSession
from shared.disclosure import CaseAsk
from shared.idempotency import Outcome, WriteRequest
from shared.ids import new_id
from shared.problems import conflict, invalid, not_found
from shared.records.policies import SimulationStep
from shared.seats import through_seat
from shared.vocabulary import Level, Relationship, Role

RECENT = timedelta(days=30)
_MICROSECONDS = 1_000_000
Shown = dict[str, Any]


def begin_or_find(session: WriteSession, request: WriteRequest, id: str, wanted: SimulationStep) -> Outcome:
    """The simulation of a draft as it stands: the one that is there, unless it is of no use any more.

    It is begun anew against another version, after another publication, once its results are old, or if the
    caller wants it ``afresh`` and it is finished.
    """
    draft = policies.lock_draft(session, id)
    if draft is None:
        raise not_found()
    lifecycle.check_open(draft)
    versions = policies.all_versions(session)
    newest = max(row.version for row in versions)
    against = newest if wanted.against is None else wanted.against
    if against not in {row.version for row in versions}:
        raise invalid("against", "Name a version that was published.")
    found = policies.newest_simulation(session, id, draft.revision)
    if found is not None and _goes_on(found, against, newest, request.at, wanted):
        return _place(found)
    simulation = new_id()
    policies.add_simulation(
        session,
        id=simulation,
        draft=id,
        number=policies.simulations_of(session, id) + 1,
        revision=draft.revision,
        against=against,
        newest=newest,
        after=None,
        tally=Tally().as_json(),
        results=None,
        digest=None,
        begun_at=request.at,
        begun_by=request.caller.user,
        finished_at=None,
    )
    return _place(policies.simulation(session, id, simulation))


def _goes_on(found: Any, against: int, newest: int, at: datetime, wanted: SimulationStep) -> bool:
    if (found.against, found.newest) != (against, newest):
        return False
    begun_long_ago = at - found.begun_at >= lifecycle.RESULTS_LAST
    return not begun_long_ago and not (wanted.afresh and found.finished_at is not None)


def _place(row: Any) -> Outcome:
    return {"id": row.id, "after": row.after, "finished": row.finished_at is not None}


def count_page(
    session: ReadSession,
    parts: DecisionParts,
    compared: ComparedPolicies,
    draft_id: str,
    simulation_id: str,
    page: SimulationPage,
) -> Shown:
    """What a page of cases comes to: decided for everybody on the rosters and whoever asked recently."""
    draft, found = _running(session, draft_id, simulation_id)
    rules = compared.rules(session, draft, found.against)
    at = parts.clock()
    now, margin = microseconds(at), parts.margin
    asks = [case.ask for case in page.cases]
    facts = FactsOfPage(session, rules, asks, now, margin)
    cases = [ask.case for ask in asks if ask.case is not None]
    released, requests = repository.released_since(session, cases, at - RECENT)
    gone = suspended_among(session, {user for case in page.cases for user in _users(case, released)})
    tally = Tally(requests=requests)
    for case in page.cases:
        used = released.get(case.ask.case or "", {})
        readers = [
            reader
            for reader in _readers(case, used, rules, facts.kinds)
            if not gone.intersection({(reader.user, None), (reader.user, reader.agency)})
        ]
        labels = tuple(facts_of.label(label) for label in case.ask.labels)
        simulate_case(
            rules,
            labels,
            readers,
            facts.of_case(case.ask),
            {who: _by_place(case.ask, cells) for who, cells in used.items()},
            (now, margin),
            tally,
        )
    return tally.as_json()


def _users(case: CaseToSimulate, released: Released) -> Iterator[str]:
    yield from (reader.user for reader in case.readers)
    yield from (user for user, *_ in released.get(case.ask.case or "", {}))


def _by_place(ask: CaseAsk, cells: dict[tuple[Any, ...], Level]) -> dict[int, Level]:
    """Per label of the case what was released of it, found again by owner, categories and subjects."""
    keys = (repository.released_key(label.owner, label.categories, label.subjects) for label in ask.labels)
    return {place: cells[key] for place, key in enumerate(keys) if key in cells}


def _readers(
    case: CaseToSimulate, used: dict[tuple[str, str, str, str], Any], rules: Rules, kinds: dict[str, str]
) -> list[Reader]:
    """Everybody who stands in a relationship, whoever asked recently, and anybody of each agency.

    A position in which both policies say the same is left out later; one that they treat differently
    without any relationship is here once for each agency.
    """
    stands = {(reader.user, reader.agency): reader for reader in case.readers if reader.user}
    found = {(r.user, r.agency, r.role): (r.relationship, r.by_subject) for r in case.readers if r.user}
    managed = {reader.agency for reader in case.readers}
    for user, agency, role, _ in used:
        if role == Role.FAMILY_MEMBER:
            continue
        stood = _stood(stands.get((user, agency)), role)
        if role == Role.TEAM_MANAGER and agency in managed:
            stood = Relationship.SUPERVISOR
        found.setdefault((user, agency, role), (stood, {}))
    readers = [
        Reader(user, agency, kinds[agency], role, relationship, by_subject)
        for (user, agency, role), (relationship, by_subject) in found.items()
        if agency in kinds
    ]
    readers.extend(_positions(case, kinds))
    readers.extend(
        Reader("", agency, kind, role, Relationship.NONE)
        for agency, kind in kinds.items()
        for role in rules.open_to_anybody(kind)
    )
    return readers


def _stood(seat: ReaderOnRoster | None, role: str) -> str:
    """What somebody who asked in this role is to a case in which they stand in some role."""
    if seat is None or seat.role == role or seat.relationship == Relationship.CONSIDERING:
        return Relationship.NONE if seat is None else seat.relationship
    return through_seat(role, seat.role, leads=seat.relationship == Relationship.LEAD)


def _positions(case: CaseToSimulate, kinds: dict[str, str]) -> Iterable[Reader]:
    """Positions that nobody is named for: an agency's managers, members of the family."""
    for reader in case.readers:
        if not reader.user:
            agencies = [reader.agency] if reader.agency else _family_agencies(kinds)
            for agency in agencies:
                if agency in kinds:
                    yield Reader(
                        "", agency, kinds[agency], reader.role, reader.relationship, reader.by_subject
                    )


def _family_agencies(kinds: dict[str, str]) -> list[str]:
    return [code for code, kind in kinds.items() if kind == "family"]


def _running(session: ReadSession, draft_id: str, simulation_id: str) -> tuple[Any, Any]:
    draft = policies.draft(session, draft_id)
    found = policies.simulation(session, draft_id, simulation_id)
    if draft is None or found is None:
        raise not_found()
    if draft.revision != found.revision:
        raise conflict("The draft was changed meanwhile. Simulate it as it now stands.")
    return draft, found


def add_page(
    session: WriteSession,
    request: WriteRequest,
    draft_id: str,
    simulation_id: str,
    page: SimulationPage,
    counted: Shown,
) -> Outcome:
    """Add what a page came to, unless it was added already; with the last page, finish."""
    policies.lock_draft(session, draft_id)
    draft, found = _running(session, draft_id, simulation_id)
    if found.finished_at is not None or found.after != page.after:
        return _place(found)
    tally = Tally()
    tally.add_json(found.tally)
    tally.add_json(counted)
    if page.next is not None:
        policies.change_simulation(session, found.id, after=page.next, tally=tally.as_json())
    else:
        _finish(session, request, draft, found, tally)
    return _place(policies.simulation(session, draft_id, simulation_id))


def _finish(session: WriteSession, request: WriteRequest, draft: Any, found: Any, tally: Tally) -> None:
    """Keep what may be shown, forget the exact counts, and seal draft and results with a digest."""
    results = shown(tally)
    digest = lifecycle.digest_of(
        {
            "draft": draft.id,
            "revision": draft.revision,
            "drafted_from": draft.drafted_from,
            "restores": draft.restores,
            "why": draft.why,
            "document": draft.document,
            "goldens": draft.goldens,
            "simulation": found.id,
            "against": found.against,
            "newest": found.newest,
            "finished_at": rfc3339(request.at),
            "results": results,
        }
    )
    policies.change_simulation(
        session, found.id, after=None, tally=None, results=results, digest=digest, finished_at=request.at
    )


def read_simulation(session: ReadSession, draft_id: str, simulation_id: str) -> Shown:
    """How far a simulation is, and its results."""
    found = policies.simulation(session, draft_id, simulation_id)
    if found is None:
        raise not_found()
    return simulation_card(found)
