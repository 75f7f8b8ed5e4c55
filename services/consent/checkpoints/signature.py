"""The statement that is handed out, and its signature (JWS, ES256). Pure.

It says when, and a root that means nothing without the ledger and its key: which cases there are, how many,
and whether anything happened since the last one cannot be read from it (decision 21).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from jose import jws
from jose.exceptions import JOSEError

from services.consent.ledger.chain import LedgerKey
from shared.identity import public_part, signing_key_from

ISSUER = "urn:teamaround:consent"
LONGEST = 2_000
_ALGORITHM = "ES256"
_FIELDS = {"iss", "id", "at", "root"}
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a checkpoint says: its id, its moment (RFC 3339) and its root."""

    id: str
    at: str
    root: str


def signed(key: LedgerKey, statement: Statement) -> str:
    """The statement as a compact JWS."""
    said = {"iss": ISSUER, "id": statement.id, "at": statement.at, "root": statement.root}
    headers = {"kid": key.key_id, "typ": "checkpoint+jws"}
    text: str = jws.sign(orjson.dumps(said), signing_key(key), headers=headers, algorithm=_ALGORITHM)
    return text


def statement_of(text: str, keys: Mapping[str, LedgerKey]) -> Statement | None:
    """What a JWS says, if one of these keys signed it; None for everything else."""
    if len(text) > LONGEST:
        return None
    try:
        key = keys[jws.get_unverified_header(text)["kid"]]
        said = orjson.loads(jws.verify(text, public_key(key), algorithms=[_ALGORITHM]))
    except (JOSEError, ValueError, TypeError, KeyError, AttributeError):
        return None
    if not isinstance(said, dict) or said.keys() != _FIELDS or said["iss"] != ISSUER:
        return None
    if not all(isinstance(value, str) for value in said.values()):
        return None
    return Statement(said["id"], said["at"], said["root"])


def signing_key(key: LedgerKey) -> dict[str, Any]:
    """The private ES256 key that belongs to a ledger key, as a JWK.

    Derived, so that there is one secret to keep, to change and to keep copies of.
    """
    derive = HKDF(hashes.SHA256(), length=48, salt=None, info=b"teamaround ledger checkpoint ES256")
    number = int.from_bytes(derive.derive(key.secret)) % (_ORDER - 1) + 1
    return signing_key_from(ec.derive_private_key(number, ec.SECP256R1()), key.key_id)


def public_key(key: LedgerKey) -> dict[str, Any]:
    """The part by which anybody can tell who signed, as a JWK."""
    return public_part(signing_key(key))
