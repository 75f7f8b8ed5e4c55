"""Facts, sorted for an agency that asks for a purpose: what was said of whom, as far as it may concern them.

It is the same for everybody who works there, whoever they are and whatever the policy says to them. So it is
worked out once for all of them who are decided from the same facts (who-can-see, a simulation). It holds no
level, and lives no longer than the facts that were read for one answer (design 3.3, "no decision cache").
"""

from dataclasses import dataclass, field

from services.consent.decision.facts import (
    Agreement,
    Ask,
    Bar,
    Exclusion,
    Facts,
    Override,
    Permission,
    Release,
    Rows,
    Subject,
)
from services.consent.decision.grid import EVERYTHING, NOTHING, every_level
from services.consent.decision.resolve import resolve
from services.consent.decision.windows import grants


class Given(dict[tuple[str, ...], int]):
    """What is given, by whom it is about: put in for each person alone, and the lowest over several.

    A ``KeyError`` for nobody at all, and for anybody of whom nothing was put in.
    """

    def __missing__(self, subjects: tuple[str, ...]) -> int:
        if len(subjects) < 2:
            raise KeyError(subjects)
        grid = EVERYTHING
        for subject in subjects:
            grid &= self[subject,]
        self[subjects] = grid
        return grid


@dataclass(slots=True)
class About:
    """One subject. ``answers`` are those about whatever anybody holds that name the agency and the purpose,
    in force or not. ``decides_alone``: they do by now, or were once judged competent to.
    """

    subject: Subject
    decides_alone: bool
    answers: list[Permission] = field(default_factory=list)
    exclusions: tuple[Exclusion, ...] = ()
    overrides: tuple[Override, ...] = ()
    bars: tuple[Bar, ...] = ()


@dataclass(slots=True)
class Terms:
    """What one owner and the agency agreed, and what the owner released about one subject (``lifted`` is what
    that adds to the cap), all of it in force; with the family's ``answers`` that count for this owner's
    information, in force or not, and what they come to."""

    agreement: Agreement | None
    releases: list[Release]
    lifted: int
    answers: list[Permission]
    permitted: int


@dataclass(slots=True)
class Party:
    """An agency that asks for a purpose.

    ``stopped_or_opened``: an exclusion, a bar or an override may touch it, or somebody does not take part.
    ``permitted`` is what the answers about whatever anybody holds come to. ``owners_with_terms``: those with
    whom there is an agreement, who released something, or about whose information somebody answered. Of all
    owners that are known, these and the agency itself are ``owners_apart``; for ``owners_by_default`` the
    policy's default rows hold. ``agreed``: what the agreement with an owner gives while nothing stands
    against it, with or without permission, before the ceiling.
    """

    facts: Facts
    at: int
    margin: int
    about: dict[str, About] = field(default_factory=dict)
    stopped_or_opened: bool = False
    permitted: Given = field(default_factory=Given)
    owners_with_terms: set[str] = field(default_factory=set)
    owners_apart: list[str] = field(default_factory=list)
    owners_by_default: list[str] = field(default_factory=list)
    agreements: dict[str, Agreement] = field(default_factory=dict)
    releases: dict[tuple[str, str], list[Release]] = field(default_factory=dict)
    answers_on: dict[tuple[str, str], list[Permission]] = field(default_factory=dict)
    agreed: dict[str, Given] = field(default_factory=dict)
    _terms: dict[tuple[str, str], Terms] = field(default_factory=dict)

    def terms(self, owner: str, about: About) -> Terms:
        """The terms with an owner about one subject."""
        key = owner, about.subject.id
        if key not in self._terms:
            self._terms[key] = self._find_terms(about, *key)
        return self._terms[key]

    def _find_terms(self, about: About, owner: str, subject: str) -> Terms:
        releases = self.releases.get((owner, subject), [])
        answers, permitted = about.answers, self.permitted[subject,]
        if (owner, subject) in self.answers_on:
            answers = answers + self.answers_on[owner, subject]
            permitted = resolve(about.subject, answers, self.at, self.margin)
        lifted = NOTHING
        for release in releases:
            lifted |= release.grid
        return Terms(self.agreements.get(owner), releases, lifted, answers, permitted)


