"""Facts, sorted for an agency that asks for a purpose: what was said of whom, as far as it may concern them.

It is the same for everybody who works there, whoever they are and whatever the policy says to them. So it is
worked out once for all of them who are decided from the same facts (who-can-see, a simulation). It holds no
level, and lives no longer than the facts that were read for one answer (design 3.3, "no decision cache").
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce

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
from services.consent.decision.meet import lower_rows
from services.consent.decision.resolve import resolve
from services.consent.decision.windows import grants, stops


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
class Agreed:
    """What one owner and the agency agreed, from now until D from now.

    ``now``: the agreement that is in force at first; None where the default rows are. ``rows``: what all of
    them give that are in force at some moment until then; ``or_default``: at some moment none of them is, and
    the default rows are. Whatever comes by its date may be narrower than what it follows or wider, so until D
    has passed the narrower of both counts, as with two versions of the policy (``meet.py``).
    """

    now: Agreement | None
    rows: Rows
    or_default: bool


@dataclass(slots=True)
class Terms:
    """What one owner and the agency agreed, and what the owner released about one subject (``lifted`` is what
    that adds to the cap), all of it in force; with the family's ``answers`` that count for this owner's
    information, in force or not, and what they come to."""

    agreed: Agreed | None
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
    policy's default rows hold. ``freely_agreed``: what the agreement with an owner gives while nothing stands
    against it, with or without permission, before the ceiling; of those with whom the default rows do not
    come into it.
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
    agreed: dict[str, Agreed] = field(default_factory=dict)
    releases: dict[tuple[str, str], list[Release]] = field(default_factory=dict)
    answers_on: dict[tuple[str, str], list[Permission]] = field(default_factory=dict)
    freely_agreed: dict[str, Given] = field(default_factory=dict)
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
        return Terms(self.agreed.get(owner), releases, lifted, answers, permitted)


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
    at, margin = party.at, party.margin
    several: dict[str, list[Agreement]] = {}
    for agreement in party.facts.agreements:
        is_ours = agreement.recipient == agency and agreement.purpose == purpose
        if is_ours and stops(agreement.window, at, margin):
            several.setdefault(agreement.owner, []).append(agreement)
    for owner, agreements in several.items():
        agreed = _agreed(agreements, at, margin)
        if agreed is not None:
            party.agreed[owner] = agreed
            party.owners_with_terms.add(owner)
    for release in party.facts.releases:
        if release.recipient == agency and release.purpose == purpose and grants(release.window, at, margin):
            party.releases.setdefault((release.owner, release.subject), []).append(release)
            party.owners_with_terms.add(release.owner)
    for owner, agreed in party.agreed.items():
        if not agreed.or_default:
            party.freely_agreed[owner] = _freely_agreed(party, owner, agreed.rows)


def _agreed(agreements: Sequence[Agreement], at: int, margin: int) -> Agreed | None:
    """Of agreements with one owner at each moment until D from now the one in force that started last, and
    what they all give; None where it is none of them all that time."""
    only = agreements[0]
    if len(agreements) == 1 and grants(only.window, at, margin):  # nearly always, and then nothing changes
        return Agreed(only, only.rows, or_default=False)
    edges = {edge for one in agreements for edge in (one.window.start, one.window.end) if edge is not None}
    moments = (at, *(edge for edge in edges if at < edge <= at + margin))
    in_force = [_newest(agreements, moment) for moment in moments]
    rows = [one.rows for one in in_force if one is not None]
    return Agreed(in_force[0], reduce(lower_rows, rows), len(rows) < len(in_force)) if rows else None


def _newest(agreements: Sequence[Agreement], moment: int) -> Agreement | None:
    return max((one for one in agreements if grants(one.window, moment, 0)), key=_started, default=None)


def _freely_agreed(party: Party, owner: str, rows: Rows) -> Given:
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
