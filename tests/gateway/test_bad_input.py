"""Bad input through the public API (design 5.4): the status, the field by name, and nothing stored.

Three changes that make this fail: accepting unknown fields in ``records/base.py``, reading bodies with
``json.loads`` alone, checking a giver's authority after storing the answer.
"""

import ast
import inspect
from importlib import import_module
from pkgutil import iter_modules
from textwrap import dedent
from typing import Any, get_args

import orjson
import pytest
from pydantic import AwareDatetime, TypeAdapter, ValidationError

from shared import records
from shared.records.base import Record
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import SCHOOL, YOT, House, agreed_action
from tests.gateway.operations import (
    CASE,
    FOR_INFORMATION_OFFICERS,
    OPERATIONS,
    PERSON,
    USERS,
    WITHOUT_A_BODY,
    bodies,
    exclusion,
    ids_of,
    operations,
    share,
)
from tests.gateway.test_one_refusal import comparable
from tests.support.gateway import LEDGER_TABLES, fields_of, problem

pytestmark = pytest.mark.anyio

ABSENT = "5f0c9d0e-6c41-4d0b-9a55-0a3a2b7c9d11"
JSON = {"Content-Type": "application/json"}
Json = dict[str, Any]


async def refused(
    home: HouseWorld,
    body: Any,
    *,
    status: int,
    fields: list[str] | None = None,
    path: str = "/v1/people",
    user: str = "nadia.bell",
    method: str = "POST",
    headers: dict[str, str] | None = None,
) -> str:
    """The kind of problem with which the body is refused; nothing of it was stored."""
    world = home.world
    before = await world.rows(without=LEDGER_TABLES)
    path = path.format(**ids_of(home.house))
    session = world.as_(user)
    if isinstance(body, bytes):
        sent = {**JSON, **(headers or {})}
        response = await session.send(method, path, content=body, headers=sent)
    else:
        response = await session.send(method, path, body, headers=headers)
    assert response.status_code == status, response.text
    if fields is not None:
        assert fields_of(response) == fields, response.text
    assert await world.rows(without=LEDGER_TABLES) == before
    return problem(response)


def named(**fields: Any) -> Json:
    return {"details": [{"kind": "name", "fields": {"given_names": "Robin", **fields}}]}


def detail(kind: str, **fields: Any) -> Json:
    return {
        "details": [{"kind": "name", "fields": {"given_names": "Robin"}}, {"kind": kind, "fields": fields}]
    }


GOOD = orjson.dumps(named())


@pytest.mark.parametrize(
    "body, status, kind",
    [
        (b"", 422, "invalid"),
        (b"{", 400, "malformed"),
        (b"null", 422, "invalid"),
        (b"[]", 422, "invalid"),
        (b'"text"', 422, "invalid"),
        (b"1", 422, "invalid"),
        (GOOD + b"x", 400, "malformed"),
        (GOOD + GOOD, 400, "malformed"),
        (b"\xef\xbb\xbf" + GOOD, 400, "malformed"),
        (GOOD.decode().encode("utf-16"), 400, "malformed"),
        (b'{"details": "\xff\xfe"}', 400, "malformed"),
        (b"\x00" * 100, 400, "malformed"),
        (b'{"details": NaN}', 400, "malformed"),
        (b'{"details": Infinity}', 400, "malformed"),
        (b'{"details": 1e999}', 422, "invalid"),
        (b'{"details": ' + b"9" * 5_000 + b"}", 400, "malformed"),
        (b"[" * 100_000, 400, "malformed"),
        (b"[" * 25 + b"]" * 25, 400, "malformed"),
        (b'{"a":' * 60 + b"1" + b"}" * 60, 400, "malformed"),
        (b'{"details": [' + b"0," * 60_000 + b"0]}", 413, "too-large"),
        (b'{"details": [], "note": "' + b"x" * 1_100_000 + b'"}', 413, "too-large"),
        (b'{"details": [], "note": "' + b"x" * 10_000_000 + b'"}', 413, "too-large"),
        (b'{"details": [], "details": []}', 422, "invalid"),
        (b'{"details": [{"kind": "name", "kind": "birth", "fields": {}}]}', 422, "invalid"),
    ],
    ids=lambda value: repr(value)[:40] if isinstance(value, bytes) else None,
)
async def test_a_body_that_means_nothing_or_two_things_is_refused(
    sqlite_home: HouseWorld, body: bytes, status: int, kind: str
) -> None:
    assert await refused(sqlite_home, body, status=status) == kind


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml",
     "application/jsonp", "json", "", "application/merge-patch+json"],
)  # fmt: skip
async def test_a_body_of_another_type_is_refused(sqlite_home: HouseWorld, content_type: str) -> None:
    kind = await refused(sqlite_home, GOOD, status=415, headers={"Content-Type": content_type})
    assert kind == "unsupported-media-type"


