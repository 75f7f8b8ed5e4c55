"""Statutory overrides: sharing that law requires or allows without permission."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from services.gateway.beside_case import lists_that_open
from services.gateway.disclose import release
from services.gateway.guards import (
    Acting,
    MayConfirmOverrides,
    MayEndOverrides,
    MayHoldReceipts,
    MayReadCases,
    MayRecordOverrides,
)
from services.gateway.openings import people_opened
from services.gateway.paging import AskedPage, by
from services.gateway.parts import Parts, created
from services.gateway.schemas.overrides import OverridesView
from services.gateway.schemas.views import Done
from services.gateway.views import decision_card
from shared.disclosure import DeedAsk
from shared.ids import id_or_nowhere
from shared.problems import invalid, not_found
from shared.records.overrides import NewOverride, OverrideEnding, TellingReview
from shared.vocabulary import Deed
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/cases/{case}/overrides", tags=["consent"])


def asked_by(acting: Acting) -> dict[str, Any]:
    """For what the caller acts, as it stands on the receipt of what was done."""
    return {"purpose": acting.purpose.value, "reason": acting.reason}


@router.get("", response_model=OverridesView)
async def list_overrides(case: str, acting: MayReadCases, parts: Parts, asked: AskedPage) -> Response:
    """The statutory overrides that the caller may see: those who record, answer for, receive or own."""
    page = asked.of(parts, acting, f"cases/{case}/overrides")
    listed = await parts.disclosure.read_beside_case(case, "overrides", acting)
    shown, footer = page.cut(listed.rows, by("valid_from", "id"))
    content = {
        "overrides": [{**one, "recipient_names": _names_of(one, listed.colleagues)} for one in shown],
        "may": listed.may,
        "opens": lists_that_open("overrides", acting.caller.role, case_exists=listed.case_exists),
        **footer,
        "decision": decision_card(listed.answer, acting.purpose),
    }
    return release(acting, content)


def _names_of(override: Mapping[str, Any], colleagues: Mapping[str, str]) -> dict[str, str]:
    return {user: colleagues[user] for user in override["recipients"]["users"] if user in colleagues}


@router.post("", status_code=201, response_model=Done)
async def record_override(case: str, acting: MayRecordOverrides, parts: Parts, new: NewOverride) -> Response:
    """Record an override; it counts at once. The case need not be known to the caller but by its id.

    A safeguarding lead's own is over at the end of the next working day unless it is confirmed by then. What
    an information officer opens to her own agency, or to users, counts for these once a second person
    confirmed it.
    """
    [seen] = await parts.disclosure.see_to_open([case], acting, DeedAsk(deed=Deed.RECORD_OVERRIDE))
    if seen is None:
        raise not_found()
    _refuse_for_another_of_ones_agencies(acting, new)
    people = people_opened(seen)
    for number, subject in enumerate(new.subjects or ()):
        if subject not in people:
            raise invalid(f"subjects.{number}", "Name somebody whom this case is about, or leave this out.")
    content = {
        "override": new.model_dump(mode="json"),
        "subjects": sorted(new.subjects or seen.bundle["people"]),
    }
    path = f"/cases/{seen.bundle['case']['id']}/overrides"
    outcome = await parts.upstreams.write("consent", "POST", path, acting, content)
    return created(outcome, f"/v1/cases/{case}/overrides")


def _refuse_for_another_of_ones_agencies(acting: Acting, new: NewOverride) -> None:
    """An officer opens nothing to herself in another agency of hers, where nobody would confirm it."""
    others = {membership.agency for membership in acting.memberships} - {acting.caller.agency}
    if not others.isdisjoint(new.recipients.agencies):
        raise invalid(
            "recipients.agencies",
            "You work for one of these agencies too: an officer who does not records this.",
        )


@router.post("/{override}/confirmation", response_model=Done)
async def confirm_override(case: str, override: str, acting: MayConfirmOverrides, parts: Parts) -> Response:
    """Confirm a colleague's override, so that it lasts as long as it says: a safeguarding lead's her manager
    or another lead, an officer's for the own agency another officer or a safeguarding lead."""
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.CONFIRM_OVERRIDE))
    path = f"/cases/{id_or_nowhere(case)}/overrides/{id_or_nowhere(override)}/confirmation"
    content = {"asked": asked_by(acting)}
    return json_response(await parts.upstreams.write("consent", "POST", path, acting, content))


@router.post("/{override}/ending", response_model=Done)
async def end_override(
    case: str, override: str, acting: MayEndOverrides, parts: Parts, ending: OverrideEnding
) -> Response:
    """End an override before its time. From ``enforced_at`` on nothing more is shown because of it."""
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.END_OVERRIDE))
    path = f"/cases/{id_or_nowhere(case)}/overrides/{id_or_nowhere(override)}/ending"
    content = {"ending": ending.model_dump(mode="json"), "asked": asked_by(acting)}
    return json_response(await parts.upstreams.write("consent", "POST", path, acting, content))


@router.post("/{override}/telling", response_model=Done)
async def review_telling(
    case: str, override: str, acting: MayHoldReceipts, parts: Parts, review: TellingReview
) -> Response:
    """Say whether the family may read by now who looked because of an override, or when that is asked again.
    Until somebody says so they do not, and no gap shows."""
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.REVIEW_TELLING))
    path = f"/cases/{id_or_nowhere(case)}/overrides/{id_or_nowhere(override)}/telling"
    content = {"review": review.model_dump(mode="json"), "asked": asked_by(acting)}
    return json_response(await parts.upstreams.write("consent", "POST", path, acting, content))
