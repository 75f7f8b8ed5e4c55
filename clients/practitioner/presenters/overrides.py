"""Sharing without permission, and what somebody else finds of it: what its pages show: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from clients.practitioner.presenters.partnership import LEVELS
from clients.practitioner.words import CATEGORIES, day, in_words

Json = Mapping[str, Any]
BAR_KINDS: Mapping[str, str] = {
    "court_order": "Court order",
    "conflict_of_interest": "Conflict of interest",
    "protected_address": "Protected address",
    "other": "Another reason",
}


@dataclass(frozen=True, slots=True)
class Override:
    """``state`` is *In force*, *Waits for a second person*, *Over* or *Ended*."""

    id: str
    basis: str
    reference: str
    reason: str
    what: Sequence[str]
    level: str
    to_whom: Sequence[str]
    since: str
    until: str
    confirm_by: str | None
    state: str
    colour: str
    recorded_by: str
    family: str
    may: Sequence[str]


@dataclass(frozen=True, slots=True)
class BrokenGlass:
    """``state`` is *To be checked*, *Late*, *Justified* or *Not justified*."""

    id: str
    who: str
    service: str
    opened_by: str | None
    reason: str
    opened_at: str
    until: str
    due: str
    state: str
    colour: str
    may_review: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """``whom`` are those whom it stops, or all but whom it does."""

    id: str
    case: str
    kind: str
    whom: str
    what: Sequence[str]
    legal_reference: str
    custodian: str
    telephone: str
    reason: str
    review_on: str
    overdue: bool
    proposed: str | None
    proposed_because: str | None
    lifted_at: str | None
    may: Sequence[str]


def overrides_of(answer: Json, names: Mapping[str, str], now: str, user: str | None) -> list[Override]:
    """The overrides of ``GET …/overrides``, the newest first, as ``user`` reads them; ``now`` is the moment
    in RFC 3339, UTC."""
    return [_override(row, names, now, user) for row in reversed(answer["overrides"])]


def bases_of(answer: Json) -> list[tuple[str, str]]:
    """The lawful bases of ``GET /v1/lawful-bases`` to choose from, each with the last day that it allows."""
    return [
        (basis["code"], f"{basis['title']} (until {_last_day(basis['no_later_than'])} at most)")
        for basis in answer["bases"]
    ]


def _last_day(over_at: str) -> str:
    return day((datetime.fromisoformat(over_at) - timedelta(seconds=1)).isoformat())


def _override(row: Json, names: Mapping[str, str], now: str, user: str | None) -> Override:
    state, colour = _state(row, now)
    agencies = [_name(code, names) for code in row["recipients"]["agencies"]]
    users, called = row["recipients"]["users"], row["recipient_names"]
    return Override(
        id=row["id"],
        basis=in_words(row["lawful_basis"]),
        reference=row["reference"],
        reason=row["reason"] or "Its reason is for those who recorded it",
        what=_categories(row["categories"]),
        level=LEVELS[row["level"]],
        # Who is not on the team stands there by how they sign in, as whoever recorded it wrote them: a name
        # from elsewhere would tell whether they looked.
        to_whom=[*agencies, *("you" if one == user else called.get(one, one) for one in users)],
        since=row["valid_from"],
        until=row["ended_at"] or row["valid_until"],
        confirm_by=row["confirm_by"] if row["confirmed_at"] is None else None,
        state=state,
        colour=colour,
        recorded_by=_name(row["recorded_by_agency"], names),
        family=_told(row),
        may=row["may"],
    )


def _state(row: Json, now: str) -> tuple[str, str]:
    if row["ended_at"] is not None:
        return "Ended", "grey"
    unconfirmed = row["confirm_by"] is not None and row["confirmed_at"] is None
    if row["valid_until"] <= now or (unconfirmed and row["confirm_by"] <= now):
        return "Over", "grey"
    waits = row["waits_for_confirmation"] or unconfirmed
    return ("Waits for a second person", "yellow") if waits else ("In force", "green")


def _told(row: Json) -> str:
    if row["family_told_from"] is not None:
        return "The family can read who looked"
    return "The family is not told yet"


def broken_of(answer: Json, names: Mapping[str, str]) -> list[BrokenGlass]:
    """The lines of ``GET …/break-glass``, the newest first."""
    return [_broken(row, names) for row in reversed(answer["break_glass"])]


def _broken(row: Json, names: Mapping[str, str]) -> BrokenGlass:
    found = {"justified": ("Justified", "green"), "not_justified": ("Not justified", "red")}
    waiting = ("Late", "red") if row["review_overdue"] else ("To be checked", "yellow")
    state, colour = found.get(row["finding"] or "", waiting)
    return BrokenGlass(
        id=row["id"],
        who=row["user_name"] or row["user"],
        service=_name(row["agency"], names),
        opened_by=(row["opened_by_name"] or row["opened_by"]) if row["opened_by"] != row["user"] else None,
        reason=row["reason"],
        opened_at=row["opened_at"],
        until=row["ended_at"] or row["valid_until"],
        due=row["review_due"],
        state=state,
        colour=colour,
        may_review="review" in row["may"],
    )


def bars_of(answer: Json, names: Mapping[str, str]) -> list[Bar]:
    """The bars of ``GET …/bars``: those in force first, by the day of their review."""
    bars = [_bar(row, names) for row in answer["bars"]]
    return sorted(bars, key=lambda bar: (bar.lifted_at is not None, bar.review_on))


def _bar(row: Json, names: Mapping[str, str]) -> Bar:
    listed = ", ".join([*(_name(code, names) for code in row["agencies"]), *row["users"]])
    proposed = row["lifting_proposed"]
    return Bar(
        id=row["id"],
        case=row["case"],
        kind=BAR_KINDS.get(row["kind"], in_words(row["kind"])),
        whom=f"Everybody except {listed}" if row["everyone_except"] else listed,
        what=_categories(row["categories"]),
        legal_reference=row["legal_reference"],
        custodian=f"{row['custodian']['name']}, {_name(row['custodian']['agency'], names)}",
        telephone=row["custodian"]["telephone"],
        reason=row["reason"],
        review_on=row["review_on"],
        overdue=row["overdue"],
        proposed=None if proposed is None else proposed["by"],
        proposed_because=None if proposed is None else proposed["reason"],
        lifted_at=row["lifted_at"],
        may=row["may"],
    )


def _name(code: str, names: Mapping[str, str]) -> str:
    return names.get(code) or in_words(code)


def _categories(categories: Sequence[str]) -> list[str]:
    return [CATEGORIES.get(one, in_words(one)) for one in categories]