async def test_a_body_of_a_hundred_pieces_is_counted_too(sqlite_home: HouseWorld) -> None:
    async def pieces() -> Any:
        for _ in range(200):
            yield b" " * 10_000

    world = sqlite_home.world
    response = await world.as_("nadia.bell").send("POST", "/v1/people", content=pieces(), headers=JSON)
    assert (response.status_code, problem(response)) == (413, "too-large")


@pytest.mark.parametrize(
    "spelt",
    ["a\\u0000b", "\\ud800", "\\udfff", "a\\u0007b", "\\u001b[31m", "\\u007f", "a\\ud83d", "\\udc00\\ud800"],
)
async def test_characters_that_no_store_keeps_are_refused_by_field(
    sqlite_home: HouseWorld, spelt: str
) -> None:
    body = '{"details": [{"kind": "name", "fields": {"given_names": "' + spelt + '"}}]}'
    await refused(sqlite_home, body.encode(), status=422, fields=["details.0.fields.given_names"])
    key = '{"details": [], "' + spelt + '": 1}'
    await refused(sqlite_home, key.encode(), status=422)


@pytest.mark.parametrize(
    "value",
    ["", " ", "\t", "\u200b", "\u200b\u200d\ufeff", "\u202e", "\u2066\u2069", "\u00a0", "\u3000", "x" * 301,
     "two\nlines", "two\rlines", 1, True, [], {}, ["Robin"], {"first": "Robin"}],
)  # fmt: skip
async def test_a_name_that_says_nothing_or_too_much_is_refused(sqlite_home: HouseWorld, value: Any) -> None:
    await refused(sqlite_home, named(given_names=value), status=422, fields=["details.0.fields.given_names"])


@pytest.mark.parametrize(
    "fields",
    [{"given_names": "Ng"}, {"family_name": "O'Neill-Óg"}, {"full_name_as_written": "نور الهدى"},
     {"full_name_as_written": "毛 新宇"}, {"given_names": "A\u030astrid"}, {"given_names": "Zoë\u200d"},
     {"full_name_as_written": "\u202bشيرين\u202c"}, {"given_names": "X Æ A-12"}, {"given_names": "x" * 300}],
)  # fmt: skip
async def test_names_in_any_script_with_or_without_a_surname_are_kept(
    sqlite_home: HouseWorld, fields: Json
) -> None:
    session = sqlite_home.world.as_("nadia.bell")
    body = {"details": [{"kind": "name", "fields": fields}]}
    assert (await session.send("POST", "/v1/people", body)).status_code == 201


@pytest.mark.parametrize(
    "value, good",
    [
        ("2028-02-29", True), ("2027-02-29", False), ("2000-02-29", True), ("1900-02-29", False),
        ("0000-01-01", False), ("0001-01-01", False), ("9999-12-31", False), ("10000-01-01", False),
        ("1889-12-31", False), ("1890-01-01", True), ("2031-13-01", False), ("2031-04-31", False),
        ("2031-4-1", False), ("01/04/2031", False), ("2011-05-14T00:00:00", False), ("2011-05-14Z", False),
        ("", False), ("today", False), (20110514, False), (1305331200, False), (True, False), ([], False),
        ("2011-05-14\n", False), ("\uff12\uff10\uff11\uff11-05-14", False), ("-2011-05-14", False),
        ("2031-03-04", False), ("2040-01-01", False),
    ],
)  # fmt: skip
async def test_a_birthday_is_a_day_that_was(sqlite_home: HouseWorld, value: Any, good: bool) -> None:
    body = detail("birth", date_of_birth=value)
    if good:
        response = await sqlite_home.world.as_("nadia.bell").send("POST", "/v1/people", body)
        assert response.status_code == 201, response.text
    else:
        await refused(sqlite_home, body, status=422, fields=["details.1.fields.date_of_birth"])


async def test_an_unborn_child_has_an_expected_day_and_no_birthday(sqlite_home: HouseWorld) -> None:
    session = sqlite_home.world.as_("nadia.bell")
    good = {"details": [{"kind": "birth", "fields": {"expected_date_of_delivery": "2031-09-01"}}]}
    assert (await session.send("POST", "/v1/people", good)).status_code == 201
    both = detail("birth", expected_date_of_delivery="2031-09-01", date_of_birth="2031-01-01")
    await refused(sqlite_home, both, status=422, fields=["details.1.fields.date_of_birth"])
    await refused(
        sqlite_home, detail("birth", sex="female"), status=422, fields=["details.1.fields.date_of_birth"]
    )
    late = detail("birth", expected_date_of_delivery="2033-01-01")
    await refused(sqlite_home, late, status=422, fields=["details.1.fields.expected_date_of_delivery"])


