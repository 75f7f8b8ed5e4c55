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
* ``NOT_TAKING_PART``: the subject no longer takes part, or nobody was asked yet; but for that, permission or
  an objectable row would raise it.
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

For enforcement, EXCLUDED, NOT_TAKING_PART, WITHDRAWN, EXPIRED permissions, ROLE_CEILING of rows and
permission, AGREEMENT_CAP, NO_RELEASE, CONFLICT and REFUSED are not said: permission and rows do not count
there at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.consent.decision.facts import Label, Permission
from services.consent.decision.grid import FULL, TWICE_WIDTH, WIDTH, every_level, is_known, named, reaching
from services.consent.decision.reach import (
    ENFORCEMENT,
    NO_RELATIONSHIP,
    Reach,
    names_caller,
    override_gives,
    rows_of,
)
from services.consent.decision.reading import Reading
from services.consent.decision.resolve import GIVEN, Say, gives, refuses, who_has_a_say
from services.consent.decision.windows import grants, has_ended, is_withdrawn
from shared.vocabulary import Blocker

Masks = dict[Blocker, int]
"""Per blocker the mask of the categories it applies to, for one subject."""


def blockers_of(reading: Reading, label: Label) -> tuple[Blocker, ...]:
    """What kept the label below *full*, in the order of the vocabulary; empty if nothing did."""
    if not is_known(label.categories) or not reading.is_known(label):
        return (Blocker.UNKNOWN,)
    said = {
        blocker
        for found in reading.over(label)
        for blocker, mask in _for_subject(reading, label, found).items()
        if mask
    }
    return tuple(blocker for blocker in Blocker if blocker in said)


def _for_subject(reading: Reading, label: Label, found: Reach) -> Masks:
    got = reading.grid_for(label, found)
    short = reading.counts_as(label, found) & ~reaching(got, FULL)
    barred = short & ~found.unbarred
    rest = short & ~barred
    if reading.is_held(label) and not reading.is_own(label):
        return {Blocker.BARRED: barred, Blocker.HELD: rest}
    masks = [_of_caller(reading, label, found, rest)]
    if reading.is_held(label):
        return {Blocker.BARRED: barred, **masks[0]}
    masks.append(_of_overrides(reading, found, got, rest))
    if reading.ask.purpose == ENFORCEMENT:
        masks.append({Blocker.PURPOSE: rest})
    else:
        masks.append(_of_family_and_rows(reading, label, found, got, rest))
    merged = _merge(masks)
    explained = 0
    for mask in merged.values():
        explained |= mask
    return {**merged, Blocker.NO_BASIS: rest & ~explained, Blocker.BARRED: barred}


def _of_caller(reading: Reading, label: Label, found: Reach, rest: int) -> Masks:
    return {
        Blocker.NO_RELATIONSHIP: rest if found.relationship == NO_RELATIONSHIP else 0,
        Blocker.ROLE_CEILING: rest if reading.is_own(label) else 0,
    }


def _of_overrides(reading: Reading, found: Reach, got: int, rest: int) -> Masks:
    ask = reading.ask
    capped = expired = 0
    for override in found.about.overrides:
        if names_caller(override, ask):
            if grants(override.window, ask.at, ask.margin):
                capped |= _raised(override.grid, got)
            elif has_ended(override.window, ask.at, ask.margin):
                expired |= _raised(override_gives(override, found.standing), got)
    return {Blocker.ROLE_CEILING: capped & rest, Blocker.EXPIRED: expired & rest}


def _of_family_and_rows(reading: Reading, label: Label, found: Reach, got: int, rest: int) -> Masks:
    terms = reading.terms(label.owner, found)
    rows = rows_of(terms.agreed, found.standing)
    cap = rows.cap | terms.lifted
    heard = _hear(reading, found, terms.answers)
    ceiling, willing = found.standing.ceiling, found.willing
    mandatory = rows.base & every_level(rows.mandatory)
    all_objectable = rows.base & every_level(rows.objectable)
    objectable = all_objectable & found.unasked
    rows_and_consent = all_objectable | terms.permitted & cap
    permitted = _raised(terms.permitted & willing, got)
    over_the_cap = permitted & ~_raised(cap, got)
    possible = cap & ceiling & willing & ~every_level(heard.refused)
    masks = {
        Blocker.EXCLUDED: _raised(rows_and_consent & ceiling & ~found.unexcluded, got),
        Blocker.NOT_TAKING_PART: _raised(rows_and_consent & ceiling & ~found.taking_part, got)
        | _raised(all_objectable & ceiling & ~found.unasked, got),
        Blocker.WITHDRAWN: _raised(heard.withdrawn & possible, got),
        Blocker.EXPIRED: _raised(heard.expired & possible, got),
        Blocker.ROLE_CEILING: (_raised(mandatory | objectable & willing, got) | permitted)
        & ~_raised(ceiling, got),
        Blocker.AGREEMENT_CAP: over_the_cap,
        Blocker.NO_RELEASE: over_the_cap & ~named(terms.lifted),
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


def _hear(reading: Reading, found: Reach, answers: Sequence[Permission]) -> Heard:
    at, margin = reading.ask.at, reading.ask.margin
    say = who_has_a_say(found.about.subject, answers, at, margin)
    refused = conflict = withdrawn = expired = 0
    for answer in answers:
        if answer.answer is not GIVEN:
            refusal = refuses(answer, say, at, margin)
            refused |= refusal
            conflict |= refusal & _given_by_another(answer, answers, say, at, margin)
            continue
        former = answer.grid & every_level(say.mask_for(answer))
        if is_withdrawn(answer, at, margin):
            withdrawn |= former if grants(answer.window, at, margin) else 0
        elif has_ended(answer.window, at, margin):
            expired |= former
    return Heard(refused, conflict, withdrawn, expired)


def _given_by_another(
    refusal: Permission, answers: Sequence[Permission], say: Say, at: int, margin: int
) -> int:
    """The mask of what some other giver gave; a person is never in conflict with themselves."""
    given = 0
    for answer in answers:
        by_another = answer.giver != refusal.giver and not (answer.own or refusal.own)
        if answer.answer is GIVEN and by_another:
            given |= named(gives(answer, say, at, margin))
    return given


def _raised(grid: int, got: int) -> int:
    """The mask of the categories that ``grid`` holds at a higher level than ``got``."""
    higher = grid & ~got
    return named(higher | higher >> WIDTH | higher >> TWICE_WIDTH)


def _merge(several: Sequence[Masks]) -> Masks:
    merged: Masks = {}
    for masks in several:
        for blocker, mask in masks.items():
            merged[blocker] = merged.get(blocker, 0) | mask
    return merged
