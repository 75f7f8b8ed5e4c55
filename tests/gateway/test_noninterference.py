"""N1, small: what a caller may not see makes no difference to any answer that they get (design 3.5).

One world is read before and after something happens in it that is hidden from the reader: two worlds that
differ in nothing else, ids included. The clock stands still for the readers, so that every byte is compared
but for the request's own id, the receipt's id and the letters of a sealed cursor.

Three changes that make this fail: counting entries in ``not_available``, an ``updated_at`` over all entries
in the header, listing exclusions without asking who may see them.
"""

import random
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest

from deploy.stories.steps import open_case, permit
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import (
    CAMHS,
    HEALTH,
    HOUSING,
    JOBCENTRE,
    MENTORS,
    UNTIL,
    House,
    details,
    element,
    plan_action,
    words,
)
from tests.gateway.operations import exclusion, share
from tests.support.gateway import As, World

pytestmark = pytest.mark.anyio

READERS = ("hana.novak", "ben.carver", "kit.vane", "joan.reed", "max.holt", "ivor.pryce")
"""Housing's member and her manager, the volunteer, an excluded agency, a manager elsewhere, a stranger."""
_RECEIPT = re.compile(rb'"receipt":"[0-9a-f-]{36}"')
_CURSOR = re.compile(rb'(cursor=|"cursor":")([A-Za-z0-9_-]{40,})')


