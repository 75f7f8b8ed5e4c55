"""Promising each other something, signing it, and saying what became of it."""

from collections.abc import Iterable

from services.case.bundles.repository import subjects_in_reach
from services.case.cases.operations import lock_open_case
from services.case.compact import lifecycle, repository
from services.case.entries import repository as entries
from services.case.entries.content import stored
from services.case.notices.repository import clear
from services.case.promises import repository as promises
from services.case.promises.operations import tell_that_it_was_missed
from services.case.promises.parties import party_of
from services.case.promises.standing import Owed
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.problems import conflict, forbidden, invalid, not_found
from shared.records.compact import (
    CommitmentFields,
    CommitmentStanding,
    CommitmentStatus,
    CompactFields,
    CompactSignatureFields,
    CompactToStore,
    NewCommitment,
    NewSignature,
)
from shared.records.parties import Party
from shared.vocabulary import Category, Role


def make(session: WriteSession, request: WriteRequest, case: str, body: CompactToStore) -> Outcome:
    """Make a compact, or a new version of one; a 412 where another was made since it was decided that this
    may be, of those made at once too. The one before is kept, with its signatures; what was promised and is
    open ends as far as the author sees it, and what was late by then was missed. What the author does not see
    goes on; what is continued stays about the same people, under the same categories at least."""
    locked = lock_open_case(session, case)
    if repository.compacts_of(session, case) - {*body.known}:
        raise entries.stale()
    reach = subjects_in_reach(session, case)
    for number, commitment in enumerate(body.commitments):
        _check(request, commitment, reach, f"commitments.{number}.")
    before = _before(session, case, body.replaces)
    continued = [_continued(session, case, body, number) for number in range(len(body.commitments))]
    if before is not None:
        _replace(session, request, case, body.ends)
    subjects = entries.within_reach(body.subjects, reach)
    subjects = _with(before, subjects) or [locked.person]
    fields = CompactFields(preamble=body.preamble, review_on=body.review_on, replaces=body.replaces)
    new = entries.NewEntry(
        kind="compact", case=case, subjects=subjects, fields=stored(fields), more_categories=_told_by(before)
    )
    compact = entries.add_entry(session, request, new)
    made = [
        _promise(session, request.moments_later(number), case, compact, subjects, each, goes_on)
        for number, (each, goes_on) in enumerate(zip(body.commitments, continued, strict=True), 1)
    ]
    return {"id": compact, "version": 1, "commitments": made}


def _before(session: ReadSession, case: str, replaces: str | None) -> entries.Found | None:
    if replaces is None:
        return None
    found = entries.find_in_case(session, case, "compact", replaces)
    if found is None:
        raise invalid("replaces", "Name a compact of this case that you can see.")
    return found


def _continued(session: ReadSession, case: str, body: CompactToStore, number: int) -> entries.Found | None:
    """The promise that one goes on with; a 422 unless that is open and its author sees it in full."""
    continues = body.commitments[number].continues
    if continues is None:
        return None
    found = entries.find_in_case(session, case, "commitment", continues)
    known = promises.find(session, case, continues)
    if (
        body.replaces is None
        or continues not in body.ends
        or found is None
        or known is None
        or not known.open
    ):
        raise invalid(
            f"commitments.{number}.continues",
            "This is no open promise of the version before that you see in full. Leave it out, or promise it "
            "anew.",
        )
    return found


def _with(before: entries.Found | None, subjects: Iterable[str]) -> list[str]:
    """These, after those whom the entry is about that this goes on with: nobody is forgotten, because fewer
    people to ask would open what was hidden."""
    return list(dict.fromkeys((*(before.subjects if before is not None else ()), *subjects)))


def _told_by(before: entries.Found | None) -> list[Category]:
    return [] if before is None else [Category(one) for one in before.categories]


def _check(request: WriteRequest, commitment: NewCommitment, reach: set[str], path: str) -> None:
    person = commitment.promised_by.person
    if person is not None and person not in reach:
        raise invalid(f"{path}promised_by.person", "Name somebody of this case.")
    if commitment.by_when is not None and commitment.by_when < request.at.date():
        raise invalid(f"{path}by_when", "This day has passed; choose one from today on.")


def _promise(
    session: WriteSession,
    request: WriteRequest,
    case: str,
    compact: str,
    subjects: list[str],
    commitment: NewCommitment,
    goes_on: entries.Found | None,
) -> str:
    fields = CommitmentFields(
        compact=compact,
        promised_by=commitment.promised_by,
        promise=commitment.promise,
        by_when=commitment.by_when,
        status=CommitmentStatus.PROMISED,
    )
    promised_by = commitment.promised_by
    about = subjects if promised_by.person is None else [promised_by.person]
    entry = entries.NewEntry(
        kind="commitment",
        case=case,
        subjects=_with(goes_on, about),
        fields=stored(fields),
        accountable=promised_by.agency,
        more_categories=(*commitment.categories, *_told_by(goes_on)),
    )
    entry_id = entries.add_entry(session, request, entry)
    promises.keep(session, case, entry_id, _owed(fields), request.at)
    return entry_id


