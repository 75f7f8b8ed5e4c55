"""Who may say yes, through the public API: authority, disagreement, leaving, and what a permission released.

The tests share a household and follow one another: the family leaves at the end.
"""

from datetime import timedelta
from typing import Any

import pytest

from tests.gateway.areas.answers import authority, conversation
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import HOUSING, SCHOOL, YOT
from tests.gateway.operations import exclusion, share
from tests.gateway.test_one_refusal import ABSENT, comparable
from tests.support.gateway import As, fields_of, fresh_key, problem

pytestmark = pytest.mark.anyio

Json = dict[str, Any]
NO: Json = {
    "answer": "refused", "statement": {"reasons_explained_and_understood": True, "agrees": False},
}  # fmt: skip


def case_of(home: HouseWorld, more: str = "") -> str:
    return f"/v1/cases/{home.house.case}{more}"


async def test_an_answer_under_a_recorded_authority_reaches_what_it_covers_and_ends_with_it(
    home: HouseWorld,
) -> None:
    """The reason is given; nobody but recorder, lead and owners concerned sees the document."""
    world, house = home.world, home.house
    school, lead = world.as_("nadia.bell"), world.as_("sam.okafor")
    power = (await school.post(case_of(home, "/authorities"), authority(house)))["id"]
    given = {"subject": house.mother, "giver": house.child, "capacity": "attorney", "under": power}
    path = case_of(home, "/consents")
    yes = share(house, **given, recipients=[HOUSING], categories=["money_work"])
    made = (await school.post(path, yes))["id"]
    assert await _opens_nothing(lead) == []
    refused = await school.send("POST", path, share(house, **given, categories=["health"]))
    assert refused.status_code == 422
    assert "does not reach health" in refused.json()["errors"][0]["message"]
    for user, seen in (("nadia.bell", 1), ("sam.okafor", 1), ("ben.carver", 0), ("asif.khan", 0)):
        listed = await world.as_(user).get(case_of(home, "/authorities"))
        assert len(listed["authorities"]) == seen, user
    before = len(world.sleep.slept)
    ended = await lead.post(case_of(home, f"/authorities/{power}/ending"), {"reason": "Revoked"})
    assert ended["enforced_at"]
    assert world.sleep.slept[before:] == [world.deadline_seconds]
    hidden = await world.as_("ben.carver").send(
        "POST", case_of(home, f"/authorities/{power}/ending"), {"reason": "Revoked"}
    )
    assert hidden.status_code == 403
    assert await _opens_nothing(lead) == [made]
    await school.post(f"{path}/{made}/withdrawal", {"withdrawn_by": house.child})
    assert await _opens_nothing(lead) == []


async def test_an_agency_does_not_end_an_order_that_keeps_from_it_what_a_parent_agreed_to(
    sqlite_home: HouseWorld,
) -> None:
    """Another one does, with the order or letter by which it ended; the lead and those who hold what it opens
    are told."""
    world, house = sqlite_home.world, sqlite_home.house
    school, lead, camhs, health = (
        world.as_(user) for user in ("nadia.bell", "sam.okafor", "asif.khan", "ruth.amadi")
    )
    path = f"/v1/cases/{house.case}/authorities"
    order = {
        "kind": "court_order", "effect": "takes_away", "subject": house.child, "holder": house.mother,
        "document": "Order 3", "covers": ["learning"], "verified_by": "Sam Okafor",
    }  # fmt: skip
    made = (await lead.post(path, order))["id"]
    other = (await school.post(path, order | {"covers": ["mental_health"]}))["id"]
    over = {"reason": "Discharged", "reference": "Order 4, on the school's file"}

    async def may(reader: As) -> dict[str, list[str]]:
        listed = (await reader.get(path))["authorities"]
        return {row["id"]: row["may"] for row in listed if row["id"] in (made, other)}

    assert await may(school) == {made: [], other: ["ending"]}, "what she agreed to names the school"
    assert await may(lead) == {made: [], other: ["ending"]}, "and the lead's agency"
    assert await may(camhs) == {other: ["ending"]}
    for gains in (school, lead):
        refused = await gains.send("POST", f"{path}/{made}/ending", over)
        assert (refused.status_code, "it does not benefit" in refused.text) == (403, True)
    hidden = await camhs.send("POST", f"{path}/{made}/ending", over)
    assert hidden.status_code == 404
    without = await school.send("POST", f"{path}/{other}/ending", {"reason": "Discharged"})
    assert (without.status_code, fields_of(without)) == (422, ["reference"])
    people = (school, lead, camhs, health, world.as_("hana.novak"))
    before = [await _alerts_about(one, "authorities") for one in people]
    await school.post(f"{path}/{other}/ending", over)
    told = [await _alerts_about(one, "authorities") for one in people]
    assert [now - then for now, then in zip(told, before, strict=True)] == [0, 1, 1, 0, 0]


