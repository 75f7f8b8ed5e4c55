"""The rules of sharing as their pages show them, and a document with what was chosen in a table: pure."""

import copy
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.presenters.charts import Chart, chart_of
from clients.practitioner.words import CATEGORIES, ROLES, in_words
from shared.vocabulary import SENSITIVE, AgencyKind

Json = Mapping[str, Any]
FEWER_THAN = 10
LEVELS = ("Nothing", "That it is there", "Headlines", "Everything")
SEEN: Mapping[str, str] = dict(zip(("none", "existence", "summary", "full"), LEVELS, strict=True))
RELATIONSHIPS: Mapping[str, str] = {
    "none": "not on the team",
    "considering": "asked to help",
    "member": "on the team",
    "supervisor": "manages somebody on the team",
    "lead": "leads the case",
    "subject": "about themselves",
    "parent": "parent living with the child",
    "parent_elsewhere": "parent living elsewhere",
    "carer": "carer without parental responsibility",
}
STATES: Mapping[str, tuple[str, str]] = {
    "in_force": ("In force", "green"),
    "to_come": ("To come", "blue"),
    "superseded": ("Replaced", "grey"),
    "overtaken": ("Never counted", "grey"),
}
_GIVEN: Mapping[str, str] = {
    "mandatory": "whatever the family says",
    "freely": "without the family being asked",
    "with_permission": "once the family agrees",
    "ceiling": "at most, with a release or an agreement",
    "own": "of what their own agency recorded",
    "statutory_cap": "at most, where the law opens it",
    "break_glass_cap": "at most, where somebody is in danger",
}
_PARTS = ("ceilings", "own_ceilings", "override_caps")
_EVERYBODY = frozenset(kind.value for kind in AgencyKind) - {"family"}
_CELLS = (
    "0P0", "0P1", "0P2", "0P3",
    *(f"{base}{mode}{cap}" for base in "123" for mode in "OM" for cap in "123" if base <= cap),
)  # fmt: skip
_LEVEL, _CELL = re.compile("[0-3]"), re.compile("([0-3][MOP][0-3])?")
_MODES = {"M": "whatever the family says", "O": "unless the family objects"}


@dataclass(frozen=True, slots=True)
class Version:
    number: int
    state: str
    colour: str
    since: str
    by: str
    approved_by: str
    why: str
    restores: int | None


@dataclass(frozen=True, slots=True)
class Draft:
    address: str
    why: str
    authors: str
    changed_at: str
    from_version: int
    restores: int | None
    published: int | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One choice of a table: ``name`` in the form, ``label`` for those who do not see the table."""

    name: str
    label: str
    value: str
    options: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    what: str
    sensitive: bool
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """What one role is given, or what one purpose gives: a column for each position or recipient."""

    caption: str
    columns: Sequence[str]
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Difference:
    sentence: str
    kinds: str
    more: bool
    sensitive: bool


@dataclass(frozen=True, slots=True)
class Finding:
    is_error: bool
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Example:
    """A golden row: what somebody must see under the rules. ``got``: what they see instead, None where it
    comes out as written."""

    place: int
    says: str
    expected: str
    got: str | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a role in an agency would gain and lose of a kind of information."""

    who: str
    what: str
    sensitive: bool
    gained: str
    lost: str
    lost_in_use: str


@dataclass(frozen=True, slots=True)
class Simulation:
    finished: bool
    against: int
    digest: str | None
    simulated: str
    gaining: str
    losing: str
    effects: Sequence[Effect]
    chart: Chart | None
    sensitive: Sequence[str]


@dataclass(frozen=True, slots=True)
class DraftPage:
    card: Draft
    etag: str
    differences: Sequence[Difference]
    others: Sequence[str]
    findings: Sequence[Finding]
    failing: Sequence[Example]
    passing: Sequence[Example]
    simulation: Simulation | None
    approved: str | None
    may: Sequence[str]
    roles: Sequence[tuple[str, str]]
    purposes: Sequence[tuple[str, str]]


# --- versions and drafts


def versions_of(answer: Json) -> list[Version]:
    """The versions of ``GET /v1/policies``, the newest first."""
    return [_version(row) for row in answer["policies"]]


def _version(row: Json) -> Version:
    state, colour = STATES[row["state"]]
    return Version(
        number=row["version"],
        state=state,
        colour=colour,
        since=row["published_from"],
        by=row["published_by"],
        approved_by=row["approved_by"] or "",
        why=row["why"] or "The rules that the partnership began with",
        restores=row["restores"],
    )


