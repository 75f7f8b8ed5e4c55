"""N1 with writes: two worlds that differ only in what the readers may not see, and all that they try in both.

Both begin as copies of the household. Something hidden happens in one of them; then readers in every role
send the same sequence of 1 to 50 requests to both, reads and writes of every operation, well formed and not
(``sequences.py``), and get the same answers. What they wrote stays, and the next pair of worlds goes on from
there; every so often both begin anew, before another company of readers (``companies.py``).

Three changes that make this fail: a 409 that speaks of a row the caller may not see; counting before
filtering in a list; ``updated_at`` over the whole record in an answer to a write.
"""

import base64
import json
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.vocabulary import Role
from tests.gateway.areas import two_keys
from tests.gateway.areas.bars import a_bar
from tests.gateway.areas.overrides import override
from tests.gateway.companies import COMPANIES, Company, Reader
from tests.gateway.conftest import STORES, Template, TemplateOf
from tests.gateway.hidden_casework import CASEWORK, HiddenCasework, clocks_run, plan_a_meeting
from tests.gateway.household import CAMHS, HEALTH, House, element, words
from tests.gateway.operations import OPERATIONS, share
from tests.gateway.sequences import FORMS, Request, Requests
from tests.gateway.test_noninterference import HAPPENINGS, Hidden
from tests.support.gateway import As, World, running_world

pytestmark = pytest.mark.anyio

PAIRS = {"sqlite": 460, "postgres": 40}
"""Five hundred sequences, over both stores."""
PAIRS_OF_ONE_HOUSEHOLD = 60
A_FEW, LONGEST = 12, 50
BETWEEN_CLOCKS = 4
"""So many hidden things happen between two runs of the clocks."""
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_ETAG = re.compile(r'(?<=\\")[0-9a-f]{24}(?=\\")|(?<=^")[0-9a-f]{24}(?="$)')
_SEALED = re.compile(r'((?:cursor=|"cursor":"))([A-Za-z0-9_-]{40,})')
_FAMILY_CODE = re.compile(r'(?<="code":")[^"]+(?=","good_until":)')
_CHECKPOINT = re.compile(r'(?<="checkpoint":")[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+(?=")')


WIDENING = frozenset(
    {
        ("POST", "/v1/cases/{case}/break-glass"),
        ("POST", "/v1/break-glass"),
        ("POST", "/v1/cases/{case}/overrides"),
        ("POST", "/v1/cases/{case}/releases"),
        ("POST", "/v1/cases/{case}/exclusions/{exclusion}/lifting"),
    }
)
"""Writes after which the writer may see what was hidden: then a difference is what they asked for. Their own
answers are the same; so they are the last of a household's life."""

BY_CHANCE = frozenset({("POST", "/v1/cases"), ("POST", "/v1/people")})
"""What they make is listed by its id where nothing else puts it in order, and ids are random in each: the
last as well."""

LAST = WIDENING | BY_CHANCE

ENDING = frozenset(
    {
        "/v1/cases/{case}/team/{member}",
        "/v1/cases/{case}/closure",
        "/v1/users/{user}/departure",
        "/v1/users/{user}/suspension",
    }
)
"""Writes after which little is left to see: tried at the end of a household's life."""


def without_its_sum(found: re.Match[str]) -> str:
    """A checkpoint but for its id, its signature and the sum under a key, which is another one whatever
    happened anywhere, and says no more than that (``flows.A_SUM``)."""
    stated = json.loads(base64.urlsafe_b64decode(found[1] + "=="))
    assert stated.keys() == {"iss", "id", "at", "root"}
    return f"{stated['iss']} {stated['at']} {len(found[0])}"


