"""D3 at the gateway: a list is what its cases say one by one, in the list's order (design 5.2)."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from deploy.stories.client import ClientInProcess, Refused, Session
from deploy.stories.steps import agree_to_take_part
from shared.clock import rfc3339
from shared.upstream import InProcess
from shared.vocabulary import Category
from tests.gateway.conftest import STORES
from tests.support.gateway import PEOPLE, START, World, add_agencies, running_world

pytestmark = [pytest.mark.anyio, pytest.mark.property]

CASES = 5
READERS = ("hana.novak", "asif.khan", "sam.okafor", "ben.carver", "nadia.bell")
WORLDS = {"sqlite": 420, "postgres": 100}
"""Of each reader in each state of affairs, one."""
ON_THE_TEAM = ("member", "lead")
SHARE_AT_LEAST = {"some": 0.1, "nameless": 0.02, "on a team and shut out": 0.1}


class Affairs:
    """Five children with a case each, and a school that lets people in, out, and shuts them out."""

    def __init__(self, world: World, random: Random) -> None:
        self.world, self.random = world, random
        self.gateway = ClientInProcess(InProcess(world.suite.gateway))
        self.school = self.session("nadia.bell")
        self.cases: list[str] = []
        self.people: dict[str, str] = {}
        self.members: dict[tuple[str, str], str] = {}

    def session(self, user: str) -> Session:
        headers = {"authorization": f"Bearer {self.world.token(user)}"}
        return Session(self.gateway, headers, user, PEOPLE[user].agency)

    async def begin(self) -> None:
        for number in range(CASES):
            name = {"kind": "name", "fields": {"given_names": f"Child {number}"}}
            birth = {"kind": "birth", "fields": {"date_of_birth": "1990-01-01"}}
            person = (await self.school.post("/v1/people", {"details": [name, birth]}))["id"]
            review = {"review_on": (START.date() + timedelta(days=30 - 3 * number)).isoformat()}
            opened = {"person": person, "reason": "Help", "opener": {"job_title": "Teacher"}, **review}
            case = (await self.school.post("/v1/cases", opened))["id"]
            await agree_to_take_part(self.school, case, person, person, "adult")
            self.cases.append(case)
            self.people[case] = person
            for user in READERS[:-1]:
                if self.random.random() < 0.6:
                    await self.join(case, user)

    async def change(self) -> str:
        """Something happens in one of the cases; gives what."""
        case, user = self.random.choice(self.cases), self.random.choice(READERS[:-1])
        what = self.random.choice(("join", "join", "leave", "exclude", "exclude", "exclude", "wait"))
        if what == "join" and (case, user) not in self.members:
            await self.join(case, user)
        elif what == "leave" and (case, user) in self.members:
            await self.leave(case, user)
        elif what == "exclude":
            await self.exclude(case, user)
        else:
            self.world.clock.now += timedelta(seconds=40)
        return what

    async def join(self, case: str, user: str) -> None:
        agency, role = PEOPLE[user].memberships[0]
        place = {
            "user": user,
            "name": PEOPLE[user].name,
            "agency": agency,
            "role": role,
            "job_title": "Worker",
        }
        try:
            joined = await self.school.post(f"/v1/cases/{case}/team", place)
        except Refused as refused:
            if refused.status != 403:  # an excluded agency does not join
                raise
        else:
            self.members[case, user] = joined["id"]

    async def leave(self, case: str, user: str) -> None:
        """By themselves, unless they are shut out and find no case to leave."""
        path = f"/v1/cases/{case}/team/{self.members[case, user]}"
        try:
            await self.session(user).delete(path, {"reason": "Moved on."})
        except Refused as refused:
            if refused.status != 404:
                raise
        else:
            del self.members[case, user]

    async def exclude(self, case: str, user: str) -> None:
        """One agency, from everything or from who it is about, for some minutes."""
        person, everything = self.people[case], [category.value for category in Category]
        exclusion = {
            "subject": person, "giver": person, "capacity": "adult", "agencies": [PEOPLE[user].agency],
            "categories": self.random.choice((everything, ["identity"])),
            "valid_until": rfc3339(self.world.clock.now + timedelta(seconds=200)),
        }  # fmt: skip
        await self.school.post(f"/v1/cases/{case}/exclusions", exclusion)


async def listed(reader: Session, limit: int) -> list[Any]:
    """The whole caseload, page by page."""
    cards: list[Any] = []
    path: str | None = f"/v1/cases?limit={limit}"
    while path is not None:
        page = await reader.get(path)
        cards += page["cases"]
        path = page["next"]
    return cards


async def one_by_one(reader: Session, cases: list[str]) -> list[Any]:
    """The card that each case would have, from its own view; nothing of those that are not there."""
    cards = []
    for case in cases:
        try:
            header = (await reader.get(f"/v1/cases/{case}"))["header"]
        except Refused as refused:
            if refused.status != 404:
                raise
            continue
        if header["relationship"] in ON_THE_TEAM:
            names = ("state", "closed_at", "person", "lead_professional", "review_on", "relationship")
            lead = await reader.get(f"/v1/cases/{case}/lead-professional")
            vacant = {"vacant_since": lead["vacant_since"]}
            cards.append({"id": case, **{name: header[name] for name in names}, **vacant})
    return sorted(cards, key=lambda card: (card["review_on"], card["id"]))


@pytest.mark.parametrize("store", STORES)
async def test_D3_a_list_is_the_filter_of_its_singles(
    store: str, empty_databases: Callable[[str], Mapping[str, str]], tmp_path: Path, seed: int, scale: float
) -> None:
    """The same cases, in order, with the same card, whatever was let in or shut out.

    Three changes to the code that make it fail: a page that is not refilled; ``see_many`` with the verdict
    of the first case for all; names taken from what was stored instead of what is shown.
    """
    wanted = int(WORLDS[store] * scale)
    random, mix = Random(seed), Counter[str]()
    async with running_world(tmp_path, empty_databases(store)) as world:
        await add_agencies(world)
        affairs = Affairs(world, random)
        await affairs.begin()
        while mix["worlds"] < wanted:
            mix[await affairs.change()] += 1
            for user in READERS:
                reader = affairs.session(user)
                cards = await listed(reader, random.randint(1, CASES + 1))
                assert cards == await one_by_one(reader, affairs.cases), user
                mix["worlds"] += 1
                mix["some"] += 0 < len(cards) < CASES
                mix["nameless"] += any(card["person"]["name"] is None for card in cards)
                mix["on a team and shut out"] += len(cards) < sum(of == user for _, of in affairs.members)
    print(f"D3 seed {seed} on {store}: {dict(mix)}")
    assert mix["worlds"] >= wanted
    for what, share in SHARE_AT_LEAST.items():
        assert mix[what] >= wanted * share, mix
