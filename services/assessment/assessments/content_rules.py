"""PURE. What an entry must say beyond its shape: what its instrument demands, in an order that can be."""

from datetime import date, datetime, timedelta

from services.assessment.assessments.labels import AnyEntry, label_errors
from services.assessment.instruments.instrument import Instrument
from shared.problems import FieldError
from shared.records.assessments import (
    NewAgreedAction,
    NewAssessmentDetails,
    NewChecklist,
    NewConclusion,
    NewElementEntry,
    NewReview,
    NewServiceWithFamily,
)


def entry_errors(
    instrument: Instrument, entry: AnyEntry, started_on: date, now: datetime
) -> list[FieldError]:
    """Everything wrong with an entry of an assessment that was started on a day."""
    unknown = _unknown_code(instrument, entry)
    if unknown is not None:
        return [unknown]
    return [
        *_content_errors(instrument, entry, now),
        *_date_errors(entry, started_on, now),
        *label_errors(instrument, entry),
    ]


def _unknown_code(instrument: Instrument, entry: AnyEntry) -> FieldError | None:
    if isinstance(entry, NewElementEntry) and entry.element not in instrument.element_by_code:
        return FieldError("element", "Choose one of the elements of this assessment's instrument.")
    if isinstance(entry, NewConclusion) and entry.conclusion not in instrument.conclusion_by_code:
        return FieldError("conclusion", "Choose one of the conclusions of this assessment's instrument.")
    return None


def _content_errors(instrument: Instrument, entry: AnyEntry, now: datetime) -> list[FieldError]:
    if isinstance(entry, NewConclusion):
        return [*referral_errors(instrument, entry, now), *follow_up_errors(instrument, entry)]
    if isinstance(entry, NewChecklist):
        return _checklist_errors(instrument, entry)
    return []


def referral_errors(instrument: Instrument, entry: NewConclusion, now: datetime) -> list[FieldError]:
    """The form's conclusion rule: a risk of harm is referred at once; the record says when and to whom."""
    errors = []
    if not instrument.conclusion_by_code[entry.conclusion].needs_referral:
        for name in ("referred_at", "referred_to"):
            if getattr(entry, name) is not None:
                errors.append(FieldError(name, "Name a referral only with the conclusion risk of harm."))
        return errors
    if entry.referred_at is None:
        errors.append(
            FieldError("referred_at", "Follow the safeguarding procedure now, then say when you referred.")
        )
    elif entry.referred_at > now:
        errors.append(FieldError("referred_at", "Name the moment at which it was referred, not a later one."))
    if entry.referred_to is None:
        errors.append(
            FieldError("referred_to", "Follow the safeguarding procedure now, then say to whom you referred.")
        )
    return errors


def follow_up_errors(instrument: Instrument, entry: NewConclusion) -> list[FieldError]:
    """Somebody at risk has an owner and a next date, or is not saved (design 1)."""
    if not instrument.conclusion_by_code[entry.conclusion].needs_referral:
        return [
            FieldError(name, "Name a follow-up only with the conclusion risk of harm.")
            for name in ("follow_up_owner", "follow_up_on")
            if getattr(entry, name) is not None
        ]
    errors = []
    if entry.follow_up_owner is None:
        errors.append(
            FieldError(
                "follow_up_owner",
                "Name who of the team looks after this, by the id on the roster.",
            )
        )
    if entry.follow_up_on is None:
        errors.append(FieldError("follow_up_on", "Name the day on which they look again."))
    return errors


def passed_errors(entry: AnyEntry, now: datetime) -> list[FieldError]:
    """What is written now looks ahead: a next date that has passed is none."""
    if isinstance(entry, NewConclusion) and entry.follow_up_on and entry.follow_up_on < now.date():
        return [FieldError("follow_up_on", "This day has passed; choose one from today on.")]
    return []


def _checklist_errors(instrument: Instrument, entry: NewChecklist) -> list[FieldError]:
    answered = sorted(answer.question for answer in entry.answers)
    if answered != sorted(question.code for question in instrument.checklist.questions):
        return [
            FieldError("answers", "Answer each question of the checklist once; not_sure is an answer too.")
        ]
    return []


def _date_errors(entry: AnyEntry, started_on: date, now: datetime) -> list[FieldError]:
    if isinstance(entry, NewAssessmentDetails):
        return _not_ahead("started_on", entry.started_on, now)
    if isinstance(entry, NewChecklist):
        return _not_ahead("completed_on", entry.completed_on, now)
    if isinstance(entry, NewReview) and entry.review_on < started_on:
        return [FieldError("review_on", "Choose a day on or after the start of the assessment.")]
    if isinstance(entry, NewAgreedAction) and entry.by_when < started_on:
        return [FieldError("by_when", "Choose a day on or after the start of the assessment.")]
    if isinstance(entry, NewServiceWithFamily) and entry.since and entry.until and entry.until < entry.since:
        return [FieldError("until", "Choose a day on or after since.")]
    return []


def _not_ahead(name: str, day: date, now: datetime) -> list[FieldError]:
    # The day begins earlier in some places than in UTC, never by as much as a day.
    if day > (now + timedelta(days=1)).date():
        return [FieldError(name, "Choose today or an earlier day.")]
    return []
