"""The two keys: asking another agency to share, and the answers of the owner and of the family.

Who asked is answered the same whatever the owner holds and whoever said no (design 1, 3.5).
"""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response

from services.gateway.deeds import deed, record_permission, release_own
from services.gateway.disclose import decision_unavailable, part_unavailable, release
from services.gateway.family_facts import (
    check_people,
    check_subject,
    facts_about,
    reader_facts,
    teams_by_agency,
)
from services.gateway.guards import Acting, MayDoCasework, MayReadCases, MayRecordAnswers
from services.gateway.holdings import holds_anything
from services.gateway.labels import nothing
from services.gateway.paging import AskedPage, Page, by
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.schemas.two_keys import SharingRequestsView
from services.gateway.schemas.views import Done
from services.gateway.upstreams import holding
from services.gateway.views import decision_card
from shared.disclosure import DecisionAnswer, DeedAsk
from shared.ids import NOWHERE, id_or_nowhere
from shared.problems import forbidden
from shared.records.two_keys import FamilyAnswer, NewSharingRequest, OwnerAnswer, SharingRequestByDetails
from shared.upstream import Unreachable
from shared.vocabulary import Deed, LedgerAction, Purpose, Relationship
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["consent"])
_ON_CASE = "/cases/{case}/sharing-requests"
_MAY_ASK_FOR = (Purpose.SUPPORT, Purpose.SAFEGUARDING)


@router.post(_ON_CASE, status_code=201, response_model=Done)
async def ask_to_share(case: str, acting: MayDoCasework, parts: Parts, new: NewSharingRequest) -> Response:
    """Ask an information owner to share. Anybody for whom the case exists may ask any agency."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.REQUEST_SHARING)
    )
    check_subject(seen, new.subject)
    if seen.unavailable:
        raise part_unavailable()
    content = {
        "sharing_request": new.model_dump(mode="json"),
        "reaches_owner": holds_anything(seen.entries, new.owner, new.subject),
    }
    path = f"/cases/{seen.bundle['case']['id']}/sharing-requests"
    outcome = await parts.upstreams.write("consent", "POST", path, acting, content)
    return created(outcome, f"/v1/cases/{case}/sharing-requests")


@router.get(_ON_CASE, response_model=SharingRequestsView)
async def list_requests_of_case(case: str, acting: MayReadCases, parts: Parts, asked: AskedPage) -> Response:
    """The requests about a case, each as the side sees it on which the caller stands."""
    page = asked.of(parts, acting, f"cases/{case}/sharing-requests")
    seen = await parts.disclosure.see_case(case, acting, shows=nothing)
    path = f"/cases/{seen.bundle['case']['id']}/sharing-requests/list"
    listed = await parts.disclosure.read_list(path, acting, reader_facts(seen, acting))
    return _listed(page, acting, listed, seen.answer)


def _listed(page: Page, acting: Acting, listed: list[Any], answer: DecisionAnswer) -> Response:
    shown, footer = page.cut(listed, by("asked_at", "id"))
    content = {
        "sharing_requests": shown,
        **footer,
        "decision": decision_card(answer, acting.purpose),
    }
    return release(acting, content)


@router.post(f"{_ON_CASE}/{{request}}/owner-answer", response_model=Done)
async def answer_for_owner_on_case(
    case: str, request: str, acting: MayDoCasework, parts: Parts, answer: OwnerAnswer
) -> Response:
    """The owner's key: a manager of the agency that was asked releases, refuses, or takes a release back."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=release_own(acting.caller.agency)
    )
    path = f"/cases/{seen.bundle['case']['id']}/sharing-requests/{id_or_nowhere(request)}/owner-answer"
    content = {"answer": answer.model_dump(mode="json")}
    return json_response(await parts.upstreams.write("consent", "POST", path, acting, content))


