"""People: found by two identifying details, recorded once, their details owned by who contributed them."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response

from services.gateway.changes import entry_to_change
from services.gateway.deeds import about_entry, deed
from services.gateway.disclose import Gathered, Seen, part_unavailable, release
from services.gateway.guards import Acting, MayDoCasework, MayReadEntries, MayWriteEntries
from services.gateway.labels import nothing, of_kind
from services.gateway.paging import AskedPage
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.schemas.views import Done, EntriesView, PersonView, SearchView
from services.gateway.search import involvement_probe, may_be_found, may_be_found_through
from services.gateway.upstreams import holding
from services.gateway.views import match_card, person_view
from shared.disclosure import DeedAsk
from shared.problems import Problem, forbidden, invalid
from shared.records.people import DetailFields, NewDetails, NewPerson, PeopleSearch, RelationshipFields
from shared.upstream import Unreachable
from shared.vocabulary import Deed, LedgerAction, Level, Purpose
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/people", tags=["people"])
_MAY_SEARCH_FOR = (Purpose.SUPPORT, Purpose.SAFEGUARDING)


@router.post("", status_code=201, response_model=Done)
async def create_person(acting: MayDoCasework, parts: Parts, new: NewPerson) -> Response:
    """Record a person. Search first: one person is one record."""
    await parts.disclosure.permit(acting, DeedAsk(deed=Deed.CREATE_PERSON))
    outcome = await parts.upstreams.write("case", "POST", "/people", acting, new.model_dump(mode="json"))
    return created(outcome, f"/v1/people/{outcome['id']}")


@router.post("/search", response_model=SearchView)
async def search_people(acting: MayDoCasework, parts: Parts, search: PeopleSearch) -> Response:
    """People who fit two identifying details; whether an assessment exists, and who leads (design 3.5 a).
    Whoever is found by a parent's name is so only where that parent might be found too, and where it may be
    told whose child they are."""
    if acting.purpose not in _MAY_SEARCH_FOR:
        raise forbidden("People are searched for support or safeguarding only.")
    try:
        content = search.model_dump(mode="json", exclude_none=True)
        found = await parts.upstreams.ask("case", "/people/search", acting, content)
        matches = holding(found, "matches", "parents")["matches"]
        assessed = await _assessed_cases(parts, acting, matches)
    except Unreachable:
        raise part_unavailable() from None
    gathered = [
        Gathered(
            match,
            [*match["entries"], involvement_probe(match)],
            shows=of_kind("name", "birth"),
            agency=acting.caller.agency,
        )
        for match in matches
    ]
    parents = [(child, parent) for child, named in found["parents"].items() for parent in named]
    gathered += [
        Gathered(parent, parent["entries"], shows=nothing, agency=acting.caller.agency)
        for _, parent in parents
    ]
    seen = await parts.disclosure.see_many(gathered, acting, LedgerAction.SEARCH)
    children = {match["person"]: one for match, one in zip(matches, seen, strict=False)}
    through = {
        child
        for (child, parent), one in zip(parents, seen[len(matches) :], strict=True)
        if _is_found_through(children[child], parent["person"], one)
    }
    cards = [
        match_card(one, match, assessment_exists=not assessed.isdisjoint(_case_ids(match)))
        for one, match in zip(seen[: len(matches)], matches, strict=True)
        if one is not None
        and _is_found(one, one.levels[:-1])
        and (search.parent_name is None or match["person"] in through)
    ]
    cards.sort(key=lambda card: (card["person"]["name"] or "", card["person"]["id"]))
    return release(acting, {"people": cards, "notice": parts.notice})


def _is_found(seen: Seen, levels: Sequence[Level]) -> bool:
    return may_be_found(levels, seen.bundle["relationship"], seen.obligations)


def _is_found_through(child: Seen | None, name: str, parent: Seen | None) -> bool:
    """Whether a child is found by a parent: both may be found, and that one is the other's may be told."""
    if child is None or parent is None or not _is_found(parent, parent.levels):
        return False
    obligations = child.obligations | parent.obligations
    return may_be_found_through(name, child.bundle["person"], child.entries, child.levels, obligations)


