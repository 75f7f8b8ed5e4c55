"""One ask being answered: every label over what the caller reaches of its subjects (design 3.2).

A ``Reading`` lives as long as one verdict. What it keeps (the reach of each subject, the terms of each owner)
is derived from facts that cannot change, and is never used for another ask.
"""

from services.consent.decision.facts import Ask, Label
from services.consent.decision.grid import BIT_OF, EVERYTHING, NONE, NOTHING, level_of
from services.consent.decision.index import IndexedFacts
from services.consent.decision.policy import Policy
from services.consent.decision.reach import Reach, Terms, keeps_place, reach, terms_of, under_terms
from shared.vocabulary import Category, Level

CONTACT = BIT_OF[Category.CONTACT]


class Reading:
    """``kind`` is that of the caller's agency, which is known to be known."""

    __slots__ = (
        "_agencies",
        "_agency",
        "_kind",
        "_owners_with_terms",
        "_policy",
        "_reached",
        "_terms",
        "_under_terms",
        "ask",
        "indexed",
    )

    def __init__(self, policy: Policy, kind: str, indexed: IndexedFacts, ask: Ask) -> None:
        self.ask = ask
        self.indexed = indexed
        self._policy = policy
        self._kind = kind
        self._agency = ask.agency
        self._agencies = indexed.facts.agencies
        self._owners_with_terms = indexed.owners_with_terms.get((ask.agency, ask.purpose), ())
        self._reached: dict[str, Reach | None] = {}
        self._terms: dict[tuple[str, str], Terms] = {}
        self._under_terms: dict[tuple[str, str], int] = {}

    def level(self, label: Label) -> Level:
        """The lowest level over the label's categories and subjects; with none of either, ``none``."""
        if not label.subjects or label.owner not in self._agencies:
            return NONE
        held = (label.unanswered or label.draft) and self.is_held(label)
        own = label.owner == self._agency or (label.accountable == self._agency and not held)
        has_terms = label.owner in self._owners_with_terms
        reached = self._reached
        grid = EVERYTHING
        for subject in label.subjects:
            found = reached[subject] if subject in reached else self.reached(subject)
            if found is None:
                return NONE
            if held:
                seen = NOTHING
            elif has_terms:
                seen = self._seen_under_terms(label.owner, subject, found)
            else:
                seen = found.by_default
            grid &= seen | found.own if own else seen
        level = level_of(grid, label.categories)
        return self._unless_it_locates(label, level) if label.locates and level > NONE else level

    def _unless_it_locates(self, label: Label, level: Level) -> Level:
        """The level of a label that locates: of each subject whose place is kept, *contact* counts too."""
        for found in self.over(label):
            if keeps_place(found, self.ask):
                level = min(level, level_of(self.grid_for(label, found), CONTACT))
        return level

    def counts_as(self, label: Label, found: Reach) -> int:
        """The mask of the categories that a label counts as, where it is about this subject."""
        if label.locates and keeps_place(found, self.ask):
            return label.categories | CONTACT
        return label.categories

    def _seen_under_terms(self, owner: str, subject: str, found: Reach) -> int:
        key = (owner, subject)
        if key not in self._under_terms:
            self._under_terms[key] = under_terms(self.terms(owner, found), found, self.ask)
        return self._under_terms[key]

    def grid_for(self, label: Label, found: Reach) -> int:
        """What the caller sees of one subject's entries under this label, as ``level`` sees it."""
        own = found.own if self.is_own(label) else NOTHING
        if self.is_held(label):
            return own
        return own | under_terms(self.terms(label.owner, found), found, self.ask)

    def is_held(self, label: Label) -> bool:
        """Whether an entry stays with its owner: a sensitive question is open, or it is a draft of a case
        that does not take part yet. Not even the accountable agency or an override reaches it then."""
        return label.unanswered or (label.draft and not self.indexed.facts.takes_part)

    def is_own(self, label: Label) -> bool:
        """Whether the caller's agency owns the entry, or owes the action and so reads it as its own."""
        if label.owner == self.ask.agency:
            return True
        return label.accountable == self.ask.agency and not self.is_held(label)

    def has_terms(self, owner: str) -> bool:
        """Whether there is any agreement with, release by, or answer about this owner for the caller and the
        purpose."""
        return owner in self._owners_with_terms

    def is_known(self, label: Label) -> bool:
        """Whether the owner, every subject and the relationship to each are known, and there is a subject."""
        if not label.subjects or label.owner not in self._agencies:
            return False
        return all(self.reached(subject) is not None for subject in label.subjects)

    def over(self, label: Label) -> list[Reach]:
        """The reach of each of the label's known subjects."""
        several = [self.reached(subject) for subject in label.subjects]
        return [found for found in several if found is not None]

    def reached(self, subject: str) -> Reach | None:
        """What the caller reaches of a subject; None for one nobody knows."""
        if subject not in self._reached:
            about = self.indexed.about.get(subject)
            found = None if about is None else reach(about, self._policy, self._kind, self.ask)
            self._reached[subject] = found
        return self._reached[subject]

    def terms(self, owner: str, found: Reach) -> Terms:
        """The terms between an owner and the caller's agency about one subject."""
        key = (owner, found.about.subject.id)
        if key not in self._terms:
            self._terms[key] = terms_of(owner, found, self.indexed, self.ask)
        return self._terms[key]
