"""Consents (on screen: permissions), refusals, exclusions and their ends."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Discriminator, Field, Tag, WrapValidator, model_validator

from shared.problems import WrongField
from shared.records.base import AgencyCode, Id, Line, Moment, Record, Text, UserId, YesNo, each_once
from shared.records.kinds import located_plainly
from shared.vocabulary import SENSITIVE, Answer, Capacity, Category, EvidenceForm, Purpose

Agencies = Annotated[tuple[AgencyCode, ...], Field(max_length=100), AfterValidator(each_once)]
Categories = Annotated[
    tuple[Category, ...], Field(min_length=1, max_length=len(Category)), AfterValidator(each_once)
]
Purposes = Annotated[
    tuple[Purpose, ...], Field(min_length=1, max_length=len(Purpose)), AfterValidator(each_once)
]


class Statement(Record):
    """The two separate answers of the consent statement."""

    reasons_explained_and_understood: YesNo
    agrees: YesNo


class Evidence(Record):
    """How the answer was given, and where the proof is kept."""

    form: EvidenceForm
    reference: Line | None = None
    note: Text | None = None


class Authority(Record):
    """A document that limits what a parent or carer answers for. One that gives a say is recorded once, and
    named with ``under``."""

    document: Line
    covers: Categories


class Competence(Record):
    """That a young person under 16 was judged able to decide this, by whom and why."""

    judged_by: Line
    reasons: Text


class Incapacity(Record):
    """That somebody of 16 or over cannot take this one decision themselves, as it was found and by whom
    (Mental Capacity Act 2005, sections 1 to 3). Capacity is presumed: ``asked_first`` says how they were
    asked."""

    assessed_by: Line
    assessment_reference: Line
    asked_first: Text


class Consulted(Record):
    """Somebody whose view was asked before a best-interests decision."""

    who: Line
    view: Text


class BestInterests(Record):
    """A decision for an adult who lacks capacity for it (Mental Capacity Act 2005, sections 1 to 4).

    Capacity is presumed: ``asked_first`` says how the person was asked and helped to decide, and
    ``assessment_reference`` where it is recorded that they lack capacity for this decision.
    """

    decision_maker: Line
    assessment_reference: Line
    asked_first: Text
    wishes: Text
    consulted: Annotated[tuple[Consulted, ...], Field(min_length=1, max_length=20)]
    reasons: Text


class PrivacyNotice(Record):
    """The privacy notice that was given."""

    version: Line
    language: Line
    given_to: Line


class WhoAnswers(Record):
    """About whom somebody answers, who does, and by what right.

    ``under``: the recorded authority by which it is said; attorneys, deputies and local authorities name
    one. Where an agency holds that authority its id is the ``giver`` too. ``incapacity``: why an attorney or
    deputy answers for anything but money. For ``best_interests`` the giver is the subject.
    """

    subject: Id
    giver: Id
    capacity: Capacity
    competence: Competence | None = None
    authority: Authority | None = None
    under: Id | None = None
    incapacity: Incapacity | None = None
    best_interests: BestInterests | None = None

    @model_validator(mode="after")
    def _right_fits(self) -> Self:
        if (self.capacity == Capacity.BEST_INTERESTS) != (self.best_interests is not None):
            raise WrongField(
                "best_interests", "Send best_interests with the capacity best_interests, and with no other."
            )
        if self.authority is not None and self.under is not None:
            raise WrongField(
                "under", "Name a recorded authority (under) or send one with this (authority), not both."
            )
        return self


class AnswerCheck(WhoAnswers):
    """Somebody who is to be asked: what may they answer for? ``recipients``: with whom it is about to be
    shared, where that is known; what the person refused to these themselves nobody gives in their stead."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "subject": "7d1f9a52-7a0e-4c59-9f0e-2b6f4a1c0d11",
                "giver": "0b5f6c1e-3f58-4b0f-8d2c-64c1d0b7a922",
                "capacity": "parent",
            }
        }
    )

    recipients: Agencies = ()


class FamilysWord(WhoAnswers):
    """What every answer of a family has: about whom, by whom, in what capacity, how, and from when."""

    answer: Answer
    statement: Statement
    evidence: Evidence
    wording_version: Line
    valid_from: Moment | None = None
    valid_until: Moment | None = None

    @model_validator(mode="after")
    def _answers_fit(self) -> Self:
        given = self.answer == Answer.GIVEN
        if self.statement.agrees != given:
            raise WrongField("answer", "answer and statement.agrees must say the same.")
        decided_for = self.capacity == Capacity.BEST_INTERESTS
        if given and not decided_for and not self.statement.reasons_explained_and_understood:
            raise WrongField(
                "statement.reasons_explained_and_understood",
                "Explain the reasons first: a yes that was not understood is not a permission.",
            )
        return self


class TakePart(FamilysWord):
    """The answer to "may we work with you?". It says nothing about sharing."""

    kind: Literal["take_part"]
    privacy_notice: PrivacyNotice


