"""Flags: that an agency is worried, and whom to ring; and what somebody who visits must do."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag, WrapValidator

from shared.records.base import Day, Id, Line, Record, Text
from shared.records.kinds import located_plainly
from shared.records.people import Telephone
from shared.vocabulary import Category

Subjects = Annotated[tuple[Id, ...], Field(max_length=30)]
Categories = Annotated[tuple[Category, ...], Field(max_length=len(Category))]


class FlagLevel(StrEnum):
    """How worried an agency is."""

    WATCHFUL = "watchful"
    WORRIED = "worried"
    URGENT = "urgent"


class NewConcernFlag(Record):
    """An agency is worried about somebody: how much, why, and whom to ring. ``categories``: what the message
    reveals besides the worry itself."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "kind": "concern_flag",
                "level": "worried",
                "message": "She has been out after midnight twice this week.",
                "call_name": "Sol Weir",
                "call_telephone": "01632 960180",
                "expires_on": "2026-09-01",
            }
        }
    )

    kind: Literal["concern_flag"]
    level: FlagLevel
    message: Text
    call_name: Line
    call_telephone: Telephone
    expires_on: Day
    categories: Categories = ()
    subjects: Subjects = ()


class NewStaffSafetyNote(Record):
    """What somebody who visits must do: an instruction, not a history (design 3.1)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "kind": "staff_safety_note",
                "instruction": "Visit in twos, and ring the office before and after.",
                "expires_on": "2026-09-01",
            }
        }
    )

    kind: Literal["staff_safety_note"]
    instruction: Text
    expires_on: Day
    subjects: Subjects = ()


def _kind(body: Any) -> Any:
    return body.get("kind") if isinstance(body, dict) else getattr(body, "kind", None)


NewFlag = Annotated[
    Annotated[NewConcernFlag, Tag("concern_flag")] | Annotated[NewStaffSafetyNote, Tag("staff_safety_note")],
    Discriminator(_kind),
    WrapValidator(located_plainly),
]


class FlagEnding(Record):
    """Why a flag no longer stands."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "She is safe with her aunt."}})

    reason: Text


class ConcernFlagFields(Record):
    """A concern flag as it is kept. It stands until the day before ``expires_on`` or until it is ended."""

    level: FlagLevel
    message: Text
    call_name: Line
    call_telephone: Telephone
    expires_on: Day
    ended_on: Day | None = None
    ended_because: Text | None = None


class StaffSafetyFields(Record):
    """A staff-safety note as it is kept."""

    instruction: Text
    expires_on: Day
    ended_on: Day | None = None
    ended_because: Text | None = None
