"""What relationships say: who answers for a child, and that nobody is their own forebear. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shared.records.people import PARENTS, Relation

_OLDER = {Relation.MOTHER, Relation.FATHER, Relation.PARENT, Relation.GRANDPARENT, Relation.STEP_PARENT}


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
class Said:
    """What an entry says, or said before it was corrected: since when, and the agencies of who said so."""

    at: datetime
    by: tuple[str, ...]
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Responsible:
    """An adult with parental responsibility from a day, until another; on record since ``at``, by whom."""

    adult: str
    at: datetime
    by: tuple[str, ...]
    start: date | None
    end: date | None


def parents_of(child: str, related: Iterable[Mapping[str, Any]]) -> set[str]:
    """Who is recorded as a parent of somebody, or with parental responsibility for them."""
    return {
        fields["from_person"]
        for fields in related
        if fields["to_person"] == child
        and (fields["parental_responsibility"] or fields["relation"] in PARENTS)
    }


def responsible_for(child: str, related: Iterable[Sequence[Said]]) -> list[Responsible]:
    """Who has parental responsibility for a child, by anybody's record; the same said twice once.

    ``related``: of each relationship all that it has said, the oldest first.
    """
    return list(dict.fromkeys(one for said in related for one in _on_record(child, said)))


def _on_record(child: str, said: Sequence[Said]) -> list[Responsible]:
    """What one relationship says now, and how much of that it has said ever since each earlier moment.

    A correction that takes days away leaves what is left as old as it is; one that adds any is as young as
    itself. Otherwise a record that was there in time could be made to say afterwards what it did not say.
    """
    found: list[Responsible] = []
    starts, ends, by = set[date](), set[date](), set[str]()
    for one in reversed(said):
        fields = one.fields
        if fields["to_person"] != child or not fields["parental_responsibility"]:
            break
        starts.update(_days(fields.get("start")))
        ends.update(_days(fields.get("end")))
        by.update(one.by)
        start, end = max(starts, default=None), min(ends, default=None)
        if found and (found[-1].start, found[-1].end) == (start, end):
            found.pop()
        found.append(Responsible(fields["from_person"], one.at, tuple(sorted(by)), start, end))
    return found


def _days(spelt: str | None) -> list[date]:
    return [] if spelt is None else [date.fromisoformat(spelt)]
