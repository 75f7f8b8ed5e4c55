"""Who may say yes: authority, disagreement, taking part, and what follows a withdrawal."""

from typing import Any

from tests.gateway.household import HOUSING, UNTIL, House

Json = dict[str, Any]
CASE = "/v1/cases/{case}"

OPERATIONS: tuple[tuple[str, str], ...] = (
    ("GET", f"{CASE}/authorities"),
    ("POST", f"{CASE}/authorities"),
    ("POST", f"{CASE}/authorities/{{authority}}/ending"),
    ("GET", f"{CASE}/taking-part"),
    ("POST", f"{CASE}/taking-part/{{question}}/risk-answer"),
    ("GET", f"{CASE}/conflicts"),
    ("POST", f"{CASE}/conflicts/{{conflict}}/decision"),
    ("POST", f"{CASE}/consents/conversations"),
    ("POST", f"{CASE}/consents/check"),
    ("POST", f"{CASE}/consents/withdrawals"),
    ("GET", f"{CASE}/consents/{{consent}}/disclosures"),
    ("GET", "/v1/consents/expiring"),
    ("GET", "/v1/messages"),
    ("POST", "/v1/messages/{message}/answer"),
)
WITHOUT_A_BODY: frozenset[tuple[str, str]] = frozenset()
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset(
    {
        ("POST", f"{CASE}/conflicts/{{conflict}}/decision"),
        ("POST", "/v1/messages/{message}/answer"),
    }
)


def ids(house: House) -> dict[str, str]:
    return {
        "authority": house.exclusion, "question": house.exclusion, "conflict": house.exclusion,
        "message": house.exclusion,
    }  # fmt: skip


def authority(house: House, **changes: Any) -> Json:
    """A power of attorney, for the mother to be answered for."""
    return {
        "kind": "power_of_attorney", "subject": house.mother, "holder": house.child,
        "document": "Lasting power of attorney", "covers": ["money_work"], "verified_by": "Nadia Bell",
        **changes,
    }  # fmt: skip


def conversation(house: House) -> Json:
    """The mother says yes to one thing and no to another, to housing."""
    said = {
        "kind": "share", "subject": house.child, "giver": house.mother, "capacity": "parent",
        "evidence": {"form": "verbal"}, "wording_version": "2026-1", "recipients": [HOUSING],
        "level": "full", "purposes": ["support"], "valid_until": UNTIL,
    }  # fmt: skip
    yes = {"reasons_explained_and_understood": True, "agrees": True}
    no = {"reasons_explained_and_understood": True, "agrees": False}
    return {
        "answers": [
            {**said, "answer": "given", "statement": yes, "categories": ["learning"]},
            {**said, "answer": "refused", "statement": no, "categories": ["health"]},
        ]
    }


def bodies(house: House) -> dict[tuple[str, str], Json]:
    return {
        ("POST", f"{CASE}/authorities"): authority(house),
        ("POST", f"{CASE}/authorities/{{authority}}/ending"): {"reason": "Revoked"},
        ("POST", f"{CASE}/taking-part/{{question}}/risk-answer"): {
            "somebody_at_risk": False, "considered": "Nobody is; the school sees him daily.",
        },
        ("POST", f"{CASE}/conflicts/{{conflict}}/decision"): {
            "upholds": "refusal", "reason": "Both were heard.",
        },
        ("POST", f"{CASE}/consents/conversations"): conversation(house),
        ("POST", f"{CASE}/consents/check"): {
            "subject": house.child, "giver": house.mother, "capacity": "parent",
        },
        ("POST", f"{CASE}/consents/withdrawals"): {
            "kind": "share", "subject": house.child, "withdrawn_by": house.mother,
            "recipients": ["nobody-at-all"],
        },
        ("POST", "/v1/messages/{message}/answer"): {"keeps": False},
    }  # fmt: skip
