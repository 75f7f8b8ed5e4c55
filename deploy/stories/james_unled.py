"""James before anybody was in charge (design 1): what the suite says of it, and what comes once somebody is.

His own view is not written down, nobody leads, and the youth offending team misses two reviews of three. Then
Sam Okafor accepts, the team agrees what has to be there before he is released, and both sides promise
something (``james_money``). A service's missed promise is shown like the family's.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from deploy.stories.client import Api, Session
from deploy.stories.james import HOUSING, SCHOOL, YOUTH_OFFENDING
from deploy.stories.james_money import Compact
from deploy.stories.meetings import came, close, invite, plan_meeting
from deploy.stories.steps import (
    add_entry,
    agree_to_take_part,
    join_team,
    nhs_number,
    nominate,
    open_case,
    permit,
    record_parent,
    record_person,
    start_assessment,
)
from shared.clock import Clock, rfc3339, utc_now


@dataclass(frozen=True, slots=True)
class Unled:
    """What the story made, by id. ``warnings``: what signing without a view of his own was answered with."""

    james: str
    mother: str
    case: str
    seat_of_sam: str
    warnings: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Plan:
    """His way home: ``release`` waits for ``housing``."""

    housing: str
    release: str


async def tell(api: Api, clock: Clock = utc_now) -> Unled:
    """Three agencies at work, an assessment without his view, and a review on a day; nobody leads."""
    now = clock()
    today = now.date()
    until = rfc3339(now + timedelta(days=180))
    school = await api.sign_in("nadia.bell")

    james = await record_person(
        school, "James", "Mercer", today.replace(year=today.year - 15, day=1), nhs_number("9990000018")
    )
    mother = await record_person(school, "Karen", "Mercer", None)
    case = await open_case(school, james, [mother], "His mother has asked for help since he was small.")
    await record_parent(school, mother, james, "mother")
    await agree_to_take_part(school, case, james, mother, "parent")
    await permit(
        school, case, james, mother, "parent", until=until,
        recipients=[YOUTH_OFFENDING, HOUSING, SCHOOL], categories=["involvement", "learning", "money_work"],
    )  # fmt: skip
    seat_of_sam = await join_team(school, case, "sam.okafor")
    await join_team(school, case, "hana.novak")
    await join_team(school, case, "ben.carver")
    signed = await _assessed_without_him(school, case, james, today)
    await school.post(f"/v1/cases/{case}/reviews", {"review_on": (today + timedelta(days=1)).isoformat()})
    return Unled(james, mother, case, seat_of_sam, list(signed["warnings"]))


async def _assessed_without_him(school: Session, case: str, james: str, today: date) -> Any:
    assessment = await start_assessment(
        school, case, james, "Sentenced for the second time.", today.isoformat()
    )
    await add_entry(
        school, case, assessment, kind="need", element="participation", subjects=[james],
        headline="In school two days a week", whose_view="practitioner", sensitive_content=[],
    )  # fmt: skip
    await add_entry(
        school, case, assessment, kind="comment", voice_of="parent_or_carer",
        text="I asked for help when he was eight.", additional_categories=[], sensitive_content=[],
    )  # fmt: skip
    await add_entry(school, case, assessment, kind="conclusion", conclusion="complex_needs")
    await add_entry(
        school, case, assessment, kind="review", review_on=(today + timedelta(days=42)).isoformat()
    )
    return await school.post(
        f"/v1/cases/{case}/assessments/{assessment}/signature",
        {
            "capacity": "practitioner",
            "child_or_young_person": "not_present",
            "parent_or_carer": "agreed",
            "no_voice_reason": "Nobody has asked him yet.",
        },
    )


async def meet_without_youth_offending(api: Api, story: Unled, clock: Clock = utc_now) -> str:
    """A review to which the youth offending team is invited and does not come; gives the meeting's id."""
    school = await api.sign_in("nadia.bell")
    meeting = await plan_meeting(school, story.case, "Review: where will he live?", clock)
    await invite(school, story.case, meeting, "sam.okafor")
    housing = await invite(school, story.case, meeting, "hana.novak")
    await came(school, story.case, meeting, [housing])
    await close(school, story.case, meeting)
    return meeting


async def sam_accepts(api: Api, story: Unled) -> str:
    """From now on somebody is in charge; gives the nomination's id."""
    nomination = await nominate(await api.sign_in("nadia.bell"), story.case, story.seat_of_sam)
    sam = await api.sign_in("sam.okafor")
    await sam.post(f"/v1/cases/{story.case}/lead-professional/nominations/{nomination}/acceptance")
    return nomination


async def agree_on_his_way_home(api: Api, story: Unled, today: date) -> Plan:
    """Housing before release: each agency puts down its own action, and his waits for theirs."""
    path = f"/v1/cases/{story.case}/actions"

    async def agreed(user: str, agency: str, outcome: str, action: str, due: int, **more: Any) -> str:
        body = {
            "desired_outcome": outcome, "action": action, "accountable": agency,
            "by_when": (today + timedelta(days=due)).isoformat(), "responsible_user": user, **more,
        }  # fmt: skip
        return str((await (await api.sign_in(user)).post(path, {"actions": [body]}))["actions"][0]["id"])

    housing = await agreed(
        "hana.novak", HOUSING, "A home to come back to", "Keep the tenancy; agree a repayment plan", 14
    )
    release = await agreed(
        "sam.okafor", YOUTH_OFFENDING, "He comes home", "Arrange his release on licence", 56,
        needed_by=(today + timedelta(days=28)).isoformat(), needs=[housing],
        family_wishes="His mother wants him home, not in a hostel.",
    )  # fmt: skip
    return Plan(housing, release)


async def housing_needs_longer(api: Api, story: Unled, plan: Plan, today: date) -> None:
    """Housing moves its own day beyond the one on which the release needs it."""
    hana = await api.sign_in("hana.novak")
    actions = (await hana.get(f"/v1/cases/{story.case}/actions"))["entries"]
    etag = next(action["etag"] for action in actions if action["id"] == plan.housing)
    later = {"by_when": (today + timedelta(days=40)).isoformat()}
    await hana.patch(f"/v1/cases/{story.case}/actions/{plan.housing}", later, etag)


async def both_are_missed(api: Api, story: Unled, compact: Compact) -> None:
    """His mother says it of the service's promise, and the school of his."""
    mother = await api.sign_in("karen.mercer", person=story.mother)
    school = await api.sign_in("nadia.bell")
    for session, commitment, happened in (
        (mother, compact.of_the_service, "Nobody came in two weeks."),
        (school, compact.of_james, "He did not ring on either Sunday."),
    ):
        path = f"/v1/cases/{story.case}/compact/commitments/{commitment}/standing"
        await session.post(path, {"status": "missed", "what_happened": happened})
