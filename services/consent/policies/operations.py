"""What happens to policies: reading versions, drafting, approving, publishing (design 3.6).

Simulating a draft is in ``services/consent/simulations/operations.py``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal

from services.consent.agencies.repository import agencies_named, all_agencies
from services.consent.decision.policy import Policy, parse_policy
from services.consent.decision.policy_reading import PolicyRefused
from services.consent.decisions.operations import DecisionParts
from services.consent.decisions.places import shows_through
from services.consent.ledger.officers import speaks_for_partnership
from services.consent.ledger.receipts import content_of
from services.consent.ledger.repository import agency_chain, record
from services.consent.matrix import as_rows, render
from services.consent.policies import golden, lifecycle, repository
from services.consent.policies.differences import differences
from services.consent.policies.lint import lint
from shared.clock import rfc3339
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.identity import Caller
from shared.ids import new_id
from shared.problems import FieldError, Problem, conflict, invalid, not_found, stale
from shared.records.policies import (
    DraftChanges,
    GoldenRow,
    NewDraft,
    PolicyApproval,
    PolicyPublication,
    PolicyRestoration,
)
from shared.vocabulary import DOES_CASEWORK, Deed, LedgerAction, Purpose

Shown = dict[str, Any]


# --- versions


def list_versions(session: ReadSession, at: datetime) -> list[Shown]:
    """Every published version, newest first: from when, by whom, on whose approval, and its state."""
    versions = repository.all_versions(session)
    return [_version(row, versions, at) for row in reversed(versions)]


def read_purposes(session: ReadSession, parts: DecisionParts, at: datetime) -> dict[str, list[str]]:
    """What each role may be used for, by the policy in force."""
    _, policy = parts.policies.in_force(session, at)
    return {str(role): [str(purpose) for purpose in purposes] for role, purposes in policy.purposes.items()}


def _version(row: Any, versions: Sequence[Any], at: datetime) -> Shown:
    return {
        "version": row.version,
        "state": lifecycle.state_of(row, versions, at),
        "published_from": rfc3339(row.published_from),
        "published_by": row.published_by,
        "published_by_agency": row.published_by_agency,
        "published_at": _moment(row.published_at),
        "approved_by": row.approved_by,
        "approved_by_agency": row.approved_by_agency,
        "digest": row.digest,
        "drafted_from": row.drafted_from,
        "restores": row.restores,
        "why": row.why,
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else rfc3339(at)


def read_version(session: ReadSession, version: int, at: datetime) -> Shown:
    """One version with its document and golden rows; 404 for one that there is not."""
    row = _published(session, version)
    shown = _version(row, repository.all_versions(session), at)
    return shown | {"document": row.document, "goldens": row.goldens}


def read_matrix(session: ReadSession, parts: DecisionParts, version: int) -> Shown:
    """The disclosure matrix of a version, as rows and as Markdown."""
    _published(session, version)
    policy = parts.policies.of_version(session, version)
    return {"version": version, "markdown": render(policy), **as_rows(policy)}


def read_roles_shown_nothing(session: ReadSession, parts: DecisionParts, version: int) -> Shown:
    """From when a version counts, and in which roles, by agency, it shows a lead professional nothing."""
    row, policy = _published(session, version), parts.policies.of_version(session, version)
    roles = [
        {"agency": agency.code, "role": role.value}
        for agency in all_agencies(session)
        for role in sorted(DOES_CASEWORK)
        if not shows_through(policy, agency.kind, role, Deed.NOMINATE_LEAD)
    ]
    return {"since": rfc3339(row.published_from), "roles": roles}


def read_differences(session: ReadSession, parts: DecisionParts, version: int, other: int) -> Shown:
    """What changes from one version to another, and which golden rows came and went."""
    before, after = _published(session, version), _published(session, other)
    policies = [parts.policies.of_version(session, row.version) for row in (before, after)]
    shown: Shown = {"version": version, "other": other, **differences(*policies)}
    return shown | {"goldens": _golden_changes(before.goldens, after.goldens)}


def _published(session: ReadSession, version: int) -> Any:
    row = repository.published(session, version)
    if row is None:
        raise not_found()
    return row


def _golden_changes(before: Sequence[Shown], after: Sequence[Shown]) -> Shown:
    return {
        "added": [row for row in after if row not in before],
        "removed": [row for row in before if row not in after],
    }


# --- drafts


def list_drafts(session: ReadSession) -> list[Shown]:
    """Every draft, newest first."""
    return [_draft_card(row) for row in repository.all_drafts(session)]


def _draft_card(row: Any) -> Shown:
    return {
        "id": row.id,
        "drafted_from": row.drafted_from,
        "restores": row.restores,
        "why": row.why,
        "revision": row.revision,
        "authors": row.authors,
        "created_at": rfc3339(row.created_at),
        "changed_at": rfc3339(row.changed_at),
        "published_version": row.published_version,
    }


def read_draft(session: ReadSession, parts: DecisionParts, caller: Caller, id: str) -> Shown:
    """A draft with all that is to be known before it is approved; 404 for one that there is not."""
    row = _draft(session, id)
    base = _published(session, row.drafted_from)
    policy = parse_policy(row.document)
    before = parts.policies.of_version(session, row.drafted_from)
    simulation, approval = _results(session, row)
    judgement = judged(policy, row.goldens)
    return {
        **_draft_card(row),
        "etag": etag(row.revision),
        "document": row.document,
        "goldens": row.goldens,
        **judgement,
        "differences": {
            **differences(before, policy),
            "goldens": _golden_changes(base.goldens, row.goldens),
        },
        "simulation": None if simulation is None else simulation_card(simulation),
        "approval": None if approval is None else _approval(approval),
        "may": may_do(session, parts, caller, row, judgement),
    }


def _results(session: ReadSession, draft: Any) -> tuple[Any | None, Any | None]:
    """The newest simulation of a draft as it stands, and the approval of its results."""
    simulation = repository.newest_simulation(session, draft.id, draft.revision)
    if simulation is None or simulation.digest is None:
        return simulation, None
    return simulation, repository.approval(session, draft.id, simulation.digest)


def may_do(
    session: ReadSession, parts: DecisionParts, caller: Caller, draft: Any, judgement: Shown
) -> list[str]:
    """What an officer may do to a draft now: what they would be refused is not there."""
    if draft.published_version is not None:
        return []
    simulation, approval = _results(session, draft)
    at, versions = parts.clock(), repository.all_versions(session)
    findings = [] if draft.restores is not None else judgement["findings"]
    is_sound = lifecycle.blocked(findings, judgement["failing_goldens"]) is None
    fresh = simulation is not None and simulation.digest is not None
    fresh = fresh and not _refuses(lifecycle.check_fresh, simulation, versions, at)
    second = (draft, caller.user, caller.agency, _for_partnership(session, parts, caller, at))
    return [
        word
        for word, is_open in (
            ("change", draft.restores is None),
            (
                "discard",
                not _refuses(
                    partial(lifecycle.check_discard, approved=approval is not None), draft, caller.agency
                ),
            ),
            ("simulate", True),
            (
                "approve",
                fresh
                and is_sound
                and approval is None
                and not _refuses(lifecycle.check_second_person, *second),
            ),
            ("publish", fresh and approval is not None),
        )
        if is_open
    ]


def drafts_to_settle(
    session: ReadSession, parts: DecisionParts, caller: Caller
) -> Iterator[tuple[str, Literal["approve", "publish"]]]:
    """The drafts that wait for this officer's approval, or for somebody to publish what was approved."""
    for card in repository.all_drafts(session):
        if card.published_version is None and _results(session, card)[0] is not None:
            row = _draft(session, card.id)
            may = may_do(session, parts, caller, row, judged(parse_policy(row.document), row.goldens))
            if "approve" in may:
                yield row.id, "approve"
            elif "publish" in may:
                yield row.id, "publish"


