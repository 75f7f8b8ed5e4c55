"""What kept a label below *full*, for the information officer alone (design 3.2, "what blocked others").

A label at *full* has no blockers. Otherwise a single word, if one of these settles it:

* ``SUSPENDED``: the calling user is suspended.
* ``UNKNOWN``: the caller's agency, its kind or the role is not known; or, per label, the owner, a subject,
  the relationship to a subject or a category is not known, or there is no category or no subject.
* ``PURPOSE``: the role may not act for this purpose.

Otherwise, over every (category, subject) pair of the label that is itself below *full*, all that apply, in
the order of the vocabulary. "Raise" means: would give the pair a higher level than it has.

* ``BARRED``: a bar stops the caller here. Nothing else is then said of this pair.
* ``HELD``: the entry stays with its owner for now, who is not the caller. Nothing else is then said of this
  pair.
* ``EXCLUDED``: an exclusion stops the caller here; without it, permission or an objectable row would raise
  it.
* ``NO_RELATIONSHIP``: the caller's relationship to the subject is none (or has ended so).
* ``WITHDRAWN``: a permission would raise it, had it not been withdrawn.
* ``EXPIRED``: a permission (not withdrawn) or an override would raise it, had it not ended.
* ``PURPOSE``: enforcement, which reads only own records and what a statutory override names.
* ``ROLE_CEILING``: the caller's own entry, below *full* by the own ceiling; or the rows that apply or the
  permission in force hold more than the pair has, and the ceiling does not; or an override in force does, and
  its cap does not let it through.
* ``AGREEMENT_CAP``: the permission in force holds more than the pair has, and the cap with its releases does
  not.
* ``NO_RELEASE``: the same, and no release of the owner is in force here.
* ``CONFLICT``: one giver refused what another gave.
* ``REFUSED``: somebody whose answer counts refused, and nobody else gave.
* ``NO_BASIS``: none of the above: nothing anybody said or agreed goes further.

For enforcement, EXCLUDED, WITHDRAWN, EXPIRED permissions, ROLE_CEILING of rows and permission, AGREEMENT_CAP,
NO_RELEASE, CONFLICT and REFUSED are not said: permission and rows do not count there at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.consent.decision.facts import Ask, Label, Permission
from services.consent.decision.grid import WIDTH, every_level, is_known, named, reaching
from services.consent.decision.index import IndexedFacts
from services.consent.decision.labels import grid_for, is_held, is_own
from services.consent.decision.reach import Reach, names_caller, override_gives, terms_of
from services.consent.decision.resolve import Say, gives, refuses, who_has_a_say
from services.consent.decision.windows import grants, has_ended, is_withdrawn
from shared.vocabulary import Answer, Blocker, Level, Purpose, Relationship

Masks = dict[Blocker, int]
"""Per blocker the mask of the categories it applies to, for one subject."""


def blockers_of(
    label: Label, reached: Mapping[str, Reach | None], indexed: IndexedFacts, ask: Ask
) -> tuple[Blocker, ...]:
    """What kept the label below *full*, in the order of the vocabulary; empty if nothing did."""
    if not is_known(label.categories) or not label.subjects or label.owner not in indexed.facts.agencies:
        return (Blocker.UNKNOWN,)
    found_for = [reached[subject] for subject in label.subjects]
    if None in found_for:
        return (Blocker.UNKNOWN,)
    said: set[Blocker] = set()
    for found in found_for:
        if found is not None:
            masks = _for_subject(label, found, indexed, ask)
            said.update(blocker for blocker, mask in masks.items() if mask)
    return tuple(blocker for blocker in Blocker if blocker in said)


def _for_subject(label: Label, found: Reach, indexed: IndexedFacts, ask: Ask) -> Masks:
    got = grid_for(label, found, indexed, ask)
    short = label.categories & ~reaching(got, Level.FULL)
    barred = short & ~found.unbarred
    rest = short & ~barred
    if is_held(label, indexed.facts):
        held = {Blocker.HELD: rest} if label.owner != ask.agency else _of_caller(label, found, rest, ask)
        return {Blocker.BARRED: barred, **held}
    masks = [_of_caller(label, found, rest, ask), _of_overrides(found, got, rest, ask)]
    if ask.purpose == Purpose.ENFORCEMENT:
        masks.append({Blocker.PURPOSE: rest})
    else:
        masks.append(_of_family_and_rows(label, found, got, rest, indexed, ask))
    merged = _merge(masks)
    explained = 0
    for mask in merged.values():
        explained |= mask
    return {**merged, Blocker.NO_BASIS: rest & ~explained, Blocker.BARRED: barred}


def _of_caller(label: Label, found: Reach, rest: int, ask: Ask) -> Masks:
    return {
        Blocker.NO_RELATIONSHIP: rest if found.relationship == Relationship.NONE else 0,
        Blocker.ROLE_CEILING: rest if is_own(label, ask) else 0,
    }


def _of_overrides(found: Reach, got: int, rest: int, ask: Ask) -> Masks:
    capped = expired = 0
    for override in found.about.overrides:
        if names_caller(override, ask):
            if grants(override.window, ask.at, ask.margin):
                capped |= _raised(override.grid, got)
            elif has_ended(override.window, ask.at, ask.margin):
                expired |= _raised(override_gives(override, found.standing), got)
    return {Blocker.ROLE_CEILING: capped & rest, Blocker.EXPIRED: expired & rest}


def _of_family_and_rows(
    label: Label, found: Reach, got: int, rest: int, indexed: IndexedFacts, ask: Ask
) -> Masks:
    terms = terms_of(label.owner, found, indexed, ask)
    heard = _hear(found, ask)
    ceiling, unexcluded = found.standing.ceiling, found.unexcluded
    mandatory = terms.rows.base & every_level(terms.rows.mandatory)
    objectable = terms.rows.base & every_level(terms.rows.objectable)
    rows_and_consent = objectable | found.permitted & terms.cap
    permitted = _raised(found.permitted & unexcluded, got)
    over_the_cap = permitted & ~_raised(terms.cap, got)
    possible = terms.cap & ceiling & unexcluded & ~every_level(heard.refused)
    released = 0
    for release in terms.releases:
        released |= named(release.grid)
    masks = {
        Blocker.EXCLUDED: _raised(rows_and_consent & ceiling & ~unexcluded, got),
        Blocker.WITHDRAWN: _raised(heard.withdrawn & possible, got),
        Blocker.EXPIRED: _raised(heard.expired & possible, got),
        Blocker.ROLE_CEILING: (_raised(mandatory | objectable & unexcluded, got) | permitted)
        & ~_raised(ceiling, got),
        Blocker.AGREEMENT_CAP: over_the_cap,
        Blocker.NO_RELEASE: over_the_cap & ~released,
        Blocker.CONFLICT: heard.conflict,
        Blocker.REFUSED: heard.refused & ~heard.conflict,
    }
    return {blocker: mask & rest for blocker, mask in masks.items()}


@dataclass(frozen=True, slots=True)
class Heard:
    """What was answered for this caller besides what is given: masks of refusals, grids of former yeses."""

    refused: int
    conflict: int
    withdrawn: int
    expired: int


def _hear(found: Reach, ask: Ask) -> Heard:
    answers = found.about.answers.get((ask.agency, ask.purpose), ())
    say = who_has_a_say(found.about.subject, answers, ask.at, ask.margin)
    refused = conflict = withdrawn = expired = 0
    for answer in answers:
        refusal = refuses(answer, say, ask.at, ask.margin)
        refused |= refusal
        conflict |= refusal & _given_by_another(answer, answers, say, ask)
        if answer.answer == Answer.GIVEN:
            former = answer.grid & every_level(say.mask_for(answer))
            if is_withdrawn(answer, ask.at, ask.margin):
                withdrawn |= former if grants(answer.window, ask.at, ask.margin) else 0
            elif has_ended(answer.window, ask.at, ask.margin):
                expired |= former
    return Heard(refused, conflict, withdrawn, expired)


def _given_by_another(refusal: Permission, answers: Sequence[Permission], say: Say, ask: Ask) -> int:
    """The mask of what some other giver gave; a person is never in conflict with themselves."""
    given = 0
    for answer in answers:
        if answer.giver != refusal.giver and not (answer.own or refusal.own):
            given |= named(gives(answer, say, ask.at, ask.margin))
    return given


def _raised(grid: int, got: int) -> int:
    """The mask of the categories that ``grid`` holds at a higher level than ``got``."""
    higher = grid & ~got
    return named(higher | higher >> WIDTH | higher >> 2 * WIDTH)


def _merge(several: Sequence[Masks]) -> Masks:
    merged: Masks = {}
    for masks in several:
        for blocker, mask in masks.items():
            merged[blocker] = merged.get(blocker, 0) | mask
    return merged
