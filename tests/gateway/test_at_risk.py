"""Somebody at risk is not saved without an owner and a next date, and not lost after that (design 1).

Three changes that make this fail: saving a risk of harm without asking who looks after it, saving it and not
following it up in the case, letting a later day take the place of a sooner one before anybody looked.
"""

from typing import Any

import pytest
from sqlalchemy import delete, update

from services.case.cases.lifecycle import NO_REVIEW
from services.case.cases.repository import set_review
from services.case.reviews.tables import ReviewOwner
from services.case.team.tables import Membership
from tests.gateway.conftest import HouseWorld
from tests.support.gateway import LEDGER_TABLES, As, fields_of, problem

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
REFERRED = {
    "kind": "conclusion", "conclusion": "risk_of_harm", "referred_at": "2031-03-02T08:00:00Z",
    "referred_to": "Children's services",
}  # fmt: skip


async def an_assessment(home: HouseWorld, user: str = "sam.okafor") -> str:
    """The path of a draft."""
    case, session = home.house.case, home.world.as_(user)
    body = {
        "instrument": "caf", "instrument_version": "1", "person": home.house.child,
        "started_on": "2031-03-01", "reason_for_assessment": "He was seen with a bruise.",
        "sensitive_content": [],
    }  # fmt: skip
    started = await session.post(f"/v1/cases/{case}/assessments", body)
    return f"/v1/cases/{case}/assessments/{started['id']}"


async def review_on(session: As, case: str) -> str | None:
    day = (await session.get(f"/v1/cases/{case}"))["header"]["review_on"]
    return None if day is None else str(day)


async def test_a_risk_of_harm_is_followed_up_in_the_case(home: HouseWorld) -> None:
    world, house = home.world, home.house
    sam, hana = world.as_("sam.okafor"), world.as_("hana.novak")
    school, guard = world.as_("nadia.bell"), world.as_("school.guard")
    path = await an_assessment(home, "nadia.bell")
    before = await review_on(sam, house.case)
    assert before is not None
    followed = {"follow_up_owner": house.housing_member, "follow_up_on": "2031-03-10"}
    saved = await school.post(f"{path}/entries", {**REFERRED, **followed})
    assert await review_on(sam, house.case) == "2031-03-10" < before
    assert await review_on(hana, house.case) == "2031-03-10"
    told = [
        one for one in (await hana.get("/v1/notices?limit=100"))["notices"] if one["kind"] == "review_to_own"
    ]
    assert [(one["case"], one["about"]) for one in told] == [(house.case, house.case)]
    shown = next(e for e in (await guard.get(path))["entries"] if e["id"] == saved["id"])
    assert {name: shown["fields"][name] for name in followed} == followed
    gaps = (await world.as_("kit.vane").get("/v1/users/hana.novak/gaps?limit=100"))["gaps"]
    assert [gap["review"] for gap in gaps if gap["case"]["id"] == house.case] == [True]

    later = {"follow_up_owner": house.lead_member, "follow_up_on": "2031-09-01"}
    await guard.patch(f"{path}/entries/{saved['id']}", later, shown["etag"])
    assert await review_on(sam, house.case) == "2031-03-10", "nothing takes a day away"
    told = [one["kind"] for one in (await sam.get("/v1/notices?limit=100"))["notices"]]
    assert "review_to_own" in told, "another owner is told"


async def test_nothing_is_saved_where_nobody_can_look_after_it(home: HouseWorld) -> None:
    world, house = home.world, home.house
    sam = world.as_("sam.okafor")
    path = await an_assessment(home)
    left = (await sam.get(f"/v1/cases/{house.case}/team"))["team"]
    someone = {"follow_up_owner": house.lead_member, "follow_up_on": "2031-03-10"}
    before = await world.rows(without=LEDGER_TABLES)
    day_before = await review_on(sam, house.case)
    for changes, field in (
        ({"follow_up_owner": None}, "follow_up_owner"),
        ({"follow_up_on": None}, "follow_up_on"),
        ({"follow_up_owner": house.child}, "follow_up_owner"),
        ({"follow_up_owner": "sam.okafor"}, "follow_up_owner"),
        ({"follow_up_on": "2031-03-01"}, "follow_up_on"),
        ({"follow_up_on": "2031-02-29"}, "follow_up_on"),
        ({"referred_to": None}, "referred_to"),
    ):
        response = await sam.send("POST", f"{path}/entries", {**REFERRED, **someone, **changes})
        assert (response.status_code, fields_of(response)) == (422, [field]), changes
    assert await world.rows(without=LEDGER_TABLES) == before
    assert await review_on(sam, house.case) == day_before
    assert all(seat["until"] is None for seat in left)


