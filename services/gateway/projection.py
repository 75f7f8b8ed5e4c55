"""Projection (design 3.3, step 3): the answer is built from what is allowed, field by field. Pure.

Nothing is ever deleted from a full record: what no line here puts into the answer is not in it.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.gateway.placement import PLACEMENTS
from shared.disclosure import AgencyCard, Entry
from shared.vocabulary import Area, Level

Shown = dict[str, Any]
_AREAS = tuple(area.value for area in Area)


def project_entry(entry: Entry, level: Level) -> Shown | None:
    """One entry at one level; None below *summary* and for a kind that nobody placed."""
    placement = PLACEMENTS.get(entry["kind"])
    if placement is None or level < Level.SUMMARY:
        return None
    stored = entry["fields"]
    names = placement.summary if level == Level.SUMMARY else placement.all
    shown: Shown = {
        "id": entry["id"],
        "kind": entry["kind"],
        "level": level.word,
        "owner": entry["owner"],
        "categories": entry["categories"],
        "subjects": entry["subjects"],
        "recorded_at": entry["recorded_at"],
        "fields": {name: value for name in names if (value := stored.get(name)) is not None},
    }
    if entry.get("part_of") is not None:
        shown["part_of"] = entry["part_of"]
    if level == Level.FULL:
        shown["author"] = entry["author"]
        shown["etag"] = etag(entry)
        if entry["unanswered"]:
            shown["unanswered"] = True
    return shown


def etag(entry: Entry) -> str:
    """The entity tag of an entry, for those who see all of it: it changes when anything they see does."""
    digest = hashlib.blake2b(f"{entry['id']}|{entry['version']}".encode(), digest_size=12)
    return f'"{digest.hexdigest()}"'


def project_entries(entries: Sequence[Entry], levels: Sequence[Level]) -> dict[str, list[Shown]]:
    """The entries that may be seen, grouped by area; within an area oldest first."""
    areas: dict[str, list[Shown]] = {area: [] for area in _AREAS}
    for entry, level in zip(entries, levels, strict=True):
        shown = project_entry(entry, level)
        if shown is not None and entry["area"] in areas:
            areas[entry["area"]].append(shown)
    for shown_entries in areas.values():
        shown_entries.sort(key=lambda shown: (shown["recorded_at"], shown["id"]))
    return areas


def not_available(
    owners_and_levels: Iterable[tuple[str, Level]], agencies: Mapping[str, AgencyCard]
) -> list[Shown]:
    """One line per agency that holds something of which only the existence may be known (design 3.3).

    No id, category, area, count or date: only who holds something and whom to ask.
    """
    owners = sorted({owner for owner, level in owners_and_levels if level == Level.EXISTENCE})
    return [_whom_to_ask(owner, agencies.get(owner)) for owner in owners]


def _whom_to_ask(owner: str, agency: AgencyCard | None) -> Shown:
    name = agency.name if agency else owner
    telephone = agency.telephone if agency else None
    reach = f" on {telephone}" if telephone else ""
    return {
        "agency": owner,
        "name": name,
        "telephone": telephone,
        "ask": f"{name} holds more. Ask them{reach}, or ask the lead professional.",
    }


def person_card(person: str, entries: Sequence[Entry], levels: Sequence[Level]) -> Shown:
    """Who a view is about, from the newest name and birth that may be seen; null where none may.

    In a list the entries of assessments are labels without kind or content: nothing is taken from them.
    """
    card: Shown = {"id": person, "name": None, "date_of_birth": None, "expected_date_of_delivery": None}
    return card | {name: value for name, (value, _) in _said_of(person, entries, levels).items()}


def on_person_card(person: str, entries: Sequence[Entry], levels: Sequence[Level]) -> dict[str, str]:
    """By what stands on that card, the id of the entry that says it."""
    return {name: entry for name, (_, entry) in _said_of(person, entries, levels).items()}


def _said_of(person: str, entries: Sequence[Entry], levels: Sequence[Level]) -> dict[str, tuple[str, str]]:
    """What is said of who somebody is, as far as it may be seen, with the newest entry that says it."""
    both = zip(entries, levels, strict=True)
    naming = [pair for pair in both if pair[0].get("kind") in ("name", "birth")]
    said: dict[str, tuple[str, str]] = {}
    for entry, level in sorted(naming, key=lambda pair: pair[0]["recorded_at"]):
        if person in entry["subjects"]:
            fields = (project_entry(entry, level) or {"fields": {}})["fields"]
            dates = {name: fields.get(name) for name in ("date_of_birth", "expected_date_of_delivery")}
            values = {"name": _display_name(fields), **dates}
            said |= {name: (value, entry["id"]) for name, value in values.items() if value}
    return said


def _display_name(fields: Mapping[str, Any]) -> str | None:
    if fields.get("full_name_as_written"):
        return str(fields["full_name_as_written"])
    parts = [fields.get("given_names"), fields.get("family_name")]
    return " ".join(part for part in parts if part) or None


def lead_card(lead: Mapping[str, Any] | None) -> Shown | None:
    """The lead professional as everybody sees them to whom the case exists (design 3.5 b)."""
    if lead is None:
        return None
    return {name: lead[name] for name in ("user", "name", "agency", "job_title", "telephone", "since")}


def deputy_card(deputy: Mapping[str, Any] | None) -> Shown | None:
    """Who stands in for the lead today, as everybody sees the lead."""
    if deputy is None:
        return None
    names = ("user", "name", "agency", "job_title", "telephone", "since", "until")
    return {name: deputy[name] for name in names}


def nomination_card(nomination: Mapping[str, Any]) -> Shown:
    """A nomination without its reasons, which are for some alone (``services/gateway/nominations.py``)."""
    names = ("id", "user", "name", "agency", "state", "nominated_at", "answered_at")
    return {name: nomination[name] for name in names}


def roster(team: Iterable[Mapping[str, Any]]) -> list[Shown]:
    """The team with its dates, as everybody sees it to whom the case exists (design 3.5 b)."""
    names = ("id", "user", "name", "agency", "role", "job_title", "telephone", "since", "until")
    return [{name: member[name] for name in names} for member in team]


def timeline(areas: Mapping[str, Sequence[Shown]], bundle: Mapping[str, Any]) -> list[Shown]:
    """What happened, newest first: made only of what the composed view shows, so it can say no more."""
    happened = [
        {
            "at": shown["recorded_at"],
            "what": "recorded",
            "kind": shown["kind"],
            "entry": shown["id"],
            "owner": shown["owner"],
        }
        for entries in areas.values()
        for shown in entries
    ]
    for member in bundle["team"]:
        happened.append(_roster_event(member, "since", "joined_team"))
        if member["until"] is not None:
            happened.append(_roster_event(member, "until", "left_team"))
    for period in bundle["lead_history"]:
        happened.append(_roster_event(period, "since", "became_lead"))
        if period["until"] is not None:
            happened.append(_roster_event(period, "until", "ceased_to_lead"))
    return sorted(happened, key=moment_of, reverse=True)


def moment_of(event: Shown) -> tuple[str, ...]:
    """By what the events of a timeline are in order, oldest first."""
    told = event.get
    who_or_what = told("kind", ""), told("entry", ""), told("name", ""), told("agency", "")
    return event["at"], event["what"], *who_or_what


def told_apart(events: Iterable[Shown]) -> list[tuple[tuple[Any, ...], Shown]]:
    """Each event with what tells it from every other one. Two people of one name who join one agency in one
    moment are told of alike, so they are numbered."""
    alike: Counter[tuple[str, ...]] = Counter()
    found: list[tuple[tuple[Any, ...], Shown]] = []
    for event in events:
        moment = moment_of(event)
        found.append(((*moment, alike[moment]), event))
        alike[moment] += 1
    return found


def _roster_event(somebody: Mapping[str, Any], moment: str, what: str) -> Shown:
    return {"at": somebody[moment], "what": what, "name": somebody["name"], "agency": somebody["agency"]}
