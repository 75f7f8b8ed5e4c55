"""Who sees a bar (design 3.2, 3.4). Pure.

Information officers alone: those of the agency that recorded it, those of the agency whose custodian answers
for it, and the partnership's officers whom the policy names. Never anybody whom it stops, in whatever role:
a bar tells whom it protects and from whom.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from shared.vocabulary import BarKind, Category, Role

_EVERYTHING = frozenset(category.value for category in Category)


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who reads or changes bars. ``of_partnership``: the policy names them."""

    user: str
    agency: str
    role: str
    of_partnership: bool


def is_stopped(user: str, agency: str, bar: Any) -> bool:
    """Whether a bar stops this caller; ``bar`` has agencies, users and everyone_except."""
    listed = agency in bar.agencies or user in bar.users
    return bool(listed != bar.everyone_except)


def is_left_to(user: str, agency: str, bar: Any) -> bool:
    """Whether a bar stops everybody but a few, of whom this is one (a protected address). They have to know
    whom not to tell, and so of such a bar alone somebody who is no officer may know."""
    return bool(bar.everyone_except and not is_stopped(user, agency, bar))


def may_see_bar(officer: Officer, bar: Any) -> bool:
    """Whether the officer may see this bar; ``bar`` has the columns of the table."""
    if officer.role != Role.INFORMATION_OFFICER or is_stopped(officer.user, officer.agency, bar):
        return False
    answers_for_it = officer.agency in (bar.recorded_by_agency, bar.custodian["agency"])
    return answers_for_it or officer.of_partnership


def keeps_from(
    user: str, agency: str, bar: Any, categories: Collection[str] | None, *, names_agencies: bool = False
) -> bool:
    """Whether a bar keeps what is listed about one of its people from this caller.

    ``categories``: what the line is about; None where that is not known, and then whoever is named finds
    nothing. ``names_agencies``: the line tells which agencies work with somebody, and so where they are.
    """
    if bar.lifted_at is not None or not is_stopped(user, agency, bar):
        return False
    if names_agencies and bar.kind == BarKind.PROTECTED_ADDRESS:
        return True
    if categories is None:
        return not bar.everyone_except or set(bar.categories) >= _EVERYTHING
    return not set(bar.categories).isdisjoint(categories)


class Barred:
    """From which of some people one caller is barred: what a list asks before it counts its lines."""

    def __init__(self, user: str, agency: str, bars: Iterable[Any]) -> None:
        self._user, self._agency = user, agency
        self._about: dict[str, list[Any]] = {}
        for bar in bars:
            self._about.setdefault(bar.subject, []).append(bar)

    def from_person(
        self,
        person: str | None,
        categories: Collection[str] | None = None,
        *,
        names_agencies: bool = False,
    ) -> bool:
        """Whether a line about this person is not there for the caller (see ``keeps_from``)."""
        return any(
            keeps_from(self._user, self._agency, bar, categories, names_agencies=names_agencies)
            for bar in self._about.get(person or "", ())
        )
