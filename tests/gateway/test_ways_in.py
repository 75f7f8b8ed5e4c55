"""Ways in that somebody found who was looking for them: what each of them would have told, or opened.

Three changes that make these fail: a lead who is told when somebody last looked, whatever let them; an
override by which an officer opens a case to herself; a yes to taking part that also speaks for whoever is
brought into the case after it.
"""

from datetime import date, timedelta
from typing import Any

import pytest

from deploy.stories.steps import record_person
from shared.clock import rfc3339
from tests.gateway.areas.overrides import override
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import HEALTH, HOUSING, YOT
from tests.gateway.test_bars import EVERYTHING, barred
from tests.gateway.test_canaries import raw_entries
from tests.gateway.test_one_refusal import ABSENT, comparable
from tests.support.gateway import As, fields_of, fresh_key

pytestmark = pytest.mark.anyio

Json = dict[str, Any]
LEAD = "sam.okafor"


async def father_of(home: HouseWorld) -> str:
    """Another who may answer for the child."""
    school, house = home.world.as_("nadia.bell"), home.house
    named = {"details": [{"kind": "name", "fields": {"given_names": "Ed"}}]}
    father: str = (await school.post("/v1/people", named))["id"]
    await school.post(
        f"/v1/people/{house.child}/relationships",
        {
            "from_person": father, "to_person": house.child, "relation": "father",
            "parental_responsibility": True, "parental_responsibility_source": "registration",
            "lives_with": True,
        },
    )  # fmt: skip
    return father


def open_to(*agencies: str, **changes: Any) -> Json:
    """What an information officer may open to others: ``changes`` to the body of an override."""
    return {"lawful_basis": "court_order", "recipients": {"agencies": list(agencies)}, **changes}


async def told_of(session: As, case: str, entry: str, user: str) -> list[tuple[str | None, list[str]]]:
    """When a user last looked at an entry and at which levels they see it, as somebody is told."""
    view = await session.get(f"/v1/cases/{case}/who-can-see?entry={entry}")
    return [
        (person["last_seen"], [cell["level"] for cell in person["cells"]])
        for person in view["people"]
        if person["user"] == user
    ]


async def test_the_lead_is_not_told_that_somebody_looked_by_an_override(home: HouseWorld) -> None:
    """An enquiry may be about the lead: that a nurse who sees nothing looked would tell of it."""
    world, case = home.world, home.house.case
    entries = await raw_entries(world, case)
    [entry] = [e for e in entries if "offending" in e["categories"] and e["owner"] == YOT]
    lead, nurse = world.as_(LEAD), world.as_("ruth.amadi")
    await nurse.get(f"/v1/cases/{case}")
    before = await told_of(lead, case, entry["id"], "ruth.amadi")
    assert before == [(None, ["none"])]
    body = override(home.house, **open_to(HEALTH, categories=entry["categories"], purposes=["support"]))
    made = await world.as_("tom.ashby").post(f"/v1/cases/{case}/overrides", body)
    view = await nurse.get(f"/v1/cases/{case}")
    shown = [e["id"] for area in view["areas"].values() for e in area]
    assert entry["id"] in shown
    assert await told_of(lead, case, entry["id"], "ruth.amadi") == before
    ending = f"/v1/cases/{case}/overrides/{made['id']}/ending"
    await world.as_("tom.ashby").post(ending, {"reason": "Over"})
    assert await told_of(lead, case, entry["id"], "ruth.amadi") == before


async def test_the_lead_is_told_that_somebody_looked_who_sees_it_anyhow(home: HouseWorld) -> None:
    """Fails when an override that changes nothing of what is told stops the clock of whoever uses it."""
    world, house = home.world, home.house
    lead, housing = world.as_(LEAD), world.as_("hana.novak")
    await housing.get(f"/v1/cases/{house.case}")
    [(before, _)] = await told_of(lead, house.case, house.need, "hana.novak")
    body = override(house, **open_to(HOUSING, categories=["learning", "community"], purposes=["support"]))
    made = await world.as_("tom.ashby").post(f"/v1/cases/{house.case}/overrides", body)
    await housing.get(f"/v1/cases/{house.case}")
    [(after, _)] = await told_of(lead, house.case, house.need, "hana.novak")
    assert before is not None
    assert after is not None
    assert before < after
    ending = f"/v1/cases/{house.case}/overrides/{made['id']}/ending"
    await world.as_("tom.ashby").post(ending, {"reason": "Over"})


