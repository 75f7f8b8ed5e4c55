"""What the page of a team shows: who is on it, who leads, who is asked to, and what may be done. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.words import in_words
from shared.vocabulary import Deed

Json = Mapping[str, Any]
_STATES = {
    "nominated": "Waiting for their answer",
    "accepted": "Accepted",
    "refused": "Refused",
    "withdrawn": "Taken back",
    "objected": "Their service objects",
}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the team, and what may be done about their place in it."""

    id: str
    name: str
    job_title: str
    service: str
    role: str
    telephone: str | None
    since: str
    leads: bool
    is_self: bool
    may_end: bool
    may_be_asked: bool
    may_stand_in: bool
    user: str
    is_colleague: bool


@dataclass(frozen=True, slots=True)
class Nomination:
    id: str
    name: str
    service: str
    state: str
    asked_at: str
    is_mine: bool
    may_take_back: bool
    may_object: bool


@dataclass(frozen=True, slots=True)
class Lead:
    name: str
    service: str
    since: str
    until: str | None


@dataclass(frozen=True, slots=True)
class TeamPage:
    name: str
    is_open: bool
    vacant_since: str | None
    vacant: bool
    members: Sequence[Member]
    waiting: Sequence[Nomination]
    answered: Sequence[Nomination]
    history: Sequence[Lead]
    deputy: str | None
    may_add: bool


def team_page_of(
    view: Json, lead: Json, names: Mapping[str, str], user: str | None, agency: str | None
) -> TeamPage:
    """The page from ``GET /v1/cases/{case}`` and ``GET …/lead-professional``, for this user."""
    header, may = view["header"], view["may"]
    is_open = header["state"] == "open"
    on_team = any((one["user"], one["agency"]) == (user, agency) for one in header["team"])
    nominations = [_nomination(one, names, may, user, agency, on_team) for one in lead["nominations"]]
    waiting = [one for one in nominations if one.state == _STATES["nominated"]]
    asks = (Deed.NOMINATE_LEAD in may or Deed.NOMINATE_FOR_PANEL in may) and is_open and not waiting
    # Nobody nominates themselves, but who has the case to themselves (decision 30).
    alone = all(one["user"] == user for one in header["team"])
    in_charge = header["lead_professional"]
    return TeamPage(
        name=(header["person"] or {}).get("name") or "Name not shown",
        is_open=is_open,
        vacant_since=lead["vacant_since"],
        vacant=in_charge is None and is_open,
        members=[
            _member(
                one,
                in_charge,
                names,
                may,
                user,
                agency,
                asks and (alone or one["user"] != user),
                names_deputy=Deed.NAME_DEPUTY in may and is_open,
            )
            for one in header["team"]
        ],
        waiting=waiting,
        answered=[one for one in nominations if one not in waiting],
        history=[
            Lead(one["name"], _service(one["agency"], names), one["since"], one["until"])
            for one in reversed(lead["history"])
        ],
        deputy=lead["deputy"]["name"] if lead["deputy"] else None,
        may_add=Deed.ADD_TO_TEAM in may and is_open,
    )


def _service(agency: str, names: Mapping[str, str]) -> str:
    return names.get(agency) or in_words(agency)


