"""Sharing without permission in a case, and what a second person says of it: overrides, broken glass, bars.

For those who answer for it (information officers, safeguarding leads, managers), who may see nothing of the
case itself.
"""

from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import (
    SENDS_NOTHING,
    FormPage,
    FormState,
    date_of,
    empty_search,
    end_of_day,
    filled,
    form_at,
    opened,
    sent,
)
from clients.practitioner.presenters.overrides import (
    BAR_KINDS,
    Override,
    bars_of,
    bases_of,
    broken_of,
    overrides_of,
)
from clients.practitioner.presenters.partnership import LEVELS
from clients.practitioner.presenters.services import choice_of, services_of
from clients.practitioner.visit import Form, SentForm, SignedIn, Visit
from clients.practitioner.words import CATEGORIES, PURPOSES
from shared.clock import rfc3339
from shared.problems import not_found
from shared.records.base import Id

router = APIRouter(prefix="/office/cases/{case}")


# --- overrides


@router.get("/overrides")
async def overrides(case: Id, visit: SignedIn) -> Response:
    answer, listed = await _overrides(visit, case)
    may_record = "record" in answer["may"]
    return visit.page(
        "overrides/list.html", case=case, overrides=listed, may_record=may_record, opens=answer["opens"]
    )


WARNING = (
    "Only where the law requires or allows it without asking. Your name and your reason are recorded, every "
    "look is written down, and somebody else checks it."
)
GONE = "There is no such case that you may open. Check its number, or ring the agency that works with them."


@form_at(router, "/overrides/new")
async def recording(visit: SignedIn, case: Id) -> FormPage:
    return FormPage(
        show=partial(_new_override_page, visit, case),
        path=f"/v1/cases/{case}/overrides",
        content=partial(override_of, agency=visit.acting.agency, user=visit.session.user),
        then=f"/office/cases/{case}/overrides",
        fields={"recipients": "agencies", "recipients.agencies": "agencies", "recipients.users": "users"},
        gone=GONE,
    )


async def _new_override_page(visit: Visit, case: str, state: FormState, status: int) -> Response:
    answer = await visit.get("/v1/lawful-bases")
    names = await visit.agency_names()
    if not answer["for_others"] and "agencies" in state.errors:
        # Whoever opens to their own service alone is asked for whom, and no agencies.
        named = {"whom" if name == "agencies" else name: said for name, said in state.errors.items()}
        state = state.with_errors(named)
    return visit.page(
        "overrides/new_override.html",
        status,
        case=case,
        state=state,
        warning=WARNING,
        bases=bases_of(answer),
        for_others=answer["for_others"],
        categories=list(CATEGORIES.items()),
        levels=[(code, words) for code, words in LEVELS.items() if code != "none"],
        purposes=[(code, words) for code, words in PURPOSES.items() if code in _OPENED_FOR],
        services=services_of(names, (), state.form.all("agencies"), state["search"]),
    )


_OPENED_FOR = ("support", "safeguarding", "enforcement")


def override_of(form: Form, agency: str | None, user: str | None) -> dict[str, Any]:
    """The override in the API's words; what was not filled in is left for the API to ask for. Who records
    for their own service chooses between it and themselves."""
    typed = [name for line in form["users"].split(",") if (name := line.strip())]
    chosen = {"agency": {"agencies": [agency]}, "me": {"users": [user]}}.get(form["whom"])
    recipients = chosen or filled(agencies=form.all("agencies"), users=typed)
    return filled(
        **{name: form[name] for name in ("lawful_basis", "reference", "reason", "level")},
        valid_until=end_of_day(date_of(form, "valid_until")),
    ) | {
        "recipients": recipients,
        "categories": form.all("categories"),
        "purposes": form.all("purposes"),
        "family_may_be_told": form["family_may_be_told"] == "yes",
    }


@router.get("/overrides/{override}")
async def override(case: Id, override: Id, visit: SignedIn) -> Response:
    return await _override_page(visit, case, override, await opened(visit))


@router.post("/overrides/{override}")
async def answer_override(case: Id, override: Id, visit: SignedIn, form: SentForm) -> Response:
    """Confirm an override, end it, or say whether the family may be told."""

    async def write() -> Any:
        what, content = _said_of_override(form)
        path = f"/v1/cases/{case}/overrides/{override}/{what}"
        return await visit.send("POST", path, content, once=form.once)

    async def again(state: FormState) -> Response:
        return await _override_page(visit, case, override, state, 422)

    return await sent(form, write, then=f"/office/cases/{case}/overrides", again=again, fields=_TELLING)


_TELLING = {"reason": "reason", "family_may_be_told": "family_may_be_told", "body": "review_on"}


def _said_of_override(form: Form) -> tuple[str, Any]:
    if form["do"] == "confirm":
        return "confirmation", None
    if form["do"] == "end":
        return "ending", {"reason": form["reason"]}
    content: dict[str, Any] = {"reason": form["telling_reason"]}
    answered = {"yes": True, "no": False}.get(form["family_may_be_told"])
    if answered is not None:
        content["family_may_be_told"] = answered
    day = date_of(form, "review_on")
    return "telling", content | ({"review_on": day} if day else {})


async def _overrides(visit: Visit, case: str) -> tuple[Any, list[Override]]:
    answer = await visit.whole(f"/v1/cases/{case}/overrides", "overrides")
    now, names = rfc3339(visit.parts.clock()), await visit.agency_names()
    return answer, overrides_of(answer, names, now, visit.session.user)


async def _override_page(visit: Visit, case: str, id: str, state: FormState, status: int = 200) -> Response:
    _, listed = await _overrides(visit, case)
    found = next((one for one in listed if one.id == id), None)
    if found is None:
        raise not_found()
    return visit.page("overrides/override.html", status, case=case, override=found, state=state)