def drafts_of(answer: Json) -> list[Draft]:
    """The drafts of ``GET /v1/policies/drafts`` that were not published, the newest first."""
    return [_draft(row) for row in answer["drafts"] if row["published_version"] is None]


def _draft(row: Json) -> Draft:
    return Draft(
        address=f"/rules/drafts/{row['id']}",
        why=row["why"],
        authors=", ".join(author["user"] for author in row["authors"]),
        changed_at=row["changed_at"],
        from_version=row["drafted_from"],
        restores=row["restores"],
        published=row["published_version"],
    )


def draft_page_of(answer: Json, names: Mapping[str, str]) -> DraftPage:
    """Everything of ``GET /v1/policies/drafts/{draft}`` that is to be known before it is approved."""
    document, approval = answer["document"], answer["approval"]
    roles = [role for role in ROLES if any(_entries(document, part, role) for part in _PARTS)]
    purposes = dict.fromkeys(row["purpose"] for row in document["rows"])
    return DraftPage(
        card=_draft(answer),
        etag=answer["etag"],
        differences=differences_of(answer["differences"]),
        others=other_differences_of(answer["differences"]),
        findings=[
            Finding(found["severity"] == "error", in_words(found["where"]), found["message"])
            for found in answer["findings"]
        ],
        failing=[
            Example(row["place"], row["says"], SEEN[row["expected"]], SEEN[row["got"]])
            for row in answer["failing_goldens"]
        ],
        passing=examples_of(answer["goldens"], {row["place"] for row in answer["failing_goldens"]}),
        simulation=simulation_of(answer["simulation"], names),
        approved=None if approval is None else approval["approved_by"],
        may=answer["may"],
        roles=[(role, ROLES[role]) for role in roles],
        purposes=[(purpose, in_words(purpose)) for purpose in purposes],
    )


def examples_of(
    goldens: Sequence[Json], failing: Collection[int] = (), role: str | None = None
) -> list[Example]:
    """The golden rows that come out as written, in their order; with a ``role`` those about it alone."""
    return [
        Example(place, row["says"], SEEN[row["expected"]])
        for place, row in enumerate(goldens)
        if place not in failing and role in (None, row["role"])
    ]


# --- the tables


def _entries(document: Json, part: str, role: str) -> list[tuple[int, Json]]:
    """The entries of a part that are about this role alone, with their places."""
    found = enumerate(document[part])
    if part == "override_caps":
        return [(place, entry) for place, entry in found if role in (entry["roles"] or ())]
    return [(place, entry) for place, entry in found if entry["role"] == role]


def role_table(document: Json, role: str) -> Table:
    """What one role is given, by what it has to do with a case: levels to choose."""
    columns = [
        (part, place, _heading(part, entry))
        for part in _PARTS
        for place, entry in _entries(document, part, role)
    ]
    options = [(str(level), words) for level, words in enumerate(LEVELS)]
    lines = []
    for number, column in enumerate(document["columns"]):
        what = _information(column["categories"])
        cells = [
            Cell(
                name=f"{part}-{place}-{column['letter']}",
                label=f"{what}: {heading}",
                value=document[part][place]["levels"][number],
                options=options,
            )
            for part, place, heading in columns
        ]
        lines.append(Line(what, _is_sensitive(column["categories"]), cells))
    return Table(f"{in_words(role)}: at most", [heading for _, _, heading in columns], lines)


def _heading(part: str, entry: Json) -> str:
    if part == "override_caps":
        others = [in_words(role).lower() for role in entry["roles"]]
        return f"In danger ({', '.join(others)})"
    where = ", ".join(RELATIONSHIPS.get(one, in_words(one)) for one in entry["relationships"])
    if part == "own_ceilings":
        return f"Own agency’s: {where}"
    kinds = _kinds(entry["kinds"])
    return f"Others’: {where}" + ("" if kinds == "every kind of agency" else f" ({kinds})")


