"""From a search to the case, to whom to ring, or to a first page: learning only what may be known."""

import pytest
import stdnum.gb.nhs

from deploy.stories.steps import record_parent
from tests.practitioner.browser import Browser, Desk, Page

pytestmark = pytest.mark.anyio
HOSTILE = 'Zoë "><script>alert(1)</script>'


async def search(browser: Browser, name: str, born: str) -> Page:
    year, month, day = born.split("-")
    page = await browser.get("/people/find")
    parts = {"date_of_birth__day": day, "date_of_birth__month": month, "date_of_birth__year": year}
    return await browser.send(page, "/people/find", name=name, **parts)


async def child_of(desk: Desk, user: str) -> tuple[str, str]:
    person = (await desk.home.world.as_(user).get(f"/v1/cases/{desk.home.house.case}"))["header"]["person"]
    return person["name"], person["date_of_birth"]


async def test_whoever_works_on_the_case_comes_to_it_and_others_learn_whom_to_ring_alone(desk: Desk) -> None:
    name, born = await child_of(desk, "nadia.bell")
    address = f"/cases/{desk.home.house.case}"
    member = await search(await desk.signed_in("hana.novak"), name, born)
    assert address in member.links.values()
    stranger = await search(await desk.signed_in("moira.flynn"), name, born)
    assert "Ask them before you do anything else" in stranger.text
    assert "Ring Sam Okafor, Eastmere Youth Offending Team" in stranger.text
    assert "There is an assessment already" in stranger.text
    assert desk.home.house.case not in stranger.html, "not even its address"
    assert not any(link.endswith("/case") for link in stranger.links.values())


async def test_one_detail_is_too_few_and_is_said_in_plain_words(desk: Desk) -> None:
    browser = await desk.signed_in("hana.novak")
    page = await browser.send(await browser.get("/people/find"), "/people/find", name="Somebody")
    assert page.status == 422
    assert page.mistakes == [
        "Give two of these: name, date of birth, NHS number, unique pupil number. Of a child who is not born "
        "yet, the expected date and a parent's name."
    ]


async def test_somebody_new_is_added_a_case_opened_and_the_checklist_comes_next(desk: Desk) -> None:
    browser = await desk.signed_in("ruth.amadi")
    page = await browser.send(
        await browser.get("/people/find"), "/people/find", name="Nobody Known", nhs_number="9990000018"
    )
    assert page.links["Add a person"] == "/people/new"
    page = await browser.get("/people/new")
    page = await browser.send(
        page, "/people/new", given_names="أمارا", full_name_as_written="أمارا أوكونجو",
        expected_date_of_delivery__day="1", expected_date_of_delivery__month="9",
        expected_date_of_delivery__year="2031",
    )  # fmt: skip
    assert (page.status, page.heading) == (200, "Open a case")
    address = page.address
    page = await browser.send(page, address, job_title="Health visitor")
    assert page.mistakes == ["Fill this in: Why is a case opened?"]
    assert page.filled_in(address)["job_title"] == "Health visitor"
    page = await browser.send(page, address, reason="Her mother asked for help before the birth")
    assert (page.status, page.heading) == (200, "Start an assessment")
    case = page.address.removesuffix("/assessments/new")
    shown = await browser.get(case)
    assert (shown.heading, "Expected 1 September 2031" in shown.text) == ("أمارا أوكونجو", True)
    page = await browser.send(
        page, page.address, reason_for_assessment="Asked for", started_on__day="3", started_on__month="3",
        started_on__year="2031",
    )  # fmt: skip
    assert (page.status, page.heading) == (200, "Pre-assessment checklist")


