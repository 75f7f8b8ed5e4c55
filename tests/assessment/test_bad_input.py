"""Bad input (design 5.4): a clear problem that names the field, nothing stored, nothing echoed."""

from typing import Any

import pytest
from sqlalchemy import create_engine, text

from shared.ids import new_id
from tests.assessment.service import NEED, STRENGTH, RunningService, json_bytes
from tests.assessment.test_life import ACTION, CHECKLIST

pytestmark = pytest.mark.anyio

MARK = "zebra-7391"
"""Stands in what is sent, and may stand in no answer."""

ENTRIES: dict[str, tuple[dict[str, Any], str]] = {
    "unknown field": ({**NEED, "colour": MARK}, "colour"),
    "unknown element": ({**NEED, "element": MARK}, "element"),
    "element in another case": ({**NEED, "element": "Aspirations"}, "element"),
    "wrong category": ({**NEED, "additional_categories": [MARK]}, "additional_categories.0"),
    "category twice": ({**NEED, "additional_categories": ["learning", "learning"]}, "additional_categories"),
    "equality": ({**NEED, "additional_categories": ["equality"]}, "additional_categories"),
    "removed to nothing": (
        {**NEED, "removed_default_categories": ["wellbeing"]}, "removed_default_categories",
    ),
    "not sensitive": ({**NEED, "sensitive_content": ["learning"]}, "sensitive_content.0"),
    "sensitive as text": ({**NEED, "sensitive_content": "mental_health"}, "sensitive_content"),
    "empty subjects": ({**NEED, "subjects": []}, "subjects"),
    "subject twice": ({**NEED, "subjects": [(one := new_id()), one]}, "subjects"),
    "subject no id": ({**NEED, "subjects": [MARK]}, "subjects.0"),
    "subject in capitals": ({**NEED, "subjects": [new_id().upper()]}, "subjects.0"),
    "too many subjects": ({**NEED, "subjects": [new_id() for _ in range(21)]}, "subjects"),
    "no headline": ({key: NEED[key] for key in NEED if key != "headline"}, "headline"),
    "headline of null": ({**NEED, "headline": None}, "headline"),
    "headline of nothing": ({**NEED, "headline": ""}, "headline"),
    "headline of blanks": ({**NEED, "headline": " \t "}, "headline"),
    "headline that nobody sees": ({**NEED, "headline": "\u200b\u200e\ufeff\u2060"}, "headline"),
    "headline on two lines": ({**NEED, "headline": f"{MARK}\nmore"}, "headline"),
    "headline too long": ({**NEED, "headline": "x" * 301}, "headline"),
    "headline a number": ({**NEED, "headline": 7}, "headline"),
    "headline a list": ({**NEED, "headline": [MARK]}, "headline"),
    "narrative too long": ({**NEED, "narrative": "x" * 10_001}, "narrative"),
    "nobody's view": ({**NEED, "whose_view": MARK}, "whose_view"),
    "a view left out": ({key: NEED[key] for key in NEED if key != "whose_view"}, "whose_view"),
    "unknown kind": ({**NEED, "kind": MARK}, "kind"),
    "a list of kinds": ({**NEED, "kind": ["need"]}, "kind"),
    "an object of a kind": ({**NEED, "kind": {"need": MARK}}, "kind"),
    "no kind": ({key: NEED[key] for key in NEED if key != "kind"}, "kind"),
    "the envelope": (
        {"kind": "assessment", "started_on": "2030-03-04", "reason_for_assessment": "X"}, "kind",
    ),
    "29 February": ({"kind": "review", "review_on": "2031-02-29"}, "review_on"),
    "year 0": ({"kind": "review", "review_on": "0000-01-01"}, "review_on"),
    "year 9999": ({"kind": "review", "review_on": "9999-12-31"}, "review_on"),
    "a date with a time": ({"kind": "review", "review_on": "2030-06-01T00:00:00Z"}, "review_on"),
    "a date as a number": ({"kind": "review", "review_on": 1_900_000_000}, "review_on"),
    "review before start": ({"kind": "review", "review_on": "2030-03-03"}, "review_on"),
    "due before start": ({**ACTION, "by_when": "2030-03-03"}, "by_when"),
    "due on no day": ({**ACTION, "by_when": "2030-04-31"}, "by_when"),
    "agency no code": ({**ACTION, "accountable": f"{MARK} !"}, "accountable"),
    "action without an owner": ({**ACTION, "responsible_name": None}, "responsible_name"),
    "an end before its start": (
        {"kind": "service_with_family", "service_kind": "gp", "service_name": "X", "since": "2030-02-02",
         "until": "2030-02-01"},
        "until",
    ),
    "a moment in no zone": (
        {"kind": "conclusion", "conclusion": "risk_of_harm", "referred_at": "2030-03-04T08:00:00",
         "referred_to": "X"},
        "referred_at",
    ),
    "risk without referral": ({"kind": "conclusion", "conclusion": "risk_of_harm"}, "referred_at"),
    "risk that nobody looks after": (
        {"kind": "conclusion", "conclusion": "risk_of_harm", "referred_at": "2030-03-04T08:00:00Z",
         "referred_to": "X", "follow_up_on": "2030-03-11"},
        "follow_up_owner",
    ),
    "unknown conclusion": ({"kind": "conclusion", "conclusion": MARK}, "conclusion"),
    "nobody's voice": ({"kind": "comment", "voice_of": MARK, "text": "X"}, "voice_of"),
    "parent without a person": (
        {"kind": "parent_or_carer", "name": "J", "relationship": "mother", "parental_responsibility": "yes"},
        "subjects",
    ),
    "a question twice": (
        {"kind": "checklist", **CHECKLIST, "answers": [*CHECKLIST["answers"], CHECKLIST["answers"][0]]},
        "answers",
    ),
    "an unknown question": (
        {"kind": "checklist", **CHECKLIST,
         "answers": [*CHECKLIST["answers"][1:], {"question": MARK, "answer": "yes"}]},
        "answers",
    ),
    "a yes as text": ({"kind": "checklist", **CHECKLIST, "assessment_needed": "yes"}, "assessment_needed"),
    "a checklist of tomorrow": (
        {"kind": "checklist", **CHECKLIST, "completed_on": "2030-03-06"}, "completed_on",
    ),
}  # fmt: skip

