"""What must be done first: no circle counts, and whoever will be late for another is warned early.

Three changes that make this fail: looking for circles in one step only, warning about what is done, telling
the owner of what waits about the id of what it waits for.
"""

import asyncio
from collections.abc import Awaitable

import pytest

from services.case.dependencies.circles import makes_a_circle
from services.case.dependencies.operations import add_dependency
from shared.database import Store, open_store
from shared.idempotency import WriteRequest
from shared.identity import Caller
from shared.records.plan import DependencyToKeep
from tests.case.conftest import HOUSING, SCHOOL, SCHOOL_MANAGER, YOT, CaseService, Json
from tests.case.test_notices import run, waiting
from tests.case.test_plan import action, agree

pytestmark = pytest.mark.anyio

HOUSING_MANAGER = Caller("hm", "Hm", HOUSING.agency, "team_manager")


@pytest.mark.parametrize(
    "links, new, within, closes",
    [
        ([], ("a", "b"), None, False),
        ([], ("a", "a"), None, True),
        ([("b", "a")], ("a", "b"), None, True),
        ([("b", "c"), ("c", "a")], ("a", "b"), None, True),
        ([("b", "c"), ("c", "a")], ("a", "b"), {"a", "b"}, False),
        ([("b", "c"), ("c", "a")], ("a", "b"), {"a", "b", "c"}, True),
        ([("b", "c"), ("c", "b")], ("a", "b"), None, False),
        ([("a", "c"), ("b", "c")], ("a", "b"), None, False),
    ],
)
def test_a_circle_is_one_that_leads_back(
    links: list[tuple[str, str]], new: tuple[str, str], within: set[str] | None, closes: bool
) -> None:
    assert makes_a_circle(links, new, within) is closes


async def needs(
    service: CaseService, case: str, action_: str, needed: str, seen: list[str], *hidden: str
) -> Json:
    path = f"/cases/{case}/actions/{action_}/dependencies"
    answer: Json = await service.post(SCHOOL, path, {"needs": needed, "seen": seen, "hidden": hidden})
    return answer


async def links(service: CaseService) -> dict[tuple[str, str], bool]:
    """What waits for what, and whether it counts."""
    found = service.select("SELECT action_id, needs_id, counts FROM action_dependencies")
    return {(action, needed): bool(counts) for action, needed, counts in found}


async def test_a_circle_is_refused_to_who_sees_it_and_does_not_count_for_who_does_not(
    service: CaseService,
) -> None:
    case = await service.case()
    a, b, c = await agree(service, case, action(), action(), action())
    everything = [a, b, c]
    await needs(service, case, a, b, everything)
    await needs(service, case, b, c, everything)
    path = f"/cases/{case}/actions/{c}/dependencies"
    for needed, kind in ((a, "invalid"), (c, "invalid")):
        body = {"needs": needed, "seen": everything}
        assert (await service.problem(SCHOOL, "POST", path, body)).kind == kind
    again = {"needs": b, "seen": everything}
    twice = await service.problem(SCHOOL, "POST", f"/cases/{case}/actions/{a}/dependencies", again)
    assert twice.kind == "conflict"
    # Whoever does not see b is not told that there is something between the two.
    assert await needs(service, case, c, a, [a, c], b) == {"id": c, "needs": a}
    counted = service.select("SELECT action_id, needs_id FROM action_dependencies WHERE counts = true")
    assert sorted(counted) == sorted([(a, b), (b, c)])
    found = (await service.get(SCHOOL, f"/cases/{case}/follow-up"))["needs"]
    assert sorted(found) == sorted([[a, b], [b, c], [c, a]])
    await service.call(SCHOOL, "DELETE", f"/cases/{case}/actions/{c}/dependencies/{a}")
    gone = await service.problem(SCHOOL, "DELETE", f"/cases/{case}/actions/{c}/dependencies/{a}")
    assert gone.kind == "not-found"


async def test_of_two_links_at_once_that_close_a_circle_together_one_is_kept(service: CaseService) -> None:
    """Twelve pairs, the two of each in two processes: the second finds the first."""
    case = await service.case()
    actions = await agree(service, case, *(action() for _ in range(24)))
    pairs = list(zip(actions[::2], actions[1::2], strict=True))
    stores = open_store(service.url), open_store(service.url)
    request = WriteRequest(SCHOOL, service.clock(), None, "")

    def link(store: Store, waits: str, first: str) -> Awaitable[Json]:
        body = DependencyToKeep(needs=first, seen=tuple(actions))
        return store.write(add_dependency, request, case, waits, body)

    try:
        both = [
            one for this, that in pairs for one in (link(stores[0], this, that), link(stores[1], that, this))
        ]
        tried = await asyncio.gather(*both, return_exceptions=True)
    finally:
        for store in stores:
            await store.close()
    answers = [getattr(one, "kind", "done") for one in tried]
    assert {tuple(sorted(pair)) for pair in zip(answers[::2], answers[1::2], strict=True)} == {
        ("done", "invalid")
    }
    assert len(await links(service)) == len(pairs) == 12


