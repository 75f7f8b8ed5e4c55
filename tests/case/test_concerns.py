"""Concerns: owned by their sender, found by the agency that they went to, marked as received by it alone.

Three changes that make this fail: listing every agency's concerns in the inbox, looking a described person
up, making whoever acknowledges the author.
"""

from typing import Any

import pytest

from shared.identity import Caller
from shared.ids import new_id
from tests.case.conftest import HOUSING, SCHOOL, YOT, CaseService, Json

pytestmark = pytest.mark.anyio

CARE = Caller("sol", "Sol Weir", "childrens-services", "safeguarding_lead")
POLICE = Caller("pip", "Pip Marsh", "north-police", "safeguarding_lead")
FORM = {
    "recipient": "childrens-services",
    "about": "James Hartley of the red door",
    "worry": "He says that he is afraid to go home.",
    "when": "This week",
    "immediate_danger": False,
    "family_told": False,
    "not_told_because": "It might put him at risk.",
}


def a_concern(*, form: Json | None = None, **more: Any) -> Json:
    """A concern as the gateway hands it on."""
    return {"form": {**FORM, **(form or {})}, "subjects": [], "sent": [], "categories": [], **more}


def a_sent_entry() -> Json:
    return {
        "entry": new_id(),
        "kind": "need",
        "recorded_at": "2031-03-01T09:00:00.000000Z",
        "categories": ["learning"],
        "fields": {"headline": "Tired at school"},
    }


async def inbox(service: CaseService, who: Caller, **ask: Any) -> list[Json]:
    answer = await service.post(who, "/concerns/inbox", {"limit": 10, **ask})
    bundles: list[Json] = answer["bundles"]
    return bundles


async def test_a_concern_is_an_entry_of_its_sender_that_its_recipient_owes(service: CaseService) -> None:
    case = await service.case()
    sent = a_sent_entry()
    body = a_concern(form={"categories": ["health"]}, sent=[sent], categories=["learning"])
    answer = await service.post(SCHOOL, f"/cases/{case}/concerns", body)
    assert answer == {"id": answer["id"], "version": 1, "state": "sent"}
    bundle = await service.bundle(case)
    [entry] = [entry for entry in bundle["entries"] if entry["kind"] == "concern"]
    assert entry == {
        "id": answer["id"],
        "area": "case",
        "kind": "concern",
        "owner": "northgate-school",
        "accountable": "childrens-services",
        "categories": ["learning", "health", "safeguarding"],
        "subjects": [bundle["person"]],
        "unanswered": False,
        "draft": False,
        "locates": True,
        "recorded_at": "2031-03-03T09:00:00.000000Z",
        "author": "Priya Nair",
        "version": 1,
        "fields": {**FORM, "sent": [sent]},
    }


async def test_the_inbox_is_its_agencys_own_and_newest_first(service: CaseService) -> None:
    case = await service.case()
    ids = []
    for recipient in ("childrens-services", "north-police", "childrens-services"):
        body = a_concern(form={"recipient": recipient})
        ids.append((await service.post(SCHOOL, f"/cases/{case}/concerns", body))["id"])
        service.clock.turn(seconds=1)
    assert [one["entries"][0]["id"] for one in await inbox(service, CARE)] == [ids[2], ids[0]]
    assert [one["entries"][0]["id"] for one in await inbox(service, POLICE)] == [ids[1]]
    assert await inbox(service, SCHOOL) == await inbox(service, HOUSING) == []
    for who in (SCHOOL, HOUSING, POLICE):
        assert (await service.problem(who, "GET", f"/concerns/{ids[0]}")).kind == "not-found"
    found = await service.get(CARE, f"/concerns/{ids[0]}")
    assert set(found) == {
        "case", "at", "relationship", "relationships_by_subject", "subjects", "lead", "entries",
    }  # fmt: skip
    assert (found["case"], found["relationship"]) == ({"id": case}, "none")
    assert [subject["decides_from"] for subject in found["subjects"]] == ["2032-05-14T00:00:00.000000Z"]


async def test_the_inbox_is_read_in_pages(service: CaseService) -> None:
    case, sent = await service.case(), []
    for number in range(5):
        if number % 2:
            service.clock.turn(seconds=1)
        sent.append((await service.post(SCHOOL, f"/cases/{case}/concerns", a_concern()))["id"])
    found, place, pages = [], None, 0
    while pages == 0 or place is not None:
        answer = await service.post(CARE, "/concerns/inbox", {"limit": 2, "after": place})
        found += [one["entries"][0]["id"] for one in answer["bundles"]]
        place, pages = answer["after"], pages + 1
    assert (sorted(found), pages) == (sorted(sent), 3)


