"""The ledger as a whole through the public API: checkpoints, verification, holds and the search."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from jose import jws
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.consent.policies.repository import policy_document
from services.consent.policies.tables import PublishedPolicy
from tests.gateway.conftest import HouseWorld
from tests.support.gateway import World, fields_of, problem

pytestmark = pytest.mark.anyio

Json = dict[str, Any]


async def name_partnership_officers(world: World, named: Sequence[str]) -> None:
    """Publish the policy in force once more, with these partnership officers."""

    def publish(session: Session) -> None:
        newest = session.query(PublishedPolicy.version).order_by(PublishedPolicy.version.desc()).first()
        assert newest is not None
        document = {**policy_document(session, newest[0]), "partnership_officers": list(named)}  # type: ignore[arg-type]
        from_ = world.clock() - timedelta(seconds=1)
        row = PublishedPolicy(
            version=newest[0] + 1, document=document, published_from=from_, published_by="tests"
        )
        session.add(row)

    await world.store("consent").write(publish)


async def verification(session: Any, checkpoint: str | None = None) -> tuple[Json, list[Json], int]:
    """The last answer, the faults of all, and the number of calls."""
    body: Json = {"checkpoint": checkpoint}
    faults: list[Json] = []
    for calls in range(1, 50):
        response = await session.send("POST", "/v1/ledger/verification", body)
        assert response.status_code == 200, response.text
        answer = response.json()
        faults += answer["faults"]
        if answer["state"] != "going_on":
            assert answer["cursor"] is None
            return answer, faults, calls
        body = {"checkpoint": checkpoint, "cursor": answer["cursor"]}
    raise AssertionError("a verification that does not end")


async def test_officers_and_systems_take_checkpoints_that_anybody_can_tell_are_ours(home: HouseWorld) -> None:
    world = home.world
    keys = {key["kid"]: key for key in (await world.as_("rita.shaw").get("/v1/ledger/keys"))["keys"]}
    for user in ("tom.ashby", "school.system"):
        taken = await world.as_(user).get("/v1/ledger/checkpoint")
        said = jws.verify(taken["checkpoint"], keys["ledger-1"], algorithms=["ES256"])
        assert home.house.case not in said.decode()
        [receipt] = await world.receipts_now(user)
        assert (receipt["id"], receipt["deed"], receipt["cases"]) == (
            taken["decision"]["receipt"], "read_checkpoint", []
        )  # fmt: skip
    for user in ("nadia.bell", "school.guard", "rita.shaw"):
        assert (await world.as_(user).send("GET", "/v1/ledger/checkpoint")).status_code == 403


async def test_the_ledger_is_verified_against_what_somebody_else_held(home: HouseWorld) -> None:
    world = home.world
    await name_partnership_officers(world, ["una.price"])
    officer = world.as_("una.price")
    held = (await world.as_("tom.ashby").get("/v1/ledger/checkpoint"))["checkpoint"]
    answer, faults, _ = await verification(officer, held)
    assert (answer["state"], faults, answer["faults_so_far"]) == ("whole", [], 0)
    assert answer["receipts"] > 40

    # Somebody forgets the end of a chain and everything in the database that tells of it.
    def cut_off(session: Session) -> None:
        chain = session.execute(text("SELECT id FROM chains ORDER BY length DESC LIMIT 1")).scalar_one()
        last = "chain = :chain AND seq = (SELECT max(seq) FROM receipts WHERE chain = :chain)"
        for statement in (
            f"DELETE FROM mentions WHERE receipt IN (SELECT id FROM receipts WHERE {last})",
            f"DELETE FROM receipts WHERE {last}",
            "UPDATE chains SET length = length - 1, head = (SELECT link FROM receipts WHERE chain = :chain "
            "ORDER BY seq DESC LIMIT 1) WHERE id = :chain",
        ):
            session.execute(text(statement), {"chain": chain})
        for table in ("covered", "checkpoints"):
            session.execute(text(f"DELETE FROM {table}"))

    await world.store("consent").write(cut_off)
    assert (await verification(officer))[0]["state"] == "whole"
    answer, faults, _ = await verification(officer, held)
    assert (answer["state"], len(faults), answer["faults_so_far"]) == ("broken", 1, 1)
    assert faults[0]["chain"] == "checkpoints"


async def test_another_officer_verifies_the_own_agencys_chain_and_no_more(home: HouseWorld) -> None:
    world = home.world
    officer = world.as_("tom.ashby")
    answer, faults, _ = await verification(officer)
    assert (answer["state"], answer["chains"], faults) == ("whole", 1, [])
    held = (await officer.get("/v1/ledger/checkpoint"))["checkpoint"]
    response = await officer.send("POST", "/v1/ledger/verification", {"checkpoint": held})
    assert (response.status_code, problem(response)) == (403, "forbidden")


async def test_what_is_no_checkpoint_or_no_cursor_is_named(home: HouseWorld) -> None:
    world = home.world
    await name_partnership_officers(world, ["una.price"])
    officer = world.as_("una.price")
    for body, field in (
        ({"checkpoint": "a.b.c"}, "checkpoint"), ({"checkpoint": ""}, "checkpoint"),
        ({"checkpoint": "x" * 2_001}, "checkpoint"), ({"cursor": "x"}, "cursor"),
        ({"cursor": ""}, "cursor"), ({"cursor": "x" * 3_000}, "cursor"), ({"checkpoint": 1}, "checkpoint"),
    ):  # fmt: skip
        response = await officer.send("POST", "/v1/ledger/verification", body)
        assert (response.status_code, fields_of(response)) == (422, [field]), response.text


async def test_a_suspended_officer_takes_no_checkpoint_and_verifies_nothing(home: HouseWorld) -> None:
    world = home.world
    await world.as_("una.price").post("/v1/users/job.officer/suspension", {"reason": "Left"})
    officer = world.as_("job.officer")
    assert (await officer.send("GET", "/v1/ledger/checkpoint")).status_code == 403
    assert (await officer.send("POST", "/v1/ledger/verification", {})).status_code == 403


async def all_pages(session: Any, path: str, name: str) -> list[Json]:
    """What a list holds, by the links from page to page."""
    found: list[Json] = []
    following: str | None = path
    while following:
        page = await session.get(following)
        found += page[name]
        following = page["next"]
    return found


async def test_the_family_reads_who_looked_in_plain_words_and_may_ask_for_a_period(home: HouseWorld) -> None:
    world, house = home.world, home.house
    await world.as_("hana.novak").get(f"/v1/cases/{house.case}")
    mother = world.as_("karen.mercer", person=house.mother)
    for path in (f"/v1/people/{house.child}/disclosures", f"/v1/cases/{house.case}/disclosures"):
        view = await mother.get(path)
        look = next(row for row in view["disclosures"] if row["agency"] == "tidewater-housing")
        assert look["agency_name"] in look["sentence"]
        assert "(a practitioner, on the team) looked at: " in look["sentence"]
        assert look["team"] == "on the team"
        assert "These services looked at information about you" in view["in_plain_words"]
        assert ("you can ask Sam Okafor to check" in view["in_plain_words"]) == ("/cases/" in path)
        text_of_it = str(view["disclosures"])
        for untold in (
            "hana.novak",
            "Hana",
            "PERMISSION:",
            "AGREEMENT:",
            "staff_safety",
            "visits",
            "safeguarding",
        ):
            assert untold not in text_of_it, untold
        assert house.child in look["about"]
    later = {"from": "2031-04-01T00:00:00Z"}
    assert (await mother.get(path, **later))["disclosures"] == []
    response = await mother.send(
        "GET", path, params={"from": "2031-04-01T00:00:00Z", "until": "2031-03-01T00:00:00Z"}
    )
    assert (response.status_code, fields_of(response)) == (422, ["until"])
    response = await mother.send("GET", path, params={"agency": "Not A Code"})
    assert response.status_code == 422


async def test_whoever_is_nobody_to_a_person_reads_nothing_of_them(home: HouseWorld) -> None:
    world, house = home.world, home.house
    stranger = world.as_("karen.mercer", person=house.other_child)
    absent = "5f0c9d0e-6c41-4d0b-9a55-0a3a2b7c9d11"
    answers = set()
    for person in (house.child, house.mother, absent, "x"):
        response = await stranger.send("GET", f"/v1/people/{person}/disclosures")
        answers.add((response.status_code, response.content))
    for case in (house.case, absent, "x"):
        response = await stranger.send("GET", f"/v1/cases/{case}/disclosures")
        answers.add((response.status_code, response.content))
    assert {status for status, _ in answers} == {404}
    assert len(answers) == 1


async def test_a_receipt_is_held_back_by_two_people_and_no_gap_shows(home: HouseWorld) -> None:
    world, house = home.world, home.house
    seen = await world.as_("nadia.bell").get(f"/v1/cases/{house.case}")
    receipt = seen["decision"]["receipt"]
    mother, path = world.as_("karen.mercer", person=house.mother), f"/v1/people/{house.child}/disclosures"
    before = await all_pages(mother, f"{path}?limit=2", "disclosures")
    assert receipt in [row["id"] for row in before]
    guard, officer = world.as_("school.guard"), world.as_("tom.ashby")
    body = {"reason": "She has not told him", "review_on": "2031-04-15"}
    slept = len(world.sleep.slept)
    made = await guard.send("POST", f"/v1/ledger/receipts/{receipt}/holds", body)
    assert made.status_code == 201
    assert "enforced_at" in made.json()
    assert world.sleep.slept[slept:] == [world.deadline_seconds]
    hold = made.json()["id"]
    after = await all_pages(mother, f"{path}?limit=2", "disclosures")
    assert after == [row for row in before if row["id"] != receipt]
    for user in ("tom.ashby", "hous.officer"):
        session = world.as_(user)
        listed = await all_pages(session, f"/v1/cases/{house.case}/disclosures?limit=100", "disclosures")
        assert receipt in [row["id"] for row in listed], user
    place = f"/v1/ledger/receipts/{receipt}/holds/{hold}"
    response = await guard.send("POST", f"{place}/confirmation")
    assert (response.status_code, problem(response)) == (403, "forbidden")
    for reader, waits in ((officer, True), (guard, False), (world.as_("hous.officer"), False)):
        lines = (await reader.get("/v1/worklists/office"))["waiting"]
        assert [one["about"] for one in lines if one["kind"] == "hold_to_confirm"] == [hold] * waits
        alerts = (await reader.get("/v1/alerts"))["alerts"]
        found = [one for one in alerts if one["look_at"] == "/v1/ledger/holds"]
        assert [one["case"] for one in found] == [None] * waits
    assert (await officer.post("/v1/explanations", {"receipt": receipt}))["explained"]["may"] == []
    assert (await officer.send("POST", f"{place}/confirmation")).status_code == 200
    assert "hold_to_confirm" not in (await officer.send("GET", "/v1/worklists/office")).text
    [held] = await all_pages(officer, "/v1/ledger/holds", "holds")
    assert (held["receipt"], held["proposed_by"], held["confirmed_by"]) == (
        receipt,
        "school.guard",
        "tom.ashby",
    )
    assert held["confirmed_by_name"] == "Tom Ashby"
    assert (await officer.get("/v1/ledger/holds", overdue="true"))["holds"] == []
    assert (await world.as_("hous.officer").get("/v1/ledger/holds"))["holds"] == []
    hidden = await world.as_("hous.officer").send("POST", f"{place}/ending", {"reason": "x"})
    absent = await world.as_("hous.officer").send(
        "POST", "/v1/ledger/receipts/x/holds/y/ending", {"reason": "x"}
    )
    assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content)
    assert hidden.status_code == 404
    assert (await officer.send("POST", f"{place}/ending", {"reason": "Told him"})).status_code == 200
    assert await all_pages(mother, f"{path}?limit=2", "disclosures") == before
    assert (await officer.post("/v1/explanations", {"receipt": receipt}))["explained"]["may"] == ["hold"]
    assert (await world.as_("nadia.bell").send("GET", "/v1/ledger/holds")).status_code == 403


async def test_an_officer_searches_the_ledger_and_leaves_a_receipt(home: HouseWorld) -> None:
    world, house = home.world, home.house
    await world.as_("hana.novak").get(f"/v1/cases/{house.case}")
    officer = world.as_("tom.ashby")
    found = await all_pages(officer, "/v1/ledger/receipts?limit=3&user=hana.novak&action=read", "receipts")
    assert len(found) >= 1
    assert {(row["user"], row["agency"], row["action"]) for row in found} == {
        ("hana.novak", "tidewater-housing", "read")
    }
    owners = {cell["owner"] for row in found for case in row["cases"] for cell in case["cells"]}
    assert owners == {"northgate-school"}
    reason = {"Purpose": "safeguarding", "Purpose-Reason": "He was bruised"}
    await world.as_("school.guard", headers=reason).send("GET", f"/v1/cases/{house.case}")
    unusual = await all_pages(officer, "/v1/ledger/receipts?limit=1&unusual_purpose=true", "receipts")
    assert ("school.guard", "safeguarding", "He was bruised") in {
        (row["user"], row["purpose"], row["reason"]) for row in unusual
    }
    assert "support" not in {row["purpose"] for row in unusual if row["role"] == "practitioner"}
    assert "oversight" not in {row["purpose"] for row in unusual}
    named = await all_pages(officer, "/v1/ledger/receipts?limit=50&purpose=safeguarding", "receipts")
    assert {row["purpose"] for row in named} == {"safeguarding"}
    everything = await all_pages(officer, "/v1/ledger/receipts?limit=100", "receipts")
    assert [row["at"] for row in everything] == sorted((row["at"] for row in everything), reverse=True)
    for row in everything:
        own = row["agency"] == "northgate-school"
        for case in row["cases"]:
            assert own or {cell["owner"] for cell in case["cells"]} == {"northgate-school"}
    [receipt] = await world.receipts_now("tom.ashby")
    assert receipt["deed"] == "search_ledger"
    for query, field in (("action=peek", "action"), ("user=a%20b", "user"), ("from=yesterday", "from"),
                         ("limit=0", "limit"), ("cursor=x", "cursor")):  # fmt: skip
        response = await officer.send("GET", f"/v1/ledger/receipts?{query}")
        assert (response.status_code, fields_of(response)) == (422, [field]), query
    for user in ("nadia.bell", "school.guard", "rita.shaw"):
        assert (await world.as_(user).send("GET", "/v1/ledger/receipts")).status_code == 403


async def test_a_cursor_is_good_for_the_search_that_it_came_from(home: HouseWorld) -> None:
    officer = home.world.as_("tom.ashby")
    page = await officer.get("/v1/ledger/receipts?limit=1&action=read")
    assert page["cursor"]
    for query in (f"limit=1&cursor={page['cursor']}", f"limit=1&action=list&cursor={page['cursor']}"):
        response = await officer.send("GET", f"/v1/ledger/receipts?{query}")
        assert (response.status_code, fields_of(response)) == (422, ["cursor"])
