"""What each of the family who is in the room may hear: what they would read of the case themselves.

They come as people, and bars and exclusions name users. So whatever names a user counts as naming them, but
for their own word: as for whoever comes in by a code (decision 31), and by categories, so that the rest can
be said.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from services.consent.decision.decide import decide
from services.consent.decision.everybody import Seat, ask_of
from services.consent.decision.facts import Facts
from services.consent.decisions import facts_of
from services.consent.decisions.repository import LoadedFacts
from services.consent.explanations import repository
from services.consent.explanations.operations import Opened
from services.consent.explanations.seats import purposes_of
from services.consent.family_codes.repository import exclusions_of_users, family_agency
from shared.database import WriteSession
from shared.explanations import FamilySeatAsk
from shared.identity import Caller
from shared.vocabulary import Level, Relationship, Role


def levels_of_family(
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


def named_for(facts: Facts, user: str, own: Collection[str]) -> Facts:
    """The facts as if every bar and exclusion that stops named users named this one too, but for exclusions
    that are their ``own`` word. A bar that lets named users alone through goes on stopping this one."""
    return replace(
        facts,
        bars=tuple(
            replace(bar, users=bar.users | {user}) if bar.users and not bar.everyone_except else bar
            for bar in facts.bars
        ),
        exclusions=tuple(
            replace(one, users=one.users | {user}) if one.users and one.id not in own else one
            for one in facts.exclusions
        ),
    )
