"""What happened in a case, and who looked at it."""

from fastapi import APIRouter, Response

from clients.practitioner.presenters.timeline import lines_of, looks_of
from clients.practitioner.visit import SignedIn
from shared.records.base import Id

router = APIRouter(prefix="/cases/{case}")


@router.get("/timeline")
async def timeline(case: Id, visit: SignedIn) -> Response:
    answer = await visit.whole(f"/v1/cases/{case}/timeline", "timeline")
    lines = lines_of(answer, await visit.agency_names())
    return visit.page("timeline.html", case=case, lines=lines, notice=answer["notice"])


@router.get("/who-has-looked")
async def who_has_looked(case: Id, visit: SignedIn, cursor: str | None = None) -> Response:
    answer = await visit.get(f"/v1/cases/{case}/disclosures", cursor=cursor)
    looks = looks_of(answer, await visit.agency_names())
    return visit.page(
        "who_has_looked.html",
        case=case,
        looks=looks,
        in_plain_words=answer.get("in_plain_words"),
        cursor=answer["cursor"],
        notice=answer["notice"],
    )
