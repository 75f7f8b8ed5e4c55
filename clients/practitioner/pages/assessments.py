"""The common assessment as a sequence of small pages: each is saved in the draft when one goes on."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from fastapi import APIRouter, Response

from clients.practitioner.forms import FormState, opened
from clients.practitioner.gateway_client import Refused
from clients.practitioner.presenters.assessment import (
    Section,
    Sheet,
    around,
    covers_of,
    entries_of,
    may_do,
    policy_for,
    sheet_of,
)
from clients.practitioner.presenters.assessment_forms import (
    UNDER_ELEMENTS,
    VOICES,
    content_of,
    field_of,
    filled_from,
    questions_of,
)
from clients.practitioner.presenters.case import case_page_of
from clients.practitioner.presenters.questions import Question, in_plain_words, mistakes_in
from clients.practitioner.presenters.recorded import differences
from clients.practitioner.visit import CHANGED, Form, SentForm, SignedIn, Visit, keep, see_other
from shared.problems import not_found
from shared.records.base import Id
from shared.vocabulary import Deed

router = APIRouter(prefix="/cases/{case}/assessments")
Json = Mapping[str, Any]
_SAID = (
    ("agreed", "They agree with it"),
    ("disagreed", "They disagree"),
    ("not_present", "They were not there"),
)


@dataclass(frozen=True, slots=True)
class Opened:
    """One assessment as its pages need it."""

    view: Json
    entries: Sequence[Json]
    instrument: Json
    names: Mapping[str, str]
    sheet: Sheet

    @property
    def reading(self) -> str:
        """A digest of what is recorded, as this reader sees it: what was read under it is this."""
        stands = sorted([entry["id"], entry.get("etag", "")] for entry in self.entries)
        return hashlib.sha256(orjson.dumps(stands)).hexdigest()

    def questions(self, kind: str, element: str | None) -> list[Question]:
        return questions_of(kind, self.instrument, around(self.view, self.sheet.person, self.names), element)


async def _open(visit: Visit, case: str, assessment: str) -> Opened:
    """The assessment out of the case, which the reader's whole view of it is one call for; one that was
    replaced stands there no more and is asked for."""
    view = await visit.get(f"/v1/cases/{case}")
    entries: Sequence[Json] = entries_of(view, assessment)
    if not entries:
        shown = (await visit.get(f"/v1/cases/{case}/assessments/{assessment}"))["entries"]
        entries = sorted(shown, key=lambda entry: entry["id"] != assessment)
    cover = entries[0]["fields"]
    if entries[0]["kind"] != "assessment":
        raise not_found()
    names = await visit.agency_names()
    instrument = await visit.parts.instruments.of(visit.get, cover["instrument"], cover["instrument_version"])
    return Opened(
        view,
        entries,
        instrument,
        names,
        sheet_of(view, entries, instrument, names, visit.acting.agency),
    )


@router.get("")
async def assessments(case: Id, visit: SignedIn) -> Response:
    view = await visit.get(f"/v1/cases/{case}")
    names = await visit.agency_names()
    may_start = Deed.CONTRIBUTE in may_do(view)
    return visit.page(
        "assessment/list.html",
        case=case_page_of(view, names, visit.today),
        covers=covers_of(view, names),
        may_start=may_start,
    )


@router.get("/new")
async def start_form(case: Id, visit: SignedIn) -> Response:
    return await _start_page(visit, case, await opened(visit))


@router.post("/new")
async def start(case: Id, visit: SignedIn, form: SentForm) -> Response:
    """Begin a draft; the checklist comes next."""
    view, instrument, questions = await _to_start(visit, case)
    mistakes = mistakes_in(form, questions)
    if not mistakes:
        content = content_of(form, "assessment", questions, whole=False) | {
            "instrument": instrument["code"],
            "instrument_version": instrument["version"],
            "person": form["person"] or view["header"]["person"]["id"],
        }
        try:
            made = await visit.send("POST", f"/v1/cases/{case}/assessments", content, once=form.once)
        except Refused as refused:
            mistakes = _mistakes_of(refused, questions)
        else:
            return see_other(f"/cases/{case}/assessments/{made['id']}/about/checklist")
    return await _start_page(visit, case, FormState(form, mistakes), 422)


async def _to_start(visit: Visit, case: str) -> tuple[Json, Json, list[Question]]:
    view = await visit.get(f"/v1/cases/{case}")
    if Deed.CONTRIBUTE not in may_do(view):
        raise not_found()
    instrument = await visit.parts.instruments.newest(visit.get)
    people = around(view, view["header"]["person"]["id"], {})
    questions = questions_of("assessment", instrument, people)
    if len(people.people) > 1:
        whom = Question("person", "Who is assessed?", "one", "", list(people.people.items()))
        questions = [whom, *questions]
    return view, instrument, questions


async def _start_page(visit: Visit, case: str, state: FormState, status: int = 200) -> Response:
    _, instrument, questions = await _to_start(visit, case)
    back = (f"/cases/{case}/assessments", "Assessments")
    return _form_page(
        visit, state, questions, status, title="Start an assessment", help=instrument["title"], back=back,
        address=f"/cases/{case}/assessments/new", button="Save and go on",
    )  # fmt: skip


@router.get("/{assessment}")
async def tasks(case: Id, assessment: Id, visit: SignedIn) -> Response:
    found = await _open(visit, case, assessment)
    return visit.page(
        "assessment/tasks.html",
        case=case_page_of(found.view, found.names, visit.today),
        sheet=found.sheet,
        reading=not found.sheet.may_write,
        read=found.reading,
        changed="",
        notice=found.view["notice"],
    )


@router.get("/{assessment}/check")
async def check(case: Id, assessment: Id, visit: SignedIn) -> Response:
    """All that is recorded on one page, to be read before it is signed."""
    return _check_page(visit, await _open(visit, case, assessment))


def _check_page(visit: Visit, found: Opened, status: int = 200, changed: str = "") -> Response:
    return visit.page(
        "assessment/tasks.html",
        status,
        case=case_page_of(found.view, found.names, visit.today),
        sheet=found.sheet,
        reading=True,
        read=found.reading,
        changed=changed,
        notice=found.view["notice"],
    )


@router.get("/{assessment}/signature")
async def signature_form(case: Id, assessment: Id, visit: SignedIn, read: str = "") -> Response:
    """``read``: what was read before, by the page on which it was."""
    return await _signature_page(visit, case, assessment, await opened(visit), read=read)


_READ = "read"
"""The field in which a signature says what it is for."""
_CHANGED_MEANWHILE = (
    "Something was added or changed after you had read it. Nothing is signed. Read what stands here now, and "
    "go on to sign it."
)


@router.post("/{assessment}/signature")
async def sign(case: Id, assessment: Id, visit: SignedIn, form: SentForm) -> Response:
    """Sign what was read, and nothing that came to stand there meanwhile."""
    found = await _open(visit, case, assessment)
    if found.sheet.may_sign and form[_READ] != found.reading:
        await keep(visit.request, form, CHANGED)
        return _check_page(visit, found, 409, _CHANGED_MEANWHILE)
    content = {name: form[name] for name in ("child_or_young_person", "parent_or_carer", "no_voice_reason")}
    path = f"/v1/cases/{case}/assessments/{assessment}/signature"
    try:
        sent = {name: value for name, value in content.items() if value}
        await visit.send("POST", path, sent, once=form.once)
    except Refused as refused:
        mistakes = _mistakes_of(refused, _SIGNING)
        return await _signature_page(
            visit, case, assessment, FormState(form, mistakes), 422, refused=refused, read=form[_READ]
        )
    return see_other(f"/cases/{case}/assessments/{assessment}")


_SIGNING = [
    Question("child_or_young_person", "What does the child or young person say to it?", "one", "", _SAID),
    Question("parent_or_carer", "What does a parent or carer say to it?", "one", "", _SAID),
    Question(
        "no_voice_reason",
        "If nothing of the child's own words is recorded, why not?",
        "line",
        "Better: go back and write down what they say.",
    ),
]


async def _signature_page(
    visit: Visit,
    case: str,
    assessment: str,
    state: FormState,
    status: int = 200,
    *,
    read: str,
    refused: Refused | None = None,
) -> Response:
    found = await _open(visit, case, assessment)
    if not found.sheet.may_sign:
        raise not_found()
    missing = [] if refused is None else _missing(refused, found.sheet)
    return _form_page(
        visit, state, _SIGNING, status, title="Sign the assessment",
        back=(f"{found.sheet.address}/check", "Check your answers"),
        help="From then on it stays as it is. What changes later stands in a new version.",
        address=f"{found.sheet.address}/signature", button="Sign", missing=missing,
        read=read or found.reading,
    )  # fmt: skip


def _missing(refused: Refused, sheet: Sheet) -> list[tuple[str, str]]:
    """What has to be recorded before, each with where."""
    places = {"conclusion": "conclusion", "review": "review"}
    return [
        (
            error["message"],
            f"{sheet.address}/about/{places[error['field']]}" if error["field"] in places else sheet.address,
        )
        for error in refused.problem.get("errors", ())
        if error["field"] in ("entries", *places)
    ]


@router.get("/{assessment}/new-version")
async def new_version_form(case: Id, assessment: Id, visit: SignedIn) -> Response:
    return await _new_version_page(visit, case, assessment, await opened(visit))


@router.post("/{assessment}/new-version")
async def new_version(case: Id, assessment: Id, visit: SignedIn, form: SentForm) -> Response:
    """Go on from a signed assessment in a draft that holds the same; the signed one stays as it is."""
    try:
        made = await visit.send(
            "POST", f"/v1/cases/{case}/assessments", {"amends": assessment}, once=form.once
        )
    except Refused as refused:
        return await _new_version_page(
            visit, case, assessment, FormState(form, _mistakes_of(refused, ())), 422
        )
    return see_other(f"/cases/{case}/assessments/{made['id']}")


async def _new_version_page(
    visit: Visit, case: str, assessment: str, state: FormState, status: int = 200
) -> Response:
    found = await _open(visit, case, assessment)
    if not found.sheet.may_amend:
        raise not_found()
    return _form_page(
        visit, state, (), status, title="Write a new version",
        back=(found.sheet.address, "The assessment"),
        help="It begins with all that stands in the signed one, which stays until you sign the new one.",
        address=f"{found.sheet.address}/new-version", button="Write a new version",
    )  # fmt: skip


@router.get("/{assessment}/print")
async def printed(case: Id, assessment: Id, visit: SignedIn) -> Response:
    """The page that the API makes for paper."""
    page = await visit.document(f"/v1/cases/{case}/assessments/{assessment}/print")
    return Response(page, media_type="text/html", headers={"content-security-policy": policy_for(page)})


@router.get("/{assessment}/entries/{entry}")
async def correction_form(case: Id, assessment: Id, entry: Id, visit: SignedIn) -> Response:
    found = await _open(visit, case, assessment)
    _, stands, questions = _to_correct(found, entry)
    state = await opened(visit)
    if not state.kept:
        fields = (*filled_from(stands, questions), ("etag", stands["etag"]))
        state = FormState(Form(tuple(fields)))
    return _correction_page(visit, found, entry, state)


@router.post("/{assessment}/entries/{entry}")
async def correct(case: Id, assessment: Id, entry: Id, visit: SignedIn, form: SentForm) -> Response:
    """Put right what one's own service recorded; who was faster is shown beside what was typed."""
    found = await _open(visit, case, assessment)
    section, stands, questions = _to_correct(found, entry)
    mistakes = mistakes_in(form, questions)
    if not mistakes:
        content = content_of(form, stands["kind"], questions, whole=True)
        path = f"/v1/cases/{case}/assessments/{assessment}/entries/{entry}"
        try:
            await visit.send("PATCH", path, content, once=form.once, if_match=form["etag"])
        except Refused as refused:
            if refused.status == 412:
                return _conflict_page(visit, found, entry, form, content)
            mistakes = _mistakes_of(refused, questions)
        else:
            return see_other(section.address)
    return _correction_page(visit, found, entry, FormState(form, mistakes), 422)


