"""Two who say different things about one child: the lead and the officers who are party see it and decide."""

from typing import Any

import pytest

from clients.practitioner.presenters.conflicts import conflicts_of
from tests.gateway.household import HOUSING, SCHOOL, UNTIL, YOT
from tests.gateway.operations import share
from tests.practitioner.browser import Desk

pytestmark = pytest.mark.anyio
HOSTILE = '"><script>alert(1)</script>\u202e'
Json = dict[str, Any]


def at(desk: Desk, end: str = "") -> str:
    return f"/cases/{desk.home.house.case}/conflicts{end}"


async def _a_father(desk: Desk) -> str:
    house, school = desk.home.house, desk.home.world.as_("nadia.bell")
    name = {"kind": "name", "fields": {"given_names": "Dan"}}
    father: str = (await school.post("/v1/people", {"details": [name]}))["id"]
    related = {
        "from_person": father, "to_person": house.child, "relation": "father",
        "parental_responsibility": True, "parental_responsibility_source": "birth", "lives_with": False,
    }  # fmt: skip
    await school.post(f"/v1/people/{house.child}/relationships", related)
    return father


async def _disagree(desk: Desk) -> None:
    """The mother said yes to housing about learning; the father says no."""
    house, school = desk.home.house, desk.home.world.as_("nadia.bell")
    father = await _a_father(desk)
    no = {"answer": "refused", "statement": {"reasons_explained_and_understood": True, "agrees": False}}
    refusal = share(house, giver=father, recipients=[HOUSING], categories=["learning"], **no)
    refusal.pop("valid_until", None)
    await school.post(f"/v1/cases/{house.case}/consents", refusal)


async def test_the_lead_finds_two_answers_and_decides_once_with_the_reason(desk: Desk) -> None:
    await _disagree(desk)
    lead, member = await desk.signed_in("sam.okafor"), await desk.signed_in("nadia.bell")
    said = await lead.get(f"/cases/{desk.home.house.case}/permissions")
    page = await lead.get(said.links["Where two say different things"])
    assert (page.address, page.heading) == (at(desk), "Where two say different things")
    assert "To be decided" in page.text
    assert "Tidewater Housing" in page.text
    [address] = [one for one in page.links.values() if one.startswith(at(desk, "/"))]
    other = await member.get(f"/cases/{desk.home.house.case}/permissions")
    assert "Where two say different things" not in other.links
    assert "Nothing that you have to decide." in (await member.get(at(desk))).text
    assert (await member.get(address)).status == 404
    party = await desk.signed_in("hous.officer")
    assert (await party.get(at(desk))).status == 200
    assert "To be decided" not in (await party.get(at(desk))).text, "it recorded neither answer"
    officer = await desk.signed_in("tom.ashby")
    home = await officer.get("/office")
    assert at(desk) in home.links.values(), "the alert leads to it"
    assert address in (await officer.get(at(desk))).links.values()
    page = await lead.get(address)
    wrong = await lead.send(page, address, reason="Both were heard " + HOSTILE)
    assert (wrong.status, len(wrong.mistakes)) == (422, 1)
    assert str(wrong.filled_in(address)["reason"]).strip() == "Both were heard " + HOSTILE
    reason = "Both were heard " + HOSTILE
    await lead.send(wrong, address, upholds="permission", reason=reason)
    done = await lead.send(wrong, address, upholds="permission", reason=reason)
    assert (done.status, done.address, "Decided" in done.text) == (200, at(desk), True)
    assert "<script>alert" not in done.html
    assert (await lead.get(address)).status == 404


async def test_what_benefits_everybody_there_the_partnerships_officer_finds_and_decides(desk: Desk) -> None:
    """Of the case she sees that alone: neither a name nor another page."""
    house, school = desk.home.house, desk.home.world.as_("nadia.bell")
    father = await _a_father(desk)
    both: Json = {"recipients": [SCHOOL, YOT, HOUSING], "categories": ["health"]}
    await school.post(f"/v1/cases/{house.case}/consents", share(house, **both))
    no = {"answer": "refused", "statement": {"reasons_explained_and_understood": True, "agrees": False}}
    refusal = share(house, giver=father, **both, **no)
    refusal.pop("valid_until", None)
    await school.post(f"/v1/cases/{house.case}/consents", refusal)
    office, lead = await desk.signed_in("una.price"), await desk.signed_in("sam.okafor")
    page = await lead.get(at(desk))
    addresses = [one for one in page.links.values() if one.startswith(at(desk, "/"))]
    assert "Yes: it may be shared" not in (await lead.get(addresses[-1])).text, "the lead gains by it"
    assert at(desk) in (await office.get("/office")).links.values(), "the alert leads to it"
    page = await office.get(at(desk))
    assert (page.status, "somebody whose name is not shown" in page.text) == (200, True)
    assert "Ask who wrote the answers down: Northgate Community School." in page.text
    [address] = [one for one in page.links.values() if one.startswith(at(desk, "/"))]
    page = await office.get(address)
    assert "Yes: it may be shared" in page.text
    done = await office.send(page, address, upholds="permission", reason="Both were heard")
    assert (done.status, done.address, "Decided" in done.text) == (200, at(desk), True)
    assert (await office.get(f"/cases/{house.case}")).status == 404


