"""Drafts: what is typed into a page is kept while somebody writes, until it is saved or thrown away."""

from fastapi import APIRouter, Response

from clients.practitioner.visit import (
    DRAFT,
    DRAFTS,
    THROWN_AWAY,
    SentForm,
    SignedIn,
    drop_kept,
    keep,
    own_path,
    page_of,
    see_other,
)

router = APIRouter()


@router.post(DRAFTS)
async def keep_draft(visit: SignedIn, form: SentForm) -> Response:
    await keep(visit.request, form, DRAFT)
    return Response(status_code=204)


@router.post(THROWN_AWAY)
async def throw_away(visit: SignedIn, form: SentForm) -> Response:
    """The page of what is thrown away is read next, but where it is not there any more."""
    await drop_kept(visit, page_of(visit.request))
    return see_other(own_path(form["to"] or form["page"]))
