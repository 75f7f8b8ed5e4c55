"""W1: whatever is killed with ``kill -9`` during writes, what was acknowledged is there, and there once.

Several people write to all three services without a pause, through a gateway in a process of its own, while
one process after another is killed and started again. Whoever gets no answer sends the same request with the
same key until there is one.

Tried: with a fresh key from the gateway at every try, a write is there twice; with an assessment that cannot
be read taken for an absent one, a write is refused for good (this test found that).
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from deploy.seed import add_agencies
from deploy.stories.client import Api
from deploy.stories.steps import agree_to_take_part, open_case, record_parent, record_person, start_assessment
from deploy.stories.tokens import tokens_from_issuer
from shared.clock import utc_now
from tests.support.suite import RunningSuite, processes

pytestmark = [pytest.mark.anyio, pytest.mark.property]
Json = dict[str, Any]

WRITERS = 4
KILLED = ("case", "consent", "assessment", "gateway-0")
KILLS = 10
FEWEST_BETWEEN = 10
NO_ANSWER = (502, 503, 504)
STILL_HANDLED = "being handled already"
UNTIL = "2099-01-01T00:00:00Z"


@pytest.fixture(params=["sqlite", "postgres"])
def suite(
    request: pytest.FixtureRequest, databases_of: Callable[[str], Mapping[str, str]], tmp_path: Path
) -> Iterator[RunningSuite]:
    with processes(tmp_path, databases_of(request.param)) as running:
        yield running


@dataclass(frozen=True)
class Scene:
    """One case to write about, and where what each service keeps of it is listed."""

    case: str
    child: str
    mother: str
    assessment: str

    def lists(self) -> dict[str, str]:
        return {
            "action": f"/v1/cases/{self.case}/actions",
            "consent": f"/v1/cases/{self.case}/consents",
            "entry": f"/v1/cases/{self.case}/assessments/{self.assessment}",
        }

    def write(self, kind: str, number: int) -> tuple[str, Json]:
        """Where to send the next one of a kind, and its body; no two bodies are the same."""
        if kind == "action":
            return f"/v1/cases/{self.case}/actions", {"actions": [self._action(number)]}
        if kind == "consent":
            return f"/v1/cases/{self.case}/consents", self._permission(number)
        path = f"/v1/cases/{self.case}/assessments/{self.assessment}/entries"
        return path, {"kind": "goal", "text": f"Goal {number}"}

    def _action(self, number: int) -> Json:
        return {
            "desired_outcome": "He reads.", "action": f"Read with him, {number}", "by_when": "2099-06-01",
            "accountable": "northgate-school", "responsible_name": "Nadia Bell", "categories": ["learning"],
        }  # fmt: skip

    def _permission(self, number: int) -> Json:
        return {
            "kind": "share", "subject": self.child, "giver": self.mother, "capacity": "parent",
            "answer": "given", "statement": {"reasons_explained_and_understood": True, "agrees": True},
            "evidence": {"form": "written", "reference": f"Form {number}"}, "wording_version": "2026-1",
            "recipients": ["tidewater-housing"], "categories": ["learning"], "level": "full",
            "purposes": ["support"], "valid_until": UNTIL,
        }  # fmt: skip


KINDS = ("action", "consent", "entry")


@dataclass
class Writing:
    """What was written: by key the id that was acknowledged."""

    acknowledged: dict[str, dict[str, str]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    begun: int = 0
    sent_again: Counter[str] = field(default_factory=Counter)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    one_more: asyncio.Condition = field(default_factory=asyncio.Condition)

    def total(self) -> int:
        return sum(len(ids) for ids in self.acknowledged.values())

    async def note(self, kind: str, key: str, id: str) -> None:
        async with self.one_more:
            self.acknowledged[kind][key] = id
            self.one_more.notify_all()

    async def reach(self, total: int) -> None:
        async with self.one_more:
            await self.one_more.wait_for(lambda: self.total() >= total)


async def the_scene(suite: RunningSuite, client: httpx.AsyncClient) -> tuple[Scene, dict[str, str]]:
    """A child with a mother who takes part and a draft assessment; and the headers of who writes about it."""
    token_of = tokens_from_issuer(client, suite.issuer)
    api, today = Api(client, token_of), utc_now().date()
    await add_agencies(api)
    school = await api.sign_in("nadia.bell")
    child = await record_person(school, "Ada", "Lane", today.replace(year=today.year - 9, day=1))
    mother = await record_person(school, "Ida", "Lane", None)
    case = await open_case(school, child, [mother], "She asked for help.")
    await record_parent(school, mother, child, "mother")
    await agree_to_take_part(school, case, child, mother, "parent")
    assessment = await start_assessment(school, case, child, "She asked for help.", today.isoformat())
    return Scene(case, child, mother, assessment), {
        "Authorization": f"Bearer {await token_of('nadia.bell', None)}"
    }


async def write_without_pause(
    client: httpx.AsyncClient, headers: Json, scene: Scene, writing: Writing, numbers: Iterator[int]
) -> None:
    while not writing.stop.is_set():
        number = next(numbers)
        kind = KINDS[number % len(KINDS)]
        path, body = scene.write(kind, number)
        key = f"{kind}-{number}"
        writing.begun += 1
        outcome = await acknowledged(client, path, body, {**headers, "Idempotency-Key": key}, writing)
        [one] = outcome.get("actions", [outcome])
        await writing.note(kind, key, one["id"])


async def acknowledged(
    client: httpx.AsyncClient, path: str, body: Json, headers: Json, writing: Writing
) -> Json:
    """The answer, for which the same request is sent until there is one."""
    while True:
        try:
            response = await client.post(path, json=body, headers=headers)
        except httpx.TransportError:
            writing.sent_again["no answer"] += 1
        else:
            if response.is_success:
                answer: Json = response.json()
                return answer
            handled = response.status_code == 409 and STILL_HANDLED in response.text
            assert handled or response.status_code in NO_ANSWER, response.text
            writing.sent_again["handled" if handled else "unavailable"] += 1
        await asyncio.sleep(0.3)


async def ids_at(client: httpx.AsyncClient, headers: Json, path: str) -> list[str]:
    """The ids of everything that a list holds, page after page."""
    found: list[str] = []
    next_page: str | None = path
    while next_page is not None:
        response = await client.get(next_page, headers=headers)
        assert response.is_success, response.text
        content = response.json()
        found += [one["id"] for one in content.get("consents", content.get("entries"))]
        next_page = content.get("next")
    return found


async def kill_one_after_another(
    suite: RunningSuite, writing: Writing, random: Random, kills: int
) -> Counter[str]:
    """Kill parts of the suite at random moments while it writes; each is started again at once."""
    order = [KILLED[number % len(KILLED)] for number in range(kills)]
    random.shuffle(order)
    for name in order:
        await writing.reach(writing.total() + random.randint(FEWEST_BETWEEN, 2 * FEWEST_BETWEEN))
        await asyncio.sleep(random.uniform(0, 0.03))
        part = suite.parts[name]
        part.kill()
        part.start()
        await asyncio.to_thread(part.wait_until_ready)
    return Counter(order)


async def test_w1_no_acknowledged_write_is_lost_and_none_is_doubled(
    suite: RunningSuite, seed: int, scale: float
) -> None:
    kills = max(1, round(KILLS * scale))
    options = {"timeout": 30.0, "trust_env": False}
    async with httpx.AsyncClient(base_url=suite.url, **options) as client:  # type: ignore[arg-type]
        scene, headers = await the_scene(suite, client)
        before = {kind: await ids_at(client, headers, path) for kind, path in scene.lists().items()}
        writing, numbers = Writing(), count()
        writers = [
            asyncio.create_task(write_without_pause(client, headers, scene, writing, numbers))
            for _ in range(WRITERS)
        ]
        killing = asyncio.create_task(kill_one_after_another(suite, writing, Random(seed), kills))
        # Whichever fails ends the wait.
        await asyncio.wait([killing, *writers], return_when=asyncio.FIRST_COMPLETED)
        writing.stop.set()
        await asyncio.gather(*writers)
        killed = await killing
        after = {kind: await ids_at(client, headers, path) for kind, path in scene.lists().items()}
    for kind in KINDS:
        ids = list(writing.acknowledged[kind].values())
        assert len(set(ids)) == len(ids), "two requests with keys of their own became one"
        assert sorted(after[kind]) == sorted(before[kind] + ids)
    print({kind: len(ids) for kind, ids in writing.acknowledged.items()}, writing.sent_again)
    assert killed.total() == kills
    assert writing.total() == writing.begun >= FEWEST_BETWEEN * kills
    assert writing.sent_again["no answer"] + writing.sent_again["unavailable"] >= kills, "nothing was hit"
