"""What relationships say: who answers for a child, and that nobody is their own forebear. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.records.people import Relation

_PARENTS = {Relation.MOTHER, Relation.FATHER, Relation.PARENT}
_OLDER = {Relation.MOTHER, Relation.FATHER, Relation.PARENT, Relation.GRANDPARENT, Relation.STEP_PARENT}
CARING = _OLDER | {Relation.CARER, Relation.FOSTER_CARER, Relation.GUARDIAN}


def points_down(fields: Mapping[str, Any]) -> bool:
    """Whether a relationship leads from an older generation to a younger one."""
    return bool(fields["parental_responsibility"]) or fields["relation"] in _OLDER


def makes_a_circle(new: Mapping[str, Any], known: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the new relationship, together with the known ones, makes somebody their own forebear."""
    if not points_down(new):
        return False
    younger: dict[str, set[str]] = {}
    for fields in known:
        if points_down(fields):
            younger.setdefault(fields["from_person"], set()).add(fields["to_person"])
    seen: set[str] = set()
    waiting = [new["to_person"]]
    while waiting:
        person = waiting.pop()
        if person == new["from_person"]:
            return True
        if person not in seen:
            seen.add(person)
            waiting.extend(younger.get(person, ()))
    return False


@dataclass(frozen=True, slots=True)
class Responsible:
    """An adult with parental responsibility from a day, until another, as somebody recorded it."""

    adult: str
    start: date | None
    end: date | None


def parents_of(child: str, related: Iterable[Mapping[str, Any]]) -> set[str]:
    """Who is recorded as a parent of somebody, or with parental responsibility for them."""
    return {
        fields["from_person"]
        for fields in related
        if fields["to_person"] == child
        and (fields["parental_responsibility"] or fields["relation"] in _PARENTS)
    }


def responsible_for(child: str, related: Iterable[Mapping[str, Any]]) -> list[Responsible]:
    """Who has parental responsibility for a child, by anybody's record; the same said twice once."""
    found = (
        Responsible(fields["from_person"], _day(fields.get("start")), _day(fields.get("end")))
        for fields in related
        if fields["to_person"] == child and fields["parental_responsibility"]
    )
    return list(dict.fromkeys(found))


def _day(spelt: str | None) -> date | None:
    return None if spelt is None else date.fromisoformat(spelt)


def tells_responsibility(fields: Mapping[str, Any]) -> bool:
    """Whether a relationship bears on who may answer for whom."""
    return bool(fields["parental_responsibility"]) or fields["relation"] in CARING
