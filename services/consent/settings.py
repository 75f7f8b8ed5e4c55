"""Settings of the consent service."""

from dataclasses import dataclass

from services.consent.ledger.chain import LedgerKey
from shared.service import DataServiceSettings, data_service_settings
from shared.settings import Environment, SettingError

PORT = 8103
_SHORTEST_SECRET = 32


@dataclass(frozen=True, slots=True)
class ConsentSettings:
    """``ledger_key`` chains new receipts; it is kept outside the database (design 3.4)."""

    service: DataServiceSettings
    ledger_key: LedgerKey


def from_environment(environment: Environment | None = None) -> ConsentSettings:
    environment = environment or Environment()
    secret = secret_of(environment.file("LEDGER_KEY_FILE"))
    if len(secret) < _SHORTEST_SECRET:
        raise SettingError(f"The ledger key must have at least {_SHORTEST_SECRET} bytes.")
    key = LedgerKey(environment.text("LEDGER_KEY_ID", "ledger-1"), secret)
    return ConsentSettings(data_service_settings(environment, PORT), key)


def secret_of(content: bytes) -> bytes:
    """The secret of a key file: its bytes, or for a line of text the text without the end of the line."""
    text = content.rstrip(b"\r\n")
    return text if text.isascii() and text.decode("ascii").isprintable() else content