def purpose_table(document: Json, purpose: str) -> Table:
    """What one purpose gives without an agreement, by kind of recipient: how, to choose."""
    columns = [(place, row) for place, row in enumerate(document["rows"]) if row["purpose"] == purpose]
    headings = [_recipients(row) for _, row in columns]
    lines = []
    for column in document["columns"]:
        what = _information(column["categories"])
        cells = [
            _row_cell(place, row, column["letter"], f"{what}: {heading}")
            for (place, row), heading in zip(columns, headings, strict=True)
        ]
        lines.append(Line(what, _is_sensitive(column["categories"]), cells))
    return Table(f"For {in_words(purpose).lower()}", headings, lines)


def _recipients(row: Json) -> str:
    return "Everybody else" if row["recipients"] is None else f"Only {_kinds(row['recipients'])}"


def _row_cell(place: int, row: Json, letter: str, label: str) -> Cell:
    value = row["cells"].get(letter, "")
    options = [(cell, cell_words(cell)) for cell in dict.fromkeys([*_CELLS, *([value] if value else [])])]
    if row["recipients"] is not None:
        options.insert(0, ("", "As for everybody else"))
    return Cell(f"rows-{place}-{letter}", label, value, options)


def cell_words(cell: str) -> str:
    """A row's cell such as ``2O3`` in words."""
    base, mode, cap = int(cell[0]), cell[1], int(cell[2])
    freely = LEVELS[base] if base == 0 else f"{LEVELS[base]}, {_MODES.get(mode, 'once they agree')}"
    return freely if cap <= base else f"{freely}; {LEVELS[cap].lower()} once they agree"


@dataclass(frozen=True, slots=True)
class Given:
    """What of other agencies' information somebody is given who stands so to a case, by kind of it."""

    who: str
    cells: Sequence[str]


_SHOWN = re.compile("([0-3])(°?)(?:→([0-3]))?")


def given_of(row: Json) -> Given:
    """A row of ``GET /v1/policies/{version}/matrix`` in words."""
    relationship, _, kinds = row["who"].partition(" (")
    who = RELATIONSHIPS.get(relationship, in_words(relationship))
    only = f" ({in_words(kinds.rstrip(')')).lower()})" if kinds else ""
    standing = f"{who[:1].upper()}{who[1:]}{only}, for {in_words(row['purpose']).lower()}"
    return Given(standing, [_shown_words(cell) for cell in row["cells"]])


def _shown_words(cell: str) -> str:
    """What ``1°→2`` says: that something is held, unless the family objects; headlines once they agree."""
    found = _SHOWN.fullmatch(cell)
    if found is None:
        return LEVELS[0]
    low, objects, high = found.groups()
    freely = f"{LEVELS[int(low)]}{', unless the family objects' if objects else ''}"
    return f"{freely}; {LEVELS[int(high)].lower()} once they agree" if high else freely


def with_choices(document: Json, chosen: Mapping[str, str]) -> dict[str, Any]:
    """The document with what was chosen in a table; names that are not of it change nothing."""
    changed: dict[str, Any] = copy.deepcopy(dict(document))
    letters = [column["letter"] for column in document["columns"]]
    for part in _PARTS:
        for place, entry in enumerate(changed[part]):
            levels = [
                chosen.get(f"{part}-{place}-{letter}", old)
                for letter, old in zip(letters, entry["levels"], strict=True)
            ]
            entry["levels"] = "".join(levels)
    for place, row in enumerate(changed["rows"]):
        for letter in letters:
            cell = chosen.get(f"rows-{place}-{letter}", row["cells"].get(letter, ""))
            row["cells"].pop(letter, None)
            if cell:
                row["cells"][letter] = cell
    return changed


def choices_among(fields: Mapping[str, str]) -> dict[str, str]:
    """Of what came with a form, what a table could have offered: the rest cannot be shown as chosen."""
    return {
        name: value
        for name, value in fields.items()
        if (_CELL if name.startswith("rows-") else _LEVEL).fullmatch(value)
    }


def _information(categories: Sequence[str]) -> str:
    return ", ".join(CATEGORIES.get(one, in_words(one)) for one in categories)


def _is_sensitive(categories: Sequence[str]) -> bool:
    return not SENSITIVE.isdisjoint(categories)


def _kinds(kinds: Sequence[str]) -> str:
    if set(kinds) >= _EVERYBODY:
        return "every kind of agency"
    return ", ".join(in_words(kind).lower() for kind in kinds)


# --- what changes


