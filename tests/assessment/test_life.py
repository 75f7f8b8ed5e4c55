"""From the first line to the signature, and from a signed assessment to its next version."""

import pytest

from tests.assessment.service import NEED, STRENGTH, RunningService

pytestmark = pytest.mark.anyio


async def test_an_assessment_is_recorded_signed_and_read(service: RunningService) -> None:
    assessment = await service.start()
    strength = await service.add(assessment, **STRENGTH)
    need = await service.add(assessment, **NEED, sensitive_content=["mental_health"])
    await service.add(assessment, "conclusion", conclusion="no_additional_needs")
    outcome = await service.sign(assessment)

    assert (outcome["id"], outcome["state"]) == (assessment, "signed")
    read = await service.read()
    assert read["assessments"] == [
        {
            "id": assessment, "person": service.person, "state": "signed", "instrument": "caf",
            "version": "1", "owner": "hill-school", "amends": None,
        }
    ]  # fmt: skip
    entries = {entry["id"]: entry for entry in read["entries"]}
    assert len(entries) == 4
    assert entries[strength] == {
        "id": strength,
        "area": "assessment",
        "kind": "strength",
        "owner": "hill-school",
        "accountable": None,
        "categories": ["learning"],
        "subjects": [service.person],
        "unanswered": False,
        "draft": False,
        "recorded_at": "2030-03-04T09:00:00.000000Z",
        "author": "Ada North",
        "version": 1,
        "fields": {"element": "aspirations", "headline": "Wants to be a chef", "whose_view": "child"},
        "part_of": assessment,
    }
    assert entries[need]["categories"] == ["wellbeing", "mental_health"]
    labels = await service.call("POST", "/cases/labels", {"cases": [service.case]})
    assert {label["id"] for label in labels[service.case]} == entries.keys()