@dataclass
class Hidden:
    """What happens where the readers cannot see it, done by those who may."""

    world: World
    house: House
    entries: list[tuple[str, str, str]] = field(default_factory=list)
    consents: list[str] = field(default_factory=list)
    exclusions: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    draft: str = ""

    @property
    def camhs(self) -> As:
        return self.world.as_("asif.khan")

    async def _add(self, user: str, body: Mapping[str, Any]) -> None:
        path = f"/v1/cases/{self.house.case}/assessments/{self.draft}/entries"
        made = await self.world.as_(user).post(path, body)
        self.entries.append((user, path, made["id"]))

    async def a_sensitive_entry(self, category: str) -> None:
        name = {"domestic_abuse": "family_social_relationships"}.get(category, "emotional_social")
        await self._add("asif.khan", element("need", name, [self.house.child], [category]))

    async def an_entry_whose_question_is_open(self) -> None:
        body = element("need", "emotional_social", [self.house.child])
        await self._add("asif.khan", {**body, "sensitive_content": None})

    async def a_second_entry_of_which_existence_is_known(self) -> None:
        await self._add("ruth.amadi", element("need", "physical_development", [self.house.child]))

    async def the_words_of_the_child(self) -> None:
        body = {"kind": "comment", "voice_of": "child_or_young_person", "text": words("voice")}
        await self._add("asif.khan", {**body, "sensitive_content": ["mental_health"]})

    async def an_entry_about_the_mother(self) -> None:
        await self._add(
            "asif.khan", element("need", "family_history", [self.house.mother], ["substance_use"])
        )

    async def a_correction(self) -> None:
        path = f"/v1/cases/{self.house.case}/assessments/{self.draft}"
        seen = await self.camhs.get(path)
        made = {entry for user, _, entry in self.entries if user == "asif.khan"}
        chosen = [shown for shown in seen["entries"] if shown["id"] in made and "etag" in shown][-1]
        longer = words("longer " * 20)
        changed = {"text": longer} if chosen["kind"] == "comment" else {"headline": longer}
        await self.camhs.patch(f"{path}/entries/{chosen['id']}", changed, chosen["etag"])

    async def a_detail_of_equality(self) -> None:
        path = f"/v1/people/{self.house.child}/details"
        await self.camhs.post(path, {"details": [details("equality")]})

    async def an_action_with_a_sensitive_wording(self) -> None:
        path = f"/v1/cases/{self.house.case}/actions"
        await self.camhs.post(path, {"actions": [plan_action(CAMHS, ["mental_health"])]})

    async def a_permission_for_somebody_else(self) -> None:
        body = share(self.house, recipients=[HEALTH], categories=["mental_health"])
        made = await self.camhs.post(f"/v1/cases/{self.house.case}/consents", body)
        self.consents.append(made["id"])

    async def a_refusal(self) -> None:
        said = {"reasons_explained_and_understood": True, "agrees": False}
        body = share(
            self.house, recipients=[HEALTH], categories=["sexual_health"], answer="refused", statement=said
        )
        await self.world.as_("ruth.amadi").post(f"/v1/cases/{self.house.case}/consents", body)

    async def a_withdrawal(self) -> None:
        if not self.consents:
            await self.a_permission_for_somebody_else()
        path = f"/v1/cases/{self.house.case}/consents/{self.consents.pop()}/withdrawal"
        await self.camhs.post(path, {"withdrawn_by": self.house.mother})

    async def an_exclusion_of_somebody_else(self) -> None:
        body = exclusion(self.house, agencies=[HEALTH], categories=["mental_health"])
        made = await self.camhs.post(f"/v1/cases/{self.house.case}/exclusions", body)
        self.exclusions.append(made["id"])

    async def an_exclusion_of_the_reader_from_what_they_never_saw(self) -> None:
        body = exclusion(
            self.house, agencies=[HOUSING, MENTORS, JOBCENTRE], categories=["sexual_health", "equality"]
        )
        await self.camhs.post(f"/v1/cases/{self.house.case}/exclusions", body)

    async def an_exclusion_of_a_user_elsewhere(self) -> None:
        body = exclusion(self.house, agencies=[], users=["meg.lloyd"], categories=["substance_use"])
        await self.camhs.post(f"/v1/cases/{self.house.case}/exclusions", body)

    async def a_lifting(self) -> None:
        if not self.exclusions:
            await self.an_exclusion_of_somebody_else()
        path = f"/v1/cases/{self.house.case}/exclusions/{self.exclusions.pop()}/lifting"
        body = {"lifted_by": self.house.mother, "evidence": {"form": "verbal"}}
        await self.camhs.post(path, body)

    async def another_persons_case(self) -> None:
        person = await self.camhs.post("/v1/people", {"details": [details("name"), details("birth")]})
        self.cases.append(await open_case(self.camhs, person["id"], [], words("reason")))

    async def a_twin_with_the_same_name(self) -> None:
        fields = {"given_names": "Twin", "family_name": "Vale"}
        await self.camhs.post("/v1/people", {"details": [{"kind": "name", "fields": fields}]})

    async def a_review_of_another_case(self) -> None:
        path = f"/v1/cases/{self.cases[-1]}/reviews"
        await self.camhs.post(path, {"review_on": "2031-09-01"})

    async def an_agreement_between_others(self) -> None:
        row = {
            "category": "mental_health", "base": "none", "mode": "permission", "cap": "full",
            "basis": "task", "condition": "none", "power": "act",
        }  # fmt: skip
        body = {
            "owner": "northgate-school", "recipient": HEALTH, "purpose": "support", "title": words("title"),
            "valid_from": "2031-01-01T00:00:00Z", "valid_until": UNTIL, "rows": [row],
        }  # fmt: skip
        await self.world.as_("tom.ashby").post("/v1/agreements", body)

    async def a_suspension_elsewhere(self) -> None:
        await self.world.as_("una.price").post("/v1/users/meg.lloyd/suspension", {"reason": words("why")})

    async def somebody_reads(self) -> None:
        for user in ("asif.khan", "ruth.amadi", "nadia.bell", "paul.ensor"):
            await self.world.as_(user).send("GET", f"/v1/cases/{self.house.case}")

    async def a_permission_from_which_others_gain(self) -> None:
        await permit(
            self.camhs, self.house.case, self.house.child, self.house.mother, "parent",
            recipients=[HEALTH], categories=["domestic_abuse"], until=UNTIL,
        )  # fmt: skip

    async def a_permission_of_which_owners_are_told(self) -> None:
        await permit(
            self.camhs, self.house.case, self.house.child, self.house.mother, "parent",
            recipients=[CAMHS], categories=["sexual_health"], until=UNTIL,
        )  # fmt: skip

    async def a_sharing_request_between_others(self) -> None:
        await self.camhs.post(
            f"/v1/cases/{self.house.case}/sharing-requests",
            {
                "owner": HEALTH, "subject": self.house.child, "categories": ["sexual_health"],
                "level": "full", "purpose": "support", "valid_until": UNTIL, "reason": words("why"),
            },
        )  # fmt: skip