@pytest.mark.parametrize(
    "typed, mistake",
    [
        ({}, "Write a name, or when they were born or are expected."),
        (
            {"given_names": HOSTILE, "nhs_number": "999 000 0019"},
            "This is not an NHS number: check its ten digits.",
        ),
        (
            {"given_names": HOSTILE, "upn": "X"},
            "This is not a unique pupil number: check its letter and twelve digits.",
        ),
        (
            {
                "given_names": HOSTILE,
                "date_of_birth__day": "30",
                "date_of_birth__month": "2",
                "date_of_birth__year": "2012",
            },
            "Write a day, a month and a year that there is, such as 27 3 2012.",
        ),
        ({"given_names": "\u200b\u200f"}, "Write something here."),
    ],
)
async def test_what_is_wrong_with_a_person_is_named_and_nothing_is_lost(
    desk: Desk, typed: dict[str, str], mistake: str
) -> None:
    browser = await desk.signed_in("ruth.amadi")
    page = await browser.send(await browser.get("/people/new"), "/people/new", **typed)
    assert page.status == 422
    assert page.mistakes == [mistake] or page.mistakes[0].startswith("Fill this in: First names")
    assert "<script>alert" not in page.html
    for name, value in typed.items():
        assert page.filled_in("/people/new")[name.replace("__", "-")] == value


async def test_both_days_at_once_are_one_too_many(desk: Desk) -> None:
    browser = await desk.signed_in("ruth.amadi")
    days = {
        f"{name}__{part}": value
        for name in ("date_of_birth", "expected_date_of_delivery")
        for part, value in (("day", "1"), ("month", "2"), ("year", "2031"))
    }
    page = await browser.send(await browser.get("/people/new"), "/people/new", **days)
    assert page.mistakes == ["Write one of the two days: when they were born, or when they are expected."]


async def test_a_case_of_somebody_who_is_not_there_cannot_be_opened(desk: Desk) -> None:
    browser = await desk.signed_in("ruth.amadi")
    address = f"/people/{desk.home.house.case}/case"
    page = await browser.send(await browser.get(address), address, reason="Why", job_title="Nurse")
    assert (page.status, page.heading) == (404, "This can no longer be done")
    assert "Why" not in page.text or page.status == 404


async def test_whoever_does_no_casework_adds_nobody(desk: Desk) -> None:
    for user in ("ben.carver", "tom.ashby", "rita.shaw"):
        assert (await (await desk.signed_in(user)).get("/people/new")).status == 404, user


def test_the_numbers_of_these_tests_are_what_they_are_meant_to_be() -> None:
    assert stdnum.gb.nhs.is_valid("9990000018")
    assert not stdnum.gb.nhs.is_valid("9990000019")


async def test_who_is_not_born_yet_is_found_by_the_expected_day_and_a_parents_name(desk: Desk) -> None:
    school = desk.home.world.as_("nadia.bell")
    mother = {"details": [{"kind": "name", "fields": {"given_names": "Orla", "family_name": "Marr"}}]}
    unborn = {"details": [{"kind": "birth", "fields": {"expected_date_of_delivery": "2031-08-21"}}]}
    adult, child = [(await school.post("/v1/people", body))["id"] for body in (mother, unborn)]
    opened = {"person": child, "reason": "Help before the birth", "opener": {"job_title": "Teacher"}}
    await school.post("/v1/cases", opened)
    await record_parent(school, adult, child, "mother")
    browser = await desk.signed_in("nadia.bell")
    page = await browser.get("/people/find")
    day = {
        f"expected_date_of_delivery__{part}": value
        for part, value in (("day", "21"), ("month", "8"), ("year", "2031"))
    }
    found = await browser.send(page, "/people/find", parent_name="Orla Marr", **day)
    assert "Name not shown" in found.text
    assert "Expected 21 August 2031" in found.text
    refused = await browser.send(page, "/people/find", name="Robin", parent_name="Orla Marr")
    assert refused.status == 422
    assert refused.mistakes == [
        "A parent's name finds a child who is not born yet: write the expected date too."
    ]
    both = {name.replace("expected_date_of_delivery", "date_of_birth"): value for name, value in day.items()}
    refused = await browser.send(page, "/people/find", **day, **both)
    assert refused.mistakes == ["Write one of the two days: when they were born, or when they are expected."]
