"""The two keys through the public API: what they open, and that nobody learns which of them is missing.

Three changes that make this fail: answering a request otherwise where the owner holds nothing, taking a
permission into a sharing request's place without its release, showing a release to its recipient.
"""

from datetime import date, timedelta
from typing import Any

import pytest

from deploy.stories.steps import record_parent, record_person
from tests.gateway.areas import two_keys
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import CAMHS, HOUSING, SCHOOL, House, details, words
from tests.gateway.operations import reads, share
from tests.gateway.test_canaries import raw_entries
from tests.gateway.test_noninterference import as_compared
from tests.gateway.test_one_refusal import ABSENT, comparable
from tests.support.gateway import LEDGER_TABLES, As, World, fields_of, fresh_key, problem

pytestmark = pytest.mark.anyio

Json = dict[str, Any]


def abuse(house: House, **changes: Any) -> Json:
    """Housing asks the school what it knows of violence at home."""
    return two_keys.asking(house, owner=SCHOOL, categories=["domestic_abuse"], **changes)


async def ask(session: As, house: House, body: Json) -> str:
    return str((await session.post(f"/v1/cases/{house.case}/sharing-requests", body))["id"])


async def sees_abuse(world: World, house: House, user: str = "hana.novak") -> list[str]:
    view = await world.as_(user).get(f"/v1/cases/{house.case}")
    return [
        entry["level"]
        for entries in view["areas"].values()
        for entry in entries
        if "domestic_abuse" in entry["categories"] and entry["owner"] == SCHOOL
    ]


async def test_neither_key_one_key_the_other_both_and_either_taken_back(home: HouseWorld) -> None:
    world, house = home.world, home.house
    hana, grace, sam = (world.as_(user) for user in ("hana.novak", "grace.obi", "sam.okafor"))
    on_case = f"/v1/cases/{house.case}/sharing-requests"
    assert await sees_abuse(world, house) == []
    request = await ask(hana, house, abuse(house))
    owner, family = f"{on_case}/{request}/owner-answer", f"{on_case}/{request}/family-answer"
    assert await sees_abuse(world, house) == []
    await grace.post(owner, two_keys.owner_answer())
    assert await sees_abuse(world, house) == [], "the owner's key alone"
    await grace.post(owner, two_keys.owner_answer("refused"))
    consent = (await sam.post(family, two_keys.family_answer(house)))["consent"]
    assert await sees_abuse(world, house) == [], "the family's key alone"
    slept = len(world.sleep.slept)
    await grace.post(owner, two_keys.owner_answer())
    assert len(world.sleep.slept) == slept, "what only gives does not wait"
    assert await sees_abuse(world, house) == ["summary"], "both, as far as the role's ceiling reaches"
    [receipt] = await world.receipts_now("hana.novak", ("read",))
    [cell] = [c for case in receipt["cases"] for c in case["cells"] if "domestic_abuse" in c["categories"]]
    assert cell["level"] == "summary"
    assert f"PERMISSION:{consent}" in cell["bases"]
    assert await sees_abuse(world, house, "ruth.amadi") == [], "nobody else gains"
    taken = await grace.post(owner, two_keys.owner_answer("refused"))
    assert taken["enforced_at"]
    assert world.sleep.slept[slept:] == [world.deadline_seconds]
    assert await sees_abuse(world, house) == []
    await grace.post(owner, two_keys.owner_answer())
    assert await sees_abuse(world, house) == ["summary"]
    taken = await sam.post(
        f"/v1/cases/{house.case}/consents/{consent}/withdrawal", {"withdrawn_by": house.mother}
    )
    assert taken["enforced_at"]
    assert await sees_abuse(world, house) == []


