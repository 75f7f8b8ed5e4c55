"""Measuring what has changed."""

from services.case.bundles.repository import subjects_in_reach
from services.case.cases.operations import lock_open_case
from services.case.entries import repository as entries
from services.case.entries.content import stored
from services.case.outcomes import lifecycle
from shared.database import WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.records.outcomes import LaterValue, Measured, NewOutcomeMeasure, OutcomeMeasureFields, Stage

_KIND = "outcome_measure"


def begin(session: WriteSession, request: WriteRequest, case: str, body: NewOutcomeMeasure) -> Outcome:
    """Begin to measure something: its scale, and its value before anything was done."""
    locked = lock_open_case(session, case)
    first = Measured(stage=Stage.BASELINE, **body.baseline.model_dump())
    fields = OutcomeMeasureFields(
        measure=body.measure, scale=body.scale, stage=Stage.BASELINE, values=(first,)
    )
    lifecycle.check_value(fields, first, request.at.date(), "baseline.")
    entry = entries.NewEntry(
        kind=_KIND,
        case=case,
        subjects=entries.subjects_for_case(body.subjects, subjects_in_reach(session, case), locked.person),
        fields=stored(fields),
        more_categories=body.categories,
    )
    return {"id": entries.add_entry(session, request, entry), "version": 1, "stage": "baseline"}


def add_value(
    session: WriteSession, request: WriteRequest, case: str, measure: str, body: LaterValue
) -> Outcome:
    """Take a measure again, at a review or at the close; the agency that began it does."""
    lock_open_case(session, case)
    refusal = "Only the agency that began this measure takes it again; ask them to."
    found = entries.find_own(session, request, case, _KIND, measure, refusal)
    fields = OutcomeMeasureFields.model_validate(found.fields)
    after = lifecycle.taken(fields, Measured.model_validate(body.model_dump()), request.at.date())
    version = entries.correct_entry(session, request, measure, found.version, stored(after))
    return {"id": measure, "version": version, "stage": str(after.stage)}
