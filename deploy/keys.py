"""The suite's keys: ``python -m deploy.keys GATEWAY_FOLDER PUBLIC_FOLDER PAGES_FOLDER`` makes missing ones.

The gateway's folder gets its private signing key and the key that seals cursors; the public folder gets what
the data services verify with; that of the pages what seals their sessions. A key that is there stays: making
it anew would end every token, cursor and session.
"""

import os
import secrets
import sys
from pathlib import Path
from typing import Any

import orjson

from shared.identity import new_signing_key, public_part

PRIVATE_KEY = "private.json"
CURSOR_KEY = "cursor.key"
PUBLIC_KEYS = "gateway.json"
SESSION_KEY = "session.key"
_SECRET_BYTES = 32


def write_private(file: Path, content: bytes) -> None:
    """Write a file that only its owner can read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)


def load_or_make_signing_key(file: Path, key_id: str) -> dict[str, Any]:
    """The private ES256 key in ``file``, made when there is none."""
    if not file.exists():
        write_private(file, orjson.dumps(new_signing_key(key_id)))
    key: dict[str, Any] = orjson.loads(file.read_bytes())
    return key


def load_or_make_secret(file: Path) -> bytes:
    """The 32 random bytes in ``file``, made when there is none."""
    if not file.exists():
        write_private(file, secrets.token_bytes(_SECRET_BYTES))
    return file.read_bytes()


def make_keys(gateway_folder: Path, public_folder: Path) -> None:
    key = load_or_make_signing_key(gateway_folder / PRIVATE_KEY, "gateway-1")
    load_or_make_secret(gateway_folder / CURSOR_KEY)
    public_folder.mkdir(parents=True, exist_ok=True)
    (public_folder / PUBLIC_KEYS).write_bytes(orjson.dumps({"keys": [public_part(key)]}))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit("usage: python -m deploy.keys GATEWAY_FOLDER PUBLIC_FOLDER PAGES_FOLDER")
    make_keys(Path(sys.argv[1]), Path(sys.argv[2]))
    load_or_make_secret(Path(sys.argv[3]) / SESSION_KEY)
