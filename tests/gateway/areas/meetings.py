"""Meetings: planned, invited to, attended, decided at; and what may be said in the room."""

from typing import Any

from tests.gateway.household import SCHOOL, House

Json = dict[str, Any]
MEETINGS = "/v1/cases/{case}/meetings"
ONE = f"{MEETINGS}/{{meeting}}"
INVITATION = f"{ONE}/invitations/{{invitation}}"
WORD = ("POST", f"{ONE}/family-invitations/{{family_invitation}}/word")

OPERATIONS: tuple[tuple[str, str], ...] = (
    ("GET", MEETINGS),
    ("POST", MEETINGS),
    ("GET", ONE),
    ("GET", f"{ONE}/room"),
    ("POST", f"{ONE}/chair"),
    ("POST", f"{ONE}/agenda"),
    ("POST", f"{ONE}/invitations"),
    ("POST", f"{INVITATION}/acceptance"),
    ("POST", f"{INVITATION}/apologies"),
    ("POST", f"{ONE}/family-invitations"),
    WORD,
    ("POST", f"{ONE}/attendance"),
    ("POST", f"{ONE}/closing"),
    ("POST", f"{ONE}/cancellation"),
    ("POST", f"{ONE}/decisions"),
    ("POST", f"{ONE}/pledges"),
)
WITHOUT_A_BODY = frozenset(
    {("POST", f"{INVITATION}/acceptance"), ("POST", f"{INVITATION}/apologies"), ("POST", f"{ONE}/closing")}
)
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset()


def ids(house: House) -> dict[str, str]:
    return {
        "meeting": house.meeting, "invitation": house.invitation,
        "family_invitation": house.family_invitation,
    }  # fmt: skip


def meeting(**changes: Any) -> Json:
    """The team meets in the spring."""
    body = {"meeting_kind": "team_meeting", "title": "Six weeks on", "starts_at": "2031-04-07T13:00:00Z"}
    return {**body, "agenda": [{"topic": "How school goes"}], **changes}


def panel(**changes: Any) -> Json:
    """A voluntary panel for those from eight to thirteen."""
    rules = {"name": "Youth inclusion panel", "age_from": 8, "age_to": 13, "areas": ["Harbourside"]}
    eligibility = {"area": "Harbourside", "agreed": True}
    return meeting(meeting_kind="panel", panel=rules, eligibility=eligibility, **changes)


def decision(**changes: Any) -> Json:
    """What they decided, with what he said to it."""
    views = [{"whose": "child_or_young_person", "view": "I want to go boxing."}]
    return {"decision": "He begins at the club", "reasons": "It is his wish", "views": views, **changes}


def action(accountable: str) -> Json:
    return {
        "desired_outcome": "Fridays that are good", "action": "Take him there", "by_when": "2031-06-01",
        "accountable": accountable,
    }  # fmt: skip


def bodies(house: House) -> dict[tuple[str, str], Json]:
    someone = {"user": "pam.orr", "name": "Pam Orr", "agency": "tidewater-housing", "role": "panel_member"}
    return {
        ("POST", MEETINGS): meeting(),
        ("POST", f"{ONE}/chair"): {"member": house.lead_member},
        ("POST", f"{ONE}/agenda"): {"agenda": [{"topic": "Where he sleeps"}]},
        ("POST", f"{ONE}/invitations"): someone,
        ("POST", f"{ONE}/family-invitations"): {"person": house.child},
        WORD: {"comes": True},
        ("POST", f"{ONE}/attendance"): {"present": []},
        ("POST", f"{ONE}/cancellation"): {"reason": "Snow"},
        ("POST", f"{ONE}/decisions"): decision(),
        ("POST", f"{ONE}/pledges"): {"actions": [action(SCHOOL)]},
    }
