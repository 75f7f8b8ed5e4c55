"""What the gateway sends along with a decision about a conflict."""

from services.consent.consents.schemas import ReaderFacts
from services.consent.overrides.schemas import Listing
from shared.disclosure import Wire
from shared.records.conflicts import ConflictDecision


class OfficersListing(Listing):
    """A list for an information officer, for whom nothing else of the case may be there."""

    reader: ReaderFacts


class DecisionToRecord(Wire):
    decision: ConflictDecision
    reader: ReaderFacts
