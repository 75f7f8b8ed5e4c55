"""What one caller reaches of one subject's information, before any label is looked at (design 3.2).

Everything here is a grid or a mask over all categories at once (see ``grid.py``).
"""

from dataclasses import dataclass

from services.consent.decision.facts import Ask, Bar, Exclusion, Override, Rows
from services.consent.decision.grid import NOTHING, every_level
from services.consent.decision.index import About, Agreed, Terms
from services.consent.decision.meet import lower_rows
from services.consent.decision.on_behalf import standing_of_both
from services.consent.decision.policy import Policy, Standing
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
    terms of their own. ``overridden`` is what overrides give; ``unexcluded`` and ``unbarred`` keep what no
    exclusion and no bar stops (``grid & unbarred``), ``taking_part`` what a subject who no longer takes part
    leaves to this caller, and ``willing`` both it and ``unexcluded``: all that stands against objectable rows
    and permission. ``unasked`` is what objectable rows leave before anybody was asked whether they take part.
    """

    about: About
    relationship: str
    standing: Standing
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
    relationship = ask.relationships_by_subject.get(about.subject.id)
    if relationship is None:
        relationship = relationship_to_the_case(ask)
    if relationship in policy.until_own_decision and about.decides_alone:
        return NO_RELATIONSHIP
    return relationship


def relationship_to_the_case(ask: Ask) -> str:
    """What the caller is to anybody to whom they are nothing in particular."""
    return NO_RELATIONSHIP if ask.relationship in FAMILY_RELATIONSHIPS else ask.relationship


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


def standing_in(relationship: str, policy: Policy, kind: str, ask: Ask) -> Standing | None:
    """What the policy says to this caller in a relationship; None for a word nobody knows."""
    standing = policy.standings.get((kind, ask.role, relationship, ask.purpose))
    if standing is not None and ask.on_behalf_of is not None:
        return standing_of_both(standing, policy, kind, relationship, ask)
    return standing


def reach(about: About, permitted: int, policy: Policy, kind: str, ask: Ask) -> Reach | None:
    """What the caller reaches of one subject; None if their relationship is a word nobody knows."""
    relationship = relationship_to(about, policy, ask)
    standing = standing_in(relationship, policy, kind, ask)
    if standing is None:
        return None
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
    if ask.purpose == ENFORCEMENT:
        by_default = overridden
    else:
        unless_stopped = standing.objectable & unasked | permitted & standing.permissible
        by_default = standing.mandatory | unless_stopped & willing | overridden
    return Reach(
        about,
        relationship,
        standing,
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


def rows_of(agreed: Agreed | None, standing: Standing) -> Rows:
    """The rows in force: what was agreed, else the policy's; where one follows the other within D, what both
    give."""
    if agreed is None:
        return standing.rows
    return lower_rows(agreed.rows, standing.rows) if agreed.or_default else agreed.rows


def under_terms(terms: Terms, found: Reach, ask: Ask) -> int:
    """``Reach.by_default`` again, for an owner with an agreement, a release or an answer of their own."""
    if ask.purpose == ENFORCEMENT:
        return found.by_default
    rows = rows_of(terms.agreed, found.standing)
    mandatory = rows.base & every_level(rows.mandatory)
    objectable = rows.base & every_level(rows.objectable)
    permissible = rows.cap | terms.lifted
    given = mandatory | (objectable & found.unasked | terms.permitted & permissible) & found.willing
    return (given & found.standing.ceiling | found.overridden) & found.unbarred
