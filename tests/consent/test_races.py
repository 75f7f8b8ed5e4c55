"""P1 at this service: what is decided after a withdrawal returned never rests on what was withdrawn."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

import pytest

from shared.ids import new_id
from tests.consent.service import (
    BOTH_PARENTS,
    HOUSING,
    MOTHER,
    SCHOOL,
    ConsentService,
    Json,
    a_label,
    a_lifting,
    a_share,
    a_subject,
    an_exclusion,
    lead_told_of,
    reader,
    running_service,
)

pytestmark = pytest.mark.anyio

SCHEDULES_PER_STORE = 100
AT_ONCE = 10
WRITES_OF_EACH = 6
READERS = 2
READS_OF_EACH = 4
LONGEST_PAUSE = 0.004
IN_16_YEARS = "2047-01-01T00:00:00Z"
NEVER = float("inf")


@dataclass
class Span:
    """When something was asked for and when the answer came, on one count of everything that happened."""

    start: float
    end: float = NEVER


@dataclass
class Fact:
    """A permission or an exclusion, from its recording to its end."""

    id: str
    recorded: Span
    ended: Span = field(default_factory=lambda: Span(NEVER))

    def may_hold(self, read: Span) -> bool:
        """Whether it could have been in force at some moment of this reading."""
        return self.recorded.start < read.end and not self.ended.end < read.start

    def must_hold(self, read: Span) -> bool:
        """Whether it was in force at every moment of this reading."""
        return self.recorded.end < read.start and not self.ended.start < read.end


@dataclass
class Read:
    span: Span
    level: int
    receipt: str


class Schedule:
    """One child with one case: somebody gives, takes back, excludes and lifts while others read."""

    def __init__(self, service: ConsentService, seed: int, ticks: Iterator[int]) -> None:
        self.service = service
        self.rng = random.Random(seed)
        self.ticks = ticks
        self.case, self.child = new_id(), new_id()
        self.permissions: list[Fact] = []
        self.exclusions: list[Fact] = []
        self.reads: list[Read] = []
        self.answered = asyncio.Event()

    async def run(self) -> None:
        await asyncio.gather(self.write(), *(self.read() for _ in range(READERS)))

    async def pause(self) -> None:
        await asyncio.sleep(self.rng.choice((0, self.rng.random() * LONGEST_PAUSE)))

    async def pause_or_wait_for_an_answer(self) -> None:
        """Half of the readings start as soon as some write was answered: the moment at which P1 begins."""
        if self.rng.random() < 0.5:
            await self.pause()
        else:
            await self.answered.wait()

    async def write(self) -> None:
        family = {
            "decides_from": IN_16_YEARS,
            "responsible": BOTH_PARENTS,
        }
        for _ in range(WRITES_OF_EACH):
            await self.pause()
            given = [fact for fact in self.permissions if fact.ended.start == NEVER]
            excluded = [fact for fact in self.exclusions if fact.ended.start == NEVER]
            what = self.rng.choice(("permit", "permit", *["withdraw"] * 3 * len(given)))
            if self.rng.random() < 0.3:
                what = "lift" if excluded else "exclude"
            if what == "permit":
                body = {"consent": a_share(subject=self.child, categories=["learning"]), "family": family}
                await self.begin("consents", body, self.permissions)
            elif what == "exclude":
                body = {"exclusion": an_exclusion(subject=self.child), "family": family}
                await self.begin("exclusions", body, self.exclusions)
            elif what == "withdraw":
                ending = {"withdrawal": {"withdrawn_by": MOTHER}, "reader": reader("lead")}
                await self.end(self.rng.choice(given), "consents/{}/withdrawal", ending)
            else:
                ending = {"lifting": a_lifting(), "reader": lead_told_of(self.child)}
                await self.end(excluded[0], "exclusions/{}/lifting", ending)
            self.answered.set()
            await asyncio.sleep(0)
            self.answered.clear()
        self.answered.set()

    async def begin(self, path: str, body: Json, facts: list[Fact]) -> None:
        fact = Fact("", Span(next(self.ticks)))
        facts.append(fact)
        answer = await self.service.call(SCHOOL, "POST", f"/cases/{self.case}/{path}", body)
        fact.id, fact.recorded.end = answer["id"], next(self.ticks)

    async def end(self, fact: Fact, path: str, body: Json) -> None:
        fact.ended.start = next(self.ticks)
        await self.service.call(SCHOOL, "POST", f"/cases/{self.case}/{path.format(fact.id)}", body)
        fact.ended.end = next(self.ticks)

    async def read(self) -> None:
        asked = {
            "case": self.case,
            "relationship": "member",
            "subjects": [a_subject(self.child, IN_16_YEARS)],
            "labels": [a_label("hill-school", "learning", subjects=[self.child])],
        }
        for _ in range(READS_OF_EACH):
            await self.pause_or_wait_for_an_answer()
            span = Span(next(self.ticks))
            answer = await self.service.decide(HOUSING, asked)
            span.end = next(self.ticks)
            self.reads.append(Read(span, answer["cases"][0]["levels"][0], answer["receipt"]))

    def judge(self, read: Read, bases: list[str], mix: Counter[str]) -> list[str]:
        """What is wrong with one reading; counts what made it interesting."""
        span, level = read.span, read.level
        mix["reads"] += 1
        mix[f"level {level}"] += 1
        wrong = []
        named = {basis.partition(":")[2] for basis in bases if basis.startswith("PERMISSION:")}
        possible = {fact.id for fact in self.permissions if fact.may_hold(span)}
        if level == 3 and not (named and named <= possible):
            wrong.append(f"released on {named - possible or 'nothing'}")
        stopped = any(fact.must_hold(span) for fact in self.exclusions)
        maybe_stopped = any(fact.may_hold(span) for fact in self.exclusions)
        given = any(fact.must_hold(span) for fact in self.permissions)
        if stopped and level != 0:
            wrong.append("shown in spite of an exclusion")
        if not maybe_stopped and level == 0:
            wrong.append("hidden by an exclusion that was not in force")
        if given and not maybe_stopped and level != 3:
            wrong.append("hidden in spite of a permission")
        mix["after a withdrawal returned"] += any(fact.ended.end < span.start for fact in self.permissions)
        mix["while a withdrawal was on its way"] += any(
            fact.ended.start < span.end and span.start < fact.ended.end for fact in self.permissions
        )
        mix["surely stopped"] += stopped
        mix["surely given"] += given and not maybe_stopped
        mix["released while a withdrawal was on its way"] += level == 3 and any(
            fact.id in named and fact.ended.start < span.end for fact in self.permissions
        )
        return wrong


@pytest.mark.property
async def test_no_decision_that_starts_after_a_withdrawal_returned_rests_on_what_was_withdrawn(
    databases: Mapping[str, str], seed: int, scale: float
) -> None:
    """R1, P1. Three changes to the code that make it fail: to answer a withdrawal and commit it in the
    background; to remember between two decisions the answers that ``consents_about`` read; to leave
    ``withdrawn_at`` out in ``facts_of.permission``."""
    rng = random.Random(seed)

    async def while_asleep(_: float) -> None:
        await asyncio.sleep(rng.random() * LONGEST_PAUSE)

    mix: Counter[str] = Counter()
    done: list[Schedule] = []
    wrong: list[str] = []
    schedules, ticks = int(SCHEDULES_PER_STORE * scale), count()
    async with running_service(databases["consent"], while_asleep=while_asleep) as service:
        await service.add_agencies()
        for first in range(0, schedules, AT_ONCE):
            group = [Schedule(service, seed + number, ticks) for number in range(first, first + AT_ONCE)]
            await asyncio.gather(*(schedule.run() for schedule in group))
            done += group
        assert service.faults() == []
        writes, bases = service.rows(), bases_by_receipt(service)
    for schedule in done:
        for read in schedule.reads:
            wrong += schedule.judge(read, bases[read.receipt], mix)
    assert wrong == []
    assert mix["reads"] == schedules * READERS * READS_OF_EACH
    assert writes["receipts"] == mix["reads"]
    assert writes["consents"] + writes["exclusions"] > schedules * 2
    for what in ("level 3", "level 1", "level 0", "after a withdrawal returned", "surely stopped"):
        assert mix[what] >= mix["reads"] // 20, mix
    assert mix["while a withdrawal was on its way"] >= mix["reads"] // 20, mix
    assert mix["released while a withdrawal was on its way"] >= 5, mix
    assert mix["surely given"] >= 5, mix


def bases_by_receipt(service: ConsentService) -> dict[str, list[str]]:
    """What each receipt says that its one cell rested on."""
    return {
        receipt["id"]: [
            basis for case in receipt["cases"] for cell in case["cells"] for basis in cell["bases"]
        ]
        for receipt in service.receipts()
    }
