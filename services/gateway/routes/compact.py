"""The compact: what the family and the services promise each other, signed, and what became of it."""

from typing import Any

from fastapi import APIRouter, Response

from services.gateway.deeds import deed, in_own_words
from services.gateway.disclose import DeedOf, Seen, release
from services.gateway.family_facts import check_subjects, may_be_named
from services.gateway.following_up import must_see, read_follow_up, standing_of
from services.gateway.guards import Acting, MayReadEntries, MayRecordAnswers, MayWriteEntries
from services.gateway.labels import of_kind
from services.gateway.partnership import check_agencies
from services.gateway.parts import GatewayParts, Parts, created
from services.gateway.projection import Shown
from services.gateway.schemas.plan import CompactView
from services.gateway.schemas.views import Done
from services.gateway.views import entries_view
from shared.problems import Problem, conflict, invalid
from shared.records.compact import CommitmentStanding, CommitmentStatus, NewCompact, NewSignature
from shared.records.parties import Party
from shared.vocabulary import Deed, LedgerAction, Level
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/cases/{case}/compact", tags=["plan"])
_KINDS = ("compact", "commitment", "compact_signature")
_TRIES = 3
_NEWER = "There is a newer one in force. Read it first, and name it as the one that this replaces."


@router.get("", response_model=CompactView)
async def read_compact(case: str, acting: MayReadEntries, parts: Parts) -> Response:
    """The versions that the caller may see, the newest first, with what was promised on both sides."""
    kept = await read_follow_up(parts, acting, case)
    seen = await parts.disclosure.see_case(case, acting, shows=of_kind(*_KINDS), place_free="staff")
    view = entries_view(seen, acting.purpose, parts.notice, area="plan", kinds=_KINDS)
    return release(acting, {**_by_version(view.pop("entries"), kept), **view})


def _by_version(shown: list[Shown], kept: Any) -> Shown:
    """The newest that the caller sees is in force: of a newer one that is hidden nothing is said. Parts of a
    version that is hidden stand apart."""
    compacts = [entry for entry in shown if entry["kind"] == "compact"][::-1]
    known = {compact["id"] for compact in compacts}
    parts = [entry for entry in shown if entry["kind"] != "compact"]
    versions = [
        {
            "compact": compact,
            "in_force": compact is compacts[0],
            "commitments": [
                {"commitment": entry, **standing_of(kept, entry["id"])}
                for entry in _of(compact, parts, "commitment")
            ],
            "signatures": _of(compact, parts, "compact_signature"),
        }
        for compact in compacts
    ]
    return {"versions": versions, "others": [e for e in parts if e["fields"].get("compact") not in known]}


def _of(compact: Shown, shown: list[Shown], kind: str) -> list[Shown]:
    return [e for e in shown if e["kind"] == kind and e["fields"].get("compact") == compact["id"]]


@router.post("", status_code=201, response_model=Done)
async def make_compact(case: str, acting: MayWriteEntries, parts: Parts, new: NewCompact) -> Response:
    """Make a compact, or the next version of the one that is in force; the one before is kept. What the
    caller sees in force is replaced knowingly, and no other one; sent again under its key, it is made
    once. A promise that the caller does not see in full goes on as it is."""
    for _ in range(_TRIES):
        try:
            outcome = await _make(parts, acting, case, new)
        except Problem as problem:
            # Another version was made meanwhile. Whether the caller is told of it is decided anew.
            if problem.kind != "stale":
                raise
        else:
            return created(outcome, f"/v1/cases/{case}/compact")
    raise Problem(
        "unavailable", "This could not be saved just now. Send it again with the same Idempotency-Key."
    )


async def _make(parts: GatewayParts, acting: Acting, case: str, new: NewCompact) -> Any:
    """Raises ``stale`` if a version was made after this was decided."""
    seen = await _see(parts, acting, case, deed(Deed.CONTRIBUTE))
    named = {one.promised_by.agency for one in new.commitments if one.promised_by.agency is not None}
    await check_agencies(parts, acting, named, "commitments")
    check_subjects(seen, new.subjects, "subjects")
    for number, commitment in enumerate(new.commitments):
        _check_person(seen, commitment.promised_by, f"commitments.{number}.promised_by.person")
        _check_continued(seen, commitment.continues, f"commitments.{number}.continues")
    if new.replaces is not None:
        must_see(seen, new.replaces, "replaces", "a compact", kind="compact")
    path = f"/cases/{seen.bundle['case']['id']}/compacts"
    content = {**new.model_dump(mode="json"), "known": _compacts(seen), "ends": _open_in_full(seen)}
    is_next = new.replaces == _in_force(seen)
    try:
        return await parts.upstreams.write("case", "POST", path, acting, content, replay_only=not is_next)
    except Problem as problem:
        if problem.kind != "stale" or is_next:
            raise
        raise conflict(_NEWER) from None


