"""The only place where the parts of the case service meet."""

import asyncio

from fastapi import FastAPI

from services.case.base import IdempotencyKey
from services.case.budget.routes import router as budget
from services.case.budget_streams.routes import router as budget_streams
from services.case.caseloads.routes import router as caseloads
from services.case.cases.routes import hot_routes
from services.case.cases.routes import router as cases
from services.case.casework_rules import CaseworkRules
from services.case.compact.routes import router as compact
from services.case.concerns.routes import router as concerns
from services.case.contacts.routes import router as contacts
from services.case.costs.routes import router as costs
from services.case.deputies.routes import router as deputies
from services.case.flags.routes import router as flags
from services.case.goals.routes import router as goals
from services.case.involvements.routes import router as involvements
from services.case.lead_professional.routes import router as lead_professional
from services.case.meetings.routes import router as meetings
from services.case.need_levels.routes import router as need_levels
from services.case.notices.routes import router as notices
from services.case.outcomes.routes import router as outcomes
from services.case.people.routes import router as people
from services.case.plan.routes import router as plan
from services.case.pledges.routes import router as pledges
from services.case.referrals.routes import router as referrals
from services.case.reports.routes import router as reports
from services.case.reviews.routes import router as reviews
from services.case.settings import from_environment
from services.case.signals.routes import router as signals
from services.case.small_concerns.routes import router as small_concerns
from services.case.team.routes import router as team
from services.case.vacancies.routes import router as vacancies
from services.case.worklists.routes import router as worklists
from shared.clock import Clock, utc_now
from shared.service import DataServiceSettings, Sleep, create_data_service

ROUTERS = (
    people,
    cases,
    lead_professional,
    team,
    plan,
    pledges,
    goals,
    outcomes,
    compact,
    budget_streams,
    budget,
    concerns,
    notices,
    flags,
    need_levels,
    small_concerns,
    signals,
    referrals,
    contacts,
    costs,
    reports,
    vacancies,
    deputies,
    caseloads,
    involvements,
    worklists,
    meetings,
    reviews,
)


def create_app(
    settings: DataServiceSettings | None = None,
    rules: CaseworkRules | None = None,
    *,
    clock: Clock = utc_now,
    sleep: Sleep = asyncio.sleep,
) -> FastAPI:
    """The app of the case service; without ``settings`` it reads the environment, the rules with them."""
    if settings is None:
        settings, rules = from_environment()
    return create_data_service(
        "case",
        "People, cases, the lead professional, the team and the plan: raw, for the gateway alone.",
        settings,
        ROUTERS,
        IdempotencyKey,
        clock=clock,
        sleep=sleep,
        extra=rules or CaseworkRules(),
        hot_routes=hot_routes,
    )