async def test_an_information_officer_opens_nothing_to_herself(home: HouseWorld) -> None:
    """Fails when whoever writes the rules reads a whole case on her own word, with nobody to confirm it."""
    world, case = home.world, home.house.case
    officer, path = world.as_("hous.officer"), f"/v1/cases/{home.house.case}/overrides"
    for changes, field in (
        (open_to(recipients={"users": ["hous.officer"]}, purposes=["support"]), "recipients.users"),
        (open_to(HOUSING, purposes=["oversight"]), "purposes"),
        (open_to(HEALTH, purposes=["support", "oversight"]), "purposes"),
    ):
        refused = await officer.send("POST", path, override(home.house, **changes), headers=fresh_key())
        assert (refused.status_code, fields_of(refused)) == (422, [field])
        [receipt] = await world.receipts_now("hous.officer", ("refuse",))
        assert receipt["deed"] == "record_override", "the refusal is in the ledger"
    view = await officer.get(f"/v1/cases/{case}")
    assert not any(view["areas"].values())


async def test_an_officer_who_is_also_a_practitioner_opens_nothing_to_herself_alone(
    home: HouseWorld,
) -> None:
    """Fails when what an officer opens to her own agency counts there before a second person looked."""
    world, case = home.world, f"/v1/cases/{home.house.case}"
    officer = world.as_("viv.stone", headers={"Acting-Role": "information_officer"})
    worker = world.as_("viv.stone", headers={"Acting-Role": "practitioner", "Acting-Agency": HOUSING})

    async def shown() -> set[str]:
        view = await worker.send("GET", case)
        areas = view.json()["areas"] if view.status_code == 200 else {}
        return {word for entries in areas.values() for entry in entries for word in entry["categories"]}

    async def on_own_list() -> bool:
        return home.house.case in {one["id"] for one in (await worker.get("/v1/cases"))["cases"]}

    wanted = {"categories": ["learning"], "purposes": ["support"]}
    before = await shown()
    assert "learning" not in before
    ids = []
    for recipients in ({"agencies": [HOUSING, HEALTH]}, {"users": ["hana.novak", "ruth.amadi"]}):
        made = await officer.post(
            f"{case}/overrides", override(home.house, **open_to(recipients=recipients, **wanted))
        )
        assert made["waits_for_confirmation"] is True
        ids.append(made["id"])
    assert await shown() == before
    assert not await on_own_list()
    ruth = await world.as_("ruth.amadi").get(case)
    assert "learning" in {c for area in ruth["areas"].values() for e in area for c in e["categories"]}
    confirming = f"{case}/overrides/{ids[0]}/confirmation"
    # Her manager does not confirm it, and is of the agency that it names: it is not there for him yet.
    for user, status in ((officer, 403), (world.as_("kit.vane"), 404)):
        refused = await user.send("POST", confirming, headers=fresh_key())
        assert refused.status_code == status, refused.text
    assert await shown() == before
    second = world.as_("hous.officer")
    waiting = {
        one["id"]: one["waits_for_confirmation"]
        for one in (await second.get(f"{case}/overrides"))["overrides"]
    }
    assert [waiting[one] for one in ids] == [True, True]
    assert (await second.get("/v1/alerts"))["alerts"][0]["look_at"] == f"{case}/overrides"
    await second.post(confirming)
    assert "learning" in await shown()
    assert await on_own_list()
    for one in ids:
        await second.post(f"{case}/overrides/{one}/ending", {"reason": "Over"})
    assert await shown() == before


async def test_an_officer_opens_nothing_to_another_agency_of_hers(home: HouseWorld) -> None:
    officer = home.world.as_("viv.stone", headers={"Acting-Role": "information_officer"})
    path, body = f"/v1/cases/{home.house.case}/overrides", override(home.house, **open_to("jobcentre-east"))
    refused = await officer.send("POST", path, body, headers=fresh_key())
    assert (refused.status_code, fields_of(refused)) == (422, ["recipients.agencies"])


