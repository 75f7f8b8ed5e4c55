"""N1 with writes: two worlds that differ only in what the readers may not see, and all that they try in both.

Both begin as copies of the household. Something hidden happens in one of them; then the readers send the same
sequence of 1 to 50 requests to both, reads and writes of any operation, and get the same answers. What they
wrote stays, and the next pair of worlds goes on from there; every so often both begin anew.

Three changes that make this fail: a 409 that speaks of a row the caller may not see; counting before
filtering in a list; ``updated_at`` over the whole record in an answer to a write.
"""

import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.gateway.areas import two_keys
from tests.gateway.areas.bars import a_bar
from tests.gateway.areas.overrides import override
from tests.gateway.conftest import Template, TemplateOf
from tests.gateway.hidden_casework import CASEWORK, HiddenCasework, clocks_run, plan_a_meeting
from tests.gateway.household import CAMHS, HEALTH, House, words
from tests.gateway.operations import OPERATIONS, Operation, operations, share
from tests.gateway.test_noninterference import HAPPENINGS, READERS, Hidden
from tests.support.gateway import World, running_world

pytestmark = pytest.mark.anyio

PAIRS = 408
PAIRS_OF_ONE_HOUSEHOLD = 40
LONGEST = 50
BETWEEN_CLOCKS = 4
"""So many hidden things happen between two runs of the clocks."""
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_ETAG = re.compile(r'(?<=\\")[0-9a-f]{24}(?=\\")|(?<=^")[0-9a-f]{24}(?="$)')
_SEALED = re.compile(r'((?:cursor=|"cursor":"))([A-Za-z0-9_-]{40,})')

WIDENING = frozenset(
    {
        ("POST", "/v1/cases/{case}/break-glass"),
        ("POST", "/v1/break-glass"),
        ("POST", "/v1/cases/{case}/overrides"),
        ("POST", "/v1/cases/{case}/releases"),
        ("POST", "/v1/cases/{case}/exclusions/{exclusion}/lifting"),
    }
)
"""Writes after which the writer may see what was hidden: then a difference is what they asked for."""

BY_CHANCE = frozenset({("POST", "/v1/cases"), ("POST", "/v1/people")})
"""What they make is listed by its id where nothing else puts it in order, and ids are random in each."""

ENDING = frozenset(
    {
        "/v1/cases/{case}/team/{member}",
        "/v1/cases/{case}/closure",
        "/v1/users/{user}/departure",
        "/v1/users/{user}/suspension",
    }
)
"""Writes after which little is left to see: tried at the end of a household's life."""


class Names:
    """What is random in a world by the order in which it first appeared there."""

    def __init__(self, house: House) -> None:
        self._known = set(house.as_json().values())
        self._seen: dict[str, str] = {}

    def replace(self, text: str) -> str:
        text = _SEALED.sub(lambda found: found[1] + str(len(found[2])), text)
        text = _UUID.sub(self._name, text)
        return _ETAG.sub(self._name, text)

    def _name(self, found: re.Match[str]) -> str:
        if found[0] in self._known:
            return found[0]
        return self._seen.setdefault(found[0], f"#{len(self._seen)}")


def as_compared(response: httpx.Response, names: Names) -> tuple[int, list[tuple[str, str]], str]:
    """An answer without what is its own every time."""
    own = {"x-request-id", "date", "content-length"}
    headers = [(n, names.replace(v)) for n, v in sorted(response.headers.items()) if n not in own]
    return response.status_code, headers, names.replace(response.text)


def first_difference(first: Any, second: Any) -> tuple[str, str]:
    """Where two answers part, with some of what is around it."""
    one, other = repr(first), repr(second)
    place = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return one[max(place - 200, 0) : place + 100], other[max(place - 200, 0) : place + 100]