def _to_correct(found: Opened, entry: str) -> tuple[Section, Json, list[Question]]:
    """Where an entry stands, the entry, and what is asked to correct it; 404 for who may not."""
    for section in found.sheet.sections():
        if any(item.id == entry and item.change for item in section.items):
            stands = next(one for one in found.entries if one["id"] == entry)
            element = stands["fields"].get("element")
            return section, stands, found.questions(stands["kind"], element)
    raise not_found()


def _correction_page(
    visit: Visit, found: Opened, entry: str, state: FormState, status: int = 200, **more: Any
) -> Response:
    section, _, questions = _to_correct(found, entry)
    return _form_page(
        visit, state, questions, status, title=f"Change: {section.title}", help=section.help,
        back=(section.address, section.title), address=f"{found.sheet.address}/entries/{entry}",
        button="Save", etag=state["etag"], **more,
    )  # fmt: skip


def _conflict_page(visit: Visit, found: Opened, entry: str, form: Form, typed: Json) -> Response:
    """Both versions side by side: the form holds what was typed, and is good for what stands now."""
    section, stands, _ = _to_correct(found, entry)
    fields = tuple(pair for pair in form.fields if pair[0] not in ("etag", "once"))
    state = FormState(
        Form((*fields, ("etag", stands["etag"]))),
        {"": "Somebody changed this while you were writing. Nothing of yours is saved yet."},
    )
    return _correction_page(
        visit,
        found,
        entry,
        state,
        409,
        differs=differences(stands, typed, found.sheet.reading),
        keep_theirs=section.address,
    )