def _refuses(check: Callable[..., None], *about: Any) -> bool:
    try:
        check(*about)
    except Problem:
        return True
    return False


def _for_partnership(session: ReadSession, parts: DecisionParts, caller: Caller, at: datetime) -> bool:
    _, in_force = parts.policies.in_force(session, at)
    own = agencies_named(session, [caller.agency])
    return speaks_for_partnership(caller, own[0].kind if own else None, in_force)


def _draft(session: ReadSession, id: str) -> Any:
    row = repository.draft(session, id)
    if row is None:
        raise not_found()
    return row


def etag(revision: int) -> str:
    return f'"{revision}"'


def judged(policy: Policy, goldens: Sequence[Shown]) -> Shown:
    """What lint finds, and the golden rows that do not come out."""
    outcomes = golden.run(policy, [GoldenRow.model_validate(row) for row in goldens])
    return {
        "findings": [
            {"severity": found.severity, "rule": found.rule, "where": found.where, "message": found.message}
            for found in lint(policy)
        ],
        "failing_goldens": [
            {"place": row.place, "says": row.says, "expected": row.expected, "got": row.got}
            for row in outcomes
            if row.fails
        ],
    }


def simulation_card(row: Any) -> Shown:
    """How far a simulation is, and its results once they are there."""
    return {
        "id": row.id,
        "state": "finished" if row.finished_at else "running",
        "against": row.against,
        "begun_at": rfc3339(row.begun_at),
        "begun_by": row.begun_by,
        "finished_at": _moment(row.finished_at),
        "results": row.results,
        "digest": row.digest,
    }


