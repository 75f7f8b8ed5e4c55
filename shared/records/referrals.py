"""Referrals: an agency is asked to help, and answers, or does not."""

from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field

from shared.records.base import AgencyCode, Day, Id, Line, Record, Text, UserId
from shared.vocabulary import Category

Categories = Annotated[tuple[Category, ...], Field(max_length=len(Category))]
Subjects = Annotated[tuple[Id, ...], Field(max_length=30)]


class ReferralState(StrEnum):
    """No reply is not a refusal: whoever has not replied may still answer."""

    WAITING = "waiting"
    NO_REPLY = "no_reply"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ReferralAnswer(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"


class NamedUser(Record):
    """Somebody of an agency who is to look at what it was asked."""

    model_config = ConfigDict(json_schema_extra={"example": {"user": "asif.khan", "name": "Asif Khan"}})

    user: UserId
    name: Line


class Referrer(Record):
    """Who sent the family, where that is not the writer: they see that it is being considered, until then."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"agency": "education-welfare", "user": "reg.fenn"}}
    )

    agency: AgencyCode
    user: UserId


class NewReferral(Record):
    """An agency is asked to help. ``categories`` names what the wording reveals besides the plan itself;
    ``attention_of`` whom of the agency it is meant for. Without ``answer_by`` it has two weeks to answer."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "agency": "riverbank-camhs",
                "service": "Early help clinic",
                "reason": "He cannot settle, and his mother asks for help with it.",
                "answer_by": "2026-04-01",
                "categories": ["wellbeing"],
            }
        }
    )

    agency: AgencyCode
    service: Line | None = None
    reason: Text
    answer_by: Day | None = None
    attention_of: NamedUser | None = None
    referrer: Referrer | None = None
    categories: Categories = ()
    subjects: Subjects = ()


class ReferralToStore(NewReferral):
    """What the gateway hands on: the referral, and those of the case that its writer does not see."""

    not_shown: Annotated[tuple[Id, ...], Field(max_length=10_000)] = ()


class ReferralFields(Record):
    """A referral as it is kept: owned by who refers; the agency that is asked reads it as its own."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "agency": "riverbank-camhs",
                "reason": "He cannot settle, and his mother asks for help with it.",
                "answer_by": "2026-04-01",
                "state": "waiting",
            }
        }
    )

    agency: AgencyCode
    service: Line | None = None
    reason: Text
    answer_by: Day
    state: ReferralState
    taken_up_by: Line | None = None


class ReferralAcceptance(Record):
    """The agency will help. ``note``: what happens next."""

    model_config = ConfigDict(json_schema_extra={"example": {"note": "First appointment on Tuesday."}})

    note: Text | None = None
    categories: Categories = ()


class ReferralRefusal(Record):
    """The agency will not help, and says why: whoever asks next must not ask the same again."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"reason": "He is under the age from which the clinic takes people."}}
    )

    reason: Text
    categories: Categories = ()


class ReferralAnswerFields(Record):
    """What was answered: owned by the agency that answers; who referred reads it as their own."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "referral": "5d2f8a30-6f0e-4b5e-8a77-1c4f2e9b6d03",
                "answer": "refused",
                "reason": "He is under the age from which the clinic takes people.",
            }
        }
    )

    referral: Id
    answer: ReferralAnswer
    reason: Text | None = None
    note: Text | None = None
