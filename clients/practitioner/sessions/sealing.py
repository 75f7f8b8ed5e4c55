"""What a session keeps is sealed: who reads the database learns no token and nothing that was typed."""

import base64
from typing import Any

import orjson
from cryptography.fernet import Fernet, InvalidToken


class Seal:
    """Seals JSON under one key of 32 bytes (Fernet: AES-128-CBC with HMAC-SHA256)."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, content: Any) -> bytes:
        return self._fernet.encrypt(orjson.dumps(content))

    def open(self, sealed: bytes) -> Any:
        """The content, or an empty mapping where the key has changed since."""
        try:
            return orjson.loads(self._fernet.decrypt(sealed))
        except InvalidToken:
            return {}