def _approval(row: Any) -> Shown:
    return {
        "digest": row.digest,
        "approved_by": row.approved_by,
        "approved_by_agency": row.approved_by_agency,
        "approved_at": rfc3339(row.approved_at),
    }


def begin_draft(session: WriteSession, request: WriteRequest, new: NewDraft) -> Outcome:
    """Begin a draft with the content of a published version."""
    base = repository.published(session, new.from_version)
    if base is None:
        raise invalid("from_version", "Name a version that was published.")
    return _begin(session, request, base, new.why, restores=None)


def restore_version(
    session: WriteSession, request: WriteRequest, version: int, restoration: PolicyRestoration
) -> Outcome:
    """Begin a draft that is an older version as it was: to be simulated, approved and published like any."""
    return _begin(session, request, _published(session, version), restoration.why, restores=version)


def _begin(
    session: WriteSession, request: WriteRequest, base: Any, why: str, restores: int | None
) -> Outcome:
    try:
        parse_policy(base.document)
    except PolicyRefused:
        raise conflict("This version is of an older form and cannot be drafted from.") from None
    draft, caller = new_id(), request.caller
    repository.add_draft(
        session,
        id=draft,
        drafted_from=base.version,
        restores=restores,
        why=why,
        document=base.document,
        goldens=base.goldens,
        revision=1,
        authors=lifecycle.with_author((), caller.user, caller.agency),
        created_at=request.at,
        changed_at=request.at,
        published_version=None,
    )
    return {"id": draft, "version": 1, "etag": etag(1)}


def change_draft(
    session: WriteSession, request: WriteRequest, id: str, changes: DraftChanges, if_match: str
) -> Outcome:
    """Put another content in a draft's place. Results and approval of what it was before count no more.

    412 unless ``if_match`` is the present tag; 422 with the path for what breaks the vocabulary.
    """
    draft = _locked(session, id)
    lifecycle.check_open(draft)
    if if_match.strip() != etag(draft.revision):
        raise stale()
    if draft.restores is not None:
        raise conflict("This draft restores a version as it was. Begin another one to change something.")
    read_document(changes.document)
    repository.change_draft(
        session,
        id,
        why=changes.why,
        document=changes.document,
        goldens=[row.model_dump(mode="json", exclude_defaults=True) for row in changes.goldens],
        revision=draft.revision + 1,
        authors=lifecycle.with_author(draft.authors, request.caller.user, request.caller.agency),
        changed_at=request.at,
    )
    return {"id": id, "version": draft.revision + 1, "etag": etag(draft.revision + 1)}


def discard_draft(session: WriteSession, request: WriteRequest, id: str) -> Outcome:
    """Throw a draft away with its simulations. Who approved what it was before stays in the ledger."""
    draft = _locked(session, id)
    simulation = repository.newest_simulation(session, id, draft.revision)
    digest = None if simulation is None else simulation.digest
    approved = digest is not None and repository.approval(session, id, digest) is not None
    lifecycle.check_open(draft)
    lifecycle.check_discard(draft, request.caller.agency, approved=approved)
    repository.remove_draft(session, id)
    return {"id": id}


def _locked(session: WriteSession, id: str) -> Any:
    draft = repository.lock_draft(session, id)
    if draft is None:
        raise not_found()
    return draft


