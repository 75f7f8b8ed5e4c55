"""PURE. The life of an assessment: draft, then signed and fixed, then perhaps superseded by a new version.

    draft --signature--> signed --signature of its amendment--> superseded

Signing looks only at what the signing agency itself recorded, so what it answers cannot tell of an entry of
another agency that the signer may not see (design 3.5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.assessment.instruments.instrument import Instrument
from shared.problems import FieldError, Problem, conflict, forbidden, invalid
from shared.records.assessments import Signature

SINGLE_KINDS = frozenset({"conclusion", "review"})
"""What an assessment has at most one of; the assessor's agency answers for it and alone records it."""

SIGNED = "This assessment is signed and stays as it is. Amend it with a new version."
SUPERSEDED = "This assessment was replaced by a newer version and stays as it is. Amend the newer version."


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an assessment stands: whose it is, its state, and which it amends."""

    id: str
    owner: str
    state: str
    amends: str | None


@dataclass(frozen=True, slots=True)
class RecordedEntry:
    """What the rules of signing look at in an entry."""

    id: str
    kind: str
    owner: str
    unanswered: bool
    fields: dict[str, Any]


def check_open(standing: Standing) -> None:
    """Only a draft is written to: a signature fixes everything that it stands under."""
    if standing.state == "signed":
        raise conflict(SIGNED)
    if standing.state != "draft":
        raise conflict(SUPERSEDED)


def check_amendable(standing: Standing, agency: str, has_open_amendment: bool) -> None:
    """The assessor's agency opens a new version of a signed assessment, one at a time."""
    if standing.owner != agency:
        raise forbidden("Only the agency that made this assessment amends it. Ask it, or add to a new one.")
    if standing.state == "draft":
        raise conflict("This assessment is still a draft. Correct it instead of amending it.")
    if standing.state != "signed":
        raise conflict(SUPERSEDED)
    if has_open_amendment:
        raise conflict("A new version of this assessment is being written already. Add to that one.")


def check_may_record(standing: Standing, kind: str, agency: str, kinds_there: frozenset[str]) -> None:
    """Anybody let in by the gateway contributes to a draft; its conclusion and review are the assessor's."""
    check_open(standing)
    if kind not in SINGLE_KINDS:
        return
    if standing.owner != agency:
        raise forbidden(f"Only the agency that makes this assessment records its {kind}.")
    if kind in kinds_there:
        raise conflict(f"This assessment has a {kind} already. Correct that one.")


def check_may_correct(standing: Standing, owner: str, agency: str) -> None:
    """An entry is corrected by the agency that owns it, while the assessment is a draft."""
    if owner != agency:
        raise forbidden("Only the agency that recorded this may correct it. Ask it to.")
    check_open(standing)


def check_signature(
    standing: Standing,
    instrument: Instrument,
    agency: str,
    entries: Sequence[RecordedEntry],
    signature: Signature,
) -> None:
    """Refuse a signature under an assessment that is not finished."""
    if standing.owner != agency:
        raise forbidden("Only the agency that made this assessment signs it.")
    check_open(standing)
    own = [entry for entry in entries if entry.owner == agency]
    missing = _missing(instrument, own)
    if missing:
        raise Problem("conflict", "Complete the assessment as named below, then sign it.", missing)
    heard, reason = _child_was_heard(own), signature.no_voice_reason
    if not heard and reason is None:
        raise invalid(
            "no_voice_reason",
            "No words of the child's own are recorded. Record them, or say why there are none.",
        )
    if heard and reason is not None:
        raise invalid("no_voice_reason", "The child's own words are recorded; leave this out.")


def _missing(instrument: Instrument, own: Sequence[RecordedEntry]) -> list[FieldError]:
    missing = []
    if not any(entry.kind in ("strength", "need") for entry in own):
        missing.append(FieldError("entries", "Record at least one strength or need."))
    conclusions = [entry for entry in own if entry.kind == "conclusion"]
    if len(conclusions) != 1:
        return [*missing, FieldError("conclusion", "Record one conclusion.")]
    said = conclusions[0].fields
    choice = instrument.conclusion_by_code[said["conclusion"]]
    if choice.needs_referral and not (said.get("referred_at") and said.get("referred_to")):
        missing.append(FieldError("conclusion", "Say when and to whom the risk of harm was referred."))
    if choice.needs_referral and not (said.get("follow_up_owner") and said.get("follow_up_on")):
        missing.append(
            FieldError("conclusion", "Say who of the team looks after this, and on which day next.")
        )
    if choice.needs_review and not any(entry.kind == "review" for entry in own):
        missing.append(FieldError("review", "Record the day of the review."))
    return missing


def _child_was_heard(own: Sequence[RecordedEntry]) -> bool:
    return any(
        (entry.kind == "comment" and entry.fields["voice_of"] == "child_or_young_person")
        or entry.fields.get("whose_view") == "child"
        for entry in own
    )


def _parent_was_heard(own: Sequence[RecordedEntry]) -> bool:
    return any(
        (entry.kind == "comment" and entry.fields["voice_of"] == "parent_or_carer")
        or entry.fields.get("whose_view") == "parent"
        for entry in own
    )


def signing_warnings(agency: str, entries: Sequence[RecordedEntry]) -> list[dict[str, Any]]:
    """What does not stop a signature but should be known (James: his own view was not sought until 13)."""
    own = [entry for entry in entries if entry.owner == agency]
    warnings: list[dict[str, Any]] = []
    if not _child_was_heard(own):
        warnings.append(
            {
                "code": "no_voice_recorded",
                "message": "Your agency recorded no words of the child's own. Ask what they think.",
            }
        )
    if not _parent_was_heard(own):
        warnings.append(
            {
                "code": "no_parent_voice_recorded",
                "message": "Your agency recorded no words of a parent or carer. Ask what they think.",
            }
        )
    return warnings + unanswered_warnings([entry.id for entry in own if entry.unanswered])


def unanswered_warnings(entries: Sequence[str]) -> list[dict[str, Any]]:
    """The sensitive question is open for these entries of the caller's own agency."""
    if not entries:
        return []
    return [
        {
            "code": "sensitive_question_unanswered",
            "message": "Only your own agency sees these entries until the question about them is answered.",
            "entries": sorted(entries),
        }
    ]
