"""What several readers see of one case, as the rows of a table. Pure: from composed views to words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Json = Mapping[str, Any]

NOTHING, AS_BEFORE = "-", "as before"
MARKS = {"full": "[F]", "summary": "[S]"}
LEGEND = "[F] in full    [S] in summary only    [?] somebody holds more: ask them    -  nothing"
LEGEND_AFTER = f"[x] no longer shown    {LEGEND}"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a reader sees, under a heading; ``key`` tells it from others across readings."""

    heading: str
    key: str
    text: str


def rows(
    views: Mapping[str, Json], headings: Sequence[str], before: Mapping[str, Json] | None, domains: Json
) -> list[list[list[str]]]:
    """One row per heading under which anybody sees anything, one column per reader.

    With the views ``before``, marks what is gone since; a row in which nothing changed says so.
    """
    seen = {who: list(lines_of(view, domains)) for who, view in views.items()}
    earlier = {who: list(lines_of(view, domains)) for who, view in (before or {}).items()}
    made = []
    for heading in headings:
        cells = [_cell(heading, seen[who], earlier.get(who, ())) for who in views]
        if before is not None and cells == [_cell(heading, earlier[who], ()) for who in views]:
            cells = [cell if cell == [NOTHING] else [AS_BEFORE] for cell in cells]
        if any(cell != [NOTHING] for cell in cells):
            made.append([[heading], *cells])
    return made


def _cell(heading: str, seen: Sequence[Line], earlier: Iterable[Line]) -> list[str]:
    there = [line.text for line in seen if line.heading == heading]
    keys = {line.key for line in seen}
    gone = [f"[x] {line.text[4:]}" for line in earlier if line.heading == heading and line.key not in keys]
    return there + gone or [NOTHING]


def domains_of(instrument: Json) -> dict[str, str]:
    """The heading of each element of an instrument."""
    short = {
        "development": "How he is doing",
        "parents_carers": "Parents and carers",
        "family_environment": "Family and home",
    }
    return {
        element["code"]: short.get(domain["code"], domain["title"])
        for domain in instrument["domains"]
        for element in domain["elements"]
    }


def lines_of(view: Json, domains: Json) -> Iterator[Line]:
    """What one reader sees, in the order of the view."""
    person = view["header"]["person"]
    for entries in view["areas"].values():
        for entry in entries:
            if person["id"] in entry["subjects"] and (told := _told(entry, domains)) is not None:
                heading, text = told
                yield Line(heading, f"{entry['id']} {entry['level']}", f"{MARKS[entry['level']]} {text}")
    for more in view["not_available"]:
        telephone = f", {more['telephone']}" if more["telephone"] else ""
        yield Line("Held elsewhere", more["agency"], f"[?] holds more: ask {more['name']}{telephone}")


def _told(entry: Json, domains: Json) -> tuple[str, str] | None:
    """The heading under which an entry stands, and what is said of it; None for what the tables leave out."""
    kind, fields = entry["kind"], entry["fields"]
    if kind in ("strength", "need"):
        return domains[fields["element"]], fields["headline"]
    if kind == "contact":
        ways = (fields.get("address"), fields.get("safe_way_to_make_contact"))
        return "Contact", "; ".join(way.rstrip(".") for way in ways if way)
    if kind == "comment":
        return "In their words", f'"{fields["text"]}"' if "text" in fields else "somebody of the family spoke"
    if kind == "goal":
        return "Goal", fields["text"]
    if kind == "action":
        what = fields.get("action") or fields["desired_outcome"]
        return "Plan", f"{what} (by {day(fields['by_when'])})"
    if kind == "review":
        return "Next review", day(fields["review_on"])
    return None


def day(text: str) -> str:
    """A date as people write it."""
    found = date.fromisoformat(text)
    return f"{found.day} {found:%b %Y}"
