"""Assessments as they travel and are stored: for each kind of entry its content, and the body that brings it.

The content classes hold exactly what an entry of that kind stores in ``fields``; the bodies (``New…``) add
what the author says about the entry: its kind, the persons it is about and the categories it touches.
The parts of the form are those of the common assessment (CAF); which elements, questions and conclusions
there are is the instrument's business and is checked where the instrument is known.
"""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WrapValidator,
)

from shared.records.base import AgencyCode, Day, Id, Line, Moment, Record, Text, Version, YesNo, each_once
from shared.records.kinds import located_plainly
from shared.vocabulary import Category

Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]
SensitiveContent = Literal[
    "mental_health", "substance_use", "sexual_health", "domestic_abuse", "offending", "safeguarding"
]
WhoseView = Literal["practitioner", "child", "parent", "other_agency"]
VoiceOf = Literal["child_or_young_person", "parent_or_carer"]
ServiceKind = Literal["gp", "early_years_school_or_further_education", "other"]
ChecklistReply = Literal["yes", "no", "not_sure"]
AgreementToAssess = Literal["given", "refused", "not_yet_asked"]
ParentalResponsibility = Literal["yes", "no", "not_known"]
ConclusionCode = Literal["no_additional_needs", "additional_needs", "complex_needs", "risk_of_harm"]
FamilyAnswer = Literal["agreed", "disagreed", "not_present"]
AssessmentState = Literal["draft", "signed", "superseded"]


Subjects = Annotated[tuple[Id, ...], Field(min_length=1, max_length=20), AfterValidator(each_once)]
Categories = Annotated[tuple[Category, ...], Field(max_length=23), AfterValidator(each_once)]
SensitiveAnswer = Annotated[tuple[SensitiveContent, ...], AfterValidator(each_once)]


def _example(**fields: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [fields]})


# --- content: what is stored -------------------------------------------------------------------------------


class PeoplePresent(Record):
    """Who was there."""

    people: Annotated[tuple[Line, ...], Field(min_length=1, max_length=40)]


class Assessor(Record):
    """Somebody who carries out the assessment."""

    name: Line
    role: Line | None = None
    agency: Line | None = None
    contact: Line | None = None


class ChecklistAnswer(Record):
    """One answer; for a no or not sure also which services would help, and whether the own agency can."""

    question: Code
    answer: ChecklistReply
    services_needed: Text | None = None
    own_agency_can_provide: YesNo | None = None


class Checklist(Record):
    """The pre-assessment checklist: is a common assessment needed, and does the family agree to one."""

    answers: Annotated[tuple[ChecklistAnswer, ...], Field(min_length=1, max_length=40)]
    assessment_needed: YesNo
    needed_because: Text | None = None
    undertaken_by: Line | None = None
    agreement_to_assess: AgreementToAssess
    completed_on: Day


class ParentOrCarer(Record):
    """Somebody who brings the child up."""

    name: Line
    relationship: Line
    parental_responsibility: ParentalResponsibility
    telephone: Line | None = None
    address: Text | None = None


class HomeSituation(Record):
    """The family and home as they are now."""

    text: Text


class ServiceWithFamily(Record):
    """A service that works with the family."""

    service_kind: ServiceKind
    service_name: Line
    practitioner: Line | None = None
    role: Line | None = None
    contact: Line | None = None
    since: Day | None = None
    until: Day | None = None


class ElementContent(Record):
    """What one agency records under one element: a line, the detail, what it rests on, whose view it is."""

    element: Code
    headline: Line
    narrative: Text | None = None
    evidence: Text | None = None
    whose_view: WhoseView


class Strength(ElementContent):
    """Something that goes well."""


class Need(ElementContent):
    """Something that is lacking or goes wrong."""


class Conclusion(Record):
    """What the assessor concludes; for a risk of harm also when and to whom it was referred, who sees to it
    that they are followed up (``follow_up_owner``, a place on the team) and when next."""

    conclusion: ConclusionCode
    explanation: Text | None = None
    referred_at: Moment | None = None
    referred_to: Line | None = None
    follow_up_owner: Id | None = None
    follow_up_on: Day | None = None


