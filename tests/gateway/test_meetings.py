"""Meetings through the public API: papers that each reads as they may, what may be said in the room, who is
eligible, and that an invitation opens nothing once it is answered or the meeting is over.

Three changes that make this fail: showing a paper with the level of who put it on the agenda, taking somebody
of fourteen into a panel for those up to thirteen, telling yes or no about what the chair does not see.
"""

from datetime import timedelta
from typing import Any

import pytest

from tests.gateway.areas.bars import a_bar
from tests.gateway.areas.meetings import action, decision, meeting, panel
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import CAMHS, HOUSING, JOBCENTRE, YOT, birthday, words
from tests.gateway.test_one_refusal import ABSENT, comparable
from tests.support.gateway import LEDGER_TABLES, As, World, fields_of, problem

pytestmark = pytest.mark.anyio

Json = dict[str, Any]
PAM = {"user": "pam.orr", "name": "Pam Orr", "agency": HOUSING, "role": "panel_member"}


def member(user: str, agency: str) -> Json:
    return {"user": user, "name": user, "agency": agency, "role": "practitioner"}


async def plan(session: As, case: str, body: Json) -> str:
    return str((await session.post(f"/v1/cases/{case}/meetings", body))["id"])


async def invite(session: As, case: str, meeting_: str, who: Json) -> str:
    return str((await session.post(f"/v1/cases/{case}/meetings/{meeting_}/invitations", who))["id"])


def this_afternoon(world: World) -> str:
    return (world.clock.now + timedelta(hours=8)).isoformat()


async def sees(world: World, user: str, case: str) -> tuple[str, int]:
    response = await world.as_(user).send("GET", f"/v1/cases/{case}")
    if response.status_code == 404:
        return "none", 0
    view = response.json()
    return view["header"]["relationship"], sum(len(entries) for entries in view["areas"].values())


async def test_a_paper_is_read_by_each_as_they_may_see_it_then(home: HouseWorld) -> None:
    """It is the entry itself: what the family excludes afterwards is gone from the papers too."""
    world, house = home.world, home.house
    school = world.as_("nadia.bell")
    agenda = [{"topic": words("topic"), "papers": [house.need, house.school_contact]}]
    one = await plan(school, house.case, meeting(agenda=agenda))
    path = f"/v1/cases/{house.case}/meetings/{one}"
    whole = await school.get(path)
    assert {paper["id"]: paper["level"] for paper in whole["papers"]} == {
        house.need: "full", house.school_contact: "full",
    }  # fmt: skip
    seen = {}
    for user in ("sam.okafor", "hana.novak", "kit.vane", "ben.carver", "asif.khan"):
        view = await world.as_(user).get(path)
        case_view = await world.as_(user).get(f"/v1/cases/{house.case}")
        levels = {e["id"]: e["level"] for entries in case_view["areas"].values() for e in entries}
        assert {p["id"]: p["level"] for p in view["papers"]} == {
            paper: levels[paper] for paper in (house.need, house.school_contact) if paper in levels
        }
        listed = [paper for item in view["agenda"] for paper in item["papers"]]
        assert sorted(listed) == sorted(p["id"] for p in view["papers"])
        seen[user] = len(listed)
    assert len(set(seen.values())) > 1, "they do not all see the same"


async def test_who_may_not_see_a_paper_puts_it_on_no_agenda(home: HouseWorld) -> None:
    world, house = home.world, home.house
    told = set()
    for paper in (house.camhs_need, house.camhs_action, ABSENT):
        agenda = [{"topic": "Papers", "papers": [paper]}]
        response = await world.as_("hana.novak").send(
            "POST", f"/v1/cases/{house.case}/meetings", meeting(agenda=agenda)
        )
        assert (response.status_code, fields_of(response)) == (422, ["agenda.0.papers.0"])
        told.add(comparable(response))
    assert len(told) == 1