class Pair:
    """Two worlds with the same household; the second is the one in which hidden things happen."""

    def __init__(self, worlds: tuple[World, World], house: House) -> None:
        self.worlds, self.house, self.happened = worlds, house, 0
        self.names = tuple(Names(house) for _ in worlds)
        self.hidden = HiddenDeeds(worlds[1], house, draft=house.draft)

    async def let(self, happens: Callable[[Any], Awaitable[None]]) -> None:
        await happens(self.hidden)
        # From now on both clocks go on together, and now and then whoever is to be told is told.
        self.worlds[0].clock.now = self.worlds[1].clock.now
        self.happened += 1
        if self.happened % BETWEEN_CLOCKS == 0:
            for world in self.worlds:
                await clocks_run(world)

    async def send(self, user: str, operation: Operation, headers: dict[str, str]) -> httpx.Response:
        answers = [
            await world.as_(user).send(operation.method, operation.path, operation.body, headers=headers)
            for world in self.worlds
        ]
        first, second = (as_compared(a, n) for a, n in zip(answers, self.names, strict=True))
        assert first == second, (user, operation, first_difference(first, second))
        return answers[0]


def lengths(rng: random.Random) -> Iterator[int]:
    """How long the sequences are: mostly a few requests, now and then very many."""
    while True:
        yield rng.choice((1, 2, 3, 4, 6, 8, 10, 12, rng.randint(13, LONGEST)))


def possible(house: House, ends: bool) -> list[Operation]:
    return [
        operation
        for operation in operations(house)
        if (operation.method, operation.template) not in BY_CHANCE | WIDENING
        and (ends or operation.template not in ENDING)
    ]


def sequence(
    rng: random.Random, house: House, length: int, tried: Counter[tuple[str, str]]
) -> list[Operation]:
    """What is sent to both worlds; the last of a household begins with what was not tried yet."""
    choice = possible(house, ends=bool(tried))
    untried = [one for one in choice if tried and not tried[one.method, one.template]][:length]
    reads = [operation for operation in choice if operation.method == "GET"]
    more = [rng.choice(reads if rng.random() < 0.6 else choice) for _ in range(length - len(untried))]
    return [*untried, *more]


@pytest.mark.property
async def test_n1_what_is_hidden_makes_no_difference_to_any_sequence_of_requests(
    household_template: TemplateOf, tmp_path: Path, request: pytest.FixtureRequest, seed: int, scale: float
) -> None:
    rng, pairs, longest = random.Random(seed), 0, 0
    statuses: Counter[int] = Counter()
    driven: Counter[tuple[str, str]] = Counter()
    template, wanted = await household_template("sqlite"), int(PAIRS * scale)
    spans = lengths(rng)
    while pairs < wanted:
        async with fresh_pair(template, request, tmp_path / str(pairs)) as pair:
            happenings = rng.sample(HAPPENINGS_ALONE, PAIRS_OF_ONE_HOUSEHOLD)
            for number, happens in enumerate(happenings):
                await pair.let(happens)
                last = number == PAIRS_OF_ONE_HOUSEHOLD - 1
                length = LONGEST if last else next(spans)
                for operation in sequence(rng, pair.house, length, driven if last else Counter()):
                    answer = await pair.send(rng.choice(READERS), operation, {"If-Match": '"0"'})
                    statuses[answer.status_code] += 1
                    driven[operation.method, operation.template] += 1
                pairs, longest = pairs + 1, max(longest, length)
    print(f"N1 seed {seed}: {pairs} pairs, {driven.total()} requests, longest {longest}, {dict(statuses)}")
    assert pairs >= wanted
    assert longest > LONGEST * 0.8
    left_out = {operation for operation in OPERATIONS if not driven[operation]} - BY_CHANCE
    assert left_out <= WIDENING
    assert statuses[200] > statuses.total() / 5
    assert statuses[404] > statuses.total() / 10
    assert statuses[201] > 50


