"""Drafts: what is typed into a page is kept while somebody writes, until it is saved or thrown away."""

from fastapi import APIRouter, Response

from clients.practitioner.visit import DRAFT, DRAFTS, SentForm, SignedIn, drop_kept, keep, own_path, see_other

router = APIRouter(prefix=DRAFTS)


@router.post("")
async def keep_draft(visit: SignedIn, form: SentForm) -> Response:
    await keep(visit.request, form, DRAFT)
    return Response(status_code=204)


@router.post("/thrown-away")
async def throw_away(visit: SignedIn, form: SentForm) -> Response:
    page = own_path(form["page"])
    await drop_kept(visit, page)
    return see_other(page)
