"""Common assessments: done once, added to by those who know, signed, and never retold."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from fastapi.responses import HTMLResponse

from services.gateway.at_risk import check_follow_up, check_signed, follow_up, follow_up_signed
from services.gateway.changes import entry_to_change, must_be_open
from services.gateway.deeds import about_entry, deed
from services.gateway.disclose import Seen, hand_over, part_unavailable, release
from services.gateway.family_facts import may_be_named
from services.gateway.guards import Acting, MayDoCasework, MayReadEntries, MayWriteEntries, SignedIn
from services.gateway.labels import of_kind
from services.gateway.paging import AskedPage
from services.gateway.partnership import check_agencies
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.printing import HEADERS, printed_assessment
from services.gateway.projection import Shown, person_card
from services.gateway.schemas.views import AssessmentView, Done, EntriesView
from services.gateway.upstreams import holding
from services.gateway.views import entries_view
from shared.disclosure import Entry
from shared.ids import id_or_nowhere
from shared.problems import invalid, not_found
from shared.records.assessments import AssessmentToStart, EntryChanges, NewAssessment, NewEntry, Signature
from shared.upstream import Unreachable
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["assessments"])

_WHOM = ("name", "birth")


def _on_paper(entry: Entry) -> bool:
    return entry["area"] == "assessment" or entry["kind"] in _WHOM


@router.get("/instruments")
async def list_instruments(acting: SignedIn, parts: Parts) -> Response:
    """The instruments that an assessment can be made with."""
    return await _from_assessment(acting, parts, "/instruments")


@router.get("/instruments/{code}/{version}")
async def read_instrument(code: str, version: str, acting: SignedIn, parts: Parts) -> Response:
    """One instrument: its domains, elements, questions and help texts."""
    if not (code.isascii() and code.isalnum() and version.isascii() and version.isalnum()):
        raise not_found()
    return await _from_assessment(acting, parts, f"/instruments/{code}/{version}")


async def _from_assessment(acting: SignedIn, parts: Parts, path: str) -> Response:
    try:
        return json_response(await parts.upstreams.read("assessment", path, acting))
    except Unreachable:
        raise part_unavailable() from None


@router.get("/cases/{case}/assessments", response_model=EntriesView)
async def list_assessments(case: str, acting: MayReadEntries, parts: Parts, asked: AskedPage) -> Response:
    """The assessments of a case that the caller may see, each as its cover sheet."""
    page = asked.of(parts, acting, f"cases/{case}/assessments")
    seen = await parts.disclosure.see_case(
        case, acting, shows=of_kind("assessment"), place_free="staff", portion=page.portion
    )
    view = page.entries(seen, area="assessment", kinds=("assessment",))
    return release(acting, view)


@router.get("/cases/{case}/assessments/{assessment}", response_model=AssessmentView)
async def read_assessment(case: str, assessment: str, acting: MayReadEntries, parts: Parts) -> Response:
    """One assessment, superseded ones included: the entries of it that the caller may see."""
    seen = await parts.disclosure.see_assessment(case, id_or_nowhere(assessment), acting)
    view = entries_view(seen, acting.purpose, parts.notice, area="assessment")
    if not view["entries"]:
        raise part_unavailable() if seen.unavailable else not_found()
    return release(acting, view)


@router.get("/cases/{case}/assessments/{assessment}/print", response_class=HTMLResponse)
async def print_assessment(case: str, assessment: str, acting: MayReadEntries, parts: Parts) -> Response:
    """One assessment as a page to print: what ``GET …/assessments/{assessment}`` shows, and about whom."""
    seen = await parts.disclosure.see_assessment(
        case, id_or_nowhere(assessment), acting, action=LedgerAction.PRINT, shows=_on_paper
    )
    view = entries_view(seen, acting.purpose, parts.notice, area="assessment")
    if not view["entries"]:
        raise part_unavailable() if seen.unavailable else not_found()
    whom = entries_view(seen, acting.purpose, parts.notice, area="person", kinds=_WHOM)
    page = printed_assessment(
        {**view, "entries": [*whom["entries"], *view["entries"]]},
        person_card(seen.bundle["person"], seen.entries, seen.levels),
        await _instrument_of(view["entries"], acting, parts),
        seen.answer.agencies,
        f"{acting.caller.name}, {_name_of(acting.caller.agency, seen)}",
    )
    return hand_over(acting, HTMLResponse(page, headers=HEADERS))


async def _instrument_of(entries: list[Shown], acting: SignedIn, parts: Parts) -> dict[str, Any] | None:
    """The instrument of the assessment, if its cover may be seen."""
    cover = next((entry["fields"] for entry in entries if entry["kind"] == "assessment"), None)
    if cover is None:
        return None
    path = f"/instruments/{cover['instrument']}/{cover['instrument_version']}"
    try:
        return holding(await parts.upstreams.read("assessment", path, acting), "title", "domains", "parts")
    except Unreachable:
        raise part_unavailable() from None


def _name_of(agency: str, seen: Seen) -> str:
    card = seen.answer.agencies.get(agency)
    return card.name if card else agency


@router.post("/cases/{case}/assessments", status_code=201, response_model=Done)
async def start_assessment(
    case: str, acting: MayWriteEntries, parts: Parts, new: AssessmentToStart
) -> Response:
    """Start an assessment, or a new version of a signed one (``amends``)."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.CONTRIBUTE)
    )
    must_be_open(seen)
    if isinstance(new, NewAssessment):
        _check_subjects(seen, [new.person], "person")
        _check_parts(seen, new)
    else:
        seen.named(new.amends, "assessment")
    path = f"/cases/{seen.bundle['case']['id']}/assessments"
    content = new.model_dump(mode="json", exclude_unset=True)
    outcome = await parts.upstreams.write("assessment", "POST", path, acting, content)
    return created(outcome, f"/v1/cases/{case}/assessments/{outcome['id']}")


