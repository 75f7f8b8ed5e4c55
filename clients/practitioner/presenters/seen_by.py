"""What another service would see of a case, from ``GET …/seen-by/{agency}``: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.words import in_words

Json = Mapping[str, Any]
PLACES = (
    ("practitioner", "Somebody who works with the family"),
    ("safeguarding_lead", "Their safeguarding lead"),
    ("volunteer", "A volunteer"),
)
"""As whom one may look: those who can be on a team."""
_HOW_MUCH = {"full": "all of it", "summary": "the headline only"}


@dataclass(frozen=True, slots=True)
class Kind:
    """How many entries of a kind of one service they would see, and how much of them."""

    what: str
    service: str
    how_many: int
    how_much: str


def place_of(role: str) -> str:
    """The role that is asked for, or the ordinary one where none or another is named."""
    return role if role in dict(PLACES) else PLACES[0][0]


def everything_of(view: Json, names: Mapping[str, str]) -> Sequence[Kind]:
    """Everything that they would see, counted by kind, service and how much, in the order of the case."""
    counted: dict[tuple[str, str, str], int] = {}
    for entries in view["areas"].values():
        for entry in entries:
            key = entry["kind"], entry["owner"], entry["level"]
            counted[key] = counted.get(key, 0) + 1
    return [
        Kind(in_words(kind), names.get(owner) or in_words(owner), count, _HOW_MUCH[level])
        for (kind, owner, level), count in counted.items()
    ]
