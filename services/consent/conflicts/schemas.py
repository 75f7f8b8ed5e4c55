"""What the gateway sends along with a decision about a conflict."""

from services.consent.consents.schemas import ReaderFacts
from shared.disclosure import Wire
from shared.records.conflicts import ConflictDecision


class DecisionToRecord(Wire):
    decision: ConflictDecision
    reader: ReaderFacts
