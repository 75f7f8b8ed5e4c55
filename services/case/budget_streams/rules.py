"""A stream of money with its rules and its balance. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stream:
    """What a stream gives, and by which rules; sums in pence. ``most_per_case``: what one case may have of it
    in all, less what was given back."""

    id: str
    agency: str
    name: str
    state: str
    may_buy: list[str]
    most_per_purchase: int | None
    second_signature_above: int | None
    most_per_case: int | None
    total: int
    allocated: int
