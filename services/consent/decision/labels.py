"""One label over what the caller reaches of one subject (design 3.2)."""

from services.consent.decision.facts import Ask, Facts, Label
from services.consent.decision.grid import NOTHING
from services.consent.decision.index import IndexedFacts
from services.consent.decision.reach import Reach, terms_of, under_terms


def grid_for(label: Label, found: Reach, indexed: IndexedFacts, ask: Ask) -> int:
    """What the caller sees of one subject's entries under this label: the formula of design 3.2."""
    if is_held(label, indexed.facts):
        return found.own if label.owner == ask.agency else NOTHING
    if label.owner in indexed.owners_with_terms.get((ask.agency, ask.purpose), ()):
        grid = under_terms(terms_of(label.owner, found, indexed, ask), found, ask)
    else:
        grid = found.by_default
    return grid | found.own if is_own(label, ask) else grid


def is_held(label: Label, facts: Facts) -> bool:
    """Whether an entry stays with its owner: a sensitive question is open, or it is a draft of a case that
    does not take part yet. Not even the accountable agency or an override reaches it then."""
    return label.unanswered or (label.draft and not facts.takes_part)


def is_own(label: Label, ask: Ask) -> bool:
    """Whether the caller's agency owns the entry, or owes the action and so reads it as its own."""
    return ask.agency == label.owner or ask.agency == label.accountable
