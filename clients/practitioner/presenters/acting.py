"""What somebody may act as and for: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.words import PURPOSES, in_words

MAX_REASON_LENGTH = 500
"""As the API has it."""


@dataclass(frozen=True, slots=True)
class Place:
    """One role for one agency; ``code`` tells it from the others in a form."""

    agency: str
    role: str
    code: str
    words: str
    purposes: Sequence[str]


def places_of(memberships: Sequence[Mapping[str, Any]]) -> list[Place]:
    """The memberships of ``GET /v1/me``, each once, in its order."""
    found = {place.code: place for place in map(_place, memberships)}
    return list(found.values())


def _place(membership: Mapping[str, Any]) -> Place:
    agency, role = membership["agency"], membership["role"]
    name = membership.get("agency_name") or in_words(agency)
    return Place(
        agency, role, f"{agency} {role}", f"{name}, {in_words(role).lower()}", membership["purposes"]
    )


def purposes_of(membership: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a role may be used for, the ordinary purpose first."""
    ordinary = membership["ordinary_purpose"]
    rest = [purpose for purpose in membership["purposes"] if purpose != ordinary]
    return [(purpose, PURPOSES.get(purpose) or in_words(purpose)) for purpose in (ordinary, *rest)]


def chosen_purpose(purpose: str, reason: str, purposes: Sequence[str], ordinary: str) -> dict[str, str]:
    """The mistakes in a choice by field: another purpose than the ordinary one has a reason."""
    if purpose not in purposes:
        return {"purpose": "Choose what you look for."}
    if purpose == ordinary:
        return {}
    if not reason:
        return {"reason": "Say why. It is written down with all that you look at."}
    if len(reason) > MAX_REASON_LENGTH or not reason.isprintable():
        return {"reason": f"Say why on one line, in at most {MAX_REASON_LENGTH} characters."}
    return {}