def differences_of(answer: Json) -> list[Difference]:
    """The changed levels in words, those that give more first, one sentence for all that fares the same."""
    grouped: dict[tuple[str, ...], tuple[Json, list[str]]] = {}
    for row in answer["levels"]:
        key = tuple(str(row[name]) for name in _ALIKE)
        grouped.setdefault(key, (row, []))[1].append(row["category"])
    found = [_difference(row, categories) for row, categories in grouped.values()]
    return sorted(found, key=lambda one: (not one.more, not one.sensitive))


_ALIKE = ("role", "purpose", "relationship", "given", "before", "after", "kinds")


def _difference(row: Json, categories: Sequence[str]) -> Difference:
    relationship = RELATIONSHIPS.get(row["relationship"], row["relationship"])
    who = f"{in_words(row['role'])}, {relationship}, for {in_words(row['purpose']).lower()}"
    change = f"{LEVELS[row['after']].lower()} instead of {LEVELS[row['before']].lower()}"
    given = _GIVEN.get(row["given"], in_words(row["given"]))
    return Difference(
        sentence=f"{who}: {_information(categories)}: {change}, {given}.",
        kinds=_kinds(row["kinds"]),
        more=row["after"] > row["before"],
        sensitive=_is_sensitive(categories),
    )


def other_differences_of(answer: Json) -> list[str]:
    """What changes besides levels, in words."""
    said = [
        f"{in_words(one['role'])} may act for {_listed(one['after'])} instead of {_listed(one['before'])}."
        for one in answer["purposes"]
    ]
    for name, about in (
        ("until_own_decision", "Until the young person decides, this stands back"),
        ("statutory_kinds", "Kinds of agency with duties to protect children"),
        ("partnership_officers", "Officers of the partnership"),
    ):
        for word in ("added", "removed"):
            if answer[name][word]:
                said.append(f"{about}: {word} {_listed(answer[name][word])}.")
    if answer["obligations"]:
        said.append("What an answer must leave unsaid changes.")
    if answer["lawful_bases"]:
        said.append("The lawful bases that are named change.")
    said += [f"Example added: {row['says']}" for row in answer["goldens"]["added"]]
    said += [f"Example taken out: {row['says']}" for row in answer["goldens"]["removed"]]
    return said


def _listed(words: Sequence[str]) -> str:
    return ", ".join(in_words(word).lower() for word in words) or "nothing"


# --- the simulation


def simulation_of(answer: Json | None, names: Mapping[str, str]) -> Simulation | None:
    """Who would gain and lose, with a chart by kind of information."""
    if answer is None:
        return None
    results = answer["results"]
    cases = results["cases"] if results else {"simulated": None, "gaining": None, "losing": None}
    cells = results["cells"] if results else []
    return Simulation(
        finished=answer["state"] == "finished",
        against=answer["against"],
        digest=answer["digest"],
        simulated=_figure(cases["simulated"]),
        gaining=_figure(cases["gaining"]),
        losing=_figure(cases["losing"]),
        effects=[_effect(cell, names) for cell in cells],
        chart=_chart(cells) if cells else None,
        sensitive=sorted(
            {CATEGORIES[cell["category"]] for cell in cells if _is_sensitive([cell["category"]])}
        ),
    )


def _effect(cell: Json, names: Mapping[str, str]) -> Effect:
    agency = names.get(cell["agency"]) or in_words(cell["agency"])
    return Effect(
        who=f"{in_words(cell['role'])}, {agency}, for {in_words(cell['purpose']).lower()}",
        what=CATEGORIES.get(cell["category"], in_words(cell["category"])),
        sensitive=_is_sensitive([cell["category"]]),
        gained=_figure(cell["gained"]),
        lost=_figure(cell["lost"]),
        lost_in_use=_figure(cell["lost_in_use"]),
    )


def _figure(count: int | None) -> str:
    return f"Fewer than {FEWER_THAN}, or none" if count is None else f"About {count:,}"


def _chart(cells: Sequence[Json]) -> Chart:
    """Gained and lost by kind of information; where no figure may be told there is no bar."""
    rows: list[tuple[str, int | None, int]] = []
    for category in dict.fromkeys(cell["category"] for cell in cells):
        for series, (name, words) in enumerate((("gained", "more"), ("lost", "less"))):
            told = [cell[name] for cell in cells if cell["category"] == category and cell[name] is not None]
            if told:
                rows.append((f"{CATEGORIES[category]}: {words}", sum(told), series))
    return chart_of("Entries of which somebody would see more, or less", rows, FEWER_THAN)
