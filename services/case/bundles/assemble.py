"""Putting a case or a person together for the gateway, out of what was read. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from itertools import pairwise
from typing import Any

from services.case.cases.lifecycle import NO_REVIEW
from services.case.cases.relationship import (
    Asked,
    Place,
    family_relationships,
    on_behalf_roles,
    relationship,
    strongest,
)
from services.case.people.ages import decides_from
from services.case.people.family_tree import Said, responsible_for
from shared.clock import rfc3339
from shared.disclosure import Entry
from shared.identity import Caller
from shared.records.cases import ClosureReason
from shared.vocabulary import Relationship, Role

SAYS_WHO_DECIDES = ("birth", "relationship")


@dataclass(frozen=True, slots=True)
class Deciding:
    """A birth or a relationship: it says who decides for somebody. ``said``: all it has, the oldest first."""

    kind: str
    said: Sequence[Said]

    @property
    def fields(self) -> Mapping[str, Any]:
        """What it says now."""
        return self.said[-1].fields

    def as_it_was(self, at: datetime) -> "Deciding | None":
        """The same without what has been said after a moment; None if nothing had been said by then."""
        said = [one for one in self.said if one.at <= at]
        return Deciding(self.kind, said) if said else None


DecidingFor = Mapping[str, Sequence[Deciding]]
"""By person what says who decides for them."""


@dataclass
class CaseParts:
    """What was read about one case: all of it first, and then it is asked. Rows have the names of their
    columns.

    ``members`` holds each stay on the team, ``nominations`` each time that one of them was asked to lead.
    """

    case: Any
    people: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    deciding: DecidingFor = field(default_factory=dict)
    members: dict[str, Any] = field(default_factory=dict)
    nominations: list[Any] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def add_subject(self, row: Any) -> None:
        """Somebody whom the case is about."""
        self.people.append(row.subject)

    def add_to_roster(self, row: Any) -> None:
        """A stay on the team, with a nomination and what came of it if there was one."""
        self.members.setdefault(row.id, row)
        if row.nomination is not None:
            self.nominations.append(row)

    @cached_property
    def leaderships(self) -> list[Any]:
        led = [row for row in self.nominations if row.lead_since is not None]
        return sorted(led, key=lambda row: (row.lead_since, row.lead_until is None, row.nomination))

    @property
    def nominations_in_order(self) -> list[Any]:
        return sorted(self.nominations, key=lambda row: (row.nominated_at, row.nomination))

    @property
    def is_open(self) -> bool:
        return bool(self.case.state == "open")

    @cached_property
    def leadership(self) -> Any | None:
        return next((row for row in self.leaderships if row.lead_until is None), None)

    @property
    def lead_is_away(self) -> bool:
        """Whether whoever leads cannot act: their case stands among those that nobody leads."""
        return self.leadership is not None and self.case.vacant_since is not None

    @property
    def deputy(self) -> Any | None:
        """Who stands in for the lead today; somebody who left the team does not."""
        member = None if self.case.deputy is None else self.members.get(self.case.deputy)
        return None if member is None or member.until is not None or self.leadership is None else member

    @cached_property
    def places(self) -> list[Place]:
        lead = self.leadership
        return [
            Place(row.user, row.agency, row.role, lead is not None and lead.id == row.id)
            for row in self.members.values()
            if row.until is None
        ]

    def relationship(self, caller: Caller) -> Relationship:
        return relationship(caller, self.places, self.asked)

    def on_behalf_roles(self, caller: Caller) -> tuple[str, ...]:
        return on_behalf_roles(caller, self.places)


@dataclass(slots=True)
class PersonParts:
    """What was read about one person; ``cases`` are those that they are a subject of."""

    person: str
    entries: list[Entry]
    cases: list[CaseParts]
    deciding: DecidingFor = field(default_factory=dict)


def case_bundle(parts: CaseParts, caller: Caller, today: date) -> dict[str, Any]:
    """All of a case, undecided (inside contract: ``GET /cases/{case}/bundle``)."""
    case = parts.case
    lead = _lead(parts)
    return {
        "case": {
            "id": case.id,
            "state": case.state,
            "opened_at": rfc3339(case.opened_at),
            "closed_at": moment(case.closed_at),
            "review_on": None if case.review_on == NO_REVIEW else case.review_on.isoformat(),
            "vacant_since": None if lead is not None else moment(case.vacant_since),
        },
        "person": case.person_id,
        **_people_part(
            parts.entries, _main_first(case.person_id, parts.people), parts.deciding, caller, today
        ),
        "relationship": str(parts.relationship(caller)),
        "on_behalf_roles": parts.on_behalf_roles(caller),
        "lead": lead,
        "deputy": _deputy(parts),
        "lead_history": [_past_or_present_lead(row) for row in parts.leaderships],
        "transferred_at": moment(_transferred_at(parts)),
        "today": today.isoformat(),
        "nominations": [_nomination(row) for row in parts.nominations_in_order],
        "team": [_member(row) for row in parts.members.values()],
    }


def _transferred_at(parts: CaseParts) -> datetime | None:
    """When a case was last transferred: its lead's agency changed by a handover, or it was opened again after
    the family had moved away (design 3.2: who took an answer then asks again)."""
    moments = [
        later.lead_since
        for earlier, later in pairwise(parts.leaderships)
        if earlier.lead_ended == "handover" and earlier.agency != later.agency
    ]
    episodes = [entry for entry in parts.entries if entry["kind"] in ("closure", "case_opening")]
    episodes.sort(key=lambda entry: entry["recorded_at"])
    for earlier, later in pairwise(episodes):
        moved = earlier["kind"] == "closure" and earlier["fields"]["reason"] == ClosureReason.MOVED_AWAY
        if moved and later["kind"] == "case_opening":
            moments.append(datetime.fromisoformat(later["recorded_at"]))
    return max(moments, default=None)


def person_bundle(parts: PersonParts, caller: Caller, today: date) -> dict[str, Any]:
    """All that is recorded about a person outside their cases, undecided."""
    related = [(case, case.relationship(caller)) for case in parts.cases]
    return {
        "case": None,
        "person": parts.person,
        "cases": [case.case.id for case, word in related if word is not Relationship.NONE],
        "through": [
            {"case": case.case.id, "relationship": str(word)}
            for case, word in related
            if case.is_open and word is not Relationship.NONE
        ],
        **_people_part(parts.entries, [parts.person], parts.deciding, caller, today),
        "relationship": str(strongest(word for case, word in related if case.is_open)),
        "on_behalf_roles": sorted(
            {r for case, _ in related if case.is_open for r in case.on_behalf_roles(caller)}
        ),
        "lead": None,
        "deputy": None,
        "lead_history": [],
        "nominations": [],
        "today": today.isoformat(),
        "team": [],
    }


def case_roster(parts: CaseParts, caller: Caller, today: date) -> dict[str, Any]:
    """A case without any content: what its entries are labelled with, and who stands in a relationship.

    ``readers`` are those on the team; without a name, the managers and systems of their agencies, and (of no
    agency that is known here) the members of the family whom somebody recorded as related.
    """
    people = _main_first(parts.case.person_id, parts.people)
    shown = _people_part(parts.entries, people, parts.deciding, caller, today)
    return {
        "case": {"id": parts.case.id},
        "subjects": shown["subjects"],
        "entries": [_without_content(entry) for entry in parts.entries],
        "readers": [*_workers(parts), *_family(people, parts.entries, today)],
    }


def _without_content(entry: Entry) -> dict[str, Any]:
    kept = ("id", "owner", "accountable", "categories", "subjects", "unanswered", "draft", "locates")
    return {name: value for name, value in entry.items() if name in kept}


def _workers(parts: CaseParts) -> list[dict[str, Any]]:
    """Everybody on the team now, and once for each agency whoever manages there and its system."""
    team = [row for row in parts.members.values() if row.until is None]
    stands = [Caller(row.user, "", row.agency, row.role) for row in team]
    for agency in {row.agency: None for row in team}:
        stands += [Caller("", "", agency, role) for role in (Role.TEAM_MANAGER, Role.AGENCY_SYSTEM)]
    stands += [Caller(one.user or "", "", one.agency, one.role) for one in parts.asked]
    return [
        _reader(caller.user, caller.agency, caller.role, parts.relationship(caller), {}) for caller in stands
    ]


def _family(people: list[str], entries: list[Entry], today: date) -> list[dict[str, Any]]:
    related = [entry["fields"] for entry in entries if entry["kind"] == "relationship"]
    adults = {fields["from_person"]: None for fields in related}
    readers = []
    for person in dict.fromkeys([*people, *adults]):
        caller = Caller("", "", "", Role.FAMILY_MEMBER, person)
        words = family_relationships(caller, people, related, today)
        if words:
            readers.append(_reader("", "", Role.FAMILY_MEMBER, Relationship.NONE, words))
    return readers


def _reader(
    user: str, agency: str, role: str, relationship: str, by_subject: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "user": user,
        "agency": agency,
        "role": str(role),
        "relationship": str(relationship),
        "by_subject": {subject: str(word) for subject, word in by_subject.items()},
    }


def entry_bundle(
    case: str | None, at: datetime, entry: Entry, deciding: DecidingFor, related: Mapping[str, str]
) -> dict[str, Any]:
    """An entry by itself, undecided, as the agency to which it was sent finds it: of its case only the id."""
    return {
        "case": None if case is None else {"id": case},
        "at": rfc3339(at),
        "relationship": related.get(case, str(Relationship.NONE)) if case else str(Relationship.NONE),
        "relationships_by_subject": {},
        "subjects": [subject_of(person, deciding) for person in entry["subjects"]],
        "lead": None,
        "entries": [entry],
    }


def open_case_card(parts: CaseParts, caller: Caller) -> dict[str, Any]:
    """What a search tells of a case: that it is open, and whom to ring (design 3.5 a); with what the caller
    has to do with it."""
    known = {"id": parts.case.id, "relationship": str(parts.relationship(caller))}
    in_charge = parts.deputy if parts.lead_is_away else parts.leadership
    if in_charge is None:
        return {**known, "lead": None}
    card = _lead_card(in_charge)
    return {**known, "lead": {name: card[name] for name in ("name", "agency", "telephone")}}


def _people_part(
    entries: list[Entry],
    people: list[str],
    deciding: DecidingFor,
    caller: Caller,
    today: date,
) -> dict[str, Any]:
    others = {person for entry in entries for person in entry["subjects"]}.difference(people)
    related = [entry["fields"] for entry in entries if entry["kind"] == "relationship"]
    return {
        "people": people,
        "subjects": [subject_of(person, deciding) for person in [*people, *sorted(others)]],
        "relationships_by_subject": family_relationships(caller, people, related, today),
        "entries": entries,
    }


def subject_of(person: str, deciding: DecidingFor) -> dict[str, Any]:
    """Somebody whom entries are about: from when they decide, and until then who is responsible for them."""
    told = deciding.get(person, ())
    births = (one.fields for one in told if one.kind == "birth")
    related = (one.said for one in told if one.kind == "relationship")
    return {
        "id": person,
        "decides_from": _start_of(decides_from(births)),
        "responsible": [
            {
                "adult": one.adult,
                "recorded_at": rfc3339(one.at),
                "recorded_for": one.by,
                "since": _start_of(one.start),
                "until": _start_of(one.end),
            }
            for one in responsible_for(person, related)
        ],
    }


def _main_first(main: str, people: list[str]) -> list[str]:
    return [main, *(person for person in people if person != main)]


def _start_of(day: date | None) -> str | None:
    return None if day is None else rfc3339(datetime.combine(day, time(), UTC))


def moment(at: datetime | None) -> str | None:
    return None if at is None else rfc3339(at)


def _lead_card(row: Any) -> dict[str, Any]:
    return {
        "user": row.user,
        "name": row.name,
        "agency": row.agency,
        "job_title": row.job_title,
        "telephone": row.telephone,
    }


def _present_lead(row: Any) -> dict[str, Any]:
    return {**_lead_card(row), "since": rfc3339(row.lead_since)}


def _lead(parts: CaseParts) -> dict[str, Any] | None:
    """Who is in charge. While a lead cannot act nobody is; who stands in for them is rung instead."""
    lead = parts.leadership
    if lead is None or (parts.lead_is_away and parts.deputy is None):
        return None
    away = {"telephone": None, "away": True} if parts.lead_is_away else {}
    return {**_present_lead(lead), **away}


def _past_or_present_lead(row: Any) -> dict[str, Any]:
    return {**_present_lead(row), "until": moment(row.lead_until), "reason": row.lead_ended}


def _nomination(row: Any) -> dict[str, Any]:
    return {
        "id": row.nomination,
        "user": row.user,
        "name": row.name,
        "agency": row.agency,
        "state": row.state,
        "nominated_at": rfc3339(row.nominated_at),
        "nominated_by_agency": row.nominated_by_agency,
        "answered_at": moment(row.answered_at),
        "reason": row.reason,
        "nominated_by": row.nominated_by,
        "nominated_by_user": row.nominated_by_user,
        "exceeds_cap_because": row.exceeds_cap_because,
        "objected_at": moment(row.objected_at),
        "objection": row.objection,
    }


def _deputy(parts: CaseParts) -> dict[str, Any] | None:
    case, member = parts.case, parts.deputy
    if member is None:
        return None
    days = {"since": case.deputy_since.isoformat(), "until": case.deputy_until.isoformat()}
    return {**_lead_card(member), **days}


def _member(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "user": row.user,
        "name": row.name,
        "agency": row.agency,
        "role": row.role,
        "job_title": row.job_title,
        "telephone": row.telephone,
        "since": rfc3339(row.since),
        "until": moment(row.until),
    }
