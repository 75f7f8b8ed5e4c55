"""What can happen to assessments. Each function is one transaction; writes answer ids and states only."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from services.assessment.assessments import lifecycle, repository
from services.assessment.assessments.copies import later_labels, origins
from services.assessment.assessments.entries import (
    Setting,
    StoredEntry,
    Writing,
    copied_entry,
    corrected_entry,
    new_entry,
    takes_away,
)
from services.assessment.assessments.raw_entries import (
    RawAssessments,
    RawLabel,
    raw_assessments,
    raw_labels,
)
from services.assessment.assessments.repository import StoredAssessment
from services.assessment.instruments.library import Library
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.ids import id_or_nowhere, is_id, new_id
from shared.problems import Problem, conflict, invalid, not_found
from shared.records.assessments import (
    Amendment,
    AnyNewEntry,
    EntryCorrection,
    NewAssessment,
    NewAssessmentDetails,
    Signature,
)


def read_case(session: ReadSession, library: Library, case: str, with_superseded: bool) -> RawAssessments:
    """The assessments of a case with their entries; a case without any is empty, not absent."""
    case = id_or_nowhere(case)
    found = repository.assessments_of_case(session, case, with_superseded)
    rows = repository.entry_rows_of_case(session, case, with_superseded)
    return _raw(session, library, found, found, rows)


def read_assessment(session: ReadSession, library: Library, case: str, assessment: str) -> RawAssessments:
    """One assessment with its entries, in any state."""
    versions = repository.assessments_of_case(session, id_or_nowhere(case), with_superseded=True)
    found = [version for version in versions if version.id == id_or_nowhere(assessment)]
    if not found:
        raise not_found()
    return _raw(session, library, versions, found, repository.entry_rows_of_assessment(session, found[0].id))


def _raw(
    session: ReadSession,
    library: Library,
    versions: Sequence[StoredAssessment],
    shown: Sequence[StoredAssessment],
    rows: repository.Rows,
) -> RawAssessments:
    """The assessments shown, with what other versions say of their entries: asked for where there are any."""
    amended = {version.amends for version in versions}
    later, first = {}, {}
    if any(version.id in amended for version in shown):
        later = later_labels(repository.copies_in_cases(session, [shown[0].case_id]))
    if any(version.amends is not None for version in shown):
        first = origins(repository.sources_of_copies(session, shown[0].case_id, "agreed_action"))
    return raw_assessments(shown, rows, library, later, first)


def labels_of_cases(session: ReadSession, cases: Sequence[str]) -> dict[str, list[RawLabel]]:
    """The labels of the entries of several cases; a second query only where a new version is written."""
    rows = repository.label_rows(session, cases)
    amending = {row.case_id for row in rows if row.amends is not None and row.state == "draft"}
    later = later_labels(repository.copies_in_cases(session, amending)) if amending else {}
    return raw_labels(cases, rows, later)


def start_assessment(
    session: WriteSession, request: WriteRequest, library: Library, case: str, body: NewAssessment | Amendment
) -> Outcome:
    """Start an assessment, or a new version of a signed one."""
    if not is_id(case):
        raise not_found()
    if isinstance(body, Amendment):
        return _amend(session, request, case, body.amends)
    instrument = library.find(body.instrument, body.instrument_version)
    if instrument is None:
        raise invalid("instrument", "Choose an instrument and version from the list of instruments.")
    assessment = _draft(request, case, body)
    setting = Setting(assessment.id, case, body.person, body.started_on, instrument)
    entries = [new_entry(setting, _writing(request), part, path) for path, part in _parts_of(body)]
    repository.insert_assessment(session, assessment)
    repository.insert_entries(session, entries)
    return _outcome_of_draft(assessment, request, entries)


def _draft(request: WriteRequest, case: str, body: NewAssessment) -> StoredAssessment:
    return StoredAssessment(
        id=new_id(),
        case_id=case,
        person_id=body.person,
        instrument=body.instrument,
        instrument_version=body.instrument_version,
        owner=request.caller.agency,
        state="draft",
        amends=None,
        started_on=body.started_on,
        review_on=None,
        signed_at=None,
        signed_by=None,
        signature=None,
        recorded_at=request.at,
        version=1,
    )


def _parts_of(body: NewAssessment) -> list[tuple[str, AnyNewEntry | NewAssessmentDetails]]:
    """The entries that a new assessment brings, each with the path of its fields in the body."""
    details = NewAssessmentDetails(
        started_on=body.started_on,
        reason_for_assessment=body.reason_for_assessment,
        location=body.location,
        sensitive_content=body.sensitive_content,
    )
    parts: list[tuple[str, AnyNewEntry | NewAssessmentDetails]] = [("", details)]
    for name in ("checklist", "people_present", "home_situation"):
        part = getattr(body, name)
        if part is not None:
            parts.append((f"{name}.", part))
    for name in ("assessors", "parents_and_carers", "services_with_family"):
        parts.extend((f"{name}.{index}.", part) for index, part in enumerate(getattr(body, name)))
    return parts


def _amend(session: WriteSession, request: WriteRequest, case: str, amends: str) -> Outcome:
    """A draft that holds copies of the signed version's entries; the signed version stays untouched."""
    signed = _locked(session, case, amends)
    lifecycle.check_amendable(
        _standing(signed), request.caller.agency, repository.has_open_amendment(session, signed.id)
    )
    draft = replace(
        signed,
        id=new_id(),
        state="draft",
        amends=signed.id,
        signed_at=None,
        signed_by=None,
        signature=None,
        recorded_at=request.at,
        version=1,
    )
    try:
        repository.insert_assessment(session, draft)
    except repository.OpenAmendmentExists:
        raise conflict("A new version of this assessment is being written already.") from None
    copies = [copied_entry(entry, draft.id) for entry in repository.entries_of_assessment(session, signed.id)]
    repository.insert_entries(session, copies)
    return _outcome_of_draft(draft, request, copies)