BYTES: dict[str, tuple[bytes, int, str | None]] = {
    "10 MB": (b'{"kind":"need","headline":"' + b"x" * 10_000_000 + b'"}', 413, None),
    "NUL": (b'{"kind":"need","headline":"a\\u0000b"}', 422, "headline"),
    "lone surrogate": (b'{"kind":"need","headline":"\\ud800"}', 422, "headline"),
    "lone surrogate in a key": (b'{"kind":"need","\\udfff":"x"}', 422, "?"),
    "control character": (b'{"kind":"need","headline":"a\\u0007"}', 422, "headline"),
    "duplicate key": (b'{"kind":"need","headline":"a","headline":"b"}', 422, "headline"),
    "duplicate kind": (b'{"kind":"need","kind":"strength"}', 422, "kind"),
    "deeply nested": (b'{"kind":' + b"[" * 5_000 + b"]" * 5_000 + b"}", 400, None),
    "not JSON": (b"kind=need", 400, None),
    "cut off": (b'{"kind":"need"', 400, None),
    "not UTF-8": (b'{"kind":"\xff"}', 400, None),
    "NaN": (b'{"kind":NaN}', 400, None),
    "a huge number": (b'{"kind":' + b"9" * 400 + b"}", 400, None),
    "a list": (b"[]", 422, "body"),
    "a text": (b'"need"', 422, "body"),
    "null": (b"null", 422, "body"),
    "nothing": (b"", 422, "body"),
}

STARTS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown instrument": ({"instrument": MARK}, "instrument"),
    "unknown version": ({"instrument_version": "2"}, "instrument"),
    "person no id": ({"person": MARK}, "person"),
    "started on 29 February": ({"started_on": "2030-02-29"}, "started_on"),
    "started next week": ({"started_on": "2030-03-12"}, "started_on"),
    "started in 9999": ({"started_on": "9999-12-31"}, "started_on"),
    "no reason": ({"reason_for_assessment": "\u200b"}, "reason_for_assessment"),
    "unknown field": ({"weather": MARK}, "weather"),
    "too many assessors": ({"assessors": [{"name": "X"}] * 21}, "assessors"),
    "a wrong carer": (
        {"parents_and_carers": [{"name": "J", "relationship": "x", "parental_responsibility": MARK,
                                 "subjects": [new_id()]}]},
        "parents_and_carers.0.parental_responsibility",
    ),
    "both at once": ({"amends": new_id()}, "instrument"),
}  # fmt: skip


def stored(service: RunningService) -> dict[str, int]:
    engine = create_engine(service.url)
    with engine.connect() as connection:
        counts = {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in ("assessments", "entries", "entry_versions", "idempotency_keys")
        }
    engine.dispose()
    return counts


def named(document: Any, field: str) -> bool:
    """Whether a problem names the field; a part of a union stands behind the name of its kind."""
    return any(
        error["field"] == field or error["field"].endswith(f".{field}") for error in document["errors"]
    )


async def test_bad_entries_are_refused_by_name_and_nothing_is_stored(service: RunningService) -> None:
    assessment = await service.start()
    before = stored(service)
    refused = 0
    for name, (body, field) in ENTRIES.items():
        reply = await service.send(
            "POST", service.path(assessment, "entries"), json_bytes(body), headers={"idempotency-key": name}
        )
        document = reply.json()
        assert (reply.status, document["type"]) == (422, "urn:teamaround:problem:invalid"), name
        assert named(document, field), (name, document)
        assert MARK not in reply.body.decode(), name
        refused += 1
    assert refused == len(ENTRIES) == 52
    assert stored(service) == before


