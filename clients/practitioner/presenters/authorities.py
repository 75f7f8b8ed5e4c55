"""Who may answer for whom in a case, and by what right: what its pages show: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.words import CATEGORIES, in_words

Json = Mapping[str, Any]
KINDS: Mapping[str, str] = {
    "power_of_attorney": "Power of attorney",
    "deputy": "Deputy of the court",
    "court_order": "An order of a court that gives them a say",
    "court_order_takes_away": "An order of a court that takes their say away",
    "local_authority": "The council has parental responsibility",
}
"""What may be recorded; the last word of a court's order is in its effect."""
_UNNAMED = "Somebody whose name is not shown"


@dataclass(frozen=True, slots=True)
class Authority:
    """``state`` is *In force*, *Not begun*, *Over* or *Ended*. ``takes_away``: by it somebody has no say."""

    id: str
    kind: str
    holder: str
    about: str
    document: str
    covers: Sequence[str]
    seen_by: str
    since: str
    until: str | None
    state: str
    colour: str
    takes_away: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class Responsibility:
    """A relationship in which somebody has parental responsibility for a child."""

    adult: str
    child: str
    relation: str


def authorities_of(
    answer: Json, people: Mapping[str, str], names: Mapping[str, str], now: str
) -> list[Authority]:
    """The authorities of ``GET …/authorities``: those that are not over first, the newest in front; ``now``
    is the moment in RFC 3339, UTC."""
    found = [_authority(row, people, names, now) for row in reversed(answer["authorities"])]
    return sorted(found, key=lambda one: one.colour == "grey")


def _authority(row: Json, people: Mapping[str, str], names: Mapping[str, str], now: str) -> Authority:
    takes_away = row["effect"] == "takes_away"
    council = row["holder_agency"]
    state, colour = _state(row, now)
    every = len(row["covers"]) == len(CATEGORIES)
    return Authority(
        id=row["id"],
        kind=KINDS.get("court_order_takes_away" if takes_away else row["kind"], in_words(row["kind"])),
        holder=(names.get(council) or in_words(council)) if council else people.get(row["holder"], _UNNAMED),
        about=people.get(row["subject"], _UNNAMED),
        document=row["document"],
        covers=["Everything"] if every else [CATEGORIES.get(one, in_words(one)) for one in row["covers"]],
        seen_by=row["verified_by"],
        since=row["valid_from"],
        until=row["ended_at"] or row["valid_until"],
        state=state,
        colour=colour,
        takes_away=takes_away,
        may_end="ending" in row["may"],
    )


def _state(row: Json, now: str) -> tuple[str, str]:
    if row["ended_at"] is not None:
        return "Ended", "grey"
    if row["valid_until"] is not None and row["valid_until"] <= now:
        return "Over", "grey"
    return ("Not begun", "yellow") if row["valid_from"] > now else ("In force", "green")


def responsibilities_of(view: Json, people: Mapping[str, str]) -> list[Responsibility]:
    """Who is recorded to have parental responsibility, as the composed view shows it."""
    found = []
    for entry in view["areas"]["person"]:
        fields = entry["fields"]
        if entry["kind"] == "relationship" and fields.get("parental_responsibility"):
            adult, child = fields.get("from_person"), fields.get("to_person")
            if adult and child:
                relation = in_words(fields.get("relation") or "").lower()
                found.append(
                    Responsibility(people.get(adult, _UNNAMED), people.get(child, _UNNAMED), relation)
                )
    return found