_A_YES: dict[str, Any] = {
    "kind": "share",
    "subject": "7d1f9a52-7a0e-4c59-9f0e-2b6f4a1c0d11",
    "giver": "0b5f6c1e-3f58-4b0f-8d2c-64c1d0b7a922",
    "capacity": "parent",
    "answer": "given",
    "statement": {"reasons_explained_and_understood": True, "agrees": True},
    "evidence": {"form": "written", "reference": "form 17"},
    "wording_version": "2026-1",
    "recipients": ["northgate-housing"],
    "not_recipients": [],
    "categories": ["learning", "behaviour"],
    "level": "full",
    "purposes": ["support"],
    "valid_until": "2027-05-01T00:00:00Z",
}


class Share(FamilysWord):
    """The answer to "may we share these things about you with these services, for this, until then?"."""

    model_config = ConfigDict(json_schema_extra={"example": {**_A_YES}})

    kind: Literal["share"]
    recipients: Annotated[Agencies, Field(min_length=1)]
    not_recipients: Agencies = ()
    categories: Categories
    level: Literal["existence", "summary", "full"]
    purposes: Purposes

    @model_validator(mode="after")
    def _scope_fits(self) -> Self:
        if self.answer == Answer.GIVEN and self.valid_until is None:
            raise WrongField("valid_until", "Say until when: a permission to share has an end (valid_until).")
        if len(self.categories) > 1 and SENSITIVE.intersection(self.categories):
            raise WrongField(
                "categories", "Ask about each sensitive category on its own: send it as the only category."
            )
        if set(self.recipients) & set(self.not_recipients):
            raise WrongField("not_recipients", "An agency stands in both recipients and not_recipients.")
        return self


def _kind_of(body: Any) -> Any:
    return body.get("kind") if isinstance(body, dict) else getattr(body, "kind", None)


NewConsent = Annotated[
    Annotated[TakePart, Tag("take_part")] | Annotated[Share, Tag("share")],
    Discriminator(_kind_of),
    WrapValidator(located_plainly),
]


class Conversation(Record):
    """What somebody of a family said in one conversation: each answer by itself, recorded together or not at
    all. Nothing is answered twice in it, so that a slip never leaves a yes beside a no."""

    model_config = ConfigDict(json_schema_extra={"example": {"answers": [_A_YES]}})

    answers: Annotated[tuple[NewConsent, ...], Field(min_length=1, max_length=30)]

    @model_validator(mode="after")
    def _answers_each_thing_once(self) -> Self:
        asked = [
            (answer.subject, thing)
            for answer in self.answers
            for thing in (answer.categories if isinstance(answer, Share) else (answer.kind,))
        ]
        if len(asked) != len(set(asked)):
            raise WrongField(
                "answers", "The same thing is answered twice about one person. Answer each thing once."
            )
        return self


class Withdrawal(Record):
    """Taking a permission back. No reason is needed, and support goes on.

    ``withdrawn_by`` is left out only where a professional ends a best-interests decision. ``may_tip_off``:
    why those who saw something because of this permission must not be told that it has ended.
    """

    withdrawn_by: Id | None = None
    note: Text | None = None
    may_tip_off: Text | None = None


class SpokenWithdrawal(Record):
    """What somebody takes back, as they say it, written down by whoever hears it.

    ``recipients`` or ``categories`` left out means all of them. It ends every permission of theirs that it
    names, whether or not the recorder may see it.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "kind": "share",
                "subject": "7d1f9a52-7a0e-4c59-9f0e-2b6f4a1c0d11",
                "withdrawn_by": "0b5f6c1e-3f58-4b0f-8d2c-64c1d0b7a922",
                "recipients": ["northgate-housing"],
            }
        }
    )

    kind: Literal["take_part", "share"]
    subject: Id
    withdrawn_by: Id
    recipients: Annotated[Agencies, Field(min_length=1)] | None = None
    categories: Categories | None = None
    note: Text | None = None
    may_tip_off: Text | None = None

    @model_validator(mode="after")
    def _scope_fits(self) -> Self:
        if self.kind == "take_part" and (self.recipients or self.categories):
            raise WrongField(
                "recipients" if self.recipients else "categories",
                "Taking part names no recipients and no categories: leave them out.",
            )
        return self


class NewExclusion(Record):
    """ "Not to be shared with …": agencies or users, about one subject. Beats every permission."""

    subject: Id
    giver: Id
    capacity: Capacity
    competence: Competence | None = None
    authority: Authority | None = None
    under: Id | None = None
    incapacity: Incapacity | None = None
    agencies: Agencies = ()
    users: Annotated[tuple[UserId, ...], Field(max_length=100), AfterValidator(each_once)] = ()
    categories: Categories
    purposes: Purposes | None = None
    valid_from: Moment | None = None
    valid_until: Moment | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if not self.agencies and not self.users:
            raise WrongField("agencies", "Name at least one agency or user that is excluded.")
        return self


class Lifting(Record):
    """Lifting an exclusion: by its giver, while they still answer for this person, or by the person once they
    decide for themselves; recorded by another agency than the one it excluded."""

    lifted_by: Id
    evidence: Evidence
