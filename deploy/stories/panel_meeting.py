"""The youth inclusion panel meets (design 1, Sheffield): who is eligible, who comes, what each may read.

The charity chairs. A school nurse who is not on the team is invited and considers the case until it is over;
housing sends its apologies, the careers service does not come. What is pledged is chased.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from deploy.stories.client import Api, Session
from deploy.stories.inclusion_panel import (
    CAMHS,
    CHARITY,
    EDUCATION,
    POLICE,
    READERS,
    SOCIAL_SERVICES,
    YOUTH_OFFENDING,
    Panel,
)
from deploy.stories.meetings import came, invite, plan_meeting
from deploy.stories.steps import born, nhs_number, open_case, record_person
from shared.clock import Clock, utc_now

CHAIR, NURSE, APOLOGIES, NOBODY_CAME = "ola.strand", "ruth.amadi", "hana.novak", "tess.arden"
AREA = "Quarry Hill"
RULES = {"name": "Youth inclusion panel", "age_from": 8, "age_to": 13, "areas": [AREA], "voluntary": True}
ELIGIBLE = {"area": AREA, "agreed": True}
THERE = ("ivor.pryce", "moira.flynn", "sam.okafor", "pc.dunn", "asif.khan", NURSE)
PLEDGED: tuple[tuple[str, str, str, int], ...] = (
    (EDUCATION, "In class by nine", "Breakfast club, every day of term", 7),
    (SOCIAL_SERVICES, "Weekends that do not end in a row", "A worker for the Saturdays", 14),
    (YOUTH_OFFENDING, "Other friends", "A place in the climbing group", 28),
    (POLICE, "Home by dark", "The same officer on Fridays", 7),
    (CAMHS, "Somebody to talk to", "An appointment in the holidays", 42),
    (CHARITY, "Somebody on his side", "A mentor once a week", 14),
)
"""What each that is there pledges, and within how many days."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """What was planned, by id. ``closed``: the confidential item; ``invitations``: by user."""

    meeting: str
    closed: str
    invitations: dict[str, str]


def panel(**changes: Any) -> dict[str, Any]:
    """A panel for those from eight to thirteen of one part of town, who come of their own will."""
    return {"meeting_kind": "panel", "panel": RULES, "eligibility": ELIGIBLE, **changes}


async def open_for_somebody_of(api: Api, age: int, today: date) -> str:
    """Another child whom the charity would like to bring; gives the case."""
    charity = await api.sign_in(CHAIR)
    child = await record_person(charity, "Jay", "Orrell", born(age, today), nhs_number("9990000018"))
    return await open_case(charity, child, [], "A friend of his comes already.")


async def plan(api: Api, story: Panel, papers: list[str], hidden: str, clock: Clock = utc_now) -> Meeting:
    """The panel about Kyle, everybody invited; ``hidden`` is a paper of the confidential part."""
    charity = await api.sign_in(CHAIR)
    meeting = await plan_meeting(
        charity, story.case, "Kyle: what each of us can do", clock,
        **panel(
            agenda=[
                {"topic": "What each of us knows", "papers": papers},
                {"topic": "His appointment", "papers": [hidden], "confidential": True},
            ]
        ),
    )  # fmt: skip
    users = [user for user in READERS.values() if user != CHAIR]
    invitations = {user: await invite(charity, story.case, meeting, user) for user in (*users, NURSE)}
    agenda = (await charity.get(f"/v1/cases/{story.case}/meetings/{meeting}"))["agenda"]
    closed = next(line["item"]["id"] for line in agenda if line["item"]["fields"]["confidential"])
    return Meeting(meeting, closed, invitations)


async def answer(api: Api, story: Panel, planned: Meeting) -> None:
    """The nurse will come; housing sends its apologies."""
    path = f"/v1/cases/{story.case}/meetings/{planned.meeting}/invitations"
    for user, what in ((NURSE, "acceptance"), (APOLOGIES, "apologies")):
        await (await api.sign_in(user)).post(f"{path}/{planned.invitations[user]}/{what}")


async def who_came(api: Api, story: Panel, planned: Meeting) -> None:
    """All but housing and careers; for the confidential part only education and CAMHS, with the chair."""
    part = {
        "item": planned.closed,
        "present": [planned.invitations[user] for user in ("ivor.pryce", "asif.khan")],
    }
    there = [planned.invitations[user] for user in THERE]
    await came(await api.sign_in(CHAIR), story.case, planned.meeting, there, part)


async def decide(api: Api, story: Panel, planned: Meeting, today: date) -> Any:
    """He begins at the boxing club: his own wish, with a day, straight into the plan."""
    return await (await api.sign_in(CHAIR)).post(
        f"/v1/cases/{story.case}/meetings/{planned.meeting}/decisions",
        {
            "decision": "He begins at the boxing club.",
            "reasons": "It is his own wish, and Fridays are when it goes wrong.",
            "views": [
                {"whose": "child_or_young_person", "view": "I want to go boxing."},
                {"whose": "parent_or_carer", "view": "If somebody brings him home."},
                {"whose": "agency", "agency": POLICE, "view": "Better there than in the precinct."},
            ],
            "actions": [
                {
                    "desired_outcome": "Fridays that are his own",
                    "action": "Sign him up and pay the first term",
                    "accountable": CHARITY,
                    "by_when": (today + timedelta(days=10)).isoformat(),
                }
            ],
        },
    )


async def pledge(api: Api, story: Panel, planned: Meeting, today: date) -> dict[str, str]:
    """What each promises; gives the pledges by agency."""
    actions = [_pledge(agency, outcome, what, days, today) for agency, outcome, what, days in PLEDGED]
    made = await pledge_actions(await api.sign_in(CHAIR), story, planned, actions)
    return dict(zip((agency for agency, *_ in PLEDGED), made, strict=True))


async def pledge_for(api: Api, story: Panel, planned: Meeting, agency: str, today: date) -> list[str]:
    """The same for one agency, whether or not it was there."""
    action = _pledge(agency, "A bed of his own", "Put the family on the transfer list", 28, today)
    return await pledge_actions(await api.sign_in(CHAIR), story, planned, [action])


def _pledge(agency: str, outcome: str, what: str, days: int, today: date) -> dict[str, Any]:
    return {
        "desired_outcome": outcome, "action": what, "accountable": agency,
        "by_when": (today + timedelta(days=days)).isoformat(),
    }  # fmt: skip


async def pledge_actions(
    session: Session, story: Panel, planned: Meeting, actions: list[dict[str, Any]]
) -> list[str]:
    """Record pledges; gives their ids in order."""
    path = f"/v1/cases/{story.case}/meetings/{planned.meeting}/pledges"
    made: list[str] = (await session.post(path, {"actions": actions}))["actions"]
    return made
