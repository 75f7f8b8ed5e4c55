"""Forms: what was typed, what is wrong with it, and what it becomes in the API's words."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from fastapi import Response

from clients.practitioner.gateway_client import Refused
from clients.practitioner.visit import Form, Visit, kept_form, see_other

_EMPTY = Form(())


@dataclass(frozen=True, slots=True)
class FormState:
    """A form as its page shows it: what was typed so far, the mistakes by field, and why it was kept."""

    form: Form = _EMPTY
    errors: Mapping[str, str] = field(default_factory=dict)
    kept: str = ""

    @property
    def once(self) -> str:
        """Stays the same while one and the same form is corrected and sent again."""
        return self.form.once or str(uuid4())

    def __getitem__(self, name: str) -> str:
        return self.form[name]

    def has(self, name: str, value: str) -> bool:
        return value in self.form.all(name)


async def opened(visit: Visit) -> FormState:
    """A form that is opened: empty, or with what its user had typed here and could not send."""
    kept = await kept_form(visit)
    return FormState() if kept is None else FormState(kept[0], kept=kept[1])


async def done(visit: Visit) -> None:
    """What was typed into this page is saved: what was kept of it is wanted no more."""
    await kept_form(visit)


async def sent(
    form: Form,
    write: Callable[[], Awaitable[Any]],
    *,
    then: str,
    again: Callable[[FormState], Awaitable[Response]],
    fields: Mapping[str, str] | None = None,
) -> Response:
    """Do what a form asks, and go on to ``then``; where the API refuses it, show it ``again`` with the
    mistakes named. ``fields`` gives the form's name of a field where the API's differs.
    """
    try:
        await write()
    except Refused as refused:
        if refused.status not in (409, 422):
            raise
        return await again(FormState(form, errors_of(refused, fields or {})))
    return see_other(then)


def errors_of(refused: Refused, fields: Mapping[str, str]) -> dict[str, str]:
    """The mistakes by the form's fields; what belongs to no field stands under ``""``."""
    found: dict[str, str] = {}
    for error in refused.problem.get("errors", ()):
        name = error["field"]
        found.setdefault(fields.get(name, name), error["message"])
    return found or {"": refused.problem["detail"]}


def date_of(form: Form, name: str) -> str | None:
    """Three boxes as ``YYYY-MM-DD``; what was typed in them if it is no date, for the API to refuse."""
    day, month, year = (form[f"{name}-{part}"] for part in ("day", "month", "year"))
    if not (day or month or year):
        return None
    return f"{year}-{month.zfill(2)}-{day.zfill(2)}"
