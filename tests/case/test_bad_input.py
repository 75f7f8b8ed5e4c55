"""What strangers send (design 5.4): a clear problem that names the field, nothing stored, nothing echoed."""

import json
from typing import Any

import pytest

from shared.problems import FieldError
from tests.case.conftest import HOUSING, SCHOOL, YOT, CaseService, Json

pytestmark = pytest.mark.anyio

MARK = "zq9"
"""Part of every wrong value: it must not come back."""


def about(kind: str, **fields: Any) -> tuple[str, Json]:
    return "/people", {
        "details": [{"kind": "name", "fields": {"given_names": "A"}}, {"kind": kind, "fields": fields}]
    }


def wrong_people() -> list[tuple[tuple[str, Json], str]]:
    """Requests about people with the one field that must be named."""
    f = "details.1.fields"
    return [
        (about("birth", date_of_birth="2015-02-29"), f"{f}.date_of_birth"),
        (about("birth", date_of_birth="0000-01-01"), f"{f}.date_of_birth"),
        (about("birth", date_of_birth="9999-12-31"), f"{f}.date_of_birth"),
        (about("birth", date_of_birth="1066-10-14"), f"{f}.date_of_birth"),
        (about("birth", date_of_birth="2016-5-14"), f"{f}.date_of_birth"),
        (about("birth", date_of_birth="14/05/2016"), f"{f}.date_of_birth"),
        (about("birth", date_of_birth=1463184000), f"{f}.date_of_birth"),
        (about("birth", date_of_birth="2016-05-14T00:00:00Z"), f"{f}.date_of_birth"),
        (about("birth", date_of_birth=f"{MARK}"), f"{f}.date_of_birth"),
        (about("birth", date_of_birth=["2016-05-14"]), f"{f}.date_of_birth"),
        (about("birth", date_of_birth="2031-03-04"), f"{f}.date_of_birth"),
        (about("birth", expected_date_of_delivery="2033-03-04"), f"{f}.expected_date_of_delivery"),
        (about("birth", sex="female"), f"{f}.date_of_birth"),
        (
            about("birth", date_of_birth="2016-05-14", expected_date_of_delivery="2016-05-14"),
            f"{f}.date_of_birth",
        ),
        (about("birth", date_of_birth="2016-05-14", sex=MARK), f"{f}.sex"),
        (about("identifiers", nhs_number="9990000019"), f"{f}.nhs_number"),
        (about("identifiers", nhs_number="999000001"), f"{f}.nhs_number"),
        (about("identifiers", nhs_number=9990000018), f"{f}.nhs_number"),
        (about("identifiers", nhs_number=f"{MARK}"), f"{f}.nhs_number"),
        (about("identifiers", nhs_number="９９９００００００１８"), f"{f}.nhs_number"),
        (about("identifiers", upn="A801200005001"), f"{f}.upn"),
        (about("identifiers", upn="B80120000500"), f"{f}.upn"),
        (about("identifiers"), f),
        (about("name"), f),
        (about("name", given_names=""), f"{f}.given_names"),
        (about("name", given_names="   "), f"{f}.given_names"),
        (about("name", given_names="\u200b\u200f\u2060"), f"{f}.given_names"),
        (about("name", given_names="A\u0000B"), f"{f}.given_names"),
        (about("name", given_names="A\nB"), f"{f}.given_names"),
        (about("name", given_names="\u0007"), f"{f}.given_names"),
        (about("name", given_names=MARK * 101), f"{f}.given_names"),
        (about("name", given_names={"en": MARK}), f"{f}.given_names"),
        (about("name", given_names=None), f),
        (about("name", given_names="A", previous_or_other_names=[]), f"{f}.previous_or_other_names"),
        (about("name", given_names="A", previous_or_other_names=["B", ""]), f"{f}.previous_or_other_names.1"),
        (about("name", given_names="A", nickname=MARK), f"{f}.nickname"),
        (about("contact", telephone=MARK), f"{f}.telephone"),
        (about("contact", email=MARK), f"{f}.email"),
        (about("contact", address=MARK * 4000), f"{f}.address"),
        (about("contact", postcode=MARK * 30), f"{f}.postcode"),
        (about("health_needs", disabled="yes"), f"{f}.disabled"),
        (about("health_needs", disabled=1), f"{f}.disabled"),
        (about("equality"), f),
        (about("relationship", relation="mother"), "details.1.kind"),
        (about(MARK, relation="mother"), "details.1.kind"),
        (("/people", {"details": []}), "details"),
        (("/people", {}), "details"),
        (("/people", {"details": [{"kind": "contact", "fields": {"postcode": "M1"}}]}), "details"),
        (("/people", {"details": [{"kind": "name"}]}), "details.0.fields"),
        (("/people", {"details": [{"kind": "name", "fields": MARK}]}), "details.0.fields"),
        (("/people", {"details": {"kind": "name"}}), "details"),
        (("/people", {**about("contact", postcode="M1")[1], "owner": "other"}), "owner"),
        (("/people/search", {"name": MARK}), "body"),
        (("/people/search", {"name": MARK, "date_of_birth": "2015-02-29"}), "date_of_birth"),
        (("/people/search", {"name": MARK, "nhs_number": "9990000019"}), "nhs_number"),
    ]


