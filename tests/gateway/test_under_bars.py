"""What a barred caller gets of what is asked beside a case: lists, alerts, ledger, glass, explanations.

Three changes that make this fail: an agency's list that asks no bar, a break-glass that answers a barred user
otherwise than one who names a case that is not there, an explanation that names what a bar stopped.
"""

from datetime import timedelta
from typing import Any

import pytest

from deploy.stories.steps import agree_to_take_part, join_team, open_case, permit, record_parent
from tests.gateway.areas import two_keys
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import CAMHS, HOUSING, SCHOOL, UNTIL, details, element, words
from tests.gateway.test_bars import EVERYTHING, barred
from tests.gateway.test_break_glass import REASON, smash
from tests.gateway.test_explanations import comparable
from tests.gateway.test_one_refusal import ABSENT
from tests.support.gateway import LEDGER_TABLES, As

pytestmark = pytest.mark.anyio

Json = dict[str, Any]
WHOLLY: Json = {"agencies": [], "categories": EVERYTHING}
MALFORMED = "not-an-id"


async def ids(session: As, path: str, name: str) -> list[str]:
    return [row["id"] for row in (await session.get(path))[name]]


async def test_a_barred_manager_finds_no_request_about_whom_the_bar_protects(home: HouseWorld) -> None:
    world, house = home.world, home.house
    asker, manager = world.as_("hana.novak"), world.as_("grace.obi")
    body = two_keys.asking(house, owner=SCHOOL, categories=["domestic_abuse"])
    request = (await asker.post(f"/v1/cases/{house.case}/sharing-requests", body))["id"]
    assert request in await ids(manager, "/v1/sharing-requests", "sharing_requests")
    async with barred(home, users=["grace.obi"], **WHOLLY):
        assert await ids(manager, "/v1/sharing-requests", "sharing_requests") == []
        for target in (request, ABSENT, MALFORMED):
            path = f"/v1/sharing-requests/{target}/owner-answer"
            response = await manager.send("POST", path, two_keys.owner_answer())
            assert response.status_code == 404, target
        assert request in await ids(asker, "/v1/sharing-requests", "sharing_requests")
    assert request in await ids(manager, "/v1/sharing-requests", "sharing_requests")


async def test_a_barred_officer_meets_the_404_of_an_absent_case_in_the_ledger(home: HouseWorld) -> None:
    world, house = home.world, home.house
    await world.as_("hana.novak").get(f"/v1/cases/{house.case}")
    officer, second = world.as_("hous.officer"), world.as_("tom.ashby")
    paths = ("/v1/cases/{}/disclosures", "/v1/people/{}/disclosures")
    for path, target in zip(paths, (house.case, house.child), strict=True):
        assert (await officer.get(path.format(target)))["disclosures"]
    async with barred(home, users=["hous.officer"], **WHOLLY):
        for path, target in zip(paths, (house.case, house.child), strict=True):
            answers = {
                comparable(await officer.send("GET", path.format(one))) for one in (target, ABSENT, MALFORMED)
            }
            assert len(answers) == 1
            assert next(iter(answers))[0] == 404
            assert (await second.get(path.format(target)))["disclosures"]
        found = await officer.send("GET", "/v1/ledger/receipts?limit=100")
        assert found.json()["receipts"], "what else her agency did"
        assert house.case not in found.text
        assert house.child not in found.text


async def test_a_barred_user_who_breaks_the_glass_meets_the_404_of_an_unknown_case(home: HouseWorld) -> None:
    """By case id and by two details; the attempt is recorded, and nobody is alerted."""
    world, house = home.world, home.house
    own = await names_of_house(home)
    worker = world.as_("joan.reed")
    async with barred(home, users=["joan.reed"], **WHOLLY):
        before, answers = await world.rows(without=LEDGER_TABLES), set()
        for target in (house.case, ABSENT, MALFORMED):
            response = await worker.send("POST", f"/v1/cases/{target}/break-glass", REASON)
            answers.add(comparable(response))
            [receipt] = await world.receipts_now("joan.reed")
            assert (receipt["action"], receipt["deed"]) == ("refuse", "break_glass")
            assert receipt["chain"] == "agency:jobcentre-east"
            assert not [cell for part in receipt["cases"] for cell in part["cells"]]
        for person in (own, {"name": "No One", "date_of_birth": "2015-02-03"}):
            response = await worker.send("POST", "/v1/break-glass", {"person": person, **REASON})
            answers.add(comparable(response))
        assert len(answers) == 1
        assert next(iter(answers))[0] == 404
        assert await world.rows(without=LEDGER_TABLES) == before


