"""Who has seen what: the disclosure ledger by case and by person, and for officers all of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from services.gateway.disclose import SHOWN_NO_AGENCY, Seen, decision_unavailable, release
from services.gateway.guards import Acting, InformationOfficer, MayReadLedger
from services.gateway.labels import nothing
from services.gateway.notice import who_has_looked
from services.gateway.paging import Limit, Pages
from services.gateway.parts import GatewayParts, Parts
from services.gateway.schemas.ledger import ReceiptsView
from services.gateway.schemas.views import DisclosuresView
from services.gateway.upstreams import holding
from services.gateway.views import receipt_card
from shared.clock import rfc3339
from shared.ids import id_or_nowhere
from shared.problems import invalid, not_found
from shared.records.base import AgencyCode, Moment, UserId
from shared.upstream import Unreachable
from shared.vocabulary import LedgerAction, Purpose, Role
from shared.web import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["ledger"])
Agency = Annotated[AgencyCode | None, Query(description="Who looked.")]
From = Annotated[Moment | None, Query(alias="from", description="The first moment that counts.")]
Until = Annotated[Moment | None, Query(description="The first moment that counts no longer.")]
_UNUSUAL = (
    "True: only what was asked for a purpose other than the role's ordinary one, which needs a reason; "
    "false: only the rest."
)
_SPELT_INSIDE = {"from": "since", "purpose": "sought_for"}
"""Filters that the consent service calls otherwise: ``purpose`` there is what this very question is for."""
_PLURAL = {"case": "cases", "person": "people"}


@router.get("/cases/{case}/disclosures", response_model=DisclosuresView)
async def disclosures_of_case(
    case: str,
    acting: MayReadLedger,
    parts: Parts,
    limit: Limit = 50,
    cursor: str | None = None,
    agency: Agency = None,
    since: From = None,
    until: Until = None,
) -> Response:
    """The receipts about a case that the caller may see, newest first: an information officer those in which
    the own agency is owner or recipient, a member of the family those about them and their children."""
    chosen = _chosen(since, until, agency=agency)
    seen = await _as_family(parts, acting, "case", case)
    return await _disclosures(parts, acting, "case", id_or_nowhere(case), seen, chosen, limit, cursor)


@router.get("/people/{person}/disclosures", response_model=DisclosuresView)
async def disclosures_of_person(
    person: str,
    acting: MayReadLedger,
    parts: Parts,
    limit: Limit = 50,
    cursor: str | None = None,
    agency: Agency = None,
    since: From = None,
    until: Until = None,
) -> Response:
    """The receipts about a person that the caller may see, newest first; in the family the person, and a
    parent for a child who does not decide alone."""
    chosen = _chosen(since, until, agency=agency)
    seen = await _as_family(parts, acting, "person", person)
    return await _disclosures(parts, acting, "person", id_or_nowhere(person), seen, chosen, limit, cursor)


@router.get("/ledger/receipts", response_model=ReceiptsView)
async def search_receipts(
    acting: InformationOfficer,
    parts: Parts,
    limit: Limit = 50,
    cursor: str | None = None,
    user: Annotated[UserId | None, Query(description="The user who looked.")] = None,
    agency: Agency = None,
    action: Annotated[LedgerAction | None, Query()] = None,
    purpose: Annotated[Purpose | None, Query(description="For what it was asked.")] = None,
    unusual_purpose: Annotated[bool | None, Query(description=_UNUSUAL)] = None,
    since: From = None,
    until: Until = None,
) -> Response:
    """Search the ledger, newest first: the receipts in which the own agency is owner or recipient; for a
    partnership officer all. It may take a while over a large ledger: name a period (``from``)."""
    unusual = None if unusual_purpose is None else str(unusual_purpose).lower()
    chosen = _chosen(
        since, until, agency=agency, user=user, action=action, purpose=purpose, unusual_purpose=unusual
    )
    pages = Pages(parts, acting, "ledger/receipts", limit, chosen)
    asked = {**_asked(acting, chosen, limit), "after": pages.place(cursor)}
    found = await _found(parts, acting, "/ledger/search", asked, "receipts")
    content = {"receipts": found["receipts"], **pages.footer(found["after"])}
    decision = receipt_card(found["receipt"], found["policy_version"], acting.purpose)
    return release(acting, {**content, "decision": decision})


async def _as_family(parts: GatewayParts, acting: Acting, kind: str, id: str) -> Seen | None:
    """For a member of the family: the case or person, if it exists for them at all. 404 otherwise."""
    if acting.caller.role != Role.FAMILY_MEMBER:
        return None
    if kind == "case":
        return await parts.disclosure.see_case(id, acting, shows=nothing)
    return await parts.disclosure.see_person(id, acting, shows=nothing)


async def _disclosures(
    parts: GatewayParts,
    acting: Acting,
    kind: str,
    target: str,
    seen: Seen | None,
    chosen: Mapping[str, str],
    limit: int,
    cursor: str | None,
) -> Response:
    pages = Pages(parts, acting, f"{_PLURAL[kind]}/{target}/disclosures", limit, chosen)
    asked = {
        **_asked(acting, chosen, limit),
        "kind": kind,
        "target": target,
        "after": pages.place(cursor),
        "family": None if seen is None else _family(seen),
    }
    found = await _found(parts, acting, "/disclosures", asked, "disclosures")
    if not found["disclosures"] and seen is None:
        raise not_found()
    lead = None if seen is None or seen.bundle["lead"] is None else seen.bundle["lead"]["name"]
    content = {
        "disclosures": found["disclosures"],
        **pages.footer(found["after"]),
        "in_plain_words": None if seen is None else who_has_looked(lead),
    }
    decision = receipt_card(found["receipt"], found["policy_version"], acting.purpose)
    return release(acting, {**content, "decision": decision})


async def read_looks(parts: GatewayParts, acting: Acting, seen: Seen, limit: int) -> list[Any]:
    """The newest looks at a case that exists for a member of the family, as they are told of them."""
    asked = {
        **_asked(acting, {}, limit),
        "kind": "case",
        "target": seen.bundle["case"]["id"],
        "after": None,
        "family": _family(seen),
    }
    looks: list[Any] = (await _found(parts, acting, "/disclosures", asked, "disclosures"))["disclosures"]
    return looks


def _family(seen: Seen) -> dict[str, Any]:
    """What the reader is to whom. A parent to whom no agency may be named reads no ledger: it names them."""
    words = seen.bundle["relationships_by_subject"].items()
    return {
        "relationships": {person: word for person, word in words if word not in SHOWN_NO_AGENCY},
        "subjects": seen.bundle["subjects"],
    }


def _chosen(since: datetime | None, until: datetime | None, **others: str | None) -> dict[str, str]:
    """The filters that were given, as they are spelt in a query; a 422 for a window that is empty."""
    if since is not None and until is not None and until <= since:
        raise invalid("until", "Let it end after it begins.")
    given = {name: str(value) for name, value in others.items() if value is not None}
    window = {"from": since, "until": until}
    return given | {name: rfc3339(moment) for name, moment in window.items() if moment is not None}


def _asked(acting: Acting, chosen: Mapping[str, str], limit: int) -> dict[str, Any]:
    filters = {_SPELT_INSIDE.get(name, name): value for name, value in chosen.items()}
    return {"purpose": acting.purpose.value, "reason": acting.reason, "limit": limit, **filters}


async def _found(
    parts: GatewayParts, acting: Acting, path: str, asked: Mapping[str, Any], name: str
) -> dict[str, Any]:
    try:
        answer = await parts.upstreams.ask("consent", path, acting, asked)
        return holding(answer, name, "after", "receipt", "policy_version")
    except Unreachable:
        raise decision_unavailable() from None
