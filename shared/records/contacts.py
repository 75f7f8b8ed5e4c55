"""The contact log: who tried to reach the family, how, when, and what came of it; life events.

No answer leads to another attempt. An informed refusal is respected. Never confuse the two (design 1).
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from shared.problems import WrongField
from shared.records.base import Day, Id, Line, Moment, Record, Text
from shared.vocabulary import Category

Categories = Annotated[tuple[Category, ...], Field(max_length=len(Category))]
Subjects = Annotated[tuple[Id, ...], Field(max_length=30)]


class ContactHow(StrEnum):
    VISIT = "visit"
    TELEPHONE = "telephone"
    TEXT_MESSAGE = "text_message"
    EMAIL = "email"
    LETTER = "letter"
    VIDEO = "video"
    APPOINTMENT = "appointment"
    OTHER = "other"


class ContactBy(StrEnum):
    """Who sought the other."""

    SERVICE = "service"
    FAMILY = "family"


class ContactOutcome(StrEnum):
    NO_ANSWER = "no_answer"
    REACHED = "reached"
    ASKED_FOR_HELP = "asked_for_help"
    INFORMED_REFUSAL = "informed_refusal"


class OfferState(StrEnum):
    """How an agency's offer of help stands."""

    OFFERED = "offered"
    UNANSWERED = "unanswered"
    IN_TOUCH = "in_touch"
    REFUSED = "refused"


class LifeEvent(StrEnum):
    """What changes enough that somebody may be asked again."""

    PREGNANCY = "pregnancy"
    NEW_BABY = "new_baby"
    BEREAVEMENT = "bereavement"
    SEPARATION = "separation"
    NEW_PARTNER = "new_partner"
    MOVED_HOME = "moved_home"
    CHANGED_SCHOOL = "changed_school"
    EXCLUDED_FROM_SCHOOL = "excluded_from_school"
    LEFT_SCHOOL = "left_school"
    LOST_JOB = "lost_job"
    NEW_JOB = "new_job"
    ILLNESS = "illness"
    CAME_OUT_OF_HOSPITAL = "came_out_of_hospital"
    CAME_OUT_OF_CUSTODY = "came_out_of_custody"
    LEFT_CARE = "left_care"
    OTHER = "other"


_EXAMPLE = {
    "when": "2026-03-03T09:00:00Z",
    "how": "telephone",
    "outcome": "no_answer",
    "note": "Rang twice and left a message.",
}


class NewContact(Record):
    """A contact, or an attempt at one. An informed refusal says what was explained, or it is none."""

    model_config = ConfigDict(json_schema_extra={"example": {**_EXAMPLE}})

    when: Moment
    how: ContactHow
    sought_by: ContactBy = ContactBy.SERVICE
    outcome: ContactOutcome
    with_whom: Line | None = None
    what_was_explained: Text | None = None
    note: Text | None = None
    categories: Categories = ()
    subjects: Subjects = ()

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.outcome is ContactOutcome.INFORMED_REFUSAL) != (self.what_was_explained is not None):
            raise WrongField(
                "what_was_explained",
                "Say what was explained (what_was_explained) of an informed refusal, and only then.",
            )
        if self.outcome is ContactOutcome.NO_ANSWER and self.sought_by is ContactBy.FAMILY:
            raise WrongField(
                "outcome", "Where the family sought the service, say what they wanted, not no_answer."
            )
        return self


Ids = Annotated[tuple[Id, ...], Field(max_length=10_000)]


class ContactToStore(Record):
    """What the gateway hands on: the contact, the life events of the case that its writer sees, and what was
    recorded of their agency's own contacts that they do not see."""

    contact: NewContact
    life_events: Ids = ()
    not_shown: Ids = ()


class ContactAttemptFields(Record):
    """A contact as it is kept. ``offer``: how the agency's offer of help stood after it; ``next_attempt_on``:
    by when it is tried again, where nobody answered."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **_EXAMPLE,
                "sought_by": "service",
                "offer": "unanswered",
                "next_attempt_on": "2026-03-05",
            }
        }
    )

    when: Moment
    how: ContactHow
    sought_by: ContactBy
    outcome: ContactOutcome
    with_whom: Line | None = None
    what_was_explained: Text | None = None
    note: Text | None = None
    offer: OfferState
    next_attempt_on: Day | None = None


class NewLifeEvent(Record):
    """Something that changed a family's life: whoever refused help may be asked again."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"event": "came_out_of_hospital", "happened_on": "2026-03-02"}}
    )

    event: LifeEvent
    happened_on: Day
    note: Text | None = None
    categories: Categories = ()
    subjects: Subjects = ()


class LifeEventFields(Record):
    model_config = ConfigDict(
        json_schema_extra={"example": {"event": "came_out_of_hospital", "happened_on": "2026-03-02"}}
    )

    event: LifeEvent
    happened_on: Day
    note: Text | None = None


class OfferReopening(Record):
    """A supervisor decides that a refused offer of the own agency is made once more, and says why."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "He was not told that it is free."}})

    reason: Text


class ReopeningToStore(Record):
    """The same of the decision of a supervisor."""

    reopening: OfferReopening
    life_events: Ids = ()
    not_shown: Ids = ()


class OfferReopenedFields(Record):
    model_config = ConfigDict(
        json_schema_extra={"example": {"reason": "He was not told that it is free.", "offer": "offered"}}
    )

    reason: Text
    offer: OfferState
