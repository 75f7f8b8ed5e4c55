"""What one caller reaches of one subject's information, before any label is looked at (design 3.2).

Everything here is a grid or a mask over all categories at once (see ``grid.py``).
"""

from dataclasses import dataclass

from services.consent.decision.facts import Agreement, Ask, Bar, Exclusion, Override, Release, Rows
from services.consent.decision.grid import NOTHING, every_level
from services.consent.decision.index import About, IndexedFacts
from services.consent.decision.policy import Policy, Standing
from services.consent.decision.resolve import resolve
from services.consent.decision.windows import grants, stops
from shared.vocabulary import OverrideKind, Purpose, Relationship

FAMILY_RELATIONSHIPS = frozenset(
    {Relationship.SUBJECT, Relationship.PARENT, Relationship.PARENT_ELSEWHERE, Relationship.CARER}
)
"""Relationships of a user to one person: they count only where they name that person."""


@dataclass(slots=True)
class Reach:
    """``by_default`` is the grid for an owner without terms of their own, ``own`` that for the caller's own
    entries, both with bars applied; ``unexcluded`` and ``unbarred`` keep what no exclusion, no bar stops."""

    about: About
    relationship: str
    standing: Standing
    permitted: int
    unexcluded: int
    overridden: int
    unbarred: int
    own: int
    by_default: int


def relationship_to(about: About, policy: Policy, ask: Ask) -> str:
    """The caller's relationship to one subject.

    That of a parent or carer ends (becomes ``none``) once the subject decides alone or was once judged
    competent; the policy names which relationships end so.
    """
    named_here = ask.relationships_by_subject.get(about.subject.id)
    relationship = ask.relationship if named_here is None else named_here
    if named_here is None and relationship in FAMILY_RELATIONSHIPS:
        return Relationship.NONE
    if relationship in policy.until_own_decision:
        birthday = about.subject.decides_from
        if about.judged_competent or birthday is None or birthday <= ask.at + ask.margin:
            return Relationship.NONE
    return relationship


def excludes(exclusion: Exclusion, ask: Ask) -> bool:
    """Whether an exclusion about the subject stops this caller. It never does for safeguarding."""
    return (
        ask.purpose != Purpose.SAFEGUARDING
        and (ask.agency in exclusion.agencies or ask.user in exclusion.users)
        and (exclusion.purposes is None or ask.purpose in exclusion.purposes)
        and stops(exclusion.window, ask.at, ask.margin)
    )


def bars(bar: Bar, ask: Ask) -> bool:
    """Whether a bar about the subject stops this caller."""
    listed = ask.agency in bar.agencies or ask.user in bar.users
    return listed != bar.everyone_except and stops(bar.window, ask.at, ask.margin)


def names_caller(override: Override, ask: Ask) -> bool:
    """Whether an override about the subject is for this caller and purpose, at whatever time.

    Break-glass is one user's; and for enforcement only a statutory override opens anything.
    """
    if ask.purpose not in override.purposes:
        return False
    if override.kind == OverrideKind.STATUTORY:
        return ask.user in override.users or ask.agency in override.agencies
    return ask.user in override.users and ask.purpose != Purpose.ENFORCEMENT


def override_gives(override: Override, standing: Standing) -> int:
    """The grid an override gives to somebody of this standing."""
    if override.kind == OverrideKind.STATUTORY:
        return override.grid & standing.statutory_cap
    return override.grid & standing.break_glass_cap


def reach(about: About, policy: Policy, kind: str, ask: Ask) -> Reach | None:
    """What the caller reaches of one subject; None if their relationship is a word nobody knows."""
    relationship = relationship_to(about, policy, ask)
    standing = policy.standings.get((kind, ask.role, relationship, ask.purpose))
    if standing is None:
        return None
    excluded = barred = overridden = 0
    for exclusion in about.exclusions:
        if excludes(exclusion, ask):
            excluded |= exclusion.mask
    for bar in about.bars:
        if bars(bar, ask):
            barred |= bar.mask
    for override in about.overrides:
        if names_caller(override, ask) and grants(override.window, ask.at, ask.margin):
            overridden |= override_gives(override, standing)
    answers = about.answers.get((ask.agency, ask.purpose))
    permitted = resolve(about.subject, answers, ask.at, ask.margin) if answers else NOTHING
    unexcluded, unbarred = ~every_level(excluded), ~every_level(barred)
    if ask.purpose == Purpose.ENFORCEMENT:
        given = NOTHING
    else:
        given = standing.mandatory | (standing.objectable | permitted & standing.permissible) & unexcluded
    return Reach(
        about=about,
        relationship=relationship,
        standing=standing,
        permitted=permitted,
        unexcluded=unexcluded,
        overridden=overridden,
        unbarred=unbarred,
        own=standing.own & unbarred,
        by_default=(given | overridden) & unbarred,
    )


@dataclass(frozen=True, slots=True)
class Terms:
    """What one owner and the caller's agency agreed, and what the owner released about one subject."""

    agreement: Agreement | None
    rows: Rows
    releases: tuple[Release, ...]
    cap: int


def terms_of(owner: str, found: Reach, indexed: IndexedFacts, ask: Ask) -> Terms:
    """The rows in force: of the agreement that started last, else the default ones; with the releases."""
    agreement = None
    for version in indexed.agreements.get((owner, ask.agency, ask.purpose), ()):
        if grants(version.window, ask.at, ask.margin):
            agreement = version
            break
    rows = found.standing.rows if agreement is None else agreement.rows
    releases = tuple(
        release
        for release in indexed.releases.get((owner, ask.agency, ask.purpose, found.about.subject.id), ())
        if grants(release.window, ask.at, ask.margin)
    )
    cap = rows.cap
    for release in releases:
        cap |= release.grid
    return Terms(agreement, rows, releases, cap)


def under_terms(terms: Terms, found: Reach, ask: Ask) -> int:
    """``Reach.by_default`` again, for an owner with an agreement or a release."""
    if ask.purpose == Purpose.ENFORCEMENT:
        return found.by_default
    rows, ceiling = terms.rows, found.standing.ceiling
    mandatory = rows.base & every_level(rows.mandatory)
    objectable = rows.base & every_level(rows.objectable)
    given = mandatory | (objectable | found.permitted & terms.cap) & found.unexcluded
    return (given & ceiling | found.overridden) & found.unbarred
