"""What the family's sheet shows, in plain words: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from clients.practitioner.presenters.case import Agreed, Colleague, case_page_of
from clients.practitioner.presenters.permissions import Permission, people_of, permissions_of
from clients.practitioner.words import LONDON, in_words, moment

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sees:
    """What one service may see because somebody said yes, and until when."""

    service: str
    things: Sequence[str]
    about: str
    until: str | None


@dataclass(frozen=True, slots=True)
class LookedAt:
    at: str
    service: str
    sentence: str
    why: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """``person``: whose sheet it is, by id."""

    person: str | None
    name: str
    lead: Colleague | None
    team: Sequence[Colleague]
    goals: Sequence[str]
    agreed: Sequence[Agreed]
    said: Sequence[Permission]
    sees: Sequence[Sees]
    looks: Sequence[LookedAt]
    about_looks: str
    notice: str

    def of(self, consent: str) -> Permission | None:
        return next((one for one in self.said if one.id == consent), None)


def sheet_of(answer: Json, names: Mapping[str, str], now: datetime) -> Sheet:
    """The sheet of ``GET …/family-sheet``; only what its reader gave, or is about them, can be taken back."""
    page, people = case_page_of(answer, names, now.astimezone(LONDON).date()), people_of(answer)
    person = answer["person"]
    theirs = {one["id"] for one in answer["consents"] if person in (one["giver"], one["subject"])}
    said = [
        replace(one, can_be_taken_back=one.counts and one.id in theirs)
        for one in permissions_of(answer, people, names, now)
    ]
    return Sheet(
        person=person,
        name=page.name,
        lead=page.lead,
        team=page.team,
        goals=page.goals,
        agreed=page.agreed,
        said=said,
        sees=_sees(said),
        looks=[_look(look, names) for look in answer["looks"]],
        about_looks=answer["about_looks"],
        notice=page.notice,
    )


def _sees(said: Sequence[Permission]) -> list[Sees]:
    """Each service with what a yes that counts opened to it, by service."""
    found = [
        Sees(service, one.what, one.about, one.until)
        for one in said
        if one.counts and one.what
        for service in one.with_whom
    ]
    return sorted(found, key=lambda line: (line.service, line.about))


def _look(look: Json, names: Mapping[str, str]) -> LookedAt:
    service = look.get("agency_name") or names.get(look["agency"]) or in_words(look["agency"])
    return LookedAt(look["at"], service, look["sentence"], look["reason"] or in_words(look["purpose"]))


def done_sentence(at: str, said: Permission | None) -> str:
    """What is said once something was taken back (design 1, sentences on screen)."""
    when = moment(at)
    if said is None or not said.what:
        return f"Done at {when}: it no longer counts. Your help goes on."
    services, things = _listed(said.with_whom), _listed([thing.lower() for thing in said.what])
    return (
        f"Done at {when}: {services} no longer see {things} here because of your permission; they may keep "
        "what they already recorded; what services can still see because of you is listed below; your help "
        "goes on."
    )


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1] if words else "")))