@router.get("/{assessment}/about/{section}")
async def section_page(case: Id, assessment: Id, section: str, visit: SignedIn) -> Response:
    """What is recorded under one heading, with what to think of there."""
    found = await _open(visit, case, assessment)
    shown = found.sheet.section(section)
    if shown is None:
        raise not_found()
    return visit.page(
        "assessment/section.html", section=shown, sheet=found.sheet, after=found.sheet.after(section)
    )


@router.get("/{assessment}/about/{section}/{kind}")
async def add_form(case: Id, assessment: Id, section: str, kind: str, visit: SignedIn) -> Response:
    found = await _open(visit, case, assessment)
    state = await opened(visit)
    if not state.kept and kind != "parent_or_carer":
        state = FormState(Form((("subjects", found.sheet.person),)))
    return _add_page(visit, found, section, kind, state)


@router.post("/{assessment}/about/{section}/{kind}")
async def add(case: Id, assessment: Id, section: str, kind: str, visit: SignedIn, form: SentForm) -> Response:
    found = await _open(visit, case, assessment)
    under, questions = _to_add(found, section, kind)
    mistakes = mistakes_in(form, questions)
    if not mistakes:
        content = {**content_of(form, kind, questions, whole=False), "kind": kind, **_fixed(section, kind)}
        path = f"/v1/cases/{case}/assessments/{assessment}/entries"
        try:
            await visit.send("POST", path, content, once=form.once)
        except Refused as refused:
            mistakes = _mistakes_of(refused, questions)
        else:
            return see_other(under.address)
    return _add_page(visit, found, section, kind, FormState(form, mistakes), 422)


