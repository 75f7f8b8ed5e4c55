"""D1: the decision, its naive specification and Cedar say the same on every random case (design 5.2)."""

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random

import pytest

from services.consent.decision.decide import decide
from services.consent.decision.facts import Ask, Facts
from services.consent.decision.policy import Policy
from services.consent.decision.specification import specify
from services.consent.decision.verdict import Verdict
from shared.vocabulary import Basis, Blocker, Level
from tests.decision.cedar_oracle import CedarOpinion, entities_of
from tests.decision.worlds import DEFAULT_POLICY, random_policy, random_world

VECTORS = 20_000
CEDAR_VECTORS = 2_000
VECTORS_PER_POLICY, POLICIES_AT_LEAST = 100, 20
EVERY_REASON_AT_LEAST, BY_CEDAR_TOO = 100, 25
EVERY_BASIS_AT_LEAST, BASES_BY_CEDAR_TOO = 1_000, 120
ON_BEHALF_AT_LEAST, ON_BEHALF_BY_CEDAR_TOO = 600, 60
SHARE_AT_LEAST = {Level.NONE: 0.30, Level.EXISTENCE: 0.04, Level.SUMMARY: 0.08, Level.FULL: 0.10}
SHARE_RELEASED_AT_LEAST = 0.25
"""Of the cells, at *summary* or *full*."""


Wish = Callable[[Ask, Verdict], bool]
"""What a case should be like; the spread of wishes makes few cases as mixed as many."""


