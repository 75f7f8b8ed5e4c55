"""Who sees a consent or an exclusion (design 3.4). Pure.

Seen by who recorded it, by the lead, and by the owners of information it concerns; a recipient sees a
permission that names it, never a refusal. An agency that is excluded does not see that it is: only its
information officer does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.vocabulary import Answer, ConsentKind, Relationship, Role


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads consents. ``owned``: by subject, the categories of entries their agency owns."""

    user: str
    agency: str
    role: str
    relationship: str
    owned: Mapping[str, frozenset[str]]

    def owns_any_of(self, subject: str, categories: Iterable[str]) -> bool:
        return not self.owned.get(subject, frozenset()).isdisjoint(categories)


def may_see_consent(reader: Reader, consent: Any, *, untold: bool = False) -> bool:
    """Whether the reader may see this consent; ``consent`` has the columns of the table.

    ``untold``: it answers a sharing request that is not granted now. Then those who asked do not see it: it
    would tell them which of the two keys is missing (design 1).
    """
    if consent.recorded_by == reader.user or reader.relationship == Relationship.LEAD:
        return True
    if reader.relationship not in (Relationship.MEMBER, Relationship.SUPERVISOR):
        return False
    if consent.kind == ConsentKind.TAKE_PART:
        return True
    if consent.sharing_request is not None and reader.agency in consent.recipients:
        return consent.answer == Answer.GIVEN and not untold
    if reader.owns_any_of(consent.subject, consent.categories):
        return True
    return consent.answer == Answer.GIVEN and reader.agency in consent.recipients


def may_see_exclusion(reader: Reader, exclusion: Any) -> bool:
    """Whether the reader may see this exclusion; against their own agency only its officer may."""
    if reader.agency in exclusion.agencies or reader.user in exclusion.users:
        return reader.role == Role.INFORMATION_OFFICER and reader.agency in exclusion.agencies
    if exclusion.recorded_by == reader.user or reader.relationship == Relationship.LEAD:
        return True
    working = reader.relationship in (Relationship.MEMBER, Relationship.SUPERVISOR)
    return working and reader.owns_any_of(exclusion.subject, exclusion.categories)
