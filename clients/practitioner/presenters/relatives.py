"""The people whom a case is about, and what they are to each other: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.presenters.permissions import people_of
from clients.practitioner.words import in_words
from shared.records.people import Relation, ResponsibilitySource
from shared.vocabulary import Deed

Json = Mapping[str, Any]
RELATIONS: Sequence[tuple[str, str]] = [(one.value, in_words(one)) for one in Relation]
SOURCES: Sequence[tuple[str, str]] = [(one.value, in_words(one)) for one in ResponsibilitySource]
"""Where parental responsibility comes from."""
UNNAMED = "Somebody whose name is not shown"


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody whom the case is about, and what they are to others, each in a sentence."""

    id: str
    name: str
    is_centre: bool
    is_to_others: Sequence[str]


@dataclass(frozen=True, slots=True)
class Relatives:
    """``may_add``: whether the reader may add somebody, and say what they are to each other."""

    people: Sequence[Relative]
    may_add: bool

    def others_than(self, person: str) -> list[tuple[str, str]]:
        """The others with their names, whom the case is about first."""
        return [(one.id, one.name) for one in self.people if one.id != person]


def relatives_of(view: Json) -> Relatives:
    """The people of ``GET /v1/cases/{case}`` whose names it shows, whom the case is about first."""
    names, header = people_of(view), view["header"]
    centre = (header["person"] or {}).get("id")
    listed = sorted(names, key=lambda person: (person != centre, names[person].casefold()))
    return Relatives(
        people=[
            Relative(person, names[person], person == centre, _what_they_are(view, person, names))
            for person in listed
        ],
        may_add=Deed.CONTRIBUTE in view["may"] and header["state"] == "open",
    )


def _what_they_are(view: Json, person: str, names: Mapping[str, str]) -> list[str]:
    return [
        _sentence(entry["fields"], names)
        for entry in view["areas"]["person"]
        if entry["kind"] == "relationship" and entry["fields"].get("from_person") == person
    ]


def _sentence(fields: Json, names: Mapping[str, str]) -> str:
    """*Mother of James Mercer, with parental responsibility, lives with them*."""
    relation = in_words(fields.get("relation") or "related to")
    said = [f"{relation} of {names.get(fields.get('to_person', ''), UNNAMED.lower())}"]
    if fields.get("parental_responsibility"):
        said.append("with parental responsibility")
    if fields.get("lives_with"):
        said.append("lives with them")
    return ", ".join(said)


def fitting(people: Sequence[Json]) -> list[tuple[str, str]]:
    """Those whom a search found, by the names that the reader may know."""
    return [
        (one["person"]["id"], f"Yes: {one['person']['name'] or 'somebody who fits this'}, recorded already")
        for one in people
    ]
