"""Recording a level of need, which brings the next review forward where it must."""

from services.case.bundles.repository import subjects_in_reach
from services.case.cases import repository as cases
from services.case.cases.operations import lock_open_case
from services.case.casework_rules import CaseworkRules
from services.case.entries import repository as entries
from services.case.entries.content import stored
from services.case.need_levels.review_days import review_by
from shared.database import WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.records.need_levels import NeedLevelFields, NewNeedLevel


def record_need_level(
    session: WriteSession, request: WriteRequest, case: str, body: NewNeedLevel, rules: CaseworkRules
) -> Outcome:
    """Keep a level of need; the review of the case comes no later than the level allows."""
    locked = lock_open_case(session, case)
    entry = entries.NewEntry(
        kind="need_level",
        case=case,
        subjects=entries.subjects_for_case(body.subjects, subjects_in_reach(session, case), locked.person),
        fields=stored(NeedLevelFields(level=body.level, reason=body.reason)),
    )
    entry_id = entries.add_entry(session, request, entry)
    planned = cases.review_of(session, case)
    review_on = review_by(body.level, planned, request.at.date(), rules.review_days)
    if review_on != planned:
        cases.set_review(session, case, review_on)
        cases.refresh_caseload(session, case, request.at)
    return {"id": entry_id, "version": 1, "review_on": review_on.isoformat()}
