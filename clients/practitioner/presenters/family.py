"""What the family's sheet shows, in plain words: pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from clients.practitioner.presenters.asking import COUNCIL, in_everyday_words
from clients.practitioner.presenters.case import Agreed, Colleague, case_page_of
from clients.practitioner.presenters.permissions import (
    Permission,
    people_of,
    permissions_of,
    taken_back_sentence,
)
from clients.practitioner.words import LONDON, in_words, listed, moment
from shared.vocabulary import Category

Json = Mapping[str, Any]
UNNAMED = "somebody whose name is not shown"
_UNNAMED = {
    "parent": "a parent",
    "carer_with_parental_responsibility": "a carer",
    "young_person": "the young person",
    "attorney": "somebody who may answer",
    "deputy": "somebody who may answer",
    "best_interests": "those who decide what is best",
    COUNCIL: "the council",
}
"""What somebody is whose name the reader may not know."""


YOU = "you"
_SAID = {
    ("share", True): "Yes to sharing about",
    ("share", False): "No to sharing about",
    ("take_part", True): "Yes to help from the team for",
    ("take_part", False): "No to help from the team for",
}


@dataclass(frozen=True, slots=True)
class Kinds:
    """Kinds of things about somebody that a service can see, and why; ``in_short``: not all of it."""

    about: str
    things: Sequence[str]
    in_short: bool
    why: str
    until: str | None


@dataclass(frozen=True, slots=True)
class Sees:
    """What one service can see in what other services wrote."""

    service: str
    kinds: Sequence[Kinds]


@dataclass(frozen=True, slots=True)
class LookedAt:
    at: str
    service: str
    sentence: str
    why: str


@dataclass(frozen=True, slots=True)
class InvitedTo:
    """A meeting that lies ahead, to which the reader is invited; ``said`` is what they said so far."""

    id: str
    invitation: str
    kind: str
    starts_at: str
    place: str | None
    said: str
    called_off: bool
    may_say: bool


@dataclass(frozen=True, slots=True)
class PageOf:
    """One of somebody's own pages: whom it is about; ``over``: the help has ended."""

    case: str
    address: str
    name: str
    in_charge: str | None
    over: bool


def address_of(case: str) -> str:
    """Where the sheet of a case stands."""
    return f"/family/sheet/{case}"


def pages_of(answer: Json) -> list[PageOf]:
    """The pages of somebody of a family, from ``GET /v1/cases``, in its order."""
    return [
        PageOf(
            case=card["id"],
            address=address_of(card["id"]),
            name=(card["person"] or {}).get("name") or "somebody in your family",
            in_charge=(card["lead_professional"] or {}).get("name"),
            over=card["state"] == "closed",
        )
        for card in answer["cases"]
    ]


