"""The inclusion panel meets, through the public API, on both stores and in both run modes."""

from datetime import date
from typing import Any

import pytest

from deploy.stories import inclusion_panel, panel_meeting
from deploy.stories.client import Api, Refused
from deploy.stories.inclusion_panel import CAMHS, CHARITY, EDUCATION, HOUSING, POLICE, READERS, Panel
from deploy.stories.meetings import close, plan_meeting
from deploy.stories.panel_meeting import APOLOGIES, CHAIR, NOBODY_CAME, NURSE, PLEDGED, THERE, Meeting
from shared.clock import rfc3339, utc_now
from tests.journeys.notices import days_pass, waits_for
from tests.journeys.views import headlines, kinds, of_kind
from tests.support.suite import RunningSuite

pytestmark = pytest.mark.anyio

ATTENTION = "Waits for an assessment of his attention"
LEAD = "ivor.pryce"
MENTOR = "ben.carver"


async def test_the_panel_meets(api: Api, suite: RunningSuite) -> None:
    today = utc_now().date()
    story = await inclusion_panel.tell(api)
    await it_is_for_some_and_only_if_they_want(api, story, today)
    needs = await needs_of(api, story)
    planned = await panel_meeting.plan(api, story, list(needs.values()), needs[ATTENTION])
    await who_is_invited_considers_the_case_and_answers(api, story, planned)
    await each_reads_of_the_papers_what_they_may_see_then(api, story, planned, needs)
    await the_chair_learns_what_somebody_there_may_not_hear(api, story, planned, needs)
    await a_decision_keeps_the_views_and_goes_into_the_plan(api, story, planned, today)
    pledges = await only_who_is_there_pledges(api, story, planned, today)
    await when_it_is_over_nobody_considers_the_case(api, story, planned)
    await what_is_late_is_chased(api, story, pledges, suite)
    await whether_a_pledge_was_kept_is_for_the_others_to_say(api, story, pledges)
    await the_mentor_sees_goals_and_appointments_only(api, story, planned)
    await what_the_mother_takes_back_is_gone_from_the_papers(api, story, planned, needs)


async def needs_of(api: Api, story: Panel) -> dict[str, str]:
    """What the chair sees of what each knows: headline to id."""
    view = await (await api.sign_in(CHAIR)).get(f"/v1/cases/{story.case}")
    found = {entry["fields"]["headline"]: entry["id"] for entry in of_kind(view, "need")}
    assert ATTENTION in found
    return found


async def refused(awaited: Any) -> Refused:
    with pytest.raises(Refused) as told:
        await awaited
    return told.value


async def it_is_for_some_and_only_if_they_want(api: Api, story: Panel, today: date) -> None:
    charity = await api.sign_in(CHAIR)
    too_old = await panel_meeting.open_for_somebody_of(api, 14, today)
    for case, changes, field in (
        (too_old, {}, "panel"),
        (story.case, {"eligibility": {"area": "Harbourside", "agreed": True}}, "eligibility.area"),
        (story.case, {"eligibility": {"area": panel_meeting.AREA}}, "eligibility.agreed"),
        (story.case, {"starts_at": rfc3339(utc_now())}, "starts_at"),
    ):
        told = await refused(plan_meeting(charity, case, "Panel", **panel_meeting.panel(**changes)))
        assert (told.status, [error["field"] for error in told.document["errors"]]) == (422, [field])
    told = await refused(plan_meeting(charity, too_old, "Panel", **panel_meeting.panel()))
    assert told.document["errors"][0]["message"] == (
        "This panel takes ages from 8 to 13, and they will be 14 on its day."
    )


async def who_is_invited_considers_the_case_and_answers(api: Api, story: Panel, planned: Meeting) -> None:
    nurse = await api.sign_in(NURSE)
    for user in (NURSE, APOLOGIES, MENTOR):
        assert await waits_for(api, user, story.case, "invitation") == [
            ("invitation", planned.invitations[user])
        ]
    assert (await nurse.get(f"/v1/cases/{story.case}"))["header"]["relationship"] == "considering"
    waiting = (await nurse.get("/v1/worklists/awaiting-answer"))["notices"]
    assert planned.invitations[NURSE] in {one["about"] for one in waiting}
    await panel_meeting.answer(api, story, planned)
    for user in (NURSE, APOLOGIES):
        assert await waits_for(api, user, story.case, "invitation") == []
    states = await attendance(api, story, planned)
    assert (states[NURSE], states[APOLOGIES], states[NOBODY_CAME]) == ("accepted", "apologies", "invited")


async def attendance(api: Api, story: Panel, planned: Meeting) -> dict[str, str]:
    seen = await (await api.sign_in(CHAIR)).get(path_of(story, planned))
    return {one["user"]: one["state"] for one in seen["attendance"]}


def path_of(story: Panel, planned: Meeting) -> str:
    return f"/v1/cases/{story.case}/meetings/{planned.meeting}"


