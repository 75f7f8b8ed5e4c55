"""All cases, page by page, for the simulation of a policy: labels and who stands in them, no content."""

import json
from typing import Any

import pytest

from shared.identity import Caller
from shared.problems import Problem
from shared.vocabulary import Role
from tests.case.conftest import HOUSING, SCHOOL, SCHOOL_MANAGER, YOT, CaseService, Json

pytestmark = pytest.mark.anyio

OFFICER = Caller("otto", "Otto", "northgate-school", "information_officer")


async def page(
    service: CaseService, after: str | None = None, limit: int = 10, who: Caller = OFFICER
) -> Json:
    found: Json = await service.post(who, "/rosters", {"after": after, "limit": limit})
    return found


async def test_only_an_information_officers_request_pages_all_cases(service: CaseService) -> None:
    await service.case()
    for role in set(Role) - {Role.INFORMATION_OFFICER}:
        with pytest.raises(Problem) as raised:
            await page(service, who=Caller("otto", "Otto", "northgate-school", role))
        assert raised.value.kind == "not-found"
    assert len((await page(service))["cases"]) == 1


async def test_pages_together_hold_every_case_once_open_or_closed(service: CaseService) -> None:
    cases = [await service.case() for _ in range(7)]
    await service.post(SCHOOL, f"/cases/{cases[3]}/closure", {"reason": "other"})
    found: list[str] = []
    after: str | None = None
    sizes = []
    while True:
        got = await page(service, after, 3)
        found += [one["case"]["id"] for one in got["cases"]]
        sizes.append(len(got["cases"]))
        after = got["after"]
        if after is None:
            break
    assert found == sorted(cases)
    assert sizes == [3, 3, 1]
    assert await page(service, found[-1]) == {"cases": [], "after": None}


async def test_a_roster_tells_how_everybody_stands_as_the_case_itself_does(service: CaseService) -> None:
    """Fails when the relationship is worked out in another way than for the case's own bundle."""
    case = await service.case()
    for who in (YOT, HOUSING):
        await service.join(case, who)
    nomination = await service.nominate(case, YOT)
    await service.post(YOT, f"/cases/{case}/nominations/{nomination}/acceptance", {})
    left = Caller("gone", "Gone", "city-housing", "practitioner")
    member = await service.join(case, left)
    await service.post(SCHOOL, f"/cases/{case}/team/{member}/ending", {"reason": "Left"})
    [one] = (await page(service))["cases"]
    stands = {(r["user"], r["agency"], r["role"]): r["relationship"] for r in one["readers"] if r["agency"]}
    system = Caller("school-system", "System", "northgate-school", "agency_system")
    for who in (SCHOOL, YOT, HOUSING, SCHOOL_MANAGER, system):
        user = "" if who in (SCHOOL_MANAGER, system) else who.user
        told = (await service.bundle(case, who))["relationship"]
        assert stands[user, who.agency, who.role] == told
    assert len(stands) == 3 + 3 + 3
    assert sorted(stands.values()) == ["lead", *["member"] * 5, *["supervisor"] * 3]


async def test_the_family_stands_in_it_without_a_name(service: CaseService) -> None:
    child, mother = await service.person(), await service.person(given_names="Ann", family_name="Hartley")
    case = await service.case(person=child)
    body: dict[str, Any] = {
        "from_person": mother, "to_person": child, "relation": "mother", "parental_responsibility": True,
        "parental_responsibility_source": "birth", "lives_with": True,
    }  # fmt: skip
    await service.post(SCHOOL, f"/people/{child}/relationships", body)
    [one] = (await page(service))["cases"]
    family = [reader for reader in one["readers"] if reader["role"] == "family_member"]
    assert [reader["by_subject"] for reader in family] == [{child: "subject"}, {child: "parent"}]
    assert {(reader["user"], reader["agency"]) for reader in family} == {("", "")}
    assert {subject["id"] for subject in one["subjects"]} == {child, mother}
    assert one["case"] == {"id": case}


async def test_no_content_leaves_with_a_roster(service: CaseService) -> None:
    """Labels only: an entry has what ``key_of`` of the gateway reads of it, and its id."""
    child = await service.person(given_names="Canary", family_name="Canary")
    case = await service.case(person=child, reason="Canary")
    action = {
        "desired_outcome": "Canary", "action": "Canary", "by_when": "2031-06-01",
        "accountable": "northgate-school", "responsible_name": "Canary",
    }  # fmt: skip
    await service.post(SCHOOL, f"/cases/{case}/actions", {"actions": [action]})
    got = await page(service)
    assert "canary" not in json.dumps(got).lower()
    [one] = got["cases"]
    assert one.keys() == {"case", "subjects", "entries", "readers"}
    assert len(one["entries"]) == 4
    for entry in one["entries"]:
        assert entry.keys() == {
            "id", "owner", "accountable", "categories", "subjects", "unanswered", "draft", "locates",
        }  # fmt: skip
