"""James before anybody was in charge, through the public API, on both stores and in both run modes."""

from datetime import date
from typing import Any

import pytest

from deploy.stories import james_money, james_unled
from deploy.stories.client import Api, Refused
from deploy.stories.james_money import ASKED_FOR, SPENT, SPENT_PENCE, SUPPORT_PENCE
from deploy.stories.james_unled import Plan, Unled
from deploy.stories.steps import nominate
from shared.clock import utc_now
from tests.journeys.notices import days_pass, waits_for
from tests.journeys.views import of_kind
from tests.support.suite import RunningSuite

pytestmark = pytest.mark.anyio

SCHOOL_MANAGER, JUSTICE_MANAGER, CO_ORDINATOR, ELSEWHERE = "grace.obi", "liz.hart", "paul.ensor", "femi.cole"
LEAD = "sam.okafor"


async def test_the_suite_warns_and_then_somebody_is_in_charge(api: Api, suite: RunningSuite) -> None:
    today = utc_now().date()
    story = await james_unled.tell(api)
    assert [warning["code"] for warning in story.warnings] == ["no_voice_recorded"]
    await that_nobody_leads_is_told_to_whoever_can_change_it(api, story, suite)
    await a_missed_review_climbs_the_ladder(api, story)
    await an_agency_that_stays_away_again_and_again_is_told_of(api, story)
    await somebody_accepts_and_the_alarm_is_over(api, story)
    await housing_before_release_is_warned_of_early(api, story, suite, today)
    await a_services_missed_promise_shows_like_the_familys(api, story, today)
    await who_pays_is_written_down(api, story, today.year - 1)


async def that_nobody_leads_is_told_to_whoever_can_change_it(
    api: Api, story: Unled, suite: RunningSuite
) -> None:
    alarms = ("lead_vacant", "review_overdue", "review_escalated", "agency_missing")
    everybody = (SCHOOL_MANAGER, JUSTICE_MANAGER, CO_ORDINATOR, ELSEWHERE, LEAD, "hana.novak", "ben.carver")
    await days_pass(suite)
    for user in everybody:
        assert await waits_for(api, user, story.case, *alarms) == [], f"{user}: nothing is late on day one"
    await days_pass(suite, days=11)
    told = {user: await waits_for(api, user, story.case, "lead_vacant") for user in everybody}
    assert {user for user, notices in told.items() if notices} == {
        SCHOOL_MANAGER, JUSTICE_MANAGER, CO_ORDINATOR,
    }  # fmt: skip
    unled = (await (await api.sign_in(CO_ORDINATOR)).get("/v1/cases", filter="no_lead", limit=100))["cases"]
    assert story.case in {case["id"] for case in unled}, "a co-ordinator needs no seat to find somebody"


async def a_missed_review_climbs_the_ladder(api: Api, story: Unled) -> None:
    """Ten days late, with nobody who leads and nobody who owns it: the managers of the agencies at work."""
    for user in (SCHOOL_MANAGER, JUSTICE_MANAGER):
        kinds = [kind for kind, _ in await waits_for(api, user, story.case)]
        assert ("review_overdue" in kinds, "review_escalated" in kinds) == (True, True)
    for user in (ELSEWHERE, "hana.novak", "ben.carver"):
        assert await waits_for(api, user, story.case, "review_overdue", "review_escalated") == []


async def an_agency_that_stays_away_again_and_again_is_told_of(api: Api, story: Unled) -> None:
    await james_unled.meet_without_youth_offending(api, story)
    managers = (SCHOOL_MANAGER, JUSTICE_MANAGER)
    assert [await waits_for(api, user, story.case, "agency_missing") for user in managers] == [[], []]
    again = await james_unled.meet_without_youth_offending(api, story)
    for user in managers:
        assert await waits_for(api, user, story.case, "agency_missing") == [("agency_missing", story.case)]
    for user in (ELSEWHERE, "hana.novak", "ben.carver"):
        assert await waits_for(api, user, story.case, "agency_missing") == []
    listed = await (await api.sign_in(SCHOOL_MANAGER)).get(f"/v1/cases/{story.case}/meetings")
    assert listed["missed"] == [{"agency": "youth-offending", "times": 2}]
    seen = await (await api.sign_in(SCHOOL_MANAGER)).get(f"/v1/cases/{story.case}/meetings/{again}")
    assert {one["agency"]: one["state"] for one in seen["attendance"]} == {
        "youth-offending": "absent", "tidewater-housing": "present",
    }  # fmt: skip