class AgreedAction(Record):
    """What will be done: by whom, which agency owes it, until when, and the change it should bring.

    The words are those of an action in the plan, into which it is carried over without retyping.
    """

    desired_outcome: Text
    action: Text
    responsible_name: Line
    accountable: AgencyCode
    by_when: Day


class Goal(Record):
    """How everybody will notice that things are better."""

    text: Text


class Review(Record):
    """When the assessment is looked at again."""

    review_on: Day
    reviewed_by: Line | None = None


class Comment(Record):
    """The words of the child or young person, or of a parent or carer: never of both in one entry."""

    voice_of: VoiceOf
    text: Text


class AssessmentDetails(Record):
    """What the author says about the assessment as a whole."""

    started_on: Day
    reason_for_assessment: Text
    location: Line | None = None


class AssessmentEnvelope(AssessmentDetails):
    """The assessment as an entry, with the assessment's own id: its details, state and signature."""

    instrument: Code
    instrument_version: Code
    instrument_title: Line
    state: AssessmentState
    review_on: Day | None = None
    signed_on: Day | None = None
    signed_by: Line | None = None
    signed_as: Literal["practitioner"] | None = None
    child_or_young_person: FamilyAnswer | None = None
    parent_or_carer: FamilyAnswer | None = None
    no_voice_reason: Line | None = None


# --- bodies: what is sent ----------------------------------------------------------------------------------


class Labelled(Record):
    """What any entry says about itself.

    ``subjects``: the persons it is about; left out, the person assessed. ``sensitive_content``: the answer
    to "does this mention mental health, …?": an empty list is a no, null (or left out) is no answer yet.
    """

    subjects: Subjects | None = None
    sensitive_content: SensitiveAnswer | None = None


class LabelledByContent(Labelled):
    """An entry whose author may name further categories that its content touches."""

    additional_categories: Categories = ()


class NewPeoplePresent(PeoplePresent, Labelled):
    """Record who was there."""

    model_config = _example(kind="people_present", people=["James", "Ms Doe (mother)"])
    kind: Literal["people_present"] = "people_present"


class NewAssessor(Assessor, Labelled):
    """Record an assessor."""

    model_config = _example(kind="assessor", name="Ada North", role="Learning mentor", agency="Hill School")
    kind: Literal["assessor"] = "assessor"


class NewChecklist(Checklist, Labelled):
    """Record the pre-assessment checklist."""

    model_config = _example(
        kind="checklist",
        answers=[
            {"question": "healthy", "answer": "yes"},
            {"question": "safe", "answer": "not_sure", "services_needed": "A talk with the health visitor"},
            {"question": "learning", "answer": "no", "own_agency_can_provide": True},
            {"question": "positive_impact", "answer": "yes"},
            {"question": "free_from_poverty", "answer": "not_sure"},
        ],
        assessment_needed=True,
        agreement_to_assess="given",
        completed_on="2026-03-02",
    )
    kind: Literal["checklist"] = "checklist"


class NewParentOrCarer(ParentOrCarer, Labelled):
    """Record a parent or carer; it is about them, so ``subjects`` names them."""

    model_config = _example(
        kind="parent_or_carer",
        name="Jane Doe",
        relationship="mother",
        parental_responsibility="yes",
        subjects=["5b0f2e0e-6f0e-4a86-9c25-0d8a3f0f5a11"],
    )
    kind: Literal["parent_or_carer"] = "parent_or_carer"
    subjects: Subjects


class NewHomeSituation(HomeSituation, Labelled):
    """Record the family and home as they are now."""

    model_config = _example(kind="home_situation", text="Lives with his mother.", sensitive_content=[])
    kind: Literal["home_situation"] = "home_situation"


class NewServiceWithFamily(ServiceWithFamily, Labelled):
    """Record a service that works with the family."""

    model_config = _example(kind="service_with_family", service_kind="gp", service_name="Mill Lane Surgery")
    kind: Literal["service_with_family"] = "service_with_family"


class NewElementEntry(ElementContent, LabelledByContent):
    """An entry under an element; a default category may be removed unless it is sensitive."""

    removed_default_categories: Categories = ()


