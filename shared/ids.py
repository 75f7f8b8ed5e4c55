"""Identifiers. All of ours are random UUIDs (version 4), so that none of them tells an order or a count."""

import re
from uuid import UUID, uuid4

_CANONICAL = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def new_id() -> str:
    """A fresh random id in the canonical text form."""
    return str(uuid4())


def is_id(text: str) -> bool:
    """Whether a text is an id in the one form that we hand out: lower case, hyphens, version 4.

    Case-folded or unhyphenated spellings are refused: two spellings of one id would be two keys.
    """
    return _CANONICAL.fullmatch(text) is not None


NOWHERE = str(UUID("00000000-0000-4000-8000-000000000000"))
"""An id that nothing has. A malformed id becomes this one, so that it meets the work of an absent one."""


def id_or_nowhere(text: str) -> str:
    return text if is_id(text) else NOWHERE
