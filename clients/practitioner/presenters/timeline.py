"""What a timeline and the list of looks show: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.presenters.asking import in_everyday_words
from clients.practitioner.presenters.permissions import tells_what_left
from clients.practitioner.words import in_words, listed
from shared.vocabulary import Category

Json = Mapping[str, Any]
_TO_THE_TEAM = {
    "joined_team": "joined the team",
    "left_team": "left the team",
    "became_lead": "became lead professional",
    "ceased_to_lead": "stopped being lead professional",
}
HAPPENED: Mapping[str, str] = {
    "name": "A name was recorded",
    "birth": "A date of birth was recorded",
    "identifiers": "A number, such as the NHS number, was recorded",
    "contact": "How to make contact was recorded",
    "access_needs": "Language and access needs were recorded",
    "health_needs": "Health needs were recorded",
    "equality": "Ethnicity, religion or other equality information was recorded",
    "relationship": "What two people are to each other was recorded",
    "involvement": "A service said that it works with them",
    "case_opening": "The case was opened",
    "closure": "The case was closed",
    "action": "An action was agreed",
    "plan_goal": "A goal was agreed",
    "outcome_measure": "How it goes was measured",
    "compact": "What they promise each other was written down",
    "commitment": "Something was promised",
    "compact_signature": "Somebody signed what they promise each other",
    "budget_allocation": "Money was given to the case",
    "purchase": "Something to buy was chosen",
    "concern": "A concern was sent",
    "concern_flag": "A service said that it is worried",
    "staff_safety_note": "What whoever visits must do was recorded",
    "need_level": "How much help is needed was recorded",
    "small_concern": "A small concern was recorded",
    "referral": "A service was asked to help",
    "referral_answer": "A service answered whether it helps",
    "contact_attempt": "A contact was recorded",
    "life_event": "Something changed in their life",
    "offer_reopened": "A service was let ask once more",
    "service_cost": "What a service spent was recorded",
    "meeting": "A meeting was arranged",
    "case_review": "A review was recorded",
    "agenda_item": "Something was put on the agenda of a meeting",
    "meeting_decision": "Something was decided at a meeting",
    "view_heard": "A view was heard at a meeting",
    "assessment": "An assessment was started",
    "people_present": "Who was there at the assessment was recorded",
    "assessor": "Who makes the assessment was recorded",
    "checklist": "The checklist before an assessment was filled in",
    "parent_or_carer": "A parent or carer was recorded in the assessment",
    "home_situation": "Who lives at home was recorded in the assessment",
    "service_with_family": "A service that helps was recorded in the assessment",
    "strength": "A strength was recorded in the assessment",
    "need": "A need was recorded in the assessment",
    "conclusion": "What the assessment concludes was recorded",
    "agreed_action": "An action was agreed in the assessment",
    "goal": "A goal was set in the assessment",
    "review": "A day to look at the assessment again was set",
    "comment": "What somebody said was recorded in the assessment",
}
"""What it tells that an entry of each kind was recorded."""


@dataclass(frozen=True, slots=True)
class Line:
    at: str
    what: str
    service: str


@dataclass(frozen=True, slots=True)
class Look:
    """That a service looked: when, who, as what, why, and at what."""

    at: str
    who: str
    why: str
    what: Sequence[str]
    sentence: str | None


@dataclass(frozen=True, slots=True)
class Used:
    """A permission of which the reader may know what was seen because of it."""

    id: str
    what: str
    with_whom: str
    since: str
    is_over: bool


def lines_of(answer: Json, names: Mapping[str, str]) -> list[Line]:
    """The events of ``GET …/timeline``, the newest first."""
    return [line_of(event, names) for event in answer["timeline"]]


def line_of(event: Json, names: Mapping[str, str]) -> Line:
    """One event of a timeline."""
    agency = event.get("agency") or event.get("owner")
    service = "" if agency is None else names.get(agency) or in_words(agency)
    if event["what"] == "recorded":
        kind = event.get("kind") or "something"
        return Line(event["at"], HAPPENED.get(kind) or f"{in_words(kind)} was recorded", service)
    who = event.get("name") or "Somebody"
    return Line(event["at"], f"{who} {_TO_THE_TEAM[event['what']]}", service)


def looks_of(answer: Json, names: Mapping[str, str]) -> list[Look]:
    """The disclosures of ``GET …/disclosures``, in its order, for whichever reader they are worded."""
    return [_look(disclosure, names) for disclosure in answer["disclosures"]]


def _look(disclosure: Json, names: Mapping[str, str]) -> Look:
    service = names.get(disclosure["agency"]) or in_words(disclosure["agency"])
    if "sentence" in disclosure:
        return Look(
            disclosure["at"],
            service,
            in_words(disclosure["purpose"]),
            disclosure["what"],
            disclosure["sentence"],
        )
    who = f"{disclosure['user_name']}, {in_words(disclosure['role']).lower()}, {service}"
    cells = [cell for case in disclosure["cases"] for cell in case["cells"]]
    categories = sorted({category for cell in cells for category in cell.get("categories") or ()})
    return Look(
        disclosure["at"], who, in_words(disclosure["purpose"]), [in_words(c) for c in categories], None
    )


def permissions_used(answer: Json, names: Mapping[str, str]) -> list[Used]:
    """Those of ``GET …/consents`` of which the reader may know what left because of them, newest first."""
    found = [
        Used(
            id=consent["id"],
            what=listed(in_everyday_words([Category(category) for category in consent["categories"]])),
            with_whom=listed([names.get(code) or in_words(code) for code in consent["recipients"]]),
            since=consent["valid_from"],
            is_over=consent["withdrawn_at"] is not None,
        )
        for consent in answer["consents"]
        if tells_what_left(consent)
    ]
    return sorted(found, key=lambda used: used.since, reverse=True)