async def test_an_owner_who_has_left_is_no_owner(home: HouseWorld) -> None:
    world, house = home.world, home.house
    sam, ruth = world.as_("sam.okafor"), world.as_("ruth.amadi")
    path = await an_assessment(home)
    team = (await sam.get(f"/v1/cases/{house.case}/team"))["team"]
    seat = next(one["id"] for one in team if one["user"] == "ruth.amadi")
    await ruth.delete(f"/v1/cases/{house.case}/team/{seat}", {"reason": "I move away."})
    body = {**REFERRED, "follow_up_owner": seat, "follow_up_on": "2031-03-10"}
    response = await sam.send("POST", f"{path}/entries", body)
    assert (response.status_code, fields_of(response)) == (422, ["follow_up_owner"])


async def test_who_cannot_act_looks_after_nobody(home: HouseWorld) -> None:
    """Not when a review is set, when a conclusion is saved or changed, nor when it is signed."""
    world, house = home.world, home.house
    school, path = world.as_("nadia.bell"), await an_assessment(home, "nadia.bell")
    guard = world.as_("school.guard")
    team = (await school.get(f"/v1/cases/{house.case}/team"))["team"]
    volunteer = next(one["id"] for one in team if one["role"] == "volunteer" and one["until"] is None)
    able = {**REFERRED, "follow_up_owner": house.lead_member, "follow_up_on": "2031-03-10"}
    saved = (await school.post(f"{path}/entries", able))["id"]
    await world.as_("hous.officer").post("/v1/users/hana.novak/suspension", {"reason": "A complaint"})
    try:
        before = await world.rows(without=LEDGER_TABLES)
        [shown] = [entry for entry in (await guard.get(path))["entries"] if entry["id"] == saved]
        for owner in (house.housing_member, volunteer):
            review = {"review_on": "2031-03-09", "at_risk": True, "owner": owner}
            refused = await school.send("POST", f"/v1/cases/{house.case}/reviews", review)
            assert (refused.status_code, fields_of(refused)) == (422, ["owner"])
            told = {"follow_up_owner": owner}
            added = await school.send("POST", f"{path}/entries", {**able, **told})
            etag = {"If-Match": shown["etag"]}
            changed = await guard.send("PATCH", f"{path}/entries/{saved}", told, headers=etag)
            for response in (added, changed):
                assert (response.status_code, fields_of(response)) == (422, ["follow_up_owner"])
        assert await world.rows(without=LEDGER_TABLES) == before
    finally:
        await world.as_("hous.officer").send("DELETE", "/v1/users/hana.novak/suspension")


async def test_who_is_at_risk_is_not_put_off_unseen_nor_left_behind_when_the_case_is_closed(
    home: HouseWorld,
) -> None:
    world, house = home.world, home.house
    school = world.as_("nadia.bell")
    opened = {"person": house.child, "reason": "She asked", "opener": {"job_title": "Mentor"}}
    case = f"/v1/cases/{(await school.post('/v1/cases', opened))['id']}"
    seat = (await school.get(f"{case}/team"))["team"][0]["id"]
    await school.post(f"{case}/reviews", {"review_on": "2031-03-10", "at_risk": True, "owner": seat})
    before = await world.rows(without=LEDGER_TABLES)
    for path, body, field in (
        ("reviews", {"review_on": "2031-03-11"}, "held_on"),
        ("reviews", {"review_on": "2031-09-01", "owner": seat, "note": "Fine"}, "held_on"),
        ("closure", {"reason": "needs_met"}, "watched_over_by"),
        ("closure", {"reason": "needs_met", "watched_over_by": None}, "watched_over_by"),
        ("closure", {"reason": "needs_met", "watched_over_by": ""}, "watched_over_by"),
    ):
        response = await school.send("POST", f"{case}/{path}", body)
        assert (response.status_code, fields_of(response)) == (422, [field]), body
    assert await world.rows(without=LEDGER_TABLES) == before
    await school.post(f"{case}/reviews", {"review_on": "2031-03-09", "owner": seat})
    await school.post(
        f"{case}/reviews", {"review_on": "2031-03-20", "held_on": "2031-03-03", "outcome": "slow"}
    )
    await school.post(f"{case}/closure", {"reason": "needs_met", "watched_over_by": "Ada Finch, social care"})
    guard = world.as_("school.guard")
    said = [one["fields"].get("watched_over_by") for one in (await guard.get(f"{case}/reviews"))["entries"]]
    assert said.count("Ada Finch, social care") == 1


