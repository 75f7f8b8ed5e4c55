"""Recording what one's own agency's work costs."""

from services.case.cases.operations import lock
from services.case.costs import repository
from services.case.entries import repository as entries
from services.case.entries.content import stored
from shared.database import WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.records.costs import ServiceCostFields


def record_cost(session: WriteSession, request: WriteRequest, case: str, body: ServiceCostFields) -> Outcome:
    """Keep a cost of the caller's agency, about the person whom the case is about; of a closed case too."""
    locked = lock(session, case)
    entry = entries.NewEntry(kind="service_cost", case=case, subjects=[locked.person], fields=stored(body))
    entry_id = entries.add_entry(session, request, entry)
    repository.add_cost(session, request, case, locked.person, entry_id, body)
    return {"id": entry_id, "version": 1}
