"""Content of an entry against the record of its kind."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from services.case.entry_kinds import ENTRY_KINDS
from shared.problems import FieldError, Problem, field_of
from shared.records.base import Record


def stored(record: Record) -> dict[str, Any]:
    """What is kept of a record: JSON types, and nothing for what was left out."""
    return record.model_dump(mode="json", exclude_none=True)


def read_fields(kind: str, fields: Mapping[str, Any]) -> Record:
    """The content of an entry of that kind, or a 422 that names the fields below ``fields``."""
    try:
        return ENTRY_KINDS[kind].model_validate(fields)
    except ValidationError as error:
        errors = [
            FieldError(".".join(["fields", *(str(part)[:60] for part in field_of(item))]), _message(item))
            for item in error.errors(include_url=False, include_input=False)
        ]
        raise Problem(
            "invalid", "Correct the fields named below and send the request again.", errors
        ) from None


def _message(item: Any) -> str:
    if item["type"] == "extra_forbidden":
        return "This field is not known here; remove it."
    if item["type"] == "value_error":
        return str(item["ctx"]["error"])
    return f"{item['msg']}."
