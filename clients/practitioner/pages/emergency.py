"""Breaking the glass: only if somebody may come to harm before anybody can be asked."""

from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormState, filled, opened, submit
from clients.practitioner.pages.find import asked
from clients.practitioner.presenters.emergency import openings_of, own_minutes_left
from clients.practitioner.visit import SentForm, SignedIn, Visit, see_other, stands_on
from shared.records.base import Id

router = APIRouter()
WARNING = (
    "Only if someone may come to harm before you can ask: say why; you get 60 minutes, your name and reason "
    "are recorded, and someone else will check."
)


@router.get("/emergency")
async def form(visit: SignedIn) -> Response:
    return _page(visit, await opened(visit), 200)


@router.post("/emergency")
async def open_by_details(visit: SignedIn, form: SentForm) -> Response:
    async def again(state: FormState, status: int) -> Response:
        return _page(visit, state, status)

    def then(outcome: Any) -> str:
        return f"/cases/{outcome['break_glass'][0]['case']}/emergency"

    content = filled(reason=form["reason"], for_user=form["for_user"]) | {"person": asked(form)}
    return await submit(
        visit, form, "/v1/break-glass", content, then=then, again=again, fields=_field_of_person, gone=NOBODY
    )


NOBODY = "Nobody whom you may open fits all of this. Check the spelling and the numbers, or ring."


def _field_of_person(name: str) -> str:
    return name.removeprefix("person.").replace("person", "name")


def _page(visit: Visit, state: FormState, status: int) -> Response:
    for_colleague = visit.acting.role == "team_manager"
    return visit.page(
        "emergency/opening.html", status, state=state, warning=WARNING, for_colleague=for_colleague
    )


@router.get("/cases/{case}/emergency")
async def how_long(case: Id, visit: SignedIn) -> Response:
    """How long a case stays open that was opened so, and who opened it."""
    answer = await visit.whole(f"/v1/cases/{case}/break-glass", "break_glass")
    openings = openings_of(
        answer, await visit.agency_names(), visit.session.user, visit.acting.agency, visit.parts.clock()
    )
    return visit.page(
        "emergency/openings.html",
        case=case,
        openings=openings,
        left=own_minutes_left(openings),
        warning=WARNING,
        notice=answer["notice"],
        state=FormState(),
    )


@router.post("/cases/{case}/emergency/{opening}/renewal", dependencies=[stands_on("/cases/{case}/emergency")])
async def renew(case: Id, opening: Id, visit: SignedIn, form: SentForm) -> Response:
    await visit.send("POST", f"/v1/cases/{case}/break-glass/{opening}/renewal", None, once=form.once)
    return see_other(f"/cases/{case}/emergency")