@pytest.mark.parametrize(
    "kind, field, value",
    [
        ("identifiers", "nhs_number", "9990000019"), ("identifiers", "nhs_number", "999000001"),
        ("identifiers", "nhs_number", "99900000181"), ("identifiers", "nhs_number", "ABCDEFGHIJ"),
        ("identifiers", "nhs_number", ""), ("identifiers", "nhs_number", 9990000018),
        ("identifiers", "upn", "A801200001001X"),
        ("identifiers", "upn", "Z801200001001"), ("identifiers", "upn", "801200001001"),
        ("identifiers", "upn", "I801200001001"), ("contact", "email", "nobody"), ("contact", "email", "a@b"),
        ("contact", "email", "a b@example.org"), ("contact", "telephone", "ring me"),
        ("contact", "telephone", "1"), ("contact", "postcode", "x" * 61),
        ("contact", "address", "x" * 10_001),
        ("access_needs", "special_requirements_arranged", "yes"),
        ("access_needs", "special_requirements_arranged", 1), ("health_needs", "disabled", "true"),
        ("birth", "sex", "unknown"), ("name", "previous_or_other_names", "one"),
        ("name", "previous_or_other_names", []), ("equality", "caste", "x"), ("contact", "fax", "01632 1"),
    ],
)  # fmt: skip
async def test_a_detail_that_does_not_fit_is_named(
    sqlite_home: HouseWorld, kind: str, field: str, value: Any
) -> None:
    body = detail(kind, **{field: value})
    if kind == "birth":
        body = detail(kind, date_of_birth="2011-01-01", sex=value)
    await refused(sqlite_home, body, status=422, fields=[f"details.1.fields.{field}"])


@pytest.mark.parametrize(
    "body, fields",
    [
        ({}, ["details"]), ({"details": []}, ["details"]), ({"details": {}}, ["details"]),
        ({"details": None}, ["details"]), ({"details": [None]}, ["details.0"]),
        ({"details": [{}]}, ["details.0.kind", "details.0.fields"]),
        ({"details": [{"kind": "hobby", "fields": {}}]}, ["details.0.kind"]),
        ({"details": [{"kind": "contact", "fields": {"email": "a@example.org"}}]}, ["details"]),
        ({"details": [{"kind": "name", "fields": {}}]}, ["details.0.fields"]),
        ({**named(), "id": ABSENT}, ["id"]), ({**named(), "owner": "borough-police"}, ["owner"]),
        (named(version=7), ["details.0.fields.version"]),
        ({"details": [{"kind": "name", "fields": {"given_names": "R"}, "owner": "x"}]}, ["details.0.owner"]),
    ],
)  # fmt: skip
async def test_what_is_missing_or_not_known_is_named(
    sqlite_home: HouseWorld, body: Json, fields: list[str]
) -> None:
    await refused(sqlite_home, body, status=422, fields=fields)


async def test_no_operation_takes_a_field_that_it_does_not_know(sqlite_home: HouseWorld) -> None:
    house, tried = sqlite_home.house, 0
    for (method, template), body in bodies(house).items():
        for name in ("surprise", "owner_agency", "__proto__", "id"):
            user = "tom.ashby" if (method, template) in FOR_INFORMATION_OFFICERS else "nadia.bell"
            user = "grace.obi" if "departure" in template else user
            user = USERS.get((method, template), user)
            response = await sqlite_home.world.as_(user).send(
                method, template.format(**ids_of(house)), {**body, name: "x"}, headers={"If-Match": '"0"'}
            )
            assert response.status_code == 422, (template, name, response.text)
            assert fields_of(response) == [name], (template, response.text)
            tried += 1
    assert tried == 4 * len(bodies(house)) >= 100


def _of_nothing(house: House) -> list[tuple[str, str, str]]:
    """The writes that take no body, each with somebody who comes past its guard."""
    ids = ids_of(house)
    return [
        (method, path.format(**ids), USERS.get((method, path), "tom.ashby" if officer else "nadia.bell"))
        for method, path in sorted(WITHOUT_A_BODY)
        for officer in [(method, path) in FOR_INFORMATION_OFFICERS]
    ]


