"""What an agency owes reaches its people where nobody of it is on the team, by itself (decision 40).

Three changes that make this fail: answering for an action by seats alone, showing whoever answers for one
action anything else of its case, telling managers of it in the case that they cannot open.
"""

from datetime import timedelta
from typing import Any

import pytest

from deploy.stories.steps import agree_to_take_part, join_team, make_lead, open_case, record_person
from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks
from tests.gateway.household import HOUSING, SCHOOL
from tests.gateway.test_leading import shut_out, world
from tests.support.gateway import START, As, World

__all__ = ["world"]
pytestmark = pytest.mark.anyio
Json = dict[str, Any]
PAM = {"user": "pam.orr", "name": "Pam Orr", "agency": HOUSING, "role": "panel_member"}


async def led_by_yot(world: World) -> tuple[str, str]:
    """A case of the school and youth offending, who lead: the case and whom it is about."""
    school = world.as_("nadia.bell")
    person = await record_person(school, "Robin", "Vale", START.date().replace(year=1990))
    case = await open_case(school, person, [], "Help")
    await agree_to_take_part(school, case, person, person, "adult")
    member = await join_team(school, case, "sam.okafor")
    await make_lead(school, world.as_("sam.okafor"), case, member)
    return case, person


def owed_by(agency: str, **more: Any) -> Json:
    by_when = (START + timedelta(days=60)).date().isoformat()
    said = {"desired_outcome": "A bed of his own", "action": "Put them on the list"}
    return {"actions": [{**said, "by_when": by_when, "accountable": agency, **more}]}


async def agreed(world: World, case: str, body: Json) -> str:
    made = await world.as_("nadia.bell").post(f"/v1/cases/{case}/actions", body)
    return str(made["actions"][0]["id"])


async def waiting(session: As, about: str, path: str = "/v1/notices") -> list[str]:
    page = await session.get(f"{path}?limit=100")
    return [notice["kind"] for notice in page["notices"] if notice["about"] == about]


async def lines(session: As, case: str) -> list[Json]:
    page = await session.get("/v1/worklists/promises?limit=100")
    return [line for line in page["promises"] if line["case"] == case]


async def test_a_manager_answers_for_what_is_asked_of_their_agency_off_the_team(world: World) -> None:
    case, _ = await led_by_yot(world)
    others = await agreed(world, case, owed_by(SCHOOL))
    one = await agreed(world, case, owed_by(HOUSING))
    kit = world.as_("kit.vane")
    assert await waiting(kit, one, "/v1/worklists/awaiting-answer") == ["action_to_answer"]
    [line] = await lines(kit, case)
    assert (line["entry"]["id"], line["entry"]["level"], line["alone"]) == (one, "full", True)
    for worklist in ("promises", "waiting"):
        page = await kit.get(f"/v1/worklists/{worklist}?limit=100")
        assert case not in [card["id"] for card in page["cases"]], "whose it is they are not told"
    path = f"/v1/cases/{case}/actions/{one}"
    view = await kit.get(path)
    assert view["action"]["fields"]["action"] == "Put them on the list"
    assert view["lead_professional"]["name"] == "Sam Okafor"
    assert (view["follow_up"]["standing"], view["not_available"]) == ("open", [])
    assert (await kit.post(f"{path}/acceptance"))["answer"] == "accepted"
    assert await waiting(kit, one) == []
    etag = (await kit.get(path))["action"]["etag"]
    assert (await kit.patch(path, {"status": "done", "outcome": "They have a flat"}, etag))[
        "status"
    ] == "done"
    plan = (await world.as_("sam.okafor").get(f"/v1/cases/{case}"))["areas"]["plan"]
    [told] = [entry for entry in plan if entry["id"] == one]
    assert told["fields"]["outcome"] == "They have a flat"
    for method, hidden in [
        ("GET", f"/v1/cases/{case}"),
        ("GET", f"/v1/cases/{case}/actions"),
        ("GET", f"/v1/cases/{case}/actions/{others}"),
        ("POST", f"/v1/cases/{case}/actions/{others}/acceptance"),
        ("POST", f"{path}/news-requests"),
        ("GET", f"/v1/cases/{case}/team"),
    ]:
        answer = await kit.send(method, hidden)
        assert answer.status_code == 404, (method, hidden)


