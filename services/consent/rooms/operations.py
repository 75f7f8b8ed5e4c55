"""What somebody in the room may not hear: for whoever is in the chair, yes or no for each entry (design 1).

Everybody who is there is decided for, by ``decide``: people of agencies, and the family by what each of them
is to whom an entry is about (``family.py``). The asker is told whether all of them see all of an entry, and
only of what she sees in full herself; never who does not, or why.

They are decided for on what the asker may know, as where a case is seen as another: whoever invites one
person alone would read off a yes that turns into a no that a bar stops them, that the family excluded them,
or that an enquiry was opened to them (design 3.4, 3.5; decision 28). Each of them goes on being shown the
papers by all there is.
"""

from collections.abc import Sequence
from dataclasses import replace

from services.consent.decision.decide import decide
from services.consent.decision.everybody import Seat, ask_of
from services.consent.decision.facts import Facts
from services.consent.decision.policy import Policy
from services.consent.decisions import facts_of
from services.consent.decisions.obligations import may_not_locate
from services.consent.decisions.operations import DecisionParts
from services.consent.explanations import repository
from services.consent.explanations.operations import (
    Opened,
    answered,
    cells_told,
    open_question,
    own_verdict,
    record_answer,
)
from services.consent.explanations.seats import Places, purposes_of
from services.consent.explanations.telling import Told
from services.consent.family_codes.repository import exclusions_of_users, family_agency
from services.consent.rooms.family import named_for
from services.consent.seen_by.operations import KnownToAsker, facts_as_told
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
    levels = _levels(session, opened, asked)
    told = {part.label for part in asked.parts if own.levels[part.label] == Level.FULL}
    heard = [
        all(levels[place][part.label] == Level.FULL for place in part.present) if part.label in told else None
        for part in asked.parts
    ]
    cells = cells_told(opened, own, sorted(told))
    receipt = record_answer(session, opened, ROOM, cells, known.version)
    return answered(opened, receipt, known) | {"heard": heard}


def _levels(session: WriteSession, opened: Opened, asked: RoomAsk) -> list[tuple[Level, ...]]:
    """For each who is there the level of every label, the family after the people of agencies, as far as the
    asker may know."""
    case = asked.case.case
    if case is None:
        return [(Level.NONE,) * len(opened.labels)] * (len(asked.roster) + len(asked.family))
    known = KnownToAsker(session, opened, case)
    places = [(one.user, one.agency) for one in asked.roster]
    suspended = repository.suspended_among(session, places, opened.at)
    by_position: dict[tuple[str, str], Facts] = {}
    levels = []
    for one in asked.roster:
        seat = _ordinary(opened.policy, one, suspended)
        position = seat.agency, seat.role
        if position not in by_position:
            told = known.facts_for(seat.agency, seat.role, seat.purpose)
            by_position[position] = facts_as_told(opened, told, seat.role, seat.purpose)
        facts = replace(by_position[position], suspended=seat.suspended)
        ask = ask_of(seat, opened.labels, opened.now, opened.margin)
        levels.append(decide(opened.policy, facts, ask).levels)
    return [*levels, *_levels_of_family(session, opened, known, asked.family)]


def _levels_of_family(
    session: WriteSession, opened: Opened, known: KnownToAsker, family: Sequence[FamilySeatAsk]
) -> list[tuple[Level, ...]]:
    """For each of them the level of every label; none of it where no agency stands for families."""
    if not family:
        return []
    agency, case, role = family_agency(session) or "", opened.asked.case, Role.FAMILY_MEMBER.value
    purpose = purposes_of(opened.policy, role)[0]
    told = known.facts_for(agency, role, purpose)
    facts = facts_as_told(opened, told, role, purpose)
    labels = tuple(facts_of.label(label) for label in told.told(case, opened.at).labels)
    said = exclusions_of_users(session, [subject.id for subject in case.subjects])
    found = []
    for one in family:
        seat = Seat(f"family.{one.person}", agency, role, Relationship.NONE.value, purpose)
        own = {row.id for row in said if row.giver == one.person}
        ask = replace(
            ask_of(seat, labels, opened.now, opened.margin),
            relationships_by_subject=one.relationships_by_subject,
        )
        found.append(decide(opened.policy, named_for(facts, seat.user, own), ask).levels)
    return found


def _ordinary(policy: Policy, one: SeatAsk, suspended: Places) -> Seat:
    """Somebody as they would ask for their role's ordinary purpose."""
    purpose = purposes_of(policy, one.role)[0]
    is_suspended = (one.user, one.agency) in suspended
    return Seat(one.user, one.agency, one.role, one.relationship, purpose, is_suspended)