async def test_who_is_described_is_recorded_anew_and_nobody_is_looked_up(service: CaseService) -> None:
    """The same name and birthday as somebody who is there: a second record, which people will match."""
    person = await service.person()
    details = [
        {"kind": "name", "fields": {"given_names": "James", "family_name": "Hartley"}},
        {"kind": "birth", "fields": {"date_of_birth": "2016-05-14"}},
    ]
    answer = await service.post(SCHOOL, "/concerns", a_concern(details=details))
    assert set(answer) == {"id", "version", "state"}
    [one] = await inbox(service, CARE)
    [subject] = one["subjects"]
    assert (one["case"], subject["id"] == person) == (None, False)
    assert subject["decides_from"] == "2032-05-14T00:00:00.000000Z"
    bundle = await service.get(SCHOOL, f"/people/{subject['id']}/bundle")
    assert {entry["kind"]: entry["owner"] for entry in bundle["entries"]} == dict.fromkeys(
        ("name", "birth", "concern"), "northgate-school"
    )
    # Somebody of whom nothing is known but what the worry says.
    await service.post(SCHOOL, "/concerns", a_concern())
    assert len(await inbox(service, CARE)) == 2


async def test_a_concern_about_a_known_person_stands_with_them(service: CaseService) -> None:
    person = await service.person()
    sent = (await service.post(YOT, "/concerns", a_concern(subjects=[person])))["id"]
    bundle = await service.get(SCHOOL, f"/people/{person}/bundle")
    [entry] = [entry for entry in bundle["entries"] if entry["kind"] == "concern"]
    assert (entry["id"], entry["area"], entry["owner"]) == (sent, "person", "youth-offending")
    problem = await service.problem(YOT, "POST", "/concerns", a_concern(subjects=[new_id()]))
    assert problem.errors[0].field == "person"


async def test_a_closed_case_keeps_nobody_from_worrying_and_strangers_to_it_are_not_named(
    service: CaseService,
) -> None:
    case, stranger = await service.case(), await service.person(given_names="Nobody")
    await service.post(SCHOOL, f"/cases/{case}/closure", {"reason": "other"})
    assert (await service.post(SCHOOL, f"/cases/{case}/concerns", a_concern()))["state"] == "sent"
    before = service.rows()
    problem = await service.problem(SCHOOL, "POST", f"/cases/{case}/concerns", a_concern(subjects=[stranger]))
    assert problem.errors[0].field == "subjects.0"
    for absent in (new_id(), "not-an-id"):
        problem = await service.problem(SCHOOL, "POST", f"/cases/{absent}/concerns", a_concern())
        assert problem.kind == "not-found"
    assert service.rows() == before


async def test_the_recipient_says_once_that_it_was_received_and_the_sender_stays_its_author(
    service: CaseService,
) -> None:
    case = await service.case()
    sent = (await service.post(SCHOOL, f"/cases/{case}/concerns", a_concern()))["id"]
    path = f"/concerns/{sent}/acknowledgement"
    for who in (SCHOOL, HOUSING, POLICE):
        assert (await service.problem(who, "POST", path)).kind == "not-found"
    service.clock.turn(hours=1)
    assert await service.post(CARE, path) == {"id": sent, "version": 2, "state": "acknowledged"}
    assert (await service.problem(CARE, "POST", path)).kind == "conflict"
    [entry] = [entry for entry in (await service.bundle(case))["entries"] if entry["kind"] == "concern"]
    assert entry["fields"] == {
        **FORM, "sent": [], "acknowledged_at": "2031-03-03T10:00:00.000000Z", "acknowledged_by": "Sol Weir",
    }  # fmt: skip
    assert (entry["author"], entry["recorded_at"]) == ("Priya Nair", "2031-03-03T09:00:00.000000Z")
    [(kept, version)] = service.select("SELECT author, version FROM entry_versions")
    assert (kept, version) == ("Priya Nair", 1)


async def test_a_concern_sent_twice_under_its_key_is_one(service: CaseService) -> None:
    case = await service.case()
    path = f"/cases/{case}/concerns"
    first = await service.post(SCHOOL, path, a_concern(), key="k")
    assert await service.post(SCHOOL, path, a_concern(), key="k") == first
    assert len(await inbox(service, CARE)) == 1


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"recipient": "Care"}, "form.recipient"),
        ({"about": ""}, "form.about"),
        ({"worry": "\u200b"}, "form.worry"),
        ({"immediate_danger": "no"}, "form.immediate_danger"),
        ({"not_told_because": None}, "form.not_told_because"),
        ({"family_told": True}, "form.not_told_because"),
        ({"categories": ["equality"]}, "form.categories"),
        ({"more": 1}, "form.more"),
    ],
)
async def test_a_form_that_is_not_filled_in_is_refused_by_field(
    service: CaseService, form: Json, field: str
) -> None:
    case = await service.case()
    before = service.rows()
    problem = await service.problem(SCHOOL, "POST", f"/cases/{case}/concerns", a_concern(form=form))
    assert (problem.kind, problem.errors[0].field) == ("invalid", field)
    assert service.rows() == before