async def test_a_write_that_takes_no_body_says_so_and_does_nothing(sqlite_home: HouseWorld) -> None:
    """Fails when what was sent is ignored: whoever sent a reason would believe that it was kept."""
    world, tried = sqlite_home.world, 0
    bodies_sent: tuple[Any, ...] = (
        {"reason": "No time"},
        {"surprise": None},
        [],
        [{}],
        "text",
        0,
        False,
        None,
    )
    before = await world.rows(without=LEDGER_TABLES)
    for method, path, user in _of_nothing(sqlite_home.house):
        for body in bodies_sent:
            sent = orjson.dumps(body)
            response = await world.as_(user).send(method, path, content=sent, headers=JSON)
            assert (response.status_code, fields_of(response)) == (422, ["body"]), (path, body, response.text)
            tried += 1
        for sent, kind, status in (
            (b"{", "application/json", 400), (b'{"a": 1, "a": 1}', "application/json", 422),
            (b"a=b", "text/plain", 415), (b" " * 1_100_000, "application/json", 413),
        ):  # fmt: skip
            response = await world.as_(user).send(method, path, content=sent, headers={"Content-Type": kind})
            assert response.status_code == status, (path, sent[:9], response.text)
            tried += 1
    assert await world.rows(without=LEDGER_TABLES) == before
    assert tried == 12 * len(WITHOUT_A_BODY) >= 12 * 20


async def test_a_write_that_takes_no_body_takes_one_that_says_nothing(sqlite_home: HouseWorld) -> None:
    """Many clients send ``{}`` with every write; nothing of it can be lost."""
    officer, path = sqlite_home.world.as_("tom.ashby"), f"/v1/agreements/{ABSENT}/ending"
    for sent in (b"", b"{}", b" { } "):
        response = await officer.send("POST", path, content=sent, headers=JSON)
        assert response.status_code == 404, response.text


async def test_a_service_behind_the_gateway_takes_what_it_is_sent(sqlite_home: HouseWorld) -> None:
    """The refusal is for what the public sends: between the parts of the suite it would be a 503."""
    suite = sqlite_home.world.suite
    assert suite.gateway.state.takes_only_declared_bodies
    assert not any(app.state.takes_only_declared_bodies for app in suite.services.values())


def relationship(house: House, **changes: Any) -> Json:
    return {**bodies(house)["POST", f"{PERSON}/relationships"], **changes}


async def test_relationships_that_cannot_be_are_refused(sqlite_home: HouseWorld) -> None:
    house, path = sqlite_home.house, f"{PERSON}/relationships"
    for changes, fields in (
        ({"from_person": house.child}, ["to_person"]),
        ({"start": "2031-01-02", "end": "2031-01-01"}, ["end"]),
        ({"parental_responsibility_source": None}, ["parental_responsibility_source"]),
        ({"parental_responsibility": False}, ["parental_responsibility_source"]),
        ({"relation": "owner"}, ["relation"]),
        ({"from_person": ABSENT}, ["from_person"]),
        ({"from_person": "nobody"}, ["from_person"]),
        ({"lives_with": "yes"}, ["lives_with"]),
        ({"from_person": house.child, "to_person": house.mother, "relation": "parent"}, ["relation"]),
        ({"from_person": house.mother, "to_person": ABSENT}, ["to_person"]),
    ):  # fmt: skip
        body = relationship(house, **changes)
        await refused(sqlite_home, body, status=422, fields=fields, path=path)


async def test_answers_of_somebody_without_authority_are_refused(sqlite_home: HouseWorld) -> None:
    house, path = sqlite_home.house, f"{CASE}/consents"
    covers = {"document": "power of attorney", "covers": ["money_work"]}
    no = {"reasons_explained_and_understood": True, "agrees": False}
    unheard = {"reasons_explained_and_understood": False, "agrees": True}
    for changes, fields in (
        ({"capacity": "young_person"}, ["capacity"]),
        ({"capacity": "young_person", "giver": house.child}, ["capacity"]),
        ({"capacity": "adult", "giver": house.child}, ["capacity"]),
        ({"giver": house.child}, ["capacity"]),
        ({"subject": house.mother, "giver": house.child}, ["capacity"]),
        ({"capacity": "attorney"}, ["capacity"]),
        ({"capacity": "attorney", "authority": covers}, ["capacity"]),
        ({"capacity": "local_authority_with_parental_responsibility"}, ["capacity"]),
        ({"capacity": "friend"}, ["capacity"]),
        ({"subject": ABSENT}, ["subject"]),
        ({"giver": ABSENT}, ["giver"]),
        ({"recipients": ["no-such-agency"]}, ["recipients"]),
        ({"valid_until": "2031-01-01T00:00:00Z"}, ["valid_until"]),
        ({"statement": no}, ["answer"]),
        ({"statement": unheard}, ["statement.reasons_explained_and_understood"]),
        ({"categories": ["learning", "mental_health"]}, ["categories"]),
        ({"not_recipients": ["youth-offending"]}, ["not_recipients"]),
        ({"valid_from": "2031-08-30T00:00:00Z", "valid_until": "2031-08-29T00:00:00Z"}, ["valid_until"]),
        ({"recipients": [YOT, YOT]}, ["recipients"]),
        ({"categories": ["learning", "learning"]}, ["categories"]),
        ({"categories": ["mental_health", "mental_health"]}, ["categories"]),
        ({"purposes": ["support", "support"]}, ["purposes"]),
    ):  # fmt: skip
        await refused(sqlite_home, share(house, **changes), status=422, fields=fields, path=path)
    for changes, fields in (
        ({"capacity": "adult"}, ["capacity"]),
        ({"agencies": ["no-such-agency"]}, ["agencies"]),
        ({"subject": ABSENT}, ["subject"]),
        ({"valid_until": "2031-01-01T00:00:00Z"}, ["valid_until"]),
    ):
        body = exclusion(house, **changes)
        await refused(sqlite_home, body, status=422, fields=fields, path=f"{CASE}/exclusions")


