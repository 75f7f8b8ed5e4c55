"""The compact: reading it, making its next version, signing, saying how a promise went, asking for news."""

from datetime import date
from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import (
    FormPage,
    FormState,
    date_of,
    filled,
    form_at,
    open_page,
    send_page,
)
from clients.practitioner.pages.plan import REVEALS
from clients.practitioner.presenters.compact import (
    CompactPage,
    Reader,
    as_party,
    compact_page_of,
    who_may_promise,
)
from clients.practitioner.presenters.permissions import people_of
from clients.practitioner.presenters.services import on_team, services_of
from clients.practitioner.visit import Form, SentForm, SignedIn, Visit, see_other, stands_on
from shared.problems import not_found
from shared.records.base import Id

router = APIRouter(prefix="/cases/{case}/compact")
FIRST_ROWS, MORE_ROWS, MOST_ROWS, _MOST_DIGITS = 3, 2, 60, 4
_FIELDS = {"body": "promised_by-0", "commitments": "promised_by-0", "replaces": ""}
_PARTS = {one: one for one in ("promised_by", "promise", "by_when", "categories")} | {"continues": "promise"}


async def _compact(visit: Visit, case: str) -> tuple[CompactPage, Any]:
    view = await visit.get(f"/v1/cases/{case}")
    answer = await visit.get(f"/v1/cases/{case}/compact")
    reader = Reader(visit.acting.agency, visit.session.kept["me"]["person"])
    return compact_page_of(view, answer, await visit.agency_names(), reader), view


@router.get("")
async def compact(case: Id, visit: SignedIn) -> Response:
    page, view = await _compact(visit, case)
    return visit.page(
        "compact/compact.html", case=case, compact=page, notice=view["notice"], state=FormState()
    )


@router.get("/new")
async def draft(case: Id, visit: SignedIn) -> Response:
    return await open_page(visit, _making(visit, case, Form(())))


@router.post("/new")
async def make(case: Id, visit: SignedIn, form: SentForm) -> Response:
    return await send_page(visit, form, _making(visit, case, form))


def _making(visit: Visit, case: str, form: Form) -> FormPage:
    rows = _filled_rows(form)

    def field(name: str) -> str:
        parts = name.split(".")
        if parts[0] == "commitments" and len(parts) > 2 and parts[2] in _PARTS:
            return f"{_PARTS[parts[2]]}-{rows[int(parts[1])]}"
        return _FIELDS.get(parts[0], parts[0])

    return FormPage(
        show=partial(_making_page, visit, case),
        path=f"/v1/cases/{case}/compact",
        content=compact_of,
        then=f"/cases/{case}/compact",
        fields=field,
    )


def _rows(form: Form) -> int:
    typed = form["rows"]
    # A longer number is no number of rows, and one of thousands of digits is not even read as a number.
    most = MOST_ROWS if len(typed) > _MOST_DIGITS else None
    asked = (most or int(typed)) if typed.isascii() and typed.isdigit() else FIRST_ROWS
    return min(asked + (MORE_ROWS if form["do"] == "more" else 0), MOST_ROWS)


def _filled_rows(form: Form) -> list[int]:
    """The rows in which something stands; where nothing does, those of one promise of each side."""
    found = [row for row in range(_rows(form)) if form[f"promised_by-{row}"] or form[f"promise-{row}"]]
    return found or [0, 1]


def _promising(form: Form) -> list[str]:
    """The services that are chosen in some row."""
    chosen = [form[f"promised_by-{row}"] for row in range(_rows(form))]
    return [party.removeprefix("agency:") for party in chosen if party.startswith("agency:")]


def compact_of(form: Form) -> dict[str, Any]:
    """The compact in the API's words; rows that were left empty are none of it."""
    return filled(
        preamble=form["preamble"],
        review_on=date_of(form, "review_on"),
        replaces=form["replaces"],
        subjects=form.all("subjects"),
        commitments=[
            {
                "promised_by": as_party(form[f"promised_by-{row}"]),
                **filled(
                    promise=form[f"promise-{row}"],
                    by_when=date_of(form, f"by_when-{row}"),
                    categories=form.all(f"categories-{row}"),
                    continues=form[f"continues-{row}"],
                ),
            }
            for row in _filled_rows(form)
        ],
    )


