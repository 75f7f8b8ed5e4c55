"""PURE. What the copies of an entry in newer versions of its assessment mean for the entry itself.

A signed entry stays as it was written, but not as it is shared: what its owner learnt to be sensitive since
is just as sensitive in the old words. So a label only ever grows backwards along the line of copies.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Copy:
    """An entry that was copied from another one, with its label as it stands."""

    id: str
    copied_from: str
    categories: Sequence[str]
    subjects: Sequence[str]
    unanswered: bool


@dataclass(slots=True)
class LaterLabel:
    """What all later copies of an entry bear together; the subjects in the order in which they are met."""

    categories: set[str] = field(default_factory=set)
    subjects: dict[str, None] = field(default_factory=dict)
    unanswered: bool = False


def later_labels(copies: Iterable[Copy]) -> dict[str, LaterLabel]:
    """By the id of each entry that was copied: what its copies bear, and the copies of those."""
    copies = list(copies)
    sources = {copy.id: copy.copied_from for copy in copies}
    later: dict[str, LaterLabel] = {}
    for copy in copies:
        for earlier in _line(copy.id, sources):
            label = later.setdefault(earlier, LaterLabel())
            label.categories.update(copy.categories)
            label.subjects.update(dict.fromkeys(copy.subjects))
            label.unanswered |= copy.unanswered
    return later


def origins(sources: Mapping[str, str]) -> dict[str, str]:
    """By the id of each copy the entry that its line began with; ``sources``: what each was copied from."""
    return {copy: list(_line(copy, sources))[-1] for copy in sources}


def _line(copy: str, sources: Mapping[str, str]) -> Iterator[str]:
    """What an entry was copied from, then what that was copied from, and so on."""
    earlier = sources.get(copy)
    while earlier is not None:
        yield earlier
        earlier = sources.get(earlier)
