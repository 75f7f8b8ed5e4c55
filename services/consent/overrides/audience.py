"""Who sees a statutory override (design 3.4). Pure.

Seen by who recorded it, by the recipients it names, by those who answer for the agency that recorded it
(manager, safeguarding lead, information officer) and by the information officers of the agencies whose
information it opens, who are not told the reason. The lead professional is not told as such: an enquiry may
be about them. Nobody whom a bar names sees any of it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from services.consent.decision.facts import Ask, Facts
from services.consent.decision.grid import ALL
from services.consent.decision.reach import bars
from services.consent.decision.windows import stops
from shared.identity import Caller
from shared.vocabulary import Role

ANSWERING = frozenset({Role.TEAM_MANAGER, Role.SAFEGUARDING_LEAD, Role.INFORMATION_OFFICER})
"""Roles that answer for what their agency recorded."""

_RECIPIENTS = ANSWERING | {Role.PRACTITIONER, Role.COORDINATOR, Role.AGENCY_SYSTEM}


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Somebody who asks. ``owned``: by subject, the categories of entries that their agency owns."""

    user: str
    agency: str
    role: str
    owned: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, caller: Caller, owned: Mapping[str, Collection[str]] | None = None) -> "Onlooker":
        held = {subject: frozenset(categories) for subject, categories in (owned or {}).items()}
        return cls(caller.user, caller.agency, caller.role, held)


def is_party_to(onlooker: Onlooker, override: Any) -> bool:
    """Recorder, recipient, or answering for the agency that recorded it; ``override`` has its columns."""
    recorder = override.recorded_by_agency == onlooker.agency
    if recorder and (override.recorded_by == onlooker.user or onlooker.role in ANSWERING):
        return True
    if onlooker.user in override.users:
        return True
    return onlooker.agency in override.agencies and onlooker.role in _RECIPIENTS


def holds_what_it_opens(onlooker: Onlooker, override: Any) -> bool:
    """The information officer of an agency that owns something which the override opens."""
    return onlooker.role == Role.INFORMATION_OFFICER and any(
        not onlooker.owned.get(subject, frozenset()).isdisjoint(override.categories)
        for subject in override.subjects
    )


def is_kept_out(facts: Facts, ask: Ask) -> bool:
    """Whether a bar names this caller, or stops everybody but others in every category.

    A protected address stops nearly everybody in one category; it does not keep from them that a colleague
    broke the glass.
    """
    return any(
        not bar.subjects.isdisjoint(facts.subjects)
        and bars(bar, ask)
        and (not bar.everyone_except or bar.mask & ALL == ALL)
        for bar in facts.bars
    )


def is_implicated(facts: Facts, ask: Ask) -> bool:
    """Whether the family asked that this very user is not told something, as an exclusion in force says."""
    return any(
        exclusion.subject in facts.subjects
        and ask.user in exclusion.users
        and stops(exclusion.window, ask.at, ask.margin)
        for exclusion in facts.exclusions
    )
