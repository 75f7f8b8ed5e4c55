"""Referrals and contacts through the public API: what considering opens, that it ends, and who may ask whom.

Three changes that make this fail: letting somebody go on considering after the answer, asking an agency that
the family excluded, telling a service that a life event happened which it does not see.
"""

from typing import Any

import pytest

from deploy.stories.steps import agree_to_take_part, join_team
from tests.gateway.areas.contacts import contact, refused
from tests.gateway.areas.referrals import referral
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import CAMHS, HOUSING, JOBCENTRE, words
from tests.gateway.operations import exclusion
from tests.gateway.test_one_refusal import ABSENT, comparable
from tests.support.gateway import LEDGER_TABLES, As, World, fields_of, problem

pytestmark = pytest.mark.anyio

Json = dict[str, Any]
ADULT_CARE = "eastmere-adult-care"
NURSE = {"user": "omar.aziz", "name": "Omar Aziz"}


async def ask(session: As, case: str, **changes: Any) -> str:
    return str((await session.post(f"/v1/cases/{case}/referrals", referral(**changes)))["id"])


async def inbox(world: World, user: str) -> list[Json]:
    found: list[Json] = (await world.as_(user).get("/v1/referrals"))["referrals"]
    return found


def shown(view: Json) -> dict[str, str]:
    return {entry["id"]: entry["kind"] for entries in view["areas"].values() for entry in entries}


async def sees(world: World, user: str, case: str) -> tuple[str, int]:
    """What somebody is to a case, and how many of its entries they see; none, where it is only there."""
    view = await world.as_(user).get(case)
    return view["header"]["relationship"], len(shown(view))


async def status(world: World, user: str, path: str) -> int:
    return (await world.as_(user).send("GET", path)).status_code


async def test_who_is_asked_sees_a_part_of_the_case_until_they_have_answered(home: HouseWorld) -> None:
    """P1: what starts after the answer returned gets nothing, in the view, the lists and the inbox."""
    world, house = home.world, home.house
    case = f"/v1/cases/{house.case}"
    assert await sees(world, "omar.aziz", case) == ("none", 0)
    why = words("why him")
    asked = await ask(
        world.as_("nadia.bell"), house.case, agency="eastmere-mental-health", attention_of=NURSE, reason=why
    )
    view = await world.as_("omar.aziz").get(case)
    assert view["header"]["relationship"] == "considering"
    assert shown(view)[asked] == "referral"
    mine = next(line for line in await inbox(world, "omar.aziz") if line["referral"]["id"] == asked)
    assert (mine["case"], mine["referral"]["level"]) == (house.case, "full")
    assert mine["referral"]["fields"]["reason"] == why
    others = {entry["level"] for es in view["areas"].values() for entry in es if entry["id"] != asked}
    assert others <= {"summary", "full"}
    assert await sees(world, "meg.lloyd", case) == ("none", 0)
    assert await inbox(world, "meg.lloyd") == []
    slept = len(world.sleep.slept)
    answered = await world.as_("omar.aziz").post(f"/v1/referrals/{asked}/refusal", {"reason": words("no")})
    assert answered["state"] == "refused"
    assert answered["enforced_at"]
    assert world.sleep.slept[slept:] == [world.deadline_seconds]
    assert await sees(world, "omar.aziz", case) == ("none", 0)
    assert (await world.as_("omar.aziz").get(f"{case}/referrals"))["entries"] == []
    assert await inbox(world, "omar.aziz") == []
    again = await world.as_("omar.aziz").send("POST", f"/v1/referrals/{asked}/acceptance", {})
    assert again.status_code == 404


async def test_the_chain_of_refusals_is_there_for_whoever_is_in_charge(home: HouseWorld) -> None:
    world, house = home.world, home.house
    no = words("too old for us")
    asked = await ask(
        world.as_("nadia.bell"), house.case, agency="eastmere-mental-health", attention_of=NURSE
    )
    done = await world.as_("omar.aziz").post(f"/v1/referrals/{asked}/refusal", {"reason": no})
    for user in ("sam.okafor", "grace.obi", "kit.vane", "nadia.bell"):
        entries = (await world.as_(user).get(f"/v1/cases/{house.case}/referrals"))["entries"]
        said = next(entry for entry in entries if entry["id"] == done["answer"])
        assert said["fields"]["reason"] == no
        state = next(entry for entry in entries if entry["id"] == asked)["fields"]["state"]
        assert state == "refused"
    volunteer = (await world.as_("ben.carver").get(f"/v1/cases/{house.case}/referrals"))["entries"]
    assert {(entry["kind"], entry["level"]) for entry in volunteer} == {("referral", "summary")}
    assert not any("agency" in entry["fields"] for entry in volunteer)
    assert no not in str(volunteer)