def _in_force(seen: Seen) -> str | None:
    compacts = [e for e in seen.entries if e["kind"] == "compact" and seen.entry(e["id"]) is not None]
    return max(compacts, key=lambda e: (e["recorded_at"], e["id"]))["id"] if compacts else None


def _compacts(seen: Seen) -> list[str]:
    """All that there are, hidden ones too: by these it was decided which of them the caller sees in force."""
    return [e["id"] for e in seen.entries if e["kind"] == "compact"]


def _open_in_full(seen: Seen) -> list[str]:
    """The open promises that the caller sees in full, of versions that they see."""
    return [
        e["id"]
        for e, level in zip(seen.entries, seen.levels, strict=True)
        if e["kind"] == "commitment"
        and level == Level.FULL
        and e["fields"]["status"] == CommitmentStatus.PROMISED
        and seen.entry(e["fields"]["compact"]) is not None
    ]


def _check_continued(seen: Seen, continues: str | None, field: str) -> None:
    """Whoever does not see a promise in full does not go on with it: they would be told what it tells of."""
    if continues is None:
        return
    must_see(seen, continues, field, "a promise", kind="commitment")
    _, level = seen.named(continues)
    if level < Level.FULL:
        raise invalid(field, "You do not see all of this promise. Leave it out: it goes on as it is.")


def _check_person(seen: Seen, party: Party, field: str) -> None:
    if party.person is not None and party.person not in may_be_named(seen):
        raise invalid(field, "Name somebody whom this case is about, or record their relationship first.")


@router.post("/{compact}/signatures", status_code=201, response_model=Done)
async def sign(
    case: str, compact: str, acting: MayRecordAnswers, parts: Parts, new: NewSignature
) -> Response:
    """Sign the version in force: an agency for itself; somebody of the family, with their own hand or through
    somebody on the team."""
    speaker = new.signed_by.person
    seen = await _see(parts, acting, case, in_own_words(Deed.SIGN_COMPACT, speaker, acting.caller.person))
    seen.named(compact, "compact")
    if compact != _in_force(seen):
        raise conflict("A newer version is in force. Read it, and sign that one.")
    _check_person(seen, new.signed_by, "signed_by.person")
    path = f"/cases/{seen.bundle['case']['id']}/compacts/{compact}/signatures"
    outcome = await parts.upstreams.write("case", "POST", path, acting, new.model_dump(mode="json"))
    return created(outcome, f"/v1/cases/{case}/compact")


@router.post("/commitments/{commitment}/standing", response_model=Done)
async def say_what_became(
    case: str, commitment: str, acting: MayRecordAnswers, parts: Parts, said: CommitmentStanding
) -> Response:
    """Say that a promise was kept or missed. The family says it of a service's as the team says it of the
    family's."""
    person = acting.caller.person
    seen = await _see(parts, acting, case, in_own_words(Deed.SAY_WHAT_BECAME, person, person))
    seen.named(commitment, "commitment")
    path = f"/cases/{seen.bundle['case']['id']}/compacts/commitments/{commitment}/standing"
    content = said.model_dump(mode="json")
    return json_response(await parts.upstreams.write("case", "POST", path, acting, content))


@router.post("/commitments/{commitment}/news-requests", status_code=201, response_model=Done)
async def ask_for_news(case: str, commitment: str, acting: MayWriteEntries, parts: Parts) -> Response:
    """Ask how a promise stands. Whoever owes it is told; of the family's, the lead, who asks them."""
    seen = await _see(parts, acting, case, deed(Deed.CONTRIBUTE))
    seen.named(commitment, "commitment")
    path = f"/cases/{seen.bundle['case']['id']}/promises/{commitment}/news-request"
    return created(await parts.upstreams.write("case", "POST", path, acting), f"/v1/cases/{case}/compact")


async def _see(parts: GatewayParts, acting: Acting, case: str, wanted: DeedOf) -> Seen:
    return await parts.disclosure.see_case(case, acting, action=LedgerAction.CONTRIBUTE, deed=wanted)
