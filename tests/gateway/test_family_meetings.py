"""Meetings on the family's own page: when and where they are asked to come, and the word that they send.

Three changes that make this fail: listing a meeting to which somebody else is invited, telling whoever comes
by a code of a meeting about somebody's health, putting what a relative wants said before those who know of no
relative.
"""

from datetime import timedelta
from typing import Any

import pytest

from deploy.stories.steps import record_parent
from shared.clock import rfc3339
from shared.records.meetings import NOT_ON_THE_LIST
from shared.vocabulary import Category
from tests.gateway.areas.meetings import meeting
from tests.gateway.conftest import HouseWorld
from tests.gateway.hidden_casework import a_relative
from tests.gateway.household import HEALTH, SCHOOL, words
from tests.gateway.operations import exclusion
from tests.gateway.test_bars import barred, protected
from tests.gateway.test_family import visiting
from tests.gateway.test_one_refusal import ABSENT
from tests.support.gateway import As, fields_of, fresh_key, problem

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
PLACE = "Northgate Community School, room 4"


@pytest.fixture
def home(own_home: HouseWorld) -> HouseWorld:
    return own_home


def mother(home: HouseWorld) -> As:
    return home.world.as_("karen.mercer", person=home.house.mother)


async def planned(home: HouseWorld, user: str = "nadia.bell", **changes: Any) -> str:
    """The path of a meeting this afternoon."""
    begins = rfc3339(home.world.clock.now + timedelta(hours=8))
    body = meeting(starts_at=begins, place=PLACE, **changes)
    path = f"/v1/cases/{home.house.case}/meetings"
    return f"{path}/{(await home.world.as_(user).post(path, body))['id']}"


async def invited(home: HouseWorld, path: str, person: str | None = None, user: str = "nadia.bell") -> str:
    body = {"person": person or home.house.mother}
    made: str = (await home.world.as_(user).post(f"{path}/family-invitations", body))["id"]
    return made


async def on_sheet(home: HouseWorld, reader: As) -> dict[str, Json]:
    page = await reader.get(f"/v1/cases/{home.house.case}/family-sheet")
    assert "meeting" not in {entry["kind"] for entries in page["areas"].values() for entry in entries}
    return {line["meeting"]["id"]: line for line in page["meetings"]}


async def test_the_sheet_tells_when_and_where_and_of_nobody_else(home: HouseWorld) -> None:
    house = home.house
    path, other = await planned(home), await planned(home)
    one = await invited(home, path)
    await invited(home, path, house.child)
    await invited(home, other, house.child)
    for reader in (mother(home), await visiting(home)):
        line = (await on_sheet(home, reader))[path.rpartition("/")[2]]
        fields = line.pop("meeting")["fields"]
        assert fields.pop("starts_at") > rfc3339(home.world.clock.now)
        assert fields == {
            "meeting_kind": "team_meeting", "title": "Six weeks on", "place": PLACE, "state": "planned",
        }  # fmt: skip
        assert line == {"invitation": one, "said": "invited", "may_say": True}
        assert other.rpartition("/")[2] not in await on_sheet(home, reader)
    home.world.clock.runs = False
    await on_sheet(home, mother(home))
    receipts = await home.world.receipts_now("karen.mercer", ("read",))
    assert path.rpartition("/")[2] in str(receipts)
    assert other.rpartition("/")[2] not in str(receipts)


async def test_whom_else_a_meeting_asks_makes_no_difference_to_the_sheet(home: HouseWorld) -> None:
    path = await planned(home)
    await invited(home, path)
    before = await on_sheet(home, mother(home))
    await invited(home, path, home.house.child)
    somebody = {"user": "pam.orr", "name": "Pam Orr", "agency": "tidewater-housing", "role": "panel_member"}
    await home.world.as_("nadia.bell").post(f"{path}/invitations", somebody)
    assert await on_sheet(home, mother(home)) == before