class NewStrength(NewElementEntry):
    """Record a strength."""

    model_config = _example(
        kind="strength", element="aspirations", headline="Wants to be a chef", whose_view="child"
    )
    kind: Literal["strength"] = "strength"


class NewNeed(NewElementEntry):
    """Record a need."""

    model_config = _example(
        kind="need",
        element="emotional_social",
        headline="Often anxious in the morning",
        narrative="He does not sleep well before school days.",
        whose_view="practitioner",
        sensitive_content=["mental_health"],
    )
    kind: Literal["need"] = "need"


class NewConclusion(Conclusion, Labelled):
    """Record the conclusion."""

    model_config = _example(kind="conclusion", conclusion="additional_needs")
    kind: Literal["conclusion"] = "conclusion"


class NewAgreedAction(AgreedAction, Labelled):
    """Record an action that was agreed."""

    model_config = _example(
        kind="agreed_action",
        desired_outcome="James is in school every day",
        action="Meet James at the gate each morning",
        responsible_name="Ada North",
        accountable="hill-school",
        by_when="2026-04-30",
    )
    kind: Literal["agreed_action"] = "agreed_action"


class NewGoal(Goal, Labelled):
    """Record a goal."""

    model_config = _example(kind="goal", text="James says that he looks forward to Mondays.")
    kind: Literal["goal"] = "goal"


class NewReview(Review, Labelled):
    """Record when the assessment is reviewed."""

    model_config = _example(kind="review", review_on="2026-06-30", reviewed_by="Ada North")
    kind: Literal["review"] = "review"


class NewComment(Comment, LabelledByContent):
    """Record words of the child or of a parent, with the categories that the words are about."""

    model_config = _example(
        kind="comment",
        voice_of="child_or_young_person",
        text="I want to stay at my school.",
        additional_categories=["learning"],
        sensitive_content=[],
    )
    kind: Literal["comment"] = "comment"


class NewAssessmentDetails(AssessmentDetails, Labelled):
    """The details of an assessment with their labels; made from ``NewAssessment``, never sent alone."""

    kind: Literal["assessment"] = "assessment"


AnyNewEntry = (
    NewPeoplePresent | NewAssessor | NewChecklist | NewParentOrCarer | NewHomeSituation | NewServiceWithFamily
    | NewStrength | NewNeed | NewConclusion | NewAgreedAction | NewGoal | NewReview | NewComment
)  # fmt: skip


def _kind_of(body: Any) -> str | None:
    kind = body.get("kind") if isinstance(body, dict) else getattr(body, "kind", None)
    return kind if isinstance(kind, str) else None


# By a function and not by the name of the field: that FastAPI would move past the validator around it.
NewEntry = Annotated[
    Annotated[NewPeoplePresent, Tag("people_present")]
    | Annotated[NewAssessor, Tag("assessor")]
    | Annotated[NewChecklist, Tag("checklist")]
    | Annotated[NewParentOrCarer, Tag("parent_or_carer")]
    | Annotated[NewHomeSituation, Tag("home_situation")]
    | Annotated[NewServiceWithFamily, Tag("service_with_family")]
    | Annotated[NewStrength, Tag("strength")]
    | Annotated[NewNeed, Tag("need")]
    | Annotated[NewConclusion, Tag("conclusion")]
    | Annotated[NewAgreedAction, Tag("agreed_action")]
    | Annotated[NewGoal, Tag("goal")]
    | Annotated[NewReview, Tag("review")]
    | Annotated[NewComment, Tag("comment")],
    Discriminator(_kind_of),
    WrapValidator(located_plainly),
]