class HiddenDeeds(Hidden):
    """What officers, managers and other agencies do besides, each hidden from the readers too."""

    meeting: str = ""

    @property
    def case(self) -> str:
        return f"/v1/cases/{self.house.case}"

    async def an_override_that_ends(self) -> None:
        officer = self.world.as_("tom.ashby")
        body = override(self.house, categories=["domestic_abuse"])
        made = await officer.post(f"{self.case}/overrides", body)
        await officer.post(f"{self.case}/overrides/{made['id']}/ending", {"reason": words("why")})

    async def an_override(self) -> None:
        await self.world.as_("tom.ashby").post(f"{self.case}/overrides", override(self.house))

    async def a_bar(self) -> None:
        await self.world.as_("tom.ashby").post(f"{self.case}/bars", a_bar())

    async def a_bar_of_a_reader_from_what_they_never_saw(self) -> None:
        body = a_bar(agencies=[], users=["hana.novak", "ben.carver"], categories=["domestic_abuse"])
        await self.world.as_("tom.ashby").post(f"{self.case}/bars", body)

    async def a_release_that_ends(self) -> None:
        manager = self.world.as_("grace.obi")
        made = await manager.post(f"{self.case}/releases", two_keys.release(self.house))
        await manager.post(f"{self.case}/releases/{made['id']}/ending", {"reason": words("why")})

    async def a_glass_that_is_broken(self) -> None:
        """The lead and an officer are alerted."""
        reason = {"reason": words("missing")}
        await self.world.as_("moira.flynn").post(f"{self.case}/break-glass", reason)

    async def a_sharing_request(self) -> None:
        """Its owner and the lead have something waiting."""
        body = two_keys.asking(self.house, owner=CAMHS)
        await self.world.as_("ruth.amadi").post(f"{self.case}/sharing-requests", body)

    async def a_decision_not_to_share(self) -> None:
        body = two_keys.non_disclosure(self.house)
        await self.world.as_("grace.obi").post(f"{self.case}/non-disclosures", body)

    async def a_message_to_who_used_a_permission(self) -> None:
        """The nurse read what she may read no longer, and is asked what she keeps."""
        body = share(self.house, recipients=[HEALTH], categories=["mental_health"])
        made = await self.camhs.post(f"{self.case}/consents", body)
        nurse = self.world.as_("ruth.amadi")
        await nurse.get(self.case)
        path = f"{self.case}/consents/{made['id']}/withdrawal"
        await self.camhs.post(path, {"withdrawn_by": self.house.mother})

    async def a_draft_of_a_policy(self) -> None:
        body = {"from_version": 1, "why": words("why")}
        await self.world.as_("tom.ashby").post("/v1/policies/drafts", body)


def _in_casework(
    happens: Callable[[HiddenCasework], Awaitable[None]],
) -> Callable[[HiddenDeeds], Awaitable[None]]:
    return lambda hidden: happens(HiddenCasework(hidden.world, hidden.house, hidden.meeting))


HAPPENINGS_ALONE = [
    *(happens for name, happens in HAPPENINGS if name not in ("a correction", "a review of another case")),
    HiddenDeeds.an_override_that_ends,
    HiddenDeeds.an_override,
    HiddenDeeds.a_bar,
    HiddenDeeds.a_bar_of_a_reader_from_what_they_never_saw,
    HiddenDeeds.a_release_that_ends,
    HiddenDeeds.a_glass_that_is_broken,
    HiddenDeeds.a_sharing_request,
    HiddenDeeds.a_decision_not_to_share,
    HiddenDeeds.a_message_to_who_used_a_permission,
    HiddenDeeds.a_draft_of_a_policy,
    *(_in_casework(happens) for _, happens in CASEWORK),
]
"""Those that need no other before them."""


@asynccontextmanager
async def fresh_pair(template: Template, request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[Pair]:
    """Two worlds that begin as copies of the household."""
    async with AsyncExitStack() as stack:
        worlds: list[World] = []
        for name in ("first", "second"):
            place = folder / name
            place.mkdir(parents=True)
            databases = template.copy("sqlite", request, place)
            begins = template.ended + timedelta(minutes=1)
            running = running_world(template.keys, databases, begins=begins)
            worlds.append(await stack.enter_async_context(running))
        pair = Pair((worlds[0], worlds[1]), template.house)
        planned = [await plan_a_meeting(world, template.house) for world in worlds]
        pair.hidden.meeting = planned[1]
        await pair.let(Hidden.a_second_entry_of_which_existence_is_known)
        await Hidden(
            worlds[0], template.house, draft=template.house.draft
        ).a_second_entry_of_which_existence_is_known()
        worlds[0].clock.now = worlds[1].clock.now
        yield pair