async def test_what_is_agreed_at_a_meeting_is_linked_to_what_is_seen_alone(home: HouseWorld) -> None:
    """An action that is hidden, and an absent one, is the same 422 here as in the plan."""
    world, house = home.world, home.house
    one = await plan(world.as_("hana.novak"), house.case, meeting(starts_at=this_afternoon(world)))
    path = f"/v1/cases/{house.case}/meetings/{one}"
    invited = await invite(world.as_("hana.novak"), house.case, one, member("hana.novak", HOUSING))
    await world.as_("hana.novak").post(f"{path}/attendance", {"present": [invited]})
    before = await world.rows(without=LEDGER_TABLES)
    told = set()
    for linked in (house.camhs_action, ABSENT):
        for field, value in (("needs", [linked]), ("goal", linked), ("agreed_at", linked)):
            agreed = {"actions": [{**action(HOUSING), field: value}]}
            for what, body in (("decisions", decision(**agreed)), ("pledges", agreed)):
                response = await world.as_("hana.novak").send("POST", f"{path}/{what}", body)
                assert response.status_code == 422, (field, what, response.text)
                assert fields_of(response)[0].startswith(f"actions.0.{field}")
                told.add((field, what, comparable(response)))
    assert len(told) == 6
    elsewhere = {"actions": [{**action(HOUSING), "supporting": ["nobody-at-all"]}]}
    response = await world.as_("hana.novak").send("POST", f"{path}/pledges", elsewhere)
    assert response.status_code == 422
    assert await world.rows(without=LEDGER_TABLES) == before
    seen = {"actions": [{**action(HOUSING), "needs": [house.action], "goal": house.goal}]}
    assert (await world.as_("hana.novak").send("POST", f"{path}/pledges", seen)).status_code == 201


async def test_the_chair_is_told_what_somebody_in_the_room_may_not_hear(home: HouseWorld) -> None:
    """Housing may see the school's need, and the nurse of CAMHS may not see all of it."""
    world, house = home.world, home.house
    school = world.as_("nadia.bell")
    agenda = [
        {"topic": words("open"), "papers": [house.need]},
        {"topic": words("closed"), "papers": [house.need], "confidential": True},
    ]
    one = await plan(school, house.case, meeting(starts_at=this_afternoon(world), agenda=agenda))
    path = f"/v1/cases/{house.case}/meetings/{one}"
    items = [line["item"] for line in (await school.get(path))["agenda"]]
    closed = next(item["id"] for item in items if item["fields"]["confidential"])

    async def heard() -> dict[bool, bool]:
        """By whether it is under the confidential item: may everybody there hear of the need."""
        lines = (await school.get(f"{path}/room"))["entries"]
        assert all(line.keys() == {"entry", "item", "everybody_may_see"} for line in lines)
        assert len(lines) == 4
        need = [line for line in lines if line["entry"] == house.need]
        return {line["item"] == closed: line["everybody_may_see"] for line in need}

    assert await heard() == {True: True, False: True}, "nobody is expected yet"
    officer = await invite(school, house.case, one, member("hana.novak", HOUSING))
    assert await heard() == {True: True, False: True}
    nurse = await invite(school, house.case, one, member("asif.khan", CAMHS))
    assert await heard() == {True: False, False: False}, "both are expected"
    parts = [{"item": closed, "present": [officer]}]
    await school.post(f"{path}/attendance", {"present": [nurse, officer], "confidential_parts": parts})
    assert await heard() == {True: True, False: False}
    await school.post(f"{path}/attendance", {"present": [officer], "confidential_parts": parts})
    assert await heard() == {True: True, False: True}, "the nurse has gone"
    for user in ("asif.khan", "sam.okafor", "hana.novak", "grace.obi"):
        response = await world.as_(user).send("GET", f"{path}/room")
        assert (response.status_code, problem(response)) == (403, "forbidden")
    assert (await world.as_("max.holt").send("GET", f"{path}/room")).status_code == 404
    await school.post(f"{path}/closing")