async def test_word_is_sent_with_an_account_and_by_a_code_and_may_be_changed(home: HouseWorld) -> None:
    world, chair = home.world, home.world.as_("nadia.bell")
    path = await planned(home)
    one = await invited(home, path)
    word = f"{path}/family-invitations/{one}/word"
    for reader in (mother(home), await visiting(home)):
        for comes, said in ((True, "accepted"), (False, "apologies"), (True, "accepted")):
            assert await reader.post(word, {"comes": comes}) == {"id": one, "state": said}
            assert (await on_sheet(home, reader))[path.rpartition("/")[2]]["said"] == said
            assert [card["state"] for card in (await chair.get(path))["family"]] == [said]
    wrong = await mother(home).send("POST", word, {"comes": "maybe", "to_be_said": ""})
    assert (wrong.status_code, fields_of(wrong)) == (422, ["comes", "to_be_said"])
    key = {"Idempotency-Key": "word-once"}
    body = {"comes": True, "to_be_said": "Mornings are the hardest."}
    for _ in range(2):
        assert (await mother(home).send("POST", word, body, headers=key)).status_code == 200
    items = [line["item"] for line in (await chair.get(path))["agenda"]]
    heard = [item for item in items if item["fields"].get("note") == "Mornings are the hardest."]
    assert [item["author"] for item in heard] == ["A member of the family"]
    assert home.house.mother in heard[0]["subjects"]
    assert len(items) == 2
    seen = await world.as_("hana.novak").get(path)
    assert "Mornings are the hardest." in str(seen["agenda"])


async def test_nobody_speaks_for_another_and_what_is_over_is_over(home: HouseWorld) -> None:
    house, chair = home.house, home.world.as_("nadia.bell")
    path = await planned(home)
    hers, his = await invited(home, path), await invited(home, path, house.child)
    visit = await visiting(home)
    for reader in (mother(home), visit):
        refused = await reader.send("POST", f"{path}/family-invitations/{his}/word", {"comes": True})
        assert (refused.status_code, problem(refused)) == (403, "forbidden")
        absent = await reader.send("POST", f"{path}/family-invitations/{ABSENT}/word", {"comes": True})
        assert absent.status_code in (403, 404)
    for what in ("", "/room", "/closing"):
        method = "POST" if what == "/closing" else "GET"
        assert (await visit.send(method, f"{path}{what}")).status_code == 403
    await chair.post(f"{path}/cancellation", {"reason": "Snow"})
    line = (await on_sheet(home, visit))[path.rpartition("/")[2]]
    assert (line["meeting"]["fields"]["state"], line["may_say"]) == ("cancelled", False)
    for body in ({"comes": True}, {"comes": True, "to_be_said": "Please"}):
        late = await visit.send("POST", f"{path}/family-invitations/{hers}/word", body)
        assert (late.status_code, problem(late)) == (409, "conflict")
    begun = await planned(home)
    one = await invited(home, begun)
    await chair.post(f"{begun}/attendance", {"present": [one]})
    line = (await on_sheet(home, visit))[begun.rpartition("/")[2]]
    assert (line["said"], line["may_say"]) == ("present", False)
    late = await visit.send("POST", f"{begun}/family-invitations/{one}/word", {"comes": True})
    assert late.status_code == 409


async def test_a_meeting_about_more_than_the_plan_is_told_with_an_account_alone(home: HouseWorld) -> None:
    """Whoever gives a code knows it, and may not know that somebody sees the family about their health."""
    path = await planned(home, "ruth.amadi", categories=["health"])
    one = await invited(home, path, user="ruth.amadi")
    visit = await visiting(home)
    id_ = path.rpartition("/")[2]
    assert id_ in await on_sheet(home, mother(home))
    assert id_ not in await on_sheet(home, visit)
    word = f"{path}/family-invitations/{one}/word"
    assert (await visit.send("POST", word, {"comes": True})).status_code == 404
    assert (await mother(home).post(word, {"comes": True}))["state"] == "accepted"


async def test_whom_a_protected_address_stops_is_told_of_no_meeting(home: HouseWorld) -> None:
    path = await planned(home)
    await invited(home, path)
    async with barred(home, **protected("youth-offending")):
        assert await on_sheet(home, mother(home)) == {}
    assert path.rpartition("/")[2] in await on_sheet(home, mother(home))
    no = exclusion(
        home.house, subject=home.house.mother, giver=home.house.mother, capacity="adult", agencies=[],
        users=["karen.mercer"], categories=["plan"],
    )  # fmt: skip
    before = await on_sheet(home, mother(home))
    await home.world.as_("nadia.bell").post(f"/v1/cases/{home.house.case}/exclusions", no)
    assert (await on_sheet(home, mother(home))).keys() <= before.keys()


