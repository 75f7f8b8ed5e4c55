"""What a decision binds the gateway to beyond levels, because of what stops this caller. Pure."""

from services.consent.decision.facts import Ask, Facts
from services.consent.decision.reach import PARENT_ELSEWHERE, bars, excludes
from services.consent.decision.windows import stops
from shared.vocabulary import Obligation


def obligations_of(facts: Facts, ask: Ask, *, searching: bool, listing: bool = False) -> tuple[str, ...]:
    """The obligations of a case, or of somebody found in a search.

    ``name_no_agency``: the caller may not learn where somebody in the case is. ``tell_no_involvement``: a
    search tells nothing of who works with a protected identity, nor to whom anything is barred or excluded
    (design 3.5 a). ``keep_off_family_list``: a protected address stops the caller, who is to learn from no
    list that the family is known here.
    """
    found = []
    if may_not_locate(facts, ask):
        found.append(Obligation.NAME_NO_AGENCY.value)
    if searching and (found or is_kept_apart(facts, ask)):
        found.append(Obligation.TELL_NO_INVOLVEMENT.value)
    if listing and _a_protected_address_stops(facts, ask):
        found.append(Obligation.KEEP_OFF_FAMILY_LIST.value)
    return tuple(found)


def may_not_locate(facts: Facts, ask: Ask) -> bool:
    """Whether a protected address stops the caller, or they are a parent who lives elsewhere."""
    if ask.relationships_by_subject and PARENT_ELSEWHERE in ask.relationships_by_subject.values():
        return True
    return _a_protected_address_stops(facts, ask)


def _a_protected_address_stops(facts: Facts, ask: Ask) -> bool:
    return any(
        bar.hides_address and not bar.subjects.isdisjoint(facts.subjects) and bars(bar, ask)
        for bar in facts.bars
    )


def is_kept_apart(facts: Facts, ask: Ask) -> bool:
    """Whether a bar or an exclusion stops the caller here, on whatever category; or somebody's address is
    protected, from whomever."""
    about = facts.subjects
    return any(
        not bar.subjects.isdisjoint(about)
        and (bars(bar, ask) or (bar.hides_address and stops(bar.window, ask.at, ask.margin)))
        for bar in facts.bars
    ) or any(exclusion.subject in about and excludes(exclusion, ask) for exclusion in facts.exclusions)