async def test_who_the_family_excluded_by_name_is_not_told_that_the_glass_was_broken(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    path = f"/v1/cases/{house.case}/break-glass"
    made = await world.as_("joan.reed").post(path, {"reason": "She fears one of the team"})
    lead = world.as_(LEAD)
    assert made["id"] in {one["id"] for one in (await lead.get(path))["break_glass"]}
    exclusion = {
        "subject": house.child, "giver": house.mother, "capacity": "parent", "users": [LEAD],
        "categories": ["sexual_health"],
    }  # fmt: skip
    school = world.as_("nadia.bell")
    excluded = await school.post(f"/v1/cases/{house.case}/exclusions", exclusion)
    assert (await lead.get(path))["break_glass"] == []
    assert (await world.as_("joan.reed").get(path))["break_glass"], "who broke it is told as ever"
    lifting = {"lifted_by": house.mother, "evidence": {"form": "verbal"}}
    await school.post(f"/v1/cases/{house.case}/exclusions/{excluded['id']}/lifting", lifting)
    assert (await lead.get(path))["break_glass"]


async def test_a_lead_whose_agency_is_excluded_is_told_by_no_conflict_and_no_message(
    home: HouseWorld,
) -> None:
    """That their agency is excluded is its information officer's to know, and nobody else's there."""
    world, house = home.world, home.house
    lead, school = world.as_(LEAD), world.as_("nadia.bell")
    case, path = f"/v1/cases/{house.case}", f"/v1/cases/{house.case}/consents"
    permission = {
        "kind": "share", "subject": house.child, "giver": house.mother, "capacity": "parent",
        "answer": "given", "statement": {"reasons_explained_and_understood": True, "agrees": True},
        "evidence": {"form": "written"}, "wording_version": "2026-1", "recipients": [YOT],
        "categories": ["wellbeing", "health"], "level": "full", "purposes": ["support"],
        "valid_until": rfc3339(world.clock.now + timedelta(days=30)),
    }  # fmt: skip
    given = (await school.post(path, permission))["id"]
    await lead.get(case)
    father = await father_of(home)
    exclusion = {
        "subject": house.child, "giver": father, "capacity": "parent", "agencies": [YOT],
        "categories": ["health"],
    }  # fmt: skip
    excluded = (await school.post(f"{case}/exclusions", exclusion))["id"]
    conflicts = (await lead.get(f"{case}/conflicts"))["conflicts"]
    assert excluded not in {one["exclusion"] for one in conflicts}
    told = (await world.as_("tom.ashby").get(f"{case}/conflicts"))["conflicts"]
    assert excluded in {one["exclusion"] for one in told}, "the officer of a party is told"
    await school.post(f"{path}/{given}/withdrawal", {"withdrawn_by": house.mother})
    by_lead = await lead.get(f"{path}/{given}/disclosures")
    assert YOT in {one["agency"] for one in by_lead["released"]}
    assert YOT not in {one["agency"] for one in by_lead["messages"]}
    by_recorder = await school.get(f"{path}/{given}/disclosures")
    assert (YOT, "excluded") in {(one["agency"], one["held_back"]) for one in by_recorder["messages"]}


async def test_a_handover_is_over_for_the_one_before_once_it_has_answered(home: HouseWorld) -> None:
    """Who led saw more than a member does: an answer under way is dropped before the new lead is told."""
    world, house = home.world, home.house
    path = f"/v1/cases/{house.case}/lead-professional"
    asked = await world.as_(LEAD).post(f"{path}/handovers", {"member": house.housing_member})
    before = len(world.sleep.slept)
    key = fresh_key()
    accepting = f"{path}/nominations/{asked['id']}/acceptance"
    accepted = await world.as_("hana.novak").send("POST", accepting, headers=key)
    assert accepted.json()["enforced_at"]
    assert world.sleep.slept[before:] == [world.deadline_seconds]
    back = await world.as_("hana.novak").post(f"{path}/handovers", {"member": house.lead_member})
    await world.as_(LEAD).post(f"{path}/nominations/{back['id']}/acceptance")


async def test_a_reason_may_be_written_in_any_script(home: HouseWorld) -> None:
    """Headers come in byte by byte: the reason that stands on the receipt is the one that was written."""
    world, reason = home.world, "Ymweliad â’r tŷ — à la carte, 家"
    sent = {"Purpose": "safeguarding", "Purpose-Reason": reason.encode()}
    session = world.as_("dev.patel")
    response = await session.send("GET", f"/v1/cases/{home.house.case}", headers=sent)  # type: ignore[arg-type]
    assert response.status_code in (200, 404)
    [receipt] = await world.receipts_now("dev.patel")
    assert receipt["reason"] == reason


async def test_a_no_to_taking_part_that_is_upheld_ends_it(home: HouseWorld) -> None:
    """Fails when a conflict is decided for the parent who refuses and the team goes on as before."""
    world, house = home.world, home.house
    case, school, lead = f"/v1/cases/{house.case}", world.as_("nadia.bell"), world.as_(LEAD)
    no = {
        "kind": "take_part", "subject": house.child, "giver": await father_of(home), "capacity": "parent",
        "answer": "refused", "statement": {"reasons_explained_and_understood": True, "agrees": False},
        "evidence": {"form": "verbal"}, "wording_version": "2026-1",
        "privacy_notice": {"version": "2026-1", "language": "English", "given_to": "the father"},
    }  # fmt: skip
    refusal = (await school.post(f"{case}/consents", no))["id"]

    async def plan_seen() -> int:
        return len((await world.as_("ruth.amadi").get(f"{case}/actions"))["entries"])

    goes_on = await plan_seen()
    assert goes_on
    conflicts = (await lead.get(f"{case}/conflicts"))["conflicts"]
    [conflict] = [one for one in conflicts if one["refusal"] == refusal]
    before = len(world.sleep.slept)
    decided = await lead.post(
        f"{case}/conflicts/{conflict['id']}/decision", {"upholds": "refusal", "reason": "He knows"}
    )
    assert decided["enforced_at"]
    assert world.sleep.slept[before:] == [world.deadline_seconds]
    told = await lead.get(f"{case}/taking-part")
    assert (told["takes_part"], told["ended"], len(told["questions"])) == (False, True, 1)
    assert await plan_seen() < goes_on


async def test_a_yes_to_taking_part_needs_evidence_and_is_told_to_those_who_hold_something(
    home: HouseWorld,
) -> None:
    """Fails when a member opens what default rows give to their own agency on a yes that nobody can check."""
    world, house = home.world, home.house
    path, school = f"/v1/cases/{house.case}/consents", world.as_("nadia.bell")
    yes = {
        "kind": "take_part", "subject": house.child, "giver": house.mother, "capacity": "parent",
        "answer": "given", "statement": {"reasons_explained_and_understood": True, "agrees": True},
        "wording_version": "2026-1",
        "privacy_notice": {"version": "2026-1", "language": "English", "given_to": "the mother"},
    }  # fmt: skip
    before = await world.rows()
    for evidence in ({"form": "verbal"}, {"form": "written"}, {"form": "verbal", "note": "She said so"}):
        refused = await school.send("POST", path, {**yes, "evidence": evidence}, headers=fresh_key())
        assert (refused.status_code, "reference to its evidence" in refused.text) == (403, True)
    after = await world.rows()
    assert after["consent.consents"] == before["consent.consents"]
    [receipt] = await world.receipts_now("nadia.bell", ("refuse",))
    assert receipt["deed"] == "record_permission"
    housing = world.as_("hana.novak")
    told = len((await housing.get("/v1/alerts"))["alerts"])
    await school.post(path, {**yes, "evidence": {"form": "verbal", "reference": "note 5 of the school"}})
    assert len((await housing.get("/v1/alerts"))["alerts"]) == told + 1
    no = {
        **yes,
        "answer": "refused",
        "statement": {"reasons_explained_and_understood": True, "agrees": False},
    }
    said = await school.post(
        path,
        {
            **no,
            "subject": house.mother,
            "giver": house.mother,
            "capacity": "adult",
            "evidence": {"form": "verbal"},
        },
    )  # a no needs no proof
    await school.post(f"{path}/{said['id']}/withdrawal", {"withdrawn_by": house.mother})


async def test_a_stranger_who_is_brought_into_a_case_is_asked_like_everybody(home: HouseWorld) -> None:
    """Fails when one family's yes to taking part opens what is held about whomever somebody adds to it."""
    world, house = home.world, home.house
    case, housing = f"/v1/cases/{house.case}", world.as_("hana.novak")

    async def known() -> set[tuple[str, str]]:
        view = await housing.get(f"/v1/people/{house.other_child}")
        return {(entry["kind"], entry["level"]) for entry in view["entries"]}

    async def in_case() -> set[str]:
        areas = (await housing.get(case))["areas"]
        entries = [entry for area in areas.values() for entry in area]
        return {entry["kind"] for entry in entries if house.other_child in entry["subjects"]}

    assert await known() == set()
    added = await housing.send("POST", f"{case}/subjects", {"person": house.other_child}, headers=fresh_key())
    assert added.status_code == 201
    assert await known() == set()
    assert await in_case() == set()
    school = world.as_("nadia.bell")
    again = {
        "kind": "take_part", "subject": house.child, "giver": house.mother, "capacity": "parent",
        "answer": "given", "statement": {"reasons_explained_and_understood": True, "agrees": True},
        "evidence": {"form": "verbal", "reference": "note 4"}, "wording_version": "2026-1",
        "privacy_notice": {"version": "2026-1", "language": "English", "given_to": "the mother"},
    }  # fmt: skip
    await school.post(f"{case}/consents", again)
    assert await known() == set(), "another's yes is not theirs"
    relation = {
        "from_person": house.mother, "to_person": house.other_child, "relation": "mother",
        "parental_responsibility": True, "parental_responsibility_source": "birth", "lives_with": True,
    }  # fmt: skip
    await school.post(f"/v1/people/{house.other_child}/relationships", relation)
    await school.post(f"{case}/consents", {**again, "subject": house.other_child})
    assert ("name", "full") in await known()
    assert "name" in await in_case()


async def test_an_officer_who_is_kept_out_has_no_receipt_explained(home: HouseWorld) -> None:
    """Fails when the id of a receipt opens to a barred or suspended officer what the case does not."""
    world, house = home.world, home.house
    officer = world.as_("hous.officer")
    view = await world.as_("hana.novak").get(f"/v1/cases/{house.case}")
    asked = {"receipt": view["decision"]["receipt"]}
    assert (await officer.send("POST", "/v1/explanations", asked)).status_code == 200
    absent = await officer.send("POST", "/v1/explanations", {"receipt": ABSENT})
    for stopped in ({"users": ["hous.officer"]}, {"agencies": [HOUSING]}):
        async with barred(home, categories=EVERYTHING, **stopped):
            told = await officer.send("POST", "/v1/explanations", asked)
            assert comparable(told) == comparable(absent)
    assert (await officer.send("POST", "/v1/explanations", asked)).status_code == 200
    path = "/v1/users/hous.officer/suspension"
    await world.as_("una.price").post(path, {"reason": "Left in anger"})
    told = await officer.send("POST", "/v1/explanations", asked)
    assert comparable(told) == comparable(absent)
    await world.as_("una.price").post(f"{path}/lifting", {"reason": "A mistake"})


async def test_one_adults_yes_opens_nothing_about_another_in_the_same_case(home: HouseWorld) -> None:
    """Fails when a yes speaks for everybody whom the case was about when it was said: then whoever opens a
    case about a stranger and somebody made up could say yes for both by themselves."""
    world, house = home.world, home.house
    housing = world.as_("hana.novak")

    async def known() -> set[tuple[str, str]]:
        view = await housing.get(f"/v1/people/{house.other_child}")
        return {(entry["kind"], entry["level"]) for entry in view["entries"]}

    made_up = await record_person(housing, "Made", "Up", date(1990, 4, 2))
    before = await known()
    opened = await housing.post(
        "/v1/cases",
        {
            "person": house.other_child,
            "other_subjects": [made_up],
            "reason": "To help both of them",
            "opener": {"job_title": "Housing officer"},
        },
    )
    yes = {
        "kind": "take_part", "subject": made_up, "giver": made_up, "capacity": "adult",
        "answer": "given", "statement": {"reasons_explained_and_understood": True, "agrees": True},
        "evidence": {"form": "verbal", "reference": "note 4"}, "wording_version": "2026-1",
        "privacy_notice": {"version": "2026-1", "language": "English", "given_to": "themselves"},
    }  # fmt: skip
    await housing.post(f"/v1/cases/{opened['id']}/consents", yes)
    assert await known() == before
    areas = (await housing.get(f"/v1/cases/{opened['id']}"))["areas"]
    told = [entry for area in areas.values() for entry in area if entry["owner"] != HOUSING]
    assert told == []