Happening = Callable[[Hidden], Awaitable[None]]


def _sensitive(category: str) -> Happening:
    return lambda hidden: hidden.a_sensitive_entry(category)


HAPPENINGS: tuple[tuple[str, Happening], ...] = (
    *(
        (f"a {category} entry", _sensitive(category))
        for category in ("mental_health", "substance_use", "sexual_health", "domestic_abuse", "offending")
        for _ in range(2)
    ),
    *(("an entry whose question is open", Hidden.an_entry_whose_question_is_open) for _ in range(2)),
    *(
        ("one more of which existence is known", Hidden.a_second_entry_of_which_existence_is_known)
        for _ in "123"
    ),
    *(("words of the child", Hidden.the_words_of_the_child) for _ in range(2)),
    *(("an entry about the mother", Hidden.an_entry_about_the_mother) for _ in range(2)),
    *(("a correction", Hidden.a_correction) for _ in range(4)),
    *(("a detail of equality", Hidden.a_detail_of_equality) for _ in range(2)),
    *(("an action with a sensitive wording", Hidden.an_action_with_a_sensitive_wording) for _ in range(2)),
    *(("a permission for somebody else", Hidden.a_permission_for_somebody_else) for _ in range(3)),
    ("a refusal", Hidden.a_refusal),
    *(("a withdrawal", Hidden.a_withdrawal) for _ in range(2)),
    *(("an exclusion of somebody else", Hidden.an_exclusion_of_somebody_else) for _ in range(2)),
    ("an exclusion from what was never seen", Hidden.an_exclusion_of_the_reader_from_what_they_never_saw),
    ("an exclusion of a user elsewhere", Hidden.an_exclusion_of_a_user_elsewhere),
    ("a lifting", Hidden.a_lifting),
    *(("another person's case", Hidden.another_persons_case) for _ in range(2)),
    ("a twin with the same name", Hidden.a_twin_with_the_same_name),
    ("a review of another case", Hidden.a_review_of_another_case),
    ("an agreement between others", Hidden.an_agreement_between_others),
    ("a suspension elsewhere", Hidden.a_suspension_elsewhere),
    ("somebody reads", Hidden.somebody_reads),
    ("a permission from which others gain", Hidden.a_permission_from_which_others_gain),
    ("a permission of which owners are told", Hidden.a_permission_of_which_owners_are_told),
    ("a sharing request between others", Hidden.a_sharing_request_between_others),
)
_AFTER = {"a correction": "a mental_health entry", "a review of another case": "another person's case"}


def in_some_order(seed: int) -> list[tuple[str, Happening]]:
    """The happenings shuffled, but for what needs another before it."""
    chosen = random.Random(seed)
    free = [happening for happening in HAPPENINGS if happening[0] not in _AFTER]
    chosen.shuffle(free)
    needed = {name: sum(1 for n, _ in free if n == name) for name in _AFTER.values()}
    assert all(needed.values())
    later = [happening for happening in HAPPENINGS if happening[0] in _AFTER]
    first = [free.pop(next(n for n, h in enumerate(free) if h[0] == name)) for name in sorted(needed)]
    rest = free + later
    chosen.shuffle(rest)
    return first + rest


def paths(house: House) -> tuple[list[str], list[str]]:
    """What is read in every state, and what is read as well in some."""
    case, person = f"/v1/cases/{house.case}", f"/v1/people/{house.child}"
    often = [case, f"{case}/assessments/{house.draft}", f"{case}/consents", f"{case}/exclusions", person]
    often.append(f"{case}/seen-by/{HEALTH}")
    other = [f"/v1/cases/{house.other_case}", f"/v1/people/{house.other_child}"]
    sometimes = [
        f"{case}/timeline", f"{case}/actions", f"{case}/assessments",
        f"{case}/assessments/{house.assessment}",
        f"{case}/team", f"{case}/lead-professional", f"{person}/relationships", "/v1/cases",
        "/v1/cases?filter=team&limit=1", "/v1/cases?filter=no_lead",
        "/v1/cases?filter=closed", "/v1/me", "/v1/agencies", "/v1/alerts", "/v1/worklists/waiting",
        "/v1/worklists/promises",
        f"/v1/people/{house.mother}", f"{case}/disclosures", f"{person}/disclosures", *other,
    ]  # fmt: skip
    return often, sometimes