def _check_parts(seen: Seen, new: NewAssessment) -> None:
    """Whatever comes with a new assessment is about people of this case."""
    for name, part in new:
        for one in part if isinstance(part, tuple) else (part,):
            subjects = getattr(one, "subjects", None)
            _check_subjects(seen, subjects or (), f"{name}.subjects")


def _check_subjects(seen: Seen, subjects: Any, field: str) -> None:
    if not may_be_named(seen).issuperset(subjects):
        raise invalid(field, "Name people of this case; add them to the case first.")


async def _check_accountable(parts: GatewayParts, acting: Acting, said: Mapping[str, Any]) -> None:
    """An agreed action is owed by an agency that exists: once it is signed nobody can put that right."""
    if said.get("accountable") is not None:
        await check_agencies(parts, acting, [said["accountable"]])


@router.post("/cases/{case}/assessments/{assessment}/entries", status_code=201, response_model=Done)
async def add_entry(
    case: str, assessment: str, acting: MayWriteEntries, parts: Parts, new: NewEntry
) -> Response:
    """Add an entry; it belongs to the acting agency."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.CONTRIBUTE)
    )
    seen.named(assessment, "assessment")
    must_be_open(seen)
    _check_subjects(seen, new.subjects or (), "subjects")
    path = f"/cases/{seen.bundle['case']['id']}/assessments/{assessment}/entries"
    content = new.model_dump(mode="json", exclude_unset=True)
    await check_follow_up(parts, acting, seen, content)
    await _check_accountable(parts, acting, content)
    outcome = await parts.upstreams.write("assessment", "POST", path, acting, {**content, "kind": new.kind})
    await follow_up(parts, acting, seen, content)
    return created(outcome, f"/v1/cases/{case}/assessments/{assessment}")


@router.patch("/cases/{case}/assessments/{assessment}/entries/{entry}", response_model=Done)
async def correct_entry(
    case: str,
    assessment: str,
    entry: str,
    acting: MayWriteEntries,
    parts: Parts,
    changes: EntryChanges,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Correct an entry of one's own agency while the assessment is a draft."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=about_entry(Deed.CORRECT, entry)
    )
    found, replay_only = entry_to_change(seen, entry, if_match, acting)
    if found.get("part_of") != assessment and found["id"] != assessment:
        raise not_found()
    _check_subjects(seen, changes.subjects or (), "subjects")
    content = {**changes.model_dump(mode="json", exclude_unset=True), "expected_version": found["version"]}
    path = f"/cases/{seen.bundle['case']['id']}/assessments/{assessment}/entries/{found['id']}"
    followed = content.keys() & {"conclusion", "follow_up_owner", "follow_up_on"}
    await check_follow_up(parts, acting, seen, {**found["fields"], **content} if followed else {})
    await _check_accountable(parts, acting, content)
    outcome = await parts.upstreams.write(
        "assessment", "PATCH", path, acting, content, replay_only=replay_only
    )
    if followed:
        await follow_up(parts, acting, seen, {**found["fields"], **content})
    return json_response(outcome)


@router.post("/cases/{case}/assessments/{assessment}/signature", status_code=201, response_model=Done)
async def sign(
    case: str, assessment: str, acting: MayDoCasework, parts: Parts, signature: Signature
) -> Response:
    """Sign an assessment: from then on it changes only by a new version."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=about_entry(Deed.SIGN_ASSESSMENT, assessment)
    )
    seen.named(assessment, "assessment")
    path = f"/cases/{seen.bundle['case']['id']}/assessments/{assessment}/signature"
    content = signature.model_dump(mode="json")
    await check_signed(parts, acting, seen, assessment)
    outcome = await parts.upstreams.write("assessment", "POST", path, acting, content)
    await follow_up_signed(parts, acting, seen, assessment)
    return created(outcome, f"/v1/cases/{case}/assessments/{assessment}")
