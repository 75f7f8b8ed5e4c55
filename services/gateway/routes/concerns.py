"""Concerns: sent to social care or the police without permission and without seeing anything (design 3.2)."""

from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import APIRouter, Response

from services.gateway.deeds import about_entry, send_concern
from services.gateway.disclose import Seen, part_unavailable, release
from services.gateway.family_facts import check_subjects
from services.gateway.guards import Acting, MayDoCasework, MaySendConcerns
from services.gateway.inbox import Inbox
from services.gateway.labels import Shows
from services.gateway.paging import Limit, Pages
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.projection import project_entry
from services.gateway.schemas.concerns import ConcernsView, SentConcernsView
from services.gateway.schemas.views import Done
from services.gateway.upstreams import holding
from services.gateway.views import decision_card
from shared.disclosure import DeedAsk
from shared.ids import id_or_nowhere
from shared.problems import Problem, invalid
from shared.records.concerns import ConcernForm, NewConcern, NewConcernAboutPerson
from shared.upstream import Unreachable
from shared.vocabulary import AgencyKind, Category, Deed, LedgerAction, Level
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["concerns"])
RECIPIENTS = (AgencyKind.SOCIAL_CARE, AgencyKind.POLICE)
_FORM = frozenset(ConcernForm.model_fields)
INBOX = Inbox("concerns", Deed.READ_CONCERNS)
UNANSWERED = Inbox("concerns/unanswered", Deed.READ_CONCERNS)


@router.post("/cases/{case}/concerns", status_code=201, response_model=Done)
async def send_about_case(case: str, acting: MaySendConcerns, parts: Parts, new: NewConcern) -> Response:
    """Send a concern about somebody of a case, with entries of one's own agency if one likes."""
    await _check_recipient(parts, acting, new.recipient)
    seen = await parts.disclosure.see_case(
        case,
        acting,
        action=LedgerAction.CONTRIBUTE,
        deed=send_concern(new.recipient, new.entries, new.subjects),
        shows=_these(new.entries),
    )
    check_subjects(seen, new.subjects, "subjects")
    subjects = new.subjects or (seen.bundle["person"],)
    content = _to_store(new, subjects, _own_entries(seen, new.entries, acting))
    path = f"/cases/{seen.bundle['case']['id']}/concerns"
    outcome = await parts.upstreams.write("case", "POST", path, acting, content)
    return created(outcome, f"/v1/cases/{case}")


@router.post("/concerns", status_code=201, response_model=Done)
async def send_about_person(acting: MaySendConcerns, parts: Parts, new: NewConcernAboutPerson) -> Response:
    """Send a concern about a person whose record one sees, or about somebody whom one describes. Nobody is
    looked up: the answer is the same whoever they are."""
    await _check_recipient(parts, acting, new.recipient)
    subjects: tuple[str, ...] = ()
    entries: list[Any] = []
    if new.person is None:
        asked = DeedAsk(deed=Deed.SEND_CONCERN, target_agency=new.recipient)
        await parts.disclosure.permit(acting, asked)
    else:
        seen = await _see_person(parts, acting, new, new.person)
        subjects, entries = (new.person,), _own_entries(seen, new.entries, acting)
    details = [detail.model_dump(mode="json", exclude_none=True) for detail in new.details]
    content = {**_to_store(new, subjects, entries), "details": details}
    outcome = await parts.upstreams.write("case", "POST", "/concerns", acting, content)
    return created(outcome, "/v1/concerns")


async def _see_person(parts: GatewayParts, acting: Acting, new: NewConcernAboutPerson, person: str) -> Seen:
    try:
        return await parts.disclosure.see_person(
            person,
            acting,
            action=LedgerAction.CONTRIBUTE,
            deed=send_concern(new.recipient, new.entries),
            shows=_these(new.entries),
        )
    except Problem as problem:
        if problem.kind != "not-found":
            raise
        raise invalid("person", "There is nobody with this id whom you may see; describe them.") from None


