"""Concerns through the public API: sent without seeing, read by those to whom they went, and by nobody else.

Three changes that make this fail: looking a described person up, naming no entries on the receipt, listing a
concern to everybody of the agency that got it.
"""

from typing import Any

import pytest

from services.consent.ledger.audience import as_seen_by_officer, told_to_family
from tests.gateway.areas.concerns import POLICE, SOCIAL_CARE, concern
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import details, words
from tests.gateway.operations import exclusion, reads
from tests.gateway.test_noninterference import as_compared
from tests.gateway.test_one_refusal import ABSENT, comparable
from tests.support.gateway import LEDGER_TABLES, As, World, fields_of

pytestmark = pytest.mark.anyio

Json = dict[str, Any]


async def inbox(world: World, user: str = "dev.patel") -> list[Json]:
    found: list[Json] = (await world.as_(user).get("/v1/concerns"))["concerns"]
    return found


async def send(session: As, case: str, **changes: Any) -> str:
    return str((await session.post(f"/v1/cases/{case}/concerns", concern(**changes)))["id"])


async def own_entry(world: World, case: str, user: str, kind: str) -> Json:
    """An entry of the user's own agency that they see in full."""
    view = await world.as_(user).get(f"/v1/cases/{case}")
    agency = world.as_(user).agency
    found: Json = next(
        entry
        for entries in view["areas"].values()
        for entry in entries
        if entry["kind"] == kind and entry["owner"] == agency and entry["level"] == "full"
    )
    return found


async def test_a_concern_goes_to_the_safeguarding_lead_of_its_recipient_with_the_entries_that_go_along(
    home: HouseWorld,
) -> None:
    """Social care is not on the team and sees nothing of the case; the concern is their own all the same."""
    world, house = home.world, home.house
    need = await own_entry(world, house.case, "hana.novak", "need")
    worry = words("worry")
    sent = await send(world.as_("hana.novak"), house.case, worry=worry, entries=[need["id"]])
    [receipt] = await world.receipts_now("hana.novak")
    [cell] = [cell for case in receipt["cases"] for cell in case["cells"]]
    assert (receipt["action"], receipt["deed"], receipt["chain"]) == (
        "contribute", "send_concern", f"case:{house.case}",
    )  # fmt: skip
    assert (cell["entries"], cell["level"], cell["bases"], cell["recipient"]) == (
        [need["id"]], "full", ["STATUTORY:concern"], SOCIAL_CARE,
    )  # fmt: skip
    got = next(one for one in await inbox(world) if one["id"] == sent)
    assert (got["kind"], got["level"], got["owner"]) == ("concern", "full", "tidewater-housing")
    assert got["fields"]["worry"] == worry
    [copy] = got["fields"]["sent"]
    assert (copy["entry"], copy["fields"]) == (need["id"], need["fields"])
    assert set(need["categories"]) < set(got["categories"]) >= {"safeguarding"}
    view = await world.as_("dev.patel").get(f"/v1/cases/{house.case}")
    shown = {entry["id"]: entry["kind"] for entries in view["areas"].values() for entry in entries}
    assert set(shown.values()) == {"concern"}, "nothing of the case but what was sent to them"
    assert sent in shown
    # Whose it is not: a social worker without a relationship, the police, the rest of the team.
    assert await inbox(world, "moira.flynn") == []
    for user in ("pc.dunn", "nadia.bell", "grace.obi", "school.guard"):
        assert sent not in [one["id"] for one in await inbox(world, user)]
    for user in ("nadia.bell", "sam.okafor", "grace.obi", "ben.carver"):
        assert worry not in (await world.as_(user).send("GET", f"/v1/cases/{house.case}")).text