async def refused(service: CaseService, path: str, body: Any) -> list[FieldError]:
    problem = await service.problem(SCHOOL, "POST", path, body)
    assert problem.kind == "invalid", (path, body)
    assert MARK not in str(problem.errors) + problem.detail, (path, body)
    assert all(error.message.endswith(".") for error in problem.errors), problem.errors
    return list(problem.errors)


async def test_what_is_wrong_about_a_person_is_named_and_not_stored(service: CaseService) -> None:
    before = service.rows()
    tried = 0
    for (path, body), field in wrong_people():
        errors = await refused(service, path, body)
        assert [error.field for error in errors] == [field], (path, body, errors)
        tried += 1
    assert tried == 55
    assert service.rows() == before


async def test_what_is_wrong_about_a_relationship(service: CaseService) -> None:
    child, mother = await service.person(), await service.person(given_names="Dawn")
    path = f"/people/{child}/relationships"
    good = {"from_person": mother, "to_person": child, "relation": "mother", "parental_responsibility": False,
            "lives_with": True}  # fmt: skip
    stranger = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
    wrong: list[tuple[Json, str]] = [
        ({"from_person": child}, "to_person"),
        ({"from_person": stranger}, "from_person"),
        ({"from_person": mother.upper()}, "from_person"),
        ({"to_person": MARK}, "to_person"),
        ({"to_person": stranger}, "from_person"),
        ({"relation": MARK}, "relation"),
        ({"parental_responsibility": True}, "parental_responsibility_source"),
        ({"parental_responsibility_source": "birth"}, "parental_responsibility_source"),
        ({"parental_responsibility": "true"}, "parental_responsibility"),
        (
            {"parental_responsibility": True, "parental_responsibility_source": MARK},
            "parental_responsibility_source",
        ),
        ({"start": "2020-01-02", "end": "2020-01-01"}, "end"),
        ({"start": "2019-02-29"}, "start"),
        ({"lives_with": None}, "lives_with"),
        ({"since": "2020-01-01"}, "since"),
    ]
    before = service.rows()
    for change, field in wrong:
        errors = await refused(service, path, {**good, **change})
        assert [error.field for error in errors] == [field], change
    assert len(wrong) == 14
    assert service.rows() == before
    await service.post(SCHOOL, path, {**good, "start": "2020-02-29", "end": "2020-02-29"})