async def test_what_a_relative_wants_said_is_there_for_who_knows_of_them(home: HouseWorld) -> None:
    """An aunt, of whom CAMHS alone knows, at a meeting that everybody on the team sees."""
    world, camhs = home.world, home.world.as_("asif.khan")
    aunt = await a_relative(world, home.house)
    path = await planned(home)
    readers = ("nadia.bell", "sam.okafor", "hana.novak", "ben.carver", "ruth.amadi")
    world.clock.runs = False
    before = {user: without_receipt(await world.as_(user).get(path)) for user in readers}
    one = await invited(home, path, aunt, "asif.khan")
    text = words("aunt")
    own = world.as_("karen.mercer", person=aunt)
    word = f"{path}/family-invitations/{one}/word"
    assert (await own.send("POST", word, {"comes": True, "to_be_said": text})).status_code == 404
    await camhs.post(word, {"comes": True, "to_be_said": text})
    assert {user: without_receipt(await world.as_(user).get(path)) for user in readers} == before
    seen = await camhs.get(path)
    assert text in str(seen["agenda"])
    assert aunt in {card["person"] for card in seen["family"]}


async def a_father(home: HouseWorld, user: str = "nadia.bell") -> str:
    """Somebody with parental responsibility with whom the child lives, whom the case is not about."""
    school = home.world.as_(user)
    details = [
        {"kind": "name", "fields": {"given_names": words("father")}},
        {"kind": "birth", "fields": {"date_of_birth": "1985-02-03"}},
    ]
    father: str = (await school.post("/v1/people", {"details": details}))["id"]
    await record_parent(school, father, home.house.child, "father")
    return father


async def test_a_parent_whom_the_case_is_not_about_reads_and_answers_his_invitation(home: HouseWorld) -> None:
    father = await a_father(home)
    path = await planned(home)
    one = await invited(home, path, father)
    id_, own = path.rpartition("/")[2], home.world.as_("karen.mercer", person=father)
    for reader in (own, await visiting(home, father)):
        line = (await on_sheet(home, reader))[id_]
        assert (line["invitation"], line["said"], line["may_say"]) == (one, "invited", True)
    assert (await own.get(path))["family"] == [{"id": one, "person": father, "state": "invited"}]
    for reader in (own, await visiting(home, father)):
        for comes, said in ((True, "accepted"), (False, "apologies")):
            word = f"{path}/family-invitations/{one}/word"
            assert await reader.post(word, {"comes": comes}) == {"id": one, "state": said}
            assert (await on_sheet(home, reader))[id_]["said"] == said


async def on_agenda(home: HouseWorld, path: str, said: str) -> dict[str, str]:
    """By user who reads this on the agenda, the agency that holds it."""
    found = {}
    for user in ("nadia.bell", "sam.okafor", "hana.novak", "ben.carver", "asif.khan", "ruth.amadi"):
        for line in (await home.world.as_(user).get(path))["agenda"]:
            if line["item"]["fields"].get("note") == said:
                found[user] = line["item"]["owner"]
    return found


async def excluded_by(home: HouseWorld, father: str, **whom: Any) -> None:
    """He records with the health service that nothing about him goes to these."""
    everything = [category.value for category in Category]
    whom = {"agencies": [], **whom}
    no = exclusion(home.house, subject=father, giver=father, capacity="adult", categories=everything, **whom)
    await home.world.as_("ruth.amadi").post(f"/v1/cases/{home.house.case}/exclusions", no)


async def test_what_a_father_wants_said_reaches_the_chair_and_not_whom_he_excluded(home: HouseWorld) -> None:
    """The school recorded him first; the health service, which holds the meeting, recorded him too."""
    father, chair = await a_father(home), home.world.as_("ruth.amadi")
    await record_parent(chair, father, home.house.child, "father")
    path = await planned(home, "ruth.amadi")
    one = await invited(home, path, father, "ruth.amadi")
    await excluded_by(home, father, agencies=[SCHOOL])
    own, word = home.world.as_("karen.mercer", person=father), f"{path}/family-invitations/{one}/word"
    await own.post(word, {"comes": True, "to_be_said": "What the school did."})
    heard = await on_agenda(home, path, "What the school did.")
    assert heard["ruth.amadi"] == HEALTH
    assert "nadia.bell" not in heard


