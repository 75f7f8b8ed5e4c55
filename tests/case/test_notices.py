"""Notices: something waits for somebody, once for each occasion, until it is settled; never what it says.

Three changes that make this fail: forgetting the role in the address, raising what was raised before, leaving
a notice when what waited was answered.
"""

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import (
    A_DAY,
    BEFORE_THE_NEXT_TRY,
    CLOCKS,
    run_clocks,
    run_clocks_of,
    run_daily,
)
from services.case.notices.audience import for_user
from services.case.notices.operations import LEFT_TOO_LONG
from services.case.notices.repository import NewNotice, raise_notices
from services.case.settings import from_environment
from shared.database import Store, database_unavailable, open_store
from shared.identity import Caller, public_part
from shared.settings import SettingError
from tests.case.conftest import KEY, SCHOOL, SCHOOL_MANAGER, YOT, CaseService, Json

pytestmark = pytest.mark.anyio


async def waiting(service: CaseService, who: Caller) -> list[Json]:
    found: list[Json] = (await service.post(who, "/notices/mine", {"limit": 100}))["notices"]
    return found


async def kinds(service: CaseService, who: Caller) -> list[str]:
    return [notice["kind"] for notice in await waiting(service, who)]


async def test_a_nomination_waits_for_the_nominee_alone_and_until_it_is_answered(
    service: CaseService,
) -> None:
    case = await service.case()
    await service.join(case, YOT)
    nomination = await service.nominate(case, YOT)
    [notice] = await waiting(service, YOT)
    at = "2031-03-03T09:00:00.000000Z"
    assert notice == {
        "id": notice["id"],
        "case": case,
        "kind": "nomination",
        "about": nomination,
        "because": None,
        "at": at,
        "left_too_long": False,
    }
    assert await waiting(service, SCHOOL) == []
    assert await waiting(service, Caller(YOT.user, YOT.name, "northgate-school", YOT.role)) == []
    await service.post(YOT, f"/cases/{case}/nominations/{nomination}/acceptance")
    assert await waiting(service, YOT) == []


@pytest.mark.parametrize("how", ["refusal", "withdrawal", "closure", "departure"])
async def test_a_nomination_that_ends_in_any_way_waits_for_nobody(service: CaseService, how: str) -> None:
    case = await service.case()
    member = await service.join(case, YOT)
    nomination = await service.nominate(case, YOT)
    assert await kinds(service, YOT) == ["nomination"]
    path, body = f"/cases/{case}/nominations/{nomination}/{how}", {"reason": "I leave this post."}
    if how == "refusal":
        await service.post(YOT, path, body)
    elif how == "withdrawal":
        await service.post(SCHOOL, path)
    elif how == "closure":
        await service.post(SCHOOL, f"/cases/{case}/closure", {"reason": "needs_met"})
    else:
        await service.post(YOT, f"/cases/{case}/team/{member}/ending", body)
    assert await kinds(service, YOT) == []


async def test_pages_lead_through_all_of_them_newest_first(service: CaseService) -> None:
    cases = []
    for _ in range(5):
        case = await service.case()
        await service.join(case, YOT)
        await service.nominate(case, YOT)
        cases.append(case)
        service.clock.turn(minutes=1)
    place, found = None, []
    while True:
        page = await service.post(YOT, "/notices/mine", {"limit": 2, "after": place})
        assert {bundle["case"]["id"] for bundle in page["bundles"]} == {n["case"] for n in page["notices"]}
        found += [notice["case"] for notice in page["notices"]]
        place = page["after"]
        if place is None:
            break
    assert found == cases[::-1]


async def test_what_was_left_too_long_is_found_by_itself_and_what_was_left_longest_first(
    service: CaseService,
) -> None:
    """Three changes that make it fail: an order of its own on one page and another behind it, a kind that is
    left out, and seeking it among the newest of all."""
    case, store = await service.case(), open_store(service.url)
    yot = for_user(YOT.agency, YOT.user)
    for number, kind in enumerate(sorted(LEFT_TOO_LONG)):
        service.clock.turn(minutes=1)
        raised = [NewNotice(case, kind, case, yot), NewNotice(case, "meeting_chair", case, yot, str(number))]
        await store.write(raise_notices, raised, service.clock())
    await store.close()
    place, found = None, []
    while True:
        asked = {"limit": 1, "after": place, "only": "left_too_long"}
        page = await service.post(YOT, "/notices/mine", asked)
        found += page["notices"]
        place = page["after"]
        if place is None:
            break
    assert [one["kind"] for one in found] == sorted(LEFT_TOO_LONG)
    assert all(one["left_too_long"] for one in found)
    everything = await waiting(service, YOT)
    assert [one["kind"] for one in everything if one["left_too_long"]] == sorted(LEFT_TOO_LONG)[::-1]
    assert len(everything) == 2 * len(LEFT_TOO_LONG)
    reply = await service.raw("POST", "/notices/mine", orjson.dumps({"limit": 1, "only": "everything"}))
    assert reply.status == 422


