"""What the pages of meetings show: when, who is there, the papers as this reader may see them, what was
decided and pledged, and what may be done. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clients.practitioner.offers import may_while_open
from clients.practitioner.presenters.permissions import people_of
from clients.practitioner.words import in_words
from shared.records.meetings import ATTENDANCE_OPENS
from shared.vocabulary import Deed

Json = Mapping[str, Any]
KINDS: Mapping[str, str] = {
    "team_meeting": "Team meeting",
    "case_conference": "Case conference",
    "panel": "Panel",
}
_STATES = {
    "planned": "Planned",
    "in_session": "Going on",
    "held": "Over",
    "cancelled": "Does not take place",
    "not_recorded": "Over, and nothing was recorded",
}
_COMING = {
    "invited": "Invited",
    "accepted": "Will come",
    "apologies": "Sends apologies",
    "present": "There",
    "absent": "Not there",
    "cancelled": "Cancelled",
}
_WHOSE = {
    "child_or_young_person": "The child or young person",
    "adult": "The adult",
    "parent_or_carer": "A parent or carer",
    "other_family": "Others of the family",
}
WHOSE: Sequence[tuple[str, str]] = (("", "Nobody of the family was heard"), *_WHOSE.items())
_PLEDGES = {
    "pledged": "Pledged",
    "delivered": "They say that it is done",
    "kept": "Kept",
    "missed": "Not kept",
    "declined": "Declined",
    "ended": "Ended",
}


@dataclass(frozen=True, slots=True)
class Line:
    id: str
    title: str
    kind: str
    starts_at: str
    state: str
    coming: str


@dataclass(frozen=True, slots=True)
class Invited:
    id: str
    name: str
    service: str
    state: str
    is_there: bool
    may_answer: bool


@dataclass(frozen=True, slots=True)
class OfFamily:
    id: str
    name: str
    state: str
    is_there: bool
    may_send_word: bool


@dataclass(frozen=True, slots=True)
class Paper:
    heading: str
    text: Sequence[str]
    service: str


@dataclass(frozen=True, slots=True)
class Item:
    id: str
    topic: str
    note: str | None
    confidential: bool
    papers: Sequence[Paper]


@dataclass(frozen=True, slots=True)
class Decision:
    decision: str
    reasons: str | None
    views: Sequence[tuple[str, str]]
    nobody_heard: str | None


@dataclass(frozen=True, slots=True)
class Pledge:
    id: str
    what: str
    service: str
    by_when: str | None
    state: str
    what_happened: str | None
    may_say: bool


@dataclass(frozen=True, slots=True)
class MeetingPage:
    id: str
    title: str
    kind: str
    starts_at: str
    place: str | None
    state: str
    cancelled_because: str | None
    invited: Sequence[Invited]
    family: Sequence[OfFamily]
    agenda: Sequence[Item]
    decisions: Sequence[Decision]
    pledges: Sequence[Pledge]
    may_invite: bool
    may_invite_family: bool
    may_add_items: bool
    may_say_who_is_there: bool
    may_decide: bool
    may_close: bool
    may_cancel: bool
    is_in_the_chair: bool
    may_name_chair: bool


def lines_of(answer: Json) -> list[Line]:
    """The lines of ``GET …/meetings``, the latest first."""
    return [_line(one) for one in reversed(answer["meetings"]) if one["meeting"]["fields"]]


def missed_of(answer: Json, names: Mapping[str, str]) -> list[str]:
    """Which services were missing again and again, in a sentence each."""
    return [
        f"{names.get(one['agency']) or in_words(one['agency'])} was not at the last {one['times']} meetings."
        for one in answer["missed"]
        if one["times"] > 1
    ]


def _line(one: Json) -> Line:
    fields = one["meeting"]["fields"]
    states = [invited["state"] for invited in (*one["attendance"], *one["family"])]
    there = sum(state in ("present", "accepted") for state in states)
    kind = KINDS.get(fields["meeting_kind"]) or in_words(fields["meeting_kind"])
    return Line(
        id=one["meeting"]["id"],
        title=fields.get("title") or kind,
        kind=kind,
        starts_at=fields["starts_at"],
        state=_STATES.get(fields["state"]) or in_words(fields["state"]),
        coming=f"{there} of {len(states)} invited" if states else "Nobody invited yet",
    )


def meeting_page_of(
    answer: Json,
    view: Json,
    names: Mapping[str, str],
    user: str | None,
    agency: str | None,
    now: datetime,
) -> MeetingPage:
    """The page from ``GET …/meetings/{meeting}`` and ``GET /v1/cases/{case}``. In a case that is closed a
    meeting is brought to its end, and no more is done in it."""
    fields, people, may = answer["meeting"]["fields"], people_of(view), may_while_open(view)
    state, arranges = fields["state"], Deed.ARRANGE_MEETING in may
    ends = Deed.ARRANGE_MEETING in view["may"]
    ahead, going = state == "planned", state == "in_session"
    kind = KINDS.get(fields["meeting_kind"]) or in_words(fields["meeting_kind"])
    papers = {one["id"]: _paper(one, names) for one in answer["papers"]}
    return MeetingPage(
        id=answer["meeting"]["id"],
        title=fields.get("title") or kind,
        kind=kind,
        starts_at=fields["starts_at"],
        place=fields.get("place"),
        state=_STATES.get(state) or in_words(state),
        cancelled_because=fields.get("cancelled_because"),
        invited=[_invited(one, names, user, agency, ahead) for one in answer["attendance"]],
        family=[_of_family(one, people, arranges and ahead) for one in answer["family"]],
        agenda=[_item(one, papers) for one in answer["agenda"]],
        decisions=[_decision(one, answer["views_heard"], names) for one in answer["decisions"]],
        pledges=[_pledge(one, names, may, agency) for one in answer["pledges"]],
        may_invite=Deed.INVITE in may and (ahead or going),
        may_invite_family=arranges and (ahead or going),
        may_add_items=arranges and (ahead or going),
        may_say_who_is_there=arranges
        and (going or state == "not_recorded" or (ahead and _begins_soon(fields["starts_at"], now))),
        may_decide=arranges and (going or state == "held"),
        may_close=ends and going,
        may_cancel=ends and (ahead or state == "not_recorded"),
        is_in_the_chair=(answer["chair"]["user"], answer["chair"]["agency"]) == (user, agency),
        may_name_chair=Deed.NAME_CHAIR in may and (ahead or going or state == "not_recorded"),
    )


@dataclass(frozen=True, slots=True)
class Heard:
    """What the chair reads of one item: whether everybody who is there for it may see it too."""

    topic: str
    what: str
    may_be_said: bool


def heard_of(room: Json, answer: Json, names: Mapping[str, str]) -> list[Heard]:
    """The lines of ``GET …/room``, in the words of ``GET …/meetings/{meeting}``: yes or no, and not who."""
    items = [one["item"] for one in answer["agenda"]]
    topics = {one["id"]: one["fields"].get("topic") or "An item" for one in items}
    papers = {one["id"]: _paper(one, names).heading for one in answer["papers"]}
    return [
        Heard(
            topic=topics.get(line["item"], "An item"),
            what="The item itself" if line["entry"] == line["item"] else papers.get(line["entry"], "A paper"),
            may_be_said=line["everybody_may_see"],
        )
        for line in room["entries"]
    ]


def _begins_soon(starts_at: str, now: datetime) -> bool:
    return datetime.fromisoformat(starts_at) - now <= ATTENDANCE_OPENS


def _invited(
    one: Json, names: Mapping[str, str], user: str | None, agency: str | None, ahead: bool
) -> Invited:
    is_mine = (one["user"], one["agency"]) == (user, agency)
    return Invited(
        id=one["id"],
        name=one["name"],
        service=names.get(one["agency"]) or in_words(one["agency"]),
        state=_COMING.get(one["state"]) or in_words(one["state"]),
        is_there=one["state"] == "present",
        may_answer=is_mine and ahead and one["state"] == "invited",
    )


def _of_family(one: Json, people: Mapping[str, str], may_send_word: bool) -> OfFamily:
    return OfFamily(
        id=one["id"],
        name=people.get(one["person"], "Somebody"),
        state=_COMING.get(one["state"]) or in_words(one["state"]),
        is_there=one["state"] == "present",
        may_send_word=may_send_word,
    )


def _item(one: Json, papers: Mapping[str, Paper]) -> Item:
    fields = one["item"]["fields"]
    return Item(
        id=one["item"]["id"],
        topic=fields.get("topic") or "Something that you may not read",
        note=fields.get("note"),
        confidential=bool(fields.get("confidential")),
        papers=[papers[paper] for paper in one["papers"] if paper in papers],
    )


_HEADINGS = ("headline", "action", "desired_outcome", "goal", "text", "topic", "title")
_TEXTS = ("narrative", "desired_outcome", "what_came_of_it", "note", "outcome", "evidence")


def _paper(one: Json, names: Mapping[str, str]) -> Paper:
    """An entry as a paper: what it says first, then the rest, of what its reader is shown."""
    fields = one["fields"]
    heading = next((name for name in _HEADINGS if fields.get(name)), None)
    texts = [str(fields[name]) for name in _TEXTS if fields.get(name) and name != heading]
    return Paper(
        heading=str(fields[heading]) if heading else in_words(one["kind"]),
        text=texts,
        service=names.get(one["owner"]) or in_words(one["owner"]),
    )


def _decision(one: Json, heard: Sequence[Json], names: Mapping[str, str]) -> Decision:
    fields = one["fields"]
    views = [view["fields"] for view in heard if view["fields"].get("decision") == one["id"]]
    return Decision(
        decision=fields.get("decision") or "Something was decided that you may not read",
        reasons=fields.get("reasons"),
        views=[(_whose(view, names), view["view"]) for view in views if "view" in view],
        nobody_heard=fields.get("no_family_view_because"),
    )


def _whose(view: Json, names: Mapping[str, str]) -> str:
    agency = view.get("agency")
    if agency:
        return names.get(agency) or in_words(agency)
    return _WHOSE.get(view["whose"]) or in_words(view["whose"])


def _pledge(one: Json, names: Mapping[str, str], may: Sequence[str], agency: str | None) -> Pledge:
    fields = one["fields"]
    accountable = fields.get("accountable", one["owner"])
    state = fields.get("pledge", "pledged")
    return Pledge(
        id=one["id"],
        what=fields.get("action") or fields.get("desired_outcome") or "Details not shown",
        service=names.get(accountable) or in_words(accountable),
        by_when=fields.get("by_when"),
        state=_PLEDGES.get(state) or in_words(state),
        what_happened=fields.get("what_happened"),
        may_say=Deed.SAY_WHAT_BECAME in may and accountable != agency and state in ("pledged", "delivered"),
    )


@dataclass(frozen=True, slots=True)
class PledgeLine:
    """A pledge among those of every meeting. ``late_days``: how long it is overdue, 0 where it is not."""

    pledge: Pledge
    meeting: str | None
    late_days: int


def pledges_of(
    answer: Json, names: Mapping[str, str], may: Sequence[str], agency: str | None
) -> list[PledgeLine]:
    """The pledges of ``GET …/pledges``, the most overdue first, then by the day on which they are due."""
    found = [
        PledgeLine(
            _pledge(line["pledge"], names, may, agency),
            line["pledge"]["fields"].get("agreed_at"),
            line["late_days"] if line["standing"] == "late" else 0,
        )
        for line in answer["pledges"]
    ]
    return sorted(found, key=lambda one: (-one.late_days, one.pledge.by_when or "9999"))


def papers_to_choose(view: Json) -> list[tuple[str, str]]:
    """The entries of a case that may be put on an agenda, by what they say: of assessment and plan."""
    found = []
    for area in ("assessment", "plan"):
        for one in view["areas"][area]:
            paper = _paper(one, {})
            if paper.heading != in_words(one["kind"]):
                found.append((one["id"], f"{paper.heading[:120]} ({in_words(one['kind']).lower()})"))
    return found