class Names:
    """What is random in a world by the order in which it first appeared there."""

    def __init__(self, house: House) -> None:
        self._known = set(house.as_json().values())
        self._seen: dict[str, str] = {}

    def replace(self, text: str) -> str:
        text = _SEALED.sub(lambda found: found[1] + str(len(found[2])), text)
        text = _FAMILY_CODE.sub(self._name, _CHECKPOINT.sub(without_its_sum, text))
        text = _UUID.sub(self._name, text)
        return _ETAG.sub(self._name, text)

    def place(self, id: str) -> int:
        """When it first appeared; what did not yet, after all that did."""
        return int(self._seen.get(id, f"#{len(self._seen)}")[1:])

    def _name(self, found: re.Match[str]) -> str:
        if found[0] in self._known:
            return found[0]
        return self._seen.setdefault(found[0], f"#{len(self._seen)}")


def as_compared(response: httpx.Response, names: Names) -> tuple[int, list[tuple[str, str]], str]:
    """An answer without what is its own every time."""
    own = {"x-request-id", "date", "content-length"}
    headers = [(n, names.replace(v)) for n, v in sorted(response.headers.items()) if n not in own]
    return response.status_code, headers, names.replace(_with_moments_in_one_order(response.text, names))


def _with_moments_in_one_order(text: str, names: Names) -> str:
    """A page of receipts; those of one moment come in the order of their random ids, which says nothing.

    Time stands still here while a request is answered, so that one which was decided and then refused for
    what was in it leaves two receipts of one moment. Of two that are alike, that which was seen before comes
    first: which of them a shorter page had shown hangs on their ids too.
    """
    if not text.startswith('{"receipts"'):
        return text
    page = json.loads(text)
    moments = groupby(page["receipts"], key=lambda receipt: receipt["at"])
    page["receipts"] = [
        receipt
        for _, found in moments
        for receipt in sorted(found, key=lambda one: (_UUID.sub("", str(one)), names.place(one["id"])))
    ]
    return json.dumps(page, ensure_ascii=False, separators=(",", ":"))


def first_difference(first: Any, second: Any) -> tuple[str, str]:
    """Where two answers part, with some of what is around it."""
    one, other = repr(first), repr(second)
    place = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return one[max(place - 200, 0) : place + 100], other[max(place - 200, 0) : place + 100]


class Pair:
    """Two worlds with the same household; the second is the one in which hidden things happen."""

    def __init__(self, worlds: tuple[World, World], house: House, rng: random.Random) -> None:
        self.worlds, self.house, self.happened = worlds, house, 0
        self.names = tuple(Names(house) for _ in worlds)
        self.hidden = HiddenDeeds(worlds[1], house, draft=house.draft)
        self.requests = Requests(rng, house)
        self._known: dict[tuple[int, tuple[object, ...]], tuple[datetime, As]] = {}

    async def let(self, happens: Callable[[Any], Awaitable[None]]) -> None:
        await happens(self.hidden)
        self.requests.hidden[6:] = self.hidden.made()[-20:]
        # From now on both clocks go on together, and now and then whoever is to be told is told.
        self.worlds[0].clock.now = self.worlds[1].clock.now
        self.happened += 1
        if self.happened % BETWEEN_CLOCKS == 0:
            for world in self.worlds:
                await clocks_run(world)

    async def send(self, reader: Reader, request: Request) -> httpx.Response:
        """The answer of the first world, which is that of the second; twice if it is sent again."""
        answers = [await self._send(number, reader, request) for number in range(len(self.worlds))]
        first, second = (as_compared(a, n) for a, n in zip(answers, self.names, strict=True))
        assert first == second, (reader, request, first_difference(first, second))
        if request.again:
            again = [await self._send(number, reader, request) for number in range(len(self.worlds))]
            first, second = (as_compared(a, n) for a, n in zip(again, self.names, strict=True))
            assert first == second, (reader, request, "again", first_difference(first, second))
        return answers[0]

    async def follow(self, reader: Reader, request: Request) -> None:
        """The next page, by the link that each world gave, if it gave one."""
        answers = [await self._send(number, reader, request) for number in range(len(self.worlds))]
        links = [str(a.json().get("next") or "") if a.status_code == 200 else "" for a in answers]
        if links[0]:
            pages = [
                await self._session(number, reader).send("GET", link) for number, link in enumerate(links)
            ]
            first, second = (as_compared(a, n) for a, n in zip(pages, self.names, strict=True))
            assert first == second, (reader, request, "next", first_difference(first, second))

    async def _send(self, number: int, reader: Reader, request: Request) -> httpx.Response:
        session = self._session(number, reader)
        return await session.send(request.method, request.path, request.body, headers=request.headers)

    def _session(self, number: int, reader: Reader) -> As:
        """Signed in once for some minutes: to sign takes as long as many a request."""
        now, key = self.worlds[number].clock.now, (number, reader.key)
        known = self._known.get(key)
        if known is None or now - known[0] > timedelta(minutes=5):
            known = self._known[key] = now, reader.session(self.worlds[number], self.house)
        return known[1]