@pytest.mark.parametrize("said", ["yes", "on", "true", "1", 1, 1.0, "y", [True], {}, None])
@pytest.mark.parametrize("answer", ["reasons_explained_and_understood", "agrees"])
async def test_neither_answer_of_the_statement_is_guessed_from_a_word(
    sqlite_home: HouseWorld, answer: str, said: Any
) -> None:
    statement = {"reasons_explained_and_understood": True, "agrees": True, answer: said}
    body = share(sqlite_home.house, statement=statement)
    await refused(sqlite_home, body, status=422, fields=[f"statement.{answer}"], path=f"{CASE}/consents")


@pytest.mark.parametrize(
    "moment",
    ["20310901", "1924992000", "1924992000.5", "2031-09-01", "2031-09-01T00:00:00", "2031-09-01 00:00:00Z",
     "2031-09-01T00:00Z", "2031-09-01T24:00:00Z", "2031-02-29T00:00:00Z", "2031-03-30T01:30:00",
     "2031-09-01T00:00:00+0100", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "soon", "", 1924992000, True,
     "\uff12\uff10\uff13\uff11-09-01T00:00:00Z"],
)  # fmt: skip
async def test_a_moment_is_written_whole_or_refused(sqlite_home: HouseWorld, moment: Any) -> None:
    """Fails when digits are read as seconds: what was to begin in September would have begun in 1970."""
    for field in ("valid_from", "valid_until"):
        body = share(sqlite_home.house, **{field: moment})
        await refused(sqlite_home, body, status=422, fields=[field], path=f"{CASE}/consents")


async def test_the_hour_that_a_clock_shows_twice_is_told_apart_by_its_offset(sqlite_home: HouseWorld) -> None:
    """Both say half past one in London on the night in which the clocks go back."""
    house = sqlite_home.house
    nadia = sqlite_home.world.as_("nadia.bell")
    kept = []
    for offset in ("+01:00", "+00:00"):
        body = share(house, valid_from=f"2031-10-26T01:30:00{offset}", valid_until="2031-12-01T00:00:00Z")
        recorded = await nadia.send("POST", f"/v1/cases/{house.case}/consents", body)
        assert recorded.status_code == 201, recorded.text
        kept.append(recorded.json()["id"])
    listed = (await nadia.get(f"/v1/cases/{house.case}/consents"))["consents"]
    begins = {one["id"]: one["valid_from"] for one in listed}
    assert [begins[consent][:16] for consent in kept] == ["2031-10-26T00:30", "2031-10-26T01:30"]


def bodies_of_records() -> list[type[Record]]:
    """Every record in shared/records, at whatever depth it stands."""
    for module in iter_modules(records.__path__):
        import_module(f"{records.__name__}.{module.name}")
    found, waiting = [], [Record]
    while waiting:
        waiting += (below := waiting.pop().__subclasses__())
        found += below
    return [record for record in found if record.__module__.startswith(records.__name__)]


def fields_that_take(wanted: Any) -> list[tuple[str, TypeAdapter[Any]]]:
    """The fields of all records whose values are of a type, each with what reads it."""
    return [
        (f"{record.__name__}.{name}", TypeAdapter(field.rebuild_annotation()))
        for record in bodies_of_records()
        for name, field in record.model_fields.items()
        if wanted in _types_in(field.annotation)
    ]


def _types_in(annotation: Any) -> set[Any]:
    return {annotation}.union(*map(_types_in, get_args(annotation)))


@pytest.mark.parametrize(
    "wanted, fewest, guesses",
    [
        (bool, 25, ["yes", "off", "true", "0", 0, 1, 1.0]),
        (int, 10, ["7", 7.0, True]),
        (AwareDatetime, 15, ["20310901", "1924992000", 1924992000, 1.5, "2031-09-01T00:00Z"]),
    ],
)
def test_no_record_guesses_a_yes_a_number_or_a_moment(wanted: Any, fewest: int, guesses: list[Any]) -> None:
    read = fields_that_take(wanted)
    for name, reader in read:
        for guess in guesses:
            with pytest.raises(ValidationError):
                print(name, guess, reader.validate_python(guess))
    assert len(read) >= fewest, [name for name, _ in read]