MOST_LOOKS = 20
"""How many looks the API gives with the sheet: the newest."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """``person``: whose sheet it is, by id; ``address``: where it stands. ``may_be_more_looks``: only the
    newest are on it."""

    case: str
    address: str
    person: str | None
    name: str
    lead: Colleague | None
    deputy: Colleague | None
    team: Sequence[Colleague]
    goals: Sequence[str]
    agreed: Sequence[Agreed]
    meetings: Sequence[InvitedTo]
    said: Sequence[Permission]
    sees: Sequence[Sees]
    looks: Sequence[LookedAt]
    about_looks: str
    may_be_more_looks: bool
    notice: str

    def of(self, consent: str) -> Permission | None:
        return next((one for one in self.said if one.id == consent), None)

    def meeting(self, id: str) -> InvitedTo | None:
        return next((one for one in self.meetings if one.id == id), None)


def sheet_of(answer: Json, names: Mapping[str, str], now: datetime) -> Sheet:
    """The sheet of ``GET …/family-sheet``; only what its reader gave, or is about them, can be taken back."""
    page, person = case_page_of(answer, names, now.astimezone(LONDON).date()), answer["person"]
    people = {**people_of(answer), **({} if person is None else {person: YOU})}
    theirs = {one["id"] for one in answer["consents"] if person in (one["giver"], one["subject"])}
    given = {one["id"]: one for one in answer["consents"]}
    said = [
        replace(
            one,
            said=_SAID[given[one.id]["kind"], given[one.id]["answer"] == "given"],
            given_by=_said_by(one, given[one.id], people, person),
            can_be_taken_back=one.counts and one.id in theirs,
        )
        for one in permissions_of(answer, people, names, now)
    ]
    return Sheet(
        case=answer["id"],
        address=address_of(answer["id"]),
        person=person,
        name=page.name,
        lead=page.lead,
        deputy=page.deputy,
        team=page.team,
        goals=page.goals,
        agreed=page.agreed,
        meetings=_ahead(answer["meetings"], now),
        said=said,
        sees=_sees(answer, people, {one.id for one in said if one.counts}),
        looks=[_look(look, names) for look in answer["looks"]],
        about_looks=answer["about_looks"],
        may_be_more_looks=len(answer["looks"]) >= MOST_LOOKS,
        notice=page.notice,
    )


_TO = {
    "team_meeting": "A meeting of your team",
    "case_conference": "A case conference",
    "panel": "A panel",
}
_SAID_SO_FAR = {
    "invited": "You have not said yet whether you come.",
    "accepted": "You said that you will come.",
    "apologies": "You said that you cannot come.",
    "present": "You are there.",
    "absent": "You were not there when it began.",
}


def _ahead(meetings: Sequence[Json], now: datetime) -> list[InvitedTo]:
    """Those that are still to come or going on, and those that were called off before their day came."""
    ahead = []
    for one in meetings:
        fields = one["meeting"]["fields"]
        called_off = fields["state"] == "cancelled"
        if fields["state"] not in ("planned", "in_session", "cancelled"):
            continue
        if called_off and datetime.fromisoformat(fields["starts_at"]) <= now:
            continue
        ahead.append(
            InvitedTo(
                id=one["meeting"]["id"],
                invitation=one["invitation"],
                kind=_TO.get(fields["meeting_kind"], "A meeting"),
                starts_at=fields["starts_at"],
                place=fields.get("place"),
                said=_SAID_SO_FAR.get(one["said"], ""),
                called_off=called_off,
                may_say=one["may_say"],
            )
        )
    return ahead


def word_sent_sentence(*, comes: bool, to_be_said: bool) -> str:
    """What is said once word was sent to a meeting."""
    passed_on = " What you want to be said there is on the list for the meeting." if to_be_said else ""
    return f"Done: we noted that you {'will' if comes else 'cannot'} come.{passed_on}"


def _sees(answer: Json, people: Mapping[str, str], counts: Collection[str]) -> list[Sees]:
    """Each service with what the decision lets it see, and why, people who fare alike together."""
    found, counting = [], [one for one in answer["consents"] if one["id"] in counts]
    for service in answer["who_can_see"]:
        together: dict[tuple[tuple[str, ...], bool, str, str | None], list[str]] = {}
        for line in service["sees"]:
            things = tuple(in_everyday_words([Category(word) for word in line["categories"]]))
            why = _why(line, service["agency"], counting, people)
            key = things, line["level"] == "summary", why, line["until"]
            together.setdefault(key, []).append(people.get(line["about"], UNNAMED))
        kinds = [Kinds(listed(_you_first(about)), *key) for key, about in together.items()]
        found.append(Sees(service["agency_name"], kinds))
    return found


def _why(line: Json, service: str, consents: Sequence[Json], people: Mapping[str, str]) -> str:
    said = {
        "permission": f"{_who_said_yes(line, service, consents, people)} said yes",
        "team": "they are on your team",
        "law": "the law, or the rules for services here, say so",
    }
    return listed([said[why] for why in line["because"]])


def _who_said_yes(line: Json, service: str, consents: Sequence[Json], people: Mapping[str, str]) -> str:
    givers = {
        _giver(one, people)
        for one in consents
        if one["subject"] == line["about"]
        and service in (one.get("recipients") or ())
        and not set(one.get("categories") or ()).isdisjoint(line["categories"])
    }
    return listed(_you_first(sorted(givers))) or "somebody in your family"


def _you_first(people: Sequence[str]) -> list[str]:
    return sorted(people, key=lambda name: name != YOU)


def _said_by(said: Permission, consent: Json, people: Mapping[str, str], reader: str | None) -> str:
    """Who said it: the reader is told so, and of others who they are and for whom they speak."""
    if consent["giver"] != reader:
        name = _giver(consent, people)
        who = said.given_by + "," if name in people.values() else name[:1].upper() + name[1:]
        return f"{who} said {'yes' if consent['answer'] == 'given' else 'no'}"
    return "You said yes" if consent["answer"] == "given" else "You said no"


def _giver(consent: Json, people: Mapping[str, str]) -> str:
    """Who gave an answer: by name where this reader may know it, else by what they are."""
    return people.get(consent["giver"]) or _UNNAMED.get(consent["capacity"], "somebody in your family")


def _look(look: Json, names: Mapping[str, str]) -> LookedAt:
    service = look.get("agency_name") or names.get(look["agency"]) or in_words(look["agency"])
    return LookedAt(look["at"], service, look["sentence"], look["reason"] or in_words(look["purpose"]))


def done_sentence(at: str, said: Permission | None, others: Iterable[Permission]) -> str:
    """What is said once something was taken back (design 1, sentences on screen)."""
    if said is None or not said.what:
        return f"Done at {moment(at)}: it no longer counts. Your help goes on."
    below = "what services can still see because of you is listed below"
    return taken_back_sentence(at, said, others, below)
