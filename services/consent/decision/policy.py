"""A published policy, compiled (design 3.2 "Caps, ceilings, rows and modes are policy data").

``parse_policy`` turns the JSON document into lookups by (kind of agency, role, relationship, purpose), so
that ``decide`` finds everything that depends on who asks with one dictionary access. Nothing of any
partnership's policy is in code; the default is ``services/consent/policy_data/default-1.json``.

The document: ``columns`` (letter and categories, in the order of the digits); ``ceilings`` on other agencies'
entries per role, relationships and kinds of agency (null: any kind; named kinds replace it);
``own_ceilings`` on the acting agency's own entries (where none is listed, the ceiling); ``override_caps``
per kind of override and role
(null: any); ``rows`` of base, mode and cap per purpose (``recipients`` null: the general rows, which name
every column; named kinds of recipient replace the columns they name); ``purposes_by_role``;
``until_own_decision``: relationships that end when the subject decides alone; ``statutory_kinds``: kinds of
agency with statutory safeguarding duties; ``obligations`` per purpose; ``partnership_officers``: the users
who, acting as information officers, see the whole ledger. What is not listed is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

from services.consent.decision.facts import Rows
from services.consent.decision.grid import NOTHING, every_level, mask_of
from services.consent.decision.policy_reading import (
    Json,
    a_list,
    a_map,
    an_object,
    compile_rows,
    read_cells,
    read_columns,
    read_levels,
    refuse,
    text,
    texts,
    word,
    words,
)
from shared.vocabulary import AgencyKind, Category, OverrideKind, Purpose, Relationship, Role

KEYS = (
    "version",
    "columns",
    "ceilings",
    "own_ceilings",
    "override_caps",
    "rows",
    "purposes_by_role",
    "until_own_decision",
    "statutory_kinds",
    "obligations",
    "partnership_officers",
)
OPTIONAL_KEYS = ("lawful_bases",)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the policy says to one (kind, role, relationship, purpose); all but ``rows`` are grids.

    ``mandatory`` and ``objectable`` are what the default rows give without permission, ``freely`` both of
    them, and ``permissible`` what they let permission reach, all under the ceiling.
    """

    ceiling: int
    own: int
    statutory_cap: int
    break_glass_cap: int
    rows: Rows
    mandatory: int
    objectable: int
    freely: int
    permissible: int


StandingKey = tuple[str | None, str, str, str]


@dataclass(frozen=True, slots=True)
class Policy:
    """A compiled policy. ``document`` is the text it was compiled from, which the naive twin reads."""

    version: str
    document: Mapping[str, Json]
    columns: Mapping[str, int]
    standings: Mapping[StandingKey, Standing]
    purposes: Mapping[str, tuple[str, ...]]
    until_own_decision: frozenset[str]
    statutory_kinds: frozenset[str]
    obligations: Mapping[str, tuple[str, ...]]
    partnership_officers: frozenset[str]
    lawful_bases: Mapping[tuple[str, str], int]
    """By purpose and kind of recipient, the mask of the categories for which a lawful basis is named."""


def parse_policy(document: Json) -> Policy:
    """The compiled policy; a ``ValueError`` naming the path for anything unknown, missing or malformed."""
    whole = an_object(document, "document", KEYS, OPTIONAL_KEYS)
    columns = read_columns(whole["columns"], "columns")
    purposes = _purposes(whole["purposes_by_role"], "purposes_by_role")
    return Policy(
        version=text(whole["version"], "version"),
        document=whole,
        columns=columns,
        standings=_standings(whole, columns, purposes),
        purposes=purposes,
        until_own_decision=frozenset(words(whole["until_own_decision"], "until_own_decision", Relationship)),
        statutory_kinds=frozenset(words(whole["statutory_kinds"], "statutory_kinds", AgencyKind)),
        obligations={
            word(purpose, "obligations", Purpose): texts(value, f"obligations.{purpose}")
            for purpose, value in a_map(whole["obligations"], "obligations").items()
        },
        partnership_officers=frozenset(texts(whole["partnership_officers"], "partnership_officers")),
        lawful_bases=_lawful_bases(whole.get("lawful_bases", []), "lawful_bases"),
    )


def _purposes(value: Json, where: str) -> dict[str, tuple[str, ...]]:
    by_role = an_object(value, where, [role.value for role in Role])
    return {role: words(by_role[role], f"{where}.{role.value}", Purpose) for role in Role}


def _standings(
    whole: Mapping[str, Json], columns: Mapping[str, int], purposes: Mapping[str, tuple[str, ...]]
) -> dict[StandingKey, Standing]:
    ceilings = _ceilings(whole["ceilings"], columns)
    own = _own_ceilings(whole["own_ceilings"], columns)
    caps = _override_caps(whole["override_caps"], columns)
    rows = _rows(whole["rows"], columns)
    # Most kinds of agency stand alike, and one of each standing is enough for all of them.
    standing = cache(standing_of)
    return {
        (kind, role, relationship, purpose): standing(
            ceilings.get((kind, role, relationship), NOTHING),
            own.get((role, relationship)),
            caps.get((OverrideKind.STATUTORY, role), NOTHING),
            caps.get((OverrideKind.BREAK_GLASS, role), NOTHING),
            rows[purpose, kind],
        )
        for kind, role, relationship in product(AgencyKind, Role, Relationship)
        for purpose in purposes[role]
    }


