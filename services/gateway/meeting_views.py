"""The shapes of answers about meetings, made of projected parts only. Pure.

Attendance is shown to whoever sees the meeting (design 3.5 b). A paper is an entry of the case: it is shown
as its reader may see it now, under an item that they see, and is not there for who may not see it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from services.gateway.disclose import Seen
from services.gateway.family_facts import may_be_named
from services.gateway.labels import Shows
from services.gateway.projection import Shown, project_entry
from services.gateway.rosters import roster_at
from services.gateway.views import footer, receipt_card
from services.gateway.wording import IN_THE_ROOM
from shared.disclosure import A_SERVICE, Entry
from shared.vocabulary import Category, Level, Purpose, Relationship, Role

_PARTS = ("agenda_item", "meeting_decision", "view_heard")
_INVITATION = ("id", "user", "name", "agency", "role", "state")
_OF_FAMILY = ("id", "person", "state")
_EXPECTED = frozenset({"invited", "accepted"})
_LIES_AHEAD = frozenset({"planned", "in_session"})
_OVER = frozenset({"held", "cancelled", "not_recorded"})

Standing = Mapping[str, Any]
"""How a meeting stands, as the case service has it."""


def family_known(seen: Seen, own: str | None) -> Collection[str]:
    """Of whom of the family whoever sees this is told that they are invited: of those whom they may name, and
    of themselves (``own``, where one of the family reads). Nobody who may not learn where the family is."""
    if seen.names_no_agency:
        return ()
    return may_be_named(seen) | ({own} if own is not None else set())


def told_of(seen: Seen, standing: Standing, agency: str, own: str | None = None) -> Standing:
    """How a meeting stands as its reader is told: whoever may not learn where the family is, of their own
    agency's people alone (``services/gateway/places.py``); the family of nobody who is held from them; and
    each of the family of those alone of whom they are told (``family_known``)."""
    known = family_known(seen, own)
    standing = {**standing, "family": [one for one in standing["family"] if one["person"] in known]}
    if not seen.names_no_agency and not seen.untold:
        return standing

    def is_told(whose: str) -> bool:
        return whose == agency if seen.names_no_agency else whose not in seen.untold

    chair = standing["chair"]
    return {
        **standing,
        "chair": chair if is_told(chair["agency"]) else {"user": "", "agency": A_SERVICE},
        "invitations": [one for one in standing["invitations"] if is_told(one["agency"])],
    }


def invited_to(standing: Mapping[str, Standing], person: str | None) -> set[str]:
    """The meetings to which somebody of the family is invited."""
    return {
        meeting
        for meeting, held in standing.items()
        if any(one["person"] == person for one in held["family"])
    }


def told_by_code(entry: Entry) -> bool:
    """Whether a meeting is told of to whoever comes by a code, which whoever gave it knows too: one that is a
    part of the plan and of nothing that is asked singly or about somebody's health."""
    return set(entry["categories"]) == {Category.PLAN}


def family_meetings(
    seen: Seen, standing: Mapping[str, Standing], person: str | None, shows: Shows
) -> list[Shown]:
    """The meetings to which somebody of the family is invited and which they see, by when they begin: when,
    where and of what kind, and what they said. Of who else is asked nothing."""
    lines = []
    for shown in _shown(seen, (entry for entry in seen.entries if shows(entry))):
        if shown["kind"] != "meeting" or shown["id"] not in standing:
            continue
        told = told_of(seen, standing[shown["id"]], "", person)
        lines += [_own_line(shown, told, one) for one in told["family"] if one["person"] == person]
    return sorted(lines, key=_begins)


_MAY_STILL_SAY = frozenset({"invited", "accepted", "apologies"})


def _own_line(shown: Shown, standing: Standing, invited: Mapping[str, Any]) -> Shown:
    return {
        "meeting": shown,
        "invitation": invited["id"],
        "said": invited["state"],
        "may_say": standing["state"] in _LIES_AHEAD and invited["state"] in _MAY_STILL_SAY,
    }


def meetings_view(seen: Seen, standing: Mapping[str, Standing], purpose: Purpose, notice: str) -> Shown:
    """Every meeting that the caller may see, by when it begins."""
    lines = [
        {"meeting": shown, **_attendance(standing[shown["id"]])}
        for shown in _shown(seen, (entry for entry in seen.entries if entry.get("kind") == "meeting"))
        if shown["id"] in standing
    ]
    lines.sort(key=_begins)
    return {"meetings": lines, "missed": missed_in_a_row(lines), **footer(seen, purpose, notice)}


def _begins(line: Shown) -> tuple[str, str]:
    return line["meeting"]["fields"].get("starts_at", ""), line["meeting"]["id"]


def missed_in_a_row(lines: Sequence[Shown]) -> list[Shown]:
    """Which agencies were invited to the latest of these meetings that were held and not there, apologies or
    none, and how often in a row: of what the caller sees, nothing more."""
    missed: dict[str, int] = {}
    came: set[str] = set()
    for line in reversed([line for line in lines if line["meeting"]["fields"].get("state") == "held"]):
        states: dict[str, set[str]] = {}
        for one in line["attendance"]:
            states.setdefault(one["agency"], set()).add(one["state"])
        came |= {agency for agency, said in states.items() if "present" in said}
        for agency in states.keys() - came:
            missed[agency] = missed.get(agency, 0) + 1
    return [{"agency": agency, "times": missed[agency]} for agency in sorted(missed)]


def shows_of(seen: Seen, meeting: str, held: Standing) -> Shows:
    """What an answer about one meeting shows, for somebody who sees this of the case."""
    papers = {
        paper
        for item, part in held["agenda"].items()
        if seen.entry(item) is not None
        for paper in part["papers"]
    }
    pledges = set(held["pledges"])

    def shows(entry: Entry) -> bool:
        return entry["id"] in papers | pledges | {meeting} or _belongs(entry, meeting)

    return shows