async def _check_recipient(parts: GatewayParts, acting: Acting, recipient: str) -> None:
    """A 422 unless this is another agency's social care or police; asked before anything about anybody."""
    try:
        listed = await parts.upstreams.read("consent", "/agencies", acting)
    except Unreachable:
        raise part_unavailable() from None
    kinds = {agency["code"]: agency["kind"] for agency in listed}
    if kinds.get(recipient) not in RECIPIENTS:
        raise invalid("recipient", "Concerns go to social care or to the police; choose one of these.")
    if recipient == acting.caller.agency:
        raise invalid("recipient", "This is your own agency; tell a colleague.")


def _these(entries: Iterable[str]) -> Shows:
    """What goes with a concern: the receipt names these. Nothing about equality goes to anybody else."""
    chosen = frozenset(entries)
    return lambda entry: entry["id"] in chosen and Category.EQUALITY not in entry["categories"]


def _own_entries(seen: Seen, wanted: Sequence[str], acting: Acting) -> list[Any]:
    """The entries that go with a concern: of the sender's own agency, and seen in full. What is hidden is
    answered like what is not there."""
    if wanted and seen.unavailable:
        raise part_unavailable()
    found = []
    for number, entry in enumerate(dict.fromkeys(wanted)):
        known = seen.entry(entry)
        if known is None or known[1] < Level.FULL or known[0]["owner"] != acting.caller.agency:
            raise invalid(f"entries.{number}", "Send entries of your own agency that you see all of.")
        if Category.EQUALITY in known[0]["categories"]:
            raise invalid(f"entries.{number}", "Leave out entries about equality; they go to nobody else.")
        found.append(known[0])
    return found


def _to_store(new: ConcernForm, subjects: Iterable[str], entries: Iterable[Any]) -> dict[str, Any]:
    entries = list(entries)
    about = {*subjects, *(person for entry in entries for person in entry["subjects"])}
    ordered = [*subjects, *sorted(about.difference(subjects))]
    return {
        "form": new.model_dump(mode="json", include=set(_FORM)),
        "subjects": ordered,
        "categories": sorted({word for entry in entries for word in entry["categories"]}),
        "sent": [_as_sent(entry) for entry in entries],
    }


def _as_sent(entry: Any) -> dict[str, Any]:
    projected = project_entry(entry, Level.FULL)
    assert projected is not None, "it was shown in full"
    names = ("kind", "recorded_at", "categories", "fields")
    return {"entry": projected["id"], **{name: projected[name] for name in names}}


@router.get("/concerns", response_model=ConcernsView)
async def list_concerns(
    acting: MayDoCasework, parts: Parts, limit: Limit = 50, cursor: str | None = None
) -> Response:
    """The concerns sent to the acting agency that the caller may see, newest first."""
    page = await INBOX.page(parts, acting, limit, cursor)
    return release(acting, {"concerns": [shown for _, shown in page.lines], **page.footer})


@router.get("/concerns/sent", response_model=SentConcernsView)
async def list_sent(
    acting: MaySendConcerns, parts: Parts, limit: Limit = 50, cursor: str | None = None
) -> Response:
    """What the caller sent for the agency for which they act, newest first: to whom, when, and since when it
    is received. What became of it, and whom it is about, is not here: sending shows nothing."""
    pages = Pages(parts, acting, "concerns/sent", limit)
    place = pages.place(cursor)
    asked = DeedAsk(deed=Deed.SEND_CONCERN)
    answer = await parts.disclosure.permit(acting, asked, LedgerAction.LIST)
    try:
        found = await parts.upstreams.ask("case", "/concerns/sent", acting, {"after": place, "limit": limit})
        page = holding(found, "sent", "after")
    except Unreachable:
        raise part_unavailable() from None
    content = {
        "sent": page["sent"],
        **pages.footer(page["after"]),
        "decision": decision_card(answer, acting.purpose),
    }
    return release(acting, content)


@router.post("/concerns/{concern}/acknowledgement", response_model=Done)
async def acknowledge(concern: str, acting: MayDoCasework, parts: Parts) -> Response:
    """Say that a concern was received. The sender reads it there, and learns nothing else by it."""
    known = id_or_nowhere(concern)
    gathered = await INBOX.find(parts, acting, known)
    await parts.disclosure.see_one(
        gathered, acting, LedgerAction.CONTRIBUTE, about_entry(Deed.ACKNOWLEDGE_CONCERN, known)
    )
    path = f"/concerns/{known}/acknowledgement"
    return json_response(await parts.upstreams.write("case", "POST", path, acting))
