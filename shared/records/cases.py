"""Opening, leading, staffing and closing a case."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, field_validator, model_validator

from shared.problems import WrongField
from shared.records.base import AgencyCode, Day, Id, Line, Record, Text, UserId, YesNo
from shared.records.people import Details, Telephone, can_be_told_apart
from shared.vocabulary import Role

_PERSON = "3f8a4c1e-0d7b-4a56-9c21-5b7f0e6d2a11"
_OTHER_PERSON = "b0c2f7de-91a4-4e0b-8f6d-2f1f3c9e7a45"


class CaseOpeningFields(Record):
    """Why a case was opened, or opened again."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "His mother asked for help."}})

    reason: Text


class ClosureReason(StrEnum):
    """Why the work on a case ends. An informed refusal is a reason; no answer is not."""

    NEEDS_MET = "needs_met"
    MOVED_AWAY = "moved_away"
    STEPPED_UP_TO_SOCIAL_CARE = "stepped_up_to_social_care"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    INFORMED_REFUSAL = "informed_refusal"
    NO_LONGER_ELIGIBLE = "no_longer_eligible"
    DIED = "died"
    OTHER = "other"


class ClosureFields(Record):
    """Why a case was closed."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "needs_met"}})

    reason: ClosureReason
    note: Text | None = None


class PromiseEnded(Record):
    """What becomes of something that was promised and not done when a case is closed."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"promise": _OTHER_PERSON, "because": "The new school goes on with it."}
        }
    )

    promise: Id
    because: Text


class CaseClosure(ClosureFields):
    """Why a case is closed, and what becomes of each promise that is open: nothing is forgotten.

    ``watched_over_by``: where somebody of the team sees to the next review, who watches over it from now on.
    """

    promises: Annotated[tuple[PromiseEnded, ...], Field(max_length=2000)] = ()
    watched_over_by: Text | None = None


class ClosureToStore(CaseClosure):
    """The same with the open promises that whoever closes the case does not see: they end with it."""

    not_shown: Annotated[tuple[Id, ...], Field(max_length=5000)] = ()


class TeamPost(Record):
    """In what post somebody works on a case, as the family reads it on the roster."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"job_title": "School nurse", "telephone": "01632 960111"}}
    )

    job_title: Line
    telephone: Telephone | None = None


class NewCase(Record):
    """One episode of co-ordinated work around a person; whoever opens it is the first on the team."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "person": _PERSON,
                "other_subjects": [_OTHER_PERSON],
                "reason": "His mother asked for help.",
                "review_on": "2026-06-01",
                "opener": {"job_title": "School nurse", "telephone": "01632 960111"},
            }
        }
    )

    person: Id
    other_subjects: Annotated[tuple[Id, ...], Field(max_length=30)] = ()
    reason: Text
    review_on: Day | None = None
    opener: TeamPost


class NewCaseSubject(Record):
    """One more person whom the work of a case is about, such as a sister or brother: one who is recorded, or
    one who is recorded now with these ``details``. Search first: one person is one record."""

    model_config = ConfigDict(json_schema_extra={"example": {"person": _OTHER_PERSON}})

    person: Id | None = None
    details: Details | None = None

    @field_validator("details")
    @classmethod
    def _can_be_told_apart(cls, value: Details | None) -> Details | None:
        return None if value is None else can_be_told_apart(value)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.person is None) == (self.details is None):
            raise WrongField(
                "person", "Name a person who is recorded, or give the details of one who is not yet."
            )
        return self


class CaseReopening(Record):
    model_config = ConfigDict(json_schema_extra={"example": {"reason": "He is out of school again."}})

    reason: Text


class NewTeamMember(Record):
    """Somebody who joins the team of a case, which gives them access."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "user": "yusuf.rahman",
                "name": "Yusuf Rahman",
                "agency": "youth-offending",
                "role": "practitioner",
                "job_title": "Youth worker",
                "telephone": "01632 960112",
            }
        }
    )

    user: UserId
    name: Line
    agency: AgencyCode
    role: Role
    job_title: Line
    telephone: Telephone | None = None


class MemberToStore(NewTeamMember):
    """The same, with whether it was permitted because nobody is on the team any more (``takes_on``)."""

    takes_on: YesNo = False


class MembershipEnding(Record):
    """Why somebody leaves the team; their access ends with it."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "Changed to another school."}})

    reason: Text


class NewNomination(Record):
    """Who is asked to be the lead professional: a member of the team, by the id on the roster.

    ``by``: the team asks, or a panel does. ``exceeds_cap_because``: why them all the same, where they would
    lead more than their manager set.
    """

    model_config = ConfigDict(json_schema_extra={"example": {"member": _OTHER_PERSON, "by": "team"}})

    member: Id
    by: Literal["team", "panel"] = "team"
    exceeds_cap_because: Text | None = None


class NominationRefusal(Record):
    model_config = ConfigDict(json_schema_extra={"example": {"reason": "I leave this post in March."}})

    reason: Text


class NominationObjection(Record):
    """Why the nominee's agency does not want them to lead this case."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "She covers two schools this term."}})

    reason: Text


class NewDeputy(Record):
    """Who stands in for the lead professional, by the id on the roster: from a day until the day on which the
    lead is back."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"member": _OTHER_PERSON, "since": "2026-07-20", "until": "2026-08-10"}}
    )

    member: Id
    since: Day
    until: Day


class CaseWeight(Record):
    """How much of its lead's time a case takes, from 1 (little) to 5."""

    model_config = ConfigDict(json_schema_extra={"example": {"weight": 3}})

    weight: Annotated[int, Field(ge=1, le=5, strict=True)]


class CaseloadCap(Record):
    """How much somebody may lead at once: the weights of their cases together."""

    model_config = ConfigDict(json_schema_extra={"example": {"cap": 25}})

    cap: Annotated[int, Field(ge=0, le=1000, strict=True)]


class Departure(Record):
    """Somebody no longer works for this agency: every place they held on a team for it ends."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"agency": "youth-offending", "reason": "Moved to another county."}}
    )

    agency: AgencyCode
    reason: Text | None = None