@router.post(f"{_ON_CASE}/{{request}}/family-answer", status_code=201, response_model=Done)
async def answer_for_family(
    case: str, request: str, acting: MayRecordAnswers, parts: Parts, answer: FamilyAnswer
) -> Response:
    """The family's key, recorded by a member like every permission. A yes counts as far as the owner's."""
    # Whom it benefits is known where the request is: there the recorder's evidence is asked for.
    recording = record_permission((), acting.works_for, has_reference=answer.evidence.reference is not None)
    seen = await parts.disclosure.see_case(case, acting, action=LedgerAction.CONTRIBUTE, deed=recording)
    check_people(seen, subject=answer.subject, giver=answer.giver)
    content = {
        "answer": answer.model_dump(mode="json"),
        "family": facts_about(seen, answer.subject),
        "reader": reader_facts(seen, acting),
        "owners": {"agencies": teams_by_agency(seen.bundle), "people": seen.bundle["people"]},
    }
    path = f"/cases/{seen.bundle['case']['id']}/sharing-requests/{id_or_nowhere(request)}/family-answer"
    outcome = await parts.upstreams.write("consent", "POST", path, acting, content)
    return created(outcome, f"/v1/cases/{case}/sharing-requests")


@router.post("/sharing-requests", status_code=201, response_model=Done)
async def ask_by_details(acting: MayDoCasework, parts: Parts, new: SharingRequestByDetails) -> Response:
    """Ask about somebody by two identifying details. The request is passed on if there is anything to share;
    the answer is the same if there is not, or if there is no such person."""
    if acting.purpose not in _MAY_ASK_FOR:
        raise forbidden("Ask for support or for safeguarding; other purposes find nobody by their details.")
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.REQUEST_SHARING))
    content = {"sharing_request": new.model_dump(mode="json"), **await _whom(parts, acting, new)}
    outcome = await parts.upstreams.write("consent", "POST", "/sharing-requests", acting, content)
    return created(outcome, "/v1/sharing-requests")


async def _whom(parts: GatewayParts, acting: Acting, new: SharingRequestByDetails) -> dict[str, Any]:
    """Whom the details fit: one person with an open case, or nobody. Two whom they fit are nobody too: the
    owner would be asked about the wrong one."""
    try:
        details = new.person.model_dump(mode="json", exclude_none=True)
        found = await parts.upstreams.ask("case", "/people/search", acting, details)
        matches = holding(found, "matches")["matches"]
    except Unreachable:
        raise part_unavailable() from None
    match = matches[0] if len(matches) == 1 else None
    cases = [case["id"] for case in match["open_cases"]] if match else []
    # Nobody costs the same work as somebody (design 3.5).
    gathered = await parts.disclosure.gather_cases(cases or [NOWHERE], acting)
    if any(one.unavailable for one in gathered):
        raise part_unavailable()
    if match is None or not cases:
        return {"case": None, "subject": None, "reaches_owner": False}
    entries = [entry for one in gathered for entry in one.entries]
    return {
        "case": cases[0],
        "subject": match["person"],
        "reaches_owner": holds_anything(entries, new.owner, match["person"]),
    }


@router.get("/sharing-requests", response_model=SharingRequestsView)
async def list_requests_of_agency(acting: MayDoCasework, parts: Parts, asked: AskedPage) -> Response:
    """What the caller asked; for a manager, what their agency asked and was asked."""
    page = asked.of(parts, acting, "sharing-requests")
    asking = DeedAsk(deed=Deed.REQUEST_SHARING)
    answer = await parts.disclosure.permit(acting, asking, LedgerAction.LIST)
    try:
        of_agency = await parts.upstreams.read("consent", "/sharing-requests/people", acting)
        found = holding(of_agency, "people", "at")
        at = datetime.fromisoformat(found["at"])
        known = await parts.disclosure.who_decides(found["people"], acting, at)
        facts = {
            "relationship": Relationship.NONE.value,
            "owned": {},
            "decides_from": {person["id"]: person["decides_from"] for person in known},
            "responsible": {person["id"]: person["responsible"] for person in known},
        }
        listed = await parts.upstreams.ask("consent", "/sharing-requests/list", acting, facts)
    except Unreachable:
        raise decision_unavailable() from None
    return _listed(page, acting, listed, answer)


@router.post("/sharing-requests/{request}/owner-answer", response_model=Done)
async def answer_for_owner(
    request: str, acting: MayDoCasework, parts: Parts, answer: OwnerAnswer
) -> Response:
    """The owner's key, for an agency that is not on the case's team and holds something all the same."""
    own = acting.caller.agency
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.RELEASE, owner=own))
    path = f"/sharing-requests/{id_or_nowhere(request)}/owner-answer"
    content = {"answer": answer.model_dump(mode="json")}
    return json_response(await parts.upstreams.write("consent", "POST", path, acting, content))