async def somebody_accepts_and_the_alarm_is_over(api: Api, story: Unled) -> None:
    sam = await api.sign_in("sam.okafor")
    with pytest.raises(Refused) as refused:
        await nominate(sam, story.case, story.seat_of_sam)
    assert refused.value.status == 403
    assert "Nobody nominates themselves" in refused.value.document["detail"]
    nomination = await james_unled.sam_accepts(api, story)
    for user in (SCHOOL_MANAGER, JUSTICE_MANAGER, CO_ORDINATOR):
        assert await waits_for(api, user, story.case, "lead_vacant") == []
    mother = await api.sign_in("karen.mercer", person=story.mother)
    lead = await mother.get(f"/v1/cases/{story.case}/lead-professional")
    card = lead["lead_professional"]
    assert (card["name"], card["agency"], card["telephone"]) == (
        "Sam Okafor", "youth-offending", "01632 960100",
    )  # fmt: skip
    assert [(one["id"], one["state"]) for one in lead["nominations"]] == [(nomination, "accepted")]


async def housing_before_release_is_warned_of_early(
    api: Api, story: Unled, suite: RunningSuite, today: date
) -> None:
    plan = await james_unled.agree_on_his_way_home(api, story, today)
    lead = await api.sign_in(LEAD)
    listed = await lead.get(f"/v1/cases/{story.case}/actions")
    follow_up = {one["action"]: one for one in listed["follow_up"]}
    assert follow_up[plan.release]["needs"] == [plan.housing]
    [release] = [one for one in listed["entries"] if one["id"] == plan.release]
    assert release["fields"]["family_wishes"] == "His mother wants him home, not in a hostel."
    await days_pass(suite)
    assert await _warned(api, story, plan) == {}
    await james_unled.housing_needs_longer(api, story, plan, today)
    await days_pass(suite)
    assert await _warned(api, story, plan) == {LEAD: [plan.release], "hana.novak": [plan.housing]}


async def _warned(api: Api, story: Unled, plan: Plan) -> dict[str, list[str]]:
    """Who is warned that what they do, or wait for, comes too late: by user the actions."""
    warned = {}
    for user in (LEAD, "hana.novak", "nadia.bell", "ben.carver", SCHOOL_MANAGER):
        told = await waits_for(api, user, story.case, "late_for_what_follows")
        if told:
            warned[user] = sorted({about for _, about in told})
    return warned


async def a_services_missed_promise_shows_like_the_familys(api: Api, story: Unled, today: date) -> None:
    compact = await james_money.promise_each_other(api, story.case, story.james, today)
    await james_unled.both_are_missed(api, story, compact)
    for user in ("nadia.bell", LEAD):
        shown = await _commitments(api, user, story)
        service, family = shown[compact.of_the_service], shown[compact.of_james]
        assert service.keys() == family.keys()
        assert service["standing"] == family["standing"] == "missed"
        assert service["commitment"]["fields"].keys() == family["commitment"]["fields"].keys()
        assert service["commitment"]["fields"]["said_by"] == {"person": story.mother}
        assert family["commitment"]["fields"]["said_by"] == {"agency": "northgate-school"}
    told = await waits_for(api, LEAD, story.case, "promise_missed")
    assert told == sorted(("promise_missed", one) for one in (compact.of_the_service, compact.of_james))


async def _commitments(api: Api, user: str, story: Unled) -> dict[str, Any]:
    view = await (await api.sign_in(user)).get(f"/v1/cases/{story.case}/compact")
    [version] = view["versions"]
    return {one["commitment"]["id"]: one for one in version["commitments"]}


async def who_pays_is_written_down(api: Api, story: Unled, year: int) -> None:
    """£154,000 was spent where £42,000 of support was asked for: 3.67 times as much."""
    await james_money.what_was_spent(api, story.case, year)
    allocation = await james_money.what_support_would_cost(api, story.case)
    sam = await api.sign_in(LEAD)
    view = await sam.get(f"/v1/cases/{story.case}")
    costs = of_kind(view, "service_cost")
    assert {entry["owner"] for entry in costs} == {"youth-offending", "northgate-school", "tidewater-housing"}
    spent = sum(entry["fields"]["pence"] for entry in costs)
    assert spent == sum(pence for *_, pence in SPENT) == SPENT_PENCE
    instead = [entry["fields"] for entry in costs if "planned_alternative" in entry["fields"]]
    assert [(one["planned_alternative"], one["planned_alternative_pence"]) for one in instead] == [
        (ASKED_FOR, SUPPORT_PENCE)
    ]
    [budget] = (await sam.get(f"/v1/cases/{story.case}/budget"))["allocations"]
    assert (budget["allocation"]["id"], budget["balance"]["free_pence"]) == (allocation, SUPPORT_PENCE)
    assert round(spent / budget["balance"]["free_pence"], 2) == 3.67
    scrutineer = await api.sign_in("rita.shaw")
    report = await scrutineer.get("/v1/reports/costs", by="agency", period=str(year))
    assert (report["rows"], report["people"], report["pence"]) == ([], None, None), "one boy is no statistic"