@dataclass(slots=True)
class IndexedFacts:
    """Facts, and what was sorted out of them for those who asked so far."""

    facts: Facts
    _parties: dict[tuple[str, str, int, int], Party] = field(default_factory=dict)

    def party(self, ask: Ask) -> Party:
        """The agency that asks, for this purpose, at this moment."""
        key = ask.agency, ask.purpose, ask.at, ask.margin
        party = self._parties.get(key)
        if party is None:
            party = self._parties[key] = _sort(self.facts, *key)
        return party


def index_facts(facts: Facts) -> IndexedFacts:
    """The same facts, ready for any number of asks."""
    return IndexedFacts(facts)


def _sort(facts: Facts, agency: str, purpose: str, at: int, margin: int) -> Party:
    party = Party(facts, at, margin)
    _add_subjects(party)
    _add_answers(party, agency, purpose)
    _add_terms(party, agency, purpose)
    _add_what_stops_or_opens(party, agency)
    for owner in facts.agencies:
        apart = owner == agency or owner in party.owners_with_terms
        (party.owners_apart if apart else party.owners_by_default).append(owner)
    return party


def _add_subjects(party: Party) -> None:
    for name, subject in party.facts.subjects.items():
        birthday = subject.decides_from
        party.about[name] = About(subject, birthday is None or birthday <= party.at + party.margin)
        if subject.taking_part_ended or subject.before_taking_part:
            party.stopped_or_opened = True


def _add_answers(party: Party, agency: str, purpose: str) -> None:
    for permission in party.facts.permissions:
        about = party.about.get(permission.subject)
        if about is None:
            continue
        if permission.own and permission.competent:
            about.decides_alone = True
        if agency in permission.recipients and purpose in permission.purposes:
            if permission.owner is None:
                about.answers.append(permission)
            else:
                party.owners_with_terms.add(permission.owner)
                party.answers_on.setdefault((permission.owner, permission.subject), []).append(permission)
    for name, about in party.about.items():
        party.permitted[name,] = NOTHING
        if about.answers:
            party.permitted[name,] = resolve(about.subject, about.answers, party.at, party.margin)


def _add_terms(party: Party, agency: str, purpose: str) -> None:
    """Of the agreements with an owner that are in force, the one that started last."""
    at, margin = party.at, party.margin
    for agreement in party.facts.agreements:
        if agreement.recipient == agency and agreement.purpose == purpose:
            other = party.agreements.get(agreement.owner)
            is_newer = other is None or _started(agreement) > _started(other)
            if is_newer and grants(agreement.window, at, margin):
                party.agreements[agreement.owner] = agreement
                party.owners_with_terms.add(agreement.owner)
    for release in party.facts.releases:
        if release.recipient == agency and release.purpose == purpose and grants(release.window, at, margin):
            party.releases.setdefault((release.owner, release.subject), []).append(release)
            party.owners_with_terms.add(release.owner)
    for owner, agreement in party.agreements.items():
        party.agreed[owner] = _find_agreed(party, owner, agreement.rows)


def _find_agreed(party: Party, owner: str, rows: Rows) -> Given:
    given, freely = Given(), rows.base & every_level(rows.mandatory | rows.objectable)
    for name, about in party.about.items():
        permitted, cap = party.permitted[name,], rows.cap
        if (owner, name) in party.releases or (owner, name) in party.answers_on:
            terms = party.terms(owner, about)
            permitted, cap = terms.permitted, cap | terms.lifted
        given[name,] = freely | permitted & cap
    return given


def _started(agreement: Agreement) -> tuple[int, str]:
    return agreement.window.start, agreement.id


def _add_what_stops_or_opens(party: Party, agency: str) -> None:
    """Whatever may touch somebody of the agency; whom exactly, and when, is in ``reach.py``."""
    about = party.about
    for exclusion in party.facts.exclusions:
        if exclusion.subject in about and (agency in exclusion.agencies or exclusion.users):
            about[exclusion.subject].exclusions += (exclusion,)
            party.stopped_or_opened = True
    for override in party.facts.overrides:
        if agency in override.agencies or override.users:
            for subject in override.subjects & about.keys():
                about[subject].overrides += (override,)
                party.stopped_or_opened = True
    for bar in party.facts.bars:
        for subject in bar.subjects & about.keys():
            about[subject].bars += (bar,)
            party.stopped_or_opened = True
