"""Steps that several stories take: recording people, opening a case, permissions, the team, the lead."""

from datetime import date
from typing import Any

from deploy.demo_people import USERS
from deploy.stories.client import Session

WORDING = "2026-1"
Json = dict[str, Any]


async def record_person(
    session: Session,
    given_names: str,
    family_name: str | None,
    born: date | None,
    *more: Json,
) -> str:
    """A person with a name, a date of birth and whatever else is known; gives their id."""
    name = {"given_names": given_names} | ({"family_name": family_name} if family_name else {})
    details: list[Json] = [{"kind": "name", "fields": name}, *more]
    if born is not None:
        details.append({"kind": "birth", "fields": {"date_of_birth": born.isoformat()}})
    outcome = await session.post("/v1/people", {"details": details})
    person: str = outcome["id"]
    return person


def nhs_number(number: str) -> Json:
    """The detail that holds an NHS number; those of made-up people begin with 999."""
    return {"kind": "identifiers", "fields": {"nhs_number": number}}


def contact(**fields: str) -> Json:
    """The detail that says where and how somebody is reached."""
    return {"kind": "contact", "fields": fields}


def born(years_ago: int, today: date) -> date:
    """A date of birth that makes somebody this old."""
    return today.replace(year=today.year - years_ago, day=1)


async def open_case(session: Session, person: str, others: list[str], reason: str) -> str:
    """A case around a person; the acting user is the first on its team."""
    user = USERS[session.user]
    outcome = await session.post(
        "/v1/cases",
        {
            "person": person,
            "other_subjects": others,
            "reason": reason,
            "opener": {"job_title": user.job_title, "telephone": user.telephone},
        },
    )
    case: str = outcome["id"]
    return case


async def record_parent(
    session: Session,
    parent: str,
    child: str,
    relation: str,
    *,
    responsible: bool = True,
    lives_with: bool = True,
) -> None:
    """A parent, with parental responsibility unless the child is grown up."""
    await session.post(
        f"/v1/people/{child}/relationships",
        {
            "from_person": parent,
            "to_person": child,
            "relation": relation,
            "parental_responsibility": responsible,
            **({"parental_responsibility_source": "birth"} if responsible else {}),
            "lives_with": lives_with,
        },
    )


async def agree_to_take_part(session: Session, case: str, subject: str, giver: str, capacity: str) -> str:
    """Permission to take part; the privacy notice was given."""
    outcome = await session.post(
        f"/v1/cases/{case}/consents",
        {
            "kind": "take_part",
            **_answer(subject, giver, capacity),
            "privacy_notice": {"version": "2026-1", "language": "English", "given_to": "the family"},
        },
    )
    consent: str = outcome["id"]
    return consent


async def permit(
    session: Session,
    case: str,
    subject: str,
    giver: str,
    capacity: str,
    *,
    recipients: list[str],
    categories: list[str],
    level: str = "full",
    until: str,
    purposes: tuple[str, ...] = ("support",),
    under: str | None = None,
    best_interests: Json | None = None,
) -> str:
    """Permission to share these categories with these agencies until then; gives its id.

    ``under``: the authority of an attorney or deputy that was recorded before. ``best_interests``: how it was
    decided for somebody.
    """
    outcome = await session.post(
        f"/v1/cases/{case}/consents",
        {
            "kind": "share",
            **_answer(subject, giver, capacity),
            **({"under": under} if under else {}),
            **({"best_interests": best_interests} if best_interests else {}),
            "recipients": recipients,
            "categories": categories,
            "level": level,
            "purposes": list(purposes),
            "valid_until": until,
        },
    )
    consent: str = outcome["id"]
    return consent


def _answer(subject: str, giver: str, capacity: str) -> Json:
    return {
        "subject": subject,
        "giver": giver,
        "capacity": capacity,
        "answer": "given",
        "statement": {"reasons_explained_and_understood": True, "agrees": True},
        "evidence": {"form": "written", "reference": "form kept by the agency"},
        "wording_version": WORDING,
    }


async def record_power_of_attorney(
    session: Session,
    case: str,
    subject: str,
    attorney: str,
    *,
    document: str,
    covers: list[str],
    verified_by: str,
) -> str:
    """A power of attorney for these categories, with who saw the document; gives its id."""
    outcome = await session.post(
        f"/v1/cases/{case}/authorities",
        {
            "kind": "power_of_attorney",
            "subject": subject,
            "holder": attorney,
            "document": document,
            "covers": covers,
            "verified_by": verified_by,
        },
    )
    authority: str = outcome["id"]
    return authority


async def join_team(
    session: Session, case: str, user: str, *, agency: str | None = None, role: str | None = None
) -> str:
    """Put a demo user on the team; gives the membership's id."""
    joining = USERS[user]
    agency_of, role_of = joining.memberships[0]
    outcome = await session.post(
        f"/v1/cases/{case}/team",
        {
            "user": user,
            "name": joining.name,
            "agency": agency or agency_of,
            "role": role or role_of,
            "job_title": joining.job_title,
            "telephone": joining.telephone,
        },
    )
    member: str = outcome["id"]
    return member


async def make_lead(nominating: Session, accepting: Session, case: str, member: str) -> None:
    """Nominate a member of the team, who accepts."""
    nomination = await nominate(nominating, case, member)
    await accepting.post(f"/v1/cases/{case}/lead-professional/nominations/{nomination}/acceptance")


async def nominate(session: Session, case: str, member: str) -> str:
    """Ask a member of the team to lead; gives the nomination's id."""
    outcome = await session.post(f"/v1/cases/{case}/lead-professional/nominations", {"member": member})
    nomination: str = outcome["id"]
    return nomination


async def start_assessment(
    session: Session, case: str, person: str, reason: str, started_on: str, **parts: Any
) -> str:
    """A draft common assessment, with the parts of it that are known already; gives its id."""
    outcome = await session.post(
        f"/v1/cases/{case}/assessments",
        {
            "instrument": "caf",
            "instrument_version": "1",
            "person": person,
            "started_on": started_on,
            "reason_for_assessment": reason,
            "sensitive_content": [],
            **parts,
        },
    )
    assessment: str = outcome["id"]
    return assessment


async def add_entry(session: Session, case: str, assessment: str, **entry: Any) -> str:
    outcome = await session.post(f"/v1/cases/{case}/assessments/{assessment}/entries", entry)
    entry_id: str = outcome["id"]
    return entry_id