async def test_a_family_that_takes_a_yes_back_is_followed_to_those_who_saw_something(desk: Desk) -> None:
    """From both sides: what had left and who answered; and the message, answered once."""
    house, world = desk.home.house, desk.home.world
    school, housing = world.as_("nadia.bell"), world.as_("hana.novak")
    path = f"/v1/cases/{house.case}/consents"
    given = share(house, recipients=[HOUSING], categories=["health"], valid_until=UNTIL)
    made = await school.post(path, given)
    await housing.get(f"/v1/cases/{house.case}")
    recorder, told = await desk.signed_in("nadia.bell"), await desk.signed_in("hana.novak")
    left = f"/cases/{house.case}/permissions/{made['id']}/left"
    said = await recorder.get(f"/cases/{house.case}/permissions")
    assert left in said.links.values()
    assert "The permission goes on." in (await recorder.get(left)).text
    reader = await told.get(f"/cases/{house.case}/permissions")
    assert left not in reader.links.values()
    assert (await told.get(left)).status == 404
    await school.post(f"{path}/{made['id']}/withdrawal", {"withdrawn_by": house.mother})
    page = await recorder.get(left)
    assert "Tidewater Housing No answer yet" in page.text
    page = await told.get((await told.get("/to-do")).links[_KEEPS])
    [address] = [one for one in page.links.values() if one.startswith("/messages/")]
    form = await told.get(address)
    wrong = await told.send(form, address, keeps="yes", kept="A note " + HOSTILE)
    assert (wrong.status, len(wrong.mistakes)) == (422, 1)
    assert str(wrong.filled_in(address)["kept"]).strip() == "A note " + HOSTILE
    nothing = await told.send(form, address)
    assert (nothing.status, nothing.mistakes) == (422, ["Fill this in."])
    answer = {"keeps": "yes", "kept": "A note " + HOSTILE, "why": "It stands in our file"}
    await told.send(wrong, address, **answer)
    done = await told.send(wrong, address, **answer)
    assert (done.status, done.address) == (200, "/messages")
    assert address not in done.links.values()
    assert (await told.get(address)).status == 404
    page = await recorder.get(left)
    assert "They keep: A note" in page.text
    assert "<script>alert" not in page.html
    assert "It stands in our file" in page.text
    officer = await desk.signed_in("hous.officer")
    assert "Answered" in (await officer.get((await officer.get("/office")).links[_KEEPS])).text


_KEEPS = "Permissions that have ended: say what your service keeps"
ROW: Json = {
    "id": "c", "subject": "kit", "permission": "p", "refusal": "r", "exclusion": None, "state": "open",
    "recipients": ["a-school"], "purposes": ["support"], "categories": ["learning"],
    "arose_at": "2031-03-03T09:00:00Z", "due_at": "2031-03-11T00:00:00Z", "decided_at": None,
    "decided_by": None, "upholds": None, "reason": None, "to_ask": [], "may": ["refusal", "permission"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "state"),
    [({}, "To be decided"), ({"state": "overdue"}, "Late"), ({"state": "over", "may": []}, "Over")],
)
def test_a_conflict_is_shown_as_it_stands(changes: Json, state: str) -> None:
    [one] = conflicts_of({"conflicts": [ROW | changes]}, {"kit": "Kit"}, {"a-school": "A School"})
    assert (one.state, one.about, one.with_whom, one.what) == (state, "Kit", ["A School"], ["Learning"])
    assert len(one.may) == len((ROW | changes)["may"])


def test_a_conflict_about_taking_part_says_so_in_its_answers() -> None:
    decided = {"state": "decided", "upholds": "refusal", "decided_at": "2031-03-04T09:00:00Z", "may": []}
    rows = [ROW | {"categories": [], "recipients": []}, ROW | decided]
    first, second = conflicts_of({"conflicts": rows}, {}, {})
    assert dict(first.may)["permission"] == "Yes: they take part"
    assert second.decided == "No: it is not shared"
