"""What happens once a permission has ended: who is told, what they keep, and what had left: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.words import CATEGORIES, in_words

Json = Mapping[str, Any]
_HELD_BACK: Mapping[str, str] = {
    "may_tip_off": "Not told: it could warn somebody",
    "for_safety": "Not told: it could put somebody in danger",
    "excluded": "Not told: the family asked that they are not",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """``words``: what a service said that it keeps, or that it has not said so yet."""

    words: str
    state: str
    colour: str
    due_at: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """A message to one's own service. ``case`` is the number of its case."""

    id: str
    says: str
    sent_at: str
    what: Sequence[str]
    case: str
    answer: Answer
    may_answer: bool


@dataclass(frozen=True, slots=True)
class Left:
    """What left to one service because of a permission."""

    service: str
    what: Sequence[str]
    times: int
    first_at: str
    last_at: str


@dataclass(frozen=True, slots=True)
class Told:
    """A service that was told, or was not and why."""

    service: str
    sent_at: str | None
    answer: Answer


def messages_of(answer: Json) -> list[Message]:
    """The messages of ``GET /v1/messages``, the newest first."""
    return [message_of(row) for row in answer["messages"]]


def message_of(row: Json) -> Message:
    return Message(
        id=row["id"],
        says=row["says"],
        sent_at=row["sent_at"],
        what=_things(row["categories"]),
        case=row["case"],
        answer=_answer(row),
        may_answer="answer" in row["may"],
    )


def left_of(answer: Json, names: Mapping[str, str]) -> list[Left]:
    """What ``GET …/consents/{consent}/disclosures`` says had left, by service."""
    return [
        Left(
            service=_service(row["agency"], names),
            what=_things(row["categories"]),
            times=row["times"],
            first_at=row["first_at"],
            last_at=row["last_at"],
        )
        for row in answer["released"]
    ]


def told_of(answer: Json, names: Mapping[str, str]) -> list[Told]:
    """Who was told that the permission has ended, and what they answered."""
    return [Told(_service(row["agency"], names), row["sent_at"], _answer(row)) for row in answer["messages"]]


def _answer(row: Json) -> Answer:
    if row.get("held_back"):
        return Answer(_HELD_BACK.get(row["held_back"], "Not told"), "Not told", "grey", None)
    if row["answered_at"] is None:
        state, colour = ("Late", "red") if row["overdue"] else ("No answer yet", "yellow")
        return Answer("", state, colour, row["due_at"])
    kept = f"{row['kept']} Because: {row['why']}" if row["keeps"] else "Nothing."
    return Answer(f"They keep: {kept}", "Answered", "green", None)


def _things(categories: Sequence[str]) -> list[str]:
    return [CATEGORIES.get(one, in_words(one)) for one in categories]


def _service(code: str, names: Mapping[str, str]) -> str:
    return names.get(code) or in_words(code)