def add_entry(
    session: WriteSession,
    request: WriteRequest,
    library: Library,
    case: str,
    assessment: str,
    body: AnyNewEntry,
) -> Outcome:
    """Record one entry in a draft; the caller's agency owns it."""
    found = _locked(session, case, assessment)
    there = repository.kinds_there(session, found.id, lifecycle.SINGLE_KINDS)
    lifecycle.check_may_record(_standing(found), body.kind, request.caller.agency, there)
    entry = new_entry(_setting(found, library), _writing(request), body)
    repository.insert_entries(session, [entry])
    _follow(session, found, entry)
    return _outcome_of_entry(entry)


def correct_entry(
    session: WriteSession,
    request: WriteRequest,
    library: Library,
    case: str,
    assessment: str,
    entry: str,
    body: EntryCorrection,
) -> Outcome:
    """Replace fields of an entry in a draft; the version before is kept."""
    found = _locked(session, case, assessment)
    before = repository.find_entry(session, found.id, id_or_nowhere(entry))
    if before is None:
        raise not_found()
    lifecycle.check_may_correct(_standing(found), before.owner, request.caller.agency)
    if before.version != body.expected_version:
        raise Problem("stale", "Read the entry again, then make your correction to what it says now.")
    after = corrected_entry(_setting(found, library), _writing(request), before, body)
    repository.replace_entry(session, before, after)
    _follow(session, found, after)
    return {**_outcome_of_entry(after), "takes_away": takes_away(before, after)}


def sign(
    session: WriteSession,
    request: WriteRequest,
    library: Library,
    case: str,
    assessment: str,
    body: Signature,
) -> Outcome:
    """Sign a draft: from here on it is fixed. A version that it amends is superseded in the same moment."""
    found = _locked(session, case, assessment)
    entries = [
        lifecycle.RecordedEntry(entry.id, entry.kind, entry.owner, entry.unanswered, entry.fields)
        for entry in repository.entries_of_assessment(session, found.id)
    ]
    agency = request.caller.agency
    instrument = library.get(found.instrument, found.instrument_version)
    lifecycle.check_signature(_standing(found), instrument, agency, entries, body)
    repository.change_assessment(
        session,
        found,
        state="signed",
        signed_at=request.at,
        signed_by=request.caller.user,
        signature=_signature_fields(request, body),
    )
    if found.amends is not None:
        repository.change_assessment(session, _locked(session, case, found.amends), state="superseded")
    return {
        "id": found.id,
        "state": "signed",
        "version": found.version + 1,
        "superseded": found.amends,
        "warnings": lifecycle.signing_warnings(agency, entries),
    }


def _signature_fields(request: WriteRequest, body: Signature) -> dict[str, Any]:
    """The signature as fields of the assessment's envelope."""
    said = body.model_dump(mode="json", exclude={"capacity"}, exclude_none=True)
    return {"signed_by": request.caller.name, "signed_as": body.capacity, **said}


def _follow(session: WriteSession, assessment: StoredAssessment, entry: StoredEntry) -> None:
    """Keep the assessment's own copies of two dates in step with the entries that say them."""
    if entry.kind == "review":
        repository.change_assessment(session, assessment, review_on=_day(entry.fields["review_on"]))
    elif entry.kind == "assessment":
        started_on = _day(entry.fields["started_on"])
        if assessment.review_on is not None and assessment.review_on < started_on:
            raise invalid("started_on", "Choose a day on or before the day of the review.")
        repository.change_assessment(session, assessment, started_on=started_on)


def _locked(session: WriteSession, case: str, assessment: str) -> StoredAssessment:
    found = repository.lock_assessment(session, id_or_nowhere(case), id_or_nowhere(assessment))
    if found is None:
        raise not_found()
    return found


def _standing(assessment: StoredAssessment) -> lifecycle.Standing:
    return lifecycle.Standing(assessment.id, assessment.owner, assessment.state, assessment.amends)


def _setting(assessment: StoredAssessment, library: Library) -> Setting:
    instrument = library.get(assessment.instrument, assessment.instrument_version)
    return Setting(assessment.id, assessment.case_id, assessment.person_id, assessment.started_on, instrument)


def _writing(request: WriteRequest) -> Writing:
    caller = request.caller
    return Writing(caller.agency, caller.user, caller.name, request.at)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _outcome_of_draft(
    assessment: StoredAssessment, request: WriteRequest, entries: Sequence[StoredEntry]
) -> Outcome:
    own = [entry.id for entry in entries if entry.unanswered and entry.owner == request.caller.agency]
    return {
        "id": assessment.id,
        "state": assessment.state,
        "version": assessment.version,
        "warnings": lifecycle.unanswered_warnings(own),
    }


def _outcome_of_entry(entry: StoredEntry) -> Outcome:
    return {
        "id": entry.id,
        "assessment": entry.assessment_id,
        "version": entry.version,
        "warnings": lifecycle.unanswered_warnings([entry.id] if entry.unanswered else []),
    }