async def test_a_coordinator_reads_what_their_agency_is_asked_in_full_and_nothing_else(world: World) -> None:
    """As they consider a referral: in full as far as the family shares the plan with their agency."""
    case, _ = await led_by_yot(world)
    office = "partnership-office"
    one = await agreed(world, case, owed_by(office))
    paul, path = world.as_("paul.ensor"), f"/v1/cases/{case}/actions/{one}"
    assert await waiting(paul, one, "/v1/worklists/awaiting-answer") == ["action_to_answer"]
    before = {e["id"]: e["level"] for e in (await paul.get(f"/v1/cases/{case}"))["areas"]["plan"]}
    assert before[one] == "summary", "in the case itself as ever"
    assert (await paul.get(path))["action"]["level"] == "full"
    await paul.post(f"{path}/decline", {"reason": "Not ours"})
    assert await waiting(world.as_("sam.okafor"), one) == ["action_answered"]


async def test_a_practitioner_answers_for_what_they_are_to_do_and_their_colleague_does_not(
    world: World,
) -> None:
    case, _ = await led_by_yot(world)
    body = owed_by(HOUSING, responsible_user="hana.novak", responsible_name="Hana Novak")
    one, path = await agreed(world, case, body), f"/v1/cases/{case}/actions/"
    hana = world.as_("hana.novak")
    assert await waiting(hana, one) == ["action_to_answer"]
    assert [line["entry"]["id"] for line in await lines(hana, case)] == [one]
    assert await lines(world.as_("will.marsh", agency=HOUSING), case) == []
    other = await agreed(world, case, owed_by(HOUSING))
    refused = await hana.send("POST", f"{path}{other}/acceptance")
    assert refused.status_code in (403, 404)
    assert (await hana.post(f"{path}{one}/acceptance"))["answer"] == "accepted"