def read_document(document: Mapping[str, Any]) -> Policy:
    """The policy that a document spells; a 422 that names the path of what breaks the vocabulary."""
    try:
        return parse_policy(document)
    except PolicyRefused as refused:
        where = refused.where.replace(" column ", ".").replace("[", ".").replace("]", "")
        path = "document" if where == "document" else f"document.{where}"
        field = ".".join(part[:60] for part in path.split(".")[:8])
        message = "Correct the document at the place named below and send it again."
        raise Problem("invalid", message, [FieldError(field, refused.told)]) from None


# --- approval and publication


def approve_draft(
    session: WriteSession, request: WriteRequest, parts: DecisionParts, id: str, approval: PolicyApproval
) -> Outcome:
    """A second person's yes to a draft and its results, which ``digest`` names.

    403 for an author or their agency; 409 for another digest, for results that are too old, for a draft with
    errors or failing golden rows, and for one that is approved or published already.
    """
    draft = _locked(session, id)
    lifecycle.check_open(draft)
    caller = request.caller
    for_partnership = _for_partnership(session, parts, caller, request.at)
    lifecycle.check_second_person(draft, caller.user, caller.agency, for_partnership)
    simulation = repository.newest_simulation(session, id, draft.revision)
    lifecycle.check_digest(simulation, approval.digest)
    lifecycle.check_fresh(simulation, repository.all_versions(session), request.at)
    judgement = judged(read_document(draft.document), draft.goldens)
    findings = [] if draft.restores is not None else judgement["findings"]
    problem = lifecycle.blocked(findings, judgement["failing_goldens"])
    if problem is not None:
        raise problem
    if repository.approval(session, id, approval.digest) is not None:
        raise conflict("This draft is approved already. It can be published.")
    repository.add_approval(
        session,
        draft=id,
        digest=approval.digest,
        approved_by=caller.user,
        approved_by_agency=caller.agency,
        approved_at=request.at,
    )
    _leave_receipt(session, parts, request, Deed.APPROVE_POLICY, approval.digest, None)
    return {"id": id, "digest": approval.digest}


def publish_draft(
    session: WriteSession, request: WriteRequest, parts: DecisionParts, id: str, wanted: PolicyPublication
) -> Outcome:
    """Publish an approved draft as the next version, from a moment at least D ahead.

    409 unless this digest is the present one, fresh and approved; 422 for a moment that is too near. Numbers
    are given under a lock, one after the other.
    """
    repository.lock_versions(session)
    draft = _locked(session, id)
    lifecycle.check_open(draft)
    simulation = repository.newest_simulation(session, id, draft.revision)
    lifecycle.check_digest(simulation, wanted.digest)
    approval = repository.approval(session, id, wanted.digest)
    if simulation is None or approval is None:
        raise conflict("A second person must approve this draft and its results first.")
    versions, now = repository.all_versions(session), parts.clock()
    lifecycle.check_fresh(simulation, versions, now)
    earliest = now + timedelta(microseconds=parts.margin)
    lifecycle.check_date(simulation, versions, wanted.published_from, earliest)
    version = max(row.version for row in versions) + 1
    repository.add_version(
        session,
        version=version,
        document=draft.document,
        goldens=draft.goldens,
        published_from=wanted.published_from,
        published_by=request.caller.user,
        published_by_agency=request.caller.agency,
        published_at=now,
        approved_by=approval.approved_by,
        approved_by_agency=approval.approved_by_agency,
        digest=wanted.digest,
        drafted_from=draft.drafted_from,
        restores=draft.restores,
        why=draft.why,
    )
    repository.change_draft(session, id, published_version=version)
    _leave_receipt(session, parts, request, Deed.PUBLISH_POLICY, wanted.digest, version)
    return {"id": id, "version": version, "published_from": rfc3339(wanted.published_from)}


def _leave_receipt(
    session: WriteSession,
    parts: DecisionParts,
    request: WriteRequest,
    deed: Deed,
    digest: str,
    version: int | None,
) -> None:
    """On the chain of the officer's agency, in the transaction of the deed: what was approved or published.

    The digest stands where a decision has the version of its facts, for it is what the deed rests on.
    """
    in_force, _ = parts.policies.in_force(session, request.at)
    content = content_of(
        id=new_id(),
        at=request.at,
        caller=request.caller,
        action=LedgerAction.CONTRIBUTE,
        deed=deed,
        purpose=Purpose.OVERSIGHT,
        reason=None,
        cases=[],
        policy_version=in_force if version is None else version,
        facts_version=digest,
    )
    record(session, parts.ledger_key, agency_chain(request.caller.agency), content, ())
