"""What two policies treat differently, by the rules alone and without anybody's data (design 3.6). Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from services.consent.decision.grid import ALL, NOTHING, categories_of, level_of
from services.consent.decision.policy import Policy, Standing, StandingKey
from shared.vocabulary import SENSITIVE, AgencyKind, Category, Purpose, Relationship, Role

_GRIDS = ("mandatory", "freely", "with_permission", "ceiling", "own", "statutory_cap", "break_glass_cap")
"""What of a standing can differ: given whatever the family says, given unless they object, with their
permission, with a release or an agreement besides, of one's own agency's entries, and by overrides."""


def _grids(standing: Standing | None) -> tuple[int, ...]:
    if standing is None:
        return (NOTHING,) * len(_GRIDS)
    freely = standing.mandatory | standing.objectable
    return (
        standing.mandatory,
        freely,
        freely | standing.permissible,
        standing.ceiling,
        standing.own,
        standing.statutory_cap,
        standing.break_glass_cap,
    )


def _categories_in(grid: int) -> int:
    return (grid | grid >> 30 | grid >> 60) & ALL


@dataclass(frozen=True, slots=True)
class Change:
    """The masks of the categories of which one standing gives more (``gained``) or less (``lost``)."""

    gained: int
    lost: int


class Rules:
    """Two policies side by side: by standing, the categories in which they differ."""

    def __init__(self, old: Policy, new: Policy) -> None:
        self.old, self.new = old, new
        self._purposes: dict[str, tuple[str, ...]] = {
            role: _both(old.purposes[role], new.purposes[role]) for role in Role
        }
        self.ending = old.until_own_decision ^ new.until_own_decision
        self._anybody: dict[str, tuple[str, ...]] = {}
        self.changes: dict[StandingKey, Change] = {}
        for key in _keys(old, new):
            change = _change(old.standings.get(key), new.standings.get(key))
            if change.gained or change.lost:
                self.changes[key] = change

    def mask(self, kind: str, role: str, relationships: Sequence[str], purpose: str) -> int:
        """The categories in which the policies differ for somebody who may stand in these relationships."""
        if self.ending.intersection(relationships):
            return ALL
        mask = 0
        for relationship in relationships:
            change = self.changes.get((kind, role, relationship, purpose))
            if change is not None:
                mask |= change.gained | change.lost
        return mask

    def purposes_of(self, role: str) -> tuple[str, ...]:
        """What somebody in this role may act for under either; for a role nobody knows, nothing."""
        return self._purposes.get(role, ())

    def open_to_anybody(self, kind: str) -> tuple[str, ...]:
        """The roles for which the policies differ although they stand in no relationship at all."""
        if kind not in self._anybody:
            self._anybody[kind] = tuple(
                role
                for role, purposes in self._purposes.items()
                if any((kind, role, Relationship.NONE, purpose) in self.changes for purpose in purposes)
            )
        return self._anybody[kind]

    def sensitive(self) -> dict[str, list[str]]:
        """The sensitive categories of which anybody gains, and of which anybody loses."""
        gained = lost = 0
        for change in self.changes.values():
            gained |= change.gained
            lost |= change.lost
        return {
            name: [category.value for category in categories_of(mask) if category in SENSITIVE]
            for name, mask in (("gained", gained), ("lost", lost))
        }


def _both(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*one, *other]))


def _keys(old: Policy, new: Policy) -> Iterator[StandingKey]:
    return iter(dict.fromkeys([*old.standings, *new.standings]))


def _change(before: Standing | None, after: Standing | None) -> Change:
    gained = lost = NOTHING
    for one, other in zip(_grids(before), _grids(after), strict=True):
        gained |= other & ~one
        lost |= one & ~other
    return Change(_categories_in(gained), _categories_in(lost))


def differences(old: Policy, new: Policy) -> dict[str, Any]:
    """What changes from ``old`` to ``new``, as JSON: levels by who asks, and whatever else differs.

    ``levels`` has a row for each role, purpose, relationship and what is given, with the category's level
    before and after and the kinds of agency for which it is so.
    """
    return {
        "levels": list(_level_rows(old, new)),
        "sensitive": Rules(old, new).sensitive(),
        "purposes": [
            {"role": role.value, "before": list(old.purposes[role]), "after": list(new.purposes[role])}
            for role in Role
            if old.purposes[role] != new.purposes[role]
        ],
        "until_own_decision": _sets(old.until_own_decision, new.until_own_decision),
        "statutory_kinds": _sets(old.statutory_kinds, new.statutory_kinds),
        "partnership_officers": _sets(old.partnership_officers, new.partnership_officers),
        "obligations": [
            {
                "purpose": purpose.value,
                "before": list(old.obligations.get(purpose, ())),
                "after": list(new.obligations.get(purpose, ())),
            }
            for purpose in Purpose
            if old.obligations.get(purpose, ()) != new.obligations.get(purpose, ())
        ],
        "lawful_bases": old.document.get("lawful_bases", []) != new.document.get("lawful_bases", []),
    }


def _sets(before: frozenset[str], after: frozenset[str]) -> dict[str, list[str]]:
    return {"added": sorted(after - before), "removed": sorted(before - after)}


def _level_rows(old: Policy, new: Policy) -> Iterator[dict[str, Any]]:
    for role, relationship in product(Role, Relationship):
        for purpose in _both(old.purposes[role], new.purposes[role]):
            yield from _of_position(old, new, role, relationship, purpose)


def _of_position(
    old: Policy, new: Policy, role: Role, relationship: Relationship, purpose: str
) -> Iterator[dict[str, Any]]:
    """The rows of one position, each with all kinds of agency that fare the same."""
    kinds: dict[tuple[str, Category, int, int], list[str]] = {}
    for kind in AgencyKind:
        key = (kind, role, relationship, purpose)
        pairs = zip(_GRIDS, _grids(old.standings.get(key)), _grids(new.standings.get(key)), strict=True)
        for given, before, after in pairs:
            for category in categories_of(_categories_in(before ^ after)):
                levels = int(_level(before, category)), int(_level(after, category))
                kinds.setdefault((given, category, *levels), []).append(kind.value)
    for (given, category, low, high), named in kinds.items():
        yield {
            "role": role.value,
            "purpose": purpose,
            "relationship": relationship.value,
            "given": given,
            "category": category.value,
            "before": low,
            "after": high,
            "kinds": named,
        }


def _level(grid: int, category: Category) -> int:
    return level_of(grid, 1 << _PLACE[category])


_PLACE: Mapping[Category, int] = {category: place for place, category in enumerate(Category)}
