"""The family: a code that a practitioner hands over, the visit that begins with it, and their sheet."""

from typing import Any

from fastapi import APIRouter, Response

from services.gateway.deeds import deed
from services.gateway.disclose import (
    Seen,
    decision_unavailable,
    owners_shown,
    part_unavailable,
    release,
    without_labels,
)
from services.gateway.family_door import VISIT, digest_of_code, digest_of_visit
from services.gateway.family_facts import may_be_named, reader_facts, teams_by_agency
from services.gateway.guards import Acting, FamilyMember, MayDoCasework
from services.gateway.labels import nothing, of_kind
from services.gateway.meeting_views import family_meetings, invited_to, told_by_code
from services.gateway.notice import who_has_looked
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.rosters import roster_at
from services.gateway.routes.disclosures import read_looks
from services.gateway.schemas.family import FamilyCodeView, FamilySheetView, FamilyVisitView
from services.gateway.upstreams import holding
from services.gateway.views import composed_view
from shared.disclosure import Entry
from shared.identity import unauthenticated
from shared.ids import id_or_nowhere, new_id
from shared.problems import Problem, forbidden, invalid
from shared.records.family_codes import NewFamilyCode
from shared.upstream import Unreachable
from shared.vocabulary import Deed, LedgerAction
from shared.web import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["family"])
LOOKS_ON_THE_SHEET = 20
ON_THE_SHEET = of_kind("name", "birth", "action", "goal", "plan_goal")
"""Who they are, and the plan. What was found is read together with somebody, or after signing in."""


@router.post("/cases/{case}/family-codes", status_code=201, response_model=FamilyCodeView)
async def give_code(case: str, acting: MayDoCasework, parts: Parts, new: NewFamilyCode) -> Response:
    """Make a code for somebody of the family, to be handed over to them and nobody else. It is good once, for
    a day, and ends what they had before. Whether it opens anything is decided when they come."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.GIVE_FAMILY_CODE)
    )
    if new.person not in may_be_named(seen):
        raise invalid("person", "Name somebody of this case; record their relationship first.")
    code, secrets = new_id(), parts.family_secrets
    content = {
        "id": code,
        "person": new.person,
        "people": sorted({*seen.bundle["people"], *(one["id"] for one in seen.bundle["subjects"])}),
        "code": digest_of_code(secrets.code(code)),
    }
    path = f"/cases/{seen.bundle['case']['id']}/family-codes"
    outcome = await parts.upstreams.write("consent", "POST", path, acting, content)
    shown = {"id": outcome["id"], "code": secrets.code(outcome["id"]), "good_until": outcome["good_until"]}
    return created(shown, f"/v1/cases/{case}/family-codes")


@router.post("/family-visits", status_code=201, response_model=FamilyVisitView)
async def begin_visit(acting: FamilyMember, parts: Parts) -> Response:
    """Exchange a code, sent as the bearer token, for a visit of half an hour."""
    if acting.code is None or acting.only_case is None:
        raise forbidden("A visit begins with a code. Ask somebody of your team for one.")
    # The team as it is, of whom the family may not be told of everybody: who gave a code and has left since
    # knows it still.
    gathered, _ = await parts.disclosure.gather(acting.only_case, acting)
    await parts.disclosure.see_case(acting.only_case, acting, shows=nothing, place_free="all")
    secret = parts.family_secrets.visit(acting.code)
    path = f"/family-codes/{acting.code}/redemption"
    team = teams_by_agency(gathered.bundle or {"team": ()})
    content = {
        "visit": digest_of_visit(secret),
        "team": [{"user": user, "agency": agency} for agency, users in team.items() for user in users],
    }
    try:
        begun = await parts.upstreams.write("consent", "POST", path, acting, content)
    except Problem as problem:
        if problem.kind != "not-found":
            raise
        raise unauthenticated() from None
    shown = {name: begun[name] for name in ("case", "person", "until")}
    return created({"token": f"{VISIT}{secret}", **shown}, f"/v1/cases/{begun['case']}/family-sheet")


@router.get("/cases/{case}/family-sheet", response_model=FamilySheetView)
async def read_sheet(case: str, acting: FamilyMember, parts: Parts) -> Response:
    """The family's page in one answer: who is in charge, the plan, the meetings to which they are invited,
    what they said, who can see what and why, and who has looked. Who may not learn which agencies are there
    reads no meeting and none of the last three: they name them."""
    held = await _meetings(parts, acting, case)
    by_code = acting.only_case is not None
    # Whether they may be told where the family is says whether any meeting is shown: decided first, and once
    # more for the receipt that names what is shown and nothing else.
    gathered, _ = await parts.disclosure.gather(case, acting)
    first = await parts.disclosure.see_gathered(gathered, acting, shows=nothing, place_free="all")
    invited = set() if first.names_no_agency else invited_to(held, acting.caller.person)

    def is_shown(entry: Entry) -> bool:
        if entry["id"] in invited:
            return told_by_code(entry) or not by_code
        return ON_THE_SHEET(entry)

    seen = await parts.disclosure.see_gathered(gathered, acting, shows=is_shown, place_free="all")
    meetings = family_meetings(seen, held, acting.caller.person, is_shown)
    sheet = composed_view(seen, acting.purpose, parts.notice, ON_THE_SHEET)
    lead = seen.bundle["lead"]
    said = {"about_looks": who_has_looked(None if lead is None else lead["name"])}
    named = {"person": acting.caller.person, "meetings": meetings}
    if seen.names_no_agency:
        return release(acting, {**sheet, **said, **named, "consents": [], "who_can_see": [], "looks": []})
    return release(acting, {**sheet, **said, **named, **await _said_and_looked(parts, acting, seen)})


async def _meetings(parts: GatewayParts, acting: Acting, case: str) -> dict[str, Any]:
    """How the meetings of a case stand, raw: read before it is decided what of them is shown."""
    try:
        found = await parts.upstreams.read("case", f"/cases/{id_or_nowhere(case)}/meetings", acting)
        meetings: dict[str, Any] = holding(found, "meetings")["meetings"]
    except Unreachable:
        raise part_unavailable() from None
    return meetings


async def _said_and_looked(parts: GatewayParts, acting: Acting, seen: Seen) -> dict[str, object]:
    path = f"/cases/{seen.bundle['case']['id']}/consents/list"
    consents = await parts.disclosure.read_list(path, acting, reader_facts(seen, acting))
    return {
        "consents": consents,
        "who_can_see": await _who_can_see(parts, acting, seen),
        "looks": await read_looks(parts, acting, seen, LOOKS_ON_THE_SHEET),
    }


async def _who_can_see(parts: GatewayParts, acting: Acting, seen: Seen) -> list[Any]:
    """What each service of which the family is told may see, and why: of the team as they are told of it."""
    roster = roster_at(seen.bundle, None)
    content = {
        "purpose": acting.purpose.value,
        "reason": acting.reason,
        "case": without_labels(seen).model_dump(mode="json"),
        "roster": roster,
        "owners": sorted({one["agency"] for one in roster} | owners_shown(seen)),
    }
    try:
        told = await parts.upstreams.ask("consent", "/family-sheet/who-can-see", acting, content)
        services: list[Any] = [] if told is None else holding(told, "services")["services"]
    except Unreachable:
        raise decision_unavailable() from None
    return services