def _case_ids(match: dict[str, Any]) -> list[str]:
    return [case["id"] for case in match["open_cases"]]


async def _assessed_cases(parts: GatewayParts, acting: Acting, matches: list[dict[str, Any]]) -> set[str]:
    """Of the open cases of these people, those with an assessment that is more than its author's draft."""
    cases = sorted({case for match in matches for case in _case_ids(match)})
    if not cases:
        return set()
    labels = await parts.upstreams.ask("assessment", "/cases/labels", acting, {"cases": cases})
    held = holding(labels, *cases)
    return {case for case in cases if any(not label["draft"] for label in held[case])}


@router.get("/{person}", response_model=PersonView)
async def read_person(person: str, acting: MayReadEntries, parts: Parts) -> Response:
    """A person as the caller may see them."""
    seen = await parts.disclosure.see_person(person, acting, place_free="all")
    return release(acting, person_view(seen, acting.purpose, parts.notice))


@router.post("/{person}/details", status_code=201, response_model=Done)
async def add_details(person: str, acting: MayWriteEntries, parts: Parts, new: NewDetails) -> Response:
    """Add details; they belong to the acting agency and stand beside what others recorded."""
    seen = await parts.disclosure.see_person(
        person, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.CONTRIBUTE)
    )
    path = f"/people/{seen.bundle['person']}/details"
    outcome = await parts.upstreams.write("case", "POST", path, acting, new.model_dump(mode="json"))
    return created(outcome, f"/v1/people/{person}")


@router.patch("/{person}/details/{entry}", response_model=Done)
async def correct_detail(
    person: str,
    entry: str,
    acting: MayWriteEntries,
    parts: Parts,
    correction: DetailFields,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Correct a detail of one's own agency; the version it replaces is kept."""
    seen = await parts.disclosure.see_person(
        person, acting, action=LedgerAction.CONTRIBUTE, deed=about_entry(Deed.CORRECT, entry)
    )
    found, replay_only = entry_to_change(seen, entry, if_match, acting)
    content = {
        "expected_version": found["version"],
        "fields": correction.fields,
        "works_for": sorted(acting.works_for),
    }
    path = f"/people/{seen.bundle['person']}/details/{found['id']}"
    outcome = await parts.upstreams.write("case", "PATCH", path, acting, content, replay_only=replay_only)
    return json_response(outcome)


@router.get("/{person}/relationships", response_model=EntriesView)
async def read_relationships(person: str, acting: MayReadEntries, parts: Parts, asked: AskedPage) -> Response:
    """Who is what to this person, and who holds parental responsibility."""
    page = asked.of(parts, acting, f"people/{person}/relationships")
    seen = await parts.disclosure.see_person(
        person, acting, shows=of_kind("relationship"), place_free="staff", portion=page.portion
    )
    view = page.entries(seen, area="person", kinds=("relationship",))
    return release(acting, view)


@router.post("/{person}/relationships", status_code=201, response_model=Done)
async def add_relationship(
    person: str, acting: MayDoCasework, parts: Parts, new: RelationshipFields
) -> Response:
    """Record what two people are to each other. Both must exist for the caller."""
    seen = await parts.disclosure.see_person(
        person, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.CONTRIBUTE)
    )
    if person not in (new.from_person, new.to_person):
        raise invalid("to_person", "One of the two people must be the one in the path.")
    other = new.from_person if person == new.to_person else new.to_person
    await exists_or_invalid(parts, acting, other, "from_person" if other == new.from_person else "to_person")
    path = f"/people/{seen.bundle['person']}/relationships"
    content = new.model_dump(mode="json") | {"works_for": sorted(acting.works_for)}
    outcome = await parts.upstreams.write("case", "POST", path, acting, content)
    return created(outcome, f"/v1/people/{person}/relationships")


async def exists_or_invalid(parts: GatewayParts, acting: Acting, person: str, field: str) -> None:
    """A 422 about a field that names a person who does not exist for the caller."""
    try:
        await parts.disclosure.see_person(person, acting, shows=nothing, place_free="staff")
    except Problem as problem:
        if problem.kind != "not-found":
            raise
        raise invalid(field, "There is nobody with this id whom you may see.") from None
