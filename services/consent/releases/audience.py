"""Who sees a release: the agency that gave it, and nobody else (design 3.2). Pure.

A recipient sees what it opens. Whether an owner released anything would tell the others what the family said.
"""

from typing import Any

from services.consent.consents.audience import Reader
from services.consent.decision.writing import WRITING_ROLES
from shared.vocabulary import Role

_OF_THE_AGENCY = WRITING_ROLES | {Role.INFORMATION_OFFICER}


def speaks_for_agency(reader: Reader) -> bool:
    """Whether somebody in this role knows what their agency decided. (A volunteer does not.)"""
    return reader.role in _OF_THE_AGENCY


def may_see_release(reader: Reader, release: Any) -> bool:
    return bool(release.owner == reader.agency) and speaks_for_agency(reader)
