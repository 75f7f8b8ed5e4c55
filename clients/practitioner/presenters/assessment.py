"""What the pages of an assessment show: its sections, what is recorded, and what may be done: pure."""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.presenters.assessment_forms import UNDER_ELEMENTS, VOICES, Around
from clients.practitioner.presenters.permissions import people_of
from clients.practitioner.presenters.recorded import Item, Reading
from clients.practitioner.words import day, in_words
from shared.vocabulary import Deed

Json = Mapping[str, Any]
ONE_OF = frozenset({"conclusion", "review"})
"""What an assessment has at most one of; the service that makes the assessment records it."""
_BEFORE = (
    "assessment",
    "checklist",
    "people_present",
    "assessor",
    "parent_or_carer",
    "home_situation",
    "service_with_family",
)
_AFTER = ("conclusion", "agreed_action", "goal", "review")
_VOICE_TITLES = {
    "words-of-child": "What the child or young person says",
    "words-of-parent": "What the parents or carers say",
}
_ADDED = {
    "strength": "Add a strength",
    "need": "Add a need",
    "comment": "Add their words",
    "conclusion": "Say what you conclude",
    "agreed_action": "Add an action",
    "review": "Set the review",
    "checklist": "Answer the questions",
    "people_present": "Say who was there",
    "home_situation": "Describe the family and home",
    "service_with_family": "Add a service",
    "parent_or_carer": "Add a parent or carer",
    "assessor": "Add an assessor",
    "goal": "Add a goal",
}
_STATES = {
    "draft": "Being written",
    "signed": "Signed",
    "superseded": "Replaced by a newer version",
}


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    title: str
    help: str
    address: str
    items: Sequence[Item]
    adds: Sequence[tuple[str, str]]
    """What may be added here: (words, address)."""

    @property
    def status(self) -> str:
        return f"{len(self.items)} recorded" if self.items else "Nothing yet"

    @property
    def is_open(self) -> bool:
        """Whether the sensitive question of something in it waits for its answer."""
        return any(item.unanswered for item in self.items)


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    sections: Sequence[Section]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One assessment. ``may_write``: it is a draft and the reader works on the case; ``may_sign`` and
    ``may_amend``: their service makes it. ``nobody_heard``: it was signed without the words of the child."""

    id: str
    address: str
    title: str
    state: str
    person: str
    started_on: str
    signed: str
    groups: Sequence[Group]
    may_write: bool
    may_sign: bool
    may_amend: bool
    nobody_heard: bool
    reading: Reading

    def sections(self) -> list[Section]:
        return [section for group in self.groups for section in group.sections]

    def section(self, code: str) -> Section | None:
        return next((section for section in self.sections() if section.code == code), None)

    def after(self, code: str) -> Section | None:
        """The section that comes next."""
        codes = [section.code for section in self.sections()]
        place = codes.index(code) + 1
        return self.sections()[place] if place < len(codes) else None


def around(view: Json, person: str, names: Mapping[str, str]) -> Around:
    """Who and what a form of this case may name; the agencies of the team stand first."""
    team = view["header"]["team"]
    at_work = {member["agency"] for member in team}
    agencies = sorted(names.items(), key=lambda one: (one[0] not in at_work, one[1]))
    seats = [
        (member["id"], f"{member['name']}, {names.get(member['agency']) or member['agency']}")
        for member in team
    ]
    return Around(person, people_of(view), seats, agencies)


def entries_of(view: Json, assessment: str) -> list[Json]:
    """What the composed view shows of one assessment, its cover first."""
    found = [
        entry for entry in view["areas"]["assessment"] if assessment in (entry["id"], entry.get("part_of"))
    ]
    return sorted(found, key=lambda entry: entry["id"] != assessment)


def may_do(view: Json) -> Sequence[str]:
    """What the API says that the reader may do there; in a case that is closed nothing is written."""
    offered: Sequence[str] = view["may"] if view["header"]["state"] == "open" else ()
    return offered


def sheet_of(
    view: Json, entries: Sequence[Json], instrument: Json, names: Mapping[str, str], agency: str | None
) -> Sheet:
    """One assessment for one reader; its cover stands first among ``entries``."""
    cover = entries[0]
    fields, case = cover["fields"], view["id"]
    may = may_do(view)
    is_own = cover["owner"] == agency
    may_write = Deed.CONTRIBUTE in may and fields.get("state") == "draft"
    reading = Reading(
        f"/cases/{case}/assessments/{cover['id']}",
        instrument,
        names,
        _people_and_seats(view),
        agency,
        may_write,
    )
    signed = (
        f"{day(fields['signed_on'])}{' by ' + fields['signed_by'] if 'signed_by' in fields else ''}"
        if "signed_on" in fields
        else ""
    )
    return Sheet(
        id=cover["id"],
        address=reading.address,
        title=fields.get("instrument_title", "Assessment"),
        state=_STATES.get(fields.get("state", ""), ""),
        person=next(iter(cover["subjects"]), ""),
        started_on=fields.get("started_on", ""),
        signed=signed,
        groups=_groups(reading, is_own, entries),
        may_write=may_write,
        may_sign=may_write and is_own and Deed.SIGN_ASSESSMENT in may,
        may_amend=Deed.CONTRIBUTE in may and is_own and fields.get("state") == "signed",
        nobody_heard=bool(signed) and "no_voice_reason" in fields,
        reading=reading,
    )


def _people_and_seats(view: Json) -> Mapping[str, str]:
    return {**people_of(view), **{member["id"]: member["name"] for member in view["header"]["team"]}}


def _groups(reading: Reading, is_own: bool, entries: Sequence[Json]) -> list[Group]:
    parts = {part["kind"]: part for part in reading.instrument["parts"]}

    def section(code: str, title: str, help: str, kinds: Sequence[str], found: Sequence[Json]) -> Section:
        address = f"{reading.address}/about/{code}"
        adds = [(_ADDED[kind], f"{address}/{kind}") for kind in kinds if may_add(kind, found)]
        return Section(code, title, help, address, [reading.item(one) for one in found], adds)

    def may_add(kind: str, found: Sequence[Json]) -> bool:
        if not reading.may_write or kind == "assessment":
            return False
        return kind not in ONE_OF or (is_own and not found)

    def part(kind: str) -> Section:
        found = [entry for entry in entries if entry["kind"] == kind]
        return section(kind, parts[kind]["title"], parts[kind]["help"], [kind], found)

    def element(one: Json) -> Section:
        found = [
            e for e in entries if e["kind"] in UNDER_ELEMENTS and e["fields"].get("element") == one["code"]
        ]
        return section(one["code"], one["title"], one["help"], UNDER_ELEMENTS, found)

    def voice(code: str) -> Section:
        found = [e for e in entries if e["kind"] == "comment" and e["fields"].get("voice_of") == VOICES[code]]
        return section(code, _VOICE_TITLES[code], parts["comment"]["help"], ["comment"], found)

    domains = [
        Group(domain["title"], [element(one) for one in domain["elements"]])
        for domain in reading.instrument["domains"]
    ]
    return [
        Group("To begin with", [part(kind) for kind in _BEFORE]),
        *domains,
        Group("In their own words", [voice(code) for code in VOICES]),
        Group("What follows from it", [part(kind) for kind in _AFTER]),
    ]


def policy_for(page: bytes) -> str:
    """The Content Security Policy of a page for paper: its own one style sheet, and nothing else."""
    styles = re.findall(rb"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(styles[0] if styles else b"").digest()).decode()
    of_style = f"style-src 'sha256-{digest}'"
    return f"default-src 'none'; {of_style}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class CoverLine:
    """One assessment in the list of a case."""

    address: str
    title: str
    state: str
    started_on: str
    signed_on: str | None
    service: str


def covers_of(view: Json, names: Mapping[str, str]) -> list[CoverLine]:
    """The assessments that the composed view shows, the newest first."""
    covers = [entry for entry in view["areas"]["assessment"] if entry["kind"] == "assessment"]
    return [_cover(view["id"], entry, names) for entry in reversed(covers)]


def _cover(case: str, entry: Json, names: Mapping[str, str]) -> CoverLine:
    fields = entry["fields"]
    return CoverLine(
        address=f"/cases/{case}/assessments/{entry['id']}",
        title=fields.get("instrument_title", "Assessment"),
        state=_STATES.get(fields.get("state", ""), ""),
        started_on=fields.get("started_on", ""),
        signed_on=fields.get("signed_on"),
        service=names.get(entry["owner"]) or in_words(entry["owner"]),
    )
