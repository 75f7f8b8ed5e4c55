"""What one caller reaches of one subject's information, before any label is looked at (design 3.2).

Everything here is a grid or a mask over all categories at once (see ``grid.py``).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.consent.decision.facts import (
    Agreement,
    Ask,
    Bar,
    Exclusion,
    Override,
    Permission,
    Release,
    Rows,
)
from services.consent.decision.grid import NOTHING, every_level
from services.consent.decision.index import About, IndexedFacts
from services.consent.decision.on_behalf import standing_of_both
from services.consent.decision.policy import Policy, Standing
from services.consent.decision.resolve import resolve
from services.consent.decision.windows import grants, stops
from shared.vocabulary import OverrideKind, Purpose, Relationship

ENFORCEMENT, SAFEGUARDING = Purpose.ENFORCEMENT, Purpose.SAFEGUARDING
STATUTORY = OverrideKind.STATUTORY
NO_RELATIONSHIP, PARENT_ELSEWHERE = Relationship.NONE, Relationship.PARENT_ELSEWHERE
FAMILY_RELATIONSHIPS = frozenset(
    {Relationship.SUBJECT, Relationship.PARENT, Relationship.PARENT_ELSEWHERE, Relationship.CARER}
)
"""Relationships of a user to one person: they count only where they name that person."""


@dataclass(slots=True)
class Reach:
    """One subject, as this caller stands to them.

    ``own`` and ``by_default`` are finished grids: of the caller's own entries, and of an owner's who has no
    terms of their own. ``permitted`` is what the family gave of whatever anybody holds (``Terms`` has what
    they gave of one owner's), ``overridden`` what overrides give;
    ``unexcluded`` and ``unbarred`` keep what no exclusion and no bar stops (``grid & unbarred``),
    ``taking_part`` what a subject who no longer takes part leaves to this caller, and ``willing`` both it
    and ``unexcluded``: all that stands against objectable rows and permission. ``unasked`` is what
    objectable rows leave before anybody was asked whether they take part.
    """

    about: About
    relationship: str
    standing: Standing
    permitted: int
    unexcluded: int
    taking_part: int
    willing: int
    unasked: int
    overridden: int
    unbarred: int
    own: int
    by_default: int


def relationship_to(about: About, policy: Policy, ask: Ask) -> str:
    """The caller's relationship to one subject.

    That of a parent or carer ends (becomes ``none``) once the subject decides alone or was once judged
    competent; the policy names which relationships end so.
    """
    relationship = ask.relationship
    if ask.relationships_by_subject and about.subject.id in ask.relationships_by_subject:
        relationship = ask.relationships_by_subject[about.subject.id]
    elif relationship in FAMILY_RELATIONSHIPS:
        return NO_RELATIONSHIP
    if relationship in policy.until_own_decision:
        birthday = about.subject.decides_from
        if about.judged_competent or birthday is None or birthday <= ask.at + ask.margin:
            return NO_RELATIONSHIP
    return relationship


def excludes(exclusion: Exclusion, ask: Ask) -> bool:
    """Whether an exclusion about the subject stops this caller. It never does for safeguarding."""
    return (
        ask.purpose != SAFEGUARDING
        and (
            ask.agency in exclusion.agencies
            or ask.user in exclusion.users
            or ask.on_behalf_of in exclusion.users
        )
        and (exclusion.purposes is None or ask.purpose in exclusion.purposes)
        and stops(exclusion.window, ask.at, ask.margin)
    )


def keeps_place(found: "Reach", ask: Ask) -> bool:
    """Whether what locates the subject counts as *contact* too: where a bar in force protects their address,
    whoever asks; and for a parent who lives elsewhere, whom the name of an agency could lead to a refuge."""
    if found.relationship == PARENT_ELSEWHERE:
        return True
    return any(bar.hides_address and stops(bar.window, ask.at, ask.margin) for bar in found.about.bars)


def bars(bar: Bar, ask: Ask) -> bool:
    """Whether a bar about the subject stops this caller, or whoever they act for."""
    listed = ask.agency in bar.agencies or ask.user in bar.users
    if ask.on_behalf_of is not None and ask.agency not in bar.agencies:
        both = ask.on_behalf_of in bar.users
        listed = listed and both if bar.everyone_except else listed or both
    return listed != bar.everyone_except and stops(bar.window, ask.at, ask.margin)


def names_caller(override: Override, ask: Ask) -> bool:
    """Whether an override about the subject is for this caller and purpose, at whatever time.

    Break-glass is one user's; and for enforcement only a statutory override opens anything. What names a
    user is for them, and for no system on their behalf.
    """
    if ask.purpose not in override.purposes:
        return False
    if override.kind == STATUTORY:
        return ask.user in override.users or ask.agency in override.agencies
    return ask.user in override.users and ask.purpose != ENFORCEMENT


def override_gives(override: Override, standing: Standing) -> int:
    """The grid an override gives to somebody of this standing."""
    if override.kind == STATUTORY:
        return override.grid & standing.statutory_cap
    return override.grid & standing.break_glass_cap


def reach(about: About, policy: Policy, kind: str, ask: Ask) -> Reach | None:
    """What the caller reaches of one subject; None if their relationship is a word nobody knows."""
    relationship = relationship_to(about, policy, ask)
    standing = policy.standings.get((kind, ask.role, relationship, ask.purpose))
    if standing is None:
        return None
    if ask.on_behalf_of is not None:
        standing = standing_of_both(standing, policy, kind, relationship, ask)
    unexcluded = taking_part = willing = unasked = unbarred = -1
    if about.exclusions:
        willing = unexcluded = ~every_level(_stopped_by_exclusions(about, ask))
    subject = about.subject
    if (subject.taking_part_ended or subject.before_taking_part) and relationship not in FAMILY_RELATIONSHIPS:
        nobody = policy.standings[kind, ask.role, NO_RELATIONSHIP, ask.purpose]
        strangers = standing_of_both(nobody, policy, kind, NO_RELATIONSHIP, ask).ceiling
        if subject.before_taking_part:
            unasked = strangers
        if subject.taking_part_ended:
            taking_part = strangers
            willing &= strangers
    if about.bars:
        unbarred = ~every_level(_stopped_by_bars(about, ask))
    overridden = _overridden(about, standing, ask) if about.overrides else NOTHING
    answers = about.answers.get((ask.agency, ask.purpose))
    permitted = resolve(about.subject, answers, ask.at, ask.margin) if answers else NOTHING
    if ask.purpose == ENFORCEMENT:
        by_default = overridden
    else:
        unless_stopped = standing.objectable & unasked | permitted & standing.permissible
        by_default = standing.mandatory | unless_stopped & willing | overridden
    return Reach(
        about,
        relationship,
        standing,
        permitted,
        unexcluded,
        taking_part,
        willing,
        unasked,
        overridden,
        unbarred,
        standing.own & unbarred,
        by_default & unbarred,
    )


def _stopped_by_exclusions(about: About, ask: Ask) -> int:
    mask = 0
    for exclusion in about.exclusions:
        if excludes(exclusion, ask):
            mask |= exclusion.mask
    return mask


def _stopped_by_bars(about: About, ask: Ask) -> int:
    mask = 0
    for bar in about.bars:
        if bars(bar, ask):
            mask |= bar.mask
    return mask


def _overridden(about: About, standing: Standing, ask: Ask) -> int:
    grid = NOTHING
    for override in about.overrides:
        if names_caller(override, ask) and grants(override.window, ask.at, ask.margin):
            grid |= override_gives(override, standing)
    return grid


@dataclass(slots=True)
class Terms:
    """What one owner and the caller's agency agreed, and what the owner released about one subject.

    ``answers`` are the family's that count for this owner's information, ``permitted`` what they come to.
    """

    agreement: Agreement | None
    rows: Rows
    releases: list[Release]
    cap: int
    answers: Sequence[Permission]
    permitted: int


def terms_of(owner: str, found: Reach, indexed: IndexedFacts, ask: Ask) -> Terms:
    """The rows in force: of the agreement that started last, else the default ones; with the releases."""
    agreement = None
    for version in indexed.agreements.get((owner, ask.agency, ask.purpose), ()):
        if grants(version.window, ask.at, ask.margin):
            agreement = version
            break
    rows = found.standing.rows if agreement is None else agreement.rows
    cap = rows.cap
    releases = []
    for release in indexed.releases.get((owner, ask.agency, ask.purpose, found.about.subject.id), ()):
        if grants(release.window, ask.at, ask.margin):
            releases.append(release)
            cap |= release.grid
    about = found.about
    answers: Sequence[Permission] = about.answers.get((ask.agency, ask.purpose), ())
    permitted = found.permitted
    if about.answers_on and (on_owner := about.answers_on.get((owner, ask.agency, ask.purpose))):
        answers = [*answers, *on_owner]
        permitted = resolve(about.subject, answers, ask.at, ask.margin)
    return Terms(agreement, rows, releases, cap, answers, permitted)


def under_terms(terms: Terms, found: Reach, ask: Ask) -> int:
    """``Reach.by_default`` again, for an owner with an agreement, a release or an answer of their own."""
    if ask.purpose == ENFORCEMENT:
        return found.by_default
    rows = terms.rows
    mandatory = rows.base & every_level(rows.mandatory)
    objectable = rows.base & every_level(rows.objectable)
    given = mandatory | (objectable & found.unasked | terms.permitted & terms.cap) & found.willing
    return (given & found.standing.ceiling | found.overridden) & found.unbarred
