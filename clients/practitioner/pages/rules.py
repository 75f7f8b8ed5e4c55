"""The rules of sharing: versions, and the way from a draft to the next one (design 3.6)."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import FormState, date_of, midnight_of, opened, sent
from clients.practitioner.gateway_client import Refused
from clients.practitioner.presenters.rules import (
    choices_among,
    differences_of,
    draft_page_of,
    drafts_of,
    examples_of,
    given_of,
    other_differences_of,
    purpose_table,
    role_table,
    versions_of,
    with_choices,
)
from clients.practitioner.visit import Form, SentForm, SignedIn, Visit, see_other
from clients.practitioner.words import LONDON, ROLES, in_words
from shared.clock import rfc3339
from shared.problems import not_found
from shared.records.base import Id
from shared.vocabulary import Purpose

router = APIRouter(prefix="/rules")
_CHANGED_MEANWHILE = (
    "Somebody changed this draft meanwhile. What you chose is below and was not saved; open the draft afresh "
    "to see what they did."
)
_STEPS = ("simulate", "approve", "publish", "discard", "mean")


@router.get("")
async def rules(visit: SignedIn) -> Response:
    versions = versions_of(await visit.whole("/v1/policies", "policies"))
    drafts = drafts_of(await visit.whole("/v1/policies/drafts", "drafts"))
    return visit.page("rules/versions.html", versions=versions, drafts=drafts)


# --- versions


@router.get("/versions/{version}")
async def version(version: str, visit: SignedIn, role: str = "practitioner") -> Response:
    path = f"/v1/policies/{_number(version)}"
    matrix, published = await visit.get(f"{path}/matrix"), await visit.get(path)
    listed = [one for one in ROLES if any(row["role"] == one for row in matrix["disclosed"])]
    shown = role if role in listed else listed[0]
    return visit.page(
        "rules/version.html",
        number=matrix["version"],
        columns=matrix["columns"],
        role=shown,
        roles=[(one, ROLES[one]) for one in listed],
        rows=[given_of(row) for row in matrix["disclosed"] if row["role"] == shown],
        examples=examples_of(published["goldens"], role=shown),
    )


@router.get("/versions/{version}/differences/{other}")
async def differences(version: str, other: str, visit: SignedIn) -> Response:
    path = f"/v1/policies/{_number(version)}/differences/{_number(other)}"
    answer = await visit.get(path)
    return visit.page(
        "rules/differences.html",
        version=answer["version"],
        other=answer["other"],
        differences=differences_of(answer),
        others=other_differences_of(answer),
    )


@router.get("/versions/{version}/draft")
async def new_draft(version: str, visit: SignedIn) -> Response:
    return visit.page("rules/new_draft.html", state=await opened(visit), number=_number(version), back=False)


@router.post("/versions/{version}/draft")
async def begin_draft(version: str, visit: SignedIn, form: SentForm) -> Response:
    number = _number(version)

    async def write() -> Any:
        content = {"from_version": int(number), "why": form["why"]}
        return await visit.send("POST", "/v1/policies/drafts", content, once=form.once)

    return await _begin(visit, form, write, number, back=False)


@router.get("/versions/{version}/restoration")
async def new_restoration(version: str, visit: SignedIn) -> Response:
    return visit.page("rules/new_draft.html", state=await opened(visit), number=_number(version), back=True)


@router.post("/versions/{version}/restoration")
async def restore(version: str, visit: SignedIn, form: SentForm) -> Response:
    number = _number(version)

    async def write() -> Any:
        path = f"/v1/policies/{number}/restoration"
        return await visit.send("POST", path, {"why": form["why"]}, once=form.once)

    return await _begin(visit, form, write, number, back=True)


async def _begin(
    visit: Visit, form: Form, write: Callable[[], Awaitable[Any]], number: str, *, back: bool
) -> Response:
    async def again(state: FormState) -> Response:
        return visit.page("rules/new_draft.html", 422, state=state, number=number, back=back)

    return await sent(form, write, then=lambda outcome: f"/rules/drafts/{outcome['id']}", again=again)


def _number(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise not_found()
    return text


# --- a draft


@router.get("/drafts/{draft}")
async def draft(draft: Id, visit: SignedIn) -> Response:
    return await _draft_page(visit, draft, await opened(visit))


@router.post("/drafts/{draft}")
async def go_on(draft: Id, visit: SignedIn, form: SentForm) -> Response:
    """Do one step with a draft: simulate, approve, publish or discard it, or say that an example is meant."""
    step = form["do"] if form["do"] in _STEPS else "simulate"

    async def write() -> Any:
        return await _step(visit, draft, step, form)

    async def again(state: FormState) -> Response:
        return await _draft_page(visit, draft, state, 422)

    then = "/rules" if step in ("publish", "discard") else f"/rules/drafts/{draft}"
    return await sent(form, write, then=then, again=again)


async def _step(visit: Visit, draft: str, step: str, form: Form) -> Any:
    path = f"/v1/policies/drafts/{draft}"
    if step == "simulate":
        afresh = {"afresh": form["afresh"] == "yes"}
        return await visit.send("POST", f"{path}/simulation", afresh, once=form.once)
    if step == "discard":
        return await visit.send("DELETE", path, None, once=form.once)
    if step == "approve":
        return await visit.send("POST", f"{path}/approval", {"digest": form["digest"]}, once=form.once)
    if step == "publish":
        moment = counts_from(date_of(form, "published_from"), visit.parts.clock())
        content = {"digest": form["digest"], "published_from": moment}
        return await visit.send("POST", f"{path}/publication", content, once=form.once)
    known = await visit.get(path)
    place, goldens = form["example"], list(known["goldens"])
    failing = {str(row["place"]): row for row in known["failing_goldens"]}
    if place in failing:
        goldens[int(place)] = {**goldens[int(place)], "expected": failing[place]["got"]}
    changes = {"why": known["why"], "document": known["document"], "goldens": goldens}
    return await visit.send("PUT", path, changes, once=form.once, if_match=form["etag"])


def counts_from(day: str | None, now: datetime) -> str:
    """The first minute of a day; of today the next but one, so that a wrong rule need not stand till
    tomorrow: a version is published D ahead at least (design 3.6)."""
    if day == now.astimezone(LONDON).date().isoformat():
        return rfc3339((now + timedelta(minutes=2)).replace(second=0, microsecond=0))
    return midnight_of(day) or ""


async def _draft_page(visit: Visit, id: str, state: FormState, status: int = 200) -> Response:
    answer = await visit.get(f"/v1/policies/drafts/{id}")
    shown = draft_page_of(answer, await visit.agency_names())
    return visit.page("rules/draft.html", status, draft=shown, state=state)


@router.get("/drafts/{draft}/roles/{role}")
async def role(draft: Id, role: str, visit: SignedIn) -> Response:
    return await _table_page(visit, draft, "roles", role, await opened(visit))


@router.post("/drafts/{draft}/roles/{role}")
async def change_role(draft: Id, role: str, visit: SignedIn, form: SentForm) -> Response:
    return await _change(visit, draft, "roles", role, form)


@router.get("/drafts/{draft}/purposes/{purpose}")
async def purpose(draft: Id, purpose: str, visit: SignedIn) -> Response:
    return await _table_page(visit, draft, "purposes", purpose, await opened(visit))


@router.post("/drafts/{draft}/purposes/{purpose}")
async def change_purpose(draft: Id, purpose: str, visit: SignedIn, form: SentForm) -> Response:
    return await _change(visit, draft, "purposes", purpose, form)


async def _change(visit: Visit, draft: str, what: str, name: str, form: Form) -> Response:
    """Save what was chosen in a table; what another officer did meanwhile is never written over."""
    path = f"/v1/policies/drafts/{draft}"
    known = await visit.get(path)
    changes = {
        "why": known["why"],
        "document": with_choices(known["document"], dict(form.fields)),
        "goldens": known["goldens"],
    }
    try:
        await visit.send("PUT", path, changes, once=form.once, if_match=form["etag"])
    except Refused as refused:
        if refused.status not in (409, 412, 422):
            raise
        message = _CHANGED_MEANWHILE if refused.status == 412 else _said(refused)
        return _table(visit, known, what, name, FormState(form, {"": message}), 422)
    return see_other(f"/rules/drafts/{draft}")


def _said(refused: Refused) -> str:
    errors = refused.problem.get("errors") or ()
    return str(errors[0]["message"] if errors else refused.problem["detail"])


async def _table_page(visit: Visit, draft: str, what: str, name: str, state: FormState) -> Response:
    return _table(visit, await visit.get(f"/v1/policies/drafts/{draft}"), what, name, state, 200)


def _table(visit: Visit, known: Any, what: str, name: str, state: FormState, status: int) -> Response:
    """One small table of a draft, with its findings beside it."""
    if "change" not in known["may"] or name not in (ROLES if what == "roles" else list(Purpose)):
        raise not_found()
    document = with_choices(known["document"], choices_among(dict(state.form.fields)))
    make = role_table if what == "roles" else purpose_table
    return visit.page(
        "rules/table.html",
        status,
        table=make(document, name),
        heading=in_words(name),
        is_role=what == "roles",
        draft=draft_page_of(known, {}),
        etag=state["etag"] or known["etag"],
        state=state,
    )
