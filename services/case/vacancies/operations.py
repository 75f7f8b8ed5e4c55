"""Cases that nobody leads who can act: the co-ordinators' queue, and the alarm so that somebody looks."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from services.case.bundles.repository import case_bundles
from services.case.casework_rules import CaseworkRules
from services.case.notices.audience import for_role, for_role_anywhere
from services.case.notices.repository import NewNotice
from services.case.vacancies import repository
from services.case.vacancies.schemas import VacanciesAsk
from shared.clock import rfc3339
from shared.database import ReadSession
from shared.identity import Caller
from shared.pages import cut
from shared.problems import not_found
from shared.vocabulary import Role


def vacancies(session: ReadSession, caller: Caller, ask: VacanciesAsk, at: datetime) -> dict[str, Any]:
    """A page of the open cases that nobody leads, longest vacant first, raw: the gateway asks which of them
    exist for the caller. For co-ordinators, who need no seat in a case to find somebody for it."""
    if caller.role != Role.COORDINATOR:
        raise not_found()
    after = None if ask.after is None else (ask.after.since, ask.after.id)
    shown, last = cut(repository.longest_vacant(session, at.date(), after, ask.limit + 1), ask.limit)
    cases = [case for _, case in shown]
    return {
        "bundles": case_bundles(session, caller, cases, at),
        "after": None if last is None else {"since": rfc3339(last[0]), "id": last[1]},
    }


def vacant_too_long(session: ReadSession, at: datetime, rules: CaseworkRules) -> Iterable[NewNotice]:
    """A case of several agencies, or of none any more, that nobody has led for as long as the rules allow:
    for the managers of those at work and for every co-ordinator, once for each time that it falls vacant
    (a clock)."""
    long_ago = at - timedelta(days=rules.days_without_lead)
    for unled in repository.without_lead_since(session, long_ago, at.date()):
        audiences = [for_role(agency, Role.TEAM_MANAGER) for agency in unled.agencies]
        for audience in (*audiences, for_role_anywhere(Role.COORDINATOR)):
            yield NewNotice(unled.case, "lead_vacant", unled.case, audience, rfc3339(unled.since))


LEAD_GONE = "lead_gone"


def lead_gone(case: str, agencies: Iterable[str], occasion: str) -> list[NewNotice]:
    """For the managers of the agencies at work, and for every co-ordinator."""
    audiences = [for_role(agency, Role.TEAM_MANAGER) for agency in sorted(set(agencies))]
    return [
        NewNotice(case, LEAD_GONE, case, audience, occasion)
        for audience in (*audiences, for_role_anywhere(Role.COORDINATOR))
    ]
