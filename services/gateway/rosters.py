"""Who was on the team at a moment, with their relationship then. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.vocabulary import Relationship

_PARTS = ("user", "name", "agency", "role")


def roster_at(bundle: Mapping[str, Any] | None, at: datetime | None) -> list[dict[str, Any]]:
    """Everybody with a place on the team at a moment (None: now), each once for an agency, by when they came.

    Half-open like every window: whoever left at that moment was no longer there.
    """
    if bundle is None:
        return []
    seats: dict[tuple[str, str], dict[str, Any]] = {}
    leads = {(period["user"], period["agency"]) for period in bundle["lead_history"] if _covers(period, at)}
    for member in bundle["team"]:
        if _covers(member, at):
            place = member["user"], member["agency"]
            relationship = Relationship.LEAD if place in leads else Relationship.MEMBER
            seat = {name: member[name] for name in _PARTS} | {"relationship": relationship.value}
            seats.setdefault(place, seat)
    return list(seats.values())


def _covers(period: Mapping[str, Any], at: datetime | None) -> bool:
    since, until = period["since"], period["until"]
    if at is None:
        return until is None
    return datetime.fromisoformat(since) <= at and (until is None or at < datetime.fromisoformat(until))
