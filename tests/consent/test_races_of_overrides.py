"""P1 for overrides: what is decided after an ending returned never rests on the override that it ended."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

import pytest

from shared.identity import Caller
from shared.ids import new_id
from tests.consent.service import SCHOOL_OFFICER, ConsentService, Json, a_case, a_label, running_service
from tests.consent.test_break_glass import HANNA, OFFICER
from tests.consent.test_overrides import ASKED, an_override
from tests.consent.test_races import LONGEST_PAUSE, NEVER, Fact, Span, bases_by_receipt

pytestmark = pytest.mark.anyio

SCHEDULES_PER_STORE = 60
AT_ONCE = 10
ROUNDS = 3
READERS = 2
READS_OF_EACH = 6


class Schedule:
    """One case: an override or broken glass is recorded and ended, again and again, while its user reads."""

    def __init__(self, service: ConsentService, seed: int, ticks: Iterator[int]) -> None:
        self.service, self.rng, self.ticks = service, random.Random(seed), ticks
        self.case = new_id()
        self.facts: list[Fact] = []
        self.reads: list[tuple[Span, int, str]] = []
        self.answered = asyncio.Event()

    async def run(self) -> None:
        await asyncio.gather(self.write(), *(self.read() for _ in range(READERS)))

    async def pause(self) -> None:
        await asyncio.sleep(self.rng.choice((0, self.rng.random() * LONGEST_PAUSE)))

    async def write(self) -> None:
        for _ in range(ROUNDS):
            await self.pause()
            fact = Fact("", Span(next(self.ticks)))
            self.facts.append(fact)
            do = self.rng.choice((self.enquiry, self.glass))
            await do(fact)
            await self.say_so()
        self.answered.set()

    async def say_so(self) -> None:
        self.answered.set()
        await asyncio.sleep(0)
        self.answered.clear()

    async def enquiry(self, fact: Fact) -> None:
        body = an_override(recipients={"agencies": [HANNA.agency]}, categories=["learning"])
        content = {"override": body, "subjects": [_CHILD]}
        path = f"/cases/{self.case}/overrides"
        await self.begin(fact, (await self.service.call(SCHOOL_OFFICER, "POST", path, content))["id"])
        content = {"ending": {"reason": "Over"}, "asked": ASKED}
        await self.end(fact, SCHOOL_OFFICER, f"{path}/{fact.id}/ending", content)

    async def glass(self, fact: Fact) -> None:
        one = {"case": self.case, "subjects": [_CHILD], "lead": None}
        content: Json = {"cases": [one], "user": HANNA.user, "reason": "Missing"}
        opened = await self.service.call(HANNA, "POST", "/break-glass", content)
        await self.begin(fact, opened["break_glass"][0]["id"])
        content = {"review": {"finding": "not_justified", "note": "No"}, "asked": ASKED}
        await self.end(fact, OFFICER, f"/cases/{self.case}/break-glass/{fact.id}/review", content)

    async def begin(self, fact: Fact, id: str) -> None:
        fact.id, fact.recorded.end = id, next(self.ticks)
        await self.say_so()
        if self.rng.random() < 0.3:
            await self.several_reads()
        else:
            await self.pause()

    async def several_reads(self) -> None:
        """Until at least one reading has begun and ended, or nobody reads any more."""
        enough = min(len(self.reads) + READERS + 1, READERS * READS_OF_EACH)
        while len(self.reads) < enough:
            await self.say_so()
            await asyncio.sleep(LONGEST_PAUSE)

    async def end(self, fact: Fact, caller: Caller, path: str, content: Any) -> None:
        fact.ended.start = next(self.ticks)
        answer = await self.service.call(caller, "POST", path, content)
        assert answer["enforced_at"]
        fact.ended.end = next(self.ticks)

    async def read(self) -> None:
        asked = a_case(self.case, a_label("hill-school", "learning"), relationship="none")
        for _ in range(READS_OF_EACH):
            await (self.pause() if self.rng.random() < 0.5 else self.answered.wait())
            span = Span(next(self.ticks))
            answer = await self.service.decide(HANNA, asked)
            span.end = next(self.ticks)
            self.reads.append((span, answer["cases"][0]["levels"][0], answer["receipt"]))

    def judge(self, bases: Mapping[str, list[str]], mix: Counter[str]) -> list[str]:
        wrong = []
        for span, level, receipt in self.reads:
            named = {basis.partition(":")[2] for basis in bases[receipt]}
            possible = {fact.id for fact in self.facts if fact.may_hold(span)}
            surely = any(fact.must_hold(span) for fact in self.facts)
            if not named <= possible or (level > 0) != bool(named):
                wrong.append(f"released on {named - possible or 'nothing'}")
            if surely and level == 0:
                wrong.append("hidden in spite of an override")
            mix["reads"] += 1
            mix["released"] += level > 0
            mix["after an ending returned"] += any(fact.ended.end < span.start for fact in self.facts)
            mix["surely open"] += surely
            mix["while an ending was on its way"] += any(
                fact.ended.start < span.end and span.start < fact.ended.end < NEVER for fact in self.facts
            )
        return wrong


_CHILD = a_label("x")["subjects"][0]


@pytest.mark.property
async def test_no_decision_that_starts_after_an_ending_returned_rests_on_the_override_that_it_ended(
    databases: Mapping[str, str], seed: int, scale: float
) -> None:
    """R1, P1. Three changes to the code that make it fail: to leave ``ended_at`` out in
    ``facts_of.override``; to keep what ``overrides_of_cases`` read between two decisions; to end an override
    in the background."""
    rng = random.Random(seed)

    async def while_asleep(_: float) -> None:
        await asyncio.sleep(rng.random() * LONGEST_PAUSE)

    mix: Counter[str] = Counter()
    done: list[Schedule] = []
    schedules, ticks = int(SCHEDULES_PER_STORE * scale), count()
    async with running_service(databases["consent"], while_asleep=while_asleep) as service:
        await service.add_agencies()
        service.families_take_part = False
        for first in range(0, schedules, AT_ONCE):
            group = [Schedule(service, seed + number, ticks) for number in range(first, first + AT_ONCE)]
            await asyncio.gather(*(schedule.run() for schedule in group))
            done += group
        assert service.faults() == []
        bases = bases_by_receipt(service)
    assert [wrong for schedule in done for wrong in schedule.judge(bases, mix)] == []
    assert mix["reads"] == schedules * READERS * READS_OF_EACH
    for what in ("released", "after an ending returned", "while an ending was on its way"):
        assert mix[what] >= mix["reads"] // 20, mix
    assert mix["surely open"] >= 5, mix