async def test_a_circle_through_what_was_agreed_meanwhile_is_looked_at_again(service: CaseService) -> None:
    """Nobody has decided yet whether its author sees it; nothing is kept before that."""
    case = await service.case()
    a, b = await agree(service, case, action(), action())
    [meanwhile] = await agree(service, case, action(needs=[a]))
    await needs(service, case, b, meanwhile, [a, b, meanwhile])
    before = await links(service)
    path, body = f"/cases/{case}/actions/{a}/dependencies", {"needs": b, "seen": [a, b]}
    assert (await service.problem(SCHOOL, "POST", path, body)).kind == "stale"
    assert await links(service) == before
    sees_it = {**body, "seen": [a, b, meanwhile]}
    assert (await service.problem(SCHOOL, "POST", path, sees_it)).kind == "invalid"
    await needs(service, case, a, b, [a, b], meanwhile)
    assert (await links(service))[a, b] is False


async def test_what_closed_a_circle_counts_once_the_circle_is_broken(service: CaseService) -> None:
    case = await service.case()
    a, b, c = await agree(service, case, action(), action(), action())
    await needs(service, case, a, b, [a, b, c])
    await needs(service, case, b, c, [a, b, c])
    await needs(service, case, c, a, [a, c], b)
    assert await links(service) == {(a, b): True, (b, c): True, (c, a): False}
    await service.call(SCHOOL, "DELETE", f"/cases/{case}/actions/{b}/dependencies/{c}")
    assert await links(service) == {(a, b): True, (c, a): True}


async def test_nothing_waits_for_what_belongs_to_another_case(service: CaseService) -> None:
    case, other = await service.case(), await service.case()
    [here], [there] = await agree(service, case, action()), await agree(service, other, action())
    path = f"/cases/{case}/actions/{here}/dependencies"
    problem = await service.problem(SCHOOL, "POST", path, {"needs": there, "seen": [here, there]})
    assert [error.field for error in problem.errors] == ["needs"]
    path = f"/cases/{case}/actions/{there}/dependencies"
    problem = await service.problem(SCHOOL, "POST", path, {"needs": here, "seen": [here, there]})
    assert problem.kind == "not-found"
    body = {"actions": [action(), action(needs=[there])]}
    problem = await service.problem(SCHOOL, "POST", f"/cases/{case}/actions", body)
    assert [error.field for error in problem.errors] == ["actions.1.needs.0"]
    assert service.select("SELECT count(*) FROM action_dependencies") == [(0,)]


async def abouts(service: CaseService, who: Caller, kind: str) -> list[str]:
    return [n["about"] for n in await waiting(service, who) if n["kind"] == kind]


async def team(service: CaseService) -> str:
    """Housing owes the flat, the youth worker the release that waits for it; the school leads."""
    case = await service.case()
    for who in (YOT, HOUSING):
        await service.join(case, who)
    await service.lead(case, SCHOOL)
    return case


async def flat_too_late_for_the_release(service: CaseService) -> tuple[str, str, str]:
    """The case and its two actions; three are warned already."""
    case = await team(service)
    [flat] = await agree(service, case, action(by_when="2031-05-20"))
    [release] = await agree(
        service,
        case,
        action(accountable=YOT.agency, by_when="2031-06-01", needed_by="2031-05-10", needs=[flat]),
    )
    assert (await run(service))["late_for_what_follows"] == 3
    return case, flat, release


async def test_housing_before_release_is_warned_of_before_it_is_late(service: CaseService) -> None:
    case, flat, release = await flat_too_late_for_the_release(service)
    assert await abouts(service, HOUSING, "late_for_what_follows") == [flat]
    assert await abouts(service, YOT, "late_for_what_follows") == [release]
    assert await abouts(service, SCHOOL, "late_for_what_follows") == [release]
    assert (await run(service))["late_for_what_follows"] == 0
    # In time after all: nothing is warned of any more.
    change = {"expected_version": 1, "by_when": "2031-05-09"}
    await service.patch(SCHOOL, f"/cases/{case}/actions/{flat}", change)
    for who in (HOUSING, YOT, SCHOOL):
        assert await abouts(service, who, "late_for_what_follows") == []
    assert (await run(service))["late_for_what_follows"] == 0
    service.clock.at = service.clock.at.replace(month=5, day=10)
    assert (await run(service))["late_for_what_follows"] == 3, "its own day has passed"
    done = {"expected_version": 2, "status": "done", "outcome": "Keys handed over"}
    await service.patch(HOUSING, f"/cases/{case}/actions/{flat}", done)
    service.clock.turn(days=1)
    assert (await run(service))["late_for_what_follows"] == 0


