"""Young Citizens' pool (design 1): three services pool the simple reason why a child is known to them.

A reason is one line. How to reach the family needs two keys: the information owner's and the family's.
Social services keep theirs in an agreement whose cap on ``contact`` is none, whatever the family allows,
until their manager releases it. Either key alone opens nothing, both do, and taking either back shuts it.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from deploy.stories.client import Api
from deploy.stories.steps import (
    WORDING,
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

SOCIAL_CARE, POLICE, EDUCATION_WELFARE = "harbour-social-care", "borough-police", "education-welfare"
READERS = {
    "social services": "moira.flynn",
    "police": "pc.dunn",
    "education welfare": "ivor.pryce",
}
REASONS = ["family", "learning", "behaviour", "community"]
MANAGER = "bea.holm"
"""Who turns the key of social services."""


@dataclass(frozen=True, slots=True)
class Pool:
    """What the story made, by id. ``reasons_permission``: the parents' yes to pooling the reasons."""

    child: str
    mother: str
    father: str
    case: str
    reasons_permission: str


async def tell(api: Api, clock: Clock = utc_now) -> Pool:
    """Three reasons in one place, under the social services' agreement about contact."""
    now = clock()
    today = now.date()
    until = rfc3339(now + timedelta(days=180))
    social_services = await api.sign_in("moira.flynn")
    await _agree_that_contact_stays_with_social_services(api, clock)

    child = await record_person(
        social_services, "Callum", "Reeve", born(12, today), nhs_number("9990000425"),
        contact(
            address="Flat 3, Garrison Court",
            telephone="01632 960155",
            safe_way_to_make_contact="Ring his mother on a Monday.",
        ),
    )  # fmt: skip
    mother = await record_person(social_services, "Dawn", "Reeve", born(34, today), nhs_number("9990000492"))
    father = await record_person(social_services, "Mark", "Reeve", born(37, today), nhs_number("9990000565"))
    siblings = [
        await record_person(social_services, name, "Reeve", born(age, today), nhs_number(number))
        for name, age, number in (("Jade", 8, "9990000638"), ("Toby", 5, "9990000700"))
    ]
    case = await open_case(
        social_services,
        child,
        [mother, father, *siblings],
        "Three services know him, each on its own.",
    )
    await record_parent(social_services, mother, child, "mother")
    await record_parent(social_services, father, child, "father", lives_with=False)
    await agree_to_take_part(social_services, case, child, mother, "parent")
    reasons = await permit(
        social_services, case, child, mother, "parent", level="summary",
        recipients=[SOCIAL_CARE, POLICE, EDUCATION_WELFARE], categories=REASONS, until=until,
    )  # fmt: skip
    await join_team(social_services, case, "pc.dunn")
    await join_team(social_services, case, "ivor.pryce")
    member = (await social_services.get(f"/v1/cases/{case}/team"))["team"][0]["id"]
    await make_lead(await api.sign_in("pc.dunn"), social_services, case, member)

    assessment = await start_assessment(
        social_services, case, child, "Why each of us knows him, in one line.", today.isoformat()
    )
    for user, element, headline in (
        ("moira.flynn", "wider_family", "His mother has asked for help with the three of them"),
        ("pc.dunn", "social_community", "Brought home late twice this term"),
        ("ivor.pryce", "participation", "Away from school one day in three"),
    ):
        await add_entry(
            await api.sign_in(user), case, assessment, kind="need", element=element, headline=headline,
            narrative="Ask us for the rest.", whose_view="practitioner", sensitive_content=[],
            subjects=[child],
        )  # fmt: skip
    return Pool(child, mother, father, case, reasons)


async def _agree_that_contact_stays_with_social_services(api: Api, clock: Clock) -> None:
    """An agreement with each recipient, recorded by the owner's information officer unless it is there."""
    officer = await api.sign_in("ines.dale")
    now = clock()
    agreed = {
        agreement["recipient"]
        for agreement in (await officer.get("/v1/agreements"))["agreements"]
        if agreement["owner"] == SOCIAL_CARE
    }
    for recipient in (POLICE, EDUCATION_WELFARE):
        if recipient not in agreed:
            await officer.post(
                "/v1/agreements",
                {
                    "owner": SOCIAL_CARE,
                    "recipient": recipient,
                    "purpose": "support",
                    "title": "Young Citizens' pool: contact only by our own release",
                    "valid_from": rfc3339(now - timedelta(minutes=1)),
                    "valid_until": rfc3339(now + timedelta(days=365)),
                    "rows": [
                        {
                            "category": "contact",
                            "base": "none",
                            "mode": "permission",
                            "cap": "none",
                            "basis": "Public task",
                            "condition": "The parents agree, and we release it",
                            "power": "Children Act 2004, section 10",
                        }
                    ],
                },
            )


async def ask_for_contact(api: Api, story: Pool, user: str, clock: Clock = utc_now) -> str:
    """The police or education welfare ask social services how to reach the family; gives the request's id."""
    asked = await (await api.sign_in(user)).post(
        f"/v1/cases/{story.case}/sharing-requests",
        {
            "owner": SOCIAL_CARE,
            "subject": story.child,
            "categories": ["contact"],
            "level": "full",
            "purpose": "support",
            "valid_until": rfc3339(clock() + timedelta(days=30)),
            "reason": "To see him at home, before he has to be brought there again.",
        },
    )
    request: str = asked["id"]
    return request


async def owner_turns_its_key(api: Api, story: Pool, request: str, answer: str = "released") -> Any:
    """The manager of social services releases what was asked, refuses it, or takes the release back."""
    return await (await api.sign_in(MANAGER)).post(
        f"/v1/cases/{story.case}/sharing-requests/{request}/owner-answer",
        {"answer": answer, "reason": "They are the ones who take him home."},
    )


async def family_turns_its_key(api: Api, story: Pool, request: str) -> str:
    """The mother says yes to what was asked; gives the permission's id."""
    answered = await (await api.sign_in("moira.flynn")).post(
        f"/v1/cases/{story.case}/sharing-requests/{request}/family-answer",
        {
            "subject": story.child,
            "giver": story.mother,
            "capacity": "parent",
            "answer": "given",
            "statement": {"reasons_explained_and_understood": True, "agrees": True},
            "evidence": {"form": "verbal", "reference": "visit of the social worker"},
            "wording_version": WORDING,
        },
    )
    permission: str = answered["consent"]
    return permission


async def turn_both_keys(api: Api, story: Pool, clock: Clock = utc_now) -> None:
    """As the demo leaves it: the police were given both keys, education welfare still waits."""
    request = await ask_for_contact(api, story, "pc.dunn", clock)
    await owner_turns_its_key(api, story, request)
    await family_turns_its_key(api, story, request)
    await ask_for_contact(api, story, "ivor.pryce", clock)


async def state_told_to(api: Api, story: Pool, user: str, request: str) -> str:
    """What who asked is told of a request."""
    listed = await (await api.sign_in(user)).get(f"/v1/cases/{story.case}/sharing-requests")
    [state] = [row["state"] for row in listed["sharing_requests"] if row["id"] == request]
    return str(state)


async def family_takes_back(api: Api, story: Pool, permission: str) -> Any:
    """The mother takes a permission back; answers when that is enforced."""
    return await (await api.sign_in("moira.flynn")).post(
        f"/v1/cases/{story.case}/consents/{permission}/withdrawal", {"withdrawn_by": story.mother}
    )


async def read_as_each(api: Api, case: str) -> dict[str, Any]:
    """The composed view of each service, by who they are."""
    return {who: await (await api.sign_in(user)).get(f"/v1/cases/{case}") for who, user in READERS.items()}
