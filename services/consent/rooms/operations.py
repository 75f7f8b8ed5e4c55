"""What somebody in the room may not hear: for whoever is in the chair, yes or no for each entry (design 1).

Everybody who is there is decided for, by ``decide`` and on the same facts as any view of theirs: people of
agencies, and the family by what each of them is to whom an entry is about (``family.py``). The asker is told
whether all of them see all of an entry, and only of what she sees in full herself; never who does not, or
why.
"""

from services.consent.decision.everybody import Seat
from services.consent.decision.policy import Policy
from services.consent.decisions.obligations import may_not_locate
from services.consent.decisions.operations import DecisionParts
from services.consent.explanations import repository
from services.consent.explanations.operations import (
    Everybody,
    answered,
    cells_told,
    open_question,
    own_verdict,
    record_answer,
)
from services.consent.explanations.seats import Places, Seated, purposes_of
from services.consent.explanations.telling import Told
from services.consent.rooms.family import levels_of_family
from shared.database import WriteSession
from shared.explanations import RoomAsk, SeatAsk
from shared.identity import Caller
from shared.vocabulary import Level

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
    levels += levels_of_family(session, opened, asked.family)
    told = {part.label for part in asked.parts if own.levels[part.label] == Level.FULL}
    heard = [
        all(levels[place][part.label] == Level.FULL for place in part.present) if part.label in told else None
        for part in asked.parts
    ]
    cells = cells_told(opened, own, sorted(told))
    receipt = record_answer(session, opened, ROOM, cells, known.version)
    return answered(opened, receipt, known) | {"heard": heard}


def _ordinary(policy: Policy, one: SeatAsk, suspended: Places) -> Seated:
    """Somebody as they would ask for their role's ordinary purpose."""
    purpose = purposes_of(policy, one.role)[0]
    is_suspended = (one.user, one.agency) in suspended
    seat = Seat(one.user, one.agency, one.role, one.relationship, purpose, is_suspended)
    return Seated(seat, one.name, on_roster=True)