async def papers_of(api: Api, user: str, story: Panel, planned: Meeting) -> dict[str, str]:
    """The papers that somebody may read now: headline to level."""
    seen = await (await api.sign_in(user)).get(path_of(story, planned))
    assert sorted({paper for line in seen["agenda"] for paper in line["papers"]}) == sorted(
        paper["id"] for paper in seen["papers"]
    )
    return {paper["fields"]["headline"]: paper["level"] for paper in seen["papers"]}


async def each_reads_of_the_papers_what_they_may_see_then(
    api: Api, story: Panel, planned: Meeting, needs: dict[str, str]
) -> None:
    seen = {}
    for user in (*READERS.values(), NURSE):
        view = await (await api.sign_in(user)).get(f"/v1/cases/{story.case}")
        may = {headline: level for headline, level in headlines(view).items() if headline in needs}
        assert await papers_of(api, user, story, planned) == may, user
        seen[user] = frozenset(may)
    assert seen[CHAIR] == set(needs)
    assert seen["asif.khan"] == {ATTENTION}
    assert seen[MENTOR] == set()
    assert ATTENTION not in seen["pc.dunn"] | seen["hana.novak"] | seen[NURSE]
    assert len(set(seen.values())) >= 4, "they do not all read the same"


async def the_chair_learns_what_somebody_there_may_not_hear(
    api: Api, story: Panel, planned: Meeting, needs: dict[str, str]
) -> None:
    """His appointment may be talked of where education and CAMHS are, and not with the police in the room."""
    await panel_meeting.who_came(api, story, planned)
    states = await attendance(api, story, planned)
    assert {user for user, state in states.items() if state == "present"} == set(THERE)
    assert (states[APOLOGIES], states[NOBODY_CAME]) == ("apologies", "absent")
    chair = await api.sign_in(CHAIR)
    lines = (await chair.get(f"{path_of(story, planned)}/room"))["entries"]
    assert all(line.keys() == {"entry", "item", "everybody_may_see"} for line in lines)
    heard = {(line["entry"], line["item"] == planned.closed): line["everybody_may_see"] for line in lines}
    assert heard[needs[ATTENTION], False] is False
    assert heard[needs[ATTENTION], True] is True
    told = await refused((await api.sign_in("pc.dunn")).get(f"{path_of(story, planned)}/room"))
    assert told.status == 403


async def a_decision_keeps_the_views_and_goes_into_the_plan(
    api: Api, story: Panel, planned: Meeting, today: date
) -> None:
    decided = await panel_meeting.decide(api, story, planned, today)
    chair, lead = await api.sign_in(CHAIR), await api.sign_in(LEAD)
    whose = {
        session.user: [one["fields"]["whose"] for one in seen["views_heard"]]
        for session in (chair, lead)
        if (seen := await session.get(path_of(story, planned)))["decisions"][0]["id"] == decided["id"]
    }
    assert whose == {CHAIR: ["child_or_young_person", "parent_or_carer", "agency"], LEAD: []}, (
        "what he says is asked for apart, and his mother was asked about his everyday life only"
    )
    plan = {one["id"]: one for one in (await lead.get(f"/v1/cases/{story.case}/actions"))["entries"]}
    [action] = decided["actions"]
    assert plan[action]["fields"]["agreed_at"] == planned.meeting
    assert "pledge" not in plan[action]["fields"]


async def only_who_is_there_pledges(api: Api, story: Panel, planned: Meeting, today: date) -> dict[str, str]:
    before = await pledges_seen(api, CHAIR, story)
    for absent in (HOUSING, "futures-careers"):
        told = await refused(panel_meeting.pledge_for(api, story, planned, absent, today))
        assert [error["field"] for error in told.document["errors"]] == ["actions.0.accountable"]
    assert await pledges_seen(api, CHAIR, story) == before == {}
    made = await panel_meeting.pledge(api, story, planned, today)
    assert set(made) == {agency for agency, *_ in PLEDGED}
    for user, agency in (("pc.dunn", POLICE), (LEAD, EDUCATION), ("asif.khan", CAMHS)):
        shown = await pledges_seen(api, user, story)
        assert shown == dict.fromkeys(made.values(), ("pledged", "open"))
        worklist = (await (await api.sign_in(user)).get("/v1/worklists/promises", limit=100))["promises"]
        own = {line["entry"]["id"] for line in worklist if line["case"] == story.case}
        assert made[agency] in own
        assert own.isdisjoint(set(made.values()) - {made[agency]}), "each its own"
    return made


async def pledges_seen(api: Api, user: str, story: Panel) -> dict[str, tuple[str, str]]:
    """By pledge how it stands: as a pledge, and in the words of every promise."""
    lines = (await (await api.sign_in(user)).get(f"/v1/cases/{story.case}/pledges"))["pledges"]
    return {line["pledge"]["id"]: (line["pledge"]["fields"]["pledge"], line["standing"]) for line in lines}