async def test_what_was_settled_and_comes_again_is_told_again(service: CaseService) -> None:
    """A day that is moved and moved back, and a late promise of which its agency says that it has begun."""
    case, flat, release = await flat_too_late_for_the_release(service)
    for version, day, warned in ((1, "2031-05-09", 0), (2, "2031-05-20", 3)):
        change = {"expected_version": version, "by_when": day}
        await service.patch(SCHOOL, f"/cases/{case}/actions/{flat}", change)
        assert await abouts(service, SCHOOL, "late_for_what_follows") == []
        assert (await run(service))["late_for_what_follows"] == warned
        assert (await run(service))["late_for_what_follows"] == 0, "once for each time"
    assert await abouts(service, SCHOOL, "late_for_what_follows") == [release]
    service.clock.at = service.clock.at.replace(month=5, day=21)
    assert (await run(service))["promise_overdue"] == 2
    begun = {"expected_version": 3, "status": "in_progress"}
    await service.patch(HOUSING, f"/cases/{case}/actions/{flat}", begun)
    assert (await run(service))["promise_overdue"] == 2, "begun is not done"
    assert await abouts(service, SCHOOL, "promise_overdue") == [flat]
    [late] = [n for n in await waiting(service, SCHOOL) if n["kind"] == "promise_overdue"]
    await service.post(SCHOOL, f"/notices/{late['id']}/clearing")
    assert (await run(service))["promise_overdue"] == 0, "whoever has looked is not told of the same again"


async def test_what_will_not_be_done_is_warned_of_like_what_is_late(service: CaseService) -> None:
    case = await team(service)
    [flat] = await agree(service, case, action())
    [release] = await agree(service, case, action(accountable=YOT.agency, by_when="2031-06-01", needs=[flat]))
    assert (await run(service))["late_for_what_follows"] == 0
    body = {"answer": "declined", "reason": "No flat"}
    await service.post(HOUSING, f"/cases/{case}/actions/{flat}/answer", body)
    assert (await run(service))["late_for_what_follows"] == 2
    assert await abouts(service, YOT, "late_for_what_follows") == [release]
    assert await abouts(service, HOUSING, "late_for_what_follows") == []


async def test_what_is_late_is_told_to_its_owner_then_to_the_managers_up_the_line(
    service: CaseService,
) -> None:
    case = await team(service)
    [flat] = await agree(service, case, action(by_when="2031-04-01"))
    service.clock.at = service.clock.at.replace(month=4, day=1, hour=23)
    assert (await run(service))["promise_overdue"] == 0
    service.clock.turn(hours=2)
    assert (await run(service))["promise_overdue"] == 2
    assert await abouts(service, HOUSING, "promise_overdue") == [flat]
    assert await abouts(service, SCHOOL, "promise_overdue") == [flat]
    assert await abouts(service, YOT, "promise_overdue") == []
    words = {"expected_version": 1, "family_wishes": "A room of their own"}
    await service.patch(SCHOOL, f"/cases/{case}/actions/{flat}", words)
    assert await abouts(service, HOUSING, "promise_overdue") == [flat], "it is as late as before"
    assert await abouts(service, HOUSING_MANAGER, "promise_long_overdue") == []
    service.clock.turn(days=6)
    assert (await run(service))["promise_long_overdue"] == 0
    service.clock.turn(days=1)
    assert (await run(service))["promise_long_overdue"] == 1
    assert await abouts(service, HOUSING_MANAGER, "promise_long_overdue") == [flat]
    assert await abouts(service, SCHOOL_MANAGER, "promise_long_overdue") == []
    change = {"expected_version": 2, "status": "done", "outcome": "At last"}
    await service.patch(HOUSING, f"/cases/{case}/actions/{flat}", change)
    for who in (HOUSING, SCHOOL, HOUSING_MANAGER):
        assert await abouts(service, who, "promise_overdue") == []
        assert await abouts(service, who, "promise_long_overdue") == []


async def test_in_a_closed_case_nothing_is_late(service: CaseService) -> None:
    case = await team(service)
    flat, keys = await agree(service, case, action(), action())
    path = f"/cases/{case}/closure"
    refused = await service.problem(YOT, "POST", path, {"reason": "needs_met"})
    assert refused.kind == "conflict"
    named = [{"promise": flat, "because": "The new team goes on with it."}]
    body = {"reason": "needs_met", "promises": named}
    assert (await service.problem(YOT, "POST", path, body)).kind == "conflict"
    assert service.select("SELECT count(*) FROM promises WHERE open = true") == [(2,)]
    twice = {**body, "promises": named, "not_shown": [keys]}
    assert (await service.post(YOT, path, twice))["state"] == "closed"
    fields = {e["id"]: e["fields"] for e in (await service.bundle(case))["entries"]}
    assert fields[flat]["ended_because"] == "The new team goes on with it."
    assert fields[keys]["ended_because"] == "The case was closed before this was answered for."
    assert {fields[one]["status"] for one in (flat, keys)} == {"ended"}
    assert sorted(await abouts(service, HOUSING, "promise_ended")) == sorted([flat, keys])
    service.clock.turn(days=100)
    counts = await run(service)
    assert (counts["promise_overdue"], counts["promise_long_overdue"]) == (0, 0)
    await service.post(SCHOOL, f"/cases/{case}/reopening", {"reason": "Back again"})
    assert service.select("SELECT count(*) FROM promises WHERE open = true") == [(0,)]
    up = {"expected_version": 2, "status": "in_progress"}
    await service.patch(HOUSING, f"/cases/{case}/actions/{flat}", up)
    assert service.select("SELECT entry_id FROM promises WHERE open = true") == [(flat,)]