def standing_of(ceiling: int, own: int | None, statutory: int, break_glass: int, rows: Rows) -> Standing:
    """One standing, finished; without an own ceiling the ceiling holds for own entries too."""
    mandatory = rows.base & every_level(rows.mandatory) & ceiling
    objectable = rows.base & every_level(rows.objectable) & ceiling
    return Standing(
        ceiling=ceiling,
        own=ceiling if own is None else own,
        statutory_cap=statutory,
        break_glass_cap=break_glass,
        rows=rows,
        mandatory=mandatory,
        objectable=objectable,
        freely=mandatory | objectable,
        permissible=rows.cap & ceiling,
    )


def _ceilings(value: Json, columns: Mapping[str, int]) -> dict[tuple[str, str, str], int]:
    general: dict[tuple[str, str, str], int] = {}
    special: dict[tuple[str, str, str], int] = {}
    for path, item in a_list(value, "ceilings"):
        entry = an_object(item, path, ("role", "relationships", "kinds", "levels"))
        role = word(entry["role"], f"{path}.role", Role)
        grid = read_levels(entry["levels"], f"{path}.levels", columns)
        kinds = None if entry["kinds"] is None else words(entry["kinds"], f"{path}.kinds", AgencyKind)
        for relationship in words(entry["relationships"], f"{path}.relationships", Relationship):
            for kind in AgencyKind if kinds is None else kinds:
                _put(general if kinds is None else special, (kind, role, relationship), grid, path)
    return general | special


def _own_ceilings(value: Json, columns: Mapping[str, int]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for path, item in a_list(value, "own_ceilings"):
        entry = an_object(item, path, ("role", "relationships", "levels"))
        role = word(entry["role"], f"{path}.role", Role)
        grid = read_levels(entry["levels"], f"{path}.levels", columns)
        for relationship in words(entry["relationships"], f"{path}.relationships", Relationship):
            _put(found, (role, relationship), grid, path)
    return found


def _override_caps(value: Json, columns: Mapping[str, int]) -> dict[tuple[str, str], int]:
    general: dict[tuple[str, str], int] = {}
    special: dict[tuple[str, str], int] = {}
    for path, item in a_list(value, "override_caps"):
        entry = an_object(item, path, ("override", "roles", "levels"))
        kind = word(entry["override"], f"{path}.override", OverrideKind)
        roles = None if entry["roles"] is None else words(entry["roles"], f"{path}.roles", Role)
        grid = read_levels(entry["levels"], f"{path}.levels", columns)
        for role in Role if roles is None else roles:
            _put(general if roles is None else special, (kind, role), grid, path)
    return general | special


def _rows(value: Json, columns: Mapping[str, int]) -> dict[tuple[str, str], Rows]:
    general: dict[Purpose, dict[str, str]] = {}
    special: dict[tuple[Purpose, AgencyKind], dict[str, str]] = {}
    for path, item in a_list(value, "rows"):
        entry = an_object(item, path, ("purpose", "recipients", "cells"))
        purpose = word(entry["purpose"], f"{path}.purpose", Purpose)
        cells = read_cells(entry["cells"], f"{path}.cells", columns)
        if entry["recipients"] is None:
            an_object(entry["cells"], f"{path}.cells", columns)
            _put(general, purpose, cells, path)
        else:
            for kind in words(entry["recipients"], f"{path}.recipients", AgencyKind):
                _put(special, (purpose, kind), cells, path)
    for purpose in Purpose:
        if purpose not in general:
            refuse(
                "rows",
                f"purpose {purpose.value!r} has no general rows",
                f"The purpose {purpose.value} has no general rows (recipients null).",
            )
    to_anybody = {purpose: compile_rows(columns, cells) for purpose, cells in general.items()}
    to_some = {key: compile_rows(columns, general[key[0]] | cells) for key, cells in special.items()}
    return {
        (purpose, kind): to_some.get((purpose, kind), to_anybody[purpose])
        for purpose, kind in product(Purpose, AgencyKind)
    }


def _lawful_bases(value: Json, where: str) -> dict[tuple[str, str], int]:
    named: dict[tuple[str, str], int] = {}
    for path, item in a_list(value, where):
        entry = an_object(item, path, ("purpose", "recipients", "categories", "basis", "condition", "power"))
        purpose = word(entry["purpose"], f"{path}.purpose", Purpose)
        mask = mask_of(words(entry["categories"], f"{path}.categories", Category))
        for name in ("basis", "condition", "power"):
            text(entry[name], f"{path}.{name}")
        recipients = entry["recipients"]
        kinds = AgencyKind if recipients is None else words(recipients, f"{path}.recipients", AgencyKind)
        for kind in kinds:
            named[purpose, kind] = named.get((purpose, kind), 0) | mask
    return named


def _put(into: dict, key: object, value: object, path: str) -> None:  # type: ignore[type-arg]
    if key in into:
        refuse(path, f"{key} was already given", "The same was given by an earlier entry; keep one of them.")
    into[key] = value
