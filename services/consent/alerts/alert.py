"""An alert that is to be stored. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class NewAlert:
    """For a ``user``, for everybody in ``role``, or for one user in that role; ``agency`` None is any.

    ``role`` may be an office besides, that of the case's lead or of the partnership (``in_charge.py``).
    """

    case: str
    about: str
    kind: str
    agency: str | None
    shows_from: datetime
    subjects: Sequence[str]
    role: str | None = None
    user: str | None = None
    not_for: Sequence[str] = ()
