"""Sealed cursors (design 3.5): a place in a list, encrypted and bound to the caller and the query.

A cursor that was changed, made for somebody else or taken from another query opens nothing, and none of
them tells where a hidden row lies.
"""

import base64
import binascii
import secrets
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.identity import Caller
from shared.problems import Problem, invalid

_NONCE_BYTES = 12
_MAX_LENGTH = 2_000


class Cursors:
    """Seals and opens cursors with a 256-bit key that all replicas share."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, place: Any, caller: Caller, query: str) -> str:
        """A cursor for a JSON place."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, orjson.dumps(place), _bound_to(caller, query))
        return _spelt(nonce + sealed)

    def open(self, cursor: str, caller: Caller, query: str) -> Any:
        """The place that ``seal`` was given; a 422 problem for everything else."""
        if len(cursor) > _MAX_LENGTH:
            raise _not_good()
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            if _spelt(raw) != cursor:
                # Padding, trailing bits and letters of no alphabet would be second spellings of one place.
                raise _not_good()
            opened = self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _bound_to(caller, query))
        except (InvalidTag, binascii.Error, ValueError):
            raise _not_good() from None
        return orjson.loads(opened)


def _spelt(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bound_to(caller: Caller, query: str) -> bytes:
    return orjson.dumps([caller.user, caller.agency, caller.role, caller.person, caller.on_behalf_of, query])


def _not_good() -> Problem:
    return invalid("cursor", "This cursor is not good here; start again without one.")