async def test_what_an_invited_agency_pledged_is_delivered_after_the_panel(world: World) -> None:
    case, _ = await led_by_yot(world)
    school, kit = world.as_("nadia.bell"), world.as_("kit.vane")
    at = (world.clock.now + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    meeting = {
        "meeting_kind": "panel", "title": "Panel", "starts_at": at, "panel": {"name": "P"},
        "eligibility": {"agreed": True},
    }  # fmt: skip
    path = f"/v1/cases/{case}/meetings/{(await school.post(f'/v1/cases/{case}/meetings', meeting))['id']}"
    invited = (await school.post(f"{path}/invitations", PAM))["id"]
    await school.post(f"{path}/attendance", {"present": [invited]})
    [one] = (await school.post(f"{path}/pledges", owed_by(HOUSING, responsible_user="pam.orr")))["actions"]
    await school.post(f"{path}/closing")
    etag = (await kit.get(f"/v1/cases/{case}/actions/{one}"))["action"]["etag"]
    delivered = {"status": "done", "outcome": "Keys handed over"}
    assert (await kit.patch(f"/v1/cases/{case}/actions/{one}", delivered, etag))["status"] == "done"


async def test_what_is_overdue_is_told_to_who_answers_for_it_and_cleared_by_them(world: World) -> None:
    case, _ = await led_by_yot(world)
    one = await agreed(world, case, owed_by(HOUSING))
    kit = world.as_("kit.vane")
    await run_clocks(world.store("case"), START + timedelta(days=100), CaseworkRules())
    late = {"promise_overdue", "promise_long_overdue"}
    assert set(await waiting(kit, one)) == late | {"action_to_answer"}
    listed = (await kit.get("/v1/notices?limit=100"))["notices"]
    [notice] = [n for n in listed if (n["about"], n["kind"]) == (one, "promise_overdue")]
    assert notice["alone"] is True
    await kit.post(f"/v1/notices/{notice['id']}/clearing")
    assert "promise_overdue" not in await waiting(kit, one)


async def test_what_is_owed_is_not_hidden_by_an_exclusion_and_is_by_a_bar(world: World) -> None:
    case, person = await led_by_yot(world)
    one, kit = await agreed(world, case, owed_by(HOUSING)), world.as_("kit.vane")
    await shut_out(world, case, person, HOUSING)
    assert (await kit.get(f"/v1/cases/{case}/actions/{one}"))["action"]["level"] == "full"
    bar = {
        "kind": "conflict_of_interest", "agencies": [HOUSING], "users": [], "categories": ["plan"],
        "legal_reference": "Rule 3", "reason": "Family", "review_on": "2031-09-01", "subjects": [person],
        "custodian": {"name": "Duty desk", "agency": "northgate-school", "telephone": "01632 960999"},
    }  # fmt: skip
    await world.as_("tom.ashby").post(f"/v1/cases/{case}/bars", bar)
    assert (await kit.send("GET", f"/v1/cases/{case}/actions/{one}")).status_code == 404
    assert (await lines(kit, case), await waiting(kit, one)) == ([], [])


async def test_it_ends_with_the_case_and_where_another_agency_is_to_do_it(world: World) -> None:
    case, _ = await led_by_yot(world)
    first, second = [await agreed(world, case, owed_by(HOUSING)) for _ in range(2)]
    kit, school = world.as_("kit.vane"), world.as_("nadia.bell")
    path = f"/v1/cases/{case}/actions"
    plan = (await school.get(f"/v1/cases/{case}"))["areas"]["plan"]
    etag = next(entry["etag"] for entry in plan if entry["id"] == first)
    await kit.get(f"{path}/{first}")
    await school.patch(f"{path}/{first}", {"accountable": SCHOOL}, etag)
    assert (await kit.send("GET", f"{path}/{first}")).status_code == 404
    await kit.get(f"{path}/{second}")
    ends = [{"promise": one, "because": "Over"} for one in (first, second)]
    closing = {"reason": "needs_met", "promises": ends}
    await world.as_("sam.okafor").post(f"/v1/cases/{case}/closure", closing)
    assert (await kit.send("GET", f"{path}/{second}")).status_code == 404


async def test_who_can_see_says_that_the_agency_which_owes_it_reads_it_alone(world: World) -> None:
    """Fails when an agency off the team is left out, when it stands there for what it does not owe, and when
    somebody is told of it who does not see the action."""
    case, _ = await led_by_yot(world)
    one, others = await agreed(world, case, owed_by(HOUSING)), await agreed(world, case, owed_by(SCHOOL))
    before = world.clock.now
    sam = world.as_("sam.okafor")

    async def of_housing(entry: str, **asked: str) -> dict[tuple[str | None, str], set[str]]:
        query = "&".join(f"{name}={value}" for name, value in {"entry": entry, **asked}.items())
        told = await sam.get(f"/v1/cases/{case}/who-can-see?{query}")
        theirs = [line for line in told["people"] if line["agency"] == HOUSING]
        assert [limit for limit in told["limits"] if "nobody on the team" in limit] == (
            told["limits"][1:2] if any(line["user"] is None for line in theirs) else []
        )
        assert {line["last_seen"] for line in theirs if line["user"] is None} <= {None}
        found: dict[tuple[str | None, str], set[str]] = {}
        for line in theirs:
            levels = {cell["level"] for cell in line["cells"]}
            found.setdefault((line["name"], line["role"]), set()).update(levels)
        return found

    alone = await of_housing(one)
    assert alone.keys() == {(None, "team_manager"), (None, "coordinator")}
    assert all("full" in levels for levels in alone.values())
    assert await of_housing(others) == {}
    assert await of_housing(one, at="2031-03-03T00:00:00Z") == {}
    for user, hidden in (("kit.vane", 404), ("joan.reed", 404)):
        answer = await world.as_(user).send("GET", f"/v1/cases/{case}/who-can-see?entry={one}")
        assert answer.status_code == hidden, user
    await join_team(sam, case, "hana.novak")
    assert {name for name, _ in await of_housing(one)} == {"Hana Novak"}
    then = before.isoformat().replace("+00:00", "Z")
    assert await of_housing(one, at=then) == alone