async def test_a_parents_yes_waits_for_the_day_on_which_a_child_was_born_or_is_expected(
    sqlite_home: HouseWorld,
) -> None:
    house, nadia = sqlite_home.house, sqlite_home.world.as_("nadia.bell")
    child = (await nadia.post("/v1/people", named()))["id"]
    opening = {
        "person": child,
        "other_subjects": [house.mother],
        "reason": "New",
        "opener": {"job_title": "T"},
    }
    path = f"/v1/cases/{(await nadia.post('/v1/cases', opening))['id']}/consents"
    await nadia.post(f"/v1/people/{child}/relationships", relationship(house, to_person=child))
    yes = share(house, subject=child)
    await refused(sqlite_home, yes, status=422, fields=["capacity"], path=path)
    no = {"answer": "refused", "statement": {"reasons_explained_and_understood": True, "agrees": False}}
    assert (await nadia.send("POST", path, {**yes, **no})).status_code == 201
    expected = {"kind": "birth", "fields": {"expected_date_of_delivery": "2031-09-01"}}
    await nadia.post(f"/v1/people/{child}/details", {"details": [expected]})
    assert (await nadia.send("POST", path, {**yes, "categories": ["housing"]})).status_code == 201


async def test_an_agreed_action_is_owed_by_an_agency_that_exists(sqlite_home: HouseWorld) -> None:
    """Fails when it is kept: signed, it could neither be carried into the plan nor put right."""
    house, asif = sqlite_home.house, sqlite_home.world.as_("asif.khan")
    path = f"/v1/cases/{house.case}/assessments/{house.draft}/entries"
    nobody = agreed_action("no-such-agency")
    await refused(sqlite_home, nobody, status=422, fields=["accountable"], path=path, user="asif.khan")
    kept = (await asif.post(path, agreed_action(YOT)))["id"]
    tag = next(
        e["etag"] for e in (await asif.get(path.removesuffix("/entries")))["entries"] if e["id"] == kept
    )
    await refused(
        sqlite_home,
        {"accountable": "no-such-agency"},
        status=422,
        fields=["accountable"],
        path=f"{path}/{kept}",
        user="asif.khan",
        method="PATCH",
        headers={"If-Match": tag},
    )


async def test_nothing_new_is_assessed_in_a_case_that_is_closed(sqlite_home: HouseWorld) -> None:
    house, nadia = sqlite_home.house, sqlite_home.world.as_("nadia.bell")
    opening = {"person": house.child, "reason": "New", "opener": {"job_title": "Teacher"}}
    case = (await nadia.post("/v1/cases", opening))["id"]
    path = f"/v1/cases/{case}/assessments"
    begun = bodies(house)["POST", f"{CASE}/assessments"]
    draft = (await nadia.post(path, begun))["id"]
    goal = {"kind": "goal", "text": "Sleeps well"}
    await nadia.post(f"/v1/cases/{case}/closure", {"reason": "needs_met"})
    await refused(sqlite_home, begun, status=409, path=path)
    await refused(sqlite_home, goal, status=409, path=f"{path}/{draft}/entries")
    await nadia.post(f"/v1/cases/{case}/reopening", {"reason": "Needed again"})
    await nadia.post(f"{path}/{draft}/entries", goal)


@pytest.mark.parametrize(
    "name, values",
    [
        ("Acting-Role", ["practitioner", "team_manager"]), ("Acting-Agency", [SCHOOL, YOT]),
        ("Purpose", ["support", "safeguarding"]), ("Purpose", ["support", "support"]),
        ("Purpose-Reason", ["one", "two"]), ("Idempotency-Key", ["one", "two"]),
        ("If-Match", ['"1"', '"2"']),
    ],
)  # fmt: skip
async def test_a_header_that_says_two_things_is_refused_by_name(
    sqlite_home: HouseWorld, name: str, values: list[str]
) -> None:
    """Fails when the first of them counts: a proxy before us, or the sender, may have meant the other."""
    world = sqlite_home.world
    before = await world.rows(without=LEDGER_TABLES)
    sent = [("Authorization", f"Bearer {world.token('nadia.bell')}"), *((name, value) for value in values)]
    for method, path, body in (("POST", "/v1/people", named()), ("GET", "/v1/me", None)):
        response = await world.client.request(method, path, json=body, headers=sent)
        assert (response.status_code, fields_of(response)) == (422, [name]), response.text
    assert await world.rows(without=LEDGER_TABLES) == before