async def _alerts_about(reader: As, part: str) -> int:
    listed = (await reader.get("/v1/alerts"))["alerts"]
    return sum(alert["look_at"].endswith(f"/{part}") for alert in listed)


async def _opens_nothing(reader: As) -> list[str]:
    """The answers that a reader is to ask for again because nothing stands of them any more."""
    told = [one["consent"] for one in (await reader.get("/v1/consents/expiring"))["expiring"]]
    asked = ((one["id"], one.get("needs_asking_again")) for one in told)
    return [consent for consent, again in asked if again and again["why"] == "counts_no_more"]


async def test_a_stranger_is_named_as_the_holder_of_no_authority(home: HouseWorld) -> None:
    world, house = home.world, home.house
    path = case_of(home, "/authorities")
    for field, changes in (
        ("holder", {"holder": house.other_child}),
        ("subject", {"subject": house.other_child, "holder": house.mother}),
    ):
        refused = await world.as_("nadia.bell").send("POST", path, authority(house, **changes))
        assert (refused.status_code, fields_of(refused)) == (422, [field])


async def test_a_disagreement_is_seen_by_the_lead_and_officers_who_are_party_and_by_nobody_else(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    school = world.as_("nadia.bell")
    father = await _a_second_parent(home, school)
    objection = exclusion(house, giver=father, agencies=[HOUSING], categories=["learning"])
    await school.post(case_of(home, "/exclusions"), objection)
    for user, seen in (
        ("sam.okafor", 1), ("tom.ashby", 1), ("nadia.bell", 0), ("hana.novak", 0), ("kit.vane", 0),
        ("ben.carver", 0), ("hous.officer", 1),
    ):  # fmt: skip
        # That an agency is excluded its own information officer alone may know there (design 3.4).
        listed = (await world.as_(user).get(case_of(home, "/conflicts")))["conflicts"]
        assert len(listed) == seen, user
    [found] = (await world.as_("sam.okafor").get(case_of(home, "/conflicts")))["conflicts"]
    assert (found["permission"], found["state"]) == (house.everyday_permission, "open")
    path = case_of(home, f"/conflicts/{found['id']}/decision")
    decision = {"upholds": "refusal", "reason": "He may object, and he does."}
    for user, status in (("nadia.bell", 403), ("max.holt", 404), ("rita.shaw", 403)):
        assert (await world.as_(user).send("POST", path, decision)).status_code == status, user
    own = await world.as_("hous.officer").send("POST", path, {**decision, "upholds": "permission"})
    assert own.status_code == 409, "nobody decides for what benefits their own agency"
    await world.as_("tom.ashby").post(path, decision)
    again = await world.as_("sam.okafor").send("POST", path, decision, headers=fresh_key())
    assert (again.status_code, problem(again)) == (409, "conflict")
    listed = (await school.get(case_of(home, "/exclusions")))["exclusions"]
    lifting = {"lifted_by": father, "evidence": {"form": "verbal"}}
    await school.post(case_of(home, f"/exclusions/{listed[-1]['id']}/lifting"), lifting)


async def _a_second_parent(home: HouseWorld, school: As) -> str:
    name = {"kind": "name", "fields": {"given_names": "Dan"}}
    made = await school.post("/v1/people", {"details": [name]})
    father: str = made["id"]
    await school.post(
        f"/v1/people/{home.house.child}/relationships",
        {
            "from_person": father, "to_person": home.house.child, "relation": "father",
            "parental_responsibility": True, "parental_responsibility_source": "birth", "lives_with": False,
        },
    )  # fmt: skip
    return father


async def test_a_conversation_is_recorded_at_once_and_answers_each_thing_once(home: HouseWorld) -> None:
    world, house = home.world, home.house
    school, path = world.as_("nadia.bell"), case_of(home, "/consents/conversations")
    both = conversation(house)
    recorded = await school.post(path, both)
    assert (len(recorded["consents"]), bool(recorded["enforced_at"])) == (2, True)
    listed = (await school.get(case_of(home, "/consents")))["consents"]
    ids = [one["id"] for one in recorded["consents"]]
    answers = {one["id"]: (one["answer"], one["categories"]) for one in listed if one["id"] in ids}
    assert sorted(answers.values()) == [("given", ["learning"]), ("refused", ["health"])]
    twice = {"answers": [both["answers"][0], {**both["answers"][1], "categories": ["learning", "health"]}]}
    refused = await school.send("POST", path, twice)
    assert (refused.status_code, "answered twice" in refused.text) == (422, True)
    stranger = {"answers": [both["answers"][0], {**both["answers"][1], "giver": house.other_child}]}
    refused = await school.send("POST", path, stranger)
    assert (refused.status_code, fields_of(refused)) == (422, ["answers.1.giver"])
    for_own = {"answers": [{**both["answers"][0], "recipients": [SCHOOL]}]}
    refused = await school.send("POST", path, for_own)
    assert (refused.status_code, "needs a reference" in refused.text) == (403, True)
    for consent in ids:
        by = {"withdrawn_by": house.mother}
        await school.post(case_of(home, f"/consents/{consent}/withdrawal"), by)


async def test_what_somebody_may_answer_for_is_told_before_they_are_asked_as_the_answer_would_be(
    home: HouseWorld,
) -> None:
    """The reasons are those of the write, and nothing is recorded by asking."""
    world, house = home.world, home.house
    school, path = world.as_("nadia.bell"), case_of(home, "/consents")
    power = (await school.post(case_of(home, "/authorities"), authority(house)))["id"]
    before = await school.get(path)
    givers: list[Json] = [
        {"subject": house.child, "giver": house.mother, "capacity": "parent"},
        {"subject": house.child, "giver": house.mother, "capacity": "adult"},
        {"subject": house.child, "giver": house.child, "capacity": "young_person"},
        {"subject": house.mother, "giver": house.mother, "capacity": "adult"},
        {"subject": house.mother, "giver": house.child, "capacity": "attorney", "under": power},
        {"subject": house.mother, "giver": house.child, "capacity": "attorney"},
    ]
    told = [await school.post(f"{path}/check", giver) for giver in givers]
    assert (await school.get(path))["consents"] == before["consents"]
    allowed = [len(answer["may"]) for answer in told]
    assert allowed[0] > 20
    assert allowed[1:] == [0, 0, allowed[0], 1, 0]
    assert [answer["taking_part"] is None for answer in told] == [True, False, False, True, False, False]
    tried = 0
    for giver, answer in zip(givers, told, strict=True):
        reasons = {category: row["reason"] for row in answer["may_not"] for category in row["categories"]}
        assert reasons.keys().isdisjoint(answer["may"])
        for category in sorted(reasons)[:2]:
            refused = await school.send("POST", path, share(house, **giver, categories=[category]))
            assert refused.status_code == 422
            said = refused.json()["errors"][0]["message"]
            assert (said[:20], category in said) == (reasons[category][:20], category in reasons[category])
            tried += 1
    assert tried == 8
    stranger = {**givers[0], "giver": house.other_child}
    refused = await school.send("POST", f"{path}/check", stranger)
    assert (refused.status_code, fields_of(refused)) == (422, ["giver"])
    for user, status in (("ben.carver", 403), ("max.holt", 404)):
        assert (await world.as_(user).send("POST", f"{path}/check", givers[0])).status_code == status, user
    await school.post(case_of(home, f"/authorities/{power}/ending"), {"reason": "Revoked"})


async def test_the_case_says_what_its_reader_may_do(home: HouseWorld) -> None:
    """What it offers is let through for who they are; what it does not offer is refused to them."""
    world, house = home.world, home.house
    may = {
        user: set((await world.as_(user).get(case_of(home)))["may"])
        for user in ("sam.okafor", "nadia.bell", "grace.obi", "ben.carver")
    }
    assert "nominate_lead" in may["sam.okafor"]
    assert "nominate_lead" not in may["nadia.bell"]
    assert "object_to_nomination" in may["grace.obi"]
    assert {"contribute", "record_permission", "refer"} <= may["nadia.bell"]
    assert may["ben.carver"] <= {"send_concern", "record_small_concern"}
    asked = case_of(home, "/lead-professional/nominations")
    for user in ("sam.okafor", "nadia.bell", "ben.carver"):
        answer = await world.as_(user).send("POST", asked, {"member": house.mother})
        assert (answer.status_code == 403) == ("nominate_lead" not in may[user]), user


async def test_the_family_refuses_and_takes_back_in_their_own_name_and_gives_by_telling_somebody(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    mother = world.as_("karen.mercer", person=house.mother)
    path = case_of(home, "/consents")
    before = len(world.sleep.slept)
    no = await mother.post(path, share(house, **NO, categories=["community"]))
    await mother.post(case_of(home, "/exclusions"), exclusion(house, agencies=["clear-water"]))
    spoken = {"kind": "share", "subject": house.child, "withdrawn_by": house.mother, "recipients": [YOT]}
    heard = await mother.post(case_of(home, "/consents/withdrawals"), spoken)
    assert heard.keys() == {"id", "enforced_at"}
    assert world.sleep.slept[before:] == [world.deadline_seconds] * 3
    shown = (await mother.get(path))["consents"]
    assert no["id"] in {answer["id"] for answer in shown}
    assert all(house.mother in (answer["giver"], answer["subject"]) for answer in shown)
    for target, body in (
        (path, share(house)),
        (path, share(house, **NO, giver=house.child, capacity="young_person")),
        (case_of(home, "/exclusions"), exclusion(house, giver=house.child, capacity="young_person")),
        (case_of(home, "/consents/withdrawals"), {**spoken, "withdrawn_by": house.child}),
        (case_of(home, "/authorities"), authority(house)),
    ):
        response = await mother.send("POST", target, body)
        assert (response.status_code, problem(response)) == (403, "forbidden"), target


async def test_a_member_who_may_not_see_a_permission_writes_its_withdrawal_down(home: HouseWorld) -> None:
    """Fails when the answer, its wait or its rows differ where there is nothing to end."""
    world, house = home.world, home.house
    school, nurse = world.as_("nadia.bell"), world.as_("ruth.amadi")
    made = await school.post(
        case_of(home, "/consents"), share(house, recipients=[SCHOOL], categories=["substance_use"])
    )
    seen = (await nurse.get(case_of(home, "/consents")))["consents"]
    assert made["id"] not in {answer["id"] for answer in seen}
    spoken = {
        "kind": "share", "subject": house.child, "withdrawn_by": house.mother,
        "categories": ["substance_use"],
    }  # fmt: skip
    answers, waits = [], []
    for _ in range(2):
        before = len(world.sleep.slept)
        answers.append(await nurse.post(case_of(home, "/consents/withdrawals"), spoken))
        waits.append(world.sleep.slept[before:])
    assert [answer.keys() for answer in answers] == [{"id", "enforced_at"}] * 2
    assert waits == [[world.deadline_seconds]] * 2
    after = (await school.get(case_of(home, "/consents")))["consents"]
    assert next(answer for answer in after if answer["id"] == made["id"])["withdrawn_at"]


async def test_a_withdrawal_says_what_had_left_and_those_who_saw_it_are_told(home: HouseWorld) -> None:
    world, house = home.world, home.house
    school, housing = world.as_("nadia.bell"), world.as_("hana.novak")
    path = case_of(home, "/consents")
    made = await school.post(path, share(house, recipients=[HOUSING], categories=["learning"]))
    await housing.get(case_of(home))
    ended = await school.post(f"{path}/{made['id']}/withdrawal", {"withdrawn_by": house.mother})
    assert [(part["agency"], part["categories"]) for part in ended["released"]] == [(HOUSING, ["learning"])]
    assert ended["says"].startswith(f"Done at {ended['enforced_at']}: ")
    [message] = (await housing.get("/v1/messages"))["messages"]
    assert (message["consent"], message["overdue"]) == (made["id"], False)
    for user, seen in (("hous.officer", 1), ("kit.vane", 1), ("nadia.bell", 0), ("will.marsh", 0)):
        agency = HOUSING if user == "will.marsh" else None
        assert len((await world.as_(user, agency=agency).get("/v1/messages"))["messages"]) == seen, user
    answer = {"keeps": True, "kept": "That he likes his school", "why": "It stands in our own file"}
    to = f"/v1/messages/{message['id']}/answer"
    for user, status in (("nadia.bell", 404), ("sam.okafor", 404), ("ben.carver", 403), ("rita.shaw", 403)):
        assert (await world.as_(user).send("POST", to, answer)).status_code == status, user
    await housing.post(to, answer)
    for user in ("sam.okafor", "tom.ashby", "nadia.bell"):
        told = await world.as_(user).get(f"{path}/{made['id']}/disclosures")
        [sent] = told["messages"]
        assert (sent["agency"], sent["keeps"], sent["kept"]) == (HOUSING, True, answer["kept"]), user
    for user in ("hana.novak", "hous.officer", "ruth.amadi"):
        hidden = await world.as_(user).send("GET", f"{path}/{made['id']}/disclosures")
        assert hidden.status_code == 404, user


async def test_the_lead_and_the_recorder_are_told_in_time_what_runs_out(home: HouseWorld) -> None:
    """Of their own cases, each decided: nobody else is told how it stands with the family's answers."""
    world = home.world
    lead, member = world.as_("sam.okafor"), world.as_("hana.novak")
    assert (await lead.get("/v1/consents/expiring"))["expiring"] == []
    listed = (await lead.get(case_of(home, "/consents")))["consents"]
    assert {answer["expires_soon"] for answer in listed} == {False}
    assert "expires_soon" not in str((await member.get(case_of(home, "/consents")))["consents"])
    world.clock.now += timedelta(days=155)
    lead = world.as_("sam.okafor")
    try:
        soon = (await lead.get("/v1/consents/expiring"))["expiring"]
        assert len(soon) > 3
        assert {one["case"] for one in soon} == {home.house.case}
        assert all(one["consent"]["expires_soon"] for one in soon)
        own = (await world.as_("nadia.bell").get("/v1/consents/expiring"))["expiring"]
        assert 0 < len(own) <= len(soon)
        for user in ("hana.novak", "meg.lloyd", "kit.vane"):
            assert (await world.as_(user).get("/v1/consents/expiring"))["expiring"] == [], user
        world.clock.now += timedelta(days=545)
        again = (await world.as_("sam.okafor").get("/v1/consents/expiring"))["expiring"]
        assert [one["consent"]["kind"] for one in again] == ["take_part"]
        assert again[0]["consent"]["needs_asking_again"]["why"] == "turns_16"
    finally:
        world.clock.now -= timedelta(days=700)


async def test_once_the_family_leaves_the_team_sees_its_own_and_the_lead_is_asked(home: HouseWorld) -> None:
    """The case and the person alike; what others hold is gone but for that there is something."""
    world, house = home.world, home.house
    school, housing, lead = world.as_("nadia.bell"), world.as_("hana.novak"), world.as_("sam.okafor")
    state = case_of(home, "/taking-part")
    assert (await housing.get(state))["takes_part"] is True
    places = (case_of(home), f"/v1/people/{house.child}")
    for path in places:
        assert await _kinds_of_others(housing, path) > {"name", "birth"}, path
    spoken = {"kind": "take_part", "subject": house.child, "withdrawn_by": house.mother}
    await housing.post(case_of(home, "/consents/withdrawals"), spoken)
    for session, path in ((housing, places[0]), (housing, places[1]), (lead, places[0]), (school, places[0])):
        # What an agency owes, or was answered, it reads as its own; what a visitor must do is mandatory.
        left = {"action", "agreed_action", "referral_answer", "staff_safety_note"}
        assert await _kinds_of_others(session, path) <= left, (session.user, path)
    own = await school.get(case_of(home))
    assert {entry["kind"] for entry in own["areas"]["person"]} > {"name", "birth"}
    asked = await lead.get(state)
    assert (asked["takes_part"], asked["ended"]) == (False, True)
    [question] = asked["questions"]
    assert (await housing.get(state))["questions"] == []
    answer = {"somebody_at_risk": False, "considered": "The school sees him every day."}
    path = f"{state}/{question['id']}/risk-answer"
    for user, status in (("hana.novak", 403), ("ben.carver", 403), ("max.holt", 404)):
        assert (await world.as_(user).send("POST", path, answer)).status_code == status, user
    await lead.post(path, answer)
    again = await lead.send("POST", path, answer, headers=fresh_key())
    assert (again.status_code, problem(again)) == (409, "conflict")
    outsider = await world.as_("joan.reed").send("GET", state)
    assert outsider.status_code in (403, 404)
    mother = world.as_("karen.mercer", person=house.mother)
    told = await mother.get(state)
    assert (told["ended"], told["questions"]) == (True, [])


async def _kinds_of_others(session: As, path: str) -> set[str]:
    """The kinds of entries that a view shows of other agencies."""
    view = await session.get(path)
    entries = view["entries"] if "entries" in view else [e for area in view["areas"].values() for e in area]
    return {entry["kind"] for entry in entries if entry["owner"] != session.agency}


async def test_what_benefits_all_who_could_decide_it_goes_up_to_the_partnerships_officer(
    home: HouseWorld,
) -> None:
    """The lead's agency and the school gain by it. Fails when the officer is told of it and finds nothing,
    sees more of the case by it, or finds a case of which nothing has gone up."""
    world, house = home.world, home.house
    office, school, path = world.as_("una.price"), world.as_("nadia.bell"), case_of(home, "/conflicts")
    nothing = {
        comparable(await office.send("GET", f"/v1/cases/{case}/conflicts"))
        for case in (house.case, ABSENT, "x")
    }
    assert len(nothing) == 1
    assert next(iter(nothing))[0] == 404
    father = await _a_second_parent(home, school)
    everybody = [YOT, HOUSING, SCHOOL]
    no = {"answer": "refused", "statement": {"reasons_explained_and_understood": True, "agrees": False}}
    both = {"recipients": everybody, "categories": ["health"]}
    await school.post(case_of(home, "/consents"), share(house, **both))
    refusal = share(house, giver=father, **both, **no)
    refusal.pop("valid_until", None)
    await school.post(case_of(home, "/consents"), refusal)
    for user in ("sam.okafor", "tom.ashby"):
        listed = (await world.as_(user).get(path))["conflicts"]
        shown = [one["may"] for one in listed if one["state"] == "open" and one["categories"] == ["health"]]
        assert shown == [["refusal"]], user
    [alert] = [one for one in (await office.get("/v1/alerts"))["alerts"] if one["case"] == house.case]
    assert alert["look_at"] == path
    [found] = (await office.get(alert["look_at"]))["conflicts"]
    assert (found["may"], found["to_ask"]) == (["refusal", "permission"], [SCHOOL])
    for elsewhere in ("", "/consents", "/overrides", "/break-glass"):
        assert (await office.send("GET", case_of(home, elsewhere))).status_code == 404, elsewhere
    decision = {"upholds": "permission", "reason": "Both were heard."}
    own = await world.as_("tom.ashby").send("POST", f"{path}/{found['id']}/decision", decision)
    assert (own.status_code, problem(own)) == (403, "forbidden")
    answers = {
        comparable(await office.send("POST", f"/v1/cases/{case}/conflicts/{one}/decision", decision))
        for case, one in ((house.case, ABSENT), (ABSENT, found["id"]), (house.other_case, found["id"]))
    }
    assert {status for status, *_ in answers} == {404}
    assert len(answers) == 1
    await office.post(f"{path}/{found['id']}/decision", decision)
    assert [one["upholds"] for one in (await office.get(path))["conflicts"]] == ["permission"]
    assert [one for one in (await office.get("/v1/alerts"))["alerts"] if one["case"] == house.case] == []
