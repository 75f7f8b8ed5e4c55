"""Levels of all categories at once, packed into one int.

A *mask* is a set of categories: bit *n* stands for the n-th member of ``Category``. A *grid* gives every
category a level. It holds three masks side by side, thirty bits each::

    bits 0-29   categories at existence or more
    bits 30-59  categories at summary or more
    bits 60-89  categories at full

Because a category at *full* is also in the two lower fields, the lower of two grids is ``a & b`` and the
higher is ``a | b``, for all categories at once. That is the whole trick, and why a case takes microseconds.
"""

from collections.abc import Iterable

from shared.vocabulary import Category, Level

WIDTH = 30
TWICE_WIDTH = 2 * WIDTH
NONE, EXISTENCE, SUMMARY, FULL = Level
"""The levels by themselves: reading a member off its enum takes longer than the rest of a decision step."""

_BITS = tuple((category, 1 << place) for place, category in enumerate(Category))
BIT_OF: dict[str, int] = {category.value: bit for category, bit in _BITS}
ALL = (1 << len(BIT_OF)) - 1
"""The mask of every category this code knows."""

UNKNOWN = 1 << (WIDTH - 1)
"""The bit of every category this code does not know. Nothing is ever released through it."""

_SPREAD = 1 | 1 << WIDTH | 1 << TWICE_WIDTH
_FACTOR = {NONE: 0, EXISTENCE: 1, SUMMARY: 1 | 1 << WIDTH, FULL: _SPREAD}


NOTHING = 0
"""The grid with every category at ``none``."""

EVERYTHING = ALL * _SPREAD
"""The grid with every category at ``full``."""


def mask_of(categories: Iterable[str]) -> int:
    """The mask of these categories; a word this code does not know becomes the ``UNKNOWN`` bit."""
    mask = 0
    for category in categories:
        mask |= BIT_OF.get(category, UNKNOWN)
    return mask


def categories_of(mask: int) -> tuple[Category, ...]:
    """The known categories in a mask, in the order of the vocabulary."""
    return tuple(category for category, bit in _BITS if mask & bit)


def is_known(mask: int) -> bool:
    """Whether a mask is not empty and names only categories this code knows."""
    return 0 < mask <= ALL


def grid_at(level: Level, mask: int) -> int:
    """The grid with the categories of ``mask`` at ``level`` and all others at ``none``."""
    return mask * _FACTOR[level]


def every_level(mask: int) -> int:
    """The mask repeated in all three fields: ``grid & every_level(m)`` keeps only the categories of ``m``."""
    return mask * _SPREAD


def named(grid: int) -> int:
    """The mask of the categories a grid holds at *existence* or more."""
    return grid & ALL


def reaching(grid: int, level: Level) -> int:
    """The mask of the categories a grid holds at ``level`` or more (every category, for ``none``)."""
    return ALL if level == NONE else grid >> WIDTH * (level - 1) & ALL


def level_of(grid: int, mask: int) -> Level:
    """The lowest level over the categories of ``mask``; an empty or not wholly known mask gives ``none``."""
    if not 0 < mask <= ALL or grid & mask != mask:
        return NONE
    if grid >> TWICE_WIDTH & mask == mask:
        return FULL
    return SUMMARY if grid >> WIDTH & mask == mask else EXISTENCE