async def test_anybody_for_whom_the_case_exists_may_ask_any_agency_and_is_answered_the_same(
    home: HouseWorld,
) -> None:
    """A stranger who sees only who holds more asks agencies that do and that do not, and gets no hint."""
    world, house = home.world, home.house
    stranger = world.as_("ivor.pryce")
    view = await stranger.get(f"/v1/cases/{house.case}")
    assert view["not_available"]
    assert not any(view["areas"].values())
    told = set()
    for owner in ("riverbank-camhs", "clear-water", "northgate-school", "borough-police"):
        for category in ("mental_health", "housing"):
            body = two_keys.asking(house, owner=owner, categories=[category])
            path = f"/v1/cases/{house.case}/sharing-requests"
            response = await stranger.send("POST", path, body)
            told.add((response.status_code, tuple(sorted(response.json())), response.json()["state"]))
    assert told == {(201, ("answer_by", "id", "state"), "waiting")}
    listed = (await stranger.get(f"/v1/cases/{house.case}/sharing-requests"))["sharing_requests"]
    assert len(listed) == 8
    unlike = {
        repr({**row, "id": 0, "owner": 0, "categories": 0, "asked_at": 0, "answer_by": 0}) for row in listed
    }
    assert len(unlike) == 1
    # The manager of an agency that holds nothing is not told that anybody asked, nor that there is a case.
    assert (await world.as_("max.holt").get("/v1/sharing-requests"))["sharing_requests"] == []


