"""What the gateway sends along with a family's answer: the facts that other services hold."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.consent.alerts.in_charge import NOBODY_KNOWN, InCharge
from shared.disclosure import ResponsibleAsk, Wire
from shared.records.consents import (
    AnswerCheck,
    Lifting,
    NewConsent,
    NewExclusion,
    SpokenWithdrawal,
    Withdrawal,
)
from shared.vocabulary import Relationship


class FamilyFacts(Wire):
    """``decides_from`` of the subject; who is recorded as responsible for them; and who is told if what was
    said needs somebody to decide or to answer."""

    decides_from: datetime | None
    responsible: tuple[ResponsibleAsk, ...]
    in_charge: InCharge = NOBODY_KNOWN


class ReaderFacts(Wire):
    """The reader's relationship, all agencies in which they have a role, what the acting one owns by subject,
    from when each person of the case decides, who is recorded as responsible for them, the agency of its
    lead, when the case was last transferred, and who is in charge of it."""

    relationship: str
    owned: dict[str, tuple[str, ...]]
    works_for: frozenset[str] = frozenset()
    decides_from: dict[str, datetime | None] = Field(default_factory=dict)
    responsible: dict[str, tuple[ResponsibleAsk, ...]] = Field(default_factory=dict)
    lead_agency: str | None = None
    transferred_at: datetime | None = None
    in_charge: InCharge = NOBODY_KNOWN


STRANGER = ReaderFacts(relationship=Relationship.NONE.value, owned={})
"""Whoever is not said to be anything to a case: they know of what they recorded themselves."""


class ExpiringAsk(Wire):
    """The cases that were decided for the reader, with what they are to each."""

    cases: dict[str, ReaderFacts]


class OwnersFacts(Wire):
    """The agencies to be told that something concerns what they hold: of each, who of it is on the team now.

    ``people``: whom the case is about.
    """

    agencies: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    people: tuple[str, ...] = ()


class ConsentToRecord(Wire):
    """``owners``: those that hold what the answer opens to the recorder's own agency; nobody otherwise.
    ``reader``: the recorder, who is told no reason that they could not read for themselves."""

    consent: NewConsent
    family: FamilyFacts
    owners: OwnersFacts = OwnersFacts()
    reader: ReaderFacts = STRANGER


class WhoMayAnswer(Wire):
    """Somebody who is to be asked in a case, with the facts about them that other services hold, and about
    whoever wants to know."""

    case: str
    asked: AnswerCheck
    family: FamilyFacts
    reader: ReaderFacts = STRANGER


class ConversationToRecord(Wire):
    answers: Annotated[tuple[ConsentToRecord, ...], Field(min_length=1)]
    reader: ReaderFacts = STRANGER


class WithdrawalToRecord(Wire):
    withdrawal: Withdrawal
    reader: ReaderFacts


class SpokenWithdrawalToRecord(SpokenWithdrawal):
    """What was taken back, as it was heard, and who is in charge of the case in which it was."""

    in_charge: InCharge = NOBODY_KNOWN


class ExclusionToRecord(Wire):
    exclusion: NewExclusion
    family: FamilyFacts
    reader: ReaderFacts = STRANGER


class LiftingToRecord(Wire):
    """``places``: by user, the agencies for which they are or were on the team; unknown of everybody else."""

    lifting: Lifting
    reader: ReaderFacts
    places: dict[str, tuple[str, ...]] = Field(default_factory=dict)
