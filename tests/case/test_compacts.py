"""Compacts as the case service keeps them: what the gateway says of who sees what, and what follows of it."""

from dataclasses import replace
from typing import Any

import pytest

from shared.identity import Caller
from shared.ids import new_id
from tests.case.conftest import SCHOOL, CaseService

pytestmark = pytest.mark.anyio
Json = dict[str, Any]


def a_compact(person: str, **more: Any) -> Json:
    both = ({"agency": "northgate-school"}, {"person": person})
    return {
        "preamble": "We both",
        "commitments": [{"promised_by": by, "promise": "x"} for by in both],
        **more,
    }


async def standings(service: CaseService, case: str) -> dict[str, str]:
    kept = (await service.get(SCHOOL, f"/cases/{case}/follow-up"))["promises"]
    return {promise: known["standing"] for promise, known in kept.items()}


async def test_a_version_of_which_the_decision_did_not_know_refuses_the_next(service: CaseService) -> None:
    """Of those made at once: the first ones of a case as those that replace the same one."""
    person = await service.person()
    case = await service.case(person=person)
    path = f"/cases/{case}/compacts"
    first = (await service.post(SCHOOL, path, a_compact(person)))["id"]
    for content in (a_compact(person), a_compact(person, replaces=first)):
        assert (await service.problem(SCHOOL, "POST", path, content)).kind == "stale"
    second = (await service.post(SCHOOL, path, a_compact(person, replaces=first, known=[first])))["id"]
    late = a_compact(person, replaces=first, known=[first])
    assert (await service.problem(SCHOOL, "POST", path, late)).kind == "stale"
    await service.post(SCHOOL, path, a_compact(person, replaces=first, known=[first, second]))


async def test_nobody_says_of_a_promise_what_became_of_it_who_does_not_say_who_they_are(
    service: CaseService,
) -> None:
    person = await service.person()
    case = await service.case(person=person)
    made = await service.post(SCHOOL, f"/cases/{case}/compacts", a_compact(person))
    path = f"/cases/{case}/compacts/commitments/{made['commitments'][0]}/standing"
    kept = {"status": "kept", "what_happened": "He rang."}
    nobody = Caller("kim", "Kim Moss", "", "family_member")
    assert (await service.problem(nobody, "POST", path, kept)).kind == "forbidden"
    assert (await service.post(replace(nobody, person=person), path, kept))["status"] == "kept"


async def test_a_version_ends_what_its_author_sees_and_nothing_else(service: CaseService) -> None:
    person = await service.person()
    case = await service.case(person=person)
    path = f"/cases/{case}/compacts"
    action = {"desired_outcome": "a", "action": "b", "by_when": "2031-05-01", "accountable": "city-housing"}
    agreed = await service.post(SCHOOL, f"/cases/{case}/actions", {"actions": [action]})
    owed = agreed["actions"][0]["id"]
    made = await service.post(SCHOOL, path, a_compact(person))
    seen, unseen = made["commitments"]
    following = {"replaces": made["id"], "known": [made["id"]]}
    content = a_compact(person, **following, ends=[seen, owed, new_id()])
    content["commitments"][0]["continues"] = unseen
    refused = await service.problem(SCHOOL, "POST", path, content)
    assert [one.field for one in refused.errors] == ["commitments.0.continues"]
    del content["commitments"][0]["continues"]
    await service.post(SCHOOL, path, content)
    found = await standings(service, case)
    assert (found[seen], found[unseen], found[owed]) == ("ended", "open", "open")
