"""Grouping entries by their label sets, because the decision is per label set and not per entry. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.disclosure import Entry, LabelAsk, PageAsk

Shows = Callable[[Entry], bool]
"""Whether an answer shows an entry at all, if it may be seen: only what it shows stands on its receipt."""

LabelKey = tuple[str, str | None, tuple[str, ...], tuple[str, ...], bool, bool, bool]


def key_of(entry: Entry) -> LabelKey:
    """What two entries must have in common to be decided together."""
    return (
        entry["owner"],
        entry["accountable"],
        tuple(entry["categories"]),
        tuple(entry["subjects"]),
        entry["unanswered"],
        entry["draft"],
        entry["locates"],
    )


def place_of(entry: Mapping[str, Any]) -> tuple[str, str]:
    """Where an entry stands in lists of entries, raw or shown: oldest first."""
    return entry["recorded_at"], entry["id"]


@dataclass(frozen=True, slots=True)
class Portion:
    """A page of a list of entries: the first ``limit`` of those behind a place that may be seen."""

    limit: int
    after: tuple[str, str] | None = None

    def reaches(self, entry: Mapping[str, Any]) -> bool:
        """Whether an entry stands where this page may show it."""
        return self.after is None or place_of(entry) > self.after

    def ask(self, entries: Iterable[Entry], shows: Shows) -> PageAsk | None:
        """How the decision is asked for it; None where the page shows whatever may be seen."""
        on_it = sorted((entry for entry in entries if shows(entry) and self.reaches(entry)), key=place_of)
        if len(on_it) <= self.limit:
            return None
        return PageAsk(limit=self.limit, order=tuple(entry["id"] for entry in on_it))


@dataclass(frozen=True, slots=True)
class Labelled:
    """Entries with their label sets: ``place_of`` gives each entry's place in ``labels``."""

    entries: Sequence[Entry]
    labels: tuple[LabelAsk, ...]
    place_of: tuple[int, ...]


def everything(_: Entry) -> bool:
    return True


def nothing(_: Entry) -> bool:
    """For answers that show no entry: a list of consents, the team."""
    return False


def of_area(area: str) -> Shows:
    return lambda entry: entry["area"] == area


def of_kind(*kinds: str) -> Shows:
    return lambda entry: entry.get("kind") in kinds


def of_ids(ids: Iterable[str]) -> Shows:
    """These entries and no others."""
    chosen = frozenset(ids)
    return lambda entry: entry["id"] in chosen


def label(entries: Sequence[Entry], shows: Shows = everything) -> Labelled:
    """The distinct label sets of these entries, in the order of a sort that content does not touch.

    Each carries the ids of its entries that the answer shows.
    """
    keys = [key_of(entry) for entry in entries]
    ids: dict[LabelKey, list[str]] = {}
    for key, entry in zip(keys, entries, strict=True):
        shown = ids.setdefault(key, [])
        if shows(entry):
            shown.append(entry["id"])
    ordered = sorted(ids, key=_sortable)
    place = {key: number for number, key in enumerate(ordered)}
    labels = tuple(_ask(key, ids[key]) for key in ordered)
    return Labelled(entries, labels, tuple(place[key] for key in keys))


def _sortable(key: LabelKey) -> tuple[str, str, tuple[str, ...], tuple[str, ...], bool, bool, bool]:
    owner, accountable, *rest = key
    return (owner, accountable or "", *rest)  # type: ignore[return-value]


def _ask(key: LabelKey, entries: Iterable[str]) -> LabelAsk:
    owner, accountable, categories, subjects, unanswered, draft, locates = key
    return LabelAsk(
        owner=owner,
        accountable=accountable,
        categories=categories,
        subjects=subjects,
        unanswered=unanswered,
        draft=draft,
        locates=locates,
        entries=tuple(entries),
    )
