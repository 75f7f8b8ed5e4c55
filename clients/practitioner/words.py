"""The words on screen: how a code of the API reads to a person, and how dates and times are written."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

CATEGORIES: Mapping[str, str] = {
    "identity": "Name and date of birth",
    "access_needs": "Language and access needs",
    "contact": "Address and telephone",
    "involvement": "Which services help",
    "plan": "The plan",
    "voice": "What the child or family said",
    "family": "Family",
    "parenting": "Parenting",
    "learning": "Learning",
    "wellbeing": "Wellbeing",
    "behaviour": "Behaviour",
    "community": "Community",
    "health": "Health",
    "housing": "Housing",
    "money_work": "Money and work",
    "mental_health": "Mental health",
    "substance_use": "Alcohol and drugs",
    "sexual_health": "Sexual health",
    "offending": "Offending",
    "safeguarding": "Safeguarding",
    "domestic_abuse": "Domestic abuse",
    "equality": "Ethnicity, religion and other equality information",
    "staff_safety": "Visiting safely",
}

ROLES: Mapping[str, str] = {
    "practitioner": "Practitioner",
    "safeguarding_lead": "Safeguarding lead",
    "team_manager": "Team manager",
    "coordinator": "Co-ordinator",
    "panel_member": "Panel member",
    "volunteer": "Volunteer",
    "referrer": "Referrer",
    "information_officer": "Information officer",
    "records_officer": "Records officer",
    "scrutineer": "Scrutineer",
    "agency_system": "Computer system",
    "family_member": "Family",
}


def in_words(code: str) -> str:
    """A code as a reader would write it: ``no_answer`` is *No answer*."""
    return CATEGORIES.get(code) or ROLES.get(code) or code.replace("_", " ").replace("-", " ").capitalize()


def day(value: str | date | None) -> str:
    """A date as *3 March 2026*; a moment as its date in London."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = (
            datetime.fromisoformat(value).astimezone(LONDON) if "T" in value else date.fromisoformat(value)
        )
    return f"{value.day} {value:%B %Y}"


def moment(value: str) -> str:
    """A moment as *3 March 2026, 2.05pm*, in London."""
    local = datetime.fromisoformat(value).astimezone(LONDON)
    hour = local.hour % 12 or 12
    return f"{day(local)}, {hour}.{local.minute:02}{'am' if local.hour < 12 else 'pm'}"


def pounds(pence: int) -> str:
    sign = "-" if pence < 0 else ""
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02}"


FILTERS: Mapping[str, Callable[[Any], str]] = {
    "in_words": in_words,
    "day": day,
    "moment": moment,
    "pounds": pounds,
}
