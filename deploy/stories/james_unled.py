"""James before anybody was in charge (design 1): what the suite says of it, and what comes once somebody is.

His own view is not written down, nobody leads, and the youth offending team misses two reviews of three. Then
Sam Okafor accepts, the team agrees what has to be there before he is released, and both sides promise
something. A service's missed promise is shown like the family's.

The papers' figures: support would have cost £42,000 until he was sixteen, and £154,000 was spent.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from deploy.stories.client import Api, Session
from deploy.stories.james import HOUSING, SCHOOL, YOUTH_OFFENDING
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

SUPPORT_PENCE = 4_200_000
ASKED_FOR = "The support that his mother asked for when he was eight, until sixteen"
SPENT_PENCE = 15_400_000
SPENT: tuple[tuple[str, str, int], ...] = (
    ("sam.okafor", "Two custodial sentences, and the courts", 11_200_000),
    ("nadia.bell", "School elsewhere, one to one", 2_900_000),
    ("hana.novak", "Arrears, notices and a move", 1_300_000),
)
"""Who spent what of it: the sum is the papers', the shares are ours."""


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


@dataclass(frozen=True, slots=True)
class Compact:
    """What the youth offending team and James promised each other, by id."""

    of_the_service: str
    of_james: str


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


async def promise_each_other(api: Api, story: Unled, today: date) -> Compact:
    """The compact of James and the youth offending team, each with a day."""
    made = await (await api.sign_in("nadia.bell")).post(
        f"/v1/cases/{story.case}/compact",
        {
            "preamble": "What we promise each other until he is home",
            "commitments": [
                {"promised_by": party, "promise": promise, "by_when": today.isoformat()}
                for party, promise in (
                    ({"agency": YOUTH_OFFENDING}, "Somebody visits him every week"),
                    ({"person": story.james}, "I ring my mother on Sundays"),
                )
            ],
        },
    )
    return Compact(*made["commitments"])


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


async def what_was_spent(api: Api, story: Unled, year: int) -> None:
    """Each agency records what its own work cost, over a year that is past; and the one that spent most what
    support would have cost instead."""
    instead = {"planned_alternative": ASKED_FOR, "planned_alternative_pence": SUPPORT_PENCE}
    for user, service, pence in SPENT:
        await (await api.sign_in(user)).post(
            f"/v1/cases/{story.case}/costs",
            {
                "service": service,
                "starts_on": f"{year}-01-01",
                "ends_on": f"{year + 1}-01-01",
                "pence": pence,
                **(instead if user == SPENT[0][0] else {}),
            },
        )


async def what_support_would_cost(api: Api, story: Unled) -> str:
    """The manager of the youth offending team gives its lead the sum of the papers; gives the allocation."""
    manager = await api.sign_in("liz.hart")
    stream = await manager.post(
        "/v1/budget-streams",
        {
            "name": "Support until sixteen",
            "total_pence": SUPPORT_PENCE,
            "may_buy": ["activity", "learning"],
            "second_signature_above_pence": 10_000,
        },
    )
    given = await manager.post(
        f"/v1/cases/{story.case}/budget/allocations",
        {"stream": stream["id"], "amount_pence": SUPPORT_PENCE, "purpose": "What he asked for at eight"},
    )
    return str(given["id"])