async def names_of_house(home: HouseWorld) -> Json:
    entries = (await home.world.as_("nadia.bell").get(f"/v1/people/{home.house.child}"))["entries"]
    name = next(e["fields"]["full_name_as_written"] for e in entries if e["kind"] == "name")
    born = next(e["fields"]["date_of_birth"] for e in entries if e["kind"] == "birth")
    return {"name": name, "date_of_birth": born}


async def test_a_bar_shuts_a_glass_that_was_broken_before(home: HouseWorld) -> None:
    world, house = home.world, home.house
    worker = world.as_("max.holt")
    made = await smash(worker, house.case)
    path = f"/v1/cases/{house.case}"
    assert any((await worker.get(path))["areas"].values())
    async with barred(home, users=["max.holt"], **WHOLLY):
        answers = {comparable(await worker.send("GET", f"/v1/cases/{one}")) for one in (house.case, ABSENT)}
        assert [status for status, *_ in answers] == [404]
        assert (await worker.get("/v1/cases"))["cases"] == []
        shown = (await world.as_("sam.okafor").get(f"{path}/break-glass"))["break_glass"]
        assert made["id"] in {row["id"] for row in shown}, "others go on to see that it was broken"


async def test_no_alert_reaches_who_is_barred_implicated_or_brought_it_about(home: HouseWorld) -> None:
    """The lead, barred by name; the officer of the user's agency, excluded by name; and the user."""
    world, house = home.world, home.house
    lead, officer = world.as_("sam.okafor"), world.as_("job.officer")

    async def told(session: As) -> list[str]:
        return [alert["id"] for alert in (await session.get("/v1/alerts"))["alerts"]]

    before = {session.user: await told(session) for session in (lead, officer)}
    async with barred(home, users=["sam.okafor"], **WHOLLY):
        await smash(world.as_("femi.cole"), house.case)
        assert not set(await told(lead)) & set(before["sam.okafor"]), "earlier ones about this case too"
        assert len(await told(officer)) == len(before["job.officer"]) + 1
        assert (await lead.send("GET", f"/v1/cases/{house.case}/break-glass")).status_code == 404
        body = {
            "subject": house.child, "giver": house.mother, "capacity": "parent", "users": ["job.officer"],
            "agencies": [], "categories": ["plan"],
        }  # fmt: skip
        path = f"/v1/cases/{house.case}/exclusions"
        made = (await world.as_("nadia.bell").post(path, body))["id"]
        assert await told(officer) == []
        assert await told(world.as_("femi.cole")) == []
    # An officer has no place on the team, so that the lead lifts it, once she is not barred any more.
    lifting = {"lifted_by": house.mother, "evidence": {"form": "verbal"}}
    await lead.post(f"{path}/{made}/lifting", lifting)
    assert len(await told(officer)) == len(before["job.officer"]) + 1
    assert len(await told(lead)) == len(before["sam.okafor"]) + 1


# --- explanations


async def test_an_explanation_of_a_barred_case_is_the_404_of_an_absent_one(home: HouseWorld) -> None:
    world, house = home.world, home.house
    caller = world.as_("hana.novak")
    async with barred(home, users=["hana.novak"], **WHOLLY):
        for more in ({}, {"entry": house.need}):
            answers = {
                comparable(await caller.send("POST", "/v1/explanations", {"case": one, **more}))
                for one in (house.case, ABSENT, MALFORMED)
            }
            assert len(answers) == 1
            assert next(iter(answers))[0] == 404
        for path in (f"/v1/cases/{house.case}/who-can-see", f"/v1/cases/{ABSENT}/who-can-see"):
            assert (await caller.send("GET", path)).status_code == 404


async def test_a_bar_on_what_is_hidden_anyhow_changes_no_byte_of_an_explanation(home: HouseWorld) -> None:
    told = {}
    for when in ("before", "under"):
        if when == "before":
            told[when] = [await explained(home, user) for user in ("hana.novak", "kit.vane")]
        else:
            async with barred(home, users=["hana.novak", "kit.vane"], agencies=[],
                              categories=["sexual_health", "equality"]):  # fmt: skip
                told[when] = [await explained(home, user) for user in ("hana.novak", "kit.vane")]
    assert told["before"] == told["under"]
    assert home.house.case in str(told["before"][0])