async def test_what_is_wrong_about_a_case(service: CaseService) -> None:
    person = await service.person()
    case = await service.case(person=person)
    stranger = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
    opening = {"person": person, "reason": "x", "opener": {"job_title": "y"}}
    member = {"user": "u", "name": "n", "agency": "city-housing", "role": "practitioner", "job_title": "j"}
    action = {"desired_outcome": "a", "action": "b", "by_when": "2031-05-01", "accountable": "city-housing"}
    wrong: list[tuple[str, Json, str]] = [
        ("/cases", {**opening, "person": stranger}, "person"),
        ("/cases", {**opening, "person": MARK}, "person"),
        ("/cases", {**opening, "other_subjects": [person, stranger]}, "other_subjects.1"),
        ("/cases", {**opening, "review_on": "2031-03-02"}, "review_on"),
        ("/cases", {**opening, "review_on": "9999-12-31"}, "review_on"),
        ("/cases", {**opening, "reason": " "}, "reason"),
        ("/cases", {**opening, "reason": "a\u0000"}, "reason"),
        ("/cases", {**opening, "opener": {}}, "opener.job_title"),
        ("/cases", {**opening, "state": "closed"}, "state"),
        (f"/cases/{case}/subjects", {"person": stranger}, "person"),
        (f"/cases/{case}/closure", {"reason": MARK}, "reason"),
        (f"/cases/{case}/closure", {"reason": "no_answer"}, "reason"),
        (f"/cases/{case}/reviews", {"review_on": "2031-03-02"}, "review_on"),
        (f"/cases/{case}/team", {**member, "role": MARK}, "role"),
        (f"/cases/{case}/team", {**member, "agency": "City Housing"}, "agency"),
        (f"/cases/{case}/team", {**member, "user": "a b"}, "user"),
        (f"/cases/{case}/team", {**member, "user": "é"}, "user"),
        (f"/cases/{case}/team", {**member, "name": "\u200f"}, "name"),
        (f"/cases/{case}/team", {**member, "since": "2020-01-01"}, "since"),
        (f"/cases/{case}/nominations", {"member": stranger}, "member"),
        (f"/cases/{case}/actions", {"actions": []}, "actions"),
        (
            f"/cases/{case}/actions",
            {"actions": [action, {**action, "by_when": "2031-03-02"}]},
            "actions.1.by_when",
        ),
        (f"/cases/{case}/actions", {"actions": [{**action, "by_when": "2031-02-29"}]}, "actions.0.by_when"),
        (f"/cases/{case}/actions", {"actions": [{**action, "categories": [MARK]}]}, "actions.0.categories.0"),
        (f"/cases/{case}/actions", {"actions": [{**action, "subjects": [stranger]}]}, "actions.0.subjects.0"),
        (f"/cases/{case}/actions", {"actions": [{**action, "status": "done"}]}, "actions.0.status"),
        (f"/cases/{case}/actions", {"actions": [{**action, "accountable": "X"}]}, "actions.0.accountable"),
        ("/users/priya/departure", {"agency": 7}, "agency"),
        ("/caseload", {"filter": MARK}, "filter"),
        ("/caseload", {"limit": 0}, "limit"),
        ("/caseload", {"limit": 101}, "limit"),
        ("/caseload", {"after": {"id": person}}, "after.review_on"),
    ]
    before = service.rows()
    for path, body, field in wrong:
        errors = await refused(service, path, body)
        assert [error.field for error in errors] == [field], (path, body)
    assert len(wrong) == 32
    assert service.rows() == before


async def test_what_is_wrong_about_a_change_of_an_action(service: CaseService) -> None:
    case = await service.case()
    action = {
        "desired_outcome": "a",
        "action": "b",
        "by_when": "2031-05-01",
        "accountable": "northgate-school",
    }
    answer = await service.post(SCHOOL, f"/cases/{case}/actions", {"actions": [action]})
    path = f"/cases/{case}/actions/{answer['actions'][0]['id']}"
    wrong: list[tuple[Json, str]] = [
        ({"expected_version": 1}, "body"),
        ({"status": "done"}, "expected_version"),
        ({"expected_version": 0, "status": "done"}, "expected_version"),
        ({"expected_version": 1, "status": "done"}, "outcome"),
        ({"expected_version": 1, "status": MARK}, "status"),
        ({"expected_version": 1, "outcome": None}, "body"),
        ({"expected_version": 1, "by_when": "2031-03-02"}, "by_when"),
        ({"expected_version": 1, "owner": "other"}, "owner"),
    ]
    before = service.rows()
    for body, field in wrong:
        problem = await service.problem(SCHOOL, "PATCH", path, body)
        assert (problem.kind, [e.field for e in problem.errors]) == ("invalid", [field]), body
    assert len(wrong) == 8
    assert service.rows() == before