def vectors(seed: int, count: int) -> Iterator[tuple[Policy, Facts, Ask]]:
    """Random (policy, facts, ask); each tenth under the default policy.

    Each fourth is one in which much is released; and of the first, each fourth is one with a reason of which
    the mix would otherwise have few or none, where it is small.
    """
    random = Random(seed)
    policy = DEFAULT_POLICY
    for place in range(count):
        if place % min(VECTORS_PER_POLICY, max(count // POLICIES_AT_LEAST, 1)) == 0:
            policy = random_policy(random)
        used = DEFAULT_POLICY if place % 10 == 0 else policy
        turn, kind = divmod(place, 4)
        if kind == 1:
            yield used, *wished_for(random, used, much_is_released)
        elif kind == 3 and turn < 2 * len(WISHES):
            yield used, *wished_for(random, used, WISHES[turn % len(WISHES)])
        else:
            yield used, *random_world(random, used)


def wished_for(random: Random, policy: Policy, wish: Wish, tries: int = 200) -> tuple[Facts, Ask]:
    """A random world that is as wished, if one comes in so many tries; else whichever came last."""
    facts, ask = random_world(random, policy)
    while tries > 1 and not wish(ask, decide(policy, facts, ask)):
        facts, ask = random_world(random, policy)
        tries -= 1
    return facts, ask


def much_is_released(ask: Ask, verdict: Verdict) -> bool:
    return sum(level >= Level.SUMMARY for level in verdict.levels) * 2 >= len(ask.labels)


def is_released_on_behalf(ask: Ask, verdict: Verdict) -> bool:
    return ask.on_behalf_of is not None and much_is_released(ask, verdict)


def _is_blocked_by(blocker: Blocker) -> Wish:
    return lambda _, verdict: any(blocker in cell.blockers for cell in verdict.cells)


def _rests_on(basis: Basis) -> Wish:
    return lambda _, verdict: any(word.startswith(basis) for cell in verdict.cells for word in cell.bases)


WISHES = (*map(_is_blocked_by, Blocker), *map(_rests_on, Basis), *[is_released_on_behalf] * 3)


class Tally:
    """What really ran: cells by level, how often each blocker and basis was met."""

    def __init__(self) -> None:
        self.vectors = 0
        self.levels: Counter[Level] = Counter()
        self.blockers: Counter[Blocker] = Counter()
        self.bases: Counter[str] = Counter()
        self.on_behalf = 0
        """Cells released to a system on somebody's behalf."""

    def add(self, verdict: Verdict, ask: Ask) -> None:
        self.vectors += 1
        if ask.on_behalf_of is not None:
            self.on_behalf += sum(level > Level.NONE for level in verdict.levels)
        for cell in verdict.cells:
            self.levels[cell.level] += 1
            self.blockers.update(cell.blockers)
            self.bases.update({basis.split(":")[0] for basis in cell.bases})

    def share(self, *levels: Level) -> float:
        return sum(self.levels[level] for level in levels) / self.levels.total()

    def check(self, wanted: int, reasons: float, bases: float, on_behalf: float) -> None:
        """So many cases ran, and they were mixed: every level has its share, every blocker was met at least
        so many times as ``reasons`` says, every basis as ``bases``, and a release on behalf as told."""
        assert self.vectors == wanted
        assert self.share(Level.SUMMARY, Level.FULL) >= SHARE_RELEASED_AT_LEAST
        for level, share in SHARE_AT_LEAST.items():
            assert self.share(level) >= share, level
        for blocker in Blocker:
            assert self.blockers[blocker] >= reasons, (blocker, self.blockers)
        for basis in Basis:
            assert self.bases[basis] >= bases, (basis, self.bases)
        assert self.on_behalf >= on_behalf


@pytest.mark.property
def test_D1_decide_equals_its_naive_specification(seed: int, scale: float) -> None:
    """Level, bases, blockers, versions, obligations and ``valid_until`` are the same on every case.

    Tried, each turned this red: in ``windows.grants`` ``at`` for ``at + margin``; in ``reach`` the mandatory
    rows put inside the bracket that exclusions reach; in ``resolve`` the refusals left out of the result.
    """
    wanted = int(VECTORS * scale)
    tally = Tally()
    for policy, facts, ask in vectors(seed, wanted):
        verdict, expected = decide(policy, facts, ask), specify(policy, facts, ask)
        assert verdict == expected, f"{ask}\n{facts}\n{verdict}\n{expected}"
        tally.add(verdict, ask)

    print(f"D1 seed {seed}: {tally.vectors} cases, {tally.levels.total()} cells")
    print(
        {level.word: round(tally.share(level), 3) for level in Level}, dict(tally.blockers), dict(tally.bases)
    )
    size = min(scale, 1)
    least = (EVERY_REASON_AT_LEAST, EVERY_BASIS_AT_LEAST, ON_BEHALF_AT_LEAST)
    tally.check(wanted, *(many * size for many in least))


@pytest.mark.property
def test_D1_decide_equals_cedar(seed: int, scale: float) -> None:
    """Level and bases of every label, on cases of the same making (``cedar_oracle.py`` says what Cedar
    decides by itself).

    Tried, each turned this red: in ``reach.bars`` ``==`` for ``!=`` before ``everyone_except``; in
    ``resolve.who_has_a_say`` no answer that settles; in ``index`` the agreement that started first.
    """
    wanted = int(CEDAR_VECTORS * scale)
    tally, requests = Tally(), 0
    current, entities = DEFAULT_POLICY, entities_of(DEFAULT_POLICY.document)
    of_default = entities
    for place, (policy, facts, ask) in enumerate(vectors(seed + 1, wanted)):
        verdict = decide(policy, facts, ask)
        if policy is not current and policy is not DEFAULT_POLICY:
            current, entities = policy, entities_of(policy.document)
        opinion = CedarOpinion(of_default if policy is DEFAULT_POLICY else entities, facts, ask)
        assert verdict.levels == opinion.levels, f"{place}\n{ask}\n{facts}\n{verdict}\n{opinion.levels}"
        bases = tuple(cell.bases for cell in verdict.cells)
        assert bases == opinion.bases, f"{place}\n{ask}\n{facts}\n{verdict}\n{opinion.bases}"
        tally.add(verdict, ask)
        requests += opinion.requests

    print(f"D1 with Cedar seed {seed}: {tally.vectors} cases, {requests} requests to Cedar")
    print(
        {level.word: round(tally.share(level), 3) for level in Level}, dict(tally.blockers), dict(tally.bases)
    )
    assert requests >= wanted * 10
    size = min(scale, 1)
    least = (BY_CEDAR_TOO, BASES_BY_CEDAR_TOO, ON_BEHALF_BY_CEDAR_TOO)
    tally.check(wanted, *(many * size for many in least))