def lengths(rng: random.Random) -> Iterator[int]:
    """How long the sequences are: mostly a few requests, now and then very many."""
    while True:
        yield rng.choice((1, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 10, 12, rng.randint(A_FEW + 1, LONGEST)))


def sequence(
    rng: random.Random, length: int, tried: Counter[tuple[str, str]] | None = None
) -> list[tuple[str, str]]:
    """What is sent to both worlds; given what was tried, it begins with the rest, and ends with ``LAST``."""
    choice = [one for one in OPERATIONS if one not in LAST and (tried is not None or one[1] not in ENDING)]
    untried = [] if tried is None else [one for one in choice if not tried[one]][: length - len(LAST)]
    last = [] if tried is None else sorted(LAST)
    reads = [operation for operation in choice if operation[0] == "GET"]
    more = length - len(untried) - len(last)
    return [*untried, *(rng.choice(reads if rng.random() < 0.6 else choice) for _ in range(more)), *last]


class Driven:
    """What was sent so far, and what came of it."""

    def __init__(self) -> None:
        self.pairs = self.longest = self.long = 0
        self.statuses: Counter[int] = Counter()
        self.operations: Counter[tuple[str, str]] = Counter()
        self.forms: Counter[str] = Counter()
        self.good: Counter[str] = Counter()
        self.roles: Counter[str] = Counter()

    def note(self, reader: Reader, request: Request, answer: httpx.Response) -> None:
        self.statuses[answer.status_code] += 1
        self.operations[request.operation] += 1
        self.forms[request.form] += 1
        self.roles[reader.role] += 1
        self.good[reader.role] += answer.is_success

    def __str__(self) -> str:
        counts = (self.statuses, self.forms, self.roles)
        return (
            f"{self.pairs} pairs, {self.operations.total()} requests, longest {self.longest}, "
            f"{self.long} long, " + ", ".join(str(dict(sorted(count.items()))) for count in counts)
        )


async def live(pair: Pair, company: Company, rng: random.Random, driven: Driven, most: int) -> None:
    """A household's life before a company: a pair of worlds for each thing that they are blind to."""
    chosen = [happens for name, happens in HAPPENINGS_ALONE if company.is_blind_to(name)]
    happenings = rng.sample(chosen, min(PAIRS_OF_ONE_HOUSEHOLD, len(chosen), most))
    spans = lengths(rng)
    for number, happens in enumerate(happenings):
        await pair.let(happens)
        is_last = number == len(happenings) - 1
        length = LONGEST if is_last else next(spans)
        for operation in sequence(rng, length, driven.operations if is_last else None):
            reader, request = company.one(rng, operation[1]), pair.requests.draw(operation)
            driven.note(reader, request, await pair.send(reader, request))
            if request.form == "a query" and rng.random() < 0.3:
                await pair.follow(reader, request)
        driven.pairs, driven.longest = driven.pairs + 1, max(driven.longest, length)
        driven.long += length > A_FEW


