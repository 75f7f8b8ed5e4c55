"""Asking, answering and releasing, said in one line, for the tests of the two keys."""

from typing import Any

from shared.identity import Caller
from tests.consent.service import CHILD, HOUSING, MOTHER, SCHOOL, ConsentService, Json, family, reader

SCHOOL_MANAGER = Caller("meg", "Meg Hill", "hill-school", "team_manager")
HOUSING_MANAGER = Caller("hal", "Hal Berg", "city-housing", "team_manager")
UNTIL = "2031-06-01T00:00:00Z"


def asking(**changes: Any) -> Json:
    """Housing asks the school for all of the child's mental health."""
    body = {
        "owner": "hill-school",
        "subject": CHILD,
        "categories": ["mental_health"],
        "level": "full",
        "purpose": "support",
        "valid_until": UNTIL,
        "reason": "The neighbours complain at night, and we would rather help than warn.",
    }
    return {**body, **changes}


def the_familys_word(**changes: Any) -> Json:
    answer = changes.get("answer", "given")
    body = {
        "subject": CHILD,
        "giver": MOTHER,
        "capacity": "parent",
        "answer": answer,
        "statement": {"reasons_explained_and_understood": True, "agrees": answer == "given"},
        "evidence": {"form": "written", "reference": "form 21"},
        "wording_version": "2031-1",
    }
    return {**body, **changes}


def a_release(**changes: Any) -> Json:
    body = {
        "recipient": "city-housing",
        "subject": CHILD,
        "categories": ["mental_health"],
        "level": "full",
        "purpose": "support",
        "valid_until": UNTIL,
        "reason": "They see him more often than we do.",
    }
    return {**body, **changes}


async def ask(
    service: ConsentService,
    case: str,
    body: Json | None = None,
    *,
    by: Caller = HOUSING,
    reaches_owner: bool = True,
) -> str:
    content = {"sharing_request": body or asking(), "reaches_owner": reaches_owner}
    answer = await service.call(by, "POST", f"/cases/{case}/sharing-requests", content)
    return str(answer["id"])


async def owner_says(
    service: ConsentService,
    case: str,
    request: str,
    answer: str = "released",
    *,
    by: Caller = SCHOOL_MANAGER,
    **changes: Any,
) -> Json:
    content = {"answer": {"answer": answer, "reason": "It may help.", **changes}}
    path = f"/cases/{case}/sharing-requests/{request}/owner-answer"
    answered: Json = await service.call(by, "POST", path, content)
    return answered


def family_content(relationship: str = "lead", **changes: Any) -> Json:
    word = the_familys_word(**changes)
    return {"answer": word, "family": family(word["subject"]), "reader": reader(relationship)}


async def family_says(
    service: ConsentService, case: str, request: str, *, by: Caller = SCHOOL, **changes: Any
) -> Json:
    path = f"/cases/{case}/sharing-requests/{request}/family-answer"
    answered: Json = await service.call(by, "POST", path, family_content(**changes))
    return answered


async def listed(service: ConsentService, who: Caller, case: str, relationship: str = "member") -> list[Json]:
    path = f"/cases/{case}/sharing-requests/list"
    found: list[Json] = await service.call(who, "POST", path, reader(relationship))
    return found