# --- broken glass


@router.get("/break-glass")
async def broken_glass(case: Id, visit: SignedIn) -> Response:
    answer = await visit.whole(f"/v1/cases/{case}/break-glass", "break_glass")
    listed = broken_of(answer, await visit.agency_names())
    return visit.page("overrides/broken_glass.html", case=case, broken=listed, opens=answer["opens"])


@router.get("/break-glass/{broken}")
async def check(case: Id, broken: Id, visit: SignedIn) -> Response:
    return await _check_page(visit, case, broken, await opened(visit))


@router.post("/break-glass/{broken}")
async def say_found(case: Id, broken: Id, visit: SignedIn, form: SentForm) -> Response:
    async def write() -> Any:
        typed = {name: form[name] for name in ("finding", "note")}
        content = {name: value for name, value in typed.items() if value}
        path = f"/v1/cases/{case}/break-glass/{broken}/review"
        return await visit.send("POST", path, content, once=form.once)

    async def again(state: FormState) -> Response:
        return await _check_page(visit, case, broken, state, 422)

    return await sent(form, write, then=f"/office/cases/{case}/break-glass", again=again)


async def _check_page(visit: Visit, case: str, id: str, state: FormState, status: int = 200) -> Response:
    answer = await visit.whole(f"/v1/cases/{case}/break-glass", "break_glass")
    listed = broken_of(answer, await visit.agency_names())
    found = next((one for one in listed if one.id == id and (one.may_review or state.errors)), None)
    if found is None:
        raise not_found()
    return visit.page("overrides/check.html", status, case=case, broken=found, state=state)


# --- bars


@router.get("/bars")
async def bars(case: Id, visit: SignedIn) -> Response:
    answer = await _bars(visit, case)
    listed = bars_of(answer, await visit.agency_names())
    return visit.page("overrides/bars.html", case=case, bars=listed, opens=answer["opens"])


@router.get("/bars/new")
async def new_bar(case: Id, visit: SignedIn) -> Response:
    return await _bar_form(visit, case, await opened(visit))


@router.post("/bars/new")
async def record_bar(case: Id, visit: SignedIn, form: SentForm) -> Response:
    if form["do"] in SENDS_NOTHING:
        empty = empty_search(form)
        return await _bar_form(visit, case, FormState(form, empty), 422 if empty else 200)

    async def write() -> Any:
        return await visit.send("POST", f"/v1/cases/{case}/bars", bar_of(form), once=form.once)

    async def again(state: FormState) -> Response:
        return await _bar_form(visit, case, state, 422)

    then = f"/office/cases/{case}/bars"
    return await sent(form, write, then=then, again=again, fields=_CUSTODIAN)


_CUSTODIAN = {f"custodian.{name}": f"custodian_{name}" for name in ("name", "telephone", "agency")} | {
    "body": "agencies"
}


def bar_of(form: Form) -> dict[str, Any]:
    """The bar in the API's words; what was not filled in is left for the API to ask for."""
    custodian = {name: form[f"custodian_{name}"] for name in ("name", "telephone", "agency")}
    typed = {
        "kind": form["kind"],
        "agencies": [code for code in form.all("agencies") if code],
        "users": [user for line in form["users"].split(",") if (user := line.strip())],
        "everyone_except": form["everyone_except"] == "yes" or form["kind"] == "protected_address",
        "categories": [one for one in form.all("categories") if one],
        "legal_reference": form["legal_reference"],
        "custodian": {name: value for name, value in custodian.items() if value},
        "review_on": date_of(form, "review_on"),
        "reason": form["reason"],
    }
    return {name: value for name, value in typed.items() if value not in (None, "")}


async def _bar_form(visit: Visit, case: str, state: FormState, status: int = 200) -> Response:
    people = len((await _bars(visit, case))["people"])
    names = await visit.agency_names()
    return visit.page(
        "overrides/new_bar.html",
        status,
        case=case,
        people=people,
        state=state,
        kinds=list(BAR_KINDS.items()),
        services=services_of(names, (), state.form.all("agencies"), state["search"]),
        agencies=choice_of(names, state.form, "custodian_agency", without=()),
        categories=list(CATEGORIES.items()),
    )


@router.get("/bars/{bar}")
async def bar(case: Id, bar: Id, visit: SignedIn) -> Response:
    return await _bar_page(visit, case, bar, await opened(visit))


@router.post("/bars/{bar}")
async def answer_bar(case: Id, bar: Id, visit: SignedIn, form: SentForm) -> Response:
    """Say that a bar goes on, propose to lift it, or lift it as the second person."""
    lifts = form["do"] == "lift"

    async def write() -> Any:
        day = date_of(form, "review_on")
        goes_on = {"note": form["note"]} if form["note"] else {}
        content = {"reason": form["reason"]} if lifts else goes_on | ({"review_on": day} if day else {})
        path = f"/v1/cases/{case}/bars/{bar}/{'lifting' if lifts else 'review'}"
        return await visit.send("POST", path, content, once=form.once)

    async def again(state: FormState) -> Response:
        return await _bar_page(visit, case, bar, state, 422)

    return await sent(form, write, then=f"/office/cases/{case}/bars", again=again)


async def _bar_page(visit: Visit, case: str, id: str, state: FormState, status: int = 200) -> Response:
    listed = bars_of(await _bars(visit, case), await visit.agency_names())
    found = next((one for one in listed if one.id == id), None)
    if found is None:
        raise not_found()
    return visit.page("overrides/bar.html", status, case=case, bar=found, state=state)


async def _bars(visit: Visit, case: str) -> Any:
    """``GET …/bars``: the bars about the people of a case, who those are, and what else opens."""
    return await visit.whole(f"/v1/cases/{case}/bars", "bars")