async def test_the_room_says_nothing_of_what_the_chair_does_not_see_in_full(home: HouseWorld) -> None:
    world, house = home.world, home.house
    housing = world.as_("hana.novak")
    view = await housing.get(f"/v1/cases/{house.case}")
    partly = next(
        e["id"] for entries in view["areas"].values() for e in entries if e["level"] == "summary"
    )  # fmt: skip
    one = await plan(housing, house.case, meeting(agenda=[{"topic": words("topic"), "papers": [partly]}]))
    room = await housing.get(f"/v1/cases/{house.case}/meetings/{one}/room")
    assert len(room["entries"]) == 1
    assert room["entries"][0]["entry"] != partly


@pytest.mark.parametrize("how", ["apologies", "closing", "cancellation"])
async def test_an_invitation_opens_a_part_of_the_case_until_it_is_over(home: HouseWorld, how: str) -> None:
    """P1: what starts after the answer returned gets nothing."""
    world, house = home.world, home.house
    school = world.as_("nadia.bell")
    assert await sees(world, "pam.orr", house.case) == ("none", 0)
    one = await plan(school, house.case, meeting(starts_at=this_afternoon(world)))
    path = f"/v1/cases/{house.case}/meetings/{one}"
    invitation = await invite(school, house.case, one, PAM)
    relationship, entries = await sees(world, "pam.orr", house.case)
    assert (relationship, entries > 0) == ("considering", True)
    pam = world.as_("pam.orr")
    assert [line["id"] for line in (await pam.get(path))["attendance"]] == [invitation]
    for user in ("nadia.bell", "hana.novak"):
        other = await world.as_(user).send("POST", f"{path}/invitations/{invitation}/apologies")
        assert (other.status_code, problem(other)) == (403, "forbidden")
    slept = len(world.sleep.slept)
    if how == "apologies":
        done = await pam.post(f"{path}/invitations/{invitation}/apologies")
    else:
        await pam.post(f"{path}/invitations/{invitation}/acceptance")
        if how == "closing":
            await school.post(f"{path}/attendance", {"present": [invitation]})
            done = await school.post(f"{path}/closing")
        else:
            done = await school.post(f"{path}/cancellation", {"reason": "Snow"})
    assert done["enforced_at"]
    assert world.sleep.slept[slept:] == [world.deadline_seconds]
    assert await sees(world, "pam.orr", house.case) == ("none", 0)
    assert (await pam.send("GET", path)).status_code == 404


async def test_a_panel_takes_whom_it_is_for(home: HouseWorld) -> None:
    """The Mercers' child is fourteen; the panel is voluntary, for eight to thirteen, in one area."""
    world, house = home.world, home.house
    school, path = world.as_("nadia.bell"), f"/v1/cases/{house.case}/meetings"
    before = await world.rows(without=LEDGER_TABLES)
    old = await school.send("POST", path, panel())
    assert (old.status_code, fields_of(old)) == (422, ["panel"])
    assert "from 8 to 13" in old.json()["errors"][0]["message"]
    for changes, field in (
        ({"eligibility": {"area": "Harbourside"}}, "eligibility.agreed"),
        ({"eligibility": {"area": "Elsewhere", "agreed": True}}, "eligibility.area"),
        ({"panel": None}, "panel"),
    ):
        response = await school.send("POST", path, {**panel(), **changes})
        assert (response.status_code, fields_of(response)) == (422, [field])
    past = await school.send("POST", path, meeting(starts_at="2031-03-01T09:00:00Z"))
    assert (past.status_code, fields_of(past)) == (422, ["starts_at"])
    assert await world.rows(without=LEDGER_TABLES) == before
    young = {"kind": "birth", "fields": {"date_of_birth": birthday(11)}}
    name = {"kind": "name", "fields": {"given_names": "Robin"}}
    person = (await school.post("/v1/people", {"details": [name, young]}))["id"]
    opened = {"person": person, "reason": "He asked", "opener": {"job_title": "Mentor"}}
    case = (await school.post("/v1/cases", opened))["id"]
    assert await plan(school, case, panel())
    unknown = (await school.post("/v1/people", {"details": [name]}))["id"]
    case = (await school.post("/v1/cases", {**opened, "person": unknown}))["id"]
    nobody_knows = await school.send("POST", f"/v1/cases/{case}/meetings", panel())
    assert fields_of(nobody_knows) == ["eligibility.age_as_told"]
    told = {"area": "Harbourside", "agreed": True, "age_as_told": 9}
    assert await plan(school, case, {**panel(), "eligibility": told})