def _member(
    one: Json,
    in_charge: Json | None,
    names: Mapping[str, str],
    may: Sequence[str],
    user: str | None,
    agency: str | None,
    asks: bool,
    names_deputy: bool,
) -> Member:
    who = (one["user"], one["agency"])
    leads = in_charge is not None and who == (in_charge["user"], in_charge["agency"])
    is_self = who == (user, agency)
    return Member(
        id=one["id"],
        name=one["name"],
        job_title=one["job_title"] or "",
        service=_service(one["agency"], names),
        role=in_words(one["role"]),
        telephone=one["telephone"],
        since=one["since"],
        leads=leads,
        is_self=is_self,
        may_end=is_self or Deed.END_MEMBERSHIP in may,
        may_be_asked=asks and not leads and one["role"] in _MAY_LEAD,
        may_stand_in=names_deputy and in_charge is not None and not leads
        and one["role"] in _MAY_LEAD,
        user=one["user"],
        is_colleague=one["agency"] == agency and one["user"] != user,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Nominee:
    """Somebody who may be asked to lead; ``carries``: how much they do already, in a sentence."""

    id: str
    name: str
    job_title: str
    service: str
    carries: str
    user: str


def nominees_of(answer: Json, names: Mapping[str, str]) -> list[Nominee]:
    """Those of ``GET …/lead-professional/nominees`` who can lead, in its order."""
    return [
        Nominee(
            id=one["member"],
            name=one["name"],
            job_title=one["job_title"] or "",
            service=_service(one["agency"], names),
            carries=_carries(one["load"], one["cap"], answer["weight"]),
            user=one["user"],
        )
        for one in answer["nominees"]
        if one["role"] in _MAY_LEAD
    ]


def _carries(load: int, cap: int | None, weight: int) -> str:
    most = "no most is set" if cap is None else f"at most {cap}"
    more = "" if cap is None or load + weight <= cap else ": with this case it is more than that"
    return f"leads cases that weigh {load} together, {most}{more}"


@dataclass(frozen=True, slots=True)
class Deputy:
    """``state`` is *Stands in*, *Will*, *Over* or *Ended*."""

    id: str
    name: str
    service: str
    telephone: str | None
    since: str
    until: str
    ended_at: str | None
    state: str
    colour: str
    may_end: bool


def deputies_of(answer: Json, names: Mapping[str, str], today: str, *, may_end: bool) -> list[Deputy]:
    """The lines of ``GET …/deputies``, the latest first; ``may_end``: what is not over may be ended."""
    found = [_deputy(row, names, today, may_end=may_end) for row in answer["deputies"]]
    return sorted(found, key=lambda one: one.since, reverse=True)


def _deputy(row: Json, names: Mapping[str, str], today: str, *, may_end: bool) -> Deputy:
    state, colour = ("Will", "yellow") if row["since"] > today else ("Stands in", "green")
    if row["until"] <= today:
        state, colour = "Over", "grey"
    if row["ended_at"] is not None:
        state, colour = "Ended", "grey"
    return Deputy(
        id=row["id"],
        name=row["name"],
        service=_service(row["agency"], names),
        telephone=row["telephone"],
        since=row["since"],
        until=row["until"],
        ended_at=row["ended_at"],
        state=state,
        colour=colour,
        may_end=may_end and colour != "grey",
    )


_MAY_LEAD = frozenset({"practitioner", "safeguarding_lead", "team_manager", "coordinator"})


def _nomination(
    one: Json,
    names: Mapping[str, str],
    may: Sequence[str],
    user: str | None,
    agency: str | None,
    on_team: bool,
) -> Nomination:
    is_mine = (one["user"], one["agency"]) == (user, agency)
    return Nomination(
        id=one["id"],
        name=one["name"],
        service=_service(one["agency"], names),
        state=_STATES.get(one["state"]) or in_words(one["state"]),
        asked_at=one["nominated_at"],
        is_mine=is_mine and Deed.ANSWER_NOMINATION in may,
        may_take_back=Deed.NOMINATE_LEAD in may and on_team,
        may_object=Deed.OBJECT_TO_NOMINATION in may and one["agency"] == agency,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who was asked to lead; ``reason`` and ``objection`` where the reader is told them."""

    name: str
    service: str
    asked_at: str
    state: str
    reason: str | None
    objection: str | None


def asked_of(answer: Json, names: Mapping[str, str]) -> Asked:
    """One nomination of ``GET …/nominations/{nomination}``."""
    return Asked(
        name=answer["name"],
        service=_service(answer["agency"], names),
        asked_at=answer["nominated_at"],
        state=_STATES.get(answer["state"]) or in_words(answer["state"]),
        reason=answer["reason"],
        objection=answer["objection"],
    )