def _owed(commitment: CommitmentFields) -> Owed:
    return Owed(
        kind="commitment",
        accountable=commitment.promised_by.agency,
        status=commitment.status,
        due_on=commitment.by_when,
    )


def _replace(session: WriteSession, request: WriteRequest, case: str, ends: Iterable[str]) -> None:
    """What was late is missed, and not forgotten with its version."""
    today = request.at.date()
    for entry in ends:
        known = promises.find(session, case, entry)
        if known is None or known.kind != "commitment" or not known.open:
            continue
        if known.due_on < today:
            _say(session, entry, known.status, CommitmentStatus.MISSED, lifecycle.LATE_WHEN_REPLACED)
        else:
            promises.end(session, entry, lifecycle.REPLACED)
        clear(session, entry, request.at)


def _say(
    session: WriteSession,
    entry: str,
    before: str,
    status: CommitmentStatus,
    what_happened: str,
    said_by: Party | None = None,
) -> int:
    after = lifecycle.COMMITMENT.after(before, lifecycle.EVENTS[status])
    said = {"status": after, "what_happened": what_happened}
    if said_by is not None:
        said["said_by"] = stored(said_by)  # type: ignore[assignment]
    version = entries.add_to_fields(session, entry, said)
    promises.stands(session, entry, after)
    return version


def sign(
    session: WriteSession, request: WriteRequest, case: str, compact: str, body: NewSignature
) -> Outcome:
    """Sign one version: for the acting agency, or for somebody of the family, themselves or through it."""
    lock_open_case(session, case)
    found = entries.find_in_case(session, case, "compact", compact)
    if found is None:
        raise not_found()
    own_hand = _check_signer(session, request, case, body.signed_by)
    party, recorder = _known_as(body.signed_by), request.caller.agency
    if repository.has_signed(session, compact, party, recorder):
        raise conflict("This was signed for them already.")
    fields = CompactSignatureFields(
        compact=compact,
        signed_by=body.signed_by,
        signed_on=request.at.date(),
        own_hand=own_hand,
        note=body.note,
    )
    person = body.signed_by.person
    entry = entries.NewEntry(
        kind="compact_signature",
        case=case,
        subjects=found.subjects if person is None else [person],
        fields=stored(fields),
        # The agency that families sign in with holds nothing: what they sign is kept with the compact.
        owner=found.owner if _is_family(request) else None,
    )
    entry_id = entries.add_entry(session, request, entry)
    repository.sign(session, compact, party, recorder, entry_id)
    return {"id": entry_id, "version": 1}


def _check_signer(session: ReadSession, request: WriteRequest, case: str, signer: Party) -> bool:
    """Whether they sign with their own hand; a 403 for one agency that signs for another."""
    caller = request.caller
    if signer.agency is not None:
        if _is_family(request) or signer.agency != caller.agency:
            raise forbidden("An agency signs for itself. Ask somebody of that agency to sign.")
        return True
    if signer.person not in subjects_in_reach(session, case):
        raise invalid("signed_by.person", "Name somebody of this case.")
    if _is_family(request) and signer.person != caller.person:
        raise forbidden(
            "Sign for yourself; the others of your family sign too, or ask somebody to help them."
        )
    return _is_family(request)


def _is_family(request: WriteRequest) -> bool:
    return request.caller.role == Role.FAMILY_MEMBER


def _known_as(party: Party) -> str:
    return f"agency:{party.agency}" if party.person is None else f"person:{party.person}"


def say_what_became(
    session: WriteSession, request: WriteRequest, case: str, entry: str, body: CommitmentStanding
) -> Outcome:
    """Say that a promise was kept or missed: of a service's as of the family's, by anybody of either side."""
    lock_open_case(session, case)
    found = entries.find_in_case(session, case, "commitment", entry)
    if found is None:
        raise not_found()
    before = CommitmentFields.model_validate(found.fields)
    by = party_of(request.caller)
    version = _say(session, entry, before.status, body.status, body.what_happened, by)
    clear(session, entry, request.at)
    if body.status is CommitmentStatus.MISSED:
        tell_that_it_was_missed(session, request, case, entry, version, before.promised_by.agency)
    return {"id": entry, "version": version, "status": str(body.status)}
