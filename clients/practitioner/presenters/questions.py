"""Forms made of questions: what is typed, what is wrong with it, and what it becomes: pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from clients.practitioner.plainly import plainly
from clients.practitioner.words import LONDON

Json = Mapping[str, Any]
Options = Sequence[tuple[str, str]]
YES_NO: Options = (("yes", "Yes"), ("no", "No"))


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form. ``asks`` is the kind of its answer: a ``line``, a ``text``, several ``lines``,
    a ``day``, a ``moment``, ``one`` of the options, one to ``pick`` from many, some ``ticks``, ``yes_no``, or
    the ``sensitive`` question. ``needed``: what is said of it where nothing is ticked."""

    name: str
    words: str
    asks: str = "line"
    hint: str = ""
    options: Options = ()
    needed: str = ""


def answers_to(questions: Iterable[Question], typed: Any) -> dict[str, Any]:
    """What was answered, by the names of the questions."""
    values = {question.name: value_typed(typed, question) for question in questions}
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def value_typed(typed: Any, question: Question) -> Any:
    """The answer to one question in the API's words; empty where there is none."""
    name = question.name
    match question.asks:
        case "ticks":
            return typed.all(name)
        case "lines":
            return [line.strip() for line in typed[name].splitlines() if line.strip()]
        case "yes_no":
            return {"yes": True, "no": False}.get(typed[name])
        case "day":
            return day_typed(typed, name)
        case "moment":
            return _moment_typed(typed, name)
        case _:
            return typed[name]


def day_typed(typed: Any, name: str) -> str | None:
    """Three boxes as ``YYYY-MM-DD``, whatever stands in them."""
    day, month, year = (typed[f"{name}-{part}"] for part in ("day", "month", "year"))
    return f"{year}-{month.zfill(2)}-{day.zfill(2)}" if day or month or year else None


def _moment_typed(typed: Any, name: str) -> str | None:
    """A day and a time of the clock in London as RFC 3339; as it was typed where it is none."""
    day, time = day_typed(typed, name), typed[f"{name}-time"].replace(".", ":")
    if day is None and not time:
        return None
    try:
        local = datetime.strptime(f"{day} {time}", "%Y-%m-%d %H:%M").replace(tzinfo=LONDON)
    except ValueError:
        return f"{day} {time}"
    return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def mistakes_in(typed: Any, questions: Iterable[Question]) -> dict[str, str]:
    """What can be said before anything is sent: days that are none, and a yes that names nothing."""
    mistakes: dict[str, str] = {}
    for question in questions:
        name = question.name
        if question.asks == "day" and (day := day_typed(typed, name)) and not _is_day(day):
            mistakes[name] = "Write a day, a month and a year that there is, such as 27 3 2012."
        if question.asks == "moment" and (moment := _moment_typed(typed, name)) and not moment.endswith("Z"):
            mistakes[name] = "Write a day that there is and a time, such as 27 3 2012 and 14:30."
        if question.needed and not typed.all(name):
            mistakes[name] = question.needed
        if question.asks == "sensitive" and typed[name] == "yes" and not typed.all(f"{name}_content"):
            mistakes[name] = "Tick what it says something about, or answer no."
    return mistakes


def _is_day(value: str) -> bool:
    try:
        return bool(date.fromisoformat(value)) and len(value) == 10
    except ValueError:
        return False


def in_plain_words(
    errors: Iterable[Json], questions: Iterable[Question], named: Callable[[str], str]
) -> dict[str, str]:
    """The API's mistakes by the form's fields, in words for whoever filled it in; ``named`` gives the form's
    name of a field of the API's."""
    by_name = {question.name: question for question in questions}
    mistakes: dict[str, str] = {}
    for error in errors:
        name = named(error["field"])
        question = by_name.get(name)
        message = error["message"]
        if question is not None and message.startswith(_MISSING):
            message = f"Fill this in: {question.words}"
        else:
            message = plainly(message, error["field"])
        mistakes.setdefault(name if question is not None else "", message)
    return mistakes


_MISSING = ("Field required", "Input should be", "This cannot be left empty", "Write something here")


def typed_from(question: Question, value: Any) -> list[tuple[str, str]]:
    """The fields of a form as they stand for an answer that is recorded."""
    if value is None:
        return []
    match question.asks:
        case "ticks":
            known = {code for code, _ in question.options}
            return [(question.name, one) for one in value if one in known]
        case "lines":
            return [(question.name, "\n".join(value))]
        case "yes_no":
            return [(question.name, "yes" if value else "no")]
        case "day":
            return _boxes(question.name, value)
        case "moment":
            local = datetime.fromisoformat(value).astimezone(LONDON)
            return [
                *_boxes(question.name, local.date().isoformat()),
                (f"{question.name}-time", f"{local:%H:%M}"),
            ]
        case _:
            return [(question.name, str(value))]


def _boxes(name: str, day: str) -> list[tuple[str, str]]:
    year, month, number = day.split("-")
    return [
        (f"{name}-day", str(int(number))),
        (f"{name}-month", str(int(month))),
        (f"{name}-year", year),
    ]