@pytest.mark.property
@pytest.mark.parametrize("store", STORES)
async def test_n1_what_is_hidden_makes_no_difference_to_any_sequence_of_requests(
    store: str,
    household_template: TemplateOf,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    seed: int,
    scale: float,
) -> None:
    rng, driven = random.Random(seed), Driven()
    template, wanted, lives = await household_template(store), int(PAIRS[store] * scale), 0
    while driven.pairs < wanted:
        async with fresh_pair(template, store, request, tmp_path / str(lives), rng) as pair:
            company = COMPANIES[lives % len(COMPANIES)]
            await live(pair, company, rng, driven, wanted - driven.pairs)
        lives += 1
    print(f"N1 seed {seed} on {store}: {driven}")
    statuses, sent = driven.statuses, driven.operations.total()
    assert driven.pairs == wanted
    assert driven.longest == LONGEST
    assert statuses[200] > sent / 6
    assert statuses[404] > sent / 10
    assert statuses[422] > sent / 50
    assert driven.operations.keys() >= LAST
    if driven.pairs >= 4 * PAIRS_OF_ONE_HOUSEHOLD:
        assert [operation for operation in OPERATIONS if not driven.operations[operation]] == []
        assert set(driven.roles) == set(Role)
        assert [role for role in Role if not driven.good[role]] == []
        assert [form for form in FORMS if driven.forms[form] < sent / 200] == []
        assert statuses[201] > sent / 100
        assert driven.long > driven.pairs / 20


class HiddenDeeds(Hidden):
    """What officers, managers and other agencies do besides, each hidden from the readers too."""

    meeting: str = ""

    def made(self) -> list[str]:
        """The ids of what was made, which mean nothing in the other world. Not of cases: of one whose id
        somebody knows, default rows tell everybody at work that there is something."""
        return [*(entry for _, _, entry in self.entries), *self.consents, *self.exclusions]

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

    async def an_override_that_names_readers_and_waits(self) -> None:
        named = {"users": ["hana.novak", "ben.carver", "kit.vane", "max.holt", "karen.mercer"]}
        await self.world.as_("tom.ashby").post(
            f"{self.case}/overrides", override(self.house, recipients=named)
        )

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


DEEDS = tuple(
    (name.replace("_", " "), deed)
    for name, deed in vars(HiddenDeeds).items()
    if name.startswith(("a_", "an_"))
)
HAPPENINGS_ALONE: tuple[tuple[str, Callable[[HiddenDeeds], Awaitable[None]]], ...] = (
    *(one for one in HAPPENINGS if one[0] not in ("a correction", "a review of another case")),
    *DEEDS,
    *((name, _in_casework(happens)) for name, happens in CASEWORK),
)
"""Those that need no other before them, each by its name."""


def test_the_companies_name_what_happens_and_every_role_is_in_one() -> None:
    names = {name for name, _ in HAPPENINGS_ALONE}
    assert len(HAPPENINGS_ALONE) == 43 + len(DEEDS) + len(CASEWORK) == 77
    assert {name for company in COMPANIES for name in (*company.told, *company.only)} <= names
    assert {reader.role for company in COMPANIES for reader in company.readers} == set(Role)
    assert all(sum(map(company.is_blind_to, names)) >= 14 for company in COMPANIES)


@asynccontextmanager
async def fresh_pair(
    template: Template, store: str, request: pytest.FixtureRequest, folder: Path, rng: random.Random
) -> AsyncIterator[Pair]:
    """Two worlds that begin as copies of the household."""
    async with AsyncExitStack() as stack:
        worlds: list[World] = []
        for name in ("first", "second"):
            place = folder / name
            place.mkdir(parents=True)
            databases = template.copy(store, request, place)
            begins = template.ended + timedelta(minutes=1)
            running = running_world(template.keys, databases, begins=begins)
            worlds.append(await stack.enter_async_context(running))
        pair = Pair((worlds[0], worlds[1]), template.house, rng)
        planned = [await plan_a_meeting(world, template.house) for world in worlds]
        pair.hidden.meeting = planned[1]
        # At the same moment and in the same words in both: a family reads them.
        known = element("need", "physical_development", [template.house.child])
        path = f"/v1/cases/{template.house.case}/assessments/{template.house.draft}/entries"
        for world in worlds:
            await world.as_("ruth.amadi").post(path, known)
        assert worlds[0].clock.now == worlds[1].clock.now
        yield pair
