"""In which agency and role somebody acts, and for what: chosen where there is a choice, and kept."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from clients.practitioner.forms import FormState, opened
from clients.practitioner.presenters.acting import chosen_purpose, places_of, purposes_of
from clients.practitioner.sessions import operations
from clients.practitioner.visit import (
    GoToSignIn,
    SentForm,
    SignedIn,
    Visit,
    drop_kept,
    own_path,
    page_of,
    parts_of,
    see_other,
    session_of,
)
from shared.problems import not_found

router = APIRouter(prefix="/acting")


async def _undecided(request: Request) -> Visit:
    """Whoever is signed in, whether or not they chose a role yet."""
    visit = Visit(request, parts_of(request), session_of(request))
    if visit.session.token is None:
        raise GoToSignIn("/acting")
    return visit


Undecided = Annotated[Visit, Depends(_undecided)]


@router.get("")
async def places(visit: Undecided, to: str = "/") -> Response:
    return _places_page(visit, to)


@router.post("")
async def choose_place(visit: Undecided, form: SentForm) -> Response:
    to = own_path(form["to"])
    chosen = next((place for place in places_of(visit.roles) if place.code == form["acting"]), None)
    if chosen is None:
        state = FormState(form, {"acting": "Choose the role in which you act."})
        return _places_page(visit, to, state, 422)
    await _act(visit, {"agency": chosen.agency, "role": chosen.role})
    return see_other("/acting/purpose" if len(chosen.purposes) > 1 else to)


@router.get("/purpose")
async def purposes(visit: SignedIn) -> Response:
    return _purposes_page(visit, await opened(visit))


@router.post("/purpose")
async def choose_purpose(visit: SignedIn, form: SentForm) -> Response:
    card = visit.role_card
    errors = chosen_purpose(form["purpose"], form["reason"], card["purposes"], card["ordinary_purpose"])
    if errors:
        return _purposes_page(visit, FormState(form, errors), 422)
    place = {"agency": card["agency"], "role": card["role"]}
    if form["purpose"] != card["ordinary_purpose"]:
        place |= {"purpose": form["purpose"], "reason": form["reason"]}
    await drop_kept(visit, page_of(visit.request))
    await _act(visit, place)
    return see_other("/")


async def _act(visit: Visit, place: dict[str, Any]) -> None:
    """Go on in this place; the reason is written down with everything that is read for it."""
    parts = visit.parts
    visit.session.kept["acting"] = place
    await parts.store.write(operations.save, parts.seal, visit.session)


def _places_page(visit: Visit, to: str, state: FormState | None = None, status: int = 200) -> Response:
    options = [(place.code, place.words) for place in places_of(visit.roles)]
    shown = state or FormState()
    return visit.page("acting.html", status, state=shown, options=options, to=own_path(to))


def _purposes_page(visit: Visit, state: FormState, status: int = 200) -> Response:
    options = purposes_of(visit.role_card)
    if len(options) < 2:
        raise not_found()
    return visit.page("purpose.html", status, state=state, options=options)
