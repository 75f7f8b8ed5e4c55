"""What waits for those who answer for an agency, through the public API. The tests follow one another."""

from datetime import timedelta
from typing import Any

import pytest

from shared.clock import rfc3339
from tests.gateway.areas.policies import document, goldens
from tests.gateway.conftest import HouseWorld
from tests.support.gateway import problem

pytestmark = pytest.mark.anyio

OFFICE = "/v1/worklists/office"
OFFICERS = ("tom.ashby", "hous.officer", "una.price", "ines.dale")
Json = dict[str, Any]


async def waiting(home: HouseWorld, user: str) -> list[Json]:
    return list((await home.world.as_(user).get(OFFICE))["waiting"])


async def kinds(home: HouseWorld, user: str) -> list[str]:
    return [line["kind"] for line in await waiting(home, user)]


async def test_nothing_waits_where_nothing_happened_and_only_the_office_adds_agencies(
    home: HouseWorld,
) -> None:
    for user in OFFICERS:
        answer = await home.world.as_(user).get(OFFICE)
        office = ["add_agency"] if user == "una.price" else []
        assert (answer["waiting"], answer["may"]) == ([], [*office, "record_override"])
    for user, may in (("bea.holm", []), ("grace.obi", []), ("dev.patel", ["record_override"])):
        answer = await home.world.as_(user).get(OFFICE)
        assert (answer["waiting"], answer["may"]) == ([], may), user
    refused = await home.world.as_("nadia.bell").send("GET", OFFICE)
    assert refused.status_code == 403


async def test_broken_glass_waits_for_an_officer_of_the_users_agency_until_it_is_reviewed(
    home: HouseWorld,
) -> None:
    world, case = home.world, home.house.case
    opened = await world.as_("hana.novak").post(
        f"/v1/cases/{case}/break-glass", {"reason": "The child is missing"}
    )
    [line] = await waiting(home, "hous.officer")
    assert (line["kind"], line["case"], line["overdue"]) == ("break_glass_to_review", case, False)
    assert await kinds(home, "tom.ashby") == []
    path = f"/v1/cases/{case}/break-glass"
    seen = {
        user: (await world.as_(user).get(path))["break_glass"][0]["may"]
        for user in ("hana.novak", "hous.officer", "kit.vane")
    }
    assert seen == {"hana.novak": [], "hous.officer": ["review"], "kit.vane": []}
    found = {"finding": "justified", "note": "She was found at the station"}
    await world.as_("hous.officer").post(f"{path}/{line['about']}/review", found)
    assert opened["id"] == line["about"]
    assert await kinds(home, "hous.officer") == []
    assert (await world.as_("hous.officer").get(path))["break_glass"][0]["may"] == []


def an_override(home: HouseWorld, agency: str, until: str) -> Json:
    return {
        "lawful_basis": "section_47_enquiry", "reference": "S47-1", "reason": "A neighbour rang",
        "recipients": {"agencies": [agency]}, "categories": ["parenting"], "purposes": ["safeguarding"],
        "level": "full", "valid_until": until,
    }  # fmt: skip


async def test_an_override_waits_for_whoever_may_confirm_it_and_is_theirs_to_do(home: HouseWorld) -> None:
    world, case = home.world, home.house.case
    path = f"/v1/cases/{case}/overrides"
    until = rfc3339(world.clock.now + timedelta(days=2))
    made = await world.as_("hous.officer").post(path, an_override(home, "tidewater-housing", until))
    assert await kinds(home, "hous.officer") == []

    async def may(user: str) -> list[list[str]]:
        listed = (await world.as_(user).get(path))["overrides"]
        return [one["may"] for one in listed if one["id"] == made["id"]]

    assert await may("hous.officer") == [["end"]]
    assert await may("kit.vane") == [], "it names his agency, and he does not confirm it"
    refused = await world.as_("hous.officer").send("POST", f"{path}/{made['id']}/confirmation")
    assert refused.status_code == 403
    second = world.as_("viv.stone", headers={"Acting-Role": "information_officer"})
    [line] = (await second.get(OFFICE))["waiting"]
    assert (line["kind"], line["about"], line["case"]) == ("override_to_confirm", made["id"], case)
    assert (await second.get(path))["overrides"][-1]["may"] == ["confirm", "end", "review_telling"]
    await second.post(f"{path}/{made['id']}/confirmation")
    assert (await second.get(OFFICE))["waiting"] == []
    assert (await second.get(path))["overrides"][-1]["may"] == ["end", "review_telling"]
    assert await may("kit.vane") == [["end"]]
    await second.post(f"{path}/{made['id']}/ending", {"reason": "Over"})
    assert (await second.get(path))["overrides"][-1]["may"] == ["review_telling"]


