"""D3 at this service: many cases in one ask are decided as each would be alone, on either store alike."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from shared.identity import Caller
from shared.vocabulary import Category
from tests.consent.service import (
    BOTH_PARENTS,
    FATHER,
    HOUSING,
    MOTHER,
    SCHOOL,
    SCHOOL_OFFICER,
    YOT,
    ConsentService,
    Json,
    a_label,
    a_lifting,
    a_row,
    a_share,
    a_subject,
    an_agreement,
    an_exclusion,
    lead_told_of,
    running_service,
    taking_part,
)
from tests.support.postgres import PostgresServer

pytestmark = [pytest.mark.anyio, pytest.mark.property]

PARTS = 4
"""That can run beside each other."""
WORLDS_OF_A_PART = 125
IN_4_YEARS = "2035-05-14T00:00:00Z"
EVERYDAY = ["learning", "behaviour", "family", "health", "plan", "identity"]
CALLERS = (
    SCHOOL,
    HOUSING,
    YOT,
    Caller("una", "Una Hart", "north-police", "safeguarding_lead"),
    Caller("vic", "Vic Lane", "hope-mentors", "volunteer"),
)
SHARE_AT_LEAST = 0.04
"""Of the cells, at each level."""


@pytest.fixture
def both_stores(
    sqlite_template: Callable[[str], Path], postgres_server: PostgresServer, tmp_path: Path
) -> Iterator[tuple[str, str]]:
    """A migrated database of the service on SQLite, and one on PostgreSQL."""
    url = postgres_server.create_migrated("consent")
    yield f"sqlite:///{shutil.copy(sqlite_template('consent'), tmp_path)}", url
    postgres_server.give_back("consent", url)


class Family:
    """A child with one to four cases, what the parents said, and what is asked about them."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.child, self.case = self._id(), self._id()
        self.caller = random.choice(CALLERS)
        self.facts = [self._fact() for _ in range(random.randint(1, 5))]
        self.cases = [self._asked(self.case), *(self._asked(self._id()) for _ in range(random.randint(1, 3)))]
        random.shuffle(self.cases)

    def _id(self) -> str:
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def _fact(self) -> tuple[str, Json]:
        """What is recorded: its path and its body, without what the gateway adds of the family."""
        random = self.random
        giver = random.choice((MOTHER, FATHER))
        named = random.sample(["city-housing", "youth-offending", "hope-mentors"], random.randint(1, 3))
        categories = random.sample(EVERYDAY, random.randint(1, 4))
        kind = random.random()
        if kind < 0.15:
            return "consents", taking_part(subject=self.child, giver=giver)
        if kind < 0.4:
            return "exclusions", an_exclusion(
                subject=self.child, giver=giver, agencies=named, categories=categories
            )
        share = a_share(
            subject=self.child,
            giver=giver,
            answer=random.choice(("given", "given", "given", "refused")),
            recipients=named,
            categories=categories,
            level=random.choice(("existence", "summary", "full", "full")),
            valid_until=random.choice(("2031-06-01T00:00:00Z", "2032-01-01T00:00:00Z")),
        )
        return "consents", share

    def _asked(self, case: str) -> Json:
        random = self.random
        return {
            "case": case,
            "relationship": random.choice(("none", "considering", "member", "member", "lead")),
            "subjects": [
                a_subject(self.child, IN_4_YEARS),
                a_subject(MOTHER, "2001-02-03T00:00:00Z"),
            ],
            "labels": [self._label() for _ in range(random.randint(0, 4))],
        }

    def _label(self) -> Json:
        random = self.random
        words = EVERYDAY if random.random() < 0.8 else [category.value for category in Category]
        return a_label(
            random.choice(("hill-school", "hill-school", "city-housing", "childrens-services")),
            *random.sample(words, random.choice((1, 1, 1, 2))),
            subjects=random.choice(([self.child], [self.child], [self.child, MOTHER])),
            draft=random.random() < 0.1,
        )