async def test_the_family_is_not_tipped_off_by_the_case_or_by_its_ledger(home: HouseWorld) -> None:
    world, house = home.world, home.house
    need = await own_entry(world, house.case, "hana.novak", "need")
    worry = words("worry about the mother")
    mother = world.as_("karen.mercer", person=house.mother)
    paths = [
        f"/v1/cases/{house.case}", f"/v1/people/{house.child}", f"/v1/cases/{house.case}/timeline",
        f"/v1/people/{house.child}/disclosures", f"/v1/cases/{house.case}/disclosures",
    ]  # fmt: skip
    at = world.clock.now.replace(year=2033)

    async def read() -> list[Any]:
        now, world.clock.now, world.clock.runs = world.clock.now, at, False
        try:
            return [as_compared(await mother.send("GET", path)) for path in paths[:3]]
        finally:
            world.clock.now, world.clock.runs = now, True

    before = await read()
    sent = await send(
        world.as_("hana.novak"), house.case, worry=worry, entries=[need["id"]], family_told=False,
        not_told_because=words("unsafe"),
    )  # fmt: skip
    assert await read() == before
    for path in paths[3:]:
        told = (await mother.send("GET", path)).text
        assert "send_concern" not in told
        assert "safeguarding" not in told
        assert sent not in told


async def test_sending_shows_the_sender_nothing_and_needs_no_view(home: HouseWorld) -> None:
    """A stranger to the case, a volunteer, somebody whom the family excluded: one form, one answer."""
    world, house = home.world, home.house
    told = set()
    for user in ("ivor.pryce", "ben.carver", "school.guard", "kit.vane", "reg.fenn", "pam.orr"):
        response = await world.as_(user).send("POST", f"/v1/cases/{house.case}/concerns", concern())
        told.add((response.status_code, tuple(sorted(response.json()))))
    assert told == {(201, ("id", "state", "version")), (404, ("detail", "notice", "status", "title", "type"))}
    # Whoever does not see the case describes the child instead, and is answered alike whoever it is.
    answers = set()
    known = {"given_names": words("nobody"), "family_name": "Here"}
    view = await world.as_("nadia.bell").get(f"/v1/people/{house.child}")
    real = next(
        e["fields"] for e in view["entries"] if e["kind"] == "name" and e["owner"] == "northgate-school"
    )
    for name in (known, {"full_name_as_written": real["full_name_as_written"]}):
        for user in ("max.holt", "ben.carver", "joan.reed", "reg.fenn"):
            before = await world.rows(without=LEDGER_TABLES)
            body = concern(details=[{"kind": "name", "fields": name}])
            response = await world.as_(user).send("POST", "/v1/concerns", body)
            after = await world.rows(without=LEDGER_TABLES)
            grown = tuple(sorted((n, after[n] - before[n]) for n in after if n != "case.person_search"))
            answers.add((response.status_code, tuple(sorted(response.json())), grown))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 201


async def test_nothing_at_all_need_be_known_of_whom_it_is_about(home: HouseWorld) -> None:
    world, worry = home.world, words("a boy at number twelve")
    sent = (await world.as_("max.holt").post("/v1/concerns", concern(recipient=POLICE, worry=worry)))["id"]
    [receipt] = await world.receipts_now("max.holt")
    assert (receipt["deed"], receipt["chain"], receipt["cases"]) == (
        "send_concern", "agency:jobcentre-east", [],
    )  # fmt: skip
    [got] = [one for one in await inbox(world, "pol.guard") if one["id"] == sent]
    assert got["fields"]["worry"] == worry


async def test_only_own_entries_seen_in_full_go_along_and_none_about_equality(home: HouseWorld) -> None:
    world, house = home.world, home.house
    person = await world.as_("nadia.bell").get(f"/v1/people/{house.child}")
    equality = next(
        e["id"] for e in person["entries"] if e["kind"] == "equality" and e["owner"] == "northgate-school"
    )
    before = await world.rows(without=LEDGER_TABLES)
    answers = []
    for entry in (house.camhs_need, house.school_contact, ABSENT):
        body = concern(entries=[entry])
        response = await world.as_("hana.novak").send("POST", f"/v1/cases/{house.case}/concerns", body)
        answers.append(comparable(response))
        assert (response.status_code, fields_of(response)) == (422, ["entries.0"])
    assert len(set(answers)) == 1, "another agency's, hidden or shown, and one that is not there"
    for body in (concern(entries=[equality]), concern(subjects=[ABSENT])):
        response = await world.as_("nadia.bell").send("POST", f"/v1/cases/{house.case}/concerns", body)
        assert response.status_code == 422
    assert await world.rows(without=LEDGER_TABLES) == before