async def test_two_tokens_are_no_token(sqlite_home: HouseWorld) -> None:
    world = sqlite_home.world
    tokens = [world.token("nadia.bell"), world.token("hana.novak")]
    for pair in (tokens, tokens[::-1], tokens[:1] * 2):
        headers = [("Authorization", f"Bearer {token}") for token in pair]
        response = await world.client.request("GET", "/v1/me", headers=headers)
        assert (response.status_code, problem(response)) == (401, "unauthenticated")


async def test_the_plan_takes_no_day_that_has_passed_and_nobody_from_outside(sqlite_home: HouseWorld) -> None:
    house, path = sqlite_home.house, f"{CASE}/actions"
    good = bodies(house)["POST", path]["actions"][0]
    for changes, fields in (
        ({"by_when": "2031-03-02"}, ["actions.0.by_when"]),
        ({"by_when": "2151-01-01"}, ["actions.0.by_when"]),
        ({"accountable": "Northgate"}, ["actions.0.accountable"]),
        ({"categories": ["gossip"]}, ["actions.0.categories.0"]),
        ({"subjects": ["x"]}, ["actions.0.subjects.0"]),
        ({"action": ""}, ["actions.0.action"]),
        ({"status": "done"}, ["actions.0.status"]),
    ):
        await refused(sqlite_home, {"actions": [{**good, **changes}]}, status=422, fields=fields, path=path)
    strangers = {"actions": [{**good, "subjects": [house.other_child]}]}
    await refused(sqlite_home, strangers, status=422, fields=["actions.0.subjects.0"], path=path)


async def test_entries_that_do_not_fit_their_form_are_refused(sqlite_home: HouseWorld) -> None:
    house, path = (
        sqlite_home.house,
        f"/v1/cases/{sqlite_home.house.case}/assessments/{sqlite_home.house.draft}/entries",
    )
    for body, fields in (
        ({"kind": "rumour", "text": "x"}, ["kind"]),
        ({"text": "x"}, ["kind"]),
        ({"kind": "goal"}, ["text"]),
        ({"kind": "goal", "text": "x", "headline": "y"}, ["headline"]),
        ({"kind": "goal", "text": "x", "subjects": [house.other_child]}, ["subjects"]),
        ({"kind": "goal", "text": "x", "subjects": []}, ["subjects"]),
        (
            {
                "kind": "need",
                "element": "nose",
                "headline": "x",
                "whose_view": "child",
                "sensitive_content": [],
            },
            ["element"],
        ),
        (
            {"kind": "comment", "voice_of": "neighbour", "text": "x", "sensitive_content": []},
            ["voice_of"],
        ),
    ):
        await refused(sqlite_home, body, status=422, fields=fields, path=path, user="asif.khan")
    risk = {"kind": "conclusion", "conclusion": "risk_of_harm"}
    demanded = ["referred_at", "referred_to", "follow_up_owner", "follow_up_on"]
    await refused(sqlite_home, risk, status=422, fields=demanded, path=path, user="asif.khan")


@pytest.mark.parametrize("key", ["", "x" * 201, "with\x7fdelete", "\u00e9"])
async def test_an_idempotency_key_that_cannot_be_kept_is_refused(sqlite_home: HouseWorld, key: str) -> None:
    world = sqlite_home.world
    before = await world.rows(without=LEDGER_TABLES)
    headers = [*world.as_("nadia.bell").headers.items(), ("Idempotency-Key", key.encode("latin-1"))]
    response = await world.client.post("/v1/people", json=named(), headers=headers)  # type: ignore[arg-type]
    assert (response.status_code, fields_of(response)) == (422, ["Idempotency-Key"])
    assert await world.rows(without=LEDGER_TABLES) == before


async def test_a_search_by_one_detail_or_by_a_wrong_one_is_refused(sqlite_home: HouseWorld) -> None:
    for body, fields in (
        ({}, None), ({"name": "Robin"}, None),
        ({"name": "Robin", "nhs_number": "9990000019"}, ["nhs_number"]),
        ({"name": "Robin", "date_of_birth": "2031-02-30"}, ["date_of_birth"]),
        ({"name": "\u200b", "date_of_birth": "2011-01-01"}, ["name"]),
        ({"name": "Robin", "postcode": "XX1"}, ["postcode"]),
    ):  # fmt: skip
        await refused(sqlite_home, body, status=422, fields=fields, path="/v1/people/search")


LEDGER = "/v1/ledger/receipts"
UNKNOWN, TWICE = "This parameter is not known here; remove it.", "Send this parameter once."