async def test_n1_who_can_see_and_what_if_are_the_same_whether_or_not_a_bar_stops_a_colleague(
    home: HouseWorld,
) -> None:
    """Of bars nobody is told but information officers: it may be about the lead, or their friend. Fails when
    the line of whom it stops is empty."""
    house = home.house
    case, told = f"/v1/cases/{house.case}", []
    change = {"kind": "move_clock", "to": "2031-06-01T00:00:00Z"}
    asking: list[tuple[str, str, str, Json | None]] = [
        (user, "GET", f"{case}/who-can-see{query}", None)
        for user in ("sam.okafor", "nadia.bell")
        for query in ("", f"?entry={house.need}", f"?person={house.child}")
    ]
    asking.append(("sam.okafor", "POST", "/v1/what-if", {"case": house.case, "changes": [change]}))

    async def ask() -> list[Any]:
        home.world.clock.now = at
        answers = [await home.world.as_(user).send(method, path, body) for user, method, path, body in asking]
        assert {answer.status_code for answer in answers} == {200}
        return [comparable(answer) for answer in answers]

    home.world.clock.now += timedelta(minutes=1)
    at = home.world.clock.now
    told.append(await ask())
    for whom in ({"users": ["hana.novak"]}, {"users": [], "agencies": [HOUSING]}):
        async with barred(home, **{**WHOLLY, **whom}):
            assert (await home.world.as_("hana.novak").send("GET", case)).status_code == 404
            told.append(await ask())
    assert told[0] == told[1] == told[2]
    assert "hana.novak" in str(told[0][0])


async def explained(home: HouseWorld, user: str) -> Any:
    body = {"case": home.house.case}
    return comparable(await home.world.as_(user).send("POST", "/v1/explanations", body))


async def test_under_a_bar_an_explanation_is_that_of_a_case_that_never_held_it(home: HouseWorld) -> None:
    """Two cases recorded alike, but that one holds more, from which the caller is barred. Who holds it wrote
    something of their own in both."""
    world, told, before = home.world, [], None
    school, camhs = world.as_("nadia.bell"), world.as_("asif.khan")
    for holds_more in (False, True):
        child, mother = [
            (await school.post("/v1/people", {"details": [details("name"), details("birth", age=age)]}))["id"]
            for age in (14, 40)
        ]
        case = await open_case(school, child, [mother], words("alike"))
        await record_parent(school, mother, child, "mother")
        await agree_to_take_part(school, case, child, mother, "parent")
        await permit(
            school, case, child, mother, "parent", recipients=[HOUSING], categories=["health"], until=UNTIL
        )
        for user in ("hana.novak", "asif.khan"):
            await join_team(school, case, user)
        started = await school.post(
            f"/v1/cases/{case}/assessments",
            {
                "instrument": "caf", "instrument_version": "1", "person": child, "started_on": "2031-01-05",
                "reason_for_assessment": words("reason"), "location": words("where"), "sensitive_content": [],
            },
        )  # fmt: skip
        path = f"/v1/cases/{case}/assessments/{started['id']}/entries"
        await camhs.post(path, element("need", "participation", [child]))
        if holds_more:
            await camhs.post(path, element("need", "general_health", [child]))
            bar = {
                "kind": "court_order", "users": ["hana.novak"], "categories": ["health"],
                "legal_reference": "Order 9", "review_on": "2031-12-01", "reason": "As ordered",
                "custodian": {"name": "D", "telephone": "01632 960200", "agency": SCHOOL},
            }  # fmt: skip
            before = await world.as_("hana.novak").send("POST", "/v1/explanations", {"case": case})
            await world.as_("tom.ashby").post(f"/v1/cases/{case}/bars", bar)
        response = await world.as_("hana.novak").send("POST", "/v1/explanations", {"case": case})
        status, body, headers = comparable(response)
        told.append((status, body.replace(case.encode(), b"CASE"), headers))
    assert told[0] == told[1]
    assert told[0][0] == 200
    assert before is not None
    assert b"health" in before.content, "what the bar hides would be told without it"
    assert CAMHS.encode() in told[0][1]
