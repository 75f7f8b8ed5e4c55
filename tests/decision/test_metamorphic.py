"""D2: how the verdict moves when one thing changes, whatever the world (design 5.2).

Each property is tried on 2,000 worlds in which the change really was possible, and each test counts them and
those that moved. Changes to the code that turn a test red stand in its docstring. Three changes that make one
or another fail: ``& ~unexcluded`` for ``& unexcluded`` in ``reach``, ``given ^=`` for ``given |=`` in
``resolve``, ``grid & mask`` for ``grid & mask == mask`` in ``Reading.levels``.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import wraps
from itertools import islice
from random import Random
from typing import Any

import pytest

from services.consent.decision.decide import decide
from services.consent.decision.facts import Ask, Bar, Facts, Label, Permission, Window
from services.consent.decision.grid import ALL, BIT_OF, EVERYTHING, every_level
from services.consent.decision.policy import Policy
from services.consent.decision.verdict import Verdict
from shared.vocabulary import Answer, Blocker, Category, Level, Role
from tests.decision.worlds import (
    DEFAULT_POLICY,
    MARGIN,
    SUBJECTS,
    random_agreement,
    random_bar,
    random_exclusion,
    random_policy,
    random_world,
)

WORLDS = 2_000
MOVED_AT_LEAST = 0.03
"""The share of worlds in which a change must really move a level, or the property would say nothing."""
KINDS = ("permissions", "exclusions", "overrides", "bars", "releases", "agreements")
World = tuple[Policy, Facts, Ask]
pytestmark = pytest.mark.property


def worlds(random: Random) -> Iterator[World]:
    """Endless random worlds in which the caller is shown something."""
    policies = [DEFAULT_POLICY, *(random_policy(random) for _ in range(15))]
    while True:
        policy = random.choice(policies)
        facts, ask = random_world(random, policy)
        if decide(policy, facts, ask).exists:
            yield policy, facts, ask


def levels(policy: Policy, facts: Facts, ask: Ask) -> tuple[Level, ...]:
    return decide(policy, facts, ask).levels


def check(
    seed: int, scale: float, change: Callable[[Random, World], World | None], *, never_raises: bool
) -> None:
    """Apply the change to worlds that allow it, and hold every level against what it was."""
    random = Random(seed)
    wanted = int(WORLDS * scale)
    changed = ((world, change(random, world)) for world in worlds(random))
    possible = ((before, after) for before, after in changed if after is not None)
    ran = moved = 0
    for before, after in islice(possible, wanted):
        was, now = levels(*before), levels(*after)
        fine = all(n <= w if never_raises else n >= w for w, n in zip(was, now, strict=True))
        assert fine, f"{was} became {now}\n{before[2]}\n{before[1]}\n{after[1]}\n{after[2]}"
        ran += 1
        moved += was != now
    print(f"D2 seed {seed} {change.__qualname__.split('.')[0]}: {ran} worlds, {moved} moved")
    assert ran == wanted
    assert moved >= wanted * MOVED_AT_LEAST


def test_D2_an_added_exclusion_never_raises_a_level(seed: int, scale: float) -> None:
    """Tried: ``& ~unexcluded`` for ``& unexcluded`` in ``reach``."""

    def add(random: Random, world: World) -> World:
        policy, facts, ask = world
        exclusion = random_exclusion(random, "added", list(Category), ask.purpose)
        if random.random() < 0.8:
            exclusion = replace(exclusion, agencies=exclusion.agencies | {ask.agency}, purposes=None)
        return policy, replace(facts, exclusions=(*facts.exclusions, exclusion)), ask

    check(seed, scale, add, never_raises=True)


def test_D2_an_added_bar_never_raises_a_level(seed: int, scale: float) -> None:
    """Tried: the mask of bars combined with ``^`` in ``reach``."""

    def add(random: Random, world: World) -> World:
        policy, facts, ask = world
        bar = random_bar(random, "added", list(Category), ask.purpose)
        return policy, replace(facts, bars=(*facts.bars, bar)), ask

    check(seed, scale, add, never_raises=True)


def test_D2_protecting_an_address_never_raises_a_level(seed: int, scale: float) -> None:
    """A bar that stops nobody here, on nothing, and yet makes what locates count as contact.

    Tried: ``categories`` alone in ``Reading.counts_as``, where nothing then falls; ``^`` for ``|`` there.
    """

    def protect(random: Random, world: World) -> World:
        policy, facts, ask = world
        about = frozenset(random.sample(SUBJECTS, random.randint(1, 2)))
        nobody: frozenset[str] = frozenset()
        bar = Bar("added", about, 0, nobody, nobody, False, Window(0, None), hides_address=True)
        return policy, replace(facts, bars=(*facts.bars, bar)), ask

    check(seed, scale, protect, never_raises=True)


def test_D2_an_added_refusal_never_raises_a_level(seed: int, scale: float) -> None:
    """Recorded competence only under the default policy: it ends a parent's relationship, and under a random
    policy having none may give more (the lint's business). Tried: ``^`` for ``& ~`` in ``resolve``."""

    def add(random: Random, world: World) -> World | None:
        policy, facts, ask = world
        named = decisive_among(decide(policy, facts, ask))["permissions"]
        subjects = [answer.subject for answer in facts.permissions if answer.id in named]
        if not subjects and random.random() < 0.7:
            return None
        refusal = Permission(
            id="added",
            subject=random.choice(subjects or SUBJECTS),
            giver=random.choice(("father", "mother", "child")),
            own=random.random() < 0.5,
            competent=policy is DEFAULT_POLICY and random.random() < 0.5,
            authority=ALL,
            answer=Answer.REFUSED,
            recipients=frozenset({ask.agency}),
            purposes=frozenset({ask.purpose}),
            grid=EVERYTHING,
            window=Window(0, None),
        )
        return policy, replace(facts, permissions=(*facts.permissions, refusal)), ask

    check(seed, scale, add, never_raises=True)


def test_D2_naming_somebody_never_raises_a_level(seed: int, scale: float) -> None:
    """Whoever a system acts for in the relationship that it has, and whatever their role, it sees no more.

    Tried: ``|`` for ``&`` between the two ceilings in ``meet.lower``; the standing of the named role in the
    place of both in ``on_behalf.standing_of_both``; ``and`` for ``or`` between the two users of a bar.
    """
    roles = [role.value for role in Role]

    def name(random: Random, world: World) -> World | None:
        policy, facts, ask = world
        if ask.on_behalf_of is not None:
            return None
        system = replace(ask, role=Role.AGENCY_SYSTEM)
        if not decide(policy, facts, system).exists:
            return None
        fitting = [role for role in roles if ask.purpose in policy.purposes[role]] or roles
        named = replace(system, on_behalf_of="user-2", on_behalf_roles=(random.choice(fitting),))
        return policy, facts, named

    def alone(world: World) -> World:
        policy, facts, ask = world
        return policy, facts, replace(ask, role=Role.AGENCY_SYSTEM)

    random = Random(seed)
    wanted, ran, moved, shown = int(WORLDS * scale), 0, 0, 0
    for world in worlds(random):
        after = name(random, world)
        if after is None:
            continue
        was, now = levels(*alone(world)), levels(*after)
        assert all(n <= w for w, n in zip(was, now, strict=True)), f"{was} became {now}\n{after}"
        ran, moved, shown = ran + 1, moved + (was != now), shown + any(now)
        if ran == wanted:
            break
    print(f"D2 seed {seed} naming somebody: {ran} worlds, {moved} moved, {shown} shown all the same")
    assert ran == wanted
    assert min(moved, shown) >= wanted * 0.2


def test_D2_ending_taking_part_never_raises_a_level(seed: int, scale: float) -> None:
    """Tried: ``willing |= taking_part`` in ``reach``; a stranger's standing in place of the own one."""

    def end(random: Random, world: World) -> World | None:
        policy, facts, ask = world
        name = random.choice(list(facts.subjects))
        if facts.subjects[name].taking_part_ended:
            return None
        left = replace(facts.subjects[name], taking_part_ended=True)
        return policy, replace(facts, subjects={**facts.subjects, name: left}), ask

    check(seed, scale, end, never_raises=True)


def test_D2_a_narrower_window_never_raises_a_level(seed: int, scale: float) -> None:
    """Of what opens: permissions given, overrides, releases.

    Not of competent own answers, whose window also says how long they stand alone; nor of agreements, whose
    end brings the default rows back (of these the next test). Tried: ``grants`` with
    ``at + margin >= window.end``.
    """

    def narrow(random: Random, world: World) -> World | None:
        policy, facts, ask = world
        kind = random.choice(("permissions", "overrides", "releases"))
        fitting = [
            place
            for place, fact in enumerate(getattr(facts, kind))
            if kind != "permissions" or (fact.answer == Answer.GIVEN and not (fact.own and fact.competent))
        ]
        named = decisive_among(decide(policy, facts, ask))
        decisive = [place for place in fitting if getattr(facts, kind)[place].id in named[kind]]
        if not fitting or (not decisive and random.random() < 0.7):
            return None
        place = random.choice(decisive or fitting)
        window = getattr(facts, kind)[place].window
        start = window.start + random.choice((0, 0, 5, 500))
        ends = [ask.at, ask.at + 1, ask.at + ask.margin, ask.at + ask.margin + 1]
        end = random.choice([end for end in ends if window.end is None or end < window.end] or [window.end])
        return policy, _with(facts, kind, place, window=Window(start, end)), ask

    check(seed, scale, narrow, never_raises=True)


def test_D2_what_is_decided_now_would_be_shown_at_every_moment_until_d_from_now(
    seed: int, scale: float
) -> None:
    """An agreement begins or ends in that time, narrower or wider than what it follows, among facts of every
    kind: the level is no higher than any of those that would be decided then for that moment alone.

    Not of somebody whose relationship ends with another's own decision in that time: under a random policy
    having none may give more (the lint's business). Tried: in ``index`` the agreement by ``grants`` that
    started last, as of what opens; ``at <= edge < at + margin``; ``or_default`` always ``False``.
    """
    random = Random(seed)
    wanted = int(WORLDS * scale)
    ran = lowered = narrowed = 0
    for policy, facts, ask in worlds(random):
        if policy.until_own_decision & {ask.relationship, *ask.relationships_by_subject.values()}:
            continue
        dated = _with_an_agreement_that_changes(random, facts, replace(ask, margin=MARGIN))
        now = levels(policy, *dated)
        if not any(now):
            continue
        facts, ask = dated
        then = [levels(policy, facts, replace(ask, at=ask.at + past, margin=0)) for past in range(MARGIN + 1)]
        lowest = tuple(map(min, zip(*then, strict=True)))
        assert all(n <= w for n, w in zip(now, lowest, strict=True)), (now, lowest, facts, ask)
        ran += 1
        lowered += now != then[0]
        narrowed += now != levels(policy, replace(facts, agreements=()), ask)
        if ran == wanted:
            break
    print(f"D2 seed {seed} until D: {ran} worlds, {lowered} lower than at once, {narrowed} by an agreement")
    assert ran == wanted
    assert min(lowered, narrowed) >= wanted * 0.2


def _with_an_agreement_that_changes(random: Random, facts: Facts, ask: Ask) -> tuple[Facts, Ask]:
    """The facts with one or two agreements about a label's owner that begin or end until D from now."""
    owner = random.choice(ask.labels).owner
    added = []
    for name in ("changes", "changes too")[: random.randint(1, 2)]:
        made = random_agreement(random, name, list(Category), ask.purpose)
        edge = ask.at + random.randint(0, MARGIN)
        window = Window(edge, random.choice((None, edge + MARGIN // 2, 9_000)))
        if random.random() < 0.5:
            window = Window(random.randint(0, ask.at), edge)
        added.append(replace(made, owner=owner, recipient=ask.agency, purpose=ask.purpose, window=window))
    return replace(facts, agreements=(*facts.agreements, *added)), ask


def test_D2_widening_one_givers_answer_never_lowers_a_level(seed: int, scale: float) -> None:
    """More categories, higher levels, more recipients, more authority, a longer window.

    A competent child's answer may only be raised where it already speaks: naming more makes it stand alone
    over more. Tried: ``given ^=`` for ``given |=`` in ``resolve``.
    """

    def widen(random: Random, world: World) -> World | None:
        policy, facts, ask = world
        given = [place for place, answer in enumerate(facts.permissions) if answer.answer == Answer.GIVEN]
        if not given or (facts.exclusions and random.random() < 0.5):
            return None
        place = random.choice(given)
        answer = facts.permissions[place]
        if answer.own and answer.competent:
            changes: dict[str, Any] = {"grid": every_level(answer.grid & ALL)}
        else:
            changes = {
                "grid": EVERYTHING,
                "authority": ALL,
                "recipients": answer.recipients | {ask.agency},
                "purposes": answer.purposes | {ask.purpose},
                "window": Window(0, None),
                "withdrawn_at": None,
            }
        return policy, _with(facts, "permissions", place, **changes), ask

    check(seed, scale, widen, never_raises=False)


def test_D2_an_added_category_never_raises_an_entry(seed: int, scale: float) -> None:
    """Tried: ``grid & mask`` for ``grid & mask == mask`` in ``Reading.levels``."""

    def add(random: Random, world: World) -> World:
        return _with_labels(
            world,
            lambda label: replace(label, categories=label.categories | BIT_OF[random.choice(list(Category))]),
        )

    check(seed, scale, _unless_empty(add), never_raises=True)


def test_D2_an_added_subject_never_raises_an_entry(seed: int, scale: float) -> None:
    """Tried: ``grid = self[subject,]`` for ``&=`` in ``Given``."""

    def add(random: Random, world: World) -> World:
        return _with_labels(
            world, lambda label: replace(label, subjects=(*label.subjects, random.choice(SUBJECTS)))
        )

    check(seed, scale, _unless_empty(add), never_raises=True)


def test_D2_the_order_of_facts_is_irrelevant(seed: int, scale: float) -> None:
    """The whole verdict is the same.

    Tried: of the agreements in force the one met last; the bases left unsorted.
    """
    random = Random(seed)
    ran = turned_round = 0
    for policy, facts, ask in islice(worlds(random), int(WORLDS * scale)):
        shuffled: dict[str, Any] = {
            kind: tuple(random.sample(getattr(facts, kind), len(getattr(facts, kind)))) for kind in KINDS
        }
        turned = replace(
            facts,
            **shuffled,
            subjects=dict(reversed(list(facts.subjects.items()))),
            agencies=dict(reversed(list(facts.agencies.items()))),
        )
        assert decide(policy, facts, ask) == decide(policy, turned, ask)
        ran += 1
        turned_round += any(shuffled[kind] != getattr(facts, kind) for kind in KINDS)
    print(f"D2 seed {seed} order: {ran} worlds, {turned_round} in another order")
    assert ran == int(WORLDS * scale)
    assert turned_round >= ran / 2


def test_D2_removing_the_decisive_fact_changes_the_verdict(seed: int, scale: float) -> None:
    """What opened: a label of a single pair falls without its only basis, a permission or an override.

    Tried: only the first basis listed in ``Bases.under``.
    """
    random = Random(seed)
    met: Counter[str] = Counter()
    for policy, facts, ask in worlds(random):
        for label, cell in zip(ask.labels, decide(policy, facts, ask).cells, strict=True):
            decisive = cell.bases[0].split(":") if len(cell.bases) == 1 else ["", ""]
            if decisive[0] not in ("PERMISSION", "STATUTORY", "BREAK_GLASS") or not _is_single(label):
                continue
            kind = "permissions" if decisive[0] == "PERMISSION" else "overrides"
            without: dict[str, Any] = {
                kind: tuple(fact for fact in getattr(facts, kind) if fact.id != decisive[1])
            }
            after = decide(policy, replace(facts, **without), replace(ask, labels=(label,))).cells[0]
            if kind == "permissions" and after.level >= cell.level:
                assert _was_own_answer(facts, decisive[1]), (label, facts, ask)
                continue  # a competent child's answer gone: somebody else's counts again
            assert after.level < cell.level, (label, facts, ask)
            met[decisive[0]] += 1
        if met.total() >= WORLDS * scale:
            break
    print(f"D2 seed {seed} decisive fact gone: {met.total()} labels, {dict(met)}")
    assert all(met[basis] >= met.total() / 20 for basis in ("PERMISSION", "STATUTORY", "BREAK_GLASS")), met


def test_D2_removing_the_decisive_stop_changes_the_verdict(seed: int, scale: float) -> None:
    """What shut: a label of a single pair that a bar, an exclusion or having left stops, and no longer stops
    once that is gone; but for bars it is then shown more, for that is when the word is said.

    Tried: in ``blockers`` EXCLUDED said wherever an exclusion applies, and BARRED whatever ``unbarred`` says.
    """
    random = Random(seed)
    met: Counter[Blocker] = Counter()
    wanted = WORLDS * scale
    policies = [DEFAULT_POLICY, *(random_policy(random) for _ in range(15))]
    while met.total() < wanted:
        policy = random.choice(policies)
        facts, ask = random_world(random, policy)
        if not facts.exclusions and not any(
            one.taking_part_ended or one.before_taking_part for one in facts.subjects.values()
        ):
            continue
        for label, cell in zip(ask.labels, decide(policy, facts, ask).cells, strict=True):
            if not _is_single(label):
                continue
            for blocker in STOPS:
                if blocker in cell.blockers and met[blocker] < wanted * 0.6:
                    after = decide(policy, freed_from(blocker, facts), replace(ask, labels=(label,))).cells[0]
                    assert after != cell, (label, facts, ask)
                    assert blocker not in after.blockers
                    alone = len({*STOPS} & {*cell.blockers}) == 1
                    assert blocker is Blocker.BARRED or not alone or after.level > cell.level, (label, facts)
                    met[blocker] += 1
    print(f"D2 seed {seed} decisive stop gone: {met.total()} labels, {dict(met)}")
    assert all(met[blocker] >= met.total() / 20 for blocker in STOPS), met


STOPS = (Blocker.BARRED, Blocker.EXCLUDED, Blocker.NOT_TAKING_PART)


def freed_from(blocker: Blocker, facts: Facts) -> Facts:
    """The same facts without what says this word."""
    if blocker is Blocker.NOT_TAKING_PART:
        stay = {
            name: replace(one, taking_part_ended=False, before_taking_part=False)
            for name, one in facts.subjects.items()
        }
        return replace(facts, subjects=stay)
    return replace(facts, bars=()) if blocker is Blocker.BARRED else replace(facts, exclusions=())


def _is_single(label: Label) -> bool:
    """Of one pair: what locates may count as contact as well."""
    return label.categories.bit_count() == 1 and len(label.subjects) == 1 and not label.locates


def _was_own_answer(facts: Facts, name: str) -> bool:
    return any(answer.id == name and answer.own and answer.competent for answer in facts.permissions)


def _with(facts: Facts, kind: str, place: int, **changes: Any) -> Facts:
    several = list(getattr(facts, kind))
    several[place] = replace(several[place], **changes)
    changed: dict[str, Any] = {kind: tuple(several)}
    return replace(facts, **changed)


def _with_labels(world: World, change: Callable[[Label], Label]) -> World:
    policy, facts, ask = world
    return policy, facts, replace(ask, labels=tuple(change(label) for label in ask.labels))


def _unless_empty(change: Callable[[Random, World], World]) -> Callable[[Random, World], World | None]:
    """Labels without category or subject are at none on purpose and cannot be compared."""

    @wraps(change)
    def checked(random: Random, world: World) -> World | None:
        if all(label.categories and label.subjects for label in world[2].labels):
            return change(random, world)
        return None

    return checked


def decisive_among(verdict: Verdict) -> dict[str, set[str]]:
    """The ids of the permissions and overrides that the verdict rests on."""
    named: dict[str, set[str]] = {"permissions": set(), "overrides": set(), "releases": set()}
    for cell in verdict.cells:
        for basis in cell.bases:
            word, _, id_ = basis.partition(":")
            if word == "PERMISSION":
                named["permissions"].add(id_)
            elif word in ("STATUTORY", "BREAK_GLASS"):
                named["overrides"].add(id_)
    return named