async def test_whoever_has_looked_takes_a_notice_off_their_own_list_only(service: CaseService) -> None:
    case = await service.case()
    await service.join(case, YOT)
    await service.nominate(case, YOT)
    [notice] = await waiting(service, YOT)
    path = f"/notices/{notice['id']}"
    assert await service.get(YOT, path) == notice
    assert (await service.problem(SCHOOL, "POST", f"{path}/clearing")).kind == "not-found"
    assert (await service.problem(SCHOOL, "GET", path)).kind == "not-found"
    assert await service.post(YOT, f"{path}/clearing") == {"id": notice["id"], "state": "cleared"}
    assert await waiting(service, YOT) == []
    assert (await service.problem(YOT, "POST", f"{path}/clearing")).kind == "not-found"


async def test_an_alarm_waits_for_the_others_when_one_of_them_has_looked(service: CaseService) -> None:
    """Fails when a look settles it for all, when it comes back to who has looked, and when what settles it
    leaves it on a list. Of what is no alarm one look is enough: somebody of the agency has it."""
    case = await service.case()
    await service.join(case, YOT)
    service.clock.turn(days=10)
    looker, elsewhere = Caller("cora", "Cora", "clinic", "coordinator"), Caller("o", "O", "x", "coordinator")
    second_manager = Caller("gwen", "Gwen", SCHOOL.agency, "team_manager")
    everybody = (looker, elsewhere, SCHOOL_MANAGER, second_manager)
    await run(service)
    assert [await kinds(service, who) for who in everybody] == [["lead_vacant"]] * 4
    for who, left in ((looker, everybody[1:]), (SCHOOL_MANAGER, (elsewhere, second_manager))):
        [alarm] = await waiting(service, who)
        path = f"/notices/{alarm['id']}"
        assert await service.post(who, f"{path}/clearing") == {"id": alarm["id"], "state": "cleared"}
        for method, where in (("GET", path), ("POST", f"{path}/clearing")):
            assert (await service.problem(who, method, where)).kind == "not-found"
        await run(service)
        assert await kinds(service, who) == []
        assert [await kinds(service, other) for other in left] == [["lead_vacant"]] * len(left)
    await service.lead(case, YOT)
    assert [await kinds(service, who) for who in everybody] == [[]] * 4
    asked = {"agency": looker.agency, "reason": "She cannot settle."}
    await service.post(SCHOOL, f"/cases/{case}/referrals", asked)
    colleague = Caller("carl", "Carl", looker.agency, looker.role)
    [referral] = await waiting(service, looker)
    await service.post(looker, f"/notices/{referral['id']}/clearing")
    assert await kinds(service, colleague) == []


async def overdue_case(service: CaseService) -> str:
    case = await service.case(review_on="2031-03-05")
    await service.join(case, YOT)
    service.clock.turn(days=3)
    return case


async def run(service: CaseService) -> dict[str, int]:
    """The clocks, on a connection of their own, as the command runs them."""
    return await asyncio.to_thread(run_clocks_of, service.url, service.clock(), CaseworkRules())


async def test_a_review_that_was_missed_waits_for_the_lead_and_is_raised_once(service: CaseService) -> None:
    case = await overdue_case(service)
    await service.lead(case, YOT)
    assert (await run(service))["review_overdue"] == 1
    assert (await run(service))["review_overdue"] == 0
    assert await kinds(service, YOT) == ["review_overdue"]
    assert await kinds(service, SCHOOL) == await kinds(service, SCHOOL_MANAGER) == []
    await service.post(YOT, f"/cases/{case}/reviews", {"review_on": "2031-03-07"})
    assert await kinds(service, YOT) == []
    service.clock.turn(days=9)
    assert (await run(service))["review_overdue"] == 1, "the next day that is missed is another occasion"


async def test_where_nobody_leads_it_waits_for_the_managers_of_all_agencies_at_work(
    service: CaseService,
) -> None:
    await overdue_case(service)
    assert (await run(service))["review_overdue"] == 2
    assert await kinds(service, SCHOOL_MANAGER) == ["review_overdue"]
    assert await kinds(service, Caller("yan", "Yan", YOT.agency, "team_manager")) == ["review_overdue"]
    assert await kinds(service, SCHOOL) == []


async def test_a_review_of_today_or_of_a_closed_case_is_not_overdue(service: CaseService) -> None:
    case = await service.case(review_on="2031-03-05")
    service.clock.turn(days=2)
    assert (await run(service))["review_overdue"] == 0
    await service.post(SCHOOL, f"/cases/{case}/closure", {"reason": "needs_met"})
    service.clock.turn(days=9)
    assert (await run(service))["review_overdue"] == 0


