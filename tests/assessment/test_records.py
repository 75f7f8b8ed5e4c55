"""The records of assessments agree with each other and with what is stored."""

from typing import Any, get_args

import pytest
from pydantic import BaseModel, TypeAdapter

from services.assessment.assessments.entries import BODY_OF_KIND
from services.assessment.assessments.labels import LABELLING_FIELDS
from services.assessment.entry_kinds import ENTRY_KINDS, LOCATING_FIELDS, tells_where
from services.assessment.instruments.library import load_library
from shared.records import assessments as records
from shared.records.assessments import (
    AnyNewEntry,
    AssessmentDetails,
    AssessmentToStart,
    EntryChanges,
    NewEntry,
)
from tests.assessment.service import RunningService
from tests.assessment.test_labels import LEAST

LABELLING = {*LABELLING_FIELDS, "subjects", "kind"}


def test_there_are_fourteen_kinds() -> None:
    assert len(ENTRY_KINDS) == 14
    assert ENTRY_KINDS.keys() == BODY_OF_KIND.keys()


def test_of_every_kind_it_is_said_which_of_its_fields_locate() -> None:
    """Fails when a kind is added and nobody says whether it gives a protected address away."""
    assert LOCATING_FIELDS.keys() == ENTRY_KINDS.keys()
    for kind, names in LOCATING_FIELDS.items():
        assert set(names) <= set(ENTRY_KINDS[kind].model_fields), kind
    harmless = {kind for kind in ENTRY_KINDS if not tells_where(kind)}
    assert harmless == {"strength", "need", "agreed_action", "goal", "comment"}
    assert tells_where("a kind that nobody placed")


@pytest.mark.parametrize("kind", sorted(ENTRY_KINDS))
def test_a_body_is_its_content_and_its_labels(kind: str) -> None:
    content = AssessmentDetails if kind == "assessment" else ENTRY_KINDS[kind]
    assert BODY_OF_KIND[kind].model_fields.keys() - LABELLING == content.model_fields.keys()
    assert content.model_fields.keys().isdisjoint(LABELLING)


def test_a_correction_can_name_every_field_with_the_type_that_it_has() -> None:
    known: dict[str, Any] = {}
    compared = 0
    for body in BODY_OF_KIND.values():
        for name, field in body.model_fields.items():
            if name == "kind":
                continue
            known[name] = field
            ours = EntryChanges.model_fields[name]
            assert schema(ours) == schema(field), (body, name)
            assert ours.default is None
            compared += 1
    assert known.keys() == EntryChanges.model_fields.keys()
    assert (compared, len(known)) == (86, 47)


def schema(field: Any) -> Any:
    """The JSON schema of a field that may be empty."""
    full = TypeAdapter(field.annotation | None, config=None)
    if field.metadata:
        from typing import Annotated

        full = TypeAdapter(Annotated[(field.annotation, *field.metadata)] | None)
    return full.json_schema()


def test_every_example_is_accepted() -> None:
    accepted = 0
    for name, record in vars(records).items():
        if not (isinstance(record, type) and issubclass(record, BaseModel)):
            continue
        extra = record.model_config.get("json_schema_extra")
        for example in extra["examples"] if isinstance(extra, dict) else []:  # type: ignore[union-attr]
            record.model_validate(example)
            accepted += 1
            if name.startswith("New") and "kind" in example:  # type: ignore[operator]
                assert type(TypeAdapter(NewEntry).validate_python(example)) is record
    assert accepted >= 18


def test_every_body_has_an_example() -> None:
    bodies = [*get_args(AnyNewEntry), records.NewAssessment, records.Amendment, records.Signature]
    bodies += [records.EntryChanges, records.EntryCorrection, records.CasesToLabel]
    for body in bodies:
        extra = body.__dict__["model_config"].get("json_schema_extra")
        assert isinstance(extra, dict), body
        body.model_validate(extra["examples"][0])
    assert len(bodies) == 19


def test_the_vocabularies_of_records_and_instrument_are_one() -> None:
    caf = load_library().get("caf", "1")
    assert get_args(records.ConclusionCode) == tuple(caf.conclusion_by_code)
    assert set(get_args(records.SensitiveContent)) == {c.category for c in caf.sensitive_question.choices}
    assert get_args(records.WhoseView) == caf.whose_views
    assert get_args(records.VoiceOf) == caf.voices
    assert get_args(records.ServiceKind) == caf.service_kinds
    assert get_args(records.ChecklistReply) == caf.checklist.answers
    assert get_args(records.AgreementToAssess) == caf.checklist.agreement_to_assess


def test_a_start_is_an_assessment_or_an_amendment() -> None:
    start: TypeAdapter[Any] = TypeAdapter(AssessmentToStart)
    amends = {"amends": "7a0c4c52-9a3a-4be7-8f43-1b8a3d9f5a12"}
    assert type(start.validate_python(amends)) is records.Amendment
    again = start.validate_python(start.validate_python(amends))
    assert type(again) is records.Amendment


@pytest.mark.anyio
async def test_what_is_read_is_what_the_kinds_say(service: RunningService) -> None:
    """Each raw entry's fields are a record of its kind, with nothing added."""
    assessment = await service.start()
    for kind, least in LEAST.items():
        if kind not in ("assessment", "checklist"):
            await service.add(assessment, **{"kind": kind, **least})
    questions = ("healthy", "safe", "learning", "positive_impact", "free_from_poverty")
    answers = [{"question": code, "answer": "no"} for code in questions]
    await service.add(assessment, **{"kind": "checklist", **LEAST["checklist"], "answers": answers})
    for kind in ("strength", "need"):
        fields: dict[str, Any] = {
            "kind": kind,
            "element": "aspirations",
            "headline": "X",
            "whose_view": "child",
        }
        await service.add(assessment, **fields)
    await service.sign(assessment)
    entries = (await service.read())["entries"]
    for entry in entries:
        record = ENTRY_KINDS[entry["kind"]]
        assert (
            record.model_validate(entry["fields"]).model_dump(mode="json", exclude_none=True)
            == entry["fields"]
        )
    assert {entry["kind"] for entry in entries} == ENTRY_KINDS.keys()
