"""Settings of the consent service."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.consent.ledger.chain import LedgerKey
from shared.service import DataServiceSettings, data_service_settings
from shared.settings import Environment, SettingError

PORT = 8103
_SHORTEST_SECRET = 32


@dataclass(frozen=True, slots=True)
class ConsentSettings:
    """``ledger_key`` chains new receipts; it is kept outside the database (design 3.4). ``older_ledger_keys``
    are those that chained receipts before it, with which they are verified."""

    service: DataServiceSettings
    ledger_key: LedgerKey
    older_ledger_keys: tuple[LedgerKey, ...] = ()

    @property
    def ledger_keys(self) -> Mapping[str, LedgerKey]:
        """Every ledger key that is known, by its name."""
        return {key.key_id: key for key in (*self.older_ledger_keys, self.ledger_key)}


def from_environment(environment: Environment | None = None) -> ConsentSettings:
    environment = environment or Environment()
    key = _key(environment.text("LEDGER_KEY_ID", "ledger-1"), environment.file("LEDGER_KEY_FILE"))
    listed = environment.text("OLDER_LEDGER_KEYS_FILE", "")
    older = older_keys(Path(listed)) if listed else ()
    if key.key_id in {known.key_id for known in older}:
        raise SettingError("The ledger key in use has the name of an older one; give it another name.")
    return ConsentSettings(data_service_settings(environment, PORT), key, older)


def older_keys(listed: Path) -> tuple[LedgerKey, ...]:
    """The keys that a file lists, one in each line as ``NAME=FILE``; a file is looked for beside the list."""
    try:
        lines = [line.strip() for line in listed.read_text(encoding="utf-8").splitlines()]
        named = [line.partition("=") for line in lines if line and not line.startswith("#")]
        keys = [_key(name.strip(), (listed.parent / file.strip()).read_bytes()) for name, _, file in named]
    except (OSError, UnicodeDecodeError):
        raise SettingError(
            "The file that TEAMAROUND_OLDER_LEDGER_KEYS_FILE names, or one listed in it, cannot be read."
        ) from None
    if any(not key.key_id for key in keys) or len({key.key_id for key in keys}) != len(keys):
        raise SettingError("Each line of the older ledger keys is NAME=FILE, each with a name of its own.")
    return tuple(keys)


def _key(name: str, content: bytes) -> LedgerKey:
    secret = secret_of(content)
    if len(secret) < _SHORTEST_SECRET:
        raise SettingError(f"A ledger key must have at least {_SHORTEST_SECRET} bytes.")
    return LedgerKey(name, secret)


def secret_of(content: bytes) -> bytes:
    """The secret of a key file: its bytes, or for a line of text the text without the end of the line."""
    text = content.rstrip(b"\r\n")
    return text if text.isascii() and text.decode("ascii").isprintable() else content
