"""Facts, sorted so that one ask need not look through all of them.

Worth its few microseconds by itself when several asks are put to the same facts (simulation, who-can-see, a
page of a list); ``decide`` calls it otherwise. It only arranges: every rule is elsewhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.consent.decision.facts import (
    Agreement,
    Bar,
    Exclusion,
    Facts,
    Override,
    Permission,
    Release,
    Subject,
)


@dataclass(slots=True)
class About:
    """The facts about one subject; ``answers`` by recipient agency and purpose.

    ``answers_on``: by owner too, the answers about what that owner holds alone.
    """

    subject: Subject
    judged_competent: bool
    answers: dict[tuple[str, str], list[Permission]]
    answers_on: dict[tuple[str, str, str], list[Permission]]
    exclusions: list[Exclusion]
    overrides: list[Override]
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class IndexedFacts:
    """``agreements`` are newest first: the agreement in force is the one that started last.

    ``owners_with_terms``: by (recipient, purpose), the owners with any agreement or release, or about whose
    information somebody answered; for every other owner the default rows hold.
    """

    facts: Facts
    about: Mapping[str, About]
    agreements: Mapping[tuple[str, str, str], list[Agreement]]
    releases: Mapping[tuple[str, str, str, str], list[Release]]
    owners_with_terms: Mapping[tuple[str, str], set[str]]


def index_facts(facts: Facts) -> IndexedFacts:
    """The same facts, arranged by subject, recipient and purpose."""
    about = {name: About(subject, False, {}, {}, [], [], []) for name, subject in facts.subjects.items()}
    _add_answers(about, facts.permissions)
    for exclusion in facts.exclusions:
        if exclusion.subject in about:
            about[exclusion.subject].exclusions.append(exclusion)
    for override in facts.overrides:
        for subject in override.subjects & about.keys():
            about[subject].overrides.append(override)
    for bar in facts.bars:
        for subject in bar.subjects & about.keys():
            about[subject].bars.append(bar)
    return _with_terms(facts, about)


def _add_answers(about: dict[str, About], permissions: Iterable[Permission]) -> None:
    for permission in permissions:
        if permission.subject in about:
            found = about[permission.subject]
            found.judged_competent |= permission.own and permission.competent
            for recipient in permission.recipients:
                for purpose in permission.purposes:
                    if permission.owner is None:
                        found.answers.setdefault((recipient, purpose), []).append(permission)
                    else:
                        key = (permission.owner, recipient, purpose)
                        found.answers_on.setdefault(key, []).append(permission)


def _with_terms(facts: Facts, about: dict[str, About]) -> IndexedFacts:
    agreements: dict[tuple[str, str, str], list[Agreement]] = {}
    releases: dict[tuple[str, str, str, str], list[Release]] = {}
    owners: dict[tuple[str, str], set[str]] = {}
    for agreement in facts.agreements:
        agreements.setdefault((agreement.owner, agreement.recipient, agreement.purpose), []).append(agreement)
        owners.setdefault((agreement.recipient, agreement.purpose), set()).add(agreement.owner)
    for release in facts.releases:
        key = (release.owner, release.recipient, release.purpose, release.subject)
        releases.setdefault(key, []).append(release)
        owners.setdefault((release.recipient, release.purpose), set()).add(release.owner)
    for subject in about.values():
        for owner, recipient, purpose in subject.answers_on:
            owners.setdefault((recipient, purpose), set()).add(owner)
    for versions in agreements.values():
        versions.sort(key=lambda agreement: (agreement.window.start, agreement.id), reverse=True)
    return IndexedFacts(facts, about, agreements, releases, owners)