async def test_a_leads_own_override_waits_for_her_manager_and_for_nobody_of_another_agency(
    home: HouseWorld,
) -> None:
    world, case = home.world, home.house.case
    path = f"/v1/cases/{case}/overrides"
    lead = world.as_("dev.patel")
    assert (await lead.get(OFFICE))["waiting"] == []
    until = rfc3339(world.clock.now + timedelta(days=2))
    made = await lead.post(path, an_override(home, "harbour-social-care", until))
    assert (await lead.get(path))["may"] == [], "another one waits until somebody looked at the first"
    assert await kinds(home, "dev.patel") == await kinds(home, "grace.obi") == []
    [line] = await waiting(home, "bea.holm")
    assert (line["kind"], line["about"], line["case"]) == ("override_to_confirm", made["id"], case)
    await world.as_("bea.holm").post(f"{path}/{made['id']}/confirmation")
    assert await kinds(home, "bea.holm") == []
    assert (await lead.get(path))["may"] == ["record"]
    assert (await world.as_("bea.holm").get(path))["may"] == []


async def test_broken_glass_waits_for_a_safeguarding_lead_of_the_users_agency(home: HouseWorld) -> None:
    world, case = home.world, home.house.case
    path = f"/v1/cases/{case}/break-glass"
    opened = await world.as_("moira.flynn").post(path, {"reason": "The child is missing"})
    [line] = await waiting(home, "dev.patel")
    assert (line["kind"], line["about"]) == ("break_glass_to_review", opened["id"])
    assert await kinds(home, "bea.holm") == [], "a manager does not review it"
    assert await kinds(home, "grace.obi") == []
    found = {"finding": "justified", "note": "He was found"}
    await world.as_("dev.patel").post(f"{path}/{opened['id']}/review", found)
    assert await kinds(home, "dev.patel") == []


async def test_the_lawful_bases_are_those_on_which_the_caller_would_not_be_refused(
    home: HouseWorld,
) -> None:
    world = home.world
    lead, officer = world.as_("dev.patel"), world.as_("ines.dale")
    asked = await lead.get("/v1/lawful-bases")
    assert not asked["for_others"]
    codes = [basis["code"] for basis in asked["bases"]]
    assert "section_47_enquiry" in codes
    assert "court_order" not in codes
    everything = await officer.get("/v1/lawful-bases")
    assert everything["for_others"]
    assert {"court_order", *codes} <= {basis["code"] for basis in everything["bases"]}
    for user in ("bea.holm", "nadia.bell", "rita.shaw"):
        assert (await world.as_(user).send("GET", "/v1/lawful-bases")).status_code == 403, user
    path = f"/v1/cases/{home.house.case}/overrides"
    basis = next(one for one in asked["bases"] if one["code"] == "section_47_enquiry")
    latest = an_override(home, "harbour-social-care", basis["no_later_than"])
    made = await lead.post(path, latest)
    await world.as_("bea.holm").post(f"{path}/{made['id']}/confirmation")


async def test_a_draft_waits_for_a_second_person_of_another_agency_and_then_for_its_publication(
    home: HouseWorld,
) -> None:
    world = home.world
    author, drafts = world.as_("tom.ashby"), "/v1/policies/drafts"
    draft = (await author.post(drafts, {"from_version": 1, "why": "Nothing new"}))["id"]
    path = f"{drafts}/{draft}"
    assert (await author.get(path))["may"] == ["change", "discard", "simulate"]
    assert (await world.as_("hous.officer").get(path))["may"] == ["change", "simulate"]
    card = await author.post(f"{path}/simulation", {})
    assert card["state"] == "finished"
    assert (await author.get(path))["may"] == ["change", "discard", "simulate"]
    assert await kinds(home, "tom.ashby") == []
    assert await kinds(home, "hous.officer") == ["draft_to_approve"]
    assert (await world.as_("hous.officer").get(path))["may"] == ["change", "simulate", "approve"]
    await world.as_("hous.officer").post(f"{path}/approval", {"digest": card["digest"]})
    assert await kinds(home, "tom.ashby") == ["draft_to_publish"]
    assert (await author.get(path))["may"] == ["change", "simulate", "publish"]
    when = rfc3339(world.clock.now + timedelta(days=1))
    await author.post(f"{path}/publication", {"digest": card["digest"], "published_from": when})
    assert (await author.get(path))["may"] == []
    assert await kinds(home, "tom.ashby") == []