async def _making_page(visit: Visit, case: str, state: FormState, status: int) -> Response:
    page, view = await _compact(visit, case)
    if not page.may_make:
        raise not_found()
    if not state.form.fields:
        state = FormState(_as_it_stands(page, visit.today))
    services = services_of(await visit.agency_names(), on_team(view), _promising(state.form), state["search"])
    return visit.page(
        "compact/new.html",
        status,
        case=case,
        state=state,
        compact=page,
        rows=_rows(state.form),
        most=MOST_ROWS,
        parties=who_may_promise(view, services),
        more_services=services.more,
        people=list(people_of(view).items()),
        reveals=REVEALS,
    )


def _as_it_stands(page: CompactPage, today: date) -> Form:
    """What is in force, to be changed: what of it is open and the reader sees in full, with the days that are
    to come. Each promise names the one that it goes on with: that one's people and categories stay, whichever
    of them this form can show."""
    if page.current is None:
        return Form(())
    fields = [("preamble", page.current.preamble)] if page.current.in_full else []
    fields += _boxes("review_on", page.current.review_on, today)
    promises = [one for one in page.in_force if one.in_full and one.is_open][:MOST_ROWS]
    for row, one in enumerate(promises):
        fields.append((f"continues-{row}", one.id))
        fields += [(f"promised_by-{row}", one.party), (f"promise-{row}", one.what)]
        fields += _boxes(f"by_when-{row}", one.by_when, today)
        fields += [(f"categories-{row}", category) for category in one.categories]
    return Form((*fields, ("rows", str(min(max(len(promises) + 1, FIRST_ROWS), MOST_ROWS)))))


def _boxes(name: str, day: str | None, today: date) -> list[tuple[str, str]]:
    """A day as three boxes; nothing of one that has passed."""
    if day is None or date.fromisoformat(day) < today:
        return []
    year, month, number = day.split("-")
    return [(f"{name}-day", str(int(number))), (f"{name}-month", str(int(month))), (f"{name}-year", year)]


@form_at(router, "/{compact}/signature")
async def signing(visit: SignedIn, case: Id, compact: Id) -> FormPage:
    return FormPage(
        show=partial(_signing_page, visit, case, compact),
        path=f"/v1/cases/{case}/compact/{compact}/signatures",
        content=lambda form: {"signed_by": as_party(form["signed_by"]), **filled(note=form["note"])},
        then=f"/cases/{case}/compact",
        fields=lambda name: name.partition(".")[0],
    )


async def _signing_page(visit: Visit, case: str, compact: str, state: FormState, status: int) -> Response:
    page, _ = await _compact(visit, case)
    is_in_force = page.current is not None and page.current.id == compact
    if status == 200 and not (is_in_force and page.may_sign):
        raise not_found()
    address = f"/cases/{case}/compact/{compact}/signature"
    return visit.page("compact/signature.html", status, case=case, compact=page, address=address, state=state)


@form_at(router, "/commitments/{commitment}/standing")
async def saying_what_became(visit: SignedIn, case: Id, commitment: Id) -> FormPage:
    return FormPage(
        show=partial(_standing_page, visit, case, commitment),
        path=f"/v1/cases/{case}/compact/commitments/{commitment}/standing",
        content=lambda form: filled(status=form["status"], what_happened=form["what_happened"]),
        then=f"/cases/{case}/compact",
        fields={"body": "status"},
    )


async def _standing_page(visit: Visit, case: str, commitment: str, state: FormState, status: int) -> Response:
    page, _ = await _compact(visit, case)
    promise = page.promise(commitment)
    if promise is None or (status == 200 and not promise.can_be_said):
        raise not_found()
    address = f"/cases/{case}/compact/commitments/{commitment}/standing"
    return visit.page(
        "compact/standing.html", status, case=case, promise=promise, address=address, state=state
    )


@router.post("/commitments/{commitment}/news", dependencies=[stands_on("/cases/{case}/compact")])
async def ask_for_news(case: Id, commitment: Id, visit: SignedIn, form: SentForm) -> Response:
    path = f"/v1/cases/{case}/compact/commitments/{commitment}/news-requests"
    await visit.send("POST", path, None, once=form.once)
    return see_other(f"/cases/{case}/compact")