async def test_what_a_closure_settled_is_told_again_once_the_case_is_open_again(
    service: CaseService,
) -> None:
    case = await overdue_case(service)
    assert (await run(service))["review_overdue"] == 2
    await service.post(SCHOOL, f"/cases/{case}/closure", {"reason": "needs_met"})
    assert await kinds(service, SCHOOL_MANAGER) == []
    await service.post(SCHOOL, f"/cases/{case}/reopening", {"reason": "Back again."})
    assert (await run(service))["review_overdue"] == 2
    assert (await run(service))["review_overdue"] == 0
    assert await kinds(service, SCHOOL_MANAGER) == ["review_overdue"]


async def test_every_replica_may_run_the_clocks_at_once(service: CaseService) -> None:
    for _ in range(3):
        await service.case(review_on="2031-03-05")
    service.clock.turn(days=3)
    at = service.clock()
    first, second = open_store(service.url), open_store(service.url)
    try:
        raised = await asyncio.gather(
            *(run_clocks(store, at, CaseworkRules()) for store in (first, second) * 3)
        )
    finally:
        await first.close()
        await second.close()
    assert sum(counts["review_overdue"] for counts in raised) == 3
    assert service.rows()["notices"] == 3


async def test_the_command_says_what_each_clock_raised(service: CaseService, tmp_path: Path) -> None:
    """By the time of the machine, which comes long after this case's review."""
    service.clock.at = datetime(2020, 1, 6, 9, 0, tzinfo=UTC)
    await service.case(review_on="2020-01-07")
    keys = tmp_path / "gateway.json"
    keys.write_bytes(orjson.dumps({"keys": [public_part(KEY)]}))
    settings = {"DATABASE_URL": service.url, "GATEWAY_PUBLIC_KEY_FILE": str(keys)}
    environment = {**os.environ, **{f"TEAMAROUND_{name}": value for name, value in settings.items()}}
    for raised in (1, 0):
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "services.case", "clocks"],
            env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        said = dict(line.split(": ") for line in done.stdout.splitlines())
        assert said.keys() == CLOCKS.keys()
        assert said["review_overdue"] == f"{raised} new"


def test_a_partnership_names_what_differs_from_the_usual_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "rules.json"
    for name, value in (("DATABASE_URL", "sqlite:///x"), ("GATEWAY_PUBLIC_KEY_FILE", str(tmp_path / "keys"))):
        monkeypatch.setenv(f"TEAMAROUND_{name}", value)
    (tmp_path / "keys").write_text('{"keys": []}')
    assert from_environment()[1] == CaseworkRules()
    monkeypatch.setenv("TEAMAROUND_CASEWORK_RULES_FILE", str(file))
    file.write_text('{"signal_agencies": 4}')
    assert from_environment()[1] == CaseworkRules(signal_agencies=4)
    for wrong in ('{"signal_agencies": 1}', '{"signals": 4}', "[]", "{", '{"review_days": [1, 2, 3]}'):
        file.write_text(wrong)
        with pytest.raises(SettingError, match="TEAMAROUND_CASEWORK_RULES_FILE"):
            from_environment()
    file.unlink()
    with pytest.raises(SettingError, match="cannot be read"):
        from_environment()


class Away(Store):
    """A store that cannot be reached while it is ``away``."""

    def __init__(self, inner: Store) -> None:
        self.inner = inner
        self.away = False

    async def read(self, operation: Any, *args: Any, **kwargs: Any) -> Any:
        return await self.inner.read(operation, *args, **kwargs)

    async def write(self, operation: Any, *args: Any, **kwargs: Any) -> Any:
        if self.away:
            raise database_unavailable()
        return await self.inner.write(operation, *args, **kwargs)

    async def close(self) -> None:
        await self.inner.close()


async def test_the_clocks_run_each_day_and_are_tried_again_soon_when_the_store_is_away(
    service: CaseService,
) -> None:
    """Fails when a day is left out, when it does not begin at once, or when one failure ends it."""
    for day in ("2031-03-03", "2031-03-04", "2031-03-05"):
        await service.case(review_on=day)
    slept, counted, said = list[float](), list[int](), list[str]()
    store = Away(open_store(service.url))

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        service.clock.turn(seconds=seconds)
        store.away = len(slept) in (2, 3)
        if len(slept) == 5:
            raise asyncio.CancelledError

    service.clock.turn(days=1)
    with pytest.raises(asyncio.CancelledError):
        await run_daily(
            store, CaseworkRules(), now=service.clock, sleep=sleep, failed=said.append,
            raised=lambda raised: counted.append(raised["review_overdue"]),
        )  # fmt: skip
    await store.close()
    assert slept == [A_DAY, A_DAY, BEFORE_THE_NEXT_TRY, BEFORE_THE_NEXT_TRY, A_DAY]
    assert counted == [1, 1, 1]
    assert len(said) == 2
