"""A youth inclusion panel (design 1, Sheffield): eight services around an eleven-year-old who chose to come.

Each adds its own part, sees what it may of the others', and pledges something. The volunteer mentor sees the
goals, the pledges in outline and the day of the review, and nothing of the rest.

Here the services are the team, and what they promise are actions. Their panel meets in ``panel_meeting``.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from deploy.stories.client import Api, Session
from deploy.stories.steps import (
    add_entry,
    agree_to_take_part,
    born,
    contact,
    join_team,
    make_lead,
    nhs_number,
    open_case,
    permit,
    record_parent,
    record_person,
    start_assessment,
)
from shared.clock import Clock, rfc3339, utc_now

CHARITY, EDUCATION, SOCIAL_SERVICES, YOUTH_OFFENDING, POLICE, HOUSING, CAMHS, CAREERS = (
    "bright-path",
    "education-welfare",
    "harbour-social-care",
    "youth-offending",
    "borough-police",
    "tidewater-housing",
    "riverbank-camhs",
    "futures-careers",
)
READERS = {
    "charity": "ola.strand",
    "education": "ivor.pryce",
    "social services": "moira.flynn",
    "youth offending team": "sam.okafor",
    "police": "pc.dunn",
    "housing": "hana.novak",
    "CAMHS": "asif.khan",
    "careers": "tess.arden",
    "volunteer mentor": "ben.carver",
}
EVERYDAY = ["family", "learning", "behaviour", "wellbeing", "community"]
PARTS: tuple[tuple[str, str, str, list[str]], ...] = (
    ("ivor.pryce", "participation", "Late four mornings in five", []),
    ("moira.flynn", "wider_family", "His grandmother has him at weekends", []),
    ("sam.okafor", "behavioural_development", "Reprimanded with two older boys", ["offending"]),
    ("pc.dunn", "social_community", "Out late around the precinct", []),
    ("hana.novak", "housing_employment_finance", "Five people in two bedrooms", []),
    ("asif.khan", "emotional_social", "Waits for an assessment of his attention", ["mental_health"]),
    ("tess.arden", "aspirations", "Asks what a joiner does all day", []),
)
PLEDGES: tuple[tuple[str, str, str, int, list[str]], ...] = (
    (EDUCATION, "In class by nine", "Breakfast club from Monday", 7, []),
    (SOCIAL_SERVICES, "Weekends that do not end in a row", "Visit his grandmother", 14, []),
    (YOUTH_OFFENDING, "Other friends", "A place in the climbing group", 28, []),
    (POLICE, "Home by dark", "The same officer says hello on Fridays", 7, []),
    (HOUSING, "A bed of his own", "Put the family on the transfer list", 28, []),
    (CAMHS, "Knows why he cannot sit still", "First appointment brought forward", 42, ["mental_health"]),
    (CAREERS, "Sees what school is for", "A morning at a joiner's", 56, []),
    (CHARITY, "Somebody on his side", "A mentor once a week", 14, []),
)


@dataclass(frozen=True, slots=True)
class Panel:
    """What the story made, by id."""

    child: str
    mother: str
    case: str
    assessment: str


async def tell(api: Api, clock: Clock = utc_now) -> Panel:
    """The panel's case with every service's part and pledge."""
    now = clock()
    today = now.date()
    until = rfc3339(now + timedelta(days=180))
    charity = await api.sign_in("ola.strand")

    child = await record_person(
        charity, "Kyle", "Denby", born(11, today), nhs_number("9990000778"),
        contact(address="27 Quarry Hill", safe_way_to_make_contact="Text his mother."),
    )  # fmt: skip
    mother = await record_person(charity, "Shona", "Denby", born(33, today), nhs_number("9990000840"))
    others = [
        await record_person(charity, name, "Denby", born(age, today), nhs_number(number))
        for name, age, number in (
            ("Leah", 9, "9990000913"),
            ("Ryan", 2, "9990000980"),
            ("Maureen", 60, "9990001057"),
        )
    ]
    case = await open_case(
        charity, child, [mother, *others], "He asked for a mentor himself, and his mother agreed."
    )
    await record_parent(charity, mother, child, "mother")
    await agree_to_take_part(charity, case, child, mother, "parent")
    await permit(
        charity, case, child, mother, "parent", categories=EVERYDAY, until=until,
        recipients=[CHARITY, EDUCATION, SOCIAL_SERVICES, YOUTH_OFFENDING, POLICE, CAREERS],
    )  # fmt: skip
    await permit(
        charity, case, child, mother, "parent", categories=["mental_health"], until=until,
        recipients=[CHARITY, EDUCATION, POLICE],
    )  # fmt: skip
    await _gather_the_team(api, charity, case)
    assessment = await _what_each_brings(api, charity, case, child, today)
    await charity.post(
        f"/v1/cases/{case}/actions",
        {
            "actions": [
                {
                    "desired_outcome": outcome,
                    "action": pledge,
                    "accountable": agency,
                    "categories": reveals,
                    "by_when": (today + timedelta(days=days)).isoformat(),
                }
                for agency, outcome, pledge, days, reveals in PLEDGES
            ]
        },
    )
    return Panel(child, mother, case, assessment)


async def _gather_the_team(api: Api, charity: Session, case: str) -> None:
    """Everybody joins; the education welfare officer leads."""
    joining = [user for user in READERS.values() if user != charity.user]
    members = {user: await join_team(charity, case, user) for user in joining}
    await make_lead(charity, await api.sign_in("ivor.pryce"), case, members["ivor.pryce"])


async def _what_each_brings(api: Api, charity: Session, case: str, child: str, today: date) -> str:
    assessment = await start_assessment(
        charity, case, child, "What each of us knows, and what each of us can do.", today.isoformat(),
        assessors=[{"name": "Ola Strand", "agency": "Bright Path Mentors"}],
    )  # fmt: skip
    for user, element, headline, sensitive in PARTS:
        await add_entry(
            await api.sign_in(user), case, assessment, kind="need", element=element, headline=headline,
            whose_view="practitioner", sensitive_content=sensitive, subjects=[child],
        )  # fmt: skip
    await add_entry(
        charity, case, assessment, kind="goal", text="A whole week at school, and he says it was his idea."
    )
    await add_entry(
        charity, case, assessment, kind="comment", voice_of="child_or_young_person",
        text="I want to go boxing.", additional_categories=[], sensitive_content=[],
    )  # fmt: skip
    await add_entry(
        charity, case, assessment, kind="review", review_on=(today + timedelta(days=42)).isoformat()
    )
    return assessment


async def read_as_each(api: Api, case: str) -> dict[str, Any]:
    """The composed view of each, by who they are."""
    return {who: await (await api.sign_in(user)).get(f"/v1/cases/{case}") for who, user in READERS.items()}