async def test_no_agency_is_asked_that_the_family_excluded_nor_before_they_take_part(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    school = world.as_("nadia.bell")
    before = await world.rows(without=LEDGER_TABLES)
    path = f"/v1/cases/{house.case}/referrals"
    excluded = await school.send("POST", path, referral(agency=JOBCENTRE))
    assert (excluded.status_code, problem(excluded)) == (403, "forbidden")
    through = await school.send(
        "POST", path, referral(agency=CAMHS, referrer={"agency": JOBCENTRE, "user": "joan.reed"})
    )
    assert through.status_code == 403
    unknown = await school.send("POST", path, referral(agency="nobody-knows"))
    assert (unknown.status_code, fields_of(unknown)) == (422, ["agency"])
    for user, answer in (("ivor.pryce", 404), ("ben.carver", 403), ("pam.orr", 404), ("max.holt", 404)):
        assert (await world.as_(user).send("POST", path, referral())).status_code in (answer, 403)
    assert await world.rows(without=LEDGER_TABLES) == before
    opened = {"person": house.other_child, "reason": "More", "opener": {"job_title": "Nurse"}}
    camhs = world.as_("asif.khan")
    fresh = (await camhs.post("/v1/cases", opened))["id"]
    early = await camhs.send("POST", f"/v1/cases/{fresh}/referrals", referral())
    assert early.status_code == 403
    assert "permission to take part" in early.json()["detail"]


async def test_a_referrer_sees_that_it_is_considered_and_no_more(home: HouseWorld) -> None:
    world, house = home.world, home.house
    case = f"/v1/cases/{house.case}"
    assert await status(world, "reg.fenn", case) == 404
    asked = await ask(
        world.as_("nadia.bell"), house.case, agency="clear-water",
        referrer={"agency": "education-welfare", "user": "reg.fenn"},
    )  # fmt: skip
    view = await world.as_("reg.fenn").get(case)
    assert {entry["kind"] for es in view["areas"].values() for entry in es} <= {
        "name",
        "birth",
        "identifiers",
    }
    assert view["header"]["lead_professional"] is not None
    await world.as_("nadia.bell").post(f"{case}/referrals/{asked}/withdrawal")
    assert await status(world, "reg.fenn", case) == 404


async def test_a_hidden_or_absent_referral_is_the_same_for_whoever_was_not_asked(home: HouseWorld) -> None:
    world, house = home.world, home.house
    sent = {"take-up": NURSE, "acceptance": {}, "refusal": {"reason": "No"}}
    compared = 0
    for user in ("nadia.bell", "hana.novak", "ivor.pryce", "kit.vane", "school.coord"):
        for what, body in sent.items():
            answers = set()
            for id_ in (house.referral, ABSENT, "not-an-id", house.action):
                response = await world.as_(user).send("POST", f"/v1/referrals/{id_}/{what}", body)
                answers.add(comparable(response))
                compared += 1
            assert len(answers) == 1
            assert next(iter(answers))[0] == 404
    assert compared == 60


async def test_taking_up_opens_the_case_to_whom_it_names_and_nobody_lets_themselves_in(
    home: HouseWorld,
) -> None:
    """Social care's safeguarding lead finds the referral as her agency's own and names a social worker."""
    world, house = home.world, home.house
    case, named = f"/v1/cases/{house.case}", {"user": "moira.flynn", "name": "Moira Flynn"}
    asked = await ask(world.as_("nadia.bell"), house.case, agency="harbour-social-care")
    assert await sees(world, "moira.flynn", case) == ("none", 0)
    assert await inbox(world, "moira.flynn") == []
    by_herself = await world.as_("moira.flynn").send("POST", f"/v1/referrals/{asked}/take-up", named)
    assert by_herself.status_code == 404
    assert asked in [line["referral"]["id"] for line in await inbox(world, "dev.patel")]
    await world.as_("dev.patel").post(f"/v1/referrals/{asked}/take-up", named)
    relationship, entries = await sees(world, "moira.flynn", case)
    assert (relationship, entries > 5) == ("considering", True)
    await world.as_("moira.flynn").post(f"/v1/referrals/{asked}/acceptance", {"note": words("from Monday")})
    assert await sees(world, "moira.flynn", case) == ("none", 0)


async def test_a_life_event_that_a_service_does_not_see_opens_nothing_to_it(home: HouseWorld) -> None:
    """The school's life event is the family's: whom they excluded from it may not ask again because of it."""
    world, house = home.world, home.house
    camhs, yot = world.as_("asif.khan"), world.as_("sam.okafor")
    contacts = f"/v1/cases/{house.case}/contacts"
    no_more = exclusion(house, agencies=[CAMHS], categories=["family"])
    await world.as_("nadia.bell").post(f"/v1/cases/{house.case}/exclusions", no_more)
    for session in (camhs, yot):
        await session.post(contacts, refused())
        again = await session.send("POST", contacts, contact())
        assert (again.status_code, problem(again)) == (409, "conflict")
    event = {"event": "new_baby", "happened_on": "2031-03-01"}
    await world.as_("nadia.bell").post(f"/v1/cases/{house.case}/life-events", event)
    assert (await camhs.send("POST", contacts, contact())).status_code == 409
    tried = await yot.post(contacts, contact())
    assert (tried["state"], tried["next_attempt_on"] > "2031-03-03") == ("unanswered", True)


async def test_a_manager_decides_that_their_agency_asks_again(home: HouseWorld) -> None:
    world, house = home.world, home.house
    contacts = f"/v1/cases/{house.case}/contacts"
    housing = world.as_("hana.novak")
    await housing.post(contacts, refused())
    body = {"reason": words("not told that it is free")}
    for user, expected in (("hana.novak", 403), ("grace.obi", 409), ("max.holt", 404), ("ben.carver", 403)):
        response = await world.as_(user).send("POST", f"{contacts}/reopening", body)
        assert response.status_code == expected, (user, response.text)
    assert (await world.as_("kit.vane").post(f"{contacts}/reopening", body))["state"] == "offered"
    assert (await housing.post(contacts, contact()))["state"] == "unanswered"
    read = (await housing.get(contacts))["entries"]
    assert {entry["owner"] for entry in read if entry["kind"] == "offer_reopened"} >= {HOUSING}


async def case_of_a_co_ordinator(home: HouseWorld) -> tuple[str, As]:
    """A case that was opened by somebody who knows of their own agency's record about sexual health no more
    than that it is there; a teacher is on its team too."""
    house, session = home.house, home.world.as_("school.coord")
    opened = {"person": house.child, "reason": words("school"), "opener": {"job_title": "Co-ordinator"}}
    case = (await session.post("/v1/cases", opened))["id"]
    await agree_to_take_part(session, case, house.child, house.mother, "parent")
    await join_team(session, case, "nadia.bell")
    return case, session


async def test_no_conflict_tells_of_what_a_colleague_wrote_and_one_does_not_see(home: HouseWorld) -> None:
    """The same answers as where nobody had asked before, and nobody had refused."""
    opened, coordinator = await case_of_a_co_ordinator(home)
    case, teacher = f"/v1/cases/{opened}", home.world.as_("nadia.bell")
    about = {"categories": ["sexual_health"], "agency": "borough-police"}
    hidden = await ask(teacher, opened, **about)
    told = refused(categories=["sexual_health"])
    await teacher.post(f"{case}/contacts", told)
    seen = {entry["id"] for entry in (await coordinator.get(f"{case}/referrals"))["entries"]}
    assert hidden not in seen
    assert (await teacher.send("POST", f"{case}/referrals", referral(**about))).status_code == 409
    assert (await teacher.send("POST", f"{case}/contacts", contact(outcome="reached"))).status_code == 409
    asked = await coordinator.send("POST", f"{case}/referrals", referral(agency="borough-police"))
    assert asked.status_code == 201, asked.text
    again = await coordinator.send("POST", f"{case}/referrals", referral(agency="borough-police"))
    assert (again.status_code, problem(again)) == (409, "conflict"), "of this one they know"
    reached = await coordinator.send("POST", f"{case}/contacts", contact(outcome="reached"))
    assert (reached.status_code, reached.json()["state"]) == (201, "in_touch")
