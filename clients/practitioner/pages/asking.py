"""Taking permission with the family beside you: who answers, what may be shared, with whom and until when,
read back before it is recorded; a receipt to print; taking part, asked apart from sharing."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Response

from clients.practitioner.forms import FormState, date_of, errors_of, filled, opened, submit, written
from clients.practitioner.gateway_client import Refused
from clients.practitioner.presenters.asking import (
    BUNDLE_WORDS,
    CAPACITIES,
    COUNCIL,
    DRAFT,
    EVIDENCE,
    HOW_FIELDS,
    KEY,
    LEVELS,
    MAY,
    PURPOSES,
    SINGLY,
    WHAT_FIELDS,
    WHO_FIELDS,
    WHOM_FIELDS,
    NotAsked,
    authorities_of,
    conversation_of,
    field_of,
    in_everyday_words,
    is_unsent,
    missing_from_what,
    missing_from_who,
    missing_from_whom,
    not_asked_of,
    noted,
    once_of,
    question_of,
    reading_of,
    recorded_of,
    things_of,
    who_answers,
    word_of,
)
from clients.practitioner.presenters.permissions import people_of, receipt_of
from clients.practitioner.presenters.services import services_of
from clients.practitioner.visit import (
    Form,
    SentForm,
    SignedIn,
    Visit,
    draft_of,
    drop_kept,
    keep_draft,
    page_of,
    see_other,
    sent_form,
)
from clients.practitioner.words import day, in_words, listed
from shared.everyday import BUNDLES
from shared.problems import not_found
from shared.records.base import Id
from shared.vocabulary import Deed

router = APIRouter(prefix="/cases/{case}")


@dataclass(frozen=True, slots=True)
class Asked:
    """The case of a page on which a family is asked."""

    case: str
    view: Mapping[str, Any]
    people: Mapping[str, str]
    authorities: Sequence[tuple[str, str]] = ()

    @property
    def team(self) -> list[str]:
        return [member["agency"] for member in self.view["header"]["team"]]


async def _asked(visit: Visit, case: str) -> Asked:
    """The case, for whoever may record what a family answers; the 404 for others."""
    view = await visit.get(f"/v1/cases/{case}")
    if Deed.RECORD_PERMISSION not in view["may"]:
        raise not_found()
    return Asked(case, view, people_of(view))


async def _asked_by_whom(visit: Visit, case: str) -> Asked:
    """The same with the authorities by which somebody may answer."""
    asked = await _asked(visit, case)
    listed = (await visit.whole(f"/v1/cases/{case}/authorities", "authorities"))["authorities"]
    by = authorities_of(listed, asked.people, await visit.agency_names())
    return replace(asked, authorities=by)


def _address(case: str, step: str) -> str:
    return f"{DRAFT.format(case=case)}/{step}"


async def _draft(visit: Visit, case: str) -> Form:
    return await draft_of(visit, DRAFT.format(case=case))


async def _keep(visit: Visit, case: str, draft: Form) -> None:
    """Keep the draft, with a key of its own from the first time on."""
    begun = draft if draft[KEY] else Form((*draft.fields, (KEY, str(uuid4()))))
    await keep_draft(visit, DRAFT.format(case=case), begun)


async def _opened(visit: Visit, draft: Form) -> FormState:
    """A page of the draft as it stands, or as it was typed when the session ended."""
    state = await opened(visit)
    return state if state.kept else FormState(draft)


async def _step(
    visit: Visit,
    case: str,
    form: Form,
    fields: Collection[str],
    missing: Mapping[str, str],
    page: Callable[[FormState, int], Awaitable[Response]],
    then: str,
) -> Response:
    """Keep what a page says and go on, or show it again."""
    if missing:
        return await page(FormState(form, missing), 422)
    draft = await _draft(visit, case)
    await _keep(visit, case, draft.merged(form, fields))
    await drop_kept(visit, page_of(visit.request))
    return see_other(_address(case, then))


@router.get("/permissions/new")
async def begin(case: Id, visit: SignedIn) -> Response:
    """Begin; what was recorded before stands as it is, and what was begun is thrown away only if asked to."""
    draft = await _draft(visit, case)
    if is_unsent(draft):
        at = _address(case, _first_unfinished(draft) or "check")
        return visit.page("asking/begun.html", case=case, address=DRAFT.format(case=case), at=at)
    return await begin_afresh(case, visit)


@router.post("/permissions/new", dependencies=[Depends(sent_form)])
async def begin_afresh(case: Id, visit: SignedIn) -> Response:
    await _keep(visit, case, Form(()))
    for step in (*_PAGES, "check"):
        await drop_kept(visit, _address(case, step))
    return see_other(_address(case, "who"))


@router.get("/permissions/new/who")
async def who(case: Id, visit: SignedIn) -> Response:
    return await _who_page(visit, case, await _opened(visit, await _draft(visit, case)))


@router.post("/permissions/new/who")
async def say_who(case: Id, visit: SignedIn, form: SentForm) -> Response:
    async def page(state: FormState, status: int) -> Response:
        return await _who_page(visit, case, state, status)

    missing = missing_from_who(form)
    if missing:
        return await page(FormState(form, missing), 422)
    try:
        told = await _may_answer(visit, case, form)
    except Refused as refused:
        if refused.status != 422:
            raise
        return await page(FormState(form, errors_of(refused, field_of)), 422)
    if not told["may"]:
        reasons = " ".join(one.reason for one in not_asked_of(told))
        return await page(FormState(form, {"capacity": reasons}), 422)
    may = Form(tuple((MAY, category) for category in told["may"]))
    draft = await _draft(visit, case)
    said = draft.merged(form, (*WHO_FIELDS, *HOW_FIELDS)).merged(may, (MAY,))
    await _keep(visit, case, said)
    await drop_kept(visit, page_of(visit.request))
    return see_other(_address(case, "what"))


async def _may_answer(visit: Visit, case: str, said: Form) -> Any:
    """What they may answer for, told before they are asked; nothing is recorded by it."""
    path = f"/v1/cases/{case}/consents/check"
    return await visit.ask(path, who_answers(said))


async def _who_page(visit: Visit, case: str, state: FormState, status: int = 200) -> Response:
    asked = await _asked_by_whom(visit, case)
    return visit.page("asking/who.html", status, state=state, **_words(asked, "who"))


def _words(asked: Asked, step: str) -> dict[str, Any]:
    return {
        "case": asked.case,
        "address": _address(asked.case, step),
        "people": list(asked.people.items()),
        "capacities": CAPACITIES,
        "evidence": EVIDENCE,
        "authorities": asked.authorities,
        "bundles": [(bundle.value, BUNDLE_WORDS[bundle], held) for bundle, held in BUNDLES.items()],
        "singly": SINGLY,
        "purposes": list(PURPOSES.items()),
        "levels": list(LEVELS.items()),
    }


@router.get("/permissions/new/what")
async def what(case: Id, visit: SignedIn) -> Response:
    return await _what_page(visit, case, await _opened(visit, await _draft(visit, case)))


@router.post("/permissions/new/what")
async def say_what(case: Id, visit: SignedIn, form: SentForm) -> Response:
    async def page(state: FormState, status: int) -> Response:
        return await _what_page(visit, case, state, status)

    return await _step(visit, case, form, WHAT_FIELDS, missing_from_what(form), page, "whom")


async def _what_page(visit: Visit, case: str, state: FormState, status: int = 200) -> Response:
    draft = await _draft(visit, case)
    asked = await _asked(visit, case)
    words, not_asked = _words(asked, "what"), list[NotAsked]()
    if not missing_from_who(draft):
        told = await _may_answer(visit, case, draft)
        not_asked = not_asked_of(told)
        words["bundles"] = _of_these(words["bundles"], told["may"])
        words["singly"] = [category for category in SINGLY if category in told["may"]]
    return visit.page("asking/what.html", status, state=state, not_asked=not_asked, **words)


def _of_these(bundles: Any, may: Collection[str]) -> list[Any]:
    """The bundles with what of them may be asked, named by that where it is not all; none that holds nothing
    else."""
    within = [(code, words, held, [one for one in held if one in may]) for code, words, held in bundles]
    return [
        (code, words if len(asked) == len(held) else listed([in_words(one) for one in asked]), asked)
        for code, words, held, asked in within
        if asked
    ]


@router.get("/permissions/new/whom")
async def whom(case: Id, visit: SignedIn) -> Response:
    return await _whom_page(visit, case, await _opened(visit, await _draft(visit, case)))


@router.post("/permissions/new/whom")
async def say_whom(case: Id, visit: SignedIn, form: SentForm) -> Response:
    async def page(state: FormState, status: int) -> Response:
        return await _whom_page(visit, case, state, status)

    if form["do"] == "search":
        return await _whom_page(visit, case, FormState(form))
    draft = await _draft(visit, case)
    missing = missing_from_whom(form, draft)
    return await _step(visit, case, form, WHOM_FIELDS, missing, page, "check")


async def _whom_page(visit: Visit, case: str, state: FormState, status: int = 200) -> Response:
    asked = await _asked(visit, case)
    names, search = await visit.agency_names(), state["search"]
    services = services_of(names, asked.team, state.form.all("recipients"), search)
    return visit.page(
        "asking/whom.html", status, state=state, services=services, search=search, **_words(asked, "whom")
    )


@router.get("/permissions/new/check")
async def check(case: Id, visit: SignedIn) -> Response:
    return await _check_page(visit, case, FormState(), 200)


_READ = "read"
"""The field of the last page that says what was read back from it."""
_CHANGED = (
    "This was changed after it was read back to them, perhaps in another window. Nothing was recorded. Read "
    "back what stands here now."
)


@router.post("/permissions/new/check")
async def record(case: Id, visit: SignedIn, form: SentForm) -> Response:
    """Record what was read back, and nothing that the draft came to say meanwhile."""
    draft = await _draft(visit, case)
    unfinished = _first_unfinished(draft)
    if unfinished or form[_READ] != reading_of(draft):
        state = FormState(draft, {"": _CHANGED})
        page = _PAGES.get(unfinished or "", _check_page)
        return await page(visit, case, state, 409)

    async def again(state: FormState, status: int) -> Response:
        return await _check_page(visit, case, state, status)

    async def write() -> Any:
        path = f"/v1/cases/{case}/consents/conversations"
        outcome = await visit.send("POST", path, conversation_of(draft), once=once_of(draft))
        await _keep(visit, case, noted(draft, outcome["id"]))
        return outcome

    receipt = f"/cases/{case}/permissions/{{}}/receipt"
    return await written(
        form, write, then=lambda outcome: receipt.format(outcome["id"]), again=again, fields=field_of
    )


async def _check_page(visit: Visit, case: str, state: FormState, status: int) -> Response:
    draft = await _draft(visit, case)
    asked = await _asked(visit, case)
    unfinished = _first_unfinished(draft)
    if unfinished:
        return see_other(_address(case, unfinished))
    recorded = recorded_of(draft)
    if recorded and recorded.is_this:
        return visit.page(
            "asking/recorded.html", status, case=case, consent=recorded.consent, changed=state.errors.get("")
        )
    shown = Form((("once", once_of(draft)), (_READ, reading_of(draft))))
    names = await visit.agency_names()
    services = [names.get(code, code) for code in draft.all("recipients")]
    until, things = date_of(draft, "valid_until"), things_of(draft)
    about = asked.people.get(draft["subject"], "this person")
    question = question_of(draft, about, services, _day(until) if until else "they say otherwise")
    return visit.page(
        "asking/check.html",
        status,
        state=FormState(shown, state.errors),
        recorded=recorded,
        question=question if things.yes else None,
        about=about,
        giver="The council" if draft["capacity"] == COUNCIL else asked.people.get(draft["giver"], about),
        capacity=dict(CAPACITIES).get(draft["capacity"], ""),
        yes=in_everyday_words(things.yes),
        no=in_everyday_words(things.no),
        services=services,
        until=_day(until) if until and things.yes else None,
        how=dict(EVIDENCE).get(draft["evidence"], ""),
        draft=draft,
        steps={"who": _WHO_AND_HOW, "what": frozenset(WHAT_FIELDS), "whom": frozenset(WHOM_FIELDS)},
        **{name: value for name, value in _words(asked, "check").items() if name in ("case", "address")},
    )


_WHO_AND_HOW = frozenset((*WHO_FIELDS, *HOW_FIELDS))
_PAGES = {"who": _who_page, "what": _what_page, "whom": _whom_page}


def _first_unfinished(draft: Form) -> str | None:
    if missing_from_who(draft):
        return "who"
    if missing_from_what(draft):
        return "what"
    return "whom" if missing_from_whom(draft, draft) else None


def _day(typed: str) -> str:
    """A date in words; as it was typed where it is none, which the API then says."""
    try:
        return day(typed)
    except ValueError:
        return typed


@router.get("/permissions/{consent}/receipt")
async def receipt(case: Id, consent: Id, visit: SignedIn) -> Response:
    """What was answered in one conversation, in plain words, to print and to keep."""
    answer = await visit.whole(f"/v1/cases/{case}/consents", "consents")
    view = await visit.get(f"/v1/cases/{case}")
    shown = receipt_of(answer, consent, people_of(view), await visit.agency_names())
    if shown is None:
        raise not_found()
    lead = view["header"]["lead_professional"]
    return visit.page("asking/receipt.html", case=case, receipt=shown, lead=lead)


CHECK = "check"
"""The button that asks whether they may answer, before they are."""


@router.get("/taking-part")
async def taking_part(case: Id, visit: SignedIn) -> Response:
    return await _taking_part_page(visit, case, await opened(visit), 200)


@router.post("/taking-part")
async def record_taking_part(case: Id, visit: SignedIn, form: SentForm) -> Response:
    async def again(state: FormState, status: int) -> Response:
        return await _taking_part_page(visit, case, state, status)

    if form[CHECK]:
        return await _check_taking_part(visit, case, form)
    missing = missing_from_who(form)
    if form["agrees"] not in ("yes", "no"):
        missing["agrees"] = "Say whether they agree to take part."
    if missing:
        return await again(FormState(form, missing), 422)
    notice = filled(version="2026-1", language=form["language"], given_to=form["given_to"])
    content = {
        "kind": "take_part",
        **word_of(form, agrees=form["agrees"] == "yes"),
        "privacy_notice": notice,
    }
    receipt = f"/cases/{case}/permissions/{{}}/receipt"
    return await submit(
        visit, form, f"/v1/cases/{case}/consents", content,
        then=lambda outcome: receipt.format(outcome["id"]), again=again, fields=field_of,
    )  # fmt: skip


async def _check_taking_part(visit: Visit, case: str, form: Form) -> Response:
    """Say whether they may answer before they are asked, and if not why; nothing is recorded by it."""
    missing = {name: said for name, said in missing_from_who(form).items() if name not in HOW_FIELDS}
    if not missing:
        try:
            reason = (await _may_answer(visit, case, form))["taking_part"]
            missing = {} if reason is None else {"capacity": reason}
        except Refused as refused:
            if refused.status != 422:
                raise
            missing = errors_of(refused, field_of)
    status = 422 if missing else 200
    return await _taking_part_page(visit, case, FormState(form, missing), status, may_answer=not missing)


async def _taking_part_page(
    visit: Visit, case: str, state: FormState, status: int, *, may_answer: bool = False
) -> Response:
    asked = await _asked_by_whom(visit, case)
    return visit.page(
        "asking/taking_part.html",
        status,
        state=state,
        may_answer=may_answer,
        **_words(asked, "who") | {"address": f"/cases/{case}/taking-part"},
    )
