"""SQL about what agencies spent."""

from sqlalchemy import insert

from services.case.costs.tables import ServiceCost
from shared.database import WriteSession
from shared.idempotency import WriteRequest
from shared.records.costs import ServiceCostFields


def add_cost(
    session: WriteSession,
    request: WriteRequest,
    case: str,
    person: str,
    entry_id: str,
    cost: ServiceCostFields,
) -> None:
    session.execute(
        insert(ServiceCost),
        {
            "entry_id": entry_id,
            "case_id": case,
            "person_id": person,
            "agency": request.caller.agency,
            "starts_on": cost.starts_on,
            "pence": cost.pence,
            "recorded_at": request.at,
        },
    )
