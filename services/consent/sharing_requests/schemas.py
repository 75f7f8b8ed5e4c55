"""What the gateway sends along with a sharing request and its answers: the facts that other services hold."""

from services.consent.consents.schemas import FamilyFacts, OwnersFacts, ReaderFacts
from shared.disclosure import Wire
from shared.records.two_keys import FamilyAnswer, NewSharingRequest, OwnerAnswer, SharingRequestByDetails


class RequestToRecord(Wire):
    """``reaches_owner``: the owner holds something about the subject."""

    sharing_request: NewSharingRequest
    reaches_owner: bool


class RequestByDetailsToRecord(Wire):
    """``case`` and ``subject``: whom the details fit, if it is one person with an open case."""

    sharing_request: SharingRequestByDetails
    case: str | None
    subject: str | None
    reaches_owner: bool


class FamilyAnswerToRecord(Wire):
    """``owners``: every agency on the team; whose information it is, is known with the request alone."""

    answer: FamilyAnswer
    family: FamilyFacts
    reader: ReaderFacts
    owners: OwnersFacts = OwnersFacts()


class OwnerAnswerToRecord(Wire):
    answer: OwnerAnswer
