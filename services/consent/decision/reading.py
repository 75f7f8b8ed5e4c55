"""One ask being answered: every label over what the caller reaches of its subjects (design 3.2).

A ``Reading`` lives as long as one verdict. What it keeps is derived from facts that cannot change, and is
never used for another ask.
"""

from services.consent.decision.facts import Ask, Label
from services.consent.decision.grid import (
    BIT_OF,
    EVERYTHING,
    EXISTENCE,
    FULL,
    NONE,
    NOTHING,
    SUMMARY,
    TWICE_WIDTH,
    WIDTH,
    is_known,
    level_of,
)
from services.consent.decision.index import Given, Party, Terms
from services.consent.decision.policy import Policy, Standing
from services.consent.decision.reach import (
    ENFORCEMENT,
    Reach,
    keeps_place,
    reach,
    relationship_to_the_case,
    standing_in,
    under_terms,
)
from shared.vocabulary import Category, Level

CONTACT = BIT_OF[Category.CONTACT]

Seen = tuple[Given, int, int]
"""What is seen of one owner's entries: ``given[subjects] & allowed | freely``.

Where nothing is recorded that stops or opens, ``given`` is what the family permitted, ``allowed`` what the
policy lets permission reach, and ``freely`` what the policy gives without it. So only ``given`` depends on
whom an entry is about, and it is the same for everybody of the agency: that is why a case takes microseconds.
Otherwise ``given`` is worked out person by person (``reach.py``), all of it ``allowed``.
"""


class Reading:
    """``kind`` is that of the caller's agency, which is known to be known."""

    __slots__ = ("_kind", "_policy", "_reached", "_seen", "_standing", "ask", "party")

    def __init__(self, policy: Policy, kind: str, party: Party, ask: Ask) -> None:
        self.ask, self.party = ask, party
        self._policy, self._kind = policy, kind
        self._reached: dict[str, Reach | None] = {}
        self._standing = None if party.stopped_or_opened else self._standing_to_everybody()
        seen = self._seen = dict.fromkeys(party.owners_by_default, self._seen_by_default())
        for owner in party.owners_apart:
            seen[owner] = self._seen_apart(owner)

    def _standing_to_everybody(self) -> Standing | None:
        """The caller's one standing to all subjects alike; None if each has to be looked at."""
        ask = self.ask
        relationship = relationship_to_the_case(ask)
        differs = ask.relationships_by_subject or relationship in self._policy.until_own_decision
        if differs or ask.purpose == ENFORCEMENT:
            return None
        return standing_in(relationship, self._policy, self._kind, ask)

    def levels(self) -> tuple[Level, ...]:
        """The level of every label. It is ``level``, in line for labels of which nothing special is so: a
        call for each of them would take as long as all the rest."""
        seen, levels = self._seen, []
        for label in self.ask.labels:
            if not label.is_ordinary:
                levels.append(self.level(label))
                continue
            mask = label.categories
            try:
                given, allowed, freely = seen[label.owner]
                grid = given[label.subjects] & allowed | freely
            except KeyError:
                grid = NOTHING
            if grid >> TWICE_WIDTH & mask == mask:
                levels.append(FULL)
            elif grid >> WIDTH & mask == mask:
                levels.append(SUMMARY)
            else:
                levels.append(EXISTENCE if grid & mask == mask else NONE)
        return tuple(levels)

    def level(self, label: Label) -> Level:
        """The lowest level over the label's categories and subjects; with none of either, ``none``."""
        standing = self._standing
        if standing is None or ((label.unanswered or label.draft) and self.is_held(label)):
            return self._lowest(label)
        own = standing.own if self.is_own(label) else NOTHING
        try:
            given, allowed, freely = self._seen[label.owner]
            return level_of(given[label.subjects] & allowed | freely | own, label.categories)
        except KeyError:
            return NONE

    def _lowest(self, label: Label) -> Level:
        """``level``, person by person."""
        if not is_known(label.categories) or not self.is_known(label):
            return NONE
        return min(
            level_of(self.grid_for(label, found), self.counts_as(label, found)) for found in self.over(label)
        )

    def _seen_by_default(self) -> Seen:
        """Of an owner with whom there are no terms."""
        standing = self._standing
        if standing is None:
            return self._seen_person_by_person(None)
        return self.party.permitted, standing.permissible, standing.freely

    def _seen_apart(self, owner: str) -> Seen:
        """Of the agency's own, and of an owner with terms."""
        party, standing = self.party, self._standing
        agreed = party.freely_agreed.get(owner)
        if standing is None or (agreed is None and owner in party.owners_with_terms):
            return self._seen_person_by_person(owner)
        own = standing.own if owner == self.ask.agency else NOTHING
        if agreed is None:
            return party.permitted, standing.permissible, standing.freely | own
        return agreed, standing.ceiling, own

    def _seen_person_by_person(self, owner: str | None) -> Seen:
        given = Given()
        for name in self.party.about:
            found = self.reached(name)
            if found is not None:
                given[name,] = found.by_default if owner is None else self._grid_of(owner, found)
        return given, EVERYTHING, NOTHING

    def _grid_of(self, owner: str, found: Reach) -> int:
        seen = found.by_default
        if owner in self.party.owners_with_terms:
            seen = under_terms(self.party.terms(owner, found.about), found, self.ask)
        return seen | found.own if owner == self.ask.agency else seen

    def grid_for(self, label: Label, found: Reach) -> int:
        """What the caller sees of one subject's entries under this label."""
        own = found.own if self.is_own(label) else NOTHING
        return own if self.is_held(label) else own | self._grid_of(label.owner, found)

    def counts_as(self, label: Label, found: Reach) -> int:
        """The mask of the categories that a label counts as, where it is about this subject."""
        if label.locates and keeps_place(found, self.ask):
            return label.categories | CONTACT
        return label.categories

    def is_held(self, label: Label) -> bool:
        """Whether an entry stays with its owner: a sensitive question is open, or it is a draft of a case
        that does not take part yet. Not even the accountable agency or an override reaches it then."""
        return label.unanswered or (label.draft and not self.party.facts.takes_part)

    def is_own(self, label: Label) -> bool:
        """Whether the caller's agency owns the entry, or owes the action and so reads it as its own."""
        if label.owner == self.ask.agency:
            return True
        return label.accountable == self.ask.agency and not self.is_held(label)

    def has_terms(self, owner: str) -> bool:
        """Whether there is any agreement with, release by, or answer about this owner for the caller and the
        purpose."""
        return owner in self.party.owners_with_terms

    def is_known(self, label: Label) -> bool:
        """Whether the owner, every subject and the relationship to each are known, and there is a subject."""
        if not label.subjects or label.owner not in self.party.facts.agencies:
            return False
        return all(self.reached(subject) is not None for subject in label.subjects)

    def over(self, label: Label) -> list[Reach]:
        """The reach of each of the label's known subjects."""
        several = [self.reached(subject) for subject in label.subjects]
        return [found for found in several if found is not None]

    def reached(self, subject: str) -> Reach | None:
        """What the caller reaches of a subject; None for one nobody knows."""
        if subject not in self._reached:
            self._reached[subject] = self._reach(subject)
        return self._reached[subject]

    def _reach(self, subject: str) -> Reach | None:
        about = self.party.about.get(subject)
        if about is None:
            return None
        return reach(about, self.party.permitted[subject,], self._policy, self._kind, self.ask)

    def terms(self, owner: str, found: Reach) -> Terms:
        """The terms between an owner and the caller's agency about one subject."""
        return self.party.terms(owner, found.about)