async def test_a_concern_that_cannot_go_whole_is_a_refusal_and_names_no_entry(home: HouseWorld) -> None:
    """Of good entries with a bad one, or with a stranger whom it is about, nothing was ever prepared."""
    world, house = home.world, home.house
    case = f"/v1/cases/{house.case}/concerns"
    view = await world.as_("nadia.bell").get(f"/v1/people/{house.child}")
    own = [entry for entry in view["entries"] if entry["owner"] == "northgate-school"]
    good = [house.school_contact, house.need]
    equality = next(entry["id"] for entry in own if entry["kind"] == "equality")
    tried = 0
    for path, target in ((case, {}), ("/v1/concerns", {"person": house.child})):
        mine = good if path == case else [house.school_contact]
        for bad in (house.camhs_need, equality, ABSENT):
            body = concern(entries=[*mine, bad], **target)
            response = await world.as_("nadia.bell").send("POST", path, body)
            assert (response.status_code, fields_of(response)) == (422, [f"entries.{len(mine)}"]), path
            [receipt] = await world.receipts_now("nadia.bell")
            assert (receipt["action"], receipt["chain"]) == ("refuse", "agency:northgate-school")
            assert [cell for part in receipt["cases"] for cell in part["cells"]] == []
            tried += 1
    body = concern(entries=good, subjects=[house.child, ABSENT])
    response = await world.as_("nadia.bell").send("POST", case, body)
    assert (response.status_code, fields_of(response)) == (422, ["subjects.1"])
    [receipt] = await world.receipts_now("nadia.bell")
    assert (receipt["action"], [part["cells"] for part in receipt["cases"]]) == ("refuse", [[]])
    assert tried == 6
    sent = await world.as_("nadia.bell").send("POST", case, concern(entries=good, subjects=[house.child]))
    assert sent.status_code == 201
    [receipt] = await world.receipts_now("nadia.bell")
    assert receipt["action"] == "contribute"
    named = {id_ for part in receipt["cases"] for cell in part["cells"] for id_ in cell["entries"]}
    assert named == set(good)


async def test_concerns_go_to_social_care_and_the_police_only(home: HouseWorld) -> None:
    world, house = home.world, home.house
    tried = 0
    for recipient in ("northgate-school", "riverbank-camhs", "partnership-office", "family", "nobody-knows"):
        for path in (f"/v1/cases/{house.case}/concerns", "/v1/cases/x/concerns", "/v1/concerns"):
            response = await world.as_("hana.novak").send("POST", path, concern(recipient=recipient))
            assert (response.status_code, fields_of(response)) == (422, ["recipient"]), (recipient, path)
            tried += 1
    response = await world.as_("dev.patel").send("POST", "/v1/concerns", concern())
    assert fields_of(response) == ["recipient"], "one's own agency"
    assert tried == 15
    for recipient in (SOCIAL_CARE, POLICE, "eastmere-adult-care"):
        await world.as_("hana.novak").post("/v1/concerns", concern(recipient=recipient))


async def test_a_person_in_the_body_who_is_hidden_is_like_one_who_is_not_there(home: HouseWorld) -> None:
    world, house = home.world, home.house
    answers = set()
    for person in (house.other_child, ABSENT):
        response = await world.as_("max.holt").send("POST", "/v1/concerns", concern(person=person))
        answers.add(comparable(response))
        assert (response.status_code, fields_of(response)) == (422, ["person"])
    assert len(answers) == 1
    made = await world.as_("ruth.amadi").post("/v1/concerns", concern(person=house.child))
    [got] = [one for one in await inbox(world) if one["id"] == made["id"]]
    assert got["subjects"] == [house.child]


