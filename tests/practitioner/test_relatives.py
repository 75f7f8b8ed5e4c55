"""The family on its page: one person is one record, and what they are to each other is said once."""

import pytest

from clients.practitioner.pages.relatives import relation_of
from clients.practitioner.presenters.relatives import relatives_of
from clients.practitioner.visit import Form
from tests.practitioner.browser import Desk
from tests.practitioner.clicking import somebody

pytestmark = pytest.mark.anyio
HOSTILE = 'Zoë "><b id=planted>'


async def test_whoever_is_recorded_already_is_offered_first_and_joins_as_who_they_are(desk: Desk) -> None:
    world, house = desk.home.world, desk.home.house
    known = {
        "details": [
            {"kind": "name", "fields": {"given_names": "Wanda", "family_name": "Moss"}},
            {"kind": "birth", "fields": {"date_of_birth": "1979-04-02"}},
        ]
    }
    api = world.as_("nadia.bell")
    made = (await api.post("/v1/people", known))["id"]
    school = await somebody(desk, "nadia.bell")
    school.page = await school.browser.get(f"/cases/{house.case}")
    await school.follow("The family")
    await school.follow("Add somebody of the family")
    born = {"date_of_birth__day": "2", "date_of_birth__month": "4", "date_of_birth__year": "1979"}
    await school.press("Save and go on", given_names="Wanda", family_name="Moss", **born)
    school.sees("Is it one of these?", "Yes: somebody who fits this, recorded already")
    await school.press("Save and go on", is_it="Yes: somebody")
    assert school.page.heading == "Who is Wanda Moss?"
    assert made in school.page.address
    mistakes = await school.press_in_vain("Save", relation="Aunt or uncle")
    assert len(mistakes) == 3, "of whom, whether she answers for them, and where she lives"
    [child] = [one for one in school.page.soup.select("input[name=other]") if one["value"] == house.child]
    label = school.page.soup.select_one(f'label[for="{child["id"]}"]')
    assert label is not None
    name = label.get_text(strip=True)
    await school.press(
        "Save", relation="Aunt or uncle", other=name, parental_responsibility="No", lives_with="No"
    )
    school.sees(f"Aunt or uncle of {name}")


async def test_somebody_new_is_added_as_they_are_called_and_nothing_typed_breaks_the_page(desk: Desk) -> None:
    school = await somebody(desk, "nadia.bell")
    school.page = await school.browser.get(f"/cases/{desk.home.house.case}/family/new")
    assert await school.press_in_vain("Save and go on", family_name="")
    await school.press("Save and go on", given_names=HOSTILE)
    assert school.page.heading == f"Who is {HOSTILE}?"
    assert school.page.soup.find(id="planted") is None


async def test_whoever_only_reads_a_case_is_offered_nothing_there(desk: Desk) -> None:
    mentor = await desk.signed_in("ben.carver")
    page = await mentor.get(f"/cases/{desk.home.house.case}/family")
    assert page.status == 200
    assert not any("/family/" in to for to in page.links.values())
    for end in ("family/new", "reviews/new", "flags/visits/new", "flags/worries/new", "sharing-requests/new"):
        assert (await mentor.get(f"/cases/{desk.home.house.case}/{end}")).status == 404, end


async def test_adding_somebody_asks_the_gateway_twice_and_records_them_once(desk: Desk) -> None:
    """Whether they are recorded already, and then both at once: recorded and of the case, or neither."""
    browser, new = await desk.signed_in("sam.okafor"), f"/cases/{desk.home.house.case}/family/new"
    birth = {"date_of_birth__day": "3", "date_of_birth__month": "4", "date_of_birth__year": "2019"}
    form = await browser.get(new)
    desk.line.asked.clear()
    page = await browser.send(form, new, given_names="Elin", family_name="Twice", **birth)
    assert page.address.endswith("/relation"), page.mistakes
    subjects = f"/v1/cases/{desk.home.house.case}/subjects"
    written = [call for call in desk.line.asked if call[0] == "POST"]
    assert written == [("POST", "/v1/people/search"), ("POST", subjects)]
    again = await browser.send(form, new, given_names="Elin", family_name="Twice", is_it="new", **birth)
    assert again.address == page.address, "sent twice, they are recorded once"


def test_a_source_goes_along_with_parental_responsibility_alone() -> None:
    asked = (("other", "b"), ("relation", "mother"), ("source", "birth"), ("lives_with", "yes"))
    without = relation_of(Form((*asked, ("parental_responsibility", "no"))), "a")
    assert "parental_responsibility_source" not in without
    given = relation_of(Form((*asked, ("parental_responsibility", "yes"))), "a")
    assert (given["parental_responsibility_source"], given["from_person"], given["to_person"]) == (
        "birth", "a", "b",
    )  # fmt: skip
    assert "parental_responsibility" not in relation_of(Form(asked), "a"), "what is not answered is asked for"


def test_a_relationship_to_somebody_whose_name_is_not_shown_names_nobody() -> None:
    entry = {
        "kind": "relationship",
        "fields": {"from_person": "a", "to_person": "hidden", "relation": "mother", "lives_with": True},
    }
    name = {"kind": "name", "subjects": ["a"], "fields": {"given_names": "Ann"}}
    view = {
        "header": {"person": {"id": "a"}, "state": "open"}, "may": [], "areas": {"person": [name, entry]},
    }  # fmt: skip
    shown = relatives_of(view)
    assert [one.is_to_others for one in shown.people] == [
        ["Mother of somebody whose name is not shown, lives with them"]
    ]
    assert not shown.may_add
