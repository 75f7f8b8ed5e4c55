"""How much help somebody needs, from what everybody gets to what keeps them from harm."""

from enum import IntEnum
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field

from shared.records.base import Id, Record, Text


class Need(IntEnum):
    """Levels of need. The higher, the sooner the next review."""

    UNIVERSAL = 1
    ADDITIONAL = 2
    COMPLEX = 3
    ACUTE = 4


def _as_whole_number(value: object) -> object:
    """A number as it stands: neither text nor a yes is a level."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("Write the level as a number from 1 to 4.")
    return value


class NeedLevelFields(Record):
    """A level of need with the reason; the newest stands, those before are its history."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"level": 3, "reason": "Three agencies work with them now."}}
    )

    level: Annotated[Need, BeforeValidator(_as_whole_number)]
    reason: Text


class NewNeedLevel(NeedLevelFields):
    """A level of need, from today on; without ``subjects`` of the person whom the case is about."""

    subjects: Annotated[tuple[Id, ...], Field(max_length=30)] = ()
