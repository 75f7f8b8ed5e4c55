"""What somebody's spoken withdrawal ends of a permission, and what it leaves. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from shared.records.consents import SpokenWithdrawal


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a permission: some recipients, some categories."""

    recipients: tuple[str, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """``ended`` is None where the withdrawal names nothing of the permission."""

    ended: Part | None
    left: tuple[Part, ...] = ()


def split(recipients: Collection[str], categories: Collection[str], withdrawal: SpokenWithdrawal) -> Split:
    """What a withdrawal ends of a permission to share, and the parts that go on."""
    named = set(recipients) if withdrawal.recipients is None else {*withdrawal.recipients} & {*recipients}
    about = set(categories)
    if withdrawal.categories is not None:
        about &= {category.value for category in withdrawal.categories}
    if not named or not about:
        return Split(None)
    others, rest = set(recipients) - named, set(categories) - about
    left = [Part(_sorted(others), _sorted(categories))] if others else []
    if rest:
        left.append(Part(_sorted(named), _sorted(rest)))
    return Split(Part(_sorted(named), _sorted(about)), tuple(left))


def _sorted(words: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(words))
