"""The words on screen: how a code of the API reads to a person, and how dates and times are written."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
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


def deadline(value: str) -> str:
    """By when something is to be done: a midnight is *the end of* the day before it."""
    local = datetime.fromisoformat(value).astimezone(LONDON)
    return f"the end of {day(local.date() - timedelta(days=1))}" if local.time() == time() else moment(value)


def first_of(words: Sequence[str], most: int = 4) -> str:
    """The first of many words, and how many more there are."""
    more = len(words) - most
    return ", ".join(words) if more < 2 else f"{', '.join(words[:most])} and {more} more"


def listed(words: Sequence[str]) -> str:
    """Words as a list in a sentence: *one, two and three*."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def pounds(pence: int) -> str:
    sign = "-" if pence < 0 else ""
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02}"


FILTERS: Mapping[str, Callable[[Any], str]] = {
    "in_words": in_words,
    "day": day,
    "moment": moment,
    "deadline": deadline,
    "first_of": first_of,
    "pounds": pounds,
    "listed": listed,
}

NOTICES: Mapping[str, str] = {
    "action_answered": "You have an answer: will they do what was asked?",
    "action_to_answer": "You are asked to do something: say yes or no",
    "agency_missing": "A service was missing from meetings again and again",
    "chair_gone": "Whoever was in the chair of a meeting is away or has left",
    "concern_received": "Somebody told you of a concern",
    "contact_due": "It is time to try again to make contact",
    "deputy": "You stand in for the lead professional",
    "deputy_gone": "Whoever stood in for the lead professional has left",
    "flag_expiring": "A warning or a worry ends soon",
    "invitation": "You are invited to a meeting",
    "late_for_what_follows": "Something will be too late for what waits for it",
    "lead_gone": "The lead professional has left",
    "lead_vacant": "Nobody is in charge",
    "life_event": "Something changed for a family",
    "meeting_chair": "You are in the chair of a meeting",
    "meeting_not_recorded": "A meeting is over and nothing of it was recorded",
    "news_asked_for": "Somebody asks how it goes",
    "no_answer_to_taking_part": "The family has not said whether they take part",
    "nobodys_case": "Everybody asked has refused, and contacts go on",
    "nomination": "You are asked to be lead professional",
    "nomination_objected": "A service objects to a nomination",
    "nomination_refused": "Whoever was asked to lead has refused",
    "offer_open_again": "Something changed: what was refused may be offered again",
    "pledge_overdue": "A pledge made at a meeting is late",
    "promise_ended": "Somebody who promised something has left",
    "promise_long_overdue": "What your service promised is so late that you are told of it",
    "promise_missed": "Something that was promised was not done",
    "promise_overdue": "What you promised is late",
    "purchase_answered": "You have an answer: may it be bought?",
    "purchase_to_sign": "Something to buy waits for your signature",
    "referral": "A referral waits for an answer",
    "referral_answered": "A referral was answered",
    "referral_no_reply": "A referral was not answered",
    "review_escalated": "A review is so late that you are told of it",
    "review_overdue": "A review is late",
    "review_to_own": "You see to somebody at risk: look again in time",
}
"""What each kind of notice says. It names nobody: what it is about stands in the case."""
ONLY_INFORM = frozenset({"action_answered", "life_event", "purchase_answered", "referral_answered"})
"""Kinds of notices with which nothing is left to do once somebody has read what they tell of."""
SOMETHING_WAITS = "Something waits for you"
"""What a notice says whose kind is not known here."""
_PLACES: Mapping[str, Sequence[str]] = {
    "/team": (
        "deputy", "deputy_gone", "lead_gone", "lead_vacant", "nomination", "nomination_objected",
        "nomination_refused",
    ),
    "/plan": (
        "action_answered", "action_to_answer", "late_for_what_follows", "news_asked_for", "promise_ended",
        "promise_long_overdue", "promise_missed", "promise_overdue",
    ),
    "/meetings": (
        "agency_missing", "chair_gone", "invitation", "meeting_chair", "meeting_not_recorded",
        "pledge_overdue",
    ),
    "/reviews": ("review_escalated", "review_overdue", "review_to_own"),
    "/referrals": ("referral_answered", "referral_no_reply", "nobodys_case"),
    "/contacts": ("contact_due", "life_event", "offer_open_again"),
    "/budget": ("purchase_answered", "purchase_to_sign"),
    "/flags": ("flag_expiring",),
}  # fmt: skip
NOTICED_AT: Mapping[str, str] = {kind: place for place, kinds in _PLACES.items() for kind in kinds}
"""The page of a case on which something can be done about each kind of notice; the case itself for others."""

KEPT_BECAUSE: Mapping[str, str] = {
    "signed_out": "You were signed out. What you had typed is here; nothing of it was sent yet.",
    "not_answered": "We had no answer when you sent this. What you had typed is here: send it again, it is "
    "saved once.",
    "draft": "This is your draft, as you left it. Nothing of it is saved in the record yet.",
    "refused": "You sent this before and it could not be saved. What you had typed is here.",
    "changed": "What you had read was changed before you sent this, so nothing of it was done. What you had "
    "typed is here.",
    "other_place": "You had typed this in this role, and sent it after you changed to another one. Nothing "
    "of it was sent yet.",
}
"""Why a form comes with what was typed before."""

SENT_BEFORE = (
    "You sent this form before, and what stood in it then is saved. What stands in it now is not: send it "
    "again if it is to be saved besides."
)
"""What somebody is told who went back to a form that was sent, changed it, and sent it again."""

PURPOSES: Mapping[str, str] = {
    "support": "To help the child or family, as always",
    "safeguarding": "To keep somebody safe from harm",
    "panel": "For a panel",
    "oversight": "To look after the rules of sharing",
    "subject_access": "For the person whose record it is",
    "planning": "To plan services",
    "enforcement": "To enforce the law",
}
"""What each purpose is for, as somebody chooses it."""
