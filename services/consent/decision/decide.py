"""The decision (design 3.2): pure, total, and the only place that says what may be seen.

``specification.py`` says the same naively and slowly; property D1 holds the two together.
"""

from services.consent.decision.details import find_details, none_because
from services.consent.decision.facts import Ask, Facts
from services.consent.decision.index import IndexedFacts, index_facts
from services.consent.decision.on_behalf import not_on_behalf
from services.consent.decision.policy import Policy
from services.consent.decision.reading import Reading
from services.consent.decision.verdict import Verdict
from shared.vocabulary import Blocker, Level


def decide(policy: Policy, facts: Facts, ask: Ask) -> Verdict:
    """The verdict on one ask: a level per label, with bases and blockers on demand.

    Never raises, reads no clock and does no I/O. Anything unknown, missing or expired gives ``none``.
    """
    return decide_indexed(policy, index_facts(facts), ask)


def decide_indexed(policy: Policy, indexed: IndexedFacts, ask: Ask) -> Verdict:
    """``decide`` on facts that were indexed before (``index.py``)."""
    reading = open_reading(policy, indexed, ask)
    if not isinstance(reading, Reading):
        return _nothing(reading, policy, indexed, ask)
    levels = reading.levels()
    obligations = policy.obligations.get(ask.purpose, ()) if policy.obligations and any(levels) else ()
    return Verdict(
        levels, policy.version, indexed.facts.version, obligations, lambda: find_details(reading, levels)
    )


def _nothing(blocker: Blocker, policy: Policy, indexed: IndexedFacts, ask: Ask) -> Verdict:
    details = none_because(blocker, len(ask.labels))
    levels = (Level.NONE,) * len(ask.labels)
    return Verdict(levels, policy.version, indexed.facts.version, (), lambda: details)


def open_reading(policy: Policy, indexed: IndexedFacts, ask: Ask) -> Reading | Blocker:
    """The ask, ready to be answered label by label; or why this caller is shown nothing at all."""
    facts = indexed.facts
    if facts.suspended:
        return Blocker.SUSPENDED
    agency = facts.agencies.get(ask.agency)
    purposes = policy.purposes.get(ask.role)
    if agency is None or agency.kind is None or purposes is None:
        return Blocker.UNKNOWN
    if ask.on_behalf_of is not None:
        blocker = not_on_behalf(policy, ask)
        if blocker is not None:
            return blocker
    if ask.purpose not in purposes:
        return Blocker.PURPOSE
    return Reading(policy, agency.kind, indexed.party(ask), ask)
