"""Who was on the team at a moment, with their relationship then, and who of it is told. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from shared.disclosure import AgencyCard, LeftAsk, Untold
from shared.seats import TO_WHAT_IS_OWED, through_seat

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
            relationship = through_seat(member["role"], member["role"], leads=place in leads)
            seat = {name: member[name] for name in _PARTS} | {"relationship": relationship.value}
            seats.setdefault(place, seat)
    return list(seats.values())


def who_is_owed_alone(
    bundle: Mapping[str, Any] | None, entry: str, at: datetime | None
) -> list[dict[str, Any]]:
    """Of an action whose agency has nobody on the team, who of that agency reads it by itself (decision 40),
    by their role; nobody of anything else."""
    owed = [
        one for one in (bundle or {}).get("entries", ()) if one["id"] == entry and one["kind"] == "action"
    ]
    agency = owed[0]["accountable"] if owed else None
    if bundle is None or agency is None or any(seat["agency"] == agency for seat in roster_at(bundle, at)):
        return []
    if not _is_owed(bundle["case"], owed[0], at):
        return []
    return [
        {"user": "", "name": "", "agency": agency, "role": role, "relationship": relationship.value}
        for role, relationship in TO_WHAT_IS_OWED.items()
    ]


def _is_owed(case: Mapping[str, Any], action: Mapping[str, Any], at: datetime | None) -> bool:
    if at is None:
        return bool(case["state"] == "open" and action["fields"]["status"] != "ended")
    closed = case["closed_at"]
    recorded = datetime.fromisoformat(action["recorded_at"]) <= at
    return recorded and (closed is None or at < datetime.fromisoformat(closed))


def what_is_left(bundle: Mapping[str, Any], agency: str) -> LeftAsk | None:
    """Of a case that nobody is on the team of any more, what is known of it and of this agency; None where
    somebody is. The first place on a team is that of whoever opened the case."""
    team = bundle["team"]
    if bundle["case"] is None or any(member["until"] is None for member in team):
        return None
    agencies = [member["agency"] for member in sorted(team, key=lambda member: member["since"])]
    return LeftAsk(
        state=bundle["case"]["state"], was_there=agency in agencies, opened_it=agencies[:1] == [agency]
    )


def to_be_rung(bundle: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Who is shown with a telephone to whoever is to ask them: the lead unless they are away, who stands in,
    and the leads that a search tells of."""
    shown = [bundle["lead"], bundle.get("deputy"), *(case["lead"] for case in bundle.get("open_cases", ()))]
    return [somebody for somebody in shown if somebody is not None and not somebody.get("away")]


def reachable(bundle: Mapping[str, Any], agencies: Mapping[str, AgencyCard]) -> dict[str, Any]:
    """The bundle with the telephone of their agency for each of these who was recorded without one."""

    def rung(somebody: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        if somebody is None or somebody["telephone"] is not None or somebody.get("away"):
            return somebody
        if somebody["agency"] not in agencies:
            return somebody
        return {**somebody, "telephone": agencies[somebody["agency"]].telephone}

    told: dict[str, Any] = {name: rung(bundle[name]) for name in ("lead", "deputy") if name in bundle}
    if "open_cases" in bundle:
        told["open_cases"] = [{**case, "lead": rung(case["lead"])} for case in bundle["open_cases"]]
    return {**bundle, **told}


def told_to_family(team: Iterable[Mapping[str, Any]], untold: Iterable[Untold]) -> list[Mapping[str, Any]]:
    """The team without those who joined it only under an override that is held from the family."""
    return [member for member in team if not any(_joined_in(member, span) for span in untold)]


def nominations_told(
    nominations: Iterable[Mapping[str, Any]], untold: Iterable[Untold]
) -> list[Mapping[str, Any]]:
    """Who was asked to lead, without those of such an agency who never did: a lead the family knows."""
    agencies = {span.agency for span in untold}
    return [one for one in nominations if one["state"] == "accepted" or one["agency"] not in agencies]


def _joined_in(member: Mapping[str, Any], span: Untold) -> bool:
    joined = datetime.fromisoformat(member["since"])
    within = span.since <= joined and (span.until is None or joined < span.until)
    return bool(member["agency"] == span.agency) and within


def _covers(period: Mapping[str, Any], at: datetime | None) -> bool:
    since, until = period["since"], period["until"]
    if at is None:
        return until is None
    return datetime.fromisoformat(since) <= at and (until is None or at < datetime.fromisoformat(until))
