"""Whom a newcomer may choose to be: those to begin with, and the others by agency."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from clients.practitioner.settings import MadeUpUser


@dataclass(frozen=True, slots=True)
class Welcome:
    first: list[MadeUpUser]
    others: list[tuple[str, list[MadeUpUser]]]


def welcome_of(people: Iterable[MadeUpUser]) -> Welcome:
    """``first`` as they come; ``others`` as (agency, its people), agencies in the order of the alphabet."""
    listed = list(people)
    others = sorted(
        (one for one in listed if not one.begin_here), key=lambda one: (one.agency.casefold(), one.name)
    )
    return Welcome(
        [one for one in listed if one.begin_here],
        [(agency, list(found)) for agency, found in groupby(others, key=lambda one: one.agency)],
    )
