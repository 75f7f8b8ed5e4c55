"""Who can see what in a case, why, and what if something were otherwise: for information officers."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter, Response

from clients.practitioner.forms import SENDS_NOTHING, FormState, date_of, errors_of, midnight_of, opened
from clients.practitioner.gateway_client import Refused
from clients.practitioner.presenters.ledger import compared_of, onlookers_of
from clients.practitioner.presenters.permissions import people_of, permission_in_words, permissions_of
from clients.practitioner.presenters.rules import versions_of
from clients.practitioner.presenters.services import choice_of
from clients.practitioner.presenters.who_can_see import whys_of
from clients.practitioner.visit import Form, SentForm, SignedIn, Visit, drop_kept, page_of, see_other
from clients.practitioner.words import CATEGORIES, ROLES, moment
from shared.problems import not_found
from shared.records.base import Id

router = APIRouter(prefix="/office/cases/{case}")
SUPPOSED = (
    ("move_clock", "It is a later day"),
    ("change_role", "Somebody acts in another role"),
    ("end_permission", "A permission is taken back"),
    ("add_permission", "The family agrees to more"),
    ("policy", "Another version of the rules counts"),
    ("policy_draft", "A draft of the rules counts"),
)
CHOOSE = "Choose what would be otherwise."
_FIELDS_OF_ERRORS = {"case": "", "changes.0": "kind"}


@router.get("/who-can-see")
async def who_can_see(case: Id, visit: SignedIn) -> Response:
    """Everybody on the team, now or at the end of an earlier day; the question stands in the address."""
    form = Form(tuple(visit.request.query_params.multi_items()))
    asked = {name: form[name] or None for name in ("entry", "person")}
    errors: dict[str, str] = {}
    answer: Any = {"people": [], "at": None, "unavailable": [], "limits": []}
    try:
        path = f"/v1/cases/{case}/who-can-see"
        answer = await visit.get(path, **asked, at=midnight_of(date_of(form, "at")))
    except Refused as refused:
        if refused.status not in (400, 422):
            raise
        errors = errors_of(refused, {})
    return visit.page(
        "who_can_see/people.html",
        422 if errors else 200,
        case=case,
        people=onlookers_of(answer, await visit.agency_names()),
        at=answer["at"],
        limits=answer["limits"],
        state=FormState(form, errors),
    )


@router.get("/why")
async def why(case: Id, visit: SignedIn) -> Response:
    """Why everybody of one's own agency sees what they see, and others what one's agency recorded."""
    if visit.acting.role != "information_officer":
        raise not_found()
    answer = await visit.ask("/v1/explanations", {"case": case})
    told = whys_of(answer, await visit.agency_names())
    return visit.page("who_can_see/why.html", case=case, told=told)


@router.get("/what-if")
async def what_if(case: Id, visit: SignedIn) -> Response:
    """First what kind of change; then, with the kind in the address, what it needs and nothing else."""
    kept = await opened(visit)
    if kept.kept:
        return await _page(visit, case, kept, None)
    form = Form(tuple(visit.request.query_params.multi_items()))
    missing = {"kind": CHOOSE} if "kind" in visit.request.query_params and _kind_of(form) is None else {}
    return await _page(visit, case, FormState(form, missing), None, 422 if missing else 200)


@router.post("/what-if")
async def suppose(case: Id, visit: SignedIn, form: SentForm) -> Response:
    """Say what kind of change, and then ask what everybody would see; nothing is changed by it."""
    kind = _kind_of(form)
    if kind is None:
        return await _page(visit, case, FormState(form, {"kind": CHOOSE}), None, 422)
    if not form["asked"]:
        await drop_kept(visit, page_of(visit.request))
        return see_other(f"/office/cases/{case}/what-if?kind={kind}")
    if form["do"] in SENDS_NOTHING:
        return await _page(visit, case, FormState(form), None)
    content = {"case": case, "changes": [_change(form)]}
    try:
        answer = await visit.send("POST", "/v1/what-if", content, once=form.once)
    except Refused as refused:
        if refused.status not in (400, 409, 422):
            raise
        found = errors_of(refused, _FIELDS_OF_ERRORS)
        errors = {_field_of(name, kind): said for name, said in found.items()}
        return await _page(visit, case, FormState(form, errors), None, 422)
    return await _page(visit, case, FormState(form), answer)


_FIRST_OF: Mapping[str, str] = {
    "move_clock": "to-day",
    "change_role": "user",
    "end_permission": "id",
    "add_permission": "subject",
    "policy": "version",
    "policy_draft": "id",
}
"""By the kind of a change the first thing that is asked about it: where a mistake stands about all of it."""


def _field_of(name: str, kind: str) -> str:
    last = name.rpartition(".")[2]
    if last in ("changes", "draft", kind):
        return _FIRST_OF[kind]
    return {"agencies": "agency"}.get(last, last)


async def _to_choose_from(visit: Visit, case: str, kind: str | None) -> list[tuple[str, str]] | None:
    """What there is of what a kind of change needs, as far as the API lists it to this officer; None where it
    lists nothing of it, and they give its number."""
    list_of = _LISTS.get(kind or "")
    if list_of is None:
        return None
    try:
        found = await list_of(visit, case)
    except Refused as refused:
        if refused.status not in (403, 404):
            raise
        return None
    # Of the family's answers an officer is told some alone: none listed does not say that there is none.
    return found if found or kind == "policy_draft" else None


async def _permissions(visit: Visit, case: str) -> list[tuple[str, str]]:
    answer = await visit.whole(f"/v1/cases/{case}/consents", "consents")
    names = await visit.agency_names()
    listed = permissions_of(answer, {}, names, visit.parts.clock())
    return [(one.id, permission_in_words(one)) for one in listed if one.counts]


async def _people(visit: Visit, case: str) -> list[tuple[str, str]]:
    return list(people_of(await visit.get(f"/v1/cases/{case}")).items())


async def _versions(visit: Visit, _: str) -> list[tuple[str, str]]:
    listed = versions_of(await visit.whole("/v1/policies", "policies"))
    return [(str(one.number), f"Version {one.number}: {one.state}") for one in listed]


async def _drafts(visit: Visit, _: str) -> list[tuple[str, str]]:
    answer = await visit.whole("/v1/policies/drafts", "drafts")
    return [
        (row["id"], f"{row['why']} ({moment(row['changed_at'])})")
        for row in answer["drafts"]
        if row["published_version"] is None
    ]


_LISTS: Mapping[str, Callable[[Visit, str], Awaitable[list[tuple[str, str]]]]] = {
    "end_permission": _permissions,
    "add_permission": _people,
    "policy": _versions,
    "policy_draft": _drafts,
}


def _kind_of(form: Form) -> str | None:
    return form["kind"] if form["kind"] in dict(SUPPOSED) else None


def _change(form: Form) -> dict[str, Any]:
    """What is supposed, in the API's words; what was not filled in is left for the API to ask for."""
    kind = form["kind"]
    number = int(form["version"]) if form["version"].isascii() and form["version"].isdigit() else None
    of_kind: Mapping[str, dict[str, Any]] = {
        "move_clock": {"to": midnight_of(date_of(form, "to"))},
        "change_role": {"user": form["user"], "agency": form["agency"], "role": form["role"]},
        "end_permission": {"id": form["id"]},
        "add_permission": {
            "subject": form["subject"],
            "agencies": [form["agency"]] if form["agency"] else [],
            "categories": form.all("categories"),
        },
        "policy": {"version": number},
        "policy_draft": {"draft": form["id"]},
    }
    given = {name: value for name, value in of_kind.get(kind, {}).items() if value not in (None, "")}
    return {"kind": kind, **given}


async def _page(visit: Visit, case: str, state: FormState, answer: Any, status: int = 200) -> Response:
    names = await visit.agency_names()
    return visit.page(
        "who_can_see/what_if.html",
        status,
        case=case,
        state=state,
        compared=None if answer is None else compared_of(answer, names),
        kinds=SUPPOSED,
        kind=_kind_of(state.form),
        offered=await _to_choose_from(visit, case, _kind_of(state.form)),
        said=dict(SUPPOSED).get(state.form["kind"]),
        agencies=choice_of(names, state.form, "agency", without=()),
        roles=list(ROLES.items()),
        categories=list(CATEGORIES.items()),
    )