def _fixed(section: str, kind: str) -> dict[str, str]:
    """What the page itself says of what is added there."""
    if kind in UNDER_ELEMENTS:
        return {"element": section}
    return {"voice_of": VOICES[section]} if kind == "comment" else {}


def _to_add(found: Opened, section: str, kind: str) -> tuple[Section, list[Question]]:
    shown = found.sheet.section(section)
    if shown is None or f"{shown.address}/{kind}" not in (address for _, address in shown.adds):
        raise not_found()
    return shown, found.questions(kind, section)


def _add_page(
    visit: Visit, found: Opened, section: str, kind: str, state: FormState, status: int = 200
) -> Response:
    shown, questions = _to_add(found, section, kind)
    words = next(words for words, address in shown.adds if address.endswith(f"/{kind}"))
    return _form_page(
        visit, state, questions, status, title=f"{words}: {shown.title}", help=shown.help,
        back=(shown.address, shown.title), address=f"{shown.address}/{kind}", button="Save and go on",
    )  # fmt: skip


def _form_page(
    visit: Visit, state: FormState, questions: Sequence[Question], status: int, **what: Any
) -> Response:
    shown = {"etag": "", "read": "", "missing": (), "differs": (), "keep_theirs": "", **what}
    return visit.page("questions.html", status, state=state, questions=questions, **shown)


def _mistakes_of(refused: Refused, questions: Sequence[Question]) -> dict[str, str]:
    """The mistakes that a refusal names; what is refused for another reason is no mistake in the form."""
    if refused.status not in (409, 422):
        raise refused
    found = in_plain_words(refused.problem.get("errors", ()), questions, field_of(questions))
    return found or {"": refused.problem["detail"]}