async def when_it_is_over_nobody_considers_the_case(api: Api, story: Panel, planned: Meeting) -> None:
    closed = await close(await api.sign_in(CHAIR), story.case, planned.meeting)
    assert (closed["state"], closed["enforced_at"][-1]) == ("held", "Z")
    nurse = await api.sign_in(NURSE)
    view = await nurse.get(f"/v1/cases/{story.case}")
    assert not any(view["areas"].values()), "no more than any stranger in a practitioner's role"
    assert (await refused(nurse.get(path_of(story, planned)))).status == 404


async def what_is_late_is_chased(
    api: Api, story: Panel, pledges: dict[str, str], suite: RunningSuite
) -> None:
    """The police keep theirs within the week; education's is late on the eighth day, and told of."""
    police = await api.sign_in("pc.dunn")
    actions = (await police.get(f"/v1/cases/{story.case}/actions"))["entries"]
    etag = next(action["etag"] for action in actions if action["id"] == pledges[POLICE])
    done = {"status": "done", "outcome": "He waves now."}
    await police.patch(f"/v1/cases/{story.case}/actions/{pledges[POLICE]}", done, etag)
    await days_pass(suite, days=8)
    late = ("promise_overdue", "pledge_overdue")
    mine = {pledges[EDUCATION], pledges[POLICE]}

    async def told(user: str) -> set[tuple[str, str]]:
        return {one for one in await waits_for(api, user, story.case, *late) if one[1] in mine}

    assert await told(LEAD) == {("promise_overdue", pledges[EDUCATION])}
    assert await told(CHAIR) == {("pledge_overdue", pledges[EDUCATION])}, "whoever was in the chair is told"
    for user in ("pc.dunn", "moira.flynn", MENTOR, APOLOGIES):
        assert await told(user) == set()


async def whether_a_pledge_was_kept_is_for_the_others_to_say(
    api: Api, story: Panel, pledges: dict[str, str]
) -> None:
    """His mother says it of education's and of the police's; neither says it of its own."""
    path = f"/v1/cases/{story.case}/pledges"
    said = {"status": "missed", "what_happened": "There was no breakfast club."}
    own = await refused((await api.sign_in(LEAD)).post(f"{path}/{pledges[EDUCATION]}/standing", said))
    assert own.status == 403
    mother = await api.sign_in("karen.mercer", person=story.mother)
    await mother.post(f"{path}/{pledges[EDUCATION]}/standing", said)
    kept = {"status": "kept", "what_happened": "He says hello."}
    await mother.post(f"{path}/{pledges[POLICE]}/standing", kept)
    for user in (CHAIR, "pc.dunn", LEAD):
        shown = await pledges_seen(api, user, story)
        assert (shown[pledges[EDUCATION]], shown[pledges[POLICE]]) == (("missed", "missed"), ("kept", "kept"))
        assert shown[pledges[CHARITY]] == ("pledged", "open")
    assert ("promise_missed", pledges[EDUCATION]) in await waits_for(api, LEAD, story.case)
    assert await waits_for(api, CHAIR, story.case, "pledge_overdue") == []


async def the_mentor_sees_goals_and_appointments_only(api: Api, story: Panel, planned: Meeting) -> None:
    mentor = await api.sign_in(MENTOR)
    view = await mentor.get(f"/v1/cases/{story.case}")
    assert kinds(view) == {
        "name", "birth", "identifiers", "case_opening", "assessment", "goal", "review", "action", "meeting",
        "agenda_item", "meeting_decision",
    }  # fmt: skip
    assert {entry["level"] for area in view["areas"].values() for entry in area} == {"summary"}
    seen = await mentor.get(path_of(story, planned))
    assert seen["meeting"]["fields"].keys() == {"meeting_kind", "starts_at", "state"}
    assert {name for line in seen["agenda"] for name in line["item"]["fields"]} == {"meeting", "confidential"}
    assert (seen["papers"], seen["views_heard"]) == ([], [])
    assert {name for one in seen["decisions"] for name in one["fields"]} == {"meeting"}
    told = {name for one in of_kind(view, "action") for name in one["fields"]}
    assert told == {"desired_outcome", "by_when", "status", "accountable", "pledge"}


async def what_the_mother_takes_back_is_gone_from_the_papers(
    api: Api, story: Panel, planned: Meeting, needs: dict[str, str]
) -> None:
    charity = await api.sign_in(CHAIR)
    answers = (await charity.get(f"/v1/cases/{story.case}/consents"))["consents"]
    [asked] = [one["id"] for one in answers if one.get("categories") == ["mental_health"]]
    path = f"/v1/cases/{story.case}/consents/{asked}/withdrawal"
    await charity.post(path, {"withdrawn_by": story.mother})
    assert set(await papers_of(api, CHAIR, story, planned)) == set(needs) - {ATTENTION}
    assert await papers_of(api, "asif.khan", story, planned) == {ATTENTION: "full"}