@pytest.mark.parametrize(
    "user, path, named",
    [
        ("nadia.bell", "/v1/cases?foo=secret", {"foo": UNKNOWN}),
        ("nadia.bell", "/v1/cases?limit=1&limit=2", {"limit": TWICE}),
        ("nadia.bell", "/v1/cases?limit=1&limit=1&foo&x", {"limit": TWICE, "foo": UNKNOWN, "x": UNKNOWN}),
        ("nadia.bell", "/v1/cases?Limit=1", {"Limit": UNKNOWN}),
        ("nadia.bell", "/v1/cases/{case}?purpose=secret", {"purpose": UNKNOWN}),
        ("nadia.bell", "/v1/me?%s=secret" % ("x" * 100), {"x" * 60: UNKNOWN}),
        ("nadia.bell", "/v1/me?=secret", {"query": UNKNOWN}),
        ("nadia.bell", "/v1/me?%ff%00=secret", {"\ufffd\x00": UNKNOWN}),
        ("tom.ashby", f"{LEDGER}?usr=secret", {"usr": UNKNOWN}),
        ("tom.ashby", f"{LEDGER}?user=secret&user=secret", {"user": TWICE}),
    ],
)  # fmt: skip
async def test_a_query_parameter_that_is_not_known_or_sent_twice_is_refused_by_name(
    sqlite_home: HouseWorld, user: str, path: str, named: dict[str, str]
) -> None:
    """Fails when a mistyped filter is taken for none: the answer would be wider than what was asked."""
    world = sqlite_home.world
    response = await world.as_(user).send("GET", path.format(case=sqlite_home.house.case))
    assert (response.status_code, problem(response)) == (422, "invalid"), response.text
    told = {error["field"]: error["message"] for error in response.json()["errors"]}
    assert told == named
    assert "secret" not in response.text
    assert await world.receipts_now(user) == []


async def test_no_operation_takes_a_parameter_that_it_does_not_declare(sqlite_home: HouseWorld) -> None:
    """Fails when a route is not one of the strict ones."""
    world, answers, driven = sqlite_home.world, set(), 0
    for operation in operations(sqlite_home.house):
        response = await world.as_("nadia.bell").send(
            operation.method,
            f"{operation.path}{'&' if '?' in operation.path else '?'}nonsense=1",
            operation.body,
        )
        assert (response.status_code, fields_of(response)) == (422, ["nonsense"]), operation
        answers.add(comparable(response))
        driven += 1
    assert driven == len(OPERATIONS)
    assert len(answers) == 1


SAY_SOMETHING = {
    "shared.records.people": {"_is_not_empty", "_has_two_details"},
    "shared.records.plan": {"_changes_something"},
}
"""What is wrong with these bodies is that they say too little: no field is."""


def test_every_check_of_two_fields_names_the_one_to_correct() -> None:
    """Of every record. Fails when one raises a plain error: its reader is told that the body is wrong."""
    named, unnamed = 0, dict[str, set[str]]()
    for module in iter_modules(records.__path__, "shared.records."):
        for kind in vars(import_module(module.name)).values():
            if not (isinstance(kind, type) and issubclass(kind, Record) and kind.__module__ == module.name):
                continue
            for check in kind.__pydantic_decorators__.model_validators.values():
                source = ast.parse(dedent(inspect.getsource(check.func)))
                for raised in (node.exc for node in ast.walk(source) if isinstance(node, ast.Raise)):
                    assert isinstance(raised, ast.Call)
                    if ast.unparse(raised.func) != "WrongField":
                        unnamed.setdefault(module.name, set()).add(check.func.__name__)
                        continue
                    chosen = raised.args[0]
                    either = (chosen.body, chosen.orelse) if isinstance(chosen, ast.IfExp) else (chosen,)
                    for field in map(ast.literal_eval, either):
                        assert field.split(".")[0] in kind.model_fields, (kind, field)
                        named += 1
    assert unnamed == SAY_SOMETHING
    assert named > 60


@pytest.mark.parametrize(
    "path, changes, field",
    [
        ("/v1/people/{person}/involvements", {"until": "1930-01-11", "since": "1931-01-01"}, "until"),
        (f"{CASE}/costs", {"ends_on": "1930-01-01"}, "ends_on"),
        (f"{CASE}/reviews", {"at_risk": True, "owner": None}, "owner"),
        (
            f"{CASE}/meetings",
            {"meeting_kind": "panel", "panel": {"name": "P", "age_from": 9, "age_to": 8}},
            "panel.age_to",
        ),
        (f"{CASE}/budget/purchases", {"departs_from_wish": True}, "departed_because"),
    ],
)
async def test_of_two_fields_that_do_not_fit_the_one_to_correct_is_named(
    sqlite_home: HouseWorld, path: str, changes: Json, field: str
) -> None:
    body = {**bodies(sqlite_home.house)["POST", path], **changes}
    left_out = {name: value for name, value in body.items() if value is not None}
    await refused(sqlite_home, left_out, status=422, fields=[field], path=path)
