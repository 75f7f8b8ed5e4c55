"""Bodies of several kinds: which of them was meant, and what is wrong with it in the sender's own words.

Used around a union whose kind a function tells: by the name of a field, FastAPI would move the discriminator
past the validator around it.
"""

from typing import Any

from pydantic import ValidationError, ValidatorFunctionWrapHandler
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError


def located_plainly(body: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """Name a wrong field as the sender knows it: without the name of the alternative that it was read as."""
    try:
        return handler(body)
    except ValidationError as error:
        wrong = [_without_tag(item) for item in error.errors(include_url=False)]
        raise ValidationError.from_exception_data(error.title, wrong) from None


def _without_tag(item: ErrorDetails) -> InitErrorDetails:
    if item["type"] in ("union_tag_invalid", "union_tag_not_found"):
        # The library's own message repeats what was sent.
        unknown = PydanticCustomError("unknown_kind", "Name one of the kinds in the API docs")
        where = ("kind",) if isinstance(item["input"], dict) else ()
        return InitErrorDetails(type=unknown, loc=where, input=item["input"])
    return InitErrorDetails(
        type=item["type"], loc=item["loc"][1:], input=item["input"], ctx=item.get("ctx", {})
    )