async def test_a_draft_that_fails_waits_for_nobodys_approval(home: HouseWorld) -> None:
    world, drafts = home.world, "/v1/policies/drafts"
    author = world.as_("tom.ashby")
    begun = await author.post(drafts, {"from_version": 1, "why": "Wrong"})
    rows = goldens()
    rows[0] = {**rows[0], "expected": "none"}
    body = {"why": "Wrong", "document": document(), "goldens": rows}
    path = f"{drafts}/{begun['id']}"
    changed = await author.send("PUT", path, body, headers={"If-Match": begun["etag"]})
    assert changed.status_code == 200
    await author.post(f"{path}/simulation", {})
    assert "approve" not in (await world.as_("hous.officer").get(path))["may"]
    assert await kinds(home, "hous.officer") == []


async def test_an_agreement_that_ends_within_thirty_days_waits_for_both_its_agencies(
    home: HouseWorld,
) -> None:
    world = home.world
    row = {
        "category": "contact", "base": "summary", "mode": "objectable", "cap": "full",
        "basis": "Public task", "condition": "None needed", "power": "Children Act 2004 s 10",
    }  # fmt: skip
    agreement = {
        "owner": "northgate-school", "recipient": "tidewater-housing", "purpose": "support", "rows": [row],
        "valid_from": rfc3339(world.clock.now), "title": "Letters home",
        "valid_until": rfc3339(world.clock.now + timedelta(days=29)),
    }  # fmt: skip
    made = await world.as_("tom.ashby").post("/v1/agreements", agreement)
    for user in ("tom.ashby", "hous.officer"):
        assert [line["about"] for line in await waiting(home, user)] == [made["id"]], user
    assert await kinds(home, "una.price") == []
    for user in ("grace.obi", "bea.holm", "school.guard"):
        assert await kinds(home, user) == [], "the rules of sharing are no manager's"
    listed = {
        user: (await world.as_(user).get("/v1/agreements"))["agreements"][0]["may"]
        for user in ("tom.ashby", "hous.officer", "una.price")
    }
    assert listed == {"tom.ashby": ["end"], "hous.officer": ["end"], "una.price": []}
    await world.as_("hous.officer").post(f"/v1/agreements/{made['id']}/ending")
    assert await kinds(home, "tom.ashby") == []
    assert (await world.as_("tom.ashby").get("/v1/agreements"))["agreements"][0]["may"] == []


async def test_a_bar_waits_for_the_second_officer_who_lifts_it(home: HouseWorld) -> None:
    world, case = home.world, home.house.case
    bar = {
        "kind": "conflict_of_interest", "agencies": ["jobcentre-east"], "categories": ["contact"],
        "legal_reference": "Declared", "review_on": (world.clock.now + timedelta(days=90)).date().isoformat(),
        "custodian": {"name": "Head", "telephone": "01632 960001", "agency": "tidewater-housing"},
        "reason": "An uncle works there",
    }  # fmt: skip
    path = f"/v1/cases/{case}/bars"
    made = await world.as_("tom.ashby").post(path, bar)
    one = (await world.as_("tom.ashby").get(path))["bars"][-1]
    assert (one["id"], one["may"]) == (made["id"], ["review", "propose_lifting"])
    assert await kinds(home, "tom.ashby") == []
    await world.as_("tom.ashby").post(f"{path}/{made['id']}/lifting", {"reason": "He has left"})
    assert (await world.as_("tom.ashby").get(path))["bars"][-1]["may"] == ["review"]
    [line] = await waiting(home, "hous.officer")
    assert (line["kind"], line["about"], line["case"]) == ("bar_to_lift", made["id"], case)
    assert (await world.as_("hous.officer").get(path))["bars"][-1]["may"] == ["review", "confirm_lifting"]
    world.clock.now += timedelta(days=15)
    assert (await world.as_("tom.ashby").get(path))["bars"][-1]["may"] == ["review", "propose_lifting"]


async def test_somebody_who_is_suspended_is_told_nothing(home: HouseWorld) -> None:
    world = home.world
    await world.as_("una.price").post("/v1/users/tom.ashby/suspension", {"reason": "Left"})
    assert problem(await world.as_("tom.ashby").send("GET", OFFICE)) is not None