async def test_the_inbox_is_decided_receipted_and_read_in_pages(home: HouseWorld) -> None:
    world, house = home.world, home.house
    for _ in range(3):
        await send(world.as_("hana.novak"), house.case)
    whole = [one["id"] for one in await inbox(world)]
    found, path, pages = [], "/v1/concerns?limit=2", 0
    while path:
        page = await world.as_("dev.patel").get(path)
        found += [one["id"] for one in page["concerns"]]
        receipt = await world.receipt(page["decision"]["receipt"])
        assert receipt is not None
        released = [e for case in receipt["cases"] for cell in case["cells"] for e in cell["entries"]]
        assert sorted(released) == sorted(one["id"] for one in page["concerns"])
        path, pages = page["next"], pages + 1
    assert found == whole
    assert pages == -(-len(whole) // 2) >= 2
    stranger = await world.as_("hana.novak").get("/v1/concerns")
    assert (stranger["concerns"], stranger["next"]) == ([], None)
    taken = (await world.as_("dev.patel").get("/v1/concerns?limit=1"))["cursor"]
    response = await world.as_("school.guard").send("GET", f"/v1/concerns?limit=1&cursor={taken}")
    assert fields_of(response) == ["cursor"]


async def test_who_got_it_acknowledges_it_and_the_sender_reads_that_and_no_more(home: HouseWorld) -> None:
    """Of her own concern a practitioner sees that it was received; all of it, her safeguarding lead does."""
    world, house = home.world, home.house
    sent = await send(world.as_("nadia.bell"), house.case)
    path = f"/v1/concerns/{sent}/acknowledgement"
    answers = {
        comparable(await world.as_(user).send("POST", target))
        for user in ("max.holt", "nadia.bell", "moira.flynn", "school.guard")
        for target in (path, f"/v1/concerns/{ABSENT}/acknowledgement", "/v1/concerns/x/acknowledgement")
    }
    assert [status for status, _, _ in answers] == [404]
    assert (await world.as_("dev.patel").post(path))["state"] == "acknowledged"
    assert (await world.as_("dev.patel").send("POST", path)).status_code == 409
    read = []
    for user in ("nadia.bell", "school.guard"):
        view = await world.as_(user).get(f"/v1/cases/{house.case}")
        read += [entry for entry in view["areas"]["case"] if entry["id"] == sent]
    assert [(entry["level"], set(entry["fields"])) for entry in read[:1]] == [
        ("summary", {"acknowledged_at"})
    ]
    assert (read[1]["author"], read[1]["fields"]["acknowledged_by"]) == ("Nadia Bell", "Dev Patel")


async def test_whoever_sent_one_learns_that_it_was_received_and_nothing_else(home: HouseWorld) -> None:
    """A volunteer who works on no case at all reads of her own alone, and of no word of it."""
    world = home.world
    worry = words("worry")
    sender = world.as_("joan.reed")
    before = (await sender.get("/v1/concerns/sent"))["sent"]
    ids = [(await sender.post("/v1/concerns", concern(worry=worry)))["id"] for _ in range(3)]
    listed = (await sender.get("/v1/concerns/sent"))["sent"]
    assert [one["id"] for one in listed] == [*reversed(ids), *(one["id"] for one in before)]
    assert {one["acknowledged_at"] for one in listed[:3]} == {None}
    assert set(listed[0]) == {"id", "recipient", "sent_at", "acknowledged_at"}
    await world.as_("dev.patel").post(f"/v1/concerns/{ids[1]}/acknowledgement")
    answer = await sender.get("/v1/concerns/sent")
    assert [one["acknowledged_at"] is not None for one in answer["sent"][:3]] == [False, True, False]
    assert worry not in str(answer)
    found, path = [], "/v1/concerns/sent?limit=1"
    while path:
        page = await sender.get(path)
        found += [one["id"] for one in page["sent"]]
        path = page["next"]
    assert found == [one["id"] for one in listed]
    for user in ("dev.patel", "hana.novak", "ben.carver"):
        theirs = [one["id"] for one in (await world.as_(user).get("/v1/concerns/sent"))["sent"]]
        assert set(theirs).isdisjoint(ids), user
    stolen = (await sender.get("/v1/concerns/sent?limit=1"))["cursor"]
    other = await world.as_("hana.novak").send("GET", f"/v1/concerns/sent?limit=1&cursor={stolen}")
    assert fields_of(other) == ["cursor"]


async def test_a_concern_makes_no_difference_to_whoever_may_not_know_of_it(home: HouseWorld) -> None:
    """Health holds a concern already, so that one more of theirs is hidden from all but safeguarding."""
    world, house = home.world, home.house
    readers = ("hana.novak", "ben.carver", "kit.vane", "joan.reed", "max.holt", "ivor.pryce")
    about = ("/v1/cases", "/v1/people", "/v1/concerns")
    # On these stand the receipt's id, what the readers read themselves, and when they did.
    apart = ("/print", "/disclosures", "/who-can-see")
    paths = [p for p in reads(house) if p.startswith(about) and not p.endswith(apart)]
    at = world.clock.now.replace(year=2034)

    async def read_all() -> dict[tuple[str, str], Any]:
        now, world.clock.now, world.clock.runs = world.clock.now, at, False
        try:
            return {
                (user, path): as_compared(await world.as_(user).send("GET", path))
                for user in readers
                for path in paths
            }
        finally:
            world.clock.now, world.clock.runs = now, True

    before = await read_all()
    sent = await send(world.as_("ruth.amadi"), house.case, recipient=POLICE)
    await send(world.as_("ruth.amadi"), house.case)
    await world.as_("pol.guard").post(f"/v1/concerns/{sent}/acknowledgement")
    after = await read_all()
    assert {key for key in after if after[key] != before[key]} == set()
    assert len(after) == len(readers) * len(paths) > 100


async def test_an_officer_of_the_recipient_sees_what_was_sent_and_not_from_which_case(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    need = await own_entry(world, house.case, "hana.novak", "need")
    await send(world.as_("hana.novak"), house.case, entries=[need["id"]])
    [receipt] = await world.receipts_now("hana.novak")
    seen = as_seen_by_officer(receipt, SOCIAL_CARE, ())
    assert seen is not None
    [part] = seen["cases"]
    assert (part["case"], [cell["entries"] for cell in part["cells"]]) == (None, [[need["id"]]])
    assert as_seen_by_officer(receipt, "northgate-school", ()) is None
    own = as_seen_by_officer(receipt, "tidewater-housing", (house.case,))
    assert own is not None
    assert own["cases"][0]["case"] == house.case
    # Of all that it would tell the family, everything is about safeguarding, which they may not know of.
    labels = {
        categories for _, categories, _ in told_to_family(receipt, {house.child}) if len(categories) > 1
    }
    assert labels
    assert all("safeguarding" in categories for categories in labels)


async def test_an_exclusion_keeps_nobody_from_sending(home: HouseWorld) -> None:
    world, house = home.world, home.house
    await world.as_("nadia.bell").post(
        f"/v1/cases/{house.case}/exclusions",
        exclusion(house, agencies=[SOCIAL_CARE], categories=["safeguarding"]),
    )
    sent = await send(world.as_("hana.novak"), house.case)
    assert sent in [one["id"] for one in await inbox(world)]


async def test_details_of_whom_it_is_about_are_held_to_what_details_are(home: HouseWorld) -> None:
    bad = [{"kind": "birth", "fields": {"date_of_birth": "2099-01-01"}}]
    response = await home.world.as_("max.holt").send("POST", "/v1/concerns", concern(details=bad))
    assert response.status_code == 422
    both = concern(details=[details("name")], person=home.house.child)
    assert (await home.world.as_("hana.novak").send("POST", "/v1/concerns", both)).status_code == 422