class NewAssessment(Record):
    """Start an assessment of a person under an instrument; the parts known already may come with it."""

    model_config = _example(
        instrument="caf",
        instrument_version="1",
        person="0b9cc9a0-3c1e-4a57-8b0e-0a8f7a4f5a10",
        started_on="2026-03-02",
        reason_for_assessment="James misses most mornings.",
        people_present={"people": ["James", "Ms Doe (mother)"]},
    )
    instrument: Code
    instrument_version: Code
    person: Id
    started_on: Day
    reason_for_assessment: Text
    location: Line | None = None
    sensitive_content: SensitiveAnswer | None = None
    checklist: NewChecklist | None = None
    people_present: NewPeoplePresent | None = None
    assessors: Annotated[tuple[NewAssessor, ...], Field(max_length=20)] = ()
    parents_and_carers: Annotated[tuple[NewParentOrCarer, ...], Field(max_length=20)] = ()
    home_situation: NewHomeSituation | None = None
    services_with_family: Annotated[tuple[NewServiceWithFamily, ...], Field(max_length=40)] = ()


class Amendment(Record):
    """Open a new version of a signed assessment; the signed one stays as it is."""

    model_config = _example(amends="7a0c4c52-9a3a-4be7-8f43-1b8a3d9f5a12")
    amends: Id


def _which(body: Any) -> str:
    amends = "amends" in body if isinstance(body, dict) else isinstance(body, Amendment)
    return "amendment" if amends else "assessment"


AssessmentToStart = Annotated[
    Annotated[NewAssessment, Tag("assessment")] | Annotated[Amendment, Tag("amendment")],
    Discriminator(_which),
    WrapValidator(located_plainly),
]


class Signature(Record):
    """The practitioner's signature, and what child and parent said of the assessment when they saw it.

    ``no_voice_reason`` says why no words of the child's own are recorded, where there are none.
    """

    model_config = _example(child_or_young_person="agreed", parent_or_carer="not_present")
    capacity: Literal["practitioner"] = "practitioner"
    child_or_young_person: FamilyAnswer
    parent_or_carer: FamilyAnswer
    no_voice_reason: Line | None = None


class EntryChanges(Record):
    """The fields that a correction replaces: those sent; null empties a field that may be empty.

    One flat body for all kinds: a field that the entry's kind does not have is refused.
    """

    model_config = _example(headline="Anxious before tests", sensitive_content=[])
    subjects: Subjects | None = None
    sensitive_content: SensitiveAnswer | None = None
    additional_categories: Categories | None = None
    removed_default_categories: Categories | None = None
    started_on: Day | None = None
    reason_for_assessment: Text | None = None
    location: Line | None = None
    people: Annotated[tuple[Line, ...], Field(min_length=1, max_length=40)] | None = None
    name: Line | None = None
    role: Line | None = None
    agency: Line | None = None
    contact: Line | None = None
    answers: Annotated[tuple[ChecklistAnswer, ...], Field(min_length=1, max_length=40)] | None = None
    assessment_needed: YesNo | None = None
    needed_because: Text | None = None
    undertaken_by: Line | None = None
    agreement_to_assess: AgreementToAssess | None = None
    completed_on: Day | None = None
    relationship: Line | None = None
    parental_responsibility: ParentalResponsibility | None = None
    telephone: Line | None = None
    address: Text | None = None
    text: Text | None = None
    service_kind: ServiceKind | None = None
    service_name: Line | None = None
    practitioner: Line | None = None
    since: Day | None = None
    until: Day | None = None
    element: Code | None = None
    headline: Line | None = None
    narrative: Text | None = None
    evidence: Text | None = None
    whose_view: WhoseView | None = None
    conclusion: ConclusionCode | None = None
    explanation: Text | None = None
    referred_at: Moment | None = None
    referred_to: Line | None = None
    follow_up_owner: Id | None = None
    follow_up_on: Day | None = None
    desired_outcome: Text | None = None
    action: Text | None = None
    responsible_name: Line | None = None
    accountable: AgencyCode | None = None
    by_when: Day | None = None
    review_on: Day | None = None
    reviewed_by: Line | None = None
    voice_of: VoiceOf | None = None


class EntryCorrection(EntryChanges):
    """A correction with the version that its author saw (from ``If-Match``)."""

    model_config = _example(expected_version=1, headline="Anxious before tests")
    expected_version: Version


class CasesToLabel(Record):
    """The cases whose label sets are wanted."""

    model_config = _example(cases=["0b9cc9a0-3c1e-4a57-8b0e-0a8f7a4f5a10"])
    cases: Annotated[tuple[Id, ...], Field(max_length=100)]
