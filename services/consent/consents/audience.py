"""Who sees a consent or an exclusion (design 3.4). Pure.

Seen by who recorded it, by the lead, and by the owners of information it concerns; a recipient sees a
permission that names it while nobody has taken it back, never a refusal: that one was taken back they learn
from the message about it, which is held back where it would tip off. Who gave an answer sees it, and a person
what was permitted about them. An agency that is excluded does not see that it is: only its information
officer does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.consent.alerts.in_charge import NOBODY_KNOWN, InCharge
from shared.disclosure import ResponsibleAsk
from shared.vocabulary import Answer, Category, ConsentKind, Relationship, Role

_ABOUT_HARM = frozenset({Category.DOMESTIC_ABUSE.value, Category.SAFEGUARDING.value})


def may_tip_off(consent: Any) -> bool:
    """Whether nobody whom a permission opened something to is told that it was taken back: its recorder said
    so, or what it was about is abuse or safeguarding (design 3.4)."""
    return consent.may_tip_off is not None or is_about_harm(consent.categories)


def is_about_harm(categories: Iterable[str]) -> bool:
    """Whether any of these is about abuse or safeguarding, of which a message may tip somebody off."""
    return not _ABOUT_HARM.isdisjoint(categories)


def gains(works_for: Iterable[str], agencies: Iterable[str]) -> bool:
    """Whether what benefits these agencies benefits somebody who works for those."""
    return not frozenset(works_for).isdisjoint(agencies)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads consents. ``owned``: by subject, the categories of entries their agency owns.

    ``works_for``: every agency in which they have a role.
    ``person``: the record of a member of the family. ``decides_from``: of each person of the case.
    ``lead_agency``: that of the case's lead. ``transferred_at``: when the case last changed hands or area.
    ``in_charge``: who is told where what they do needs somebody to answer. ``responsible``: who is
    recorded as responsible for each person of the case.
    """

    user: str
    agency: str
    role: str
    relationship: str
    owned: Mapping[str, frozenset[str]]
    person: str | None = None
    decides_from: Mapping[str, datetime | None] = field(default_factory=dict)
    lead_agency: str | None = None
    transferred_at: datetime | None = None
    in_charge: InCharge = NOBODY_KNOWN
    responsible: Mapping[str, Sequence[ResponsibleAsk]] = field(default_factory=dict)
    works_for: frozenset[str] = frozenset()

    def gains_by(self, agencies: Iterable[str]) -> bool:
        """Whether what benefits these agencies benefits the reader, whichever of theirs they act for."""
        return gains(self.works_for | {self.agency}, agencies)

    def owns_any_of(self, subject: str, categories: Iterable[str]) -> bool:
        return not self.owned.get(subject, frozenset()).isdisjoint(categories)


def may_see_consent(reader: Reader, consent: Any, *, untold: bool = False) -> bool:
    """Whether the reader may see this consent; ``consent`` has the columns of the table.

    ``untold``: it answers a sharing request that is not granted now. Then neither who asked nor who owns what
    was asked for sees it: it would tell each how the other key stands (design 1). Nobody else ever does.
    """
    if reader.role == Role.FAMILY_MEMBER:
        about_self = consent.subject == reader.person and consent.answer == Answer.GIVEN
        return reader.person is not None and (consent.giver == reader.person or about_self)
    if consent.recorded_by == reader.user or reader.relationship == Relationship.LEAD:
        return True
    if reader.relationship not in (Relationship.MEMBER, Relationship.SUPERVISOR):
        return False
    if consent.kind == ConsentKind.TAKE_PART:
        return True
    owns, receives = reader.owns_any_of(consent.subject, consent.categories), _receives(reader, consent)
    if consent.sharing_request is not None:
        is_party = receives or (owns and reader.agency == consent.owner)
        return is_party and consent.answer == Answer.GIVEN and not untold
    if receives and consent.withdrawn_at is not None:
        return owns and not may_tip_off(consent)
    return owns or (receives and consent.answer == Answer.GIVEN)


def _receives(reader: Reader, consent: Any) -> bool:
    return reader.agency in consent.recipients


def may_see_state(reader: Reader, consent: Any) -> bool:
    """Whether they see how it stands with it: the lead, and who took it (design 3.2, "Three audiences")."""
    return consent.recorded_by == reader.user or reader.relationship == Relationship.LEAD


def may_see_what_it_released(reader: Reader, consent: Any) -> bool:
    """Whether they see to whom something left because of it: those, and the recorder's officer."""
    officer = reader.role == Role.INFORMATION_OFFICER and reader.agency == consent.recorded_by_agency
    return officer or may_see_state(reader, consent)


def may_see_authority(reader: Reader, authority: Any) -> bool:
    """Whether the reader may see a recorded authority: its recorder, the lead, owners concerned."""
    if authority.recorded_by == reader.user or reader.relationship == Relationship.LEAD:
        return True
    working = reader.relationship in (Relationship.MEMBER, Relationship.SUPERVISOR)
    return working and reader.owns_any_of(authority.subject, authority.covers)


def may_see_conflict(reader: Reader, conflict: Any) -> bool:
    """Whether the reader may see that two disagree: the lead, and the officer of an agency that is party.

    That is the lead's agency and those that recorded the two answers (``conflict.agencies``). One that an
    exclusion brought about tells the agency that it names what only its officer may know.
    """
    if conflict.exclusion is not None and reader.agency in conflict.scope["recipients"]:
        return reader.role == Role.INFORMATION_OFFICER
    if reader.role == Role.INFORMATION_OFFICER:
        return reader.agency == reader.lead_agency or reader.agency in conflict.agencies
    return reader.relationship == Relationship.LEAD


def is_kept_untold(user: str, exclusion: Any, categories: Iterable[str], at: datetime) -> bool:
    """Whether the family asked that this very user is not told of something about these categories.

    It counts from when it was recorded, whenever it begins: what it will shut need not be told just before.
    """
    lifted = exclusion.lifted_at is not None and exclusion.lifted_at <= at
    over = exclusion.valid_until is not None and exclusion.valid_until <= at
    touches = not set(exclusion.categories).isdisjoint(categories)
    return user in exclusion.users and touches and not lifted and not over


def may_see_exclusion(reader: Reader, exclusion: Any) -> bool:
    """Whether the reader may see this exclusion; against their own agency only its officer may."""
    if reader.agency in exclusion.agencies or reader.user in exclusion.users:
        return reader.role == Role.INFORMATION_OFFICER and reader.agency in exclusion.agencies
    if exclusion.recorded_by == reader.user or reader.relationship == Relationship.LEAD:
        return True
    working = reader.relationship in (Relationship.MEMBER, Relationship.SUPERVISOR)
    return working and reader.owns_any_of(exclusion.subject, exclusion.categories)