def as_compared(response: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    """An answer without what is its own every time; a cursor counts by its length."""
    headers = {n: v for n, v in response.headers.items() if n not in ("x-request-id", "date")}
    body = _RECEIPT.sub(b'"receipt":""', response.content)
    body = _CURSOR.sub(lambda found: found[1] + str(len(found[2])).encode(), body)
    return response.status_code, headers, body


@pytest.fixture(scope="module")
async def hidden(home: HouseWorld) -> Hidden:
    made = Hidden(home.world, home.house, draft=home.house.draft)
    # That health holds something in the draft is known before the first comparison.
    await made.a_second_entry_of_which_existence_is_known()
    return made


async def read_all(
    hidden: Hidden, at: Any, chosen: list[str], readers: tuple[str, ...] = READERS
) -> dict[tuple[str, str], Any]:
    """Every answer to the readers, at a moment that is the same in all worlds."""
    clock = hidden.world.clock
    now, clock.now, clock.runs = clock.now, at, False
    try:
        answers = {}
        for user in readers:
            session = hidden.world.as_(user)
            for path in chosen:
                answers[user, path] = as_compared(await session.send("GET", path))
            found = await session.send(
                "POST", "/v1/people/search", {"name": "Twin Vale", "date_of_birth": "2015-01-01"}
            )
            answers[user, "search"] = as_compared(found)
        return answers
    finally:
        clock.now, clock.runs = now, True


async def test_n1_what_is_hidden_makes_no_difference_to_any_answer(hidden: Hidden, seed: int) -> None:
    often, sometimes = paths(hidden.house)
    at = hidden.world.clock.now + timedelta(hours=1)
    pairs = responses = 0
    happenings = in_some_order(seed)
    first = await read_all(hidden, at, often + sometimes)
    before = first
    for number, (name, happens) in enumerate(happenings):
        await happens(hidden)
        if number % 22 == 21:
            after = await read_all(hidden, at, often + sometimes)
        else:
            after = await read_all(hidden, at, often, READERS[number % 6 :: 6])
        # Who was not asked now is asked later: what they are told then has to be what they were told before.
        for key, answer in after.items():
            assert answer == before[key], (name, key)
            responses += 1
        before = {**before, **after}
        pairs += 1
    assert pairs == len(HAPPENINGS) == 48
    assert responses == 46 * 7 + 2 * 6 * 28
    statuses = {key: answer[0] for key, answer in first.items()}
    assert sum(status == 200 for status in statuses.values()) > 60
    assert sum(status == 404 for status in statuses.values()) > 20


async def test_n1_the_same_things_do_make_a_difference_to_who_may_see_them(hidden: Hidden) -> None:
    """Without this the property could hold because nothing ever happened."""
    camhs = hidden.world.as_("asif.khan")
    view = await camhs.get(f"/v1/cases/{hidden.house.case}")
    shown = {entry["id"] for entries in view["areas"].values() for entry in entries}
    assert len(hidden.entries) == 20
    by_camhs = [entry for user, _, entry in hidden.entries if user == "asif.khan"]
    assert shown.issuperset(by_camhs)
    assert len(by_camhs) == 16
    permissions = (await camhs.get(f"/v1/cases/{hidden.house.case}/consents"))["consents"]
    assert sum(consent["withdrawn_at"] is not None for consent in permissions) == 2
    exclusions = (await camhs.get(f"/v1/cases/{hidden.house.case}/exclusions"))["exclusions"]
    assert sum(found["lifted_at"] is not None for found in exclusions) == 1
    assert len((await camhs.get("/v1/cases"))["cases"]) == 4


async def test_n1_a_difference_that_is_seen_is_found_by_the_comparison(hidden: Hidden) -> None:
    often, _ = paths(hidden.house)
    at = hidden.world.clock.now + timedelta(hours=1)
    before = await read_all(hidden, at, often)
    plan = f"/v1/cases/{hidden.house.case}/actions"
    await hidden.camhs.post(plan, {"actions": [plan_action(CAMHS)]})
    after = await read_all(hidden, at, often)
    differs = {user for (user, path), answer in after.items() if answer != before[user, path]}
    assert differs == {"hana.novak", "ben.carver", "kit.vane"}