async def test_asking_by_two_details_is_answered_the_same_whether_or_not_anybody_is_there(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    raw = await raw_entries(world, house.other_case)
    name = next(e["fields"]["full_name_as_written"] for e in raw if e["kind"] == "name")
    born = next(e["fields"]["date_of_birth"] for e in raw if e["kind"] == "birth")
    here = {"name": name, "date_of_birth": born}
    nobody = {"name": "Nobody Here", "date_of_birth": "2015-02-03"}
    stranger, told, stored = world.as_("max.holt"), set(), set()
    for owner, person in ((CAMHS, here), (HOUSING, here), (CAMHS, nobody)):
        before = await world.rows(without=LEDGER_TABLES)
        body = two_keys.by_details(house, owner=owner, person=person, categories=["mental_health"])
        response = await stranger.send("POST", "/v1/sharing-requests", body)
        after = await world.rows(without=LEDGER_TABLES)
        stored.add(repr({name: after[name] - before[name] for name in after}))
        headers = {n: v for n, v in response.headers.items() if n not in ("x-request-id", "date")}
        content = {n: v for n, v in response.json().items() if n not in ("id", "answer_by")}
        told.add(repr((response.status_code, sorted(headers.items()), sorted(content.items()))))
        [receipt] = await world.receipts_now("max.holt")
        assert (receipt["deed"], receipt["cases"]) == ("request_sharing", [])
    assert len(told) == len(stored) == 1
    rows = (await stranger.get("/v1/sharing-requests"))["sharing_requests"]
    assert len(rows) == 3
    assert {(row["case"], row["subject"], row["state"], row["reference"]) for row in rows} == {
        (None, None, "waiting", "door book 17")
    }
    # Their case and person stay what they were for who asked: not there.
    for path in (f"/v1/cases/{house.other_case}", f"/v1/people/{house.other_child}"):
        assert (await stranger.send("GET", path)).status_code == 404


async def test_two_people_whom_the_details_fit_are_nobody(home: HouseWorld) -> None:
    """The owner would be asked about the wrong one."""
    world, house = home.world, home.house
    name, birth = details("name"), details("birth")
    camhs = world.as_("asif.khan")
    twins = [(await camhs.post("/v1/people", {"details": [name, birth]}))["id"] for _ in range(2)]
    opener = {"job_title": "Nurse"}
    await camhs.post("/v1/cases", {"person": twins[0], "reason": "One of two", "opener": opener})
    person = {
        "name": name["fields"]["full_name_as_written"],
        "date_of_birth": birth["fields"]["date_of_birth"],
    }
    body = two_keys.by_details(house, owner=CAMHS, person=person, reference=words("twins"))
    made = await world.as_("max.holt").post("/v1/sharing-requests", body)
    assert made["state"] == "waiting"
    rows = (await world.as_("max.holt").get("/v1/sharing-requests"))["sharing_requests"]
    assert rows[-1]["case"] is None


async def test_an_owner_that_is_not_on_the_team_answers_all_the_same(home: HouseWorld) -> None:
    """Youth offending's manager sees the case; the careers service would not. The request finds both."""
    world, house = home.world, home.house
    asked = await ask(
        world.as_("hana.novak"), house, two_keys.asking(house, owner=SCHOOL, categories=["learning"])
    )
    manager = world.as_("grace.obi")
    [row] = [r for r in (await manager.get("/v1/sharing-requests"))["sharing_requests"] if r["id"] == asked]
    assert (row["sides"], row["case"], row["subject"]) == (["owner"], house.case, house.child)
    answer = await manager.post(f"/v1/sharing-requests/{asked}/owner-answer", two_keys.owner_answer())
    assert answer["release"]
    releases = (await manager.get(f"/v1/cases/{house.case}/releases"))["releases"]
    assert answer["release"] in [release["id"] for release in releases]


async def test_a_request_that_one_may_not_know_of_is_like_an_absent_one(home: HouseWorld) -> None:
    world, house = home.world, home.house
    hidden = await ask(world.as_("ruth.amadi"), house, two_keys.asking(house, owner=CAMHS))
    on_case = f"/v1/cases/{house.case}/sharing-requests"
    compared = 0
    for user, path, body in (
        ("grace.obi", "/v1/sharing-requests/{}/owner-answer", two_keys.owner_answer()),
        ("grace.obi", on_case + "/{}/owner-answer", two_keys.owner_answer()),
        ("hana.novak", on_case + "/{}/owner-answer", two_keys.owner_answer()),
        ("hana.novak", on_case + "/{}/family-answer", two_keys.family_answer(house)),
        ("kit.vane", on_case + "/{}/family-answer", two_keys.family_answer(house)),
    ):  # fmt: skip
        answers = {
            comparable(await world.as_(user).send("POST", path.format(target), body))
            for target in (hidden, ABSENT, "not-an-id")
        }
        assert len(answers) == 1, (user, path)
        assert next(iter(answers))[0] in (403, 404)
        compared += 3
    assert compared == 15


async def test_who_may_release_and_decide_not_to_share(home: HouseWorld) -> None:
    world, house = home.world, home.house
    case = f"/v1/cases/{house.case}"
    expected = {
        ("releases", "grace.obi"): 201, ("releases", "nadia.bell"): 403, ("releases", "sam.okafor"): 403,
        ("releases", "ben.carver"): 403, ("releases", "tom.ashby"): 403, ("releases", "max.holt"): 404,
        ("non-disclosures", "nadia.bell"): 201, ("non-disclosures", "grace.obi"): 201,
        ("non-disclosures", "ivor.pryce"): 201, ("non-disclosures", "ben.carver"): 403,
        ("non-disclosures", "tom.ashby"): 403, ("non-disclosures", "max.holt"): 404,
    }  # fmt: skip
    bodies = {"releases": two_keys.release(house), "non-disclosures": two_keys.non_disclosure(house)}
    answered = {
        (what, user): (await world.as_(user).send("POST", f"{case}/{what}", bodies[what])).status_code
        for what, user in expected
    }
    assert answered == expected
    for what, field in (("releases", "releases"), ("non-disclosures", "non_disclosures")):
        for user in ("hana.novak", "kit.vane", "sam.okafor", "ben.carver", "asif.khan"):
            assert (await world.as_(user).get(f"{case}/{what}"))[field] == [], (user, what)
        assert len((await world.as_("tom.ashby").get(f"{case}/{what}"))[field]) >= 1


async def test_a_decision_not_to_share_takes_two_people_of_one_agency(home: HouseWorld) -> None:
    world, house = home.world, home.house
    path = f"/v1/cases/{house.case}/non-disclosures"
    body = two_keys.non_disclosure(house)
    decision = (await world.as_("nadia.bell").post(path, body))["id"]
    statuses = [
        (await world.as_(user).send("POST", f"{path}/{decision}/confirmation")).status_code
        for user in ("nadia.bell", "hana.novak", "sam.okafor", "grace.obi", "school.guard")
    ]
    assert statuses == [403, 404, 404, 200, 409]


async def test_what_is_asked_and_released_between_others_changes_no_answer(home: HouseWorld) -> None:
    """Two worlds that differ in a request, both its answers, a release and a decision not to share."""
    world, house = home.world, home.house
    readers = ("kit.vane", "ben.carver", "joan.reed", "max.holt", "ivor.pryce", "hous.officer")
    at = world.clock.now.replace(year=2032)
    # On these stand the receipt's id, what the readers read themselves, and when they did.
    apart = ("/print", "/disclosures", "/who-can-see")
    about = ("/v1/cases", "/v1/people", "/v1/sharing-requests")
    paths = [p for p in reads(house) if p.startswith(about) and not p.endswith(apart)]

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
    ruth, asif, grace = (world.as_(user) for user in ("ruth.amadi", "asif.khan", "grace.obi"))
    on_case = f"/v1/cases/{house.case}/sharing-requests"
    asked = await ask(ruth, house, abuse(house))
    await grace.post(f"{on_case}/{asked}/owner-answer", two_keys.owner_answer())
    refused = {**two_keys.family_answer(house, answer="refused")}
    await world.as_("sam.okafor").post(f"{on_case}/{asked}/family-answer", refused)
    await grace.post(
        f"/v1/cases/{house.case}/releases",
        two_keys.release(house, recipient=CAMHS, categories=["domestic_abuse"]),
    )
    await asif.post(f"/v1/cases/{house.case}/non-disclosures", two_keys.non_disclosure(house))
    after = await read_all()
    assert len(after) == len(readers) * len(paths) > 100
    assert {key for key in after if after[key] != before[key]} == set()
    assert (await ruth.get(on_case))["sharing_requests"]


async def test_what_cannot_be_asked_or_released_is_refused_by_field_and_stored_nowhere(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    case = f"/v1/cases/{house.case}"
    before = await world.rows(without=LEDGER_TABLES)
    for user, path, body, field in (
        ("hana.novak", f"{case}/sharing-requests", two_keys.asking(house, owner=HOUSING), "owner"),
        ("hana.novak", f"{case}/sharing-requests", two_keys.asking(house, owner="nobody"), "owner"),
        ("hana.novak", f"{case}/sharing-requests", two_keys.asking(house, subject=ABSENT), "subject"),
        ("hana.novak", f"{case}/sharing-requests", two_keys.asking(house, purpose="enforcement"), "purpose"),
        ("hana.novak", "/v1/sharing-requests", two_keys.by_details(house, person={"name": "x"}), "person"),
        ("grace.obi", f"{case}/releases", two_keys.release(house, recipient=SCHOOL), "recipient"),
        ("grace.obi", f"{case}/releases", two_keys.release(house, subject=house.other_child), "subject"),
        ("grace.obi", f"{case}/releases", two_keys.release(house, level="none"), "level"),
        ("nadia.bell", f"{case}/non-disclosures",
         two_keys.non_disclosure(house, review_on="2031-03-01"), "review_on"),
    ):  # fmt: skip
        response = await world.as_(user).send("POST", path, body)
        assert (response.status_code, fields_of(response)) == (422, [field]), response.text
    panel = world.as_("hana.novak", headers={"Purpose": "panel", "Purpose-Reason": "A panel"})
    response = await panel.send("POST", "/v1/sharing-requests", two_keys.by_details(house))
    assert (response.status_code, problem(response)) == (403, "forbidden")
    assert await world.rows(without=LEDGER_TABLES) == before


async def test_a_refusal_is_in_the_ledger_and_so_is_every_deed(home: HouseWorld) -> None:
    world, house = home.world, home.house
    case = f"/v1/cases/{house.case}"
    for user, path, body, deed in (
        ("hana.novak", f"{case}/sharing-requests", abuse(house), "request_sharing"),
        ("grace.obi", f"{case}/releases", two_keys.release(house), "release"),
        ("nadia.bell", f"{case}/non-disclosures", two_keys.non_disclosure(house), "decide_not_to_share"),
    ):  # fmt: skip
        await world.as_(user).post(path, body)
        [receipt] = await world.receipts_now(user)
        assert (receipt["action"], receipt["deed"], receipt["chain"]) == (
            "contribute",
            deed,
            f"case:{house.case}",
        )
        assert not [cell for one in receipt["cases"] for cell in one["cells"]]
    await world.as_("nadia.bell").send("POST", f"{case}/releases", two_keys.release(house))
    [receipt] = await world.receipts_now("nadia.bell")
    assert (receipt["action"], receipt["deed"]) == ("refuse", "release")


async def test_n1_whether_the_family_answered_is_told_to_nobody_on_another_side_who_tries_to_record_it(
    own_home: HouseWorld,
) -> None:
    """What is wrong with the answer is said first, and that there is one already not at all: to the asker and
    to the owner. Whoever may know of it is told."""
    world, house = own_home.world, own_home.house
    on_case = f"/v1/cases/{house.case}/sharing-requests"
    hana, grace, sam = (world.as_(user) for user in ("hana.novak", "nadia.bell", "sam.okafor"))
    answered, unanswered = await ask(hana, house, abuse(house)), await ask(hana, house, abuse(house))
    await sam.post(f"{on_case}/{answered}/family-answer", two_keys.family_answer(house, answer="refused"))
    too_late = two_keys.family_answer(house, valid_until="2090-01-01T00:00:00Z")
    for who in (hana, grace):
        told = []
        for request in (answered, unanswered):
            path = f"{on_case}/{request}/family-answer"
            wrong = await who.send("POST", path, too_late, headers=fresh_key())
            told.append((wrong.status_code, fields_of(wrong)))
        assert told == [(422, ["valid_until"])] * 2
    both = list[Any]()
    for request in (answered, unanswered):
        path = f"{on_case}/{request}/family-answer"
        made = await hana.send("POST", path, two_keys.family_answer(house), headers=fresh_key())
        listed = (await hana.get(on_case))["sharing_requests"]
        [row] = [one for one in listed if one["id"] == request]
        both.append((made.status_code, sorted(made.json()), row["state"], row["family_answer"]))
    assert both == [(201, ["consent", "id"], "waiting", "given")] * 2
    await world.as_("grace.obi").post(f"{on_case}/{answered}/owner-answer", two_keys.owner_answer())
    assert await sees_abuse(world, house) == [], "the no counts before the yes"
    again = await sam.send("POST", f"{on_case}/{answered}/family-answer", two_keys.family_answer(house))
    assert (again.status_code, problem(again)) == (409, "conflict")


@pytest.mark.parametrize("how", ["another_refuses", "an_order", "refused_before"])
async def test_a_request_is_granted_while_something_is_open_and_no_longer(
    own_home: HouseWorld, how: str
) -> None:
    """What shuts it is not read from the state: it has ended like any other, or waits if it never opened."""
    world, house = own_home.world, own_home.house
    on_case = f"/v1/cases/{house.case}/sharing-requests"
    hana, grace, sam, school = (
        world.as_(user) for user in ("hana.novak", "grace.obi", "sam.okafor", "nadia.bell")
    )
    father = await record_person(school, "Otto", "Mercer", date(1985, 1, 1))
    await record_parent(school, father, house.child, "father")
    agrees_not = {"reasons_explained_and_understood": True, "agrees": False}
    no = share(
        house, giver=father, answer="refused", statement=agrees_not, recipients=[HOUSING],
        categories=["domestic_abuse"],
    )  # fmt: skip
    order = {
        "kind": "court_order", "effect": "takes_away", "subject": house.child, "holder": house.mother,
        "document": "Order 7", "covers": ["domestic_abuse"], "verified_by": "Sam Okafor",
    }  # fmt: skip

    async def states(request: str) -> list[str]:
        of_case, of_agency = await hana.get(on_case), await hana.get("/v1/sharing-requests")
        both = (*of_case["sharing_requests"], *of_agency["sharing_requests"])
        return [row["state"] for row in both if row["id"] == request]

    if how == "refused_before":
        await school.post(f"/v1/cases/{house.case}/consents", no)
    request = await ask(hana, house, abuse(house))
    await grace.post(f"{on_case}/{request}/owner-answer", two_keys.owner_answer())
    await sam.post(f"{on_case}/{request}/family-answer", two_keys.family_answer(house))
    if how == "refused_before":
        assert (await sees_abuse(world, house), await states(request)) == ([], ["waiting"] * 2)
        return
    assert (await sees_abuse(world, house), await states(request)) == (["summary"], ["granted"] * 2)
    told = await hana.get(f"/v1/cases/{house.case}/consents")
    assert sum("domestic_abuse" in one.get("categories", ()) for one in told["consents"]) == 1
    world.clock.now += timedelta(seconds=1)
    if how == "another_refuses":
        await school.post(f"/v1/cases/{house.case}/consents", no)
    else:
        await sam.post(f"/v1/cases/{house.case}/authorities", order)
    assert (await sees_abuse(world, house), await states(request)) == ([], ["ended"] * 2)
    told = await hana.get(f"/v1/cases/{house.case}/consents")
    assert sum("domestic_abuse" in one.get("categories", ()) for one in told["consents"]) == 0