async def test_a_closed_case_is_opened_again_first(home: HouseWorld) -> None:
    world, house = home.world, home.house
    school = world.as_("nadia.bell")
    opened = {"person": house.child, "reason": "She asked", "opener": {"job_title": "Mentor"}}
    case = (await school.post("/v1/cases", opened))["id"]
    body = {
        "instrument": "caf", "instrument_version": "1", "person": house.child, "started_on": "2031-03-01",
        "reason_for_assessment": "A bruise", "sensitive_content": [],
    }  # fmt: skip
    path = f"/v1/cases/{case}/assessments/{(await school.post(f'/v1/cases/{case}/assessments', body))['id']}"
    seat = (await school.get(f"/v1/cases/{case}/team"))["team"][0]["id"]
    await school.post(f"/v1/cases/{case}/closure", {"reason": "needs_met"})
    risk = {**REFERRED, "follow_up_owner": seat, "follow_up_on": "2031-03-10"}
    response = await school.send("POST", f"{path}/entries", risk)
    assert (response.status_code, problem(response)) == (409, "conflict")
    await school.post(f"/v1/cases/{case}/reopening", {"reason": "Another bruise"})
    await school.post(f"{path}/entries", risk)
    assert await review_on(school, case) == "2031-03-10"


async def test_signing_follows_up_what_was_not(home: HouseWorld) -> None:
    """As after a request that broke off between the two services and was never sent again."""
    world, house = home.world, home.house
    school = world.as_("nadia.bell")
    opened = {"person": house.child, "reason": "She asked", "opener": {"job_title": "Mentor"}}
    case = (await school.post("/v1/cases", opened))["id"]
    seat = (await school.get(f"/v1/cases/{case}/team"))["team"][0]["id"]
    body = {
        "instrument": "caf", "instrument_version": "1", "person": house.child, "started_on": "2031-03-01",
        "reason_for_assessment": "A bruise", "sensitive_content": [],
    }  # fmt: skip
    path = f"/v1/cases/{case}/assessments/{(await school.post(f'/v1/cases/{case}/assessments', body))['id']}"
    for entry in (
        {
            "kind": "need", "element": "participation", "headline": "Away", "whose_view": "practitioner",
            "sensitive_content": [], "subjects": [house.child],
        },
        {"kind": "review", "review_on": "2031-06-01"},
        {"kind": "comment", "voice_of": "child_or_young_person", "text": "x", "sensitive_content": []},
        {**REFERRED, "follow_up_owner": seat, "follow_up_on": "2031-03-10"},
    ):  # fmt: skip
        await school.post(f"{path}/entries", entry)
    await _as_if_it_had_broken_off(home, case)
    assert await review_on(school, case) is None
    signature = {"child_or_young_person": "agreed", "parent_or_carer": "agreed"}
    await _recorded_as(home, seat, "volunteer")
    refused = await school.send("POST", f"{path}/signature", signature)
    assert (refused.status_code, fields_of(refused)) == (422, ["follow_up_owner"]), "by somebody who can act"
    await _recorded_as(home, seat, "practitioner")
    await school.post(f"{path}/signature", signature)
    assert await review_on(school, case) == "2031-03-10"


async def _recorded_as(home: HouseWorld, seat: str, role: str) -> None:
    def record(session: Any) -> None:
        session.execute(update(Membership).where(Membership.id == seat).values(role=role))

    await home.world.store("case").write(record)


async def _as_if_it_had_broken_off(home: HouseWorld, case: str) -> None:
    parts = home.world.suite.services["case"].state.parts

    def undo(session: Any) -> None:
        session.execute(delete(ReviewOwner).where(ReviewOwner.case_id == case))
        set_review(session, case, NO_REVIEW)

    await parts.store.write(undo)
