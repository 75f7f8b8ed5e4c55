"""Referrals: an agency is asked, somebody there takes it up, it answers."""

from typing import Any

from tests.gateway.household import House

Json = dict[str, Any]
ON_CASE = "/v1/cases/{case}/referrals"
WITHDRAWAL = ("POST", f"{ON_CASE}/{{referral}}/withdrawal")
ONE = "/v1/referrals/{referral}"
SOCIAL_CARE = "harbour-social-care"

OPERATIONS: tuple[tuple[str, str], ...] = (
    ("GET", ON_CASE),
    ("POST", ON_CASE),
    WITHDRAWAL,
    ("GET", "/v1/referrals"),
    ("POST", f"{ONE}/take-up"),
    ("POST", f"{ONE}/acceptance"),
    ("POST", f"{ONE}/refusal"),
)
WITHOUT_A_BODY = frozenset({WITHDRAWAL})
FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset()
FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset()


def ids(house: House) -> dict[str, str]:
    return {"referral": house.referral}


def referral(**changes: Any) -> Json:
    """Social care is asked to help."""
    return {"agency": SOCIAL_CARE, "reason": "Weekends are hard for all of them.", **changes}


def bodies(_: House) -> dict[tuple[str, str], Json]:
    return {
        ("POST", ON_CASE): referral(),
        ("POST", f"{ONE}/take-up"): {"user": "moira.flynn", "name": "Moira Flynn"},
        ("POST", f"{ONE}/acceptance"): {"note": "From Monday"},
        ("POST", f"{ONE}/refusal"): {"reason": "No place before the summer"},
    }
