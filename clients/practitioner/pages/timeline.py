"""What happened in a case, and who looked at it."""

from fastapi import APIRouter, Response

from clients.practitioner.navigation import reads_looks
from clients.practitioner.presenters.emergency import openings_of
from clients.practitioner.presenters.timeline import lines_of, looks_of, permissions_used
from clients.practitioner.visit import SignedIn, Visit
from clients.practitioner.words import in_words
from shared.records.base import Id

router = APIRouter(prefix="/cases/{case}")


@router.get("/timeline")
async def timeline(case: Id, visit: SignedIn, cursor: str | None = None) -> Response:
    answer = await visit.get(f"/v1/cases/{case}/timeline", cursor=cursor)
    lines = lines_of(answer, await visit.agency_names())
    return visit.page(
        "timeline.html", case=case, lines=lines, cursor=answer["cursor"], notice=answer["notice"]
    )


@router.get("/who-has-looked")
async def who_has_looked(case: Id, visit: SignedIn, cursor: str | None = None) -> Response:
    if not reads_looks(visit.acting.role):
        return await _whom_to_ask(visit, case)
    answer = await visit.get(f"/v1/cases/{case}/disclosures", cursor=cursor)
    looks = looks_of(answer, await visit.agency_names())
    return visit.page(
        "who_has_looked/looks.html",
        case=case,
        looks=looks,
        in_plain_words=answer.get("in_plain_words"),
        cursor=answer["cursor"],
        notice=answer["notice"],
    )


async def _whom_to_ask(visit: Visit, case: str) -> Response:
    """For those to whom the ledger is not open (design 3.4): what they are told all the same, and who may be
    told the rest."""
    consents = await visit.whole(f"/v1/cases/{case}/consents", "consents")
    opened = await visit.whole(f"/v1/cases/{case}/break-glass", "break_glass")
    names, own = await visit.agency_names(), visit.acting.agency or ""
    return visit.page(
        "who_has_looked/whom_to_ask.html",
        case=case,
        service=names.get(own) or in_words(own),
        permissions=permissions_used(consents, names),
        openings=openings_of(opened, names, visit.session.user, own, visit.parts.clock()),
        notice=consents["notice"],
    )
