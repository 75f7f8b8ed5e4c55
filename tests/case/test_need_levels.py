"""Levels of need with their history, and the review that each brings forward.

Three changes that make this fail: pushing a review back because the need fell, forgetting the caseload,
reviewing at the level before, letting the next review be set later than the level allows.
"""

from datetime import date, timedelta

import pytest

from services.case.cases.lifecycle import NO_REVIEW
from services.case.need_levels.review_days import review_by
from shared.records.need_levels import Need
from tests.case.conftest import SCHOOL, TODAY, CaseService

pytestmark = pytest.mark.anyio
DAYS = (180, 90, 42, 14)


@pytest.mark.parametrize(
    "level, planned, review_on",
    [
        (Need.UNIVERSAL, NO_REVIEW, TODAY + timedelta(days=180)),
        (Need.ACUTE, NO_REVIEW, TODAY + timedelta(days=14)),
        (Need.COMPLEX, TODAY + timedelta(days=50), TODAY + timedelta(days=42)),
        (Need.COMPLEX, TODAY + timedelta(days=3), TODAY + timedelta(days=3)),
        (Need.ADDITIONAL, TODAY - timedelta(days=3), TODAY - timedelta(days=3)),  # missed is missed
    ],
)
def test_the_higher_the_need_the_sooner_the_review(level: Need, planned: date, review_on: date) -> None:
    assert review_by(level, planned, TODAY, DAYS) == review_on


async def test_the_newest_stands_and_those_before_are_its_history(service: CaseService) -> None:
    case = await service.case()
    answers = []
    for level in (2, 4, 1):
        body = {"level": level, "reason": f"Level {level} now."}
        answers.append(await service.post(SCHOOL, f"/cases/{case}/need-levels", body))
        service.clock.turn(minutes=1)
    due = [(TODAY + timedelta(days=days)).isoformat() for days in (90, 14, 14)]
    assert [answer["review_on"] for answer in answers] == due
    bundle = await service.bundle(case)
    assert bundle["case"]["review_on"] == due[-1]
    found = [entry for entry in bundle["entries"] if entry["kind"] == "need_level"]
    assert [entry["fields"]["level"] for entry in found] == [2, 4, 1]
    assert {tuple(entry["categories"]) for entry in found} == {("involvement", "plan")}
    page = await service.post(SCHOOL, "/caseload", {"filter": "mine"})
    assert [one["case"]["review_on"] for one in page["bundles"]] == [due[-1]]
    assert service.select("SELECT DISTINCT review_on FROM caseload") == service.select(
        f"SELECT review_on FROM cases WHERE id = '{case}'"
    )


async def test_whoever_reviews_sets_the_next_no_later_than_the_levels_of_all_allow(
    service: CaseService,
) -> None:
    """The newest of each person counts: a sister's acute need brings her brother's review forward too."""
    case = await service.case()
    sister = await service.person(given_names="Ann", family_name="Hartley")
    await service.post(SCHOOL, f"/cases/{case}/subjects", {"person": sister})

    async def review(day: date, **held: str) -> str:
        body = {"review_on": day.isoformat(), **held}
        return str((await service.post(SCHOOL, f"/cases/{case}/reviews", body))["review_on"])

    async def needs(level: int, **whom: list[str]) -> None:
        service.clock.turn(minutes=1)
        body = {"level": level, "reason": "As seen today.", **whom}
        await service.post(SCHOOL, f"/cases/{case}/need-levels", body)

    far, soon = TODAY + timedelta(days=3000), TODAY + timedelta(days=5)
    assert await review(far) == far.isoformat(), "of nobody is it known what they need"
    await needs(3)
    assert await review(far) == (TODAY + timedelta(days=42)).isoformat()
    await needs(4, subjects=[sister])
    assert await review(far) == (TODAY + timedelta(days=14)).isoformat()
    assert await review(soon) == soon.isoformat()
    await needs(1, subjects=[sister])
    await review(far, held_on=TODAY.isoformat(), outcome="on_track")
    bundle = await service.bundle(case)
    within = (TODAY + timedelta(days=42)).isoformat()
    assert bundle["case"]["review_on"] == within
    [kept] = [entry["fields"] for entry in bundle["entries"] if entry["kind"] == "case_review"]
    assert kept["review_on"] == within, "it says the day that was set, not the one that was wished"


@pytest.mark.parametrize("level", [0, 5, "3", 2.5, None, True])
async def test_there_are_four_levels(service: CaseService, level: object) -> None:
    case = await service.case()
    before = service.rows()
    body = {"level": level, "reason": "Because"}
    refused = await service.problem(SCHOOL, "POST", f"/cases/{case}/need-levels", body)
    assert (refused.kind, refused.errors[0].field) == ("invalid", "level")
    assert service.rows() == before
