"""What somebody in the room may not hear: for whoever is in the chair, yes or no for each entry (design 1).

Everybody who is there is decided for, by ``decide`` and on the same facts as any view of theirs: people of
agencies, and the family by what each of them is to whom an entry is about (``family.py``). The asker is told
whether all of them see all of an entry, and only of what she sees in full herself; never who does not, or
why.
"""

from collections.abc import Sequence
from dataclasses import replace

from services.consent.decision.decide import decide
from services.consent.decision.everybody import Seat, ask_of
from services.consent.decision.policy import Policy
from services.consent.decisions import facts_of
from services.consent.decisions.obligations import may_not_locate
from services.consent.decisions.operations import DecisionParts
from services.consent.decisions.repository import LoadedFacts
from services.consent.explanations import repository
from services.consent.explanations.operations import (
    Everybody,
    Opened,
    answered,
    cells_told,
    open_question,
    own_verdict,
    record_answer,
)
from services.consent.explanations.seats import Places, Seated, purposes_of
from services.consent.explanations.telling import Told
from services.consent.family_codes.repository import exclusions_of_users, family_agency
from services.consent.rooms.family import named_for
from shared.database import WriteSession
from shared.explanations import FamilySeatAsk, RoomAsk, SeatAsk
from shared.identity import Caller
from shared.vocabulary import Level, Relationship, Role

ROOM = "room"


def room(session: WriteSession, parts: DecisionParts, caller: Caller, asked: RoomAsk) -> Told | None:
    """For each entry asked about whether everybody there for it sees it in full; null where she does not.

    None when nothing of the case exists for the asker.
    """
    opened = open_question(session, parts, caller, asked)
    known, facts, own = own_verdict(session, opened)
    if may_not_locate(facts, opened.question) or not any(own.levels):
        record_answer(session, opened, ROOM, None, known.version)
        return None
    places = [(one.user, one.agency) for one in asked.roster]
    suspended = repository.suspended_among(session, places, opened.at)
    seats = [_ordinary(opened.policy, one, suspended) for one in asked.roster]
    everybody = Everybody(session, opened, seats)
    levels = [everybody.verdict(seated.seat).levels for seated in seats]
    levels += _levels_of_family(session, opened, asked.family)
    told = {part.label for part in asked.parts if own.levels[part.label] == Level.FULL}
    heard = [
        all(levels[place][part.label] == Level.FULL for place in part.present) if part.label in told else None
        for part in asked.parts
    ]
    cells = cells_told(opened, own, sorted(told))
    receipt = record_answer(session, opened, ROOM, cells, known.version)
    return answered(opened, receipt, known) | {"heard": heard}


def _levels_of_family(
    session: WriteSession, opened: Opened, family: Sequence[FamilySeatAsk]
) -> list[tuple[Level, ...]]:
    """For each of them the level of every label; none of it where no agency stands for families."""
    if not family:
        return []
    agency, case = family_agency(session) or "", opened.asked.case
    purpose = purposes_of(opened.policy, Role.FAMILY_MEMBER)[0]
    place = Seat("", agency, Role.FAMILY_MEMBER.value, Relationship.NONE.value, purpose)
    facts = repository.facts_for(session, opened.policy, case, [place], opened.at, opened.margin).by_agency[
        agency
    ]
    caller = Caller("", "", agency, Role.FAMILY_MEMBER)
    told = LoadedFacts(session, [case], caller, purpose, ()).told(case, opened.at)
    labels = tuple(facts_of.label(label) for label in told.labels)
    said = exclusions_of_users(session, [subject.id for subject in case.subjects])
    found = []
    for one in family:
        seat = replace(place, user=f"family.{one.person}")
        own = {row.id for row in said if row.giver == one.person}
        ask = replace(
            ask_of(seat, labels, opened.now, opened.margin),
            relationships_by_subject=one.relationships_by_subject,
        )
        found.append(decide(opened.policy, named_for(facts, seat.user, own), ask).levels)
    return found


def _ordinary(policy: Policy, one: SeatAsk, suspended: Places) -> Seated:
    """Somebody as they would ask for their role's ordinary purpose."""
    purpose = purposes_of(policy, one.role)[0]
    is_suspended = (one.user, one.agency) in suspended
    seat = Seat(one.user, one.agency, one.role, one.relationship, purpose, is_suspended)
    return Seated(seat, one.name, on_roster=True)
