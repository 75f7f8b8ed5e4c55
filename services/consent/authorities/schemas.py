"""What the gateway sends along with an authority."""

from services.consent.consents.schemas import ReaderFacts
from shared.disclosure import Wire
from shared.records.authorities import AuthorityEnding


class AuthorityEndingToRecord(Wire):
    ending: AuthorityEnding
    reader: ReaderFacts
