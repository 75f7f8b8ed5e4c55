"""Sharing requests, their two answers, releases, and decisions not to share."""

from typing import Any

from tests.gateway.household import HEALTH, HOUSING, UNTIL, House

Json = dict[str, Any]
CASE = "/v1/cases/{case}"
ON_CASE = f"{CASE}/sharing-requests"
ABSENT = "9b1d0c52-2f6e-4c07-8f3a-5d1c7e0a4b66"

OPERATIONS: tuple[tuple[str, str], ...] = (
    ("GET", ON_CASE),
    ("POST", ON_CASE),
    ("POST", f"{ON_CASE}/{{request}}/owner-answer"),
    ("POST", f"{ON_CASE}/{{request}}/family-answer"),
    ("GET", "/v1/sharing-requests"),
    ("POST", "/v1/sharing-requests"),
    ("POST", "/v1/sharing-requests/{request}/owner-answer"),
    ("GET", f"{CASE}/releases"),
    ("POST", f"{CASE}/releases"),
    ("POST", f"{CASE}/releases/{{release}}/ending"),
    ("GET", f"{CASE}/non-disclosures"),
    ("POST", f"{CASE}/non-disclosures"),
    ("POST", f"{CASE}/non-disclosures/{{decision}}/confirmation"),
)
WITHOUT_A_BODY = frozenset({("POST", f"{CASE}/non-disclosures/{{decision}}/confirmation")})
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset()


def ids(house: House) -> dict[str, str]:
    """Of none of these is there one in the household: their own tests record them."""
    return {"request": ABSENT, "release": ABSENT, "decision": ABSENT}


def asking(house: House, **changes: Any) -> Json:
    """Asking health for all of the child's mental health."""
    return {
        "owner": HEALTH, "subject": house.child, "categories": ["mental_health"], "level": "full",
        "purpose": "support", "valid_until": UNTIL, "reason": "To help them stay in their home.",
        **changes,
    }  # fmt: skip


def by_details(house: House, **changes: Any) -> Json:
    body = {
        **asking(house), "person": {"name": "Robin Vale", "date_of_birth": "2015-02-03"},
        "reference": "door book 17", **changes,
    }  # fmt: skip
    del body["subject"]
    return body


def owner_answer(answer: str = "released", **changes: Any) -> Json:
    return {"answer": answer, "reason": "It may help.", **changes}


def family_answer(house: House, **changes: Any) -> Json:
    answer = changes.get("answer", "given")
    return {
        "subject": house.child, "giver": house.mother, "capacity": "parent", "answer": answer,
        "statement": {"reasons_explained_and_understood": True, "agrees": answer == "given"},
        "evidence": {"form": "written", "reference": "a form"}, "wording_version": "2026-1",
        **changes,
    }  # fmt: skip


def release(house: House, **changes: Any) -> Json:
    return {
        "recipient": HOUSING, "subject": house.child, "categories": ["mental_health"], "level": "full",
        "purpose": "support", "valid_until": UNTIL, "reason": "They see him more often.",
        **changes,
    }  # fmt: skip


def non_disclosure(house: House, **changes: Any) -> Json:
    return {
        "subject": house.child, "categories": ["community"], "from_agencies": [HEALTH],
        "reason": "It would not help.", "review_on": "2031-06-01",
        **changes,
    }  # fmt: skip


def bodies(house: House) -> dict[tuple[str, str], Json]:
    return {
        ("POST", ON_CASE): asking(house),
        ("POST", f"{ON_CASE}/{{request}}/owner-answer"): owner_answer(),
        ("POST", f"{ON_CASE}/{{request}}/family-answer"): family_answer(house),
        ("POST", "/v1/sharing-requests"): by_details(house),
        ("POST", "/v1/sharing-requests/{request}/owner-answer"): owner_answer(),
        ("POST", f"{CASE}/releases"): release(house),
        ("POST", f"{CASE}/releases/{{release}}/ending"): {"reason": "No longer needed."},
        ("POST", f"{CASE}/non-disclosures"): non_disclosure(house),
    }
