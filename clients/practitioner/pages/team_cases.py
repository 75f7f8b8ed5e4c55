"""Cases of a team and reviews that are late, for managers and co-ordinators; and finding somebody to lead
what nobody leads, for co-ordinators. The list of those cases is everybody's (``/vacancies``)."""

from functools import partial

from fastapi import APIRouter, Response

from clients.practitioner.downloads import download, download_address
from clients.practitioner.forms import FormPage, FormState, filled, form_at
from clients.practitioner.presenters.caseload import CASES, cases_of, table_of
from clients.practitioner.presenters.team import nominees_of
from clients.practitioner.visit import SignedIn, Visit
from shared.problems import not_found
from shared.records.base import Id

router = APIRouter(prefix="/team-cases")
SHOWN = (
    ("team", "My team’s cases"),
    ("review_overdue", "Reviews that are late"),
)
_COORDINATOR = "coordinator"


@router.get("")
async def team_cases(visit: SignedIn, show: str = "", cursor: str | None = None) -> Response:
    """One of the lists."""
    chosen = _chosen(show)
    answer = await visit.get("/v1/cases", filter=chosen, cursor=cursor)
    return visit.page(
        "team_cases/list.html",
        cases=cases_of(answer),
        chosen=chosen,
        shown=SHOWN,
        heading=dict(SHOWN)[chosen],
        cursor=answer["cursor"],
        notice=answer["notice"],
        file=download_address("/team-cases", show=chosen, cursor=cursor),
    )


def _chosen(show: str) -> str:
    return show if show in dict(SHOWN) else "team"


@router.get("/download")
async def download_cases(visit: SignedIn, show: str = "", cursor: str | None = None) -> Response:
    """The list as it stands on its page."""
    chosen = _chosen(show)
    answer = await visit.get("/v1/cases", filter=chosen, cursor=cursor)
    return download(chosen.replace("_", "-"), CASES, table_of(cases_of(answer)))


def finds_somebody_to_lead(visit: Visit) -> bool:
    """A co-ordinator does, for any case that nobody leads."""
    return visit.acting.role == _COORDINATOR


@form_at(router, "/{case}/lead")
async def asking_to_lead(visit: SignedIn, case: Id) -> FormPage:
    """Ask a member of the team, for the panel, to lead a case that nobody leads."""
    return FormPage(
        show=partial(_page, visit, case),
        path=f"/v1/cases/{case}/lead-professional/nominations",
        content=lambda form: {
            "member": form["member"],
            "by": "panel",
            **filled(exceeds_cap_because=form["exceeds_cap_because"]),
        },
        then="/vacancies",
    )


async def _page(visit: Visit, case: str, state: FormState, status: int) -> Response:
    if not finds_somebody_to_lead(visit):
        raise not_found()
    lead = await visit.get(f"/v1/cases/{case}/lead-professional")
    vacant, members, weight = lead["lead_professional"] is None, [], 1
    if vacant:
        answer = await visit.get(f"/v1/cases/{case}/lead-professional/nominees")
        people = nominees_of(answer, await visit.agency_names())
        members = [(one.id, f"{one.name}, {one.job_title}, {one.service}: {one.carries}") for one in people]
        weight = answer["weight"]
    asked = [one["name"] for one in lead["nominations"] if one["state"] == "nominated"]
    return visit.page(
        "team_cases/lead.html",
        status,
        members=members,
        asked=asked,
        vacant=vacant,
        weight=weight,
        since=lead["vacant_since"],
        state=state,
    )