class Store:
    """The service on one kind of store, and what it answered."""

    def __init__(self, service: ConsentService) -> None:
        self.service = service
        self.place_of: dict[str, int] = {}
        """Of each fact by its id, the place in which it was recorded: ids differ from store to store."""

    async def record(self, family: Family) -> None:
        about = {"decides_from": IN_4_YEARS, "responsible": BOTH_PARENTS}
        last = ""
        for path, body in family.facts:
            content = {"consent" if path == "consents" else "exclusion": body, "family": about}
            outcome = await self.service.call(SCHOOL, "POST", f"/cases/{family.case}/{path}", content)
            last = outcome["id"]
            self.place_of[last] = len(self.place_of)
        if family.random.random() < 0.3 and family.facts[-1][0] == "exclusions":
            path = f"/cases/{family.case}/exclusions/{last}/lifting"
            giver = family.facts[-1][1]["giver"]
            ending = {"lifting": a_lifting(giver), "reader": lead_told_of(family.child)}
            await self.service.call(SCHOOL, "POST", path, ending)

    async def decided(self, caller: Caller, cases: list[Json], action: str) -> list[Any]:
        """Per case what was answered, with the receipt on which its cells stand and its place on it."""
        answer = await self.service.decide(caller, *cases, action=action)
        return [
            (case["levels"], case["valid_until"], answer["receipt"], place)
            for place, case in enumerate(answer["cases"])
        ]

    def bases(self) -> dict[str, list[list[Any]]]:
        """Per receipt and case, the cells; facts by their place instead of their id."""
        return {
            receipt["id"]: [self._cells(case) for case in receipt["cases"]]
            for receipt in self.service.receipts()
        }

    def _cells(self, case: Json) -> list[Any]:
        return [
            (cell["level"], sorted(self._placed(basis) for basis in cell["bases"])) for cell in case["cells"]
        ]

    def _placed(self, basis: str) -> str:
        word, _, fact = basis.partition(":")
        return f"{word}:{self.place_of[fact]}" if fact in self.place_of else word


@pytest.mark.parametrize("part", range(PARTS))
async def test_D3_a_batch_is_decided_as_its_cases_would_be_alone_on_either_store(
    both_stores: tuple[str, str], part: int, seed: int, scale: float
) -> None:
    """Levels, ``valid_until`` and bases are the same.

    Three changes to the code that make it fail: in ``decisions.operations`` the relationship of the first
    case for all; in ``LoadedFacts`` the answers of the first subject only; on PostgreSQL ``among`` as
    ``<> ANY``.
    """
    assert PARTS * WORLDS_OF_A_PART >= 500
    wanted = int(WORLDS_OF_A_PART * scale)
    mix: Counter[Any] = Counter()
    seen: list[list[Any]] = [[], []]
    async with (
        running_service(both_stores[0]) as sqlite,
        running_service(both_stores[1]) as postgres,
    ):
        stores = Store(sqlite), Store(postgres)
        for store in stores:
            await store.service.add_agencies()
            rows = [a_row(category="learning", base="summary"), a_row(category="health", mode="mandatory")]
            agreement = await store.service.call(
                SCHOOL_OFFICER, "POST", "/agreements", an_agreement(rows=rows)
            )
            store.place_of[agreement["id"]] = -1
        for number in range(part * wanted, (part + 1) * wanted):
            for place, store in enumerate(stores):
                family = Family(Random(seed * 1_000_003 + number))
                await store.record(family)
                together = await store.decided(family.caller, family.cases, "list")
                alone = [
                    one for case in family.cases for one in await store.decided(family.caller, [case], "read")
                ]
                assert [one[:2] for one in together] == [one[:2] for one in alone], family.cases
                seen[place].append((together, alone))
                mix["cases"] += len(family.cases)
                mix.update(level for levels, *_ in together for level in levels)
        assert [store.service.faults() for store in stores] == [[], []]
        bases = [store.bases() for store in stores]
    same_on_both(seen, bases, mix)
    print(f"D3 seed {seed}, part {part}: {wanted} worlds, {dict(mix)}")
    assert len(seen[0]) == len(seen[1]) == wanted
    assert mix["cases"] >= wanted * 4
    for level in range(4):
        assert mix[level] >= sum(mix[one] for one in range(4)) * SHARE_AT_LEAST, mix
    assert mix["cells compared"] >= wanted


def same_on_both(seen: list[list[Any]], bases: list[dict[str, list[list[Any]]]], mix: Counter[Any]) -> None:
    for on_sqlite, on_postgres in zip(*seen, strict=True):
        for place, one in enumerate((on_sqlite, on_postgres)):
            for together, alone in zip(*one, strict=True):
                cells = bases[place][together[2]][together[3]]
                if any(alone[0]):
                    assert cells == bases[place][alone[2]][alone[3]]
                    mix["cells compared"] += len(cells)
        assert [one[:2] for one in on_sqlite[0]] == [one[:2] for one in on_postgres[0]]
        assert [bases[0][one[2]][one[3]] for one in on_sqlite[0]] == [
            bases[1][one[2]][one[3]] for one in on_postgres[0]
        ]