@pytest.mark.parametrize("whom", [{"agencies": [SCHOOL]}, {"users": ["nadia.bell"]}])
async def test_what_may_not_be_put_on_the_list_is_refused_with_whom_to_tell(
    home: HouseWorld, whom: Json
) -> None:
    """He excluded the school, which holds the meeting: what he says of himself is not for it."""
    father = await a_father(home)
    await record_parent(home.world.as_("ruth.amadi"), father, home.house.child, "father")
    path = await planned(home)
    one = await invited(home, path, father)
    own, word = home.world.as_("karen.mercer", person=father), f"{path}/family-invitations/{one}/word"
    await own.post(word, {"comes": True, "to_be_said": "Before I said no."})
    assert await on_agenda(home, path, "Before I said no.")
    await excluded_by(home, father, **whom)
    refused = await own.send("POST", word, {"comes": False, "to_be_said": "For others."}, headers=fresh_key())
    assert (refused.status_code, refused.json()["detail"]) == (409, NOT_ON_THE_LIST)
    assert await on_agenda(home, path, "For others.") == {}
    assert [card["state"] for card in (await own.get(path))["family"]] == ["accepted"], (
        "nothing of it is kept"
    )
    assert (await own.post(word, {"comes": False}))["state"] == "apologies"


async def test_a_bar_against_whoever_is_in_the_chair_refuses_the_words_too(home: HouseWorld) -> None:
    path = await planned(home)
    one = await invited(home, path)
    word, body = f"{path}/family-invitations/{one}/word", {"comes": True, "to_be_said": "In the morning."}
    async with barred(home, agencies=[], users=["nadia.bell"], categories=["plan"]):
        refused = await mother(home).send("POST", word, body, headers=fresh_key())
        assert (refused.status_code, refused.json()["detail"]) == (409, NOT_ON_THE_LIST)
    await mother(home).post(word, body)
    assert "nadia.bell" in await on_agenda(home, path, "In the morning.")


async def test_words_that_whoever_is_in_the_chair_would_not_read_are_refused(home: HouseWorld) -> None:
    """CAMHS alone recorded him and asks him to the school's meeting; once the school asks him, they go."""
    father, school = await a_father(home, "asif.khan"), home.world.as_("nadia.bell")
    path = await planned(home)
    one = await invited(home, path, father, "asif.khan")
    own, word = home.world.as_("karen.mercer", person=father), f"{path}/family-invitations/{one}/word"
    body = {"comes": False, "to_be_said": "Please hear me."}
    refused = await own.send("POST", word, body, headers=fresh_key())
    assert (refused.status_code, refused.json()["detail"]) == (409, NOT_ON_THE_LIST)
    await record_parent(school, father, home.house.child, "father")
    await own.post(word, body)
    assert (await on_agenda(home, path, "Please hear me."))["nadia.bell"] == SCHOOL


async def test_what_is_said_anew_is_said_in_the_place_of_what_was_said_before(home: HouseWorld) -> None:
    path = await planned(home)
    one = await invited(home, path)
    word, visit = f"{path}/family-invitations/{one}/word", await visiting(home)
    chair = home.world.as_("nadia.bell")
    before = len((await chair.get(path))["agenda"])
    for number in range(4):
        await visit.post(word, {"comes": True, "to_be_said": f"Version {number}"})
    assert len((await chair.get(path))["agenda"]) == before + 1
    assert await on_agenda(home, path, "Version 3")
    assert not await on_agenda(home, path, "Version 2")
    await chair.post(word, {"comes": True, "to_be_said": "She rang."})
    assert len((await chair.get(path))["agenda"]) == before + 2
    assert await on_agenda(home, path, "Version 3"), "nobody else takes the place of what she said"


async def test_who_may_not_learn_where_one_child_is_is_told_of_no_meeting_about_another(
    home: HouseWorld,
) -> None:
    """Neither by the sheet nor by its receipt, which every answer here is held against."""
    house, school = home.house, home.world.as_("nadia.bell")
    father = await a_father(home)
    brother = (
        await school.post(
            "/v1/people", {"details": [{"kind": "name", "fields": {"given_names": words("son")}}]}
        )
    )["id"]
    await school.post(f"/v1/cases/{house.case}/subjects", {"person": brother})
    elsewhere = {
        "from_person": father, "to_person": brother, "relation": "father", "lives_with": False,
        "parental_responsibility": True, "parental_responsibility_source": "birth",
    }  # fmt: skip
    path = await planned(home, subjects=[house.child])
    await invited(home, path, father)
    own = home.world.as_("karen.mercer", person=father)
    assert path.rpartition("/")[2] in await on_sheet(home, own)
    await school.post(f"/v1/people/{brother}/relationships", elsewhere)
    assert await on_sheet(home, own) == {}


def without_receipt(view: Json) -> Json:
    return {name: part for name, part in view.items() if name != "decision"}
