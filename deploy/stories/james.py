"""James (design 1): fifteen, second custodial sentence, nobody was key worker, his own view came late.

Played through the public API from the first search to the withdrawal of one permission.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from deploy.stories.client import Api, Session
from deploy.stories.steps import (
    add_entry,
    agree_to_take_part,
    join_team,
    make_lead,
    open_case,
    permit,
    record_parent,
    record_person,
    start_assessment,
)
from shared.clock import Clock, rfc3339, utc_now

SCHOOL, YOUTH_OFFENDING, HOUSING, MENTORS = (
    "northgate-school",
    "youth-offending",
    "tidewater-housing",
    "bright-path",
)
READERS = {
    "school": "nadia.bell",
    "youth offending team": "sam.okafor",
    "housing": "hana.novak",
    "volunteer mentor": "ben.carver",
}
EVERYDAY = ["family", "learning", "behaviour", "wellbeing"]


@dataclass(frozen=True, slots=True)
class James:
    """What the story made, by id. ``everyday_permission`` is the one that his mother withdraws later."""

    james: str
    mother: str
    case: str
    assessment: str
    everyday_permission: str
    warnings: list[dict[str, Any]]


Say = Callable[[str], None]


def quietly(_: str) -> None:
    """Nobody listens: the seed and the tests."""


async def tell(api: Api, clock: Clock = utc_now, say: Say = quietly) -> James:
    """James's case up to the moment at which the team works with a signed assessment and a plan.

    ``say`` is told each step in a sentence.
    """
    now = clock()
    today = now.date()
    until = rfc3339(now + timedelta(days=180))
    school = await api.sign_in("nadia.bell")
    youth_justice = await api.sign_in("sam.okafor")
    housing = await api.sign_in("hana.novak")

    say("Nadia Bell, his learning mentor, records James, 15, and his mother Karen, and opens a case.")
    james = await record_person(
        school,
        "James",
        "Mercer",
        today.replace(year=today.year - 15, day=1),
        {"kind": "identifiers", "fields": {"nhs_number": "9990000018"}},
        {
            "kind": "contact",
            "fields": {
                "address": "4 Wharf Cottages",
                "safe_way_to_make_contact": "Ring his mother after four.",
            },
        },
        {"kind": "access_needs", "fields": {"first_language": "English"}},
    )
    mother = await record_person(school, "Karen", "Mercer", None)
    case = await open_case(school, james, [mother], "His mother has asked for help since he was small.")
    await record_parent(school, mother, james, "mother")
    say(
        "Karen agrees to take part. Only now may other agencies join: taking part and sharing are two things."
    )
    await agree_to_take_part(school, case, james, mother, "parent")

    say("The team: Sam Okafor (youth offending), Hana Novak (housing), Ben Carver (volunteer mentor).")
    justice_member = await join_team(school, case, "sam.okafor")
    await join_team(school, case, "hana.novak")
    await join_team(school, case, "ben.carver")
    say("Sam is asked to be the lead professional, and accepts: from now on one person is in charge.")
    await make_lead(school, youth_justice, case, justice_member)

    say(
        "Karen says what may be shared, for half a year: everyday life with youth offending and housing; "
        "home and money with the school too; mental health and offending, asked singly, not with housing."
    )
    everyday = await permit(
        school, case, james, mother, "parent",
        recipients=[YOUTH_OFFENDING, HOUSING], categories=EVERYDAY, until=until,
    )  # fmt: skip
    for category in ("mental_health", "offending"):
        await permit(
            school, case, james, mother, "parent",
            recipients=[YOUTH_OFFENDING, SCHOOL], categories=[category], until=until,
        )  # fmt: skip
    await permit(
        school, case, james, mother, "parent",
        recipients=[HOUSING, YOUTH_OFFENDING, SCHOOL], categories=["housing", "money_work"], until=until,
    )  # fmt: skip

    started_on = today.isoformat()
    assessment = await start_assessment(
        school, case, james, "He comes home in eight weeks and nothing is agreed.", started_on
    )
    say("Each agency adds what it knows to one common assessment; nobody tells the story twice.")
    await _what_is_known(school, youth_justice, housing, case, assessment, james)
    await _what_is_agreed(school, case, assessment, today)
    say("Nadia signs the assessment, and its agreed actions become the plan without retyping.")
    signed = await school.post(
        f"/v1/cases/{case}/assessments/{assessment}/signature",
        {
            "capacity": "practitioner",
            "child_or_young_person": "not_present",
            "parent_or_carer": "agreed",
            "no_voice_reason": "He is in custody until March; his worker will ask him there.",
        },
    )
    await school.post(f"/v1/cases/{case}/actions", {"carry_over_from": assessment})
    return James(james, mother, case, assessment, everyday, list(signed.get("warnings", [])))


async def _what_is_known(
    school: Session, youth_justice: Session, housing: Session, case: str, assessment: str, james: str
) -> None:
    """Each agency adds its own part to the one assessment."""
    about = {"whose_view": "practitioner", "subjects": [james]}
    await add_entry(
        school, case, assessment, kind="need", element="participation",
        headline="In school two days a week before he was sentenced",
        narrative="Left most days before lunch; no complaints from staff he likes.",
        sensitive_content=[], **about,
    )  # fmt: skip
    await add_entry(
        school, case, assessment, kind="strength", element="aspirations",
        headline="Wants to work with engines", narrative="Stayed late for the motor club.",
        sensitive_content=[], **about,
    )  # fmt: skip
    await add_entry(
        school, case, assessment, kind="need", element="emotional_social",
        headline="Low and anxious since his grandfather died",
        narrative="Told a teacher that he does not sleep and sees no point.",
        sensitive_content=["mental_health"], **about,
    )  # fmt: skip
    await add_entry(
        youth_justice, case, assessment, kind="need", element="behavioural_development",
        headline="Second custodial sentence", narrative="Takes vehicles with older boys from the estate.",
        sensitive_content=["offending"], **about,
    )  # fmt: skip
    await add_entry(
        housing, case, assessment, kind="need", element="housing_employment_finance",
        headline="Tenancy at risk", narrative="Eight weeks of arrears; a notice is being prepared.",
        sensitive_content=[], **about,
    )  # fmt: skip
    await add_entry(
        school, case, assessment, kind="comment", voice_of="parent_or_carer",
        text="I asked for help when he was eight.", additional_categories=[], sensitive_content=[],
    )  # fmt: skip


async def _what_is_agreed(school: Session, case: str, assessment: str, today: Any) -> None:
    await add_entry(school, case, assessment, kind="conclusion", conclusion="complex_needs")
    await add_entry(
        school, case, assessment, kind="goal", text="James lives at home and is in training by summer."
    )
    await add_entry(
        school, case, assessment, kind="review",
        review_on=(today + timedelta(days=42)).isoformat(), reviewed_by="Sam Okafor",
    )  # fmt: skip
    agreed = (
        ("A home to come back to", "Agree a repayment plan", "Hana Novak", HOUSING, 28),
        ("Something to get up for", "A place at the motor project", "Sam Okafor", YOUTH_OFFENDING, 56),
        ("Somebody who sticks with him", "Meet James every week", "Ben Carver", MENTORS, 14),
    )
    for outcome, action, owner, agency, days in agreed:
        await add_entry(
            school, case, assessment, kind="agreed_action", desired_outcome=outcome, action=action,
            responsible_name=owner, accountable=agency, sensitive_content=[],
            by_when=(today + timedelta(days=days)).isoformat(),
        )  # fmt: skip


async def read_as_each(api: Api, case: str) -> dict[str, Any]:
    """The composed view of each of the four, by who they are."""
    views = {}
    for who, user in READERS.items():
        session = await api.sign_in(user)
        views[who] = await session.get(f"/v1/cases/{case}")
    return views


async def withdraw_everyday_permission(api: Api, story: James) -> Any:
    """His mother takes one permission back; answers when that is enforced."""
    school = await api.sign_in("nadia.bell")
    return await school.post(
        f"/v1/cases/{story.case}/consents/{story.everyday_permission}/withdrawal",
        {"withdrawn_by": story.mother, "note": "She would rather tell them herself."},
    )


async def who_has_seen(api: Api, case: str) -> list[dict[str, Any]]:
    """The receipts about the case, as the school's information officer may see them, oldest first."""
    officer = await api.sign_in("tom.ashby")
    found: list[dict[str, Any]] = []
    path: str | None = f"/v1/cases/{case}/disclosures?limit=100"
    while path:
        page = await officer.get(path)
        found.extend(page["disclosures"])
        path = page["next"]
    return found[::-1]