async def test_nobody_is_invited_whom_the_family_excluded_or_for_an_agency_that_nobody_knows(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    path = f"/v1/cases/{house.case}/meetings/{house.meeting}/invitations"
    for who, status in (({**PAM, "agency": JOBCENTRE}, 403), ({**PAM, "agency": "nobody-knows"}, 422)):
        response = await world.as_("nadia.bell").send("POST", path, who)
        assert response.status_code == status
    for user in ("ben.carver", "pam.orr", "ivor.pryce"):
        response = await world.as_(user).send("POST", path, PAM)
        assert response.status_code in (403, 404)


async def test_a_pledge_is_an_action_that_its_agency_owes_and_only_of_who_was_there(home: HouseWorld) -> None:
    world, house = home.world, home.house
    school = world.as_("nadia.bell")
    one = await plan(school, house.case, meeting(starts_at=this_afternoon(world)))
    path = f"/v1/cases/{house.case}/meetings/{one}"
    youth = await invite(school, house.case, one, member("sam.okafor", YOT))
    await school.post(f"{path}/attendance", {"present": [youth]})
    absent = await school.send("POST", f"{path}/pledges", {"actions": [action(CAMHS)]})
    assert (absent.status_code, fields_of(absent)) == (422, ["actions.0.accountable"])
    pledged = (await school.post(f"{path}/pledges", {"actions": [action(YOT)]}))["actions"]
    decided = await school.post(f"{path}/decisions", decision(actions=[action(CAMHS)]))
    view = await world.as_("sam.okafor").get(path)
    assert [pledge["id"] for pledge in view["pledges"]] == pledged
    assert [made["id"] for made in view["decisions"]] == [decided["id"]]
    plan_view = (await world.as_("sam.okafor").get(f"/v1/cases/{house.case}/actions"))["entries"]
    assert {*pledged, *decided["actions"]} <= {entry["id"] for entry in plan_view}
    assert (await school.post(f"{path}/closing"))["state"] == "held"


async def test_an_agency_that_stays_away_is_named_with_how_often(home: HouseWorld) -> None:
    """Apologies or none; until it comes again, and of the meetings alone that the reader sees."""
    world, house = home.world, home.house
    path = f"/v1/cases/{house.case}/meetings"

    async def missed(user: str = "nadia.bell") -> dict[str, int]:
        return {line["agency"]: line["times"] for line in (await world.as_(user).get(path))["missed"]}

    async def held(*there: str, **changes: Any) -> None:
        world.clock.now += timedelta(days=1)
        school = world.as_("nadia.bell")
        one = await plan(school, house.case, meeting(starts_at=this_afternoon(world), **changes))
        invited = {
            user: await invite(school, house.case, one, member(user, agency))
            for user, agency in (("sam.okafor", YOT), ("hana.novak", HOUSING))
        }
        present = [invited[user] for user in there]
        await school.post(f"{path}/{one}/attendance", {"present": present})
        await school.post(f"{path}/{one}/closing")

    await held("sam.okafor", "hana.novak")
    assert (YOT in await missed(), HOUSING in await missed()) == (False, False)
    await held("hana.novak")
    await held("hana.novak")
    assert (await missed())[YOT] == 2
    assert HOUSING not in await missed()
    await held("hana.novak", categories=["mental_health"])
    assert ((await missed())[YOT], (await missed("hana.novak"))[YOT]) == (3, 2), "of what she sees"
    await held("sam.okafor")
    now = await missed()
    assert (now[HOUSING], YOT in now) == (1, False)


async def test_a_meeting_that_one_does_not_see_is_like_one_that_is_not_there(home: HouseWorld) -> None:
    world, house = home.world, home.house
    camhs = world.as_("asif.khan")
    hidden = await plan(camhs, house.case, meeting(categories=["mental_health"]))
    compared = 0
    for user in ("hana.novak", "kit.vane"):
        for method, what, body in (
            ("GET", "", None), ("GET", "/room", None), ("POST", "/closing", None),
            ("POST", "/invitations", PAM), ("POST", "/pledges", {"actions": [action(HOUSING)]}),
            ("POST", f"/invitations/{house.invitation}/acceptance", None),
        ):  # fmt: skip
            answers = set()
            for id_ in (hidden, ABSENT, "not-an-id"):
                path = f"/v1/cases/{house.case}/meetings/{id_}{what}"
                answers.add(comparable(await world.as_(user).send(method, path, body)))
                compared += 1
            assert len(answers) == 1, (user, what)
            assert next(iter(answers))[0] in (403, 404)
        listed = await world.as_(user).get(f"/v1/cases/{house.case}/meetings")
        assert hidden not in str(listed)
    assert compared == 36


async def with_papers(home: HouseWorld, chair: As) -> tuple[str, list[str]]:
    """A meeting of this afternoon about everything that the chair sees in full, and a part of it apart."""
    view = await chair.get(f"/v1/cases/{home.house.case}")
    whole = [e["id"] for entries in view["areas"].values() for e in entries if e["level"] == "full"]
    agenda = [
        {"topic": words("open"), "papers": whole[:100]},
        {"topic": words("apart"), "papers": [home.house.need], "confidential": True},
    ]
    one = await plan(chair, home.house.case, meeting(starts_at=this_afternoon(home.world), agenda=agenda))
    return f"/v1/cases/{home.house.case}/meetings/{one}", whole[:100]


async def may_be_said(chair: As, path: str, item: str | None = None) -> dict[str, bool]:
    lines = (await chair.get(f"{path}/room"))["entries"]
    return {line["entry"]: line["everybody_may_see"] for line in lines if item in (None, line["item"])}


async def test_the_family_hears_in_the_room_what_they_would_read_themselves(home: HouseWorld) -> None:
    """Entry by entry: yes where each who is there reads all of it, and no otherwise."""
    world, house = home.world, home.house
    chair = world.as_("nadia.bell")
    path, papers = await with_papers(home, chair)
    agenda = (await chair.get(path))["agenda"]
    item, apart = [line["item"]["id"] for line in agenda if line["item"]["fields"]["topic"]]
    assert set((await may_be_said(chair, path, item)).values()) == {True}, "nobody is expected yet"
    told = {}
    for person in (house.mother, house.child):
        invited = await chair.post(f"{path}/family-invitations", {"person": person})
        own = world.as_("karen.mercer", person=person)
        view = await own.get(f"/v1/cases/{house.case}")
        read = {e["id"] for entries in view["areas"].values() for e in entries if e["level"] == "full"}
        said = {
            entry: yes for entry, yes in (await may_be_said(chair, path, item)).items() if entry in papers
        }
        assert said == {paper: paper in read for paper in papers}, person
        assert 0 < sum(said.values()) < len(said), "some of it and not all"
        told[person] = invited["id"]
        word = f"{path}/family-invitations/{invited['id']}/word"
        assert (await chair.post(word, {"comes": False}))["state"] == "apologies"
        assert set((await may_be_said(chair, path, item)).values()) == {True}, "whoever does not come"
    both = [told[house.mother], told[house.child]]
    parts = [{"item": apart, "present": []}]
    await chair.post(f"{path}/attendance", {"present": both, "confidential_parts": parts})
    said = await may_be_said(chair, path, item)
    assert False in said.values()
    assert set((await may_be_said(chair, path, apart)).values()) == {True}, "they are not there for that"
    parts = [{"item": apart, "present": both}]
    await chair.post(f"{path}/attendance", {"present": both, "confidential_parts": parts})
    assert (await may_be_said(chair, path, apart))[house.need] == said[house.need]
    await chair.post(f"{path}/attendance", {"present": []})
    assert set((await may_be_said(chair, path, item)).values()) == {True}, "they have gone"
    await chair.post(f"{path}/closing")


async def test_who_of_the_family_comes_is_told_to_those_who_may_name_them(home: HouseWorld) -> None:
    """And recorded by whoever arranges the meeting, or by themselves; nobody else answers for them."""
    world, house = home.world, home.house
    chair = world.as_("nadia.bell")
    one = await plan(chair, house.case, meeting(starts_at=this_afternoon(world)))
    path = f"/v1/cases/{house.case}/meetings/{one}"
    invited = (await chair.post(f"{path}/family-invitations", {"person": house.mother}))["id"]
    for user in ("nadia.bell", "hana.novak"):
        view = await world.as_(user).get(path)
        assert view["family"] == [{"id": invited, "person": house.mother, "state": "invited"}]
    listed = (await chair.get(f"/v1/cases/{house.case}/meetings"))["meetings"]
    [line] = [line for line in listed if line["meeting"]["id"] == one]
    assert [card["person"] for card in line["family"]] == [house.mother]
    word = f"{path}/family-invitations/{invited}/word"
    mother, child = (world.as_("karen.mercer", person=person) for person in (house.mother, house.child))
    refused = await child.send("POST", word, {"comes": True})
    assert (refused.status_code, problem(refused)) == (403, "forbidden")
    assert (await mother.post(word, {"comes": False}))["state"] == "apologies"
    assert (await world.as_("hana.novak").post(word, {"comes": True}))["state"] == "accepted"
    for wrong, status in ((ABSENT, 404), ("not-an-id", 404), (house.family_invitation, 404)):
        other = f"{path}/family-invitations/{wrong}/word"
        assert (await chair.send("POST", other, {"comes": True})).status_code == status
    for person, status in ((house.other_child, 422), (ABSENT, 422)):
        response = await chair.send("POST", f"{path}/family-invitations", {"person": person})
        assert (response.status_code, fields_of(response)) == (status, ["person"])
    for user in ("ben.carver", "pam.orr"):
        response = await world.as_(user).send("POST", f"{path}/family-invitations", {"person": house.child})
        assert response.status_code in (403, 404), user


async def test_an_exclusion_that_names_somebody_counts_for_whoever_comes_as_a_person_and_a_bar_does_not(
    home: HouseWorld,
) -> None:
    """Nobody knows by which name they sign in; their own word stops nobody but others. Of a bar the chair may
    not know, so it makes no difference to her. The last test here."""
    world, house = home.world, home.house
    chair = world.as_("nadia.bell")
    path, _ = await with_papers(home, chair)
    await chair.post(f"{path}/family-invitations", {"person": house.mother})
    of_hers = await may_be_said(chair, path)
    await chair.post(f"{path}/family-invitations", {"person": house.child})
    before = await may_be_said(chair, path)
    word = {
        "subject": house.child, "giver": house.mother, "capacity": "parent", "users": ["dan.mercer"],
        "categories": ["learning"],
    }  # fmt: skip
    await chair.post(f"/v1/cases/{house.case}/exclusions", word)
    after = await may_be_said(chair, path)
    view = await chair.get(f"/v1/cases/{house.case}")
    entries = [entry for area in view["areas"].values() for entry in area]
    learning = {e["id"] for e in entries if "learning" in e["categories"] and house.child in e["subjects"]}
    lost = {entry for entry, yes in before.items() if yes and not after[entry]}
    assert lost == {entry for entry, yes in before.items() if yes and entry in learning}
    assert lost, "the child might be whom it names"
    [his] = [card["id"] for card in (await chair.get(path))["family"] if card["person"] == house.child]
    await chair.post(f"{path}/family-invitations/{his}/word", {"comes": False})
    assert await may_be_said(chair, path) == of_hers, "she gave it: it names somebody else"
    barring = a_bar(subjects=[house.child], agencies=[], users=["dan.mercer"], categories=["plan"])
    await world.as_("tom.ashby").post(f"/v1/cases/{house.case}/bars", barring)
    plans = [e["id"] for e in entries if "plan" in e["categories"] and house.child in e["subjects"]]
    assert any(of_hers[one] for one in plans if one in of_hers), "some of what it bars could be said"
    assert await may_be_said(chair, path) == of_hers


async def test_a_meeting_whose_chair_has_gone_is_listed_and_taken_over_by_who_is_in_charge(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    school, lead, hana = world.as_("nadia.bell"), world.as_("sam.okafor"), world.as_("hana.novak")
    one = await plan(school, house.case, meeting())
    hidden = await plan(world.as_("asif.khan"), house.case, meeting(categories=["mental_health"]))
    path = f"/v1/cases/{house.case}/meetings/{one}"
    for who in (school, hana):
        refused = await who.send("POST", f"{path}/chair", {})
        assert (refused.status_code, problem(refused)) == (403, "forbidden"), "only who is in charge"
    outsider = await world.as_("joan.reed").send("POST", f"{path}/chair", {})
    absent = await world.as_("joan.reed").send("POST", f"/v1/cases/{ABSENT}/meetings/{one}/chair", {})
    assert outsider.status_code in (403, 404)
    assert absent.status_code == 404
    for user in ("nadia.bell", "asif.khan"):
        await world.as_("una.price").post(f"/v1/users/{user}/suspension", {"reason": "A complaint"})
    told = [n for n in (await lead.get("/v1/notices?limit=100"))["notices"] if n["kind"] == "chair_gone"]
    seen = {
        line["meeting"]["id"] for line in (await lead.get(f"/v1/cases/{house.case}/meetings"))["meetings"]
    }
    assert one in {notice["about"] for notice in told} <= seen
    assert hidden not in seen, "and so he is not told that it has no chair"
    gaps = (await world.as_("grace.obi").get("/v1/users/nadia.bell/gaps?limit=100"))["gaps"]
    assert one in next(gap["meetings"] for gap in gaps if gap["case"]["id"] == house.case)
    team = (await lead.get(f"/v1/cases/{house.case}/team"))["team"]
    seat = next(one["id"] for one in team if one["user"] == "nadia.bell")
    stopped = await lead.send("POST", f"{path}/chair", {"member": seat})
    assert (stopped.status_code, problem(stopped)) == (403, "forbidden")
    assert "access is not in force" in stopped.json()["detail"]
    assert (await lead.send("POST", f"/v1/cases/{house.case}/meetings/{hidden}/chair", {})).status_code == 404
    wrong = await lead.send("POST", f"{path}/chair", {"member": ABSENT})
    assert (wrong.status_code, fields_of(wrong)) == (422, ["member"])
    before = await hana.get(f"/v1/cases/{house.case}")
    await lead.post(f"{path}/chair", {"member": house.housing_member})
    assert (await hana.get(path))["chair"] == {"user": "hana.novak", "agency": HOUSING}
    after = await hana.get(f"/v1/cases/{house.case}")
    assert (after["areas"], after["may"]) == (before["areas"], before["may"]), "it opens nothing"
    assert (await hana.send("GET", f"{path}/room")).status_code == 200
    assert (await lead.send("GET", f"{path}/room")).status_code == 403
    told = [n["kind"] for n in (await hana.get("/v1/notices?limit=100"))["notices"] if n["about"] == one]
    assert told == ["meeting_chair"]
    await lead.post(f"{path}/chair", {})
    assert (await hana.get(path))["chair"]["user"] == "sam.okafor"
