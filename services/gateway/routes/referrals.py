"""Referrals: an agency is asked to help, considers the case while it is asked, and answers."""

from typing import Any

from fastapi import APIRouter, Response

from services.gateway.deeds import about_entry
from services.gateway.deeds import refer as refers
from services.gateway.disclose import Seen, not_shown, release
from services.gateway.family_facts import check_subjects
from services.gateway.guards import Acting, MayDoCasework, MayReadCases
from services.gateway.inbox import Inbox
from services.gateway.labels import nothing, of_area
from services.gateway.paging import AskedPage, Limit
from services.gateway.partnership import check_agencies
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.schemas.referrals import ReferralsView
from services.gateway.schemas.views import Done, EntriesView
from shared.ids import id_or_nowhere
from shared.records.referrals import NamedUser, NewReferral, ReferralAcceptance, ReferralRefusal
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["referrals"])
INBOX = Inbox("referrals", Deed.READ_REFERRALS)
ON_CASE = "/cases/{case}/referrals"


@router.get(ON_CASE, response_model=EntriesView)
async def read_referrals(case: str, acting: MayReadCases, parts: Parts, asked: AskedPage) -> Response:
    """Who was asked, how each referral stands, and what was answered and why: the chain of refusals."""
    page = asked.of(parts, acting, f"cases/{case}/referrals")
    seen = await parts.disclosure.see_case(
        case, acting, shows=of_area("referrals"), place_free="staff", portion=page.portion
    )
    return release(acting, page.entries(seen, area="referrals"))


@router.post(ON_CASE, status_code=201, response_model=Done)
async def refer(case: str, acting: MayDoCasework, parts: Parts, new: NewReferral) -> Response:
    """Ask an agency to help: one that the family did not exclude, after permission to take part."""
    seen = await _may_ask(parts, acting, case, new.agency)
    await check_agencies(parts, acting, [new.agency], "agency")
    if new.referrer is not None:
        await _may_ask(parts, acting, case, new.referrer.agency)
        await check_agencies(parts, acting, [new.referrer.agency], "referrer.agency")
    check_subjects(seen, new.subjects, "subjects")
    path = f"/cases/{seen.bundle['case']['id']}/referrals"
    content = {**new.model_dump(mode="json"), "not_shown": not_shown(seen, "referral")}
    outcome = await parts.upstreams.write("case", "POST", path, acting, content)
    return created(outcome, f"/v1/cases/{case}/referrals")


async def _may_ask(parts: GatewayParts, acting: Acting, case: str, agency: str) -> Seen:
    asks = refers(agency)
    return await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=asks, shows=nothing
    )


@router.post(f"{ON_CASE}/{{referral}}/withdrawal", response_model=Done)
async def withdraw(case: str, referral: str, acting: MayDoCasework, parts: Parts) -> Response:
    """Take a referral back. The agency that was asked considers the case no longer (``enforced_at``)."""
    known = id_or_nowhere(referral)
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=about_entry(Deed.CORRECT, known), shows=nothing
    )
    path = f"/cases/{seen.bundle['case']['id']}/referrals/{known}/withdrawal"
    return json_response(await parts.upstreams.write("case", "POST", path, acting))


@router.get("/referrals", response_model=ReferralsView)
async def list_referrals(
    acting: MayDoCasework, parts: Parts, limit: Limit = 50, cursor: str | None = None
) -> Response:
    """What the acting agency is asked and has not answered, as far as the caller may see it, newest first."""
    page = await INBOX.page(parts, acting, limit, cursor)
    lines = [{"case": case, "referral": shown} for case, shown in page.lines]
    return release(acting, {"referrals": lines, **page.footer})


@router.post("/referrals/{referral}/take-up", response_model=Done)
async def take_up(referral: str, acting: MayDoCasework, parts: Parts, who: NamedUser) -> Response:
    """Say who of one's agency looks at a referral: they consider the case until it is answered."""
    return await _do(parts, acting, referral, Deed.TAKE_UP_REFERRAL, "take-up", who)


@router.post("/referrals/{referral}/acceptance", response_model=Done)
async def accept(referral: str, acting: MayDoCasework, parts: Parts, answer: ReferralAcceptance) -> Response:
    """Say that one's agency will help. What considering opened ends here; the lead adds to the team."""
    return await _do(parts, acting, referral, Deed.ANSWER_REFERRAL, "acceptance", answer)


@router.post("/referrals/{referral}/refusal", response_model=Done)
async def refuse(referral: str, acting: MayDoCasework, parts: Parts, answer: ReferralRefusal) -> Response:
    """Say that one's agency will not help, and why. What considering opened ends here."""
    return await _do(parts, acting, referral, Deed.ANSWER_REFERRAL, "refusal", answer)


async def _do(
    parts: GatewayParts, acting: Acting, referral: str, name: Deed, what: str, body: Any
) -> Response:
    known = id_or_nowhere(referral)
    gathered = await INBOX.find(parts, acting, known)
    await parts.disclosure.see_one(gathered, acting, LedgerAction.CONTRIBUTE, about_entry(name, known))
    path = f"/referrals/{known}/{what}"
    content = body.model_dump(mode="json")
    return json_response(await parts.upstreams.write("case", "POST", path, acting, content))
