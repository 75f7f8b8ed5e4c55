"""PURE. Making an entry of what its author sent, correcting it, and copying it into a new version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, get_args

from pydantic import ValidationError

from services.assessment.assessments.content_rules import entry_errors, passed_errors
from services.assessment.assessments.labels import LABELLING_FIELDS, AnyEntry, label_of
from services.assessment.entry_kinds import ENTRY_KINDS
from services.assessment.instruments.instrument import Instrument
from shared.ids import new_id
from shared.problems import FieldError, Problem, field_of
from shared.records.assessments import (
    AnyNewEntry,
    EntryChanges,
    NewAgreedAction,
    NewAssessmentDetails,
    NewElementEntry,
)

BODY_OF_KIND: Mapping[str, type[AnyEntry]] = {
    body.model_fields["kind"].default: body for body in (*get_args(AnyNewEntry), NewAssessmentDetails)
}

_NOTHING_SENT = FieldError("body", "Send at least one field to correct.")


@dataclass(frozen=True, slots=True)
class Setting:
    """The assessment that an entry belongs to, as far as the entry needs to know it."""

    assessment: str
    case: str
    person: str
    started_on: date
    instrument: Instrument


@dataclass(frozen=True, slots=True)
class Writing:
    """Who writes, and when."""

    agency: str
    user: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as it is stored: the columns of its table."""

    id: str
    assessment_id: str
    case_id: str
    kind: str
    element: str | None
    owner: str
    accountable: str | None
    categories: list[str]
    subjects: list[str]
    unanswered: bool
    labelling: dict[str, Any]
    fields: dict[str, Any]
    author: str
    author_user: str
    recorded_at: datetime
    version: int
    corrected_at: datetime | None = None
    corrected_by: str | None = None
    copied_from: str | None = None


def new_entry(setting: Setting, writing: Writing, entry: AnyEntry, path: str = "") -> StoredEntry:
    """A first version; raises a problem that names each field under ``path``.

    The envelope of an assessment has the assessment's own id.
    """
    errors = entry_errors(setting.instrument, entry, setting.started_on, writing.at)
    _refuse([*errors, *passed_errors(entry, writing.at)], path)
    return StoredEntry(
        id=setting.assessment if entry.kind == "assessment" else new_id(),
        assessment_id=setting.assessment,
        case_id=setting.case,
        kind=entry.kind,
        owner=writing.agency,
        author=writing.name,
        author_user=writing.user,
        recorded_at=writing.at,
        version=1,
        **_said(setting, entry),
    )


def corrected_entry(
    setting: Setting, writing: Writing, stored: StoredEntry, changes: EntryChanges
) -> StoredEntry:
    """The next version: what was sent replaces what is stored, and the whole is checked anew."""
    sent = changes.model_dump(mode="json", exclude_unset=True, exclude={"expected_version"})
    _refuse(_fields_of_no_use(stored.kind, sent) if sent else [_NOTHING_SENT])
    before = {**stored.fields, **stored.labelling, "subjects": stored.subjects, "kind": stored.kind}
    entry = _checked(stored.kind, {**before, **sent})
    started_on = entry.started_on if isinstance(entry, NewAssessmentDetails) else setting.started_on
    errors = entry_errors(setting.instrument, entry, started_on, writing.at)
    looks_ahead = passed_errors(entry, writing.at) if "follow_up_on" in sent else []
    _refuse([*errors, *looks_ahead])
    return replace(
        stored,
        version=stored.version + 1,
        corrected_at=writing.at,
        corrected_by=writing.user,
        **_said(setting, entry),
    )


def takes_away(before: StoredEntry, after: StoredEntry) -> bool:
    """Whether somebody who might see the entry no longer may: its label grew, or another agency owes it.

    The level is the lowest over the categories and subjects of a label, so only more of them can lower it.
    """
    return (
        not set(after.categories) <= set(before.categories)
        or not set(after.subjects) <= set(before.subjects)
        or (after.unanswered and not before.unanswered)
        or after.accountable != before.accountable
    )


def copied_entry(stored: StoredEntry, assessment: str) -> StoredEntry:
    """The same entry in a new version of the assessment: same owner, author and time, another id."""
    fresh = assessment if stored.kind == "assessment" else new_id()
    return replace(stored, id=fresh, assessment_id=assessment, version=1, copied_from=stored.id)


def _said(setting: Setting, entry: AnyEntry) -> dict[str, Any]:
    """The columns that follow from what the author said."""
    label = label_of(setting.instrument, entry)
    content = set(ENTRY_KINDS[entry.kind].model_fields)
    return {
        "element": entry.element if isinstance(entry, NewElementEntry) else None,
        "accountable": entry.accountable if isinstance(entry, NewAgreedAction) else None,
        "categories": [category.value for category in label.categories],
        "subjects": list(entry.subjects or (setting.person,)),
        "unanswered": label.unanswered,
        "labelling": entry.model_dump(mode="json", include=set(LABELLING_FIELDS)),
        "fields": entry.model_dump(mode="json", include=content, exclude_none=True),
    }


def _fields_of_no_use(kind: str, sent: Mapping[str, Any]) -> list[FieldError]:
    known = BODY_OF_KIND[kind].model_fields.keys() - {"kind"}
    return [
        FieldError(name, "An entry of this kind has no such field; remove it.")
        for name in sent
        if name not in known
    ]


def _checked(kind: str, document: dict[str, Any]) -> AnyEntry:
    try:
        return BODY_OF_KIND[kind].model_validate(document)
    except ValidationError as error:
        raise Problem(
            "invalid",
            "Correct the fields named below and send the request again.",
            [FieldError(".".join(map(str, field_of(item))), _message(item)) for item in error.errors()],
        ) from None


def _message(item: Mapping[str, Any]) -> str:
    if item["input"] is None:
        return "This cannot be left empty; send a value."
    return str(item["ctx"]["error"]) if item["type"] == "value_error" else f"{item['msg']}."


def _refuse(errors: Sequence[FieldError], path: str = "") -> None:
    if errors:
        raise Problem(
            "invalid",
            "Correct the fields named below and send the request again.",
            [FieldError(f"{path}{error.field}", error.message) for error in errors],
        )
