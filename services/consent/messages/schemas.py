"""What the gateway sends along with a question about messages, and with their answers."""

from services.consent.consents.schemas import ReaderFacts
from shared.disclosure import Wire
from shared.pages import AfterMoment, PageSize
from shared.records.messages import MessageAnswer


class MessagesAsk(Wire):
    """From a place on, at most ``limit``."""

    purpose: str
    reason: str | None
    after: AfterMoment | None
    limit: PageSize


class ReleasedAsk(Wire):
    reader: ReaderFacts


class MessageAnswerToRecord(Wire):
    answer: MessageAnswer