async def test_bytes_that_mean_nothing_or_two_things(service: RunningService) -> None:
    assessment = await service.start()
    before = stored(service)
    need = await service.add(assessment, **NEED, sensitive_content=[])
    before["entries"] += 1
    refused = 0
    for method, path in (
        ("POST", service.path(assessment, "entries")),
        ("PATCH", service.path(assessment, "entries", need)),
        ("POST", service.path(assessment, "signature")),
        ("POST", f"/cases/{service.case}/assessments"),
        ("POST", "/cases/labels"),
    ):
        for name, (body, status, field) in BYTES.items():
            reply = await service.send(method, path, body)
            document = reply.json()
            assert reply.status == status, (path, name, document)
            assert field is None or named(document, field), (path, name, document)
            assert document["detail"].endswith("."), name
            refused += 1
    assert refused == 5 * len(BYTES) == 85
    assert stored(service) == before


async def test_bad_starts_are_refused_by_name_and_nothing_is_stored(service: RunningService) -> None:
    before = stored(service)
    start = {
        "instrument": "caf", "instrument_version": "1", "person": service.person,
        "started_on": "2030-03-04", "reason_for_assessment": "Mornings",
    }  # fmt: skip
    refused = 0
    for name, (changes, field) in STARTS.items():
        reply = await service.send(
            "POST", f"/cases/{service.case}/assessments", json_bytes({**start, **changes})
        )
        assert reply.status == 422, (name, reply.body)
        assert named(reply.json(), field), (name, reply.json())
        assert MARK not in reply.body.decode(), name
        refused += 1
    assert refused == len(STARTS) == 11
    assert stored(service) == before


async def test_bad_corrections_are_refused_by_name_and_nothing_is_stored(service: RunningService) -> None:
    assessment = await service.start()
    need = await service.add(assessment, **NEED, sensitive_content=[])
    before, entry = stored(service), await service.entry(assessment, need)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"headline": "X"}, "expected_version"),
        ({"expected_version": 1}, "body"),
        ({"expected_version": 0, "headline": "X"}, "expected_version"),
        ({"expected_version": 10**12, "headline": "X"}, "expected_version"),
        ({"expected_version": 1, "headline": None}, "headline"),
        ({"expected_version": 1, "headline": "\u200b"}, "headline"),
        ({"expected_version": 1, "colour": MARK}, "colour"),
        ({"expected_version": 1, "kind": "strength"}, "kind"),
        ({"expected_version": 1, "voice_of": "parent_or_carer"}, "voice_of"),
        ({"expected_version": 1, "review_on": "2030-06-01"}, "review_on"),
        ({"expected_version": 1, "element": MARK}, "element"),
        ({"expected_version": 1, "additional_categories": None}, "additional_categories"),
        ({"expected_version": 1, "removed_default_categories": ["wellbeing"]}, "removed_default_categories"),
        ({"expected_version": 1, "subjects": []}, "subjects"),
    ]
    refused = 0
    for body, field in wrong:
        reply = await service.send("PATCH", service.path(assessment, "entries", need), json_bytes(body))
        assert reply.status == 422, (body, reply.body)
        assert named(reply.json(), field), (body, reply.json())
        assert MARK not in reply.body.decode()
        refused += 1
    assert refused == 14
    assert stored(service) == before
    assert await service.entry(assessment, need) == entry


async def test_names_and_texts_in_any_script_come_back_as_they_were_meant(service: RunningService) -> None:
    assessment = await service.start()
    texts = {
        "Ålesund ließ Ömer": "A\u030alesund ließ O\u0308mer",
        "محمد قلق في الصباح": "محمد قلق في الصباح",
        "小明 🙂 很紧张": "小明 🙂 很紧张",
        "x\u200by": "x\u200by",
        "'; DROP TABLE entries; --": "  '; DROP TABLE entries; --  ",
    }
    for meant, typed in texts.items():
        strength = await service.add(assessment, **{**STRENGTH, "headline": typed})
        assert (await service.entry(assessment, strength))["fields"]["headline"] == meant
    assert len(texts) == 5


async def test_a_leap_day_is_a_day(service: RunningService) -> None:
    assessment = await service.start()
    review = await service.add(assessment, "review", review_on="2032-02-29")
    assert (await service.entry(assessment, review))["fields"]["review_on"] == "2032-02-29"
    assert (await service.entry(assessment, assessment))["fields"]["review_on"] == "2032-02-29"


async def test_wrong_content_types_and_wrong_queries(service: RunningService) -> None:
    path = f"/cases/{service.case}/assessments"
    reply = await service.send("POST", path, b"{}", headers={"content-type": "text/plain"})
    assert reply.status == 415
    reply = await service.send("GET", f"/cases/{service.case}/entries?superseded=perhaps")
    assert (reply.status, reply.json()["errors"][0]["field"]) == (422, "superseded")
    reply = await service.send("POST", path, b"{}", headers={"idempotency-key": "x" * 201})
    assert (reply.status, reply.json()["errors"][0]["field"]) == (422, "Idempotency-Key")
