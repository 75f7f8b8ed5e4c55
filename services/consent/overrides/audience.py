"""Who sees a statutory override (design 3.4). Pure.

Seen by who recorded it, by the recipients it names, by those who answer for the agency that recorded it
(manager, safeguarding lead, information officer) and by the information officers of the agencies whose
information it opens, who are not told the reason. The lead professional is not told as such: an enquiry may
be about them. Nobody whom a bar names sees any of it. Whom it names sees none of it before it counts for
them, unless it is theirs to confirm.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from services.consent.decision.facts import Ask, Facts
from services.consent.decision.grid import ALL
from services.consent.decision.reach import bars
from services.consent.decision.windows import stops
from services.consent.decision.writing import Doing, Permit, may_write
from services.consent.decisions.facts_of import counts_for
from shared.identity import Caller
from shared.vocabulary import Deed, Role

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
    """Recorder, recipient, or answering for the agency that recorded it; ``override`` has its columns.

    Whom it names, and for whom it does not count yet, only if they may confirm it: it tells of a family
    whom somebody alone wants to open to them.
    """
    recorder = override.recorded_by_agency == onlooker.agency
    if recorder and override.recorded_by == onlooker.user:
        return True
    if waits_to_count_for(onlooker, override):
        return _may_confirm(onlooker, override)
    if recorder and onlooker.role in ANSWERING:
        return True
    if onlooker.user in override.users:
        return True
    return onlooker.agency in override.agencies and onlooker.role in _RECIPIENTS


def waits_to_count_for(onlooker: Onlooker, override: Any) -> bool:
    """Whether it names this user or their agency, and counts for neither before a second person confirmed
    it."""
    agencies, users = counts_for(override)
    named = onlooker.user in override.users or onlooker.agency in override.agencies
    return named and onlooker.user not in users and onlooker.agency not in agencies


def _may_confirm(onlooker: Onlooker, override: Any) -> bool:
    doing = Doing(
        role=onlooker.role,
        relationship="none",
        agency=onlooker.agency,
        owner=override.recorded_by_agency,
        is_self=onlooker.user in override.users,
        by_officer=True,
    )
    return isinstance(may_write(Deed.CONFIRM_OVERRIDE, doing), Permit)


def holds_what_it_opens(onlooker: Onlooker, override: Any) -> bool:
    """The information officer of an agency that owns something which the override opens; not one for whom
    it waits to count."""
    if onlooker.role != Role.INFORMATION_OFFICER or waits_to_count_for(onlooker, override):
        return False
    return any(
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