async def test_bodies_that_mean_two_things_or_nothing(service: CaseService) -> None:
    name = b'{"details":[{"kind":"name","fields":{"given_names":%s}}]}'
    wrong: list[tuple[bytes, int, str]] = [
        (b"", 422, "body"),
        (b"null", 422, "body"),
        (b"[]", 422, "body"),
        (b'"x"', 422, "body"),
        (b"{", 400, ""),
        (b'{"details":NaN}', 400, ""),
        (b"\xff\xfe", 400, ""),
        (name % b'"\\ud800"', 422, "details.0.fields.given_names"),
        (name % b'"\\u0000"', 422, "details.0.fields.given_names"),
        (name % b'"A","given_names":"B"', 422, "given_names"),
        (name % (b"[" * 30 + b"]" * 30), 400, ""),
        (name % (b'"' + b"A" * 10_000_000 + b'"'), 413, ""),
        (name % (b"1" * 40), 400, ""),
    ]
    before = service.rows()
    for body, status, field in wrong:
        reply = await service.raw("POST", "/people", body)
        document = reply.json()
        named = [error["field"] for error in document.get("errors", [])]
        assert (reply.status, named) == (status, [field] if field else []), (body[:80], document)
    text_body = await service.raw("POST", "/people", b"{}", **{"content-type": "text/plain"})
    assert text_body.status == 415
    assert len(wrong) == 13
    assert service.rows() == before


@pytest.mark.parametrize(
    "fields",
    [
        {"given_names": "Suharto"},
        {"family_name": "Nguyễn"},
        {"full_name_as_written": "فاطمة الزهراء"},
        {"full_name_as_written": "李小龍"},
        {"given_names": "מרים", "family_name": "כהן"},
        {"given_names": "O'Neill-Źdźbło", "family_name": "d’Été"},
        {"given_names": "ก้อย", "previous_or_other_names": ["Koi", "Ms K."]},
        {"given_names": "Zoë\u200d", "family_name": "\u2067שלום\u2069"},
        {"given_names": "X Æ A-12"},
        {"given_names": "名" * 300},
        {"given_names": "ﷺ" * 300},
    ],
)
async def test_names_in_any_script_are_kept_as_they_were_written(service: CaseService, fields: Json) -> None:
    person = await service.person(**fields)
    entries = (await service.get(SCHOOL, f"/people/{person}/bundle"))["entries"]
    [kept] = [entry["fields"] for entry in entries if entry["kind"] == "name"]
    assert kept == fields
    full = fields.get("full_name_as_written") or " ".join(
        fields[part] for part in ("given_names", "family_name") if part in fields
    )
    if len(full) <= 300:
        search = {"name": full, "date_of_birth": "2016-05-14"}
        matches = (await service.post(YOT, "/people/search", search))["matches"]
        assert [match["person"] for match in matches] == [person]


async def test_the_same_name_in_two_unicode_forms_is_one_text(service: CaseService) -> None:
    one = await service.person(given_names="José")
    two = await service.person(given_names="Jose\u0301")
    names = []
    for person in (one, two):
        entries = (await service.get(SCHOOL, f"/people/{person}/bundle"))["entries"]
        names.append(next(entry["fields"]["given_names"] for entry in entries if entry["kind"] == "name"))
    assert names == ["José", "José"]


async def test_the_unborn_have_a_day_and_need_no_name(service: CaseService) -> None:
    expected = {"kind": "birth", "fields": {"expected_date_of_delivery": "2031-06-01"}}
    person = (await service.post(HOUSING, "/people", {"details": [expected]}))["id"]
    case = await service.case(person=person)
    assert (await service.bundle(case))["subjects"] == [
        {"id": person, "decides_from": "2047-06-01T00:00:00.000000Z", "responsible": []}
    ]


async def test_a_leap_day_is_a_day(service: CaseService) -> None:
    born = {"kind": "birth", "fields": {"date_of_birth": "2016-02-29"}}
    person = (await service.post(HOUSING, "/people", {"details": [born]}))["id"]
    [subject] = (await service.get(HOUSING, f"/people/{person}/bundle"))["subjects"]
    assert subject["decides_from"] == "2032-02-29T00:00:00.000000Z"


async def test_who_has_no_recorded_birth_decides_from_no_known_day(service: CaseService) -> None:
    name = {"kind": "name", "fields": {"given_names": "Nobody"}}
    person = (await service.post(HOUSING, "/people", {"details": [name]}))["id"]
    [subject] = (await service.get(HOUSING, f"/people/{person}/bundle"))["subjects"]
    assert subject == {"id": person, "decides_from": None, "responsible": []}
    assert json.dumps(subject)
