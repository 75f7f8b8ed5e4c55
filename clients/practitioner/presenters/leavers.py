"""People who leave a service or are stopped, and what falls vacant with them: what its pages show: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from clients.practitioner.presenters.caseload import cases_of

Json = Mapping[str, Any]
PERSON = "/leavers/person"
TO_DO = "/to-do"


@dataclass(frozen=True, slots=True)
class Vacancy:
    """One thing that somebody else has to take on, and the page on which that is done."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Gap:
    """What falls vacant in one case."""

    name: str
    address: str
    vacancies: Sequence[Vacancy]


@dataclass(frozen=True, slots=True)
class Stopped:
    """Somebody whose access does not count now; ``name`` is how they sign in where nobody called them so."""

    user: str
    name: str
    address: str
    since: str
    by: str
    reason: str
    may_lift: bool


def gaps_of(answer: Json) -> list[Gap]:
    """The lines of ``GET /v1/users/{user}/gaps``, in its order."""
    cards = cases_of({"cases": [line["case"] for line in answer["gaps"]]})
    return [
        _owed(line) if line["alone"] else Gap(card.name, card.address, _vacancies(line, card.address))
        for card, line in zip(cards, answer["gaps"], strict=True)
    ]


def _owed(line: Json) -> Gap:
    """What the service owes still in a case that it cannot open: it is answered where all that it owes is."""
    many = len(line["promises"])
    what = "Something that they promised" if many == 1 else f"{many} things that they promised"
    return Gap(
        "A case on which nobody of our service works any more", TO_DO,
        [Vacancy(f"{what}: our service owes it still", TO_DO)],
    )  # fmt: skip


def _vacancies(line: Json, case: str) -> list[Vacancy]:
    promised = len(line["promises"])
    things = "something that they promised" if promised == 1 else f"{promised} things that they promised"
    possible = (
        (line["lead"], "Find somebody to lead", f"{case}/team"),
        (line["nomination"], "Ask somebody else to lead", f"{case}/team"),
        (line["deputy"], "Find somebody else to stand in", f"{case}/team/deputies"),
        (line["review"], "Say who sees to the next review", f"{case}/reviews"),
        (line["meetings"], "Say who is in the chair of a meeting", f"{case}/meetings"),
        (promised, f"Give somebody else {things}", f"{case}/plan"),
    )
    return [Vacancy(words, address) for there, words, address in possible if there]


def stopped_of(answer: Json) -> list[Stopped]:
    """The lines of ``GET /v1/suspensions``."""
    return [
        Stopped(
            user=row["user"],
            name=row["user_name"] or row["user"],
            address=address_of(row["user"]),
            since=row["suspended_at"],
            by=row["suspended_by_name"] or row["suspended_by"],
            reason=row["reason"],
            may_lift="lift" in row["may"],
        )
        for row in answer["suspensions"]
    ]


def address_of(user: str) -> str:
    """The page about somebody who leaves."""
    return f"{PERSON}?{urlencode({'user': user})}"