def _belongs(entry: Entry, meeting: str) -> bool:
    return entry.get("kind") in _PARTS and entry["fields"].get("meeting") == meeting


def meeting_view(seen: Seen, meeting: str, held: Standing, purpose: Purpose, notice: str) -> Shown:
    """One meeting with its agenda, papers, decisions, the views that were heard and what was pledged."""
    by_kind: dict[str, list[Shown]] = {kind: [] for kind in _PARTS}
    for shown in _shown(seen, (entry for entry in seen.entries if _belongs(entry, meeting))):
        by_kind[shown["kind"]].append(shown)
    papers = {shown["id"]: list(held["agenda"][shown["id"]]["papers"]) for shown in by_kind["agenda_item"]}
    wanted = {paper for under in papers.values() for paper in under}
    seen_papers = {shown["id"]: shown for shown in _by_id(seen, wanted)}
    agenda = [
        {"item": item, "papers": [paper for paper in papers[item["id"]] if paper in seen_papers]}
        for item in by_kind["agenda_item"]
    ]
    return {
        "meeting": next(iter(_by_id(seen, {meeting}))),
        **_attendance(held["meeting"]),
        "agenda": agenda,
        "papers": list(seen_papers.values()),
        "decisions": by_kind["meeting_decision"],
        "views_heard": by_kind["view_heard"],
        "pledges": list(_by_id(seen, set(held["pledges"]))),
        **footer(seen, purpose, notice),
    }


def _attendance(standing: Standing) -> Shown:
    return {
        "chair": {name: standing["chair"][name] for name in ("user", "agency")},
        "attendance": [{name: one[name] for name in _INVITATION} for one in standing["invitations"]],
        "family": [{name: one[name] for name in _OF_FAMILY} for one in standing["family"]],
    }


def _shown(seen: Seen, entries: Iterable[Entry]) -> list[Shown]:
    """These entries as the caller may see them, oldest first."""
    levels = {entry["id"]: level for entry, level in zip(seen.entries, seen.levels, strict=True)}
    found = [project_entry(entry, levels[entry["id"]]) for entry in entries]
    return sorted((one for one in found if one is not None), key=lambda one: (one["recorded_at"], one["id"]))


def _by_id(seen: Seen, ids: set[str]) -> list[Shown]:
    return _shown(seen, (entry for entry in seen.entries if entry["id"] in ids))


def seats_at(bundle: Mapping[str, Any], standing: Standing) -> list[dict[str, Any]]:
    """Who of which agency is there, or expected while the meeting lies ahead, each as they would ask about
    the case now."""
    team = {(seat["user"], seat["agency"]): seat for seat in roster_at(bundle, None)}
    agencies = {agency for _, agency in team}
    expected = _there(standing)
    return [
        {**_seat(one, team, agencies, standing["state"] in _OVER), "invitation": one["id"]}
        for one in standing["invitations"]
        if one["state"] in expected
    ]


def family_at(held: Standing) -> list[dict[str, Any]]:
    """Who of the family is there, or expected, with what each of them is to the people of the case."""
    standing = held["meeting"]
    return [
        {
            "person": one["person"],
            "relationships_by_subject": held["family"][one["person"]],
            "invitation": one["id"],
        }
        for one in standing["family"]
        if one["state"] in _there(standing)
    ]


def _there(standing: Standing) -> Collection[str]:
    return _EXPECTED if standing["state"] == "planned" else {"present"}


def _seat(
    one: Mapping[str, Any], team: Mapping[Any, Any], agencies: set[str], is_over: bool
) -> dict[str, Any]:
    seat = team.get((one["user"], one["agency"]))
    if seat is not None:
        return {name: seat[name] for name in ("user", "name", "agency", "role", "relationship")}
    word = Relationship.NONE if is_over else Relationship.CONSIDERING
    if one["role"] == Role.TEAM_MANAGER and one["agency"] in agencies:
        word = Relationship.SUPERVISOR
    return {name: one[name] for name in ("user", "name", "agency", "role")} | {"relationship": word.value}


def items_to_hear(seen: Seen, held: Standing) -> list[tuple[str, str]]:
    """What is talked about and the caller sees in full: each entry with the item that it belongs under."""
    found = []
    for item, part in sorted(held["agenda"].items()):
        if seen.entry(item) is None:
            continue
        for entry in (item, *part["papers"]):
            known = seen.entry(entry)
            if known is not None and known[1] == Level.FULL:
                found.append((entry, item))
    return found


def present_for(item: str, held: Standing, seats: Sequence[Mapping[str, Any]]) -> list[int]:
    """The places of those who are there for an item: a confidential one has its own attendance."""
    part = held["agenda"][item]
    has_own = part["confidential"] and held["meeting"]["state"] != "planned"
    return [place for place, seat in enumerate(seats) if not has_own or seat["invitation"] in part["present"]]


def room_view(
    meeting: str, items: Sequence[tuple[str, str]], told: Mapping[str, Any], purpose: Purpose, notice: str
) -> Shown:
    """Yes or no for each entry: whether everybody who is there for its item may see all of it."""
    return {
        "meeting": meeting,
        "entries": [
            {"entry": entry, "item": item, "everybody_may_see": heard}
            for (entry, item), heard in zip(items, told["heard"], strict=True)
            if heard is not None
        ],
        "limits": [IN_THE_ROOM],
        "notice": notice,
        "decision": receipt_card(told["receipt"], told["policy_version"], purpose),
    }
